"""Trends, and the change of each commune between two spans of years, with their tests.

Formulas: a Poisson model with exposure as offset, or a binomial one for shares and ratios, its
dispersion Pearson's chi-squared over its degrees of freedom but never below 1, Student's t
(McCullagh and Nelder, 1989); Mann (1945) and Kendall (1975) with Sen's slope (Sen, 1968) beside
it, with ties as in EPA QA/G-9S (2006, section 4.3.4); Benjamini and Hochberg (1995) over communes.

Formulas: counts as in comparisons.py. Shares: the score test and interval of a ratio of two shares
(Koopman, 1984, Biometrics 40); ratios of two counts: of an odds ratio (Miettinen and Nurminen,
1985, Statistics in Medicine 4, with their factor N/(N − 1)), because given their sum the first of
two counts is binomial.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.comparisons import (
    PARTIAL_BELOW,
    Comparison,
    check_dispersion,
    compare_communes,
    compare_counts,
    estimate_dispersion,
    estimate_together,
    events_of,
    model_of,
    totals_of,
)
from antq_helpers.measuring.totals import total_by
from antq_helpers.records import check_records

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
    if table["commune"].nunique() > 1:
        raise ValueError(
            "fit_trend needs totals of one place, and these hold several communes. "
            "Select one, or use compare_trends."
        )
    mine = totals_of(totals, measure)
    if not mine["period"].str.fullmatch(r"\d{4}").all():
        raise ValueError('A trend needs totals by year: use total_by(…, period="year").')
    table = table[table["covered"] >= covered]
    years = tuple(table["period"].astype(int))
    left_out = tuple(year for year in mine["period"].astype(int) if year not in years)
    reason = _why_not(table, find_measure(measure).kind, covered)
    if reason:
        return Trend(years=years, left_out=left_out, reason=reason)
    fitted = _fit(table, find_measure(measure).kind, confidence)
    if fitted is None:
        reason = "The events fall into so few of the years that no model fits them."
        return Trend(years=years, left_out=left_out, reason=reason)
    return Trend(*fitted, years, left_out, *_without_model(table, measure))


def _why_not(table: pd.DataFrame, kind: str, covered: float) -> str:
    if len(table) < FEWEST_YEARS:
        return (
            f"Years covered to {covered:.0%} or more: {len(table)}; a trend needs {FEWEST_YEARS}."
        )
    if (table["events"] > 0).sum() < 2:
        return "There were events in fewer than two of the years."
    if kind != "count" and (table["events"] < table["base"]).sum() < 2:
        return "In all years but one, all were of the kind that is counted."
    return ""


def _fit(table: pd.DataFrame, kind: str, confidence: float) -> tuple[float, ...] | None:
    """Return change, limits, p and dispersion of the model; None if it does not converge."""
    events, base = table["events"].to_numpy(), table["base"].to_numpy()
    years = table["period"].astype(float).to_numpy()
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


def _without_model(table: pd.DataFrame, measure: str) -> tuple[float, float]:
    entry = find_measure(measure)
    years = table["period"].astype(float).to_numpy()
    if entry.kind == "count":
        value = (table["events"] / table["base"]).to_numpy() * 1000
    else:
        value = (table["numerator"] / table["denominator"]).to_numpy() * entry.per
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
    rows = []
    for commune, mine in totals_of(totals, measure, communes=True).groupby("commune", sort=False):
        trend = fit_trend(mine, measure=measure, confidence=confidence, covered=covered)
        mark = {name: mine[name].any() for name in ("illustrative",) if name in mine}
        rows.append({"commune": commune, **vars(trend), **mark})
    table = pd.DataFrame(rows)
    table.insert(5, "p_adjusted", adjust(table["p_value"]))
    sure = table["p_adjusted"] < 1 - confidence
    way = np.where(table["change_pct"] > 0, "rise", "fall")
    return table.assign(finding=np.where(sure, way, "inconclusive"))


def adjust(p_values: pd.Series) -> pd.Series:
    """Adjust p-values for multiple comparisons by Benjamini and Hochberg; missing ones stay."""
    known = p_values.notna()
    adjusted = p_values.copy()
    if known.any():
        adjusted[known] = stats.false_discovery_control(p_values[known], method="bh")
    return adjusted


_SPANS = ("before", "after")
_STATES = ("missing", "none", "partial")  # the first one that either span has is that of both


def compare_years(
    records: pd.DataFrame,
    *,
    before: tuple[int, int],
    after: tuple[int, int],
    measure: str = "tips",
    per: int = 1000,
    boundaries: int | None = None,
    dispersion: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare the value of each commune and ward between two spans of years.

    Parameters
    ----------
    before, after
        First and last reporting year of each span, both included.
    dispersion
        By default that of all the records, by unit and year, and what all units vary
        together, see :func:`estimate_together`; 1 for chance alone.

    Returns
    -------
    DataFrame
        One row per unit in official order: the values ``before`` and ``after``, ``events`` and
        ``base`` of both, their ``ratio`` with ``low`` and ``high``, ``p_value``, ``p_adjusted``
        (Benjamini-Hochberg over the units), ``dispersion``, the ``state``
        of the lesser span as in :func:`compare_communes`, and ``change``: ``rise`` or ``fall``
        where the adjusted p is under 1 − confidence, else empty. Of a ratio of two
        counts, ``ratio`` is that of the odds, which is the same. A unit that did not report in
        one of the spans has values missing.

    Raises
    ------
    ValueError
        For spans that overlap or lie outside the records, and where the dispersion can not be
        estimated.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> table = compare_years(load_records(), before=(2013, 2015), after=(2020, 2022))
    >>> table.loc[0, ["commune", "change"]].tolist()
    ['Yên Thịnh', '']
    """
    records = check_records(records)
    if records["year"].nunique() == 1:
        raise ValueError(
            f"The records hold one year, {records['year'].iloc[0]}: a change needs two. Load the "
            "reports of another year, too."
        )
    if max(before[0], after[0]) <= min(before[-1], after[-1]):
        raise ValueError(f"before={before!r} and after={after!r} share years: give two spans.")
    latest = int(records["boundaries"].max()) if boundaries is None else boundaries
    told = {"measure": measure, "boundaries": latest}
    together = 0.0
    if dispersion is None:
        totals, whole = total_by(records, "commune", **told), total_by(records, **told)
        # Where nothing happened in any year, there is nothing that could vary by chance.
        nothing = totals["numerator"].notna().any() and not totals["numerator"].any()
        dispersion = 1.0 if nothing else estimate_dispersion(totals, measure=measure)
        if not nothing:
            together = estimate_together(whole, measure=measure, dispersion=dispersion)
    check_dispersion(dispersion)
    spans = [compare_communes(records, years=y, per=per, **told) for y in (before, after)]
    table = _beside(*spans, measure)
    rows = table[[f"{what}_{span}" for what in ("events", "base") for span in _SPANS]]
    kind = find_measure(measure).kind
    sizes = table[[f"{'events' if kind == 'count' else 'base'}_{span}" for span in _SPANS]]
    years = sum(span[-1] - span[0] + 1 for span in (before, after))
    table["dispersion"] = dispersion + together * sizes.sum(axis=1) / years
    found = [
        compare_sums(*row, kind, own, confidence)
        for row, own in zip(rows.to_numpy(), table["dispersion"], strict=True)
    ]
    for place, name in enumerate(("ratio", "low", "high", "p_value")):
        table[name] = [comparison[place] for comparison in found]
    table["p_adjusted"] = adjust(table["p_value"])
    side = np.where(table["ratio"] > 1, "rise", "fall")
    table["change"] = np.where(table["p_adjusted"] < 1 - confidence, side, "")
    return table.assign(measure=measure, per=per)


