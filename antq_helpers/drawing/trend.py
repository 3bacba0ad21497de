"""Line charts of measures over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection

from antq_helpers.dictionary import word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.labels import axis_label, dated_title, describe, marks, notes
from antq_helpers.drawing.scales import label_ends, scale_height, scale_periods
from antq_helpers.drawing.series import (
    MANY_PERIODS,
    Line,
    height_of,
    last_of,
    lines_of,
    lone_points,
    named_greys,
    never_reported,
    numbers,
    with_intervals,
)
from antq_helpers.drawing.view import View

__all__ = ["describe", "draw", "numbers", "plot_trend"]

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    """Draw one measure over time, with its 95% intervals.

    Up to six units get a colour each and a label at the line's end, with the city beside them;
    of more, all are grey and the city is in focus. Hollow points are periods of which the reports
    cover under 90%; a cross on the axis is a period that was not reported.

    Parameters
    ----------
    records
        As returned by :func:`load_records`.
    measure
        A name of the dictionary, ``data/measures.csv``.
    communes, years, by, per, split, boundaries, language
        As in :class:`View`.
    ax
        Axes to draw on; those of a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a measure, unit, year, period or language that is not known; the message names the
        legal ones.
    """
    view = View(
        measures=[measure], communes=communes, years=years, by=by, per=per, split=split,
        boundaries=boundaries, language=language,
    )  # fmt: skip
    return plot(records, view, ax)


_WIDEST = 112  # letters of a note


def draw(axes: Sequence[Axes], numbers: pd.DataFrame, view: View) -> None:
    """Draw a panel for each measure, and the notes below the last, replacing what they held."""
    for measure, ax in zip(view.measures, axes, strict=True):
        _draw_panel(ax, numbers, view, measure)
    letters = int(ax.get_window_extent().width * 72 / ax.figure.dpi / 4.9)
    ax.set_xlabel(notes(numbers, view, min(letters, _WIDEST)), loc="left", linespacing=1.4)


def _draw_panel(ax: Axes, numbers: pd.DataFrame, view: View, measure: str) -> None:
    for artist in [*ax.lines, *ax.collections, *ax.texts]:
        artist.remove()
    lines = lines_of(numbers, measure)
    # A title at a given height spares matplotlib measuring all labels to place it.
    ax.set_title(dated_title(numbers, measure, view), y=1.0)
    style.name_height(ax, axis_label(measure, view))
    if not lines:
        ax.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
        ax.spines["bottom"].set_bounds(0, 1)
        nothing = word("nothing_chosen", view.language)
        ax.text(0.5, 0.5, nothing, ha="center", va="center", fontsize=13, color=style.NOTE)
        return
    in_colour = [line for line in lines if line.in_colour]
    barred, top = with_intervals(lines), height_of(lines)
    ends = []
    _draw_grey(ax, [line.value for line in lines if not line.in_colour])
    silent = [line for line in named_greys(lines) if never_reported(line)]
    if silent:  # without a cross, a label at 0 would be read as a value of 0
        at = max(last_of(line)[0] for line in silent)
        ax.plot(at, 0, "x", color=style.NOTE, markersize=5, clip_on=False, zorder=3)
    own = style.places_of(line.name for line in in_colour if line.role == "commune")
    for place, line in enumerate(lines):
        if not line.in_colour:
            continue
        look = _look_of(line, own.get(line.name, place), len(lines))
        shift = _shift(place, len(lines)) if len(in_colour) == len(lines) else 0
        _draw_line(ax, line, look, shift, len(in_colour) == 1, top if barred else None)
        ends.append((line, look))
    scale_height(ax, lines, view, measure)
    # All panels leave the same room for labels, so that their periods are aligned.
    named = [line.name for m in view.measures for line in lines_of(numbers, m)]
    moved = _shift(len(lines) - 1, len(lines)) if len(in_colour) == len(lines) else 0
    label_ends(ax, ends, named_greys(lines), max(map(len, named), default=0), moved)
    scale_periods(ax, numbers["period"].unique(), view)
    said = marks(numbers, view)
    if said:
        ax.text(
            0.012, 0.975, said, transform=ax.transAxes, va="top", color=style.MARK, fontsize=8.5,
            weight="bold", zorder=6, gid="illustrative",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip


def _look_of(line: Line, place: int, count: int) -> dict:
    """Return the style of a line: colours for few lines, one in focus among greys for many."""
    if line.role in ("commune", "kind") or count == 1:
        return {"color": style.COLOURS[place], "marker": style.MARKERS[place], "zorder": 3}
    if count > len(style.COLOURS) + 1:
        return {"color": style.FOCUS, "marker": "o", "zorder": 4, "linewidth": 2.5}
    return {"color": style.CITY, "marker": "", "zorder": 2.5, "linestyle": (0, (4, 2))}


def _shift(place: int, count: int) -> float:
    """Return the horizontal offset of a line, so that bars of one period do not overlap."""
    return (place - (count - 1) / 2) * min(0.08, 0.5 / count)


def _draw_grey(ax: Axes, series: list[np.ndarray]) -> None:
    """Draw the units too many for colours as one collection: there may be thousands."""
    if not series:
        return
    values = np.array(series)
    x = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    thin = 0.6 if values.shape[1] > MANY_PERIODS else 1
    lines = LineCollection(np.dstack([x, values]), colors=style.OTHERS, linewidths=thin, zorder=2)
    ax.add_collection(lines, autolim=False)
    lone = np.array([lone_points(value) for value in values])
    if lone.any():
        ax.plot(x[lone], values[lone], "o", color=style.OTHERS, markersize=3.5, zorder=2)


def _draw_line(
    ax: Axes, line: Line, look: dict, shift: float, alone: bool, top: float | None
) -> None:
    """Draw one series: its line, interval up to ``top``, and marks of incomplete periods."""
    many = len(line.value) > MANY_PERIODS
    x = np.arange(len(line.value)) + (0 if many else shift)
    marker = "" if many else look["marker"]
    ax.plot(x, line.value, **{**look, "marker": marker}, clip_on=False)  # whole markers at 0
    point = {
        "linestyle": "",
        "color": look["color"],
        "zorder": look["zorder"] + 1,
        "markersize": 3.5 if many else 5,
        "clip_on": False,
    }
    lone = lone_points(line.value)
    if lone.any() and not marker:
        ax.plot(x[lone], line.value[lone], marker="o", **point)
    if top is not None:
        ends = line.low, np.minimum(line.high, top)
        _draw_interval(ax, x, ends, look["color"], lone if alone or many else None, alone)
        cut = np.flatnonzero(line.high > top)
        if len(cut):
            marked = cut[:1] if many else cut  # the note counts them
            above = np.full(len(marked), top * 1.02)
            ax.plot(x[marked], above, marker="^", alpha=0.7, **{**point, "markersize": 4})
    partial, missing = line.state == "partial", line.state == "missing"
    if partial.any():
        hollow = {"marker": look["marker"] or "o", "markerfacecolor": "white"}
        ax.plot(x[partial], line.value[partial], **hollow, **point)
    if missing.any():
        ax.plot(x[missing], np.zeros(missing.sum()), marker="x", **point)
    hidden = line.state == "hidden"
    if hidden.any():
        hollow = {"marker": "s", "markerfacecolor": "white"}
        ax.plot(x[hidden], np.zeros(hidden.sum()), **hollow, **point)


def _draw_interval(
    ax: Axes, x: np.ndarray, ends: tuple, colour: str, lone: np.ndarray | None, alone: bool
) -> None:
    """Draw a band, and bars at lone points, where it has no width; without ``lone`` only bars."""
    if lone is not None:
        alpha = 0.16 if alone else 0.1
        band = {"color": colour, "alpha": alpha, "linewidth": 0, "zorder": 1.5}
        ax.fill_between(x, *ends, **band)
    barred = np.full(len(x), True) if lone is None else lone
    if barred.any():
        bars = np.column_stack([*ends, np.full(len(x), np.nan)])[barred].ravel()
        at = np.repeat(x[barred], 3)
        ax.plot(at, bars, color=colour, alpha=0.5, linewidth=1.2, zorder=1.5)
