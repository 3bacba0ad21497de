"""OpenDocument spreadsheets come in as they stand, without what is drawn or noted beside cells."""

import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from antq_helpers.reading.formats import read_book
from antq_helpers.reading.markup import read_ods
from antq_helpers.reading.sheets import RefusedError
from tests.raw_ods import MIMETYPE, cell, row, table, write_ods, write_tables


@pytest.fixture
def read(tmp_path):
    """Write tables that are XML already, and read the first sheet."""

    def read_tables(tables, **others):
        return read_book(write_tables(tmp_path / "a.ods", tables, **others)).sheets[0]

    return read_tables


def sheet(*rows, before=""):
    """Give the XML of a sheet of rows that are XML already."""
    return table("Quý I", []).replace("</table:table>", f"{before}{''.join(rows)}</table:table>")


def refused(path):
    """Read a file that must be refused, and give why."""
    with pytest.raises(RefusedError) as caught:
        read_ods(path.read_bytes())
    return caught.value


def test_values_are_read_by_their_type(tmp_path):
    """With blank rows and columns at the top, and sheets in their order."""
    values = ["", "a & b", 5, 2.5, True, False, date(2022, 1, 31), datetime(2022, 1, 31, 7, 30)]
    rows = [[], [*values, time(7, 30)]]
    book = read_book(write_ods(tmp_path / "a.ods", {"Quý I": rows, "Trống": [], "Hai": [[1]]}))
    assert [found.name for found in book.sheets] == ["Quý I", "Trống", "Hai"]
    assert book.sheets[0].rows == [[""] * 9, rows[1]]
    assert [found.rows for found in book.sheets[1:]] == [[], [[1]]]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ('office:value-type="percentage" office:value="0.25"', "25%"),
        ('office:value-type="currency" office:value="3"', 3),
        ('office:value-type="date" office:date-value="2022-01-31T00:00:00"', date(2022, 1, 31)),
        (
            'office:value-type="time" office:time-value="PT30H05M00S"',
            timedelta(hours=30, minutes=5),
        ),
        ('office:value-type="time" office:time-value="PT07H30M15.250S"', time(7, 30, 15)),
        ('office:value-type="string" office:string-value="x"', "x"),
        ('office:value-type="float" office:value="NaN"', "nan"),
    ],
)
def test_other_types_are_read(read, given, value):
    """Shares and money are numbers; a day is no moment, and more than a day no time of day."""
    found = read(sheet(row(f"<table:table-cell {given}/>"))).rows
    assert found == [[value]]
    assert type(found[0][0]) is type(value)


@pytest.mark.parametrize("given", ["float", "date", "time", "boolean"])
def test_a_value_that_is_not_of_its_type_is_its_text(read, given):
    """As the cell shows it."""
    broken = (
        f'<table:table-cell office:value-type="{given}" office:{given}-value="?" office:value="?">'
    )
    text = "<text:p>31/2/2022</text:p></table:table-cell>"
    assert read(sheet(row(broken + text))).rows == [["31/2/2022"]]


def test_errors_and_formulas_without_a_result_are_told(read):
    """A formula whose stored text has no letters is blank."""
    error = '<table:table-cell table:formula="of:=#REF!" office:value-type="string" '
    error += 'office:string-value="" calcext:value-type="error">'
    error += "<text:p>#REF!</text:p></table:table-cell>"
    formula = '<table:table-cell table:formula="of:=[.A1]+1"/>'
    typed = '<table:table-cell table:formula="of:=[.A1]+1" office:value-type="float"/>'
    empty = '<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string"/>'
    result = '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"/>'
    found = read(sheet(row(error + formula + typed + empty + result))).rows
    assert found == [["#REF!", "=[.A1]+1", "=[.A1]+1", "", 1]]


def test_repeated_cells_and_rows_are_as_many_as_they_say(read):
    """Blank ones at the end, up to the last cell that there is, are none."""
    twice, thrice = ' table:number-columns-repeated="2"', ' table:number-columns-repeated="3"'
    end = row(
        cell("", ' table:number-columns-repeated="16384"'), ' table:number-rows-repeated="1048570"'
    )
    blank = row(cell(""), ' table:number-rows-repeated="2"')
    filled = row(
        cell("", twice) + cell(7, thrice) + cell("", thrice), ' table:number-rows-repeated="2"'
    )
    assert read(sheet(blank, filled, row(cell(1)), end)).rows == [
        *[[""] * 5] * 2,
        *[["", "", 7, 7, 7]] * 2,
        [1, "", "", "", ""],
    ]


def test_hidden_and_merged_cells_are_found(read):
    """Hidden by hand or by a filter; covered cells are blank."""
    columns = "<table:table-column/>"
    columns += (
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="16383"/>'
    )
    wide = cell("Tên", ' table:number-columns-spanned="2" table:number-rows-spanned="2"')
    rows = [
        row(wide + "<table:covered-table-cell/>" + cell(1)),
        row(
            "<table:covered-table-cell/><table:covered-table-cell/>" + cell(2),
            ' table:visibility="filter"',
        ),
    ]
    end = row(cell(""), ' table:number-rows-repeated="1048570" table:visibility="collapse"')
    found = read(sheet(*rows, end, before=columns))
    assert found.rows == [["Tên", "", 1], ["", "", 2]]
    assert (found.merged, found.hidden_rows, found.hidden_columns) == (
        ((0, 0, 1, 1),),
        (1,),
        (1, 2),
    )


