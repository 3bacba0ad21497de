"""Totals and a view in; the numbers that its picture draws out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.communes import register_of
from antq_helpers.dictionary import Measure, find_measure, word
from antq_helpers.drawing.view import View
from antq_helpers.measuring.intervals import (
    Interval,
    count_interval,
    rate_interval,
    ratio_interval,
    share_interval,
)
from antq_helpers.measuring.ledger import Ledger
from antq_helpers.measuring.tally import Tally
from antq_helpers.measuring.totals import check_years

PARTIAL_BELOW = 0.9
MOST_COLOURED = 6
_COLUMNS = [
    *("measure", "series", "role", "period", "period_start", "value", "low", "high", "state"),
    *("numerator", "denominator", "exposure", "reporting", "expected", "covered"),
    *("illustrative", "boundaries"),
]


def tabulate(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Give the numbers that ``draw(records, view)`` draws.

    Returns
    -------
    DataFrame
        One row per measure, series and period: ``series`` (a commune, a kind, or the whole
        place), ``role`` (``commune``, ``kind``, ``city``, or ``mean``: the place's count divided
        by its number of communes, to stand beside single communes), ``value`` with ``low`` and
        ``high`` (95 %), ``state`` (``full``; ``partial``: the reports cover under 90 % of the
        period; ``missing``; ``none``: reported, but a share or ratio of nothing), and what they
        rest on, as :func:`total_by` has it.
    """
    return numbers_of(Ledger(records), view)


def numbers_of(ledger: Ledger, view: View) -> pd.DataFrame:
    """Give the numbers of a view from totals that are kept; see :func:`tabulate`."""
    years = ledger.years if view.years is None else check_years(ledger.records, view.years)
    ask = {"period": view.by, "boundaries": view.boundaries, "years": years}
    city = ledger.tally(**ask)
    columns = _columns(city, years)
    tables = []
    if view.split:
        totals = ledger.tally(view.split, **ask)
        kinds = totals.long(view.measures, columns=columns)
        tables.append(kinds.assign(series=_kind_names(kinds, view.language), role="kind"))
    elif view.communes:
        totals = ledger.tally("commune", **ask)
        rows = ledger.places(totals, view.communes)
        chosen = totals.long(view.measures, rows, columns)
        tables.append(chosen.assign(series=chosen["commune"], role="commune"))
    if view.communes is None or view.communes:
        units = len(register_of(ledger.records).set_at(city.boundaries)[1])
        tables.append(_city_beside(city.long(view.measures, columns=columns), view, units))
    if not tables:
        empty = city.long(view.measures, [], columns)
        tables.append(empty.assign(series="", role="", share_of=1))
    table = pd.concat([t.assign(share_of=t.get("share_of", 1)) for t in tables], ignore_index=True)
    return _with_intervals(table, view)[_COLUMNS]


@dataclass(frozen=True)
class Line:
    """One series of one measure, ready to draw: arrays over the same periods.

    ``in_colour`` is false for the communes of a choice too large for colours; they are drawn grey,
    without interval.
    """

    name: str
    role: str
    in_colour: bool
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    state: np.ndarray


def lines_of(numbers: pd.DataFrame, measure: str) -> list[Line]:
    """Take the numbers of one measure apart into lines, in the order in which they are drawn."""
    mine = numbers["measure"].to_numpy() == measure
    columns = {
        name: numbers[name].to_numpy()[mine]
        for name in ("series", "role", "value", "low", "high", "state")
    }
    names = columns.pop("series")
    starts = np.flatnonzero(names[1:] != names[:-1]) + 1 if len(names) else []
    pieces = {name: np.split(column, starts) for name, column in columns.items()}
    roles = [role[0] for role in pieces.pop("role") if len(role)]
    few = roles.count("commune") <= MOST_COLOURED
    return [
        Line(name[0], role, few or role != "commune", *arrays)
        for name, role, *arrays in zip(
            np.split(names, starts), roles, *pieces.values(), strict=False
        )
    ]


def _columns(city: Tally, years: tuple[int, int]) -> slice:
    """Give the periods of the totals that end in some years."""
    ends = city.periods.end.astype("datetime64[Y]").astype(int) + 1970
    first, after = np.searchsorted(ends, [years[0], years[1] + 1])
    return slice(int(first), int(after))


def _kind_names(table: pd.DataFrame, language: str) -> pd.Series:
    return table["kind"].map({kind: word(f"kind_{kind}", language) for kind in ("ward", "commune")})


def _city_beside(city: pd.DataFrame, view: View, units: int) -> pd.DataFrame:
    """Give the whole place as a series of its own, on the scale of what it stands beside."""
    city = city.assign(series=word("city", view.language), role="city", share_of=1)
    if view.per is None and view.communes:
        count = city["measure"].map(lambda name: find_measure(name).kind == "count")
        city.loc[count, "share_of"] = units
        city.loc[count, "role"] = "mean"
        city.loc[count, "series"] = word("city_mean", view.language)
    return city


def _with_intervals(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Add value, limits and state; rates where counts are asked per residents."""
    table = table.assign(low=np.nan, high=np.nan)
    for name in dict.fromkeys(table["measure"]):
        rows = table["measure"] == name
        part = table[rows]
        measure = find_measure(name)
        value, limits = _estimate(measure, part, view.per if measure.kind == "count" else None)
        table.loc[rows, "value"] = value
        table.loc[rows, "low"], table.loc[rows, "high"] = limits
    states = {
        "missing": table["numerator"].isna(),
        "none": table["denominator"] == 0,
        "partial": table["covered"] < PARTIAL_BELOW,
    }
    return table.assign(state=np.select(list(states.values()), list(states), "full"))


def _estimate(measure: Measure, rows: pd.DataFrame, per: int | None) -> tuple[pd.Series, Interval]:
    above, below, exposure = rows["numerator"], rows["denominator"], rows["exposure"]
    if measure.kind != "count":
        below = below.where(below > 0)
        interval = share_interval if measure.interval == "wilson" else ratio_interval
        low, high = (limit * measure.per for limit in interval(above, below))
        return above / below * measure.per, Interval(low, high)
    scale = per / exposure.where(exposure > 0) if per else 1 / rows["share_of"]
    if measure.interval == "none":
        return above * scale, Interval(np.nan, np.nan)
    if per:
        return above * scale, rate_interval(above, exposure, per=per)
    low, high = count_interval(above)
    return above * scale, Interval(low * scale, high * scale)
