"""An Excel workbook (xlsx, xlsm) in; a safe copy to read, and what its XML alone tells, out."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter

from antq_helpers.reading.guards import (
    MOST_BYTES,
    Cells,
    Package,
    Scan,
    check_bytes,
    elements,
    wrong_format,
)
from antq_helpers.reading.styles import Styles, read_styles, without_marks
from antq_helpers.reading.worksheets import column_of, rewrite, scan_sheet

_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_REFERENCE = re.compile(rb' t="s"[^>]*>\s*<v>(\d+)</v>')
_ANY_REFERENCE = re.compile(rb"""\st\s*=\s*["']s""")

_SHARED = ("sharedStrings", "styles")

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def prepare_xlsx(content: bytes) -> tuple[io.BytesIO, list[Scan], list[str]]:
    """Check a workbook, and write what is read of it anew.

    The copy holds the parts that were checked and nothing else, under plain names, so that the
    reader of the copy can meet nothing that was not checked.

    Returns
    -------
    tuple
        The copy, with sheets named 0, 1, 2 …; what was found in each; the notes on the file.

    Raises
    ------
    RefusedError
        Too large, locked with a password or no workbook at all.
    """
    package = Package(content)
    book, related = _relations(package)
    entries = elements(package.read(book), "workbook", "workbookPr", "sheet")
    if not entries or entries[0][0] != "workbook":
        raise wrong_format()
    scans, parts = [], {}
    for name, attributes in entries:
        kind, path = related.get(attributes.get("id"), ("", ""))
        if name == "sheet" and kind == "worksheet":
            hidden = attributes.get("state", "visible") != "visible"
            scan, part = scan_sheet(package.read(path), attributes["name"])
            scan.hidden = hidden
            parts[f"xl/worksheets/{len(scans)}.xml"] = part
            scans.append(scan)
    shared = {kind: package.read(path) for kind, path in related.values() if kind in _SHARED}
    struck = _leave_out(shared, parts, scans)
    _check_strings(shared.get("sharedStrings", b""), parts)
    old = any(attributes.get("date1904") in ("1", "true") for _, attributes in entries)
    notes = [*_notes(package, related), *["struck_out"] * struck]
    return _write(parts, shared, old), scans, notes


def _leave_out(shared: dict[str, bytes], parts: dict[str, bytes], scans: list[Scan]) -> bool:
    """Leave out what is struck out, and let cells that show another number say so."""
    styles = read_styles(shared["styles"]) if "styles" in shared else Styles()
    strings, struck = without_marks(shared.get("sharedStrings", b""))
    shared |= {"sharedStrings": strings} if strings else {}
    for (path, part), scan in zip(parts.items(), scans, strict=True):
        parts[path], inline = without_marks(part)
        cells, whole = styles.look(part)
        scan.cells |= {(row - 1, column_of(letters)): t for (letters, row), t in cells.items()}
        struck |= inline or whole
    return struck


def _relations(package: Package) -> tuple[str, dict[str, tuple[str, str]]]:
    """Find the workbook's own part, and by their ids the kind and path of those it names."""
    first = _targets(package, "_rels/.rels", "") if "_rels/.rels" in package else {}
    books = [path for kind, path in first.values() if kind == "officeDocument"]
    book = (books or ["xl/workbook.xml"])[0]
    folder, name = posixpath.split(book)
    return book, _targets(package, f"{folder}/_rels/{name}.rels", folder)


def _targets(package: Package, path: str, folder: str) -> dict[str, tuple[str, str]]:
    found = {}
    for _, attributes in elements(package.read(path), "Relationship"):
        if attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            joined = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = attributes["Type"].rpartition("/")[2]
            # Some programs write the path from the top, without the slash that would say so.
            found[attributes["Id"]] = kind, joined if joined in package else target
    return found


def _notes(package: Package, related: dict[str, tuple[str, str]]) -> list[str]:
    kinds = {kind for kind, _ in related.values()}
    links = any("/externallinks/" in name for name in package.names())
    macros = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"} & kinds
    return ["macros"] * bool(macros) + ["external_links"] * (links or "externalLink" in kinds)


def _check_strings(strings: bytes, sheets: dict[str, bytes]) -> None:
    """Refuse a long text that millions of cells share: each would get its own copy."""
    lengths = [len(text) for text in _STRING.split(strings)[1:]]
    Cells().take(len(lengths), 1)
    uses = sum(part.count(b"<c ") for part in sheets.values())
    if max(lengths, default=0) * uses <= MOST_BYTES:
        return
    counts: Counter[bytes] = Counter()
    for part in sheets.values():
        found = _REFERENCE.findall(part)
        if len(found) != len(_ANY_REFERENCE.findall(part)):
            found = _REFERENCE.findall(rewrite(part))
        counts.update(found)
    check_bytes(sum(lengths[int(number)] * count for number, count in counts.items()))


def _write(parts: dict[str, bytes], shared: dict[str, bytes], old: bool) -> io.BytesIO:
    """Move the parts, without compression, into the smallest workbook that holds them."""
    sheets = "".join(
        f'<sheet name="{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(len(parts))
    )
    start = f'xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"'
    date = f'<workbookPr date1904="{int(old)}"/>'
    related = [("worksheet", path.removeprefix("xl/")) for path in parts]
    related += [(kind, f"{kind}.xml") for kind in shared]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as copy:
        copy.writestr("_rels/.rels", _links([("officeDocument", "xl/workbook.xml")]))
        copy.writestr(
            "xl/workbook.xml", f"<workbook {start}>{date}<sheets>{sheets}</sheets></workbook>"
        )
        copy.writestr("xl/_rels/workbook.xml.rels", _links(related))
        for kind, part in shared.items():
            copy.writestr(f"xl/{kind}.xml", part)
        for path in list(parts):
            copy.writestr(path, parts.pop(path))  # large ones are not to be held twice
    file.seek(0)
    return file


def _links(related: list[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(related)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'
