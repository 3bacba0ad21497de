"""The simulation: its stored table keeps its promise, and is what the program makes."""

import pandas as pd
import pytest

from benchmarks.simulation import FRAME, RUNS, SIZES, TABLE, one_city, one_funnel, simulate

STORED = pd.read_csv(TABLE)
LEVELS = ["phi_1", "phi_2", "phi_4"]
FALSE = STORED[STORED["what"].str.startswith("false alarms")]
# What the workbook would say without the dispersion, or without how all communes vary together.
BEFORE = FALSE["test"].str.contains("as if pure chance|by its communes alone")
FAMILY = FALSE["test"].str.contains("any of")


def test_no_test_that_users_see_raises_more_than_five_false_alarms_in_a_hundred():
    """Within two standard errors, with the dispersion as the workbook estimates it."""
    shown = FALSE[~BEFORE]
    assert len(shown) == (3 + 2) * 6 + 4
    assert (shown["runs"] >= 400).all()
    assert shown[LEVELS].le(5 + 2 * shown["error"], axis=0).all(axis=None)


def test_a_family_of_communes_stays_at_its_level():
    """The funnel comes near it, and is held to it by more runs."""
    family = FALSE[FAMILY & ~BEFORE]
    assert len(family) == (3 + 2) * 2 + 4
    funnels = family[family["test"] == "funnel, any of 15"]
    assert (funnels["runs"] >= 1000).all()
    assert (funnels[LEVELS].mean() <= 5).all()


def test_pure_chance_would_be_too_proud():
    """Why the dispersion is there: without it, false alarms go beyond 10 in 100."""
    naive = FALSE[FALSE["test"].str.endswith("as if pure chance")]
    assert len(naive) == (3 + 2) + 4
    assert (naive[["phi_2", "phi_4"]] > 10).all(axis=None)
    assert (naive["phi_4"] > naive["phi_2"]).all()


def test_the_city_is_not_judged_by_its_communes_alone():
    """Where whole years are 10% apart, that finds a change in many years in which there is none."""
    city = STORED[STORED["what"] == "false alarms, years 10% apart"].set_index("test")["phi_1"]
    assert city["two years, city, by its communes alone"] > 30
    assert city["two years, city"] < 5


def test_a_control_chart_says_how_many_signals_chance_gives():
    """Of 120 months, to one in four: it knows the dispersion only from the same months."""
    charts = STORED[STORED["test"].str.startswith("control chart, 120")]
    counted = charts[charts["what"] == "signals a chart"].set_index("test")[LEVELS]
    told = charts[charts["what"] == "signals it expects"].set_index("test")[LEVELS]
    assert len(counted) == 2
    assert ((told / counted - 1).abs() < 0.25).all(axis=None)


def test_power_grows_with_the_change_and_falls_with_dispersion():
    """A change of 3% a year is mostly missed in one commune, one of 10% mostly found."""
    power = STORED[STORED["what"].str.startswith("power")]
    one = power[power["test"] == "trend, one commune"].set_index("what")[LEVELS]
    assert (one.diff().dropna() > 0).all(axis=None)
    assert (one.diff(axis=1).dropna(axis=1) < 0).all(axis=None)
    assert one.loc["power at 3% a year", "phi_2"] < 25
    assert one.loc["power at 10% a year", "phi_2"] > 80


def test_the_series_are_as_large_as_the_citys():
    """15 communes, 10 years, the census's 100 631 residents, 4 556 tips."""
    assert FRAME["commune_id"].nunique() == 15
    assert FRAME.groupby("period")["exposure"].sum().unique().tolist() == [100631]
    assert SIZES["tips"] * len(FRAME) == pytest.approx(4556)


@pytest.mark.slow
def test_a_run_is_the_same_whenever_it_is_made():
    """The seed and the run's number say all."""
    assert one_city(2, 7) == one_city(2, 7)
    assert one_city(2, 7) != one_city(2, 8)
    assert one_funnel(2, 7) == one_funnel(2, 7)


@pytest.mark.slow
def test_the_table_has_the_form_that_is_stored():
    """The same rows in the same order."""
    table = simulate(dict.fromkeys(RUNS, 2), processes=1)
    pd.testing.assert_frame_equal(
        table[["what", "test", "measure"]], STORED[["what", "test", "measure"]]
    )


@pytest.mark.slow
def test_the_stored_table_is_what_the_program_finds_today():
    """A few runs anew, each per cent within what chance leaves: about four standard errors.

    The same runs are among those stored, so that only a change to a test can bring it apart.
    """
    keys = ["what", "test", "measure"]
    fresh = simulate({one: 20 if one is one_funnel else 6 for one in RUNS}).set_index(keys)
    stored = STORED.set_index(keys)
    for key in stored.index[~stored.index.get_level_values("what").str.startswith("signals")]:
        _, test, _ = key
        many = fresh.loc[key, "runs"]
        if test.endswith("one commune") or test == "two years, as if pure chance":
            many *= 8  # a per cent of fifteen communes, which share a dispersion
        share = stored.loc[key, LEVELS] / 100
        leeway = 4 * (share * (1 - share) / many) ** 0.5 + 1.5 / many
        apart = (fresh.loc[key, LEVELS] / 100 - share).abs()
        assert (apart <= leeway).all(), (*key, *fresh.loc[key, LEVELS], *stored.loc[key, LEVELS])
