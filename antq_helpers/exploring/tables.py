"""Numbers of a view as an HTML table, and as a CSV file."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from antq_helpers.dictionary import field_title, find_measure, is_worded, name_part, number, word
from antq_helpers.drawing.series import Line, lines_of, title
from antq_helpers.drawing.text import name_day, name_measure, name_unit, period_label
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import MOST_LISTED
from antq_helpers.office import inert
from antq_helpers.records import name_whole

MOST_COLUMNS = 40
_WITHOUT_VALUE = {"missing": "not_reported", "none": "none_occurred", "hidden": "cell_hidden"}
_LEVELS = {"95": 95, "998": 99.8}
_ASIDE = ("source", "shipped", "lacking", "others", "illustrative")  # columns that are not shown


def csv_of(table: pd.DataFrame, language: str) -> bytes:
    """Return a table as CSV for spreadsheets: names can not be formulas, the mark is in words."""
    inert_names = {
        name: table[name].map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
        for name in table
        if table[name].dtype == object or pd.api.types.is_string_dtype(table[name])
    }
    mark = table["illustrative"].map({True: word("illustrative", language), False: ""})
    written = table.assign(**inert_names, illustrative=mark)
    return written.to_csv(index=False).encode("utf-8-sig")


def table_html(numbers: pd.DataFrame, view: View) -> str:
    """Return the numbers of a view as an HTML table; of none no text."""
    if numbers.empty:
        return ""
    if view.kind == "trend":
        return _table_of_series(numbers, view)
    if {"commune_id", "city"} <= {*numbers}:
        return _table_of_units(numbers, view)
    return _table_of_rows(numbers, view)


def _framed_table(numbers: pd.DataFrame, view: View, head: str, rows: Iterable[str]) -> str:
    """Return a table, the illustrative mark above it."""
    mark = word("illustrative", view.language) if numbers["illustrative"].any() else ""
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption>{head}<tbody>{body}</tbody></table>'
    )


def _heads(names: Iterable[str], scope: str = "col") -> str:
    return "".join(f'<th scope="{scope}">{html.escape(name)}</th>' for name in names)


def _row_html(name: str, cells: Iterable[str]) -> str:
    return _heads([name], "row") + "".join(f"<td>{cell}</td>" for cell in cells)


def _left_out(view: View, **left: int) -> str:
    """Return the notes on rows and columns that the table leaves out."""
    return "".join(
        f"<p>{word(f'more_{what}', view.language, count=number(count, view.language))}</p>"
        for what, count in left.items()
        if count > 0
    )


def _table_of_series(numbers: pd.DataFrame, view: View) -> str:
    lines = [(measure, line) for measure in view.measures for line in lines_of(numbers, measure)]
    if not lines:
        return ""
    shown, language = lines[:MOST_COLUMNS], view.language
    periods = [period_label(period, language) for period in numbers["period"].unique()]
    above = [measure for measure, _ in shown]
    spans = {measure: above.count(measure) for measure in above}
    # With many columns, the measure's name stays in view and a line separates the measures.
    groups = "".join(f'<colgroup span="{count}"></colgroup>' for count in (1, *spans.values()))
    columned = replace(view, communes=None)  # each column names its place
    titles = "".join(
        f'<th colspan="{count}" scope="colgroup">'
        f"<span>{html.escape(title(measure, columned))}</span></th>"
        for measure, count in spans.items()
    )
    names = [word(f"label_{view.by}", language), *(line.name for _, line in shown)]
    head = f"{groups}<thead><tr><td></td>{titles}</tr><tr>{_heads(names)}</tr></thead>"
    cells = zip(*(_column(measure, line, view) for measure, line in shown), strict=True)
    rows = map(_row_html, periods, cells)
    return _framed_table(numbers, view, head, rows) + _left_out(
        view, columns=len(lines) - MOST_COLUMNS
    )


def _column(measure: str, line: Line, view: View) -> list[str]:
    whole = find_measure(measure).kind == "count" and not view.per and line.role != "mean"
    rows = zip(line.value, line.low, line.high, line.state, strict=True)
    return [cell(*row, view.language, 0 if whole else 1) for row in rows]


def cell(
    value: float, low: float, high: float, state: str, language: str, decimals: int = 1
) -> str:
    """Format a value with its interval, or the reason why there is none."""
    if state in _WITHOUT_VALUE:
        return word(_WITHOUT_VALUE[state], language)
    text = f"<b>{number(value, language, decimals)}</b>"
    if low == low:  # not missing
        text += f" ({number(low, language, 1)}–{number(high, language, 1)})"
    return text + (" ○" if state == "partial" else "")


def _table_of_units(table: pd.DataFrame, view: View) -> str:
    language = view.language
    columns = (_limit_columns if "outlier" in table else _period_columns)(table, language)
    shown = dict(list(columns.items())[:MOST_COLUMNS])
    heading = f"{name_measure(view)} ({name_unit(view)})"
    names = table.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    head = (
        f'<thead><tr><td></td><th colspan="{len(shown)}" scope="colgroup">{html.escape(heading)}'
        f"</th></tr><tr>{_heads([word('communes', language), *shown])}</tr></thead>"
    )
    rows = (
        _row_html(name, [cells.get(unit, "") for cells in shown.values()])
        for unit, name in names.head(MOST_LISTED).items()
    )
    left = {"rows": len(names) - MOST_LISTED, "columns": len(columns) - MOST_COLUMNS}
    return _framed_table(table, view, head, rows) + _left_out(view, **left)


def _period_columns(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    columns = {}
    for period, rows in table.groupby("period", sort=True):
        values = zip(rows["value"], rows["low"], rows["high"], rows["state"], strict=True)
        cells = [cell(*row, language) for row in values]
        columns[period_label(period, language)] = dict(zip(rows["commune_id"], cells, strict=True))
    return columns


def _limit_columns(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    """Format the columns of a funnel by unit: value, limits, and on which side it lies."""
    states = table["value"].isna().map({True: "missing", False: "full"})
    values = zip(table["value"], states, strict=True)
    bare = [cell(value, np.nan, np.nan, state, language) for value, state in values]
    columns = {word("compared_value", language): bare}
    for name, share in _LEVELS.items():
        head = word("compared_limits", language, share=number(share, language, int(share % 1 > 0)))
        pairs = zip(table[f"low_{name}"], table[f"high_{name}"], strict=True)
        columns[head] = ["–".join(number(v, language, 1) for v in pair) for pair in pairs]
    sides = [word(f"side_{side or 'none'}", language) for side in table["outlier"]]
    columns[word("compared_side", language, whole=name_whole(table, language, inside=True))] = sides
    return {name: dict(zip(table["commune_id"], c, strict=True)) for name, c in columns.items()}


def _table_of_rows(numbers: pd.DataFrame, view: View) -> str:
    """Write the rows as they are, names in words."""
    language, shown = view.language, numbers
    if view.kind == "relation":
        shown = numbers[["commune", "year", *view.measures]]
    if view.kind == "stock":
        shown = numbers.pivot(index="day", columns="kind", values="count").reset_index()
    aside = [*_ASIDE, *(["day"] if view.kind == "parts" else [])]
    shown = shown.drop(columns=[name for name in aside if name in shown])
    known = {"commune": "communes", "year": "label_year"}
    heads = _heads(
        word(key, language) if is_worded(key) else field_title(view.table, name, language)
        for name in shown
        for key in [known.get(name, f"part_{name}")]
    )
    rows = (
        "".join(_cell_of_any(value, language) for value in row)
        for row in shown.head(MOST_LISTED).itertuples(index=False)
    )
    table = _framed_table(numbers, view, f"<thead><tr>{heads}</tr></thead>", rows)
    return table + _left_out(view, rows=len(shown) - MOST_LISTED)


def _cell_of_any(value: object, language: str) -> str:
    """Format a name, a day, a year or another number."""
    if isinstance(value, str):
        is_day = value[:2].isdigit()
        return _heads([(name_day if is_day else name_part)(value, language)], "row")
    whole = float(value).is_integer()
    year = whole and 1900 < value < 2200
    return (
        f"<td><b>{f'{value:.0f}' if year else number(value, language, 0 if whole else 2)}</b></td>"
    )
