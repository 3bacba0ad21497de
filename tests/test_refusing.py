"""Files that identify persons are refused; the column is named, and its content kept nowhere."""

import csv
import gc
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment

from antq_helpers.dictionary import LANGUAGES
from antq_helpers.problems import DataProblem
from antq_helpers.reading.load import check_file, check_files, load_records
from tests.books import book, figures
from tests.raw_xls import write_xls
from tests.test_tcvn3 import to_tcvn3

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin"]
# The texts that must be held nowhere: put together to be written, and looked for by patterns that
# are not the text itself.
PIECES, NUMBER = ("Trần Thị", "Bí", "Mật Kín"), ("0961", "734", "285")
SECRET = re.compile("Trần Thị[ ]Bí[ ]Mật Kín|0961[ ]?734[ ]?285")


def person():
    """Give the name of a person who does not exist."""
    return " ".join(PIECES)


def number(between=""):
    """Give a telephone number."""
    return between.join(NUMBER)


def refusal(*arguments, **options):
    """Check what must be refused; give the exception with all that hangs on it."""
    with pytest.raises(DataProblem) as caught:
        check_file(*arguments, **options)
    error = caught.value
    del caught
    return error


def holders(pattern):
    """Name the types of all objects of this process that hold a text with the pattern.

    The frames of a traceback are among them.
    """
    gc.collect()
    return [
        type(owner).__name__
        for owner in gc.get_objects()
        if any(_holds(held, pattern) for held in _held_by(owner))
    ]


def _held_by(owner):
    for held in gc.get_referents(owner):
        if type(held) is np.ndarray and held.dtype == object:  # arrays hide what they hold
            yield from held.flat
        else:
            yield held


def _holds(text, pattern):
    if type(text) is bytes:
        text = text.decode("utf-8", "replace")
    return type(text) is str and pattern.search(text) is not None


def write(path, rows):
    """Write rows to a file of the kind that its ending says."""
    if path.suffix == ".xlsx":
        return book(path, {"Sheet1": rows})
    if path.suffix == ".xls":
        return write_xls(path, {"Sheet1": rows})
    if path.suffix == ".parquet":
        pd.DataFrame(rows[1:], columns=rows[0]).to_parquet(path)
        return path
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize(
    "header",
    [
        *("Họ và tên", "Họ tên người báo tin", "Người cung cấp", "Số điện thoại", "SĐT", "CCCD"),
        *("Số CMND", "Hộ chiếu", "Biển số xe", "Địa chỉ", "Ngày sinh", "Full name", "Ho va ten"),
    ],
)
def test_a_header_that_identifies_persons_is_a_reason_to_refuse(tmp_path, header):
    """Whatever stands below it; the message names sheet and column, and says what to do."""
    path = book(tmp_path / "a.xlsx", {"Quý I": [TITLE, [*HEADER, header], ["Tuy Lộc", 12, "x"]]})
    error = refusal(path)
    assert str(error) == (
        f'a.xlsx, sheet "Quý I", column "{header}": this column identifies persons; the file is '
        "refused. Delete it (names, telephones, papers, plates, addresses), keep the counts "
        "alone, and try again."
    )
    [problem] = error.problems
    assert (problem.kind, problem.value) == ("persons", "")


@pytest.mark.parametrize(
    "cell", ["0987654321", "0987 654 321", "+84 987 654 321", 987654321, "001085012345"]
)
@pytest.mark.parametrize("header", ["Ghi chú", "Cột lạ", ""])
def test_a_number_of_a_person_is_a_reason_to_refuse_under_any_header(tmp_path, cell, header):
    """Telephones and identity cards as text, and as the number that a spreadsheet made of it."""
    rows = [TITLE, [*HEADER, header], ["Tuy Lộc", 12, "x"], ["Âu Lâu", 7, cell]]
    path = book(tmp_path / "a.xlsx", {"Sheet1": rows})
    if not header:
        assert str(cell) not in str(check_or_refusal(path))
        return
    error = refusal(path)
    assert f'column "{header}": this column identifies persons' in str(error)
    assert str(cell) not in str(error) + repr(error.problems)


