"""Committees, targets, grades, meeting items and hotspots are read as offices write them."""

import random
from dataclasses import replace
from datetime import date

import openpyxl
import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers.briefing.pages import PagePicture, compose
from antq_helpers.briefing.sections import add_sections, check_sections, year_to_date
from antq_helpers.dictionary import LANGUAGES, table_fields
from antq_helpers.exploring.upload import explore_file
from antq_helpers.measuring.lookback import look_back
from antq_helpers.measuring.targets import list_targets
from antq_helpers.reading.load import check_file, check_files
from antq_helpers.reading.movement import MOVEMENT
from antq_helpers.reading.template import write_template
from tests.books import book
from tests.office import make_file

UNITS = ("Tuy Lộc", "Yên Ninh", "Minh Bảo", "Âu Lâu", "Nguyễn Thái Học")
GRADES = {"excellent": "Xuất sắc", "good": "Khá", "average": "Trung bình", "poor": "Yếu"}


@pytest.fixture
def read(tmp_path):
    """Read rows as an officer's workbook; the table is found by its headers."""

    def read(rows, merged=(), name="bang.xlsx"):
        found = check_files(book(tmp_path / name, {"Bảng": rows}, list(merged)), language="vi")
        assert len(found) == 1, list(found)
        [(table, check)] = found.items()
        [account] = check.account.to_dict("records")
        filled = sum(cell not in ("", None) for row in rows for cell in row)
        assert account["cells"] == filled
        assert filled == account["kept"] + account["set_aside"] + account["problems"]
        return table, check

    return read


def plain(table: pd.DataFrame, *names: str) -> list[tuple]:
    """List rows of some columns, days as text and blanks as None."""
    chosen = table[list(names or [n for n in table if n not in ("source", "place")])]
    shown = {n: c.dt.strftime("%Y-%m-%d") if c.dtype.kind == "M" else c for n, c in chosen.items()}
    cells = pd.DataFrame(shown, dtype=object)
    return [tuple(row) for row in cells.where(cells.notna(), None).values.tolist()]


def faults(check) -> list[tuple]:
    """List problems as their kind, place and value."""
    return [(p.kind, p.cell or p.row, p.value) for p in check.problems]


# ---- committees ----

COMMITTEES = ["STT", "Đơn vị", "Kiện toàn BCĐ", "Quy chế hoạt động"]


def test_a_committee_is_renewed_or_not_and_a_blank_says_neither(read):
    """The city's own stands among those of its units, and is no total of them."""
    table, check = read([
        ["KIỆN TOÀN BAN CHỈ ĐẠO NĂM 2024"], COMMITTEES,
        [1, "Thành phố", "x", "x"], [2, "Tuy Lộc", "Đã kiện toàn", "Chưa"], [3, "Âu Lâu", "x", ""],
        [4, "Yên Ninh", "", ""],
    ])  # fmt: skip
    assert table == "committees"
    assert check.problems == ()
    assert plain(check.records) == [
        (2024, None, True, True), (2024, "Tuy Lộc", True, False), (2024, "Âu Lâu", True, None),
    ]  # fmt: skip
    assert [(n.kind, n.row) for n in check.skipped if n.row == 6] == [("not_yet", 6)]


def test_years_stand_beside_each_other_below_what_was_done(read):
    """Each column is of its year."""
    table, check = read(
        [["STT", "Đơn vị", "Kiện toàn BCĐ", ""], ["", "", "Năm 2023", "Năm 2024"],
         [1, "Tuy Lộc", "x", "Chưa"], [2, "Âu Lâu", "", "x"]],
        ["A1:A2", "B1:B2", "C1:D1"],
    )  # fmt: skip
    assert (table, check.problems) == ("committees", ())
    assert plain(check.records, "year", "commune", "renewed") == [
        (2023, "Tuy Lộc", True), (2024, "Tuy Lộc", False), (2024, "Âu Lâu", True),
    ]  # fmt: skip


