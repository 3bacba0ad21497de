"""Extract the reports of a table, each figure with its cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, word
from antq_helpers.problems import Problem
from antq_helpers.reading.cells import CellLog, Reports, column_name, join
from antq_helpers.reading.counts import Count, fold, read_counts, scaled, unit_of
from antq_helpers.reading.headers import (
    COUNTS,
    LABELS,
    Meaning,
    as_text,
    measure_of,
    names_total,
    part_of,
)
from antq_helpers.reading.layouts import DAYS, Rows, fill_down, merged_rows
from antq_helpers.reading.period_text import Span
from antq_helpers.reading.sheets import Table
from antq_helpers.reading.titles import Context, PeriodFinder

# "Thôn Bái Dương", "Tổ dân phố số 5", "TDP 3": a row of a village below that of its commune.
_VILLAGE = re.compile(r"(?:thôn|tổ dân phố|tdp|khu phố|village)\b[\s.:]*\S", re.IGNORECASE)


@dataclass(frozen=True)
class Choices:
    """The user's settings for a file: number marks, dashes, encoding and language of messages.

    ``accept`` are the keys of unusual counts that were looked at and are right.
    """

    numbers: str | None = None
    dash: str | None = None
    encoding: str | None = None
    language: str = "en"
    accept: tuple[str, ...] = ()


NOTES_OF_COLUMNS = {
    "number": "row_numbers",
    "unit": "column_unit",
    "note": "column_note",
    "added": "column_added",
    "comparison": "column_comparison",
    "to_date": "column_to_date",
    "total": "column_total",
}


def set_aside(table: Table, columns: dict[int, Meaning], rows: Rows, log: CellLog) -> None:
    """Account for a table's header, and for the columns and rows that records do not use."""
    body = np.array([*rows.data, *rows.totals, *rows.sections], dtype=int)
    header_rows = np.array(table.header_rows, dtype=int)
    for column, meaning in columns.items():
        if meaning.role in NOTES_OF_COLUMNS or meaning.role in ("unknown", "refused"):
            kind = NOTES_OF_COLUMNS.get(meaning.role, "column_unused")
            note = log.problem_at(kind, header_rows[-1], column, table.header(column))
            log.set_aside(
                None if meaning.role == "refused" else note, np.r_[header_rows, body], column
            )
        else:
            log.keep(header_rows, column)
    filled = map(int, np.flatnonzero(log.filled[rows.data].any(axis=0)))
    for column in (c for c in filled if c not in {*table.paths, *table.beside}):
        note = log.problem_at("column_unused", column=column, header=column_name(column))
        log.set_aside(note, np.r_[header_rows, body], column)
    kinds = dict.fromkeys(rows.totals, "total") | dict.fromkeys(rows.sections, "section")
    for row, kind in (kinds | rows.aside).items():
        if kind != "outside":
            log.set_aside(log.problem_at(kind, row), row, list(columns))


def label_of(name: str, language: str) -> str:
    """Return the label of a count or of another role of a column."""
    if name in COUNTS:
        return find_measure(name).text("label", language)
    return word(f"role.{name}", language)


def _carried(names: list) -> list:
    """Fill each blank with the name above it."""
    return list(accumulate(names, lambda above, name: name if name != "" else above))


def _folded(label: object) -> object:
    return fold(label) if isinstance(label, str) else label


