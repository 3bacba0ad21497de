"""Tables with their columns understood in; reports, each figure with its place, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from antq_helpers.problems import Problem
from antq_helpers.reading.board import Board, cell_name
from antq_helpers.reading.headers import COUNTS

FIELDS = ("commune", "period_start", "period_end", "year", *COUNTS, "source")


@dataclass(frozen=True)
class Reports:
    """Reports of one or more tables, and where in their files each value stands.

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
        """Give the sheet, its headers, and the row and column of a report's field.

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
        """Make a problem or note of one report, at one of its fields."""
        board, headers, row, column = self.place(index, field)
        shown = f"{value:%d/%m/%Y}" if isinstance(value, pd.Timestamp) else value
        header = headers.get(column, "") if column is not None else field
        return board.say(kind, row, column, header, shown, **details)

    def note(self, kind: str, index: int, **details: object) -> None:
        """Say that a report, as one row, is set aside."""
        board, _, row, _ = self.place(index, "commune")
        board.note(board.say(kind, row, **details))

    def name(self, index: int, beside: int) -> str:
        """Name the row of a report; with sheet and file where another report stands elsewhere.

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
        """Take down a problem on the sheet that it stands on."""
        board, _, row, column = self.place(index, field)
        board.fault(problem, row, column)

    def keep(self, indices: np.ndarray, checks: dict[str, list[int]]) -> None:
        """Mark the cells of these reports as held by the records, but for checks on others."""
        self._each(indices, Board.keep, checks)

    def aside(self, indices: np.ndarray) -> None:
        """Mark the cells of these reports as set aside; the reason is said elsewhere."""
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
    """Put the reports of several tables together."""
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
