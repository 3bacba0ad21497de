"""Every layout gives its reports; periods come from rows, headers or titles; cells are read."""

from datetime import date, datetime

import pytest

from antq_helpers.reading.period_text import read_span
from antq_helpers.reading.titles import Context, PeriodFinder
from tests.books import asides, dated, faults, figures

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin"]
DAYS = ["Xã, phường", "Từ ngày", "Đến ngày", "Nguồn tin"]
JANUARY = ("2022-01-01", "2022-01-31")
FEBRUARY = ("2022-02-01", "2022-02-28")
MARCH = ("2022-03-01", "2022-03-31")
FIRST, SECOND = ("2022-01-01", "2022-03-31"), ("2022-04-01", "2022-06-30")
YEAR_2021, YEAR_2022 = ("2021-01-01", "2021-12-31"), ("2022-01-01", "2022-12-31")


# Layouts


def test_a_long_table_has_one_report_a_row(check):
    """Commune, first and last day, counts."""
    found = check(
        [*DAYS, "Vụ việc được giải quyết"],
        ["Tuy Lộc", "15/12/2021", "14/01/2022", 12, 3],
        ["Tuy Lộc", "15/01/2022", "14/02/2022", 7, 1],
        ["Âu Lâu", "15/12/2021", "14/01/2022", 9, ""],
    )
    assert dated(found, "tips", "resolved_cases") == [
        ("Tuy Lộc", "2021-12-15", "2022-01-14", 12, 3),
        ("Tuy Lộc", "2022-01-15", "2022-02-14", 7, 1),
        ("Âu Lâu", "2021-12-15", "2022-01-14", 9, None),
    ]
    assert not found.problems
    assert found.records["year"].tolist() == [2022] * 3


@pytest.mark.parametrize(
    ("headers", "first", "second"),
    [
        ((2021, 2022), YEAR_2021, YEAR_2022),
        (("2021", "Năm 2022"), YEAR_2021, YEAR_2022),
        (("T1/2022", "T2/2022"), JANUARY, FEBRUARY),
        (("Tháng 1/2022", "Tháng 2 năm 2022"), JANUARY, FEBRUARY),
        (("Quý I/2022", "Quý II/2022"), FIRST, SECOND),
        (("01/2022", "02/2022"), JANUARY, FEBRUARY),
        (("Jan 2022", "Feb 2022"), JANUARY, FEBRUARY),
        ((datetime(2022, 1, 1), datetime(2022, 2, 1)), JANUARY, FEBRUARY),
    ],
)
def test_a_wide_table_has_one_report_for_each_column_of_a_period(check, headers, first, second):
    """Years, months or quarters as columns; the measure stands in the title."""
    found = check(["Số nguồn tin"], ["Xã, phường", *headers], ["Tuy Lộc", 5, 7], ["Âu Lâu", 0, ""])
    assert sorted(dated(found, "tips")) == [
        ("Tuy Lộc", *first, 5),
        ("Tuy Lộc", *second, 7),
        ("Âu Lâu", *first, 0),
        ("Âu Lâu", *second, None),
    ]
    assert not found.problems


@pytest.mark.parametrize(
    ("headers", "first", "second"),
    [
        (("T1", "T2"), JANUARY, FEBRUARY),
        (("Tháng 1", "Tháng 2"), JANUARY, FEBRUARY),
        (("Tháng một", "Tháng hai"), JANUARY, FEBRUARY),
        (("Quý I", "Quý II"), FIRST, SECOND),
        (
            ("6 tháng đầu năm", "6 tháng cuối năm"),
            ("2022-01-01", "2022-06-30"),
            ("2022-07-01", "2022-12-31"),
        ),
    ],
)
def test_columns_of_months_and_quarters_take_their_year_from_the_title(
    check, headers, first, second
):
    """``T1 … T12`` below "năm 2022"."""
    found = check(["Số nguồn tin năm 2022"], ["Xã, phường", *headers], ["Tuy Lộc", 5, 7])
    assert dated(found, "tips") == [("Tuy Lộc", *first, 5), ("Tuy Lộc", *second, 7)]


