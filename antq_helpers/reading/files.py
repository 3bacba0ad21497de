"""Read the reports of one file, table by table, or refuse it.

Files hold counts, not persons. The column is named, its content never.
"""

from __future__ import annotations

import csv
import mmap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.dictionary import LANGUAGES, field_title, table_fields, word
from antq_helpers.places import Register
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.build import Builder, RecordBuilder, no_records
from antq_helpers.reading.cells import CellLog, Reports, column_name
from antq_helpers.reading.checks import YearToDate, check_totals, years_to_date
from antq_helpers.reading.counts import scaled
from antq_helpers.reading.formats import ENDINGS, from_tcvn3, looks_like_tcvn3, read_book
from antq_helpers.reading.headers import CORE, COUNTS, Meaning, meanings_of, no_count, understand
from antq_helpers.reading.layouts import read_columns, sort_rows
from antq_helpers.reading.persons import (
    column_of_persons,
    holds_numbers_of_persons,
    names_persons,
    unnamed,
)
from antq_helpers.reading.reports import NOTES_OF_COLUMNS, Choices, TableReader, label_of
from antq_helpers.reading.sheets import Sheet, Table, tidy
from antq_helpers.reading.tables import HeaderWords, find_tables
from antq_helpers.reading.titles import Context, bare_name, read_context

_PERIOD = ("period_start", "period_end")
_NEEDED = ("commune", *_PERIOD)
_UNUSED = ("unknown", "note", "number", "added")


def list_files(path: str | Path | Sequence[str | Path], language: str = "en") -> list[Path]:
    """List the files of a path, a folder, or a list of paths.

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
    """Read a CSV or Parquet file in the documented layout with its types; None for other layouts.

    The layout is headers in the first row, one row per commune and period, days and whole numbers
    as they should be. All other files are read cell by cell.
    """
    name = bare_name(path.name)
    if scaled(name) or no_count(name):  # "nghìn lượt", "kế hoạch": no plain counts
        return None
    try:
        table = _READERS[path.suffix.lower()](path)
        if table is None or not table.num_rows:
            return None
        roles = _roles(table.column_names)
        if roles is None or not _is_clean(table, roles, places):
            return None
        return _reports(table, roles, path.name)
    except Exception:  # pyarrow raises many kinds for a damaged file
        return None  # the reader by cells reports what is wrong


def _roles(names: list[str]) -> dict[str, int] | None:
    """Map each field to the index of its header; None if headers are not the documented ones."""
    fields = {field["name"] for field in table_fields("records")}
    roles: dict[str, int] = {}
    for position, name in enumerate(names):
        meaning = understand([name])
        role = meaning.role
        if role in _UNUSED:
            continue
        if meaning.unit or role not in fields or role in roles or names_persons(name):
            return None
        roles[role] = position
    complete = all(name in roles for name in _NEEDED) and any(name in roles for name in COUNTS)
    return roles if complete else None


def _read_csv(path: Path) -> object:
    """Read a clean CSV with one line per row and its types; None if it is not that."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with path.open("rb") as file:  # mapped: a copy of a national file takes a tenth of the time
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 3 if mapped[:3] == b"\xef\xbb\xbf" else 0
    content = memoryview(mapped)[start:]
    breaks, hexadecimals = _scan(np.frombuffer(content, np.uint8))
    if hexadecimals:
        return None  # pyarrow reads 0x10 as 16
    first = mapped[start : mapped.find(b"\n", start) + 1]
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
        pa.BufferReader(pa.py_buffer(content)),
        parse_options=arrow_csv.ParseOptions(delimiter=separator),
        convert_options=options,
    )
    lines = breaks + (content[-1] != ord("\n"))
    # Blank lines or line breaks in cells: rows would be misnumbered.
    return table if lines == table.num_rows + 1 else None


def _scan(letters: np.ndarray) -> tuple[int, bool]:
    """Count line breaks, and look for 0x or 0X; a megabyte at a time stays in the cache."""
    breaks, hexadecimals = 0, False
    for start in range(0, len(letters), 2**20):
        part = letters[start : start + 2**20 + 1]
        breaks += np.count_nonzero(part[: 2**20] == ord("\n"))
        hexadecimals |= bool(((part[:-1] == ord("0")) & (part[1:] | 32 == ord("x"))).any())
    return int(breaks), hexadecimals


def _read_parquet(path: Path) -> object:
    import pyarrow as pa
    from pyarrow import parquet

    schema = parquet.read_schema(path)
    texts = [field.name for field in schema if field.type in (pa.string(), pa.large_string())]
    table = parquet.read_table(path, read_dictionary=texts)
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
        name = table.column_names[position]
        if role in _PERIOD and name in texts:
            table = table.set_column(position, name, _as_days(table.column(name)))
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


