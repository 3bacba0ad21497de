"""Reports on days that other reports cover, too: checks on them, a word, or a problem."""

import pandas as pd
import pytest

from antq_helpers.problems import DataProblem
from antq_helpers.reading.load import DataNote

LAST_DAYS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30}
MONTHS = [(f"2022-{month:02}-01", f"2022-{month:02}-{last}") for month, last in LAST_DAYS.items()]
HALF_YEAR = ("2022-01-01", "2022-06-30")


def report(days, tips=3, valuable=1, commune="Tuy Lộc", cases=0):
    """One report; only tips, valuable tips and cases matter here."""
    return (commune, *days, 1, 100, tips, valuable, cases)


def whole(days, parts, tips, valuable, commune="Tuy Lộc"):
    """A report over that many parts: sessions and attendances are the sum, the rest as told."""
    return (commune, *days, parts, 100 * parts, tips, valuable, 0)


def refused(load, *rows):
    """Load rows that must fail; give kind and row of each problem, and the message."""
    with pytest.raises(DataProblem) as caught:
        load(*rows)
    return [(p.kind, p.row) for p in caught.value.problems], str(caught.value)


@pytest.mark.parametrize("at", [0, 3, 6], ids=["first", "between", "last"])
def test_a_half_year_that_equals_its_months_is_set_aside_with_a_word(load, at):
    """Six months of 3 tips make 18; they are not added again, wherever the half-year's row is."""
    rows = [report(days) for days in MONTHS]
    rows.insert(at, whole(HALF_YEAR, 6, 18, 6))
    months = ", ".join(str(row) for row in range(2, 9) if row != at + 2)
    expected = (
        rf"^quy1.csv, row {at + 2}: Tuy Lộc, 01/01/2022–30/06/2022: equals the sum of rows "
        rf"{months}; it is not added again\. Nothing to do\.$"
    )
    with pytest.warns(DataNote, match=expected) as said:
        records = load(*rows)
    assert len(said) == 1
    assert records["tips"].sum() == 18
    assert records.index.tolist() == list(range(6))


def test_the_year_to_date_grows_beside_the_months_and_is_never_added(load):
    """January to February and January to March, each the sum of its months: two notes."""
    rows = [report(days) for days in MONTHS[:3]]
    rows += [whole(("2022-01-01", MONTHS[1][1]), 2, 6, 2)]
    rows += [whole(("2022-01-01", MONTHS[2][1]), 3, 9, 3)]
    with pytest.warns(DataNote, match="equals the sum of rows") as said:
        records = load(*rows)
    assert [str(note.message).split(":")[0] for note in said] == [
        "quy1.csv, row 5",
        "quy1.csv, row 6",
    ]
    assert records["tips"].sum() == 9


def test_months_quarter_and_half_year_are_counted_once(load):
    """A quarter beside its months, and a half-year beside months and quarter, are set aside."""
    rows = [report(days) for days in MONTHS]
    rows += [whole(("2022-01-01", "2022-03-31"), 3, 9, 3), whole(HALF_YEAR, 6, 18, 6)]
    with pytest.warns(DataNote, match="row 8: .*rows 2, 3, 4;|row 9: .*rows 2, 3, 4, 5, 6, 7;"):
        records = load(*rows)
    assert records["tips"].sum() == 18


@pytest.mark.parametrize(
    ("tips", "valuable", "difference"),
    [
        (19, 6, "Tips received 19 ≠ 18"),
        (17, 6, "Tips received 17 ≠ 18"),
        (18, 7, "Valuable tips 7 ≠ 6"),
        (20, 5, "Tips received 20 ≠ 18; Valuable tips 5 ≠ 6"),
    ],
)
def test_a_half_year_that_does_not_equal_its_months_names_both(load, tips, valuable, difference):
    """The row of the whole, those of its parts and what differs."""
    rows = [whole(HALF_YEAR, 6, tips, valuable), *(report(days) for days in MONTHS)]
    found, message = refused(load, *rows)
    assert found == [("repeat_differs", 2)]
    assert message == (
        "quy1.csv, row 2: Tuy Lộc, 01/01/2022–30/06/2022: this is not the sum of rows "
        f"3, 4, 5, 6, 7, 8 ({difference}). Correct the whole or its parts."
    )