def test_a_word_that_is_neither_done_nor_not_is_asked_about(read):
    """With the words that are taken."""
    _, check = read([["Năm 2024"], COMMITTEES, [1, "Tuy Lộc", "sắp tới", "x"]])
    assert faults(check) == [("enum", "C3", "sắp tới")]
    assert "Đã thực hiện; Chưa thực hiện" in check.problems[0].text("vi")


# ---- targets ----


@pytest.mark.parametrize(
    "rows",
    [
        [["CHỈ TIÊU NĂM 2024"], ["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch"],
         [1, "Nguồn tin", "tin", 600], [2, "Buổi tuyên truyền", "buổi", 240]],
        [["STT", "Nội dung", "Kế hoạch năm 2024"], [1, "Nguồn tin", 600],
         [2, "Buổi tuyên truyền", 240]],
        [["Đơn vị", "Nguồn tin", "Buổi tuyên truyền", "Năm"],
         ["Công an thành phố", 600, 240, 2024]],
    ],
)  # fmt: skip
def test_targets_of_the_whole_place(read, rows):
    """By rows or by columns; whose they are need not be said."""
    table, check = read(rows, name="ke hoach.xlsx")
    assert (table, check.problems) == ("targets", ())
    assert sorted(plain(check.records, "year", "commune", "measure", "target")) == [
        (2024, None, "sessions", 240), (2024, None, "tips", 600),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "heads"),
    [
        (["KẾ HOẠCH NĂM 2024"], ["Nguồn tin", "Buổi tuyên truyền"]),
        ([], ["Kế hoạch nguồn tin năm 2024", "Kế hoạch buổi tuyên truyền năm 2024"]),
        (["Năm 2024"], ["Chỉ tiêu giao nguồn tin", "Chỉ tiêu giao buổi tuyên truyền"]),
    ],
)
def test_targets_by_unit(read, title, heads):
    """A row of totals is checked against its units, not read as one of them."""
    table, check = read([
        title, ["STT", "Đơn vị", *heads], [1, "Tuy Lộc", 40, 12], [2, "Âu Lâu", 30, 10],
        ["", "Tổng cộng", 70, 22],
    ])  # fmt: skip
    assert (table, check.problems) == ("targets", ())
    assert sorted(plain(check.records, "commune", "measure", "target")) == [
        ("Tuy Lộc", "sessions", 12), ("Tuy Lộc", "tips", 40),
        ("Âu Lâu", "sessions", 10), ("Âu Lâu", "tips", 30),
    ]  # fmt: skip
    assert set(check.records["year"]) == {2024}


def test_a_total_of_targets_that_is_not_that_of_its_units_is_a_problem(read):
    """As of counts."""
    _, check = read([
        ["KẾ HOẠCH NĂM 2024"], ["Đơn vị", "Nguồn tin", "Buổi tuyên truyền"],
        ["Tuy Lộc", 40, 12], ["Âu Lâu", 30, 10], ["Tổng cộng", 71, 22],
    ])  # fmt: skip
    assert [(p.kind, p.row) for p in check.problems] == [("total_differs", 5)]


def test_the_plan_beside_what_was_done_is_a_report(read):
    """What was done is read as counts; the plan is set aside in sight."""
    table, check = read([
        ["Tuy Lộc"], ["Năm 2024"], ["STT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"],
        [1, "Nguồn tin", 600, 534], [2, "Buổi tuyên truyền", 240, 213],
    ])  # fmt: skip
    assert (table, check.records["tips"].tolist()) == ("records", [534])
    assert "Kế hoạch" in " ".join(note.text("vi") for note in check.skipped)


def test_what_was_done_is_no_target(read):
    """In a file of plans, a column without a plan is set aside with a word."""
    table, check = read([
        ["KẾ HOẠCH NĂM 2024"], ["Đơn vị", "Kế hoạch nguồn tin", "Kết quả nguồn tin năm 2023"],
        ["Tuy Lộc", 40, 38],
    ])  # fmt: skip
    assert table == "targets"
    assert plain(check.records, "measure", "target") == [("tips", 40)]
    assert any(n.kind in ("column_unused", "column_comparison") for n in check.skipped)


