"""Read the sheets of any supported kind of file, cell by cell."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading import text_files
from antq_helpers.reading.counts import unit_of
from antq_helpers.reading.excel import prepare_xlsx
from antq_helpers.reading.excel97 import is_locked, prepare_xls
from antq_helpers.reading.limits import (
    SIGNATURE,
    Cells,
    Container,
    RefusedError,
    Scan,
    check_bytes,
    wrong_format,
)
from antq_helpers.reading.markup import (
    is_archive,
    is_page,
    is_xml_workbook,
    read_archive,
    read_page,
    read_xml_workbook,
)
from antq_helpers.reading.opendocument import read_ods
from antq_helpers.reading.text_files import read_parquet


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
    """

    file: str
    name: str
    rows: list[list]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()

    @cached_property
    def texts(self) -> frozenset[str]:
        """The distinct texts of all cells."""
        return frozenset(cell for row in self.rows for cell in row if type(cell) is str)


@dataclass(frozen=True)
class Book:
    """All sheets of a file, with notes for its user (macros, external links)."""

    sheets: tuple[Sheet, ...]
    notes: tuple[Problem, ...] = ()


def read_book(path: str | Path, *, encoding: str | None = None, language: str = "en") -> Book:
    """Read every sheet of a workbook, text file or Parquet file.

    Parameters
    ----------
    path
        The file; its ending must be one of ``ENDINGS``, but what it holds decides.
    encoding
        Of text files, where it is not found by itself.

    Raises
    ------
    DataProblem
        With one problem, where the file is not there, is not what its ending says, is locked,
        is too large or holds nothing. Nothing else is raised, whatever the file holds.
    ValueError
        For an encoding that is not known.
    """
    path = Path(path)
    text_files.check_encoding(encoding)
    kind = path.suffix.lower()
    try:
        content = _load(path, kind)
        sheets, notes = _READERS[_kind_of(content, kind)](content, path.name, encoding)
        if not any(_is_filled(cell) for sheet in sheets for row in sheet.rows for cell in row):
            raise RefusedError("empty_file")
    except RefusedError as refused:
        problem = refused
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a library's own failure need not be an Exception
        # A library's message on a broken file would not help an officer.
        problem = wrong_format()
    else:
        return Book(tuple(sheets), tuple(Problem(note, path.name) for note in notes))
    raise _refusal(problem, path, kind, language)


def _refusal(refused: RefusedError, path: Path, kind: str, language: str) -> DataProblem:
    details = {"wrong_format": {"format": kind}, "unknown_format": {"formats": ", ".join(ENDINGS)}}
    problem = Problem(
        refused.kind,
        path.name or str(path),
        sheet=refused.sheet,
        row=refused.row,
        details=details.get(refused.kind, refused.details),
    )
    return DataProblem([problem], language)


def _load(path: Path, kind: str) -> bytes:
    try:
        if not path.is_file():
            raise RefusedError("no_file")
        if kind not in _READERS:
            raise RefusedError("unknown_format")
        check_bytes(path.stat().st_size)
        content = path.read_bytes()
    except OSError:
        raise RefusedError("locked_file") from None
    if not content.strip():
        raise RefusedError("empty_file")
    return content


def _kind_of(content: bytes, ending: str) -> str:
    """Return the extension that fits a file's content: many systems export .xls that is none."""
    if content.startswith(b"PK\3\4"):
        return ".ods" if b"oasis.opendocument" in content[:200] else ".xlsx"
    if content.startswith(SIGNATURE):
        return ending if ending in (".xlsx", ".xlsm", ".ods") and _is_locked(content) else ".xls"
    if content.startswith(b"PAR1"):
        return ".parquet"
    if ending not in (".csv", ".tsv", ".txt") and not re.search(rb"[\r\n<]", content):
        raise wrong_format()  # one line without a table: the rest of a damaged workbook
    return ".csv"


def _is_filled(cell: object) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else True


def _read_text(content: bytes, file: str, encoding: str | None) -> tuple[list[Sheet], list[str]]:
    text = text_files.decode(content, encoding)
    for fits, read in _MARKUP:
        if fits(text):
            found, notes = read(text)
            return [_sheet(file, scan, rows) for scan, rows in found], notes
    return [Sheet(file, "", text_files.read_text(content, encoding))], []


