"""Files of every kind, alone, listed or in a folder, are read whole, and no cell is lost."""

import csv
from datetime import date

import openpyxl
import pandas as pd
import pytest

from antq_helpers.places import load_communes
from antq_helpers.problems import DataProblem
from antq_helpers.reading.load import DataNote, check_file, load_records
from tests.books import asides, book, dated, faults, figures, filled_cells
from tests.raw_ods import write_ods
from tests.raw_xls import write_xls

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin", "Vụ việc được giải quyết"]
COUNTS = ("tips", "resolved_cases")
QUARTER = ("2022-01-01", "2022-03-31")
# As an office sends it: every trait that one sheet can have at once.
FORM = [
    ["CÔNG AN THÀNH PHỐ YÊN BÁI", "", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["Số: 12/BC-CATP", "", "", "", "Yên Bái, ngày 20 tháng 4 năm 2022"],
    [],
    ["BÁO CÁO KẾT QUẢ PHONG TRÀO QUÝ I NĂM 2022"],
    ["(từ ngày 15/12/2021 đến ngày 14/3/2022, so với cùng kỳ năm 2021)"],
    [],
    ["STT", "Xã, phường", "Nguồn tin", "", "", "", "Vụ việc đã giải quyết", "Ghi chú"],
    ["", "", "Kỳ này", "Cùng kỳ", "Tăng/giảm (%)", "Lũy kế", "", ""],
    ["", "", "(tin)", "(tin)", "(%)", "(tin)", "(vụ)", ""],
    ["(1)", "(2)", "(3)", "(4)", "(5)=(3)/(4)", "(6)", "(7)", "(8)"],
    ["I", "Khối phường", 20, 18, 111, 20, 6, ""],
    [1, "P. Yên Thịnh", "12", 10, 120, 12, 4, "do bà Bí Mật báo"],
    [2, "HỒNG HÀ", 8, 8, 100, 8, 2, ""],
    ["II", "Khối xã", 2375, 2000, 118, 2375, 1, ""],
    [3, "Tuy  Lộc ", "2.368", 1993, 118, 2368, "đang cập nhật", ""],
    [4, "Xã Âu Lâu", 7, 7, 100, 7, "01", ""],
    ["Tổng cộng", "", 2395, 2018, 118, 2395, 7, ""],
    [],
    ["Ghi chú: số liệu xã Tuy Lộc do Bí Mật tổng hợp"],
    ["", "NGƯỜI LẬP BIỂU", "", "", "TRƯỞNG CÔNG AN"],
    ["", "(Ký, ghi rõ họ tên)", "", "", "(Ký tên, đóng dấu)"],
    ["", "Trung úy Đỗ Bí Mật", "", "", "Thượng tá Lê Bí Mật"],
]
MERGED = ("A7:A8", "B7:B8", "C7:F7", "G7:G8", "H7:H8", "A17:B17")
READ = [
    ("Yên Thịnh", "2021-12-15", "2022-03-14", 12, 4),
    ("Hồng Hà", "2021-12-15", "2022-03-14", 8, 2),
    ("Tuy Lộc", "2021-12-15", "2022-03-14", 2368, None),
    ("Âu Lâu", "2021-12-15", "2022-03-14", 7, 1),
]


def test_a_form_with_every_trait_at_once_is_read(check):
    """Titles, merged header, units, numbering, sections, comparisons, totals, notes, signatures."""
    found = check(*FORM, merged=MERGED)
    assert dated(found, *COUNTS) == READ
    assert not found.problems
    kinds = {note.kind for note in found.skipped}
    assert {"units_row", "numbering", "section", "total", "outside", "row_numbers"} <= kinds
    assert {"column_comparison", "column_to_date", "column_note", "count_absent"} <= kinds


def test_no_text_from_outside_the_tables_is_shown_anywhere(check):
    """Not in the summary, the display, the problems or what was set aside; nor are notes."""
    rows = [list(row) for row in FORM]
    rows[12][2] = "trên 8"  # a problem, so that everything that can be shown is
    found = check(*rows, merged=MERGED)
    assert len(found.problems) >= 1
    shown = "".join(
        [
            *(repr(found), found._repr_html_(), repr(found.problems), repr(found.skipped)),
            *(note.text(language) for note in found.skipped for language in ("en", "vi")),
            *(found.account.to_csv(), found.headers.to_csv(), found.records.to_csv()),
        ]
    )
    outside = [cell for row in (*rows[:6], *rows[17:]) for cell in row if cell]
    for text in [*outside, "Bí Mật", "Thượng tá", "12/BC"]:
        assert text not in shown


def test_the_account_adds_up_to_what_another_library_counts(tmp_path):
    """Sheet by sheet: a table, a sheet of words, an empty one, a hidden one."""
    sheets = {"Quý I": FORM, "Bìa": [["Kính gửi"]], "Trống": [], "Cũ": FORM[3:9]}
    path = book(tmp_path / "a.xlsx", sheets, MERGED, hidden=("Cũ",))
    account = check_file(path).account
    assert account.columns.tolist() == ["file", "sheet", "cells", "kept", "set_aside", "problems"]
    assert dict(zip(account["sheet"], account["cells"], strict=True)) == filled_cells(path)
    parts = account[["kept", "set_aside", "problems"]].sum(axis=1)
    assert (parts == account["cells"]).all()
    # Of the table's header stay: communes, tips with the cell above, cases; and 4 × 3 - 1 … cells.
    assert account["kept"].tolist() == [4 + 12, 0, 0, 0]


def test_cells_with_problems_are_counted_as_such(check):
    """A wrong cell is neither kept nor set aside; the good cells of its row wait."""
    found = check(TITLE, HEADER, ["Tuy Lộc", "x", 3], ["Âu Lâu", 7, 1])
    # 1 title; 3 headers; 3 kept; x; and two that wait.
    assert found.account.iloc[0, 2:].tolist() == [10, 6, 3, 1]


# Kinds of files


TABLE = [TITLE, HEADER, ["Tuy Lộc", 12, 3], ["Âu Lâu", 7, 1]]
TABLE_READ = [("Tuy Lộc", *QUARTER, 12, 3), ("Âu Lâu", *QUARTER, 7, 1)]


def test_each_figure_of_a_record_is_traced_to_its_cell(tmp_path):
    """A months' table: what stands in the cell is what the record counts, and the rest is said."""
    path = tmp_path / "quy1.xlsx"
    rows = [
        ["Số nguồn tin năm 2022"],
        ["STT", "Xã, phường", "Tháng 1", "Tháng 2"],
        [1, "Tuy Lộc", 4, 7],
        [2, "Yên Ninh", "x", 5],
        ["", "Tổng cộng", 4, 12],
    ]
    check = check_file(book(path, {"A": rows}))
    cells = check.cells.set_index("cell")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    tips = cells[cells["field"] == "tips"]
    assert len(tips) == check.records["tips"].notna().sum() == 3
    for cell, record in tips["record"].items():
        assert sheet[cell].value == check.records["tips"][record]
    assert cells.loc["B3", "record"].tolist() == [0, 1]  # the commune of both months
    assert cells.loc[["A3", "C4", "D5"], "fate"].tolist() == ["set_aside", "problems", "set_aside"]
    assert cells.loc["D5", "reason"] == "a row of totals; used as a check alone."


@pytest.mark.parametrize(
    ("ending", "separator", "encoding"),
    [
        ("csv", ",", "utf-8"),
        ("csv", ";", "utf-8-sig"),
        ("csv", ";", "utf-16"),
        ("tsv", "\t", "utf-8"),
        ("txt", "\t", "utf-16-le"),
        ("csv", "|", "utf-8"),
    ],
)
def test_text_files_are_read_with_their_separator_and_encoding_found(
    tmp_path, ending, separator, encoding
):
    """With a title above, which the documented layout has not."""
    path = tmp_path / f"a.{ending}"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(TABLE)
    found = check_file(path)
    assert dated(found, *COUNTS) == TABLE_READ
    assert not found.problems


def test_an_excel_97_workbook_is_read(tmp_path):
    """Text, numbers and days."""
    found = check_file(write_xls(tmp_path / "a.xls", {"Quý I": TABLE}))
    assert dated(found, *COUNTS) == TABLE_READ
    rows = [["Xã, phường", "Từ ngày", "Đến ngày", "Nguồn tin"]]
    rows.append(["Tuy Lộc", date(2021, 12, 15), date(2022, 1, 14), 5])
    found = check_file(write_xls(tmp_path / "b.xls", {"Sheet1": rows}))
    assert dated(found, "tips") == [("Tuy Lộc", "2021-12-15", "2022-01-14", 5)]


def test_an_opendocument_spreadsheet_is_read(tmp_path):
    """Sheet by sheet, each cell accounted for."""
    found = check_file(write_ods(tmp_path / "a.ods", {"Quý I": TABLE}))
    assert dated(found, *COUNTS) == TABLE_READ
    assert found.account[["sheet", "cells", "kept"]].to_numpy().tolist() == [["Quý I", 10, 9]]


def test_a_parquet_file_with_vietnamese_headers_is_read(tmp_path):
    """Days as timestamps, counts as numbers."""
    table = pd.DataFrame(
        {
            "Xã, phường": ["Tuy Lộc", "Âu Lâu"],
            "Từ ngày": pd.Timestamp(2022, 1, 1),
            "Đến ngày": pd.Timestamp(2022, 3, 31),
            "Nguồn tin": [12, 7],
        }
    )
    table.to_parquet(tmp_path / "a.parquet")
    found = check_file(tmp_path / "a.parquet")
    assert dated(found, "tips") == [("Tuy Lộc", *QUARTER, 12), ("Âu Lâu", *QUARTER, 7)]


def test_a_clean_file_gives_the_same_records_by_either_way_of_reading(tmp_path):
    """By type at once, and cell by cell in a workbook."""
    rows = [
        ["commune", "period_start", "period_end", "tips"],
        ["Tuy Lộc", "2022-01-01", "2022-03-31", 12],
    ]
    (tmp_path / "a.csv").write_text("\n".join(",".join(map(str, row)) for row in rows), "utf-8")
    text = check_file(tmp_path / "a.csv")
    workbook = check_file(book(tmp_path / "a.xlsx", {"Sheet1": rows}))
    pd.testing.assert_frame_equal(
        text.records.drop(columns="file"), workbook.records.drop(columns="file")
    )
    assert text.account["cells"].tolist() == workbook.account["cells"].tolist() == [8]
    assert text.account["kept"].tolist() == workbook.account["kept"].tolist() == [8]


# Several files


def test_a_folder_is_read_file_by_file(tmp_path):
    """One file for each commune; what Excel leaves beside open files is no file."""
    book(tmp_path / "Tuy Lộc.xlsx", {"Sheet1": [TITLE, HEADER[1:], [12, 3]]})
    book(tmp_path / "Âu Lâu.xlsx", {"Sheet1": [TITLE, HEADER[1:], [7, 1]]})
    (tmp_path / "~$Tuy Lộc.xlsx").write_bytes(b"lock")
    (tmp_path / "ghi chú.pdf").write_bytes(b"x")
    found = check_file(tmp_path)
    assert dated(found, *COUNTS) == TABLE_READ
    assert found.records["file"].tolist() == ["Tuy Lộc.xlsx", "Âu Lâu.xlsx"]
    assert found.account["file"].tolist() == ["Tuy Lộc.xlsx", "Âu Lâu.xlsx"]
    assert [path.name for path in found.paths] == ["Tuy Lộc.xlsx", "Âu Lâu.xlsx"]
    with pytest.warns(DataNote):
        assert len(load_records(tmp_path)) == 2


def test_a_list_of_files_and_folders_is_read_in_its_order(tmp_path):
    """As strings or paths."""
    second = book(tmp_path / "b.xlsx", {"Sheet1": [TITLE, HEADER, ["Âu Lâu", 7, 1]]})
    (tmp_path / "x").mkdir()
    book(tmp_path / "x" / "a.xlsx", {"Sheet1": [TITLE, HEADER, ["Tuy Lộc", 12, 3]]})
    found = check_file([str(second), tmp_path / "x"])
    assert found.records["file"].tolist() == ["b.xlsx", "a.xlsx"]


def test_a_file_that_cannot_be_read_is_a_problem_beside_the_others(tmp_path):
    """It is named; the others are read."""
    book(tmp_path / "a.xlsx", {"Sheet1": TABLE})
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    found = check_file(tmp_path)
    assert dated(found, *COUNTS) == TABLE_READ
    assert [(problem.kind, problem.file) for problem in found.problems] == [
        ("wrong_format", "b.xlsx")
    ]


def test_where_no_file_can_be_read_all_of_them_are_named(tmp_path):
    """In one message."""
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(b"no workbook")
    with pytest.raises(DataProblem, match=r"a\.xlsx: the content is not.*\nb\.xlsx: the content"):
        check_file(tmp_path)


def test_an_empty_folder_is_told_with_what_can_be_read(tmp_path):
    """In the language asked for."""
    with pytest.raises(DataProblem, match=r"the folder holds no file that can be read\. Put files"):
        check_file(tmp_path)
    with pytest.raises(DataProblem, match="thư mục không có tệp nào đọc được"):
        check_file(tmp_path, language="vi")


def test_progress_is_told_before_each_file(tmp_path):
    """How many are done, how many there are, and the name."""
    for name in ("a.xlsx", "b.xlsx"):
        book(tmp_path / name, {"Sheet1": TABLE})
    told = []
    check_file(tmp_path, progress=lambda *now: told.append(now))
    assert told == [(0, 2, "a.xlsx"), (1, 2, "b.xlsx")]


# What the user says


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"language": "fr"}, r"^language='fr' is not known\. Use one of: en, vi\.$"),
        ({"numbers": "de"}, r"^numbers='de' is not known\. Use one of: .*vi, en\.$"),
        ({"dash": "nil"}, r"^dash='nil' is not known\. Use one of: .*zero, missing\.$"),
        ({"encoding": "klingon"}, r"^encoding='klingon' is not known\. Use utf-8,"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_with_those_that_do(tmp_path, options, message):
    """Before anything is shown of the file."""
    path = book(tmp_path / "a.xlsx", {"Sheet1": TABLE})
    with pytest.raises(ValueError, match=message):
        check_file(path, **options)


def test_problems_are_told_in_the_language_asked_for(check):
    """The check itself, and what is raised of it."""
    found = check(TITLE, HEADER, ["Tuy Lộc", "x", 3], language="vi")
    expected = r'trang tính "Sheet1", dòng 3, cột "Nguồn tin": "x": không phải là số đếm\.'
    with pytest.raises(DataProblem, match=expected):
        load_records(found.paths[0], language="vi")


def test_another_place_brings_its_own_communes(tmp_path):
    """Of which ours are none."""
    communes = load_communes().query("name == 'Tuy Lộc'").assign(name="Đông Phong")
    path = book(tmp_path / "a.xlsx", {"Sheet1": [TITLE, HEADER, ["xã Đông Phong", 12, 3]]})
    before = communes.copy(deep=True)
    found = check_file(path, communes=communes)
    assert figures(found, *COUNTS) == [("Đông Phong", 12, 3)]
    pd.testing.assert_frame_equal(communes, before)
    assert [kind for kind, *_ in faults(check_file(path))] == ["no_such_commune"]


def test_checking_leaves_the_file_and_the_list_of_paths_as_they_were(tmp_path):
    """It reads, and does nothing else."""
    path = book(tmp_path / "a.xlsx", {"Sheet1": FORM}, MERGED)
    content, paths = path.read_bytes(), [path]
    first = check_file(paths)
    assert paths == [path]
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]
    again = check_file(paths)
    pd.testing.assert_frame_equal(first.records, again.records)
    assert (first.problems, first.skipped) == (again.problems, again.skipped)


