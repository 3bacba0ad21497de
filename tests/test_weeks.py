"""Weeks, days from one to another, and office months, from the title of a file to the sentence."""

import openpyxl
import pandas as pd
import pytest

from antq_helpers import (
    View,
    check_file,
    draw,
    explore_briefing,
    headline,
    load_records,
    total_by,
    write_briefing,
)
from antq_helpers.briefing.pages import compose
from antq_helpers.measuring.changes import change_from
from antq_helpers.measuring.lookback import LACKING, PARTIAL, list_periods, look_back
from antq_helpers.measuring.periods import AGAINST, period_against, period_days, split_periods
from tests.test_briefing_page import drop

LAST_YEAR, BEFORE = AGAINST
UNITS = load_records().query("year == 2022")["commune"].unique()


def reports_of(days: list[tuple[str, str]], tips: int = 2) -> pd.DataFrame:
    """Make a report of each unit for each pair of days."""
    rows = [(unit, *pair, tips + place) for place, pair in enumerate(days) for unit in UNITS]
    return pd.DataFrame(rows, columns=["commune", "period_start", "period_end", "tips"])


@pytest.fixture
def load(tmp_path):
    """Load such reports as a file of records."""

    def read(table):
        table.to_csv(tmp_path / "reports.csv", index=False)
        return check_file(tmp_path / "reports.csv").records

    return read


def weeks(first: str, count: int) -> list[tuple[str, str]]:
    """List the days of weeks on end, beginning with a day."""
    begin = pd.date_range(first, periods=count, freq="7D")
    return [(f"{day:%Y-%m-%d}", f"{day + pd.Timedelta(days=6):%Y-%m-%d}") for day in begin]


def office_months(first: str, count: int) -> list[tuple[str, str]]:
    """List months from the 15th to the 14th, by the month of their last day."""
    months = pd.period_range(first, periods=count, freq="M")
    return [(f"{month - 1}-15", f"{month}-14") for month in months]


# ---- their days ----


@pytest.mark.parametrize(
    ("week", "first", "last"),
    [
        ("2024-W01", "2024-01-01", "2024-01-07"),
        ("2020-W53", "2020-12-28", "2021-01-03"),  # ISO 8601: the last Thursday of 2020 is in it
        ("2021-W01", "2021-01-04", "2021-01-10"),
        ("2024-W37", "2024-09-09", "2024-09-15"),
    ],
)
def test_a_week_is_that_of_the_standard(week, first, last):
    """Monday to Sunday; the first one holds the first Thursday of the year."""
    assert period_days(week) == (pd.Timestamp(first), pd.Timestamp(last))


@pytest.mark.parametrize("period", ["2023-W53", "2024-W00", "2024-W54", "2024-02-30-to-2024-03-02"])
def test_a_week_or_day_that_no_calendar_has_is_refused(period):
    """2023 had 52 weeks."""
    with pytest.raises(ValueError, match=r"can not be read\. Write 2022"):
        period_days(period)


@pytest.mark.parametrize(
    ("period", "before", "last_year"),
    [
        ("2024-W37", "2024-W36", "2023-W37"),
        ("2021-W01", "2020-W53", "2020-W01"),
        ("2020-W53", "2020-W52", "2019-W52"),  # 2019 had no 53rd
        ("2026-W53", "2026-W52", "2025-W52"),
        (
            "2024-09-02-to-2024-09-05",
            "2024-08-29-to-2024-09-01",
            "2023-09-02-to-2023-09-05",
        ),
        (  # more than half a year: one and the same
            "2024-01-01-to-2024-09-30",
            "2023-01-01-to-2023-09-30",
            "2023-01-01-to-2023-09-30",
        ),
    ],
)
def test_what_a_week_or_days_are_compared_with(period, before, last_year):
    """The week before, and that of the same number."""
    assert period_against(period, BEFORE) == before
    assert period_against(period, LAST_YEAR) == last_year


def test_weeks_follow_each_other_over_a_year_of_53(load):
    """From the first week of 2020 to the second of 2021 there are 55."""
    records = load(reports_of(weeks("2019-12-30", 55)))
    totals = total_by(records, period="week", measure="tips")
    assert totals["period"].iloc[[0, 52, 53, 54]].tolist() == [
        "2020-W01", "2020-W53", "2021-W01", "2021-W02",
    ]  # fmt: skip
    assert totals["value"].tolist() == [len(UNITS) * (2 + week) for week in range(55)]
    assert (totals["covered"].iloc[5:] == 1).all()  # until then two more communes stood
    assert list_periods(records, "week")[:2] == ["2021-W02", "2021-W01"]


