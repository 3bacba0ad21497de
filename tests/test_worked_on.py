"""Records that somebody has joined, concatenated, edited or chosen from, before they are used."""

import io

import numpy as np
import pandas as pd
import pytest

from antq_helpers import (
    View,
    audit,
    compare_communes,
    compare_trends,
    control_limits,
    draw,
    fit_trend,
    funnel,
    headline,
    load_communes,
    load_records,
    load_table,
    on_boundaries,
    plot_coverage,
    plot_ranking,
    protect,
    reconcile,
    relate,
    select,
    tabulate,
    total_by,
    write_briefing,
)
from antq_helpers.measuring.comparisons import estimate_dispersion
from antq_helpers.measuring.lookback import look_back
from tests.quick import SAMPLE, quick_of

TWO = ["Tuy Lộc", "Minh Bảo"]
PAIR = select(SAMPLE, communes=TWO)
FIRST = SAMPLE.index[(SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["year"] == 2022)][0]

TAKE_RECORDS = {
    "total_by": total_by,
    "select": lambda table: select(table, communes=["Tuy Lộc"]),
    "on_boundaries": lambda table: on_boundaries(table, 2020),
    "compare_communes": compare_communes,
    "look_back": lambda table: look_back(table, "2022"),
    "headline": lambda table: headline(table, period="2022"),
    "protect": protect,
    "relate": relate,
    "draw": lambda table: draw(table, View()),
    "tabulate": lambda table: tabulate(table, View()),
    "plot_ranking": plot_ranking,
    "plot_coverage": plot_coverage,
    "write_briefing": lambda table: write_briefing(
        table, "never", period="2022", audience="internal"
    ),
    "reconcile": lambda table: reconcile({"records": table}),
}
TAKE_TOTALS = {
    "fit_trend": fit_trend,
    "compare_trends": compare_trends,
    "funnel": funnel,
    "estimate_dispersion": estimate_dispersion,
}


def edited(column, value):
    """The sample with one cell of Tuy Lộc, January 2022, changed."""
    table = SAMPLE.copy()
    table.loc[FIRST, column] = value
    return table


# ---- what is no table of records ----


