"""Stated totals and what they add up in; those that differ from their parts out."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass

import pandas as pd

from antq_helpers.reading.board import Board, column_name
from antq_helpers.reading.columns import is_part
from antq_helpers.reading.counts import Count, read_count
from antq_helpers.reading.gathering import Gatherer
from antq_helpers.registers import Register
from antq_helpers.tables import read_date

_SEVERAL = 6
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class YearToDate:
    """A figure of a year-to-date column: whose it is, to which day, and where it stands."""

    commune: str
    end: pd.Timestamp | None
    count: str
    stated: int
    board: Board
    row: int
    column: int
    header: str


def check_totals(gatherer: Gatherer) -> None:
    """Hold each stated total of a table against the rows that it is the total of.

    These can be all rows, those of its group above or below it, or of its page; they are the ones
    that its columns agree with best. Where a part is not reported or waits to be corrected, the
    parts may fall short.
    """
    _check_columns(gatherer)
    if not (totals := _totals(gatherer)):
        return
    parts = tuple(sorted({*_shortest(gatherer), *_city_rows(gatherer)}))
    figures = {
        column: {row: _figure(gatherer, row, column) for row in (*parts, *totals)}
        for column in gatherer.figures
    }
    above = {row: _around(row, parts, totals)[0] for row in gatherer.rows.totals}
    taken = {g for row, g in above.items() if all(_agrees(row, g, f) > 0 for f in figures.values())}
    for row in totals:
        groups = _groups(gatherer, row, parts, taken)
        held = [[_agrees(row, group, figures[c]) for c in figures] for group in groups]
        # Of groups that agree alike, the first is the likeliest.
        best = max(range(len(groups)), key=lambda i: sum(held[i]), default=None)
        for column, agrees in zip(figures, [] if best is None else held[best], strict=False):
            if agrees < 0:
                _say(gatherer, row, column, groups[best], figures[column])


def _check_columns(gatherer: Gatherer) -> None:
    """Hold a column of totals against the months or communes beside it."""
    for column, meaning in gatherer.columns.items():
        if meaning.role != "total":
            continue
        role = meaning.measure or "value"
        beside = {c: other for c, other in gatherer.columns.items() if other.role == role}
        parts = [c for c, other in beside.items() if is_part(other, meaning)]
        named = f"{column_name(parts[0])}–{column_name(parts[-1])}" if parts else ""
        for row in gatherer.data if parts else []:
            stated = _figure(gatherer, row, column)
            values = [_figure(gatherer, row, part).value for part in parts]
            total, unsure = sum(value or 0 for value in values), None in values
            if stated.value is None or total == stated.value or (unsure and total < stated.value):
                continue
            gatherer.fault(
                "total_of_columns", row, column, stated=stated.value, sum=total, columns=named
            )


def _shortest(gatherer: Gatherer) -> list[int]:
    """Leave out the rows whose period others fill: a quarter below its months is their total."""
    if not gatherer.dater.labels or "commune" in gatherer.labels:
        return gatherer.data
    spans = [gatherer.dater.span_of(i) for i in range(len(gatherer.data))]
    return [
        row
        for row, span in zip(gatherer.data, spans, strict=True)
        if span is None
        or not any(
            other and other != span and span.start <= other.start and other.end <= span.end
            for other in spans
        )
    ]


def _city_rows(gatherer: Gatherer) -> list[int]:
    return [row for row, kind in gatherer.rows.aside.items() if kind == "city_body"]


def _figure(gatherer: Gatherer, row: int, column: int) -> Count:
    choices = gatherer.choices
    return read_count(gatherer.table.sheet.rows[row][column], choices.numbers, choices.dash)


def _totals(gatherer: Gatherer) -> list[int]:
    return [*gatherer.rows.totals, *gatherer.rows.sections]


def _groups(
    gatherer: Gatherer, row: int, parts: tuple[int, ...], taken: set[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """Give the groups of rows that a total can be of, the likeliest first.

    The city's own body belongs to no section, even where it stands below the last of one. Rows that
    are ``taken`` are summed up right below them, so that no total above them is theirs.
    """
    above, below = _around(row, parts, _totals(gatherer))
    if row in gatherer.rows.sections:
        city = _city_rows(gatherer)
        groups = [tuple(part for part in below if part not in city), below]
    else:
        page = _page(gatherer, row, parts)
        over, under = _around(row, parts, gatherer.rows.totals)
        free = [group for group in (below, under) if group not in taken]
        groups = [parts, above, over, *free, page]
    return [group for group in groups if group]


def _page(gatherer: Gatherer, row: int, parts: tuple[int, ...]) -> tuple[int, ...]:
    """Give the parts between the headers around a total, where other pages have totals, too."""
    headers = [other for other, kind in gatherer.rows.aside.items() if kind == "header_again"]
    pages = {bisect(headers, total) for total in gatherer.rows.totals}
    return sum(_around(row, parts, headers), ()) if len(pages) > 1 else ()


def _around(row: int, parts: tuple[int, ...], totals: list[int]) -> list[tuple[int, ...]]:
    """Give the parts between a total and the one before it, and the one after it."""
    before = max((total for total in totals if total < row), default=-1)
    after = min((total for total in totals if total > row), default=10**9)
    at = [bisect(parts, edge) for edge in (before, row, after - 1)]
    return [parts[at[0] : at[1]], parts[at[1] : at[2]]]


def _sum(group: tuple[int, ...], figures: dict[int, Count]) -> int:
    return sum(figures[row].value or 0 for row in group)


def _agrees(row: int, group: tuple[int, ...], figures: dict[int, Count]) -> int:
    """Give 1 where a total is the sum of a group, 0 where it may be, -1 where it is not.

    It may be where parts that are not reported could make up what is short of it.
    """
    stated = figures[row]
    if stated.value is None or stated.kind:
        return 0
    total = _sum(group, figures)
    unsure = any(figures[part].value is None for part in group)
    return 1 if total == stated.value else 0 if unsure and total < stated.value else -1


def _say(
    gatherer: Gatherer, row: int, column: int, group: tuple[int, ...], figures: dict[int, Count]
) -> None:
    total = _sum(group, figures)
    rows = [str(part + 1) for part in group]
    named = f"{rows[0]}–{rows[-1]}" if len(rows) > _SEVERAL else ", ".join(rows)
    gatherer.fault("total_differs", row, column, stated=figures[row].value, sum=total, rows=named)


def years_to_date(gatherer: Gatherer) -> list[YearToDate]:
    """List the figures of a table's year-to-date columns."""
    columns = {c: m.measure for c, m in gatherer.columns.items() if m.role == "to_date"}
    columns = {column: count for column, count in columns.items() if count}
    communes, found = gatherer.labels.get("commune"), []
    for i, row in enumerate(gatherer.data if columns else []):
        ends, span = gatherer.labels.get("period_end"), gatherer.dater.span_of(i)
        end = ends[i] if ends else span and span.end
        commune = communes[i] if communes else gatherer.context.commune
        for column, count in columns.items():
            figure = _figure(gatherer, row, column)
            if figure.value is not None:
                day = read_date(end) if end else None
                day = day if isinstance(day, pd.Timestamp) else None
                where = (gatherer.board, row, column, gatherer.headers[column])
                found.append(YearToDate(commune, day, count, figure.value, *where))
    return found


