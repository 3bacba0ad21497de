"""The explorer of the movement: what its controls say is what is drawn, tabulated, written."""

import io

import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers import explore_movement, load_table
from antq_helpers.drawing.canvas import png
from antq_helpers.drawing.figure import draw_numbers
from antq_helpers.exploring.explorer import file_name
from tests.quick import SAMPLE, quick_of
from tests.test_robust import other_place

SUBJECTS = (
    *("outreach", "outreach_later", "stock", "places", "drives", "drive_places", "partners"),
    "commendations",
)
MARK = {"en": "SYNTHETIC FIGURES, FOR ILLUSTRATION", "vi": "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA"}


@pytest.fixture(scope="module")
def opened():
    """One explorer for all tests."""
    return explore_movement(SAMPLE)


@pytest.fixture
def explorer(opened):
    """The explorer as notebook 03 opens it."""
    opened._buttons["reset"].click()
    return opened


def drawn_by(code, **names):
    """Return the picture that a line of code draws."""
    return png(eval(code, {"antq": antq, "records": SAMPLE, **names}))


@pytest.mark.parametrize("language", quick_of(["vi", "en"], 1))
@pytest.mark.parametrize("subject", quick_of(SUBJECTS, 2))
def test_every_subject_is_drawn_and_its_code_draws_the_same(explorer, subject, language):
    """In both languages; the mark is gone where all figures are printed."""
    explorer.picture, explorer.language = subject, language
    stage = explorer._stage
    assert stage.drawn, stage.sentence.value
    assert stage.screen.alt.startswith(MARK[language]) is (subject != "commendations")
    assert (MARK[language] in explorer._table_box.value) is (subject != "commendations")
    assert drawn_by(explorer.code()) == png(draw_numbers(explorer.table, explorer.view))


def test_communes_are_chosen_where_the_subject_has_them(explorer):
    """Their models alone; a subject without communes says so."""
    explorer.picture = "places"
    explorer._places._list.value = ("Tuy Lộc", "Âu Lâu")
    models = load_table("models").query("commune in ['Tuy Lộc', 'Âu Lâu']")
    assert explorer.table.set_index("commune")["count"].to_dict() == (
        models.groupby("commune")["count"].sum().to_dict()
    )
    assert explorer.code().startswith('antq.draw(antq.load_table("models"), antq.View(')
    assert "communes=('Tuy Lộc', 'Âu Lâu')" in explorer.code()
    explorer.picture = "partners"
    assert explorer._told.value == "This subject has no choice of units."
    assert "communes" not in explorer.code()


def test_the_stock_of_some_communes_is_theirs(explorer):
    """The last row is that of the last day of all models."""
    explorer.picture, explorer.communes = "stock", ("xã Văn Phú",)
    assert explorer.communes == ("Văn Phú",)
    assert last_stock(explorer) == load_table("models").query("commune == 'Văn Phú'")["count"].sum()


def last_stock(explorer):
    """Return the number of models on the last day drawn."""
    table = explorer.table
    return table.loc[table["day"] == table["day"].max(), "count"].sum()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There is nothing to draw for this choice. Choose another."),
        ("vi", "Chưa có số liệu nào cho lựa chọn này. Hãy chọn mục khác."),
    ],
)
@pytest.mark.parametrize("subject", quick_of(["stock", "places"], 1))
def test_a_commune_without_any_is_said_in_words(explorer, subject, language, said):
    """Phúc Lộc had a drive, but no model; neither a library's words nor a traceback is shown."""
    explorer.language, explorer.picture = language, subject
    explorer.communes = ("Phúc Lộc",)
    assert not explorer._stage.drawn
    assert said in explorer._stage.sentence.value
    assert explorer.table.empty
    assert explorer._buttons["save_png"].disabled
    explorer.communes = ()
    assert explorer._stage.drawn
    assert not explorer._buttons["save_png"].disabled


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There are no figures of Phúc Lộc on this subject."),
        ("vi", "Không có số liệu nào của Phúc Lộc về nội dung này."),
    ],
)
@pytest.mark.parametrize("subject", quick_of(["stock", "places"], 1))
def test_a_commune_that_the_picture_leaves_out_is_named(explorer, subject, language, said):
    """Phúc Lộc had no model; beside Giới Phiên it would be missed by nobody."""
    explorer.language, explorer.picture = language, subject
    explorer.communes = ("Phúc Lộc", "Giới Phiên")
    assert explorer._stage.drawn
    assert explorer._told.value == said
    explorer.communes = ("Giới Phiên",)
    assert explorer._told.value == ""
    explorer.communes, explorer.picture = ("Phúc Lộc",), "drives"
    assert explorer._told.value == ""


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("picture", "prizes", r"^picture='prizes' is not known. Use one of: outreach, "),
        ("communes", ("Paris",), r"^communes=\['Paris'\]: no such commune"),
        ("language", "fr", r"^language='fr' is not known. Use one of: en, vi"),
    ],
)
def test_what_is_not_known_is_refused_and_changes_nothing(explorer, name, value, message):
    """Neither a control nor the picture."""
    before = explorer.code(), explorer._stage.screen.chart
    with pytest.raises(ValueError, match=message):
        setattr(explorer, name, value)
    assert (explorer.code(), explorer._stage.screen.chart) == before


