"""Scales and the names at the ends of lines: legible, inside the picture, none over another."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers.drawing.figure import draw
from antq_helpers.drawing.trend import plot_trend
from antq_helpers.drawing.view import View
from tests.quick import SAMPLE, quick_of

UNITS = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique().tolist()
LONGEST = max(UNITS, key=len)  # Nguyễn Thái Học


def laid_out(view):
    """Draw a view and give its panels once every text has its place."""
    picture = draw(SAMPLE, view)
    picture.draw_without_rendering()
    return picture.axes


def ends(ax):
    """Give the boxes of the names at the lines' ends, from the lowest."""
    named = [text for text in ax.texts if text.get_gid() != "illustrative"]
    return sorted((text.get_window_extent() for text in named), key=lambda box: box.y0)


def tick_names(ax):
    """Give the names below the axis."""
    return [tick.get_text() for tick in ax.get_xticklabels()]


@pytest.mark.parametrize("years", quick_of([None, (2021, 2022), (2015, 2015)], 1))
@pytest.mark.parametrize(
    "communes",
    [UNITS[:6], UNITS[-6:], [LONGEST], UNITS, None],
    ids=["first six", "last six", "longest", "all", "city"],
)
def test_names_at_the_ends_stay_inside_and_apart(communes, years):
    """In Vietnamese, where they are longest: within figure and panel, none touches another."""
    for ax in laid_out(View(("tips", "valuable_share"), communes, years, language="vi")):
        boxes, frame = ends(ax), ax.get_window_extent()
        assert len(boxes) == (1 if communes is None else len(communes) + 1)
        for box in boxes:
            assert frame.y0 <= box.y0 < box.y1 <= frame.y1 + 1
            assert frame.x0 < box.x0 < box.x1 <= ax.figure.bbox.x1
        for low, high in pairwise(boxes):
            assert low.y1 <= high.y0 + 2  # boxes hold room for marks that these letters lack


def test_names_of_many_lines_that_end_together_are_apart():
    """December 2022: 15 units with 1 to 6 tips, on an axis that goes up to 14."""
    (ax,) = laid_out(View(["tips"], UNITS, by="month"))
    boxes = ends(ax)
    assert len(boxes) == 16
    assert all(low.y1 <= high.y0 + 2 for low, high in pairwise(boxes))
    note = " ".join(ax.get_xlabel().split())
    assert "Grey: the 15 units chosen; small multiples show each by itself." in note


def test_names_stand_behind_the_last_point():
    """No name covers a line, however many periods there are."""
    for years in (None, (2015, 2015), (2020, 2022)):
        (ax,) = laid_out(View(["tips"], UNITS[:3], years))
        last = max(np.nanmax(line.get_xdata()) for line in ax.lines)
        x, _ = ax.transData.transform((last, 0))
        assert min(box.x0 for box in ends(ax)) > x


def test_names_keep_the_order_of_the_last_points():
    """A name that had to move does not pass its neighbour."""
    (ax,) = laid_out(View(["tips"], UNITS[:6]))
    named = {t.get_text(): t for t in ax.texts if t.get_gid() != "illustrative"}
    last = {
        name: next(
            line.get_ydata()[-1]
            for line in ax.lines
            if line.get_color() == text.get_color() and len(line.get_ydata()) == 10
        )
        for name, text in named.items()
    }
    by_value = sorted(last, key=last.get)
    assert sorted(named, key=lambda name: named[name].get_position()[1]) == sorted(
        by_value, key=lambda name: (last[name], named[name].get_position()[1])
    )


@pytest.mark.parametrize("language", quick_of(["vi", "en"], 1))
@pytest.mark.parametrize(
    ("by", "years"),
    [
        ("year", None),
        ("half", (2017, 2022)),
        ("half", None),
        ("quarter", (2020, 2022)),
        ("quarter", (2022, 2022)),
        ("quarter", None),
        ("month", (2022, 2022)),
        ("month", (2021, 2022)),
        ("month", None),
    ],
)
def test_names_of_periods_do_not_touch(by, years, language):
    """Quý III/2020 is twice as long as 2020 Q3: fewer are named."""
    (ax,) = laid_out(View(["tips"], [LONGEST], years, by=by, language=language))
    boxes = [tick.get_window_extent() for tick in ax.get_xticklabels()]
    assert len(boxes) >= 2
    for left, right in pairwise(boxes):
        assert left.x1 + 3 < right.x0


@pytest.mark.parametrize(
    ("by", "years", "language", "expected"),
    [
        ("year", (2019, 2022), "vi", ["2019", "2020", "2021", "2022"]),
        ("half", (2022, 2022), "vi", ["6 tháng đầu năm 2022", "6 tháng cuối năm 2022"]),
        (
            "quarter",
            (2022, 2022),
            "vi",
            ["Quý I/2022", "Quý II/2022", "Quý III/2022", "Quý IV/2022"],
        ),
        ("quarter", (2022, 2022), "en", ["2022 Q1", "2022 Q2", "2022 Q3", "2022 Q4"]),
        ("month", (2020, 2022), "en", ["2020-01", "2020-07", "2021-01", "2021-07"]),
        ("month", None, "vi", [str(year) for year in range(2013, 2023)]),
    ],
)
def test_periods_are_named_as_the_language_does(by, years, language, expected):
    """Where steps are whole years, by the year alone."""
    (ax,) = laid_out(View(["tips"], None, years, by=by, language=language))
    assert tick_names(ax)[: len(expected)] == expected


def test_years_are_named_at_their_beginning(load):
    """Reports that begin in March 2020: the first year with a January is 2021."""
    months = pd.period_range("2020-03", "2022-12", freq="M")
    records = load(
        *(
            ("Tuy Lộc", str(m.start_time.date()), str(m.end_time.date()), 1, 1, 1, 1, 1)
            for m in months
        )
    )
    ax = plot_trend(records, by="month", ax=Figure(figsize=(3, 3)).subplots())
    assert tick_names(ax) == ["2021", "2022"]
    assert list(ax.get_xticks()) == [10, 22]


def test_a_small_axes_names_fewer_periods():
    """A quarter of the width has no room for ten years."""
    ax = plot_trend(SAMPLE, ax=Figure(figsize=(2.5, 2)).subplots())
    assert tick_names(ax) == ["2013", "2018"]


def test_a_wide_interval_does_not_flatten_the_line(load):
    """One case in 1 tip: the ratio 100 goes up to 4 000; the axis ends at four times the peak."""
    records = load(("Tuy Lộc", "2022-01-01", "2022-12-31", None, None, 1, None, 1))
    ax = plot_trend(records, measure="cases_per_100_tips", ax=Figure().subplots())
    assert ax.get_ylim()[1] == pytest.approx(4 * 100 * 1.14)
    assert "▲: the interval goes on beyond the picture." in " ".join(ax.get_xlabel().split())


def test_wide_intervals_of_many_months_are_counted_and_marked_once(load):
    """One case in 1 tip in each of 30 months: a row of marks would tell no more than one."""
    months = pd.period_range("2020-07", "2022-12", freq="M")
    days = [(str(m.start_time.date()), str(m.end_time.date())) for m in months]
    records = load(*(("Tuy Lộc", *pair, None, None, 1, None, 1) for pair in days))
    ax = plot_trend(records, measure="cases_per_100_tips", by="month", ax=Figure().subplots())
    (marked,) = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "^"]
    assert marked == [0]
    note = " ".join(ax.get_xlabel().split())
    assert "▲: 30 of 30 intervals go on beyond the picture." in note
