"""Titles, labels, notes and alt texts of all charts, and names of periods."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import find_measure, is_stock, number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import MONTHS, is_days, is_to_date, period_days, split_of
from antq_helpers.places import known_register
from antq_helpers.records import name_whole

_ROMAN = ("", "I", "II", "III", "IV")
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_ORDINALS = ("", "first", "second", "third", "fourth")


def period_label(period: str, language: str) -> str:
    """Format a period as a short label.

    Examples
    --------
    >>> period_label("2022-Q1", "vi"), period_label("2022-03", "vi"), period_label("2022-Q1", "en")
    ('Quý I/2022', '3/2022', '2022 Q1')
    >>> period_label("2022-to-09", "vi"), period_label("2022-to-09", "en")
    ('9 tháng 2022', 'Jan–Sep 2022')
    >>> period_label("2024-W07", "vi"), period_label("2024-12-25-to-2025-01-05", "vi")
    ('Tuần 7/2024', '25/12/2024–5/1/2025')
    """
    if is_days(period):
        first, last = days_named(period_days(period), language)
        return f"{first}–{last}"
    if is_to_date(period):
        month = int(period[-2:])
        named = month if language == "vi" else _MONTHS[month][:3]
        return word("short_to_date", language, month=named, year=period[:4])
    part = re.fullmatch(r"(\d{4})-(Q|H|W)?(\d+)", period)
    if not part or language == "en":
        return (
            period.replace("-W", " W").replace("-Q", " Q").replace("-H", " H").replace("-to-", "–")
        )
    year, kind, place = part.groups()
    if kind == "Q":
        return word("quarter_of", "vi", part=_ROMAN[int(place)], year=year)
    if kind == "H":
        return word("half_of", "vi", part=word(f"half_{place}", "vi"), year=year)
    if kind == "W":
        return word("week_of", "vi", part=int(place), year=year)
    return f"{int(place)}/{year}"


def period_words(period: str, language: str) -> str:
    """Format a period as words within a sentence.

    Examples
    --------
    >>> period_words("2022-Q1", "vi"), period_words("2022-to-09", "vi")
    ('quý I/2022', '9 tháng đầu năm 2022')
    >>> period_words("2022-H1", "en"), period_words("2020-to-2022", "vi")
    ('the first half of 2022', 'giai đoạn 2020–2022')
    >>> period_words("2024-W37", "vi"), period_words("2024-09-02-to-2024-09-08", "vi")
    ('tuần 37 năm 2024', 'từ ngày 2/9 đến ngày 8/9/2024')
    """
    first, last = period_days(period)
    if is_days(period):
        return days_words((first, last), language)
    split = split_of(period)
    month = last.month if language == "vi" else _MONTHS[last.month]
    values = {"year": first.year, "month": month}
    if is_to_date(period):
        return word("words_to_date", language, **values)
    if split == "week":
        return word("words_week", language, part=int(period[-2:]), year=period[:4])
    if split not in MONTHS:
        return word("words_years", language, first=first.year, last=last.year)
    place = (last.month - 1) // MONTHS[split] + 1
    if split == "half" and language == "vi":
        values["part"] = word(f"half_{place}", language)
    elif split in ("half", "quarter"):
        values["part"] = (_ROMAN if language == "vi" else _ORDINALS)[place]
    return word(f"words_{split}", language, **values)


def dated_words(period: str, days: tuple[pd.Timestamp, pd.Timestamp], language: str) -> str:
    """Format a period as words, with its days where these are not known from its name.

    >>> dated_words("2024-09", (pd.Timestamp("2024-08-15"), pd.Timestamp("2024-09-14")), "vi")
    'tháng 9/2024 (từ ngày 15/8 đến ngày 14/9/2024)'
    """
    words = period_words(period, language)
    known = is_days(period) or (days == period_days(period) and split_of(period) != "week")
    return words if known else f"{words} ({days_words(days, language)})"


def days_words(days: tuple[pd.Timestamp, pd.Timestamp], language: str) -> str:
    """Format a first and last day as words."""
    first, last = days_named(days, language)
    return word("words_days", language, first=first, last=last)


def days_named(days: tuple[pd.Timestamp, pd.Timestamp], language: str) -> tuple[str, str]:
    """Format a first and last day; in Vietnamese the year is named once if it is one."""
    first, last = days
    if language == "en":
        return f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    year = "" if first.year == last.year else f"/{first.year}"
    return f"{first.day}/{first.month}{year}", f"{last.day}/{last.month}/{last.year}"


def name_day(day: str, language: str) -> str:
    """Format an ISO day for a language: 2022-12-31 is 31/12/2022 in Vietnamese."""
    return "/".join(day.split("-")[::-1]) if language == "vi" else day


def name_years(table: pd.DataFrame) -> str:
    """Format the span of years of a table's periods, such as 2013–2022.

    Examples
    --------
    >>> name_years(pd.DataFrame({"period": ["2015", "2016-to-2018"]}))
    '2015–2018'
    """
    first, last = table["period"].min(), table["period"].max()
    # A week over the new year is one of the year of its last day.
    begin = period_days(first)[split_of(first) == "week"]
    return span_words((begin.year, period_days(last)[1].year))


def span_words(years: tuple[int, int]) -> str:
    """Format a span of years.

    Examples
    --------
    >>> span_words((2015, 2018)), span_words((2022, 2022))
    ('2015–2018', '2022')
    """
    return "–".join(dict.fromkeys(map(str, years)))


def tick_words(ticks: Sequence[float], language: str) -> list[str]:
    """Format tick values with as many decimals as they need.

    Examples
    --------
    >>> tick_words([0, 0.25, 0.5], "vi"), tick_words([0, 500, 1000], "en")
    (['0,00', '0,25', '0,50'], ['0', '500', '1,000'])
    """
    decimals = next(d for d in (0, 1, 2, 3, 9) if np.allclose(ticks, np.round(ticks, d), atol=1e-9))
    return [number(tick, language, decimals) for tick in ticks]


def label_heights(ax: Axes, top: float, language: str) -> None:
    """Format the ticks of the vertical axis from 0 to a top value, and drop all others."""
    ticks = [tick for tick in ax.get_yticks() if 0 <= tick <= top]
    ax.set_yticks(ticks, tick_words(ticks, language))


def years_begin(periods: Sequence[str]) -> list[int]:
    """Return the places of the periods with which a year begins, such as 2022-01 or 2022-Q1."""
    return [i for i, period in enumerate(periods) if period[5:] in ("", "01", "Q1", "H1", "W01")]


def decimals_of(values: pd.Series) -> int:
    """Return how many decimals tell values apart: 2 if half are below 1, 0 from 100 on.

    Examples
    --------
    >>> [decimals_of(pd.Series([middle])) for middle in (0.7, 5.4, 2368)]
    [2, 1, 0]
    """
    middle = values.median()
    return 2 if middle < 1 else 1 if middle < 100 else 0


def value_words(table: pd.DataFrame, language: str) -> list[str]:
    """Format each value, with a circle if the reports cover only part of its period."""
    decimals = decimals_of(table["value"])
    return [
        "" if value != value else number(value, language, decimals) + " ○" * (state == "partial")
        for value, state in zip(table["value"], table["state"], strict=True)
    ]


def name_measure(view: View, measure: str | None = None) -> str:
    """Return the label of a view's measure, for rates with the denominator: per 1,000 residents."""
    entry = find_measure(measure or view.measures[0])
    label = entry.text("label", view.language)
    if entry.kind != "count" or not view.per:
        return label
    return word("label_per", view.language, label=label, per=number(view.per, view.language))


