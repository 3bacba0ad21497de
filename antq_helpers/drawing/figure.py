"""Records and a view in; the whole picture out."""

from __future__ import annotations

import pandas as pd

from antq_helpers.drawing import style
from antq_helpers.drawing.alt_text import alt_text
from antq_helpers.drawing.canvas import DPI, KeptCanvas, Picture
from antq_helpers.drawing.labels import notes
from antq_helpers.drawing.numbers import tabulate
from antq_helpers.drawing.trend import draw_trend
from antq_helpers.drawing.view import View

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
        For communes or years that the records do not hold; the message names the legal ones.

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
    """Draw the numbers of a view, as :func:`tabulate` gives them.

    ``onto`` is an earlier picture with as many panels, which is drawn over: its axes and ticks are
    kept, which takes half the time of making them.
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
    """Give width and height of a picture with so many panels, as a screen shows it.

    ``stamped`` is that of a picture for an audience, which has room for its stamp.
    """
    return round(WIDTH * DPI), round(sum(_heights(count, stamped)) * DPI)


def _heights(count: int, stamped: bool) -> tuple[float, float]:
    """Give the height of the panels, and that of what stands below."""
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
