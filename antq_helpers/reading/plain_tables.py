"""A sheet and the fields of a table in; the rows of each such table, with their places, out.

Titles, numbering, headings of groups, totals and signatures stand around rows as offices write
them; here they are told from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from antq_helpers.problems import Problem
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import has_words, meanings_of
from antq_helpers.reading.rows import as_text, heads_group, is_numbering, is_units
from antq_helpers.reading.sheets import Sheet
from antq_helpers.reading.spans import find_year
from antq_helpers.reading.spreadsheets import Table
from antq_helpers.reading.synonyms import header_key
from antq_helpers.tables import field_headers

COUNT = "count"


class Words:
    """Finds what a text means among given words: case, brackets and place of the tone are free.

    A text without any mark on its letters is also held against the words without theirs.

    Examples
    --------
    >>> words = Words([("camera", ["Camera an ninh"]), ("lights", ["Bóng điện an ninh"])])
    >>> words.find("CAMERA AN NINH"), words.find("bong dien an ninh"), words.find("Bòng điện")
    ('camera', 'lights', '')
    """

    def __init__(self, meanings: Iterable[tuple[str, Iterable[str]]]) -> None:
        self._whole: dict[tuple, str] = {}
        self._bare: dict[str, str] = {}
        for meaning, words in meanings:
            for word in words:
                key = header_key(word)
                self._whole.setdefault(key, meaning)
                self._bare.setdefault(_bare(key), meaning)

    def find(self, text: object) -> str:
        """Give the meaning of a text; blank where it has none."""
        key = header_key(as_text(text))
        found = self._whole.get(key)
        if not found and as_text(text).isascii():
            found = self._bare.get(_bare(key))
        return found or ""


def _bare(key: tuple) -> str:
    letters = " ".join(letters for letters, _ in key)
    return letters.translate(str.maketrans("ăâđêôơư", "aadeoou"))


@dataclass(frozen=True)
class Block:
    """One table of a sheet, rows and columns counted from zero.

    ``columns`` says where each field stands; ``data`` and ``totals`` are rows; ``notes`` what was
    set aside, ``problems`` what is wrong with the table itself.
    """

    table: Table
    columns: dict[str, int]
    data: list[int]
    totals: list[int]
    notes: list[Problem]
    problems: list[Problem]

    @property
    def titles_year(self) -> int | None:
        """Give the one year that the titles above the table name."""
        years = {year for row in self.table.titles for t in row if (year := find_year(t))}
        return years.pop() if len(years) == 1 else None

    def cell(self, row: int, field: str) -> object:
        """Give the cell of a row; one merged downwards counts for each of its rows."""
        column = self.columns[field]
        for top, left, bottom, right in self.table.sheet.merged:
            if left <= column <= right and top <= row <= bottom:
                return self.table.sheet.rows[top][left]
        return self.table.sheet.rows[row][column]


def header_words(fields: list[dict]) -> Words:
    """Give the headers that are taken for each field."""
    return Words((f["name"], [*field_headers(f), *f.get("headers", ())]) for f in fields)


def list_words(field: dict) -> Words:
    """Give what is written for each value of a field's list; no words where it has none."""
    return Words((code, [code, *said]) for code, said in field.get("words", {}).items())


def find_blocks(sheet: Sheet, fields: list[dict]) -> list[Block]:
    """Find every table on a sheet whose header names at least two of the fields.

    Parameters
    ----------
    sheet
        As :func:`~antq_helpers.reading.spreadsheets.tidy` gives it.
    fields
        Of the data package: name, titles and ``headers``, other headers that are taken.
    """
    words, heads = header_words(fields), {}
    for number, row in enumerate(sheet.rows):
        named = {column: words.find(cell) for column, cell in enumerate(row) if cell != ""}
        named = {column: field for column, field in named.items() if field}
        if len(set(named.values())) >= 2 and not any(map(_is_figure, row)):
            heads[number] = named
    edges = [*heads, len(sheet.rows)]
    blocks = []
    for (head, named), end in zip(heads.items(), edges[1:], strict=True):
        start = blocks[-1].table.body.stop if blocks else 0
        titles = [[as_text(c) for c in row if c != ""] for row in sheet.rows[start:head]]
        paths = {c: (as_text(cell),) for c, cell in enumerate(sheet.rows[head]) if cell != ""}
        table = Table(sheet, range(head, head + 1), range(head + 1, end), paths, titles)
        blocks.append(_block(table, named, fields))
    return blocks


def _block(table: Table, named: dict[int, str], fields: list[dict]) -> Block:
    columns: dict[str, int] = {}
    notes, problems = [], []
    row, file, name = table.band.start + 1, table.sheet.file, table.sheet.name
    for column, header in ((c, table.header(c)) for c in table.paths):
        field = named.get(column)
        if field in columns:
            twice = {"name": table.header(columns[field])}
            problems.append(Problem("column_twice", file, name, row, header, "", twice))
        elif field:
            columns[field] = column
        elif not meanings_of(header) & {"number", "unit"}:
            kind = "column_note" if "note" in meanings_of(header) else "column_unused"
            notes.append(Problem(kind, file, name, row, header))
    data, totals = _sort_rows(table, columns, fields)
    return Block(table, columns, data, totals, notes, problems)


def _sort_rows(
    table: Table, columns: dict[str, int], fields: list[dict]
) -> tuple[list[int], list[int]]:
    """Tell rows of data and totals from all others; in doubt a row is data, and is checked."""
    labels = [columns[field["name"]] for field in fields if field["name"] in columns]
    known = {columns[f["name"]]: list_words(f) for f in fields if f["name"] in columns}
    place = columns.get("place")
    data, totals, maybe = [], [], []
    for row in table.body:
        cells = table.sheet.rows[row]
        filled = [cell for cell in cells if cell != ""]
        if not filled or is_numbering(cells) or is_units(cells):
            continue
        counted = COUNT in columns and _is_figure(cells[columns[COUNT]])
        texts = [c for i, c in enumerate(cells) if isinstance(c, str) and c and i != place]
        if any("total" in meanings_of(text) or has_words(text, "total") for text in texts):
            totals += [row] if counted else []
        elif (
            counted
            or sum(cells[column] != "" for column in labels) > len(labels) / 2
            or sum(bool(words.find(cells[column])) for column, words in known.items()) >= 2
        ):
            data += [*maybe, row]
            maybe = []
        elif not (len(filled) == 1 and heads_group(filled[0])):
            maybe.append(row)  # a row of the table only if others follow; else a note or signature
    return data, totals


def _is_figure(cell: object) -> bool:
    """Say whether a cell is a count, or one gone wrong; words are not."""
    if cell == "":
        return False
    count = read_count(cell)
    return count.value is not None or count.kind not in ("", "broken_count")
