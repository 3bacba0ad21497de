"""Read Excel workbooks: xlsx and xlsm by their XML, xls by xlrd.

What is read is what a cell shows: struck-out text is left out, and a number whose format shows
another one (5 under ``0",000"``) is described. Hidden and merged cells are listed.

What can not be found in an xls file: a formula without a stored result. Programs that do not
calculate store zero, or an empty text, and so it is read.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel

from antq_helpers.reading.counts import is_odd, shown
from antq_helpers.reading.sheets import (
    MOST_CELLS,
    Areas,
    Grid,
    Package,
    RefusedError,
    check_bytes,
    elements,
    iterate_xml,
    local_name,
    whole_day,
    wrong_format,
)

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.compdoc import CompDoc
    from xlrd.formatting import XF
    from xlrd.sheet import Sheet

_SHARED = ("sharedStrings", "styles")
_FALSE = ("0", "false", "off")
_AROUND = ("cols", "sheetData", "mergeCells")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,8})")  # "B12"
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


class Style(NamedTuple):
    """How cells of a style look: struck out, or as days, or with another number than is stored."""

    struck: bool = False
    code: str = ""
    dated: bool = False

    def value(self, number: float, from_1904: bool) -> object:
        """Return what a cell shows that stores a number."""
        if not self.code:
            return number
        if self.dated:
            return _moment(number, self.code, from_1904)
        return shown(number, self.code) or number


_PLAIN = Style()


@lru_cache(4096)
def style_of(struck: bool, code: str) -> Style:
    """Return the style of a font and a number format; the code is kept only where it matters."""
    dated = is_date_format(code)
    return Style(struck, code if dated or is_odd(code) else "", dated)


def _moment(number: float, code: str, from_1904: bool) -> object:
    try:
        return whole_day(from_excel(number, _EPOCHS[from_1904], is_timedelta_format(code)))
    except OverflowError:
        return number


def read_xlsx(content: bytes) -> tuple[list[Grid], list[str]]:
    """Read each sheet, and the notes on the file; refuse what is too large, or no workbook."""
    package = Package(content)
    book, related = _relations(package)
    entries = elements(package.read(book), "workbook", "workbookPr", "sheet")
    if not entries or entries[0][0] != "workbook":
        raise wrong_format()
    parts = {kind: package.read(path) for kind, path in related.values() if kind in _SHARED}
    texts = _read_shared_texts(parts.get("sharedStrings", b"<sst/>"))
    styles = _read_styles(parts["styles"]) if "styles" in parts else []
    from_1904 = any(given.get("date1904") in ("1", "true") for _, given in entries)
    areas, grids = Areas(), []
    for name, given in entries:
        kind, path = related.get(given.get("id"), ("", ""))
        if name == "sheet" and kind == "worksheet":
            grid = Grid(areas, given["name"], given.get("state", "visible") != "visible")
            _read_sheet(package.read(path), grid, texts, styles, from_1904)
            grid.end()
            grids.append(grid)
    check_bytes(areas.letters)
    return grids, _notes(package, related)


def _relations(package: Package) -> tuple[str, dict[str, tuple[str, str]]]:
    """Find the workbook part, and the type and path of each part it refers to, by id."""
    first = _targets(package, "_rels/.rels", "") if "_rels/.rels" in package else {}
    books = [path for kind, path in first.values() if kind == "officeDocument"]
    book = (books or ["xl/workbook.xml"])[0]
    folder, name = posixpath.split(book)
    return book, _targets(package, f"{folder}/_rels/{name}.rels", folder)


def _targets(package: Package, path: str, folder: str) -> dict[str, tuple[str, str]]:
    found = {}
    for _, attributes in elements(package.read(path), "Relationship"):
        if attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            joined = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = attributes["Type"].rpartition("/")[2]
            # Some programs write the path from the top, without the slash that would say so.
            found[attributes["Id"]] = kind, joined if joined in package else target
    return found


def _notes(package: Package, related: dict[str, tuple[str, str]]) -> list[str]:
    kinds = {kind for kind, _ in related.values()}
    links = any("/externallinks/" in name for name in package.names())
    macros = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"} & kinds
    return ["macros"] * bool(macros) + ["external_links"] * (links or "externalLink" in kinds)


def _read_styles(part: bytes) -> list[Style]:
    """Read the styles part of a workbook: the style of each number that cells refer to."""
    found, codes, fonts = [], dict(BUILTIN_FORMATS), []
    for event, element in iterate_xml(part, "numFmt", "font", "xf"):
        around = element.getparent()
        above, name = local_name(around.tag) if around is not None else "", local_name(element.tag)
        if event == "start":
            continue
        if name == "numFmt" and above == "numFmts":
            codes[int(element.get("numFmtId"))] = element.get("formatCode")
        elif name == "font" and above == "fonts":
            fonts.append("strike" in _marks(element))
        elif name == "xf" and above == "cellXfs":
            font = int(element.get("fontId", 0))
            code = codes.get(int(element.get("numFmtId", 0)), "")
            found.append(style_of(font < len(fonts) and fonts[font], code))
    return found


def _marks(font: etree._Element) -> set[str]:
    """Return which of the marks "strike" and "raised" a font or run has."""
    found = set()
    for mark in font:
        name, value = local_name(mark.tag), mark.get("val", "1")
        if name in ("strike", "dstrike") and value not in _FALSE:
            found.add("strike")
        elif name == "vertAlign" and value in ("superscript", "subscript"):
            found.add("raised")
    return found


def _read_shared_texts(part: bytes) -> list[tuple[str, bool]]:
    """Read the texts that cells share, each with whether any of it is struck out."""
    found = []
    for event, element in iterate_xml(part, "si"):
        if event == "end":
            found.append(_rich_text(element))
            if len(found) > MOST_CELLS:
                Areas().take(len(found), 1)
    return found


def _rich_text(element: etree._Element) -> tuple[str, bool]:
    """Return a text without struck-out, raised and lowered runs, and whether any is struck out.

    12 with a raised 1 is twelve with a footnote; a struck-out 12 before 15 is fifteen.
    """
    text, struck = "", False
    for child in element:
        name = local_name(child.tag)
        if name == "t":
            text += child.text or ""
        elif name == "r":
            marks = set().union(*map(_marks, child.iterchildren("{*}rPr")))
            struck |= "strike" in marks
            text += "" if marks else "".join(t.text or "" for t in child.iterchildren("{*}t"))
    return text, struck


def _read_sheet(
    part: bytes, grid: Grid, texts: list[tuple[str, bool]], styles: list[Style], from_1904: bool
) -> None:
    """Put the filled cells of a sheet into its grid."""
    row = -1
    for event, element in iterate_xml(part, "col", "row", "mergeCell"):
        name, hidden = local_name(element.tag), element.get("hidden") in ("1", "true")
        if event == "start" or local_name(element.getparent().tag) not in _AROUND:
            continue
        if name == "col" and hidden:
            grid.hidden_columns.append(range(int(element.get("min")) - 1, int(element.get("max"))))
        elif name == "mergeCell":
            first, _, last = element.get("ref").partition(":")
            grid.merged.append((*_cell_place(first), *_cell_place(last or first)))
        elif name == "row":
            given, column = element.get("r"), -1
            row = row + 1 if given is None else _cell_place(f"A{given}")[0]
            grid.hidden_rows += [range(row, row + 1)] * hidden
            for cell in element.iterchildren("{*}c"):
                place = cell.get("r")
                row, column = _cell_place(place) if place else (row, column + 1)
                value = _stored_value(cell, texts, grid)
                style = styles[int(cell.get("s", 0))] if styles else _PLAIN
                if type(value) is float:
                    value = style.value(value, from_1904)
                grid.put(row, column, value, style.struck)


def _stored_value(cell: etree._Element, texts: list[tuple[str, bool]], grid: Grid) -> object:
    """Return what a cell stores, or its formula."""
    kind, stored, formula, value, struck = cell.get("t", "n"), None, None, "", False
    for child in cell:
        name = local_name(child.tag)
        if name == "v":
            stored = child.text or ""
        elif name == "f":
            formula = child.text or ""
        elif name == "is":
            value, struck = _rich_text(child)
    if kind == "inlineStr" or not stored:
        pass
    elif kind == "n":
        value = float(stored) if stored.strip() else ""
    elif kind == "s":
        value, struck = texts[int(stored)]
        grid.areas.letters += len(value)
    elif kind == "b":
        value = stored.strip() in ("1", "true")
    elif kind == "d":
        value = whole_day(datetime.fromisoformat(stored))
    else:
        value = stored
    grid.struck |= struck
    if value == "" and formula is not None and not (kind == "str" and stored is not None):
        return f"={formula}"
    return value


def _cell_place(name: str) -> tuple[int, int]:
    """Return row and column of a cell, counted from zero."""
    match = _PLACE.fullmatch(name) or _PLACE.fullmatch(name.upper())
    if not match:
        raise wrong_format()
    return int(match[2]) - 1, column_index_from_string(match[1]) - 1


# Excel 97. Only the kinds of records that are read are handed on to xlrd, each with the fewest
# bytes that it may have: nothing that it meets is unchecked.
_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_BEGIN, _STOP, _MORE, _ENTRY, _TEXTS, _MANY, _COLUMNS = 0x809, 0x0A, 0x3C, 0x85, 0xFC, 0xBD, 0x7D
_FRAME = {_BEGIN: 8, _STOP: 0, _MORE: 0}
_OF_BOOK = {**_FRAME, _ENTRY: 8, _TEXTS: 8, 0x42: 2, 0x22: 2, 0x31: 10, 0x41E: 5, 0xE0: 4, 0x1AE: 4}
_CELLS = {0x203: 14, 0x204: 10, 0x205: 8, 0x27E: 10, 0xFD: 10, 0xD6: 10, _MANY: 12, 0x06: 22}
# A result that is a text stands in the record after its formula, or after the formula it shares.
_RESULTS = {0x207: 2, 0x4BC: 0, 0x221: 0, 0x236: 0}
_MERGED, _ROW = 0xE5, 0x208
_OF_SHEET = {**_FRAME, **_CELLS, **_RESULTS, _MERGED: 2, _ROW: 16, _COLUMNS: 10}
_PASSWORD = 0x2F
_ENCRYPTED = ("EncryptedPackage", "EncryptionInfo")
_NOTHING = 0xFFFF  # a kind that no reader knows


def is_container(content: bytes) -> bool:
    """Check whether a file is an OLE container: an xls workbook, or any that is encrypted."""
    return content.startswith(_SIGNATURE)


def is_locked(content: bytes) -> bool:
    """Check whether a workbook is encrypted: it then stands in a container of its own."""
    return is_container(content) and not _open_container(content)[1].isdisjoint(_ENCRYPTED)


def _open_container(content: bytes) -> tuple[CompDoc, set[str]]:
    """Open an OLE container; return it with the names of its streams."""
    from xlrd.compdoc import CompDoc

    file = CompDoc(content, io.StringIO())
    return file, {entry.name for entry in file.dirlist}


def read_xls(content: bytes) -> tuple[list[Grid], list[str]]:
    """Read each sheet, and the notes on the file; refuse what is too large, or no workbook."""
    from xlrd.book import open_workbook_xls

    file, names = _open_container(content)
    if not names.isdisjoint(_ENCRYPTED):
        raise RefusedError("password")
    name = next((name for name in ("Workbook", "Book") if name in names), None)
    if name is None:
        raise wrong_format()
    whole, start, size = file.locate_named_stream(name)
    check_bytes(2 * size)  # a record takes as few as four bytes
    stream = bytearray(whole[start : start + size])
    del whole, file
    macros, linked = _check_stream(stream)
    book = open_workbook_xls(
        logfile=io.StringIO(),
        file_contents=bytes(stream),
        formatting_info=True,
        on_demand=True,
        ragged_rows=True,
    )
    areas, grids = Areas(), []
    for number, sheet in enumerate(book.sheet_names()):
        grid = Grid(areas, sheet, bool(book._sheet_visibility[number] & 3))
        _read_xls_cells(book.sheet_by_index(number), book, grid)
        book.unload_sheet(number)
        grid.end()
        grids.append(grid)
    check_bytes(areas.letters)
    macros |= "_VBA_PROJECT_CUR" in names
    return grids, ["macros"] * macros + ["external_links"] * linked


def _check_stream(stream: bytearray) -> tuple[bool, bool]:
    """Check all records before they are read; return whether there are macros, and links."""
    macros = linked = False
    starts, end = [], 0
    for kind, at, size in _biff_records(stream, 0, _OF_BOOK):
        if kind == _PASSWORD:
            raise RefusedError("password")
        if kind == _ENTRY:
            start, _, sort = struct.unpack_from("<IBB", stream, at)
            macros |= sort == 1  # a sheet of Excel 4 macros; 2 is a chart
            starts += [start] * (sort == 0)
        elif kind == 0x1AE:
            # Not links: 0x0401 is this workbook itself, 0x3A01 its add-in functions.
            linked |= struct.unpack_from("<H", stream, at + 2)[0] not in (0x0401, 0x3A01)
            struct.pack_into("<H", stream, at - 4, _NOTHING)
        end = at + size
    areas, spans = Areas(), [(0, end)]
    for start in starts:
        rows = columns = 0
        for kind, at, size in _biff_records(stream, start, _OF_SHEET):
            end = at + size
            if kind in _CELLS:
                row, column = struct.unpack_from("<HH", stream, at)
                if kind == _MANY:
                    first, [column] = column, struct.unpack_from("<H", stream, end - 2)
                    if size != 6 + 6 * (column - first + 1):
                        raise wrong_format()
                rows, columns = max(rows, row + 1), max(columns, column + 1)
            elif kind == _COLUMNS:  # as far as an xlsx file has them; xlrd would pass these over
                last = min(struct.unpack_from("<H", stream, at + 2)[0], 255)
                struct.pack_into("<H", stream, at + 2, last)
        areas.take(rows, columns)
        spans.append((start, end))
    if any(before[1] > after[0] for before, after in pairwise(sorted(spans))):
        raise wrong_format()
    return macros, linked


def _biff_records(
    stream: bytearray, start: int, kept: dict[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Iterate over the records of a sheet as (kind, offset, size).

    What is not kept is blotted out, and so are the charts inside a sheet, whose last record
    would be taken for the sheet's own.
    """
    depth, position = 0, start
    while True:
        kind, size = struct.unpack_from("<HH", stream, position)
        at, inside = position + 4, depth > 1
        position = at + size
        depth += (kind == _BEGIN) - (kind == _STOP)
        if depth < (kind != _STOP) or position > len(stream):
            raise wrong_format()
        unread = inside or depth > 1
        if not unread:
            if size < kept.get(kind, 0):
                raise wrong_format()
            yield kind, at, size
        if unread or kind not in kept:
            struct.pack_into("<H", stream, at - 4, _NOTHING)
        if not depth:
            return


