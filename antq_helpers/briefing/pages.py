"""Compose the pages of a briefing: sentences, tables, chart numbers and notes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from antq_helpers.briefing.sentences import change_shown, find_places, say, write_value
from antq_helpers.dictionary import (
    LANGUAGES,
    capital,
    find_measure,
    measures,
    number,
    rounded,
    signed,
    word,
)
from antq_helpers.drawing.labels import period_label, period_words
from antq_helpers.drawing.view import View
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import (
    LACKING,
    PARTIAL,
    WHOLE,
    PeriodChange,
    Window,
    change_from,
    changes_of,
)
from antq_helpers.measuring.periods import AGAINST, period_against, split_of
from antq_helpers.places import without_marks
from antq_helpers.records import name_whole

LATE = "°"  # beside a number of a period that is not fully reported
_LAST_YEAR, _PREVIOUS = AGAINST


def compared_with(window: Window) -> list[str]:
    """List the comparisons of a table; only one if both are with the same period."""
    two = {a: period_against(window.period, a) for a in (_PREVIOUS, _LAST_YEAR)}
    return [_LAST_YEAR] if len(set(two.values())) == 1 else [_PREVIOUS, _LAST_YEAR]


def is_part_of_year(period: str) -> bool:
    """Check whether a period is a month, quarter or half, which has a year to date."""
    return split_of(period) in ("half", "quarter", "month")


def tabulate_place(window: Window, held: list[PeriodChange], language: str) -> pd.DataFrame:
    """Return the table of a place: this period, those compared with, and the year to date."""
    rows = []
    for this in held:
        entry = find_measure(this.measure)
        row = {
            word("col_measure", language): entry.text("label", language),
            word("col_unit", language): entry.text("unit", language),
            capital(period_label(window.period, language)): cell_text(
                this.value, this.state, this.measure, language, this.parts
            ),
        }
        for against in compared_with(window):
            other = this
            if this.before_period != period_against(window.period, against):
                other = change_from(window, this.measure, against, this.commune_ids)
            row |= _beside(other, language)
        if is_part_of_year(window.period):
            to_date = _to_date(window, this.measure, this.commune_ids[0], language)
            row[word("col_to_date", language)] = to_date
        rows.append(row)
    return pd.DataFrame(rows)


def _beside(change: PeriodChange, language: str) -> dict[str, str]:
    """Return the cells of the other period: its value, and the change in numbers and per cent."""
    entry = find_measure(change.measure)
    label = capital(period_label(change.before_period, language))
    decimals = 0 if entry.kind == "count" else 1
    late = LATE if LACKING in (change.state, change.state_before) else ""
    shown = pct = "–"
    if not pd.isna(change.difference):
        shown = signed(change_shown(change), language, decimals) + late
    if not pd.isna(change.pct):
        pct = f"{signed(rounded(change.pct), language)}%{late}"
    before = cell_text(
        change.before, change.state_before, change.measure, language, change.parts_before
    )
    return {label: before, f"{label}\n±": shown, f"{label}\n%": pct}


def cell_text(
    value: float,
    state: str,
    measure: str,
    language: str,
    parts: tuple[float, float] | None = None,
) -> str:
    """Format a value for a table, or why there is none; ° marks an unfinished period."""
    if state in ("hidden", "missing", "none"):
        return word(f"cell_{state}", language)
    late = LATE if state in (LACKING, PARTIAL) else ""
    return write_value(value, measure, language, parts) + late


def _to_date(window: Window, measure: str, commune_id: str, language: str) -> str:
    """Format the year-to-date value of a measure, unless any of its periods is hidden."""
    year = window.period[:4]
    table = window.totals
    chosen = (table["measure"] == measure) & (table["commune_id"] == commune_id)
    rows = table[chosen & table["period"].str.startswith(year)]
    states = set(rows["state"])
    if HIDDEN in states or states == {"missing"}:
        return word(f"cell_{HIDDEN if HIDDEN in states else 'missing'}", language)
    entry = find_measure(measure)
    value, below = rows["numerator"].sum(), rows["denominator"].sum()
    if entry.kind != "count":
        if not below:
            return word("cell_none", language)
        value = value / below * entry.per
    state = LACKING if states & {LACKING, PARTIAL, "missing"} else "full"
    parts = rows["numerator"].sum(), below
    return cell_text(value, state, measure, language, parts)


def tabulate_communes(
    window: Window,
    judged: dict[str, list[PeriodChange]],
    told: tuple[str, ...],
    against: str,
    language: str,
) -> pd.DataFrame:
    """Compare the first counts with another period, a row per unit and the city's."""
    counts = [name for name in told if is_judged_count(name)][:2]
    names = window.totals.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    rows = []
    for place in range(len(judged[told[0]]) + 1):
        row: dict[str, str] = {}
        for name in counts or told[:1]:
            whole = place == len(judged[name])
            change = change_from(window, name, against) if whole else judged[name][place]
            unit = change.commune_ids[0]
            row[word("col_commune", language)] = names[unit] or name_whole(window.totals, language)
            short = capital(find_measure(name).text("short", language))
            now = cell_text(change.value, change.state, name, language, change.parts)
            found = list(_beside(change, language).values())
            labels = [
                capital(period_label(change.period, language)),
                capital(period_label(change.before_period, language)),
                "±",
                "%",
            ]
            for label, text in zip(labels, [now, *found], strict=True):
                row[f"{short}\n{label}"] = text
            row[f"{short}\n{word('col_judged', language)}"] = _judged(change, language)
        rows.append(row)
    return pd.DataFrame(rows)


