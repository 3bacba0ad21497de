"""Columns of the models running at each year's end, stacked by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import check_choice, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.parts import (
    HATCH,
    UNNAMED,
    add_sources,
    choose_rows,
    day_of,
    lacking,
    source_notes,
    write_sources,
)
from antq_helpers.drawing.text import name_day, words_if
from antq_helpers.drawing.view import View
from antq_helpers.measuring.stocks import stock_by_year, stock_of

# A kind keeps its colour, whichever units are chosen; the most frequent are drawn lowest.
_RANK = (
    *("camera", "self_managed_group_1", "self_managed_group_2", "lights"),
    *("zalo", "keyring", "other"),
)


def plot_stock(
    models: pd.DataFrame,
    *,
    years: tuple[int, int] | None = None,
    at: str | pd.Timestamp | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the models running at each year's end and on one last day, stacked by kind.

    Parameters
    ----------
    models
        As returned by ``load_table("models")``.
    years
        First and last year whose end is drawn, if it is before the last day; from the first model
        by default.
    at
        The day of the last column; by default the last day of the data. What began later is left
        out, and the picture says how much.

    Raises
    ------
    ValueError
        For a table without a row, and for a day, years or language that can not be.

    Examples
    --------
    >>> from antq_helpers.tables import package_table
    >>> from matplotlib.figure import Figure
    >>> ax = plot_stock(package_table("models"), ax=Figure().subplots())
    >>> ax.get_xticklabels()[-1].get_text()
    '4/2023'
    """
    at = at if at is None or isinstance(at, str) else f"{pd.Timestamp(at):%Y-%m-%d}"
    return plot(models, ax, 4.6, kind="stock", years=years, at=at, language=language)


def numbers(models: pd.DataFrame, view: View) -> pd.DataFrame:
    """Count the models running at each year's end and on one last day, by kind.

    The last day is the view's, else the last of the data, or of the years if that is earlier;
    ``later`` is what began after it.
    """
    # Of all units, so that each choice of them is counted on the same day.
    day = view.at if view.at is not None else f"{day_of(models, view):%Y-%m-%d}"
    rows = choose_rows(models, view)
    if view.years and pd.Timestamp(day).year < view.years[0]:
        raise ValueError(word("nothing_to_draw", view.language))  # nobody knows of later models
    # A list of one's own may have more kinds than there are colours: these are among the others.
    check_choice("column", "kind", rows.columns)
    others = [kind for kind in dict.fromkeys(rows["kind"]) if kind not in _RANK]
    rows = rows.assign(kind=rows["kind"].where(~rows["kind"].isin(others), _RANK[-1]))
    stocks = _stocks_until(rows, day, view.years)
    if stocks.empty:
        raise ValueError(word("nothing_to_draw", view.language))  # none ran on these days
    stocks = stocks.loc[sorted(stocks.index, key=_RANK.index)]
    table = (
        stocks.T.rename_axis("day").reset_index().melt("day", var_name="kind", value_name="count")
    )
    later = rows.loc[~(rows["since"] <= pd.Timestamp(day)), "count"].sum()
    return add_sources(table, rows, view).assign(later=int(later), others=", ".join(others))


