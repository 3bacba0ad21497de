"""One file gives its reports, what is hidden and absent is said, old letters are recognised."""

import pytest

from antq_helpers.problems import DataProblem
from antq_helpers.reading.load import check_file
from tests.books import asides, book, dated, faults, figures
from tests.test_tcvn3 import to_tcvn3

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin"]


def told(check, kind):
    """Give the texts of all notes of a kind."""
    return [note.text() for note in check.skipped if note.kind == kind]


def test_hidden_rows_and_columns_are_read_and_said(check):
    """Nothing in the file is lost, and nothing comes in unseen."""
    found = check(
        TITLE, [*HEADER, "Số buổi"], ["Tuy Lộc", 12, 3], ["Âu Lâu", 7, 1], hidden=(4, "C")
    )
    assert figures(found, "tips", "sessions") == [("Tuy Lộc", 12, 3), ("Âu Lâu", 7, 1)]
    [rows], [columns] = told(found, "hidden_rows"), told(found, "hidden_columns")
    assert "rows are hidden, and read like the others: 4. Unhide them and look." in rows
    assert "columns are hidden, and read like the others: C." in columns


def test_hidden_rows_that_are_blank_are_not_worth_a_word(check):
    """Only what holds something is said."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12], hidden=(9, "F"))
    assert not asides(found, "hidden_rows", "hidden_columns")


def test_a_hidden_sheet_is_named_and_not_read(tmp_path):
    """Often it holds last year's figures."""
    rows = [TITLE, HEADER, ["Tuy Lộc", 12]]
    sheets = {"Quý I": rows, "Cũ": [["Quý II năm 2022"], *rows[1:]]}
    found = check_file(book(tmp_path / "a.xlsx", sheets, hidden=("Cũ",)))
    assert dated(found, "tips") == [("Tuy Lộc", "2022-01-01", "2022-03-31", 12)]
    assert told(found, "hidden_sheet") == [
        'a.xlsx, sheet "Cũ": this sheet is hidden; it is not read. Unhide it if it is needed, and '
        "try again."
    ]
    assert found.account["set_aside"].tolist()[1] == 5


def test_counts_that_no_table_holds_are_named_once(check):
    """They are taken as not reported, not as zero."""
    found = check(TITLE, [*HEADER, "Số buổi"], ["Tuy Lộc", 12, 3])
    [text] = told(found, "count_absent")
    assert text == (
        "quy1.xlsx: there is no column for Attendances; Valuable tips; Cases that tips helped "
        "resolve; it is taken as not reported. Nothing to do if the file does not report it."
    )
    assert figures(found, "attendances") == [("Tuy Lộc", None)]


def test_a_file_without_any_table_says_what_there_must_be(check):
    """Nothing of the file is shown."""
    found = check(["Kính gửi đồng chí Bí Mật"], ["Về việc", "họp giao ban"])
    assert faults(found) == [("no_table", None, "")]
    assert len(found.records) == 0
    text = found.problems[0].text()
    assert "no table of records was found. There must be a column or title" in text
    assert "Nguồn tin" in text
    assert "Bí Mật" not in text + repr(found) + found._repr_html_() + repr(found.skipped)


# Old letters


OLD = [
    ["QuÝ I n¨m 2022"],
    ["X·, ph­êng", "Nguån tin"],
    ["Yªn ThÞnh", 12],
    ["Hång Hµ", 7],
]


def test_old_letters_are_recognised_and_not_converted_by_themselves(tmp_path):
    """The refusal names one word with what it would be, and what to pass."""
    path = book(tmp_path / "a.xlsx", {"Sheet1": OLD})
    with pytest.raises(DataProblem, match=r"the text is in the old encoding TCVN3") as caught:
        check_file(path)
    [problem] = caught.value.problems
    assert problem.kind == "tcvn3"
    assert caught.match(r'would be “.+”\. If so, pass encoding="tcvn3"\.$')
    assert to_tcvn3(problem.details["converted"]) == problem.details["sample"]
    with pytest.raises(DataProblem, match=r"chữ viết theo bảng mã cũ TCVN3 \(ABC\), ví dụ"):
        check_file(path, language="vi")


def test_old_letters_are_converted_where_the_user_says_so_and_the_names_are_shown(tmp_path):
    """In a workbook: titles, headers and names."""
    found = check_file(book(tmp_path / "a.xlsx", {"Sheet1": OLD}), encoding="tcvn3")
    assert figures(found, "tips") == [("Yên Thịnh", 12), ("Hồng Hà", 7)]
    assert not found.problems
    [text] = told(found, "converted")
    assert text == (
        "a.xlsx: converted from TCVN3: Yªn ThÞnh → Yên Thịnh; Hång Hµ → Hồng Hà. Look the names "
        "over."
    )


def test_old_letters_in_a_text_file_are_recognised_and_converted(tmp_path):
    """As the programs of that time wrote it: one byte for each letter."""
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(";".join(map(str, row)) for row in OLD).encode("latin-1"))
    with pytest.raises(DataProblem, match="TCVN3"):
        check_file(path)
    found = check_file(path, encoding="tcvn3")
    assert figures(found, "tips") == [("Yên Thịnh", 12), ("Hồng Hà", 7)]


def test_text_that_is_right_is_never_taken_for_old_letters(check):
    """``Xã Phúc Hòa`` would be damaged by converting."""
    found = check(["Xã Phúc Hòa giúp"], TITLE, HEADER, ["Tuy Lộc", 12])
    assert figures(found, "tips") == [("Tuy Lộc", 12)]


# From the names


def test_what_is_taken_from_a_name_is_said_only_where_it_is_used(tmp_path):
    """A file is called after a commune, and has a column of communes all the same."""
    path = book(tmp_path / "Tuy Lộc quý 1 2022.xlsx", {"Sheet1": [HEADER, ["Âu Lâu", 7]]})
    found = check_file(path)
    assert figures(found, "tips") == [("Âu Lâu", 7)]
    assert told(found, "taken_from_name") == [
        'Tuy Lộc quý 1 2022.xlsx, sheet "Sheet1": the period is taken from the name of the file or '
        "sheet: Tuy Lộc quý 1 2022. Write it into the title if it is another."
    ]
