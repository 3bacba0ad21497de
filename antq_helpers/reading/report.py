"""Report the result of a check: a summary, tables in HTML, and a marked copy of the workbook."""

from __future__ import annotations

import html
import math
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Protocol

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from antq_helpers.dictionary import LANGUAGES, capital, number, word
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
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.reading.formats import from_tcvn3, size_and_time

SHOWN = 20
_PLACES = 3  # sheets named of those that have the same columns
# JupyterLab sets the cells of outputs at the right; two classes outweigh that.
_STYLE = """<style>
.antq-check { font-size: 13px; line-height: 1.5; max-width: 1000px; }
.antq-check table { border-collapse: collapse; font-size: inherit; margin: 4px 0 12px; }
.antq-check .antq-cells th, .antq-check .antq-cells td {
  padding: 2px 10px 2px 0; text-align: left; vertical-align: top; }
.antq-check .antq-cells thead th { border-bottom: 1px solid #888; white-space: nowrap; }
.antq-check .wrong { color: #b3261e; font-weight: bold; }
.antq-check summary { cursor: pointer; font-weight: bold; }
</style>"""


def summary(
    tables: Mapping[str, pd.DataFrame],
    problems: Sequence[Problem],
    account: pd.DataFrame,
    language: str,
) -> str:
    """Summarise in a few sentences what was read of each table, and what is wrong."""
    files = account["file"].nunique() if len(account) else 0
    read = {name: table for name, table in tables.items() if len(table)}
    parts = [] if read else [word("check_nothing", language)]
    for name, table in read.items():
        given = {"rows": number(len(table), language), "files": number(files, language)}
        if name == "records":
            # Before and after a merger a unit has two ids, and one code: 04543@2008, 04543@2020.
            codes = table["commune_id"].str.partition("@")[0]
            given["communes"] = number(codes.nunique(), language)
            given["start"] = f"{table['period_start'].min():%d/%m/%Y}"
            given["end"] = f"{table['period_end'].max():%d/%m/%Y}"
            parts.append(word("check_read", language, **given))
        else:
            label = word(f"table_{name}", language)
            parts.append(word("check_read_rows", language, table=label, **given))
    key = "check_problems" if problems else "check_sound"
    parts.append(word(key, language).format(count=number(len(problems), language)))
    if len(account):
        cells = {
            name: number(int(account[name].sum()), language)
            for name in ("cells", "kept", "set_aside", "problems")
        }
        parts.append(word("check_cells", language).format(**cells))
    return " ".join(parts)


def as_html(
    text: str,
    problems: Sequence[Problem],
    skipped: Sequence[Problem],
    headers: pd.DataFrame,
    language: str,
) -> str:
    """Format a check as HTML: summary, problems, headers as understood, and what was set aside."""
    first = html.escape(text)
    shown = f'<p class="wrong">{first}</p>' if problems else f"<p><b>{first}</b></p>"
    parts = [_STYLE, '<div class="antq-check">', shown]
    parts.append(_problems(problems, language))
    if len(headers):
        rows = list(_layouts(headers))
        table = _html_table(["place", "column", "header", "meaning"], rows, language)
        few = len(rows) <= SHOWN
        parts.append(_collapsible("check_headers", table, language, few and not problems))
    if skipped:
        table = _html_table(["place", "rows", "reason"], _grouped(skipped, language), language)
        parts.append(_collapsible("check_skipped", table, language, False))
    return "".join([*parts, "</div>"])


