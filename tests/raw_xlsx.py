"""The XML of a sheet in; the smallest Excel workbook that holds it out."""

import zipfile

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def write_rows(path, rows, before="", after="", **others):
    """Write a sheet of rows that are XML already, with what stands before and after them."""
    sheet = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return write_sheet(path, sheet, **others)


def write_sheet(path, sheet, strings="", parts=None, related=(), book="xl/workbook.xml"):
    """Write one sheet, "Quý I"; ``strings`` are shared ones, ``parts`` others by their path.

    ``related`` holds kind and target of what the workbook names beside its sheet.
    """
    folder, name = book.rsplit("/", 1)
    links = [("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")]
    workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    workbook += '<sheet name="Quý I" sheetId="1" r:id="rId1"/></sheets></workbook>'
    contents = {
        "_rels/.rels": _links([("officeDocument", book)]),
        book: workbook,
        f"{folder}/_rels/{name}.rels": _links([*links, *related]),
        f"{folder}/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        f"{folder}/worksheets/sheet1.xml": sheet,
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in contents.items():
            file.writestr(part, content)
    return path


def row(number, *cells, attributes=""):
    """Give the XML of a row."""
    return f'<row r="{number}"{attributes}>{"".join(cells)}</row>'


def cell(place, value="", attributes="", formula=""):
    """Give the XML of a cell: its stored value, if any, below its formula, if any."""
    stored = f"<v>{value}</v>" if value != "" else ""
    return f'<c r="{place}"{attributes}>{formula}{stored}</c>'


def _links(related):
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'
