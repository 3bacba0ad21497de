"""Compose the pages of a briefing: lists of blocks that slides, appendix and workbook render."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TypeVar

import pandas as pd

from antq_helpers.briefing.notes import (
    compared_with,
    counts_or_all,
    explain_bars,
    is_part_of_year,
    marks_of,
    notes_of,
)
from antq_helpers.briefing.sentences import (
    change_shown,
    find_places,
    measure_beside,
    other_period,
    say,
    verdict_of,
    write_value,
)
from antq_helpers.dictionary import (
    LANGUAGES,
    capital,
    find_measure,
    is_stock,
    measures,
    number,
    rounded,
    signed,
    word,
)
from antq_helpers.drawing.text import dated_words, period_label, period_words
from antq_helpers.drawing.view import View
from antq_helpers.measuring.changes import PeriodChange, change_from, changes_of
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import LACKING, PARTIAL, WHOLE, Window
from antq_helpers.measuring.periods import AGAINST, period_against
from antq_helpers.places import without_marks
from antq_helpers.records import name_whole

LATE = "°"  # beside a number of a period that is not fully reported
_LAST_YEAR, _PREVIOUS = AGAINST
_MOST_DRAWN = 3  # series of a chart
_MOST_COLUMNS = 13  # periods of a chart: a year of months, a quarter of weeks
_FEW_STEPS = 8
_DEVICES = ("con", "prn", "aux", "nul")  # no names of files on Windows
Block = TypeVar("Block")


@dataclass(frozen=True)
class TextTable:
    """A table of texts, in one sheet of the workbook with all others of that name.

    ``place`` is what a column of the sheet says that its rows are of. ``slide`` are the positions
    of the columns that a slide has room for; None is all. ``nothing`` stands in the sheet where
    there is no row; slides and appendix then leave the page out.
    """

    sheet: str
    data: pd.DataFrame
    alt: str
    place: str = ""
    slide: tuple[int, ...] | None = None
    nothing: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of columns that can be edited: one series per measure, one row per period.

    ``series`` are missing where nothing may or can be shown, ``states`` say of each what it is, as
    in a window's totals, and ``key`` says which columns are hollow or not there.
    """

    commune_id: str
    series: pd.DataFrame
    states: pd.DataFrame
    key: str
    alt: str

    @property
    def has_columns(self) -> bool:
        """Whether there is anything to draw."""
        return bool((self.series > 0).any(axis=None))


@dataclass(frozen=True)
class PagePicture:
    """A picture in a file of its own, and in the appendix with a caption, by default its alt's."""

    view: View
    file: str
    caption: str = ""


@dataclass(frozen=True)
class Page:
    """A heading, the sentences below it, and blocks: tables, charts and pictures.

    The first sentence is the headline of the slide. A page of level 2 belongs to the last of
    level 1. Further pictures have a page without title, which is in the appendix alone. ``notes``
    are of this page; those of all pages are the briefing's.
    """

    title: str
    sentences: tuple[str, ...]
    blocks: tuple[TextTable | Chart | PagePicture, ...]
    level: int = 1
    notes: tuple[str, ...] = ()

    def all_of(self, kind: type[Block]) -> list[Block]:
        """Return the blocks of a kind, such as the tables."""
        return [block for block in self.blocks if isinstance(block, kind)]

    @property
    def is_empty(self) -> bool:
        """Whether it holds no sentence, and no table with a row."""
        tables = self.all_of(TextTable)
        return not self.sentences and bool(tables) and all(table.data.empty for table in tables)