def _layouts(headers: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """List how columns were understood, once for all sheets that have the same ones."""
    several = headers["file"].nunique() > 1
    layouts: dict[tuple, list[str]] = {}
    for (file, sheet), columns in headers.groupby(["file", "sheet"], sort=False):
        rows = columns[["column", "header", "meaning"]].drop_duplicates()
        place = [file] if several or not sheet else []
        place += [sheet] if sheet else []
        layouts.setdefault((*rows.itertuples(index=False, name=None),), []).append(", ".join(place))
    for rows, places in layouts.items():
        more = f"; … ({len(places)})" if len(places) > _PLACES else ""
        named = "; ".join(places[:_PLACES]) + more
        yield from ((named if i == 0 else "", *row) for i, row in enumerate(rows))


def _problems(problems: Sequence[Problem], language: str) -> str:
    if not problems:
        return ""
    several = len({problem.file for problem in problems}) > 1
    names = ["place", "cell", "header", "value", "wrong", "todo"]
    rows = [
        (
            _sheet_of(problem, several),
            problem.cell or (problem.row or ""),
            problem.column,
            problem.value,
            capital(problem.expected(language)),
            problem.what_to_do(language),
        )
        for problem in problems[:SHOWN]
    ]
    more = len(problems) - len(rows)
    note = f"<p>{html.escape(word('problem_more', language, count=more))}</p>" if more else ""
    return _html_table(names, rows, language) + note


def _sheet_of(problem: Problem, several: bool) -> str:
    parts = [problem.file if several or not problem.sheet else "", problem.sheet]
    return ", ".join(part for part in parts if part)


def _grouped(skipped: Sequence[Problem], language: str) -> Iterable[tuple[str, str, str]]:
    """Group notes by sheet and reason, with their rows."""
    several = len({note.file for note in skipped}) > 1

    def key(note: Problem) -> tuple[str, str]:
        named = note.value or note.column
        return _sheet_of(note, several), capital(
            f"“{named}”: " * bool(named) + note.expected(language)
        )

    groups: dict[tuple[str, str], list[Problem]] = {}
    for note in skipped:
        groups.setdefault(key(note), []).append(note)
    return [
        (place, row_ranges(n.row for n in notes if n.row and (n.value or not n.column)), reason)
        for (place, reason), notes in groups.items()
    ]


def row_ranges(rows: Iterable[int]) -> str:
    """Format row numbers as ranges.

    >>> row_ranges([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    parts: list[list[int]] = []
    for row in sorted(set(rows)):
        if parts and parts[-1][-1] == row - 1:
            parts[-1].append(row)
        else:
            parts.append([row])
    return ", ".join(f"{p[0]}–{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)


def _collapsible(key: str, table: str, language: str, is_open: bool) -> str:
    state = " open" if is_open else ""
    title = html.escape(word(key, language))
    return f"<details{state}><summary>{title}</summary>{table}</details>"


def _html_table(names: list[str], rows: Iterable[Sequence[object]], language: str) -> str:
    titles = (html.escape(word(f"title_{name}", language)) for name in names)
    head = "".join(f"<th>{title}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f'<table class="antq-cells"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


_MARKED = (".xlsx", ".xlsm")
_LARGEST = 30_000_000  # bytes unpacked, with which a copy takes ten seconds and half a gigabyte
_MOST_LINKS = 65_000  # on one sheet; a spreadsheet calls a file with more of them damaged
_LONGEST = 1_000  # letters of a text in the list or a comment
_COLUMNS = {
    "#": 6,
    "file": 24,
    "place": 14,
    "cell": 9,
    "header": 22,
    "written": 20,
    "wrong": 40,
    "todo": 44,
}
_HEADER = 4  # the row of the list's header
_ORANGE = PatternFill("solid", fgColor="FFFFC000")
_LINK = Font(name="Calibri", size=11, color="FF0563C1", underline="single")
_BETWEEN = "\n----\n"


class Checked(Protocol):
    """What a check must provide: problems, files with their stamps, and language."""

    problems: tuple[Problem, ...]
    paths: tuple[Path, ...]
    stamps: tuple[tuple[int, int], ...]
    language: str


def save_check(check: Checked, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write the problems to a workbook, for the commune that sent the file.

    Of one XLSX or XLSM file this is a copy: each cell with a problem is coloured and has a comment
    that says what is wrong, and a last sheet lists all problems. Of other kinds, several files,
    or a file too large to be edited, it is that list alone.

    Parameters
    ----------
    check
        As :func:`check_file` gives it; its language is that of the marks.
    path
        Where to, ending in .xlsx; never the file that was checked.
    overwrite
        Whether another file may be replaced.

    Raises
    ------
    DataProblem
        Where the file that was checked is gone or has changed.
    ValueError, FileExistsError, FileNotFoundError
        Where the path cannot be used.
    """
    target = check_target(path, overwrite=overwrite, language=check.language)
    if target.exists() and any(p.exists() and target.samefile(p) for p in check.paths):
        raise ValueError(word("source_spared", check.language, file=target.name))
    source = check.paths[0] if len(check.paths) == 1 else Path()
    workbook = _open_to_mark(source, check) if source.suffix.lower() in _MARKED else None
    if workbook is None:
        workbook = new_workbook()
        _add_list(workbook, {}, check)
    else:
        _remove_marks(workbook)
        sheets = {from_tcvn3(sheet.title): sheet for sheet in workbook.worksheets}
        sheets |= {sheet.title: sheet for sheet in workbook.worksheets}
        _mark_cells(sheets, check)
        _add_list(workbook, sheets, check)
    return write_workbook(workbook, target)


def _open_to_mark(source: Path, check: Checked) -> Workbook | None:
    """Open the checked file for editing; None if it can not be edited."""
    if not source.is_file():
        raise DataProblem([Problem("no_file", source.name)], check.language)
    if check.stamps not in ((), (size_and_time(source),)):
        raise DataProblem([Problem("file_changed", source.name)], check.language)
    try:
        with zipfile.ZipFile(source) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST:
                return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts it drops, none of them values
            return load_workbook(source, rich_text=True)
    except Exception:  # a file that openpyxl cannot open still gets a list
        return None


def _remove_marks(workbook: Workbook) -> None:
    """Remove the marks of an earlier check, if the checked file is a marked copy."""
    titles = {word("fix_title", language) for language in LANGUAGES}
    lists = [sheet for sheet in workbook.worksheets if str(sheet["A1"].value) in titles]
    for sheet in lists:
        workbook.remove(sheet)
        workbook.active = 0
    authors = [word("fix_sheet", language) for language in LANGUAGES]
    for sheet in workbook.worksheets if lists else ():
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.comment):
            if cell.comment.author in authors:
                _, _, before = cell.comment.text.partition(_BETWEEN)
                cell.comment = Comment(before, "") if before else None
                cell.fill = PatternFill()


