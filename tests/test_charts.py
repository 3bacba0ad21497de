"""The charts of a briefing, and a picture of several measures, are held to their numbers."""

import re

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from pptx import Presentation

import antq_helpers as antq
from antq_helpers.drawing import style
from antq_helpers.measuring.lookback import look_back
from tests.artists import curves_in, names_at
from tests.test_pictures import GAPS

PLACES = ["Tuy Lộc", "Âu Lâu"]
WORDS = {
    "Tips received": "tips",
    "Valuable tips": "valuable_tips",
    "Cases that tips helped resolve": "resolved_cases",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A briefing on two communes, one of which fell silent."""
    return antq.write_briefing(
        GAPS, tmp_path_factory.mktemp("charts") / "a", period="2022", audience="internal",
        communes=PLACES, formats=["pptx", "xlsx"], language="en",
    )  # fmt: skip


def counted(place, measure, periods):
    """Give a place's counts by year, None where nothing was reported; added up by hand."""
    rows = GAPS if place == "Whole city" else GAPS[GAPS["commune"] == place]
    sums = rows.groupby("year")[measure].sum(min_count=1)
    return [None if sums.isna()[int(year)] else int(sums[int(year)]) for year in periods]


def partial(place, measure, periods):
    """Give the places of the periods that were not reported in full by all."""
    totals = look_back(GAPS, "2022", audience="internal").totals
    mine = totals["commune"].eq(place) if place != "Whole city" else totals["commune_id"].eq("")
    states = totals[mine & totals["measure"].eq(measure)].set_index("period")["state"]
    return [n for n, period in enumerate(periods) if states[period] == "partial"]


def place_in(text):
    """Give the place of which a heading speaks."""
    return next(place for place in ("Whole city", *PLACES) if place in text)


def test_a_chart_on_a_slide_shows_its_place_and_measures_their_own_counts(folder):
    """Each column stands at its period; a colour for each measure; hollow is what is partial."""
    found = []
    for slide in Presentation(folder / "briefing.pptx").slides:
        for chart in [shape.chart for shape in slide.shapes if shape.has_chart]:
            above = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
            place = place_in(next(text for text in above if text.startswith("The ANTQ movement")))
            plot = chart.plots[0]
            years = list(plot.categories)
            assert years == [str(year) for year in range(2013, 2023)]
            for series, colour in zip(plot.series, style.COLOURS, strict=False):
                measure = WORDS[re.sub(r" \(.*\)$", "", series.name)]
                assert list(series.values) == counted(place, measure, years)
                assert f"#{series.format.fill.fore_color.rgb}".lower() == colour.lower()
                hollow = [int(n) for n in series._element.xpath("c:dPt/c:idx/@val")]
                assert hollow == partial(place, measure, years)
                found.append((place, measure))
    assert found == [
        (place, measure) for place in ("Whole city", *PLACES) for measure in WORDS.values()
    ]


def test_a_chart_in_the_workbook_shows_its_place_its_own_counts(folder):
    """The cells to which it points are those of the place in its title."""
    book = openpyxl.load_workbook(folder / "figures.xlsx")
    found = []
    for chart in book["Chart"]._charts:
        title = "".join(run.t for p in chart.title.tx.rich.p for run in p.r or [])
        place = place_in(title)
        (series,) = chart.series
        cells = []
        for reference in (series.cat.strRef or series.cat.numRef, series.val.numRef):
            sheet, area = reference.f.replace("'", "").replace("$", "").split("!")
            left, first, right, last = range_boundaries(area)
            rows = book[sheet].iter_rows(first, last, left, right, values_only=True)
            cells.append(
                [str(value) if reference is not series.val.numRef else value for (value,) in rows]
            )
        years, values = cells
        assert series.tx.v == "Tips received"
        assert years == [str(year) for year in range(2013, 2023)]
        assert values == counted(place, "tips", years)
        assert [point.idx for point in series.dPt] == partial(place, "tips", years)
        found.append(place)
    assert found == ["Whole city", *PLACES]


@pytest.mark.parametrize("communes", [None, PLACES])
def test_a_picture_of_several_measures_shows_each_in_the_panel_of_its_title(communes):
    """Values by name and period, with the periods named below the last panel."""
    view = antq.View(tuple(WORDS.values()), communes)
    drawn, table = antq.draw(GAPS, view), antq.tabulate(GAPS, view)
    for ax in drawn.axes:
        measure = WORDS[ax.get_title("left").removesuffix(", 2013–2022")]
        mine = table[table["measure"] == measure]
        texts = [t for t in ax.texts if t.get_gid() != "illustrative"]
        assert {text.get_text() for text in texts} == set(mine["series"])
        for text in texts:
            (line,) = curves_in(ax, text.get_color())
            values = mine.loc[mine["series"] == text.get_text(), "value"]
            np.testing.assert_allclose(line[:, 1], values)
            assert np.round(line[:, 0]).tolist() == list(range(10))
    assert names_at(drawn.axes[-1].xaxis) == {float(n): str(2013 + n) for n in range(10)}
    assert [ax.get_title("left") for ax in drawn.axes] == [f"{name}, 2013–2022" for name in WORDS]
