"""Excel workbooks are scanned for what their values do not tell, and guarded against bombs."""

import io
import struct
import tracemalloc
import warnings
import zipfile

import openpyxl
import pytest

from antq_helpers.reading import sheets
from antq_helpers.reading.excel import read_xlsx
from antq_helpers.reading.formats import read_book
from antq_helpers.reading.sheets import Package, RefusedError
from tests.raw_xlsx import cell, row, write_rows, write_sheet

ERRORS = ["#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]


@pytest.fixture
def rows_of(tmp_path):
    """Write a sheet of rows that are XML already, and read its rows."""

    def read(*rows, **others):
        return read_book(write_rows(tmp_path / "a.xlsx", "".join(rows), **others)).sheets[0].rows

    return read


def refused(content):
    """Prepare a workbook that must be refused, and give why."""
    with pytest.raises(RefusedError) as caught:
        read_xlsx(content)
    return caught.value


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_is_its_text(rows_of, error):
    """Also those that Excel has had since 2018."""
    rows = rows_of(row(1, cell("A1", 5), cell("B1", error, ' s="1" t="e"')))
    assert rows == [[5, error]]


@pytest.mark.parametrize(
    "inside",
    ["<f>A1+1</f>", "<f>A1+1</f><v></v>", "<f>A1+1</f><v/>", "<f>A1+1</f>\n<v />\n"],
)
@pytest.mark.parametrize("kind", ["", ' s="3"'])
def test_a_formula_without_a_stored_result_is_the_formula(rows_of, inside, kind):
    """Also where it stands to the right of all values."""
    assert rows_of(row(1, cell("A1", 5), f'<c r="C1"{kind}>{inside}</c>')) == [[5, "", "=A1+1"]]


def test_a_formula_below_all_values_adds_rows(rows_of):
    """Its sign for less than is one letter, not four."""
    rows = rows_of(row(1, cell("A1", 5)), row(3, cell("A3", formula="<f>IF(A1&lt;9,1)</f>")))
    assert rows == [[5], [""], ["=IF(A1<9,1)"]]


def test_a_shared_formula_is_told_where_only_its_number_stands(rows_of):
    """Excel writes the formula once; the cells below refer to it."""
    first = cell("A1", formula='<f t="shared" ref="A1:A3" si="0">B1*2</f>')
    rows = [row(n, cell(f"A{n}", formula='<f t="shared" si="0"/>')) for n in (2, 3)]
    assert rows_of(row(1, first, cell("B1", 1)), *rows) == [["=B1*2", 1], ["=", ""], ["=", ""]]


@pytest.mark.parametrize("stored", ["<v></v>", "<v/>"])
def test_a_stored_text_of_no_letters_is_blank(rows_of, stored):
    """A formula that gives "" is calculated; without the mark of a text it is not."""
    formula = f'<c r="B1" t="str"><f>IF(A1,"","")</f>{stored}</c>'
    assert rows_of(row(1, cell("A1", 5), formula, cell("C1", 1))) == [[5, "", 1]]
    without = '<c r="B1" t="str"><f>A1</f></c>'
    assert rows_of(row(1, cell("A1", 5), without)) == [[5, "=A1"]]


def test_a_stored_result_is_read_and_not_the_formula(rows_of):
    """Numbers, texts and truth values."""
    formula = "<f>1+1</f>"
    cells = [
        cell("A1", 2, formula=formula),
        cell("B1", "hai", ' t="str"', formula),
        cell("C1", 1, ' t="b"', formula),
    ]
    assert rows_of(row(1, *cells)) == [[2, "hai", True]]


def test_hidden_rows_and_columns_are_listed_from_zero(tmp_path):
    """Those beyond the last filled cell are of no interest: Excel hides 16,000 columns at once."""
    rows = row(1, cell("A1", 1)) + row(2, cell("C2", 2), attributes=' hidden="1"')
    columns = '<cols><col min="2" max="2" hidden="true"/><col min="3" max="16384" hidden="1"/>'
    columns += '<col min="1" max="1" hidden="0" width="9"/></cols>'
    rows += row(900, attributes=' hidden="1"')
    sheet = read_book(write_rows(tmp_path / "a.xlsx", rows, columns)).sheets[0]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((1,), (1, 2))


def test_merged_areas_end_where_the_cells_do(tmp_path):
    """A title over eight columns above a table of two; an area below the table is left out."""
    merged = '<mergeCells count="3"><mergeCell ref="A1:H1"/><mergeCell ref="A2:B3"/>'
    merged += '<mergeCell ref="A9:B9"/></mergeCells>'
    rows = row(1, cell("A1", 1)) + row(3, cell("B3", 2))
    sheet = read_book(write_rows(tmp_path / "a.xlsx", rows, after=merged)).sheets[0]
    assert sheet.merged == ((0, 0, 0, 1), (1, 0, 2, 1))


def test_what_openpyxl_writes_is_found(tmp_path):
    """The same marks, written by a library that many programs use."""
    book = openpyxl.Workbook()
    sheet = book.active
    for values in (["xã", "tin"], ["Tuy Lộc", "=B3"], ["Âu Lâu", 4]):
        sheet.append(values)
    sheet.merge_cells("A1:B1")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("Ẩn").sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    first, second = read_book(tmp_path / "a.xlsx").sheets
    assert first.rows == [["xã", ""], ["Tuy Lộc", "=B3"], ["Âu Lâu", 4]]
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ((1,), (1,), ((0, 0, 0, 1),))
    assert (second.name, second.hidden, second.rows) == ("Ẩn", True, [])


UNUSUAL = {
    "prefix": '<x:worksheet xmlns:x="m"><x:cols><x:col min="2" max="2" hidden="1"/></x:cols>'
    '<x:sheetData><x:row r="2" hidden="1"><x:c r="B2"><x:v>7</x:v></x:c>'
    '<x:c r="C2" t="e"><x:v>#REF!</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    "no places": '<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData><row/>'
    '<row hidden="1"><c/><c><v>7</v></c><c t="e"><v>#REF!</v></c></row></sheetData></worksheet>',
    "other makers": '<s:worksheet xmlns:s="m" xmlns:o="n"><s:cols><s:col min="2" max="2" hidden="1"'
    ' o:min="1"/></s:cols><s:sheetData><s:row/><s:row o:r="9" r="2" hidden="1"><s:c/><s:c>'
    '<s:v>7</s:v></s:c><s:c t="str" o:t="n"><s:v>#REF&#33;</s:v></s:c></s:row></s:sheetData>'
    "</s:worksheet>",
    "other order": "<worksheet><cols><col hidden='1' max='2' min='2'/></cols><sheetData>"
    "<row hidden='1' r='2'><c s='1' r='B2'><v>7</v></c><c t='e' r='C2'><v>#REF!</v></c></row>"
    "</sheetData></worksheet>",
    "comments": '<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData><!-- > -->'
    '<row r="2" hidden="1"><c r="B2"><v>7</v></c><c r="C2" t="e"><v><![CDATA[#REF!]]></v></c>'
    "</row></sheetData></worksheet>",
    "small letters": '<worksheet><cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
    '<row r="2" hidden="1"><c\nr="b2"><v>7</v></c><c r="c2" t="e"><v>#REF!</v></c></row>'
    "</sheetData></worksheet>",
}


@pytest.mark.parametrize("sheet", UNUSUAL.values(), ids=UNUSUAL)
def test_other_ways_of_writing_the_same_xml_are_read_the_same(tmp_path, sheet):
    """B2 is 7 and C2 an error; row 2 and column B are hidden."""
    found = read_book(write_sheet(tmp_path / "a.xlsx", sheet)).sheets[0]
    assert found.rows == [["", "", ""], ["", 7, "#REF!"]]
    assert (found.hidden_rows, found.hidden_columns) == ((1,), (1,))


def test_a_place_that_is_none_is_refused(tmp_path):
    """Neither a name nor a number of more than nine digits."""
    for place in ("XX", "1", "ABCD1", "A1234567890"):
        path = write_rows(
            tmp_path / "a.xlsx", f'<row r="1"><c s="1" r="{place}"><v>1</v></c></row>'
        )
        assert refused(path.read_bytes()).kind == "wrong_format"


def test_the_workbook_may_stand_elsewhere(tmp_path):
    """Some programs number it; the path of a sheet may begin at the top, with a slash or not."""
    for target in (
        "/xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet1.xml",
        "worksheets\\sheet1.xml",
    ):
        path = write_rows(tmp_path / "a.xlsx", row(1, cell("A1", 3)), book="xl/workbook2.xml")
        _change(path, b'Target="worksheets/sheet1.xml"', f'Target="{target}"'.encode())
        assert read_book(path).sheets[0].rows == [[3]]


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path):
    """Excel for Mac did: day 40,000 is 7 July 2013 then, 1,462 days later than elsewhere."""
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = 40_000
    book.active["A1"].number_format = "dd/mm/yyyy"
    book.save(tmp_path / "a.xlsx")
    assert f"{read_book(tmp_path / 'a.xlsx').sheets[0].rows[0][0]:%d/%m/%Y}" == "07/07/2013"


