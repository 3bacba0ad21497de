"""Records, or the numbers of a view, in; trends over time on an Axes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection

from antq_helpers.dictionary import word
from antq_helpers.drawing import style
from antq_helpers.drawing.labels import axis_label, notes, title
from antq_helpers.drawing.numbers import Line, lines_of, tabulate
from antq_helpers.drawing.scales import label_ends, scale_height, scale_periods
from antq_helpers.drawing.view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MANY = 24


def plot_trend(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    communes: Iterable[str] | None = None,
    years: tuple[int, int] | None = None,
    by: str = "year",
    per: int | None = None,
    split: str | None = None,
    boundaries: int | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw one measure over time, with its 95 % intervals.

    Up to six communes get a colour each and a label at the line's end, with the city beside them;
    of more, all are grey and the city is in focus. Hollow points are periods of which the reports
    cover under 90 %; a cross on the axis is a period that was not reported.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    measure
        A name of the dictionary, ``data/measures.csv``.
    communes, years, by, per, split, boundaries, language
        As in :class:`View`.
    ax
        Drawn upon; the current one of pyplot by default.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a measure, commune, year, period or language that is not known; the message names the
        legal ones.
    """
    view = View((measure,), communes, years, by, per, split, boundaries, language)
    numbers = tabulate(records, view)
    with style.look():
        if ax is None:
            from matplotlib import pyplot as plt

            ax = plt.gca()
        draw_trend(ax, numbers, view, measure)
        ax.set_xlabel(notes(numbers, view), loc="left", linespacing=1.4)
    return ax


def draw_trend(ax: Axes, numbers: pd.DataFrame, view: View, measure: str) -> None:
    """Draw one measure of the numbers that :func:`tabulate` gives, in place of what ax held."""
    for artist in [*ax.lines, *ax.collections, *ax.texts]:
        artist.remove()
    lines = lines_of(numbers, measure)
    # A title at a given height spares matplotlib measuring all labels to place it.
    ax.set_title(title(measure, view), y=1.0)
    ax.set_ylabel(axis_label(measure, view))
    if not lines:
        ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
        nothing = word("nothing_chosen", view.language)
        ax.text(0.5, 0.5, nothing, ha="center", va="center", fontsize=13, color=style.NOTE)
        return
    in_colour = [line for line in lines if line.in_colour]
    ends = []
    _draw_grey(ax, [line.value for line in lines if not line.in_colour])
    for place, line in enumerate(lines):
        if not line.in_colour:
            continue
        look = _look_of(line, place, len(lines))
        shift = _shift(place, len(lines)) if len(in_colour) == len(lines) else 0
        _draw_line(ax, line, look, shift, alone=len(in_colour) == 1)
        ends.append((line, look["color"]))
    scale_height(ax, lines, view, measure)
    # All panels leave the same room, so that their periods stand above each other.
    named = [line.name for m in view.measures for line in lines_of(numbers, m) if line.in_colour]
    label_ends(ax, ends, room_for=max(map(len, named), default=0))
    scale_periods(ax, numbers["period"].unique(), view)
    if numbers["illustrative"].any():
        ax.text(
            0.012, 0.975, word("illustrative", view.language), transform=ax.transAxes, va="top",
            color=style.MARK, fontsize=8.5, weight="bold", zorder=6, gid="illustrative",
        )  # fmt: skip


def _look_of(line: Line, place: int, count: int) -> dict:
    """Give a line its look: colours for few, one in focus among greys for many."""
    if line.role in ("commune", "kind") or count == 1:
        return {"color": style.COLOURS[place], "marker": style.MARKERS[place], "zorder": 3}
    if count > len(style.COLOURS) + 1:
        return {"color": style.FOCUS, "marker": "o", "zorder": 4, "linewidth": 2.5}
    return {"color": style.CITY, "marker": "", "zorder": 2.5, "linestyle": (0, (4, 2))}


def _shift(place: int, count: int) -> float:
    """Move the lines of one period apart a little, so that their bars do not cover each other."""
    return (place - (count - 1) / 2) * min(0.08, 0.5 / count)


def _draw_grey(ax: Axes, series: list[np.ndarray]) -> None:
    """Draw the communes that are too many for colours, all at once: there may be thousands."""
    if not series:
        return
    values = np.array(series)
    x = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    lines = LineCollection(np.dstack([x, values]), colors=style.OTHERS, linewidths=1, zorder=2)
    ax.add_collection(lines, autolim=False)
    lone = np.array([_lone(value) for value in values])
    if lone.any():
        ax.plot(x[lone], values[lone], "o", color=style.OTHERS, markersize=3.5, zorder=2)


def _lone(value: np.ndarray) -> np.ndarray:
    """Find the points without a neighbour: no line shows them."""
    known = np.concatenate([[False], ~np.isnan(value), [False]])
    return known[1:-1] & ~known[:-2] & ~known[2:]


def _draw_line(ax: Axes, line: Line, look: dict, shift: float, alone: bool) -> None:
    """Draw line, interval, and marks of partial and missing periods of one series."""
    many = len(line.value) > _MANY
    x = np.arange(len(line.value)) + (0 if many else shift)
    marker = "" if many else look["marker"]
    size = 3.5 if many else 5
    ax.plot(x, line.value, **{**look, "marker": marker})
    colour, above = look["color"], look["zorder"] + 1
    lone = _lone(line.value)
    if lone.any() and not marker:
        ax.plot(x[lone], line.value[lone], "o", color=colour, markersize=size, zorder=above)
    if alone or many:
        ax.fill_between(
            x,
            line.low,
            line.high,
            color=colour,
            alpha=0.16 if alone else 0.1,
            linewidth=0,
            zorder=1.5,
        )
    # A band has no width at a lone point.
    barred = lone if alone or many else np.full(len(x), True)
    if barred.any():
        ends = np.column_stack([line.low, line.high, np.full(len(x), np.nan)])[barred].ravel()
        at = np.repeat(x[barred], 3)
        ax.plot(at, ends, color=colour, alpha=0.5, linewidth=1.2, zorder=1.5)
    for state, points in (
        ("partial", {"marker": look["marker"] or "o", "markerfacecolor": "white"}),
        ("missing", {"marker": "x", "clip_on": False}),
    ):
        where = line.state == state
        if where.any():
            height = line.value[where] if state == "partial" else np.zeros(where.sum())
            ax.plot(
                x[where],
                height,
                linestyle="",
                color=colour,
                zorder=above,
                markersize=size,
                **points,
            )