@pytest.mark.parametrize("title", ["KẾ HOẠCH QUÝ I NĂM 2024", "CHỈ TIÊU THÁNG 3 NĂM 2024"])
def test_targets_of_a_quarter_are_not_taken_for_those_of_a_year(read, title):
    """A quarter's plan under a year's name would be reached four times over."""
    _, check = read([[title], ["Đơn vị", "Nguồn tin", "Buổi tuyên truyền"], ["Tuy Lộc", 10, 3]])
    assert [p.kind for p in check.problems] == ["target_of_part"]
    assert check.records.empty


def test_a_share_or_another_task_is_no_target_of_ours(read):
    """It is set aside in sight, and the others are read."""
    table, check = read([
        ["CHỈ TIÊU NĂM 2024"], ["STT", "Chỉ tiêu", "ĐVT", "Kế hoạch"], [1, "Nguồn tin", "tin", 600],
        [2, "Nguồn tin có giá trị", "%", 40], [3, "Trồng cây", "cây", 50],
    ])  # fmt: skip
    assert (table, check.problems) == ("targets", ())
    assert plain(check.records, "measure", "target") == [("tips", 600)]
    aside = {note.row: note.kind for note in check.skipped}
    assert (aside[4], aside[5]) == ("row_comparison", "row_unused")


def test_a_target_of_an_unknown_unit_or_given_twice_is_asked_about(read):
    """The first of two is kept."""
    _, check = read([
        ["KẾ HOẠCH NĂM 2024"], ["Đơn vị", "Nguồn tin", "Buổi tuyên truyền"], ["Tuy Lôc", 40, 12],
        ["Âu Lâu", 30, 10], ["Âu Lâu", 35, ""],
    ])  # fmt: skip
    assert sorted((problem.kind, problem.row) for problem in check.problems) == [
        ("given_twice", 5), ("unknown_commune", 3),
    ]  # fmt: skip
    assert plain(check.records, "commune", "measure", "target") == [
        ("Âu Lâu", "tips", 30), ("Âu Lâu", "sessions", 10),
    ]  # fmt: skip


# ---- grades ----


def test_two_grades_of_a_unit_and_one_that_is_none(read):
    """The place of the first is named."""
    table, check = read([
        ["Năm 2024"], ["STT", "Tên đơn vị", "Xếp loại"], [1, "Tuy Lộc", "Xuất sắc"],
        [2, "Âu Lâu", "Loại khá"], [3, "Tuy Lộc", "Yếu"], [4, "Văn Phú", "Tạm được"],
    ])  # fmt: skip
    assert table == "classifications"
    assert plain(check.records) == [(2024, "Tuy Lộc", "excellent"), (2024, "Âu Lâu", "good")]
    assert faults(check) == [("given_twice", "B5", "Tuy Lộc"), ("enum", "C6", "Tạm được")]
    assert "dòng 3" in check.problems[0].text("vi")


def test_a_mark_that_is_none_is_asked_about(read):
    """A dash says no, any other text is neither."""
    _, check = read([
        ["Năm 2024"], ["Đơn vị", "Xuất sắc", "Khá", "Trung bình", "Yếu"],
        ["Tuy Lộc", "x", "-", "-", "-"], ["Âu Lâu", "", "?", "", ""],
    ])  # fmt: skip
    assert plain(check.records, "commune", "grade") == [("Tuy Lộc", "excellent")]
    assert faults(check) == [("broken_mark", "C4", "?")]


