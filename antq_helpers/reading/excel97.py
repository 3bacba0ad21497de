"""Excel 97 workbooks (xls): make a safe copy to read, and find what only the records show.

What can not be told: a formula without a stored result. Programs that do not calculate store
zero, or an empty text, and so it is read.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from antq_helpers.reading.counts import BUILT_IN, is_odd, shown
from antq_helpers.reading.excel import Styles
from antq_helpers.reading.limits import (
    MOST_BYTES,
    Cells,
    Container,
    RefusedError,
    Scan,
    Shared,
    check_bytes,
    read_shared,
    write_container,
    wrong_format,
)

# The records that are read, with the fewest bytes that each may have; no others are handed on.
_BEGIN, _STOP, _MORE, _SHEET, _TEXTS = 0x809, 0x0A, 0x3C, 0x85, 0xFC
_FORMULA, _ERROR, _SHARED, _MANY = 0x06, 0x205, 0xFD, 0xBD
_FRAME = {_BEGIN: 8, _STOP: 0, _MORE: 0}
_FONT, _FORMAT, _STYLE, _PAGE = 0x31, 0x41E, 0xE0, 0x42
_OF_BOOK = {**_FRAME, _SHEET: 8, _TEXTS: 8, _PAGE: 2, 0x22: 2, _FORMAT: 5, _STYLE: 4}
_NUMBER, _SHORT, _RICH = 0x203, 0x27E, 0xD6
_CELLS = {_NUMBER: 14, 0x204: 10, _ERROR: 8, _SHORT: 10, _SHARED: 10, _MANY: 12, _FORMULA: 22}
_CELLS[_RICH] = 10  # as Excel 95 stores a text in several fonts
_OF_SHEET = {**_FRAME, **_CELLS, 0x207: 4}
_LOCKED, _LINKED, _MERGED, _ROW, _COLUMNS = 0x2F, 0x1AE, 0xE5, 0x208, 0x7D
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_MOST_STREAM = MOST_BYTES // 2  # a record takes as few as four bytes


def prepare_xls(content: bytes) -> tuple[bytes, list[Scan], list[str]]:
    """Check a workbook, and keep only the records that are read.

    Returns
    -------
    tuple
        The copy; what was found in each sheet; the notes on the file.

    Raises
    ------
    RefusedError
        Too large, locked with a password or no workbook at all.
    """
    file = Container(content)
    if is_locked(file):
        raise RefusedError("password")
    name = next((name for name in ("Workbook", "Book") if name in file.names()), None)
    if name is None:
        raise wrong_format()
    stream = bytearray(file.read(name))
    check_bytes(len(stream) * (MOST_BYTES // _MOST_STREAM))
    book = _read_index(stream)
    scans = _read_sheets(stream, book)
    macros = book.macros or "_VBA_PROJECT_CUR" in file.names()
    notes = ["macros"] * macros + ["external_links"] * book.linked + ["struck_out"] * book.struck
    return write_container(name, bytes(stream)), scans, notes


def is_locked(file: Container) -> bool:
    """Check whether a container holds an encrypted workbook."""
    return not {"EncryptedPackage", "EncryptionInfo"}.isdisjoint(file.names())


@dataclass
class _Book:
    """Contents of the workbook globals, which precede the sheets."""

    sheets: list[tuple[int, Scan]] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)
    fonts: list[tuple[bool, bool]] = field(default_factory=list)  # struck out, raised or lowered
    encoding: str = ""  # of an Excel 95 workbook
    macros: bool = False
    linked: bool = False
    struck: bool = False
    end: int = 0

    def font(self, number: int) -> tuple[bool, bool]:
        """Return whether a font is struck out, and whether it is raised or lowered."""
        number -= number > 4  # there is no font 4
        return self.fonts[number] if number < len(self.fonts) else (False, False)

    @property
    def is_plain(self) -> bool:
        """Whether every cell shows what it stores."""
        return not any((out or raised) for out, raised in self.fonts) and not self.styles.odd

    def what_holds(self, text: Shared, struck: bool) -> str | None:
        """Return the valid part of a cell's text, without struck-out runs; None if all is valid."""
        if struck:
            self.struck = True
            return ""
        fonts = [(False, False), *(self.font(font) for _, font in text.runs)]
        if not any(map(any, fonts)):
            return None
        starts = [0, *(start for start, _ in text.runs)]
        parts = [text.text[start:stop] for start, stop in pairwise([*starts, None])]
        self.struck |= any(out for out, _ in fonts)
        return "".join(part for font, part in zip(fonts, parts, strict=True) if not any(font))


