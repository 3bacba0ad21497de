"""A briefing on disk: whole or not at all, the same bytes, marked, protected, inert."""

import contextlib
import errno
import hashlib
import io
import os
import random
import re
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from docx import Document
from docx.shared import Mm
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfReader

from antq_helpers import load_records, reproduce, select, write_briefing
from antq_helpers.briefing import pack
from antq_helpers.briefing.notes import say_reported
from antq_helpers.briefing.pack import settle_folder, stamp_in
from antq_helpers.briefing.pages import tabulate_place
from antq_helpers.measuring.changes import change_from
from antq_helpers.measuring.lookback import look_back
from antq_helpers.reading.load import DataNote
from tests.quick import SAMPLE, quick_of

MARK, INTERNAL = "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA", "LƯU HÀNH NỘI BỘ"
FEW = ["Tuy Lộc", "Giới Phiên"]


@pytest.fixture(scope="module")
def internal(tmp_path_factory):
    """Give an internal briefing of two communes, in all formats."""
    folder = tmp_path_factory.mktemp("internal") / "2022"
    return write_briefing(SAMPLE, folder, period="2022", audience="internal", communes=FEW)


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """Give a public briefing of a quarter and all communes, without pictures."""
    folder = tmp_path_factory.mktemp("public") / "q3"
    formats = ["pptx", "xlsx"]
    return write_briefing(SAMPLE, folder, period="2022-Q3", audience="public", formats=formats)


def contents(folder):
    """Give the checksum of every file of a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def slides_of(folder):
    """Open the slides."""
    return Presentation(folder / "bao-cao.pptx")


def words_on(slide):
    """Give every word on a slide, those of its tables too."""
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def test_a_briefing_holds_all_its_files(internal):
    """Slides, appendix, workbook, three kinds of pictures, and what tells that it is ours."""
    places = ["toan-thanh-pho", "tuy-loc", "gioi-phien"]
    pictures = {f"hinh/{place}.{kind}" for place in places for kind in ("png", "svg", "pdf")}
    others = {"bao-cao.pptx", "phu-luc.docx", "so-lieu.xlsx", "antq-briefing.json"}
    assert set(contents(internal)) == pictures | others


@pytest.mark.slow
def test_the_same_input_is_the_same_bytes(internal, tmp_path):
    """Every file of it."""
    again = write_briefing(SAMPLE, tmp_path / "b", period="2022", audience="internal", communes=FEW)
    assert contents(again) == contents(internal)


def test_communes_stand_in_official_order(internal):
    """However they were named: Tuy Lộc before Giới Phiên, the city first."""
    titles = [slide.shapes.title.text for slide in slides_of(internal).slides]
    assert [next((n for n in (*FEW, "toàn thành phố") if n in t), "") for t in titles] == [
        "toàn thành phố", "", "Tuy Lộc", "Giới Phiên",
    ]  # fmt: skip


def test_every_slide_bears_the_marks_and_stays_within_its_bounds(internal):
    """Both marks, nothing beyond the edge, an alt text on each chart and table."""
    slides = slides_of(internal)
    for slide in slides.slides:
        assert f"{MARK}  ·  {INTERNAL}" in words_on(slide)
        for shape in slide.shapes:
            assert 0 <= shape.left <= shape.left + shape.width <= slides.slide_width
            assert 0 <= shape.top <= shape.top + shape.height <= slides.slide_height + Emu(9525)
            if shape.has_chart or shape.has_table:
                assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 20


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ([], "Tất cả xã, phường báo cáo đủ ở kỳ này và các kỳ so sánh."),
        ([("Tuy Lộc", 2021)], "Báo cáo chưa đủ: năm 2021 (Tuy Lộc)."),
        (
            [("Tuy Lộc", 2021), ("Âu Lâu", 2022), ("Yên Ninh", 2022)],
            "Báo cáo chưa đủ: năm 2022 (Yên Ninh, Âu Lâu); năm 2021 (Tuy Lộc).",
        ),
    ],
)
def test_one_missing_month_is_said_in_each_period_that_a_page_compares(gone, said):
    """Eleven months of twelve are not all of them, in the year before either."""
    whole = select(SAMPLE, years=(2021, 2022)).copy()
    counts = ["tips", "valuable_tips", "resolved_cases", "sessions", "attendances"]
    whole[counts] = whole[counts].fillna(0)
    for name, year in gone:
        march = whole["period_start"] == pd.Timestamp(year, 3, 1)
        whole = whole[~((whole["commune"] == name) & march)]
    assert say_reported(look_back(whole, "2022"), tuple(counts), "vi") == said


def test_a_period_without_any_report_is_said():
    """Nothing of 2021: the note must not say that all reported in the periods compared."""
    only = select(SAMPLE, years=(2022, 2022))
    told = say_reported(look_back(only, "2022"), ("tips",), "vi")
    assert told == "Báo cáo chưa đủ: năm 2021 (không có báo cáo)."


def test_a_chart_can_be_edited_and_holds_the_numbers(internal):
    """Tuy Lộc's tips of ten years, in the workbook that its chart opens."""
    slide = slides_of(internal).slides[2]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    expected = SAMPLE[SAMPLE["commune"] == "Tuy Lộc"].groupby("year")["tips"].sum()
    assert list(chart.plots[0].series[0].values) == expected.tolist()
    inside = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    column = [row[1] for row in inside.iter_rows(min_row=2, values_only=True)]
    assert column == expected.tolist()