def test_a_blank_in_the_whole_is_no_difference(load):
    """The half-year did not give the tips: nothing is said against its months."""
    rows = [whole(HALF_YEAR, 6, "", ""), *(report(days) for days in MONTHS)]
    with pytest.warns(DataNote, match="equals the sum"):
        assert load(*rows)["tips"].sum() == 18


def test_months_with_a_blank_may_not_pass_the_whole(load):
    """Five months of 3 tips and a blank one are at least 15, so the half-year cannot be 14."""
    rows = [report(MONTHS[0], "", ""), *(report(days) for days in MONTHS[1:])]
    found, message = refused(load, *rows, whole(HALF_YEAR, 6, 14, 5))
    assert found == [("repeat_differs", 8)]
    assert "Tips received 14 ≠ 15" in message


def test_the_same_commune_and_days_twice_is_a_problem_that_names_both(load):
    """Equal counts or not: one of the two is one too many."""
    for tips in (3, 4):
        other = report(MONTHS[1], commune="Âu Lâu")
        found, message = refused(load, report(MONTHS[0]), other, report(MONTHS[0], tips))
        assert found == [("reported_twice", 4)]
        assert message == (
            "quy1.csv, row 4: Tuy Lộc, 01/01/2022–31/01/2022: these days are also reported "
            "elsewhere (row 2). Keep one report for each day."
        )


def test_another_spelling_of_the_commune_is_the_same_commune(load):
    """XÃ TUY LỘC and Tuy Lộc are one."""
    found, _ = refused(load, report(MONTHS[0]), report(MONTHS[0], commune="XÃ TUY LỘC"))
    assert found == [("reported_twice", 3)]


def test_three_times_the_same_is_two_problems(load):
    """Each repeat is named."""
    found, _ = refused(load, *[report(MONTHS[0])] * 3)
    assert found == [("reported_twice", 3), ("reported_twice", 4)]


@pytest.mark.parametrize(
    ("one", "other", "row"),
    [
        (("2022-01-01", "2022-01-31"), ("2022-01-15", "2022-02-14"), 3),  # 17 days in common
        (("2022-01-01", "2022-01-31"), ("2022-01-30", "2022-02-28"), 2),  # two days
        (("2022-01-01", "2022-01-31"), ("2022-01-10", "2022-01-10"), 2),  # one day, but within
        (("2022-01-01", "2022-01-31"), ("2022-01-01", "2022-01-01"), 2),
        (("2022-01-01", "2022-01-31"), ("2022-01-31", "2022-01-31"), 2),
        (("2022-01-01", "2022-03-31"), ("2022-01-01", "2022-01-31"), 2),  # a quarter, one month
    ],
)
def test_days_in_common_are_a_problem_of_the_longer_report(load, one, other, row):
    """More than a day at the edge is counted twice."""
    found, _ = refused(load, report(one), report(other))
    assert found == [("reported_twice", row)]


def test_a_quarter_with_a_month_that_is_not_there_is_a_problem(load):
    """January and February are no quarter: what of March is counted cannot be told."""
    found, message = refused(
        load, report(MONTHS[0]), report(MONTHS[1]), whole(("2022-01-01", "2022-03-31"), 3, 9, 3)
    )
    assert found == [("reported_twice", 4)]
    assert "these days are also reported elsewhere (row 2, 3)." in message


def test_one_day_in_common_at_the_edge_is_said_and_kept(load):
    """A place that goes over to other days may count 14 January twice; that is no error."""
    rows = report(("2021-12-15", "2022-01-14")), report(("2022-01-14", "2022-02-14"))
    expected = (
        r"^quy1.csv, row 3: Tuy Lộc, 14/01/2022–14/02/2022: has one day in common with row 2\. "
        r"Nothing to do where the rule for periods has just changed\.$"
    )
    with pytest.warns(DataNote, match=expected) as said:
        records = load(*rows)
    assert len(said) == 1
    assert records["tips"].tolist() == [3, 3]


def test_neighbouring_months_and_other_communes_do_not_repeat(load):
    """Periods that touch share no day, and each commune reports for itself."""
    rows = [report(days, commune=name) for days in MONTHS for name in ("Tuy Lộc", "Âu Lâu")]
    assert len(load(*rows)) == 12