def _records(stream: bytearray, start: int, kept: dict[int, int]) -> Iterator[tuple[int, int, int]]:
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
        if inside or depth > 1:
            _blot(stream, at)
            continue
        if size < kept.get(kind, 0):
            raise wrong_format()
        yield kind, at, size
        if kind not in kept:
            _blot(stream, at)
        if not depth:
            return


def _blot(stream: bytearray, at: int) -> None:
    struct.pack_into("<H", stream, at - 4, 0)


def _read_index(stream: bytearray) -> _Book:
    book, texts, last = _Book(), [], 0
    codes, styles = dict(BUILT_IN), []
    modern = struct.unpack_from("<H", stream, 4)[0] == 0x600
    for kind, at, size in _records(stream, 0, _OF_BOOK):
        if kind == _LOCKED:
            raise RefusedError("password")
        if kind == _SHEET:
            _note_sheet(stream, at, size, modern, book)
        elif kind == _LINKED and size > 3:
            # Not links: 0x0401 is this workbook itself, 0x3A01 its add-in functions.
            book.linked |= struct.unpack_from("<H", stream, at + 2)[0] not in (0x0401, 0x3A01)
        elif kind == _TEXTS or (kind == _MORE and last == _TEXTS):
            texts.append(bytes(stream[at : at + size]))
        elif kind == _FONT and size > 9:
            options, raised = struct.unpack_from("<2xH4xH", stream, at)
            book.fonts.append((bool(options & 8), bool(raised)))
        elif kind == _FORMAT:
            number, letters = struct.unpack_from("<HH" if modern else "<HB", stream, at)
            codes[number] = _decode(stream[at + 3 + modern : at + size], letters, modern)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<HH", stream, at))
        elif kind == _PAGE and not modern:
            book.encoding = f"cp{struct.unpack_from('<H', stream, at)[0]}"
        last = last if kind == _MORE else kind
        book.end = at + size
    book.shared = read_shared(texts)
    for number, (font, code) in enumerate(styles):
        if book.font(font)[0]:
            book.styles.struck.add(number)
        elif is_odd(codes.get(code, "")):
            book.styles.odd[number] = codes[code]
    return book


def _decode(data: bytes, letters: int, modern: bool) -> str:
    """Decode a string of given length; in BIFF8 a flag byte tells one byte or two per letter."""
    wide = modern and data[0] & 1
    return data[modern:].decode("utf-16-le" if wide else "latin-1", "replace")[:letters]


def _note_sheet(stream: bytearray, at: int, size: int, modern: bool, book: _Book) -> None:
    start, hidden, kind, letters = struct.unpack_from("<IBBB", stream, at)
    data = bytes(stream[at + 7 : at + size])
    if kind == 0:
        book.sheets.append((start, Scan(_decode(data, letters, modern), bool(hidden & 3))))
    else:  # a chart, or a sheet of Excel 4 macros
        book.macros |= kind == 1
        _blot(stream, at)


def _read_sheets(stream: bytearray, book: _Book) -> list[Scan]:
    cells, uses, spans = Cells(), Counter(), [(0, book.end)]
    for start, scan in book.sheets:
        rows, columns, end = _read_sheet(stream, start, scan, uses, book)
        cells.take(rows, columns, scan.name)
        spans.append((start, end))
    # Each cell gets its own copy of a text, at up to three bytes a letter.
    check_bytes(3 * sum(book.shared[text].size * count for text, count in uses.items()))
    scans = [scan for _, scan in book.sheets]
    overlap = any(before[1] > after[0] for before, after in pairwise(sorted(spans)))
    if overlap or len({scan.name for scan in scans}) < len(scans):
        raise wrong_format()
    return scans


def _read_sheet(
    stream: bytearray, start: int, scan: Scan, uses: Counter, book: _Book
) -> tuple[int, int, int]:
    """Read a sheet's records into its scan; return rows, columns and end offset."""
    rows = columns = end = 0
    plain = book.is_plain
    for kind, at, size in _records(stream, start, _OF_SHEET):
        end = at + size
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", stream, at)
            if kind in _CAREFUL:
                column = _CAREFUL[kind](stream, at, size, scan, uses)
            if not plain:
                _see_style(stream, kind, at, size, scan, book)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind in _MARKS:
            _MARKS[kind](stream, at, size, scan)
    return rows, columns, end


