"""Names and dates in; who the communes are, and on which boundaries, out.

A *register* is one place's table of communes with its boundary changes. Ours is that of thành phố
Yên Bái; ``communes=`` hands in another place's, of the same form.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.dictionary import split_syllables, vietnamese_order
from antq_helpers.tables import load_table


OURS = "yen-bai"
_FOREVER = pd.Timestamp("2200-01-01")


_PREFIX_WORDS = ("phường", "xã", "thị trấn", "p.", "x.", "tt.")
_PREFIXES = [split_syllables(words) for words in _PREFIX_WORDS]
_ABBREVIATED = re.compile(r"^\s*(p|x|tt)\.", re.IGNORECASE)


@cache
def name_key(name: str) -> tuple:
    """Give what two spellings of a commune's name share: no case, prefix or place of the tone.

    Examples
    --------
    >>> name_key("P.Yên Thịnh") == name_key("PHƯỜNG YÊN THỊNH") == name_key("Yên Thịnh")
    True
    """
    syllables = split_syllables(_ABBREVIATED.sub(r"\1. ", name))
    for prefix in _PREFIXES:
        if syllables[: len(prefix)] == prefix and len(syllables) > len(prefix):
            return tuple(syllables[len(prefix) :])
    return tuple(syllables)


class Register:
    """One place's units with their dates, people and successors; made by :func:`register`.

    Attributes
    ----------
    units : DataFrame
        One row per unit, indexed by ``commune_id``, with ``first`` and ``last``, the earliest and
        latest day on which a report may bear its name.
    successor : dict
        Id of the unit into which a unit went whole.
    sets : list of (year, first day, ids)
        The sets of units in order of time. A set is called after the latest year whose document
        named it without changing its extent: the seventeen units of 2008 are the set of 2013.
    """

    def __init__(self, units: pd.DataFrame, changes: pd.DataFrame, key: str) -> None:
        self.key = key
        self.units = _with_dates(units.set_index("commune_id"), changes)
        moves = changes[changes["from"] != changes["to"]]
        self.successor = dict(zip(moves["from"], moves["to"], strict=True))
        self.sets = _sets(self.units, changes)
        self._candidates: dict[tuple, list[int]] = {}
        for position, name in enumerate(self.units["name"]):
            self._candidates.setdefault(name_key(name), []).append(position)

    def set_at(self, boundaries: int) -> tuple[int, frozenset[str]]:
        """Give the set of units at the end of a year: the year it is called after, and the ids.

        Raises
        ------
        ValueError
            For a year before the first set, or after the units stopped being this place alone.
        """
        first = self.units["first"].min().year
        year, start, ids = self.sets[-1]
        if not isinstance(boundaries, (int, np.integer)) or boundaries < first:
            raise ValueError(
                f"boundaries={boundaries!r}: the table of communes begins in {first}. "
                f"Use a year from {first} on, such as {', '.join(str(s[0]) for s in self.sets)}."
            )
        if boundaries > year and not self.units.loc[list(ids), "whole"].all():
            raise ValueError(
                f"boundaries={boundaries}: since {start:%d/%m/%Y} the units also hold land from "
                f"outside the city, so they are not the same places. Use boundaries={year}: the "
                f"new units as far as they were the city."
            )
        known = [entry for entry in self.sets if entry[1].year <= boundaries]
        return (known or self.sets)[-1][0], (known or self.sets)[-1][2]

    def targets(self, boundaries: int) -> dict[str, str]:
        """Give, for each unit, the unit that holds it at the end of a year.

        A unit that is itself later than that year is left out: it can not be split.
        """
        _, members = self.set_at(boundaries)
        found = {}
        for unit in self.units.index:
            target = unit
            while target not in members and target in self.successor:
                target = self.successor[target]
            if target in members:
                found[unit] = target
        return found

    def boundaries_of(self, positions: np.ndarray, ends: pd.Series) -> np.ndarray:
        """Give the set, by its year, to which each report belongs by its unit and last day."""
        years = np.full(len(positions), self.sets[0][0])
        for year, start, ids in self.sets:
            member = self.units.index.isin(ids)[positions]
            years[member & (ends.to_numpy() >= start.to_datetime64())] = year
        return years

    def resolve(self, names: pd.Series, starts: pd.Series, ends: pd.Series) -> np.ndarray:
        """Find the unit that each name meant in its period.

        Returns
        -------
        array of int
            Positions in ``units``; -1 for an unknown name, -2 for a unit that did not exist when
            the period began, -3 for one that also holds land from outside this place.
        """
        codes, distinct = pd.factorize(names)
        options = [self._candidates.get(name_key(name), []) for name in distinct]
        width = max(map(len, options), default=0)
        table = np.array([o + [-1] * (width - len(o)) for o in options]).reshape(
            len(options), width
        )
        first, last = (self.units[c].to_numpy() for c in ("first", "last"))
        start, end = starts.to_numpy(), ends.to_numpy()
        at_start, at_end = (np.full(len(codes), -1) for _ in range(2))
        for column in range(width):
            unit = table[codes, column]
            known = unit >= 0
            at_start = np.where(
                known & (first[unit] <= start) & (start <= last[unit]), unit, at_start
            )
            at_end = np.where(known & (first[unit] <= end) & (end <= last[unit]), unit, at_end)
        # A name that goes on over a merger means the merged unit by the end of the period.
        found = np.where((at_start >= 0) & (at_end >= 0), at_end, at_start)
        if width:
            found = np.where((found < 0) & (table[codes, 0] >= 0), -2, found)
        whole = self.units["whole"].to_numpy()
        later = np.maximum(found, at_end)
        return np.where((later >= 0) & ~whole[later], -3, found)

    def nearest(self, name: str, how_many: int = 3) -> list[str]:
        """Suggest the names that look most like an unknown one; never to be taken unasked."""
        plain = {_without_marks(known): known for known in self.units["name"]}
        close = difflib.get_close_matches(_without_marks(name), plain, how_many, cutoff=0.6)
        return [plain[key] for key in close]


def _without_marks(name: str) -> str:
    letters = " ".join(letters for letters, _ in name_key(name))
    return letters.translate(str.maketrans("ăâđêôơư", "aadeoou"))


def _with_dates(units: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Add the first and last day on which a report may name each unit."""
    moves = changes[changes["from"] != changes["to"]]
    begins = moves.groupby("to")["date"].min()
    sure = moves["date"] == moves["date_latest"]
    ends = (moves["date_latest"] - pd.to_timedelta(sure.astype(int), unit="D")).groupby(
        moves["from"]
    )
    first = units["valid_from"].fillna(pd.Series(begins).reindex(units.index))
    last = units["valid_to"].fillna(ends.max().reindex(units.index)).fillna(_FOREVER)
    return units.assign(first=first, last=last)


