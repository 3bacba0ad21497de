"""One sheet's cells in; which were kept, set aside or a problem, each with its reason, out."""

from __future__ import annotations

import numpy as np

from antq_helpers.problems import Problem

KEPT, ASIDE, WRONG = 1, 2, 3


class Board:
    """Accounts for each filled cell of one sheet.

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
        """Make a problem or note of a place on this sheet."""
        cell = "" if row is None or column is None else cell_name(row, column)
        shown = "" if value is None else str(value)
        number = None if row is None else int(row) + 1
        return Problem(kind, self.file, self.sheet, number, header, shown, details, cell)

    def fault(self, problem: Problem, row: int | None = None, column: int | None = None) -> None:
        """Take down what must be corrected, once, and in which cell."""
        key = (problem.kind, problem.row, problem.column, problem.cell, *problem.details.items())
        if key in self._noted:
            return
        self._noted.add(key)
        self.problems.append(problem)
        if row is not None and column is not None:
            self._wrong.append((row, column))

    def keep(self, rows: object, columns: object) -> None:
        """Mark cells that the records hold."""
        self.state[rows, columns] = KEPT

    def aside(self, note: Problem | None, rows: object, columns: object = slice(None)) -> None:
        """Mark cells that are set aside, as far as nothing is said of them yet."""
        part = self.state[rows, columns]
        self.state[rows, columns] = np.where(part == 0, ASIDE, part)
        if note is not None:
            self.note(note)

    def note(self, note: Problem) -> None:
        """Take down what was set aside, once for each row and column."""
        key = (note.kind, note.row, note.column, *note.details.items())
        if key not in self._noted:
            self._noted.add(key)
            self.notes.append(note)

    def rest_is_outside(self) -> None:
        """Set aside what belongs to no table; the rows are named, their content is not."""
        left = self.filled & (self.state == 0)
        self.state[left] = ASIDE
        for row in np.flatnonzero(left.any(axis=1)):
            self.note(self.say("outside", row))

    def counts(self) -> dict[str, object]:
        """Give one row of the account."""
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
    """Name a cell as a spreadsheet does.

    Examples
    --------
    >>> cell_name(13, 3), cell_name(0, 26)
    ('D14', 'AA1')
    """
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Name a column as a spreadsheet does."""
    letters, number = "", int(column) + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
