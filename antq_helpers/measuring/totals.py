"""Totals of records by commune and period, with the coverage of the reports."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

import numpy as np
import pandas as pd

from antq_helpers.dictionary import (
    check_choice,
    counts,
    find_measure,
    is_stock,
    measures,
    measures_of,
    vietnamese_order,
)
from antq_helpers.measuring.periods import Periods, find_periods, split_periods
from antq_helpers.places import Register, known_register, name_key, without_marks
from antq_helpers.records import (
    check_records,
    holders_of,
    kept,
    mark_place,
    members_of,
    place_column,
    place_on,
    register_of,
    units_of,
)

YEAR_DAYS = 365.25
_KEYS = ("commune", "kind")


@dataclass(frozen=True)
class Tally:
    """Totals of all groups and periods as arrays (groups × periods).

    :func:`total_by` writes it out long; charts take slices of it.
    """

    groups: pd.DataFrame
    periods: Periods
    parts: dict[str, dict[str, np.ndarray]]
    expected: np.ndarray
    population: np.ndarray
    illustrative: bool
    boundaries: int
    place: str

    def long(
        self,
        names: Sequence[str],
        rows: np.ndarray | None = None,
        columns: slice | None = None,
    ) -> pd.DataFrame:
        """Return totals in long form: one row per group, period and measure."""
        rows = np.arange(len(self.groups)) if rows is None else np.asarray(rows, dtype=int)
        columns = columns or slice(None)
        labels = self.periods.labels[columns]
        group = np.tile(np.repeat(rows, len(labels)), len(names))
        period = np.tile(np.arange(len(labels)), len(rows) * len(names))
        measure = np.repeat(np.arange(len(names)), len(rows) * len(labels))
        part = {
            key: np.concatenate([self.parts[name][key][rows][:, columns].ravel() for name in names])
            for key in self.parts[names[0]]
        }
        per = np.array(
            [0 if (m := find_measure(name)).kind == "count" else m.per for name in names]
        )
        stock = np.array([is_stock(name) for name in names])
        # The exposure of a stock is that of one day's residents, whatever the period.
        days = np.where(stock[measure], YEAR_DAYS, self.periods.days[columns][period])
        with np.errstate(divide="ignore", invalid="ignore"):
            # Reports overlap nowhere, but those that end in a period may begin before it: a
            # month from the 15th to the 14th has up to three days more than the calendar's.
            people = np.tile(self.population[rows][:, columns].ravel(), len(names))
            people = people * (days / YEAR_DAYS)
            covered = np.minimum(part["exposure"] / people, 1)
            share = part["numerator"] / part["denominator"] * per[measure]
        return pd.DataFrame(
            {
                **{name: self.groups[name].array.take(group) for name in self.groups},
                "period": pd.array(labels, "str").take(period),
                "period_start": self.periods.start[columns][period],
                "period_end": self.periods.end[columns][period],
                "measure": pd.array(names, "str").take(measure),
                "value": np.where(per[measure] > 0, share, part["numerator"]),
                **part,
                "expected": np.tile(self.expected[rows][:, columns].ravel(), len(names)),
                "covered": covered,
                "illustrative": self.illustrative,
                "boundaries": self.boundaries,
                "place": place_column(self.place, len(group)),
            }
        )


def tally(
    records: pd.DataFrame,
    *keys: str,
    period: str | int | tuple[str, ...] = "year",
    boundaries: int | None = None,
    years: tuple[int, int] | None = None,
) -> Tally:
    """Add up every measure by group and period, as arrays; the work behind :func:`total_by`.

    Totals are added up once, and kept while the records live: charts take slices of them.

    Parameters
    ----------
    period
        As in :func:`split_periods`.
    years
        Add up the reports of these years alone, first and last included.
    """
    for key in keys:
        check_choice("key", key, _KEYS)
    records = check_records(records)
    if years == years_of(records):
        years = None

    def add_up() -> Tally:
        chosen = records if years is None else select(records, years=years)
        return _add_up(chosen, keys, period, boundaries)

    return kept(records, ("tally", keys, period, boundaries, years), add_up)


def _add_up(
    records: pd.DataFrame,
    keys: Sequence[str],
    period: str | int | tuple[str, ...],
    boundaries: int | None,
) -> Tally:
    boundaries = int(records["boundaries"].max()) if boundaries is None else boundaries
    holders = holders_of(records, boundaries)
    places = register_of(records)
    year, members = members_of(records, boundaries)
    position = np.sort(places.units.index.get_indexer(list(members)))
    position = position[places.units["official_order"].to_numpy()[position].argsort(kind="stable")]
    units = places.units.iloc[position]
    reported = np.bincount(holders, minlength=len(places.units))[position] > 0
    groups, group_of_member = _group(units, keys, reported)
    group = np.full(len(places.units) + 1, -1)  # the last one of a unit that nobody holds
    group[position] = group_of_member
    periods, column = split_periods(records, period)
    shape = (len(groups), len(periods.labels))
    cell = group[holders] * shape[1] + column

    def add(weights: np.ndarray | None) -> np.ndarray:
        return np.bincount(cell, weights, shape[0] * shape[1]).reshape(shape)

    reported_by = units_of(records, "reported_by")
    start, end = (records[f"period_{day}"].to_numpy("datetime64[D]") for day in ("start", "end"))
    years = records["year"].to_numpy(int)
    # A report of several years is of the mean of their residents.
    long = np.maximum(np.round((end - start).astype(int) / YEAR_DAYS).astype(int) - 1, 0)
    people_by = places.residents(reported_by, years - long, years)
    exposure = ((end - start).view(np.int64) + 1) * people_by / YEAR_DAYS
    stock_given = partial(last_given, records, holders, column)
    grouped = group_of_member >= 0
    population = _residents_by(places, position[grouped], group_of_member[grouped], periods, shape)
    expected, count_reporting = _count_units(
        records, reported_by, group[places.holders(boundaries)], year, len(groups), periods, column
    )
    given_by = {"flow": (lambda given: given, exposure), "stock": (stock_given, people_by)}
    parts = _add_measures(records, add, given_by, count_reporting)
    illustrative = bool(records["source"].eq("illustrative").any())
    place = place_on(records, boundaries)
    return Tally(groups, periods, parts, expected, population, illustrative, year, place)


def _residents_by(
    places: Register, position: np.ndarray, group: np.ndarray, periods: Periods, shape: tuple
) -> np.ndarray:
    """Return the residents of each group and period."""
    first, last = (
        day.astype("datetime64[Y]").astype(int) + 1970 for day in (periods.start, periods.end)
    )
    if places.population is None:
        first, last = first[:1], last[:1]  # those of the census, in every period
    found = [
        np.bincount(group, places.residents(position, begin, end), minlength=shape[0])
        for begin, end in zip(first, last, strict=True)
    ]
    return np.broadcast_to(np.stack(found, axis=1), shape)


def last_given(
    records: pd.DataFrame, holders: np.ndarray, column: np.ndarray, given: np.ndarray
) -> np.ndarray:
    """Mark the reports whose stock counts: of each unit the last one of a period that gives it.

    Where a unit was merged within the period, the one that holds it counts its stock from then on.
    """
    start, end = (records[f"period_{day}"].to_numpy("datetime64[D]") for day in ("start", "end"))
    unit = units_of(records, "reported_by")
    ends = register_of(records).units["last"].to_numpy("datetime64[D]")
    some = np.flatnonzero(given)
    some = some[np.argsort(end[some], kind="stable")]
    of_unit = pd.Series(unit[some] * (column.max(initial=0) + 1) + column[some])
    some = some[~of_unit.duplicated(keep="last").to_numpy()]
    _, holder = np.unique(np.stack([holders[some], column[some]]), axis=1, return_inverse=True)
    latest = pd.Series(start[some]).groupby(holder.ravel()).transform("max").to_numpy()
    marked = np.zeros(len(given), bool)
    marked[some[ends[unit[some]] >= latest]] = True
    return marked


def added_up(records: pd.DataFrame, measure: str, period: str) -> np.ndarray:
    """Mark the records that the total of a measure in a period adds up, on their boundaries."""
    entry, column = find_measure(measure), find_periods(records, (period,))
    given = (column >= 0) & records[entry.numerator].notna().to_numpy()
    if entry.denominator:
        given &= records[entry.denominator].notna().to_numpy()
    if not is_stock(measure):
        return given
    holders = holders_of(records, int(records["boundaries"].max()))
    return last_given(records, holders, column, given)


def _group(
    units: pd.DataFrame, keys: Sequence[str], reported: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the groups, one row each, and the group number of each unit (-1 for none)."""
    if "commune" in keys:
        groups = units[reported].reset_index().rename(columns={"name": "commune"})
        numbers = np.where(reported, np.cumsum(reported) - 1, -1)
        return groups[["commune_id", "commune", "kind"]], numbers
    if "kind" in keys:
        codes, kinds = pd.factorize(units["kind"])
        return pd.DataFrame({"kind": kinds}), codes
    return pd.DataFrame(index=range(1)), np.zeros(len(units), dtype=int)


