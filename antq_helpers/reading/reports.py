"""The reports of a table with the cell of each figure, and the account of a sheet's cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter

from antq_helpers.dictionary import find_measure, word
from antq_helpers.problems import Problem
from antq_helpers.reading.counts import Count, read_counts, scaled, unit_of
from antq_helpers.reading.headers import COUNTS, LABELS, Meaning, as_text, measure_of, understand
from antq_helpers.reading.layouts import DAYS, Rows, fill_down, merged_rows
from antq_helpers.reading.period_text import Span
from antq_helpers.reading.sheets import Table
from antq_helpers.reading.titles import Context, Dater

KEPT, ASIDE, WRONG = 1, 2, 3


class Board:
    """The account of all filled cells of one sheet, with its problems and notes.

    Attributes
    ----------
    filled : array of bool
        Which cells hold something, by row and column from zero.
    problems, notes : list of Problem
        What must be corrected, and what was set aside.
    """

    def __init__(self, file: str, sheet: str, filled: np.ndarray) -> None:
        self.file, self.sheet, self.filled = file, sheet, filled
        self.state = np.zeros(filled.shape, dtype=np.int8)
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self._wrong: list[tuple[int, int]] = []
        self._noted: set[tuple] = set()

    def say(
        self,
        kind: str,
        row: int | None = None,
        column: int | None = None,
        header: str = "",
        value: object = "",
        **details: object,
    ) -> Problem:
        """Build a problem or note about a cell of this sheet."""
        cell = "" if row is None or column is None else cell_name(row, column)
        shown = "" if value is None else str(value)
        number = None if row is None else int(row) + 1
        return Problem(kind, self.file, self.sheet, number, header, shown, details, cell)

    def fault(self, problem: Problem, row: int | None = None, column: int | None = None) -> None:
        """Record a problem once, and mark its cell."""
        key = (problem.kind, problem.row, problem.column, problem.cell, *problem.details.items())
        if key in self._noted:
            return
        self._noted.add(key)
        self.problems.append(problem)
        if row is not None and column is not None:
            self._wrong.append((row, column))

    def keep(self, rows: object, columns: object) -> None:
        """Mark cells as used by the records."""
        self.state[rows, columns] = KEPT

    def aside(self, note: Problem | None, rows: object, columns: object = slice(None)) -> None:
        """Mark cells as set aside, unless they are marked already."""
        part = self.state[rows, columns]
        self.state[rows, columns] = np.where(part == 0, ASIDE, part)
        if note is not None:
            self.note(note)

    def note(self, note: Problem) -> None:
        """Record a note once for each row and column."""
        key = (note.kind, note.row, note.column, *note.details.items())
        if key not in self._noted:
            self._noted.add(key)
            self.notes.append(note)

    def rest_is_outside(self) -> None:
        """Set aside the cells that belong to no table; notes name the rows, not their content."""
        left = self.filled & (self.state == 0)
        self.state[left] = ASIDE
        for row in np.flatnonzero(left.any(axis=1)):
            self.note(self.say("outside", row))

    def counts(self) -> dict[str, object]:
        """Count the sheet's cells by what became of them."""
        state = self.state.copy() if self._wrong else self.state
        for row, column in self._wrong:
            state[row, column] = WRONG

        def count(kind: int) -> int:
            return int(np.count_nonzero((state == kind) & self.filled))

        return {
            "file": self.file,
            "sheet": self.sheet,
            "cells": int(self.filled.sum()),
            "kept": count(KEPT),
            "set_aside": count(ASIDE),
            "problems": count(WRONG),
        }


def cell_name(row: int, column: int) -> str:
    """Return a cell's name in a spreadsheet.

    Examples
    --------
    >>> cell_name(13, 3), cell_name(0, 26)
    ('D14', 'AA1')
    """
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Return a column's letters in a spreadsheet, counted from zero."""
    return get_column_letter(column + 1)


