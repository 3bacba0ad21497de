"""Every picture is held to its numbers: what a reader sees is set beside the row of its table."""

import math
import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers.drawing import style
from antq_helpers.tables import package_table
from tests.artists import (
    Mark,
    band_of,
    bars_across,
    bars_up,
    cells_of,
    colour_of,
    curves_in,
    from_above,
    key_of,
    marks_in,
    names_at,
    read_number,
    says,
    shade_words,
    spot,
    texts_at,
)
from tests.quick import SAMPLE, quick_of

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


def picture(kind, table=None, **said):
    """Draw on axes of their own, as wide as a page."""
    figure = Figure(figsize=(8.6, 6), layout="constrained")
    return getattr(antq, f"plot_{kind}")(
        DRAWN[kind][0] if table is None else table, **said, ax=figure.subplots()
    )


# ---- Every picture ----


@pytest.mark.parametrize("kind", DRAWN)
def test_every_picture_of_a_notebook_knows_its_alt_text(kind):
    """Drawn without axes given: its mark, its title, and numbers."""
    table, said = DRAWN[kind]
    ax = getattr(antq, f"plot_{kind}")(table, **said)
    alt = ax.figure.alt
    plt.close(ax.figure)
    assert alt.startswith("SYNTHETIC FIGURES, FOR ILLUSTRATION. ")
    title = ax.get_title("left") or ax.get_title()
    told = title.replace("–", " to ") if kind == "trend" else title
    assert f"{told}." in alt
    assert re.search(r"\d", alt.removeprefix("SYNTHETIC FIGURES, FOR ILLUSTRATION. " + told))
    assert alt == " ".join(alt.split())


def test_every_plot_function_is_tried_here():
    """A new picture comes to the tests of this file by a row."""
    assert {f"plot_{kind}" for kind in DRAWN} == {n for n in antq.__all__ if n[:5] == "plot_"}


@pytest.mark.parametrize("kind", quick_of(list(DRAWN), 4))
def test_without_axes_each_call_draws_a_new_figure(run_cell, kind):
    """Two calls in a cell are two pictures: the first one is not drawn over."""
    table, said = DRAWN[kind]
    code = f"first = antq.plot_{kind}(table, **said)\nbefore = len(first.get_children())\n"
    code += f"second = antq.plot_{kind}(table, **said)\nassert len(first.get_children()) == before"
    first, second = run_cell(code, table=table, said=said)
    assert len(first.axes) == len(second.axes) > 0
    assert plt.get_fignums() == [1, 2]


# ---- Communes in order ----


@pytest.mark.parametrize("records", quick_of([GAPS, SAMPLE], 1), ids=["gaps", "sample"])
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


@pytest.mark.parametrize("records", quick_of([GAPS, SAMPLE], 1), ids=["gaps", "sample"])
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


@pytest.mark.parametrize("records", quick_of([GAPS, SAMPLE], 1), ids=["gaps", "sample"])
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


@pytest.mark.parametrize("records", quick_of([GAPS, SAMPLE], 1), ids=["gaps", "sample"])
@pytest.mark.parametrize(
    ("boundaries", "years"), [(2013, (2014, 2019)), (2020, None), (2024, None)]
)
def test_a_tile_shows_its_commune_its_own_value_and_shade(records, boundaries, years):
    """It stands where the layout has it; number, circle, hatch and shade are those of its row."""
    asked = {"boundaries": boundaries, "years": years}
    ax = picture("tile_map", records, **asked)
    table = antq.compare_communes(records, **asked).set_index("commune")
    tiles = package_table("tiles").query("boundaries == @boundaries")
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


# ---- Over time ----


