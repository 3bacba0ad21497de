"""The explorer of trends: what its controls say is what is drawn, tabulated and written as code."""

import gc
import io

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers import View, explore_trends, load_records, tabulate
from antq_helpers.dictionary import measures, vietnamese_order
from antq_helpers.drawing.canvas import png
from antq_helpers.drawing.chart import message_of
from antq_helpers.drawing.figure import chart_of, draw, stamp_of, write_picture
from antq_helpers.exploring.controls import CITY, KINDS, Stage
from antq_helpers.exploring.tables import table_html
from tests.quick import SAMPLE, quick_of

UNITS = sorted(SAMPLE.loc[SAMPLE["year"] == 2022, "commune"].unique(), key=vietnamese_order)
OFFICIAL = antq.load_communes(boundaries=2020)["name"]
FIELDS = ("measures", "communes", "years", "by", "per", "language")
VIEWS = {
    "city": View(),
    "months": View(by="month", communes=("Tuy Lộc", "Âu Lâu"), years=(2020, 2022)),
    "rates": View(["sessions"], per=1000, by="quarter", language="vi"),
    "other rates": View(["tips"], per=10_000),
    "all": View(["tips", "valuable_share"], communes=tuple(OFFICIAL)),
    "nothing": View(communes=()),
    "kinds": View(split="kind"),
    "earlier": View(["tips"], ("Phúc Lộc",), (2013, 2019), boundaries=2013, audience="internal"),
}


@pytest.fixture(scope="module")
def opened():
    """One explorer for all tests; it takes longer to make than to set."""
    return explore_trends(SAMPLE)


@pytest.fixture
def explorer(opened):
    """The explorer as notebook 01 opens it."""
    if opened.view != View():
        opened.view = View()
    return opened


@pytest.fixture
def drawn(monkeypatch):
    """Every view that is drawn from now on, in order."""
    views, show = [], Stage.show

    def count(stage, numbers, view):
        views.append(view)
        show(stage, numbers, view)

    monkeypatch.setattr(Stage, "show", count)
    return views


def control(explorer, name):
    """Give a control by its key."""
    return explorer._choices[name]


def press(explorer, name):
    """Press a button."""
    explorer._buttons[name].click()


def said(explorer):
    """Give what every control says."""
    chosen = explorer._places.chosen
    return {name: c.value for name, c in explorer._choices.items()} | {"chosen": chosen}


def shows(explorer, view, records=SAMPLE):
    """Hold everything that an explorer shows against a view drawn for itself."""
    picture = draw(records, view)
    numbers = tabulate(records, view)
    assert explorer.view == view
    message = message_of(chart_of(numbers, view), numbers, view, picture.alt)
    assert explorer._screen.chart == message
    assert explorer._table_box.value == table_html(numbers, view)
    pd.testing.assert_frame_equal(explorer.table, numbers)


# ---- one view, one line ----


@pytest.mark.parametrize("name", quick_of(list(VIEWS), 2))
def test_the_code_draws_the_same_picture(name):
    """Run as it is written, it gives the same bytes and the same numbers."""
    explorer = explore_trends(SAMPLE, VIEWS[name])
    picture = eval(explorer.code(), {"antq": antq, "records": SAMPLE})
    assert png(picture) == png(draw(SAMPLE, explorer.view))
    assert picture.alt == explorer._screen.alt
    pd.testing.assert_frame_equal(antq.tabulate(SAMPLE, explorer.view), explorer.table)


def test_the_code_is_one_call():
    """What stands at its default is left out."""
    explorer = explore_trends(SAMPLE, View(communes=["Tuy Lộc"], by="month"))
    expected = "antq.draw(records, antq.View(communes=('Tuy Lộc',), by='month'))"
    assert explorer.code() == expected
    assert repr(explorer) == "Explorer(View(communes=('Tuy Lộc',), by='month'))"


