"""Write the Word appendix of a briefing, laid out by Decree 30/2020/NĐ-CP."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.briefing.layout import CELL_MARGIN, LOCALES, finish, fit_columns
from antq_helpers.briefing.pages import Briefing, numeric_columns, short_heads
from antq_helpers.dictionary import capital, find_measure, word
from antq_helpers.drawing.figure import Stamp
from antq_helpers.drawing.labels import period_words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import _Header
    from docx.text.paragraph import Paragraph

_FONT = "Times New Roman"
_BODY = 13  # points
_MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 16}  # mm
_FIRST_LINE = 12.7  # mm
_TEXT_WIDE = 210 - 30 - 16
_PICTURE = 152  # mm, so that it stands on the page of its table


def write_appendix(
    briefing: Briefing,
    pictures: dict[str, tuple[bytes, str]],
    stamp: Stamp,
    further: Sequence[tuple[bytes, str, str]] = (),
) -> bytes:
    """Return the appendix as bytes: sentences, table and picture of each place.

    Parameters
    ----------
    pictures
        PNG and alt text, by the name of a page's file.
    further
        PNG, alt text and caption of pictures that stand after the pages.
    """
    from docx import Document

    language = briefing.language
    text = _new(Document(), language)
    _heads(text, briefing, stamp)
    _line(text, word("appendix_number", language), size=14, bold=True)
    for title in word("appendix_title", language), period_words(briefing.window.period, language):
        _line(text, title.upper(), size=14, bold=True)
    _line(text, word("appendix_of", language), size=14, italic=True)
    alike = [row for page in briefing.pages for row in _rows(page.table)[1:]]
    for number, page in enumerate(briefing.pages, 1):
        heading = text.add_heading(level=1)
        _write(heading, f"{number}. {page.title}", bold=True)
        heading.paragraph_format.page_break_before = number > 1
        _body(text, " ".join(page.sentences))
        _table(text, page.table, alike)
        if page.file in pictures:
            _picture(text, *pictures[page.file])
            drawn = [find_measure(name).text("label", language) for name in page.view.measures]
            what = capital(", ".join(label.lower() for label in drawn))
            told = {"number": number, "what": what, "place": page.title}
            _line(text, word("picture_number", language, **told), size=11, italic=True)
        if number == 1:
            _overview(text, briefing)
    for number, (content, alt, what) in enumerate(further, len(briefing.pages) + 1):
        if number == len(briefing.pages) + 1:
            text.add_page_break()
        _picture(text, content, alt)
        _line(text, word("picture_further", language, number=number, what=what), size=11,
              italic=True)  # fmt: skip
    return finish(text, briefing, stamp)


def _overview(text: Document, briefing: Briefing) -> None:
    """Write the comparison of the units, the missing reports, and the notes."""
    language = briefing.language
    _subheading(text, f"1.1. {word('comparison_title', language)}", page_break=True)
    _body(text, briefing.found)
    _table(text, briefing.comparison)
    if not briefing.silent.empty:
        _subheading(text, f"1.2. {word('silent_title', language)}")
        _table(text, briefing.silent)
    _body(text, " ".join(briefing.notes), size=11)


def _new(text: Document, language: str) -> Document:
    """Set paper, margins, font and language of a document."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    section = text.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.header_distance = section.footer_distance = Mm(9)
    section.different_first_page_header_footer = True
    for name, size in (("Normal", _BODY), ("Heading 1", 14), ("Heading 2", _BODY)):
        face = text.styles[name]
        face.font.name, face.font.size, face.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
        face.paragraph_format.space_before = Pt(6 if name != "Normal" else 0)
        fonts = face.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), _FONT)
    for told in text.styles.element.iter(qn("w:lang")):  # the language of the spelling check
        told.set(qn("w:val"), LOCALES[language])
    normal = text.styles["Normal"].paragraph_format
    normal.alignment, normal.line_spacing = WD_ALIGN_PARAGRAPH.JUSTIFY, 1.1
    normal.space_after = Pt(6)
    return text


