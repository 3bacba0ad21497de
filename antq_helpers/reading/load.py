"""Load records from office files, or check the files and list every problem."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from antq_helpers.dictionary import DATA, LANGUAGES, check_choice
from antq_helpers.places import register
from antq_helpers.problems import DataNote, DataProblem, Problem
from antq_helpers.reading.build import QUESTIONS
from antq_helpers.reading.cells import CellLog, Reports, all_cells, join
from antq_helpers.reading.checks import check_years_to_date
from antq_helpers.reading.counts import DASHES, NUMBERS
from antq_helpers.reading.files import FileReports, ReportTables, list_files, read_file
from antq_helpers.reading.formats import size_and_time
from antq_helpers.reading.movement import MOVEMENT, FieldTables
from antq_helpers.reading.report import as_html, save_check, summary
from antq_helpers.reading.reports import Choices
from antq_helpers.records import place_column, remember
from antq_helpers.tables import package_table


@dataclass(frozen=True, repr=False)
class FileCheck:
    """Result of checking one or more files: records, problems, and an account of every cell.

    Attributes
    ----------
    records : DataFrame
        The clean rows, as :func:`load_records` or :func:`load_table` gives them; rows with a
        problem wait.
    problems : tuple of Problem
        What must be corrected: file, sheet, row, column, value, reason, what to do.
    skipped : tuple of Problem
        What was set aside, with the reason; of what stands outside the tables no content is kept.
    account : DataFrame
        One row for each sheet: ``cells`` that hold something are ``kept``, ``set_aside`` or
        ``problems``, and add up.
    headers : DataFrame
        How each column was understood.
    table : str
        Which table was read: ``"records"``, or one of the movement.
    cells : DataFrame
        One row for each filled cell, and each value of a record that stands in it: ``file``,
        ``sheet``, ``cell``, ``fate`` (``kept``, ``set_aside``, ``problems``), ``field`` and
        ``record`` (the column and row of ``records``), ``reason``.
    """

    records: pd.DataFrame
    problems: tuple[Problem, ...]
    skipped: tuple[Problem, ...]
    account: pd.DataFrame
    headers: pd.DataFrame
    language: str = "en"
    table: str = "records"
    paths: tuple[Path, ...] = ()
    stamps: tuple[tuple[int, int], ...] = ()
    logs: tuple[CellLog, ...] = ()
    reports: Reports | None = None
    record: np.ndarray | None = None
    others: tuple[tuple[str, pd.DataFrame], ...] = ()

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every filled cell, and what became of it."""
        return all_cells(self.logs, self.reports, self.record, self.language)

    @property
    def questions(self) -> tuple[str, ...]:
        """The keys of unusual counts, to be corrected in the file, or accepted as right."""
        return tuple(problem.key for problem in self.problems if problem.kind in QUESTIONS)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Communes with a report that waits for correction."""
        waits = [note.details["commune"] for note in self.skipped if note.kind == "row_waits"]
        return tuple(dict.fromkeys(filter(None, waits)))

    def __repr__(self) -> str:
        tables = {self.table: self.records, **dict(self.others)}
        return summary(tables, self.problems, self.account, self.language)

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.problems, self.skipped, self.headers, self.language)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the problems to an XLSX: see :func:`.save_check`.

        Of one workbook this is a copy in which each cell with a problem is marked and commented,
        so that the commune can correct it; of other files a list of the problems.
        """
        return save_check(self, path, overwrite=overwrite)


def as_one(checks: Sequence[FileCheck]) -> FileCheck:
    """Join checks of several tables, to be shown and saved as one with the rows of the first."""
    return replace(
        checks[0],
        problems=tuple(problem for check in checks for problem in check.problems),
        skipped=tuple(note for check in checks for note in check.skipped),
        account=pd.concat([check.account for check in checks], ignore_index=True),
        headers=pd.concat([check.headers for check in checks], ignore_index=True),
        logs=tuple(log for check in checks for log in check.logs),
        others=tuple((check.table, check.records) for check in checks[1:]),
    )


