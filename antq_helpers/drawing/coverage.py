"""Heatmap of how much of each period the reports cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, find_measure, number, word
from antq_helpers.drawing import canvas, style
from antq_helpers.drawing.labels import period_label
from antq_helpers.measuring.periods import MONTHS, possible_periods
from antq_helpers.measuring.totals import total_by
from antq_helpers.records import check_records, members_of, register_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
        ``"month"``, ``"quarter"``, ``"half"`` or ``"year"``; by default the shortest that no
        report is longer than.

    Returns
    -------
    Axes
        One row per unit, in official order; one column per period.
    """
    import seaborn as sns

    check_choice("by", by, (None, *MONTHS))
    check_choice("language", language, LANGUAGES)
    records = check_records(records)
    by = by or next(iter(possible_periods(records)), "year")
    totals = total_by(records, "commune", period=by, measure=measure, boundaries=boundaries)
    covered = totals.pivot(index="commune_id", columns="period", values="covered")
    _, members = members_of(records, int(totals["boundaries"].iloc[0]))
    units = register_of(records).units.loc[list(members)]
    names = units.sort_values("official_order")["name"]
    covered = covered.reindex(names.index).fillna(0).set_axis(names, axis=0)
    first_of_year = [i for i, period in enumerate(covered.columns) if period[5:] in _FIRST]
    with style.look():
        ax = canvas.new_axes() if ax is None else ax
        scale = {"shrink": 0.7, "format": "{x:.0%}"}
        sns.heatmap(covered, ax=ax, cmap="Blues", vmin=0, vmax=1, cbar_kws=scale, xticklabels=False)
        years = [period_label(covered.columns[i][:4], language) for i in first_of_year]
        ax.set_xticks([i + 0.5 for i in first_of_year], years, rotation=0)
        ax.tick_params(axis="y", rotation=0)
        ax.set(xlabel="", ylabel="")
        ax.set_title(
            word("coverage_title", language, label=find_measure(measure).text("short", language))
        )
        if totals["illustrative"].any():
            ax.set_xlabel(
                word("illustrative", language), color=style.MARK, weight="bold", loc="left"
            )
        low = covered.mean(axis=1)
        share = f"{number(100 * low.min(), language, 1)}%"
        lowest = word("alt_lowest", language, where=low.idxmin(), value=share)
        said = filter(None, [ax.get_xlabel(), ax.get_title("left")])
        style.describe(ax, *(f"{part}." for part in said), lowest)
    return ax


_FIRST = ("", "01", "Q1", "H1")