def name_unit(view: View) -> str:
    """Return the unit of a view's measure, for counts as an annualised rate per residents."""
    entry, language = find_measure(view.measures[0]), view.language
    unit = entry.text("unit", language)
    if entry.kind != "count":
        return unit
    key = "axis_rate_stock" if is_stock(entry.measure) else "axis_rate_annualised"
    return word(key, language, unit=unit, per=number(view.per, language))


def title_of(table: pd.DataFrame, view: View) -> str:
    """Return the title of a chart of units: the measure, with the years drawn."""
    return f"{name_measure(view)}, {name_years(table)}"


def words_if(needed: dict[str, object], language: str, **values: object) -> list[str]:
    """Return the texts of the keys whose condition is true, with their placeholders filled in."""
    return [word(key, language, **values) for key, condition in needed.items() if condition]


def marks(numbers: pd.DataFrame, view: View) -> str:
    """Return the marks that every panel must show, such as the illustrative mark; may be empty."""
    found = [word("illustrative", view.language)] if numbers["illustrative"].any() else []
    if view.audience:
        found.append(word(view.audience, view.language))
    return " · ".join(found)


def interval_words(drawn_as: str, dispersion: pd.Series, language: str) -> list[str]:
    """Return the notes on how intervals are drawn, and by how much they are widened."""
    return [word(f"note_{drawn_as}", language), *dispersion_words(dispersion, language)]


def cut_words(cut: int, drawn: int, language: str, *, each: bool) -> list[str]:
    """Return the note on intervals cut off at the top, with their number unless each is marked."""
    key = "note_cut" if each else "note_cut_count"
    counts = {"count": number(cut, language), "all": number(drawn, language)}
    return [word(key, language, **counts)] if cut else []


def dispersion_words(dispersion: float | pd.Series, language: str) -> list[str]:
    """Return the note on how much limits and intervals are widened, or why they are not.

    A dispersion is missing where there were too few reports to estimate it.
    """
    known = pd.Series(dispersion, dtype=float).dropna()
    if known.empty:
        return [word("note_chance_alone", language)]
    if known.max() <= 1:
        return []
    ends = dict.fromkeys(number(end, language, 2) for end in (known.min(), known.max()))
    return [word("note_dispersion", language, value="–".join(ends))]


