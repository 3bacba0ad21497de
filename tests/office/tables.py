"""Columns and lines in; a table drawn on a sheet, with its totals, sections and numbers, out."""

from __future__ import annotations

from itertools import groupby

from tests.office import words
from tests.office.draft import Draft
from tests.office.paper import Cell, Column, Line, Sheet, blank_line

SUMMED = ("count", "to_date", "sum")


def dress(
    draft: Draft, columns: list[Column], lines: list[Line], name: int, totals: tuple[str, ...]
) -> list[Line]:
    """Add sections and totals to lines of data; ``name`` is the column that names each line."""
    summed = [i for i, column in enumerate(columns) if column.role in SUMMED]
    body = _sections(draft, columns, [line for line in lines if line.kind != "city"], name, summed)
    body += [line for line in lines if line.kind == "city"]
    if draft.total and totals and len(lines) > 1:
        draft.chance.note(f"totals {draft.total}")
        line = blank_line("total", columns)
        line.cells[name] = Cell(draft.spelling.text(draft.chance.choice(totals)))
        _add_up(line, lines, summed)
        body = [line, *body] if draft.total == "first" else [*body, line]
    return body


def _sections(
    draft: Draft, columns: list[Column], lines: list[Line], name: int, summed: list[int]
) -> list[Line]:
    """Put the heading of a group above its lines, and its totals there or below, if anywhere."""
    if not draft.sections or not all(line.section for line in lines):
        return lines
    draft.chance.note("section rows")
    style = "none"
    if draft.section_totals:
        style = draft.chance.one("section totals", {"heading": 2, "below": 1, "none": 1})
    body: list[Line] = []
    for number, (kind, group) in enumerate(groupby(lines, lambda line: line.section)):
        members, title = list(group), words.SECTIONS[kind]
        heading = blank_line("section", columns)
        roman = ("I", "II", "III", "IV")[number]
        if columns[0].role == "number" and draft.chance.random() < 0.7:
            heading.cells[0] = Cell(roman)
            heading.cells[name] = Cell(draft.spelling.text(title))
        else:
            heading.cells[name] = Cell(draft.spelling.text(f"{roman}. {title}"))
        body += [heading, *members]
        if style == "heading":
            _add_up(heading, members, summed)
        elif style == "below":
            below = blank_line("total", columns)
            below.cells[name] = Cell(f"Cộng {title.lower()}")
            _add_up(below, members, summed)
            body.append(below)
    return body


def _add_up(total: Line, lines: list[Line], summed: list[int]) -> None:
    """State the sum of what is known in each column."""
    added = [line for line in lines if line.kind in ("data", "city")]
    for i in summed:
        known = [line.cells[i].amount for line in added if line.cells[i].amount is not None]
        if known:
            first = added[0].cells[i]
            role = "total" if first.role == "count" else ""
            total.cells[i] = Cell(sum(known), role, first.measure, amount=sum(known))


def number_lines(draft: Draft, lines: list[Line], name: int) -> None:
    """Fill the first column with numbers, once for each name."""
    dot = "." if draft.chance.random() < 0.2 else ""
    number = 0
    for line in lines:
        if line.kind in ("data", "city") and line.cells[name].value is not None:
            number += 1
            line.cells[0] = Cell(f"{number}." if dot else number)


def side_columns(draft: Draft, columns: list[Column], lines: list[Line]) -> None:
    """Add columns at the right that hold no counts: notes, and what nobody knows."""
    chance = draft.chance
    if draft.unknown:
        chance.note("unknown column")
        columns.append(Column((words.UNKNOWN[0],), "unknown"))
        for line in lines:
            line.cells.append(Cell(chance.choice((None, *words.UNKNOWN_CELLS))))
    if draft.notes:
        chance.note("notes column")
        columns.append(Column((words.NOTE[0],), "note"))
        for line in lines:
            line.cells.append(Cell(chance.choice((None, None, *words.NOTES))))


