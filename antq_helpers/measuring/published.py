"""Published figures: load them, or write a blank table to fill in."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from antq_helpers.dictionary import (
    LANGUAGES,
    check_choice,
    field_title,
    package,
    table_fields,
    word,
)
from antq_helpers.measuring.periods import period_days
from antq_helpers.office import (
    check_target,
    fit_page,
    new_workbook,
    row_height,
    set_widths,
    write_cell,
    write_line,
    write_workbook,
)
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.formats import read_book
from antq_helpers.tables import check_table, clean, field_headers, package_table

TABLE = "published_figures"
_OPTIONAL = ("part_of", "filter", "note", "percent", "title_vi")
_FILTER = re.compile(r"\s*(\w+)\s*=\s*([^=;]+?)\s*")


def load_published(path: str | Path | None = None, *, language: str = "en") -> pd.DataFrame:
    """Load published figures; by default those of Báo Yên Bái, 24 May 2023.

    Parameters
    ----------
    path
        Another report's figures: an XLSX, XLS, ODS, CSV or TSV file of the form of
        ``data/published_figures.csv``, as :func:`write_published_template` gives it. Only the
        first sheet is read. Columns that may be blank may be absent.
    language
        Of the messages: ``"en"`` or ``"vi"``.

    Returns
    -------
    DataFrame
        One row per figure: ``id``, ``title``, ``value`` (missing where the report prints none),
        ``qualifier`` (``exact``, ``over``, ``nearly``), ``part_of``, ``paragraph``, ``table``,
        ``column``, ``filter``, ``period``, ``percent`` (text, as printed), ``note``,
        ``title_vi``.

    Raises
    ------
    DataProblem
        With every cell that is no figure: an unknown table, column, filter or qualifier, a period
        that cannot be read, a whole that is not there or is a part of its own part.

    Examples
    --------
    >>> published = load_published().set_index("id")
    >>> len(published), published.at["resolved_cases", "qualifier"]
    (34, 'over')
    """
    check_choice("language", language, LANGUAGES)
    if path is None:
        return package_table(TABLE, language=language)
    texts, headers = _read_texts(path, language)
    file, published, problems = Path(path).name, None, []
    try:
        published = check_table(TABLE, texts, file, language)
    except DataProblem as broken:
        problems += broken.problems
    if sorted(field["name"] for field in table_fields(TABLE)) == sorted(texts.columns):
        # Where typing failed, check the texts: all problems are reported at once.
        problems += _find_problems(
            texts.replace("", None) if published is None else published, file
        )
    if problems:
        named = [replace(p, column=headers.get(p.column, p.column)) for p in problems]
        raise DataProblem(sorted(named, key=lambda problem: problem.row or 0), language)
    return published.reset_index(drop=True)


def read_filter(text: object) -> dict[str, str] | None:
    """Parse a filter into conditions by column; None if it cannot be read.

    Examples
    --------
    >>> read_filter("authority=ministry; recipient=collective")
    {'authority': 'ministry', 'recipient': 'collective'}
    """
    if pd.isna(text) or not str(text).strip():
        return {}
    parts = [_FILTER.fullmatch(part) for part in str(text).split(";") if part.strip()]
    found = {part[1]: part[2] for part in parts if part}
    return found if len(found) == len(parts) else None


def _read_texts(path: str | Path, language: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read the first sheet as text, with columns renamed; return it with the headers as written.

    Rows keep their numbers; other columns are left out.
    """
    rows = read_book(path, language=language).sheets[0].rows
    texts = [[_figure_text(cell) for cell in row] for row in rows]
    filled = [number for number, row in enumerate(texts) if any(row)]
    if not filled:
        raise DataProblem([Problem("empty_file", Path(path).name)], language)
    fields = table_fields(TABLE)
    known = {header.casefold(): f["name"] for f in fields for header in field_headers(f)}
    columns = [known.get(cell.casefold(), cell) for cell in texts[filled[0]]]
    table = pd.DataFrame([texts[n] for n in filled[1:]], columns=columns, dtype=object)
    table.index = [number - 1 for number in filled[1:]]  # check_table adds two to count from 1
    table = table.loc[:, [name in known.values() for name in columns]]
    headers = dict(zip(columns, texts[filled[0]], strict=True))
    return table.assign(**{name: "" for name in _OPTIONAL if name not in columns}), headers


def _figure_text(cell: object) -> str:
    if isinstance(cell, date):  # a spreadsheet takes 2023-05 for the first of May
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    return str(cell).lower() if isinstance(cell, bool) else clean(str(cell))


