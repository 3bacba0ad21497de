"""What a table gives for a filter and a period, with the call, worked out by hand."""

import math

import pandas as pd
import pytest

from antq_helpers.measuring.periods import look_up

DAYS = pd.to_datetime


def table(**columns):
    """Give a table whose whole numbers may be missing."""
    made = pd.DataFrame(columns)
    whole = [name for name in ("year", "count", "tips") if name in made]
    return made.astype(dict.fromkeys(whole, "Int64"))


DRIVES = table(
    year=[2021, 2022, 2022, None],
    kind=["commune", "commune", "body", "body"],
    hotspot=[True, False, False, None],
    count=[1, 2, 4, 8],
    source=["reported", "reported", "illustrative", None],
)
MODELS = table(
    kind=["camera"] * 4,
    since=DAYS(["2020-01-01", "2023-05-31", "2023-06-01", "2021-01-01"]),
    until=DAYS([None, None, None, "2023-05-31"]),
    count=[1, 2, 4, 8],
)
RECORDS = table(
    period_start=DAYS(["2022-02-15", "2022-03-01", "2022-03-15", "2022-01-01", "2021-12-15"]),
    period_end=DAYS(["2022-03-14", "2022-03-31", "2022-04-14", "2022-03-31", "2022-01-14"]),
    year=[2022] * 5,
    tips=[1, 2, 4, 8, 16],
)
TABLES = {"drives": DRIVES, "models": MODELS, "records": RECORDS}


def found(name, conditions, period, column="count"):
    """Look up, and hold the call against what it gives."""
    result = look_up(TABLES, name, column, conditions, period)
    if result.call and not math.isnan(result.value):
        assert eval(result.call, {"tables": TABLES}) == result.value, result.call
    return result


@pytest.mark.parametrize(
    ("conditions", "period", "value"),
    [
        ({}, "2022", 6),
        ({}, "2021-to-2022", 15),  # the undated row is within all the years that there are
        ({}, "2013-to-2021", 1),  # but not within some of them
        ({"kind": "commune"}, "2022", 2),
        ({"kind": "body"}, "2013-to-2022", 12),
        ({"hotspot": "true"}, "2021", 1),
        ({"hotspot": "false", "kind": "body"}, "2022", 4),
    ],
)
def test_a_flow_is_added_over_years(conditions, period, value):
    """Each call gives the same."""
    assert found("drives", conditions, period).value == value


def test_no_row_is_not_zero():
    """Nor is a year that a table of years cannot split, a column or a table that is not there."""
    assert math.isnan(found("drives", {"kind": "none"}, "2022").value)
    assert math.isnan(found("drives", {}, "2022-Q1").value)
    assert math.isnan(found("drives", {"place": "x"}, "2022").value)
    assert math.isnan(found("drives", {}, "2022", "devices").value)
    assert math.isnan(found("commendations", {}, "2022").value)
    blank = {"drives": DRIVES.assign(count=pd.NA)}
    assert math.isnan(look_up(blank, "drives", "count", {}, "2022").value)


def test_rows_without_any_year_are_of_no_single_year():
    """Commendations of ten years are not those of 2022."""
    undated = {"drives": DRIVES.assign(year=pd.NA).astype({"year": "Int64"})}
    assert look_up(undated, "drives", "count", {}, "2013-to-2022").value == 15
    assert math.isnan(look_up(undated, "drives", "count", {}, "2022").value)


@pytest.mark.parametrize(
    ("period", "value"),
    # On 31 May 2023 the second has begun, the third has not, and the fourth has ended.
    [("2023-05", 3), ("2023-04", 9), ("2023", 7), ("2013-to-2022", 9)],
)
def test_a_stock_is_counted_on_the_last_day_of_the_period(period, value):
    """Never added up over time."""
    assert found("models", {"kind": "camera"}, period).value == value


@pytest.mark.parametrize(
    ("period", "value"), [("2022-03", 3), ("2022-Q1", 27), ("2022-04", 4), ("2022", 31)]
)
def test_reports_belong_to_the_month_of_their_last_day(period, value):
    """From the 15th to the 14th as well; a quarter is in no month."""
    assert found("records", {}, period, "tips").value == value


def test_sources_are_those_of_the_rows_that_count():
    """A row without one was reported; so was a table without the column."""
    assert found("drives", {}, "2021").sources == ("reported",)
    assert found("drives", {}, "2021-to-2022").sources == ("illustrative", "reported")
    assert found("models", {}, "2023-05").sources == ("reported",)
