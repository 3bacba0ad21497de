"""What must be corrected, marked in a copy of the file that a commune sent, or listed."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from antq_helpers.places import register
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading import report
from antq_helpers.reading.formats import read_book, size_and_time
from antq_helpers.reading.load import check_file
from antq_helpers.reading.report import save_check
from antq_helpers.reading.sheets import tidy
from antq_helpers.reading.tables import HeaderWords, find_tables
from tests.books import book, faults

HEADER = ("Xã, phường", "Từ ngày", "Đến ngày", "Số nguồn tin", "Tin có giá trị")
DAYS = (date(2022, 1, 1), date(2022, 1, 31))
SOUND = ("Tuy Lộc", *DAYS, 7, 3)
ORANGE = "FFFFC000"


@pytest.fixture
def save(check, tmp_path):
    """Check rows below the usual header, save the check, and open what was written."""

    def save_rows(*rows, change=None, language="en", **options):
        found = check(HEADER, *rows, language=language, **options)
        if change:
            change(tmp_path / "quy1.xlsx")
            found = check_file(tmp_path / "quy1.xlsx", language=language)
        return openpyxl.load_workbook(save_check(found, tmp_path / "sua.xlsx"), rich_text=True)

    return save_rows


def changed(change):
    """Make a function that opens a workbook, changes its first sheet, and saves it."""

    def apply(path):
        workbook = openpyxl.load_workbook(path)
        change(workbook.worksheets[0])
        workbook.save(path)

    return apply


def marked(workbook):
    """Give the names of the cells that are coloured and have a comment."""
    cells = [cell for sheet in workbook.worksheets[:-1] for row in sheet.rows for cell in row]
    coloured = [cell.coordinate for cell in cells if cell.fill.fgColor.rgb == ORANGE]
    assert coloured == [cell.coordinate for cell in cells if cell.comment]
    return coloured


def listed(workbook):
    """Give the rows of the list without their number."""
    rows = workbook.worksheets[-1].iter_rows(min_row=5, values_only=True)
    return [row[1:] for row in rows]


def test_the_cell_with_a_problem_is_coloured_and_says_what_is_wrong(save):
    """In a comment large enough to read; no other cell is touched."""
    workbook = save(SOUND, ("Minh Bảo", *DAYS, "trên 20", 3), language="vi")
    assert marked(workbook) == ["D3"]
    comment = workbook["Sheet1"]["D3"].comment
    assert comment.text == (
        "đây là mức trên, dưới hoặc ước lượng, không phải số đếm. "
        "Ghi số đếm cụ thể; chưa biết thì để trống."
    )
    assert comment.author == "Cần sửa"
    assert comment.width * comment.height > 20 * 320  # pixels; three lines need that


def test_all_values_and_formulas_stay_as_they_were(save, tmp_path):
    """Also text that looks like a number, a formula, and letters in bold inside a text."""

    def change(sheet):
        sheet["G2"] = "=D2+E2"
        sheet["H1"] = CellRichText("Ghi ", TextBlock(InlineFont(b=True), "chú"))
        sheet["H2"], sheet["H3"] = "007", 2.5
        sheet["A2"].font = Font(italic=True)

    workbook = save(SOUND, ("Nơi nào", *DAYS, 1, 0), change=changed(change))
    source = openpyxl.load_workbook(tmp_path / "quy1.xlsx", rich_text=True)
    cells = [(c.coordinate, c.value) for row in source["Sheet1"].rows for c in row]
    assert [(c.coordinate, c.value) for row in workbook["Sheet1"].rows for c in row] == cells
    assert workbook["Sheet1"]["A2"].font.i is True
    assert isinstance(workbook["Sheet1"]["H1"].value, CellRichText)


def test_the_last_sheet_lists_all_problems_with_links(save):
    """Sheet, cell, header, value, what is wrong and what to do, in the order of the check."""
    workbook = save(("Tuy Lọc", *DAYS, "nt", 3), language="vi")
    sheet = workbook.worksheets[-1]
    assert (sheet.title, sheet["A1"].value) == ("Cần sửa", "Danh sách các chỗ cần sửa")
    assert sheet["A2"].value.startswith("Có 2 chỗ phải sửa. Ô cần sửa được tô màu cam")
    titles = ("#", "Trang tính", "Ô", "Tên cột", "Nội dung hiện có", "Lỗi", "Cách sửa")
    assert tuple(cell.value for cell in sheet[4]) == titles
    assert {row[1:4] for row in listed(workbook)} == {
        ("A2", "Xã, phường", "Tuy Lọc"),
        ("D2", "Số nguồn tin", "nt"),
    }
    assert ("“như trên” không phải là số đếm.", "Ghi lại số của dòng trên.") in [
        row[4:] for row in listed(workbook)
    ]
    links = {sheet.cell(row, 3).hyperlink.location for row in (5, 6)}
    assert links == {"'Sheet1'!A2", "'Sheet1'!D2"}


def test_the_list_prints_one_page_wide_with_its_header_in_sight(save):
    """Texts are wrapped, and rows high enough for them."""
    workbook = save(("Tuy Lộc", *DAYS, "1,651", 3))
    sheet = workbook.worksheets[-1]
    assert (sheet.freeze_panes, sheet.page_setup.fitToWidth) == ("A5", 1)
    assert sheet["G5"].alignment.wrap_text is True
    assert sheet.row_dimensions[5].height > 2 * 15


def test_several_problems_of_one_cell_share_a_comment(check, tmp_path):
    """Each is said once."""
    found = check(HEADER, ("Tuy Lộc", *DAYS, "nt", 3))
    other = Problem("required", "quy1.xlsx", "Sheet1", 2, cell="D2")
    found = replace(found, problems=(*found.problems, other, other))
    workbook = openpyxl.load_workbook(save_check(found, tmp_path / "sua.xlsx"))
    lines = workbook["Sheet1"]["D2"].comment.text.split("\n\n")
    assert [line[:20] for line in lines] == ["“as above” is no cou", "this cell may not be"]


def test_a_comment_of_the_commune_is_kept_below(save):
    """Ours stands first."""
    change = changed(lambda sheet: setattr(sheet["D2"], "comment", Comment("hỏi lại", "An")))
    workbook = save(("Tuy Lộc", *DAYS, "nt", 3), change=change)
    text = workbook["Sheet1"]["D2"].comment.text
    assert text.startswith("“as above” is no count.")
    assert text.endswith("hỏi lại")


def test_a_merged_area_is_marked_at_its_first_cell(save):
    """The others hold nothing."""
    workbook = save(
        ("Tuy Lộc", *DAYS, 4, 1), ("Minh Bảo", *DAYS, None, 1), merged=["D2:D3"], language="vi"
    )
    assert marked(workbook) == ["D2"]


def test_a_mark_within_a_merged_area_goes_to_its_first_cell(check, tmp_path):
    """Also where the problem names another of its cells."""
    found = check(HEADER, SOUND, merged=["D2:E2"])
    inside = Problem("required", "quy1.xlsx", "Sheet1", 2, cell="E2")
    path = save_check(replace(found, problems=(inside,)), tmp_path / "sua.xlsx")
    assert marked(openpyxl.load_workbook(path)) == ["D2"]


def test_a_problem_without_a_cell_stands_in_the_list_alone(check, tmp_path):
    """With its row, where it has one; without a link."""
    found = check(HEADER, SOUND)
    apart = (Problem("no_table", "quy1.xlsx", details={"headers": "x"}),
             Problem("required", "quy1.xlsx", "Sheet1", 7))  # fmt: skip
    path = save_check(replace(found, problems=apart), tmp_path / "sua.xlsx")
    workbook = openpyxl.load_workbook(path)
    assert marked(workbook) == []
    assert [row[1] for row in listed(workbook)] == [None, "row 7"]
    assert not any(cell.hyperlink for row in workbook.worksheets[-1].rows for cell in row)


def test_a_sheet_without_a_problem_says_so(save):
    """Nothing is marked."""
    workbook = save(SOUND, language="vi")
    assert marked(workbook) == []
    assert workbook.worksheets[-1]["A2"].value == "Không có lỗi."


def test_the_marked_copy_is_read_as_the_file_was(save, tmp_path):
    """Its list is no table of records, whatever it quotes; only the list is set aside."""
    damaged = ("Tuy Lọc", *DAYS, "trên 20", 3), ("Minh Bảo", *DAYS, "Số nguồn tin", "Tin")
    save(SOUND, *damaged, sheet="Số liệu")
    before, after = (check_file(tmp_path / name) for name in ("quy1.xlsx", "sua.xlsx"))
    assert faults(after) == faults(before)
    assert after.records.drop(columns="file").equals(before.records.drop(columns="file"))
    assert [n.kind for n in after.skipped if n.sheet == "To correct"] == ["sheet_skipped"]


@pytest.mark.slow
def test_a_long_list_holds_no_row_that_reads_like_a_header(check, tmp_path):
    """Its row 2022 would be one, were its number a number."""
    found = check(HEADER, SOUND, ("Tuy Lọc", *DAYS, 7, 3), sheet="Số liệu")
    path = save_check(replace(found, problems=found.problems * 2030), tmp_path / "sua.xlsx")
    table = read_book(path).sheets[-1]
    assert table.rows[2025][:4] == ["2,022", "Số liệu", "A3", "Xã, phường"]
    assert find_tables(tidy(table), HeaderWords(register().knows)) == []


def test_the_corrected_copy_has_no_problem_and_is_marked_anew(save, tmp_path):
    """Marks of the check before are gone, and the commune's own comment is still there."""
    workbook = save(
        ("Tuy Lộc", *DAYS, "nt", 3),
        ("Minh Bảo", *DAYS, "nt", 3),
        change=changed(lambda sheet: setattr(sheet["D2"], "comment", Comment("hỏi lại", "An"))),
    )
    workbook["Sheet1"]["D2"] = 9
    workbook.active = 1
    workbook.save(tmp_path / "sua.xlsx")
    again = check_file(tmp_path / "sua.xlsx", language="vi")
    assert [(p.kind, p.cell) for p in again.problems] == [("ditto", "D3")]
    second = openpyxl.load_workbook(save_check(again, tmp_path / "sua2.xlsx"))
    assert second.sheetnames == ["Sheet1", "Cần sửa"]
    assert second["Sheet1"]["D2"].comment.text == "hỏi lại"
    assert second["Sheet1"]["D2"].fill.fgColor.rgb != ORANGE
    assert second["Sheet1"]["D3"].fill.fgColor.rgb == ORANGE


