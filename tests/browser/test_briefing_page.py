"""The page without code in a real browser: from upload to pack, by mouse and by keyboard."""

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile

import pytest

from antq_helpers import load_records
from conftest import PICTURES

ADDRESS = "http://127.0.0.1"


@pytest.fixture(scope="module")
def page_address():
    """The address of the page, served as `make app` serves it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "antq_helpers", "app", "--port", str(port), "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"{ADDRESS}:{port}"
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture
def visit(page_address, browser):
    """Opens the page as another visitor each time; ``asked`` lists every address asked for."""
    opened = []

    def open_page():
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        opened.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(page_address)
        page.get_by_label("Tài liệu dùng cho").wait_for(timeout=60_000)
        return page

    yield open_page
    for context in opened:
        context.close()


def wait_for(page, text):
    """Wait until the headline says a text."""
    page.locator("h3", has_text=text).wait_for(timeout=30_000)


@pytest.fixture
def report(tmp_path):
    """Two years of figures of one's own."""
    rows = load_records()
    rows = rows[rows["year"].between(2020, 2021)]
    path = tmp_path / "hai_nam.csv"
    rows[["commune", "period_start", "period_end", "year", "tips", "sessions"]].to_csv(
        path, index=False
    )
    return path


def drop(page, paths):
    """Choose a file, or several, after a click on the button."""
    with page.expect_file_chooser() as waiting:
        page.click("button >> text=/^Chọn tệp/")
    waiting.value.set_files(paths)


def test_from_upload_to_pack_by_mouse(visit, report, tmp_path):
    """A file in, audience and period chosen, a pack out; nothing asked of any other machine."""
    page = visit()
    assert page.title() == "Lập báo cáo phong trào Toàn dân bảo vệ ANTQ"
    assert page.get_attribute("html", "lang") == "vi"
    models = tmp_path / "mo_hinh.csv"
    rows = "Xã phường,Mô hình,Từ ngày,Số lượng\nTuy Lộc,Camera an ninh,3/2019,2\n"
    models.write_text(rows, encoding="utf-8")
    drop(page, [report, models])
    page.get_by_text("Mô hình: đã đọc 1 dòng.").wait_for(timeout=30_000)
    page.get_by_label("Tài liệu dùng cho").select_option(label="Lưu hành nội bộ")
    wait_for(page, "Năm 2021, toàn thành phố tiếp nhận 600 nguồn tin")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "page-uploaded.png", full_page=True)
    with page.expect_download(timeout=90_000) as waiting:
        page.click("button >> text=Tải bộ tài liệu")
    assert waiting.value.suggested_filename == "bao-cao-nam-2021-noi-bo.zip"
    waiting.value.save_as(tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        assert {"bao-cao.pptx", "phu-luc.docx", "so-lieu.xlsx"} < set(archive.namelist())
        assert any(name.endswith("-models.png") for name in archive.namelist())
    others = [url for url in page.asked if not re.match(rf"(blob:)?{ADDRESS}:|data:", url)]
    assert others == []
    assert "explore_briefing" not in page.content()


def test_by_keyboard_alone_in_both_languages(visit):
    """Tab reaches each control, arrows choose; the button gives the pack at Enter."""
    page = visit()

    def reach(label):
        for _ in range(40):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                """() => { const e = document.activeElement;
                    return e.labels?.[0]?.textContent || e.textContent || e.placeholder }"""
            )
            if label in (focused or "")[:40]:
                return
        pytest.fail(f"{label} is not reached by Tab")

    reach("Tài liệu dùng cho")
    audience = page.get_by_label("Tài liệu dùng cho")
    assert audience.input_value().replace("\xa0", " ") == "– chọn –"
    page.keyboard.press("ArrowDown")
    wait_for(page, "Năm 2022")
    page.screenshot(path=PICTURES / "page-sample.png")
    reach("Loại kỳ")
    page.keyboard.press("ArrowDown")
    wait_for(page, "6 tháng cuối năm 2022")
    reach("Tải bộ tài liệu")
    with page.expect_download(timeout=90_000) as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "bao-cao-6-thang-cuoi-nam-2022-noi-bo.zip"
    page.get_by_label("Ngôn ngữ").select_option(label="English")
    wait_for(page, "In the second half of 2022, the whole city received")


def test_two_visitors_do_not_see_each_others_data(visit, report):
    """One with a file, one with the sample, at once."""
    first, second = visit(), visit()
    drop(first, report)
    first.locator(".antq-check").wait_for(timeout=30_000)
    for page in (second, first):
        page.get_by_label("Tài liệu dùng cho").select_option(label="Lưu hành nội bộ")
    wait_for(first, "Năm 2021")
    wait_for(second, "Năm 2022")
    assert "GIẢ LẬP" in second.content()
    assert second.locator(".antq-check").count() == 0


def test_a_wrong_file_is_explained_and_the_page_goes_on(visit, report, tmp_path):
    """In Vietnamese, with what to do."""
    page = visit()
    (tmp_path / "hong.xlsx").write_bytes(b"no workbook")
    drop(page, tmp_path / "hong.xlsx")
    page.locator(".antq-check", has_text="không đúng với đuôi .xlsx").wait_for(timeout=30_000)
    page.screenshot(path=PICTURES / "page-wrong-file.png", full_page=True)
    drop(page, report)
    page.get_by_label("Tài liệu dùng cho").select_option(label="Công bố (ẩn số nhỏ)")
    wait_for(page, "Năm 2021")


def test_too_large_a_file_is_refused_and_the_page_goes_on(visit, report, tmp_path):
    """30 MB, of which 25 are taken: said in two seconds, and the next file is read."""
    page = visit()
    (tmp_path / "lon.csv").write_bytes(b"Tuy Loc,1\n" * 3_000_000)
    drop(page, tmp_path / "lon.csv")
    page.get_by_text("lớn hơn 25 MB").wait_for(timeout=30_000)
    drop(page, report)
    page.locator(".antq-check").wait_for(timeout=30_000)


def test_neither_code_nor_files_are_served(page_address, browser):
    """Whatever is asked for beside the page."""
    page = browser.new_page()
    for path in ("voila/files/README.md", "voila/files/briefing.ipynb", "files/briefing.ipynb"):
        answer = page.request.get(f"{page_address}/{path}", max_redirects=0)
        assert answer.status in (302, 403, 404), path
        assert "explore_briefing" not in answer.text()
    page.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, 200),  # a link
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Host": "another.example"}, 403),
    ],
    ids=["visitor", "link", "picture", "frame", "name"],
)
def test_another_site_can_not_start_programs_here(page_address, headers, status):
    """Each visit starts one: a page of a hundred pictures would fill the machine."""
    asked = urllib.request.Request(f"{page_address}/", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            found = answer.status
    except urllib.error.HTTPError as refused:
        found = refused.code
    assert found == status