def test_the_code_is_shown_when_asked_for_and_follows(explorer):
    """Pressed once it opens, and keeps up with the view; pressed again it is gone."""
    assert explorer._code_box.layout.display == "none"
    press(explorer, "show_code")
    assert explorer._code_box.layout.display == ""
    loads = "import antq_helpers as antq\nrecords = antq.load_records()\n"
    assert explorer._code_box.value.startswith(
        f'<pre tabindex="0">{loads}antq.draw(records, antq.View())</pre><button '
    )
    explorer.by = "month"
    assert "View(by=&#x27;month&#x27;)" in explorer._code_box.value
    press(explorer, "show_code")
    assert explorer._code_box.layout.display == "none"


# ---- set the view, and the controls follow ----


@pytest.mark.parametrize("name", quick_of(list(VIEWS), 2))
def test_a_view_that_is_set_is_shown(explorer, name):
    """Picture, alt text and table, whatever was shown before."""
    explorer.view = VIEWS[name]
    shows(explorer, VIEWS[name])


@pytest.mark.parametrize(
    ("name", "value", "control_name", "expected"),
    [
        ("measures", ("sessions",), "above", "sessions"),
        ("measures", ("sessions",), "below", ""),
        ("measures", ("sessions", "tips"), "below", "tips"),
        ("years", (2015, 2020), "years", (2015, 2020)),
        ("years", None, "years", (2013, 2022)),
        ("by", "half", "by", "half"),
        ("per", 1000, "per", 1000),
        ("per", 500, "per", 500),
        ("per", None, "per", 0),
        ("language", "vi", "language", "vi"),
    ],
)
def test_a_part_that_is_set_is_what_the_control_says(
    explorer, drawn, name, value, control_name, expected
):
    """And it is drawn once, if it is another one."""
    setattr(explorer, name, value)
    assert getattr(explorer, name) == value
    assert control(explorer, control_name).value == expected
    assert len(drawn) == (value is not None)


@pytest.mark.parametrize(
    ("communes", "chosen"),
    [
        (["P. Yên Thịnh", "TUY LỘC"], ("Yên Thịnh", "Tuy Lộc")),
        ((), ()),
        (None, (CITY,)),
    ],
)
def test_communes_that_are_set_are_chosen_in_the_list(explorer, communes, chosen):
    """By the names that the records use, in the order asked for."""
    explorer.communes = communes
    assert explorer._places.chosen == chosen
    assert set(explorer._places._list.value) == set(chosen)
    assert explorer.view.communes == (None if communes is None else chosen)


def test_communes_take_the_place_of_wards_against_communes():
    """Both can not be shown; what was asked for last is."""
    explorer = explore_trends(SAMPLE, View(split="kind"))
    assert explorer._places.chosen == (KINDS,)
    explorer.communes = ["Tuy Lộc"]
    assert (explorer.view.split, explorer.communes) == (None, ("Tuy Lộc",))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("measures", ("tip",), "^measure='tip' is not known. Use one of: tips, "),
        ("measures", (), r"^measures=\(\) is empty. Name one measure or more\.$"),
        ("measures", tuple(measures())[:3], "^measures=.*: the explorer shows two at most.$"),
        ("communes", ("Paris",), r"^communes=\['Paris'\]: no such commune in these records. Use "),
        ("communes", ("Phúc Lộc",), "Phúc Lộc is a part of Giới Phiên"),
        ("communes", "Tuy Lộc", "^communes='Tuy Lộc' is no list of names"),
        ("years", (2020, 2015), r"^years=\(2020, 2015\) is the wrong way round. Use a pair"),
        ("years", (2010, 2015), r"^years=\(2010, 2015\) is outside the records. Use a pair"),
        (
            "by",
            "day",
            "^by='day' is not known. Use one of: week, month, quarter, half",
        ),
        ("per", -1, "^per=-1 must be a number of residents, such as 1000.$"),
        ("language", "fr", "^language='fr' is not known. Use one of: en, vi.$"),
        ("view", View(boundaries=2013), "^boundaries=2013: .* cannot be split into its parts"),
    ],
)
def test_what_can_not_be_shown_is_refused_and_changes_nothing(
    explorer, drawn, name, value, message
):
    """Neither the view, the picture, the numbers nor a control."""
    explorer.communes = ["Tuy Lộc"]
    before = explorer.view, explorer._screen.chart, explorer.code(), said(explorer)
    numbers = explorer.table
    drawn.clear()
    with pytest.raises(ValueError, match=message):
        setattr(explorer, name, value)
    assert (explorer.view, explorer._screen.chart, explorer.code(), said(explorer)) == before
    pd.testing.assert_frame_equal(explorer.table, numbers)
    assert drawn == []


