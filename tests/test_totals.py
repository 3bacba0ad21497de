"""Totals: sums that nothing is lost from, and what they rest on, worked out by hand."""

import csv
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antq_helpers import load_communes, load_records, load_table, on_boundaries, select, total_by
from antq_helpers.measuring.intervals import (
    count_interval,
    rate_interval,
    ratio_interval,
    share_interval,
)
from antq_helpers.measuring.totals import tally
from tests.quick import SAMPLE, examples

RESIDENTS = load_communes(boundaries="all").set_index("commune_id")["population_2019"]
COUNTS = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
DECOMPOSED = unicodedata.normalize("NFD", "Tuy Lộc")
BLANK = dict.fromkeys(COUNTS)
JANUARY = ("2022-01-01", "2022-01-31")
FEBRUARY = ("2022-02-01", "2022-02-28")


@pytest.fixture
def load(tmp_path):
    """Give a function that loads reports from a user's file: (commune, days, counts) each."""

    def load_reports(*reports: tuple[str, tuple[str, str], dict]) -> pd.DataFrame:
        path = tmp_path / "reports.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["commune", "period_start", "period_end", *COUNTS])
            for commune, days, counts in reports:
                writer.writerow([commune, *days, *(counts.get(name) for name in COUNTS)])
        return load_records(path)

    return load_reports


def every_month(commune: str, year: int, counts: dict, without: tuple[int, ...] = ()) -> list:
    """Make a report for each month of a year but some."""
    months = [pd.Period(year=year, month=m, freq="M") for m in range(1, 13) if m not in without]
    return [(commune, (str(m.start_time.date()), str(m.end_time.date())), counts) for m in months]


def only(totals: pd.DataFrame, **values) -> pd.Series:
    """Give the one row with these values."""
    for column, value in values.items():
        totals = totals[totals[column] == value]
    (index,) = totals.index
    return totals.loc[index]


# ---- sums ----


def test_the_sample_adds_up_to_the_published_totals():
    """Báo Yên Bái, 24 May 2023: 4 556 tips, 1 651 of them valuable, 2 368 sessions."""
    city = total_by(SAMPLE, period=10).set_index("measure")["value"]
    assert city[["tips", "valuable_tips", "sessions"]].tolist() == [4556, 1651, 2368]


def test_reports_are_added_by_commune_and_period(load):
    """3 + 4 tips in Tuy Lộc's first quarter, 5 in Âu Lâu's; the order is the official one."""
    records = load(
        ("Âu Lâu", JANUARY, {"tips": 5}),
        ("Tuy Lộc", JANUARY, {"tips": 3}),
        ("Tuy Lộc", FEBRUARY, {"tips": 4}),
    )
    totals = total_by(records, "commune", period="quarter", measure="tips")
    assert totals[["commune", "period", "value"]].values.tolist() == [
        ["Tuy Lộc", "2022-Q1", 7],
        ["Âu Lâu", "2022-Q1", 5],
    ]


def test_wards_and_communes_are_told_apart(load):
    """Yên Thịnh is a ward, Tuy Lộc and Âu Lâu are communes: of the 15, nine and six."""
    records = load(
        ("Yên Thịnh", JANUARY, {"tips": 2}),
        ("Tuy Lộc", JANUARY, {"tips": 3}),
        ("Âu Lâu", JANUARY, {"tips": 5}),
    )
    totals = total_by(records, "kind", period="month", measure="tips")
    columns = ["kind", "value", "reporting", "expected"]
    assert totals[columns].values.tolist() == [["ward", 2, 1, 9], ["commune", 8, 2, 6]]


def test_one_row_stands_for_each_key_period_and_measure():
    """15 units of 2020, ten years, seven measures, each with every column promised."""
    totals = total_by(SAMPLE, "commune")
    assert len(totals) == 15 * 10 * 7
    assert not totals.duplicated(["commune_id", "period", "measure"]).any()
    assert totals.columns.tolist() == [
        "commune_id", "commune", "kind", "period", "period_start", "period_end", "measure",
        "value", "numerator", "denominator", "exposure", "reporting", "expected", "covered",
        "illustrative", "boundaries", "place",
    ]  # fmt: skip