@pytest.mark.parametrize("seed", range(40))
def test_grades_come_back_from_any_layout(read, seed):
    """One column, one for each grade, or one for each year; years in title, column or header."""
    chance = random.Random(seed)
    years = chance.sample(range(2019, 2025), chance.choice((1, 2)))
    truth = {(year, unit): chance.choice(list(GRADES)) for year in years
             for unit in chance.sample(UNITS, 4)}  # fmt: skip
    units = [unit for unit in UNITS if any(unit == of for _, of in truth)]
    layout = chance.choice(["marks", "years"] if len(years) == 1 else ["years", "column"])
    written = {code: chance.choice((text, text.upper())) for code, text in GRADES.items()}
    rows = [["KẾT QUẢ XẾP LOẠI PHONG TRÀO"]] if chance.random() < 0.5 else []
    if layout == "marks":
        rows += [[f"Năm {years[0]}"], ["STT", "Đơn vị", *GRADES.values()]]
        rows += [[n, u, *("x" if truth.get((years[0], u)) == g else "" for g in GRADES)]
                 for n, u in enumerate(units, 1)]  # fmt: skip
        if chance.random() < 0.5:
            sums = [list(truth.values()).count(grade) for grade in GRADES]
            rows.append(["", "Tổng cộng", *sums])
    elif layout == "years":
        rows.append(["STT", "Xã, phường", *(f"Năm {year}" for year in years)])
        rows += [[n, f"Xã {u}", *(written.get(truth.get((year, u)), "") for year in years)]
                 for n, u in enumerate(units, 1)]  # fmt: skip
    else:
        rows.append(["Năm", "Đơn vị", "Xếp loại", "Ghi chú"])
        rows += [[year, unit, written[grade], ""] for (year, unit), grade in truth.items()]
    if chance.random() < 0.5:
        rows += [[], ["", "", "NGƯỜI LẬP BIỂU"]]
    if layout == "years" and len(years) == 1:
        rows[0 if rows[0][0] == "STT" else 1][2] = "Xếp loại"
        rows.insert(0, [f"Năm {years[0]}"])
    table, check = read(rows)
    assert (table, check.problems) == ("classifications", ())
    expected = sorted((year, unit, grade) for (year, unit), grade in truth.items())
    assert sorted(plain(check.records)) == expected


# ---- meeting items ----

ITEMS = ["STT", "Đơn vị", "Loại", "Nội dung", "Thời hạn", "Kết quả"]


def test_items_of_a_meeting_with_their_day_and_whether_they_are_done(read):
    """Words such as "tổng kết" or a unit's name are the officer's own in a text."""
    table, check = read([
        ["HỘI NGHỊ GIAO BAN NGÀY 15/9/2024"], ITEMS,
        [1, "Tuy Lộc", "Tồn tại, hạn chế", "Chưa có quy chế tổ tự quản", "30/10/2024", "Chưa"],
        [2, "Toàn thành phố", "Giải pháp", "Tổng kết phong trào", "Quý IV/2024", "Đã xong"],
    ])  # fmt: skip
    assert (table, check.problems) == ("meeting_items", ())
    met = "2024-09-15"
    assert plain(check.records) == [
        (met, "Tuy Lộc", "shortcoming", "Chưa có quy chế tổ tự quản", "2024-10-30", False),
        (met, None, "solution", "Tổng kết phong trào", "2024-12-31", True),
    ]


def test_shortcomings_and_solutions_may_be_columns(read):
    """Each filled cell is an item of its own, with the row's day."""
    table, check = read([
        ["GIAO BAN THÁNG 9/2024"], ["STT", "Đơn vị", "Tồn tại, hạn chế", "Giải pháp", "Thời hạn"],
        [1, "Tuy Lộc", "Chưa có quy chế", "Ban hành quy chế", "30/10/2024"],
        [2, "Âu Lâu", "", "Mở lớp", "31/10/2024"],
    ])  # fmt: skip
    assert (table, check.problems) == ("meeting_items", ())
    assert sorted(plain(check.records, "commune", "kind", "item", "due")) == [
        ("Tuy Lộc", "shortcoming", "Chưa có quy chế", "2024-10-30"),
        ("Tuy Lộc", "solution", "Ban hành quy chế", "2024-10-30"),
        ("Âu Lâu", "solution", "Mở lớp", "2024-10-31"),
    ]