def test_the_appendix_is_laid_out_as_the_decree_asks(internal):
    """Decree 30/2020/NĐ-CP: paper, margins, face, page numbers, the appendix's heading."""
    text = Document(internal / "phu-luc.docx")
    section = text.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert Mm(20) <= section.top_margin <= Mm(25)
    assert Mm(20) <= section.bottom_margin <= Mm(25)
    assert Mm(30) <= section.left_margin <= Mm(35)
    assert Mm(15) <= section.right_margin <= Mm(20)
    assert text.styles["Normal"].font.name == "Times New Roman"
    assert text.styles["Normal"].font.size.pt == 13
    assert [p.text for p in text.paragraphs[:4]] == [
        "Phụ lục",
        "PHONG TRÀO TOÀN DÂN BẢO VỆ AN NINH TỔ QUỐC",
        "NĂM 2022",
        "(Kèm theo Báo cáo số …/BC-… ngày … tháng … năm … của …)",
    ]
    assert section.different_first_page_header_footer
    assert 'w:instr="PAGE"' in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    for head in (section.header, section.first_page_header):
        assert INTERNAL in " ".join(p.text for p in head.paragraphs)
    body = next(p for p in text.paragraphs if "534 nguồn tin" in p.text)
    assert 10 <= body.paragraph_format.first_line_indent.mm <= 12.8
    described = re.findall(r'<wp:docPr[^>]*descr="([^"]+)"', text.element.xml)
    assert len(described) == 3
    assert all(alt.startswith(MARK) for alt in described)
    assert [p.text for p in text.paragraphs if p.text.startswith("Hình")] == [
        f"Hình {number}. Nguồn tin tiếp nhận, vụ việc được giúp giải quyết: {place}"
        for number, place in enumerate(["Toàn thành phố", "Xã Tuy Lộc", "Xã Giới Phiên"], 1)
    ]


def test_spelling_is_checked_in_the_language_of_the_text(internal):
    """Vietnamese, in every run of a slide and in the styles of the appendix."""
    for slide in slides_of(internal).slides:
        assert set(slide.element.xpath("//a:rPr/@lang")) == {"vi-VN"}
    styles = Document(internal / "phu-luc.docx").styles.element
    assert styles.xpath("//w:lang/@w:val") == ["vi-VN"]


