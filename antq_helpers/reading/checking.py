"""Files in; what was understood, set aside and must be corrected, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from antq_helpers.communes import register
from antq_helpers.dictionary import LANGUAGES, check_choice
from antq_helpers.office import stamp_of
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.counts import DASHES, NUMBERS
from antq_helpers.reading.files import list_files
from antq_helpers.reading.gathering import Choices
from antq_helpers.reading.headers import COUNTS
from antq_helpers.reading.intake import Intake, take_in
from antq_helpers.reading.records import make_records
from antq_helpers.reading.reports import join
from antq_helpers.reading.showing import as_html, summary
from antq_helpers.reading.sums import check_years_to_date
from antq_helpers.registers import Register


@dataclass(frozen=True, repr=False)
class FileCheck:
    """What became of every cell of one or more files.

    Attributes
    ----------
    records : DataFrame
        The clean rows, as :func:`load_records` gives them; rows with a problem wait.
    problems : tuple of Problem
        What must be corrected: file, sheet, row, column, value, reason, what to do.
    skipped : tuple of Problem
        What was set aside, with the reason; of what stands outside the tables no content is kept.
    account : DataFrame
        One row for each sheet: ``cells`` that hold something are ``kept``, ``set_aside`` or
        ``problems``, and add up.
    headers : DataFrame
        How each column was understood.
    """

    records: pd.DataFrame
    problems: tuple[Problem, ...]
    skipped: tuple[Problem, ...]
    account: pd.DataFrame
    headers: pd.DataFrame
    language: str = "en"
    paths: tuple[Path, ...] = ()
    stamps: tuple[tuple[int, int], ...] = ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Name the communes of which a report waits until it is corrected."""
        waits = [note.details["commune"] for note in self.skipped if note.kind == "row_waits"]
        return tuple(dict.fromkeys(waits))

    def __repr__(self) -> str:
        return summary(self.records, self.problems, self.account, self.language)

    def _repr_html_(self) -> str:
        return as_html(repr(self), self.problems, self.skipped, self.headers, self.language)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write what must be corrected to an XLSX: see :func:`.save_check`.

        Of one workbook this is a copy in which each cell with a problem is marked and commented,
        so that the commune can correct it; of other files a list of the problems.
        """
        from antq_helpers.reading.saving import save_check  # openpyxl is slow to import

        return save_check(self, path, overwrite=overwrite)


def check_file(
    path: str | Path | Sequence[str | Path],
    *,
    communes: str | Path | pd.DataFrame | None = None,
    numbers: str | None = None,
    dash: str | None = None,
    encoding: str | None = None,
    language: str = "en",
    progress: Callable[[int, int, str], None] | None = None,
) -> FileCheck:
    """Read office files as they come, and account for each of their cells.

    Parameters
    ----------
    path
        A file (XLSX, XLS, ODS, CSV, TSV or Parquet), a folder of such files, or a list of paths.
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
        Of what is said: ``"en"`` or ``"vi"``.
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
    check_choice("numbers", numbers, (None, *NUMBERS))
    check_choice("dash", dash, (None, *DASHES))
    paths = list_files(path, language)
    places = register(communes, language)
    choices = Choices(numbers, dash, encoding, language)
    stamps = tuple(map(stamp_of, paths))
    intakes, refused = [], []
    for done, file in enumerate(paths):
        if progress:
            progress(done, len(paths), file.name)
        try:
            intakes.append(take_in(file, places, choices))
        except DataProblem as problem:
            refused += problem.problems
    if not intakes:
        raise DataProblem(refused, language)
    found = _join(intakes, refused, places, language)
    return replace(found, paths=tuple(paths), stamps=stamps)


def _join(
    intakes: list[Intake],
    refused: list[Problem],
    places: Register,
    language: str,
) -> FileCheck:
    parts = [reports for intake in intakes for reports in intake.reports]
    records = make_records(join(parts), places) if parts else _no_records()
    for intake in intakes:
        check_years_to_date(records, intake.to_date, places)
    problems, notes = list(refused), []
    accounts = []
    for intake in intakes:
        problems += intake.problems
        notes += intake.notes
        for board in intake.boards:
            problems += sorted(board.problems, key=lambda problem: problem.row or 0)
            notes += sorted(board.notes, key=lambda note: note.row or 0)
            accounts.append(board.counts())
    return FileCheck(
        records,
        tuple(problems),
        tuple(notes),
        pd.DataFrame(accounts),
        pd.DataFrame([column for intake in intakes for column in intake.headers]),
        language,
    )


def _no_records() -> pd.DataFrame:
    """Give the columns of records without a row."""
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
