"""A check shows its summary, problems first, in both languages; nothing of a file is markup."""

import re

import pytest

from antq_helpers.reading.load import check_file
from antq_helpers.reading.report import SHOWN, row_ranges
from tests.books import book

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin"]
ATTACK = "<script>alert(1)</script>"


def rows_of(markup, title):
    """Give the cells of the rows of the table that has a column with this title."""
    [table] = [part for part in markup.split("<table ")[1:] if f"<th>{title}</th>" in part]
    body = table.split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall("<td>(.*?)</td>", row) for row in body.split("<tr>")[1:]]


def test_the_summary_says_what_was_read_and_that_all_is_well(check):
    """Reports, communes, first and last day, files, cells."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12], ["Âu Lâu", 7])
    assert repr(found).startswith(
        "2 reports of 2 communes and wards were read, from 01/01/2022 to 31/03/2022 (1 file"
    )
    assert "There is no problem." in repr(found)
    assert "Of 7 filled cells 6 are used, 1 set aside, 0 wrong." in repr(found)


def test_the_summary_says_so_in_vietnamese(check):
    """The same sentences, numbers as they are written there."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12], ["Âu Lâu", 7], language="vi")
    assert repr(found) == (
        "Đã đọc 2 báo cáo của 2 xã, phường, từ 01/01/2022 đến 31/03/2022 (1 tệp). Không có lỗi. "
        "Trong 7 ô có nội dung: 6 ô được dùng, 1 ô để riêng, 0 ô có lỗi."
    )


def test_the_summary_counts_problems(check):
    """Where no report could be read it says so."""
    found = check(TITLE, HEADER, ["Tuy Lộc", "x"], ["Âu Lâu", "y"])
    assert repr(found).startswith("No report could be read. 2 places must be corrected.")
    found = check(TITLE, HEADER, ["Tuy Lộc", "x"], ["Âu Lâu", "y"], language="vi")
    assert repr(found).startswith("Chưa đọc được báo cáo nào. Có 2 chỗ phải sửa.")


def test_problems_are_shown_first_with_their_cells_and_what_to_do(check):
    """Before the headers as understood, and before what was set aside."""
    found = check(TITLE, HEADER, ["Tuy Lộc", "x"], ["Âu Lâu", 7])
    shown = found._repr_html_()
    assert rows_of(shown, "What to do") == [
        ["Sheet1", "B3", "Nguồn tin", "x", "This is no count.", found.problems[0].what_to_do()]
    ]
    places = [shown.index(text) for text in ("What to do", "How the columns", "What was set aside")]
    assert places == sorted(places)


def test_files_of_one_layout_are_listed_once(tmp_path):
    """Twenty communes send the same form: one list of columns, with whose it is."""
    for name in ("Tuy Lộc", "Âu Lâu", "Yên Ninh", "Minh Bảo", "Hợp Minh"):
        rows = [["Quý I năm 2022"], ["Xã, phường", "Nguồn tin"], [name, 3]]
        book(tmp_path / f"{name}.xlsx", {"Sheet1": rows})
    text = check_file(tmp_path, language="vi")._repr_html_()
    assert text.count("<td>Nguồn tin tiếp nhận</td>") == 1
    assert "; … (5)" in text


def test_headers_are_shown_as_they_were_understood(check):
    """By letter, in the file's own words."""
    shown = check(TITLE, HEADER, ["Tuy Lộc", 12])._repr_html_()
    assert rows_of(shown, "Understood as") == [
        ["Sheet1", "A", "Xã, phường", "commune or ward"],
        ["", "B", "Nguồn tin", "Tips received"],
    ]


def test_what_was_set_aside_is_shown_by_reason_with_its_rows(check):
    """Rows of one reason stand in one line."""
    shown = check(TITLE, HEADER, ["Tuy Lộc", 12], ["Tổng cộng", 12], [], ["a"], ["b"])._repr_html_()
    told = {reason: rows for _, rows, reason in rows_of(shown, "Reason")}
    assert told["A row of totals; used as a check alone."] == "4"
    [outside] = [rows for reason, rows in told.items() if reason.startswith("Outside the tables")]
    assert outside == "1, 6–7"


def test_everything_is_shown_in_vietnamese(check):
    """Titles, reasons and meanings."""
    found = check(TITLE, [*HEADER, "Lạ"], ["Tuy Lộc", "x", 1], language="vi")
    shown = found._repr_html_()
    for text in ("Cách sửa", "Không phải là số đếm.", "Các cột được hiểu như sau",
                 "Phần để riêng và lý do", "hưa nhận biết: bỏ qua"):  # fmt: skip
        assert text in shown
    assert "What to do" not in shown


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_comes_from_the_file_is_never_markup(tmp_path, language):
    """Headers, cells, names of sheets and files."""
    rows = [[ATTACK], TITLE, [*HEADER, ATTACK], ["Tuy Lộc", ATTACK, 1], [ATTACK[:20], 5, 1]]
    path = book(tmp_path / "a & <b>x<b>.xlsx", {"<i>1<i>": rows})
    shown = check_file(path, language=language)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<i>" not in shown
    assert "<b>x" not in shown


def test_a_file_s_name_is_escaped_where_it_stands_for_the_sheet(tmp_path):
    """A text file has no sheets."""
    path = tmp_path / "<b>x.csv"
    path.write_text("Xã;Nguồn tin\nTuy Lộc;x\n", encoding="utf-8")
    assert "<b>x" not in check_file(path)._repr_html_()


def test_of_many_problems_the_first_are_shown_and_the_others_counted(check):
    """All of them stand in ``.problems``."""
    many = [[f"Thôn số {number}", "trên 5"] for number in range(SHOWN + 5)]
    found = check(TITLE, HEADER, *many)
    count = len(found.problems)
    assert count >= SHOWN + 5
    shown = found._repr_html_()
    assert len(rows_of(shown, "What to do")) == SHOWN
    assert f"… and {count - SHOWN} more, all in .problems." in shown


def test_of_several_files_each_problem_names_its_own(tmp_path):
    """With the sheet; of one file the sheet alone."""
    rows = [TITLE, HEADER, ["Tuy Lộc", "x"]]
    paths = [book(tmp_path / name, {"Sheet1": rows}) for name in ("a.xlsx", "b.xlsx")]
    several = rows_of(check_file(paths)._repr_html_(), "What to do")
    assert [row[0] for row in several] == ["a.xlsx, Sheet1", "b.xlsx, Sheet1"]
    one = rows_of(check_file(paths[0])._repr_html_(), "What to do")
    assert [row[0] for row in one] == ["Sheet1"]


def test_row_numbers_are_written_shortly():
    """Neighbours are joined, doubles told once."""
    assert row_ranges([7, 1, 3, 2, 2]) == "1–3, 7"
    assert row_ranges([5]) == "5"
    assert row_ranges([]) == ""