def test_an_item_without_a_day_or_unit_or_with_a_name_is_asked_about(read):
    """The name is echoed nowhere, and the rest is read."""
    _, check = read([
        ["GIAO BAN THÁNG 9/2024"], ITEMS,
        [1, "Tuy Lộc", "Giải pháp", "Mở lớp tập huấn", "30/10/2024", ""],
        [2, "Âu Lâu", "Giải pháp", "Phân công ông Nguyễn Văn A phụ trách", "31/10/2024", ""],
        [3, "", "Giải pháp", "Tuần tra", "31/12/2024", ""],
        [4, "Âu Lâu", "Giải pháp", "Mở lớp", "31/8/2024", ""],
        [5, "Âu Lâu", "Giải pháp", "Ra mắt mô hình", "", ""],
    ])  # fmt: skip
    assert len(check.records) == 1
    assert {(kind, cell) for kind, cell, _ in faults(check)} == {
        ("person_in_text", "D4"), ("blank_whole", "B5"), ("ends_before_start", "E6"),
        ("required", "E7"),
    }  # fmt: skip
    told = [
        note.text(language) for note in (*check.problems, *check.skipped) for language in LANGUAGES
    ]
    assert "Văn A" not in " ".join(told) + check._repr_html_() + check.cells.to_string()


# ---- hotspots ----


def test_each_row_is_a_hotspot_until_it_is_closed(read):
    """Days may be months or years; what was done is kept for the office alone."""
    table, check = read([
        ["ĐỊA BÀN PHỨC TẠP VỀ ANTT"],
        ["STT", "Xã, phường", "Ngày xác định", "Chuyển hóa xong", "Biện pháp"],
        [1, "Tuy Lộc", "15/3/2021", "", "Vận động tập trung"],
        [2, "Phúc Lộc", "2018", "12/2019", ""],
        [3, "Âu Lâu", "?", "", ""],
    ])  # fmt: skip
    assert table == "hotspots"
    assert plain(check.records) == [
        ("Tuy Lộc", "2021-03-15", None, "Vận động tập trung", 1),
        ("Phúc Lộc", "2018-01-01", "2019-12-31", None, 1),
    ]
    assert faults(check) == [("broken_date", "C5", "?")]


def test_hotspots_may_be_counted(read):
    """Where the office writes how many."""
    _, check = read([["Xã, phường", "Từ ngày", "Số điểm phức tạp"], ["Tuy Lộc", "2021", 3]])
    assert check.records["count"].tolist() == [3]


# ---- all together ----


def test_a_folder_of_all_tables_is_told_apart(tmp_path):
    """Each file goes to its table, whatever it is called."""
    files = {
        "committees": [["Năm 2024"], COMMITTEES, [1, "Tuy Lộc", "x", "x"]],
        "targets": [["KẾ HOẠCH NĂM 2024"], ["Đơn vị", "Nguồn tin"], ["Tuy Lộc", 4]],
        "classifications": [["Năm 2024"], ["Đơn vị", "Xếp loại"], ["Tuy Lộc", "Khá"]],
        "meeting_items": [["GIAO BAN THÁNG 9/2024"], ITEMS,
                          [1, "Tuy Lộc", "Giải pháp", "Mở lớp", "30/10/2024", ""]],
        "hotspots": [["Xã, phường", "Ngày xác định"], ["Tuy Lộc", "2021"]],
        "models": [["Đơn vị", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]],
        "records": [["Năm 2024"], ["Đơn vị", "Nguồn tin", "Kế hoạch", "%"], ["Tuy Lộc", 4, 5, 80]],
    }  # fmt: skip
    for number, rows in enumerate(files.values()):
        book(tmp_path / f"{number}.xlsx", {"Bảng": rows})
    found = check_files(tmp_path)
    assert {name: len(check.records) for name, check in found.items()} == dict.fromkeys(files, 1)
    assert not any(check.problems for check in found.values())