def _heads(text: Document, briefing: Briefing, stamp: Stamp) -> None:
    """Write marks in the header, page numbers from page 2 on, and the stamp in the footer."""
    section = text.sections[0]
    _number(section.header)
    marks = "  ·  ".join(briefing.marks)
    for paragraph in section.header.add_paragraph(), section.first_page_header.paragraphs[0]:
        _centred(paragraph)
        _write(paragraph, marks, size=11, bold=True, colour=(0xB3, 0x26, 0x1E))
    for foot in (section.footer, section.first_page_footer):
        _centred(foot.paragraphs[0])
        _write(foot.paragraphs[0], stamp.short(), size=9)


def _number(head: _Header) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = head.paragraphs[0]
    _centred(paragraph)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "2"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)


def _picture(text: Document, content: bytes, alt: str) -> None:
    """Add a picture with its alt text, on the page of the caption below it."""
    from docx.shared import Mm

    shown = text.add_paragraph()
    _centred(shown)
    shown.paragraph_format.keep_with_next = True
    shape = shown.add_run().add_picture(io.BytesIO(content), width=Mm(_PICTURE))
    shape._inline.docPr.set("descr", alt)  # python-docx has no public name for it


def _centred(paragraph: Paragraph) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)


def _line(text: Document, words: str, **face: object) -> None:
    paragraph = text.add_paragraph()
    _centred(paragraph)
    _write(paragraph, words, **face)


def _body(text: Document, words: str, *, size: float = _BODY) -> None:
    from docx.shared import Mm

    paragraph = text.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Mm(_FIRST_LINE)
    _write(paragraph, words, size=size)


def _subheading(text: Document, words: str, *, page_break: bool = False) -> None:
    heading = text.add_heading(level=2)
    _write(heading, words, bold=True)
    heading.paragraph_format.page_break_before = page_break


def _write(
    paragraph: Paragraph,
    words: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    colour: tuple[int, int, int] = (0, 0, 0),
) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(words)
    run.bold, run.italic, run.font.color.rgb = bold, italic, RGBColor(*colour)
    if size is not None:
        run.font.size = Pt(size)


def _rows(table: pd.DataFrame) -> list[list[str]]:
    """Return the texts of a table row by row, its header first."""
    return [short_heads(table), *([*map(str, row)] for row in table.values.tolist())]


def _table(text: Document, table: pd.DataFrame, alike: list[list[str]] | None = None) -> None:
    """Add a table whose header is repeated on each page, numbers aligned right.

    Its columns have the widths for all rows ``alike``, so that those of several tables agree.
    """
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    heads, *rows = _rows(table)
    size, widths = fit_columns([heads, *(alike or rows)], _TEXT_WIDE)
    shown = text.add_table(len(rows) + 1, len(heads), style="Table Grid")
    shown.autofit = False
    shown._tbl.tblPr.find(qn("w:tblLook")).addprevious(_narrow_margins())  # the schema's order
    for column, width in zip(shown.columns, widths, strict=True):
        column.width = Mm(width)
    numeric = numeric_columns(table)
    for place, line in enumerate([heads, *rows]):
        for cell, words, width, right in zip(
            shown.rows[place].cells, line, widths, numeric, strict=True
        ):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = 1
            paragraph.alignment = (
                WD_ALIGN_PARAGRAPH.CENTER if place == 0
                else WD_ALIGN_PARAGRAPH.RIGHT if right
                else WD_ALIGN_PARAGRAPH.LEFT
            )  # fmt: skip
            _write(paragraph, words, size=size, bold=place == 0)
    repeat = OxmlElement("w:tblHeader")
    shown.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in shown.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    text.add_paragraph().paragraph_format.space_after = Pt(2)


def _narrow_margins() -> BaseOxmlElement:
    """Return the XML element that sets the left and right margins of a table's cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(CELL_MARGIN).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins
