"""Control charts: limits of the common-cause variation of a series.

Formulas: the XmR chart, mean ± 2.66 times the mean moving range (Wheeler and Chambers, 1992,
Understanding Statistical Process Control, chapter 3); the u-chart for rates (Montgomery, 2009,
Introduction to Statistical Quality Control, section 7.3), its limits widened by the dispersion as
in the u′-chart (Laney, 2002, Improved control charts for attributes, Quality Engineering 14).
The signals that chance alone would give are counted on made-up series: counts with a variance of φ
times their mean are negative binomial (Cameron and Trivedi, 2013, Regression Analysis of Count
Data, section 3.3), and φ is the one with which they would move from one value to the next as much
as the series does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import optimize, stats

from antq_helpers.measuring.comparisons import check_dispersion

XMR = 2.66
_D2 = 1.128
_TRIAL_BELOW = 12
_DRAWN = 20_000  # simulated values in all
_SEED = 20230524


@dataclass(frozen=True)
class ControlLimits:
    """Control limits of a series; of its last part where it was restarted.

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
        How many signals chance alone would give on so many points, where nothing happens.
    reason : str
        What was done otherwise, or why there are no limits; mostly empty.
    dispersion : float
        With exposure, how many times more than chance the counts of the last part vary; their
        limits are widened by its root.
    """

    mean: float
    low: float
    high: float
    trial: bool
    points: pd.DataFrame
    expected_signals: float
    reason: str = ""
    dispersion: float = np.nan


def control_limits(
    values: Sequence[float] | pd.Series,
    exposure: Sequence[float] | pd.Series | None = None,
    base: int | None = None,
    restart: Sequence[int] = (),
    dispersion: float | None = None,
    unit: float = 1,
) -> ControlLimits:
    """Return the control limits of one series.

    Parameters
    ----------
    values
        In order of time; counts where ``exposure`` is given. Missing ones, and cases per tip where
        there was no tip, are gaps.
    exposure
        Resident-years of each count, for a chart of rates.
    base
        The limits rest on so many first points, and are held against those that follow.
    restart
        Places (from 0) at which a known change happened: limits begin anew.
    dispersion
        With ``exposure``, how many times more than chance such counts vary, 1 or more, see
        :func:`estimate_dispersion`; by default that of the series from one value to the next
        (Laney's u′), 1 at least.
    unit
        Without ``exposure``, what one event adds to a value: 1 where they are counts, and
        1000 / resident-years of rates per 1,000. Only ``expected_signals`` rests on it.

    Raises
    ------
    ValueError
        For fewer than two values in a part, exposures that do not fit the values, a dispersion
        below 1 or without exposure, or a unit that is not above 0.

    Examples
    --------
    >>> limits = control_limits(range(1, 11))
    >>> limits.mean, round(limits.low, 2), round(limits.high, 2), limits.trial
    (5.5, 2.84, 8.16, True)
    """
    series, sizes = _check_series(values, exposure, dispersion, unit)
    bounds = sorted({0, len(series), *restart})
    if bounds[0] < 0 or bounds[-1] > len(series):
        raise ValueError(f"restart={tuple(restart)!r} lies outside the {len(series)} values.")
    parts, reasons, expected = [], [], 0.0
    for part, (first, after) in enumerate(pairwise(bounds)):
        cut = slice(first, after)
        mine = None if sizes is None else sizes[cut]
        rows, found, chance = _part(series.iloc[cut], mine, base, dispersion, unit)
        parts.append(rows.assign(part=part))
        reasons.append(found.reason)
        expected += chance
    points = pd.concat(parts)
    last = points[points["part"] == points["part"].iloc[-1]]
    fewest = min(p["value"].iloc[:base].notna().sum() for p in parts)
    return ControlLimits(
        *(float(last[name].mean()) for name in ("mean", "low", "high")),
        trial=bool(fewest < _TRIAL_BELOW),
        points=points,
        expected_signals=expected,
        reason=" ".join(dict.fromkeys(filter(None, reasons))),
        dispersion=float(found.dispersion[0]),
    )


def _check_series(
    values: object, exposure: object, dispersion: float | None, unit: float
) -> tuple[pd.Series, np.ndarray | None]:
    """Check what a chart is asked of; return its values and their exposures."""
    if isinstance(values, pd.DataFrame):
        raise ValueError(
            "values must be numbers in the order of time, such as a column of totals: "
            'total_by(records, measure="tips")["value"]; a table has several columns.'
        )
    series = pd.Series(values, dtype=float).replace([np.inf, -np.inf], np.nan)
    sizes = None if exposure is None else np.asarray(exposure, dtype=float)
    if sizes is not None and (len(sizes) != len(series) or not (sizes[series.notna()] > 0).all()):
        raise ValueError("exposure must have a number above 0 for each value.")
    if dispersion is not None:
        check_dispersion(dispersion)
        if sizes is None:
            raise ValueError("dispersion= is that of counts: give their exposure=, too.")
    if not unit > 0:
        raise ValueError(f"unit={unit!r} must be above 0, such as 1 for counts.")
    return series, sizes


class _Lines(NamedTuple):
    """Centre line and limits of one or more series over the same periods, one row each."""

    value: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    dispersion: np.ndarray
    reason: str

    @property
    def signal(self) -> np.ndarray:
        return np.select([self.value > self.high, self.value < self.low], ["above", "below"], "")


def _part(
    series: pd.Series,
    sizes: np.ndarray | None,
    base: int | None,
    dispersion: float | None,
    unit: float,
) -> tuple[pd.DataFrame, _Lines, float]:
    """Return one part's points with limits, the lines, and the signals expected by chance."""
    known = series.notna().to_numpy()
    first = int(known[:base].sum())
    if first < 2:
        raise ValueError(
            f"Limits need two values or more; here are {first}. Choose more years, shorter periods "
            "or a place that reported."
        )
    values = series.to_numpy()[known]
    sizes = None if sizes is None else sizes[known]
    lines = _lines(values[None], sizes, first, dispersion)
    points = pd.DataFrame(np.nan, series.index, ["value", "mean", "low", "high"])
    for name in points:
        points.loc[known, name] = getattr(lines, name)[0]
    # A missing value has a mean line, and limits where these need no exposure of its own.
    level = ["mean"] if sizes is not None else ["mean", "low", "high"]
    points[level] = points[level].ffill().bfill()
    points["signal"] = ""
    points.loc[known, "signal"] = lines.signal[0]
    alike = _made_up(values[:first], len(values), sizes, dispersion, unit)
    chance = (_lines(alike, sizes, first, dispersion).signal != "").sum(axis=1).mean()
    return points, lines, float(chance)


def _lines(
    values: np.ndarray, sizes: np.ndarray | None, first: int, dispersion: float | None
) -> _Lines:
    """Compute centre line and limits of series, one row each, from their first values."""
    known, reason = values[:, :first], ""
    whole = (known >= 0).all(axis=1, keepdims=True)
    spread = np.full((len(values), 1), np.nan)
    if sizes is None:
        mean = known.mean(axis=1, keepdims=True)
        sigma, reason = _sigma(known)
        reach = XMR * _D2 * sigma
    else:
        mean = known.sum(axis=1, keepdims=True) / sizes[:first].sum()
        values, sigma = values / sizes, np.sqrt(mean / sizes)
        spread = np.full_like(mean, dispersion or 1)
        if dispersion is None:
            # Laney's sigma z: the mean moving range of the standardised rates over d2.
            moved = np.abs(np.diff(_scaled(values, mean, sigma)[:, :first], axis=1))
            spread = np.maximum(moved.mean(axis=1, keepdims=True) / _D2, 1) ** 2
        reach = 3 * np.sqrt(spread) * sigma
    low = np.where(whole, np.maximum(mean - reach, 0), mean - reach)  # no count is below 0
    shape = np.broadcast_shapes(values.shape, reach.shape)
    lines = (np.broadcast_to(line, shape) for line in (mean, low, mean + reach))
    return _Lines(values, *lines, spread[:, 0], reason)


def _scaled(values: np.ndarray, mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    return (values - mean) / np.where(sigma > 0, sigma, 1)


def _sigma(known: np.ndarray) -> tuple[np.ndarray, str]:
    """Estimate sigma from moving ranges, one series per row; return it with a remark, if any.

    Where most values equal the one before, steps are so rare that their mean says nothing: the
    spread of all values is taken. Where all are equal, there is none, and no limits.
    """
    ranges = np.abs(np.diff(known, axis=1))
    still = (ranges == 0).mean(axis=1, keepdims=True)
    whole = known.std(axis=1, ddof=1, keepdims=True) * 3 / (XMR * _D2)
    moving = ranges.mean(axis=1, keepdims=True) / _D2
    sigma = np.where(still == 1, np.nan, np.where(still > 0.5, whole, moving))
    if (still == 1).all():
        return sigma, "All values are equal: there are no limits."
    remark = "Most values equal the one before: the limits rest on the spread of all values."
    return sigma, remark if (still > 0.5).all() else ""


def _made_up(
    known: np.ndarray,
    count: int,
    sizes: np.ndarray | None,
    dispersion: float | None,
    unit: float,
) -> np.ndarray:
    """Simulate series that vary by chance alone as much as the known values, one per row."""
    stream = np.random.RandomState(_SEED)
    shape = max(_DRAWN // count, 1), count
    if (known < 0).any():
        return stream.normal(known.mean(), float(_sigma(known[None])[0][0, 0]), shape)
    if sizes is None:
        mean, unit = np.full(count, known.mean() / unit), unit
        moved = float(np.abs(np.diff(known)).mean()) / unit
    else:
        first, unit = sizes[: len(known)], 1
        rate = known.sum() / first.sum()
        mean = rate * sizes
        # The mean moving range, rescaled to counts of the mean size.
        z = _scaled(known / first, np.array(rate), np.sqrt(rate / first))
        moved = float(np.abs(np.diff(z)).mean() * np.sqrt(rate * first.mean()))
    if not mean.any():
        return np.zeros(shape)
    phi = dispersion or _dispersion_of_moves(float(mean[: len(known)].mean()), moved)
    if sizes is not None:
        phi = max(phi, 1)  # counts do not vary less than chance
    if phi > 1:
        return unit * stream.poisson(stream.gamma(mean / (phi - 1), phi - 1, shape))
    # Underdispersed, as shares near 100% are: a scaled Poisson count.
    phi = max(phi, 1e-6)
    return unit * phi * stream.poisson(mean / phi, shape)


def _dispersion_of_moves(mean: float, moved: float) -> float:
    """Find the dispersion at which counts of a given mean have a given mean moving range."""
    if moved <= _mean_difference(mean, 1):
        return (moved / _mean_difference(mean, 1)) ** 2
    most = 2.0
    while _mean_difference(mean, most) < moved:
        most *= 2
        if most > 1000:  # rare counts that all come in one period
            return most
    return float(optimize.brentq(lambda phi: _mean_difference(mean, phi) - moved, 1, most))


def _mean_difference(mean: float, phi: float) -> float:
    """Return Gini's mean difference of two such counts: twice the sum of F·(1 − F)."""
    counts = np.arange(int(mean + 20 * np.sqrt(mean * phi) + 20 * phi) + 2)
    if phi > 1:
        below = stats.nbinom.cdf(counts, mean / (phi - 1), 1 / phi)
    else:
        below = stats.poisson.cdf(counts, mean)
    return float(2 * (below * (1 - below)).sum())
