"""Records and a period in; the totals of it and of those before it, silent places named, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.dictionary import measures
from antq_helpers.measuring.estimates import add_intervals
from antq_helpers.measuring.periods import (
    AGAINST,
    MONTHS,
    is_to_date,
    period_against,
    period_days,
    period_name,
    split_of,
)
from antq_helpers.measuring.tally import YEAR_DAYS, tally
from antq_helpers.records import members_of, place_column, register_of

PARTIAL, LACKING = "partial", "lacking"
WHOLE = 0.999  # of a period's days: of what is less, reports are lacking
# So many periods are looked back upon: months and quarters reach the same period last year.
_LOOKED_BACK = {"month": 13, "quarter": 8, "half": 4, "year": 10}
_TO_DATE, _POOLED = 5, 3


def _periods(records: pd.DataFrame, period: str) -> tuple[str, ...]:
    """Give a period and as many before it as are looked back upon and held by the records."""
    split = split_of(period)
    many = _LOOKED_BACK.get(split, _POOLED)
    if is_to_date(period):
        many = _TO_DATE
    begin = records["period_start"].min()
    found = [period]
    while len(found) < many:
        before = period_against(found[0], AGAINST[1])
        if period_days(before)[1] < begin or (split not in MONTHS and not held_by(records, before)):
            break
        found.insert(0, before)
    return tuple(found)


def total_periods(records: pd.DataFrame, period: str) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Give the periods looked back upon, and their totals with intervals and states."""
    periods = _periods(records, period)
    first, last = period_days(periods[0])[0], period_days(period)[1]
    ends = records["period_end"]
    chosen = ends.between(first, last)
    if is_to_date(period):
        chosen &= ends.dt.month <= last.month
    cut = records[chosen]
    split = split_of(period)
    names = list(measures())
    # The first pool may begin before the records: split from their first year, all would shift.
    ask = {"period": split, "boundaries": int(records["boundaries"].max()), "since": first.year}
    tables = [tally(cut, "commune", **ask), tally(cut, **ask)]
    communes, city = (table.long(names) for table in tables)
    table = pd.concat([communes, city.assign(commune_id="", commune="", kind="")])
    labels = dict(zip(city["period"].unique(), periods[-city["period"].nunique() :], strict=True))
    table = table.assign(period=table["period"].map(labels))
    table = _with_silent(table, records, periods)
    people = table["commune_id"].map(_residents(records, ask["boundaries"]))
    days = table["period"].map({name: _days(name) for name in periods})
    table["covered"] = np.minimum(table["exposure"] / (people * days / YEAR_DAYS), 1).fillna(0)
    city = table["commune_id"] == ""
    table["period_start"] = table["period"].map({name: period_days(name)[0] for name in periods})
    table = add_intervals(table).drop(columns="period_end")
    full, silent = table["state"] == "full", city & (table["reporting"] < table["expected"])
    state = table["state"].mask(full & (table["covered"] < WHOLE), LACKING)
    return periods, table.assign(state=state.mask(full & silent, PARTIAL))


def _with_silent(
    table: pd.DataFrame, records: pd.DataFrame, periods: tuple[str, ...]
) -> pd.DataFrame:
    """Add rows for communes and periods without a report, in official order, the place last."""
    year = int(table["boundaries"].iloc[0])
    units = register_of(records).units.loc[list(members_of(records, year)[1])]
    units = units.sort_values("official_order")
    names = list(measures())
    grid = pd.MultiIndex.from_product(
        [[*units.index, ""], periods, names], names=["commune_id", "period", "measure"]
    )
    full = table.set_index(grid.names).reindex(grid).reset_index()
    known = full["commune_id"].map(units["name"]), full["commune_id"].map(units["kind"])
    full["commune"], full["kind"] = (column.fillna("") for column in known)
    full["exposure"] = full["exposure"].fillna(0)
    full["reporting"] = full["reporting"].fillna(0).astype(int)
    whole = full["commune_id"] == ""
    full["expected"] = full["expected"].fillna(whole.map({True: len(units), False: 1})).astype(int)
    illustrative = bool(table["illustrative"].any())
    place = place_column(str(table["place"].iloc[0]), len(full))
    return full.assign(illustrative=illustrative, boundaries=year, place=place)


def _residents(records: pd.DataFrame, boundaries: int) -> dict[str, float]:
    units = register_of(records).units.loc[list(members_of(records, boundaries)[1])]
    people = units["population_2019"].astype(float)
    return {**people.to_dict(), "": people.sum()}


def _days(period: str) -> int:
    first, last = period_days(period)
    return (last - first).days + 1


def held_by(records: pd.DataFrame, period: str) -> bool:
    """Say whether any report ends in a period."""
    first, last = period_days(period)
    return bool(records["period_end"].between(first, last).any())


def list_periods(records: pd.DataFrame, kind: str) -> list[str]:
    """List the periods of a kind in which a report ends, the latest first.

    ``kind`` is ``year``, ``half``, ``quarter``, ``month``, or ``to_date`` for years to date.
    """
    ends = records["period_end"].dt
    months = sorted(set(zip(ends.year, ends.month, strict=True)), reverse=True)
    if kind == "to_date":
        found = [period_name(year, 1, month, to_date=True) for year, month in months if month < 12]
    else:
        size = MONTHS[kind]
        found = [period_name(y, (m - 1) // size * size + 1, size) for y, m in months]
    return list(dict.fromkeys(found))
