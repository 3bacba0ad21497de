"""A blank workbook for communes to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from antq_helpers.dictionary import (
    check_choice,
    field_title,
    find_measure,
    linked_counts,
    table_fields,
    word,
)
from antq_helpers.office import (
    check_target,
    fit_page,
    inert,
    new_workbook,
    row_height,
    set_widths,
    write_cell,
    write_line,
    write_workbook,
)
from antq_helpers.places import Register, register
from antq_helpers.reading.headers import CORE, COUNTS
from antq_helpers.reading.movement import MOVEMENT

LANGUAGE = "vi"  # that of the communes
DAYS = ("period_start", "period_end")
_NAMED = ("commune", *DAYS)
FIRST_NAME = 4  # the row of the first commune on its sheet
LIGHT = PatternFill("solid", fgColor="FFDDE7F0")
_HEADER, _FIRST, _PREPARED = 4, 6, 200  # the rows of the header, of the first report; how many
_BOTTOM = _FIRST + _PREPARED - 1
_TABLE_WIDTHS = {"date": 16, "integer": 14, "boolean": 16}  # of columns by type; texts 24
_YELLOW = PatternFill("solid", bgColor="FFFFE066")
_RED = "FFC00000"
_GREY = Side("thin", color="FFBFBFBF")
_FRAME = Border(_GREY, _GREY, _GREY, _GREY)


def in_vietnamese(key: str, **values: object) -> str:
    """Return a string in the language of the communes."""
    return word(key, LANGUAGE, **values)


def header(name: str) -> str:
    """Return a column's header in the language of the communes."""
    if name in COUNTS:
        return find_measure(name).text("label", LANGUAGE)
    return field_title("records", name, LANGUAGE)


def unit(name: str) -> str:
    """Return a column's unit in brackets; for days and communes how to write them."""
    if name in COUNTS:
        return f"({find_measure(name).text('unit', LANGUAGE)})"
    return in_vietnamese("template_pick" if name == "commune" else "template_day")


def add_form(workbook: Workbook, places: Register, names: int, counted: Sequence[str]) -> None:
    """Add the sheet to fill in, with a drop-down list of communes and a column for each count."""
    sheet = workbook.create_sheet(in_vietnamese("template_records"))
    columns = {"commune": 24, **dict.fromkeys((*DAYS, *counted), 17)}
    widths = list(columns.values())
    write_line(sheet, 1, in_vietnamese("template_title"), widths, bold=True, size=14)
    write_line(sheet, 2, in_vietnamese("template_how"), widths)
    write_line(sheet, 3, in_vietnamese("template_colours"), widths)
    set_widths(sheet, widths)
    look = {"centred": True, "fill": LIGHT}
    formats = {"commune": "@", **dict.fromkeys(DAYS, "dd/mm/yyyy")}
    for column, name in enumerate(columns, 1):
        write_cell(sheet, _HEADER, column, header(name), bold=True, **look)
        write_cell(sheet, _HEADER + 1, column, unit(name), italic=True, **look)
        for row in range(_FIRST, _BOTTOM + 1):
            # Without frames: a printer would take two hundred framed rows for filled ones.
            sheet.cell(row, column).number_format = formats.get(name, "#,##0")
    sheet.row_dimensions[_HEADER].height = row_height((header(n), columns[n]) for n in columns)
    letters = {name: get_column_letter(number) for number, name in enumerate(columns, 1)}
    parts = [pair for pair in linked_counts() if set(pair) <= set(counted)]
    _add_checks(sheet, places, names, letters, dict(parts))
    _add_colours(sheet, letters, parts)
    fit_page(sheet, _HEADER + 1)


def _add_checks(
    sheet: Worksheet, places: Register, names: int, letters: dict[str, str], parts: dict[str, str]
) -> None:
    """Add data validation, so that each column accepts only what the reader accepts."""
    listed = f"'{in_vietnamese('template_communes')}'!$A${FIRST_NAME}:$A${FIRST_NAME + names - 1}"
    earliest, today = f"DATE({places.units['first'].min():%Y,%m,%d})", "TODAY()"
    start = f"${letters['period_start']}{_FIRST}"
    named = {
        name: in_vietnamese(f"template_wrong_{name.removeprefix('period_')}") for name in _NAMED
    }

    def add(name: str, message: str, *limits: str, **look: str) -> None:
        _add_check(sheet, letters[name], message, *limits, **look)

    # Who looks back may need a unit that was merged: for a name the check only asks.
    add("commune", named["commune"], "list", listed, style="warning")
    add("period_start", named["period_start"], "date", earliest, today)
    add("period_end", named["period_end"], "date", f"MAX({start},{earliest})", today)
    for name in list(letters)[len(_NAMED) :]:
        if name not in parts:
            add(name, in_vietnamese("template_wrong_count"), "whole", "0")
            continue
        # Where the whole is blank, the reader allows any count.
        whole = f"${letters[parts[name]]}{_FIRST}"
        short = find_measure(parts[name]).text("short", LANGUAGE)
        message = in_vietnamese("template_wrong_part", whole=short)
        add(name, message, "whole", "0", f'IF({whole}="",10^9,{whole})')


