"""Changes: two counts, two spans of years or two periods, each with its test.

Formulas: the E-test (Krishnamoorthy and Thomson, 2004, Journal of Statistical Planning and
Inference 119); the score test and interval of two Poisson rates (Price and Bonett, 2000); where a
count is 0, the exact conditional interval (Przyborowski and Wilenski, 1940). Shares: the score test
and interval of a ratio of two shares (Koopman, 1984, Biometrics 40); ratios of two counts: of an
odds ratio (Miettinen and Nurminen, 1985, Statistics in Medicine 4, with their factor N/(N − 1)),
because given their sum the first of two counts is binomial.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.comparisons import (
    adjust,
    base_of,
    check_dispersion,
    compare_communes,
    estimate_dispersion,
    estimate_together,
    events_of,
)
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.intervals import ratio_interval
from antq_helpers.measuring.lookback import ADDED, LACKING, PARTIAL, Window
from antq_helpers.measuring.periods import period_against
from antq_helpers.measuring.totals import total_by
from antq_helpers.records import check_records

_MOST_FOR_ETEST = 3000


class Comparison(NamedTuple):
    """Ratio of two counts or rates, with confidence interval and p-value."""

    ratio: float
    low: float
    high: float
    p_value: float
    method: str


def compare_counts(
    before: float,
    after: float,
    exposure_before: float = 1,
    exposure_after: float = 1,
    dispersion: float = 1,
    confidence: float = 0.95,
) -> Comparison:
    """Compare two counts, or two rates if exposures are given: their ratio and a test.

    Parameters
    ----------
    before, after
        Events, 0 or more.
    exposure_before, exposure_after
        Resident-years, or any other base, above 0.
    dispersion
        How many times more the counts vary than chance alone would have it; 1 or more, see
        :func:`estimate_dispersion`. Above 1 the comparison is the scaled one.

    Returns
    -------
    Comparison
        ``ratio`` of after to before with its limits, ``p_value`` and ``method``. With a count of 0
        the interval is open on one side, to 0 or to infinity.

    Raises
    ------
    ValueError
        For a negative count, an exposure that is not above 0, or a dispersion below 1.

    Examples
    --------
    >>> round(compare_counts(6, 2).p_value, 4)
    0.1749
    >>> compared = compare_counts(30, 60, 54308.7, 51477.5)
    >>> round(compared.low, 6), round(compared.high, 6)
    (1.365962, 3.259306)
    """
    _check_arguments(before, after, exposure_before, exposure_after, dispersion)
    if before + after == 0:
        return Comparison(np.nan, np.nan, np.nan, 1.0, "no events, nothing to compare")
    per = exposure_before / exposure_after
    low, high = ratio_interval(after / dispersion, before / dispersion, per, confidence)
    ratio = after / before * per if before else np.inf
    exact = dispersion == 1 and before + after <= _MOST_FOR_ETEST
    if exact:
        from statsmodels.stats import rates

        tested = rates.etest_poisson_2indep(after, exposure_after, before, exposure_before)
        p_value = float(min(tested[1], 1))
    else:
        p_value = _score_of_counts(before, after, exposure_before, exposure_after, dispersion)
    return Comparison(ratio, low, high, p_value, _method(exact, dispersion, before, after))


def _check_arguments(
    before: float, after: float, exposure_before: float, exposure_after: float, dispersion: float
) -> None:
    counts = {"before": before, "after": after}
    exposures = {"exposure_before": exposure_before, "exposure_after": exposure_after}
    for name, count in counts.items():
        if not (np.isfinite(count) and count >= 0):
            raise ValueError(f"{name}={count!r} is no count: give 0 or more.")
    for name, exposure in exposures.items():
        if not (np.isfinite(exposure) and exposure > 0):
            raise ValueError(f"{name}={exposure!r} is no exposure: give a number above 0.")
    check_dispersion(dispersion)


def _score_of_counts(
    before: float, after: float, exposure_before: float, exposure_after: float, dispersion: float
) -> float:
    """Return p of the score test: given their sum, the second count is binomial."""
    both, share = before + after, exposure_after / (exposure_before + exposure_after)
    z = (after - both * share) / np.sqrt(dispersion * both * share * (1 - share))
    return float(2 * special.ndtr(-abs(z)))


def _method(exact: bool, dispersion: float, before: float, after: float) -> str:
    test = "E-test" if exact else "score test"
    interval = "score interval"
    if not (before and after):
        side = "0" if before else "infinity"
        interval = f"exact conditional interval, open to {side}"
    scaled = f", both scaled by a dispersion of {dispersion:.2f}" if dispersion > 1 else ""
    return f"{test}, {interval}{scaled}"


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
    z = _score_of_shares(*parts)
    return Comparison(ratio, low, high, float(2 * special.ndtr(-abs(z))), "score test")


def _ratio(after: float, before: float, kind: str) -> float:
    if kind == "ratio":
        after, before = (s / (1 - s) if s < 1 else np.inf for s in (after, before))
    return after / before if before else np.nan if not after else np.inf


def _score_of_shares(part_after: float, after: float, part_before: float, before: float) -> float:
    """Return z of the difference between two shares, pooled under the null hypothesis."""
    both = (part_after + part_before) / (after + before)
    spread = both * (1 - both) * (1 / after + 1 / before)
    return (part_after / after - part_before / before) / np.sqrt(spread) if spread > 0 else 0.0


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
    asked = {"measure": measure, "boundaries": latest}
    own = _variation(records, asked) if dispersion is None else (check_dispersion(dispersion), 0)
    spans = [compare_communes(records, years=y, per=per, **asked) for y in (before, after)]
    table = _join_spans(*(events_of(rows, measure) for rows in spans))
    rows = table[[f"{what}_{span}" for what in ("events", "base") for span in _SPANS]]
    kind = find_measure(measure).kind
    sizes = table[[f"{'events' if kind == 'count' else 'base'}_{span}" for span in _SPANS]]
    years = sum(span[-1] - span[0] + 1 for span in (before, after))
    table["dispersion"] = own[0] + own[1] * sizes.sum(axis=1) / years
    found = [
        compare_sums(*row, kind, wide, confidence)
        for row, wide in zip(rows.to_numpy(), table["dispersion"], strict=True)
    ]
    for place, name in enumerate(("ratio", "low", "high", "p_value")):
        table[name] = [comparison[place] for comparison in found]
    table["p_adjusted"] = adjust(table["p_value"])
    side = np.where(table["ratio"] > 1, "rise", "fall")
    table["change"] = np.where(table["p_adjusted"] < 1 - confidence, side, "")
    return table.assign(measure=measure, per=per)


def _variation(records: pd.DataFrame, asked: dict) -> tuple[float, float]:
    """Estimate the dispersion of communes in all years, and what they vary together."""
    totals, measure = total_by(records, "commune", **asked), asked["measure"]
    if totals["numerator"].notna().any() and not totals["numerator"].any():
        return 1.0, 0.0  # where nothing happened in any year, nothing could vary by chance
    own = estimate_dispersion(totals, measure=measure)
    whole = total_by(records, **asked)
    return own, estimate_together(whole, measure=measure, dispersion=own)


def _join_spans(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Join two spans: one row per commune of either, with events and base of both."""
    keep = ["commune_id", "commune", "kind"]
    names = pd.concat([after, before])[keep].drop_duplicates("commune_id")
    table = names.set_index("commune_id")
    for span, rows in zip(_SPANS, (before, after), strict=True):
        rows = rows.set_index("commune_id")
        table[span] = rows["value"]
        table[f"events_{span}"], table[f"base_{span}"] = rows["events"], rows["base"]
    both = pd.concat([before, after]).groupby("commune_id")
    states_of = both["state"].agg(set).reindex(table.index)
    table["state"] = [next((s for s in _STATES if s in states), "full") for states in states_of]
    table["covered"], table["illustrative"] = both["covered"].mean(), both["illustrative"].any()
    same = {name: after[name].iloc[0] for name in ("boundaries", "place")}
    return table.reset_index().assign(**same)


