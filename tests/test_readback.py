"""What the review compares of a picture: its numbers, read back from what is drawn."""

import pandas as pd
import pytest
import seaborn as sns
from IPython.core.formatters import DisplayFormatter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers.drawing import figure as drawing
from antq_helpers.drawing import style
from antq_helpers.drawing.readback import read_back
from antq_helpers.drawing.view import View

ROWS = (
    ("Yên Thịnh", "2022-01-01", "2022-12-31", 2, 30, 5, 2, 1),
    ("Đồng Tâm", "2022-01-01", "2022-12-31", 3, 40, 20, 9, 4),
)


def shown(picture):
    """What a notebook stores of a picture as text."""
    return picture._repr_mimebundle_()[0]["text/plain"]


def test_a_value_stands_beside_the_name_that_is_printed_there():
    """By hand: three values, drawn in this order beside these names."""
    ax = Figure().subplots()
    ax.plot([7.5, 2.25, 1000.4], [0, 1, 2], "o", color="black")
    ax.hlines([0], [7], [8.125], color="black")
    ax.set_yticks([0, 1, 2], ["Tuy Lộc", "Đồng Tâm", "2022"])
    assert read_back(ax.figure).splitlines() == [
        "lines #000000: 7 Tuy Lộc, 8.125 Tuy Lộc",
        "o #000000: 7.5 Tuy Lộc, 2.25 Đồng Tâm, 1000 2022",
    ]


@pytest.mark.parametrize("kind", ["ranking", "tile_map", "heatmap", "trend", "small_multiples"])
def test_values_swapped_between_communes_change_the_text(kind, load):
    """The picture is drawn of swapped values, while the table that is shown beside it is right."""
    records = load(*ROWS)
    communes = {"communes": ("Yên Thịnh", "Đồng Tâm")} if kind == "trend" else {}
    view = View(kind=kind, measures=["tips"], **communes)
    if kind == "tile_map":
        records, view = antq.load_records(), View(kind=kind, measures=["tips"])
    numbers = antq.tabulate(records, view)
    right = shown(antq.draw(records, view))
    other = numbers.copy()
    of = other["series" if kind == "trend" else "commune"].isin(("Yên Thịnh", "Đồng Tâm"))
    columns = ["value", "low", "high"]
    other.loc[of, columns] = other.loc[of, columns].to_numpy()[::-1]
    assert not other.equals(numbers)
    wrong = drawing.draw_numbers(other, view)
    wrong.alt = right.partition("\n")[0].removeprefix("<Picture: ")  # an alt text of the table
    assert shown(wrong) != right


def test_dots_one_row_lower_change_the_text():
    """A ranking that gave each commune another's value once passed all tests."""
    picture = antq.draw(antq.load_records(), View(kind="ranking"))
    right = shown(picture)
    dots = picture.axes[0].lines[0]
    dots.set_ydata(dots.get_ydata() + 1)
    assert "6.833 Giới Phiên" in right
    assert "6.833 Tuy Lộc" in shown(picture)


@pytest.mark.parametrize(
    "change",
    [
        lambda ax: ax.lines[0].set_color("yellow"),
        lambda ax: ax.set_title("Tips received, 2014–2022"),
        lambda ax: ax.set_ylabel("per 100"),
        lambda ax: ax.texts[-1].remove(),
        lambda ax: ax.set_xticks(range(10), list(map(str, range(2014, 2024)))),
        lambda ax: ax.lines[0].set_visible(False),
    ],
    ids=["colour", "title", "unit", "mark", "periods", "hidden line"],
)
def test_what_else_is_drawn_is_held_too(change):
    """Colour, title, unit, mark, and the names of periods."""
    picture = antq.draw(antq.load_records(), View(measures=["tips"]))
    right = shown(picture)
    change(picture.axes[0])
    assert shown(picture) != right


def test_long_curves_are_held_to_each_point():
    """Of more than forty points a checksum is written."""
    ax = Figure().subplots()
    (curve,) = ax.plot(range(100), range(100))
    right = read_back(ax.figure)
    assert len(right) < 80
    curve.set_ydata([*range(50), 51, 50, *range(52, 100)])
    assert read_back(ax.figure) != right


def test_numbers_are_no_names():
    """Ticks that print the numbers at which they stand, in either language."""
    ax = Figure().subplots()
    ax.plot([0, 1], [500, 1500], color="black")
    ax.set_yticks([0, 1000, 2000], ["0", "1.000", "2.000"])
    assert read_back(ax.figure) == "- #000000: 0 500, 1 1500"


def test_a_picture_of_another_library_is_shown_with_its_numbers():
    """With `mark` it shows itself as ours do, whether made up or not."""
    table = pd.DataFrame({"year": ["2021", "2022"], "tips": [7, 9], "source": "illustrative"})
    ax = FigureCanvasAgg(Figure()).figure.subplots()
    ax = style.mark(sns.barplot(table, x="year", y="tips", ax=ax), table)
    data, _ = DisplayFormatter().format(ax.figure, include=["text/plain", "text/html"])
    assert "2021 0–7; 2022 0–9" in data["text/plain"]
    assert 'alt="SYNTHETIC FIGURES, FOR ILLUSTRATION. tips."' in data["text/html"]
    ax = FigureCanvasAgg(Figure()).figure.subplots()
    own = style.mark(ax, table.assign(source="reported"))
    assert shown(own.figure).startswith("<Picture: ")
    assert "SYNTHETIC" not in shown(own.figure)


def test_grey_lines_are_held_each():
    """Those of all communes are one collection."""
    records = antq.load_records()
    everyone = tuple(antq.load_communes(boundaries=2020)["name"])
    picture = antq.draw(records, View(measures=["tips"], communes=everyone))
    right = shown(picture)
    (grey,) = [c for c in picture.axes[0].collections if isinstance(c, LineCollection)][:1]
    segments = grey.get_segments()
    grey.set_segments([*segments[:3], segments[4], segments[3], *segments[5:]])
    assert shown(picture) != right