@pytest.mark.parametrize("records", quick_of([GAPS, SAMPLE], 1), ids=["gaps", "sample"])
@pytest.mark.parametrize("scale", ["one", "own"])
@pytest.mark.parametrize("measure", ["tips", "resolved_cases"])
def test_a_panel_shows_its_commune_its_own_course_interval_and_city(records, scale, measure):
    """Line, interval, dashed line of the city and marks are those of the commune in its title.

    A period shorter than the rest is not joined to them: a diamond, and a dash for the city.
    """
    ax = picture("small_multiples", records, measure=measure, scale=scale)
    pooled = 1 if measure == "tips" else 3
    table = antq.compare_communes(records, measure=measure, period=pooled)
    periods = table["period"].drop_duplicates().tolist()
    joined = np.array([pooled == 1 or "-to-" in period for period in periods])
    panels = {panel.get_title(): panel for panel in ax.child_axes}
    assert list(panels) == table["commune"].drop_duplicates().tolist()
    blue, grey = to_hex(style.COLOURS[0]), to_hex(style.CITY)
    x, ends = np.arange(len(periods)), [periods[0].replace("-to-", "–"), periods[-1]]
    for name, panel in panels.items():
        rows = table[table["commune"] == name].set_index("period").loc[periods].set_index(x)
        top, marks = panel.get_ylim()[1], marks_in(panel)
        for column, colour in (("value", blue), ("city", grey)):
            (line,) = curves_in(panel, colour)
            expected = np.column_stack([x, rows[column].where(joined)])
            np.testing.assert_allclose(line, expected)
        expected = {
            spot(at, city): Mark("_", grey, True) for at, city in rows["city"][~joined].items()
        }
        for at, row in rows.iterrows():
            if row["state"] == "missing":
                expected[spot(at, 0)] = Mark("x", blue, True)
                continue
            look = Mark("o" if joined[at] else "D", blue, row["state"] == "full")
            expected[spot(at, row["value"])] = look
            if row["high"] > top:
                expected[spot(at, top)] = Mark("^", blue, True)
        assert marks == expected
        intervals = {}
        for drawn in panel.collections:
            intervals |= band_of(drawn)
            assert colour_of(drawn) == blue
        cut = rows[["low", "high"]][rows["value"].notna()].clip(upper=top)
        assert intervals == {at: spot(*span) for at, span in cut.T.items()}
        assert names_at(panel.xaxis) in ({}, dict(zip([0.0, float(x[-1])], ends, strict=True)))
        assert all(says(said, at) for at, said in names_at(panel.yaxis).items())
    tops = {panel.get_ylim()[1] for panel in ax.child_axes}
    assert (len(tops) == 1) == (scale == "one")
    named = [bool(names_at(panel.yaxis)) for panel in ax.child_axes]
    assert named == [scale == "own" or place % 5 == 0 for place in range(15)]  # 3 rows of 5
    assert len(names_at(ax.child_axes[-1].xaxis)) == 2


TRENDS = {
    "city": {},
    "one": {"communes": ["Âu Lâu"]},
    "several": {"communes": ["Tuy Lộc", "Âu Lâu", "Hợp Minh"]},
    "quarters": {"communes": ["Âu Lâu", "Hồng Hà"], "by": "quarter"},
    "rates": {"communes": ["Hồng Hà", "Minh Bảo"], "per": 1000, "years": (2016, 2020)},
    "kinds": {"split": "kind"},
    "share": {"communes": ["Hồng Hà"], "measure": "valuable_share"},
    "crowd": {"communes": sorted(set(GAPS["commune"][GAPS["year"] == 2022]))},
}


