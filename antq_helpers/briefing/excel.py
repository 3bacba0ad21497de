"""Render a briefing as an Excel workbook: its tables as sheets of numbers, and linked charts."""

from __future__ import annotations

import io
import math
import re

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as ExcelChart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from antq_helpers.briefing.notes import explain_bars
from antq_helpers.briefing.pages import LATE, Briefing, Chart, TextTable, steps_by_one
from antq_helpers.dictionary import find_measure, rounded, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import KEY, Stamp
from antq_helpers.drawing.text import period_label
from antq_helpers.measuring.lookback import PARTIAL
from antq_helpers.office import stamped

_FIRST = ("comparison", "chart", "places", "series")  # sheets, before those of other tables
_MOST_WIDE, _HEAD = 46, 14  # letters
_LINE = 15.5  # points
_AT_LEFT, _AT_RIGHT = ({"align": side, "indent": 1} for side in ("left", "right"))
_ROW = 15.75  # points; set, because the default height differs between programs
_CHART_ROWS, _CHART_COLUMNS = 20, 10  # of 21 and 64 pixels
_A4 = 9
_FACE = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
# A number as the pages write it, with its sign and what stands after it: "+1.250", "−35,6%°".
_NUMBER = re.compile(rf"([+−]?)(\d[\d.,]*)([%{LATE}]*)")


def write_figures(briefing: Briefing, stamp: Stamp) -> bytes:
    """Return the workbook as bytes: tables, a chart per place, and definitions."""
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
    marked = {word("col_mark", language): "; ".join(briefing.marks)}  # in each row: rows are copied
    tables = {key: table.assign(**marked) for key, table in _tables_of(briefing).items()}
    series = _series_of(briefing)
    tables["series"] = _series_in_words(series, briefing).assign(**marked)
    tables["about"] = _about(briefing, stamp)
    for key in dict.fromkeys([*_FIRST, *tables]):
        sheet = workbook.add_worksheet(word(f"sheet_{key}", language))
        _print(sheet, briefing)
        if key == "chart":
            _write_charts(workbook, sheet, briefing, series)
        else:
            _write_table(workbook, sheet, key, tables[key], language)
    workbook.close()
    return stamped(stream.getvalue(), {KEY: stamp.text()})


def _tables_of(briefing: Briefing) -> dict[str, pd.DataFrame]:
    """Return the tables of the pages by sheet; those of several places below each other."""
    found: dict[str, list[TextTable]] = {}
    for page in briefing.pages:
        for table in page.all_of(TextTable):
            found.setdefault(table.sheet, []).append(table)
    return {sheet: _stacked(tables, briefing.language) for sheet, tables in found.items()}


def _stacked(tables: list[TextTable], language: str) -> pd.DataFrame:
    """Return tables below each other, with a column of their places, and headers of one line."""
    stacked = pd.concat([table.data for table in tables], ignore_index=True)
    places = [table.place for table in tables for _ in range(len(table.data))]
    if any(places):
        stacked.insert(0, word("col_place", language), places)
    if stacked.empty:
        stacked.loc[0] = [tables[0].nothing, *[""] * (stacked.shape[1] - 1)]
    return stacked.rename(columns=lambda name: str(name).replace("\n", ", "))


def _series_of(briefing: Briefing) -> pd.DataFrame:
    """Return the totals of all places that have a chart, those of each chart adjacent."""
    units = [chart.commune_id for page in briefing.pages for chart in page.all_of(Chart)]
    table = briefing.window.totals
    table = table[table["commune_id"].isin(units) & table["measure"].isin(briefing.measures)]
    rank = [table["measure"].map(briefing.measures.index), table["commune_id"].map(units.index)]
    return table.iloc[np.lexsort(rank)].reset_index(drop=True)