@dataclass(frozen=True)
class Briefing:
    """The content of all files of a briefing: the city first, then units in official order."""

    window: Window
    language: str
    title: str
    measures: tuple[str, ...]
    pages: tuple[Page, ...]
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

    ``communes`` are by default all that reported anything in the window, empty for the whole alone;
    ``measures_told`` all of which anything was reported. Sentences and slides compare with the
    period ``against``, tables with both. ``remarks`` stand before the notes.
    """
    table = window.totals
    reported = set(table.loc[table["state"] != "missing", "measure"])
    if measures_told is None:
        measures_told = tuple(name for name in measures() if name in reported)
    chosen = tuple(dict.fromkeys(measures_told))
    for name in chosen:
        find_measure(name)
    if not chosen:
        raise ValueError(f"measures=() names none. Use some of: {', '.join(measures())}.")
    if communes is None:
        places = set(table.loc[table["reporting"] > 0, "commune_id"])
    else:
        places = set(find_places(window, communes) if communes else ())
    units = tuple(unit for unit in window.units if unit and unit in places)
    judged = {name: changes_of(window, name, against, units) for name in chosen}
    city = [change_from(window, name, against) for name in chosen]
    when = dated_words(window.period, window.days[window.period], language)
    title = word("pack_title", language, when=when)
    files = _name_files([name_whole(table, language), *(window.units[u][0] for u in units)])
    pages = (
        compose_place(window, city, language, files[0]),
        _compose_comparison(window, judged, city, title, language),
        _compose_silent(window, chosen, language),
        *(
            compose_place(window, changes, language, file)
            for *changes, file in zip(*judged.values(), files[1:], strict=True)
        ),
    )
    notes = (*remarks, *notes_of(window, chosen, language))
    return Briefing(window, language, title, chosen, pages, notes, marks_of(window, language))


def compose_place(
    window: Window, changes: list[PeriodChange], language: str, file: str = ""
) -> Page:
    """Compose the page of one place, from the changes of each of its measures."""
    unit, against = changes[0].commune_ids[0], changes[0].before_period
    name, kind = window.units[unit]
    title = name_whole(window.totals, language)
    if unit:
        title = word(f"page_{kind}", language, name=name)
    judged = [change for change in changes if is_judged_count(change.measure)] or changes[:1]
    sentences = _say_place(window, judged, {c.measure: c for c in changes}, language)
    known = [change.measure for change in changes]
    counts = [measure for measure in known if find_measure(measure).kind == "count"]
    drawn = counts[:_MOST_DRAWN] or known[:1]
    view = View(
        measures=(drawn[0], drawn[-1]),
        communes=(name,) if unit else None,
        language=language,
        audience=window.audience,
        period=window.asked,
    )
    labels = [find_measure(measure).text("label", language).lower() for measure in view.measures]
    table = tabulate_place(window, changes, language)
    # On a slide there is room for the period and one other: its value and both changes.
    others = [period_against(window.period, other) for other in compared_with(window)]
    first = 3 * (others.index(against) + 1)
    return Page(
        title,
        sentences,
        (
            _chart_of(window, unit, drawn, title, sentences[0], language),
            TextTable(
                "places",
                table,
                f"{title}. {word('col_measure', language)}: {len(table)}.",
                place=title,
                slide=(0, 2, first, first + 1, first + 2),
            ),
            PagePicture(view, file, f"{capital(', '.join(labels))}: {title}"),
        ),
    )


def _say_place(
    window: Window, changes: list[PeriodChange], all_of: dict[str, PeriodChange], language: str
) -> tuple[str, ...]:
    """Write the sentences of a place: the first one judged, of the others once what they share."""
    found, verdicts = [], []
    for before, change in pairwise([None, *changes]):
        ask = {"after": before, "beside": all_of.get(measure_beside(change.measure))}
        plain, full = (say(change, window, language, **ask, judged=told) for told in (False, True))
        verdicts.append(verdict_of(change) if plain != full else "")
        found.append(plain if before else full)
    first, *others = verdicts
    # What the first sentence tells of its own change, or a change beyond chance, is left out.
    key = "say_rest" if first or any(change.sure for change in changes) else "say_all"
    left = sorted({*others} - {""} - ({first} & {"unjudged"}))
    return (*found, *(word(f"{key}_{verdict}", language) for verdict in left))


def _chart_of(
    window: Window, unit: str, drawn: list[str], title: str, finding: str, language: str
) -> Chart:
    """Return the numbers of a place's chart, and its alt text: what, where, finding and ends."""
    table = window.totals[window.totals["commune_id"] == unit]
    series, states = (
        table.pivot(index="period", columns="measure", values=part).reindex(
            index=list(window.periods)[-_MOST_COLUMNS:], columns=drawn
        )
        for part in ("value", "state")
    )
    labels = [find_measure(name).text("label", language) for name in drawn]
    first, last = (period_label(period, language) for period in series.index[[0, -1]])
    key = "alt_columns" if len(series) > 1 else "alt_columns_one"
    place = {"measures": ", ".join(labels), "place": title, "first": first, "last": last}
    alt = [word(key, language, **place), finding]
    known = series[drawn[0]].dropna()
    if len(known):
        ends = zip("ab", ("first", "last"), (0, -1), strict=True)
        arguments = {"measure": labels[0]}
        for value, when, end in ends:
            arguments[value] = write_value(known.iloc[end], drawn[0], language)
            arguments[when] = period_label(known.index[end], language)
        alt.append(word("alt_ends" if len(known) > 1 else "alt_one", language, **arguments))
    if window.illustrative:
        alt.insert(0, f"{word('illustrative', language)}.")
    gone = explain_bars(states, language)
    return Chart(unit, series, states, gone, " ".join(filter(None, [*alt, gone])))


