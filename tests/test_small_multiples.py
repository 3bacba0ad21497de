"""A panel per commune: their order, scales and lines."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import compare_communes, plot_small_multiples
from tests.quick import SAMPLE


def panels(records=SAMPLE, **said):
    """Draw on axes of their own; give the panels."""
    figure = Figure(figsize=(8.6, 6))
    return plot_small_multiples(records, **said, ax=figure.subplots()).child_axes


def test_each_panel_holds_its_commune_and_the_city():
    """Beside each other, in official order."""
    table = compare_communes(SAMPLE, period="year")
    drawn = panels()
    assert [panel.get_title() for panel in drawn] == list(table["commune"].unique())
    for panel, (_, rows) in zip(drawn, table.groupby("commune_id", sort=False), strict=True):
        city, value = (line.get_ydata() for line in panel.lines[:2])
        np.testing.assert_allclose(value, rows["value"])
        np.testing.assert_allclose(city, rows["city"])


def test_one_scale_compares_and_own_scales_show_the_course():
    """The highest panel keeps its height; Nguyễn Thái Học, the lowest, gets room."""
    one, own = panels(), panels(scale="own")
    assert len({panel.get_ylim() for panel in one}) == 1
    lowest = [panel.get_title() for panel in one].index("Nguyễn Thái Học")
    assert own[lowest].get_ylim()[1] < one[lowest].get_ylim()[1] / 2


def test_seventeen_units_have_seventeen_panels():
    """As they were before the mergers of 2020."""
    drawn = panels(boundaries=2013, years=(2013, 2019))
    assert len(drawn) == 17
    assert [label.get_text() for label in drawn[-1].get_xticklabels()] == ["2013", "2019"]


def test_a_year_without_a_report_is_a_cross_not_a_zero():
    """The line has a gap."""
    records = SAMPLE.copy()
    records.loc[(records["commune"] == "Âu Lâu") & (records["year"] == 2016), "tips"] = pd.NA
    panel = next(p for p in panels(records) if p.get_title() == "Âu Lâu")
    assert np.isnan(panel.lines[1].get_ydata()[3])
    assert panel.lines[3].get_xdata().tolist() == [3]
    assert panel.lines[3].get_marker() == "x"


def test_a_year_left_over_from_pooling_stands_apart():
    """Of ten years by three, 2022 is one: neither line nor band leads to it, and it is named."""
    ax = plot_small_multiples(SAMPLE, measure="resolved_cases", ax=Figure((8.6, 6)).subplots())
    table = compare_communes(SAMPLE, measure="resolved_cases", period=3)
    ends = [label.get_text() for label in ax.child_axes[-1].get_xticklabels()]
    assert ends == ["2013–2015", "2022"]
    for panel, (_, rows) in zip(
        ax.child_axes, table.groupby("commune_id", sort=False), strict=True
    ):
        city, value = (line.get_ydata() for line in panel.lines[:2])
        np.testing.assert_allclose(value, [*rows["value"][:3], np.nan])
        np.testing.assert_allclose(city, [*rows["city"][:3], np.nan])
        (alone,) = [line for line in panel.lines if line.get_marker() == "D"]
        np.testing.assert_allclose(alone.get_xydata(), [[3, rows["value"].iloc[3]]])
        (beside,) = [line for line in panel.lines if line.get_marker() == "_"]
        np.testing.assert_allclose(beside.get_xydata(), [[3, rows["city"].iloc[3]]])
        band, bar = panel.collections
        assert band.get_paths()[0].vertices[:, 0].max() == 2
        ((low, high),) = [segment[:, 1] for segment in bar.get_segments()]
        assert low == pytest.approx(rows["low"].iloc[3])
        assert high == pytest.approx(min(rows["high"].iloc[3], panel.get_ylim()[1]))
    assert "◆: 2022 alone, a shorter period" in " ".join(ax.get_xlabel().split())


def test_ten_years_by_one_and_nine_by_three_leave_none_apart():
    """No diamond, and no word of one."""
    for said in ({}, {"measure": "resolved_cases", "years": (2014, 2022)}):
        ax = plot_small_multiples(SAMPLE, **said, ax=Figure((8.6, 6)).subplots())
        assert "◆" not in ax.get_xlabel()
        lines = [line for panel in ax.child_axes for line in panel.lines if len(line.get_xdata())]
        assert not {"D", "_"} & {line.get_marker() for line in lines}


def test_a_wide_interval_of_a_short_period_does_not_press_the_panels_flat():
    """The highest value, 2.6 in Tân Thịnh, sets the height; what goes on beyond bears a mark."""
    ax = plot_small_multiples(SAMPLE, measure="resolved_cases", ax=Figure((8.6, 6)).subplots())
    table = compare_communes(SAMPLE, measure="resolved_cases", period=3)
    top = ax.child_axes[0].get_ylim()[1]
    assert table["value"].max() < top < 1.1 * table["value"].max()
    for panel, (_, rows) in zip(
        ax.child_axes, table.groupby("commune_id", sort=False), strict=True
    ):
        cut = [line.get_xdata() for line in panel.lines if line.get_marker() == "^"]
        expected = np.flatnonzero(rows["high"] > top)
        np.testing.assert_array_equal(np.concatenate([[], *cut]), expected)
    assert (table["high"] > top).any()
    assert "▲: the interval goes on beyond the picture." in " ".join(ax.get_xlabel().split())


@pytest.mark.slow
def test_months_are_a_thin_line_without_markers_and_heights_stand_at_the_left_edge():
    """120 points a panel; the heights of a row's first panel are those of all, on one scale.

    Of 15 × 120 months some were not reported or in part, and some intervals go on beyond the
    panel: the note counts them, where marks of each would hide the line.
    """
    ax = plot_small_multiples(SAMPLE, period="month", ax=Figure((8.6, 6)).subplots())
    drawn, table = ax.child_axes, compare_communes(SAMPLE, period="month")
    top = drawn[0].get_ylim()[1]
    for panel, (_, rows) in zip(drawn, table.groupby("commune_id", sort=False), strict=True):
        line = panel.lines[1]
        assert (len(line.get_xdata()), line.get_marker()) == (120, "None")
        np.testing.assert_allclose(line.get_ydata(), rows["value"])
        marked = {one.get_marker(): one.get_xdata().tolist() for one in panel.lines[2:]}
        cut = np.flatnonzero(rows["high"] > top).tolist()
        assert {key: at for key, at in marked.items() if at} == ({"^": cut[:1]} if cut else {})
    said = " ".join(ax.get_xlabel().split())
    assert f"▲: {(table['high'] > top).sum()} of 1,768 intervals go on beyond the picture." in said
    assert "not marked: 8 of 1,800. Gaps: not reported (32 of 1,800)." in said
    assert line.get_linewidth() < panels()[0].lines[1].get_linewidth()
    assert [bool(heights(panel)) for panel in drawn] == [True, *[False] * 4] * 3
    assert all(map(heights, panels(scale="own")))


def heights(panel):
    """Give what is written along the vertical axis of a panel."""
    return "".join(label.get_text() for label in panel.get_yticklabels())


@pytest.mark.slow
def test_a_period_between_two_that_are_missing_has_its_point_and_interval():
    """Neither a line nor a band shows it: of years a bar, of months a dot with one."""
    for period, at in (("year", 2), ("month", 24)):
        records = SAMPLE.copy()
        mine = records["commune"] == "Âu Lâu"
        days = records["period_start"].dt
        alone = days.year == 2015 if period == "year" else days.strftime("%Y-%m") == "2015-01"
        records.loc[mine & ~alone & days.year.between(2013, 2016), "tips"] = pd.NA
        panel = next(p for p in panels(records, period=period) if p.get_title() == "Âu Lâu")
        dots = [line for line in panel.lines[1:] if line.get_marker() == "o"]
        assert any(at in line.get_xdata()[~np.isnan(line.get_ydata())] for line in dots)
        (_, bars) = panel.collections
        assert [segment[0, 0] for segment in bars.get_segments()] == [at]


def test_a_scale_that_is_not_known_is_refused():
    """The message names the two."""
    with pytest.raises(ValueError, match=r"^scale='log' is not known. Use one of: one, own\.$"):
        panels(scale="log")
