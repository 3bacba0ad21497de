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
from pathlib import Path

from antq_helpers.dictionary import field_title, resource_of, table_fields
from antq_helpers.reading.counts import scaled, unit_of, unscaled
from antq_helpers.reading.headers import (
    LEADING,
    Meaning,
    as_text,
    bare_key,
    has_words,
    header_key,
    is_compared,
    meanings_of,
    measure_of,
    no_count,
    split_brackets,
)
from antq_helpers.reading.reports import NOTES_OF_COLUMNS
from antq_helpers.reading.sheets import Table
from antq_helpers.reading.tables import YEARS, HeaderWords, names_period
from antq_helpers.tables import field_headers

_YEAR = re.compile(r"(?:năm\s+)?((?:19|20)\d\d)", re.IGNORECASE)  # "2021", "Năm 2021"
# What a header of targets says beside the count or the year: "Kế hoạch năm 2024", "Chỉ tiêu tin".
_PLANNED = re.compile(r"\b(?:số )?(?:kế hoạch|chỉ tiêu)(?: được)?(?: giao)?\b", re.IGNORECASE)
_OF_YEAR = re.compile(r"(?:\bnăm )?\b((?:19|20)\d\d)\b", re.IGNORECASE)
# What was reached stands beside what was planned: "Thực hiện", "Kết quả", "Đạt".
_REACHED = re.compile(r"\b(?:thực hiện|kết quả|đạt|thực tế|hoàn thành)\b", re.IGNORECASE)
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


def counts_meant(text: str) -> tuple[str, ...]:
    """Return the counts that a label of targets can mean.

    >>> counts_meant("Kế hoạch nguồn tin năm 2024"), counts_meant("Trồng cây")
    (('tips',), ())
    """
    bare = _without_plan(text)
    return measure_of(bare) if bare else ()


def _without_plan(text: str) -> str:
    return _OF_YEAR.sub(" ", _PLANNED.sub(" ", text)).strip()


class _CountWords(Words):
    """Dictionary of counts, which knows what offices call them: "Kế hoạch nguồn tin"."""

    def find(self, text: object) -> str:
        """Return the count that a text means; blank if it means none, or one of several."""
        meant = counts_meant(as_text(text))
        return super().find(text) or (meant[0] if len(meant) == 1 else "")


