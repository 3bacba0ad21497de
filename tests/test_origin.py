"""Each run says which copy of the package it tests, and tests no other."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from antq_helpers.reviewing.origin import hash_files, origin

ROOT = Path(__file__).parent.parent


def run_pytest(cwd, *told, **env):
    """Run pytest in a folder, and give what it says."""
    kept = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--collect-only", *told],
        cwd=cwd, capture_output=True, text=True, env={**kept, **env},
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("what", ["notebooks/05_check_published_figures.ipynb", "tests/quick.py"])
def test_the_head_of_a_run_names_package_version_commit_and_data(what):
    """Also where only notebooks are compared."""
    _, said = run_pytest(ROOT, what)
    for name, value in origin().items():
        assert f"antq_helpers {name}: {value}" in said
    assert re.search(r"antq_helpers data: [0-9a-f]{64}", said)


@pytest.mark.slow
def test_a_run_that_would_test_another_copy_stops(tmp_path):
    """A second clone whose environment is that of the first; a relative path that kernels miss."""
    other = tmp_path / "clone"
    shutil.copytree(ROOT / "antq_helpers", other / "antq_helpers")
    (other / "notebooks").mkdir()
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, other)
    code, said = run_pytest(other, "notebooks", PYTHONPATH="")
    assert code
    assert f"Nothing was tested: the notebooks would use the package in {ROOT}" in said
    code, said = run_pytest(other, "notebooks", PYTHONPATH=str(ROOT))
    assert code
    assert f"not this copy, {other / 'antq_helpers'}" in said
    code, said = run_pytest(other, "notebooks", PYTHONPATH=str(other))
    assert "Nothing was tested" not in said


def test_the_checksum_of_the_data_is_that_of_each_file(tmp_path):
    """Another value, another name; not another line end or a file of the system."""
    (tmp_path / "a.csv").write_bytes(b"x\n1\n")
    first = hash_files(tmp_path)
    (tmp_path / "a.csv").write_bytes(b"x\r\n1\r\n")
    (tmp_path / ".DS_Store").write_bytes(b"1")
    assert hash_files(tmp_path) == first
    (tmp_path / "a.csv").write_bytes(b"x\n2\n")
    assert hash_files(tmp_path) != first
    (tmp_path / "a.csv").write_bytes(b"x\n1\n")
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert hash_files(tmp_path) != first
