"""Who reported what share of each period, as a picture."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from antq_helpers.drawing.coverage import plot_coverage
from antq_helpers.measuring.totals import total_by
from tests.quick import SAMPLE

MARKS = {"en": "SYNTHETIC FIGURES, FOR ILLUSTRATION", "vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}


def plotted(records=SAMPLE, **chosen):
    """Draw on an Axes that is not pyplot's."""
    return plot_coverage(records, **chosen, ax=Figure().subplots())


def cells(ax):
    """Give the shares that are drawn, a row per commune."""
    (mesh,) = ax.collections
    return np.asarray(mesh.get_array())


def labels(axis):
    """Give the texts along an axis."""
    return [text.get_text() for text in axis.get_ticklabels()]


def test_each_commune_has_a_row_and_each_period_a_column():
    """Fifteen units in official order, 120 months; the shares are those of total_by."""
    ax = plotted()
    totals = total_by(SAMPLE, "commune", period="month", measure="tips")
    assert cells(ax).shape == (15, 120)
    np.testing.assert_array_equal(cells(ax).ravel(), totals["covered"])
    assert labels(ax.yaxis) == totals["commune"].unique().tolist()
    assert labels(ax.yaxis)[:2] == ["Yên Thịnh", "Yên Ninh"]


def test_a_share_is_that_of_the_residents_and_days(load):
    """Tuy Lộc gave January and not February; Giới Phiên and Phúc Lộc became one commune.

    Of its 3 353 residents 1 818 lived in Giới Phiên, which alone reported: 54.2 %.
    """
    records = load(
        ("Tuy Lộc", "2019-01-01", "2019-01-31", 1, 1, 1, 1, 1),
        ("Giới Phiên", "2019-02-01", "2019-02-28", 1, 1, 1, 1, 1),
    )
    ax = plotted(records, boundaries=2020)
    shares = dict(zip(labels(ax.yaxis), cells(ax).tolist(), strict=True))
    assert shares["Tuy Lộc"] == [1, 0]
    assert shares["Giới Phiên"] == pytest.approx([0, 1818 / 3353])


def test_a_commune_that_never_reported_has_a_row(load):
    """Who is silent is the answer to who reported: fourteen rows of nothing, in level letters."""
    ax = plotted(load(("Tuy Lộc", "2022-01-01", "2022-01-31", 1, 1, 1, 1, 1)))
    assert len(labels(ax.yaxis)) == 15
    assert cells(ax).sum() == 1
    assert {text.get_rotation() for text in ax.get_yticklabels()} == {0}


def test_a_measure_that_was_left_blank_is_not_covered(load):
    """The sessions were reported, the tips were not."""
    records = load(("Tuy Lộc", "2022-01-01", "2022-01-31", 2, None, None, None, None))
    assert cells(plotted(records, measure="sessions")).sum() == 1
    assert cells(plotted(records, measure="tips")).sum() == 0


def test_the_scale_goes_from_nothing_to_all():
    """Also where all shares are alike."""
    (mesh,) = plotted().collections
    assert (mesh.norm.vmin, mesh.norm.vmax) == (0, 1)


@pytest.mark.parametrize(
    ("by", "periods", "places"),
    [
        ("month", 12, [0.5, 12.5]),
        ("quarter", 4, [0.5, 4.5]),
        ("half", 2, [0.5, 2.5]),
        ("year", 1, [0.5, 1.5]),
    ],
)
def test_years_are_named_where_they_begin(by, periods, places):
    """In the middle of their first column."""
    ax = plotted(SAMPLE[SAMPLE["year"] >= 2021], by=by)
    assert cells(ax).shape == (15, 2 * periods)
    assert labels(ax.xaxis) == ["2021", "2022"]
    assert list(ax.get_xticks()) == places


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Share of each period reported: valuable tips"),
        ("vi", "Tỷ lệ thời gian đã có báo cáo: nguồn tin có giá trị"),
    ],
)
def test_title_and_mark_are_in_the_language_asked_for(language, title):
    """The sample is illustrative, and the picture says so."""
    ax = plotted(measure="valuable_tips", language=language)
    assert ax.get_title(loc="left") == title
    assert [text.get_text() for text in ax.texts if text.get_gid()] == [MARKS[language]]


def test_reported_records_bear_no_mark(load):
    """A user's own file is not called illustrative."""
    records = load(("Tuy Lộc", "2022-01-01", "2022-01-31", 1, 1, 1, 1, 1))
    assert not [text for text in plotted(records).texts if text.get_gid()]


def test_the_axes_that_is_given_comes_back():
    """As every plot function does; pyplot is left alone."""
    ax = Figure().subplots()
    assert plot_coverage(SAMPLE, by="year", ax=ax) is ax
    assert plt.get_fignums() == []


def test_the_records_and_settings_stay_as_they_were():
    """Drawing changes neither the caller's table nor matplotlib's settings."""
    records, settings = SAMPLE.copy(), dict(plt.rcParams)
    plotted(by="year")
    pd.testing.assert_frame_equal(SAMPLE, records)
    assert dict(plt.rcParams) == settings


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"measure": "tip"}, "^measure='tip' is not known. Use one of: tips, "),
        (
            {"by": "day"},
            "^by='day' is not known. Use one of: None, week, month, quarter, half",
        ),
        ({"boundaries": 2013}, "^boundaries=2013: .* cannot be split into its parts"),
        ({"language": "fr"}, "^language='fr' is not known. Use one of: en, vi.$"),
    ],
)
def test_what_is_not_known_is_refused_before_anything_is_drawn(chosen, message):
    """With the legal values; no figure is left behind."""
    with pytest.raises(ValueError, match=message):
        plot_coverage(SAMPLE, **chosen)
    assert plt.get_fignums() == []
