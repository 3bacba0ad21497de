"""Excel 97 workbooks are scanned for what their values do not tell, and handed on safely."""

import struct
from datetime import date, datetime

import pytest

from antq_helpers.reading.excel import read_xls
from antq_helpers.reading.formats import read_book
from antq_helpers.reading.sheets import RefusedError
from tests.raw_xls import cell, compound, record, text, workbook, write_xls

BEGIN = record(0x809, 0x600, 0x10, 0, 0, 0, 0, layout="HHHHII")
END = record(0x0A)


@pytest.fixture
def read(tmp_path):
    """Write a workbook of one sheet of the records given, and read the sheet."""

    def read_records(*records, before=b""):
        return read_book(save(tmp_path, *records, before=before)).sheets[0]

    return read_records


def save(folder, *records, before=b"", **others):
    """Write a workbook of one sheet of the records given."""
    path = folder / "a.xls"
    stream = workbook(["Quý I"], [BEGIN + b"".join(records) + END], before=before)
    path.write_bytes(compound({"Workbook": stream, **others}))
    return path


def formula(row, column, result):
    """Give the record of a formula: where it stands and its result, but no formula."""
    return record(0x06, struct.pack("<HHH", row, column, 0), result, bytes(6), b"\5\0\x1e\1\0\3\4")


def refused(content):
    """Prepare a workbook that must be refused, and give why."""
    with pytest.raises(RefusedError) as caught:
        read_xls(content)
    return caught.value


def test_text_numbers_days_and_truth_values_are_read(tmp_path):
    """With blank rows and columns at the top, and sheets in their order."""
    rows = [[], ["", "Tuy Lộc", 5, 2.5, date(2022, 1, 31), datetime(2022, 1, 31, 7, 30), True]]
    book = read_book(write_xls(tmp_path / "a.xls", {"Quý I": rows, "Trống": [], "Hai": [[1]]}))
    assert [sheet.name for sheet in book.sheets] == ["Quý I", "Trống", "Hai"]
    assert book.sheets[0].rows == [[""] * 7, rows[1]]
    assert [sheet.rows for sheet in book.sheets[1:]] == [[], [[1]]]


def test_shared_texts_are_read_across_records(read):
    """The table of texts goes on in a second record, in the middle of a word."""
    first = (
        struct.pack("<ii", 3, 2)
        + text("Âu Lâu")
        + struct.pack("<HB", 7, 1)
        + "Tuy".encode("utf-16-le")
    )
    shared = record(0xFC, first) + record(0x3C, b"\1" + " Lộc".encode("utf-16-le"))
    cells = [record(0xFD, 0, place, 0, 1 - place, layout="HHHI") for place in (0, 1)]
    assert read(*cells, before=shared).rows == [["Tuy Lộc", "Âu Lâu"]]


def test_many_numbers_in_one_record_are_read(read):
    """3 and 4, each with two bits that say a whole number."""
    numbers = b"".join(struct.pack("<HI", 0, value << 2 | 2) for value in (3, 4))
    many = record(0xBD, struct.pack("<HH", 0, 1), numbers, struct.pack("<H", 2))
    assert read(many).rows == [["", 3, 4]]


@pytest.mark.parametrize(
    ("code", "shown"), [(0x17, "#REF!"), (0x07, "#DIV/0!"), (0x2A, "#N/A"), (0x99, "#VALUE!")]
)
def test_errors_are_their_text(read, code, shown):
    """Typed or the result of a formula; new ones have no name of their own."""
    typed = record(0x205, 0, 1, 0, code, 1, layout="HHHBB")
    result = formula(1, 2, struct.pack("<BxBxxxH", 2, code, 0xFFFF))
    assert read(cell(0, 0, 5), typed, result).rows == [[5, shown, ""], ["", "", shown]]


