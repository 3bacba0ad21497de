"""Stopwatches, and a table of what they compare: how long, against what, and whether it will do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Stopwatch = Callable[[int], float]
_COLUMNS = ("what", "ours, ms", "compared with", "theirs, ms", "ratio", "aim", "")


@dataclass(frozen=True)
class Row:
    """Two medians side by side; ``aim`` is the most that ours may take of theirs."""

    what: str
    ours: float
    beside: str
    theirs: float
    aim: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = "met" if self.ratio <= self.aim else "missed"
        aim = _times(self.aim, self.aim)
        aim = f"at least {aim}" if self.aim < 1 else f"at most {aim}"
        ratio = _times(self.ratio, self.aim)
        return (
            *(self.what, _milliseconds(self.ours), self.beside, _milliseconds(self.theirs)),
            *(ratio, aim, verdict),
        )


def timed(act: Callable[[int], object]) -> Stopwatch:
    """Make a stopwatch of an act, which gets its turn: no two turns need be alike."""

    def milliseconds(turn: int) -> float:
        start = perf_counter()
        act(turn)
        return (perf_counter() - start) * 1000

    return milliseconds


def alternate(ours: Stopwatch, theirs: Stopwatch, repeats: int) -> tuple[float, float]:
    """Return both medians, taken in turns, as the machine's drift hits both; turn 0 warms up."""
    turns = [(ours(turn), theirs(turn)) for turn in range(repeats + 1)][1:]
    mine, other = zip(*turns, strict=True)
    return median(mine), median(other)


def compare(
    what: str, ours: Stopwatch, beside: str, theirs: Stopwatch, aim: float, repeats: int
) -> Row:
    """Return the row of two stopwatches."""
    mine, other = alternate(ours, theirs, repeats)
    return Row(what, mine, beside, other, aim)


def limit(what: str, ours: Stopwatch, most: float, repeats: int) -> Row:
    """Return the row of a stopwatch that has a limit of its own, in milliseconds."""
    mine, _ = alternate(ours, lambda _: most, repeats)
    return Row(what, mine, "the most that it may take", most, 1)


def fresh(code: str) -> Stopwatch:
    """Make a stopwatch of code in an interpreter of its own."""
    return timed(lambda _: subprocess.run([sys.executable, "-c", code], check=True))


def peak(code: str) -> float:
    """Return the most memory that a fresh interpreter takes for some code, in MB."""
    # The system's own count of this process: getrusage also counts the parent before the start.
    counted = f"{code}\nprint(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    ran = subprocess.run([sys.executable, "-c", counted], capture_output=True, text=True)
    if ran.returncode:
        raise RuntimeError(f"peak memory cannot be measured here ({ran.stderr.strip()[-60:]})")
    return int(ran.stdout.split()[-1]) / 1024


def written(rows: list[Row]) -> str:
    """Write rows as a table, numbers to the right."""
    cells = [_COLUMNS, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = {1, 3, 4}
    lines = [
        "  ".join(
            cell.rjust(width) if place in numeric else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _times(ratio: float, aim: float) -> str:
    """Write a ratio as it is aimed at: how many times faster, or how many times as long."""
    return f"{1 / ratio:.1f}x faster" if aim < 1 else f"{ratio:.2f}x as long"


def _milliseconds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