def test_files_hold_what_is_shown(explorer):
    """The numbers with their mark in words, the picture marked internal."""
    explorer.picture, explorer.communes = "places", ("Tuy Lộc",)
    read = pd.read_csv(io.BytesIO(explorer.file("csv")))
    assert read["commune"].tolist() == ["Tuy Lộc"]
    assert set(read["illustrative"]) == {MARK["en"]}
    assert b"FOR INTERNAL CIRCULATION" in explorer.file("svg")
    assert file_name(explorer.view, "png") == "antq-parts-models-tuy-loc-commune.png"


def test_own_models_end_on_their_last_day_and_the_code_draws_them():
    """Of 28 models 25 began after the article; the code draws these, not the sample's 96."""
    models = load_table("models").iloc[:28].assign(count=1, source="reported")
    models["since"] = pd.to_datetime(["2022-02-01"] * 3 + ["2025-06-15"] * 25)
    models["commune"] = ["Tuy Lộc"] * 3 + ["Âu Lâu"] * 25
    tables = {"models": models}
    explorer = explore_movement(SAMPLE, tables)
    for subject, communes, value in [
        ("stock", (), 28),
        ("stock", ("Tuy Lộc",), 3),
        ("places", (), 28),
    ]:
        explorer.picture, explorer.communes = subject, communes
        shown = last_stock(explorer) if subject == "stock" else explorer.table["count"].sum()
        assert shown == value
        assert explorer.table["day"].max() == "2025-06-15"
        assert 'tables["models"]' in explorer.code()
        again = drawn_by(explorer.code(), tables=tables)
        assert again == png(draw_numbers(explorer.table, explorer.view))
    assert explorer._stage.screen.alt.startswith("Models by unit, 2025-06-15.")
    explorer.picture = "drives"  # not handed in: the workbook's own
    assert 'antq.load_table("drives")' in explorer.code()


def test_models_of_a_commune_that_was_merged_are_its_successors():
    """Three of Phúc Lộc from 2015 stand in Giới Phiên on the last day, 15 June 2024."""
    models = load_table("models").iloc[:4].assign(count=1, source="reported")
    models["since"] = pd.to_datetime(["2015-01-01"] * 3 + ["2024-06-15"])
    models["commune"] = ["Phúc Lộc"] * 3 + ["Âu Lâu"]
    explorer = explore_movement(SAMPLE, {"models": models})
    explorer.picture = "places"
    found = explorer.table.set_index("commune")["count"].to_dict()
    assert found == {"Giới Phiên": 3, "Âu Lâu": 1}


def test_a_table_without_a_row_is_said_in_words():
    """Neither subject of models breaks, nor does their code."""
    explorer = explore_movement(SAMPLE, {"models": load_table("models").head(0)})
    for subject in ("stock", "places"):
        explorer.picture = subject
        assert "There is nothing to draw" in explorer._stage.sentence.value
        assert 'tables["models"]' in explorer.code()


def test_own_tables_bear_no_mark():
    """With a file of one's own the mark is gone."""
    own = {name: load_table(name).assign(source="reported") for name in ("models", "drives")}
    explorer = explore_movement(SAMPLE.assign(source="reported"), own)
    for subject in ("outreach", "stock", "drives"):
        explorer.picture = subject
        assert "SYNTHETIC" not in explorer._stage.screen.alt + explorer._table_box.value


