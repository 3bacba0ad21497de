"""Periods: calendar months and the rule of the 15th, labels, pooled years, what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.measuring.periods import period_days, split_periods


def reports(*days: tuple[str, str]) -> pd.DataFrame:
    """Make reports of first and last day."""
    return pd.DataFrame(
        {
            "period_start": pd.to_datetime([first for first, _ in days]),
            "period_end": pd.to_datetime([last for _, last in days]),
        }
    )


def calendar_months(first: str, last: str) -> pd.DataFrame:
    """Make a report for each calendar month."""
    months = pd.period_range(first, last, freq="M")
    return reports(*((f"{m.start_time:%Y-%m-%d}", f"{m.end_time:%Y-%m-%d}") for m in months))


def administrative_months(first: str, last: str) -> pd.DataFrame:
    """Make a report for each month from the 15th to the 14th (Decree 09/2019/NĐ-CP, Article 12)."""
    months = pd.period_range(first, last, freq="M")
    return reports(*((f"{m - 1}-15", f"{m}-14") for m in months))


def spans(records: pd.DataFrame, period: str | int) -> list[tuple[str, str, str]]:
    """Give label, first and last day of each period."""
    periods, _ = split_periods(records, period)
    return [
        (label, str(first), str(last))
        for label, first, last in zip(periods.labels, periods.start, periods.end, strict=True)
    ]


# ---- the calendar ----


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (
            "month",
            [("2022-02", "2022-02-01", "2022-02-28"), ("2022-03", "2022-03-01", "2022-03-31")],
        ),
        ("quarter", [("2022-Q1", "2022-01-01", "2022-03-31")]),
        ("half", [("2022-H1", "2022-01-01", "2022-06-30")]),
        ("year", [("2022", "2022-01-01", "2022-12-31")]),
        (1, [("2022", "2022-01-01", "2022-12-31")]),
    ],
)
def test_calendar_reports_fall_into_calendar_periods(period, expected):
    """A quarter, a half and a year begin with January, whatever the first report."""
    assert spans(calendar_months("2022-02", "2022-03"), period) == expected


def test_quarters_and_halves_are_numbered_within_their_year():
    """Four quarters and two halves, then the next year."""
    records = calendar_months("2021-04", "2022-03")
    assert split_periods(records, "quarter")[0].labels == [
        "2021-Q2", "2021-Q3", "2021-Q4", "2022-Q1",
    ]  # fmt: skip
    assert split_periods(records, "half")[0].labels == ["2021-H1", "2021-H2", "2022-H1"]


def test_each_report_finds_its_place():
    """January to March 2021 lie in the first quarter, April in the second; the order is free."""
    records = calendar_months("2021-01", "2021-04").iloc[::-1]
    assert split_periods(records, "quarter")[1].tolist() == [1, 0, 0, 0]


def test_a_period_without_reports_stands_between_those_with_some():
    """A gap is a period of its own, so that a chart can show it."""
    records = reports(("2020-01-01", "2020-01-31"), ("2022-01-01", "2022-01-31"))
    periods, place = split_periods(records, "year")
    assert periods.labels == ["2020", "2021", "2022"]
    assert place.tolist() == [0, 2]


def test_days_count_both_ends_and_leap_days():
    """2020 has 366 days, 2021 has 365, February 2020 has 29."""
    assert split_periods(calendar_months("2020-01", "2021-12"), "year")[0].days.tolist() == [
        366,
        365,
    ]
    assert split_periods(calendar_months("2020-02", "2020-02"), "month")[0].days.tolist() == [29]


# ---- from the 15th to the 14th ----


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("year", [("2022", "2021-12-15", "2022-12-14")]),
        (
            "half",
            [("2022-H1", "2021-12-15", "2022-06-14"), ("2022-H2", "2022-06-15", "2022-12-14")],
        ),
    ],
)
def test_the_year_from_15_december_to_14_december_is_the_later_one(period, expected):
    """Decree 09/2019/NĐ-CP: half-years from 15/12 to 14/6 and from 15/6 to 14/12."""
    assert spans(administrative_months("2022-01", "2022-12"), period) == expected


def test_a_quarter_runs_from_the_15th_before_to_the_14th_of_its_last_month():
    """The first quarter of 2022: 15 December 2021 to 14 March 2022."""
    first, *_ = spans(administrative_months("2022-01", "2022-12"), "quarter")
    assert first == ("2022-Q1", "2021-12-15", "2022-03-14")


def test_months_from_the_15th_bear_the_name_of_their_last_day():
    """15 February to 14 March is March, as 15 December to 14 January is January."""
    assert spans(administrative_months("2022-03", "2022-03"), "month") == [
        ("2022-03", "2022-02-15", "2022-03-14")
    ]
    assert spans(administrative_months("2022-01", "2022-01"), "month")[0][0] == "2022-01"


def test_months_from_the_16th_are_taken_as_they_are():
    """Police reports were seen with 16/8 to 15/9."""
    records = reports(("2022-08-16", "2022-09-15"))
    assert spans(records, "month") == [("2022-09", "2022-08-16", "2022-09-15")]


def test_most_reports_decide_on_the_rule():
    """One report of another rule belongs to the month of its last day."""
    records = pd.concat(
        [administrative_months("2022-01", "2022-03"), reports(("2022-04-01", "2022-04-30"))]
    )
    periods, place = split_periods(records, "month")
    assert str(periods.start[0]) == "2021-12-15"
    assert place.tolist() == [0, 1, 2, 3]


# ---- pooled years ----


def test_pooled_years_begin_with_the_first_year_and_end_with_the_last():
    """Ten years by three leave one year over, under its own name and with its own days."""
    assert spans(calendar_months("2013-01", "2022-12"), 3) == [
        ("2013-to-2015", "2013-01-01", "2015-12-31"),
        ("2016-to-2018", "2016-01-01", "2018-12-31"),
        ("2019-to-2021", "2019-01-01", "2021-12-31"),
        ("2022", "2022-01-01", "2022-12-31"),
    ]


def test_ten_years_are_one_period():
    """Where the data begin in the middle of a year, the pool still begins with its January."""
    assert spans(calendar_months("2013-06", "2022-12"), 10) == [
        ("2013-to-2022", "2013-01-01", "2022-12-31")
    ]


# ---- refused, or empty ----


@pytest.mark.parametrize(
    ("report", "too_short", "long_enough"),
    [
        (("2022-01-01", "2022-03-31"), "month", "quarter"),
        (("2021-12-15", "2022-06-14"), "quarter", "half"),
        (("2022-01-01", "2022-12-31"), "half", "year"),
        (("2013-01-01", "2022-12-31"), 5, 10),
    ],
)
def test_a_report_longer_than_the_period_is_refused(report, too_short, long_enough):
    """A quarter's count cannot be split into months: nobody knows how."""
    records = reports(report)
    with pytest.raises(ValueError, match=r"is shorter than some reports, which cover \d+ days"):
        split_periods(records, too_short)
    assert len(split_periods(records, long_enough)[0].labels) == 1


