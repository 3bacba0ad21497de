"""A place's communes in; a blank workbook for them to fill in, as the reader likes it, out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from openpyxl import Workbook

from antq_helpers.communes import register
from antq_helpers.dictionary import find_measure
from antq_helpers.office import (
    check_target,
    fit_page,
    height_of,
    inert,
    new_workbook,
    set_widths,
    write_cell,
    write_line,
    write_workbook,
)
from antq_helpers.reading.form import (
    COLUMNS,
    FIRST_NAME,
    LANGUAGE,
    LIGHT,
    add_form,
    header,
    say,
    unit,
)
from antq_helpers.reading.headers import COUNTS
from antq_helpers.registers import Register

_WIDTHS = (38, 92)  # of the definitions
_ADVICE = {
    "template_period": (
        "template_period_office",
        "template_period_calendar",
        "template_period_one",
    ),
    "template_numbers": ("template_missing", "template_keep"),
    "template_leave_out": ("template_no_persons", "template_no_totals"),
}


def write_template(
    path: str | Path,
    *,
    communes: str | Path | pd.DataFrame | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a blank workbook in Vietnamese, which :func:`check_file` reads once it is filled in.

    It has a sheet to fill in, with lists and checks; one that says what each column means; and
    one with the names of the communes.

    Parameters
    ----------
    path
        Where to, ending in .xlsx.
    communes
        Another place's table, of the form of ``data/communes.csv``; ours by default.
    overwrite
        Whether another file may be replaced.

    Raises
    ------
    ValueError, FileExistsError, FileNotFoundError
        Where the path cannot be used.
    DataProblem
        Where the table of communes is not sound.
    """
    target = check_target(path, overwrite=overwrite)
    places = register(communes)
    year, names = _latest(places)
    workbook = new_workbook()
    add_form(workbook, places, len(names))
    _add_definitions(workbook)
    _add_communes(workbook, year, names)
    return write_workbook(workbook, target)


def _latest(places: Register) -> tuple[int, list[str]]:
    """Give the latest units that hold this place alone: the set's year, and their names."""
    units = places.units
    sets = [(year, ids) for year, _, ids in places.sets if units.loc[list(ids), "whole"].all()]
    year, ids = sets[-1] if sets else places.sets[-1][::2]
    return year, units.loc[list(ids)].sort_values("official_order")["name"].tolist()


def _add_definitions(workbook: Workbook) -> None:
    """Add the sheet that says what each column means; the reader must find no table on it.

    So units stand beside the names, and what must be left out in rows of one cell.
    """
    sheet = workbook.create_sheet(say("template_definitions"))
    set_widths(sheet, _WIDTHS)
    write_line(sheet, 1, say("template_about"), _WIDTHS, bold=True, size=14)
    rows = [(say("template_column"), say("template_definitions"))]
    rows += [(_named(name), _definition(name)) for name in COLUMNS]
    for row, texts in enumerate(rows, 3):
        look = {"fill": LIGHT, "bold": True} if row == 3 else {}
        write_cell(sheet, row, 1, texts[0], **{"bold": True, **look})
        write_cell(sheet, row, 2, texts[1], **look)
        sheet.row_dimensions[row].height = height_of(zip(texts, _WIDTHS, strict=True))
    row = 4 + len(rows)
    for heading, keys in _ADVICE.items():
        write_line(sheet, row, say(heading), _WIDTHS, bold=True)
        for number, key in enumerate(keys, row + 1):
            write_line(sheet, number, say(key), _WIDTHS)
        row += len(keys) + 1
    fit_page(sheet)
    sheet.page_setup.fitToHeight = 1


def _named(name: str) -> str:
    return f"{header(name)} {unit(name)}" if name in COUNTS else header(name)


def _definition(name: str) -> str:
    if name in COUNTS:
        return find_measure(name).text("definition", LANGUAGE)
    return say(f"template_about_{name.removeprefix('period_')}")


def _add_communes(workbook: Workbook, year: int, names: list[str]) -> None:
    """Add the names of the communes, from which the first sheet lets one choose."""
    sheet = workbook.create_sheet(say("template_communes"))
    set_widths(sheet, [48])
    write_line(sheet, 1, say("template_known"), [48], bold=True, size=14)
    write_line(sheet, 2, say("note_boundaries", year=year), [48])
    for row, name in enumerate(names, FIRST_NAME):
        write_cell(sheet, row, 1, inert(name))
    fit_page(sheet, landscape=False)
