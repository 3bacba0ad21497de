"""The explorer of communes: what its controls say is what is drawn, tabulated, written as code."""

import gc
import io

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers import (
    View,
    compare_communes,
    explore_communes,
    funnel,
    select,
    total_by,
)
from antq_helpers.dictionary import measures_of, word
from antq_helpers.drawing.canvas import png
from antq_helpers.exploring import explorer as explorers
from antq_helpers.exploring.controls import Stage
from tests.quick import SAMPLE, quick_of

PICTURES = ("ranking", "tile_map", "heatmap", "funnel", "small_multiples")

MARKS = {"en": "SYNTHETIC FIGURES, FOR ILLUSTRATION", "vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """Every view drawn from now on."""
    views, show = [], Stage.show

    def count(stage, numbers, view):
        views.append(view)
        show(stage, numbers, view)

    monkeypatch.setattr(Stage, "show", count)
    return views


@pytest.fixture(scope="module")
def opened():
    """One explorer for all tests; it takes longer to make than to set."""
    return explore_communes(SAMPLE)


@pytest.fixture
def explorer(opened, drawn):
    """The explorer as notebook 02 opens it."""
    opened._buttons["reset"].click()
    drawn.clear()
    return opened


def said(explorer):
    """Give what every control says."""
    chosen = explorer._places.chosen
    return {name: c.value for name, c in explorer._choices.items()} | {"chosen": chosen}


def choose(explorer, *names):
    """Choose in the list as a click or an arrow key does."""
    explorer._places._list.value = names


# ---- pictures, tables, code ----


@pytest.mark.parametrize("language", quick_of(["vi", "en"], 1))
@pytest.mark.parametrize("picture", quick_of(PICTURES, 2))
def test_every_picture_is_drawn_in_both_languages(explorer, drawn, picture, language):
    """Once for the picture, with its mark and its kind in the alt text."""
    explorer.language = language
    drawn.clear()
    explorer.picture = picture if picture != "ranking" else "tile_map"
    explorer.picture = picture
    assert drawn[-1] == View(kind=picture, language=language)
    alt = explorer._stage.screen.alt
    assert alt.startswith(f"{MARKS[language]}. {word(f'picture_{picture}', language)}: ")
    assert explorer._stage.screen.chart["columns"]
    assert MARKS[language] in explorer._table_box.value


@pytest.mark.parametrize("picture", quick_of(PICTURES, 1))
@pytest.mark.parametrize("years", quick_of([None, (2015, 2018)], 1))
def test_the_code_run_in_one_cell_draws_what_is_shown(explorer, picture, years):
    """The picture and the control chart, the same pixels."""
    explorer.picture, explorer.years, explorer.language = picture, years, "vi"
    explorer.communes = ["Tuy Lộc"]
    figures = []
    exec(explorer.code(), {"antq": antq, "records": SAMPLE, "display": figures.append})
    shown = [explorer._stage.screen.alt, explorer._control.screen.alt]
    assert [figure.alt for figure in figures] == shown
    views = [explorer._view, explorer._control_view]
    assert [png(figure) for figure in figures] == [png(antq.draw(SAMPLE, view)) for view in views]


def test_the_code_is_one_call_and_leaves_out_what_is_not_said(explorer):
    """Measure, years and language where they are not the usual ones."""
    assert explorer.code() == "antq.draw(records, antq.View(kind='ranking'))"
    explorer.picture, explorer.years, explorer.language = "funnel", (2015, 2022), "vi"
    expected = "antq.draw(records, antq.View(kind='funnel', years=(2015, 2022), language='vi'))"
    assert explorer.code() == expected


def test_the_code_is_shown_when_asked_for_with_the_control_chart(explorer):
    """It follows the choice, and goes when it is pressed again."""
    explorer._buttons["show_code"].click()
    assert explorer._code_box.value == (
        '<pre tabindex="0">import antq_helpers as antq\nrecords = antq.load_records()\n'
        "antq.draw(records, antq.View(kind=&#x27;ranking&#x27;))</pre>"
        '<button class="jupyter-button antq-copy">Copy code</button>'
    )
    choose(explorer, "Tuy Lộc")
    control = "View(kind=&#x27;control&#x27;, communes=(&#x27;Tuy Lộc&#x27;,))"
    assert control in explorer._code_box.value
    explorer._buttons["show_code"].click()
    assert explorer._code_box.layout.display == "none"


@pytest.mark.parametrize("picture", quick_of(["ranking", "tile_map"], 1))
def test_the_table_is_that_of_compare_communes(explorer, picture):
    """All years are one period."""
    explorer.picture, explorer.measures = picture, ["valuable_share"]
    explorer.years = (2015, 2018)
    expected = compare_communes(SAMPLE, measure="valuable_share", years=(2015, 2018))
    pd.testing.assert_frame_equal(explorer.table[list(expected)], expected)


def test_the_table_of_a_funnel_is_that_of_funnel(explorer):
    """With the limits of chance, and who lies outside."""
    explorer.picture, explorer.years = "funnel", (2015, 2018)
    totals = total_by(select(SAMPLE, years=(2015, 2018)), "commune", boundaries=2020)
    expected = funnel(totals, measure="tips")
    pd.testing.assert_frame_equal(explorer.table[list(expected)], expected)
    assert "Limits of chance, 99.8%" in explorer._table_box.value


@pytest.mark.parametrize("picture", quick_of(["heatmap", "small_multiples"], 1))
def test_the_table_of_years_has_a_row_per_commune_and_year(explorer, picture):
    """15 communes, 10 years; the page has a column per year."""
    explorer.picture = picture
    pd.testing.assert_frame_equal(explorer.table, compare_communes(SAMPLE, period="year"))
    assert explorer._table_box.value.count('<th scope="col">') == 1 + 10


def test_the_table_is_a_copy(explorer):
    """Who changes it changes nothing that is shown."""
    table = explorer.table
    table["value"] = 0
    assert (explorer.table["value"] > 0).all()


def test_the_alt_text_names_the_highest_and_the_lowest(explorer):
    """With their values, worked out by hand from the table, and the city's."""
    table = compare_communes(SAMPLE).sort_values("value")
    low, high = table.iloc[0], table.iloc[-1]
    assert explorer._stage.screen.alt.endswith(
        f"2013–2022. Highest: {high['commune']}, {high['value']:.1f}. "
        f"Lowest: {low['commune']}, {low['value']:.1f}. Whole city: {high['city']:.1f}."
    )


# ---- set a part, or move a control ----


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("years", (2015, 2018)),
        ("picture", "heatmap"),
        ("language", "vi"),
    ],
)
def test_parts_and_controls_follow_each_other(explorer, drawn, name, value):
    """Either way it is drawn once."""
    setattr(explorer, name, value)
    assert explorer._choices[name].value == value
    assert len(drawn) == 1
    explorer._buttons["reset"].click()
    drawn.clear()
    explorer._choices[name].value = value
    assert getattr(explorer, name) == value
    assert len(drawn) == 1


