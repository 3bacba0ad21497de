"""The numbers of communes side by side in; sentences for those who cannot see them drawn out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.dictionary import number, word
from antq_helpers.drawing.frame import name_measure
from antq_helpers.drawing.labels import period_label
from antq_helpers.records import name_whole


def compared_alt(
    table: pd.DataFrame, *, picture: str, years: tuple[int, int], per: int, language: str
) -> str:
    """Say what a picture of communes shows: kind, measure, years, the highest and the lowest.

    Parameters
    ----------
    table
        As :func:`compare_communes` gives it, or :func:`funnel`.
    picture
        Its kind, such as ``"ranking"``.
    """
    known = table[table["value"].notna()]
    parts = [*_begun(table, picture, years, per, language)]
    if known.empty:
        return " ".join([*parts, word("alt_no_value", language)])
    parts += _ends(known, language)
    cities = known["city"].unique()
    if len(cities) == 1 and np.isfinite(cities[0]):
        parts.append(
            word(
                "alt_city",
                language,
                whole=name_whole(table, language),
                value=number(cities[0], language, 1),
            )
        )
    if "outlier" in table:
        parts += _outliers(table, language)
    return " ".join(parts)


def control_alt(
    table: pd.DataFrame, *, commune: str, years: tuple[int, int], per: int, language: str
) -> str:
    """Say what a control chart shows: commune, measure, years, the first and the last value.

    ``table`` is that of :func:`compare_communes` by year.
    """
    chosen = table[table["commune"] == commune]
    known = chosen["value"].dropna()
    begun = _begun(chosen, "control", years, per, language)
    if known.empty:
        return " ".join([*begun, word("alt_missing", language, series=commune)])
    first, last = (number(value, language, 1) for value in known.iloc[[0, -1]])
    return " ".join([*begun, word("alt_series", language, series=commune, first=first, last=last)])


def _begun(
    table: pd.DataFrame, picture: str, years: tuple[int, int], per: int, language: str
) -> list[str]:
    """Give the mark, and what is drawn."""
    first, last = years
    told = {
        "kind": word(f"picture_{picture}", language),
        "title": name_measure(table["measure"].iloc[0], per, language),
        "years": str(first) if first == last else f"{first}–{last}",
    }
    mark = [word("illustrative", language) + "."] if table["illustrative"].any() else []
    return [*mark, word("alt_compared", language, **told)]


def _ends(known: pd.DataFrame, language: str) -> list[str]:
    """Name the highest and the lowest; where there are several periods, with theirs."""
    value = known["value"]
    if len(known) > 1 and value.min() == value.max():
        return [word("alt_equal", language, value=number(value.iloc[0], language, 1))]
    several = "period" in known and known["period"].nunique() > 1
    said = []
    for key, row in (("alt_highest", value.idxmax()), ("alt_lowest", value.idxmin())):
        where = known.loc[row, "commune"]
        if several:
            where += f" ({period_label(known.loc[row, 'period'], language)})"
        said.append(word(key, language, where=where, value=number(value[row], language, 1)))
    return said[: len(known)]


def _outliers(table: pd.DataFrame, language: str) -> list[str]:
    said = []
    for side in ("above", "below"):
        names = ", ".join(table.loc[table["outlier"] == side, "commune"])
        said += [word(f"alt_{side}", language, names=names)] if names else []
    return said or [word("alt_within", language)]
