"""Workbooks that are written: inert texts, whole files or none, the same from the same content."""

import zipfile

import openpyxl
import pytest

from antq_helpers import office
from antq_helpers.office import (
    check_target,
    fit_page,
    inert,
    new_workbook,
    row_height,
    write_cell,
    write_line,
    write_workbook,
)
from antq_helpers.reading.formats import size_and_time


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("Tuy Lộc", "Tuy Lộc"),
        ("Xóm 1=2", "Xóm 1=2"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_a_text_that_looks_like_a_formula_is_made_inert(text, safe):
    """Spreadsheets compute cells that begin so; a sign alone is text to them."""
    assert inert(text) == safe


def small_workbook():
    """Give a workbook with one cell."""
    workbook = new_workbook()
    write_cell(workbook.create_sheet("Số liệu"), 1, 1, "Tuy Lộc")
    return workbook


def test_a_workbook_is_written_whole_and_opens_again(tmp_path):
    """Its one cell is there; nothing else is left in the folder."""
    path = write_workbook(small_workbook(), tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(path)["Số liệu"]["A1"].value == "Tuy Lộc"
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_content_is_the_same_file(tmp_path):
    """No part of the zip, and no property, holds the time at which it was written."""
    first, second = (write_workbook(small_workbook(), tmp_path / f"{n}.xlsx") for n in "ab")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {2000}
        assert b"2000-01-01T00:00:00Z</dcterms:modified>" in parts.read("docProps/core.xml")


@pytest.mark.parametrize("step", ["stamped", "os.replace"])
@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_left_behind_where_writing_fails_half_way(tmp_path, monkeypatch, step, there):
    """Neither the new file nor what was written aside; an older file stays as it was."""

    def fail(*_):
        raise OSError("disk full")

    path = tmp_path / "a.xlsx"
    if there:
        path.write_bytes(b"older")
    owner, _, name = step.rpartition(".")
    monkeypatch.setattr(getattr(office, owner) if owner else office, name, fail)
    with pytest.raises(OSError, match="disk full"):
        write_workbook(small_workbook(), path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"older"] * there


def test_a_target_that_is_no_workbook_is_refused(tmp_path):
    """The ending is what a spreadsheet goes by."""
    with pytest.raises(ValueError, match=r"^path='.*a\.xls' must end in \.xlsx: it will be a wor"):
        check_target(tmp_path / "a.xls", overwrite=True)


def test_another_file_is_overwritten_only_where_the_caller_says_so(tmp_path):
    """The message names the file and what to do, in the language asked for."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"older")
    with pytest.raises(FileExistsError, match=r"^a\.xlsx is there already\. Use another name, or"):
        check_target(path, overwrite=False)
    with pytest.raises(FileExistsError, match=r"^a\.xlsx: đã có tệp này\. Chọn tên khác hoặc"):
        check_target(path, overwrite=False, language="vi")
    assert check_target(str(path), overwrite=True) == path


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """It is not made unasked."""
    with pytest.raises(FileNotFoundError, match=r"none: there is no such folder\. Make it first"):
        check_target(tmp_path / "none" / "a.xlsx", overwrite=False)


def test_a_stamp_changes_with_the_file(tmp_path):
    """Its size and the time of its last change; zeros where there is none."""
    path = tmp_path / "a.csv"
    assert size_and_time(path) == (0, 0)
    path.write_bytes(b"one")
    first = size_and_time(path)
    path.write_bytes(b"three")
    assert first[0] == 3
    assert size_and_time(path) != first


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([], 1),
        ([("", 10)], 1),
        ([("Nguồn tin", 10)], 1),
        ([("Nguồn tin có giá trị", 10)], 2),
        ([("Tin", 10), ("Vụ việc được giúp giải quyết", 10)], 3),
    ],
)
def test_a_row_is_as_high_as_the_longest_of_its_texts(texts, lines):
    """Of columns ten letters wide, 11 and a half fit on a line of Calibri."""
    assert row_height(texts) == 15.5 * lines + 2


def test_a_page_is_one_a4_wide_with_its_header_in_sight():
    """As many pages long as needed; the rows down to the header stand on each."""
    sheet = new_workbook().create_sheet("a")
    fit_page(sheet, 5)
    setup = sheet.page_setup
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (setup.fitToWidth, setup.fitToHeight, setup.orientation) == (1, 0, "landscape")
    assert int(setup.paperSize) == 9
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$1:$5")


def test_a_line_stands_over_all_columns():
    """In one merged cell, high enough for large letters."""
    sheet = new_workbook().create_sheet("a")
    write_line(sheet, 2, "Danh mục", [10, 20], bold=True, size=22)
    assert [area.coord for area in sheet.merged_cells.ranges] == ["A2:B2"]
    assert (sheet["A2"].font.b, sheet["A2"].font.name) == (True, "Calibri")
    assert sheet.row_dimensions[2].height == 2 * 17.5 + 3
