"""A window in; how each place stands against another period, and whether beyond chance, out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.changes import compare_sums
from antq_helpers.measuring.comparisons import events_of
from antq_helpers.measuring.period_totals import LACKING, PARTIAL
from antq_helpers.measuring.periods import period_against
from antq_helpers.measuring.releasing import HIDDEN
from antq_helpers.measuring.trends import adjust
from antq_helpers.measuring.windows import Window

SMALL_BASE = 10  # no percentage on a base below it
LEVEL = 0.05


def is_small(measure: str, value: float, parts: tuple[float, float]) -> bool:
    """Say whether a number stands on too few for a percentage: itself, or what it is a share of."""
    return (value if find_measure(measure).kind == "count" else parts[1]) < SMALL_BASE


@dataclass(frozen=True)
class Standing:
    """One measure of one place, or of several together, against another period.

    ``parts`` is numerator and denominator, the latter missing of a count. ``change`` is in the
    measure's own unit (points, of a share), ``pct`` in per cent, only of counts; ``pct``, and the
    change of a share or ratio, are missing on a base below 10.

    Where a state is ``lacking`` two counts are not of the same: their ``change`` is missing, and
    ``pct``, ``rose`` and ``sure`` are of the rates over the time that the reports cover. With a
    ``partial`` period nothing is compared.
    ``covered`` is the share of the time that they cover. ``sure`` says whether the change is more
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
    change: float
    pct: float
    rose: bool
    p_value: float
    sure: bool | None


def hold_against(
    window: Window, measure: str, against: str, commune_ids: tuple[str, ...] = ("",)
) -> Standing:
    """Hold a measure against another period, by itself.

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
    if entry.counted_at:  # many come to one occasion: a percentage rests on these
        bases.append(_sum(window, entry.counted_at, commune_ids, before_period)["value"])
    based = enough and all(base >= SMALL_BASE for base in bases)
    change = now["value"] - before["value"] if (whole if count else based) else np.nan
    # The same time as before would have had so many.
    like = before["value"]
    if count and enough and not whole:
        like *= now["exposure"] / before["exposure"]
    pct = (now["value"] / like - 1) * 100 if count and based else np.nan
    field = window.dispersion[measure], window.together[measure]
    p_value = _p_value(now, before, measure, *field) if enough else np.nan
    return Standing(
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
        change,
        pct,
        bool(now["value"] > like),
        p_value,
        None if np.isnan(p_value) else bool(p_value < LEVEL),
    )


def standings(
    window: Window, measure: str, against: str, commune_ids: tuple[str, ...]
) -> list[Standing]:
    """Hold each of some communes against another period; sure are those beyond chance together.

    Looked at together, some would stand out by chance alone: p is adjusted over all communes of
    the window (Benjamini and Hochberg, 1995), whichever of them are asked for.
    """
    units = [unit for unit in window.totals["commune_id"].unique() if unit]
    found = [hold_against(window, measure, against, (unit,)) for unit in units]
    adjusted = adjust(pd.Series([standing.p_value for standing in found], dtype=float))
    told = {
        unit: replace(standing, p_value=p, sure=None if np.isnan(p) else bool(p < LEVEL))
        for unit, standing, p in zip(units, found, adjusted, strict=True)
    }
    return [told[unit] for unit in commune_ids]


def judge(
    window: Window, measure: str, against: str, commune_ids: tuple[str, ...] = ("",)
) -> Standing:
    """Hold places against another period: one commune among all, several or the city as one."""
    if len(commune_ids) == 1 and commune_ids[0]:
        return standings(window, measure, against, commune_ids)[0]
    return hold_against(window, measure, against, commune_ids)


def _sum(window: Window, measure: str, commune_ids: tuple[str, ...], period: str) -> dict:
    """Add places up: a share's parts and wholes before they are divided."""
    table = window.by_period.get((measure, period))
    rows = None if table is None else table[table["commune_id"].isin(commune_ids)]
    nothing = np.nan, np.nan
    if rows is None or rows.empty:
        none = dict.fromkeys(("reporting", "expected", "covered"), 0)
        return {"state": "missing", "value": np.nan, "parts": nothing, **none}
    summed = rows[["numerator", "denominator", "exposure", "reporting", "expected"]].sum(
        min_count=1
    )
    entry = find_measure(measure)
    parts = summed["numerator"], summed["denominator"]
    count = entry.kind == "count"
    value = parts[0] if count else parts[0] / parts[1] * entry.per if parts[1] else np.nan
    state = _state_of(rows["state"])
    if state not in ("full", LACKING, PARTIAL):
        value, parts = np.nan, nothing
    weights = rows["exposure"] if rows["exposure"].sum() else None
    covered = float(np.average(rows["covered"], weights=weights))
    return {**summed, "state": state, "value": value, "parts": parts, "covered": covered}


def _state_of(states: pd.Series) -> str:
    """Say what several places are together; of one, what it is."""
    if (states == HIDDEN).any():
        return HIDDEN
    told = states[states != "missing"]
    if told.empty or (told == "none").all():
        return "missing" if told.empty else "none"
    if len(told) < len(states) or (told == PARTIAL).any():
        return PARTIAL
    return LACKING if (told == LACKING).any() else "full"


def _p_value(
    now: dict, before: dict, measure: str, dispersion: float | None, together: float
) -> float:
    """Return p of a change by chance, where the field's dispersion is known.

    The larger a place, the more of its ups and downs are those of all communes: of the whole city
    they are most.
    """
    if dispersion is None:
        return np.nan
    pair = (
        pd.DataFrame([before, now])
        .drop(columns="parts")
        .assign(measure=measure, commune="", period=["a", "b"])
    )
    pair = events_of(pair, measure)
    if len(pair) < 2:
        return np.nan
    kind = find_measure(measure).kind
    rows = pair[["events", "base"]].to_numpy().ravel("F")
    size = pair["events" if kind == "count" else "base"].mean()
    return compare_sums(*rows, kind, dispersion + together * size).p_value
