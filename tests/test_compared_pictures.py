"""What the pictures of communes side by side share: mark, words, refusals, and no harm done."""

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers import select, total_by
from antq_helpers.dictionary import measures_of
from antq_helpers.measuring.comparisons import estimate_dispersion
from tests.quick import SAMPLE, quick_of

SPANS = {"before": (2013, 2015), "after": (2020, 2022)}
PICTURES = {
    "heatmap": {},
    "small_multiples": {},
    "tile_map": {},
    "funnel": {},
    "control": {"commune": "Tuy Lộc"},
    "change": SPANS,
    "ranking": {},
}


def draw(kind, records=SAMPLE, **said):
    """Draw on axes of their own, with pyplot left alone."""
    figure = Figure(figsize=(8.6, 6.2), layout="constrained")
    plot = getattr(antq, f"plot_{kind}")
    return plot(records, **{**PICTURES[kind], **said}, ax=figure.subplots())


def marks(ax):
    """Give the texts that mark made-up figures."""
    return [text.get_text() for text in ax.texts if text.get_gid() == "illustrative"]


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("measure", quick_of(measures_of(SAMPLE), 1))
def test_every_measure_is_drawn_without_a_warning(kind, measure):
    """In Vietnamese, whose numbers have a decimal comma."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = draw(kind, measure=measure, language="vi")
        ax.figure.draw_without_rendering()
    assert marks(ax) == ["SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"]
    written = [text.get_text() for text in ax.texts] + [ax.get_title("left"), ax.get_xlabel()]
    assert not [text for text in written if "{" in text or "nan" in text]


@pytest.mark.parametrize("kind", ["ranking", "small_multiples", "change"])
def test_a_widened_interval_says_by_how_much_beside_what_it_is(kind):
    """The numbers of `tips` vary about twice as much as chance; Pearson's over its freedom."""
    own = estimate_dispersion(total_by(SAMPLE, "commune"), measure="tips")
    ax = draw(kind)
    caption = " ".join(ax.get_xlabel().split())
    said = re.search(r"Ba(?:rs|nds): 95% confidence interval\. Widened by the dispersion of these "
                     r"reports, (\d+\.\d+)", caption)  # fmt: skip
    assert said, caption
    assert float(said[1]) == pytest.approx(own, rel=0.1 if kind == "change" else 0.003)


@pytest.mark.parametrize("kind", ["ranking", "small_multiples"])
def test_an_interval_of_counting_alone_says_so(kind):
    """One year of one unit tells of no dispersion."""
    few = select(SAMPLE, communes=["Âu Lâu"], years=(2022, 2022))
    assert "Intervals are those of counting alone" in " ".join(draw(kind, few).get_xlabel().split())


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_begins_at_the_left_edge(kind):
    """No margin is left for marks of missing reports or cut intervals that there are not."""
    ax = draw(kind)
    ax.figure.draw_without_rendering()
    assert 0 <= ax.get_tightbbox().x0 <= 12  # pixels


@pytest.mark.parametrize("kind", quick_of(list(PICTURES), 3))
def test_own_records_bear_no_mark(kind):
    """The mark is of illustrative rows alone."""
    assert marks(draw(kind)) == ["SYNTHETIC FIGURES, FOR ILLUSTRATION"]
    assert marks(draw(kind, SAMPLE.assign(source="reported"))) == []


@pytest.mark.parametrize("kind", quick_of(list(PICTURES), 3))
def test_records_are_left_as_they_were(kind):
    """Drawing changes nothing."""
    before = SAMPLE.copy()
    draw(kind)
    pd.testing.assert_frame_equal(SAMPLE, before)


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"measure": "tip"}, "^measure='tip' is not known. Use one of: tips, "),
        ({"language": "fr"}, "^language='fr' is not known. Use one of: en, vi"),
        ({"years": (2001, 2002)}, r"^years=\(2001, 2002\) is outside the records"),
    ],
)
def test_what_is_not_known_is_refused(kind, said, message):
    """The message names what is legal."""
    if kind == "change":
        said = {"before" if name == "years" else name: value for name, value in said.items()}
    with pytest.raises(ValueError, match=message):
        draw(kind, **said)


@pytest.mark.parametrize("kind", quick_of(["heatmap", "ranking", "tile_map", "small_multiples"], 2))
def test_one_commune_and_one_year_are_draw(kind):
    """A user's file may hold no more; it is the city, so to say."""
    ax = draw(kind, select(SAMPLE, communes=["Âu Lâu"], years=(2022, 2022)))
    assert ax.get_title("left") == "Tips received per 1,000 residents, 2022"
    assert "of this unit's time" in ax.get_xlabel().replace("\n", " ")


@pytest.mark.parametrize(
    "kind", quick_of(["heatmap", "ranking", "control", "tile_map", "small_multiples"], 3)
)
def test_nothing_but_zeros_is_draw(kind):
    """No division by the city's zero shows."""
    records = SAMPLE.assign(**{name: SAMPLE[name] * 0 for name in ("tips", "valuable_tips")})
    ax = draw(kind, records)
    ax.figure.draw_without_rendering()
    assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()


@pytest.mark.parametrize("kind", ["heatmap", "small_multiples"])
def test_small_counts_are_pooled_and_the_picture_says_so(kind):
    """3.5 cases a commune and year are below 10; 27 tips are not."""
    assert "3 years are pooled" in draw(kind, measure="resolved_cases").get_xlabel()
    assert "pooled" not in draw(kind, measure="tips").get_xlabel()
