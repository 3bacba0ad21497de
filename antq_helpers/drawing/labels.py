"""A view and its numbers in; the words of its picture out."""

from __future__ import annotations

import re
import textwrap

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing.numbers import lines_of
from antq_helpers.drawing.view import View

_LINE = 112
_ROMAN = ("", "I", "II", "III", "IV")


def title(measure: str, view: View) -> str:
    """Give a panel's title: the measure's label, per residents where asked."""
    entry = find_measure(measure)
    label = entry.text("label", view.language)
    if view.per and entry.kind == "count":
        return word("label_per", view.language, label=label, per=number(view.per, view.language))
    return label


def axis_label(measure: str, view: View) -> str:
    """Give the unit and denominator of the numbers on the axis."""
    entry, language = find_measure(measure), view.language
    unit = entry.text("unit", language)
    if entry.kind != "count":
        return unit
    if view.per:
        key = "axis_rate" if view.by == "year" else "axis_rate_annualised"
        return word(key, language, unit=unit, per=number(view.per, language))
    return word("axis_count", language, unit=unit, period=word(f"by_{view.by}", language))


def notes(numbers: pd.DataFrame, view: View) -> str:
    """Give the lines below a picture: how to read it, and what it rests on."""
    if numbers.empty:
        return ""
    language = view.language
    lines = [line for measure in view.measures for line in lines_of(numbers, measure)]
    drawn = [line for line in lines if line.in_colour]
    told = [
        word(f"note_{key}", language)
        for key, applies in {
            "interval": any(np.isfinite(line.low).any() for line in drawn),
            "partial": any((line.state == "partial").any() for line in drawn),
            "missing": any((line.state == "missing").any() for line in drawn),
            "none": any((line.state == "none").any() for line in drawn),
        }.items()
        if applies
    ]
    role = numbers["role"].to_numpy()
    told_by = numbers[(role == "mean") & (numbers["value"] > 0)]
    if len(told_by):
        units = (told_by["numerator"] / told_by["value"]).max()
        told.append(word("note_mean", language, units=round(units)))
    rests = [word("note_boundaries", language, year=numbers["boundaries"].iloc[0])]
    if view.per:
        rests.append(word("note_census", language))
    covered = numbers["covered"].to_numpy()[np.isin(role, ("city", "mean"))].mean() * 100
    rests.append(word("note_covered", language, share=number(covered, language, 1)))
    if view.audience:
        rests.append(word(view.audience, language))
    return "\n".join(textwrap.fill(" ".join(part), _LINE) for part in (told, rests))


def period_label(period: str, language: str) -> str:
    """Write one period as the language does.

    Examples
    --------
    >>> period_label("2022-Q1", "vi"), period_label("2022-03", "vi"), period_label("2022-Q1", "en")
    ('Quý I/2022', '3/2022', '2022 Q1')
    """
    part = re.fullmatch(r"(\d{4})-(Q|H)?(\d+)", period)
    if not part or language == "en":
        return period.replace("-Q", " Q").replace("-H", " H").replace("-to-", "–")
    year, kind, place = part.groups()
    if kind:
        return word(
            "quarter_of" if kind == "Q" else "half_of", "vi", part=_ROMAN[int(place)], year=year
        )
    return f"{int(place)}/{year}"