def test_the_table_is_a_copy(explorer):
    """Who changes it changes neither what is shown nor what is saved."""
    table = explorer.table
    table["value"] = 0
    assert (explorer.table["value"] > 0).all()


# ---- move the controls, and the view follows ----


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("above", "sessions", View(["sessions", "resolved_cases"])),
        ("above", "resolved_cases", View(["resolved_cases"])),
        ("below", "", View(["tips"])),
        ("years", (2015, 2016), View(years=(2015, 2016))),
        ("by", "month", View(by="month")),
        ("per", 1000, View(per=1000)),
        ("language", "vi", View(language="vi")),
    ],
)
def test_a_control_that_is_moved_is_drawn_once(explorer, drawn, name, value, expected):
    """The view, the picture, the alt text and the table follow."""
    control(explorer, name).value = value
    assert drawn == [expected]
    shows(explorer, expected)


@pytest.mark.slow
def test_places_that_are_chosen_are_drawn_once(explorer, drawn):
    """A commune, a second, the kinds, the city, nothing."""
    places = explorer._places._list
    for chosen, expected in (
        (("Tuy Lộc",), View(communes=["Tuy Lộc"])),
        (("Tuy Lộc", "Âu Lâu"), View(communes=["Tuy Lộc", "Âu Lâu"])),
        ((KINDS,), View(split="kind")),
        ((), View(communes=())),
        ((CITY,), View()),
    ):
        places.value = chosen
        shows(explorer, expected)
    assert len(drawn) == 5


def test_the_city_takes_the_place_of_communes(explorer, drawn):
    """It is drawn beside them anyhow, so who adds it wants it alone."""
    explorer._places._list.value = ("Tuy Lộc",)
    explorer._places._list.value = (CITY, "Tuy Lộc")
    assert drawn == [View(communes=["Tuy Lộc"]), View()]


def test_all_and_none_are_drawn_once_each(explorer, drawn):
    """All fifteen communes in Vietnamese order; an empty picture that says so."""
    explorer._places._all.click()
    explorer._places._none.click()
    assert [sorted(view.communes, key=vietnamese_order) for view in drawn] == [[*UNITS], []]
    assert explorer._screen.alt == "No commune or ward chosen"


def test_searching_draws_nothing(explorer, drawn):
    """It narrows the list alone."""
    for typed in ("t", "tu", "tuy", ""):
        explorer._places._search.value = typed
    assert drawn == []


def test_the_whole_range_of_years_is_no_choice_of_years(explorer):
    """Years that come with later records will be shown, too."""
    control(explorer, "years").value = (2015, 2016)
    control(explorer, "years").value = (2013, 2022)
    assert explorer.years is None


def test_reset_goes_back_to_the_beginning_and_draws_once(drawn):
    """Every control, too, in its language."""
    first = View(["sessions"], ["Tuy Lộc"], (2014, 2018), language="vi")
    explorer = explore_trends(SAMPLE, first)
    before = said(explorer)
    explorer.view = View(per=1000, by="month", communes=())
    drawn.clear()
    press(explorer, "reset")
    assert drawn == [first]
    assert said(explorer) == before
    shows(explorer, first)


