"""What period a cell, a header or a title names: its first and its last day."""

import unicodedata
from datetime import date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.reading.period_text import (
    Span,
    find_year,
    has_part,
    read_label,
    read_span,
    read_title,
)

ENDS = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def months(first, last, year=2022):
    """The calendar period from the first day of one month to the last of another."""
    return Span(date(year, first, 1), date(year, last, ENDS[last]), stated=False)


def days(start, end):
    """The stated days from one to the other."""
    return Span(date.fromisoformat(start), date.fromisoformat(end), stated=True)


YEAR = months(1, 12)
REPORTING_YEAR = days("2021-12-15", "2022-12-14")
DECADE = Span(date(2013, 1, 1), date(2022, 12, 31), stated=False)

SPANS = [
    *((text, YEAR) for text in (2022, 2022.0, "2022", "Năm 2022", "Cả năm 2022", "Year 2022")),
    *((text, months(3, 3)) for text in ("T3/2022", "T3.2022", "T3-2022", "t03/2022", "T 3/2022")),
    *((text, months(3, 3)) for text in ("3/2022", "03/2022", "2022-03", "3.2022", "2022-T3")),
    *((text, months(3, 3)) for text in ("Tháng 3/2022", "tháng 03 năm 2022", "THÁNG BA NĂM 2022")),
    *((text, months(3, 3)) for text in ("March 2022", "Mar 2022", "mar-2022", "thang 3 nam 2022")),
    *((text, months(3, 3)) for text in (date(2022, 3, 1), datetime(2022, 3, 1))),
    ("tháng năm năm 2022", months(5, 5)),
    ("Tháng mười hai/2022", months(12, 12)),
    *((text, months(1, 3)) for text in ("Quý I/2022", "Quý I năm 2022", "Quý 1 - 2022", "Q1/2022")),
    *(
        (text, months(1, 3))
        for text in ("2022-Q1", "2022Q1", "quý một năm 2022", "QÚY I, NĂM 2022")
    ),
    *((text, months(1, 3)) for text in ("first quarter of 2022", "Quarter 1 2022", "Quí I 2022")),
    *((text, months(10, 12)) for text in ("Quý IV/2022", "quý 4/2022", "quý tư năm 2022")),
    *((text, months(1, 6)) for text in ("6 tháng đầu năm 2022", "2022-H1", "H1 2022")),
    *((text, months(1, 6)) for text in ("6 tháng 2022", "6 tháng/2022")),
    *((text, months(1, 6)) for text in ("first half of 2022", "Sáu tháng đầu năm 2022")),
    *(
        (text, months(7, 12))
        for text in ("6 tháng cuối năm 2022", "2022-H2", "second half of 2022")
    ),
    *((text, months(1, 9)) for text in ("9 tháng đầu năm 2022", "9 tháng năm 2022")),
    ("3 tháng đầu năm 2022", months(1, 3)),
    ("năm 2022, quý II", months(4, 6)),
    *((text, months(1, 3)) for text in ("Tháng 1-3/2022", "từ tháng 1 đến tháng 3 năm 2022")),
    ("tháng 11/2021 - tháng 2/2022", Span(date(2021, 11, 1), date(2022, 2, 28), stated=False)),
    *(
        (text, DECADE)
        for text in ("2013–2022", "giai đoạn 2013 - 2022", "từ năm 2013 đến năm 2022")
    ),
    *((text, REPORTING_YEAR) for text in ("từ 15/12/2021 đến 14/12/2022",)),
    ("từ ngày 15/12/2021 đến hết ngày 14/12/2022", REPORTING_YEAR),
    ("15/12/2021 - 14/12/2022", REPORTING_YEAR),
    ("15/12/2021–14/12/2022", REPORTING_YEAR),
    ("15.12.2021-14.12.2022", REPORTING_YEAR),
    ("15-12-2021 - 14-12-2022", REPORTING_YEAR),
    ("2021-12-15 – 2022-12-14", REPORTING_YEAR),
    ("from 15/12/2021 to 14/12/2022", REPORTING_YEAR),
    ("Từ ngày 15 tháng 12 năm 2021 đến ngày 14 tháng 12 năm 2022", REPORTING_YEAR),
    # A first day without a year lies in the year that makes it precede the last.
    ("(từ 15/12 đến 14/3/2022)", days("2021-12-15", "2022-03-14")),
    ("(từ 15/2 đến 14/3/2022)", days("2022-02-15", "2022-03-14")),
    ("Tháng 3/2022 (15/2 - 14/3/2022)", days("2022-02-15", "2022-03-14")),
    ("29/2/2024 - 1/3/2024", days("2024-02-29", "2024-03-01")),
]