def test_the_stored_result_of_a_formula_is_read(read):
    """A number, a text in the next record, a truth value; an empty text is blank."""
    number = formula(0, 0, struct.pack("<d", 7))
    words = formula(0, 1, struct.pack("<BxxxxxH", 0, 0xFFFF)) + record(0x207, text("hai"))
    truth = formula(0, 2, struct.pack("<BxBxxxH", 1, 1, 0xFFFF))
    empty = formula(0, 3, struct.pack("<BxxxxxH", 3, 0xFFFF))
    assert read(number, words, truth, empty, cell(0, 4, 1)).rows == [[7, "hai", True, "", 1]]


# Fonts, of which no file holds number 4: plain, struck out, raised, plain, and again as number 5.
FONTS = b"".join(
    record(0x31, 200, options, 0, 400, raised, 0, 0, layout="HHHHHIH")
    for options, raised in ((0, 0), (8, 0), (0, 1), (0, 0), (8, 0))
)
STYLES = b"".join(
    record(0xE0, font, code, 0, *[0] * 7, layout="HHHBBBBIIH")
    for font, code in ((0, 0), (1, 0), (5, 0), (0, 9), (0, 164), (0, 165))
)
PLAIN, STRUCK, STRUCK_5, SHARE, THOUSANDS, K = range(6)
CODES = record(0x41E, struct.pack("<H", 164), text("0.0,"))
CODES += record(0x41E, struct.pack("<H", 165), text('0"k"'))


def styled(column, style, value):
    """Give the record of a number in the first row, in a style."""
    return record(0x203, 0, column, style, value, layout="HHHd")


@pytest.mark.parametrize(
    ("style", "value", "shown"),
    [
        (PLAIN, 5, 5),
        (STRUCK, 5, ""),
        (STRUCK_5, 5, ""),
        (SHARE, 5, "500%"),
        (THOUSANDS, 5000, "5000 ⇒ 5"),
        (THOUSANDS, 0, 0),
        (K, 5, "5 ⇒ 5k"),
    ],
)
def test_a_cell_is_read_as_it_looks(read, style, value, shown):
    """As the same cell of an xlsx file is: struck out, or in a format that shows another number."""
    assert read(styled(0, style, value), cell(0, 1, "x"), before=FONTS + CODES + STYLES).rows == [
        [shown, "x"]
    ]


def test_every_record_of_a_number_has_its_format(read):
    """A result, a short number in hundredths, several in one record; a text has no format."""
    result = record(0x06, struct.pack("<HHHd", 0, 0, K, 7), bytes(6), b"\0\0")
    short = record(0x27E, 0, 1, K, 700 << 2 | 3, layout="HHHI")
    numbers = struct.pack("<HIHI", K, 3 << 2 | 2, PLAIN, 4 << 2 | 2)
    many = record(0xBD, struct.pack("<HH", 0, 2), numbers, struct.pack("<H", 3))
    words = record(0x204, struct.pack("<HHH", 0, 4, K), text("tin"))
    found = read(result, short, many, words, before=FONTS + CODES + STYLES).rows
    assert found == [["7 ⇒ 7k", "7 ⇒ 7k", "3 ⇒ 3k", 4, "tin"]]


def test_only_what_holds_of_a_rich_text_is_read(tmp_path):
    """A struck-out 12 before 15, 12 with a footnote; runs may go on in the next record."""

    def rich(content, *runs):
        letters = struct.pack("<HBH", len(content), 9, len(runs)) + content.encode("utf-16-le")
        return letters + b"".join(struct.pack("<HH", *run) for run in runs)

    first, second = rich("1215", (0, 1), (2, 3)), rich("121", (2, 2))
    shared = record(0xFC, struct.pack("<ii", 2, 2) + first[:-4]) + record(0x3C, first[-4:] + second)
    cells = [record(0xFD, 0, place, 0, place, layout="HHHI") for place in (0, 1)]
    book = read_book(save(tmp_path, *cells, before=FONTS + STYLES + shared))
    assert book.sheets[0].rows == [["15", "12"]]
    assert [note.kind for note in book.notes] == ["struck_out"]


