"""Trends on an Axes: what is drawn, in which colour, and what is never left out."""

import inspect

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from antq_helpers.dictionary import find_measure, measures_of
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import draw, tabulate
from antq_helpers.drawing.trend import plot_trend
from antq_helpers.drawing.view import KINDS, View
from antq_helpers.measuring.periods import MONTHS
from tests.quick import SAMPLE, quick_of

UNITS = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique().tolist()
MARKS = {"en": "SYNTHETIC FIGURES, FOR ILLUSTRATION", "vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}
YEAR_2022 = ("2022-01-01", "2022-12-31")


def month(commune, number, tips, valuable=None, year=2022):
    """One month's report as a row of a file."""
    days = pd.Period(year=year, month=number, freq="M")
    bounds = (str(day.date()) for day in (days.start_time, days.end_time))
    return commune, *bounds, None, None, tips, valuable, None


def plotted(records=SAMPLE, **chosen):
    """Draw on an Axes that is not pyplot's."""
    return plot_trend(records, **chosen, ax=Figure(figsize=(8.6, 3.9)).subplots())


def in_colour(ax, colour):
    """Give the curves in one colour: no bars, crosses or points."""
    return [
        line
        for line in ax.lines
        if line.get_color() == colour
        and line.get_linestyle() != "None"
        and not line.get_alpha()
        and line.get_gid() != "sample"
    ]


def names(ax):
    """Give the texts in the Axes but the mark: names with their colours."""
    return {t.get_text(): t.get_color() for t in ax.texts if t.get_gid() != "illustrative"}


def points(ax, marker):
    """Give the places of all marks of one kind."""
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return [tuple(map(float, xy)) for line in lines for xy in line.get_xydata()]


# ---- any measure, any period ----


@pytest.mark.parametrize("by", quick_of(list(MONTHS), 2))
@pytest.mark.parametrize("measure", quick_of(measures_of(SAMPLE), 2))
@pytest.mark.parametrize("per", [None, 1000])
def test_the_axis_starts_at_zero_and_names_unit_and_denominator(measure, by, per):
    """Counts have whole ticks; rates say per how many residents, and annualised below a year."""
    ax = plotted(measure=measure, by=by, per=per, communes=["Tuy Lộc"], years=(2021, 2022))
    entry = find_measure(measure)
    ticks = ax.get_yticks()
    assert ax.get_ylim()[0] == 0
    assert (ticks >= 0).all()
    assert ticks.max() <= ax.get_ylim()[1]
    assert ax.get_title(loc="left").startswith(entry.label_en)
    label = ax.get_ylabel()
    assert label.startswith(entry.unit_en)
    if entry.kind != "count":
        assert label == entry.unit_en
    elif per:
        assert label == f"{entry.unit_en} per 1,000 residents" + (
            " a year" if by == "year" else ", annualised"
        )
        assert ax.get_title(loc="left") == (
            f"{entry.label_en} per 1,000 residents, Tuy Lộc, 2021–2022"
        )
    else:
        assert (ticks == ticks.round()).all()
        assert label == f"{entry.unit_en} a {'half-year' if by == 'half' else by}"


@pytest.mark.parametrize("by", list(MONTHS))
def test_what_is_drawn_is_what_is_tabulated(by):
    """Each curve has its row of the table, period by period, next to its tick."""
    view = View(["tips"], communes=["Tuy Lộc", "Âu Lâu"], by=by)
    numbers = tabulate(SAMPLE, view)
    ax = plotted(communes=view.communes, by=by)
    for name in view.communes:
        (line,) = in_colour(ax, names(ax)[name])
        expected = numbers.loc[numbers["series"] == name, "value"]
        np.testing.assert_array_equal(line.get_ydata(), expected)
        assert (np.round(line.get_xdata()) == np.arange(len(expected))).all()
    (city,) = in_colour(ax, style.CITY)
    np.testing.assert_array_equal(city.get_ydata(), numbers.loc[numbers["role"] == "mean", "value"])


def test_the_axis_holds_every_value():
    """The highest point lies below the upper end, with room for the mark above it."""
    ax = plotted(communes=UNITS)
    values = tabulate(SAMPLE, View(["tips"], communes=UNITS))["value"]
    assert values.max() * 1.1 < ax.get_ylim()[1]


def test_numbers_on_ticks_are_written_as_the_language_does():
    """4,000 attendances in English are 4.000 in Vietnamese."""
    for language, expected in (("en", "4,000"), ("vi", "4.000")):
        ax = plotted(measure="attendances", language=language, by="quarter")
        assert expected in [tick.get_text() for tick in ax.get_yticklabels()]


def test_decimals_of_ticks_are_written_as_the_language_does(load):
    """Half a tip per 1 000 residents, up to 1.7: steps of 0.5 in English, 0,5 in Vietnamese."""
    records = load(("Tuy Lộc", *YEAR_2022, None, None, 2, None, None))
    for language, expected in (("en", "0.5"), ("vi", "0,5")):
        ax = plotted(records, per=1000, communes=["Tuy Lộc"], language=language)
        assert expected in [tick.get_text() for tick in ax.get_yticklabels()]


# ---- colours ----


@pytest.mark.parametrize("count", [1, 2, 6])
def test_up_to_six_communes_have_a_colour_and_a_name_each(count):
    """The city stands beside them, dashed and grey, with its name."""
    chosen = UNITS[:count]
    ax = plotted(communes=chosen)
    found = names(ax)
    assert found.keys() == {*chosen, "City mean"}
    assert found.pop("City mean") == style.CITY
    assert len(in_colour(ax, style.CITY)) == 1
    assert len(set(found.values())) == count
    assert set(found.values()) <= set(style.COLOURS)
    assert len({in_colour(ax, colour)[0].get_marker() for colour in found.values()}) == count


@pytest.mark.parametrize(
    "chosen",
    [
        ("Đồng Tâm", "Tuy Lộc"),
        ("Đồng Tâm", "Tuy Lộc", "Hồng Hà"),
        ("Hồng Hà", "Minh Bảo", "Minh Tân", "Tuy Lộc", "Đồng Tâm"),
    ],
)
def test_a_commune_keeps_its_colour_and_marker_whoever_stands_beside_it(chosen):
    """Two pictures of one report never swap the colours of two communes."""
    ax, small = plotted(communes=chosen), plotted(communes=["Tuy Lộc", "Đồng Tâm"], by="quarter")
    looks = {
        name: (names(ax)[name], in_colour(ax, names(ax)[name])[0].get_marker())
        for name in ("Tuy Lộc", "Đồng Tâm")
    }
    assert looks == {"Tuy Lộc": ("#4e4dca", "o"), "Đồng Tâm": ("#e35528", "s")}
    assert {name: names(small)[name] for name in looks} == {n: c for n, (c, _) in looks.items()}


def test_colours_do_not_depend_on_the_order_of_the_choice():
    """Also where two of the six would have the same, as Yên Thịnh and Âu Lâu."""
    chosen = ["Yên Thịnh", "Âu Lâu", "Hồng Hà", "Tuy Lộc", "Văn Phú", "Yên Ninh"]
    found = names(plotted(communes=chosen))
    assert len(set(found.values())) == 7
    assert names(plotted(communes=chosen[::-1])) == found


def test_seven_communes_are_grey_with_the_city_in_focus():
    """A line leads from the end of each to its name; the city alone has a band."""
    chosen = UNITS[:7]
    ax = plotted(communes=chosen)
    (grey, band) = ax.collections
    numbers = tabulate(SAMPLE, View(["tips"], communes=chosen))
    for name, segment in zip(chosen, grey.get_segments(), strict=True):
        expected = numbers.loc[numbers["series"] == name, "value"]
        np.testing.assert_array_equal(segment[:, 1], expected)
    assert mpl.colors.same_color(grey.get_color(), style.OTHERS)
    assert names(ax) == {"City mean": style.FOCUS, **dict.fromkeys(chosen, style.NOTE)}
    (leads,) = [line for line in ax.lines if line.get_gid() == "leads"]
    ends = leads.get_xydata().reshape(-1, 3, 2)  # point, name, gap
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    last = numbers[numbers["period"] == "2022"].set_index("series")["value"]
    assert sorted(map(tuple, ends[:, 0])) == sorted((9, last[n]) for n in [*chosen, "City mean"])
    assert sorted(ends[:, 1, 1]) == sorted(heights[name] for name in [*chosen, "City mean"])
    for (_, value), (_, height), _ in ends:
        (name,) = [n for n in [*chosen, "City mean"] if heights[n] == height]
        assert last[name] == value
    assert len(in_colour(ax, style.FOCUS)) == 1
    assert mpl.colors.same_color(band.get_facecolor()[0][:3], style.FOCUS)


def test_wards_and_communes_have_a_colour_each():
    """And the city beside them."""
    assert names(plotted(split="kind")) == {
        "Wards": style.COLOURS[0],
        "Rural communes": style.COLOURS[1],
        "Whole city": style.CITY,
    }


def test_of_many_the_highest_and_the_lowest_are_named():
    """Seventeen units before the mergers: seven of each end, and the city."""
    chosen = SAMPLE.loc[SAMPLE["year"] == 2013, "commune"].unique().tolist()
    said = {"years": (2013, 2019), "boundaries": 2013}
    ax = plotted(communes=chosen, **said)
    numbers = tabulate(SAMPLE, View(["tips"], communes=chosen, **said))
    last = numbers[(numbers["period"] == "2019") & (numbers["role"] == "commune")]
    ranked = last.sort_values(["value", "series"])["series"].tolist()
    assert names(ax).keys() == {*ranked[:7], *ranked[-7:], "City mean"}


def test_each_line_has_a_sample_before_its_name():
    """The dashes of the city's, too."""
    ax = plotted(communes=["Tuy Lộc", "Đồng Tâm"])
    samples = {s.get_color(): s for s in ax.lines if s.get_gid() == "sample"}
    for name, colour in names(ax).items():
        sample, (line,) = samples[colour], in_colour(ax, colour)
        assert sample.get_marker() == line.get_marker()
        assert sample.get_linestyle() == line.get_linestyle()
        (text,) = [text for text in ax.texts if text.get_text() == name]
        assert set(sample.get_ydata()) == {text.get_position()[1]}
        assert max(sample.get_xdata()) < text.get_position()[0]


@pytest.mark.parametrize("communes", [None, ["Tuy Lộc", "Đồng Tâm"], UNITS])
@pytest.mark.parametrize("years", [None, (2021, 2022)])
def test_the_axis_and_its_grid_end_with_the_data(communes, years):
    """Names follow within 30 pixels; nothing but them stands to the right of the last point."""
    ax = plotted(communes=communes, years=years)
    last = len(ax.get_xticks()) - 1
    _, end = ax.spines["bottom"].get_bounds()
    assert last <= end <= last + 0.3
    low, high = ax.get_xlim()
    for grid in ax.get_ygridlines():
        assert grid.get_xdata()[1] == pytest.approx((end - low) / (high - low))
    at = {text.get_position()[0] for text in ax.texts if text.get_gid() != "illustrative"}
    pixels = ax.transData.transform([(end, 0), (max(at), 0)])[:, 0]
    assert 0 < pixels[1] - pixels[0] < 31


def test_each_panel_names_its_periods():
    """Not the lowest alone."""
    picture = draw(SAMPLE, View(("tips", "valuable_share")))
    picture.draw_without_rendering()
    for ax in picture.axes:
        labels = ax.get_xticklabels()
        assert [label.get_text() for label in labels] == [str(year) for year in range(2013, 2023)]
        assert all(label.get_visible() for label in labels)


def test_a_sign_for_a_unit_stands_upright():
    """Per cent is no word to be read sideways; in a picture drawn over, words are turned again."""
    ax = plotted(measure="valuable_share")
    assert (ax.get_ylabel(), ax.yaxis.label.get_rotation()) == ("%", 0)
    plot_trend(SAMPLE, ax=ax)
    assert (ax.get_ylabel(), ax.yaxis.label.get_rotation()) == ("tips a year", 90)


# ---- intervals ----


def test_one_series_has_a_band():
    """From the lower to the upper limit of each year."""
    ax = plotted()
    (band,) = ax.collections
    numbers = tabulate(SAMPLE, View(["tips"]))
    corners = band.get_paths()[0].vertices
    for place, (low, high) in enumerate(zip(numbers["low"], numbers["high"], strict=True)):
        mine = corners[corners[:, 0] == place, 1]
        assert mine.min() == pytest.approx(low)
        assert mine.max() == pytest.approx(high)


def test_several_series_have_bars_beside_each_other():
    """A bar from low to high for each year and series, where its point stands."""
    ax = plotted(communes=UNITS[:2])
    assert len(ax.collections) == 0
    numbers = tabulate(SAMPLE, View(["tips"], communes=UNITS[:2]))
    bars = [line for line in ax.lines if line.get_alpha()]
    assert len(bars) == 3
    for place, name in enumerate([*UNITS[:2], "City mean"]):
        mine = numbers[numbers["series"] == name]
        ends = bars[place].get_ydata().reshape(-1, 3)
        np.testing.assert_array_equal(ends[:, :2], mine[["low", "high"]])
        assert np.isnan(ends[:, 2]).all()
    at = [bar.get_xdata()[::3] for bar in bars]
    assert (at[0] < at[1]).all()
    assert (at[1] < at[2]).all()
    (first,) = in_colour(ax, names(ax)[UNITS[0]])
    np.testing.assert_array_equal(at[0], first.get_xdata())


def test_many_periods_have_bands():
    """With 120 months there is no room for bars."""
    ax = plotted(communes=UNITS[:2], by="month")
    assert len(ax.collections) == 3


def test_attendances_have_neither_bars_nor_band():
    """And no word on intervals below."""
    ax = plotted(measure="attendances", communes=["Tuy Lộc"])
    for line in ax.lines:
        assert not line.get_alpha() or np.isnan(line.get_ydata()).all()
    assert "confidence" not in ax.get_xlabel()
    assert "Bands: 95% confidence interval." in plotted().get_xlabel()


# ---- gaps ----


def test_a_month_without_report_is_a_gap_with_a_cross(load):
    """January 4, February nothing, March 6: the curve breaks, a cross stands at zero."""
    records = load(*(month("Tuy Lộc", n, tips) for n, tips in ((1, 4), (3, 6), (4, 5))))
    ax = plotted(records, by="month", communes=["Tuy Lộc"])
    (line,) = in_colour(ax, style.COLOURS[0])
    np.testing.assert_array_equal(line.get_ydata(), [4, np.nan, 6, 5])
    crosses = points(ax, "x")
    assert [(round(x), y) for x, y in crosses] == [(1, 0)]
    assert "×: not reported." in " ".join(ax.get_xlabel().split())


def test_a_reported_zero_is_no_gap(load):
    """None occurred: the curve goes through zero, without a cross."""
    records = load(*(month("Tuy Lộc", n, tips) for n, tips in ((1, 4), (2, 0), (3, 6))))
    ax = plotted(records, by="month", communes=["Tuy Lộc"])
    (line,) = in_colour(ax, style.COLOURS[0])
    assert line.get_ydata().tolist() == [4, 0, 6]
    assert points(ax, "x") == []
    assert "not reported" not in ax.get_xlabel()


def test_a_share_of_nothing_is_a_gap_without_a_cross(load):
    """In February none of no tips was valuable; that was reported, and the note says so."""
    rows = ((1, 4, 2), (2, 0, 0), (3, 6, 3))
    records = load(*(month("Tuy Lộc", *row) for row in rows))
    ax = plotted(records, measure="valuable_share", by="month", communes=["Tuy Lộc"])
    (line,) = in_colour(ax, style.COLOURS[0])
    np.testing.assert_array_equal(line.get_ydata(), [50, np.nan, 50])
    assert points(ax, "x") == []
    assert "Gaps: no tips to divide by." in " ".join(ax.get_xlabel().split())
    assert "not reported" not in ax.get_xlabel()


def test_a_partial_year_is_a_hollow_point(load):
    """Tuy Lộc gave the whole of 2021 and nine months of 2022: 273 of 365 days, under 90 %."""
    records = load(
        ("Tuy Lộc", "2021-01-01", "2021-12-31", None, None, 12, None, None),
        ("Tuy Lộc", "2022-01-01", "2022-09-30", None, None, 7, None, None),
    )
    ax = plotted(records, communes=["Tuy Lộc"])
    hollow = [
        line
        for line in ax.lines
        if line.get_color() == style.COLOURS[0] and line.get_markerfacecolor() == "white"
    ]
    assert [line.get_ydata().tolist() for line in hollow] == [[7]]
    assert [round(x) for line in hollow for x in line.get_xdata()] == [1]
    assert "Hollow: partial period (reports cover under 90%)." in ax.get_xlabel()


def test_a_year_alone_is_seen_for_each_series():
    """With one year there is no line to show the city beside a commune: points and bars do."""
    ax = plotted(communes=["Tuy Lộc"], years=(2015, 2015))
    value = tabulate(SAMPLE, View(["tips"], communes=["Tuy Lộc"], years=(2015, 2015)))["value"]
    shown = [xy for line in ax.lines if line.get_marker() == "o" for xy in line.get_xydata()]
    assert value.tolist() == [y for x, y in shown if x < 0.5]  # beyond is the mark at the name
    assert sum(bool(line.get_alpha()) for line in ax.lines) == 2


def test_a_year_alone_is_seen_for_grey_communes():
    """Fifteen grey points and the city's."""
    ax = plotted(communes=UNITS, years=(2015, 2015))
    grey = [line for line in ax.lines if line.get_color() == style.OTHERS]
    assert [len(line.get_xydata()) for line in grey] == [15]


def test_a_year_alone_of_the_city_has_a_bar():
    """A band has no width there."""
    ax = plotted(years=(2015, 2015))
    numbers = tabulate(SAMPLE, View(["tips"], years=(2015, 2015)))
    (bar,) = [line for line in ax.lines if line.get_alpha()]
    assert bar.get_ydata()[:2].tolist() == numbers[["low", "high"]].iloc[0].tolist()


def test_a_month_between_gaps_is_seen_among_many(load):
    """Of 36 months, the second year's June alone was reported there: a point shows it."""
    rows = [month("Tuy Lộc", n, 3, year=2020) for n in range(1, 13)]
    rows += [month("Tuy Lộc", 6, 9, year=2021)]
    rows += [month("Tuy Lộc", n, 3, year=2022) for n in range(1, 13)]
    ax = plotted(load(*rows), by="month", communes=["Tuy Lộc"])
    assert (17, 9) in points(ax, "o")


# ---- the mark ----


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("chosen", [{}, {"split": "kind"}, {"communes": UNITS}, {"by": "month"}])
def test_illustrative_records_bear_the_mark_in_the_language_of_the_view(language, chosen):
    """Inside the Axes, above all lines, in red."""
    ax = plotted(language=language, **chosen)
    (mark,) = [text for text in ax.texts if text.get_gid() == "illustrative"]
    assert mark.get_text() == MARKS[language]
    assert mark.get_color() == style.MARK
    assert mark.get_visible()
    assert mark.zorder > max(line.zorder for line in ax.lines)
    ax.figure.draw_without_rendering()
    box, frame = mark.get_window_extent(), ax.get_window_extent()
    assert frame.x0 < box.x0 < box.x1 < frame.x1
    assert frame.y0 < box.y0 < box.y1 <= frame.y1


def test_reported_records_bear_no_mark(load):
    """With a user's own file it is gone."""
    ax = plotted(load(("Tuy Lộc", *YEAR_2022, None, None, 2, None, None)))
    assert not [text for text in ax.texts if text.get_text() in MARKS.values()]


def test_the_mark_can_not_be_switched_off():
    """Neither the function nor the view has an argument for it."""
    known = {"measure", "communes", "years", "by", "per", "split", "boundaries", "language"}
    known |= {"targets"}
    assert set(inspect.signature(plot_trend).parameters) == known | {"records", "ax"}
    settings = set(KINDS["trend"].settings)
    assert settings == known - {"measure", "language"} | {"measures", "period"}
    with pytest.raises(TypeError, match="unexpected keyword argument 'mark'"):
        plot_trend(SAMPLE, mark=False)
    with pytest.raises(TypeError, match="unexpected keyword argument 'mark'"):
        View(mark=False)


# ---- Axes and pyplot ----


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_empty_choice_says_so(language):
    """No line, no scale: one sentence in the middle."""
    ax = plotted(communes=[], language=language)
    expected = {"en": "No commune or ward chosen", "vi": "Chưa chọn xã, phường"}[language]
    assert list(names(ax)) == [expected]
    assert len(ax.lines) == len(ax.collections) == len(ax.get_xticks()) == len(ax.get_yticks()) == 0
    assert ax.get_title(loc="left") == find_measure("tips").text("label", language)


def test_counts_of_nothing_can_be_drawn(load):
    """Zero cases everywhere, and a measure that nobody gave."""
    records = load(("Tuy Lộc", *YEAR_2022, None, None, 2, None, 0))
    zero = plotted(records, measure="resolved_cases", communes=["Tuy Lộc"])
    assert in_colour(zero, style.COLOURS[0])[0].get_ydata().tolist() == [0]
    assert zero.get_ylim()[0] == 0 < zero.get_ylim()[1]
    nothing = plotted(records, measure="sessions", communes=["Tuy Lộc"])
    assert len(points(nothing, "x")) == 1
    assert list(names(nothing)) == ["Tuy Lộc"]  # beside its cross


def test_all_panels_show_the_same_periods_above_each_other():
    """Also where the names differ: beside communes the share is the whole city's."""
    view = View(["tips", "valuable_share", "resolved_cases"], communes=["Tuy Lộc"])
    axes = draw(SAMPLE, view).axes
    assert len({ax.get_xlim() for ax in axes}) == 1
    assert len({tuple(ax.get_xticks()) for ax in axes}) == 1


def test_the_axes_that_is_given_is_drawn_upon_and_comes_back():
    """As every plot function does."""
    ax = Figure().subplots()
    assert plot_trend(SAMPLE, ax=ax) is ax
    assert len(ax.lines) > 0


def test_a_refused_choice_leaves_no_figure_behind():
    """The message comes before anything is drawn."""
    with pytest.raises(ValueError, match="no such commune"):
        plot_trend(SAMPLE, communes=["Paris"])
    assert plt.get_fignums() == []


def test_what_was_set_for_other_pictures_stays():
    """The look holds while drawing, and no longer."""
    with mpl.rc_context({"font.size": 17, "axes.grid": False}):
        before = dict(mpl.rcParams)
        plotted()
        draw(SAMPLE, View())
        assert dict(mpl.rcParams) == before


def test_the_records_stay_as_they_were():
    """Drawing changes nothing in the caller's table."""
    before = SAMPLE.copy()
    plotted(communes=UNITS[:3], per=1000, by="quarter", language="vi")
    pd.testing.assert_frame_equal(SAMPLE, before)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"measure": "tip"}, "^measure='tip' is not known. Use one of: tips, valuable_tips, "),
        (
            {"by": "day"},
            "^by='day' is not known. Use one of: week, month, quarter, half",
        ),
        ({"language": "fr"}, "^language='fr' is not known. Use one of: en, vi.$"),
        ({"years": (2022, 2021)}, r"^years=\(2022, 2021\) is the wrong way round. Use a pair"),
        ({"communes": "Tuy Lộc"}, "^communes='Tuy Lộc' is no list of names"),
        ({"boundaries": 1990}, "^boundaries=1990: the table of communes begins in 2008"),
    ],
)
def test_what_is_not_known_is_refused_with_the_legal_values(chosen, message):
    """The messages are those of the view and the totals."""
    with pytest.raises(ValueError, match=message):
        plotted(**chosen)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ({}, "Tips received, 2013–2022"),
        ({"years": (2021, 2021), "by": "month"}, "Tips received, 2021"),
        ({"communes": ["Tuy Lộc"]}, "Tips received, Tuy Lộc, 2013–2022"),
        ({"communes": ["Tuy Lộc", "Âu Lâu"]}, "Tips received, 2013–2022"),
    ],
)
def test_a_title_names_the_years_and_a_single_commune(said, title):
    """Cut out of its report, a picture still says of whom and of when it is."""
    assert plotted(**said).get_title(loc="left") == title
