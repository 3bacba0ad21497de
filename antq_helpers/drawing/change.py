"""Forest plot of the change of each unit between two spans of years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import number, signed, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import (
    decimals_of,
    interval_words,
    name_measure,
    span_words,
    write_frame,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.changes import compare_years

_TICKS = (0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3)
_WIDE_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)


def plot_change(
    records: pd.DataFrame,
    *,
    before: tuple[int, int],
    after: tuple[int, int],
    measure: str = "tips",
    per: int = 1000,
    boundaries: int | None = None,
    dispersion: float | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw how each commune and ward changed between two spans of years, as ratios with intervals.

    Parameters
    ----------
    before, after, measure, per, boundaries, dispersion
        As in :func:`compare_years`.
    language
        ``"en"`` or ``"vi"``.

    Returns
    -------
    Axes
        A row per unit in official order, with its values before and after at the right.

    Raises
    ------
    ValueError
        As :func:`compare_years` does, and for a language that is not known.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> spans = {"before": (2013, 2015), "after": (2020, 2022)}
    >>> ax = plot_change(load_records(), **spans, ax=Figure().subplots())
    >>> ax.get_yticklabels()[0].get_text()
    'Yên Thịnh'
    """
    return plot(
        records, ax, kind="change", measures=[measure], before=before, years=after, per=per,
        boundaries=boundaries, dispersion=dispersion, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare each unit's value in the years before with that in the years of the view."""
    if view.before is None or view.years is None:
        raise ValueError(
            "A change is drawn between two spans of years: write before=(2013, 2015), "
            "years=(2020, 2022)."
        )
    spans = {"before": view.before, "after": view.years, "dispersion": view.dispersion}
    ask = {name: value for name, value in view.comparison.items() if name != "years"}
    return compare_years(records, **spans, **ask)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a ratio with its interval per unit."""
    language = view.language
    _draw_ratios(ax, numbers, language)
    notes = interval_words("bars", numbers["dispersion"], language)
    notes.append(word("note_change", language, count=len(numbers)))
    axis = word("axis_change", language)
    write_frame(ax, numbers, view, title=_title(view), axis=axis, notes=notes)


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe the change of each unit as a ratio."""
    known = numbers[numbers["ratio"].notna()]
    pairs = zip(known["commune"], known["ratio"], strict=True)
    ratios = "; ".join(f"{name}: ×{number(ratio, view.language, 2)}" for name, ratio in pairs)
    return [f"{_title(view)}.", f"{ratios}."]


def _title(view: View) -> str:
    before, after = span_words(view.before), span_words(view.years)
    return word("change_title", view.language, label=name_measure(view), before=before, after=after)


def _draw_ratios(ax: Axes, table: pd.DataFrame, language: str) -> None:
    place = np.arange(len(table))
    left, right = _ratio_limits(table)
    found = (table["change"] != "").to_numpy()
    ratio, low, high = (
        table[name].clip(left, right).to_numpy() for name in ("ratio", "low", "high")
    )
    for rows, width, fill in ((~found, 1.2, "white"), (found, 2.4, style.COLOURS[0])):
        ax.hlines(place[rows], low[rows], high[rows], color=style.COLOURS[0], linewidth=width)
        ax.plot(ratio[rows], place[rows], "o", color=style.COLOURS[0], markerfacecolor=fill,
                markersize=6.5, zorder=3)  # fmt: skip
    ax.axvline(1, color=style.CITY, linewidth=1.2, zorder=1.5)
    for row, text in enumerate(_value_texts(table, language)):
        weight = "bold" if found[row] else "normal"
        ax.text(1.01, row, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8.5,
                weight=weight, color="#333333")  # fmt: skip
    ax.set_xscale("log")
    ticks = [tick for tick in (_TICKS if right < 4 else _WIDE_TICKS) if left <= tick <= right]
    ax.set_xticks(ticks, [_percent_change(tick, language) for tick in ticks])
    ax.set_xticks([], minor=True)
    ax.set_yticks(place, table["commune"])
    for label, bold in zip(ax.get_yticklabels(), found, strict=True):
        label.set_weight("bold" if bold else "normal")
    ax.set(xlim=(left, right), ylim=(len(table) - 0.4, -0.6))
    style.grid_along(ax, "x")


def _ratio_limits(table: pd.DataFrame) -> tuple[float, float]:
    """Return axis limits around 1 that cover the ratios: 0.5 to 2 at least, 0.1 to 10 at most."""
    known = table[["ratio", "low", "high"]].to_numpy()
    known = known[np.isfinite(known) & (known > 0)]
    reach = np.exp(np.abs(np.log(known)).max()) if len(known) else 2
    reach = float(np.clip(reach * 1.05, 2, 10))
    return 1 / reach, reach


def _value_texts(table: pd.DataFrame, language: str) -> list[str]:
    """Format each unit's values and change; no percentage if the value before is 0."""
    decimals, texts = decimals_of(table["after"]), []
    for row in table.itertuples():
        if row.before != row.before or row.after != row.after:
            # State "none": the denominator was reported as 0, such as 0 tips; no report is missing.
            texts.append(word("none_occurred" if row.state == "none" else "not_reported", language))
            continue
        values = " → ".join(number(value, language, decimals) for value in (row.before, row.after))
        known = np.isfinite(row.ratio) and row.before > 0
        change = _percent_change(row.ratio, language) if known else word("change_open", language)
        texts.append(f"{values} ({change})")
    return texts


def _percent_change(ratio: float, language: str) -> str:
    """Format a ratio as a change in per cent: 1.25 is +25%.

    Examples
    --------
    >>> _percent_change(1.25, "en"), _percent_change(0.8, "vi"), _percent_change(1, "en")
    ('+25%', '−20%', '0%')
    """
    return f"{signed(round((ratio - 1) * 100), language)}%"


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a ratio with its interval per unit."""
    language, count = view.language, len(numbers)
    left, right = _ratio_limits(numbers)
    found = numbers["change"] != ""
    logs = {name: np.log2(numbers[name].clip(left, right)) for name in ("ratio", "low", "high")}
    ticks = [t for t in (_TICKS if right < 4 else _WIDE_TICKS) if left <= t <= right]
    series = [
        {"name": name, "colour": style.COLOURS[0] if sure else "white"}
        for name, sure in zip(numbers["commune"], found, strict=True)
    ]
    begin, end = float(np.log2(left)), float(np.log2(right))
    labels = live.curve("one", [0, 0], [-0.6, count - 0.4], style.CITY)
    texts = zip(_value_texts(numbers, language), found, strict=True)
    labels += [live.label(text, end, at) for at, (text, _) in enumerate(texts)]
    x = live.values("log_ratio", "left", "right", ticks="ticks", grid=True)
    y = live.values("y", "bottom", "-0.6", ticks="names", grid=False)
    blue = {"value": style.COLOURS[0]}
    layers = [
        live.curves({**x, "field": "x"}, y),
        live.layer("rule", x={**x, "field": "log_low"}, x2={"field": "log_high"}, y=y, color=blue),
        live.layer("point", mark={"size": 60}, x=x, y=y, fill="colour:look", stroke=blue),
        live.texts(x={**x, "field": "x"}, y=y),
    ]
    before, after = span_words(view.before), span_words(view.years)
    lines = [f"{before}: {{before}}", f"{after}: {{after}}", "× {value} ({low}–{high})"]
    decimals = dict.fromkeys(("before", "after"), 1) | dict.fromkeys(("value", "low", "high"), 2)
    notes = interval_words("bars", numbers["dispersion"], language)
    notes += [word("note_change", language, count=count), f"{word('axis_change', language)}."]
    return live.compared(
        numbers.drop(columns="period", errors="ignore"), view, layers, series,
        {"left": begin, "right": end + 0.32 * (end - begin), "bottom": count - 0.4,
         **live.ticks_of("names", dict(enumerate(numbers["commune"]))),
         **live.ticks_of("ticks", {np.log2(t): _percent_change(t, language) for t in ticks})},
        notes, labels, title=_title(view), unit=" ", says={"lines": lines, "digits": decimals},
        series=range(count), y=range(count), value=numbers["ratio"], before=numbers["before"],
        after=numbers["after"], **{f"log_{name}": column for name, column in logs.items()},
    )  # fmt: skip