def test_persons_refuse_a_list_of_items(tmp_path):
    """A column of telephone numbers beside the items is one of persons."""
    rows = [["GIAO BAN THÁNG 9/2024"], [*ITEMS, "SĐT liên hệ"],
            [1, "Tuy Lộc", "Giải pháp", "Mở lớp", "30/10/2024", "", "0900 000 000"]]  # fmt: skip
    path = book(tmp_path / "a.xlsx", {"A": rows})
    with pytest.raises(ValueError, match="identifies persons"):
        check_file(path, table="meeting_items")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5094, 5107, 5140, 5181, 5287, 6061, *range(7000, 7010)])
def test_reports_with_plans_and_days_beside_their_counts_stay_reports(tmp_path, seed):
    """As offices write them: columns of plans, days from and to, several tables on a sheet."""
    made = make_file(seed, tmp_path / "files")
    alone = check_file(made.path, **made.options)
    found = check_files(made.path, **made.options)
    assert list(found) == ["records"]
    pd.testing.assert_frame_equal(found["records"].records, alone.records)


def test_a_template_of_all_tables_is_filled_in_and_read(tmp_path):
    """Each sheet is its table; those that stay blank are no problem."""
    path = write_template(tmp_path / "mau.xlsx", tables=MOVEMENT)
    book_ = openpyxl.load_workbook(path)
    rows = {
        "Số liệu": (6, ["Tuy Lộc", date(2024, 1, 1), date(2024, 12, 31), 1, 2, 3, 1, 1]),
        "Mô hình": (5, ["Tuy Lộc", "Camera an ninh", date(2020, 1, 1), None, 2]),
        "Kế hoạch": (5, [2024, "Tuy Lộc", "Nguồn tin tiếp nhận", 40]),
        "Ban Chỉ đạo": (5, [2024, "Thành phố", "Đã thực hiện", "Chưa thực hiện"]),
        "Giao ban": (5, [None, "Tuy Lộc", "Giải pháp", "Mở lớp", date(2024, 9, 30), None]),
    }
    for sheet, (row, cells) in rows.items():
        for column, value in enumerate(cells, 1):
            book_[sheet].cell(row, column).value = value
    book_.save(path)
    found = check_files(path)
    assert not [problem for check in found.values() for problem in check.problems]
    assert {name: len(check.records) for name, check in found.items() if len(check.records)} == {
        name: 1 for name in ("records", "models", "targets", "committees", "meeting_items")
    }
    with pytest.raises(ValueError, match="table='crimes' is not known"):
        write_template(tmp_path / "b.xlsx", tables=["crimes"])


# ---- what a chief reads ----


def briefed(tables, period="2022", language="vi"):
    """Compose the pages of tables of one's own, beside the sample."""
    sections = check_sections(tables, "internal", language)
    records = antq.load_records()
    briefing = compose(look_back(records, period), communes=(), language=language)
    reached = look_back(records, year_to_date(period))
    pages = add_sections(briefing, sections, "same_period_last_year", reached).pages
    return pages[-len(tables) :]


def own(table: str, rows: list[tuple]) -> pd.DataFrame:
    """Make a table of one's own as load_table gives it."""
    names = [field["name"] for field in table_fields(table) if field["name"] != "source"]
    made = pd.DataFrame(rows, columns=names).assign(source="reported")
    days = [name for name in ("met", "due", "since", "until") if name in made]
    return made.assign(**{day: pd.to_datetime(made[day]) for day in days})


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2022", "nguồn tin tiếp nhận đạt 89,0% kế hoạch năm 2022 (534 trên 600)"),
        ("2022-09", "nguồn tin tiếp nhận đạt 62,5% kế hoạch năm 2022 (375 trên 600)"),
    ],
)
def test_a_target_is_set_beside_the_year_to_date(period, said):
    """534 of 600 are 89.0 %; by September 375 are 62.5 %."""
    [page] = briefed({"targets": own("targets", [(2022, None, "tips", 600)])}, period)
    assert said in " ".join(page.sentences)
    assert "Giả lập" in " ".join(page.notes)


