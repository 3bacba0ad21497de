"""Numbers and lines of charts over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import add_dispersion, add_intervals, variation_of
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import PARTIAL, Window, window_on
from antq_helpers.measuring.totals import (
    Tally,
    check_years,
    find_rows,
    match_names,
    tally,
    years_alone,
    years_of,
)
from antq_helpers.places import name_key
from antq_helpers.records import check_records, chosen_of, members_of, name_whole

MOST_COLOURED = 6
MOST_BANDS = 4
MOST_NAMED = 15
_HIGHEST = 4
MANY_PERIODS = 24
_COLUMNS = [
    *("measure", "series", "role", "period", "period_start", "value", "low", "high", "state"),
    *("numerator", "denominator", "exposure", "reporting", "expected", "covered"),
    *("dispersion", "illustrative", "boundaries", "place"),
]


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the numbers of a chart over time, a row per measure, series and period."""
    if view.period:
        audience = view.audience or "internal"
        return numbers_in(window_on(records, view.period, audience), view)
    records = check_records(records)
    years = check_years(records, view.years or years_of(records))
    ask = {
        "period": view.by,
        "boundaries": view.boundaries,
        "years": years_alone(records, view.boundaries, years),
    }
    city = tally(records, **ask)
    columns = _columns(city, years)
    tables = []
    if view.split:
        totals = tally(records, view.split, **ask)
        kinds = totals.long(view.measures, columns=columns)
        tables.append(kinds.assign(series=_kind_names(kinds, view.language), role="kind"))
    elif view.communes:
        totals = tally(records, "commune", **ask)
        rows = sorted(find_rows(totals, view.communes))  # totals stand in official order
        chosen = totals.long(view.measures, rows, columns)
        tables.append(chosen.assign(series=chosen["commune"], role="commune"))
    whole = city.long(view.measures, columns=columns)
    if view.communes is None or _stands_beside(whole, view):
        units = len(members_of(records, city.boundaries)[1])
        tables.append(_city_beside(whole, view, units))
    if not tables:
        empty = city.long(view.measures, [], columns)
        tables.append(empty.assign(series="", role="", share_of=1))
    table = pd.concat([t.assign(share_of=t.get("share_of", 1)) for t in tables], ignore_index=True)
    field = {name: variation_of(records, name, **ask) for name in view.measures}
    return add_intervals(add_dispersion(table, field), view.per)[_COLUMNS]


def numbers_in(window: Window, view: View) -> pd.DataFrame:
    """Return the numbers of a view from a window, whose hidden counts stay hidden."""
    table = window.totals
    table = table[table["measure"].isin(view.measures)]
    whole = table["commune_id"] == ""
    city, communes = table[whole], table[~whole]
    tables = []
    if view.communes:
        known = {name_key(name): name for name in communes["commune"].unique()}
        names = match_names(view.communes, known)
        chosen = communes[communes["commune"].isin(names)]
        tables.append(chosen.assign(series=chosen["commune"], role="commune", share_of=1))
    if view.communes is None or _stands_beside(city, view):
        tables.append(_city_beside(city, view, communes["commune_id"].nunique()))
    if not tables:
        tables.append(city.iloc[:0].assign(series="", role="", share_of=1))
    shown = pd.concat(tables, ignore_index=True)
    # In the order of the view's measures. The states hidden and partial are kept, because
    # add_intervals would replace them.
    rank = shown["measure"].map(list(view.measures).index)
    shown = shown.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)
    kept = shown["state"].where(shown["state"].isin([HIDDEN, PARTIAL]))
    drawn = add_intervals(shown, view.per)
    return drawn.assign(state=kept.fillna(drawn["state"]))[_COLUMNS]


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
    """Split the numbers of one measure into lines, in drawing order."""
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


def last_of(line: Line) -> tuple[float, float]:
    """Return index and value of a line's last point, or of its last mark if it has no point."""
    known = np.flatnonzero(~np.isnan(line.value))
    if len(known):
        return float(known[-1]), float(line.value[known[-1]])
    marked = np.flatnonzero(np.isin(line.state, ("missing", "hidden")))
    return (float(marked[-1]), 0.0) if len(marked) else (np.nan, np.nan)


def named_greys(lines: list[Line]) -> list[Line]:
    """Return the grey lines to label: all of them, or the highest and lowest of too many."""
    ends = [(last_of(line)[1], line.name, line) for line in lines if not line.in_colour]
    ranked = sorted((end for end in ends if not np.isnan(end[0])), key=lambda end: end[:2])
    greys = [line for _, _, line in ranked]
    half = MOST_NAMED // 2
    return greys if len(greys) <= MOST_NAMED else [*greys[:half], *greys[-half:]]


def never_reported(line: Line) -> bool:
    """Check whether a line has no value, for want of reports in some or all periods."""
    return bool(np.isnan(line.value).all() and (line.state == "missing").any())


def lone_points(value: np.ndarray) -> np.ndarray:
    """Find the points without a neighbour, which a line does not show."""
    known = np.concatenate([[False], ~np.isnan(value), [False]])
    return known[1:-1] & ~known[:-2] & ~known[2:]


def with_intervals(lines: list[Line]) -> bool:
    """Check whether to draw intervals: many bands over many periods hide each other."""
    drawn = [line for line in lines if line.in_colour]
    return len(drawn) <= MOST_BANDS or len(drawn[0].value) <= MANY_PERIODS


def height_of(lines: list[Line]) -> float:
    """Return the top of a panel: the highest value, or interval up to four times that.

    The interval of a ratio of small counts may reach many times its value, or infinity.
    """
    values = np.concatenate([line.value for line in lines])
    highs = [line.high for line in lines if line.in_colour] if with_intervals(lines) else []
    highs = np.concatenate([*highs, [0.0]])
    peak = np.max(values[np.isfinite(values)], initial=0) or 1.0
    return max(peak, min(np.max(highs[np.isfinite(highs)], initial=0), _HIGHEST * peak))


def _columns(city: Tally, years: tuple[int, int]) -> slice:
    """Return the slice of the periods that end in a span of years."""
    ends = city.periods.end.astype("datetime64[Y]").astype(int) + 1970
    first, after = np.searchsorted(ends, [years[0], years[1] + 1])
    return slice(int(first), int(after))


def _kind_names(table: pd.DataFrame, language: str) -> pd.Series:
    return table["kind"].map({kind: word(f"kind_{kind}", language) for kind in ("ward", "commune")})


def _stands_beside(city: pd.DataFrame, view: View) -> bool:
    """Check whether to draw the city beside the units: only if several reported."""
    return bool(view.communes) and city["reporting"].max() > 1


def _city_beside(city: pd.DataFrame, view: View, units: int) -> pd.DataFrame:
    """Return the city as a series of its own, scaled to the series beside it.

    Beside single units its count is divided by the number that reported: ``units``, those on these
    boundaries, times the share that reported of those that existed then.
    """
    beside = np.full(len(city), view.per is None and bool(view.communes))
    mean = beside & [find_measure(name).kind == "count" for name in city["measure"]]
    whole = name_whole(city, view.language)
    key = "mean_of" if chosen_of(city) else "city_mean"
    average = word(key, view.language, whole=whole)
    return city.assign(
        series=np.where(mean, average, whole),
        role=np.where(mean, "mean", "city"),
        share_of=np.where(mean, np.maximum(units * city["reporting"] / city["expected"], 1), 1),
    )
