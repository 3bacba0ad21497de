"""A picture of communes side by side in; its title, notes and mark written around it, out."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.dictionary import find_measure, number, word
from antq_helpers.drawing import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def name_measure(measure: str, per: int, language: str) -> str:
    """Name what is drawn: a count as its rate per so many residents and year."""
    entry = find_measure(measure)
    label = entry.text("label", language)
    if entry.kind != "count":
        return label
    return word("label_per", language, label=label, per=number(per, language))


def name_unit(measure: str, per: int, language: str) -> str:
    """Name the unit of what is drawn, with its denominator."""
    entry = find_measure(measure)
    unit = entry.text("unit", language)
    if entry.kind != "count":
        return unit
    return word("axis_rate_annualised", language, unit=unit, per=number(per, language))


def write_frame(
    ax: Axes, table: pd.DataFrame, *, title: str, axis: str, how: list[str], language: str
) -> None:
    """Write the title and the mark above a picture, and below it how to read it.

    Parameters
    ----------
    table
        With ``measure``, ``boundaries``, ``covered`` and ``illustrative``.
    axis
        What the horizontal axis shows; may be empty.
    how
        Sentences on how to read the picture.
    """
    ax.set_title(title)
    if table["illustrative"].any():
        ax.annotate(
            word("illustrative", language), (0, 1), (0, 24), "axes fraction", "offset points",
            color=style.MARK, fontsize=8.5, weight="bold", gid="illustrative",
        )  # fmt: skip
    letters = int(ax.get_window_extent().width * 72 / ax.figure.dpi / 4.9)
    notes = textwrap.fill(" ".join([*how, *_rests_on(table, language)]), letters)
    ax.set_xlabel("\n".join(filter(None, [axis, notes])), loc="left", linespacing=1.4)


def _rests_on(table: pd.DataFrame, language: str) -> list[str]:
    rests = [word("note_boundaries", language, year=table["boundaries"].iloc[0])]
    if find_measure(table["measure"].iloc[0]).kind == "count":
        rests.append(word("note_census", language))
    share = number(table["covered"].mean() * 100, language, 1)
    return [*rests, word("note_covered", language, share=share)]
