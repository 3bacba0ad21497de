"""A briefing in; the tables of its workbook, one a sheet, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.briefing.pages import Briefing
from antq_helpers.dictionary import find_measure, rounded, word
from antq_helpers.drawing.labels import period_label
from antq_helpers.drawing.stamp import Stamp


def tables_of(briefing: Briefing, stamp: Stamp) -> dict[str, pd.DataFrame]:
    """Give the comparison, every place, every period, who is silent, and definitions, by sheet."""
    return {
        "comparison": _marked(_flat(briefing.comparison), briefing),
        "places": _marked(_places(briefing), briefing),
        "series": _series(briefing),
        "silent": _marked(_silent(briefing), briefing),
        "about": _about(briefing, stamp),
    }


def _short(value: float) -> float:
    return rounded(value, 1)


def _marked(table: pd.DataFrame, briefing: Briefing) -> pd.DataFrame:
    """Say in every row what the figures are: rows are copied elsewhere."""
    return table.assign(**{word("col_mark", briefing.language): "; ".join(briefing.marks)})


def _silent(briefing: Briefing) -> pd.DataFrame:
    """Give who has not reported in full, or say that there is nobody."""
    if not briefing.silent.empty:
        return briefing.silent
    columns = briefing.silent.columns
    nobody = [word("silent_none", briefing.language), *[""] * (len(columns) - 1)]
    return pd.DataFrame([nobody], columns=columns)


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda name: str(name).replace("\n", ", "))


def _places(briefing: Briefing) -> pd.DataFrame:
    """Give the tables of all places below each other."""
    named = word("col_place", briefing.language)
    tables = []
    for page in briefing.pages:
        table = page.table.copy()
        table.insert(0, named, page.title)
        tables.append(table)
    return _flat(pd.concat(tables, ignore_index=True))


def _series(briefing: Briefing) -> pd.DataFrame:
    """Give every place, period and measure, one row each, with its interval and state."""
    language = briefing.language
    titles = {page.commune_id: page.title for page in briefing.pages}
    table = briefing.window.totals
    table = table[table["commune_id"].isin(titles) & table["measure"].isin(briefing.measures)]
    told = {
        "place": table["commune_id"].map(titles),
        "period": [period_label(period, language) for period in table["period"]],
        "measure": [find_measure(name).text("label", language) for name in table["measure"]],
        "unit": [find_measure(name).text("unit", language) for name in table["measure"]],
        "value": table["value"],
        "low": table["low"].map(_short),
        "high": table["high"].map(_short),
        "state": [word(f"state_{state}", language) for state in table["state"]],
    }
    found = pd.DataFrame(told).assign(value=table["value"].map(_short))
    # The rows of one chart stand side by side.
    ranks = [list(titles).index(unit) for unit in table["commune_id"]]
    measures = [briefing.measures.index(name) for name in table["measure"]]
    found = found.iloc[np.lexsort([measures, ranks])].reset_index(drop=True)
    found.columns = [word(f"col_{name}", language) for name in told]
    return _marked(found, briefing)


def _about(briefing: Briefing, stamp: Stamp) -> pd.DataFrame:
    """Give the definitions of all measures, then sources, notes and the stamp."""
    language = briefing.language
    rows = []
    for name in briefing.measures:
        entry = find_measure(name)
        parts = (entry.text(part, language) for part in ("label", "unit", "definition"))
        rows.append([*parts])
    rows += [[word("col_mark", language), "", note] for note in (*briefing.notes, *briefing.marks)]
    rows.append(["antq_helpers", "", stamp.short()])
    columns = [word(f"col_{name}", language) for name in ("measure", "unit", "definition")]
    return pd.DataFrame(rows, columns=columns)
