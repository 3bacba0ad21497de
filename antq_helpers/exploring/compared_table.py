"""The numbers of communes side by side in; a table for the page out."""

from __future__ import annotations

import html

import pandas as pd

from antq_helpers.dictionary import number, word
from antq_helpers.drawing.frame import name_measure, name_unit
from antq_helpers.drawing.labels import period_label
from antq_helpers.exploring.controls import MOST_COLUMNS, MOST_LISTED, cell
from antq_helpers.records import name_whole

_LEVELS = {"95": 95, "998": 99.8}


def compared_html(table: pd.DataFrame, per: int, language: str) -> str:
    """Write numbers as a table: a row per commune; a column per period, or per limit of a funnel.

    Parameters
    ----------
    table
        As :func:`compare_communes` gives it, or :func:`funnel`; nothing comes of an empty one.
    """
    if table.empty:
        return ""
    measure = table["measure"].iloc[0]
    columns = (_limits if "outlier" in table else _periods)(table, language)
    names = list(table["commune_id"].drop_duplicates().index)[:MOST_LISTED]
    shown = dict(list(columns.items())[:MOST_COLUMNS])
    title = f"{name_measure(measure, per, language)} ({name_unit(measure, per, language)})"
    heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in shown)
    body = "".join(
        f'<tr><th scope="row">{html.escape(table.at[row, "commune"])}</th>'
        + "".join(f"<td>{cells.get(table.at[row, 'commune_id'], '')}</td>" for cells in
                  shown.values())
        + "</tr>"
        for row in names
    )  # fmt: skip
    mark = word("illustrative", language) if table["illustrative"].any() else ""
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption><thead><tr><td></td>'
        f'<th colspan="{len(shown)}" scope="colgroup">{html.escape(title)}</th></tr>'
        f'<tr><th scope="col">{word("communes", language)}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>{_cut(table, columns, language)}"
    )


def _periods(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    """Give each period's values by commune, with their intervals."""
    columns = {}
    for period, rows in table.groupby("period", sort=True):
        values = zip(rows["value"], rows["low"], rows["high"], rows["state"], strict=True)
        cells = [cell(*row, language) for row in values]
        columns[period_label(period, language)] = dict(zip(rows["commune_id"], cells, strict=True))
    return columns


def _limits(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    """Give each commune's value, the limits of chance at its size, and what follows."""
    columns = {word("compared_value", language): [_bold(v, language) for v in table["value"]]}
    for name, share in _LEVELS.items():
        head = word("compared_limits", language, share=number(share, language, int(share % 1 > 0)))
        pairs = zip(table[f"low_{name}"], table[f"high_{name}"], strict=True)
        columns[head] = ["–".join(number(v, language, 1) for v in pair) for pair in pairs]
    sides = [word(f"side_{side or 'none'}", language) for side in table["outlier"]]
    columns[word("compared_side", language, whole=name_whole(table, language, inside=True))] = sides
    return {name: dict(zip(table["commune_id"], c, strict=True)) for name, c in columns.items()}


def _bold(value: float, language: str) -> str:
    missing = value != value
    return word("not_reported", language) if missing else f"<b>{number(value, language, 1)}</b>"


def _cut(table: pd.DataFrame, columns: dict, language: str) -> str:
    """Say what the table leaves out."""
    left = {
        "more_rows": table["commune_id"].nunique() - MOST_LISTED,
        "more_columns": len(columns) - MOST_COLUMNS,
    }
    return "".join(
        f"<p>{word(key, language, count=number(count, language))}</p>"
        for key, count in left.items()
        if count > 0
    )