def _compose_comparison(
    window: Window,
    judged: dict[str, list[PeriodChange]],
    city: list[PeriodChange],
    over: str,
    language: str,
) -> Page:
    """Compare the first two counts with another period, a row per unit and the city's."""
    changes = {change.measure: [*judged[change.measure], change] for change in city}
    shown = [name for name in changes if is_judged_count(name)][:2] or list(changes)[:1]
    rows = []
    for of_place in zip(*(changes[name] for name in shown), strict=True):
        name = window.units[of_place[0].commune_ids[0]][0] or name_whole(window.totals, language)
        row = {word("col_commune", language): name}
        for change in of_place:
            short = capital(find_measure(change.measure).text("short", language))
            now, before = (
                capital(period_label(period, language))
                for period in (change.period, change.before_period)
            )
            value = cell_text(change.value, change.state, change.measure, language, change.parts)
            cells = [value, *_cells_beside(change, language).values(), _judgement(change, language)]
            heads = [now, before, *change_heads(language), word("col_judged", language)]
            row |= {f"{short}\n{head}": cell for head, cell in zip(heads, cells, strict=True)}
            if not any(other.sure for other in changes[change.measure]):  # said once, above
                del row[f"{short}\n{heads[-1]}"]
        rows.append(row)
    title = word("comparison_title", language)
    found = _say_found(window, judged[city[0].measure], language)
    table = TextTable("comparison", pd.DataFrame(rows), f"{over}. {title}. {found}")
    return Page(title, (found,), (table,), level=2)


def _judgement(change: PeriodChange, language: str) -> str:
    if change.sure is None:
        return "–"
    if not change.sure:
        return word("judged_within", language)
    return word("judged_rise" if change.rose else "judged_fall", language)


def _say_found(window: Window, judged: list[PeriodChange], language: str) -> str:
    """Write which units changed beyond chance, in official order, not ranked."""
    if not judged:
        return word("comparison_title", language)
    arguments = {
        "label": find_measure(judged[0].measure).text("label", language),
        "when": period_words(window.period, language),
        "other": other_period(judged[0], language),
    }
    known = sum(change.sure is not None for change in judged)
    if not known:
        silent = all(change.state_before == "missing" for change in judged)
        key = "comparison_nothing" if silent else "comparison_unjudged"
        return word(key, language, **arguments)
    rose, fell = (word(way, language) for way in ("rose", "fell"))
    found = [
        f"{window.units[change.commune_ids[0]][0]} ({rose if change.rose else fell})"
        for change in judged
        if change.sure
    ]
    key = "comparison_some" if found else "comparison_none"
    text = word(key, language, **arguments, names=", ".join(found))
    if known == len(judged):
        return text
    return f"{text} {word('comparison_of', language, count=known, all=len(judged))}"


def is_judged_count(name: str) -> bool:
    """Check whether a measure is a count whose changes are tested against chance."""
    entry = find_measure(name)
    return entry.kind == "count" and entry.interval != "none"


def _compose_silent(window: Window, chosen: tuple[str, ...], language: str) -> Page:
    """List the units whose reports of the period are missing or do not cover it."""
    table = window.totals[window.totals["measure"].isin(counts_or_all(chosen))]
    now = table[(table["period"] == window.period) & (table["commune_id"] != "")]
    columns = [word(f"col_{name}", language) for name in ("commune", "missing", "covered")]
    rows = []
    for _, of_one in now.groupby("commune_id", sort=False):
        # Hidden counts were reported, too: that a report came in gives no count away.
        gone = of_one[(of_one["reporting"] == 0) | (of_one["covered"] < WHOLE)]
        if gone.empty:
            continue
        labels = [find_measure(name).text("label", language) for name in gone["measure"]]
        missing = word("silent_all", language) if len(gone) == len(of_one) else "; ".join(labels)
        covered = f"{number(gone['covered'].min() * 100, language)}%"
        rows.append([of_one["commune"].iloc[0], missing, covered])
    title, nobody = (word(key, language) for key in ("silent_title", "silent_none"))
    data = pd.DataFrame(rows, columns=columns)
    return Page(title, (), (TextTable("silent", data, title, nothing=nobody),), level=2)