def _stocks_until(
    models: pd.DataFrame, at: str, years: tuple[int, int] | None = None
) -> pd.DataFrame:
    """Count the models running at each year's end and on one last day, one row per kind."""
    last = stock_of(models, at, "kind").rename(f"{pd.Timestamp(at):%Y-%m-%d}")
    full = pd.Timestamp(at).year - 1  # the last year that has ended by that day
    first, final = years or (int(models["since"].dt.year.min()), full)
    final = min(final, full)
    if first > final:  # all began in the last year
        return last.to_frame()
    ends = stock_by_year(models, "kind", years=(first, final)).T
    ends.columns = [f"{year}-12-31" for year in ends.columns]
    return ends.join(last, how="outer").fillna(0).astype(int)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a column per day, and the number of all models above it."""
    language = view.language
    stocks = numbers.pivot(index="kind", columns="day", values="count")
    order = sorted(stocks.index, key=_RANK.index)
    below = np.zeros(stocks.shape[1])
    for kind in order:
        height = stocks.loc[kind].to_numpy(float)
        look = HATCH if kind in UNNAMED else {"color": style.COLOURS[_RANK.index(kind)]}
        label = word(f"part_{kind}", language)
        ax.bar(range(len(height)), height, bottom=below, width=0.7, label=label, **look)
        below += height
    for place, height in enumerate(below):
        ax.text(place, height, number(height, language), ha="center", va="bottom", fontsize=9)
    names = _names_of(stocks.columns)
    ax.set_xticks(range(len(names)), names)
    ax.set_ylim(0, max(below.max(), 1) * 1.08)
    ax.yaxis.set_major_formatter(lambda value, _: number(value, language))
    ax.set_title(word("stock_title", language), y=1.0)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1, 1),
              frameon=False, fontsize=9)  # fmt: skip
    write_sources(ax, numbers, view, order, _reading_notes(numbers, view))


def _names_of(days: Sequence[str]) -> list[str]:
    """Return the years of the days, and the month of the last."""
    last = pd.Timestamp(days[-1])
    return [*(day[:4] for day in days[:-1]), f"{last.month}/{last.year}"]


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe how many models run on the last day."""
    day, language = numbers["day"].max(), view.language
    count = number(numbers.loc[numbers["day"] == day, "count"].sum(), language)
    running = word("alt_stock", language, count=count, day=name_day(day, language))
    return [f"{word('stock_title', language)}.", running]


def left_out(models: pd.DataFrame, view: View) -> list[str]:
    """Name the chosen units that have no models."""
    absent = lacking(models, view)
    return [word("subject_lacks", view.language, names=", ".join(absent))] if absent else []


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a column per day, of parts by kind."""
    language, days = view.language, sorted(numbers["day"].unique())
    kinds = sorted(numbers["kind"].unique(), key=_RANK.index)
    table = numbers.assign(rank=numbers["kind"].map(kinds.index), period=numbers["day"])
    table = table.sort_values(["day", "rank"], ignore_index=True)
    high = table.groupby("day")["count"].cumsum()
    at = table["day"].map(days.index)
    sums = table.groupby("day")["count"].sum()
    x = live.values("x1", "-0.6", "right", ticks="ticks")
    y = live.values("y1", "0", "top", tickMinStep=1)
    bars = live.layer("rect", x=x, x2={"field": "x2"}, y=y, y2={"field": "y2"}, fill=live.FILL,
                      stroke={"value": "#888888"})  # fmt: skip
    written = live.texts(x={**x, "field": "x"}, y={**y, "field": "y"},
                         mark={"align": "center", "dx": 0, "dy": -8})  # fmt: skip
    series = [{"name": word(f"part_{kind}", language), "whole": True, "colour":
               live.HATCHED if kind in UNNAMED else style.COLOURS[_RANK.index(kind)]}
              for kind in kinds]  # fmt: skip
    legend = [(look["colour"], look["name"]) for look in series][::-1]
    made = live.compared(
        table, view, [bars, written], series,
        {"right": len(days) - 0.4, "top": float(max(sums.max(), 1)) * 1.08,
         **live.ticks_of("ticks", dict(enumerate(_names_of(days))))},
        source_notes(numbers, view, kinds, _reading_notes(numbers, view)),
        [live.label(number(sums[day], language), x, sums[day]) for x, day in enumerate(days)],
        title=word("stock_title", language), unit=" ", legend=legend, says={"lines": ["{value}"]},
        zooms=True, basis=False, at=at, series=table["rank"], value=table["count"],
        x1=at - 0.35, x2=at + 0.35, y1=high - table["count"], y2=high,
    )  # fmt: skip
    return replace(made, periods=days)


def _reading_notes(numbers: pd.DataFrame, view: View) -> list[str]:
    later, language = int(numbers["later"].iloc[0]), view.language
    day = name_day(numbers["day"].max(), language)
    values = {"day": day, "count": number(later, language)}
    return words_if({"note_stock": True, "note_left_out": later}, language, **values)
