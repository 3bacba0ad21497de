"""Titles, notes, marks and sentences of charts that compare units."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.labels import marks, period_label
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import period_days
from antq_helpers.records import name_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def name_measure(measure: str, per: int, language: str) -> str:
    """Return a measure's label, for counts with the denominator: per 1,000 residents."""
    entry = find_measure(measure)
    label = entry.text("label", language)
    if entry.kind != "count":
        return label
    return word("label_per", language, label=label, per=number(per, language))


def name_unit(measure: str, per: int, language: str) -> str:
    """Return a measure's unit, for counts as an annualised rate per residents."""
    entry = find_measure(measure)
    unit = entry.text("unit", language)
    if entry.kind != "count":
        return unit
    return word("axis_rate_annualised", language, unit=unit, per=number(per, language))


def decimals_of(values: pd.Series) -> int:
    """Return how many decimals tell values apart: 2 if half are below 1, 0 from 100 on.

    Examples
    --------
    >>> [decimals_of(pd.Series([middle])) for middle in (0.7, 5.4, 2368)]
    [2, 1, 0]
    """
    middle = values.median()
    return 2 if middle < 1 else 1 if middle < 100 else 0


def name_years(table: pd.DataFrame) -> str:
    """Format the span of years of a table's periods, such as 2013–2022.

    Examples
    --------
    >>> name_years(pd.DataFrame({"period": ["2015", "2016-to-2018"]}))
    '2015–2018'
    """
    first, last = period_days(table["period"].min())[0], period_days(table["period"].max())[1]
    return span_words((first.year, last.year))


def span_words(years: tuple[int, int]) -> str:
    """Format a span of years.

    Examples
    --------
    >>> span_words((2015, 2018)), span_words((2022, 2022))
    ('2015–2018', '2022')
    """
    return "–".join(dict.fromkeys(map(str, years)))


def pooled_words(table: pd.DataFrame, language: str) -> list[str]:
    """Return the note that years are pooled, if they are."""
    pooled = max(end.year - start.year + 1 for start, end in map(period_days, table["period"]))
    return [word("note_pooled", language, years=pooled)] if pooled > 1 else []


def title_of(table: pd.DataFrame, view: View) -> str:
    """Return the title of a chart of units: the measure, with the years drawn."""
    return f"{name_measure(view.measures[0], view.per, view.language)}, {name_years(table)}"


def clear(ax: Axes) -> None:
    """Remove ticks, grid and spines from axes that hold tiles or panels; their labels stay."""
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def write_frame(
    ax: Axes, table: pd.DataFrame, view: View, *, how: list[str], title: str = "", axis: str = ""
) -> None:
    """Write the title above a chart, and the notes below it.

    Parameters
    ----------
    table
        With ``measure``, ``boundaries``, ``covered`` and ``illustrative``.
    how
        Sentences on how to read the picture.
    title
        By default that of :func:`title_of`.
    axis
        What the horizontal axis shows; may be empty.
    """
    ax.set_title(title or title_of(table, view))
    letters = int(ax.get_window_extent().width * 72 / ax.figure.dpi / 5.4)
    notes = textwrap.fill(" ".join([*how, *_rests_on(table, view.language)]), letters)
    ax.set_xlabel("\n".join(filter(None, [axis, notes])), loc="left", linespacing=1.4)


def write_marks(ax: Axes, table: pd.DataFrame, view: View) -> None:
    """Write the marks of a picture above its title: illustrative, internal.

    For every kind but those of several panels, which write them within each: no kind can forget it.
    """
    said = marks(table, view)
    if said:
        ax.annotate(
            said, (0, 1), (0, 24), "axes fraction", "offset points",
            color=style.MARK, fontsize=8.5, weight="bold", gid="illustrative",
        )  # fmt: skip


def describe(table: pd.DataFrame, view: View) -> list[str]:
    """Describe a chart of units: kind, measure, years, highest and lowest value, the whole's."""
    return [
        word(
            "alt_compared",
            view.language,
            kind=word(f"picture_{view.kind}", view.language),
            title=name_measure(view.measures[0], view.per, view.language),
            years=name_years(table),
        ),
        *tell_values(table, view.language),
    ]


def _rests_on(table: pd.DataFrame, language: str) -> list[str]:
    rests = [word("note_boundaries", language, year=table["boundaries"].iloc[0])]
    if find_measure(table["measure"].iloc[0]).kind == "count":
        rests.append(word("note_census", language))
    share = number(table["covered"].mean() * 100, language, 1)
    alone = "commune" in table and table["commune"].nunique() == 1
    key = "note_covered_one" if alone else "note_covered"
    whole = name_whole(table, language, inside=True)
    return [*rests, word(key, language, share=share, whole=whole)]


def tell_values(table: pd.DataFrame, language: str) -> list[str]:
    """Describe values in sentences: highest, lowest, the city's, and outliers if tested."""
    known = table[table["value"].notna()]
    if known.empty:
        return [word("alt_no_value", language)]
    said, cities = _ends(known, language), known["city"].unique()
    if len(cities) == 1 and np.isfinite(cities[0]):
        whole, value = name_whole(table, language), number(cities[0], language, 1)
        said.append(word("alt_city", language, whole=whole, value=value))
    return said + (_outliers(table, language) if "outlier" in table else [])


def _ends(known: pd.DataFrame, language: str) -> list[str]:
    """Name the units with the highest and the lowest value, with periods if several."""
    value = known["value"]
    if len(known) > 1 and value.min() == value.max():
        return [word("alt_equal", language, value=number(value.iloc[0], language, 1))]
    several = "period" in known and known["period"].nunique() > 1
    said = []
    for key, row in (("alt_highest", value.idxmax()), ("alt_lowest", value.idxmin())):
        where = known.loc[row, "commune"]
        if several:
            where += f" ({period_label(known.loc[row, 'period'], language)})"
        said.append(word(key, language, where=where, value=number(value[row], language, 1)))
    return said[: len(known)]


def _outliers(table: pd.DataFrame, language: str) -> list[str]:
    said = []
    for side in ("above", "below"):
        names = ", ".join(table.loc[table["outlier"] == side, "commune"])
        said += [word(f"alt_{side}", language, names=names)] if names else []
    return said or [word("alt_within", language)]
