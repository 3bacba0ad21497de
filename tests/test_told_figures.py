"""What the sentences of a pack tell is what its tables show, and nothing is said over and over."""

import re

import docx
import pptx
import pytest

from antq_helpers import check_file, write_briefing
from tests.quick import SAMPLE
from tests.test_weeks import reports_of, weeks

# Periods, and how many reports or units there are: no figures of a measure.
_NOT_COUNTED = re.compile(
    r"\(từ ngày [\d/]+ đến ngày [\d/]+\)|từ ngày [\d/]+ đến ngày [\d/]+|[Tt]uần \d+ năm \d{4}"
    r"|[Tt]háng \d+/\d{4}|[Qq]uý [IV]+/\d{4}|\d+ tháng (?:đầu|cuối) năm \d{4}|[Nn]ăm \d{4}"
    r"|\d+% số báo cáo phải gửi|\d+/\d+ xã, phường"
)
_NUMBER = re.compile(r"(?<![\w.,])[+−]?\d+(?:\.\d{3})*(?:,\d+)?%?")
_BESIDE = {"Nguồn tin có giá trị": "Tỷ lệ nguồn tin", "Buổi tuyên truyền": "Lượt người dự"}
PERIODS = [
    "2022", *(pytest.param(p, marks=pytest.mark.slow) for p in ("2022-Q3", "2022-09", "public")),
    pytest.param("week", marks=pytest.mark.slow),
]  # fmt: skip


@pytest.fixture(scope="module", params=PERIODS)
def pack(request, tmp_path_factory):
    """Write the slides and the appendix of a year, a quarter, a month and a week."""
    folder = tmp_path_factory.mktemp("pack")
    records, period, audience = SAMPLE, request.param, "internal"
    if period == "public":
        period, audience = "2022", "public"
    elif period == "week":
        period = "2021-W07"
        reports_of(weeks("2020-02-03", 60)).to_csv(folder / "weeks.csv", index=False)
        records = check_file(folder / "weeks.csv").records
    ask = {"period": period, "audience": audience, "formats": ["pptx", "docx"]}
    return write_briefing(records, folder / "pack", **ask)


def pages_of(path):
    """List the pages of an appendix that tell of a place: sentences, and rows of the table."""
    found, sentences = [], ""
    for block in docx.Document(path).iter_inner_content():
        if isinstance(block, docx.table.Table):
            rows = [[cell.text for cell in row.cells] for row in block.rows]
            if rows[0][0] == "Chỉ tiêu":
                found.append((sentences, {row[0]: row[2:] for row in rows[1:]}))
        elif block.text:
            sentences = block.text
    return found


def numbers_of(text):
    """List the figures of a text, without sign and the mark of missing reports."""
    return [n.lstrip("+−") for n in _NUMBER.findall(_NOT_COUNTED.sub(" ", text))]


def test_each_figure_of_the_sentences_stands_in_its_row_of_the_table(pack):
    """Value, value before, difference and per cent; the share, and who attended."""
    pages = pages_of(pack / "phu-luc.docx")
    told = 0
    assert len(pages) == 16  # the city and 15 units
    for sentences, table in pages:
        labels = [name for name in table if name in _ROWS]
        parts = re.split(r"(?<=[.])\s+(?=[A-ZĐ])", sentences)
        for label, sentence in zip(labels, parts, strict=False):
            cells = list(table[label])
            for name, other in _BESIDE.items():
                if label.startswith(name):
                    cells += next((row for key, row in table.items() if key.startswith(other)), [])
            shown = {number for cell in cells for number in numbers_of(cell.replace("°", ""))}
            missing = [number for number in numbers_of(sentence) if number not in shown]
            assert not missing, (sentence, cells)
            told += len(numbers_of(sentence))
    assert told >= 40  # of the five packs 778


_ROWS = (
    "Nguồn tin tiếp nhận", "Nguồn tin có giá trị", "Vụ việc được giúp giải quyết",
    "Buổi tuyên truyền PBGDPL",
)  # fmt: skip


def test_the_sentences_of_slides_are_those_of_the_appendix(pack):
    """The headline is the title, the others stand beside the chart."""
    pages = pages_of(pack / "phu-luc.docx")
    told = " ".join(sentences for sentences, _ in pages)
    slides = pptx.Presentation(pack / "bao-cao.pptx").slides
    titles = [slide.shapes.title.text for slide in slides]
    assert sum(title in told for title in titles) == len(pages)


def test_it_is_said_at_most_three_times_that_nothing_can_be_concluded(pack):
    """And the usual variation of a place at most twice: in its headline, and of all others."""
    slides = pptx.Presentation(pack / "bao-cao.pptx").slides
    texts = [
        [shape.text for shape in slide.shapes if shape.has_text_frame]
        + [c.text for s in slide.shapes if s.has_table for row in s.table.rows for c in row.cells]
        for slide in slides
    ]
    document = docx.Document(pack / "phu-luc.docx")
    written = [p.text for p in document.paragraphs]
    written += [c.text for t in document.tables for row in t.rows for c in row.cells]
    for all_of in ([text for slide in texts for text in slide], written):
        assert " ".join(all_of).casefold().count("chưa đủ cơ sở kết luận") <= 3
    for slide in [" ".join(slide) for slide in texts] + [text for text, _ in pages_of(
        pack / "phu-luc.docx"
    )]:  # fmt: skip
        assert slide.casefold().count("dao động thường thấy") <= 2
        assert slide.count("số báo cáo phải gửi") <= 2
