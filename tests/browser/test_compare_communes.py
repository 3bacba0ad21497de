"""Notebook 02 as its reader uses it: a picture of all communes, one of them over the years."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from conftest import settle

NAMES = {
    "Tile map": "Tile map: Tips received per 1,000 residents, 2013–2022.",
    "Heatmap by year": "Heatmap by year: Tips received per 1,000 residents, 2013–2022.",
    "Funnel plot": "Funnel plot: Tips received per 1,000 residents, 2013–2022.",
    "Small multiples": "Small multiples: Tips received per 1,000 residents, 2013–2022.",
}


@pytest.fixture(scope="module")
def page(open_notebook):
    """Notebook 02, opened and run whole."""
    return open_notebook("02_compare_communes")


@pytest.fixture
def explorer(page):
    """The explorer's widget, reset and scrolled to."""
    page.click(".antq-explorer button >> text=/^(Reset|Đặt lại)$/")
    wait_for(page, 0, "Ranking: Tips received per 1,000 residents, 2013–2022.")
    found = page.locator(".antq-explorer").first
    found.scroll_into_view_if_needed()
    return found


def wait_for(page, place, *said):
    """Wait until a picture's alt text says all that is asked for, and nothing moves any more."""
    page.wait_for_function(
        """([place, said]) => {
            const shown = document.querySelectorAll('.antq-explorer .antq-picture')[place];
            return shown && said.every(text => shown.ariaLabel?.includes(text));
        }""",
        arg=[place, list(said)],
    )
    settle(page)


def photograph(page, name):
    """Leave a picture of the page for whoever looks."""
    from conftest import PICTURES

    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=PICTURES / f"{name}.png")


def test_every_picture_can_be_chosen(page, explorer):
    """Each with its kind, its mark and its numbers below."""
    choice = explorer.locator("select:not([multiple])").nth(1)
    for name, alt in NAMES.items():
        choice.select_option(label=name)
        wait_for(page, 0, "SYNTHETIC FIGURES, FOR ILLUSTRATION", alt)
        assert explorer.locator(".antq-numbers tbody tr").count() == 15
        photograph(page, f"communes-{name.split()[0].lower()}")


def test_a_click_shows_the_control_chart_beside(page, explorer):
    """An arrow key moves on to the next commune; letters touch no cell."""
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    places = explorer.locator("select[multiple]")
    places.locator("option", has_text="Tuy Lộc").click()
    wait_for(page, 1, "Control chart", "Tuy Lộc: from 7.8 to 5.4")
    shown = page.locator(".antq-explorer .antq-picture")
    assert shown.nth(1).is_visible()
    photograph(page, "communes-control")
    places.focus()
    page.keyboard.press("ArrowDown")
    wait_for(page, 1, "Văn Phú: from")
    page.keyboard.type("xabdd")
    page.wait_for_timeout(500)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    explorer.locator("button >> text=/^None$/").click()
    page.wait_for_function(
        "() => document.querySelectorAll('.antq-explorer .antq-picture')[1].offsetHeight == 0"
    )


def test_the_language_changes_both_pictures(page, explorer):
    """Kind, measure, mark and numbers are Vietnamese."""
    explorer.locator("select[multiple] option", has_text="Âu Lâu").click()
    wait_for(page, 1, "Âu Lâu: from")
    explorer.locator("select:not([multiple])").nth(2).select_option(label="Tiếng Việt")
    for place, kind in ((0, "Xếp thứ tự"), (1, "Biểu đồ kiểm soát")):
        wait_for(page, place, "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA", kind, "Nguồn tin tiếp nhận")
    assert "4,6" in page.locator(".antq-explorer .antq-picture").first.get_attribute("aria-label")
    photograph(page, "communes-vietnamese")


def test_the_page_fits_a_small_screen(page, explorer):
    """On 1366 by 768 no picture is cut off or squeezed."""
    explorer.locator("select[multiple] option", has_text="Tuy Lộc").click()
    wait_for(page, 1, "Tuy Lộc: from")
    page.set_viewport_size({"width": 1366, "height": 768})
    page.wait_for_timeout(400)
    for picture in page.locator(".antq-explorer .antq-picture").all():
        box = picture.bounding_box()
        assert box["x"] + box["width"] <= 1366
        assert box["width"] > 550
    photograph(page, "communes-small-screen")
    page.set_viewport_size({"width": 1500, "height": 1150})


def test_picture_and_numbers_are_saved(page, explorer, tmp_path):
    """As files of the browser, named after what they hold."""
    with page.expect_download() as download:
        explorer.locator("button >> text=Save numbers").click()
    numbers = pd.read_csv(io.BytesIO(download.value.path().read_bytes()))
    assert len(numbers) == 15
    assert set(numbers["illustrative"]) == {"SYNTHETIC FIGURES, FOR ILLUSTRATION"}
    with page.expect_download() as download:
        explorer.locator("button >> text=Save picture (PNG)").click()
    assert download.value.suggested_filename == "antq-ranking-tips.png"
    assert np.asarray(Image.open(download.value.path())).std() > 10


def test_the_code_is_shown(page, explorer):
    """Both calls can be copied from the page."""
    explorer.locator("select[multiple] option", has_text="Tuy Lộc").click()
    wait_for(page, 1, "Tuy Lộc: from")
    explorer.locator("button >> text=Show code").click()
    assert explorer.locator("pre").inner_text().splitlines() == [
        "import antq_helpers as antq",
        "records = antq.load_records()",
        "display(antq.draw(records, antq.View(kind='ranking')))",
        "display(antq.draw(records, antq.View(kind='control', communes=('Tuy Lộc',))))",
    ]
    explorer.locator("button >> text=Show code").click()
