"""A file of printed figures in; the checked table, or every problem named, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, package, table_fields
from antq_helpers.measuring.periods import period_days
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.sheets import read_book
from antq_helpers.tables import check_table, clean, field_headers, load_table

TABLE = "published_figures"
_OPTIONAL = ("part_of", "filter", "note", "percent", "title_vi")
_FILTER = re.compile(r"\s*(\w+)\s*=\s*([^=;]+?)\s*")


def load_published(path: str | Path | None = None, *, language: str = "en") -> pd.DataFrame:
    """Load printed figures; those of Báo Yên Bái, 24 May 2023, by default.

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
        return load_table(TABLE, language=language)
    texts, headers = _read_texts(path, language)
    file, published, problems = Path(path).name, None, []
    try:
        published = check_table(TABLE, texts, file, language)
    except DataProblem as broken:
        problems += broken.problems
    if sorted(field["name"] for field in table_fields(TABLE)) == sorted(texts.columns):
        # Of cells that are no figure, too, what else is wrong: all of it is told at once.
        problems += _find_problems(
            texts.replace("", None) if published is None else published, file
        )
    if problems:
        named = [replace(p, column=headers.get(p.column, p.column)) for p in problems]
        raise DataProblem(sorted(named, key=lambda problem: problem.row or 0), language)
    return published.reset_index(drop=True)


def read_filter(text: object) -> dict[str, str] | None:
    """Give the conditions of a filter by column; None where it cannot be read.

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
    """Read the first sheet as text under the columns' own names, and the headers as written.

    Rows keep their numbers; other columns are left out.
    """
    rows = read_book(path, language=language).sheets[0].rows
    texts = [[_as_text(cell) for cell in row] for row in rows]
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


def _as_text(cell: object) -> str:
    if isinstance(cell, date):  # a spreadsheet takes 2023-05 for the first of May
        return f"{cell:%Y-%m}" if cell.day == 1 else f"{cell:%Y-%m-%d}"
    return str(cell).lower() if isinstance(cell, bool) else clean(str(cell))


def _find_problems(published: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Hold each figure against the tables of the data package and against the other figures."""
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
    """Say whether a figure is, over some steps, a part of itself."""
    seen, whole = set(), wholes[figure]
    while whole in wholes and whole not in seen:
        if whole == figure:
            return True
        seen.add(whole)
        whole = wholes[whole]
    return False
