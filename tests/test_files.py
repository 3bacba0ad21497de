"""CSV, XLSX and Parquet come in as one plain table, or the file is refused with one message."""

import random
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antq_helpers.dictionary import table_fields
from antq_helpers.problems import DataProblem
from antq_helpers.reading.files import read_table

FIELDS = table_fields("records")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe"
CSV = "commune,period_start,tips\nYên Thịnh,2022-01-01,3\nYên Ninh,2022-01-01,\n"


def read(path, content, language="en"):
    """Write bytes or text to a file and read it as a table."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, FIELDS, language)


def workbook(path, **sheets):
    """Write sheets of rows, and give the path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def rows_shown(table):
    """The row that a spreadsheet shows for each row of the table."""
    return (table.cells.index + 2).tolist()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without BOM", "with BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_csv_is_read_with_and_without_a_byte_order_mark(tmp_path, mark, end):
    """The mark is no part of the first header, and either line end ends a line."""
    table = read(tmp_path / "a.csv", mark + CSV.replace("\n", end).encode())
    assert table.cells.columns.tolist() == ["commune", "period_start", "tips"]
    assert table.cells["commune"].tolist() == ["Yên Thịnh", "Yên Ninh"]
    assert (table.file, table.sheet) == ("a.csv", "")


@pytest.mark.parametrize("content", [CSV, CSV.rstrip()], ids=["line end", "no line end"])
def test_a_clean_csv_is_typed_at_once_and_blank_is_missing(tmp_path, content):
    """Counts come as whole numbers and days as days, a blank count as missing."""
    cells = read(tmp_path / "a.csv", content).cells
    assert cells["tips"].dtype == "Int64"
    assert cells["tips"].isna().tolist() == [False, True]
    assert cells["period_start"].tolist() == [pd.Timestamp(2022, 1, 1)] * 2


def test_one_cell_that_does_not_fit_leaves_the_whole_csv_as_text(tmp_path):
    """So that the cell can be named as it stands."""
    cells = read(tmp_path / "a.csv", CSV.replace(",3\n", ",12a\n")).cells
    assert cells["tips"].tolist() == ["12a", ""]
    assert cells["period_start"].tolist() == ["2022-01-01"] * 2


@pytest.mark.parametrize("cell", ["nan", "1e3", "12.0", "true"])
def test_a_quoted_header_does_not_change_how_cells_are_read(tmp_path, cell):
    """A column's type follows from its header, with or without quotation marks."""
    quoted = CSV.replace("tips", '"tips"').replace(",3\n", f",{cell}\n")
    assert read(tmp_path / "a.csv", quoted).cells["tips"].tolist() == [cell, ""]


def test_a_moment_in_a_csv_is_left_as_text(tmp_path):
    """Days are wanted; the hour is not dropped unsaid."""
    cells = read(tmp_path / "a.csv", CSV.replace("2022-01-01,3", "2022-01-01 10:00,3")).cells
    assert cells["period_start"].iloc[0] == "2022-01-01 10:00"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("tips\n1\n2\n", [2, 3]),
        ("tips\n1\n\n2\n", [2, 4]),
        ("\n\ntips\n1\n2\n", [4, 5]),
        ("commune,tips\nYên Thịnh,1\n,\nYên Ninh,2\n", [2, 4]),
        ("commune,tips\nYên Thịnh,x\n ,\nYên Ninh,2\n", [2, 4]),
        # A line break in a cell: a spreadsheet still shows one row.
        ('commune,tips\n"Yên\nThịnh",1\n\nYên Ninh,2\n', [2, 4]),
        ('"com\nmune",tips\nYên Thịnh,1\nYên Ninh,2\n', [2, 3]),
    ],
    ids=["plain", "blank line", "blank top", "commas", "commas, text", "line break", "header"],
)
def test_rows_of_a_csv_are_numbered_as_a_spreadsheet_shows_them(tmp_path, text, rows):
    """Blank rows are left out but counted; a cell with a line break is one row."""
    assert rows_shown(read(tmp_path / "a.csv", text)) == rows


def test_rows_of_an_xlsx_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    """Blank rows above the header and between rows are counted."""
    rows = [[], [], ["commune", "tips"], ["Yên Thịnh", 1], [], ["Yên Ninh", 2], []]
    table = read_table(workbook(tmp_path / "a.xlsx", **{"Quý I": rows}), FIELDS)
    assert rows_shown(table) == [4, 6]
    assert table.sheet == "Quý I"
    assert table.cells["tips"].tolist() == [1, 2]