SMALL_BASE = 10  # no percentage on a base below it
LEVEL = 0.05


def is_small(measure: str, value: float, parts: tuple[float, float]) -> bool:
    """Check whether a count, or the denominator of a share, is too small for a percentage."""
    return (value if find_measure(measure).kind == "count" else parts[1]) < SMALL_BASE


@dataclass(frozen=True)
class PeriodChange:
    """Change of one measure between two periods, for one place or several together.

    ``parts`` is numerator and denominator, the latter missing of a count. ``difference`` is in the
    measure's own unit (points, of a share), ``pct`` in per cent, only of counts; ``pct``, and the
    change of a share or ratio, are missing on a base below 10.

    Where a state is ``lacking`` two counts are not of the same: their ``difference`` is arithmetic
    alone, and ``pct``, ``rose`` and ``sure`` are of the rates over the time that the reports
    cover. With a ``partial`` period nothing is compared. ``covered`` is the share of the reports
    that came in, by time, each unit alike. ``sure`` says whether the change is more
    than chance; None where that is not judged.
    """

    measure: str
    commune_ids: tuple[str, ...]
    period: str
    before_period: str
    value: float
    before: float
    parts: tuple[float, float]
    parts_before: tuple[float, float]
    state: str
    state_before: str
    reporting: int
    expected: int
    covered: float
    covered_before: float
    difference: float
    pct: float
    rose: bool
    p_value: float
    sure: bool | None


