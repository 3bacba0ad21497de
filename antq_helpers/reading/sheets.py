"""Read the sheets of any supported kind of file, cell by cell."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading import text_files
from antq_helpers.reading.counts import unit_of
from antq_helpers.reading.excel import is_container, is_locked, read_xls, read_xlsx
from antq_helpers.reading.limits import Areas, Grid, RefusedError, check_bytes, wrong_format
from antq_helpers.reading.markup import (
    is_archive,
    is_web_page,
    is_xml_workbook,
    read_archive,
    read_page,
    read_xml_workbook,
)
from antq_helpers.reading.opendocument import read_ods
from antq_helpers.reading.text_files import read_parquet
from antq_helpers.tables import clean


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
        if is_locked(content):
            raise RefusedError("password")
        grids, notes = _READERS[_kind_of(content, kind)](content, encoding)
        sheets = [_sheet(path.name, grid) for grid in grids]
        cells = (cell for sheet in sheets for row in sheet.rows for cell in row)
        if all(type(cell) is str and not cell.strip() for cell in cells):
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
    if is_container(content):
        return ending if ending in (".xlsx", ".xlsm", ".ods") and is_locked(content) else ".xls"
    if content.startswith(b"PAR1"):
        return ".parquet"
    if ending not in (".csv", ".tsv", ".txt") and not re.search(rb"[\r\n<]", content):
        raise wrong_format()  # one line without a table: the rest of a damaged workbook
    return ".csv"


def _read_text_file(content: bytes, encoding: str | None) -> tuple[list[Grid], list[str]]:
    text = text_files.decode(content, encoding)
    for fits, read in _MARKUP:
        if fits(text):
            return read(text)
    return [Grid(Areas(), "", rows=text_files.read_text(content, encoding))], []


def _sheet(file: str, grid: Grid) -> Sheet:
    """Complete the rows of a grid, and clip what is merged and hidden to the cells that exist."""
    height, width = len(grid.rows), max(map(len, grid.rows), default=0)
    rows = []
    for cells in grid.rows:
        # Infinities and NaN, which no spreadsheet holds, are text.
        row = [
            (int(v) if v.is_integer() else v if math.isfinite(v) else str(v))
            if type(v) is float
            else v
            for v in cells
        ]
        rows.append(row + [""] * (width - len(row)))
    merged = [
        (top, left, min(bottom, height - 1), min(right, width - 1))
        for top, left, bottom, right in grid.merged
        if top < height and left < width
    ]
    return Sheet(
        file,
        grid.name,
        rows,
        tuple(merged),
        grid.hidden,
        tuple(row for row in grid.hidden_rows if row < height),
        tuple(column for column in grid.hidden_columns if column < width),
    )


_MARKUP = (
    (is_xml_workbook, read_xml_workbook),
    (is_archive, read_archive),
    (is_web_page, read_page),
)
_READERS: dict[str, Callable[[bytes, str | None], tuple[list[Grid], list[str]]]] = {
    **dict.fromkeys((".xlsx", ".xlsm"), lambda content, _: read_xlsx(content)),
    ".xls": lambda content, _: read_xls(content),
    ".ods": lambda content, _: read_ods(content),
    **dict.fromkeys((".csv", ".tsv", ".txt"), _read_text_file),
    ".parquet": lambda content, _: ([Grid(Areas(), "", rows=read_parquet(content))], []),
}
ENDINGS = tuple(_READERS)


def tidy(sheet: Sheet) -> Sheet:
    """Normalise the text of every cell, and pad all rows to the same length."""
    width = max(map(len, sheet.rows), default=0)
    changed = {text: new for text in sheet.texts if (new := clean(text)) != text}
    if not changed and all(len(row) == width for row in sheet.rows):
        return sheet
    rows = [
        [changed.get(cell, cell) if type(cell) is str else cell for cell in row]
        + [""] * (width - len(row))
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


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
