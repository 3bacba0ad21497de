"""Paths become files; clean tables are read by type, all others by cell, with the same result."""

import random
import tempfile
import unicodedata
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from antq_helpers.places import register
from antq_helpers.problems import DataProblem
from antq_helpers.reading.files import list_files, read_clean
from antq_helpers.reading.headers import CORE as COUNTS
from antq_helpers.reading.load import check_file
from tests.quick import examples

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe"
HEADER = ["commune", "period_start", "period_end", "tips"]
DAYS = ["2022-01-01", "2022-01-31"]
TOP = ",".join(HEADER)
THINH, NINH = (f"{name},{DAYS[0]},{DAYS[1]}," for name in ("Yên Thịnh", "Yên Ninh"))
CSV = f"{TOP}\n{THINH}3\n{NINH}\n"


def read(path, content, language="en"):
    """Write bytes or text to a file and check it."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return check_file(path, language=language)


def by_type(path, content):
    """Write a file; give the reports that were read by type, None where they could not be."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_clean(path, register())


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


def table(**columns):
    """Two reports of January, as a table for Parquet."""
    days = [[pd.Timestamp(day)] * 2 for day in DAYS]
    fixed = {"commune": ["Yên Thịnh", "Yên Ninh"], "period_start": days[0], "period_end": days[1]}
    return pd.DataFrame({**fixed, **columns})


def figures(check):
    """Commune and tips of each record, None for what is missing; nothing may be wrong."""
    assert check.problems == ()
    tips = [None if pd.isna(value) else value for value in check.records["tips"]]
    return list(zip(check.records["commune"], tips, strict=True))


def rows_named(check, kind):
    """The rows of the problems, all of one kind."""
    assert {problem.kind for problem in check.problems} == {kind}
    return [problem.row for problem in check.problems]


# What is read


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without BOM", "with BOM"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_csv_is_read_with_and_without_a_byte_order_mark(tmp_path, mark, end):
    """The mark is no part of the first header, and either line end ends a line."""
    content = mark + CSV.replace("\n", end).encode()
    check = read(tmp_path / "a.csv", content)
    assert figures(check) == [("Yên Thịnh", 3), ("Yên Ninh", None)]
    assert check.headers["header"].tolist() == HEADER
    assert set(check.records["file"]) == {"a.csv"}
    assert by_type(tmp_path / "a.csv", content) is not None


@pytest.mark.parametrize("content", [CSV, CSV.rstrip()], ids=["line end", "no line end"])
def test_a_clean_csv_is_typed_at_once_and_blank_is_missing(tmp_path, content):
    """Counts come as whole numbers and days as days, a blank count as missing."""
    cells = by_type(tmp_path / "a.csv", content).values
    assert cells["tips"].dtype == "Int64"
    assert cells["tips"].isna().tolist() == [False, True]
    assert cells["period_start"].tolist() == [pd.Timestamp(2022, 1, 1)] * 2


def test_one_cell_that_does_not_fit_leaves_the_whole_csv_to_be_read_by_cell(tmp_path):
    """So that the cell can be named as it stands."""
    content = CSV.replace(",3\n", ",12a\n")
    assert by_type(tmp_path / "a.csv", content) is None
    check = read(tmp_path / "a.csv", content)
    assert [(p.kind, p.cell, p.value) for p in check.problems] == [("broken_count", "D2", "12a")]
    assert check.records["commune"].tolist() == ["Yên Ninh"]