def _add_measures(
    records: pd.DataFrame,
    add: Callable[[np.ndarray | None], np.ndarray],
    given_by: dict[str, tuple[Callable[[np.ndarray], np.ndarray], np.ndarray]],
    count_reporting: Callable[[np.ndarray], np.ndarray],
) -> dict[str, dict[str, np.ndarray]]:
    """Add up each measure over the reports that gave it, with their exposure and communes.

    ``given_by`` holds, for flows and stocks, which of the reports that give a measure are added
    up, and the exposure of each report. A further count that no report gives is missing.
    """
    given = {
        name: records[name].notna().to_numpy() if name in records else np.zeros(len(records), bool)
        for name in counts()
    }
    # Of a national file most measures are given by the same reports, all: these are added once.
    by_reports: dict[bytes, tuple[np.ndarray, ...]] = {}
    sums: dict[tuple[str, bytes], np.ndarray] = {}
    parts = {}
    for name, entry in measures().items():
        both = given[entry.numerator]
        if entry.denominator:
            both = both & given[entry.denominator]
        added_by, exposure = given_by[entry.further or "flow"]
        both = added_by(both) if both.any() else both
        key = bytes(entry.further == "stock") + np.packbits(both).tobytes()
        if key not in by_reports:
            by_reports[key] = (
                add(both) > 0,
                add(np.where(both, exposure, 0)),
                count_reporting(both),
            )
        any_given, covered, reporting = by_reports[key]

        def total(count: str, both=both, key=key, any_given=any_given) -> np.ndarray:
            if not any_given.any():
                return np.full(any_given.shape, np.nan)
            if (count, key) not in sums:
                values = records[count].to_numpy(float, na_value=0)
                summed = add(values if both.all() else values * both)
                sums[count, key] = np.where(any_given, summed, np.nan)
            return sums[count, key]

        parts[name] = {
            "numerator": total(entry.numerator),
            "denominator": total(entry.denominator)
            if entry.denominator
            else np.full(any_given.shape, np.nan),
            "exposure": covered,
            "reporting": reporting,
        }
    return parts