def _as_days(column: object) -> object:
    """Parse days that are text, such as 2022-03-31, each distinct one once; raise for others."""
    import pyarrow as pa

    texts = column.unify_dictionaries().combine_chunks()
    return texts.dictionary.cast(pa.date32()).take(texts.indices)


_READERS = {".csv": _read_csv, ".tsv": _read_csv, ".parquet": _read_parquet}


def _is_clean(table: object, roles: dict[str, int], places: Register) -> bool:
    """Check that all rows have days and a known commune, and no cell looks like personal data."""
    if any(table.column(roles[name]).null_count for name in _NEEDED):
        return False
    if not all(_are_days(table.column(roles[name])) for name in _PERIOD):
        return False
    communes = table.column(roles["commune"]).unique().cast("string").to_pylist()
    if not all(isinstance(name, str) and places.knows(name) for name in communes):
        return False
    kept = set(roles.values()) - {roles.get("source")}
    return not any(
        holds_numbers_of_persons(table.column(position).unique().to_pylist())
        for position in range(table.num_columns)
        if position not in kept or _is_large(table.column(position))
    )


def _are_days(column: object) -> bool:
    """Check that all days are in Python's range: a damaged file can hold the year 200000."""
    from pyarrow import compute

    ends = compute.min_max(column)
    first, last = (compute.year(ends[end]).as_py() for end in ("min", "max"))
    return first >= MINYEAR and last <= MAXYEAR


def _is_large(column: object) -> bool:
    """Check whether a column of whole numbers has one too large for a commune's count."""
    import pyarrow as pa
    from pyarrow import compute

    return pa.types.is_integer(column.type) and (compute.max(column).as_py() or 0) >= 10**8


def _reports(table: object, roles: dict[str, int], file: str) -> Reports:
    """Build reports from a typed table, one per row below the header."""
    import pyarrow as pa

    names = table.column_names
    # What pandas wrote beside the columns is not needed, and breaks the reader where it is damaged.
    cells = table.to_pandas(
        types_mapper={pa.int64(): pd.Int64Dtype()}.get, date_as_object=False, ignore_metadata=True
    )
    values = cells.iloc[:, list(roles.values())].set_axis(list(roles), axis=1)
    size = len(values)
    filled = np.ones((size + 1, len(names)), bool, order="F")  # marked by columns
    for position in range(len(names)):
        if table.column(position).null_count:
            filled[1:, position] = table.column(position).is_valid().to_numpy()
    log = CellLog(file, "", filled)
    for position, name in enumerate(names):
        if position in roles.values():
            log.keep(0, position)
        else:
            note = log.problem_at(
                NOTES_OF_COLUMNS.get(understand([name]).role, "column_unused"), 0, position, name
            )
            log.set_aside(note, slice(None), position)
    rows = np.arange(1, size + 1)
    return Reports(
        values,
        dict.fromkeys(roles, rows),
        {role: np.broadcast_to(position, size) for role, position in roles.items()},
        np.broadcast_to(0, size),
        np.ones(size, bool),
        [log],
        [dict(enumerate(names))],
    )


def described(
    log: CellLog,
    headers: dict[int, str],
    language: str,
    columns: dict[int, Meaning] | None = None,
    label: Callable[[str, str], str] = lambda role, language: "",
) -> list[dict[str, str]]:
    """Describe how each column was understood, one row per column."""
    columns = columns or {c: understand([header]) for c, header in headers.items()}
    return [
        {
            "file": log.file,
            "sheet": log.sheet,
            "column": column_name(column),
            "header": unnamed(headers[column]),
            "meaning": _in_words(meaning, language, label),
        }
        for column, meaning in columns.items()
    ]


def _in_words(meaning: Meaning, language: str, label: Callable[[str, str], str]) -> str:
    own = label(meaning.role, language) or label_of(meaning.role, language)
    days = f"{meaning.span.start:%d/%m/%Y}–{meaning.span.end:%d/%m/%Y}" if meaning.span else ""
    given = [label(text, language) or text for _, text in meaning.given]
    return " · ".join(text for text in (own, meaning.commune, meaning.part, days, *given) if text)


_NAMES_SHOWN = 5


@dataclass
class FileReports:
    """What one file yields: reports, accounts of its sheets, problems and notes.

    ``others`` are the words that say of a table that it holds no counts; ``is_blank`` says that a
    table was found, but no row in it.
    """

    reports: list[Reports] = field(default_factory=list)
    logs: list[CellLog] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    to_date: list[YearToDate] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    is_blank: bool = False


