"""A table's columns and rows as understood in; what is set aside, and all of it in words, out."""

from __future__ import annotations

import numpy as np

from antq_helpers.dictionary import find_measure, word
from antq_helpers.reading.board import Board, column_name
from antq_helpers.reading.headers import COUNTS, Meaning, understand
from antq_helpers.reading.layouts import Rows
from antq_helpers.reading.table import Table

_ASIDE = {
    "number": "row_numbers",
    "unit": "column_unit",
    "note": "column_note",
    "added": "column_added",
    "comparison": "column_comparison",
    "to_date": "column_to_date",
    "total": "column_total",
}


def set_aside(table: Table, columns: dict[int, Meaning], rows: Rows, board: Board) -> None:
    """Account for a table's header, and for all columns and rows without figures of records."""
    body = np.array([*rows.data, *rows.totals, *rows.sections], dtype=int)
    band = np.array(table.band, dtype=int)
    for column, meaning in columns.items():
        if meaning.role in _ASIDE or meaning.role in ("unknown", "refused"):
            kind = _ASIDE.get(meaning.role, "column_unused")
            note = board.say(kind, band[-1], column, table.header(column))
            board.aside(None if meaning.role == "refused" else note, np.r_[band, body], column)
        else:
            board.keep(band, column)
    for column in _without_header(table, rows, board):
        note = board.say("column_unused", column=column, header=column_name(column))
        board.aside(note, np.r_[band, body], column)
    kinds = dict.fromkeys(rows.totals, "total") | dict.fromkeys(rows.sections, "section")
    for row, kind in (kinds | rows.aside).items():
        if kind != "outside":
            board.aside(board.say(kind, row), row, list(columns))


def _without_header(table: Table, rows: Rows, board: Board) -> list[int]:
    """Give the columns beside the table that hold something in its rows, under no header."""
    filled = np.flatnonzero(board.filled[rows.data].any(axis=0))
    return [int(column) for column in filled if column not in {*table.paths, *table.beside}]


def described(
    board: Board,
    headers: dict[int, str],
    language: str,
    columns: dict[int, Meaning] | None = None,
) -> list[dict[str, str]]:
    """Say in words how each column was understood."""
    columns = columns or {c: understand([header]) for c, header in headers.items()}
    return [
        {
            "file": board.file,
            "sheet": board.sheet,
            "column": column_name(column),
            "header": headers[column],
            "meaning": _in_words(meaning, language),
        }
        for column, meaning in columns.items()
    ]


def _in_words(meaning: Meaning, language: str) -> str:
    label = label_of(meaning.role, language)
    days = f"{meaning.span.start:%d/%m/%Y}–{meaning.span.end:%d/%m/%Y}" if meaning.span else ""
    return " · ".join(text for text in (label, meaning.commune, meaning.part, days) if text)


def label_of(name: str, language: str) -> str:
    """Give what a count, or another column, is called."""
    if name in COUNTS:
        return find_measure(name).text("label", language)
    return word(f"role.{name}", language)
