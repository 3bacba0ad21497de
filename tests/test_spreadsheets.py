"""Tables are found wherever they stand on a sheet, with headers of up to three rows."""

import pytest

from antq_helpers.reading.headers import is_numbering, is_units
from antq_helpers.reading.load import check_file
from antq_helpers.reading.sheets import Areas, Grid, Sheet, tidy
from antq_helpers.reading.tables import HeaderWords, find_tables
from tests.books import asides, book, dated, faults, figures

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin", "Vụ việc được giải quyết"]
COMMUNES = {"Tuy Lộc", "Âu Lâu"}
READ = [("Tuy Lộc", 12, 3), ("Âu Lâu", 7, 1)]
COUNTS = ("tips", "resolved_cases")


def tables(*rows, merged=()):
    """Find the tables of some rows."""
    return find_tables(
        Grid(Areas(), "", rows=[list(row) for row in rows], merged=merged).sheet("a.xlsx"),
        HeaderWords(COMMUNES.__contains__),
    )


def test_a_table_stands_below_titles_and_blank_rows(check):
    """Rows are numbered as the spreadsheet shows them."""
    found = check(
        ["CÔNG AN THÀNH PHỐ YÊN BÁI", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["Độc lập - Tự do - Hạnh phúc"],
        [],
        ["BÁO CÁO KẾT QUẢ PHONG TRÀO"],
        TITLE,
        [],
        [],
        HEADER,
        ["Tuy Lộc", 12, 3],
        ["Âu Lâu", 7, "x"],
    )
    assert figures(found, *COUNTS) == READ[:1]
    assert faults(found) == [("broken_count", "C10", "x")]


def test_a_table_may_begin_in_any_column_and_have_blank_columns(check):
    """Columns that are empty, at the left, between and at the right, are nothing."""
    found = check(
        ["", "", *TITLE],
        ["", "", "Xã, phường", "", "Nguồn tin", "Vụ việc được giải quyết", "", ""],
        ["", "", "Tuy Lộc", "", 12, 3, "", " "],
        ["", "", "Âu Lâu", "", 7, 1],
    )
    assert figures(found, *COUNTS) == READ
    assert not found.problems


def test_a_header_of_two_merged_rows_is_read(check):
    """What is merged over columns holds for all of them, what is merged over rows once."""
    found = check(
        TITLE,
        ["Xã, phường", "Nguồn tin", "", "Vụ việc được giải quyết"],
        ["", "Tổng số", "Trong đó: có giá trị", ""],
        ["Tuy Lộc", 12, 5, 3],
        merged=["A2:A3", "B2:C2", "D2:D3"],
    )
    assert figures(found, "tips", "valuable_tips", "resolved_cases") == [("Tuy Lộc", 12, 5, 3)]
    assert not found.problems
    assert found.headers["header"].tolist()[1] == "Nguồn tin › Tổng số"


def test_a_header_of_two_rows_that_are_not_merged_is_read(check):
    """As programs write it that know no merged cells, and as CSV holds it."""
    found = check(
        TITLE,
        ["Xã, phường", "Nguồn tin", "", "Vụ việc được giải quyết"],
        ["", "Tổng số", "Trong đó: có giá trị", ""],
        ["Tuy Lộc", 12, 5, 3],
    )
    assert figures(found, "tips", "valuable_tips", "resolved_cases") == [("Tuy Lộc", 12, 5, 3)]
    assert not found.problems


@pytest.mark.parametrize("merged", [(), ("A2:A4", "B2:E2", "B3:C3", "D3:E3")])
def test_a_header_of_three_rows_is_read(check, merged):
    """Year, measure and what of it, merged or not."""
    found = check(
        TITLE,
        ["Xã, phường", "Kết quả thực hiện", "", "", ""],
        ["", "Tuyên truyền PBGDPL", "", "Nguồn tin", ""],
        ["", "Số buổi", "Lượt người", "Tổng số", "Có giá trị"],
        ["Tuy Lộc", 2, 140, 12, 5],
        merged=merged,
    )
    assert figures(found, "sessions", "attendances", "tips", "valuable_tips") == [
        ("Tuy Lộc", 2, 140, 12, 5)
    ]
    assert not found.problems


def test_numbering_and_units_below_a_header_are_set_aside(check):
    """``(1) (2) (3)=(1)+(2)`` are no figures, ``(tin)`` is no name."""
    found = check(
        TITLE,
        ["STT", *HEADER],
        ["", "", "(tin)", "(vụ)"],
        ["(1)", "(2)", "(3)", "(4)=(2)+(3)"],
        [1, "Tuy Lộc", 12, 3],
        [2, "Âu Lâu", 7, 1],
    )
    assert figures(found, *COUNTS) == READ
    assert not found.problems
    assert asides(found, "units_row", "numbering") == [("units_row", 3), ("numbering", 4)]


def test_numbering_without_brackets_is_set_aside_too(check):
    """``A B 1 2`` as in the forms of the statistical office."""
    found = check(TITLE, ["STT", *HEADER], ["A", "B", 1, 2], [1, "Tuy Lộc", 12, 3])
    assert figures(found, *COUNTS) == READ[:1]
    assert asides(found, "numbering") == [("numbering", 3)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["(1)", "(2)", "(3)=(1)+(2)"], True),
        (["A", "B", "1", "2"], True),
        ([1, 2, 3], True),
        (["[1]", "[2]"], True),
        (["1", "2"], False),
        ([3, 2, 1], False),
        (["Tuy Lộc", 1, 2], False),
        (["(1)"], False),
    ],
)
def test_rows_of_numbering_are_told_from_rows_of_figures(row, expected):
    """Without brackets they must begin at one and count on."""
    assert is_numbering(row) is expected


