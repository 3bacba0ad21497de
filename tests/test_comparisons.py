"""Two counts compared, and the dispersion of a field: published examples and what must hold."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special

from antq_helpers import fit_trend, load_records, total_by
from antq_helpers.measuring.changes import compare_counts
from antq_helpers.measuring.comparisons import estimate_dispersion, estimate_together

TOTALS = total_by(load_records(), "commune")


def long(events, base, measure="tips"):
    """Give totals of counts: a row per commune, a column per year."""
    return pd.DataFrame(
        [
            {
                "commune": f"Xã {row}", "period": str(2013 + column), "measure": measure,
                "numerator": events[row][column], "denominator": np.nan,
                "exposure": base[row][column], "covered": 1.0, "illustrative": False,
            }
            for row in range(len(events))
            for column in range(len(events[0]))
        ]
    )  # fmt: skip


def test_the_published_examples_come_out():
    """Krishnamoorthy and Thomson's 6 against 2; the score interval of 60 against 30."""
    assert compare_counts(6, 2).p_value == pytest.approx(0.1749, abs=5e-5)
    found = compare_counts(30, 60, 54308.7, 51477.5)
    assert (found.low, found.high) == pytest.approx((1.365962, 3.259306), abs=5e-7)
    assert found.ratio == pytest.approx(60 / 51477.5 / (30 / 54308.7))


@pytest.mark.parametrize("dispersion", [1, 2.5])
def test_the_other_way_round_is_the_inverse(dispersion):
    """Ratio and limits are inverted, p stays."""
    there, back = compare_counts(12, 30, 2, 3, dispersion), compare_counts(30, 12, 3, 2, dispersion)
    assert there.p_value == pytest.approx(back.p_value)
    assert (there.ratio, there.low, there.high) == pytest.approx(
        (1 / back.ratio, 1 / back.high, 1 / back.low)
    )


def test_dispersion_makes_less_sure_and_the_method_says_so():
    """Twice the variance: the same z over the root of two."""
    plain, scaled = compare_counts(20, 40), compare_counts(20, 40, dispersion=2)
    assert scaled.low < plain.low < plain.high < scaled.high
    assert scaled.p_value == pytest.approx(2 * special.ndtr(-20 / np.sqrt(60 * 2)))
    assert "scaled by a dispersion of 2.00" in scaled.method
    assert "scaled" not in plain.method


def test_more_after_is_a_larger_ratio():
    """Ratio and limits rise with the later count."""
    found = [compare_counts(10, after) for after in (5, 10, 20, 40)]
    for part in ("ratio", "low", "high"):
        values = [getattr(comparison, part) for comparison in found]
        assert values == sorted(set(values))


def test_a_zero_opens_the_interval_on_one_side():
    """5 against none: given their sum, the share is above 0.025 ** (1 / 5)."""
    share = 0.025 ** (1 / 5)
    found = compare_counts(0, 5)
    assert (found.low, found.high) == (pytest.approx(share / (1 - share)), np.inf)
    assert "exact conditional interval, open to infinity" in found.method
    found = compare_counts(5, 0)
    assert (found.low, found.high) == (0, pytest.approx((1 - share) / share))
    assert compare_counts(0, 1, dispersion=4).low < compare_counts(0, 1).low


def test_nothing_against_nothing_is_no_comparison():
    """No ratio, and no finding."""
    assert np.isnan(compare_counts(0, 0).ratio)
    assert compare_counts(0, 0).p_value == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"before": -1, "after": 2}, "before=-1 is no count"),
        ({"before": 1, "after": np.nan}, "after=nan is no count"),
        ({"before": 1, "after": 2, "exposure_after": 0}, "exposure_after=0 is no exposure"),
        ({"before": 1, "after": 2, "dispersion": 0.5}, r"dispersion=0.5 must be 1"),
    ],
)
def test_bad_input_is_named(given, said):
    """The message names the parameter and what is expected."""
    with pytest.raises(ValueError, match=said):
        compare_counts(**given)


