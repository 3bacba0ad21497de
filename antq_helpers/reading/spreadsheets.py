"""One sheet as it stands in; the tables that stand on it, with their headers and titles, out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from antq_helpers.reading.bands import Bands
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import (
    COUNTS,
    is_header_cell,
    meanings_of,
    measure_of,
    names_total,
)
from antq_helpers.reading.rows import LEADING, ROMAN, as_text
from antq_helpers.reading.sheets import Sheet
from antq_helpers.tables import clean

_OF_PERIODS = {"period_start", "period_end", "period", "year", "month", "quarter"}


@dataclass(frozen=True)
class Table:
    """One table of a sheet; rows and columns are counted from zero.

    ``paths`` holds, for each column, the texts of its header from the top down; ``titles`` the
    filled cells of each row above the table that belongs to no other; ``beside`` the columns of
    tables that stand beside it; ``form`` the columns of names and figures of a form without header,
    whose ``band`` is empty.
    """

    sheet: Sheet
    band: range
    body: range
    paths: dict[int, tuple[str, ...]]
    titles: list[list[str]]
    beside: frozenset[int] = frozenset()
    form: tuple[int, int] | None = None

    def header(self, column: int) -> str:
        """Give a column's header in one line."""
        return " › ".join(dict.fromkeys(text for text in self.paths.get(column, ()) if text))


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
        table = Table(sheet, band, range(band.stop, end), _paths(sheet, band), titles)
        for part in _side_by_side(table):
            tables += _under_headings(part, finder)
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
            yield Table(
                finder.sheet, range(first, first), range(first, end), paths, titles, form=form
            )
            before = range(end, end)
        first = max(end, first + 1)


def _named_figure(row: list) -> tuple[int, int] | None:
    """Give the columns of a count's name and of the one figure behind it."""
    names = [c for c, cell in enumerate(row) if isinstance(cell, str) and measure_of(cell)]
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


def _titles(finder: Bands, before: range | None, stop: int) -> list[list[str]]:
    """Give the rows above a header that hold no figures, up to the table before."""
    found: list[list[str]] = []
    start = 0 if before is None else before.stop
    for row in reversed(finder.rows[start:stop]):
        if start and finder.is_of_table(row, before):
            break
        if filled := [cell for cell in row if cell != ""]:
            found.append([as_text(cell) for cell in filled])
    return found[::-1]


def _under_headings(table: Table, finder: Bands) -> list[Table]:
    """Part what stands below one header under the names of periods, of communes, or of counts.

    Each part has its heading for a title. A form has a commune's rows of counts under each name, a
    table of periods a count's rows of communes; either may stand once for each month. What stands
    under "Toàn thành phố" is their total, and outside.
    """
    texts = [text for path in table.paths.values() for text in path]
    named = {meaning for text in texts for meaning in meanings_of(text)}
    dated = named & _OF_PERIODS or any(is_header_cell(text) == "period" for text in texts)
    kinds = [] if dated else [_names_period]
    if "measure" in named and "commune" not in named:
        kinds.append(finder.knows)
    elif "commune" in named and not named & {"measure", *COUNTS}:
        kinds.append(_names_count)
    parts = [table]
    for names in kinds:
        parts = [smaller for part in parts for smaller in _parts_under(part, names, finder)]
    return parts


def _parts_under(table: Table, names: Callable[[str], bool], finder: Bands) -> list[Table]:
    rows = table.sheet.rows
    # Below the last row of figures stand the titles of the next table.
    inside = (row for row in reversed(table.body) if finder.is_of_table(rows[row], table.band))
    within = range(table.body.start, next(inside, table.body.start))
    heads = {row: name for row in within if (name := _heading(rows[row], names))}
    if not heads:
        return [table]
    if names == finder.knows:
        heads |= dict.fromkeys((r for r in within if _heading(rows[r], names_total)), "")
    before = range(table.body.start, min(heads))
    parts = []
    if any(cell != "" for row in rows[before.start : before.stop] for cell in row):
        parts.append(replace(table, body=before))
    for start, stop in pairwise([*sorted(heads), table.body.stop]):
        if heads[start]:
            titles = [*table.titles, [heads[start]]]
            parts.append(replace(table, body=range(start + 1, stop), titles=titles))
    return [*parts[:-1], *(_without_last_total(part, parts[:-1]) for part in parts[-1:])]


def _without_last_total(part: Table, before: list[Table]) -> Table:
    """Leave a total that the parts before have not outside the last: it is that of all."""

    def totals(table: Table) -> list[int]:
        rows = table.sheet.rows
        return [
            r for r in table.body if any(isinstance(c, str) and names_total(c) for c in rows[r])
        ]

    own = max(map(len, map(totals, before)), default=len(totals(part)))
    further = totals(part)[own:]
    return replace(part, body=range(part.body.start, further[0])) if further else part


def _names_period(text: str) -> bool:
    return is_header_cell(text) == "period"


def _names_count(text: str) -> bool:
    return len(measure_of(text)) == 1


def _heading(row: list, names: Callable[[str], bool]) -> str:
    """Give the name that a row holds with nothing but numbers, "" where it is no heading."""
    filled = [cell for cell in row if cell != ""]
    texts = [LEADING.sub("", cell) for cell in filled if isinstance(cell, str)]
    found = [text for text in texts if names(text)]
    numbers = sum(isinstance(cell, int) or bool(ROMAN.fullmatch(str(cell))) for cell in filled)
    few = numbers <= 1 or names is _names_period  # the sums of a month may stand beside its name
    return found[0] if len(found) == 1 and numbers == len(filled) - 1 and few else ""


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
