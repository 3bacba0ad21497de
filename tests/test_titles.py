"""The titles above a table, or the names of sheet and file, say its period, commune and measure."""

import pytest

from antq_helpers.reading.load import check_file
from tests.books import asides, book, dated, faults, figures
from tests.quick import quick_of

HEADER = ["Xã, phường", "Nguồn tin"]
ROW = ["Tuy Lộc", 12]
QUARTER = ("2022-01-01", "2022-03-31")


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("Quý I năm 2022", *QUARTER),
        ("BÁO CÁO QUÝ II/2022", "2022-04-01", "2022-06-30"),
        ("Quý 4-2022", "2022-10-01", "2022-12-31"),
        ("6 tháng đầu năm 2022", "2022-01-01", "2022-06-30"),
        ("Sáu tháng đầu năm 2022", "2022-01-01", "2022-06-30"),
        ("6 tháng cuối năm 2022", "2022-07-01", "2022-12-31"),
        ("9 tháng đầu năm 2022", "2022-01-01", "2022-09-30"),
        ("Tháng 3/2022", "2022-03-01", "2022-03-31"),
        ("Tháng 02 năm 2020", "2020-02-01", "2020-02-29"),
        ("Kết quả năm 2022", "2022-01-01", "2022-12-31"),
        ("Từ 15/12/2021 đến 14/12/2022", "2021-12-15", "2022-12-14"),
        ("(từ ngày 15/12/2021 đến ngày 14/3/2022)", "2021-12-15", "2022-03-14"),
        ("Quý I năm 2022 (từ 15/12/2021 đến 14/3/2022)", "2021-12-15", "2022-03-14"),
        ("Từ 15-12-2021 đến hết 14-01-2022", "2021-12-15", "2022-01-14"),
        ("Kỳ từ 15/12 đến 14/3/2022", "2021-12-15", "2022-03-14"),
        ("Report for the first quarter of 2022", *QUARTER),
        ("March 2022", "2022-03-01", "2022-03-31"),
        ("Quý I năm 2022 (so với cùng kỳ năm 2021)", *QUARTER),
        ("Quý I năm 2022, kèm theo Công văn số 12/2021/CV-CAT ngày 05/4/2022", *QUARTER),
    ],
)
def test_the_title_gives_the_period_in_each_way_of_writing_it(check, title, start, end):
    """Calendar periods where only the month or quarter is named, days where they are written."""
    found = check([title], HEADER, ROW)
    assert dated(found, "tips") == [("Tuy Lộc", start, end, 12)]
    assert not found.problems


def test_a_calendar_period_is_said_to_be_assumed_and_stated_days_are_not(check):
    """Administrative periods run from the 15th to the 14th: the reader has to be told."""
    found = check(["Quý I năm 2022"], HEADER, ROW)
    [note] = [note for note in found.skipped if note.kind == "period_assumed"]
    assert "such as 01/01/2022 to 31/03/2022" in note.text()
    found = check(["Từ 15/12/2021 đến 14/3/2022"], HEADER, ROW)
    assert not asides(found, "period_assumed")


def test_the_day_on_which_a_report_was_signed_is_not_its_period(check):
    """Place and date stand above the title of nearly every report."""
    found = check(
        ["CÔNG AN THÀNH PHỐ", "Yên Bái, ngày 20 tháng 4 năm 2022"],
        ["Số: 123/BC-CATP"],
        ["Quý I năm 2022"],
        HEADER,
        ROW,
    )
    assert dated(found) == [("Tuy Lộc", *QUARTER)]


def test_a_title_over_several_rows_is_read_whole(check):
    """The days may stand in the row below the quarter, in whatever column."""
    found = check(
        ["BÁO CÁO QUÝ I"], ["", "Năm 2022"], ["", "(từ 15/12/2021 đến 14/3/2022)"], HEADER, ROW
    )
    assert dated(found) == [("Tuy Lộc", "2021-12-15", "2022-03-14")]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (("Tháng 3", "Năm 2022"), "2022-03-31"),
        (("NĂM 2022", "QUÝ I"), "2022-03-31"),
        (("KẾT QUẢ THỰC HIỆN NĂM 2022", "(6 tháng đầu năm)"), "2022-06-30"),
        (("Tháng: 3", "Năm: 2022"), "2022-03-31"),
        (("Biểu tổng hợp 3 tháng", "Năm 2022"), "2022-03-31"),
        (("Báo cáo hàng tháng", "Năm 2022"), "2022-12-31"),
        (("Số liệu tháng thứ 3 năm 2022",), "2022-03-31"),
        (("BÁO CÁO SƠ KẾT QUÝ I, PHƯƠNG HƯỚNG QUÝ II NĂM 2022",), "2022-03-31"),
        (("Kết quả quý I, nhiệm vụ trọng tâm quý II/2022",), "2022-03-31"),
        (("Tổng kết năm 2022, phương hướng nhiệm vụ năm 2023",), "2022-12-31"),
    ],
)
def test_a_month_and_its_year_may_stand_apart_and_what_is_ahead_is_left_out(check, lines, end):
    """Read as the whole year, a month would be twelve times as quiet."""
    found = check(*([line] for line in lines), HEADER, ROW)
    assert [row[2] for row in dated(found, "tips")] == [end]
    assert not found.problems


