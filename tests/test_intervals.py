"""Intervals: published tables, an independent calculation, and what must hold for any count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from antq_helpers.measuring.intervals import (
    count_interval,
    rate_interval,
    ratio_interval,
    share_interval,
)

MISSING = [None, float("nan"), pd.NA]
counts = st.integers(0, 5000)
positive = st.integers(1, 5000)
exposures = st.floats(0.01, 1e7)
confidences = st.floats(0.5, 0.999)

# Each interval with one pair of good arguments, to ask all four the same question.
INTERVALS = [
    (count_interval, {"count": 5}),
    (rate_interval, {"count": 5, "exposure": 100}),
    (share_interval, {"part": 5, "whole": 20}),
    (ratio_interval, {"numerator": 5, "denominator": 20}),
]
OF_TWO = INTERVALS[1:]
ARGUMENTS = [(interval, good, name) for interval, good in INTERVALS for name in good]


def as_series(arguments: dict) -> dict:
    """Turn each number into a column of two rows that are not called 0 and 1."""
    return {name: pd.Series([value, value], index=["x", "y"]) for name, value in arguments.items()}


# ---- published and independent values ----


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [
        # Exact 95 % limits of a Poisson mean, as any printed table of them has it.
        (0, 0.0, 3.6889),
        (1, 0.0253, 5.5716),
        (2, 0.2422, 7.2247),
        (5, 1.6235, 11.6683),
        (9, 4.1154, 17.0848),
    ],
)
def test_fewer_than_ten_events_have_the_limits_of_the_exact_table(count, low, high):
    """Printed tables give four decimals."""
    assert count_interval(count) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
@pytest.mark.parametrize("count", range(10))
def test_exact_limits_are_half_a_quantile_of_chi_squared(count, confidence):
    """Another way to the same limits: chi-squared with 2 O and with 2 O + 2 degrees of freedom."""
    tail = (1 - confidence) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0
    high = stats.chi2.isf(tail, 2 * count + 2) / 2
    assert count_interval(count, confidence) == pytest.approx((low, high), rel=1e-9)


def test_byar_limits_of_65_events():
    """By hand: 65 (1 - 1/585 - 1.959964/(3 √65))³ and 66 (1 - 1/594 + 1.959964/(3 √66))³."""
    assert count_interval(65) == pytest.approx((50.1632, 82.8491), abs=5e-5)


def test_the_formula_changes_at_ten_events():
    """9 is exact, 10 is Byar's: the exact limits of 10 would be 4.7954 and 18.3904.

    By hand: 10 (1 - 1/90 - 1.959964/(3 √10))³ and 11 (1 - 1/99 + 1.959964/(3 √11))³.
    """
    assert count_interval(9) == pytest.approx((4.1154, 17.0848), abs=5e-5)
    assert count_interval(10) == pytest.approx((4.78745, 18.39146), abs=5e-6)


def test_byar_stays_within_one_per_mille_of_the_exact_limits():
    """From 10 events on the approximation may be used in place of the exact limits."""
    count = np.arange(10, 2000)
    low, high = count_interval(count)
    np.testing.assert_allclose(low, stats.chi2.ppf(0.025, 2 * count) / 2, rtol=2e-3)
    np.testing.assert_allclose(high, stats.chi2.ppf(0.975, 2 * count + 2) / 2, rtol=2e-3)


def test_rate_of_one_event_among_a_hundred_residents():
    """1 in 100, per 100: the limits of the count itself, 0.025318 to 5.571643."""
    assert rate_interval(1, 100, per=100) == pytest.approx((0.025318, 5.571643), abs=5e-7)


def test_share_of_65_in_100():
    """By hand, with z² = 3.841459: (0.65 + z²/200 ± z √(0.2275/100 + z²/40000)) / (1 + z²/100)."""
    assert share_interval(65, 100) == pytest.approx((0.552544, 0.736358), abs=5e-7)


@pytest.mark.parametrize(("part", "whole"), [(0, 7), (3, 7), (7, 7), (1651, 4556)])
def test_wilson_limits_are_those_of_scipy(part, whole):
    """The same score interval from an independent hand."""
    other = stats.binomtest(part, whole).proportion_ci(method="wilson")
    assert share_interval(part, whole) == pytest.approx((other.low, other.high), abs=1e-12)


def test_ratio_of_two_rates():
    """60 cases in 51 477.5 person-years against 30 in 54 308.7: 1.365962 to 3.259306.

    The counts are those of Gu, Ng, Tang and Schucany (2008), Biometrical Journal 50; the limits
    are those of the score interval, which the next test finds again from the score itself.
    """
    low, high = ratio_interval(60, 30, per=54308.7 / 51477.5)
    assert (low, high) == pytest.approx((1.365962, 3.259306), abs=5e-7)


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 1), (5, 3), (60, 30), (601, 4556)])
def test_the_limits_of_a_ratio_are_where_the_score_test_just_rejects(numerator, denominator):
    """At a limit r, (x - r y)² / (r (x + y)) is 1.959964² = 3.841459 (Price and Bonett, 2000)."""
    for limit in ratio_interval(numerator, denominator):
        score = (numerator - limit * denominator) ** 2 / (limit * (numerator + denominator))
        assert score == pytest.approx(3.841459, rel=1e-6)


# ---- zeros ----


def test_no_events_leave_the_lower_limit_at_zero():
    """And the upper limit of a mean at -ln 0.025."""
    assert count_interval(0) == pytest.approx((0, -np.log(0.025)))
    assert rate_interval(0, 500, per=1000) == pytest.approx((0, -2 * np.log(0.025)))


def test_a_share_stays_between_none_and_all():
    """By hand: with z² = 3.841459, 0 of 5 reaches z² / (5 + z²) = 0.434482, 5 of 5 the mirror."""
    assert share_interval(0, 5) == pytest.approx((0, 0.434482), abs=5e-7)
    assert share_interval(5, 5) == pytest.approx((0.565518, 1), abs=5e-7)


def test_a_ratio_with_one_zero_is_open_on_one_side():
    """By hand: given 5 events in all, p reaches 1 - 0.025^(1/5), so the ratio p / (1 - p)."""
    share = 1 - 0.025 ** (1 / 5)
    assert ratio_interval(0, 5) == pytest.approx((0, share / (1 - share)))
    low, high = ratio_interval(5, 0)
    assert low == pytest.approx((1 - share) / share)
    assert high == np.inf


@pytest.mark.parametrize(
    ("interval", "arguments"),
    [(rate_interval, (5, 0)), (share_interval, (0, 0)), (ratio_interval, (0, 0))],
)
def test_nothing_to_divide_by_gives_no_interval(interval, arguments):
    """An exposure or a whole of 0, or two zeros, say nothing: the limits are missing."""
    assert np.isnan(interval(*arguments)).all()


# ---- missing values, columns, types ----


@pytest.mark.parametrize("missing", MISSING)
@pytest.mark.parametrize(("interval", "good", "name"), ARGUMENTS)
def test_missing_stays_missing(interval, good, name, missing):
    """A count that was not reported has no limits; it is not 0."""
    assert np.isnan(interval(**{**good, name: missing})).all()


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "float64", "object", "int64[pyarrow]"])
@pytest.mark.parametrize(("interval", "good"), INTERVALS)
def test_a_column_with_a_blank_keeps_its_index_and_its_blank(interval, good, dtype):
    """Whatever pandas calls the type, each row gets its own limits under its own name."""
    index = ["Tuy Lộc", "Âu Lâu"]
    columns = {n: pd.Series([v, None], index=index).astype(dtype) for n, v in good.items()}
    for limit, expected in zip(interval(**columns), interval(**good), strict=True):
        assert limit.index.tolist() == index
        assert limit["Tuy Lộc"] == pytest.approx(expected)
        assert np.isnan(limit["Âu Lâu"])


@pytest.mark.parametrize(
    ("interval", "good", "name"), [row for row in ARGUMENTS if len(row[1]) > 1]
)
def test_one_column_beside_one_number_gives_columns(interval, good, name):
    """Whichever of the two is the column, its index is kept."""
    column = pd.Series([good[name], good[name]], index=["x", "y"])
    low, high = interval(**{**good, name: column})
    assert low.to_dict() == pytest.approx(dict.fromkeys("xy", interval(**good).low))
    assert high.to_dict() == pytest.approx(dict.fromkeys("xy", interval(**good).high))


@pytest.mark.parametrize(("interval", "good"), OF_TWO)
def test_columns_of_different_rows_are_refused(interval, good):
    """Taken by place, a commune's tips would be divided by another commune's residents."""
    first, second = as_series(good).items()
    with pytest.raises(ValueError, match="have different indexes: give columns of one table"):
        interval(**dict([first]), **{second[0]: second[1].iloc[::-1]})


@pytest.mark.parametrize("number", [5, 5.0, np.int64(5), np.float32(5), np.array(5)])
def test_a_single_number_gives_plain_numbers(number):
    """Not an array that looks like a number."""
    low, high = count_interval(number)
    assert (type(low), type(high)) == (float, float)
    assert (low, high) == pytest.approx((1.6235, 11.6683), abs=5e-5)


def test_an_empty_column_gives_empty_columns():
    """Nothing chosen is no error here."""
    low, high = count_interval(pd.Series([], dtype="Int64"))
    assert len(low) == len(high) == 0


# ---- refused ----


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("interval", "good", "name"), ARGUMENTS)
def test_a_negative_number_is_refused_by_name(interval, good, name, many):
    """Of one number and of a whole column."""
    bad = {**good, name: -1}
    with pytest.raises(ValueError, match=f"{name} has negative numbers"):
        interval(**(as_series(bad) if many else bad))


def test_a_part_above_its_whole_is_refused():
    """One bad row among good ones is enough; a missing part is no bad row."""
    with pytest.raises(ValueError, match="part is above whole"):
        share_interval(6, 5)
    with pytest.raises(ValueError, match="part is above whole"):
        share_interval(pd.Series([1, 6, None]), pd.Series([5, 5, 5]))
    low, _ = share_interval(pd.Series([1, None]), pd.Series([5, 5]))
    assert low.isna().tolist() == [False, True]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan")])
@pytest.mark.parametrize(("interval", "good"), INTERVALS)
def test_a_confidence_outside_0_to_1_is_refused(interval, good, confidence):
    """95 is a likely slip for 0.95, so the message shows what is meant."""
    with pytest.raises(ValueError, match=r"must lie between 0 and 1, such as 0\.95"):
        interval(**good, confidence=confidence)


# ---- what must hold for any count ----


@given(counts, confidences)
def test_limits_hold_the_count(count, confidence):
    """At any confidence from one half on."""
    low, high = count_interval(count, confidence)
    assert low <= count < high


@given(st.floats(0.5, 0.999))
def test_more_events_have_higher_limits(confidence):
    """Also over the step from 9 to 10, where the formula changes."""
    low, high = count_interval(np.arange(200), confidence)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()


@given(counts, exposures, st.sampled_from([1, 100, 1000, 100_000]), st.floats(0.1, 100))
def test_a_rate_scales_with_per_and_against_exposure(count, exposure, per, factor):
    """Twice the residents halve the rate, and rates per 1 000 are 1 000 times those per one."""
    limits = np.array(rate_interval(count, exposure))
    np.testing.assert_allclose(rate_interval(count, exposure, per=per), limits * per)
    np.testing.assert_allclose(rate_interval(count, exposure * factor), limits / factor)
    np.testing.assert_allclose(limits * exposure, count_interval(count))


@st.composite
def parts_and_wholes(draw):
    """Draw a whole of at least one and a part of it."""
    whole = draw(positive)
    return draw(st.integers(0, whole)), whole


@given(parts_and_wholes(), confidences)
def test_a_share_and_the_rest_mirror_each_other(pair, confidence):
    """What is sure of the valuable tips is as sure of those that are not."""
    part, whole = pair
    low, high = share_interval(part, whole, confidence)
    rest = share_interval(whole - part, whole, confidence)
    assert (1 - rest.high, 1 - rest.low) == pytest.approx((low, high), abs=1e-9)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


@given(positive, positive, confidences)
def test_a_ratio_turned_round_has_the_limits_turned_round(above, below, confidence):
    """Tips per case must not tell another story than cases per tip."""
    low, high = ratio_interval(above, below, confidence=confidence)
    turned = ratio_interval(below, above, confidence=confidence)
    assert (1 / turned.high, 1 / turned.low) == pytest.approx((low, high), rel=1e-6)
    assert low < above / below < high


@given(st.integers(1, 200), st.integers(1, 200), confidences, confidences)
def test_more_confidence_is_never_narrower(first, second, one, other):
    """For all four intervals."""
    less, more = sorted((one, other))
    part, whole = sorted((first, second))
    for interval, arguments in (
        (count_interval, (first,)),
        (rate_interval, (first, second)),
        (share_interval, (part, whole)),
        (ratio_interval, (first, second)),
    ):
        narrow = interval(*arguments, confidence=less)
        wide = interval(*arguments, confidence=more)
        assert wide.low <= narrow.low * (1 + 1e-9)
        assert wide.high >= narrow.high * (1 - 1e-9)
