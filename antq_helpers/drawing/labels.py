"""Titles, axis labels, notes and alt texts of charts over time, and names of periods."""

from __future__ import annotations

import re
import textwrap

import numpy as np
import pandas as pd

from antq_helpers.dictionary import base_words, find_measure, number, word
from antq_helpers.drawing.series import (
    MANY_PERIODS,
    MOST_NAMED,
    Line,
    height_of,
    lines_of,
    lone_points,
    named_greys,
    never_reported,
    with_intervals,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import MONTHS, is_to_date, months_of, period_days, split_of
from antq_helpers.records import name_whole

_ROMAN = ("", "I", "II", "III", "IV")
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_ORDINALS = ("", "first", "second", "third", "fourth")


def title(measure: str, view: View) -> str:
    """Return a panel's title: the measure, per residents if a rate, and the unit if only one."""
    entry, language = find_measure(measure), view.language
    label = entry.text("label", language)
    if view.per and entry.kind == "count":
        label = word("label_per", language, label=label, per=number(view.per, language))
    if view.communes and len(view.communes) == 1:
        label = word("label_of_place", language, label=label, place=view.communes[0])
    return label


def dated_title(numbers: pd.DataFrame, measure: str, view: View) -> str:
    """Return a panel's title with the years drawn, as on charts that compare units."""
    named = title(measure, view)
    if numbers.empty:
        return named
    ends = period_days(numbers["period"].iloc[0])[0], period_days(numbers["period"].iloc[-1])[1]
    return f"{named}, {'–'.join(dict.fromkeys(str(day.year) for day in ends))}"


def marks(numbers: pd.DataFrame, view: View) -> str:
    """Return the marks that every panel must show, such as the illustrative mark; may be empty."""
    found = [word("illustrative", view.language)] if numbers["illustrative"].any() else []
    if view.audience:
        found.append(word(view.audience, view.language))
    return " · ".join(found)


def axis_label(measure: str, view: View) -> str:
    """Return the label of the vertical axis: the unit, with its denominator and period."""
    entry, language = find_measure(measure), view.language
    unit = entry.text("unit", language)
    if entry.kind != "count":
        return unit
    months = months_of(view.period) if view.period else MONTHS[view.by]
    if view.per:
        key = "axis_rate" if months == 12 else "axis_rate_annualised"
        return word(key, language, unit=unit, per=number(view.per, language))
    named = {length: f"by_{name}" for name, length in MONTHS.items()}
    several = word("by_months", language, count=months)
    period = word(named[months], language) if months in named else several
    return word("axis_count", language, unit=unit, period=period)


def notes(numbers: pd.DataFrame, view: View, width: int = 112) -> str:
    """Return the notes below a chart: how to read it, and what its numbers are based on.

    ``width`` is the number of letters that fit on a line.
    """
    if numbers.empty:
        return ""
    language = view.language
    panels = [lines_of(numbers, measure) for measure in view.measures]
    drawn = [line for lines in panels for line in lines if line.in_colour]
    barred = [
        (line, height_of(lines))
        for lines in panels
        if with_intervals(lines)
        for line in lines
        if line.in_colour
    ]
    role = numbers["role"].to_numpy()
    partial = "partial_period" if view.period else "partial"
    told = {
        partial: any((line.state == "partial").any() for line in drawn),
        "missing": any((line.state == "missing").any() for line in drawn)
        or any(never_reported(line) for lines in panels for line in named_greys(lines)),
        "none": any((line.state == "none").any() for line in drawn),
        "hidden": any((line.state == "hidden").any() for line in drawn),
        "mean": (role == "mean").any(),
        **_of_greys(panels),
    }
    average = next(iter(numbers["series"][role == "mean"]), "")
    count = number((numbers.loc[role == "commune", "series"]).nunique(), language)
    said = {"mean": average, "count": count, "base": base_words(view.measures, language)}
    drawn_as = _of_intervals(panels)
    told_by = numbers.loc[numbers["low"].notna(), "dispersion"]
    how = interval_words(drawn_as, told_by, language) if drawn_as else []
    cut = sum((line.high > top).sum() for line, top in barred)
    known = sum(np.isfinite(line.low).sum() for line, _ in barred)
    many = numbers["period"].nunique() > MANY_PERIODS
    how += cut_words(cut, known, language, each=not many)
    how += [word(f"note_{key}", language, **said) for key, applies in told.items() if applies]
    rests = [word("note_boundaries", language, year=numbers["boundaries"].iloc[0])]
    if view.per:
        rests.append(word("note_census", language))
    rests.append(_covered(numbers, language, drawn=bool(view.period)))
    longer = numbers["period"].iloc[-1]
    if view.period and longer != view.period:
        asked, taken = (period_words(period, language) for period in (view.period, longer))
        rests.append(word("note_longer", language, asked=asked, taken=taken))
    if view.audience:
        made_up = numbers["illustrative"].any()
        key = "source_short_illustrative" if made_up else "source_reported"
        rests.insert(0, word(key, language))
    return "\n".join(textwrap.fill(" ".join(part), width) for part in (how, rests))


def _of_intervals(panels: list[list[Line]]) -> str:
    """Return how intervals are drawn: ``bars``, ``bands``, ``interval`` for both, or empty."""
    drawn = set()
    for lines in filter(with_intervals, filter(None, panels)):
        coloured = [line for line in lines if line.in_colour]
        banded = len(coloured) == 1 or len(coloured[0].value) > MANY_PERIODS
        for line in coloured:
            known = np.isfinite(line.low)
            barred = known & lone_points(line.value) if banded else known
            drawn |= {"bars"} if barred.any() else set()
            drawn |= {"bands"} if (known & ~barred).any() else set()
    return "interval" if len(drawn) > 1 else next(iter(drawn), "")


def _of_greys(panels: list[list[Line]]) -> dict[str, bool]:
    """Return which notes on grey lines apply: that all are labelled, or only some."""
    greys = [sum(not line.in_colour for line in lines) for lines in panels]
    some = any(count > MOST_NAMED for count in greys)
    crossing = any(len(line.value) > MANY_PERIODS for lines in panels for line in lines)
    all_named = "grey_many" if crossing else "grey"
    return {all_named: any(greys) and not some, "grey_some": some}


def _covered(numbers: pd.DataFrame, language: str, *, drawn: bool) -> str:
    """Return the note on how much of the periods the reports of units and city cover.

    ``drawn`` makes the note speak of the periods drawn, where the text names only one of them.
    """

    def share(rows: pd.DataFrame) -> str:
        return number(rows["covered"].mean() * 100, language, 1)

    alone = numbers["role"].isin(["city", "mean"])
    city, communes = numbers[alone], numbers[numbers["role"] == "commune"]
    if city.empty:
        return word("note_covered_one", language, share=share(numbers))
    whole = name_whole(numbers, language, inside=True)
    # If all are chosen, both shares are of the same reports, but as averages over the rows they
    # could differ by how long each unit existed: only one is given.
    expected = [rows["expected"].sum() for rows in (communes, city)]
    if communes.empty or expected[0] == expected[1]:
        return word("note_covered", language, share=share(city), whole=whole)
    key = "note_covered_drawn" if drawn else "note_covered_chosen"
    return word(key, language, share=share(communes), city=share(city), whole=whole)


def interval_words(drawn_as: str, dispersion: pd.Series, language: str) -> list[str]:
    """Return the notes on how intervals are drawn, and by how much they are widened."""
    return [word(f"note_{drawn_as}", language), *dispersion_words(dispersion, language)]


def cut_words(cut: int, drawn: int, language: str, *, each: bool) -> list[str]:
    """Return the note on intervals cut off at the top, with their number unless each is marked."""
    key = "note_cut" if each else "note_cut_count"
    said = {"count": number(cut, language), "all": number(drawn, language)}
    return [word(key, language, **said)] if cut else []


def dispersion_words(dispersion: float | pd.Series, language: str) -> list[str]:
    """Return the note on how much limits and intervals are widened, or why they are not.

    A dispersion is missing where there were too few reports to estimate it.
    """
    told = pd.Series(dispersion, dtype=float).dropna()
    if told.empty:
        return [word("note_chance_alone", language)]
    if told.max() <= 1:
        return []
    ends = dict.fromkeys(number(end, language, 2) for end in (told.min(), told.max()))
    return [word("note_dispersion", language, value="–".join(ends))]


def period_label(period: str, language: str) -> str:
    """Format a period as a short label.

    Examples
    --------
    >>> period_label("2022-Q1", "vi"), period_label("2022-03", "vi"), period_label("2022-Q1", "en")
    ('Quý I/2022', '3/2022', '2022 Q1')
    >>> period_label("2022-to-09", "vi"), period_label("2022-to-09", "en")
    ('9 tháng 2022', 'Jan–Sep 2022')
    """
    if is_to_date(period):
        month = int(period[-2:])
        named = month if language == "vi" else _MONTHS[month][:3]
        return word("short_to_date", language, month=named, year=period[:4])
    part = re.fullmatch(r"(\d{4})-(Q|H)?(\d+)", period)
    if not part or language == "en":
        return period.replace("-Q", " Q").replace("-H", " H").replace("-to-", "–")
    year, kind, place = part.groups()
    if kind == "Q":
        return word("quarter_of", "vi", part=_ROMAN[int(place)], year=year)
    if kind == "H":
        return word("half_of", "vi", part=word(f"half_{place}", "vi"), year=year)
    return f"{int(place)}/{year}"


def period_words(period: str, language: str) -> str:
    """Format a period as words within a sentence.

    Examples
    --------
    >>> period_words("2022-Q1", "vi"), period_words("2022-to-09", "vi")
    ('quý I/2022', '9 tháng đầu năm 2022')
    >>> period_words("2022-H1", "en"), period_words("2020-to-2022", "vi")
    ('the first half of 2022', 'giai đoạn 2020–2022')
    """
    first, last = period_days(period)
    split = split_of(period)
    month = last.month if language == "vi" else _MONTHS[last.month]
    told = {"year": first.year, "month": month}
    if is_to_date(period):
        return word("words_to_date", language, **told)
    if split not in MONTHS:
        return word("words_years", language, first=first.year, last=last.year)
    place = (last.month - 1) // MONTHS[split] + 1
    if split == "half" and language == "vi":
        told["part"] = word(f"half_{place}", language)
    elif split in ("half", "quarter"):
        told["part"] = (_ROMAN if language == "vi" else _ORDINALS)[place]
    return word(f"words_{split}", language, **told)


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe a chart over time: measures, places, periods, first and last values."""
    language = view.language
    if numbers.empty:
        return [word("nothing_chosen", language)]
    periods = [
        period_label(p, language) for p in (numbers["period"].iloc[0], numbers["period"].iloc[-1])
    ]
    parts = []
    for measure in view.measures:
        kind = "alt_chart" if periods[0] != periods[1] else "alt_chart_one"
        told = {"title": title(measure, view), "first": periods[0], "last": periods[1]}
        parts.append(word(kind, language, **told))
        lines = lines_of(numbers, measure)
        labels = [period_label(p, language) for p in numbers["period"].unique()]
        parts += [_told(line, measure, view, labels) for line in lines if line.in_colour]
        parts += _greys([line for line in lines if not line.in_colour], view, labels)
    return parts


def _greys(greys: list[Line], view: View, labels: list[str]) -> list[str]:
    """Summarise the grey lines: their number, and the last period's highest and lowest."""
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
    """Describe a line by its first and last value, with their periods if the chart goes beyond."""
    at = np.flatnonzero(~np.isnan(line.value))
    known = line.value[at]
    if not len(known):
        key = "alt_missing" if (line.state != "none").any() else "alt_none"
        return word(key, view.language, series=line.name)
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