def test_a_title_with_two_periods_decides_nothing(check):
    """Which of them the table holds only the writer knows; the figures wait."""
    found = check(["Tháng 1/2022 và tháng 3/2022"], HEADER, ROW)
    assert len(found.records) == 0
    assert faults(found) == [("several_periods", None, "")]
    expected = "several periods: 01/01/2022–31/01/2022; 01/03/2022–31/03/2022. Name the period of"
    assert expected in found.problems[0].text()


def test_without_any_period_the_table_asks_once(check):
    """Not in each of its rows."""
    found = check(["Báo cáo"], HEADER, ROW, ["Âu Lâu", 3])
    assert faults(found) == [("no_period", None, "")]
    expected = "which period the figures are from is not said. Write it into the title"
    assert expected in found.problems[0].text()
    assert len(found.records) == 0


@pytest.mark.parametrize(
    "title",
    [
        *("Phường Yên Thịnh", "ĐƠN VỊ: PHƯỜNG YÊN THỊNH", "Công an phường Yên Thịnh"),
        *("Báo cáo của phường Yên Thịnh.", "Phường Yên Thịnh - TP Yên Bái"),
        *("Báo cáo phường Yên Thịnh. Kết quả phong trào", "Phường Yên Thịnh: báo cáo"),
        *("UBND P. Yên Thịnh", "Đơn vị báo cáo: Yên Thịnh", "Báo cáo của phường Yên Thịnh"),
    ],
)
def test_the_title_gives_the_commune_of_a_form(check, title):
    """A form of one commune has no column of communes."""
    found = check([title], ["Quý I năm 2022"], ["Nguồn tin", "Vụ việc được giải quyết"], [12, 3])
    assert dated(found, "tips", "resolved_cases") == [("Yên Thịnh", *QUARTER, 12, 3)]
    assert not found.problems


def test_without_any_commune_the_form_asks_once(check):
    """The message says where to write it."""
    found = check(["Quý I năm 2022"], ["Nguồn tin", "Vụ việc được giải quyết"], [12, 3])
    assert faults(found) == [("no_commune", None, "")]
    assert "which commune or ward the figures are from is not said" in found.problems[0].text()


def test_the_name_of_the_sheet_gives_commune_and_period_with_a_word(tmp_path):
    """One sheet for each commune, one for each quarter."""
    form = [["Quý I năm 2022"], ["Nguồn tin", "Vụ việc được giải quyết"], [12, 3]]
    found = check_file(book(tmp_path / "a.xlsx", {"Tuy Lộc": form, "P. Yên Thịnh": form}))
    assert dated(found, "tips") == [
        ("Tuy Lộc", *QUARTER, 12),
        ("Yên Thịnh", *QUARTER, 12),
    ]
    told = [note.text() for note in found.skipped if note.kind == "taken_from_name"]
    assert len(told) == 2
    assert "the commune or ward is taken from the name of the file or sheet: Tuy Lộc." in told[0]
    sheets = {"Quý I": [["Năm 2022"], HEADER, ROW], "Quý II năm 2022": [HEADER, ROW]}
    found = check_file(book(tmp_path / "b.xlsx", sheets))
    assert dated(found) == [("Tuy Lộc", *QUARTER), ("Tuy Lộc", "2022-04-01", "2022-06-30")]


@pytest.mark.parametrize("name", ["T3", "Tháng 3", "Tháng 3-2022"])
def test_a_sheet_for_each_month_below_the_title_of_the_year_is_no_whole_year(tmp_path, name):
    """The name says which part of it."""
    found = check_file(book(tmp_path / "a.xlsx", {name: [["Năm 2022"], HEADER, ROW]}))
    assert dated(found, "tips") == [("Tuy Lộc", "2022-03-01", "2022-03-31", 12)]
    [note] = [note for note in found.skipped if note.kind == "taken_from_name"]
    assert f"the period is taken from the name of the file or sheet: {name}." in note.text()


