"""The table of cells: where each value of a report stands, and what became of every cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from antq_helpers.problems import Problem
from antq_helpers.reading.headers import COUNTS
from antq_helpers.reading.persons import unnamed

KEPT, ASIDE, WRONG = 1, 2, 3
_FATES = ("", "kept", "set_aside", "problems")


class CellLog:
    """The account of all filled cells of one sheet, with its problems and notes.

    Attributes
    ----------
    filled : array of bool
        Which cells hold something, by row and column from zero.
    quotes : tuple of str
        Of counts that were found in sentences, the words around each column's.
    problems, notes : list of Problem
        What must be corrected, and what was set aside.
    """

    def __init__(
        self, file: str, sheet: str, filled: np.ndarray, quotes: tuple[str, ...] = ()
    ) -> None:
        self.file, self.sheet, self.filled, self.quotes = file, sheet, filled, quotes
        self.state = np.zeros(filled.shape, np.int8, "F" if filled.flags.f_contiguous else "C")
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self._wrong: list[tuple[int, int]] = []
        self._reasons: list[tuple[Problem, object, object]] = []
        self._noted: set[tuple] = set()

    def problem_at(
        self,
        kind: str,
        row: int | None = None,
        column: int | None = None,
        header: str = "",
        value: object = "",
        **details: object,
    ) -> Problem:
        """Build a problem or note about a cell of this sheet; it repeats no name of a person."""
        cell = "" if row is None or column is None else cell_name(row, column)
        shown, header = "" if value is None else unnamed(str(value)), unnamed(header)
        details = {k: unnamed(v) if isinstance(v, str) else v for k, v in details.items()}
        number = None if row is None else int(row) + 1
        return Problem(kind, self.file, self.sheet, number, header, shown, details, cell)

    def add_problem(
        self, problem: Problem, row: int | None = None, column: int | None = None
    ) -> None:
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

    def set_aside(self, note: Problem | None, rows: object, columns: object = slice(None)) -> None:
        """Mark cells as set aside, unless they are marked already."""
        part = self.state[rows, columns]
        self.state[rows, columns] = np.where(part == 0, ASIDE, part)
        if note is not None:
            self.explain(note, rows, columns)
            self.add_note(note)

    def explain(self, note: Problem, rows: object, columns: object) -> None:
        """Keep the reason why cells are set aside."""
        self._reasons.append((note, rows, columns))

    def add_note(self, note: Problem) -> None:
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
            self.add_note(self.problem_at("outside", row))

    def _fates(self) -> np.ndarray:
        state = self.state.copy() if self._wrong else self.state
        for row, column in self._wrong:
            state[row, column] = WRONG
        return state

    def cells(self, language: str) -> pd.DataFrame:
        """List the filled cells: ``row`` and ``column`` from zero, ``fate``, and its ``reason``."""
        fates, reasons = self._fates(), np.full(self.filled.shape, "", dtype=object)
        for note, rows, columns in self._reasons:
            part = reasons[rows, columns]
            reasons[rows, columns] = np.where(part == "", note.expected(language), part)
        for note in (note for note in self.notes if note.row):
            part = reasons[note.row - 1]
            reasons[note.row - 1] = np.where(part == "", note.expected(language), part)
        # Where a count of another table must be corrected, all counts of the report wait.
        waits = Problem("row_waits", self.file).expected(language)
        reasons[(fates == ASIDE) & (reasons == "")] = waits
        reasons[fates == KEPT] = ""
        said = [note for note in self.notes if note.kind == "accepted"]
        for problem in (problem for problem in [*self.problems, *said] if problem.cell):
            row, column = coordinate_to_tuple(problem.cell)
            reasons[row - 1, column - 1] = problem.expected(language)
        row, column = np.nonzero(self.filled)
        fate = np.array(_FATES, dtype=object)[fates[row, column]]
        places = {"file": self.file, "sheet": self.sheet, "row": row, "column": column}
        return pd.DataFrame({**places, "fate": fate, "reason": reasons[row, column]})

    def counts(self) -> dict[str, object]:
        """Count the sheet's cells by what became of them."""
        state = self._fates()

        def count(kind: int) -> int:
            return int(np.count_nonzero((state == kind) & self.filled))

        return {
            "file": self.file,
            "sheet": self.sheet,
            "cells": int(self.filled.sum()),
            **{_FATES[kind]: count(kind) for kind in (KEPT, ASIDE, WRONG)},
        }