def is_judged_count(name: str) -> bool:
    """Check whether a measure is a count whose changes are tested against chance."""
    entry = find_measure(name)
    return entry.kind == "count" and entry.interval != "none"


def _judged(change: PeriodChange, language: str) -> str:
    if change.sure is None:
        return "–"
    if not change.sure:
        return word("judged_within", language)
    return word("judged_rise" if change.rose else "judged_fall", language)


def tabulate_silent(window: Window, told: tuple[str, ...], language: str) -> pd.DataFrame:
    """List the units whose reports of the period are missing or do not cover it."""
    table = window.totals
    now = table[(table["period"] == window.period) & table["measure"].isin(told)]
    counts = [name for name in told if find_measure(name).kind == "count"]
    now = now[(now["commune_id"] != "") & now["measure"].isin(counts or list(told))]
    rows = []
    for _, of_one in now.groupby("commune_id", sort=False):
        # Hidden counts were reported, too: that a report came in gives no count away.
        gone = of_one[(of_one["reporting"] == 0) | (of_one["covered"] < WHOLE)]
        if gone.empty:
            continue
        labels = [find_measure(name).text("label", language) for name in gone["measure"]]
        every = len(gone) == len(of_one)
        rows.append(
            {
                word("col_commune", language): of_one["commune"].iloc[0],
                word("col_missing", language): word("silent_all", language)
                if every
                else "; ".join(labels),
                word("col_covered", language): f"{number(gone['covered'].min() * 100, language)}%",
            }
        )
    columns = [word(f"col_{name}", language) for name in ("commune", "missing", "covered")]
    return pd.DataFrame(rows, columns=columns)


def short_heads(table: pd.DataFrame) -> list[str]:
    """Return the headers to print: changes stand beside their period, and need not name it."""
    heads = [str(name) for name in table.columns]
    return [h.split("\n")[1] if h.endswith(("\n±", "\n%")) else h for h in heads]


def shorten(table: pd.DataFrame, window: Window, against: str) -> pd.DataFrame:
    """Select the columns of a place's table that fit on a slide: this period and one other."""
    known = compared_with(window)
    first = 3 * (known.index(against) + 1 if against in known else 1)
    return table.iloc[:, [0, 2, first, first + 1, first + 2]]


def numeric_columns(table: pd.DataFrame) -> list[bool]:
    """Check for each column whether all cells are numbers, or say why there is none."""
    return [
        place > 0 and all(_stands_for_number(str(text)) for text in table.iloc[:, place])
        for place in range(table.shape[1])
    ]


def _stands_for_number(text: str) -> bool:
    return is_number(text) or all(map(is_number, text.split("/"))) or text in _instead()


