"""How often each test is wrong, and how often it finds what is there.

Series as large as those of the city, made up by the thousand, in which nothing happens: what a test
finds is a false alarm. The same with a change of 3, 6 and 10% a year: what it finds is its power.

Run it by `python -m benchmarks.simulation`.
"""

from __future__ import annotations

import sys
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.measuring.comparisons import estimate_dispersion
from antq_helpers.measuring.control import control_limits
from antq_helpers.measuring.funnels import funnel
from antq_helpers.measuring.trends import adjust, compare_sums, compare_trends, fit_trend
from antq_helpers.tables import load_table

TABLE = Path(__file__).with_name("simulation.csv")
SEED = 20230524
RUNS = 400
FUNNEL_RUNS = 4000  # quicker than the rest, and the nearest to its level
DISPERSIONS = (1, 2, 4)
YEARS = range(2013, 2023)
# Of each commune and year, on average: 4 556 tips and some 610 cases over ten years, see
# data/published_figures.csv; 36% of the tips are valuable.
VALUABLE = 0.36
SIZES = {"tips": 4556 / 150, "resolved_cases": 610 / 150}
FUNNELS = {**SIZES, "valuable_tips": VALUABLE * SIZES["tips"]}
LEVEL = 0.05


def simulate(runs: int = RUNS, funnel_runs: int = FUNNEL_RUNS, processes: int = 2) -> pd.DataFrame:
    """Give a row per test and measure, its per cent of alarms at each dispersion.

    Returns
    -------
    DataFrame
        ``what`` (false alarms, or power at a change a year), ``test``, ``measure``, ``runs``,
        ``phi_1``, ``phi_2``, ``phi_4`` (per cent at that dispersion) and ``error``, the largest of
        their standard errors. Of a family of communes a run with any alarm counts.
    """
    with Pool(processes) as pool:
        tables = [
            _sum_up({phi: pool.map(partial(run, phi), range(count), 10) for phi in DISPERSIONS})
            for run, count in ((one_run, runs), (one_funnel, funnel_runs))
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


def one_run(phi: float, run: int) -> dict[tuple[str, str, str], float]:
    """Give the share of alarms of each test in one made-up city."""
    stream = np.random.RandomState(SEED + 10 * run + int(phi))
    alarms = {}
    for measure, size in SIZES.items():
        null = _totals(stream, measure, size, phi)
        alarms |= _tested(null, measure)
    alarms |= _tested(_shares(stream, phi), "valuable_share")
    alarms |= _control(stream, phi)
    for change in (3, 6, 10):
        rising = _totals(stream, "tips", SIZES["tips"], phi, change)
        what = f"power at {change}% a year"
        alarms[what, "trend, one commune", "tips"] = _any_trend(rising, "tips")[0]
        alarms[what, "trend, city", "tips"] = _p_city(rising, "tips") < LEVEL
    return alarms


def one_funnel(phi: float, run: int) -> dict[tuple[str, str, str], bool]:
    """Give whether the funnel finds any commune in one made-up city where all are alike."""
    stream = np.random.RandomState(SEED + 10 * run + int(phi))
    cities = {name: _totals(stream, name, size, phi) for name, size in FUNNELS.items()}
    cities["valuable_share"] = _shares(stream, phi)
    return {
        ("false alarms", test, name): (
            funnel(city, measure=name, dispersion=said)["outlier"] != ""
        ).any()
        for test, said in (("funnel, any of 15", None), ("funnel, as if pure chance", 1))
        for name, city in cities.items()
    }


def _residents() -> pd.DataFrame:
    """Give the fifteen communes since 2020."""
    units = load_table("communes").query("official_order <= 17")
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
    stream: np.random.RandomState, measure: str, size: float, phi: float, change: float = 0
) -> pd.DataFrame:
    """Draw counts with a variance of phi times their mean: Poisson, its rate gamma above 1."""
    rate = size * len(FRAME) / FRAME["exposure"].sum()
    mean = FRAME["exposure"] * rate * (1 + change / 100) ** STEP
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


