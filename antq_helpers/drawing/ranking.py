"""Ranking of units by value, with intervals and the city's line."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import describe, interval_words, name_unit, words_if, write_frame
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_communes
from antq_helpers.records import name_whole

__all__ = ["chart", "describe", "draw", "numbers", "plot_ranking"]


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
    measure, years, per, boundaries, language
        As in :class:`View`.

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
    return plot(
        records, ax, kind="ranking", measures=[measure], years=years, per=per,
        boundaries=boundaries, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units over all the years as one period, in official order."""
    return compare_communes(records, **view.comparison)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a row per unit, highest value first."""
    order = {"ascending": False, "kind": "stable", "ignore_index": True}
    table, language = numbers.sort_values("value", **order), view.language
    place, value = np.arange(len(table)), table["value"]
    known, partial = value.notna(), table["state"] == "partial"
    top = _right_end(table)
    low, high = table["low"][known], table["high"].clip(upper=top)[known]
    ax.hlines(place[known], low, high, color=style.CITY, linewidth=1.4)
    point = {"color": style.COLOURS[0], "markersize": 6}
    ax.plot(value, place, "o", zorder=3, **point)
    ax.plot(value[partial], place[partial], "o", zorder=4, markerfacecolor="white", **point)
    for row in place[~known]:
        key = "none_occurred" if table["state"][row] == "none" else "not_reported"
        ax.text(0.01, row, word(key, language), transform=ax.get_yaxis_transform(), va="center",
                color=style.NOTE)  # fmt: skip
    city = table["city"].iloc[0]
    if np.isfinite(city):
        ax.axvline(city, color=style.FOCUS, linewidth=1.4, zorder=1.5)
        label = f" {name_whole(table, language)}: {number(city, language, 1)}"
        ax.text(city, len(table) - 0.4, label, color=style.FOCUS, va="center", fontsize=9)
    ax.set_yticks(place, table["commune"])
    ax.set(xlim=(0, top * 1.05), ylim=(len(table), -0.7))
    style.grid_along(ax, "x")
    decimals = 0 if top > 10 else 1
    ax.xaxis.set_major_formatter(lambda value, _: number(value, language, decimals))
    write_frame(ax, table, view, axis=name_unit(view), notes=_reading_notes(table, language))


def _right_end(table: pd.DataFrame) -> float:
    """Return the right end of the axis; intervals beyond three times the highest value are cut."""
    peak = max(table["value"].max(), table["city"].iloc[0])
    high = table["high"][np.isfinite(table["high"])].max()
    peak = peak if peak > 0 else 1.0
    return max(peak, min(high, 3 * peak)) if np.isfinite(high) else peak


def _reading_notes(table: pd.DataFrame, language: str) -> list[str]:
    notes = []
    if find_measure(table["measure"].iloc[0]).interval != "none":
        whole = name_whole(table, language, inside=True)
        notes += interval_words("bars", table["dispersion"], language)
        notes.append(word("note_order", language, whole=whole))
    return notes + words_if({"note_partial": (table["state"] == "partial").any()}, language)


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a row per unit, highest value first."""
    order = {"ascending": False, "kind": "stable", "ignore_index": True}
    table, language, count = numbers.sort_values("value", **order), view.language, len(numbers)
    gone = {"missing": "not_reported", "none": "none_occurred"}
    series = [
        {"name": name, "colour": style.COLOURS[0], "text": word(gone.get(state, "none"), language)}
        for name, state in zip(table["commune"], table["state"], strict=True)
    ]
    city, labels = table["city"].iloc[0], []
    if np.isfinite(city):
        text = f"{name_whole(table, language)}: {number(city, language, 1)}"
        labels = [live.label(text, city, count - 0.3, style.FOCUS)]
        labels += live.curve("city", [city, city], [-0.7, count - 0.6], style.FOCUS)
    x = live.values("value", "0", "right", grid=True)
    y = live.values("y", "bottom", "-0.7", ticks="names", grid=False)
    at = {"x": {**x, "field": "x"}, "y": y}
    layers = [
        live.curves(at["x"], y),
        live.layer("rule", mark={"clip": True}, x={**x, "field": "low"}, x2={"field": "high"}, y=y,
                   color={"value": style.CITY}),
        live.layer("point", mark={"size": 55}, x=x, y=y, fill=live.HOLLOW, stroke="colour:look"),
        live.layer("text", "datum.value === null", mark={"align": "left", "fontSize": 11.5},
                   x={"value": 8}, y=y, text={"field": "text"}, color={"value": style.NOTE}),
        live.texts(**at),
    ]  # fmt: skip
    names = dict(enumerate(table["commune"]))
    params = {"right": _right_end(table) * 1.05, "bottom": count, **live.ticks_of("names", names)}
    return live.compared(
        table, view, layers, series, params, _reading_notes(table, language), labels,
        series=range(count), y=range(count),
    )  # fmt: skip
