"""What one cell of a column of counts says: a number, missing, or why it can not be read."""

import unicodedata
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.dictionary import word
from antq_helpers.reading.counts import DASHES, NUMBERS, Count, read_count

KINDS = {
    *(
        "broken_count",
        "not_whole",
        "typed_thousand",
        "which_mark",
        "dash",
        "bound",
        "ditto",
        "other_unit",
    ),
    *("two_numbers", "date_in_count", "formula_error", "no_stored_value", "percent_in_count"),
}


def kind_of(cell, **options):
    """The kind of problem of a cell; that it has no value is checked on the way."""
    count = read_count(cell, **options)
    assert count.value is None
    return count.kind


# What is read


@pytest.mark.parametrize("numbers", [None, *NUMBERS])
@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12, 12), (0, 0), (-3, -3), (14.0, 14), (-4.0, -4), (999_999_999_999_999, 10**15 - 1),
        (np.int64(12), 12), (np.float64(15), 15),
        ("2368", 2368), ("05", 5), ("-5", -5), ("−5", -5), ("  12 ", 12), ("\u00a012\u200b", 12),
        ("2 368", 2368), ("2\u00a0368", 2368), ("2\u2009368", 2368), ("1 234 567", 1_234_567),
        ("1.234.567", 1_234_567), ("1,234,567", 1_234_567),
        ("12.0", 12), ("12,0", 12), ("2.368,0", 2368), ("2,368.0", 2368),
        ("'2368", 2368), ("2368'", 2368), ("’12", 12),
        ("12 tin", 12), ("12tin", 12), ("5 vụ", 5), ("3 buổi", 3), ("10 lượt", 10),
        ("2 vụ việc", 2), ("2 VỤ VIỆC", 2), ("7 nguồn tin", 7), ("12 345 lượt người", 12345),
        ("3 tips", 3), ("1 case", 1), ("4 Sessions", 4),
    ],
)  # fmt: skip
def test_a_count_is_read_whatever_the_file_says_of_its_numbers(cell, value, numbers):
    """Whole numbers, text of digits, groups that can only be thousands, units of the field."""
    assert read_count(cell, numbers=numbers) == Count(value)


@pytest.mark.parametrize(
    ("cell", "numbers", "count"),
    [
        ("2.368", None, Count(2368)),
        ("2.368", "vi", Count(2368)),
        ("2.368", "en", Count(None, "typed_thousand", {"count": 2368})),
        ("1,651", "en", Count(1651)),
        ("1,651", "vi", Count(None, "typed_thousand", {"count": 1651})),
        ("1,651", None, Count(None, "which_mark", {"count": 1651, "fraction": "1.651"})),
        ("1,000", None, Count(None, "which_mark", {"count": 1000, "fraction": "1.000"})),
        ("1,651 tin", None, Count(None, "which_mark", {"count": 1651, "fraction": "1.651"})),
        ("1.250 lượt người", None, Count(1250)),
        ("-2.368", "vi", Count(-2368)),
    ],
)
def test_one_group_of_three_is_a_thousand_or_a_fraction_as_the_file_says(cell, numbers, count):
    """A full stop is Vietnamese unless the file is English; a comma must be asked about."""
    assert read_count(cell, numbers=numbers) == count


@pytest.mark.parametrize("numbers", [None, *NUMBERS])
@pytest.mark.parametrize(
    ("cell", "thousand"),
    [(2.368, 2368), (2.5, 2500), (1.001, 1001), (999.999, 999_999), (-2.368, -2368)],
)
def test_a_number_with_a_fraction_may_be_a_typed_thousand(cell, thousand, numbers):
    """The spreadsheet made 2.368 of two thousand: no setting tells what was typed."""
    expected = Count(None, "typed_thousand", {"count": thousand})
    assert read_count(cell, numbers=numbers) == expected


@pytest.mark.parametrize(
    "cell",
    [0.5, 2.3685, 1234.5, -0.25, "12,5", "12.5", "2.368,5", "1,234.5", "2 368,5", "0.368", "12.50"],
)
def test_a_fraction_is_no_count(cell):
    """More than three decimals, more than 999 before the mark, or text that is a fraction."""
    assert kind_of(cell) == "not_whole"


MISSING = [
    *("", "  ", "…", "...", "…..", "(…)", "[...]", "đang cập nhật", "Đang Cập Nhật", "(chưa có)"),
    *("dang cap nhat", "Chua co so lieu"),
    *("chưa cập nhật", "CHƯA BÁO CÁO", "chưa có số liệu", "không có số liệu", "chưa có."),
    *("n/a", "N/A", "na", "NaN", "null", "not available", "Not reported"),
]


@pytest.mark.parametrize("cell", [*MISSING, None, float("nan"), pd.NaT])
def test_what_was_not_reported_is_missing(cell):
    """Blank, dots and the words that offices write for it."""
    assert read_count(cell) == Count(None)


@pytest.mark.parametrize("cell", MISSING)
def test_decomposed_letters_do_not_matter(cell):
    """Official tables hold NFD."""
    assert read_count(unicodedata.normalize("NFD", cell)) == Count(None)