@pytest.mark.parametrize(
    "content",
    [
        f"Bảng 1\n{CSV}",
        CSV.replace("tips", "Họ tên"),
        CSV.replace("tips", "Cùng kỳ"),
        CSV.replace("tips", "tips,Nguồn tin").replace(",3\n", ",3,3\n").replace(",\n", ",,\n"),
        CSV.replace("Yên Ninh", "Tổng cộng"),
        CSV.replace("Yên Ninh", ""),
        CSV.replace("Yên Ninh,2022-01-01", "Yên Ninh,"),
        CSV.replace("2022-01-01", "01/01/2022"),
        CSV.replace("\n", "\n\n", 1),
        CSV.replace("Yên Ninh", '"Yên\nNinh"'),
        CSV.replace(",3\n", ",0912345678\n"),
        f"{TOP},x\n{THINH}3,0912345678\n{NINH}3,0912345679\n",
    ],
    ids=["title", "persons", "comparison", "twice", "total", "no name", "no day", "day first",
         "blank line", "line break", "telephone", "telephones"],
)  # fmt: skip
def test_what_is_not_the_documented_layout_is_not_read_by_type(tmp_path, content):
    """Total rows, persons and twins need the reader that knows them."""
    assert by_type(tmp_path / "a.csv", CSV) is not None
    assert by_type(tmp_path / "a.csv", content) is None


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_both_readers_give_the_same_records_notes_and_account(tmp_path, name):
    """The quick way is no other way: a title above the table forces the slow one."""
    counts = {count: [2, None] for count in COUNTS}
    whole = table(**counts, note_1=["x", None], STT=[1, 2]).convert_dtypes()
    quick, slow = tmp_path / name, tmp_path / "a.xlsx"
    if name == "a.csv":
        whole.to_csv(quick, index=False, date_format="%Y-%m-%d")
    else:
        whole.to_parquet(quick)
    assert read_clean(quick, register()) is not None
    rows = [[None if pd.isna(cell) else cell for cell in row] for row in whole.values.tolist()]
    one, other = check_file(quick), check_file(workbook(slow, a=[list(whole), *rows]))
    pd.testing.assert_frame_equal(
        one.records.drop(columns="file"), other.records.drop(columns="file")
    )
    kinds = [[(note.kind, note.row, note.cell, note.column) for note in check.skipped]
             for check in (one, other)]  # fmt: skip
    assert sorted(kinds[0]) == sorted(kinds[1])
    both = ["cells", "kept", "set_aside", "problems"]
    assert one.account[both].values.tolist() == other.account[both].values.tolist()
    assert one.headers["meaning"].tolist() == other.headers["meaning"].tolist()


@pytest.mark.parametrize("cell", ["12a", "1e3", "true", "#REF!", "-1"])
def test_a_quoted_header_does_not_change_how_cells_are_read(tmp_path, cell):
    """A column's meaning follows from its header, with or without quotation marks."""
    found = []
    for top in (TOP, TOP.replace("tips", '"tips"')):
        check = read(tmp_path / "a.csv", CSV.replace(TOP, top).replace(",3\n", f",{cell}\n"))
        found.append([(p.kind, p.row, p.column, p.value) for p in check.problems])
    assert found[0] == found[1]
    assert [problem[1:] for problem in found[0]] == [(2, "tips", cell)]


def test_a_moment_in_a_csv_is_left_as_text(tmp_path):
    """Days are wanted; the hour is not dropped unsaid."""
    check = read(tmp_path / "a.csv", CSV.replace(DAYS[0], "2022-01-01 10:00", 1))
    [problem] = check.problems
    assert (problem.kind, problem.value) == ("broken_date", "2022-01-01 10:00")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("{top}\n{thinh}{x}\n{ninh}{x}\n", [2, 3]),
        ("{top}\n{thinh}{x}\n\n{ninh}{x}\n", [2, 4]),
        ("\n\n{top}\n{thinh}{x}\n{ninh}{x}\n", [4, 5]),
        ("{top}\n{thinh}{x}\n,,,\n{ninh}{x}\n", [2, 4]),
        ("{top}\n{thinh}{x}\n ,,,\n{ninh}{x}\n", [2, 4]),
        # A line break in a cell: a spreadsheet still shows one row.
        ('{top}\n"Yên\nThịnh",2022-01-01,2022-01-31,{x}\n\n{ninh}{x}\n', [2, 4]),
        ('{top},"Ghi\nchú"\n{thinh}{x},\n{ninh}{x},\n', [2, 3]),
    ],
    ids=["plain", "blank line", "blank top", "commas", "commas, space", "line break", "header"],
)
@pytest.mark.parametrize(("x", "kind"), [("-1", "minimum"), ("1a", "broken_count")])
def test_rows_of_a_csv_are_numbered_as_a_spreadsheet_shows_them(tmp_path, text, rows, x, kind):
    """Blank rows are left out but counted; a cell with a line break is one row."""
    content = text.format(top=TOP, thinh=THINH, ninh=NINH, x=x)
    assert rows_named(read(tmp_path / "a.csv", content), kind) == rows


