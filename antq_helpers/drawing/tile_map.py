"""Tile map of the units, each tile roughly where its unit lies."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from antq_helpers.dictionary import word
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.style import NO_VALUE, draw_key, ink_on, ratio_to_city, shade
from antq_helpers.drawing.text import describe, name_unit, shade_words, value_words, write_frame
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import compare_communes
from antq_helpers.tables import package_table

__all__ = ["chart", "describe", "draw", "numbers", "plot_tile_map"]


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
    measure, years, per, boundaries, language
        As in :class:`View`.

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
    return plot(
        records, ax, kind="tile_map", measures=[measure], years=years, per=per,
        boundaries=boundaries, language=language,
    )  # fmt: skip


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Compare units over all the years, with the ``left`` and ``above`` edges of their tiles."""
    table = compare_communes(records, **view.comparison)
    year = int(table["boundaries"].iloc[0])
    tiles = package_table("tiles").query("boundaries == @year").set_index("commune_id")
    if not set(table["commune_id"]) <= set(tiles.index):
        raise ValueError(word("no_tiles", view.language, year=year))
    # Columns count halves of a tile, because every other row stands half a tile to the right.
    left, above = (table["commune_id"].map(tiles[name]) for name in ("column", "row"))
    return table.assign(left=left / 2, above=above)


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a tile per unit."""
    style.clear(ax)
    texts = value_words(numbers, view.language)
    for tile, ratio, text in zip(numbers.itertuples(), ratio_to_city(numbers), texts, strict=True):
        _draw_tile(ax, tile, ratio, text)
    style.spare_layout(ax.texts)
    left, above = numbers["left"], numbers["above"]
    ax.set(xlim=(left.min(), left.max() + 1), ylim=(above.max() + 1, above.min()))
    draw_key(ax, numbers, view.language, missing=bool(numbers["value"].isna().any()))
    notes = [word("note_tiles", view.language), *shade_words(numbers, view.language)]
    write_frame(ax, numbers, view, axis=name_unit(view), notes=notes)


def _draw_tile(ax: Axes, tile: NamedTuple, ratio: float, text: str) -> None:
    known, colour = tile.value == tile.value, shade(ratio)
    edge = style.EDGE if known and ratio != ratio else "white"
    face = {"facecolor": colour, "edgecolor": edge, "linewidth": 2} if known else NO_VALUE
    ax.add_patch(Rectangle((tile.left, tile.above), 1, 1, **face))
    look = {"ha": "center", "color": ink_on(colour)}
    behind = None if known else {"facecolor": "white", "edgecolor": "none", "pad": 1}
    name, middle = textwrap.fill(tile.commune, 16), tile.left + 0.5
    upper, side = (0.46, "bottom") if known else (0.5, "center")
    ax.text(middle, tile.above + upper, name, va=side, fontsize=9, linespacing=1.3, bbox=behind,
            **look)  # fmt: skip
    ax.text(middle, tile.above + 0.56, text, va="top", fontsize=10, weight="bold", **look)


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a tile per unit."""
    ratio, left, above = ratio_to_city(numbers), numbers["left"], numbers["above"]
    texts = value_words(numbers, view.language)
    labels = [
        live.label(f"{textwrap.fill(name, 16)}\n{text or word('not_reported', view.language)}",
                   x + 0.5, y + (0.36 if len(name) <= 16 else 0.28), ink_on(shade(r)), name=name)
        for name, text, x, y, r in zip(numbers["commune"], texts, left, above, ratio, strict=True)
    ]  # fmt: skip
    x = {**live.values("x1", "first", "last"), "axis": None}
    y = {**live.values("y1", "bottom", "top"), "axis": None}
    params = {"first": left.min(), "last": left.max() + 1, "top": above.min()}
    notes = [word("note_tiles", view.language), *shade_words(numbers, view.language)]
    return live.compared(
        numbers, view, live.tiles(x, y, live.shades()),
        [{"name": name} for name in numbers["commune"]],
        {name: float(value) for name, value in {**params, "bottom": above.max() + 1}.items()},
        notes, labels, legend=live.shade_legend(numbers, view.language), series=range(len(numbers)),
        x1=left, x2=left + 1, y1=above, y2=above + 1, shade=live.shade_codes(ratio),
    )  # fmt: skip
