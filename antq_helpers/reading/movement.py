"""Load tables of the movement: drives, models, partner activities, commendations.

What the files are and what their words mean stands in ``data/datapackage.json``: ``headers`` of a
field are other headers that are taken, ``words`` what offices write for each value of a list.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers import tables
from antq_helpers.dictionary import LANGUAGES, check_choice, table_fields, word
from antq_helpers.places import Register, register
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.counts import DASHES, NUMBERS, read_count, scaled, unit_of
from antq_helpers.reading.files import convert_sheets, list_files
from antq_helpers.reading.formats import read_book
from antq_helpers.reading.headers import (
    has_words,
    header_key,
    is_compared,
    no_count,
    split_brackets,
)
from antq_helpers.reading.load import UNIT_KINDS, DataNote
from antq_helpers.reading.period_text import find_year, read_span
from antq_helpers.reading.persons import column_of_persons, may_count, names_persons
from antq_helpers.reading.reports import Choices, cell_name
from antq_helpers.reading.sheets import Table, tidy
from antq_helpers.reading.tables import COUNT, Block, find_blocks, header_words, list_words
from antq_helpers.reading.titles import doubt_of
from antq_helpers.records import place_column
from antq_helpers.tables import read_date, type_columns

_YEAR = re.compile(r"\d{4}")
_UNSHOWN = ("recipient",)  # who was commended must not be quoted, even where it is wrong


class Cells:
    """Collects the cells of all tables, with the place of each.

    Attributes
    ----------
    problems : list of Problem
        Everything that is wrong, in the order in which it was found.
    """

    def __init__(self, fields: list[dict], choices: Choices) -> None:
        self.fields, self.choices = fields, choices
        self.problems: list[Problem] = []
        self._rows: list[dict[str, object]] = []
        self._places: list[tuple[Block, int]] = []
        self._wrong: set[tuple[int, str]] = set()
        self._words = {f["name"]: list_words(f) for f in fields if "words" in f}

    def take(self, block: Block, illustrative: bool) -> None:
        """Read the rows of a table, and check its totals against them."""
        source = "illustrative" if illustrative else "reported"
        stated = {"year": block.titles_year, "source": source, "hotspot": "false"}
        first, group = len(self._rows), self._group(block)
        for row in block.data:
            self._places.append((block, row))
            position = len(self._rows)
            values = {f["name"]: self._read(block, row, position, f) for f in self.fields}
            if group and values[group] == "" and row - 1 in block.data and position > first:
                values[group] = self._rows[-1][group]
            self._rows.append(
                {n: stated.get(n) if v in ("", None) else v for n, v in values.items()}
            )
        self._check_totals(block, first)

    def _group(self, block: Block) -> str:
        """Return the first column of labels, if only a group's first row needs to fill it; else "".

        Only one that no row may leave blank, since elsewhere a blank says something; and not in
        the form that programs write, under the name of the code.
        """
        names = [f["name"] for f in self.fields if f["name"] in block.columns]
        labels = {f["name"] for f in self.fields if f["type"] == "string"}
        needed = {f["name"] for f in self.fields if f.get("constraints", {}).get("required")}
        first = min((n for n in names if n in labels), key=block.columns.get, default="")
        own_form = first and block.table.header(block.columns[first]) == first
        return first if first in needed and not own_form else ""

    def _read(self, block: Block, row: int, position: int, field: dict) -> object:
        name, kind = field["name"], field["type"]
        cell = block.cell(row, name) if name in block.columns else ""
        if cell == "":
            return ""
        if name in self._words:
            return self._words[name].find(_as_typed(cell)) or cell
        if name == "year":
            text = cell if isinstance(cell, str) else ""
            return find_year(text) or cell if text and not _YEAR.fullmatch(text) else cell
        if kind == "integer":
            return self._count(block, row, position, name, cell)
        return _first_or_last_day(cell, name) if kind == "date" else cell

    def _count(self, block: Block, row: int, position: int, name: str, cell: object) -> object:
        count = read_count(cell, self.choices.numbers, self.choices.dash)
        column = block.columns[name]
        merged = any(
            top < bottom and left <= column <= right and top <= row <= bottom
            for top, left, bottom, right in block.table.sheet.merged
        )
        kind, details = ("merged_count", {}) if merged else (count.kind, count.details)
        if kind:
            self.add_problem(kind, position, name, str(cell), **details)
        return None if kind else count.value

    def _check_totals(self, block: Block, first: int) -> None:
        """Check each total against all rows above it, or those since the previous total."""
        before = -1
        for row in block.totals if COUNT in block.columns else ():
            stated = read_count(block.cell(row, COUNT), self.choices.numbers).value
            above = [i for i, r in enumerate(block.data, first) if r < row]
            part = [i for i in above if block.data[i - first] > before]
            sums = [sum(self._rows[i][COUNT] or 0 for i in some) for some in (above, part)]
            if stated not in sums and not any((i, COUNT) in self._wrong for i in above):
                rows = ", ".join(str(block.data[i - first] + 1) for i in part)
                details = {"stated": stated, "rows": rows, "sum": sums[1]}
                self.problems.append(_problem("total_differs", block, row, COUNT, "", details))
            before = row

    def add_problem(
        self, kind: str, position: int, field: str, value: str = "", **details: object
    ) -> None:
        """Record a problem with a cell, once."""
        self.problems.append(self.problem(kind, position, field, value, **details))
        self._wrong.add((position, field))

    def problem(
        self, kind: str, position: int, field: str, value: str = "", **details: object
    ) -> Problem:
        """Build a problem about a cell, with its place in the file."""
        if kind == "enum":
            known = next(f for f in self.fields if f["name"] == field).get("words", {})
            at = {"en": 0, "vi": 1}[self.choices.language]
            details = {"limit": "; ".join(words[at] for words in known.values())}
        shown = "" if field in _UNSHOWN else value
        return _problem(kind, *self._places[position], field, shown, details)

    def typed(self) -> pd.DataFrame:
        """Return the rows converted to their types; record each cell that breaks a constraint."""
        names = [field["name"] for field in self.fields]
        texts = pd.DataFrame(self._rows, columns=names, dtype=object)
        texts = texts.where(texts.notna(), "")
        table, found = type_columns(texts, self.fields, self.problem)
        for position, field, problem in found:
            if (position, field) not in self._wrong:
                self.problems.append(problem)
                self._wrong.add((position, field))
        return table

    def is_wrong(self, position: int) -> bool:
        """Check whether a row has any problem."""
        return any(at == position for at, _ in self._wrong)


def _problem(kind: str, block: Block, row: int, field: str, value: str, details: dict) -> Problem:
    sheet, column = block.table.sheet, block.columns.get(field)
    header = field if column is None else block.table.header(column)
    cell = "" if column is None else cell_name(row, column)
    return Problem(kind, sheet.file, sheet.name, row + 1, header, value, details, cell)


def _as_typed(cell: object) -> object:
    """Convert a truth value or number to the text that one would type."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell


