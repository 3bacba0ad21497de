"""Reporting periods: years, halves, quarters, months, weeks, years to date, and single days."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from antq_helpers.dictionary import check_choice

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
SPLITS = ("week", *MONTHS)
PER_YEAR = {"week": 52, **{name: 12 // months for name, months in MONTHS.items()}}
_DAY = np.timedelta64(1, "D")
_WEEK = 7  # days

_ISO_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_SPAN_OF_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)-to-(\d{4}-\d\d-\d\d)")
_SPAN = re.compile(
    r"(?P<first>\d{4})(?:-to-(?P<last>\d{4})|-to-(?P<upto>\d{2})"
    r"|-H(?P<half>[12])|-Q(?P<quarter>[1-4])|-(?P<month>\d{2}))?"
)


def period_days(period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day of a period.

    ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, ``2013-to-2022``, ``2022-to-09`` (the year to
    September), ``2024-W37`` (the week of ISO 8601, Monday to Sunday), or any days as
    ``2024-12-15-to-2025-02-14``.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> [f"{day:%d/%m/%Y}" for day in period_days("2022-Q3")]
    ['01/07/2022', '30/09/2022']
    >>> [f"{day:%d/%m/%Y}" for day in period_days("2020-W53")]
    ['28/12/2020', '03/01/2021']
    """
    with suppress(ValueError):  # of a day or week that no calendar has
        if week := _ISO_WEEK.fullmatch(str(period)):
            monday = pd.Timestamp(date.fromisocalendar(int(week[1]), int(week[2]), 1))
            return monday, monday + pd.Timedelta(days=_WEEK - 1)
        if days := _SPAN_OF_DAYS.fullmatch(str(period)):
            start, end = map(pd.Timestamp, days.groups())
            if start <= end:
                return start, end
    found = _SPAN.fullmatch(str(period))
    parts = {name: int(text) for name, text in found.groupdict().items() if text} if found else {}
    first = parts.get("first", 0)
    begin, months = 1, 12 * (parts.get("last", first) - first + 1)
    for name, length in (("half", 6), ("quarter", 3), ("month", 1)):
        if name in parts:
            begin, months = length * (parts[name] - 1) + 1, length
    months = parts.get("upto", months)
    if not found or months < 1 or not 1 <= begin <= 12 or parts.get("upto", 1) > 12:
        raise ValueError(
            f"period={period!r} can not be read. Write 2022, 2022-H1, 2022-Q1, 2022-03 (March), "
            "2024-W37 (a week, of which most years have 52), 2013-to-2022, 2022-to-09 for the year "
            "to September, or days as 2024-09-02-to-2024-09-08."
        )
    start = pd.Timestamp(first, begin, 1)
    return start, start + pd.DateOffset(months=months) - pd.Timedelta(days=1)


_TURNED = re.compile(r"(?P<part>[HQW]?\d{1,2})/(?P<year>\d{4})", re.IGNORECASE)
_CLOSE = re.compile(r"(?P<year>\d{4})[ -]?(?P<part>[HQ]\d|W\d\d?)", re.IGNORECASE)


def read_period(period: object) -> str:
    """Normalise a period, as people or pandas write it, to its standard form.

    Raises
    ------
    ValueError
        As :func:`period_days`.

    Examples
    --------
    >>> [read_period(said) for said in (2022, "2022Q1", "Q1/2022", "3/2022", " 2022-to-09")]
    ['2022', '2022-Q1', '2022-Q1', '2022-03', '2022-to-09']
    >>> read_period(pd.Period("2022-03", "M")), read_period(pd.Period("2022Q2"))
    ('2022-03', '2022-Q2')
    >>> read_period("W7/2024"), read_period(pd.Period("2024-09-03", "W"))
    ('2024-W07', '2024-W36')
    """
    text = str(period).strip()
    if isinstance(period, pd.Period) and period.freqstr == "W-SUN":  # written as its two days
        text = week_name(period.end_time)
    found = _TURNED.fullmatch(text) or _CLOSE.fullmatch(text)
    if found:
        part = found["part"].upper()
        part = f"W{part[1:].zfill(2)}" if part[0] == "W" else part.zfill(2)
        text = f"{found['year']}-{part}"
    period_days(text)
    return text


