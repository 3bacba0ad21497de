"""Texts and tables in; the same as shapes on a slide, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.briefing.fitting import count_lines
from antq_helpers.briefing.rows import numeric_columns, short_heads

if TYPE_CHECKING:
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide

FONT = "Arial"
INK, GREY = "222222", "555555"
WIDER = 1.15  # than Times, in which texts are measured
_MM = 25.4  # in an inch


def height_of(table: pd.DataFrame, widths: list[float], *, size: float, row: float) -> float:
    """Give the height in inches of a table whose texts need several lines in narrow columns."""
    high = 0.0
    for line in [short_heads(table), *table.values.tolist()]:
        lines = max(
            count_lines(str(text), (width - 0.1) * _MM, size * WIDER)
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
    """Put a table of texts on a slide; numbers stand at the right."""
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
            dress(cell.text_frame, size, bold=place == 0, colour=colour)
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
    """Put a text on a slide, in a box of inches."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*(Inches(value) for value in box)).text_frame
    frame.text, frame.word_wrap = text, True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    dress(frame, size, bold=bold, colour=colour)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def dress(frame: object, size: float, *, bold: bool = False, colour: str = INK) -> None:
    """Give all text of a frame its face."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
            run.font.color.rgb = RGBColor.from_string(colour)


def add_alt(frame: GraphicFrame, text: str) -> None:
    """Give a chart or table its alt text, for which python-pptx has no public name."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)
