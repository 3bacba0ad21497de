"""Notebook 03 as its reader uses it: a subject of the movement, and communes where it has them."""

import pytest

from conftest import PICTURES, settle


@pytest.fixture(scope="module")
def page(open_notebook):
    """Notebook 03, opened and run whole."""
    return open_notebook("03_outreach_and_models")


def wait_for(page, *said):
    """Wait until the picture's alt text says all that is asked for, and nothing moves any more."""
    page.wait_for_function(
        """said => {
            const shown = document.querySelector('.antq-explorer .antq-picture');
            return said.every(text => shown.ariaLabel?.includes(text));
        }""",
        arg=list(said),
    )
    settle(page)


def test_subjects_and_communes_are_chosen(page):
    """By mouse; the table follows, and the language changes both."""
    explorer = page.locator(".antq-explorer").first
    explorer.locator("button >> text=/^Reset$/").click()
    wait_for(page, "SYNTHETIC FIGURES, FOR ILLUSTRATION. Tips against outreach sessions, ")
    explorer.scroll_into_view_if_needed()
    choices = explorer.locator("select:not([multiple])")
    choices.nth(0).select_option(label="Models over the years")
    wait_for(page, "96 models running on 2023-04-01")
    explorer.locator("select[multiple] option", has_text="Văn Phú").click()
    wait_for(page, "11 models running on 2023-04-01")
    choices.nth(1).select_option(label="Tiếng Việt")
    wait_for(page, "SỐ LIỆU GIẢ LẬP ĐỂ MINH HỌA. Mô hình phòng, chống tội phạm", "11 mô hình")
    explorer.locator(".antq-numbers tbody th", has_text="01/04/2023").wait_for()
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=PICTURES / "movement.png")
