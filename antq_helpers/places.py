"""The communes and wards of a place, with their boundaries through the years.

A *register* is one place's table of communes with its boundary changes. Ours is that of thành phố
Yên Bái; ``communes=`` hands in another place's, of the same form.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.dictionary import DATA, plain_letters, split_syllables, table_fields
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.tables import check_table, field_headers, package_table

_FOREVER = pd.Timestamp("2200-01-01")
_PREFIX_WORDS = ("phường", "xã", "thị trấn", "p.", "x.", "tt.")
_PREFIXES = [split_syllables(words) for words in _PREFIX_WORDS]
# The office that reports in its commune's name: "Công an xã Tuy Lộc", "UBND phường Yên Ninh",
# "CAX Minh Bảo". "CA" alone could begin a name, as in xã Ca Thành.
_OFFICE = re.compile(
    r"^\s*(?:c[oô]ng an|[uủ][yỷ] ban nh[aâ]n d[aâ]n|ubnd|ca(?=(?:x|p|tt)\b)"
    r"|ca(?=\s+(?:xã|phường|thị trấn|xa|phuong|thi tran|(?:x|p|tt)\b)))(?=\W|x\b|p\b|tt\b)[\s.:]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*\d{1,3}\s*[.)/-]\s*(?=\D)")  # its place in a list, "1. Minh Tân"
# The mark of a footnote: "Tuy Lộc (*)", "Tuy Lộc*", "Tuy Lộc (1)".
_NOTE_MARK = re.compile(r"(?<=\w)\s*(?:\(?\*+\)?|\.|\(?\d\))\s*$")
# "P.Yên Thịnh", "X. Tuy Lộc", "TT Yên Bình".
_ABBREVIATED = re.compile(r"^\s*(p|x|tt)(?:\.|(?=\s))", re.IGNORECASE)
_BARE_PREFIX = re.compile(r"^(phuong|xa|thi tran) ")
# A full stop, but not that of an abbreviation: in "P. Yên Ninh. Q1" only the second.
_FULL_STOP = re.compile(r"(?<!\bp)(?<!\bx)(?<!\btt)\.", re.IGNORECASE)
_ABBREVIATED_INSIDE = re.compile(r"\b(p|x|tt)\.", re.IGNORECASE)


@cache
def name_key(name: str) -> tuple:
    """Return a key that ignores case, office, prefix and place of the tone in a commune's name.

    Examples
    --------
    >>> name_key("P.Yên Thịnh") == name_key("PHƯỜNG YÊN THỊNH") == name_key("Yên Thịnh")
    True
    """
    unit = _NOTE_MARK.sub("", _NUMBER.sub("", unicodedata.normalize("NFC", name)))
    unit = _OFFICE.sub("", unit, count=1)
    syllables = split_syllables(_ABBREVIATED.sub(r"\1. ", unit))
    for prefix in _PREFIXES:
        if syllables[: len(prefix)] == prefix and len(syllables) > len(prefix):
            return tuple(syllables[len(prefix) :])
    return tuple(syllables)


class Register:
    """One place's units with their dates, people and successors.

    Made by :func:`antq_helpers.places.register`.

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
    members : list of array of bool
        Which of the ``units`` each set holds.
    population : DataFrame or None
        Residents by ``commune_id`` and ``year``; None where the census of 2019 is all there is.
    """

    def __init__(
        self,
        units: pd.DataFrame,
        changes: pd.DataFrame,
        key: str,
        population: pd.DataFrame | None = None,
    ) -> None:
        self.key, self.population = key, population
        self.units = with_dates(units.set_index("commune_id"), changes)
        moves = changes[changes["from"] != changes["to"]]
        self.successor = dict(zip(moves["from"], moves["to"], strict=True))
        self.sets = _sets(self.units, changes)
        self.members = [self.units.index.isin(ids) for _, _, ids in self.sets]
        self._targets: dict[frozenset[str], dict[str, str]] = {}
        self._holders: dict[frozenset[str], np.ndarray] = {}
        self._candidates: dict[tuple, list[int]] = {}
        self._written: dict[str, list[int]] = {}  # as in the table, which most files follow
        self._bare: dict[str, set[tuple]] = {}
        for position, name in enumerate(self.units["name"]):
            self._written[name] = self._candidates.setdefault(name_key(name), [])
            self._written[name].append(position)
            self._bare.setdefault(without_marks(name), set()).add(name_key(name))

    def set_at(self, boundaries: int) -> tuple[int, frozenset[str]]:
        """Return the set of units at the end of a year: the year it is called after, and the ids.

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
        """Map each unit to the unit that holds it at the end of a year.

        A unit that is itself later than that year is left out: it cannot be split.
        """
        _, members = self.set_at(boundaries)
        if members not in self._targets:
            found = {}
            for unit in self.units.index:
                target = unit
                while target not in members and target in self.successor:
                    target = self.successor[target]
                if target in members:
                    found[unit] = target
            self._targets[members] = found
        return self._targets[members]

    def holders(self, boundaries: int) -> np.ndarray:
        """Return :meth:`targets` as positions in ``units``, -1 for a unit that is left out."""
        _, members = self.set_at(boundaries)
        if members not in self._holders:
            targets, position = self.targets(boundaries), self.units.index.get_indexer
            self._holders[members] = position([targets.get(unit) for unit in self.units.index])
        return self._holders[members]

    def boundaries_of(self, positions: np.ndarray, ends: pd.Series) -> np.ndarray:
        """Find the set of units, by its year, to which each report belongs by unit and last day."""
        years = np.full(len(positions), self.sets[0][0])
        for (year, start, _), members in zip(self.sets[1:], self.members[1:], strict=True):
            years[members[positions] & (ends.to_numpy() >= start.to_datetime64())] = year
        return years

    def residents(self, positions: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Return the mean residents of units over the years from first to last, both included.

        Between the years of the table of population they are interpolated, before and after it
        they are held; before a merger they are the sum of the parts. Without such a table they
        are those of the census.
        """
        if self.population is None:
            return self.units["population_2019"].to_numpy(float)[positions]
        begin, end = int(np.min(first)), int(np.max(last))
        summed = np.cumsum(self._residents_in(np.arange(begin, end + 1)), axis=1)
        summed = np.pad(summed, ((0, 0), (1, 0)))
        years = np.asarray(last) - first + 1
        return (summed[positions, last - begin + 1] - summed[positions, first - begin]) / years

    def _residents_in(self, years: np.ndarray) -> np.ndarray:
        """Return the residents of all units (rows) in some years (columns)."""
        known = dict(list(self.population.sort_values("year").groupby("commune_id")))
        found: dict[str, np.ndarray] = {}
        for unit in self.units.sort_values("first").index:
            parts = [found[old] for old, new in self.successor.items() if new == unit]
            begun = self.units.at[unit, "first"].year
            if unit in known:
                rows = known[unit]
                people = np.interp(years, rows["year"], rows["population"].astype(float))
                found[unit] = np.where(years < begun, sum(parts), people) if parts else people
            else:
                found[unit] = sum(parts)
        return np.stack([found[unit] for unit in self.units.index])

    def resolve(self, names: pd.Series, starts: pd.Series, ends: pd.Series) -> np.ndarray:
        """Find the unit that each name meant in its period.

        Returns
        -------
        array of int
            Positions in ``units``; -1 for an unknown name, -2 for a unit that did not exist when
            the period began, -3 for one that also holds land from outside this place.
        """
        codes, distinct = pd.factorize(names)
        options = [self.positions(name) for name in distinct]
        width = max(map(len, options), default=0)
        first, last = (self.units[day].to_numpy() for day in ("first", "last"))
        start, end = starts.to_numpy(), ends.to_numpy()
        if options and all(len(option) == 1 for option in options):
            unit = np.array([position for [position] in options])
            always = (first[unit].max() <= start).all() and (end <= last[unit].min()).all()
            # As in most of the country: one unit a name, which stood all the time.
            if always and (start <= end).all() and self.units["whole"].to_numpy(bool)[unit].all():
                return unit[codes]
        table = np.array([o + [-1] * (width - len(o)) for o in options]).reshape(
            len(options), width
        )
        at_start, at_end = (np.full(len(codes), -1) for _ in range(2))
        for column in range(width):
            unit = table[codes, column]
            known = unit >= 0
            at_start = np.where(
                known & (first[unit] <= start) & (start <= last[unit]), unit, at_start
            )
            at_end = np.where(known & (first[unit] <= end) & (end <= last[unit]), unit, at_end)
        # Where a name survives a merger within the period, it means the merged unit.
        found = np.where((at_start >= 0) & (at_end >= 0), at_end, at_start)
        if width:
            found = np.where((found < 0) & (table[codes, 0] >= 0), -2, found)
        whole = self.units["whole"].to_numpy(bool)
        later = np.maximum(found, at_end)
        return np.where((later >= 0) & ~whole[later], -3, found)

    def positions(self, name: str) -> list[int]:
        """Return the rows of a name's units in ``units``; a name without marks only if one fits."""
        found = self._written.get(name) or self._candidates.get(name_key(name))
        if found is None and name.isascii():
            bare = without_marks(name)
            meant = self._bare.get(bare) or self._bare.get(_BARE_PREFIX.sub("", bare), set())
            found = self._candidates[next(iter(meant))] if len(meant) == 1 else []
        return found or []

    def order(self, names: pd.Index | pd.Series) -> pd.Index | pd.Series:
        """Map names to their rank in the official order; unknown names sort last.

        A key for pandas to sort by: code points put Âu Lâu and Đồng Tâm last.
        """
        ordered = self.units.sort_values("official_order")["name"].drop_duplicates()
        return names.map(dict(zip(ordered, range(len(ordered)), strict=True)))

    def knows(self, name: str) -> bool:
        """Check whether a text is the name of a unit of any time."""
        return bool(self.positions(name))

    def named_in(self, text: str) -> list[str]:
        """Find the names that follow "xã", "phường" or the like in a longer text.

        Examples
        --------
        >>> from antq_helpers.places import register
        >>> register().named_in("CÔNG AN XÃ TUY LỘC, THÀNH PHỐ YÊN BÁI")
        ['Tuy Lộc']
        """
        marked = _ABBREVIATED_INSIDE.sub(r" \1. ", _FULL_STOP.sub(" ", text))
        spaced = re.sub(r"[^\w.]+", " ", marked)
        syllables = split_syllables(spaced)
        found = []
        for prefix in _PREFIXES:
            for i in range(len(syllables)):
                if syllables[i : i + len(prefix)] != prefix:
                    continue
                rest = syllables[i + len(prefix) :]
                options = (tuple(rest[:length]) for length in range(len(rest), 0, -1))
                key = next((option for option in options if option in self._candidates), None)
                if key:
                    found.append(self.units["name"].iloc[self._candidates[key][0]])
        return list(dict.fromkeys(found))

    def nearest(self, name: str, how_many: int = 3) -> list[str]:
        """Suggest the names most similar to an unknown one; never to be used unasked.

        Only those as near as the nearest, or nearly so: for "Âu Lâo" there is Âu Lâu (0.83 of 1),
        and Tuy Lộc (0.62) would be nonsense beside it.
        """
        bare = without_marks(name)
        close = difflib.get_close_matches(bare, self._names, how_many, cutoff=0.6)
        near = [difflib.SequenceMatcher(None, key, bare).ratio() for key in close]
        close = [key for key, ratio in zip(close, near, strict=True) if ratio > near[0] - 0.1]
        return [known for key in close for known in self._names[key]][:how_many]

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """Known names by their spelling without marks."""
        found: dict[str, list[str]] = {}
        for known in dict.fromkeys(self.units["name"]):
            found.setdefault(without_marks(known), []).append(known)
        return found


def without_marks(name: str) -> str:
    """Strip case, tones and marks from a name, as people type it in a hurry.

    Examples
    --------
    >>> without_marks("Phường Đồng Tâm")
    'dong tam'
    """
    return plain_letters(" ".join(letters for letters, _ in name_key(name)))


def with_dates(units: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
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
    """List the sets of units in chronological order, each with the year it is called after.

    Where no change says what a unit became, and others begin later, its last day ends a set.
    """
    moves = changes[changes["from"] != changes["to"]]
    told = changes[["date", "from", "to"]]
    ended = units["last"] + pd.Timedelta(days=1)
    ended = ended[(units["last"] < _FOREVER) & ~units.index.isin(moves["from"])]
    ids = frozenset(units.index) - frozenset(moves["to"])
    begun = units.loc[list(ids), "first"]
    begun = begun[begun >= ended.min()] if len(ended) else begun.iloc[:0]
    if len(begun):
        ids -= frozenset(begun.index)
        alone = [pd.DataFrame({"date": ended, "from": ended.index, "to": ""})]
        alone += [pd.DataFrame({"date": begun, "from": "", "to": begun.index})]
        told = pd.concat([told, *alone])
    begin = units.loc[list(ids), "first"].min()
    sets = [(begin.year, begin, ids)]
    for date, rows in told.groupby("date"):
        gone = set(rows["from"]) - set(rows["to"]) - {""}
        come = set(rows["to"]) - set(rows["from"]) - {""}
        _, start, ids = sets[-1]
        if gone or come:
            sets.append((date.year, date, (ids - gone) | come))
        else:
            sets[-1] = (date.year, start, ids)
    return sets


OURS = "yen-bai"
_REGISTERS: dict[str, Register] = {}
_READ: dict[str, str] = {}  # keys of registers by checksum of the files that they were read from


def register(communes: str | Path | pd.DataFrame | None = None, language: str = "en") -> Register:
    """Return the register of a place: ours, or that of another table of communes.

    Parameters
    ----------
    communes
        Path of a CSV of the form of ``data/communes.csv``, with its ``boundary_changes.csv``
        beside it where there were any; a table of that form; or the key of one in use. A folder
        may hold both, or leave ours as they are; residents by year stand in its
        ``population.csv`` or ``population.xlsx``, with commune, year and population.
    language
        Of the messages.

    Raises
    ------
    DataProblem
        Where the table breaks the constraints of ``data/datapackage.json``, two communes of one
        time bear one name, a change speaks of no commune or of a split, or the residents of a
        commune are not given for any year.
    """
    if isinstance(communes, str) and communes in _REGISTERS:
        return _REGISTERS[communes]
    if communes is None:
        return _ours()
    file, content, people = "communes", "", None
    if isinstance(communes, pd.DataFrame):
        units = check_table("communes", communes.reset_index(drop=True), file, language)
        changes = package_table("boundary_changes").iloc[:0]
    else:
        communes, people = _files_of(Path(communes))
        file, beside = communes.name, communes.with_name("boundary_changes.csv")
        content = _checksum(communes, beside, *filter(None, [people]))
        if content in _READ:
            return _REGISTERS[_READ[content]]
        units = package_table("communes", communes, language)
        changes = package_table("boundary_changes", beside if beside.is_file() else None, language)
        changes = changes if beside.is_file() else changes.iloc[:0]
    if units.empty:
        raise DataProblem([Problem("empty_file", file)], language)
    problems = _broken_changes(units, changes) or _unclear_units(units, changes, file)
    if problems:
        raise DataProblem(problems, language)
    told = units.to_csv() + changes.to_csv()
    population = None
    if people is not None:
        plain = Register(units, changes, "")
        population = _read_population(people, plain, language)
        told += population.to_csv()
    key = hashlib.sha256(told.encode()).hexdigest()[:16]
    if key not in _REGISTERS:
        _REGISTERS[key] = Register(units, changes, key, population)
    if content:
        _READ[content] = key
    return _REGISTERS[key]


def _files_of(path: Path) -> tuple[Path, Path | None]:
    """Return the table of communes of a file or folder, and that of its residents by year."""
    if not path.is_dir():
        return path, None
    own = path / "communes.csv"
    found = (path / f"population.{ending}" for ending in ("csv", "xlsx"))
    people = next((file for file in found if file.is_file()), None)
    return own if own.is_file() or people is None else DATA / own.name, people


def _read_population(path: Path, places: Register, language: str) -> pd.DataFrame:
    """Read a table of residents by commune and year: each unit needs a year, or parts that do."""
    if path.suffix == ".csv":
        texts = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    else:
        texts = pd.read_excel(path, dtype=object).fillna("")
    named = {
        header.casefold(): field["name"]
        for field in table_fields("population")
        for header in (*field_headers(field), *field.get("headers", ()))
    }
    texts = texts.rename(columns=lambda name: named.get(str(name).strip().casefold(), name))
    table = check_table("population", texts, path.name, language)
    days = pd.to_datetime(table["year"].astype(str) + "-12-31").astype("datetime64[us]")
    units = places.resolve(table["commune"].astype(str), days, days)

    def problem(kind: str, at: int, **details: object) -> Problem:
        name = str(table["commune"].iloc[at])
        row = int(texts.index[at]) + 2
        return Problem(kind, path.name, "", row, "commune", name, details)

    problems = []
    for at in np.flatnonzero(units == -1):
        near = ", ".join(places.nearest(table["commune"].iloc[at]))
        problems.append(problem("unknown_commune" if near else "no_such_commune", at, near=near))
    for at in np.flatnonzero(units < -1):
        problems.append(problem("not_yet_a_commune", at, start=f"{days.iloc[at]:%d/%m/%Y}"))
    ids = places.units.index.to_numpy()[units]
    found = pd.DataFrame({"commune_id": ids, "year": table["year"].astype(int)})
    found["population"] = table["population"].astype(int)
    twice = found.duplicated(["commune_id", "year"]).to_numpy() & (units >= 0)
    problems += [problem("unique", at) for at in np.flatnonzero(twice)]
    given = {*found["commune_id"], *places.successor.values()}
    silent = [name for unit, name in places.units["name"].items() if unit not in given]
    if silent and not problems:
        details = {"names": ", ".join(silent)}
        problems.append(Problem("no_population", path.name, column="population", details=details))
    if problems:
        raise DataProblem(problems, language)
    return found


def _checksum(*files: Path) -> str:
    """Return the checksum of some files; of those that are not there, nothing."""
    contents = [file.read_bytes() if file.is_file() else b"" for file in files]
    return hashlib.sha256(b"\0".join(contents)).hexdigest()


@cache
def _ours() -> Register:
    return _REGISTERS.setdefault(
        OURS, Register(package_table("communes"), package_table("boundary_changes"), OURS)
    )


def _unclear_units(units: pd.DataFrame, changes: pd.DataFrame, file: str) -> list[Problem]:
    """Find units without a first day, and units that share a name at the same time."""
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
    """Find changes of unknown units, splits of a unit, and changes out of chronological order."""
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
    """Return the register that was loaded under a key.

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
    """Load the wards and rural communes of a place with their dates, residents and area.

    ``commune`` in the names of columns, parameters and tables is either of them; texts speak of
    units, or of communes and wards.

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
