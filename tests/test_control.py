"""Control limits: the published example, and series that would mislead."""

import numpy as np
import pytest

from antq_helpers import control_limits
from tests.quick import quick_of


def test_the_published_example_comes_out():
    """1 to 10: mean 5.5, limits 2.84 and 8.16; four points lie outside."""
    limits = control_limits(range(1, 11))
    assert (limits.mean, limits.low, limits.high) == pytest.approx((5.5, 2.84, 8.16))
    assert limits.points["signal"].tolist() == ["below"] * 2 + [""] * 6 + ["above"] * 2


@pytest.mark.parametrize(("count", "trial"), [(11, True), (12, False)])
def test_fewer_than_twelve_points_are_a_trial(count, trial):
    """Twelve are enough."""
    assert control_limits([4, 6] * 6 + [5]).trial is False
    assert control_limits(list(range(count))).trial is trial


def test_limits_fixed_on_a_base_judge_what_follows():
    """4, 6, 4, 6: mean 5, moving range 2, limits 0 (never below) and 10.32; 11 is above."""
    limits = control_limits([4, 6, 4, 6, 11], base=4)
    assert (limits.mean, limits.low, limits.high) == pytest.approx((5, 0, 10.32))
    assert limits.points["signal"].tolist() == ["", "", "", "", "above"]


def test_limits_begin_anew_after_a_known_change():
    """Neither half knows of the other, and the step is no moving range."""
    limits = control_limits([4, 6, 4, 6, 24, 26, 24, 26], restart=[4])
    assert limits.points["mean"].tolist() == [5] * 4 + [25] * 4
    assert limits.points["high"].iloc[[0, -1]].tolist() == pytest.approx([10.32, 30.32])
    assert limits.mean == 25


def test_one_step_in_a_flat_series_flags_nothing():
    """Eight points with one step: limits of a mean moving range would flag all of them."""
    limits = control_limits([5] * 4 + [9] * 4)
    assert limits.points["signal"].eq("").all()
    assert "Most values equal the one before" in limits.reason


def test_a_flat_base_has_no_limits_and_says_so():
    """Zero width would flag whatever comes."""
    limits = control_limits([5, 5, 5, 5, 6, 7], base=4)
    assert np.isnan(limits.high)
    assert limits.points["signal"].eq("").all()
    assert "All values are equal" in limits.reason


def test_rates_have_limits_by_their_exposure():
    """12 events in 4 units: 3 ± 3 √(3 / 1), and ± 3 √(3 / 2) where two units are covered."""
    limits = control_limits([2, 4, 6], exposure=[1, 1, 2])
    assert limits.mean == 3
    assert limits.dispersion == 1
    expected = [3 + 3 * 3**0.5, 3 + 3 * 3**0.5, 3 + 3 * 1.5**0.5]
    assert limits.points["high"].tolist() == pytest.approx(expected)
    assert limits.points["value"].tolist() == [2, 4, 3]


def test_chance_gives_more_signals_on_more_points():
    """The same rates over twice the time: twice the signals expected."""
    short = control_limits([3, 5, 4] * 20, exposure=[1] * 60)
    twice = control_limits([3, 5, 4] * 40, exposure=[1] * 120)
    # About the limit of 4 + 3 √4: of a mean of 4, 2.8 in 1,000 Poisson counts are 11 or more, and
    # 8.1 are 10 or more (tables of Poisson); the made-up means are a little above or below 4.
    assert 60 * 0.0028 < short.expected_signals < 60 * 0.0081
    assert 120 * 0.0028 < twice.expected_signals < 120 * 0.0081


def test_a_dispersion_widens_the_limits_of_rates_by_its_root():
    """12 events in 4 units at a dispersion of 4: 3 ± 3 √(4 · 3 / 2) where two are covered."""
    limits = control_limits([2, 4, 6], exposure=[1, 1, 2], dispersion=4)
    assert limits.points["high"].iloc[2] == pytest.approx(3 + 3 * 6**0.5)
    assert limits.dispersion == 4


def test_rates_of_equal_exposure_have_the_limits_of_the_published_xmr_chart():
    """The u′-chart is then the XmR chart (Laney, 2002): ten times 5.5, 2.84 and 8.16."""
    limits = control_limits(range(10, 101, 10), exposure=[1] * 10)
    assert (limits.mean, limits.low, limits.high) == pytest.approx((55, 28.4, 81.6), abs=0.01)
    assert limits.dispersion == pytest.approx((10 / 1.128) ** 2 / 55)


def made_up(stream, points, mean, phi):
    """Counts with a variance of phi times their mean: Poisson, its rate gamma above 1."""
    rate = stream.gamma(mean / (phi - 1), phi - 1, points) if phi > 1 else np.full(points, mean)
    return stream.poisson(rate)


@pytest.mark.parametrize("phi", quick_of([1, 4, 2], 2))
@pytest.mark.parametrize("exposure", [None, 1000.0])
def test_as_many_signals_come_as_are_expected(phi, exposure):
    """Over flat series of 120 months with 2.5 events each: within a half of the number told."""
    stream, came, told = np.random.RandomState(3), [], []
    for _ in range(30):
        sizes = None if exposure is None else np.full(120, exposure)
        limits = control_limits(made_up(stream, 120, 2.5, phi), exposure=sizes)
        came.append((limits.points["signal"] != "").sum())
        told.append(limits.expected_signals)
    assert np.mean(came) == pytest.approx(np.mean(told), rel=0.5)
    assert np.mean(told) > 0.4 * phi


@pytest.mark.slow
@pytest.mark.parametrize("phi", quick_of([2, 4], 1))
def test_a_flat_ten_year_series_of_rates_hardly_signals(phi):
    """Of 200 series at most 7%, where a u-chart without dispersion has 18 to 70%."""
    stream = np.random.RandomState(4)
    sizes = np.full(10, 6600.0)
    found = [
        (control_limits(made_up(stream, 10, 30, phi), exposure=sizes).points["signal"] != "").any()
        for _ in range(200)
    ]
    assert np.mean(found) <= 0.07


def test_rates_expect_as_many_signals_as_their_counts():
    """A rate per 1,000 of 2,000 residents is half its count: the unit says so."""
    counts = made_up(np.random.RandomState(6), 120, 3, 2)
    plain, rates = control_limits(counts), control_limits(counts / 2, unit=0.5)
    assert rates.expected_signals == pytest.approx(plain.expected_signals, rel=0.01)
    assert rates.high == pytest.approx(plain.high / 2)


def test_gaps_are_no_values():
    """A missing month neither counts nor signals."""
    limits = control_limits([4, np.nan, 6, 4, 6])
    assert limits.mean == 5
    assert limits.points["signal"].iloc[1] == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"values": [3]}, "two values or more"),
        ({"values": [3, 4], "exposure": [1]}, "exposure must have a number"),
        ({"values": [3, 4], "exposure": [1, 0]}, "exposure must have a number"),
        ({"values": [3, 4], "restart": [7]}, "outside the 2 values"),
        ({"values": [3, 4], "exposure": [1, 1], "dispersion": 0.5}, "must be 1 .* or more"),
        ({"values": [3, 4], "dispersion": 2}, "give their exposure="),
        ({"values": [3, 4], "unit": 0}, "unit=0 must be above 0"),
    ],
)
def test_bad_input_is_named(given, said):
    """The message says what was expected."""
    with pytest.raises(ValueError, match=said):
        control_limits(**given)
