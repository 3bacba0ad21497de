"""A panel per commune: their order, scales and lines."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import compare_communes, load_records, plot_small_multiples

SAMPLE = load_records()


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


def test_a_scale_that_is_not_known_is_refused():
    """The message names the two."""
    with pytest.raises(ValueError, match=r"^scale='log' is not known. Use one of: one, own\.$"):
        panels(scale="log")
