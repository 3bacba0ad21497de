"""Models, drives, partner activities and commendations in a briefing, in sentence and table."""

import re

import openpyxl
import pandas as pd
import pytest
from docx import Document
from pptx import Presentation
from pptx.util import Inches, Pt

from antq_helpers import load_communes, load_records, load_tables, reproduce, select, write_briefing
from antq_helpers.briefing.pack import stamp_in
from antq_helpers.briefing.pages import PagePicture, TextTable, compose
from antq_helpers.briefing.sections import add_sections, check_sections
from antq_helpers.drawing.figure import draw, stamp_of, tabulate, write_picture
from antq_helpers.measuring.lookback import window_on
from antq_helpers.reading.load import DataNote
from tests.directions import contradictions
from tests.quick import SAMPLE

TABLES = load_tables()
MOVEMENT = ["models", "drives", "partner_activities", "commendations"]
LAST_YEAR = "same_period_last_year"


def pages_of(tables, period="2022", language="vi", against=LAST_YEAR, records=SAMPLE):
    """Compose the pages of some tables, by title of the sheet."""
    window = window_on(records, period, "internal")
    briefing = compose(window, communes=(), language=language)
    before = len(briefing.pages)
    briefing = add_sections(briefing, check_sections(tables, "internal", language), against)
    return briefing, briefing.pages[before:]


def page_of(name, table, period="2022", language="vi", **told):
    """Compose the page of one table."""
    (page,) = pages_of({name: table}, period, language, **told)[1]
    return page


def shown(page):
    """Return the table of a page as lists, its header first."""
    (table,) = page.all_of(TextTable)
    return [list(table.data.columns), *table.data.values.tolist()]


def models(*rows):
    """Return a table of models: kind, since, until and count."""
    table = pd.DataFrame(rows, columns=["kind", "since", "until", "count"])
    days = {name: pd.to_datetime(table[name]) for name in ("since", "until")}
    return table.assign(commune="Tuy Lộc", source="reported", place="yen-bai", **days)


def rows_of(columns, *rows):
    """Return a table of reported rows with a commune."""
    table = pd.DataFrame(rows, columns=columns.split()).assign(source="reported")
    return table.assign(year=table["year"].astype("Int64"))


OWN = models(
    ("camera", "2020-05-01", None, 3),
    ("camera", "2022-02-01", None, 2),
    ("zalo", "2019-01-01", "2022-06-30", 1),
    ("zalo", "2023-01-01", None, 4),
)


def test_models_are_a_stock_with_what_began_and_ended():
    """Worked out by hand: 3 + 2 run at the end, 3 + 1 a year before; one ended, four are later."""
    page = page_of("models", OWN)
    assert page.sentences == (
        "Tính đến ngày 31/12/2022, đang duy trì 5 mô hình phòng, chống tội phạm, nhiều hơn 1 mô "
        "hình so với ngày 31/12/2021 (4 mô hình).",
        "Mô hình ra mắt mới trong năm 2022: 2; kết thúc: 1.",
        "Theo loại mô hình: Camera an ninh (5).",
    )
    assert shown(page) == [
        [
            "Loại mô hình",
            "31/12/2022",
            "31/12/2021",
            "31/12/2021\nTăng (+), giảm (−)",
            "Ra mắt mới",
            "Kết thúc",
        ],
        ["Camera an ninh", "5", "3", "+2", "2", "0"],
        ["Zalo an ninh", "0", "1", "−1", "0", "1"],
        ["Cộng", "5", "4", "+1", "2", "1"],
    ]
    assert page.notes == (
        "Chưa tính 4 mô hình bắt đầu sau ngày 31/12/2022 hoặc không rõ ngày bắt đầu.",
        "Nguồn số liệu của bảng này: Đã báo cáo.",
    )


