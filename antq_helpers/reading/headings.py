"""One table in; its parts under headings of periods, communes or counts, out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from antq_helpers.reading.bands import Bands
from antq_helpers.reading.counts import read_count
from antq_helpers.reading.headers import (
    COUNTS,
    is_header_cell,
    meanings_of,
    measure_of,
    names_total,
)
from antq_helpers.reading.rows import LEADING, ROMAN
from antq_helpers.reading.table import Table

_BEFORE_PERIOD = re.compile(r"^(?:kết quả|số liệu|báo cáo|trong)\s+", re.IGNORECASE)
_OF_PERIODS = {"period_start", "period_end", "period", "year", "month", "quarter"}


def under_headings(table: Table, finder: Bands) -> list[Table]:
    """Part what stands below one header under the names of periods, of communes, or of counts.

    Each part has its heading for a title. A form has a commune's rows of counts under each name, a
    table of periods a count's rows of communes; either may stand once for each month. What stands
    under "Toàn thành phố" is their total, and outside.
    """
    texts = [text for path in table.paths.values() for text in path]
    named = {meaning for text in texts for meaning in meanings_of(text)}
    dated = named & _OF_PERIODS or any(is_header_cell(text) == "period" for text in texts)
    kinds: list[Callable[[str], bool]] = [] if dated else [_names_period]
    is_form = "measure" in named and "commune" not in named
    if is_form:
        kinds.append(finder.knows)
    elif "commune" in named and not named & {"measure", *COUNTS}:
        kinds.append(_names_count)
    # Months may stand under each commune, or communes under each month.
    heads = {names: _headings(table, names, finder, is_form) for names in kinds}
    parts = [table]
    for names in sorted((names for names in kinds if heads[names]), key=lambda n: min(heads[n])):
        parts = [p for part in parts for p in _parts_under(part, names, finder, is_form)]
    return parts


def _headings(
    table: Table, names: Callable[[str], bool], finder: Bands, is_form: bool
) -> dict[int, str]:
    """Give the rows of headings of one kind, as far as figures stand below them."""
    rows = table.sheet.rows
    # Below the last row of figures stand the titles of the next table.
    inside = (row for row in reversed(table.body) if finder.is_of_table(rows[row], table.band))
    within = range(table.body.start, next(inside, table.body.start))
    sums = names is _names_period and not is_form
    heads = {row: name for row in within if (name := _heading(rows[row], names, sums))}
    if heads and names == finder.knows:
        heads |= dict.fromkeys((r for r in within if _heading(rows[r], names_total, sums)), "")
    return dict(sorted(heads.items()))


def _parts_under(
    table: Table, names: Callable[[str], bool], finder: Bands, is_form: bool
) -> list[Table]:
    heads = _headings(table, names, finder, is_form)
    if not heads:
        return [table]
    before = range(table.body.start, min(heads))
    parts = []
    if any(cell != "" for row in table.sheet.rows[before.start : before.stop] for cell in row):
        parts.append(replace(table, body=before))
    for start, stop in pairwise([*heads, table.body.stop]):
        if heads[start]:
            titles = [*table.titles, [heads[start]]]
            parts.append(replace(table, body=range(start + 1, stop), titles=titles))
    return [*parts[:-1], *(_without_last_total(part, parts[:-1]) for part in parts[-1:])]


def _without_last_total(part: Table, before: list[Table]) -> Table:
    """Leave a total that the parts before have not outside the last: it is that of all."""

    def totals(table: Table) -> list[int]:
        rows = table.sheet.rows
        return [
            r for r in table.body if any(isinstance(c, str) and names_total(c) for c in rows[r])
        ]

    own = max(map(len, map(totals, before)), default=len(totals(part)))
    further = totals(part)[own:]
    return replace(part, body=range(part.body.start, further[0])) if further else part


def _names_period(text: str) -> bool:
    return is_header_cell(_BEFORE_PERIOD.sub("", text)) == "period"


def _names_count(text: str) -> bool:
    return len(measure_of(text)) == 1


def _heading(row: list, names: Callable[[str], bool], sums: bool) -> str:
    """Give the name that a row holds with nothing but its number, or sums behind it; else ""."""
    filled = [cell for cell in row if cell != ""]
    texts = [LEADING.sub("", cell) if isinstance(cell, str) else "" for cell in filled]
    found = [i for i, text in enumerate(texts) if any(map(str.isalpha, text)) and names(text)]
    if len(found) != 1:
        return ""
    before, behind = filled[: found[0]], filled[found[0] + 1 :]
    alone = len(before) <= 1 and (sums or not behind) and all(map(_is_number, [*before, *behind]))
    return texts[found[0]] if alone else ""


def _is_number(cell: object) -> bool:
    return bool(ROMAN.fullmatch(str(cell))) or read_count(cell).value is not None
