"""What a cell shows against what it stores: number formats, struck-out and raised text."""

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

import antq_helpers as antq
from antq_helpers.reading.counts import shown
from antq_helpers.reading.formats import read_book
from tests import raw_ods

HEAD = ["Xã/phường", "Năm", "Số nguồn tin"]
STRUCK, RAISED, LOWERED = (
    InlineFont(strike=True),
    InlineFont(vertAlign="superscript"),
    InlineFont(vertAlign="subscript"),
)


@pytest.fixture
def read(tmp_path):
    """Read rows after a change of their sheet: counts or kinds of problems; notes."""

    def read(rows, change=lambda sheet: None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        change(book.active)
        book.save(tmp_path / "bao_cao.xlsx")
        check = antq.check_file(tmp_path / "bao_cao.xlsx")
        if check.problems:
            return [problem.kind for problem in check.problems], []
        counts = dict(zip(check.records["commune"], check.records["tips"], strict=True))
        return counts, [note.kind for note in check.skipped]

    return read


@pytest.mark.parametrize(
    ("value", "code", "kind"),
    [
        (1, "0%", "percent_in_count"),
        (2, "0.00%", "percent_in_count"),
        (0.35, "0%", "percent_in_count"),
        (5, '0",000"', "number_format"),
        (5, '0"000"', "number_format"),
        (5000, "#,##0,", "number_format"),
        (5_000_000, '0,,"tr"', "number_format"),
        (5, '0" nghìn"', "number_format"),
        (5, '0"k"', "number_format"),
        (12, '0"/15"', "number_format"),
        (1234, "0E+00", "number_format"),
        (5, ";;;", "number_format"),
        (5, '"đủ"', "number_format"),
        (5000, '[>=1000]0,"k";0', "number_format"),
    ],
)
def test_a_cell_that_shows_another_number_is_asked_about(read, value, code, kind):
    def change(sheet):
        sheet["C2"].number_format = code

    assert read([HEAD, ["Tuy Lộc", 2021, value]], change)[0] == [kind]


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "#,##0",
        '#,##0" tin"',
        '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)',
        "[Red]0",
        "00",
        "0.00",
        '0;-0;"-"',
        "[$-42A]0",
        '[>=1000]0,"k";0',
        "0E+00",
    ],
)
def test_a_cell_that_shows_its_number_is_read(read, code):
    def change(sheet):
        sheet["C2"].number_format = code

    assert read([HEAD, ["Tuy Lộc", 2021, 5]], change)[0] == {"Tuy Lộc": 5}


def test_a_zero_shown_as_a_dash_is_zero():
    assert shown(0, '0;-0;"-"') == ""


def test_a_row_struck_out_is_not_counted_and_that_is_said(read):
    def change(sheet):
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    counts, notes = read([HEAD, ["Tuy Lộc", 2021, 12], ["Âu Lâu", 2021, 7]], change)
    assert counts == {"Tuy Lộc": 12}
    assert "struck_out" in notes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (CellRichText("12", TextBlock(RAISED, "1")), 12),
        (CellRichText("12", TextBlock(RAISED, "(1)")), 12),
        (CellRichText("12", TextBlock(LOWERED, "a")), 12),
        (CellRichText(TextBlock(STRUCK, "12"), TextBlock(InlineFont(), "15")), 15),
        (CellRichText(TextBlock(STRUCK, "12 "), "15"), 15),
        (CellRichText("1", TextBlock(InlineFont(b=True), "2")), 12),
        (CellRichText("1", TextBlock(InlineFont(strike=False), "2")), 12),
    ],
)
def test_only_the_text_that_holds_is_read_of_a_rich_cell(read, text, count):
    def change(sheet):
        sheet["C2"] = text

    assert read([HEAD, ["Tuy Lộc", 2021, None]], change)[0] == {"Tuy Lộc": count}


def test_a_name_and_a_header_lose_their_footnotes(read):
    def change(sheet):
        sheet["A2"] = CellRichText("Tuy Lộc", TextBlock(RAISED, "2"))
        sheet["C1"] = CellRichText("Số nguồn tin", TextBlock(RAISED, "1"))

    assert read([HEAD, [None, 2021, 12]], change)[0] == {"Tuy Lộc": 12}


def test_a_count_struck_out_is_missing(read):
    def change(sheet):
        sheet["C2"].font = Font(strike=True)

    counts, notes = read([HEAD, ["Tuy Lộc", 2021, 12], ["Âu Lâu", 2021, 7]], change)
    assert counts["Âu Lâu"] == 7
    assert pd.isna(counts.get("Tuy Lộc"))
    assert "struck_out" in notes


STYLES = "".join(
    f'<style:style style:name="{name}" style:family="{family}">'
    f"<style:text-properties {given}/></style:style>"
    for family in ("table-cell", "text", "paragraph")
    for name, given in {
        "out": 'style:text-line-through-style="solid"',
        "kept": 'style:text-line-through-style="none"',
        "up": 'style:text-position="super 58%"',
    }.items()
)


def write(path, inside):
    sheet = raw_ods.table("A", []).replace("></", f">{inside}</")
    return raw_ods.write_tables(path, sheet, STYLES)


def span(style, text):
    return f'<text:span text:style-name="{style}">{text}</text:span>'