def _see_style(stream: bytearray, kind: int, at: int, size: int, scan: Scan, book: _Book) -> None:
    """Record the text of a cell that is struck out or shows another number than it stores."""
    row, first = struct.unpack_from("<HH", stream, at)
    places = range(at + 4, at + size - 2, 6) if kind == _MANY else [at + 4]
    for column, place in enumerate(places, first):
        [style] = struct.unpack_from("<H", stream, place)
        text = None
        if kind == _SHARED:
            [number] = struct.unpack_from("<I", stream, place + 2)
            text = book.what_holds(book.shared[number], style in book.styles.struck)
        elif kind == _RICH and book.encoding:
            rich = _read_rich(bytes(stream[place + 2 : at + size]), book.encoding)
            text = book.what_holds(rich, style in book.styles.struck)
        elif style in book.styles.struck:
            text, book.struck = "", True
        elif style in book.styles.odd:
            value = _number(stream, kind, place + 2)
            text = None if value is None else shown(value, book.styles.odd[style]) or None
        if text is not None:
            scan.cells[row, column] = text


def _read_rich(data: bytes, encoding: str) -> Shared:
    """Read the rich text of an Excel 95 cell: its length, letters and font runs."""
    [letters] = struct.unpack_from("<H", data)
    runs = data[letters + 3 : letters + 3 + 2 * data[letters + 2]]
    text = data[2 : letters + 2].decode(encoding, "replace")
    return Shared(letters, text, tuple(struct.iter_unpack("<BB", runs)))


def _number(stream: bytearray, kind: int, at: int) -> float | None:
    """Return the number that a cell stores; None for other kinds of cell."""
    if kind in (_SHORT, _MANY):
        # RK number: 30 bits of an integer or of a double, perhaps times 100.
        [bits] = struct.unpack_from("<i", stream, at)
        [long] = struct.unpack("<d", struct.pack("<iI", 0, bits & 0xFFFFFFFC))
        return (bits >> 2 if bits & 2 else long) / (100 if bits & 1 else 1)
    stored = kind == _NUMBER or (kind == _FORMULA and stream[at + 6 : at + 8] != b"\xff\xff")
    return struct.unpack_from("<d", stream, at)[0] if stored else None


def _see_formula(stream: bytearray, at: int, size: int, scan: Scan, uses: Counter) -> int:
    row, column = struct.unpack_from("<HH", stream, at)
    kind, value, mark = struct.unpack_from("<BxB3xH", stream, at + 6)
    if mark == 0xFFFF and kind == 2:
        scan.cells[row, column] = _ERRORS.get(value, "#VALUE!")
        _blot(stream, at)
    # Only the result is read: set the length of the formula to 0, so that no reader parses it.
    struct.pack_into("<H", stream, at + 20, 0)
    return column


def _see_error(stream: bytearray, at: int, size: int, scan: Scan, uses: Counter) -> int:
    row, column, value, wrong = struct.unpack_from("<HHxxBB", stream, at)
    if wrong:
        scan.cells[row, column] = _ERRORS.get(value, "#VALUE!")
        _blot(stream, at)
    return column


def _see_shared(stream: bytearray, at: int, size: int, scan: Scan, uses: Counter) -> int:
    uses[struct.unpack_from("<I", stream, at + 6)[0]] += 1
    return struct.unpack_from("<H", stream, at + 2)[0]


def _see_many(stream: bytearray, at: int, size: int, scan: Scan, uses: Counter) -> int:
    first, last = (struct.unpack_from("<H", stream, place)[0] for place in (at + 2, at + size - 2))
    if size != 6 + 6 * (last - first + 1):
        raise wrong_format()
    return last


def _note_merged(stream: bytearray, at: int, size: int, scan: Scan) -> None:
    for place in range(at + 2, at + size - 7, 8):
        top, bottom, left, right = struct.unpack_from("<4H", stream, place)
        scan.merged.append((top, left, bottom, right))


def _note_row(stream: bytearray, at: int, size: int, scan: Scan) -> None:
    if size >= 14 and stream[at + 12] & 0x20:
        scan.hidden_rows.append(struct.unpack_from("<H", stream, at)[0])


def _note_columns(stream: bytearray, at: int, size: int, scan: Scan) -> None:
    if size >= 10 and stream[at + 8] & 1:
        first, last = struct.unpack_from("<HH", stream, at)
        scan.hidden_columns += range(first, min(last, 255) + 1)


_CAREFUL = {_FORMULA: _see_formula, _ERROR: _see_error, _SHARED: _see_shared, _MANY: _see_many}
_MARKS = {_MERGED: _note_merged, _ROW: _note_row, _COLUMNS: _note_columns}