def check_file(
    path: str | Path | Sequence[str | Path],
    *,
    table: str = "records",
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    accept: Sequence[str] = (),
    language: str = "en",
    progress: Callable[[int, int, str], None] | None = None,
) -> FileCheck:
    """Read office files as they are, and account for each of their cells.

    Parameters
    ----------
    path
        A file (XLSX, XLS, ODS, DOCX, CSV, TSV or Parquet), a folder of such files, or a list of
        paths.
    table
        What they hold: ``"records"``, or a table of the movement (``"drives"``, ``"models"``,
        ``"partner_activities"``, ``"commendations"``).
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    numbers
        ``"vi"`` where 1.651 is a thousand and 1,651 a fraction, ``"en"`` where it is the reverse.
        Without it ``1,651`` is a problem that asks.
    dash
        What ``-`` means in a cell of counts: ``"zero"`` or ``"missing"``. Without it a dash is a
        problem that asks.
    encoding
        Of text files, where it is not found by itself; ``"tcvn3"`` converts old Vietnamese
        letters, in workbooks, too.
    accept
        Unusual counts that were looked at and are right, by the keys in ``.questions``, which name
        the cell and its value: another value asks again.
    language
        Of the messages: ``"en"`` or ``"vi"``.
    progress
        Called before each file with how many are done, how many there are, and its name.

    Raises
    ------
    DataProblem
        Where nothing can be read, or a file identifies persons.

    Examples
    --------
    >>> from antq_helpers.dictionary import DATA
    >>> check = check_file(DATA / "sample" / "records.csv")
    >>> len(check.records), check.problems
    (1970, ())
    """
    check_choice("table", table, ("records", *MOVEMENT))
    choices = Choices(numbers, dash, encoding, language, tuple(accept))
    return _check(path, (table,), communes, choices, progress)[table]


def check_files(
    path: str | Path | Sequence[str | Path],
    *,
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    accept: Sequence[str] = (),
    language: str = "en",
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, FileCheck]:
    """Read office files of all kinds: of each sheet its headers tell which table it holds.

    Parameters
    ----------
    path, communes, numbers, dash, encoding, accept, language, progress
        As :func:`check_file` takes them.

    Returns
    -------
    dict
        What :func:`check_file` gives, by the name of the table: ``"records"`` first, then those of
        the movement that were found. A sheet of no table of the movement is read as records; where
        none holds any, its cells stand in the account of the first table.

    Raises
    ------
    DataProblem
        Where nothing can be read, or a file identifies persons.

    Examples
    --------
    >>> from antq_helpers.dictionary import DATA
    >>> found = check_files(DATA / "sample")
    >>> list(found), len(found["models"].records)
    (['records', 'drives', 'models', 'partner_activities', 'commendations', 'committees'], 95)
    """
    choices = Choices(numbers, dash, encoding, language, tuple(accept))
    return _check_all(path, communes, choices, progress)


def _check_all(path: str | Path | Sequence[str | Path], *options: object) -> dict[str, FileCheck]:
    """Check files for all tables; keep those that were found."""
    found = _check(path, ("records", *MOVEMENT), *options)
    held = {name: check for name, check in found.items() if len(check.account)}
    records = held.get("records")
    if len(held) > 1 and records and records.records.empty and not records.problems:
        del held["records"]
        first = next(iter(held))
        held[first] = as_one([held[first], records])
    return held