def test_rows_of_a_parquet_file_are_numbered_from_two_whatever_its_index(tmp_path):
    """A table that was filtered before it was saved has gaps and repeats in its index."""
    saved = pd.DataFrame({"commune": ["Yên Thịnh", "Yên Ninh"], "tips": [1, 2]}, index=[7, 7])
    saved.to_parquet(tmp_path / "a.parquet")
    assert rows_shown(read_table(tmp_path / "a.parquet", FIELDS)) == [2, 3]


def test_a_named_index_of_a_parquet_file_is_a_column(tmp_path):
    """Whoever set the commune as index still finds it."""
    saved = pd.DataFrame({"commune": ["Yên Thịnh"], "tips": [1]}).set_index("commune")
    saved.to_parquet(tmp_path / "a.parquet")
    cells = read_table(tmp_path / "a.parquet", FIELDS).cells
    assert cells[["commune", "tips"]].values.tolist() == [["Yên Thịnh", 1]]


def test_lists_in_a_parquet_file_become_text(tmp_path):
    """A cell that holds several values can then be named."""
    pd.DataFrame({"tips": [[1, 2], None]}).to_parquet(tmp_path / "a.parquet")
    cells = read_table(tmp_path / "a.parquet", FIELDS).cells
    assert cells["tips"].iloc[0] == "[1 2]"


def test_a_blank_second_sheet_and_blank_columns_are_no_fault(tmp_path):
    """Excel used to add two blank sheets, and columns that were touched once."""
    rows = [["tips", None, "commune", None], [1, None, "Yên Ninh", None]]
    table = read_table(workbook(tmp_path / "a.xlsx", Sheet1=rows, Sheet2=[]), FIELDS)
    assert table.cells.columns.tolist() == ["tips", "commune"]


def test_the_ending_may_be_in_capitals(tmp_path):
    """BAOCAO.CSV is a CSV."""
    assert len(read(tmp_path / "BAOCAO.CSV", CSV).cells) == 2


def test_several_sheets_are_refused_by_name(tmp_path):
    """Which of them counts is for the user to say."""
    sheet = [["tips"], [1]]
    path = workbook(tmp_path / "a.xlsx", **{"Quý I": sheet, "Quý II": sheet})
    message = r"^a.xlsx: several sheets hold something: Quý I, Quý II\. Keep only the sheet with"
    with pytest.raises(DataProblem, match=message):
        read_table(path, FIELDS)


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n,,\n"])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet"])
def test_an_empty_file_is_refused(tmp_path, name, content):
    """A file of no bytes, or of blank lines alone, holds no figures; nor is it a workbook."""
    expected = "holds no row of figures" if name == "a.csv" or not content.strip() else "not what"
    with pytest.raises(DataProblem, match=f"^{name}: .*{expected}"):
        read(tmp_path / name, content)


def test_headers_alone_are_refused_as_empty(tmp_path):
    """A header without rows holds no figures, whatever the kind of file."""
    with pytest.raises(DataProblem, match=r"^a.csv: the file holds no row of figures\. Open it"):
        read(tmp_path / "a.csv", "commune,tips\n")
    with pytest.raises(DataProblem, match=r"^a.csv: the file holds no row of figures\."):
        read(tmp_path / "a.csv", "commune,tips\n,\n\n")
    with pytest.raises(DataProblem, match=r"^a.xlsx: the file holds no row of figures\."):
        read_table(workbook(tmp_path / "a.xlsx", a=[["commune", "tips"]]), FIELDS)
    with pytest.raises(DataProblem, match=r"^b.xlsx: the file holds no row of figures\."):
        read_table(workbook(tmp_path / "b.xlsx", a=[], b=[]), FIELDS)
    pd.DataFrame({"tips": []}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataProblem, match=r"^a.parquet: the file holds no row of figures\."):
        read_table(tmp_path / "a.parquet", FIELDS)


