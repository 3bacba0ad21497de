"""Stated totals and years to date agree with their parts, or both figures are named."""

import pytest

from tests.books import asides, dated, faults, figures

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin", "Số buổi"]
TUY_LOC, AU_LAU = ["Tuy Lộc", 12, 3], ["Âu Lâu", 7, 1]
YEN_THINH, HONG_HA = ["Yên Thịnh", 9, 2], ["Hồng Hà", 8, 4]


@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_a_total_that_differs_names_both_figures(check, first):
    """12 + 7 = 19, not 20; the sum of sessions, 4, is right."""
    total = ["Tổng cộng", 20, 4]
    rows = [total, TUY_LOC, AU_LAU] if first else [TUY_LOC, AU_LAU, total]
    found = check(TITLE, HEADER, *rows)
    assert faults(found) == [("total_differs", "B3" if first else "B5", "20")]
    told = found.problems[0].text()
    assert "the stated total is 20, rows" in told
    assert "add up to 19. Correct the total or its parts." in told
    assert figures(found, "tips") == [("Tuy Lộc", 12), ("Âu Lâu", 7)]


def test_a_sub_total_that_differs_is_held_against_its_group(check):
    """9 + 8 = 17; the communes below add up, and so does the whole."""
    found = check(
        TITLE, HEADER, ["I. Khối phường", 16, 6], YEN_THINH, HONG_HA, ["II. Khối xã", 19, 4],
        TUY_LOC, AU_LAU, ["Tổng cộng", 36, 10],
    )  # fmt: skip
    assert faults(found) == [("total_differs", "B3", "16")]
    assert "the stated total is 16, rows 4, 5 add up to 17." in found.problems[0].text()


def test_the_figure_of_a_heading_is_never_that_of_the_rows_above_it(check):
    """12 + 7 = 19, not 25; that "Hồng Hà" above did not report says nothing of it."""
    found = check(
        TITLE, HEADER, ["I. Khối phường", 12, 6], YEN_THINH, ["Hồng Hà", "", 4],
        ["II. Khối xã", 25, 4], TUY_LOC, AU_LAU,
    )  # fmt: skip
    assert faults(found) == [("total_differs", "B6", "25")]


def test_a_sub_total_below_its_group_is_held_against_the_rows_above_it(check):
    """9 + 8 = 17, not 18."""
    found = check(
        TITLE, HEADER, YEN_THINH, HONG_HA, ["Cộng khối phường", 18, 6], TUY_LOC, AU_LAU,
        ["Cộng khối xã", 19, 4],
    )  # fmt: skip
    assert [fault for fault, *_ in faults(found)] == ["total_differs"]
    assert found.problems[0].cell == "B5"
    assert "18" in found.problems[0].text()


def test_the_city_police_below_the_last_section_is_no_part_of_it(check):
    """12 + 7 = 19; with the 5 of the city police it would be 24, and the whole is that."""
    rows = [TITLE, HEADER, ["II. Khối xã", 19, 4], TUY_LOC, AU_LAU]
    city, total = ["Công an thành phố", 5, 1], ["Tổng cộng", 24, 5]
    assert not check(*rows, city, total).problems


def test_a_first_total_goes_over_the_headings_of_its_sections(check):
    """A page of 19 tips, then one of 17 under a header that is said once more: 36 are no total."""
    pages = [
        [HEADER, ["Tổng cộng", 19, 4], ["I. Khối xã", 19, 4], TUY_LOC, AU_LAU],
        [HEADER, ["Tổng cộng", 17, 6], ["I. Khối phường", 17, 6], YEN_THINH, HONG_HA],
    ]
    found = check(TITLE, *pages[0], *pages[1])
    assert not found.problems
    assert sum(count for _, count in figures(found, "tips")) == 36


def test_a_total_below_the_sub_total_of_its_page_is_of_that_page(check):
    """The second page's 17 are not the 36 of both, and "Cộng" above it ended the first."""
    pages = [
        [HEADER, ["I. Khối xã", "", ""], TUY_LOC, AU_LAU, ["Cộng", 19, 4]],
        [HEADER, YEN_THINH, HONG_HA, ["Cộng khối phường", 17, 6], ["Tổng số", 17, 6]],
    ]
    assert not check(TITLE, *pages[0], [], *pages[1]).problems


def test_the_one_total_of_several_pages_is_of_all_of_them(check):
    """12 + 7 + 8 and a blank are 27 or more, not 26; the last page alone would allow it."""
    blank = ["Yên Thịnh", "", ""]
    found = check(TITLE, HEADER, TUY_LOC, AU_LAU, HEADER, blank, HONG_HA, ["Cộng", 26, 8])
    assert faults(found) == [("total_differs", "B8", "26")]


def test_a_total_is_of_the_rows_that_its_other_columns_agree_with(check):
    """9 + 19 = 28, not 20: the blank below "Hồng Hà" explains no total but its own section's."""
    found = check(
        TITLE, HEADER, ["Tổng số", 20, 6], ["Yên Thịnh", 9, 2], ["Hồng Hà", "", 0],
        ["Cộng khối phường", 9, 2], TUY_LOC, AU_LAU, ["Cộng khối xã", 19, 4],
    )  # fmt: skip
    assert faults(found) == [("total_differs", "B3", "20")]


