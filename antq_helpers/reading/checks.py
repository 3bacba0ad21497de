"""Checks across reports: repeats, overlaps, printed totals and year-to-date figures."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.dictionary import is_stock
from antq_helpers.places import Register
from antq_helpers.reading.cells import CellLog, Reports, column_name
from antq_helpers.reading.counts import Count, read_count
from antq_helpers.reading.layouts import is_part
from antq_helpers.reading.reports import TableReader, label_of
from antq_helpers.records import overlapping
from antq_helpers.tables import read_date

_DAY = pd.Timedelta(days=1)
_REPEATS = ("repeat_equal", "repeat_covers")
_MOST_NAMED = 12


def find_repeats(
    records: pd.DataFrame, counts: Sequence[str], reports: Reports, by: np.ndarray
) -> tuple[pd.DataFrame, dict[str, list[int]], list[int]]:
    """Find records whose days overlap those of other records of the same commune.

    Each count is judged by itself. That of a longer record whose days are exactly those of shorter
    ones, such as a half-year or the year to date beside its months, is a check on them: equal it
    is set aside with a note, unequal it is a problem that names both. One day in common, where a
    place changes its rule, is noted. Any other overlap is a problem. A count that no other record
    gives is kept: tips may be reported by months, and cases by quarters.

    Parameters
    ----------
    records
        With ``commune``, ``period_start``, ``period_end`` and the counts; its index is that of the
        reports.
    reports
        Where each stands; problems and notes are taken down there.
    by
        A number for the name of each record's commune.

    Returns
    -------
    (records without what is set aside or wrong, index of those whose count was set aside by count,
    index of the wrong ones)
    """
    # By name: a year of Giới Phiên that spans its merger is a check on its months before and after.
    days = ["period_start", "period_end"]
    start, end = (records[day].to_numpy("datetime64[D]").view(np.int64) for day in days)
    if not overlapping(by, start, end, edges=False).any():
        return records, {}, []
    ordered = records.sort_values(["commune", *days])
    same = ordered["commune"].eq(ordered["commune"].shift())
    # Ordered by first day, a commune with any overlap has one between neighbours.
    overlaps = same & (ordered["period_start"] <= ordered["period_end"].shift())
    touched = ordered.loc[overlaps, "commune"].unique()
    checks: dict[str, list[int]] = {}
    gone: list[int] = []
    wrong: list[int] = []
    records = records.copy() if len(touched) else records
    for _, some in ordered[ordered["commune"].isin(touched)].groupby("commune"):
        some = some.copy()
        first, last = (some[name].to_numpy() for name in ("period_start", "period_end"))
        kept = np.zeros(len(some), bool)
        for at in np.argsort(last - first, kind="stable"):  # the shorter ones first
            index, record = some.index[at], some.iloc[at].copy()
            common = some[kept & (first <= last[at]) & (last >= first[at])]
            kind, checked, details = _classify_overlap(record, common, counts, reports.language)
            if kind:
                places = [reports.name(i, index) for i in sorted(common.index)[:_MOST_NAMED]]
                places += ["…"] if len(common) > _MOST_NAMED else []
                details["rows"] = ", ".join(places)
            if kind in (*_REPEATS, "one_day_twice"):
                reports.add_note(kind, index, **details)
            elif kind:
                reports.add_problem(reports.problem(kind, index, **details), index)
                wrong.append(index)
            for count in checked:
                checks.setdefault(count, []).append(index)
                records.at[index, count] = some.at[index, count] = record[count] = pd.NA
            if kind in _REPEATS and record[list(counts)].isna().all():
                gone.append(index)
            else:
                kept[at] = True
    out = [*gone, *wrong]
    return (records.drop(index=out) if out else records), checks, wrong


def _classify_overlap(
    report: pd.Series, common: pd.DataFrame, counts: Sequence[str], language: str
) -> tuple[str, list[str], dict[str, object]]:
    """Classify a report against shorter ones that share days; return which counts are checks."""
    if common.empty:
        return "", [], {}
    details = name_report(report)
    given = [count for count in counts if pd.notna(report[count])]
    # A report without any count is judged by its days alone.
    shared = [c for c in given if common[c].notna().any()] if given else list(counts)
    if not shared:
        return "", [], {}
    parts = {count: _shorter_reports(report, common, count) for count in shared}
    apart = [count for count in shared if parts[count] is None]
    if apart:
        giving = common[common[apart].notna().any(axis=1)] if given else common
        return (
            ("one_day_twice" if _share_one_day(report, giving) else "reported_twice"),
            [],
            details,
        )
    differing = _differing(report, parts, language)
    wrong = [text for text, short in differing if not short]
    if wrong:
        return "repeat_differs", [], {**details, "difference": "; ".join(wrong)}
    if differing:
        texts = "; ".join(text for text, _ in differing)
        return "repeat_covers", shared, {**details, "difference": texts}
    return "repeat_equal", shared, details


def _share_one_day(report: pd.Series, common: pd.DataFrame) -> bool:
    """Check whether a report shares only its first or last day with others."""
    shared = common["period_end"].clip(upper=report["period_end"]) - common["period_start"].clip(
        lower=report["period_start"]
    )
    at_edge = (common["period_start"] < report["period_start"]) | (
        common["period_end"] > report["period_end"]
    )
    return bool(at_edge.all() and (shared == pd.Timedelta(0)).all())


def name_report(report: pd.Series) -> dict[str, object]:
    """Name a report by its commune and days."""
    days = f"{report['period_start']:%d/%m/%Y}–{report['period_end']:%d/%m/%Y}"
    return {"commune": report["commune"], "period": days}


def _shorter_reports(report: pd.Series, common: pd.DataFrame, count: str) -> pd.DataFrame | None:
    """Return the consecutive shorter reports that cover exactly the report's days.

    Those that give the count go first; None where they leave a day out, or one overlaps.
    """
    chosen: list[object] = []
    start = report["period_start"]
    while start <= report["period_end"]:
        here = common[common["period_start"] == start]
        here = here[here["period_end"] <= report["period_end"]]
        if here.empty:
            return None
        giving = here[here[count].notna()]
        chosen.append((here if giving.empty else giving).index[0])
        start = common.at[chosen[-1], "period_end"] + _DAY
    others = common.index.difference(chosen)
    whole = len(chosen) > 1 and common.loc[others, count].isna().all()
    return common.loc[chosen] if whole else None


def _differing(
    report: pd.Series, parts: dict[str, pd.DataFrame], language: str
) -> list[tuple[str, bool]]:
    """List the counts whose parts do not add up, and whether a blank part explains it.

    Where a part is blank the others may fall short of the whole, never pass it. Of a stock the
    last part is the whole.
    """
    found = []
    for count, some in parts.items():
        whole = report[count]
        total = some[count].iloc[-1] if is_stock(count) else some[count].sum()
        if pd.isna(total):
            continue
        if pd.notna(whole) and total != whole:
            short = total < whole and some[count].isna().any()
            found.append((f"{label_of(count, language)} {whole} ≠ {total}", bool(short)))
    return found


KEY = ["commune_id", "period_start", "period_end"]


def join_tables(
    records: pd.DataFrame, counts: Sequence[str], reports: Reports
) -> tuple[pd.DataFrame, dict[tuple[int, str], int], list[int]]:
    """Merge what several tables report about one commune and period.

    A table of tips and one of cases make one record. What is the same twice is set aside with a
    word; figures that differ are a problem that names both places and both values. Two rows of one
    table are left as they are: which of them was meant for another period only the writer knows.

    Returns
    -------
    (records, index of the report that gave a record one of its counts, index of the wrong ones)
    """
    joined: dict[tuple[int, str], int] = {}
    wrong: list[int] = []
    twice = records.duplicated(KEY, keep=False) if len(reports.logs) > 1 else np.array(False)
    if not twice.any():
        return records, joined, wrong
    records = records.copy()
    gone: list[int] = []
    for _, some in records[twice].groupby(KEY):
        first, *others = some.index
        for other in others:
            if reports.table[first] == reports.table[other]:
                continue
            one, two = records.loc[first, list(counts)], records.loc[other, list(counts)]
            differing = [
                c for c in counts if pd.notna(one[c]) and pd.notna(two[c]) and one[c] != two[c]
            ]
            added = [c for c in counts if pd.isna(one[c]) and pd.notna(two[c])]
            details = {**name_report(records.loc[other]), "other": reports.name(first, other)}
            gone.append(other)
            if differing:
                texts = [f"{label_of(c, reports.language)} {two[c]} ≠ {one[c]}" for c in differing]
                details["difference"] = "; ".join(texts)
                problem = reports.problem("file_differs", other, differing[0], **details)
                reports.add_problem(problem, other, differing[0])
                wrong += [first, other]
            elif added:
                records.loc[first, added] = two[added]
                joined |= {(first, count): other for count in added}
            else:
                reports.add_note("same_again", other, **details)
    gone += [index for index in wrong if index not in gone]
    return records.drop(index=gone), joined, wrong


_SEVERAL = 6


@dataclass(frozen=True)
class YearToDate:
    """A year-to-date figure: its commune, count, last day and cell."""

    commune: str
    end: pd.Timestamp | None
    count: str
    stated: int
    log: CellLog
    row: int
    column: int
    header: str


def check_totals(reader: TableReader) -> None:
    """Check each printed total of a table against its rows.

    These can be all rows, those of its group above or below it, or of its page; they are the ones
    that its columns agree with best. Where a part is not reported or waits to be corrected, the
    parts may fall short.
    """
    _check_column_totals(reader)
    for row, villages in reader.villages.items():
        for column in reader.figures:
            figures = {part: _figure(reader, part, column) for part in (*villages, row)}
            if _agrees(row, tuple(villages), figures) < 0:
                _report_total(reader, row, column, tuple(villages), figures)
    if not (totals := _totals(reader)):
        return
    parts = tuple(sorted({*_shortest(reader), *_city_rows(reader)}))
    figures = {
        column: {row: _figure(reader, row, column) for row in (*parts, *totals)}
        for column in reader.figures
        if not (reader.periods.labels and is_stock(reader.columns[column].role))
    }
    above = {row: _around(row, parts, totals)[0] for row in reader.rows.totals}
    taken = {g for row, g in above.items() if all(_agrees(row, g, f) > 0 for f in figures.values())}
    for row in totals:
        groups = _groups(reader, row, parts, taken)
        matches = [[_agrees(row, group, figures[c]) for c in figures] for group in groups]
        # Of groups that agree alike, the first is the likeliest.
        best = max(range(len(groups)), key=lambda i: sum(matches[i]), default=None)
        for column, agrees in zip(figures, [] if best is None else matches[best], strict=False):
            if agrees < 0:
                _report_total(reader, row, column, groups[best], figures[column])


def _check_column_totals(reader: TableReader) -> None:
    """Check columns of totals against the columns of months or communes beside them."""
    for column, meaning in reader.columns.items():
        if meaning.role != "total":
            continue
        role = meaning.measure or "value"
        if is_stock(role) and not any(m.commune for m in reader.columns.values()):
            continue
        beside = {c: other for c, other in reader.columns.items() if other.role == role}
        parts = [c for c, other in beside.items() if is_part(other, meaning)]
        named = f"{column_name(parts[0])}–{column_name(parts[-1])}" if parts else ""
        for row in reader.data if parts else []:
            stated = _figure(reader, row, column)
            values = [_figure(reader, row, part).value for part in parts]
            total, unsure = sum(value or 0 for value in values), None in values
            if stated.value is None or total == stated.value or (unsure and total < stated.value):
                continue
            reader.add_problem(
                "total_of_columns", row, column, stated=stated.value, sum=total, columns=named
            )


def _shortest(reader: TableReader) -> list[int]:
    """Drop rows whose period contains another row's: a quarter below its months is a total."""
    if not reader.periods.labels or "commune" in reader.labels:
        return reader.data
    spans = [reader.periods.span_of(i) for i in range(len(reader.data))]
    return [
        row
        for row, span in zip(reader.data, spans, strict=True)
        if span is None
        or not any(
            other and other != span and span.start <= other.start and other.end <= span.end
            for other in spans
        )
    ]


