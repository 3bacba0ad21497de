"""Files under the name .xls that are web pages, XML workbooks of 2003, or text."""

import pytest

import antq_helpers as antq
from antq_helpers.problems import DataProblem
from antq_helpers.reading.formats import read_book

ROWS = [["Xã/phường", "Năm", "Số nguồn tin"], ["Tuy Lộc", "2021", "12"]]
HEAD = "<tr><th>Xã/phường</th><th>Năm</th><th>Số nguồn tin</th></tr>"
XML = """<?xml version="1.0" encoding="{encoding}"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">
<Styles><Style ss:ID="out"><Font ss:StrikeThrough="1"/></Style>
<Style ss:ID="share"><NumberFormat ss:Format="0%"/></Style>
<Style ss:ID="kilo"><NumberFormat ss:Format="0&quot;,000&quot;"/></Style>
<Style ss:ID="below" ss:Parent="out"><Alignment/></Style></Styles>
<Worksheet ss:Name="Báo cáo"><Table>{rows}</Table></Worksheet></Workbook>"""


def page(*rows, before="", after=""):
    return f"<html><body>{before}<table>{HEAD}{''.join(rows)}</table>{after}</body></html>"


def xml(*rows, encoding="UTF-8"):
    head = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in ROWS[0])
    return XML.format(rows=f"<Row>{head}</Row>{''.join(rows)}", encoding=encoding)


def number(value, **given):
    attributes = "".join(f' ss:{key}="{text}"' for key, text in given.items())
    return f'<Cell{attributes}><Data ss:Type="Number">{value}</Data></Cell>'


def row(*cells, commune="Tuy Lộc"):
    return f'<Row><Cell><Data ss:Type="String">{commune}</Data></Cell>{"".join(cells)}</Row>'


@pytest.fixture
def rows_of(tmp_path):
    def rows_of(content, encoding="utf-8"):
        path = tmp_path / "bao_cao.xls"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        [sheet] = read_book(path).sheets
        return [[str(cell) for cell in row] for row in sheet.rows]

    return rows_of


@pytest.fixture
def tips(tmp_path):
    """Tips by commune that a file holds, or the kinds of its problems; and notes on it."""

    def tips(content):
        path = tmp_path / "bao_cao.xls"
        path.write_text(content, encoding="utf-8")
        check = antq.check_file(path)
        if check.problems:
            return [problem.kind for problem in check.problems], []
        counts = dict(zip(check.records["commune"], check.records["tips"], strict=True))
        return counts, [note.kind for note in check.skipped]

    return tips


ROW = "<tr><td>Tuy Lộc</td><td>2021</td><td>12</td></tr>"
PAGES = {
    "page": page(ROW),
    "table alone": f"<table>{HEAD}{ROW}</table>",
    "capitals": page(ROW).replace("tr>", "TR>").replace("<table", "<TABLE border=1"),
    "cells without end": page("<tr><td>Tuy Lộc<td>2021<td>12"),
    "entities": page("<tr><td>Tuy&nbsp;L&#7897;c</td><td>2021</td><td>12&nbsp;</td></tr>"),
    "parts of a table": f"<table><thead>{HEAD}</thead><tbody>{ROW}</tbody></table>",
    "document type": "<!DOCTYPE html>\n" + page(ROW),
    "namespace": '<html xmlns:x="urn:schemas-microsoft-com:office:excel">' + page(ROW),
    "xhtml": '<?xml version="1.0" encoding="utf-8"?>' + page(ROW),
    "meta first": "<meta charset='utf-8'><style>td {color: red}</style>" + page(ROW),
    "comment first": "<!-- export -->" + page(ROW),
    "script": page(ROW, after="<script>if (1 < 2) document.write('<td>9</td>')</script>"),
    "breaks": page("<tr><td>Tuy<br>Lộc</td><td><p>2021</p></td><td><b>1</b>2</td></tr>"),
    "inner table": page("<tr><td>Tuy Lộc</td><td>2021</td><td><span>12</span></td></tr>"),
    "numbers stated": page("<tr><td>Tuy Lộc</td><td x:num>2021</td><td x:num='12'>12</td></tr>"),
}


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_a_page_is_read_as_it_shows(rows_of, text):
    assert rows_of(text) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("text", [page(ROW), "\t".join(ROWS[0]) + "\n" + "\t".join(ROWS[1])])
def test_pages_and_text_are_read_in_any_unicode(rows_of, text, encoding):
    assert rows_of(text, encoding) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_xml_workbook_is_read(rows_of, encoding):
    text = xml(row(number(2021), number(12)), encoding=encoding.upper())
    assert rows_of(text, encoding) == ROWS


def test_titles_around_a_page_stand_above_it(tips):
    row = "<tr><td>Tuy Lộc</td><td>12</td></tr>"
    table = f"<table><tr><th>Đơn vị</th><th>Số nguồn tin</th></tr>{row}</table>"
    assert tips(f"<html><title>x</title><h3>KẾT QUẢ NĂM 2021</h3>{table}")[0] == {"Tuy Lộc": 12}
    assert tips(f"<table><tr><td>KẾT QUẢ NĂM 2021</td></tr></table>{table}")[0] == {"Tuy Lộc": 12}


def test_a_layout_table_around_the_table_does_not_hide_it(tips):
    assert tips(f"<table><tr><td>{page(ROW)}</td></tr></table>")[0] == {"Tuy Lộc": 12}


