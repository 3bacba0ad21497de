"""Sheets in; a file of one of the formats that offices send, out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.utils import get_column_letter

from tests.office.paper import Book, Sheet
from tests.raw_docx import write_docx
from tests.raw_ods import write_ods
from tests.raw_xls import write_xls

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1258")
_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BOLD = Font(bold=True)


def write_book(book: Book, path: Path, separator: str = ",", encoding: str = "utf-8") -> Path:
    """Write one file, by the ending of its name."""
    form = path.suffix[1:]
    if form == "xlsx":
        _write_xlsx(book, path)
    elif form == "xls":
        write_xls(path, {sheet.name: sheet.rows() for sheet in book.sheets})
    elif form == "ods":
        write_ods(path, {sheet.name: sheet.rows() for sheet in book.sheets})
    elif form == "docx":
        first = min((top for top, *_ in book.sheets[0].tables), default=0)
        rows = [[_text(value) for value in row] for row in book.sheets[0].rows()]
        titles = [text for row in rows[:first] for text in row if text]
        write_docx(path, [*titles, rows[first:]], book.sheets[0].merged, first)
    else:
        path.write_bytes(encode(_as_text(book.sheets[0], separator), encoding))
    return path


def encode(text: str, encoding: str) -> bytes:
    """Encode a text; Windows-1258 has whole letters with a mark, and tones of their own."""
    if encoding != "cp1258":
        return text.encode(encoding)
    return b"".join(_letter_1258(letter) for letter in unicodedata.normalize("NFC", text))


def _letter_1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        decomposed = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", decomposed.replace(tone, ""))
        return base.encode("cp1258") + tone.encode("cp1258")


def _as_text(sheet: Sheet, separator: str) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    for row in sheet.rows():
        writer.writerow([_text(value) for value in row])
    return out.getvalue()


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime) else str(value)


def _write_xlsx(book: Book, path: Path) -> None:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in book.sheets:
        _write_sheet(workbook.create_sheet(sheet.name), sheet)
    workbook.save(path)
    formulas = [
        {
            f"{get_column_letter(column + 1)}{row + 1}": cell.value
            for (row, column), cell in sheet.cells.items()
            if cell.formula and isinstance(cell.value, int)
        }
        for sheet in book.sheets
    ]
    if any(formulas):
        _store_values(path, formulas)


def _store_values(path: Path, formulas: list[dict[str, int]]) -> None:
    """Put the results beside formulas, as a spreadsheet program does and openpyxl does not."""
    with zipfile.ZipFile(path) as old:
        entries = [(entry, old.read(entry)) for entry in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, content in entries:
            page = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            if page:
                text = content.decode("utf-8")
                for place, value in formulas[int(page[1]) - 1].items():
                    cell = rf'(<c r="{place}"[^>]*><f>[^<]*</f>)(?:<v ?/>|<v></v>)'
                    text, number = re.subn(cell, rf"\g<1><v>{value}</v>", text)
                    assert number == 1, place
                content = text.encode("utf-8")
            new.writestr(entry, content)


def _write_sheet(page: object, sheet: Sheet) -> None:
    for (row, column), cell in sheet.cells.items():
        value = cell.value
        if cell.formula and isinstance(value, int):
            letter = get_column_letter(column + 1)
            value = f"=SUM({letter}{row + 2}:{letter}{row + 3})"
        page.cell(row + 1, column + 1, value)
    for row, column in sheet.formatted:
        page.cell(row + 1, column + 1).border = _BORDER
    for top, left, _, _ in sheet.tables:
        page.cell(top + 1, left + 1).font = _BOLD
    for top, left, bottom, right in sheet.merged:
        page.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )
    for row in sheet.hidden_rows:
        page.row_dimensions[row + 1].hidden = True
    for column in sheet.hidden_columns:
        page.column_dimensions[get_column_letter(column + 1)].hidden = True
