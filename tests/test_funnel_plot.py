"""Communes by size against the limits of chance: what the Axes hold."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from antq_helpers import funnel, plot_funnel, select, total_by
from tests.quick import SAMPLE


def plot(records=SAMPLE, **said):
    """Draw on axes of their own."""
    figure = Figure(figsize=(8.6, 6), layout="constrained")
    return plot_funnel(records, **said, ax=figure.subplots())


def named(ax):
    """Give the communes that are named."""
    known = set(SAMPLE["commune"])
    return {text.get_text() for text in ax.texts} & known


@pytest.mark.parametrize("measure", ["tips", "valuable_share", "cases_per_100_tips"])
def test_those_outside_are_named_and_no_others(measure):
    """The same as the table's."""
    table = funnel(total_by(SAMPLE, "commune"), measure=measure)
    ax = plot(measure=measure)
    assert named(ax) == set(table.loc[table["outlier"] != "", "commune"])
    drawn = sum(len(line.get_xdata()) for line in ax.lines[7:])
    assert drawn == 15


@pytest.mark.parametrize("measure", ["tips", "valuable_share", "cases_per_100_tips"])
@pytest.mark.parametrize("dispersion", [1, None])
def test_a_commune_is_named_where_its_point_lies_outside_the_solid_lines(measure, dispersion):
    """Read back from the artists: filled points outside, hollow ones within."""
    ax = plot(measure=measure, dispersion=dispersion)
    low, high = (ax.lines[place].get_xydata() for place in (4, 5))
    assert ax.lines[4].get_linestyle() == ax.lines[5].get_linestyle() == "-"
    for line in ax.lines[7:]:
        x, y = line.get_data()
        outside = (y < np.interp(x, *low.T)) | (y > np.interp(x, *high.T))
        assert (outside == (line.get_markerfacecolor() != "white")).all()


def test_chance_alone_names_more():
    """With a dispersion of 1 the limits are narrower, and the note does not speak of it."""
    assert named(plot()) < named(plot(dispersion=1))
    assert "dispersion of these reports, 1.98" in plot().get_xlabel().replace("\n", " ")
    assert "dispersion" not in plot(dispersion=1).get_xlabel()


def test_the_curves_meet_the_limits_of_each_commune():
    """At its size, on the inner and the outer curve."""
    table = funnel(total_by(SAMPLE, "commune"), measure="tips")
    curves = [line.get_xydata() for line in plot().lines[:6]]
    names = [f"{side}_{name}" for name in ("95", "998", "fdr") for side in ("low", "high")]
    for curve, name in zip(curves, names, strict=True):
        at_size = np.interp(table["base"] / 1000, *curve.T)
        np.testing.assert_allclose(at_size, table[name], rtol=0.02)


def test_names_cover_no_point_and_no_other_name():
    """As they are laid out for print."""
    ax = plot()
    ax.figure.draw_without_rendering()
    names = [t for t in ax.texts if t.get_text() in named(ax)]
    boxes = [name.get_window_extent() for name in names]
    points = np.vstack([ax.transData.transform(line.get_xydata()) for line in ax.lines[7:]])
    assert len(boxes) > 5
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])
        assert not any(box.contains(*point) for point in points)


def test_when_none_lies_outside_the_picture_says_so():
    """A dispersion so wide that nothing stands out."""
    ax = plot(dispersion=100)
    assert named(ax) == set()
    assert "No unit lies outside" in ax.get_xlabel().replace("\n", " ")


def test_one_commune_has_no_funnel():
    """The message says what to do."""
    with pytest.raises(ValueError, match=r"needs two communes or more .* say dispersion=\.$"):
        plot(select(SAMPLE, communes=["Âu Lâu"]))
