"""Office files of drives, models, partner activities and commendations in; checked tables out.

What the files are and what their words mean stands in ``data/datapackage.json``: ``headers`` of a
field are other headers that are taken, ``words`` what offices write for each value of a list.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from antq_helpers import tables
from antq_helpers.communes import register
from antq_helpers.dictionary import LANGUAGES, check_choice, table_fields, word
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.board import cell_name
from antq_helpers.reading.counts import DASHES, NUMBERS
from antq_helpers.reading.figures import Choices
from antq_helpers.reading.files import list_files
from antq_helpers.reading.loading import DataNote
from antq_helpers.reading.movement_cells import Cells
from antq_helpers.reading.movement_checks import check_rows
from antq_helpers.reading.persons import may_count, names_persons
from antq_helpers.reading.plain_tables import Block, find_blocks, header_words
from antq_helpers.reading.refusing import column_of_persons
from antq_helpers.reading.sheets import Sheet, read_book
from antq_helpers.reading.spreadsheets import tidy
from antq_helpers.reading.synonyms import header_key, is_compared, no_count, split_brackets
from antq_helpers.reading.table import Table
from antq_helpers.reading.tcvn3 import from_tcvn3, looks_like_tcvn3
from antq_helpers.reading.titles import doubt_of
from antq_helpers.reading.units import scaled, unit_of
from antq_helpers.records import place_column
from antq_helpers.registers import Register

MOVEMENT = ("drives", "models", "partner_activities", "commendations")
# Headers of lists of those who were commended; with figures below them they count.
_WHO = {
    header_key(words)
    for words in (
        *("Tên", "Tên cá nhân", "Cá nhân", "Người được khen thưởng", "Người được khen"),
        *("Cá nhân được khen thưởng", "Cá nhân được khen", "Danh sách cá nhân"),
        *("Name", "Person", "Individual", "Person commended", "Individual commended"),
    )
}


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
    """Load one table of the data package, or one of the movement from your own office files.

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
        For columns and sheets that are set aside.

    Examples
    --------
    >>> int(load_table("models")["count"].sum())
    96
    """
    if table not in MOVEMENT:
        return tables.load_table(table, path, language)
    if path is None:
        return _placed(tables.load_table(table, path, language), register())
    check_choice("numbers", numbers, (None, *NUMBERS))
    check_choice("dash", dash, (None, *DASHES))
    fields = table_fields(table)
    choices = Choices(numbers, dash, encoding, language)
    blocks, problems = [], []
    for file in list_files(path, language):
        found = _read_blocks(file, fields, choices)
        if not found:
            problems += [tables.missing_column(f, file.name) for f in _needed(fields)]
        blocks += found
    for block in blocks:
        problems += [*block.problems, *_missing(block, fields), *_no_counts(block, fields)]
    if problems:
        raise DataProblem(problems, language)
    cells = Cells(fields, choices)
    for block in blocks:
        cells.take(block, _is_illustrative(block))
    typed = cells.typed()
    places = register(communes, language)
    checked = check_rows(table, typed, places, cells)
    if cells.problems:
        ordered = sorted(cells.problems, key=lambda p: (p.file, p.sheet, p.row))
        raise DataProblem(ordered, language)
    if checked.empty:
        name = list_files(path, language)[0].name
        raise DataProblem([Problem("empty_file", name)], language)
    for note in dict.fromkeys(note.text(language) for block in blocks for note in block.notes):
        warnings.warn(note, DataNote, stacklevel=2)
    return _placed(checked, places)


def _placed(table: pd.DataFrame, places: Register) -> pd.DataFrame:
    """Say of models whose communes they are in: a merger moves them into another one."""
    if "since" not in table:
        return table
    return table.assign(place=place_column(places.key, len(table)))


def _read_blocks(path: Path, fields: list[dict], choices: Choices) -> list[Block]:
    """Read every table of a file; refuse the file where one identifies persons."""
    book = read_book(path, encoding=choices.encoding, language=choices.language)
    blocks = []
    for stored in book.sheets:
        sheet = tidy(_converted(stored, fields, choices))
        found, name = find_blocks(sheet, fields), sheet.name
        column = column_of_persons(sheet, [_with_rows(block) for block in found]) or _who(found)
        if column:
            del book, stored, sheet, found, blocks  # no cell of it is held where it is refused
            refused = Problem("persons", path.name, name, column=column)
            raise DataProblem([refused], choices.language)
        if sheet.hidden and found:
            note = Problem("hidden_sheet", path.name, sheet.name)
            warnings.warn(note.text(choices.language), DataNote, stacklevel=3)
            continue
        blocks += found
    return blocks


def _converted(sheet: Sheet, fields: list[dict], choices: Choices) -> Sheet:
    """Read text as TCVN3 where the user says so; ask where it looks like that."""
    texts = {cell for row in sheet.rows for cell in row if isinstance(cell, str)}
    if choices.encoding == "tcvn3":
        rows = [[from_tcvn3(c) if isinstance(c, str) else c for c in row] for row in sheet.rows]
        return Sheet(sheet.file, from_tcvn3(sheet.name), rows, sheet.merged, sheet.hidden)
    known = header_words(fields)
    for text in sorted(texts) if looks_like_tcvn3(texts) else ():
        new = from_tcvn3(text)
        if new != text and known.find(new):  # a header: nothing else is quoted
            old = {"sample": text, "converted": new}
            raise DataProblem([Problem("tcvn3", sheet.file, details=old)], choices.language)
    return sheet


def _with_rows(block: Block) -> Table:
    """Let the header reach down over its rows: a model called "Zalo" is no header of persons.

    Nor is "Đối tượng" where it stands over collectives and individuals, by their kind.
    """
    end = max([block.table.band.start, *block.data]) + 1
    kinds = {c for c in block.columns.values() if may_count(block.table.header(c))}
    paths = {c: path for c, path in block.table.paths.items() if c not in kinds}
    return replace(block.table, band=range(block.table.band.start, end), paths=paths)


def _who(blocks: list[Block]) -> str:
    """Give the header of a column that lists persons by name; nothing where none does."""
    for block in blocks:
        for column in block.table.paths:
            header = block.table.header(column)
            texts = [block.table.sheet.rows[row][column] for row in block.data]
            listed = header_key(header) in _WHO and column not in block.columns.values()
            worded = any(isinstance(t, str) and t and not t.isdigit() for t in texts)
            kinds = column in block.columns.values() and may_count(header)
            if (names_persons(header) and not kinds) or (listed and worded):
                return header
    return ""


def _needed(fields: list[dict]) -> list[dict]:
    """Give the fields that a file must have; a source is never asked of it."""
    return [f for f in fields if f.get("constraints", {}).get("required") and f["name"] != "source"]


def _missing(block: Block, fields: list[dict]) -> list[Problem]:
    """Say which columns a table lacks; the year may stand in its title instead."""
    absent = [f for f in _needed(fields) if f["name"] not in block.columns]
    if block.titles_year:
        absent = [f for f in absent if f["name"] != "year"]
    sheet = block.table.sheet
    found = (tables.missing_column(field, sheet.file) for field in absent)
    return [Problem(p.kind, p.file, sheet.name, None, p.column, "", p.details) for p in found]


def _no_counts(block: Block, fields: list[dict]) -> list[Problem]:
    """Say which columns count in thousands, a share or an average, and where nothing happened."""
    table, sheet = block.table, block.table.sheet
    around, words = doubt_of(table)
    found = (
        [Problem("no_counts", sheet.file, sheet.name, details={"words": words})] if words else []
    )
    counted = {f["name"] for f in fields if f["type"] == "integer"} - {"year"}
    for name in sorted(counted & block.columns.keys(), key=block.columns.get):
        column, header = block.columns[name], table.header(block.columns[name])
        unit = next(
            filter(None, (*map(scaled, table.paths[column]), block.unit(column), around)), ""
        )
        kind, said = ("other_unit", unit) if unit else ("no_counts", _share(header))
        if said:
            row, cell = table.band.stop, cell_name(table.band.stop - 1, column)
            details = {"words": said}
            found.append(Problem(kind, sheet.file, sheet.name, row, header, "", details, cell))
    return found


def _share(header: str) -> str:
    """Give the words in brackets by which a header counts a share, an average or a plan."""
    inside = split_brackets(header)[1]
    return next((t for t in inside if unit_of(t) == "share" or is_compared(t) or no_count(t)), "")


def _is_illustrative(block: Block) -> bool:
    """Say whether a title bears the mark of illustrative figures."""
    marks = [word("illustrative", language).casefold() for language in LANGUAGES]
    titles = [text.casefold() for row in block.table.titles for text in row]
    return any(mark in text for mark in marks for text in titles)
