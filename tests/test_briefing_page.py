"""The form for briefings: an audience before a pack, a preview that is true, one file."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from antq_helpers import explore_briefing, explore_trends, headline, load_records
from antq_helpers.briefing.pages import PagePicture
from antq_helpers.measuring.lookback import list_periods
from tests.quick import SAMPLE


@pytest.fixture
def form():
    """A form on the sample, in Vietnamese."""
    return explore_briefing().form


def choose(form, **told):
    """Choose as a person does."""
    for name, value in told.items():
        form._chosen[name].value = value


def drop(form, *files):
    """Drop files in, names and contents, as the browser hands them over."""
    form._upload.value = tuple(
        {
            "name": name,
            "type": "",
            "size": len(content),
            "content": memoryview(content),
            "last_modified": datetime(2026, 1, 1, tzinfo=UTC),
        }
        for name, content in files
    )


def test_nothing_is_given_away_before_the_audience_is_said(form):
    """The latest year is shown for internal use, and marked so; no pack is assumed to be that."""
    assert headline(SAMPLE, period="2022").split("HỌA. ")[1] in form._said.value
    assert "LƯU HÀNH NỘI BỘ" in form._said.value
    assert form._shown_picture.chart["spec"]
    assert form._download.disabled
    assert "nội bộ hay công bố" in form._written.value
    choose(form, audience="internal")
    assert not form._download.disabled
    assert form._written.value == ""


@pytest.mark.slow
def test_the_preview_says_what_the_headline_says(form):
    """For the place and for a commune, against either other period."""
    choose(form, audience="internal", kind="quarter", period="2022-Q3")
    text = headline(SAMPLE, period="2022-Q3").split("HỌA. ")[1]
    assert text in form._said.value
    assert "LƯU HÀNH NỘI BỘ" in form._said.value
    form._places._set(("Tuy Lộc",))
    choose(form, against="previous_period")
    ask = {"period": "2022-Q3", "communes": ["Tuy Lộc"], "against": "previous_period"}
    assert headline(SAMPLE, **ask).split("HỌA. ")[1] in form._said.value
    assert form._shown_picture.alt.startswith("SỐ LIỆU GIẢ LẬP")


@pytest.mark.slow
def test_the_public_sees_no_small_count(form):
    """Two cases in Tuy Lộc in 2022 are hidden."""
    form._places._set(("Tuy Lộc",))
    choose(form, audience="public", measure="resolved_cases")
    assert "không công bố (số nhỏ)" in form._said.value
    assert "Không công bố" in form._numbers.value
    assert "LƯU HÀNH NỘI BỘ" not in form._said.value


@pytest.mark.slow
def test_the_pack_is_one_file_for_the_browser(form):
    """With the files of the chosen communes, and a name that says period and audience."""
    given = []
    form._screen.save = lambda *said: given.append(said)
    form._places._set(("Tuy Lộc",))
    choose(form, audience="public")
    form._give_pack()
    ((name, kind, content),) = given
    assert (name, kind) == ("bao-cao-nam-2022-cong-bo.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"bao-cao.pptx", "phu-luc.docx", "so-lieu.xlsx"} < set(archive.namelist())
    assert name in form._written.value
    choose(form, measure="sessions")
    assert form._written.value == ""  # it was of another choice


RECORDS = "commune,year,sessions,tips\n" + "".join(
    f"{name},{year},4,{tips}\n"
    for year in (2021, 2022)
    for name, tips in (("Tuy Lộc", 30), ("Yên Ninh", year - 2000))
)
MODELS = "Xã phường,Mô hình,Từ ngày,Số lượng\nTuy Lộc,Camera,2015,2\nYên Ninh,Zalo,2022,3\n"


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_tables_of_the_movement_go_into_the_internal_pack_alone(form, monkeypatch, audience):
    """Dropped in with the records; the public reads which are left out, and why."""
    asked = {}

    def write(records, folder, **told):
        asked.update(told)
        return Path(folder)

    monkeypatch.setattr("antq_helpers.exploring.briefing.write_briefing", write)
    monkeypatch.setattr("antq_helpers.exploring.briefing.zip_folder", lambda folder: b"")
    drop(form, ("tin.csv", RECORDS.encode()), ("mo_hinh.csv", MODELS.encode()))
    assert "Mô hình: đã đọc 2 dòng." in form._shown.value
    assert form.records["tips"].sum() == 103
    choose(form, audience=audience)
    form._give_pack()
    if audience == "internal":
        assert asked["tables"]["models"]["count"].sum() == 5
        assert "Bản công bố" not in form._written.value
    else:
        assert asked["tables"] is None
        assert "chưa ẩn được số nhỏ trong đó: mô hình." in form._written.value


@pytest.mark.slow
def test_nothing_else_is_chosen_while_a_pack_is_written(form, monkeypatch):
    """Page and pack agree; the pack holds the period against what the page does."""
    seen = []

    def write(records, folder, **told):
        seen.append((told["against"], [choice.disabled for choice in form._chosen.values()]))
        raise OSError("no room")

    monkeypatch.setattr("antq_helpers.exploring.briefing.write_briefing", write)
    choose(form, audience="internal", kind="quarter", against="previous_period")
    form._give_pack()
    assert seen == [("previous_period", [True] * 6)]
    assert "no room" in form._written.value
    assert not any(choice.disabled for choice in form._chosen.values())


@pytest.mark.slow
def test_the_list_of_other_periods_is_closed_where_they_are_one(form):
    """Of years and years to date."""
    choose(form, audience="internal")
    assert form._chosen["against"].disabled
    choose(form, kind="month")
    assert not form._chosen["against"].disabled
    choose(form, kind="to_date")
    assert form._chosen["against"].disabled


@pytest.mark.slow
def test_another_kind_of_period_keeps_the_time(form):
    """From 2020 to its last quarter, and to its last month."""
    choose(form, audience="internal", period="2020", kind="quarter")
    assert form._chosen["period"].value == "2020-Q4"
    choose(form, kind="month")
    assert form._chosen["period"].value == "2020-12"


@pytest.mark.slow
def test_a_preview_of_another_audience_is_gone_before_the_next_is_there(form, monkeypatch):
    """The mark for internal circulation does not stay while a public release is computed."""
    choose(form, audience="internal")
    seen = []

    def look(*said, **told):
        seen.append((form._shown_picture.layout.display, form._numbers.value, form._said.value))
        raise ValueError("enough")

    monkeypatch.setattr("antq_helpers.exploring.briefing.window_on", look)
    choose(form, audience="public")
    assert seen == [("none", "", "<p>Đang tính…</p>")]
    assert "enough" in form._said.value


@pytest.mark.slow
def test_who_waits_for_a_correction_is_not_called_silent(form):
    """Three reports, one of them with a count that can not be: named in the notes."""
    rows = SAMPLE[(SAMPLE["year"] == 2022) & SAMPLE["commune"].isin(["Tuy Lộc", "Âu Lâu"])]
    plain = rows[["commune", "period_start", "period_end", "year", "tips"]].astype({"tips": object})
    plain.loc[plain["commune"] == "Âu Lâu", "tips"] = "nhiều"
    drop(form, ("r.csv", plain.to_csv(index=False).encode()))
    choose(form, audience="internal")
    assert "Chờ sửa số liệu nên chưa được tính: Âu Lâu." in form._numbers.value
    assert "Đang dùng: r.csv." in form._told.value


@pytest.mark.slow
def test_another_language_keeps_the_answers_to_the_three_questions():
    """Else the dash would be a problem again."""
    page = explore_briefing()
    page.form._choices["dash"].value = "zero"
    page._choice.value = "en"
    assert page.form._choices["dash"].value == "zero"


@pytest.mark.slow
def test_another_language_keeps_what_was_chosen():
    """The files, the choices and the communes stay, the words change."""
    page = explore_briefing()
    page.form._places._set(("Tuy Lộc", "Âu Lâu"))
    choose(page.form, audience="internal", kind="quarter", period="2021-Q2", page="")
    page._choice.value = "en"
    assert page.form._chosen["period"].value == "2021-Q2"
    assert page.form._places.chosen == ("Tuy Lộc", "Âu Lâu")
    assert "In the second quarter of 2021, the whole city" in page.form._said.value


@pytest.mark.slow
def test_each_page_of_the_pack_can_be_looked_at(form):
    """Of all communes where none is chosen, else of those; the last that was chosen is shown."""
    choose(form, audience="internal", page="Âu Lâu")
    assert "xã Âu Lâu" in form._said.value
    assert len(form._chosen["page"].options) == 1 + 15
    form._places._set(("Tuy Lộc",))
    form._places._set(("Tuy Lộc", "Âu Lâu"))
    assert [name for _, name in form._chosen["page"].options] == ["", "Tuy Lộc", "Âu Lâu"]
    assert "xã Âu Lâu" in form._said.value
    choose(form, page="Tuy Lộc")
    assert "xã Tuy Lộc" in form._said.value
    form._places._set(())
    assert "toàn thành phố" in form._said.value


def test_a_users_files_take_the_place_of_the_sample(form):
    """Their periods are offered, and the mark is gone."""
    rows = SAMPLE[SAMPLE["year"].between(2020, 2021)]
    plain = rows[["commune", "period_start", "period_end", "year", "tips", "sessions"]]
    drop(form, ("r.csv", plain.to_csv(index=False).encode()))
    choose(form, audience="internal")
    assert form._chosen["period"].value == "2021"
    assert "Năm 2021, toàn thành phố tiếp nhận 600 nguồn tin" in form._said.value
    assert "GIẢ LẬP" not in form._said.value
    (picture,) = form.page.all_of(PagePicture)
    assert picture.view.measures == ("tips", "sessions")  # no panel of what nobody reported


@pytest.mark.slow
def test_new_files_open_on_their_latest_period(form):
    """Whatever was looked at before, of other records."""
    choose(form, audience="internal", period="2020")
    plain = SAMPLE[SAMPLE["year"].between(2020, 2021)][
        ["commune", "period_start", "period_end", "year", "tips"]
    ]
    drop(form, ("r.csv", plain.to_csv(index=False).encode()))
    assert form._chosen["period"].value == "2021"


@pytest.mark.slow
def test_a_wrong_file_is_explained_and_the_desk_goes_on(form):
    """The problems in Vietnamese; nothing else is taken for that file, and the next one is read."""
    choose(form, audience="internal")
    drop(form, ("x.xlsx", b"no workbook"))
    assert "không đúng với đuôi .xlsx" in form._shown.value
    assert form._below.children == ()
    assert form.records is None
    plain = SAMPLE[SAMPLE["year"] > 2020][["commune", "period_start", "period_end", "year", "tips"]]
    drop(form, ("r.csv", plain.to_csv(index=False).encode()))
    assert "toàn thành phố tiếp nhận 534" in form._said.value


@pytest.mark.slow
def test_files_that_are_too_large_are_refused_before_they_are_read(form, monkeypatch):
    """With the size that is taken."""
    monkeypatch.setattr("antq_helpers.exploring.upload.MOST_UPLOADED", 10)
    drop(form, ("r.csv", b"x" * 11))
    assert "lớn hơn 0 MB" in form._told.value
    assert form.check is None


@pytest.mark.slow
def test_no_path_of_the_machine_can_be_read(form):
    """Whoever opens the page has no business with its files."""
    assert form._place not in form.children[0].children
    assert not form.paths


def test_periods_are_listed_from_the_latest():
    """Those in which a report ends; years to date leave the whole year out."""
    ends = pd.to_datetime(["2021-12-31", "2022-03-31", "2022-04-30"])
    records = pd.DataFrame({"period_start": ends, "period_end": ends})
    assert list_periods(records, "year") == ["2022", "2021"]
    assert list_periods(records, "quarter") == ["2022-Q2", "2022-Q1", "2021-Q4"]
    assert list_periods(records, "month") == ["2022-04", "2022-03", "2021-12"]
    assert list_periods(records, "to_date") == ["2022-to-04", "2022-to-03"]


@pytest.mark.slow
def test_the_name_of_a_file_is_text_and_no_markup(form):
    """While it is read, and afterwards."""
    form._progress(0, 1, "<img src=x>.csv")
    assert "&lt;img" in form._told.value
    drop(form, ("<b>r.csv", b""))
    assert "<b>" not in form._told.value + form._shown.value


@pytest.mark.slow
def test_places_are_listed_in_the_order_of_the_explorer():
    """By letter, as Vietnamese has them: Âu Lâu before Đồng Tâm, and neither last."""
    listed = [name for _, name in explore_briefing(language="vi").form._places._places]
    explored = [n for _, n in explore_trends(load_records())._places._places if n in listed]
    assert listed[:2] == ["Âu Lâu", "Đồng Tâm"]
    assert listed == explored
