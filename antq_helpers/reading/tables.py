"""Find the tables on a sheet, with their header rows, titles and headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import (
    COUNTS,
    LABELS,
    LEADING,
    ROMAN,
    as_text,
    heads_group,
    is_header_cell,
    is_numbering,
    is_page_number,
    is_units,
    meanings_of,
    measure_of,
    names_total,
)
from antq_helpers.reading.sheets import Sheet, Table

_DEEPEST = 3  # rows of a header
_OVER_COMMUNES = {"measure", "period", "year", "month", "quarter"}
_OF_PERIODS = {"period_start", "period_end", "period", "year", "month", "quarter"}
YEARS = range(1990, 2101)
_FIGURE = re.compile(r"[\d\s.,]+(\s\D{1,8}|%)?")  # "2.368", "12 tin", "95%"


class HeaderWords:
    """What the headers of tables of reports say; tables of other fields have their own words."""

    labels = frozenset({*LABELS, "measure", "number"})  # of columns that name what rows are
    spread = frozenset({"value"})  # kinds of cells that a label may head, one beside the other

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self.knows = knows  # whether a text is the name of a commune

    def meanings(self, text: str) -> frozenset[str]:
        """Return what the cells under a header can be."""
        return meanings_of(text)

    def kind(self, cell: object) -> str:
        """Classify a cell as part of a header: ``"word"``, ``"period"`` or ``""``."""
        return is_header_cell(cell)

    def are_header(self, row: list, words: list[str], periods: int, names: int) -> bool:
        """Check whether words, periods and names of communes in a row name its columns."""
        meanings = [meanings_of(cell) for cell in words]
        # "Đơn vị | Tuy Lộc" is a title; "Nội dung | Tuy Lộc" has one column for each commune.
        columns = any(found & ({"measure"} if names == 1 else _OVER_COMMUNES) for found in meanings)
        if 1 <= names <= 2 and not columns:
            return False
        counts: set[str] = set()
        for found in sorted(meanings, key=len):  # "Tin" may be the tips that stand beside it
            if not found & counts:
                counts |= set(sorted(found & set(COUNTS))[:1])
        labels = any(found & self.labels for found in meanings)
        return (labels and len(words) + periods + names >= 2) or len(counts) >= 2

    def is_label(self, meanings: set[str], cell: str) -> bool:
        """Check whether a cell is what a column of labels with these meanings holds."""
        named = "commune" in meanings and self.knows(cell)
        return named or ("measure" in meanings and bool(measure_of(cell)))

    def heads(self, named: set[str], dated: bool) -> list[Callable[[str], bool]]:
        """List what may stand as a heading over rows of a table whose columns have these meanings.

        A form has a commune's rows of counts under each name, a table of periods a count's rows of
        communes; either may stand once for each month.
        """
        kinds: list[Callable[[str], bool]] = [] if dated or named & _OF_PERIODS else [names_period]
        if "measure" in named and "commune" not in named:
            kinds.append(self.knows)
        elif "commune" in named and not named & {"measure", *COUNTS}:
            kinds.append(lambda text: len(measure_of(text)) == 1)
        return kinds


class HeaderFinder:
    """Finds the header rows of a sheet; caches what each cell can be in a header."""

    def __init__(self, sheet: Sheet, words: HeaderWords) -> None:
        self.sheet, self.rows, self.words = sheet, sheet.rows, words
        self._kinds: dict[object, str] = {}

    def kind(self, cell: object) -> str:
        """Classify a cell as part of a header, like :meth:`HeaderWords.kind`, with a cache."""
        key = (type(cell), cell)
        if key not in self._kinds:
            self._kinds[key] = self.words.kind(cell)
        return self._kinds[key]

    def find(self) -> list[range]:
        """Find the rows of each header."""
        found: list[range] = []
        row = 0
        while row < len(self.rows):
            if not self._is_anchor(row):
                row += 1
                continue
            first = row - 1 if row and self._belongs_above(row - 1, row) else row
            header_rows = range(first, row + 1)
            while header_rows.stop < len(self.rows) and self._continues(header_rows):
                header_rows = range(first, header_rows.stop + 1)
            if not (found and self._is_again(header_rows, found[-1])):
                found.append(header_rows)
            row = header_rows.stop
        return found

    def _is_again(self, header_rows: range, before: range) -> bool:
        """Check whether a header repeats the previous page's: the same, with no title above it."""
        if any(self.rows[i] != self.rows[j] for i, j in zip(header_rows, before, strict=False)):
            return False
        between = self.rows[before.stop : header_rows.start]
        # Blank rows, headings of groups and page numbers stand between pages, too.
        inside = [
            row
            for row in between
            if not all(heads_group(cell) or is_page_number(cell) for cell in row if cell != "")
        ]
        return bool(inside) and self.is_of_table(inside[-1], before)

    def is_of_table(self, row: list, header_rows: range) -> bool:
        """Check whether a row below a header belongs to its table, not to the next one's title."""
        filled = [cell for cell in row if cell != ""]
        if not all(map(self.may_head, filled)):
            return True
        if any(_is_blank_count(cell) for cell in filled):
            return True
        for column in self._labels(header_rows):
            cell, heads = row[column], (as_text(self.rows[i][column]) for i in header_rows)
            if isinstance(cell, str) and cell:
                found = {meaning for text in heads for meaning in self.words.meanings(text)}
                if self.words.is_label(found, cell):
                    return True
        return False

    def _is_anchor(self, row: int) -> bool:
        """Check whether a row names what its columns hold."""
        if any(type(cell) is int and cell not in YEARS for cell in self.rows[row]):
            return False  # as most rows, which hold figures
        filled = [cell for cell in self.rows[row] if cell != ""]
        if len(filled) < 2 or not all(self.may_head(cell) for cell in filled):
            return False
        if is_units(filled) or is_numbering(filled):
            return False
        texts = [cell for cell in filled if isinstance(cell, str) and not cell.endswith(":")]
        words = [cell for cell in texts if self.kind(cell) == "word"]
        names = sum(map(self.words.knows, texts))
        if not words or names == len(filled):
            return False
        periods = sum(self.kind(cell) == "period" for cell in filled)
        return self.words.are_header(self.rows[row], words, periods, names)

    def may_head(self, cell: object) -> bool:
        """Check whether a cell can be part of a header: words or years, but no figures or dates."""
        if isinstance(cell, str) and not _FIGURE.fullmatch(cell):
            return True
        is_year = isinstance(cell, (str, date)) or (isinstance(cell, int) and cell in YEARS)
        return is_year and bool(self.kind(cell))

    def _labels(self, rows: range) -> set[int]:
        """Find the columns that name what the rows of a table are."""
        return {
            column
            for row in rows
            for column, cell in enumerate(self.rows[row])
            if isinstance(cell, str) and cell and self.words.meanings(cell) & self.words.labels
        }

    def _belongs_above(self, row: int, anchor: int) -> bool:
        """Check whether the row above the anchor groups its columns."""
        filled = [column for column, cell in enumerate(self.rows[row]) if cell != ""]
        if not filled or not all(self.may_head(self.rows[row][column]) for column in filled):
            return False
        free = not self._labels(range(anchor, anchor + 1)) & set(filled)
        names = sum(isinstance(c, str) and self.words.knows(c) for c in self.rows[row] if c)
        if self._labels(range(row, row + 1)):
            return free and names != 1
        kinds = [self.kind(self.rows[row][column]) for column in filled]
        used = [column for column, cell in enumerate(self.rows[anchor]) if cell != ""]
        inside = min(used) <= filled[0] and filled[-1] <= max(used)
        # One period alone is a title; over several columns there are several.
        return inside and free and ("word" in kinds or kinds.count("period") > 1)

    def _continues(self, header_rows: range) -> bool:
        """Check whether the row below a header still belongs to it."""
        row = header_rows.stop
        filled = [column for column, cell in enumerate(self.rows[row]) if cell != ""]
        if len(header_rows) >= _DEEPEST or not filled:
            return False
        if is_numbering(self.rows[row]) or is_units(self.rows[row]):
            return False
        if not all(self.may_head(self.rows[row][column]) for column in filled):
            return False
        merged = any(
            top in header_rows and bottom >= row for top, _, bottom, _ in self.sheet.merged
        )
        labels = self._labels(header_rows)
        named = merged or any(self.kind(self.rows[row][column]) for column in filled)
        named = named or self._heads_lower(header_rows)
        below = [self.rows[row][column] for column in labels]
        if any(isinstance(cell, str) and "total" in meanings_of(cell) for cell in below):
            return False  # its figures may look like years
        # A label may head others, as "Kỳ báo cáo" does "Từ ngày"; below all of them data begin. It
        # heads values where these go on beside it: "Hình thức khen" over "Bằng khen | Giấy khen".
        beside = [c for c in filled if all(self.rows[i][c] == "" for i in header_rows)]
        kinds = {"word", *(self.words.spread & {self.kind(self.rows[row][c]) for c in beside})}
        free = "" in below and all(cell == "" or self.kind(cell) in kinds for cell in below)
        return bool(labels and free and named) or (not labels and self._is_anchor(row))

    def _heads_lower(self, header_rows: range) -> bool:
        """Check whether the row below a header groups a further row of counts."""
        lower = header_rows.stop + 1
        if len(header_rows) + 1 >= _DEEPEST or lower >= len(self.rows):
            return False
        return not self._labels(range(lower, lower + 1)) and self._is_anchor(lower)