@pytest.mark.parametrize(
    ("file", "commune"),
    [
        ("Tuy Lộc quý 1 2022.xlsx", "Tuy Lộc"),
        ("BC_TuyLoc_quy1_2022.xlsx", None),
        ("bao_cao_tuy_loc_quy_1_2022.xlsx", "Tuy Lộc"),
        ("xã Tuy Lộc - Quý I-2022.xlsx", "Tuy Lộc"),
    ],
)
def test_the_name_of_the_file_gives_commune_and_period_with_a_word(tmp_path, file, commune):
    """With marks or without; words that run into each other are not parted by guessing."""
    rows = [["BÁO CÁO"], ["Nguồn tin", "Vụ việc được giải quyết"], [12, 3]]
    found = check_file(book(tmp_path / file, {"Sheet1": rows}))
    if commune is None:
        assert [kind for kind, *_ in faults(found)] == ["no_commune"]
        return
    assert dated(found, "tips") == [(commune, *QUARTER, 12)]
    told = " ".join(note.text() for note in found.skipped if note.kind == "taken_from_name")
    assert "the commune or ward is taken from" in told
    assert "the period is taken from" in told


def test_the_title_goes_before_the_name_of_the_file(tmp_path):
    """A file is often copied from the quarter before."""
    rows = [["Xã Tuy Lộc, quý I năm 2022"], ["Nguồn tin", "Vụ việc được giải quyết"], [12, 3]]
    found = check_file(book(tmp_path / "au lau quy 4 2021.xlsx", {"Âu Lâu": rows}))
    assert dated(found) == [("Tuy Lộc", *QUARTER)]
    assert not asides(found, "taken_from_name")


@pytest.mark.parametrize(
    ("title", "sheet"),
    [
        ("KẾT QUẢ QUÝ II NĂM 2022", "Quý I 2022"),
        ("KẾT QUẢ QUÝ II NĂM 2022", "Q1"),
        ("KẾT QUẢ QUÝ I NĂM 2022", "Quý I 2021"),
        ("KẾT QUẢ NĂM 2022", "2021"),
        ("Tháng 1/2022", "T2"),
        ("Quý I năm 2022", "T2"),
        ("Từ 15/12/2021 đến 14/01/2022", "Tháng 2"),
    ],
)
def test_a_sheet_that_is_called_after_another_period_than_its_title_asks(tmp_path, title, sheet):
    """One of the two was left from the report before, and nobody knows which."""
    found = check_file(book(tmp_path / "a.xlsx", {sheet: [[title], HEADER, ROW]}))
    assert len(found.records) == 0
    [problem] = found.problems
    assert problem.kind == "unread_period"
    assert f"“{sheet}” is not understood. Write the first and last day" in problem.text()


@pytest.mark.parametrize(
    ("title", "sheet"),
    [
        ("Tháng 3/2022", "Quý I"),
        ("Tháng 3/2022", "2022"),
        ("Từ 15/02/2022 đến 14/3/2022", "T3"),
        ("Quý I năm 2022", "BC quý I"),
        ("Quý I năm 2022", "Sheet1"),
    ],
)
def test_a_sheet_called_after_what_its_title_is_a_part_of_agrees_with_it(tmp_path, title, sheet):
    """Months stand in the sheet of their quarter."""
    found = check_file(book(tmp_path / "a.xlsx", {sheet: [[title], HEADER, ROW]}))
    assert figures(found, "tips") == [("Tuy Lộc", 12)]


NARROWED = [
    *("KẾT QUẢ ĐỢT 1 NĂM 2021", "KẾT QUẢ TUẦN 53 NĂM 2021", "TUẦN 2 THÁNG 9/2021"),
    *("10 NGÀY ĐẦU THÁNG 9 NĂM 2021", "KỲ 1 THÁNG 3/2021", "NỬA ĐẦU THÁNG 3 NĂM 2021"),
    *("ĐỢT CAO ĐIỂM TẾT NGUYÊN ĐÁN NĂM 2021", "HỌC KỲ I NĂM 2021", "NĂM HỌC 2020-2021"),
    *("CÁC THÁNG HÈ NĂM 2021", "TRƯỚC NĂM 2021", "SAU THÁNG 6 NĂM 2021", "CA TRỰC ĐÊM, NĂM 2021"),
    *("THÁNG THANH NIÊN NĂM 2021", "TRUNG TUẦN THÁNG 3/2021", "CUỐI THÁNG 3/2021"),
    *("NGÀY HỘI TOÀN DÂN BẢO VỆ ANTQ NĂM 2021", "DỊP LỄ 30/4 NĂM 2021", "GIAI ĐOẠN 2 NĂM 2021"),
    *("THÁNG … NĂM 2021", "QUÝ ..... NĂM 2021", "LŨY KẾ THÁNG 9 NĂM 2021", "LẦN 2 NĂM 2021"),
    *("NĂM 2021 (TÍNH ĐẾN NGÀY 30/9/2021)", "NĂM 2021, ĐẾN HẾT THÁNG 9", "MÙA HÈ 2021"),
    *("NĂM NGÂN SÁCH 2021", "NIÊN KHÓA 2021", "NĂM 2021 (3 NGÀY TẾT)", "CÁC QUÝ CÒN LẠI NĂM 2021"),
    *("NĂM 2021 (6 THÁNG)", "NĂM 2021 TRỪ QUÝ IV", "NĂM 2021 (CHƯA TÍNH THÁNG 12)", "HÈ 2021"),
    *("MỘT THÁNG RA QUÂN NĂM 2021", "CHIẾN DỊCH NĂM 2021", "ĐÊM 30 TẾT NĂM 2021", "24H NĂM 2021"),
    *("THÁNG GIÊNG NĂM 2021 (ÂM LỊCH)", "YTD March 2021", "H1 of school year 2021"),
    *("WEEK 1/9/2021", "First week of March 2021", "Academic year 2021", "Before 2021"),
]