@pytest.mark.parametrize(("text", "span"), SPANS)
def test_a_cell_that_is_a_period_gives_its_days(text, span):
    """Calendar days are assumed where none are written, and marked so."""
    assert read_span(text) == span


@pytest.mark.parametrize("text", [text for text, _ in SPANS if isinstance(text, str)])
def test_letters_case_brackets_and_words_around_do_not_matter(text):
    """As decomposed, upper-case, indented and labelled cells hold them."""
    expected = dict(SPANS)[text]
    for spelt in (unicodedata.normalize("NFD", text), text.upper(), f" ({text}) ", f"Kỳ: {text}"):
        assert read_span(spelt) == expected


@pytest.mark.parametrize(
    ("text", "span"),
    [
        *((text, months(3, 3)) for text in ("T3", "Tháng 3", "tháng ba", "T.3", "T03", "Mar")),
        *((text, months(1, 3)) for text in ("Quý I", "Q1", "quý 1", "T1-T3", "3 tháng đầu năm")),
        *((text, months(1, 6)) for text in ("6 tháng đầu năm", "H1", "first half")),
        ("6 tháng cuối năm", months(7, 12)),
        ("Cả năm", YEAR),
        ("15/12 - 14/1", days("2021-12-15", "2022-01-14")),
    ],
)
def test_a_part_takes_the_year_it_is_given(text, span):
    """Without a year there is no period; the words alone say that there is a part."""
    assert read_span(text, year=2022) == span
    assert read_span(text) is None
    assert has_part(text)


@pytest.mark.parametrize("text", ["Quý II/2021", "tháng 4-6/2021"])
def test_a_year_that_is_written_wins(text):
    """The year of the title is for parts that name none."""
    assert read_span(text, year=2022).end.year == 2021
    assert not has_part(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", None, True, 3, 3.5, 12, 1989, 2101, float("nan"), float("inf"), pd.NaT),
        *(date(2022, 3, 2), datetime(2022, 3, 15)),
        *("3", "ba", "III", "năm", "Tháng", "Quý", "T13", "Quý V", "Tháng 13/2022", "Q5/2022"),
        *("13 tháng đầu năm 2022", "Tháng năm 2022", "15/3/2022", "2022-03-15", "Nam 2022"),
        *("31/2/2022 - 14/3/2022", "từ 14/12/2022 đến 15/12/2021", "từ 15/12/2021", "15/12"),
        *("từ T3/2022", "đến hết quý I/2022", "ngày 15 tháng 3 năm 2022", "từ đầu năm 2022"),
        *("Số tin", "Tổng cộng", "Yên Bái", "2022 tin", "Số tin năm 2022", "So với quý I/2022"),
        *("Quý I/2022 và quý II/2022", "cùng kỳ 2021", "2.368", "04249", "tháng 12 - 1/2022"),
    ],
    ids=repr,
)
def test_what_is_no_one_period_is_not_read_as_one(text):
    """Dates, numbers, comparisons, open ends and two periods at once."""
    assert read_span(text, year=2022) is None
    assert not has_part(text)


