"""Names and dates of one place's communes in; which unit was meant, and what became of it, out."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache, cached_property

import numpy as np
import pandas as pd

from antq_helpers.dictionary import split_syllables

_FOREVER = pd.Timestamp("2200-01-01")
_PREFIX_WORDS = ("phường", "xã", "thị trấn", "p.", "x.", "tt.")
_PREFIXES = [split_syllables(words) for words in _PREFIX_WORDS]
# The office that reports in its commune's name; "CA" alone could begin a name, as in xã Ca Thành.
_OFFICE = re.compile(
    r"^\s*(?:c[oô]ng an|[uủ][yỷ] ban nh[aâ]n d[aâ]n|ubnd|ca(?=(?:x|p|tt)\b)"
    r"|ca(?=\s+(?:xã|phường|thị trấn|xa|phuong|thi tran|(?:x|p|tt)\b)))(?=\W|x\b|p\b|tt\b)[\s.:]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\s*\d{1,3}\s*[.)/-]\s*(?=\D)")  # its place in a list, "1. Minh Tân"
_NOTE_MARK = re.compile(r"(?<=\w)\s*(?:\(?\*+\)?|\.|\(?\d\))\s*$")
_ABBREVIATED = re.compile(r"^\s*(p|x|tt)(?:\.|(?=\s))", re.IGNORECASE)
_BARE_PREFIX = re.compile(r"^(phuong|xa|thi tran) ")
_FULL_STOP = re.compile(r"(?<!\bp)(?<!\bx)(?<!\btt)\.", re.IGNORECASE)
_ABBREVIATED_INSIDE = re.compile(r"\b(p|x|tt)\.", re.IGNORECASE)


@cache
def name_key(name: str) -> tuple:
    """Give what two spellings of a commune's name share: no case, office, prefix or tone's place.

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

    Made by :func:`antq_helpers.communes.register`.

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
        self.units = with_dates(units.set_index("commune_id"), changes)
        moves = changes[changes["from"] != changes["to"]]
        self.successor = dict(zip(moves["from"], moves["to"], strict=True))
        self.sets = _sets(self.units, changes)
        self._candidates: dict[tuple, list[int]] = {}
        self._bare: dict[str, set[tuple]] = {}
        for position, name in enumerate(self.units["name"]):
            self._candidates.setdefault(name_key(name), []).append(position)
            self._bare.setdefault(without_marks(name), set()).add(name_key(name))

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

        A unit that is itself later than that year is left out: it cannot be split.
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
        options = [self.positions(name) for name in distinct]
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
        whole = self.units["whole"].to_numpy(bool)
        later = np.maximum(found, at_end)
        return np.where((later >= 0) & ~whole[later], -3, found)

    def positions(self, name: str) -> list[int]:
        """Give where a name's units stand in ``units``; one without marks, if only one fits."""
        found = self._candidates.get(name_key(name))
        if found is None and name.isascii():
            bare = without_marks(name)
            meant = self._bare.get(bare) or self._bare.get(_BARE_PREFIX.sub("", bare), set())
            found = self._candidates[next(iter(meant))] if len(meant) == 1 else []
        return found or []

    def order(self, names: pd.Index | pd.Series) -> pd.Index | pd.Series:
        """Return where names stand in the official order; an unknown one stands last.

        A key for pandas to sort by: code points put Âu Lâu and Đồng Tâm last.
        """
        ordered = self.units.sort_values("official_order")["name"].drop_duplicates()
        return names.map(dict(zip(ordered, range(len(ordered)), strict=True)))

    def knows(self, name: str) -> bool:
        """Say whether a text is the name of a unit of any time."""
        return bool(self.positions(name))

    def named_in(self, text: str) -> list[str]:
        """Find the names that stand behind "xã", "phường" or the like in a longer text.

        Examples
        --------
        >>> from antq_helpers.communes import register
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
        """Suggest the names that look most like an unknown one; never to be taken unasked.

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
        """Give the names by how they look without marks."""
        found: dict[str, list[str]] = {}
        for known in dict.fromkeys(self.units["name"]):
            found.setdefault(without_marks(known), []).append(known)
        return found


def without_marks(name: str) -> str:
    """Write a name without case, tones, or marks on letters: what one types in a hurry.

    Examples
    --------
    >>> without_marks("Phường Đồng Tâm")
    'dong tam'
    """
    letters = " ".join(letters for letters, _ in name_key(name))
    return letters.translate(str.maketrans("ăâđêôơư", "aadeoou"))


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
    """List the sets of units in order of time, each with the year it is called after."""
    moves = changes[changes["from"] != changes["to"]]
    ids = frozenset(units.index) - frozenset(moves["to"])
    begin = units.loc[list(ids), "first"].min()
    sets = [(begin.year, begin, ids)]
    for date, rows in changes.groupby("date"):
        gone = set(rows["from"]) - set(rows["to"])
        come = set(rows["to"]) - set(rows["from"])
        _, start, ids = sets[-1]
        if gone or come:
            sets.append((date.year, date, (ids - gone) | come))
        else:
            sets[-1] = (date.year, start, ids)
    return sets
