"""A file's table in; checked records, or everything that is wrong with them, out."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.communes import OURS, register
from antq_helpers.dictionary import DATA, LANGUAGES, check_choice, table_fields
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.files import PlainTable, read_table
from antq_helpers.reading.repeats import find_repeats
from antq_helpers.registers import Register
from antq_helpers.tables import clean, field_headers, missing_column, type_columns

COUNTS = ("sessions", "attendances", "tips", "valuable_tips", "resolved_cases")
SAMPLE = DATA / "sample" / "records.csv"
_OPTIONAL = ("year", "source")
_ADDED_ON_LOADING = ("commune_id", "boundaries", "file")
_UNIT_KINDS = {-1: "unknown_commune", -2: "not_yet_a_commune", -3: "outside_land"}


class DataNote(UserWarning):
    """A word on something that was set aside when a file was loaded; nothing is wrong."""


def load_records(
    path: str | Path | None = None,
    *,
    communes: str | Path | pd.DataFrame | None = None,
    language: str = "en",
) -> pd.DataFrame:
    """Load records from CSV, XLSX or Parquet; the illustrative sample by default.

    Parameters
    ----------
    path
        A file in the documented layout (``data/README.md``): headers in the first row, in English
        or Vietnamese, one sheet, one row per commune and period.
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    language
        Of the messages: ``"en"`` or ``"vi"``.

    Returns
    -------
    DataFrame
        One row per report: ``commune``, ``period_start``, ``period_end`` (days, both included),
        ``year`` (reporting year), ``sessions``, ``attendances``, ``tips``, ``valuable_tips``,
        ``resolved_cases`` (whole numbers or missing; missing is not zero), ``source``, ``file``,
        ``commune_id``, ``boundaries``.

    Raises
    ------
    DataProblem
        With every problem of the file, each with its row, column, value and what to do.

    Warns
    -----
    DataNote
        For each row or column that is set aside, such as a half-year that equals its months.

    Examples
    --------
    >>> records = load_records()
    >>> int(records["tips"].sum()), records["source"].unique().tolist()
    (4556, ['illustrative'])
    """
    check_choice("language", language, LANGUAGES)
    if path is not None and not isinstance(path, (str, Path)):
        raise ValueError(f"path={path!r} must be the path of one file.")
    places = register(communes, language)
    table = read_table(SAMPLE if path is None else path, table_fields("records"), language)
    records, problems, notes = _check(table, places)
    if problems:
        raise DataProblem(sorted(problems, key=lambda problem: problem.row or 0), language)
    for note in notes:
        warnings.warn(note.text(language), DataNote, stacklevel=2)
    return records


@dataclass(frozen=True)
class _Where:
    """Makes problems of one table: knows its file, sheet and the headers that it uses."""

    table: PlainTable
    columns: dict[str, str]

    def problem(
        self, kind: str, index: int, column: str = "", value: object = "", **details: object
    ) -> Problem:
        shown = f"{value:%d/%m/%Y}" if isinstance(value, pd.Timestamp) else str(value)
        header = self.columns.get(column, column)
        file, sheet = self.table.file, self.table.sheet
        return Problem(kind, file, sheet, int(index) + 2, header, shown, details)


def _check(
    table: PlainTable, places: Register
) -> tuple[pd.DataFrame | None, list[Problem], list[Problem]]:
    """Hold a table against everything that records promise, in one pass."""
    fields = table_fields("records")
    positions, problems, notes = _match_headers(table, fields)
    columns = {name: table.cells.columns[position] for name, position in positions.items()}
    missing = [f for f in fields if f["name"] not in (*columns, *_OPTIONAL)]
    problems += [missing_column(field, table.file, table.sheet) for field in missing]
    found = table.cells.iloc[:, list(positions.values())].set_axis(list(positions), axis=1)
    typed, broken = type_columns(found, fields, table.file, table.sheet, columns)
    problems += broken
    if missing:
        return None, problems, notes
    where = _Where(table, columns)
    problems += _check_periods(typed, where)
    problems += _check_counts(typed, where)
    records = typed[typed["commune"].notna()]
    units = places.resolve(records["commune"], records["period_start"], records["period_end"])
    dated = (records["period_start"] <= records["period_end"]).to_numpy(bool)
    # Without its days a name can still be unknown, but not too early or too late.
    problems += _check_units(records, np.where(dated | (units == -1), units, 0), places, where)
    sure = dated & (units >= 0)
    records, units = records[sure], units[sure]
    records = _complete(records, _settle_unverified(records, units, places), places, table.file)
    aside, repeated, said = find_repeats(records, COUNTS, where.problem)
    records = (records.drop(index=aside) if aside else records).reset_index(drop=True)
    if places.key != OURS:
        records.attrs["communes"] = places.key
    return records, problems + repeated, notes + said


def _match_headers(
    table: PlainTable, fields: list[dict]
) -> tuple[dict[str, int], list[Problem], list[Problem]]:
    """Find the place of each field by any of its headers; say which columns are not used."""
    by_header = {_plain(title): f["name"] for f in fields for title in field_headers(f)}
    positions, problems, notes = {}, [], []
    for position, header in enumerate(table.cells.columns):
        name = by_header.get(_plain(header))
        about = {"file": table.file, "sheet": table.sheet, "column": header}
        if name in positions:
            problems.append(Problem("column_twice", **about, details={"name": name}))
        elif name:
            positions[name] = position
        elif header not in _ADDED_ON_LOADING:
            notes.append(Problem("column_unused", **about))
    return positions, problems, notes


def _plain(header: str) -> str:
    return clean(str(header)).casefold()


def _check_periods(records: pd.DataFrame, where: _Where) -> list[Problem]:
    """Find periods that end before they start, end in the future, or belie their year."""
    start, end = records["period_start"], records["period_end"]
    problems = [
        where.problem("ends_before_start", i, "period_end", end[i], start=f"{start[i]:%d/%m/%Y}")
        for i in records.index[end < start]
    ]
    today = pd.Timestamp.today().normalize()
    problems += [
        where.problem("in_the_future", i, "period_end", end[i], today=f"{today:%d/%m/%Y}")
        for i in records.index[end > today]
    ]
    if "year" in records:
        differs = (records["year"] != end.dt.year.astype("Int64")).fillna(False)
        problems += [
            where.problem("wrong_year", i, "year", records.at[i, "year"], year=end[i].year)
            for i in records.index[differs]
        ]
    return problems


def _check_counts(records: pd.DataFrame, where: _Where) -> list[Problem]:
    """Find reports with more valuable tips than tips."""
    above = (records["valuable_tips"] > records["tips"]).fillna(False)
    return [
        where.problem(
            "valuable_above_tips", i, "valuable_tips", records.at[i, "valuable_tips"],
            tips=records.at[i, "tips"],
        )
        for i in records.index[above]
    ]  # fmt: skip


def _check_units(
    records: pd.DataFrame, units: np.ndarray, places: Register, where: _Where
) -> list[Problem]:
    """Find names of no commune, or of none at that time; suggest, never decide."""
    problems, suggested = [], {}
    for position in np.flatnonzero(units < 0):
        name, kind = records["commune"].iloc[position], _UNIT_KINDS[units[position]]
        if kind == "unknown_commune":
            if name not in suggested:
                suggested[name] = ", ".join(places.nearest(name))
            kind = kind if suggested[name] else "no_such_commune"
            details = {"near": suggested[name]}
        else:
            details = {"start": f"{records['period_start'].iloc[position]:%d/%m/%Y}"}
        problems.append(where.problem(kind, records.index[position], "commune", name, **details))
    return problems


def _settle_unverified(records: pd.DataFrame, units: np.ndarray, places: Register) -> np.ndarray:
    """Take the earlier unit where its day of merging is not verified and a sister still reports.

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


def _complete(
    records: pd.DataFrame, units: np.ndarray, places: Register, file: str
) -> pd.DataFrame:
    """Add what the file does not say itself, and put the columns in order."""
    source = records["source"].fillna("reported") if "source" in records else "reported"
    return pd.DataFrame(
        {
            "commune": places.units["name"].array.take(units),
            "period_start": records["period_start"],
            "period_end": records["period_end"],
            "year": records["period_end"].dt.year,
            **{count: records[count].astype("Int64") for count in COUNTS},
            "source": source,
            "file": file,
            "commune_id": places.units.index.array.take(units),
            "boundaries": places.boundaries_of(units, records["period_end"]),
        },
        index=records.index,
    )
