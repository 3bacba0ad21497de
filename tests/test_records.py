"""Reports become records only where they keep all that records promise."""

import pandas as pd
import pytest

from antq_helpers.reading.load import check_file
from tests.books import asides, book, dated, faults, figures

DAYS = ["Xã, phường", "Từ ngày", "Đến ngày"]
HEADER = [*DAYS, "Nguồn tin", "Nguồn tin có giá trị"]
JANUARY = ["01/01/2022", "31/01/2022"]
GOOD = ["Âu Lâu", *JANUARY, 7, 2]


@pytest.mark.parametrize(
    ("row", "kind", "cell", "told"),
    [
        (
            ["Tuy Lộc", *JANUARY, 5, 6],
            "part_above_whole",
            "E2",
            "more valuable tips than tips (5)",
        ),
        (["Tuy Lộc", "31/01/2022", "01/01/2022", 5, 2], "ends_before_start", "C2", "on 31/01/2022"),
        (["Tuy Lọc", *JANUARY, 5, 2], "unknown_commune", "A2", "Did you mean: Tuy Lộc"),
        (["Quận 1", *JANUARY, 5, 2], "no_such_commune", "A2", "none is close to it"),
        (
            ["Văn Tiến", "01/03/2020", "31/03/2020", 5, 2],
            "not_yet_a_commune",
            "A2",
            "did not exist when the period began, on 01/03/2020",
        ),
        (["Văn Phú", "01/07/2025", "31/07/2025", 5, 2], "outside_land", "A2", "since 1 July 2025"),
        (["Tuy Lộc", *JANUARY, -5, ""], "minimum", "D2", "this is below 0"),
        (["Tuy Lộc", "01/01/2022", "", 5, 2], "required", "C2", "this cell may not be blank"),
    ],
)
def test_a_report_that_breaks_a_promise_waits_and_the_others_are_read(check, row, kind, cell, told):
    """The problem stands at its cell and says what was expected."""
    found = check(HEADER, row, GOOD)
    assert [(k, place) for k, place, _ in faults(found)] == [(kind, cell)]
    assert told in found.problems[0].text()
    assert figures(found, "tips") == [("Âu Lâu", 7)]
    assert asides(found, "row_waits") == [("row_waits", 2)]


def test_a_period_that_ends_after_today_is_a_problem(check):
    """Tomorrow cannot have been counted."""
    tomorrow = pd.Timestamp.today().normalize() + pd.Timedelta(days=1)
    found = check(HEADER, ["Tuy Lộc", "01/01/2022", f"{tomorrow:%d/%m/%Y}", 5, 2])
    kinds = [kind for kind, *_ in faults(found)]
    assert "in_the_future" in kinds
    assert len(found.records) == 0


def test_a_year_that_is_not_that_of_the_last_day_is_a_problem(check):
    """15/12/2021 to 14/01/2022 belongs to 2022."""
    header = ["Xã, phường", "Năm", "Từ ngày", "Đến ngày", "Nguồn tin"]
    days = ["15/12/2021", "14/01/2022"]
    found = check(header, ["Tuy Lộc", 2021, *days, 5], ["Âu Lâu", 2022, *days, 7])
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("wrong_year", "B2")]
    assert found.records["year"].tolist() == [2022]


def test_a_wrong_name_in_a_wide_row_is_one_problem(check):
    """Not one for each of its months."""
    found = check(["Nguồn tin năm 2022"], ["Xã, phường", "T1", "T2", "T3"], ["Tuy Lọc", 1, 2, 3])
    assert faults(found) == [("unknown_commune", "A3", "Tuy Lọc")]
    assert asides(found, "row_waits") == [("row_waits", 3)]


def test_one_wrong_month_of_a_wide_row_leaves_the_others(check):
    """February waits."""
    found = check(["Nguồn tin năm 2022"], ["Xã, phường", "T1", "T2", "T3"], ["Tuy Lộc", 1, "nt", 3])
    assert faults(found) == [("ditto", "C3", "nt")]
    assert dated(found, "tips") == [
        ("Tuy Lộc", "2022-01-01", "2022-01-31", 1),
        ("Tuy Lộc", "2022-03-01", "2022-03-31", 3),
    ]


