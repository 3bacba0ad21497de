"""The numbers that a picture draws, worked out by hand.

Intervals of 65 events (50.1632 to 82.8491) and of 65 of 100 (0.552544 to 0.736358) are published
values of the public-health standard; Tuy Lộc has 4 228 residents, Âu Lâu 5 032 (census of 2019).
"""

import numpy as np
import pandas as pd
import pytest

from antq_helpers.drawing.figure import tabulate
from antq_helpers.drawing.series import MOST_COLOURED, lines_of
from antq_helpers.drawing.view import View
from tests.quick import SAMPLE

LOW_65, HIGH_65 = 50.1632, 82.8491
YEAR_2022 = ("2022-01-01", "2022-12-31")
COLUMNS = [
    "measure", "series", "role", "period", "period_start", "value", "low", "high", "state",
    "numerator", "denominator", "exposure", "reporting", "expected", "covered",
    "dispersion", "illustrative", "boundaries", "place",
]  # fmt: skip


def report(commune, days, tips=None, valuable=None, cases=None, sessions=None, attendances=None):
    """One report as a row of a file; what is not given is blank."""
    return commune, *days, sessions, attendances, tips, valuable, cases


def only(numbers, **values):
    """Give the one row with these values."""
    for column, value in values.items():
        numbers = numbers[numbers[column] == value]
    (index,) = numbers.index
    return numbers.loc[index]


def test_a_count_bears_its_poisson_interval(load):
    """65 tips are drawn as 65, 50.2 to 82.8."""
    numbers = tabulate(
        load(report("Tuy Lộc", YEAR_2022, tips=65)), View(["tips"], communes=["Tuy Lộc"])
    )
    row = only(numbers, series="Tuy Lộc")
    assert (row["value"], row["state"]) == (65, "full")
    assert [row["low"], row["high"]] == pytest.approx([LOW_65, HIGH_65], abs=5e-5)


def test_a_rate_rests_on_the_resident_years_that_reports_cover(load):
    """65 tips in 181 days of 2022 (to 30 June): 4 228 x 181 / 365.25 = 2 095.19 resident-years.

    65 / 2.09519 = 31.0234 per 1 000 residents and year, 50.1632 / 2.09519 to 82.8491 / 2.09519.
    """
    half = load(report("Tuy Lộc", ("2022-01-01", "2022-06-30"), tips=65))
    row = only(tabulate(half, View(["tips"], communes=["Tuy Lộc"], per=1000)), series="Tuy Lộc")
    assert row["exposure"] == pytest.approx(2095.19, abs=0.005)
    assert row["value"] == pytest.approx(31.0234, abs=5e-4)
    assert [row["low"], row["high"]] == pytest.approx([23.9421, 39.5426], abs=5e-4)


def test_a_share_bears_wilsons_interval_in_per_cent(load):
    """65 valuable of 100 tips: 65 %, 55.25 to 73.64; per residents changes nothing."""
    records = load(report("Tuy Lộc", YEAR_2022, tips=100, valuable=65))
    for per in (None, 1000):
        row = only(tabulate(records, View(["valuable_share"], per=per)), role="city")
        assert [row["value"], row["low"], row["high"]] == pytest.approx(
            [65, 55.2544, 73.6358], abs=5e-5
        )


def test_a_ratio_may_pass_a_hundred(load):
    """60 cases, 30 tips: 200 per 100 tips.

    The published interval for exposures of 54 308.7 and 51 477.5 is 1.365962 to 3.259306; without
    exposures, 100 x 1.365962 x 51 477.5 / 54 308.7 = 129.475, and 308.939.
    """
    records = load(report("Tuy Lộc", YEAR_2022, tips=30, cases=60))
    row = only(tabulate(records, View(["cases_per_100_tips"])), role="city")
    assert [row["value"], row["low"], row["high"]] == pytest.approx(
        [200, 129.475, 308.939], abs=5e-3
    )