def test_what_the_records_can_not_show_is_said_in_the_place_of_the_picture(drawn):
    """On the boundaries of 2013 the years after the merger of 2020 can not be drawn."""
    view = View(["tips"], ["Phúc Lộc"], (2013, 2019), boundaries=2013)
    explorer = explore_trends(SAMPLE, view)
    listed = explorer._places._list.options
    drawn.clear()
    control(explorer, "years").value = (2013, 2022)
    said = explorer._stage.sentence.value
    assert "A merged unit&#x27;s count cannot be split into its parts." in said
    assert ("spec" in explorer._screen.chart, explorer._table_box.value, drawn) == (False, "", [])
    assert explorer._places._list.options == listed
    assert explorer._buttons["save_png"].disabled
    control(explorer, "years").value = (2013, 2018)
    assert drawn == [View(["tips"], ["Phúc Lộc"], (2013, 2018), boundaries=2013)]
    assert not explorer._buttons["save_png"].disabled


def test_periods_that_the_records_cannot_show_are_not_offered(load):
    """Reports of half a year have no months or quarters."""
    records = load(("Tuy Lộc", "2022-01-01", "2022-06-30", 1, 1, 1, 1, 1))
    offered = control(explore_trends(records), "by").options
    assert offered == (("Half-year", "half"), ("Year", "year"))


def test_the_same_measure_above_and_below_is_drawn_once_and_said(explorer, drawn):
    """The lower control shows that there is no second panel."""
    control(explorer, "below").value = "tips"
    assert drawn == [View(["tips"])]
    assert control(explorer, "below").value == ""


def test_split_and_boundaries_are_parts_of_the_view(explorer):
    """Set like the others; a split takes the place of communes."""
    explorer.communes = ["Tuy Lộc"]
    explorer.split = "kind"
    explorer.boundaries = 2024
    assert explorer.view == View(split="kind", boundaries=2024)
    assert "Nguyễn Phúc" not in [label for label, _ in explorer._places._list.options]


# ---- words ----


def words_of(explorer):
    """Give every word on the controls."""
    found = {name: c.description for name, c in explorer._choices.items()}
    found |= {name: button.description for name, button in explorer._buttons.items()}
    places = explorer._places
    found |= {"search": places._search.placeholder, "all": places._all.description}
    found |= {"none": places._none.description, "list": places._list.description}
    found |= {"told": places._told.value, "city": places._list.options[0][0]}
    found |= {"kinds": places._list.options[1][0]}
    for name in ("above", "below", "by", "per"):
        found |= {f"{name}_{value}": label for label, value in control(explorer, name).options}
    return found


def test_another_language_rewrites_every_word(explorer):
    """No control keeps the former language; back again all is as it was."""
    english = words_of(explorer)
    control(explorer, "language").value = "vi"
    vietnamese = words_of(explorer)
    same = {name for name, text in english.items() if text == vietnamese[name]}
    assert same == {"below_"}  # a dash
    assert vietnamese["above_tips"] == "Nguồn tin tiếp nhận"
    assert vietnamese["per_1000"] == "Trên 1.000 dân"
    assert (english["per_1000"], vietnamese["reset"]) == ("Per 1,000 residents", "Đặt lại")
    control(explorer, "language").value = "en"
    assert words_of(explorer) == english


def test_communes_stand_in_vietnamese_order(explorer):
    """Â comes after A, Đ after D: Âu Lâu is the first, Yên Thịnh the last."""
    names = [label for label, _ in explorer._places._list.options]
    assert names[:2] == ["Whole city", "Wards against rural communes"]
    assert names[2:] == [
        "Âu Lâu", "Đồng Tâm", "Giới Phiên", "Hồng Hà", "Hợp Minh", "Minh Bảo", "Minh Tân",
        "Nam Cường", "Nguyễn Phúc", "Nguyễn Thái Học", "Tân Thịnh", "Tuy Lộc", "Văn Phú",
        "Yên Ninh", "Yên Thịnh",
    ]  # fmt: skip