def test_blank_cells_of_periods_without_the_unit_or_before_today_are_not_yet_reported(check):
    """Phúc Lộc joined Giới Phiên in February 2020, so that its year 2021 stays blank."""
    found = check(["Số nguồn tin"], ["Xã, phường", 2019, 2020, 2021], ["Phúc Lộc", 5, "", ""])
    assert dated(found, "tips") == [
        ("Phúc Lộc", "2019-01-01", "2019-12-31", 5),
        ("Phúc Lộc", "2020-01-01", "2020-12-31", None),
    ]
    assert asides(found, "not_yet") == [("not_yet", 3)]
    assert not found.problems
    next_year = pd.Timestamp.today().year + 1
    found = check(["Số nguồn tin"], ["Xã, phường", 2019, next_year], ["Tuy Lộc", 5, ""])
    assert figures(found, "tips") == [("Tuy Lộc", 5)]
    assert asides(found, "not_yet") == [("not_yet", 3)]
    assert not found.problems


def test_figures_of_a_unit_after_it_merged_are_a_problem(check):
    """The name is told with the day on which the period begins."""
    found = check(["Số nguồn tin"], ["Xã, phường", 2019, 2021], ["Phúc Lộc", 5, 3])
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("not_yet_a_commune", "A3")]
    assert figures(found, "tips") == [("Phúc Lộc", 5)]


def test_a_name_is_the_unit_that_it_meant_in_its_period(check):
    """Giới Phiên before and after February 2020; an identifier stands beside each name."""
    found = check(["Số nguồn tin"], ["Xã, phường", 2018, 2021], ["Giới Phiên", 5, 7])
    assert found.records["commune_id"].tolist() == ["04543@2008", "04543@2020"]
    assert found.records["boundaries"].tolist() == [2013, 2020]


def test_the_same_days_twice_in_one_table_are_a_problem(check):
    """It names the other row."""
    found = check(HEADER, GOOD, ["Âu Lâu", *JANUARY, 8, 2])
    [problem] = found.problems
    assert problem.kind == "reported_twice"
    assert "Âu Lâu, 01/01/2022–31/01/2022: these days are also reported elsewhere" in problem.text()


def test_a_source_is_read_and_one_that_is_unknown_is_a_problem(check):
    """The legal ones are named."""
    header = [*HEADER, "Nguồn số liệu"]
    found = check(header, [*GOOD, "illustrative"])
    assert found.records["source"].tolist() == ["illustrative"]
    found = check(header, [*GOOD, "đoán"])
    assert faults(found) == [("enum", "F2", "đoán")]


def test_records_of_several_files_name_theirs(tmp_path):
    """In the column ``file``."""
    paths = [
        book(tmp_path / "a.xlsx", {"Sheet1": [HEADER, GOOD]}),
        book(tmp_path / "b.xlsx", {"Sheet1": [HEADER, ["Tuy Lộc", *JANUARY, 5, 2]]}),
    ]
    assert check_file(paths).records["file"].tolist() == ["a.xlsx", "b.xlsx"]


def test_columns_and_types_of_records_are_those_of_loading(check):
    """Counts are whole numbers that may be missing."""
    records = check(HEADER, GOOD).records
    assert records.columns.tolist() == [
        "commune", "period_start", "period_end", "year", "sessions", "attendances", "tips",
        "valuable_tips", "resolved_cases", "source", "file", "commune_id", "boundaries", "place",
    ]  # fmt: skip
    assert {str(records[name].dtype) for name in ("tips", "sessions", "resolved_cases")} == {
        "Int64"
    }
    assert records["sessions"].isna().all()
    assert records.index.tolist() == [0]


@pytest.mark.parametrize(
    ("sessions", "attendances", "wrong"),
    [(0, 2368, True), (3, 1_000_000, True), (0, 0, False), (3, 2368, False), ("", 2368, False)],
)
def test_attendances_that_no_session_can_have_had_are_asked_about(
    tmp_path, sessions, attendances, wrong
):
    """No session at all, or a third of a million people in one hall."""
    path = tmp_path / "a.csv"
    rows = f"Tuy Lộc;2021;{sessions};{attendances}\n"
    path.write_text(f"Xã/phường;Năm;Số buổi;Số lượt người\n{rows}", encoding="utf-8")
    found = [problem.kind for problem in check_file(path).problems]
    assert found == ["unusual_attendances" if sessions else "absurd_attendances"] * wrong
