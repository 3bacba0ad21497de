"""Web pages and XML workbooks of 2003, which systems export under the name .xls."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from email import message_from_string

from lxml.html import HtmlElement, HTMLParser, document_fromstring

from antq_helpers.reading.counts import shown
from antq_helpers.reading.limits import (
    MOST_CELLS,
    Areas,
    Grid,
    parse_xml,
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
_CODES = {"Percent": "0.00%", "Scientific": "0.00E+00"}


def is_xml_workbook(text: str) -> bool:
    """Check whether a text is an XML workbook of Excel 2003."""
    return text.lstrip()[:1] == "<" and _NAMESPACE in text[:20_000]


def read_xml_workbook(text: str) -> tuple[list[Grid], list[str]]:
    """Read each sheet; return the sheets with notes on the file."""
    book = _Book()
    content = _DECLARATION.sub("", text, count=1).encode()  # it names another encoding
    parse_xml(content, book.start, book.end, book.text)
    return book.sheets, ["struck_out"] * book.struck


class _Book:
    """Collects the filled cells of all sheets."""

    def __init__(self) -> None:
        self.sheets: list[Grid] = []
        self.struck = False
        self._inside: list[str] = []
        self._styles: dict[str, tuple[bool, str]] = {}
        self._style, self._row_style, self._default = "", "", ""
        self._row = self._column = self._next_column = -1
        self._cell: dict[str, str] = {}
        self._kind, self._words = "", []
        self._areas = Areas()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""
        name = name.rpartition(":")[2]
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        self._inside.append(name)
        begin = getattr(self, f"_begin_{name.lower()}", None)
        if begin and "Comment" not in self._inside:
            begin(given)

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        name = self._inside.pop()
        if name == "Visible" and "".join(self._words).strip() != "SheetVisible" and self.sheets:
            self.sheets[-1].hidden = True
        elif name == "Cell" and "Comment" not in self._inside:
            self._end_cell()
        elif name == "Worksheet" and self.sheets:
            self.sheets[-1].end()

    def text(self, text: str) -> None:
        """Handle text."""
        if "Comment" in self._inside or not {"Data", "Visible"} & set(self._inside):
            return
        if not _NOT_READ & set(self._inside):
            self._words.append(text)
        self.struck |= bool({"S", "Strike", "Del"} & set(self._inside)) and bool(text.strip())

    def _begin_style(self, given: dict[str, str]) -> None:
        self._style = given.get("ID", "")
        self._styles[self._style] = self._styles.get(given.get("Parent", ""), (False, ""))

    def _begin_font(self, given: dict[str, str]) -> None:
        if self._inside[-2:-1] == ["Style"]:
            struck = given.get("StrikeThrough", "0") not in ("0", "False", "false")
            self._styles[self._style] = struck, self._styles[self._style][1]

    def _begin_numberformat(self, given: dict[str, str]) -> None:
        if self._inside[-2:-1] == ["Style"]:
            code = given.get("Format", "")
            self._styles[self._style] = self._styles[self._style][0], _CODES.get(code, code)

    def _begin_worksheet(self, given: dict[str, str]) -> None:
        self.sheets.append(Grid(self._areas, given.get("Name", "")))
        self._row, self._next_column = -1, 0

    def _begin_table(self, given: dict[str, str]) -> None:
        self._default = given.get("StyleID", "")

    def _begin_column(self, given: dict[str, str]) -> None:
        first = int(given["Index"]) - 1 if "Index" in given else self._next_column
        self._next_column = min(first + int(given.get("Span", 0)) + 1, _WIDEST)
        if given.get("Hidden") == "1":
            self.sheets[-1].hidden_columns += range(first, self._next_column)

    def _begin_row(self, given: dict[str, str]) -> None:
        self._row = int(given["Index"]) - 1 if "Index" in given else self._row + 1
        if given.get("Hidden") == "1":
            span = min(int(given.get("Span", 0)), MOST_CELLS)
            self.sheets[-1].hidden_rows += range(self._row, self._row + span + 1)
        self._row_style, self._column = given.get("StyleID", self._default), -1
        self._span = int(given.get("Span", 0))

    def _begin_cell(self, given: dict[str, str]) -> None:
        self._column = int(given["Index"]) - 1 if "Index" in given else self._column + 1
        self._cell, self._kind, self._words = given, "", []
        if not 0 <= self._column < _WIDEST or not 0 <= self._row < MOST_CELLS:
            raise wrong_format()

    def _begin_data(self, given: dict[str, str]) -> None:
        self._kind, self._words = given.get("Type", "String"), []

    def _begin_visible(self, given: dict[str, str]) -> None:
        self._words = []

    def _end_cell(self) -> None:
        grid = self.sheets[-1]
        down, across = (int(self._cell.get(key, 0)) for key in ("MergeDown", "MergeAcross"))
        if down or across:
            grid.merged.append((self._row, self._column, self._row + down, self._column + across))
        value = self._value("".join(self._words))
        if value != "":
            grid.put(self._row, self._column, value)
        self._column += across

    def _value(self, text: str) -> object:
        struck, code = self._styles.get(self._cell.get("StyleID", self._row_style), (False, ""))
        if struck and text.strip():
            self.struck = True
            return ""
        if not text and not self._kind and "Formula" in self._cell:
            return self._cell["Formula"]
        with suppress(ValueError):
            if self._kind == "Number":
                return shown(float(text), code) or float(text)
            if self._kind == "DateTime":
                return whole_day(datetime.fromisoformat(text))
            if self._kind == "Boolean":
                return text.strip() == "1"
        return text
