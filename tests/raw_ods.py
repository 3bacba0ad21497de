"""Sheets of cells in; an OpenDocument spreadsheet, its XML written by hand, out."""

import zipfile
from datetime import date, datetime, time
from xml.sax.saxutils import escape, quoteattr

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "style", "table", "text")
)
NAMES += ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
NAMES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def write_ods(path, sheets):
    """Write text, numbers, truth values, days and times, and give the path.

    ``sheets`` holds rows by the sheet's name.
    """
    return write_tables(path, "".join(table(name, rows) for name, rows in sheets.items()))


def write_tables(path, tables, styles="", manifest="", parts=None):
    """Write tables that are XML already; ``parts`` holds others by their path in the file."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
        file.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
        file.writestr("content.xml", content)
        for name, part in (parts or {}).items():
            file.writestr(name, part)
    return path


def table(name, rows, attributes=""):
    """Give the XML of a sheet."""
    body = "".join(row("".join(map(cell, values))) for values in rows)
    return f"<table:table table:name={quoteattr(name)}{attributes}>{body}</table:table>"


def row(cells, attributes=""):
    """Give the XML of a row of cells that are XML already."""
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def cell(value, attributes=""):
    """Give the XML of one cell."""
    if value is None or value == "":
        return f"<table:table-cell{attributes}/>"
    kind, stored = _stored(value)
    given = f' office:value-type="{kind}" {stored}'
    return (
        f"<table:table-cell{attributes}{given}><text:p>{escape(str(value))}</text:p>"
        "</table:table-cell>"
    )


def _stored(value):
    if isinstance(value, bool):
        return "boolean", f'office:boolean-value="{str(value).lower()}"'
    if isinstance(value, (int, float)):
        return "float", f'office:value="{value}"'
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date):
        return "date", f'office:date-value="{value.isoformat()}"'
    if isinstance(value, time):
        return "time", f'office:time-value="PT{value:%HH%MM%S}S"'
    return "string", ""
