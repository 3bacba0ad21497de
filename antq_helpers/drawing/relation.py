"""Scatter plot of two rates, each relative to its unit's own mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from antq_helpers.dictionary import capital, find_measure, number, signed, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import name_measure, name_years, write_frame
from antq_helpers.drawing.view import View
from antq_helpers.measuring.relating import Relation, pair_rates, relate_pairs
from antq_helpers.measuring.totals import select, years_of
from antq_helpers.records import check_records


def plot_relation(
    records: pd.DataFrame,
    *,
    of: str = "sessions",
    to: str = "tips",
    lag: int = 0,
    per: int = 1000,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a scatter plot of two rates by unit and year, relative to each unit's own mean.

    Parameters
    ----------
    of, to, lag, per
        As in :func:`pair_rates`.
    language
        ``"en"`` or ``"vi"``.

    Returns
    -------
    Axes
        Ratios to the unit's mean on both axes; the line is that of :func:`relate`.

    Raises
    ------
    ValueError
        Where no unit has a year with both, and for a language that is not known.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_relation(load_records(), ax=Figure().subplots())
    >>> "no proof of cause" in ax.get_xlabel().replace(chr(10), " ")
    True
    """
    return plot(
        records, ax, 4.8, kind="relation", measures=[of, to], lag=lag, per=per, language=language
    )


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Pair two rates by unit and year, the first of the year before if lagged."""
    records, (of, to) = check_records(records), view.measures
    if view.years is not None:  # of the year before, too
        reported = years_of(records)
        first, last = max(view.years[0] - view.lag, reported[0]), min(view.years[1], reported[1])
        if first > last:
            raise ValueError(word("nothing_to_draw", view.language))
        records = select(records, years=(first, last))
    table = pair_rates(records, of=of, to=to, lag=view.lag, per=view.per)
    if table.empty:
        names = (find_measure(name).text("label", view.language) for name in (of, to))
        raise ValueError(word("relation_empty", view.language, names=" – ".join(names)))
    return table.assign(measure=to, period=table["year"].astype(str))


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a point per unit and year, each rate relative to its unit's own mean."""
    (of, to), language = view.measures, view.language
    relation = _relation_of(numbers, view)
    means = numbers.groupby("commune_id")[[of, to]].transform("mean")
    x, y = (numbers[name] / means[name].where(means[name] > 0) for name in (of, to))
    ax.plot(x, y, "o", color=style.COLOURS[0], markersize=4.5, alpha=0.55)
    for draw_mean in (ax.axhline, ax.axvline):
        draw_mean(1, color="#bbbbbb", linewidth=0.8, zorder=1)
    _draw_fit(ax, x, relation)
    for axis, values in ((ax.xaxis, x), (ax.yaxis, y)):
        axis.set_major_locator(MultipleLocator(0.5))
        axis.set_major_formatter(lambda value, _: number(value, language, 1))
        end = values.max()
        axis.set_view_interval(0, end * 1.05 if end > 0 else 2, ignore=True)
    across, up = (capital(find_measure(name).text("short", language)) for name in (of, to))
    ax.set_ylabel(word("axis_to_mean", language, label=up))
    axis = word("axis_to_mean_before" if view.lag else "axis_to_mean", language, label=across)
    notes = _reading_notes(relation, language)
    write_frame(ax, numbers, view, title=_title(numbers, view), axis=axis, notes=notes)


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe the points, and what goes with twice as much of the first rate."""
    points = word("alt_points", view.language, count=number(len(numbers), view.language))
    notes = _reading_notes(_relation_of(numbers, view), view.language)
    return [f"{_title(numbers, view)}.", points, *notes]


def _title(table: pd.DataFrame, view: View) -> str:
    of, to = (find_measure(name).text("short", view.language) for name in view.measures)
    key = "relation_title_before" if view.lag else "relation_title"
    return f"{word(key, view.language, of=of, to=capital(to))}, {name_years(table)}"


def _relation_of(table: pd.DataFrame, view: View) -> Relation:
    return relate_pairs(table, *view.measures, lag=view.lag)


def _draw_fit(ax: Axes, x: pd.Series, relation: Relation) -> None:
    """Draw the fitted line with its interval, through the units' own means at (1, 1)."""
    if relation.reason:
        return
    at = np.linspace(max(float(x[x > 0].min()), 0.05), float(x.max()), 60)
    changes = relation.change_pct, relation.low, relation.high
    middle, low, high = (at ** np.log2(1 + change / 100) for change in changes)
    bottom, top = np.minimum(low, high), np.maximum(low, high)
    ax.fill_between(at, bottom, top, color=style.FOCUS, alpha=0.16, linewidth=0)
    ax.plot(at, middle, color=style.FOCUS, linewidth=2)


def _reading_notes(relation: Relation, language: str) -> list[str]:
    if relation.reason:
        return [word("relation_none", language), word("note_no_cause", language)]
    ends = ("change_pct", "low", "high")
    values = {name: f"{signed(getattr(relation, name), language, 1)}%" for name in ends}
    sure = word("relation_sure" if relation.p_value < 0.05 else "relation_unsure", language)
    return [word("relation_said", language, **values), sure, word("note_no_cause", language)]


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a point per unit and year."""
    (of, to), language, relation = view.measures, view.language, _relation_of(numbers, view)
    means = numbers.groupby("commune_id")[[of, to]].transform("mean")
    across, up = (numbers[name] / means[name].where(means[name] > 0) for name in (of, to))
    names = list(dict.fromkeys(numbers["commune"]))
    ends = {"right": across.max() * 1.05, "top": up.max() * 1.05}
    ends = {name: float(end) if end > 0 else 2.0 for name, end in ends.items()}
    labels = live.curve("x", [1, 1], [0, ends["top"]], "#bbbbbb")
    labels += live.curve("y", [0, ends["right"]], [1, 1], "#bbbbbb")
    if not relation.reason:
        at = np.linspace(max(float(across[across > 0].min()), 0.05), float(across.max()), 40)
        for name, dash in (("change_pct", 0), ("low", 1), ("high", 1)):
            course = at ** np.log2(1 + getattr(relation, name) / 100)
            shown = np.where(course <= ends["top"], course, np.nan)
            labels += live.curve(name, at, shown, style.FOCUS, dash)
    x, y = live.values("x", "0", "right"), live.values("value", "0", "top")
    points = live.layer("point", mark={"size": 36, "filled": True}, opacity=0.6, x=x, y=y,
                        color={"value": style.COLOURS[0]})  # fmt: skip
    short = [capital(find_measure(name).text("short", language)) for name in (of, to)]
    axis = word("axis_to_mean_before" if view.lag else "axis_to_mean", language, label=short[0])
    lines = [f"{name_measure(view, name)}: {{{name}}}" for name in (of, to)]
    return live.compared(
        numbers, view, [live.curves(x, {**y, "field": "y"}), points],
        [{"name": name} for name in names], ends,
        [f"{axis}.", *_reading_notes(relation, language)], labels,
        title=_title(numbers, view), unit=word("axis_to_mean", language, label=short[1]),
        says={"lines": lines, "digits": {of: 2, to: 2}},
        series=pd.Index(names).get_indexer(numbers["commune"]), value=up, x=across,
        **{of: numbers[of], to: numbers[to]},
    )  # fmt: skip
