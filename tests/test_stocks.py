"""Models as a stock: counted at a day, never added up over time."""

import pandas as pd
import pytest

from antq_helpers import load_communes, load_records, load_table, stock_of
from antq_helpers.measuring.stocks import stock_by_year

MODELS = pd.DataFrame(
    {
        "commune": ["Tuy Lộc", "Tuy Lộc", "Âu Lâu"],
        "kind": ["camera", "zalo", "camera"],
        "since": pd.to_datetime(["2015-03-01", "2016-01-01", "2018-07-01"]),
        "until": pd.to_datetime([None, "2017-12-31", None]),
        "count": pd.array([2, 1, 3], dtype="Int64"),
        "place": "yen-bai",
    }
)


@pytest.mark.parametrize(
    ("day", "running"),
    [
        ("2015-02-28", 0),
        ("2015-03-01", 2),
        ("2016-06-30", 3),
        ("2017-12-30", 3),
        ("2017-12-31", 2),
        ("2018-12-31", 5),
    ],
)
def test_what_began_and_has_not_ended_counts(day, running):
    """The first day counts, the day of the end does not."""
    assert stock_of(MODELS, day) == running


def test_it_is_counted_by_what_is_asked_for():
    """Each commune's at one day."""
    assert stock_of(MODELS, "2018-12-31", "commune").to_dict() == {"Tuy Lộc": 2, "Âu Lâu": 3}
    assert stock_of(MODELS, "2018-12-31", "commune", "kind").sum() == 5


def test_the_printed_stock_comes_out():
    """96 in May 2023, fewer before: it grew."""
    models = load_table("models")
    years = [stock_of(models, f"{year}-12-31") for year in range(2013, 2023)]
    assert stock_of(models, "2023-05-31") == 96
    assert years == sorted(years)
    assert years[-1] < 96


@pytest.mark.parametrize(
    "at",
    [
        ["2021-12-31", "2022-12-31"],
        (2013, 2022),
        "2013-to-2022",
        "2022",
        "2023-05",
        2013,
        None,
        "2022-02-31",
    ],
)
def test_a_stock_is_not_summed_over_years(at):
    """The message says what to do instead."""
    with pytest.raises(ValueError, match=r"no single day\. Models are a stock: count"):
        stock_of(MODELS, at)


def test_each_year_end_stands_beside_the_others():
    """Three in 2016, two when the Zalo group had ended, five from 2018; never ten together."""
    stock = stock_by_year(MODELS, years=(2014, 2018))
    assert stock["count"].to_dict() == {2014: 0, 2015: 2, 2016: 3, 2017: 2, 2018: 5}
    kinds = stock_by_year(MODELS, "kind", years=(2016, 2017))
    assert kinds.to_dict("list") == {"camera": [2, 2], "zalo": [1, 0]}


def test_the_shipped_stock_grows_to_the_end_of_2022():
    """The days of the sample end in 2023, so 2022 is the last whole year."""
    stock = stock_by_year(load_table("models"))["count"]
    assert (stock.index.min(), stock.index.max()) == (2013, 2022)
    assert stock.is_monotonic_increasing


def test_a_model_is_counted_where_its_place_belongs_on_that_day():
    """Phúc Lộc joined Giới Phiên on 1 February 2020, by Resolution 871/NQ-UBTVQH14."""
    models = MODELS.assign(commune=["Phúc Lộc", "Giới Phiên", "xã lạ"], until=pd.NaT)
    models["until"] = pd.to_datetime(models["until"])
    before, after = (stock_of(models, day, "commune") for day in ("2020-01-31", "2020-02-01"))
    assert before.to_dict() == {"Phúc Lộc": 2, "Giới Phiên": 1, "xã lạ": 3}
    assert after.to_dict() == {"Giới Phiên": 3, "xã lạ": 3}
    assert models["commune"].tolist() == ["Phúc Lộc", "Giới Phiên", "xã lạ"]


def test_a_model_of_another_place_is_counted_by_the_communes_of_that_place(tmp_path):
    """Its own Phúc Lộc never joined anything; a table that lost its place is asked for it."""
    communes = load_communes(boundaries=2013).query("name == 'Phúc Lộc'")
    (tmp_path / "models.csv").write_text(
        "commune,kind,since,until,count,source\nPhúc Lộc,camera,2015-03-01,,2,reported\n",
        encoding="utf-8",
    )
    models = load_table("models", tmp_path / "models.csv", communes=communes)
    assert stock_of(models, "2022-12-31", "commune").to_dict() == {"Phúc Lộc": 2}
    merged = models.drop(columns="place")
    assert stock_of(merged, "2022-12-31") == 2
    with pytest.raises(ValueError, match=r"does not say of which place it is: the column place"):
        stock_of(merged, "2022-12-31", "commune")


def test_communes_stand_in_official_order():
    """Yên Thịnh first and Văn Phú last, not Âu Lâu and Đồng Tâm; so do the columns by year."""
    models = load_table("models")
    official = load_communes(boundaries=2020)["name"].tolist()
    counted = stock_of(models, "2023-05-31", "commune")
    assert counted.index.tolist() == [name for name in official if name in counted.index]
    assert counted.index[[0, -1]].tolist() == ["Yên Thịnh", "Văn Phú"]
    both = stock_of(models, "2023-05-31", "kind", "commune")["camera"].index.tolist()
    assert both == [name for name in official if name in both]
    years = stock_by_year(models, "commune", years=(2021, 2022)).columns.tolist()
    assert years == [name for name in official if name in years]


def test_what_is_no_table_of_models_is_refused():
    """Records have no since; what is wanted is named."""
    with pytest.raises(ValueError, match=r"lacks the columns since, until, count\. Models are"):
        stock_of(load_records(), "2022-12-31")


def test_what_cannot_be_counted_by_is_named():
    """And years the wrong way round, and a table without rows."""
    with pytest.raises(ValueError, match=r"key='place' is not known\. Use one of: commune, kind"):
        stock_of(MODELS, "2022-12-31", "place")
    with pytest.raises(ValueError, match=r"years=\(2018, 2014\) is the wrong way round"):
        stock_by_year(MODELS, years=(2018, 2014))
    with pytest.raises(ValueError, match="models is empty"):
        stock_by_year(MODELS.iloc[:0])


def test_before_the_first_model_no_unit_has_one():
    assert stock_of(MODELS, "2015-02-28", "commune").empty
