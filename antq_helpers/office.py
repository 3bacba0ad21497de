"""Office files: cells, print layout, safe writing, the same bytes each time, and properties."""

from __future__ import annotations

import io
import os
import re
import textwrap
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from antq_helpers.dictionary import word

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

_FILES = {".xlsx": "a workbook", ".html": "a web page"}
_A4 = 9
_GREY = "FFBFBFBF"
_LINE = 15.5  # points of a line of Calibri 11, with room for the marks of Vietnamese letters
_DAY_ONE = (2000, 1, 1, 0, 0, 0)  # a fixed date: the same content gives the same bytes
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CUSTOM_TYPE = (
    '<Override PartName="/docProps/custom.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.custom-properties+xml"/>'
)
_CUSTOM_RELATION = (
    f'<Relationship Id="rIdCustom" Type="{_OFFICE}/relationships/custom-properties" '
    'Target="docProps/custom.xml"/>'
)


def inert(text: str) -> str:
    """Escape a text that a spreadsheet would read as a formula.

    Examples
    --------
    >>> inert("=1+1"), inert("Tuy Lộc")
    ("'=1+1", 'Tuy Lộc')
    """
    # A sign alone, such as the dash that offices write, is no formula.
    return f"'{text}" if text[1:] and text.startswith(("=", "+", "-", "@")) else text


def new_workbook() -> Workbook:
    """Return a workbook without sheets."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.active)
    workbook.properties.creator = "antq_helpers"
    return workbook


def fit_page(sheet: Worksheet, header: int = 0, *, landscape: bool = True) -> None:
    """Fit a sheet to the width of an A4 page; freeze the rows down to the header and repeat them.

    Parameters
    ----------
    header
        The header's last row, counted from 1; none by default.
    """
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    if header:
        sheet.freeze_panes = f"A{header + 1}"
        sheet.print_title_rows = f"1:{header}"


def write_cell(
    sheet: Worksheet,
    row: int,
    column: int,
    value: object,
    *,
    framed: bool = True,
    centred: bool = False,
    fill: PatternFill | None = None,
    **font: object,
) -> Cell:
    """Write one cell: wrapped, framed, in Calibri 11 by default."""
    from openpyxl.styles import Alignment, Border, Font, Side

    cell = sheet.cell(row, column, value)
    # Without name and size each program would choose a font of its own.
    cell.font = Font(**{"name": "Calibri", "size": 11, **font})
    way = {"horizontal": "center", "vertical": "center"} if centred else {"vertical": "top"}
    cell.alignment = Alignment(wrap_text=True, **way)
    if framed:
        line = Side("thin", color=_GREY)
        cell.border = Border(line, line, line, line)
    if fill is not None:
        cell.fill = fill
    return cell


def write_line(
    sheet: Worksheet, row: int, text: str, widths: Sequence[float], **font: object
) -> None:
    """Write a text across all columns of a sheet, merged into one cell."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
    write_cell(sheet, row, 1, text, framed=False, **font)
    size = font.get("size", 11) / 11
    sheet.row_dimensions[row].height = size * row_height([(text, sum(widths))]) + 3


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the widths of the first columns."""
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def row_height(texts: Iterable[tuple[str, float]]) -> float:
    """Estimate the height of a row of wrapped texts, in points: few programs fit it themselves.

    Examples
    --------
    >>> row_height([("Tin", 10), ("Nguồn tin có giá trị", 10)])
    33.0
    """
    lines = [len(textwrap.wrap(text, int(1.15 * width))) for text, width in texts]
    return _LINE * max([1, *lines]) + 2


def check_target(
    path: str | Path, *, overwrite: bool, language: str = "en", ending: str = ".xlsx"
) -> Path:
    """Check that a workbook, or another file, may be written to a path; return it as a ``Path``.

    Raises
    ------
    ValueError
        Where it does not end in .xlsx, or in the ending asked for.
    FileExistsError
        Where something is there and ``overwrite`` does not allow to replace it.
    FileNotFoundError
        Where its folder is not there.
    """
    path = Path(path)
    if path.suffix.lower() != ending:
        raise ValueError(f"path={str(path)!r} must end in {ending}: it will be {_FILES[ending]}.")
    if path.exists() and not overwrite:
        raise FileExistsError(word("file_exists", language, file=path.name))
    if not path.parent.is_dir():
        raise FileNotFoundError(word("folder_missing", language, folder=path.parent))
    return path


def write_workbook(workbook: Workbook, path: Path) -> Path:
    """Write a workbook as a file, the same bytes for the same content."""
    content = io.BytesIO()
    workbook.save(content)
    return put_file(path, stamped(content.getvalue(), {}))


def put_file(path: Path, content: bytes) -> Path:
    """Write a file to a temporary name, then rename it: it is complete or absent."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_bytes(content)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def stamped(content: bytes, properties: dict[str, str]) -> bytes:
    """Return an office file (XLSX, DOCX, PPTX) with custom properties and fixed timestamps.

    The parts, and those of workbooks embedded in charts, bear no time of their own.
    """
    parts = _parts_of(content)
    if properties:
        parts["docProps/custom.xml"] = _custom(properties)
        _insert(parts, "[Content_Types].xml", "</Types>", _CUSTOM_TYPE)
        _insert(parts, "_rels/.rels", "</Relationships>", _CUSTOM_RELATION)
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _DAY_ONE)
            archive.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return found.getvalue()


def custom_property(content: bytes, name: str, most: int) -> str | None:
    """Read a custom property of an office file; None if it is absent or too long."""
    from lxml import etree

    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            archive.open("docProps/custom.xml") as packed,
        ):
            part = packed.read(8 * most + 1)  # the declared size need not be true
        if len(part) > 8 * most:
            return None
        safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        for entry in etree.fromstring(part, safe):
            if entry.get("name") == name:
                return "".join(entry.itertext())
    except Exception:  # zipfile and zlib raise many kinds for a damaged file
        return None
    return None


def _parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    for name, part in parts.items():
        if name.endswith(".xlsx"):
            parts[name] = stamped(part, {})
        elif name == "docProps/core.xml":
            parts[name] = _TIME.sub(b"2000-01-01T00:00:00Z", part)
    return parts


def _insert(parts: dict[str, bytes], name: str, before: str, what: str) -> None:
    parts[name] = parts[name].replace(before.encode(), (what + before).encode(), 1)


def _custom(properties: dict[str, str]) -> bytes:
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" '
        f"name={quoteattr(name)}><vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for pid, (name, text) in enumerate(properties.items(), 2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">'
        f"{entries}</Properties>"
    ).encode()


def zip_folder(folder: Path) -> bytes:
    """Zip a folder reproducibly: the same files make the same bytes."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DAY_ONE)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return found.getvalue()
