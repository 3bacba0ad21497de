"""Notebook 01 as its reader uses it: with a mouse, with a keyboard, in JupyterLab."""

import re
from urllib.parse import urlparse

import numpy as np
import pandas as pd
from PIL import Image


def test_run_all_shows_the_explorer_with_picture_table_and_mark(explorer):
    """A reader who runs all cells sees the first view, its numbers, and that they are made up."""
    assert explorer.alt.startswith("SYNTHETIC FIGURES, FOR ILLUSTRATION. Line chart: Tips received")
    assert explorer.table[2].split("\t")[:2] == ["2013", "381 (320.8–449.3)"]
    assert len(explorer.table) == 2 + 10
    explorer.photograph("first-view")
    picture = explorer.page.locator(".antq-picture").bounding_box()
    assert picture["width"] > 700, "the picture is squeezed"


def test_communes_are_chosen_by_mouse(explorer):
    """Picture and table change together; Ctrl adds a commune."""
    explorer.places.locator("option", has_text="Tuy Lộc").click()
    explorer.wait_for("Tuy Lộc: from 33 to 23")
    explorer.places.locator("option", has_text="Đồng Tâm").click(modifiers=["Control"])
    explorer.wait_for("Tuy Lộc: from 33 to 23", "Đồng Tâm: from 37 to 58")
    assert explorer.table[1].split("\t")[1:4] == ["Đồng Tâm", "Tuy Lộc", "City mean"]
    explorer.photograph("two-communes")


def test_communes_are_chosen_by_keyboard_and_no_cell_is_touched(explorer):
    """Arrows and letters stay in the list: in JupyterLab "x" cuts a cell and "a" adds one."""
    cells = explorer.cells
    explorer.places.focus()
    explorer.page.keyboard.press("Home")
    explorer.page.keyboard.press("ArrowDown")
    explorer.page.keyboard.press("ArrowDown")
    explorer.wait_for("Âu Lâu: from 22")
    assert explorer.chosen == ["Âu Lâu"]
    explorer.page.keyboard.type("xabdd")
    explorer.page.wait_for_timeout(1200)
    explorer.page.keyboard.type("tu")
    explorer.wait_for("Tuy Lộc: from 33 to 23")
    assert explorer.cells == cells
    search = explorer.page.locator(".antq-explorer input[type=text]").first
    search.fill("")
    search.type("minh x")
    assert explorer.cells == cells
    search.fill("minh")
    explorer.page.wait_for_function(
        "() => document.querySelectorAll('.antq-explorer select[multiple] option').length == 3"
    )
    search.fill("")


def test_typing_after_a_click_on_the_picture_touches_no_cell(explorer):
    """The picture is no control, and yet "x" after a click on it must not cut the cell."""
    cells = explorer.cells
    explorer.page.click(".antq-picture")
    explorer.page.keyboard.type("xabddx")
    explorer.page.locator(".antq-numbers").click()
    explorer.page.keyboard.type("xabddx")
    explorer.page.wait_for_timeout(500)
    assert explorer.cells == cells


def test_the_page_fits_a_small_screen(explorer):
    """On 1366 by 768 nothing is cut off, and no empty band stands above the table."""
    explorer.page.set_viewport_size({"width": 1366, "height": 768})
    explorer.page.locator(".antq-explorer").first.scroll_into_view_if_needed()
    explorer.page.wait_for_timeout(500)
    explorer.photograph("small-screen")
    for width, height in ((1366, 768), (1500, 1150)):
        explorer.page.set_viewport_size({"width": width, "height": height})
        explorer.page.wait_for_timeout(300)
        picture = explorer.page.locator(".antq-live").bounding_box()
        table = explorer.page.locator(".antq-numbers").bounding_box()
        assert picture["x"] + picture["width"] <= width
        assert 0 <= table["y"] - (picture["y"] + picture["height"]) < 40


