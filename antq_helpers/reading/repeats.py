"""Typed reports in; those that repeat other reports, as checks on them or as problems, out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from antq_helpers.problems import Problem

_DAY = pd.Timedelta(days=1)


def find_repeats(
    records: pd.DataFrame, counts: Sequence[str], problem: Callable[..., Problem]
) -> tuple[list[int], list[Problem], list[Problem]]:
    """Find reports on days that other reports of the same commune cover, too.

    A longer report whose days are exactly those of shorter ones, such as a half-year or the year
    to date beside its months, is a check on them: equal it is set aside with a note, unequal it is
    a problem that names both. One day in common, where a place changes its rule, is noted. Any
    other overlap is a problem.

    Parameters
    ----------
    records
        With ``commune``, ``period_start``, ``period_end`` and the counts.
    problem
        Makes a problem of a kind, the row's index, and details.

    Returns
    -------
    (index of rows to set aside, problems, notes)
    """
    # By name: a year of Giới Phiên that spans its merger is a check on its months before and after.
    ordered = records.sort_values(["commune", "period_start", "period_end"])
    same = ordered["commune"].eq(ordered["commune"].shift())
    # Ordered by first day, a commune with any overlap has one between neighbours.
    overlaps = same & (ordered["period_start"] <= ordered["period_end"].shift())
    touched = ordered.loc[overlaps, "commune"].unique()
    aside: list[int] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    for _, reports in ordered[ordered["commune"].isin(touched)].groupby("commune"):
        days = (reports["period_end"] - reports["period_start"]).sort_values(kind="stable")
        kept = reports.iloc[:0]
        for index in days.index:
            report = reports.loc[index]
            common = kept[
                (kept["period_start"] <= report["period_end"])
                & (kept["period_end"] >= report["period_start"])
            ].sort_values("period_start")
            kind, details = _judge(report, common, counts)
            if kind in ("repeat_equal", "repeat_covers"):
                aside.append(index)
                notes.append(problem(kind, index, **details))
                continue
            if kind == "one_day_twice":
                notes.append(problem(kind, index, **details))
            elif kind:
                problems.append(problem(kind, index, **details))
            kept = pd.concat([kept, reports.loc[[index]]])
    return aside, problems, notes


def _judge(
    report: pd.Series, common: pd.DataFrame, counts: Sequence[str]
) -> tuple[str, dict[str, object]]:
    """Say what a report is to the shorter ones with which it has days in common."""
    if common.empty:
        return "", {}
    details: dict[str, object] = {
        "commune": report["commune"],
        "period": f"{report['period_start']:%d/%m/%Y}–{report['period_end']:%d/%m/%Y}",
        "rows": ", ".join(str(index + 2) for index in sorted(common.index)),
    }
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
