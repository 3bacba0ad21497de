"""Tables, a filter and a period in; the sum of one column, with the call that makes it, out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from antq_helpers.measuring.periods import period_days

_BEFORE = 17  # days: a report from the 15th of the month before belongs to its last day's month
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Found:
    """What a table gives for a figure: the sum, the sources of its rows, and the call."""

    value: float
    sources: tuple[str, ...]
    call: str


def look_up(
    tables: dict[str, pd.DataFrame], table: str, column: str, conditions: dict, period: str
) -> Found:
    """Add up one column of one table over the rows of a filter and period.

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
        value = _typed(rows[name], text)
        terms = [f"{name} == {value!r}", *terms]
        mask = mask & rows[name].eq(value).fillna(False).astype(bool)
    call = f'tables["{table}"].query("{" and ".join(terms)}")["{column}"].sum()'
    used = rows[mask & rows[column].notna()]
    if used.empty:
        return Found(math.nan, (), call)
    sources = used["source"].fillna("reported").unique() if "source" in used else ["reported"]
    return Found(float(used[column].sum()), tuple(sorted(sources)), call)


def _dated(rows: pd.DataFrame, period: str) -> tuple[list[str], pd.Series] | None:
    """Give the conditions of a period and the rows that fulfil them; None where none can be."""
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


def _typed(cells: pd.Series, text: str) -> object:
    """Read a filter's value as the column's type."""
    if text in _TRUTH and cells.dropna().isin([True, False]).all():
        return _TRUTH[text]
    if pd.api.types.is_numeric_dtype(cells):
        return int(text) if text.lstrip("-").isdigit() else text
    return text
