"""Write the PowerPoint slides of a briefing, with charts that can be edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from antq_helpers.briefing.layout import (
    FONT,
    GREY,
    LOCALES,
    WIDER,
    add_alt,
    finish,
    put_table,
    put_text,
    set_font,
    table_height,
    width_of,
)
from antq_helpers.briefing.pages import (
    FEW_STEPS,
    Briefing,
    Page,
    alt_of_page,
    explain_bars,
    gaps,
    shorten,
)
from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import Stamp
from antq_helpers.drawing.labels import period_label
from antq_helpers.measuring.lookback import PARTIAL

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

_WIDE, _HIGH = 13.333, 7.5  # inches: 16 to 9
_LEFT, _ROOM = 0.45, 12.43
_TITLE_ONLY = 5  # of the layouts that python-pptx brings
_MOST_LABELLED = 8  # periods with a number at each column
_LONG = 380  # letters of the further sentences, for which smaller type is needed
_LONGEST = 4.95  # inches of a table
_TOP = 1.75  # inches of what stands below the headline
_COLUMNS = [1.58, 0.96, 0.96, 0.66, 0.67]
_ABOVE = 12  # points of the line above the headline
_MANY_NOTES = 500  # letters of them, for which smaller type is needed


def write_slides(briefing: Briefing, stamp: Stamp) -> bytes:
    """Return the slides as bytes: the city, comparison, missing reports, then each unit."""
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
    for number, slide in enumerate(slides.slides, 1):
        text = f"{number}/{len(slides.slides)}"
        put_text(slide, text, (_LEFT, 7.14, 1.0, 0.26), size=8, colour=GREY)
        for run in slide.element.iter(qn("a:rPr")):
            run.set("lang", LOCALES[briefing.language])
    return finish(slides, briefing, stamp)


def _page(slides: Presentation, briefing: Briefing, page: Page, stamp: Stamp) -> None:
    slide = _slide(
        slides, briefing, page.sentences[0], stamp, over=f"{briefing.title}. {page.title}"
    )
    if page.series.max(axis=None) > 0:
        _chart(slide, briefing, page)
    elif len(page.series.columns):
        why = explain_bars(page.states, briefing.language)
        text = f"{word('bars_nothing', briefing.language)} {why}"
        put_text(slide, text, (_LEFT, 2.2, 6.6, 2.0), size=13, colour=GREY)
    table = shorten(page.table, briefing.window, briefing.against)
    shape = {"size": 11, "row": 0.36}
    frame = put_table(slide, table, (8.05, _TOP), _COLUMNS, **shape)
    add_alt(frame, f"{page.title}. {word('col_measure', briefing.language)}: {len(table)}.")
    further = "\n".join(page.sentences[1:])
    below = _TOP + table_height(table, _COLUMNS, **shape) + 0.1
    room = (8.05, below, 4.85, 6.5 - below)
    put_text(slide, further, room, size=10.5 if len(further) <= _LONG else 9.5)


def _compared(slides: Presentation, briefing: Briefing, stamp: Stamp) -> None:
    language = briefing.language
    over = f"{briefing.title}. {word('comparison_title', language)}"
    slide = _slide(slides, briefing, briefing.found, stamp, over=over)
    table = briefing.comparison
    groups = (table.shape[1] - 1) // 5
    each = (_ROOM - 1.9) / groups
    widths = [1.9, *[each * share for share in (0.175, 0.175, 0.115, 0.125, 0.41)] * groups]
    row = min(0.28, 4.2 / len(table))
    fits = (s for s in (10, 9, 8) if table_height(table, widths, size=s, row=row) <= _LONGEST)
    frame = put_table(slide, table, (_LEFT, 1.5), widths, size=next(fits, 8), row=row)
    add_alt(frame, f"{over}. {briefing.found}")


def _silent(slides: Presentation, briefing: Briefing, stamp: Stamp) -> None:
    title = word("silent_title", briefing.language)
    slide = _slide(slides, briefing, title, stamp, over=briefing.title)
    frame = put_table(slide, briefing.silent, (_LEFT, 1.6), [2.6, 8.0, 1.83], size=12, row=0.32)
    add_alt(frame, title)


def _slide(
    slides: Presentation, briefing: Briefing, headline: str, stamp: Stamp, over: str
) -> Slide:
    """Add a slide: marks and place above, the headline as its title, notes and stamp below."""
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches, Pt

    slide = slides.slides.add_slide(slides.slide_layouts[_TITLE_ONLY])
    title = slide.shapes.title
    title.left, title.top = Inches(_LEFT), Inches(0.62)
    title.width, title.height = Inches(_ROOM), Inches(0.95)
    frame = title.text_frame
    frame.text, frame.word_wrap, frame.vertical_anchor = headline, True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = 0
    set_font(frame, 21 if len(headline) <= 150 else 18, bold=True)
    marks = "  ·  ".join(briefing.marks)
    room = width_of(marks) * _ABOVE / 72 * WIDER
    put_text(slide, over, (_LEFT, 0.22, _ROOM - room, 0.36), size=_ABOVE, colour=GREY)
    put_text(
        slide, marks, (_LEFT + _ROOM - room, 0.22, room, 0.36), size=_ABOVE,
        colour=style.MARK.lstrip("#"), bold=True, right=True,
    )  # fmt: skip
    notes = " ".join(briefing.notes)
    small = 9 if len(notes) <= _MANY_NOTES else 8
    put_text(slide, notes, (_LEFT, 6.54, _ROOM, 0.58), size=small, colour=GREY)
    put_text(slide, stamp.short(), (_LEFT, 7.14, _ROOM, 0.26), size=8, colour=GREY, right=True)
    slide.notes_slide.notes_text_frame.text = f"{headline}\n{notes}\n{stamp.short()}"
    for paragraph in frame.paragraphs:
        paragraph.line_spacing = Pt(25)
    return slide


def _chart(slide: Slide, briefing: Briefing, page: Page) -> None:
    """Add a chart to a slide, whose numbers can be opened and edited."""
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
    chart.font.size, chart.font.name = Pt(11), FONT
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
        for at in np.flatnonzero(page.series.iloc[:, place] == 0):  # not gaps (NaN)
            label = series.points[at].data_label
            label.has_text_frame = True
            label.text_frame.text = "0"
            label.font.size = Pt(9)
    axis = chart.value_axis
    axis.minimum_scale = 0
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = "#,##0", False
    if page.series.max(axis=None) <= FEW_STEPS:
        axis.major_unit = 1
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E4E4E4")
    add_alt(frame, alt_of_page(page, briefing))
    if key:
        put_text(slide, key, (_LEFT, 1.7 + high, 7.4, 0.4), size=9, colour=GREY)
