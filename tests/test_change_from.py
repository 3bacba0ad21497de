"""A period against another: by itself, with all communes, and where it is not to be judged."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from antq_helpers import total_by
from antq_helpers.measuring.changes import change_from, changes_of, compare_counts
from antq_helpers.measuring.comparisons import estimate_dispersion
from antq_helpers.measuring.lookback import look_back
from tests.quick import SAMPLE, window_at

LAST_YEAR, PREVIOUS = "same_period_last_year", "previous_period"


def window_of(counts, measure="tips", commune="Tuy Lộc", period="2022", **said):
    """Give the sample's window with a commune's counts set by hand, and nothing in common."""
    window = window_at(period, **said)
    totals = window.totals.copy()
    for at, count in counts.items():
        rows = (totals["commune"] == commune) & (totals["period"] == at)
        rows &= totals["measure"] == measure
        totals.loc[rows, ["value", "numerator"]] = count
        totals.loc[rows, "state"] = "missing" if np.isnan(count) else "full"
    return replace(window, totals=totals, together=dict.fromkeys(window.together, 0.0))


def unit_of(window, name="Tuy Lộc"):
    """Give a commune's id."""
    return window.totals.loc[window.totals["commune"] == name, "commune_id"].iloc[0]


def test_change_and_percentage_by_hand():
    """24 and then 48: 24 more, +100%, judged with the dispersion of the field."""
    window = window_of({"2021": 24, "2022": 48})
    window = replace(window, dispersion={**window.dispersion, "tips": 2.0})
    change = change_from(window, "tips", LAST_YEAR, (unit_of(window),))
    assert (change.value, change.before, change.difference, change.pct) == (48, 24, 24, 100)
    assert change.p_value == pytest.approx(compare_counts(24, 48, dispersion=2).p_value, abs=1e-3)
    assert change.sure


def test_more_dispersion_makes_it_less_sure():
    """The same counts at a dispersion of 4 are within chance."""
    window = window_of({"2021": 24, "2022": 48})
    window = replace(window, dispersion={**window.dispersion, "tips": 4.0})
    assert change_from(window, "tips", LAST_YEAR, (unit_of(window),)).sure is False


def test_no_percentage_on_a_base_below_ten():
    """9 is too few, 10 is enough; the change itself is told of both."""
    few, enough = (window_of({"2021": base, "2022": 20}) for base in (9, 10))
    few, enough = (change_from(w, "tips", LAST_YEAR, (unit_of(w),)) for w in (few, enough))
    assert np.isnan(few.pct)
    assert (few.difference, enough.pct) == (11, 100)


def test_missing_is_not_zero():
    """Nothing is compared with a year that was not reported."""
    window = window_of({"2021": np.nan})
    change = change_from(window, "tips", LAST_YEAR, (unit_of(window),))
    assert (change.state, change.state_before, change.sure) == ("full", "missing", None)
    assert np.isnan(change.difference)


def test_several_communes_are_added_before_they_are_held():
    """10 and 20 against 20 and 25: 45 of 30, not the mean of two percentages."""
    window = window_of({"2021": 10, "2022": 20})
    more = window_of({"2021": 20, "2022": 25}, commune="Minh Bảo")
    rows = window.totals["commune"] == "Minh Bảo"
    window.totals[rows] = more.totals[rows]
    ids = unit_of(window), unit_of(window, "Minh Bảo")
    change = change_from(window, "tips", LAST_YEAR, ids)
    assert (change.before, change.value, change.pct) == (30, 45, 50)
    assert (change.reporting, change.expected) == (2, 2)


def test_attendances_are_not_judged():
    """People come in groups: no interval, no verdict."""
    window = window_at("2022")
    change = change_from(window, "attendances", LAST_YEAR, (unit_of(window),))
    assert change.sure is None
    assert change.difference == change.value - change.before


def test_a_percentage_of_attendances_rests_on_ten_sessions():
    """Nine sessions are too few, however many came; so are as many as are hidden."""
    ids = (unit_of(window_at("2022")),)
    for sessions, enough in ((9, False), (10, True), (np.nan, False)):
        window = window_of({"2021": sessions}, measure="sessions")
        change = change_from(window, "attendances", LAST_YEAR, ids)
        assert change.before > 100
        assert np.isnan(change.pct) != enough


