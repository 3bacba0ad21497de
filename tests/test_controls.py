"""The pieces of an explorer: a list of places, a table of numbers, a screen."""

import csv
from xml.etree import ElementTree

import pandas as pd
import pytest

from antq_helpers.dictionary import vietnamese_order
from antq_helpers.drawing.chart import message_of
from antq_helpers.drawing.figure import alt_text, chart_of, tabulate
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import (
    CITY,
    KINDS,
    MOST_LISTED,
    STYLE,
    Places,
    Screen,
)
from antq_helpers.exploring.tables import MOST_COLUMNS, table_html
from antq_helpers.reading.load import load_records
from tests.quick import SAMPLE

UNITS = sorted(SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique(), key=vietnamese_order)
COMMUNES = [(name, name) for name in UNITS]
PLACES = [("Whole city", CITY), ("Wards against rural communes", KINDS), *COMMUNES]


@pytest.fixture
def places():
    """A list of the city's places with nothing chosen; it counts how often it says so."""
    said = []
    made = Places(lambda: said.append(made.chosen))
    made.write(PLACES, (), "en")
    made.said = said
    return made


def listed(places):
    """Give the names that the list shows."""
    return [label for label, _ in places._list.options]


def pick(places, *names):
    """Choose as a user does who holds Ctrl: exactly these of the names that are shown."""
    places._list.value = names


# ---- the list of places ----


def test_writing_says_nothing(places):
    """Only a user's choice is told."""
    places.write(PLACES, ("Tuy Lộc",), "vi")
    assert places.said == []
    assert places._list.value == ("Tuy Lộc",)


def test_the_list_shows_all_places_in_their_order(places):
    """The city and its kinds first, then communes in Vietnamese order."""
    assert listed(places)[:4] == [
        "Whole city",
        "Wards against rural communes",
        "Âu Lâu",
        "Đồng Tâm",
    ]
    assert len(listed(places)) == 17


def test_a_choice_is_told_in_the_order_in_which_it_was_made(places):
    """The first chosen keeps its colour when a second comes."""
    pick(places, "Yên Thịnh")
    pick(places, "Âu Lâu", "Yên Thịnh")
    assert places.said == [("Yên Thịnh",), ("Yên Thịnh", "Âu Lâu")]
    pick(places, "Âu Lâu")
    assert places.chosen == ("Âu Lâu",)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tuy", ["Tuy Lộc"]),
        ("lo", ["Tuy Lộc"]),  # the second word, without marks
        ("LỘC", ["Tuy Lộc"]),
        ("phường minh", ["Hợp Minh", "Minh Bảo", "Minh Tân"]),
        ("dong", ["Đồng Tâm"]),
        ("ến", []),
        ("oc", []),  # not from the middle of a word
        ("nguyen p", ["Nguyễn Phúc"]),
        ("city", ["Whole city"]),
        ("  ", [label for label, _ in PLACES]),
    ],
)
def test_a_search_finds_words_from_their_beginning(places, typed, found):
    """Without case, marks or prefix; blanks find everything."""
    places._search.value = typed
    assert listed(places) == found
    assert places.said == []


def test_what_is_chosen_stays_chosen_where_the_search_hides_it(places):
    """A second commune is added by searching for it; taking it away leaves the first."""
    pick(places, "Tuy Lộc")
    places._search.value = "yên"
    assert places._list.value == ()
    pick(places, "Yên Ninh")
    assert places.chosen == ("Tuy Lộc", "Yên Ninh")
    pick(places)
    assert places.chosen == ("Tuy Lộc",)
    places._search.value = ""
    assert places._list.value == ("Tuy Lộc",)
    assert places.said == [("Tuy Lộc",), ("Tuy Lộc", "Yên Ninh"), ("Tuy Lộc",)]


def test_all_chooses_every_commune_and_none_nothing(places):
    """Not the city, nor the kinds; each is told once."""
    places._all.click()
    assert places.chosen == tuple(UNITS)
    places._none.click()
    assert places.chosen == ()
    assert places.said == [tuple(UNITS), ()]


def test_all_of_a_search_chooses_what_it_found(places):
    """Minh Bảo, Minh Tân and Hợp Minh bear the word; a search without a hit says so."""
    places._search.value = "minh"
    places._all.click()
    assert places.chosen == ("Hợp Minh", "Minh Bảo", "Minh Tân")
    places._search.value = "xyz"
    assert places._told.value == "<small>No commune or ward of this name.</small>"


