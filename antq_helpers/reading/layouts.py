"""One table of a sheet in; what each of its rows is out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import (
    COUNTS,
    Meaning,
    has_words,
    is_compared,
    meanings_of,
    measure_of,
    names_total,
    read_label,
)
from antq_helpers.reading.rows import LEADING, ROMAN, is_day, is_numbering, is_units
from antq_helpers.reading.spans import read_span
from antq_helpers.reading.synonyms import is_no_count
from antq_helpers.reading.table import Table
from antq_helpers.registers import Register

_NAME = 40  # letters that the name of a commune does not reach
_PREFIXED = re.compile(r"(xã|phường|p\.|x\.)\s*\S", re.IGNORECASE)
_GENERIC = re.compile(r"\W*(?:(?:các|khối|cụm)\s+)?(?:xã|phường|thị trấn)\W*", re.IGNORECASE)
_ROMAN_FIRST = re.compile(r"([IVX]+|[A-ZĐ])\s*[.)/-]\s*\S")


@dataclass
class Rows:
    """The rows of a table's body by what they are, counted from zero."""

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)


def sort_rows(table: Table, columns: dict[int, Meaning], places: Register) -> Rows:
    """Tell rows of figures from totals, headings of groups, numbering, notes and signatures."""
    sorter = _Sorter(table, columns, places)
    rows, before = Rows(), ""
    for row in table.body:
        cells = table.sheet.rows[row]
        kind = sorter.kind(row, cells)
        if kind == "data" and before == "totals" and sorter.goes_on(cells):
            kind = "totals"
        before = kind
        if kind in ("data", "totals", "sections"):
            getattr(rows, kind).append(row)
        elif kind:
            rows.aside[row] = kind
    _head_groups(rows, sorter)
    _end(rows, sorter)
    return rows


def _head_groups(rows: Rows, sorter: _Sorter) -> None:
    """Let the name of a count without a figure head its group in a form, as "2. Nguồn tin" does.

    Its figure then stands below, in a row of the same count.
    """
    if sorter.labels[:1] != sorter.by_role.get("measure") or len(sorter.labels) > 1:
        return
    counted = {sorter.measure(row) for row in rows.data if sorter.has_cells(row)} - {()}
    heads = {r for r in rows.data if not sorter.has_cells(r) and sorter.measure(r) in counted}
    rows.data = [row for row in rows.data if row not in heads]
    rows.aside |= dict.fromkeys(sorted(heads), "section")


def _end(rows: Rows, sorter: _Sorter) -> None:
    """Let what stands below the figures be outside: signatures, notes, the next table's title."""
    cells, body = sorter.table.sheet.rows, sorter.table.body
    figures = sorted((*rows.data, *rows.totals), reverse=True)
    last = next((row for row in figures if sorter.has_cells(row)), -1)
    below = range(max(last + 1, body.start), body.stop)
    gap = next((row for row in below if all(cell == "" for cell in cells[row])), body.stop)
    # Communes that report nothing may end a table; after a total or a blank row none follows.
    ends = last if last in rows.totals else gap
    late = {row for row in rows.data if row > ends and not sorter.is_dated(row)}
    strange = {row for row in rows.data if row > last and not sorter.is_known(row)}
    beyond = late | {row for row in strange if row > gap or not sorter.is_of_communes(row)}
    beyond |= {row for row in rows.sections if row > last and not sorter.has_figures(row)}
    beyond |= {row for row, kind in rows.aside.items() if row > last and kind == "section"}
    rows.data = [row for row in rows.data if row not in beyond]
    rows.sections = [row for row in rows.sections if row not in beyond]
    rows.aside |= dict.fromkeys(sorted(beyond), "outside")