def _check(
    path: str | Path | Sequence[str | Path],
    tables: Sequence[str],
    communes: str | Path | pd.DataFrame | None,
    choices: Choices,
    progress: Callable[[int, int, str], None] | None = None,
) -> dict[str, FileCheck]:
    """Check files, each sheet as the first of the tables unless another one fits."""
    check_choice("language", choices.language, LANGUAGES)
    check_choice("numbers", choices.numbers, (None, *NUMBERS))
    check_choice("dash", choices.dash, (None, *DASHES))
    paths = list_files(path, choices.language)
    places = register(communes, choices.language)
    schemas = [
        ReportTables(places) if name == "records" else FieldTables(name, places) for name in tables
    ]
    stamps = tuple(map(size_and_time, paths))
    results: list[list[FileReports]] = []
    refused: list[Problem] = []
    for done, file in enumerate(paths):
        if progress:
            progress(done, len(paths), file.name)
        try:
            letter = len(paths) > 1 and file.suffix.lower() == ".docx"
            results.append(read_file(file, schemas, choices, letter=letter))
        except DataProblem as problem:
            refused += problem.problems
    if not results:
        raise DataProblem(refused, choices.language)
    found = {}
    for name, schema, of_files in zip(tables, schemas, zip(*results, strict=True), strict=True):
        check = _join(of_files, schema, choices)
        found[name] = replace(check, table=name, paths=tuple(paths), stamps=stamps)
    # Files that could not be read are named once, with the first table that was found.
    name = next((name for name, check in found.items() if len(check.account)), tables[0])
    found[name] = replace(found[name], problems=(*refused, *found[name].problems))
    return found


def _join(results: Sequence[FileReports], schema: ReportTables, choices: Choices) -> FileCheck:
    parts = [reports for result in results for reports in result.reports]
    reports = join(parts) if parts else None
    builder = schema.builder(reports) if reports else None
    if builder:
        builder.accepted = frozenset(choices.accept)
    records = builder.make() if builder else schema.blank()
    for result in results:
        check_years_to_date(records, result.to_date, schema.places)
    problems: list[Problem] = []
    notes: list[Problem] = []
    for result in results:
        problems += result.problems
        notes += result.notes
        for log in result.logs:
            problems += sorted(log.problems, key=lambda problem: problem.row or 0)
            notes += sorted(log.notes, key=lambda note: note.row or 0)
    if builder and builder.units is not None and not problems:
        remember(records, records, builder.units)  # each of its cells was checked
    logs = tuple(log for result in results for log in result.logs)
    return FileCheck(
        records,
        tuple(problems),
        tuple(notes),
        pd.DataFrame([log.counts() for log in logs]),
        pd.DataFrame([column for result in results for column in result.headers]),
        choices.language,
        logs=logs,
        reports=reports,
        record=builder.record if builder else None,
    )


SAMPLE = DATA / "sample" / "records.csv"
# Every table has these around it; a warning for each would hide those that matter.
_QUIET = {
    "outside",
    "row_numbers",
    "numbering",
    "units_row",
    "column_unit",
    "column_added",
    "header_again",
    "section",
    "total",
    "row_waits",
    "accepted",
}


def load_records(
    path: str | Path | Sequence[str | Path] | pd.DataFrame | None = None,
    *,
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    accept: Sequence[str] = (),
    language: str = "en",
) -> pd.DataFrame:
    """Load records from office files; the illustrative sample by default.

    Parameters
    ----------
    path
        A file (XLSX, XLS, ODS, DOCX, CSV, TSV or Parquet), a folder of such files, or a list of
        paths; or a table that was read elsewhere, with the columns of such a file.
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    numbers, dash, encoding, accept
        How the files are meant, as :func:`check_file` takes them.
    language
        Of the messages: ``"en"`` or ``"vi"``.

    Returns
    -------
    DataFrame
        One row per report: ``commune``, ``period_start``, ``period_end`` (days, both included),
        ``year`` (reporting year), ``sessions``, ``attendances``, ``tips``, ``valuable_tips``,
        ``resolved_cases`` (whole numbers or missing; missing is not zero), ``source``, ``file``,
        ``commune_id``, ``boundaries``, ``place`` (whose table of communes).

    Raises
    ------
    DataProblem
        With every problem of the files, each with its row, column, value and what to do.

    Warns
    -----
    DataNote
        For what is set aside, such as a half-year that equals its months or a column of comparison.

    Examples
    --------
    >>> records = load_records()
    >>> int(records["tips"].sum()), records["source"].unique().tolist()
    (4556, ['illustrative'])
    """
    with TemporaryDirectory() as folder:
        if isinstance(path, pd.DataFrame):
            table = Path(folder, "table.csv")
            path.to_csv(table, index=False)
            path = table
        path = SAMPLE if path is None else path
        checks = _check(
            path, ("records",), communes, Choices(numbers, dash, encoding, language, tuple(accept))
        )
    # Nothing is said of our own sample, even where it lacks the column of a count added later.
    return _loaded(checks, quiet=path is SAMPLE)["records"]