def _find_problems(published: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Check each figure against the data package and the other figures."""
    described = {entry["name"]: entry["schema"]["fields"] for entry in package()["resources"]}
    wholes = {
        row["id"]: row["part_of"] if pd.notna(row["part_of"]) else None
        for _, row in published.iterrows()
    }
    for index, row in published.iterrows():

        def problem(kind: str, column: str, limit: object = "", row=row, index=index) -> Problem:
            value = "" if pd.isna(row[column]) else str(row[column])
            return Problem(kind, file, "", int(index) + 2, column, value, {"limit": limit})

        fields = {field["name"]: field for field in described.get(row["table"], ())}
        counts = [name for name, f in fields.items() if f["type"] == "integer" and name != "year"]
        if fields and row["column"] not in counts:
            yield problem("enum", "column", ", ".join(counts))
        if pd.notna(row["value"]) and pd.isna(row["qualifier"]):
            yield problem("required", "qualifier")
        if not _is_period(row["period"]):
            yield problem("broken_span", "period")
        yield from _broken_filter(row["filter"], fields, problem)
        yield from _broken_whole(row, wholes, problem)


def _is_period(text: object) -> bool:
    try:
        period_days(str(text))
    except ValueError:
        return False
    return True


def _broken_filter(
    text: object, fields: dict[str, dict], problem: Callable[..., Problem]
) -> Iterator[Problem]:
    conditions = read_filter(text)
    if conditions is None:
        yield problem("broken_filter", "filter")
        return
    for name, value in conditions.items():
        if fields and name not in fields:
            yield problem("filter_column", "filter", ", ".join(fields))
            continue
        field = fields.get(name, {})
        legal = field.get("constraints", {}).get("enum", [])
        legal = ["true", "false"] if field.get("type") == "boolean" else legal
        if legal and value not in legal:
            yield problem("filter_value", "filter", ", ".join(legal))


def _broken_whole(
    row: pd.Series, wholes: dict[str, str | None], problem: Callable[..., Problem]
) -> Iterator[Problem]:
    if pd.isna(row["part_of"]):
        if pd.notna(row["percent"]):
            yield problem("required", "part_of")
    elif row["part_of"] not in wholes:
        yield problem("no_whole", "part_of")
    elif _is_in_circle(row["id"], wholes):
        yield problem("circle", "part_of")


def _is_in_circle(figure: str, wholes: dict[str, str | None]) -> bool:
    """Check whether a figure is, directly or indirectly, a part of itself."""
    seen, whole = set(), wholes[figure]
    while whole in wholes and whole not in seen:
        if whole == figure:
            return True
        seen.add(whole)
        whole = wholes[whole]
    return False


_WIDTHS = {"title": 34, "filter": 36, "note": 40}
_ABOUT = (24, 92)  # widths of the sheet that says what each column means
_PREPARED = 200  # rows whose cells are kept as text


def write_published_template(
    path: str | Path, *, language: str = "vi", overwrite: bool = False
) -> Path:
    """Write a blank table of published figures, which :func:`load_published` reads.

    Parameters
    ----------
    path
        Where to, ending in .xlsx (with a sheet that says what each column means) or .csv.
    language
        Of the headers: ``"vi"`` or ``"en"``.
    overwrite
        Whether another file may be replaced.

    Raises
    ------
    ValueError, FileExistsError, FileNotFoundError
        Where the path cannot be used.
    """
    check_choice("language", language, LANGUAGES)
    path = Path(path)
    if path.suffix.lower() != ".csv":
        return _write_workbook(check_target(path, overwrite=overwrite, language=language), language)
    if path.exists() and not overwrite:
        raise FileExistsError(word("file_exists", language, file=path.name))
    # All rules for a workbook apply but the ending.
    check_target(path.with_suffix(".xlsx"), overwrite=True, language=language)
    return _write_csv(path, language)


def _headers(language: str) -> dict[str, str]:
    """Map each column to its header in a language."""
    names = [field["name"] for field in table_fields(TABLE)]
    return {name: field_title(TABLE, name, language) for name in names}


def _write_csv(path: Path, language: str) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(_headers(language).values())
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _write_workbook(path: Path, language: str) -> Path:
    workbook, headers = new_workbook(), _headers(language)
    sheet = workbook.create_sheet(word("published_sheet", language))
    set_widths(sheet, [_WIDTHS.get(name, 18) for name in headers])
    for column, header in enumerate(headers.values(), 1):
        write_cell(sheet, 1, column, header, bold=True)
        for row in range(2, _PREPARED + 2):
            sheet.cell(row, column).number_format = "@"  # or 2023-05 would become a day
    fit_page(sheet, 1)
    about = workbook.create_sheet(word("template_definitions", language))
    set_widths(about, _ABOUT)
    title = word("template_definitions", language)
    write_line(about, 1, title, _ABOUT, bold=True, size=14)
    for row, (name, header) in enumerate(headers.items(), 2):
        texts = (header, word(f"published_about_{name}", language))
        write_cell(about, row, 1, texts[0], bold=True)
        write_cell(about, row, 2, texts[1])
        about.row_dimensions[row].height = row_height(zip(texts, _ABOUT, strict=True))
    fit_page(about)
    return write_workbook(workbook, path)
