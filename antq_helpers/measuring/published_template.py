"""The columns of printed figures in; a blank table of them, to be filled in, out."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from antq_helpers.dictionary import LANGUAGES, check_choice, table_fields, word
from antq_helpers.measuring.published import TABLE
from antq_helpers.office import (
    check_target,
    fit_page,
    height_of,
    new_workbook,
    set_widths,
    write_cell,
    write_line,
    write_workbook,
)

_WIDTHS = {"title": 34, "filter": 36, "note": 40}
_ABOUT = (24, 92)  # widths of the sheet that says what each column means
_PREPARED = 200  # rows whose cells are kept as text


def write_published_template(
    path: str | Path, *, language: str = "vi", overwrite: bool = False
) -> Path:
    """Write a blank table of printed figures, which :func:`load_published` reads.

    Parameters
    ----------
    path
        Where to, ending in .xlsx (with a sheet that says what each column means) or .csv.
    language
        Of the headers: ``"vi"`` or ``"en"``.
    overwrite
        Whether another file may be replaced.

    Raises
    ------
    ValueError, FileExistsError, FileNotFoundError
        Where the path cannot be used.
    """
    check_choice("language", language, LANGUAGES)
    path = Path(path)
    if path.suffix.lower() != ".csv":
        return _write_workbook(check_target(path, overwrite=overwrite, language=language), language)
    if path.exists() and not overwrite:
        raise FileExistsError(word("file_exists", language, file=path.name))
    # Of the rules for a workbook all hold but the ending.
    check_target(path.with_suffix(".xlsx"), overwrite=True, language=language)
    return _write_csv(path, language)


def _headers(language: str) -> dict[str, str]:
    """Give the header of each column by its name."""
    title = "title_vi" if language == "vi" else "title"
    return {field["name"]: field.get(title, field["title"]) for field in table_fields(TABLE)}


def _write_csv(path: Path, language: str) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(_headers(language).values())
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def _write_workbook(path: Path, language: str) -> Path:
    workbook, headers = new_workbook(), _headers(language)
    sheet = workbook.create_sheet(word("published_sheet", language))
    set_widths(sheet, [_WIDTHS.get(name, 18) for name in headers])
    for column, header in enumerate(headers.values(), 1):
        write_cell(sheet, 1, column, header, bold=True)
        for row in range(2, _PREPARED + 2):
            sheet.cell(row, column).number_format = "@"  # or 2023-05 would become a day
    fit_page(sheet, 1)
    about = workbook.create_sheet(word("template_definitions", language))
    set_widths(about, _ABOUT)
    title = word("template_definitions", language)
    write_line(about, 1, title, _ABOUT, bold=True, size=14)
    for row, (name, header) in enumerate(headers.items(), 2):
        texts = (header, word(f"published_about_{name}", language))
        write_cell(about, row, 1, texts[0], bold=True)
        write_cell(about, row, 2, texts[1])
        about.row_dimensions[row].height = height_of(zip(texts, _ABOUT, strict=True))
    fit_page(about)
    return write_workbook(workbook, path)