FIELDS = ("commune", "period_start", "period_end", "year", *COUNTS, "source")


@dataclass(frozen=True)
class Reports:
    """Reports of one or more tables, and the cell of each value.

    ``rows`` and ``columns`` give each field's place from zero, -1 where it stands in no cell;
    ``table`` the number of the table in ``boards`` and ``headers``; ``sound`` says of which all
    figures could be read.
    """

    values: pd.DataFrame
    rows: dict[str, np.ndarray]
    columns: dict[str, np.ndarray]
    table: np.ndarray
    sound: np.ndarray
    boards: list[Board]
    headers: list[dict[int, str]]
    language: str = "en"

    def place(self, index: int, field: str) -> tuple[Board, dict[int, str], int | None, int | None]:
        """Return the sheet's account, its headers, and row and column of a report's field.

        What stands in no cell of its own, as a period in the title, has the report's row alone.
        """
        table = int(self.table[index])
        row = _at(self.rows, field, index)
        if row < 0:
            row = max((_at(self.rows, other, index) for other in FIELDS), default=-1)
        column = _at(self.columns, field, index)
        board, headers = self.boards[table], self.headers[table]
        return board, headers, row if row >= 0 else None, column if column >= 0 else None

    def problem(
        self, kind: str, index: int, field: str = "", value: object = "", **details: object
    ) -> Problem:
        """Build a problem or note about one field of a report."""
        board, headers, row, column = self.place(index, field)
        shown = f"{value:%d/%m/%Y}" if isinstance(value, pd.Timestamp) else value
        header = headers.get(column, "") if column is not None else field
        return board.say(kind, row, column, header, shown, **details)

    def note(self, kind: str, index: int, **details: object) -> None:
        """Record that a report is set aside, as one row."""
        board, _, row, _ = self.place(index, "commune")
        board.note(board.say(kind, row, **details))

    def name(self, index: int, beside: int) -> str:
        """Return a report's row number, with sheet and file if they differ from another report's.

        Where both stand in one row, as months in columns do, the first figure's cell is named, too.
        """
        board, _, row, _ = self.place(index, "commune")
        here = self.boards[int(self.table[beside])]
        if board is here and row is not None and row == self.place(beside, "commune")[2]:
            places = [self.place(index, count)[3] for count in COUNTS]
            first = min((column for column in places if column is not None), default=None)
            return str(row + 1) if first is None else f"{row + 1} ({cell_name(row, first)})"
        if board is here:
            return str(row + 1) if row is not None else "–"
        elsewhere = board.say("", row)
        file = board.file if board.file != here.file else ""
        return replace(elsewhere, file=file).where(self.language)

    def fault(self, problem: Problem, index: int, field: str = "") -> None:
        """Record a problem with a report on its sheet."""
        board, _, row, column = self.place(index, field)
        board.fault(problem, row, column)

    def keep(self, indices: np.ndarray, checks: dict[str, list[int]]) -> None:
        """Mark the cells of these reports as used, except counts that are only checks."""
        self._each(indices, Board.keep, checks)

    def aside(self, indices: np.ndarray) -> None:
        """Mark the cells of these reports as set aside; the reason is recorded elsewhere."""
        self._each(indices, lambda board, rows, columns: board.aside(None, rows, columns))

    def _each(
        self, indices: np.ndarray, mark: Callable, but: dict[str, list[int]] | None = None
    ) -> None:
        for number in np.unique(self.table[indices]):
            chosen = indices[self.table[indices] == number]
            for field, all_rows in self.rows.items():
                some = np.setdiff1d(chosen, but[field]) if but and field in but else chosen
                rows, columns = all_rows[some], self.columns[field][some]
                held = rows >= 0
                mark(self.boards[number], rows[held], columns[held])


def _at(places: dict[str, np.ndarray], field: str, index: int) -> int:
    return int(places[field][index]) if field in places else -1


