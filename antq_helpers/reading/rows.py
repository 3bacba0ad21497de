"""One row of a sheet in; whether it numbers columns, gives units or heads a group, out."""

from __future__ import annotations

import re
from datetime import date

from antq_helpers.reading.headers import has_words
from antq_helpers.reading.spans import find_year, read_span
from antq_helpers.reading.units import unit_of

ROMAN = re.compile(r"[IVX]+\s*[.)]?|[A-ZĐ][.)]?")
LEADING = re.compile(r"^([IVX]+|[A-ZĐ])\s*[.)/-]\s*")  # the number of a group
_PAGE = re.compile(r"\W*(?:trang|page)\s*(?:số\s*)?\d+(?:\s*/\s*\d+)?\W*", re.IGNORECASE)
_DAY = 10  # letters of a day in full
_HEADING = 40  # letters that the heading of a group of rows does not reach
_NUMBERED = re.compile(r"[(\[]?\s*([\d]{1,2}|[A-ZĐa-zđ])\s*[)\]]?(\s*=.*)?")


def as_text(cell: object) -> str:
    """Give a cell of a header or title as text."""
    if isinstance(cell, date):  # a spreadsheet makes the first day of the month of "3/2022"
        return f"{cell.month}/{cell.year}"
    return cell if isinstance(cell, str) else str(cell)


def heads_group(cell: object) -> bool:
    """Say whether a cell stands in the heading of a group of rows: "II. Khối xã"."""
    if not isinstance(cell, str) or find_year(cell):
        return False
    # "Số nguồn tin các xã, phường" is the title of a table: what it counts stands first.
    first = " ".join(LEADING.sub("", cell).split()[:2])
    return bool(ROMAN.fullmatch(cell)) or (has_words(first, "section") and len(cell) <= _HEADING)


def is_page(cell: object) -> bool:
    """Say whether a cell numbers a printed page: "Trang 2/3"."""
    return isinstance(cell, str) and bool(_PAGE.fullmatch(cell))


def is_numbering(row: list) -> bool:
    """Say whether a row only numbers the columns: ``(1) (2) (3)=(1)+(2)``, or A, B, 1, 2.

    Examples
    --------
    >>> is_numbering(["A", "B", "(1)", "(2)=(1)+3"]), is_numbering(["Tuy Lộc", 1, 2])
    (True, False)
    """
    filled = [as_text(cell) for cell in row if cell != ""]
    if len(filled) < 2 or not all(_NUMBERED.fullmatch(text) for text in filled):
        return False
    bare = [re.sub(r"[^\dA-ZĐa-zđ].*", "", text.lstrip("([ ")) for text in filled]
    numbers = [int(text) for text in bare if text.isdigit()]
    bracketed = sum(text.startswith(("(", "[")) for text in filled) >= 2
    # Without brackets 1, 2, 3 could be figures: they must begin at one, and count on from the left.
    lettered = bare[0].isalpha()
    in_order = numbers == list(range(1, len(numbers) + 1)) and (lettered or len(filled) >= 3)
    return bracketed or in_order


def is_units(row: list) -> bool:
    """Say whether a row only gives units: ``(tin) (buổi) (vụ)``, or "lượt" and "nghìn lượt".

    Without brackets the names of what is counted could be a header.
    """
    filled = [cell for cell in row if cell != ""]
    if not filled or not all(isinstance(cell, str) for cell in filled):
        return False
    units = [unit_of(cell) for cell in filled]
    bracketed = (re.fullmatch(r"\((?!\d)[^()]{1,20}\)", cell) for cell in filled)
    return all(bracketed) or ("scaled" in units and all(units))


def is_day(cell: object) -> bool:
    """Say whether a cell can be a day or period, as notes below a table cannot."""
    if isinstance(cell, str):
        dated = len(cell) <= _DAY and any(map(str.isdigit, cell))
        return dated or read_span(cell, 2000) is not None
    return True
