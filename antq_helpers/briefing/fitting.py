"""The texts of a table on paper in; its size of type and columns that break no word, out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain

CELL_MARGIN = 0.9  # mm at each side of a cell
_SLACK = 0.8  # mm for what another program measures otherwise
_SIZES = (11, 10, 9, 8)  # points
_MM = 25.4 / 72  # in a point


def fit_columns(rows: list[list[str]], wide: float) -> tuple[float, list[float]]:
    """Share a width among the columns of a table so that no word is broken.

    Each column has the room of its longest word; what is left goes to those whose texts would
    still need several lines, or a header of more than two. The type is the largest for which two
    lines of a row are enough.

    Parameters
    ----------
    rows
        The texts of each row, the header first.
    wide
        The width of the table in mm.

    Returns
    -------
    (size of type in points, width of each column in mm)

    Examples
    --------
    >>> size, widths = fit_columns([["Xã, phường", "Nguồn tin"], ["Tuy Lộc", "1.250"]], 60)
    >>> size, round(sum(widths), 6)
    (11, 60.0)
    """
    columns = list(zip(*rows, strict=True))
    for size in _SIZES:
        words = [_room(chain.from_iterable(map(str.split, texts)), size) for texts in columns]
        whole = [max(_room(texts[1:], size), _room(texts[:1], size) / 2) for texts in columns]
        widths = _share(words, whole, wide)
        lines = [
            count_lines(text, width, size)
            for row in rows[1:]
            for text, width in zip(row, widths, strict=True)
        ]
        if sum(words) <= wide and max(lines, default=1) <= 2:
            break
    return size, widths


def _share(words: list[float], whole: list[float], wide: float) -> list[float]:
    """Give each column its longest word, then a share of what its texts miss for one line.

    Where all have enough, or not even their words fit, all are made wider or narrower alike.
    """
    missing = [max(line - word, 0) for line, word in zip(whole, words, strict=True)]
    spare = wide - sum(words)
    if 0 <= spare < sum(missing):
        part = spare / sum(missing)
        return [word + miss * part for word, miss in zip(words, missing, strict=True)]
    full = [word + (miss if spare > 0 else 0) for word, miss in zip(words, missing, strict=True)]
    return [width * wide / sum(full) for width in full]


def count_lines(text: str, width: float, size: float) -> int:
    """Count the lines of a text in a cell so many mm wide, of type so many points high."""
    lines, line = 1, ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _room([longer], size) > width:
            lines, longer = lines + 1, word
        line = longer
    return lines


def _room(texts: Iterable[str], size: float) -> float:
    """Give the width in mm of a cell that holds the longest of some texts in one line."""
    lines = chain.from_iterable(map(str.splitlines, texts))
    return max(map(width_of, lines), default=0) * size * _MM + 2 * CELL_MARGIN + _SLACK


@cache
def width_of(text: str) -> float:
    """Give the width of a bold text as a multiple of its size, in a face as wide as Times."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    # That face lacks letters with two marks; marks add nothing to the width.
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    face = get_font(findfont(FontProperties(family="STIXGeneral", weight="bold")))
    face.set_size(100, 72)
    face.set_text(plain)
    return face.get_width_height()[0] / 64 / 100
