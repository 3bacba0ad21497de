"""The upload_page: files in by hand, what was found, and the explorer on them."""

from datetime import datetime

import openpyxl
import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers.exploring import upload as module
from antq_helpers.exploring.upload import explore_file
from tests.office.example import EXAMPLE, MARK, write_example

GOOD = [
    ["CÔNG AN XÃ TUY LỘC"],
    ["BÁO CÁO NĂM 2022"],
    ["Tháng", "Số nguồn tin", "Số buổi"],
    *([f"Tháng {month}", month, 2] for month in range(1, 13)),
]


@pytest.fixture
def write(tmp_path):
    """Write rows as a workbook, and give its path."""

    def to_workbook(rows, name="tuy_loc.xlsx"):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return to_workbook


def upload(upload_page, *paths):
    """Drop files in, as the browser does."""
    upload_page._upload.value = [
        {
            "name": path.name,
            "type": "",
            "size": path.stat().st_size,
            "content": memoryview(path.read_bytes()),
            "last_modified": datetime(2022, 4, 1),
        }
        for path in paths
    ]


def test_a_file_is_checked_and_its_records_are_explored(write):
    """Twelve months of one commune come out, without a mark, month by month."""
    upload_page = explore_file(write(GOOD))
    assert upload_page.check.problems == ()
    assert upload_page.check.records["tips"].tolist() == list(range(1, 13))
    assert upload_page.explorer.view == antq.View(
        measures=("tips", "sessions"), communes=("Tuy Lộc",), by="month", language="vi"
    )
    assert not upload_page.explorer.table["illustrative"].any()
    assert "Không có lỗi." in upload_page._shown.value


def test_the_example_keeps_its_mark():
    """Its title says that the figures are made up, and so does each record."""
    upload_page = explore_file(EXAMPLE)
    assert set(upload_page.check.records["source"]) == {"illustrative"}
    assert upload_page.explorer.table["illustrative"].all()


def test_an_uploaded_file_takes_the_place_of_the_one_before(write):
    """The uploads are read, and no longer held by the widget."""
    upload_page = explore_file(write(GOOD))
    other = [[cell if cell != 1 else "trên 20" for cell in row] for row in GOOD]
    upload(upload_page, write(other, "khac.xlsx"))
    assert [problem.kind for problem in upload_page.check.problems] == ["bound"]
    assert upload_page.check.account["file"].tolist() == ["khac.xlsx"]
    assert upload_page._upload.value == ()
    assert not upload_page._save.disabled


def test_an_answer_reads_the_file_again(write):
    """What a dash means is asked, and the answer counts at once."""
    rows = [*GOOD[:-1], ["Tháng 12", "-", 2]]
    upload_page = explore_file(write(rows))
    assert [problem.kind for problem in upload_page.check.problems] == ["dash"]
    upload_page._choices["dash"].value = "zero"
    assert upload_page.check.problems == ()
    assert upload_page.check.records["tips"].iloc[-1] == 0


def test_a_path_is_read_when_it_is_given(write):
    """With the quotation marks that Windows copies along."""
    upload_page = explore_file()
    assert upload_page.check is None
    upload_page._place.value = f'"{write(GOOD)}"'
    assert len(upload_page.check.records) == 12


def test_records_and_tables_of_the_movement_are_dropped_in_together(write):
    """Each kind is said, has its explorer, and its problems go into one marked list."""
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]]
    upload_page = explore_file()
    upload(upload_page, write(GOOD), write([*models, ["Tuy Lộc", "Zalo", "x", 1]], "mo_hinh.xlsx"))
    assert list(upload_page.checks) == ["records", "models"]
    assert "Mô hình: đã đọc 1 dòng." in upload_page._shown.value
    assert "Có 1 chỗ phải sửa." in upload_page._shown.value
    assert not upload_page._save.disabled
    assert upload_page._below.children == (upload_page.explorer, upload_page.movement)
    assert upload_page.movement.view.kind == "stock"
    assert not upload_page.movement.table["illustrative"].any()
    assert upload_page.movement.code().startswith('antq.draw(tables["models"], ')


def test_a_file_of_models_alone_is_explored_without_our_sample(write):
    """No records of ours stand beside it."""
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]]
    upload_page = explore_file(write(models))
    assert upload_page.explorer is None
    assert list(upload_page.tables) == ["models"]
    assert upload_page.check.records["count"].tolist() == [2]


def test_a_file_that_cannot_be_read_is_told_and_leaves_nothing_behind(tmp_path):
    """No traceback, no explorer of the file before."""
    upload_page = explore_file(EXAMPLE)
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no workbook")
    upload(upload_page, path)
    assert (upload_page.check, upload_page.explorer) == (None, None)
    assert upload_page._below.children == ()
    assert "Nội dung tệp không đúng với đuôi .xlsx" in upload_page._shown.value


def test_a_refused_file_of_persons_is_deleted(write):
    """The column is named, and no upload is kept."""
    rows = [["Xã, phường", "Năm", "Nguồn tin", "Họ và tên"], ["Tuy Lộc", 2022, 3, "x" * 9]]
    upload_page = explore_file()
    upload(upload_page, write(rows))
    assert "Họ và tên" in upload_page._shown.value
    assert "x" * 9 not in upload_page._shown.value
    assert (upload_page._path, upload_page._folder, upload_page._upload.value) == (None, None, ())


def test_the_marked_workbook_and_the_template_are_handed_to_the_browser(write, monkeypatch):
    """Both are workbooks under Vietnamese names."""
    upload_page = explore_file(write([*GOOD[:-1], ["Tháng 12", "trên 5", 2]]))
    given = {}
    monkeypatch.setattr(
        upload_page._screen, "save", lambda name, kind, content: given.update({name: content})
    )
    upload_page._save.click()
    upload_page._template.click()
    assert list(given) == ["can_sua.xlsx", "mau_bao_cao.xlsx"]
    assert all(content.startswith(b"PK") for content in given.values())


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="language='fr' is not known"):
        explore_file(language="fr")


def test_the_desk_speaks_english_when_told(write):
    upload_page = explore_file(write(GOOD), language="en")
    assert "There is no problem." in upload_page._shown.value
    assert upload_page._upload.description == "Choose files"


@pytest.mark.parametrize(
    ("days", "years", "by"),
    [(31, 1, "month"), (92, 2, "quarter"), (365, 1, "year"), (31, 3, "year")],
)
def test_few_reports_are_shown_by_their_own_period(days, years, by):
    """Three years and more are best seen by year."""
    starts = pd.to_datetime([f"{2020 + year}-01-01" for year in range(years)])
    records = pd.DataFrame(
        {
            "period_start": starts,
            "period_end": starts + pd.Timedelta(days=days - 1),
            "year": starts.year,
        }
    )
    assert module.shortest_of(records) == by


def test_the_stored_example_is_what_the_generator_writes(tmp_path):
    """And every sheet of figures bears the mark."""
    made, stored = (
        {
            sheet.title: [[c.value for c in row] for row in sheet]
            for sheet in openpyxl.load_workbook(p)
        }
        for p in (write_example(tmp_path / "example" / "a.xlsx"), EXAMPLE)
    )
    assert made == stored
    for name in ("Nguồn tin", "Vụ việc", "Tuy Lộc"):
        assert any(MARK in row for row in stored[name])