AGAINST = ("same_period_last_year", "previous_period")


def period_against(period: str, against: str) -> str:
    """Return the period that another is compared with.

    ``same_period_last_year`` is the same part of the year before, ``previous_period`` the one
    just before; of years, a year to date and more than half a year of days, they are one and the
    same. Of a week it is that of the same number; where the year before had no 53rd, its 52nd.

    Examples
    --------
    >>> period_against("2022-Q1", "same_period_last_year")
    '2021-Q1'
    >>> period_against("2022-Q1", "previous_period"), period_against("2022-to-09", AGAINST[1])
    ('2021-Q4', '2021-to-09')
    >>> [period_against(week, AGAINST[0]) for week in ("2024-W37", "2020-W53")]
    ['2023-W37', '2019-W52']
    """
    check_choice("against", against, AGAINST)
    first, last = period_days(period)
    if _ISO_WEEK.fullmatch(period):
        if against == AGAINST[1]:
            return week_name(first - pd.Timedelta(days=_WEEK))
        year, week = int(period[:4]) - 1, int(period[-2:])
        # 28 December always lies in the last week of its year.
        return f"{year}-W{min(week, date(year, 12, 28).isocalendar().week):02d}"
    if is_days(period):
        length = (last - first).days + 1
        back = pd.DateOffset(years=1)
        if against == AGAINST[1] and length <= 183:
            back = pd.Timedelta(days=length)
        return f"{first - back:%Y-%m-%d}-to-{last - back:%Y-%m-%d}"
    months = _length(first, last)
    whole_years = months % 12 == 0
    to_date = "-to-" in period and not whole_years
    if to_date or (against == AGAINST[0] and not whole_years):
        months = 12
    moved = [day.to_period("M") - months for day in (first, last)]
    return period_name(moved[0].year, moved[0].month, _length(first, last), to_date)


def period_name(year: int, month: int, months: int, to_date: bool = False) -> str:
    """Return the label of a period from its first month and its length in months.

    Examples
    --------
    >>> period_name(2022, 4, 3), period_name(2022, 1, 9, to_date=True), period_name(2020, 1, 36)
    ('2022-Q2', '2022-to-09', '2020-to-2022')
    """
    if to_date:
        return f"{year}-to-{months:02d}"
    first = 12 * (year - 1970) + month - 1
    return _period_label(first, first + months, months)


