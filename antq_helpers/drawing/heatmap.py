"""Heatmap of units by year, shaded by the ratio to the city's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Rectangle

from antq_helpers.dictionary import number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.style import (
    NO_VALUE,
    draw_key,
    ink_on,
    ratio_to_city,
    shade,
    shade_map,
)
from antq_helpers.drawing.text import (
    decimals_of,
    describe,
    name_unit,
    period_label,
    pooled_words,
    write_frame,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_over_time
from antq_helpers.records import name_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["describe", "draw", "numbers", "plot_heatmap"]


def plot_heatmap(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a heatmap of communes and wards by year, shaded by the ratio to the city that year.

    Where a measure's yearly counts are small, three years are pooled, and the picture says so.
    Hatched cells were not reported; a circle marks reports that cover under 90% of a period.

    Parameters
    ----------
    measure, years, per, boundaries
        As in :func:`compare_communes`.
    language
        ``"en"`` or ``"vi"``.

    Returns
    -------
    Axes
        A row per unit in official order, a column per period.

    Raises
    ------
    ValueError
        For a measure, year or language that is not known; the message names the legal ones.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_heatmap(load_records(), years=(2020, 2022), ax=Figure().subplots())
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2020', '2021', '2022']
    """
    view = View(
        kind="heatmap", measures=[measure], years=years, per=per, boundaries=boundaries,
        language=language,
    )  # fmt: skip
    return plot(records, view, ax, style.TALL)


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units by year, or by pooled years where counts are small."""
    ask = {"measure": view.measures[0], "years": view.years, "boundaries": view.boundaries}
    return compare_over_time(records, per=view.per, **ask)[0]


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a row of cells per unit, a column per period."""
    language = view.language
    _draw_cells(ax, numbers, language)
    whole = name_whole(numbers, language, inside=True)
    keys = ["note_shades"]
    keys += ["note_partial_cell"] if (numbers["state"] == "partial").any() else []
    how = pooled_words(numbers, language) + [word(key, language, whole=whole) for key in keys]
    axis = name_unit(view.measures[0], view.per, language)
    write_frame(ax, numbers, view, axis=axis, how=how)


def _draw_cells(ax: Axes, table: pd.DataFrame, language: str) -> None:
    import seaborn as sns

    names = table.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    table = table.assign(ratio=ratio_to_city(table), told=_told(table, language))
    cells = {
        name: table.pivot(index="commune_id", columns="period", values=name).loc[names.index]
        for name in ("ratio", "told", "value")
    }
    colours, steps = shade_map()
    known = cells["ratio"].notna()
    if known.to_numpy().any():
        sns.heatmap(
            cells["ratio"].astype(float), annot=cells["told"], fmt="", cmap=colours, norm=steps,
            linewidths=1, linecolor="white", cbar=False, ax=ax, annot_kws={"fontsize": 8.5},
        )  # fmt: skip
        # seaborn's own choice is white on shades so light that it can hardly be read.
        for text in ax.texts:
            column, row = map(int, text.get_position())
            text.set_color(ink_on(shade(cells["ratio"].iloc[row, column])))
    missing = cells["value"].isna()
    for row, column in zip(*(~known).to_numpy().nonzero(), strict=True):
        if missing.iloc[row, column]:
            ax.add_patch(Rectangle((column, row), 1, 1, **NO_VALUE))
        else:  # no ratio: the city's value is 0 or missing
            told = cells["told"].iloc[row, column]
            ax.text(column + 0.5, row + 0.5, told, ha="center", va="center", fontsize=8.5)
    style.clear(ax)
    periods = [period_label(period, language) for period in cells["ratio"].columns]
    ax.set_xticks([place + 0.5 for place in range(len(periods))], periods, rotation=0)
    ax.set_yticks([place + 0.5 for place in range(len(names))], names, rotation=0)
    ax.set(xlim=(0, len(periods)), ylim=(len(names), 0), ylabel="")
    ax.tick_params(axis="both", length=0)
    draw_key(ax, table, language, missing=bool(missing.to_numpy().any()))


def _told(table: pd.DataFrame, language: str) -> list[str]:
    """Format each value, with a circle if the reports cover only part of its period."""
    decimals = decimals_of(table["value"])
    rows = zip(table["value"], table["state"], strict=True)
    return [
        "" if value != value else number(value, language, decimals) + " ○" * (state == "partial")
        for value, state in rows
    ]