def _add_check(
    sheet: Worksheet,
    letter: str,
    message: str,
    kind: str,
    low: str,
    high: str | None = None,
    style: str = "stop",
) -> None:
    operator = "between" if high else "greaterThanOrEqual"
    check = DataValidation(
        type=kind,
        operator=None if kind == "list" else operator,
        formula1=low,
        formula2=high,
        allow_blank=True,
        errorStyle=style,
        showErrorMessage=True,
        errorTitle=in_vietnamese("template_wrong"),
        error=message,
    )
    check.add(f"{letter}{_FIRST}:{letter}{_BOTTOM}")
    sheet.add_data_validation(check)


def _add_colours(
    sheet: Worksheet, letters: dict[str, str], parts: Sequence[tuple[str, str]]
) -> None:
    """Highlight what is wrong or missing in a row, even where cells were pasted.

    What is wrong by red letters: a fill would hide that with which a check marks cells.
    """
    last = list(letters.values())[-1]
    filled = f"COUNTA($A{_FIRST}:${last}{_FIRST})>0"
    at = {name: f"${letter}{_FIRST}" for name, letter in letters.items()}
    tests = [f"AND(COUNT({at[high]},{at[low]})=2,{at[low]}>{at[high]})" for low, high in parts] + [
        f"AND(COUNT({at[DAYS[0]]},{at[DAYS[1]]})=2,{at[DAYS[1]]}<{at[DAYS[0]]})"
    ]
    wrong = FormulaRule([f"OR({','.join(tests)})"], font=Font(bold=True, color=_RED), border=_FRAME)
    missing = FormulaRule([f'AND({filled},A{_FIRST}="")'], fill=_YELLOW, border=_FRAME)
    framed = FormulaRule([filled], border=_FRAME)
    # Areas do not overlap, and each rule has the frame: some programs apply the first alone.
    named, counted = f"A{_FIRST}:C{_BOTTOM}", f"D{_FIRST}:{last}{_BOTTOM}"
    for area, rules in ((named, (missing, wrong, framed)), (counted, (wrong, framed))):
        for rule in rules:
            sheet.conditional_formatting.add(area, copy(rule))


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
    tables: Sequence[str] = (),
    measures: Sequence[str] = (),
    overwrite: bool = False,
) -> Path:
    """Write a blank workbook in Vietnamese, to be read by :func:`check_file` when filled in.

    It has a sheet to fill in, with lists and checks; one that says what each column means; and
    one with the names of the units. With ``tables`` it has a sheet for each of these, too, and is
    read by :func:`check_files`.

    Parameters
    ----------
    path
        Where to, ending in .xlsx.
    communes
        Another place's table, of the form of ``data/communes.csv``; ours by default.
    tables
        Of the movement, such as ``["models", "targets"]``.
    measures
        Further counts that have a column, too: those of ``data/measures.csv`` that your office
        reports, such as ``["arrests", "weapons"]``.
    overwrite
        Whether another file may be replaced.

    Raises
    ------
    ValueError, FileExistsError, FileNotFoundError
        Where the path cannot be used, or a name is that of no count or table.
    DataProblem
        Where the table of communes is not sound.
    """
    target = check_target(path, overwrite=overwrite)
    for table in tables:
        check_choice("table", table, MOVEMENT)
    places = register(communes)
    year, names = _latest_units(places)
    for name in measures:
        check_choice("measures", name, COUNTS)
    counted = [name for name in COUNTS if name in (*CORE, *measures)]
    workbook = new_workbook()
    add_form(workbook, places, len(names), counted)
    lists: list[str] = []
    for table in dict.fromkeys(tables):
        _add_table(workbook, table, len(names), lists)
    _add_definitions(workbook, (*_NAMED, *counted))
    _add_communes(workbook, year, names)
    if lists:
        _add_lists(workbook, lists)
    return write_workbook(workbook, target)


