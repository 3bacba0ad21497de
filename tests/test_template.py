"""The blank workbook for communes: it reads well when filled in, and checks what is typed."""

import subprocess
import sys
from datetime import date

import openpyxl
import pandas as pd
import pytest

from antq_helpers.dictionary import DATA, find_measure
from antq_helpers.places import load_communes, register
from antq_helpers.problems import DataProblem
from antq_helpers.reading.formats import read_book
from antq_helpers.reading.load import check_file, load_records
from antq_helpers.reading.persons import names_persons
from antq_helpers.reading.report import save_check
from antq_helpers.reading.sheets import tidy
from antq_helpers.reading.tables import HeaderWords, find_tables
from antq_helpers.reading.template import write_template
from tests.books import dated

COUNTS = ("sessions", "attendances", "tips", "valuable_tips", "resolved_cases")
MARCH = (date(2022, 2, 15), date(2022, 3, 14))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """The template as it is written once for all tests that only look at it."""
    return write_template(tmp_path_factory.mktemp("template") / "mau_bao_cao.xlsx")


@pytest.fixture
def fill(blank, tmp_path):
    """Fill rows into the template as an officer would, and give the path."""

    def fill_rows(*rows, path=blank, first=6):
        workbook = openpyxl.load_workbook(path)
        for number, row in enumerate(rows, first):
            for column, value in enumerate(row, 1):
                workbook["Số liệu"].cell(number, column).value = value
        workbook.save(tmp_path / "da_dien.xlsx")
        return tmp_path / "da_dien.xlsx"

    return fill_rows


@pytest.fixture(scope="module")
def form(blank):
    """The sheet to fill in."""
    return openpyxl.load_workbook(blank)["Số liệu"]


@pytest.fixture(scope="module")
def checks(form):
    """The check of each column, by its letter."""
    rules = form.data_validations.dataValidation
    return {str(rule.sqref)[0]: rule for rule in rules}


def test_what_is_typed_is_what_is_read(fill):
    """A full row, a row with blanks and zeros, and a row of a unit that was merged since."""
    check = check_file(
        fill(
            ("Tuy Lộc", *MARCH, 2, 1120, 7, 3, 1),
            ("Nguyễn Phúc", *MARCH, 0, None, None, None, 0),
            ("Đồng Tâm", date(2022, 3, 1), date(2022, 3, 31), None, None, 0, 0, None),
        )
    )
    assert check.problems == ()
    assert dated(check, *COUNTS) == [
        ("Tuy Lộc", "2022-02-15", "2022-03-14", 2, 1120, 7, 3, 1),
        ("Nguyễn Phúc", "2022-02-15", "2022-03-14", 0, None, None, None, 0),
        ("Đồng Tâm", "2022-03-01", "2022-03-31", None, None, 0, 0, None),
    ]
    assert check.records["source"].tolist() == ["reported"] * 3


def test_every_prepared_row_is_read(fill, form):
    """From the first to the last of two hundred; the sheet itself goes no further."""
    assert form.max_row == 205
    months = pd.date_range("2008-10-01", periods=200, freq="MS")
    rows = [("Tuy Lộc", day, day + pd.offsets.MonthEnd(), 1, 2, 3, 2, 1) for day in months]
    check = check_file(fill(*rows))
    assert (len(check.records), check.problems) == (200, ())


def test_the_other_sheets_are_set_aside_and_hold_no_table(fill, blank):
    """They hold the words of the headers, and speak of names and telephones."""
    check = check_file(fill(("Tuy Lộc", *MARCH, 1, 1, 1, 1, 1)))
    skipped = [note.sheet for note in check.skipped if note.kind == "sheet_skipped"]
    assert skipped == ["Định nghĩa", "Danh mục"]
    sheets = read_book(blank).sheets
    found = {
        sheet.name: len(find_tables(tidy(sheet), HeaderWords(register().knows))) for sheet in sheets
    }
    assert found == {"Số liệu": 1, "Định nghĩa": 0, "Danh mục": 0}
    texts = [cell for row in sheets[1].rows for cell in row if isinstance(cell, str)]
    assert any(map(names_persons, texts))  # else the advice would be no trial


def test_left_blank_it_is_refused_in_one_message(blank):
    """There is nothing to read in it yet."""
    with pytest.raises(
        DataProblem, match=r"^mau_bao_cao\.xlsx: the file holds no row of figures\."
    ) as e:
        load_records(blank)
    assert len(e.value.problems) == 1


