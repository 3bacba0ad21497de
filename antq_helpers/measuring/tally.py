"""Records in; totals of every group and period at once, as tables of numbers, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.communes import Register
from antq_helpers.dictionary import check_choice, find_measure, measures
from antq_helpers.measuring.periods import Periods, split_periods
from antq_helpers.records import (
    check_records,
    members_of,
    on_boundaries,
    place_column,
    place_on,
    register_of,
)

YEAR_DAYS = 365.25
_KEYS = ("commune", "kind")


@dataclass(frozen=True)
class Tally:
    """Totals of all groups and periods at once, as tables of numbers (groups × periods).

    :func:`total_by` writes it out long. Explorers keep one, and take slices from it.
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
        """Write measures of some groups and periods out, one row each: see :func:`total_by`."""
        rows = np.arange(len(self.groups)) if rows is None else np.asarray(rows, dtype=int)
        columns = columns or slice(None)
        labels = self.periods.labels[columns]
        size = len(rows) * len(labels)
        index = np.repeat(rows, len(labels))
        keys = {name: self.groups[name].to_numpy()[index] for name in self.groups}
        days = self.periods.days[columns]
        people = self.population[rows][:, None] * (days / YEAR_DAYS)
        tables = []
        for name in names:
            part = {key: array[rows][:, columns].ravel() for key, array in self.parts[name].items()}
            exposure = part["exposure"]
            with np.errstate(divide="ignore", invalid="ignore"):
                # Reports overlap nowhere, but those that end in a period may begin before it: a
                # month from the 15th to the 14th has up to three days more than the calendar's.
                covered = np.minimum(exposure / people.ravel(), 1)
                count = find_measure(name).kind == "count"
                value = part["numerator"] if count else part["numerator"] / part["denominator"]
            tables.append(
                pd.DataFrame(
                    {
                        **keys,
                        "period": labels * len(rows),
                        "period_start": np.tile(self.periods.start[columns], len(rows)),
                        "period_end": np.tile(self.periods.end[columns], len(rows)),
                        "measure": np.full(size, name, dtype=object),
                        "value": value if count else value * find_measure(name).per,
                        **part,
                        "expected": self.expected[rows][:, columns].ravel(),
                        "covered": covered,
                        "illustrative": self.illustrative,
                        "boundaries": self.boundaries,
                        "place": place_column(self.place, size),
                    }
                )
            )
        return pd.concat(tables, ignore_index=True)


def tally(
    records: pd.DataFrame,
    *keys: str,
    period: str | int = "year",
    boundaries: int | None = None,
    since: int | None = None,
) -> Tally:
    """Add records up once, for every measure; the work behind :func:`total_by`."""
    for key in keys:
        check_choice("key", key, _KEYS)
    records = check_records(records)
    boundaries = int(records["boundaries"].max()) if boundaries is None else boundaries
    placed = on_boundaries(records, boundaries)
    places = register_of(records)
    year, members = members_of(records, boundaries)
    units = places.units[places.units.index.isin(members)].sort_values("official_order")
    groups, group_of_unit = _group(units, keys, set(placed["commune_id"].unique()))
    periods, column = split_periods(placed, period, since)
    every = places.units.index
    reported_by = every.get_indexer(placed.get("reported_by", placed["commune_id"]))
    held_by = every.get_indexer(placed["commune_id"]) if "reported_by" in placed else reported_by
    unit = units.index.get_indexer(every)[held_by]
    shape = (len(groups), len(periods.labels))
    cell = group_of_unit[unit] * shape[1] + column

    def add(weights: np.ndarray) -> np.ndarray:
        return np.bincount(cell, weights, shape[0] * shape[1]).reshape(shape)

    reported_days = (placed["period_end"] - placed["period_start"]).dt.days.to_numpy() + 1
    own = places.units["population_2019"].to_numpy(float)[reported_by]
    population = np.bincount(
        group_of_unit[group_of_unit >= 0],
        units["population_2019"].to_numpy(float)[group_of_unit >= 0],
        len(groups),
    )
    group_of = dict(zip(units.index, group_of_unit.tolist(), strict=True))
    targets = {
        unit: group_of[target]
        for unit, target in places.targets(boundaries).items()
        if target in group_of
    }
    expected, count_reporting = _count_units(
        placed, reported_by, places, targets, year, len(groups), periods, column
    )
    parts = _add_measures(placed, add, reported_days * own / YEAR_DAYS, count_reporting)
    illustrative = bool(records["source"].eq("illustrative").any())
    place = place_on(records, boundaries)
    return Tally(groups, periods, parts, expected, population, illustrative, year, place)


def _group(
    units: pd.DataFrame, keys: Sequence[str], reported: set[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Give the groups, one row each, and the group of each unit (-1: in none)."""
    if "commune" in keys:
        held = units.index.isin(reported)
        groups = units[held].reset_index().rename(columns={"name": "commune"})
        return groups[["commune_id", "commune", "kind"]], np.where(held, np.cumsum(held) - 1, -1)
    if "kind" in keys:
        codes, kinds = pd.factorize(units["kind"])
        return pd.DataFrame({"kind": kinds}), codes
    return pd.DataFrame(index=range(1)), np.zeros(len(units), dtype=int)


def _add_measures(
    placed: pd.DataFrame,
    add: Callable[[np.ndarray], np.ndarray],
    exposure: np.ndarray,
    count_reporting: Callable[[np.ndarray], np.ndarray],
) -> dict[str, dict[str, np.ndarray]]:
    """Add each measure up over the reports that gave it, with their exposure and communes."""
    counts = {
        m.numerator: placed[m.numerator].to_numpy(float, na_value=np.nan)
        for m in measures().values()
    }
    parts = {}
    for name, entry in measures().items():
        above = counts[entry.numerator]
        below = counts[entry.denominator] if entry.denominator else None
        given = ~np.isnan(above) if below is None else ~(np.isnan(above) | np.isnan(below))
        any_given = add(given) > 0

        def total(values: np.ndarray, given=given, any_given=any_given) -> np.ndarray:
            return np.where(any_given, add(np.where(given, values, 0)), np.nan)

        numerator = total(above)
        parts[name] = {
            "numerator": numerator,
            "denominator": np.full_like(numerator, np.nan) if below is None else total(below),
            "exposure": add(np.where(given, exposure, 0)),
            "reporting": count_reporting(given),
        }
    return parts


def _count_units(
    records: pd.DataFrame,
    unit: np.ndarray,
    places: Register,
    targets: dict[str, int],
    boundaries: int,
    groups: int,
    periods: Periods,
    column: np.ndarray,
) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Count the communes that stood when each period ended.

    Returns
    -------
    (their number by group and period, a function that counts those of them whose reports are given)
    """
    ids = places.units.index
    group = np.array([targets.get(unit, -1) for unit in ids])
    stood = np.zeros((len(ids), len(periods.labels)), dtype=bool)
    for year, start, members in places.sets:
        if year > boundaries:
            break
        in_force = periods.end >= np.datetime64(start, "D")
        stood[:, in_force | (start == places.sets[0][1])] = ids.isin(members)[:, None]
    # A row of blanks says that nothing was reported.
    filled = (
        records[list({m.numerator for m in measures().values()})].notna().any(axis=1).to_numpy()
    )
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
