"""OpenDocument spreadsheets, and the web pages and XML workbooks that systems export as .xls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta
from email import message_from_string

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from antq_helpers.reading.counts import multiplies, shown
from antq_helpers.reading.sheets import (
    MOST_CELLS,
    WIDEST,
    Areas,
    Grid,
    Package,
    RefusedError,
    check_bytes,
    iterate_xml,
    local_name,
    whole_day,
    wrong_format,
)

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_DEEPEST = 20  # levels of parent styles
_DURATION = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d*)?S")  # "PT08H30M00S"
_PREFIX = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _STYLE, _TABLE, _TEXT = (_PREFIX % name for name in ("office", "style", "table", "text"))
_NUMBER = _PREFIX % "datastyle"
_ERROR = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MARKS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_LINES = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")


def read_ods(content: bytes) -> tuple[list[Grid], list[str]]:
    """Read each sheet, and the notes on the file; refuse what is too large, or no spreadsheet."""
    package = Package(content)
    if not package.read("mimetype").startswith(_MIMETYPE):
        raise wrong_format()
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise RefusedError("password")
    part = package.read("content.xml")
    reader = _Reader()
    if "styles.xml" in package:  # named styles: the parents of the sheets' own
        reader.read(package.read("styles.xml"))
    reader.read(part)
    if not reader.sheets:
        raise wrong_format()
    lists = ("-lc.xml", "-lb.xml")  # an empty library is listed, too
    macros = any(
        name.startswith(("basic/", "scripts/")) and not name.endswith((*lists, "/"))
        for name in package.names()
    )
    linked = reader.linked or b"'file:" in part
    return reader.sheets, ["macros"] * macros + ["external_links"] * linked


class _Reader:
    """Reads styles, and sheets row by row; what is drawn over a sheet is left out."""

    def __init__(self) -> None:
        self.sheets: list[Grid] = []
        self.linked = False
        self._styles: dict[tuple[str, str], dict[str, str]] = {}
        self._codes: dict[str, str] = {}
        self._looks: dict[str, tuple[bool, str]] = {}
        self._areas = Areas()
        self._grid: Grid | None = None

    def read(self, part: bytes) -> None:
        """Read the styles and sheets of a part."""
        handlers = {
            "style": self._read_style,
            **dict.fromkeys(("number-style", "percentage-style"), self._read_code),
            "table-column": self._read_column,
            "table-row": self._read_row,
            "table": self._end_table,
        }
        for event, element in iterate_xml(part, *handlers):
            if next(element.iterancestors(*_CELLS, f"{_TABLE}shapes"), None) is not None:
                continue  # a table in a drawing
            if event == "end":
                handlers[local_name(element.tag)](element)
            elif element.tag == f"{_TABLE}table":
                self._start_table(element)

    def _read_style(self, element: etree._Element) -> None:
        style = dict(element.attrib)
        for properties in element:
            style |= properties.attrib
        self._styles[style.get(f"{_STYLE}family", ""), style.get(f"{_STYLE}name", "")] = style

    def _property(self, family: str, name: str | None, *wanted: str) -> str:
        """Return the value of a property in a style or the nearest of its parents."""
        for _ in range(_DEEPEST):
            style = self._styles.get((family, name or ""), {})
            if found := next((style[key] for key in wanted if key in style), ""):
                return found
            name = style.get(f"{_STYLE}parent-style-name")
        return ""

    def _is_struck(self, family: str, name: str | None) -> bool:
        return self._property(family, name, *_LINES) not in ("", "none")

    def _is_raised(self, name: str | None) -> bool:
        position = self._property("text", name, f"{_STYLE}text-position")
        return bool(position) and position.split()[0] not in ("0%", "0")

    def _read_code(self, element: etree._Element) -> None:
        """Read a number format into Excel's notation: "0," for thousands."""
        code = ""
        for child in element:
            if child.tag == f"{_NUMBER}number":
                factor = child.get(f"{_NUMBER}display-factor", "1").partition(".")[0]
                code += "0" + "," * (len(factor) // 3)
            elif child.tag == f"{_NUMBER}text":
                words = (child.text or "").replace('"', "")
                code += words if words.strip() == "%" else f'"{words}"'
        self._codes[element.get(f"{_STYLE}name", "")] = code

    def _start_table(self, element: etree._Element) -> None:
        name = element.get(f"{_TABLE}name", "")
        self._grid = None
        if name.startswith("'file:"):  # a cached copy of another file
            self.linked = True
            return
        style = element.get(f"{_TABLE}style-name")
        hidden = self._property("table", style, f"{_TABLE}display") == "false"
        self._grid = Grid(self._areas, name, hidden)
        self._row_number = self._columns = 0
        self._column_styles: list[tuple[range, str]] = []

    def _read_column(self, element: etree._Element) -> None:
        if self._grid is None:
            return
        columns = range(self._columns, self._columns + _repeats(element, "columns-repeated"))
        if _is_hidden(element):
            self._grid.hidden_columns.append(columns)
        if style := element.get(f"{_TABLE}default-cell-style-name"):
            self._column_styles.append((columns, style))
        self._columns = columns.stop

    def _read_row(self, element: etree._Element) -> None:
        if self._grid is None:
            return
        row, column, top = [], 0, self._row_number
        of_row = element.get(f"{_TABLE}default-cell-style-name")
        self._row_number += _repeats(element, "rows-repeated")
        if _is_hidden(element):
            self._grid.hidden_rows.append(range(top, self._row_number))
        for cell in element.iterchildren(*_CELLS):
            of_column = (style for at, style in self._column_styles if column in at)
            style = cell.get(f"{_TABLE}style-name") or of_row or next(of_column, "")
            value, left = self._value(cell, style), column
            column += _repeats(cell, "columns-repeated")
            down, across = _repeats(cell, "rows-spanned"), _repeats(cell, "columns-spanned")
            self._grid.merge(top, left, down, across)
            if value != "":
                self._grid.reach(self._row_number - 1, column - 1)
                row += [""] * (left - len(row)) + [value] * (column - left)
        if row:
            self._grid.rows[top:] = [list(row) for _ in range(self._row_number - top)]

    def _value(self, cell: etree._Element, style: str) -> object:
        if style not in self._looks:
            code = self._property("table-cell", style, f"{_STYLE}data-style-name")
            self._looks[style] = self._is_struck("table-cell", style), self._codes.get(code, "")
        struck, code = self._looks[style]
        paragraphs = [self._paragraph(p) for p in cell.iterchildren(f"{_TEXT}p")]
        value = _typed_value(cell.attrib, "\n".join(paragraphs) if paragraphs else None, code)
        if value != "" and struck:
            self._grid.struck = True
            return ""
        return value

    def _paragraph(self, element: etree._Element) -> str:
        """Return a paragraph's text, without what is struck out or raised.

        What is struck out no longer holds; what is raised is the number of a footnote.
        """
        name = element.get(f"{_TEXT}style-name")
        struck = self._is_struck("paragraph" if element.tag == f"{_TEXT}p" else "text", name)
        self._grid.struck |= struck
        if struck or (element.tag == f"{_TEXT}span" and self._is_raised(name)):
            return ""
        text = element.text or ""
        for child in element:
            if child.tag in (f"{_TEXT}span", f"{_TEXT}a"):
                text += self._paragraph(child)
            elif child.tag == f"{_TEXT}s":
                text += " " * min(int(child.get(f"{_TEXT}c", 1)), 1000)
            else:  # all others, such as notes, are no part of the text
                text += _MARKS.get(child.tag, "")
            text += child.tail or ""
        return text

    def _end_table(self, element: etree._Element) -> None:
        if self._grid is None:
            return
        self._grid.end()
        self.sheets.append(self._grid)


def _repeats(element: etree._Element, name: str) -> int:
    return max(int(element.get(f"{_TABLE}number-{name}", 1)), 1)


def _is_hidden(element: etree._Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _typed_value(given: Mapping[str, str], shows: str | None, code: str) -> object:
    """Return a cell's value by its type; a formula without a result as text."""
    text = shows or ""
    kind = given.get(f"{_OFFICE}value-type")
    if given.get(_ERROR) == "error":
        return text or "#VALUE!"
    if kind in _TYPED:
        name, read = _TYPED[kind]
        with suppress(AttributeError, KeyError, ValueError):
            value = read(given[name])
            if type(value) is not float:
                return value
            # A text beside the value is what programs show; where there is none, by the format.
            code = "0%" if kind == "percentage" else code
            return (
                shown(value, code) if shows is None else _shown_number(kind, value, text)
            ) or value
    if kind != "string" and not text and f"{_TABLE}formula" in given:
        return "=" + given[f"{_TABLE}formula"].partition("=")[2]
    return text or given.get(f"{_OFFICE}string-value", "")


def _shown_number(kind: str, value: float, text: str) -> str:
    """Describe what a number shows, if it is another number than is stored; else blank."""
    if kind == "percentage":
        return f"{value * 100:.15g}%"
    # "5,00" is five, "5,000" may be five thousand.
    number = re.sub(r"[.,]0{1,2}(?!\d)", "", text)
    digits = re.sub(r"\D", "", number)
    same = not value.is_integer() or not (digits or value)
    same = same or (digits.isdigit() and int(digits) == abs(value))
    same = same and not multiplies(number.strip("()-−+ 0123456789.,"))
    return "" if same else f"{value:.15g} ⇒ {text or '…'}"


def _read_duration(text: str) -> time | timedelta:
    hours, minutes, seconds = map(int, _DURATION.fullmatch(text).groups())
    if hours < 24:
        return time(hours, minutes, seconds)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


_TYPED: dict[str, tuple[str, Callable]] = {
    **dict.fromkeys(("float", "percentage", "currency"), (f"{_OFFICE}value", float)),
    "date": (f"{_OFFICE}date-value", lambda text: whole_day(datetime.fromisoformat(text))),
    "time": (f"{_OFFICE}time-value", _read_duration),
    "boolean": (f"{_OFFICE}boolean-value", {"true": True, "false": False}.__getitem__),
}


_UNREAD = {"style", "script", "title", "template"}
_STRUCK, _RAISED = {"s", "strike", "del"}, {"sup", "sub"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "center", "li", "caption"}
# "<html>", "<!DOCTYPE html …", "<!-- by our system --><table>": pages often lack their first tags.
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|title|style|body"
    r"|table|center|div|font|h[1-6]|p|b|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLASS = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")  # ".xl65 {text-decoration: line-through}"
_SHEET = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)  # the name that Excel gave a sheet
_DIGITS = re.compile(r"[^0-9]")