def test_the_order_of_rows_is_kept(load):
    """What is kept stays in the order of the file."""
    rows = [report(MONTHS[3]), report(MONTHS[0]), report(MONTHS[2], commune="Âu Lâu")]
    starts = load(*rows)["period_start"].tolist()
    assert starts == [pd.Timestamp(2022, 4, 1), pd.Timestamp(2022, 1, 1), pd.Timestamp(2022, 3, 1)]


def test_rows_are_named_as_a_spreadsheet_shows_them_when_blank_rows_stand_between(load):
    """The repeat stands in row 5, what it repeats in row 2."""
    found, message = refused(load, report(MONTHS[0]), (), (), report(MONTHS[0]))
    assert found == [("reported_twice", 5)]
    assert "also reported elsewhere (row 2)." in message


def test_a_note_speaks_vietnamese_when_told_to(load):
    """Notes follow the language of the caller, as problems do."""
    rows = [whole(HALF_YEAR, 6, 18, 6), *(report(days) for days in MONTHS)]
    with pytest.warns(
        DataNote, match=r"dòng 2: Tuy Lộc, 01/01/2022–30/06/2022: bằng tổng các dòng"
    ):
        load(*rows, language="vi")
    with pytest.raises(DataProblem, match=r"dòng 3: .*: trùng ngày với dòng 2\. Giữ lại một báo"):
        load(report(MONTHS[0]), report(MONTHS[0]), language="vi")


def test_a_whole_above_parts_with_a_blank_is_set_aside_in_other_words(load):
    """Six months of which one is blank give 15 of the 18 stated: said, not called equal."""
    rows = [report(days) for days in MONTHS[:5]]
    rows += [("Tuy Lộc", *MONTHS[5], None, None, None, None, None)]
    rows += [whole(HALF_YEAR, 5, 18, 5)]
    expected = (
        r"row 8: .*covers rows 2, 3, 4, 5, 6, 7, some of which are blank \(Tips received 18 ≠ 15\)"
    )
    with pytest.warns(DataNote, match=expected):
        records = load(*rows)
    assert records["tips"].sum() == 15


def test_a_year_that_spans_a_merger_is_a_check_on_the_months_of_both_units(load):
    """Giới Phiên was one unit in January 2020 and another since; its year is one line of news."""
    months = pd.date_range("2020-01-01", periods=12, freq="MS")
    rows = [
        report((f"{day:%F}", f"{day + pd.offsets.MonthEnd():%F}"), commune="Giới Phiên")
        for day in months
    ]
    rows += [whole(("2020-01-01", "2020-12-31"), 12, 36, 12, commune="Giới Phiên")]
    with pytest.warns(DataNote, match="row 14: Giới Phiên, .*equals the sum of rows 2, 3,"):
        records = load(*rows)
    assert records["tips"].sum() == 36
    assert records["commune_id"].nunique() == 2


def test_cases_of_a_quarter_beside_tips_of_its_months_are_kept(load):
    """Each count is judged by itself: what no other report gives is no repeat of any."""
    months = [(*report(days)[:3], "", "", 3, 1, "") for days in MONTHS[:3]]
    quarter = ("Tuy Lộc", "2022-01-01", "2022-03-31", "", "", 9, 3, 7)
    with pytest.warns(DataNote, match="equals the sum of rows 2, 3, 4"):
        records = load(*months, quarter)
    assert records["tips"].sum() == 9
    assert records["resolved_cases"].sum() == 7
    assert len(records) == 4


def test_a_quarter_beside_its_months_in_one_row_names_their_cells(check):
    """1 + 2 + 0 = 3, not 7: each stands in row 3, so that the row alone would say nothing."""
    found = check(
        ["Số nguồn tin năm 2021"],
        ["Xã, phường", "T1", "T2", "T3", "Quý I"],
        ["Tuy Lộc", 1, 2, 0, 7],
        language="vi",
    )
    [problem] = found.problems
    told = "không bằng tổng các dòng 3 (B3), 3 (C3), 3 (D3) (Nguồn tin tiếp nhận 7 ≠ 3)"
    assert told in problem.text("vi")
