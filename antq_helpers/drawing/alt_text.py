"""The numbers of a view in; one or two sentences for those who cannot see its picture out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing.labels import period_label, title
from antq_helpers.drawing.numbers import Line, lines_of
from antq_helpers.drawing.view import View


def alt_text(numbers: pd.DataFrame, view: View) -> str:
    """Say what a picture shows: kind, measures, places, periods, first and last values.

    The numbers are those of :func:`tabulate`; the text is in the language of the view, and bears
    the illustrative mark where they do.
    """
    language = view.language
    if numbers.empty:
        return word("nothing_chosen", language)
    periods = [
        period_label(p, language) for p in (numbers["period"].iloc[0], numbers["period"].iloc[-1])
    ]
    parts = [word("illustrative", language) + "."] if numbers["illustrative"].any() else []
    for measure in view.measures:
        kind = "alt_chart" if periods[0] != periods[1] else "alt_chart_one"
        told = {"title": title(measure, view), "first": periods[0], "last": periods[1]}
        parts.append(word(kind, language, **told))
        lines = lines_of(numbers, measure)
        labels = [period_label(p, language) for p in numbers["period"].unique()]
        parts += [_told(line, measure, view, labels) for line in lines if line.in_colour]
        parts += _greys([line for line in lines if not line.in_colour], view, labels)
    return " ".join(parts)


def _greys(greys: list[Line], view: View, labels: list[str]) -> list[str]:
    """Count the lines too many to be told singly; name the last period's highest and lowest."""
    if not greys:
        return []
    count = number(len(greys), view.language)
    last = sorted((line.value[-1], line.name) for line in greys if not np.isnan(line.value[-1]))
    if not last:
        return [word("alt_more", view.language, count=count)]
    ends = {
        side: f"{name} {number(value, view.language, int(value % 1 > 0))}"
        for side, (value, name) in (("high", last[-1]), ("low", last[0]))
    }
    return [word("alt_greys", view.language, count=count, period=labels[-1], **ends)]


def _told(line: Line, measure: str, view: View, labels: list[str]) -> str:
    """Tell the first and the last value, and their periods where the picture goes on."""
    at = np.flatnonzero(~np.isnan(line.value))
    known = line.value[at]
    if not len(known):
        return word("alt_missing", view.language, series=line.name)
    whole = find_measure(measure).kind == "count" and not view.per and line.role != "mean"
    first, last = (number(value, view.language, 0 if whole else 1) for value in known[[0, -1]])
    kind = "alt_series" if len(line.value) > 1 else "alt_series_one"
    told = {"series": line.name, "first": first, "last": last}
    if len(known) == len(line.value) or (at[0], at[-1]) == (0, len(line.value) - 1):
        return word(kind, view.language, **told)
    within = "alt_series_only" if len(known) == 1 else "alt_series_within"
    text = word(within, view.language, **told, a=labels[at[0]], b=labels[at[-1]])
    why = f"alt_last_{line.state[-1]}"
    if line.state[-1] not in ("missing", "hidden"):
        return text
    return f"{text} {word(why, view.language, period=labels[-1])}"