@pytest.mark.parametrize(
    ("against", "other", "change"),
    [(LAST_YEAR, "2021-06-30", "1 more"), ("previous_period", "2022-05-31", "1 fewer")],
)
def test_models_of_a_month_are_compared_with_the_period_asked_for(against, other, change):
    """On 30 June one has just ended: 5 run, 4 a year before, 6 at the end of May."""
    page = page_of("models", OWN, "2022-06", "en", against=against)
    assert page.sentences[0].startswith(
        f"Community-safety models running on 2022-06-30: 5, {change}"
    )
    assert f"than on {other}" in page.sentences[0]
    assert page.sentences[1] == "Models that began, June 2022: none; that ended: 1."


def test_models_of_a_period_that_runs_on_are_those_of_today(monkeypatch):
    """And they are set beside the same day of the year before."""
    monkeypatch.setattr(pd.Timestamp, "today", staticmethod(lambda: pd.Timestamp(2022, 5, 10, 9)))
    page = page_of("models", OWN)
    assert "ngày 10/05/2022, đang duy trì 6 mô hình" in page.sentences[0]
    assert "so với ngày 10/05/2021 (4 mô hình)" in page.sentences[0]
    assert (
        "trong thời gian từ 01/01/2022 đến 10/05/2022: 2; kết thúc: không có" in page.sentences[1]
    )


def test_drives_are_told_by_kind_and_manner():
    """Years that are later, or not stated, are left out, and that is said."""
    table = rows_of(
        "year kind manner count",
        (2022, "commune", "concentrated", 4), (2022, "body", "regular", 3),
        (2021, "commune", "concentrated", 9), (2023, "body", "regular", 50),
        (None, "body", "regular", 6),
    )  # fmt: skip
    page = page_of("drives", table)
    assert page.sentences == (
        "Năm 2022, tổ chức vận động quần chúng tại 7 lượt địa bàn, ít hơn 2 lượt địa bàn so với "
        "năm 2021 (9 lượt địa bàn).",
        "Theo loại địa bàn: Xã, phường (4), Cơ quan, doanh nghiệp, cơ sở giáo dục (3).",
        "Theo hình thức: Tập trung (4), Thường xuyên (3).",
    )
    assert [row[1:] for row in shown(page)[1:]] == [
        ["4", "9", "−5"], ["3", "0", "+3"], ["7", "9", "−2"], ["4", "9", "−5"], ["3", "0", "+3"],
    ]  # fmt: skip
    assert [row[0] for row in shown(page)[-3:]] == [
        "Cộng", "Trong đó: tập trung", "Trong đó: thường xuyên",
    ]  # fmt: skip
    assert page.notes[:2] == (
        "Chưa tính số liệu của các năm sau 2022: 50.",
        "Chưa tính số liệu không ghi năm: 6.",
    )


def test_leaflets_are_apart_from_activities():
    """They are counted singly; attendances that nobody stated are no zero."""
    columns = "year organisation kind count attendances"
    table = rows_of(
        columns,
        (2022, "youth_union", "mock_trial", 2, 300),
        (2022, "youth_union", "leaflets", 500, None),
        (2022, "Hội Phụ nữ", "training_class", 3, None),
        (2021, "youth_union", "mock_trial", 2, 300),
    )
    page = page_of("partner_activities", table)
    assert shown(page)[1:] == [
        ["Thành Đoàn", "2", "2", "0", "300", "300", "0", "500", "0", "+500"],
        ["Hội Phụ nữ", "3", "0", "+3", "–", "0", "–", "0", "0", "0"],
        ["Cộng", "5", "2", "+3", "300", "300", "0", "500", "0", "+500"],
    ]
    assert page.sentences[2].endswith("có 300 lượt người dự, bằng năm 2021.")
    assert page.sentences[4].endswith("nhiều hơn 500 tờ rơi so với năm 2021 (0 tờ rơi).")
    assert page.notes[0] == "Hoạt động không ghi lượt người dự: 3 (2022)."
    only = page_of("partner_activities", table[table["kind"] == "leaflets"])
    assert only.sentences[0] == (
        "Năm 2022, các tổ chức, đoàn thể phát 500 tờ rơi; bảng không có số liệu năm 2021 để so "
        "sánh."
    )
    assert not only.all_of(PagePicture)