def _name_files(places: list[str]) -> list[str]:
    """Return a file name for each place, no two the same, in letters that every system accepts."""
    taken: dict[str, int] = {}
    found = []
    for place in places:
        plain = re.sub(r"[^A-Za-z0-9_-]", "-", without_marks(place)).strip("-")[:60] or "page"
        if plain in _DEVICES:
            plain = f"{plain}-"
        taken[plain] = taken.get(plain, 0) + 1
        found.append(plain if taken[plain] == 1 else f"{plain}-{taken[plain]}")
    return found


def tabulate_place(window: Window, changes: list[PeriodChange], language: str) -> pd.DataFrame:
    """Return the table of a place: this period, those compared with, and the year to date."""
    rows = []
    for this in changes:
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
            row |= _cells_beside(other, language)
        if is_part_of_year(window.period):
            to_date = _year_to_date(window, this.measure, this.commune_ids[0], language)
            row[word("col_to_date", language)] = to_date
        rows.append(row)
    return pd.DataFrame(rows)


def _cells_beside(change: PeriodChange, language: str) -> dict[str, str]:
    """Return the cells of the other period: its value, and the change in numbers and per cent."""
    label = capital(period_label(change.before_period, language))
    decimals = 0 if find_measure(change.measure).kind == "count" else 1
    late = LATE if LACKING in (change.state, change.state_before) else ""
    shown = pct = "–"
    if not pd.isna(change.difference):
        shown = signed(change_shown(change), language, decimals) + late
    if not pd.isna(change.pct):
        pct = f"{signed(rounded(change.pct), language)}%{late}"
    before = cell_text(
        change.before, change.state_before, change.measure, language, change.parts_before
    )
    more, share = change_heads(language)
    return {label: before, f"{label}\n{more}": shown, f"{label}\n{share}": pct}


def change_heads(language: str) -> tuple[str, str]:
    """Return the heads of the columns of a change, in numbers and per cent."""
    return word("head_more", language), word("head_share", language)


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


def _year_to_date(window: Window, measure: str, commune_id: str, language: str) -> str:
    """Format the year-to-date value of a measure, unless any of its periods is hidden."""
    periods = [period for period in window.periods if period.startswith(window.period[:4])]
    if is_stock(measure):  # never added up over time
        periods = periods[-1:]
    rows = [window.by_period[measure, period][commune_id] for period in periods]
    states = {row["state"] for row in rows}
    if HIDDEN in states or states == {"missing"}:
        return word(f"cell_{HIDDEN if HIDDEN in states else 'missing'}", language)
    parts = tuple(
        sum(row[part] for row in rows if row[part] == row[part])
        for part in ("numerator", "denominator")
    )
    entry, value = find_measure(measure), parts[0]
    if entry.kind != "count":
        if not parts[1]:
            return word("cell_none", language)
        value = value / parts[1] * entry.per
    state = LACKING if states & {LACKING, PARTIAL, "missing"} else "full"
    return cell_text(value, state, measure, language, parts)


def texts_of(table: pd.DataFrame) -> list[list[str]]:
    """Return the texts of a table to print row by row, its header first.

    Changes stand beside their period, and their header need not name it.
    """
    heads = [str(name) for name in table.columns]
    changes = tuple(f"\n{head}" for language in LANGUAGES for head in change_heads(language))
    short = [head.split("\n")[1] if head.endswith(changes) else head for head in heads]
    return [short, *(list(map(str, row)) for row in table.values.tolist())]


def steps_by_one(series: pd.DataFrame) -> bool:
    """Check whether the axis of a chart counts by one: of few, there is no half of a tip."""
    counts = all(find_measure(name).kind == "count" for name in series)
    return counts and bool(series.max(axis=None) <= _FEW_STEPS)


def numeric_columns(table: pd.DataFrame) -> list[bool]:
    """Check for each column whether all cells are numbers, or say why there is none."""
    return [
        place > 0 and all(_stands_for_number(str(text)) for text in table.iloc[:, place])
        for place in range(table.shape[1])
    ]


_NUMBER = re.compile(rf"[+−]*[\d.,]*\d[\d.,]*[%{LATE}]*")  # such as +12,5%°


def _stands_for_number(text: str) -> bool:
    return all(map(_NUMBER.fullmatch, text.split("/"))) or text in _instead_of_numbers()


@cache
def _instead_of_numbers() -> frozenset[str]:
    keys = [f"cell_{state}" for state in ("hidden", "missing", "none")]
    return frozenset(["–", *(word(key, language) for key in keys for language in LANGUAGES)])