@pytest.mark.parametrize("name", TAKE_RECORDS)
@pytest.mark.parametrize(
    ("table", "message"),
    [
        (total_by(SAMPLE), "These are totals, as total_by gives them. Records are wanted"),
        (load_table("models"), "Models are a stock, .* stock_of"),
        (pd.DataFrame({"a": [1]}), "lacks the columns commune, period_start, .*load_records"),
        (SAMPLE.drop(columns="boundaries"), r"lacks the columns boundaries\. .*load_records"),
        (pd.concat([SAMPLE, SAMPLE]), "1930 rows are of days that another row of the same commune"),
        (None, "NoneType is no table"),
    ],
    ids=["totals", "models", "other", "without", "twice", "none"],
)
def test_whoever_takes_records_says_what_is_wanted(name, table, message, tmp_path, monkeypatch):
    """One gate for all: no KeyError, no number made of rows that stand twice."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        TAKE_RECORDS[name](table)


@pytest.mark.parametrize("name", TAKE_TOTALS)
def test_whoever_takes_totals_says_how_they_are_made(name):
    """Records handed in do not end in a KeyError."""
    with pytest.raises(ValueError, match=r"Totals are wanted here, not records: use total_by\("):
        TAKE_TOTALS[name](SAMPLE, measure="tips")


def test_trends_of_communes_need_totals_of_communes():
    """The message gives the call."""
    with pytest.raises(ValueError, match=r'lacks the columns commune\. .*"commune"\)'):
        compare_trends(total_by(SAMPLE), measure="tips")


def test_a_chart_of_limits_takes_numbers_and_an_audit_takes_a_release():
    """Tables are told what is wanted in their place."""
    with pytest.raises(ValueError, match="values must be numbers in the order of time"):
        control_limits(SAMPLE)
    with pytest.raises(ValueError, match=r"wants what protect\(records\) gives"):
        audit(SAMPLE)


def test_a_csv_read_by_pandas_is_told_load_records_which_takes_it():
    """The sample file holds no ids; load_records gives the table its ids, and the same totals."""
    added = ["commune_id", "boundaries", "place", "file"]
    table = pd.read_csv(io.StringIO(SAMPLE.drop(columns=added).to_csv(index=False)))
    with pytest.raises(ValueError, match=r"load_records\(table\) reads a table anew"):
        total_by(table)
    again = load_records(table)
    ours = total_by(SAMPLE, measure="tips")
    pd.testing.assert_frame_equal(total_by(again, measure="tips"), ours)


# ---- rows that stand twice, counts that can not be ----


def test_a_join_that_repeats_rows_is_refused():
    """A key of two rows for Tuy Lộc counted its 120 reports twice."""
    key = pd.DataFrame({"commune": ["Tuy Lộc", "Tuy Lộc"], "area": ["a", "b"]})
    with pytest.raises(ValueError, match=r"^119 rows .* Tuy Lộc 01/01/2013–31/01/2013; .*many_to"):
        total_by(SAMPLE.merge(key, on="commune", how="left"))


def test_reports_that_overlap_are_refused_and_those_that_meet_are_not():
    """January and the quarter that holds it; a month to the 14th and one from the 15th."""
    row = SAMPLE.loc[[FIRST]]
    quarter = row.assign(period_end=pd.Timestamp("2022-03-31"))
    with pytest.raises(ValueError, match=r"^1 row are of days .* Tuy Lộc 01/01/2022–31/03/2022"):
        total_by(pd.concat([row, quarter]))
    early = row.assign(period_end=pd.Timestamp("2022-01-14"))
    late = row.assign(period_start=pd.Timestamp("2022-01-15"))
    twice = total_by(pd.concat([early, late]), measure="tips")["value"].tolist()
    assert twice == [2 * row["tips"].iloc[0]]


def test_another_count_of_the_same_days_is_no_repetition():
    """Tips by months, sessions by the quarter."""
    months = SAMPLE[(SAMPLE["commune"] == "Tuy Lộc") & (SAMPLE["period_start"] < "2013-04-01")]
    blank = {name: pd.NA for name in ("attendances", "tips", "valuable_tips", "resolved_cases")}
    quarter = months.head(1).assign(
        period_end=pd.Timestamp("2013-03-31"), sessions=months["sessions"].sum(), **blank
    )
    both = pd.concat([months.assign(sessions=pd.NA), quarter])
    got = total_by(both, measure=["tips", "sessions"])["value"].tolist()
    assert got == [months["tips"].sum(), months["sessions"].sum()]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-3, r"1 row have tips that are negative or not whole: Tuy Lộc 01/01/2022–31/01/2022: -3"),
        (
            2.5,
            r"1 row have tips that are negative or not whole: Tuy Lộc 01/01/2022–31/01/2022: 2.5",
        ),
        (np.inf, "negative or not whole"),
        ("nhiều", "1 row have tips that are no numbers: Tuy Lộc .*: nhiều"),
    ],
)
def test_a_count_that_can_not_be_is_named(value, message):
    """With its commune and its days."""
    table = SAMPLE.astype({"tips": object})
    table.loc[FIRST, "tips"] = value
    with pytest.raises(ValueError, match=message):
        total_by(table)


# ---- edits at odds with the rest of the row ----


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("commune", "Âu Lâu", "have a commune that is not that of their commune_id"),
        ("year", 2021, "have a year that is not that of their last day"),
        ("period_end", pd.Timestamp("2021-12-31"), "end before they start"),
        ("period_end", pd.NaT, "have no first or last day"),
        ("boundaries", 2013, ""),
        ("boundaries", 2025, "have boundaries that do not hold their commune"),
        ("commune_id", "99999@2008", "have a commune that is not that of their commune_id"),
    ],
)
def test_an_edit_is_taken_or_refused_never_passed_over(column, value, message):
    """Tuy Lộc stood in 2013 as in 2020: that edit is taken."""
    table = edited(column, value)
    if not message:
        assert total_by(table, measure="tips")["value"].sum() == SAMPLE["tips"].sum()
        return
    with pytest.raises(ValueError, match=rf"^1 row {message}: "):
        total_by(table)


def test_a_year_moved_with_its_days_is_taken():
    """Meant so, and written so."""
    moved = SAMPLE[SAMPLE["year"] == 2021]
    later = {name: moved[name] + pd.DateOffset(years=1) for name in ("period_start", "period_end")}
    assert total_by(moved.assign(**later, year=2022))["period"].unique().tolist() == ["2022"]


def test_communes_renamed_by_pandas_are_refused_with_the_way_to_do_it():
    """Two groups made by hand still came out as fifteen communes."""
    halves = SAMPLE.assign(commune=np.where(SAMPLE["commune"] < "N", "A", "B"))
    with pytest.raises(ValueError, match=r"select\(records, communes=\[…\]\)"):
        total_by(halves, "commune")


def test_an_edit_in_place_is_seen_after_the_table_was_checked():
    """What was found good once is good as long as it is the same."""
    table = SAMPLE.copy()
    assert total_by(table, measure="tips")["value"].sum() == 4556
    table.loc[FIRST, "tips"] += 4
    assert total_by(table, measure="tips")["value"].sum() == 4560
    table.loc[FIRST, "tips"] = -1
    with pytest.raises(ValueError, match="negative"):
        total_by(table)


# ---- the place of a table ----


def test_a_table_knows_its_place_after_merge_concat_and_csv(tmp_path):
    """The totals stay the same."""
    area = load_communes()[["commune_id", "area_km2"]]
    merged = SAMPLE.merge(area, on="commune_id", how="left", validate="many_to_one")
    joined = pd.concat([SAMPLE[SAMPLE["year"] < 2018], SAMPLE[SAMPLE["year"] >= 2018]])
    SAMPLE.to_csv(tmp_path / "a.csv", index=False)
    for table in (merged, joined, pd.read_csv(tmp_path / "a.csv")):
        pd.testing.assert_frame_equal(total_by(table), total_by(SAMPLE))


def test_a_table_without_its_place_is_asked_for_it():
    """Ours is never assumed."""
    with pytest.raises(ValueError, match=r"does not say of which place it is.* communes="):
        total_by(SAMPLE.drop(columns="place"))


def test_records_of_two_places_are_not_added_up(tmp_path):
    """Another place has a Tuy Lộc, too."""
    communes = load_communes(boundaries=2013).assign(population_2019=1000)
    other = load_records(SAMPLE.loc[[FIRST]], communes=communes)
    with pytest.raises(ValueError, match="The records are of several places or choices"):
        total_by(pd.concat([SAMPLE.drop(FIRST), other]))


# ---- a set of communes is a whole of its own ----


def test_two_communes_are_expected_and_covered_as_two():
    """58 tips in 2013, of 7,706 people; in 2021 a report is lacking."""
    totals = total_by(PAIR, measure="tips").set_index("period")
    by_hand = SAMPLE[SAMPLE["commune"].isin(TWO)].groupby("year")["tips"].sum()
    assert totals["value"].tolist() == by_hand.tolist()
    assert set(totals["expected"]) == {2}
    people = load_communes(boundaries=2020).query("name in @TWO")["population_2019"].sum()
    assert totals.loc["2013", "exposure"] == pytest.approx(people * 365 / 365.25)
    assert totals.loc["2013", "covered"] == 1
    assert 0.9 < totals.loc["2021", "covered"] < 1
    assert set(totals["place"]) == {"yen-bai: Tuy Lộc, Minh Bảo"}


def test_the_trend_of_a_commune_is_that_of_its_row():
    """Covered to 13 % of the city's people, no year was; −0.61 % a year."""
    alone = fit_trend(total_by(select(SAMPLE, communes=["Tuy Lộc"])), measure="tips")
    table = compare_trends(total_by(SAMPLE, "commune"), measure="tips").set_index("commune")
    assert alone.change_pct == pytest.approx(table.loc["Tuy Lộc", "change_pct"])
    assert round(alone.change_pct, 2) == -0.61


