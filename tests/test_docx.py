"""Tables of Word reports are read as those of sheets are, with their cells."""

import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement

from antq_helpers.problems import DataProblem
from antq_helpers.reading.docx import PART
from antq_helpers.reading.formats import read_book
from antq_helpers.reading.load import check_file, check_files
from tests.books import asides, dated, faults, figures
from tests.office.judging import read_and_judge
from tests.office.making import make_file
from tests.raw_docx import write_docx

TITLE = "BÁO CÁO KẾT QUẢ PHONG TRÀO QUÝ I NĂM 2022"
TABLE = [["TT", "Xã, phường", "Nguồn tin"], [1, "Tuy Lộc", 12], [2, "Âu Lâu", "1.007"]]
READ = [("Tuy Lộc", "2022-01-01", "2022-03-31", 12), ("Âu Lâu", "2022-01-01", "2022-03-31", 1007)]


@pytest.mark.parametrize("seed", range(40))
def test_a_report_is_read_as_the_workbook_that_it_was_made_of(tmp_path, seed):
    """Whatever the layout; a total that differs from its rows is named by its row of the table."""
    made = make_file(seed, tmp_path, as_word=True)
    wrong = [text for text in read_and_judge(made) if "total_differs" not in text]
    assert wrong == [], made.description


def test_a_report_has_its_period_in_a_title_and_counts_in_prose_too(tmp_path):
    """What repeats a table is not read again, and that is said; rows count as Word shows them."""
    prose = "Trong quý, quần chúng đã cung cấp 1.019 nguồn tin. " * 4
    path = write_docx(
        tmp_path / "bc.docx", [TITLE, prose, "Biểu 1", [*TABLE, [3, "Yên Ninh", "x"]]]
    )
    found = check_file(path)
    assert dated(found, "tips") == READ
    assert faults(found) == [("broken_count", "C4", "x")]
    assert asides(found, "counts_in_prose") == [("counts_in_prose", None)]


def test_several_tables_and_kinds_stand_in_one_report(tmp_path):
    """Each is a sheet of its own, below the titles of the report."""
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]]
    path = write_docx(tmp_path / "bc.docx", [TITLE, "Biểu 1", TABLE, "Biểu 2: mô hình", models])
    found = check_files(path)
    assert dated(found["records"], "tips") == READ
    assert found["models"].records["count"].tolist() == [2]
    assert [s.name for s in read_book(path).sheets] == ["Bảng 1", "Bảng 2"]


def test_merged_cells_hold_for_all_that_they_cover(tmp_path):
    """Across, as a header over two columns, and down, as a label over two rows."""
    rows = [
        ["Xã, phường", "Nguồn tin", ""],
        ["", "Tháng 1", "Tháng 2"],
        ["Tuy Lộc", 4, 7],
    ]
    path = write_docx(tmp_path / "bc.docx", ["Năm 2022", rows], [(0, 0, 1, 0), (0, 1, 0, 2)])
    assert figures(check_file(path), "tips") == [("Tuy Lộc", 4), ("Tuy Lộc", 7)]
    assert set(read_book(path).sheets[0].merged) == {(0, 0, 1, 0), (0, 1, 0, 2)}


def test_what_is_struck_out_raised_hidden_or_deleted_is_not_read(tmp_path):
    """A footnote's 1 behind 12 makes no 121; a row that was deleted under review is gone."""
    path = write_docx(tmp_path / "bc.docx", [TITLE, [*TABLE, [3, "Yên Ninh", 5]]])
    document = Document(str(path))
    table = document.tables[0]
    note = table.cell(1, 2).paragraphs[0].add_run("1")
    note.font.superscript = True
    old = table.cell(2, 2).paragraphs[0].add_run("99")
    old.font.strike = True
    properties = table.rows[3]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:del"))
    document.save(str(path))
    found = check_file(path)
    assert dated(found, "tips") == READ
    assert asides(found, "struck_out") == [("struck_out", None)]


def test_a_list_of_persons_refuses_the_report(tmp_path):
    """As it does a workbook; the header is named, what stands below is not."""
    path = write_docx(tmp_path / "bc.docx", [TITLE, [["Họ và tên", "Xã"], ["A B", "Tuy Lộc"]]])
    with pytest.raises(DataProblem, match="Họ và tên") as caught:
        check_file(path)
    assert "A B" not in str(caught.value)


def test_a_report_without_a_table_says_so(tmp_path):
    """Its sentences hold no count, either."""
    found = check_file(write_docx(tmp_path / "bc.docx", [TITLE, "Tình hình ổn định."]))
    assert faults(found) == [("no_table", None, "")]


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        "<x",
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc>'
        "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:document>",
    ],
)
def test_a_hostile_report_is_refused(tmp_path, part):
    """Entities, broken XML, a cell over a billion columns."""
    path = tmp_path / "bc.docx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(PART, part)
    with pytest.raises(DataProblem, match=r"the content is not what|area is too large"):
        read_book(path)


def test_a_letter_among_the_files_of_a_folder_is_set_aside(tmp_path):
    """It is named, and is no problem; a report beside it is read."""
    write_docx(tmp_path / "a.docx", ["Kính gửi: Công an tỉnh", "Xin gửi báo cáo kèm theo."])
    write_docx(tmp_path / "b.docx", [TITLE, TABLE])
    found = check_file(tmp_path)
    assert dated(found, "tips") == READ
    assert not found.problems
    assert [note.file for note in found.skipped if note.kind == "sheet_skipped"] == ["a.docx"]
