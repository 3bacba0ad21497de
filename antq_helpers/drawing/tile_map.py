"""Tile map of the units, each tile roughly where its unit lies."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Rectangle

from antq_helpers.dictionary import number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.style import NO_VALUE, draw_key, ink_on, ratio_to_city, shade
from antq_helpers.drawing.text import decimals_of, describe, name_unit, write_frame
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_communes
from antq_helpers.records import name_whole
from antq_helpers.tables import package_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["describe", "draw", "numbers", "plot_tile_map"]


def plot_tile_map(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a tile map: a tile per commune or ward, shaded by its ratio to the city's value.

    The layout is ``data/tiles.csv``, for the 17, 15 and 14 units of the city: rows offset like
    bricks, so that a tile can touch six others. Places are rough: it is no map of boundaries.

    Parameters
    ----------
    measure, years, per, boundaries
        As in :func:`compare_communes`.
    language
        ``"en"`` or ``"vi"``.

    Returns
    -------
    Axes
        A patch per unit, in official order; hatched where nothing was reported.

    Raises
    ------
    ValueError
        Where there is no layout for the units of the records, and for a measure, year or
        language that is not known.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> from matplotlib.figure import Figure
    >>> ax = plot_tile_map(load_records(), ax=Figure().subplots())
    >>> len(ax.patches)
    15
    """
    view = View(
        kind="tile_map", measures=[measure], years=years, per=per, boundaries=boundaries,
        language=language,
    )  # fmt: skip
    return plot(records, view, ax, style.TALL)


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units over all the years, with the ``left`` and ``above`` edges of their tiles."""
    ask = {"measure": view.measures[0], "years": view.years, "boundaries": view.boundaries}
    return _place(compare_communes(records, per=view.per, **ask), view.language)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a tile per unit."""
    language = view.language
    _draw_tiles(ax, numbers, language)
    whole = name_whole(numbers, language, inside=True)
    keys = ["note_tiles", "note_shades"]
    keys += ["note_partial_cell"] if (numbers["state"] == "partial").any() else []
    how = [word(key, language, whole=whole) for key in keys]
    axis = name_unit(view.measures[0], view.per, language)
    write_frame(ax, numbers, view, axis=axis, how=how)


def _place(table: pd.DataFrame, language: str) -> pd.DataFrame:
    """Add the position of each unit's tile."""
    year = int(table["boundaries"].iloc[0])
    tiles = package_table("tiles").query("boundaries == @year").set_index("commune_id")
    if not set(table["commune_id"]) <= set(tiles.index):
        raise ValueError(word("no_tiles", language, year=year))
    # Columns count halves of a tile, because every other row stands half a tile to the right.
    left, above = (table["commune_id"].map(tiles[name]) for name in ("column", "row"))
    return table.assign(left=left / 2, above=above)


def _draw_tiles(ax: Axes, placed: pd.DataFrame, language: str) -> None:
    style.clear(ax)
    decimals = decimals_of(placed["value"])
    for tile, ratio in zip(placed.itertuples(), ratio_to_city(placed), strict=True):
        known = tile.value == tile.value
        colour = shade(ratio)
        look = {"facecolor": colour, "edgecolor": "white", "linewidth": 2}
        if known and ratio != ratio:
            look["edgecolor"] = "#9a9a9a"
        ax.add_patch(Rectangle((tile.left, tile.above), 1, 1, **(look if known else NO_VALUE)))
        told = ""
        if known:
            told = number(tile.value, language, decimals) + " ○" * (tile.state == "partial")
        said = {"ha": "center", "color": ink_on(colour)}
        box = None if known else {"facecolor": "white", "edgecolor": "none", "pad": 1}
        name = textwrap.fill(tile.commune, 16)
        middle, upper = tile.left + 0.5, tile.above + (0.46 if known else 0.5)
        side = "bottom" if known else "center"
        ax.text(middle, upper, name, va=side, fontsize=9, linespacing=1.3, bbox=box, **said)
        ax.text(middle, tile.above + 0.56, told, va="top", fontsize=10, weight="bold", **said)
    left, right = placed["left"].min(), placed["left"].max() + 1
    ax.set(xlim=(left, right), ylim=(placed["above"].max() + 1, placed["above"].min()))
    draw_key(ax, placed, language, missing=bool(placed["value"].isna().any()))
