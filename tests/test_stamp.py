"""The stamp: what it holds, that it is strict, and that a picture with it is the same each time."""

import io
import json
from dataclasses import replace

import pytest
from PIL import Image

from antq_helpers import View, draw
from antq_helpers.drawing.figure import FILES, read_stamp, stamp_of, write_picture
from antq_helpers.measuring.lookback import look_back
from tests.quick import SAMPLE

VIEW = View(
    measures=["tips"], communes=["Tuy Lộc"], period="2022", language="vi", audience="internal"
)
STAMP = stamp_of(SAMPLE, VIEW)


def forged(**changes):
    """Give the text of a stamp with some of it changed."""
    told = json.loads(STAMP.text())
    view = changes.pop("view", None)
    told |= changes
    if view is not None:
        told["view"] = {**told["view"], **view} if isinstance(view, dict) else view
    return json.dumps(told)


def test_what_is_written_is_read_again():
    """A view of any kind, and all that stands beside it."""
    for view in (VIEW, View(years=(2015, 2020), per=1000), View(split="kind", by="month")):
        stamp = stamp_of(SAMPLE, view)
        assert read_stamp(stamp.text()) == stamp


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "__import__('os').system('true')",
        "[" * 5000,
        " " * 30_000 + STAMP.text(),
        forged(extra=1),
        forged(sha256="0" * 63),
        forged(sha256="../../etc"),
        forged(boundaries="2020"),
        forged(boundaries=True),
        forged(version="<script>"),
        forged(view=[]),
        forged(view={"measures": ["tip"]}),
        forged(view={"communes": [{"name": "x"}]}),
        forged(view={"__class__": "x"}),
        forged(view={"audience": "everybody"}),
        forged(view={"period": "2022; drop"}),
        forged(view={"language": ["vi"]}),
    ],
)
def test_a_forged_stamp_does_nothing(text):
    """It is refused in one sentence, whatever it holds."""
    with pytest.raises(ValueError, match="bears no stamp of ours that can be read"):
        read_stamp(text)


def test_the_checksum_is_that_of_what_is_shown():
    """Not of the records: a count of another commune changes nothing."""
    city = View(measures=["tips"])
    assert stamp_of(SAMPLE.sample(frac=1, random_state=1), city) == stamp_of(SAMPLE, city)
    more = SAMPLE.copy()
    more.loc[0, "tips"] += 1
    assert stamp_of(more, city).sha256 != stamp_of(SAMPLE, city).sha256
    few = View(measures=["tips"], communes=["Tuy Lộc"])
    others = SAMPLE.copy()
    row = others.index[others["commune"] == "Âu Lâu"][0]
    others.loc[row, "sessions"] += 3
    assert stamp_of(others, few).sha256 == stamp_of(SAMPLE, few).sha256


def test_a_public_checksum_tells_nothing_of_the_hidden_counts():
    """It is that of the protected table: another hidden count gives the same one."""
    public = replace(VIEW, audience="public")
    window = look_back(SAMPLE, "2022", audience="public")
    assert stamp_of(SAMPLE, public).sha256 == window.release.sha256 != STAMP.sha256


@pytest.mark.slow
@pytest.mark.parametrize("kind", FILES)
def test_the_same_picture_is_the_same_bytes(kind):
    """Drawn twice, and written twice from one figure."""
    first = draw(SAMPLE, VIEW)
    content = write_picture(first, kind, STAMP)
    assert content == write_picture(first, kind, STAMP)
    assert content == write_picture(draw(SAMPLE, VIEW), kind, STAMP)


def test_a_png_bears_alt_text_and_stamp():
    """In its text, and in small type on it."""
    picture = draw(SAMPLE, VIEW)
    with Image.open(io.BytesIO(write_picture(picture, "png", STAMP))) as image:
        assert image.info["Description"] == picture.alt
        assert read_stamp(image.info["antq"]) == STAMP
    assert [text.get_text() for text in picture.texts] == [
        f"antq_helpers {STAMP.version} · số liệu {STAMP.sha256[:12]} · địa giới 2020"
    ]


def test_an_svg_can_be_read_aloud_and_holds_no_markup_of_a_name():
    """Its alt text is its name; letters that are markup are written as letters."""
    picture = draw(SAMPLE, VIEW)
    picture.alt = '<script>"&'
    content = write_picture(picture, "svg", STAMP).decode()
    assert 'role="img" aria-label="&lt;script&gt;&quot;&amp;"' in content
    assert "<script" not in content