class ReportTables:
    """How tables of reports are read; tables of other fields have their own class like this one."""

    def __init__(self, places: Register) -> None:
        self.places, self.words = places, HeaderWords(places.knows)

    def knows(self, text: str) -> bool:
        """Check whether a text is a known header or commune."""
        return self.places.knows(text) or bool(meanings_of(text))

    def column_of_persons(self, sheet: Sheet, tables: list[Table]) -> str:
        """Find the header of a column that identifies persons; "" if there is none."""
        return column_of_persons(sheet, tables)

    def read_clean(self, path: Path) -> Reports | None:
        """Read a file in the documented layout at once; None for all other layouts."""
        return read_clean(path, self.places)

    def read(
        self, table: Table, context: Context, log: CellLog, choices: Choices, result: FileReports
    ) -> None:
        """Read one table into the result."""
        _read_table(table, context, log, self.places, choices, result)

    def fits(self, sheet: Sheet) -> int:
        """Count what shows that a sheet holds such tables; 0 of reports, which may lack much."""
        return 0

    def report_absent(self, file: str, result: FileReports, language: str) -> None:
        """Report the counts that no table of the file has, or that it has no table at all."""
        _report_absent(file, result, language)

    def builder(self, reports: Reports) -> Builder:
        """Return what builds the records, and records every problem of their reports."""
        return RecordBuilder(reports, self.places)

    def blank(self) -> pd.DataFrame:
        """Return the table without rows."""
        return no_records()


def read_file(
    path: Path, schemas: Sequence[ReportTables], choices: Choices, *, letter: bool = False
) -> list[FileReports]:
    """Read the contents of a file, each sheet as the first schema unless another one fits it.

    Parameters
    ----------
    schemas
        How tables are found and read; a sheet is that of the schema which fits it best.
    letter
        Whether it may be without a table, as a Word letter among the files of a folder is.

    Returns
    -------
    list
        What the file yields of each schema.

    Raises
    ------
    DataProblem
        Where nothing can be read of it, or it holds persons.
    """
    first, *others = schemas
    clean = first.read_clean(path) if choices.encoding is None else None
    if clean is None:
        results = _read_by_cells(path, schemas, choices)
    else:
        headers = described(clean.logs[0], clean.headers[0], choices.language)
        results = [
            FileReports([clean], clean.logs, headers=headers),
            *(FileReports() for _ in others),
        ]
    for schema, result in zip(schemas, results, strict=True):
        if letter and not result.reports:
            continue
        if result.logs and (result.reports or not any(other.reports for other in results)):
            schema.report_absent(path.name, result, choices.language)
    return results


def _read_by_cells(
    path: Path, schemas: Sequence[ReportTables], choices: Choices
) -> list[FileReports]:
    book = read_book(path, encoding=choices.encoding, language=choices.language)
    results, notes = [FileReports() for _ in schemas], [*book.notes]
    sheets = _convert_sheets(book.sheets, lambda t: any(s.knows(t) for s in schemas), choices)
    if choices.encoding == "tcvn3":
        names = _converted_names(book.sheets, schemas[0].places)
        notes.append(Problem("converted", path.name, details={"names": names}))
    for sheet in map(tidy, sheets):
        fits = [schema.fits(sheet) for schema in schemas]
        number = fits.index(max(fits))
        refused = _reports_of_sheet(sheet, schemas[number], choices, results[number])
        if refused:
            # Delete the cells first: a traceback must not show personal data.
            del book, sheets, sheet, results
            raise DataProblem([refused], choices.language)
    next((result for result in results if result.logs), results[0]).notes[:0] = notes
    return results


def _convert_sheets(
    sheets: Sequence[Sheet], known: Callable[[str], object], choices: Choices
) -> Sequence[Sheet]:
    """Convert all texts from TCVN3 where the user asked for it.

    Raises
    ------
    DataProblem
        Where a known word, such as a header, is written in TCVN3 unasked; no other is quoted.
    """
    if choices.encoding == "tcvn3":
        return [
            replace(
                sheet,
                rows=[[from_tcvn3(c) if type(c) is str else c for c in row] for row in sheet.rows],
                name=from_tcvn3(sheet.name),
                above=tuple(map(from_tcvn3, sheet.above)),
            )
            for sheet in sheets
        ]
    texts = frozenset().union(*(sheet.texts for sheet in sheets))
    for text in sorted(texts) if looks_like_tcvn3(texts) else ():
        new = from_tcvn3(text)
        if new != text and known(new):
            details = {"sample": text, "converted": new}
            raise DataProblem([Problem("tcvn3", sheets[0].file, details=details)], choices.language)
    return sheets


def _converted_names(sheets: Sequence[Sheet], places: Register) -> str:
    texts = dict.fromkeys(c for sheet in sheets for row in sheet.rows for c in row)
    pairs = ((text, from_tcvn3(text)) for text in texts if type(text) is str)
    names = [f"{old} → {new}" for old, new in pairs if old != new and places.knows(new)]
    return "; ".join(names[:_NAMES_SHOWN]) or "–"


