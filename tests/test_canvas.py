"""Texts drawn once and pasted look as matplotlib draws them, and a PNG holds the pixels."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from antq_helpers import View, draw
from antq_helpers.drawing import canvas
from antq_helpers.drawing.canvas import KeptCanvas
from tests.quick import SAMPLE

ORANGE, BLUE = "#e35528", "#4e4dca"


def drawn_by(canvas_class, figure):
    """The pixels of a figure, by one kind of canvas."""
    made = canvas_class(figure)
    made.draw()
    return np.asarray(made.buffer_rgba()).astype(int)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_pasted_texts_look_as_matplotlib_draws_them(language):
    """Up to 2 steps of 255, where two letters overlap."""
    figure = draw(SAMPLE, View(communes=["Tuy Lộc", "Yên Ninh"], language=language))
    theirs, ours = (drawn_by(kind, figure) for kind in (FigureCanvasAgg, KeptCanvas))
    assert np.abs(ours - theirs).max() <= 2
    assert (ours != theirs).any(axis=2).mean() < 0.001


def test_a_picture_drawn_again_from_kept_texts_is_the_same():
    """The second time no text is drawn, and not a pixel differs."""
    figure = draw(SAMPLE, View())
    figure.canvas.draw()
    first = np.array(figure.canvas.buffer_rgba())
    figure.canvas.renderer._sheet = None
    figure.canvas.draw()
    assert (np.asarray(figure.canvas.buffer_rgba()) == first).all()


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Tuy Lộc "},
        {"x": 0.3},
        {"y": 0.5003},
        {"color": BLUE},
        {"size": 12},
        {"weight": "bold"},
        {"rotation": 90},
        {"alpha": 0.5},
        {"text": "two lines,\n\nand one between"},
    ],
    ids=str,
)
def test_a_changed_text_is_drawn_anew(change):
    """What it says, where it stands and how it looks are all looked at."""
    figure = Figure(figsize=(3, 2))
    kept = KeptCanvas(figure)
    text = figure.text(0.2, 0.5, "Tuy Lộc", color=ORANGE, size=10)
    kept.draw()
    text.set(**change)
    kept.draw()
    ours = np.array(kept.buffer_rgba()).astype(int)
    assert np.abs(ours - drawn_by(FigureCanvasAgg, figure)).max() <= 2


def test_texts_are_not_kept_without_end(monkeypatch):
    """More than a fixed number are forgotten together."""
    monkeypatch.setattr(canvas, "_MOST_KEPT", 3)
    figure = Figure(figsize=(3, 2))
    kept = KeptCanvas(figure)
    text = figure.text(0.2, 0.5, "")
    for count in range(10):
        text.set_text(str(count))
        kept.draw()
        assert 1 <= len(kept.renderer._kept) <= 3


def test_a_new_size_makes_a_new_sheet():
    """A picture shown larger is drawn at its resolution, not enlarged."""
    figure = Figure(figsize=(3, 2))
    kept = KeptCanvas(figure)
    figure.text(0.2, 0.5, "Tuy Lộc")
    kept.draw()
    figure.dpi = 200
    kept.draw()
    ours = np.array(kept.buffer_rgba()).astype(int)
    assert ours.shape == (400, 600, 4)
    assert np.abs(ours - drawn_by(FigureCanvasAgg, figure)).max() <= 2
