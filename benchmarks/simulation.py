"""How often each test is wrong, and how often it finds what is there.

Series as large as those of the city, made up by the thousand, in which nothing happens: what a test
finds is a false alarm. In some whole years go up and down by 5 or 10% in all communes alike, and
nothing happens either. The same with a change of 3, 6 and 10% a year: what it finds is its power.

Run it by `python -m benchmarks.simulation`; it takes about half an hour on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.measuring.changes import compare_sums
from antq_helpers.measuring.comparisons import adjust, estimate_dispersion, estimate_together
from antq_helpers.measuring.control import control_limits
from antq_helpers.measuring.funnels import funnel
from antq_helpers.measuring.trends import compare_trends, fit_trend
from antq_helpers.tables import package_table

TABLE = Path(__file__).with_name("simulation.csv")
SEED = 20230524
DISPERSIONS = (1, 2, 4)
WOBBLES = (5, 10)  # per cent, in which the rate of a whole year differs from others
CHANGES = (3, 6, 10)  # per cent a year
YEARS = range(2013, 2023)
# Of each commune and year, on average: 4 556 tips and some 610 cases over ten years, see
# data/published_figures.csv; 36% of the tips are valuable.
VALUABLE = 0.36
SIZES = {"tips": 4556 / 150, "resolved_cases": 610 / 150}
FUNNELS = {**SIZES, "valuable_tips": VALUABLE * SIZES["tips"]}
LEVEL = 0.05


def simulate(runs: dict[Callable, int] | None = None, processes: int = 2) -> pd.DataFrame:
    """Give a row per test and measure, its per cent of alarms at each dispersion.

    Parameters
    ----------
    runs
        How many made-up cities each of :data:`RUNS` gets; by default as many as these say.

    Returns
    -------
    DataFrame
        ``what`` (false alarms, or power at a change a year), ``test``, ``measure``, ``runs``,
        ``phi_1``, ``phi_2``, ``phi_4`` (per cent at that dispersion) and ``error``, the largest of
        their standard errors. Of a family of communes a run with any alarm counts.
    """
    with Pool(processes) as pool:
        tables = [
            _sum_up({phi: pool.map(partial(one, phi), range(many), 10) for phi in DISPERSIONS})
            for one, many in (runs or RUNS).items()
        ]
    return pd.concat(tables, ignore_index=True)


def _sum_up(found: dict[int, list[dict]]) -> pd.DataFrame:
    """Give the per cent of alarms over all runs."""
    alarms = {phi: pd.DataFrame(runs) for phi, runs in found.items()}
    table = pd.DataFrame({f"phi_{phi}": said.mean() * 100 for phi, said in alarms.items()})
    errors = [said.std(ddof=1) / np.sqrt(len(said)) * 100 for said in alarms.values()]
    table["error"] = pd.concat(errors, axis=1).max(axis=1)
    table.index = pd.MultiIndex.from_tuples(table.index, names=["what", "test", "measure"])
    table = table.round(1).reset_index()
    table.insert(3, "runs", len(next(iter(found.values()))))
    return table


def _stream(phi: float, run: int) -> np.random.RandomState:
    return np.random.RandomState(SEED + 10 * run + int(phi))


def one_city(phi: float, run: int) -> dict[tuple[str, str, str], float]:
    """Give the share of alarms of each test in one made-up city where nothing happens."""
    stream = _stream(phi, run)
    alarms = {}
    for measure, size in SIZES.items():
        alarms |= _tested(_totals(stream, measure, size, phi), measure, "false alarms")
    alarms |= _tested(_shares(stream, phi), "valuable_share", "false alarms")
    for wobble in WOBBLES:
        wobbling = _totals(stream, "tips", SIZES["tips"], phi, wobble=wobble)
        alarms |= _tested(wobbling, "tips", f"false alarms, years {wobble}% apart")
    return alarms


def one_control(phi: float, run: int) -> dict[tuple[str, str, str], float]:
    """Give whether a flat series of 10 years, or 120 months, has any signal; and how many are due.

    No test: a control chart says beside it how many signals chance alone gives.
    """
    stream = _stream(phi, run)
    said = {}
    for points, size in ((10, SIZES["tips"]), (120, SIZES["tips"] / 12)):
        mean = np.full(points, size)
        rate = stream.gamma(mean / (phi - 1), phi - 1) if phi > 1 else mean
        counts = stream.poisson(rate)
        charts = {"": {}, ", by its dispersion": {"exposure": np.ones(points), "dispersion": phi}}
        for name, given in charts.items():
            limits = control_limits(counts, **given)
            signals = (limits.points["signal"] != "").sum()
            test = f"control chart, {points} points{name}"
            said["any signal", test, "tips"] = float(signals > 0)
            said["signals a chart", test, "tips"] = signals / 100  # a number, no per cent
            said["signals it expects", test, "tips"] = limits.expected_signals / 100
    return said


def one_rising(phi: float, run: int) -> dict[tuple[str, str, str], float]:
    """Give the share of trends found in one made-up city where tips rise each year."""
    stream = _stream(phi, run)
    alarms = {}
    for change in CHANGES:
        rising = _totals(stream, "tips", SIZES["tips"], phi, change)
        what = f"power at {change}% a year"
        alarms[what, "trend, one commune", "tips"] = _any_trend(rising, "tips")[0]
        alarms[what, "trend, city", "tips"] = _p_city(_city(rising, "tips"), "tips") < LEVEL
    return alarms


def one_funnel(phi: float, run: int) -> dict[tuple[str, str, str], bool]:
    """Give whether the funnel finds any commune in one made-up city where all are alike."""
    stream = _stream(phi, run)
    cities = {name: _totals(stream, name, size, phi) for name, size in FUNNELS.items()}
    cities["valuable_share"] = _shares(stream, phi)
    return {
        ("false alarms", test, name): (
            funnel(city, measure=name, dispersion=said)["outlier"] != ""
        ).any()
        for test, said in (("funnel, any of 15", None), ("funnel, as if pure chance", 1))
        for name, city in cities.items()
    }


# How many cities are made up for each.
RUNS = {one_city: 400, one_control: 400, one_rising: 100, one_funnel: 1000}


def _residents() -> pd.DataFrame:
    """Give the fifteen communes since 2020."""
    units = package_table("communes").query("official_order <= 17")
    merged = units[units["commune_id"].str.endswith("@2020")]["official_order"]
    gone = units["name"].isin(["Văn Tiến", "Phúc Lộc"])
    old = units["commune_id"].str.endswith("@2008") & units["official_order"].isin(merged)
    later = units["commune_id"].str.endswith("@2024")
    return units[~(gone | old | later)]


def _frame() -> pd.DataFrame:
    """Give a row per commune and year, without counts, in the form of totals."""
    units = _residents()
    rows = units.merge(pd.DataFrame({"year": YEARS}), how="cross")
    return pd.DataFrame(
        {
            "commune_id": rows["commune_id"],
            "commune": rows["name"],
            "period": rows["year"].astype(str),
            "exposure": rows["population_2019"].astype(float),
            "denominator": np.nan,
            "covered": 1.0,
            "illustrative": True,
            "boundaries": 2020,
        }
    )


FRAME = _frame()
STEP = FRAME["period"].astype(int) - YEARS[0]


def _totals(
    stream: np.random.RandomState,
    measure: str,
    size: float,
    phi: float,
    change: float = 0,
    wobble: float = 0,
) -> pd.DataFrame:
    """Draw counts with a variance of phi times their mean: Poisson, its rate gamma above 1."""
    rate = size * len(FRAME) / FRAME["exposure"].sum()
    mean = FRAME["exposure"] * rate * (1 + change / 100) ** STEP
    if wobble:
        apart = (wobble / 100) ** 2
        mean = mean * stream.gamma(1 / apart, apart, len(YEARS))[STEP]
    if phi > 1:
        mean = stream.gamma(mean / (phi - 1), phi - 1)
    return FRAME.assign(measure=measure, numerator=stream.poisson(mean).astype(float))


def _shares(stream: np.random.RandomState, phi: float) -> pd.DataFrame:
    """Draw valuable tips of tips with a variance of phi times the binomial: beta-binomial."""
    tips = _totals(stream, "tips", SIZES["tips"], 1)["numerator"]
    share = np.full(len(tips), VALUABLE)
    if phi > 1:
        alike = np.minimum((phi - 1) / np.maximum(tips - 1, phi - 1), 0.99)
        size = 1 / alike - 1
        share = stream.beta(VALUABLE * size, (1 - VALUABLE) * size)
    valuable = stream.binomial(tips.astype(int), share).astype(float)
    return FRAME.assign(measure="valuable_share", numerator=valuable, denominator=tips)


def _tested(totals: pd.DataFrame, measure: str, what: str) -> dict[tuple[str, str, str], float]:
    """Give the share of alarms of each test that the workbook shows, where nothing happened."""
    phi = estimate_dispersion(totals, measure=measure)
    city = _city(totals, measure)
    together = estimate_together(city, measure=measure, dispersion=phi)
    single, family = _any_trend(totals, measure)
    pair = ["2021"], ["2022"]
    spans = ["2013", "2014", "2015"], ["2020", "2021", "2022"]
    said = {
        "two years, one commune": (_p_values(totals, measure, phi, together, *pair) < LEVEL).mean(),
        "two years, as if pure chance": (_p_values(totals, measure, 1, 0, *pair) < LEVEL).mean(),
        "two years, city": (_p_values(city, measure, phi, together, *pair) < LEVEL).any(),
        "two years, city, by its communes alone": (
            _p_values(city, measure, phi, 0, *pair) < LEVEL
        ).any(),
        "trend, one commune": single,
        "trend, city": _p_city(city, measure) < LEVEL,
        "trends, any of 15 communes": family,
        "before and after, any of 15": (
            adjust(_p_values(totals, measure, phi, together, *spans)) < LEVEL
        ).any(),
    }
    return {(what, test, measure): float(alarm) for test, alarm in said.items()}


def _any_trend(totals: pd.DataFrame, measure: str) -> tuple[float, float]:
    """Give the share of communes with a trend each by itself, and whether any after adjustment."""
    trends = compare_trends(totals, measure=measure)
    return (trends["p_value"] < LEVEL).mean(), (trends["p_adjusted"] < LEVEL).any()


def _city(totals: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Give the totals of the whole city."""
    summed = totals.groupby("period", as_index=False).agg(
        {"numerator": "sum", "denominator": "sum", "exposure": "sum", "covered": "mean"}
    )
    return summed.assign(measure=measure, commune="")


def _p_city(city: pd.DataFrame, measure: str) -> float:
    return fit_trend(city, measure=measure).p_value


def _p_values(
    totals: pd.DataFrame,
    measure: str,
    phi: float,
    together: float,
    before: list[str],
    after: list[str],
) -> pd.Series:
    """Give p of each commune, or of the city, over some years held against that over others."""
    share = measure == "valuable_share"
    table = totals.assign(base=totals["denominator" if share else "exposure"])
    sums = [
        table[table["period"].isin(span)].groupby("commune")[["numerator", "base"]].sum()
        for span in (before, after)
    ]
    rows = np.column_stack([s[name] for name in ("numerator", "base") for s in sums])
    years = len(before) + len(after)
    sizes = sum(s["base" if share else "numerator"] for s in sums) / years
    return pd.Series(
        [
            compare_sums(*row, "share" if share else "count", phi + together * size).p_value
            for row, size in zip(rows, sizes, strict=True)
        ]
    )


def main() -> None:
    table = simulate()
    table.to_csv(TABLE, index=False, lineterminator="\n")
    print(table.to_string(index=False), file=sys.stdout)


if __name__ == "__main__":
    main()
