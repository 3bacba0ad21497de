"""The time until the package is there, in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.table import Row, compare, fresh, limit

_IMPORTED = """
from time import perf_counter
begun = perf_counter()
import antq_helpers
print((perf_counter() - begun) * 1000)
"""


def rows(repeats: int) -> list[Row]:
    """Compare imports with the start of Python before them, and ours alone with its limit."""
    ours, theirs = fresh("import antq_helpers"), fresh("import seaborn")
    return [
        limit("import antq_helpers, without the start of Python", alone, 100, repeats),
        compare("import antq_helpers", ours, "import seaborn", theirs, 1, repeats),
    ]


def alone(_: int) -> float:
    """Return the milliseconds of the import itself, as a fresh interpreter measures them."""
    ran = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, check=True)
    return float(ran.stdout)
