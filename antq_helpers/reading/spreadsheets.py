"""One sheet as it stands in; the tables that stand on it, with their headers and titles, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

from antq_helpers.reading.bands import Bands
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import (
    meanings_of,
    measure_of,
)
from antq_helpers.reading.headings import under_headings
from antq_helpers.reading.rows import as_text
from antq_helpers.reading.sheets import Sheet
from antq_helpers.reading.table import Table
from antq_helpers.tables import clean


def tidy(sheet: Sheet) -> Sheet:
    """Compose letters and fold white space in every cell, and make all rows equally long."""
    width = max(map(len, sheet.rows), default=0)
    changed = {text: new for text in sheet.texts if (new := clean(text)) != text}
    if not changed and all(len(row) == width for row in sheet.rows):
        return sheet
    rows = [
        [changed.get(cell, cell) if type(cell) is str else cell for cell in row]
        + [""] * (width - len(row))
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
    finder = Bands(sheet, knows)
    bands = finder.find()
    tables = []
    for number, band in enumerate(bands):
        end = bands[number + 1].start if number + 1 < len(bands) else len(sheet.rows)
        before = bands[number - 1] if number else None
        titles = _titles(finder, before, band.start)
        texts = [list(row.values()) for row in titles]
        table = Table(sheet, band, range(band.stop, end), _paths(sheet, band), texts)
        for part in _side_by_side(table, titles):
            tables += under_headings(part, finder)
    return tables or list(_forms(finder))


def _forms(finder: Bands) -> Iterator[Table]:
    """Find the forms of a sheet without any header: the name of a count, and its figure beside."""
    rows, first = finder.rows, 0
    before: range | None = None
    while first < len(rows):
        form = _named_figure(rows[first])
        end = first
        while form and end < len(rows) and rows[end][form[0]] != "" and rows[end][form[1]] != "":
            end += 1
        if form and sum(_named_figure(row) == form for row in rows[first:end]) > 1:
            titles = _titles(finder, before, first)
            paths = dict.fromkeys(form, ("",))
            texts = [list(row.values()) for row in titles]
            yield Table(
                finder.sheet, range(first, first), range(first, end), paths, texts, form=form
            )
            before = range(end, end)
        first = max(end, first + 1)


def _named_figure(row: list) -> tuple[int, int] | None:
    """Give the columns of a count's name and of the one figure behind it."""
    names = [c for c, cell in enumerate(row) if cell and isinstance(cell, str) and measure_of(cell)]
    figures = [
        c
        for c, cell in enumerate(row)
        if names and c > names[0] and cell != "" and read_count(cell).value is not None
    ]
    return (names[0], figures[0]) if len(figures) == 1 else None


def _paths(sheet: Sheet, band: range) -> dict[int, tuple[str, ...]]:
    """Give each column's header, merged cells and groups repeated over their columns."""
    width = len(sheet.rows[band.start])
    grid = [list(sheet.rows[row]) for row in band]
    covered = set()
    for top, left, bottom, right in sheet.merged:
        for row in range(max(top, band.start), min(bottom + 1, band.stop)):
            for column in range(left, min(right + 1, width)):
                grid[row - band.start][column] = sheet.rows[top][left]
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


def _titles(finder: Bands, before: range | None, stop: int) -> list[dict[int, str]]:
    """Give the rows above a header that hold no figures, up to the table before: by columns."""
    found: list[dict[int, str]] = []
    start = 0 if before is None else before.stop
    for row in reversed(finder.rows[start:stop]):
        if start and finder.is_of_table(row, before):
            break
        if filled := {column: as_text(cell) for column, cell in enumerate(row) if cell != ""}:
            found.append(filled)
    return found[::-1]


def _side_by_side(table: Table, titles: list[dict[int, str]]) -> list[Table]:
    """Part tables that stand beside each other, each with communes of its own.

    A row of titles that holds one for each of them, such as their years, is parted, too.
    """
    communes = [
        column
        for column, path in table.paths.items()
        if any(meanings_of(text) == {"commune"} for text in path) and not table.holds_units(column)
    ]
    starts = []
    for column in communes[1:]:
        numbered = any("number" in meanings_of(text) for text in table.paths.get(column - 1, ()))
        starts.append(column - 1 if numbered else column)
    if not starts:
        return [table]
    edges = [0, *starts, max(table.paths) + 1]

    def own(row: dict[int, str], low: int, high: int) -> list[str]:
        over = [any(low <= column < high for column in row) for low, high in pairwise(edges)]
        return [text for c, text in row.items() if not all(over) or low <= c < high]

    return [
        replace(
            table,
            paths={c: p for c, p in table.paths.items() if low <= c < high},
            beside=frozenset(c for c in table.paths if not low <= c < high),
            titles=[own(row, low, high) for row in titles],
        )
        for low, high in pairwise(edges)
    ]
