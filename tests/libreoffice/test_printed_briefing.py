"""A briefing of all communes as LibreOffice prints it: everything within its page and its box.

``make print-test`` runs this where LibreOffice and poppler are installed (Debian:
``libreoffice-impress libreoffice-writer libreoffice-calc poppler-utils``); the prints stay in
``out/libreoffice`` to be looked at.
"""

import html
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from pptx import Presentation

from antq_helpers import load_records, write_briefing

PRINTS = Path(__file__).parent.parent.parent / "out" / "libreoffice"
CASES = {"vi": ("2022-Q3", "internal"), "en": ("2022-Q3", "public")}
MARK = {"vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA", "en": "SYNTHETIC FIGURES, FOR ILLUSTRATION"}
A4 = (595, 842)  # points
SLIDE = (960, 540)
EMU = 12_700  # to a point
NUMBER = re.compile(r"[+−]?[IVX]*/?\d[\d/.,]*%?°?")  # 14.400, −4, III/2022, 5/8, 33,3%


@dataclass
class Word:
    """A word of a print and its box: points from the left and from the top."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass
class Page:
    """A page of a print: its width and height in points, and its words as they are read."""

    size: tuple[int, int]
    words: list[Word]

    def letters(self, left=0.0, top=0.0, right=10_000.0, bottom=10_000.0):
        """Give what stands inside a box, without white space."""
        return letters(
            "".join(
                word.text
                for word in self.words
                if left <= word.left <= word.right <= right
                and top <= word.top <= word.bottom <= bottom
            )
        )


def letters(text):
    """Give a text without white space: prints part their lines anywhere."""
    return re.sub(r"\s+", "", text)


def read_print(path):
    """Read the pages of a print."""
    told = subprocess.run(["pdftotext", "-bbox", path, "-"], check=True, capture_output=True)
    number = r"([-\d.]+)"
    word = rf'<word xMin="{number}" yMin="{number}" xMax="{number}" yMax="{number}">(.*?)</word>'
    pages = []
    for page in told.stdout.decode().split("<page ")[1:]:
        size = re.match(rf'width="{number}" height="{number}"', page).groups()
        words = [
            Word(html.unescape(text), *map(float, box)) for *box, text in re.findall(word, page)
        ]
        pages.append(Page(tuple(round(float(length)) for length in size), words))
    return pages


@pytest.fixture(scope="module", params=CASES)
def printed(request, tmp_path_factory):
    """Write a briefing and print it; give its folder, its prints by kind, and its language."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None or shutil.which("pdftotext") is None:
        pytest.fail("LibreOffice and pdftotext are needed here: see the top of this file.")
    language, (period, audience) = request.param, CASES[request.param]
    home = tmp_path_factory.mktemp("office")
    folder = write_briefing(
        load_records(),
        home / "pack",
        period=period,
        audience=audience,
        language=language,
        formats=["pptx", "docx", "xlsx"],
    )
    prints = PRINTS / language
    shutil.rmtree(prints, ignore_errors=True)
    found = {}
    for path in sorted(folder.glob("*.???x")):
        user = f"-env:UserInstallation={(home / 'user').as_uri()}"
        asked = [office, user, "--headless", "--convert-to", "pdf", "--outdir", str(prints)]
        subprocess.run([*asked, str(path)], check=True, timeout=120, capture_output=True)
        found[path.suffix[1:]] = read_print(prints / f"{path.stem}.pdf")
    return path.parent, found, language


@pytest.mark.parametrize("kind", ["pptx", "docx", "xlsx"])
def test_all_text_stands_within_its_page_and_each_print_bears_the_mark(printed, kind):
    """No word leaves the paper; the mark is on every page of slides and appendix."""
    _, prints, language = printed
    marked = []
    for page in prints[kind]:
        for word in page.words:
            assert word.left >= 0 <= word.top, word
            assert word.right <= page.size[0], word
            assert word.bottom <= page.size[1], word
        marked.append(letters(MARK[language]) in page.letters())
    assert all(marked)


def test_each_slide_is_one_page_with_each_text_in_its_box(printed):
    """A text that is too long would run out of its box, and over the chart or the notes."""
    folder, prints, _ = printed
    slides = list(Presentation(next(folder.glob("*.pptx"))).slides)
    pages = prints["pptx"]
    assert len(pages) == len(slides) == 17
    for slide, page in zip(slides, pages, strict=True):
        assert page.size == SLIDE
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                left, top = shape.left / EMU - 1, shape.top / EMU - 1
                right, bottom = left + shape.width / EMU + 2, top + shape.height / EMU + 2
                inside = page.letters(left, top, right, bottom)
                assert letters(shape.text_frame.text) in inside


@pytest.mark.parametrize("kind", ["pptx", "docx"])
def test_no_number_of_a_table_is_broken(printed, kind):
    """A number such as 14.400 or III/2022 is one word of the print, too; so is why none is there.

    Only a public briefing suppresses, here the English one.
    """
    folder, prints, language = printed
    path = next(folder.glob(f"*.{kind}"))
    if kind == "docx":
        tables = Document(path).tables
    else:
        slides = Presentation(path).slides
        tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    words = Counter(word for text in cells for word in text.split())
    told = {word for word in words if NUMBER.fullmatch(word) or word == "Suppressed"}
    assert len(told) > 50
    assert ("Suppressed" in told) == (language == "en")
    printed_words = Counter(word.text for page in prints[kind] for word in page.words)
    assert {word for word in told if printed_words[word] < words[word]} == set()


def test_no_text_of_a_sheet_stands_on_another(printed):
    """Rows are as high as their texts, columns as wide; charts draw their texts by themselves."""
    _, prints, language = printed
    definition = {"vi": "Địnhnghĩa", "en": "Definition"}[language]
    pages = [page for page in prints["xlsx"] if definition in page.letters()]
    assert pages
    for page in pages:
        words = sorted(page.words, key=lambda word: word.top)
        for place, one in enumerate(words):
            for other in words[place + 1 :]:
                wide = min(one.right, other.right) - max(one.left, other.left)
                assert wide <= 0 or other.top > one.bottom - 3, (one, other)


def test_the_appendix_is_numbered_from_its_second_page_on_paper_of_a4(printed):
    """The number stands at the middle of the top; all its paragraphs are printed."""
    folder, prints, _ = printed
    for number, page in enumerate(prints["docx"], start=1):
        assert page.size == A4
        head = [word for word in page.words if word.bottom < 60 and word.text == str(number)]
        assert len(head) == (number > 1)
        assert all(abs((word.left + word.right) / 2 - A4[0] / 2) < 30 for word in head)
    text = "".join(page.letters() for page in prints["docx"])
    for paragraph in Document(next(folder.glob("*.docx"))).paragraphs:
        assert letters(paragraph.text) in text


def test_each_sheet_of_the_workbook_is_one_page_wide(printed):
    """Each word of its header is on one page; in a narrow column they stand below each other."""
    folder, prints, _ = printed
    pages = [page.letters() for page in prints["xlsx"]]
    book = openpyxl.load_workbook(next(folder.glob("*.xlsx")), read_only=True)
    assert len(book.worksheets) > 3
    for sheet in book.worksheets:
        first = next(sheet.iter_rows(values_only=True), ())  # a sheet of charts has no row
        # The column of marks is not printed: they stand on each page.
        header = " ".join(name for name in first if name not in (None, "Mark", "Ghi chú")).split()
        assert any(all(word in page for word in header) for page in pages), sheet.title