@pytest.mark.slow
def test_columns_of_a_chart_say_why_they_are_hollow_or_not_there(public, tmp_path):
    """A quarter that one commune missed is hollow; 0 is written; what is hidden is listed."""
    gone = (SAMPLE["commune"] == "Âu Lâu") & SAMPLE["period_end"].between(
        "2021-07-01", "2021-09-30"
    )
    folder = quick(
        tmp_path / "a", records=SAMPLE[~gone], period="2022-Q3", communes=["Âu Lâu"],
        formats=["pptx"],
    )  # fmt: skip
    city, _, commune = slides_of(folder).slides
    chart = next(shape.chart for shape in city.shapes if shape.has_chart)
    categories = list(chart.plots[0].categories)
    hollow = chart.plots[0].series[0]._element.xpath("c:dPt/c:idx/@val")
    assert [categories[int(place)] for place in hollow] == ["Quý III/2021"]
    assert (
        "Cột không tô màu: kỳ nhận chưa đủ 90% báo cáo, hoặc có đơn vị chưa báo cáo."
        in words_on(city)
    )
    assert "Không có cột vì chưa báo cáo: Quý III/2021." in words_on(commune)
    window = look_back(SAMPLE, "2022-Q3", audience="public")
    cases = window.totals[window.totals["measure"] == "resolved_cases"]
    many = cases[cases["commune"] == "Tuy Lộc"]["state"].eq("hidden").sum()
    assert many > 4
    slide = next(s for s in slides_of(public).slides if "Tuy Lộc" in s.shapes.title.text)
    said = f"({many}/{len(window.periods)} kỳ)"
    assert said in words_on(slide).split("Không có cột vì không công bố (số nhỏ): ")[1]


def test_a_zero_in_a_chart_is_written_where_few_numbers_are(internal):
    """Of the second and third measure over ten years only the zeros have a number."""
    slide = slides_of(internal).slides[2]
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    for series in chart.plots[0].series:
        zeros = [place for place, value in enumerate(series.values) if value == 0]
        labelled = [int(v) for v in series._element.xpath("c:dLbls/c:dLbl/c:idx/@val")]
        assert labelled == (zeros if series is not chart.plots[0].series[0] else [])


def test_the_workbook_is_tidy_and_in_numbers(internal):
    """One table a sheet from A1, nothing merged, one page wide, numbers to compute with."""
    book = openpyxl.load_workbook(internal / "so-lieu.xlsx")
    assert book.sheetnames == [
        "So sánh", "Biểu đồ", "Theo đơn vị", "Theo kỳ", "Chưa báo cáo", "Định nghĩa, nguồn",
    ]  # fmt: skip
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert INTERNAL in sheet.oddHeader.center.text
        assert sheet.title == "Biểu đồ" or sheet["A1"].value
    rows = list(book["Theo kỳ"].iter_rows(min_row=2, values_only=True))
    tips = {row[1]: row[4] for row in rows if row[:1] == ("Xã Tuy Lộc",) and row[3] == "tin"}
    assert tips["2022"] == 7  # the last measure in tips: valuable ones
    assert {row[8] for row in rows} == {f"{MARK}; {INTERNAL}"}
    assert book["So sánh"]["B2"].value == 23
    assert book["So sánh"]["D2"].value == -10
    shares = [row for row in rows if row[0] == "Toàn thành phố" and row[3] == "%"]
    at_places = book["Theo đơn vị"]
    (share,) = (row for row in at_places.iter_rows(max_row=8) if row[2].value == "%")
    assert share[3].value == shares[-1][4] == 35.6  # 190 of 534
    assert (share[3].number_format, share[4].number_format) == ('#,##0.0"%"', '#,##0.0"%°"')


def test_a_share_alone_has_its_charts_and_tables(tmp_path):
    """Of no count: its columns in per cent with one decimal, in slides and workbook."""
    folder = quick(tmp_path / "a", measures=["valuable_share"], formats=["pptx", "xlsx"])
    slide = slides_of(folder).slides[0]
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    assert chart.plots[0].series[0].values[-1] == pytest.approx(35.58, abs=0.01)  # 190 of 534
    assert chart.value_axis.tick_labels.number_format == "#,##0.0"
    with zipfile.ZipFile(folder / "so-lieu.xlsx") as archive:
        assert len([name for name in archive.namelist() if "charts/chart" in name]) == 2


