"""Extract the reports of one table, and report what is wrong with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, word
from antq_helpers.problems import Problem
from antq_helpers.reading.counts import Count, read_counts, scaled, unit_of
from antq_helpers.reading.headers import COUNTS, LABELS, Meaning, as_text, measure_of, understand
from antq_helpers.reading.layouts import Rows
from antq_helpers.reading.period_text import Span
from antq_helpers.reading.reports import (
    DAYS,
    Board,
    Choices,
    Facet,
    Figures,
    Reports,
    Slots,
    column_name,
    fill_down,
    join_facets,
    merged_rows,
)
from antq_helpers.reading.sheets import Table
from antq_helpers.reading.titles import Context, Dater

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
    """Account for a table's header, and for the columns and rows that records do not use."""
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
    """List the columns that are filled in the table's rows, but have no header."""
    filled = np.flatnonzero(board.filled[rows.data].any(axis=0))
    return [int(column) for column in filled if column not in {*table.paths, *table.beside}]


def described(
    board: Board,
    headers: dict[int, str],
    language: str,
    columns: dict[int, Meaning] | None = None,
) -> list[dict[str, str]]:
    """Describe how each column was understood, one row per column."""
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
    """Return the label of a count or of another role of a column."""
    if name in COUNTS:
        return find_measure(name).text("label", language)
    return word(f"role.{name}", language)