def pooled_words(table: pd.DataFrame, language: str) -> list[str]:
    """Return the note that years are pooled, if they are."""
    splits = map(split_of, table["period"].unique())
    pooled = max(split if isinstance(split, int) else 1 for split in splits)
    return [word("note_pooled", language, years=pooled)] if pooled > 1 else []


def shade_words(table: pd.DataFrame, language: str) -> list[str]:
    """Return the notes on shades by the ratio to the city, and on circles for partial reports."""
    needed = {"note_shades": True, "note_partial_cell": (table["state"] == "partial").any()}
    return words_if(needed, language, whole=name_whole(table, language, inside=True))


def write_frame(
    ax: Axes, table: pd.DataFrame, view: View, *, notes: list[str], title: str = "", axis: str = ""
) -> None:
    """Write the title (by default :func:`title_of`) above a chart, and below it the axis and notes.

    ``notes`` say how to read the picture; what it rests on is added.
    """
    # A title at a given height spares matplotlib measuring all labels to place it.
    ax.set_title(title or title_of(table, view), y=1.0)
    letters = int(ax.get_window_extent().width * 72 / ax.figure.dpi / 5.4)
    below = textwrap.fill(notes_below(table, view, notes), letters)
    ax.set_xlabel("\n".join(filter(None, [axis, below])), loc="left", linespacing=1.4)


def residents_note(table: pd.DataFrame, language: str) -> str:
    """Return the note on the residents of rates: of the census, or of a table by year."""
    population = known_register(str(table["place"].iloc[0]).partition(": ")[0]).population
    if population is None:
        return word("note_census", language)
    first, last = population["year"].min(), population["year"].max()
    key = "note_population" if first < last else "note_population_one"
    return word(key, language, first=first, last=last)


def notes_below(table: pd.DataFrame, view: View, notes: list[str]) -> str:
    """Return the notes below a chart, with what it rests on."""
    return " ".join([*notes, *_basis(table, view.language)])


def _basis(table: pd.DataFrame, language: str) -> list[str]:
    notes = [word("note_boundaries", language, year=table["boundaries"].iloc[0])]
    if find_measure(table["measure"].iloc[0]).kind == "count":
        notes.append(residents_note(table, language))
    share = number(table["covered"].mean() * 100, language, 1)
    alone = "commune" in table and table["commune"].nunique() == 1
    key = "note_covered_one" if alone else "note_covered"
    whole = name_whole(table, language, inside=True)
    return [*notes, word(key, language, share=share, whole=whole)]


def write_marks(ax: Axes, table: pd.DataFrame, view: View) -> None:
    """Write the marks of a picture above its title: illustrative, internal.

    For every kind but those of several panels, which write them within each: no kind can forget it.
    """
    if text := marks(table, view):
        ax.annotate(text, (0, 1), (0, 24), "axes fraction", "offset points", **style.MARK_LOOK)


def describe(table: pd.DataFrame, view: View) -> list[str]:
    """Describe a chart of units: kind, measure, years, highest and lowest value, the whole's."""
    return [
        word(
            "alt_compared",
            view.language,
            kind=word(f"picture_{view.kind}", view.language),
            title=name_measure(view),
            years=name_years(table),
        ),
        *_describe_values(table, view.language),
    ]


def _describe_values(table: pd.DataFrame, language: str) -> list[str]:
    """Describe values in sentences: highest, lowest, the city's, and outliers if tested."""
    known = table[table["value"].notna()]
    if known.empty:
        return [word("alt_no_value", language)]
    sentences, cities = _describe_extremes(known, language), known["city"].unique()
    if len(cities) == 1 and np.isfinite(cities[0]):
        whole, value = name_whole(table, language), number(cities[0], language, 1)
        sentences.append(word("alt_city", language, whole=whole, value=value))
    return sentences + (_describe_outliers(table, language) if "outlier" in table else [])


def _describe_extremes(known: pd.DataFrame, language: str) -> list[str]:
    """Name the units with the highest and the lowest value, with periods if several."""
    value = known["value"]
    if len(known) > 1 and value.min() == value.max():
        return [word("alt_equal", language, value=number(value.iloc[0], language, 1))]
    several = "period" in known and known["period"].nunique() > 1
    sentences = []
    for key, row in (("alt_highest", value.idxmax()), ("alt_lowest", value.idxmin())):
        where = known.loc[row, "commune"]
        if several:
            where += f" ({period_label(known.loc[row, 'period'], language)})"
        value_there = number(value[row], language, 1)
        sentences.append(word(key, language, where=where, value=value_there))
    return sentences[: len(known)]


def _describe_outliers(table: pd.DataFrame, language: str) -> list[str]:
    sentences = []
    for side in ("above", "below"):
        names = ", ".join(table.loc[table["outlier"] == side, "commune"])
        sentences += [word(f"alt_{side}", language, names=names)] if names else []
    return sentences or [word("alt_within", language)]