def test_rows_of_units_are_told_from_others():
    """Every filled cell is a word in brackets."""
    assert is_units(["", "(tin)", "(vụ)"])
    assert not is_units(["Tuy Lộc", "(tin)"])
    assert not is_units(["(1)", "(2)"])
    assert not is_units([""])


def test_units_in_brackets_belong_to_the_header(check):
    """``Nguồn tin (tin)`` is the header without its unit."""
    found = check(TITLE, ["Xã, phường", "Nguồn tin (tin)", "Số buổi (buổi)"], ["Tuy Lộc", 12, 2])
    assert figures(found, "tips", "sessions") == [("Tuy Lộc", 12, 2)]
    assert not found.problems


def test_several_tables_below_each_other_are_read(check):
    """Each below a title of its own."""
    found = check(
        ["Quý I năm 2022"], HEADER, ["Tuy Lộc", 12, 3], [],
        ["Quý II năm 2022"], HEADER, ["Tuy Lộc", 7, 1],
    )  # fmt: skip
    assert dated(found, *COUNTS) == [
        ("Tuy Lộc", "2022-01-01", "2022-03-31", 12, 3),
        ("Tuy Lộc", "2022-04-01", "2022-06-30", 7, 1),
    ]
    assert not found.problems


def test_tables_side_by_side_are_read(check):
    """Each has communes of its own, with or without row numbers."""
    found = check(
        TITLE,
        ["STT", "Tên xã", "Nguồn tin", "", "STT", "Tên phường", "Nguồn tin"],
        [1, "Tuy Lộc", 12, "", 1, "Yên Thịnh", 9],
        [2, "Âu Lâu", 7, "", 2, "Hồng Hà", 8],
    )
    expected = [("Hồng Hà", 8), ("Tuy Lộc", 12), ("Yên Thịnh", 9), ("Âu Lâu", 7)]
    assert sorted(figures(found, "tips")) == expected
    assert not found.problems


def test_a_header_once_more_on_the_next_page_is_no_new_table(check):
    """It is set aside, and the period of the title goes on to hold."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12, 3], HEADER, ["Âu Lâu", 7, 1])
    assert figures(found, *COUNTS) == READ
    assert asides(found, "header_again") == [("header_again", 4)]


@pytest.mark.parametrize("blank", ["-", "", "…"])
def test_a_header_once_more_in_a_form_is_no_new_form(check, blank):
    """The row above it holds no figure, and yet is no title: it names a count."""
    header = ["Nội dung", "Trong kỳ"]
    found = check(
        ["Quý I năm 2022"], ["Xã Âu Lâu"], header, ["Số nguồn tin", 4],
        ["Vụ việc được giải quyết", 6], [],
        ["Quý II năm 2022"], ["Xã Tuy Lộc"], header, ["Số nguồn tin", 12],
        ["- Trong đó: Tin có giá trị", blank], header, ["Vụ việc được giải quyết", 3],
        dash="missing",
    )  # fmt: skip
    assert dated(found, *COUNTS) == [
        ("Âu Lâu", "2022-01-01", "2022-03-31", 4, 6),
        ("Tuy Lộc", "2022-04-01", "2022-06-30", 12, 3),
    ]
    assert not found.problems


def test_a_header_once_more_below_a_commune_without_figures_is_no_new_table(check):
    """Its name is in the column of communes, so that it is no title."""
    found = check(TITLE, HEADER, ["Tuy Lộc", "-", "-"], HEADER, ["Âu Lâu", 7, 1], dash="zero")
    assert figures(found, *COUNTS) == [("Tuy Lộc", 0, 0), ("Âu Lâu", 7, 1)]


def test_a_group_of_counts_between_months_and_counts_belongs_to_the_header(check):
    """As a text file has it: nothing merged, and a middle row of words that nobody knows alone."""
    found = check(
        ["Năm 2022"],
        ["Xã, phường", "T1", "", "T2", ""],
        ["", "Tuyên truyền PBGDPL", "", "Tuyên truyền PBGDPL", ""],
        ["", "Số buổi", "Lượt người", "Số buổi", "Lượt người"],
        ["Tuy Lộc", 3, 90, 2, 60],
    )
    assert dated(found, "sessions", "attendances") == [
        ("Tuy Lộc", "2022-01-01", "2022-01-31", 3, 90),
        ("Tuy Lộc", "2022-02-01", "2022-02-28", 2, 60),
    ]


FORM = [
    ["1", "Số buổi tuyên truyền", "buổi", 3],
    ["2", "Số nguồn tin", "tin", 12],
    ["", "Trong đó: có giá trị", "tin", 5],
    ["3", "Số mô hình", "mô hình", 4],
    ["4", "Vụ việc được giải quyết", "vụ", 2],
]


def test_a_form_without_a_header_is_read_where_titles_say_whose_and_when(check):
    """The name of a count, and one figure behind it; two forms on a sheet are two."""
    other = [["Quý II năm 2022"], ["Đơn vị: xã Âu Lâu"], ["Số nguồn tin", "", "", 7]]
    cases = ["Vụ việc được giải quyết", "", "", 1]
    found = check(TITLE, ["Đơn vị: xã Tuy Lộc"], [], *FORM, [], *other, cases, [], ["Người lập"])
    assert dated(found, "sessions", "tips", "valuable_tips", "resolved_cases") == [
        ("Tuy Lộc", "2022-01-01", "2022-03-31", 3, 12, 5, 2),
        ("Âu Lâu", "2022-04-01", "2022-06-30", None, 7, None, 1),
    ]
    assert asides(found, "row_unused") == [("row_unused", 7)]
    assert not found.problems


def test_a_figure_gone_wrong_in_a_form_without_a_header_names_its_cell(check):
    """The column has no header, and is named by its letter."""
    rows = [[*row[:3], "nt"] if row[0] == "2" else row for row in FORM]
    [problem] = check(TITLE, ["Đơn vị: xã Tuy Lộc"], *rows).problems
    assert (problem.kind, problem.cell, problem.column) == ("ditto", "D4", "D")


@pytest.mark.parametrize("title", [["Quý I năm 2022"], ["Đơn vị: xã Tuy Lộc"], ["Tổng hợp"]])
def test_figures_beside_names_of_counts_are_no_form_where_it_is_not_said_whose(check, title):
    """They may be of the whole city, or an example: nothing is guessed."""
    found = check(title, *FORM)
    assert [fault for fault, *_ in faults(found)] == ["no_table"]


def test_a_blank_row_within_a_table_does_not_end_it(check):
    """Offices leave one between groups."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12, 3], [], [], ["Âu Lâu", 7, 1])
    assert figures(found, *COUNTS) == READ


