"""Totals in; the same with rates, intervals and states, or all communes beside the city, out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from antq_helpers.dictionary import Measure, find_measure
from antq_helpers.measuring.comparisons import first_dispersion
from antq_helpers.measuring.intervals import (
    Interval,
    count_interval,
    rate_interval,
    ratio_interval,
    share_interval,
)
from antq_helpers.measuring.totals import check_years, select, total_by
from antq_helpers.records import check_records, register_of

PARTIAL_BELOW = 0.9
_RESTS_ON = ("numerator", "denominator", "exposure", "share_of", "dispersion")


def add_intervals(totals: pd.DataFrame, per: int | None = None) -> pd.DataFrame:
    """Add value, 95% limits and state to totals; rates where counts are asked per residents.

    Where totals have ``share_of``, a count without ``per`` is divided by it. Where they have
    ``dispersion``, limits are those of numbers that vary so many times more than chance: of the
    events and their base over the dispersion (McCullagh and Nelder, 1989, section 4.5).
    """
    table = totals if "share_of" in totals else totals.assign(share_of=1)
    table = table if "dispersion" in table else table.assign(dispersion=np.nan)
    columns = {name: table[name].to_numpy() for name in ("measure", *_RESTS_ON)}
    value, low, high = np.full((3, len(table)), np.nan)
    for name in dict.fromkeys(columns["measure"]):
        rows = columns["measure"] == name
        measure = find_measure(name)
        of = per if measure.kind == "count" else None
        rests_on = (columns[column][rows] for column in _RESTS_ON)
        value[rows], (low[rows], high[rows]) = _estimate(measure, *rests_on, of)
    states = {
        "missing": np.isnan(columns["numerator"]),
        "none": columns["denominator"] == 0,
        "partial": table["covered"] < PARTIAL_BELOW,
    }
    state = np.select(list(states.values()), list(states), "full")
    return table.assign(value=value, low=low, high=high, state=state)


def add_dispersion(
    totals: pd.DataFrame, field: Mapping[str, tuple[float | None, float]]
) -> pd.DataFrame:
    """Add to each total how many times more than chance it varies; missing where nothing tells.

    Parameters
    ----------
    field
        Of each measure, the dispersion of communes (:func:`estimate_dispersion`) and how much all
        communes vary together (:func:`estimate_together`), which tells on large numbers.
    """
    added = np.full(len(totals), np.nan)
    for name, (own, together) in field.items():
        rows = (totals["measure"] == name).to_numpy()
        if own is None:
            continue
        parts = totals.loc[rows, ["numerator", "denominator"]].to_numpy(float)
        kind = find_measure(name).kind
        size = {"count": parts[:, 0], "share": parts[:, 1], "ratio": parts.sum(axis=1)}[kind]
        added[rows] = own + together * np.nan_to_num(size)
    return totals.assign(dispersion=added)


def _estimate(
    measure: Measure,
    above: np.ndarray,
    below: np.ndarray,
    exposure: np.ndarray,
    share_of: np.ndarray,
    dispersion: np.ndarray,
    per: int | None,
) -> tuple[np.ndarray, Interval]:
    by = np.where(dispersion >= 1, dispersion, 1)
    if measure.kind != "count":
        below = np.where(below > 0, below, np.nan)
        interval = share_interval if measure.interval == "wilson" else ratio_interval
        low, high = (limit * measure.per for limit in interval(above / by, below / by))
        return above / below * measure.per, Interval(low, high)
    scale = per / np.where(exposure > 0, exposure, np.nan) if per else 1 / share_of
    if measure.interval == "none":
        return above * scale, Interval(np.nan, np.nan)
    if per:
        return above * scale, rate_interval(above / by, exposure / by, per=per)
    low, high = count_interval(above / by)
    return above * scale, Interval(low * by * scale, high * by * scale)


def compare_communes(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    period: str | int | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Set each commune beside the city: counts as rates, shares and ratios as they are.

    Parameters
    ----------
    years
        First and last reporting year, both included; all by default.
    period
        As in :func:`total_by`; by default all the years are one period.
    per
        Residents and year that a rate is for; shares and ratios have their own.
    dispersion
        How many times more than chance communes vary, 1 or more; by default that of all years of
        these records, where they tell.

    Returns
    -------
    DataFrame
        One row per commune, in official order, and period: ``value`` with ``low`` and ``high``
        (95%, with ``dispersion``), ``state`` (``full``; ``partial``: the reports cover under 90% of
        the period; ``missing``; ``none``: reported, but a share or ratio of nothing), the
        ``city``'s value over the same period, and what they rest on, as :func:`total_by` has it.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> table = compare_communes(load_records(), years=(2021, 2022))
    >>> table[["commune", "value", "city"]].round(1).head(2).values.tolist()
    [['Yên Thịnh', 4.2, 5.7], ['Yên Ninh', 6.1, 5.7]]
    """
    records = check_records(records)
    first, last = check_years(
        records, years or (int(records["year"].min()), int(records["year"].max()))
    )
    chosen = select(records, years=(first, last))
    latest = int(records["boundaries"].max())
    ask = {
        "period": last - first + 1 if period is None else period,
        "measure": measure,
        "boundaries": latest if boundaries is None else boundaries,
    }
    if dispersion is None:
        told = {"measure": measure, "boundaries": ask["boundaries"]}
        # Earlier boundaries hold the chosen years alone.
        told_by = records if ask["boundaries"] >= latest else chosen
        dispersion = first_dispersion([total_by(told_by, "commune", **told)], measure)
    # What all communes vary together does not set one apart from the city in the same period.
    field = {measure: (dispersion, 0.0)}
    communes = add_intervals(add_dispersion(total_by(chosen, "commune", **ask), field), per)
    city = add_intervals(total_by(chosen, **ask), per).set_index("period")["value"]
    order = register_of(records).units["official_order"]
    return (
        communes.assign(city=communes["period"].map(city), per=per)
        .assign(order=communes["commune_id"].map(order))
        .sort_values(["order", "period_start"], ignore_index=True)
        .drop(columns=["order", "share_of"])
    )


def compare_over_time(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    per: int = 1000,
    boundaries: int | None = None,
) -> tuple[pd.DataFrame, int]:
    """Set each commune beside the city by year, or by as many years as should be pooled.

    Returns
    -------
    (table of :func:`compare_communes`, number of years that are pooled)
    """
    chosen = records if years is None else select(records, years=years)
    pooled = years_to_pool(chosen, measure=measure)
    ask = {"measure": measure, "years": years, "per": per, "boundaries": boundaries}
    return compare_communes(records, period=pooled, **ask), pooled


def years_to_pool(records: pd.DataFrame, *, measure: str) -> int:
    """Give 3 where half of the communes' yearly counts are below the measure's bound, else 1."""
    yearly = total_by(records, "commune", measure=measure)["numerator"]
    return 3 if yearly.median() < find_measure(measure).pool_below else 1
