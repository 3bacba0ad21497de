"""Which cases of a long list run at every change, and which in `make check` alone."""

from collections.abc import Sequence

import pytest


def quick_of(cases: Sequence, first: int) -> list:
    """Mark all cases after the first ones as slow."""
    slow = [pytest.param(case, marks=pytest.mark.slow) for case in cases[first:]]
    return [*cases[:first], *slow]
