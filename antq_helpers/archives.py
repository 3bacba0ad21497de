"""Reproducible office files and zip archives, with custom document properties."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

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


def stamped(content: bytes, properties: dict[str, str]) -> bytes:
    """Return an office file (XLSX, DOCX, PPTX) with custom properties and fixed timestamps.

    The parts, and those of workbooks embedded in charts, bear no time of their own.
    """
    parts = _parts(content)
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


def _parts(content: bytes) -> dict[str, bytes]:
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
