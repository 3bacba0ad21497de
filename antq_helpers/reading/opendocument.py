"""Read OpenDocument spreadsheets (ods), with merged and hidden cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time, timedelta

from lxml import etree

from antq_helpers.reading.counts import multiplies, shown
from antq_helpers.reading.sheets import (
    Areas,
    Grid,
    Package,
    RefusedError,
    iterate_xml,
    local_name,
    whole_day,
    wrong_format,
)

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_WIDEST = 16384
_DEEPEST = 20  # levels of parent styles
_DURATION = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d*)?S")
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
    notes = ["macros"] * macros + ["external_links"] * linked + ["struck_out"] * reader.struck
    return reader.sheets, notes


class _Reader:
    """Reads styles, and sheets row by row; what is drawn over a sheet is left out."""

    def __init__(self) -> None:
        self.sheets: list[Grid] = []
        self.linked = self.struck = False
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
        self._hidden_rows: list[range] = []
        self._hidden_columns: list[range] = []
        self._column_styles: list[tuple[range, str]] = []

    def _read_column(self, element: etree._Element) -> None:
        columns = range(self._columns, self._columns + _repeats(element, "columns-repeated"))
        if _is_hidden(element):
            self._hidden_columns.append(columns)
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
            self._hidden_rows.append(range(top, self._row_number))
        for cell in element.iterchildren(*_CELLS):
            of_column = (style for at, style in self._column_styles if column in at)
            style = cell.get(f"{_TABLE}style-name") or of_row or next(of_column, "")
            value, left = self._value(cell, style), column
            column += _repeats(cell, "columns-repeated")
            down, across = _repeats(cell, "rows-spanned"), _repeats(cell, "columns-spanned")
            if down > 1 or across > 1:
                self._grid.merged.append((top, left, top + down - 1, left + across - 1))
            if value != "":
                if column > _WIDEST:
                    self._areas.take(top + 1, column, self._grid.name)
                    raise wrong_format()
                row += [""] * (left - len(row)) + [value] * (column - left)
        if row:
            self._grid.put(self._row_number - 1, len(row) - 1, row[-1])  # within the limit
            self._grid.rows[top:] = [list(row) for _ in range(self._row_number - top)]

    def _value(self, cell: etree._Element, style: str) -> object:
        if style not in self._looks:
            code = self._property("table-cell", style, f"{_STYLE}data-style-name")
            self._looks[style] = self._is_struck("table-cell", style), self._codes.get(code, "")
        struck, code = self._looks[style]
        paragraphs = [self._paragraph(p) for p in cell.iterchildren(f"{_TEXT}p")]
        value = _typed_value(cell.attrib, "\n".join(paragraphs) if paragraphs else None, code)
        if value != "" and struck:
            self.struck = True
            return ""
        return value

    def _paragraph(self, element: etree._Element) -> str:
        """Return a paragraph's text, without what is struck out or raised.

        What is struck out no longer holds; what is raised is the number of a footnote.
        """
        name = element.get(f"{_TEXT}style-name")
        struck = self._is_struck("paragraph" if element.tag == f"{_TEXT}p" else "text", name)
        self.struck |= struck
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
        height, width = len(self._grid.rows), self._grid.width
        self._grid.hidden_rows = _listed(self._hidden_rows, height)
        self._grid.hidden_columns = _listed(self._hidden_columns, width)
        self.sheets.append(self._grid)


def _listed(ranges: list[range], size: int) -> list[int]:
    return [place for span in ranges for place in range(span.start, min(span.stop, size))]


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