def _series_in_words(table: pd.DataFrame, briefing: Briefing) -> pd.DataFrame:
    """Return the sheet of the series: a row per place, period and measure, with its interval."""
    language = briefing.language
    titles = {
        chart.commune_id: page.title for page in briefing.pages for chart in page.all_of(Chart)
    }
    entries = [find_measure(name) for name in table["measure"]]
    found = {
        "place": table["commune_id"].map(titles),
        "period": [period_label(period, language) for period in table["period"]],
        "measure": [entry.text("label", language) for entry in entries],
        "unit": [entry.text("unit", language) for entry in entries],
        **{name: [rounded(value, 1) for value in table[name]] for name in ("value", "low", "high")},
        "state": [word(f"state_{state}", language) for state in table["state"]],
    }
    return pd.DataFrame({word(f"col_{name}", language): column for name, column in found.items()})


def _about(briefing: Briefing, stamp: Stamp) -> pd.DataFrame:
    """Return the definitions of all measures, then notes, marks and the stamp."""
    language, parts = briefing.language, ("label", "unit", "definition")
    rows = [[find_measure(name).text(p, language) for p in parts] for name in briefing.measures]
    notes = [("", note) for note in (*briefing.notes, *briefing.marks)]
    notes += [(page.title, note) for page in briefing.pages for note in page.notes]
    rows += [[word("col_mark", language), title, note] for title, note in notes]
    rows.append(["antq_helpers", "", stamp.short()])
    columns = [word(f"col_{name}", language) for name in ("measure", "unit", "definition")]
    return pd.DataFrame(rows, columns=columns)


def _write_table(
    workbook: Workbook, sheet: Worksheet, key: str, table: pd.DataFrame, language: str
) -> None:
    """Write a table from A1, its header formatted and frozen."""
    head = {**_FACE, "bold": True, "bg_color": "#E9E9F4", "text_wrap": True}
    heads = [workbook.add_format({**head, **side}) for side in (_AT_LEFT, _AT_RIGHT)]
    body = workbook.add_format({**_FACE, **_AT_LEFT, "text_wrap": True})
    beside = workbook.add_format({**_FACE, **_AT_RIGHT})
    lines = [1] * len(table)
    shapes: dict[str, Format] = {}
    for column, name in enumerate(table.columns):
        cells = max(map(len, map(str, table[name])), default=0)
        longest = min(max(cells, min(len(str(name)), _HEAD)), _MOST_WIDE)
        sheet.set_column(column, column, max(longest, 8) + 2)
        # The first column names units or measures; "2022" in the sheet of series is a period.
        names = column == 0 or key in ("series", "about")
        found = [_as_number(value, language, names=names) for value in table[name]]
        counted = any(shape for _, shape in found)
        sheet.write_string(0, column, str(name), heads[counted])
        for row, (value, (number, shape)) in enumerate(zip(table[name], found, strict=True), 1):
            if shape:
                if shape not in shapes:
                    shapes[shape] = workbook.add_format({**_FACE, **_AT_RIGHT, "num_format": shape})
                sheet.write_number(row, column, number, shapes[shape])
            elif isinstance(value, str):
                sheet.write_string(row, column, value, beside if counted else body)
                lines[row - 1] = max(lines[row - 1], math.ceil(len(value) / longest))
            else:
                sheet.write_blank(row, column, None, body)
    # Not every program fits the height of rows to wrapped texts.
    sheet.set_row(0, _LINE * max(math.ceil(len(str(name)) / _HEAD) for name in table.columns))
    for row, high in enumerate(lines, 1):
        if high > 1:
            sheet.set_row(row, _LINE * high)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    if key != "about":  # without the column of marks, which the header of each page has
        sheet.print_area(0, 0, len(table), len(table.columns) - 2)


