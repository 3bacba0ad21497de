"""Make the illustrative sample by commune from its seed and the published totals, byte for byte.

Run ``python data/make_sample.py``, then ``python -m antq_helpers seal``.

What the article prints of commendations is complete, so their table holds the printed figures as
published. Of the others it prints totals: which commune and which year are drawn at random.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.places import register
from antq_helpers.tables import package_table

YEARS = np.arange(2013, 2023)
STOCK = pd.Timestamp("2023-05-01")  # the month in which the article counts models
GROWTH = 2.0  # a model is so many times more likely to begin in 2023 than in 2013
NOT_ITEMISED = "other"


def make_movement() -> dict[str, pd.DataFrame]:
    """Make the tables of the movement that the article tells of; return them by name.

    Examples
    --------
    >>> tables = make_movement()
    >>> {name: int(table["count"].sum()) for name, table in tables.items() if "count" in table}
    {'drives': 75, 'models': 96, 'partner_activities': 5373, 'commendations': 419}
    """
    rng = Stream(SEED + 1)  # a stream of its own: the records stay as they are
    published = package_table("published_figures").set_index("id")
    return {
        "drives": _make_drives(rng, published["value"]),
        "models": _make_models(rng, published),
        "partner_activities": _make_activities(rng, published),
        "commendations": _make_commendations(published),
        "committees": _make_committees(),
    }


def write_sample(folder: Path) -> list[Path]:
    """Write every table of the sample, records included; return their paths."""
    tables = {"records": make_sample(), **make_movement()}
    return [write_table(table, folder / f"{name}.csv") for name, table in tables.items()]


def _make_drives(rng: Stream, printed: pd.Series) -> pd.DataFrame:
    """Draw year and commune of each locality; both hotspots are among the ones not itemised."""
    counts = {"commune": printed["drives_communes"], "body": printed["drives_bodies"]}
    counts["not_itemised"] = printed["drives"] - sum(counts.values())
    rows = []
    for kind, count in counts.items():
        for place in range(int(count)):
            year = int(rng.choice(YEARS))
            name = _commune_of(rng, year) if kind == "commune" else ""
            hot = kind == "not_itemised" and place < printed["hotspots"]
            rows.append((year, kind, name, "", "concentrated", str(hot).lower()))
    columns = ["year", "kind", "commune", "place", "manner", "hotspot"]
    table = pd.DataFrame(rows, columns=columns)
    return _counted(table, columns).assign(source="illustrative")


def _commune_of(rng: Stream, year: int) -> str:
    """Draw one of the units that existed at the end of a year."""
    _, ids = register().set_at(year)
    names = register().units.loc[sorted(ids)].sort_values("official_order")["name"]
    return names.iloc[rng.randint(len(names))]


def _make_models(rng: Stream, published: pd.DataFrame) -> pd.DataFrame:
    """Draw commune and first month of each model; all still run in the month of the stock."""
    kinds = published.query("table == 'models' and part_of == 'models'")
    counts = dict(zip(kinds["filter"].str.split("=").str[1], kinds["value"], strict=True))
    counts[NOT_ITEMISED] = published.at["models", "value"] - kinds["value"].sum()
    months = pd.date_range("2013-01-01", STOCK, freq="MS")[:-1]
    weights = np.linspace(1, GROWTH, len(months))
    rows = []
    for kind, count in counts.items():
        for _ in range(int(count)):
            since = months[rng.choice(len(months), p=weights / weights.sum())]
            rows.append((_commune_of(rng, STOCK.year), kind, f"{since:%Y-%m-%d}", ""))
    table = _counted(pd.DataFrame(rows, columns=[*_MODEL]), [*_MODEL])
    return table.assign(devices="", source="illustrative")[[*_MODEL, "count", "devices", "source"]]


_MODEL = ("commune", "kind", "since", "until")


def _make_activities(rng: Stream, published: pd.DataFrame) -> pd.DataFrame:
    """Distribute printed totals over the years; a printed bound is exceeded by less than 1%."""
    printed = published.query("table == 'partner_activities'")
    goals: dict[tuple, dict[str, int]] = {}
    for figure in printed.itertuples():
        said = tuple(part.split("=")[1] for part in figure.filter.split(";"))
        goal = int(figure.value)
        if figure.qualifier == "over":
            goal += 1 + int(goal * 0.01 * rng.random_sample())
        goals.setdefault(said, {})[figure.column] = goal
    rows = []
    for (organisation, kind), columns in goals.items():
        counts = rng.multinomial(columns["count"], np.full(len(YEARS), 1 / len(YEARS)))
        reached = [""] * len(YEARS)
        if "attendances" in columns:
            reached = rng.multinomial(columns["attendances"], counts / counts.sum())
        for year, count, attendances in zip(YEARS, counts, reached, strict=True):
            if count:
                rows.append((organisation, kind, year, "", count, attendances, "illustrative"))
    columns = ["organisation", "kind", "year", "commune", "count", "attendances", "source"]
    return pd.DataFrame(rows, columns=columns)


def _make_commendations(published: pd.DataFrame) -> pd.DataFrame:
    """Copy the printed figures; the article gives no year."""
    printed = published.query("table == 'commendations' and part_of == part_of")
    rows = []
    for figure in printed.itertuples():
        said = dict(part.split("=") for part in figure.filter.split(";"))
        rows.append({"year": "", "commune": "", **said, "count": figure.value})
    columns = ["year", "commune", "authority", "award", "recipient", "count", "source"]
    return pd.DataFrame(rows).assign(source="published")[columns]


def _make_committees() -> pd.DataFrame:
    """List the committees of each year: all renewed, with rules, as the article says of them."""
    units = register().units
    rows = []
    for year in YEARS:
        day = pd.Timestamp(year, 12, 31)
        standing = units[(units["first"] <= day) & (day <= units["last"])]
        names = standing.sort_values("official_order")["name"]
        rows += [(year, name, "true", "true", "illustrative") for name in ["", *names]]
    return pd.DataFrame(rows, columns=["year", "commune", "renewed", "rules", "source"])


def _counted(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Count identical rows."""
    return table.groupby(columns, as_index=False).size().rename(columns={"size": "count"})


