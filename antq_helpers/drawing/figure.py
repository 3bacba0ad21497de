"""Draw any view, and write it to files with a stamp."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from unittest.mock import patch

import pandas as pd
from fontTools.subset import Options
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL.PngImagePlugin import PngInfo

from antq_helpers.dictionary import check_choice, word
from antq_helpers.drawing import canvas, style
from antq_helpers.drawing.canvas import DPI, Picture
from antq_helpers.drawing.chart import Chart
from antq_helpers.drawing.text import write_marks
from antq_helpers.drawing.view import KINDS, View
from antq_helpers.measuring.lookback import Window, look_back

KEY = "antq"
FILES = ("png", "svg", "pdf")
MOST = 20_000  # letters; no stamp of ours is longer
_FIELDS = ("view", "sha256", "boundaries", "version")
_FORMS = {
    "book": r"[0-9a-z]{0,16}",
    "sha256": r"[0-9a-f]{64}",
    "version": r"[0-9][0-9a-z.+]{0,30}",  # 0.1.0
}


@dataclass(frozen=True)
class Stamp:
    """The origin of a file: view, SHA-256 of its data, boundaries, package version, release book.

    The checksum covers only what is shown, so that it tells nothing else of the records; a public
    file's is that of its release.
    """

    view: View
    sha256: str
    boundaries: int
    version: str
    book: str = ""

    def text(self) -> str:
        """Return the stamp as one line of JSON."""
        # No commune at all is another view than the one that is shown where none is said.
        view = {
            f.name: value
            for f in fields(View)
            if (value := getattr(self.view, f.name)) != f.default
        }
        told = {name: value for name, value in asdict(self).items() if value != ""}
        return json.dumps({**told, "view": view}, ensure_ascii=False, sort_keys=True)

    def short(self) -> str:
        """Return the short form of the stamp, printed below pictures."""
        values = {"version": self.version, "sha": self.sha256[:12], "year": self.boundaries}
        key = "stamp_short" if self.boundaries else "stamp_short_table"
        text = word(key, self.view.language, **values)
        # Above pictures for an audience stands for whom they are.
        inside = word("internal", self.view.language)
        return f"{inside} · {text}" if self.view.audience is None else text


def stamp_of(records: pd.DataFrame, view: View, window: Window | None = None) -> Stamp:
    """Return the stamp of a view; a public view has the checksum of its protected table."""
    latest, book = 0, ""
    if KINDS[view.kind].data == "records":
        latest = view.boundaries or int(records["boundaries"].max())
    if view.audience == "public":
        window = window or look_back(records, view.period, audience="public")
        sha256, book = window.release.sha256, window.release.book
    else:
        sha256 = _hash_shown(tabulate(records, view), view)
    return Stamp(view, sha256, latest, version("antq_helpers"), book)


def _hash_shown(numbers: pd.DataFrame, view: View) -> str:
    """Return the SHA-256 of what a picture says of its marks, which is what a reader sees."""
    texts = module_of(view.kind).describe(numbers, replace(view, language="en"))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def read_stamp(text: str) -> Stamp:
    """Parse a stamp as data, nothing of which is ever run; a ValueError is raised for all else."""
    try:
        stamp = json.loads(text) if len(text) <= MOST else None
        legal = (
            isinstance(stamp, dict)
            and {*stamp, "book"} == {*_FIELDS, "book"}
            and isinstance(view := stamp["view"], dict)
            and set(view) <= {field.name for field in fields(View)}
            and all(_is_plain(value) for value in view.values())
            and all(re.fullmatch(form, str(stamp.get(n, ""))) for n, form in _FORMS.items())
            and type(stamp["boundaries"]) is int
        )
        if not legal:
            raise ValueError
        return Stamp(**{**stamp, "view": View(**view)})
    except (OverflowError, RecursionError, TypeError, ValueError):
        raise ValueError("This file bears no stamp of ours that can be read.") from None


def _is_plain(value: object, depth: int = 2) -> bool:
    if isinstance(value, list) and depth:
        return all(_is_plain(part, depth - 1) for part in value)
    return isinstance(value, str | int | float | None)


def write_picture(picture: Figure, kind: str, stamp: Stamp, dpi: float = 200) -> bytes:
    """Return a picture as a file, with alt text and stamp embedded and a short stamp on it.

    The same bytes for the same picture and stamp.
    """
    check_choice("kind", kind, FILES)
    for text in [text for text in picture.texts if text.get_gid() == KEY]:
        text.remove()
    small = {"ha": "right", "va": "bottom", "fontsize": 6.5, "color": style.NOTE, "gid": KEY}
    with style.look():
        picture.text(0.995, 0.006, stamp.short(), **small)
        content = {"png": _png, "svg": _svg, "pdf": _pdf}[kind](picture, stamp, dpi)
    picture.set_layout_engine("none")  # small panels would be smaller in each further file
    return content


def _png(picture: Figure, stamp: Stamp, dpi: float) -> bytes:
    before, origin = picture.dpi, PngInfo()
    for key, text in (("Description", picture.alt), (KEY, stamp.text())):
        origin.add_itxt(key, text)
    # Not at level 9: 1 % less in thrice the time.
    content = canvas.png(picture, dpi, 6, origin)
    picture.dpi = before
    return content


def _svg(picture: Figure, stamp: Stamp, dpi: float) -> bytes:
    stream = io.BytesIO()
    metadata = {"Date": None, "Title": picture.alt, "Source": stamp.text()}
    picture.savefig(stream, format="svg", metadata=metadata)
    # Screen readers take the name of the picture from here.
    name = f'<svg role="img" aria-label="{html.escape(picture.alt)}" '
    return stream.getvalue().replace(b"<svg ", name.encode(), 1)


def _pdf(picture: Figure, stamp: Stamp, dpi: float) -> bytes:
    stream = io.BytesIO()
    metadata = {"CreationDate": None, "Title": picture.alt, "Keywords": stamp.text()}
    # A PDF places each letter itself. Parsing the tables that only lay out text, to embed a subset
    # of them, takes half of the time of a file.
    needless = [*Options._drop_tables_default, "GDEF", "GPOS", "GSUB", "MATH"]
    with patch.object(Options, "_drop_tables_default", needless):
        picture.savefig(stream, format="pdf", metadata=metadata)
    return stream.getvalue()


WIDTH, PANEL, MARGIN = 8.6, 2.75, 1.0
_STAMP = 0.36  # room below the notes for the stamp of a picture for an audience


def tabulate(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the table of the numbers that ``draw(records, view)`` draws, a row per mark.

    Parameters
    ----------
    records
        As :func:`load_records` gives them; for parts and stocks, their own table.

    Returns
    -------
    DataFrame
        As the kind needs it. A trend has one row per measure, series and period, units in official
        order (of rows, see :func:`total_by`): ``series`` (a unit, a kind, or the whole place),
        ``role`` (``commune``, ``kind``, ``city``, or ``mean``: the place's count divided by its
        units that reported, to stand beside single units), ``value`` with ``low`` and ``high``
        (95%, with ``dispersion``: how many times more than chance such numbers vary),
        ``state`` (``full``; ``partial``: the reports cover under 90% of the period; ``missing``;
        ``none``: reported, but a share or ratio of nothing; ``hidden``: in a public view), and
        what they rest on, as :func:`total_by` has it. Charts of units have the table of
        :func:`compare_communes`, or :func:`funnel`.

    Examples
    --------
    >>> from antq_helpers import View, load_records
    >>> numbers = tabulate(load_records(), View(measures=["tips"], years=(2021, 2022)))
    >>> numbers[["series", "period", "value"]].values.tolist()
    [['Whole city', '2021', 600.0], ['Whole city', '2022', 534.0]]
    """
    return module_of(view.kind).numbers(records, view)