class Gatherer:
    """Extracts the reports of one table, and accounts for each of its cells."""

    def __init__(
        self,
        table: Table,
        columns: dict[int, Meaning],
        rows: Rows,
        context: Context,
        board: Board,
        choices: Choices,
    ) -> None:
        self.table, self.columns, self.rows = table, dict(columns), rows
        self.context, self.board, self.choices = context, board, choices
        self.headers = {column: table.header(column) for column in table.paths}
        self.refused = self._refuse_twins()
        self.by_role = {meaning.role: column for column, meaning in self.columns.items()}
        self.counted = self._counted()
        self.data = [row for row in rows.data if not self._is_unused(row)]
        rows.data = self.data
        self.labels = {
            role: fill_down(table, rows, self.by_role, role)
            for role in LABELS
            if role in self.by_role
        }
        self.dater = Dater(self.labels, context)
        self.figures = {c: self.read(c) for c, m in self.columns.items() if m.role in COUNTS}

    def say(self, kind: str, row: int | None, column: int | None, **details: object) -> Problem:
        """Build a problem or note about a cell of this table."""
        value = "" if row is None or column is None else self.table.sheet.rows[row][column]
        header = "" if column is None else self.headers.get(column) or column_name(column)
        return self.board.say(kind, row, column, header, value, **details)

    def fault(self, kind: str, row: int | None, column: int | None, **details: object) -> None:
        """Record a problem with a cell of this table."""
        self.board.fault(self.say(kind, row, column, **details), row, column)

    def _refuse_twins(self) -> bool:
        """Refuse columns of equal meaning, and headers with several possible meanings.

        Where two mean the same, nobody knows which is meant: no row can be told, and all wait.
        """
        seen, twice = set(), False
        for column, meaning in list(self.columns.items()):
            if meaning.role == "unclear":
                named = "; ".join(label_of(name, self.choices.language) for name in meaning.options)
                self._refuse_column(column, "unclear_header", meanings=named)
            elif unit := self._unit(column, meaning):
                self._refuse_column(column, "other_unit", words=unit)
            elif meaning.unread and not self._has_days():
                self._refuse_column(column, "unread_period", words=meaning.unread)
                twice = True
            elif meaning.role in (*COUNTS, *LABELS, "measure") and meaning in seen:
                named = label_of(meaning.role, self.choices.language)
                self._refuse_column(column, "column_twice", name=named)
                twice = True
            seen.add(meaning)
        return twice

    def _unit(self, column: int, meaning: Meaning) -> str:
        """Return the unit of a column that does not count by one; blank for single counts."""
        if meaning.role not in (*COUNTS, "value"):
            return ""
        cells = self.table.sheet.rows
        below = [cells[row][column] for row, k in self.rows.aside.items() if k == "units_row"]
        beside = [unit for unit in below if unit and unit_of(unit) != "ones"]
        return meaning.unit or next(iter([*beside, self.context.unit]), "")

    def _has_days(self) -> bool:
        """Check whether first and last day have columns of their own: these take precedence."""
        roles = {meaning.role for meaning in self.columns.values()}
        return set(DAYS) <= roles

    def _refuse_column(self, column: int, kind: str, **details: object) -> None:
        """Record a problem with a header, at its lowest filled cell, and drop the column."""
        cells = self.table.sheet.rows
        row = max(
            row for row in self.table.band if cells[row][column] != "" or row == self.table.band[0]
        )
        problem = self.board.say(kind, row, column, self.headers[column], **details)
        self.board.fault(problem, row, column)
        self.columns[column] = Meaning("refused")

    def _counted(self) -> dict[int, tuple[str, ...]]:
        """Map each row of a form to the counts it can mean; empty if headers name the counts."""
        if "measure" not in self.by_role:
            return {}
        labels = fill_down(self.table, self.rows, self.by_role, "measure")
        meant = [measure_of(label) if isinstance(label, str) else () for label in labels]
        return dict(zip(self.rows.data, meant, strict=True))

    def _unit_of_row(self, row: int) -> str:
        """Return the unit of a form's row that does not count by one; else blank."""
        cells, column = self.table.sheet.rows[row], self.by_role.get("unit")
        unit = "" if column is None else as_text(cells[column])
        return scaled(as_text(cells[self.by_role["measure"]])) or (
            unit if unit and unit_of(unit) != "ones" else ""
        )

    def _is_unused(self, row: int) -> bool:
        """Check whether a form's row counts something unknown or unclear; record it."""
        if row not in self.counted:
            return False
        meant, column = self.counted[row], self.by_role["measure"]
        unit = self._unit_of_row(row) if meant else ""
        if len(meant) == 1 and not unit:
            return False
        if unit_of(unit) == "share":
            self.board.aside(self.say("row_comparison", row, column), row)
            return True
        if unit:
            self.fault("other_unit", row, column, words=unit)
        elif meant:
            named = "; ".join(label_of(name, self.choices.language) for name in meant)
            self.fault("unclear_header", row, column, meanings=named)
        self.board.aside(None if meant else self.say("row_unused", row, column), row)
        return True

    def read(self, column: int) -> Figures:
        """Read a column of figures; record a problem for each cell that is none."""
        merged = merged_rows(self.table, column)
        cells = [self.table.sheet.rows[row][column] for row in self.data]
        counts = read_counts(cells, self.choices.numbers, self.choices.dash)
        for i, row in enumerate(self.data):
            if not (counts[i].kind or row in merged):
                continue
            kind, details = counts[i].kind, counts[i].details
            if row in merged:
                kind, details = "merged_count", {}
            if cells[i] != "":
                self.fault(kind, row, column, **details)
            counts[i] = Count(None, kind)
        return Figures([count.value for count in counts], [not count.kind for count in counts])

    def gather(self) -> Reports | None:
        """Return the table's reports; None if there are none."""
        set_aside(self.table, self.columns, self.rows, self.board)
        if not self.data:
            return None
        by_rows = "measure" in self.by_role
        facets: dict[tuple, dict[str, int]] = {}
        for column, meaning in self.columns.items():
            if meaning.role in COUNTS or (by_rows and meaning.role == "value"):
                key = (meaning.span, meaning.part, meaning.commune)
                facets.setdefault(key, {})[meaning.role] = column
        shape = self._by_rows if by_rows else self._by_columns
        parts = [self._facet(key, *shape(columns)) for key, columns in facets.items()]
        if not parts:
            return None
        reports = join_facets(parts, self.board, self.headers, self.choices.language)
        reports.aside(np.arange(len(reports.values)))  # until the records keep them
        return reports

    def _by_columns(self, columns: dict[str, int]) -> tuple[list[int], dict[str, Slots]]:
        """Build one report per row: the row's position, and the figures of each count."""
        rows = np.array(self.data)
        found = {
            count: Slots(figures.values, figures.sound, rows, np.broadcast_to(column, len(rows)))
            for count, column in columns.items()
            for figures in [self.figures[column]]
        }
        return list(range(len(rows))), found

    def _by_rows(self, columns: dict[str, int]) -> tuple[list[int], dict[str, Slots]]:
        """Build one report per commune and period from a form, in which each row is a count."""
        column = columns["value"]
        figures, beside = self.read(column), self.by_role["measure"]
        firsts: dict[tuple, int] = {}
        found: dict[tuple[str, int], int] = {}
        for i, row in enumerate(self.data):
            label = tuple(values[i] for values in self.labels.values())
            report = firsts.setdefault(label, i)
            [count] = self.counted[row]
            self.board.keep(row, beside)
            if (count, report) in found:
                self.fault("row_twice", row, column, name=label_of(count, self.choices.language))
                figures.sound[found[count, report]] = False
            else:
                found[count, report] = i
        reports = list(firsts.values())
        slots = {}
        for count in dict.fromkeys(count for count, _ in found):
            at = [found.get((count, report), -1) for report in reports]
            slots[count] = Slots(
                [figures.values[i] if i >= 0 else None for i in at],
                [figures.sound[i] if i >= 0 else True for i in at],
                np.array([self.data[i] if i >= 0 else -1 for i in at]),
                np.array([column if i >= 0 else -1 for i in at]),
            )
        return reports, slots

    def _facet(self, key: tuple, reports: list[int], counts: dict[str, Slots]) -> Facet:
        """Build the reports of the columns of one period and commune."""
        span, part, commune = key
        rows = np.array([self.data[i] for i in reports])
        sound = np.all([slots.sound for slots in counts.values()], axis=0)
        named = self.labels.get("commune")
        given = commune or self.context.commune
        values = {"commune": [named[i] for i in reports] if named else [given] * len(rows)}
        days, broken = self._periods(reports, span, part)
        source = self.labels.get("source")
        mark = "illustrative" if self.context.illustrative else ""
        values |= days
        values["source"] = [source[i] for i in reports] if source else [mark] * len(rows)
        values |= {count: slots.values for count, slots in counts.items()}
        places = {field: column for field in values if (column := self._place(field)) >= 0}
        return Facet(
            values,
            {f: rows for f in places} | {c: slots.rows for c, slots in counts.items()},
            {f: np.broadcast_to(c, len(rows)) for f, c in places.items()}
            | {day: np.where(broken, -1, places[day]) for day in DAYS if day in places}
            | {count: slots.columns for count, slots in counts.items()},
            sound & ~broken & (not self.refused),
        )

    def _place(self, field: str) -> int:
        """Return the column of a field; -1 if it stands in the header or a title."""
        if field in COUNTS:
            return -1
        halved = field in DAYS and not set(DAYS) <= set(self.labels)
        if field in self.labels and not halved:
            return self.by_role[field]
        if field.startswith("period") and self.dater.labels:
            return self.by_role[next(iter(self.dater.labels))]
        return -1

    def _periods(
        self, reports: list[int], span: Span | None, part: str
    ) -> tuple[dict[str, list], np.ndarray]:
        """Return first and last days from row, header or title, and which rows have none."""
        broken = np.zeros(len(reports), bool)
        if {"period_start", "period_end"} <= set(self.labels):
            names = [n for n in ("period_start", "period_end", "year") if n in self.labels]
            return {name: [self.labels[name][i] for i in reports] for name in names}, broken
        found = [self.dater.span_of(i, span, part) for i in reports]
        for at, i in enumerate(reports):
            if found[at] is None and any(label != "" for label in self.dater.labels_of(i)):
                broken[at] = True
                column = self._place("period_start")
                self.fault("broken_period", self.data[i], column)
                self.board.aside(None, self.data[i], column)
        unknown = None in found and not self.dater.labels
        if unknown and self.context.unread:
            self.board.fault(self.board.say("unread_period", words=self.context.unread))
        elif unknown and len(self.context.spans) > 1:
            named = [f"{s.start:%d/%m/%Y}–{s.end:%d/%m/%Y}" for s in self.context.spans]
            self.board.fault(self.board.say("several_periods", periods="; ".join(named)))
        assumed = next((span for span in found if span and not span.stated), None)
        if assumed and not any(note.kind == "period_assumed" for note in self.board.notes):
            days = {"start": f"{assumed.start:%d/%m/%Y}", "end": f"{assumed.end:%d/%m/%Y}"}
            self.board.note(self.board.say("period_assumed", **days))
        return {
            "period_start": [span and pd.Timestamp(span.start) for span in found],
            "period_end": [span and pd.Timestamp(span.end) for span in found],
        }, broken
