"""One sheet's rows in; which of them are the headers of tables out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import COUNTS, LABELS, is_header_cell, meanings_of, measure_of
from antq_helpers.reading.rows import as_text, heads_group, is_numbering, is_page, is_units
from antq_helpers.reading.sheets import Sheet

_DEEPEST = 3  # rows of a header
_OVER_COMMUNES = {"measure", "period", "year", "month", "quarter"}
_ROW_LABELS = {*LABELS, "measure", "number"}
_YEARS = range(1990, 2101)
_FIGURE = re.compile(r"[\d\s.,]+(\s\D{1,8}|%)?")


class Bands:
    """Knows one sheet's rows, and remembers what each text could be in a header."""

    def __init__(self, sheet: Sheet, knows: Callable[[str], bool]) -> None:
        self.sheet, self.rows, self.knows = sheet, sheet.rows, knows
        self._kinds: dict[object, str] = {}

    def kind(self, cell: object) -> str:
        """Say what a cell could be in a header, as ``is_header_cell`` does."""
        key = (type(cell), cell)
        if key not in self._kinds:
            self._kinds[key] = is_header_cell(cell)
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
        between = self.rows[before.stop : band.start]
        inside = [row for row in between if not self._is_heading(row)]
        return bool(inside) and self.is_of_table(inside[-1], before)

    def _is_heading(self, row: list) -> bool:
        """Say whether a row is blank, heads a group or numbers a page."""
        return all(heads_group(cell) or is_page(cell) for cell in row if cell != "")

    def is_of_table(self, row: list, band: range) -> bool:
        """Say whether a row below a header belongs to its table, and is no title of the next."""
        filled = [cell for cell in row if cell != ""]
        if not all(map(self.may_head, filled)):
            return True
        if any(_is_blank_count(cell) for cell in filled):
            return True
        for column in self._labels(band):
            cell = row[column]
            if isinstance(cell, str) and cell and self._is_of(column, band, cell):
                return True
        return False

    def _is_of(self, column: int, band: range, cell: str) -> bool:
        """Say whether a label is a commune or count, in a column of these."""
        found = {m for i in band for m in meanings_of(as_text(self.rows[i][column]))}
        named = "commune" in found and self.knows(cell)
        return named or ("measure" in found and bool(measure_of(cell)))

    def _is_anchor(self, row: int) -> bool:
        """Say whether a row names what its columns hold."""
        if any(type(cell) is int and cell not in _YEARS for cell in self.rows[row]):
            return False  # as most rows, which hold figures
        filled = [cell for cell in self.rows[row] if cell != ""]
        if len(filled) < 2 or not all(self.may_head(cell) for cell in filled):
            return False
        if is_units(filled) or is_numbering(filled):
            return False
        texts = [cell for cell in filled if isinstance(cell, str) and not cell.endswith(":")]
        words = [cell for cell in texts if self.kind(cell) == "word"]
        names = sum(map(self.knows, texts))
        meanings = [meanings_of(cell) for cell in words]
        # "Đơn vị | Tuy Lộc" is a title; "Nội dung | Tuy Lộc" has one column for each commune.
        columns = any(found & ({"measure"} if names == 1 else _OVER_COMMUNES) for found in meanings)
        if not words or (1 <= names <= 2 and not columns) or names == len(filled):
            return False
        periods = sum(self.kind(cell) == "period" for cell in filled)
        labels = any(found & _ROW_LABELS for found in meanings)
        counts: set[str] = set()
        for found in sorted(meanings, key=len):  # "Tin" may be the tips that stand beside it
            if not found & counts:
                counts |= set(sorted(found & set(COUNTS))[:1])
        return (labels and len(words) + periods + names >= 2) or len(counts) >= 2

    def may_head(self, cell: object) -> bool:
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
        if not filled or not all(self.may_head(self.rows[row][column]) for column in filled):
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
        if not all(self.may_head(self.rows[row][column]) for column in filled):
            return False
        merged = any(top in band and bottom >= row for top, _, bottom, _ in self.sheet.merged)
        labels = self._labels(band)
        named = merged or any(self.kind(self.rows[row][column]) for column in filled)
        named = named or self._heads_lower(band)
        below = [self.rows[row][column] for column in labels]
        if any(isinstance(cell, str) and "total" in meanings_of(cell) for cell in below):
            return False  # its figures may look like years
        # A label may head others, as "Kỳ báo cáo" does "Từ ngày"; below all of them data begin.
        free = "" in below and all(cell == "" or self.kind(cell) == "word" for cell in below)
        return bool(labels and free and named) or (not labels and self._is_anchor(row))

    def _heads_lower(self, band: range) -> bool:
        """Say whether the row below a header stands above one more of counts: its groups."""
        lower = band.stop + 1
        if len(band) + 1 >= _DEEPEST or lower >= len(self.rows):
            return False
        return not self._labels(range(lower, lower + 1)) and self._is_anchor(lower)


def _is_blank_count(cell: object) -> bool:
    """Say whether a text says that nothing was counted: "-", "…", "đang cập nhật"."""
    count = read_count(cell) if isinstance(cell, str) else None
    return count is not None and count.value is None and count.kind in ("", "dash")
