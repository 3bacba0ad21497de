"""Names and dates in; who the communes are, and on which boundaries, out.

A *register* is one place's table of communes with its boundary changes. Ours is that of thành phố
Yên Bái; ``communes=`` hands in another place's, of the same form.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pandas as pd

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


def known_register(key: str) -> Register:
    """Register that was loaded under a key.

    Raises
    ------
    ValueError
        For the key of a table of communes that this session has not loaded.
    """
    if key == OURS:
        return _ours()
    if key not in _REGISTERS:
        raise ValueError(
            f"place={key!r}: these records are of another place, whose table of communes this "
            "session does not know. Load them again with load_records(table, communes=…)."
        )
    return _REGISTERS[key]


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