def test_the_header_is_in_the_words_of_the_dictionary(form):
    """With the units below."""
    assert [cell.value for cell in form[4]] == [
        "Xã, phường", "Từ ngày", "Đến ngày", "Buổi tuyên truyền PBGDPL", "Lượt người dự",
        "Nguồn tin tiếp nhận", "Nguồn tin có giá trị", "Vụ việc được giúp giải quyết",
    ]  # fmt: skip
    assert [cell.value for cell in form[5]] == [
        "(chọn tên)", "(ngày/tháng/năm)", "(ngày/tháng/năm)",
        "(buổi)", "(lượt)", "(tin)", "(tin)", "(vụ)",
    ]  # fmt: skip


def test_no_figure_and_no_commune_stands_in_the_rows_to_fill_in(form):
    """The template invents nothing."""
    assert not any(cell.value for row in form.iter_rows(min_row=6) for cell in row)


def test_the_list_offers_todays_communes_of_the_city(blank, checks):
    """In official order; not the four wards of 2025, which also hold land from outside."""
    names = [cell.value for cell in openpyxl.load_workbook(blank)["Danh mục"]["A"][3:]]
    assert names == load_communes(boundaries=2024)["name"].tolist()
    assert len(names) == 14
    rule = checks["A"]
    assert (rule.type, rule.formula1) == ("list", "'Danh mục'!$A$4:$A$17")
    # Who looks back may type the name of a unit that was merged.
    assert rule.errorStyle == "warning"
    assert rule.showDropDown is not True  # which would hide the arrow


def test_another_place_gets_its_own_list(fill, tmp_path):
    """And reads its own records."""
    units = pd.read_csv(DATA / "communes.csv", dtype=str).iloc[[0, 1]]
    units = units.assign(
        name=["Bản Một", "=1+1"], commune_id=["1@2020", "2@2020"], official_order=["2", "1"]
    )
    units.to_csv(tmp_path / "noi_khac.csv", index=False)
    path = write_template(tmp_path / "mau.xlsx", communes=tmp_path / "noi_khac.csv")
    sheet = openpyxl.load_workbook(path)["Danh mục"]
    assert [cell.value for cell in sheet["A"][3:]] == ["'=1+1", "Bản Một"]
    filled = fill(("Bản Một", *MARCH, 1, 1, 1, 1, 1), path=path)
    check = check_file(filled, communes=tmp_path / "noi_khac.csv")
    assert (check.problems, check.records["commune"].tolist()) == ((), ["Bản Một"])


def test_days_are_checked_against_each_other_and_today(checks):
    """The first day from the register's first day on; the last not before it."""
    start, end = checks["B"], checks["C"]
    assert (start.type, start.operator) == (end.type, end.operator) == ("date", "between")
    assert (start.formula1, start.formula2) == ("DATE(2008,08,29)", "TODAY()")
    assert (end.formula1, end.formula2) == ("MAX($B6,DATE(2008,08,29))", "TODAY()")
    assert "không trước ngày đầu kỳ" in end.error


def test_counts_are_whole_and_valuable_tips_are_no_more_than_tips(checks):
    """Where the tips are blank, valuable tips are free."""
    for column in "DEFH":
        rule = checks[column]
        assert (rule.type, rule.operator, rule.formula1) == ("whole", "greaterThanOrEqual", "0")
    rule = checks["G"]
    assert (rule.type, rule.operator, rule.formula1) == ("whole", "between", "0")
    assert rule.formula2 == 'IF($F6="",10^9,$F6)'
    assert "không lớn hơn số nguồn tin của dòng này" in rule.error


def test_each_check_covers_all_prepared_rows_and_speaks_vietnamese(checks):
    """Blank stays allowed: missing is not zero. Excel shows 255 letters, of a title 32."""
    assert sorted(checks) == list("ABCDEFGH")
    for column, rule in checks.items():
        assert str(rule.sqref) == f"{column}6:{column}205"
        assert rule.allow_blank
        assert rule.showErrorMessage
        assert rule.errorStyle in ("stop", "warning" if column == "A" else "stop", None)
        assert rule.errorTitle == "Kiểm tra lại"
        assert rule.error.endswith(".")
        assert len(rule.error) <= 255


