"""Files in; checked records, or everything that is wrong with them, out."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from antq_helpers.dictionary import DATA
from antq_helpers.problems import DataProblem
from antq_helpers.reading.checking import check_file
from antq_helpers.records import remember

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
    """A word on something that was set aside when a file was loaded; nothing is wrong."""


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
    for note in check.skipped:
        if note.kind not in _QUIET:
            warnings.warn(note.text(language), DataNote, stacklevel=2)
    remember(check.records, check.records)  # its cells were checked one by one
    return check.records