def draw(
    draft: Draft, sheet: Sheet, top: int, left: int, columns: list[Column], lines: list[Line]
) -> int:
    """Draw a table with its header; give the first row below it."""
    depth = max(len(column.path) for column in columns)
    _draw_header(draft, sheet, top, left, columns, depth)
    row = top + depth
    if draft.units == "below" and any(column.unit for column in columns):
        draft.chance.note("units row")
        for i, column in enumerate(columns):
            sheet.put(row, left + i, f"({column.unit})" if column.unit else None)
        row += 1
    if draft.numbering:
        draft.chance.note("numbering row")
        for i, text in enumerate(_numbering(draft, columns)):
            sheet.put(row, left + i, text)
        row += 1
    rows = []
    interrupted = _interruption(draft, columns, lines)
    for number, line in enumerate(lines):
        if number == interrupted:
            row = _interrupt(draft, sheet, row, left, columns, depth)
        for i, cell in enumerate(line.cells):
            cell.headers = tuple(str(text) for text in columns[i].path)
            cell.formula = draft.formulas and line.kind in ("total", "section")
            sheet.put(row, left + i, cell)
        rows.append(row)
        row += 1
    if draft.merges:
        _merge_groups(draft, sheet, rows, left, columns, lines)
    sheet.tables.append((top, left, row - 1, left + len(columns) - 1))
    return row


def _interruption(draft: Draft, columns: list[Column], lines: list[Line]) -> int:
    """Choose the line before which a page ends or a row is left blank, if any."""
    if len(lines) < 4 or draft.chance.random() > 0.1:
        return -1
    names = [i for i, column in enumerate(columns) if column.role in ("commune", "period")]
    whole = [
        number
        for number, line in enumerate(lines)
        if number > 1 and all(line.cells[i].value is not None for i in names)
    ]
    return draft.chance.choice(whole) if whole else -1


def _interrupt(
    draft: Draft, sheet: Sheet, row: int, left: int, columns: list[Column], depth: int
) -> int:
    """Leave a row blank, or write the header once more as on a new page."""
    if draft.chance.random() < 0.5:
        draft.chance.note("blank row within a table")
        return row + 1
    draft.chance.note("header once more")
    _draw_header(draft, sheet, row, left, columns, depth)
    return row + depth


def _draw_header(
    draft: Draft, sheet: Sheet, top: int, left: int, columns: list[Column], depth: int
) -> None:
    """Write the texts of a header, each once over the columns and rows that it stands for."""
    for level in range(depth):
        i = 0
        while i < len(columns):
            path = columns[i].path
            last = i
            if level < len(path) - 1:  # the columns that share everything down to this level
                while last + 1 < len(columns) and _share(columns[last + 1], path, level):
                    last += 1
            if level < len(path):
                sheet.put(top + level, left + i, _header_cell(draft, columns[i], level))
                lowest = depth - 1 if level == len(path) - 1 else level
                if draft.merges:
                    sheet.merge(top + level, left + i, top + lowest, left + last)
            i = last + 1


def _share(column: Column, path: tuple, level: int) -> bool:
    return len(column.path) > level + 1 and column.path[: level + 1] == path[: level + 1]


def _header_cell(draft: Draft, column: Column, level: int) -> object:
    text = column.path[level]
    if not isinstance(text, str):
        return text
    unit = column.unit if draft.units == "in brackets" and level == len(column.path) - 1 else ""
    if unit:
        draft.chance.note("units in brackets")
    return draft.spelling.header(f"{text} ({unit})" if unit else text)


def _numbering(draft: Draft, columns: list[Column]) -> list[str]:
    """Number the columns: ``(1) (2) (3)=(1)+(2)``, or ``A B 1 2``."""
    labels = [i for i, column in enumerate(columns) if column.role not in SUMMED]
    if draft.chance.random() < 0.3:
        letters, numbers = iter("ABCDEGHIKLMNOPQRST"), iter(range(1, 99))
        leading = next((i for i, c in enumerate(columns) if i not in labels), len(columns))
        return [next(letters) if i < leading else str(next(numbers)) for i in range(len(columns))]
    texts = [f"({i + 1})" for i in range(len(columns))]
    if len(columns) > 3 and draft.chance.random() < 0.4:
        texts[-1] += f"=({len(columns) - 2})+({len(columns) - 1})"
    return texts


def _merge_groups(
    draft: Draft,
    sheet: Sheet,
    rows: list[int],
    left: int,
    columns: list[Column],
    lines: list[Line],
) -> None:
    """Merge what stands once for several lines, where the layout left cells blank below it."""
    for i, column in enumerate(columns):
        starts = [n for n, line in enumerate(lines) if line.cells[i].role == "group"]
        if column.role != "commune":
            continue
        for start in starts:
            end = start
            while end + 1 < len(lines) and _goes_on(lines[end + 1], i):
                end += 1
            if end > start and draft.chance.random() < 0.8:
                draft.chance.note("group cells merged")
                sheet.merge(rows[start], left + i, rows[end], left + i)


def _goes_on(line: Line, column: int) -> bool:
    return line.kind == "data" and line.cells[column].value is None