def join(parts: list[Reports]) -> Reports:
    """Concatenate the reports of several tables."""
    if len(parts) == 1:
        return parts[0]
    lengths = [len(part.values) for part in parts]
    fields = [field for field in FIELDS if any(field in part.rows for part in parts)]

    def stacked(name: str, field: str) -> np.ndarray:
        return np.concatenate(
            [
                getattr(part, name).get(field, np.full(length, -1))
                for part, length in zip(parts, lengths, strict=True)
            ]
        )

    starts = np.cumsum([0, *(len(part.boards) for part in parts)])
    return Reports(
        pd.concat([part.values for part in parts], ignore_index=True),
        {field: stacked("rows", field) for field in fields},
        {field: stacked("columns", field) for field in fields},
        np.concatenate([p.table + start for p, start in zip(parts, starts, strict=False)]),
        np.concatenate([part.sound for part in parts]),
        [board for part in parts for board in part.boards],
        [headers for part in parts for headers in part.headers],
        parts[0].language,
    )


@dataclass(frozen=True)
class Choices:
    """The user's settings for a file: number marks, dashes, encoding and language of messages."""

    numbers: str | None = None
    dash: str | None = None
    encoding: str | None = None
    language: str = "en"


_ASIDE = {
    "number": "row_numbers",
    "unit": "column_unit",
    "note": "column_note",
    "added": "column_added",
    "comparison": "column_comparison",
    "to_date": "column_to_date",
    "total": "column_total",
}


def set_aside(table: Table, columns: dict[int, Meaning], rows: Rows, board: Board) -> None:
    """Account for a table's header, and for the columns and rows that records do not use."""
    body = np.array([*rows.data, *rows.totals, *rows.sections], dtype=int)
    band = np.array(table.band, dtype=int)
    for column, meaning in columns.items():
        if meaning.role in _ASIDE or meaning.role in ("unknown", "refused"):
            kind = _ASIDE.get(meaning.role, "column_unused")
            note = board.say(kind, band[-1], column, table.header(column))
            board.aside(None if meaning.role == "refused" else note, np.r_[band, body], column)
        else:
            board.keep(band, column)
    for column in _without_header(table, rows, board):
        note = board.say("column_unused", column=column, header=column_name(column))
        board.aside(note, np.r_[band, body], column)
    kinds = dict.fromkeys(rows.totals, "total") | dict.fromkeys(rows.sections, "section")
    for row, kind in (kinds | rows.aside).items():
        if kind != "outside":
            board.aside(board.say(kind, row), row, list(columns))


def _without_header(table: Table, rows: Rows, board: Board) -> list[int]:
    """List the columns that are filled in the table's rows, but have no header."""
    filled = np.flatnonzero(board.filled[rows.data].any(axis=0))
    return [int(column) for column in filled if column not in {*table.paths, *table.beside}]


def described(
    board: Board,
    headers: dict[int, str],
    language: str,
    columns: dict[int, Meaning] | None = None,
) -> list[dict[str, str]]:
    """Describe how each column was understood, one row per column."""
    columns = columns or {c: understand([header]) for c, header in headers.items()}
    return [
        {
            "file": board.file,
            "sheet": board.sheet,
            "column": column_name(column),
            "header": headers[column],
            "meaning": _in_words(meaning, language),
        }
        for column, meaning in columns.items()
    ]


def _in_words(meaning: Meaning, language: str) -> str:
    label = label_of(meaning.role, language)
    days = f"{meaning.span.start:%d/%m/%Y}–{meaning.span.end:%d/%m/%Y}" if meaning.span else ""
    return " · ".join(text for text in (label, meaning.commune, meaning.part, days) if text)


def label_of(name: str, language: str) -> str:
    """Return the label of a count or of another role of a column."""
    if name in COUNTS:
        return find_measure(name).text("label", language)
    return word(f"role.{name}", language)