@pytest.mark.parametrize("title", quick_of(NARROWED, 8))
def test_words_that_narrow_a_period_and_are_not_understood_make_the_title_ask(check, title):
    """A week that is read as its year would be fifty times as quiet."""
    found = check([title], HEADER, ROW)
    assert len(found.records) == 0
    assert {kind for kind, *_ in faults(found)} <= {"unread_period", "no_period"}
    assert found.problems


@pytest.mark.parametrize(
    "title",
    ["KẾT QUẢ QUÝ III VÀ 9 THÁNG ĐẦU NĂM 2021", "THÁNG 12 VÀ CẢ NĂM 2021", "QUÝ IV VÀ NĂM 2021"],
)
def test_a_title_of_a_part_and_of_the_whole_names_two_periods(check, title):
    """The table below may hold either."""
    found = check([title], HEADER, ROW)
    assert len(found.records) == 0
    assert faults(found) == [("several_periods", None, "")]


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (("KẾT QUẢ TUẦN 37 (từ 06/9/2024 đến 12/9/2024)",), "2024-09-06", "2024-09-12"),
        (("ĐỢT CAO ĐIỂM TẾT", "Từ 15/12/2021 đến 14/02/2022"), "2021-12-15", "2022-02-14"),
        (("TUẦN TRA, KIỂM SOÁT VỈA HÈ NĂM 2021",), "2021-01-01", "2021-12-31"),
        (("Báo cáo hằng tháng năm 2021",), "2021-01-01", "2021-12-31"),
        (("Năm 2021 (tính đến ngày 31/12/2021)",), "2021-01-01", "2021-12-31"),
        (("CA phường Yên Thịnh, năm 2021 so với đợt 1 năm 2020",), "2021-01-01", "2021-12-31"),
        (("Từ đầu năm đến hết tháng 9 năm 2021",), "2021-01-01", "2021-09-30"),
        (("Jan-Mar 2021",), "2021-01-01", "2021-03-31"),
        (("Kỷ niệm 76 năm Ngày truyền thống CAND, năm 2021",), "2021-01-01", "2021-12-31"),
        (("Kết quả cả năm 2021",), "2021-01-01", "2021-12-31"),
        (("Năm 2021", "Yên Bái, ngày 05 tháng 01 năm 2022"), "2021-01-01", "2021-12-31"),
    ],
)
def test_days_that_are_stated_and_words_of_no_period_ask_nothing(check, lines, start, end):
    """The first and last day say all; patrols are no weeks, and pavements no summer."""
    found = check(*([line] for line in lines), HEADER, ROW)
    assert dated(found, "tips") == [("Tuy Lộc", start, end, 12)]
    assert not found.problems


