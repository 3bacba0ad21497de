"""Sheets of office files and the tables on them, with limits on what comes from outside."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import islice

from lxml import etree

from antq_helpers.reading.counts import unit_of
from antq_helpers.tables import clean

# Up to here a file takes less than 1 GB of memory and 20 seconds: see tests/test_sheets.py.
MOST_CELLS = 125_000 * 20
MOST_PLAIN_CELLS = 600_000 * 20  # of text and Parquet files, which take less
WIDEST = 16_384  # columns, as in Excel
MOST_BYTES = 150_000_000
MOST_PARTS = 10_000
_MOST_INDEX = 20_000_000  # bytes of a part that only lists others
_MOST_OPEN = 10_000_000  # bytes of one row: its cells may take sixty times as much memory


class RefusedError(Exception):
    """A file that is refused, with the kind of problem, its place and details."""

    def __init__(
        self, kind: str, *, sheet: str = "", row: int | None = None, **details: object
    ) -> None:
        super().__init__(kind)
        self.kind, self.sheet, self.row, self.details = kind, sheet, row, details


def wrong_format(**where: object) -> RefusedError:
    """Return the refusal of a file whose content does not match its extension."""
    return RefusedError("wrong_format", **where)


def check_bytes(size: int) -> None:
    """Refuse a file that is too large to read."""
    if size > MOST_BYTES:
        raise RefusedError(
            "too_large", found=f"{size / 1e6:.0f} MB", limit=f"{MOST_BYTES / 1e6:.0f} MB"
        )


@dataclass
class Areas:
    """Areas of all sheets of a file, with a limit on their sum."""

    areas: list[tuple[int, int]] = field(default_factory=list)
    most: int = MOST_CELLS
    letters: int = 0  # of the texts that cells share, once for each cell

    def take(self, rows: int, columns: int, sheet: str = "") -> None:
        """Add one area; refuse the file if the sum is too large."""
        self.areas.append((rows, columns))
        if sum(height * width for height, width in self.areas) > self.most:
            largest = sorted(self.areas, key=lambda area: area[0] * area[1], reverse=True)
            found = [f"{height} × {width}" for height, width in largest[:3]]
            found += ["…"] * (len(largest) > 3)
            limit = f"{self.most // 20} × 20"
            raise RefusedError("too_many_cells", sheet=sheet, found=" + ".join(found), limit=limit)


@dataclass
class Grid:
    """The cells of a sheet as they are read, within the limit of its file; all counts from zero.

    ``merged`` and the hidden ranges may go beyond the cells that there are.
    """

    areas: Areas
    name: str
    hidden: bool = False
    rows: list[list] = field(default_factory=list)
    width: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    struck: bool = False
    above: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """Make room up to a cell; refuse the file if its sheet grows too large."""
        self.width = max(self.width, column + 1)
        height = max(len(self.rows), row + 1)
        if height * self.width > MOST_CELLS:
            self.areas.take(height, self.width, self.name)
        if column >= WIDEST:
            raise wrong_format()
        self.rows += [[] for _ in range(height - len(self.rows))]

    def put(self, row: int, column: int, value: object, struck: bool = False) -> None:
        """Set a cell if it shows anything; what is struck out no longer holds."""
        if value == "":
            return
        if struck:
            self.struck = True
            return
        if row >= len(self.rows) or column >= self.width:
            self.reach(row, column)
        cells = self.rows[row]
        if column > len(cells):
            cells += [""] * (column - len(cells))
        if column == len(cells):
            cells.append(value)
        else:
            cells[column] = value

    def merge(self, row: int, column: int, down: int, across: int) -> None:
        """Note that a cell goes over so many rows and columns."""
        if down > 1 or across > 1:
            self.merged.append((row, column, row + down - 1, column + across - 1))

    def end(self) -> None:
        """Add the sheet to those of its file; refuse the file if it is too large."""
        self.areas.take(len(self.rows), self.width, self.name)

    def sheet(self, file: str) -> Sheet:
        """Complete the rows, and clip what is merged and hidden to the cells that there are."""
        height, width = len(self.rows), max(map(len, self.rows), default=0)
        # Infinities and NaN, which no spreadsheet holds, are text.
        rows = [
            [
                (int(v) if v.is_integer() else v if math.isfinite(v) else str(v))
                if type(v) is float
                else v
                for v in cells
            ]
            + [""] * (width - len(cells))
            for cells in self.rows
        ]
        merged = tuple(
            (top, left, min(bottom, height - 1), min(right, width - 1))
            for top, left, bottom, right in self.merged
            if top < height and left < width
        )
        hidden = (_within(self.hidden_rows, height), _within(self.hidden_columns, width))
        above, quotes = tuple(self.above), tuple(self.quotes)
        return Sheet(file, self.name, rows, merged, self.hidden, *hidden, above, quotes)


def _within(ranges: list[range], size: int) -> tuple[int, ...]:
    """List what lies in any range, each once: a hostile file says the same again and again."""
    inside = bytearray(size)
    for span in ranges:
        some = range(size)[max(span.start, 0) : max(span.stop, 0)]
        inside[some.start : some.stop] = b"\1" * len(some)
    return tuple(i for i, is_there in enumerate(inside) if is_there)


class Package:
    """The parts of a zipped office file, unpacked up to one limit for all.

    The sizes that the zip declares are not trusted: a part must be what was declared of it.
    """

    def __init__(self, content: bytes) -> None:
        # The list of parts costs memory before any part is read.
        if not content.startswith(b"PK\3\4") or content.count(b"PK\1\2") > MOST_PARTS:
            raise wrong_format()
        self._file = zipfile.ZipFile(io.BytesIO(content))
        self._taken = 0
        self._parts = {_part_name(part.filename): part for part in self._file.infolist()}
        if len(self._parts) < len(self._file.infolist()):
            raise wrong_format()  # readers differ on which of two parts of one name they take

    def __contains__(self, name: str) -> bool:
        return _part_name(name) in self._parts

    def names(self) -> list[str]:
        """List the parts in lower case."""
        return list(self._parts)

    def read(self, name: str) -> bytes:
        """Unpack one part."""
        part = self._parts.get(_part_name(name))
        if part is None or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise wrong_format()
        if part.flag_bits & 1:
            raise RefusedError("password")
        self._taken += part.file_size
        check_bytes(self._taken)
        try:
            # Never more than the declared size; a part that holds more fails its checksum.
            data = self._file.open(part).read(part.file_size + 1)
        except zipfile.BadZipFile:
            raise wrong_format() from None
        if len(data) != part.file_size:
            raise wrong_format()
        return data


def whole_day(moment: datetime | time | timedelta) -> date | datetime | time | timedelta:
    """Return a moment at midnight as its day, all others as they are."""
    midnight = isinstance(moment, datetime) and moment.time() == time()
    return moment.date() if midnight else moment


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


class _Watched(io.BytesIO):
    """A file that refuses to be read on while the same element is open: it would fill memory."""

    unseen = 0

    def read(self, size: int | None = -1) -> bytes:
        self.unseen += size or 0
        if self.unseen > _MOST_OPEN:
            raise wrong_format()
        return super().read(size)


def iterate_xml(part: bytes, *names: str) -> Iterator[tuple[str, etree._Element]]:
    """Iterate over the starts and ends of elements by their names; what has ended is freed.

    A document type (and with it any entity) is refused.
    """
    file = _Watched(part)
    events = etree.iterparse(
        file,
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        remove_comments=True,
    )
    for event, element in events:
        file.unseen = 0
        if element.getroottree().docinfo.doctype:
            raise wrong_format()  # office files have no entities; a few can expand to gigabytes
        yield event, element
        if event == "end":
            element.clear(keep_tail=True)
            while element.getprevious() is not None:
                del element.getparent()[0]


def elements(part: bytes, *names: str) -> list[tuple[str, dict[str, str]]]:
    """List the named elements of a small part with their attributes, without prefixes."""
    if len(part) > _MOST_INDEX:
        raise wrong_format()
    return [
        (local_name(element.tag), {local_name(key): at for key, at in element.attrib.items()})
        for event, element in iterate_xml(part, *names)
        if event == "start"
    ]


@lru_cache(4096)
def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


@dataclass(frozen=True)
class Sheet:
    """One sheet as stored; rows and columns count from zero.

    Attributes
    ----------
    file : str
        The file's own name, without its folder.
    name : str
        Blank where the kind of file has no sheets.
    rows : list of list
        All equally long; ``""`` where a cell is blank; text, numbers, truth values, days and
        times as stored. An error is its text, such as ``"#REF!"``; a formula without a stored
        result is ``"="`` and the formula, of which an xls file tells nothing.
    merged : tuple
        First row, first column, last row and last column of each merged area.
    hidden : bool
        Whether the sheet is hidden.
    hidden_rows, hidden_columns : tuple of int
        Those that are hidden, within the rows and columns that there are.
    above : tuple of str
        The titles of a table in a Word report, which stand in no cell.
    quotes : tuple of str
        Of counts that were found in sentences, the words around each column's.
    """

    file: str
    name: str
    rows: list[list]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    above: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    @cached_property
    def texts(self) -> frozenset[str]:
        """The distinct texts of all cells."""
        return frozenset(cell for row in self.rows for cell in row if type(cell) is str)


def tidy(sheet: Sheet) -> Sheet:
    """Normalise the text of every cell."""
    changed = {text: new for text in sheet.texts if (new := clean(text)) != text}
    if not changed and not sheet.above:
        return sheet
    rows = [
        [changed.get(cell, cell) if type(cell) is str else cell for cell in row]
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows, above=tuple(map(clean, sheet.above)))


_LOOKED_AT = 20  # cells of a column: a national table has a million


@dataclass(frozen=True)
class Table:
    """One table of a sheet; rows and columns count from zero.

    ``paths`` holds, for each column, the texts of its header from the top down; ``titles`` the
    filled cells of each row above the table that belongs to no other; ``beside`` the columns of
    tables that stand beside it; ``form`` the columns of names and figures of a form without header,
    whose ``header_rows`` is empty.
    """

    sheet: Sheet
    header_rows: range
    body: range
    paths: dict[int, tuple[str, ...]]
    titles: list[list[str]]
    beside: frozenset[int] = frozenset()
    form: tuple[int, int] | None = None

    def holds_units(self, column: int) -> bool:
        """Check whether a column holds units: "Đơn vị" heads these as well as communes."""
        cells = (self.sheet.rows[row][column] for row in self.body)
        texts = (cell for cell in cells if isinstance(cell, str) and cell)
        return any(unit_of(text) for text in islice(texts, _LOOKED_AT))

    def header(self, column: int) -> str:
        """Return a column's header in one line."""
        return " › ".join(dict.fromkeys(text for text in self.paths.get(column, ()) if text))