def test_rows_of_an_xlsx_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    """Blank rows above the header and between rows are counted."""
    rows = [[], [], HEADER, ["Yên Thịnh", *DAYS, -1], [], ["Yên Ninh", *DAYS, "2a"], []]
    check = check_file(workbook(tmp_path / "a.xlsx", **{"Quý I": rows}))
    assert [(p.kind, p.sheet, p.row, p.cell) for p in check.problems] == [
        ("minimum", "Quý I", 4, "D4"),
        ("broken_count", "Quý I", 6, "D6"),
    ]


def test_a_report_without_counts_below_a_blank_row_is_kept(tmp_path):
    """A commune and its days: not reported is not the same as not there."""
    content = f"{TOP}\n{THINH}3\n\n{NINH}\n"
    assert figures(read(tmp_path / "a.csv", content)) == [("Yên Thịnh", 3), ("Yên Ninh", None)]


def test_days_of_a_parquet_file_may_be_text(tmp_path):
    """As read_csv(…).to_parquet(…) leaves them; other texts are the reader's by cells."""
    path, days = tmp_path / "a.parquet", {"period_start": DAYS[:1] * 2, "period_end": DAYS[1:] * 2}
    table(tips=[1, 2], **days).to_parquet(path)
    assert read_clean(path, register()) is not None
    assert figures(check_file(path)) == [("Yên Thịnh", 1), ("Yên Ninh", 2)]
    table(tips=[1, 2], **days | {"period_end": ["31/01/2022"] * 2}).to_parquet(path)
    assert read_clean(path, register()) is None
    assert figures(check_file(path)) == [("Yên Thịnh", 1), ("Yên Ninh", 2)]


def test_rows_of_a_parquet_file_are_numbered_from_two_whatever_its_index(tmp_path):
    """A table that was filtered before it was saved has gaps and repeats in its index."""
    table(tips=[-1, -2]).set_axis([7, 7]).to_parquet(tmp_path / "a.parquet")
    assert rows_named(check_file(tmp_path / "a.parquet"), "minimum") == [2, 3]


def test_a_named_index_of_a_parquet_file_is_a_column(tmp_path):
    """Whoever set the commune as index still finds it."""
    table(tips=[1, 2]).set_index("commune").to_parquet(tmp_path / "a.parquet")
    assert figures(check_file(tmp_path / "a.parquet")) == [("Yên Thịnh", 1), ("Yên Ninh", 2)]


def test_lists_in_a_parquet_file_become_text(tmp_path):
    """A cell that holds several values can then be named."""
    table(tips=[[1, 2], None]).to_parquet(tmp_path / "a.parquet")
    [problem] = check_file(tmp_path / "a.parquet").problems
    assert (problem.row, problem.value) == (2, "[1, 2]")


def test_a_blank_second_sheet_and_blank_columns_are_no_fault(tmp_path):
    """Excel used to add two blank sheets, and columns that were touched once."""
    rows = [["tips", None, *HEADER[:3], None], [1, None, "Yên Ninh", *DAYS, None]]
    check = check_file(workbook(tmp_path / "a.xlsx", Sheet1=rows, Sheet2=[]))
    assert figures(check) == [("Yên Ninh", 1)]
    assert check.headers["header"].tolist() == ["tips", *HEADER[:3]]