def test_of_more_organisations_than_colours_the_smallest_are_drawn_among_the_others():
    """Two of them would look the same; the note below the bars names whom "other" includes."""
    counts = {"Hội Nông dân": 2, "youth_union": 5, "fatherland_front": 3, "other": 1,
              "veterans_association": 4}  # fmt: skip
    rows = [(2022, name, "mock_trial", count, 10) for name, count in counts.items()]
    table = rows_of("year organisation kind count attendances", *rows)
    (picture,) = page_of("partner_activities", table).all_of(PagePicture)
    drawn = tabulate(table, picture.view)
    assert drawn.set_index("organisation")["count"].to_dict() == {
        "youth_union": 5, "veterans_association": 4, "fatherland_front": 3, "other": 3,
    }  # fmt: skip
    ax = draw(table, picture.view).axes[0]
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert f"“{legend[-1]}” gồm cả: Hội Nông dân." in ax.get_xlabel()
    few = tabulate(table[table["organisation"] != "Hội Nông dân"], picture.view)
    assert few.set_index("organisation")["count"]["other"] == 1
    assert not few["others"].any()


def test_commendations_are_told_by_recipient_authority_and_award():
    """Of the years that are stated; by the ministry first, whatever the order of rows."""
    table = rows_of(
        "year authority award recipient count",
        (2022, "city_chair", "certificate_of_commendation", "individual", 7),
        (2022, "ministry", "emulation_flag", "collective", 1),
        (2021, "city_chair", "certificate_of_commendation", "collective", 8),
        (None, "ministry", "emulation_flag", "collective", 2),
    )
    page = page_of("commendations", table)
    assert page.sentences == (
        "Năm 2022, có 8 lượt tập thể, cá nhân được khen thưởng, bằng năm 2021.",
        "Theo đối tượng: Tập thể (1), Cá nhân (7).",
        "Theo cấp khen thưởng: Bộ Công an (1), Chủ tịch UBND thành phố (7).",
        "Theo hình thức khen thưởng: Cờ thi đua (1), Giấy khen (7).",
    )
    assert shown(page)[1:] == [
        ["Bộ Công an: Cờ thi đua", "1", "0", "+1", "0", "0", "0", "1", "0", "+1"],
        ["Chủ tịch UBND thành phố: Giấy khen", "0", "8", "−8", "7", "0", "+7", "7", "8", "−1"],
        ["Cộng", "1", "8", "−7", "7", "0", "+7", "8", "8", "0"],
    ]
    assert page.notes[0] == "Chưa tính số liệu không ghi năm: 2."


def test_commendations_without_any_year_say_so():
    """As the printed ones: 178 collectives and 241 individuals, compared with nothing."""
    page = page_of("commendations", TABLES["commendations"])
    assert page.sentences[0] == (
        "Theo bảng không ghi năm, có 419 lượt tập thể, cá nhân được khen thưởng."
    )
    assert page.sentences[1] == "Theo đối tượng: Tập thể (178), Cá nhân (241)."
    assert shown(page)[-1] == ["Cộng", "178", "241", "419"]
    assert all("Không ghi năm" in head for head in shown(page)[0][1:])
    (picture,) = page.all_of(PagePicture)
    assert picture.view.title == "Khen thưởng. Không ghi năm"
    assert page.notes == ("Nguồn số liệu của bảng này: Đã công bố.",)


