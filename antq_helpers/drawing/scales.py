"""Scale axes, format their ticks, and place the labels of lines and points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from antq_helpers.dictionary import find_measure, number
from antq_helpers.drawing import style
from antq_helpers.drawing.labels import period_label
from antq_helpers.drawing.series import Line, height_of, last_of
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import MONTHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LABELS = 13
_YEARS = (1, 2, 3, 5, 10, 20, 50)
_PARTS = {"year": (), "half": (1,), "quarter": (1, 2), "month": (1, 2, 3, 6)}
_ROOM_FOR_MARK = 1.14


def scale_periods(ax: Axes, periods: np.ndarray, view: View) -> None:
    """Label as many periods as fit; labels of years stand at their first period."""
    years = [12 // MONTHS[view.by] * count for count in _YEARS]
    first, last = ax.get_xlim()
    room = ax.get_window_extent().width * 72 / ax.figure.dpi / (last - first)
    for step in (*_PARTS[view.by], *years):
        begin = 0 if step < years[0] else _first_of_year(periods)
        at = range(begin, len(periods), step)
        by_year = step in years and view.by != "year"
        names = [period_label(periods[i][:4] if by_year else periods[i], view.language) for i in at]
        if len(names) <= _MOST_LABELS and 5.6 * max(map(len, names)) + 6 <= step * room:
            break
    ax.set_xticks(at, names)


def _first_of_year(periods: np.ndarray) -> int:
    begins = [i for i, period in enumerate(periods) if period[5:] in ("", "01", "Q1", "H1")]
    return begins[0] if begins else 0


def scale_height(ax: Axes, lines: list[Line], view: View, measure: str) -> None:
    """Start the axis at zero, leave room for the mark, and format the ticks."""
    top = height_of(lines)
    whole = find_measure(measure).kind == "count" and not view.per
    ticks = MaxNLocator(5, integer=whole, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    ticks = ticks[(ticks >= 0) & (ticks <= top)]
    ax.set_yticks(ticks, tick_words(ticks, view.language))
    ax.set_ylim(0, top * _ROOM_FOR_MARK)


def tick_words(ticks: Sequence[float], language: str) -> list[str]:
    """Format tick values with as many decimals as they need.

    Examples
    --------
    >>> tick_words([0, 0.25, 0.5], "vi"), tick_words([0, 500, 1000], "en")
    (['0,00', '0,25', '0,50'], ['0', '500', '1,000'])
    """
    decimals = next(d for d in (0, 1, 2, 3, 9) if np.allclose(ticks, np.round(ticks, d), atol=1e-9))
    return [number(tick, language, decimals) for tick in ticks]


def label_ends(
    ax: Axes, ends: list[tuple[Line, dict]], greys: list[Line], room_for: int, shift: float = 0
) -> None:
    """Label each line at its end, with its marker; spread labels that would overlap.

    The marker tells lines apart in grey print, where some colours look alike. With grey lines,
    labels are smaller, and a thin leader joins each to its line.

    Parameters
    ----------
    room_for
        Letters of the longest name.
    shift
        How far the last points may stand to the right of their period.
    """
    box, top = ax.get_window_extent(), ax.get_ylim()[1]
    points = 72 / ax.figure.dpi
    wide, high = box.width * points, box.height * points
    periods = len((ends[0][0] if ends else greys[0]).value)
    size, look_of_grey = (7, {"color": style.NOTE}) if greys else (9.5, {})
    known = [(line, look) for line, look in [*ends, *((g, look_of_grey) for g in greys)]]
    known = [(*last_of(line), line.name, look) for line, look in known]
    known = sorted((k for k in known if k[1] == k[1]), key=lambda k: k[1:3])
    samples = not greys and len(ends) > 1
    before = 22 if samples or greys else 8  # points, for the sample or the leading line
    in_focus = size + 1.5 if greys else size
    share = min((0.63 * in_focus * room_for + before + 4) / wide, 0.5)
    # A lone period is centred; else the axis ends with its data, and the labels follow.
    last = periods - 1 + (0.5 if periods == 1 else shift)
    ax.set_xlim(-0.5, last + share / (1 - share) * (last + 0.5))
    _end_with_data(ax, last)
    point = (last + 0.5) / (1 - share) / wide
    room = np.array([size if look is look_of_grey else in_focus for *_, look in known]) * 1.4
    heights = _spread([height for _, height, *_ in known], room / high * top, top)
    leads = []
    for height, (at, value, name, look) in zip(heights, known, strict=True):
        if samples:
            of_line = {"linestyle": look.get("linestyle", "-"), "linewidth": 2}
            xs = [last + 6 * point, last + 12 * point, last + 18 * point]
            sample = {
                "marker": look["marker"],
                "markersize": 4.5,
                "markevery": [1],
                "clip_on": False,
            }
            ax.plot(xs, [height] * 3, color=look["color"], **sample, **of_line, gid="sample")
        elif greys:
            leads += [(at, value), (last + before * point, height), (np.nan, np.nan)]
        ax.text(
            last + before * point, height, name, va="center", color=look["color"], zorder=5,
            fontsize=size if look is look_of_grey else in_focus,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
    if leads:
        ax.plot(*zip(*leads, strict=True), color="#9a9a9a", linewidth=0.5, zorder=1.8, gid="leads")


def _end_with_data(ax: Axes, last: float) -> None:
    """End the axis and its grid at the last data point, before the labels."""
    ax.spines["bottom"].set_bounds(-0.5, last)
    low, high = ax.get_xlim()
    for line in ax.get_ygridlines():
        line.set_xdata([0, (last - low) / (high - low)])


def _spread(heights: list[float], room: np.ndarray, top: float) -> list[float]:
    """Move sorted heights apart as little as possible, so that each has its room below the top.

    Where all have too little, all get less. The sum of the squared moves is the least: heights
    less the room below each must not fall, which is an isotonic regression.

    Examples
    --------
    >>> _spread([0, 0, 5], np.array([1, 1, 1]), top=9), _spread([8, 8], np.array([2, 2]), top=9)
    ([0.5, 1.5, 5.0], [6.0, 8.0])
    """
    from scipy.optimize import isotonic_regression

    room = room * min(1, top / room.sum())
    middle = np.cumsum(room) - room / 2
    moved = isotonic_regression(np.asarray(heights, float) - middle).x
    return (np.clip(moved, 0, top - room.sum()) + middle).tolist()


def free_place(
    ax: Axes,
    at: tuple[float, float],
    text: str,
    points: np.ndarray,
    curves: np.ndarray,
    taken: list,
) -> tuple[tuple[float, float], dict]:
    """Find a place beside a point where a label covers no points and no earlier labels.

    Parameters
    ----------
    at, points, curves
        The point named, all points, and points along the curves, on the scales of ``ax``.
    taken
        Boxes of names, in points of print; the new one is added.

    Returns
    -------
    (offset in points, alignment), the first of eight places that is free, else the least bad.
    """
    unit = 72 / ax.figure.dpi
    wide, high = 5.6 * len(text), 11.0
    x, y = ax.transData.transform(at) * unit
    others, along = (ax.transData.transform(xy) * unit for xy in (points, curves))
    frame = ax.get_window_extent()
    best = None
    for across, up in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        left = x + 8 * across - wide * (1 - across) / 2
        low = y + 9 * up - high * (1 - up) / 2 if across == 0 else y + 8 * up - high / 2
        box = left, low, left + wide, low + high
        covered = sum(_overlap(box, other) for other in taken)
        outside = left < frame.x0 * unit or box[2] > frame.x1 * unit
        bad = 10 * (covered + _within(others, box, 4) + 2 * outside) + (_within(along, box, 1) > 0)
        if best is None or bad < best[0]:
            best = bad, box, across, up
        if not bad:
            break
    _, box, across, up = best
    taken.append(box)
    return (box[0] - x, box[1] - y), {"ha": "left", "va": "bottom"}


def _within(points: np.ndarray, box: tuple, room: float) -> int:
    """Count the points in a box with some margin around it."""
    left, low, right, high = box
    inside = (points[:, 0] > left - room) & (points[:, 0] < right + room)
    return int((inside & (points[:, 1] > low - room) & (points[:, 1] < high + room)).sum())


def _overlap(box: tuple, other: tuple) -> bool:
    """Check whether two boxes (left, low, right, high) overlap."""
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
