"""The wheel: built, installed, and used from an empty folder, as who has no clone would."""

import html
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path
from urllib.error import URLError

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


class Installed:
    """A fresh environment, and an empty folder to run its Python in."""

    def __init__(self, folder: Path):
        venv.create(folder / "env", with_pip=True, symlinks=os.name != "nt")
        self.python = next((folder / "env").glob("[bS]*/python*"))
        self.empty = folder / "empty"
        self.empty.mkdir()
        # Dependencies are those of the environment that runs the tests. A line of a .pth file puts
        # that folder on the path without reading its own .pth files: not the clone itself.
        paths = sysconfig.get_paths(vars=dict.fromkeys(("base", "platbase"), str(folder / "env")))
        Path(paths["purelib"], "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
        self.env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self.env["JUPYTER_PATH"] = str(Path(sys.prefix, "share", "jupyter"))

    def run(self, *told) -> str:
        """Run its Python to the end, and give what it printed."""
        ended = subprocess.run([self.python, *told], capture_output=True, text=True, **self.where)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout.strip()

    @property
    def where(self) -> dict:
        """In the empty folder, with the clone nowhere on the path."""
        return {"cwd": self.empty, "env": self.env}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as `pip wheel` builds it, asking no network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel; import sys; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, check=True)
    return next(folder.glob("antq_helpers-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel installed by pip."""
    made = Installed(tmp_path_factory.mktemp("installed"))
    made.run("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel)
    return made


def test_the_wheel_holds_every_module_and_table_once(wheel):
    """What git holds of the package and of the data, and the page's notebook, but no tests."""
    held = sorted(name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info" not in name)
    kept = [
        (path, f"antq_helpers/{path}" if path.parts[0] != "antq_helpers" else path.as_posix())
        for folder in ("antq_helpers", "data")
        for path in (p.relative_to(ROOT) for p in (ROOT / folder).rglob("*") if p.is_file())
        if not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    ]
    page = "antq_helpers/notebooks/04_briefing_charts.ipynb"
    assert held == sorted([name for _, name in kept] + [page])


def test_the_package_is_the_wheels_own(installed):
    """Neither the clone nor its data are what the other tests of this file look at."""
    told = "import antq_helpers.dictionary as d; print(d.__file__, d.DATA, sep='\\n')"
    for path in installed.run("-c", told).splitlines():
        assert Path(path).is_relative_to(installed.empty.parent / "env")


def test_the_sample_is_loaded(installed):
    """4,556 tips, as the article prints."""
    told = "import antq_helpers as antq; print(antq.load_records()['tips'].sum())"
    assert float(installed.run("-c", told)) == 4556


def test_a_briefing_is_written(installed):
    """Into the folder that one is in."""
    told = ["briefing", "--period", "2022", "--audience", "internal"]
    folder = installed.empty / installed.run("-m", "antq_helpers", *told)
    assert folder == installed.empty / "out" / "briefing-2022-internal"
    assert {".pptx", ".docx", ".xlsx", ".png"} <= {p.suffix for p in folder.rglob("*")}


def test_the_page_is_served(installed):
    """With the form, by a kernel that has the wheel and no clone."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    command = [installed.python, "-m", "antq_helpers", "app", "--no-browser", "--port", str(port)]
    log = installed.empty.parent / "log"
    with log.open("wb") as written:
        server = subprocess.Popen(command, stderr=written, **installed.where)
    try:
        page = ask(f"http://127.0.0.1:{port}/", server, log)
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert "Báo cáo kỳ này nói gì" in page
    assert "BriefingPage('vi')" in page.replace("\\u0027", "'"), log.read_text()


def ask(address: str, server: subprocess.Popen, log: Path) -> str:
    """Read a page of a server that may not listen yet."""
    end = time.monotonic() + 120
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=120) as answer:
                return html.unescape(answer.read().decode())
        except URLError:
            time.sleep(0.2)
    return pytest.fail(f"The page was not served:\n{log.read_text()}")
