"""Render a briefing as PowerPoint slides, with charts that can be edited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pptx
from pptx.chart.chart import Chart as PptxChart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from antq_helpers.briefing.layout import LOCALES, finish, fit_sheets, table_height, width_of
from antq_helpers.briefing.pages import (
    Briefing,
    Chart,
    Page,
    TextTable,
    numeric_columns,
    steps_by_one,
    texts_of,
)
from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import Stamp
from antq_helpers.drawing.text import period_label
from antq_helpers.measuring.lookback import PARTIAL

Box = tuple[float, float, float, float]  # left, top, width and height in inches
_WIDE, _HIGH = 13.333, 7.5  # inches: 16 to 9
_LEFT, _ROOM, _BOTTOM = 0.45, 12.43, 6.5
_TITLE_ONLY = 5  # of the layouts that python-pptx brings
_MOST_LABELLED = 8  # periods with a number at each column
_LONG = 380  # letters of the further sentences, for which smaller type is needed
_TOP = 1.6  # inches of what stands below the headline
_ASIDE = (8.05, 4.83)  # left edge and width of a table beside a chart
_ABOVE = 12  # points of the line above the headline
_MANY_NOTES = 500  # letters of them, for which smaller type is needed
_FONT = "Arial"
_WIDER = 1.15  # times the width of Times, in which texts are measured
_MM = 25.4  # in an inch
_ROW = 0.34  # inches of a table's row of one line
_MOST_ROWS = 24  # of a table
_FREE = 0.5  # inches below a table
_INK, _GREY = "222222", "555555"
_HEAD, _BANDS = "342F5B", ("FFFFFF", "F4F4F8")  # shades of a table's rows


def write_slides(briefing: Briefing, stamp: Stamp) -> bytes:
    """Return the slides as bytes, one for each page that has a title and is not empty."""
    slides = pptx.Presentation()
    slides.slide_width, slides.slide_height = Inches(_WIDE), Inches(_HIGH)
    pages = [_as_slide(page) for page in briefing.pages if page.title and not page.is_empty]
    rooms = {"high": (_BOTTOM - _TOP) * _MM, "face": _WIDER}
    shapes = fit_sheets(pages, lambda page: _room_of(page)[1] * _MM, **rooms)
    for page in pages:
        _add_page(slides, briefing, page, shapes, stamp)
    for number, slide in enumerate(slides.slides, 1):
        text = f"{number}/{len(slides.slides)}"
        _add_text(slide, text, (_LEFT, 7.14, 1.0, 0.26), size=8, colour=_GREY)
        for run in slide.element.iter(qn("a:rPr")):
            run.set("lang", LOCALES[briefing.language])
    return finish(slides, briefing, stamp)


def _as_slide(page: Page) -> Page:
    cut = tuple(
        replace(block, data=_cut(block)) if isinstance(block, TextTable) else block
        for block in page.blocks
    )
    return replace(page, blocks=cut)


def _cut(table: TextTable) -> pd.DataFrame:
    """Return the part of a table that a slide has room for; "…" stands for rows beyond it."""
    data = table.data.iloc[:, list(table.slide)] if table.slide else table.data
    if len(data) <= _MOST_ROWS:
        return data
    more = pd.DataFrame([["…"] * data.shape[1]], columns=data.columns)
    return pd.concat([data.iloc[: _MOST_ROWS - 1], more], ignore_index=True)


def _room_of(page: Page) -> tuple[float, float]:
    """Return the left edge and the width of a page's tables, which stand beside its chart."""
    return _ASIDE if page.all_of(Chart) else (_LEFT, _ROOM)


