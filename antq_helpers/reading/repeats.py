"""Typed reports in; those that repeat other reports, as checks on them or as problems, out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from antq_helpers.reading.reports import Reports
from antq_helpers.reading.understood import label_of

_DAY = pd.Timedelta(days=1)
_REPEATS = ("repeat_equal", "repeat_covers")
_MOST_NAMED = 12


def find_repeats(
    records: pd.DataFrame, counts: Sequence[str], reports: Reports
) -> tuple[pd.DataFrame, dict[str, list[int]], list[int]]:
    """Find records on days that other records of the same commune cover, too.

    Each count is judged by itself. That of a longer record whose days are exactly those of shorter
    ones, such as a half-year or the year to date beside its months, is a check on them: equal it
    is set aside with a note, unequal it is a problem that names both. One day in common, where a
    place changes its rule, is noted. Any other overlap is a problem. A count that no other record
    gives is kept: tips may be told by months, and cases by quarters.

    Parameters
    ----------
    records
        With ``commune``, ``period_start``, ``period_end`` and the counts; its index is that of the
        reports.
    reports
        Where each stands; problems and notes are taken down there.

    Returns
    -------
    (records without what is set aside or wrong, index of those whose count was set aside by count,
    index of the wrong ones)
    """
    # By name: a year of Giới Phiên that spans its merger is a check on its months before and after.
    ordered = records.sort_values(["commune", "period_start", "period_end"])
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
            kind, checked, details = _judge(record, common, counts, reports.language)
            if kind:
                told = [reports.name(i, index) for i in sorted(common.index)[:_MOST_NAMED]]
                told += ["…"] if len(common) > _MOST_NAMED else []
                details["rows"] = ", ".join(told)
            if kind in (*_REPEATS, "one_day_twice"):
                reports.note(kind, index, **details)
            elif kind:
                reports.fault(reports.problem(kind, index, **details), index)
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


def _judge(
    report: pd.Series, common: pd.DataFrame, counts: Sequence[str], language: str
) -> tuple[str, list[str], dict[str, object]]:
    """Say what a report is to the shorter ones with days in common, and which counts are checks."""
    if common.empty:
        return "", [], {}
    details = described(report)
    given = [count for count in counts if pd.notna(report[count])]
    # A report without any count is judged by its days alone.
    shared = [c for c in given if common[c].notna().any()] if given else list(counts)
    if not shared:
        return "", [], {}
    parts = {count: _parts(report, common, count) for count in shared}
    apart = [count for count in shared if parts[count] is None]
    if apart:
        told = common[common[apart].notna().any(axis=1)] if given else common
        return ("one_day_twice" if _share_one_day(report, told) else "reported_twice"), [], details
    differing = _differing(report, parts, language)
    wrong = [text for text, short in differing if not short]
    if wrong:
        return "repeat_differs", [], {**details, "difference": "; ".join(wrong)}
    if differing:
        texts = "; ".join(text for text, _ in differing)
        return "repeat_covers", shared, {**details, "difference": texts}
    return "repeat_equal", shared, details


def _share_one_day(report: pd.Series, common: pd.DataFrame) -> bool:
    """Say whether a report only touches others, with its first or last day."""
    shared = common["period_end"].clip(upper=report["period_end"]) - common["period_start"].clip(
        lower=report["period_start"]
    )
    at_edge = (common["period_start"] < report["period_start"]) | (
        common["period_end"] > report["period_end"]
    )
    return bool(at_edge.all() and (shared == pd.Timedelta(0)).all())


def described(report: pd.Series) -> dict[str, object]:
    """Name a report by its commune and days."""
    days = f"{report['period_start']:%d/%m/%Y}–{report['period_end']:%d/%m/%Y}"
    return {"commune": report["commune"], "period": days}


def _parts(report: pd.Series, common: pd.DataFrame, count: str) -> pd.DataFrame | None:
    """Give the shorter reports that follow each other and have exactly the report's days.

    Those that give the count go first; None where they leave a day out, or one overlaps.
    """
    chosen: list[object] = []
    start = report["period_start"]
    while start <= report["period_end"]:
        here = common[common["period_start"] == start]
        here = here[here["period_end"] <= report["period_end"]]
        if here.empty:
            return None
        told = here[here[count].notna()]
        chosen.append((here if told.empty else told).index[0])
        start = common.at[chosen[-1], "period_end"] + _DAY
    others = common.index.difference(chosen)
    whole = len(chosen) > 1 and common.loc[others, count].isna().all()
    return common.loc[chosen] if whole else None


def _differing(
    report: pd.Series, parts: dict[str, pd.DataFrame], language: str
) -> list[tuple[str, bool]]:
    """List the counts whose parts do not make the whole, and whether a blank part explains it.

    Where a part is blank the others may fall short of the whole, never pass it.
    """
    found = []
    for count, some in parts.items():
        whole, total = report[count], some[count].sum()
        if pd.notna(whole) and total != whole:
            short = total < whole and some[count].isna().any()
            found.append((f"{label_of(count, language)} {whole} ≠ {total}", bool(short)))
    return found
