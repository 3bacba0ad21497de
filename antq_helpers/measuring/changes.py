"""Records and two spans of years in; how each commune changed, and whether beyond chance, out.

Formulas: counts as in comparisons.py. Shares: the score test and interval of a ratio of two shares
(Koopman, 1984, Biometrics 40); ratios of two counts: of an odds ratio (Miettinen and Nurminen,
1985, Statistics in Medicine 4, with their factor N/(N − 1)), because given their sum the first of
two counts is binomial.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from scipy import special

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.comparisons import (
    Comparison,
    check_dispersion,
    compare_counts,
    estimate_dispersion,
    estimate_together,
    events_of,
)
from antq_helpers.measuring.estimates import compare_communes
from antq_helpers.measuring.totals import total_by
from antq_helpers.measuring.trends import adjust
from antq_helpers.records import check_records

_SPANS = ("before", "after")
_STATES = ("missing", "none", "partial")  # the first that either span has is that of both


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
    """Hold each commune's value over some years against that over others.

    Parameters
    ----------
    before, after
        First and last reporting year of each span, both included.
    dispersion
        By default that of all the records, by commune and year, and what all communes vary
        together, see :func:`estimate_together`; 1 for chance alone.

    Returns
    -------
    DataFrame
        One row per commune in official order: the values ``before`` and ``after``, ``events`` and
        ``base`` of both, their ``ratio`` with ``low`` and ``high``, ``p_value``, ``p_adjusted``
        (Benjamini-Hochberg over the communes), ``dispersion``, the ``state``
        of the lesser span as in :func:`compare_communes`, and ``change``: ``rise`` or ``fall``
        where the adjusted p is under 1 − confidence, else empty. Of a ratio of two
        counts, ``ratio`` is that of the odds, which is the same. A commune that did not report in
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
    """Give one row per commune of either span, with what chance acts upon in both."""
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
    """Compare what chance acts upon, see :func:`events_of`, in two spans of years."""
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
    # Parts and wholes over the dispersion: a variance that is as many times wider.
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
    """Give z of two shares that are one share under chance alone."""
    both = (part_after + part_before) / (after + before)
    spread = both * (1 - both) * (1 / after + 1 / before)
    return (part_after / after - part_before / before) / np.sqrt(spread) if spread > 0 else 0.0