def test_attendances_have_no_interval(load):
    """People come in groups, so no interval of chance is given."""
    records = load(report("Tuy Lộc", YEAR_2022, attendances=250))
    for per in (None, 1000):
        row = only(tabulate(records, View(["attendances"], per=per)), role="city")
        assert np.isnan([row["low"], row["high"]]).all()


def test_beside_communes_the_city_is_a_mean_over_those_that_reported(load):
    """60 + 5 tips over the two of fifteen that reported: 32.5; 50.1632 / 2 to 82.8491 / 2."""
    records = load(
        report("Tuy Lộc", YEAR_2022, tips=60, valuable=60), report("Âu Lâu", YEAR_2022, tips=5)
    )
    numbers = tabulate(records, View(["tips", "valuable_share"], communes=["Tuy Lộc"]))
    mean = only(numbers, role="mean")
    assert (mean["series"], mean["measure"], mean["numerator"]) == ("City mean", "tips", 65)
    assert [mean["value"], mean["low"], mean["high"]] == pytest.approx(
        [65 / 2, LOW_65 / 2, HIGH_65 / 2], abs=5e-5
    )
    # A share needs no mean: it stands beside a commune's as it is.
    assert only(numbers, role="city")["series"] == "Whole city"


def test_the_mean_is_over_the_units_of_the_boundaries():
    """All seventeen reported in 2014; on later boundaries they are fifteen: 406 / 17, 406 / 15."""
    for boundaries, units in ((2013, 17), (2020, 15)):
        view = View(["tips"], ["Tuy Lộc"], (2014, 2014), boundaries=boundaries)
        mean = only(tabulate(SAMPLE, view), role="mean")
        assert (mean["numerator"], mean["reporting"]) == (406, 17)
        assert mean["value"] == pytest.approx(406 / units)


def test_a_rate_of_the_city_needs_no_mean(load):
    """Per residents the city stands beside its communes as it is."""
    records = load(report("Tuy Lộc", YEAR_2022, tips=60), report("Âu Lâu", YEAR_2022, tips=40))
    numbers = tabulate(records, View(["tips"], communes=["Tuy Lộc"], per=1000))
    assert numbers["role"].tolist() == ["commune", "city"]


@pytest.mark.parametrize("per", [None, 1000])
def test_a_commune_that_alone_reported_stands_beside_nothing(load, per):
    """The mean of one is the one, and the city's rate is not known of it."""
    records = load(report("Tuy Lộc", YEAR_2022, tips=60))
    numbers = tabulate(records, View(["tips"], communes=["Tuy Lộc"], per=per))
    assert numbers["role"].tolist() == ["commune"]


def test_the_city_alone_is_its_total(load):
    """Without a choice of communes nothing is divided."""
    records = load(report("Tuy Lộc", YEAR_2022, tips=60), report("Âu Lâu", YEAR_2022, tips=5))
    (row,) = tabulate(records, View(["tips"])).to_dict("records")
    assert (row["series"], row["role"], row["value"]) == ("Whole city", "city", 65)


def test_wards_stand_against_communes(load):
    """Yên Thịnh is a ward, Tuy Lộc and Âu Lâu are communes."""
    records = load(
        report("Yên Thịnh", YEAR_2022, tips=2),
        report("Tuy Lộc", YEAR_2022, tips=3),
        report("Âu Lâu", YEAR_2022, tips=5),
    )
    for language, series in (
        ("en", ["Wards", "Rural communes", "Whole city"]),
        ("vi", ["Phường", "Xã", "Toàn thành phố"]),
    ):
        numbers = tabulate(records, View(["tips"], split="kind", language=language))
        assert numbers["series"].tolist() == series
        assert numbers["role"].tolist() == ["kind", "kind", "city"]
        assert numbers["value"].tolist() == [2, 8, 10]


