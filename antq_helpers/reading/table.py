"""What is known of one table of a sheet: where it stands, its header and its titles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from antq_helpers.reading.sheets import Sheet
from antq_helpers.reading.units import unit_of

_LOOKED_AT = 20  # cells of a column: a national table has a million


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

    def holds_units(self, column: int) -> bool:
        """Say whether a column holds units: "Đơn vị" heads them as well as communes."""
        cells = (self.sheet.rows[row][column] for row in self.body)
        texts = (cell for cell in cells if isinstance(cell, str) and cell)
        return any(unit_of(text) for text in islice(texts, _LOOKED_AT))

    def header(self, column: int) -> str:
        """Give a column's header in one line."""
        return " › ".join(dict.fromkeys(text for text in self.paths.get(column, ()) if text))
