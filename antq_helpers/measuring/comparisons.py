"""Rates of communes compared with the city: intervals, tests and overdispersion.

Formulas: dispersion is Pearson's chi-squared over its degrees of freedom (McCullagh and Nelder,
1989, section 6.2.3), of counts with what few events hide of it (Mosimann, 1962, Biometrika 49).
How all communes vary together adds a variance that grows with the square of a count (Breslow, 1984,
Extra-Poisson variation in log-linear models, Applied Statistics 33). Over communes p is adjusted by
Benjamini and Hochberg (1995).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize, stats

from antq_helpers.dictionary import Measure, find_measure
from antq_helpers.measuring.intervals import (
    Interval,
    count_interval,
    rate_interval,
    ratio_interval,
    share_interval,
)
from antq_helpers.measuring.totals import (
    Tally,
    check_years,
    select,
    tally,
    total_by,
    years_alone,
    years_of,
)
from antq_helpers.records import check_records, kept

if TYPE_CHECKING:
    from statsmodels.api import GLM


_FEWEST_YEARS = 5


def check_dispersion(dispersion: float) -> float:
    """Check that a dispersion is finite and at least 1; return it."""
    if not (np.isfinite(dispersion) and dispersion >= 1):
        raise ValueError(f"dispersion={dispersion!r} must be 1 (pure chance) or more.")
    return dispersion


def totals_of(totals: pd.DataFrame, measure: str, *, communes: bool = False) -> pd.DataFrame:
    """Return the totals of one measure.

    Raises
    ------
    ValueError
        For records and other tables, with how to get totals, by commune where they are wanted so;
        where totals do not hold the measure.
    """
    wanted = ("commune",) if communes else ()
    needed = ("measure", "period", "numerator", "denominator", "exposure", *wanted)
    missing = [name for name in needed if name not in totals]
    if missing:
        made = 'total_by(records, "commune")' if communes else "total_by(records)"
        raise ValueError(
            f"This table lacks the columns {', '.join(missing)}. Totals are wanted here, not "
            f"records: use {made}."
        )
    table = totals[totals["measure"] == measure]
    if table.empty:
        legal = ", ".join(totals["measure"].unique())
        raise ValueError(f"measure={measure!r} is not in these totals. They hold: {legal}.")
    return table


def events_of(totals: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return events and their base (exposure, whole or sum) by commune and period.

    Returns
    -------
    DataFrame
        The rows of the measure, with ``events`` and ``base``: a count and its resident-years; a
        share's part and whole; of a ratio, the first count and the sum of both, because given their
        sum the first of two Poisson counts is binomial. Both are missing where none was reported.

    Raises
    ------
    ValueError
        As :func:`totals_of`.
    """
    table = totals_of(totals, measure)
    base = base_of(table, find_measure(measure).kind)
    given = table["numerator"].notna() & (base > 0)
    return table.assign(events=table["numerator"].where(given), base=base.where(given))


def base_of(totals: pd.DataFrame | dict, kind: str) -> pd.Series | np.ndarray | float:
    """Return what events are counted in, of a table of totals, of arrays or of one row."""
    if kind == "count":
        return totals["exposure"]
    if kind == "share":
        return totals["denominator"]
    return totals["numerator"] + totals["denominator"]


def estimate_dispersion(totals: pd.DataFrame, *, measure: str) -> float:
    """Estimate the overdispersion of a measure: its variance over that of chance alone.

    Pooled over units and years: each unit may have its level and each year its own, as in
    a Poisson model with an effect of both; what remains is held against chance. Few events of a
    unit show less of it than there is, which is allowed for.

    Parameters
    ----------
    totals
        By unit and year, as ``total_by(records, "commune")`` gives them.

    Returns
    -------
    float
        1 or more; 1 is pure chance.

    Raises
    ------
    ValueError
        With fewer than two units or two years that have events: nothing remains to be judged.

    Examples
    --------
    >>> from antq_helpers import load_records, total_by
    >>> totals = total_by(load_records(), "commune")
    >>> 1 <= estimate_dispersion(totals, measure="tips") < 4
    True
    """
    table = events_of(totals, measure)
    unit = [name for name in ("commune", "commune_id") if name in table]
    grid = table.assign(place="").pivot(
        index=unit or "place", columns="period", values=["events", "base"]
    )
    return _pearson_dispersion(grid["events"].to_numpy(), grid["base"].to_numpy(), measure)


