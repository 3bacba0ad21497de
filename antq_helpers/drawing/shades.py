"""Values beside the city's in; the shade of each, and the key to them, out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import BoundaryNorm, ListedColormap, to_rgb
from matplotlib.patches import Patch

from antq_helpers.dictionary import number, word
from antq_helpers.records import name_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Five steps from light to dark, so that grey print keeps their order: lightness (CIE L*) 97, 83,
# 65, 43 and 22, see tests/test_shades.py. A step is a ratio; each has its mirror: 0.8 and 1.25.
STEPS = (0.5, 0.8, 1.25, 2.0)
SHADES = ("#fff6df", "#f2c98a", "#5fa8b5", "#2b6a97", "#2a2c6d")
NO_VALUE = {"facecolor": "white", "edgecolor": "#9a9a9a", "hatch": "////", "linewidth": 0.6}


def shade_map() -> tuple[ListedColormap, BoundaryNorm]:
    """Give colours and steps as matplotlib and seaborn take them."""
    return ListedColormap(SHADES), BoundaryNorm([0, *STEPS, np.inf], len(SHADES))


def ratio_to_city(table: pd.DataFrame) -> pd.Series:
    """Give each value over the city's; missing where either is, or the city has none."""
    return table["value"] / table["city"].where(table["city"] > 0)


def shade(ratio: float) -> str:
    """Give the colour of a ratio; white where there is none.

    Examples
    --------
    >>> shade(1.0) == SHADES[2], shade(2.0) == SHADES[4]
    (True, True)
    """
    return SHADES[int(np.searchsorted(STEPS, ratio, side="right"))] if ratio == ratio else "white"


def ink_on(colour: str) -> str:
    """Give black or white, whichever stands out from a colour (luminance of WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = np.dot(linear, [0.2126, 0.7152, 0.0722])
    return "white" if luminance < 0.179 else "#1a1a1a"


def draw_key(ax: Axes, table: pd.DataFrame, language: str, *, missing: bool) -> None:
    """Draw the key to the shades at the right of a picture, the darkest above as it is highest."""
    told = [number(step, language, 2).rstrip("0").rstrip(".,") for step in STEPS]
    names = [word("shade_under", language, high=told[0])]
    for low, high in pairwise(told):
        names.append(word("shade_between", language, low=low, high=high))
    names.append(word("shade_over", language, low=told[-1]))
    handles = [
        Patch(facecolor=colour, edgecolor="#9a9a9a", linewidth=0.6, label=name)
        for colour, name in zip(SHADES, names, strict=True)
    ][::-1]
    if missing:
        handles.append(Patch(**NO_VALUE, label=word("not_reported", language)))
    title = word("shade_title", language, whole=name_whole(table, language, inside=True))
    ax.legend(
        handles=handles, title=title, loc="upper left", frameon=False,
        bbox_to_anchor=(1.0, 1.0), fontsize=8.5, title_fontsize=8.5, handlelength=1.3,
        alignment="left", borderaxespad=0.3,
    )  # fmt: skip
