"""Small multiples: one panel per unit over time, with the city's line."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import base_words, find_measure, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.series import lone_points
from antq_helpers.drawing.text import (
    cut_words,
    describe,
    interval_words,
    name_unit,
    period_label,
    pooled_words,
    tick_words,
    words_if,
    write_frame,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_communes, compare_over_time
from antq_helpers.records import name_whole

__all__ = ["chart", "describe", "draw", "numbers", "plot_small_multiples"]

_MOST_ACROSS = 6
_MOST_MARKED = 36  # periods; a panel is too narrow for the marks of more


def plot_small_multiples(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    period: str | int | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    scale: str = "one",
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw each commune and ward in a panel of its own, with 95% intervals and the city.

    Parameters
    ----------
    measure, years, per, boundaries, language
        As in :class:`View`; small counts are pooled as in :func:`plot_heatmap`.
    period
        As in :func:`total_by`, such as ``"month"``; years, pooled where needed, by default.
    scale
        ``"one"`` for all panels, which compares them; ``"own"`` for each, which shows its course.

    Returns
    -------
    Axes
        Its ``child_axes`` are the panels, in official order.

    Raises
    ------
    ValueError
        For a measure, year, scale or language that is not known; the message names the legal ones.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_small_multiples(load_records(), ax=Figure(figsize=(9, 7)).subplots())
    >>> len(ax.child_axes), ax.child_axes[0].get_title()
    (15, 'Yên Thịnh')
    """
    return plot(
        records, ax, kind="small_multiples", measures=[measure], years=years, by=period, per=per,
        boundaries=boundaries, scale=scale, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units by period; by default years, pooled where counts are small."""
    if view.by is None:
        return compare_over_time(records, **view.comparison)[0]
    return compare_communes(records, period=view.by, **view.comparison)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a panel per unit."""
    style.clear(ax)
    groups = [rows for _, rows in numbers.groupby("commune_id", sort=False)]
    across = min(max(ceil(len(groups) / 3), 3), _MOST_ACROSS, len(groups))
    down = ceil(len(groups) / across)
    first, last = numbers["period"].min(), numbers["period"].max()
    ends = [period_label(period, view.language) for period in (first, last)]
    top, cut = _top(numbers), 0
    for place, rows in enumerate(groups):
        row, column = divmod(place, across)
        left = (column + 0.15) / across
        panel = ax.inset_axes((left, 1 - (row + 0.86) / down, 0.82 / across, 0.66 / down))
        own = top if view.scale == "one" else _top(rows)
        cut += _draw_unit(panel, rows.sort_values("period"), own)
        panel.set_title(rows["commune"].iloc[0], fontsize=8.5, pad=5, loc="center", y=1.0)
        named = ends if place + across >= len(groups) else ["", ""]
        # Only at the edges can a label stand out of the chart; the layout need not measure others.
        panel.set_in_layout(column in (0, across - 1))
        # On a shared scale, the tick labels of a row's first panel serve the whole row.
        heights = view.scale == "own" or not column
        _write_ticks(panel, len(rows), named, own, view.language, heights=heights)
    notes = _reading_notes(numbers, view.scale, cut, view.language)
    write_frame(ax, numbers, view, axis=name_unit(view), notes=notes)


def _draw_unit(panel: Axes, rows: pd.DataFrame, top: float) -> int:
    """Draw one unit's panel; return the number of intervals that are cut off at the top."""
    x, colour = np.arange(len(rows)), style.COLOURS[0]
    value, city, low, high = (rows[c].to_numpy(float) for c in ("value", "city", "low", "high"))
    alone = _alone(rows).to_numpy()
    # A shorter period is not joined to the pooled ones, as one year is not three: NaN leaves a gap.
    joined, of_city, ground = (np.where(alone, np.nan, one) for one in (value, city, low))
    many = len(rows) > _MOST_MARKED
    shade = {"color": colour, "alpha": 0.1 if many else 0.16, "linewidth": 0}
    panel.fill_between(x, ground, np.minimum(high, top), **shade)
    width = 0.8 if many else 1.1
    panel.plot(x, of_city, color=style.CITY, linewidth=width, linestyle=(0, (3, 2)))
    panel.plot(x, joined, "-" if many else "o-", color=colour, linewidth=0.6 if many else 1.5,
               markersize=2.6)  # fmt: skip
    lone = lone_points(joined)  # neither line nor band shows them
    partial = (rows["state"] == "partial").to_numpy() & (alone | (not many))
    missing = (rows["state"] == "missing").to_numpy() & (not many)
    barred, thin = alone | lone, {"alpha": 0.2, "linewidth": 0.6} if many else {"alpha": 0.4}
    if barred.any():
        above = np.minimum(high, top)
        panel.vlines(x[barred], low[barred], above[barred], color=colour, **thin)
    cut = high > top
    marked = cut & (np.cumsum(cut) == 1) if many else cut
    face = "white" if partial[alone].any() else colour
    for at, heights, marker, look in (
        (lone & many, value, "o", {"markersize": 1.2}),
        (partial & ~alone, value, "o", {"markerfacecolor": "white", "markersize": 3.4}),
        (missing, np.zeros(len(x)), "x", {"markersize": 3.6, "clip_on": False}),
        (alone, city, "_", {"color": style.CITY, "markersize": 7}),
        (alone, value, "D", {"markerfacecolor": face, "markersize": 3.4}),
        (marked, np.full(len(x), top), "^", {"markersize": 3, "clip_on": False, "alpha": 0.7}),
    ):
        if at.any():  # an empty series with clip_on=False would have the layout leave room for it
            panel.plot(x[at], heights[at], marker, **{"color": colour, **look})
    panel.set(xlim=(-0.4, max(len(rows) - 0.6, 0.4)), ylim=(0, top))
    return int(cut.sum())


def _alone(table: pd.DataFrame) -> pd.Series:
    """Find the periods shorter than the rest, such as the tenth of ten years pooled by three."""
    days = (table["period_end"] - table["period_start"]).dt.days
    return days < 0.9 * days.max()


def _write_ticks(
    panel: Axes, count: int, names: list[str], top: float, language: str, *, heights: bool
) -> None:
    """Label the first and the last period, and two heights if asked."""
    ends = sorted({0, count - 1})
    panel.set_xticks(ends, names[: len(ends)])
    for label, side in zip(panel.get_xticklabels(), ("left", "right"), strict=False):
        label.set_ha(side if len(ends) > 1 else "center")
    step = _nice(top / 2)
    at = [0, step, 2 * step] if 2 * step <= top else [0, step]
    panel.set_yticks(at, tick_words(at, language) if heights else [""] * len(at))
    panel.tick_params(labelsize=7.5, pad=1.5, length=2)


def _nice(size: float) -> float:
    """Return the greatest of 1, 2, 2.5 and 5 times a power of ten that is at most ``size``.

    Examples
    --------
    >>> [float(_nice(size)) for size in (4.7, 0.3, 1034)]
    [2.5, 0.25, 1000.0]
    """
    power = 10.0 ** np.floor(np.log10(size))
    steps = np.array([1, 2, 2.5, 5])
    return float(round(steps[steps * power <= size * (1 + 1e-9)].max() * power, 9))


def _top(table: pd.DataFrame) -> float:
    """Return the top of the axis: the highest value, or interval up to one and a half times that.

    The interval of a short period may be so wide that it would press all panels flat: it is cut.
    """
    peak = np.nanmax([table["value"].max(), table["city"].max(), 0])
    peak = peak if peak > 0 else 1.0
    high = table["high"][np.isfinite(table["high"]) & ~_alone(table)].max()
    return float(max(peak, min(high, 1.5 * peak)) if high == high else peak) * 1.05


def _reading_notes(table: pd.DataFrame, scale: str, cut: int, language: str) -> list[str]:
    alone = table.loc[_alone(table), "period"].unique()
    marked = table["period"].nunique() <= _MOST_MARKED
    counted = {state: (table["state"] == state).sum() for state in ("partial", "missing", "none")}
    needed = {
        "note_scale_own": scale == "own",
        "note_partial" if marked else "note_partial_count": counted["partial"],
        "note_missing" if marked else "note_missing_count": counted["missing"],
        "note_none": counted["none"],
        "note_alone": len(alone),
    }
    values = {state: number(count, language) for state, count in counted.items()} | {
        "all": number(len(table), language),
        "base": base_words(table["measure"].unique(), language),
        "period": ", ".join(period_label(period, language) for period in alone),
    }
    whole = name_whole(table, language, inside=True)
    notes = [*pooled_words(table, language), word("note_city_line", language, whole=whole)]
    if find_measure(table["measure"].iloc[0]).interval != "none":
        lone = table.groupby("commune_id")["value"].transform(lambda v: lone_points(v.to_numpy()))
        drawn_as = "interval" if len(alone) or lone.any() else "bands"
        notes += interval_words(drawn_as, table["dispersion"], language)
    notes += words_if(needed, language, **values)
    return notes + cut_words(cut, table["low"].notna().sum(), language, each=marked)


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a panel per unit."""
    language, names = view.language, list(dict.fromkeys(numbers["commune"]))
    table, alone = numbers.sort_values(["period"], kind="stable"), _alone(numbers)
    alone, periods = alone.loc[table.index], sorted(numbers["period"].unique())
    at, own = pd.Index(periods).get_indexer(table["period"]), view.scale == "own"
    top, many = _top(numbers), len(periods) > _MOST_MARKED
    units = [rows for _, rows in numbers.groupby("commune_id")]
    cut = sum(int((rows["high"] > (_top(rows) if own else top)).sum()) for rows in units)
    ends = {i: period_label(periods[i], language) for i in (0, len(periods) - 1)}
    inward = {"condition": {"test": "datum.value === 0", "value": "left"}, "value": "right"}
    x = live.values("at", "-0.4", "right", ticks="ticks", labelAlign=inward)
    y = live.values("value", "0", "top", tickCount=3, minExtent=26)
    if own:
        y = {**y, "scale": {"zero": True}}
    joined = "!datum.alone"
    layers = [
        live.layer("area", joined, mark={"clip": True}, opacity=0.16, x=x, color="colour:look",
                   y={**y, "field": "low"}, y2={"field": "high"}),
        live.layer("line", joined, mark={"strokeWidth": 0.7 if many else 1.5}, x=x, y=y,
                   color="colour:look"),
        live.layer("rule", "datum.alone || datum.lone", mark={"clip": True}, opacity=0.5, x=x,
                   y={**y, "field": "low"}, y2={"field": "high"}, color="colour:look"),
        live.layer("point", "datum.dot", mark={"size": 14}, x=x, y=y, fill=live.HOLLOW,
                   stroke="colour:look"),
        live.layer("point", "datum.alone", mark={"size": 22, "shape": "diamond"}, x=x, y=y,
                   fill=live.HOLLOW, stroke="colour:look"),
        live.layer("text", "datum.state === 2", mark={"text": "×"}, x=x,
                   y={"value": _LIVE_HEIGHT}, color="colour:look"),
        live.layer("line", joined, mark={"strokeDash": [3, 2], "strokeWidth": 1.1}, x=x,
                   y={**y, "field": "city"}, color={"value": style.CITY}),
    ]  # fmt: skip
    known = table.groupby("commune_id")["value"]
    lone = known.transform(lambda v: lone_points(v.to_numpy())).astype(bool)
    notes = _reading_notes(numbers, view.scale, cut, language)
    made = live.compared(
        table, view, layers, [{"name": name, "colour": style.COLOURS[0]} for name in names],
        {"right": len(periods) - 0.6, "top": top, **live.ticks_of("ticks", ends)}, notes, [],
        zooms=True, series=pd.Index(names).get_indexer(table["commune"]), at=at, city=table["city"],
        alone=alone, lone=lone, dot=(~alone) & ((not many) | lone | (table["state"] == "partial")),
    )  # fmt: skip
    across = min(max(ceil(len(names) / 3), 3), _MOST_ACROSS, len(names))
    heads = {"title": None, "labelFontSize": 11.5, "labelPadding": 2, "labelFontWeight": "bold"}
    facets = {
        "facet": {"field": "name", "type": "nominal", "sort": names, "header": heads},
        "columns": across,
        "spacing": 14,
        "title": made.spec["title"],
        "spec": {"width": (live.WIDTH + 30) / across - 20, "height": _LIVE_HEIGHT, "layer": layers},
        **({"resolve": {"scale": {"y": "independent"}}} if own else {}),
    }
    # In the order of the units, so that the keyboard goes through one after the other.
    order = made.rows.sort_values(["series", "at"], ignore_index=True)
    return replace(made, spec=facets, rows=order, periods=periods)


_LIVE_HEIGHT = 96  # pixels
