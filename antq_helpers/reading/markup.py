"""Web pages and XML workbooks of 2003, which systems export under the name .xls."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_string
from html.parser import HTMLParser

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
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "center", "li", "caption"}
# Elements that the start of another one closes: a row closes the cells before it.
_ENDS = {"td": {"td", "th"}, "th": {"td", "th"}, "tr": {"td", "th", "tr"}}
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|title|style|body"
    r"|table|center|div|font|h[1-6]|p|b|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_CLASS = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_SHEET = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)
_DIGITS = re.compile(r"[^0-9]")


def is_page(text: str) -> bool:
    """Check whether a text is a web page or a part of one."""
    return bool(_PAGE.match(text[:20_000]))


def is_archive(text: str) -> bool:
    """Check whether a text is a web page archive (MHTML)."""
    return text[:4096].lstrip().lower().startswith("mime-version:")


def read_page(text: str) -> tuple[list[Grid], list[str]]:
    """Read all tables of a page into one sheet; return it with notes on the file."""
    named = _SHEET.findall(text)
    page = _Page(named[0].strip() if len(named) == 1 else "", dict(_CLASS.findall(text)))
    page.feed(text)
    page.close()
    page.end()
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
                found, said = read_page(page)
                sheets += found
                notes += said
    if len(names) == len(sheets):
        for grid, name in zip(sheets, names, strict=True):
            grid.name = name.strip()
    return sheets, list(dict.fromkeys(notes))


@dataclass
class _Table:
    """State of an open table: cells covered by row spans, and the current cell."""

    start: int
    row: int = -1
    covered: set[tuple[int, int]] = field(default_factory=set)
    cell: dict[str, str] | None = None


class _Page(HTMLParser):
    """Collects the cells of a page; a nested table gets rows of its own."""

    def __init__(self, name: str, classes: dict[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.grid, self.struck = Grid(Areas(), name), False
        self.rows = self.grid.rows
        self._classes, self._tables = classes, []
        self._open: list[tuple[str, set[str]]] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._text.append(" ")
        if tag == "table":
            self._end_text()
            self._tables.append(_Table(len(self.rows)))
        if tag in _ENDS and self._tables:
            self._close(_ENDS[tag], stop="table")
            self._begin(tag, given)
        if tag in _BLOCKS and not self._in_cell():
            self._end_text()
        elif tag in _BLOCKS:
            self._text.append(" ")
        if tag not in _VOID:
            self._open.append((tag, self._marks(tag, given)))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            self._close({tag}, stop="" if tag == "table" else "table")
        if tag in _BLOCKS and not self._in_cell():
            self._end_text()

    def handle_data(self, data: str) -> None:
        marks = set().union(*(marks for _, marks in self._open))
        if "struck" in marks and data.strip():
            self.struck = True
        if not marks & {"struck", "raised", "unread"}:
            self._text.append(data)

    def end(self) -> None:
        """Close all elements that the page leaves open."""
        self._close({name for name, _ in self._open}, stop="")
        self._end_text()
        self.grid.end()

    def _marks(self, tag: str, given: dict[str, str]) -> set[str]:
        rules = [self._classes.get(name, "") for name in given.get("class", "").split()]
        style = re.sub(r"\s", "", ";".join([*rules, given.get("style", "")])).lower()
        found = {"unread"} if tag in _UNREAD else set()
        found |= {"struck"} if tag in _STRUCK or "line-through" in style else set()
        raised = tag in _RAISED or re.search(r"vertical-align:(?:super|sub)\b", style)
        found |= {"raised"} if raised else set()
        hidden = re.search(r"display:none|visibility:hidden", style)
        return found | {"hidden"} if hidden else found

    def _in_cell(self) -> bool:
        return bool(self._tables) and self._tables[-1].cell is not None

    def _close(self, tags: set[str], stop: str) -> None:
        """Close open elements up to the outermost of these tags, but none outside ``stop``."""
        names = [name for name, _ in self._open]
        floor = len(names) - names[::-1].index(stop) if stop in names else 0
        inner = [i for i in range(floor, len(names)) if names[i] in tags]
        while inner and len(self._open) > inner[0]:
            name = self._open[-1][0]
            if name in ("td", "th"):
                self._end_cell()
            elif name == "table" and self._tables:
                self._tables.pop()
            self._open.pop()

    def _begin(self, tag: str, given: dict[str, str]) -> None:
        table = self._tables[-1]
        if tag == "tr" or table.row < 0:
            self._end_text()
            table.row = len(self.rows)
            self.rows.append([])
            marks = {mark for _, marks in self._open for mark in marks} | self._marks(tag, given)
            if "hidden" in marks:
                self.grid.hidden_rows.append(table.row)
        if tag != "tr":
            self._text.clear()
            table.cell = given

    def _end_cell(self) -> None:
        table = self._tables[-1] if self._tables else None
        if table is None or table.cell is None:
            return
        given, table.cell = table.cell, None
        text, self._text = " ".join("".join(self._text).split()), []
        row = self.rows[table.row]
        column = len(row)
        while (table.row, column) in table.covered:
            column += 1
        down, across = _span(given, "rowspan"), _span(given, "colspan")
        if column + across > _WIDEST or len(table.covered) + down * across > MOST_CELLS:
            raise wrong_format()
        table.covered |= {(table.row + i, column + j) for i in range(down) for j in range(across)}
        if down > 1 or across > 1:
            bottom, right = table.row + down - 1, column + across - 1
            self.grid.merged.append((table.row, column, bottom, right))
        self.grid.put(table.row, column, _value(given, text))

    def _end_text(self) -> None:
        """Put text between tables, such as a title, into a row of its own."""
        if self._in_cell():
            return
        text, self._text = " ".join("".join(self._text).split()), []
        if text:
            self.grid.put(len(self.rows), 0, text)


def _span(given: dict[str, str], name: str) -> int:
    text = given.get(name, "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _value(given: dict[str, str], text: str) -> object:
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