@pytest.mark.slow
def test_every_file_can_be_traced_back_and_made_again(internal):
    """The stamp of each says the view and the data, and draws the same picture."""
    files = [*internal.glob("*.*x"), *(internal / "hinh").glob("tuy-loc.*")]
    assert len(files) == 6
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in files:
            picture = reproduce(path, SAMPLE)
            assert picture.alt.startswith(MARK)
    assert stamp_in(internal / "hinh" / "tuy-loc.png").view.communes == ("Tuy Lộc",)
    assert stamp_in(internal / "bao-cao.pptx").view.communes == tuple(FEW)
    assert "/Keywords" in PdfReader(internal / "hinh" / "tuy-loc.pdf").metadata


def test_other_data_and_another_version_are_said(internal, monkeypatch):
    """And the picture is drawn all the same."""
    path = internal / "hinh" / "tuy-loc.png"
    with pytest.warns(DataNote, match="không phải là số liệu đã dùng"):
        reproduce(path, SAMPLE[SAMPLE["year"] > 2015])
    monkeypatch.setattr("antq_helpers.drawing.figure.version", lambda name: "9.9.9")
    with pytest.warns(DataNote, match=r"phiên bản 0\.1\.0, nay là 9\.9\.9"):
        reproduce(path, SAMPLE)


@pytest.mark.parametrize("name", ["a.png", "a.svg", "a.pdf", "a.pptx", "a.xlsx", "a.txt"])
def test_a_file_without_a_stamp_is_said_to_have_none(tmp_path, name):
    """Whatever is in it."""
    (tmp_path / name).write_bytes(b"nothing of ours")
    with pytest.raises(ValueError, match="bears no stamp of ours that can be read"):
        reproduce(tmp_path / name, SAMPLE)


@pytest.mark.parametrize("kind", ["png", "pdf", "pptx", "docx", "xlsx"])
def test_a_damaged_file_bears_no_stamp_and_raises_nothing_else(internal, tmp_path, kind):
    """Thirty damages each: the stamp is read as it was, or refused in words."""
    chance = random.Random(kind)
    sound = next(internal.rglob(f"*.{kind}")).read_bytes()
    for _ in range(30):
        changed = bytearray(sound)
        for _ in range(3):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        (tmp_path / f"a.{kind}").write_bytes(changed)
        with contextlib.suppress(ValueError):
            assert stamp_in(tmp_path / f"a.{kind}").view.period == "2022"