def test_loading_gives_the_records_of_a_check_or_raises_its_problems(tmp_path):
    """The same list."""
    good = book(tmp_path / "good.xlsx", {"Sheet1": TABLE})
    with pytest.warns(DataNote) as said:
        records = load_records(good)
    assert any("calendar periods are taken" in str(note.message) for note in said)
    pd.testing.assert_frame_equal(records, check_file(good).records)
    bad = book(tmp_path / "bad.xlsx", {"Sheet1": [*TABLE, ["Hồng Hà", "x", "y"]]})
    with pytest.raises(DataProblem, match="this is no count") as caught:
        load_records(bad)
    assert caught.value.problems == check_file(bad).problems


def test_records_have_their_columns_even_where_nothing_could_be_read(check):
    """So that what follows can ask for them."""
    found = check(["Kính gửi"], ["Về việc", "họp"])
    assert len(found.records) == 0
    assert found.records.columns.tolist() == check(*TABLE).records.columns.tolist()


def test_a_check_can_be_asked_for_nothing_that_was_set_aside_silently(check):
    """Each row of a sheet that holds anything is in the records, a problem, or named."""
    found = check(*FORM, merged=MERGED)
    named = {row for _, row in asides(found) if row}
    tables = {7, 8, 12, 13, 15, 16}
    assert named | tables == {number for number, row in enumerate(FORM, 1) if any(row)}
