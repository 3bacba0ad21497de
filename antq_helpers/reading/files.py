"""A path in; the files that it means, and the reports of a clean table read by type, out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.board import Board
from antq_helpers.reading.headers import COUNTS, understand
from antq_helpers.reading.persons import holds_numbers_of_persons, names_persons
from antq_helpers.reading.reports import FIELDS, Reports
from antq_helpers.reading.sheets import ENDINGS
from antq_helpers.reading.synonyms import no_count
from antq_helpers.reading.titles import bare_name
from antq_helpers.reading.units import scaled
from antq_helpers.registers import Register

_PERIOD = ("period_start", "period_end")
_NEEDED = ("commune", *_PERIOD)
_ASIDE = {
    "unknown": "column_unused",
    "note": "column_note",
    "number": "row_numbers",
    "added": "column_added",
}


def list_files(path: str | Path | Sequence[str | Path], language: str = "en") -> list[Path]:
    """Give the files of a path, a folder, or a list of paths.

    Raises
    ------
    DataProblem
        For a folder without a file that can be read.
    """
    if isinstance(path, (list, tuple)) and path:
        return [file for entry in path for file in list_files(entry, language)]
    if not isinstance(path, (str, Path)):
        raise ValueError(f"path={path!r} must be the path of a file or folder, or a list of paths.")
    path = Path(path)
    if not path.is_dir():
        return [path]
    # Excel leaves files such as ~$quy1.xlsx beside those that are open.
    files = sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in ENDINGS and not file.name.startswith(("~$", "."))
    )
    if not files:
        details = {"formats": ", ".join(ENDINGS)}
        raise DataProblem([Problem("empty_folder", path.name, details=details)], language)
    return files


def read_clean(path: Path, places: Register) -> Reports | None:
    """Read a CSV or Parquet file in the documented layout by type; None where it is not that.

    The layout is headers in the first row, one row per commune and period, days and whole numbers
    as they should be. All other files are read cell by cell.
    """
    name = bare_name(path.name)
    if scaled(name) or no_count(name):  # "nghìn lượt", "kế hoạch": it is asked about
        return None
    try:
        table = _READERS[path.suffix.lower()](path)
        if table is None or not table.num_rows:
            return None
        roles = _roles(table.column_names)
        if roles is None or not _is_whole(table, roles, places):
            return None
        return _reports(table, roles, path.name)
    except Exception:  # the libraries have many for a damaged file
        return None  # whatever is wrong with it is said where it is read cell by cell


def _roles(names: list[str]) -> dict[str, int] | None:
    """Give the place of each field among the headers; None where they are not the documented."""
    roles: dict[str, int] = {}
    for position, name in enumerate(names):
        meaning = understand([name])
        role = meaning.role
        if role in _ASIDE:
            continue
        if meaning.unit or role not in FIELDS or role in roles or names_persons(name):
            return None
        roles[role] = position
    complete = all(name in roles for name in _NEEDED) and any(name in roles for name in COUNTS)
    return roles if complete else None


def _read_csv(path: Path) -> object:
    """Read a clean CSV with one line a row by its types; None where it is not that."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if re.search(rb"0[xX]", content):
        return None  # 0x10 is 16 to the library, and no count to anybody
    first = content.split(b"\n", 1)[0]
    separator = max(",;\t", key=lambda mark: first.count(mark.encode()))
    names = next(csv.reader([first.decode("utf-8").strip()], delimiter=separator), [])
    roles = _roles(names)
    if roles is None or len(set(names)) < len(names):
        return None
    types = {
        names[position]: pa.date32() if role in _PERIOD else pa.int64()
        for role, position in roles.items()
        if role not in ("commune", "source")
    }
    text = pa.dictionary(pa.int32(), pa.string())
    options = arrow_csv.ConvertOptions(
        column_types={name: types.get(name, text) for name in names},
        null_values=[""],
        strings_can_be_null=True,
    )
    table = arrow_csv.read_csv(
        io.BytesIO(content),
        parse_options=arrow_csv.ParseOptions(delimiter=separator),
        convert_options=options,
    )
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    # Blank lines or line breaks in cells: rows would be misnumbered.
    return table if lines == table.num_rows + 1 else None


def _read_parquet(path: Path) -> object:
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(path)
    roles = _roles(table.column_names)
    if roles is None or (
        table.schema.pandas_metadata
        and any(
            isinstance(name, str) and not name.startswith("__index")
            for name in table.schema.pandas_metadata.get("index_columns", [])
        )
    ):
        return None
    for role, position in roles.items():
        kind = table.schema.field(position).type
        fits = (
            pa.types.is_integer(kind)
            if role in (*COUNTS, "year")
            else pa.types.is_temporal(kind)
            if role in _PERIOD
            else True
        )
        if not fits:
            return None
    nested = any(pa.types.is_nested(field.type) for field in table.schema)
    return None if nested else table


_READERS = {".csv": _read_csv, ".tsv": _read_csv, ".parquet": _read_parquet}


def _is_whole(table: object, roles: dict[str, int], places: Register) -> bool:
    """Say whether each row has its days and a known commune, and no cell looks like a person's."""
    if any(table.column(roles[name]).null_count for name in _NEEDED):
        return False
    if not all(_are_days(table.column(roles[name])) for name in _PERIOD):
        return False
    communes = table.column(roles["commune"]).unique().to_pylist()
    if not all(isinstance(name, str) and places.knows(name) for name in communes):
        return False
    kept = set(roles.values()) - {roles.get("source"), roles["commune"]}
    return not any(
        holds_numbers_of_persons(table.column(position).unique().to_pylist())
        for position in range(table.num_columns)
        if position not in kept or _is_large(table.column(position))
    )


def _are_days(column: object) -> bool:
    """Say whether all are of a calendar: a damaged file can hold a day of the year 200000."""
    from pyarrow import compute

    years = compute.min_max(compute.year(column))
    return years["min"].as_py() >= MINYEAR and years["max"].as_py() <= MAXYEAR


def _is_large(column: object) -> bool:
    """Say whether a column of whole numbers holds some that no commune can have counted."""
    import pyarrow as pa
    from pyarrow import compute

    return pa.types.is_integer(column.type) and (compute.max(column).as_py() or 0) >= 10**8


def _reports(table: object, roles: dict[str, int], file: str) -> Reports:
    """Make reports of a typed table: each row one, its place the row below the header."""
    import pyarrow as pa

    names = table.column_names
    # What pandas wrote beside the columns is not needed, and breaks the reader where it is damaged.
    cells = table.to_pandas(
        types_mapper={pa.int64(): pd.Int64Dtype()}.get, date_as_object=False, ignore_metadata=True
    )
    values = cells.iloc[:, list(roles.values())].set_axis(list(roles), axis=1)
    size = len(values)
    filled = np.ones((size + 1, len(names)), bool)
    for position in range(len(names)):
        if table.column(position).null_count:
            filled[1:, position] = table.column(position).is_valid().to_numpy()
    board = Board(file, "", filled)
    for position, name in enumerate(names):
        if position in roles.values():
            board.keep(0, position)
        else:
            note = board.say(_ASIDE[understand([name]).role], 0, position, name)
            board.aside(note, slice(None), position)
    rows = np.arange(1, size + 1)
    return Reports(
        values,
        dict.fromkeys(roles, rows),
        {role: np.broadcast_to(position, size) for role, position in roles.items()},
        np.broadcast_to(0, size),
        np.ones(size, bool),
        [board],
        [dict(enumerate(names))],
    )