class Gatherer:
    """Extracts the reports of one table, and accounts for each of its cells."""

    def __init__(
        self,
        table: Table,
        columns: dict[int, Meaning],
        rows: Rows,
        context: Context,
        board: Board,
        choices: Choices,
    ) -> None:
        self.table, self.columns, self.rows = table, dict(columns), rows
        self.context, self.board, self.choices = context, board, choices
        self.headers = {column: table.header(column) for column in table.paths}
        self.refused = self._refuse_twins()
        self.by_role = {meaning.role: column for column, meaning in self.columns.items()}
        self.counted = self._counted()
        self.data = [row for row in rows.data if not self._is_unused(row)]
        rows.data = self.data
        self.labels = {
            role: fill_down(table, rows, self.by_role, role)
            for role in LABELS
            if role in self.by_role
        }
        self.dater = Dater(self.labels, context)
        self.figures = {c: self.read(c) for c, m in self.columns.items() if m.role in COUNTS}

    def say(self, kind: str, row: int | None, column: int | None, **details: object) -> Problem:
        """Build a problem or note about a cell of this table."""
        value = "" if row is None or column is None else self.table.sheet.rows[row][column]
        header = "" if column is None else self.headers.get(column) or column_name(column)
        return self.board.say(kind, row, column, header, value, **details)

    def fault(self, kind: str, row: int | None, column: int | None, **details: object) -> None:
        """Record a problem with a cell of this table."""
        self.board.fault(self.say(kind, row, column, **details), row, column)

    def _refuse_twins(self) -> bool:
        """Refuse columns of equal meaning, and headers with several possible meanings.

        Where two mean the same, nobody knows which is meant: no row can be told, and all wait.
        """
        seen, twice = set(), False
        for column, meaning in list(self.columns.items()):
            if meaning.role == "unclear":
                named = "; ".join(label_of(name, self.choices.language) for name in meaning.options)
                self._refuse_column(column, "unclear_header", meanings=named)
            elif unit := self._unit(column, meaning):
                self._refuse_column(column, "other_unit", words=unit)
            elif meaning.unread and not self._has_days():
                self._refuse_column(column, "unread_period", words=meaning.unread)
                twice = True
            elif meaning.role in (*COUNTS, *LABELS, "measure") and meaning in seen:
                named = label_of(meaning.role, self.choices.language)
                self._refuse_column(column, "column_twice", name=named)
                twice = True
            seen.add(meaning)
        return twice

    def _unit(self, column: int, meaning: Meaning) -> str:
        """Return the unit of a column that does not count by one; blank for single counts."""
        if meaning.role not in (*COUNTS, "value"):
            return ""
        cells = self.table.sheet.rows
        below = [cells[row][column] for row, k in self.rows.aside.items() if k == "units_row"]
        beside = [unit for unit in below if unit and unit_of(unit) != "ones"]
        return meaning.unit or next(iter([*beside, self.context.unit]), "")

    def _has_days(self) -> bool:
        """Check whether first and last day have columns of their own: these take precedence."""
        roles = {meaning.role for meaning in self.columns.values()}
        return set(DAYS) <= roles

    def _refuse_column(self, column: int, kind: str, **details: object) -> None:
        """Record a problem with a header, at its lowest filled cell, and drop the column."""
        cells = self.table.sheet.rows
        row = max(
            row for row in self.table.band if cells[row][column] != "" or row == self.table.band[0]
        )
        problem = self.board.say(kind, row, column, self.headers[column], **details)
        self.board.fault(problem, row, column)
        self.columns[column] = Meaning("refused")

    def _counted(self) -> dict[int, tuple[str, ...]]:
        """Map each row of a form to the counts it can mean; empty if headers name the counts."""
        if "measure" not in self.by_role:
            return {}
        labels = fill_down(self.table, self.rows, self.by_role, "measure")
        meant = [measure_of(label) if isinstance(label, str) else () for label in labels]
        return dict(zip(self.rows.data, meant, strict=True))

    def _unit_of_row(self, row: int) -> str:
        """Return the unit of a form's row that does not count by one; else blank."""
        cells, column = self.table.sheet.rows[row], self.by_role.get("unit")
        unit = "" if column is None else as_text(cells[column])
        return scaled(as_text(cells[self.by_role["measure"]])) or (
            unit if unit and unit_of(unit) != "ones" else ""
        )

    def _is_unused(self, row: int) -> bool:
        """Check whether a form's row counts something unknown or unclear; record it."""
        if row not in self.counted:
            return False
        meant, column = self.counted[row], self.by_role["measure"]
        unit = self._unit_of_row(row) if meant else ""
        if len(meant) == 1 and not unit:
            return False
        if unit_of(unit) == "share":
            self.board.aside(self.say("row_comparison", row, column), row)
            return True
        if unit:
            self.fault("other_unit", row, column, words=unit)
        elif meant:
            named = "; ".join(label_of(name, self.choices.language) for name in meant)
            self.fault("unclear_header", row, column, meanings=named)
        self.board.aside(None if meant else self.say("row_unused", row, column), row)
        return True

    def read(self, column: int) -> tuple[list[int | None], list[bool]]:
        """Return the values of a column of figures, and which are sound; record problems."""
        merged = merged_rows(self.table, column)
        cells = [self.table.sheet.rows[row][column] for row in self.data]
        counts = read_counts(cells, self.choices.numbers, self.choices.dash)
        for i, row in enumerate(self.data):
            if not (counts[i].kind or row in merged):
                continue
            kind, details = counts[i].kind, counts[i].details
            if row in merged:
                kind, details = "merged_count", {}
            if cells[i] != "":
                self.fault(kind, row, column, **details)
            counts[i] = Count(None, kind)
        return [count.value for count in counts], [not count.kind for count in counts]

    def gather(self) -> Reports | None:
        """Return the table's reports; None if there are none."""
        set_aside(self.table, self.columns, self.rows, self.board)
        if not self.data:
            return None
        by_rows = "measure" in self.by_role
        named: dict[tuple, dict[str, int]] = {}
        for column, meaning in self.columns.items():
            if meaning.role in COUNTS or (by_rows and meaning.role == "value"):
                key = (meaning.span, meaning.part, meaning.commune)
                named.setdefault(key, {})[meaning.role] = column
        shape = self._by_rows if by_rows else self._by_columns
        parts = [self._reports(key, *shape(columns)) for key, columns in named.items()]
        if not parts:
            return None
        reports = join(parts)
        reports.aside(np.arange(len(reports.values)))  # until the records keep them
        return reports

    def _by_columns(self, columns: dict[str, int]) -> tuple[list[int], dict[str, tuple]]:
        """Make one report of each row: its position, and values, soundness and cells of counts."""
        rows = np.array(self.data)
        found = {
            count: (*self.figures[column], rows, np.broadcast_to(column, len(rows)))
            for count, column in columns.items()
        }
        return list(range(len(rows))), found

    def _by_rows(self, columns: dict[str, int]) -> tuple[list[int], dict[str, tuple]]:
        """Make one report per commune and period of a form, in which each row is a count."""
        column, beside = columns["value"], self.by_role["measure"]
        values, sound = self.read(column)
        firsts: dict[tuple, int] = {}
        found: dict[tuple[str, int], int] = {}
        for i, row in enumerate(self.data):
            label = tuple(labels[i] for labels in self.labels.values())
            report = firsts.setdefault(label, i)
            [count] = self.counted[row]
            self.board.keep(row, beside)
            if (count, report) in found:
                self.fault("row_twice", row, column, name=label_of(count, self.choices.language))
                sound[found[count, report]] = False
            else:
                found[count, report] = i
        reports = list(firsts.values())
        by_count = {}
        for count in dict.fromkeys(count for count, _ in found):
            at = [found.get((count, report), -1) for report in reports]
            by_count[count] = (
                [values[i] if i >= 0 else None for i in at],
                [sound[i] if i >= 0 else True for i in at],
                np.array([self.data[i] if i >= 0 else -1 for i in at]),
                np.array([column if i >= 0 else -1 for i in at]),
            )
        return reports, by_count

    def _reports(self, key: tuple, reports: list[int], counts: dict[str, tuple]) -> Reports:
        """Build the reports of the columns whose headers name one period and commune."""
        span, part, commune = key
        rows = np.array([self.data[i] for i in reports])
        named, source = self.labels.get("commune"), self.labels.get("source")
        given = commune or self.context.commune
        mark = "illustrative" if self.context.illustrative else ""
        days, broken = self._periods(reports, span, part)
        values = {
            "commune": [named[i] for i in reports] if named else [given] * len(rows),
            **days,
            "source": [source[i] for i in reports] if source else [mark] * len(rows),
        }
        places = {field: column for field in values if (column := self._place(field)) >= 0}
        columns = {field: np.broadcast_to(column, len(rows)) for field, column in places.items()}
        columns |= {day: np.where(broken, -1, places[day]) for day in DAYS if day in places}
        sound = np.all([sound for _, sound, _, _ in counts.values()], axis=0)
        return Reports(
            pd.DataFrame(values | {count: of[0] for count, of in counts.items()}, dtype=object),
            dict.fromkeys(places, rows) | {count: of[2] for count, of in counts.items()},
            columns | {count: of[3] for count, of in counts.items()},
            np.zeros(len(rows), int),
            sound & ~broken & (not self.refused),
            [self.board],
            [self.headers],
            self.choices.language,
        )

    def _place(self, field: str) -> int:
        """Return the column of a field; -1 if it stands in the header or a title."""
        if field in COUNTS:
            return -1
        halved = field in DAYS and not set(DAYS) <= set(self.labels)
        if field in self.labels and not halved:
            return self.by_role[field]
        if field.startswith("period") and self.dater.labels:
            return self.by_role[next(iter(self.dater.labels))]
        return -1

    def _periods(
        self, reports: list[int], span: Span | None, part: str
    ) -> tuple[dict[str, list], np.ndarray]:
        """Return first and last days from row, header or title, and which rows have none."""
        broken = np.zeros(len(reports), bool)
        if {"period_start", "period_end"} <= set(self.labels):
            names = [n for n in ("period_start", "period_end", "year") if n in self.labels]
            return {name: [self.labels[name][i] for i in reports] for name in names}, broken
        found = [self.dater.span_of(i, span, part) for i in reports]
        for at, i in enumerate(reports):
            if found[at] is None and any(label != "" for label in self.dater.labels_of(i)):
                broken[at] = True
                column = self._place("period_start")
                self.fault("broken_period", self.data[i], column)
                self.board.aside(None, self.data[i], column)
        unknown = None in found and not self.dater.labels
        if unknown and self.context.unread:
            self.board.fault(self.board.say("unread_period", words=self.context.unread))
        elif unknown and len(self.context.spans) > 1:
            named = [f"{s.start:%d/%m/%Y}–{s.end:%d/%m/%Y}" for s in self.context.spans]
            self.board.fault(self.board.say("several_periods", periods="; ".join(named)))
        assumed = next((span for span in found if span and not span.stated), None)
        if assumed and not any(note.kind == "period_assumed" for note in self.board.notes):
            days = {"start": f"{assumed.start:%d/%m/%Y}", "end": f"{assumed.end:%d/%m/%Y}"}
            self.board.note(self.board.say("period_assumed", **days))
        return {
            "period_start": [span and pd.Timestamp(span.start) for span in found],
            "period_end": [span and pd.Timestamp(span.end) for span in found],
        }, broken