def _sets(units: pd.DataFrame, changes: pd.DataFrame) -> list[tuple[int, pd.Timestamp, frozenset]]:
    """List the sets of units in order of time, each with the year it is called after."""
    moves = changes[changes["from"] != changes["to"]]
    ids = frozenset(units.index) - frozenset(moves["to"])
    begin = units.loc[list(ids), "first"].min()
    sets = [(begin.year, begin, ids)]
    for date, rows in changes.groupby("date"):
        gone = set(rows["from"]) - set(rows["to"])
        come = set(rows["to"]) - set(rows["from"])
        year, start, ids = sets[-1]
        if gone or come:
            sets.append((date.year, date, (ids - gone) | come))
        else:
            sets[-1] = (date.year, start, ids)
    return sets


_REGISTERS: dict[str, Register] = {}


def register(communes: str | Path | pd.DataFrame | None = None) -> Register:
    """Give the register of a place: ours, or that of another table of communes.

    Parameters
    ----------
    communes
        Path of a CSV of the form of ``data/communes.csv``, with its ``boundary_changes.csv``
        beside it where there were any; a table of that form; or the key of one in use.

    Raises
    ------
    DataProblem
        Where the table breaks the constraints of ``data/datapackage.json``.
    """
    if isinstance(communes, str) and communes in _REGISTERS:
        return _REGISTERS[communes]
    if communes is None:
        return _ours()
    if isinstance(communes, pd.DataFrame):
        units, changes = communes, _no_changes()
    else:
        beside = Path(communes).with_name("boundary_changes.csv")
        units = load_table("communes", communes)
        changes = load_table("boundary_changes", beside) if beside.is_file() else _no_changes()
    key = hashlib.sha256((units.to_csv() + changes.to_csv()).encode()).hexdigest()[:16]
    return _REGISTERS.setdefault(key, Register(units, changes, key))


@cache
def _ours() -> Register:
    return _REGISTERS.setdefault(
        OURS, Register(load_table("communes"), load_table("boundary_changes"), OURS)
    )


def _no_changes() -> pd.DataFrame:
    return load_table("boundary_changes").iloc[:0]


def register_of(records: pd.DataFrame) -> Register:
    """Give the register with which records were loaded.

    Raises
    ------
    ValueError
        Where the records have lost it and hold communes that ours does not know.
    """
    places = register(records.attrs.get("communes"))
    unknown = set(records["commune_id"].unique()) - set(places.units.index)
    if unknown:
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
        Where later records are asked onto earlier boundaries: a merged unit's count can not be
        split into its parts.
    """
    places = register_of(records)
    year, _ = places.set_at(boundaries)
    targets = places.targets(boundaries)
    ids = records["commune_id"].map(targets)
    if ids.isna().any():
        late = records.loc[ids.isna()]
        names = ", ".join(sorted(late["commune"].unique(), key=vietnamese_order))
        raise ValueError(
            f"boundaries={boundaries}: {len(late)} records are of units that came later "
            f"({names}, from {late['period_start'].min():%d/%m/%Y}). A merged unit's count can not "
            f"be split into its parts. Use boundaries={int(late['boundaries'].max())} or later, "
            "or select earlier years first."
        )
    names = ids.map(places.units["name"])
    return records.assign(commune_id=ids, commune=names, boundaries=year)