Stream = np.random.RandomState  # its numbers are frozen; those of Generator may change
SEED = 20230524  # the day on which the article appeared
MONTHS = pd.period_range("2013-01", "2022-12", freq="M")
COUNTS = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
COLUMNS = ["commune", "period_start", "period_end", "year", *COUNTS, "source"]

UNREPORTED = 0.02  # share of the commune-months without a report
TREND = 1.03  # tips, each year
KIND_RATIO = 1.2  # tips per resident, one kind of unit against the other; the seed says which
WINTER = 0.12  # tips and sessions: how far January stands above the mean, July below it
AUGUST = {"tips": 1.25, "sessions": 2.5, "attendances": 1.4}  # Ngày hội toàn dân
SHAPE = {"tips": 8, "sessions": 8, "resolved_cases": 10}  # gamma, communes among themselves
SHAPE_YEAR = {"tips": 25, "sessions": 15, "resolved_cases": 10}  # gamma, a commune's years
VALUABLE_SHARES = (0.29, 0.45)
PER_SESSION = (50, 120)
CASES_PENDING = 0.3  # weight of the valuable tips to be expected, beside those that came


def make_sample() -> pd.DataFrame:
    """Make one row per commune and month, 2013 to 2022, adding up to the published totals.

    Illustrative: effects are random numbers, so a high or a low row says nothing about its place.

    Examples
    --------
    >>> int(make_sample()["tips"].sum())
    4556
    """
    rng = Stream(SEED)
    goals = _city_totals(rng)
    units = _join_merged(_expect_by_part(rng))
    reported = rng.random_sample(len(units)).argsort(kind="stable") >= UNREPORTED * len(units)
    counts = _draw_counts(rng, units[reported], goals).reindex(units.index).astype("Int64")
    month = units["month"].dt
    records = units[["commune"]].assign(
        period_start=month.start_time.dt.strftime("%Y-%m-%d"),
        period_end=month.end_time.dt.strftime("%Y-%m-%d"),
        year=month.year,
        source="illustrative",
    )
    return records.join(counts)[COLUMNS]


def write_table(table: pd.DataFrame, path: str | os.PathLike) -> Path:
    """Write a CSV under a temporary name, then rename it: the target is complete or absent."""
    path = Path(path)
    aside = path.with_name(f".{path.name}.part")
    try:
        table.to_csv(aside, index=False, encoding="utf-8", lineterminator="\n")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _city_totals(rng: Stream) -> dict[str, int]:
    """Return the city total of each count: as published, or drawn near a published bound."""
    published = package_table("published_figures").query("table == 'records'")
    totals = published.set_index("column")["value"].astype(int).to_dict()
    totals["attendances"] -= 1 + int(totals["attendances"] * 0.01 * rng.random_sample())
    totals["resolved_cases"] += 1 + int(40 * rng.random_sample())
    return totals