def test_the_units_below_their_target_are_named_and_those_without_reports_apart():
    """Tuy Lộc had 23 tips in 2022; who merged has no target any more."""
    rows = [
        (2022, name, "tips", n) for name, n in (("Tuy Lộc", 24), ("Yên Ninh", 1), ("Phúc Lộc", 5))
    ]
    [page] = briefed({"targets": own("targets", rows)})
    assert "1 trên 2 đơn vị đã đạt kế hoạch năm; chưa đạt: Tuy Lộc." in " ".join(page.sentences)
    assert "Phúc Lộc" in " ".join(page.notes)


def test_committees_grades_items_and_hotspots_are_counted_by_hand():
    """Each with the year or day before; nothing is ranked, and free text stays internal."""
    tables = {
        "committees": own("committees", [(2021, None, True, True), (2022, None, True, False),
                                         (2022, "Tuy Lộc", False, None)]),
        "classifications": own("classifications", [
            (2021, "Tuy Lộc", "good"), (2022, "Tuy Lộc", "excellent"), (2022, "Yên Ninh", "good"),
        ]),
        "hotspots": own("hotspots", [
            ("Tuy Lộc", "2021-03-15", None, "", 1), ("Âu Lâu", "2022-02-01", None, "", 1),
        ]),
        "meeting_items": own("meeting_items", [
            ("2022-09-15", "Tuy Lộc", "shortcoming", "Chưa có quy chế", "2022-10-30", False),
            ("2021-06-15", None, "solution", "Mở lớp", "2023-01-31", None),
            ("2021-06-15", None, "solution", "Đã xong từ lâu", "2021-12-31", True),
        ]),
    }  # fmt: skip
    committees, grades, hotspots, items = briefed(tables)
    assert committees.sentences[0] == (
        "Năm 2022, 1 trên 2 Ban Chỉ đạo đã được kiện toàn (năm 2021: 1 trên 1)."
    )
    assert "Chưa kiện toàn: Tuy Lộc." in committees.sentences
    assert "xuất sắc 1 (năm 2021: 0); khá 1 (năm 2021: 1)" in grades.sentences[0]
    assert "có 2 địa bàn phức tạp" in hotspots.sentences[0]
    assert "còn 2 nội dung chưa xong hoặc chưa báo cáo kết quả" in items.sentences[0]
    assert "trong đó 1 nội dung quá hạn; đã thực hiện xong 0 nội dung" in items.sentences[0]
    texts = items.blocks[0].data.to_string()
    assert "Mở lớp" in texts  # of an earlier meeting, and without a result
    assert items.blocks[0].data.iloc[:, -1].tolist() == ["Quá hạn", "Chưa báo cáo"]
    assert "Đã xong từ lâu" not in texts


def test_a_trend_bears_the_target_of_its_year_and_its_code_draws_it_again():
    """A dash at its height, in table and alt text; none where rates are drawn."""
    targets = own("targets", [(2022, None, "tips", 600), (2022, "Tuy Lộc", "tips", 40)])
    planned = list_targets(targets, ["tips"])
    view = antq.View(["tips"], targets=planned)
    picture = antq.draw(antq.load_records(), view)
    [dash] = [line for line in picture.axes[0].lines if line.get_gid() == "target"]
    assert [float(y) for y in dash.get_ydata() if y == y] == [600]
    assert "600" in picture.alt
    assert eval(repr(view), {"View": antq.View}) == view
    numbers = antq.tabulate(antq.load_records(), view)
    assert numbers.loc[numbers["period"] == "2022", "target"].tolist() == [600]
    assert "target" not in antq.tabulate(antq.load_records(), replace(view, per=1000))
    ax = antq.plot_trend(antq.load_records(), communes=["Tuy Lộc"], targets=targets)
    assert any(line.get_gid() == "target" for line in ax.lines)