def check_or_refusal(path):
    """Give whatever is shown of a file."""
    try:
        found = check_file(path)
    except DataProblem as error:
        return f"{error} {error.problems}"
    return repr(found) + found._repr_html_() + repr(found.problems) + repr(found.skipped)


def test_the_refusal_is_told_in_vietnamese(tmp_path):
    """With what to delete."""
    path = book(tmp_path / "a.xlsx", {"Sheet1": [TITLE, [*HEADER, "SĐT"], ["Tuy Lộc", 12, "x"]]})
    expected = r'cột "SĐT": cột này ghi thông tin của từng người; tệp không được nhận\. Xóa cột này'
    with pytest.raises(DataProblem, match=expected):
        check_file(path, language="vi")
    with pytest.raises(DataProblem, match=expected):
        load_records(path, language="vi")


@pytest.mark.parametrize("hidden", [(), ("Danh sách",)], ids=["shown", "hidden"])
def test_a_list_of_persons_on_another_sheet_is_a_reason_to_refuse(tmp_path, hidden):
    """Also where that sheet is hidden, and holds no count."""
    sheets = {
        "Quý I": [TITLE, HEADER, ["Tuy Lộc", 12]],
        "Danh sách": [["STT", "Họ và tên", "Chức vụ"], [1, person(), "Tổ trưởng"]],
    }
    error = refusal(book(tmp_path / "a.xlsx", sheets, hidden=hidden))
    assert 'sheet "Danh sách", column "Họ và tên"' in str(error)


def test_numbers_of_persons_on_a_sheet_without_headers_are_a_reason_to_refuse(tmp_path):
    """The column is named by its letter."""
    numbers = [["", "0912345678"], ["", "0987654321"]]
    sheets = {"Quý I": [TITLE, HEADER, ["Tuy Lộc", 12]], "Sheet2": numbers}
    error = refusal(book(tmp_path / "a.xlsx", sheets))
    assert 'sheet "Sheet2", column "B"' in str(error)


