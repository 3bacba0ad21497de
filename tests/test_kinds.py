"""Kinds of pictures: one module and one row, and everything else follows."""

import dataclasses
import sys
from types import ModuleType

import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers import View, dictionary
from antq_helpers.briefing.pack import stamp_in
from antq_helpers.drawing import chart as live
from antq_helpers.drawing.figure import draw_numbers, module_of, stamp_of, write_picture
from antq_helpers.drawing.view import KINDS, Kind, table_of
from tests.quick import SAMPLE, quick_of

TARGETS = [("Tuy Lộc", "tips", 2021, 40), (None, "tips", 2022, 600)]
VIEWS = [
    View(measures=["tips"], communes=["Tuy Lộc"], by="quarter"),
    View(kind="ranking", years=(2020, 2022)),
    View(kind="tile_map", language="vi"),
    View(kind="heatmap", measures=["sessions"]),
    View(kind="funnel", dispersion=1.5),
    View(kind="small_multiples", by="quarter", scale="own"),
    View(kind="control", communes=["Tuy Lộc"], by="month", base=24, restart=[60]),
    View(kind="change", before=(2013, 2015), years=(2020, 2022)),
    View(kind="relation", lag=1, years=(2015, 2020)),
    View(kind="coverage", by="year"),
    View(kind="parts", table="commendations", by="authority", split="recipient"),
    View(kind="parts", table="models", by="commune", communes=["Văn Phú"], at="2020-12-31"),
    View(kind="parts", table="drives", bounds=[("commune", "over", 5000)], without=["body"]),
    View(kind="stock", communes=["Văn Phú"], years=(2015, 2018)),
    View(communes=["Tuy Lộc"], targets=TARGETS),
]


def data_of(view):
    """Give the table that a view draws."""
    name = table_of(view)
    return SAMPLE if name == "records" else antq.load_table(name)


def test_every_kind_is_tested_here():
    """A new one has a view above."""
    assert {view.kind for view in VIEWS} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_four_functions_and_its_plot(kind):
    """And a function of its own that draws on given axes."""
    module = module_of(kind)
    assert all(callable(getattr(module, name)) for name in ("numbers", "draw", "chart", "describe"))
    assert getattr(antq, f"plot_{kind}") is getattr(module, f"plot_{kind}")


@pytest.mark.parametrize("years", [(1990, 1991), (2035, 2036)])
@pytest.mark.parametrize("view", [v for v in VIEWS if "years" in KINDS[v.kind].settings], ids=repr)
def test_years_without_a_row_say_so(view, years):
    """Before all of a table, and after it: in words, which explorers show instead."""
    view = dataclasses.replace(view, years=years, at=None)
    with pytest.raises(ValueError, match=r"outside the records|nothing to draw|Chưa có|ngoài"):
        antq.tabulate(data_of(view), view)


@pytest.mark.parametrize("view", quick_of(VIEWS, 5), ids=repr)
def test_a_picture_of_any_kind_is_drawn_again_from_its_stamp(view, tmp_path):
    """Same table, same view, same bytes; the view itself is code that gives an equal one."""
    assert eval(repr(view), {"View": View}) == view
    data = data_of(view)
    path = tmp_path / "saved.svg"
    path.write_bytes(write_picture(antq.draw(data, view), "svg", stamp_of(data, view)))
    assert stamp_in(path).view == view
    again = antq.reproduce(path)
    assert write_picture(again, "svg", stamp_in(path)) == path.read_bytes()


@pytest.mark.parametrize("view", quick_of(VIEWS[1:10], 6), ids=repr)
def test_a_picture_is_the_same_file_whatever_it_was_written_to_before(view):
    """Small panels were smaller in each file after the first; nothing is cut off in any."""
    data = data_of(view)
    picture, stamp = antq.draw(data, view), stamp_of(data, view)
    first = write_picture(picture, "png", stamp)
    write_picture(picture, "svg", stamp)
    assert write_picture(picture, "png", stamp) == first
    (left, low), (right, high) = picture.get_tightbbox().get_points()
    assert min(left, low) > -0.03
    assert right < picture.get_figwidth() + 0.03
    assert high < picture.get_figheight() + 0.03


