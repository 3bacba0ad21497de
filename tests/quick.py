"""What keeps the run at every change short: fewer cases, and records and windows made once."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from antq_helpers import load_records
from antq_helpers.measuring.disclosure import THRESHOLD, Release, protect_entry
from antq_helpers.measuring.lookback import Window, look_back
from antq_helpers.measuring.releases import Book

# One table for all tests: totals are kept as long as the records they are of, and tests of the
# whole package ask for the same ones again and again. No test may edit it.
SAMPLE = load_records()


def quick_of(cases: Sequence, first: int) -> list:
    """Mark all cases after the first ones as slow."""
    slow = [pytest.param(case, marks=pytest.mark.slow) for case in cases[first:]]
    return [*cases[:first], *slow]


def examples(many: int) -> int:
    """Return how many random cases to try: a third of these at every change."""
    return many if examples.whole_run else many // 3


examples.whole_run = True  # set by conftest.py


@cache
def window_at(period: str, **said: object) -> Window:
    """Return the sample's window on a period; it is frozen, so that tests may share it."""
    return look_back(SAMPLE, period, **said)


class Plain(Book):
    """A book by whose key nothing is hidden by chance, and cells in the order of their names."""

    def __init__(self) -> None:
        super().__init__(None, "plain", b"plain")

    def draw(self, kind: str, *name: str) -> float:
        """Return 1 for chance, and less for earlier names."""
        return 1.0 if kind == "chance" else float(f"0.{int(''.join(name).encode().hex(), 16):0200}")


def protect_grid(
    inner: np.ndarray,
    names: Sequence[str],
    places: Sequence[str],
    periods: Sequence[str],
    *,
    book: Book,
    threshold: int = THRESHOLD,
    with_sums: bool = True,
) -> Release:
    """Protect a grid of counts (measures × places × periods) with its total over places."""
    rows = [
        [place, period, period, i, j, *(None if np.isnan(v) else int(v) for v in inner[:, i, j])]
        for i, place in enumerate(places)
        for j, period in enumerate(periods)
    ]
    entry = {"asked": "grid", "measures": [*names], "places": [*places], "periods": [*periods]}
    return protect_entry(entry | {"sums": with_sums, "threshold": threshold, "rows": rows}, book)


def book_of(key: int) -> Book:
    """Return a new book in memory."""
    return Book(None, f"book {key}", str(key).encode())