def test_columns_of_months_without_any_year_ask(check):
    """The year is not that of today."""
    found = check(["Số nguồn tin"], ["Xã, phường", "T1", "T2"], ["Tuy Lộc", 5, 7])
    assert faults(found) == [("no_period", None, "")]
    assert len(found.records) == 0


@pytest.mark.parametrize("merged", [(), ("A2:A3", "B2:C2", "D2:E2")])
def test_measures_stand_under_their_periods(check, merged):
    """``Quý I`` over tips and sessions, ``Quý II`` over the same."""
    found = check(
        ["Năm 2022"],
        ["Xã, phường", "Quý I", "", "Quý II", ""],
        ["", "Nguồn tin", "Số buổi", "Nguồn tin", "Số buổi"],
        ["Tuy Lộc", 1, 2, 3, 6],
        merged=merged,
    )
    assert dated(found, "tips", "sessions") == [
        ("Tuy Lộc", *FIRST, 1, 2),
        ("Tuy Lộc", *SECOND, 3, 6),
    ]
    assert not found.problems


@pytest.mark.parametrize("merged", [(), ("A2:A3", "B2:C2", "D2:E2")])
def test_periods_stand_under_their_measures(check, merged):
    """``Nguồn tin`` over 2021 and 2022, ``Số buổi`` over the same."""
    found = check(
        ["Báo cáo"],
        ["Xã, phường", "Nguồn tin", "", "Số buổi", ""],
        ["", 2021, 2022, 2021, 2022],
        ["Tuy Lộc", 1, 3, 2, 6],
        merged=merged,
    )
    assert dated(found, "tips", "sessions") == [
        ("Tuy Lộc", *YEAR_2021, 1, 2),
        ("Tuy Lộc", *YEAR_2022, 3, 6),
    ]
    assert not found.problems


def test_a_period_and_a_measure_stand_in_one_header(check):
    """``Nguồn tin năm 2021 | Nguồn tin năm 2022``."""
    found = check(
        ["Báo cáo"], ["Xã, phường", "Nguồn tin năm 2021", "Nguồn tin năm 2022"], ["Tuy Lộc", 1, 3]
    )
    assert dated(found, "tips") == [("Tuy Lộc", *YEAR_2021, 1), ("Tuy Lộc", *YEAR_2022, 3)]


def test_communes_stand_over_their_measures(check):
    """Each commune has columns of its own; months are the rows."""
    found = check(
        ["Năm 2022"],
        ["Tháng", "Tuy Lộc", "", "Âu Lâu", ""],
        ["", "Nguồn tin", "Số buổi", "Nguồn tin", "Số buổi"],
        ["Tháng 1", 1, 2, 3, 6],
        merged=["A2:A3", "B2:C2", "D2:E2"],
    )
    assert dated(found, "tips", "sessions") == [
        ("Tuy Lộc", *JANUARY, 1, 2),
        ("Âu Lâu", *JANUARY, 3, 6),
    ]


@pytest.mark.parametrize("names", [["Tuy Lộc", "Âu Lâu"], ["Tuy Lộc", "Âu Lâu", "Hợp Minh"]])
def test_communes_are_columns_and_measures_rows(check, names):
    """A sheet as a meeting wants it: one column for each commune."""
    numbers = range(1, len(names) + 1)
    found = check(
        TITLE, ["Nội dung", *names], ["Nguồn tin", *numbers], ["Số buổi", *[2 * n for n in numbers]]
    )
    assert figures(found, "tips", "sessions") == [
        (name, n, 2 * n) for name, n in zip(names, numbers, strict=True)
    ]