@pytest.mark.parametrize(
    "cell", ["không phát sinh", "Không có phát sinh", "(không xảy ra)", "khong phat sinh"]
)
def test_what_did_not_occur_is_zero(cell):
    """Said in words; a bare "không" may mean either and is refused."""
    assert read_count(cell) == Count(0)
    assert kind_of("không") == "broken_count"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_our_own_words_for_missing_and_none_are_read(language):
    """What the charts write can be typed into a file."""
    assert read_count(word("not_reported", language)) == Count(None)
    assert read_count(word("none_occurred", language)) == Count(0)


@pytest.mark.parametrize("cell", ["-", "–", "—", "--", "- ", "(-)", "- -", "'-"])
def test_a_dash_means_what_the_file_says(cell):
    """Zero in some yearbooks, not available in others."""
    assert kind_of(cell) == "dash"
    assert read_count(cell, dash="zero") == Count(0)
    assert read_count(cell, dash="missing") == Count(None)


# What is wrong


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("percent_in_count", ["36%", "36,2 %", "trên 36%", "100.0%"]),
        (
            "bound",
            [
                "trên 20",
                "Hơn 20",
                "gần 100",
                "khoảng 20",
                "khỏang 20",
                "dưới 5",
                "ước 20",
                "tren 20",
            ],
        ),
        ("bound", [">20", "≥ 20", "<5", "~20", ">=20", "20+", "over 20", "about 20", "trên 20 vụ"]),
        ("ditto", ["nt", "n.t", "N.T.", "n/t", "như trên", "Như trên", "″", '"', "-nt-", "ditto"]),
        ("two_numbers", ["31/45", "31 / 45", "3/5 vụ", "12 (3)", "12-15", "12 – 15", "31:45"]),
        ("two_numbers", ["12 vụ/15 đối tượng", "12 vụ, 15 đối tượng", "12 tin và 3 vụ", "3; 4"]),
        ("formula_error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]),
        ("formula_error", ["Err:502"]),
        ("no_stored_value", ["=SUM(A1:A9)", "=1+1"]),
        ("broken_count", ["12.", "abc", "không", "12 gà", "1.23.4", "+5", "(5)", "1e+05", "1E5"]),
        ("broken_count", ["9" * 16, "1.234.567.890.123.456", 10**15, 1e15, float("inf")]),
        ("broken_count", ["()", ".", "'", "12 12", "٣", True, False, [12], b"12"]),
    ],
)
def test_each_cell_that_is_no_count_is_called_by_what_it_is(kind, cells):
    """One kind of problem each, whatever the file says of numbers."""
    for cell in cells:
        for numbers in (None, *NUMBERS):
            assert (cell, kind_of(cell, numbers=numbers)) == (cell, kind)


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (date(2022, 3, 31), "31/3"),
        (datetime(2022, 3, 31, 10, 30), "31/3"),
        (pd.Timestamp("2022-03-31"), "31/3"),
        (time(7, 5), "7:05"),
        (timedelta(hours=31, minutes=45), "31:45"),
        ("31/12/2022", "31/12"),
        ("05-04-2022", "5/4"),
        ("05.04.2022", "5/4"),
        ("2022-03-31", "31/3"),
        ("2022-03-31 00:00:00", "31/3"),
    ],
)
def test_a_day_or_time_names_what_may_have_been_typed(cell, typed):
    """31/3 of 31 cases and 3 persons, which the spreadsheet made a date."""
    assert read_count(cell) == Count(None, "date_in_count", {"typed": typed})


# Whatever comes


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_sentences(kind):
    """Their blanks are those that the details fill."""
    details = {"count": 1651, "fraction": "1.651", "typed": "31/3", "words": "nghìn"}
    for sentence in ("problem", "todo"):
        assert "{" not in word(f"{sentence}.{kind}", "vi", **details)


CELLS = st.one_of(
    st.text(),
    st.text("0123456789.,-/ ()%'…+x", max_size=12),
    st.from_regex(r"[0-9]{1,4}[ .,/:-][0-9]{1,4}( (tin|vụ))?", fullmatch=True),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
OPTIONS = {"numbers": st.sampled_from([None, *NUMBERS]), "dash": st.sampled_from([None, *DASHES])}


@given(cell=CELLS, **OPTIONS)
def test_no_cell_raises_and_a_problem_never_has_a_value(cell, numbers, dash):
    """Either a whole number or missing without a kind, or a known kind without a number."""
    count = read_count(cell, numbers, dash)
    assert count.kind == "" or (count.kind in KINDS and count.value is None)
    assert count.value is None or type(count.value) is int


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_a_count_written_in_any_usual_way_is_that_count(value):
    """Bare digits, with spaces and as a float; beyond a million also with full stops or commas."""
    for written in (value, str(value), f"{value:,}".replace(",", " "), float(value)):
        assert read_count(written) == Count(value)
    if abs(value) >= 1_000_000:
        assert (
            read_count(f"{value:,}") == read_count(f"{value:,}".replace(",", ".")) == Count(value)
        )