def check_years_to_date(records: pd.DataFrame, figures: list[YearToDate], places: Register) -> None:
    """Hold year-to-date figures against the periods of their year, where all of them are there."""
    if not figures or records.empty:
        return
    by_commune = dict(list(records.sort_values("period_start").groupby("commune")))
    for figure in figures:
        known = places.positions(figure.commune)
        reports = by_commune.get(places.units["name"].iloc[known[0]]) if known else None
        parts = None if reports is None else _of_year(reports, figure.end)
        if parts is None or parts[figure.count].isna().any():
            continue
        total = int(parts[figure.count].sum())
        if total != figure.stated:
            row, column = figure.row, figure.column
            details = {"stated": figure.stated, "sum": total}
            value = figure.stated
            problem = figure.board.say(
                "to_date_differs", row, column, figure.header, value, **details
            )
            figure.board.fault(problem, row, column)


def _of_year(reports: pd.DataFrame, end: pd.Timestamp | None) -> pd.DataFrame | None:
    """Give the reports of a reporting year up to a day; None where they leave days out."""
    last = reports["period_end"].max() if end is None or pd.isna(end) else end
    parts = reports[(reports["year"] == last.year) & (reports["period_end"] <= last)]
    if parts.empty or parts["period_end"].iloc[-1] != last:
        return None
    starts, ends = parts["period_start"], parts["period_end"]
    first = starts.iloc[0]
    begins = (first.month, first.day) in ((1, 1), (12, 15))
    follow = (starts.iloc[1:].to_numpy() == (ends.iloc[:-1] + _DAY).to_numpy()).all()
    return parts if begins and follow else None