@cache
def _instead() -> frozenset[str]:
    states = ("hidden", "missing", "none")
    return frozenset(
        ["–", *(word(f"cell_{s}", language) for s in states for language in LANGUAGES)]
    )


def is_number(text: str) -> bool:
    """Check whether the text of a cell is a number."""
    plain = text.lstrip("+−").rstrip(f"%{LATE}")
    return plain.replace(".", "").replace(",", "").isdigit()


_NAMED = 4  # communes in a note


def say_found(window: Window, judged: list[PeriodChange], language: str) -> str:
    """Write which units changed beyond chance, in official order, not ranked."""
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
    """Write whether all units reported in full, now and in the periods compared with."""
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
    """Name the units that did not report in full in a period; empty if all did."""
    names = list(short["commune"].unique())
    few = names if len(names) <= _NAMED else [*names[:_NAMED], "…"]
    return [f"{when} ({', '.join(few)})"] if names else []


def notes_of(window: Window, told: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return the notes on what the figures are based on, and how to read them."""
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
    """Explain which columns of a chart are hollow, and which are missing rather than 0.

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


def marks_of(window: Window, language: str) -> tuple[str, ...]:
    """Return the marks that every page must show."""
    marks = [word("illustrative", language)] if window.illustrative else []
    return (*marks, word(window.audience, language))


_MOST_DRAWN = 3  # series of a chart
FEW_STEPS = 8  # up to which the axis of a chart counts by one: there is no half of a tip
_DEVICES = ("con", "prn", "aux", "nul")  # no names of files on Windows


@dataclass(frozen=True)
class Page:
    """One place: its sentences, its table and the numbers of its chart.

    ``sentences`` has one for each count with an interval, that of the first measure first; the
    others go on from it. ``table`` is text, one row per measure. ``series`` are the counts of the
    chart, one column per measure and one row per period; missing where nothing may or can be shown.
    ``states`` says of each what it is, as in a window's totals.
    """

    commune_id: str
    title: str
    file: str
    sentences: tuple[str, ...]
    table: pd.DataFrame
    series: pd.DataFrame
    states: pd.DataFrame
    view: View


@dataclass(frozen=True)
class Briefing:
    """The content of all files of a briefing: the city first, then units in official order."""

    window: Window
    against: str
    language: str
    title: str
    measures: tuple[str, ...]
    pages: tuple[Page, ...]
    comparison: pd.DataFrame
    found: str
    silent: pd.DataFrame
    notes: tuple[str, ...]
    marks: tuple[str, ...]


def compose(
    window: Window,
    *,
    communes: tuple[str, ...] | None = None,
    measures_told: tuple[str, ...] | None = None,
    against: str = _LAST_YEAR,
    remarks: tuple[str, ...] = (),
    language: str = "vi",
) -> Briefing:
    """Compose the content of a briefing from a window; files only lay it out.

    Parameters
    ----------
    communes
        Names; by default all that reported anything in the window; empty for the whole alone.
    measures_told
        By default all of the dictionary of which anything was reported.
    against
        The period that sentences and slides compare this one with; tables have both.
    remarks
        Sentences of one's own, before the notes.
    """
    reported = set(window.totals.loc[window.totals["state"] != "missing", "measure"])
    all_of_them = tuple(name for name in measures() if name in reported)
    told = all_of_them if measures_told is None else tuple(measures_told)
    for name in told:
        find_measure(name)
    if not told:
        raise ValueError(f"measures=() names none. Use some of: {', '.join(measures())}.")
    table = window.totals
    heard = table.loc[(table["commune_id"] != "") & (table["reporting"] > 0), "commune_id"]
    heard_ids = set(heard)
    places = tuple(u for u in table["commune_id"].unique() if u in heard_ids)
    if communes is not None:
        places = find_places(window, communes) if communes else ()
    chosen = set(places)
    units = tuple(unit for unit in table["commune_id"].unique() if unit in chosen)
    drawn = [name for name in told if find_measure(name).kind == "count"][:_MOST_DRAWN]
    judged = {name: changes_of(window, name, against, units) for name in told}
    pages = [_page(window, ("",), [change_from(window, m, against) for m in told], drawn, language)]
    for place, unit in enumerate(units):
        mine = [judged[name][place] for name in told]
        pages.append(_page(window, (unit,), mine, drawn, language))
    when = period_words(window.period, language)
    return Briefing(
        window=window,
        against=against,
        language=language,
        title=word("pack_title", language, when=when),
        measures=told,
        pages=tuple(_with_own_files(pages)),
        comparison=tabulate_communes(window, judged, told, against, language),
        found=say_found(window, judged[told[0]], language),
        silent=tabulate_silent(window, told, language),
        notes=(*remarks, *notes_of(window, told, language)),
        marks=marks_of(window, language),
    )


def _page(
    window: Window, unit: tuple[str], held: list[PeriodChange], drawn: list[str], language: str
) -> Page:
    place = window.totals[window.totals["commune_id"] == unit[0]].iloc[0]
    kind, name = place["kind"], place["commune"]
    if unit[0]:
        title = word(f"page_{kind}", language, name=name)
    else:
        title = name_whole(window.totals, language)
    told = [change for change in held if is_judged_count(change.measure)]
    view = View(
        measures=tuple(drawn[:1] + drawn[-1:]) if drawn else (held[0].measure,),
        communes=(name,) if unit[0] else None,
        language=language,
        audience=window.audience,
        period=window.asked,
    )
    return Page(
        commune_id=unit[0],
        title=title,
        file=without_marks(name if unit[0] else title).replace(" ", "-"),
        sentences=tuple(
            say(change, window, language, after=before)
            for before, change in pairwise([None, *(told or held[:1])])
        ),
        table=tabulate_place(window, held, language),
        series=_over_time(window, unit[0], drawn, "value"),
        states=_over_time(window, unit[0], drawn, "state"),
        view=view,
    )


def _with_own_files(pages: list[Page]) -> list[Page]:
    """Assign each page a unique file name, in letters that every system accepts."""
    taken: dict[str, int] = {}
    found = []
    for page in pages:
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in page.file)
        plain = plain.strip("-")[:60] or "page"
        if plain in _DEVICES:
            plain = f"{plain}-"
        taken[plain] = taken.get(plain, 0) + 1
        file = plain if taken[plain] == 1 else f"{plain}-{taken[plain]}"
        found.append(replace(page, file=file))
    return found


