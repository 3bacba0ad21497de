"""Colours that every reader can tell apart, letters that every name needs, a look of its own."""

import unicodedata
import warnings
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.figure import Figure

from antq_helpers import load_records, total_by
from antq_helpers.drawing import style
from antq_helpers.drawing.series import MOST_COLOURED

with warnings.catch_warnings():
    # Its docstrings hold escapes that Python warns of where it is compiled for the first time.
    warnings.simplefilter("ignore")
    import colorspacious

NAMED = {"city": style.CITY, "focus": style.FOCUS, "mark": style.MARK, "note": style.NOTE}
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def rgb(colour):
    """Give a colour as three numbers from 0 to 1."""
    return np.array(mpl.colors.to_rgb(colour))


def contrast_to_white(colour):
    """WCAG 2.2: (1 + 0.05) / (L + 0.05), with L the relative luminance of linear sRGB."""
    linear = np.where(
        rgb(colour) <= 0.04045, rgb(colour) / 12.92, ((rgb(colour) + 0.055) / 1.055) ** 2.4
    )
    return 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05)


def test_contrast_is_measured_as_wcag_does():
    """Black on white is 21 to 1; #767676 is known as the lightest grey of 4.5 to 1."""
    assert contrast_to_white("black") == pytest.approx(21)
    assert contrast_to_white("#767676") == pytest.approx(4.54, abs=0.005)


def test_there_is_a_colour_and_a_marker_for_each_commune():
    """Six of each, all different."""
    assert len(set(style.COLOURS)) == len(set(style.MARKERS)) == MOST_COLOURED == 6


@pytest.mark.parametrize("sight", [None, "deuteranomaly", "protanomaly", "tritanomaly"])
def test_colours_tell_apart_for_every_reader(sight):
    """No two come closer than 20 in CAM02-UCS, seen without one kind of cones (Machado 2009)."""
    space = {"name": "sRGB1"}
    if sight:
        space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
    seen = [colorspacious.cspace_convert(rgb(c), space, "sRGB1") for c in style.COLOURS]
    distances = [
        colorspacious.deltaE(one, other, input_space="sRGB1", uniform_space="CAM02-UCS")
        for one, other in combinations(np.clip(seen, 0, 1), 2)
    ]
    assert min(distances) >= 20


def test_the_simulation_sees_what_is_known():
    """Without green cones this red and this green are close, with them far apart."""
    space = {"name": "sRGB1+CVD", "cvd_type": "deuteranomaly", "severity": 100}
    pair = rgb("#a05000"), rgb("#507000")
    seen = [np.clip(colorspacious.cspace_convert(c, space, "sRGB1"), 0, 1) for c in pair]
    near, far = (
        colorspacious.deltaE(*both, input_space="sRGB1", uniform_space="CAM02-UCS")
        for both in (seen, pair)
    )
    assert near < 20 < far


def test_colours_tell_apart_in_grey_print():
    """CIE L* from 22 to 62, in steps of 6.5 or more."""
    lightness = sorted(
        colorspacious.cspace_convert(rgb(c), "sRGB1", "CIELab")[0] for c in style.COLOURS
    )
    assert min(np.diff(lightness)) >= 6.5
    assert (round(lightness[0]), round(lightness[-1])) == (22, 62)


@pytest.mark.parametrize("colour", sorted({*style.COLOURS, *NAMED.values()}))
def test_colours_stand_out_from_white(colour):
    """WCAG 2.2, 1.4.11: 3 to 1 for lines."""
    assert contrast_to_white(colour) >= 3


@pytest.mark.parametrize("purpose", ["city", "mark", "note"])
def test_small_letters_stand_out_from_white(purpose):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for text."""
    assert contrast_to_white(NAMED[purpose]) >= 4.5


def test_the_focus_stands_out_from_the_others():
    """Among grey lines the one in focus is told by lightness, too."""
    focus, others = (
        colorspacious.cspace_convert(rgb(c), "sRGB1", "CIELab")[0]
        for c in (style.FOCUS, style.OTHERS)
    )
    assert others - focus > 20


def test_the_font_has_every_vietnamese_letter():
    """Twelve vowels with six tones, đ, both cases, composed: 146 letters beside plain ones."""
    letters = {
        unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES
    } | set("bcdđghklmnpqrstvx")
    letters |= {letter.upper() for letter in letters}
    assert len(letters) == 2 * (12 * 6 + 17)
    with style.look():
        path = font_manager.findfont(font_manager.FontProperties(), fallback_to_default=False)
        assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
    bold = font_manager.findfont(
        font_manager.FontProperties(family="DejaVu Sans", weight="bold"), fallback_to_default=False
    )
    assert path != bold
    for file in (path, bold):
        with TTFont(file) as font:
            assert {ord(letter) for letter in letters | set("×–○0123456789.,%/")} <= set(
                font.getBestCmap()
            )


def test_the_look_holds_inside_its_context_alone():
    """What was set before is set again, also after an error."""
    with mpl.rc_context({"axes.grid": False, "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        with style.look():
            assert mpl.rcParams["axes.grid"]
            assert mpl.rcParams["lines.linewidth"] == 2
        assert dict(mpl.rcParams) == before
        with pytest.raises(ZeroDivisionError, match="division"), style.look():
            _ = 1 / 0
        assert dict(mpl.rcParams) == before


def test_the_look_does_not_depend_on_what_was_set():
    """All that the house leaves open is matplotlib's default, not the user's."""
    users = {"text.color": "white", "xtick.major.size": 20, "axes.linewidth": 5}
    with mpl.rc_context(users), style.look():
        for name in users:
            assert mpl.rcParams[name] == mpl.rcParamsDefault[name]


def test_a_picture_of_your_own_bears_the_mark_of_its_table():
    """Axes and grids, in either language; reported figures bear none."""
    tips = total_by(load_records(), measure="tips")
    ax = Figure().subplots()
    assert style.mark(ax, tips, "vi") is ax
    assert [text.get_text() for text in ax.texts] == ["SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"]
    figure = Figure(figsize=(6, 3))
    figure.subplots(1, 2)
    style.mark(figure, load_records())
    [mark] = figure.texts
    figure.draw_without_rendering()
    box = mark.get_window_extent()
    assert all(box.y0 > panel.get_tightbbox().y1 for panel in figure.axes)
    plain = Figure().subplots()
    assert style.mark(plain, tips.assign(illustrative=False)).texts[:] == []


def test_a_table_that_does_not_say_whether_it_is_made_up_is_refused():
    """Or a user's own picture of the sample could be taken for real."""
    tips = total_by(load_records(), measure="tips")
    with pytest.raises(ValueError, match="neither the column illustrative nor source"):
        style.mark(Figure().subplots(), tips[["period", "value"]])
    with pytest.raises(ValueError, match="list is no axes, figure or grid of seaborn"):
        style.mark([1], tips)


def test_each_unit_has_the_colour_of_our_pictures_in_yours():
    """Up to six at a time differ; of all fifteen some share one."""
    indigo, orange = style.COLOURS[:2]
    assert style.palette(["Đồng Tâm", "Tuy Lộc"]) == {"Đồng Tâm": orange, "Tuy Lộc": indigo}
    assert len(set(style.palette(load_records()["commune"].unique()[:6]).values())) == 6
    units = load_records()["commune"].unique()
    assert len(style.palette(units)) == len(units)
    assert set(style.palette(units).values()) == set(style.COLOURS)