@pytest.mark.parametrize("name", ["quy1.csv", "quy1.xlsx", "", "folder"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    """A missing file, and a folder in its place."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataProblem, match=r": there is no such file\. Check the name and"):
        read_table(tmp_path / name, FIELDS)


@pytest.mark.parametrize("name", ["a.xls", "a.docx", "a", "a.xlsx.zip"])
def test_a_kind_of_file_that_is_not_read_is_refused_with_those_that_are(tmp_path, name):
    """The message says what to save it as."""
    message = rf"^{name}: files of this kind are not read\. Save it as one of: .csv, .xlsx, .parq"
    with pytest.raises(DataProblem, match=message):
        read(tmp_path / name, CSV)


XLSX_START = b"PK\x03\x04" + bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", PNG),
        ("a.xlsx", CSV.encode()),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),  # xls, or a workbook with a password
        ("a.xlsx", XLSX_START),
        ("a.csv", XLSX_START),
        ("a.csv", PNG),
        ("a.csv", b"commune,tips\n\xff\xfe\xfd,1\n"),
        ("a.csv", CSV.encode("utf-16")),
        ("a.csv", "commune,tips\nĐông,1\n".encode("windows-1258")),
        ("a.csv", b'commune,tips\nx,"1\ny,2\n'),  # a quotation mark that swallows the rest
        ("a.parquet", CSV.encode()),
        ("a.parquet", b"PAR1" + bytes(range(256))),
    ],
    ids=["png", "csv", "xls", "broken zip", "zip", "png as csv", "binary", "utf-16", "1258",
         "open quote", "csv as parquet", "broken parquet"],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, content):
    """The ending promises a kind of content; the message names the ending and what to do."""
    ending = name[1:]
    message = rf"^{name}: the content is not what the ending {ending} says\. Open it in"
    with pytest.raises(DataProblem, match=message):
        read(tmp_path / name, content)


def test_a_real_workbook_with_the_ending_csv_is_refused(tmp_path):
    """Someone renamed it instead of saving it anew."""
    content = workbook(tmp_path / "a.xlsx", a=[["tips"], [1]]).read_bytes()
    with pytest.raises(DataProblem, match=r"^b.csv: the content is not what the ending .csv says"):
        read(tmp_path / "b.csv", content)


def test_a_truncated_workbook_is_refused(tmp_path):
    """A download that broke off keeps its beginning."""
    content = workbook(tmp_path / "a.xlsx", a=[["tips"], [1]]).read_bytes()
    with pytest.raises(DataProblem, match=r"^b.xlsx: the content is not what the ending .xlsx"):
        read(tmp_path / "b.xlsx", content[: len(content) // 2])


def test_a_row_with_a_cell_too_many_is_refused_by_its_number(tmp_path):
    """2,368 without quotation marks would move every later cell one column on."""
    content = "commune,sessions,tips\nYên Ninh,1,3\nYên Thịnh,2,368,5\n"
    with pytest.raises(DataProblem, match=r"^a.csv, row 3: the content is not what the ending"):
        read(tmp_path / "a.csv", content)


def test_blank_cells_beyond_the_header_are_no_fault(tmp_path):
    """A trailing comma moves nothing."""
    cells = read(tmp_path / "a.csv", "commune,tips\nYên Ninh,3,\nYên Thịnh,4\n").cells
    assert cells["tips"].tolist() == ["3", "4"]


def test_a_refused_file_is_told_in_vietnamese(tmp_path):
    """The language is that of the caller."""
    with pytest.raises(DataProblem, match=r"^a.xlsx: nội dung tệp không đúng với đuôi .xlsx\."):
        read(tmp_path / "a.xlsx", PNG, "vi")


def damaged(content, seed):
    """Change some bytes at random, and cut a third of the files off."""
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.choice([1, 5, 30])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed[: chance.randrange(len(changed))] if chance.random() < 1 / 3 else changed)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from([".xlsx", ".csv"]))
def test_a_damaged_file_is_read_or_refused_but_never_fails_otherwise(seed, kind):
    """DataProblem is the only exception that a bad file may raise."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{kind}"
        rows = [["commune", "tips"], *([f"Xã {i}", i] for i in range(30))]
        sound = CSV.encode() if kind == ".csv" else workbook(path, a=rows).read_bytes()
        path.write_bytes(damaged(sound, seed))
        try:
            table = read_table(path, FIELDS)
        except DataProblem as problem:
            assert len(problem.problems) == 1  # noqa: PT017
        else:
            assert len(table.cells) > 0


def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch):
    """A file that is open in Excel on Windows refuses to be opened."""
    path = tmp_path / "quy1.csv"
    path.write_text("commune\n")

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(DataProblem, match=r"quy1\.csv: the file cannot be opened\. Close it"):
        read_table(path, table_fields("records"))


@pytest.mark.parametrize("separator", [";", "\t"], ids=["semicolon", "tab"])
def test_other_separators_are_found(tmp_path, separator):
    """Excel writes semicolons where the comma is the decimal mark."""
    path = tmp_path / "quy1.csv"
    header = ["commune", "period_start", "period_end", "tips"]
    row = ["Tuy Lộc", "2022-01-01", "2022-01-31", "3"]
    for cells in (row, [*row[:3], "3 tin"]):
        path.write_text("\n".join(separator.join(line) for line in (header, cells)), "utf-8")
        found = read_table(path, table_fields("records")).cells
        assert list(found.columns) == header
        assert str(found["tips"].iloc[0]) == cells[3]