def _pearson_dispersion(events: np.ndarray, base: np.ndarray, measure: str) -> float:
    """Estimate the dispersion of events out of a base, units × periods; NaN is not reported."""
    known = ~np.isnan(events)
    happened = np.where(known, events, 0) > 0
    some = np.ix_(happened.any(axis=1), happened.any(axis=0))
    events, base, known = events[some], base[some], known[some]
    free = known.sum() - sum(events.shape) + 1
    if min(events.shape, default=0) < 2 or free < 1:
        raise ValueError(
            f"The dispersion of {measure!r} needs two communes or more over two years or more "
            f"with events; these totals have {events.shape[0]} and {events.shape[1]}. "
            "Give more reports, or say dispersion=."
        )
    expected = _expected(np.where(known, events, 0), np.where(known, base, 0))
    count = find_measure(measure).kind == "count"
    spread = expected
    if not count:
        spread = expected * np.clip(1 - expected / np.where(known, base, 1), 0.01, 1)
    pearson = float(((events - expected)[known] ** 2 / spread[known]).sum() / free)
    if pearson <= 1:
        return 1.0
    return _behind(pearson, np.nansum(events, axis=1)) if count else pearson


def first_dispersion(tables: Iterable[Tally | pd.DataFrame], measure: str) -> float | None:
    """Estimate the dispersion from the first totals that suffice; None if none does."""
    for table in tables if find_measure(measure).interval != "none" else ():
        try:
            if isinstance(table, pd.DataFrame):
                return estimate_dispersion(table, measure=measure)
            part = table.parts[measure]
            base = base_of(part, find_measure(measure).kind)
            events = np.where(base > 0, part["numerator"], np.nan)
            return _pearson_dispersion(events, base, measure)
        except ValueError:  # too few communes or periods
            continue
    return None


def variation_of(
    records: pd.DataFrame, measure: str, **asked: object
) -> tuple[float | None, float]:
    """Return a measure's dispersion of communes and the variance that they share.

    Of all years in the records, so that a choice of years changes no interval; from years where
    too few reports tell of shorter periods. ``asked`` is as in :func:`tally`.
    """
    records = check_records(records)

    def estimate() -> tuple[float | None, float]:
        tables = [
            tally(records, "commune", **{**asked, "period": period})
            for period in dict.fromkeys((asked["period"], "year"))
        ]
        own = first_dispersion(tables, measure)
        if own is None:
            return None, 0.0
        whole = tally(records, **asked).long([measure])
        return own, estimate_together(whole, measure=measure, dispersion=own)

    return kept(records, ("variation", measure, *asked.items()), estimate)


def estimate_together(
    totals: pd.DataFrame, *, measure: str, dispersion: float, covered: float = 0.9
) -> float:
    """Estimate the variance that all communes share, which no commune's residuals show.

    The whole place's series is held against a steady trend with an effect of each season; what
    remains beyond the dispersion of communes is common to them. It is no chance of one commune's,
    and yet tells nothing about a change: the next period may as well be the other way.

    Parameters
    ----------
    totals
        Of the whole place by year, or by a part of it, as ``total_by(records)`` gives them.
    dispersion
        That of communes, see :func:`estimate_dispersion`.
    covered
        Periods whose reports cover less than this share are left out.

    Returns
    -------
    float
        The variance of the common rate in a period, relative to it: .01 where it wobbles by 10%.
        A place with n events (of a share: a base of n) has a dispersion that is greater by n times
        this. 0 with fewer than five years, or with too few events for a trend.

    Examples
    --------
    >>> from antq_helpers import load_records, total_by
    >>> estimate_together(total_by(load_records()), measure="tips", dispersion=1.98) < 0.01
    True
    """
    table = events_of(totals, measure)
    table = table[table["events"].notna() & (table["covered"] >= covered)]
    events, base = table["events"].to_numpy(float), table["base"].to_numpy(float)
    year = table["period"].str[:4].astype(float).to_numpy()
    season = pd.get_dummies(table["period"].str[4:]).to_numpy(float)
    free = len(table) - season.shape[1] - 1
    if len(np.unique(year)) < _FEWEST_YEARS or free < 3 or not events.any():
        return 0.0
    kind = find_measure(measure).kind
    expected = _fitted(events, base, np.column_stack([season, year - year.mean()]), kind)
    if expected is None:
        return 0.0
    spread = expected if kind == "count" else expected * (1 - expected / base)
    pearson = float(((events - expected) ** 2 / np.maximum(spread, 1e-9)).sum() / free)
    return max(pearson - dispersion, 0) / float((events if kind == "count" else base).mean())


