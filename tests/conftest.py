"""What several test files need: a file of records written and loaded in one call."""

import csv
import gc
import secrets
import sys
import warnings
from functools import partial
from types import SimpleNamespace

import pytest
from matplotlib import pyplot as plt

import antq_helpers as antq
from antq_helpers.dictionary import DATA
from antq_helpers.measuring import releases
from antq_helpers.reading.load import load_records
from tests import quick
from tests.books import check_rows


def pytest_configure(config):
    """A run without the slow tests tries fewer random cases, too."""
    quick.examples.whole_run = config.option.markexpr != "not slow"


@pytest.hookimpl(tryfirst=True)  # before the slow ones are left out
def pytest_collection_modifyitems(items):
    """Leave to the whole run all cases of a test but its first and last, and most notebooks."""
    cases = {}
    for item in items:
        if item.path.suffix == ".ipynb" and not item.path.name.startswith("01"):
            item.add_marker(pytest.mark.slow)
        if hasattr(item, "callspec"):
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for alike in cases.values():
        for item in alike[1:-1]:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish():
    """Spare the tests rounds of garbage collection through all that was imported and collected.

    They would take a tenth of the whole time. What a test leaves behind is still collected.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


HEADER = (
    "commune",
    "period_start",
    "period_end",
    "sessions",
    "attendances",
    "tips",
    "valuable_tips",
    "resolved_cases",
)


@pytest.fixture
def write_records(tmp_path):
    """Write rows below a header to a CSV, and give its path."""

    def write(*rows, header=HEADER, name="quy1.csv", encoding="utf-8"):
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def load(write_records):
    """Write rows below the documented header to quy1.csv, and load them."""

    def load_rows(*rows, **options):
        return load_records(write_records(*rows), **options)

    return load_rows


@pytest.fixture
def check(tmp_path):
    """Write rows to quy1.xlsx, and check it as an office file; account for each of its cells."""
    return partial(check_rows, tmp_path / "quy1.xlsx")


@pytest.fixture
def run_cell():
    """Run code as one cell of a notebook, and give the figures that are shown below it."""

    def run(code, **names):
        plt.close("all")
        exec(code, {"antq": antq, **names})
        return [plt.figure(number) for number in plt.get_fignums()]

    yield run
    plt.close("all")


@pytest.fixture
def elsewhere(tmp_path):
    """Another place of three communes, two of which merged in 2021; give the path of its table."""
    header = (DATA / "communes.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = [
        "1@2010,00001,Đông,commune,,2010-01-01,2020-12-31,100,1,x,1,true",
        "2@2010,00002,Tây,commune,,2010-01-01,2020-12-31,200,1,x,2,true",
        "3@2010,00003,Nam,ward,,2010-01-01,,300,1,x,3,true",
        "1@2021,00001,Đông,commune,,2021-01-01,,300,2,y,1,true",
    ]
    path = tmp_path / "communes.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def no_figures():
    """Close the figures that a test drew itself, so that others find none."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture(autouse=True)
def own_book(tmp_path, monkeypatch):
    """Leave no release book in the current folder, nor its announcement; its key is always one."""
    make = releases._make

    def quietly(*told):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            make(*told)

    monkeypatch.setattr(releases, "BOOK", str(tmp_path / releases.BOOK))
    monkeypatch.setattr(releases, "_make", quietly)
    keys = SimpleNamespace(token_hex=secrets.token_hex, token_bytes=bytes)
    monkeypatch.setattr(releases, "secrets", keys)
    return make
