"""Load records from office files, or check the files and list every problem."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from antq_helpers.dictionary import DATA, LANGUAGES, check_choice, table_fields
from antq_helpers.places import Register, register
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.cells import Builder, CellLog, Reports, all_cells, join
from antq_helpers.reading.checks import check_years_to_date, find_repeats, join_tables
from antq_helpers.reading.counts import DASHES, NUMBERS
from antq_helpers.reading.files import FileReports, ReportTables, list_files, read_file
from antq_helpers.reading.formats import size_and_time
from antq_helpers.reading.headers import COUNTS
from antq_helpers.reading.movement import MOVEMENT, UNIT_KINDS, FieldTables
from antq_helpers.reading.report import as_html, save_check, summary
from antq_helpers.reading.reports import Choices
from antq_helpers.records import place_column, remember
from antq_helpers.tables import package_table, type_columns

_OF_PERIODS = ("broken_period", "several_periods", "unread_period")
_MOST_PER_SESSION = 10_000


class RecordBuilder(Builder):
    """Builds records; ``units`` are then the positions of theirs in the table of communes."""

    def make(self) -> pd.DataFrame:
        """Return the records of all sound reports; record every problem of the others."""
        typed = self._typed()
        blank = np.logical_and.reduce([typed[name].isna() for name in COUNTS]) & ~self.wrong
        placed = typed["commune"].notna().to_numpy()
        dated = (typed["period_start"] <= typed["period_end"]).fillna(False).to_numpy(bool)
        units = np.full(len(typed), -1)
        whole = typed if placed.all() else typed[placed]  # a national file need not be copied
        units[placed] = self.places.resolve(
            *(whole[name] for name in ("commune", "period_start", "period_end"))
        )
        today = pd.Timestamp.today().normalize()
        # In a table of many periods a cell stays blank before a unit began and in the future.
        empty = blank & placed & dated & ((units < -1) | (typed["period_end"] > today).to_numpy())
        for i in np.flatnonzero(empty):
            self.reports.add_note("not_yet", i)
        years = typed["period_end"].dt.year
        self._check_periods(typed, years, today, ~empty)
        self._check_units(typed, np.where(dated | (units == -1), units, 0), placed & ~empty)
        if self.wrong.any():
            self._check_counts(typed[self.wrong & ~empty], {})
            self._hold_back(typed, units)
        sure = placed & dated & (units >= 0) & ~self.wrong & ~empty
        if not sure.all():
            typed, years = typed[sure], years[sure]
        units[sure] = _settle_unverified(typed, units[sure], self.places)
        records = self._complete(typed, years, units[sure])
        records, joined, differing = join_tables(records, self.reports)
        by = pd.factorize(self.places.units["name"])[0][units[records.index]]
        records, checks, repeated = find_repeats(records, COUNTS, self.reports, by)
        records = self._check_counts(records, joined)
        self.wrong[[*differing, *repeated]] = True
        self.record[records.index] = np.arange(len(records))
        for (first, _), other in joined.items():
            self.record[other] = self.record[first]
        self._account(np.flatnonzero(self.record >= 0), checks, empty)
        self.units = units[records.index]
        return records.reset_index(drop=True)

    def _typed(self) -> pd.DataFrame:
        """Convert each column to its type; record what is no day, count or legal value."""
        values = self.reports.values
        fields = [f for f in table_fields("records") if f["name"] in values]
        typed, problems = type_columns(values, fields, self.reports.problem)
        for position, name, problem in problems:
            if problem.kind == "required" and self._asked(name, position):
                continue
            self.reports.add_problem(problem, position, name)
            self.wrong[position] = True
        for field in table_fields("records"):
            if field["name"] not in typed and field["name"] not in ("year", "source"):
                typed[field["name"]] = pd.Series(pd.NA, typed.index, "Int64")
        return typed

    def _asked(self, name: str, position: int) -> bool:
        """Record a missing commune or period once per table instead of once per row."""
        at = self.reports.columns.get(name)
        if at is not None and at[position] >= 0:
            return False
        self.wrong[position] = True
        kind = "no_commune" if name == "commune" else "no_period"
        log = self.reports.logs[self.reports.table[position]]
        problem = log.problem_at(kind)
        unread = name != "commune" and any(p.kind in _OF_PERIODS for p in log.problems)
        if problem not in log.problems and not unread:
            log.add_problem(problem)
        return True

    def _check_periods(
        self, typed: pd.DataFrame, years: pd.Series, today: pd.Timestamp, asked: np.ndarray
    ) -> None:
        """Find periods that are reversed, end in the future, or contradict their year."""
        start, end = typed["period_start"], typed["period_end"]
        for i in np.flatnonzero(asked & (end < start).to_numpy(bool)):
            self.add_problem(
                "ends_before_start", i, "period_end", end[i], start=f"{start[i]:%d/%m/%Y}"
            )
        for i in np.flatnonzero(asked & (end > today).to_numpy(bool)):
            self.add_problem("in_the_future", i, "period_end", end[i], today=f"{today:%d/%m/%Y}")
        if "year" in typed:
            differs = (typed["year"] != years).fillna(False) & years.notna()
            for i in np.flatnonzero(differs.to_numpy(bool)):
                self.add_problem("wrong_year", i, "year", typed["year"][i], year=int(years[i]))

    def _check_counts(
        self, records: pd.DataFrame, joined: dict[tuple[int, str], int]
    ) -> pd.DataFrame:
        """Find counts that contradict each other; drop those records."""
        tips = records["tips"]
        above = ((records["valuable_tips"] > tips) & (tips >= 0)).fillna(False).to_numpy(bool)
        for index in records.index[above]:
            valuable, tips = records.loc[index, ["valuable_tips", "tips"]]
            at = joined.get((index, "valuable_tips"), index)
            self.add_problem("valuable_above_tips", at, "valuable_tips", valuable, tips=tips)
            self.wrong[index] = True
        attendances, sessions = records["attendances"], records["sessions"]
        # Nobody attends no session, and no hall of a commune holds so many.
        absurd = (attendances > sessions * _MOST_PER_SESSION) & (sessions >= 0)
        absurd = absurd.fillna(False).to_numpy(bool) & ~above
        for index in records.index[absurd]:
            at = joined.get((index, "attendances"), index)
            count = sessions[index]
            self.add_problem(
                "absurd_attendances", at, "attendances", attendances[index], sessions=count
            )
            self.wrong[index] = True
        wrong = above | absurd
        return records[~wrong] if wrong.any() else records

    def _check_units(self, typed: pd.DataFrame, units: np.ndarray, asked: np.ndarray) -> None:
        """Find communes that are unknown or did not exist at the time; suggest similar names."""
        suggested: dict[str, str] = {}
        for i in np.flatnonzero(asked & (units < 0)):
            name, kind = typed["commune"].iloc[i], UNIT_KINDS[units[i]]
            if kind == "unknown_commune":
                if name not in suggested:
                    suggested[name] = ", ".join(self.places.nearest(name))
                kind = kind if suggested[name] else "no_such_commune"
                details = {"near": suggested[name]}
            else:
                details = {"start": f"{typed['period_start'].iloc[i]:%d/%m/%Y}"}
            self.add_problem(kind, i, "commune", name, **details)

    def _hold_back(self, typed: pd.DataFrame, units: np.ndarray) -> None:
        """Mark all reports of a commune and period as waiting if any of them has a problem."""
        keys = pd.DataFrame({"unit": units, **typed[["period_start", "period_end"]]})
        known = keys.notna().all(axis=1) & (keys["unit"] >= 0)
        waiting = keys[known & self.wrong].apply(tuple, axis=1)
        self.wrong |= (known & keys.apply(tuple, axis=1).isin(set(waiting))).to_numpy()

    def _complete(self, typed: pd.DataFrame, years: pd.Series, units: np.ndarray) -> pd.DataFrame:
        """Add the columns that files do not have, and order them."""
        source = "reported"
        if "source" in typed:
            codes, distinct = pd.factorize(typed["source"])  # blank is code -1, the last one
            source = pd.array([*distinct, "reported"], "str").take(codes)
        places, files = self.places, [log.file for log in self.reports.logs]
        file: object = files[0]
        if len(set(files)) > 1:
            file = np.array(files, object)[self.reports.table[typed.index]]
        return pd.DataFrame(
            {
                "commune": places.units["name"].array.take(units),
                "period_start": typed["period_start"],
                "period_end": typed["period_end"],
                "year": years.astype("int32"),
                **{count: typed[count] for count in COUNTS},
                "source": source,
                "file": file,
                "commune_id": places.units.index.array.take(units),
                "boundaries": places.boundaries_of(units, typed["period_end"]),
                "place": place_column(places.key, len(typed)),
            },
            index=typed.index,
            copy=False,
        )

    def _account(self, kept: np.ndarray, checks: dict[str, list[int]], empty: np.ndarray) -> None:
        """Mark the cells of records as used, and those of other reports as set aside."""
        self.reports.keep(kept, checks)
        if len(kept) < len(self.reports.values):
            self.reports.set_aside(np.setdiff1d(np.arange(len(self.reports.values)), kept))
        self.note_waiting(self.wrong & ~empty)


def _settle_unverified(records: pd.DataFrame, units: np.ndarray, places: Register) -> np.ndarray:
    """Assign reports to the earlier unit while its unverified merger can not have happened.

    Late in 2024 both Hồng Hà before and after the merger may have reported; as long as Nguyễn Phúc
    goes on to report, Hồng Hà cannot hold it yet.
    """
    ids = places.units.index
    ends = records["period_end"].to_numpy()
    for old, new in places.successor.items():
        position_old, position_new = ids.get_loc(old), ids.get_loc(new)
        sisters = [ids.get_loc(u) for u, to in places.successor.items() if to == new and u != old]
        same_name = places.units.at[old, "name"] == places.units.at[new, "name"]
        if (
            not same_name
            or places.units["first"].iloc[position_new] > places.units["last"].iloc[position_old]
        ):
            continue
        apart = ends[np.isin(units, sisters)]
        if len(apart):
            yet = (units == position_new) & (ends <= apart.max())
            units = np.where(yet, position_old, units)
    return units


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
    paths: tuple[Path, ...] = ()
    stamps: tuple[tuple[int, int], ...] = ()
    logs: tuple[CellLog, ...] = ()
    reports: Reports | None = None
    record: np.ndarray | None = None

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every filled cell, and what became of it."""
        return all_cells(self.logs, self.reports, self.record, self.language)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Communes with a report that waits for correction."""
        waits = [note.details["commune"] for note in self.skipped if note.kind == "row_waits"]
        return tuple(dict.fromkeys(filter(None, waits)))

    def __repr__(self) -> str:
        return summary(self.records, self.problems, self.account, self.language)

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.problems, self.skipped, self.headers, self.language)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the problems to an XLSX: see :func:`.save_check`.

        Of one workbook this is a copy in which each cell with a problem is marked and commented,
        so that the commune can correct it; of other files a list of the problems.
        """
        return save_check(self, path, overwrite=overwrite)