def test_the_list_holds_the_communes_of_the_boundaries():
    """Seventeen before 2020, the four wards of 2025, as far as they were the city."""
    earlier = explore_trends(SAMPLE, View(years=(2013, 2019), boundaries=2013))
    assert len(earlier._places._list.options) == 2 + 17
    later = explore_trends(SAMPLE, View(boundaries=2025))
    # All four are wards: there are no communes to stand against them.
    names = [label for label, _ in later._places._list.options]
    assert names == ["Whole city", "Âu Lâu", "Nam Cường", "Văn Phú", "Yên Bái"]


# ---- files ----


@pytest.mark.slow
def test_pictures_are_saved_marked_internal(explorer, monkeypatch):
    """Twice the size of the screen's; PNG and SVG of one view."""
    sent = []
    monkeypatch.setattr(
        explorer._screen, "send", lambda about, buffers: sent.append((about, *buffers))
    )
    for name in ("save_png", "save_svg", "save_numbers"):
        press(explorer, name)
    view = View(audience="internal")
    stamp = stamp_of(SAMPLE, view)
    assert [about for about, _ in sent] == [
        {"name": "antq-tips-resolved_cases.png", "type": "image/png"},
        {"name": "antq-tips-resolved_cases.svg", "type": "image/svg+xml"},
        {"name": "antq-tips-resolved_cases.csv", "type": "text/csv"},
    ]
    contents = [content for _, content in sent]
    assert contents[0] == write_picture(draw(SAMPLE, view), "png", stamp)
    assert contents[1] == write_picture(draw(SAMPLE, view), "svg", stamp)
    assert b"FOR INTERNAL CIRCULATION" in contents[1]
    assert contents[2] == explorer.file("csv")


def test_saving_leaves_the_screen_as_it_is(explorer, drawn):
    """The next change is drawn at the size of the screen."""
    for kind in ("png", "svg", "csv"):
        explorer.file(kind)
    explorer.by = "month"
    shows(explorer, View(by="month"))


def test_numbers_are_saved_as_a_spreadsheet_reads_them(explorer):
    """UTF-8 with its mark, the columns of the table, every row."""
    explorer.view = View(communes=["Tuy Lộc"], language="vi")
    content = explorer.file("csv")
    assert content.startswith(b"\xef\xbb\xbfmeasure,series,")
    read = pd.read_csv(io.BytesIO(content))
    assert read.columns.tolist() == explorer.table.columns.tolist()
    assert read["series"].tolist() == explorer.table["series"].tolist()
    assert read["value"].tolist() == pytest.approx(explorer.table["value"].tolist())


def test_an_unknown_kind_of_file_is_refused(explorer):
    """With those that there are."""
    with pytest.raises(ValueError, match=r"^kind='pdf' is not known. Use one of: png, svg, csv\.$"):
        explorer.file("pdf")


def communes_named(*names):
    """Make another place's table of communes, each of 1 000 residents."""
    number = range(len(names))
    return pd.DataFrame(
        {
            "commune_id": [f"{n:05d}@2008" for n in number],
            "code": [f"{n:05d}" for n in number],
            "name": names,
            "kind": "commune",
            "kind_before_2013_12_12": "commune",
            "valid_from": "2008-01-01",
            "valid_to": "",
            "population_2019": "1000",
            "area_km2": "1",
            "document": "a decree",
            "official_order": [str(n + 1) for n in number],
            "whole": "true",
        }
    )


def reports_of(names, write_records):
    """Load a year's report of each commune of another place."""
    days = ("2022-01-01", "2022-12-31")
    path = write_records(*((name, *days, 1, 1, 1, 1, 1) for name in names))
    return load_records(path, communes=communes_named(*names))