def model_of(events: np.ndarray, base: np.ndarray, design: np.ndarray, kind: str) -> GLM:
    """Return the unfitted GLM of events out of a base: Poisson for counts, else binomial."""
    import statsmodels.api as sm

    if kind == "count":
        return sm.GLM(events, design, sm.families.Poisson(), offset=np.log(base))
    return sm.GLM(np.column_stack([events, base - events]), design, sm.families.Binomial())


def _fitted(
    events: np.ndarray, base: np.ndarray, design: np.ndarray, kind: str
) -> np.ndarray | None:
    """Return the expected events of the fitted model; None if the fit does not converge."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of separation, where a season has no event
        found = model_of(events, base, design, kind).fit()
    expected = found.fittedvalues * (1 if kind == "count" else base)
    return expected if found.converged and np.isfinite(expected).all() else None


def _behind(pearson: float, events: np.ndarray) -> float:
    """Correct Pearson's dispersion for communes with few events, which show less than there is.

    Counts that vary φ times more than chance are Poisson with gamma rates; given their sum N they
    are Dirichlet-multinomial, with a variance of only N·φ/(N + φ − 1) times the multinomial one. At
    most each commune's events all come at one go: then nothing tells how far beyond.
    """
    most = max(pearson, float(events.mean()))

    def missed(dispersion: float) -> float:
        return float(np.mean(events * dispersion / (events + dispersion - 1))) - pearson

    return most if missed(most) < 0 else float(optimize.brentq(missed, 1, most))


def _expected(events: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Fit the Poisson model of row and column effects by iterative proportional fitting."""
    fitted = base.astype(float)
    for _ in range(200):
        before = fitted
        for axis in (1, 0):
            sums = fitted.sum(axis=axis, keepdims=True)
            fitted = fitted * events.sum(axis=axis, keepdims=True) / np.where(sums, sums, 1)
        if np.allclose(fitted, before, rtol=1e-9, atol=1e-9):
            break
    return fitted


PARTIAL_BELOW = 0.9
_RESTS_ON = ("numerator", "denominator", "exposure", "share_of", "dispersion")


def add_intervals(totals: pd.DataFrame, per: int | None = None) -> pd.DataFrame:
    """Add value, 95% limits and state to totals; counts become rates if ``per`` is given.

    Where totals have ``share_of``, a count without ``per`` is divided by it. Where they have
    ``dispersion``, limits are those of numbers that vary so many times more than chance: of the
    events and their base over the dispersion (McCullagh and Nelder, 1989, section 4.5).
    """
    table = totals if "share_of" in totals else totals.assign(share_of=1)
    table = table if "dispersion" in table else table.assign(dispersion=np.nan)
    columns = {name: table[name].to_numpy() for name in ("measure", *_RESTS_ON)}
    value, low, high = np.full((3, len(table)), np.nan)
    for name in dict.fromkeys(columns["measure"]):
        rows = columns["measure"] == name
        measure = find_measure(name)
        of = per if measure.kind == "count" else None
        rests_on = (columns[column][rows] for column in _RESTS_ON)
        value[rows], (low[rows], high[rows]) = _estimate(measure, *rests_on, of)
    states = {
        "missing": np.isnan(columns["numerator"]),
        "none": columns["denominator"] == 0,
        "partial": table["covered"] < PARTIAL_BELOW,
    }
    state = np.select(list(states.values()), list(states), "full")
    return table.assign(value=value, low=low, high=high, state=state)


def add_dispersion(
    totals: pd.DataFrame, field: Mapping[str, tuple[float | None, float]]
) -> pd.DataFrame:
    """Add to each total its dispersion; missing where too few reports allow an estimate.

    Parameters
    ----------
    field
        Of each measure, the dispersion of communes (:func:`estimate_dispersion`) and how much all
        communes vary together (:func:`estimate_together`), which tells on large numbers.
    """
    added = np.full(len(totals), np.nan)
    for name, (own, together) in field.items():
        rows = (totals["measure"] == name).to_numpy()
        if own is None:
            continue
        parts = totals.loc[rows, ["numerator", "denominator"]].to_numpy(float)
        kind = find_measure(name).kind
        size = {"count": parts[:, 0], "share": parts[:, 1], "ratio": parts.sum(axis=1)}[kind]
        added[rows] = own + together * np.nan_to_num(size)
    return totals.assign(dispersion=added)