def _read_xls_cells(sheet: Sheet, book: Book, grid: Grid) -> None:
    """Put the cells of a sheet into its grid."""
    from xlrd import biffh

    styles = [style_of(*_style_in_xls(book, style)) for style in book.xf_list]
    for row in range(sheet.nrows):
        cells = zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        for column, (kind, value) in enumerate(cells):
            if kind in (biffh.XL_CELL_EMPTY, biffh.XL_CELL_BLANK):
                continue
            number = sheet.cell_xf_index(row, column)
            style = styles[number] if number < len(styles) else _PLAIN
            if kind == biffh.XL_CELL_TEXT:
                runs = sheet.rich_text_runlist_map.get((row, column))
                value = _without_marked_runs(value, runs, book, grid) if runs else value
                grid.areas.letters += len(value)
            elif kind == biffh.XL_CELL_ERROR:
                value = biffh.error_text_from_code.get(value, "#VALUE!")
            elif kind == biffh.XL_CELL_BOOLEAN:
                value = bool(value)
            if type(value) is float:
                value = style.value(value, bool(book.datemode))
            grid.put(row, column, value, style.struck)
    grid.merged = [
        (top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
    ]
    grid.hidden_rows = [range(i, i + 1) for i, at in sheet.rowinfo_map.items() if at.hidden]
    grid.hidden_columns = [range(i, i + 1) for i, at in sheet.colinfo_map.items() if at.hidden]


def _style_in_xls(book: Book, style: XF) -> tuple[bool, str]:
    known = style.format_key in book.format_map
    code = book.format_map[style.format_key].format_str if known else ""
    return _font(book, style.font_index)[0], code


def _font(book: Book, number: int) -> tuple[bool, bool]:
    """Return whether a font is struck out, and whether it is raised or lowered."""
    if number >= len(book.font_list):
        return False, False
    font = book.font_list[number]
    return bool(font.struck_out), bool(font.escapement)


def _without_marked_runs(text: str, runs: list[tuple[int, int]], book: Book, grid: Grid) -> str:
    """Remove struck-out, raised and lowered runs from a text."""
    fonts = [(False, False), *(_font(book, font) for _, font in runs)]
    edges = [0, *(start for start, _ in runs), len(text)]
    parts = [text[start:stop] for start, stop in pairwise(edges)]
    grid.struck |= any(struck for struck, _ in fonts)
    return "".join(part for font, part in zip(fonts, parts, strict=True) if not any(font))
