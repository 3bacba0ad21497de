"""Communes against the city: limits by hand, and what must hold."""

import numpy as np
import pytest
from scipy import stats
from test_comparisons import long

from antq_helpers import funnel, load_records, share_interval, total_by

TOTALS = total_by(load_records(), "commune")


def test_limits_at_dispersion_one_are_exact_poisson():
    """At an expected 10 the interpolated limits stand between the whole counts 3–4 and 16–17."""
    totals = long([[10]] * 20, [[1000.0]] * 20)
    row = funnel(totals, measure="tips", dispersion=1).iloc[0]
    assert row["value"] == row["city"] == 10
    assert stats.poisson.cdf(4, 10) > 0.025 > stats.poisson.cdf(3, 10)
    assert 3 < row["low_95"] < 4
    assert 16 < row["high_95"] < 17
    between = (stats.poisson.cdf(17, 10) - 0.975) / stats.poisson.pmf(17, 10)
    assert row["high_95"] == pytest.approx(17 - between)


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


def test_more_than_chance_is_named_and_the_rest_is_not():
    """One commune of 20 with three times the tips of the others."""
    totals = long([[30]] + [[10]] * 19, [[1000.0]] * 20)
    table = funnel(totals, measure="tips", dispersion=1)
    assert table["outlier"].tolist() == ["above"] + [""] * 19
    assert (table["p_adjusted"] >= table["p_value"]).all()


def test_shares_have_wilson_limits():
    """The limits are Wilson's at the city's share and the commune's size."""
    table = funnel(TOTALS, measure="valuable_share", dispersion=1)
    row = table.iloc[0]
    low, high = share_interval(row["city"] / 100 * row["base"], row["base"])
    assert (row["low_95"], row["high_95"]) == pytest.approx((100 * low, 100 * high))


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
