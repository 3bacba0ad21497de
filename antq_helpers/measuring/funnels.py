"""Totals by commune and year in; which communes lie outside what chance explains out.

Formulas: Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
Medicine 24: exact Poisson limits, interpolated (appendix A.1), widened by the dispersion; Wilson's
limits for shares and ratios; Benjamini and Hochberg (1995) over communes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special, stats

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.comparisons import check_dispersion, estimate_dispersion, events_of
from antq_helpers.measuring.intervals import share_interval
from antq_helpers.measuring.trends import adjust

LEVELS = {"95": 0.95, "998": 0.998}


def funnel(
    totals: pd.DataFrame,
    *,
    measure: str,
    dispersion: float | None = None,
    per: int = 1000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Hold each commune against the city's pooled rate, by its size.

    Parameters
    ----------
    totals
        By commune and year, as ``total_by(records, "commune")`` gives them; years are pooled.
    dispersion
        By default that of these totals, see :func:`estimate_dispersion`; 1 for chance alone.
    per
        Residents and year that a rate is for.

    Returns
    -------
    DataFrame
        One row per commune: ``events`` out of ``base`` (resident-years, or the whole of a share),
        ``value``, ``city``, the limits ``low_95``, ``high_95``, ``low_998``, ``high_998`` of what
        chance explains at its size, ``per``, ``p_value``, ``p_adjusted``, ``dispersion``, and
        ``outlier``: ``above`` or ``below`` where the adjusted p is under 1 − confidence, or empty.

    Raises
    ------
    ValueError
        Where the dispersion can not be estimated, as with one year or one commune.

    Examples
    --------
    >>> from antq_helpers import load_records, total_by
    >>> table = funnel(total_by(load_records(), "commune"), measure="tips")
    >>> bool((table["low_998"] < table["low_95"]).all())
    True
    """
    if dispersion is None:
        dispersion = estimate_dispersion(totals, measure=measure)
    check_dispersion(dispersion)
    keep = [c for c in ("commune_id", "commune", "kind", "boundaries", "place") if c in totals]
    table = events_of(totals, measure)
    pooled = table.groupby(keep, sort=False, as_index=False, observed=True).agg(
        events=("events", "sum"),
        base=("base", "sum"),
        covered=("covered", "mean"),
        illustrative=("illustrative", "any"),
    )
    entry = find_measure(measure)
    scale = per if entry.kind == "count" else entry.per
    rate = pooled["events"].sum() / pooled["base"].sum()
    value = _as_value(pooled["events"] / pooled["base"], entry.kind) * scale
    pooled = pooled.assign(measure=measure, value=value, city=_as_value(rate, entry.kind) * scale)
    pooled = pooled.assign(per=scale, dispersion=dispersion)
    pooled = pooled.join(limits_of(pooled, pooled["base"]))
    p_value = pd.Series(_p_value(pooled, rate, entry.kind, dispersion), pooled.index)
    p_adjusted = adjust(p_value)
    side = np.where(pooled["value"] > pooled["city"], "above", "below")
    outlier = np.where(p_adjusted < 1 - confidence, side, "")
    return pooled.assign(p_value=p_value, p_adjusted=p_adjusted, outlier=outlier)


def limits_of(table: pd.DataFrame, base: pd.Series) -> pd.DataFrame:
    """Give the limits of a funnel's table for communes of any size, on the scale of its values."""
    measure, dispersion, scale = table.loc[table.index[0], ["measure", "dispersion", "per"]]
    kind, rate = find_measure(measure).kind, table["events"].sum() / table["base"].sum()
    limits = pd.DataFrame(index=base.index)
    for name, level in LEVELS.items():
        ends = funnel_limits(base, rate, kind, dispersion, level)
        for side, end in zip(("low", "high"), ends, strict=True):
            limits[f"{side}_{name}"] = _as_value(end, kind) * scale
    return limits


def funnel_limits(
    base: pd.Series, rate: float, kind: str, dispersion: float, level: float
) -> tuple[pd.Series, pd.Series]:
    """Give the limits of what chance explains, as events for each unit of base."""
    if kind != "count":
        size = base / dispersion
        return share_interval(rate * size, size, level)
    expected = base * rate / dispersion
    tail = (1 - level) / 2
    low, high = (_quantile(expected, share) for share in (tail, 1 - tail))
    return low * dispersion / base, high * dispersion / base


def _quantile(expected: pd.Series, share: float) -> pd.Series:
    """Give a Poisson quantile, interpolated between whole counts as Spiegelhalter has it."""
    count = stats.poisson.ppf(share, expected)
    reached, before = (stats.poisson.cdf(c, expected) for c in (count, count - 1))
    between = (reached - share) / np.where(reached > before, reached - before, 1)
    return pd.Series(np.maximum(count - between, 0), expected.index)


def _p_value(pooled: pd.DataFrame, rate: float, kind: str, dispersion: float) -> np.ndarray:
    """Give mid-p of a Poisson count; the score test's p of a share."""
    events, base = pooled["events"].to_numpy(), pooled["base"].to_numpy()
    if rate in (0, 1) and (kind != "count" or rate == 0):
        return np.ones(len(pooled))
    if kind != "count":
        z = (events - base * rate) / np.sqrt(dispersion * base * rate * (1 - rate))
        return 2 * special.ndtr(-np.abs(z))
    expected, scaled = base * rate / dispersion, events / dispersion
    upto = special.gammaincc(scaled + 1, expected)
    below = np.where(scaled > 0, special.gammaincc(np.maximum(scaled, 1e-9), expected), 0)
    mid = (upto + below) / 2
    return np.minimum(2 * np.minimum(mid, 1 - mid), 1)


def _as_value(share: object, kind: str) -> object:
    """Turn the first count's share of two into their ratio; leave the rest."""
    return share / (1 - share) if kind == "ratio" else share
