"""Communes against the city: limits by hand, and what must hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_comparisons import long

from antq_helpers import funnel, load_records, total_by
from antq_helpers.measuring.funnels import funnel_limits
from tests.quick import quick_of

TOTALS = total_by(load_records(), "commune")


def test_limits_at_dispersion_one_are_the_mid_p_of_poisson():
    """At an expected 10, 4 and 17 lie outside 95% and 5 and 16 within, by the tables of Poisson."""
    totals = long([[10]] * 20, [[1000.0]] * 20)
    row = funnel(totals, measure="tips", dispersion=1).iloc[0]
    assert row["value"] == row["city"] == 10
    below = stats.poisson.cdf(np.arange(20), 10) - stats.poisson.pmf(np.arange(20), 10) / 2
    assert below[4] < 0.025 < below[5]
    assert below[16] < 0.975 < below[17]
    assert 4 < row["low_95"] < 5
    assert 16 < row["high_95"] < 17


def test_a_published_mid_p_limit_of_a_count_comes_out():
    """15 of 400 have a mid-p interval up to 0.0604627555786095 (rateci of the R package ratesci).

    So at this rate as the known one, 15 of 400 is the lower limit.
    """
    low, _ = funnel_limits(pd.Series([400.0]), 0.0604627555786095, "count", 1, 0.95)
    assert low[0] * 400 == pytest.approx(15, abs=5e-4)


@pytest.mark.parametrize(
    ("level", "low", "high"), [(0.95, 0.6969, 0.9159), (0.998, 0.6338, 0.9791)]
)
def test_published_limits_of_a_share_come_out(level, low, high):
    """A share of 80.64% in 50: 69.69 to 91.59 and 63.38 to 97.91 (Public Health England)."""
    ends = funnel_limits(pd.Series([50.0]), 0.8064, "share", 1, level)
    assert [end[0] for end in ends] == pytest.approx([low, high], abs=1e-4)


@pytest.mark.parametrize(("part", "whole", "upper"), [(0, 20, 0.1391), (1, 29, 0.1585)])
def test_a_share_of_few_has_the_mid_p_of_the_binomial(part, whole, upper):
    """Mid-p intervals of 0 of 20 and 1 of 29 (Newcombe, 1998, Statistics in Medicine 17, table 1).

    At the upper end of its interval as the known share, the part is the lower limit.
    """
    low, _ = funnel_limits(pd.Series([float(whole)]), upper, "share", 1, 0.95)
    assert low[0] * whole == pytest.approx(part, abs=2e-3)


@pytest.mark.parametrize("measure", quick_of(["valuable_share", "tips", "cases_per_100_tips"], 1))
@pytest.mark.parametrize("dispersion", quick_of([1.5, 1, 4], 1))
def test_line_and_flag_are_one_test(measure, dispersion):
    """Over random cities: outside the limits for all together are the outliers, and no others.

    The same by commune: outside the limits of 95% where its own p is under 5%.
    """
    stream = np.random.RandomState(5)
    named = 0
    for _ in range(40):
        base = stream.choice([3, 20, 90, 400], (15, 1)).astype(float)
        events = stream.binomial(base.astype(int), stream.beta(3, 20, (15, 1))).astype(float)
        totals = long(events, base * 10, measure).assign(denominator=base.ravel())
        table = funnel(totals, measure=measure, dispersion=dispersion)
        for side, way in (
            ("above", table["value"] > table["high_fdr"]),
            ("below", table["value"] < table["low_fdr"]),
        ):
            assert (way == (table["outlier"] == side)).all()
        outside = (table["value"] > table["high_95"]) | (table["value"] < table["low_95"])
        assert (outside == (table["p_value"] < 0.05)).all()
        named += (table["outlier"] != "").sum()
    assert named > 10


@pytest.mark.slow
def test_without_differences_few_lie_beyond_the_outer_lines_of_a_share():
    """At a share of 10%, nominally 0.2%: under 0.5%, where Wilson's interval leaves out 3.4%."""
    stream = np.random.RandomState(7)
    base = pd.Series(stream.choice([30, 60, 120, 240], 20_000)).astype(float)
    share = stream.binomial(base.astype(int), 0.1) / base
    low, high = funnel_limits(base, 0.1, "share", 1, 0.998)
    assert ((share < low) | (share > high)).mean() < 0.005


