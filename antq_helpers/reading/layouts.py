"""Classify the rows and columns of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from antq_helpers.places import Register
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import (
    CORE,
    COUNTS,
    LABELS,
    LEADING,
    ROMAN,
    Meaning,
    has_words,
    header_key,
    in_brackets,
    is_compared,
    is_day,
    is_no_count,
    is_numbering,
    is_units,
    meanings_of,
    measure_of,
    names_total,
    nearest_count,
    part_of,
    understand,
)
from antq_helpers.reading.period_text import read_label, read_span, with_stated_days
from antq_helpers.reading.sheets import Table
from antq_helpers.reading.titles import Context

DAYS = ("period_start", "period_end")
_NAME = 40  # letters: names of communes are shorter
_PREFIXED = re.compile(r"(xã|phường|p\.|x\.)\s*\S", re.IGNORECASE)  # "Xã Tuy Lộc", "P. Yên Ninh"
# "Phường", "Các xã", "Khối phường": a kind of communes, and none of them.
_GENERIC = re.compile(r"\W*(?:(?:các|khối|cụm)\s+)?(?:xã|phường|thị trấn)\W*", re.IGNORECASE)
_ROMAN_FIRST = re.compile(r"([IVX]+|[A-ZĐ])\s*[.)/-]\s*\S")  # "I. Khối phường", "A/ Phường"


@dataclass
class Rows:
    """Rows of a table's body by kind; row numbers count from zero."""

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    aside: dict[int, str] = field(default_factory=dict)


def sort_rows(table: Table, columns: dict[int, Meaning], places: Register) -> Rows:
    """Sort rows into figures, totals, sections, and those that are set aside."""
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
    """Treat a count's name without a figure as the heading of a group, as "2. Nguồn tin".

    Its figure then stands below, in a row of the same count.
    """
    if sorter.labels[:1] != sorter.by_role.get("measure") or len(sorter.labels) > 1:
        return
    counted = {sorter.measure(row) for row in rows.data if sorter.has_cells(row)} - {()}
    heads = {r for r in rows.data if not sorter.has_cells(r) and sorter.measure(r) in counted}
    rows.data = [row for row in rows.data if row not in heads]
    rows.aside |= dict.fromkeys(sorted(heads), "section")


