"""Typed reports in; those that repeat other reports, as checks on them or as problems, out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from antq_helpers.reading.reports import Reports

_DAY = pd.Timedelta(days=1)
_REPEATS = ("repeat_equal", "repeat_covers")


def find_repeats(
    records: pd.DataFrame, counts: Sequence[str], reports: Reports
) -> tuple[pd.DataFrame, list[int]]:
    """Find records on days that other records of the same commune cover, too.

    A longer record whose days are exactly those of shorter ones, such as a half-year or the year
    to date beside its months, is a check on them: equal it is set aside with a note, unequal it is
    a problem that names both. One day in common, where a place changes its rule, is noted. Any
    other overlap is a problem.

    Parameters
    ----------
    records
        With ``commune``, ``period_start``, ``period_end`` and the counts; its index is that of the
        reports.
    reports
        Where each stands; problems and notes are taken down there.

    Returns
    -------
    (records without those set aside or wrong, index of the wrong ones)
    """
    # By name: a year of Giới Phiên that spans its merger is a check on its months before and after.
    ordered = records.sort_values(["commune", "period_start", "period_end"])
    same = ordered["commune"].eq(ordered["commune"].shift())
    # Ordered by first day, a commune with any overlap has one between neighbours.
    overlaps = same & (ordered["period_start"] <= ordered["period_end"].shift())
    touched = ordered.loc[overlaps, "commune"].unique()
    aside: list[int] = []
    wrong: list[int] = []
    for _, some in ordered[ordered["commune"].isin(touched)].groupby("commune"):
        days = (some["period_end"] - some["period_start"]).sort_values(kind="stable")
        kept = some.iloc[:0]
        for index in days.index:
            record = some.loc[index]
            common = kept[
                (kept["period_start"] <= record["period_end"])
                & (kept["period_end"] >= record["period_start"])
            ].sort_values("period_start")
            kind, details = _judge(record, common, counts)
            details["rows"] = ", ".join(reports.name(i, index) for i in sorted(common.index))
            if kind in _REPEATS:
                aside.append(index)
            if kind in (*_REPEATS, "one_day_twice"):
                reports.note(kind, index, **details)
            elif kind:
                reports.fault(reports.problem(kind, index, **details), index)
                wrong.append(index)
            if kind not in _REPEATS:
                kept = pd.concat([kept, some.loc[[index]]])
    out = [*aside, *wrong]
    return (records.drop(index=out) if out else records), wrong


def _judge(
    report: pd.Series, common: pd.DataFrame, counts: Sequence[str]
) -> tuple[str, dict[str, object]]:
    """Say what a report is to the shorter ones with which it has days in common."""
    if common.empty:
        return "", {}
    details = described(report)
    if len(common) > 1 and _fills(report, common):
        differing = _differing(report, common, counts)
        wrong = [text for text, short in differing if not short]
        if wrong:
            return "repeat_differs", {**details, "difference": "; ".join(wrong)}
        if differing:
            texts = "; ".join(text for text, _ in differing)
            return "repeat_covers", {**details, "difference": texts}
        return "repeat_equal", details
    shared = common["period_end"].clip(upper=report["period_end"]) - common["period_start"].clip(
        lower=report["period_start"]
    )
    at_edge = (common["period_start"] < report["period_start"]) | (
        common["period_end"] > report["period_end"]
    )
    if at_edge.all() and (shared == pd.Timedelta(0)).all():
        return "one_day_twice", details
    return "reported_twice", details


def described(report: pd.Series) -> dict[str, object]:
    """Name a report by its commune and days."""
    days = f"{report['period_start']:%d/%m/%Y}–{report['period_end']:%d/%m/%Y}"
    return {"commune": report["commune"], "period": days}


def _fills(report: pd.Series, parts: pd.DataFrame) -> bool:
    """Say whether the parts follow each other and have exactly the report's days."""
    joined = (
        parts["period_start"].iloc[1:].to_numpy() == (parts["period_end"].iloc[:-1] + _DAY)
    ).all()
    return bool(
        joined
        and parts["period_start"].iloc[0] == report["period_start"]
        and parts["period_end"].iloc[-1] == report["period_end"]
    )


def _differing(
    report: pd.Series, parts: pd.DataFrame, counts: Sequence[str]
) -> list[tuple[str, bool]]:
    """List the counts whose parts do not make the whole, and whether a blank part explains it.

    Where a part is blank the others may fall short of the whole, never pass it.
    """
    found = []
    for count in counts:
        whole, total = report[count], parts[count].sum()
        if pd.notna(whole) and total != whole:
            short = total < whole and parts[count].isna().any()
            found.append((f"{count} {whole} ≠ {total}", bool(short)))
    return found
