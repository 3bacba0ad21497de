"""What stands on a picture, read back from its artists: the text that a review compares."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryLocator
from matplotlib.collections import Collection, LineCollection, PathCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator

_MOST = 40  # points of a curve that are written one by one
_NEAR = 0.31  # how far lines of several units are moved apart at one period


def read_back(figure: Figure) -> str:
    """Return what a figure shows, a line per artist: points, bars, tiles, texts, and colours.

    Places on an axis of names are given by the name that is printed there, so that a value drawn
    beside another name is another text. Longer curves have their ends and a checksum of all points.

    Examples
    --------
    >>> figure = Figure()
    >>> ax = figure.subplots()
    >>> _ = ax.plot([7.5, 2.25], [0, 1], "o", color="black")
    >>> _ = ax.set_yticks([0, 1], ["Tuy Lộc", "Đồng Tâm"])
    >>> print(read_back(figure))
    o #000000: 7.5 Tuy Lộc, 2.25 Đồng Tâm
    """
    charts = [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]
    shown = [_quoted(text) for text in figure.texts if text.get_text().strip()]
    return "\n".join([*shown, *(line for ax in charts for line in _of_axes(ax))])


def _of_axes(ax: Axes) -> Iterator[str]:
    titles = ax.title, ax._left_title, ax._right_title, ax.xaxis.label, ax.yaxis.label
    yield from (_quoted(text) for text in titles if text.get_text().strip())
    places = _Places(ax)
    artists = [*ax.collections, *ax.patches, *ax.lines, *ax.texts]
    found = [part for artist in artists for part in _of_artist(artist, places)]
    for look, parts in groupby(found, key=itemgetter(0)):
        yield f"{look}: {'; '.join(shown for _, shown in parts)}"
    if legend := ax.get_legend():
        named = zip(legend.legend_handles, legend.get_texts(), strict=True)
        yield from (f"key {_colour(handle)}: {_words(text)}" for handle, text in named)
    for panel in ax.child_axes:
        yield from _of_axes(panel)


class _Places:
    """The names along the axes of a chart, by place."""

    def __init__(self, ax: Axes) -> None:
        self.ax = ax

    @cached_property
    def _names(self) -> tuple[dict[float, str], dict[float, str]]:
        return _names_along(self.ax.xaxis), _names_along(self.ax.yaxis)

    def name(self, x: float, y: float, of_data: tuple[bool, bool] = (True, True)) -> str:
        """Write a place, by name where the axis has names."""
        return " ".join(
            _named(value, names if known else {})
            for value, names, known in zip((x, y), self._names, of_data, strict=True)
        )

    def one(self, value: float, axis: int) -> str:
        """Write a place on one axis, 0 or 1."""
        return _named(value, self._names[axis])


def _names_along(axis: Axis) -> dict[float, str]:
    """Return what is printed along an axis of names; empty for one of numbers.

    Names stand one step apart; what is printed at a number's place is that number.
    """
    at = np.asarray(axis.get_ticklocs(), float)
    if not isinstance(axis.get_major_locator(), FixedLocator | StrCategoryLocator) or not len(at):
        return {}
    labels = axis.get_major_formatter().format_ticks(at)
    apart = np.ptp(at % 1) < 1e-9
    same = (_digits(label) == _digits(_number(x)) for x, label in zip(at, labels, strict=True))
    if not apart or all(same):
        return {}
    return {float(x): label for x, label in zip(at, labels, strict=True) if label.strip()}


def _digits(text: str) -> str:
    return re.sub(r"[.,]", "", text).strip("0")  # 1.000 is 1,000, and 0,50 is 0.5


def _named(value: float, names: dict[float, str]) -> str:
    near = min(names, key=lambda place: abs(place - value), default=np.inf)
    return names[near] if abs(near - value) <= _NEAR else _number(value)


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 1000 else f"{round(value, 9) + 0:.4g}"


def _of_artist(artist: Artist, places: _Places) -> Iterator[tuple[str, str]]:
    """Look and content of an artist; of a mesh of each row; nothing where it shows nothing."""
    if not artist.get_visible():
        return
    if isinstance(artist, Text):
        if artist.get_text().strip():
            yield "texts", _quoted(artist, places)
    elif isinstance(artist, Line2D):
        yield from _of_line(artist, places)
    elif isinstance(artist, Patch):
        yield _of_patch(artist, places)
    elif isinstance(artist, QuadMesh):
        yield from _of_mesh(artist, places)
    elif isinstance(artist, Collection):
        yield from _of_collection(artist, places)


def _of_line(line: Line2D, places: _Places) -> Iterator[tuple[str, str]]:
    marker, stroke = (
        "" if look in (None, "None", " ") else str(look)
        for look in (line.get_marker(), line.get_linestyle())
    )
    hollow = " hollow" if marker and to_hex(line.get_markerfacecolor()) == "#ffffff" else ""
    of_data = line.get_transform().contains_branch_seperately(places.ax.transData)
    xy = np.asarray(line.get_xydata(), float)
    if points := _listed(places.name(x, y, of_data) for x, y in xy if np.isfinite(x + y)):
        yield f"{marker}{stroke}{hollow} {to_hex(line.get_color())}", points


def _of_patch(patch: Patch, places: _Places) -> tuple[str, str]:
    look = f"{_colour(patch)}{' ' * bool(patch.get_hatch())}{patch.get_hatch() or ''}"
    if not isinstance(patch, Rectangle):
        corners = patch.get_path().vertices
        return f"shape {look}", _listed(places.name(x, y) for x, y in corners)
    (x, y), wide, high = patch.get_xy(), patch.get_width(), patch.get_height()
    return f"tile {look}", f"{_span(x, x + wide, places, 0)} {_span(y, y + high, places, 1)}"


def _span(low: float, high: float, places: _Places, axis: int) -> str:
    """Write the ends of a bar or tile; by name where it stands around one."""
    middle = places.one((low + high) / 2, axis)
    if abs(high - low) <= 1 and middle != _number((low + high) / 2):
        return middle
    return f"{_number(low)}–{_number(high)}"


def _of_mesh(mesh: QuadMesh, places: _Places) -> Iterator[tuple[str, str]]:
    values = np.ma.filled(np.ma.asarray(mesh.get_array(), float), np.nan)
    corners, colours = mesh.get_coordinates(), mesh.to_rgba(values)
    middles = (corners[:-1, :-1] + corners[1:, 1:]) / 2
    for at, row, shades in zip(middles, values, colours, strict=True):
        cells = (
            f"{places.one(x, 0)} {_number(value)} {to_hex(shade)}"
            for x, value, shade in zip(at[:, 0], row, shades, strict=True)
            if np.isfinite(value)
        )
        yield f"cells of {places.one(at[0, 1], 1)}", _listed(cells)


def _of_collection(drawn: Collection, places: _Places) -> Iterator[tuple[str, str]]:
    if isinstance(drawn, LineCollection):
        for line in drawn.get_segments():
            if points := _listed(places.name(*at) for at in line if np.isfinite(at).all()):
                yield f"lines {_colour(drawn)}", points
        return
    if isinstance(drawn, PathCollection):
        points = _listed(places.name(*at) for at in drawn.get_offsets() if np.isfinite(at).all())
        if points:
            yield f"points {_colour(drawn)}", points
        return
    edges: dict[float, list[float]] = {}
    for x, y in (at for path in drawn.get_paths() for at in path.vertices if np.isfinite(at).all()):
        edges.setdefault(round(float(x), 9), []).append(float(y))
    if edges:
        yield (
            f"band {_colour(drawn)}",
            _listed(
                f"{places.one(x, 0)} {_number(min(ys))}–{_number(max(ys))}"
                for x, ys in sorted(edges.items())
            ),
        )


def _listed(texts: Iterable[str]) -> str:
    texts = list(texts)
    if len(texts) <= _MOST:
        return ", ".join(texts)
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    return f"{texts[0]} … {texts[-1]}, {len(texts)} points, {digest}"


def _colour(artist: Artist) -> str:
    """Return the colour of an artist's face; of lines and empty faces that of the edge."""
    if isinstance(artist, Line2D):
        return to_hex(artist.get_color())
    for found in (artist.get_facecolor(), artist.get_edgecolor()):
        found = np.atleast_2d(found)
        if len(found) and found.shape[1] == 4 and found[0, 3] > 0:
            return to_hex(found[0])
    return "none"


def _words(text: Text) -> str:
    return " ".join(text.get_text().split())


def _quoted(text: Text, places: _Places | None = None) -> str:
    """Return a text in quotes, with its place where this is on the scales of the chart."""
    if places is None:
        return f'"{_words(text)}"'
    if isinstance(text, Annotation):
        of_data, at = (text.xycoords == "data",) * 2, text.xy
    else:
        of_data = text.get_transform().contains_branch_seperately(places.ax.transData)
        at = text.get_position()
    if not any(of_data):
        return f'"{_words(text)}"'
    return f'"{_words(text)}" {places.name(*map(float, at), of_data)}'
