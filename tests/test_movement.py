"""Bars by kind and the stock of models: what the Axes hold."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import load_records, load_table, plot_parts, plot_relation, plot_stock, stock_of

TABLES = {
    name: load_table(name) for name in ("drives", "models", "partner_activities", "commendations")
}
MARK = {"en": "SYNTHETIC FIGURES, FOR ILLUSTRATION", "vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}


def axes():
    """Make axes of their own."""
    return Figure(figsize=(8.6, 4.6), layout="constrained").subplots()


def names(ax):
    """Give the bars' names from above."""
    return [label.get_text() for label in ax.get_yticklabels()]


def marks(ax):
    """Give the texts that mark made-up figures."""
    return [text.get_text() for text in ax.texts if text.get_gid() == "illustrative"]


def test_what_is_not_itemised_is_last_and_hatched():
    """Ten of 75 drives."""
    ax = plot_parts(TABLES["drives"], by="kind", ax=axes())
    assert names(ax) == ["Wards and communes", "Agencies, enterprises, schools", "Not itemised"]
    assert [bar.get_width() for bar in ax.patches] == [52, 13, 10]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True]
    assert "Hatched: the source does not say more." in ax.get_xlabel()


def test_bars_are_divided_and_named():
    """Collectives and individuals of the city chair: 133 and 199, 332 in all."""
    ax = plot_parts(
        TABLES["commendations"], by="authority", split="recipient", language="vi", ax=axes()
    )
    assert names(ax)[0] == "Chủ tịch UBND thành phố"
    assert [bar.get_width() for bar in ax.patches if bar.get_y() < 0.5 < bar.get_y() + 0.9] == [
        133,
        199,
    ]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Tập thể", "Cá nhân"]
    assert " 332" in [text.get_text() for text in ax.texts]


def test_printed_figures_bear_no_mark_and_made_up_ones_do():
    """Commendations are as printed; the years of drives are not."""
    assert marks(plot_parts(TABLES["commendations"], by="award", ax=axes())) == []
    for language, mark in MARK.items():
        drawn = plot_parts(TABLES["drives"], by="kind", language=language, ax=axes())
        assert marks(drawn) == [mark]
        assert marks(plot_stock(TABLES["models"], language=language, ax=axes())) == [mark]


def test_a_bound_is_written_as_a_bound():
    """Over 5,000 leaflets, not the number that the sample happens to have."""
    leaflets = TABLES["partner_activities"].query("kind == 'leaflets'")
    ax = plot_parts(leaflets, by="kind", bounds={"leaflets": ("over", 5000)}, ax=axes())
    assert [text.get_text() for text in ax.texts if not text.get_gid()] == ["   over 5,000"]
    assert [bar.get_width() for bar in ax.patches] == [5000]
    assert "prints a bound" in ax.get_xlabel()


def test_the_stock_stands_at_each_years_end_and_is_not_added_up():
    """The last column is the printed 96."""
    models = TABLES["models"]
    ax = plot_stock(models, ax=axes())
    tops = [int(text.get_text()) for text in ax.texts if not text.get_gid()]
    days = [f"{year}-12-31" for year in range(2013, 2023)] + ["2023-05-31"]
    assert tops == [stock_of(models, day) for day in days]
    assert tops[-1] == 96
    assert "not added up" in ax.get_xlabel()


def test_models_that_all_began_in_the_last_year_are_drawn():
    """There is no year's end before: one column, at the last day."""
    models = TABLES["models"].query("since >= '2022-01-01'")
    late = models.assign(since=pd.Timestamp("2023-02-01"))
    ax = plot_stock(late, ax=axes())
    assert [text.get_text() for text in ax.texts if not text.get_gid()] == [str(len(late))]


def test_a_column_that_is_not_there_is_refused():
    """The message names those that are."""
    with pytest.raises(ValueError, match=r"^column='sort' is not known. Use one of: year, kind"):
        plot_parts(TABLES["drives"], by="sort", ax=axes())


@pytest.mark.parametrize("lag", [0, 1])
def test_a_relation_is_drawn_with_its_interval_and_says_that_it_is_no_proof(lag):
    """In words under the picture, in both languages."""
    records = load_records()
    said = plot_relation(records, lag=lag, ax=axes()).get_xlabel().replace("\n", " ")
    assert "There is not enough evidence of any relation. This is no proof of cause." in said
    assert ("a year before" in said) is (lag == 1)
    ax = plot_relation(records, lag=lag, language="vi", ax=axes())
    assert "không phải là bằng chứng về nguyên nhân" in ax.get_xlabel().replace("\n", " ")
    assert marks(ax) == [MARK["vi"]]
