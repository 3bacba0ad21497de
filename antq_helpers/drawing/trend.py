"""Line charts of measures over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.series import (
    MANY_PERIODS,
    Line,
    axis_label,
    dated_title,
    describe,
    height_of,
    last_of,
    lines_of,
    lone_points,
    named_greys,
    never_reported,
    notes,
    numbers,
    with_intervals,
)
from antq_helpers.drawing.text import marks, period_label, tick_words, years_begin
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import PER_YEAR
from antq_helpers.measuring.targets import list_targets

__all__ = ["chart", "describe", "draw", "numbers", "plot_trend"]


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
    targets: pd.DataFrame | None = None,
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
    targets
        Of years, as ``load_table("targets", path)`` gives them: each is a dash at its year. Rates
        and shorter periods have none.
    ax
        Axes to draw on; those of a new figure by default.

    Raises
    ------
    ValueError
        For a measure, unit, year, period or language that is not known; the message names the
        legal ones.
    """
    planned = () if targets is None else list_targets(targets, [measure], communes, years)
    return plot(
        records, ax, measures=[measure], communes=communes, years=years, by=by, per=per,
        split=split, boundaries=boundaries, targets=planned, language=language,
    )  # fmt: skip


_WIDEST = 112  # letters of a note
_MOST_LABELS = 13
YEARS = (1, 2, 3, 5, 10, 20, 50)
PARTS = {
    "year": (), "half": (1,), "quarter": (1, 2), "month": (1, 2, 3, 6), "week": (1, 2, 4, 13, 26),
}  # fmt: skip
_ROOM_FOR_MARK = 1.14


def draw(axes: Sequence[Axes], numbers: pd.DataFrame, view: View) -> None:
    """Draw a panel for each measure, and the notes below the last, replacing what they held."""
    for measure, ax in zip(view.measures, axes, strict=True):
        _draw_measure(ax, numbers, view, measure)
    letters = int(ax.get_window_extent().width * 72 / ax.figure.dpi / 4.9)
    ax.set_xlabel(notes(numbers, view, min(letters, _WIDEST)), loc="left", linespacing=1.4)


def _draw_measure(ax: Axes, numbers: pd.DataFrame, view: View, measure: str) -> None:
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
    _scale_height(ax, lines, view, measure)
    # All panels leave the same room for labels, so that their periods are aligned.
    named = [line.name for m in view.measures for line in lines_of(numbers, m)]
    moved = _shift(len(lines) - 1, len(lines)) if len(in_colour) == len(lines) else 0
    _label_ends(ax, ends, named_greys(lines), max(map(len, named), default=0), moved)
    _scale_periods(ax, numbers["period"].unique(), view)
    if text := marks(numbers, view):
        style.write_mark(ax, text)


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
    if np.isfinite(line.target).any():
        tick = {"marker": "_", "markersize": 16, "markeredgewidth": 2.5, "gid": "target"}
        ax.plot(x, line.target, **{**point, **tick})
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


def _scale_periods(ax: Axes, periods: np.ndarray, view: View) -> None:
    """Label as many periods as fit."""
    first, last = ax.get_xlim()
    room = ax.get_window_extent().width * 72 / ax.figure.dpi / (last - first)
    ticks = _ticks_of(periods, view, room)
    ax.set_xticks(list(ticks), list(ticks.values()))


