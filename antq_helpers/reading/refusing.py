"""One sheet with its tables in; the column for which it must be refused out.

Files hold counts, not persons. The column is named, its content never.
"""

from __future__ import annotations

from operator import itemgetter

from antq_helpers.reading.board import column_name
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import header_key
from antq_helpers.reading.persons import holds_numbers_of_persons, may_count, names_persons
from antq_helpers.reading.sheets import Sheet
from antq_helpers.reading.table import Table

_WAYS = {
    header_key(f"{by}{way}")
    for by in ("", "qua ")
    for way in (
        "điện thoại",
        "đt",
        "zalo",
        "email",
        "facebook",
        "fb",
        "viber",
        "telegram",
    )
}


def column_of_persons(sheet: Sheet, tables: list[Table]) -> str:
    """Give the header of the first column that identifies persons; nothing where none does.

    Headers are judged wherever they stand; telephone and identity numbers in the columns of
    tables, and on sheets without a table. A signature below a form is no column.
    """
    for table in tables:
        for column in table.paths:
            body = sheet.rows[table.body.start : table.body.stop]
            cells = set(map(itemgetter(column), body)) - {""}
            if _is_of_persons(table.paths[column], cells):
                return table.header(column)
    return _list_of_persons(sheet, tables) or ("" if tables else _numbers(sheet))


def _is_of_persons(path: tuple[str, ...], cells: set) -> bool:
    if holds_numbers_of_persons(cells):
        return True
    named = [text for text in path if names_persons(text)]
    # "Nguồn tin qua › Điện thoại" counts tips that came that way.
    ways = all(header_key(text) in _WAYS or may_count(text) for text in named)
    return bool(named) and not (ways and all(read_count(cell).value is not None for cell in cells))


def _list_of_persons(sheet: Sheet, tables: list[Table]) -> str:
    """Find a header of persons outside the tables: beside other headers, and filled below."""
    bands = {row for table in tables for row in table.band}
    # "(Ký, ghi rõ họ tên)" and "Điện thoại:" stand around a form.
    headers = {
        text
        for text in sheet.texts
        if not text.startswith("(") and not text.endswith(":") and names_persons(text)
    }
    if not headers:
        return ""
    for number, row in enumerate(sheet.rows[:-1]):
        filled = [column for column, cell in enumerate(row) if cell != ""]
        if number in bands or len(filled) < 2:
            continue
        below = sheet.rows[number + 1 : number + 4]
        for column in filled:
            if row[column] in headers and any(cells[column] != "" for cells in below):
                return row[column]
    return ""


def _numbers(sheet: Sheet) -> str:
    for column in range(max(map(len, sheet.rows), default=0)):
        cells = [row[column] for row in sheet.rows if row[column] != ""]
        if sum(holds_numbers_of_persons([cell]) for cell in cells) >= 2:
            return column_name(column)
    return ""