@pytest.mark.parametrize("name", MOVEMENT)
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("period", ["2022", "2022-03", "2022-Q1", "2022-to-09", "2020-to-2022"])
def test_each_sentence_has_the_numbers_of_its_table(name, language, period):
    """The first one those of the last row, and no word of more or fewer against them."""
    page = page_of(name, TABLES[name], period, language)
    rows = {row[0]: row[1:] for row in shown(page)[1:]}
    total = rows["Cộng" if language == "vi" else "Total"]
    told = page.sentences[0].rstrip(".")
    if name == "commendations":
        assert total[2] in told
    else:
        now, before, change = total[:3]
        assert re.search(rf"\b{re.escape(now)}\b.*\b{re.escape(before)}\b", told) or change == "0"
        assert change.strip("+−") in told or change == "0"
        rise = ("nhiều hơn" if language == "vi" else "more") in told
        assert rise == change.startswith("+")
    for sentence in page.sentences[1:]:  # parts add up to one of the totals
        parts = re.findall(r" \(([\d.,]+)\)(?=[,.])", sentence)
        added = sum(int(re.sub(r"\D", "", part)) for part in parts)
        if re.match("Theo|By", sentence):
            assert f"{added}" in [re.sub(r"\D", "", text) for text in total]
    assert contradictions(" ".join(page.sentences)) == []
    assert not re.search(r"[{}]|nan|None", " ".join([*page.sentences, *page.notes]))


@pytest.mark.parametrize("name", MOVEMENT[1:3])
def test_a_month_has_the_table_of_its_year_and_says_so(name):
    """Drives and activities bear no month."""
    year, month = page_of(name, TABLES[name]), page_of(name, TABLES[name], "2022-03")
    assert year.sentences == month.sentences
    assert shown(year) == shown(month)
    assert set(month.notes) - set(year.notes) == {
        "Bảng này ghi theo năm, không tách được tháng 3/2022: số liệu là của năm 2022, tính đến "
        "khi lập bảng."
    }


@pytest.mark.parametrize("name", MOVEMENT)
def test_a_table_without_rows_of_the_period_says_so(name):
    """With what the other period had, and no picture; without a row at all no table either."""
    table = TABLES[name]
    if name == "commendations":
        table = table.assign(year=pd.array([2021] * len(table), dtype="Int64"))
    earlier = (
        table[table["since"] > "2023-01-01"] if name == "models" else table[table["year"] == 2021]
    )
    page = page_of(name, earlier)
    assert re.fullmatch(
        r"Bảng “.+” không có số liệu (năm 2022|đến ngày 31/12/2022)\.", page.sentences[0]
    )
    assert not page.all_of(PagePicture)
    if name != "models":
        assert shown(page)[-1][1] == "–"
        assert shown(page)[-1][2] not in ("–", "0")
    for nothing in (table.head(0), pd.DataFrame(columns=table.columns)):
        page = page_of(name, nothing)
        assert "không có số liệu" in page.sentences[0]
        assert page.blocks == ()


@pytest.mark.parametrize(
    ("language", "message"), [("vi", "chỉ dùng cho tài liệu nội bộ"), ("en", "are not protected")]
)
def test_the_public_gets_no_such_table(tmp_path, language, message):
    """Nothing hides their small counts, and nothing is written."""
    told = {"period": "2022", "audience": "public", "language": language, "tables": TABLES}
    with pytest.raises(ValueError, match=message):
        write_briefing(SAMPLE, tmp_path / "a", **told)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"models": TABLES["drives"]}, r'tables\["models"\].*: cột since, until thiếu'),
        ({"drives": None, "models": "file.xlsx"}, r'tables\["models"\].*kind, since, until, count'),
        ({"drives": SAMPLE}, r'tables\["drives"\].*kind, manner, count'),
        (
            {"drives": TABLES["drives"].astype({"year": str})},
            r'tables\["drives"\].*year thiếu hoặc',
        ),
        ({"drives": TABLES["drives"].assign(count=-1)}, r'tables\["drives"\].*: cột count'),
        ({"models": OWN.assign(since="2020")}, r'tables\["models"\].*: cột since'),
        ({"drive": TABLES["drives"]}, r"table='drive' is not known\. Use one of: drives"),
    ],
)
def test_what_is_no_such_table_is_named(tables, message):
    """With the columns that are wrong."""
    with pytest.raises(ValueError, match=message):
        check_sections(tables, "internal", "vi")


