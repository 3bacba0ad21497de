"""Sections of a briefing on the tables of the movement, such as models, drives and targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from antq_helpers.briefing.pages import Briefing, Page, PagePicture, TextTable, change_heads
from antq_helpers.briefing.reviews import (
    MOST_YEARS,
    Section,
    compose_classifications,
    compose_committees,
    compose_meeting_items,
    compose_targets,
    number_cells,
    say_nothing,
)
from antq_helpers.dictionary import (
    capital,
    check_choice,
    field_title,
    name_part,
    number,
    signed,
    table_fields,
    word,
)
from antq_helpers.drawing.parts import NOT_STATED
from antq_helpers.drawing.text import name_day, period_label, period_words, words_if
from antq_helpers.drawing.view import View
from antq_helpers.measuring.lookback import Window
from antq_helpers.measuring.periods import period_against, period_days, period_name, year_span
from antq_helpers.measuring.stocks import running_on
from antq_helpers.reading.movement import MOVEMENT
from antq_helpers.records import chosen_of, register_of

# In the order of their pages, with the columns that each needs beside its source.
_NEEDED = {
    "targets": ("year", "commune", "measure", "target"),
    "committees": ("year", "commune", "renewed", "rules"),
    "models": ("kind", "since", "until", "count"),
    "drives": ("year", "kind", "manner", "count"),
    "partner_activities": ("year", "organisation", "kind", "attendances", "count"),
    "commendations": ("year", "authority", "award", "recipient", "count"),
    "classifications": ("year", "commune", "grade"),
    "hotspots": ("commune", "since", "until", "count"),
    "meeting_items": ("met", "commune", "kind", "item", "due", "done"),
}
_NUMBERS, _DAYS = ("year", "count", "attendances", "target"), ("since", "until", "met", "due")
_MOST_NAMED = 3
_REVIEWS = {
    "committees": compose_committees,
    "classifications": compose_classifications,
    "meeting_items": compose_meeting_items,
}
_STOCKS = {"models": "kind", "hotspots": "commune"}  # what each is counted by


def check_sections(
    tables: Mapping[str, pd.DataFrame] | None, audience: str, language: str
) -> dict[str, pd.DataFrame]:
    """Return the tables of the movement among some, in the order of their pages.

    A ValueError is raised for an unknown name, for a table without the columns of its name, and for
    the public: nothing hides the small counts of these tables.
    """
    given = {name: t for name, t in (tables or {}).items() if name != "records" and t is not None}
    for name, table in given.items():
        check_choice("table", name, MOVEMENT)
        if wrong := _wrong_columns(name, table):
            columns = ", ".join(wrong)
            raise ValueError(word("section_no_table", language, table=name, columns=columns))
    if given and audience != "internal":
        raise ValueError(word("section_internal", language))
    return {name: given[name] for name in _NEEDED if name in given}


def _wrong_columns(name: str, table: object) -> list[str]:
    """List the columns that a table lacks, or has in another type than load_table gives them."""
    needed = [*_NEEDED[name], "source"]
    if not isinstance(table, pd.DataFrame):
        return needed
    wrong = [column for column in needed if column not in table]
    if wrong or table.empty:
        return wrong
    return [
        column
        for column in needed
        if (column in _DAYS and table[column].dtype.kind != "M")
        or (column in _NUMBERS and not is_numeric_dtype(cells := table[column]))
        or (column in _NUMBERS and (cells.dropna() < 0).any())
    ]


def add_sections(
    briefing: Briefing,
    tables: Mapping[str, pd.DataFrame],
    against: str,
    reached: Window | None = None,
) -> Briefing:
    """Add a page for each table that :func:`check_sections` returns, after those of the units.

    ``reached`` is the window of the year to date, which targets are set beside. A ValueError is
    raised for a table of another place than the records.
    """
    window, language = briefing.window, briefing.language
    pages = list(briefing.pages)
    drawn = sum(len(page.all_of(PagePicture)) for page in pages)
    for place, (name, table) in enumerate(tables.items(), drawn + 1):
        _check_place(name, table, window, language)
        section = _compose(name, table, window, against, language, reached)
        pages.append(_page(name, section, window, language, f"{place:02d}-{name}"))
    marks, mark = briefing.marks, word("illustrative", language)
    if mark not in marks and any((t["source"] == "illustrative").any() for t in tables.values()):
        marks = (mark, *marks)
    return replace(briefing, pages=tuple(pages), marks=marks)


def year_to_date(period: str) -> str:
    """Return the year of a period up to the period's end.

    >>> year_to_date("2022-Q3"), year_to_date("2022"), year_to_date("2020-to-2022")
    ('2022-to-09', '2022', '2022')
    """
    last = period_days(period)[1]
    if last.month == 12:
        return str(last.year)
    return period_name(last.year, 1, last.month, to_date=True)


def _compose(
    name: str,
    table: pd.DataFrame,
    window: Window,
    against: str,
    language: str,
    reached: Window | None,
) -> Section:
    if name in _STOCKS:
        return _compose_stock(name, table, window, against, language)
    if name == "targets":
        return compose_targets(table, reached or window, language)
    if name in _REVIEWS:
        return _REVIEWS[name](table, window, language)
    return _compose_years(name, table, window, against, language)


def _check_place(name: str, table: pd.DataFrame, window: Window, language: str) -> None:
    """Refuse a table whose place, or whose communes, are not those of the records."""
    places = register_of(window.totals)
    named = list(table["commune"].dropna().unique()) if "commune" in table else []
    # Stocks say of which place they are; the place of a drive is that of a body.
    said = name in _STOCKS and "place" in table and len(table)
    elsewhere = said and register_of(table).key != places.key
    foreign = named if elsewhere else [unit for unit in named if not places.knows(unit)]
    if foreign:
        names = ", ".join(map(str, foreign[:_MOST_NAMED]))
        raise ValueError(word("section_elsewhere", language, table=name, names=names))


def _page(name: str, section: Section, window: Window, language: str, file: str) -> Page:
    title, blocks, notes = word(f"section_{name}", language), [], list(section.notes)
    if section.data is not None:
        alt = f"{title}. {section.sentences[0]}"
        blocks.append(TextTable(name, section.data, alt, slide=section.slide))
    if section.view is not None:
        view = replace(section.view, language=language, audience=window.audience)
        blocks.append(PagePicture(view, file))
    if chosen := chosen_of(window.totals):
        notes.append(word("section_whole", language, names=", ".join(chosen)))
    if len(section.rows):
        sources = sorted(section.rows["source"].dropna().unique())
        sources = ", ".join(name_part(source, language) for source in sources)
        notes.append(word("section_source", language, names=sources))
    return Page(title, tuple(section.sentences), tuple(blocks), notes=tuple(notes))


def _compose_stock(
    name: str, table: pd.DataFrame, window: Window, against: str, language: str
) -> Section:
    """Compose a stock on the last day of the period, and what began or ended in it."""
    first, end = period_days(window.period)
    # While the period runs on, the stock is that of today, and of the same day of the other.
    day = min(end, pd.Timestamp.today().normalize())
    earlier = period_days(period_against(window.period, against))[1] - (end - day)
    begin, today, other = (name_day(f"{at:%Y-%m-%d}", language) for at in (first, day, earlier))
    rows = table[table["since"] <= day]
    later, notes = int(table["count"].sum() - rows["count"].sum()), []
    if later:
        notes = [word("note_left_out", language, day=today, count=number(later, language))]
    if rows.empty:
        when = word("section_until", language, day=today)
        return Section(rows, [say_nothing(name, when, language)], notes=notes)
    stocks = [running_on(rows, at, placed=False) for at in (day, earlier)]
    flows = [rows[rows["since"] >= first], rows[rows["until"].between(first, day)]]
    # The list is of all: a day on which none ran has 0.
    by = _STOCKS[name]
    now, before, began, ended = (
        sums.fillna(0) for sums in _totals(name, [*stocks, *flows], [by], language)
    )
    data = _beside(name, by, [now, before], {"count": ""}, [today, other], language)
    for head, sums in ((f"section_{name}_began", began), (f"section_{name}_ended", ended)):
        data[word(head, language)] = number_cells(sums["count"], language)
    when, other = (word("section_day", language, day=at) for at in (today, other))
    during = period_words(window.period, language)
    if day < end:
        during = word("section_during", language, first=begin, last=today)
    new, gone = (
        number(count, language) if count else word("section_none", language)
        for count in (began["count"].iloc[-1], ended["count"].iloc[-1])
    )
    sentences = [
        _say(name, [now["count"], before["count"]], language, when, other),
        word(f"section_{name}_moved", language, when=during, began=new, ended=gone),
        *_say_parts(name, by, now["count"], language),
    ]
    since = max(int(rows["since"].min().year), day.year - MOST_YEARS + 1)
    years = (since, day.year) if since < day.year else None
    view = View(kind="stock", at=f"{day:%Y-%m-%d}", years=years)
    if name != "models":
        view = View(kind="parts", table=name, by=by, at=f"{day:%Y-%m-%d}")
    return Section(rows, sentences, data, notes, view if now["count"].iloc[-1] else None)


def _compose_years(
    name: str, table: pd.DataFrame, window: Window, against: str, language: str
) -> Section:
    """Compose what is stated by year: the years of the period, beside as many before them.

    A table of which no row bears a year is told as a whole, and compared with nothing.
    """
    first, last = (day.year for day in period_days(window.period))
    spans = [(first, last), (2 * first - last - 1, first - 1)]
    periods = [year_span(years) for years in spans]
    dated = table.empty or bool(table["year"].notna().any())
    notes = []
    if dated and window.period != periods[0]:
        values = {"when": period_words(window.period, language), "year": last}
        notes.append(word("section_of_year", language, **values))
    left = {"section_later": table["year"] > last, "section_undated": table["year"].isna() & dated}
    for key, out in left.items():
        if count := int(table.loc[out.fillna(False).astype(bool), "count"].sum()):
            notes.append(word(key, language, count=number(count, language), year=last))
    if dated:
        sides = [table[table["year"].between(*of).fillna(False).astype(bool)] for of in spans]
        labels = [capital(period_label(period, language)) for period in periods]
        when, other = (
            word("section_in", language, when=period_words(period, language)) for period in periods
        )
    else:
        sides, labels, other = [table], [word("section_no_year", language)], ""
        when = word("section_year_unknown", language)
    if not sum(map(len, sides)):
        return Section(sides[0], [say_nothing(name, when, language)], notes=notes)
    found = _COMPOSERS[name](sides, labels, language, when, other)
    found = replace(found, notes=[*notes, *found.notes])
    if sides[0].empty:
        return replace(found, sentences=[say_nothing(name, when, language)], view=None)
    if found.view is None:
        return found
    title = f"{word(f'section_{name}', language)}. {labels[0]}"
    told = {"years": spans[0]} if dated else {"title": title}
    return replace(found, view=replace(found.view, **told))


def _compose_drives(
    sides: list[pd.DataFrame], labels: list[str], language: str, when: str, other: str
) -> Section:
    """Compose the localities by kind and, below their total, by manner."""
    name = "drives"
    kinds, manners = (_totals(name, sides, [key], language) for key in ("kind", "manner"))

    def of_which(manner: str) -> str:
        return word("section_of_which", language, name=manner[:1].lower() + manner[1:])

    both = [
        pd.concat([of_kind, of_manner.iloc[:-1].rename(of_which)])
        for of_kind, of_manner in zip(kinds, manners, strict=True)
    ]
    sentences = [
        _say(name, [sums["count"] for sums in kinds], language, when, other),
        *_say_parts(name, "kind", kinds[0]["count"], language),
        *_say_parts(name, "manner", manners[0]["count"], language),
    ]
    # A title of its own: that of the view is of concentrated drives alone.
    title = word("section_drives_drawn", language, label=labels[0])
    view = View(kind="parts", table=name, by="kind", split="manner", title=title)
    data = _beside(name, "kind", both, {"count": ""}, labels, language)
    return Section(sides[0], sentences, data, view=view)


def _compose_partners(
    sides: list[pd.DataFrame], labels: list[str], language: str, when: str, other: str
) -> Section:
    """Compose activities and attendances by organisation; leaflets, counted singly, apart."""
    name, values = "partner_activities", ["activities", "attendances", "leaflets"]
    cut = [side["kind"] == "leaflets" for side in sides]
    sides = [
        side.assign(activities=side["count"].mask(of, 0), leaflets=side["count"].where(of, 0))
        for side, of in zip(sides, cut, strict=True)
    ]
    sums = _totals(name, sides, ["organisation"], language, values)
    if not any(map(any, cut)):
        values.remove("leaflets")
    sentences = []
    for value, key in zip(values, (name, *values[1:]), strict=False):
        of_value = [side[value] for side in sums]
        if of_value[0].iloc[-1] > 0:
            sentences.append(_say(key, of_value, language, when, other))
            sentences += _say_parts(name, "organisation", of_value[0], language)
    silent = [int(side.loc[side["attendances"].isna(), "activities"].sum()) for side in sides]
    blank = [f"{number(n, language)} ({of})" for n, of in zip(silent, labels, strict=True) if n]
    notes = words_if({"section_unattended": blank}, language, counts=", ".join(blank))
    heads = {value: word(f"section_head_{value}", language) for value in values}
    data = _beside(name, "organisation", sums, heads, labels, language)
    drawn = sides[0][sides[0]["activities"] > 0]
    view = View(kind="parts", table=name, split="organisation", without=["leaflets"])
    return Section(sides[0], sentences, data, notes, view if len(drawn) else None)


def _compose_commendations(
    sides: list[pd.DataFrame], labels: list[str], language: str, when: str, other: str
) -> Section:
    """Compose commendations by authority and award, of collectives and of individuals."""
    name, recipients = "commendations", ["collective", "individual"]
    sides = [
        side.assign(**{r: side["count"].where(side["recipient"] == r, 0) for r in recipients})
        for side in sides
    ]
    values = [*recipients, "count"]
    sums = _totals(name, sides, ["authority", "award"], language, values)
    sentences = [_say(name, [side["count"] for side in sums], language, when, other)]
    for by in ("recipient", "authority", "award"):
        sentences += _say_parts(
            name, by, _totals(name, sides, [by], language)[0]["count"], language
        )
    heads = {r: name_part(r, language) for r in recipients}
    heads["count"] = word("section_total", language)
    data = _beside(name, "authority", sums, heads, labels, language)
    view = View(kind="parts", table=name, by="authority", split="recipient")
    return Section(sides[0], sentences, data, view=view)


_COMPOSERS = {
    "drives": _compose_drives,
    "partner_activities": _compose_partners,
    "commendations": _compose_commendations,
}


def _totals(
    name: str,
    sides: list[pd.DataFrame],
    keys: list[str],
    language: str,
    values: Sequence[str] = ("count",),
) -> list[pd.DataFrame]:
    """Add up the rows of each side by the names of some columns, with the total below.

    The rows are the same for all sides, in the order in which the data package lists the values.
    What a side has no row of is 0; all of a side without rows is missing.
    """
    known = {field["name"]: list(field.get("words", ())) for field in table_fields(name)}
    every = pd.concat(sides)[keys].drop_duplicates().astype(object)
    every = every.where(every.notna(), NOT_STATED)
    ranks = [
        every[key].map({value: rank for rank, value in enumerate(known[key])}).fillna(np.inf)
        for key in reversed(keys)
    ]
    order = list(dict.fromkeys(_row_names(every.iloc[np.lexsort(ranks)], keys, language)))
    found = []
    for side in sides:
        sums = side[list(values)].groupby(_row_names(side, keys, language)).sum(min_count=1)
        sums = sums.astype(float).reindex(order, fill_value=np.nan if side.empty else 0)
        sums.loc[word("section_total", language)] = sums.sum(min_count=1)
        found.append(sums)
    return found


def _row_names(rows: pd.DataFrame, keys: list[str], language: str) -> list[str]:
    """Name rows by the words of some columns, such as "Bộ Công an: Bằng khen"."""
    cells = [rows[key].astype(object).where(rows[key].notna(), NOT_STATED) for key in keys]
    return [": ".join(name_part(v, language) for v in row) for row in zip(*cells, strict=True)]


def _beside(
    name: str,
    key: str,
    sides: list[pd.DataFrame],
    heads: Mapping[str, str],
    labels: list[str],
    language: str,
) -> pd.DataFrame:
    """Return a table of texts: of each value those of both sides and the difference.

    ``heads`` are the words for values, empty where there is one alone; ``labels`` name the sides.
    """
    data = {field_title(name, key, language): list(sides[0].index)}
    for value, head in heads.items():
        columns = [side[value] for side in sides]
        for label, column in zip(labels, columns, strict=True):
            data["\n".join(filter(None, [head, label]))] = number_cells(column, language)
        if len(columns) > 1:
            change = columns[0] - columns[1]
            shown = ["–" if pd.isna(size) else signed(size, language) for size in change]
            data[f"{head or labels[1]}\n{change_heads(language)[0]}"] = shown
    return pd.DataFrame(data)


def _say(key: str, sides: list[pd.Series], language: str, when: str, other: str) -> str:
    """Write a total and, where there is another, by how much it is more or fewer."""

    def amount(count: float) -> str:
        return word(f"section_amount_{key}", language, count=number(count, language))

    now, *before = (side.iloc[-1] for side in sides)
    start = capital(word(f"section_count_{key}", language, when=when, count=number(now, language)))
    if not before:
        return f"{start}."
    values = {"start": start, "other": other}
    if pd.isna(before[0]):
        return word("section_alone", language, **values)
    if now == before[0]:
        return word("section_equal", language, **values)
    values |= {"size": amount(abs(now - before[0])), "before": amount(before[0])}
    return word("section_more" if now > before[0] else "section_fewer", language, **values)


def _say_parts(name: str, by: str, sums: pd.Series, language: str) -> list[str]:
    """Write the parts of a total, which is the last of the sums; nothing where there are none."""
    parts = [f"{row} ({number(n, language)})" for row, n in sums.iloc[:-1].items() if n > 0]
    title = field_title(name, by, language)
    values = {"by": title[:1].lower() + title[1:], "parts": ", ".join(parts)}
    return [word("section_parts", language, **values)] if parts else []