def cell_name(row: int, column: int) -> str:
    """Return a cell's name in a spreadsheet.

    >>> cell_name(13, 3), cell_name(0, 26)
    ('D14', 'AA1')
    """
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Return a column's letters in a spreadsheet, counted from zero."""
    return get_column_letter(column + 1)


def all_cells(
    logs: Sequence[CellLog], reports: Reports | None, record: np.ndarray, language: str
) -> pd.DataFrame:
    """List every filled cell of some sheets, with the values of records that stand in it."""
    table = pd.concat([log.cells(language).assign(log=i) for i, log in enumerate(logs)])
    if reports is None:
        used = pd.DataFrame(columns=["log", "row", "column", "field", "record"], dtype=object)
    else:
        number = {id(log): i for i, log in enumerate(logs)}
        used = reports.cells(record)
        used["log"] = np.array([number[id(log)] for log in reports.logs])[used["log"]]
    found = table.merge(used, how="left", on=["log", "row", "column"])
    cells = [cell_name(*at) for at in zip(found["row"], found["column"], strict=True)]
    shown = found.assign(cell=cells, field=found["field"].fillna(""))
    shown["record"] = shown["record"].astype("Int64")
    return shown[["file", "sheet", "cell", "fate", "field", "record", "reason"]]


@dataclass(frozen=True)
class Reports:
    """Reports of one or more tables, and the cell of each value.

    ``rows`` and ``columns`` give each field's place from zero, -1 where it stands in no cell;
    ``table`` the number of the table in ``logs`` and ``headers``; ``sound`` says of which all
    figures could be read.
    """

    values: pd.DataFrame
    rows: dict[str, np.ndarray]
    columns: dict[str, np.ndarray]
    table: np.ndarray
    sound: np.ndarray
    logs: list[CellLog]
    headers: list[dict[int, str]]
    language: str = "en"

    def place(
        self, index: int, field: str
    ) -> tuple[CellLog, dict[int, str], int | None, int | None]:
        """Return the sheet's account, its headers, and row and column of a report's field.

        What stands in no cell of its own, as a period in the title, has the report's row alone.
        """
        table = int(self.table[index])
        row = _at(self.rows, field, index)
        if row < 0:
            row = max((_at(self.rows, other, index) for other in self.rows), default=-1)
        column = _at(self.columns, field, index)
        log, headers = self.logs[table], self.headers[table]
        return log, headers, row if row >= 0 else None, column if column >= 0 else None

    def problem(
        self, kind: str, index: int, field: str = "", value: object = "", **details: object
    ) -> Problem:
        """Build a problem or note about one field of a report."""
        log, headers, row, column = self.place(index, field)
        shown = f"{value:%d/%m/%Y}" if isinstance(value, pd.Timestamp) else value
        header = headers.get(column, "") if column is not None else field
        return log.problem_at(kind, row, column, header, shown, **details)

    def add_note(self, kind: str, index: int, **details: object) -> None:
        """Record that a report is set aside, as one row; this is the reason of all its cells."""
        log, _, row, _ = self.place(index, "commune")
        note = log.problem_at(kind, row, **details)
        log.add_note(note)
        places = [(rows[index], self.columns[field][index]) for field, rows in self.rows.items()]
        log.explain(note, *np.array([place for place in places if min(place) >= 0], int).T)

    def name(self, index: int, beside: int) -> str:
        """Return a report's row number, with sheet and file if they differ from another report's.

        Where both stand in one row, as months in columns do, the first figure's cell is named, too.
        """
        log, _, row, _ = self.place(index, "commune")
        here = self.logs[int(self.table[beside])]
        if log is here and row is not None and row == self.place(beside, "commune")[2]:
            places = [self.place(index, count)[3] for count in COUNTS]
            first = min((column for column in places if column is not None), default=None)
            return str(row + 1) if first is None else f"{row + 1} ({cell_name(row, first)})"
        if log is here:
            return str(row + 1) if row is not None else "–"
        elsewhere = log.problem_at("", row)
        file = log.file if log.file != here.file else ""
        return replace(elsewhere, file=file).where(self.language)

    def add_problem(self, problem: Problem, index: int, field: str = "") -> None:
        """Record a problem with a report on its sheet."""
        log, _, row, column = self.place(index, field)
        log.add_problem(problem, row, column)

    def cells(self, record: np.ndarray) -> pd.DataFrame:
        """List the cell of each value: ``log`` and place, ``field``, and the row of the records.

        ``record`` gives that row for each report, -1 for those that are no record.
        """
        parts = []
        for field, rows in self.rows.items():
            at = np.flatnonzero((rows >= 0) & (record >= 0))
            places = {"row": rows[at], "column": self.columns[field][at], "field": field}
            parts.append(pd.DataFrame({"log": self.table[at], **places, "record": record[at]}))
        return pd.concat(parts, ignore_index=True)

    def keep(self, indices: np.ndarray, checks: dict[str, list[int]]) -> None:
        """Mark the cells of these reports as used, except counts that are only checks."""
        self._each(indices, CellLog.keep, checks)

    def set_aside(self, indices: np.ndarray) -> None:
        """Mark the cells of these reports as set aside; the reason is recorded elsewhere."""
        self._each(indices, lambda log, rows, columns: log.set_aside(None, rows, columns))

    def _each(
        self, indices: np.ndarray, mark: Callable, but: dict[str, list[int]] | None = None
    ) -> None:
        for number in np.unique(self.table[indices]) if len(self.logs) > 1 else [0]:
            chosen = np.zeros(len(self.table), bool)
            chosen[indices] = True
            chosen &= self.table == number
            below = None
            for field, rows in self.rows.items():
                some = chosen & (rows >= 0)
                if but and field in but:
                    some[but[field]] = False
                columns = self.columns[field]
                in_order = rows is below or (len(rows) and (np.diff(rows) == 1).all())
                if columns.strides == (0,) and some.all() and in_order:
                    below = rows  # of a clean file: row below row, the same for each field
                    together = slice(int(rows[0]), int(rows[-1]) + 1)
                    mark(self.logs[number], together, int(columns[0]))
                else:
                    mark(self.logs[number], rows[some], columns[some])


def _at(places: dict[str, np.ndarray], field: str, index: int) -> int:
    return int(places[field][index]) if field in places else -1


def join(parts: list[Reports]) -> Reports:
    """Concatenate the reports of several tables."""
    if len(parts) == 1:
        return parts[0]
    lengths = [len(part.values) for part in parts]
    fields = dict.fromkeys(field for part in parts for field in part.rows)

    def stacked(name: str, field: str) -> np.ndarray:
        return np.concatenate(
            [
                getattr(part, name).get(field, np.full(length, -1))
                for part, length in zip(parts, lengths, strict=True)
            ]
        )

    starts = np.cumsum([0, *(len(part.logs) for part in parts)])
    return Reports(
        pd.concat([part.values for part in parts], ignore_index=True),
        {field: stacked("rows", field) for field in fields},
        {field: stacked("columns", field) for field in fields},
        np.concatenate([p.table + start for p, start in zip(parts, starts, strict=False)]),
        np.concatenate([part.sound for part in parts]),
        [log for part in parts for log in part.logs],
        [headers for part in parts for headers in part.headers],
        parts[0].language,
    )