def test_a_week_over_two_years_counts_in_the_year_of_its_last_day(load):
    """28 December 2020 to 3 January 2021."""
    records = load(reports_of(weeks("2020-12-21", 3)))
    years = total_by(records, period="year", measure="tips").set_index("period")["value"]
    assert years.to_dict() == {"2020": 2 * len(UNITS), "2021": (3 + 4) * len(UNITS)}


def test_weeks_from_friday_to_thursday_bear_the_number_of_the_thursday(load):
    """13 to 19 September 2024 lies in the weeks 37 and 38; covered it is in full."""
    records = load(reports_of(weeks("2024-08-30", 3)))
    periods, _ = split_periods(records, "week")
    assert periods.labels == ["2024-W36", "2024-W37", "2024-W38"]
    assert [str(day) for day in (periods.start[2], periods.end[2])] == ["2024-09-13", "2024-09-19"]
    window = look_back(records, "2024-09-13-to-2024-09-19")
    assert window.period == "2024-W38"
    assert window.row("tips")["state"] == "full"
    text = headline(records, period="2024-W38", against=BEFORE)
    assert text.startswith(
        "Tuần 38 năm 2024 (từ ngày 13/9 đến ngày 19/9/2024), toàn thành phố tiếp nhận "
    )


def test_a_month_of_weeks_is_the_weeks_that_end_in_it_and_lacks_nothing(load):
    """August 2024 has those that ended on the 4th, 11th, 18th and 25th: 28 days of 31."""
    window = look_back(load(reports_of(weeks("2024-07-01", 12))), "2024-08")
    row = window.row("tips")
    assert [f"{day:%d/%m}" for day in window.days["2024-08"]] == ["29/07", "25/08"]
    assert row["value"] == len(UNITS) * (6 + 7 + 8 + 9)
    assert row["state"] == "full"


def test_weeks_beside_months_of_the_year_before_are_not_compared_with_these(load):
    """A month can not be split: of the week last year there is no report, which is said."""
    months = [("2023-09-01", "2023-09-30"), ("2024-08-01", "2024-08-31")]
    records = load(reports_of([*months, *weeks("2024-09-02", 2)]))
    window = look_back(records, "2024-W37")
    assert change_from(window, "tips", LAST_YEAR).state_before == "missing"
    assert change_from(window, "tips", BEFORE).difference == len(UNITS)
    assert list_periods(records, "week") == ["2024-W37", "2024-W36"]
    assert list_periods(records, "month")[0] == "2024-09"
    with pytest.raises(ValueError, match=r"2024-W35.*can not be split\. Use a longer period"):
        look_back(records, "2024-W35")


def test_days_from_one_to_another_hold_the_reports_that_lie_in_them(load):
    """Of three weeks two lie in these days; the one that begins earlier is left out, and said."""
    window = look_back(load(reports_of(weeks("2024-09-02", 4))), "2024-09-05-to-2024-09-22")
    row = window.row("tips")
    assert row["value"] == len(UNITS) * (3 + 4)
    assert row["covered"] == pytest.approx(14 / 18)
    assert row["state"] == PARTIAL


# ---- office months ----


def test_office_months_are_complete_and_compared_with_office_months(load):
    """15 February to 14 March has 28 days, as the month of March has it in any year."""
    records = load(reports_of(office_months("2021-01", 27)))
    window = look_back(records, "2023-03")
    assert [f"{day:%d/%m/%Y}" for day in window.days["2023-03"]] == ["15/02/2023", "14/03/2023"]
    change = change_from(window, "tips", LAST_YEAR)
    assert (change.state, change.state_before) == ("full", "full")
    assert change.difference == 12 * len(UNITS)
    assert LACKING not in set(window.totals["state"])
    assert headline(records, period="2023-03").startswith(
        "Tháng 3/2023 (từ ngày 15/2 đến ngày 14/3/2023), toàn thành phố tiếp nhận "
    )
    quarter = look_back(records, "2023-Q1").days["2023-Q1"]
    assert [f"{day:%d/%m/%Y}" for day in quarter] == ["15/12/2022", "14/03/2023"]


# ---- as offices write them ----


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("BÁO CÁO TUẦN 37 NĂM 2024", ("2024-09-09", "2024-09-15")),
        ("Kết quả tuần thứ 37/2024", ("2024-09-09", "2024-09-15")),
        ("Week 37, 2024", ("2024-09-09", "2024-09-15")),
        ("TUẦN 36 (từ ngày 6/9 đến ngày 12/9/2024)", ("2024-09-06", "2024-09-12")),
        ("Từ ngày 2/9 đến ngày 8/9/2024", ("2024-09-02", "2024-09-08")),
        ("Tuần 53 năm 2020", ("2020-12-28", "2021-01-03")),
    ],
)
def test_the_title_of_a_weekly_file_is_read(tmp_path, title, days):
    """A week without days is the standard's; days that are stated decide."""
    found = check_file(book_of(tmp_path, title))
    (record,) = found.records[["period_start", "period_end"]].to_numpy()
    assert [str(day)[:10] for day in record] == list(days)
    assumed = any(note.kind == "period_assumed" for note in found.skipped)
    assert assumed == ("ngày" not in title)