def is_web_page(text: str) -> bool:
    """Check whether a text is a web page or a part of one."""
    return bool(_PAGE.match(text[:20_000]))


def is_archive(text: str) -> bool:
    """Check whether a text is a web page archive (MHTML)."""
    return text[:4096].lstrip().lower().startswith("mime-version:")


def read_page(text: str) -> list[Grid]:
    """Read all tables of a page into one sheet."""
    # An element takes more memory than its letters.
    check_bytes(40 * (text.count("<") - text.count("</")))
    named = _SHEET.findall(text)
    page = _Page(named[0].strip() if len(named) == 1 else "", dict(_CLASS.findall(text)))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page.read(document_fromstring(text.encode(), parser))
    page.grid.end()
    return [page.grid]


def read_archive(text: str) -> list[Grid]:
    """Read each page of an archive that has a table."""
    sheets, names = [], []
    for part in message_from_string(text).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            page = content.decode(charset, "replace")
            names = names or _SHEET.findall(page)
            if "<table" in page.lower():
                sheets += read_page(page)
    if len(names) == len(sheets):
        for grid, name in zip(sheets, names, strict=True):
            grid.name = name.strip()
    return sheets


class _Table:
    """An open table: its last row, the cells that row spans cover, and whether a cell is open."""

    def __init__(self) -> None:
        self.row = -1
        self.covered: set[tuple[int, int]] = set()
        self.in_cell = False


