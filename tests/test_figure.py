"""Whole pictures: the same bytes for the same view, by whatever way it was come to."""

import base64
import configparser
import html
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import DPI, Picture, png
from antq_helpers.drawing.figure import WIDTH, draw
from antq_helpers.drawing.readback import read_back
from antq_helpers.drawing.view import View
from tests.quick import SAMPLE, quick_of

UNITS = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique().tolist()
MARKS = {"en": "SYNTHETIC FIGURES, FOR ILLUSTRATION", "vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}
VIEWS = {
    "city": View(),
    "one year": View(years=(2015, 2015)),
    "months": View(by="month", communes=UNITS[:2]),
    "quarters": View(by="quarter", years=(2020, 2021), per=1000),
    "many": View(communes=UNITS),
    "nothing": View(communes=()),
    "kinds": View(split="kind", language="vi"),
    "shares": View(["valuable_share", "cases_per_100_tips"], communes=UNITS[:3], by="month"),
    "vietnamese": View(language="vi", communes=UNITS[:6], by="half"),
}


def svg(picture):
    """Give a picture as SVG, without a stamp."""
    stream = io.BytesIO()
    with style.look():
        picture.savefig(stream, format="svg", metadata={"Date": None, "Title": picture.alt})
    return stream.getvalue()


def texts(content):
    """Give all texts of an SVG."""
    return [
        "".join(element.itertext())
        for element in ET.fromstring(content).iter("{http://www.w3.org/2000/svg}text")
    ]


def test_a_picture_has_a_panel_for_each_measure():
    """In the order of the view; the notes stand below the last."""
    picture = draw(SAMPLE, View(["sessions", "tips", "valuable_share"]))
    titles = [ax.get_title(loc="left") for ax in picture.axes]
    assert titles == [
        "Outreach sessions, 2013–2022",
        "Tips received, 2013–2022",
        "Valuable share of tips, 2013–2022",
    ]
    assert [bool(ax.get_xlabel()) for ax in picture.axes] == [False, False, True]


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_written_outside_the_picture(name):
    """Every text lies within the figure, notes and long names, too."""
    picture = draw(SAMPLE, replace(VIEWS[name], audience="internal"))
    picture.draw_without_rendering()
    for ax in picture.axes:
        labels = [ax.xaxis.label, ax.yaxis.label, ax.title, ax._left_title, *ax.texts]
        for text in [*labels, *ax.get_xticklabels(), *ax.get_yticklabels()]:
            if not (text.get_text() and text.get_visible()):
                continue
            box = text.get_window_extent()
            assert 0 <= box.x0 < box.x1 <= picture.bbox.width, text
            assert 0 <= box.y0 < box.y1 <= picture.bbox.height, text


def test_drawing_leaves_pyplot_as_it_was():
    """No figure is made there, and the current one stays."""
    draw(SAMPLE, View())
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", VIEWS)
def test_the_same_view_gives_the_same_png(name, anew):
    """To the byte, drawn twice."""
    picture = draw(SAMPLE, VIEWS[name])
    assert (png(picture), picture.alt) == anew[name]


@pytest.mark.parametrize("name", quick_of(["kinds", "many", "city"], 1))
def test_the_same_view_gives_the_same_svg(name):
    """To the byte, drawn twice."""
    one, other = (svg(draw(SAMPLE, VIEWS[name])) for _ in range(2))
    assert one == other


def test_a_picture_does_not_change_by_being_looked_at():
    """Shown larger, saved, and shown again: the same bytes."""
    picture = draw(SAMPLE, View(communes=UNITS[:2]))
    before = png(picture), svg(picture)
    picture._repr_mimebundle_()
    png(picture, dpi=2 * DPI)
    assert (png(picture), svg(picture)) == before


@pytest.mark.parametrize(
    "users",
    [
        {"font.size": 17, "text.color": "white"},
        {
            "savefig.dpi": 300,
            "savefig.facecolor": "black",
            "savefig.bbox": "tight",
            "figure.dpi": 50,
            "figure.constrained_layout.use": True,
            "axes.linewidth": 5,
        },
    ],
    ids=["text", "files"],
)
def test_a_picture_does_not_depend_on_what_else_was_set(users):
    """A style for other pictures (seaborn.set_theme, plt.style.use) leaves ours the same."""
    expected = [kind(draw(SAMPLE, View())) for kind in (png, svg)]
    with mpl.rc_context(users):
        assert [kind(draw(SAMPLE, View())) for kind in (png, svg)] == expected


@pytest.fixture(scope="module")
def anew():
    """Each view drawn for itself: its bytes and its alt text."""
    pictures = {name: draw(SAMPLE, view) for name, view in VIEWS.items()}
    return {name: (png(picture), picture.alt) for name, picture in pictures.items()}


def test_a_png_has_the_size_asked_for():
    """8.6 inches wide, in dots per inch."""
    picture = draw(SAMPLE, View(["tips"]))
    for dpi in (DPI, 2 * DPI):
        image = Image.open(io.BytesIO(png(picture, dpi)))
        assert image.format == "PNG"
        assert image.size == (int(WIDTH * dpi), int((2.75 + 1) * dpi))


def test_packing_changes_the_size_alone():
    """The pixels are the same, the file is smaller."""
    picture = draw(SAMPLE, View(["tips"]))
    quick, small = (png(picture, packed=level) for level in (1, 9))
    assert len(small) < len(quick)
    both = [Image.open(io.BytesIO(content)).tobytes() for content in (quick, small)]
    assert both[0] == both[1]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_svg_holds_its_text_as_text(language):
    """Title, names, notes and the mark can be found and read; nothing tells when it was made."""
    picture = draw(SAMPLE, View(communes=["Nguyễn Thái Học"], language=language))
    content = svg(picture)
    written = texts(content)
    assert written.count(MARKS[language]) == 2  # one for each panel
    assert written.count("Nguyễn Thái Học") == 2
    label = {"en": "Tips received", "vi": "Nguồn tin tiếp nhận"}[language]
    assert f"{label}, Nguyễn Thái Học, 2013–2022" in written
    assert not re.search(rb"<dc:date>", content)
    title = next(ET.fromstring(content).iter("{http://purl.org/dc/elements/1.1/}title"))
    assert title.text == picture.alt


def test_a_file_of_reported_records_bears_no_mark(load):
    """A user's own file is not called illustrative."""
    records = load(("Tuy Lộc", "2022-01-01", "2022-12-31", 1, 1, 1, 1, 1))
    written = texts(svg(draw(records, View())))
    assert not set(MARKS.values()) & set(written)


def test_a_picture_shows_itself_with_its_alt_text():
    """As an image with the text beside it; plain consoles get the text."""
    picture = draw(SAMPLE, View(["tips"]))
    shown, about = picture._repr_mimebundle_()
    assert shown["text/plain"] == f"<Picture: {picture.alt}\n{read_back(picture)}>"
    assert picture.alt.startswith("SYNTHETIC FIGURES, FOR ILLUSTRATION. Line chart: Tips received")
    assert about["image/png"] == {"width": 860, "alt": picture.alt}
    packed = base64.b64encode(shown["image/png"]).decode()
    alt = html.escape(picture.alt)
    expected = f'<img src="data:image/png;base64,{packed}" alt="{alt}" width="860">'
    assert shown["text/html"] == expected
    assert Image.open(io.BytesIO(shown["image/png"])).size == (1290, 562)


@pytest.mark.slow
def test_the_alt_text_reaches_a_notebook_and_its_page():
    """Of draw, and of a plot_ that the notebook shows below its cell."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    cells = [
        "import antq_helpers as antq\nrecords = antq.load_records()",
        "antq.draw(records, antq.View(['tips']))",
        "_ = antq.plot_ranking(records)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    NotebookClient(book, timeout=120).execute()
    page, _ = HTMLExporter().from_notebook_node(book)
    assert "No description has been provided" not in page
    alts = re.findall(r'<img [^>]*?alt="([^"]*)"', page)
    mark = "SYNTHETIC FIGURES, FOR ILLUSTRATION."
    assert alts == [
        f"{mark} Line chart: Tips received, 2013 to 2022. Whole city: from 381 to 534.",
        f"{mark} Ranking: Tips received per 1,000 residents, 2013–2022. Highest: Giới Phiên, 6.8. "
        "Lowest: Nguyễn Thái Học, 2.7. Whole city: 4.6.",
    ]


def test_strict_nbval_compares_the_alt_text_and_not_the_pixels():
    """Another machine's letters may differ by a pixel; what is told may not."""
    cfg = configparser.ConfigParser(interpolation=None)
    cfg.read(Path(__file__).with_name("sanitise.cfg"))
    rule = cfg["pictures"]
    views = View(["tips"]), View(["tips"], years=(2014, 2022))
    shown = [draw(SAMPLE, view)._repr_mimebundle_()[0]["text/html"] for view in views]
    left = [re.sub(rule["regex"], rule["replace"], page) for page in shown]
    assert left[0] != left[1]
    assert left[0].startswith('<img src="PICTURE" alt="SYNTHETIC FIGURES')


def test_a_new_picture_has_an_empty_alt_text():
    """Until something is drawn."""
    assert Picture().alt == ""


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"communes": ("Paris",)}, r"^communes=\['Paris'\]: no such commune in these records. Use"),
        ({"years": (2021, 2030)}, r"^years=\(2021, 2030\) is outside the records. Use a pair "),
        ({"boundaries": 2026}, "^boundaries=2026: since 01/07/2025 the units also hold land from"),
        ({"boundaries": 2013}, "cannot be split into its parts. Use boundaries=2020 or later"),
    ],
)
def test_what_the_records_can_not_show_is_refused(chosen, message):
    """With the legal values."""
    with pytest.raises(ValueError, match=message):
        draw(SAMPLE, View(**chosen))


def test_an_empty_table_is_refused():
    """There is nothing to draw."""
    with pytest.raises(ValueError, match=r"^There are no records: the table is empty\."):
        draw(SAMPLE.iloc[:0], View())