@pytest.mark.parametrize("subject", quick_of(["drives", "stock", "places", "outreach_later"], 2))
def test_years_are_a_control_and_the_code_draws_them(explorer, subject):
    """Drives of 2015 to 2018 alone; a stock is that of the end of the last year."""
    explorer.picture = subject
    explorer._choices["years"].value = (2015, 2018)
    drives, models = (load_table(name) for name in ("drives", "models"))
    running = models[models["since"] <= "2018-12-31"]["count"].sum()
    table = explorer.table
    if subject == "stock":
        assert sorted(set(table["day"])) == [f"{year}-12-31" for year in (2015, 2016, 2017, 2018)]
        assert last_stock(explorer) == running
    elif subject == "outreach_later":  # the year of the tips; the sessions are of 2014 to 2017
        assert sorted(set(table["year"])) == [2015, 2016, 2017, 2018]
    else:
        held = drives["year"].between(2015, 2018)
        assert table["count"].sum() == {"drives": drives[held]["count"].sum()}.get(subject, running)
    assert drawn_by(explorer.code()) == png(draw_numbers(explorer.table, explorer.view))
    assert "-2015-2018" in file_name(explorer.view, "png")
    explorer.years = explorer._years
    assert (explorer.years, explorer._years) == (None, (2013, 2023))


def test_what_bears_no_year_is_named_where_years_are_chosen(explorer):
    """The article gives no year of any of the 419 commendations; 2023 had no records."""
    explorer.picture, explorer.years = "commendations", (2015, 2018)
    assert explorer._told.value == "Left out, as no year is stated: 419."
    assert "There is nothing to draw" in explorer._stage.sentence.value
    explorer.picture, explorer.years = "outreach", (2023, 2023)
    assert "There is nothing to draw" in explorer._stage.sentence.value
    with pytest.raises(ValueError, match="nothing to draw"):
        explorer.file("csv")
    assert explorer.table.empty
    with pytest.raises(ValueError, match=r"^years=\(2030, 2031\) is outside .* 2013 to 2023\.$"):
        explorer.years = (2030, 2031)


def test_activities_that_name_their_commune_can_be_chosen_by_it():
    """Nine in Tuy Lộc, four of the whole city."""
    rows = load_table("partner_activities").query("kind == 'training_class'").iloc[:2]
    partners = rows.assign(count=[9, 4], commune=["Tuy Lộc", None], source="reported")
    explorer = explore_movement(SAMPLE, {"partner_activities": partners})
    explorer.picture, explorer.communes = "partners", ("Tuy Lộc",)
    assert explorer.table["count"].tolist() == [9]
    assert "communes=('Tuy Lộc',)" in explorer.code()


def test_another_place_is_not_shown_the_sample_of_this_one():
    """Its records have outreach alone; what is left out is said, and can not be set."""
    records = other_place()
    explorer = explore_movement(records, language="vi")
    assert [name for _, name in explorer._choices["subject"].options] == [
        "outreach",
        "outreach_later",
    ]
    assert "Chưa có bảng số liệu của địa bàn này nên không hiển thị: Mô hình" in (
        explorer._told.value
    )
    with pytest.raises(ValueError, match=r"^picture='stock' is not known. Use one of: outreach, "):
        explorer.picture = "stock"
    name = records["commune"].iloc[0]
    own = load_table("drives").assign(commune=name, source="reported")
    explorer = explore_movement(records, {"drives": own})
    explorer.picture = "drive_places"
    assert explorer.table["commune"].tolist() == [name]
    assert "Models" in explorer._told.value
    assert "drives" not in explorer._told.value


def test_models_of_another_place_and_tables_of_another_name_are_refused():
    """Neither is drawn as the place's own, nor left for the sample's."""
    records = other_place()
    with pytest.raises(ValueError, match=r"^The models are of another place than the records"):
        explore_movement(records, {"models": load_table("models")})
    with pytest.raises(
        ValueError, match=r"^table='model' is not known. Use one of: drives, models"
    ):
        explore_movement(SAMPLE, {"model": load_table("models")})