def _ticks_of(periods: Sequence[str], view: View, room: float) -> dict[int, str]:
    """Return the labels that fit, ``room`` points a period, those of years at their first one."""
    years = [PER_YEAR[view.by] * count for count in YEARS]
    for step in (*PARTS[view.by], *years):
        by_year = step in years and view.by != "year"
        at = range(0, len(periods), step)
        if by_year:  # some years have 53 weeks
            at = (years_begin(periods) or [0])[:: step // years[0]]
        names = [period_label(periods[i][:4] if by_year else periods[i], view.language) for i in at]
        if len(names) <= _MOST_LABELS and 5.6 * max(map(len, names), default=0) + 6 <= step * room:
            break
    return dict(zip(at, names, strict=True))


def _scale_height(ax: Axes, lines: list[Line], view: View, measure: str) -> None:
    """Start the axis at zero, leave room for the mark, and format the ticks."""
    top = height_of(lines)
    whole = find_measure(measure).kind == "count" and not view.per
    ticks = MaxNLocator(5, integer=whole, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    ticks = ticks[(ticks >= 0) & (ticks <= top)]
    ax.set_yticks(ticks, tick_words(ticks, view.language))
    ax.set_ylim(0, top * _ROOM_FOR_MARK)


def _label_ends(
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
        ax.plot(*zip(*leads, strict=True), color=style.EDGE, linewidth=0.5, zorder=1.8, gid="leads")


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


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a panel for each measure, as :func:`draw` has it."""
    count = numbers.loc[numbers["role"] == "commune", "series"].nunique()
    asked = numbers
    if count > _MOST_LINES:
        numbers = _highest_and_lowest(numbers, view.measures[0])
    periods = list(numbers["period"].unique())
    panels = {measure: lines_of(numbers, measure) for measure in view.measures}
    longest = max((len(line.name) for lines in panels.values() for line in lines), default=0)
    share = min((7.2 * longest + 24) / live.WIDTH, 0.4)
    last = max(len(periods) - 1, 0) + (0.5 if len(periods) < 2 else 0.1)
    right = last + share / (1 - share) * (last + 0.5)
    ticks = _ticks_of(periods, view, 0.72 * live.WIDTH / (right + 0.5)) if periods else {}
    tops = [height_of(lines) if lines else 1.0 for lines in panels.values()]
    series, parts, labels, says = [], [], [], []
    for at, ((measure, lines), top) in enumerate(zip(panels.items(), tops, strict=True)):
        mine = numbers[numbers["measure"] == measure]
        parts.append(_rows_of(mine, lines, at, len(series), top))
        looks = _looks_of(lines)
        series += looks
        labels += _end_labels(lines, looks, at, top, last)
        whole = find_measure(measure).kind == "count" and not view.per
        says.append(live.says_of(view, measure, digits={"value": 0 if whole else 1, **_ENDS}))
        says[-1]["lines"].append(word("live_target", view.language))
    below = [*filter(None, notes(asked, view, 10**6).splitlines())]
    below = below or [word("nothing_chosen", view.language)]
    half, many = (number(n, view.language) for n in (_MOST_LINES // 2, count))
    fewer = word("live_fewer", view.language, half=half, count=many)
    return live.Chart(
        _spec(len(view.measures)),
        pd.concat(parts, ignore_index=True),
        series,
        periods,
        {
            "titles": [dated_title(numbers, measure, view) for measure in view.measures],
            "units": [axis_label(measure, view) if panels[measure] else "" for measure in panels],
            "tops": [top * _ROOM_FOR_MARK for top in tops],
            "left": -0.5,
            "right": right,
            **live.ticks_of("ticks", ticks),
        },
        says,
        [*below, *([fewer] if count > _MOST_LINES else [])],
        labels,
        zooms=True,
    )


_MOST_LINES = 300


def _highest_and_lowest(numbers: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the numbers of the units with the highest and lowest means, and of the whole."""
    units = (numbers["role"] == "commune") & (numbers["measure"] == measure)
    means = numbers[units].groupby("series")["value"].mean().sort_values()
    kept = [*means.index[: _MOST_LINES // 2], *means.index[-_MOST_LINES // 2 :]]
    return numbers[numbers["series"].isin(kept) | (numbers["role"] != "commune")]


def _looks_of(lines: list[Line]) -> list[dict]:
    """Return name and look of each line."""
    own = style.places_of(x.name for x in lines if x.in_colour and x.role == "commune")
    found = []
    for place, line in enumerate(lines):
        grey = {"color": style.OTHERS, "marker": "o", "linewidth": 1}
        look = _look_of(line, own.get(line.name, place), len(lines)) if line.in_colour else grey
        dash, width = "linestyle" in look, look.get("linewidth", 1.8)
        shape = live.SHAPES[look["marker"] or "o"]
        found.append({"name": line.name, "colour": look["color"], "shape": shape, "dash": dash,
                      "width": width, "whole": line.role != "commune",
                      "stays": line.role in ("city", "mean")})  # fmt: skip
    return found


def _rows_of(
    mine: pd.DataFrame, lines: list[Line], number: int, first: int, top: float
) -> pd.DataFrame:
    """Return the rows of a panel, with what is drawn at each: point, bar, band, mark of a cut."""
    many, barred = mine["period"].nunique() > MANY_PERIODS, bool(lines) and with_intervals(lines)
    coloured = [line.in_colour for line in lines]
    series, at = np.repeat(np.arange(len(lines)), len(mine) // max(len(lines), 1)), mine["period"]
    lone = (
        np.concatenate([lone_points(line.value) for line in lines]) if lines else np.array([], bool)
    )
    points = [not many and _look_of(x, 0, len(lines))["marker"] != "" for x in lines]
    ink = np.array(coloured, bool)[series] if lines else np.array([], bool)
    silent = np.array([never_reported(line) for line in lines], bool)[series] if lines else ink
    high = mine["high"].to_numpy()
    with_bar = ink & (barred & (lone | ~np.full(len(mine), many or sum(coloured) == 1)))
    at = pd.factorize(at)[0]
    shifts = [
        _shift(place, len(lines)) * (all(coloured) and not many) for place in range(len(lines))
    ]
    partial, gone = (mine["state"] == "partial").to_numpy(), mine["state"] == "missing"
    return live.rows_of(
        mine, panel=number, series=series + first, at=at,
        x=at + (np.array(shifts)[series] if lines else 0),
        band=ink & barred & (many or sum(coloured) == 1), bar=with_bar, cut=with_bar & (high > top),
        point=(ink & np.array(points, bool)[series] if lines else ink) | lone | (partial & ink),
        gone=gone.to_numpy() & (ink | silent),
        dashed=ink & mine.get("target", gone * np.nan).notna(),
    )  # fmt: skip


def _end_labels(
    lines: list[Line], looks: list[dict], number: int, top: float, last: float
) -> list[dict]:
    """Return the name of each line beside its end, spread as on the static picture."""
    greys = {line.name for line in named_greys(lines)}
    named = [(*last_of(x), x.name, look["colour"] if x.in_colour else style.NOTE)
             for x, look in zip(lines, looks, strict=True)
             if x.in_colour or x.name in greys]  # fmt: skip
    named = sorted((found for found in named if found[1] == found[1]), key=lambda found: found[1:3])
    if not named:
        return []
    room = np.full(len(named), (11.5 if greys else 15) / _PANEL * top * _ROOM_FOR_MARK)
    heights = _spread([height for _, height, *_ in named], room, top * _ROOM_FOR_MARK)
    size = 9.5 if greys else 12
    return [
        live.label(name, last, y, colour, panel=number, name=name, size=size)
        for y, (_, _, name, colour) in zip(heights, named, strict=True)
    ]  # fmt: skip


_ENDS = {"low": 1, "high": 1}  # decimals
_PANEL = 190  # pixels


def _spec(panels: int) -> dict:
    """Return Vega-Lite of lines with bands, bars, hollow points and crosses."""
    x = live.values("x", "left", "right", ticks="ticks")
    colour = {"color": "colour:look", "detail": "name:n"}
    dashed = {"condition": {"test": "datum.dash", "value": [4, 2]}, "value": [1, 0]}
    made = []
    for at in range(panels):
        y = live.values("value", "0", f"tops[{at}]", tickCount=5)
        at_foot, at_top = {"value": _PANEL}, {"value": _PANEL * (1 - 1 / _ROOM_FOR_MARK) - 5}
        ends = {"y": live.values("low", "0", f"tops[{at}]", tickCount=5), "y2": {"field": "high"}}
        point = {"stroke": "colour:look", "shape": "shape:look"}
        made.append(
            live.panel(
                [
                    live.layer("area", "datum.band", mark={"clip": True}, opacity=0.14,
                               x=x, **ends, **colour),
                    live.layer("rule", "datum.bar", mark={"clip": True}, opacity=0.5,
                               x=x, **ends, **colour),
                    live.layer("line", x=x, y=y, **colour, strokeWidth="width:look",
                               strokeDash=dashed),
                    live.layer("point", "datum.point", mark={"size": 38, "strokeWidth": 1.6},
                               x=x, y=y, fill=live.HOLLOW, **point),
                    live.layer("point", "datum.cut", mark={"size": 20, "shape": "triangle-up"},
                               x=x, y=at_top, **colour),
                    live.layer("point", "datum.dashed", x=x, **colour,
                               mark={"size": 260, "shape": "stroke", "strokeWidth": 2.5},
                               y=live.values("target", "0", f"tops[{at}]", tickCount=5)),
                    live.layer("text", "datum.gone", mark={"text": "×", "fontSize": 15},
                               x=x, y=at_foot, **colour),
                    live.layer("point", "datum.state === 4", mark={"size": 38, "shape": "square"},
                               x=x, y=at_foot, **colour),
                    live.texts(at, x=x, y=live.values("y", "0", f"tops[{at}]", tickCount=5),
                               size="size:look"),
                ],
                _PANEL,
                at,
            )
        )  # fmt: skip
    return {"vconcat": made}
