"""Totals of communes and periods in; the same with what may not be published taken out, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.dictionary import find_measure, measures
from antq_helpers.measuring.protection import Release, protect_grid

HIDDEN = "hidden"
_PARTS = ["numerator", "denominator", "value", "low", "high"]


def protect_totals(totals: pd.DataFrame, periods: tuple[str, ...], threshold: int) -> Release:
    """Protect all counts of all communes and periods at once; no sums over periods are released."""
    names = tuple(name for name, entry in measures().items() if entry.kind == "count")
    communes = totals[totals["commune_id"] != ""]
    places = list(communes["commune_id"].unique())
    table = communes.set_index(["measure", "commune_id", "period"])["numerator"]
    order = pd.MultiIndex.from_product([names, places, periods])
    inner = table.reindex(order).to_numpy(float).reshape(len(names), len(places), len(periods))
    return protect_grid(inner, names, places, list(periods), threshold=threshold, with_sums=False)


def hide_in(totals: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Take what is hidden out of totals, with all that is worked out from it."""
    keys = ["measure", "commune_id", "period"]
    state = release.cells.set_index(keys)["state"]
    exposure = totals.set_index(keys)["exposure"]
    hidden = np.zeros(len(totals), dtype=bool)
    for part in ("numerator", "denominator"):
        counted = totals["measure"].map(lambda name, part=part: getattr(find_measure(name), part))
        index = pd.MultiIndex.from_arrays([counted, totals["commune_id"], totals["period"]])
        hidden |= state.reindex(index).eq(HIDDEN).to_numpy()
        # A part of some reports only is another number than the one released. Whether it is must
        # be seen from who reported: by the numbers, what is hidden would be told not to be 0.
        given = totals[part].notna().to_numpy() & (counted != "").to_numpy()
        of_part = exposure.reindex(index).to_numpy()
        hidden |= given & ~np.isclose(of_part, totals["exposure"], rtol=1e-9, atol=0)
    safe = totals.copy()
    safe.loc[hidden, _PARTS] = np.nan
    safe.loc[hidden, "state"] = HIDDEN
    return safe