@pytest.mark.slow
def test_the_whole_range_of_years_is_no_choice_of_years(explorer):
    """Years that come with later records will be shown, too."""
    explorer._choices["years"].value = (2015, 2018)
    explorer._choices["years"].value = (2013, 2022)
    assert explorer.years is None


def test_a_choice_in_the_list_draws_the_control_chart_alone(explorer, drawn):
    """The picture stays as it is; another takes its place; none takes it away."""
    picture = explorer._stage.screen.chart
    assert explorer._control.layout.display == "none"
    choose(explorer, "Tuy Lộc")
    assert drawn == [View(kind="control", communes=["Tuy Lộc"])]
    assert explorer._control.layout.display == ""
    assert explorer._control.screen.alt.startswith(f"{MARKS['en']}. Control chart: ")
    assert "Tuy Lộc: from" in explorer._control.screen.alt
    choose(explorer, "Tuy Lộc", "Âu Lâu")
    assert explorer.communes == explorer._places._list.value == ("Âu Lâu",)
    explorer._places._none.click()
    assert explorer.communes == ()
    assert explorer._control.layout.display == "none"
    assert len(drawn) == 2
    assert explorer._stage.screen.chart == picture


@pytest.mark.slow
def test_another_picture_leaves_the_control_chart_as_it_is(explorer, drawn):
    """Another measure draws both."""
    explorer.communes = ["TUY LỘC"]
    assert explorer.communes == ("Tuy Lộc",)
    drawn.clear()
    explorer.picture = "heatmap"
    assert [view.kind for view in drawn] == ["heatmap"]
    explorer.measures = ["sessions"]
    assert [view.kind for view in drawn[1:]] == ["heatmap", "control"]


