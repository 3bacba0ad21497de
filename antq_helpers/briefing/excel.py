"""Write the Excel workbook of a briefing."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from antq_helpers.archives import stamped
from antq_helpers.briefing.pages import (
    FEW_STEPS,
    LATE,
    Briefing,
    alt_of_page,
    explain_bars,
    is_number,
)
from antq_helpers.dictionary import find_measure, rounded, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import KEY, Stamp
from antq_helpers.drawing.labels import period_label
from antq_helpers.measuring.lookback import PARTIAL

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


def tables_of(briefing: Briefing, stamp: Stamp) -> dict[str, pd.DataFrame]:
    """Return the tables by sheet: comparison, places, series, missing reports, definitions."""
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
    """Add a column with the marks: rows are copied elsewhere, and must keep them."""
    return table.assign(**{word("col_mark", briefing.language): "; ".join(briefing.marks)})


def _silent(briefing: Briefing) -> pd.DataFrame:
    """Return the units that have not reported in full, or a row that says there are none."""
    if not briefing.silent.empty:
        return briefing.silent
    columns = briefing.silent.columns
    nobody = [word("silent_none", briefing.language), *[""] * (len(columns) - 1)]
    return pd.DataFrame([nobody], columns=columns)


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda name: str(name).replace("\n", ", "))


def _places(briefing: Briefing) -> pd.DataFrame:
    """Stack the tables of all places, with a column that names the place."""
    named = word("col_place", briefing.language)
    tables = []
    for page in briefing.pages:
        table = page.table.copy()
        table.insert(0, named, page.title)
        tables.append(table)
    return _flat(pd.concat(tables, ignore_index=True))


def _series(briefing: Briefing) -> pd.DataFrame:
    """Return one row per place, period and measure, with its interval and state."""
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
    # The rows of one chart must be adjacent: a chart refers to one range of cells.
    ranks = [list(titles).index(unit) for unit in table["commune_id"]]
    measures = [briefing.measures.index(name) for name in table["measure"]]
    found = found.iloc[np.lexsort([measures, ranks])].reset_index(drop=True)
    found.columns = [word(f"col_{name}", language) for name in told]
    return _marked(found, briefing)


def _about(briefing: Briefing, stamp: Stamp) -> pd.DataFrame:
    """Return the definitions of all measures, then notes, marks and the stamp."""
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


_MOST_WIDE, _HEAD = 46, 14  # letters
_LINE = 15.5  # points
_AT_LEFT, _AT_RIGHT = ({"align": side, "indent": 1} for side in ("left", "right"))
_WRITTEN = ("comparison", "places")  # tables whose numbers are written as text
_ROW = 15.75  # points; set, because the default height differs between programs
_CHART_ROWS, _CHART_COLUMNS = 20, 10  # of 21 and 64 pixels
_A4 = 9


def write_figures(briefing: Briefing, stamp: Stamp) -> bytes:
    """Return the workbook as bytes: tables, a chart per place, and definitions."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    # Texts stay texts: none is taken for a formula or an address.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(stream, {"in_memory": True, **plain})
    language = briefing.language
    workbook.set_properties(
        {
            "title": briefing.title,
            "author": "antq_helpers",
            "subject": "; ".join(briefing.marks),
            "comments": stamp.short(),
        }
    )
    tables = tables_of(briefing, stamp)
    for key, table in tables.items():
        sheet = workbook.add_worksheet(word(f"sheet_{key}", language))
        _fill(workbook, sheet, key, table, briefing)
        if key == "comparison":
            chart_sheet = workbook.add_worksheet(word("sheet_chart", language))
            chart_sheet.set_default_row(_ROW)
            _print(chart_sheet, briefing)
    _chart(workbook, chart_sheet, briefing, tables["series"])
    workbook.close()
    return stamped(stream.getvalue(), {KEY: stamp.text()})


def _fill(
    workbook: Workbook, sheet: Worksheet, key: str, table: pd.DataFrame, briefing: Briefing
) -> None:
    """Write a table from A1, its header formatted and frozen."""
    face = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    marked = {**face, "bold": True, "bg_color": "#E9E9F4", "text_wrap": True}
    heads = [workbook.add_format({**marked, **side}) for side in (_AT_LEFT, _AT_RIGHT)]
    body = workbook.add_format({**face, **_AT_LEFT, "text_wrap": True})
    lines = [1] * len(table)
    beside = workbook.add_format({**face, **_AT_RIGHT})
    shapes: dict[str, Format] = {}
    for column, name in enumerate(table.columns):
        cells = max(map(len, map(str, table[name])), default=0)
        longest = min(max(cells, min(len(str(name)), _HEAD)), _MOST_WIDE)
        sheet.set_column(column, column, max(longest, 8) + 2)
        found = [_as_number(value, briefing.language) for value in table[name]]
        if column == 0 or key not in _WRITTEN:  # there, a text of digits is a name or a year
            texts = [isinstance(value, str) for value in table[name]]
            found = [(0, "") if t else f for f, t in zip(found, texts, strict=True)]
        counted = any(shape for _, shape in found)
        sheet.write_string(0, column, str(name), heads[counted])
        for row, (value, (number, shape)) in enumerate(zip(table[name], found, strict=True), 1):
            if shape:
                if shape not in shapes:
                    shapes[shape] = workbook.add_format({**face, **_AT_RIGHT, "num_format": shape})
                sheet.write_number(row, column, number, shapes[shape])
            elif isinstance(value, str):
                sheet.write_string(row, column, value, beside if counted else body)
                lines[row - 1] = max(lines[row - 1], math.ceil(len(value) / longest))
            else:
                sheet.write_blank(row, column, None, body)
    sheet.set_row(
        0, _LINE * max((math.ceil(len(str(n)) / _HEAD) for n in table.columns), default=1)
    )
    # Not every program fits the height of rows to wrapped texts.
    for row, high in enumerate(lines, 1):
        if high > 1:
            sheet.set_row(row, _LINE * high)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    if key != "about":  # without the column of marks, which the header of each page has
        sheet.print_area(0, 0, len(table), len(table.columns) - 2)
    _print(sheet, briefing)


