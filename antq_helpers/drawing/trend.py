"""Records, or the numbers of a view, in; trends over time on an Axes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.labels import axis_label, notes, period_label, title
from antq_helpers.drawing.numbers import Line, lines_of, tabulate
from antq_helpers.drawing.view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MANY = 24
_MOST_LABELS = 13
_STEPS = {
    "year": [1, 2, 3, 5, 10, 20, 50],
    "half": [1, 2, 4, 10, 20, 40, 100],
    "quarter": [1, 4, 8, 20, 40, 80, 200],
    "month": [1, 12, 24, 60, 120, 240, 600],
}
_ROOM_FOR_MARK = 1.14


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
    for place, line in enumerate(lines):
        look = _look_of(line, place, len(lines))
        shift = _shift(place, len(lines)) if len(in_colour) == len(lines) else 0
        _draw_line(ax, line, look, shift, alone=len(in_colour) == 1)
        ends += [(line, look["color"])] if line.in_colour else []
    _scale_height(ax, lines, view, measure)
    _scale_periods(ax, numbers["period"].unique(), view)
    # All panels leave the same room, so that their periods stand above each other.
    named = [line.name for m in view.measures for line in lines_of(numbers, m) if line.in_colour]
    _label_ends(ax, ends, room_for=max(map(len, named), default=0))
    if numbers["illustrative"].any():
        ax.text(
            0.012, 0.975, word("illustrative", view.language), transform=ax.transAxes, va="top",
            color=style.MARK, fontsize=8.5, weight="bold", zorder=6, gid="illustrative",
        )  # fmt: skip


def _look_of(line: Line, place: int, count: int) -> dict:
    """Give a line its look: colours for few, one in focus among greys for many."""
    if not line.in_colour:
        return {"color": style.OTHERS, "marker": "", "zorder": 2, "linewidth": 1}
    if line.role in ("commune", "kind") or count == 1:
        return {"color": style.COLOURS[place], "marker": style.MARKERS[place], "zorder": 3}
    if count > len(style.COLOURS) + 1:
        return {"color": style.FOCUS, "marker": "o", "zorder": 4, "linewidth": 2.5}
    return {"color": style.CITY, "marker": "", "zorder": 2.5, "linestyle": (0, (4, 2))}


def _shift(place: int, count: int) -> float:
    """Move the lines of one period apart a little, so that their bars do not cover each other."""
    return (place - (count - 1) / 2) * min(0.08, 0.5 / count)


def _draw_line(ax: Axes, line: Line, look: dict, shift: float, alone: bool) -> None:
    """Draw line, interval, and marks of partial and missing periods of one series."""
    many = len(line.value) > _MANY
    x = np.arange(len(line.value)) + (0 if many else shift)
    ax.plot(x, line.value, **{**look, "marker": "" if many else look["marker"]})
    if not line.in_colour:
        return
    colour, above = look["color"], look["zorder"] + 1
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
    else:
        gap = np.full(len(x), np.nan)
        bars = np.column_stack([line.low, np.minimum(line.high, 1e12), gap]).ravel()
        ax.plot(np.repeat(x, 3), bars, color=colour, alpha=0.5, linewidth=1.2, zorder=1.5)
    for state, points in (
        ("partial", {"marker": look["marker"] or "o", "markerfacecolor": "white"}),
        ("missing", {"marker": "x", "clip_on": False}),
    ):
        where = line.state == state
        if where.any():
            height = line.value[where] if state == "partial" else np.zeros(where.sum())
            size = 3.5 if many else 5
            ax.plot(
                x[where],
                height,
                linestyle="",
                color=colour,
                zorder=above,
                markersize=size,
                **points,
            )


def _scale_periods(ax: Axes, periods: np.ndarray, view: View) -> None:
    step = next(step for step in _STEPS[view.by] if len(periods) / step <= _MOST_LABELS)
    # Steps of whole years are labelled by the year alone.
    shown = [period[:4] if step in _STEPS[view.by][1:] else period for period in periods[::step]]
    ax.set_xticks(range(0, len(periods), step), [period_label(p, view.language) for p in shown])


def _scale_height(ax: Axes, lines: list[Line], view: View, measure: str) -> None:
    """Start the axis at zero, leave room for the mark, and write numbers as they are read."""
    values = np.concatenate([line.value for line in lines])
    highs = np.concatenate([line.high for line in lines if line.in_colour])
    peak = np.max(values[np.isfinite(values)], initial=0) or 1.0
    top = max(peak, min(np.max(highs[np.isfinite(highs)], initial=0), 2 * peak))
    whole = find_measure(measure).kind == "count" and not view.per
    ticks = MaxNLocator(5, integer=whole, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    ticks = ticks[(ticks >= 0) & (ticks <= top)]
    decimals = next(d for d in (0, 1, 2, 3, 9) if np.allclose(ticks, np.round(ticks, d), atol=1e-9))
    ax.set_yticks(ticks, [number(tick, view.language, decimals) for tick in ticks])
    ax.set_ylim(0, top * _ROOM_FOR_MARK)


def _label_ends(ax: Axes, ends: list[tuple[Line, str]], room_for: int) -> None:
    """Write each line's name behind its last point, moved apart where names would touch."""
    box, top, periods = ax.get_window_extent(), ax.get_ylim()[1], len(ends[0][0].value)
    points = 72 / ax.figure.dpi
    gap = top * 13 / (box.height * points)
    known = [(line.value[line.state != "missing"], line.name, colour) for line, colour in ends]
    known = sorted(((v[-1], name, colour) for v, name, colour in known if len(v)))
    share = min((6 * room_for + 8) / (box.width * points), 0.5)
    ax.set_xlim(-0.5, periods - 0.5 + share / (1 - share) * periods)
    heights = _spread([height for height, _, _ in known], gap, top)
    for height, (_, name, colour) in zip(heights, known, strict=True):
        ax.text(periods - 0.4, height, name, va="center", color=colour, fontsize=9.5)


def _spread(heights: list[float], gap: float, top: float) -> list[float]:
    """Move sorted heights apart to at least a gap, within 0 and top, as little as may be."""
    placed = np.asarray(heights, float)
    for _ in range(50):
        lack = gap - np.diff(placed)
        if (lack < gap / 100).all():
            break
        push = np.maximum(lack, 0) / 2
        placed[:-1] -= push
        placed[1:] += push
        placed = np.clip(placed, gap / 3, top - gap / 3)
    return placed.tolist()