def _end(rows: Rows, sorter: _Sorter) -> None:
    """Mark what stands below the figures as outside: signatures, notes, the next table's title."""
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
    """Classifies the rows of one table; caches what each label is."""

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
        self.header = [table.sheet.rows[row] for row in table.header_rows]
        self.named: dict[object, str] = {}
        self.no_counts: dict[str, bool] = {}
        self.below_header = True

    def has_figures(self, row: int) -> bool:
        """Check whether a row has a readable figure in a column of figures."""
        cells = self.table.sheet.rows[row]
        return any(_is_figure_cell(cells[column]) for column in self.figures)

    def has_cells(self, row: int) -> bool:
        """Check whether a row has any filled cell in a column of figures."""
        cells = self.table.sheet.rows[row]
        return any(cells[column] != "" for column in self.figures)

    def is_dated(self, row: int) -> bool:
        """Check whether a row names its period beside its commune."""
        return sum(self.table.sheet.rows[row][column] != "" for column in self.labels) > 1

    def is_of_communes(self, row: int) -> bool:
        """Check whether a row with an unknown name is a commune rather than a signature.

        It bears a number as they do; or it begins with "xã" or "phường", and no word is beside it.
        """
        cells = self.table.sheet.rows[row]
        if any(cells[column] != "" for column in self.by_role.get("number", ())):
            return True
        words = [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
        return len(words) == 1 and bool(_PREFIXED.match(words[0]))

    def goes_on(self, cells: list) -> bool:
        """Check whether a row has a count but no name: another count of the row above."""
        beside = self.by_role.get("measure", ())
        return cells[self.label] == "" and any(cells[column] != "" for column in beside)

    def measure(self, row: int) -> tuple[str, ...]:
        """Return the counts that a form's row label can mean."""
        label = self.table.sheet.rows[row][self.label]
        return measure_of(label) if isinstance(label, str) else ()

    def is_known(self, row: int) -> bool:
        """Check whether a row's label is a known commune, count or period."""
        label = self.table.sheet.rows[row][self.label] if self.labels else ""
        return label != "" and self._named(label) == "known"

    def kind(self, row: int, cells: list) -> str:
        """Return the kind of a row; "" for a blank one."""
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
        """Check whether a count's name heads other rows in a form: "II. NGUỒN TIN", no figure."""
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
        """Check whether a row heads a group; "X. Tuy Lôc" is a misspelt commune, no tenth group."""
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
        """Check whether a label without figures looks like a misspelt commune."""
        if "commune" not in self.by_role or not isinstance(label, str) or len(label) > _NAME:
            return False
        if _names_kind(label):
            return False
        prefixed = _PREFIXED.match(label)
        # A note may well begin with the name of a commune; it is longer than a name.
        return len(label.split()) <= 5 and bool(prefixed or self.places.nearest(label, 1))


def _names_kind(text: str) -> bool:
    """Check whether a text names a kind of commune but no commune: "A. Phường", "Xã"."""
    return bool(_GENERIC.fullmatch(LEADING.sub("", text)))


def _is_figure_cell(cell: object) -> bool:
    """Check whether a cell is a count, or one gone wrong; words and dots are neither."""
    if cell == "":
        return False
    if isinstance(cell, str) and (span := read_span(cell, 2000)) and span.stated:
        return False  # a title that gives the days of the next table
    count = read_count(cell)
    return count.value is not None or count.kind not in ("", "broken_count", "dash")


def merged_rows(table: Table, column: int) -> set[int]:
    """Find the rows whose cell in a column is part of a merged area."""
    return {
        row
        for top, left, bottom, right in table.sheet.merged
        if left <= column <= right and top >= table.header_rows.stop
        for row in range(top, bottom + 1)
    }


def fill_down(table: Table, rows: Rows, by_role: dict[str, int], role: str) -> list:
    """Return a column of labels, filled down where only the first row of a group has one."""
    column = by_role[role]
    whole = [table.sheet.rows[row][column] for row in rows.data]
    if "" not in whole:
        return whole
    others = [by_role[r] for r in (*LABELS, "measure") if r in by_role and r != role]
    days = [by_role[day] for day in DAYS if day in by_role] if role in DAYS else []
    merged = {
        row
        for top, left, bottom, right in table.sheet.merged
        if left <= column <= right
        for row in range(top + 1, bottom + 1)
    }
    found, last = [], ""
    breaks = {*rows.sections, *rows.totals, *rows.aside}
    previous = table.header_rows.stop - 1
    for row in rows.data:
        cells = table.sheet.rows[row]
        if any(between in breaks for between in range(previous + 1, row)):
            last = ""
        cell = cells[column]
        if cell == "":
            # The first and last day belong together: one alone is no blank of a group.
            halved = any(cells[day] != "" for day in days)
            grouped = not halved and any(cells[other] != "" for other in others)
            cell = last if grouped or row in merged else ""
        last = cell
        found.append(cell)
        previous = row
    return found


def read_columns(table: Table, context: Context, places: Register) -> dict[int, Meaning]:
    """Interpret each column of a table."""
    if table.form:
        return dict(zip(table.form, (Meaning("measure"), Meaning("value")), strict=True))
    found = {
        column: understand(path, context.year, places.knows) for column, path in table.paths.items()
    }
    found |= _sexes(table, found) | _two_in_one(table, found) | _mark_years_to_date(found)
    if context.span and context.span.stated:
        found = {
            column: replace(m, span=with_stated_days(m.span, context.span)) if m.span else m
            for column, m in found.items()
        }
    for column, meaning in found.items():
        near = nearest_count(table.paths[column][-1]) if meaning.role == "unknown" else ""
        if near and all(near not in (m.role, *m.options) for m in found.values()):
            found[column] = Meaning("unclear", options=(near,))
    before = ""
    for column, meaning in found.items():
        if meaning.role in COUNTS:
            role = part_of(meaning.role, " ".join(table.paths[column]), before)
            found[column], before = replace(meaning, role=role), role
    beside = [column for column, meaning in found.items() if meaning.role == "measure"]
    found |= _units(table, found) if beside else {}
    by_rows = bool(beside)
    for column, meaning in found.items():
        if meaning.role == "value" and by_rows and column < beside[0]:
            found[column] = Meaning("unknown")  # figures stand behind what they count
    placed = [m for m in found.values() if m.span or m.part or m.commune]
    measure = context.measures[0] if len(context.measures) == 1 else ""
    for column, meaning in found.items():
        counts = meaning.role in (*COUNTS, "value")
        if counts and _is_total(meaning, table.paths[column], placed):
            count = meaning.role if meaning.role in COUNTS else measure
            found[column] = replace(meaning, role="total", measure=count)
        elif meaning.role == "value" and not by_rows:
            options = context.measures or CORE
            unclear = replace(meaning, role="unclear", options=options)
            # "Số lượng (người)" counts no tips, whatever the title says.
            path = table.paths[column]
            doubtful = measure and in_brackets(path, measure, context.year, places.knows)[1]
            sure = measure and not doubtful
            found[column] = replace(meaning, role=measure) if sure else unclear
    return found


def _units(table: Table, found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Interpret "Đơn vị" in a form as the unit of measurement, if units stand below it."""
    units = {}
    for column, meaning in found.items():
        if meaning.role == "commune" and table.holds_units(column):
            units[column] = Meaning("unit")
    return units


def _sexes(table: Table, found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Interpret "Nam" beside "Nữ" as men: without marks it could be the year."""
    last = {column: header_key(table.paths[column][-1]) for column in found}
    if not {header_key("nữ"), header_key("nu")} & set(last.values()):
        return {}
    men = [column for column, key in last.items() if key == header_key("nam")]
    return dict.fromkeys(men, Meaning("unknown"))


def _two_in_one(table: Table, found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Mark a header that names two counts as unclear: "Số buổi/lượt người"."""
    asked = {}
    for column, meaning in found.items():
        words = re.split(r"\s*(?:/|;|\+|&|\bvà\b)\s*", table.paths[column][-1])
        named = [min(meant) for text in words if len(meant := meanings_of(text)) == 1]
        counts = tuple(dict.fromkeys(name for name in named if name in COUNTS))
        if meaning.role == "unknown" and len(counts) > 1:
            asked[column] = Meaning("unclear", options=counts)
    return asked


def _mark_years_to_date(found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Interpret a longer period that ends with a shorter one beside it as the year to date.

    Where the months before stand there, too, they are compared elsewhere.
    """
    longer = {}
    for column, whole in found.items():
        beside = [m for c, m in found.items() if c != column and m.role == whole.role and m.span]
        counted = whole.role in (*COUNTS, "value")
        if not counted or not whole.span or whole.span.start.month not in (1, 12):
            continue
        inside = [m.span for m in beside if m.commune == whole.commune]
        last = any(s.end == whole.span.end and s.start > whole.span.start for s in inside)
        if last and all(s.start != whole.span.start for s in inside):
            measure = whole.role if whole.role in COUNTS else ""
            longer[column] = Meaning("to_date", measure=measure)
    return longer


def _is_total(meaning: Meaning, path: tuple[str, ...], placed: list[Meaning]) -> bool:
    """Check whether a column is the total of its months or communes beside it."""
    beside = [other for other in placed if other.role == meaning.role]
    summed = any("total" in meanings_of(text) for text in path[-1:])
    if not (meaning.span or meaning.part or meaning.commune):
        return len(beside) > 1 or (bool(beside) and summed)
    return summed and any(is_part(other, meaning) for other in beside)


def is_part(part: Meaning, whole: Meaning) -> bool:
    """Check whether a column is a part of a total: a month of its year or commune."""
    if part.given:
        return set(whole.given) < set(part.given)
    if whole.commune and part.commune != whole.commune:
        return False
    if whole.span is None:
        return bool(part.span or part.part) or (bool(part.commune) and not whole.commune)
    within = part.span and whole.span.start <= part.span.start and part.span.end <= whole.span.end
    return bool(within) and part.span != whole.span
