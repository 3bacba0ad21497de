"""From key press to new pixels, in a real JupyterLab, against a label that echoes a choice."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import nbformat

from benchmarks.national import COMMUNES, write_country
from benchmarks.table import Row, Stopwatch, compare

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 60  # seconds until a server, a page or a kernel must have answered
NOTEBOOK = "keys.ipynb"
CODE = """
import antq_helpers as antq, ipywidgets as widgets
places = widgets.SelectMultiple(options=range(17), rows=3)
label = widgets.Label("")
places.observe(lambda change: setattr(label, "value", f"chosen {change['new']}"), "value")
echo = widgets.VBox([places, label])
echo.add_class("echo")
opened = [antq.explore_trends(antq.load_records()), antq.explore_trends(
    antq.load_records("records.csv", communes="communes.csv"))]
opened[1].communes = ["Xã số 00001", "Xã số 00002", "Xã số 00003"]
for explorer, name in zip(opened, ["city", "country"]):
    explorer.add_class(name)
widgets.VBox([echo, *opened])
"""
LIST, HANDLE = "select[multiple]", ".noUi-handle-upper"
# Each choice: what is changed before it, as a control and its value, and the control of its keys.
CHOICES = {
    "commune": ("city", {}, LIST),
    "measure": ("city", {}, "Upper picture"),
    "years": ("city", {}, HANDLE),
    "measure, 15 communes by month": ("city", {"All": None, "By": "Month"}, "Upper picture"),
    "years, 15 communes by month": ("city", {}, HANDLE),
    "period, 15 communes": ("city", {"By": "Year"}, "By"),
    "measure, 3 of 10,000 communes": ("country", {}, "Upper picture"),
    "commune of 10,000": ("country", {}, LIST),
}
WAY = ("ArrowDown", "ArrowUp")
# Each promise is made before the key is pressed, and gives the milliseconds from keydown. A bare
# list has no guard against JupyterLab's shortcuts, which would take the arrows.
WATCH = """
() => {
  document.querySelector(".echo select").setAttribute("data-lm-suppress-shortcuts", "true");
  const pressed = () => new Promise((found) => document.addEventListener(
    "keydown", () => found(performance.now()), { capture: true, once: true }));
  const changed = (element, options) => new Promise((found) => {
    const watcher = new MutationObserver(() => { watcher.disconnect(); found(); });
    watcher.observe(element, options);
  });
  window.untilPixels = async (explorer) => {
    const picture = document.querySelector(`.${explorer} .antq-picture`);
    const key = pressed();
    await new Promise((found) => picture.addEventListener("drawn", found, { once: true }));
    await new Promise(requestAnimationFrame);
    return performance.now() - await key;
  };
  window.untilText = async () => {
    const key = pressed();
    const label = document.querySelector(".echo .widget-label:last-child");
    await changed(label, { childList: true, characterData: true, subtree: true });
    return performance.now() - await key;
  };
}
"""


def rows(repeats: int) -> list[Row]:
    """Compare keys pressed in a list of communes and in a bare list, on one page.

    Raises
    ------
    RuntimeError
        Where there is no browser.
    """
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if not browser:
        raise RuntimeError("there is no chromium on the path")
    with TemporaryDirectory() as folder, served(Path(folder)) as address, opened(browser) as page:
        page.goto(address)
        page.wait_for_selector(r"text=/\| Idle/")  # earlier, the cell would not be run at all
        page.click(".jp-Notebook .cm-content")
        page.keyboard.press("Shift+Enter")
        page.wait_for_selector(".country .antq-picture[aria-label] canvas")
        page.evaluate(WATCH)
        found = []
        echo = keys(page, page.locator(".echo select"), "untilText()")
        for what, (where, before, which) in CHOICES.items():
            explorer = page.locator(f".{where}")
            for name, value in before.items():
                if value is None:
                    explorer.get_by_role("button", name=name, exact=True).click()
                else:
                    explorer.get_by_label(name, exact=True).select_option(label=value)
                page.wait_for_timeout(3000)
            control = (
                explorer.locator(which).first
                if which in (LIST, HANDLE)
                else explorer.get_by_label(which, exact=True)
            )
            ours = keys(page, control, f"untilPixels('{where}')")
            named = f"key to pixels: {what}"
            found.append(compare(named, ours, "key to a label's text", echo, 1.5, repeats))
        return found


def keys(page: object, control: object, until: str) -> Stopwatch:
    """Press arrows in a control, there and back, and wait until the page has answered each."""
    control.press("ArrowDown")  # a list without a choice takes its first entry

    def press(turn: int) -> float:
        control.focus()
        page.evaluate(f"() => {{ window.answer = 0; {until}.then((ms) => window.answer = ms); }}")
        page.keyboard.press(WAY[turn % len(WAY)])
        milliseconds = page.wait_for_function("window.answer", polling=50).json_value()
        page.wait_for_timeout(100)  # what comes after the pixels, such as the table, must be done
        return milliseconds

    return press


@contextmanager
def opened(browser: str) -> Iterator[object]:
    """Open an empty page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=FLAGS)
        page = chromium.new_page(viewport={"width": 1400, "height": 1400})
        page.set_default_timeout(PATIENCE * 1000)
        yield page
        chromium.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve one notebook by a JupyterLab that keeps whatever it writes inside a folder."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)], metadata=kernel)
    nbformat.write(notebook, folder / NOTEBOOK)
    write_country(folder, COMMUNES, 12)
    token, port = secrets.token_hex(16), free_port()
    address = f"http://127.0.0.1:{port}"
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "IdentityProvider.token": token,
        "LabApp.extension_manager": "readonly",
    }
    kept = {
        name: str(folder / name.lower())
        for name in (
            *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"),
            *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
        )
    }
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser"),
            *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
            *(f"--{name}={value}" for name, value in options.items()),
        ],
        env=os.environ | kept,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{address}/api/status?token={token}")
        yield f"{address}/lab/tree/{NOTEBOOK}?token={token}"
    finally:
        server.terminate()  # it ends its kernels first
        server.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(address: str) -> None:
    patience = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(address, timeout=5).close()
            return
        except (URLError, ConnectionError):
            if time.monotonic() > patience:
                raise
            time.sleep(0.2)
