"""What axe-core finds against WCAG 2.2 AA in the explorers and the page, and what sliders say."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_briefing_page import page_address, visit  # noqa: F401

from conftest import settle

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAMED = {"button-name", "select-name", "label", "color-contrast"}


def violations(page, where):
    """List what axe-core finds in a part of a page; of rules that found nothing to look at, too.

    A theme's colours come one after another, so what is found must still be there after a while.
    """
    for _ in range(15):
        settle(page)
        found = _found(page, where)
        if not found:
            break
        page.wait_for_timeout(1000)
    return found


def _found(page, where):
    rules = {"runOnly": {"type": "tag", "values": WCAG}}
    answer = Axe().run(page, where, rules).response
    found = [
        f"{rule['id']}: {node['html']}\n{node['failureSummary']}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
    looked_at = {rule["id"] for rule in [*answer["passes"], *answer["violations"]]}
    return found + [f"{rule} looked at nothing" for rule in NAMED - looked_at]


@pytest.fixture(
    scope="module", params=["01_explore_trends", "02_compare_communes", "03_outreach_and_models"]
)
def notebook(open_notebook, request):
    """Each notebook with an explorer, run whole, its code shown."""
    page = open_notebook(request.param)
    page.locator(".antq-explorer button", has_text="Show code").first.click()
    page.locator(".antq-explorer pre").first.wait_for()
    yield page
    page.close()


def test_axe_finds_nothing_in_an_explorer(notebook):
    """Dark and light; the theme stays for the tests that follow."""
    for theme in ("Dark", "Light"):
        turn = "t => jupyterapp.commands.execute('apputils:change-theme', {theme: t})"
        notebook.evaluate(turn, f"JupyterLab {theme}")
        shown = f"body[data-jp-theme-light={str(theme == 'Light').lower()}]"
        notebook.wait_for_selector(shown, state="attached")
        assert violations(notebook, ".antq-explorer") == [], theme


def test_sliders_say_years(notebook):
    """Not their places; and each end has a name of its own."""
    handles = notebook.locator(".antq-explorer .noUi-handle").all()
    said = [(h.get_attribute("aria-label"), h.get_attribute("aria-valuetext")) for h in handles]
    assert [name for name, _ in said] == ["Years ←", "Years →"]
    shown = notebook.locator(".antq-explorer .widget-hslider .widget-readout").inner_text()
    assert [year for _, year in said] == shown.replace("–", "-").split("-")


def test_axe_finds_nothing_on_the_page(visit):  # noqa: F811
    """As it opens, with the figures for illustration."""
    page = visit()
    assert violations(page, "body") == []