@pytest.mark.parametrize(
    ("first_day", "state"),
    [
        ("2022-01-01", "full"),
        ("2022-02-06", "full"),  # 329 of 365 days: 90.1 %
        ("2022-02-07", "partial"),  # 328 of 365 days: 89.9 %
        ("2022-12-01", "partial"),
    ],
)
def test_a_year_is_partial_below_nine_tenths(load, first_day, state):
    """365 x 0.9 = 328.5 days."""
    reports = [report(name, (first_day, "2022-12-31"), tips=1) for name in ("Tuy Lộc", "Âu Lâu")]
    numbers = tabulate(load(*reports), View(["tips"], communes=["Tuy Lộc"]))
    assert only(numbers, role="commune")["state"] == state
    assert only(numbers, role="mean")["state"] == "partial"  # two of fifteen reported


def test_a_missing_month_is_missing_and_a_reported_zero_is_zero(load):
    """January: none occurred. February: no report. March: a blank. April: 3 tips."""
    records = load(
        report("Tuy Lộc", ("2022-01-01", "2022-01-31"), tips=0),
        report("Tuy Lộc", ("2022-03-01", "2022-03-31"), sessions=1),
        report("Tuy Lộc", ("2022-04-01", "2022-04-30"), tips=3),
    )
    numbers = tabulate(records, View(["tips"], communes=["Tuy Lộc"], by="month"))
    months = numbers[numbers["role"] == "commune"]
    assert months["value"].tolist() == pytest.approx([0, np.nan, np.nan, 3], nan_ok=True)
    assert months["state"].tolist() == ["full", "missing", "missing", "full"]
    assert months[["low", "high"]].isna().all(axis=1).tolist() == [False, True, True, False]


@pytest.mark.parametrize("measure", ["valuable_share", "cases_per_100_tips"])
def test_a_share_of_nothing_was_reported_all_the_same(load, measure):
    """No tips, so no share and, though a case was resolved, no ratio; it is not unreported."""
    records = load(
        report("Tuy Lộc", ("2022-01-01", "2022-01-31"), tips=0, valuable=0, cases=1),
        report("Tuy Lộc", ("2022-02-01", "2022-02-28")),
        report("Tuy Lộc", ("2022-03-01", "2022-03-31"), tips=4, valuable=1, cases=1),
    )
    numbers = tabulate(records, View([measure], communes=["Tuy Lộc"], by="month"))
    months = numbers[numbers["role"] == "commune"]
    assert months["state"].tolist() == ["none", "missing", "full"]
    assert months["value"].tolist() == pytest.approx([np.nan, np.nan, 25], nan_ok=True)
    assert months[["low", "high"]].isna().all(axis=1).tolist() == [True, True, False]


def test_years_leave_the_others_out():
    """2015 to 2016, both included, by quarter: eight periods."""
    numbers = tabulate(SAMPLE, View(["tips"], years=(2015, 2016), by="quarter"))
    assert numbers["period"].tolist() == [f"{y}-Q{q}" for y in (2015, 2016) for q in (1, 2, 3, 4)]
    everything = tabulate(SAMPLE, View(["tips"], by="quarter"))
    kept = everything["period"].isin(numbers["period"])
    pd.testing.assert_frame_equal(everything[kept].reset_index(drop=True), numbers)


def test_earlier_boundaries_go_with_earlier_years():
    """Phúc Lộc was a commune of its own until January 2020."""
    view = View(["tips"], communes=["Phúc Lộc"], years=(2013, 2019), boundaries=2013)
    numbers = tabulate(SAMPLE, view)
    by_hand = SAMPLE[(SAMPLE["commune"] == "Phúc Lộc") & SAMPLE["year"].between(2013, 2019)]
    mine = numbers[numbers["series"] == "Phúc Lộc"]
    assert mine["value"].tolist() == by_hand.groupby("year")["tips"].sum().tolist()
    assert numbers["boundaries"].unique().tolist() == [2013]


def test_a_merged_commune_is_refused_with_its_successor():
    """On the latest boundaries there is no Phúc Lộc; the message says what holds it."""
    with pytest.raises(ValueError, match=r"Phúc Lộc is a part of Giới Phiên. Use 'Giới Phiên'"):
        tabulate(SAMPLE, View(communes=["Phúc Lộc"]))