class _Page:
    """Collects the cells of a page; a nested table gets rows of its own."""

    def __init__(self, name: str, classes: dict[str, str]) -> None:
        self.grid = Grid(Areas(), name)
        self._classes, self._text = classes, []
        self._tables: list[_Table] = []

    def read(self, element: HtmlElement, around: frozenset[str] = frozenset()) -> None:
        """Read an element and all that it holds; ``around`` are the marks of those around it."""
        tag, marks = element.tag, around | self._marks(element)
        is_cell = tag in ("td", "th") and bool(self._tables)
        if tag == "table":
            self._end_text()
            self._tables.append(_Table())
        elif is_cell or (tag == "tr" and self._tables):
            self._begin(tag, marks)
        elif tag == "br" or (tag in _BLOCKS and self._in_cell()):
            self._text.append(" ")
        elif tag in _BLOCKS:
            self._end_text()
        self._add(element.text, marks)
        for child in element:
            if isinstance(child.tag, str):
                self.read(child, marks)
            self._add(child.tail, marks)
        if is_cell:
            self._end_cell(element)
        elif tag == "table":
            self._tables.pop()
        elif (tag in _BLOCKS and not self._in_cell()) or tag == "body":
            self._end_text()

    def _add(self, text: str | None, marks: frozenset[str]) -> None:
        if text and "struck" in marks and text.strip():
            self.grid.struck = True
        if text and not marks & {"struck", "raised", "unread"}:
            self._text.append(text)

    def _marks(self, element: HtmlElement) -> set[str]:
        rules = [self._classes.get(name, "") for name in element.get("class", "").split()]
        style = re.sub(r"\s", "", ";".join([*rules, element.get("style", "")])).lower()
        raised = element.tag in _RAISED or re.search(r"vertical-align:(?:super|sub)\b", style)
        found = {
            "unread": element.tag in _UNREAD,
            "struck": element.tag in _STRUCK or "line-through" in style,
            "raised": raised,
            "hidden": re.search(r"display:none|visibility:hidden", style),
        }
        return {mark for mark, is_there in found.items() if is_there}

    def _in_cell(self) -> bool:
        return bool(self._tables) and self._tables[-1].in_cell

    def _begin(self, tag: str, marks: frozenset[str]) -> None:
        table = self._tables[-1]
        if tag == "tr" or table.row < 0:
            self._end_text()
            table.row = len(self.grid.rows)
            self.grid.rows.append([])
            if "hidden" in marks:
                self.grid.hidden_rows.append(range(table.row, table.row + 1))
        if tag != "tr":
            self._text.clear()
            table.in_cell = True

    def _end_cell(self, element: HtmlElement) -> None:
        table = self._tables[-1]
        table.in_cell = False
        text, self._text = " ".join("".join(self._text).split()), []
        column = len(self.grid.rows[table.row])
        while (table.row, column) in table.covered:
            column += 1
        down, across = _span(element, "rowspan"), _span(element, "colspan")
        if column + across > WIDEST or len(table.covered) + down * across > MOST_CELLS:
            raise wrong_format()
        table.covered |= {(table.row + i, column + j) for i in range(down) for j in range(across)}
        self.grid.merge(table.row, column, down, across)
        self.grid.put(table.row, column, _page_value(element, text))

    def _end_text(self) -> None:
        """Put text between tables, such as a title, into a row of its own."""
        if self._in_cell():
            return
        text, self._text = " ".join("".join(self._text).split()), []
        if text:
            self.grid.put(len(self.grid.rows), 0, text)