@pytest.mark.parametrize("said", TRENDS.values(), ids=TRENDS)
def test_a_trend_shows_each_series_its_own_values_intervals_and_states(said):
    """The line is found by the colour of the name at its end; the period by the tick below."""
    ax = picture("trend", GAPS, **said)
    view = {name: value for name, value in said.items() if name != "measure"}
    measure = said.get("measure", "tips")
    table = antq.tabulate(GAPS, antq.View((measure,), **view))
    periods = table["period"].drop_duplicates().tolist()
    colours = {
        text.get_text(): to_hex(text.get_color())
        for text in ax.texts
        if text.get_gid() != "illustrative"
    }
    assert set(colours) == set(table["series"])
    if said is TRENDS["crowd"]:  # the rest is grey, see below
        colours = {"City mean": colours["City mean"]}
    assert len(set(colours.values())) == len(colours)
    marks = marks_in(ax)
    for name, colour in colours.items():
        rows = table[table["series"] == name].set_index("period")
        (line,) = curves_in(ax, colour)
        places = np.round(line[:, 0]).astype(int)
        assert [periods[place] for place in places] == rows.index.tolist()
        np.testing.assert_allclose(line[:, 1], rows["value"])
        drawn = bars_up(ax, colour)
        for band in ax.collections:
            if not isinstance(band, LineCollection) and colour_of(band) == colour:
                drawn |= band_of(band)
        ends = {periods[round(x)]: pair for x, pair in drawn.items() if math.isfinite(pair[0])}
        known = rows[rows["value"].notna()]
        for period, (low, high) in ends.items():
            row = rows.loc[period]
            assert low == pytest.approx(row["low"])
            assert high == pytest.approx(min(row["high"], max(ax.get_ylim()[1] / 1.14, high)))
        assert set(ends) == set(known.index)
        for at, mark in marks.items():
            if mark.colour == colour:
                state = rows["state"][periods[round(at[0])]]
                assert (mark.marker == "x") == (state == "missing")
                assert mark.filled == (state in ("full", "missing"))
        for state in ("partial", "missing"):
            found = {periods[round(at[0])] for at, m in marks.items() if m.colour == colour}
            assert set(rows.index[rows["state"] == state]) <= found
    ticks = names_at(ax.xaxis)
    assert len(ticks) > 3
    for at, told in ticks.items():
        period = periods[int(at)]
        year = period[:4] if period[4:] in ("", "-Q1") else None
        assert told in (period.replace("-", " "), year)
    for at, told in names_at(ax.yaxis).items():
        assert says(told, at)


