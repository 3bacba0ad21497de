"""A purpose in; the colours, markers and look for it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from zlib import crc32

import matplotlib as mpl
import matplotlib.style
from matplotlib.axes import Axes

# Six colours for six communes. Their lightness (CIE L*) goes from 22 to 62 in steps of 6.5 or more,
# so that they tell apart in grey print, all stand out from white by 3 to 1, and no two come closer
# than 20 (CAM02-UCS) to a reader without red, green or blue cones: see tests/test_style.py.
COLOURS = ("#4e4dca", "#e35528", "#342f5b", "#4e99e3", "#842928", "#9b5f80")
MARKERS = ("o", "s", "^", "D", "v", "P")
# With this number before it, the checksum of a name spreads Yên Bái's fifteen over the six places,
# two or three on each, and gives Tuy Lộc and Đồng Tâm, which are shown most, the first two.
_SPREAD = 12149
CITY = "#555555"
OTHERS = "#c4c4c4"
FOCUS = "#e35528"
MARK = "#b3261e"
NOTE = "#555555"
TALL = 6.2  # inches, where each commune has a row


def places_of(names: Iterable[str]) -> dict[str, int]:
    """Give each commune its place among colours and markers: its own, whoever stands beside it.

    Of two that share a place, the first by letter keeps it and the other takes the next that is
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


@cache
def _look() -> mpl.RcParams:
    path = Path(__file__).with_name("antq.mplstyle")
    return mpl.rc_params_from_file(path, use_default_template=False)


@contextmanager
def look() -> Iterator[None]:
    """Give the house look as a context, whatever was set before; nothing is set for good.

    But for one thing: a notebook's first figure switches interaction on, without which no later
    figure would be shown.
    """
    with mpl.style.context(["default", _look()]):
        try:
            yield
        finally:
            interactive = mpl.is_interactive()
    mpl.interactive(interactive)


def describe(ax: Axes, *said: str) -> None:
    """Leave sentences for those who cannot see a picture, where its figure takes them."""
    if hasattr(ax.figure, "alt"):
        ax.figure.alt = " ".join(" ".join(said).split())


def dress(ax: Axes) -> Axes:
    """Give axes the house look where they were made without it."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color("#888888")
    ax.grid(visible=True, axis="y", color="#e4e4e4", linewidth=0.8)
    ax.grid(visible=False, axis="x")
    ax.set_axisbelow(True)
    ax.tick_params(axis="both", labelsize=9, colors="#444444")
    ax.tick_params(axis="y", length=0)
    return ax


def name_height(ax: Axes, unit: str) -> None:
    """Write the unit along the vertical axis; upright where it is but a sign, such as %."""
    turned = {"rotation": 90, "ha": "center", "va": "bottom"}
    upright = {"rotation": 0, "ha": "right", "va": "center"}
    ax.set_ylabel(unit, **(upright if len(unit) <= 2 else turned))