def test_every_sheet_with_records_is_read_and_the_others_are_named(tmp_path):
    """Two months on two sheets, and a cover."""
    february = [HEADER, ["Yên Ninh", "2022-02-01", "2022-02-28", 4]]
    sheets = {"T1": [HEADER, ["Yên Ninh", *DAYS, 3]], "T2": february, "Bìa": [["Báo cáo"]]}
    check = check_file(workbook(tmp_path / "a.xlsx", **sheets))
    assert figures(check) == [("Yên Ninh", 3), ("Yên Ninh", 4)]
    assert check.account[["sheet", "cells", "kept", "set_aside"]].values.tolist() == [
        ["T1", 8, 8, 0],
        ["T2", 8, 8, 0],
        ["Bìa", 1, 0, 1],
    ]
    [note] = [note for note in check.skipped if note.kind == "sheet_skipped"]
    assert note.sheet == "Bìa"


def test_the_ending_may_be_in_capitals(tmp_path):
    """BAOCAO.CSV is a CSV."""
    assert len(read(tmp_path / "BAOCAO.CSV", CSV).records) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "windows-1258"])
def test_other_encodings_are_found(tmp_path, encoding):
    """Excel's own "Unicode text", and what older programs write with marks after the letters."""
    text = CSV
    if encoding == "windows-1258":
        # It holds ê with a mark after it, but no ệ in one.
        letters = (c if len(c.encode("cp1258", "ignore")) else unicodedata.normalize("NFD", c)
                   for c in CSV)  # fmt: skip
        text = "".join(letters)
    check = read(tmp_path / "a.csv", text.encode(encoding))
    assert figures(check) == [("Yên Thịnh", 3), ("Yên Ninh", None)]


@pytest.mark.parametrize("separator", [";", "\t"], ids=["semicolon", "tab"])
def test_other_separators_are_found(tmp_path, separator):
    """Excel writes semicolons where the comma is the decimal mark."""
    path = tmp_path / "quy1.csv"
    row = ["Tuy Lộc", *DAYS, "3"]
    for cells in (row, [*row[:3], "3 tin"]):
        path.write_text("\n".join(separator.join(line) for line in (HEADER, cells)), "utf-8")
        assert (read_clean(path, register()) is not None) == (cells == row)
        assert figures(check_file(path)) == [("Tuy Lộc", 3)]


# Which files


def test_a_folder_is_its_files_in_order_without_those_that_are_not_read(tmp_path):
    """Neither other kinds, nor what Excel or the system leaves beside them, nor folders in it."""
    for name in ("b.csv", "a.xlsx", "C.XLS", "d.ods", "~$a.xlsx", ".e.csv", "f.pdf", "g.parquet"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "h.csv").write_bytes(b"x")
    names = ["C.XLS", "a.xlsx", "b.csv", "d.ods", "g.parquet"]
    assert [file.name for file in list_files(tmp_path)] == names
    assert list_files(str(tmp_path)) == list_files([tmp_path]) == list_files(tmp_path)


def test_a_list_of_paths_keeps_its_order(tmp_path):
    """Files that are not there are told when they are read."""
    assert list_files(["b.csv", Path("a.csv")]) == [Path("b.csv"), Path("a.csv")]
    assert list_files("none.csv") == [Path("none.csv")]


def test_a_folder_without_a_file_that_is_read_is_refused(tmp_path):
    """The message says what to put there."""
    (tmp_path / "quy1").mkdir()
    (tmp_path / "quy1" / "a.pdf").write_bytes(b"x")
    message = r"^quy1: the folder holds no file that can be read\. Put files of these kinds .*\.xls"
    with pytest.raises(DataProblem, match=message):
        list_files(tmp_path / "quy1")


# What is refused


@pytest.mark.parametrize(
    "content", [b"", b" \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n,,\n", b"\xff\xfe"]
)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.xlsx", "a.parquet"])
def test_an_empty_file_is_refused(tmp_path, name, content):
    """A file of no bytes, or of blank lines alone, holds no figures; nor is it a workbook."""
    if name == "a.tsv" and b"," in content:
        content = content.replace(b",", b"\t")
    with pytest.raises(DataProblem, match=f"^{name}: .*(holds no row of figures|not what)"):
        read(tmp_path / name, content)


