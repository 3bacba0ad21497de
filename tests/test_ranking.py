"""Communes in order: what the Axes hold."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import compare_communes, plot_ranking, select
from tests.quick import SAMPLE


def ranking(records=SAMPLE, **view):
    """Draw on axes of their own."""
    return plot_ranking(
        records, ax=Figure(figsize=(8.6, 6), layout="constrained").subplots(), **view
    )


def names(ax):
    """Give the communes from above."""
    return [label.get_text() for label in ax.get_yticklabels()]


@pytest.mark.parametrize("measure", ["tips", "resolved_cases", "valuable_share", "attendances"])
def test_communes_stand_by_their_value(measure):
    """The points are those of the table, the highest above."""
    ax = ranking(measure=measure)
    table = compare_communes(SAMPLE, measure=measure).set_index("commune")["value"]
    drawn = pd.Series(ax.lines[0].get_xdata(), names(ax))
    np.testing.assert_allclose(drawn, table[drawn.index])
    assert drawn.is_monotonic_decreasing
    assert len(drawn) == 15


def test_the_city_has_its_line_and_number():
    """4.6 tips per 1,000 residents and year, over what the reports cover."""
    city = compare_communes(SAMPLE)["city"].iloc[0]
    for language, written in (("en", "Whole city: 4.6"), ("vi", "Toàn thành phố: 4,6")):
        ax = ranking(language=language)
        assert ax.lines[-1].get_xdata()[0] == city
        assert written in [text.get_text().strip() for text in ax.texts]


def test_an_order_is_no_finding_and_the_picture_says_so():
    """The notes say it in both languages, but not where there is no interval."""
    assert "order is no finding" in ranking().get_xlabel()
    assert "Thứ tự không phải là kết luận" in ranking(language="vi").get_xlabel()
    assert "order" not in ranking(measure="attendances").get_xlabel()


def test_the_mark_is_on_illustrative_records_only():
    """It stands above the title, in the language of the picture."""
    marks = [t.get_text() for t in ranking(language="vi").texts if t.get_gid() == "illustrative"]
    assert marks == ["SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"]
    own = ranking(SAMPLE.assign(source="reported"))
    assert not [t for t in own.texts if t.get_gid() == "illustrative"]


def test_a_commune_that_did_not_report_is_last_and_says_so():
    """It has no point, and no zero."""
    counts = ["tips", "valuable_tips", "resolved_cases", "sessions", "attendances"]
    records = SAMPLE.copy()
    records.loc[records["commune"] == "Hợp Minh", counts] = pd.NA
    ax = ranking(records)
    assert names(ax)[-1] == "Hợp Minh"
    assert np.isnan(ax.lines[0].get_xdata()[-1])
    assert "Not reported" in [text.get_text() for text in ax.texts]


def test_one_commune_and_one_year_are_drawn():
    """A user's file may hold no more."""
    ax = ranking(select(SAMPLE, communes=["Âu Lâu"], years=(2022, 2022)))
    assert names(ax) == ["Âu Lâu"]
    assert ax.get_title("left") == "Tips received per 1,000 residents, 2022"


def test_records_are_left_as_they_were():
    """Drawing changes nothing."""
    before = SAMPLE.copy()
    ranking(years=(2015, 2018))
    pd.testing.assert_frame_equal(SAMPLE, before)
