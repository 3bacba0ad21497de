"""A period and those before it: totals by hand, silent communes, and what the public sees of it."""

import numpy as np
import pandas as pd
import pytest

from antq_helpers import audit, select, total_by
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import look_back
from tests.quick import SAMPLE, Plain, quick_of, window_at

MANY = {"Yên Thịnh": 40, "Đồng Tâm": 30, "Yên Ninh": 25}
QUARTER = SAMPLE["period_end"].between("2022-04-01", "2022-06-30")


def without(commune, chosen=QUARTER):
    """Leave out what a commune reported."""
    return SAMPLE[~(SAMPLE["commune"].eq(commune) & chosen)]


@pytest.mark.parametrize(
    ("period", "first", "count"),
    [
        ("2022", "2013", 10),
        ("2022-H2", "2021-H1", 4),
        ("2022-Q3", "2020-Q4", 8),
        ("2022-03", "2021-03", 13),
        ("2022-to-09", "2018-to-09", 5),
        ("2020-to-2022", "2014-to-2016", 3),
        ("2013-Q2", "2013-Q1", 2),
    ],
)
def test_it_reaches_back_to_what_a_period_is_held_against(period, first, count):
    """Months and quarters to the same one last year; no further than the records."""
    window = window_at(period)
    assert (window.periods[0], window.periods[-1], len(window.periods)) == (first, period, count)
    assert set(window.totals["period"]) == set(window.periods)


@pytest.mark.parametrize(
    ("period", "months"),
    [("2022", range(1, 13)), ("2022-Q3", (7, 8, 9)), ("2022-to-09", range(1, 10))],
)
def test_totals_are_the_sums_of_the_reports(period, months):
    """Added up here month by month, for a commune and the city."""
    window = window_at(period)
    ends = SAMPLE["period_end"].dt
    reports = SAMPLE[(ends.year == 2022) & ends.month.isin(list(months))]
    unit = reports.loc[reports["commune"] == "Tuy Lộc", "commune_id"].iloc[0]
    assert window.row("tips")["value"] == reports["tips"].sum()
    own = reports.loc[reports["commune"] == "Tuy Lộc", "tips"].sum()
    assert window.row("tips", unit)["value"] == own


def test_three_years_are_those_of_the_published_totals():
    """2020 to 2022, and the years before them, are the sums of the city's years."""
    window = window_at("2020-to-2022")
    yearly = total_by(SAMPLE, measure="tips").set_index("period")["value"]
    assert window.row("tips")["value"] == yearly.loc["2020":"2022"].sum()
    assert window.row("tips", period="2014-to-2016")["value"] == yearly.loc["2014":"2016"].sum()


@pytest.mark.parametrize(
    ("since", "period", "before"),
    [(2013, "2019-to-2022", "2015-to-2018"), (2014, "2018-to-2022", "2013-to-2017")],
)
def test_years_are_those_asked_for_where_the_records_begin_within_a_pool(since, period, before):
    """Ten years in fours, nine in fives: the first pool is short, the later ones do not shift."""
    records = SAMPLE[SAMPLE["year"] >= since]
    window = look_back(records, period)
    yearly = total_by(records, measure="tips").set_index("period")["value"]
    for years in (period, before):
        first, last = years.split("-to-")
        assert window.row("tips", period=years)["value"] == yearly.loc[first:last].sum()


def test_a_silent_commune_has_a_row_and_the_place_is_partial():
    """Fourteen of fifteen reported: missing is not zero, and their sum is not the city's."""
    window = look_back(without("Tuy Lộc"), "2022-Q2")
    rows = window.totals[(window.totals["commune"] == "Tuy Lộc")].set_index(["measure", "period"])
    assert rows.at[("tips", "2022-Q2"), "state"] == "missing"
    assert np.isnan(rows.at[("tips", "2022-Q2"), "value"])
    assert rows.at[("tips", "2022-Q1"), "state"] == "full"
    city = window.row("tips")
    assert (city["reporting"], city["expected"], city["state"]) == (14, 15, "partial")
    assert 0.9 < city["covered"] < 1


def test_a_file_of_one_commune_is_not_the_city():
    """All fifteen have rows; one of them reported."""
    window = look_back(SAMPLE[SAMPLE["commune"] == "Minh Bảo"], "2022")
    assert window.totals["commune_id"].nunique() == 16
    assert window.row("tips")["reporting"] == 1
    assert window.row("tips")["state"] == "partial"


def test_who_joined_a_commune_is_named():
    """By the records that are there: of 2022 alone nobody had joined since."""
    assert set(window_at("2022").holds.values()) == {
        (("Phúc Lộc", "commune"),),
        (("Văn Tiến", "commune"),),
    }
    assert look_back(select(SAMPLE, years=(2021, 2022)), "2022").holds == {}