def _mark_cells(sheets: dict[str, Worksheet], check: Checked) -> None:
    """Colour each cell with a problem, and add a comment that explains it."""
    texts: dict[Cell, list[str]] = {}
    for problem in check.problems:
        if problem.cell and problem.sheet in sheets:
            cell = _top_left(sheets[problem.sheet], problem.cell)
            text = f"{problem.expected(check.language)} {problem.what_to_do(check.language)}"
            texts.setdefault(cell, []).append(_safe_text(text))
    for cell, lines in texts.items():
        before = [cell.comment.text] if cell.comment else []
        text = _BETWEEN.join(["\n\n".join(dict.fromkeys(lines)), *before])
        cell.comment = _comment(text, word("fix_sheet", check.language))
        cell.fill = _ORANGE


def _top_left(sheet: Worksheet, name: str) -> Cell:
    """Return a cell, or the top left cell of its merged area, which holds the value."""
    cell = sheet[name]
    if isinstance(cell, MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if name in area)
        return sheet.cell(area.min_row, area.min_col)
    return cell


def _comment(text: str, author: str) -> Comment:
    """Return a comment with a box large enough for its text."""
    lines = sum(max(1, math.ceil(len(line) / 42)) for line in text.splitlines())
    return Comment(text, author, width=320, height=18 * lines + 20)


def _safe_text(text: object) -> str:
    """Return a text that a workbook can hold and a spreadsheet does not compute."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(text))
    return inert(text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …")


def _add_list(workbook: Workbook, sheets: dict[str, Worksheet], check: Checked) -> None:
    """Add a sheet that lists all problems, each linked to its cell."""
    language = check.language
    columns = {name: width for name, width in _COLUMNS.items() if name != "file" or not sheets}
    sheet = workbook.create_sheet(word("fix_sheet", language))
    sheet.sheet_properties.tabColor = _ORANGE.fgColor
    _write_head(sheet, columns, check, "fix_how_marked" if sheets else "fix_how_list")
    for count, problem in enumerate(check.problems, 1):
        row = _row(count, problem, language)
        _write_row(sheet, _HEADER + count, [row[name] for name in columns])
        linked = bool(problem.cell) and problem.sheet in sheets and count <= _MOST_LINKS
        if linked:
            place = f"{quote_sheetname(sheets[problem.sheet].title)}!{problem.cell}"
            cell = sheet.cell(_HEADER + count, list(columns).index("cell") + 1)
            cell.hyperlink, cell.font = Hyperlink(ref="", location=place), _LINK
        height = row_height((str(row[name]), width) for name, width in columns.items())
        sheet.row_dimensions[_HEADER + count].height = height
    fit_page(sheet, _HEADER)


def _write_row(sheet: Worksheet, row: int, values: list[object]) -> None:
    """Write one row; all rows share the style of the first, which is slow to build."""
    first = _HEADER + 1
    for column, value in enumerate(values, 1):
        if row == first:
            write_cell(sheet, row, column, value)
        else:
            cell = sheet.cell(row, column, value)
            cell._style = copy(sheet.cell(first, 1)._style)


def _write_head(sheet: Worksheet, columns: dict[str, int], check: Checked, how: str) -> None:
    count = number(len(check.problems), check.language)
    found = word("check_problems", check.language, count=count)
    texts = [found, word(how, check.language)] if check.problems else []
    widths = list(columns.values())
    write_line(sheet, 1, word("fix_title", check.language), widths, bold=True, size=14)
    write_line(sheet, 2, " ".join(texts) or word("check_sound", check.language), widths)
    for column, name in enumerate(columns, 1):
        title = name if name == "#" else word(f"title_{name}", check.language)
        write_cell(sheet, _HEADER, column, title, bold=True)
    set_widths(sheet, widths)


def _row(count: int, problem: Problem, language: str) -> dict[str, object]:
    """Return one row of the list; its number keeps the reader from taking it for a header."""
    line = f"{word('where.row', language)} {problem.row}" if problem.row else ""
    return {
        # From 1 000 on as text: the reader takes 2022 for a year, which a header may hold.
        "#": count if count < 1_000 else number(count, language),
        "file": _safe_text(problem.file),
        "place": _safe_text(problem.sheet),
        "cell": problem.cell or line,
        "header": _safe_text(problem.column),
        "written": _safe_text(problem.value),
        "wrong": _safe_text(problem.expected(language)),
        "todo": _safe_text(problem.what_to_do(language)),
    }
