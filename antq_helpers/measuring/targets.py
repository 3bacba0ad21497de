"""Targets of a year beside what was reached of them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from antq_helpers.measuring.lookback import Window
from antq_helpers.measuring.periods import period_days
from antq_helpers.places import name_key

Target = tuple[str | None, str, int, int]


def list_targets(
    targets: pd.DataFrame,
    measures: Iterable[str],
    communes: Iterable[str] | None = None,
    years: tuple[int, int] | None = None,
) -> tuple[Target, ...]:
    """List targets of some measures for the ``targets`` of a :class:`View`.

    Parameters
    ----------
    targets
        As ``load_table("targets", path)`` gives them.
    communes
        Names; None is the whole place. A sum of its units' is none of its own: some may have none.
    years
        First and last, both included; None is all.

    Returns
    -------
    tuple of (commune or None, measure, year, target)

    Examples
    --------
    >>> rows = [(2024, None, "tips", 600), (2024, "Tuy Lộc", "tips", 40)]
    >>> table = pd.DataFrame(rows, columns=["year", "commune", "measure", "target"])
    >>> list_targets(table, ["tips"])
    ((None, 'tips', 2024, 600),)
    >>> list_targets(table, ["tips"], ["Tuy Lộc"])
    (('Tuy Lộc', 'tips', 2024, 40),)
    """
    rows = targets[targets["measure"].isin(list(measures))]
    if years is not None:
        rows = rows[rows["year"].between(*years)]
    chosen = rows["commune"].isna()
    if communes is not None:
        asked = {name_key(name) for name in communes}
        chosen = rows["commune"].map(name_key, na_action="ignore").isin(asked)
    columns = rows.loc[chosen, ["commune", "measure", "year", "target"]]
    return tuple(
        (None if communes is None else name, measure, int(year), int(target))
        for name, measure, year, target in columns.itertuples(index=False)
    )


def set_beside(targets: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Set the targets of a year beside what was reached by the end of a window.

    Parameters
    ----------
    targets
        As ``load_table("targets", path)`` gives them.
    window
        Of the year, or of the year to date.

    Returns
    -------
    DataFrame
        One row per measure and place, in the order of the window, the whole place first:
        ``commune_id``, ``commune`` (both blank for the whole), ``measure``, ``target``, ``value``
        and ``state`` of the window, ``share`` (per cent, missing where nothing is known). The whole
        has the target that is stated for it, or the sum of its units' where each of them has one.
    """
    year = period_days(window.period)[1].year
    rows = targets[targets["year"] == year]
    known = {name_key(name): unit for unit, (name, _) in window.units.items() if unit}
    units = [unit for unit in window.units if unit]
    found = []
    for measure, mine in rows.groupby("measure", sort=False):
        own = mine.loc[mine["commune"].isna(), "target"]
        of_units = {
            unit: int(target)
            for name, target in mine[["commune", "target"]].itertuples(index=False)
            if pd.notna(name) and (unit := known.get(name_key(name)))
        }
        whole = int(own.iloc[0]) if len(own) else None
        if whole is None and of_units.keys() == {*units}:
            whole = sum(of_units.values())
        wanted = {"": whole} if whole is not None else {}
        for unit, target in (wanted | {u: of_units[u] for u in units if u in of_units}).items():
            # Of a further count that no file reported there is no row.
            row = window.by_period.get((measure, window.period), {}).get(unit, {})
            reached = row.get("numerator", np.nan), row.get("state", "missing")
            found.append((unit, window.units[unit][0], measure, target, *reached))
    columns = ["commune_id", "commune", "measure", "target", "value", "state"]
    table = pd.DataFrame(found, columns=columns)
    return table.assign(share=table["value"].astype(float) / table["target"] * 100)


def lacking_units(targets: pd.DataFrame, window: Window) -> list[str]:
    """List the names of a year's targets that are no unit of a window, such as merged ones."""
    year = period_days(window.period)[1].year
    named = targets.loc[targets["year"] == year, "commune"].dropna().unique()
    known = {name_key(name) for name, _ in window.units.values()}
    return [name for name in named if name_key(name) not in known]
