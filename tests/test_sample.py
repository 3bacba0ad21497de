"""The illustrative sample: the same bytes each time, the published totals, and no false pattern."""

import os

import numpy as np
import pandas as pd
import pytest

from antq_helpers.dictionary import DATA
from data.make_sample import make_sample, write_table

COMMITTED = DATA / "sample" / "records.csv"
COUNTS = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
MERGED = {"Phúc Lộc": "Giới Phiên", "Văn Tiến": "Văn Phú"}  # Resolution 871/NQ-UBTVQH14


@pytest.fixture(scope="module")
def records() -> pd.DataFrame:
    """Read the committed file as any other program would."""
    return pd.read_csv(COMMITTED)


def yearly_tips(records: pd.DataFrame) -> pd.DataFrame:
    """Add tips by commune and year, on the boundaries of 2020."""
    names = records["commune"].replace(MERGED)
    return records.assign(commune=names).pivot_table("tips", "commune", "year", aggfunc="sum")


def test_the_committed_file_is_what_the_seed_makes(tmp_path):
    """Two runs give the bytes of the committed file."""
    for name in ("first.csv", "second.csv"):
        assert write_table(make_sample(), tmp_path / name).read_bytes() == COMMITTED.read_bytes()


def test_the_file_is_plain_utf8_with_unix_line_ends():
    """No byte-order mark, no carriage return, and the header in the order agreed."""
    content = COMMITTED.read_bytes()
    header = ",".join(["commune,period_start,period_end,year", *COUNTS, "source"])
    assert content.startswith(header.encode() + b"\n")
    assert b"\r" not in content
    assert content.endswith(b",illustrative\n")


@pytest.mark.parametrize(
    ("count", "published"), [("sessions", 2368), ("tips", 4556), ("valuable_tips", 1651)]
)
def test_exact_figures_add_up_to_the_published_total(records, count, published):
    """Báo Yên Bái, 24 May 2023, prints these three exactly."""
    assert records[count].sum() == published


def test_bounds_are_kept_and_not_taken_for_totals(records):
    """The article says nearly 210 000 attendances and over 600 cases."""
    assert 207_900 < records["attendances"].sum() < 210_000
    assert records["attendances"].sum() % 100 != 0
    assert 600 < records["resolved_cases"].sum() <= 640


def test_seventeen_units_report_until_january_2020_and_fifteen_after(records):
    """85 months of 17 units and 35 months of 15 make 1 970 rows; two names leave."""
    units = records.groupby("period_start")["commune"].nunique()
    assert (units[:"2020-01-01"] == 17).all()
    assert (units["2020-02-01":] == 15).all()
    assert (units[:"2020-01-01"].size, units["2020-02-01":].size, len(records)) == (85, 35, 1970)
    before = set(records.query("period_start <= '2020-01-01'")["commune"])
    after = set(records.query("period_start >= '2020-02-01'")["commune"])
    assert before - after == set(MERGED)
    assert after <= before


def test_periods_are_calendar_months_in_order(records):
    """The first is January 2013, the last December 2022, and February 2016 has 29 days."""
    assert records["period_start"].is_monotonic_increasing
    assert not records.duplicated(["commune", "period_start"]).any()
    ends = records.drop_duplicates("period_start").set_index("period_start")["period_end"]
    assert (ends.index[0], ends.iloc[-1]) == ("2013-01-01", "2022-12-31")
    assert ends["2016-02-01"] == "2016-02-29"
    assert (records["year"] == records["period_end"].str[:4].astype(int)).all()


def test_rows_of_a_month_stand_in_the_official_order(records):
    """Yên Thịnh is first in the official list; after the mergers Hợp Minh stands before Văn Phú."""
    months = records.groupby("period_start")["commune"]
    first, last = list(months.get_group("2013-01-01")), list(months.get_group("2022-12-01"))
    assert (first[0], first[12:]) == (
        "Yên Thịnh",
        ["Giới Phiên", "Hợp Minh", "Văn Tiến", "Phúc Lộc", "Văn Phú"],
    )
    assert last[12:] == ["Giới Phiên", "Hợp Minh", "Văn Phú"]


def test_valuable_tips_are_a_part_of_the_tips(records):
    """No row has more of them than tips, and each commune's share is between 25 and 48 %."""
    reported = records.dropna()
    assert (reported["valuable_tips"] <= reported["tips"]).all()
    sums = reported.groupby("commune")[["valuable_tips", "tips"]].sum()
    assert (sums["valuable_tips"] / sums["tips"]).between(0.25, 0.48).all()


def test_people_attend_sessions_only_and_in_plausible_numbers(records):
    """Attendances are 0 exactly where sessions are 0, else 30 to 200 a session."""
    reported = records.dropna()
    held = reported["sessions"] > 0
    assert (held == (reported["attendances"] > 0)).all()
    assert (reported["attendances"] / reported["sessions"])[held].between(30, 200).all()


def test_cases_exceed_tips_in_some_month(records):
    """Cases and tips are not matched one to one, and the sample must not suggest it."""
    assert (records["resolved_cases"] > records["tips"]).any()


def test_a_month_without_a_report_is_blank_in_all_five_counts(records):
    """About 2 % of the rows stand without counts, never with some of them."""
    blank = records[COUNTS].isna()
    assert (blank.all(axis=1) == blank.any(axis=1)).all()
    assert 0.01 < blank["tips"].mean() < 0.03


def test_every_row_says_that_it_is_illustrative(records):
    """The mark stands in each row, so that no part of the file loses it."""
    assert (records["source"] == "illustrative").all()


def test_tips_vary_more_than_pure_chance(records):
    """Pearson's X² of the 15 by 10 table of tips, over 14 × 9, is visibly above 1."""
    tips = yearly_tips(records).to_numpy(dtype=float)
    expected = np.outer(tips.sum(axis=1), tips.sum(axis=0)) / tips.sum()
    assert 1.5 < ((tips - expected) ** 2 / expected).sum() / (14 * 9) < 3


def test_tips_rise_mildly(records):
    """The second five years hold 5 × 3 % ≈ 16 % more than the first, give or take chance."""
    tips = yearly_tips(records).sum()
    assert 1.05 < tips.loc[2018:].sum() / tips.loc[:2017].sum() < 1.30


def test_august_has_more_sessions_and_attendances_than_any_other_month(records):
    """Ngày hội toàn dân bảo vệ ANTQ is on 19 August."""
    sums = records.groupby(records["period_start"].str[5:7])[["sessions", "attendances"]].sum()
    assert (sums.idxmax() == "08").all()


def test_an_interrupted_writing_leaves_the_old_file(tmp_path, monkeypatch):
    """If the last step fails, the old file stands and nothing lies beside it."""
    path = tmp_path / "records.csv"
    path.write_text("old", encoding="utf-8")

    def interrupted(*_):
        raise OSError("the disk went away")

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(OSError, match="the disk went away"):
        write_table(make_sample(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_making_the_sample_leaves_the_global_random_state_alone():
    """A reader's own seeded work in the same process is not disturbed, nor does it disturb."""
    np.random.seed(1)
    expected = np.random.random_sample()
    np.random.seed(1)
    first = make_sample()
    assert np.random.random_sample() == expected
    pd.testing.assert_frame_equal(first, make_sample())
