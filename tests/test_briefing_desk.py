"""The desk for briefings: an audience before a pack, a preview that is true, one file."""

import io
import zipfile
from datetime import UTC, datetime

import pandas as pd
import pytest

from antq_helpers import explore_briefing, explore_trends, headline, load_records
from antq_helpers.measuring.lookback import list_periods
from tests.quick import SAMPLE


@pytest.fixture
def desk():
    """A desk on the sample, in Vietnamese."""
    return explore_briefing().desk


def choose(desk, **told):
    """Choose as a person does."""
    for name, value in told.items():
        desk._chosen[name].value = value


def test_nothing_is_given_away_before_the_audience_is_said(desk):
    """The latest year is shown for internal use, and marked so; no pack is assumed to be that."""
    assert headline(SAMPLE, period="2022").split("HỌA. ")[1] in desk._said.value
    assert "LƯU HÀNH NỘI BỘ" in desk._said.value
    assert desk._shown_picture.png
    assert desk._download.disabled
    assert "nội bộ hay công bố" in desk._written.value
    choose(desk, audience="internal")
    assert not desk._download.disabled
    assert desk._written.value == ""


@pytest.mark.slow
def test_the_preview_says_what_the_headline_says(desk):
    """For the place and for a commune, against either other period."""
    choose(desk, audience="internal", kind="quarter", period="2022-Q3")
    text = headline(SAMPLE, period="2022-Q3").split("HỌA. ")[1]
    assert text in desk._said.value
    assert "LƯU HÀNH NỘI BỘ" in desk._said.value
    desk._places._set(("Tuy Lộc",))
    choose(desk, against="previous_period")
    ask = {"period": "2022-Q3", "communes": ["Tuy Lộc"], "against": "previous_period"}
    assert headline(SAMPLE, **ask).split("HỌA. ")[1] in desk._said.value
    assert desk._shown_picture.alt.startswith("SỐ LIỆU GIẢ LẬP")


@pytest.mark.slow
def test_the_public_sees_no_small_count(desk):
    """Two cases in Tuy Lộc in 2022 are hidden."""
    desk._places._set(("Tuy Lộc",))
    choose(desk, audience="public", measure="resolved_cases")
    assert "đã ẩn để bảo mật" in desk._said.value
    assert "Đã ẩn" in desk._numbers.value
    assert "LƯU HÀNH NỘI BỘ" not in desk._said.value


