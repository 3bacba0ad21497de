"""Control chart (XmR) of one series over time."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import (
    label_heights,
    name_measure,
    name_unit,
    name_years,
    period_label,
    title_of,
    words_if,
    write_frame,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import add_intervals
from antq_helpers.measuring.control import ControlLimits, control_limits
from antq_helpers.measuring.periods import PER_YEAR
from antq_helpers.measuring.totals import select, total_by
from antq_helpers.records import check_records, name_whole, on_boundaries

_LETTERS = 74  # that fit below the picture, with two between labels
_SIGNS = {"above": "^", "below": "v"}


def plot_control(
    records: pd.DataFrame,
    *,
    commune: str | None = None,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    by: str = "year",
    per: int = 1000,
    base: int | None = None,
    restart: Sequence[int] = (),
    boundaries: int | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a control chart (XmR) of one series, and note the signals expected by chance.

    Parameters
    ----------
    commune
        A name; the whole city by default.
    measure, years, by, per, boundaries, language
        As in :class:`View`.
    base, restart
        As in :func:`control_limits`, in periods.

    Raises
    ------
    ValueError
        For fewer than two values, and for a unit, measure, year, period or language that is
        not known; the message names the legal ones.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_control(load_records(), commune="Tuy Lộc", ax=Figure().subplots())
    >>> ax.get_title("left")
    'Tuy Lộc: Tips received per 1,000 residents, 2013–2022'
    """
    return plot(
        records, ax, kind="control", communes=None if commune is None else [commune],
        measures=[measure], years=years, by=by, per=per, base=base, restart=restart,
        boundaries=boundaries, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return one series by period."""
    records, (measure,) = check_records(records), view.measures
    if view.communes is not None and len(view.communes) != 1:
        raise ValueError(word("control_one", view.language))
    latest = int(records["boundaries"].max()) if view.boundaries is None else view.boundaries
    chosen = on_boundaries(records, latest)
    chosen = select(chosen, communes=view.communes, years=view.years)
    keys = () if view.communes is None else ("commune",)
    totals = total_by(chosen, *keys, period=view.by, measure=measure, boundaries=latest)
    table = add_intervals(totals, view.per).sort_values("period", ignore_index=True)
    whole = name_whole(table, view.language)
    return table.assign(series=whole if view.communes is None else table["commune"], per=view.per)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a series with its control limits and signals."""
    limits, language = _limits_of(numbers, view), view.language
    _draw_limits(ax, limits, language)
    _draw_series(ax, numbers, limits.points, language)
    top = _top(limits)
    ax.set(ylim=(0, top * 1.22), xlim=(-0.5, len(numbers) - 0.5))  # the legend stands above
    label_heights(ax, top * 1.08, language)
    ax.legend(loc="upper left", ncols=3, frameon=False, fontsize=8.5, borderaxespad=0.2)
    names = [period_label(period, language) for period in numbers["period"]]
    at = _ticks_of(names, view.by)
    ax.set_xticks(at, [names[i] for i in at])
    style.name_height(ax, name_unit(view))
    notes = _reading_notes(numbers, limits, language)
    write_frame(ax, numbers, view, title=_title(numbers, view), notes=notes)


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe the series by its first and last value and its signals."""
    language, known = view.language, numbers["value"].dropna()
    series = numbers["series"].iloc[0]
    kind, title = word("picture_control", language), f"{series}: {name_measure(view)}"
    sentences = [word("alt_compared", language, kind=kind, title=title, years=name_years(numbers))]
    if known.empty:
        return [*sentences, word("alt_missing", language, series=series)]
    first, last = (number(value, language, 1) for value in known.iloc[[0, -1]])
    sentences.append(word("alt_series", language, series=series, first=first, last=last))
    return sentences + _reading_notes(numbers, _limits_of(numbers, view), language)


def _limits_of(table: pd.DataFrame, view: View) -> ControlLimits:
    unit = _unit_of(table, view.per)
    return control_limits(table["value"], base=view.base, restart=view.restart, unit=unit)


def _unit_of(table: pd.DataFrame, per: int) -> float:
    """Return what one event adds to a value on average, to compute the signals expected."""
    entry = find_measure(table["measure"].iloc[0])
    of, scale = ("exposure", per) if entry.kind == "count" else ("denominator", entry.per)
    size = table.loc[table["value"].notna(), of].mean()
    return scale / size if size > 0 else 1


def _draw_limits(ax: Axes, limits: ControlLimits, language: str) -> None:
    """Draw mean and limits of each part of the series, from half a period before it to after."""
    points = limits.points
    trial = word("control_trial" if limits.trial else "control_limits", language)
    dashed = {"color": style.MARK, "linewidth": 1, "linestyle": (0, (4, 2))}
    for part, rows in points.groupby("part"):
        at = points.index.get_indexer(rows.index) + np.array([[-0.4], [0], [0.4]])
        ends = np.sort(at.ravel())
        for name, stroke, label in (
            ("mean", {"color": style.CITY, "linewidth": 1.2}, word("control_mean", language)),
            ("low", dashed, trial),
            ("high", dashed, None),
        ):
            heights = np.repeat(rows[name].to_numpy(), 3)
            ax.plot(ends, heights, label=label if part == 0 else None, **stroke)


def _draw_series(ax: Axes, table: pd.DataFrame, points: pd.DataFrame, language: str) -> None:
    x, value, colour = np.arange(len(table)), points["value"].to_numpy(), style.COLOURS[0]
    ax.plot(x, value, "o-", color=colour, linewidth=1.6, markersize=4.5)
    partial, missing = ((table["state"] == s).to_numpy() for s in ("partial", "missing"))
    hollow = {"color": colour, "markerfacecolor": "white", "zorder": 4}
    ax.plot(x[partial], value[partial], "o", markersize=5, **hollow)
    if missing.any():  # an empty series with clip_on=False would have the layout leave room for it
        ax.plot(x[missing], np.zeros(missing.sum()), "x", color=colour, clip_on=False)
    label = word("control_signal", language)
    for side, marker in _SIGNS.items():
        signal = (points["signal"] == side).to_numpy()
        if signal.any():
            ax.plot(x[signal], value[signal], marker, color=style.FOCUS, markersize=9,
                    linestyle="", zorder=5, label=label)  # fmt: skip
            label = None  # one entry of the legend for both sides


def _title(numbers: pd.DataFrame, view: View) -> str:
    return f"{numbers['series'].iloc[0]}: {title_of(numbers, view)}"


def _top(limits: ControlLimits) -> float:
    return float(np.nanmax([*limits.points[["value", "high"]].max(), 1e-9]))


def _ticks_of(names: Sequence[str], by: str) -> range:
    """Return as many places as fit; if not all do, one every so many whole years."""
    step = ceil(len(names) * (max(map(len, names)) + 2) / _LETTERS)
    if step > 1:
        yearly = PER_YEAR[by]
        parts = (4, 13, 26) if by == "week" else ()
        step = next((part for part in parts if part >= step), ceil(step / yearly) * yearly)
    return range(0, len(names), step)


def _reading_notes(table: pd.DataFrame, limits: ControlLimits, language: str) -> list[str]:
    if np.isnan(limits.low):
        return [word("note_control_equal", language)]
    chance = limits.expected_signals
    expected = number(max(chance, 0.1), language, 1)
    values = {
        "signals": int((limits.points["signal"] != "").sum()),
        "expected": expected if chance >= 0.1 else word("shade_under", language, high=expected),
        "points": int(limits.points["value"].notna().sum()),
    }
    needed = {
        "note_control": True,
        "note_control_flat": bool(limits.reason),
        "note_partial": (table["state"] == "partial").any(),
        "note_missing": (table["state"] == "missing").any(),
    }
    return words_if(needed, language, **values)


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a series with its control limits and signals."""
    limits, language = _limits_of(numbers, view), view.language
    points, table, labels = limits.points, numbers.reset_index(drop=True), []
    trial = word("control_trial" if limits.trial else "control_limits", language)
    for part, rows in points.groupby("part"):
        at = points.index.get_indexer(rows.index)
        ends = [at[0] - 0.4, at[-1] + 0.4]
        for name, colour, dash in (
            ("mean", style.CITY, 0), ("low", style.MARK, 1), ("high", style.MARK, 1)
        ):  # fmt: skip
            heights = [rows[name].iloc[0]] * 2
            labels += live.curve(f"{name} {part}", ends, heights, colour, dash)
    series = {"name": str(table["series"].iloc[0]), "colour": style.COLOURS[0], "whole": True}
    x = live.values("x", "-0.5", "right", ticks="ticks")
    y = live.values("value", "0", "top")
    named = live.period_names(table["period"], language)
    signal = points["signal"].map({"above": 1, "below": -1}).fillna(0)
    shape = {"condition": {"test": "datum.signal > 0", "value": "triangle-up"},
             "value": "triangle-down"}  # fmt: skip
    layers = [
        live.curves(x, {**y, "field": "y"}),
        live.layer("line", mark={"strokeWidth": 1.6}, x=x, y=y, color="colour:look"),
        live.layer("point", mark={"size": 36}, x=x, y=y, fill=live.HOLLOW, stroke="colour:look"),
        live.layer("point", "datum.signal", mark={"size": 120, "filled": True}, x=x, y=y,
                   color={"value": style.FOCUS}, shape=shape),
        live.layer("text", "datum.state === 2", mark={"text": "×", "fontSize": 15}, x=x,
                   y={"value": _LIVE_HEIGHT}, color="colour:look"),
    ]  # fmt: skip
    legend = [(style.CITY, word("control_mean", language)), (style.MARK, trial)]
    legend += [(style.FOCUS, word("control_signal", language))] if signal.any() else []
    ticks = {at: named[at] for at in _ticks_of(named, view.by)}
    return live.compared(
        table, view, layers, [series],
        {"right": len(table) - 0.5, "top": _top(limits) * 1.1, **live.ticks_of("ticks", ticks)},
        _reading_notes(numbers, limits, language), labels, height=_LIVE_HEIGHT,
        title=_title(numbers, view), legend=legend, zooms=True,
        series=0, x=range(len(table)), signal=signal.to_numpy(),
    )  # fmt: skip


_LIVE_HEIGHT = 230  # pixels
