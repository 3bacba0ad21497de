"""One sheet as it stands in; the tables that stand on it, with their headers and titles, out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from antq_helpers.reading.headers import (
    COUNTS,
    LABELS,
    is_header_cell,
    meanings_of,
)
from antq_helpers.reading.rows import as_text, heads_group, is_numbering, is_units
from antq_helpers.reading.sheets import Sheet
from antq_helpers.tables import clean

_DEEPEST = 3  # rows of a header
_ROW_LABELS = {*LABELS, "measure", "number"}
_YEARS = range(1990, 2101)
_FIGURE = re.compile(r"[\d\s.,]+(\s\D{1,8}|%)?")


@dataclass(frozen=True)
class Table:
    """One table of a sheet; rows and columns are counted from zero.

    ``paths`` holds, for each column, the texts of its header from the top down; ``titles`` the
    filled cells of each row above the table that belongs to no other; ``beside`` the columns of
    tables that stand beside it.
    """

    sheet: Sheet
    band: range
    body: range
    paths: dict[int, tuple[str, ...]]
    titles: list[list[str]]
    beside: frozenset[int] = frozenset()

    def header(self, column: int) -> str:
        """Give a column's header in one line."""
        return " › ".join(dict.fromkeys(text for text in self.paths.get(column, ()) if text))