def test_headers_alone_are_refused_as_empty(tmp_path):
    """A header without rows holds no figures, whatever the kind of file."""

    def told(path):
        try:
            [problem] = check_file(path).problems
        except DataProblem as caught:
            [problem] = caught.problems
        return problem.text()

    empty = "the file holds no row of figures. Open it and look, then use"
    for name, text in (("a.csv", f"{TOP}\n"), ("b.csv", f"{TOP}\n,,,\n\n")):
        (tmp_path / name).write_text(text)
        assert told(tmp_path / name).startswith(f"{name}: {empty}")
    assert empty in told(workbook(tmp_path / "a.xlsx", a=[HEADER]))
    assert told(workbook(tmp_path / "b.xlsx", a=[], b=[])).startswith(f"b.xlsx: {empty}")
    table(tips=[1, 2]).head(0).to_parquet(tmp_path / "a.parquet")
    assert empty in told(tmp_path / "a.parquet")


@pytest.mark.parametrize("name", ["quy1.csv", "quy1.xlsx", "none"])
def test_a_file_that_is_not_there_is_named(tmp_path, name):
    """Whatever its ending."""
    with pytest.raises(DataProblem, match=rf"^{name}: there is no such file\. Check the name and"):
        check_file(tmp_path / name)


@pytest.mark.parametrize("name", ["a.doc", "a.pdf", "a", "a.xlsx.zip"])
def test_a_kind_of_file_that_is_not_read_is_refused_with_those_that_are(tmp_path, name):
    """The message says what to save it as."""
    message = rf"^{name}: files of this kind are not read\. Save it as one of: .xlsx, .*\.parquet"
    with pytest.raises(DataProblem, match=message):
        read(tmp_path / name, CSV)


XLSX_START = b"PK\x03\x04" + bytes(range(256)) * 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", PNG),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64),  # the mark of xls, and nothing else
        ("a.ods", XLSX_START),
        ("a.xlsx", XLSX_START),
        ("a.csv", XLSX_START),
        ("a.csv", PNG),
        ("a.csv", f'{TOP}\nx,"1\ny,2\n'.encode()),  # a quotation mark that swallows the rest
        ("a.parquet", b"PAR1" + bytes(range(256))),
    ],
    ids=["png", "xls", "zip as ods", "broken zip", "zip", "png as csv",
         "open quote", "broken parquet"],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, content):
    """It is none of the kinds that are read; the message names the ending and what to do."""
    message = rf"^{name}(, row \d+)?: the content is not what the ending {name[1:]} says\. Open it"
    with pytest.raises(DataProblem, match=message) as caught:
        read(tmp_path / name, content)
    assert len(caught.value.problems) == 1


def test_bytes_that_are_no_letters_of_a_name_are_named_in_their_cell(tmp_path):
    """They may be Windows-1258, so the file is read; the name is then unknown."""
    content = f"{TOP}\nAu Lau,{DAYS[0]},{DAYS[1]},3\nx,{DAYS[0]},{DAYS[1]},4\n".encode()
    check = read(tmp_path / "a.csv", content.replace(b"\nx,", b"\n\xff\xfe\xfd,"))
    assert [(p.row, p.column) for p in check.problems] == [(3, "commune")]


def test_a_damaged_letter_among_sound_ones_is_told_and_not_guessed(tmp_path):
    """Read as Windows-1258, each sound letter of the file would become two wrong ones."""
    content = CSV.encode().replace("ị".encode(), b"\xff", 1) + f"{THINH}4\n{THINH}5\n".encode()
    with pytest.raises(
        DataProblem, match=r"^a\.csv: this is no text in UTF-8\. Save it as CSV UTF"
    ):
        read(tmp_path / "a.csv", content)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.ods", "a.parquet"])
def test_text_with_the_ending_of_a_workbook_is_read(tmp_path, name):
    """Many systems call whatever they export .xls."""
    assert len(read(tmp_path / name, CSV.encode()).records) == len(
        read(tmp_path / "a.csv", CSV.encode()).records
    )


