"""Draw a view as a figure of several panels, and write it to files with a stamp."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
from dataclasses import asdict, dataclass, fields
from importlib.metadata import version

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from antq_helpers.dictionary import check_choice, counts, word
from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import DPI, KeptCanvas, Picture
from antq_helpers.drawing.labels import alt_text, notes
from antq_helpers.drawing.trend import draw_trend
from antq_helpers.drawing.view import View, tabulate
from antq_helpers.measuring.lookback import Window, look_back

KEY = "antq"
KINDS = ("png", "svg", "pdf")
MOST = 20_000  # letters; no stamp of ours is longer
_FIELDS = ("view", "sha256", "boundaries", "version")


@dataclass(frozen=True)
class Stamp:
    """The origin of a file: its view, the SHA-256 of its data, boundaries and package version."""

    view: View
    sha256: str
    boundaries: int
    version: str

    def text(self) -> str:
        """Return the stamp as one line of JSON."""
        told = {field.name: getattr(self.view, field.name) for field in fields(View)}
        return json.dumps({**asdict(self), "view": told}, ensure_ascii=False, sort_keys=True)

    def short(self) -> str:
        """Return the short form of the stamp, printed below pictures."""
        return word(
            "stamp_short",
            self.view.language,
            version=self.version,
            sha=self.sha256[:12],
            year=self.boundaries,
        )


def stamp_of(records: pd.DataFrame, view: View, window: Window | None = None) -> Stamp:
    """Return the stamp of a view; a public view has the checksum of its protected table."""
    if view.audience == "public":
        window = window or look_back(records, view.period, audience="public")
        sha256 = window.release.sha256
    else:
        sha256 = hash_records(records)
    latest = int(records["boundaries"].max())
    return Stamp(view, sha256, view.boundaries or latest, version("antq_helpers"))


def hash_records(records: pd.DataFrame) -> str:
    """Return the SHA-256 of who reported what for which days, in any order of rows.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> records = load_records()
    >>> hash_records(records) == hash_records(records.iloc[::-1])
    True
    """
    who = records.get("reported_by", records["commune_id"])
    table = pd.DataFrame({"commune_id": who, "source": records["source"]})
    for day in ("period_start", "period_end"):
        table[day] = records[day].to_numpy("datetime64[D]").astype(int)
    # A count that nobody reported is left out, so that a new one in the dictionary changes nothing.
    for name in (name for name in counts() if records[name].notna().any()):
        table[name] = records[name].to_numpy(float, na_value=-1).astype(np.int64)
    table = table.sort_values(list(table.columns), ignore_index=True)
    digest = hashlib.sha256()
    for name in table:
        column = table[name]
        texts = "\n".join(column).encode() if column.dtype.kind not in "iu" else column.to_numpy()
        digest.update(name.encode() + bytes(texts))
    return digest.hexdigest()


def read_stamp(text: str) -> Stamp:
    """Parse a stamp as data; nothing of it is ever run.

    Raises
    ------
    ValueError
        For whatever is not exactly a stamp.
    """
    try:
        told = json.loads(text) if len(text) <= MOST else None
        if not isinstance(told, dict) or sorted(told) != sorted(_FIELDS):
            raise ValueError
        view, names = told["view"], {field.name for field in fields(View)}
        if not isinstance(view, dict) or not set(view) <= names:
            raise ValueError
        plain = str | int | None
        if not all(
            isinstance(value, plain)
            or (isinstance(value, list) and all(isinstance(item, plain) for item in value))
            for value in view.values()
        ):
            raise ValueError
        if not re.fullmatch(r"[0-9a-f]{64}", str(told["sha256"])):
            raise ValueError
        if not re.fullmatch(r"[0-9][0-9a-z.+]{0,30}", str(told["version"])):
            raise ValueError
        if type(told["boundaries"]) is not int:
            raise ValueError
        return Stamp(**{**told, "view": View(**view)})
    except (OverflowError, RecursionError, TypeError, ValueError):
        raise ValueError("This file bears no stamp of ours that can be read.") from None


def write_picture(picture: Figure, kind: str, stamp: Stamp, dpi: float = 200) -> bytes:
    """Return a picture as a file, with alt text and stamp embedded and a short stamp on it.

    The same bytes for the same picture and stamp.
    """
    check_choice("kind", kind, KINDS)
    for text in [text for text in picture.texts if text.get_gid() == KEY]:
        text.remove()
    small = {"ha": "right", "va": "bottom", "fontsize": 6.5, "color": style.NOTE, "gid": KEY}
    with style.look():
        picture.text(0.995, 0.006, stamp.short(), **small)
        return {"png": _png, "svg": _svg, "pdf": _pdf}[kind](picture, stamp, dpi)


def _png(picture: Figure, stamp: Stamp, dpi: float) -> bytes:
    before, stream = picture.dpi, io.BytesIO()
    picture.dpi = dpi
    picture.canvas.draw()
    pixels = Image.fromarray(np.asarray(picture.canvas.buffer_rgba())).convert("RGB")
    picture.dpi = before
    told = PngInfo()
    for key, text in (("Description", picture.alt), (KEY, stamp.text())):
        told.add_itxt(key, text)
    pixels.save(stream, "png", compress_level=9, pnginfo=told, dpi=(dpi, dpi))
    return stream.getvalue()


def _svg(picture: Figure, stamp: Stamp, dpi: float) -> bytes:
    stream = io.BytesIO()
    told = {"Date": None, "Title": picture.alt, "Source": stamp.text()}
    picture.savefig(stream, format="svg", metadata=told)
    # Screen readers take the name of the picture from here.
    name = f'<svg role="img" aria-label="{html.escape(picture.alt)}" '
    return stream.getvalue().replace(b"<svg ", name.encode(), 1)


def _pdf(picture: Figure, stamp: Stamp, dpi: float) -> bytes:
    stream = io.BytesIO()
    told = {"CreationDate": None, "Title": picture.alt, "Keywords": stamp.text()}
    picture.savefig(stream, format="pdf", metadata=told)
    return stream.getvalue()


WIDTH, PANEL, MARGIN = 8.6, 2.75, 1.0
_STAMP = 0.36  # room below the notes for the stamp of a picture for an audience


def draw(records: pd.DataFrame, view: View) -> Picture:
    """Draw a view: one panel per measure, over the same periods.

    Returns
    -------
    Figure
        With ``alt``, the text for those who cannot see it. No state of pyplot is touched.

    Raises
    ------
    ValueError
        For units or years that the records do not hold; the message names the legal ones.

    Examples
    --------
    >>> from antq_helpers import View, load_records
    >>> picture = draw(load_records(), View(measures=["tips"]))
    >>> print(picture.alt)
    SYNTHETIC FIGURES, FOR ILLUSTRATION. Line chart: Tips received, 2013 to 2022.
    Whole city: from 381 to 534.
    """
    return draw_numbers(tabulate(records, view), view)


def draw_numbers(numbers: pd.DataFrame, view: View, onto: Picture | None = None) -> Picture:
    """Draw the numbers of a view, as :func:`tabulate` returns them.

    ``onto`` is an earlier picture with as many panels, whose axes and ticks are used again: that
    takes half the time of making new ones.
    """
    count, stamped = len(view.measures), view.audience is not None
    with style.look():
        if onto is None or onto.get_figheight() != sum(_heights(count, stamped)):
            onto = _panels(count, stamped)
        picture = onto
        for measure, ax in zip(view.measures, picture.axes, strict=True):
            draw_trend(ax, numbers, view, measure)
        picture.axes[-1].set_xlabel(notes(numbers, view), loc="left", linespacing=1.4)
    picture.alt = alt_text(numbers, view)
    return picture


def size_in_pixels(count: int, *, stamped: bool = False) -> tuple[int, int]:
    """Return width and height in pixels of a picture with ``count`` panels.

    ``stamped`` adds the space for the stamp of a picture for an audience.
    """
    return round(WIDTH * DPI), round(sum(_heights(count, stamped)) * DPI)


def _heights(count: int, stamped: bool) -> tuple[float, float]:
    """Return the height of the panels, and of the space below them, in inches."""
    return count * PANEL, MARGIN + (_STAMP if stamped else 0)


def _panels(count: int, stamped: bool) -> Picture:
    panels, below = _heights(count, stamped)
    height = panels + below
    picture = Picture(figsize=(WIDTH, height), dpi=DPI)
    KeptCanvas(picture)
    picture.subplots(count, 1)
    picture.subplots_adjust(
        left=0.09, right=0.995, top=1 - 0.32 / height, bottom=below / height, hspace=0.32
    )
    return picture
