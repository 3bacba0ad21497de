"""Find the tables on a sheet by their fields, and their rows among titles, totals and notes.

Titles, numbering, headings of groups, totals and signatures stand around rows as offices write
them; here they are told from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from antq_helpers.problems import Problem
from antq_helpers.reading.counts import read_count, unit_of, unscaled
from antq_helpers.reading.headers import (
    as_text,
    has_words,
    heads_group,
    is_numbering,
    is_units,
    meanings_of,
)
from antq_helpers.reading.period_text import find_year
from antq_helpers.reading.sheets import Sheet, Table
from antq_helpers.reading.synonyms import header_key
from antq_helpers.tables import field_headers

COUNT = "count"
_DEEPEST = 3  # rows of a header


class Words:
    """Dictionary of words that ignores case, brackets and the place of the tone.

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
        """Return the meaning of a text; blank if it has none."""
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
        """The only year in the titles above the table; None if there are none or several."""
        years = {year for row in self.table.titles for t in row if (year := find_year(t))}
        return years.pop() if len(years) == 1 else None

    def unit(self, column: int) -> str:
        """Return the unit of a column of thousands, from a row or column of units; else blank."""
        rows = self.table.sheet.rows
        below = [rows[r][column] for r in self.table.body if is_units(rows[r])]
        units = [c for c in self.table.paths if "unit" in meanings_of(self.table.header(c))]
        beside = [as_text(rows[r][c]) for c in units for r in self.data]
        return next((text for text in (*below, *beside) if text and unit_of(text) == "scaled"), "")

    def cell(self, row: int, field: str) -> object:
        """Return a cell's value; a merged cell counts for each of its rows."""
        column = self.columns[field]
        for top, left, bottom, right in self.table.sheet.merged:
            if left <= column <= right and top <= row <= bottom:
                return self.table.sheet.rows[top][left]
        return self.table.sheet.rows[row][column]


def header_words(fields: list[dict]) -> Words:
    """Return the accepted headers of each field."""
    return Words((f["name"], [*field_headers(f), *f.get("headers", ())]) for f in fields)


def list_words(field: dict) -> Words:
    """Return the accepted words for each value of a field; empty if it has no list."""
    return Words((code, [code, *said]) for code, said in field.get("words", {}).items())


def find_blocks(sheet: Sheet, fields: list[dict]) -> list[Block]:
    """Find every table on a sheet whose header names at least two of the fields.

    Parameters
    ----------
    sheet
        As :func:`~antq_helpers.reading.tables.tidy` gives it.
    fields
        Of the data package: name, titles and ``headers``, other headers that are taken.
    """
    words, bands, named = header_words(fields), [], []
    for number in range(len(sheet.rows)):
        if (bands and number in bands[-1]) or not any(cell != "" for cell in sheet.rows[number]):
            continue
        band = _band(sheet, number)
        found = {c: _field(path, words) for c, path in _paths(sheet, band).items()}
        found = {column: field for column, field in found.items() if field}
        figures = any(_is_figure(cell) for row in band for cell in sheet.rows[row])
        if len(set(found.values())) >= 2 and not figures:
            bands.append(band)
            named.append(found)
    blocks = []
    for band, found, below in zip_longest(bands, named, bands[1:]):
        end = below.start if below else len(sheet.rows)
        start = blocks[-1].table.body.stop if blocks else 0
        titles = [[as_text(c) for c in row if c != ""] for row in sheet.rows[start : band.start]]
        table = Table(sheet, band, range(band.stop, end), _paths(sheet, band), titles)
        blocks.append(_block(table, found, fields))
    return blocks


def _band(sheet: Sheet, row: int) -> range:
    """Return the header rows that begin here, as deep as its merged cells."""
    deepest = max((b for top, _, b, _ in sheet.merged if top == row), default=row)
    return range(row, min(deepest, row + _DEEPEST - 1) + 1)


def _paths(sheet: Sheet, band: range) -> dict[int, tuple[str, ...]]:
    """Return each column's header from the top down, merged cells repeated."""
    grid = {row: list(sheet.rows[row]) for row in band}
    for top, left, bottom, right in sheet.merged:
        for row in range(max(top, band.start), min(bottom + 1, band.stop)):
            grid[row][left : right + 1] = [sheet.rows[top][left]] * (right + 1 - left)
    paths = {
        c: tuple(dict.fromkeys(as_text(row[c]) for row in grid.values() if row[c] != ""))
        for c in range(len(sheet.rows[band.start]))
    }
    return {column: path for column, path in paths.items() if path}


def _field(path: tuple[str, ...], words: Words) -> str:
    """Find the field that a header names, by its lowest row or by all rows together."""
    path = tuple(map(unscaled, path))
    return words.find(path[-1]) or words.find(" ".join(path))


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
        elif not meanings_of(header) & {"number", "unit", "added"}:
            kind = "column_note" if "note" in meanings_of(header) else "column_unused"
            notes.append(Problem(kind, file, name, row, header))
    data, totals = _sort_rows(table, columns, fields)
    # A form may list every commune; where nothing stands beside the name, nothing was reported.
    others = [column for field, column in columns.items() if field != "commune"]
    blank = [r for r in data if all(table.sheet.rows[r][column] == "" for column in others)]
    notes += [Problem("not_yet", file, name, r + 1) for r in blank]
    data = [r for r in data if r not in blank]
    return Block(table, columns, data, totals, notes, problems)


def _sort_rows(
    table: Table, columns: dict[str, int], fields: list[dict]
) -> tuple[list[int], list[int]]:
    """Separate rows of data and of totals from all others; in doubt a row is data."""
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
    """Check whether a cell is a count, or one gone wrong; words are neither."""
    if cell == "":
        return False
    count = read_count(cell)
    return count.value is not None or count.kind not in ("", "broken_count")