def _over_time(window: Window, commune_id: str, drawn: list[str], part: str) -> pd.DataFrame:
    table = window.totals[window.totals["commune_id"] == commune_id]
    wide = table.pivot(index="period", columns="measure", values=part)
    return wide.reindex(index=list(window.periods), columns=drawn)


def gaps(series: pd.DataFrame) -> list[list[float | None]]:
    """Convert each column of a chart to floats, with None for gaps."""
    return [[None if np.isnan(v) else float(v) for v in series[name]] for name in series]


def alt_of_page(page: Page, briefing: Briefing) -> str:
    """Return the alt text of a page's chart: kind, measures, place, periods, finding and values."""
    language = briefing.language
    labels = [find_measure(name).text("label", language) for name in page.series]
    first, last = (period_label(p, language) for p in page.series.index[[0, -1]])
    known = page.series[page.series.columns[0]].dropna() if len(labels) else page.series
    values = ""
    if len(known):
        ends = {key: number(v, language) for key, v in zip("ab", known.iloc[[0, -1]], strict=True)}
        at = (period_label(period, language) for period in known.index[[0, -1]])
        when = dict(zip(("first", "last"), at, strict=True))
        key = "alt_ends" if len(known) > 1 else "alt_one"
        values = word(key, language, measure=labels[0], **ends, **when)
    kind = word(
        "alt_columns" if len(page.series) > 1 else "alt_columns_one",
        language,
        measures=", ".join(labels),
        place=page.title,
        first=first,
        last=last,
    )
    mark = [f"{word('illustrative', language)}."] if briefing.window.illustrative else []
    gone = explain_bars(page.states, language)
    return " ".join(filter(None, [*mark, kind, page.sentences[0], values, gone]))
