"""Association of two measures across communes and years, by Poisson regression.

Formula: a Poisson model with an effect of each commune and each year and the resident-years as
offset, its dispersion Pearson's chi-squared over its degrees of freedom but never below 1,
Student's t (McCullagh and Nelder, 1989; the two-way effects as in Cameron and Trivedi, 2013,
Regression Analysis of Count Data, section 9.4). It compares a commune with itself in other years.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from antq_helpers.dictionary import check_choice, find_measure
from antq_helpers.measuring.comparisons import PARTIAL_BELOW
from antq_helpers.measuring.totals import tally
from antq_helpers.records import check_records


@dataclass(frozen=True)
class Relation:
    """Association between two measures. No proof of cause.

    Attributes
    ----------
    change_pct, low, high : float
        Change of ``to``, in per cent, that goes with twice as much ``of``, with its limits.
    p_value, dispersion : float
    rows, communes : int
        Years of units that it rests on, and of how many units.
    lag : int
        Years by which ``of`` comes before ``to``.
    reason : str
        Why there is none; empty where there is one.
    """

    change_pct: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p_value: float = np.nan
    dispersion: float = np.nan
    rows: int = 0
    communes: int = 0
    lag: int = 0
    reason: str = ""


def pair_rates(
    records: pd.DataFrame, *, of: str = "sessions", to: str = "tips", lag: int = 0, per: int = 1000
) -> pd.DataFrame:
    """Pair the rates of two counts by commune or ward and by year.

    Parameters
    ----------
    of, to
        Two counts of the dictionary.
    lag
        0, or 1 to set ``of`` of the year before beside ``to``.

    Returns
    -------
    DataFrame
        One row per unit and year of ``to`` in which both were reported for at least 90% of the
        year: ``commune``, ``year``, both rates by their names, ``events`` and ``exposure`` of
        ``to``, ``illustrative`` and ``boundaries``.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> len(pair_rates(load_records(), lag=1)) < len(pair_rates(load_records()))
    True
    """
    for name in (of, to):
        if find_measure(name).kind != "count":
            raise ValueError(f"{name!r} is no count: give counts, such as 'sessions' and 'tips'.")
    if lag not in (0, 1):
        raise ValueError(f"lag={lag!r} must be 0 or 1.")
    totals = tally(check_records(records), "commune")
    before, after = totals.long([of]), totals.long([to])  # row by row of the same unit and year
    rates = (
        (t["numerator"] / t["exposure"] * per).where(t["covered"] >= PARTIAL_BELOW)
        for t in (before, after)
    )
    earlier, rate = rates
    earlier = earlier.groupby(before["commune_id"]).shift(lag)
    year = after["period"].astype(int)
    table = after.rename(columns={"numerator": "events"}).assign(
        year=year, **{to: rate, of: earlier}
    )
    keep = ["commune_id", "commune", "year", to, "events", "exposure", "covered", "illustrative"]
    keep = [*dict.fromkeys([*keep, "boundaries", "place", of])]
    return table[keep].dropna(subset=[of, to]).reset_index(drop=True)


def relate(
    records: pd.DataFrame,
    *,
    of: str = "sessions",
    to: str = "tips",
    lag: int = 0,
    by: str = "year",
    confidence: float = 0.95,
) -> Relation:
    """Estimate the change of ``to`` that goes with twice as much ``of``.

    Year by year a unit is compared with itself: what makes units differ at all times, and
    years differ everywhere, is taken out. Unit by unit, all years are pooled and units
    are compared with each other. Either may have another cause, or none: this is no proof.

    Parameters
    ----------
    of, to, lag
        As in :func:`pair_rates`.
    by
        ``"year"`` or ``"commune"``.

    Raises
    ------
    ValueError
        For a measure that is no count, or another lag than 0 or 1.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> found = relate(load_records())
    >>> found.low < found.change_pct < found.high, found.communes
    (True, 15)
    """
    check_choice("by", by, ("year", "commune"))
    table = pair_rates(records, of=of, to=to, lag=lag)
    return relate_pairs(table, of, to, lag=lag, by=by, confidence=confidence)


def relate_pairs(
    table: pd.DataFrame, of: str, to: str, *, lag: int, by: str = "year", confidence: float = 0.95
) -> Relation:
    """Estimate the relation of pairs from :func:`pair_rates`, see :func:`relate`."""
    if by == "commune":
        pooled = {"events": "sum", "exposure": "sum", of: "mean"}
        table = table.groupby("commune_id", as_index=False).agg(pooled)
    table = table[table[of] > 0]  # the logarithm of 0 is not defined
    told = {"rows": len(table), "communes": table["commune_id"].nunique(), "lag": lag}
    effects = np.ones((len(table), 1))
    if by == "year":
        dummies = pd.get_dummies(table[["commune_id", "year"]].astype(str), drop_first=True)
        effects = np.column_stack([effects, dummies.to_numpy(float)])
    free = len(table) - effects.shape[1] - 1
    if told["communes"] < 2 or free < 3:
        reason = "Too few communes and years have both: two over three years, or five communes."
        return Relation(**told, reason=reason)
    if not table["events"].any():
        return Relation(**told, reason=f"There was no event of {to!r} in these years.")
    slope, error, dispersion = _fit_pairs(table, of, effects, free)
    if not np.isfinite(error) or error > 10:
        reason = "The counts are so few that no model fits them."
        return Relation(**told, reason=reason)
    reach = stats.t.ppf((1 + confidence) / 2, free) * error
    ends = (slope, slope - reach, slope + reach)
    changes = (float(100 * np.expm1(end * np.log(2))) for end in ends)
    p_value = float(2 * stats.t.sf(abs(slope / error), free))
    return Relation(*changes, p_value, dispersion, **told)


def _fit_pairs(
    table: pd.DataFrame, of: str, effects: np.ndarray, free: int
) -> tuple[float, float, float]:
    """Return the slope on the log rate, its standard error, and the dispersion."""
    import statsmodels.api as sm

    design = np.column_stack([np.log(table[of]), effects])
    offset = np.log(table["exposure"].to_numpy(float))
    model = sm.GLM(table["events"].to_numpy(float), design, sm.families.Poisson(), offset=offset)
    with warnings.catch_warnings():
        # A commune without any event has no effect to be found; the slope does not rest on it.
        warnings.simplefilter("ignore")
        found = model.fit()
        dispersion = max(1.0, float(found.pearson_chi2 / free))
        error = float(np.sqrt(found.cov_params(scale=dispersion)[0, 0]))
    return float(found.params[0]), error, dispersion
