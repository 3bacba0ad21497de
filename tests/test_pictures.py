"""Every picture is held to its numbers: what a reader sees is read back and set beside its table.

The helpers read values, names, intervals and colours from the artists as an eye would: a name is
that of the tick beside the point, a shade is what the key says of its colour.
"""

import math
import re
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers.drawing import style
from antq_helpers.tables import load_table

SAMPLE = antq.load_records()
COUNTS = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
TABLES = {name: antq.load_table(name) for name in ("drives", "models", "commendations")}
DRAWN = {
    "change": (SAMPLE, {"before": (2013, 2015), "after": (2020, 2022)}),
    "control": (SAMPLE, {"commune": "Tuy Lộc"}),
    "coverage": (SAMPLE, {}),
    "funnel": (SAMPLE, {}),
    "heatmap": (SAMPLE, {}),
    "parts": (TABLES["drives"], {"by": "kind"}),
    "ranking": (SAMPLE, {}),
    "relation": (SAMPLE, {}),
    "small_multiples": (SAMPLE, {}),
    "stock": (TABLES["models"], {}),
    "tile_map": (SAMPLE, {}),
    "trend": (SAMPLE, {}),
}


def with_gaps():
    """The sample, but Hợp Minh never reported, and Âu Lâu nothing from July 2021 on."""
    records = SAMPLE.copy()
    silent = records["commune"].eq("Hợp Minh")
    silent |= records["commune"].eq("Âu Lâu") & (records["period_start"] >= "2021-07-01")
    records.loc[silent, COUNTS] = pd.NA
    return records


GAPS = with_gaps()


# ---- Reading a picture ----


class Mark(NamedTuple):
    """What stands on top at a point."""

    marker: str
    colour: str
    filled: bool


def picture(kind, table=None, **said):
    """Draw on axes of their own, as wide as a page."""
    figure = Figure(figsize=(8.6, 6), layout="constrained")
    return getattr(antq, f"plot_{kind}")(
        DRAWN[kind][0] if table is None else table, **said, ax=figure.subplots()
    )


def names_at(axis):
    """Give the names along an axis by their place, in the order in which they are seen."""
    labels = [label.get_text() for label in axis.get_ticklabels()]
    return {float(at): name for at, name in zip(axis.get_ticklocs(), labels, strict=True) if name}


def from_above(ax):
    """Give the names of rows as they are read, the uppermost first."""
    low, high = ax.get_ylim()
    rows = sorted(names_at(ax.yaxis).items(), reverse=bool(low < high))
    return [name for _, name in rows]


def spot(x, y):
    """Give a place that can be looked up: the last digits of a sum depend on its order."""
    return round(float(x), 9), round(float(y), 9)


def marks_in(ax):
    """Give what stands on top at each point that has a mark."""
    seen = {}
    for line in sorted(ax.lines, key=lambda line: line.get_zorder()):
        if line.get_marker() in ("", " ", "None", None):
            continue
        filled = to_hex(line.get_markerfacecolor()) != "#ffffff"
        mark = Mark(line.get_marker(), to_hex(line.get_markeredgecolor()), filled)
        for x, y in line.get_xydata():
            if math.isfinite(x) and math.isfinite(y):
                seen[spot(x, y)] = mark
    return seen


def curves_in(ax, colour):
    """Give the curves of a colour that join their points: no bars, which are paler."""
    return [
        line.get_xydata()
        for line in ax.lines
        if to_hex(line.get_color()) == to_hex(colour)
        and line.get_linestyle() not in ("None", "", " ")
        and not line.get_alpha()
    ]


def bars_across(ax):
    """Give the ends of horizontal bars by their height, with colour and width."""
    found = {}
    for bars in ax.collections:
        if not isinstance(bars, LineCollection):
            continue
        for (left, y), (right, _) in filter(len, bars.get_segments()):
            found[float(y)] = left, right, to_hex(bars.get_color()[0]), bars.get_linewidth()[0]
    return found


def band_of(collection):
    """Give the lower and upper edge of a band by place."""
    at = {}
    for path in collection.get_paths():
        for x, y in path.vertices:
            at.setdefault(float(x), []).append(float(y))
    return {x: (min(ys), max(ys)) for x, ys in at.items()}


