"""Heatmap of how much of each period the reports cover."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import period_label, years_begin
from antq_helpers.drawing.view import View
from antq_helpers.measuring.periods import possible_periods
from antq_helpers.measuring.totals import total_by
from antq_helpers.records import check_records, members_of, register_of


def plot_coverage(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    by: str | None = None,
    boundaries: int | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a heatmap of how much of each period the reports of communes and wards cover.

    Dark is reported; a unit that never reported is white. A merged unit of which one part did not
    report is half dark, by its residents.

    Parameters
    ----------
    by
        ``"week"``, ``"month"``, ``"quarter"``, ``"half"`` or ``"year"``; by default the shortest
        that no report is longer than.

    Returns
    -------
    Axes
        One row per unit, in official order; one column per period.
    """
    return plot(
        records, ax, kind="coverage", measures=[measure], by=by, boundaries=boundaries,
        language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the share of each period that the reports of each unit cover, reported or not."""
    records = check_records(records)
    by = view.by or next(iter(possible_periods(records)), "year")
    ask = {"period": by, "measure": view.measures[0], "boundaries": view.boundaries}
    totals = total_by(records, "commune", **ask)
    _, members = members_of(records, int(totals["boundaries"].iloc[0]))
    units = register_of(records).units.loc[list(members)].sort_values("official_order")
    grid = pd.MultiIndex.from_product(
        [units.index, totals["period"].unique()], names=["commune_id", "period"]
    )
    table = totals.set_index(grid.names).reindex(grid).reset_index()
    whole = {name: totals[name].iloc[0] for name in ("measure", "boundaries", "place")}
    return table.assign(
        commune=table["commune_id"].map(units["name"]),
        covered=table["covered"].fillna(0),
        illustrative=totals["illustrative"].any(),
        **whole,
    )


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a row of cells per unit, a column per period."""
    import seaborn as sns

    covered = numbers.pivot(index="commune_id", columns="period", values="covered")
    names = numbers.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    covered = covered.loc[names.index].set_axis(names, axis=0)
    scale = {"shrink": 0.7, "format": "{x:.0%}"}
    sns.heatmap(covered, ax=ax, cmap="Blues", vmin=0, vmax=1, cbar_kws=scale, xticklabels=False)
    first = years_begin(covered.columns) or [0]
    years = [period_label(covered.columns[i][:4], view.language) for i in first]
    ax.set_xticks([i + 0.5 for i in first], years, rotation=0)
    ax.tick_params(axis="y", rotation=0)
    ax.set(xlabel="", ylabel="")
    ax.set_title(_title(view))


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Name the unit whose reports cover least."""
    low = numbers.groupby("commune", sort=False)["covered"].mean()
    share = f"{number(100 * low.min(), view.language, 1)}%"
    lowest = word("alt_lowest", view.language, where=low.idxmin(), value=share)
    return [f"{_title(view)}.", lowest]


def _title(view: View) -> str:
    label = find_measure(view.measures[0]).text("short", view.language)
    return word("coverage_title", view.language, label=label)


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a row of cells per unit, a column per period."""
    names, periods = list(dict.fromkeys(numbers["commune"])), list(pd.unique(numbers["period"]))
    row = pd.Index(names).get_indexer(numbers["commune"])
    column = pd.Index(periods).get_indexer(numbers["period"])
    middle = {at + 0.5: name for at, name in enumerate(names)}
    years = {at + 0.5: period_label(periods[at][:4], view.language) for at in years_begin(periods)}
    blues = {"domain": [0, 1], "range": ["#f7fbff", "#08306b"]}
    colour = {"field": "covered", "type": "quantitative", "scale": blues, "legend": None}
    x = live.values("x1", "0", "last", ticks="across", domain=False)
    y = live.values("y1", "bottom", "0", ticks="names", grid=False)
    return live.compared(
        numbers, view, live.tiles(x, y, colour)[:1], [{"name": name} for name in names],
        {"last": len(periods), "bottom": len(names), **live.ticks_of("names", middle),
         **live.ticks_of("across", years)},
        [], [], height=230, title=_title(view), unit=" ", basis=False, zooms=True,
        legend=[("#08306b", "100%"), ("#f7fbff", "0%")],
        says={"lines": ["{value}%"], "digits": {"value": 1}},
        series=row, value=100 * numbers["covered"], state=0, x1=column, x2=column + 1, y1=row,
        y2=row + 1,
    )  # fmt: skip
