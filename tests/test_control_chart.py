"""One series and its limits: what the Axes hold."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import control_limits, plot_control, total_by
from tests.quick import SAMPLE


def chart(records=SAMPLE, **said):
    """Draw on axes of their own."""
    return plot_control(records, **said, ax=Figure(figsize=(8.6, 4)).subplots())


def key(ax):
    """Give the key's words."""
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_citys_series_and_its_limits_are_drawn():
    """By hand from the totals: rates per 1,000 residents and year."""
    city = total_by(SAMPLE, measure="tips").sort_values("period")
    rates = city["numerator"] / city["exposure"] * 1000
    limits = control_limits(rates)
    ax = chart()
    mean, low, high, series = (line.get_ydata() for line in ax.lines[:4])
    np.testing.assert_allclose(series, rates)
    assert (mean[0], low[0], high[0]) == pytest.approx((limits.mean, limits.low, limits.high))


def test_the_key_explains_limits_and_signals():
    """Ten years are few: the limits are on trial; 2021 lies above."""
    assert key(chart()) == ["Mean", "Trial limits (under 12 points)", "Beyond a limit"]
    assert key(chart(commune="Âu Lâu", by="quarter"))[:2] == ["Mean", "Limits"]
    note = chart().get_xlabel()
    assert note.startswith("1 beyond the limits; chance alone would give under 0.1 on 10 points.")


def test_a_commune_is_found_in_any_spelling_with_its_parts():
    """Giới Phiên holds Phúc Lộc in every year."""
    ax = chart(commune="xã GIỚI PHIÊN")
    assert ax.get_title("left").startswith("Giới Phiên: ")
    table = total_by(SAMPLE, "commune", measure="tips").query("commune == 'Giới Phiên'")
    expected = table["numerator"] / table["exposure"] * 1000
    np.testing.assert_allclose(ax.lines[3].get_ydata(), expected)


def test_limits_begin_anew_where_told():
    """Two parts, two means, one line in the key."""
    ax = chart(restart=(5,))
    means = {round(line.get_ydata()[0], 6) for line in (ax.lines[0], ax.lines[3])}
    assert len(means) == 2
    assert key(ax).count("Mean") == 1


def test_months_are_named_a_year_or_more_apart():
    """120 names would not be read."""
    names = [label.get_text() for label in chart(by="month", language="vi").get_xticklabels()]
    assert names[:2] in (["1/2013", "1/2014"], ["1/2013", "1/2015"])


def test_a_gap_stays_a_gap():
    """A cross on the axis, no point."""
    records = SAMPLE.copy()
    records.loc[records["year"] == 2017, "tips"] = pd.NA
    ax = chart(records)
    assert np.isnan(ax.lines[3].get_ydata()[4])
    assert "×: not reported." in ax.get_xlabel().replace("\n", " ")


def test_equal_values_have_no_limits_and_the_note_says_so():
    """Nothing is flagged, nothing is drawn at zero width."""
    records = SAMPLE.assign(tips=SAMPLE["tips"] * 0)
    ax = chart(records)
    assert np.isnan(ax.lines[1].get_ydata()).all()
    assert "All values are equal" in ax.get_xlabel()


def test_one_year_is_too_few():
    """The message says how many are needed."""
    with pytest.raises(ValueError, match="Limits need two values or more; here are 1"):
        chart(years=(2022, 2022))