def bars_up(ax, colour):
    """Give the ends of upright bars in a colour by place: a line with a gap behind each two."""
    found = {}
    for line in ax.lines:
        if to_hex(line.get_color()) == to_hex(colour) and line.get_alpha():
            for (x, low), (_, high) in line.get_xydata().reshape(-1, 3, 2)[:, :2]:
                found[float(x)] = low, high
    return found


def texts_at(ax):
    """Give the texts within the axes by their place, but for the mark of made-up figures."""
    texts = [t for t in ax.texts if t.get_gid() != "illustrative" and t.get_text().strip()]
    return {tuple(map(float, text.get_position())): text.get_text() for text in texts}


def cells_of(ax):
    """Give value and colour of each cell of a mesh, by the names of its row and its column."""
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    values, corners = mesh.get_array(), mesh.get_coordinates()
    colours = mesh.to_rgba(values)
    middles = (corners[:-1, :-1] + corners[1:, 1:]) / 2
    rows = names_at(ax.yaxis)
    found = {}
    for place in np.ndindex(values.shape):
        x, y = map(float, middles[place])
        shown = None if np.ma.getmaskarray(values)[place] else to_hex(colours[place])
        found[rows[y], x] = float(np.ma.filled(values, np.nan)[place]), shown
    return found


def key_of(ax):
    """Give what the key says of each colour; of a hatch, what it says of the hatch."""
    legend = ax.get_legend()
    words = [text.get_text() for text in legend.get_texts()]
    return {
        "hatch" if patch.get_hatch() else to_hex(patch.get_facecolor()): said
        for patch, said in zip(legend.legend_handles, words, strict=True)
    }


def read_number(text):
    """Read an English number, and give half of its last digit, by which it may be rounded."""
    written = re.match(r"[-−]?[\d,]+(?:\.(\d+))?", text.strip())
    value = float(written[0].replace(",", "").replace("−", "-"))
    return value, 0.5 * 10 ** -len(written[1] or "") + 1e-9


def says(text, value):
    """Whether a text begins with a value, rounded."""
    read, room = read_number(text)
    return abs(read - value) <= room


def shade_words(ratio):
    """What the key must say of a ratio to the city's value."""
    steps = {0.5: "under 0.5", 0.8: "0.5–0.8", 1.25: "0.8–1.25", 2: "1.25–2"}
    return next((said for step, said in steps.items() if ratio < step), "2 and over")


# ---- Every picture ----


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


# ---- Communes in order ----


@pytest.mark.parametrize("records", [SAMPLE, GAPS], ids=["sample", "gaps"])
@pytest.mark.parametrize("measure", ["tips", "valuable_share", "attendances"])
def test_a_ranking_shows_each_commune_its_own_value_and_interval(records, measure):
    """The point, bar and look beside a name are those of its row of the table, the highest first.

    A hollow point is one whose reports cover too little; a name without a point says why.
    """
    ax = picture("ranking", records, measure=measure)
    table = antq.compare_communes(records, measure=measure).set_index("commune")
    names, marks, bars = names_at(ax.yaxis), marks_in(ax), bars_across(ax)
    rows = {names[y]: (x, mark) for (x, y), mark in marks.items()}
    known = table[table["value"].notna()]
    assert set(names.values()) == set(table.index)
    assert {name: x for name, (x, _) in rows.items()} == pytest.approx(known["value"].to_dict())
    blue = to_hex(style.COLOURS[0])
    assert {name: mark for name, (_, mark) in rows.items()} == {
        name: Mark("o", blue, state == "full") for name, state in known["state"].items()
    }
    if measure != "attendances":
        for y, (left, right, _, _) in bars.items():
            assert (left, right) == pytest.approx(tuple(table.loc[names[y], ["low", "high"]]))
        assert {names[y] for y in bars} == set(known.index)
    in_order = known["value"].sort_values(ascending=False)
    assert table.loc[from_above(ax)[: len(known)], "value"].tolist() == in_order.tolist()
    silent = {names[y] for (_, y), text in texts_at(ax).items() if text == "Not reported"}
    assert silent == set(table.index) - set(known.index)