def _span(given: HtmlElement, name: str) -> int:
    text = given.get(name, "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _page_value(given: HtmlElement, text: str) -> object:
    """Return a cell's number if the page states it and the text shows the same one."""
    stated = given.get("x:num") or given.get("sdval") or ""
    with suppress(ValueError):
        number = float(stated)
        same = _DIGITS.sub("", text) == _DIGITS.sub("", f"{number:.15g}")
        return number if same else text if "%" in text else f"{number:.15g} ⇒ {text}"
    return text


_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_NAMES = ("Style", "Worksheet", "Table", "Column", "Row", "Visible")
_CODES = {"Percent": "0.00%", "Scientific": "0.00E+00"}


def is_xml_workbook(text: str) -> bool:
    """Check whether a text is an XML workbook of Excel 2003."""
    return text.lstrip()[:1] == "<" and _NAMESPACE in text[:20_000]


def read_xml_workbook(text: str) -> list[Grid]:
    """Read each sheet of an XML workbook."""
    content = _DECLARATION.sub("", text, count=1).encode()  # it names another encoding
    areas, sheets, styles, row, columns, default = Areas(), [], {}, -1, 0, ""
    for event, element in iterate_xml(content, *_NAMES):
        name, given = local_name(element.tag), _attributes(element)
        if event == "start":
            if name == "Worksheet":
                sheets.append(Grid(areas, given.get("Name", "")))
                row, columns, default = -1, 0, ""
            elif name == "Table":
                default = given.get("StyleID", "")
        elif name == "Style":
            styles[given.get("ID", "")] = _read_look(element, styles.get(given.get("Parent", "")))
        elif name == "Column":
            hidden, columns = _spanned(given, columns)
            sheets[-1].hidden_columns += [hidden] * (given.get("Hidden") == "1")
        elif name == "Row":
            hidden, _ = _spanned(given, row + 1)
            row = hidden.start
            sheets[-1].hidden_rows += [hidden] * (given.get("Hidden") == "1")
            _read_xml_row(element, sheets[-1], row, given.get("StyleID", default), styles)
        elif name == "Visible" and sheets:
            sheets[-1].hidden |= (element.text or "").strip() != "SheetVisible"
        elif name == "Worksheet":
            sheets[-1].end()
    return sheets


def _spanned(given: dict[str, str], following: int) -> tuple[range, int]:
    """Return the rows or columns that an element is about, and the one after them."""
    first = int(given["Index"]) - 1 if "Index" in given else following
    after = first + int(given.get("Span", 0)) + 1
    return range(first, after), after


def _attributes(element: etree._Element) -> dict[str, str]:
    return {local_name(key): value for key, value in element.attrib.items()}


def _read_look(element: etree._Element, parent: tuple[bool, str] | None) -> tuple[bool, str]:
    """Return whether a style strikes out, and its number format."""
    struck, code = parent or (False, "")
    for child in element:
        given = _attributes(child)
        if local_name(child.tag) == "Font":
            struck = given.get("StrikeThrough", "0") not in ("0", "False", "false")
        elif local_name(child.tag) == "NumberFormat":
            code = _CODES.get(given.get("Format", ""), given.get("Format", ""))
    return struck, code


def _read_xml_row(
    row: etree._Element, grid: Grid, number: int, look: str, styles: dict[str, tuple[bool, str]]
) -> None:
    """Put the cells of a row into a grid."""
    column = 0
    for cell in row.iterchildren("{*}Cell"):
        given = _attributes(cell)
        column = int(given["Index"]) - 1 if "Index" in given else column
        if column < 0 or number < 0:
            raise wrong_format()
        down, across = (int(given.get(key, 0)) + 1 for key in ("MergeDown", "MergeAcross"))
        grid.merge(number, column, down, across)
        struck, code = styles.get(given.get("StyleID", look), (False, ""))
        value: object = given.get("Formula", "")
        for data in cell.iterchildren("{*}Data"):
            text = _text_without_marks(data, grid)
            value = _value_of_kind(text, _attributes(data).get("Type", "String"), code)
        grid.put(number, column, value, struck)
        column += across


def _text_without_marks(element: etree._Element, grid: Grid) -> str:
    """Return a text without its struck-out and raised parts."""
    text = element.text or ""
    for child in element:
        name, inside = local_name(child.tag), _text_without_marks(child, grid)
        grid.struck |= name.lower() in _STRUCK and bool(inside.strip())
        text += ("" if name.lower() in _STRUCK | _RAISED else inside) + (child.tail or "")
    return text


def _value_of_kind(text: str, kind: str, code: str) -> object:
    """Return the value of a text by its kind."""
    with suppress(ValueError):
        if kind == "Number":
            return shown(float(text), code) or float(text)
        if kind == "DateTime":
            return whole_day(datetime.fromisoformat(text))
        if kind == "Boolean":
            return text.strip() == "1"
    return text
