"""Text files come in as rows of cells, whatever wrote them, or are refused for one reason."""

import codecs

import pytest

from antq_helpers.reading.formats import check_encoding, decode, read_rows
from antq_helpers.reading.sheets import RefusedError
from tests.office.writing import encode

TABLE = "xã,tin\nĐồng Tâm,3\nYên Thịnh,4\n"
ROWS = [["xã", "tin"], ["Đồng Tâm", "3"], ["Yên Thịnh", "4"]]


def rows_of(content, encoding=None):
    """Read the rows of a file's bytes."""
    return read_rows(decode(content, encoding))


def refused(content, encoding=None):
    """Read bytes or text that must be refused, and give why."""
    with pytest.raises(RefusedError) as caught:
        rows_of(content if isinstance(content, bytes) else content.encode(), encoding)
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("utf-16"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        encode(TABLE, "cp1258"),
        TABLE.encode() + b"\x1a",
    ],
    ids=[
        "utf-8",
        "utf-8 mark",
        "utf-16 le",
        "utf-16 be",
        "le no mark",
        "be no mark",
        "1258",
        "DOS",
    ],
)
def test_the_encoding_is_found(content):
    """Windows-1258 writes a letter and a mark, and comes back composed."""
    assert rows_of(content) == ROWS


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-16", "utf-16"),
        ("cp1258", "windows-1258"),
        ("cp1258", "cp1258"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_the_encoding_may_be_given(encoding, name):
    """By any name that Python knows."""
    assert rows_of(encode(TABLE, encoding), name) == ROWS


def test_a_mark_at_the_start_is_no_part_of_the_first_cell():
    """Also where the encoding given does not take it off by itself."""
    assert rows_of(codecs.BOM_UTF8 + TABLE.encode(), "utf-8") == ROWS
    assert rows_of(codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"), "utf-16-le") == ROWS


def test_tcvn3_is_left_as_it_is_stored():
    """Each byte is one letter, and is put into Unicode elsewhere."""
    assert decode(b"Y\xaan B\xb8i", "tcvn3") == "Yªn B¸i"
    assert decode("Yªn B¸i".encode(), "tcvn3") == "Yªn B¸i"
    assert decode("Yªn B¸i".encode("utf-16"), "tcvn3") == "Yªn B¸i"
    assert decode(b"Minh", "tcvn3") == "Minh"


@pytest.mark.parametrize("stored", ["ThÞnh", "NguyÔn Th¸i Häc", "V¨n TiÕn"])
def test_what_can_not_be_windows_1258_is_shown_in_the_letters_of_tcvn3(stored):
    """A mark on a consonant, or a sign between letters: the letters let TCVN3 be guessed."""
    assert rows_of(f"{stored},3".encode("latin-1")) == [[stored, "3"]]


@pytest.mark.parametrize("name", ["utf-9", "base64", "rot13", "", "a\0b", 8])
def test_an_encoding_that_is_not_known_is_an_error_of_the_caller(name):
    """What turns bytes into bytes is no encoding of text, either."""
    with pytest.raises(ValueError, match=r"^encoding=.* is not known\. Use utf-8, utf-16, windows"):
        check_encoding(name)


@pytest.mark.parametrize("name", [None, "utf-8", "UTF-16", "tcvn3", "windows-1258", "latin-1"])
def test_an_encoding_that_is_known_is_accepted(name):
    """Those that Python knows, and one more."""
    assert check_encoding(name) is None


@pytest.mark.parametrize(
    ("content", "encoding", "named"),
    [
        (TABLE.encode("latin-1", "replace") + b"\xff", "ascii", "ascii"),
        (encode(TABLE, "cp1258"), "utf-8", "utf-8"),
        (TABLE.encode()[:-20] + b"\xff" + TABLE.encode(), None, "UTF-8"),
        (TABLE.encode("utf-16")[:-1], None, "UTF-16"),
        (TABLE.encode("utf-16"), "latin-1", "latin-1"),
    ],
    ids=["ascii", "1258 as utf-8", "damaged utf-8", "cut utf-16", "zeros"],
)
def test_what_is_no_text_in_an_encoding_names_it(content, encoding, named):
    """The one that was given, or the one that most letters are right in."""
    problem = refused(content, encoding)
    assert (problem.kind, problem.details) == ("wrong_encoding", {"encoding": named})


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe",
        b"PK\x03\x04" + bytes(range(256)) * 4,
        b"x\0y",
        b"xa,1\x07\n",
        b"\x81\x8d,1",
        b"<!DOCTYPE html>\n<table><tr><td>1</td></tr></table>",
        b"\n<html><body>3</body></html>",
        b"%PDF-1.7\n1 0 obj",
        b"{\\rtf1\\ansi 3}",
    ],
    ids=["png", "zip", "zero", "bell", "no letters", "html", "html too", "pdf", "rtf"],
)
def test_what_is_no_table_of_text_is_refused(content):
    """Pictures, workbooks, pages and documents that bear the ending of a text."""
    assert refused(content).kind == "wrong_format"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe", " \n\n".encode("utf-16")])
