"""What is said to those who cannot see a picture, written out by hand."""

import pytest

from antq_helpers.drawing.figure import alt_text, tabulate
from antq_helpers.drawing.view import View
from tests.quick import SAMPLE

UNITS = SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique().tolist()


@pytest.fixture
def records(load):
    """Tuy Lộc: 1 200 and 1 500 tips in 2021 and 2022; Âu Lâu: 300 in 2021 alone."""
    return load(
        ("Tuy Lộc", "2021-01-01", "2021-12-31", None, None, 1200, 300, None),
        ("Âu Lâu", "2021-01-01", "2021-12-31", None, None, 300, 75, None),
        ("Tuy Lộc", "2022-01-01", "2022-12-31", None, None, 1500, 600, None),
    )


def told(records, **chosen):
    """Give the alt text of a view."""
    view = View(**chosen)
    return alt_text(tabulate(records, view), view)


def test_it_tells_kind_measure_place_periods_and_values(records):
    """The city: 1 200 + 300 = 1 500 in 2021, 1 500 in 2022."""
    assert told(records, measures=["tips"]) == (
        "Line chart: Tips received, 2021 to 2022. Whole city: from 1,500 to 1,500."
    )
    assert told(records, measures=["tips"], language="vi") == (
        "Biểu đồ đường: Nguồn tin tiếp nhận, 2021–2022. Toàn thành phố: từ 1.500 đến 1.500."
    )


def test_it_tells_each_commune_and_the_mean_beside_it(records):
    """Âu Lâu's last value is that of 2021; the mean is 1 500 over two, then over one."""
    assert told(records, measures=["tips"], communes=["Tuy Lộc", "Âu Lâu"]) == (
        "Line chart: Tips received, 2021 to 2022. Tuy Lộc: from 1,200 to 1,500. "
        "Âu Lâu: 300 (2021). 2022: not reported. City mean: from 750.0 to 1,500.0."
    )


def test_it_tells_each_panel(records):
    """(300 + 75) / 1 500 = 25 %, 600 / 1 500 = 40 %; nobody gave the sessions."""
    assert told(records, measures=["valuable_share", "sessions"], language="vi") == (
        "Biểu đồ đường: Tỷ lệ nguồn tin có giá trị, 2021–2022. "
        "Toàn thành phố: từ 25,0 đến 40,0. "
        "Biểu đồ đường: Buổi tuyên truyền PBGDPL, 2021–2022. Toàn thành phố: chưa báo cáo."
    )


def test_it_tells_rates_with_a_decimal(records):
    """1 200 in 4 228 x 365 / 365.25 resident-years: 284.0 per 1 000; 1 500: 355.0."""
    assert told(records, measures=["tips"], communes=["Tuy Lộc"], per=1000).startswith(
        "Line chart: Tips received per 1,000 residents, Tuy Lộc, 2021 to 2022. "
        "Tuy Lộc: from 284.0 to 355.0."
    )


def test_it_tells_periods_as_the_language_does():
    """Months and quarters of the sample's first and last year."""
    assert "Tips received, 2013 Q1 to 2022 Q4." in told(SAMPLE, measures=["tips"], by="quarter")
    vietnamese = told(SAMPLE, measures=["tips"], by="month", language="vi")
    assert "Nguồn tin tiếp nhận, 1/2013–12/2022." in vietnamese


def test_it_names_every_commune_that_has_a_colour():
    """Six, and the city beside them; nobody is left out or counted as more."""
    text = told(SAMPLE, measures=["tips"], communes=UNITS[:6])
    for name in [*UNITS[:6], "City mean"]:
        assert f" {name}: from " in text
    assert " more." not in text


def test_it_names_the_city_and_counts_the_grey_communes():
    """What is in focus is told, what is grey is counted."""
    english = told(SAMPLE, measures=["tips"], communes=UNITS[:7])
    assert " City mean: from " in english
    last = tabulate(SAMPLE, View(["tips"], UNITS[:7])).query("period == '2022'")
    last = last[last["role"] == "commune"].set_index("series")["value"]
    high, low = (f"{at} {last[at]:.0f}" for at in (last.idxmax(), last.idxmin()))
    assert english.endswith(f" And 7 more: in 2022 the highest is {high}, the lowest {low}.")
    vietnamese = told(SAMPLE, measures=["tips"], communes=UNITS, language="vi")
    assert (
        " Và 15 đơn vị khác: 2022 cao nhất là Yên Ninh 61, thấp nhất là Nam Cường 10." in vietnamese
    )


def test_it_tells_a_commune_that_did_not_report(load):
    """Âu Lâu sent a blank."""
    records = load(
        ("Tuy Lộc", "2022-01-01", "2022-12-31", None, None, 3, None, None),
        ("Âu Lâu", "2022-01-01", "2022-12-31", 1, None, None, None, None),
    )
    assert " Âu Lâu: not reported." in told(records, measures=["tips"], communes=["Âu Lâu"])


def test_it_does_not_begin_with_a_share_of_nothing(load):
    """In January there was no tip: the first share is February's, 1 of 2."""
    records = load(
        ("Tuy Lộc", "2022-01-01", "2022-01-31", None, None, 0, 0, None),
        ("Tuy Lộc", "2022-02-01", "2022-02-28", None, None, 2, 1, None),
        ("Tuy Lộc", "2022-03-01", "2022-03-31", None, None, 4, 3, None),
    )
    text = told(records, measures=["valuable_share"], communes=["Tuy Lộc"], by="month")
    assert " Tuy Lộc: from 50.0 (2022-02) to 75.0 (2022-03)." in text


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("en", "SYNTHETIC FIGURES, FOR ILLUSTRATION. "),
        ("vi", "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA. "),
    ],
)
def test_it_begins_with_the_mark_where_the_numbers_are_illustrative(records, language, mark):
    """A listener hears it first."""
    assert told(SAMPLE, language=language).startswith(mark)
    assert mark not in told(records, language=language)


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "No commune or ward chosen"), ("vi", "Chưa chọn xã, phường")]
)
def test_it_says_that_nothing_was_chosen(language, expected):
    """As the picture does."""
    assert told(SAMPLE, communes=(), language=language) == expected
