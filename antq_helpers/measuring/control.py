"""Values in order of time in; the limits within which they vary as they always did out.

Formulas: the XmR chart, mean ± 2.66 times the mean moving range (Wheeler and Chambers, 1992,
Understanding Statistical Process Control, chapter 3); the u-chart for rates (Montgomery, 2009,
Introduction to Statistical Quality Control, section 7.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import special

XMR = 2.66
_D2 = 1.128
_TRIAL_BELOW = 12


@dataclass(frozen=True)
class ControlLimits:
    """Limits of a series; of its last part where it was restarted.

    Attributes
    ----------
    mean, low, high : float
        With exposure, at the mean exposure of the part.
    trial : bool
        They rest on fewer than 12 points.
    points : DataFrame
        A row per value, indexed as it came: ``value``, ``mean``, ``low``, ``high``, ``part`` and
        ``signal``: ``above``, ``below`` or empty.
    expected_signals : float
        How many signals chance alone would give on so many points.
    reason : str
        What was done otherwise, or why there are no limits; mostly empty.
    """

    mean: float
    low: float
    high: float
    trial: bool
    points: pd.DataFrame
    expected_signals: float
    reason: str = ""


def control_limits(
    values: Sequence[float] | pd.Series,
    exposure: Sequence[float] | pd.Series | None = None,
    base: int | None = None,
    restart: Sequence[int] = (),
) -> ControlLimits:
    """Give the control limits of one series.

    Parameters
    ----------
    values
        In order of time; counts where ``exposure`` is given. Missing ones are gaps.
    exposure
        Resident-years of each count, for a chart of rates.
    base
        The limits rest on so many first points, and are held against those that follow.
    restart
        Places (from 0) at which a known change happened: limits begin anew.

    Raises
    ------
    ValueError
        For fewer than two values in a part, or exposures that do not fit the values.

    Examples
    --------
    >>> limits = control_limits(range(1, 11))
    >>> limits.mean, round(limits.low, 2), round(limits.high, 2), limits.trial
    (5.5, 2.84, 8.16, True)
    """
    if isinstance(values, pd.DataFrame):
        raise ValueError(
            "values must be numbers in the order of time, such as a column of totals: "
            'total_by(records, measure="tips")["value"]; a table has several columns.'
        )
    series = pd.Series(values, dtype=float)
    sizes = None if exposure is None else np.asarray(exposure, dtype=float)
    if sizes is not None and (len(sizes) != len(series) or not (sizes[series.notna()] > 0).all()):
        raise ValueError("exposure must have a number above 0 for each value.")
    bounds = sorted({0, len(series), *restart})
    if bounds[0] < 0 or bounds[-1] > len(series):
        raise ValueError(f"restart={tuple(restart)!r} lies outside the {len(series)} values.")
    parts, reasons = [], []
    for part, (first, after) in enumerate(pairwise(bounds)):
        cut = slice(first, after)
        rows, reason = _part(series.iloc[cut], None if sizes is None else sizes[cut], base)
        parts.append(rows.assign(part=part))
        reasons.append(reason)
    points = pd.concat(parts)
    last = points[points["part"] == points["part"].iloc[-1]]
    fewest = min(p["value"].iloc[:base].notna().sum() for p in parts)
    return ControlLimits(
        *(float(last[name].mean()) for name in ("mean", "low", "high")),
        trial=bool(fewest < _TRIAL_BELOW),
        points=points.drop(columns="chance"),
        expected_signals=float(points["chance"].sum()),
        reason=" ".join(dict.fromkeys(filter(None, reasons))),
    )


def _part(series: pd.Series, sizes: np.ndarray | None, base: int | None) -> tuple:
    """Give the points of one part with their limits, and what was done otherwise."""
    known = series.iloc[:base].dropna()
    if len(known) < 2:
        raise ValueError(f"Limits need two values or more; here are {len(known)}.")
    reason = ""
    if sizes is None:
        mean, value = known.mean(), series
        sigma, reason = _sigma(known)
        reach = XMR * _D2 * sigma
    else:
        counted = series.iloc[:base].notna().to_numpy()
        mean, value = known.sum() / sizes[:base][counted].sum(), series / sizes
        sigma = np.sqrt(mean / sizes)
        reach = 3 * sigma
    low, high = mean - reach, mean + reach
    if (known >= 0).all():
        low = np.maximum(low, 0)  # no count is below
    signal = np.select([value > high, value < low], ["above", "below"], "")
    points = pd.DataFrame({"value": value, "mean": mean, "low": low, "high": high})
    chance = _chance(points, sigma, sizes, whole=(known >= 0).all())
    return points.assign(signal=signal, chance=np.where(value.notna(), chance, 0)), reason


def _sigma(known: pd.Series) -> tuple[float, str]:
    """Give the spread from one value to the next.

    Where most values equal the one before, steps are so rare that their mean says nothing: the
    spread of all values is taken. Where all are equal, there is none, and no limits.
    """
    ranges = known.diff().abs().dropna()
    if (ranges == 0).all():
        return np.nan, "All values are equal: there are no limits."
    if (ranges == 0).mean() > 0.5:
        told = "Most values equal the one before: the limits rest on the spread of all values."
        return float(known.std(ddof=1)) * 3 / (XMR * _D2), told
    return float(ranges.mean()) / _D2, ""


def _chance(
    points: pd.DataFrame, sigma: np.ndarray, sizes: np.ndarray | None, whole: bool
) -> np.ndarray:
    """Give the chance of a signal at each point: of a skewed count where there are counts.

    The count is one with the mean and spread of the series: a Poisson count, scaled.
    """
    size = 1 if sizes is None else sizes
    mean, low, high = (points[name].to_numpy() * size for name in ("mean", "low", "high"))
    spread = sigma * size
    if not whole:
        return 2 * special.ndtr(-(high - mean) / spread)
    scale = np.maximum(spread**2 / np.maximum(mean, 1e-12), 1e-12)
    above = special.gammainc(np.floor(high / scale) + 1, mean / scale)
    fewest = np.ceil(low / scale)
    below = np.where(low > 0, special.gammaincc(np.maximum(fewest, 1e-9), mean / scale), 0)
    return above + below