@pytest.mark.parametrize("place", ["sheet", "file"])
@pytest.mark.parametrize(
    "name", ["Tuần 2 tháng 3", "tuan 2 thang 3", "Đợt 2", "dot 2", "Học kỳ I", "Tết"]
)
def test_the_name_of_a_sheet_or_file_that_narrows_the_year_of_the_title_asks(tmp_path, place, name):
    """The same words are understood in the same way wherever they stand."""
    sheet, file = (name, "a") if place == "sheet" else ("Sheet1", name)
    found = check_file(book(tmp_path / f"{file}.xlsx", {sheet: [["Năm 2021"], HEADER, ROW]}))
    assert len(found.records) == 0
    assert [kind for kind, *_ in faults(found)] == ["unread_period"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Xã, phường", "Nguồn tin"], ["", "Đợt 1"], ROW],
        [["Xã, phường", "Nguồn tin", ""], ["", "Đợt 1", "Đợt 2"], [*ROW, 3]],
        [["Xã, phường", "Nguồn tin tuần 1 tháng 3"], ROW],
        [["Xã, phường", "Nguồn tin đợt 2", "Lượt người"], [*ROW, 3]],
        [["Xã, phường", "Kỳ", "Nguồn tin"], ["Tuy Lộc", "Đợt 2 năm 2021", 12]],
        [["Xã, phường", "Tháng", "Nguồn tin"], ["Tuy Lộc", "3 (đợt 1)", 12]],
        [["Xã, phường", "Tuần", "Năm", "Nguồn tin"], ["Tuy Lộc", 12, 2021, 12]],
        [["Xã, phường", "Ngày", "Nguồn tin"], ["Tuy Lộc", "1/2/2021", 12]],
        [["Xã, phường", "Năm học", "Nguồn tin"], ["Tuy Lộc", 2021, 12]],
        [HEADER, ["Đợt 1", ""], ROW, ["Đợt 2", ""], ["Âu Lâu", 3]],
        [["I. Đợt 1"], HEADER, ROW, [], ["II. Đợt 2"], HEADER, ["Âu Lâu", 3]],
    ],
)
def test_such_words_ask_in_headers_columns_cells_and_headings_too(check, rows):
    """Wherever a week stands, its figures are not those of the year in the title."""
    found = check(["Năm 2021"], *rows)
    assert len(found.records) == 0
    assert {kind for kind, *_ in faults(found)} <= {"unread_period", "broken_period", "no_table"}
    assert found.problems


def test_a_column_of_weeks_asks_nothing_where_each_row_states_its_days(check):
    """The first and last day decide."""
    days = ["06/09/2024", "12/09/2024"]
    found = check(
        ["Xã, phường", "Tuần", "Từ ngày", "Đến ngày", "Nguồn tin"], ["Tuy Lộc", 37, *days, 12]
    )
    assert dated(found, "tips") == [("Tuy Lộc", "2024-09-06", "2024-09-12", 12)]


@pytest.mark.parametrize("title", NARROWED[:6])
def test_columns_that_name_their_own_periods_ask_nothing_of_the_title(check, title):
    """Only what the title decides is asked about."""
    found = check([title], ["Xã, phường", "Nguồn tin tháng 3/2021"], ROW)
    assert dated(found, "tips") == [("Tuy Lộc", "2021-03-01", "2021-03-31", 12)]


def test_the_title_gives_the_measure_of_columns_that_name_only_periods(check):
    """``2020 | 2021`` below "Số nguồn tin theo năm"."""
    found = check(["Số nguồn tin theo năm"], ["Xã, phường", 2020, 2021], ["Tuy Lộc", 5, 7])
    assert dated(found, "tips") == [
        ("Tuy Lộc", "2020-01-01", "2020-12-31", 5),
        ("Tuy Lộc", "2021-01-01", "2021-12-31", 7),
    ]


def test_columns_of_periods_without_any_measure_ask(check):
    """Figures of which nobody says what they count are no counts."""
    found = check(["Báo cáo"], ["Xã, phường", 2020, 2021], ["Tuy Lộc", 5, 7])
    assert len(found.records) == 0
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [
        ("unclear_header", "B2"),
        ("unclear_header", "C2"),
    ]


def test_a_second_table_takes_over_what_only_the_first_title_says(check):
    """The period of the report stands once, at its top."""
    found = check(
        ["Quý I năm 2022"],
        ["1. Nguồn tin"],
        HEADER,
        ROW,
        [],
        ["2. Vụ việc"],
        ["Xã, phường", "Vụ việc được giải quyết"],
        ["Tuy Lộc", 3],
    )
    assert dated(found, "tips", "resolved_cases") == [("Tuy Lộc", *QUARTER, 12, 3)]


@pytest.mark.parametrize(
    "mark",
    [
        "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA",
        "Số liệu giả lập để minh họa",
        "Quý I năm 2022 – SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA",
        "SYNTHETIC FIGURES, FOR ILLUSTRATION",
    ],
)
def test_the_mark_of_illustrative_figures_in_a_title_is_kept_as_their_source(check, mark):
    """Figures that were made up can never be taken for reported ones."""
    found = check([mark], ["Quý I năm 2022"], HEADER, ROW)
    assert found.records["source"].tolist() == ["illustrative"]
    assert figures(found, "tips") == [("Tuy Lộc", 12)]
    assert check(["Quý I năm 2022"], HEADER, ROW).records["source"].tolist() == ["reported"]


def test_the_mark_holds_for_all_tables_of_its_sheet(check):
    """It stands at the top alone."""
    found = check(
        ["SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"], ["Quý I năm 2022"], HEADER, ROW, [],
        ["Quý II năm 2022"], HEADER, ROW,
    )  # fmt: skip
    assert found.records["source"].tolist() == ["illustrative", "illustrative"]