def _loaded(checks: Mapping[str, FileCheck], *, quiet: bool = False) -> dict[str, pd.DataFrame]:
    """Return the tables without a problem; warn once of each thing set aside that matters."""
    language = next(iter(checks.values())).language
    if problems := [problem for check in checks.values() for problem in check.problems]:
        raise DataProblem(problems, language)
    for check in () if quiet else checks.values():
        notes = (note.text(language) for note in check.skipped if note.kind not in _QUIET)
        for text in dict.fromkeys(notes):
            warnings.warn(text, DataNote, stacklevel=3)
    return {name: check.records for name, check in checks.items()}


def load_table(
    table: str,
    path: str | Path | Sequence[str | Path] | None = None,
    language: str = "en",
    *,
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Load a table of the data package, or a table of the movement from your own office files.

    Parameters
    ----------
    table
        ``"drives"``, ``"models"``, ``"partner_activities"``, ``"commendations"``, or another table
        of the data package, which is read as CSV of its own form alone.
    path
        A file (XLSX, XLS, ODS, DOCX, CSV, TSV or Parquet), a folder, or a list; the shipped one by
        default.
    language
        Of the messages: ``"en"`` or ``"vi"``.
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    numbers, dash, encoding, accept
        How the files are meant, as :func:`check_file` takes them.

    Returns
    -------
    DataFrame
        The columns of ``data/README.md``: counts whole or missing, days, names as the table of
        communes writes them. Rows without a source are ``reported``. Models have ``place``,
        too: whose table of communes.

    Raises
    ------
    DataProblem
        With every problem: file, sheet, row, column, value and what to do. A file with columns
        that identify persons is refused.

    Warns
    -----
    DataNote
        For columns, rows and sheets that are set aside.

    Examples
    --------
    >>> int(load_table("models")["count"].sum())
    96
    """
    if table not in MOVEMENT:
        return package_table(table, path, language)
    if path is None:
        shipped = package_table(table, path, language)
        placed = {"place": place_column(register().key, len(shipped))}
        return shipped.assign(**placed) if table == "models" else shipped
    choices = Choices(numbers, dash, encoding, language)
    return _loaded(_check(path, (table,), communes, choices))[table]


def load_tables(
    path: str | Path | Sequence[str | Path] | None = None,
    *,
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    accept: Sequence[str] = (),
    language: str = "en",
) -> dict[str, pd.DataFrame]:
    """Load records and tables of the movement by name: from office files, or the package's own.

    Parameters
    ----------
    path
        A file, a folder or a list of paths, as :func:`check_files` takes them; the shipped tables
        by default.
    communes, numbers, dash, encoding, accept, language
        As :func:`check_file` takes them.

    Returns
    -------
    dict
        ``"records"`` as :func:`load_records` gives them, the others as :func:`load_table` does.

    Raises
    ------
    DataProblem
        With every problem of all files.

    Examples
    --------
    >>> int(load_tables()["records"]["tips"].sum())
    4556
    """
    if path is None:
        found = {name: load_table(name) for name in MOVEMENT}
        return {"records": load_records()} | {n: table for n, table in found.items() if len(table)}
    return _loaded(
        _check_all(path, communes, Choices(numbers, dash, encoding, language, tuple(accept)))
    )
