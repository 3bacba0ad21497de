"""Reporting periods: years, halves, quarters, months and years to date."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from antq_helpers.dictionary import check_choice

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_DAY = np.timedelta64(1, "D")


_SPAN = re.compile(
    r"(?P<first>\d{4})(?:-to-(?P<last>\d{4})|-to-(?P<upto>\d{2})"
    r"|-H(?P<half>[12])|-Q(?P<quarter>[1-4])|-(?P<month>\d{2}))?"
)


def period_days(period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last day of a period.

    ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, ``2013-to-2022``, or ``2022-to-09``: the year
    to September.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> [f"{day:%d/%m/%Y}" for day in period_days("2022-Q3")]
    ['01/07/2022', '30/09/2022']
    """
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
            "2013-to-2022 or, for the year to September, 2022-to-09."
        )
    start = pd.Timestamp(first, begin, 1)
    return start, start + pd.DateOffset(months=months) - pd.Timedelta(days=1)


_TURNED = re.compile(r"(?P<part>[HQ]?\d{1,2})/(?P<year>\d{4})", re.IGNORECASE)
_CLOSE = re.compile(r"(?P<year>\d{4})[ -]?(?P<part>[HQ]\d)", re.IGNORECASE)


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
    """
    text = str(period).strip()
    found = _TURNED.fullmatch(text) or _CLOSE.fullmatch(text)
    if found:
        part = found["part"].upper()
        text = f"{found['year']}-{part.zfill(2)}"
    period_days(text)
    return text


AGAINST = ("same_period_last_year", "previous_period")


def period_against(period: str, against: str) -> str:
    """Return the period that another is compared with.

    ``same_period_last_year`` is the same part of the year before, ``previous_period`` the one
    just before; of years, and of a year to date, they are one and the same.

    Examples
    --------
    >>> period_against("2022-Q1", "same_period_last_year")
    '2021-Q1'
    >>> period_against("2022-Q1", "previous_period"), period_against("2022-to-09", AGAINST[1])
    ('2021-Q4', '2021-to-09')
    """
    check_choice("against", against, AGAINST)
    first, last = period_days(period)
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


def split_of(period: str) -> str | int:
    """Return the period length (a name or a number of years) by which records are split.

    Examples
    --------
    >>> split_of("2022-Q3"), split_of("2022-to-09"), split_of("2020-to-2022")
    ('quarter', 'year', 3)
    """
    if is_to_date(period):
        return "year"
    months = months_of(period)
    return {length: name for name, length in MONTHS.items()}.get(months, months // 12)


def is_to_date(period: str) -> bool:
    """Check whether a period is a year to date, such as ``2022-to-09``."""
    return bool(re.search(r"-to-\d{2}$", period))


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
        ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, or ``2013-to-2015``.
    start, end : array of datetime64[D]
        First and last day.
    months : int
        Length of one.
    """

    labels: list[str]
    start: np.ndarray
    end: np.ndarray
    months: int

    @property
    def days(self) -> np.ndarray:
        """Number of days of each period."""
        return (self.end - self.start + _DAY).astype(int)


def split_periods(
    records: pd.DataFrame, period: str | int, since: int | None = None
) -> tuple[Periods, np.ndarray]:
    """Return the periods from first to last report, and the index of each report's period.

    A report belongs to the calendar month, quarter, half or year of its last day: its reporting
    month and year. Where most reports run from the 15th to the 14th, so do the periods. Pools of
    years begin with the year ``since``, by default that of the first report.

    Raises
    ------
    ValueError
        For an unknown period, or where a report is longer than the period asked for.
    """
    months = _months(period)
    starts = records["period_start"].to_numpy("datetime64[D]")
    ends = records["period_end"].to_numpy("datetime64[D]")
    longest = _longest(starts, ends)
    if longest > _most_days(months):
        raise ValueError(
            f"period={period!r} is shorter than some reports, which cover {longest} days and can "
            "not be split. Use a longer period, such as 'year'."
        )
    # The calendar is asked once for each day on which reports end, of which there are few.
    first_day = ends.min() if len(ends) else np.datetime64(0, "D")
    day = (ends - first_day).view(np.int64)
    many = np.bincount(day)
    days = first_day + np.arange(len(many))
    closing = _closing_day(days, many)
    months_of_days = days.astype("datetime64[M]").astype(int)
    first = int(months_of_days[0]) if len(days) else 0
    # Years and their parts begin in January; pools of years with the first year in the data.
    first -= first % min(months, 12)
    if since is not None and months > 12:
        first = 12 * (since - 1970)
    periods = (months_of_days - first) // months
    count = int(periods[-1]) + 1 if len(days) else 0
    bounds = first + months * np.arange(count + 1)
    last = int(months_of_days[-1]) // 12 * 12 + 12 if months > 12 and len(days) else bounds[-1]
    start = _first_day(bounds[:-1], closing)
    end = _first_day(np.minimum(bounds[1:], last), closing) - _DAY
    labels = [_period_label(a, min(b, last), months) for a, b in pairwise(bounds)]
    return Periods(labels, start, end, months), periods[day]


def possible_periods(records: pd.DataFrame) -> list[str]:
    """List the periods into which records can be added up: none shorter than a report."""
    starts = records["period_start"].to_numpy("datetime64[D]")
    longest = _longest(starts, records["period_end"].to_numpy("datetime64[D]"))
    return [period for period, months in MONTHS.items() if longest <= _most_days(months)]


def _longest(starts: np.ndarray, ends: np.ndarray) -> int:
    return int((ends - starts).max().astype(int)) + 1 if len(ends) else 0


def _most_days(months: int) -> int:
    return 31 * months + 1  # one day more: some write 15 December to 15 January


def _months(period: str | int) -> int:
    if isinstance(period, (int, np.integer)) and not isinstance(period, bool) and period >= 1:
        return 12 * int(period)
    if period not in MONTHS:
        raise ValueError(
            f"period={period!r} is not known. "
            f"Use one of: {', '.join(MONTHS)}, or a number of years."
        )
    return MONTHS[period]


def _closing_day(days: np.ndarray, many: np.ndarray) -> int:
    """Return the day of the month on which most reports end; 0 for the month's end.

    ``many`` says of each day how many reports end on it.
    """
    if not len(days):
        return 0
    next_day = days + _DAY
    opening = (next_day - next_day.astype("datetime64[M]")).astype(int)
    return int(np.bincount(opening, many).argmax())


def _first_day(months: np.ndarray, closing: int) -> np.ndarray:
    before = np.asarray(months) - (closing > 0)
    return before.astype("datetime64[M]").astype("datetime64[D]") + closing * _DAY


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