@pytest.mark.parametrize("title", ["Kế hoạch năm 2021", "CHỈ TIÊU NĂM 2021", "Cùng kỳ năm 2021"])
def test_figures_under_the_title_of_a_comparison_are_no_counts(check, title):
    """A plan is no result, and last year's figures are not this year's."""
    assert len(check([title], HEADER, ROW).records) == 0


NO_COUNTS = [
    *("BÌNH QUÂN THÁNG NĂM 2021", "TỶ LỆ NĂM 2021", "ƯỚC THỰC HIỆN NĂM 2021", "DỰ KIẾN NĂM 2021"),
    *("ĐĂNG KÝ THỰC HIỆN NĂM 2021", "TIN NẶC DANH NĂM 2021", "SỐ NGUỒN TIN NĂM 2021 (KẾ HOẠCH)"),
    *("SỐ NGUỒN TIN TRÊN 1.000 DÂN NĂM 2021", "Số liệu năm 2021 (ước tính)", "KH NĂM 2021"),
    *("TRUNG BÌNH MỖI THÁNG NĂM 2021", "MỤC TIÊU NĂM 2021", "CƠ CẤU NGUỒN TIN NĂM 2021"),
    *("DỰ THẢO NĂM 2021", "Ví dụ năm 2021", "SỐ LIỆU BỔ SUNG NĂM 2021", "CAM KẾT NĂM 2021"),
    *("Tips per 1,000 residents, year 2021", "Planned tips, year 2021", "Estimates, year 2021"),
    *("NHU CẦU NĂM 2021", "ĐIỂM NĂM 2021", "TÍNH TRÊN MỖI THÔN NĂM 2021", "SỐ QUY ĐỔI NĂM 2021"),
    *("CHÊNH LỆCH NĂM 2021", "TĂNG, GIẢM NĂM 2021", "CHƯƠNG TRÌNH HÀNH ĐỘNG NĂM 2021"),
    *("BAO CAO TY LE NAM 2021", "KET QUA UOC THUC HIEN NAM 2021", "MẬT ĐỘ NGUỒN TIN NĂM 2021"),
]


@pytest.mark.parametrize("title", quick_of(NO_COUNTS, 8))
def test_figures_that_a_title_calls_a_plan_an_estimate_or_a_rate_are_no_counts(check, title):
    """Half of them are larger than the count, half smaller, and all look like it."""
    found = check([title], HEADER, ROW)
    assert len(found.records) == 0
    [problem] = found.problems
    assert problem.kind == "no_counts"
    assert "these are no counts of what happened, and were not read" in problem.text()


@pytest.mark.parametrize("place", ["sheet", "file"])
@pytest.mark.parametrize(
    "name",
    [
        "Ước 2021",
        "uoc nam 2021",
        "Kế hoạch",
        "Tỷ lệ",
        "ty le 2021",
        "Bình quân",
        "bản nháp",
        "Ví dụ",
    ],
)
def test_the_name_of_a_sheet_or_file_says_so_in_the_same_words(tmp_path, place, name):
    """A workbook holds the plan beside the results, and the copy to try things out."""
    sheet, file = (name, "a") if place == "sheet" else ("Sheet1", name)
    found = check_file(book(tmp_path / f"{file}.xlsx", {sheet: [["Năm 2021"], HEADER, ROW]}))
    assert len(found.records) == 0
    assert [kind for kind, *_ in faults(found)] == ["no_counts"]


@pytest.mark.parametrize("name", ["Mẫu", "nháp", "Ví dụ 2", "Template", "Bản cũ", "Hướng dẫn"])
def test_a_sheet_that_is_called_a_template_or_a_draft_holds_no_report(tmp_path, name):
    """It bears the figures of the report that it was copied from."""
    rows = [["Năm 2021"], HEADER, ROW]
    found = check_file(
        book(tmp_path / "a.xlsx", {name: rows, "Mẫu 01": [*rows[:2], ["Âu Lâu", 3]]})
    )
    assert len(found.records) == 0 or figures(found, "tips") == [("Âu Lâu", 3)]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("SỐ NGUỒN TIN NẶC DANH NĂM 2021 THEO THÁNG", False),
        ("SỐ NGUỒN TIN KHÔNG ĐÚNG NĂM 2021", False),
        ("SỐ NGUỒN TIN CHƯA XÁC MINH NĂM 2021", False),
        ("SỐ NGUỒN TIN NĂM 2021 THEO THÁNG", True),
        ("SỐ NGUỒN TIN CỦA CÁC XÃ, PHƯỜNG NĂM 2021", True),
        ("SỐ NGUỒN TIN TUY LỘC NĂM 2021", True),
        ("SỐ NGUỒN TIN: năm 2021", True),
        ("SỐ NGUỒN TIN DO NHÂN DÂN CUNG CẤP NĂM 2021", True),
    ],
)
def test_the_title_gives_the_measure_only_where_it_is_understood_to_its_end(check, title, kept):
    """ "Nguồn tin chưa xác minh" is another count."""
    found = check([title], ["Xã, phường", "T1", "T2"], ["Tuy Lộc", 3, 4])
    assert [n for _, n in figures(found, "tips")] == ([3, 4] if kept else [])
    assert kept or found.problems


