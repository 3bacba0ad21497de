"""Live pictures: the same values and marks as the static ones, of the same numbers."""

import json

import numpy as np
import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers import View
from antq_helpers.dictionary import word
from antq_helpers.drawing.chart import STATES, message_of
from antq_helpers.drawing.figure import alt_text, chart_of, draw_numbers
from antq_helpers.drawing.series import numbers_in
from antq_helpers.drawing.view import KINDS
from antq_helpers.measuring.lookback import look_back
from tests.quick import SAMPLE
from tests.test_kinds import VIEWS, data_of

GAPS = antq.select(SAMPLE, communes=["Tuy Lộc", "Giới Phiên"])
GAPS = GAPS[~((GAPS["commune"] == "Tuy Lộc") & (GAPS["year"] == 2016))]


def live(view, data=None):
    """Return the numbers of a view and its live picture."""
    numbers = antq.tabulate(data_of(view) if data is None else data, view)
    return numbers, chart_of(numbers, view)


def read(numbers, chart, view):
    """Return what is sent to the browser, as it is read there."""
    message = message_of(chart, numbers, view, alt_text(numbers, view))
    columns = {name: np.frombuffer(held) for name, held in message["columns"].items()}
    rows = pd.DataFrame(columns)
    rows["name"] = [message["series"][int(place)]["name"] for place in rows["series"]]
    rows["period"] = [message["periods"][int(place)] for place in rows["at"]]
    return message, rows


def seen(ax):
    """Return the points, bars and tiles that axes hold, as numbers in order."""
    shown = [line for line in ax.lines if line.get_gid() in (None, "target")]
    heights = [y for line in shown for y in line.get_ydata()]
    return np.array([float(y) for y in heights])


# What each kind draws, as the column of its numbers that is the value of a mark.
VALUE = {"parts": "count", "stock": "count", "change": "ratio"}


@pytest.mark.parametrize("view", VIEWS, ids=repr)
def test_each_mark_has_the_value_of_its_number(view):
    """Unit by unit and period by period, with intervals and states, and in no other order."""
    numbers, chart = live(view)
    _, rows = read(numbers, chart, view)
    assert len(rows) == len(numbers)
    if view.kind == "coverage":
        expected = 100 * numbers["covered"]
    elif view.kind == "relation":
        of = view.measures[1]
        expected = numbers[of] / numbers.groupby("commune_id")[of].transform("mean")
    else:
        expected = numbers[VALUE.get(view.kind, "value")]
    assert sorted(rows["value"].fillna(-1)) == pytest.approx(sorted(expected.fillna(-1)))
    if "commune_id" in numbers and view.kind != "control":
        key = ["name", "period"] if "period" in numbers else ["name"]
        names = numbers["commune"]
        wanted = pd.DataFrame({"name": names, "value": expected})
        if "period" in numbers:
            wanted["period"] = chart_periods(numbers, view)
        both = rows.merge(wanted, on=key, suffixes=("", "_wanted"), validate="one_to_one")
        assert len(both) == len(numbers)
        pd.testing.assert_series_equal(both["value"], both["value_wanted"], check_names=False)
    for name in ("low", "high", "target"):
        assert name != "target" or (name in numbers) == (name in rows)
        if name in numbers and name in rows:
            assert sorted(rows[name].fillna(-1)) == pytest.approx(sorted(numbers[name].fillna(-1)))
    if "state" in numbers and "state" in rows:
        states = rows["state"].map(lambda code: STATES[int(code)])
        assert sorted(states) == sorted(numbers["state"])


def chart_periods(numbers, view):
    from antq_helpers.drawing.text import period_label

    return [period_label(period, view.language) for period in numbers["period"]]


@pytest.mark.parametrize("view", VIEWS, ids=repr)
def test_the_static_picture_shows_the_same_values(view):
    """Each value of a mark is read back from the artists of the static one, or from its texts."""
    numbers, chart = live(view)
    picture = draw_numbers(numbers, view)
    axes = [*picture.axes, *(child for ax in picture.axes for child in ax.child_axes)]
    drawn = [seen(ax) for ax in axes]
    drawn += [np.ravel(line.get_xdata()).astype(float) for ax in axes for line in ax.lines]
    drawn += [[bar.get_width(), bar.get_height()] for ax in axes for bar in ax.patches]
    for ax in axes:
        for held in ax.collections:
            if held.get_array() is not None:
                drawn.append(np.ma.filled(np.ma.ravel(held.get_array()), np.nan))
            drawn += [path.vertices.ravel() for path in held.get_paths()]
    found = np.concatenate([np.ravel(np.asarray(part, float)) for part in drawn])
    found = found[np.isfinite(found)]
    values = chart.rows["value"].dropna().to_numpy()
    if view.kind in ("tile_map", "heatmap"):  # their values are texts, and ratios are shades
        texts = {text.get_text().split("\n")[-1] for ax in axes for text in ax.texts}
        written = {label["text"].split("\n")[-1] for label in chart.labels}
        assert written <= texts
        return
    if view.kind == "coverage":
        values = values / 100
    bounded = [kind for kind, *_ in view.bounds or ()]
    if bounded:
        values = values[[look["name"] != "Communes and wards" for look in chart.series]]
    near = np.abs(found[:, None] - values[None, :]).min(axis=0)
    assert near.max() < 1e-6 * max(1, np.abs(values).max())