@pytest.mark.parametrize(
    ("others", "notes"),
    [
        ({"related": [("vbaProject", "vbaProject.bin")]}, ["macros"]),
        ({"related": [("xlMacrosheet", "macrosheets/sheet1.xml")]}, ["macros"]),
        ({"related": [("externalLink", "externalLinks/externalLink1.xml")]}, ["external_links"]),
        ({"parts": {"xl/externalLinks/externalLink1.xml": "<externalLink/>"}}, ["external_links"]),
        ({"related": [("theme", "theme/theme1.xml")]}, []),
    ],
    ids=["macros", "macros of Excel 4", "named", "there", "neither"],
)
def test_macros_and_links_are_noted_and_the_values_read(tmp_path, others, notes):
    """Nothing is run, and no other file is opened."""
    book = read_book(write_rows(tmp_path / "a.xlsm", row(1, cell("A1", 3)), **others))
    assert book.sheets[0].rows == [[3]]
    assert [(note.kind, note.file) for note in book.notes] == [(kind, "a.xlsm") for kind in notes]


def test_blank_cells_far_away_are_no_part_of_the_sheet(tmp_path):
    """Whole columns that were formatted, up to the last cell that Excel has."""
    rows = row(1, cell("A1", 3), '<c r="XFD1" s="1"/>')
    rows += row(1_048_576, '<c r="A1048576" s="1"></c>', '<c r="XFD1048576" s="1"/>')
    assert read_book(write_rows(tmp_path / "a.xlsx", rows)).sheets[0].rows == [[3]]