def _add_page(
    slides: Presentation,
    briefing: Briefing,
    page: Page,
    shapes: dict[str, tuple[float, list[float]]],
    stamp: Stamp,
) -> None:
    """Add a page's slide: charts at the left, tables and the further sentences beside them."""
    headline, *further = page.sentences or (page.title,)
    over = ". ".join([briefing.title, page.title][: 1 + bool(page.sentences)])
    slide = _new_slide(slides, briefing, headline, stamp, over=over)
    for chart in page.all_of(Chart):
        _add_chart(slide, chart, briefing.language)
    (left, room), top = _room_of(page), _TOP
    for table in page.all_of(TextTable):
        free = _FREE + (_high(page.notes, room, 10.5) if page.notes else 0)
        top += _add_table(slide, table, (left, top), *shapes[table.sheet], free) + 0.1
    if further or page.notes:
        size = 10.5 if len("\n".join([*further, *page.notes])) <= _LONG else 9.5
        # What a long table leaves no room for is in it, and in the appendix.
        while page.notes and further and _high([*further, *page.notes], room, size) > _BOTTOM - top:
            further.pop()
        text = "\n".join([*further, *page.notes])
        _add_text(slide, text, (left, top, room, _BOTTOM - top), size=size)


def _high(texts: list[str], room: float, size: float) -> float:
    """Return the height in inches of paragraphs that wrap at a width."""
    return table_height([[text] for text in texts], [room * _MM], size, face=_WIDER, row=0) / _MM


def _new_slide(
    slides: Presentation, briefing: Briefing, headline: str, stamp: Stamp, over: str
) -> Slide:
    """Add a slide: marks and place above, the headline as its title, notes and stamp below."""
    slide = slides.slides.add_slide(slides.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    title.left, title.top = Inches(_LEFT), Inches(0.62)
    title.width, title.height = Inches(_ROOM), Inches(0.95)
    frame = title.text_frame
    frame.text, frame.word_wrap, frame.vertical_anchor = headline, True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = 0
    _set_font(frame, 21 if len(headline) <= 150 else 18, bold=True)
    marks = "  ·  ".join(briefing.marks)
    room = width_of(marks) * _ABOVE / 72 * _WIDER
    _add_text(slide, over, (_LEFT, 0.22, _ROOM - room, 0.36), size=_ABOVE, colour=_GREY)
    _add_text(
        slide, marks, (_LEFT + _ROOM - room, 0.22, room, 0.36), size=_ABOVE,
        colour=style.MARK.lstrip("#"), bold=True, right=True,
    )  # fmt: skip
    notes = " ".join(briefing.notes)
    small = 9 if len(notes) <= _MANY_NOTES else 8
    _add_text(slide, notes, (_LEFT, 6.54, _ROOM, 0.58), size=small, colour=_GREY)
    _add_text(slide, stamp.short(), (_LEFT, 7.14, _ROOM, 0.26), size=8, colour=_GREY, right=True)
    slide.notes_slide.notes_text_frame.text = f"{headline}\n{notes}\n{stamp.short()}"
    for paragraph in frame.paragraphs:
        paragraph.line_spacing = Pt(25)
    return slide


def _add_table(
    slide: Slide,
    table: TextTable,
    corner: tuple[float, float],
    size: float,
    widths: list[float],
    free: float,
) -> float:
    """Add a table of texts to a slide, numbers aligned right; return its height in inches.

    ``free`` is what its rows shall leave below it.
    """
    texts, numeric = texts_of(table.data), numeric_columns(table.data)
    least = min(_ROW, (_BOTTOM - _TOP - free) / len(texts))
    box = map(Inches, (*corner, sum(widths) / _MM, least * len(texts)))
    frame = slide.shapes.add_table(len(texts), len(widths), *box)
    for column, width in zip(frame.table.columns, widths, strict=True):
        column.width = Inches(width / _MM)
    for place, (row, line) in enumerate(zip(frame.table.rows, texts, strict=True)):
        row.height = Inches(least)
        for cell, text, right in zip(row.cells, line, numeric, strict=True):
            cell.margin_left = cell.margin_right = Inches(0.05)
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.text_frame.text, cell.text_frame.word_wrap = text, True
            cell.fill.solid()
            shade = _BANDS[place % 2] if place else _HEAD
            cell.fill.fore_color.rgb = RGBColor.from_string(shade)
            colour = _INK if place else "FFFFFF"
            _set_font(cell.text_frame, size, bold=not place, colour=colour, right=right)
    _set_alt(frame, table.alt)
    return table_height(texts, widths, size, face=_WIDER, row=least * _MM) / _MM


def _add_text(
    slide: Slide,
    text: str,
    box: Box,
    *,
    size: float,
    colour: str = _INK,
    bold: bool = False,
    right: bool = False,
) -> None:
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.text, frame.word_wrap = text, True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    _set_font(frame, size, bold=bold, colour=colour, right=right)


def _set_font(
    frame: TextFrame, size: float, *, bold: bool = False, colour: str = _INK, right: bool = False
) -> None:
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
            run.font.color.rgb = RGBColor.from_string(colour)


def _set_alt(frame: GraphicFrame, text: str) -> None:
    """Set the alt text of a chart or table, for which python-pptx has no public API."""
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)


