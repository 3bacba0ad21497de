"""The explorer's redraw, against a beginner's notebook and against the least that drawing takes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import combinations, islice

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from IPython.core.pylabtools import print_figure
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

import antq_helpers as antq
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import SPECIAL
from benchmarks.table import Row, Stopwatch, compare, timed

Choice = tuple[str, ...]
Redraw = Callable[[Choice], None]
NAIVE = "seaborn in a notebook"


def rows(repeats: int) -> list[Row]:
    """Compare a changed choice, from the list of communes to what is sent to the browser."""
    mpl.use("agg")
    records = antq.load_records()
    redraw, names = explorer(records)
    three, most = choices(names, 3), choices(names, len(names) - 2)
    naive = compare_naive(records, redraw, three, "3 communes", repeats)
    crowded = compare_naive(records, redraw, most, f"{len(names) - 2} communes", repeats)
    ours = timed(lambda turn: redraw(three[turn % len(three)]))
    least = floor(antq.draw(records, View(communes=three[0])))
    beside = "matplotlib, kept canvas and PNG"
    return [*naive, compare("redraw, 3 communes", ours, beside, least, 2.5, repeats), *crowded]


def compare_naive(
    records: pd.DataFrame, redraw: Redraw, chosen: list[Choice], which: str, repeats: int
) -> list[Row]:
    ours = timed(lambda turn: redraw(chosen[turn % len(chosen)]))
    return [
        compare(
            f"redraw, {which}",
            ours,
            f"{NAIVE}, {words}",
            timed(lambda turn, how=how: naive(records, chosen[turn % len(chosen)], **how)),
            1 / times,
            repeats,
        )
        for words, how, times in (
            ("as it comes", {}, 20),
            ("no intervals", {"errorbar": None}, 3),
        )
    ]


def explorer(records: pd.DataFrame) -> tuple[Redraw, Choice]:
    """Open an explorer: what a choice in its list of communes does, and the names in it."""
    opened = antq.explore_trends(records)
    listed = next(w for w in inside(opened) if isinstance(w, widgets.SelectMultiple))
    screen = next(w for w in inside(opened) if hasattr(w, "chart"))
    names = tuple(name for _, name in listed.options if name not in SPECIAL)

    def redraw(communes: Choice) -> None:
        before = screen.chart
        listed.value = communes
        assert screen.chart != before, "the picture is the old one"

    return redraw, names


def choices(names: Choice, size: int) -> list[Choice]:
    """Return choices of one size, each unlike the one before."""
    return list(islice(combinations(names, size), 97))


def naive(records: pd.DataFrame, communes: Choice, **how: object) -> bytes:
    """Do what a beginner writes below `@interact`, and what the notebook does to show it."""
    chosen = records[records["commune"].isin(communes)]
    figure, axes = plt.subplots(2, 1, figsize=(8.6, 6.5), sharex=True)
    for ax, measure in zip(axes, ["tips", "resolved_cases"], strict=True):
        sns.lineplot(data=chosen, x="year", y=measure, hue="commune", ax=ax, **how)
    image = print_figure(figure)
    plt.close(figure)
    return image


def floor(figure: object) -> Stopwatch:
    """Time the least there is: what matplotlib's canvas holds already, drawn and packed."""
    canvas = FigureCanvasAgg(figure)

    def draw(_: int) -> None:
        canvas.draw()
        pixels = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        pixels.save(io.BytesIO(), "png", compress_level=1)

    return timed(draw)


def inside(widget: object) -> Iterator[object]:
    """Walk through a widget and all that it holds."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)
