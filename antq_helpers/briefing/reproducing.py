"""A file with a stamp in; its picture, drawn again from records, out."""

from __future__ import annotations

import html
import io
import re
import warnings
from pathlib import Path

import pandas as pd

from antq_helpers.archives import custom_property
from antq_helpers.dictionary import word
from antq_helpers.drawing.canvas import Picture
from antq_helpers.drawing.figure import draw
from antq_helpers.drawing.stamp import KEY, MOST, Stamp, read_stamp, stamp_of
from antq_helpers.reading.loading import DataNote, load_records

_SOURCE = re.compile(rb"<dc:source>([^<]{2,%d})</dc:source>" % (6 * MOST))
_LARGEST = 200_000_000  # bytes


def reproduce(path: str | Path, records: pd.DataFrame | None = None) -> Picture:
    """Draw again what a file shows: a picture, or the first page of slides, appendix or workbook.

    Parameters
    ----------
    path
        A file that bears our stamp: PNG, SVG, PDF, PPTX, DOCX or XLSX.
    records
        What it was made from; the sample by default.

    Returns
    -------
    Picture
        Drawn from the records by the stamp's view. Where these are not the data that the file was
        made from, or another version made it, a :class:`DataNote` warning says so.

    Raises
    ------
    ValueError
        Where the file bears no stamp that can be read, or names what the records do not hold.
    """
    stamp = stamp_in(path)
    records = load_records() if records is None else records
    now = stamp_of(records, stamp.view)
    if (now.sha256, now.boundaries) != (stamp.sha256, stamp.boundaries):
        told = {"expected": stamp.sha256[:12], "found": now.sha256[:12]}
        _note("stamp_other_data", stamp, told)
    if now.version != stamp.version:
        _note("stamp_other_version", stamp, {"expected": stamp.version, "found": now.version})
    return draw(records, stamp.view)


def _note(key: str, stamp: Stamp, told: dict[str, str]) -> None:
    warnings.warn(word(key, stamp.view.language, **told), DataNote, stacklevel=3)


def stamp_in(path: str | Path) -> Stamp:
    """Read the stamp of a file.

    Raises
    ------
    ValueError
        Where there is none that can be read.
    """
    path = Path(path)
    if path.stat().st_size > _LARGEST:
        raise ValueError(f"{path.name} is too large to be a file of ours.")
    content = path.read_bytes()
    kind = path.suffix.lower().lstrip(".")
    finders = {"png": _in_png, "svg": _in_svg, "pdf": _in_pdf}
    text = finders.get(kind, _in_office)(content)
    if text is None:
        raise ValueError(f"{path.name} bears no stamp of ours that can be read.")
    return read_stamp(text)


def _in_png(content: bytes) -> str | None:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            text = image.info.get(KEY)
    except Exception:  # the library has many for a damaged file
        return None
    return str(text) if text is not None else None


def _in_svg(content: bytes) -> str | None:
    found = _SOURCE.search(content)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else None


def _in_pdf(content: bytes) -> str | None:
    from pypdf import PdfReader

    try:
        told = PdfReader(io.BytesIO(content)).metadata
        return str(told["/Keywords"]) if told and "/Keywords" in told else None
    except Exception:  # the library has many for a damaged file
        return None


def _in_office(content: bytes) -> str | None:
    return custom_property(content, KEY, MOST)