def test_what_would_not_be_drawn_is_not_chosen(places):
    """A commune takes the city's place in the list, and the city alone takes theirs."""
    places._list.value = (CITY, "Tuy Lộc")
    assert places._list.value == places.chosen == ("Tuy Lộc",)
    places._list.value = ("Tuy Lộc", KINDS)
    assert places._list.value == places.chosen == (KINDS,)
    places._list.value = tuple(name for _, name in places._list.options)
    assert places._list.value == places.chosen == tuple(UNITS)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Communes and wards chosen: 2."), ("vi", "Đã chọn: 2 xã, phường.")],
)
def test_the_number_of_chosen_communes_is_told(places, language, expected):
    """The city is no commune."""
    places.write(PLACES, (CITY, "Tuy Lộc", "Âu Lâu"), language)
    assert places._told.value == f"<small>{expected}</small>"


def test_words_follow_the_language(places):
    """Search, buttons and what a reader of screens hears."""
    places.write(PLACES, (), "vi")
    assert places._search.placeholder == "Tìm xã, phường"
    assert places._list.description == "Xã, phường"
    assert (places._all.description, places._none.description) == ("Tất cả", "Bỏ chọn")


@pytest.fixture
def national(places):
    """The same list with ten thousand communes."""
    places.write([(name, name) for name in (f"Xã {n:05d}" for n in range(10_000))], (), "en")
    return places


def test_ten_thousand_places_are_not_all_listed(national):
    """300 of them, and how many more there are: 9 700."""
    assert len(listed(national)) == MOST_LISTED == 300
    told = "<small>Communes and wards chosen: 0. 9,700 more: type to narrow.</small>"
    assert national._told.value == told


def test_the_rest_is_still_told_once_something_is_chosen(national):
    """The list did not grow by it."""
    pick(national, "Xã 00007")
    told = "<small>Communes and wards chosen: 1. 9,700 more: type to narrow.</small>"
    assert national._told.value == told
    national._search.value = "0999"
    assert listed(national) == [f"Xã 0999{n}" for n in range(10)]
    assert national._told.value == "<small>Communes and wards chosen: 1.</small>"


def test_ten_thousand_places_can_all_be_chosen(national):
    """Also those that are not listed."""
    national._all.click()
    assert len(national.chosen) == 10_000
    pick(national, *national._list.value[1:])
    assert len(national.chosen) == 9_999


# ---- the table ----


def table(view, records=SAMPLE):
    """Read a table as one who cannot see it would: rows of texts."""
    html = table_html(tabulate(records, view), view)
    root = ElementTree.fromstring(f"<div>{html}</div>")
    rows = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    return root, rows


@pytest.fixture
def reported(load):
    """Tuy Lộc: 65 tips in January, none in February, a blank in March, 3 in half of April."""
    return load(
        ("Tuy Lộc", "2022-01-01", "2022-01-31", None, 1200, 65, 65, None),
        ("Tuy Lộc", "2022-02-01", "2022-02-28", None, 1300, 0, 0, None),
        ("Tuy Lộc", "2022-03-01", "2022-03-31", None, 0, None, None, None),
        ("Tuy Lộc", "2022-04-01", "2022-04-15", None, 0, 3, 0, None),
    )


def test_a_table_has_a_row_per_period_and_a_column_per_series(reported, load):
    """65 tips bear 50.2 to 82.8; 100 of two communes 81.4 to 121.6, half of that each."""
    other = load(("Âu Lâu", "2022-01-01", "2022-01-31", None, 0, 35, 0, None))
    _, rows = table(View(["tips"], ["Tuy Lộc"], by="month"), pd.concat([reported, other]))
    assert rows[0] == ["", "Tips received"]
    assert rows[1] == ["Month", "Tuy Lộc", "City mean"]
    assert rows[2] == ["2022-01", "65 (50.2–82.8)", "50.0 (40.7–60.8) ○"]
    assert rows[3][:2] == ["2022-02", "0 (0.0–3.7)"]
    assert rows[4] == ["2022-03", "Not reported", "Not reported"]
    assert rows[5][:2] == ["2022-04", "3 (0.6–8.8) ○"]


def test_a_table_is_written_in_the_language_of_the_view(reported):
    """Attendances bear no interval; a share of no tips did not occur."""
    view = View(["attendances", "valuable_share"], by="month", language="vi")
    _, rows = table(view, reported)
    assert rows[0] == ["", "Lượt người dự", "Tỷ lệ nguồn tin có giá trị"]
    assert rows[1] == ["Tháng", "Toàn thành phố", "Toàn thành phố"]
    assert rows[2][:2] == ["1/2022", "1.200 ○"]
    assert rows[3] == ["2/2022", "1.300 ○", "Không phát sinh"]
    assert rows[4] == ["3/2022", "0 ○", "Chưa báo cáo"]