def test_a_form_has_measures_as_rows_and_periods_as_columns(check):
    """Commune in the title, quarters across."""
    found = check(
        ["Xã Tuy Lộc, năm 2022"],
        ["STT", "Nội dung", "Quý I", "Quý II"],
        [1, "Nguồn tin", 1, 3],
        [2, "Số buổi", 2, 6],
    )
    assert dated(found, "tips", "sessions") == [
        ("Tuy Lộc", *FIRST, 1, 2),
        ("Tuy Lộc", *SECOND, 3, 6),
    ]


def test_measures_are_rows_below_each_commune(check):
    """Name in the first row of its group, or merged over it."""
    rows = [
        TITLE,
        ["Xã, phường", "Chỉ tiêu", "Số lượng"],
        ["Tuy Lộc", "Nguồn tin", 1],
        ["", "Số buổi", 2],
        ["Âu Lâu", "Nguồn tin", 3],
        ["", "Số buổi", 6],
    ]
    for merged in ((), ("A3:A4", "A5:A6")):
        found = check(*rows, merged=merged)
        assert figures(found, "tips", "sessions") == [("Tuy Lộc", 1, 2), ("Âu Lâu", 3, 6)]
        assert not found.problems


def test_two_rows_of_one_measure_are_a_problem(check):
    """Which of them counts is for the user to say."""
    found = check(
        ["Xã Tuy Lộc"], TITLE, ["Nội dung", "Số lượng"], ["Nguồn tin", 1], ["Số nguồn tin", 2]
    )
    assert faults(found) == [("row_twice", "B5", "2")]
    assert "two rows stand for it. Keep one of them." in found.problems[0].text()
    assert len(found.records) == 0


def test_two_columns_of_one_measure_are_a_problem_at_the_second(check):
    """Which of them counts nobody knows: neither is taken."""
    found = check(TITLE, [*HEADER, "Số nguồn tin"], ["Tuy Lộc", 12, 13])
    assert faults(found) == [("column_twice", "C2", "")]
    assert "two columns stand for" in found.problems[0].text()
    assert not {("Tuy Lộc", 12), ("Tuy Lộc", 13)} & set(figures(found, "tips"))


# Labels of rows


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (["Tháng"], ["Tháng 1", "T2", 3], [JANUARY, FEBRUARY, MARCH]),
        (["Tháng"], [1, "02", "ba"], [JANUARY, FEBRUARY, MARCH]),
        (["Tháng"], ["1/2022", "02/2022", datetime(2022, 3, 1)], [JANUARY, FEBRUARY, MARCH]),
        (["Quý"], ["I", "Quý II"], [FIRST, SECOND]),
        (["Quý"], [1, "2"], [FIRST, SECOND]),
        (["Năm"], [2021, "2022"], [YEAR_2021, YEAR_2022]),
        (
            ["Kỳ báo cáo"],
            ["Quý I/2022", "6 tháng đầu năm 2022"],
            [FIRST, ("2022-01-01", "2022-06-30")],
        ),
        (
            ["Thời gian"],
            ["15/12/2021 - 14/01/2022", "từ 15/01 đến 14/02/2022"],
            [("2021-12-15", "2022-01-14"), ("2022-01-15", "2022-02-14")],
        ),
    ],
)
def test_periods_are_rows_of_one_column(check, header, cells, expected):
    """Months as numbers, words or days; quarters; years; whole periods in words."""
    names = ["Tuy Lộc", "Âu Lâu", "Hợp Minh"]
    rows = [[name, cell, 5] for name, cell in zip(names, cells, strict=False)]
    found = check(["Năm 2022"], ["Xã, phường", *header, "Nguồn tin"], *rows)
    assert dated(found, "tips") == [
        (name, *days, 5) for name, days in zip(names, expected, strict=False)
    ]
    assert not found.problems


def test_months_are_rows_of_a_form_of_one_commune(check):
    """Their total below is a check alone."""
    found = check(
        ["Xã Tuy Lộc"],
        ["Năm 2022"],
        ["Tháng", "Nguồn tin"],
        ["Tháng 1", 5],
        ["Tháng 2", 7],
        ["Tổng cộng", 12],
    )
    assert dated(found, "tips") == [("Tuy Lộc", *JANUARY, 5), ("Tuy Lộc", *FEBRUARY, 7)]
    assert asides(found, "total") == [("total", 6)]