class FieldWords(HeaderWords):
    """What headers and labels of a table say: its fields, and the values of those with a list."""

    def __init__(self, table: str, knows: Callable[[str], bool]) -> None:
        super().__init__(knows)
        self.table, fields = table, table_fields(table)
        self.signs = resource_of(table).get("signs", ())  # what its titles say
        names = [field["name"] for field in fields]
        self.fields = dict(zip(names, fields, strict=True))
        self.counts = tuple(
            f["name"] for f in fields if f["type"] == "integer" and f["name"] != "year"
        )
        self.labels = frozenset({*names, "number"} - {*self.counts})
        if not self.counts:
            self.spread = frozenset({"value", "period"})  # "Xếp loại" over "Năm 2023 | Năm 2024"
        self.values = {
            f["name"]: (_CountWords if f["name"] == "measure" else Words)(
                (code, [code, *others]) for code, others in f["words"].items()
            )
            for f in fields
            if "words" in f
        }
        # Texts in the officer's words, which may hold any word of ours.
        self.free = {
            f["name"]
            for f in fields
            if f["type"] == "string" and f["name"] != "commune" and "words" not in f
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
        found = self._headers.find(unscaled(text))
        planned = not found and "target" in self.fields and _PLANNED.search(text)
        return "target" if planned and not _without_plan(text) else found  # "Kế hoạch năm 2024"

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
        inside = (part.strip() for part in split_brackets(text)[1])
        if any(not part.isdigit() and unit_of(part) != "ones" for part in inside):
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
        least = 2 if "target" in self.fields else 3  # "Đơn vị | Nguồn tin" under "Kế hoạch"
        return len(found) >= 2 or (bool(named and wide) and wide + len(words) >= least)

    @property
    def has_whole(self) -> bool:
        """Whether a row without a commune is of the whole place, as a committee of the city is."""
        return self.fields.get("commune", {}).get("blank") == "whole"

    def is_whole(self, cell: object) -> bool:
        """Check whether a cell names the whole place itself rather than a total of its units."""
        whole = {"total", "city_body"} if not self.counts else {"city_body"}
        return self.has_whole and isinstance(cell, str) and bool(meanings_of(cell) & whole)

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
        if "target" in self.fields:
            planned = says_plan(table)
            for column, path in table.paths.items():
                text = " ".join(path)
                if found[column].role == "target" and not (
                    _PLANNED.search(text) or (planned and not _REACHED.search(text))
                ):
                    found[column] = Meaning("unknown")
        if not any(meaning.given for meaning in found.values()):
            totals = (column for column, meaning in found.items() if meaning.role == "total")
            found |= dict.fromkeys(totals, Meaning("unknown"))
        return found

    def named(self, columns: dict[int, Meaning]) -> set[str]:
        """Return the fields of columns, and those whose values their headers name."""
        given = {name for meaning in columns.values() for name, _ in meaning.given}
        return given | {meaning.role for meaning in columns.values()}

    def understand(self, path: tuple[str, ...]) -> Meaning:
        """Interpret a column from the cells of its header, top down.

        ``given`` of the result has an entry for each text that names a value: all fields that it
        can be of, each with the value.
        """
        unit = next(filter(None, map(scaled, path)), "")
        texts = list(dict.fromkeys(unscaled(text) for text in path if text))
        if not texts:
            return Meaning("unknown")
        fields = {text: name for text in texts if (name := self.field(text))}
        given = {t: found for t in texts if t not in fields and (found := self._given(t))}
        over = {*fields.values()}  # "Hoạt động" over "Khác" says of which field it is
        given = {t: [p for p in ps if p[0] in over] or ps for t, ps in given.items()}
        if "target" in self.fields:
            given |= {
                f"{text} (year)": (("year", match[1]),)
                for text in texts
                if (match := _OF_YEAR.search(text)) and not year_of(text)
            }
        rest = [text for text in texts if text not in {**fields, **given}]
        if any(map(is_compared, rest)):
            return Meaning("comparison")
        plain = all(meanings_of(text) & {"neutral", "total"} for text in rest)
        valued = [n for n in fields.values() if n in (self.counts or self.fields) and n != "year"]
        if given and plain and len(valued) <= 1:
            pairs = tuple(map(tuple, given.values()))
            role = next(iter(valued), "") or self._valued({name for [(name, _), *_] in pairs})
            if role:
                return Meaning(role, unit=unit, given=pairs)
        whole = " ".join(texts)
        if field := self.field(texts[-1] if texts else "") or self.field(whole):
            return Meaning(field, unit=unit)
        aside = sorted(meanings_of(whole) & {*_NOTED, "total"})
        return (
            Meaning(aside[0], measure=next(iter(self.counts), "")) if aside else Meaning("unknown")
        )

    def _valued(self, given: set[str]) -> str:
        """Return what stands in columns whose headers name values: the counts of these, if any.

        Else the officer's words ("Tồn tại | Giải pháp"), a mark ("Khá | Yếu"), or a value of the
        only list ("Năm 2023 | Năm 2024").
        """
        if self.counts:
            return self.counts[0]
        texts = [n for n in self.free if self.fields[n].get("constraints", {}).get("required")]
        marks = ["mark"] if given & {*self.listed} else self.listed
        found = texts or marks
        return found[0] if len(found) == 1 else ""

    def _given(self, text: str) -> tuple[tuple[str, str], ...]:
        if (year := year_of(text)) and "year" in self.fields:
            return (("year", str(year)),)
        if "commune" in self.fields and self.knows(text):
            return (("commune", text),)
        return tuple(self.named_values(text).items())


def says_plan(table: Table) -> bool:
    """Check whether the title of a table, its sheet or its file says that it holds a plan."""
    # A row of several cells is the header of another table above.
    titles = [row[0] for row in table.titles if len(row) == 1]
    names = [table.sheet.name, Path(table.sheet.file).stem]
    return any(_PLANNED.search(no_count(text)) for text in [*titles, *names])


def year_of(cell: object) -> int | None:
    """Return the year that a whole cell of a header names; None if it names none.

    >>> year_of("Năm 2021"), year_of(2021), year_of("Quý I năm 2021")
    (2021, 2021, None)
    """
    match = _YEAR.fullmatch(as_text(cell).strip())
    return int(match[1]) if match and int(match[1]) in YEARS else None
