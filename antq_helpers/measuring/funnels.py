"""Funnel plots: communes outside the limits of chance around the city's rate, given their size.

Formulas: Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
Medicine 24: limits of chance at the city's rate, which is taken as known, with the dispersion as
factor of the variance. Counts by the mid-p of Poisson (Lancaster, 1961, Journal of the American
Statistical Association 56), shares by the normal score, as Public Health England draws them, or the
mid-p of the binomial where three standard deviations reach beyond 0 or 1. Communes are named by the
false discovery rate (Benjamini and Hochberg, 1995; in a funnel: Jones, Ohlssen and Spiegelhalter,
2008, Journal of Clinical Epidemiology 61), and its limit is drawn: line and flag are one test.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.comparisons import (
    adjust,
    check_dispersion,
    estimate_dispersion,
    events_of,
)

LEVELS = {"95": 0.95, "998": 0.998}


def funnel(
    totals: pd.DataFrame,
    *,
    measure: str,
    dispersion: float | None = None,
    per: int = 1000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare each commune and ward with the city's pooled rate, with funnel limits for its size.

    Parameters
    ----------
    totals
        By unit and year, as ``total_by(records, "commune")`` gives them; years are pooled.
    dispersion
        By default that of these totals, see :func:`estimate_dispersion`; 1 for chance alone.
    per
        Residents and year that a rate is for.

    Returns
    -------
    DataFrame
        One row per unit: ``events`` out of ``base`` (resident-years, or the whole of a share),
        ``value``, ``city``, the limits ``low_95``, ``high_95``, ``low_998``, ``high_998`` of what
        chance explains of one unit at its size, and ``low_fdr`` and ``high_fdr`` of all of them
        together, ``per``, ``p_value``, ``p_adjusted``, ``dispersion``, and ``outlier``: ``above``
        or ``below`` outside the latter, where the adjusted p is under 1 − confidence, or empty.
        ``level_fdr`` is what those two limits are of one unit alone, such as 0.97.

    Raises
    ------
    ValueError
        Where the dispersion can not be estimated, as with one year or one unit, or all units
        together have no value.

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
    table = events_of(totals, measure).dropna(subset="events")
    pooled = table.groupby(keep, sort=False, as_index=False, observed=True).agg(
        events=("events", "sum"),
        base=("base", "sum"),
        covered=("covered", "mean"),
        illustrative=("illustrative", "any"),
    )
    entry = find_measure(measure)
    scale = per if entry.kind == "count" else entry.per
    events, base = pooled["events"].sum(), pooled["base"].sum()
    if not base or (entry.kind == "ratio" and events == base):
        raise ValueError(
            f"These totals have no {measure!r} of all units together, which each is compared with. "
            "Load reports that give it, or choose another measure."
        )
    rate = events / base
    value = _as_value(pooled["events"] / pooled["base"], entry.kind) * scale
    pooled = pooled.assign(measure=measure, value=value, city=_as_value(rate, entry.kind) * scale)
    pooled = pooled.assign(per=scale, dispersion=dispersion)
    p_value = _p_value(pooled["events"], pooled["base"], rate, entry.kind, dispersion)
    p_adjusted = adjust(p_value)
    found = p_adjusted < 1 - confidence
    # The largest p that the step-up procedure rejects; where it rejects none, its first bound.
    level = 1 - (1 - confidence) * max(found.sum(), 1) / len(pooled)
    pooled = pooled.assign(level_fdr=level).pipe(lambda t: t.join(limits_of(t, t["base"])))
    side = np.where(pooled["value"] > pooled["city"], "above", "below")
    outlier = np.where(found, side, "")
    return pooled.assign(p_value=p_value, p_adjusted=p_adjusted, outlier=outlier)


def limits_of(table: pd.DataFrame, base: pd.Series) -> pd.DataFrame:
    """Return the funnel limits for any base, in units of the table's values."""
    first = table.iloc[0]
    kind, rate = find_measure(first["measure"]).kind, table["events"].sum() / table["base"].sum()
    limits = pd.DataFrame(index=base.index)
    for name, level in {**LEVELS, "fdr": first["level_fdr"]}.items():
        ends = funnel_limits(base, rate, kind, first["dispersion"], level)
        for side, end in zip(("low", "high"), ends, strict=True):
            limits[f"{side}_{name}"] = _as_value(end, kind) * first["per"]
    return limits


def funnel_limits(
    base: pd.Series, rate: float, kind: str, dispersion: float, level: float
) -> tuple[pd.Series, pd.Series]:
    """Return the limits of chance as events per unit of base.

    They are the values at which the test of :func:`_p_value` has p = 1 − level; at 0, or a share
    of 1, where no value has so small a p.
    """
    size = base.to_numpy(float) / dispersion
    expected = size * rate
    most = expected + 40 * (np.sqrt(expected) + 1) if kind == "count" else size
    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        low, high = np.zeros_like(size), most
        for _ in range(60):  # bisection, to less than the precision of floats
            middle = (low + high) / 2
            beyond = _below(middle, size, rate, kind) > share
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        ends.append((low / size, high / size))
    return pd.Series(ends[0][0], base.index), pd.Series(ends[1][1], base.index)


def _p_value(
    events: pd.Series, base: pd.Series, rate: float, kind: str, dispersion: float
) -> pd.Series:
    """Return the two-sided p of events at the city's rate, scaled by the dispersion."""
    below = _below(
        events.to_numpy(float) / dispersion, base.to_numpy(float) / dispersion, rate, kind
    )
    return pd.Series(np.minimum(2 * np.minimum(below, 1 - below), 1), events.index)


def _below(events: np.ndarray, base: np.ndarray, rate: float, kind: str) -> np.ndarray:
    """Return the mid-p distribution function: P(fewer events) + P(as many) / 2 at a known rate.

    Events and base need not be whole: they were divided by a dispersion.
    """
    some = np.where(events > 0, events, 1)
    if kind == "count":
        upto = special.gammaincc(events + 1, base * rate)
        fewer = np.where(events > 0, special.gammaincc(some, base * rate), 0)
        return (upto + fewer) / 2
    left = np.maximum(base - events, 0)
    upto = np.where(left > 0, special.betainc(np.where(left > 0, left, 1), events + 1, 1 - rate), 1)
    fewer = np.where(events > 0, special.betainc(left + 1, some, 1 - rate), 0)
    spread = np.sqrt(base * rate * (1 - rate))
    normal = 9 * spread**2 < (base * np.minimum(rate, 1 - rate)) ** 2
    z = (events - base * rate) / np.where(normal, spread, 1)
    return np.where(normal, special.ndtr(z), (upto + fewer) / 2)


def _as_value(share: object, kind: str) -> object:
    """Convert the first count's share of two into their ratio; leave other kinds."""
    return share / (1 - share) if kind == "ratio" else share