def test_a_wrong_total_that_is_another_sections_by_chance_is_named(check):
    """9 + 8 = 17, not the 19 of the section below; its 6 sessions say that it is of those above."""
    found = check(
        TITLE, HEADER, YEN_THINH, HONG_HA, ["Cộng khối phường", 19, 6], TUY_LOC, AU_LAU,
        ["Cộng khối xã", 19, 4],
    )  # fmt: skip
    assert [cell for _, cell, _ in faults(found)] == ["B5"]


def test_in_one_column_too_rows_with_a_total_below_them_are_no_other_totals(check):
    """9 + 8 = 17; that the wrong 19 is the sum of the next section is chance."""
    found = check(
        TITLE, HEADER[:2], YEN_THINH[:2], HONG_HA[:2], ["Cộng khối phường", 19], TUY_LOC[:2],
        AU_LAU[:2], ["Cộng khối xã", 19], ["Tổng số", 36],
    )  # fmt: skip
    assert [cell for _, cell, _ in faults(found)] == ["B5"]


def test_a_total_of_words_is_told_in_the_language_asked_for(check):
    """Both figures and the rows."""
    found = check(TITLE, HEADER, TUY_LOC, AU_LAU, ["Tổng cộng", 20, 4], language="vi")
    expected = "tổng ghi trong tệp là 20, cộng các dòng 3, 4 được 19."
    assert expected in found.problems[0].text("vi")


def test_where_a_part_is_not_reported_the_parts_may_fall_short_and_not_pass(check):
    """The total may know what the rows do not; it can not be less than what they hold."""
    blank = ["Yên Thịnh", "", ""]
    assert not check(TITLE, HEADER, TUY_LOC, blank, ["Tổng cộng", 20, 4]).problems
    found = check(TITLE, HEADER, TUY_LOC, blank, ["Tổng cộng", 11, 3])
    assert faults(found) == [("total_differs", "B5", "11")]


def test_a_total_beside_a_problem_may_fall_short(check):
    """What is wrong is told once, at its cell."""
    found = check(TITLE, HEADER, TUY_LOC, ["Âu Lâu", "trên 5", 1], ["Tổng cộng", 19, 4])
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("bound", "B4")]


@pytest.mark.parametrize("total", ["", "…", "đang cập nhật"])
def test_a_total_that_is_not_stated_is_no_problem(check, total):
    """Nothing is held against nothing."""
    assert not check(TITLE, HEADER, TUY_LOC, ["Tổng cộng", total, 3]).problems


def test_totals_are_read_as_the_user_says(check):
    """``1,019`` is a thousand where numbers="en"."""
    rows = (TITLE, HEADER, ["Tuy Lộc", "1,012", 3], AU_LAU, ["Tổng cộng", "1,019", 4])
    assert not check(*rows, numbers="en").problems


# Columns of totals


@pytest.mark.parametrize("name", ["Tổng số", "Tổng", "Cộng", "Tổng cộng"])
def test_a_column_of_totals_beside_its_months_is_a_check_alone(check, name):
    """1 + 2 = 3 agrees; 1 + 2 = 4 is a problem that names both, and the columns."""
    title = ["Số nguồn tin năm 2022"]
    found = check(
        title, ["Xã, phường", "T1", "T2", name], ["Tuy Lộc", 1, 2, 3], ["Âu Lâu", 1, 2, 4]
    )
    assert len(found.records) == 4
    [problem] = found.problems
    assert problem.cell == "D4"
    assert "4" in problem.text()
    assert "3" in problem.text()


@pytest.mark.parametrize("name", ["Tổng số", "Cộng", "Tổng cộng"])
def test_a_total_under_the_header_of_its_measure_is_a_check_alone(check, name):
    """``Nguồn tin`` over months and their total."""
    found = check(
        ["Năm 2022"],
        ["Xã, phường", "Nguồn tin", "", ""],
        ["", "T1", "T2", name],
        ["Tuy Lộc", 1, 2, 3],
        ["Âu Lâu", 1, 2, 4],
        merged=["A2:A3", "B2:D2"],
    )
    assert len(found.records) == 4
    assert faults(found) == [("total_of_columns", "D5", "4")]
    assert "the stated total is 4, columns B–C add up to 3." in found.problems[0].text()
    assert found.headers["meaning"].iloc[-1] == "total: a check alone"


def test_a_column_of_totals_beside_communes_is_held_against_them(check):
    """3 + 4 + 5 = 12, not 13, in a table with measures as rows."""
    found = check(
        TITLE,
        ["Nội dung", "Tuy Lộc", "Âu Lâu", "Yên Thịnh", "Tổng cộng"],
        ["Nguồn tin", 1, 2, 3, 6],
        ["Số buổi", 3, 4, 5, 13],
    )
    assert len(found.records) == 3
    assert faults(found) == [("total_of_columns", "E4", "13")]


