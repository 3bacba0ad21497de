"""A real JupyterLab and a real browser, with notebook 01 run in it."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError, sync_playwright

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "out" / "browser"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# No news question at the first visit; and cells out of sight stay in the page, where by default
# JupyterLab takes them out, sooner or later as the machine is fast or slow.
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"},
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
_KERNEL_IS_THERE = """async () => {
    const context = window.jupyterapp.shell.currentWidget.sessionContext;
    await context.ready;
    await context.session.kernel.info;
}"""


# Alt text, table and places of the pictures come in messages of their own, one after another; and
# a live picture, which changes nothing of the page while it is drawn, says that it is busy.
_NOTHING_MOVES = """() => new Promise((resolve, reject) => {
    const late = Date.now() + 20_000;
    const ended = () => {
        const busy = document.querySelector('.antq-explorer [aria-busy=true]');
        if (busy && Date.now() > late) reject(new Error('A picture was not drawn in 20 seconds.'));
        if (busy) { quiet = setTimeout(ended, 300); return; }
        watch.disconnect();
        resolve();
    };
    let quiet = setTimeout(ended, 300);
    const watch = new MutationObserver(() => {
        clearTimeout(quiet);
        quiet = setTimeout(ended, 300);
    });
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    document.querySelectorAll('.antq-explorer').forEach(found => watch.observe(found, all));
})"""


def settle(page):
    """Wait until all pictures are drawn and nothing in the explorers has changed for 0.3 s."""
    page.evaluate(_NOTHING_MOVES)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab over a copy of the notebooks, so that nothing of ours changes."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "benchmarks").mkdir()
    shutil.copy(ROOT / "benchmarks" / "simulation.csv", folder / "benchmarks")
    settings = folder / "settings"
    settings.mkdir()
    (settings / "overrides.json").write_text(json.dumps(_SETTINGS))
    token = secrets.token_hex(16)
    options = [
        "--no-browser",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        f"--IdentityProvider.token={token}",
        f"--LabApp.app_settings_dir={settings}",
        f"--LabApp.workspaces_dir={folder / 'workspaces'}",
        f"--LabApp.user_settings_dir={folder / 'user'}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True",
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stderr=log)
    try:
        yield _address(server, folder / "log"), token
    finally:
        server.terminate()
        server.wait(timeout=20)


def _address(server, log):
    """Wait until the server says where it listens."""
    for _ in range(300):
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab", log.read_text())
        if found:
            return found[1]
        if server.poll() is not None:
            break
        time.sleep(0.1)
    return pytest.fail("JupyterLab did not start:\n" + log.read_text())


@pytest.fixture(scope="session")
def browser():
    """Chromium or Chrome, whichever the machine has."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("The browser tests need Chromium or Chrome on the PATH.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def open_notebook(lab, browser):
    """Opens a notebook and runs it whole; ``page.asked`` lists every address asked for."""
    address, token = lab

    def open_and_run(name):
        page = browser.new_page(viewport={"width": 1500, "height": 1150})
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{address}/lab/workspaces/{name}/tree/notebooks/{name}.ipynb?token={token}")
        try:
            _run_all(page)
        except TimeoutError as late:
            PICTURES.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=PICTURES / f"{name}-late.png")
            said = page.locator(".jp-NotebookPanel").all_inner_texts()
            pytest.fail(f"{name} did not run in time: {late}\n{said}")
        return page

    return open_and_run


def _run_all(page):
    """Run all cells of the notebook, and wait until the last has run and the picture stands."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    # An order that comes before the kernel is there is lost, and the page says "idle" all along.
    page.evaluate(_KERNEL_IS_THERE)
    if page.locator("#jp-left-stack").is_visible():
        page.keyboard.press("Control+b")
    page.click(".lm-MenuBar-itemLabel >> text=Run")
    page.click('[data-command="runmenu:run-all"]')
    page.wait_for_selector(".antq-picture[aria-label]", state="attached", timeout=90_000)
    page.wait_for_selector(".antq-numbers td b", state="attached", timeout=90_000)
    # No star at a cell says that all have run.
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-InputPrompt')].every(
          p => !p.innerText.includes('*'))""",
        timeout=90_000,
    )


@pytest.fixture(scope="session")
def page(open_notebook):
    """Notebook 01, opened and run whole."""
    return open_notebook("01_explore_trends")


@pytest.fixture
def explorer(page):
    """The explorer, reset to its first view, and scrolled to."""
    page.click(".antq-explorer button >> text=/^(Reset|Đặt lại)$/")
    page.wait_for_function(
        """() => document.querySelector('.antq-picture').ariaLabel
              ?.includes('Whole city: from 381 to 534')"""
    )
    settle(page)
    page.locator(".antq-explorer").first.scroll_into_view_if_needed()
    return Explorer(page)


class Explorer:
    """What a person sees and does in the explorer."""

    def __init__(self, page):
        self.page = page
        self.places = page.locator(".antq-explorer select[multiple]")

    @property
    def alt(self):
        """The picture's alt text, which is its name."""
        return self.page.get_attribute(".antq-picture", "aria-label")

    @property
    def table(self):
        """The rows of the table of numbers, as text."""
        return self.page.locator(".antq-numbers tr").all_inner_texts()

    @property
    def cells(self):
        """How many cells the notebook has."""
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    @property
    def chosen(self):
        """The names chosen in the list."""
        return self.places.evaluate("list => [...list.selectedOptions].map(o => o.value)")

    def wait_for(self, *texts):
        """Wait until the picture's alt text has all texts, and the table stands."""
        self.page.wait_for_function(
            """texts => texts.every(
                t => document.querySelector('.antq-picture').ariaLabel?.includes(t))""",
            arg=list(texts),
            timeout=15_000,
        )
        settle(self.page)

    def wait_for_rows(self, first, last):
        """Wait until the table goes from one period to another; it follows the picture."""
        self.page.wait_for_function(
            """([first, last]) => {
                const rows = [...document.querySelectorAll('.antq-numbers tbody th')];
                return rows.at(0).innerText === first && rows.at(-1).innerText === last;
            }""",
            arg=[first, last],
            timeout=15_000,
        )

    def photograph(self, name):
        """Keep a picture of the page, to be looked at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png")
