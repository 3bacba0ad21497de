"""Names and dates in; who the communes are, and on which boundaries, out.

A *register* is one place's table of communes with its boundary changes. Ours is that of thành phố
Yên Bái; ``communes=`` hands in another place's, of the same form.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pandas as pd

from antq_helpers.dictionary import vietnamese_order
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.registers import Register, name_key, with_dates
from antq_helpers.tables import check_table, load_table

OURS = "yen-bai"
_REGISTERS: dict[str, Register] = {}


def register(communes: str | Path | pd.DataFrame | None = None, language: str = "en") -> Register:
    """Give the register of a place: ours, or that of another table of communes.

    Parameters
    ----------
    communes
        Path of a CSV of the form of ``data/communes.csv``, with its ``boundary_changes.csv``
        beside it where there were any; a table of that form; or the key of one in use.
    language
        Of the messages.

    Raises
    ------
    DataProblem
        Where the table breaks the constraints of ``data/datapackage.json``, two communes of one
        time bear one name, or a change speaks of no commune or of a split.
    """
    if isinstance(communes, str) and communes in _REGISTERS:
        return _REGISTERS[communes]
    if communes is None:
        return _ours()
    file, changes = "communes", load_table("boundary_changes").iloc[:0]
    if isinstance(communes, pd.DataFrame):
        units = check_table("communes", communes.reset_index(drop=True), file, language)
    else:
        file, beside = Path(communes).name, Path(communes).with_name("boundary_changes.csv")
        units = load_table("communes", communes, language)
        if beside.is_file():
            changes = load_table("boundary_changes", beside, language)
    if units.empty:
        raise DataProblem([Problem("empty_file", file)], language)
    problems = _broken_changes(units, changes) or _unclear_units(units, changes, file)
    if problems:
        raise DataProblem(problems, language)
    key = hashlib.sha256((units.to_csv() + changes.to_csv()).encode()).hexdigest()[:16]
    return _REGISTERS.setdefault(key, Register(units, changes, key))


@cache
def _ours() -> Register:
    return _REGISTERS.setdefault(
        OURS, Register(load_table("communes"), load_table("boundary_changes"), OURS)
    )


def _unclear_units(units: pd.DataFrame, changes: pd.DataFrame, file: str) -> list[Problem]:
    """Find units without a first day, and names that two units of one time share."""
    dated = with_dates(units.set_index("commune_id"), changes).set_axis(units.index)
    problems = [
        Problem("required", file, row=index + 2, column="valid_from")
        for index in units.index[dated["first"].isna()]
    ]
    moves = changes[changes["from"] != changes["to"]]
    after = dict(zip(moves["from"], moves["to"], strict=True))
    keyed = dated.assign(key=units["name"].map(name_key), id=units["commune_id"])
    for _, namesakes in keyed[keyed["key"].duplicated(keep=False)].groupby("key"):
        ordered = namesakes.sort_values("first")
        for early, late in zip(ordered.index, ordered.index[1:], strict=False):
            at_once = ordered.at[late, "first"] <= ordered.at[early, "last"]
            # Where the day of a merger is not verified, both bear the name for a while.
            if at_once and after.get(ordered.at[early, "id"]) != ordered.at[late, "id"]:
                name = units.at[late, "name"]
                problems.append(Problem("unique", file, row=late + 2, column="name", value=name))
    return problems


def _broken_changes(units: pd.DataFrame, changes: pd.DataFrame) -> list[Problem]:
    """Find changes of unknown units, of one unit into two, and out of their order in time."""
    if changes.empty:
        return []

    def problem(kind: str, index: int, column: str, value: str, limit: str = "") -> Problem:
        return Problem(
            kind, "boundary_changes.csv", "", int(index) + 2, column, value, {"limit": limit}
        )

    problems = [
        problem("enum", index, column, changes.at[index, column], "commune_id, communes.csv")
        for column in ("from", "to")
        for index in changes.index[~changes[column].isin(units["commune_id"])]
    ]
    moves = changes[changes["from"] != changes["to"]]
    twice = moves["from"].duplicated(keep=False)
    problems += [problem("unique", i, "from", moves.at[i, "from"]) for i in moves.index[twice]]
    if not twice.any():
        came = moves.groupby("to")["date"].max().reindex(moves["from"]).set_axis(moves.index)
        earliest = came + pd.Timedelta(days=1)  # so that no unit comes back to itself
        problems += [
            problem(
                "minimum", i, "date", f"{moves.at[i, 'date']:%Y-%m-%d}", f"{earliest[i]:%Y-%m-%d}"
            )
            for i in moves.index[moves["date"] < earliest]
        ]
    return problems


def register_of(records: pd.DataFrame) -> Register:
    """Give the register with which records were loaded.

    Raises
    ------
    ValueError
        Where the records have lost it and hold communes that ours does not know.
    """
    key = records.attrs.get("communes", OURS)
    places = _ours() if key == OURS else _REGISTERS.get(key)
    held = records["commune_id"].unique()
    unknown = set(held) - set(places.units.index if places else ())
    if unknown or places is None:
        raise ValueError(
            f"records hold communes that the table of communes does not: {sorted(unknown)[:3]}. "
            "Load them with load_records(path, communes=…), or keep records.attrs."
        )
    return places


def load_communes(
    communes: str | Path | pd.DataFrame | None = None, *, boundaries: int | str | None = None
) -> pd.DataFrame:
    """Give the communes of a place with their dates, people and area.

    Parameters
    ----------
    communes
        Another place's table, of the form of ``data/communes.csv``; ours by default.
    boundaries
        A year: the units at its end. ``"all"``: every unit that has ever been. By default the
        earliest set: in Yên Bái the 17 units that the sample begins with.

    Returns
    -------
    DataFrame
        One row per unit, in official order, with ``commune_id``, ``name``, ``kind``,
        ``valid_from``, ``valid_to``, ``population_2019`` (residents), ``area_km2`` and more; see
        ``data/README.md`` for each column's source.

    Examples
    --------
    >>> len(load_communes()), int(load_communes()["population_2019"].sum())
    (17, 100631)
    >>> len(load_communes(boundaries=2020))
    15
    """
    places = register(communes)
    units = places.units.reset_index().drop(columns=["first", "last"])
    if boundaries != "all":
        ids = places.sets[0][2] if boundaries is None else places.set_at(boundaries)[1]
        units = units[units["commune_id"].isin(ids)]
    return units.sort_values("official_order", ignore_index=True)


def on_boundaries(records: pd.DataFrame, boundaries: int) -> pd.DataFrame:
    """Name each report after the unit that holds its commune at the end of a year.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    boundaries
        A year; in Yên Bái 2013 (17 units), 2020 (15), 2024 (14) and 2025 (the four wards, as far
        as they were the city) differ.

    Returns
    -------
    DataFrame
        The same rows with new ``commune_id``, ``commune`` and ``boundaries``; nothing is added
        up, :func:`total_by` does that.

    Raises
    ------
    ValueError
        Where later records are asked onto earlier boundaries: a merged unit's count cannot be
        split into its parts.
    """
    places = register_of(records)
    year, _ = places.set_at(boundaries)
    targets = places.targets(boundaries)
    if all(targets.get(unit) == unit for unit in records["commune_id"].unique()):
        return records.assign(boundaries=year)  # a national file is not rewritten for nothing
    ids = records["commune_id"].map(targets)
    if ids.isna().any():
        late = records.loc[ids.isna()]
        names = ", ".join(sorted(late["commune"].unique(), key=vietnamese_order))
        raise ValueError(
            f"boundaries={boundaries}: {len(late)} records are of units that came later "
            f"({names}, from {late['period_start'].min():%d/%m/%Y}). A merged unit's count cannot "
            f"be split into its parts. Use boundaries={int(late['boundaries'].max())} or later, "
            "or select earlier years first."
        )
    names = ids.map(places.units["name"])
    placed = records.assign(commune_id=ids, commune=names, boundaries=year)
    # Totals must know which part reported, to give each its own residents.
    return placed.assign(reported_by=records.get("reported_by", records["commune_id"]))
