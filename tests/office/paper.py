"""Cells in; sheets on which tables stand, out. Rows and columns count from zero here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.office.facts import Key

Box = tuple[int, int, int, int]


@dataclass
class Cell:
    """What one cell holds, and which records rest on it.

    ``role`` is what a damage may look for: ``count``, ``total``, ``commune``, ``start``, ``end``
    or nothing. ``amount`` is what it counts, however it is written; ``formula`` says that it is
    reckoned, with its value stored beside. ``headers`` are the texts above
    its column, for whoever names the cell later.
    """

    value: object
    role: str = ""
    measure: str = ""
    keys: frozenset[Key] = frozenset()
    headers: tuple[str, ...] = ()
    amount: int | None = None
    formula: bool = False


@dataclass
class Sheet:
    """One sheet: its cells by row and column, what is merged and what is hidden."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[Box] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formatted: list[tuple[int, int]] = field(default_factory=list)
    tables: list[Box] = field(default_factory=list)

    def put(self, row: int, column: int, cell: Cell | object) -> None:
        """Put one cell down; blank ones leave the sheet as it is."""
        cell = cell if isinstance(cell, Cell) else Cell(cell)
        if cell.value is not None and (row, column) in self.cells:
            raise ValueError(f"{self.name}: cell {row}, {column} is taken.")
        if cell.value not in ("", None):
            self.cells[row, column] = cell

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a box of cells, unless it is a single one."""
        if (top, left) != (bottom, right):
            self.merged.append((top, left, bottom, right))

    def size(self) -> tuple[int, int]:
        """Give the number of rows and columns that hold something."""
        rows = max((row for row, _ in self.cells), default=-1) + 1
        columns = max((column for _, column in self.cells), default=-1) + 1
        return rows, columns

    def rows(self) -> list[list[object]]:
        """Give the values as rows of equal length, blank ones as None."""
        height, width = self.size()
        grid: list[list[object]] = [[None] * width for _ in range(height)]
        for (row, column), cell in self.cells.items():
            grid[row][column] = cell.value
        return grid


@dataclass
class Book:
    """One file: its name without ending, and its sheets."""

    name: str
    sheets: list[Sheet] = field(default_factory=list)


@dataclass
class Column:
    """One column of a table: the texts of its header from the top down, and what it holds."""

    path: tuple[object, ...]
    role: str = ""
    measure: str = ""
    unit: str = ""


@dataclass
class Line:
    """One row of a table, as long as its columns; ``kind`` is data, section or total.

    ``group`` is what sections and cells filled only once go by.
    """

    kind: str
    cells: list[Cell]
    section: str = ""


def blank_line(kind: str, columns: Sequence[Column]) -> Line:
    """Give a row of blank cells."""
    return Line(kind, [Cell(None) for _ in columns])