def week_name(day: date) -> str:
    """Return the label of the week of ISO 8601 that a day lies in.

    >>> week_name(date(2021, 1, 3))
    '2020-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def split_of(period: str) -> str | int:
    """Return the period length (a name or a number of years) by which records are split.

    Of single days it is the shortest that holds as many.

    Examples
    --------
    >>> split_of("2022-Q3"), split_of("2022-to-09"), split_of("2020-to-2022")
    ('quarter', 'year', 3)
    >>> split_of("2024-W37"), split_of("2024-12-15-to-2025-02-14")
    ('week', 'quarter')
    """
    if is_to_date(period):
        return "year"
    if _ISO_WEEK.fullmatch(period):
        return "week"
    if is_days(period):
        first, last = period_days(period)
        days = (last - first).days + 1
        return next((name for name in SPLITS if days <= most_days(name)), "year")
    months = months_of(period)
    return {length: name for name, length in MONTHS.items()}.get(months, months // 12)


def is_to_date(period: str) -> bool:
    """Check whether a period is a year to date, such as ``2022-to-09``."""
    return bool(re.fullmatch(r"\d{4}-to-\d{2}", period))


def is_days(period: str) -> bool:
    """Check whether a period is named by its first and last day."""
    return bool(_SPAN_OF_DAYS.fullmatch(period))


def months_of(period: str) -> int:
    """Return the length of a period in months.

    Examples
    --------
    >>> months_of("2022-Q3"), months_of("2022-to-09"), months_of("2020-to-2022")
    (3, 9, 36)
    """
    return _length(*period_days(period))


def _length(first: pd.Timestamp, last: pd.Timestamp) -> int:
    return 12 * (last.year - first.year) + last.month - first.month + 1


@dataclass(frozen=True)
class Periods:
    """Consecutive periods of equal length, in chronological order.

    Attributes
    ----------
    labels : list of str
        ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, ``2024-W37``, or ``2013-to-2015``.
    start, end : array of datetime64[D]
        First and last day.
    """

    labels: list[str]
    start: np.ndarray
    end: np.ndarray

    @property
    def days(self) -> np.ndarray:
        """Number of days of each period."""
        return (self.end - self.start + _DAY).astype(int)

    @property
    def bounds(self) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
        """First and last day by label."""
        first, last = pd.DatetimeIndex(self.start), pd.DatetimeIndex(self.end)
        return dict(zip(self.labels, zip(first, last, strict=True), strict=True))


def split_periods(
    records: pd.DataFrame, period: str | int | tuple[str, ...]
) -> tuple[Periods, np.ndarray]:
    """Return the periods from first to last report, and the index of each report's period.

    A report belongs to the calendar week, month, quarter, half or year of its last day: its
    reporting month and year. Where most reports run from the 15th to the 14th, so do the periods;
    where most are of weeks, longer periods are the weeks that end in them, and weeks from Friday
    to Thursday bear the number of that Thursday. Pools of years begin with that of the first
    report. ``period`` can also be the labels of the periods, in order; then all reports must lie
    in them, see :func:`find_periods`.

    Raises
    ------
    ValueError
        For an unknown period, or where a report is longer than the period asked for.
    """
    starts, ends = _days_of(records)
    # The calendar is asked once for each day on which reports end, of which there are few.
    first_day = ends.min() if len(ends) else np.datetime64(0, "D")
    day = (ends - first_day).view(np.int64)
    many = np.bincount(day)
    days = first_day + np.arange(len(many))
    closing = _closing_day(days, many, starts, ends)
    if isinstance(period, tuple):
        bounds = [[np.datetime64(day, "D") for day in period_days(name)] for name in period]
        start, end = np.array(bounds).T
        own = [is_days(name) for name in period]
        shifted = _own_days(start, end, closing)
        start, end = (np.where(own, *pair) for pair in zip((start, end), shifted, strict=True))
        return Periods(list(period), start, end), find_periods(records, period)
    longest = _longest(starts, ends)
    if longest > most_days(period):
        raise ValueError(
            f"period={period!r} is shorter than some reports, which cover {longest} days and can "
            "not be split. Use a longer period, such as 'year'."
        )
    if period == "week":
        weeks = (days.view(np.int64) + _MONDAY) // _WEEK
        bounds = np.arange(weeks[0], weeks[-1] + 2) if len(days) else weeks
        bounds = (_WEEK * bounds - _MONDAY).astype("datetime64[D]")
        labels = [week_name(monday) for monday in bounds[:-1].tolist()]
        shifted = _own_days(bounds[:-1], bounds[1:] - _DAY, closing)
        return Periods(labels, *shifted), (weeks - weeks[:1])[day]
    months = _months(period)
    months_of_days = days.astype("datetime64[M]").astype(int)
    first = int(months_of_days[0]) if len(days) else 0
    # Years and their parts begin in January; pools of years with the first year in the data.
    first -= first % min(months, 12)
    periods = (months_of_days - first) // months
    count = int(periods[-1]) + 1 if len(days) else 0
    bounds = first + months * np.arange(count + 1)
    last = int(months_of_days[-1]) // 12 * 12 + 12 if months > 12 and len(days) else bounds[-1]
    begin, after = (
        month.astype("datetime64[M]").astype("datetime64[D]")
        for month in (bounds[:-1], np.minimum(bounds[1:], last))
    )
    labels = [_period_label(a, min(b, last), months) for a, b in pairwise(bounds)]
    return Periods(labels, *_own_days(begin, after - _DAY, closing)), periods[day]


def find_periods(records: pd.DataFrame, periods: tuple[str, ...]) -> np.ndarray:
    """Return the index of the period in which each report ends, -1 where it is in none.

    A report that is longer is in none: a month can not be split into weeks. Of a period that is
    named by its days it is no part, either, if it begins before these.
    """
    starts, ends = _days_of(records)
    bounds = [[np.datetime64(day, "D") for day in period_days(name)] for name in periods]
    first, last = np.array(bounds).T
    at = np.minimum(np.searchsorted(last, ends), len(periods) - 1)
    most = np.array([1 + 31 * months_of(n) if n[5:6] != "W" else _WEEK + 1 for n in periods])
    begin = np.where([is_days(n) for n in periods], first, ends.min(initial=first[0]) - most.max())
    fits = (first[at] <= ends) & (ends <= last[at]) & (starts >= begin[at])
    return np.where(fits & ((ends - starts).astype(int) < most[at]), at, -1)


def fitting(records: pd.DataFrame, period: str | int) -> pd.DataFrame:
    """Return the reports that are no longer than a period of this kind."""
    starts, ends = _days_of(records)
    fits = (ends - starts).astype(int) < most_days(period)
    return records if fits.all() else records[fits]


def possible_periods(records: pd.DataFrame) -> list[str]:
    """List the periods into which records can be added up: none shorter than a report."""
    longest = _longest(*_days_of(records))
    return [period for period in SPLITS if longest <= most_days(period)]


def _days_of(records: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    first, last = (records[f"period_{day}"].to_numpy("datetime64[D]") for day in ("start", "end"))
    return first, last


def _longest(starts: np.ndarray, ends: np.ndarray) -> int:
    return int((ends - starts).max().astype(int)) + 1 if len(ends) else 0


def most_days(period: str | int) -> int:
    """Return the most days of a report in a period: some write 15 December to 15 January."""
    return _WEEK + 1 if period == "week" else 31 * _months(period) + 1


def _months(period: str | int) -> int:
    if isinstance(period, (int, np.integer)) and not isinstance(period, bool) and period >= 1:
        return 12 * int(period)
    if period not in MONTHS:
        raise ValueError(
            f"period={period!r} is not known. "
            f"Use one of: {', '.join(SPLITS)}, or a number of years."
        )
    return MONTHS[period]


_MONDAY = 3  # days from a Monday to 1 January 1970


def _closing_day(
    days: np.ndarray, many: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> tuple[str, int]:
    """Return the day of the month, or of the week from Monday, on which most reports end.

    ``many`` says of each day how many reports end on it. Of months, 0 is the month's end.
    """
    if not len(days):
        return "month", 0
    length = (ends - starts).view(np.int64)  # a day less than they cover
    if np.count_nonzero((length >= _WEEK - 2) & (length <= _WEEK)) * 2 > len(length):
        weekday = (days.view(np.int64) + _MONDAY) % _WEEK
        return "week", int(np.bincount(weekday, many).argmax())
    next_day = days + _DAY
    opening = (next_day - next_day.astype("datetime64[M]")).astype(int)
    return "month", int(np.bincount(opening, many).argmax())


def _own_days(
    start: np.ndarray, end: np.ndarray, closing: tuple[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and last days of an office's own periods for those of the calendar."""
    unit, day = closing
    weeks = len(start) and (end - start).max() < _WEEK * _DAY
    if unit == "month" and (not day or weeks):
        return start, end
    before = start - _DAY, end

    def close(last: np.ndarray) -> np.ndarray:
        """Return the closing day in the month of a day, or the latest one of a week up to it."""
        if unit == "month":
            return last.astype("datetime64[M]").astype("datetime64[D]") + (day - 1) * _DAY
        return last - (last.view(np.int64) + _MONDAY - day) % _WEEK * _DAY

    first, last = map(close, before)
    return first + _DAY, last


