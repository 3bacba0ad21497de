"""Rows in; a workbook as an office would send it, and what was read of it in short, out."""

import openpyxl
import pandas as pd

from antq_helpers.reading.load import check_file


def book(path, sheets, merged=(), hidden=()):
    """Write rows by the sheet's name, merge areas of the first sheet, and give the path.

    ``hidden`` names sheets, rows (as numbers) and columns (as letters) of the first sheet.
    """
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    first = workbook.worksheets[0]
    for area in merged:
        first.merge_cells(area)
    for place in set(hidden) - set(sheets):
        lines = first.row_dimensions if isinstance(place, int) else first.column_dimensions
        lines[place].hidden = True
    workbook.save(path)
    return path


def filled_cells(path):
    """Count what each sheet holds, by another library than the reader's."""
    workbook = openpyxl.load_workbook(path)
    return {
        sheet.title: sum(
            cell not in (None, "") and bool(str(cell).strip())
            for row in sheet.iter_rows(values_only=True)
            for cell in row
        )
        for sheet in workbook
    }


def check_rows(path, *rows, merged=(), hidden=(), sheet="Sheet1", **options):
    """Write rows to the one sheet of a workbook, and check it; each cell must be accounted for."""
    book(path, {sheet: rows}, merged, hidden)
    check = check_file(path, **options)
    account = check.account
    assert account["cells"].tolist() == list(filled_cells(path).values())
    assert (account["cells"] == account[["kept", "set_aside", "problems"]].sum(axis=1)).all()
    return check


def figures(check, *counts):
    """Give commune and counts of each record, None for what is missing."""
    rows = check.records[["commune", *counts]].itertuples(index=False)
    return [tuple(None if pd.isna(value) else value for value in row) for row in rows]


def dated(check, *counts):
    """Give commune, first day, last day and counts of each record."""
    days = check.records[["period_start", "period_end"]].apply(
        lambda day: day.dt.strftime("%Y-%m-%d")
    )
    pairs = zip(figures(check, *counts), days.itertuples(index=False), strict=True)
    return [(name, *period, *values) for (name, *values), period in pairs]


def faults(check):
    """Give kind, cell (else row) and value of each problem."""
    return [(p.kind, p.cell or p.row, p.value) for p in check.problems]


def asides(check, *kinds):
    """Give kind and row of what was set aside, of some kinds or of all."""
    return [(n.kind, n.row) for n in check.skipped if not kinds or n.kind in kinds]