def test_sheets_with_tables_are_found_among_others(tmp_path):
    """The others are named as skipped, and nothing of them is shown."""
    sheets = {
        "Bìa": [["Kính gửi: ông Trần Văn Bí"]],
        "Quý I": [TITLE, HEADER, ["Tuy Lộc", 12, 3]],
        "Trống": [],
        "Quý II": [["Quý II năm 2022"], HEADER, ["Âu Lâu", 7, 1]],
    }
    found = check_file(book(tmp_path / "quy.xlsx", sheets))
    assert figures(found, *COUNTS) == READ
    skipped = [note for note in found.skipped if note.kind == "sheet_skipped"]
    assert [note.sheet for note in skipped] == ["Bìa"]
    assert found.account["sheet"].tolist() == list(sheets)
    assert found.account["cells"].tolist() == [1, 7, 0, 7]
    assert "Trần Văn Bí" not in repr(found.skipped) + found._repr_html_()


def test_tables_know_their_header_body_and_titles():
    """Rows and columns are counted from zero."""
    [table] = tables(TITLE, [], ["Xã, phường", "Nguồn tin"], ["Tuy Lộc", 12], ["Âu Lâu", 7])
    assert (table.header_rows, table.body) == (range(2, 3), range(3, 5))
    assert table.paths == {0: ("Xã, phường",), 1: ("Nguồn tin",)}
    assert table.titles == [["Quý I năm 2022"]]


def test_rows_of_words_alone_are_no_table():
    """A letter, a list of names, a single word."""
    assert tables(["Kính gửi", "Công an thành phố"], ["Nguồn tin"], ["Tuy Lộc", "Âu Lâu"]) == []
    assert tables() == []


def test_merged_and_unmerged_headers_give_the_same_paths():
    """A group stands over its columns either way."""
    rows = ["Xã, phường", "Nguồn tin", ""], ["", "Tổng số", "Có giá trị"], ["Tuy Lộc", 12, 5]
    [plain] = tables(*rows)
    [merged] = tables(*rows, merged=((0, 0, 1, 0), (0, 1, 0, 2)))
    assert plain.header_rows == merged.header_rows == range(2)
    assert plain.header(2) == merged.header(2) == "Nguồn tin › Có giá trị"


def test_a_sheet_is_tidied_into_a_new_one():
    """Letters are composed and white space folded; the sheet itself stays as it was."""
    rows = [[" Tuy  Lo\u0323\u0302c ", ""], [12, 3]]
    sheet = Sheet("a.xlsx", "", rows)
    assert tidy(sheet).rows == [["Tuy Lộc", ""], [12, 3]]
    assert rows == [[" Tuy  Lo\u0323\u0302c ", ""], [12, 3]]
