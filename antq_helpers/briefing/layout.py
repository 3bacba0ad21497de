"""Fit texts and tables to pages and slides."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.archives import stamped
from antq_helpers.briefing.pages import Briefing, numeric_columns, short_heads
from antq_helpers.drawing.figure import KEY, Stamp

if TYPE_CHECKING:
    from docx.document import Document
    from pptx.presentation import Presentation
if TYPE_CHECKING:
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide


LOCALES = {"vi": "vi-VN", "en": "en-GB"}


def finish(document: Document | Presentation, briefing: Briefing, stamp: Stamp) -> bytes:
    """Set a document's properties and stamp, and return it as bytes."""
    told = document.core_properties
    told.author = told.last_modified_by = "antq_helpers"
    told.title = briefing.title
    told.subject, told.comments = "; ".join(briefing.marks), stamp.short()
    told.language = LOCALES[briefing.language]
    stream = io.BytesIO()
    document.save(stream)
    return stamped(stream.getvalue(), {KEY: stamp.text()})


CELL_MARGIN = 0.9  # mm at each side of a cell
_SLACK = 0.8  # mm, because other programs measure text a little differently
_SIZES = (11, 10, 9, 8)  # points
_MM_OF_POINT = 25.4 / 72  # in a point


def fit_columns(rows: list[list[str]], wide: float) -> tuple[float, list[float]]:
    """Divide a table's width among its columns so that no word is broken.

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
    """Return column widths: the longest word, plus a share of what is missing for one line.

    If all have enough, or not even their words fit, all are scaled alike.
    """
    missing = [max(line - word, 0) for line, word in zip(whole, words, strict=True)]
    spare = wide - sum(words)
    if 0 <= spare < sum(missing):
        part = spare / sum(missing)
        return [word + miss * part for word, miss in zip(words, missing, strict=True)]
    full = [word + (miss if spare > 0 else 0) for word, miss in zip(words, missing, strict=True)]
    return [width * wide / sum(full) for width in full]


def count_lines(text: str, width: float, size: float) -> int:
    """Count the lines of a text in a cell of ``width`` mm, in type of ``size`` points."""
    lines, line = 1, ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _room([longer], size) > width:
            lines, longer = lines + 1, word
        line = longer
    return lines


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


FONT = "Arial"
INK, GREY = "222222", "555555"
WIDER = 1.15  # times the width of Times, in which texts are measured
_MM_OF_INCH = 25.4  # in an inch


def table_height(table: pd.DataFrame, widths: list[float], *, size: float, row: float) -> float:
    """Return the height in inches of a table whose texts wrap in narrow columns."""
    high = 0.0
    for line in [short_heads(table), *table.values.tolist()]:
        lines = max(
            count_lines(str(text), (width - 0.1) * _MM_OF_INCH, size * WIDER)
            for text, width in zip(line, widths, strict=True)
        )
        high += max(row, lines * size * 1.2 / 72 + 0.06)
    return high


def put_table(
    slide: Slide,
    table: pd.DataFrame,
    corner: tuple[float, float],
    widths: list[float],
    *,
    size: float,
    row: float,
) -> GraphicFrame:
    """Add a table of texts to a slide, numbers aligned right."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches

    rows, columns = len(table) + 1, table.shape[1]
    box = (Inches(value) for value in (*corner, sum(widths), row * rows))
    frame = slide.shapes.add_table(rows, columns, *box)
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = Inches(width)
    for line in frame.table.rows:
        line.height = Inches(row)
    numeric = numeric_columns(table)
    for place, line in enumerate([short_heads(table), *table.values.tolist()]):
        for column, text in enumerate(line):
            cell = frame.table.cell(place, column)
            cell.margin_left = cell.margin_right = Inches(0.05)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.text_frame.text, cell.text_frame.word_wrap = str(text), True
            cell.fill.solid()
            shade = "342F5B" if place == 0 else "F4F4F8" if place % 2 else "FFFFFF"
            cell.fill.fore_color.rgb = RGBColor.from_string(shade)
            colour = "FFFFFF" if place == 0 else INK
            set_font(cell.text_frame, size, bold=place == 0, colour=colour)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.alignment = PP_ALIGN.RIGHT if numeric[column] else PP_ALIGN.LEFT
    return frame


def put_text(
    slide: Slide,
    text: str,
    box: tuple[float, float, float, float],
    *,
    size: float,
    colour: str = INK,
    bold: bool = False,
    right: bool = False,
) -> None:
    """Add a text box to a slide; ``box`` is left, top, width and height in inches."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*(Inches(value) for value in box)).text_frame
    frame.text, frame.word_wrap = text, True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    set_font(frame, size, bold=bold, colour=colour)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def set_font(frame: object, size: float, *, bold: bool = False, colour: str = INK) -> None:
    """Set the font of all text in a frame."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
            run.font.color.rgb = RGBColor.from_string(colour)


def add_alt(frame: GraphicFrame, text: str) -> None:
    """Set the alt text of a chart or table, for which python-pptx has no public API."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)