def test_the_year_slider_moves_picture_and_table(explorer):
    """By keyboard and by mouse, with one drawing when it is let go."""
    handle = explorer.page.locator(".antq-explorer .noUi-handle").first
    handle.focus()
    explorer.page.keyboard.press("ArrowRight")
    explorer.wait_for("2014 to 2022", "from 406 to 534")
    explorer.wait_for_rows("2014", "2022")
    box = explorer.page.locator(".antq-explorer .noUi-handle").last.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    explorer.page.mouse.move(*middle)
    explorer.page.mouse.down()
    explorer.page.mouse.move(middle[0] - 40, middle[1], steps=8)
    explorer.page.mouse.up()
    explorer.page.wait_for_function(
        "() => !document.querySelector('.antq-picture').ariaLabel.includes('to 2022')"
    )
    last = re.search(r"2014 to (\d{4})", explorer.alt)[1]
    assert int(last) < 2022
    explorer.wait_for_rows("2014", last)


def test_the_page_does_not_jump(explorer):
    """What stands below the explorer stays where it is, whatever is chosen."""
    foot = "document.querySelector('.antq-explorer').getBoundingClientRect().height"
    before = explorer.page.evaluate(foot)
    for button in ("All", "None"):
        explorer.page.click(f".antq-explorer button >> text=/^{button}$/")
        explorer.wait_for("And 15 more" if button == "All" else "No commune or ward chosen")
        assert explorer.page.evaluate(foot) == before
    explorer.photograph("nothing-chosen")


def test_the_language_changes_everything(explorer):
    """Labels, names, numbers and mark are Vietnamese at once."""
    explorer.page.locator(".antq-explorer select").nth(4).select_option(label="Tiếng Việt")
    explorer.wait_for("SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA", "Nguồn tin tiếp nhận", "Toàn thành phố")
    buttons = explorer.page.locator(".antq-explorer button").all_inner_texts()
    assert {"Đặt lại", "Lưu số liệu", "Tất cả", "Bỏ chọn", "Xem mã lệnh"} <= set(buttons)
    assert "381 (320,8–449,3)" in explorer.table[2]
    explorer.photograph("vietnamese")


def test_picture_and_numbers_are_saved(explorer, tmp_path):
    """The browser saves a PNG that is a picture and a CSV with the numbers of the table."""
    with explorer.page.expect_download() as download:
        explorer.page.click(".antq-explorer button >> text=Save numbers")
    download.value.save_as(tmp_path / "numbers.csv")
    numbers = pd.read_csv(tmp_path / "numbers.csv", encoding="utf-8-sig")
    assert numbers.query("measure == 'tips' and period == 2013")["value"].tolist() == [381]
    assert set(numbers["illustrative"]) == {"SYNTHETIC FIGURES, FOR ILLUSTRATION"}
    with explorer.page.expect_download() as download:
        explorer.page.click(".antq-explorer button >> text=Save picture (PNG)")
    assert download.value.suggested_filename == "antq-tips-resolved_cases.png"
    download.value.save_as(tmp_path / "picture.png")
    pixels = np.asarray(Image.open(tmp_path / "picture.png"))
    assert pixels.shape[1] == 1720
    assert pixels.std() > 10, "the picture is blank"


def test_the_code_is_shown(explorer):
    """The call that makes the view again can be copied from the page."""
    explorer.page.click(".antq-explorer button >> text=Show code")
    shown = explorer.page.locator(".antq-explorer pre")
    assert shown.inner_text().splitlines() == [
        "import antq_helpers as antq",
        "records = antq.load_records()",
        "antq.draw(records, antq.View())",
    ]
    explorer.page.click(".antq-explorer button >> text=Show code")


def test_nothing_is_asked_of_the_network(page):
    """The workbook runs offline: every request goes to this machine."""
    schemes = ("http", "https", "ws", "wss")
    hosts = {urlparse(url).hostname for url in page.asked if urlparse(url).scheme in schemes}
    assert hosts == {"127.0.0.1"}