def test_a_rich_text_of_excel_95_is_read(tmp_path):
    """It stands in the cell itself: a struck-out 12 before 15, with two runs."""
    begin = struct.pack("<HHII", 0x500, 5, 0, 0)
    sheet = record(0x809, struct.pack("<HHII", 0x500, 0x10, 0, 0))
    inside = struct.pack("<HHHH", 0, 0, 0, 4) + b"1215" + bytes([2, 0, 1, 2, 3])
    sheet += record(0xD6, inside) + END
    page = record(0x42, 1258, layout="H")
    start = record(0x809, begin) + page + FONTS + STYLES
    title = b"\5Bao 1"
    place = len(start) + 4 + 6 + len(title) + 4
    start += record(0x85, struct.pack("<IBB", place, 0, 0), title) + END
    path = tmp_path / "a.xls"
    path.write_bytes(compound({"Book": start + sheet}))
    assert read_book(path).sheets[0].rows == [["15"]]


def test_hidden_and_merged_cells_are_found(read):
    """Row 2 and columns B to XFD are hidden; a title is merged over more columns than there are."""
    hidden = record(0x208, 1, 0, 2, 0, 0, 0, 0x20, 0, layout="8H")
    shown = record(0x208, 0, 0, 2, 0, 0, 0, 0x100, 0, layout="8H")
    columns = record(0x7D, 1, 16383, 0, 0, 1, 0, layout="6H")
    merged = record(0xE5, 1, 0, 0, 0, 5, layout="5H")
    sheet = read(columns, shown, hidden, cell(0, 0, "a"), cell(1, 1, 3), merged)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((1,), (1,))
    assert sheet.merged == ((0, 0, 0, 1),)


def test_what_follows_a_chart_in_a_sheet_is_read(read):
    """A chart has a first and a last record, and values, of its own."""
    chart = record(0x809, 0x600, 0x20, 0, 0, 0, 0, layout="HHHHII") + cell(5, 5, 99) + END
    assert read(cell(0, 0, 1), chart, cell(1, 0, 2)).rows == [[1], [2]]


def test_hidden_sheets_are_told_and_charts_left_out(tmp_path):
    """A sheet of its own that is a chart holds no cells."""
    sheets = {"Ẩn": [[1]], "Hình": [[2]], "Ba": [[3]]}
    content = write_xls(tmp_path / "a.xls", sheets).read_bytes()
    stream = bytearray(content[512:])  # the first sectors, one after the other
    for name, place, value in (("Ẩn", 4, 1), ("Hình", 5, 2)):
        start = stream.index(text(name, "B")) - 6
        stream[start + place] = value
    (tmp_path / "a.xls").write_bytes(compound({"Workbook": bytes(stream)}))
    book = read_book(tmp_path / "a.xls")
    assert [(s.name, s.hidden, s.rows) for s in book.sheets] == [
        ("Ẩn", True, [[1]]),
        ("Ba", False, [[3]]),
    ]


def test_macros_and_links_are_noted(tmp_path):
    """A project of macros stands beside the workbook; a link names the other file."""
    path = save(tmp_path, cell(0, 0, 1), **{"_VBA_PROJECT_CUR": b"x"})
    assert [note.kind for note in read_book(path).notes] == ["macros"]
    own, other = record(0x1AE, 1, 0x401, layout="HH"), record(0x1AE, b"\1\0", text("kh.xls"))
    path = save(tmp_path, cell(0, 0, 1), before=own)
    assert read_book(path).notes == ()
    path = save(tmp_path, cell(0, 0, 1), before=own + other)
    assert [note.kind for note in read_book(path).notes] == ["external_links"]


def test_a_password_is_told(tmp_path):
    """Of the old kind, within the workbook; cells can not be read."""
    path = save(tmp_path, cell(0, 0, 1), before=record(0x2F, bytes(6)))
    assert refused(path.read_bytes()).kind == "password"


@pytest.mark.parametrize("name", ["EncryptedPackage", "EncryptionInfo"])
def test_a_password_of_the_new_kind_is_told(name):
    """The whole workbook stands encrypted in a container of its own."""
    assert refused(compound({name: b"x"})).kind == "password"