def change_from(
    window: Window, measure: str, against: str, commune_ids: tuple[str, ...] = ("",)
) -> PeriodChange:
    """Compare a measure with another period, unadjusted for multiple comparisons.

    Parameters
    ----------
    against
        ``"same_period_last_year"`` or ``"previous_period"``.
    commune_ids
        One place, or several that are added up; an empty id is the whole place.
    """
    before_period = period_against(window.period, against)
    now, before = (_sum(window, measure, commune_ids, p) for p in (window.period, before_period))
    entry = find_measure(measure)
    count = entry.kind == "count"
    whole = now["state"] == before["state"] == "full"
    enough = {now["state"], before["state"]} <= {"full", LACKING}
    bases = [before["value"]] if count else [now["parts"][1], before["parts"][1]]
    if entry.counted_at:  # attendances come by sessions: the number of sessions must suffice, too
        bases.append(_sum(window, entry.counted_at, commune_ids, before_period)["value"])
    based = enough and all(base >= SMALL_BASE for base in bases)
    difference = now["value"] - before["value"] if (enough if count else based) else np.nan
    # The expected count, had the period before been covered as long as this one.
    like = before["value"]
    if count and enough and not whole:
        like *= now["exposure"] / before["exposure"]
    pct = (now["value"] / like - 1) * 100 if count and based else np.nan
    # Of a further count that nobody reported there is no dispersion.
    field = window.dispersion.get(measure), window.together.get(measure, 0.0)
    p_value = _p_of_change(now, before, measure, *field) if enough else np.nan
    return PeriodChange(
        measure,
        commune_ids,
        window.period,
        before_period,
        now["value"],
        before["value"],
        now["parts"],
        before["parts"],
        now["state"],
        before["state"],
        int(now["reporting"]),
        int(now["expected"]),
        now["covered"],
        before["covered"],
        difference,
        pct,
        bool(now["value"] > like),
        p_value,
        None if np.isnan(p_value) else bool(p_value < LEVEL),
    )


def changes_of(
    window: Window, measure: str, against: str, commune_ids: tuple[str, ...]
) -> list[PeriodChange]:
    """Compare each of some communes with another period, with p adjusted over all communes.

    Looked at together, some would stand out by chance alone: p is adjusted over all communes of
    the window (Benjamini and Hochberg, 1995), whichever of them are asked for.
    """
    if not commune_ids:
        return []
    units = [unit for unit in window.totals["commune_id"].unique() if unit]
    found = [change_from(window, measure, against, (unit,)) for unit in units]
    adjusted = adjust(pd.Series([change.p_value for change in found], dtype=float))
    adjusted_changes = {
        unit: replace(change, p_value=p, sure=None if np.isnan(p) else bool(p < LEVEL))
        for unit, change, p in zip(units, found, adjusted, strict=True)
    }
    return [adjusted_changes[unit] for unit in commune_ids]


def judge(
    window: Window, measure: str, against: str, commune_ids: tuple[str, ...] = ("",)
) -> PeriodChange:
    """Compare with another period: one commune with adjusted p, several or the city as one."""
    if len(commune_ids) == 1 and commune_ids[0]:
        return changes_of(window, measure, against, commune_ids)[0]
    return change_from(window, measure, against, commune_ids)


def _sum(window: Window, measure: str, commune_ids: tuple[str, ...], period: str) -> dict:
    """Sum a measure over places: numerators and denominators before dividing."""
    by_unit = window.by_period.get((measure, period), {})
    rows = [row for unit, row in by_unit.items() if unit in commune_ids]
    nothing = np.nan, np.nan
    if not rows:
        none = dict.fromkeys(("reporting", "expected", "covered"), 0)
        return {"state": "missing", "value": np.nan, "parts": nothing, **none}
    summed = {name: _added([row[name] for row in rows]) for name in ADDED}
    entry = find_measure(measure)
    parts = summed["numerator"], summed["denominator"]
    count = entry.kind == "count"
    value = parts[0] if count else parts[0] / parts[1] * entry.per if parts[1] else np.nan
    state = _state_of([row["state"] for row in rows])
    if state not in ("full", LACKING, PARTIAL):
        value, parts = np.nan, nothing
    if commune_ids == ("",):
        rows = [row for unit, row in by_unit.items() if unit] or rows
    covered = float(np.mean([row["covered"] for row in rows]))
    return {**summed, "state": state, "value": value, "parts": parts, "covered": covered}


def _added(values: list[float]) -> np.float64:
    """Return the sum of what is known; NaN if nothing is."""
    known = [value for value in values if value == value]
    return np.float64(sum(known) if known else np.nan)


def _state_of(states: list[str]) -> str:
    """Combine the states of several places into one."""
    if HIDDEN in states:
        return HIDDEN
    reported = {state for state in states if state != "missing"}
    if reported <= {"none"}:
        return "none" if reported else "missing"
    if "missing" in states or PARTIAL in reported:
        return PARTIAL
    return LACKING if LACKING in reported else "full"


def _p_of_change(
    now: dict, before: dict, measure: str, dispersion: float | None, together: float
) -> float:
    """Return p of a change under overdispersed chance; NaN if the dispersion is unknown.

    The larger a place, the more of its ups and downs are those of all communes: of the whole city
    they are most.
    """
    if dispersion is None:
        return np.nan
    kind = find_measure(measure).kind
    events = [side["numerator"] for side in (before, now)]
    base = [base_of(side, kind) for side in (before, now)]
    if np.isnan(events).any() or not all(size > 0 for size in base):
        return np.nan
    size = np.mean(events if kind == "count" else base)
    return compare_sums(*events, *base, kind, dispersion + together * size).p_value
