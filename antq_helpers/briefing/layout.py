"""Fit tables to pages and slides, and finish documents: properties, language and stamp."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from antq_helpers.briefing.pages import Briefing, Page, TextTable, texts_of
from antq_helpers.drawing.figure import KEY, Stamp
from antq_helpers.office import stamped

if TYPE_CHECKING:
    from docx.document import Document
    from pptx.presentation import Presentation

LOCALES = {"vi": "vi-VN", "en": "en-GB"}
CELL_MARGIN = 0.9  # mm at each side of a cell
_SLACK = 0.8  # mm, because other programs measure text a little differently
_SIZES = (11, 10, 9, 8)  # points
_MM_OF_POINT = 25.4 / 72  # in a point
_LINE = 1.2  # times the type size
_ABOVE = 1.5  # mm in a row beside its lines


def finish(document: Document | Presentation, briefing: Briefing, stamp: Stamp) -> bytes:
    """Set a document's properties and stamp, and return it as bytes."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = "antq_helpers"
    properties.title = briefing.title
    properties.subject, properties.comments = "; ".join(briefing.marks), stamp.short()
    properties.language = LOCALES[briefing.language]
    stream = io.BytesIO()
    document.save(stream)
    return stamped(stream.getvalue(), {KEY: stamp.text()})


def fit_sheets(
    pages: Iterable[Page], wide: Callable[[Page], float], *, high: float = math.inf, **how: object
) -> dict[str, tuple[float, list[float]]]:
    """Return size of type and widths of columns by sheet: all tables of one look alike.

    ``wide`` is the width in mm that a page has for them; the rest is as in :func:`fit_columns`.
    """
    rows: dict[str, list[list[str]]] = {}
    found = {}
    for page in pages:
        for table in page.all_of(TextTable):
            heads, *body = texts_of(table.data)
            rows.setdefault(table.sheet, [heads]).extend(body)
            tall = high * len(rows[table.sheet]) / (len(body) + 1)
            found[table.sheet] = wide(page), tall
    return {s: fit_columns(rows[s], w, high=tall, **how) for s, (w, tall) in found.items()}


def fit_columns(
    rows: list[list[str]],
    wide: float,
    *,
    face: float = 1.0,
    sizes: Iterable[float] = _SIZES,
    high: float = math.inf,
    row: float = 0,
) -> tuple[float, list[float]]:
    """Return size of type, and widths (mm) of a table's columns in which no word is broken.

    Each column has the room of its longest word; what is left goes to those whose texts would
    still need several lines, or a header of more than two. The type, of ``sizes`` in points, is the
    largest for which two lines of a row are enough, and the table not above ``high``, with rows of
    ``row`` at least (mm). ``face`` is how wide letters are, as a multiple of those of Times.

    Examples
    --------
    >>> size, widths = fit_columns([["Xã, phường", "Nguồn tin"], ["Tuy Lộc", "1.250"]], 60)
    >>> size, round(sum(widths), 6)
    (11, 60.0)
    """
    columns = list(zip(*rows, strict=True))
    for size in sizes:
        em = size * face
        words = [_room(chain.from_iterable(map(str.split, texts)), em) for texts in columns]
        whole = [max(_room(texts[1:], em), _room(texts[:1], em) / 2) for texts in columns]
        widths = _share(words, whole, wide)
        lines = max((lines_of_row(line, widths, em) for line in rows[1:]), default=1)
        fits = table_height(rows, widths, size, face=face, row=row) <= high
        if sum(words) <= wide and lines <= 2 and fits:
            break
    return size, widths


def _share(words: list[float], whole: list[float], wide: float) -> list[float]:
    """Return column widths: the longest word, plus a share of what is missing for one line.

    If all have enough, or not even their words fit, all are scaled alike.
    """
    missing = [max(line - word, 0) for line, word in zip(whole, words, strict=True)]
    spare = wide - sum(words)
    part = min(spare / sum(missing), 1) if spare > 0 and sum(missing) else 0
    full = [word + miss * part for word, miss in zip(words, missing, strict=True)]
    return [width * wide / sum(full) for width in full]


def lines_of_row(texts: list[str], widths: list[float], size: float) -> int:
    """Count the lines of a row whose texts wrap in columns of ``widths`` mm."""
    return max(
        sum(_lines_of(line, width, size) for line in text.splitlines() or [""])
        for text, width in zip(texts, widths, strict=True)
    )


def _lines_of(text: str, width: float, size: float) -> int:
    lines, line = 1, ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _room([longer], size) > width:
            lines, longer = lines + 1, word
        line = longer
    return lines


def table_height(
    rows: list[list[str]], widths: list[float], size: float, *, face: float, row: float
) -> float:
    """Return the height in mm of a table whose texts wrap, each row at least ``row`` high."""
    lines = (lines_of_row(texts, widths, size * face) for texts in rows)
    return sum(max(row, count * size * _LINE * _MM_OF_POINT + _ABOVE) for count in lines)


def _room(texts: Iterable[str], size: float) -> float:
    """Return the width in mm of a cell that fits the longest of some texts on one line."""
    lines = chain.from_iterable(map(str.splitlines, texts))
    return max(map(width_of, lines), default=0) * size * _MM_OF_POINT + 2 * CELL_MARGIN + _SLACK


@cache
def width_of(text: str) -> float:
    """Measure a bold text in a face as wide as Times, as a multiple of the type size."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    # That face lacks letters with two marks; marks add nothing to the width.
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    face = get_font(findfont(FontProperties(family="STIXGeneral", weight="bold")))
    face.set_size(100, 72)
    face.set_text(plain)
    return face.get_width_height()[0] / 64 / 100
