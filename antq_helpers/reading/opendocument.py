"""Read OpenDocument spreadsheets (ods), with merged and hidden cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta

from antq_helpers.reading.counts import multiplies, shown
from antq_helpers.reading.limits import (
    Areas,
    Grid,
    Package,
    RefusedError,
    parse_xml,
    whole_day,
    wrong_format,
)

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_WIDEST = 16384
_DEEPEST = 20  # levels of parent styles
_LINES = ("style:text-line-through-style", "style:text-line-through-type")
_DURATION = re.compile(r"PT(\d{1,6})H(\d{1,2})M(\d{1,2})(?:[.,]\d*)?S")
# What stands around cells and inside their texts; whatever else stands there is no value of a
# cell: notes, drawings with tables and texts of their own, forms, traces of changes.
_AROUND = (
    *("office:document-content", "office:automatic-styles", "office:body", "office:spreadsheet"),
    *("office:document-styles", "office:styles"),
    *("table:table-row-group", "table:table-header-rows", "table:table-rows"),
    *("table:table-column-group", "table:table-header-columns", "table:table-columns"),
)


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
        parse_xml(package.read("styles.xml"), reader.start, reader.end, reader.text)
    parse_xml(part, reader.start, reader.end, reader.text)
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
    """Handles XML events, and tracks the open sheet, row and cell."""

    def __init__(self) -> None:
        self.sheets: list[Grid] = []
        self.linked = self.struck = False
        self._styles: dict[tuple[str, str], dict[str, str]] = {}
        self._style: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._code, self._words = "", None
        self._looks: dict[str, tuple[bool, str]] = {}
        self._areas, self._skipped = Areas(), 0
        self._cell: dict[str, str] | None = None
        self._grid: Grid | None = None
        self._starts: dict[str, Callable] = {
            **dict.fromkeys((*_AROUND, "text:a"), lambda given: None),
            "text:span": self._start_span,
            "style:style": self._start_style,
            "style:text-properties": lambda given: self._style.update(given),
            "style:table-properties": lambda given: self._style.update(given),
            "number:number-style": self._start_code,
            "number:percentage-style": self._start_code,
            "number:number": self._note_digits,
            "number:text": self._start_words,
            "table:table": self._start_table,
            "table:table-column": self._start_column,
            "table:table-row": self._start_row,
            "table:table-cell": self._start_cell,
            "table:covered-table-cell": self._start_cell,
            "text:p": self._start_paragraph,
            "text:s": lambda given: self._text.append(" " * min(_repeats(given, "text:c"), 1000)),
            "text:tab": lambda given: self._text.append("\t"),
            "text:line-break": lambda given: self._text.append("\n"),
        }
        self._ends: dict[str, Callable] = {
            "table:table": self._end_table,
            "table:table-row": self._end_row,
            "table:table-cell": self._end_cell,
            "table:covered-table-cell": self._end_cell,
            "number:text": self._end_words,
        }

    def start(self, name: str, given: dict[str, str]) -> None:
        """Handle the start of an element."""
        begin = self._starts.get(name)
        inside = self._cell is not None
        if self._skipped or not begin or inside != name.startswith("text:"):
            self._skipped += 1
        else:
            begin(given)

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        if self._skipped:
            self._skipped -= 1
        elif name in self._ends:
            self._ends[name]()

    def text(self, text: str) -> None:
        """Handle text; only that of a cell's paragraphs is kept."""
        if self._words is not None:
            self._words += text
        elif not self._skipped and self._cell is not None and self._text:
            self._text.append(text)

    def _start_style(self, given: dict[str, str]) -> None:
        self._style = dict(given)
        self._styles[given.get("style:family", ""), given.get("style:name", "")] = self._style

    def _said(self, family: str, name: str | None, *wanted: str) -> str:
        """Return the value of a property in a style or the nearest of its parents."""
        for _ in range(_DEEPEST):
            style = self._styles.get((family, name or ""), {})
            if found := next((style[key] for key in wanted if key in style), ""):
                return found
            name = style.get("style:parent-style-name")
        return ""

    def _is_struck(self, family: str, name: str | None) -> bool:
        line = self._said(family, name, *_LINES)
        return line not in ("", "none")

    def _is_raised(self, name: str | None) -> bool:
        position = self._said("text", name, "style:text-position")
        return bool(position) and position.split()[0] not in ("0%", "0")

    def _start_code(self, given: dict[str, str]) -> None:
        self._code = given.get("style:name", "")
        self._codes[self._code], self._style = "", {}

    def _note_digits(self, given: dict[str, str]) -> None:
        """Append a number format's digits in Excel's notation: "0," for thousands."""
        thousands = len(given.get("number:display-factor", "1").partition(".")[0]) // 3
        self._codes[self._code] += "0" + "," * thousands

    def _start_words(self, given: dict[str, str]) -> None:
        self._words = ""

    def _end_words(self) -> None:
        words = (self._words or "").replace('"', "")
        self._codes[self._code] += words if words.strip() == "%" else f'"{words}"'
        self._words = None

    def _start_span(self, given: dict[str, str]) -> None:
        name = given.get("text:style-name")
        struck = self._is_struck("text", name)
        self.struck |= struck
        # What is struck out no longer holds; what is raised is the number of a footnote.
        self._skipped = int(struck or self._is_raised(name))

    def _start_table(self, given: dict[str, str]) -> None:
        name = given.get("table:name", "")
        if name.startswith("'file:"):  # a cached copy of another file
            self.linked, self._skipped = True, 1
            return
        style = given.get("table:style-name")
        hidden = self._said("table", style, "table:display") == "false"
        self._grid = Grid(self._areas, name, hidden)
        self._row_number, self._column = 0, 0
        self._hidden_rows: list[range] = []
        self._hidden_columns: list[range] = []
        self._column_styles: list[tuple[range, str]] = []

    def _start_column(self, given: dict[str, str]) -> None:
        repeated = _repeats(given, "table:number-columns-repeated")
        columns = range(self._column, self._column + repeated)
        if _is_hidden(given):
            self._hidden_columns.append(columns)
        if style := given.get("table:default-cell-style-name"):
            self._column_styles.append((columns, style))
        self._column += repeated

    def _start_row(self, given: dict[str, str]) -> None:
        self._row, self._column = [], 0
        self._row_style = given.get("table:default-cell-style-name")
        self._repeated = _repeats(given, "table:number-rows-repeated")
        if _is_hidden(given):
            end = self._row_number + self._repeated
            self._hidden_rows.append(range(self._row_number, end))

    def _start_cell(self, given: dict[str, str]) -> None:
        self._cell, self._text = given, []

    def _start_paragraph(self, given: dict[str, str]) -> None:
        self._text.append("\n" if self._text else "")
        if self._is_struck("paragraph", given.get("text:style-name")):
            self.struck, self._skipped = True, 1

    def _end_cell(self) -> None:
        given, self._cell = self._cell, None
        of_column = (style for at, style in self._column_styles if self._column in at)
        style = given.get("table:style-name") or self._row_style or next(of_column, "")
        if style not in self._looks:
            code = self._said("table-cell", style, "style:data-style-name")
            self._looks[style] = self._is_struck("table-cell", style), self._codes.get(code, "")
        struck, code = self._looks[style]
        value = _cell_value(given, "".join(self._text) if self._text else None, code)
        if value != "" and struck:
            self.struck, value = True, ""
        repeated = _repeats(given, "table:number-columns-repeated")
        down = _repeats(given, "table:number-rows-spanned")
        across = _repeats(given, "table:number-columns-spanned")
        if down > 1 or across > 1:
            top, left = self._row_number, self._column
            self._grid.merged.append((top, left, top + down - 1, left + across - 1))
        end = self._column + repeated
        if value != "":
            if end > _WIDEST:
                self._areas.take(self._row_number + 1, end, self._grid.name)
                raise wrong_format()
            self._row.extend([""] * (self._column - len(self._row)))
            self._row.extend([value] * repeated)
        self._column = end

    def _end_row(self) -> None:
        end = self._row_number + self._repeated
        if self._row:
            self._grid.put(end - 1, len(self._row) - 1, self._row[-1])  # within the limit
            self._grid.rows[self._row_number :] = [list(self._row) for _ in range(self._repeated)]
        self._row_number = end

    def _end_table(self) -> None:
        self._grid.end()
        self._grid.hidden_rows = _listed(self._hidden_rows, len(self._grid.rows))
        self._grid.hidden_columns = _listed(self._hidden_columns, self._grid.width)
        self.sheets.append(self._grid)


def _listed(ranges: list[range], size: int) -> list[int]:
    return [place for span in ranges for place in range(span.start, min(span.stop, size))]


def _repeats(given: dict[str, str], name: str) -> int:
    return max(int(given[name]), 1) if name in given else 1


def _is_hidden(given: dict[str, str]) -> bool:
    return given.get("table:visibility") in ("collapse", "filter")


def _cell_value(given: dict[str, str], shows: str | None, code: str) -> object:
    """Return a cell's value by its type; a formula without a result as text."""
    text = shows or ""
    kind = given.get("office:value-type")
    if given.get("calcext:value-type") == "error":
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
    if kind != "string" and not text and "table:formula" in given:
        return "=" + given["table:formula"].partition("=")[2]
    return text or given.get("office:string-value", "")


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
    **dict.fromkeys(("float", "percentage", "currency"), ("office:value", float)),
    "date": ("office:date-value", lambda text: whole_day(datetime.fromisoformat(text))),
    "time": ("office:time-value", _read_duration),
    "boolean": ("office:boolean-value", {"true": True, "false": False}.__getitem__),
}
