"""Reports with the cell of each figure, and the account of all cells of a sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from antq_helpers.problems import Problem
from antq_helpers.reading.headers import COUNTS, LABELS
from antq_helpers.reading.layouts import Rows
from antq_helpers.reading.sheets import Table

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
    letters, number = "", int(column) + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


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


DAYS = ("period_start", "period_end")


@dataclass(frozen=True)
class Choices:
    """The user's settings for a file: number marks, dashes, encoding and language of messages."""

    numbers: str | None = None
    dash: str | None = None
    encoding: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class Figures:
    """Figures of one column, and whether each could be read."""

    values: list[int | None]
    sound: list[bool]


@dataclass(frozen=True)
class Slots(Figures):
    """Figures of one count, one per report, with row and column of each."""

    rows: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True)
class Facet:
    """Reports of the columns that share a period and commune in their header."""

    values: dict[str, list]
    rows: dict[str, np.ndarray]
    columns: dict[str, np.ndarray]
    sound: np.ndarray


def merged_rows(table: Table, column: int) -> set[int]:
    """Find the rows whose cell in a column is part of a merged area."""
    return {
        row
        for top, left, bottom, right in table.sheet.merged
        if left <= column <= right and top >= table.band.stop
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
    previous = table.band.stop - 1
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


def join_facets(
    facets: list[Facet], board: Board, headers: dict[int, str], language: str
) -> Reports:
    """Concatenate the reports of all periods and communes in the header of a table."""
    return join(
        [
            Reports(
                pd.DataFrame(facet.values, dtype=object),
                facet.rows,
                facet.columns,
                np.zeros(len(facet.sound), int),
                facet.sound,
                [board],
                [headers],
                language,
            )
            for facet in facets
        ]
    )
