"""Trends of one place and of each commune, with their tests.

Formulas: a Poisson model with exposure as offset, or a binomial one for shares and ratios, its
dispersion Pearson's chi-squared over its degrees of freedom but never below 1, Student's t
(McCullagh and Nelder, 1989); Mann (1945) and Kendall (1975) with Sen's slope (Sen, 1968) beside
it, with ties as in EPA QA/G-9S (2006, section 4.3.4); Benjamini and Hochberg (1995) over communes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.comparisons import (
    PARTIAL_BELOW,
    adjust,
    events_of,
    model_of,
    totals_of,
)

FEWEST_YEARS = 5


@dataclass(frozen=True)
class Trend:
    """Result of a trend fit for one place.

    Attributes
    ----------
    change_pct, low, high : float
        Change a year, in per cent of the rate, with its limits; of a share, of its odds.
    p_value, dispersion : float
    years : tuple of int
        Those that the trend rests on.
    left_out : tuple of int
        Those that were not reported, or whose reports cover less than the stated share.
    sen_slope, kendall_p : float
        Without a model: the median change a year, in the unit of the value (counts per 1,000
        residents), and p of Mann-Kendall, exact where no two values are equal, else by the normal
        approximation with its continuity correction.
    reason : str
        Why there is no trend; empty where there is one.
    """

    change_pct: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p_value: float = np.nan
    dispersion: float = np.nan
    years: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()
    sen_slope: float = np.nan
    kendall_p: float = np.nan
    reason: str = ""


def fit_trend(
    totals: pd.DataFrame,
    *,
    measure: str,
    confidence: float = 0.95,
    covered: float = PARTIAL_BELOW,
) -> Trend:
    """Fit a Poisson or binomial trend to the yearly totals of one place.

    Parameters
    ----------
    totals
        Of one place by year, as :func:`total_by` gives them.
    covered
        Years whose reports cover less than this share are left out.

    Raises
    ------
    ValueError
        Where totals hold several units or periods that are no years.

    Examples
    --------
    >>> from antq_helpers import load_records, total_by
    >>> trend = fit_trend(total_by(load_records()), measure="tips")
    >>> len(trend.years), trend.low < trend.change_pct < trend.high
    (10, True)
    """
    table = events_of(totals, measure)
    if "commune" in table and table["commune"].nunique() > 1:
        raise ValueError(
            "fit_trend needs totals of one place, and these hold several communes. "
            "Select one, or use compare_trends."
        )
    return next(_trends(table, [slice(None)], measure, confidence, covered))


def _trends(
    table: pd.DataFrame, units: Iterable, measure: str, confidence: float, covered: float
) -> Iterator[Trend]:
    """Fit the trend of each unit, given the places of its rows in a table of events."""
    if not table["period"].str.fullmatch(r"\d{4}").all():
        raise ValueError('A trend needs totals by year: use total_by(…, period="year").')
    entry, year = find_measure(measure), table["period"].to_numpy(int)
    all_events, all_base = table["events"].to_numpy(), table["base"].to_numpy()
    used = ~np.isnan(all_events) & (table["covered"] >= covered).to_numpy()
    for rows in units:
        mine = used[rows]
        years, events, base = (of[rows][mine] for of in (year, all_events, all_base))
        spans = {"years": tuple(years.tolist()), "left_out": tuple(year[rows][~mine].tolist())}
        reason = _why_not(events, base, entry.kind, covered)
        fitted = None if reason else _fit_years(events, base, years, entry.kind, confidence)
        if fitted is None:
            reason = reason or "The events fall into so few of the years that no model fits them."
            yield Trend(**spans, reason=reason)
        else:
            per = 1000 if entry.kind == "count" else entry.per
            value = events / (base - events if entry.kind == "ratio" else base) * per
            yield Trend(*fitted, *spans.values(), *_without_model(years, value))


def _why_not(events: np.ndarray, base: np.ndarray, kind: str, covered: float) -> str:
    if len(events) < FEWEST_YEARS:
        return (
            f"Years covered to {covered:.0%} or more: {len(events)}; a trend needs {FEWEST_YEARS}."
        )
    if (events > 0).sum() < 2:
        return "There were events in fewer than two of the years."
    if kind != "count" and (events < base).sum() < 2:
        return "In all years but one, all were of the kind that is counted."
    return ""


def _fit_years(
    events: np.ndarray, base: np.ndarray, years: np.ndarray, kind: str, confidence: float
) -> tuple[float, ...] | None:
    """Return change, limits, p and dispersion of the model; None if it does not converge."""
    design = np.column_stack([np.ones(len(years)), years - years.mean()])
    with warnings.catch_warnings():
        # The warnings are of separation and rounding: the caller gives a reason instead.
        warnings.simplefilter("ignore")
        found = model_of(events, base, design, kind).fit()
        free = len(events) - 2
        dispersion = max(1.0, found.pearson_chi2 / free)
        slope = found.params[1]
        error = np.sqrt(found.cov_params(scale=dispersion)[1, 1])
    if not (found.converged and np.isfinite(error) and error < 10):
        return None
    reach = stats.t.ppf((1 + confidence) / 2, free) * error
    p_value = 2 * stats.t.sf(abs(slope / error), free)
    changes = (100 * np.expm1(x) for x in (slope, slope - reach, slope + reach))
    return *map(float, changes), float(p_value), float(dispersion)


def _without_model(years: np.ndarray, value: np.ndarray) -> tuple[float, float]:
    known = np.isfinite(value)
    years, value = years[known], value[known]
    _, alike = np.unique(value, return_counts=True)
    if len(alike) == 1:
        return 0.0, 1.0
    slope = float(stats.theilslopes(value, years).slope)
    if (alike == 1).all():
        return slope, float(stats.kendalltau(years, value, method="exact").pvalue)
    return slope, _kendall_with_ties(value, alike)


def _kendall_with_ties(value: np.ndarray, alike: np.ndarray) -> float:
    """Return p of the Mann-Kendall test with ties.

    The sum S of the signs of all later minus earlier values moves in steps of about one, so |S| − 1
    is held against the normal distribution: scipy's asymptotic p leaves this correction out.
    """
    score = np.sign(value[:, None] - value)[np.tril_indices(len(value), -1)].sum()
    pairs = [size * (size - 1) * (2 * size + 5) for size in (np.array([len(value)]), alike)]
    spread = np.sqrt((pairs[0].sum() - pairs[1].sum()) / 18)
    return float(2 * stats.norm.sf(max(abs(score) - 1, 0) / spread))


def compare_trends(
    totals: pd.DataFrame,
    *,
    measure: str,
    confidence: float = 0.95,
    covered: float = PARTIAL_BELOW,
) -> pd.DataFrame:
    """Fit the trend of every commune and ward, with p adjusted for multiple comparisons.

    Parameters
    ----------
    totals
        By unit and year, as ``total_by(records, "commune")`` gives them.

    Returns
    -------
    DataFrame
        One row per unit: the parts of :class:`Trend`, ``p_adjusted`` (Benjamini-Hochberg),
        ``illustrative`` and
        ``finding``: ``rise`` or ``fall`` where the adjusted p is below 1 − confidence, else
        ``inconclusive``.

    Examples
    --------
    >>> from antq_helpers import load_records, total_by
    >>> trends = compare_trends(total_by(load_records(), "commune"), measure="tips")
    >>> len(trends), set(trends["finding"]) <= {"rise", "fall", "inconclusive"}
    (15, True)
    """
    totals_of(totals, measure, communes=True)
    events = events_of(totals, measure)
    units = events.groupby("commune_id" if "commune_id" in events else "commune", sort=False)
    trends = _trends(events, units.indices.values(), measure, confidence, covered)
    table = pd.DataFrame([vars(trend) for trend in trends])
    table.insert(0, "commune", units["commune"].first().to_numpy())
    if "illustrative" in events:
        table["illustrative"] = units["illustrative"].any().to_numpy()
    table.insert(5, "p_adjusted", adjust(table["p_value"]))
    sure = table["p_adjusted"] < 1 - confidence
    way = np.where(table["change_pct"] > 0, "rise", "fall")
    return table.assign(finding=np.where(sure, way, "inconclusive"))