def _first_or_last_day(cell: object, name: str) -> object:
    """Parse a day, or the first or last day of a month, quarter or year."""
    if isinstance(read_date(cell), pd.Timestamp):
        return read_date(cell)
    span = read_span(cell)
    return cell if span is None else pd.Timestamp(span.end if name == "until" else span.start)


def check_columns(table: str, typed: pd.DataFrame, places: Register, cells: Cells) -> pd.DataFrame:
    """Check rules between columns, and normalise the names of communes."""
    today = pd.Timestamp.today().normalize()
    if "year" in typed:
        for i in np.flatnonzero((typed["year"] > today.year).fillna(False)):
            cells.add_problem("maximum", i, "year", str(typed["year"][i]), limit=today.year)
    if table == "drives":
        commune, given = typed["kind"].eq("commune").fillna(False), typed["commune"].notna()
        for i in np.flatnonzero(commune & ~given):
            cells.add_problem("required", i, "commune")
        for i in np.flatnonzero(typed["kind"].isin(["body", "not_itemised"]) & given):
            cells.add_problem("commune_of_no_commune", i, "commune", typed["commune"][i])
    if table == "models":
        _check_model_days(typed, today, cells)
    return _with_communes(typed, places, cells, today) if "commune" in typed else typed


def _check_model_days(models: pd.DataFrame, today: pd.Timestamp, cells: Cells) -> None:
    since, until = models["since"], models["until"]
    for i in np.flatnonzero(until < since):
        cells.add_problem("ends_before_start", i, "until", f"{until[i]:%d/%m/%Y}",
                    start=f"{since[i]:%d/%m/%Y}")  # fmt: skip
    for i in np.flatnonzero(since > today):
        cells.add_problem("day_in_the_future", i, "since", f"{since[i]:%d/%m/%Y}",
                    today=f"{today:%d/%m/%Y}")  # fmt: skip