def test_reset_goes_back_to_the_beginning(explorer):
    """Every control, too, in its language."""
    before = said(explorer), explorer._stage.screen.chart, explorer.code()
    explorer.measures, explorer.years, explorer.picture = ["sessions"], (2014, 2016), "funnel"
    explorer.communes, explorer.language = ["Âu Lâu"], "vi"
    explorer._buttons["reset"].click()
    assert (said(explorer), explorer._stage.screen.chart, explorer.code()) == before
    assert explorer._control.layout.display == "none"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("measures", ["tip"], "^measure='tip' is not known. Use one of: tips, "),
        ("picture", "pie", r"^picture='pie' is not known. Use one of: ranking, tile_map, "),
        ("communes", ["Paris"], r"^communes=\['Paris'\]: no such commune in these records"),
        ("communes", ["Phúc Lộc"], "Phúc Lộc is a part of Giới Phiên"),
        ("years", (2020, 2015), r"^years=\(2020, 2015\) is the wrong way round"),
        ("years", 2020, "^years=2020 .*Use a pair"),
        ("language", "fr", "^language='fr' is not known. Use one of: en, vi.$"),
    ],
)
def test_what_is_not_known_is_refused_and_changes_nothing(explorer, drawn, name, value, message):
    """Neither a control nor the picture."""
    before = said(explorer), explorer.code()
    with pytest.raises(ValueError, match=message):
        setattr(explorer, name, value)
    assert (said(explorer), explorer.code()) == before
    assert drawn == []


# ---- errors in place ----


def test_what_a_picture_can_not_show_is_said_in_its_place(explorer, monkeypatch):
    """The sentence instead of the picture, no traceback; the next picture is drawn again."""

    def refuse(records, view):
        raise ValueError("No layout for <these> communes.")

    with monkeypatch.context() as patched:
        patched.setattr(explorers, "tabulate", refuse)
        explorer.picture = "tile_map"
    stage = explorer._stage
    assert "No layout for &lt;these&gt; communes." in stage.sentence.value
    assert (stage.screen.layout.display, stage.sentence.layout.display) == ("none", "")
    assert stage.screen.chart == {"alt": "No layout for <these> communes."}
    assert explorer._buttons["save_png"].disabled
    assert explorer._buttons["save_numbers"].disabled
    explorer.picture = "heatmap"
    assert (stage.screen.layout.display, stage.sentence.layout.display) == ("", "none")
    assert not explorer._buttons["save_png"].disabled


def test_one_commune_has_no_funnel_and_the_page_says_why():
    """There is nothing to pool; the ranking is drawn."""
    explorer = explore_communes(select(SAMPLE, communes=["Âu Lâu"], years=(2022, 2022)))
    assert explorer._stage.drawn
    explorer.picture = "funnel"
    assert not explorer._stage.drawn
    assert explorer.table.empty
    assert explorer._table_box.value == ""
    assert all(explorer._buttons[f"save_{kind}"].disabled for kind in ("png", "svg", "numbers"))
    explorer.picture = "ranking"
    assert explorer._stage.drawn
    assert len(explorer.table) == 1


def test_records_without_a_row_are_refused():
    """There is nothing to explore."""
    with pytest.raises(ValueError, match=r"^There are no records: the table is empty\."):
        explore_communes(SAMPLE.iloc[:0])


