"""Heatmap of units by year, shaded by the ratio to the city's value."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.style import NO_VALUE, draw_key, ink_on, ratio_to_city, shade, shade_map
from antq_helpers.drawing.text import (
    describe,
    name_unit,
    period_label,
    pooled_words,
    shade_words,
    value_words,
    write_frame,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_over_time

__all__ = ["chart", "describe", "draw", "numbers", "plot_heatmap"]


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
    measure, years, per, boundaries, language
        As in :class:`View`.

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
    return plot(
        records, ax, kind="heatmap", measures=[measure], years=years, per=per,
        boundaries=boundaries, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units by year, or by pooled years where counts are small."""
    return compare_over_time(records, **view.comparison)[0]


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a row of cells per unit, a column per period."""
    language = view.language
    names = numbers.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    table = numbers.assign(ratio=ratio_to_city(numbers), text=value_words(numbers, language))
    ratio, texts, value = (
        table.pivot(index="commune_id", columns="period", values=name).loc[names.index]
        for name in ("ratio", "text", "value")
    )
    _draw_cells(ax, names, ratio.astype(float), texts, value.isna())
    style.clear(ax)
    periods = [period_label(period, language) for period in ratio.columns]
    ax.set_xticks([place + 0.5 for place in range(len(periods))], periods, rotation=0)
    ax.set_yticks([place + 0.5 for place in range(len(names))], names, rotation=0)
    ax.set(xlim=(0, len(periods)), ylim=(len(names), 0), ylabel="")
    ax.tick_params(axis="both", length=0)
    draw_key(ax, numbers, language, missing=bool(value.isna().to_numpy().any()))
    notes = pooled_words(numbers, language) + shade_words(numbers, language)
    write_frame(ax, numbers, view, axis=name_unit(view), notes=notes)


def _draw_cells(
    ax: Axes, names: pd.Series, ratio: pd.DataFrame, texts: pd.DataFrame, missing: pd.DataFrame
) -> None:
    import seaborn as sns

    colours, steps = shade_map()
    if ratio.notna().to_numpy().any():
        # seaborn draws the whole picture at this point, so the texts of the cells come later.
        sns.heatmap(
            ratio, ax=ax, cmap=colours, norm=steps, linewidths=1, linecolor="white", cbar=False,
            yticklabels=list(names),
        )  # fmt: skip
    for (row, column), text in np.ndenumerate(texts):
        if missing.iloc[row, column]:
            ax.add_patch(Rectangle((column, row), 1, 1, **NO_VALUE))
        else:
            ink = ink_on(shade(ratio.iloc[row, column]))
            ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=8.5,
                    color=ink)  # fmt: skip
    style.spare_layout(ax.texts)


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a row of cells per unit, a column per period."""
    ratio, language = ratio_to_city(numbers), view.language
    names = list(dict.fromkeys(numbers["commune"]))
    periods = sorted(numbers["period"].unique())
    table = numbers.assign(period=pd.Categorical(numbers["period"], periods))
    row, column = pd.Index(names).get_indexer(table["commune"]), table["period"].cat.codes
    labels = [
        live.label(text, x + 0.5, y + 0.5, ink_on(shade(r)), name=name)
        for text, x, y, r, name in zip(
            value_words(numbers, language), column, row, ratio, table["commune"], strict=True
        )
        if text
    ]
    middle = {at + 0.5: name for at, name in enumerate(names)}
    across = {at + 0.5: name for at, name in enumerate(live.period_names(periods, language))}
    x = live.values("x1", "0", "last", ticks="across", domain=False)
    y = live.values("y1", "bottom", "0", ticks="names", grid=False)
    params = {"last": len(periods), "bottom": len(names)}
    return live.compared(
        numbers, view, live.tiles(x, y, live.shades()), [{"name": name} for name in names],
        {**params, **live.ticks_of("names", middle), **live.ticks_of("across", across)},
        pooled_words(numbers, language) + shade_words(numbers, language), labels,
        legend=live.shade_legend(numbers, language), zooms=True, series=row, x1=column,
        x2=column + 1, y1=row, y2=row + 1, shade=live.shade_codes(ratio),
    )  # fmt: skip
