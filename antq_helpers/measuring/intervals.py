"""Confidence intervals of counts, rates, shares and ratios.

Formulas: exact Poisson limits below 10 events and Byar's approximation from 10 (Breslow and Day,
1987, Statistical Methods in Cancer Research II, pages 68 to 71), as the public-health standard of
the United Kingdom has it; Wilson's score interval for shares (Wilson, 1927).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

Numbers = float | pd.Series
BYAR_FROM = 10


class Interval(NamedTuple):
    """Lower and upper limit: numbers, or Series if any input was one."""

    low: Numbers
    high: Numbers


def count_interval(count: Numbers, confidence: float = 0.95) -> Interval:
    """Return the confidence interval of the expected number of events, given a count.

    Parameters
    ----------
    count
        Events, 0 or more; missing stays missing.
    confidence
        Between 0 and 1.

    Raises
    ------
    ValueError
        For a negative count or a confidence that is none.

    Examples
    --------
    >>> low, high = count_interval(65)
    >>> round(low, 4), round(high, 4)
    (50.1632, 82.8491)
    """
    (events,), tail = _checked(count=count), _tail(confidence)
    z = special.ndtri(1 - tail)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact_low = np.where(
            events > 0, special.gammaincinv(np.where(events > 0, events, 1), tail), 0
        )
        exact_high = special.gammaincinv(events + 1, 1 - tail)
        byar_low = events * (1 - 1 / (9 * events) - z / (3 * np.sqrt(events))) ** 3
        more = events + 1
        byar_high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    few = events < BYAR_FROM
    missing = np.isnan(events)
    low = np.where(missing, np.nan, np.where(few, exact_low, byar_low))
    high = np.where(missing, np.nan, np.where(few, exact_high, byar_high))
    return _like((count,), low, high)


def rate_interval(
    count: Numbers, exposure: Numbers, per: float = 1, confidence: float = 0.95
) -> Interval:
    """Return the confidence interval of a rate: events per ``per`` units of exposure.

    Parameters
    ----------
    exposure
        Resident-years that the reports cover, above 0; 0 or missing gives a missing interval.

    Examples
    --------
    >>> low, high = rate_interval(1, 100, per=100)
    >>> round(low, 6), round(high, 6)
    (0.025318, 5.571643)
    """
    events, base = _checked(count=count, exposure=exposure)
    low, high = count_interval(events, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(base > 0, per / base, np.nan)
    return _like((count, exposure), low * scale, high * scale)


def share_interval(part: Numbers, whole: Numbers, confidence: float = 0.95) -> Interval:
    """Return Wilson's score interval of a share, as a fraction between 0 and 1.

    Parameters
    ----------
    part, whole
        Of the same reports; ``part`` is never above ``whole``. A whole of 0 gives a missing
        interval.

    Raises
    ------
    ValueError
        Where a part is above its whole.

    Examples
    --------
    >>> low, high = share_interval(65, 100)
    >>> round(low, 6), round(high, 6)
    (0.552544, 0.736358)
    """
    parts, wholes = _checked(part=part, whole=whole)
    if (parts > wholes).any():
        raise ValueError("part is above whole: a share needs a part of the same whole.")
    z = special.ndtri(1 - _tail(confidence))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = parts / wholes
        middle = (share + z**2 / (2 * wholes)) / (1 + z**2 / wholes)
        half = (
            z / (1 + z**2 / wholes) * np.sqrt(share * (1 - share) / wholes + (z / 2 / wholes) ** 2)
        )
    return _like((part, whole), np.maximum(middle - half, 0), np.minimum(middle + half, 1))


def ratio_interval(
    numerator: Numbers, denominator: Numbers, per: float = 1, confidence: float = 0.95
) -> Interval:
    """Return the confidence interval of the ratio of two counts, neither a part of the other.

    The score interval of two Poisson means (Price and Bonett, 2000); where one count is 0, the
    exact conditional one (Przyborowski and Wilenski, 1940), open on one side: from 0, or to
    infinity.

    Examples
    --------
    >>> low, high = ratio_interval(60, 30, per=54308.7 / 51477.5)
    >>> round(low, 6), round(high, 6)
    (1.365962, 3.259306)
    """
    above, below = _checked(numerator=numerator, denominator=denominator)
    # Given their sum, the first count is binomial: limits of its share p give those of p / (1 - p).
    low, high = share_interval(above, above + below, confidence)
    tail = _tail(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(below == 0, special.betaincinv(np.where(above > 0, above, 1), 1, tail), low)
        high = np.where(
            above == 0, special.betaincinv(1, np.where(below > 0, below, 1), 1 - tail), high
        )
        low = np.where(above == 0, 0, per * low / (1 - low))
        high = np.where(below == 0, np.inf, per * high / (1 - high))
    missing = np.isnan(above + below) | (above + below == 0)
    limits = (np.where(missing, np.nan, limit) for limit in (low, high))
    return _like((numerator, denominator), *limits)


def _checked(**given: Numbers) -> list[np.ndarray]:
    """Convert counts and exposures to floats; check that none is negative and indexes match."""
    indexes = [values.index for values in given.values() if isinstance(values, pd.Series)]
    if not all(index.equals(indexes[0]) for index in indexes):
        raise ValueError(
            f"{' and '.join(given)} have different indexes: give columns of one table."
        )
    return [_numbers(name, values) for name, values in given.items()]


def _numbers(name: str, values: Numbers) -> np.ndarray:
    numbers = (
        np.asarray(pd.to_numeric(values), dtype=float)
        if np.ndim(values)
        else np.float64(np.nan if pd.isna(values) else values)
    )
    if (numbers < 0).any():
        raise ValueError(f"{name} has negative numbers: counts and exposures are 0 or more.")
    return numbers


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence={confidence!r} must lie between 0 and 1, such as 0.95.")
    return (1 - confidence) / 2


def _like(given: tuple[Numbers, ...], low: np.ndarray, high: np.ndarray) -> Interval:
    """Return limits in the shape of the inputs: a Series if any of them was one."""
    for values in given:
        if isinstance(values, pd.Series):
            return Interval(pd.Series(low, values.index), pd.Series(high, values.index))
    return Interval(low, high) if np.ndim(low) else Interval(float(low), float(high))
