"""The change a year, worked out by hand, and why there is none."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_comparisons import long

from antq_helpers import compare_trends, fit_trend, load_records, select, total_by

YEARS = np.arange(10)


def trend_of(events, base=None, **more):
    """Fit the trend of one place's counts."""
    base = np.full(len(events), 1000.0) if base is None else base
    return fit_trend(long([list(events)], [list(base)]), measure="tips", **more)


def test_exact_growth_is_found():
    """Counts that double every year change by 100 %."""
    found = trend_of(10 * 2.0**YEARS)
    assert (found.change_pct, found.low, found.high) == pytest.approx((100, 96, 104), abs=4)
    assert found.dispersion == 1
    assert found.kendall_p == pytest.approx(2 / 3628800)  # one order of ten out of 10!, twice


@pytest.mark.parametrize(
    ("values", "z"),
    [
        # EPA QA/G-9S (2006), Data Quality Assessment, page 109: S = 22, variance 155.33.
        ([10, 10, 10, 5, 10, 20, 18, 17, 15, 24, 15], 1.685),
        # Little, "A Mann-Kendall example by hand": S = 54, Z = 2.9058, p = .0018 on one side.
        ([129, 148, 132, 157, 138, 156, 129, 110, 173, 159, 190, 183, 201, 217], 2.9058),
    ],
)
def test_equal_values_have_the_correction_for_continuity(values, z):
    """The sum of signs less one, over its spread with ties."""
    assert trend_of(values).kendall_p == pytest.approx(2 * stats.norm.sf(z), rel=2e-3)
    assert trend_of(values[::-1]).kendall_p == pytest.approx(2 * stats.norm.sf(z), rel=2e-3)


def test_signs_that_cancel_are_no_trend():
    """S is 0 where values rise and fall again."""
    assert trend_of([5, 6, 7, 7, 6, 5]).kendall_p == 1


def test_the_exposure_is_taken_out():
    """Twice the residents and twice the tips are no trend."""
    base = 1000.0 * 2.0**YEARS
    found = trend_of(base / 100, base)
    assert found.change_pct == pytest.approx(0, abs=1e-6)
    assert found.p_value == pytest.approx(1)


def test_spread_widens_the_interval_by_its_root():
    """The error is that of a Poisson model, times the root of the dispersion."""
    found = trend_of([20, 60, 20, 60, 20, 60, 20, 60, 20, 60])
    assert found.dispersion > 5
    narrow = trend_of([40] * 10)
    assert found.high - found.low > 2 * (narrow.high - narrow.low)
    assert found.p_value > 0.05


def test_years_covered_too_little_are_left_out_by_name():
    """The year stays out of the model, and is named."""
    totals = long([[5, 6, 7, 8, 9, 10, 11]], [[1000.0] * 7])
    totals.loc[2, "covered"] = 0.6
    found = fit_trend(totals, measure="tips")
    assert found.left_out == (2015,)
    assert 2015 not in found.years


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([5, 6, 7, 8], "covered to 90% or more: 4;"),
        ([0, 0, 0, 0, 0, 7], "fewer than two of the years"),
        ([0] * 6, "fewer than two of the years"),
    ],
)
def test_no_trend_has_its_reason(events, said):
    """Too few years, or no events: no number, but a sentence."""
    found = trend_of(events)
    assert said in found.reason
    assert np.isnan([found.change_pct, found.low, found.high, found.p_value]).all()


def test_several_communes_or_months_are_refused():
    """A trend is that of one place over years."""
    totals = total_by(load_records(), "commune")
    with pytest.raises(ValueError, match="several communes"):
        fit_trend(totals, measure="tips")
    with pytest.raises(ValueError, match="totals by year"):
        fit_trend(total_by(load_records(), period="month"), measure="tips")
    with pytest.raises(ValueError, match="not in these totals"):
        fit_trend(total_by(load_records(), measure="tips"), measure="sessions")


def test_a_share_changes_by_its_odds():
    """Odds of 1, 2, 4 … to 1 double every year."""
    whole = np.full(6, 6300)
    odds = 2.0 ** np.arange(6)
    totals = long([list(whole * odds / (1 + odds))], [[1.0] * 6], "valuable_share")
    found = fit_trend(totals.assign(denominator=whole), measure="valuable_share")
    assert found.change_pct == pytest.approx(100, abs=1e-6)


def test_a_year_covered_exactly_to_the_bound_is_in_the_trend():
    """At 90% a year counts; just below, it is left out."""
    totals = long([[40, 44, 48, 52, 56, 60]], [[1000.0] * 6])
    covered = [1, 0.9, 1, 0.8999, 1, 1]
    found = fit_trend(totals.assign(covered=covered), measure="tips")
    assert found.years == (2013, 2014, 2015, 2017, 2018)
    assert found.left_out == (2016,)


def test_the_family_is_judged_together():
    """Adjusted p by Benjamini and Hochberg: the smallest of 15 is at most 15 times its p."""
    table = compare_trends(total_by(load_records(), "commune"), measure="tips")
    assert len(table) == 15
    assert (table["p_adjusted"] >= table["p_value"]).all()
    smallest = table["p_value"].min()
    assert smallest < table["p_adjusted"].min() <= 15 * smallest
    sure = table["p_adjusted"] < 0.05
    assert (table["finding"] == "inconclusive").eq(~sure).all()


def test_a_commune_that_did_not_report_has_no_trend_but_a_row():
    """Four years of a commune are named as too few; the others are fitted."""
    records = load_records()
    few = (records["commune"] == "Tuy Lộc") & (records["year"] > 2016)
    table = compare_trends(total_by(records[~few], "commune"), measure="tips")
    row = table.set_index("commune").loc["Tuy Lộc"]
    assert "covered to 90% or more: 4;" in row["reason"]
    assert pd.isna(row["p_adjusted"])
    assert table["p_adjusted"].notna().sum() == 14


def test_records_are_left_as_they_were():
    """Totals come out of it unchanged."""
    totals = total_by(select(load_records(), communes=["Văn Phú"]), "commune")
    before = totals.copy()
    fit_trend(totals, measure="tips")
    pd.testing.assert_frame_equal(totals, before)


def test_a_published_trend_comes_out():
    """Deaths from AIDS in Australia by quarter, 1983 to 1986 (Whyte and others, 1987).

    Dobson (1990), An Introduction to Generalized Linear Models, fits log-linear growth by Poisson
    regression: a slope of 0.2565 with an error of 0.0220, before any dispersion.
    """
    deaths = [0, 1, 2, 3, 1, 4, 9, 18, 23, 31, 20, 25, 37, 45]
    found = trend_of(deaths)
    slope = np.log1p(found.change_pct / 100)
    assert slope == pytest.approx(0.2565, abs=5e-5)
    width = np.log1p(found.high / 100) - np.log1p(found.low / 100)
    error = width / 2 / 2.178813  # Student's t for 95% at 12 degrees of freedom
    assert error / np.sqrt(found.dispersion) == pytest.approx(0.0220, abs=5e-5)
    assert found.dispersion > 2
