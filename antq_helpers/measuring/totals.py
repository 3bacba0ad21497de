"""Records in; those of some communes and years, or their totals with what they rest on, out."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd

from antq_helpers.communes import name_key
from antq_helpers.dictionary import find_measure, measures, vietnamese_order
from antq_helpers.measuring.tally import Tally, tally
from antq_helpers.records import check_records, mark_place
from antq_helpers.registers import without_marks


def select(
    records: pd.DataFrame,
    *,
    communes: Iterable[str] | None = None,
    years: tuple[int, int] | None = None,
) -> pd.DataFrame:
    """Give the records of some communes and reporting years.

    Communes that are chosen are a whole of their own: totals, trends and pictures of these records
    are of them, expect a report of each of them, and bear their names.

    Parameters
    ----------
    communes
        Names, in any case, with or without prefix; all by default.
    years
        First and last reporting year, both included.

    Raises
    ------
    ValueError
        For a commune or year that the records do not hold; the message names the legal ones.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> len(select(load_records(), communes=["Tuy Lộc"], years=(2015, 2016)))
    24
    """
    records = check_records(records)
    chosen = np.ones(len(records), dtype=bool)
    if communes is not None:
        names = find_communes(records, communes)
        records = records.assign(place=mark_place(records, names))
        chosen &= records["commune"].isin(names).to_numpy()
    if years is not None:
        first, last = check_years(records, years)
        chosen &= records["year"].between(first, last).to_numpy()
    return records[chosen]


def find_communes(records: pd.DataFrame, communes: Iterable[str]) -> list[str]:
    """Give the names under which records hold some communes, in the order they are given."""
    if isinstance(communes, str):
        raise ValueError(f"communes={communes!r} is one text. Write communes=[{communes!r}].")
    known = {name_key(name): name for name in records["commune"].unique()}
    return match_names(communes, known)


def match_names(communes: Iterable[str], known: dict[tuple, str]) -> list[str]:
    """Find each name among known ones, by :func:`name_key`; raise with the legal ones."""
    names = list(dict.fromkeys(communes))
    unknown = [name for name in names if name_key(str(name)) not in known]
    if unknown:
        bare = {}
        for name in known.values():
            bare.setdefault(without_marks(name), []).append(name)
        close = [
            name
            for typed in unknown
            for key in get_close_matches(without_marks(str(typed)), bare, 1, cutoff=0.7)
            for name in bare[key]
        ]
        near = f"Did you mean {', '.join(close)}? " if close else ""
        legal = sorted(known.values(), key=vietnamese_order)
        more = f" and {len(legal) - 30} more" if len(legal) > 30 else ""
        raise ValueError(
            f"communes={unknown!r}: no such commune in these records. {near}"
            f"Use some of: {', '.join(legal[:30])}{more}."
        )
    return list(dict.fromkeys(known[name_key(str(name))] for name in names))


def check_years(records: pd.DataFrame, years: tuple[int, int]) -> tuple[int, int]:
    """Give first and last year where they are years of the records, the right way round."""
    if records.empty:
        raise ValueError(f"years={years!r}: the records are empty, they hold no year.")
    held = int(records["year"].min()), int(records["year"].max())
    legal = f"Use a pair (first, last) within {held[0]} to {held[1]}."
    try:
        first, last = (operator.index(year) for year in years)
    except (TypeError, ValueError):
        if isinstance(years, int):
            legal = f"For one year write ({years}, {years}). {legal}"
        raise ValueError(f"years={years!r} is no pair of years. {legal}") from None
    if first > last:
        raise ValueError(f"years={years!r} is the wrong way round. {legal}")
    if first < held[0] or last > held[1]:
        raise ValueError(f"years={years!r} is outside the records. {legal}")
    return first, last


def total_by(
    records: pd.DataFrame,
    *keys: str,
    period: str | int = "year",
    measure: str | Sequence[str] | None = None,
    boundaries: int | None = None,
) -> pd.DataFrame:
    """Add records up by keys and period.

    Parameters
    ----------
    keys
        ``"commune"`` or ``"kind"`` (wards against communes); none for the whole place.
    period
        ``"month"``, ``"quarter"``, ``"half"``, ``"year"``, or a number of years to pool.
    measure
        One or more of the dictionary; all by default.
    boundaries
        A year, see :func:`on_boundaries`; by default the latest set in the records.

    Returns
    -------
    DataFrame
        Long: one row per key, period and measure, communes in official order, with ``value`` (a
        count; shares and ratios per 100), ``numerator`` and ``denominator`` (added before they are
        divided, over reports that gave both), ``exposure`` (resident-years that the reports cover,
        census of 2019), ``reporting`` and ``expected`` communes (those that gave the measure, and
        all that stood, when the period ended),
        ``covered`` share of the period's resident-days, ``illustrative``, ``boundaries``, and
        ``place``, with the communes that were chosen as the whole. Where nobody reported, the
        value is missing, never 0.

    Notes
    -----
    The order is that of the rows alone: ``commune`` is text, as in records. An ordered category
    would sort pivots, but turn into object where it is merged with records, and break ``+`` and
    ``<``. In ``pivot_table`` and ``groupby``, ``sort=False`` keeps the order of the rows.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> city = total_by(load_records(), period=10, measure="tips")
    >>> city[["period", "value", "expected"]].values.tolist()
    [['2013-to-2022', 4556.0, 15]]
    """
    names = (
        list(measures()) if measure is None else [measure] if isinstance(measure, str) else measure
    )
    if not names:
        raise ValueError(
            f"measure={measure!r} names no measure. Use some of: {', '.join(measures())}."
        )
    for name in names:
        find_measure(name)
    table: Tally = tally(records, *keys, period=period, boundaries=boundaries)
    return table.long(names)