def _tested(totals: pd.DataFrame, measure: str) -> dict[tuple[str, str, str], float]:
    """Give the share of alarms of each test that the workbook shows, where nothing happened."""
    phi = estimate_dispersion(totals, measure=measure)
    single, family = _any_trend(totals, measure)
    said = {
        "two years, one commune": _two_years(totals, measure, phi),
        "two years, as if pure chance": _two_years(totals, measure, 1),
        "trend, one commune": single,
        "trend, city": _p_city(totals, measure) < LEVEL,
        "trends, any of 15 communes": family,
        "before and after, any of 15": _before_after(totals, measure, phi),
    }
    return {("false alarms", test, measure): float(alarm) for test, alarm in said.items()}


def _any_trend(totals: pd.DataFrame, measure: str) -> tuple[float, float]:
    """Give the share of communes with a trend each by itself, and whether any after adjustment."""
    trends = compare_trends(totals, measure=measure)
    return (trends["p_value"] < LEVEL).mean(), (trends["p_adjusted"] < LEVEL).any()


def _p_city(totals: pd.DataFrame, measure: str) -> float:
    summed = totals.groupby("period", as_index=False).agg(
        {"numerator": "sum", "denominator": "sum", "exposure": "sum", "covered": "mean"}
    )
    return fit_trend(summed.assign(measure=measure), measure=measure).p_value


def _bases(totals: pd.DataFrame, measure: str) -> pd.Series:
    return totals["denominator"] if measure == "valuable_share" else totals["exposure"]


def _spans(totals: pd.DataFrame, measure: str, *spans: list[str]) -> list[pd.DataFrame]:
    table = totals.assign(base=_bases(totals, measure))
    sums = [table[table["period"].isin(span)].groupby("commune") for span in spans]
    return [rows[["numerator", "base"]].sum() for rows in sums]


def _p_values(totals: pd.DataFrame, measure: str, phi: float, *spans: list[str]) -> pd.Series:
    before, after = _spans(totals, measure, *spans)
    kind = "share" if measure == "valuable_share" else "count"
    rows = np.column_stack([before["numerator"], after["numerator"], before["base"], after["base"]])
    return pd.Series([compare_sums(*row, kind, phi).p_value for row in rows])


def _two_years(totals: pd.DataFrame, measure: str, phi: float) -> float:
    """Give the share of communes whose last year differs from the one before."""
    return (_p_values(totals, measure, phi, ["2021"], ["2022"]) < LEVEL).mean()


def _before_after(totals: pd.DataFrame, measure: str, phi: float) -> float:
    spans = ["2013", "2014", "2015"], ["2020", "2021", "2022"]
    return (adjust(_p_values(totals, measure, phi, *spans)) < LEVEL).any()


def _control(stream: np.random.RandomState, phi: float) -> dict[tuple[str, str, str], float]:
    """Give whether a flat series of 10 years, or 120 months, has any signal; and how many are due.

    No test: a control chart says beside it how many signals chance alone gives.
    """
    said = {}
    for points, size in ((10, SIZES["tips"]), (120, SIZES["tips"] / 12)):
        mean = np.full(points, size)
        rate = stream.gamma(mean / (phi - 1), phi - 1) if phi > 1 else mean
        limits = control_limits(stream.poisson(rate))
        signals = (limits.points["signal"] != "").sum()
        test = f"control chart, {points} points"
        said["any signal", test, "tips"] = float(signals > 0)
        said["signals a chart", test, "tips"] = signals / 100  # a number, no per cent
        said["signals it expects", test, "tips"] = limits.expected_signals / 100
    return said


def main() -> None:
    table = simulate()
    table.to_csv(TABLE, index=False, lineterminator="\n")
    print(table.to_string(index=False), file=sys.stdout)


if __name__ == "__main__":
    main()