@pytest.mark.parametrize("measure", ["tips", "valuable_share"])
def test_a_rankings_line_is_the_citys(measure):
    """It stands at the city's value, is written with it, and is of one colour with its words."""
    ax = picture("ranking", measure=measure)
    city = antq.compare_communes(SAMPLE, measure=measure)["city"].iloc[0]
    (text,) = [t for t in ax.texts if "Whole city" in t.get_text()]
    (line,) = curves_in(ax, text.get_color())
    assert line[:, 0] == pytest.approx([city, city])
    assert says(text.get_text().split(":")[1], city)
    assert text.get_position()[0] == pytest.approx(city)


@pytest.mark.parametrize("records", [SAMPLE, GAPS], ids=["sample", "gaps"])
@pytest.mark.parametrize("measure", ["tips", "valuable_share"])
def test_a_change_shows_each_commune_its_own_ratio_and_interval(records, measure):
    """Point, bar, weight and words beside a name are those of its row; filled where it is found."""
    spans = {"before": (2013, 2015), "after": (2020, 2022)}
    ax = picture("change", records, measure=measure, **spans)
    table = antq.compare_years(records, measure=measure, **spans).set_index("commune")
    names, bars, texts = names_at(ax.yaxis), bars_across(ax), texts_at(ax)
    assert from_above(ax) == table.index.tolist()
    left, right = ax.get_xlim()
    known = table[table["ratio"].notna()]
    seen = {names[y]: (x, mark.filled) for (x, y), mark in marks_in(ax).items()}
    found = known["change"] != ""
    assert {name: x for name, (x, _) in seen.items()} == pytest.approx(
        known["ratio"].clip(left, right).to_dict()
    )
    assert {name: filled for name, (_, filled) in seen.items()} == found.to_dict()
    drawn = {names[y]: bar for y, bar in bars.items()}
    for name, row in known.iterrows():
        low, high, _, width = drawn[name]
        assert (low, high) == pytest.approx((max(row["low"], left), min(row["high"], right)))
        assert (width > 2) == found[name]
    for (_, y), text in texts.items():
        row = table.loc[names[y]]
        if math.isnan(row["ratio"]):
            assert text == "Not reported"
            continue
        before, after, change = re.match(r"(.*) → (.*) \((.*)%\)", text).groups()
        assert says(before, row["before"])
        assert says(after, row["after"])
        assert says(change.lstrip("+"), (row["ratio"] - 1) * 100)
    assert len(texts) == len(table)
    for at, label in names_at(ax.xaxis).items():  # the tick at 1.25 says +25%
        assert says(label.lstrip("+"), (at - 1) * 100)


# ---- Communes as cells and tiles ----


@pytest.mark.parametrize("records", [SAMPLE, GAPS], ids=["sample", "gaps"])
@pytest.mark.parametrize("measure", ["tips", "resolved_cases"])
def test_a_heatmap_shows_each_commune_and_period_its_own_value_and_shade(records, measure):
    """Number, circle, hatch and shade, read through the key, are those of the row of the table."""
    ax = picture("heatmap", records, measure=measure)
    pooled = 1 if measure == "tips" else 3
    table = antq.compare_communes(records, measure=measure, period=pooled)
    assert from_above(ax) == table["commune"].drop_duplicates().tolist()
    rows, columns, key = names_at(ax.yaxis), names_at(ax.xaxis), key_of(ax)
    cells, texts = cells_of(ax), texts_at(ax)
    hatched = {(p.get_x() + 0.5, p.get_y() + 0.5) for p in ax.patches if p.get_hatch()}
    assert len(rows) * len(columns) == len(table) == len(cells)
    table = table.assign(period=table["period"].str.replace("-to-", "–")).set_index(
        ["commune", "period"]
    )
    for (y, commune), (x, period) in product(rows.items(), columns.items()):
        row = table.loc[(commune, period)]
        assert ((x, y) in hatched) == (row["state"] == "missing")
        if row["state"] == "missing":
            assert (x, y) not in texts
            continue
        assert says(texts[x, y], row["value"])
        assert texts[x, y].endswith("○") == (row["state"] == "partial")
        ratio, colour = cells[commune, x]
        assert ratio == pytest.approx(row["value"] / row["city"])
        assert key[colour] == shade_words(ratio)
    assert ("hatch" in key) == bool(hatched)


