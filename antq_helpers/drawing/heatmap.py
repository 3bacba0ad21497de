"""Heatmap of units by year, shaded by the ratio to the city's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Rectangle

from antq_helpers.dictionary import LANGUAGES, check_choice, number, word
from antq_helpers.drawing import canvas, style
from antq_helpers.drawing.frame import (
    clear,
    decimals_of,
    name_measure,
    name_unit,
    name_years,
    pooled_words,
    write_frame,
)
from antq_helpers.drawing.labels import period_label
from antq_helpers.drawing.style import NO_VALUE, draw_key, ink_on, ratio_to_city, shade, shade_map
from antq_helpers.measuring.comparisons import compare_over_time
from antq_helpers.records import name_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    check_choice("language", language, LANGUAGES)
    table, pooled = compare_over_time(
        records, measure=measure, years=years, per=per, boundaries=boundaries
    )
    with style.look():
        ax = style.dress(canvas.new_axes(style.TALL) if ax is None else ax)
        _draw_cells(ax, table, language)
        whole = name_whole(table, language, inside=True)
        how = ["note_shades"]
        how += ["note_partial_cell"] if (table["state"] == "partial").any() else []
        said = [word(key, language, whole=whole) for key in how]
        write_frame(
            ax,
            table,
            title=f"{name_measure(measure, per, language)}, {name_years(records, years)}",
            axis=name_unit(measure, per, language),
            how=[*pooled_words(pooled, language), *said],
            language=language,
        )
    return ax


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
    clear(ax)
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