@pytest.mark.parametrize(
    "last",
    [
        cell("XFD1048576", 1),
        cell("XFD1048576", formula="<f>A1</f>"),
        '<c s="1" r="XFD1048576"><v>1</v></c>',
    ],
    ids=["number", "formula", "place last"],
)
def test_a_filled_cell_far_away_is_too_large_an_area(tmp_path, last):
    """All 17 billion cells before it would be held in memory."""
    path = write_rows(tmp_path / "a.xlsx", row(1, cell("A1", 3)) + row(1_048_576, last))
    problem = refused(path.read_bytes())
    assert (problem.kind, problem.sheet) == ("too_many_cells", "Quý I")
    assert problem.details == {"found": "1048576 × 16384", "limit": "125000 × 20"}


def test_sheets_are_too_large_together(tmp_path, monkeypatch):
    """Each is within the limit, and they are held at the same time."""
    monkeypatch.setattr(
        sheets.Areas, "__init__", lambda self: self.__dict__.update(areas=[], most=5)
    )
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Hai")):
        sheet["C1"] = 1
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(
        ValueError, match=r'^a.xlsx, sheet "Hai": the filled area is too large: 1 × 3 \+ 1'
    ):
        read_book(tmp_path / "a.xlsx")


def test_a_long_text_that_many_cells_share_is_too_large(tmp_path):
    """40,000 cells of 10,000 letters each: 400 million to be looked at."""
    cells = "".join(row(n, cell(f"A{n}", 0, ' t="s"')) for n in range(1, 40_001))
    path = write_rows(tmp_path / "a.xlsx", cells, strings=f"<si><t>{'x' * 10_000}</t></si>")
    problem = refused(path.read_bytes())
    assert (problem.kind, problem.details["found"]) == ("too_large", "400 MB")


def test_a_long_text_that_one_cell_holds_is_read(tmp_path):
    """However many cells hold others."""
    cells = "".join(row(n, cell(f"A{n}", 1, ' t="s"')) for n in range(1, 40_001))
    strings = f"<si><t>{'x' * 9_980}</t></si><si><t>a</t></si>"
    path = write_rows(
        tmp_path / "a.xlsx", cells.replace("<v>1</v>", "<v>0</v>", 1), strings=strings
    )
    rows = read_book(path).sheets[0].rows
    assert (len(rows[0][0]), rows[1:]) == (9_980, [["a"]] * 39_999)