def test_what_a_packed_part_says_of_its_size_is_not_believed(tmp_path):
    """A hundred megabytes that call themselves a thousand bytes are not unpacked."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("docProps/custom.xml", b" " * 100_000_000)
    content = bytearray(archive.getvalue())
    size = content.rindex(b"PK\1\2") + 24
    content[size : size + 4] = (1000).to_bytes(4, "little")
    (tmp_path / "a.docx").write_bytes(content)
    tracemalloc.start()
    with pytest.raises(ValueError, match="bears no stamp of ours"):
        stamp_in(tmp_path / "a.docx")
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_the_public_finds_no_small_count_in_any_part_of_a_file(public):
    """Neither on a slide, nor in the workbook inside a chart, nor in the workbook itself."""
    window = look_back(SAMPLE, "2022-Q3", audience="public")
    state = window.totals.set_index(["commune", "measure", "period"])["state"]
    assert state.xs("tips", level="measure").eq("hidden").any()
    for slide in slides_of(public).slides:
        assert "Bản công bố" in words_on(slide)
        assert INTERNAL not in words_on(slide)
        for shape in slide.shapes:
            if shape.has_chart:
                for series in shape.chart.plots[0].series:
                    assert not [v for v in series.values if v is not None and 0 < v < 5]
                blob = shape.chart.part.chart_workbook.xlsx_part.blob
                rows = openpyxl.load_workbook(io.BytesIO(blob)).active.iter_rows(
                    min_row=2, min_col=2, values_only=True
                )
                assert not [v for row in rows for v in row if v is not None and 0 < v < 5]
    book = openpyxl.load_workbook(public / "so-lieu.xlsx")
    rows = list(book["Theo kỳ"].iter_rows(min_row=2, values_only=True))
    counts = [row for row in rows if row[3] in ("tin", "vụ", "buổi")]
    assert not [row for row in counts if row[4] is not None and 0 < row[4] < 5]
    hidden = [row for row in rows if row[7] == "Không công bố (số nhỏ)"]
    assert len(hidden) > 100
    assert all(row[4] is row[5] is row[6] is None for row in hidden)


def test_a_release_that_fails_its_audit_is_not_written(tmp_path, monkeypatch):
    """A hidden count whose range is narrower than promised stops all of it."""
    narrow = pd.DataFrame({"safe": [True, False]})
    monkeypatch.setattr(pack, "audit", lambda release: narrow)
    with pytest.raises(RuntimeError, match="nothing was written"):
        quick(tmp_path / "a", audience="public")
    assert not (tmp_path / "a").exists()
    quick(tmp_path / "a")


def test_an_audience_is_always_said(tmp_path):
    """It is never assumed."""
    with pytest.raises(TypeError, match="audience"):
        write_briefing(SAMPLE, tmp_path / "a", period="2022")
    with pytest.raises(
        ValueError, match=r"audience='all' is not known\. Use one of: internal, public"
    ):
        write_briefing(SAMPLE, tmp_path / "a", period="2022", audience="all")
    assert not (tmp_path / "a").exists()


def quick(folder, records=SAMPLE, **told):
    """Write a small briefing."""
    return write_briefing(
        records, folder, **{"period": "2022", "audience": "internal", "communes": ["Tuy Lộc"],
        "formats": ["xlsx"], **told},
    )  # fmt: skip


@pytest.mark.slow
def test_nothing_is_overwritten_unless_told(tmp_path):
    """An earlier briefing stays; other files are never touched."""
    folder = quick(tmp_path / "a")
    before = contents(folder)
    with pytest.raises(FileExistsError, match="đã có tài liệu; chưa ghi gì"):
        quick(folder, communes=["Âu Lâu"])
    assert contents(folder) == before
    quick(folder, communes=["Âu Lâu"], overwrite=True)
    assert contents(folder) != before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="không phải tài liệu của chương trình"):
        quick(tmp_path / "mine", overwrite=True)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"


@pytest.mark.slow
def test_a_link_to_a_folder_stays_one(tmp_path):
    """What it points at is replaced."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    for _ in range(2):
        quick(tmp_path / "link", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "so-lieu.xlsx").is_file()
    assert sorted(os.listdir(tmp_path)) == ["link", "real"]


@pytest.mark.parametrize("number", quick_of([errno.ENOSPC, errno.EACCES], 1))
def test_what_can_not_be_written_leaves_nothing_half_done(tmp_path, monkeypatch, number):
    """A full disk, a folder without permission: a clear message, the earlier briefing whole."""
    folder = quick(tmp_path / "a")
    before = contents(folder)

    def fail(self, content):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match=r"Không ghi được vào a: .* tài liệu cũ còn nguyên"):
        quick(folder, overwrite=True)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