def test_slices_of_a_tally_are_the_rows_of_the_whole():
    """What an explorer takes from totals made once is what total_by gives."""
    kept = tally(SAMPLE, "commune", period="year")
    whole = kept.long(["tips", "valuable_share"])
    part = kept.long(["valuable_share"], rows=[3, 1], columns=slice(2, 4))
    names = kept.groups["commune"].iloc[[3, 1]].tolist()
    expected = pd.concat(
        whole[
            whole["commune"].eq(name)
            & whole["period"].isin(["2015", "2016"])
            & whole["measure"].eq("valuable_share")
        ]
        for name in names
    )
    pd.testing.assert_frame_equal(part, expected.reset_index(drop=True))


# ---- missing is not zero ----


def test_where_nobody_reported_the_value_is_missing(load):
    """February 2022 has no report, January has one of 0 tips: 0 is a count, a gap is none."""
    records = load(
        ("Tuy Lộc", JANUARY, {"tips": 0}),
        ("Tuy Lộc", ("2022-03-01", "2022-03-31"), {"tips": 1}),
    )
    totals = total_by(records, "commune", period="month", measure="tips")
    assert totals["value"].tolist() == pytest.approx([0, np.nan, 1], nan_ok=True)
    assert totals["reporting"].tolist() == [1, 0, 1]
    assert totals["covered"].tolist() == [1, 0, 1]


def test_a_row_of_blanks_is_no_report(load):
    """A commune that sent an empty form has not reported, nor tips one that gave sessions alone."""
    records = load(("Tuy Lộc", JANUARY, BLANK), ("Âu Lâu", JANUARY, {"sessions": 1}))
    totals = total_by(records, "commune", period="month", measure="tips")
    blank, sessions_only = (only(totals, commune=name) for name in ("Tuy Lộc", "Âu Lâu"))
    assert (blank["reporting"], blank["expected"]) == (0, 1)
    assert (sessions_only["reporting"], sessions_only["covered"]) == (0, 0)
    sessions = total_by(records, "commune", period="month", measure="sessions")
    assert only(sessions, commune="Âu Lâu")["reporting"] == 1
    assert np.isnan([blank["value"], sessions_only["value"]]).all()


def test_a_count_left_blank_covers_less_than_the_others(load):
    """Tips are given for 31 days of the 59, sessions for all."""
    records = load(
        ("Tuy Lộc", JANUARY, {"tips": 6, "sessions": 1}), ("Tuy Lộc", FEBRUARY, {"sessions": 1})
    )
    totals = total_by(records, "commune", period="year")
    assert only(totals, measure="tips")["covered"] == pytest.approx(31 / 365)
    assert only(totals, measure="sessions")["covered"] == pytest.approx(59 / 365)


# ---- shares and ratios ----


def test_numerators_and_denominators_are_added_before_they_are_divided(load):
    """1 of 2 and 9 of 90 are 10 of 92 = 10.87 %; the mean of 50 % and 10 % would be 30 %."""
    records = load(
        ("Tuy Lộc", JANUARY, {"tips": 2, "valuable_tips": 1}),
        ("Tuy Lộc", FEBRUARY, {"tips": 90, "valuable_tips": 9}),
    )
    share = only(total_by(records, measure="valuable_share"))
    assert (share["numerator"], share["denominator"]) == (10, 92)
    assert share["value"] == pytest.approx(100 * 10 / 92)


