"""Ranking of units by value, with intervals and the city's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import describe, interval_words, name_unit, write_frame
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_communes
from antq_helpers.records import name_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["describe", "draw", "numbers", "plot_ranking"]


def plot_ranking(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the communes and wards ranked by value, highest first, with 95% intervals.

    A rank is no finding: where an interval crosses the city's line, chance may explain it.
    Hollow points are units whose reports cover under 90% of the years.

    Parameters
    ----------
    measure, years, per, boundaries
        As in :func:`compare_communes`.
    language
        ``"en"`` or ``"vi"``.

    Returns
    -------
    Axes
        One row per unit; those that did not report, or have nothing to divide by, are last.

    Raises
    ------
    ValueError
        For a measure, year or language that is not known; the message names the legal ones.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_ranking(load_records(), years=(2021, 2022), ax=Figure().subplots())
    >>> ax.get_yticklabels()[0].get_text()
    'Hợp Minh'
    """
    view = View(
        kind="ranking", measures=[measure], years=years, per=per, boundaries=boundaries,
        language=language,
    )  # fmt: skip
    return plot(records, view, ax, style.TALL)


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units over all the years as one period, in official order."""
    ask = {"measure": view.measures[0], "years": view.years, "boundaries": view.boundaries}
    return compare_communes(records, per=view.per, **ask)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a row per unit, highest value first."""
    order = {"ascending": False, "kind": "stable", "ignore_index": True}
    table = numbers.sort_values("value", **order)
    _draw_rows(ax, table, view.language)
    axis = name_unit(view.measures[0], view.per, view.language)
    write_frame(ax, table, view, axis=axis, how=_how(table, view.language))


def _draw_rows(ax: Axes, table: pd.DataFrame, language: str) -> None:
    place = np.arange(len(table))
    known, partial = table["value"].notna(), table["state"] == "partial"
    top = _right_end(table)
    high = table["high"].clip(upper=top)
    ax.hlines(place[known], table["low"][known], high[known], color=style.CITY, linewidth=1.4)
    ax.plot(table["value"], place, "o", color=style.COLOURS[0], markersize=6, zorder=3)
    hollow = {"color": style.COLOURS[0], "markerfacecolor": "white", "zorder": 4}
    ax.plot(table["value"][partial], place[partial], "o", markersize=6, **hollow)
    for row in place[~known]:
        said = word("none_occurred" if table["state"][row] == "none" else "not_reported", language)
        ax.text(0.01, row, said, transform=ax.get_yaxis_transform(), va="center", color=style.NOTE)
    city = table["city"].iloc[0]
    if np.isfinite(city):
        ax.axvline(city, color=style.FOCUS, linewidth=1.4, zorder=1.5)
        label = f"{name_whole(table, language)}: {number(city, language, 1)}"
        ax.text(city, len(table) - 0.4, f" {label}", color=style.FOCUS, va="center", fontsize=9)
    ax.set_yticks(place, table["commune"])
    ax.set(xlim=(0, top * 1.05), ylim=(len(table), -0.7))
    ax.grid(visible=True, axis="x", color=style.GRID, linewidth=0.8)
    ax.grid(visible=False, axis="y")
    decimals = 0 if top > 10 else 1
    ax.xaxis.set_major_formatter(lambda value, _: number(value, language, decimals))


def _right_end(table: pd.DataFrame) -> float:
    """Return the right end of the axis; intervals beyond three times the highest value are cut."""
    peak = max(table["value"].max(), table["city"].iloc[0])
    high = table["high"][np.isfinite(table["high"])].max()
    peak = peak if peak > 0 else 1.0
    return max(peak, min(high, 3 * peak)) if np.isfinite(high) else peak


def _how(table: pd.DataFrame, language: str) -> list[str]:
    said = []
    if find_measure(table["measure"].iloc[0]).interval != "none":
        whole = name_whole(table, language, inside=True)
        said += interval_words("bars", table["dispersion"], language)
        said.append(word("note_order", language, whole=whole))
    if (table["state"] == "partial").any():
        said.append(word("note_partial", language))
    return said