def test_names_that_look_like_formulas_are_saved_inert(write_records):
    """A spreadsheet would compute =1+1; on the screen the name stays as it is."""
    names = ["=1+1", "@SUM(A1)", "Đông"]
    explorer = explore_trends(reports_of(names, write_records), View(["tips"], names))
    saved = pd.read_csv(io.BytesIO(explorer.file("csv")))
    assert saved["series"].tolist() == ["'=1+1", "'@SUM(A1)", "Đông", "City mean"]
    assert explorer.table["series"].tolist() == [*names, "City mean"]
    assert '<th scope="col">=1+1</th>' in explorer._table_box.value


def test_names_that_look_like_html_are_shown_as_they_are(write_records):
    """Neither the table nor the shown code runs them."""
    names = ["<b>Đông</b>", "Tây"]
    explorer = explore_trends(reports_of(names, write_records), View(["tips"], names))
    press(explorer, "show_code")
    for box in (explorer._table_box, explorer._code_box):
        assert "&lt;b&gt;Đông&lt;/b&gt;" in box.value
        assert "<b>Đông" not in box.value


# ---- size ----


@pytest.mark.slow
def test_ten_thousand_communes_stay_usable(write_records, drawn):
    """The list shows 300 and says how many more; a search, a choice and all of them work.

    One place, its 10 000 communes: 10 001 entries, 9 701 more than are shown.
    """
    names = [f"Xóm {n:05d}" for n in range(10_000)]
    explorer = explore_trends(reports_of(names, write_records))
    places = explorer._places
    assert len(places._list.options) == 300
    assert "9,701 more: type to narrow." in places._told.value
    places._search.value = "xom 0123"
    assert [label for label, _ in places._list.options] == names[1230:1240]
    places._list.value = ("Xóm 01234",)
    assert explorer.communes == ("Xóm 01234",)
    places._search.value = ""
    places._all.click()
    assert explorer.communes == tuple(names)
    assert " City mean: 1.0. And 10,000 more: in 2022 the highest is " in explorer._screen.alt
    assert len(drawn) == 3


@pytest.mark.slow
def test_300_changes_leave_no_figure_behind(explorer):
    """Neither in pyplot nor in memory."""
    explorer.view = View(["tips"], years=(2021, 2022))

    def figures():
        gc.collect()
        return sum(isinstance(thing, Figure) for thing in gc.get_objects())

    before = figures()
    for change in range(300):
        explorer._places._list.value = (UNITS[change % 15],)
    assert explorer.communes == (UNITS[299 % 15],)
    assert figures() == before
    assert plt.get_fignums() == []


@pytest.mark.slow
def test_panels_that_come_and_go_leave_no_figure_behind(explorer):
    """One panel, two, one again: the picture with the other number of panels is let go."""

    def figures():
        gc.collect()
        return sum(isinstance(thing, Figure) for thing in gc.get_objects())

    before = figures()
    for below in ("", "sessions", "", "resolved_cases") * 3:
        control(explorer, "below").value = below
    assert figures() == before


# ---- what comes in ----


@pytest.mark.slow
def test_exploring_leaves_the_records_as_they_were():
    """Whatever is chosen."""
    before = SAMPLE.copy()
    explorer = explore_trends(SAMPLE)
    explorer.view = View(split="kind", by="quarter", per=1000)
    explorer.view = View(boundaries=2025)
    pd.testing.assert_frame_equal(SAMPLE, before)


def test_records_without_a_row_are_refused():
    """There is nothing to explore."""
    with pytest.raises(ValueError, match=r"^There are no records: the table is empty\."):
        explore_trends(SAMPLE.iloc[:0])


def test_more_than_two_panels_do_not_fit():
    """The message says so."""
    with pytest.raises(ValueError, match=r"the explorer shows two at most\.$"):
        explore_trends(SAMPLE, View(list(measures())[:3]))


@pytest.mark.parametrize("name", FIELDS)
def test_each_part_of_the_view_can_be_read(explorer, name):
    """As the view has it."""
    assert getattr(explorer, name) == getattr(explorer.view, name)
