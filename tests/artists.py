"""What a reader sees in a picture, read back from its artists.

A name is that of the tick beside a point, a shade is what the key says of its colour: helpers of
tests/test_pictures.py.
"""

import math
import re
from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import to_hex


class Mark(NamedTuple):
    """What stands on top at a point."""

    marker: str
    colour: str
    filled: bool


KEY = ("sample", "leads")  # what leads to the names of lines is none of their points


def names_at(axis):
    """Give the names along an axis by their place, in the order in which they are seen."""
    labels = [label.get_text() for label in axis.get_ticklabels()]
    return {float(at): name for at, name in zip(axis.get_ticklocs(), labels, strict=True) if name}


def from_above(ax):
    """Give the names of rows as they are read, the uppermost first."""
    low, high = ax.get_ylim()
    rows = sorted(names_at(ax.yaxis).items(), reverse=bool(low < high))
    return [name for _, name in rows]


def spot(x, y):
    """Give two numbers that can be looked up: the last digits of a sum depend on its order."""
    return round(float(x), 9), round(float(y), 9)


def marks_in(ax):
    """Give what stands on top at each point that has a mark."""
    seen = {}
    for line in sorted(ax.lines, key=lambda line: line.get_zorder()):
        if line.get_marker() in ("", " ", "None", None) or line.get_gid() in KEY:
            continue
        filled = to_hex(line.get_markerfacecolor()) != "#ffffff"
        mark = Mark(line.get_marker(), to_hex(line.get_markeredgecolor()), filled)
        for x, y in line.get_xydata():
            if math.isfinite(x) and math.isfinite(y):
                seen[spot(x, y)] = mark
    return seen


def curves_in(ax, colour):
    """Give the curves of a colour that join their points: no bars, which are paler."""
    return [
        line.get_xydata()
        for line in ax.lines
        if to_hex(line.get_color()) == to_hex(colour)
        and line.get_linestyle() not in ("None", "", " ")
        and not line.get_alpha()
        and line.get_gid() not in KEY
    ]


def bars_across(ax):
    """Give the ends of horizontal bars by their height, with colour and width."""
    found = {}
    for bars in ax.collections:
        if not isinstance(bars, LineCollection):
            continue
        for (left, y), (right, _) in filter(len, bars.get_segments()):
            found[float(y)] = left, right, to_hex(bars.get_color()[0]), bars.get_linewidth()[0]
    return found


def band_of(collection):
    """Give the lower and upper edge of a band, or of upright bars, by place."""
    at = {}
    for path in collection.get_paths():
        for x, y in path.vertices:
            if math.isfinite(x):
                at.setdefault(float(x), []).append(float(y))
    return {x: spot(min(ys), max(ys)) for x, ys in at.items()}


def colour_of(collection):
    """Give the colour of a band, or of bars."""
    faces = collection.get_facecolor()
    return to_hex(faces[0] if len(faces) else collection.get_edgecolor()[0])


def bars_up(ax, colour):
    """Give the ends of upright bars in a colour by place: a line with a gap behind each two."""
    found = {}
    for line in ax.lines:
        if to_hex(line.get_color()) == to_hex(colour) and line.get_alpha():
            for (x, low), (_, high) in line.get_xydata().reshape(-1, 3, 2)[:, :2]:
                found[float(x)] = spot(low, high)
    return found


def texts_at(ax):
    """Give the texts within the axes by their place, but for the mark of made-up figures."""
    texts = [t for t in ax.texts if t.get_gid() != "illustrative" and t.get_text().strip()]
    return {tuple(map(float, text.get_position())): text.get_text() for text in texts}


def cells_of(ax):
    """Give value and colour of each cell of a mesh, by the names of its row and its column."""
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    values, corners = mesh.get_array(), mesh.get_coordinates()
    colours = mesh.to_rgba(values)
    middles = (corners[:-1, :-1] + corners[1:, 1:]) / 2
    rows = names_at(ax.yaxis)
    found = {}
    for place in np.ndindex(values.shape):
        x, y = map(float, middles[place])
        shown = None if np.ma.getmaskarray(values)[place] else to_hex(colours[place])
        found[rows[y], x] = float(np.ma.filled(values, np.nan)[place]), shown
    return found


def key_of(ax):
    """Give what the key says of each colour; of a hatch, what it says of the hatch."""
    legend = ax.get_legend()
    words = [text.get_text() for text in legend.get_texts()]
    return {
        "hatch" if patch.get_hatch() else to_hex(patch.get_facecolor()): said
        for patch, said in zip(legend.legend_handles, words, strict=True)
    }


def read_number(text):
    """Read an English number, and give half of its last digit, by which it may be rounded."""
    written = re.match(r"[-−]?[\d,]+(?:\.(\d+))?", text.strip())
    value = float(written[0].replace(",", "").replace("−", "-"))
    return value, 0.5 * 10 ** -len(written[1] or "") + 1e-9


def says(text, value):
    """Whether a text begins with a value, rounded."""
    read, room = read_number(text)
    return abs(read - value) <= room


def shade_words(ratio):
    """What the key must say of a ratio to the city's value."""
    steps = {0.5: "under 0.5", 0.8: "0.5–0.8", 1.25: "0.8–1.25", 2: "1.25–2"}
    return next((said for step, said in steps.items() if ratio < step), "2 and over")
