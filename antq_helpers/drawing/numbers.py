"""Totals and a view in; the numbers that its picture draws out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.communes import name_key
from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing.view import View
from antq_helpers.measuring.estimates import add_dispersion, add_intervals
from antq_helpers.measuring.ledger import Ledger
from antq_helpers.measuring.period_totals import PARTIAL
from antq_helpers.measuring.releasing import HIDDEN
from antq_helpers.measuring.tally import Tally
from antq_helpers.measuring.totals import check_years, match_names
from antq_helpers.measuring.windows import Window, look_back
from antq_helpers.records import chosen_of, members_of, name_whole

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


def tabulate(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Give the numbers that ``draw(records, view)`` draws.

    Returns
    -------
    DataFrame
        One row per measure, series and period, communes in official order (of rows, see
        :func:`total_by`): ``series`` (a commune, a kind, or the whole place), ``role``
        (``commune``, ``kind``, ``city``, or ``mean``: the place's count divided by its communes
        that reported, to stand beside single communes), ``value`` with ``low`` and ``high`` (95%,
        with ``dispersion``: how many times more than chance such numbers vary),
        ``state`` (``full``; ``partial``: the reports cover under 90% of the period; ``missing``;
        ``none``: reported, but a share or ratio of nothing; ``hidden``: in a public view), and
        what they rest on, as :func:`total_by` has it.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> numbers = tabulate(load_records(), View(measures=["tips"], years=(2021, 2022)))
    >>> numbers[["series", "period", "value"]].values.tolist()
    [['Whole city', '2021', 600.0], ['Whole city', '2022', 534.0]]
    """
    return numbers_of(Ledger(records), view)


def numbers_of(ledger: Ledger, view: View) -> pd.DataFrame:
    """Give the numbers of a view from totals that are kept; see :func:`tabulate`."""
    if view.period:
        audience = view.audience or "internal"
        return numbers_in(look_back(ledger.records, view.period, audience=audience), view)
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
        rows = sorted(ledger.places(totals, view.communes))  # totals stand in official order
        chosen = totals.long(view.measures, rows, columns)
        tables.append(chosen.assign(series=chosen["commune"], role="commune"))
    whole = city.long(view.measures, columns=columns)
    if view.communes is None or _stands_beside(whole, view):
        units = len(members_of(ledger.records, city.boundaries)[1])
        tables.append(_city_beside(whole, view, units))
    if not tables:
        empty = city.long(view.measures, [], columns)
        tables.append(empty.assign(series="", role="", share_of=1))
    table = pd.concat([t.assign(share_of=t.get("share_of", 1)) for t in tables], ignore_index=True)
    field = {name: ledger.field(name, **ask) for name in view.measures}
    return add_intervals(add_dispersion(table, field), view.per)[_COLUMNS]


def numbers_in(window: Window, view: View) -> pd.DataFrame:
    """Give the numbers of a view from a window; what the window hides stays hidden."""
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
    # In the order of the view; what was hidden, or not from all, is no more than that here.
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


def last_of(line: Line) -> tuple[float, float]:
    """Give place and value of a line's last point, else of its last mark on the axis."""
    known = np.flatnonzero(~np.isnan(line.value))
    if len(known):
        return float(known[-1]), float(line.value[known[-1]])
    marked = np.flatnonzero(np.isin(line.state, ("missing", "hidden")))
    return (float(marked[-1]), 0.0) if len(marked) else (np.nan, np.nan)


def named_greys(lines: list[Line]) -> list[Line]:
    """Give the grey lines that have their names at their ends: all, or the highest and lowest."""
    ends = [(last_of(line)[1], line.name, line) for line in lines if not line.in_colour]
    ranked = sorted((end for end in ends if not np.isnan(end[0])), key=lambda end: end[:2])
    greys = [line for _, _, line in ranked]
    half = MOST_NAMED // 2
    return greys if len(greys) <= MOST_NAMED else [*greys[:half], *greys[-half:]]


def never_reported(line: Line) -> bool:
    """Say whether a line has nothing to draw but that it was not reported."""
    return bool(np.isnan(line.value).all() and (line.state == "missing").any())


def lone_points(value: np.ndarray) -> np.ndarray:
    """Find the points without a neighbour: no line shows them."""
    known = np.concatenate([[False], ~np.isnan(value), [False]])
    return known[1:-1] & ~known[:-2] & ~known[2:]


def with_intervals(lines: list[Line]) -> bool:
    """Say whether intervals are drawn: many bands over many periods would hide each other."""
    drawn = [line for line in lines if line.in_colour]
    return len(drawn) <= MOST_BANDS or len(drawn[0].value) <= MANY_PERIODS


def height_of(lines: list[Line]) -> float:
    """Give the highest number that a panel has room for: all values, and intervals up to 4 times.

    The interval of a ratio of few may reach to many times its value, or to infinity.
    """
    values = np.concatenate([line.value for line in lines])
    highs = [line.high for line in lines if line.in_colour] if with_intervals(lines) else []
    highs = np.concatenate([*highs, [0.0]])
    peak = np.max(values[np.isfinite(values)], initial=0) or 1.0
    return max(peak, min(np.max(highs[np.isfinite(highs)], initial=0), _HIGHEST * peak))


def _columns(city: Tally, years: tuple[int, int]) -> slice:
    """Give the periods of the totals that end in some years."""
    ends = city.periods.end.astype("datetime64[Y]").astype(int) + 1970
    first, after = np.searchsorted(ends, [years[0], years[1] + 1])
    return slice(int(first), int(after))


def _kind_names(table: pd.DataFrame, language: str) -> pd.Series:
    return table["kind"].map({kind: word(f"kind_{kind}", language) for kind in ("ward", "commune")})


def _stands_beside(city: pd.DataFrame, view: View) -> bool:
    """Say whether more than one commune reported: beside itself alone none has to stand."""
    return bool(view.communes) and city["reporting"].max() > 1


def _city_beside(city: pd.DataFrame, view: View, units: int) -> pd.DataFrame:
    """Give the whole place as a series of its own, on the scale of what it stands beside.

    Beside single communes its count is divided by those that reported: of the ``units`` drawn on
    these boundaries, the share that reported of those that stood then.
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
