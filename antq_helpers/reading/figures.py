"""Figures and labels of one table's columns in; reports with their places out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.reading.board import Board
from antq_helpers.reading.headers import LABELS
from antq_helpers.reading.layouts import Rows
from antq_helpers.reading.reports import Reports, join
from antq_helpers.reading.table import Table

DAYS = ("period_start", "period_end")


@dataclass(frozen=True)
class Choices:
    """What the user says of a file: how numbers and dashes are meant, and in which language."""

    numbers: str | None = None
    dash: str | None = None
    encoding: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class Figures:
    """The figures of one column: as read, and whether each could be."""

    values: list[int | None]
    sound: list[bool]


@dataclass(frozen=True)
class Slots(Figures):
    """The figures of one count, one for each report, and where each stands."""

    rows: np.ndarray
    columns: np.ndarray


@dataclass(frozen=True)
class Facet:
    """Reports of one period and commune of the header: values, places, and which are sound."""

    values: dict[str, list]
    rows: dict[str, np.ndarray]
    columns: dict[str, np.ndarray]
    sound: np.ndarray


def merged_rows(table: Table, column: int) -> set[int]:
    """Give the rows in which a column's cell also covers others."""
    return {
        row
        for top, left, bottom, right in table.sheet.merged
        if left <= column <= right and top >= table.band.stop
        for row in range(top, bottom + 1)
    }


def fill_down(table: Table, rows: Rows, by_role: dict[str, int], role: str) -> list:
    """Give a column of labels, filled down where only the first row of a group holds it."""
    column = by_role[role]
    whole = [table.sheet.rows[row][column] for row in rows.data]
    if "" not in whole:
        return whole
    others = [by_role[r] for r in (*LABELS, "measure") if r in by_role and r != role]
    days = [by_role[day] for day in DAYS if day in by_role] if role in DAYS else []
    merged = {
        row
        for top, left, bottom, right in table.sheet.merged
        if left <= column <= right
        for row in range(top + 1, bottom + 1)
    }
    found, last = [], ""
    breaks = {*rows.sections, *rows.totals, *rows.aside}
    previous = table.band.stop - 1
    for row in rows.data:
        cells = table.sheet.rows[row]
        if any(between in breaks for between in range(previous + 1, row)):
            last = ""
        cell = cells[column]
        if cell == "":
            # The first and last day belong together: one alone is no blank of a group.
            halved = any(cells[day] != "" for day in days)
            grouped = not halved and any(cells[other] != "" for other in others)
            cell = last if grouped or row in merged else ""
        last = cell
        found.append(cell)
        previous = row
    return found


def join_facets(
    facets: list[Facet], board: Board, headers: dict[int, str], language: str
) -> Reports:
    """Put the reports of all periods of a table together."""
    return join(
        [
            Reports(
                pd.DataFrame(facet.values, dtype=object),
                facet.rows,
                facet.columns,
                np.zeros(len(facet.sound), int),
                facet.sound,
                [board],
                [headers],
                language,
            )
            for facet in facets
        ]
    )