def test_an_unknown_commune_is_refused_with_the_legal_ones():
    """Every name is listed, none is taken for another."""
    message = r"^communes=\['Tuy Loc'\]: no such commune .* Use some of: Âu Lâu, .*, Tuy Lộc, "
    with pytest.raises(ValueError, match=message):
        tabulate(SAMPLE, View(communes=["Tuy Loc"]))


@pytest.mark.parametrize(
    ("years", "message"),
    [
        ((2016, 2015), r"years=\(2016, 2015\) is the wrong way round"),
        ((2012, 2015), r"years=\(2012, 2015\) is outside the records"),
        ((2015,), r"years=\(2015,\) is no pair of years"),
        (2015, r"years=2015 is no pair of years\. For one year write \(2015, 2015\)"),
        ("2015", r"years='2015' is no pair of years"),
    ],
)
def test_broken_years_are_refused_with_the_legal_ones(years, message):
    """The range of the records stands in each message."""
    with pytest.raises(ValueError, match=rf"^{message}\. Use a pair .* within 2013 to 2022\.$"):
        tabulate(SAMPLE, View(years=years))


def test_months_are_refused_where_reports_are_longer(load):
    """A year's report cannot be split."""
    records = load(report("Tuy Lộc", YEAR_2022, tips=65))
    with pytest.raises(ValueError, match=r"^period='month' is shorter than some reports"):
        tabulate(records, View(by="month"))


@pytest.mark.parametrize("communes", [None, (), ("Tuy Lộc",)])
def test_the_columns_are_always_the_same(communes):
    """Also where nothing is chosen: then there is no row."""
    numbers = tabulate(SAMPLE, View(communes=communes))
    assert numbers.columns.tolist() == COLUMNS
    assert numbers.empty == (communes == ())


def test_numbers_say_whether_they_are_illustrative(load):
    """The sample is; a user's own file is not."""
    assert tabulate(SAMPLE, View())["illustrative"].all()
    mine = load(report("Tuy Lộc", YEAR_2022, tips=65))
    assert not tabulate(mine, View())["illustrative"].any()


def test_one_illustrative_report_marks_the_whole(load):
    """Illustrative and reported rows in one table cannot be told apart once they are added."""
    mine = load(report("Tuy Lộc", ("2023-01-01", "2023-12-31"), tips=65))
    assert tabulate(pd.concat([SAMPLE, mine]), View(years=(2023, 2023)))["illustrative"].all()


def test_lines_come_in_official_order_with_the_city_last():
    """Whatever the order of the choice."""
    numbers = tabulate(SAMPLE, View(communes=["Âu Lâu", "Yên Thịnh"]))
    for measure in ("tips", "resolved_cases"):
        lines = lines_of(numbers, measure)
        assert [line.name for line in lines] == ["Yên Thịnh", "Âu Lâu", "City mean"]
        assert [len(line.value) for line in lines] == [10, 10, 10]
    assert lines_of(tabulate(SAMPLE, View(communes=())), "tips") == []


@pytest.mark.parametrize("count", [MOST_COLOURED, MOST_COLOURED + 1])
def test_more_than_six_communes_lose_their_colours(count):
    """The city keeps its own."""
    chosen = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique()[:count]
    lines = lines_of(tabulate(SAMPLE, View(["tips"], communes=chosen)), "tips")
    assert [line.in_colour for line in lines] == [count <= 6] * count + [True]


@pytest.mark.parametrize(
    "view",
    [
        View(communes=["Tuy Lộc"], per=1000, by="month"),
        View(split="kind"),
        View(boundaries=2025),
        View(boundaries=2013, years=(2013, 2019)),
    ],
)
def test_the_records_stay_as_they_were(view):
    """Nothing is added to the caller's table, nor taken from it."""
    before = SAMPLE.copy()
    tabulate(SAMPLE, view)
    pd.testing.assert_frame_equal(SAMPLE, before)
    assert SAMPLE.attrs == before.attrs