def draw(records: pd.DataFrame, view: View) -> Picture:
    """Draw a view as a picture of its own, whatever its kind.

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


def draw_numbers(numbers: pd.DataFrame, view: View) -> Picture:
    """Draw the numbers of a view, as :func:`tabulate` returns them."""
    with style.look():
        picture = _new_picture(view, *_heights(view, numbers))
        _draw_on(picture.axes, numbers, view)
    return picture


def plot(
    data: pd.DataFrame, ax: Axes | None = None, height: float | None = None, **settings: object
) -> Axes:
    """Draw a view of these settings on axes, or on those of a new figure of pyplot."""
    view = View(**settings)
    numbers = tabulate(data, view)
    with style.look():
        ax = canvas.new_axes(height or KINDS[view.kind].height) if ax is None else ax
        _draw_on([style.dress(ax)], numbers, view)
    return ax


def _draw_on(axes: Sequence[Axes], numbers: pd.DataFrame, view: View) -> None:
    """Draw numbers with the marks that they need, and set the figure's alt text if it has one."""
    draw = module_of(view.kind).draw
    if KINDS[view.kind].panels:
        draw(axes, numbers, view)
    else:
        draw(axes[0], numbers, view)
        write_marks(axes[0], numbers, view)
    if hasattr(axes[0].figure, "alt"):
        axes[0].figure.alt = alt_text(numbers, view)


def module_of(kind: str) -> ModuleType:
    """Return the module of a kind of picture, with its four functions, see :class:`Kind`."""
    return import_module(KINDS[kind].module or f"antq_helpers.drawing.{kind}")


def chart_of(numbers: pd.DataFrame, view: View) -> Chart:
    """Return the live picture of the numbers of a view."""
    return module_of(view.kind).chart(numbers, view)


def alt_text(numbers: pd.DataFrame, view: View) -> str:
    """Return the alt text of a picture: the illustrative mark, and what the kind says of it."""
    mark = [word("illustrative", view.language) + "."] if numbers["illustrative"].any() else []
    return " ".join(" ".join([*mark, *module_of(view.kind).describe(numbers, view)]).split())


def size_in_pixels(view: View) -> tuple[int, int]:
    """Return width and height of a view's picture in pixels."""
    return round(WIDTH * DPI), round(sum(_heights(view)) * DPI)


def _heights(view: View, numbers: pd.DataFrame | None = None) -> tuple[float, float]:
    """Return the height of the panels, and of the space below them, in inches.

    A kind whose module has ``height`` needs less for few numbers.
    """
    kind, stamp = KINDS[view.kind], _STAMP if view.audience else 0
    if kind.panels:
        return len(view.measures) * PANEL, MARGIN + stamp
    of_numbers = getattr(module_of(view.kind), "height", None)
    few = kind.height if numbers is None or of_numbers is None else of_numbers(numbers, view)
    return min(kind.height, few), stamp


def _new_picture(view: View, panels: float, below: float) -> Picture:
    """Return a picture with empty axes, and room below for the stamp if it has one."""
    height = panels + below
    picture = Picture(figsize=(WIDTH, height), dpi=DPI)
    FigureCanvasAgg(picture)
    if KINDS[view.kind].panels:
        picture.subplots(len(view.measures), 1)
        picture.subplots_adjust(
            left=0.09, right=0.995, top=1 - 0.32 / height, bottom=below / height, hspace=0.32
        )
    else:
        picture.set_layout_engine("constrained", rect=(0, below / height, 1, 1 - below / height))
        style.dress(picture.subplots())
    return picture