def _as_number(value: object, language: str, *, names: bool) -> tuple[float, str]:
    """Return a cell's number and its format; the format is empty if it is none, or a name."""
    if not isinstance(value, str):
        if pd.isna(value):
            return 0, ""
        return value, "#,##0" if float(value).is_integer() else "#,##0.0"
    found = None if names else _NUMBER.fullmatch(value)
    if not found:
        return 0, ""
    sign, digits, after = found.groups()
    if language == "vi":
        digits = digits.translate(str.maketrans(".,", ",."))
    number = float(digits.replace(",", ""))
    shape = "#,##0.0" if "." in digits else "#,##0"
    # 12.3% stays 12.3 with a literal %, as in the column of units; Excel's own % needs 0.123.
    parts = (f"+{shape}", f"−{shape}", shape) if sign else (shape,)
    shown = ";".join(f'{part}"{after}"' if after else part for part in parts)
    return -number if sign == "−" else number, shown


def _print(sheet: Worksheet, briefing: Briefing) -> None:
    """Set up printing, one page wide, with the marks on each page."""
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    marks = " · ".join(briefing.marks).replace("&", "&&")
    sheet.set_header(f'&C&"Calibri,Bold"&12{marks}')
    sheet.set_footer("&C&P/&N")


def _write_charts(
    workbook: Workbook, sheet: Worksheet, briefing: Briefing, series: pd.DataFrame
) -> None:
    """Add the chart of each place's first measure over time, linked to the sheet of series."""
    sheet.set_default_row(_ROW)
    charts = [(page.title, chart) for page in briefing.pages for chart in page.all_of(Chart)]
    for place, (title, chart) in enumerate(charts):
        row, column = divmod(place, 2)
        corner = row * _CHART_ROWS, column * _CHART_COLUMNS
        name, language = chart.series.columns[0], briefing.language
        label = find_measure(name).text("label", language)
        texts = [f"{title}: {label}", *briefing.marks]
        if not (chart.series[name] > 0).any():
            texts.append(word("bars_nothing", language))
            sheet.write_string(*corner, ". ".join(texts))
            continue
        texts.append(explain_bars(chart.states[[name]], language))
        mine = (series["commune_id"] == chart.commune_id) & (series["measure"] == name)
        rows = np.flatnonzero(mine) + 1
        drawn = _new_chart(workbook, chart, (rows[0], rows[-1]), language)
        drawn.set_title({"name": "\n".join(filter(None, texts)), "name_font": {"size": 11}})
        shape = {"description": chart.alt, "object_position": 2, "y_offset": 4}
        sheet.insert_chart(*corner, drawn, shape)
    # Two rows of charts a page, so that none is cut.
    sheet.set_h_pagebreaks(range(2 * _CHART_ROWS, len(charts) * _CHART_ROWS, 2 * _CHART_ROWS))


def _new_chart(
    workbook: Workbook, chart: Chart, rows: tuple[int, int], language: str
) -> ExcelChart:
    """Return a chart of the first measure, which is in these rows of the sheet of series."""
    name, source, colour = chart.series.columns[0], word("sheet_series", language), style.COLOURS[0]
    hollow = {"fill": {"color": "white"}, "border": {"color": colour, "width": 1.25}}
    drawn = workbook.add_chart({"type": "column"})
    period, value = 1, 4  # columns of the sheet
    drawn.add_series(
        {
            "name": find_measure(name).text("label", language),
            "categories": [source, rows[0], period, rows[1], period],
            "values": [source, rows[0], value, rows[1], value],
            "fill": {"color": colour},
            "data_labels": {"value": True, "font": {"size": 9}},
            "gap": 60,
            "points": [hollow if state == PARTIAL else None for state in chart.states[name]],
        }
    )
    drawn.set_legend({"none": True})
    axis = {"min": 0, "major_gridlines": {"visible": True, "line": {"color": style.GRID}}}
    if find_measure(name).kind == "count":
        axis["num_format"] = "#,##0"
    if steps_by_one(chart.series[[name]]):
        axis["major_unit"] = 1
    drawn.set_y_axis(axis)
    drawn.set_size({"width": 620, "height": 400})
    return drawn