@pytest.mark.slow
def test_the_pack_is_one_file_for_the_browser(desk):
    """With the files of the chosen communes, and a name that says period and audience."""
    given = []
    desk._screen.save = lambda *said: given.append(said)
    desk._places._set(("Tuy Lộc",))
    choose(desk, audience="public")
    desk._give_pack()
    ((name, kind, content),) = given
    assert (name, kind) == ("bao-cao-nam-2022-cong-bo.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"bao-cao.pptx", "phu-luc.docx", "so-lieu.xlsx"} < set(archive.namelist())
    assert name in desk._written.value
    choose(desk, measure="sessions")
    assert desk._written.value == ""  # it was of another choice


@pytest.mark.slow
def test_nothing_else_is_chosen_while_a_pack_is_written(desk, monkeypatch):
    """Page and pack agree; the pack holds the period against what the page does."""
    seen = []

    def write(records, folder, **told):
        seen.append((told["against"], [choice.disabled for choice in desk._chosen.values()]))
        raise OSError("no room")

    monkeypatch.setattr("antq_helpers.exploring.briefing.write_briefing", write)
    choose(desk, audience="internal", kind="quarter", against="previous_period")
    desk._give_pack()
    assert seen == [("previous_period", [True] * 6)]
    assert "no room" in desk._written.value
    assert not any(choice.disabled for choice in desk._chosen.values())


@pytest.mark.slow
def test_the_list_of_other_periods_is_closed_where_they_are_one(desk):
    """Of years and years to date."""
    choose(desk, audience="internal")
    assert desk._chosen["against"].disabled
    choose(desk, kind="month")
    assert not desk._chosen["against"].disabled
    choose(desk, kind="to_date")
    assert desk._chosen["against"].disabled


@pytest.mark.slow
def test_another_kind_of_period_keeps_the_time(desk):
    """From 2020 to its last quarter, and to its last month."""
    choose(desk, audience="internal", period="2020", kind="quarter")
    assert desk._chosen["period"].value == "2020-Q4"
    choose(desk, kind="month")
    assert desk._chosen["period"].value == "2020-12"


@pytest.mark.slow
def test_a_preview_of_another_audience_is_gone_before_the_next_is_there(desk, monkeypatch):
    """The mark for internal circulation does not stay while a public release is computed."""
    choose(desk, audience="internal")
    seen = []

    def look(*said, **told):
        seen.append((desk._shown_picture.layout.display, desk._numbers.value, desk._said.value))
        raise ValueError("enough")

    monkeypatch.setattr("antq_helpers.exploring.briefing.look_back", look)
    choose(desk, audience="public")
    assert seen == [("none", "", "<p>Đang tính…</p>")]
    assert "enough" in desk._said.value


@pytest.mark.slow
def test_who_waits_for_a_correction_is_not_called_silent(desk):
    """Three reports, one of them with a count that can not be: named in the notes."""
    rows = SAMPLE[(SAMPLE["year"] == 2022) & SAMPLE["commune"].isin(["Tuy Lộc", "Âu Lâu"])]
    plain = rows[["commune", "period_start", "period_end", "year", "tips"]].astype({"tips": object})
    plain.loc[plain["commune"] == "Âu Lâu", "tips"] = "nhiều"
    drop(desk, "r.csv", plain.to_csv(index=False).encode())
    choose(desk, audience="internal")
    assert "Chờ sửa số liệu nên chưa được tính: Âu Lâu." in desk._numbers.value
    assert "Đang dùng: r.csv." in desk._told.value


@pytest.mark.slow
def test_another_language_keeps_the_answers_to_the_three_questions():
    """Else the dash would be a problem again."""
    page = explore_briefing()
    page.desk._choices["dash"].value = "zero"
    page._choice.value = "en"
    assert page.desk._choices["dash"].value == "zero"


@pytest.mark.slow
def test_another_language_keeps_what_was_chosen():
    """The files, the choices and the communes stay, the words change."""
    page = explore_briefing()
    page.desk._places._set(("Tuy Lộc", "Âu Lâu"))
    choose(page.desk, audience="internal", kind="quarter", period="2021-Q2", page="")
    page._choice.value = "en"
    assert page.desk._chosen["period"].value == "2021-Q2"
    assert page.desk._places.chosen == ("Tuy Lộc", "Âu Lâu")
    assert "In the second quarter of 2021, the whole city" in page.desk._said.value


@pytest.mark.slow
def test_each_page_of_the_pack_can_be_looked_at(desk):
    """Of all communes where none is chosen, else of those; the last that was chosen is shown."""
    choose(desk, audience="internal", page="Âu Lâu")
    assert "xã Âu Lâu" in desk._said.value
    assert len(desk._chosen["page"].options) == 1 + 15
    desk._places._set(("Tuy Lộc",))
    desk._places._set(("Tuy Lộc", "Âu Lâu"))
    assert [name for _, name in desk._chosen["page"].options] == ["", "Tuy Lộc", "Âu Lâu"]
    assert "xã Âu Lâu" in desk._said.value
    choose(desk, page="Tuy Lộc")
    assert "xã Tuy Lộc" in desk._said.value
    desk._places._set(())
    assert "toàn thành phố" in desk._said.value


def drop(desk, name, content):
    """Drop a file in, as the browser hands it over."""
    file = {"name": name, "type": "", "size": len(content), "content": memoryview(content)}
    file["last_modified"] = datetime(2026, 1, 1, tzinfo=UTC)
    desk._upload.value = (file,)


def test_a_users_files_take_the_place_of_the_sample(desk):
    """Their periods are offered, and the mark is gone."""
    rows = SAMPLE[SAMPLE["year"].between(2020, 2021)]
    plain = rows[["commune", "period_start", "period_end", "year", "tips", "sessions"]]
    drop(desk, "r.csv", plain.to_csv(index=False).encode())
    choose(desk, audience="internal")
    assert desk._chosen["period"].value == "2021"
    assert "Năm 2021, toàn thành phố tiếp nhận 600 nguồn tin" in desk._said.value
    assert "GIẢ LẬP" not in desk._said.value
    assert desk.page.view.measures == ("tips", "sessions")  # no panel of what nobody reported


@pytest.mark.slow
def test_a_wrong_file_is_explained_and_the_desk_goes_on(desk):
    """The problems in Vietnamese; nothing else is taken for that file, and the next one is read."""
    choose(desk, audience="internal")
    drop(desk, "x.xlsx", b"no workbook")
    assert "không đúng với đuôi .xlsx" in desk._shown.value
    assert desk._below.children == ()
    assert desk.records is None
    plain = SAMPLE[SAMPLE["year"] > 2020][["commune", "period_start", "period_end", "year", "tips"]]
    drop(desk, "r.csv", plain.to_csv(index=False).encode())
    assert "toàn thành phố tiếp nhận 534" in desk._said.value


@pytest.mark.slow
def test_files_that_are_too_large_are_refused_before_they_are_read(desk, monkeypatch):
    """With the size that is taken."""
    monkeypatch.setattr("antq_helpers.exploring.desk.MOST_BYTES", 10)
    drop(desk, "r.csv", b"x" * 11)
    assert "lớn hơn 0 MB" in desk._told.value
    assert desk.check is None


@pytest.mark.slow
def test_no_path_of_the_machine_can_be_read(desk):
    """Whoever opens the page has no business with its files."""
    assert desk._place not in desk.children[0].children
    assert not desk.paths


def test_periods_are_listed_from_the_latest():
    """Those in which a report ends; years to date leave the whole year out."""
    ends = pd.to_datetime(["2021-12-31", "2022-03-31", "2022-04-30"])
    records = pd.DataFrame({"period_end": ends})
    assert list_periods(records, "year") == ["2022", "2021"]
    assert list_periods(records, "quarter") == ["2022-Q2", "2022-Q1", "2021-Q4"]
    assert list_periods(records, "month") == ["2022-04", "2022-03", "2021-12"]
    assert list_periods(records, "to_date") == ["2022-to-04", "2022-to-03"]


@pytest.mark.slow
def test_the_name_of_a_file_is_text_and_no_markup(desk):
    """While it is read, and afterwards."""
    desk._progress(0, 1, "<img src=x>.csv")
    assert "&lt;img" in desk._told.value
    drop(desk, "<b>r.csv", b"")
    assert "<b>" not in desk._told.value + desk._shown.value


@pytest.mark.slow
def test_places_are_listed_in_the_order_of_the_explorer():
    """By letter, as Vietnamese has them: Âu Lâu before Đồng Tâm, and neither last."""
    listed = [name for _, name in explore_briefing(language="vi").desk._places._places]
    explored = [n for _, n in explore_trends(load_records())._places._places if n in listed]
    assert listed[:2] == ["Âu Lâu", "Đồng Tâm"]
    assert listed == explored