@pytest.mark.parametrize("view", VIEWS, ids=repr)
def test_a_live_picture_bears_title_mark_and_notes_of_the_static_one(view):
    """In the language of the view."""
    numbers, chart = live(view)
    message, _ = read(numbers, chart, view)
    picture = draw_numbers(numbers, view)
    made_up = bool(numbers["illustrative"].any())
    assert message["mark"] == (word("illustrative", view.language) if made_up else "")
    titles = {ax.get_title("left") for ax in picture.axes} - {""}
    assert titles <= set(chart.params["titles"])
    below = " ".join(picture.axes[-1].get_xlabel().split())
    said = " ".join(" ".join(chart.notes).split())
    for sentence in filter(None, said.split(". ")):
        assert sentence.rstrip(".") in below
    assert message["alt"] == picture.alt


def test_every_kind_has_its_live_picture():
    """A new kind has one, too."""
    assert {view.kind for view in VIEWS} == set(KINDS)


def test_missing_partial_and_cut_marks_are_there():
    """A cross where nothing was reported, hollow where the reports cover only a part."""
    view = View(measures=["tips"], communes=["Tuy Lộc", "Giới Phiên"])
    numbers, chart = live(view, GAPS)
    _, rows = read(numbers, chart, view)
    gone = rows[rows["gone"] == 1]
    assert list(zip(gone["name"], gone["period"], strict=True)) == [("Tuy Lộc", "2016")]
    partial = numbers[numbers["state"] == "partial"]
    hollow = rows[(rows["state"] == STATES.index("partial")) & (rows["point"] == 1)]
    assert set(hollow["period"]) == set(partial["period"]) != set()
    ratio = View(
        measures=["cases_per_100_tips"], communes=["Tuy Lộc"], by="month", years=(2021, 2022)
    )
    _, chart = live(ratio)
    assert chart.rows["cut"].sum() == (chart.rows["high"] > chart.params["tops"][0] / 1.14).sum()


def test_targets_are_the_dashes_of_the_static_one():
    """Of the lines in colour, each at its year; a year without reports has its target, too."""
    targets = [("Tuy Lộc", "tips", 2016, 40), ("Giới Phiên", "tips", 2021, 30)]
    view = View(measures=["tips"], communes=["Tuy Lộc", "Giới Phiên"], targets=targets)
    numbers, chart = live(view, GAPS)
    _, rows = read(numbers, chart, view)
    rows = rows[rows["dashed"] == 1]
    assert set(zip(rows["name"], rows["period"], rows["target"], strict=True)) == {
        ("Tuy Lộc", "2016", 40),
        ("Giới Phiên", "2021", 30),
    }
    (ax,) = draw_numbers(numbers, view).axes
    dashes = [line.get_xydata() for line in ax.lines if line.get_gid() == "target"]
    drawn = np.concatenate(dashes)
    drawn = drawn[np.isfinite(drawn[:, 1])]
    assert sorted(map(tuple, drawn)) == sorted(zip(rows["x"], rows["target"], strict=True))
    names = sorted(set(SAMPLE["commune"]) - {"Phúc Lộc", "Văn Tiến"})
    _, chart = live(View(measures=["tips"], communes=names, targets=targets), SAMPLE)
    grey = chart.rows[chart.rows["target"].isin([30, 40])]
    assert (len(grey), grey["dashed"].sum()) == (2, 0)


def test_many_are_grey_and_yet_named():
    """A choice too large for colours: each line has its name, a few of them at its end."""
    names = sorted(set(SAMPLE["commune"]) - {"Phúc Lộc", "Văn Tiến"})
    _, chart = live(View(measures=["tips"], communes=names))
    greys = [look["name"] for look in chart.series if look["colour"] == "#c4c4c4"]
    assert greys == list(dict.fromkeys(greys))
    assert set(greys) == set(names)
    assert set(names) <= {label["name"] for label in chart.labels}


def test_what_is_hidden_from_the_public_is_not_in_the_message():
    """Neither a value nor what it could be computed from."""
    public = look_back(SAMPLE, "2022-Q1", audience="public")
    inside = look_back(SAMPLE, "2022-Q1", audience="internal")
    names = sorted(set(public.totals["commune"]) - {""})
    view = View(measures=["tips"], communes=names, period="2022-Q1", audience="public")
    numbers, known = numbers_in(public, view), numbers_in(inside, view)
    hidden = (numbers["state"] == "hidden").to_numpy()
    assert hidden.any()
    message, rows = read(numbers, chart_of(numbers, view), view)
    mine = rows[rows["state"] == STATES.index("hidden")]
    assert len(mine) == hidden.sum()
    assert mine[["value", "low", "high", "numerator"]].isna().all().all()
    assert known.loc[hidden, "numerator"].notna().any()
    json.loads(message["spec"])  # and no rows are within the specification
    assert '"values": [' not in message["spec"].replace('"values": [{}]', "")


def test_a_choice_keeps_the_specification():
    """So the browser changes data alone: same spec for other communes, years, periods, measures."""
    specs = {
        chart_key(View(communes=communes, by=by, measures=list(measures)))
        for communes in (["Tuy Lộc"], ["Âu Lâu", "Đồng Tâm"], None)
        for by in ("year", "month")
        for measures in (("tips", "sessions"), ("valuable_share", "tips"))
    }
    assert len(specs) == 1
    ranked = {chart_key(View(kind="ranking", years=years)) for years in (None, (2015, 2017))}
    assert len(ranked) == 1


def chart_key(view):
    numbers, chart = live(view, SAMPLE)
    return message_of(chart, numbers, view, "")["spec"]
