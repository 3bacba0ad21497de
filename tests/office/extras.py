"""Books in; the same with sheets that hold no records, hidden rows, and formats beyond, out."""

from __future__ import annotations

from tests.office.draft import Draft
from tests.office.facts import units
from tests.office.paper import Book, Sheet

_GUIDE = (
    "HƯỚNG DẪN",
    "1. Các đơn vị gửi báo cáo trước ngày 20 hằng tháng.",
    "2. Ghi số nguyên, chưa có số liệu thì để trống.",
)


def add_extra_sheets(draft: Draft, books: list[Book]) -> None:
    """Put sheets without records before or after the others."""
    chance = draft.chance
    if draft.form in ("csv", "tsv") or not chance.on("sheets without records", 0.2):
        return
    for make in chance.some((_guide, _list_of_communes, _empty), 1, 3):
        sheets = books[0].sheets
        sheets.insert(chance.choice((0, len(sheets))), make(draft))


def _guide(draft: Draft) -> Sheet:
    sheet = Sheet("Hướng dẫn")
    for row, text in enumerate(_GUIDE):
        sheet.put(row, 0, text)
    return sheet


def _list_of_communes(draft: Draft) -> Sheet:
    """Write a table of communes that counts nothing of ours."""
    sheet = Sheet("Danh mục")
    for column, text in enumerate(("STT", "Xã, phường", "Dân số")):
        sheet.put(0, column, text)
    for row, unit in enumerate(units()[:5], start=1):
        for column, value in enumerate((row, unit.name, draft.chance.randint(1000, 9999))):
            sheet.put(row, column, value)
    return sheet


def _empty(draft: Draft) -> Sheet:
    return Sheet("Sheet9")


def add_hidden(draft: Draft, books: list[Book]) -> None:
    """Hide a row or a column of a table."""
    chance = draft.chance
    sheets = [sheet for book in books for sheet in book.sheets if sheet.tables]
    if draft.form != "xlsx" or not chance.on("hidden rows or columns", 0.15):
        return
    sheet = chance.choice(sheets)
    top, left, bottom, right = chance.choice(sheet.tables)
    if chance.random() < 0.6:
        chance.note("hidden rows")
        sheet.hidden_rows.add(chance.randint(top + 1, bottom))
    else:
        chance.note("hidden columns")
        sheet.hidden_columns.add(chance.randint(left, right))


def format_beyond(draft: Draft, books: list[Book]) -> None:
    """Draw borders around empty cells to the right of and below what is filled."""
    if draft.form != "xlsx" or not draft.chance.on("formatted blank cells", 0.2):
        return
    for book in books:
        for sheet in book.sheets:
            rows, columns = sheet.size()
            sheet.formatted += [(row, columns + 1) for row in range(min(rows, 20))]
            sheet.formatted += [(rows + 2, column) for column in range(columns)]