def test_the_whole_has_a_target_where_one_is_stated_or_each_unit_has_one():
    """Two of fifteen units make no target of the city, in sentence and picture alike."""
    names = antq.load_communes(boundaries=2022)["name"]
    every = own("targets", [(2022, name, "tips", 40) for name in names])
    for targets, whole in ((every, [600]), (every.head(2), [])):
        [page] = briefed({"targets": targets})
        assert ("trên 600)" in page.sentences[0]) == bool(whole)
        views = [block.view for block in page.blocks if isinstance(block, PagePicture)]
        assert [target for view in views for *_, target in view.targets] == whole
    assert list_targets(every, ["tips"]) == ()


def test_a_target_of_what_nobody_reported_is_not_reached_by_a_guess():
    """A plan may name counts that no file holds."""
    [page] = briefed({"targets": own("targets", [(2022, None, "arrests", 5)])})
    assert "chưa có đủ số liệu" in page.sentences[0]
    assert page.blocks[0].data.iloc[0].tolist()[1:] == ["5", "–", "–"]


def test_no_target_of_a_year_stands_beside_a_pool_or_a_part_of_years():
    """Nine months are no year, and three years are no year."""
    planned = ((None, "tips", 2022, 600), (None, "tips", 2020, 600))
    for period in ("2022-to-09", "2020-to-2022"):
        numbers = antq.tabulate(
            antq.load_records(), antq.View(["tips"], period=period, targets=planned)
        )
        assert numbers["target"].isna().all()


OWN = {
    "committees": [["Năm 2024"], COMMITTEES, [1, "Thành phố", "x", "x"], [2, "Tuy Lộc", "x", ""]],
    "classifications": [["Đơn vị", "Năm 2023", "Năm 2024"], ["Tuy Lộc", "Khá", "Yếu"]],
    "meeting_items": [["GIAO BAN NGÀY 15/9/2024"], ITEMS,
                      [1, "Tuy Lộc", "Giải pháp", "Mở lớp", "30/10/2024", ""]],
    "hotspots": [["Xã, phường", "Ngày xác định"], ["Tuy Lộc", "15/3/2021"]],
    "commendations": [["Cấp khen", "Hình thức", "Đối tượng", "Số lượng"],
                      ["Bộ Công an", "Bằng khen", "Tập thể", 2]],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", OWN)
def test_each_table_alone_opens_on_the_page_and_with_its_years(tmp_path, table, language):
    """Its picture, the table below it, and the code, at each end of the slider."""
    page = explore_file(book(tmp_path / "a.xlsx", {"A": OWN[table]}), language=language)
    explorer = page.movement
    assert explorer.view.table == table
    slider = explorer._choices["years"]
    for years in {(slider.options[0], slider.options[0]), slider.value}:
        slider.value = years
        assert explorer._stage.drawn or table == "commendations"
    assert "<th" in explorer._table_box.value


def test_targets_alone_are_checked_and_stand_in_the_trends_of_records(tmp_path):
    """They have no picture of their own; beside counts they are dashes."""
    plan = [["KẾ HOẠCH NĂM 2022"], ["Đơn vị", "Nguồn tin"], ["Tuy Lộc", 40]]
    path = book(tmp_path / "ke hoach.xlsx", {"A": plan})
    page = explore_file(path)
    assert (page.movement, page.explorer) == (None, None)
    assert len(page.tables["targets"]) == 1
    with pytest.raises(ValueError, match="explore_trends"):
        antq.explore_movement(None, page.tables)
    explorer = antq.explore_trends(antq.load_records(), targets=page.tables["targets"])
    assert explorer.view.targets == ()
    explorer.communes = ["Tuy Lộc"]
    assert explorer.view.targets == (("Tuy Lộc", "tips", 2022, 40),)
    assert "targets=(('Tuy Lộc', 'tips', 2022, 40),)" in explorer.code()