@pytest.mark.parametrize(
    ("given", "text", "expected"),
    [
        ("", f"12{span('up', '1')}", "12"),
        ("", f"{span('out', '12')}15", "15"),
        ("", f"1{span('kept', '2')}", "12"),
        ('office:value-type="float" office:value="5"', "5,000", "5 ⇒ 5,000"),
        ('office:value-type="float" office:value="5"', "5,00", 5),
        ('office:value-type="float" office:value="5000"', "5.000", 5000),
        ('office:value-type="float" office:value="5"', "5 tin", 5),
        ('office:value-type="float" office:value="5"', "5 nghìn", "5 ⇒ 5 nghìn"),
        ('office:value-type="float" office:value="5"', "5k", "5 ⇒ 5k"),
        ('office:value-type="float" office:value="5"', "", "5 ⇒ …"),
        ('office:value-type="float" office:value="5000"', "5", "5000 ⇒ 5"),
        ('office:value-type="float" office:value="0"', "-", 0),
        ('office:value-type="percentage" office:value="1"', "100%", "100%"),
        ('office:value-type="float" office:value="7" table:style-name="out"', "7", ""),
    ],
)
def test_an_opendocument_sheet_is_read_as_it_looks(tmp_path, given, text, expected):
    cells = (
        f"<table:table-cell {given}><text:p>{text}</text:p></table:table-cell>{raw_ods.cell('x')}"
    )
    path = write(tmp_path / "a.ods", raw_ods.row(cells))
    assert read_book(path).sheets[0].rows == [[expected, "x"]]


def test_cells_of_a_column_struck_out_by_its_default_are_not_read(tmp_path):
    column = '<table:table-column table:default-cell-style-name="out"/>'
    rows = f"{column}{raw_ods.row(raw_ods.cell(7) + raw_ods.cell('x'))}"
    path = write(tmp_path / "a.ods", rows)
    book = read_book(path)
    assert book.sheets[0].rows == [["", "x"]]
    assert [note.kind for note in book.notes] == ["struck_out"]


@pytest.mark.parametrize(
    ("given", "shown", "expected"),
    [
        ('office:value-type="float" office:value="7" table:style-name="Bỏ"', "7", ""),
        ('office:value-type="float" office:value="7" table:style-name="ce1"', "7", ""),
        ('office:value-type="float" office:value="7" table:style-name="ce2"', "7", 7),
        ('office:value-type="float" office:value="7" table:style-name="share"', None, "700%"),
        ('office:value-type="float" office:value="5000" table:style-name="k"', None, "5000 ⇒ 5"),
        ('office:value-type="float" office:value="5" table:style-name="n"', None, "5 ⇒ 5 nghìn"),
        ('office:value-type="float" office:value="7" table:style-name="other"', "7", 7),
    ],
)
def test_a_style_with_a_name_counts_in_an_opendocument_sheet(tmp_path, given, shown, expected):
    """Automatic styles build on it; those of styles.xml are of page headers, by the same names."""
    struck = '<style:text-properties style:text-line-through-style="solid"/>'
    named = (
        f'<office:styles><style:style style:name="Bỏ" style:family="table-cell">{struck}'
        '</style:style><number:percentage-style style:name="N1"><number:number/>'
        "<number:text>%</number:text></number:percentage-style>"
        '<number:number-style style:name="N2"><number:number number:display-factor="1000"/>'
        '</number:number-style><number:number-style style:name="N3"><number:number/>'
        "<number:text> nghìn</number:text></number:number-style>"
        + "".join(
            f'<style:style style:name="{name}" style:family="table-cell" '
            f'style:data-style-name="{code}"/>'
            for name, code in (("share", "N1"), ("k", "N2"), ("n", "N3"))
        )
        + '</office:styles><office:automatic-styles><style:style style:name="other" '
        f'style:family="paragraph">{struck}</style:style></office:automatic-styles>'
    )
    own = 'style:family="table-cell" style:parent-style-name="Bỏ"'
    plain = '<style:text-properties style:text-line-through-style="none"/>'
    automatic = f'<style:style style:name="ce1" {own}/>'
    automatic += f'<style:style style:name="ce2" {own}>{plain}</style:style>'
    text = "" if shown is None else f"<text:p>{shown}</text:p>"
    cells = f"<table:table-cell {given}>{text}</table:table-cell>{raw_ods.cell('x')}"
    sheet = raw_ods.table("A", []).replace("></", f">{raw_ods.row(cells)}</")
    names = f"<office:document-styles {raw_ods.NAMES}>{named}</office:document-styles>"
    path = raw_ods.write_tables(tmp_path / "a.ods", sheet, automatic, parts={"styles.xml": names})
    assert read_book(path).sheets[0].rows == [[expected, "x"]]


@pytest.mark.parametrize("row", [' table:default-cell-style-name="out"', ""])
def test_a_row_or_paragraph_struck_out_is_not_read(tmp_path, row):
    inside = "<text:p>7</text:p>" if row else '<text:p text:style-name="out">7</text:p>'
    cells = f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    kept = raw_ods.cell("x", ' table:style-name="kept"')
    book = read_book(write(tmp_path / "a.ods", raw_ods.row(cells + kept, row)))
    assert book.sheets[0].rows == [["", "x"]]
    assert [note.kind for note in book.notes] == ["struck_out"]