def _add_chart(slide: Slide, chart: Chart, language: str) -> None:
    """Add a chart whose numbers can be opened and edited; say so where there is none to draw."""
    if not chart.has_columns:
        text = f"{word('bars_nothing', language)} {chart.key}"
        _add_text(slide, text, (_LEFT, 2.2, 6.6, 2.0), size=13, colour=_GREY)
        return
    entries = [find_measure(name) for name in chart.series]
    shape = "#,##0" if all(entry.kind == "count" for entry in entries) else "#,##0.0"
    numbers = CategoryChartData(number_format=shape)
    numbers.categories = [period_label(period, language) for period in chart.series.index]
    for entry in entries:
        values = chart.series[entry.measure].astype(float)
        label = f"{entry.text('label', language)} ({entry.text('unit', language)})"
        numbers.add_series(label, [None if np.isnan(value) else value for value in values])
    high = 4.4 if chart.key else 4.75
    box = (Inches(value) for value in (_LEFT, 1.7, 7.4, high))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *box, numbers)
    _format_chart(frame.chart, chart, shape)
    _set_alt(frame, chart.alt)
    if chart.key:
        _add_text(slide, chart.key, (_LEFT, 1.7 + high, 7.4, 0.4), size=9, colour=_GREY)


def _format_chart(drawn: PptxChart, chart: Chart, shape: str) -> None:
    """Set fonts, colours, hollow columns, the numbers written at columns, and the axis."""
    drawn.font.size, drawn.font.name = Pt(11), _FONT
    drawn.has_title, drawn.has_legend = False, True
    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 55, -5
    few = len(chart.series) <= _MOST_LABELLED
    for place, (series, colour) in enumerate(zip(plot.series, style.COLOURS, strict=False)):
        labelled = few or place == 0
        if labelled:
            series.data_labels.show_value = True
            series.data_labels.font.size = Pt(9)
        rgb = RGBColor.from_string(colour.lstrip("#").upper())
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb
        for at in np.flatnonzero(chart.states.iloc[:, place] == PARTIAL):
            point = series.points[at].format
            point.fill.solid()
            point.fill.fore_color.rgb = RGBColor(255, 255, 255)
            point.line.color.rgb, point.line.width = rgb, Pt(1.25)
        if labelled:
            continue
        for at in np.flatnonzero(chart.series.iloc[:, place] == 0):  # not gaps (NaN)
            label = series.points[at].data_label
            label.has_text_frame = True
            label.text_frame.text = "0"
            label.font.size = Pt(9)
    axis = drawn.value_axis
    axis.minimum_scale = 0
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = shape, False
    if steps_by_one(chart.series):
        axis.major_unit = 1
    grid = RGBColor.from_string(style.GRID.lstrip("#").upper())
    axis.major_gridlines.format.line.color.rgb = grid