def test_year_and_month_stand_in_two_columns(check):
    """The year is written in the first row of its group."""
    found = check(
        ["Báo cáo xã Tuy Lộc"],
        ["Năm", "Tháng", "Nguồn tin"],
        [2021, 12, 5],
        [2022, 1, 7],
        ["", 2, 8],
    )
    assert dated(found, "tips") == [
        ("Tuy Lộc", "2021-12-01", "2021-12-31", 5),
        ("Tuy Lộc", *JANUARY, 7),
        ("Tuy Lộc", *FEBRUARY, 8),
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("01/01/2022", "31/01/2022"),
        ("1/1/2022", "31.1.2022"),
        ("01-01-22", "31-01-22"),
        ("2022-01-01", "2022-01-31"),
        (date(2022, 1, 1), datetime(2022, 1, 31)),
        (" 01/01/2022 ", "31/01/2022"),
    ],
)
def test_days_are_read_in_each_way_of_writing(check, first, last):
    """Day first, two figures of the year, ISO, and real dates."""
    found = check(DAYS, ["Tuy Lộc", first, last, 5])
    assert dated(found, "tips") == [("Tuy Lộc", *JANUARY, 5)]
    assert not found.problems


@pytest.mark.parametrize("day", ["31/02/2022", "2022", "hôm qua", "13/13/2022"])
def test_a_day_that_is_none_is_a_problem_at_its_cell(check, day):
    """With what to write instead."""
    found = check(DAYS, ["Tuy Lộc", day, "31/01/2022", 5])
    assert faults(found) == [("broken_date", "B2", day)]
    assert "Write it as 31/12/2022 or 2022-12-31." in found.problems[0].text()
    assert len(found.records) == 0


def test_a_period_that_is_none_is_a_problem_at_its_cell(check):
    """The other rows are read."""
    found = check(
        ["Năm 2022"], ["Xã, phường", "Tháng", "Nguồn tin"], ["Tuy Lộc", 13, 5], ["Âu Lâu", 1, 7]
    )
    assert faults(found) == [("broken_period", "B3", "13")]
    assert "this is no period. Write it as “Tháng 3/2022”" in found.problems[0].text()
    assert dated(found, "tips") == [("Âu Lâu", *JANUARY, 7)]
    assert asides(found, "row_waits", "outside") == [("outside", 1), ("row_waits", 3)]


@pytest.mark.parametrize("label", ["Cùng kỳ 2021", "Kỳ trước", "Lũy kế"])
def test_a_comparison_among_the_periods_of_rows_is_never_counted(check, label):
    """It is asked about, or set aside."""
    header = ["Xã, phường", "Kỳ báo cáo", "Nguồn tin"]
    found = check(header, ["Tuy Lộc", "Quý I/2022", 5], ["Tuy Lộc", label, 9])
    assert dated(found, "tips") == [("Tuy Lộc", *FIRST, 5)]


def test_comparisons_among_the_measures_of_rows_are_never_counted(check):
    """Nor those among its columns; they are listed."""
    found = check(
        ["Xã Tuy Lộc"],
        TITLE,
        ["Nội dung", "Kỳ này", "Cùng kỳ", "Tăng/giảm"],
        ["Nguồn tin", 5, 2, 3],
        ["Nguồn tin cùng kỳ năm trước", 9, "", ""],
        ["Lũy kế nguồn tin", 50, "", ""],
    )
    assert figures(found, "tips") == [("Tuy Lộc", 5)]
    assert not found.problems
    assert asides(found, "row_comparison") == [("row_comparison", 5), ("row_comparison", 6)]


