"""Communes in order: what the Axes hold."""

from matplotlib.figure import Figure

from antq_helpers import compare_communes, plot_ranking
from tests.quick import SAMPLE


def ranking(records=SAMPLE, **view):
    """Draw on axes of their own."""
    return plot_ranking(
        records, ax=Figure(figsize=(8.6, 6), layout="constrained").subplots(), **view
    )


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
