"""A briefing in; slides with charts that can be edited out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from antq_helpers.briefing.fitting import width_of
from antq_helpers.briefing.pages import Briefing, Page, describe, gaps
from antq_helpers.briefing.remarks import explain_bars
from antq_helpers.briefing.rows import numeric_columns, short_heads, shorten
from antq_helpers.briefing.stamping import LOCALES, finish
from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing import style
from antq_helpers.drawing.labels import period_label
from antq_helpers.drawing.stamp import Stamp
from antq_helpers.measuring.period_totals import PARTIAL

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.slide import Slide

_WIDE, _HIGH = 13.333, 7.5  # inches: 16 to 9
_LEFT, _ROOM = 0.45, 12.43
_TITLE_ONLY = 5  # of the layouts that python-pptx brings
_MOST_LABELLED = 8  # periods with a number at each column
_LONG = 380  # letters of the further sentences, for which smaller type is needed
_ABOVE = 12  # points of the line above the headline
_WIDER = 1.2  # than Times
_MANY_NOTES = 500  # letters of them, for which smaller type is needed
_FONT = "Arial"
_INK, _GREY = "222222", "555555"


def write_slides(briefing: Briefing, stamp: Stamp) -> bytes:
    """Write the slides: the whole place, all communes compared, who is silent, a page each."""
    from pptx import Presentation
    from pptx.oxml.ns import qn
    from pptx.util import Inches

    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(_WIDE), Inches(_HIGH)
    for place, page in enumerate(briefing.pages):
        _page(slides, briefing, page, stamp)
        if place == 0:
            _compared(slides, briefing, stamp)
            if not briefing.silent.empty:
                _silent(slides, briefing, stamp)
    for slide in slides.slides:
        for run in slide.element.iter(qn("a:rPr")):
            run.set("lang", LOCALES[briefing.language])
    return finish(slides, briefing, stamp)


def _page(slides: Presentation, briefing: Briefing, page: Page, stamp: Stamp) -> None:
    slide = _slide(slides, briefing, page.sentences[0], stamp, over=page.title)
    if len(page.series.columns):
        _chart(slide, briefing, page)
    table = shorten(page.table, briefing.window, briefing.against)
    frame = _table(slide, table, (8.05, 1.75), [1.58, 0.96, 0.96, 0.66, 0.67], size=11, row=0.36)
    _describe(frame, f"{page.title}. {word('col_measure', briefing.language)}: {len(table)}.")
    further = "\n".join(page.sentences[1:])
    _text(slide, further, (8.05, 5.0, 4.85, 1.5), size=10.5 if len(further) <= _LONG else 9.5)


def _compared(slides: Presentation, briefing: Briefing, stamp: Stamp) -> None:
    language = briefing.language
    over = f"{briefing.title}. {word('comparison_title', language)}"
    slide = _slide(slides, briefing, briefing.found, stamp, over=over)
    table = briefing.comparison
    groups = (table.shape[1] - 1) // 5
    each = (_ROOM - 1.9) / groups
    widths = [1.9, *[each * share for share in (0.16, 0.16, 0.13, 0.14, 0.41)] * groups]
    row = min(0.28, 4.2 / len(table))
    frame = _table(slide, table, (_LEFT, 1.5), widths, size=10, row=row)
    _describe(frame, f"{over}. {briefing.found}")


def _silent(slides: Presentation, briefing: Briefing, stamp: Stamp) -> None:
    title = word("silent_title", briefing.language)
    slide = _slide(slides, briefing, title, stamp, over=briefing.title)
    frame = _table(slide, briefing.silent, (_LEFT, 1.6), [2.6, 8.0, 1.83], size=12, row=0.32)
    _describe(frame, title)


def _slide(
    slides: Presentation, briefing: Briefing, headline: str, stamp: Stamp, over: str
) -> Slide:
    """Make a slide: marks and place above, the headline as its title, notes and stamp below."""
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches, Pt

    slide = slides.slides.add_slide(slides.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    title.left, title.top = Inches(_LEFT), Inches(0.62)
    title.width, title.height = Inches(_ROOM), Inches(0.95)
    frame = title.text_frame
    frame.text, frame.word_wrap, frame.vertical_anchor = headline, True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = 0
    _dress(frame, 21 if len(headline) <= 150 else 18, bold=True)
    marks = "  ·  ".join(briefing.marks)
    room = width_of(marks) * _ABOVE / 72 * _WIDER
    _text(slide, over, (_LEFT, 0.22, _ROOM - room, 0.36), size=_ABOVE, colour=_GREY)
    _text(
        slide, marks, (_LEFT + _ROOM - room, 0.22, room, 0.36), size=_ABOVE,
        colour=style.MARK.lstrip("#"), bold=True, right=True,
    )  # fmt: skip
    notes = " ".join(briefing.notes)
    small = 9 if len(notes) <= _MANY_NOTES else 8
    _text(slide, notes, (_LEFT, 6.54, _ROOM, 0.58), size=small, colour=_GREY)
    _text(slide, stamp.short(), (_LEFT, 7.14, _ROOM, 0.26), size=8, colour=_GREY, right=True)
    slide.notes_slide.notes_text_frame.text = f"{headline}\n{notes}\n{stamp.short()}"
    for paragraph in frame.paragraphs:
        paragraph.line_spacing = Pt(25)
    return slide


def _chart(slide: Slide, briefing: Briefing, page: Page) -> None:
    """Put a chart on a slide whose numbers can be opened and changed."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    language = briefing.language
    numbers = CategoryChartData(number_format="#,##0")
    numbers.categories = [period_label(period, language) for period in page.series.index]
    for name, values in zip(page.series, gaps(page.series), strict=True):
        entry = find_measure(name)
        label = f"{entry.text('label', language)} ({entry.text('unit', language)})"
        numbers.add_series(label, values)
    key = explain_bars(page.states, language)
    high = 4.75 if not key else 4.4
    box = (Inches(value) for value in (_LEFT, 1.7, 7.4, high))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, numbers)
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(11), _FONT
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, -5
    few = len(page.series) <= _MOST_LABELLED
    for place, (series, colour) in enumerate(zip(plot.series, style.COLOURS, strict=False)):
        if few or place == 0:
            series.data_labels.show_value = True
            series.data_labels.font.size = Pt(9)
        series.format.fill.solid()
        rgb = RGBColor.from_string(colour.lstrip("#").upper())
        series.format.fill.fore_color.rgb = rgb
        for at in np.flatnonzero(page.states.iloc[:, place] == PARTIAL):
            point = series.points[at].format
            point.fill.solid()
            point.fill.fore_color.rgb = RGBColor(255, 255, 255)
            point.line.color.rgb, point.line.width = rgb, Pt(1.25)
        if few or place == 0:
            continue
        for at in np.flatnonzero(page.series.iloc[:, place] == 0):  # a gap is none
            label = series.points[at].data_label
            label.has_text_frame = True
            label.text_frame.text = "0"
            label.font.size = Pt(9)
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E4E4E4")
    _describe(frame, describe(page, briefing))
    if key:
        _text(slide, key, (_LEFT, 1.7 + high, 7.4, 0.4), size=9, colour=_GREY)


def _table(
    slide: Slide,
    table: pd.DataFrame,
    corner: tuple[float, float],
    widths: list[float],
    *,
    size: float,
    row: float,
) -> GraphicFrame:
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
            colour = "FFFFFF" if place == 0 else _INK
            _dress(cell.text_frame, size, bold=place == 0, colour=colour)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.alignment = PP_ALIGN.RIGHT if numeric[column] else PP_ALIGN.LEFT
    return frame


def _text(
    slide: Slide,
    text: str,
    box: tuple[float, float, float, float],
    *,
    size: float,
    colour: str = _INK,
    bold: bool = False,
    right: bool = False,
) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*(Inches(value) for value in box)).text_frame
    frame.text, frame.word_wrap = text, True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _dress(frame, size, bold=bold, colour=colour)
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def _dress(frame: object, size: float, *, bold: bool = False, colour: str = _INK) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
            run.font.color.rgb = RGBColor.from_string(colour)


def _describe(frame: GraphicFrame, text: str) -> None:
    """Give a chart or table its alt text, for which python-pptx has no public name."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)
