"""Notebook 06 as staff use it: a file dropped in, looked at, corrected."""

import openpyxl
import pytest
from test_accessibility import violations

from conftest import PICTURES, settle


@pytest.fixture(scope="module")
def upload_page(open_notebook):
    """Notebook 06, opened, run whole, and scrolled back to its top."""
    page = open_notebook("06_load_your_own")
    # JupyterLab takes cells that are out of sight out of the page.
    page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, 0)")
    page.wait_for_selector(".antq-explorer button >> text=/^Chọn tệp/")
    return page


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A commune's report with one count that is none."""
    book = openpyxl.Workbook()
    rows = [
        ["CÔNG AN XÃ TUY LỘC"],
        ["BÁO CÁO NĂM 2022"],
        ["Tháng", "Số nguồn tin", "Vụ việc đã giải quyết"],
        *([f"Tháng {month}", 4 + month % 3, month % 2] for month in range(1, 12)),
        ["Tháng 12", "trên 5", 1],
    ]
    for row in rows:
        book.active.append(row)
    path = tmp_path_factory.mktemp("reports") / "tuy_loc.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def checked_page(upload_page, report):
    """The page after the report was chosen once, as a person does with the button."""
    with upload_page.expect_file_chooser() as waiting:
        upload_page.click(".antq-explorer button >> text=/^Chọn tệp/")
    waiting.value.set_files(report)
    wait_for(upload_page, "Có 1 chỗ phải sửa")
    settle(upload_page)
    return upload_page


def download(page, button, folder):
    """Click a button, and open the workbook that it hands over."""
    with page.expect_download() as waiting:
        page.click(f"button >> text={button}")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return openpyxl.load_workbook(path)


def wait_for(page, text):
    """Wait until the check says a text."""
    page.wait_for_function(
        "text => document.querySelector('.antq-check')?.textContent.includes(text)", arg=text
    )


def test_run_all_shows_the_check_of_the_example_and_its_mark(upload_page):
    """Problems stand first, and the example's figures bear the mark."""
    wait_for(upload_page, "phải sửa")
    assert (
        upload_page.locator(".antq-check table")
        .first.text_content()
        .startswith("Trang tínhÔTên cột")
    )
    assert upload_page.get_attribute(".antq-picture[aria-label^='SỐ']", "aria-label").startswith(
        "SỐ LIỆU GIẢ LẬP"
    )
    upload_page.locator(".antq-check").first.scroll_into_view_if_needed()
    upload_page.screenshot(path=PICTURES / "own-file-example.png")


def test_every_list_shows_what_is_chosen(upload_page):
    """One whose first line stood for None would show nothing."""
    shown = upload_page.locator(".antq-explorer select:not([multiple])").evaluate_all(
        "lists => lists.map(list => list.selectedOptions[0]?.text.trim())"
    )
    assert len(shown) >= 3
    assert all(shown)


def test_a_dropped_file_is_checked_and_explored_without_the_mark(checked_page):
    """Nobody who brings figures of their own is told that they are illustrative."""
    row = checked_page.locator(".antq-check").first.locator("tbody tr").first.locator("td")
    assert row.all_text_contents()[1:4] == ["B15", "Số nguồn tin", "trên 5"]
    checked_page.wait_for_function(
        """() => [...document.querySelectorAll('.antq-picture')].some(
            p => p.ariaLabel?.includes('Nguồn tin') && !p.ariaLabel?.includes('GIẢ LẬP'))"""
    )
    checked_page.screenshot(path=PICTURES / "own-file-dropped.png")
    assert violations(checked_page, ".antq-explorer") == []


def test_the_marked_workbook_comes_back_for_the_commune(checked_page, tmp_path):
    """The cell to be corrected is marked and commented in the commune's own workbook."""
    marked = download(checked_page, "Lưu bản đánh dấu", tmp_path)
    assert "ước lượng" in marked.worksheets[0]["B15"].comment.text
    assert "Số liệu" in download(checked_page, "Lưu mẫu báo cáo", tmp_path).sheetnames
