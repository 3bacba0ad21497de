"""Before against after: ratios, intervals and what is beyond chance."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import compare_years, plot_change
from antq_helpers.measuring.changes import compare_counts, compare_sums
from tests.quick import SAMPLE

SPANS = {"before": (2013, 2015), "after": (2020, 2022)}


def test_a_count_is_compared_by_its_rate():
    """Đồng Tâm by hand: tips and covered resident-years of both spans, scaled."""
    table = compare_years(SAMPLE, **SPANS).set_index("commune")
    row = table.loc["Đồng Tâm"]
    found = compare_counts(
        row["events_before"], row["events_after"], row["base_before"], row["base_after"],
        dispersion=row["dispersion"],
    )  # fmt: skip
    told = tuple(row[["ratio", "low", "high", "p_value"]])
    assert told == pytest.approx((found.ratio, found.low, found.high, found.p_value))
    assert row["ratio"] == pytest.approx(row["after"] / row["before"])
    assert (
        SAMPLE[SAMPLE["commune"].eq("Đồng Tâm") & SAMPLE["year"].le(2015)]["tips"].sum()
        == (row["events_before"])
    )
    assert list(table.index[table["change"] == "rise"]) == ["Đồng Tâm"]


def test_a_share_is_compared_as_a_ratio_of_shares():
    """36 of 40 against 16 of 80: 0.9 over 0.2 is 4.5 times (worked out by hand)."""
    found = compare_sums(16, 36, 80, 40, "share", 1, 0.95)
    assert found.ratio == pytest.approx(4.5)
    assert found.low < 4.5 < found.high
    # z = (0.9 - 0.2) / sqrt(52/120 * 68/120 * (1/40 + 1/80)) = 7.295
    assert found.p_value == pytest.approx(2.99e-13, rel=0.01)
    # Koopman (1984), table 1: the 95% interval of this example is 2.94 to 7.15.
    assert (found.low, found.high) == pytest.approx((2.94, 7.15), abs=0.01)


def test_a_ratio_of_two_counts_is_compared_by_its_odds():
    """10 cases to 90 tips, then 30 to 90: 3 times."""
    assert compare_sums(10, 30, 100, 120, "ratio", 1, 0.95).ratio == pytest.approx(3)


def test_the_odds_have_the_interval_of_miettinen_and_nurminen():
    """7 of 34 against 1 of 34: 1.246309 to 56.486130 by orscoreci of the R package PropCIs."""
    found = compare_sums(1, 7, 34, 34, "ratio", 1, 0.95)
    assert (found.low, found.high) == pytest.approx((1.246309, 56.486130), rel=5e-4)
    # z = (7/34 - 1/34) / sqrt(8/68 * 60/68 * 2/34 * 68/67) = 2.2412, by hand.
    assert found.p_value == pytest.approx(0.02502, abs=5e-5)


def test_the_odds_are_those_of_all_counts_whatever_the_dispersion():
    """The factor is N/(N − 1) of what was counted: 6 of 6 and a dispersion of 8 do not turn it."""
    found = compare_sums(1, 2, 3, 3, "ratio", 8, 0.95)
    assert found.low < 1 < found.high
    # z = (2/3 - 1/3) / sqrt(8 * 6/5 * 1/2 * 1/2 * 2/3) = 0.2635, by hand.
    assert found.p_value == pytest.approx(0.79216, abs=5e-5)


@pytest.mark.parametrize("kind", ["count", "share", "ratio"])
def test_before_and_after_change_places(kind):
    """The ratio and its interval turn over; p stays."""
    there = compare_sums(12, 30, 100, 120, kind, 1.5, 0.95)
    back = compare_sums(30, 12, 120, 100, kind, 1.5, 0.95)
    assert 1 / back.ratio == pytest.approx(there.ratio)
    assert (1 / back.high, 1 / back.low) == pytest.approx((there.low, there.high), rel=1e-3)
    assert back.p_value == pytest.approx(there.p_value)


@pytest.mark.parametrize("kind", ["count", "share", "ratio"])
def test_dispersion_widens(kind):
    """And makes p larger."""
    narrow, wide = (compare_sums(12, 30, 100, 120, kind, phi, 0.95) for phi in (1.2, 3))
    assert wide.low < narrow.low < narrow.high < wide.high
    assert wide.p_value > narrow.p_value


def test_a_commune_without_reports_has_nothing_to_compare():
    """It is no change, and counts for nothing in the adjustment."""
    records = SAMPLE.copy()
    records.loc[records["commune"].eq("Hợp Minh") & records["year"].ge(2020), "tips"] = pd.NA
    row = compare_years(records, **SPANS).set_index("commune").loc["Hợp Minh"]
    assert np.isnan(row["ratio"])
    assert row["change"] == ""
    figure = Figure(figsize=(8.6, 6))
    ax = plot_change(records, **SPANS, ax=figure.subplots())
    assert "Not reported" in [text.get_text() for text in ax.texts]


def test_records_of_nothing_but_zeros_are_drawn_as_no_change():
    """No tip in ten years: 0 before and after, nothing beyond chance; a share of them is none."""
    zeros = SAMPLE.assign(tips=0, valuable_tips=0)
    table = compare_years(zeros, **SPANS)
    assert (table[["before", "after"]] == 0).all(axis=None)
    assert (table["change"] == "").all()
    said = {"tips": "0.00 → 0.00 (no percentage)", "valuable_share": "None occurred"}
    for measure, text in said.items():
        ax = plot_change(zeros, **SPANS, measure=measure, ax=Figure().subplots())
        assert [t.get_text() for t in ax.texts if not t.get_gid()] == [text] * 15


def test_records_of_one_year_are_told_that_a_change_needs_two():
    """No two spans can be given of them."""
    for before in (2021, 2022):
        with pytest.raises(ValueError, match=r"^The records hold one year, 2022: .* Load the repo"):
            compare_years(
                SAMPLE[SAMPLE["year"] == 2022], before=(before, before), after=(2022, 2022)
            )


def test_spans_that_share_years_are_refused():
    """A year against itself says nothing."""
    with pytest.raises(ValueError, match="share years: give two spans"):
        compare_years(SAMPLE, before=(2013, 2016), after=(2016, 2019))


def test_communes_in_official_order_with_their_values_beside():
    """Bold where the change is beyond chance."""
    ax = plot_change(SAMPLE, **SPANS, ax=Figure(figsize=(8.6, 6)).subplots())
    bold = [t.get_text() for t in ax.get_yticklabels() if t.get_weight() == "bold"]
    assert bold == ["Đồng Tâm"]
    assert "2.7 → 4.9 (+86%)" in [text.get_text() for text in ax.texts]