def _with_communes(
    typed: pd.DataFrame, places: Register, cells: Cells, today: pd.Timestamp
) -> pd.DataFrame:
    """Replace each commune's name by that of the unit it meant at the time of its row."""
    if "since" in typed:
        first, last = typed["since"], typed["until"].fillna(today)
    else:
        year = typed["year"].astype("string")
        first = pd.to_datetime(year + "-01-01", errors="coerce")
        last = pd.to_datetime(year + "-12-31", errors="coerce")
    first, last = (day.astype("datetime64[us]") for day in (first, last))
    # Commendations may bear no year: a name is then compared with those of any time.
    dated = first.notna().to_numpy()
    first, last = first.fillna(today), last.fillna(today)
    named = typed["commune"].notna().to_numpy()
    names = typed.loc[named, "commune"]
    at_first = places.resolve(names, first[named], first[named])
    at_last = places.resolve(names, last[named], last[named])
    units = np.where((at_first >= 0) | (at_last == -1), at_first, at_last)
    found = typed["commune"].astype(object).copy()
    for i, name, unit in zip(np.flatnonzero(named), names, units, strict=True):
        if unit != -1 and not dated[i]:
            found.iloc[i] = places.units["name"].iloc[places.positions(name)[0]]
        elif unit >= 0:
            found.iloc[i] = places.units["name"].iloc[unit]
        elif unit == -1:
            near = ", ".join(places.nearest(name))
            kind = "unknown_commune" if near else "no_such_commune"
            cells.add_problem(kind, i, "commune", name, near=near)
        elif not cells.is_wrong(i):
            start = f"{first.iloc[i]:%d/%m/%Y}"
            cells.add_problem(UNIT_KINDS[int(unit)], i, "commune", name, start=start)
    return typed.assign(commune=found.astype("str").where(typed["commune"].notna()))


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
        For columns and sheets that are set aside.

    Examples
    --------
    >>> int(load_table("models")["count"].sum())
    96
    """
    if table not in MOVEMENT:
        return tables.package_table(table, path, language)
    if path is None:
        return _placed(tables.package_table(table, path, language), register())
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
        problems += [*block.problems, *_missing(block, fields), *_report_no_counts(block, fields)]
    if problems:
        raise DataProblem(problems, language)
    cells = Cells(fields, choices)
    for block in blocks:
        cells.take(block, _is_illustrative(block))
    typed = cells.typed()
    places = register(communes, language)
    checked = check_columns(table, typed, places, cells)
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
    """Add ``place`` to models, since a merger moves them into another commune."""
    if "since" not in table:
        return table
    return table.assign(place=place_column(places.key, len(table)))


def _read_blocks(path: Path, fields: list[dict], choices: Choices) -> list[Block]:
    """Read every table of a file; refuse the file if one identifies persons."""
    book = read_book(path, encoding=choices.encoding, language=choices.language)
    known = header_words(fields).find
    sheets, blocks = convert_sheets(book.sheets, known, choices), []
    for sheet in map(tidy, sheets):
        found, name = find_blocks(sheet, fields), sheet.name
        column = column_of_persons(sheet, [_with_rows(block) for block in found]) or _who(found)
        if column:
            del book, sheets, sheet, found, blocks  # a traceback must not show personal data
            refused = Problem("persons", path.name, name, column=column)
            raise DataProblem([refused], choices.language)
        if sheet.hidden and found:
            note = Problem("hidden_sheet", path.name, sheet.name)
            warnings.warn(note.text(choices.language), DataNote, stacklevel=3)
            continue
        blocks += found
    return blocks


def _with_rows(block: Block) -> Table:
    """Extend the header over its rows, so that cells are not taken for headers of persons.

    Nor is "Đối tượng" where it stands over collectives and individuals, by their kind.
    """
    end = max([block.table.header_rows.start, *block.data]) + 1
    kinds = {c for c in block.columns.values() if may_count(block.table.header(c))}
    paths = {c: path for c, path in block.table.paths.items() if c not in kinds}
    return replace(block.table, header_rows=range(block.table.header_rows.start, end), paths=paths)


def _who(blocks: list[Block]) -> str:
    """Find the header of a column that lists persons by name; "" if there is none."""
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
    """List the required fields; a source is never required of a file."""
    return [f for f in fields if f.get("constraints", {}).get("required") and f["name"] != "source"]


def _missing(block: Block, fields: list[dict]) -> list[Problem]:
    """Report the columns that a table lacks; the year may stand in its title instead."""
    absent = [f for f in _needed(fields) if f["name"] not in block.columns]
    if block.titles_year:
        absent = [f for f in absent if f["name"] != "year"]
    sheet = block.table.sheet
    found = (tables.missing_column(field, sheet.file) for field in absent)
    return [Problem(p.kind, p.file, sheet.name, None, p.column, "", p.details) for p in found]


def _report_no_counts(block: Block, fields: list[dict]) -> list[Problem]:
    """Report columns of thousands, shares or averages, and tables of no counts."""
    table, sheet = block.table, block.table.sheet
    around, words = doubt_of(table)
    found = (
        [Problem("no_counts", sheet.file, sheet.name, details={"words": words})] if words else []
    )
    counted = {f["name"] for f in fields if f["type"] == "integer"} - {"year"}
    # A stock of models is a running total; of drives it would count earlier ones again.
    is_stock = any(field["name"] == "since" for field in fields)
    for name in sorted(counted & block.columns.keys(), key=block.columns.get):
        column, header = block.columns[name], table.header(block.columns[name])
        unit = next(
            filter(None, (*map(scaled, table.paths[column]), block.unit(column), around)), ""
        )
        kind, found_words = (
            ("other_unit", unit) if unit else ("no_counts", _words_of_share(header, is_stock))
        )
        if found_words:
            row, cell = table.header_rows.stop, cell_name(table.header_rows.stop - 1, column)
            details = {"words": found_words}
            found.append(Problem(kind, sheet.file, sheet.name, row, header, "", details, cell))
    return found


def _words_of_share(header: str, is_stock: bool) -> str:
    """Find the words in brackets by which a column is a share, average, plan or running total."""
    for text in split_brackets(header)[1]:
        running = not is_stock and has_words(text, "to_date")
        if running or unit_of(text) == "share" or is_compared(text) or no_count(text):
            return text
    return ""


def _is_illustrative(block: Block) -> bool:
    """Check whether a title marks the figures as illustrative."""
    marks = [word("illustrative", language).casefold() for language in LANGUAGES]
    titles = [text.casefold() for row in block.table.titles for text in row]
    return any(mark in text for mark in marks for text in titles)
