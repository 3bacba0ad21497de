"""The figure class of all charts, and its output as PNG."""

from __future__ import annotations

import base64
import html
import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from antq_helpers.drawing.readback import read_back

DPI = 100


class Picture(Figure):
    """A figure with alt text that displays itself in notebooks, with or without pyplot.

    Neither JupyterLab nor nbconvert reads an alt text from the metadata of a PNG, so that it goes
    in HTML, which both prefer; the PNG is for whatever shows no HTML. The text is what a review
    compares: all that is drawn, read back from the picture.
    """

    alt = ""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple:
        before, width = self.dpi, round(self.get_figwidth() * DPI)
        image = png(self, dpi=1.5 * DPI, packed=9)
        self.dpi = before
        source = f"data:image/png;base64,{base64.b64encode(image).decode()}"
        alt = html.escape(self.alt)
        shown = {
            "text/html": f'<img src="{source}" alt="{alt}" width="{width}">',
            "image/png": image,
            "text/plain": f"<Picture: {self.alt}\n{read_back(self)}>",
        }
        return shown, {"image/png": {"width": width, "alt": self.alt}}


def adopt(figure: Figure, mark: str) -> None:
    """Make a figure that another library drew a picture of ours; its alt text is what it names."""
    if type(figure) is Figure:
        figure.__class__ = Picture  # a figure that can show itself, and nothing else
        names = [(ax.get_title("left") or ax.get_title(), ax.get_ylabel()) for ax in figure.axes]
        named = dict.fromkeys(filter(None, [mark, *(text for pair in names for text in pair)]))
        figure.alt = ". ".join(named) + "."


def new_axes(height: float) -> Axes:
    """Return the axes of a new pyplot figure of this height, which a notebook shows below the cell.

    Each picture has a figure of its own: on pyplot's current axes, two calls in one cell would be
    drawn over each other.
    """
    from matplotlib import pyplot as plt

    figure = plt.figure(layout="constrained", FigureClass=Picture)
    figure.set_figheight(height)
    return figure.subplots()


def png(figure: Figure, dpi: float = DPI, packed: int = 1, origin: PngInfo | None = None) -> bytes:
    """Return a figure as PNG; the same picture gives the same bytes.

    ``packed`` goes from 1, quick for a screen, to 9, small for a file.
    """
    if figure.dpi != dpi:
        figure.dpi = dpi
    figure.canvas.draw()
    stream = io.BytesIO()
    pixels = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")
    pixels.save(stream, "png", compress_level=packed, pnginfo=origin,
                dpi=(dpi, dpi) if origin else None)  # fmt: skip
    return stream.getvalue()