class TableReader:
    """Extracts the reports of one table, and accounts for each of its cells."""

    label_fields: Sequence[str] = LABELS
    count_fields: Sequence[str] = COUNTS
    refused = False  # whether columns are refused without which no row can be read

    def __init__(
        self,
        table: Table,
        columns: dict[int, Meaning],
        rows: Rows,
        context: Context,
        log: CellLog,
        choices: Choices,
    ) -> None:
        self.table, self.columns, self.rows = table, dict(columns), rows
        self.context, self.log, self.choices = context, log, choices
        self.headers = {column: table.header(column) for column in table.paths}
        self.refuse_columns()
        self.by_role = {meaning.role: column for column, meaning in self.columns.items()}
        self.counted = self._counted()
        self.data = [row for row in rows.data if not self._is_unused(row)]
        rows.data = self.data
        self.labels = {role: self.fill(role) for role in self.label_fields if role in self.by_role}
        self.unsure: list[int] = []
        self.villages = self._split_villages()
        self.periods = PeriodFinder(self.labels, context)
        self.figures = {
            column: self.read(column)
            for column, meaning in self.columns.items()
            if meaning.role in self.count_fields
        }

    def fill(self, role: str) -> list:
        """Return the labels of a column, filled down where a group's first row alone has one."""
        filled = fill_down(self.table, self.rows, self.by_role, role)
        if role != "village":
            return filled
        # Beside the name of its commune a blank is no repetition: it is the commune's own row.
        cells, at, named = self.table.sheet.rows, self.by_role[role], self.by_role.get("commune")
        own = [named is not None and cells[row][named] != "" for row in self.rows.data]
        written = [cells[row][at] for row in self.rows.data]
        return [w if o else name for w, o, name in zip(written, own, filled, strict=True)]

    def _split_villages(self) -> dict[int, list[int]]:
        """Separate the rows of villages from those of their commune, which are totals of them.

        Villages stand in a column of their own, or in that of communes below their commune.

        Returns
        -------
        The rows of villages by the row of their commune's printed total.
        """
        labels, rows = self.labels, self.data
        if "village" not in self.label_fields:
            return {}
        if "commune" in labels and "village" not in labels:
            below = [bool(_VILLAGE.match(str(name))) for name in labels["commune"]]
            if not any(below):
                return {}
            named = labels["commune"]
            labels["village"] = [name if v else "" for name, v in zip(named, below, strict=True)]
            labels["commune"] = _carried(
                ["" if v else n for n, v in zip(named, below, strict=True)]
            )
            self.by_role["village"] = self.by_role["commune"]
            if not any(labels["commune"]):  # the title names the commune
                del labels["commune"]
        if "village" not in labels:
            return {}
        labels["village"] = ["" if names_total(str(v)) else v for v in labels["village"]]
        others = [labels[role] for role in labels if role != "village"]
        keys = [tuple(map(_folded, key)) for key in zip(*others, strict=True)]
        keys = keys or [()] * len(rows)
        of: dict[tuple, list[int]] = {}
        for key, village, row in zip(keys, labels["village"], rows, strict=True):
            if village != "":
                of.setdefault(key, []).append(row)
        totals: dict[int, list[int]] = {}
        whole = {key[:1] for key in of} if "commune" in labels else set()
        for key, village, row in zip(keys, labels["village"], rows, strict=True):
            if village == "" and key in of:
                totals[row] = of[key]
            elif village == "" and key[:1] in whole:  # of which village is it?
                self.add_problem("no_village", row, self.by_role["village"])
                self.unsure.append(row)
        kept = [i for i, row in enumerate(rows) if row not in totals]
        self.data = self.rows.data = [rows[i] for i in kept]
        self.labels = {role: [values[i] for i in kept] for role, values in labels.items()}
        self.rows.aside |= dict.fromkeys(totals, "total")
        return totals

    def problem_at(
        self, kind: str, row: int | None, column: int | None, **details: object
    ) -> Problem:
        """Build a problem or note about a cell of this table."""
        value = "" if row is None or column is None else self.table.sheet.rows[row][column]
        header = "" if column is None else self.headers.get(column) or column_name(column)
        return self.log.problem_at(kind, row, column, header, value, **details)

    def add_problem(
        self, kind: str, row: int | None, column: int | None, **details: object
    ) -> None:
        """Record a problem with a cell of this table."""
        self.log.add_problem(self.problem_at(kind, row, column, **details), row, column)

    def refuse_columns(self) -> None:
        """Refuse columns of equal meaning, and headers with several possible meanings.

        Where two mean the same, nobody knows which is meant: no row can be read, and all wait.
        """
        seen = set()
        for column, meaning in list(self.columns.items()):
            if meaning.role == "unclear":
                named = "; ".join(label_of(name, self.choices.language) for name in meaning.options)
                self.refuse(column, "unclear_header", meanings=named)
            elif unit := self.unit(column, meaning):
                self.refuse(column, "other_unit", words=unit)
            elif meaning.unread and not self._has_days():
                self.refuse(column, "unread_period", words=meaning.unread)
                self.refused = True
            elif meaning.role in (*COUNTS, *LABELS, "measure") and meaning in seen:
                self.refuse(
                    column, "column_twice", name=label_of(meaning.role, self.choices.language)
                )
                self.refused = True
            seen.add(meaning)

    def unit(self, column: int, meaning: Meaning) -> str:
        """Return the unit of a column that does not count by one; blank for single counts."""
        if meaning.role not in (*self.count_fields, "value"):
            return ""
        cells = self.table.sheet.rows
        below = [cells[row][column] for row, k in self.rows.aside.items() if k == "units_row"]
        beside = [unit for unit in below if unit and unit_of(unit) != "ones"]
        return meaning.unit or next(iter([*beside, self.context.unit]), "")

    def _has_days(self) -> bool:
        """Check whether first and last day have columns of their own: these take precedence."""
        roles = {meaning.role for meaning in self.columns.values()}
        return set(DAYS) <= roles

    def refuse(self, column: int, kind: str, **details: object) -> None:
        """Record a problem with a header, at its lowest filled cell, and drop the column."""
        cells = self.table.sheet.rows
        row = max(
            row
            for row in self.table.header_rows
            if cells[row][column] != "" or row == self.table.header_rows[0]
        )
        problem = self.log.problem_at(kind, row, column, self.headers[column], **details)
        self.log.add_problem(problem, row, column)
        self.columns[column] = Meaning("refused")

    def _counted(self) -> dict[int, tuple[str, ...]]:
        """Map each row of a form to the counts it can mean; empty if headers name the counts."""
        if "measure" not in self.by_role:
            return {}
        labels = fill_down(self.table, self.rows, self.by_role, "measure")
        meant, before = [], ""
        for label in labels:
            found = measure_of(label) if isinstance(label, str) else ()
            if len(found) == 1:
                found = (part_of(*found, label, before),)
                before = found[0]
            meant.append(found)
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
            self.log.set_aside(self.problem_at("row_comparison", row, column), row)
            return True
        if unit:
            self.add_problem("other_unit", row, column, words=unit)
        elif meant:
            named = "; ".join(label_of(name, self.choices.language) for name in meant)
            self.add_problem("unclear_header", row, column, meanings=named)
        self.log.set_aside(None if meant else self.problem_at("row_unused", row, column), row)
        return True

    def read(self, column: int) -> tuple[list[int | None], list[bool]]:
        """Return the values of a column of figures, and which are sound; record problems."""
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
                self.add_problem(kind, row, column, **details)
            counts[i] = Count(None, kind)
        return [count.value for count in counts], [not count.kind for count in counts]

    def read_reports(self) -> Reports | None:
        """Return the table's reports; None if there are none."""
        set_aside(self.table, self.columns, self.rows, self.log)
        if not self.data:
            return None
        by_rows = "measure" in self.by_role
        named: dict[tuple, dict[str, int]] = {}
        for column, meaning in self.columns.items():
            if meaning.role in COUNTS or (by_rows and meaning.role == "value"):
                key = (meaning.span, meaning.part, meaning.commune)
                named.setdefault(key, {})[meaning.role] = column
        shape = self._by_rows if by_rows else self._by_columns
        if not named:
            return None
        reports = join([self._reports(key, *shape(columns)) for key, columns in named.items()])
        reports.set_aside(np.arange(len(reports.values)))  # until the records keep them
        return reports

    def _by_columns(self, columns: dict[str, int]) -> tuple[list[int], dict[str, tuple]]:
        """Make one report of each row: its position, and values, soundness and cells of counts."""
        rows = np.array(self.data)
        found = {
            count: (*self.figures[column], rows, np.broadcast_to(column, len(rows)))
            for count, column in columns.items()
        }
        return list(range(len(rows))), found

    def _by_rows(self, columns: dict[str, int]) -> tuple[list[int], dict[str, tuple]]:
        """Make one report per commune and period of a form, in which each row is a count."""
        column, beside = columns["value"], self.by_role["measure"]
        values, sound = self.read(column)
        firsts: dict[tuple, int] = {}
        found: dict[tuple[str, int], int] = {}
        for i, row in enumerate(self.data):
            label = tuple(labels[i] for labels in self.labels.values())
            report = firsts.setdefault(label, i)
            [count] = self.counted[row]
            self.log.keep(row, beside)
            if (count, report) in found:
                self.add_problem(
                    "row_twice", row, column, name=label_of(count, self.choices.language)
                )
                sound[found[count, report]] = False
            else:
                found[count, report] = i
        reports = list(firsts.values())
        by_count = {}
        for count in dict.fromkeys(count for count, _ in found):
            at = [found.get((count, report), -1) for report in reports]
            by_count[count] = (
                [values[i] if i >= 0 else None for i in at],
                [sound[i] if i >= 0 else True for i in at],
                np.array([self.data[i] if i >= 0 else -1 for i in at]),
                np.array([column if i >= 0 else -1 for i in at]),
            )
        return reports, by_count

    def _reports(self, key: tuple, reports: list[int], counts: dict[str, tuple]) -> Reports:
        """Build the reports of the columns whose headers name one period and commune."""
        span, part, commune = key
        rows = np.array([self.data[i] for i in reports])
        named, source = self.labels.get("commune"), self.labels.get("source")
        given = commune or self.context.commune
        mark = "illustrative" if self.context.illustrative else ""
        days, broken = self._periods(reports, span, part)
        villages = self.labels.get("village")
        values = {
            "commune": [named[i] for i in reports] if named else [given] * len(rows),
            **({"village": [villages[i] for i in reports]} if villages else {}),
            **days,
            "source": [source[i] for i in reports] if source else [mark] * len(rows),
        }
        places = {field: column for field in values if (column := self._place(field)) >= 0}
        columns = {field: np.broadcast_to(column, len(rows)) for field, column in places.items()}
        columns |= {day: np.where(broken, -1, places[day]) for day in DAYS if day in places}
        sound = np.all([sound for _, sound, _, _ in counts.values()], axis=0)
        return Reports(
            pd.DataFrame(values | {count: of[0] for count, of in counts.items()}, dtype=object),
            dict.fromkeys(places, rows) | {count: of[2] for count, of in counts.items()},
            columns | {count: of[3] for count, of in counts.items()},
            np.zeros(len(rows), int),
            sound & ~broken & ~np.isin(rows, self.unsure) & (not self.refused),
            [self.log],
            [self.headers],
            self.choices.language,
        )

    def _place(self, field: str) -> int:
        """Return the column of a field; -1 if it stands in the header or a title."""
        if field in COUNTS:
            return -1
        halved = field in DAYS and not set(DAYS) <= set(self.labels)
        if field in self.labels and not halved:
            return self.by_role[field]
        if field.startswith("period") and self.periods.labels:
            return self.by_role[next(iter(self.periods.labels))]
        return -1

    def _periods(
        self, reports: list[int], span: Span | None, part: str
    ) -> tuple[dict[str, list], np.ndarray]:
        """Return first and last days from row, header or title, and which rows have none."""
        broken = np.zeros(len(reports), bool)
        if {"period_start", "period_end"} <= set(self.labels):
            names = [n for n in ("period_start", "period_end", "year") if n in self.labels]
            return {name: [self.labels[name][i] for i in reports] for name in names}, broken
        found = [self.periods.span_of(i, span, part) for i in reports]
        for at, i in enumerate(reports):
            if found[at] is None and any(label != "" for label in self.periods.labels_of(i)):
                broken[at] = True
                column = self._place("period_start")
                self.add_problem("broken_period", self.data[i], column)
                self.log.set_aside(None, self.data[i], column)
        unknown = None in found and not self.periods.labels
        if unknown and self.context.unread:
            self.log.add_problem(self.log.problem_at("unread_period", words=self.context.unread))
        elif unknown and len(self.context.spans) > 1:
            named = [f"{s.start:%d/%m/%Y}–{s.end:%d/%m/%Y}" for s in self.context.spans]
            self.log.add_problem(self.log.problem_at("several_periods", periods="; ".join(named)))
        assumed = next((span for span in found if span and not span.stated), None)
        if assumed and not any(note.kind == "period_assumed" for note in self.log.notes):
            days = {"start": f"{assumed.start:%d/%m/%Y}", "end": f"{assumed.end:%d/%m/%Y}"}
            self.log.add_note(self.log.problem_at("period_assumed", **days))
        return {
            "period_start": [span and pd.Timestamp(span.start) for span in found],
            "period_end": [span and pd.Timestamp(span.end) for span in found],
        }, broken