def tidy(sheet: Sheet) -> Sheet:
    """Compose letters and fold white space in every cell, and make all rows equally long."""
    width = max(map(len, sheet.rows), default=0)
    distinct = {cell for row in sheet.rows for cell in row if type(cell) is str}
    texts = {cell: clean(cell) for cell in distinct}
    rows = [
        [texts[cell] if type(cell) is str else cell for cell in row] + [""] * (width - len(row))
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def find_tables(sheet: Sheet, knows: Callable[[str], bool]) -> list[Table]:
    """Find every table of records on a sheet, wherever it stands.

    Parameters
    ----------
    sheet
        As :func:`tidy` gives it.
    knows
        Says whether a text is the name of a commune.
    """
    finder = _Finder(sheet, knows)
    bands = finder.bands()
    tables = []
    for number, band in enumerate(bands):
        end = bands[number + 1].start if number + 1 < len(bands) else len(sheet.rows)
        start = bands[number - 1].stop if number else 0
        table = Table(
            sheet, band, range(band.stop, end), finder.paths(band), finder.titles(start, band.start)
        )
        tables += _side_by_side(table)
    return tables


class _Finder:
    """Knows one sheet's rows, and remembers what each text could be in a header."""

    def __init__(self, sheet: Sheet, knows: Callable[[str], bool]) -> None:
        self.sheet, self.rows, self.knows = sheet, sheet.rows, knows
        self._kinds: dict[object, str] = {}

    def kind(self, cell: object) -> str:
        key = (type(cell), cell)
        if key not in self._kinds:
            self._kinds[key] = is_header_cell(cell)
        return self._kinds[key]

    def bands(self) -> list[range]:
        """Find the rows of each header."""
        found: list[range] = []
        row = 0
        while row < len(self.rows):
            if not self._is_anchor(row):
                row += 1
                continue
            first = row - 1 if row and self._belongs_above(row - 1, row) else row
            band = range(first, row + 1)
            while band.stop < len(self.rows) and self._continues(band):
                band = range(first, band.stop + 1)
            if not (found and self._is_again(band, found[-1])):
                found.append(band)
            row = band.stop
        return found

    def _is_again(self, band: range, before: range) -> bool:
        """Say whether a header is that of the page before: the same, with no title above it."""
        if any(self.rows[i] != self.rows[j] for i, j in zip(band, before, strict=False)):
            return False
        above = [
            [cell for cell in row if cell != ""] for row in self.rows[before.stop : band.start]
        ]
        inside = [filled for filled in above if filled and not all(map(heads_group, filled))]
        return bool(inside) and not all(map(self._may_head, inside[-1]))

    def _is_anchor(self, row: int) -> bool:
        """Say whether a row names what its columns hold."""
        filled = [cell for cell in self.rows[row] if cell != ""]
        if len(filled) < 2 or not all(self._may_head(cell) for cell in filled):
            return False
        if is_units(filled) or is_numbering(filled):
            return False
        texts = [cell for cell in filled if isinstance(cell, str) and not cell.endswith(":")]
        words = [cell for cell in texts if self.kind(cell) == "word"]
        names = sum(map(self.knows, texts))
        meanings = [meanings_of(cell) for cell in words]
        # "Đơn vị | Tuy Lộc" is a title; "Nội dung | Tuy Lộc" has one column for each commune.
        columns = any("measure" in found for found in meanings)
        if not words or (1 <= names <= 2 and not columns) or names == len(filled):
            return False
        periods = sum(self.kind(cell) == "period" for cell in filled)
        labels = any(found & _ROW_LABELS for found in meanings)
        counts: set[str] = set()
        for found in sorted(meanings, key=len):  # "Tin" may be the tips that stand beside it
            if not found & counts:
                counts |= set(sorted(found & set(COUNTS))[:1])
        return (labels and len(words) + periods + names >= 2) or len(counts) >= 2

    def _may_head(self, cell: object) -> bool:
        """Say whether a cell can stand in a header: words or years, but no figures or dates."""
        if isinstance(cell, str) and not _FIGURE.fullmatch(cell):
            return True
        is_year = isinstance(cell, (str, date)) or (isinstance(cell, int) and cell in _YEARS)
        return is_year and bool(self.kind(cell))

    def _labels(self, rows: range) -> set[int]:
        """Give the columns that name what the rows of a table are."""
        return {
            column
            for row in rows
            for column, cell in enumerate(self.rows[row])
            if isinstance(cell, str) and meanings_of(cell) & _ROW_LABELS
        }

    def _belongs_above(self, row: int, anchor: int) -> bool:
        """Say whether the row above the anchor groups its columns."""
        filled = [column for column, cell in enumerate(self.rows[row]) if cell != ""]
        if not filled or not all(self._may_head(self.rows[row][column]) for column in filled):
            return False
        free = not self._labels(range(anchor, anchor + 1)) & set(filled)
        names = sum(isinstance(cell, str) and self.knows(cell) for cell in self.rows[row] if cell)
        if self._labels(range(row, row + 1)):
            return free and names != 1
        kinds = [self.kind(self.rows[row][column]) for column in filled]
        used = [column for column, cell in enumerate(self.rows[anchor]) if cell != ""]
        inside = min(used) <= filled[0] and filled[-1] <= max(used)
        # One period alone is a title; over several columns there are several.
        return inside and free and ("word" in kinds or kinds.count("period") > 1)

    def _continues(self, band: range) -> bool:
        """Say whether the row below a header still belongs to it."""
        row = band.stop
        filled = [column for column, cell in enumerate(self.rows[row]) if cell != ""]
        if len(band) >= _DEEPEST or not filled:
            return False
        if is_numbering(self.rows[row]) or is_units(self.rows[row]):
            return False
        if not all(self._may_head(self.rows[row][column]) for column in filled):
            return False
        merged = any(top in band and bottom >= row for top, _, bottom, _ in self.sheet.merged)
        labels = self._labels(band)
        named = merged or any(self.kind(self.rows[row][column]) for column in filled)
        below = [self.rows[row][column] for column in labels]
        # A label may head others, as "Kỳ báo cáo" does "Từ ngày"; below all of them data begin.
        free = "" in below and all(cell == "" or self.kind(cell) == "word" for cell in below)
        return bool(labels and free and named) or (not labels and self._is_anchor(row))

    def paths(self, band: range) -> dict[int, tuple[str, ...]]:
        """Give each column's header, merged cells and groups repeated over their columns."""
        width = len(self.rows[band.start])
        grid = [list(self.rows[row]) for row in band]
        covered = set()
        for top, left, bottom, right in self.sheet.merged:
            for row in range(max(top, band.start), min(bottom + 1, band.stop)):
                for column in range(left, min(right + 1, width)):
                    grid[row - band.start][column] = self.rows[top][left]
                    covered.add((row - band.start, column))
        for depth in reversed(range(len(grid) - 1)):
            below = grid[depth + 1]
            for column in range(1, width):
                blank = grid[depth][column] == "" and (depth, column) not in covered
                if blank and below[column] != "" and below[column - 1] != "":
                    grid[depth][column] = grid[depth][column - 1]
        return {
            column: tuple(as_text(row[column]) for row in grid)
            for column in range(width)
            if any(row[column] != "" for row in grid)
        }

    def titles(self, start: int, stop: int) -> list[list[str]]:
        """Give the rows above a header that hold no figures, up to the table before."""
        found: list[list[str]] = []
        for row in reversed(self.rows[start:stop]):
            filled = [cell for cell in row if cell != ""]
            if not all(self._may_head(cell) for cell in filled) and start:
                break
            if filled:
                found.append([as_text(cell) for cell in filled])
        return found[::-1]


def _side_by_side(table: Table) -> list[Table]:
    """Part tables that stand beside each other, each with communes of its own."""
    communes = [
        column
        for column, path in table.paths.items()
        if any(meanings_of(text) == {"commune"} for text in path)
    ]
    starts = []
    for column in communes[1:]:
        numbered = any("number" in meanings_of(text) for text in table.paths.get(column - 1, ()))
        starts.append(column - 1 if numbered else column)
    if not starts:
        return [table]
    edges = [0, *starts, max(table.paths) + 1]
    return [
        replace(
            table,
            paths={c: p for c, p in table.paths.items() if low <= c < high},
            beside=frozenset(c for c in table.paths if not low <= c < high),
        )
        for low, high in pairwise(edges)
    ]