def _city_rows(reader: TableReader) -> list[int]:
    return [row for row, kind in reader.rows.aside.items() if kind == "city_body"]


def _figure(reader: TableReader, row: int, column: int) -> Count:
    choices = reader.choices
    return read_count(reader.table.sheet.rows[row][column], choices.numbers, choices.dash)


def _totals(reader: TableReader) -> list[int]:
    return [*reader.rows.totals, *reader.rows.sections]


def _groups(
    reader: TableReader, row: int, parts: tuple[int, ...], taken: set[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """List the groups of rows that a total can be the sum of, most likely first.

    The city's own body belongs to no section, even where it stands below the last of one. Rows that
    are ``taken`` are summed up right below them, so that no total above them is theirs.
    """
    above, below = _around(row, parts, _totals(reader))
    if row in reader.rows.sections:
        city = _city_rows(reader)
        groups = [tuple(part for part in below if part not in city), below]
    else:
        page = _page_rows(reader, row, parts)
        over, under = _around(row, parts, reader.rows.totals)
        free = [group for group in (below, under) if group not in taken]
        groups = [parts, above, over, *free, page]
    return [group for group in groups if group]


def _page_rows(reader: TableReader, row: int, parts: tuple[int, ...]) -> tuple[int, ...]:
    """Return the rows between the headers around a total, if other pages have totals, too."""
    headers = [other for other, kind in reader.rows.aside.items() if kind == "header_again"]
    pages = {bisect(headers, total) for total in reader.rows.totals}
    return sum(_around(row, parts, headers), ()) if len(pages) > 1 else ()


def _around(row: int, parts: tuple[int, ...], totals: list[int]) -> list[tuple[int, ...]]:
    """Return the rows between a total and the previous one, and those up to the next one."""
    before = max((total for total in totals if total < row), default=-1)
    after = min((total for total in totals if total > row), default=10**9)
    at = [bisect(parts, edge) for edge in (before, row, after - 1)]
    return [parts[at[0] : at[1]], parts[at[1] : at[2]]]


def _sum_of_rows(group: tuple[int, ...], figures: dict[int, Count]) -> int:
    return sum(figures[row].value or 0 for row in group)


def _agrees(row: int, group: tuple[int, ...], figures: dict[int, Count]) -> int:
    """Return 1 if a total is the sum of a group, 0 if it may be, -1 if it is not.

    It may be where parts that are not reported could make up what is short of it.
    """
    stated = figures[row]
    if stated.value is None or stated.kind:
        return 0
    total = _sum_of_rows(group, figures)
    unsure = any(figures[part].value is None for part in group)
    return 1 if total == stated.value else 0 if unsure and total < stated.value else -1


def _report_total(
    reader: TableReader, row: int, column: int, group: tuple[int, ...], figures: dict[int, Count]
) -> None:
    total = _sum_of_rows(group, figures)
    rows = [str(part + 1) for part in group]
    named = f"{rows[0]}–{rows[-1]}" if len(rows) > _SEVERAL else ", ".join(rows)
    reader.add_problem(
        "total_differs", row, column, stated=figures[row].value, sum=total, rows=named
    )


def years_to_date(reader: TableReader) -> list[YearToDate]:
    """List the figures of a table's year-to-date columns."""
    columns = {c: m.measure for c, m in reader.columns.items() if m.role == "to_date"}
    columns = {column: count for column, count in columns.items() if count}
    communes, found = reader.labels.get("commune"), []
    for i, row in enumerate(reader.data if columns else []):
        ends, span = reader.labels.get("period_end"), reader.periods.span_of(i)
        end = ends[i] if ends else span and span.end
        commune = communes[i] if communes else reader.context.commune
        for column, count in columns.items():
            figure = _figure(reader, row, column)
            if figure.value is not None:
                day = read_date(end) if end else None
                day = day if isinstance(day, pd.Timestamp) else None
                where = (reader.log, row, column, reader.headers[column])
                found.append(YearToDate(commune, day, count, figure.value, *where))
    return found


def check_years_to_date(records: pd.DataFrame, figures: list[YearToDate], places: Register) -> None:
    """Check year-to-date figures against the reports of their year, if it is complete."""
    if not figures or records.empty:
        return
    by_commune = dict(list(records.sort_values("period_start").groupby("commune")))
    for figure in figures:
        known = places.positions(figure.commune)
        reports = by_commune.get(places.units["name"].iloc[known[0]]) if known else None
        parts = None if reports is None else _of_year(reports, figure.end)
        if parts is None or parts[figure.count].isna().any():
            continue
        stock = is_stock(figure.count)
        total = int(parts[figure.count].iloc[-1] if stock else parts[figure.count].sum())
        if total != figure.stated:
            row, column = figure.row, figure.column
            details = {"stated": figure.stated, "sum": total}
            value = figure.stated
            problem = figure.log.problem_at(
                "to_date_differs", row, column, figure.header, value, **details
            )
            figure.log.add_problem(problem, row, column)


def _of_year(reports: pd.DataFrame, end: pd.Timestamp | None) -> pd.DataFrame | None:
    """Return the reports of a reporting year up to a day; None if days are missing."""
    last = reports["period_end"].max() if end is None or pd.isna(end) else end
    parts = reports[(reports["year"] == last.year) & (reports["period_end"] <= last)]
    if parts.empty or parts["period_end"].iloc[-1] != last:
        return None
    starts, ends = parts["period_start"], parts["period_end"]
    first = starts.iloc[0]
    begins = (first.month, first.day) in ((1, 1), (12, 15))
    follow = (starts.iloc[1:].to_numpy() == (ends.iloc[:-1] + _DAY).to_numpy()).all()
    return parts if begins and follow else None
