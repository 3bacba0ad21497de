"""A value in; how a sentence or a table of a briefing writes it out."""

from __future__ import annotations

import pandas as pd

from antq_helpers.dictionary import find_measure, number, rounded
from antq_helpers.measuring.standings import Standing, is_small


def write_value(
    value: float, measure: str, language: str, parts: tuple[float, float] | None = None
) -> str:
    """Write a value as its measure has it: counts whole, shares and ratios with one decimal.

    A share or ratio of fewer than 10 is written as its two parts.
    """
    if pd.isna(value):
        return ""
    entry = find_measure(measure)
    if parts and entry.kind != "count" and is_small(measure, value, parts):
        return "/".join(number(part, language) for part in parts)
    text = number(value, language, 0 if entry.kind == "count" else 1)
    return f"{text}%" if entry.kind == "share" else text


def change_shown(standing: Standing) -> float:
    """Give a change as the difference of the two numbers that stand beside it."""
    if find_measure(standing.measure).kind == "count":
        return standing.change
    return rounded(rounded(standing.value, 1) - rounded(standing.before, 1), 1)