def test_a_share_rests_only_on_reports_that_gave_both(load):
    """February has no valuable tips, March no tips: both are left out of the share, and counted."""
    records = load(
        ("Tuy Lộc", JANUARY, {"tips": 10, "valuable_tips": 4}),
        ("Tuy Lộc", FEBRUARY, {"tips": 90}),
        ("Tuy Lộc", ("2022-03-01", "2022-03-31"), {"valuable_tips": 7}),
    )
    totals = total_by(records)
    share = only(totals, measure="valuable_share")
    assert (share["numerator"], share["denominator"], share["value"]) == (4, 10, 40)
    assert only(totals, measure="tips")["value"] == 100
    assert only(totals, measure="valuable_tips")["value"] == 11
    assert share["exposure"] == pytest.approx(4228 * 31 / 365.25)


def test_cases_may_pass_tips(load):
    """6 cases on 4 tips are 150 per 100: a ratio, no share."""
    records = load(("Tuy Lộc", JANUARY, {"tips": 4, "resolved_cases": 6}))
    assert only(total_by(records, measure="cases_per_100_tips"))["value"] == 150


def test_no_tips_have_no_share(load):
    """0 of 0 is missing, though both were reported."""
    records = load(("Tuy Lộc", JANUARY, {"tips": 0, "valuable_tips": 0}))
    share = only(total_by(records, measure="valuable_share"))
    assert (share["numerator"], share["denominator"]) == (0, 0)
    assert np.isnan(share["value"])


# ---- exposure and coverage ----


def test_exposure_is_residents_times_days_over_a_mean_year(load):
    """Tuy Lộc's 4 228 residents for 31 days: 4228 × 31 / 365.25 = 358.85 resident-years."""
    records = load(("Tuy Lộc", JANUARY, {"tips": 1}))
    assert only(total_by(records, "commune", measure="tips"))["exposure"] == pytest.approx(
        358.8446, abs=5e-5
    )


def test_the_whole_city_is_covered_by_residents(load):
    """Of 100 631 residents, 4 228 live where January was reported: 1 commune of 15 in 2022."""
    records = load(("Tuy Lộc", JANUARY, {"tips": 1}))
    city = only(total_by(records, period="month", measure="tips"))
    assert (city["reporting"], city["expected"]) == (1, 15)
    assert city["covered"] == pytest.approx(4228 / 100631)


def test_a_month_without_report_neither_lowers_the_rate_nor_fills_the_year(load):
    """5 tips in each of eleven months: the rate is that of 334 days of the 365."""
    records = load(*every_month("Tuy Lộc", 2022, {"tips": 5}, without=(12,)))
    year = only(total_by(records, "commune", measure="tips"))
    assert year["covered"] == pytest.approx(334 / 365)
    assert year["value"] / year["exposure"] == pytest.approx(55 / (4228 * 334 / 365.25))


def test_the_administrative_year_is_complete(load):
    """15/12/2021 to 14/12/2022 by months is all of 2022: covered 1, in one period."""
    months = pd.period_range("2022-01", "2022-12", freq="M")
    records = load(*(("Tuy Lộc", (f"{m - 1}-15", f"{m}-14"), {"tips": 2}) for m in months))
    year = only(total_by(records, "commune", measure="tips"))
    assert (year["period"], year["value"], year["covered"]) == ("2022", 24, pytest.approx(1))
    assert (year["period_start"], year["period_end"]) == (
        pd.Timestamp(2021, 12, 15),
        pd.Timestamp(2022, 12, 14),
    )


def test_a_report_of_a_whole_year_is_complete(load):
    """One row from 15/12/2021 to 14/12/2022 is the year 2022 as well."""
    records = load(("Tuy Lộc", ("2021-12-15", "2022-12-14"), {"tips": 24}))
    year = only(total_by(records, "commune", measure="tips"))
    assert (year["period"], year["covered"]) == ("2022", pytest.approx(1))


def test_a_day_counted_twice_covers_no_more_than_all(load):
    """15/12 to 15/1 and 15/1 to 15/2 share a day; a period is never more than covered."""
    with pytest.warns(UserWarning, match="has one day in common"):
        records = load(
            ("Tuy Lộc", ("2021-12-15", "2022-01-15"), {"tips": 1}),
            ("Tuy Lộc", ("2022-01-15", "2022-02-15"), {"tips": 1}),
        )
    assert total_by(records, "commune", period="month", measure="tips")["covered"].max() == 1


