"""One table of a sheet in; what each of its columns is out."""

from __future__ import annotations

import re
from dataclasses import replace

from antq_helpers.reading.headers import (
    COUNTS,
    Meaning,
    header_key,
    in_brackets,
    meanings_of,
    understand,
)
from antq_helpers.reading.spans import with_stated_days
from antq_helpers.reading.synonyms import nearest_count
from antq_helpers.reading.table import Table
from antq_helpers.reading.titles import Context
from antq_helpers.registers import Register


def read_columns(table: Table, context: Context, places: Register) -> dict[int, Meaning]:
    """Say what each column of a table is."""
    if table.form:
        return dict(zip(table.form, (Meaning("measure"), Meaning("value")), strict=True))
    found = {
        column: understand(path, context.year, places.knows) for column, path in table.paths.items()
    }
    found |= _sexes(table, found) | _two_in_one(table, found) | _to_date(found)
    if context.span and context.span.stated:
        found = {
            column: replace(m, span=with_stated_days(m.span, context.span)) if m.span else m
            for column, m in found.items()
        }
    for column, meaning in found.items():
        near = nearest_count(table.paths[column][-1]) if meaning.role == "unknown" else ""
        if near and all(near not in (m.role, *m.options) for m in found.values()):
            found[column] = Meaning("unclear", options=(near,))
    beside = [column for column, meaning in found.items() if meaning.role == "measure"]
    found |= _units(table, found) if beside else {}
    by_rows = bool(beside)
    for column, meaning in found.items():
        if meaning.role == "value" and by_rows and column < beside[0]:
            found[column] = Meaning("unknown")  # figures stand behind what they count
    placed = [m for m in found.values() if m.span or m.part or m.commune]
    measure = context.measures[0] if len(context.measures) == 1 else ""
    for column, meaning in found.items():
        counts = meaning.role in (*COUNTS, "value")
        if counts and _is_total(meaning, table.paths[column], placed):
            count = meaning.role if meaning.role in COUNTS else measure
            found[column] = replace(meaning, role="total", measure=count)
        elif meaning.role == "value" and not by_rows:
            options = context.measures or COUNTS
            unclear = replace(meaning, role="unclear", options=options)
            # "Số lượng (người)" counts no tips, whatever the title says.
            path = table.paths[column]
            doubtful = measure and in_brackets(path, measure, context.year, places.knows)[1]
            sure = measure and not doubtful
            found[column] = replace(meaning, role=measure) if sure else unclear
    return found


def _units(table: Table, found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Take "Đơn vị" beside what is counted for its unit, where units stand below it."""
    units = {}
    for column, meaning in found.items():
        if meaning.role == "commune" and table.holds_units(column):
            units[column] = Meaning("unit")
    return units


def _sexes(table: Table, found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Take "Nam" beside "Nữ" for men: without marks it would be the year."""
    last = {column: header_key(table.paths[column][-1]) for column in found}
    if not {header_key("nữ"), header_key("nu")} & set(last.values()):
        return {}
    men = [column for column, key in last.items() if key == header_key("nam")]
    return dict.fromkeys(men, Meaning("unknown"))


def _two_in_one(table: Table, found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Ask where one header names two counts: "Số buổi/lượt người"."""
    asked = {}
    for column, meaning in found.items():
        words = re.split(r"\s*(?:/|;|\+|&|\bvà\b)\s*", table.paths[column][-1])
        named = [min(meant) for text in words if len(meant := meanings_of(text)) == 1]
        counts = tuple(dict.fromkeys(name for name in named if name in COUNTS))
        if meaning.role == "unknown" and len(counts) > 1:
            asked[column] = Meaning("unclear", options=counts)
    return asked


def _to_date(found: dict[int, Meaning]) -> dict[int, Meaning]:
    """Take a longer period that ends with a shorter one beside it for the year to date.

    Where the months before stand there, too, they are held against each other elsewhere.
    """
    longer = {}
    for column, whole in found.items():
        beside = [m for c, m in found.items() if c != column and m.role == whole.role and m.span]
        counted = whole.role in (*COUNTS, "value")
        if not counted or not whole.span or whole.span.start.month not in (1, 12):
            continue
        inside = [m.span for m in beside if m.commune == whole.commune]
        last = any(s.end == whole.span.end and s.start > whole.span.start for s in inside)
        if last and all(s.start != whole.span.start for s in inside):
            measure = whole.role if whole.role in COUNTS else ""
            longer[column] = Meaning("to_date", measure=measure)
    return longer


def _is_total(meaning: Meaning, path: tuple[str, ...], placed: list[Meaning]) -> bool:
    """Say whether a column stands beside those of its months or communes as their total."""
    beside = [other for other in placed if other.role == meaning.role]
    summed = any("total" in meanings_of(text) for text in path[-1:])
    if not (meaning.span or meaning.part or meaning.commune):
        return len(beside) > 1 or (bool(beside) and summed)
    return summed and any(is_part(other, meaning) for other in beside)


def is_part(part: Meaning, whole: Meaning) -> bool:
    """Say whether the figures under a header go into a total: a month of its year or commune."""
    if whole.commune and part.commune != whole.commune:
        return False
    if whole.span is None:
        return bool(part.span or part.part) or (bool(part.commune) and not whole.commune)
    within = part.span and whole.span.start <= part.span.start and part.span.end <= whole.span.end
    return bool(within) and part.span != whole.span
