"""Bars by kind and the stock of models: what the Axes hold."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from antq_helpers import (
    View,
    draw,
    load_records,
    load_table,
    plot_parts,
    plot_relation,
    plot_stock,
    stock_of,
    tabulate,
)
from antq_helpers.measuring.stocks import stock_by_year

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
    assert names(ax) == ["Communes and wards", "Agencies, enterprises, schools", "Not itemised"]
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


def test_only_what_the_article_printed_is_credited_to_it():
    """Own figures may be published or made up, too: the column source says what they rest on."""
    awards, drives = TABLES["commendations"], TABLES["drives"]
    printed = "As printed by Báo Yên Bái, 24 May 2023."
    said = {
        printed: awards.query("recipient == 'individual'"),
        "Published figures.": awards.assign(count=awards["count"] + 1),
        "Source: Báo Lào Cai, 2/1/2024.": awards.assign(source="Báo Lào Cai, 2/1/2024"),
        "": awards.assign(source="reported"),
    }
    for note, table in said.items():
        assert plot_parts(table, by="award", ax=axes()).get_xlabel() == note
    own = drives.assign(year=2024)
    for table, credited in ((drives.head(3), True), (own, False)):
        assert ("Báo Yên Bái" in plot_parts(table, by="kind", ax=axes()).get_xlabel()) is credited


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
    ax = plot_stock(models, at="2023-05-31", ax=axes())
    tops = [int(text.get_text()) for text in ax.texts if not text.get_gid()]
    days = [f"{year}-12-31" for year in range(2013, 2023)] + ["2023-05-31"]
    assert tops == [stock_of(models, day) for day in days]
    assert tops[-1] == 96
    assert "not added up" in ax.get_xlabel()


def own_models():
    """Return three models of 2022 and twenty-five of later years, one of which has ended."""
    begun = ["2022-02-01"] * 3 + ["2024-03-01"] * 20 + ["2025-06-15"] * 5
    return pd.DataFrame(
        {
            "commune": "Tuy Lộc",
            "kind": "camera",
            "since": pd.to_datetime(begun),
            "until": pd.to_datetime([None] * 27 + ["2025-09-30"]),
            "count": 1,
            "source": "reported",
        }
    )


def test_the_stock_ends_on_the_last_day_of_the_data_and_says_so():
    """Not on a day of the article: the 28th model ended on 30 September 2025, 27 run on."""
    ax = plot_stock(own_models(), ax=axes())
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "2022",
        "2023",
        "2024",
        "9/2025",
    ]
    assert [text.get_text() for text in ax.texts] == ["3", "3", "23", "27"]
    assert "Last column: 2025-09-30." in ax.get_xlabel()
    assert "Left out" not in ax.get_xlabel()


def test_a_planned_end_is_no_day_of_the_data():
    """A model that is to end in 2090 runs today; there is no column for 2089."""
    planned = own_models().assign(until=pd.Timestamp("2090-12-31"))
    ax = plot_stock(planned, ax=axes())
    assert [text.get_text() for text in ax.texts] == ["3", "3", "23", "28"]
    assert (
        "Cột cuối: ngày 15/06/2025." in plot_stock(planned, language="vi", ax=axes()).get_xlabel()
    )
    assert stock_by_year(planned)["count"].to_dict() == {2022: 3, 2023: 3, 2024: 23}


def test_models_that_the_stock_leaves_out_are_named():
    """Twenty-five began after the day that was asked for, one of them has no first day."""
    models = own_models()
    models.loc[27, "since"] = pd.NaT
    said = plot_stock(models, at="2023-05-31", ax=axes()).get_xlabel()
    assert "Left out: 25 models that began after 2023-05-31, or with no first day." in said
    said = plot_stock(models, at="2023-05-31", language="vi", ax=axes()).get_xlabel()
    assert "Chưa tính 25 mô hình bắt đầu sau ngày 31/05/2023 hoặc không rõ" in said


def test_models_without_any_first_day_are_refused():
    """There is no last day of the data."""
    with pytest.raises(ValueError, match=r"^No model has a first day \(since\), so no stock"):
        plot_stock(own_models().assign(since=pd.NaT, until=pd.NaT), ax=axes())


def test_years_stand_in_their_order_and_a_row_without_one_is_kept():
    """Two drives of 2022, five of 2021, three of no year: ten in all, the last hatched."""
    drives = pd.DataFrame(
        {"year": [2022.0, 2021.0, None], "count": [2, 5, 3], "source": "reported"}
    )
    for years in (drives, drives.astype({"year": "Int64"})):
        ax = plot_parts(years, by="year", ax=axes())
        assert names(ax) == ["2021", "2022", "Not itemised"]
        assert [bar.get_width() for bar in ax.patches] == [5, 2, 3]
        assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, False, True]


@pytest.mark.parametrize("split", [None, "organisation"])
def test_what_was_not_reported_is_said_and_is_no_zero(split):
    """Attendances are known of activities and classes, not of leaflets, exchanges and trials."""
    ax = plot_parts(
        TABLES["partner_activities"], by="kind", split=split, column="attendances", ax=axes()
    )
    values = [text.get_text().strip() for text in ax.texts if not text.get_gid()]
    told = dict(zip(names(ax), values, strict=True))
    assert told["Training classes"] == "1,690"
    assert {kind for kind, value in told.items() if value == "Not reported"} == {
        "Exchange programmes",
        "Leaflets",
        "Mock trials",
    }
    assert "0" not in values
    assert names(ax)[:2] == ["Education activities", "Training classes"]


def listed():
    """Give each table with each column whose values can have a bar."""
    amounts = ("count", "attendances", "devices", "since", "until")
    return [(name, by) for name, table in TABLES.items() for by in table if by not in amounts]


@pytest.mark.parametrize(("table", "by"), listed())
def test_every_column_can_be_drawn_and_no_row_is_lost(table, by):
    """Year, commune, manner and whatever else: the bars add up to the table, named in words."""
    rows = TABLES[table]
    for language in ("en", "vi"):
        ax = plot_parts(rows, by=by, language=language, ax=axes())
        assert sum(bar.get_width() for bar in ax.patches) == rows["count"].sum()
        assert not any("_" in name or name in ("True", "False") for name in names(ax))


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


def test_a_relation_to_the_year_before_says_so_in_its_title():
    """Two pictures of two questions do not bear one title."""
    titles = [
        plot_relation(load_records(), lag=lag, ax=Figure().subplots()).get_title("left")
        for lag in (0, 1)
    ]
    assert titles[0] == "Tips against outreach sessions, 2013–2022"
    assert titles[1] == "Tips against outreach sessions a year before, 2014–2022"


@pytest.mark.parametrize("kinds", [1, 2, 13])
def test_few_bars_do_not_fill_a_high_picture(kinds):
    """Two bars of the explorer were an inch thick each; thirteen still take all the height."""
    figure = Figure(figsize=(8.6, 6.2), layout="constrained")
    models = load_table("models").groupby("commune").head(1)
    chosen = models[models["commune"].isin(models["commune"].unique()[:kinds])]
    ax = plot_parts(chosen, by="commune", title="Models", ax=figure.subplots())
    figure.draw_without_rendering()
    thick = [bar.get_window_extent().height / figure.dpi for bar in ax.patches]
    assert len(thick) == kinds
    assert max(thick) < 0.55
    below = figure.bbox.ymax - ax.xaxis.get_label().get_window_extent().ymin
    assert (below > 0.9 * figure.bbox.height) == (kinds == 13)


def test_communes_of_a_view_are_found_by_any_spelling_and_those_that_lack_are_named():
    """Văn Phú has models, Phúc Lộc none; a table that names no communes says so."""
    view = View(kind="parts", table="models", by="commune", communes=["xã VĂN PHÚ", "Phúc Lộc"])
    numbers = tabulate(TABLES["models"], view)
    assert numbers["commune"].tolist() == ["Văn Phú"]
    assert set(numbers["lacking"]) == {"Phúc Lộc"}
    unnamed = TABLES["drives"].drop(columns="commune")
    with pytest.raises(ValueError, match=r"^column='commune' is not known\. Use one of: year"):
        tabulate(unnamed, View(kind="parts", communes=["Văn Phú"]))


@pytest.mark.parametrize(
    ("table", "by", "language", "title"),
    [
        ("partner_activities", "organisation", "en", "Partner activities: organisation"),
        ("drives", "manner", "vi", "Vận động ở địa bàn: hình thức"),
    ],
)
def test_bars_of_any_column_have_a_title(table, by, language, title):
    """Of those that have none of their own, the names of table and column."""
    view = View(kind="parts", table=table, by=by, language=language)
    assert title in draw(TABLES[table], view).alt
