"""A window in; what each page of a briefing says, in words and tables of text, out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from antq_helpers.briefing.remarks import explain_bars, say_found, write_marks, write_notes
from antq_helpers.briefing.rows import (
    is_judged_count,
    tabulate_communes,
    tabulate_place,
    tabulate_silent,
)
from antq_helpers.briefing.sentences import find_places, say
from antq_helpers.dictionary import find_measure, measures, number, word
from antq_helpers.drawing.labels import period_label, period_words
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import AGAINST
from antq_helpers.measuring.standings import Standing, hold_against, standings
from antq_helpers.measuring.windows import Window
from antq_helpers.records import name_whole
from antq_helpers.registers import without_marks

_MOST_DRAWN = 3  # series of a chart
FEW_STEPS = 8  # up to which the axis of a chart counts by one: there is no half of a tip
_LAST_YEAR = AGAINST[0]
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
    """All that the files of a briefing say: the whole place first, communes in official order."""

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
    """Compose a briefing on a window; files only have to be laid out from it.

    Parameters
    ----------
    communes
        Names; by default all that reported anything in the window.
    measures_told
        By default all of the dictionary of which anything was reported.
    against
        The period that sentences and slides hold this one against; tables have both.
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
    chosen = set(places if communes is None else find_places(window, communes))
    units = tuple(unit for unit in table["commune_id"].unique() if unit in chosen)
    drawn = [name for name in told if find_measure(name).kind == "count"][:_MOST_DRAWN]
    judged = {name: standings(window, name, against, units) for name in told}
    pages = [
        _page(window, ("",), [hold_against(window, m, against) for m in told], drawn, language)
    ]
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
        notes=(*remarks, *write_notes(window, told, language)),
        marks=write_marks(window, language),
    )


def _page(
    window: Window, unit: tuple[str], held: list[Standing], drawn: list[str], language: str
) -> Page:
    place = window.totals[window.totals["commune_id"] == unit[0]].iloc[0]
    kind, name = place["kind"], place["commune"]
    if unit[0]:
        title = word(f"page_{kind}", language, name=name)
    else:
        title = name_whole(window.totals, language)
    told = [standing for standing in held if is_judged_count(standing.measure)]
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
            say(standing, window, language, after=before)
            for before, standing in pairwise([None, *(told or held[:1])])
        ),
        table=tabulate_place(window, held, language),
        series=_over_time(window, unit[0], drawn, "value"),
        states=_over_time(window, unit[0], drawn, "state"),
        view=view,
    )


def _with_own_files(pages: list[Page]) -> list[Page]:
    """Give pages of the same name files of their own, with letters that every system takes."""
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
    """Give each column of a chart as plain numbers, None where there is a gap."""
    return [[None if np.isnan(v) else float(v) for v in series[name]] for name in series]


def describe(page: Page, briefing: Briefing) -> str:
    """Give the alt text of a page's chart: kind, measures, place, time, what to see, values."""
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