def test_a_crowd_of_grey_lines_are_the_communes():
    """Each grey line is one commune's course, and each commune has its line."""
    ax = picture("trend", GAPS, **TRENDS["crowd"])
    view = antq.View(("tips",), TRENDS["crowd"]["communes"])
    table = antq.tabulate(GAPS, view).query("role == 'commune'")
    courses = table.pivot(index="series", columns="period", values="value")
    (grey,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    drawn = sorted([spot(*xy) for xy in course] for course in grey.get_segments() if len(course))
    expected = sorted(
        [spot(*xy) for xy in enumerate(course) if math.isfinite(xy[1])]
        for course in courses.dropna(how="all").to_numpy()
    )
    assert drawn == expected


# ---- Two measures, and the movement ----


@pytest.mark.parametrize("lag", [0, 1])
def test_a_relation_shows_each_pair_of_its_table_and_the_slope_of_its_model(lag):
    """Outreach along, tips up; at twice as much outreach the line says the model's change."""
    ax = picture("relation", lag=lag)
    table = antq.pair_rates(SAMPLE, lag=lag)
    mean = table.groupby("commune")[["sessions", "tips"]].transform("mean")
    pairs = (table[["sessions", "tips"]] / mean).to_numpy()
    drawn = [spot(*xy) for line in ax.lines for xy in line.get_xydata() if line.get_marker() == "o"]
    assert sorted(drawn) == sorted(spot(*pair) for pair in pairs)
    found = antq.relate(SAMPLE, lag=lag)
    (line,) = curves_in(ax, style.FOCUS)
    (band,) = ax.collections
    assert colour_of(band) == to_hex(style.FOCUS)
    low, high = np.array([(x, *ends) for x, ends in sorted(band_of(band).items())]).T[1:]
    for edge, change in ((line[:, 1], found.change_pct), (low, found.low), (high, found.high)):
        at_most = np.interp(line[-1, 0], line[:, 0], edge)
        slope = math.log(at_most) / math.log(line[-1, 0])
        assert 100 * (2**slope - 1) == pytest.approx(change)
    assert ax.get_xlabel().startswith("Outreach sessions" + " a year before" * lag)
    assert ax.get_ylabel().startswith("Tips")
    for axis in (ax.xaxis, ax.yaxis):
        assert all(says(told, at) for at, told in names_at(axis).items())


PART_NAMES = {
    "commune": "Communes and wards",
    "body": "Agencies, enterprises, schools",
    "not_itemised": "Not itemised",
    "ministry": "Ministry of Public Security",
    "provincial_chair": "Provincial chair",
    "provincial_police_director": "Provincial police director",
    "city_chair": "City chair",
    "collective": "Collectives",
    "individual": "Individuals",
}


@pytest.mark.parametrize(
    ("table", "by", "split"),
    [("drives", "kind", None), ("drives", "commune", None), ("models", "commune", None),
     ("commendations", "authority", "recipient")],
)  # fmt: skip
def test_a_bar_shows_its_kind_its_own_sum_and_parts(table, by, split):
    """Each piece, in the colour that the key gives its part, begins where the one before ends."""
    rows = TABLES[table].dropna(subset=by)
    ax = picture("parts", rows, by=by, split=split)
    sums = rows.groupby(by)["count"].sum().rename(lambda kind: PART_NAMES.get(kind, kind))
    names, texts = names_at(ax.yaxis), {y: text for (_, y), text in texts_at(ax).items()}
    assert sorted(names.values()) == sorted(sums.index)
    key = key_of(ax) if split else {}
    assert {names[y]: read_number(text)[0] for y, text in texts.items()} == sums.to_dict()
    parts, ends = {}, {}
    for bar in sorted(ax.patches, key=lambda bar: bar.get_x()):
        name = names[bar.get_y() + bar.get_height() / 2]
        assert bar.get_x() == ends.get(name, 0)
        ends[name] = bar.get_x() + bar.get_width()
        assert bool(bar.get_hatch()) == (name == "Not itemised")
        if split and bar.get_width():
            parts[name, key[to_hex(bar.get_facecolor())]] = bar.get_width()
    assert ends == sums.to_dict()
    if split:
        expected = rows.groupby([by, split])["count"].sum()
        assert parts == {tuple(PART_NAMES[k] for k in at): n for at, n in expected.items() if n}
    in_order = [sums[name] for name in from_above(ax) if name != "Not itemised"]
    assert in_order == sorted(in_order, reverse=True)


def test_a_stock_shows_each_day_its_own_kinds():
    """Each piece, in the colour or hatch of the key, is the stock of that kind on that day."""
    ax = picture("stock")
    models, key, days = TABLES["models"], key_of(ax), names_at(ax.xaxis)
    last = pd.concat([models["since"], models["until"]]).max()
    assert list(days.values())[-1] == f"{last.month}/{last.year}"
    drawn, ends = {}, {}
    for bar in sorted(ax.patches, key=lambda bar: bar.get_y()):
        day = days[round(bar.get_x() + bar.get_width() / 2, 6)]
        assert bar.get_y() == ends.get(day, 0)
        ends[day] = bar.get_y() + bar.get_height()
        colour = "hatch" if bar.get_hatch() else to_hex(bar.get_facecolor())
        if bar.get_height():
            drawn[day, key[colour]] = bar.get_height()
    kinds = {
        "camera": "Security cameras", "lights": "Security lights", "other": "Not itemised",
        "zalo": "Zalo security groups", "keyring": "Security key-rings",
        "self_managed_group_1": "Self-managed groups no. 1",
        "self_managed_group_2": "Self-managed groups no. 2",
    }  # fmt: skip
    expected = {}
    for place, day in days.items():
        until = f"{last.date()}" if "/" in day else f"{day}-12-31"
        running = models[(models["since"] <= until) & ~(models["until"] <= until)]
        for kind, count in running.groupby("kind")["count"].sum().items():
            expected[day, kinds[kind]] = count
        (total,) = [text for (x, _), text in texts_at(ax).items() if x == place]
        assert read_number(total)[0] == running["count"].sum() == ends[day]
    assert drawn == expected
    pieces = sorted((b for b in ax.patches if "/" in days[round(b.get_x() + 0.35, 6)]),
                    key=lambda bar: -bar.get_y())  # fmt: skip
    shown = [key["hatch" if b.get_hatch() else to_hex(b.get_facecolor())] for b in pieces]
    assert shown == list(key.values())  # the key is in the order of the pieces, from above