def test_the_city_is_the_pooled_rate_and_never_the_mean_of_rates():
    """10 of 1 000 and 90 of 3 000 are 25 per 1 000, and not 20."""
    totals = long([[10], [90]], [[1000.0], [3000.0]])
    assert funnel(totals, measure="tips", dispersion=1)["city"].unique() == pytest.approx([25])


def test_dispersion_widens_by_its_root():
    """At large counts four times the variance is twice the width."""
    totals = long([[10_000]] * 5, [[1000.0]] * 5)
    widths = [
        funnel(totals, measure="tips", dispersion=d).eval("high_95 - low_95")[0] for d in (1, 4)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.01)


def test_the_published_limits_of_a_share_hold_for_twice_as_many_at_dispersion_two():
    """80.64% in 100 that vary twice as much as by chance say as much as 50: 69.69 to 91.59."""
    valuable = [[81]] * 16 + [[80]] * 9  # 2,016 of 2,500 are 80.64%
    totals = long(valuable, [[1000.0]] * 25, "valuable_share").assign(denominator=100.0)
    row = funnel(totals, measure="valuable_share", dispersion=2).iloc[0]
    assert row["city"] == pytest.approx(80.64)
    assert (row["low_95"], row["high_95"]) == pytest.approx((69.69, 91.59), abs=0.01)


@pytest.mark.parametrize("measure", ["tips", "valuable_share", "cases_per_100_tips"])
def test_twice_the_events_at_dispersion_two_have_the_same_p(measure):
    """They say as much as half of them at pure chance; of a share and a ratio, too."""
    p_values = []
    for times in (1, 2):
        events = times * np.array([[12], [30], [21], [25]])
        totals = long(events, [[1000.0 * times]] * 4, measure).assign(denominator=100.0 * times)
        table = funnel(totals, measure=measure, dispersion=times)
        p_values.append(table["p_value"])
    assert p_values[0].min() < 0.05
    assert p_values[1].tolist() == pytest.approx(p_values[0].tolist())


def test_more_than_chance_is_named_and_the_rest_is_not():
    """One commune of 20 with three times the tips of the others."""
    totals = long([[30]] + [[10]] * 19, [[1000.0]] * 20)
    table = funnel(totals, measure="tips", dispersion=1)
    assert table["outlier"].tolist() == ["above"] + [""] * 19
    assert (table["p_adjusted"] >= table["p_value"]).all()


def test_the_dispersion_of_these_totals_is_the_default():
    """Chance alone flags more communes than the field's own spread does."""
    own, chance = funnel(TOTALS, measure="tips"), funnel(TOTALS, measure="tips", dispersion=1)
    assert own["dispersion"].iloc[0] > 1.5
    assert (own["outlier"] != "").sum() <= (chance["outlier"] != "").sum()


@pytest.mark.parametrize("measure", ["resolved_cases", "cases_per_100_tips"])
def test_no_events_flag_nobody(measure):
    """Where nothing happened, nobody stands out."""
    totals = long([[0, 0]] * 3, [[1000.0] * 2] * 3, measure).assign(denominator=5.0)
    table = funnel(totals, measure=measure, dispersion=1)
    assert table["outlier"].eq("").all()
    assert np.isfinite(table["high_95"]).all()


def test_one_year_needs_a_dispersion():
    """It can not be estimated, and the message says what to do."""
    one = TOTALS[TOTALS["period"] == "2022"]
    with pytest.raises(ValueError, match="say dispersion="):
        funnel(one, measure="tips")
    assert len(funnel(one, measure="tips", dispersion=2)) == 15