def test_the_dispersion_is_that_of_a_model_with_communes_and_years():
    """Pearson's of a generalised linear model with both effects is what it would show as."""
    tips = TOTALS[TOTALS["measure"] == "tips"]
    design = pd.get_dummies(tips[["commune", "period"]], drop_first=True, dtype=float)
    model = sm.GLM(
        tips["numerator"], sm.add_constant(design), sm.families.Poisson(),
        offset=np.log(tips["exposure"]),
    ).fit()  # fmt: skip
    dispersion = estimate_dispersion(TOTALS, measure="tips")
    events = tips.groupby("commune")["numerator"].sum()
    shown = (events * dispersion / (events + dispersion - 1)).mean()
    assert shown == pytest.approx(model.pearson_chi2 / model.df_resid, rel=1e-5)


def test_the_dispersion_of_a_share_is_the_models_own():
    """Of a part given its whole, nothing is hidden."""
    share = TOTALS[TOTALS["measure"] == "valuable_share"]
    assert 1 < estimate_dispersion(share, measure="valuable_share") < 1.1


def test_counts_that_vary_less_than_chance_have_dispersion_one():
    """Rows and columns in proportion leave nothing over."""
    events = np.outer([1, 2, 3], [10, 20, 10, 30])
    assert estimate_dispersion(long(events, np.ones((3, 4))), measure="tips") == 1


def test_the_dispersion_by_hand():
    """10, 20 / 20, 10: each is 15 by its margins; four times 25/15 on one degree of freedom.

    That is 20/3. Of 30 events each, φ shows as 30 φ / (29 + φ), which is 20/3 at φ = 58/7.
    """
    totals = long([[10, 20], [20, 10]], np.ones((2, 2)))
    assert estimate_dispersion(totals, measure="tips") == pytest.approx(58 / 7)


def test_events_that_all_come_at_one_go_have_a_dispersion():
    """5 and 0, 0 and 5: four times 2.5, which 5 events each can not show; it stays as it is."""
    totals = long([[5, 0], [0, 5]], np.ones((2, 2)))
    assert estimate_dispersion(totals, measure="tips") == pytest.approx(10)


@pytest.mark.parametrize("events", [[[3, 4, 5]], [[3], [4]], [[0, 0], [0, 0]]])
def test_too_little_for_a_dispersion_is_said(events):
    """One commune, one year, no events."""
    with pytest.raises(ValueError, match="needs two communes or more over two years"):
        estimate_dispersion(long(events, np.ones(np.shape(events))), measure="tips")


def test_what_a_whole_varies_by_beyond_its_communes_is_common_to_them():
    """Dobson's published series has the dispersion of its trend: (D − φ) for each of its events."""
    deaths = [0, 1, 2, 3, 1, 4, 9, 18, 23, 31, 20, 25, 37, 45]
    whole = long([deaths], [[1000.0] * 14])
    found = estimate_together(whole, measure="tips", dispersion=1.5)
    beyond = fit_trend(whole, measure="tips").dispersion - 1.5
    assert found == pytest.approx(beyond / np.mean(deaths))


def test_a_season_is_nothing_that_varies():
    """Twice the tips in each first quarter, with a steady rise, leave nothing over."""
    events = [part * 1.1**year for year in range(6) for part in (200, 100)]
    whole = long([events], [[1000.0] * 12])
    whole["period"] = [f"{2013 + year}-Q{quarter}" for year in range(6) for quarter in (1, 2)]
    assert estimate_together(whole, measure="tips", dispersion=1) == 0
    wobbled = whole.assign(numerator=whole["numerator"] * np.repeat([1.2, 0.8] * 3, 2))
    assert estimate_together(wobbled, measure="tips", dispersion=1) > 0.01


@pytest.mark.parametrize("years", [4, 5])
def test_fewer_than_five_years_do_not_tell_what_is_common(years):
    """Four leave nothing to be judged by."""
    whole = long([[100, 300, 100, 300, 100][:years]], [[1000.0] * years])
    assert (estimate_together(whole, measure="tips", dispersion=1) > 0) == (years == 5)
