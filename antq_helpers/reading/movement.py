"""Read tables of the movement: drives, models, steering committees, targets and the others.

Sheets, tables, rows and cells are read as those of reports are; the fields are all that differs.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from antq_helpers.dictionary import LANGUAGES, table_fields
from antq_helpers.places import Register
from antq_helpers.problems import Problem
from antq_helpers.reading.build import FieldBuilder
from antq_helpers.reading.cells import CellLog, Reports, join
from antq_helpers.reading.checks import check_totals
from antq_helpers.reading.counts import read_count, unit_of
from antq_helpers.reading.fields import FieldWords, counts_meant, says_plan
from antq_helpers.reading.files import FileReports, ReportTables, described, note_names
from antq_helpers.reading.headers import (
    CORE,
    LEADING,
    Meaning,
    as_text,
    has_words,
    header_key,
    heads_group,
    is_compared,
    is_numbering,
    is_page_number,
    is_units,
    meanings_of,
    no_count,
    split_brackets,
    understand,
)
from antq_helpers.reading.layouts import Rows
from antq_helpers.reading.period_text import find_year, read_span
from antq_helpers.reading.persons import (
    column_of_persons,
    may_count,
    names_a_person,
    names_persons,
)
from antq_helpers.reading.reports import Choices, TableReader, set_aside
from antq_helpers.reading.sheets import Sheet, Table
from antq_helpers.reading.tables import find_tables
from antq_helpers.reading.titles import Context
from antq_helpers.tables import missing_column, package_table, read_date

MOVEMENT = (
    *("drives", "models", "partner_activities", "commendations"),
    *("committees", "targets", "classifications", "meeting_items", "hotspots"),
)
_SHARED = {"year", "commune", "source"}  # fields that say nothing of which table it is
_SHORTEST_YEAR = 360  # days
_STATED = ("year", "source", "hotspot")  # where a row leaves them blank, what stands around counts
# "Hội nghị giao ban ngày 15/9/2024".
_MEETING = re.compile(r"(?:giao ban|họp)[^\d]*\bngày (\d{1,2}/\d{1,2}/\d{4})", re.IGNORECASE)
_MARKS = dict.fromkeys(("x", "v", "✓", "✔", "√", "1", "có"), True)
_MARKS |= dict.fromkeys(("", "0", "-", "–", "không"), False)
# Headers of lists of those who were commended; with figures below them they count.
_WHO = {
    header_key(words)
    for words in (
        *("Tên", "Tên cá nhân", "Cá nhân", "Người được khen thưởng", "Người được khen"),
        *("Cá nhân được khen thưởng", "Cá nhân được khen", "Danh sách cá nhân"),
        *("Name", "Person", "Individual", "Person commended", "Individual commended"),
    )
}


class FieldTables(ReportTables):
    """How the tables of the data package are read that are no reports."""

    def __init__(self, table: str, places: Register) -> None:
        super().__init__(places)
        self.table, self.fields = table, table_fields(table)
        self.words = FieldWords(table, places.knows)

    def knows(self, text: str) -> bool:
        """Check whether a text is a known header."""
        return bool(self.words.field(text))

    def read_clean(self, path: object) -> None:
        """Leave every file to the reader by cells."""

    def fits(self, sheet: Sheet) -> int:
        """Count the fields of its own that a table on a sheet names, or has around it.

        0 where it lacks one that a row must have.
        """
        named = {self.words.field(text) for text in sheet.texts}
        named |= {name for text in sheet.texts for name in self.words.heading(text)}
        needed = {field["name"] for field in filter(_is_needed, self.fields)} - _SHARED
        own = {*self.words.fields} - _SHARED
        if needed - named - {*self.words.counts, *self.words.free} or not own & named:
            return 0  # as of nearly all sheets, without a look at their rows
        best = 0
        for table in find_tables(sheet, self.words):
            columns = self.words.columns(table)
            if _is_report(table, columns, self.words):
                return 0
            over = (row[0] for row in table.titles if len(row) == 1)
            found = {name for text in over for name in self.words.heading(text)}
            found |= self.words.named(columns)
            if needed <= found:
                best = max(best, len(own & found))
        return best

    def column_of_persons(self, sheet: Sheet, tables: list[Table]) -> str:
        """Find the header of a column that identifies persons, or lists them by name."""
        understood = []
        for table in tables:
            columns = self.words.columns(table)
            rows = sort_rows_of_fields(table, columns, self.words)
            understood.append((table, columns, rows.data))
        shown = [_with_rows(*one, self.words) for one in understood]
        return column_of_persons(sheet, shown) or _listed(understood, self.words)

    def read(
        self, table: Table, context: Context, log: CellLog, choices: Choices, result: FileReports
    ) -> None:
        """Read one table into the result."""
        columns = self.words.columns(table)
        if table.form or not any(m.role in self.words.fields for m in columns.values()):
            return
        rows = sort_rows_of_fields(table, columns, self.words)
        reader = FieldReader(self.words, table, columns, rows, context, log, choices)
        result.is_blank |= not reader.data
        absent = reader.absent_fields(columns) if reader.data else []
        for field in absent:
            problem = missing_column(field, log.file)
            log.add_problem(replace(problem, sheet=log.sheet))
        if others := self._of_others(table, context):
            log.add_problem(log.problem_at("no_counts", words=others))
        if part := self._of_part(context):
            log.add_problem(log.problem_at("target_of_part", period=part))
        reports = None if absent or others or part else reader.read_reports()
        if reports is None:
            return
        if reader.figures:
            check_totals(reader)
        result.reports.append(reports)
        result.headers += described(
            log, reader.headers, choices.language, reader.columns, self.label
        )
        note_names(context, log, reader)

    def _of_part(self, context: Context) -> str:
        """Return the days of a title that targets are of, if these are no year; "" if they are."""
        if self.table != "targets":
            return ""
        parts = (s for s in context.spans if (s.end - s.start).days < _SHORTEST_YEAR)
        named = (f"{span.start:%d/%m/%Y}–{span.end:%d/%m/%Y}" for span in parts)
        return context.unread or next(named, "")

    def _of_others(self, table: Table, context: Context) -> str:
        """Return the words by which the figures are no counts; "Phiên tòa giả định" are counted."""
        if self.table == "targets" or not self.words.counts:
            return ""
        named = (row[0] for row in table.titles if len(row) == 1 and self.words.heading(row[0]))
        inside = any(context.of_others in text.casefold() for text in named)
        return "" if inside else context.of_others

    def label(self, name: str, language: str) -> str:
        """Return the title of a field, or the first word for a value of a list."""
        if name in self.words.fields:
            return self.words.title(name, language)
        words = (field["words"].get(name) for field in self.fields if "words" in field)
        return next((found[LANGUAGES.index(language)] for found in words if found), "")

    def report_absent(self, file: str, result: FileReports, language: str) -> None:
        """Report that a file has no table, or none with rows."""
        if result.reports or any(log.problems for log in result.logs):
            return
        if result.is_blank:
            result.problems.append(Problem("empty_file", file))
        else:
            needed = filter(_is_needed, self.fields)
            result.problems += [missing_column(field, file) for field in needed]

    def builder(self, reports: Reports) -> FieldBuilder:
        """Return what builds the table, and records every problem of its rows."""
        return FieldBuilder(self.table, reports, self.places)

    def blank(self) -> pd.DataFrame:
        """Return the table without rows."""
        return package_table(self.table).iloc[:0]


def _is_report(table: Table, columns: dict[int, Meaning], words: FieldWords) -> bool:
    """Check whether a table is one of reports: with counts of these, or with nothing but days.

    Targets beside what was reached are a report, with a plan.
    """
    if "target" in words.fields:
        roles = {understand(path).role for path in table.paths.values()}
        return not says_plan(table) and bool(roles & {*CORE, "value", "unclear"})
    unread = [table.header(column) for column, m in columns.items() if m.role == "unknown"]
    if any(meanings_of(header) & {*CORE} for header in unread):
        return True
    # "Từ ngày", "Đến ngày" are of any report, unless its title says what they are of.
    own = [column for column, m in columns.items() if m.role in {*words.fields} - _SHARED]
    days = {"period_start", "period_end"}
    titled = any(sign in text.casefold() for sign in words.signs for text in table.sheet.texts)
    named = [meanings_of(table.header(column)) for column in own]
    return not titled and bool(named) and all(meant & days for meant in named)


def _is_needed(field: dict) -> bool:
    """Check whether a field is required; a source is never required of a file."""
    return bool(field.get("constraints", {}).get("required")) and field["name"] != "source"


def _with_rows(
    table: Table, columns: dict[int, Meaning], data: list[int], words: FieldWords
) -> Table:
    """Extend the header over its rows, so that cells are not taken for headers of persons.

    Nor is "Đối tượng" where it stands over collectives and individuals, by their kind.
    """
    end = max([table.header_rows.start, *data]) + 1
    paths = {
        column: ("",) if _counts_persons(table.header(column), columns[column], words) else path
        for column, path in table.paths.items()
    }
    return replace(table, header_rows=range(table.header_rows.start, end), paths=paths)


def _counts_persons(header: str, meaning: Meaning, words: FieldWords) -> bool:
    """Check whether a header that may name persons counts them, or is a value: "Zalo an ninh"."""
    return meaning.role in words.fields and (may_count(header) or bool(meaning.given))


def _listed(
    understood: list[tuple[Table, dict[int, Meaning], list[int]]], words: FieldWords
) -> str:
    """Find the header of a column that lists persons by name; "" if there is none."""
    for table, columns, data in understood:
        for column, meaning in columns.items():
            header = table.header(column)
            texts = [table.sheet.rows[row][column] for row in data]
            worded = any(isinstance(t, str) and t and not t.isdigit() for t in texts)
            listed = header_key(header) in _WHO and meaning.role not in words.fields and worded
            named = names_persons(header) and not _counts_persons(header, meaning, words)
            if listed or named:
                return header
    return ""


def sort_rows_of_fields(table: Table, columns: dict[int, Meaning], words: FieldWords) -> Rows:
    """Sort rows into figures, totals, sections, and those that are set aside.

    In doubt a row is one of figures: what it lacks is then asked for.
    """
    own = {c: m.role for c, m in columns.items() if m.role in words.fields}
    figures = [c for c, role in own.items() if role in words.counts]
    labels = [c for c in own if c not in figures]
    header = [table.sheet.rows[row] for row in table.header_rows]
    written = [c for c in labels if own[c] in words.free and _is_needed(words.fields[own[c]])]
    rows, maybe, gap = Rows(), [], False
    for row in table.body:
        cells = table.sheet.rows[row]
        filled = [cell for cell in cells if cell != ""]
        if not filled:
            gap = True
            continue
        kinds = {"header_again": cells in header, "numbering": is_numbering(cells)}
        kinds |= {"units_row": is_units(cells), "outside": all(map(is_page_number, filled))}
        if kind := next((kind for kind, fits in kinds.items() if fits), ""):
            rows.aside[row] = kind
            continue
        counted = any(_is_figure(cells[column]) for column in figures)
        texts = [
            c
            for i, c in enumerate(cells)
            if isinstance(c, str) and c and own.get(i) not in words.free
            and not (own.get(i) == "commune" and words.is_whole(c))
        ]  # fmt: skip
        known = [c for c in labels if _is_label(words, own[c], cells[c])]
        total = any("total" in meanings_of(text) or has_words(text, "total") for text in texts)
        heading = not known and texts and heads_group(texts[0]) and (counted or len(filled) <= 2)
        if (total or heading) and not counted:
            rows.aside[row] = "section"
        elif total or heading:
            (rows.totals if total else rows.sections).append(row)
        elif (
            counted
            or len(known) >= 2
            or (sum(cells[c] != "" for c in labels) > len(labels) / 2 and (known or not gap))
            or (not gap and any(cells[c] != "" for c in written))
            or (known and not gap)
        ):
            rows.data += [*maybe, row]
            maybe, gap = [], False
        else:
            maybe.append(row)  # a row of the table only if others follow; else a note or signature
    # A form may list every commune; where nothing stands beside the name, nothing was reported.
    others = [c for c, m in columns.items() if m.role in words.fields or m.role == "mark"]
    others = [c for c in others if columns[c].role != "commune"]
    wide = any(columns[c].given for c in figures)
    for row in rows.data:
        cells = table.sheet.rows[row]
        if all(cells[column] == "" for column in (figures if wide else others)):
            rows.aside[row] = "not_yet"
    rows.data = [row for row in rows.data if row not in rows.aside]
    return rows


def _is_label(words: FieldWords, name: str, cell: object) -> bool:
    """Check whether a cell is a commune, a value or a day, in a column of these."""
    if words.fields[name]["type"] == "date":
        return isinstance(_first_or_last_day(cell, name), pd.Timestamp)
    return words.is_label({name}, as_text(cell)) or (name == "commune" and words.is_whole(cell))


def _is_figure(cell: object) -> bool:
    """Check whether a cell is a count, or one gone wrong; words are neither."""
    if cell == "":
        return False
    count = read_count(cell)
    return count.value is not None or count.kind not in ("", "broken_count")


class FieldReader(TableReader):
    """Extracts the rows of one table of fields, and accounts for each of its cells."""

    def __init__(self, words: FieldWords, *of_table: object) -> None:
        self.words, self.count_fields = words, words.counts
        self.label_fields = [name for name in words.fields if name not in words.counts]
        self.broken: set[int] = set()  # rows whose labels have a problem
        super().__init__(*of_table)

    def _counted(self) -> dict[int, tuple[str, ...]]:
        """Map each row of targets to the counts that it can be of."""
        column, rows = self.by_role.get("measure"), self.table.sheet.rows
        if column is None:
            return {}
        return {row: counts_meant(as_text(rows[row][column])) for row in self.rows.data}

    def absent_fields(self, columns: dict[int, Meaning]) -> list[dict]:
        """List the fields that are required and stand neither in a column nor around the table."""
        found = self.words.named(columns) | {
            name for name in self.words.fields if self._around(name)
        }
        return [f for f in self.words.fields.values() if _is_needed(f) and f["name"] not in found]

    def refuse_columns(self) -> None:
        """Refuse columns of equal meaning, and figures that are not counted one by one."""
        seen: dict[Meaning, int] = {}
        for column, meaning in list(self.columns.items()):
            if meaning.role == "unclear":
                titles = (self.words.title(name, self.choices.language) for name in meaning.options)
                self.refuse(column, "unclear_header", meanings="; ".join(titles))
            elif unit := self.unit(column, meaning):
                self.refuse(column, "other_unit", words=unit)
            elif share := self._share(column, meaning):
                self.refuse(column, "no_counts", words=share)
            elif meaning.role in self.words.fields and meaning in seen:
                self.refuse(column, "column_twice", name=self.headers[seen[meaning]])
            seen.setdefault(meaning, column)

    def unit(self, column: int, meaning: Meaning) -> str:
        """Return the unit of a column that does not count by one, from header, rows or titles."""
        if meaning.role not in self.count_fields:
            return ""
        cells = self.table.sheet.rows
        units = [c for c, m in self.columns.items() if m.role == "unit"]
        beside = [as_text(cells[row][c]) for c in units for row in self.rows.data]
        scales = (text for text in beside if text and unit_of(text) == "scaled")
        return super().unit(column, meaning) or next(scales, "")

    def _share(self, column: int, meaning: Meaning) -> str:
        """Find the words by which a column is a share, average, plan or running total."""
        # A stock of models is a running total; of drives it would count earlier ones again.
        is_stock = "since" in self.words.fields
        if meaning.role == "target":
            return ""
        for text in split_brackets(self.headers[column])[1]:
            if meaning.role in self.count_fields and (
                (not is_stock and has_words(text, "to_date"))
                or unit_of(text) == "share"
                or is_compared(text)
                or no_count(text)
            ):
                return text
        return ""

    def fill(self, role: str) -> list:
        """Return the labels of a column, converted; blanks are filled where rows share a cell.

        That is a merged cell; or the first label of a group, if no row may leave it blank, since
        elsewhere a blank says something, and not in the form that programs write.
        """
        return self._values(role, self.by_role[role])

    def _values(self, role: str, column: int) -> list:
        rows = self.table.sheet.rows
        areas = [a for a in self.table.sheet.merged if a[1] <= column <= a[3]]
        first = min(c for name, c in self.by_role.items() if name in self.label_fields)
        needed = _is_needed(self.words.fields[role]) and self.headers[column] != role
        found: list = []
        for i, row in enumerate(self.data):
            cell = rows[row][column]
            for top, left, bottom, _ in areas:
                cell = rows[top][left] if top <= row <= bottom else cell
            value = self._convert(role, cell) if cell != "" else ""
            if self._is_asked(role, cell, column):
                self._ask(row, column, "blank_whole" if cell == "" else "person_in_text")
            if value == "" and column == first and needed and i and self.data[i - 1] == row - 1:
                value = found[-1]
            found.append(value)
        return found

    def _is_asked(self, role: str, cell: object, column: int) -> bool:
        """Check whether a blank may be the whole place or the unit above, or a text names one."""
        if role == "commune" and self.words.has_whole:
            return cell == "" and self.headers[column] != role
        return role in self.words.free and isinstance(cell, str) and names_a_person(cell)

    def _ask(self, row: int, column: int, kind: str) -> None:
        """Record a problem with a label without quoting it; its row waits."""
        self.log.add_problem(
            self.log.problem_at(kind, row, column, self.headers[column]), row, column
        )
        self.broken.add(row)

    def _convert(self, role: str, cell: object) -> object:
        """Convert a label to the code, year or day that it means; as it is if it means none."""
        if role == "commune" and self.words.is_whole(cell):
            return ""
        if self.words.fields[role]["type"] == "boolean":
            mark = _MARKS.get(str(_as_typed(cell)).strip().casefold())
            cell = cell if mark is None else str(mark)
        if role in self.words.values:
            return self.words.values[role].find(_as_typed(cell)) or cell
        if role == "year" and isinstance(cell, str):
            return find_year(cell) or cell
        dated = self.words.fields[role]["type"] == "date"
        return _first_or_last_day(cell, role) if dated else cell

    def _around(self, role: str) -> object:
        """Return the value of a field that has no column, from headings and titles; "" if none."""
        context = self.context
        if role == "year":
            return context.year or ""
        if role == "commune" and _is_needed(self.words.fields[role]):
            return context.commune
        if role == "source":
            return "illustrative" if context.illustrative else "reported"
        if role == "hotspot":
            return "false"
        if role == "met":
            day = _MEETING.search(" ".join(text for row in self.table.titles for text in row))
            span = context.span
            return read_date(day[1]) if day else pd.Timestamp(span.end) if span else ""
        if role == "count" and not _is_needed(self.words.fields[role]):
            return 1  # each row is one
        headings = [row[0] for row in reversed(self.table.titles) if len(row) == 1]
        if role == "commune":
            return next(filter(self.words.knows, (LEADING.sub("", text) for text in headings)), "")
        found = (self.words.heading(text).get(role) for text in headings)
        return next(filter(None, found), "")

    def read_reports(self) -> Reports | None:
        """Return the table's rows; None if there are none."""
        set_aside(self.table, self.columns, self.rows, self.log)
        groups: dict[tuple, dict[str, int]] = {}
        for column, meaning in self.columns.items():
            if meaning.role in self.count_fields or (meaning.given and not self.count_fields):
                groups.setdefault(meaning.given, {})[meaning.role] = column
        counted = any(map(_is_needed, map(self.words.fields.get, self.count_fields)))
        if not self.data or (counted and not groups):
            return None
        groups = groups or {(): {}}
        reports = join([self._of_group(given, columns) for given, columns in groups.items()])
        reports.set_aside(np.arange(len(reports.values)))  # until the table keeps them
        return reports

    def _of_group(self, given: tuple, counts: dict[str, int]) -> Reports:
        """Build the rows of the columns whose headers name the same values."""
        data = np.array(self.data)
        labels = {n: self._values(n, c) for n, c in counts.items() if n in self.label_fields}
        figures = {n: self.figures[c] for n, c in counts.items() if n in self.count_fields}
        sound = np.all([~np.isin(data, [*self.broken]), *(f[1] for f in figures.values())], axis=0)
        chosen = np.ones(len(data), bool)
        if given:  # "Camera: –" in a table of all kinds says that there is none
            some = [np.array(f[0], bool) | ~np.array(f[1], bool) for f in figures.values()]
            some += [np.array([value != "" for value in found]) for found in labels.values()]
            some += [self._marked(c) for name, c in counts.items() if name == "mark"]
            chosen = np.any(some, axis=0)
            for column in counts.values():
                self.log.keep(data[~chosen], column)
        at = np.flatnonzero(chosen)
        values: dict[str, list] = {}
        columns: dict[str, int] = {}
        if "mark" in counts:
            columns |= {name: counts["mark"] for name, _ in given if name in self.words.listed}
        for name in self.words.fields:
            if name in counts:
                columns[name] = counts[name]
                found = figures[name][0] if name in figures else labels[name]
                values[name] = [found[i] for i in at]
            elif name in self.labels and name not in dict(given):
                columns[name] = self.by_role[name]
                stated = self._around(name) if name in _STATED else ""
                values[name] = [v if (v := self.labels[name][i]) != "" else stated for i in at]
            else:
                values[name] = [dict(given).get(name, self._around(name))] * len(at)
        return Reports(
            pd.DataFrame(values, dtype=object).replace({None: ""}),
            dict.fromkeys(columns, data[at]),
            {name: np.full(len(at), column) for name, column in columns.items()},
            np.zeros(len(at), int),
            np.asarray(sound, bool)[at],
            [self.log],
            [self.headers],
            self.choices.language,
        )

    def _marked(self, column: int) -> np.ndarray:
        """Check which cells of a column of marks bear one, such as x; record what is neither."""
        found = np.zeros(len(self.data), bool)
        for i, row in enumerate(self.data):
            cell = self.table.sheet.rows[row][column]
            mark = _MARKS.get(str(_as_typed(cell)).strip().casefold())
            if mark is None:
                self.add_problem("broken_mark", row, column)
            found[i] = mark
        return found


def _as_typed(cell: object) -> object:
    """Convert a truth value or number to the text that one would type."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell


def _first_or_last_day(cell: object, name: str) -> object:
    """Parse a day, or the first or last day of a month, quarter or year."""
    if isinstance(read_date(cell), pd.Timestamp):
        return read_date(cell)
    span = read_span(cell)
    last = name in ("until", "due")
    return cell if span is None else pd.Timestamp(span.end if last else span.start)