def _count_units(
    records: pd.DataFrame,
    unit: np.ndarray,
    group: np.ndarray,
    boundaries: int,
    groups: int,
    periods: Periods,
    column: np.ndarray,
) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Count the communes that existed at the end of each period.

    Returns
    -------
    (their number by group and period, a function that counts those of them whose reports are given)
    """
    places = register_of(records)
    ids = places.units.index
    stood = np.zeros((len(ids), len(periods.labels)), dtype=bool)
    for (year, start, _), members in zip(places.sets, places.members, strict=True):
        if year > boundaries:
            break
        in_force = periods.end >= np.datetime64(start, "D")
        stood[:, in_force | (start == places.sets[0][1])] = members[:, None]
    # A row of blanks says that nothing was reported.
    filled = np.logical_or.reduce([records[name].notna() for name in counts() if name in records])
    reported = np.zeros_like(stood)
    reported[unit[filled], column[filled]] = True
    first, last = (places.units[day] for day in ("first", "last"))
    into = pd.Series(ids.map(places.successor), ids)
    # Where the day of a merger is not verified, who still reports tells that it has not come.
    for new in into[last >= into.map(first)].unique():
        old = (into == new).to_numpy()
        late = filled & old[unit] & (records["period_end"] >= first[new]).to_numpy()
        before = np.intersect1d(column[late], np.flatnonzero(~reported[ids.get_loc(new)]))
        stood[np.ix_(ids == new, before)], stood[np.ix_(old, before)] = False, True

    def count(units: np.ndarray) -> np.ndarray:
        unit, period = np.nonzero(units & (group >= 0)[:, None])
        cell = group[unit] * len(periods.labels) + period
        return np.bincount(cell, minlength=groups * len(periods.labels)).reshape(groups, -1)

    def count_reporting(given: np.ndarray) -> np.ndarray:
        gave = np.zeros_like(stood)
        gave[unit[given], column[given]] = True
        return count(stood & gave)

    return count(stood), count_reporting


def select(
    records: pd.DataFrame,
    *,
    communes: Iterable[str] | None = None,
    years: tuple[int, int] | None = None,
) -> pd.DataFrame:
    """Select the records of some communes, wards and reporting years.

    Units that are chosen are a whole of their own: totals, trends and pictures of these records
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
        For a unit or year that the records do not hold; the message names the legal ones.

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
    """Return the names of some communes as the records spell them, in the order given."""
    if isinstance(communes, str):
        raise ValueError(f"communes={communes!r} is one text. Write communes=[{communes!r}].")
    known = {name_key(name): name for name in records["commune"].unique()}
    return match_names(communes, known)