def test_a_table_tells_which_column_belongs_to_which_measure():
    """Headers have scopes, and span the columns of their measure."""
    root, _ = table(View(communes=["Tuy Lộc", "Âu Lâu"]))
    heads = [("".join(th.itertext()), th.get("colspan"), th.get("scope")) for th in root.iter("th")]
    assert heads[:2] == [
        ("Tips received", "3", "colgroup"),
        ("Cases that tips helped resolve", "3", "colgroup"),
    ]
    assert {scope for _, _, scope in heads[2:9]} == {"col"}
    assert {scope for _, _, scope in heads[9:]} == {"row"}
    assert [group.get("span") for group in root.iter("colgroup")] == ["1", "3", "3"]
    names = [span.text for th in root.iter("th") for span in th.iter("span")]
    assert names == [name for name, _, _ in heads[:2]]
    assert "[scope=colgroup] span { position: sticky; left: 8px; }" in STYLE
    assert "colgroup + colgroup { border-left" in STYLE


@pytest.mark.parametrize(
    ("language", "mark"),
    [("en", "SYNTHETIC FIGURES, FOR ILLUSTRATION"), ("vi", "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA")],
)
def test_a_table_bears_the_mark_as_its_caption(reported, language, mark):
    """Where its numbers are illustrative, and only there."""
    caption = table(View(language=language))[0].find(".//caption")
    assert caption.text == mark
    assert table(View(language=language), reported)[0].find(".//caption").text is None


def test_a_table_of_nothing_is_empty():
    """There are no numbers to show."""
    view = View(communes=())
    assert table_html(tabulate(SAMPLE, view), view) == ""


def elsewhere(tmp_path, *names):
    """Load a report of each of some communes of another place."""
    header = (
        "commune_id", "code", "name", "kind", "kind_before_2013_12_12", "valid_from", "valid_to",
        "population_2019", "area_km2", "document", "official_order", "whole",
    )  # fmt: skip
    units = [
        (f"{n:05d}@2008", f"{n:05d}", name, "commune", "commune", "2008-01-01", "", 1000, 1, "x",
         n + 1, "true")
        for n, name in enumerate(names)
    ]  # fmt: skip
    days = ("2022-01-01", "2022-12-31")
    rows = [(name, *days, 1, 1, 1, 1, 1) for name in names]
    fields = ("sessions", "attendances", "tips", "valuable_tips", "resolved_cases")
    for file, table_rows in (
        ("communes.csv", [header, *units]),
        ("records.csv", [("commune", "period_start", "period_end", *fields), *rows]),
    ):
        with (tmp_path / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(table_rows)
    return load_records(tmp_path / "records.csv", communes=tmp_path / "communes.csv")


def test_names_are_no_html(tmp_path):
    """A name that looks like a tag is shown as it is written."""
    name = "<img src=x onerror=alert(1)>"
    records = elsewhere(tmp_path, name, "Đông & Tây")
    root, rows = table(View(["tips"], [name, "Đông & Tây"]), records)
    assert rows[1] == ["Year", name, "Đông & Tây", "City mean"]
    assert root.find(".//img") is None


def test_a_table_of_many_columns_is_cut_and_says_so(tmp_path):
    """45 communes, two measures and the city twice are 92 columns: 52 more than 40."""
    names = [f"Xóm {n:02d}" for n in range(45)]
    records = elsewhere(tmp_path, *names)
    root, rows = table(View(communes=names), records)
    assert len(rows[1]) == 1 + MOST_COLUMNS == 41
    assert len(rows[2]) == 41
    assert root.find("p").text == "52 more columns; Save numbers holds them all."


# ---- the screen, and texts for spreadsheets ----


def test_a_screen_sends_a_file_with_name_type_and_bytes(monkeypatch):
    """The browser saves it."""
    sent = []
    screen = Screen()
    monkeypatch.setattr(screen, "send", lambda *message, **more: sent.append((message, more)))
    screen.save("antq-tips.csv", "text/csv", b"tips")
    assert sent == [(({"name": "antq-tips.csv", "type": "text/csv"},), {"buffers": [b"tips"]})]


def test_a_screen_shows_picture_and_alt_text():
    """Both are sent to the page."""
    screen = Screen()
    view = View(measures=["tips"])
    numbers = tabulate(SAMPLE, view)
    screen.show(numbers, view)
    assert screen.alt == alt_text(numbers, view)
    assert screen.chart == message_of(chart_of(numbers, view), numbers, view, screen.alt)
    assert {"chart", "lit"} <= set(screen.keys)


def test_a_screen_sends_the_library_where_a_page_asks_for_it(monkeypatch):
    """Once a page, as it is large; nothing comes from the network."""
    sent, screen = [], Screen()
    monkeypatch.setattr(screen, "send", sent.append)
    screen._handle_custom_msg({"library": True}, [])
    (message,) = sent
    assert "vegaLite" in message["library"]
