"""Write the notes of a briefing: what its figures rest on, and how its charts are read."""

from __future__ import annotations

import pandas as pd

from antq_helpers.dictionary import capital, find_measure, word
from antq_helpers.drawing.text import dated_words, days_words, period_label, period_words
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import PARTIAL, WHOLE, Window
from antq_helpers.measuring.periods import AGAINST, is_days, period_against, period_days, split_of

_NAMED = 4  # communes in a note


def compared_with(window: Window) -> list[str]:
    """List the comparisons of a table; only one if both are with the same period."""
    two = {a: period_against(window.period, a) for a in (AGAINST[1], AGAINST[0])}
    return [AGAINST[0]] if len(set(two.values())) == 1 else [AGAINST[1], AGAINST[0]]


def is_part_of_year(period: str) -> bool:
    """Check whether a period is a month, quarter or half, which has a year to date."""
    return split_of(period) in ("half", "quarter", "month", "week") and not is_days(period)


def notes_of(window: Window, chosen: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return the notes on what the figures are based on, and how to read them."""
    found = [
        say_reported(window, chosen, language),
        word("source_illustrative" if window.illustrative else "source_reported", language),
        word("note_boundaries", language, year=window.boundaries),
        *(word(f"note_{key}", language) for key in ("judged", "cells", "short_forms")),
    ]
    found += _notes_of_days(window, language)
    if window.release is not None:
        found.append(word("note_protected", language, most=window.release.threshold - 1))
    if window.period != window.asked:
        asked, taken = (period_words(p, language) for p in (window.asked, window.period))
        found.append(word("note_longer", language, asked=asked, taken=taken))
    return tuple(found)


def _notes_of_days(window: Window, language: str) -> list[str]:
    """Return the notes on days that a period's name does not tell, and on weeks."""
    period = window.period
    first, last = window.days[period]
    if is_days(period):
        return []
    if split_of(period) != "week":
        days = days_words((first, last), language)
        when = capital(period_words(period, language))
        own = (first, last) != period_days(period)
        return [word("note_own_days", language, period=when, days=days)] if own else []
    others = {against: period_against(period, against) for against in compared_with(window)}
    named = [dated_words(o, window.days.get(o, period_days(o)), language) for o in others.values()]
    day = word("weekdays", language).split(", ")[last.weekday()]
    key = "note_week" if last.weekday() == 6 else "note_week_own"
    found = [word(key, language, weekday=day, others="; ".join(named))]
    if others[AGAINST[0]][-2:] != period[-2:]:
        found.append(word("note_week_53", language, year=others[AGAINST[0]][:4]))
    if first.year < last.year:
        found.append(word("note_week_years", language, first=first.year, last=last.year))
    return found


def say_reported(window: Window, chosen: tuple[str, ...], language: str) -> str:
    """Write whether all units reported in full, now and in the periods compared with."""
    table = window.totals[window.totals["measure"].isin(counts_or_all(chosen))]
    short = table[(table["commune_id"] != "") & (table["covered"] < WHOLE)]
    lacking = []
    others = [period_against(window.period, against) for against in compared_with(window)]
    for period in (window.period, *others):
        when = period_words(period, language)
        if period not in window.periods:
            lacking.append(word("reported_nothing", language, period=when))
        lacking += _lacking(short[short["period"] == period], when)
    if is_part_of_year(window.period):
        year = window.period[:4]
        before = short["period"].str.startswith(year) & (short["period"] < window.period)
        lacking += _lacking(short[before], word("to_date_words", language, year=year))
    if not lacking:
        return word("reported_full", language)
    return word("reported_partly", language, periods="; ".join(lacking))


def counts_or_all(chosen: tuple[str, ...]) -> list[str]:
    """Return the counts among some measures, by which it is known who reported; else all."""
    return [name for name in chosen if find_measure(name).kind == "count"] or list(chosen)


def _lacking(short: pd.DataFrame, when: str) -> list[str]:
    """Name the units that did not report in full in a period; empty if all did."""
    names = list(short["commune"].unique())
    few = names if len(names) <= _NAMED else [*names[:_NAMED], "…"]
    return [f"{when} ({', '.join(few)})"] if names else []


def explain_bars(states: pd.DataFrame, language: str) -> str:
    """Explain which columns of a chart are hollow, and which are missing rather than 0.

    ``states`` has one column per measure and one row per period.
    """
    found = [word("bars_partial", language)] if (states == PARTIAL).any(axis=None) else []
    for state in ("missing", HIDDEN):
        where: dict[str, list[str]] = {}
        for name in states:
            periods = states.index[states[name] == state]
            when = ", ".join(period_label(period, language) for period in periods)
            if len(periods) > _NAMED:
                when = word("bars_many", language, count=len(periods), all=len(states))
            if when:
                where.setdefault(when, []).append(find_measure(name).text("short", language))
        texts = [
            when if len(names) == states.shape[1] else f"{', '.join(names)} ({when})"
            for when, names in where.items()
        ]
        if texts:
            found.append(word(f"bars_{state}", language, where="; ".join(texts)))
    return " ".join(found)


def marks_of(window: Window, language: str) -> tuple[str, ...]:
    """Return the marks that every page must show."""
    marks = [word("illustrative", language)] if window.illustrative else []
    return (*marks, word(window.audience, language))