def bomb(length, **changes):
    """Make a zip with one part of zero bytes, whose entry is changed as given."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.xml", bytes(length))
    content = bytearray(file.getvalue())
    directory = content.index(b"PK\1\2")
    for place, value in changes.values():
        struct.pack_into("<I", content, directory + place, value)
    return bytes(content)


SIZE, CHECKSUM = 24, 16


def test_a_part_that_declares_too_much_is_not_unpacked():
    """By the zip's own directory."""
    with pytest.raises(RefusedError) as caught:
        Package(bomb(1000, size=(SIZE, 2_000_000_000))).read("a.xml")
    assert caught.value.details == {"found": "2000 MB", "limit": "150 MB"}


def test_a_part_that_declares_too_little_is_not_unpacked_beyond_that():
    """Fifty million bytes that are said to be ten: ten are unpacked, and fail their checksum."""
    package = Package(bomb(50_000_000, size=(SIZE, 10)))
    tracemalloc.start()
    with pytest.raises(RefusedError, match="wrong_format"):
        package.read("a.xml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("change", [(SIZE, 10), (CHECKSUM, 10)], ids=["size", "checksum"])
def test_a_part_that_is_not_as_declared_is_refused(change):
    """Else one reader might see less of it than another."""
    with pytest.raises(RefusedError, match="wrong_format"):
        Package(bomb(1000, change=change)).read("a.xml")


def test_the_parts_of_a_file_have_one_limit(monkeypatch):
    """Many small ones are as heavy as a large one."""
    monkeypatch.setattr(sheets, "MOST_BYTES", 1500)
    package = Package(bomb(1000))
    package.read("a.xml")
    with pytest.raises(RefusedError, match="too_large"):
        package.read("a.xml")


def test_two_parts_by_one_name_are_refused():
    """Of which one reader takes the first, another the last."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        package.writestr("a.xml", "1")
        package.writestr("A.xml", "2")
    with pytest.raises(RefusedError, match="wrong_format"):
        Package(file.getvalue())


def test_a_zip_of_very_many_parts_is_refused():
    """Its directory alone would take gigabytes."""
    with pytest.raises(RefusedError, match="wrong_format"):
        Package(b"PK\3\4" + b"PK\1\2" * 10_001)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"])
def test_entities_do_not_expand(tmp_path, part):
    """A billion laughs: nine lines that stand for gigabytes."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>'
    path = write_rows(tmp_path / "a.xlsx", row(1, cell("A1", "&l9;", ' t="str"')))
    _change(path, b"<", laughs.encode() + b"<", part)
    assert refused(path.read_bytes()).kind == "wrong_format"


def test_entities_do_not_expand_in_shared_texts(tmp_path):
    """Nor does any document type stand in an office file."""
    path = write_rows(
        tmp_path / "a.xlsx", row(1, cell("A1", 0, ' t="s"')), strings="<si><t>&l9;</t></si>"
    )
    _change(path, b"<", b'<!DOCTYPE x [<!ENTITY l9 "ha">]><', "xl/sharedStrings.xml")
    with pytest.raises(ValueError, match=r"^a\.xlsx: the content is not what"):
        read_book(path)


@pytest.mark.parametrize("kind", ["word/document.xml", "ppt/presentation.xml"])
def test_another_office_file_is_no_workbook(tmp_path, kind):
    """A letter or a set of slides with the ending of a workbook."""
    path = write_rows(tmp_path / "a.xlsx", "", book=kind)
    _change(path, b"<workbook", b"<document", kind)
    _change(path, b"</workbook", b"</document", kind)
    assert refused(path.read_bytes()).kind == "wrong_format"


def _change(path, old, new, part=None):
    """Replace bytes once in one part of a zip, or in all."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(
                name, content.replace(old, new, 1) if part in (None, name) else content
            )


def test_columns_that_are_hidden_again_and_again_are_listed_once(tmp_path):
    """A file of a few KB would else list hundreds of millions."""
    columns = '<col min="1" max="16384" hidden="1"/>' * 2000
    rows = row(1, cell("A1", 1), cell("C1", 2))
    [sheet] = read_book(write_rows(tmp_path / "a.xlsx", rows, f"<cols>{columns}</cols>")).sheets
    assert sheet.hidden_columns == (0, 1, 2)
