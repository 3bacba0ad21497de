"""Control limits: the published example, and series that would mislead."""

import numpy as np
import pytest

from antq_helpers import control_limits


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
    expected = [3 + 3 * 3**0.5, 3 + 3 * 3**0.5, 3 + 3 * 1.5**0.5]
    assert limits.points["high"].tolist() == pytest.approx(expected)
    assert limits.points["value"].tolist() == [2, 4, 3]


def test_chance_gives_more_signals_on_more_points():
    """The same rates over twice the time: twice the signals expected."""
    short = control_limits([3, 5, 4] * 4, exposure=[1] * 12)
    twice = control_limits([3, 5, 4] * 8, exposure=[1] * 24)
    assert 0 < short.expected_signals < 12 * 0.02
    assert twice.expected_signals == pytest.approx(2 * short.expected_signals)


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
    ],
)
def test_bad_input_is_named(given, said):
    """The message says what was expected."""
    with pytest.raises(ValueError, match=said):
        control_limits(**given)