def test_hidden_sheets_are_told(tmp_path):
    """By the style of the sheet."""
    style = (
        '<style:style style:name="ta1" style:family="table">'
        '<style:table-properties table:display="{}"/></style:style>'
    )
    for shown in ("true", "false"):
        tables = table("A", [[1]], ' table:style-name="ta1"')
        path = write_tables(tmp_path / "a.ods", tables, style.format(shown))
        assert read_book(path).sheets[0].hidden is (shown == "false")


def test_only_a_cells_own_text_is_its_value(read):
    """Not its note, nor the letters and tables of what is drawn over it."""
    note = "<office:annotation><text:p>ghi chú</text:p></office:annotation>"
    drawn = f"<draw:frame xmlns:draw='d'><text:p>hình</text:p>{table('x', [[9]])}</draw:frame>"
    text = '<text:p>Tuy<text:s text:c="2"/><text:span>Lộc</text:span><text:tab/>1</text:p><text:p/>'
    text += "<text:p>hai<text:line-break/>ba</text:p>"
    filled = f'<table:table-cell office:value-type="string">{note}{text}{drawn}</table:table-cell>'
    shapes = f"<table:shapes>{table('inner', [[9]])}</table:shapes>"
    found = read(sheet(row(filled + cell(5)), before=shapes))
    assert (found.name, found.rows) == ("Quý I", [["Tuy  Lộc\t1\n\nhai\nba", 5]])


def test_rows_in_groups_and_headers_are_rows(read):
    """Rows that are repeated on each page, and rows that can be folded."""
    rows = f"<table:table-header-rows>{row(cell('xã'))}</table:table-header-rows>"
    rows += f"<table:table-row-group>{row(cell(1))}</table:table-row-group>"
    assert read(sheet(rows)).rows == [["xã"], [1]]


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("Basic/Standard/Module1.xml", ["macros"]),
        ("Scripts/python/a.py", ["macros"]),
        ("Basic/script-lc.xml", []),
        ("Pictures/1.png", []),
    ],
)
def test_macros_are_noted(tmp_path, name, notes):
    """An empty library, which is listed, too, is none."""
    path = write_tables(tmp_path / "a.ods", table("A", [[1]]), parts={name: "x"})
    assert [note.kind for note in read_book(path).notes] == notes


def test_links_are_noted_and_what_was_kept_of_other_files_left_out(tmp_path):
    """A copy of the other file's sheet stands among the sheets."""
    tables = table("A", [[1]]) + table("'file:///kh.ods'#$Sheet1", [[99]])
    book = read_book(write_tables(tmp_path / "a.ods", tables))
    assert [found.rows for found in book.sheets] == [[[1]]]
    assert [note.kind for note in book.notes] == ["external_links"]


def test_a_password_is_told(tmp_path):
    """The list of parts says how each was encrypted."""
    locked = '<file-entry><manifest:encryption-data xmlns:manifest="m"/></file-entry>'
    path = write_tables(tmp_path / "a.ods", table("A", [[1]]), manifest=locked)
    assert refused(path).kind == "password"


LAST = row(cell("", ' table:number-columns-repeated="16383"') + cell(1))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (row(cell(1), ' table:number-rows-repeated="3000000"'), "3000000 × 1"),
        (row(cell(1, ' table:number-columns-repeated="16384"')) + LAST * 199, "153 × 16384"),
        (row(cell(""), ' table:number-rows-repeated="1048575"') + LAST, "1048576 × 16384"),
        (row(cell(1, ' table:number-columns-repeated="2000000000"')), "1 × 2000000000"),
    ],
    ids=["rows", "columns", "far away", "beyond all columns"],
)
def test_a_filled_area_that_is_too_large_is_refused(tmp_path, rows, found):
    """A few letters of XML can stand for billions of cells."""
    problem = refused(write_tables(tmp_path / "a.ods", sheet(rows)))
    assert (problem.kind, problem.sheet) == ("too_many_cells", "Quý I")
    assert problem.details == {"found": found, "limit": "125000 × 20"}


def test_entities_do_not_expand(tmp_path):
    """A few letters can stand for gigabytes."""
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as file:
        file.writestr("mimetype", MIMETYPE)
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", '<!DOCTYPE x [<!ENTITY l "ha">]><x>&l;</x>')
    assert refused(tmp_path / "a.ods").kind == "wrong_format"


@pytest.mark.parametrize("kind", [".text", ".presentation"])
def test_another_office_file_is_no_spreadsheet(tmp_path, kind):
    """A letter with the ending of a spreadsheet."""
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", MIMETYPE.replace(".spreadsheet", kind))
        file.writestr("content.xml", "<x/>")
    assert refused(path).kind == "wrong_format"