@pytest.mark.parametrize(("language", "city"), [("en", "city"), ("vi", "thành phố")])
def test_a_set_is_named_in_sentence_and_picture(language, city):
    """Never the whole city."""
    said = headline(PAIR, period="2022", language=language)
    assert "Tuy Lộc, Minh Bảo" in said
    assert city not in said.lower()
    figure = draw(PAIR, View(measures=["tips"], language=language))
    assert "Tuy Lộc, Minh Bảo" in figure.alt
    texts = [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]
    assert any("Tuy Lộc, Minh Bảo" in text for text in texts)
    assert not [text for text in [figure.alt, *texts] if city in text.lower()]


def test_many_names_are_shortened_and_all_of_them_are_the_city():
    """Six names would not fit a label; all fifteen are the place itself."""
    names = sorted(SAMPLE["commune"].unique())
    six = tabulate(select(SAMPLE, communes=names[:6]), View(measures=["tips"]))
    assert six["series"].iloc[0] == f"{', '.join(names[:3])} and 3 more"
    every = select(SAMPLE, communes=names)
    assert set(every["place"]) == {"yen-bai"}
    pd.testing.assert_frame_equal(total_by(every), total_by(SAMPLE))


def test_a_study_of_four_communes_can_be_declared_complete():
    """A file of four alone covers a part of the city; chosen, they are the whole."""
    four = ["Tuy Lộc", "Minh Bảo", "Âu Lâu", "Hợp Minh"]
    table = load_records(SAMPLE[SAMPLE["commune"].isin(four)])
    part = total_by(table, measure="tips").iloc[0]
    whole = total_by(select(table, communes=four), measure="tips").iloc[0]
    assert (part["expected"], whole["expected"]) == (17, 4)
    assert part["covered"] < 0.5
    assert whole["covered"] == 1
    assert part["value"] == whole["value"]


