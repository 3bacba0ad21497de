"""Web pages and XML workbooks of 2003, which systems export under the name .xls."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from email import message_from_string

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from antq_helpers.reading.counts import shown
from antq_helpers.reading.sheets import (
    MOST_CELLS,
    Areas,
    Grid,
    check_bytes,
    iterate_xml,
    local_name,
    whole_day,
    wrong_format,
)

_WIDEST = 16_384
_UNREAD = {"style", "script", "title", "template"}
_STRUCK, _RAISED = {"s", "strike", "del"}, {"sup", "sub"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "center", "li", "caption"}
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|title|style|body"
    r"|table|center|div|font|h[1-6]|p|b|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLASS = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_SHEET = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)
_DIGITS = re.compile(r"[^0-9]")


def is_web_page(text: str) -> bool:
    """Check whether a text is a web page or a part of one."""
    return bool(_PAGE.match(text[:20_000]))


def is_archive(text: str) -> bool:
    """Check whether a text is a web page archive (MHTML)."""
    return text[:4096].lstrip().lower().startswith("mime-version:")


def read_page(text: str) -> tuple[list[Grid], list[str]]:
    """Read all tables of a page into one sheet; return it with notes on the file."""
    # An element takes more memory than its letters.
    check_bytes(40 * (text.count("<") - text.count("</")))
    named = _SHEET.findall(text)
    page = _Page(named[0].strip() if len(named) == 1 else "", dict(_CLASS.findall(text)))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    page.read(document_fromstring(text.encode(), parser))
    page.grid.end()
    return [page.grid], ["struck_out"] * page.struck


def read_archive(text: str) -> tuple[list[Grid], list[str]]:
    """Read each page of an archive that has a table; return the sheets with notes on the file."""
    sheets, notes, names = [], [], []
    for part in message_from_string(text).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            page = content.decode(charset, "replace")
            names = names or _SHEET.findall(page)
            if "<table" in page.lower():
                found, more = read_page(page)
                sheets += found
                notes += more
    if len(names) == len(sheets):
        for grid, name in zip(sheets, names, strict=True):
            grid.name = name.strip()
    return sheets, list(dict.fromkeys(notes))


class _Table:
    """An open table: its last row, the cells that row spans cover, and whether a cell is open."""

    def __init__(self) -> None:
        self.row = -1
        self.covered: set[tuple[int, int]] = set()
        self.in_cell = False


class _Page:
    """Collects the cells of a page; a nested table gets rows of its own."""

    def __init__(self, name: str, classes: dict[str, str]) -> None:
        self.grid, self.struck = Grid(Areas(), name), False
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
            self.struck = True
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
                self.grid.hidden_rows.append(table.row)
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
        if column + across > _WIDEST or len(table.covered) + down * across > MOST_CELLS:
            raise wrong_format()
        table.covered |= {(table.row + i, column + j) for i in range(down) for j in range(across)}
        if down > 1 or across > 1:
            bottom, right = table.row + down - 1, column + across - 1
            self.grid.merged.append((table.row, column, bottom, right))
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
_NOT_READ = {"S", "Strike", "Del", "Sup", "Sub"}
_NAMES = ("Style", "Worksheet", "Table", "Column", "Row", "Visible")
_CODES = {"Percent": "0.00%", "Scientific": "0.00E+00"}


def is_xml_workbook(text: str) -> bool:
    """Check whether a text is an XML workbook of Excel 2003."""
    return text.lstrip()[:1] == "<" and _NAMESPACE in text[:20_000]


def read_xml_workbook(text: str) -> tuple[list[Grid], list[str]]:
    """Read each sheet; return the sheets with notes on the file."""
    content = _DECLARATION.sub("", text, count=1).encode()  # it names another encoding
    areas, sheets, styles, row, columns, default, struck = Areas(), [], {}, -1, 0, "", False
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
            first = int(given["Index"]) - 1 if "Index" in given else columns
            columns = min(first + int(given.get("Span", 0)) + 1, _WIDEST)
            sheets[-1].hidden_columns += range(first, columns) if given.get("Hidden") == "1" else ()
        elif name == "Row":
            row = int(given["Index"]) - 1 if "Index" in given else row + 1
            if given.get("Hidden") == "1":
                span = min(int(given.get("Span", 0)), MOST_CELLS)
                sheets[-1].hidden_rows += range(row, row + span + 1)
            look = given.get("StyleID", default)
            struck |= _read_xml_row(element, sheets[-1], row, look, styles)
        elif name == "Visible" and sheets:
            sheets[-1].hidden |= (element.text or "").strip() != "SheetVisible"
        elif name == "Worksheet":
            sheets[-1].end()
    return sheets, ["struck_out"] * struck


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
) -> bool:
    """Put the cells of a row into a grid; return whether any text is struck out."""
    column, any_struck = -1, False
    for cell in row.iterchildren("{*}Cell"):
        given = _attributes(cell)
        column = int(given["Index"]) - 1 if "Index" in given else column + 1
        if not 0 <= column < _WIDEST or not 0 <= number < MOST_CELLS:
            raise wrong_format()
        down, across = (int(given.get(key, 0)) for key in ("MergeDown", "MergeAcross"))
        if down or across:
            grid.merged.append((number, column, number + down, column + across))
        struck, code = styles.get(given.get("StyleID", look), (False, ""))
        value: object = given.get("Formula", "")
        for data in cell.iterchildren("{*}Data"):
            text, out = _text_without_marks(data)
            value = _value_of_kind(text, _attributes(data).get("Type", "String"), code)
            any_struck |= out or (struck and bool(text.strip()))
        if value != "" and not struck:
            grid.put(number, column, value)
        column += across
    return any_struck


def _text_without_marks(element: etree._Element) -> tuple[str, bool]:
    """Return a text without its struck-out and raised parts, and whether any is struck out."""
    text, struck = element.text or "", False
    for child in element:
        name = local_name(child.tag)
        inside, out = _text_without_marks(child)
        struck |= out or (name in ("S", "Strike", "Del") and bool(inside.strip()))
        text += ("" if name in _NOT_READ else inside) + (child.tail or "")
    return text, struck


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