def test_a_year_beside_its_quarters_is_no_second_report(check):
    """``Quý I … Quý IV | Năm 2022``: 1 + 2 + 3 + 4 = 10."""
    header = ["Xã, phường", "Quý I", "Quý II", "Quý III", "Quý IV", "Năm 2022"]
    found = check(["Số nguồn tin năm 2022"], header, ["Tuy Lộc", 1, 2, 3, 4, 10])
    assert figures(found, "tips") == [("Tuy Lộc", n) for n in (1, 2, 3, 4)]
    assert not found.problems
    found = check(["Số nguồn tin năm 2022"], header, ["Tuy Lộc", 1, 2, 3, 4, 11])
    [problem] = found.problems
    assert problem.kind == "repeat_differs"
    assert "Tips received 11 ≠ 10" in problem.text()


# Years to date


YEAR = (["Năm 2022"], ["Xã, phường", "Tháng", "Nguồn tin", "Lũy kế nguồn tin từ đầu năm"])


def test_a_year_to_date_that_agrees_is_set_aside(check):
    """5, 5 + 7 = 12, 12 + 1 = 13; no report is counted twice."""
    found = check(*YEAR, ["Tuy Lộc", 1, 5, 5], ["Tuy Lộc", 2, 7, 12], ["Tuy Lộc", 3, 1, 13])
    assert figures(found, "tips") == [("Tuy Lộc", 5), ("Tuy Lộc", 7), ("Tuy Lộc", 1)]
    assert not found.problems
    assert asides(found, "column_to_date") == [("column_to_date", 2)]


def test_a_year_to_date_that_differs_names_both_figures(check):
    """5 + 7 = 12, not 13; the months are kept."""
    found = check(*YEAR, ["Tuy Lộc", 1, 5, 5], ["Tuy Lộc", 2, 7, 13])
    assert faults(found) == [("to_date_differs", "D4", "13")]
    told = found.problems[0].text()
    assert "the stated year to date is 13, the periods of the year add up to 12." in told
    assert figures(found, "tips") == [("Tuy Lộc", 5), ("Tuy Lộc", 7)]


def test_a_year_to_date_without_all_its_months_is_no_problem(check):
    """The file begins in March: what came before nobody knows."""
    assert not check(*YEAR, ["Tuy Lộc", 3, 5, 40], ["Tuy Lộc", 4, 7, 47]).problems


def test_a_year_to_date_is_held_against_the_months_of_its_own_commune_and_year(check):
    """December belongs to the year before."""
    found = check(
        ["Báo cáo"],
        ["Xã, phường", "Kỳ báo cáo", "Nguồn tin", "Lũy kế nguồn tin"],
        ["Tuy Lộc", "Tháng 12/2021", 50, ""],
        ["Tuy Lộc", "Tháng 1/2022", 5, 5],
        ["Âu Lâu", "Tháng 1/2022", 9, 9],
        ["Tuy Lộc", "Tháng 2/2022", 7, 12],
    )
    assert not found.problems
    assert len(found.records) == 4


def test_a_year_to_date_of_administrative_months_begins_in_december(check):
    """From 15 December: 5 + 7 = 12."""
    header = ["Xã, phường", "Từ ngày", "Đến ngày", "Nguồn tin", "Lũy kế nguồn tin"]
    first = ["Tuy Lộc", "15/12/2021", "14/01/2022", 5, 5]
    assert not check(header, first, ["Tuy Lộc", "15/01/2022", "14/02/2022", 7, 12]).problems
    found = check(header, first, ["Tuy Lộc", "15/01/2022", "14/02/2022", 7, 11])
    assert faults(found) == [("to_date_differs", "E3", "11")]


def test_the_year_to_date_of_a_first_quarter_is_the_quarter(check):
    """A single report may state it beside itself."""
    header = ["Xã, phường", "Nguồn tin", "Lũy kế nguồn tin"]
    assert not check(TITLE, header, ["Tuy Lộc", 12, 12]).problems
    assert faults(check(TITLE, header, ["Tuy Lộc", 12, 15])) == [("to_date_differs", "C3", "15")]


def test_years_to_date_as_a_period_of_their_own_are_a_check_on_the_months(check):
    """``6 tháng đầu năm`` beside its two quarters: 5 + 7 = 12."""
    header = ["Xã, phường", "Kỳ báo cáo", "Nguồn tin"]
    rows = ["Tuy Lộc", "Quý I/2022", 5], ["Tuy Lộc", "Quý II/2022", 7]
    found = check(header, *rows, ["Tuy Lộc", "6 tháng đầu năm 2022", 12])
    assert dated(found, "tips") == [
        ("Tuy Lộc", "2022-01-01", "2022-03-31", 5),
        ("Tuy Lộc", "2022-04-01", "2022-06-30", 7),
    ]
    assert not found.problems
    assert asides(found, "repeat_equal") == [("repeat_equal", 4)]
    found = check(header, *rows, ["Tuy Lộc", "6 tháng đầu năm 2022", 13])
    assert [kind for kind, *_ in faults(found)] == ["repeat_differs"]
