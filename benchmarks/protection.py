"""How much a public release shows: of the sample, and of fifty made-up places.

Places of fifteen units like the sample's, of a quarter to twice its size, ten years each: the share
of cells (units and totals, years and all years) that are small, that are hidden with them, and
shown. Beside it what rounding to a multiple of five would do to the same cells.

Run it by `python -m benchmarks.protection`; it takes some minutes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

import antq_helpers as antq

PLACES, SEED, BASE = 50, 20230524, 5
COUNTS = ["tips", "valuable_tips", "resolved_cases"]
VALUABLE = 0.36  # of tips, as in the sample


def main() -> None:
    sample = antq.load_records()
    draw = np.random.default_rng(SEED)
    sizes = np.geomspace(0.25, 2, PLACES)
    rows = [{"size": np.nan, **usefulness(sample)}]
    rows += [{"size": size, **usefulness(made_up(sample, size, draw))} for size in sizes]
    table = pd.DataFrame(rows)
    group = pd.cut(table["size"], [0.2, 0.5, 1, 2.1], labels=["¼ to ½", "½ to 1", "1 to 2"])
    group = group.cat.add_categories("the sample").fillna("the sample")
    means = table.drop(columns="size").groupby(group, observed=True).mean()
    print(means.assign(places=group.value_counts()).round(1).to_string())


def made_up(sample: pd.DataFrame, size: float, draw: np.random.Generator) -> pd.DataFrame:
    """Return records of the sample's communes and months with other counts."""
    mean = sample.groupby("commune", observed=True)[["tips", "resolved_cases"]].transform("mean")
    tips, solved = (draw.poisson(mean[name].astype(float) * size) for name in mean)
    return sample.assign(
        tips=tips, valuable_tips=draw.binomial(tips, VALUABLE), resolved_cases=solved
    )


def usefulness(records: pd.DataFrame) -> dict[str, float]:
    """Return how many years a release pools, and per cent of the cells that are not missing."""
    release = antq.protect(records)
    known = release.cells[release.cells["state"] != "missing"]
    small = release.hidden["reason"].eq("primary").sum()
    share = 100 / len(known)
    # A rounded count is off by up to two, which is much of a small one.
    totals = antq.total_by(records, "commune", period="year")
    counts = totals.loc[totals["measure"].isin(COUNTS) & (totals["value"] > 0), "value"]
    off = (counts - BASE * np.round(counts / BASE)).abs()
    return {
        "years pooled": release.pooled,
        "small %": small * share,
        "hidden with them %": (len(release.hidden) - small) * share,
        "shown %": (known["state"] == "published").sum() * share,
        "error of rounding %": 100 * (off / counts).mean(),
    }


if __name__ == "__main__":
    main()
