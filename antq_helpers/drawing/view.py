"""Views (what a chart shows), the table of their numbers, and the lines to draw."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, find_measure, word
from antq_helpers.measuring.comparisons import add_dispersion, add_intervals, variation_of
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import PARTIAL, Window, look_back
from antq_helpers.measuring.periods import MONTHS, read_period, split_of
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

AUDIENCES = (None, "internal", "public")
SPLITS = (None, "kind")


MOST_PER = 10**9  # residents


@dataclass(frozen=True, repr=False)
class View:
    """The settings of a chart: all that is needed to draw it again, with a repr that is code.

    Attributes
    ----------
    measures : tuple of str
        One panel each, in order.
    communes : tuple of str or None
        Names; None is the whole place, an empty tuple is nothing chosen.
    years : (int, int) or None
        First and last reporting year, both included; None is all.
    by : str
        ``"year"``, ``"half"``, ``"quarter"`` or ``"month"``.
    per : int or None
        Draw counts as rates per so many residents and year.
    split : str or None
        ``"kind"``: wards against rural communes, instead of single units.
    boundaries : int or None
        A year, see :func:`on_boundaries`; None is the latest set in the records.
    language : str
        ``"en"`` or ``"vi"``.
    audience : str or None
        ``"internal"`` marks the picture for internal circulation; ``"public"``, of a period only,
        hides small counts, see :func:`protect`.
    period : str or None
        ``"2022-Q3"`` or the like, in place of ``years`` and ``by``: this period and the earlier
        ones that it is compared with, see :func:`look_back`.

    Examples
    --------
    >>> View(measures=["tips"], communes=["Tuy Lộc"], years=(2015, 2020))
    View(measures=('tips',), communes=('Tuy Lộc',), years=(2015, 2020))
    """

    measures: tuple[str, ...] = ("tips", "resolved_cases")
    communes: tuple[str, ...] | None = None
    years: tuple[int, int] | None = None
    by: str = "year"
    per: int | None = None
    split: str | None = None
    boundaries: int | None = None
    language: str = "en"
    audience: str | None = None
    period: str | None = None

    def __post_init__(self) -> None:
        plain = {
            "measures": _names("measures", self.measures),
            "communes": None if self.communes is None else _names("communes", self.communes),
            "years": tuple(map(_whole, self.years)) if _several(self.years) else self.years,
            "per": _whole(self.per),
            "boundaries": _whole(self.boundaries),
        }
        for name, value in plain.items():
            object.__setattr__(self, name, value)
        if not self.measures:
            raise ValueError("measures=() is empty. Name one measure or more.")
        for measure in self.measures:
            find_measure(measure)
        check_choice("by", self.by, MONTHS)
        check_choice("language", self.language, LANGUAGES)
        check_choice("audience", self.audience, AUDIENCES)
        check_choice("split", self.split, SPLITS)
        if self.per is not None and not (type(self.per) is int and 0 < self.per <= MOST_PER):
            raise ValueError(f"per={self.per!r} must be a number of residents, such as 1000.")
        if self.period is not None:
            self._check_period()
        elif self.audience == "public":
            raise ValueError("audience='public' hides small counts of one period: write period=.")
        if self.split and self.communes is not None:
            raise ValueError("split and communes cannot go together: leave one of them out.")

    def _check_period(self) -> None:
        object.__setattr__(self, "period", read_period(self.period))
        split = split_of(self.period)
        others = [n for n in ("years", "split", "boundaries") if getattr(self, n) is not None]
        if others:
            raise ValueError(f"period and {others[0]} cannot go together: leave one of them out.")
        object.__setattr__(self, "by", split if split in MONTHS else "year")

    def __repr__(self) -> str:
        changed = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) != field.default
            and not (field.name == "by" and self.period)  # it follows from the period
        ]
        return f"View({', '.join(changed)})"


def _names(name: str, value: object) -> tuple[str, ...]:
    """Convert names to a tuple of distinct strings, so that the view's repr is code."""
    if not _several(value):
        raise ValueError(f"{name}={value!r} is no list of names. Write {name}=({str(value)!r},).")
    return tuple(dict.fromkeys(map(str, value)))


def _several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def _whole(value: object) -> object:
    """Convert an integer of any library to int; return anything else as it is, to be refused."""
    try:
        return value if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return value


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
    """Return the table of the numbers that ``draw(records, view)`` draws.

    Returns
    -------
    DataFrame
        One row per measure, series and period, units in official order (of rows, see
        :func:`total_by`): ``series`` (a unit, a kind, or the whole place), ``role``
        (``commune``, ``kind``, ``city``, or ``mean``: the place's count divided by its units
        that reported, to stand beside single units), ``value`` with ``low`` and ``high`` (95%,
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
    if view.period:
        audience = view.audience or "internal"
        return numbers_in(look_back(records, view.period, audience=audience), view)
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
