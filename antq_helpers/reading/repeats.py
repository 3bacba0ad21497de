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
        With ``commune_id``, ``period_start``, ``period_end`` and the counts.
    problem
        Makes a problem of a kind, the row's index, and details.

    Returns
    -------
    (index of rows to set aside, problems, notes)
    """
    ordered = records.sort_values(["commune_id", "period_start", "period_end"])
    same = ordered["commune_id"].eq(ordered["commune_id"].shift())
    # Ordered by first day, a commune with any overlap has one between neighbours.
    overlaps = same & (ordered["period_start"] <= ordered["period_end"].shift())
    touched = ordered.loc[overlaps, "commune_id"].unique()
    aside: list[int] = []
    problems: list[Problem] = []
    notes: list[Problem] = []
    for _, reports in ordered[ordered["commune_id"].isin(touched)].groupby("commune_id"):
        days = (reports["period_end"] - reports["period_start"]).sort_values(kind="stable")
        kept = reports.iloc[:0]
        for index in days.index:
            report = reports.loc[index]
            common = kept[
                (kept["period_start"] <= report["period_end"])
                & (kept["period_end"] >= report["period_start"])
            ].sort_values("period_start")
            kind, details = _judge(report, common, counts)
            if kind == "repeat_equal":
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
        unequal = _unequal(report, common, counts)
        if unequal:
            return "repeat_differs", {**details, "difference": "; ".join(unequal)}
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


def _unequal(report: pd.Series, parts: pd.DataFrame, counts: Sequence[str]) -> list[str]:
    """List the counts whose parts do not make the whole.

    Where a part is blank the others may fall short of the whole, never pass it.
    """
    found = []
    for count in counts:
        whole, total = report[count], parts[count].sum()
        if pd.isna(whole):
            continue
        short = parts[count].isna().any()
        if total > whole or (total < whole and not short):
            found.append(f"{count} {whole} ≠ {total}")
    return found