STRUCK = [
    "<td><s>12</s>15</td>",
    "<td><del>12</del> 15</td>",
    "<td><strike>12</strike><sup>(1)</sup>15</td>",
    "<td>15<sup>1</sup></td>",
    "<td>15<span style='vertical-align: super'>2</span></td>",
    "<td><span style='text-decoration: line-through'>12</span>15</td>",
]


@pytest.mark.parametrize("cell", STRUCK)
def test_struck_out_and_raised_text_of_a_page_is_not_read(rows_of, cell):
    assert rows_of(page(f"<tr><td>Tuy Lộc</td><td>2021</td>{cell}</tr>"))[1][2] == "15"


def test_a_row_of_a_page_struck_out_by_its_class_is_not_counted(tips):
    out = "<tr class=xl9><td>Âu Lâu</td><td>2021</td><td>7</td></tr>"
    rule = "<style>.xl9 {text-decoration:line-through;}</style>"
    counts, notes = tips(page(ROW, out, before=rule))
    assert counts == {"Tuy Lộc": 12}
    assert "struck_out" in notes


def test_a_hidden_row_of_a_page_is_said(tips):
    hidden = "<tr style='display:none'><td>Âu Lâu</td><td>2021</td><td>7</td></tr>"
    counts, notes = tips(page(ROW, hidden))
    assert counts == {"Tuy Lộc": 12, "Âu Lâu": 7}
    assert "hidden_rows" in notes


def test_a_merged_count_of_a_page_is_asked_about(tips):
    rows = (
        "<tr><td>Tuy Lộc</td><td>2021</td><td rowspan=2>12</td></tr>"
        "<tr><td>Âu Lâu</td><td>2021</td></tr>"
    )
    assert set(tips(page(rows))[0]) == {"merged_count"}


def test_a_page_that_shows_another_number_than_it_states_is_asked_about(tips):
    def one(cell):
        return tips(page(f"<tr><td>Tuy Lộc</td><td>2021</td>{cell}</tr>"))[0]

    assert one("<td x:num='1651'>1.651</td>") == {"Tuy Lộc": 1651}
    assert one("<td x:num='1'>100%</td>") == ["percent_in_count"]
    assert one("<td x:num='5'>5,000</td>") == ["number_format"]


def test_an_xml_workbook_places_cells_as_it_says(rows_of):
    text = xml(row(number(12, Index="3")), f'<Row ss:Index="4">{number(9, Index="2")}</Row>')
    assert rows_of(text)[1:] == [["Tuy Lộc", "", "12"], ["", "", ""], ["", "9", ""]]


def test_an_xml_workbook_is_read_as_it_looks(tips):
    struck = row(number(2021), number(7, StyleID="out"), commune="Âu Lâu")
    counts, notes = tips(xml(row(number(2021), number(12)), struck))
    assert counts["Tuy Lộc"] == 12
    assert "struck_out" in notes
    assert "struck_out" in tips(xml(row(number(2021), number(7, StyleID="below"))))[1]
    assert tips(xml(row(number(2021), number(1, StyleID="share"))))[0] == ["percent_in_count"]
    assert tips(xml(row(number(2021), number(5, StyleID="kilo"))))[0] == ["number_format"]


def test_rich_text_and_comments_of_an_xml_workbook(rows_of):
    rich = (
        '<Cell><ss:Data ss:Type="String"><html:S>12</html:S><html:B>1</html:B>5'
        '<html:Sup>2</html:Sup></ss:Data><Comment><Data ss:Type="String">9</Data></Comment></Cell>'
    )
    assert rows_of(xml(row(number(2021), rich)))[1][2] == "15"


def test_a_hidden_sheet_and_days_of_an_xml_workbook(tmp_path):
    day = '<Cell><Data ss:Type="DateTime">2021-03-01T00:00:00.000</Data></Cell>'
    hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
    path = tmp_path / "a.xls"
    path.write_text(xml(row(day)).replace("</Worksheet>", hidden), encoding="utf-8")
    [sheet] = read_book(path).sheets
    assert sheet.hidden
    assert sheet.name == "Báo cáo"
    assert str(sheet.rows[1][1]) == "2021-03-01"


def test_an_archive_of_pages_is_read_sheet_by_sheet(tmp_path):
    parts = [
        "<html><xml><x:Name>T1</x:Name><x:Name>T2</x:Name></xml></html>",
        page(ROW),
        page(ROW.replace("12", "9")),
    ]
    body = "".join(
        f'--x\r\nContent-Type: text/html; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{part}\r\n"
        for part in parts
    )
    path = tmp_path / "a.xls"
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
    path.write_bytes(f"{head}{body}--x--\r\n".encode())
    assert [(s.name, s.rows[1][2]) for s in read_book(path).sheets] == [("T1", "12"), ("T2", "9")]


@pytest.mark.parametrize(
    "content",
    [
        "<html><body>không có bảng",
        "<table><tr><td colspan=999999>1</td></tr></table>",
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + xml()[22:],
        xml(row(number(12, Index="99999999"))),
        "%PDF-1.4\n1 0 obj",
        "{\\rtf1 12\n}",
    ],
)
def test_what_holds_no_table_or_is_unsafe_never_gives_counts(tmp_path, content):
    path = tmp_path / "a.xls"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataProblem):
        antq.load_records(path)


def test_many_merged_cells_take_no_time_beyond_the_limit(tmp_path):
    wide = "<td rowspan=9999 colspan=9999>1</td>" * 50
    (tmp_path / "a.xls").write_text(f"<table><tr>{wide}</tr></table>", encoding="utf-8")
    with pytest.raises(DataProblem, match=r"\.xls"):
        read_book(tmp_path / "a.xls")
