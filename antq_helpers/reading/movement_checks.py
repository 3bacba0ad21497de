"""A typed table of the movement in; the same with its communes found, and what is wrong, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.reading.movement_cells import Cells
from antq_helpers.registers import Register

_UNIT_KINDS = {-2: "not_yet_a_commune", -3: "outside_land"}


def check_rows(table: str, typed: pd.DataFrame, places: Register, cells: Cells) -> pd.DataFrame:
    """Hold rows against what no column alone can say, and write communes as the register does."""
    today = pd.Timestamp.today().normalize()
    if "year" in typed:
        for i in np.flatnonzero((typed["year"] > today.year).fillna(False)):
            cells.fault("maximum", i, "year", str(typed["year"][i]), limit=today.year)
    if table == "drives":
        commune, given = typed["kind"].eq("commune").fillna(False), typed["commune"].notna()
        for i in np.flatnonzero(commune & ~given):
            cells.fault("required", i, "commune")
        for i in np.flatnonzero(typed["kind"].isin(["body", "not_itemised"]) & given):
            cells.fault("commune_of_no_commune", i, "commune", typed["commune"][i])
    if table == "models":
        _check_days(typed, today, cells)
    return _with_communes(typed, places, cells, today) if "commune" in typed else typed


def _check_days(models: pd.DataFrame, today: pd.Timestamp, cells: Cells) -> None:
    since, until = models["since"], models["until"]
    for i in np.flatnonzero(until < since):
        cells.fault("ends_before_start", i, "until", f"{until[i]:%d/%m/%Y}",
                    start=f"{since[i]:%d/%m/%Y}")  # fmt: skip
    for i in np.flatnonzero(since > today):
        cells.fault("day_in_the_future", i, "since", f"{since[i]:%d/%m/%Y}",
                    today=f"{today:%d/%m/%Y}")  # fmt: skip


def _with_communes(
    typed: pd.DataFrame, places: Register, cells: Cells, today: pd.Timestamp
) -> pd.DataFrame:
    """Find the unit that each name meant at any time that its row speaks of."""
    if "since" in typed:
        first, last = typed["since"], typed["until"].fillna(today)
    else:
        year = typed["year"].astype("string")
        first = pd.to_datetime(year + "-01-01", errors="coerce")
        last = pd.to_datetime(year + "-12-31", errors="coerce")
    first, last = (day.astype("datetime64[us]") for day in (first, last))
    # Commendations may bear no year: a name is then held against those of any time.
    dated = first.notna().to_numpy()
    first, last = first.fillna(today), last.fillna(today)
    named = typed["commune"].notna().to_numpy()
    names = typed.loc[named, "commune"]
    at_first = places.resolve(names, first[named], first[named])
    at_last = places.resolve(names, last[named], last[named])
    units = np.where((at_first >= 0) | (at_last == -1), at_first, at_last)
    found = typed["commune"].astype(object).copy()
    for i, name, unit in zip(np.flatnonzero(named), names, units, strict=True):
        if unit != -1 and not dated[i]:
            found.iloc[i] = places.units["name"].iloc[places.positions(name)[0]]
        elif unit >= 0:
            found.iloc[i] = places.units["name"].iloc[unit]
        elif unit == -1:
            near = ", ".join(places.nearest(name))
            kind = "unknown_commune" if near else "no_such_commune"
            cells.fault(kind, i, "commune", name, near=near)
        elif not cells.is_wrong(i):
            start = f"{first.iloc[i]:%d/%m/%Y}"
            cells.fault(_UNIT_KINDS[int(unit)], i, "commune", name, start=start)
    return typed.assign(commune=found.astype("str").where(typed["commune"].notna()))
