"""A window, or a page, in; the marks, notes and alt text that belong to it out."""

from __future__ import annotations

import pandas as pd

from antq_helpers.briefing.rows import compared_with, is_part_of_year
from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing.labels import period_label, period_words
from antq_helpers.measuring.period_totals import PARTIAL, WHOLE
from antq_helpers.measuring.periods import period_against
from antq_helpers.measuring.releasing import HIDDEN
from antq_helpers.measuring.standings import Standing
from antq_helpers.measuring.windows import Window

_NAMED = 4  # communes in a note


def say_found(window: Window, judged: list[Standing], language: str) -> str:
    """Say which communes changed beyond chance, in official order; no ranking."""
    names = window.totals.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    entry = find_measure(judged[0].measure) if judged else None
    if entry is None:
        return word("comparison_title", language)
    known = sum(s.sure is not None for s in judged)
    found = [
        f"{names[s.commune_ids[0]]} ({word('rose' if s.rose else 'fell', language)})"
        for s in judged
        if s.sure
    ]
    told = {
        "label": entry.text("label", language),
        "when": period_words(window.period, language),
        "other": period_words(judged[0].before_period, language),
    }
    if not known:
        silent = all(s.state_before == "missing" for s in judged)
        return word("comparison_nothing" if silent else "comparison_unjudged", language, **told)
    key = "comparison_some" if found else "comparison_none"
    text = word(key, language, **told, names=", ".join(found))
    if known == len(judged):
        return text
    return f"{text} {word('comparison_of', language, count=known, all=len(judged))}"


def say_reported(window: Window, told: tuple[str, ...], language: str) -> str:
    """Say whether all communes reported in full, in the period and in those it is held against."""
    counts = [name for name in told if find_measure(name).kind == "count"]
    table = window.totals[window.totals["measure"].isin(counts or list(told))]
    short = table[(table["commune_id"] != "") & (table["covered"] < WHOLE)]
    lacking = []
    others = [period_against(window.period, against) for against in compared_with(window)]
    for period in (window.period, *others):
        if period not in window.periods:
            told = period_words(period, language)
            lacking.append(word("reported_nothing", language, period=told))
        lacking += _lacking(short[short["period"] == period], period_words(period, language))
    if is_part_of_year(window.period):
        year = window.period[:4]
        before = short["period"].str.startswith(year) & (short["period"] < window.period)
        lacking += _lacking(short[before], word("to_date_words", language, year=year))
    if not lacking:
        return word("reported_full", language)
    return word("reported_partly", language, periods="; ".join(lacking))


def _lacking(short: pd.DataFrame, when: str) -> list[str]:
    """Name the communes that did not report in full, if any."""
    names = list(short["commune"].unique())
    few = names if len(names) <= _NAMED else [*names[:_NAMED], "…"]
    return [f"{when} ({', '.join(few)})"] if names else []


def write_notes(window: Window, told: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Say what the figures rest on, and how they are to be read."""
    source = "source_illustrative" if window.illustrative else "source_reported"
    found = [
        say_reported(window, told, language),
        word(source, language),
        word("note_boundaries", language, year=window.boundaries),
        word("note_judged", language),
        word("note_cells", language),
        word("note_short_forms", language),
    ]
    if window.release is not None:
        least = window.release.threshold - 1
        found.append(word("note_protected", language, most=least))
    if window.period != window.asked:
        asked, taken = (period_words(p, language) for p in (window.asked, window.period))
        found.append(word("note_longer", language, asked=asked, taken=taken))
    return tuple(found)


def explain_bars(states: pd.DataFrame, language: str) -> str:
    """Say which columns of a chart are hollow, and why others are not there: none of them is 0.

    ``states`` has one column per measure and one row per period.
    """
    found = [word("bars_partial", language)] if (states == PARTIAL).any(axis=None) else []
    for state in ("missing", HIDDEN):
        where: dict[str, list[str]] = {}
        for name in states:
            periods = states.index[states[name] == state]
            if len(periods) > _NAMED:
                told = word("bars_many", language, count=len(periods), all=len(states))
            else:
                told = ", ".join(period_label(period, language) for period in periods)
            if told:
                where.setdefault(told, []).append(find_measure(name).text("short", language))
        texts = [
            told if len(names) == states.shape[1] else f"{', '.join(names)} ({told})"
            for told, names in where.items()
        ]
        if texts:
            found.append(word(f"bars_{state}", language, where="; ".join(texts)))
    return " ".join(found)


def write_marks(window: Window, language: str) -> tuple[str, ...]:
    """Give what stands on every page and can not be left out."""
    marks = [word("illustrative", language)] if window.illustrative else []
    return (*marks, word(window.audience, language))