@pytest.mark.parametrize(
    "rows",
    [
        [["", "NGƯỜI LẬP BIỂU"], ["", "(Ký, ghi rõ họ tên)"], ["", "Trần Thị Bí Ẩn"]],
        [["Người lập:", "Trần Thị Bí Ẩn"]],
        [["THỦ TRƯỞNG ĐƠN VỊ", "Người báo cáo"], ["Đại úy Lê Văn A", "Trung úy Đỗ Thị B"]],
        [["Nơi nhận:"], ["- Công an thành phố;"], ["- Lưu: VT."]],
    ],
)
def test_a_signature_under_the_form_is_no_reason_to_refuse_it(check, rows):
    """It is counted, and never shown."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12], [], *rows)
    assert figures(found, "tips") == [("Tuy Lộc", 12)]
    assert not found.problems
    shown = repr(found) + found._repr_html_() + repr(found.problems) + repr(found.skipped)
    for name in ("Bí Ẩn", "Lê Văn A", "Đỗ Thị B"):
        assert name not in shown


def test_communes_that_are_named_after_persons_are_no_reason_to_refuse(check):
    """Nguyễn Thái Học and Nguyễn Phúc are wards."""
    found = check(TITLE, HEADER, ["Nguyễn Thái Học", 12], ["Nguyễn Phúc", 7])
    assert figures(found, "tips") == [("Nguyễn Thái Học", 12), ("Nguyễn Phúc", 7)]


def test_counts_by_the_way_in_which_tips_came_are_no_persons(check):
    """``Nguồn tin qua › Điện thoại`` counts."""
    found = check(
        TITLE,
        ["Xã, phường", "Nguồn tin", "Nguồn tin qua", ""],
        ["", "", "Điện thoại", "Zalo"],
        ["Tuy Lộc", 12, 5, 7],
        merged=["A2:A3", "B2:B3", "C2:D2"],
    )
    assert figures(found, "tips") == [("Tuy Lộc", 12)]


@pytest.mark.slow
def test_in_a_folder_the_other_files_are_read(tmp_path):
    """The refusal stands among the problems; the whole check holds nothing of the file."""
    book(tmp_path / "a.xlsx", {"Sheet1": [TITLE, HEADER, ["Tuy Lộc", 12]]})
    book(
        tmp_path / "b.xlsx",
        {"Sheet1": [TITLE, [*HEADER, "Người báo tin"], ["Âu Lâu", 7, person()]]},
    )
    found = check_file(tmp_path)
    assert figures(found, "tips") == [("Tuy Lộc", 12)]
    assert [(p.kind, p.file, p.column) for p in found.problems] == [
        ("persons", "b.xlsx", "Người báo tin")
    ]
    assert holders(SECRET) == []
    with pytest.raises(DataProblem, match="Người báo tin"):
        load_records(tmp_path / "b.xlsx")


def _told(check):
    """Join all that a check shows, in both languages."""
    tables = (check.records, check.cells, check.account, check.headers)
    problems = [
        p.text(language) for p in (*check.problems, *check.skipped) for language in LANGUAGES
    ]
    texts = [repr(check), check._repr_html_(), *problems, *check.waiting]
    return " ".join([*texts, *(table.to_csv() for table in tables)])


SOMEBODY = "Ông Nguyễn Văn A"
COUNTS = [["BÁO CÁO NĂM 2022"], ["Xã, phường", "Nguồn tin", "Ghi chú"], ["Tuy Lộc", 12, ""]]


@pytest.mark.parametrize(
    ("row", "column", "kinds"),
    [
        (2, 0, ["no_such_commune"]),
        (2, 1, ["broken_count"]),
        (2, 2, []),
        (1, 2, []),
        (1, 1, ["no_table"]),
        (0, 0, ["no_period"]),
        (3, 0, []),
        (2, 3, []),
    ],
    ids=["commune", "count", "remark", "header", "only count", "title", "below", "no header"],
)
def test_a_cell_that_names_somebody_is_never_shown(tmp_path, row, column, kinds):
    """It is left unread or asked about; no table, message or page repeats it."""
    rows = [[*line] for line in [*COUNTS, []]]
    rows[row] += [""] * (column + 1 - len(rows[row]))
    rows[row][column] = SOMEBODY
    check = check_file(book(tmp_path / "a.xlsx", {"A": rows}))
    assert [problem.kind for problem in check.problems] == kinds
    assert "Nguyễn" not in _told(check)


def test_comments_and_hidden_sheets_that_name_somebody_are_never_shown(tmp_path):
    """Neither is read; a sheet that is called after somebody refuses the file."""
    path = book(tmp_path / "a.xlsx", {"A": COUNTS, "B": [[SOMEBODY, 3]]}, hidden=["B"])
    workbook = openpyxl.load_workbook(path)
    workbook["A"]["B3"].comment = Comment(SOMEBODY, SOMEBODY)
    workbook.save(path)
    check = check_file(path)
    assert figures(check, "tips") == [("Tuy Lộc", 12)]
    assert "Nguyễn" not in _told(check)
    with pytest.raises(DataProblem, match="identifies persons") as refused:
        check_file(book(tmp_path / "b.xlsx", {SOMEBODY: COUNTS}))
    assert "Nguyễn" not in str(refused.value)


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        (["Tổ chức", "Hoạt động", "Năm", "Số lượng"], ["Hội CCB", "Giao lưu", 2022, 5], 0),
        (["Tổ chức", "Hoạt động", "Năm", "Số lượng"], ["Hội CCB", "Giao lưu", 2022, 5], 1),
        (["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2], 1),
    ],
    ids=["organisation", "activity", "model"],
)
def test_a_list_that_takes_new_names_takes_none_of_a_person(tmp_path, header, row, column):
    """Such names would stand in pictures and briefings as kinds of their own."""
    named = [*row[:column], f"Tổ của {SOMEBODY}", *row[column + 1 :]]
    [check] = check_files(book(tmp_path / "a.xlsx", {"A": [header, row, named]})).values()
    assert [problem.kind for problem in check.problems] == ["person_in_text"]
    assert len(check.records) == 1
    assert "Nguyễn" not in _told(check)


# Nothing is kept


@pytest.mark.slow
def test_no_object_keeps_what_refused_files_hold(tmp_path):
    """Not the exceptions, the frames of their tracebacks, a cache or anything else."""
    rows = [
        [*HEADER, "Từ ngày", "Đến ngày", "Người báo tin", "Ghi chú"],
        ["Tuy Lộc", 12, "01/01/2022", "31/03/2022", person(), number()],
    ]
    paths = [write(tmp_path / f"a.{kind}", rows) for kind in ("xlsx", "xls", "csv", "parquet")]
    del rows
    errors = [refusal(path) for path in paths]
    assert all(error.__traceback__ and "Người báo tin" in str(error) for error in errors)
    assert holders(SECRET) == []


@pytest.mark.slow
def test_the_search_finds_what_is_kept():
    """In a list, in an array, and in the frames of an exception."""

    def fail(secret):
        raise ValueError

    with pytest.raises(ValueError) as caught:  # noqa: PT011
        fail(person())
    kept = [person()], [np.array([number()], dtype=object)]
    assert sorted(holders(SECRET)) == ["frame", "list", "list"]
    assert (len(kept), caught.type) == (2, ValueError)


@pytest.mark.slow
def test_no_object_keeps_the_numbers_by_which_a_file_is_refused(tmp_path):
    """The column of a harmless header, found by its content."""
    path = write(tmp_path / "a.xlsx", [TITLE, [*HEADER, "Ghi chú"], ["Tuy Lộc", 12, number()]])
    error = refusal(path)
    assert 'column "Ghi chú"' in str(error)
    assert holders(SECRET) == []


@pytest.mark.slow
def test_no_object_keeps_the_signature_of_a_file_that_was_read(tmp_path):
    """The check holds records, problems and places, and nothing that stands below a table."""
    below = [["", "Người lập"], ["", person()]]
    path = write(tmp_path / "a.xlsx", [TITLE, HEADER, ["Tuy Lộc", 12], [], *below])
    del below
    found = check_file(path)
    assert len(found.records) == 1
    assert holders(SECRET) == []


@pytest.mark.slow
def test_the_refusal_of_old_letters_keeps_nothing_of_the_persons_beside_them(tmp_path):
    """The sample that it shows is a header or the name of a commune."""
    rows = [
        [to_tcvn3(text) for text in TITLE],
        [to_tcvn3(text) for text in [*HEADER, "Họ và tên"]],
        [to_tcvn3("Yên Thịnh"), 12, to_tcvn3(person())],
        [to_tcvn3("Hồng Hà"), 7, to_tcvn3(person())],
    ]
    path = book(tmp_path / "a.xlsx", {"Sheet1": rows})
    del rows
    old_letters = re.compile("[ ]".join(map(to_tcvn3, PIECES)))
    error = refusal(path)
    assert error.problems[0].kind == "tcvn3"
    assert error.problems[0].details["sample"] != to_tcvn3(person())
    assert holders(old_letters) == []
    error = refusal(path, encoding="tcvn3")
    assert error.problems[0].kind == "persons"
    assert holders(SECRET) == []
    assert holders(old_letters) == []


@pytest.mark.parametrize(
    "header",
    ["Bị hại", "Nạn nhân", "Số điện thoại đường dây nóng công bố", "Đường dây nóng"],
)
def test_a_header_that_counts_is_no_list_of_persons(tmp_path, header):
    """Figures stand below it: how many victims, how many hotlines."""
    path = tmp_path / "a.csv"
    path.write_text(f"Xã/phường;Năm;Số nguồn tin;{header}\nTuy Lộc;2021;12;2\n", encoding="utf-8")
    assert not check_file(path).problems
