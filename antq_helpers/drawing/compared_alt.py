"""The numbers of communes side by side in; sentences for those who cannot see them drawn out."""

from __future__ import annotations

import pandas as pd

from antq_helpers.dictionary import number, word
from antq_helpers.drawing.frame import name_measure, tell_values


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
    begun = _begun(table, picture, years, per, language)
    return " ".join([*begun, *tell_values(table, language)])


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
