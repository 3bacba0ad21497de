"""Units of headers, titles, rows and columns: what counts in thousands is asked about."""

import openpyxl
import pytest

import antq_helpers as antq
from antq_helpers.problems import DataProblem
from antq_helpers.reading.counts import scaled, stated, unit_of

THOUSANDS = [
    "nghìn lượt",
    "nghìn",
    "ngàn",
    "ngàn người",
    "trăm lượt",
    "vạn lượt",
    "1.000 lượt",
    "1,000 lượt",
    "1 000 người",
    "1000",
    "x1000",
    "× 1.000 lượt",
    "'000",
    "000s",
    "10³",
    "10^3 lượt",
    "thousands",
    "in thousands",
    "nghin luot",
]
NAMES = [
    "Xã Triệu Phong",
    "Phường Vạn Phúc",
    "Phố Bà Triệu",
    "hơn 5 nghìn lượt người dự",
    "gần một nghìn người",
    "Kinh phí hỗ trợ (triệu đồng)",
    "Đơn vị tính: nghìn đồng",
    "Số 1000/BC-CATP",
    "Phần trăm",
    "Nguồn tin trên 1.000 dân",
    "Lượt người (1)",
]


@pytest.fixture
def read(tmp_path):
    """Read a sheet of rows; the counts of its one commune, or the kinds of its problems."""

    def read(rows, name="bao_cao.xlsx", title="Sheet1"):
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        check = antq.check_file(tmp_path / name)
        if check.problems:
            return [found.kind for found in check.problems]
        held = check.records[["sessions", "attendances", "tips"]].dropna(axis=1)
        return held.iloc[0].to_dict()

    return read


@pytest.mark.parametrize("words", THOUSANDS)
def test_words_of_thousands_are_known_in_brackets(words):
    assert scaled(f"Lượt người ({words})")


@pytest.mark.parametrize("text", NAMES)
def test_names_figures_money_and_rates_are_no_units(text):
    assert scaled(text) == ""


@pytest.mark.parametrize("text", ["Đơn vị tính: tin, buổi, lượt người", "ĐVT: vụ", "Unit: tips"])
def test_a_stated_unit_of_single_counts_is_none_to_ask_about(text):
    assert stated(text) == ""


def test_a_unit_is_told_from_other_words():
    assert [unit_of(t) for t in ("(lượt)", "Nghìn lượt", "%", "Tuy Lộc", "giờ")] == [
        "ones",
        "scaled",
        "share",
        "",
        "",
    ]


@pytest.mark.parametrize("words", THOUSANDS)
def test_a_header_in_thousands_asks(read, words):
    rows = [["Xã/phường", "Năm", f"Lượt người ({words})"], ["Tuy Lộc", 2021, 5]]
    assert read(rows) == ["other_unit"]


@pytest.mark.parametrize("header", ["Nghìn lượt người", "Lượt người, nghìn", "Lượt người - ngàn"])
def test_thousands_ask_without_brackets_too(read, header):
    rows = [["Xã/phường", "Năm", "Số nguồn tin", header], ["Tuy Lộc", 2021, 12, 5]]
    assert read(rows) == ["other_unit"]


@pytest.mark.parametrize(
    "above",
    [
        ["Đơn vị tính: nghìn lượt người"],
        ["ĐVT:", "nghìn lượt"],
        ["(Đvt: 1.000 lượt)"],
        ["Số lượt người (nghìn lượt)"],
        ["Đơn vị tính: giờ"],
    ],
)
def test_a_title_that_states_another_unit_asks(read, above):
    rows = [["KẾT QUẢ NĂM 2021"], above, ["Đơn vị", "Số lượt người"], ["Tuy Lộc", 5]]
    assert read(rows) == ["other_unit"]


def test_names_of_sheet_and_file_state_units_too(read):
    rows = [["Xã/phường", "Năm", "Số lượt người"], ["Tuy Lộc", 2021, 5]]
    assert read(rows, title="nghìn lượt") == ["other_unit"]
    assert read(rows, name="luot_nguoi_nghin_luot.xlsx") == ["other_unit"]


@pytest.mark.parametrize("unit", ["nghìn lượt", "(nghìn lượt)", "(1.000 lượt)", "(giờ)"])
def test_a_row_of_units_asks_where_it_names_no_single_counts(read, unit):
    head = ["Xã/phường", "Năm", "Số nguồn tin", "Lượt người"]
    beside = "(tin)" if unit.startswith("(") else "tin"
    assert read([head, ["", "", beside, unit], ["Tuy Lộc", 2021, 12, 5]]) == ["other_unit"]


def test_a_row_of_single_units_is_set_aside(read):
    head = ["Xã/phường", "Năm", "Số nguồn tin", "Lượt người"]
    found = read([head, ["", "", "(tin)", "(lượt người)"], ["Tuy Lộc", 2021, 12, 5]])
    assert found == {"tips": 12, "attendances": 5}


@pytest.mark.parametrize(
    ("unit", "label"),
    [("nghìn lượt", "Số lượt người"), ("giờ", "Số lượt người"), ("", "Số lượt người (nghìn)")],
)
def test_a_form_asks_about_the_row_in_another_unit(read, unit, label):
    rows = [
        ["XÃ TUY LỘC"],
        ["BÁO CÁO NĂM 2021"],
        ["Nội dung", "ĐVT", "Số lượng"],
        ["Số nguồn tin", "tin", 12],
        [label, unit, 5],
    ]
    assert read(rows) == ["other_unit"]


def test_a_row_in_percent_of_a_form_is_a_comparison(read):
    rows = [
        ["XÃ TUY LỘC"],
        ["BÁO CÁO NĂM 2021"],
        ["Nội dung", "ĐVT", "Số lượng"],
        ["Số nguồn tin", "tin", 12],
        ["Số nguồn tin có giá trị", "%", 50],
    ]
    assert read(rows) == {"tips": 12}


@pytest.mark.parametrize("cell", ["5 nghìn lượt", "5 nghìn", "1,2 ngàn", "2 trăm", "5 thousand"])
def test_a_cell_in_thousands_says_so(read, cell):
    rows = [["Xã/phường", "Năm", "Số lượt người"], ["Tuy Lộc", 2021, cell]]
    assert read(rows) == ["other_unit"]


def test_a_typed_table_in_thousands_asks(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text(
        "commune,period_start,period_end,Attendances (thousands)\n"
        "Tuy Lộc,2021-01-01,2021-12-31,5\n",
        encoding="utf-8",
    )
    with pytest.raises(DataProblem, match="thousands"):
        antq.load_records(path)