def _add_table(workbook: Workbook, table: str, names: int, lists: list[str]) -> None:
    """Add the sheet of a table of the movement, with its words as drop-down lists.

    These go to the end of ``lists``, below each other, so that the reader finds no table there.
    """
    fields = [field for field in table_fields(table) if field["name"] != "source"]
    sheet = workbook.create_sheet(in_vietnamese(f"sheet_{table}"))
    widths = [_TABLE_WIDTHS.get(field["type"], 24) for field in fields]
    write_line(sheet, 1, in_vietnamese(f"section_{table}").upper(), widths, bold=True, size=14)
    write_line(sheet, 2, in_vietnamese("template_row"), widths)
    set_widths(sheet, widths)
    communes = f"'{in_vietnamese('template_communes')}'!$A${FIRST_NAME}:$A${FIRST_NAME + names - 1}"
    for column, field in enumerate(fields, 1):
        title = field_title(table, field["name"], LANGUAGE)
        write_cell(sheet, _HEADER, column, title, bold=True, centred=True, fill=LIGHT)
        shown = "dd/mm/yyyy" if field["type"] == "date" else "General"
        for row in range(_HEADER + 1, _HEADER + 1 + _PREPARED):
            sheet.cell(row, column).number_format = shown
        listed = communes if field["name"] == "commune" else ""
        if "words" in field:
            texts = [words[1] for words in field["words"].values()]
            first = len(lists) + 2
            lists += [title, *texts, ""]
            name = in_vietnamese("template_lists")
            listed = f"'{name}'!$A${first}:$A${first + len(texts) - 1}"
        if listed:
            # A new kind, or the whole place, may be typed: the list is an offer.
            check = DataValidation(
                "list", formula1=listed, allow_blank=True, showErrorMessage=False
            )
            letter = get_column_letter(column)
            check.add(f"{letter}{_HEADER + 1}:{letter}{_HEADER + _PREPARED}")
            sheet.add_data_validation(check)
    fit_page(sheet, _HEADER)


def _add_lists(workbook: Workbook, lists: Sequence[str]) -> None:
    sheet = workbook.create_sheet(in_vietnamese("template_lists"))
    set_widths(sheet, [48])
    for row, text in enumerate(lists, 1):
        if text:
            write_cell(sheet, row, 1, inert(text))
    fit_page(sheet, landscape=False)


def _latest_units(places: Register) -> tuple[int, list[str]]:
    """Return the latest set of units that hold this place alone: its year, and their names."""
    units = places.units
    sets = [(year, ids) for year, _, ids in places.sets if units.loc[list(ids), "whole"].all()]
    year, ids = sets[-1] if sets else places.sets[-1][::2]
    return year, units.loc[list(ids)].sort_values("official_order")["name"].tolist()


def _add_definitions(workbook: Workbook, columns: Sequence[str]) -> None:
    """Add the sheet that defines each column; the reader must find no table on it.

    So units stand beside the names, and what must be left out in rows of one cell.
    """
    sheet = workbook.create_sheet(in_vietnamese("template_definitions"))
    set_widths(sheet, _WIDTHS)
    write_line(sheet, 1, in_vietnamese("template_about"), _WIDTHS, bold=True, size=14)
    rows = [(in_vietnamese("template_column"), in_vietnamese("template_definitions"))]
    rows += [
        (f"{header(name)} {unit(name)}" if name in COUNTS else header(name), _definition(name))
        for name in columns
    ]
    for row, texts in enumerate(rows, 3):
        look = {"fill": LIGHT, "bold": True} if row == 3 else {}
        write_cell(sheet, row, 1, texts[0], **{"bold": True, **look})
        write_cell(sheet, row, 2, texts[1], **look)
        sheet.row_dimensions[row].height = row_height(zip(texts, _WIDTHS, strict=True))
    row = 4 + len(rows)
    for heading, keys in _ADVICE.items():
        write_line(sheet, row, in_vietnamese(heading), _WIDTHS, bold=True)
        for number, key in enumerate(keys, row + 1):
            write_line(sheet, number, in_vietnamese(key), _WIDTHS)
        row += len(keys) + 1
    fit_page(sheet)
    sheet.page_setup.fitToHeight = 1


def _definition(name: str) -> str:
    if name in COUNTS:
        return find_measure(name).text("definition", LANGUAGE)
    return in_vietnamese(f"template_about_{name.removeprefix('period_')}")


def _add_communes(workbook: Workbook, year: int, names: list[str]) -> None:
    """Add the sheet of communes, the source of the drop-down list."""
    sheet = workbook.create_sheet(in_vietnamese("template_communes"))
    set_widths(sheet, [48])
    write_line(sheet, 1, in_vietnamese("template_known"), [48], bold=True, size=14)
    write_line(sheet, 2, in_vietnamese("note_boundaries", year=year), [48])
    for row, name in enumerate(names, FIRST_NAME):
        write_cell(sheet, row, 1, inert(name))
    fit_page(sheet, landscape=False)
