"""Models as a stock: counted at a day, never added up over time."""

import pandas as pd
import pytest

from antq_helpers import load_table, stock_of

MODELS = pd.DataFrame(
    {
        "commune": ["Tuy Lộc", "Tuy Lộc", "Âu Lâu"],
        "kind": ["camera", "zalo", "camera"],
        "since": pd.to_datetime(["2015-03-01", "2016-01-01", "2018-07-01"]),
        "until": pd.to_datetime([None, "2017-12-31", None]),
        "count": pd.array([2, 1, 3], dtype="Int64"),
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


@pytest.mark.parametrize("at", [["2021-12-31", "2022-12-31"], (2013, 2022), "2013-to-2022"])
def test_a_stock_is_not_summed_over_years(at):
    """The message says what to do instead."""
    with pytest.raises(ValueError, match=r"no single day\. Models are a stock: count"):
        stock_of(MODELS, at)