@pytest.mark.parametrize("merged", [(), ("A3:A5",)], ids=["blank", "merged"])
def test_a_name_in_the_first_row_of_its_group_holds_for_the_others(check, merged):
    """Left blank below, or merged over them."""
    found = check(
        ["Năm 2022"],
        ["Xã, phường", "Tháng", "Nguồn tin"],
        ["Tuy Lộc", 1, 5],
        ["", 2, 7],
        ["", 3, 1],
        ["Âu Lâu", 1, 9],
        merged=merged,
    )
    assert dated(found, "tips") == [
        ("Tuy Lộc", *JANUARY, 5),
        ("Tuy Lộc", *FEBRUARY, 7),
        ("Tuy Lộc", *MARCH, 1),
        ("Âu Lâu", *JANUARY, 9),
    ]


def test_a_name_does_not_hold_beyond_a_heading(check):
    """Figures below a heading without a name are nobody's."""
    found = check(
        ["Năm 2022"],
        ["Xã, phường", "Tháng", "Nguồn tin"],
        ["Tuy Lộc", 1, 5],
        ["II. Khối phường", "", ""],
        ["", 2, 7],
    )
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("required", "A5")]
    assert dated(found, "tips") == [("Tuy Lộc", *JANUARY, 5)]


def test_a_blank_name_without_a_group_is_a_problem(check):
    """Figures of nobody are not given to the commune above."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12], ["", 7])
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("required", "A4")]
    assert figures(found, "tips") == [("Tuy Lộc", 12)]


# Cells of counts


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (12, 12), ("13", 13), ("2.368", 2368), ("2 368", 2368), ("1.234.567", 1234567),
        ("12 tin", 12), ("05", 5), ("…", None), ("...", None), ("đang cập nhật", None),
        ("", None), ("chưa báo cáo", None), ("không phát sinh", 0), (0, 0), (14.0, 14),
        ("2\u00a0368", 2368),
    ],
)  # fmt: skip
def test_numbers_are_read_as_offices_write_them(check, cell, count):
    """Missing is kept apart from zero."""
    found = check(TITLE, [*HEADER, "Số buổi"], ["Tuy Lộc", cell, 1])
    assert figures(found, "tips") == [("Tuy Lộc", count)]
    assert not found.problems


@pytest.mark.parametrize(
    ("cell", "kind", "todo"),
    [
        ("1,651", "which_mark", 'numbers="en" (or "vi")'),
        (2.368, "typed_thousand", "2368"),
        ("trên 20", "bound", ""),
        ("nt", "ditto", ""),
        ("31/45", "two_numbers", ""),
        (datetime(2022, 12, 5), "date_in_count", "5/12"),
        ("#REF!", "formula_error", ""),
        ("36,2 %", "percent_in_count", ""),
        ("mười hai", "broken_count", "such as 2368"),
        ("-", "dash", 'dash="zero"'),
        (-3, "minimum", ""),
        ("2,5", "not_whole", ""),
        (True, "broken_count", ""),
    ],
)
def test_a_cell_that_is_no_count_is_a_problem_and_its_row_waits(check, cell, kind, todo):
    """It stands at its cell, says what to do, and the other rows are read."""
    found = check(TITLE, [*HEADER, "Số buổi"], ["Tuy Lộc", cell, 4], ["Âu Lâu", 7, 1])
    assert [(k, place) for k, place, _ in faults(found)] == [(kind, "B3")]
    assert todo in found.problems[0].text()
    assert figures(found, "tips", "sessions") == [("Âu Lâu", 7, 1)]
    assert asides(found, "row_waits") == [("row_waits", 3)]


@pytest.mark.parametrize(
    ("options", "cell", "count"),
    [
        ({"numbers": "en"}, "1,651", 1651),
        ({"numbers": "vi"}, "1.651", 1651),
        ({"dash": "zero"}, "-", 0),
        ({"dash": "missing"}, "-", None),
        ({"dash": "zero"}, "–", 0),
    ],
)
def test_the_user_says_what_marks_and_dashes_mean(check, options, cell, count):
    """Then nothing is asked."""
    found = check(TITLE, [*HEADER, "Số buổi"], ["Tuy Lộc", cell, 1], **options)
    assert figures(found, "tips") == [("Tuy Lộc", count)]
    assert not found.problems


@pytest.mark.parametrize(("numbers", "cell"), [("vi", "1,651"), ("en", "1.651")])
def test_what_the_user_said_of_numbers_makes_the_other_mark_a_fraction(check, numbers, cell):
    """A count with a fraction is a problem, and names the thousand that may be meant."""
    found = check(TITLE, HEADER, ["Tuy Lộc", cell], numbers=numbers)
    assert faults(found) == [("typed_thousand", "B3", cell)]
    assert "1651" in found.problems[0].text()


def test_a_dash_in_a_column_of_comparison_asks_nothing(check):
    """It asks where it matters."""
    found = check(TITLE, [*HEADER, "Cùng kỳ", "Số mô hình"], ["Tuy Lộc", 12, "-", "-"])
    assert not found.problems


def test_a_count_merged_over_several_rows_is_nobodys(check):
    """Whose it is remains unclear."""
    found = check(TITLE, HEADER, ["Tuy Lộc", 12], ["Âu Lâu", ""], merged=["B3:B4"])
    assert faults(found)[0] == ("merged_count", "B3", "12")
    assert "Unmerge it and write each count." in found.problems[0].text()
    assert ("Tuy Lộc", 12) not in figures(found, "tips")


# How it was understood


def test_the_table_of_headers_says_how_each_column_was_understood(check):
    """By sheet and letter, in the language asked for."""
    rows = (
        ["Năm 2022"],
        ["STT", "Xã, phường", "Nguồn tin quý I", "Cùng kỳ", "Lũy kế nguồn tin", "Ghi chú", "Lạ"],
        [1, "Tuy Lộc", 12, 10, 12, "", 1],
    )
    english = check(*rows).headers
    assert english["column"].tolist() == list("ABCDEFG")
    assert english["meaning"].tolist() == [
        "row numbers: set aside", "commune or ward", "Tips received · 01/01/2022–31/03/2022",
        "comparison, share, plan: not counted", "year to date: a check alone",
        "notes: set aside", "not recognised: set aside",
    ]  # fmt: skip
    vietnamese = check(*rows, language="vi").headers
    assert vietnamese["meaning"].tolist()[:4] == [
        "số thứ tự: bỏ qua", "xã, phường", "Nguồn tin tiếp nhận · 01/01/2022–31/03/2022",
        "so sánh, tỷ lệ, kế hoạch: không cộng",
    ]  # fmt: skip


def test_columns_of_notes_and_units_are_set_aside_with_a_word(check):
    """What a note says is not kept."""
    found = check(
        TITLE,
        ["Xã, phường", "ĐVT", "Nguồn tin", "Ghi chú"],
        ["Tuy Lộc", "tin", 12, "do anh Bí Mật báo"],
    )
    kinds = [(note.kind, note.column) for note in found.skipped if note.column]
    assert kinds == [("column_unit", "ĐVT"), ("column_note", "Ghi chú")]
    assert "Bí Mật" not in repr(found.skipped) + found._repr_html_()


# Dates alone


def test_the_period_of_a_row_goes_before_that_of_its_title():
    """Header, row, title: the nearest that names one."""
    span = read_span("Quý I/2022")
    context = Context((span,), 2022)
    assert PeriodFinder({}, context).span_of(0) == span
    assert PeriodFinder({"month": [2]}, context).span_of(0) == read_span("Tháng 2/2022")
    assert PeriodFinder({}, context).span_of(0, read_span("2021")) == read_span("2021")
    assert PeriodFinder({}, context).span_of(0, None, "Quý II") == read_span("Quý II/2022")
    assert PeriodFinder({"year": [2021], "month": [2]}, context).span_of(0) == read_span(
        "Tháng 2/2021"
    )
    assert PeriodFinder({"month": [""]}, context).span_of(0) == span
    assert PeriodFinder({"month": ["?"]}, context).span_of(0) is None
