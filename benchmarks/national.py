"""A country's file, loaded, totalled and explored, against bare pandas and against the city."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

import antq_helpers as antq
from antq_helpers.records import check_records
from benchmarks.redraw import choices, explorer
from benchmarks.table import Row, compare, timed

COMMUNES, MONTHS = 10_000, 120
MEASURES = ["tips", "resolved_cases"]


def rows(repeats: int) -> list[Row]:
    """Compare loading with totals, and the redraw of three chosen communes."""
    with TemporaryDirectory() as folder:
        path, communes = write_country(Path(folder), COMMUNES, MONTHS)
        parquet = path.with_suffix(".parquet")
        pd.read_csv(path, parse_dates=["period_start", "period_end"]).to_parquet(parquet)
        totals = [
            compare(
                f"load, check and total 1.2 M rows of {file.suffix[1:]}",
                timed(lambda _, file=file: ours(file, communes)),
                f"bare {read.__name__} and groupby",
                timed(lambda _, file=file, read=read: bare(file, read)),
                3,
                repeats,
            )
            for file, read in ((path, pd.read_csv), (parquet, pd.read_parquet))
        ]
        country = antq.load_records(path, communes=communes)
        gate = compare(
            "check 1.2 M rows that somebody worked on",
            timed(lambda _: check_records(country.copy(deep=False))),
            "load them",
            timed(lambda _: antq.load_records(path, communes=communes)),
            0.25,
            repeats,
        )
    redraw, names = explorer(country)
    redraw_city, city_names = explorer(antq.load_records())
    far, near = choices(names, 3), choices(city_names, 3)
    return [
        *totals,
        gate,
        compare(
            "redraw of the country, 3 communes",
            timed(lambda turn: redraw(far[turn % len(far)])),
            "redraw of the city, 3 communes",
            timed(lambda turn: redraw_city(near[turn % len(near)])),
            1.2,
            repeats,
        ),
    ]


def ours(path: Path, communes: Path) -> pd.DataFrame:
    """Load, check and total, with what the totals rest on."""
    records = antq.load_records(path, communes=communes)
    return antq.total_by(records, "commune", period="year", measure=MEASURES)


def bare(path: Path, read: Callable[[Path], pd.DataFrame]) -> pd.DataFrame:
    """Do the same sums and no more."""
    return read(path).groupby(["commune", "year"])[MEASURES].sum()


def write_country(folder: Path, communes: int, months: int) -> tuple[Path, Path]:
    """Write made-up records of a country, a row a commune and month, and its communes."""
    draw = np.random.RandomState(0)
    names = [f"Xã số {i:05d}" for i in range(communes)]
    units = pd.DataFrame(
        {
            "commune_id": [f"{i:05d}@2008" for i in range(communes)],
            "code": [f"{i:05d}" for i in range(communes)],
            "name": names,
            "kind": np.where(np.arange(communes) % 3, "commune", "ward"),
            "valid_from": "2008-01-01",
            "population_2019": draw.randint(2_000, 20_000, communes),
            "area_km2": draw.randint(100, 5_000, communes) / 100,
            "document": "made up",
            "official_order": range(1, communes + 1),
            "whole": "true",
        }
    ).reindex(columns=antq.load_table("communes").columns)
    starts = pd.date_range("2013-01-01", periods=months, freq="MS")
    size = communes * months
    tips = draw.poisson(3, size)
    records = pd.DataFrame(
        {
            "commune": np.repeat(names, months),
            "period_start": np.tile(starts.strftime("%Y-%m-%d"), communes),
            "period_end": np.tile((starts + pd.offsets.MonthEnd()).strftime("%Y-%m-%d"), communes),
            "year": np.tile(starts.year, communes),
            "sessions": 1 + draw.poisson(0.3, size),
            "attendances": draw.poisson(80, size),
            "tips": tips,
            "valuable_tips": draw.binomial(tips, 0.36),
            "resolved_cases": draw.poisson(0.5, size),
            "source": "illustrative",
        }
    )
    paths = folder / "records.csv", folder / "communes.csv"
    for table, path in zip((records, units), paths, strict=True):
        table.to_csv(path, index=False)
    return paths