# ---- boundaries ----


@pytest.mark.parametrize(
    ("boundaries", "units"), [(2008, 17), (2013, 17), (2019, 17), (2020, 15), (2024, 14), (2025, 4)]
)
def test_early_records_go_on_any_later_boundaries(boundaries, units):
    """17 units from 2008, 15 from 2020, 14 from 2024, four wards from 2025, no tip lost."""
    early = select(SAMPLE, years=(2013, 2019))
    placed = on_boundaries(early, boundaries)
    assert placed["commune_id"].nunique() == units
    assert placed[COUNTS].sum().tolist() == early[COUNTS].sum().tolist()
    totals = total_by(early, "commune", period=7, measure="tips", boundaries=boundaries)
    assert len(totals) == units
    assert totals["value"].sum() == early["tips"].sum()


def test_the_latest_set_in_the_records_is_taken_unless_told():
    """The sample runs over the mergers of 2020; its first years alone do not."""
    assert total_by(SAMPLE)["boundaries"].unique().tolist() == [2020]
    assert total_by(select(SAMPLE, years=(2013, 2019)))["boundaries"].unique().tolist() == [2013]


@pytest.mark.parametrize("ask", [on_boundaries, lambda r, year: total_by(r, boundaries=year)])
def test_later_records_are_not_split(ask):
    """Nobody knows which of the new Giới Phiên's tips came from Phúc Lộc."""
    match = r"units that came later \(Giới Phiên, Văn Phú, from 01/02/2020\).* cannot be split"
    with pytest.raises(ValueError, match=match):
        ask(SAMPLE, 2013)


@pytest.mark.parametrize(
    ("boundaries", "match"),
    [
        (2026, r"hold land from outside the city.* Use boundaries=2025"),
        (2007, "the table of communes begins in 2008"),
        ("2020", "Use a year from 2008 on, such as 2013, 2020, 2024, 2025"),
    ],
)
def test_boundaries_that_are_none_are_refused(boundaries, match):
    """After the city's end, before its beginning, and a text."""
    with pytest.raises(ValueError, match=match):
        total_by(SAMPLE, boundaries=boundaries)


def test_a_merged_commune_of_which_one_part_did_not_report_is_not_complete(load):
    """Giới Phiên reported all of 2019, Phúc Lộc nothing: 1 818 of 3 353 residents are covered."""
    records = load(*every_month("Giới Phiên", 2019, {"tips": 1}))
    merged = only(total_by(records, "commune", measure="tips", boundaries=2020))
    assert (merged["value"], merged["reporting"], merged["expected"]) == (12, 1, 2)
    assert merged["exposure"] == pytest.approx(1818 * 365 / 365.25)
    assert merged["covered"] == pytest.approx(1818 / 3353)


def test_a_merged_commune_of_which_both_parts_reported_is_complete(load):
    """In the year of the merger, too: January by the parts, the rest by the new unit."""
    whole = every_month("Giới Phiên", 2020, {"tips": 1})
    records = load(*whole, ("Phúc Lộc", ("2020-01-01", "2020-01-31"), {"tips": 3}))
    merged = only(total_by(records, "commune", measure="tips"))
    assert (merged["value"], merged["covered"]) == (15, pytest.approx(1))
    assert (merged["reporting"], merged["expected"]) == (1, 1)
    january = total_by(records, "commune", period="month", measure="tips").iloc[0]
    assert (january["value"], january["reporting"], january["expected"]) == (4, 2, 2)


def test_totals_of_records_put_on_boundaries_before_are_the_same():
    """Relabelling first and adding up after, as the two are meant to be used together."""
    pd.testing.assert_frame_equal(
        total_by(on_boundaries(SAMPLE, 2020), "commune"), total_by(SAMPLE, "commune")
    )


