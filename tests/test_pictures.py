"""Every picture: a figure of its own, which shows the numbers of its table."""

import pytest
from matplotlib import pyplot as plt

import antq_helpers as antq

SAMPLE = antq.load_records()
DRAWN = {
    "change": (SAMPLE, {"before": (2013, 2015), "after": (2020, 2022)}),
    "control": (SAMPLE, {"commune": "Tuy Lộc"}),
    "coverage": (SAMPLE, {}),
    "funnel": (SAMPLE, {}),
    "heatmap": (SAMPLE, {}),
    "parts": (antq.load_table("drives"), {"by": "kind"}),
    "ranking": (SAMPLE, {}),
    "relation": (SAMPLE, {}),
    "small_multiples": (SAMPLE, {}),
    "stock": (antq.load_table("models"), {}),
    "tile_map": (SAMPLE, {}),
    "trend": (SAMPLE, {}),
}


def test_every_plot_function_is_tried_here():
    """A new picture comes to the tests of this file by a row."""
    assert {f"plot_{kind}" for kind in DRAWN} == {n for n in antq.__all__ if n[:5] == "plot_"}


@pytest.mark.parametrize("kind", DRAWN)
def test_without_axes_each_call_draws_a_new_figure(run_cell, kind):
    """Two calls in a cell are two pictures: the first one is not drawn over."""
    table, said = DRAWN[kind]
    code = f"first = antq.plot_{kind}(table, **said)\nbefore = len(first.get_children())\n"
    code += f"second = antq.plot_{kind}(table, **said)\nassert len(first.get_children()) == before"
    first, second = run_cell(code, table=table, said=said)
    assert len(first.axes) == len(second.axes) > 0
    assert plt.get_fignums() == [1, 2]