@pytest.mark.parametrize("title", ["PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2021", "II. NHIỆM VỤ QUÝ I/2021"])
def test_what_is_to_be_done_has_not_happened(check, title):
    """Alone above a table, it is the table's own."""
    found = check([title], HEADER, ROW)
    assert len(found.records) == 0
    assert [kind for kind, *_ in faults(found)] == ["unread_period"]


@pytest.mark.parametrize(
    "title",
    [
        "Kết quả thực hiện kế hoạch năm 2021",
        "Năm 2021 (kèm theo Kế hoạch số 5/KH-UBND)",
        "Xây dựng quy ước, hương ước năm 2021",
        "Đội Đăng ký, quản lý cư trú, năm 2021",
        "Báo cáo thực hiện Kế hoạch số 12/KH-CATP, năm 2021",
        "Báo cáo năm 2021 (so với cùng kỳ năm 2020)",
    ],
)
def test_results_that_speak_of_a_plan_are_counts(check, title):
    """Nearly every report names the plan that it carries out."""
    found = check([title], HEADER, ROW)
    assert dated(found, "tips") == [("Tuy Lộc", "2021-01-01", "2021-12-31", 12)]


def test_the_days_that_a_title_states_hold_for_the_columns_of_such_a_period(check):
    """Half-years from the 15th, this year's and last year's; as it is the same rule."""
    found = check(
        ["BÁO CÁO 6 tháng đầu năm 2022 của xã Tuy Lộc"],
        ["(Số liệu từ 15/12/2021 đến 14/6/2022)"],
        ["Nội dung", "6 tháng đầu năm 2022", "6 tháng đầu năm 2021"],
        ["Số tin quần chúng cung cấp", 14, 11],
        ["Số vụ việc được giải quyết từ tin báo", 3, 2],
    )
    assert sorted(dated(found, "tips", "resolved_cases")) == [
        ("Tuy Lộc", "2020-12-15", "2021-06-14", 11, 2),
        ("Tuy Lộc", "2021-12-15", "2022-06-14", 14, 3),
    ]


@pytest.mark.parametrize(("many", "stated"), [("6 tháng", 12), ("9 tháng", 16), ("Cả năm", 22)])
def test_so_many_months_beside_quarters_are_a_check_on_them(check, many, stated):
    """5 + 7 = 12, with 4 more 16, with 6 more 22."""
    quarters = [["Quý I", 5], ["Quý II", 7], ["Quý III", 4], ["Quý IV", 6]]
    rows = [["Phường Nguyễn Phúc - năm 2022"], ["Kỳ", "Số tin"], *quarters]
    found = check(*rows, [many, stated])
    assert [count for _, count in figures(found, "tips")] == [5, 7, 4, 6]
    assert not found.problems
    [problem] = check(*rows, [many, stated + 1]).problems
    assert problem.kind == "repeat_differs"


@pytest.mark.parametrize(
    "title", ["KẾ HOẠCH TUYÊN TRUYỀN QUÝ I/2022", "2. Cùng kỳ năm trước", "II. Kỳ trước"]
)
def test_a_second_table_of_a_plan_or_another_period_is_set_aside(check, title):
    """Its header is the same; only its title tells."""
    found = check(["1. Quý I/2022"], HEADER, ROW, [], [title], HEADER, ["Âu Lâu", 9])
    assert dated(found, "tips") == [("Tuy Lộc", *QUARTER, 12)]
    assert [row for kind, row in asides(found, "column_comparison")] == [6]
    assert not found.problems


def test_a_sheet_that_is_called_a_plan_holds_no_results(tmp_path):
    """Beside the one of results."""
    sheets = {"Thực hiện": [["Quý I/2022"], HEADER, ROW]}
    sheets["Kế hoạch"] = [["Quý I/2022"], HEADER, ["Âu Lâu", 9]]
    found = check_file(book(tmp_path / "quy1.xlsx", sheets))
    assert figures(found, "tips") == [("Tuy Lộc", 12)]