def _beside(before: pd.DataFrame, after: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Join two spans: one row per commune of either, with events and base of both."""
    keep = ["commune_id", "commune", "kind"]
    names = pd.concat([after, before])[keep].drop_duplicates("commune_id")
    table = names.set_index("commune_id")
    for span, rows in zip(_SPANS, (before, after), strict=True):
        rows = rows.set_index("commune_id")
        counted = events_of(rows.reset_index(), measure).set_index("commune_id")
        table[span] = rows["value"]
        table[f"events_{span}"], table[f"base_{span}"] = counted["events"], counted["base"]
    both = pd.concat([before, after]).groupby("commune_id")
    held = both["state"].agg(set).reindex(table.index)
    table["state"] = [next((s for s in _STATES if s in states), "full") for states in held]
    table["covered"], table["illustrative"] = both["covered"].mean(), both["illustrative"].any()
    told = {name: after[name].iloc[0] for name in ("boundaries", "place")}
    return table.reset_index().assign(**told)


def compare_sums(
    events_before: float,
    events_after: float,
    base_before: float,
    base_after: float,
    kind: str,
    dispersion: float,
    confidence: float = 0.95,
) -> Comparison:
    """Compare the summed events of two spans of years, by kind of measure."""
    if not np.isfinite([events_before, events_after, base_before, base_after]).all():
        return Comparison(np.nan, np.nan, np.nan, np.nan, "not reported")
    if kind == "count":
        return compare_counts(
            events_before, events_after, base_before, base_after, dispersion, confidence
        )
    from statsmodels.stats import proportion

    scale = "ratio" if kind == "share" else "odds-ratio"
    if kind == "ratio":
        # The factor of Miettinen and Nurminen's variance, which Koopman's has not. It is that of
        # what was counted, so it is not left to statsmodels, which would see the scaled counts.
        both = base_before + base_after
        dispersion *= both / max(both - 1, 1)
    # Divide parts and wholes by the dispersion: the variance grows by that factor.
    parts = events_after / dispersion, base_after / dispersion
    parts += events_before / dispersion, base_before / dispersion
    ratio = _ratio(events_after / base_after, events_before / base_before, kind)
    if events_before + events_after == 0 or not np.isfinite(ratio) or ratio == 0:
        low, high = np.nan, np.nan
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a share of 1 divides by 0 on the way
            low, high = proportion.confint_proportions_2indep(
                *parts, method="score", compare=scale, alpha=1 - confidence, correction=False
            )
    z = _score(*parts)
    return Comparison(ratio, low, high, float(2 * special.ndtr(-abs(z))), "score test")


def _ratio(after: float, before: float, kind: str) -> float:
    if kind == "ratio":
        after, before = (s / (1 - s) if s < 1 else np.inf for s in (after, before))
    return after / before if before else np.nan if not after else np.inf


def _score(part_after: float, after: float, part_before: float, before: float) -> float:
    """Return z of the difference between two shares, pooled under the null hypothesis."""
    both = (part_after + part_before) / (after + before)
    spread = both * (1 - both) * (1 / after + 1 / before)
    return (part_after / after - part_before / before) / np.sqrt(spread) if spread > 0 else 0.0
