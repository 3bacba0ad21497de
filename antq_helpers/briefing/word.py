"""Render a briefing as the Word appendix of a document, laid out by Decree 30/2020/NĐ-CP."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import count

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from antq_helpers.briefing.layout import CELL_MARGIN, LOCALES, finish, fit_sheets
from antq_helpers.briefing.pages import Briefing, PagePicture, TextTable, numeric_columns, texts_of
from antq_helpers.dictionary import word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import Stamp
from antq_helpers.drawing.text import period_words

_FONT = "Times New Roman"
_BODY = 13  # points
_MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 16}  # mm
_FIRST_LINE = 12.7  # mm
_TEXT_WIDE = 210 - 30 - 16
_PICTURE = 152  # mm, so that it stands on the page of its table


def write_appendix(
    briefing: Briefing, pictures: Mapping[str, tuple[bytes, str, str]], stamp: Stamp
) -> bytes:
    """Return the appendix as bytes; of each picture's file are given PNG, alt text and caption."""
    language = briefing.language
    text = _set_up(docx.Document(), language)
    _write_margins(text, briefing, stamp)
    _add_line(text, word("appendix_number", language), size=14, bold=True)
    for title in word("appendix_title", language), period_words(briefing.window.period, language):
        _add_line(text, title.upper(), size=14, bold=True)
    _add_line(text, word("appendix_of", language), size=14, italic=True)
    pages = [page for page in briefing.pages if not page.is_empty]
    shapes = fit_sheets(pages, lambda page: _TEXT_WIDE)
    figures, first, second, before = count(1), 0, 0, False
    for place, page in enumerate(pages):
        # "I. Toàn thành phố", "II. Các xã, phường": the units are numbered below a heading.
        unit = bool(page.title and any(p.view.communes for p in page.all_of(PagePicture)))
        if unit and not before:
            first, second = first + 1, 0
            _add_heading(text, word("appendix_units", language), first, 0)
        within = page.level == 2 or unit
        first, second = (first, second + 1) if within else (first + bool(page.title), 0)
        _add_heading(text, page.title, first, second, begins=unit and before)
        before = unit or (before and not page.title)
        if page.sentences:
            _add_paragraph(text, " ".join(page.sentences))
        for table in page.all_of(TextTable):
            _add_table(text, table, *shapes[table.sheet])
        if page.notes:
            _add_paragraph(text, " ".join(page.notes), size=11)
        for picture in page.all_of(PagePicture):
            if not page.title and pages[place - 1].title:
                text.add_page_break()
            _add_picture(text, *pictures[picture.file], next(figures), language)
        # The notes are of all pages, and stand below those of the whole place.
        following = pages[place + 1].level if place + 1 < len(pages) else 1
        if page.title and first == following == 1:
            _add_paragraph(text, " ".join(briefing.notes), size=11)
    return finish(text, briefing, stamp)


def _set_up(text: Document, language: str) -> Document:
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
    for checked in text.styles.element.iter(qn("w:lang")):  # the language of the spelling check
        checked.set(qn("w:val"), LOCALES[language])
    normal = text.styles["Normal"].paragraph_format
    normal.alignment, normal.line_spacing = WD_ALIGN_PARAGRAPH.JUSTIFY, 1.1
    normal.space_after = Pt(6)
    return text


def _write_margins(text: Document, briefing: Briefing, stamp: Stamp) -> None:
    """Write marks in the header, page numbers from page 2 on, and the stamp in the footer."""
    section = text.sections[0]
    number = _centred(section.header.paragraphs[0])
    field = _element("w:fldSimple", {"w:instr": "PAGE"})
    field.append(_element("w:r"))
    field[0].append(_element("w:t"))
    field[0][0].text = "2"
    number._p.append(field)
    for head in section.header.add_paragraph(), section.first_page_header.paragraphs[0]:
        _write(_centred(head), "  ·  ".join(briefing.marks), size=11, bold=True, colour=style.MARK)
    for foot in (section.footer, section.first_page_footer):
        _write(_centred(foot.paragraphs[0]), stamp.short(), size=9)


def _element(name: str, attributes: Mapping[str, str] | None = None) -> BaseOxmlElement:
    """Return an XML element for which python-docx has no public name."""
    return OxmlElement(name, {qn(key): value for key, value in (attributes or {}).items()})


def _add_heading(
    text: Document, title: str, first: int, second: int, *, begins: bool = False
) -> None:
    """Write a numbered heading; those of level 1 begin a page, and others where it ``begins``."""
    if not title:
        return
    heading = text.add_heading(level=2 if second else 1)
    _write(heading, f"{second or _roman(first)}. {title}", bold=True)
    heading.paragraph_format.page_break_before = begins or (not second and first > 1)


def _roman(number: int) -> str:
    """Return a number as offices number the parts of a text, up to 39."""
    tens, ones = divmod(number, 10)
    units = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + units[ones]


def _add_picture(
    text: Document, content: bytes, alt: str, what: str, number: int, language: str
) -> None:
    """Add a picture with its alt text, and its caption on the same page."""
    shown = _centred(text.add_paragraph())
    shown.paragraph_format.keep_with_next = True
    shape = shown.add_run().add_picture(io.BytesIO(content), width=Mm(_PICTURE))
    shape._inline.docPr.set("descr", alt)  # python-docx has no public name for it
    caption = word("picture_caption", language, number=number, what=what)
    _add_line(text, caption, size=11, italic=True)


def _centred(paragraph: Paragraph) -> Paragraph:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_after = Pt(2)
    return paragraph


def _add_line(text: Document, words: str, **face: object) -> None:
    _write(_centred(text.add_paragraph()), words, **face)


def _add_paragraph(text: Document, words: str, *, size: float = _BODY) -> None:
    paragraph = text.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Mm(_FIRST_LINE)
    _write(paragraph, words, size=size)


def _write(
    paragraph: Paragraph,
    words: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    colour: str = "#000000",
) -> None:
    run = paragraph.add_run(words)
    run.bold, run.italic = bold, italic
    run.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
    if size is not None:
        run.font.size = Pt(size)


def _add_table(text: Document, table: TextTable, size: float, widths: list[float]) -> None:
    """Add a table whose header is repeated on each page, numbers aligned right."""
    texts = texts_of(table.data)
    shown = text.add_table(len(texts), len(widths), style="Table Grid")
    shown.autofit = False
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        wide = str(Mm(CELL_MARGIN).twips)
        margins.append(_element(f"w:{side}", {"w:w": wide, "w:type": "dxa"}))
    shown._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)  # the schema's order
    for column, width in zip(shown.columns, widths, strict=True):
        column.width = Mm(width)
    sides = [
        WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
        for right in numeric_columns(table.data)
    ]
    for place, (row, line) in enumerate(zip(shown.rows, texts, strict=True)):
        for cell, words, width, side in zip(row.cells, line, widths, sides, strict=True):
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.line_spacing = 1
            paragraph.alignment = side if place else WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph, words, size=size, bold=not place)
        row._tr.get_or_add_trPr().append(_element("w:cantSplit" if place else "w:tblHeader"))
    shown.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    text.add_paragraph().paragraph_format.space_after = Pt(2)
