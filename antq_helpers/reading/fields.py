"""Understand headers and labels of tables by their fields, and the words for their values.

What the fields are and what their words mean stands in ``data/datapackage.json``: ``headers`` of a
field are other headers that are taken, ``words`` what offices write for each value of a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from functools import partial

from antq_helpers.dictionary import field_title, table_fields
from antq_helpers.reading.counts import scaled, unscaled
from antq_helpers.reading.headers import (
    LEADING,
    Meaning,
    as_text,
    bare_key,
    has_words,
    header_key,
    is_compared,
    meanings_of,
    split_brackets,
)
from antq_helpers.reading.reports import NOTES_OF_COLUMNS
from antq_helpers.reading.sheets import Table
from antq_helpers.reading.tables import YEARS, HeaderWords, names_period
from antq_helpers.tables import field_headers

_YEAR = re.compile(r"(?:năm\s+)?((?:19|20)\d\d)", re.IGNORECASE)  # "2021", "Năm 2021"
_NOTED = {*NOTES_OF_COLUMNS} - {"comparison", "to_date", "total"}


class Words:
    """Dictionary of words that ignores case, brackets and the place of the tone.

    A text without any mark on its letters is also compared with the words without theirs.

    >>> words = Words([("camera", ["Camera an ninh"]), ("lights", ["Bóng điện an ninh"])])
    >>> words.find("CAMERA AN NINH"), words.find("bong dien an ninh"), words.find("Bòng điện")
    ('camera', 'lights', '')
    """

    def __init__(self, meanings: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._whole: dict[tuple, str] = {}
        self._bare: dict[str, str] = {}
        for meaning, words in meanings:
            for key in map(header_key, words):
                self._whole.setdefault(key, meaning)
                self._bare.setdefault(bare_key(key), meaning)

    def find(self, text: object) -> str:
        """Return the meaning of a text; blank if it has none."""
        key = header_key(as_text(text))
        found = self._whole.get(key)
        if not found and as_text(text).isascii():
            found = self._bare.get(bare_key(key))
        return found or ""


class FieldWords(HeaderWords):
    """What headers and labels of a table say: its fields, and the values of those with a list."""

    def __init__(self, table: str, knows: Callable[[str], bool]) -> None:
        super().__init__(knows)
        self.table, fields = table, table_fields(table)
        names = [field["name"] for field in fields]
        self.fields = dict(zip(names, fields, strict=True))
        self.counts = tuple(
            f["name"] for f in fields if f["type"] == "integer" and f["name"] != "year"
        )
        self.labels = frozenset({*names, "number"} - {*self.counts})
        self.values = {
            f["name"]: Words((code, [code, *others]) for code, others in f["words"].items())
            for f in fields
            if "words" in f
        }
        # Fields whose values can stand in a header or heading, as "Camera an ninh" does.
        self.listed = [
            n for n in self.values if self.fields[n]["type"] == "string" and n != "source"
        ]
        self._headers = Words(
            (f["name"], [*field_headers(f), *f.get("headers", ())]) for f in fields
        )

    def field(self, text: str) -> str:
        """Return the field that a header names; blank if it names none."""
        return self._headers.find(unscaled(text))

    def title(self, name: str, language: str) -> str:
        """Return the title of a field."""
        return field_title(self.table, name, language)

    def meanings(self, text: str) -> frozenset[str]:
        """Return the field that a header names, or that the column is set aside."""
        field = self.field(text)
        return frozenset({field}) if field else meanings_of(text) & (_NOTED | {"total"})

    def kind(self, cell: object) -> str:
        """Classify a cell of a header: ``"word"``, ``"period"``, ``"value"`` of a list, ``""``."""
        if not isinstance(cell, str):
            return "period" if isinstance(cell, (int, date)) and year_of(cell) else ""
        if self.meanings(cell) - {"total"}:
            return "word"
        if self.heading(cell):
            return "value"
        compared = is_compared(cell) or has_words(cell, "to_date")
        return "word" if compared else "period" if year_of(cell) else ""

    def named_values(self, text: str) -> dict[str, str]:
        """Return the values that a whole text can name, by field: "Camera an ninh"."""
        if any(not inside.strip().isdigit() for inside in split_brackets(text)[1]):
            return {}  # "Camera an ninh (hỏng)" are not all
        found = {name: self.values[name].find(text) for name in self.listed}
        return {name: code for name, code in found.items() if code}

    def heading(self, text: str) -> dict[str, str]:
        """Return the values that a heading can name, by field: "II. Camera an ninh"."""
        return self.named_values(LEADING.sub("", text))

    def are_header(self, row: list, words: list[str], periods: int, names: int) -> bool:
        """Check whether a row names two fields; or one, with columns of communes, years, values."""
        found = set().union(*map(self.meanings, words)) & {*self.fields}
        named = found - {*self.counts}
        if 1 <= names <= 2 and not named - {"commune"}:
            return False
        texts = (cell for cell in row if isinstance(cell, str) and self.kind(cell) == "value")
        wide = names + periods
        wide += sum(not self.named_values(text).keys() & found for text in texts)
        return len(found) >= 2 or (bool(named and wide) and wide + len(words) >= 3)

    def is_label(self, meanings: set[str], cell: str) -> bool:
        """Check whether a cell is a commune or a value, in a column of these."""
        if "commune" in meanings and self.knows(cell):
            return True
        return any(self.values[name].find(cell) for name in meanings & self.values.keys())

    def heads(self, named: set[str], dated: bool) -> list[Callable[[str], bool]]:
        """List what may stand as a heading over rows: the value of a field without a column."""
        absent = self.fields.keys() - named
        kinds = [names_period] if "year" in absent and not dated else []
        kinds += [self.knows] if "commune" in absent else []
        return kinds + [partial(self._is_value, name) for name in self.listed if name in absent]

    def _is_value(self, name: str, text: str) -> bool:
        return bool(self.values[name].find(text))

    def columns(self, table: Table) -> dict[int, Meaning]:
        """Interpret each column of a table."""
        found = {column: self.understand(path) for column, path in table.paths.items()}
        # "Khác" is an organisation or a kind of activity: that which has no column of its own, and
        # of which others are named beside it.
        own = {meaning.role for meaning in found.values()}
        beside = {pairs[0][0] for m in found.values() for pairs in m.given if len(pairs) == 1}
        for column, meaning in found.items():
            free = [[pair for pair in pairs if pair[0] not in own] for pairs in meaning.given]
            left = [[p for p in pairs if p[0] in beside] or pairs for pairs in free]
            given = tuple(sorted(pairs[0] for pairs in left if len(pairs) == 1))
            if options := next((pairs for pairs in left if len(pairs) > 1), None):
                found[column] = Meaning("unclear", options=tuple(name for name, _ in options))
            elif len({name for name, _ in given}) == len(left):
                found[column] = replace(meaning, given=given)
            else:
                found[column] = Meaning("unknown")
        if not any(meaning.given for meaning in found.values()):
            totals = (column for column, meaning in found.items() if meaning.role == "total")
            found |= dict.fromkeys(totals, Meaning("unknown"))
        return found

    def understand(self, path: tuple[str, ...]) -> Meaning:
        """Interpret a column from the cells of its header, top down.

        ``given`` of the result has an entry for each text that names a value: all fields that it
        can be of, each with the value.
        """
        unit = next(filter(None, map(scaled, path)), "")
        texts = list(dict.fromkeys(unscaled(text) for text in path if text))
        fields = {text: name for text in texts if (name := self.field(text))}
        given = {t: found for t in texts if t not in fields and (found := self._given(t))}
        over = {*fields.values()}  # "Hoạt động" over "Khác" says of which field it is
        given = {t: [p for p in ps if p[0] in over] or ps for t, ps in given.items()}
        rest = [text for text in texts if text not in {**fields, **given}]
        if any(map(is_compared, rest)):
            return Meaning("comparison")
        plain = all(meanings_of(text) & {"neutral", "total"} for text in rest)
        counts = [name for name in fields.values() if name in self.counts]
        if given and plain and len(counts) <= 1:
            role, pairs = (counts or self.counts)[0], tuple(map(tuple, given.values()))
            return Meaning(role, unit=unit, given=pairs)
        whole = " ".join(texts)
        if field := self.field(texts[-1]) or self.field(whole):
            return Meaning(field, unit=unit)
        aside = sorted(meanings_of(whole) & {*_NOTED, "total"})
        return Meaning(aside[0], measure=self.counts[0]) if aside else Meaning("unknown")

    def _given(self, text: str) -> tuple[tuple[str, str], ...]:
        if (year := year_of(text)) and "year" in self.fields:
            return (("year", str(year)),)
        if "commune" in self.fields and self.knows(text):
            return (("commune", text),)
        return tuple(self.named_values(text).items())


def year_of(cell: object) -> int | None:
    """Return the year that a whole cell of a header names; None if it names none.

    >>> year_of("Năm 2021"), year_of(2021), year_of("Quý I năm 2021")
    (2021, 2021, None)
    """
    match = _YEAR.fullmatch(as_text(cell).strip())
    return int(match[1]) if match and int(match[1]) in YEARS else None