def test_a_filled_cell_far_away_is_too_large_an_area(tmp_path):
    """65,536 times 65,536 cells would be held."""
    problem = refused(save(tmp_path, cell(65535, 65535, 1)).read_bytes())
    assert problem.details == {"found": "65536 × 65536", "limit": "125000 × 20"}


def test_what_a_sheet_says_of_its_size_is_not_trusted(read):
    """Four billion rows."""
    size = record(0x200, 0, 2**32 - 1, 0, 65535, 0, layout="IIHHH")
    assert read(size, cell(0, 0, 3)).rows == [[3]]


def test_more_texts_than_there_are_bytes_are_refused(tmp_path):
    """No memory is reserved for as many as are promised."""
    shared = record(0xFC, struct.pack("<ii", 1, 2**31 - 1) + text("a"))
    path = save(tmp_path, cell(0, 0, 3), before=shared)
    with pytest.raises(ValueError, match="the content is not what"):
        read_book(path)


def test_a_long_text_that_many_cells_share_is_too_large(tmp_path):
    """8,000 letters in 20,000 cells: 160 million to be looked at."""
    shared = record(0xFC, struct.pack("<iiHB", 1, 1, 8000, 0) + b"x" * 8000)
    cells = [record(0xFD, row, 0, 0, 0, layout="HHHI") for row in range(20_000)]
    problem = refused(save(tmp_path, *cells, before=shared).read_bytes())
    assert (problem.kind, problem.details["found"]) == ("too_large", "160 MB")


@pytest.mark.parametrize(
    "broken",
    [
        record(0x203, b"\0\0"),
        record(0xBD, struct.pack("<HH", 0, 5), bytes(6), struct.pack("<H", 2)),
        struct.pack("<HH", 0x203, 60_000),
    ],
    ids=["short", "backwards", "too long"],
)
def test_broken_records_are_refused(tmp_path, broken):
    """Shorter than their kind, columns from the last to the first, longer than the file."""
    content = save(tmp_path, cell(0, 0, 3), broken).read_bytes()
    assert refused(content).kind == "wrong_format"


def test_sectors_that_follow_each_other_in_a_circle_are_refused(tmp_path):
    """They would be read for ever."""
    content = bytearray(compound({"Workbook": bytes(9000)}))
    table = content.index(struct.pack("<III", 1, 2, 3))
    struct.pack_into("<I", content, table + 8, 0)
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(ValueError, match="the content is not what"):
        read_book(tmp_path / "a.xls")


def test_sheets_that_stand_in_one_another_are_refused(tmp_path):
    """A thousand entries may point to one large sheet."""
    stream = bytearray(workbook(["Một", "Hai"], [BEGIN + cell(0, 0, 3) + END] * 2))
    first, second = (stream.index(text(name, "B")) - 6 for name in ("Một", "Hai"))
    stream[second : second + 4] = stream[first : first + 4]
    assert refused(compound({"Workbook": bytes(stream)})).kind == "wrong_format"


def test_a_small_stream_is_read_from_small_sectors(tmp_path):
    """Two of 64 bytes and more, in the stream of the root, by a table of their own."""
    stream = workbook(["Quý I"], [BEGIN + cell(0, 0, 3) + END])
    count = -(-len(stream) // 64)
    table = struct.pack(f"<{count}I", *range(1, count), 0xFFFFFFFE).ljust(512, b"\xff")
    content = bytearray(compound({"Workbook": b"", "Table": table}))
    content[512 : 512 + len(stream)] = stream
    root = content.index("Root Entry".encode("utf-16-le"))
    small = content.index("Workbook".encode("utf-16-le"))
    struct.pack_into("<II", content, root + 116, 0, 64 * count)
    struct.pack_into("<II", content, small + 116, 0, len(stream))
    struct.pack_into("<II", content, 60, 8, 8)
    (tmp_path / "a.xls").write_bytes(content)
    assert read_book(tmp_path / "a.xls").sheets[0].rows == [[3]]