def check_file(
    path: str | Path | Sequence[str | Path],
    *,
    table: str = "records",
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    language: str = "en",
    progress: Callable[[int, int, str], None] | None = None,
) -> FileCheck:
    """Read office files as they are, and account for each of their cells.

    Parameters
    ----------
    path
        A file (XLSX, XLS, ODS, CSV, TSV or Parquet), a folder of such files, or a list of paths.
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
    check_choice("language", language, LANGUAGES)
    check_choice("table", table, ("records", *MOVEMENT))
    check_choice("numbers", numbers, (None, *NUMBERS))
    check_choice("dash", dash, (None, *DASHES))
    paths = list_files(path, language)
    places = register(communes, language)
    schema = ReportTables(places) if table == "records" else FieldTables(table, places)
    choices = Choices(numbers, dash, encoding, language)
    stamps = tuple(map(size_and_time, paths))
    results, refused = [], []
    for done, file in enumerate(paths):
        if progress:
            progress(done, len(paths), file.name)
        try:
            results.append(read_file(file, schema, choices))
        except DataProblem as problem:
            refused += problem.problems
    if not results:
        raise DataProblem(refused, language)
    found = _join(results, refused, schema, language)
    return replace(found, paths=tuple(paths), stamps=stamps)


def _join(
    results: list[FileReports],
    refused: list[Problem],
    schema: ReportTables,
    language: str,
) -> FileCheck:
    parts = [reports for result in results for reports in result.reports]
    reports = join(parts) if parts else None
    of_fields = isinstance(schema, FieldTables)
    make = schema.builder if of_fields else partial(RecordBuilder, places=schema.places)
    builder = make(reports) if reports else None
    records = builder.make() if builder else schema.blank() if of_fields else _no_records()
    for result in results:
        check_years_to_date(records, result.to_date, schema.places)
    problems, notes = list(refused), []
    for result in results:
        problems += result.problems
        notes += result.notes
        for log in result.logs:
            problems += sorted(log.problems, key=lambda problem: problem.row or 0)
            notes += sorted(log.notes, key=lambda note: note.row or 0)
    if not problems and not of_fields:  # each cell was checked
        remember(records, records, builder.units if builder else None)
    logs = tuple(log for result in results for log in result.logs)
    return FileCheck(
        records,
        tuple(problems),
        tuple(notes),
        pd.DataFrame([log.counts() for log in logs]),
        pd.DataFrame([column for result in results for column in result.headers]),
        language,
        logs=logs,
        reports=reports,
        record=builder.record if builder else None,
    )


def _no_records() -> pd.DataFrame:
    """Return an empty table of records."""
    types = {
        "commune": "str",
        **dict.fromkeys(("period_start", "period_end"), "datetime64[us]"),
        "year": "int32",
        **dict.fromkeys(COUNTS, "Int64"),
        **dict.fromkeys(("source", "file", "commune_id"), "str"),
        "boundaries": "int64",
        "place": "category",
    }
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


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
}


class DataNote(UserWarning):
    """Warning that something was set aside when a file was loaded; nothing is wrong."""


def load_records(
    path: str | Path | Sequence[str | Path] | pd.DataFrame | None = None,
    *,
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    language: str = "en",
) -> pd.DataFrame:
    """Load records from office files; the illustrative sample by default.

    Parameters
    ----------
    path
        A file (XLSX, XLS, ODS, CSV, TSV or Parquet), a folder of such files, or a list of paths;
        or a table that was read elsewhere, with the columns of such a file.
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    numbers, dash, encoding
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
        check = check_file(
            SAMPLE if path is None else path,
            communes=communes,
            numbers=numbers,
            dash=dash,
            encoding=encoding,
            language=language,
        )
    if check.problems:
        raise DataProblem(check.problems, language)
    _warn(check if path is not None else None, language)  # of our own sample nothing is new
    return check.records


def _warn(check: FileCheck | None, language: str) -> None:
    """Warn once of each thing that was set aside and matters."""
    notes = (note for note in check.skipped if note.kind not in _QUIET) if check else ()
    for text in dict.fromkeys(note.text(language) for note in notes):
        warnings.warn(text, DataNote, stacklevel=3)


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
        A file (XLSX, XLS, ODS, CSV, TSV or Parquet), a folder, or a list; the shipped one by
        default.
    language
        Of the messages: ``"en"`` or ``"vi"``.
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    numbers, dash, encoding
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
    check = check_file(
        path,
        table=table,
        communes=communes,
        numbers=numbers,
        dash=dash,
        encoding=encoding,
        language=language,
    )
    if check.problems:
        raise DataProblem(check.problems, language)
    _warn(check, language)
    return check.records