def test_a_month_that_names_its_last_day_twice_is_still_a_month():
    """15/12 to 15/1 has 32 days; the common day is noted on loading and is no reason to refuse."""
    assert spans(reports(("2021-12-15", "2022-01-15")), "month") == [
        ("2022-01", "2021-12-16", "2022-01-15")
    ]


@pytest.mark.parametrize("period", ["day", "2022", 0, -1, 1.5, True, None])
def test_an_unknown_period_is_refused_with_the_known_ones(period):
    """True is no number of years."""
    match = "Use one of: week, month, quarter, half, year, or a number of years"
    with pytest.raises(ValueError, match=match):
        split_periods(calendar_months("2022-01", "2022-01"), period)


def test_no_reports_have_no_periods():
    """An empty table is no error here; the totals say what to do about it."""
    periods, place = split_periods(reports(), "month")
    assert (periods.labels, len(periods.days), len(place)) == ([], 0, 0)


# ---- what must hold for any months ----


@given(
    st.integers(0, 400),
    st.integers(1, 60),
    st.sampled_from(["month", "quarter", "half", "year", 2, 3]),
    st.sampled_from([calendar_months, administrative_months]),
)
def test_periods_follow_each_other_and_hold_their_reports(first, length, period, rule):
    """No day between two periods, no report outside its own, no name twice."""
    begin = pd.Period("2000-01", "M") + first
    records = rule(str(begin), str(begin + length - 1))
    periods, place = split_periods(records, period)
    assert (periods.start[1:] == periods.end[:-1] + np.timedelta64(1, "D")).all()
    assert (periods.start[place] <= records["period_start"].to_numpy()).all()
    assert (records["period_end"].to_numpy() <= periods.end[place]).all()
    assert len(set(periods.labels)) == len(periods.labels)
    assert {0, len(periods.labels) - 1} <= set(place)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2013-to-2022", "2013-01-01", "2022-12-31"),
        ("2022-H2", "2022-07-01", "2022-12-31"),
        ("2022-Q1", "2022-01-01", "2022-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-to-09", "2022-01-01", "2022-09-30"),
    ],
)
def test_a_written_period_has_its_days(period, first, last):
    """As they stand in published_figures.csv, and as a briefing is asked for."""
    assert period_days(period) == (pd.Timestamp(first), pd.Timestamp(last))


@pytest.mark.parametrize(
    "period", ["", "22", "2022-13", "2022-Q0", "2022-Q5", "2022-to-2013", "2022-to-13", "Q1", 9]
)
def test_a_period_that_can_not_be_read_is_refused(period):
    """The message shows how it is written."""
    with pytest.raises(ValueError, match=r"can not be read\. Write 2022, 2022-H1"):
        period_days(period)
