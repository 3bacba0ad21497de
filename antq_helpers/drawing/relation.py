"""Scatter plot of two rates, each relative to its unit's own mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import MultipleLocator

from antq_helpers.dictionary import LANGUAGES, check_choice, find_measure, number, signed, word
from antq_helpers.drawing import canvas, style
from antq_helpers.drawing.frame import name_years, write_frame
from antq_helpers.measuring.relating import Relation, pair_rates, relate

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    check_choice("language", language, LANGUAGES)
    table = pair_rates(records, of=of, to=to, lag=lag, per=per)
    if table.empty:
        names = (find_measure(name).text("label", language) for name in (of, to))
        raise ValueError(word("relation_empty", language, names=" – ".join(names)))
    found = relate(records, of=of, to=to, lag=lag)
    means = table.groupby("commune_id")[[of, to]].transform("mean")
    x, y = (table[name] / means[name].where(means[name] > 0) for name in (of, to))
    with style.look():
        ax = style.dress(canvas.new_axes(4.8) if ax is None else ax)
        ax.plot(x, y, "o", color=style.COLOURS[0], markersize=4.5, alpha=0.55)
        ax.axhline(1, color="#bbbbbb", linewidth=0.8, zorder=1)
        ax.axvline(1, color="#bbbbbb", linewidth=0.8, zorder=1)
        _draw_line(ax, x, found)
        for axis, values in ((ax.xaxis, x), (ax.yaxis, y)):
            axis.set_major_locator(MultipleLocator(0.5))
            axis.set_major_formatter(lambda value, _: number(value, language, 1))
            end = values.max()
            axis.set_view_interval(0, end * 1.05 if end > 0 else 2, ignore=True)
        short_of, short_to = (find_measure(name).text("short", language) for name in (of, to))
        label_of, label_to = (short[0].upper() + short[1:] for short in (short_of, short_to))
        ax.set_ylabel(word("axis_to_mean", language, label=label_to))
        key = "axis_to_mean_before" if lag else "axis_to_mean"
        frame = table.assign(measure=to)
        named = "relation_title_before" if lag else "relation_title"
        title = word(named, language, of=short_of, to=label_to)
        write_frame(
            ax,
            frame,
            title=f"{title}, {name_years(table, None)}",
            axis=word(key, language, label=label_of),
            how=_how(found, language),
            language=language,
        )
    return ax


def _draw_line(ax: Axes, x: pd.Series, found: Relation) -> None:
    """Draw the fitted line with its interval, through the units' own means at (1, 1)."""
    if found.reason:
        return
    at = np.linspace(max(float(x[x > 0].min()), 0.05), float(x.max()), 60)
    slopes = [np.log2(1 + change / 100) for change in (found.change_pct, found.low, found.high)]
    middle, low, high = (at**slope for slope in slopes)
    bottom, top = np.minimum(low, high), np.maximum(low, high)
    ax.fill_between(at, bottom, top, color=style.FOCUS, alpha=0.16, linewidth=0)
    ax.plot(at, middle, color=style.FOCUS, linewidth=2)


def _how(found: Relation, language: str) -> list[str]:
    if found.reason:
        return [word("relation_none", language), word("note_no_cause", language)]
    ends = ("change_pct", "low", "high")
    told = {name: f"{signed(getattr(found, name), language, 1)}%" for name in ends}
    sure = word("relation_sure" if found.p_value < 0.05 else "relation_unsure", language)
    return [word("relation_said", language, **told), sure, word("note_no_cause", language)]
