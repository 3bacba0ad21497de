"""An XML workbook of Excel 2003, as many systems export under the name .xls, in; sheets out."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, time

from antq_helpers.reading.formats import shown
from antq_helpers.reading.guards import MOST_CELLS, Cells, Scan, parse_xml, wrong_format

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_NOT_READ = {"S", "Strike", "Del", "Sup", "Sub"}
_WIDEST = 16_384
_CODES = {"Percent": "0.00%", "Scientific": "0.00E+00"}


def is_xml_workbook(text: str) -> bool:
    """Say whether a text is such a workbook."""
    return text.lstrip()[:1] == "<" and _NAMESPACE in text[:20_000]


def read_xml_workbook(text: str) -> tuple[list[tuple[Scan, list[list]]], list[str]]:
    """Give each sheet, and the notes on the file."""
    book = _Book()
    content = _DECLARATION.sub("", text, count=1).encode()  # which names another encoding
    parse_xml(content, book.start, book.end, book.text)
    return book.sheets, ["struck_out"] * book.struck


class _Book:
    """Collects the cells of all sheets, of which only those that hold something are kept."""

    def __init__(self) -> None:
        self.sheets: list[tuple[Scan, list[list]]] = []
        self.struck = False
        self._inside: list[str] = []
        self._styles: dict[str, tuple[bool, str]] = {}
        self._style, self._row_style, self._default = "", "", ""
        self._row = self._column = self._next_column = -1
        self._cell: dict[str, str] = {}
        self._kind, self._words = "", []
        self._cells, self._width = Cells(), 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = name.rpartition(":")[2]
        given = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        self._inside.append(name)
        begin = getattr(self, f"_begin_{name.lower()}", None)
        if begin and "Comment" not in self._inside:
            begin(given)

    def end(self, name: str) -> None:
        """End an element."""
        name = self._inside.pop()
        if name == "Visible" and "".join(self._words).strip() != "SheetVisible" and self.sheets:
            self.sheets[-1][0].hidden = True
        elif name == "Cell" and "Comment" not in self._inside:
            self._end_cell()
        elif name == "Worksheet" and self.sheets:
            scan, rows = self.sheets[-1]
            self._cells.take(len(rows), self._width, scan.name)

    def text(self, text: str) -> None:
        """Take up text."""
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
        self.sheets.append((Scan(given.get("Name", "")), []))
        self._row, self._width, self._next_column = -1, 0, 0

    def _begin_table(self, given: dict[str, str]) -> None:
        self._default = given.get("StyleID", "")

    def _begin_column(self, given: dict[str, str]) -> None:
        first = int(given["Index"]) - 1 if "Index" in given else self._next_column
        self._next_column = min(first + int(given.get("Span", 0)) + 1, _WIDEST)
        if given.get("Hidden") == "1":
            self.sheets[-1][0].hidden_columns += range(first, self._next_column)

    def _begin_row(self, given: dict[str, str]) -> None:
        self._row = int(given["Index"]) - 1 if "Index" in given else self._row + 1
        if given.get("Hidden") == "1":
            span = min(int(given.get("Span", 0)), MOST_CELLS)
            self.sheets[-1][0].hidden_rows += range(self._row, self._row + span + 1)
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
        scan, rows = self.sheets[-1]
        down, across = (int(self._cell.get(key, 0)) for key in ("MergeDown", "MergeAcross"))
        if down or across:
            scan.merged.append((self._row, self._column, self._row + down, self._column + across))
        value = self._value("".join(self._words))
        if value != "":
            rows += [[] for _ in range(self._row + 1 - len(rows))]
            row = rows[self._row]
            row += [""] * (self._column + 1 - len(row))
            row[self._column] = value
            self._width = max(self._width, len(row))
            if len(rows) * self._width > MOST_CELLS:
                self._cells.take(len(rows), self._width, scan.name)
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
                moment = datetime.fromisoformat(text)
                return moment.date() if moment.time() == time() else moment
            if self._kind == "Boolean":
                return text.strip() == "1"
        return text