def _is_blank_count(cell: object) -> bool:
    """Check whether a text means that nothing was counted: "-", "…", "đang cập nhật"."""
    count = read_count(cell) if isinstance(cell, str) else None
    return count is not None and count.value is None and count.kind in ("", "dash")


# Headings of periods: "Kết quả tháng 3", "Số liệu quý I".
_BEFORE_PERIOD = re.compile(r"^(?:kết quả|số liệu|báo cáo|trong)\s+", re.IGNORECASE)


def under_headings(table: Table, finder: HeaderFinder) -> list[Table]:
    """Split a table at headings inside it, such as names of periods, of communes or of counts.

    Each part has its heading for a title. What stands under "Toàn thành phố" is the total of the
    communes, and outside.
    """
    texts = [text for path in table.paths.values() for text in path]
    named = {meaning for text in texts for meaning in finder.words.meanings(text)}
    dated = any(finder.kind(text) == "period" for text in texts)
    kinds = finder.words.heads(named, dated)
    is_form = "measure" in named and "commune" not in named
    # Months may stand under each commune, or communes under each month.
    heads = {names: _headings(table, names, finder, is_form) for names in kinds}
    parts = [table]
    for names in sorted((names for names in kinds if heads[names]), key=lambda n: min(heads[n])):
        parts = [p for part in parts for p in _parts_under(part, names, finder, is_form)]
    return parts