def _estimate(
    measure: Measure,
    above: np.ndarray,
    below: np.ndarray,
    exposure: np.ndarray,
    share_of: np.ndarray,
    dispersion: np.ndarray,
    per: int | None,
) -> tuple[np.ndarray, Interval]:
    by = np.where(dispersion >= 1, dispersion, 1)
    if measure.kind != "count":
        below = np.where(below > 0, below, np.nan)
        interval = share_interval if measure.interval == "wilson" else ratio_interval
        low, high = (limit * measure.per for limit in interval(above / by, below / by))
        return above / below * measure.per, Interval(low, high)
    scale = per / np.where(exposure > 0, exposure, np.nan) if per else 1 / share_of
    if measure.interval == "none":
        return above * scale, Interval(np.nan, np.nan)
    if per:
        return above * scale, rate_interval(above / by, exposure / by, per=per)
    low, high = count_interval(above / by)
    return above * scale, Interval(low * by * scale, high * by * scale)


def adjust(p_values: pd.Series) -> pd.Series:
    """Adjust p-values for multiple comparisons by Benjamini and Hochberg; missing ones stay."""
    known = p_values.notna()
    adjusted = p_values.copy()
    if known.any():
        adjusted[known] = stats.false_discovery_control(p_values[known], method="bh")
    return adjusted


def compare_communes(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    period: str | int | None = None,
    per: int = 1000,
    boundaries: int | None = None,
    dispersion: float | None = None,
) -> pd.DataFrame:
    """Compare each commune and ward with the city: counts as rates, shares and ratios as they are.

    Parameters
    ----------
    years
        First and last reporting year, both included; all by default.
    period
        As in :func:`total_by`; by default all the years are one period.
    per
        Residents and year that a rate is for; shares and ratios have their own.
    dispersion
        How many times more than chance units vary, 1 or more; by default that of all years of
        these records, where they tell.

    Returns
    -------
    DataFrame
        One row per unit, in official order, and period: ``value`` with ``low`` and ``high``
        (95%, with ``dispersion``), ``state`` (``full``; ``partial``: the reports cover under 90% of
        the period; ``missing``; ``none``: reported, but a share or ratio of nothing), the
        ``city``'s value over the same period, and what they rest on, as :func:`total_by` has it.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> table = compare_communes(load_records(), years=(2021, 2022))
    >>> table[["commune", "value", "city"]].round(1).head(2).values.tolist()
    [['Yên Thịnh', 4.2, 5.7], ['Yên Ninh', 6.1, 5.7]]
    """
    records = check_records(records)
    years = check_years(records, years or years_of(records))
    boundaries = int(records["boundaries"].max()) if boundaries is None else boundaries
    if dispersion is None:
        of = years_alone(records, boundaries, years)
        yearly = tally(records, "commune", period="year", boundaries=boundaries, years=of)
        dispersion = first_dispersion([yearly], measure)
    # Variation that all communes share cancels out against the city in the same period.
    field = {measure: (dispersion, 0.0)}
    pooled = years[1] - years[0] + 1 if period is None else period
    ask = {"period": pooled, "boundaries": boundaries, "years": years}
    totals, whole = (tally(records, *keys, **ask).long([measure]) for keys in (["commune"], []))
    communes = add_intervals(add_dispersion(totals, field), per)
    city = add_intervals(whole, per).set_index("period")["value"]
    return communes.assign(city=communes["period"].map(city), per=per).drop(columns="share_of")


def compare_over_time(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    years: tuple[int, int] | None = None,
    per: int = 1000,
    boundaries: int | None = None,
) -> tuple[pd.DataFrame, int]:
    """Compare each commune with the city by year, or by pooled years where counts are small.

    Returns
    -------
    (table of :func:`compare_communes`, number of years that are pooled)
    """
    chosen = records if years is None else select(records, years=years)
    pooled = years_to_pool(chosen, measure=measure)
    ask = {"measure": measure, "years": years, "per": per, "boundaries": boundaries}
    return compare_communes(records, period=pooled, **ask), pooled


def years_to_pool(records: pd.DataFrame, *, measure: str) -> int:
    """Return 3 if half of the communes' yearly counts are below the measure's bound, else 1."""
    yearly = total_by(records, "commune", measure=measure)["numerator"]
    return 3 if yearly.median() < find_measure(measure).pool_below else 1