def test_tables_of_another_place_are_named():
    """By their place, or by communes that the records' place does not have."""
    towns = load_communes(boundaries=2020).head(3).assign(name=["An", "Bình", "Cát"])
    elsewhere = pd.DataFrame(
        {
            "commune": ["An"],
            "period_start": ["2022-01-01"],
            "period_end": ["2022-12-31"],
            "tips": [5],
        }
    )
    with pytest.warns(DataNote, match="no column"):
        records = load_records(elsewhere, communes=towns)
    for name in ("models", "drives"):
        with pytest.raises(
            ValueError, match=rf'tables\["{name}"\] là của địa bàn khác với báo cáo'
        ):
            page_of(name, TABLES[name], records=records)
    with pytest.raises(ValueError, match=r'tables\["drives"\] is of another place .*: Lạ\. Load'):
        page_of("drives", TABLES["drives"].assign(commune="Lạ"), language="en")


def test_a_choice_of_communes_does_not_cut_the_tables_and_that_is_said():
    """A table of the city beside records of one commune."""
    page = page_of("models", OWN, records=select(SAMPLE, communes=["Tuy Lộc"]))
    assert "Bảng này tính mọi xã, phường, không riêng Tuy Lộc." in page.notes


def test_illustrative_tables_beside_real_records_bear_their_mark():
    """On all pages, as where one row of the records is made up."""
    real = SAMPLE.assign(source="reported")
    assert pages_of({"models": OWN}, records=real)[0].marks == ("LƯU HÀNH NỘI BỘ",)
    marks = pages_of({"drives": TABLES["drives"]}, records=real)[0].marks
    assert marks == ("SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA", "LƯU HÀNH NỘI BỘ")


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """Give a pack with all tables, and leave these as they were."""
    before = {name: table.copy() for name, table in TABLES.items()}
    folder = tmp_path_factory.mktemp("sections") / "2022"
    told = {"period": "2022", "audience": "internal", "communes": ["Tuy Lộc"], "tables": TABLES}
    write_briefing(SAMPLE, folder, **told, progress=lambda done, many: None)
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(table, before[name])
    return folder


PICTURES = [f"{place:02d}-{name}" for place, name in enumerate(["committees", *MOVEMENT], 3)]


def test_each_table_has_its_page_in_all_files(pack):
    """The same sentences and numbers in appendix, slides and workbook, after the communes'."""
    _, pages = pages_of(TABLES)
    appendix = Document(pack / "phu-luc.docx")
    texts = [paragraph.text for paragraph in appendix.paragraphs]
    titles = [text for text in texts if re.match(r"[IV]+\. ", text)]
    numbers = ("III", "IV", "V", "VI", "VII")
    assert titles[:2] == ["I. Toàn thành phố", "II. Các xã, phường"]
    assert titles[2:] == [f"{n}. {page.title}" for n, page in zip(numbers, pages, strict=True)]
    slides = list(Presentation(pack / "bao-cao.pptx").slides)[-5:]
    book = openpyxl.load_workbook(pack / "so-lieu.xlsx")
    sheets = ["Ban Chỉ đạo", "Mô hình", "Vận động", "Tổ chức phối hợp", "Khen thưởng"]
    noted = [row[2] for row in book["Định nghĩa, nguồn"].iter_rows(values_only=True)]
    for page, table, slide, sheet in zip(pages, appendix.tables[-5:], slides, sheets, strict=True):
        assert " ".join(page.sentences) in texts
        assert " ".join(page.notes) in texts
        assert set(page.notes) < set(noted)
        assert slide.shapes.title.text == page.sentences[0]
        body = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        assert body == shown(page)[1:]
        (drawn,) = (shape.table for shape in slide.shapes if shape.has_table)
        assert [[cell.text for cell in row.cells] for row in drawn.rows][1:] == body
        if sheet == "Ban Chỉ đạo":
            continue  # no counts
        totals = next(r for r in book[sheet].iter_rows(values_only=True) if r[0] == "Cộng")
        told = [int(text.replace(".", "").replace("−", "-")) for text in shown(page)[-1][1:]]
        assert sheet == "Vận động" or list(totals[1:-1]) == told
    alts = [shape._inline.docPr.get("descr") for shape in appendix.inline_shapes]
    assert "91 mô hình đang duy trì ngày 31/12/2022" in alts[3]