def match_names(communes: Iterable[str], known: dict[tuple, str]) -> list[str]:
    """Match names to known ones by :func:`name_key`; raise with the legal ones."""
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


def find_rows(totals: Tally, communes: Iterable[str]) -> list[int]:
    """Return the row numbers of some communes in totals by commune.

    Raises
    ------
    ValueError
        For a name that these boundaries do not have; a merged one is named with its successor.
    """
    names = totals.groups["commune"].tolist()
    rows = {name_key(name): row for row, name in enumerate(names)}
    for name in communes:
        if name_key(str(name)) not in rows:
            _explain_merged(str(name), totals)
            match_names([name], {key: names[row] for key, row in rows.items()})
    return list(dict.fromkeys(rows[name_key(str(name))] for name in communes))


def _explain_merged(name: str, totals: Tally) -> None:
    places, year = known_register(totals.place.partition(": ")[0]), totals.boundaries
    targets = places.targets(year)
    for unit, known in places.units["name"].items():
        if name_key(known) == name_key(name) and targets.get(unit, unit) != unit:
            into = places.units.at[targets[unit], "name"]
            raise ValueError(
                f"communes={[name]!r}: on the boundaries of {year} {known} is a part of {into}. "
                f"Use {into!r}, or earlier boundaries with years before the merger."
            )


def years_alone(
    records: pd.DataFrame, boundaries: int | None, years: tuple[int, int]
) -> tuple[int, int] | None:
    """Return the years to add up alone; None where totals of all years have those as a slice.

    On earlier boundaries later reports can not be placed.
    """
    records = check_records(records)
    earlier = boundaries is not None and (
        register_of(records).set_at(boundaries)[0] < records["boundaries"].max()
    )
    return years if earlier else None


def years_of(records: pd.DataFrame) -> tuple[int, int]:
    """Return the first and the last reporting year."""
    return int(records["year"].min()), int(records["year"].max())


def check_years(records: pd.DataFrame, years: tuple[int, int]) -> tuple[int, int]:
    """Check that a pair of years is in order and within the records; return it."""
    if records.empty:
        raise ValueError(f"years={years!r}: the records are empty, they hold no year.")
    covered = years_of(records)
    legal = f"Use a pair (first, last) within {covered[0]} to {covered[1]}."
    try:
        first, last = (operator.index(year) for year in years)
    except (TypeError, ValueError):
        if isinstance(years, int):
            legal = f"For one year write ({years}, {years}). {legal}"
        raise ValueError(f"years={years!r} is no pair of years. {legal}") from None
    if first > last:
        raise ValueError(f"years={years!r} is the wrong way round. {legal}")
    if first < covered[0] or last > covered[1]:
        raise ValueError(f"years={years!r} is outside the records. {legal}")
    return first, last


def total_by(
    records: pd.DataFrame,
    *keys: str,
    period: str | int = "year",
    measure: str | Sequence[str] | None = None,
    boundaries: int | None = None,
) -> pd.DataFrame:
    """Total records by group and period.

    Parameters
    ----------
    keys
        ``"commune"`` or ``"kind"`` (wards against rural communes); none for the whole place.
    period
        ``"week"`` (of ISO 8601), ``"month"``, ``"quarter"``, ``"half"``, ``"year"``, or a number
        of years to pool.
    measure
        One or more of the dictionary; all by default.
    boundaries
        A year, see :func:`on_boundaries`; by default the latest set in the records.

    Returns
    -------
    DataFrame
        Long: one row per key, period and measure, units in official order, with ``value`` (a
        count; shares and ratios per 100), ``numerator`` and ``denominator`` (added before they are
        divided, over reports that gave both), ``exposure`` (resident-years that the reports cover,
        by the census of 2019 or a table of residents by year), ``reporting`` and ``expected``
        units (those that gave the measure, and all that stood, when the period ended),
        ``covered`` share of the period's resident-days, ``illustrative``, ``boundaries``, and
        ``place``, with the units that were chosen as the whole. Where nobody reported, the
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
        measures_of(check_records(records))
        if measure is None
        else [measure]
        if isinstance(measure, str)
        else measure
    )
    if not names:
        raise ValueError(
            f"measure={measure!r} names no measure. Use some of: {', '.join(measures())}."
        )
    for name in names:
        find_measure(name)
    table: Tally = tally(records, *keys, period=period, boundaries=boundaries)
    return table.long(names)
