"""Records of several tables and files in; one for each commune and period, or a problem, out."""

from __future__ import annotations

import pandas as pd

from antq_helpers.reading.headers import COUNTS
from antq_helpers.reading.repeats import described
from antq_helpers.reading.reports import Reports
from antq_helpers.reading.understood import label_of

_KEY = ["commune_id", "period_start", "period_end"]


def join_parts(
    records: pd.DataFrame, reports: Reports
) -> tuple[pd.DataFrame, dict[tuple[int, str], int], list[int]]:
    """Put together what several tables say of one commune and period.

    A table of tips and one of cases make one record. What is the same twice is set aside with a
    word; figures that differ are a problem that names both places and both values. Two rows of one
    table are left as they are: which of them was meant for another period only the writer knows.

    Returns
    -------
    (records, index of the report that gave a record one of its counts, index of the wrong ones)
    """
    twice = records.duplicated(_KEY, keep=False)
    joined: dict[tuple[int, str], int] = {}
    wrong: list[int] = []
    if not twice.any():
        return records, joined, wrong
    records = records.copy()
    gone: list[int] = []
    for _, some in records[twice].groupby(_KEY):
        first, *others = some.index
        for other in others:
            if reports.table[first] == reports.table[other]:
                continue
            differing = _differing(records, first, other)
            details = {**described(records.loc[other]), "other": reports.name(first, other)}
            if differing:
                problem = reports.problem(
                    "file_differs",
                    other,
                    differing[0],
                    difference=_shown(records, first, other, reports.language),
                    **details,
                )
                reports.fault(problem, other, differing[0])
                wrong += [first, other]
                gone.append(other)
                continue
            gone.append(other)
            added = _fill(records, first, other)
            joined |= {(first, count): other for count in added}
            if not added:
                reports.note("same_again", other, **details)
    gone += [index for index in wrong if index not in gone]
    return records.drop(index=gone), joined, wrong


def _differing(records: pd.DataFrame, first: int, other: int) -> list[str]:
    """List the counts that both give, and that are not the same."""
    one, two = records.loc[first], records.loc[other]
    return [c for c in COUNTS if pd.notna(one[c]) and pd.notna(two[c]) and one[c] != two[c]]


def _shown(records: pd.DataFrame, first: int, other: int, language: str) -> str:
    texts = [
        f"{label_of(count, language)} {records.at[other, count]} ≠ {records.at[first, count]}"
        for count in _differing(records, first, other)
    ]
    return "; ".join(texts)


def _fill(records: pd.DataFrame, first: int, other: int) -> list[str]:
    """Fill what the first lacks from the other; give the counts that it had to add."""
    added = [
        count
        for count in COUNTS
        if pd.isna(records.at[first, count]) and pd.notna(records.at[other, count])
    ]
    for count in added:
        records.at[first, count] = records.at[other, count]
    return added