@pytest.mark.parametrize(
    ("columns", "first"),
    [
        (["Nguồn tin quý II", "Nguồn tin 6 tháng"], "2022-04-01"),
        (["Nguồn tin tháng 6", "Nguồn tin 6 tháng đầu năm"], "2022-06-01"),
        (["Nguồn tin tháng 12", "Nguồn tin cả năm"], "2022-12-01"),
    ],
)
def test_a_longer_period_that_ends_with_the_one_beside_it_is_its_year_to_date(
    check, columns, first
):
    """A check on the months, where they are there; no second report of the same days."""
    found = check(["Năm 2022"], ["Xã, phường", *columns], ["Tuy Lộc", 2, 12])
    assert [(row[1], row[3]) for row in dated(found, "tips")] == [(first, 2)]
    assert [row for kind, row in asides(found, "column_to_date")] == [2]
    assert not found.problems


YEAR = ("2021-01-01", "2021-12-31")


@pytest.mark.parametrize(
    "inside",
    [
        *("lũy kế", "bình quân/tháng", "KH", "giờ", "dự kiến", "ước TH", "nặc danh", "cùng kỳ"),
        *("nghìn tin", "người", "tin/1.000 dân", "chưa xử lý", "so với 2020", "giảm", "tuần đầu"),
        *("đợt 1", "per month", "%", "trường học", "'000"),
    ],
)
@pytest.mark.parametrize("header", ["Số nguồn tin ({})", "Số nguồn tin [{}]", "Số lượng ({})"])
def test_what_stands_in_brackets_beside_a_count_is_read_or_asked_about(check, header, inside):
    """Left out, a plan or an average would be the count."""
    found = check(["Số nguồn tin năm 2021"], ["Xã, phường", header.format(inside)], ROW)
    assert figures(found, "tips") == []
    assert found.problems


@pytest.mark.parametrize(
    ("header", "days"),
    [
        *((f"Số nguồn tin ({inside})", YEAR) for inside in ("tin", "ĐVT: tin", "1", "*", "no.")),
        ("Số nguồn tin (1)=(2)+(3)", YEAR),
        ("Nguồn tin (TH)", YEAR),
        ("Nguồn tin (do nhân dân cung cấp)", YEAR),
        ("Nguồn tin về an ninh trật tự (ANTT)", YEAR),
        ("Số nguồn tin (quý I)", ("2021-01-01", "2021-03-31")),
        ("Số nguồn tin (tháng 3)", ("2021-03-01", "2021-03-31")),
        ("Số nguồn tin (từ 15/12/2020 đến 14/12/2021)", ("2020-12-15", "2021-12-14")),
    ],
)
def test_units_numbers_and_periods_in_brackets_are_understood(check, header, days):
    """A quarter in brackets is no less a quarter."""
    found = check(["Năm 2021"], ["Xã, phường", header], ROW)
    assert dated(found, "tips") == [("Tuy Lộc", *days, 12)]
    assert not found.problems


def test_a_part_in_brackets_is_the_part(check):
    """Valuable tips are no tips."""
    found = check(["Năm 2021"], ["Xã, phường", "Nguồn tin", "Nguồn tin (có giá trị)"], [*ROW, 5])
    assert figures(found, "tips", "valuable_tips") == [("Tuy Lộc", 12, 5)]


def test_the_row_of_a_form_says_in_brackets_that_it_is_a_plan(check):
    """The row below is a result."""
    rows = [["Số nguồn tin (KH)", 12], ["Số buổi tuyên truyền", 3]]
    found = check(["UBND xã Tuy Lộc, năm 2021"], ["Nội dung", "Số lượng"], *rows)
    assert figures(found, "tips", "sessions") == [("Tuy Lộc", None, 3)]


def test_a_plan_beside_what_was_done_is_set_aside_in_columns_and_in_rows(check):
    """KH and TH, whichever way the table runs."""
    columns = check(
        ["Năm 2021"], ["Xã, phường", "Nguồn tin", ""], ["", "KH", "TH"], ["Tuy Lộc", 10, 12]
    )
    assert figures(columns, "tips") == [("Tuy Lộc", 12)]
    rows = [["Tuy Lộc", "Kế hoạch", 10], ["Tuy Lộc", "Thực hiện", 12]]
    found = check(["Năm 2021"], ["Xã, phường", "Loại", "Nguồn tin"], *rows)
    assert figures(found, "tips") == [("Tuy Lộc", 12)]
    assert [row for kind, row in asides(found, "row_comparison")] == [3]
    alone = check(["Năm 2021"], ["Xã, phường", "Nguồn tin", "Ghi chú"], ["Tuy Lộc", 12, "ước tính"])
    assert [kind for kind, *_ in faults(alone)] == ["no_counts"]
    told = check(
        ["Năm 2021"], ["Xã, phường", "Nguồn tin", "Ghi chú"], ["Tuy Lộc", 12, "đạt kế hoạch"]
    )
    assert figures(told, "tips") == [("Tuy Lộc", 12)]