KILLER = """
import os, random, signal, sys, time
from antq_helpers import load_records, write_briefing
records = load_records()
folder = sys.argv[1]
told = dict(period="2022", audience="internal", formats=["xlsx"], overwrite=True)
for _ in range(2):  # the second time nothing has to be loaded any more
    began = time.monotonic()
    write_briefing(records, folder, communes=["Tuy Lộc"], **told)
    whole = time.monotonic() - began
draw = random.Random(7)
killed = turn = 0
while killed < int(sys.argv[2]) and turn < 200:  # on a busy machine the clock is a poor guess
    turn += 1
    child = os.fork()
    if not child:
        write_briefing(records, folder, communes=[["Tuy Lộc"], ["Âu Lâu"]][turn % 2], **told)
        os._exit(0)
    time.sleep(draw.uniform(0, 1) * whole)
    os.kill(child, signal.SIGKILL)
    killed += os.waitpid(child, 0)[1] == signal.SIGKILL
    print(turn, sorted(os.listdir(folder)) if os.path.isdir(folder) else "moved", flush=True)
print("killed", killed)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork")
@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_a_whole_briefing(tmp_path):
    """Each time a writer is killed, the folder is an earlier or the new one."""
    folder, kills = tmp_path / "a", 50
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLER, str(folder), str(kills)],
        capture_output=True, text=True, check=True, timeout=200,
    )  # fmt: skip
    *turns, killed = done.stdout.splitlines()
    assert int(killed.split()[1]) == kills
    whole = "['antq-briefing.json', 'so-lieu.xlsx']"
    assert all(turn.endswith((whole, "moved")) for turn in turns)
    settle_folder(folder, overwrite=True, language="vi")
    written = {stamp_in(folder / "so-lieu.xlsx").view.communes}
    assert written <= {("Tuy Lộc",), ("Âu Lâu",)}
    with zipfile.ZipFile(folder / "so-lieu.xlsx") as archive:
        assert archive.testzip() is None


@pytest.mark.slow
def test_names_that_are_formulas_or_markup_are_inert(tmp_path):
    """A commune called =1+1, a tag or a formula: text in every format, no folder of its own."""
    from antq_helpers import load_communes

    towns = load_communes(boundaries=2020).head(5).copy()
    odd = ["=1+1", "<b>x</b>&", "../../up", r"$\frac{1$ A", "CON"]
    names = dict(zip(towns["name"], odd, strict=True))
    towns["name"] = towns["name"].map(names)
    rows = select(SAMPLE, communes=list(names), years=(2021, 2022))
    plain = rows.drop(columns=["commune_id", "boundaries", "file"], errors="ignore")
    plain = plain.assign(commune=rows["commune"].map(names), source="reported")
    plain.to_csv(tmp_path / "r.csv", index=False)
    records = load_records(tmp_path / "r.csv", communes=towns)
    folder = write_briefing(
        records, tmp_path / "out", period="2022", audience="internal",
        formats=["pptx", "docx", "xlsx", "png", "svg"],
    )  # fmt: skip
    assert {path.parent for path in folder.rglob("*.png")} == {folder / "hinh"}
    assert {"1-1.png", "con-.png"} < {path.name for path in folder.rglob("*.png")}
    with zipfile.ZipFile(folder / "so-lieu.xlsx") as archive:
        sheets = [archive.read(n) for n in archive.namelist() if "worksheets/sheet" in n]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert all(b"<b>x" not in path.read_bytes() for path in folder.rglob("*.svg"))
    assert any("<b>x</b>&" in words_on(slide) for slide in slides_of(folder).slides)
    assert MARK not in words_on(slides_of(folder).slides[0])


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_a_year_to_date_is_told_where_none_of_its_quarters_is_hidden(audience):
    """Summed around a hidden quarter it would be another number, and less the others tell it."""
    window = look_back(SAMPLE, "2022-Q3", audience=audience)
    tips = window.totals.query("measure == 'tips' and commune != ''")
    days = SAMPLE["period_end"].between("2022-01-01", "2022-09-30")
    reported = SAMPLE[days].groupby("commune")["tips"].sum()
    told = {}
    for unit, rows in tips.groupby("commune_id"):
        held = [change_from(window, "tips", "previous_period", (unit,))]
        told[rows["commune"].iloc[0]] = tabulate_place(window, held, "en")["Year to date"].item()
    quarters = tips[tips["period"].isin(["2022-Q1", "2022-Q2", "2022-Q3"])]
    hidden = set(quarters.loc[quarters["state"] == "hidden", "commune"])
    assert {name for name, cell in told.items() if cell == "Suppressed"} == hidden
    assert (len(hidden) > 3) == (audience == "public")
    for name in told.keys() - hidden:
        assert told[name].rstrip("°") == str(reported[name])