def test_a_real_workbook_with_the_ending_csv_is_read_as_one(tmp_path):
    """Someone renamed it instead of saving it anew."""
    content = workbook(tmp_path / "a.xlsx", a=[["tips"], [1]]).read_bytes()
    assert [problem.kind for problem in read(tmp_path / "b.csv", content).problems] == ["no_table"]


def test_a_truncated_workbook_is_refused(tmp_path):
    """A download that broke off keeps its beginning."""
    content = workbook(tmp_path / "a.xlsx", a=[["tips"], [1]]).read_bytes()
    with pytest.raises(DataProblem, match=r"^b.xlsx: the content is not what the ending .xlsx"):
        read(tmp_path / "b.xlsx", content[: len(content) // 2])


def test_a_row_with_a_cell_too_many_is_refused_by_its_number(tmp_path):
    """2,368 without quotation marks would move every later cell one column on."""
    content = f"{TOP},sessions\n{NINH}1,3\n{THINH}2,368,5\n"
    with pytest.raises(DataProblem, match=r"^a.csv, row 3: the content is not what the ending"):
        read(tmp_path / "a.csv", content)


def test_blank_cells_beyond_the_header_are_no_fault(tmp_path):
    """A trailing comma moves nothing."""
    check = read(tmp_path / "a.csv", f"{TOP}\n{NINH}3,\n{THINH}4\n")
    assert figures(check) == [("Yên Ninh", 3), ("Yên Thịnh", 4)]


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


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 10**6), kind=st.sampled_from([".xlsx", ".csv", ".parquet"]))
@example(seed=13135, kind=".parquet")  # what pandas wrote beside the columns
@example(seed=2130, kind=".parquet")  # no text
@example(seed=3617, kind=".parquet")  # a day beyond the calendar
def test_a_damaged_file_is_read_or_refused_but_never_fails_otherwise(seed, kind):
    """DataProblem is the only exception that a bad file may raise; what is read adds up."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{kind}"
        rows = [HEADER, *(["Yên Ninh", *DAYS, i] for i in range(30))]
        if kind == ".parquet":
            table(tips=[1, 2]).to_parquet(path)
        sound = {
            ".csv": CSV.encode,
            ".xlsx": lambda: workbook(path, a=rows).read_bytes(),
            ".parquet": path.read_bytes,
        }[kind]()
        path.write_bytes(damaged(sound, seed))
        try:
            check = check_file(path)
        except DataProblem as problem:
            assert len(problem.problems) == 1 < len(str(problem))  # noqa: PT017
        else:
            account = check.account
            parts = account[["kept", "set_aside", "problems"]].sum(axis=1)
            assert (parts == account["cells"]).all()


@pytest.mark.parametrize("name", ["quy1.csv", "quy1.xlsx"])
def test_a_file_that_may_not_be_read_says_so(tmp_path, monkeypatch, name):
    """A file that is open in Excel on Windows refuses to be opened."""
    path = tmp_path / name
    path.write_text("commune\n")

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    for way in ("open", "read_bytes"):
        monkeypatch.setattr(type(path), way, refuse)
    with pytest.raises(DataProblem, match=rf"^{name}: the file cannot be opened\. Close it"):
        check_file(path)


@pytest.mark.parametrize(
    ("name", "count", "kind"),
    [
        ("nghìn lượt", "5", "other_unit"),
        ("ĐVT_nghìn", "5", "other_unit"),
        ("Kế hoạch 2021", "5", "no_counts"),
        ("a", "0x1F", "broken_count"),
        ("a", "1.2E+03", "broken_count"),
    ],
)
def test_a_clean_file_is_asked_about_where_its_name_or_a_count_says_more(
    tmp_path, name, count, kind
):
    """Read by type 0x1F would be 31, and a name of thousands would be passed over."""
    path = tmp_path / f"{name}.csv"
    days = "2021-01-01,2021-12-31"
    path.write_text(
        f"commune,period_start,period_end,attendances\nTuy Lộc,{days},{count}\n", encoding="utf-8"
    )
    assert [problem.kind for problem in check_file(path).problems] == [kind]
