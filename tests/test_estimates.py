"""Communes beside the city: rates, limits and order, worked out by hand."""

import numpy as np
import pytest

from antq_helpers import load_communes, select, total_by
from antq_helpers.measuring.comparisons import add_intervals, compare_communes, years_to_pool
from tests.quick import SAMPLE


def test_a_rate_is_events_by_resident_years_that_the_reports_cover():
    """Hợp Minh, 2021 and 2022: its count over two years of its residents."""
    row = compare_communes(SAMPLE, years=(2021, 2022)).set_index("commune").loc["Hợp Minh"]
    tips = select(SAMPLE, communes=["Hợp Minh"], years=(2021, 2022))["tips"].sum()
    residents = load_communes(boundaries=2020).set_index("name").at["Hợp Minh", "population_2019"]
    assert row["value"] == pytest.approx(tips / (2 * residents) * 1000, rel=1e-3)
    assert row["low"] < row["value"] < row["high"]


def test_the_city_is_its_sum_and_no_mean_of_communes():
    """600 and 534 tips in two years, over the resident-years that the reports cover."""
    table = compare_communes(SAMPLE, years=(2021, 2022))
    covered = table["exposure"].sum()
    assert table["city"].unique() == pytest.approx([1134 / covered * 1000])
    assert covered == pytest.approx(2 * 100_631, rel=0.02)


def test_communes_stand_in_official_order_on_the_latest_boundaries_of_the_records():
    """Fifteen units, also where only years before the merger are asked for."""
    table = compare_communes(SAMPLE, years=(2013, 2014), period="year")
    names = table["commune"].drop_duplicates().tolist()
    assert names == load_communes(boundaries=2020)["name"].tolist()
    assert table["period"].tolist() == ["2013", "2014"] * 15


def test_per_scales_rates_and_leaves_shares_alone():
    """Per 100 000 is a hundred times per 1 000; a share is per cent either way."""
    one = compare_communes(SAMPLE)[["value", "low", "high", "city"]]
    other = compare_communes(SAMPLE, per=100_000)[["value", "low", "high", "city"]]
    np.testing.assert_allclose(other, 100 * one)
    share = compare_communes(SAMPLE, measure="valuable_share", per=100_000)["city"].iloc[0]
    city = total_by(SAMPLE, period=10, measure="valuable_share")["value"].item()
    assert share == pytest.approx(city)


@pytest.mark.parametrize(("measure", "years"), [("tips", 1), ("resolved_cases", 3)])
def test_small_counts_are_pooled(measure, years):
    """About 30 tips a commune and year, but 4 cases."""
    assert years_to_pool(SAMPLE, measure=measure) == years
    assert years_to_pool(SAMPLE, measure="attendances") == 1


@pytest.mark.parametrize(("covered", "state"), [(0.9, "full"), (0.8999, "partial"), (1, "full")])
def test_a_period_is_partial_below_ninety_per_cent(covered, state):
    """Exactly 90% is enough."""
    totals = total_by(SAMPLE, measure="tips").assign(covered=covered)
    assert set(add_intervals(totals)["state"]) == {state}
