"""The rows of tables in; their cells read by the types of their fields, and every fault, out."""

from __future__ import annotations

import re

import pandas as pd

from antq_helpers.problems import Problem
from antq_helpers.reading.board import cell_name
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.figures import Choices
from antq_helpers.reading.plain_tables import COUNT, Block, list_words
from antq_helpers.reading.spans import find_year, read_span
from antq_helpers.tables import read_date, type_columns

_YEAR = re.compile(r"\d{4}")
_UNSHOWN = ("recipient",)  # who was commended must not be quoted, even where it is wrong


class Cells:
    """Gathers the cells of all tables; knows where each stood.

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
        """Read the rows of a table; hold its totals against them."""
        source = "illustrative" if illustrative else "reported"
        stated = {"year": block.titles_year, "source": source, "hotspot": "false"}
        first, group = len(self._rows), self._group(block)
        for row in block.data:
            self._places.append((block, row))
            position = len(self._rows)
            said = {f["name"]: self._read(block, row, position, f) for f in self.fields}
            if group and said[group] == "" and row - 1 in block.data and position > first:
                said[group] = self._rows[-1][group]
            self._rows.append({n: stated.get(n) if v in ("", None) else v for n, v in said.items()})
        self._check_totals(block, first)

    def _group(self, block: Block) -> str:
        """Give the first column of labels, which may be filled in the first row of a group alone.

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
            return self._words[name].find(_plain(cell)) or cell
        if name == "year":
            text = cell if isinstance(cell, str) else ""
            return find_year(text) or cell if text and not _YEAR.fullmatch(text) else cell
        if kind == "integer":
            return self._count(block, row, position, name, cell)
        return _day(cell, name) if kind == "date" else cell

    def _count(self, block: Block, row: int, position: int, name: str, cell: object) -> object:
        count = read_count(cell, self.choices.numbers, self.choices.dash)
        column = block.columns[name]
        merged = any(
            top < bottom and left <= column <= right and top <= row <= bottom
            for top, left, bottom, right in block.table.sheet.merged
        )
        kind, details = ("merged_count", {}) if merged else (count.kind, count.details)
        if kind:
            self.fault(kind, position, name, str(cell), **details)
        return None if kind else count.value

    def _check_totals(self, block: Block, first: int) -> None:
        """Hold each total against all rows above it, or those since the total before."""
        before = -1
        for row in block.totals if COUNT in block.columns else ():
            stated = read_count(block.cell(row, COUNT), self.choices.numbers).value
            above = [i for i, r in enumerate(block.data, first) if r < row]
            part = [i for i in above if block.data[i - first] > before]
            sums = [sum(self._rows[i][COUNT] or 0 for i in some) for some in (above, part)]
            if stated not in sums and not any((i, COUNT) in self._wrong for i in above):
                rows = ", ".join(str(block.data[i - first] + 1) for i in part)
                details = {"stated": stated, "rows": rows, "sum": sums[1]}
                self._say("total_differs", block, row, COUNT, "", details)
            before = row

    def fault(
        self, kind: str, position: int, field: str, value: str = "", **details: object
    ) -> None:
        """Take down what is wrong with one cell, once."""
        self.problems.append(self.problem(kind, position, field, value, **details))
        self._wrong.add((position, field))

    def problem(
        self, kind: str, position: int, field: str, value: str = "", **details: object
    ) -> Problem:
        """Make a problem of a cell: where it stands in the file, and what was expected."""
        block, row = self._places[position]
        if kind == "enum":
            known = next(f for f in self.fields if f["name"] == field).get("words", {})
            at = {"en": 0, "vi": 1}[self.choices.language]
            details = {"limit": "; ".join(said[at] for said in known.values())}
        return self._made(kind, block, row, field, "" if field in _UNSHOWN else value, details)

    def _say(
        self, kind: str, block: Block, row: int, field: str, value: str, details: dict
    ) -> None:
        self.problems.append(self._made(kind, block, row, field, value, details))

    def _made(
        self, kind: str, block: Block, row: int, field: str, value: str, details: dict
    ) -> Problem:
        sheet, column = block.table.sheet, block.columns.get(field)
        header = field if column is None else block.table.header(column)
        cell = "" if column is None else cell_name(row, column)
        return Problem(kind, sheet.file, sheet.name, row + 1, header, value, details, cell)

    def typed(self) -> pd.DataFrame:
        """Give the rows typed, with every cell that breaks a rule of its field taken down."""
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
        """Say whether anything is wrong with a row."""
        return any(at == position for at, _ in self._wrong)


def _plain(cell: object) -> object:
    """Give a truth value or number of a list as it would be typed."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell


def _day(cell: object, name: str) -> object:
    """Read a day, or the first or last day of a month, quarter or year."""
    if isinstance(read_date(cell), pd.Timestamp):
        return read_date(cell)
    span = read_span(cell)
    return cell if span is None else pd.Timestamp(span.end if name == "until" else span.start)