@pytest.mark.parametrize("period", ["2022", "2022-Q1", "2022-to-09"])
def test_no_small_count_is_left_in_a_public_window(period):
    """Nor a share of one, nor any limit; the city's own counts add up to what is there."""
    window = window_at(period, audience="public")
    shown = window.totals[
        window.totals["measure"].isin(["tips", "valuable_tips", "resolved_cases"])
    ]
    assert not shown["value"].between(1, 4).any()
    hidden = window.totals[window.totals["state"] == HIDDEN]
    assert len(hidden) > 50
    assert hidden[["value", "low", "high", "numerator", "denominator"]].isna().all(axis=None)


@pytest.mark.parametrize("period", quick_of(["2022", "2022-03"], 1))
def test_a_public_window_stands_its_audit(period):
    """Each hidden count could be any of five numbers or more."""
    found = audit(window_at(period, audience="public").release)
    assert len(found) > 100
    assert found["safe"].all()


def test_a_share_is_hidden_with_its_parts():
    """Valuable tips that are hidden could be worked out from the share and the tips."""
    window = window_at("2022-Q1", audience="public")
    state = window.totals.pivot(index=["commune_id", "period"], columns="measure", values="state")
    either = (state["tips"] == HIDDEN) | (state["valuable_tips"] == HIDDEN)
    assert either.any()
    assert (state.loc[either, "valuable_share"] == HIDDEN).all()


def test_what_is_hidden_changes_nothing_that_is_published(load):
    """Two small counts of tips change places: states, values and dispersions stay as they are.

    Tuy Lộc gave no valuable tips, so that the city's share rests on the others. Whether that is
    the share of all must not be seen from the hidden tips.
    """
    found = []
    for tips in range(5):
        days = "2022-01-01", "2022-12-31"
        rows = [("Tuy Lộc", *days, 12, 120, tips, None, 0)]
        rows += [("Minh Bảo", *days, 12, 120, 4 - tips, 0, 0)]
        rows += [(name, *days, 12, 120, n, n // 2, 0) for name, n in MANY.items()]
        window = look_back(load(*rows), "2022", audience="public")
        found.append((window.totals.drop(columns=["numerator", "denominator"]), window.dispersion))
    share = found[0][0].query("measure == 'valuable_share' and commune_id == ''")
    assert share["state"].item() == HIDDEN
    for totals, dispersion in found[2:4]:  # hidden all three times, in the same cells
        pd.testing.assert_frame_equal(totals, found[1][0])
        assert dispersion == found[1][1]


@pytest.mark.slow
def test_where_most_would_be_hidden_a_longer_period_is_taken():
    """One tip in each month and commune: hidden in a month, shown over three years."""
    few = SAMPLE.assign(tips=1, valuable_tips=1, resolved_cases=1, sessions=1, attendances=1)
    window = look_back(few, "2022-03", audience="public", book=Plain())
    assert (window.asked, window.period) == ("2022-03", "2019-to-2021")
    assert window.row("tips")["value"] == few["year"].between(2019, 2021).sum()


def test_a_period_outside_the_records_is_refused():
    """With the day on which they end."""
    with pytest.raises(ValueError, match=r"period='2025': no report .* They end on 31/12/2022\."):
        look_back(SAMPLE, "2025")
    with pytest.raises(ValueError, match="'22' can not be read"):
        look_back(SAMPLE, "22")


def test_the_dispersion_of_a_public_window_rests_on_what_it_publishes(load):
    """Two communes' hidden tips are 3 and 3 each year, or 2 and 4 by turns: nothing else changes.

    Estimated from all counts, the dispersion would tell which of them it was.
    """
    found = []
    for hidden in ([(3, 3), (3, 3), (3, 3)], [(2, 4), (4, 2), (2, 4)]):
        rows = []
        for year, pair in zip((2020, 2021, 2022), hidden, strict=True):
            days = f"{year}-01-01", f"{year}-12-31"
            for name, tips in zip(("Tuy Lộc", "Minh Bảo"), pair, strict=True):
                rows.append((name, *days, 12, 120, tips, 0, 0))
            swing = 15 * (-1) ** year  # the large ones vary far more than by chance
            large = {"Yên Thịnh": 60 + swing, "Đồng Tâm": 60 - swing, "Yên Ninh": 40}
            rows += [(name, *days, 12, 120, tips, 0, 0) for name, tips in large.items()]
        window = look_back(load(*rows), "2022", audience="public", book=Plain())
        states = window.totals.query("measure == 'tips'").set_index(["commune", "period"])["state"]
        assert set(states.loc[["Tuy Lộc", "Minh Bảo"]]) == {HIDDEN}
        assert set(states.loc[["Yên Thịnh", "Đồng Tâm", "Yên Ninh"]]) == {"full"}
        found.append(window.dispersion["tips"])
    assert found[0] == found[1]
    assert found[0] > 2