@pytest.mark.parametrize(
    ("cell", "month", "quarter"),
    [
        *((cell, months(3, 3), months(7, 9)) for cell in (3, 3.0, "3", "03", "III", "ba")),
        *((cell, *[months(3, 3)] * 2) for cell in ("T3", "Tháng 3", "March 2022", "3/2022")),
        *((cell, *[months(3, 3)] * 2) for cell in ("Tháng 3/2022", date(2022, 3, 1))),
        *((cell, *[months(4, 6)] * 2) for cell in ("Quý II", "Q2", "quý hai", "Quý 2/2022")),
        *((cell, months(2, 2), months(4, 6)) for cell in (2, "II", "hai")),
        ("năm", months(5, 5), None),
        (12, months(12, 12), None),
        *((cell, None, None) for cell in (0, 13, "", None, True, "tin", date(2022, 3, 5))),
        (2022, YEAR, YEAR),
        ("1 - 2", None, None),
    ],
)
def test_a_column_of_months_or_quarters_may_hold_bare_numbers(cell, month, quarter):
    """Only there; a period that says what it is counts as that in either."""
    assert read_label("month", cell, 2022) == month
    assert read_label("quarter", cell, 2022) == quarter


# Titles


@pytest.mark.parametrize(
    ("title", "spans"),
    [
        ("KẾT QUẢ PHONG TRÀO TOÀN DÂN BẢO VỆ ANTQ QUÝ I NĂM 2022", [months(1, 3)]),
        ("KẾT QUẢ QUÝ I THỰC HIỆN PHONG TRÀO NĂM 2022", [months(1, 3)]),
        ("KẾT QUẢ PHONG TRÀO\nTHÁNG 3\nNĂM 2022", [months(3, 3)]),
        ("Kết quả phong trào năm 2022", [YEAR]),
        ("Quý I/2022 (Q1 2022)", [months(1, 3)]),
        ("BC_T3-2022", [months(3, 3)]),
        ("Nguồn tin giai đoạn 2013 - 2022", [DECADE]),
        ("Kết quả 10 năm (2013–2022)", [DECADE]),
        ("Báo cáo số 12/BC 6 tháng đầu năm 2022", [months(1, 6)]),
        ("Số 6 tháng đầu năm 2022", [months(1, 6)]),
        ("Phổ biến, giáo dục pháp luật năm 2022", [YEAR]),
        ("Results of the first quarter of 2022", [months(1, 3)]),
    ],
)
def test_a_title_names_its_period(title, spans):
    """A year inside a longer name is no second period, and repeats count once."""
    assert list(read_title(title).spans) == spans
    assert list(read_title(unicodedata.normalize("NFD", title)).spans) == spans


@pytest.mark.parametrize(
    ("title", "span"),
    [
        ("6 tháng đầu năm 2022 (từ 15/12/2021 đến 14/6/2022)", days("2021-12-15", "2022-06-14")),
        ("THÁNG 3 NĂM 2022 (Từ ngày 15/02 đến 14/3/2022)", days("2022-02-15", "2022-03-14")),
        ("Quý I (từ 15/12/2021 đến 14/3/2022)", days("2021-12-15", "2022-03-14")),
        ("Phong trào năm 2022, từ 15/12/2021 đến 14/3/2022", days("2021-12-15", "2022-03-14")),
        ("Tháng 9/2022 (16/8/2022 - 15/9/2022)", days("2022-08-16", "2022-09-15")),
    ],
)
def test_stated_days_stand_for_the_calendar_period_they_belong_to(title, span):
    """A report of the 15th to the 14th is one period, not two."""
    assert list(read_title(title).spans) == [span]


@pytest.mark.parametrize(
    ("title", "spans"),
    [
        ("Quý I và quý II năm 2022", [months(1, 3), months(4, 6)]),
        ("Quý I, II năm 2022", [months(1, 3), months(4, 6)]),
        ("T1, T2/2022", [months(1, 1), months(2, 2)]),
        ("Tổng kết năm 2021 và quý I/2022", [months(1, 12, 2021), months(1, 3)]),
        ("Tháng 6/2022, lũy kế từ 15/12/2021 đến 14/6/2022",
         [days("2021-12-15", "2022-06-14"), months(6, 6)]),
    ],
)  # fmt: skip
def test_several_periods_are_all_named(title, spans):
    """In order of time: which of them a table holds is for the user to say."""
    assert list(read_title(title).spans) == spans


