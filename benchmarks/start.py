"""The time until the package is there, in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.table import Row, Stopwatch, compare, timed


def rows(repeats: int) -> list[Row]:
    """Compare imports, each with the start of Python before it."""
    ours, theirs = fresh("import antq_helpers"), fresh("import seaborn")
    return [compare("import antq_helpers", ours, "import seaborn", theirs, 1, repeats)]


def fresh(code: str) -> Stopwatch:
    """Run code in an interpreter of its own."""
    return timed(lambda _: subprocess.run([sys.executable, "-c", code], check=True))