def _read_parquet(content: bytes, file: str, encoding: str | None) -> tuple[list[Sheet], list[str]]:
    return [Sheet(file, "", read_parquet(content))], []


def _read_xlsx(content: bytes, file: str, encoding: str | None) -> tuple[list[Sheet], list[str]]:
    if _is_locked(content):
        raise RefusedError("password")
    copy, scans, notes = prepare_xlsx(content)
    return _read_copy(copy, scans, file), notes


def _read_xls(content: bytes, file: str, encoding: str | None) -> tuple[list[Sheet], list[str]]:
    copy, scans, notes = prepare_xls(content)
    return _read_copy(io.BytesIO(copy), scans, file), notes


def _read_ods(content: bytes, file: str, encoding: str | None) -> tuple[list[Sheet], list[str]]:
    if _is_locked(content):
        raise RefusedError("password")
    found, notes = read_ods(content)
    return [_sheet(file, scan, rows) for scan, rows in found], notes


def _is_locked(content: bytes) -> bool:
    """Check whether a workbook is password-protected: it then stands in an OLE container."""
    return content.startswith(SIGNATURE) and is_locked(Container(content))


def _read_copy(copy: io.BytesIO, scans: list[Scan], file: str) -> list[Sheet]:
    """Read the values of the safe copy of a workbook."""
    from python_calamine import CalamineWorkbook

    if not scans:
        return []
    book = CalamineWorkbook.from_filelike(copy)
    copy.close()
    if len(book.sheet_names) != len(scans):
        raise wrong_format()
    sheets, cells = [], Cells()
    for number, scan in enumerate(scans):
        sheet = book.get_sheet_by_index(number)
        row, column = sheet.end or (-1, -1)
        cells.take(row + 1, column + 1, scan.name)
        # Blank rows at the top are kept: a row's number is what the user sees.
        sheets.append(_sheet(file, scan, sheet.to_python(skip_empty_area=False)))
    return sheets


def _sheet(file: str, scan: Scan, rows: list[list]) -> Sheet:
    """Combine values with the scan of a sheet, clipped to the cells that exist."""
    for row, column in sorted(scan.cells):
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = scan.cells[row, column]
    height, width = len(rows), max(map(len, rows), default=0)
    whole = [
        _pad(
            [(int(v) if v.is_integer() else _odd(v)) if type(v) is float else v for v in row], width
        )
        for row in rows
    ]
    merged = [
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in scan.merged
        if top < height and left < width
    ]
    return Sheet(
        file,
        scan.name,
        whole,
        tuple(merged),
        scan.hidden,
        tuple(row for row in scan.hidden_rows if row < height),
        tuple(column for column in scan.hidden_columns if column < width),
    )


def _pad(row: list, width: int) -> list:
    return row if len(row) == width else row + [""] * (width - len(row))


def _odd(value: float) -> float | str:
    """Return infinities and NaN, which no spreadsheet holds, as text."""
    return value if math.isfinite(value) else str(value)


_MARKUP = (
    (is_xml_workbook, read_xml_workbook),
    (is_archive, read_archive),
    (is_page, read_page),
)
_READERS: dict[str, Callable[[bytes, str, str | None], tuple[list[Sheet], list[str]]]] = {
    ".xlsx": _read_xlsx,
    ".xlsm": _read_xlsx,
    ".xls": _read_xls,
    ".ods": _read_ods,
    **dict.fromkeys((".csv", ".tsv", ".txt"), _read_text),
    ".parquet": _read_parquet,
}
ENDINGS = tuple(_READERS)


_LOOKED_AT = 20  # cells of a column: a national table has a million


@dataclass(frozen=True)
class Table:
    """One table of a sheet; rows and columns count from zero.

    ``paths`` holds, for each column, the texts of its header from the top down; ``titles`` the
    filled cells of each row above the table that belongs to no other; ``beside`` the columns of
    tables that stand beside it; ``form`` the columns of names and figures of a form without header,
    whose ``band`` is empty.
    """

    sheet: Sheet
    band: range
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