@pytest.mark.parametrize(
    "comparison",
    [
        "so với quý I năm 2021",
        "(so với cùng kỳ năm 2021)",
        "cùng kỳ năm 2021",
        "so sánh với 6 tháng đầu năm 2021",
        "so với cùng kỳ (từ 15/12/2020 đến 14/3/2021)",
        "và kỳ trước (quý IV/2021)",
        "compared with the first quarter of 2021",
    ],
)
def test_what_a_period_is_compared_with_is_left_out(comparison):
    """After the words of comparison, up to the end or the bracket."""
    assert list(read_title(f"Kết quả quý I năm 2022 {comparison}").spans) == [months(1, 3)]
    assert find_year(f"Nguồn tin 2022 {comparison}") == 2022


NO_PERIODS = [
    "Yên Bái, ngày 15 tháng 3 năm 2022",
    "Yên Bái, ngày     tháng 3 năm 2022",
    "Yên Bái, ngày … tháng … năm 2022",
    "Yên Bái, ngày 15/3/2022",
    "15 March 2022",
    "Quyết định số 12/QĐ-UBND ngày 05/4/2022",
    "(Kèm theo Công văn số 45/CV-CA ngày 02/4/2022)",
    "Số: 12/BC-CAX",
    "Nghị quyết 122/NQ-CP",
    "theo Thông tư 01/2022/TT-BCA",
    "theo Thông tư số 01/2022",
    "tính đến ngày 14/12/2022",
    "nhiệm kỳ 2020-2025",
    "Biểu số 3/2022",
    "Công an thành phố Yên Bái",
    "Quý I",
]


@pytest.mark.parametrize("text", NO_PERIODS)
def test_dates_and_numbers_of_documents_are_no_periods(text):
    """Neither alone, nor beside the period of the table."""
    assert list(read_title(text).spans) == []
    assert find_year(text) is None
    assert list(read_title(f"Kết quả năm 2021\n{text}").spans) in (
        [months(1, 12, 2021)],
        [months(1, 3, 2021)],
    )


@pytest.mark.parametrize(
    "text",
    [
        "lũy kế từ đầu năm 2022 đến nay",
        "lũy kế đến hết tháng 3/2022",
        "từ tháng 3/2022",
        "tháng 1-3-2022",
        "Quý I giai đoạn 2013–2022",
        "từ 31/2/2022 đến 14/3/2022",
    ],
)
def test_a_period_that_stays_open_is_not_guessed(text):
    """No beginning, no end, or no one year: the user is asked."""
    assert list(read_title(text).spans) == []


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("THEO DÕI NGUỒN TIN 2022", 2022),
        ("Theo dõi nguồn tin năm 2022", 2022),
        ("Từ đầu năm 2022 đến nay", 2022),
        ("Quý I, II/2022", 2022),
        ("Từ 15/12/2021 đến 14/12/2022", 2022),
        ("Nguồn tin 2021, 2022", None),
        ("Giai đoạn 2013–2022", None),
        ("Nguồn tin", None),
        ("2.022 tin, mã 20220", None),
    ],
)
def test_a_title_may_name_the_year_of_its_columns(title, year):
    """One year or none: stated days belong to the year in which they end."""
    assert find_year(title) == year


WORDS = [
    *("từ", "đến", "ngày", "tháng", "quý", "năm", "đầu", "cuối", "cả", "T", "so với", "II", "ba"),
    *("2022", "1990", "2100", "6", "3", "12", "31", "/", "-", ".", "(", ")", ",", "3/2022"),
]


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(),
        st.booleans(),
        st.lists(st.sampled_from(WORDS)).map(" ".join),
    ),
    st.sampled_from([None, 2022]),
)
def test_no_text_raises_and_every_period_ends_after_it_began(text, year):
    """Whatever stands in a cell or a title."""
    for span in (
        read_span(text, year),
        read_label("month", text, 2022),
        read_label("quarter", text, 2022),
    ):
        assert span is None or span.start <= span.end
    title = str(text)
    spans = list(read_title(title).spans)
    assert spans == sorted(set(spans))
    assert all(span.start <= span.end for span in spans)
    assert find_year(title) is None or find_year(title) >= 1990
