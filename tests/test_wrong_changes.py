"""Fifteen wrong changes, each made in a copy of the clone: which check catches it.

A reviewer may rely on each check named here; none of the changes passes all of them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
NOTEBOOK = "notebooks/02_compare_communes.ipynb"
# What is changed: a file, its text, the wrong one; and the check that must fail.
CHANGES = {
    "a number in the data": (
        "data/sample/records.csv", ",37,", ",38,", "tests/test_data.py",
    ),
    "a formula": (
        "antq_helpers/measuring/intervals.py", "1 / (9 * events)", "1 / (8 * events)",
        "tests/test_intervals.py",
    ),
    "a label": (
        "data/measures.csv", "Tips received", "Tips sent", NOTEBOOK,
    ),
    "communes swapped in a picture": (
        "antq_helpers/drawing/ranking.py", 'numbers.sort_values("value", **order)',
        'numbers.sort_values("value", **order).assign(commune=numbers["commune"].to_numpy()[::-1])',
        NOTEBOOK,
    ),
    "a colour": (
        "antq_helpers/drawing/style.py", '"#e35528", "#342f5b"', '"#342f5b", "#e35528"',
        "notebooks/01_explore_trends.ipynb",
    ),
    "the word for a direction": (
        "data/words.csv", "say_fewer_count,giảm", "say_fewer_count,tăng",
        "tests/test_sentence_table.py",
    ),
    "a period that is off by one": (
        "antq_helpers/measuring/periods.py", "monday + pd.Timedelta(days=_WEEK - 1)",
        "monday + pd.Timedelta(days=_WEEK)", "tests/test_weeks.py",
    ),
    "a mark that is dropped": (
        "antq_helpers/drawing/style.py", "def mark(",
        "def mark(picture, *_):\n    return picture\n\n\ndef _(", "tests/test_style.py",
    ),
    "another unit": (
        "data/words.csv", "{label} per {per} residents", "{label} per {per} households", NOTEBOOK,
    ),
    "a stored output that is old": (
        "notebooks/05_check_published_figures.ipynb", "4,556", "4,555",
        "notebooks/05_check_published_figures.ipynb",
    ),
    "a number in prose": (
        "notebooks/00_about_the_data.ipynb", "4,556", "4,565", "tests/test_notebooks.py",
    ),
}  # fmt: skip


@pytest.fixture
def clone(tmp_path):
    """A copy of what is in the clone, to be changed."""
    kept = shutil.ignore_patterns(".venv", ".git", "out", "__pycache__", "*.egg-info")
    return Path(shutil.copytree(ROOT, tmp_path / "clone", ignore=kept))


def run(clone, *command, **env):
    """Run a command in a copy, which uses the package of that copy."""
    kept = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=clone, capture_output=True, text=True,
        env={**kept, "PYTHONPATH": str(clone), **env}, check=False,
    )  # fmt: skip


def check(clone, what, **env):
    """Run one file of the tests, or compare one notebook with what is stored."""
    return run(clone, "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", what, **env)


def change(clone, name, old, new):
    """Change the first place of a text in a file."""
    path = clone / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("what", CHANGES)
def test_a_wrong_change_is_caught(clone, what):
    """By the check that stands beside it, after the data were sealed anew as an author would."""
    name, old, new, by = CHANGES[what]
    change(clone, name, old, new)
    if by != "tests/test_data.py":
        run(clone, "antq_helpers", "seal")
    done = check(clone, by)
    assert done.returncode == 1, done.stdout[-2000:]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("antq_helpers/drawing/ranking.py", "linewidth=1.4)", "linewidth=4)"),
        ("antq_helpers/drawing/antq.mplstyle", "DejaVu Sans\n", "DejaVu Serif\n"),
    ],
    ids=["newer library", "other font"],
)
def test_other_ink_is_shown_to_the_reviewer(clone, name, old, new):
    """As a newer version of a library or a missing font makes it; the numbers are the same."""
    change(clone, name, old, new)
    done = run(clone, "antq_helpers", "compare", NOTEBOOK, "--to", "review.html")
    assert done.returncode == 0, done.stderr
    assert "only the ink changed" in done.stdout, done.stdout


def test_another_locale_changes_nothing(clone):
    """Neither sorting, nor numbers, nor the reading of files follow it."""
    done = check(clone, "tests/test_sentence_table.py", LC_ALL="C", LANG="tr_TR", PYTHONUTF8="0")
    assert done.returncode == 0, done.stdout[-2000:]


def test_another_copy_of_the_package_is_not_tested_in_its_place(clone):
    """The run stops before its first test."""
    done = check(clone, "tests/test_intervals.py", PYTHONPATH=str(ROOT))
    assert done.returncode
    assert "Nothing was tested" in done.stdout + done.stderr