@pytest.mark.parametrize("boundaries", [2020, 2024])
@pytest.mark.parametrize("period", ["year", "month"])
def test_parts_that_still_report_late_in_2024_are_counted(load, period, boundaries):
    """The day on which Nguyễn Phúc joined Hồng Hà is not verified: who reports decides."""
    names = load_communes(boundaries=2020)["name"]
    records = load(*(row for name in names for row in every_month(name, 2024, {"tips": 1})))
    city = total_by(records, period=period, measure="tips", boundaries=boundaries)
    assert city[["reporting", "expected"]].drop_duplicates().values.tolist() == [[15, 15]]
    assert city["covered"].tolist() == pytest.approx([1] * len(city))


def test_units_later_than_the_boundaries_are_not_expected(load):
    """On the boundaries of 2020 Hồng Hà and Nguyễn Phúc stand, though neither reported by 2024."""
    records = load(("Tuy Lộc", ("2024-11-01", "2024-11-30"), {"tips": 1}))
    month = only(total_by(records, period="month", measure="tips", boundaries=2020))
    assert (month["reporting"], month["expected"]) == (1, 15)


def test_a_part_that_reports_no_more_late_in_2024_is_taken_for_merged(load):
    """Without Nguyễn Phúc from November on, fourteen units stand at the end of the year."""
    names = load_communes(boundaries=2020)["name"]
    gone = {"Nguyễn Phúc": (11, 12)}
    records = load(
        *(r for name in names for r in every_month(name, 2024, {"tips": 1}, gone.get(name, ())))
    )
    months = total_by(records, period="month", measure="tips").set_index("period")
    assert months.loc[["2024-10", "2024-11"], "expected"].tolist() == [15, 14]
    assert months["reporting"].equals(months["expected"])
    year = only(total_by(records, measure="tips"))
    assert (year["reporting"], year["expected"], year["covered"]) == (14, 14, pytest.approx(1))


# ---- the illustrative mark ----


def test_the_sample_is_marked_and_a_users_own_file_is_not(load):
    """One illustrative row among reported ones is enough for the mark."""
    own = load(("Tuy Lộc", JANUARY, {"tips": 1}))
    assert total_by(SAMPLE)["illustrative"].all()
    assert not total_by(own)["illustrative"].any()
    assert total_by(pd.concat([own, SAMPLE.head(1)]))["illustrative"].all()


# ---- select ----


@pytest.mark.parametrize("name", ["Tuy Lộc", "TUY LỘC", "xã Tuy Lộc", " tuy lộc ", DECOMPOSED])
def test_a_commune_is_found_however_it_is_written(name):
    """In any case, with a prefix, decomposed: 120 months."""
    chosen = select(SAMPLE, communes=[name])
    assert chosen["commune"].unique().tolist() == ["Tuy Lộc"]
    assert len(chosen) == 120


def test_select_keeps_rows_columns_and_order():
    """Two communes in two years: 48 rows as they stood."""
    chosen = select(SAMPLE, communes=["Âu Lâu", "Tuy Lộc"], years=(2015, 2016))
    mask = SAMPLE["commune"].isin(["Âu Lâu", "Tuy Lộc"]) & SAMPLE["year"].isin([2015, 2016])
    pd.testing.assert_frame_equal(chosen.drop(columns="place"), SAMPLE[mask].drop(columns="place"))
    assert set(chosen["place"]) == {"yen-bai: Âu Lâu, Tuy Lộc"}
    assert len(chosen) == 48


def test_select_goes_by_the_reporting_year(load):
    """15/12/2021 to 14/1/2022 belongs to 2022."""
    records = load(
        ("Tuy Lộc", ("2021-11-15", "2021-12-14"), {"tips": 1}),
        ("Tuy Lộc", ("2021-12-15", "2022-01-14"), {"tips": 2}),
    )
    assert select(records, years=(2022, 2022))["tips"].tolist() == [2]


