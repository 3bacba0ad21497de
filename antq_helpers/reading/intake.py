"""One file in; the reports of all its tables, and what became of each cell, out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from antq_helpers.dictionary import LANGUAGES, table_fields, word
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.board import Board, column_name
from antq_helpers.reading.columns import read_columns
from antq_helpers.reading.files import read_clean
from antq_helpers.reading.gathering import Choices, Gatherer
from antq_helpers.reading.headers import COUNTS, meanings_of
from antq_helpers.reading.layouts import sort_rows
from antq_helpers.reading.refusing import column_of_persons
from antq_helpers.reading.reports import Reports
from antq_helpers.reading.sheets import Sheet, read_book
from antq_helpers.reading.spreadsheets import find_tables, tidy
from antq_helpers.reading.sums import YearToDate, check_totals, years_to_date
from antq_helpers.reading.synonyms import no_count
from antq_helpers.reading.table import Table
from antq_helpers.reading.tcvn3 import from_tcvn3, looks_like_tcvn3
from antq_helpers.reading.titles import Context, read_context
from antq_helpers.reading.understood import described, label_of
from antq_helpers.registers import Register

_NAMES_SHOWN = 5


@dataclass
class Intake:
    """What one file gave: reports, accounts of its sheets, and problems and notes of the file.

    ``others`` are the words that say of a table that it holds no counts; ``is_blank`` says that a
    table was found, but no row in it.
    """

    reports: list[Reports] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    to_date: list[YearToDate] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    is_blank: bool = False


def take_in(path: Path, places: Register, choices: Choices) -> Intake:
    """Read everything that a file holds.

    Raises
    ------
    DataProblem
        Where nothing can be read of it, or it holds persons.
    """
    clean = read_clean(path, places) if choices.encoding is None else None
    intake = _take_book(path, places, choices) if clean is None else Intake([clean], clean.boards)
    if clean is not None:
        intake.headers = described(clean.boards[0], clean.headers[0], choices.language)
    _say_what_is_absent(path.name, intake, choices.language)
    return intake


def _take_book(path: Path, places: Register, choices: Choices) -> Intake:
    book = read_book(path, encoding=choices.encoding, language=choices.language)
    sheets, converted = _convert(book.sheets, places, choices.encoding == "tcvn3")
    intake = Intake(notes=[*book.notes, *converted])
    old = _old_letters(sheets, places)
    if old:
        raise DataProblem([Problem("tcvn3", path.name, details=old)], choices.language)
    for sheet in sheets:
        refused = _take_sheet(tidy(sheet), places, choices, intake)
        if refused:
            # The message is made here, where no cell of the file is held any more.
            del book, sheets, sheet, intake, old, converted
            raise DataProblem([refused], choices.language)
    return intake


def _convert(
    sheets: tuple[Sheet, ...], places: Register, wanted: bool
) -> tuple[tuple[Sheet, ...], list[Problem]]:
    """Read every text as TCVN3 where the user says so, and show what became of the names."""
    if not wanted:
        return sheets, []
    changed, names = [], {}
    for sheet in sheets:
        rows = [[from_tcvn3(c) if isinstance(c, str) else c for c in row] for row in sheet.rows]
        changed.append(replace(sheet, rows=rows, name=from_tcvn3(sheet.name)))
        for old, new in zip(sheet.rows, rows, strict=True):
            names |= {
                before: after
                for before, after in zip(old, new, strict=True)
                if before != after and places.knows(after)
            }
    shown = "; ".join(f"{old} → {new}" for old, new in list(names.items())[:_NAMES_SHOWN])
    note = Problem("converted", sheets[0].file, details={"names": shown or "–"})
    return tuple(changed), [note]


def _old_letters(sheets: tuple[Sheet, ...], places: Register) -> dict[str, str]:
    """Find a header or commune that is written in TCVN3; nothing else is quoted."""
    texts = frozenset().union(*(sheet.texts for sheet in sheets))
    if not looks_like_tcvn3(texts):
        return {}
    for text in sorted(texts):
        new = from_tcvn3(text)
        if new != text and (places.knows(new) or meanings_of(new)):
            return {"sample": text, "converted": new}
    return {}


def _take_sheet(sheet: Sheet, places: Register, choices: Choices, intake: Intake) -> Problem | None:
    """Read one sheet into the intake; give the refusal where it holds persons."""
    width = len(sheet.rows[0]) if sheet.rows else 0
    filled = np.array(sheet.rows, dtype=object).reshape(len(sheet.rows), width) != ""
    board = Board(sheet.file, sheet.name, filled)
    intake.boards.append(board)
    if not filled.any():
        return None
    tables = find_tables(sheet, places.knows)
    column = column_of_persons(sheet, tables)
    if column:
        return board.say("persons", header=column)
    if sheet.hidden:
        board.aside(board.say("hidden_sheet"), slice(None))
        return None
    before = len(intake.reports)
    first: Context | None = None
    for table in tables:
        mark = [word("illustrative", language) for language in LANGUAGES]
        context = read_context(table, first, places, mark)
        first = first or context
        _take_table(table, context, board, places, choices, intake)
    if len(intake.reports) == before and not board.problems:
        board.aside(board.say("sheet_skipped"), slice(None))
        return None
    _say_what_is_hidden(sheet, board)
    board.rest_is_outside()
    return None


def _take_table(
    table: Table,
    context: Context,
    board: Board,
    places: Register,
    choices: Choices,
    intake: Intake,
) -> None:
    if table.form and not (context.communes and context.spans):
        return  # names of counts beside figures may be anything, unless it is said whose and when
    columns = read_columns(table, context, places)
    counted = [c for c, m in columns.items() if m.role in (*COUNTS, "value", "unclear")]
    if context.of_others and counted:
        intake.others.append(context.of_others)
    if context.of_others or not counted:
        unknown = [c for c, meaning in columns.items() if meaning.role == "unknown"]
        for column in counted or unknown:
            kind = "column_comparison" if counted else "column_unused"
            board.note(board.say(kind, table.band[-1], column, table.header(column)))
        return
    rows = sort_rows(table, columns, places)
    if not rows.data:
        intake.is_blank = True
        set_apart = (row for row, kind in rows.aside.items() if kind == "row_comparison")
        cells = (str(cell) for row in set_apart for cell in table.sheet.rows[row])
        intake.others += [found for cell in cells if (found := no_count(cell))]
        return
    gatherer = Gatherer(table, columns, rows, context, board, choices)
    reports = gatherer.gather()
    if reports is None:
        return
    check_totals(gatherer)
    intake.to_date += years_to_date(gatherer)
    intake.reports.append(reports)
    intake.headers += described(board, gatherer.headers, choices.language, gatherer.columns)
    _say_what_the_names_gave(context, board, gatherer)


def _say_what_the_names_gave(context: Context, board: Board, gatherer: Gatherer) -> None:
    language = gatherer.choices.language
    used = {
        "period": not ({"period", "month", "quarter", "year", "period_end"} & set(gatherer.labels)),
        "commune": "commune" not in gatherer.labels,
    }
    for what, found in context.from_name.items():
        if used[what]:
            note = board.say("taken_from_name", what=word(f"what_{what}", language), found=found)
            board.note(note)


def _say_what_is_hidden(sheet: Sheet, board: Board) -> None:
    rows = [row for row in sheet.hidden_rows if row < len(board.filled) and board.filled[row].any()]
    width = board.filled.shape[1]
    columns = [c for c in sheet.hidden_columns if c < width and board.filled[:, c].any()]
    if rows:
        named = ", ".join(str(row + 1) for row in rows)
        board.note(board.say("hidden_rows", rows=named))
    if columns:
        named = ", ".join(column_name(column) for column in columns)
        board.note(board.say("hidden_columns", columns=named))


def _say_what_is_absent(file: str, intake: Intake, language: str) -> None:
    """Say which counts no table of the file holds, or that there is no table at all."""
    if not intake.reports:
        if intake.others:
            words = "; ".join(dict.fromkeys(intake.others))
            intake.problems.append(Problem("no_counts", file, details={"words": words}))
        elif intake.is_blank:
            intake.problems.append(Problem("empty_file", file))
        elif not any(board.problems for board in intake.boards):
            titles = {f["name"]: f["title_vi"] for f in table_fields("records") if "title_vi" in f}
            headers = ", ".join(titles[count] for count in COUNTS)
            intake.problems.append(Problem("no_table", file, details={"headers": headers}))
        return
    held = {field for reports in intake.reports for field in reports.rows}
    absent = [label_of(count, language) for count in COUNTS if count not in held]
    if absent:
        label = "; ".join(absent)
        intake.notes.append(Problem("count_absent", file, details={"label": label}))