def test_a_sheet_of_the_same_name_that_is_not_ours_is_kept(check, tmp_path):
    """The list gets another name."""
    book(tmp_path / "b.xlsx", {"S": [HEADER, ("Tuy Lộc", *DAYS, "nt", 3)], "To correct": [["x"]]})
    path = save_check(check_file(tmp_path / "b.xlsx"), tmp_path / "sua.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["S", "To correct", "To correct1"]


def test_the_name_of_a_sheet_is_quoted_in_links(check, tmp_path):
    """With blanks and quotes in it."""
    found = check(HEADER, ("Tuy Lộc", *DAYS, "nt", 3), sheet="Quý I '22")
    workbook = openpyxl.load_workbook(save_check(found, tmp_path / "sua.xlsx"))
    assert workbook.worksheets[-1]["C5"].hyperlink.location == "'Quý I ''22'!D2"


def test_a_sheet_whose_name_was_converted_is_found(check, tmp_path):
    """The check names it in today's letters, the workbook in those of TCVN3."""
    found = check(HEADER, ("Tuy Lộc", *DAYS, "nt", 3), sheet="Sè liÖu")
    named = tuple(replace(problem, sheet="Số liệu") for problem in found.problems)
    path = save_check(replace(found, problems=named), tmp_path / "sua.xlsx")
    workbook = openpyxl.load_workbook(path)
    assert marked(workbook) == ["D2"]
    assert workbook.worksheets[-1]["C5"].hyperlink.location == "'Sè liÖu'!D2"


def test_text_of_the_file_is_no_formula_in_the_list(check, tmp_path):
    """Escaped in each column; letters that no workbook can hold are left out, long text is cut."""
    found = check(HEADER, SOUND)
    evil = Problem("required", "quy1.xlsx", "@S", 2, "+H\x0b", "=1+1" + "x" * 2000)
    path = save_check(replace(found, problems=(evil,)), tmp_path / "sua.xlsx")
    ((place, _, header, value, *_),) = listed(openpyxl.load_workbook(path))
    assert (place, header) == ("'@S", "'+H")
    assert (value[:5], len(value), value[-1]) == ("'=1+1", 1003, "…")


@pytest.mark.parametrize("many", [True, False])
def test_of_other_kinds_and_several_files_a_list_alone_is_written(write_records, tmp_path, many):
    """With a column for the file."""
    row = ("Tuy Lộc", "2022-01-01", "2022-01-31", 1, 1, "nt", 1, 1)
    paths = [write_records(row, name=name) for name in ("a.csv", "b.csv")[: 1 + many]]
    check = check_file(paths if many else paths[0], language="vi")
    workbook = openpyxl.load_workbook(save_check(check, tmp_path / "sua.xlsx"))
    assert workbook.sheetnames == ["Cần sửa"]
    sheet = workbook["Cần sửa"]
    assert sheet["A2"].value.endswith("Sửa trong tệp gốc, lưu rồi gửi lại.")
    assert sheet["B4"].value == "Tệp"
    assert [row[0] for row in listed(workbook)] == [path.name for path in paths]


def test_a_workbook_with_macros_is_saved_without_them(tmp_path):
    """An .xlsx that held macros would not open."""
    content = io.BytesIO()
    source = book(tmp_path / "quy1.xlsx", {"S": [HEADER, ("Tuy Lộc", *DAYS, "nt", 3)]})
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
            new.writestr(name, old.read(name).replace(kind, macro))
        new.writestr("xl/vbaProject.bin", b"macros")
    macros = tmp_path / "quy1.xlsm"
    macros.write_bytes(content.getvalue())
    path = save_check(check_file(macros), tmp_path / "sua.xlsx")
    assert marked(openpyxl.load_workbook(path)) == ["D2"]
    with zipfile.ZipFile(path) as parts:
        assert "xl/vbaProject.bin" not in parts.namelist()
        assert b"macroEnabled" not in parts.read("[Content_Types].xml")


@pytest.mark.parametrize("reason", ["broken", "large"])
def test_a_workbook_that_cannot_be_edited_is_listed(check, tmp_path, monkeypatch, reason):
    """It could be read; its copy would fail or take too long."""
    found = check(HEADER, ("Tuy Lộc", *DAYS, "nt", 3))
    if reason == "large":
        monkeypatch.setattr(report, "_LARGEST", 1000)
    else:
        monkeypatch.setattr(report, "load_workbook", lambda *_, **__: {}["no such part"])
    workbook = openpyxl.load_workbook(save_check(found, tmp_path / "sua.xlsx"))
    assert workbook.sheetnames == ["To correct"]
    assert [row[2] for row in listed(workbook)] == ["D2"]


def test_a_source_that_is_gone_is_named(check, tmp_path):
    """A copy of it cannot be made."""
    found = check(HEADER, SOUND)
    (tmp_path / "quy1.xlsx").unlink()
    with pytest.raises(DataProblem, match=r"^quy1\.xlsx: there is no such file\. Check the name"):
        save_check(found, tmp_path / "sua.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_has_changed_is_not_marked(check, tmp_path):
    """The marks would stand at the wrong cells."""
    source = tmp_path / "quy1.xlsx"
    found = replace(check(HEADER, SOUND, language="vi"), stamps=(size_and_time(source),))
    assert save_check(found, tmp_path / "sua.xlsx").is_file()
    changed(lambda sheet: sheet.insert_rows(1))(source)
    with pytest.raises(DataProblem, match=r"^quy1\.xlsx: tệp đã thay đổi sau khi kiểm tra\. Kiểm"):
        save_check(found, tmp_path / "sua2.xlsx")


def test_the_source_is_never_overwritten(check, tmp_path):
    """Not even where overwriting is allowed, nor through another name for it."""
    found, source = check(HEADER, SOUND), tmp_path / "quy1.xlsx"
    (tmp_path / "link.xlsx").symlink_to(source)
    before = source.read_bytes()
    for name in ("quy1.xlsx", "link.xlsx"):
        with pytest.raises(ValueError, match=rf"^{name} is the file that was checked; it is never"):
            save_check(found, tmp_path / name, overwrite=True)
    assert source.read_bytes() == before


def test_another_file_is_overwritten_only_when_told_to(check, tmp_path):
    """As with every file of ours."""
    found, path = check(HEADER, SOUND, language="vi"), tmp_path / "sua.xlsx"
    save_check(found, path)
    with pytest.raises(FileExistsError, match=r"^sua\.xlsx: đã có tệp này\. Chọn tên khác"):
        save_check(found, path)
    assert save_check(found, path, overwrite=True) == path


def test_nothing_is_left_behind_where_saving_fails(check, tmp_path, monkeypatch):
    """Neither half a workbook nor a file aside."""
    found = check(HEADER, SOUND)
    monkeypatch.setattr("antq_helpers.office.os.replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_check(found, tmp_path / "sua.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["quy1.xlsx"]


def test_a_check_saves_itself(check, tmp_path):
    """By its method, with the same choices."""
    found = check(HEADER, ("Tuy Lộc", *DAYS, "nt", 3))
    path = found.save(tmp_path / "sua.xlsx")
    assert found.save(path, overwrite=True) == path
    assert marked(openpyxl.load_workbook(path)) == ["D2"]