@pytest.mark.parametrize("picture", PICTURES)
def test_each_picture_bears_its_stamp_and_is_drawn_again(pack, picture):
    """From the table that it is of; the shipped one is found by the stamp."""
    path, name = pack / "hinh" / f"{picture}.png", picture[3:]
    stamp = stamp_in(path)
    assert stamp == stamp_of(TABLES[name], stamp.view)
    assert stamp.view.audience == "internal"
    for records in (None, TABLES[name]):
        again = reproduce(path, records)
        assert len(again.alt) > 20
        assert write_picture(again, "png", stamp) == path.read_bytes()
    for kind in ("svg", "pdf"):
        assert stamp_in(path.with_suffix(f".{kind}")) == stamp


def test_a_long_table_leaves_a_slide_its_notes_and_its_bounds(tmp_path):
    """Every authority with every award: what finds no room is in the table, and in the appendix."""
    authorities = ["ministry", "provincial_chair", "provincial_police_director", "city_chair"]
    awards = ["emulation_flag", "certificate_of_merit", "certificate_of_commendation"]
    rows = [(y, a, b, "collective", 2) for y in (2022, 2023) for a in authorities for b in awards]
    table = rows_of("year authority award recipient count", *rows)
    told = {"period": "2022", "audience": "internal", "communes": [], "formats": ["pptx"]}
    folder = write_briefing(SAMPLE, tmp_path / "a", **told, tables={"commendations": table})
    slide = list(Presentation(folder / "bao-cao.pptx").slides)[-1]
    (drawn,) = (shape for shape in slide.shapes if shape.has_table)
    below = next(s for s in slide.shapes if s.has_text_frame and "Chưa tính" in s.text_frame.text)
    lines = below.text_frame.text.splitlines()
    assert lines[-2:] == [
        "Chưa tính số liệu của các năm sau 2022: 24.",
        "Nguồn số liệu của bảng này: Đã báo cáo.",
    ]
    assert drawn.top + drawn.height <= below.top
    assert below.top + len(lines) * Pt(10.5 * 1.2) <= Inches(6.54)


def test_without_tables_a_pack_is_what_it_was(tmp_path):
    """No table, an empty mapping, or records alone: the same bytes."""
    told = {"period": "2022", "audience": "internal", "communes": [], "formats": ["xlsx", "pptx"]}
    files = []
    for place, tables in enumerate((None, {}, {"records": SAMPLE, "drives": None})):
        folder = write_briefing(SAMPLE, tmp_path / str(place), **told, tables=tables)
        files.append([(folder / name).read_bytes() for name in ("bao-cao.pptx", "so-lieu.xlsx")])
    assert files[0] == files[1] == files[2]


def test_the_order_of_tables_changes_nothing():
    """Pages stand in an order of their own."""
    backwards = dict(reversed(TABLES.items()))
    assert [page.title for page in pages_of(backwards)[1]] == [
        page.title for page in pages_of(TABLES)[1]
    ]


def test_sentences_of_a_window_without_the_year_before():
    """A first year is compared with nothing, and that is said."""
    table = TABLES["drives"]
    page = page_of("drives", table[table["year"] == 2022], language="en")
    assert page.sentences[0] == (
        "Localities of mobilisation drives in 2022: 10; the table has no figures in 2021 to "
        "compare with."
    )
    assert shown(page)[-1][1:] == ["10", "–", "–"]