def _headings(
    table: Table, names: Callable[[str], bool], finder: HeaderFinder, is_form: bool
) -> dict[int, str]:
    """Find the rows of headings of one kind that have figures below them."""
    rows = table.sheet.rows
    # Below the last row of figures stand the titles of the next table.
    inside = (
        row for row in reversed(table.body) if finder.is_of_table(rows[row], table.header_rows)
    )
    within = range(table.body.start, next(inside, table.body.start))
    sums = names is names_period and not is_form
    heads = {row: name for row in within if (name := _heading(rows[row], names, sums))}
    if heads and names == finder.words.knows:
        heads |= dict.fromkeys((r for r in within if _heading(rows[r], names_total, sums)), "")
    return dict(sorted(heads.items()))


def _parts_under(
    table: Table, names: Callable[[str], bool], finder: HeaderFinder, is_form: bool
) -> list[Table]:
    heads = _headings(table, names, finder, is_form)
    if not heads:
        return [table]
    before = range(table.body.start, min(heads))
    parts = []
    if any(cell != "" for row in table.sheet.rows[before.start : before.stop] for cell in row):
        parts.append(replace(table, body=before))
    for start, stop in pairwise([*heads, table.body.stop]):
        if heads[start]:
            titles = [*table.titles, [heads[start]]]
            parts.append(replace(table, body=range(start + 1, stop), titles=titles))
    return [*parts[:-1], *(_without_last_total(part, parts[:-1]) for part in parts[-1:])]


def _without_last_total(part: Table, before: list[Table]) -> Table:
    """Cut a total off the last part that the other parts lack: it is the grand total."""

    def totals(table: Table) -> list[int]:
        rows = table.sheet.rows
        return [
            r for r in table.body if any(isinstance(c, str) and names_total(c) for c in rows[r])
        ]

    own = max(map(len, map(totals, before)), default=len(totals(part)))
    further = totals(part)[own:]
    return replace(part, body=range(part.body.start, further[0])) if further else part