def _reports_of_sheet(
    sheet: Sheet, schema: ReportTables, choices: Choices, result: FileReports
) -> Problem | None:
    """Read one sheet into the result; return the refusal if it holds personal data."""
    width = len(sheet.rows[0]) if sheet.rows else 0
    filled = np.array(sheet.rows, dtype=object).reshape(len(sheet.rows), width) != ""
    log = CellLog(sheet.file, unnamed(sheet.name), filled, sheet.quotes)
    result.logs.append(log)
    if not filled.any():
        return None
    tables = find_tables(sheet, schema.words)
    column = schema.column_of_persons(sheet, tables)
    if column or log.sheet != sheet.name:
        return log.problem_at("persons", header=column)
    if sheet.hidden:
        log.set_aside(log.problem_at("hidden_sheet"), slice(None))
        return None
    before = len(result.reports)
    first: Context | None = None
    for table in tables:
        mark = [word("illustrative", language) for language in LANGUAGES]
        context = read_context(table, first, schema.places, mark)
        first = first or context
        schema.read(table, context, log, choices, result)
    if len(result.reports) == before and not log.problems:
        log.set_aside(log.problem_at("sheet_skipped"), slice(None))
        return None
    _note_hidden(sheet, log)
    log.rest_is_outside()
    return None


def _read_table(
    table: Table,
    context: Context,
    log: CellLog,
    places: Register,
    choices: Choices,
    result: FileReports,
) -> None:
    if table.form and not (context.communes and context.spans):
        return  # names of counts beside figures may be anything, unless it is said whose and when
    columns = read_columns(table, context, places)
    counted = [c for c, m in columns.items() if m.role in (*COUNTS, "value", "unclear")]
    if context.of_others and counted:
        result.others.append(context.of_others)
    if context.of_others or not counted:
        unknown = [c for c, meaning in columns.items() if meaning.role == "unknown"]
        for column in counted or unknown:
            kind = "column_comparison" if counted else "column_unused"
            log.add_note(log.problem_at(kind, table.header_rows[-1], column, table.header(column)))
        return
    rows = sort_rows(table, columns, places)
    if not rows.data:
        result.is_blank = True
        set_apart = (row for row, kind in rows.aside.items() if kind == "row_comparison")
        cells = (str(cell) for row in set_apart for cell in table.sheet.rows[row])
        result.others += [found for cell in cells if (found := no_count(cell))]
        return
    reader = TableReader(table, columns, rows, context, log, choices)
    reports = reader.read_reports()
    if reports is None:
        return
    check_totals(reader)
    result.to_date += years_to_date(reader)
    result.reports.append(reports)
    result.headers += described(log, reader.headers, choices.language, reader.columns)
    note_names(context, log, reader)


def note_names(context: Context, log: CellLog, reader: TableReader) -> None:
    """Note what was taken from the name of the sheet or file."""
    language = reader.choices.language
    used = {
        "period": not ({"period", "month", "quarter", "year", "period_end"} & set(reader.labels)),
        "commune": "commune" not in reader.labels,
    }
    for what, found in context.from_name.items():
        if used[what]:
            note = log.problem_at(
                "taken_from_name", what=word(f"what_{what}", language), found=found
            )
            log.add_note(note)


def _note_hidden(sheet: Sheet, log: CellLog) -> None:
    rows = [row for row in sheet.hidden_rows if row < len(log.filled) and log.filled[row].any()]
    width = log.filled.shape[1]
    columns = [c for c in sheet.hidden_columns if c < width and log.filled[:, c].any()]
    if rows:
        named = ", ".join(str(row + 1) for row in rows)
        log.add_note(log.problem_at("hidden_rows", rows=named))
    if columns:
        named = ", ".join(column_name(column) for column in columns)
        log.add_note(log.problem_at("hidden_columns", columns=named))


def _report_absent(file: str, result: FileReports, language: str) -> None:
    """Report the counts that no table of the file has, or that it has no table at all."""
    if not result.reports:
        if result.others:
            words = "; ".join(dict.fromkeys(result.others))
            result.problems.append(Problem("no_counts", file, details={"words": words}))
        elif result.is_blank:
            result.problems.append(Problem("empty_file", file))
        elif not any(log.problems for log in result.logs):
            headers = ", ".join(field_title("records", count, "vi") for count in CORE)
            result.problems.append(Problem("no_table", file, details={"headers": headers}))
        return
    present = {field for reports in result.reports for field in reports.rows}
    absent = [label_of(count, language) for count in CORE if count not in present]
    if absent:
        label = "; ".join(absent)
        result.notes.append(Problem("count_absent", file, details={"label": label}))