def _as_number(value: object, language: str) -> tuple[float, str]:
    """Parse a cell into a number and its number format; the format is empty if it is no number."""
    if not isinstance(value, str):
        return (
            (value, "#,##0" if float(value).is_integer() else "#,##0.0")
            if value == value
            else (0, "")
        )
    if not is_number(value):
        return 0, ""
    plain = value.rstrip(f"%{LATE}")
    after = value[len(plain) :]
    plain = plain.replace("−", "-")
    point = "," if language == "vi" else "."
    plain = plain.replace("." if point == "," else ",", "").replace(point, ".")
    shape = "#,##0.0" if "." in plain else "#,##0"
    # 12.3% stays 12.3 with a literal %, as in the column of units; Excel's own % needs 0.123.
    parts = (f"+{shape}", f"−{shape}", shape) if value[0] in "+−" else (shape,)
    return float(plain), ";".join(f'{part}"{after}"' if after else part for part in parts)


def _print(sheet: Worksheet, briefing: Briefing) -> None:
    """Set up printing, one page wide, with the marks on each page."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    marks = " · ".join(briefing.marks).replace("&", "&&")
    sheet.set_header(f'&C&"Calibri,Bold"&12{marks}')
    sheet.set_footer("&C&P/&N")


def _chart(workbook: Workbook, sheet: Worksheet, briefing: Briefing, series: pd.DataFrame) -> None:
    """Add a chart of the first measure over time for each place, linked to the sheet of series."""
    language = briefing.language
    entry = find_measure(briefing.measures[0])
    label = entry.text("label", language)
    place_of, measure_of = (word(f"col_{name}", language) for name in ("place", "measure"))
    source = word("sheet_series", language)
    columns, totals = list(series.columns), briefing.window.totals
    period, value = (columns.index(word(f"col_{name}", language)) for name in ("period", "value"))
    for number, page in enumerate(briefing.pages):
        mine = (series[place_of] == page.title) & (series[measure_of] == label)
        rows = np.flatnonzero(mine) + 1
        if not len(rows):
            continue
        drawn = (totals["commune_id"] == page.commune_id) & (totals["measure"] == entry.measure)
        states = totals[drawn].set_index("period")[["state"]].set_axis([entry.measure], axis=1)
        spot = divmod(number, 2)
        corner = spot[0] * _CHART_ROWS, spot[1] * _CHART_COLUMNS
        said = [f"{page.title}: {label}", *briefing.marks, explain_bars(states, language)]
        most = series[word("col_value", language)][mine].max()
        if not most > 0:
            sheet.write_string(*corner, ". ".join([*said[:-1], word("bars_nothing", language)]))
            continue
        chart = workbook.add_chart({"type": "column"})
        hollow = {"fill": {"color": "white"}, "border": {"color": style.COLOURS[0], "width": 1.25}}
        chart.add_series(
            {
                "name": label,
                "categories": [source, rows[0], period, rows[-1], period],
                "values": [source, rows[0], value, rows[-1], value],
                "fill": {"color": style.COLOURS[0]},
                "data_labels": {"value": True, "font": {"size": 9}},
                "gap": 60,
                "points": [hollow if s == PARTIAL else None for s in states[entry.measure]],
            }
        )
        chart.set_title({"name": "\n".join(filter(None, said)), "name_font": {"size": 11}})
        chart.set_legend({"none": True})
        axis = {"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#E4E4E4"}}}
        if entry.kind == "count":
            axis |= {"num_format": "#,##0", **({"major_unit": 1} if most <= FEW_STEPS else {})}
        chart.set_y_axis(axis)
        chart.set_size({"width": 620, "height": 400})
        told = {"description": alt_of_page(page, briefing), "object_position": 2, "y_offset": 4}
        sheet.insert_chart(*corner, chart, told)
    # Two rows of charts a page, so that none is cut.
    sheet.set_h_pagebreaks(
        range(2 * _CHART_ROWS, len(briefing.pages) * _CHART_ROWS, 2 * _CHART_ROWS)
    )