@pytest.mark.parametrize(
    ("communes", "match"),
    [
        (["Tuy Loc"], r"communes=\['Tuy Loc'\]: no such commune.* Âu Lâu, Đồng Tâm, .*, Yên Thịnh"),
        (["Tuy Lộc", "Hà Nội", 7], r"communes=\['Hà Nội', 7\]: no such commune"),
        ("Tuy Lộc", r"is one text\. Write communes=\['Tuy Lộc'\]"),
    ],
)
def test_an_unknown_commune_is_refused_with_the_known_ones(communes, match):
    """In Vietnamese order; a name is never guessed, and a text is no list."""
    with pytest.raises(ValueError, match=match):
        select(SAMPLE, communes=communes)


@pytest.mark.parametrize(
    ("years", "match"),
    [
        ((2016, 2015), "is the wrong way round"),
        ((2012, 2015), "is outside the records"),
        ((2015, 2023), "is outside the records"),
        (2015, "is no pair of years"),
        ((2013, 2015, 2017), "is no pair of years"),
        (("2015", "2016"), "is no pair of years"),
        ((2015.5, 2016), "is no pair of years"),
    ],
)
def test_years_that_are_none_are_refused_with_the_legal_ones(years, match):
    """Each message names what the records hold."""
    with pytest.raises(ValueError, match=rf"{match}.* within 2013 to 2022"):
        select(SAMPLE, years=years)


def test_an_empty_selection_says_so():
    """No commune chosen is a table without rows; there is nothing to add up or to select from."""
    nothing = select(SAMPLE, communes=[])
    assert nothing.empty
    assert nothing.columns.equals(SAMPLE.columns)
    with pytest.raises(ValueError, match="There are no records: the table is empty"):
        total_by(nothing)
    with pytest.raises(ValueError, match="There are no records: the table is empty"):
        select(nothing, years=(2013, 2014))


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"measure": "crimes"}, "measure='crimes' is not known. Use one of: tips, valuable_tips"),
        ({"measure": ["tips", "crimes"]}, "measure='crimes' is not known"),
        ({"measure": []}, r"measure=\[\] names no measure. Use some of: tips, valuable_tips"),
        (
            {"period": "day"},
            "period='day' is not known. Use one of: week, month, quarter, half, year",
        ),
    ],
)
def test_what_total_by_does_not_know_is_refused_with_the_legal_values(arguments, match):
    """One clear message each."""
    with pytest.raises(ValueError, match=match):
        total_by(SAMPLE, **arguments)


def test_an_unknown_key_is_refused_with_the_known_ones():
    """Years are no key: they are a period."""
    with pytest.raises(ValueError, match=r"key='year' is not known\. Use one of: commune, kind"):
        total_by(SAMPLE, "year")


# ---- what must hold for any records ----