@pytest.mark.parametrize(
    "title",
    [
        "BÁO CÁO TUẦN 2 THÁNG 9 NĂM 2024", "Tuần 36, 37 năm 2024", "Tuần 36 và 37 năm 2024",
        "Tuần 1/9/2024", "Tuần 53 năm 2023", "10 NGÀY ĐẦU THÁNG 9 NĂM 2024", "Tuần 37",
        "Kế hoạch tuần 38, kết quả tuần 37 năm 2024",
    ],
)  # fmt: skip
def test_a_week_that_can_be_another_asks(tmp_path, title):
    """Of a month, of two, or one that the year did not have."""
    found = check_file(book_of(tmp_path, title))
    assert found.records.empty
    assert found.problems


def book_of(folder, title):
    """Write a form of one unit below a title."""
    book = openpyxl.Workbook()
    for row in [[title], ["Xã, phường", "Nguồn tin"], ["Tuy Lộc", 12]]:
        book.active.append(row)
    book.save(folder / "form.xlsx")
    return folder / "form.xlsx"


# ---- on the page, in pictures and in a pack ----


def test_the_page_offers_weeks_with_their_days_and_days_of_ones_own():
    """A weekly file is shown by its last week; other days are written as an office does."""
    form = explore_briefing().form
    drop(form, ("tuan.csv", reports_of(weeks("2024-08-26", 4)).to_csv(index=False).encode()))
    kind, period = form._chosen["kind"], form._chosen["period"]
    assert (kind.value, period.value) == ("week", "2024-W38")
    assert period.options[1][0] == "Tuần 37 năm 2024 (từ ngày 9/9 đến ngày 15/9/2024)"
    assert "Tuần 38 năm 2024 (từ ngày 16/9 đến ngày 22/9/2024), toàn thành phố" in form._said.value
    assert "so với tuần 38 năm 2023" not in form._said.value  # of which there is no report
    kind.value = "days"
    form._days.value = "2/9 – 15/9/2024"
    assert period.value == "2024-09-02-to-2024-09-15"
    tips = len(UNITS) * (3 + 4)
    assert f"Từ ngày 2/9 đến ngày 15/9/2024, toàn thành phố tiếp nhận {tips} " in form._said.value
    assert form.in_language("en")._chosen["period"].value == period.value
    form._days.value = "hôm qua"
    assert "Ghi ngày đầu và ngày cuối" in form._said.value
    assert form._download.disabled


@pytest.mark.parametrize("kind", ["trend", "control", "coverage"])
def test_pictures_by_week_name_their_years_where_these_begin(load, kind):
    """Also after a year of 53 weeks."""
    records = load(reports_of(weeks("2019-12-30", 120)))
    view = View(kind=kind, measures=["tips"], by="week", language="vi")
    axes = draw(records, view).figure.axes
    ticks = {
        label.get_text(): int(place)
        for ax in axes
        for place, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
    }
    years = {"2020": 0, "2021": 53, "2022": 105}
    assert years.items() <= ticks.items() or any(name.startswith("Tuần ") for name in ticks)
    assert ", 2020–2022" in " ".join(ax.get_title("left") for ax in axes) or kind == "coverage"


def test_a_weekly_pack_says_which_weeks_it_compares(load, tmp_path):
    """Those of the year before, of a year without a 53rd, and over the new year."""
    records = load(reports_of(weeks("2019-12-23", 60)))
    briefing = compose(look_back(records, "2020-W53"))
    assert briefing.title.endswith("tuần 53 năm 2020 (từ ngày 28/12/2020 đến ngày 3/1/2021)")
    notes = " ".join(briefing.notes)
    assert "ISO 8601, từ thứ Hai đến Chủ nhật" in notes
    assert "tuần 52 năm 2019 (từ ngày 23/12 đến ngày 29/12/2019)" in notes
    assert "Năm 2019 không có tuần 53 nên so với tuần 52." in notes
    assert "số liệu năm tính vào năm 2021" in notes
    ask = {"period": "2020-W53", "audience": "internal", "formats": ["xlsx"]}
    assert (write_briefing(records, tmp_path / "a", **ask) / "so-lieu.xlsx").exists()