def lacking_of(counts, lacking, **told):
    """Give a window in which some periods lack a tenth of their reports, or less."""
    window = window_of(counts, **told)
    totals = window.totals
    for at, covered in lacking.items():
        rows = (totals["commune"] == "Tuy Lộc") & (totals["period"] == at)
        totals.loc[rows, "exposure"] *= covered
        totals.loc[rows, "covered"] = covered
        totals.loc[rows & (totals["state"] == "full"), "state"] = "lacking"
    return window


def test_counts_that_lack_reports_are_held_by_the_time_reported():
    """27 in 90 % of 2021 are 30 in the whole year: 60 in 2022 are twice as many, not 122 % more."""
    window = lacking_of({"2021": 27, "2022": 60}, {"2021": 0.9})
    window = replace(window, dispersion={**window.dispersion, "tips": 1.5})
    change = change_from(window, "tips", LAST_YEAR, (unit_of(window),))
    assert (change.state, change.state_before) == ("full", "lacking")
    assert change.difference == 33  # arithmetic; the judgement is of the rates
    assert change.pct == pytest.approx(100)
    assert change.rose
    assert change.p_value == pytest.approx(compare_counts(27, 60, 0.9, 1, 1.5).p_value, abs=1e-3)


def test_more_in_less_time_can_be_fewer():
    """20 in 90 % of the year against 21 in all of it: the rate rose."""
    window = lacking_of({"2021": 21, "2022": 20}, {"2022": 0.9})
    change = change_from(window, "tips", LAST_YEAR, (unit_of(window),))
    assert change.rose
    assert change.pct == pytest.approx((20 / 0.9 / 21 - 1) * 100)


def test_shares_that_lack_reports_still_change_by_points():
    """Part and whole are of the same reports."""
    window = lacking_of({"2021": 33, "2022": 23}, {"2021": 0.95})
    change = change_from(window, "valuable_share", LAST_YEAR, (unit_of(window),))
    assert change.state_before == "lacking"
    assert change.difference == pytest.approx(change.value - change.before)


def test_periods_are_judged_by_how_periods_of_their_kind_vary():
    """Where rates differ from year to year, months vary hardly more than chance."""
    found = [window_at(p).dispersion["tips"] for p in ("2022", "2022-Q3", "2022-03")]
    assert found == pytest.approx(
        [
            estimate_dispersion(total_by(SAMPLE, "commune", period=kind), measure="tips")
            for kind in ("year", "quarter", "month")
        ]
    )
    assert found[0] > found[1] > found[2]
    few = look_back(SAMPLE[SAMPLE["year"] >= 2021], "2021-to-2022")
    assert few.dispersion["tips"] == pytest.approx(
        look_back(SAMPLE[SAMPLE["year"] >= 2021], "2022").dispersion["tips"]
    )


@pytest.mark.parametrize(
    ("months_gone", "state"), [(0, "full"), (1, "lacking"), (2, "partial"), (12, "missing")]
)
def test_a_year_is_called_what_its_reports_make_it(months_gone, state):
    """Eleven months of twelve are over 90 %; a silent commune makes the city partial."""
    gone = (SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["year"] == 2022)
    window = look_back(SAMPLE[~(gone & (SAMPLE["period_start"].dt.month <= months_gone))], "2022")
    assert window.row("tips", unit_of(window))["state"] == state
    city = {"full": "full", "lacking": "lacking", "partial": "lacking", "missing": "partial"}
    assert window.row("tips")["state"] == city[state]


def test_a_share_changes_by_points_and_not_on_a_base_of_few():
    """Of the city in points; of fewer than ten tips not at all."""
    window = window_at("2022")
    city = change_from(window, "valuable_share", LAST_YEAR)
    assert city.difference == pytest.approx(190 / 534 * 100 - 210 / 600 * 100)
    assert np.isnan(city.pct)
    month = window_at("2022-03")
    few = change_from(month, "valuable_share", LAST_YEAR, (unit_of(month, "Minh Bảo"),))
    assert few.parts[1] < 10
    assert np.isnan(few.difference)