class _Sorter:
    """Knows a table's columns, and remembers what each label is."""

    def __init__(self, table: Table, columns: dict[int, Meaning], places: Register) -> None:
        self.table, self.places = table, places
        by_role: dict[str, list[int]] = {}
        for column, meaning in columns.items():
            by_role.setdefault(meaning.role, []).append(column)
        self.by_role = by_role
        self.figures = [c for role in (*COUNTS, "value") for c in by_role.get(role, ())]
        self.labels = [
            c
            for role in ("commune", "measure", "period", "month", "quarter", "year", "period_start")
            for c in by_role.get(role, ())
        ]
        first = min(self.figures, default=len(columns))
        self.lead = sorted({*self.labels, *by_role.get("number", ()), *range(first)})
        self.beside = [c for role in ("unknown", "note", "unit") for c in by_role.get(role, ())]
        self.label = self.labels[0] if self.labels else -1
        self.role = columns[self.label].role if self.labels else ""
        self.header = [table.sheet.rows[row] for row in table.band]
        self.named: dict[object, str] = {}
        self.no_counts: dict[str, bool] = {}
        self.below_header = True

    def has_figures(self, row: int) -> bool:
        """Say whether a row holds something that reads as a figure, in a column of figures."""
        cells = self.table.sheet.rows[row]
        return any(_is_figure(cells[column]) for column in self.figures)

    def has_cells(self, row: int) -> bool:
        """Say whether a row holds anything in a column of figures."""
        cells = self.table.sheet.rows[row]
        return any(cells[column] != "" for column in self.figures)

    def is_dated(self, row: int) -> bool:
        """Say whether a row names its period beside its commune."""
        return sum(self.table.sheet.rows[row][column] != "" for column in self.labels) > 1

    def is_of_communes(self, row: int) -> bool:
        """Say whether a row of a name that nobody knows stands among communes, and signs nothing.

        It bears a number as they do; or it begins with "xã" or "phường", and no word is beside it.
        """
        cells = self.table.sheet.rows[row]
        if any(cells[column] != "" for column in self.by_role.get("number", ())):
            return True
        words = [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
        return len(words) == 1 and bool(_PREFIXED.match(words[0]))

    def goes_on(self, cells: list) -> bool:
        """Say whether a row has no name of its own, but a count: another of the row above."""
        beside = self.by_role.get("measure", ())
        return cells[self.label] == "" and any(cells[column] != "" for column in beside)

    def measure(self, row: int) -> tuple[str, ...]:
        """Give the counts that the label of a row in a form can mean."""
        label = self.table.sheet.rows[row][self.label]
        return measure_of(label) if isinstance(label, str) else ()

    def is_known(self, row: int) -> bool:
        """Say whether a row is called after a commune, count or period that is known."""
        label = self.table.sheet.rows[row][self.label] if self.labels else ""
        return label != "" and self._named(label) == "known"

    def kind(self, row: int, cells: list) -> str:
        """Name the kind of one row; nothing for a blank one."""
        label = cells[self.label] if self.label >= 0 else ""
        if label != "" and self._named(label) == "known":
            self.below_header = False
            if self._heads_counts(row, cells, label):
                return "section"
            # "Tuy Lộc | kế hoạch | 40", or 40 and "ước" behind it.
            if any(
                cells[column] != "" and self._is_no_count(cells[column]) for column in self.beside
            ):
                return "row_comparison"
            return "data"
        filled = [cell for cell in cells if cell != ""]
        if not filled:
            return ""
        if cells in self.header:
            self.below_header = True
            return "header_again"
        # What numbers the columns or gives their units stands right below a header.
        if self.below_header and is_numbering(cells):
            return "numbering"
        if self.below_header and is_units(cells):
            return "units_row"
        self.below_header = False
        return self._of_group(row, cells, label)

    def _is_no_count(self, cell: object) -> bool:
        if not isinstance(cell, str) or len(cell) > _NAME:
            return False
        if cell not in self.no_counts:  # a column says the same few words again and again
            self.no_counts[cell] = is_no_count(cell)
        return self.no_counts[cell]

    def _heads_counts(self, row: int, cells: list, label: str) -> bool:
        """Say whether the name of a count heads others in a form: "II. NGUỒN TIN", no figure."""
        if "measure" not in self.by_role or self.has_cells(row):
            return False
        numbers = [str(cells[c]).strip(" .)") for c in self.by_role.get("number", ())]
        return label.isupper() or any(n and ROMAN.fullmatch(n) for n in numbers)

    def _of_group(self, row: int, cells: list, label: object) -> str:
        texts = [cells[c] for c in self.lead if isinstance(cells[c], str) and cells[c]]
        lead = next(iter(texts), "")
        figures = self.has_figures(row)
        for text in dict.fromkeys(texts):
            if "city_body" in meanings_of(text):
                return "city_body" if figures else "outside"
            if names_total(text):
                return "totals" if figures else "section"
            if is_compared(text) or has_words(text, "to_date"):
                return "row_comparison" if figures else "outside"
        named = self._may_be_name(label)
        grouped = any(has_words(text, "section") or _names_kind(text) for text in texts)
        if grouped or (lead and self._heads_group(cells, lead, named)):
            return "sections" if figures else "section"
        if figures:
            return "data"
        if label == "" and any(is_day(cells[column]) for column in self.labels):
            return "data"
        if named:
            return "data"
        inside = any(cells[column] != "" for column in self.table.paths)
        return "section" if inside and lead and lead == label else "outside"

    def _heads_group(self, cells: list, lead: str, named: bool) -> bool:
        """Say whether a row heads a group; "X. Tuy Lôc" is a commune misspelt, no tenth group."""
        number = next((cells[c] for c in self.by_role.get("number", ())), "")
        numbered = isinstance(number, str) and number and ROMAN.fullmatch(number)
        if named and any(cells[column] != "" for column in self.figures):
            return False
        return bool(numbered or (not named and _ROMAN_FIRST.match(lead)))

    def _named(self, label: object) -> str:
        key = (type(label), label)
        if key not in self.named:
            self.named[key] = "known" if self._knows(label) else ""
        return self.named[key]

    def _knows(self, label: object) -> bool:
        if "commune" in self.by_role:
            return isinstance(label, str) and self.places.knows(label)
        if "measure" in self.by_role:
            return isinstance(label, str) and bool(measure_of(label))
        return not isinstance(label, str) or read_label(self.role, label, 2000) is not None

    def _may_be_name(self, label: object) -> bool:
        """Say whether a label without figures looks like a commune that is misspelt."""
        if "commune" not in self.by_role or not isinstance(label, str) or len(label) > _NAME:
            return False
        if _names_kind(label):
            return False
        prefixed = _PREFIXED.match(label)
        # A note may well begin with the name of a commune; it is longer than a name.
        return len(label.split()) <= 5 and bool(prefixed or self.places.nearest(label, 1))


def _names_kind(text: str) -> bool:
    """Say whether a text names a kind of communes and none of them: "A. Phường", "Xã"."""
    return bool(_GENERIC.fullmatch(LEADING.sub("", text)))


def _is_figure(cell: object) -> bool:
    """Say whether a cell reads as a count, or as a count gone wrong; words and dots do not."""
    if cell == "":
        return False
    if isinstance(cell, str) and (span := read_span(cell, 2000)) and span.stated:
        return False  # a title that gives the days of the next table
    count = read_count(cell)
    return count.value is not None or count.kind not in ("", "broken_count", "dash")
