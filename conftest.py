"""Which copy of the package is tested, at the head of each run; another than this one stops it."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIND = "import importlib.util; print(importlib.util.find_spec('antq_helpers').origin)"


def copies() -> dict[str, Path]:
    """Where the tests find the package, and where the kernel of a notebook does."""
    found = importlib.util.find_spec("antq_helpers")
    # A kernel starts in the notebook's folder, so a relative PYTHONPATH leads it to another copy.
    asked = subprocess.run(
        [sys.executable, "-c", FIND], capture_output=True, text=True, cwd=HERE / "notebooks"
    )
    places = {"these tests": found and found.origin, "the notebooks": asked.stdout.strip()}
    return {who: Path(place or "nowhere").resolve().parent for who, place in places.items()}


# Before any test module is imported; workers of xdist are started by a run that has passed it.
if "PYTEST_XDIST_WORKER" not in os.environ:
    for who, place in copies().items():
        if place != HERE / "antq_helpers":
            sys.exit(
                f"Nothing was tested: {who} would use the package in {place}, not this copy, "
                f"{HERE / 'antq_helpers'}. Run `make test` here, or install this copy "
                "(pip install --editable .) and unset PYTHONPATH."
            )


def pytest_report_header():
    """Name what is tested, so that a log says it, too."""
    from antq_helpers.reviewing.origin import origin

    return [f"antq_helpers {name}: {value}" for name, value in origin().items()]