def test_looked_at_together_fewer_stand_out():
    """One commune beyond chance by itself is not among fifteen, where the others are quiet."""
    window = window_of({"2021": 24, "2022": 50})
    window = replace(window, dispersion={**window.dispersion, "tips": 2.0})
    units = tuple(u for u in window.totals["commune_id"].unique() if u)
    alone = change_from(window, "tips", LAST_YEAR, (unit_of(window),))
    together = changes_of(window, "tips", LAST_YEAR, units)[units.index(unit_of(window))]
    assert alone.sure
    assert not together.sure
    assert together.p_value > alone.p_value


def test_a_quarter_has_two_others_and_a_year_has_one():
    """The one before, and the same one last year."""
    window = window_at("2022-Q1")
    assert change_from(window, "tips", PREVIOUS).before_period == "2021-Q4"
    assert change_from(window, "tips", LAST_YEAR).before_period == "2021-Q1"
    year = window_at("2022")
    found = [change_from(year, "tips", against) for against in (PREVIOUS, LAST_YEAR)]
    assert [change.before for change in found] == [600, 600]


@pytest.mark.slow
def test_months_are_held_to_their_own_variation_and_not_to_that_of_years():
    """Rates that differ from year to year, so that years vary twice as much as by chance.

    Of 300 months held against the same one a year before, where nothing happened, some 5 % stand
    out: 15, give or take 4. By the dispersion of years hardly any would, nor would what happens.
    """
    chance = np.random.default_rng(20221)
    mean, found = 30 / 12, {"month": 0, "year": 0}
    for _ in range(300):
        rates = chance.gamma(mean * 12, 1 / (mean * 12), (15, 10))
        months = chance.poisson(np.repeat(rates[:, :, None], 12, axis=2) * mean)
        cells = {"month": months.reshape(15, -1), "year": months.sum(axis=2)}
        now, before = months[:, 9, 5].sum(), months[:, 8, 5].sum()
        for kind, counts in cells.items():
            places, periods = (axis.ravel().astype(str) for axis in np.indices(counts.shape))
            totals = pd.DataFrame({"commune": places, "period": periods, "measure": "tips"})
            totals = totals.assign(numerator=counts.ravel() * 1.0, denominator=np.nan, exposure=1.0)
            dispersion = estimate_dispersion(totals, measure="tips")
            found[kind] += compare_counts(before, now, dispersion=dispersion).p_value < 0.05
    assert 7 <= found["month"] <= 24
    assert found["year"] < 7


def test_a_city_that_wobbles_by_whole_years_makes_no_headline_of_it():
    """Up and down by a tenth with every year: beyond the communes' chance, within the city's.

    The city's variance is its count times the dispersion, and its count times the wobble squared.
    """
    up = SAMPLE["year"] % 2 == 0
    tips = (SAMPLE["tips"] * np.where(up, 6, 4)).astype("Int64")
    records = SAMPLE.assign(tips=tips)
    window = look_back(records, "2022")
    assert window.together["tips"] > 0.01
    whole = change_from(window, "tips", LAST_YEAR)
    alone = change_from(
        replace(window, together={**window.together, "tips": 0.0}), "tips", LAST_YEAR
    )
    assert alone.sure
    assert not whole.sure
    size = np.mean([whole.parts[0], whole.parts_before[0]])
    rows = window.totals.query("measure == 'tips' and commune_id == ''").set_index("period")
    exposure = rows["exposure"]
    expected = compare_counts(
        whole.parts_before[0], whole.parts[0], exposure["2021"], exposure["2022"],
        dispersion=window.dispersion["tips"] + window.together["tips"] * size,
    )  # fmt: skip
    assert whole.p_value == pytest.approx(expected.p_value)


def test_a_year_to_date_knows_what_varies_by_whole_years():
    """Nine months cover three quarters of a year: they count as covered."""
    tips = (SAMPLE["tips"] * np.where(SAMPLE["year"] % 2 == 0, 6, 4)).astype("Int64")
    window = look_back(SAMPLE.assign(tips=tips), "2022-to-09")
    assert window.together["tips"] > 0.01
