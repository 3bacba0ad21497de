"""Titles, notes, marks and alt texts of charts that compare units."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.labels import period_label
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


def name_years(records: pd.DataFrame, years: tuple[int, int] | None) -> str:
    """Format a span of years, such as 2013–2022; by default all years of the records.

    Examples
    --------
    >>> name_years(None, (2015, 2018)), name_years(None, (2022, 2022))
    ('2015–2018', '2022')
    """
    first, last = years or (records["year"].min(), records["year"].max())
    return str(first) if first == last else f"{first}–{last}"


def pooled_words(pooled: int, language: str) -> list[str]:
    """Return the note that years are pooled, if they are."""
    return [word("note_pooled", language, years=pooled)] if pooled > 1 else []


def clear(ax: Axes) -> None:
    """Remove ticks, grid and spines from axes that hold tiles or panels; their labels stay."""
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def write_frame(
    ax: Axes, table: pd.DataFrame, *, title: str, axis: str, how: list[str], language: str
) -> None:
    """Write the title and mark above a chart and the notes below it, and set its alt text.

    Parameters
    ----------
    table
        With ``measure``, ``boundaries``, ``covered`` and ``illustrative``.
    axis
        What the horizontal axis shows; may be empty.
    how
        Sentences on how to read the picture.
    """
    ax.set_title(title)
    mark = [word("illustrative", language) + "."] if table["illustrative"].any() else []
    told = {"commune", "city", "value"} <= {*table}
    values = tell_values(table, language) if told else how
    style.describe(ax, *mark, f"{title}.", *values)
    if table["illustrative"].any():
        ax.annotate(
            word("illustrative", language), (0, 1), (0, 24), "axes fraction", "offset points",
            color=style.MARK, fontsize=8.5, weight="bold", gid="illustrative",
        )  # fmt: skip
    letters = int(ax.get_window_extent().width * 72 / ax.figure.dpi / 5.4)
    notes = textwrap.fill(" ".join([*how, *_rests_on(table, language)]), letters)
    ax.set_xlabel("\n".join(filter(None, [axis, notes])), loc="left", linespacing=1.4)


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


def compared_alt(
    table: pd.DataFrame, *, picture: str, years: tuple[int, int], per: int, language: str
) -> str:
    """Return the alt text of a chart of units: kind, measure, years, highest and lowest.

    Parameters
    ----------
    table
        The result of :func:`compare_communes` or :func:`funnel`.
    picture
        Its kind, such as ``"ranking"``.
    """
    begun = _begun(table, picture, years, per, language)
    return " ".join([*begun, *tell_values(table, language)])


def control_alt(
    table: pd.DataFrame, *, commune: str, years: tuple[int, int], per: int, language: str
) -> str:
    """Return the alt text of a control chart: unit, measure, years, first and last value.

    ``table`` is the result of :func:`compare_communes` by year.
    """
    chosen = table[table["commune"] == commune]
    known = chosen["value"].dropna()
    begun = _begun(chosen, "control", years, per, language)
    if known.empty:
        return " ".join([*begun, word("alt_missing", language, series=commune)])
    first, last = (number(value, language, 1) for value in known.iloc[[0, -1]])
    return " ".join([*begun, word("alt_series", language, series=commune, first=first, last=last)])


def _begun(
    table: pd.DataFrame, picture: str, years: tuple[int, int], per: int, language: str
) -> list[str]:
    """Return the first sentences of an alt text: the illustrative mark, and what is drawn."""
    first, last = years
    told = {
        "kind": word(f"picture_{picture}", language),
        "title": name_measure(table["measure"].iloc[0], per, language),
        "years": str(first) if first == last else f"{first}–{last}",
    }
    mark = [word("illustrative", language) + "."] if table["illustrative"].any() else []
    return [*mark, word("alt_compared", language, **told)]
