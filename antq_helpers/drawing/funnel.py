"""Funnel plot of units by size, with limits of chance variation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import (
    decimals_of,
    describe,
    dispersion_words,
    label_heights,
    name_unit,
    write_frame,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.funnels import LEVELS, funnel, limits_of
from antq_helpers.measuring.periods import year_span
from antq_helpers.measuring.totals import check_years, tally, years_of
from antq_helpers.records import check_records, name_whole

__all__ = ["chart", "describe", "draw", "numbers", "plot_funnel"]

_STROKES = {
    "95": {"linestyle": (0, (4, 2)), "linewidth": 1, "color": style.CITY},
    "998": {"linestyle": (0, (1, 2)), "linewidth": 1, "color": style.CITY},
    "fdr": {"linestyle": "-", "linewidth": 1.3, "color": style.CITY},
}
_POINTS = {"above": "^", "below": "v", "": "o"}


def plot_funnel(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    dispersion: float | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a funnel plot of communes and wards: values by size, with limits of chance variation.

    Labelled units lie outside the solid lines, the limits for all units together
    (Benjamini-Hochberg, 5%); dashed and dotted lines are those for a single one, 95% and 99.8%.

    Parameters
    ----------
    measure, years, per, boundaries, language
        As in :class:`View`; the years are pooled.
    dispersion
        As in :func:`funnel`: that of these records by default, 1 for chance alone.

    Raises
    ------
    ValueError
        For one unit or one year alone, where the dispersion can not be estimated, and for a
        measure, year or language that is not known.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_funnel(load_records(), measure="valuable_share", ax=Figure().subplots())
    >>> ax.get_ylabel()
    '%'
    """
    return plot(
        records, ax, kind="funnel", measures=[measure], years=years, per=per,
        boundaries=boundaries, dispersion=dispersion, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units with the limits of chance, over all the years as one period."""
    records, (measure,) = check_records(records), view.measures
    years = check_years(records, view.years or years_of(records))
    latest = int(records["boundaries"].max()) if view.boundaries is None else view.boundaries
    totals = tally(records, "commune", boundaries=latest, years=years).long([measure])
    table = funnel(totals, measure=measure, dispersion=view.dispersion, per=view.per)
    return table.assign(period=year_span(years))


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw units as points over their size, with limits; those outside are labelled."""
    kind, language = find_measure(view.measures[0]).kind, view.language
    size = 1000 if kind == "count" else 1
    _draw_funnel(ax, numbers, size, language)
    _draw_points(ax, numbers, size)
    style.name_height(ax, name_unit(view))
    axis = word(f"axis_base_{kind}", language)
    write_frame(ax, numbers, view, axis=axis, notes=_reading_notes(numbers, language))
    _name_outliers(ax, numbers, size)


def _draw_funnel(ax: Axes, table: pd.DataFrame, size: int, language: str) -> None:
    """Draw the limits over all sizes and the city's line, each labelled at its right end."""
    base, limits, city, top, whole = _course(table, 160, language)
    right = base.iloc[-1] / size
    for name, look in _STROKES.items():
        for side in ("low", "high"):
            ax.plot(base / size, limits[f"{side}_{name}"], **look)
    for name, level in LEVELS.items():
        ax.text(right, limits[f"high_{name}"].iloc[-1], f" {_level(level, language)}", va="center",
                fontsize=8.5, color=style.CITY)  # fmt: skip
    ax.axhline(city, color=style.FOCUS, linewidth=1.4, zorder=1.5)
    ax.text(right, city, f" {whole}", va="center", fontsize=9, color=style.FOCUS)
    ax.set(xlim=(0, right), ylim=(0, top))
    label_heights(ax, ax.get_ylim()[1], language)
    ax.xaxis.set_major_formatter(lambda value, _: number(value, language))


def _course(table: pd.DataFrame, many: int, language: str) -> tuple:
    """Return sizes and the limits over them, the city's value, the top, and the city's label."""
    base = pd.Series(np.geomspace(table["base"].min() * 0.8, table["base"].max() * 1.05, many))
    limits, value, city = limits_of(table, base), table["value"], float(table["city"].iloc[0])
    top = max(value.max(), min(limits["high_998"].max(), 2 * value.max())) * 1.08
    whole = f"{name_whole(table, language)}: {number(city, language, decimals_of(value))}"
    return base, limits, city, float(top) if top > 0 else 1.0, whole


def _level(level: float, language: str) -> str:
    return f"{number(level * 100, language, 0 if level == 0.95 else 1)}%"


def _draw_points(ax: Axes, table: pd.DataFrame, size: int) -> None:
    for side, marker in _POINTS.items():
        rows = table[table["outlier"] == side]
        fill = style.COLOURS[0] if side else "white"
        ax.plot(rows["base"] / size, rows["value"], marker, color=style.COLOURS[0],
                markerfacecolor=fill, markersize=7, linestyle="", zorder=3)  # fmt: skip


def _name_outliers(ax: Axes, table: pd.DataFrame, size: int) -> None:
    """Label the outliers, the farthest first, each where its label covers nothing."""
    named = table[table["outlier"] != ""]
    named = named.loc[(named["value"] - named["city"]).abs().sort_values(ascending=False).index]
    points = np.column_stack([table["base"] / size, table["value"]])
    curves = np.vstack([line.get_xydata() for line in ax.lines[: 2 * len(_STROKES)]])
    taken = []
    for row in named.itertuples():
        at = row.base / size, row.value
        place = _free_place(ax, at, row.commune, points, curves, taken)
        ax.annotate(row.commune, at, place, textcoords="offset points", fontsize=9, zorder=4,
                    color=style.INK, ha="left", va="bottom")  # fmt: skip


def _reading_notes(table: pd.DataFrame, language: str) -> list[str]:
    named = (table["outlier"] != "").any()
    keys = "note_funnel", f"note_funnel_{'named' if named else 'none'}", "note_funnel_alone"
    notes = [word(key, language, count=len(table)) for key in keys]
    return notes + dispersion_words(table["dispersion"].iloc[0], language)


def _free_place(
    ax: Axes,
    at: tuple[float, float],
    text: str,
    points: np.ndarray,
    curves: np.ndarray,
    taken: list,
) -> tuple[float, float]:
    """Find where a label covers no points and no earlier labels (``taken``, in points of print)."""
    unit = 72 / ax.figure.dpi
    wide, high = 5.6 * len(text), 11.0
    x, y = ax.transData.transform(at) * unit
    others, along = (ax.transData.transform(xy) * unit for xy in (points, curves))
    frame = ax.get_window_extent()
    boxes = []
    for across, up in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        left = x + 8 * across - wide * (1 - across) / 2
        low = y + 9 * up - high * (1 - up) / 2 if across == 0 else y + 8 * up - high / 2
        boxes.append((left, low, left + wide, low + high))

    def badness(box: tuple) -> int:
        covered = sum(_overlap(box, other) for other in taken) + _count_in(box, others, 4)
        outside = box[0] < frame.x0 * unit or box[2] > frame.x1 * unit
        return 10 * (covered + 2 * outside) + (_count_in(box, along, 1) > 0)

    box = min(boxes, key=badness)  # the first of the least bad
    taken.append(box)
    return box[0] - x, box[1] - y


def _count_in(box: tuple, points: np.ndarray, room: float) -> int:
    left, low, right, high = box
    inside = (points[:, 0] > left - room) & (points[:, 0] < right + room)
    return int((inside & (points[:, 1] > low - room) & (points[:, 1] < high + room)).sum())


def _overlap(box: tuple, other: tuple) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: units as points over their size, with limits."""
    kind, language = find_measure(view.measures[0]).kind, view.language
    size = 1000 if kind == "count" else 1
    base, limits, city, top, whole = _course(numbers, 60, language)
    right = float(base.iloc[-1] / size)
    labels = [live.label(whole, right, city, style.FOCUS)]
    labels += live.curve("city", [0, right], [city, city], style.FOCUS)
    for place, name in enumerate(_STROKES):
        for side in ("low", "high"):
            heights = limits[f"{side}_{name}"].where(lambda of: of <= top)
            dash = (1, 2, 0)[place]
            labels += live.curve(f"{side}_{name}", base / size, heights, style.CITY, dash)
    for name, level in LEVELS.items():
        end = limits[f"high_{name}"].iloc[-1]
        labels.append(live.label(_level(level, language), right, end, style.CITY))
    named = numbers[numbers["outlier"] != ""].sort_values("base", ascending=False)
    far = named["base"].gt(0.7 * base.iloc[-1]) | named["base"].diff(1).abs().lt(
        0.2 * base.iloc[-1]
    )
    for row, left in zip(named.itertuples(), far, strict=True):
        at = row.base / size, row.value
        labels.append(live.label(row.commune, *at, name=row.commune, left=bool(left)))
    series = [
        {"name": name, "colour": style.COLOURS[0] if side else "white",
         "shape": live.SHAPES[_POINTS[side]]}
        for name, side in zip(numbers["commune"], numbers["outlier"], strict=True)
    ]  # fmt: skip
    x = live.values("x", "0", "right")
    y = live.values("value", "0", "top")
    along = {**y, "field": "y"}
    points = live.layer("point", mark={"size": 75}, x=x, y=y, fill="colour:look",
                        stroke={"value": style.COLOURS[0]}, shape="shape:look")  # fmt: skip
    says = live.says_of(view)
    says["lines"][1:2] = [
        f"{word('compared_limits', language, share=share)}: {{low_{name}}}–{{high_{name}}}"
        for name, share in (("95", "95"), ("998", number(99.8, language, 1)))
    ]  # fmt: skip
    ends = [f"{side}_{name}" for side in ("low", "high") for name in ("95", "998")]
    says["digits"] |= dict.fromkeys(ends, 1)
    axis = word(f"axis_base_{kind}", language)
    return live.compared(
        numbers, view, [live.curves(x, along), points, live.texts(x=x, y=along)], series,
        {"right": right * 1.14, "top": top},
        [f"{axis}.", *_reading_notes(numbers, language)], labels, says=says,
        series=range(len(numbers)), x=numbers["base"] / size, **numbers[ends],
    )  # fmt: skip