@st.composite
def any_records(draw) -> pd.DataFrame:
    """Draw a few reports of the sample's communes and months with any counts, some blank."""
    rows = draw(st.lists(st.integers(0, len(SAMPLE) - 1), min_size=1, max_size=12, unique=True))
    records = SAMPLE.iloc[sorted(rows)].copy()
    count = st.none() | st.integers(0, 50)
    for name in ("sessions", "attendances", "tips", "resolved_cases"):
        values = draw(st.lists(count, min_size=len(rows), max_size=len(rows)))
        records[name] = pd.array(values, dtype="Int64")
    halves = (records["tips"] // 2).fillna(3)
    blank = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    records["valuable_tips"] = halves.mask(np.array(blank))
    return records


@settings(max_examples=examples(60), deadline=None)
@given(
    any_records(),
    st.sampled_from([(), ("commune",), ("kind",)]),
    st.sampled_from(["month", "quarter", "half", "year", 3, 10]),
    st.sampled_from([None, 2020, 2024, 2025]),
)
def test_nothing_is_lost_or_counted_twice(records, keys, period, boundaries):
    """Over any keys, period and boundaries: counts, denominators and resident-years add up."""
    totals = total_by(records, *keys, period=period, boundaries=boundaries)
    sums = totals.groupby("measure")[["numerator", "denominator", "exposure"]].sum()
    days = (records["period_end"] - records["period_start"]).dt.days + 1
    lived = RESIDENTS[records["commune_id"]].to_numpy() * days / 365.25
    both = records["tips"].notna() & records["valuable_tips"].notna()
    for name in COUNTS:
        assert sums.at[name, "numerator"] == records[name].sum()
        assert sums.at[name, "exposure"] == pytest.approx(lived[records[name].notna()].sum())
    assert sums.at["valuable_share", "numerator"] == records.loc[both, "valuable_tips"].sum()
    assert sums.at["valuable_share", "denominator"] == records.loc[both, "tips"].sum()
    assert sums.at["valuable_share", "exposure"] == pytest.approx(lived[both].sum())


@settings(max_examples=examples(60), deadline=None)
@given(
    any_records(),
    st.sampled_from([(), ("commune",), ("kind",)]),
    st.sampled_from(["month", "quarter", "year", 10]),
    st.sampled_from([None, 2020, 2024, 2025]),
)
def test_what_totals_rest_on_is_within_its_bounds(records, keys, period, boundaries):
    """No more report than should, none is covered above 1, and a value stands on a report."""
    totals = total_by(records, *keys, period=period, boundaries=boundaries)
    assert (totals["reporting"] <= totals["expected"]).all()
    assert totals["covered"].between(0, 1).all()
    assert (totals["numerator"].notna() == (totals["exposure"] > 0)).all()
    counts = totals[totals["measure"].isin(COUNTS)]
    assert counts["value"].equals(counts["numerator"])
    shares = totals[totals["measure"] == "valuable_share"]["value"].dropna()
    assert shares.between(0, 50).all()


# ---- the caller's tables ----


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda r: select(r, communes=["Tuy Lộc"], years=(2015, 2016)), id="select"),
        pytest.param(lambda r: on_boundaries(r, 2025), id="on_boundaries"),
        pytest.param(lambda r: total_by(r, "commune", boundaries=2024), id="total_by"),
        pytest.param(lambda r: count_interval(r["tips"]), id="count_interval"),
        pytest.param(lambda r: rate_interval(r["tips"], r["sessions"]), id="rate_interval"),
        pytest.param(lambda r: share_interval(r["valuable_tips"], r["tips"]), id="share_interval"),
        pytest.param(lambda r: ratio_interval(r["resolved_cases"], r["tips"]), id="ratio_interval"),
    ],
)
def test_what_is_handed_in_stays_as_it_was(call):
    """Rows, order, values, types and attributes of the caller's table, here in a strange order."""
    handed_in = SAMPLE.sample(frac=1, random_state=1)
    handed_in.attrs["note"] = "of the caller"
    before = handed_in.copy()
    call(handed_in)
    pd.testing.assert_frame_equal(handed_in, before)
    assert handed_in.attrs == before.attrs


def test_a_commune_reports_the_measure_that_it_gave(load):
    """Tuy Lộc gave tips, Âu Lâu sessions alone: one of fifteen for each, none for attendances."""
    year = ("2022-01-01", "2022-12-31")
    totals = total_by(load(("Tuy Lộc", year, {"tips": 60}), ("Âu Lâu", year, {"sessions": 4})))
    reporting = dict(zip(totals["measure"], totals["reporting"], strict=True))
    assert [reporting[name] for name in ("tips", "sessions", "attendances")] == [1, 1, 0]
    assert set(totals["expected"]) == {15}


def test_a_stock_is_not_added_up():
    """Models have no periods; the message names what counts them."""
    with pytest.raises(ValueError, match=r"no records.*count them at a day with stock_of\.$"):
        total_by(load_table("models"), "commune")