# ---- words, files, memory ----


def words_of(explorer):
    """Give every word on the controls."""
    found = {name: c.description for name, c in explorer._choices.items()}
    found |= {name: button.description for name, button in explorer._buttons.items()}
    found |= {"told": explorer._told.value, "search": explorer._places._search.placeholder}
    for name in ("measure", "picture"):
        found |= {f"{name}_{value}": label for label, value in explorer._choices[name].options}
    return found


def test_another_language_rewrites_every_word(explorer):
    """No control keeps the former language; back again all is as it was."""
    english = words_of(explorer)
    explorer._choices["language"].value = "vi"
    vietnamese = words_of(explorer)
    assert not [name for name, text in english.items() if text == vietnamese[name]]
    assert vietnamese["picture_funnel"] == "Biểu đồ phễu"
    assert {f"measure_{name}" for name in measures_of(SAMPLE)} <= set(vietnamese)
    explorer._choices["language"].value = "en"
    assert words_of(explorer) == english


def test_it_begins_in_the_language_asked_for():
    """And goes back to it."""
    explorer = explore_communes(SAMPLE, language="vi")
    assert explorer._told.value == "Chọn một xã, phường để xem biểu đồ kiểm soát."
    explorer.language = "en"
    explorer._buttons["reset"].click()
    assert explorer.language == "vi"


def test_files_are_named_after_what_they_hold_and_marked_internal(explorer, monkeypatch):
    """Picture, numbers and control chart."""
    sent = []
    monkeypatch.setattr(
        explorer._screen, "send", lambda about, buffers: sent.append((about["name"], *buffers))
    )
    assert explorer._buttons["save_control"].disabled
    explorer.communes = ["Tuy Lộc"]
    for name in ("save_png", "save_svg", "save_numbers", "save_control"):
        explorer._buttons[name].click()
    contents = dict(sent)
    assert list(contents) == [
        "antq-ranking-tips.png",
        "antq-ranking-tips.svg",
        "antq-ranking-tips.csv",
        "antq-control-tips-tuy-loc.png",
    ]
    assert b"FOR INTERNAL CIRCULATION" in contents["antq-ranking-tips.svg"]
    read = pd.read_csv(io.BytesIO(contents["antq-ranking-tips.csv"]))
    assert read["commune"].tolist() == explorer.table["commune"].tolist()
    assert read["value"].tolist() == pytest.approx(explorer.table["value"].tolist())
    assert set(read["illustrative"]) == {MARKS["en"]}


def test_records_of_ones_own_bear_no_mark():
    """Neither picture, table nor file."""
    explorer = explore_communes(SAMPLE.assign(source="reported"))
    assert "SYNTHETIC" not in explorer._stage.screen.alt + explorer._table_box.value
    assert b"SYNTHETIC" not in explorer.file("csv") + explorer.file("svg")


@pytest.mark.slow
def test_many_changes_leave_no_figure_behind(explorer):
    """Neither in pyplot nor in memory."""

    def figures():
        gc.collect()
        return sum(isinstance(thing, Figure) for thing in gc.get_objects())

    choose(explorer, "Tuy Lộc")
    before = figures()
    for change in range(5):
        explorer.measures = [("sessions", "tips")[change % 2]]
        choose(explorer, ("Âu Lâu", "Tuy Lộc")[change % 2])
    assert figures() == before
    assert plt.get_fignums() == []


@pytest.mark.slow
def test_exploring_leaves_the_records_as_they_were(drawn):
    """Whatever is chosen."""
    before = SAMPLE.copy()
    explorer = explore_communes(SAMPLE)
    for picture in PICTURES:
        explorer.picture = picture
    explorer.communes = ["Tuy Lộc"]
    pd.testing.assert_frame_equal(SAMPLE, before)


def test_its_repr_says_what_is_looked_at(explorer):
    """As code would."""
    assert repr(explorer) == "Explorer(View(kind='ranking'))"