def _expect_by_part(rng: Stream) -> pd.DataFrame:
    """Draw the relative expectation of each of the 17 units of 2008 in each month.

    Parts are followed to the end, through the mergers, because the effects belong to them.
    """
    parts = package_table("communes").query("commune_id.str.endswith('@2008')")
    parts = parts.sort_values("official_order")
    residents = parts["population_2019"].to_numpy(dtype=float)
    years, month = (MONTHS.year - MONTHS.year.min()).to_numpy(), MONTHS.month.to_numpy()[:, None]

    def gamma(shape: float, rows: int) -> np.ndarray:
        return rng.standard_gamma(shape, (rows, len(parts))) / shape

    own = {count: gamma(shape, 1) for count, shape in SHAPE.items()}
    by_year = {count: gamma(shape, max(years) + 1)[years] for count, shape in SHAPE_YEAR.items()}
    effects = {count: own[count] * by_year[count] for count in own}
    ward_ratio = KIND_RATIO if rng.random_sample() < 0.5 else 1 / KIND_RATIO
    share = rng.uniform(*VALUABLE_SHARES, len(parts))

    season = 1 + WINTER * np.cos(2 * np.pi * (month - 1) / 12)
    august = {count: np.where(month == 8, factor, 1) for count, factor in AUGUST.items()}
    residents_by_kind = residents * np.where(parts["kind"] == "ward", ward_ratio, 1)
    tips = residents_by_kind * effects["tips"] * season * TREND ** years[:, None] * august["tips"]
    expected = {
        "sessions": np.sqrt(residents) * effects["sessions"] * season * august["sessions"],
        "tips": tips,
        "valuable_tips": tips * share,
        "resolved_cases": tips * share * effects["resolved_cases"],
    }
    keys = pd.MultiIndex.from_product([MONTHS, parts["commune_id"]], names=["month", "commune_id"])
    return pd.DataFrame({count: table.ravel() for count, table in expected.items()}, index=keys)


def _join_merged(parts: pd.DataFrame) -> pd.DataFrame:
    """Sum expectations by month and unit of that month: a merged unit is the sum of its parts."""
    moves = package_table("boundary_changes").query("`from` != `to`").set_index("from")
    units, communes = parts.reset_index(), package_table("communes")
    moved = units["commune_id"].map(moves["date"]) <= units["month"].dt.start_time
    units["commune_id"] = units["commune_id"].mask(moved, units["commune_id"].map(moves["to"]))
    names = communes[["commune_id", "name", "official_order"]].rename(columns={"name": "commune"})
    units = units.merge(names, on="commune_id", validate="many_to_one")
    keys = ["month", "official_order", "commune"]  # in the order in which the rows stand
    return units.groupby(keys, as_index=False).sum(numeric_only=True)


def _draw_counts(rng: Stream, units: pd.DataFrame, goals: dict) -> pd.DataFrame:
    """Draw whole counts that sum to the goal of each column (multinomial)."""
    counts = pd.DataFrame(index=units.index)

    def share_out(count: str, weights: pd.Series) -> None:
        # Before 2.5 NumPy took a random number even for a weight of 0: there its stream changed.
        some = weights > 0
        counts[count] = 0
        counts.loc[some, count] = rng.multinomial(goals[count], weights[some] / weights.sum())

    share_out("sessions", units["sessions"])
    august = np.where(units["month"].dt.month == 8, AUGUST["attendances"], 1)
    size = rng.uniform(*PER_SESSION, len(units)) * august
    share_out("tips", units["tips"])
    share = units["valuable_tips"] / units["tips"]
    counts["valuable_tips"] = _draw_valuable(rng, counts["tips"], share, goals["valuable_tips"])
    expected = units["valuable_tips"] * goals["valuable_tips"] / units["valuable_tips"].sum()
    skill = units["resolved_cases"] / units["valuable_tips"]
    share_out("attendances", counts["sessions"] * size)
    share_out("resolved_cases", skill * (counts["valuable_tips"] + CASES_PENDING * expected))
    return counts


def _draw_valuable(rng: Stream, tips: pd.Series, share: pd.Series, goal: int) -> np.ndarray:
    """Draw which tips are the `goal` valuable ones; count them by row, never more than tips.

    Each tip draws an exponential waiting time with rate -log(1 - share), which ends before 1 with
    probability `share`; the shortest are valuable (Efraimidis & Spirakis 2006).
    """
    row = np.repeat(np.arange(len(tips)), tips)
    waiting = rng.standard_exponential(len(row)) / -np.log1p(-share.to_numpy()[row])
    return np.bincount(row[waiting.argsort(kind="stable")[:goal]], minlength=len(tips))


if __name__ == "__main__":
    for made in write_sample(Path(__file__).with_name("sample")):
        print(f"data/sample/{made.name}: made again.")