def test_a_row_that_is_wrong_or_lacks_commune_or_days_shows(form):
    """Red letters for what cannot be, yellow where something is missing; areas do not overlap."""
    rules = {str(area.sqref): area.rules for area in form.conditional_formatting}
    assert sorted(rules) == ["A6:C205", "D6:H205"]
    wrong = "OR(AND(COUNT($F6,$G6)=2,$G6>$F6),AND(COUNT($B6,$C6)=2,$C6<$B6))"
    missing = 'AND(COUNTA($A6:$H6)>0,A6="")'
    assert [rule.formula for rule in rules["A6:C205"]][:2] == [[missing], [wrong]]
    assert rules["D6:H205"][0].formula == [wrong]
    assert rules["D6:H205"][0].dxf.font.color.rgb == "FFC00000"
    assert rules["A6:C205"][0].dxf.fill.bgColor.rgb == "FFFFE066"


def test_the_form_prints_one_page_wide_and_is_not_locked(form):
    """Landscape; the header stays in sight; days and counts are written as here."""
    assert (form.page_setup.orientation, form.page_setup.fitToWidth) == ("landscape", 1)
    assert (form.freeze_panes, form.print_title_rows) == ("A6", "$1:$5")
    assert not form.protection.sheet
    formats = [form.cell(205, column).number_format for column in range(1, 9)]
    assert formats == ["@", "dd/mm/yyyy", "dd/mm/yyyy", *["#,##0"] * 5]


def test_each_column_is_defined(blank):
    """In the words of the dictionary, with its unit."""
    sheet = openpyxl.load_workbook(blank)["Định nghĩa"]
    told = {row[0]: row[1] for row in sheet.iter_rows(min_row=4, max_row=11, values_only=True)}
    assert list(told)[:3] == ["Xã, phường", "Từ ngày", "Đến ngày"]
    tips = find_measure("tips")
    assert told["Nguồn tin tiếp nhận (tin)"] == tips.definition_vi
    assert len(told) == 8
    assert all(told.values())


@pytest.mark.parametrize(
    "said",
    [
        "từ 15/02/2022 đến 14/03/2022",
        "từ 01/03/2022 đến 31/03/2022",
        "Chưa có số liệu thì để trống; không phát sinh thì ghi số 0",
        "Không ghi họ tên, số điện thoại",
        "Không thêm dòng tổng, cột lũy kế, cùng kỳ",
    ],
)
def test_the_definitions_say_what_a_period_is_and_what_to_leave_out(blank, said):
    """Each in a row of one cell, so that the reader takes none for a header."""
    sheet = openpyxl.load_workbook(blank)["Định nghĩa"]
    (row,) = [row for row in sheet.iter_rows(values_only=True) if said in (row[0] or "")]
    assert row[1] is None


def test_marks_of_a_check_are_not_hidden_by_the_colours_of_the_form(fill, tmp_path):
    """A row that is wrong has red letters, so that the orange of the mark shows through."""
    check = check_file(fill(("Tuy Lộc", *MARCH, 1, 1, 3, 7, 1)))
    form = openpyxl.load_workbook(save_check(check, tmp_path / "sua.xlsx"))["Số liệu"]
    assert form["G6"].fill.fgColor.rgb == "FFFFC000"
    rules = [r for a in form.conditional_formatting if str(a.sqref) == "D6:H205" for r in a.rules]
    assert not any(rule.dxf.fill for rule in rules)


def test_the_same_call_writes_the_same_bytes(blank, tmp_path):
    """Also in another process, where sets have another order."""
    code = (
        "import sys; from antq_helpers.reading.template import write_template as w; w(sys.argv[1])"
    )
    path = tmp_path / "again.xlsx"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)
    assert path.read_bytes() == blank.read_bytes()


def test_another_file_is_overwritten_only_when_told_to(blank, tmp_path):
    """As with every file of ours."""
    path = tmp_path / "mau.xlsx"
    path.write_bytes(b"older")
    with pytest.raises(FileExistsError, match=r"^mau\.xlsx is there already\. Use another name"):
        write_template(path)
    assert write_template(str(path), overwrite=True).read_bytes() == blank.read_bytes()


def test_an_unsound_table_of_communes_leaves_no_file(tmp_path):
    """The message is that of the table."""
    units = pd.read_csv(DATA / "communes.csv", dtype=str).drop(columns="name")
    units.to_csv(tmp_path / "noi_khac.csv", index=False)
    with pytest.raises(DataProblem, match=r'noi_khac\.csv, column "name": this column is missing'):
        write_template(tmp_path / "mau.xlsx", communes=tmp_path / "noi_khac.csv")
    assert not (tmp_path / "mau.xlsx").exists()
