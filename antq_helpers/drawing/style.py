"""House style of all charts: colours, markers, shades and their legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgb
from matplotlib.figure import FigureBase
from matplotlib.patches import Patch

from antq_helpers.dictionary import number, word
from antq_helpers.drawing.canvas import adopt
from antq_helpers.records import name_whole

Drawn = TypeVar("Drawn")  # axes, a figure or a grid of seaborn
# Six colours for six communes. Their lightness (CIE L*) goes from 22 to 62 in steps of 6.5 or more,
# so that they differ in grey print, all stand out from white by 3 to 1, and no two come closer
# than 20 (CAM02-UCS) to a reader without red, green or blue cones: see tests/test_style.py.
COLOURS = ("#4e4dca", "#e35528", "#342f5b", "#4e99e3", "#842928", "#9b5f80")
MARKERS = ("o", "s", "^", "D", "v", "P")
# Salt of the checksum that gives a name its colour: it spreads Yên Bái's fifteen units evenly,
# two or three to a colour, and gives Tuy Lộc and Đồng Tâm, shown most often, the first two.
_SPREAD = 12149
CITY = "#555555"
OTHERS = "#c4c4c4"
FOCUS = "#e35528"
MARK = "#b3261e"
MARK_LOOK = {"color": MARK, "fontsize": 8.5, "weight": "bold", "gid": "illustrative"}
GRID = "#e4e4e4"
EDGE = "#9a9a9a"  # of shades, and of leaders from names to lines
INK = "#222222"
NOTE = "#555555"
TALL = 6.2  # inches; the height of charts with a row per unit


def places_of(names: Iterable[str]) -> dict[str, int]:
    """Map each unit to an index into colours and markers, derived from its name.

    Of two with the same index, the first by name keeps it and the other takes the next that is
    free: the order in which they were chosen never matters.

    Examples
    --------
    >>> places_of(["Đồng Tâm", "Tuy Lộc"]), places_of(["Tuy Lộc", "Văn Phú"])
    ({'Tuy Lộc': 0, 'Đồng Tâm': 1}, {'Tuy Lộc': 0, 'Văn Phú': 1})
    """
    own = {name: crc32(f"{_SPREAD} {name}".encode()) % len(COLOURS) for name in sorted(names)}
    taken: dict[int, str] = {}
    for name, place in own.items():
        taken.setdefault(place, name)
    for name, place in own.items():
        if taken[place] != name:
            free = [(place + step) % len(COLOURS) for step in range(len(COLOURS))]
            taken[next(at for at in free if at not in taken)] = name
    return {name: place for place, name in sorted(taken.items())}


def palette(names: Iterable[str]) -> dict[str, str]:
    """Map each commune or ward to its colour, as seaborn's ``palette=`` takes it.

    Up to six differ from each other, and have the colours of our own pictures of these units; of
    more, several share a colour, as no eye tells fifteen apart.

    Examples
    --------
    >>> palette(["Tuy Lộc", "Đồng Tâm"])
    {'Tuy Lộc': '#4e4dca', 'Đồng Tâm': '#e35528'}
    """
    names = list(dict.fromkeys(names))
    if len(names) <= len(COLOURS):
        own = places_of(names)
    else:
        own = {name: crc32(f"{_SPREAD} {name}".encode()) % len(COLOURS) for name in names}
    return {name: COLOURS[own[name]] for name in names}


def apply() -> None:
    """Set the look of our pictures for your own matplotlib and seaborn pictures, until you restart.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     apply()
    ...     mpl.rcParams["axes.titlelocation"]
    'left'
    """
    mpl.rcParams.update(_look())
    mpl.rcParams["axes.prop_cycle"] = mpl.cycler(color=COLOURS)


def mark(picture: Drawn, table: pd.DataFrame, language: str = "en") -> Drawn:
    """Write the mark of illustrative figures on a picture that you drew yourself.

    In a notebook it is then shown as ours are: with an alt text, and with all that is drawn as the
    text that a review compares.

    Parameters
    ----------
    picture
        Axes, a figure, or a grid of seaborn.
    table
        What was drawn: totals, records or another table of ours, with its column ``illustrative``
        or ``source``. If it holds reported figures only, nothing is written.
    language
        Of the mark, ``"en"`` or ``"vi"``.

    Returns
    -------
    The same picture.

    Raises
    ------
    ValueError
        Where the table has neither column, so that nobody can tell whether it is made up.

    Examples
    --------
    >>> import seaborn as sns
    >>> from antq_helpers import load_records, total_by
    >>> tips = total_by(load_records(), measure="tips")
    >>> ax = mark(sns.barplot(tips, x="period", y="value"), tips)
    >>> ax.texts[-1].get_text()
    'SYNTHETIC FIGURES, FOR ILLUSTRATION'
    """
    figure = getattr(picture, "figure", picture)
    if not isinstance(figure, FigureBase):
        raise ValueError(f"{type(picture).__name__} is no axes, figure or grid of seaborn.")
    text = word("illustrative", language) if _is_made_up(table) else ""
    adopt(figure, text)
    if not text:
        return picture
    if isinstance(picture, Axes):
        write_mark(picture, text)
        return picture
    height = figure.get_figheight()
    # Room above the panels and their titles, which a grid's own layout does not leave.
    figure.subplots_adjust(top=min(figure.subplotpars.top, 1 - 0.62 / height))
    figure.text(0.012, 1 - 0.06 / height, text, va="top", **MARK_LOOK)
    return picture


def write_mark(ax: Axes, text: str) -> None:
    """Write a mark at the top left of axes, above what is drawn there."""
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.text(0.012, 0.975, text, transform=ax.transAxes, va="top", zorder=6, bbox=behind,
            **MARK_LOOK)  # fmt: skip


def _is_made_up(table: pd.DataFrame) -> bool:
    if "illustrative" in table:
        return bool(table["illustrative"].any())
    if "source" in table:
        return bool(table["source"].eq("illustrative").any())
    raise ValueError(
        "The table does not say whether its figures are made up: it has neither the column "
        "illustrative nor source. Keep one of them when you group or join, such as "
        '.agg(value=("value", "sum"), illustrative=("illustrative", "any")).'
    )


@cache
def _look() -> mpl.RcParams:
    path = Path(__file__).with_name("antq.mplstyle")
    return mpl.rc_params_from_file(path, use_default_template=False)


@contextmanager
def look() -> Iterator[None]:
    """Apply the house style within a context, whatever was set before.

    Only interactive mode is kept afterwards: a notebook's first figure switches it on, and without
    it no later figure would be shown.
    """
    with mpl.style.context(["default", _look()]):
        try:
            yield
        finally:
            interactive = mpl.is_interactive()
    mpl.interactive(interactive)


def dress(ax: Axes) -> Axes:
    """Apply the house style to axes that were made without it."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color("#888888")
    grid_along(ax, "y")
    ax.set_axisbelow(True)
    ax.tick_params(axis="both", labelsize=9, colors="#444444")
    ax.tick_params(axis="y", length=0)
    return ax