@pytest.mark.parametrize("records", [SAMPLE, GAPS], ids=["sample", "gaps"])
@pytest.mark.parametrize(
    ("boundaries", "years"), [(2013, (2014, 2019)), (2020, None), (2024, None)]
)
def test_a_tile_shows_its_commune_its_own_value_and_shade(records, boundaries, years):
    """It stands where the layout has it; number, circle, hatch and shade are those of its row."""
    asked = {"boundaries": boundaries, "years": years}
    ax = picture("tile_map", records, **asked)
    table = antq.compare_communes(records, **asked).set_index("commune")
    tiles = load_table("tiles").query("boundaries == @boundaries")
    places = tiles.set_index("commune_id")[["column", "row"]]
    key, seen = key_of(ax), set()
    for tile in ax.patches:
        left, above = tile.get_xy()
        inside = [
            text.get_text()
            for text in ax.texts
            if left < text.get_position()[0] < left + 1
            and above < text.get_position()[1] < above + 1
            and text.get_gid() != "illustrative"
        ]
        name = inside[0].replace("\n", " ")
        row = table.loc[name]
        seen.add(name)
        column, line = places.loc[row["commune_id"]]
        assert (left, above) == (column / 2, line)
        if row["state"] == "missing":
            assert tile.get_hatch()
            assert inside[1:] in ([], [""])
            continue
        assert says(inside[1], row["value"])
        assert inside[1].endswith("○") == (row["state"] == "partial")
        assert key[to_hex(tile.get_facecolor())] == shade_words(row["value"] / row["city"])
    assert seen == set(table.index)
    assert ax.yaxis_inverted()  # row 0 of the layout is the north


@pytest.mark.parametrize("by", ["year", "quarter"])
def test_coverage_shows_each_commune_and_period_its_own_share(by):
    """The darker the more: no report at all is the lightest shade, all of a period the darkest."""
    ax = picture("coverage", GAPS, by=by)
    totals = antq.total_by(GAPS, "commune", period=by, measure="tips")
    table = totals.pivot(index="commune", columns="period", values="covered").fillna(0)
    order = antq.load_communes(boundaries=2020).sort_values("official_order")["name"].tolist()
    assert from_above(ax) == order
    cells = cells_of(ax)
    for (name, x), (covered, _) in cells.items():
        assert covered == pytest.approx(table.loc[name].iloc[int(x)])
    assert len(cells) == table.size
    for at, year in names_at(ax.xaxis).items():
        assert table.columns[int(at)][:4] == year
        assert table.columns[int(at)][4:] in ("", "-Q1")
    light = {
        covered: sum(int(colour[i : i + 2], 16) for i in (1, 3, 5))
        for covered, colour in cells.values()
    }
    assert [light[share] for share in sorted(light)] == sorted(light.values(), reverse=True)
    assert light[0] > 700 > 350 > light[1]
    scale = ax.figure.axes[1]
    assert all(says(said.strip("%"), at * 100) for at, said in names_at(scale.yaxis).items())


# ---- Communes against limits ----


@pytest.mark.parametrize("measure", ["tips", "valuable_share"])
def test_a_funnel_shows_each_commune_its_own_size_value_and_side(measure):
    """The mark points to the side of its row; a name stands at the point of its own row."""
    ax = picture("funnel", measure=measure)
    totals = antq.total_by(SAMPLE, "commune", measure=measure)
    table = antq.funnel(totals, measure=measure).set_index("commune")
    size = table["base"] / (1000 if measure == "tips" else 1)
    blue = to_hex(style.COLOURS[0])
    expected = {
        spot(x, row["value"]): Mark({"above": "^", "below": "v", "": "o"}[row["outlier"]], blue,
                                row["outlier"] != "")
        for x, (_, row) in zip(size, table.iterrows(), strict=True)
    }  # fmt: skip
    assert marks_in(ax) == expected
    named = {t.get_text(): t.xy for t in ax.texts if t.get_text() in table.index}
    outside = table[table["outlier"] != ""]
    assert named == {name: (size[name], row["value"]) for name, row in outside.iterrows()}