def _period_label(first: int, after: int, months: int) -> str:
    year, month = 1970 + first // 12, first % 12
    if months == 1:
        return f"{year}-{month + 1:02d}"
    if months < 12:
        return f"{year}-{'Q' if months == 3 else 'H'}{month // months + 1}"
    return year_span((year, 1970 + (after - 1) // 12))


def year_span(years: tuple[int, int]) -> str:
    """Return the period of whole years, such as 2013-to-2022, or 2022 alone."""
    first, last = years
    return str(first) if first == last else f"{first}-to-{last}"


_BEFORE = 17  # days: a report from the 15th of the month before belongs to its last day's month
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Found:
    """Result of a look-up: the sum, the sources of its rows, and the call that reproduces it."""

    value: float
    sources: tuple[str, ...]
    call: str


def look_up(
    tables: dict[str, pd.DataFrame], table: str, column: str, conditions: dict, period: str
) -> Found:
    """Sum one column of one table over the rows that match a filter and period.

    The value is missing where the table, a column or the period is not there, no row fits, or
    every row that fits is blank.
    """
    rows = tables.get(table)
    if rows is None or column not in rows or not set(conditions) <= set(rows.columns):
        return Found(math.nan, (), "")
    dated = _dated(rows, period)
    if dated is None:
        return Found(math.nan, (), "")
    terms, mask = dated
    for name, text in reversed(conditions.items()):
        value = _in_type_of(rows[name], text)
        terms = [f"{name} == {value!r}", *terms]
        mask = mask & rows[name].eq(value).fillna(False).astype(bool)
    call = f'tables["{table}"].query("{" and ".join(terms)}")["{column}"].sum()'
    used = rows[mask & rows[column].notna()]
    if used.empty:
        return Found(math.nan, (), call)
    sources = used["source"].fillna("reported").unique() if "source" in used else ["reported"]
    return Found(float(used[column].sum()), tuple(sorted(sources)), call)


def _dated(rows: pd.DataFrame, period: str) -> tuple[list[str], pd.Series] | None:
    """Return the conditions of a period and the mask of matching rows; None if none can match."""
    start, end = period_days(period)
    if {"since", "until"} <= set(rows.columns):  # a stock: what runs on the last day, see stock_of
        day = f"'{end:%Y-%m-%d}'"
        terms = [f"since <= {day}", f"(until.isna() or until > {day})"]
        return terms, (rows["since"] <= end) & (rows["until"].isna() | (rows["until"] > end))
    if (start.month, end.month) == (1, 12) and "year" in rows:
        return _dated_by_year(rows["year"], start.year, end.year)
    if not {"period_start", "period_end"} <= set(rows.columns):
        return None
    begin = start - pd.Timedelta(days=_BEFORE)
    terms = [
        f"period_start >= '{begin:%Y-%m-%d}'",
        f"period_end >= '{start:%Y-%m-%d}'",
        f"period_end <= '{end:%Y-%m-%d}'",
    ]
    within = rows["period_end"].between(start, end)
    return terms, within & (rows["period_start"] >= begin)


def _dated_by_year(years: pd.Series, first: int, last: int) -> tuple[list[str], pd.Series]:
    term, within = f"{first} <= year <= {last}", years.between(first, last).fillna(False)
    blank = years.isna()
    if blank.any() and first < last and within[~blank].all():
        return [f"(year.isna() or {term})"], (within | blank).astype(bool)
    return [term], within.astype(bool)


def _in_type_of(cells: pd.Series, text: str) -> object:
    """Convert a filter's value to the type of the column."""
    if text in _TRUTH and cells.dropna().isin([True, False]).all():
        return _TRUTH[text]
    if pd.api.types.is_numeric_dtype(cells):
        return int(text) if text.lstrip("-").isdigit() else text
    return text
