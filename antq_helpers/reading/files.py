"""A file in; its one table as it stands, with the columns it was given, out."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from antq_helpers.problems import DataProblem, Problem
from antq_helpers.tables import clean, field_headers

_SIGNATURES = {".xlsx": b"PK\x03\x04", ".parquet": b"PAR1"}
_KNOWN = (".csv", *_SIGNATURES)


@dataclass(frozen=True)
class PlainTable:
    """A table as it stands in a file.

    ``cells`` holds text, numbers or dates by the file's own headers; its index plus two is the
    row's number in the file.
    """

    file: str
    sheet: str
    cells: pd.DataFrame


def read_table(path: str | Path, fields: list[dict], language: str = "en") -> PlainTable:
    """Read CSV, XLSX or Parquet: one table, its headers in the first row.

    Parameters
    ----------
    path
        The file.
    fields
        The fields that are looked for, to read a clean CSV by type at once.

    Raises
    ------
    DataProblem
        No such file, a file that is not what its name says, an empty one, several sheets.
    """
    path = Path(path)
    if not path.is_file():
        raise _refuse("no_file", path, language)
    kind = path.suffix.lower()
    if kind not in _KNOWN:
        raise _refuse("unknown_format", path, language, formats=", ".join(_KNOWN))
    try:
        start = _first_bytes(path)
    except OSError as error:
        raise _refuse("locked_file", path, language) from error
    if not start.strip():
        raise _refuse("empty_file", path, language)
    signature = _SIGNATURES.get(kind)
    if (signature and start[:4] != signature) or (kind == ".csv" and b"\x00" in start):
        raise _refuse("wrong_format", path, language, format=kind)
    try:
        sheet, cells = _READERS[kind](path, fields)
    except _RefusedError as refused:
        raise _refuse(refused.kind, path, language, refused.row, **refused.details) from None
    except Exception as error:
        # Whatever a library says of a broken file is for its developers, not for staff.
        raise _refuse("wrong_format", path, language, format=kind) from error
    if cells.empty:
        raise _refuse("empty_file", path, language)
    return PlainTable(path.name, sheet, cells)


class _RefusedError(Exception):
    """A file that can be opened, but not taken as one table."""

    def __init__(self, kind: str, row: int | None = None, **details: object) -> None:
        super().__init__(kind)
        self.kind, self.row, self.details = kind, row, details


def _refuse(
    kind: str, path: Path, language: str, row: int | None = None, **details: object
) -> DataProblem:
    return DataProblem([Problem(kind, path.name or str(path), row=row, details=details)], language)


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _read_csv(path: Path, fields: list[dict]) -> tuple[str, pd.DataFrame]:
    """Read a CSV by type where all its cells fit, else as text so that each can be named."""
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    header = content.split(b"\n", 1)[0]
    # Excel writes semicolons where the comma is the decimal mark, as in Vietnam.
    separator = max(",;\t", key=lambda mark: header.count(mark.encode()))
    typed = _read_typed(content, fields, separator)
    return "", _read_text(content.decode("utf-8"), separator) if typed is None else typed


def _read_typed(content: bytes, fields: list[dict], separator: str) -> pd.DataFrame | None:
    """Read a clean CSV with one line a row by its types; None where it is not that."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    text = pa.dictionary(pa.int32(), pa.string())
    types = {"integer": pa.int64(), "date": pa.date32()}
    by_header = {title: field["type"] for field in fields for title in field_headers(field)}
    header = content.split(b"\n", 1)[0].decode("utf-8").strip()
    names = next(csv.reader([header], delimiter=separator), [])
    options = arrow_csv.ConvertOptions(
        column_types={name: types.get(by_header.get(name), text) for name in names},
        null_values=[""],
        strings_can_be_null=True,
    )
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            parse_options=arrow_csv.ParseOptions(delimiter=separator),
            convert_options=options,
        )
    except pa.ArrowInvalid:
        return None
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    if lines != table.num_rows + 1 or len(set(names)) < len(names):
        return None  # blank lines or line breaks in cells: rows would be misnumbered
    cells = table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get, date_as_object=False)
    # A line of commas alone is a blank row; there is none where a column is full.
    return cells.dropna(how="all") if all(c.null_count for c in table.columns) else cells


def _read_text(text: str, separator: str) -> pd.DataFrame:
    # Rows are counted, not lines: a spreadsheet shows a cell with a line break in one row.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = list(enumerate(reader, start=1))
    width = next((len(row) for _, row in rows if any(cell.strip() for cell in row)), 0)
    for number, row in rows:
        if any(cell.strip() for cell in row[width:]):
            # A cell too many, as 2,368 without quotes makes it, moves all the cells after it.
            raise _RefusedError("wrong_format", number, format=".csv")
    return _below_header(rows)


def _read_xlsx(path: Path, fields: list[dict]) -> tuple[str, pd.DataFrame]:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(path)
    filled = {}
    for name in workbook.sheet_names:
        # Leading blank rows are kept: a row's number is what the user sees in Excel.
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if any(cell != "" for row in rows for cell in row):
            filled[name] = rows
    if len(filled) > 1:
        raise _RefusedError("several_sheets", sheets=", ".join(filled))
    name, rows = next(iter(filled.items()), ("", []))
    return name, _below_header(list(enumerate(rows, start=1)))


def _read_parquet(path: Path, fields: list[dict]) -> tuple[str, pd.DataFrame]:
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(path)
    cells = table.to_pandas()
    named = [name for name in cells.index.names if name]
    cells = cells.reset_index(named).reset_index(drop=True).rename(columns=str)
    nested = [field.name for field in table.schema if pa.types.is_nested(field.type)]
    return "", cells.assign(**{name: cells[name].map(str) for name in nested})


_READERS = {".csv": _read_csv, ".xlsx": _read_xlsx, ".parquet": _read_parquet}


def _below_header(rows: list[tuple[int, list]]) -> pd.DataFrame:
    """Make a table of numbered rows, of which the first that holds something is the header."""
    filled = [(number, row) for number, row in rows if any(str(cell).strip() for cell in row)]
    if not filled:
        return pd.DataFrame()
    header = [clean(str(cell)) for cell in filled[0][1]]
    width = max(len(row) for _, row in filled)
    header += [""] * (width - len(header))
    body = [[*row, *[""] * (width - len(row))] for _, row in filled[1:]]
    index = [number - 2 for number, _ in filled[1:]]
    cells = pd.DataFrame(body, index=index, columns=range(width), dtype=object)
    keep = [i for i in range(width) if header[i] or (cells[i].astype(str).str.strip() != "").any()]
    return cells[keep].set_axis([header[i] for i in keep], axis=1)
