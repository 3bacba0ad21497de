"""Numbers of a view as an HTML table."""

from __future__ import annotations

import html
from dataclasses import replace

import pandas as pd

from antq_helpers.dictionary import find_measure, name_part, number, word
from antq_helpers.drawing.series import Line, lines_of, title
from antq_helpers.drawing.text import name_day, name_measure, name_unit, period_label
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import MOST_LISTED
from antq_helpers.records import name_whole

MOST_COLUMNS = 40
_WITHOUT_VALUE = {"missing": "not_reported", "none": "none_occurred", "hidden": "cell_hidden"}


def table_html(numbers: pd.DataFrame, view: View) -> str:
    """Return the numbers of a view as an HTML table; of none no text."""
    if numbers.empty:
        return ""
    if view.kind == "trend":
        return _of_series(numbers, view)
    units = {"commune_id", "city"} <= {*numbers}
    return _of_units(numbers, view) if units else _of_parts(numbers, view)


def _of_series(numbers: pd.DataFrame, view: View) -> str:
    """Write a row per period, a column per series."""
    lines = [(measure, line) for measure in view.measures for line in lines_of(numbers, measure)]
    if not lines:
        return ""
    language = view.language
    periods = [period_label(period, language) for period in numbers["period"].unique()]
    cells = [_column(measure, line, view) for measure, line in lines[:MOST_COLUMNS]]
    above = [measure for measure, _ in lines[:MOST_COLUMNS]]
    spans = [(m, above.count(m)) for m in dict.fromkeys(above)]
    # With many columns, the measure's name stays in view and a line separates the measures.
    groups = "".join(f'<colgroup span="{n}"></colgroup>' for n in (1, *(n for _, n in spans)))
    columned = replace(view, communes=None)  # each column names its place
    head = "".join(
        f'<th colspan="{n}" scope="colgroup"><span>{html.escape(title(m, columned))}</span></th>'
        for m, n in spans
    )
    names = "".join(
        f'<th scope="col">{html.escape(line.name)}</th>' for _, line in lines[:MOST_COLUMNS]
    )
    body = "".join(
        f'<tr><th scope="row">{period}</th>{"".join(f"<td>{cell}</td>" for cell in row)}</tr>'
        for period, row in zip(periods, zip(*cells, strict=True), strict=True)
    )
    more = len(lines) - MOST_COLUMNS
    told = f"<p>{word('more_columns', language, count=more)}</p>" if more > 0 else ""
    mark = word("illustrative", language) if numbers["illustrative"].any() else ""
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption>{groups}'
        f"<thead><tr><td></td>{head}</tr>"
        f'<tr><th scope="col">{word(f"label_{view.by}", language)}</th>{names}</tr></thead>'
        f"<tbody>{body}</tbody></table>{told}"
    )


def _column(measure: str, line: Line, view: View) -> list[str]:
    """Format the values of a line with their intervals."""
    language = view.language
    whole = find_measure(measure).kind == "count" and not view.per and line.role != "mean"
    decimals = 0 if whole else 1
    rows = zip(line.value, line.low, line.high, line.state, strict=True)
    return [cell(*row, language, decimals) for row in rows]


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


_LEVELS = {"95": 95, "998": 99.8}


def _of_units(table: pd.DataFrame, view: View) -> str:
    """Write a row per unit, a column per period or funnel limit."""
    (measure,), per, language = view.measures, view.per, view.language
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
    """Format the values and intervals of each period, by unit."""
    columns = {}
    for period, rows in table.groupby("period", sort=True):
        values = zip(rows["value"], rows["low"], rows["high"], rows["state"], strict=True)
        cells = [cell(*row, language) for row in values]
        columns[period_label(period, language)] = dict(zip(rows["commune_id"], cells, strict=True))
    return columns


def _limits(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    """Format the columns of a funnel by unit: value, limits, and on which side it lies."""
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
    """Return the notes on rows and columns that the table leaves out."""
    left = {
        "more_rows": table["commune_id"].nunique() - MOST_LISTED,
        "more_columns": len(columns) - MOST_COLUMNS,
    }
    return "".join(
        f"<p>{word(key, language, count=number(count, language))}</p>"
        for key, count in left.items()
        if count > 0
    )


_ASIDE = ("source", "shipped", "lacking", "illustrative")


def _of_parts(numbers: pd.DataFrame, view: View) -> str:
    """Write the rows as they are, names in words."""
    language = view.language
    if view.kind == "relation":
        numbers = numbers[["commune", "year", *view.measures, "illustrative"]]
    if view.kind == "stock":
        numbers = (
            numbers.pivot(index="day", columns="kind", values="count")
            .reset_index()
            .assign(illustrative=numbers["illustrative"].any())
        )
    mark = word("illustrative", language) if numbers["illustrative"].any() else ""
    aside = [*_ASIDE, *(["day"] if view.kind == "parts" else [])]
    shown = numbers.drop(columns=[name for name in aside if name in numbers])
    heads = "".join(f'<th scope="col">{html.escape(_head(c, language))}</th>' for c in shown)
    rows = "".join(
        "<tr>" + "".join(_cell(cell, language) for cell in row) + "</tr>"
        for row in shown.head(MOST_LISTED).itertuples(index=False)
    )
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _head(column: str, language: str) -> str:
    known = {"commune": "communes", "year": "label_year", "count": "part_count", "day": "part_day"}
    key = known.get(column, f"part_{column}")
    return word(key, language)


def _cell(cell: object, language: str) -> str:
    if isinstance(cell, str):
        told = name_day(cell, language) if cell[:2].isdigit() else name_part(cell, language)
        return f'<th scope="row">{html.escape(told)}</th>'
    whole = float(cell).is_integer()
    year = whole and 1900 < cell < 2200
    told = f"{cell:.0f}" if year else number(cell, language, 0 if whole else 2)
    return f"<td><b>{told}</b></td>"