def test_a_set_lives_through_csv_and_boundaries():
    """In 2025 the set is the wards that hold the two, of which others' reports are lacking."""
    again = pd.read_csv(io.StringIO(PAIR.to_csv(index=False)))
    pd.testing.assert_frame_equal(total_by(again), total_by(PAIR))
    wards = list(dict.fromkeys(on_boundaries(PAIR, 2025)["commune"]))
    later = total_by(PAIR, boundaries=2025, measure="tips").iloc[-1]
    assert set(later["place"].removeprefix("yen-bai: ").split(", ")) == set(wards)
    assert later["reporting"] == 2
    assert later["covered"] < 1


# ---- how people write periods, years and names ----


@pytest.mark.parametrize(
    "period", quick_of(["Q1/2022", pd.Period("2022Q1"), "2022-Q1", "2022Q1", "2022 q1"], 2)
)
def test_a_quarter_is_understood_however_it_is_written(period):
    """Each of them means one thing only."""
    assert headline(SAMPLE, period=period) == headline(SAMPLE, period="2022-Q1")
    assert View(period=period) == View(period="2022-Q1")


@pytest.mark.parametrize(
    "period", quick_of([2022, pd.Period("2022", "Y"), np.int64(2022), " 2022"], 2)
)
def test_a_year_is_understood_as_a_number_too(period):
    """As pandas and people write it."""
    assert headline(SAMPLE, period=period) == headline(SAMPLE, period="2022")


@pytest.mark.parametrize("period", ["Q5/2022", "13/2022", "22", "2022-13", None, 20.5])
def test_what_is_no_period_is_refused_with_examples(period):
    """No traceback of re."""
    with pytest.raises(ValueError, match=r"can not be read\. Write 2022, 2022-H1"):
        headline(SAMPLE, period=period)


def test_one_year_is_told_as_a_pair():
    """What to write stands in the message."""
    with pytest.raises(ValueError, match=r"For one year write \(2015, 2015\)"):
        select(SAMPLE, years=2015)


@pytest.mark.parametrize("typed", ["Tuy Loc", "tuy loc", "Tuy Lôc", "Tui Lộc"])
def test_a_name_without_marks_gets_a_suggestion(typed):
    """Never taken unasked."""
    with pytest.raises(ValueError, match=r"Did you mean Tuy Lộc\? Use some of: "):
        select(SAMPLE, communes=[typed])


def test_the_citys_figures_are_not_held_against_a_set():
    """4,556 tips were all communes' together."""
    with pytest.raises(ValueError, match=r"those of Tuy Lộc, Minh Bảo\. Hand in all records"):
        reconcile({"records": PAIR})