@pytest.mark.parametrize("view", quick_of(VIEWS, 4), ids=repr)
def test_a_picture_of_any_kind_bears_its_marks(view):
    """Illustrative where its numbers are, internal where it is asked for; alt text and file."""
    inside = antq.View(**{**view.settings(), "audience": "internal"})
    data = data_of(view)
    numbers = antq.tabulate(data, inside)
    picture = draw_numbers(numbers, inside)
    made_up = bool(numbers["illustrative"].any())
    drawn = write_picture(picture, "svg", stamp_of(data, inside)).decode()
    internal = dictionary.word("internal", view.language)
    mark = dictionary.word("illustrative", view.language)
    assert (internal in drawn, mark in drawn) == (True, made_up)
    assert picture.alt.startswith(mark) is made_up


@pytest.fixture
def dots(monkeypatch):
    """A kind of one's own: a dot for each unit."""
    module = ModuleType("dots")

    def numbers(records, view):
        return antq.compare_communes(records, measure=view.measures[0], years=view.years)

    def draw(ax, numbers, view):
        ax.plot(numbers["value"], numbers["commune"], "o")

    def describe(numbers, view):
        return [f"{len(numbers)} dots."]

    def chart(numbers, view):
        x, y = live.values("value", "0", "9"), live.values("series", "0", "14")
        names = [{"name": name} for name in numbers["commune"]]
        return live.compared(
            numbers, view, [live.layer("point", x=x, y=y)], names, {}, [], [], series=range(15)
        )

    module.numbers, module.draw, module.describe = numbers, draw, describe
    module.chart = chart
    monkeypatch.setitem(sys.modules, "dots", module)
    row = Kind({"measures": ("tips",), "years": None, "per": 1000}, compared=True, module="dots")
    monkeypatch.setitem(KINDS, "dots", row)
    word = dictionary.word
    named = {"picture_dots": {"en": "Dots", "vi": "Chấm"}}

    def said(key, language, **blanks):
        return named[key][language] if key in named else word(key, language, **blanks)

    monkeypatch.setattr("antq_helpers.exploring.explorer.word", said)
    return View(kind="dots", years=(2021, 2022))


def test_a_new_kind_is_a_module_and_a_row(dots, tmp_path):
    """It is drawn, tabulated, offered, written as code, stamped, drawn again and briefed."""
    picture = antq.draw(SAMPLE, dots)
    assert picture.alt == "SYNTHETIC FIGURES, FOR ILLUSTRATION. 15 dots."
    marks = [text.get_text() for text in picture.axes[0].texts if text.get_gid()]
    assert marks == ["SYNTHETIC FIGURES, FOR ILLUSTRATION"]  # though the kind writes none
    assert len(antq.tabulate(SAMPLE, dots)) == 15
    explorer = antq.explore_communes(SAMPLE)
    assert ("Dots", "dots") in explorer._choices["picture"].options
    explorer.picture, explorer.years = "dots", (2021, 2022)
    assert explorer.code() == "antq.draw(records, antq.View(kind='dots', years=(2021, 2022)))"
    pd.testing.assert_frame_equal(explorer.table, antq.tabulate(SAMPLE, dots))
    path = tmp_path / "dots.png"
    path.write_bytes(explorer.file("png"))
    assert stamp_in(path).view == View(kind="dots", years=(2021, 2022), audience="internal")
    assert antq.reproduce(path).alt == picture.alt
    ask = {"period": 2022, "audience": "internal", "communes": ["Tuy Lộc"], "language": "en"}
    written = antq.write_briefing(
        SAMPLE, tmp_path / "pack", **ask, formats=["png", "docx"], views=[dots]
    )
    (briefed,) = written.rglob("*-dots.png")
    assert antq.reproduce(briefed).alt == picture.alt


@pytest.mark.slow
def test_further_pictures_are_for_internal_briefings_of_records(tmp_path):
    """Only the pages of a public one protect counts."""
    ask = {"period": 2022, "language": "en"}
    with pytest.raises(ValueError, match=r"^views= are for internal briefings"):
        antq.write_briefing(
            SAMPLE, tmp_path / "a", **ask, audience="public", views=[View(kind="funnel")]
        )
    with pytest.raises(ValueError, match="kind='stock' is of another table"):
        antq.write_briefing(
            SAMPLE, tmp_path / "b", **ask, audience="internal", views=[View(kind="stock")]
        )