@pytest.mark.parametrize("measure", ["tips", "valuable_share"])
def test_the_curves_of_a_funnel_are_the_limits_that_their_words_say(measure):
    """The curve that ends at the word 95% is the 95% limit at each commune's size; so the city."""
    ax = picture("funnel", measure=measure)
    totals = antq.total_by(SAMPLE, "commune", measure=measure)
    table = antq.funnel(totals, measure=measure)
    size = table["base"] / (1000 if measure == "tips" else 1)
    curves = curves_in(ax, style.CITY)
    texts = {t.get_text().strip(): t.get_position() for t in ax.texts}
    for words, level in (("95%", "95"), ("99.8%", "998")):
        (curve,) = [c for c in curves if tuple(c[-1]) == pytest.approx(texts[words])]
        drawn = np.interp(size, *curve.T)
        assert drawn == pytest.approx(table[f"high_{level}"].to_numpy(), rel=0.02)
        lows = [np.interp(size, *c.T) for c in curves]
        low = table[f"low_{level}"].to_numpy()
        assert any(np.allclose(found, low, rtol=0.02, atol=0.02 * low.max()) for found in lows)
    (city,) = [said for said in texts if said.startswith("Whole city")]
    assert texts[city][1] == pytest.approx(table["city"].iloc[0])
    assert says(city.split(":")[1], table["city"].iloc[0])
    (line,) = curves_in(ax, style.FOCUS)
    assert line[:, 1] == pytest.approx([table["city"].iloc[0]] * 2)


@pytest.mark.parametrize("commune", [None, "Âu Lâu", "Hồng Hà"])
@pytest.mark.parametrize("by", ["year", "quarter"])
def test_a_control_chart_shows_each_period_its_own_value_limits_and_signal(commune, by):
    """The line that the key calls the mean is the mean; a signal points to its own side."""
    ax = picture("control", GAPS, commune=commune, by=by)
    keys = [] if commune is None else ["commune"]
    totals = antq.total_by(GAPS, *keys, period=by, measure="tips")
    if commune:
        totals = totals[totals["commune"] == commune]
    totals = totals.sort_values("period", ignore_index=True)
    rates = totals["numerator"] / totals["exposure"] * 1000
    limits = antq.control_limits(rates)
    (series,) = curves_in(ax, style.COLOURS[0])
    np.testing.assert_allclose(series, np.column_stack([np.arange(len(rates)), rates]))
    legend = ax.get_legend()
    words = [text.get_text() for text in legend.get_texts()]
    said = {
        word: handle.get_color() for handle, word in zip(legend.legend_handles, words, strict=True)
    }
    (mean,) = curves_in(ax, said["Mean"])
    assert np.ptp(mean[:, 1]) == 0
    assert mean[0, 1] == pytest.approx(limits.mean)
    (limit,) = [word for word in words if "imits" in word]
    assert limit.startswith("Trial") == (len(rates) < 12)
    ends = [
        spot(*span) for span in zip(*(c[:, 1] for c in curves_in(ax, said[limit])), strict=True)
    ]
    assert set(ends) == {spot(limits.low, limits.high)}
    side = {"above": "^", "below": "v"}
    state = np.where(totals["covered"] < 0.9, "partial", "full")
    marks = marks_in(ax)
    for x, (_, row) in enumerate(limits.points.iterrows()):
        if math.isnan(row["value"]):
            assert marks.pop((x, 0.0)).marker == "x"
            continue
        mark = marks.pop(spot(x, row["value"]))
        assert mark.marker == side.get(row["signal"], "o")
        colour = said["Beyond a limit"] if row["signal"] else style.COLOURS[0]
        assert mark.colour == to_hex(colour)
        assert mark.filled == (bool(row["signal"]) or state[x] == "full")
    assert marks == {}
    for at, name in names_at(ax.xaxis).items():
        assert totals["period"][int(at)].replace("-", " ") == name
    assert {0.0} <= set(names_at(ax.xaxis))
    assert ax.get_title("left").startswith(f"{commune or 'Whole city'}: Tips received")
