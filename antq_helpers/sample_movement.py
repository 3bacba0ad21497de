"""Published figures in; drives, models, partner activities and commendations, summing to them, out.

What the article prints of commendations is complete, so their table holds the printed figures as
published. Of the others it prints totals: which commune and which year are drawn at random.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.communes import register
from antq_helpers.dictionary import DATA
from antq_helpers.sample import SEED, Stream, make_sample, write_table
from antq_helpers.tables import load_table

YEARS = np.arange(2013, 2023)
STOCK = pd.Timestamp("2023-05-01")  # models are counted in the month of the article
GROWTH = 2.0  # a model is so many times more likely to begin in 2023 than in 2013
NOT_ITEMISED = "other"


def make_movement() -> dict[str, pd.DataFrame]:
    """Make the four tables of the movement, by name.

    Examples
    --------
    >>> tables = make_movement()
    >>> {name: int(table["count"].sum()) for name, table in tables.items()}
    {'drives': 75, 'models': 96, 'partner_activities': 5373, 'commendations': 419}
    """
    rng = Stream(SEED + 1)  # a stream of its own: the records stay as they are
    published = load_table("published_figures").set_index("id")
    return {
        "drives": _make_drives(rng, published["value"]),
        "models": _make_models(rng, published),
        "partner_activities": _make_activities(rng, published),
        "commendations": _make_commendations(published),
    }


def write_sample(folder: str | Path | None = None) -> list[Path]:
    """Write every table of the sample, records included; give their paths."""
    folder = DATA / "sample" if folder is None else Path(folder)
    tables = {"records": make_sample(), **make_movement()}
    return [write_table(table, folder / f"{name}.csv") for name, table in tables.items()]


def _make_drives(rng: Stream, printed: pd.Series) -> pd.DataFrame:
    """Draw year and commune of each locality; the two hotspots are among those not itemised."""
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
    """Draw one of the units that stood at the end of a year."""
    _, ids = register().set_at(year)
    names = register().units.loc[sorted(ids)].sort_values("official_order")["name"]
    return names.iloc[rng.randint(len(names))]


def _make_models(rng: Stream, published: pd.DataFrame) -> pd.DataFrame:
    """Draw commune and first month of each model; all run on to the month of the stock."""
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
    """Share printed totals out over the years; a printed bound is passed by less than 1%."""
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
    """Take over the printed figures; the article gives no year."""
    printed = published.query("table == 'commendations' and part_of == part_of")
    rows = []
    for figure in printed.itertuples():
        said = dict(part.split("=") for part in figure.filter.split(";"))
        rows.append({"year": "", "commune": "", **said, "count": figure.value})
    columns = ["year", "commune", "authority", "award", "recipient", "count", "source"]
    return pd.DataFrame(rows).assign(source="published")[columns]


def _counted(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Add up rows that say the same."""
    return table.groupby(columns, as_index=False).size().rename(columns={"size": "count"})