def names_period(text: str) -> bool:
    """Check whether a heading is a period: "Tháng 3", "Kết quả quý I"."""
    return is_header_cell(_BEFORE_PERIOD.sub("", text)) == "period"


def _heading(row: list, names: Callable[[str], bool], sums: bool) -> str:
    """Return the name in a row that has only a number, or sums, beside it; else ""."""
    filled = [cell for cell in row if cell != ""]
    texts = [LEADING.sub("", cell) if isinstance(cell, str) else "" for cell in filled]
    found = [i for i, text in enumerate(texts) if any(map(str.isalpha, text)) and names(text)]
    if len(found) != 1:
        return ""
    before, behind = filled[: found[0]], filled[found[0] + 1 :]
    alone = len(before) <= 1 and (sums or not behind) and all(map(_is_number, [*before, *behind]))
    return texts[found[0]] if alone else ""


def _is_number(cell: object) -> bool:
    return bool(ROMAN.fullmatch(str(cell))) or read_count(cell).value is not None


def find_tables(sheet: Sheet, words: HeaderWords) -> list[Table]:
    """Find every table on a sheet.

    Parameters
    ----------
    sheet
        As :func:`tidy` gives it.
    words
        What headers say.
    """
    finder = HeaderFinder(sheet, words)
    all_header_rows = finder.find()
    tables = []
    for number, header_rows in enumerate(all_header_rows):
        end = (
            all_header_rows[number + 1].start
            if number + 1 < len(all_header_rows)
            else len(sheet.rows)
        )
        before = all_header_rows[number - 1] if number else None
        titles = _titles(finder, before, header_rows.start)
        texts = [list(row.values()) for row in titles]
        table = Table(
            sheet,
            header_rows,
            range(header_rows.stop, end),
            header_paths(sheet, header_rows),
            texts,
        )
        for part in _side_by_side(table, titles, finder):
            tables += under_headings(part, finder)
    return tables or list(_forms(finder))


def _forms(finder: HeaderFinder) -> Iterator[Table]:
    """Find forms without a header: the name of a count with its figure beside it."""
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
    """Return the columns of a count's name and of the only figure behind it; else None."""
    names = [c for c, cell in enumerate(row) if cell and isinstance(cell, str) and measure_of(cell)]
    figures = [
        c
        for c, cell in enumerate(row)
        if names and c > names[0] and cell != "" and read_count(cell).value is not None
    ]
    return (names[0], figures[0]) if len(figures) == 1 else None


def header_paths(sheet: Sheet, header_rows: range) -> dict[int, tuple[str, ...]]:
    """Return each column's header, with merged cells and groups repeated over their columns."""
    width = len(sheet.rows[header_rows.start])
    grid = [list(sheet.rows[row]) for row in header_rows]
    covered = set()
    for top, left, bottom, right in sheet.merged:
        for row in range(max(top, header_rows.start), min(bottom + 1, header_rows.stop)):
            for column in range(left, min(right + 1, width)):
                grid[row - header_rows.start][column] = sheet.rows[top][left]
                covered.add((row - header_rows.start, column))
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


def _titles(finder: HeaderFinder, before: range | None, stop: int) -> list[dict[int, str]]:
    """Return the rows between the previous table and a header, as texts by column."""
    found: list[dict[int, str]] = []
    start = 0 if before is None else before.stop
    for row in reversed(finder.rows[start:stop]):
        if start and finder.is_of_table(row, before):
            break
        if filled := {column: as_text(cell) for column, cell in enumerate(row) if cell != ""}:
            found.append(filled)
    above = finder.sheet.above if before is None else ()
    return [*({0: text} for text in above), *found[::-1]]


def _side_by_side(table: Table, titles: list[dict[int, str]], finder: HeaderFinder) -> list[Table]:
    """Split tables that stand side by side, each with its own column of communes.

    A row of titles that holds one for each of them, such as their years, is parted, too.
    """
    communes = [
        column
        for column, path in table.paths.items()
        if any(finder.words.meanings(text) == {"commune"} for text in path)
        and not table.holds_units(column)
    ]
    starts = []
    for column in communes[1:]:
        before = table.paths.get(column - 1, ())
        numbered = any("number" in finder.words.meanings(text) for text in before)
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