def test_marks_and_blanks_alone_are_an_empty_file(content):
    """Nothing stands there."""
    assert refused(content).kind == "empty_file"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    """Below a title that holds none, and beside a blank line."""
    lines = ["Báo cáo tháng 3", "", "xã;tin;vụ", "Tuy Lộc;1;2", "Âu Lâu;3;4"]
    rows = rows_of("\n".join(lines).replace(";", separator).encode())
    assert rows[0] == ["Báo cáo tháng 3"]
    assert rows[2:] == [["xã", "tin", "vụ"], ["Tuy Lộc", "1", "2"], ["Âu Lâu", "3", "4"]]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("xã;tỷ lệ\nTuy Lộc;36,5\nÂu Lâu;1,5", ["Tuy Lộc", "36,5"]),
        ("Tuy Lộc;36,5\nTuy Lộc;1,5", ["Tuy Lộc", "1,5"]),
        ("xã;tin,vụ\nTuy Lộc;3\nÂu Lâu;4", ["Tuy Lộc", "3"]),
        ('xã,tin\n"a;b",3\n"Tuy Lộc",4', ["Tuy Lộc", "4"]),
        ("xã\nTuy Lộc\nÂu Lâu", ["Tuy Lộc"]),
    ],
    ids=["decimal comma", "no header", "comma in one row", "semicolon in quotes", "one column"],
)
def test_a_mark_inside_cells_does_not_part_them(text, row):
    """A decimal comma in a file of semicolons, or a semicolon in one cell."""
    assert row in rows_of(text.encode())


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;;"])
def test_the_line_by_which_excel_names_the_separator_is_no_row(line):
    """Excel does not show it, so rows are counted from the next."""
    assert rows_of(f"{line}\r\na,b;c,d\r\n".encode()) == [["a,b", "c,d"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_rows_are_counted_as_a_spreadsheet_shows_them(end):
    """A cell with a line break is in one row, and a blank line is one."""
    text = 'xã,tin\n"Yên\nThịnh",1\n\nYên Ninh,2\n'.replace("\n", end)
    rows = [["xã", "tin"], [f"Yên{end}Thịnh", "1"], [], ["Yên Ninh", "2"]]
    assert rows_of(text.encode()) == rows


def test_doubled_quotation_marks_are_one():
    """As the movement's own name has them."""
    assert rows_of(b'"a ""b"" c",1\n') == [['a "b" c', "1"]]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('xã,tin\nx,"1\ny,2\n', 2),
        ('xã,tin\nx,1\ny,"2\nz,"3"\n', 3),
    ],
    ids=["to the end", "to the next"],
)
def test_a_quotation_mark_that_swallows_the_rest_is_refused(text, row):
    """The rows behind it would be one cell."""
    problem = refused(text)
    assert (problem.kind, problem.row) == ("wrong_format", row)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("xã,lần,tin\nYên Ninh,1,3\nYên Thịnh,2,368,5\n", 3),
        ("xã,lần,tin\nYên Thịnh,2,368,5\n", 2),
        ("Báo cáo, tháng 3\nxã,lần,tin\nA,1,3\nB,2,368,5\nC,4,100,2\n", 4),
        ("xã,lần,tin\nA,1,368,5\nB,2,368,5\nC,2,400,1\n", 2),
        ("xã,2020,2021\nA,1,2\nB,1,200,2\n", 3),
        ("A,1,2\nB,1,2\nC,1,200,2\n", 3),
        ("xã,lần,tin\n\nA,1,2\nB,1,200,2\n", 4),
    ],
    ids=["one row", "two rows", "below a title", "every row", "years", "no header", "apart"],
)
def test_a_row_with_a_cell_too_many_is_refused_by_its_number(text, row):
    """2,368 without quotation marks would move every later cell one column on."""
    problem = refused(text)
    assert (problem.kind, problem.row) == ("wrong_format", row)


@pytest.mark.parametrize(
    "text",
    [
        "xã,tin\nYên Ninh,3,\nYên Thịnh,4\n",
        "Tháng 3, quý I, năm 2022, đợt 1\nxã,lần,tin\nA,1,3\nB,2,5\n",
        "xã,lần,tin\nA,1,3\nB,2,5\nGhi chú: a, b, c, d, e\n",
        "xã,lần,tin\nA,1,3\n\nxã,lần,tin,vụ,ghi chú\nA,1,3,4,x\n",
        ",Tin,\nxã,lần,tin,vụ\nA,1,3,4\nB,1,3,4\n",
    ],
    ids=["comma at the end", "title", "note", "second table", "header of two rows"],
)
def test_rows_that_are_wider_for_another_reason_are_read(text):
    """Blank cells, sentences with commas, and a wider table below the first."""
    assert len(rows_of(text.encode())) == text.count("\n")


@pytest.mark.slow
def test_more_cells_than_are_read_are_refused_before_they_are_taken_apart():
    """Counted by separators and line ends."""
    for many in (b"1," * 12_000_001, b"1,2\n" * 1_200_001):
        problem = refused(many)
        assert (problem.kind, problem.details["limit"]) == ("too_many_cells", "600000 × 20")