def grid_along(ax: Axes, axis: str) -> None:
    """Draw grid lines at the ticks of one axis only."""
    ax.grid(visible=True, axis=axis, color=GRID, linewidth=0.8)
    ax.grid(visible=False, axis="x" if axis == "y" else "y")


def clear(ax: Axes) -> None:
    """Remove ticks, grid and spines from axes that hold tiles or panels; their labels stay."""
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def name_height(ax: Axes, unit: str) -> None:
    """Label the vertical axis with its unit; a mere sign, such as %, is set upright."""
    turned = {"rotation": 90, "ha": "center", "va": "bottom"}
    upright = {"rotation": 0, "ha": "right", "va": "center"}
    ax.set_ylabel(unit, **(upright if len(unit) <= 2 else turned))


# Five steps from light to dark, so that grey print keeps their order: lightness (CIE L*) 97, 83,
# 65, 43 and 22, see tests/test_shades.py. A step is a ratio; each has its mirror: 0.8 and 1.25.
STEPS = (0.5, 0.8, 1.25, 2.0)
SHADES = ("#fff6df", "#f2c98a", "#5fa8b5", "#2b6a97", "#2a2c6d")
NO_VALUE = {"facecolor": "white", "edgecolor": EDGE, "hatch": "////", "linewidth": 0.6}


def shade_map() -> tuple[ListedColormap, BoundaryNorm]:
    """Return the shades and their steps as a matplotlib colormap and norm."""
    return ListedColormap(SHADES), BoundaryNorm([0, *STEPS, np.inf], len(SHADES))


def ratio_to_city(table: pd.DataFrame) -> pd.Series:
    """Divide each value by the city's; missing where either is, or the city's is not above 0."""
    return table["value"] / table["city"].where(table["city"] > 0)


def shade(ratio: float) -> str:
    """Return the colour of a ratio; white if it is missing.

    Examples
    --------
    >>> shade(1.0) == SHADES[2], shade(2.0) == SHADES[4]
    (True, True)
    """
    return SHADES[int(np.searchsorted(STEPS, ratio, side="right"))] if ratio == ratio else "white"


def ink_on(colour: str) -> str:
    """Return black or white, whichever contrasts with a background (luminance of WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
    return "white" if luminance < 0.179 else "#1a1a1a"


def spare_layout(artists: Iterable[Artist]) -> None:
    """Leave artists that stand well inside their axes out of the layout, which would measure each.

    The layout of a heatmap of 150 cells takes 35 ms instead of 90 without their texts.
    """
    for artist in artists:
        artist.set_in_layout(False)


def key_of(language: str) -> list[tuple[str, str]]:
    """Return colour and name of each shade, the highest ratio first."""
    steps = [number(step, language, 2).rstrip("0").rstrip(".,") for step in STEPS]
    names = [
        word("shade_under", language, high=steps[0]),
        *(word("shade_between", language, low=low, high=high) for low, high in pairwise(steps)),
        word("shade_over", language, low=steps[-1]),
    ]
    return [*zip(SHADES, names, strict=True)][::-1]


def draw_key(ax: Axes, table: pd.DataFrame, language: str, *, missing: bool) -> None:
    """Draw the legend of the shades at the right of a chart, the highest ratio on top."""
    handles = [
        Patch(facecolor=colour, edgecolor=EDGE, linewidth=0.6, label=name)
        for colour, name in key_of(language)
    ]
    if missing:
        handles.append(Patch(**NO_VALUE, label=word("not_reported", language)))
    title = word("shade_title", language, whole=name_whole(table, language, inside=True))
    ax.legend(
        handles=handles, title=title, loc="upper left", frameon=False,
        bbox_to_anchor=(1.0, 1.0), fontsize=8.5, title_fontsize=8.5, handlelength=1.3,
        alignment="left", borderaxespad=0.3,
    )  # fmt: skip
