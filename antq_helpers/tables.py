"""CSV tables of the data package: load, convert and validate them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.dictionary import DATA, check_choice, package, table_fields
from antq_helpers.problems import DataProblem, Problem

_WHOLE = re.compile(r"(-?\d{1,15})(\.0)?")
_TOO_MANY = 10**15  # no count is larger, and floats are exact only up to 2**53, about 9 × 10**15
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}  # "１２"
_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BOOLEANS = {"true": True, "false": False, "": None}


def package_table(table: str, path: str | Path | None = None, language: str = "en") -> pd.DataFrame:
    """Load one CSV table of the data package, typed and checked.

    Raises
    ------
    DataProblem
        With every cell that breaks a constraint of ``data/datapackage.json``.

    Examples
    --------
    >>> package_table("communes").loc[0, ["commune_id", "name"]].tolist()
    ['04249@2008', 'Yên Thịnh']
    """
    resources = {entry["name"]: entry for entry in package()["resources"]}
    resource = resources[check_choice("table", table, resources)]
    path = DATA / resource["path"] if path is None else Path(path)
    if not path.is_file():
        raise DataProblem([Problem("no_file", path.name)], language)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file, strict=True)
        width = max(map(len, (header, *rows)))
        full = [[*row, *[""] * (width - len(row))] for row in rows]
        texts = pd.DataFrame(full, columns=header, dtype=object)
    except (ValueError, csv.Error) as error:
        problem = Problem("wrong_format", path.name, details={"format": ".csv"})
        raise DataProblem([problem], language) from error
    return check_table(table, texts[texts.astype(bool).any(axis=1)], path.name, language)


def check_table(table: str, texts: pd.DataFrame, file: str, language: str = "en") -> pd.DataFrame:
    """Convert a table to the types of the data package and validate it; drop other columns.

    Raises
    ------
    DataProblem
        With every missing column, or every cell that breaks a constraint.
    """
    fields = table_fields(table)
    header = list(texts.columns)
    problems = [missing_column(field, file) for field in fields if field["name"] not in header]
    problems += [
        Problem("column_twice", file, column=field["name"], details={"name": field["name"]})
        for field in fields
        if header.count(field["name"]) > 1
    ]
    if not problems:

        def problem(
            kind: str, position: int, column: str, value: str, **details: object
        ) -> Problem:
            row = int(texts.index[position]) + 2  # below a header in row 1
            return Problem(kind, file, "", row, column, value, details)

        typed, found = type_columns(texts, fields, problem)
        problems = [broken for _, _, broken in found]
    if problems:
        raise DataProblem(problems, language)
    return typed


def missing_column(field: dict, file: str) -> Problem:
    """Report a missing column, with every header that would be accepted for it."""
    headers = {"headers": ", ".join(field_headers(field))}
    return Problem("missing_column", file, column=field["name"], details=headers)


def field_headers(field: dict) -> list[str]:
    """Return the names of a column: in the code, in English and in Vietnamese."""
    titles = [field["name"], field["title"], field.get("title_vi")]
    return [title for title in dict.fromkeys(titles) if title]


def type_columns(
    texts: pd.DataFrame, fields: list[dict], problem: Callable[..., Problem]
) -> tuple[pd.DataFrame, list[tuple[int, str, Problem]]]:
    """Convert each column to its type and check its constraints.

    Parameters
    ----------
    texts
        The columns as they came: text, numbers or dates. Categories of text stay categories.
    problem
        Makes a problem of its kind, the row's position, the column, the value and details.

    Returns
    -------
    (typed table, list of (position of the row, column, problem))
    """
    problems, columns, bad = [], {}, {}
    for field in (field for field in fields if field["name"] in texts):
        name = field["name"]
        columns[name], bad[name] = _read_column(texts[name], field["type"])
        for position in np.flatnonzero(bad[name]):
            kind = _broken_kind(field, texts[name].iloc[position])
            value = _as_text(texts[name].iloc[position])
            problems.append((position, name, problem(kind, position, name, value)))
    table = pd.DataFrame(columns, index=texts.index, copy=False)
    for position, name, broken in _broken_constraints(table, fields, problem):
        # A cell that could not be read is blank here; it is not missing as well.
        if not bad[name][position]:
            problems.append((position, name, broken))
    return table, problems


def clean(text: str) -> str:
    """Normalise text for office files: composed letters, single spaces, no control characters."""
    text = _NO_LETTERS.sub("", unicodedata.normalize("NFC", text))
    if text and max(text) >= "０":
        text = text.translate(_FULL_WIDTH)
    return " ".join(text.split())


def _are_clean(texts: list[object]) -> bool:
    """Check at one go that :func:`clean` would change none of some texts, and none is blank."""
    if not all(type(text) is str for text in texts):
        return False
    whole = f"|{'|'.join(texts)}|"
    return not re.search(r"\s\||\|\s|\|\|", whole) and clean(whole) == whole


def _as_text(value: object) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"  # 44562 as a spreadsheet shows it, not 44562.0
    return f"{value:%Y-%m-%d}" if hasattr(value, "year") else clean(str(value))


def _read_column(values: pd.Series, kind: str) -> tuple[pd.Series, np.ndarray]:
    """Convert a column to its type; return it with a mask of the cells that could not be read."""
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if kind == "integer" and numeric:
        if values.dtype.kind == "i":
            # A national file is of whole numbers already: it needs no copy as floats.
            plain = values.to_numpy("int64", na_value=0)
            ends = int(plain.min(initial=0)), int(plain.max(initial=0))
            if max(-ends[0], ends[1]) < _TOO_MANY:
                whole = values if values.dtype == "Int64" else values.astype("Int64")
                return whole, np.zeros(len(values), bool)
        size = values.to_numpy(float, na_value=np.nan)
        bad = ~np.isnan(size) & ((size != np.floor(size)) | (np.abs(size) >= _TOO_MANY))
        return values.mask(bad).astype("Int64"), bad
    if kind == "date" and pd.api.types.is_datetime64_any_dtype(values):
        local = values if values.dt.tz is None else values.dt.tz_localize(None)
        days = local.to_numpy("datetime64[D]").astype("datetime64[us]")
        return pd.Series(days, values.index), np.zeros(len(values), bool)
    # Each distinct cell is read once: a national file holds few. Blank is code -1, the last one.
    is_category = isinstance(values.dtype, pd.CategoricalDtype)
    codes, distinct = (
        (values.cat.codes.to_numpy(), values.cat.categories)
        if is_category
        else pd.factorize(values)
    )
    cells = distinct.tolist()
    if is_category and kind == "string" and _are_clean(cells):
        return values, np.zeros(len(values), bool)
    read = [_READERS[kind](cell) for cell in (*cells, "")]
    bad = np.array([cell is _BAD for cell in read], dtype=bool)[codes]
    good = pd.Series([None if cell is _BAD else cell for cell in read], dtype=_DTYPES[kind])
    if kind == "string" and is_category:
        good = good.astype("category")
    return good.take(codes).set_axis(values.index), bad


_BAD = object()
_DTYPES = {
    "string": "str",
    "integer": "Int64",
    "number": float,
    "date": "datetime64[us]",
    "boolean": object,
}


def _read_string(cell: object) -> object:
    return clean(str(cell)) or None


def _read_integer(cell: object) -> object:
    text = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    return int(match[1]) if match else _BAD


def _read_number(cell: object) -> object:
    text = str(cell).strip()
    try:
        return None if not text else float(text) if np.isfinite(float(text)) else _BAD
    except ValueError:
        return _BAD


def read_date(cell: object) -> object:
    """Parse a cell as a day; None if blank, a marker that is no Timestamp if unreadable."""
    if hasattr(cell, "year"):
        return pd.Timestamp(cell.year, cell.month, cell.day)
    text = str(cell).strip()
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?", text)
    day_first = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", text)
    if not (match or day_first):
        return _BAD if text else None
    year, month, day = map(int, match.groups() if match else day_first.groups()[::-1])
    try:
        return pd.Timestamp(year + 2000 * (year < 100), month, day)
    except ValueError:
        return _BAD


_READERS = {
    "string": _read_string,
    "integer": _read_integer,
    "number": _read_number,
    "date": read_date,
    "boolean": lambda cell: _BOOLEANS.get(str(cell).strip().casefold(), _BAD),
}


def _broken_kind(field: dict, value: object) -> str:
    """Return the kind of problem of a cell that could not be read."""
    if field["type"] != "integer":
        return f"broken_{field['type']}"
    try:
        fraction = float(str(value).replace(",", "."))
    except ValueError:
        return "broken_count"
    return "not_whole" if np.isfinite(fraction) and fraction % 1 else "broken_count"


# What breaks each constraint of Frictionless' table schema; a blank cell breaks only "required".
_BREAKS = {
    "required": lambda cells, wanted: cells.isna() & wanted,
    "unique": lambda cells, wanted: cells.notna() & cells.duplicated(keep=False) & wanted,
    "minimum": lambda cells, limit: cells < limit,
    "maximum": lambda cells, limit: cells > limit,
    "enum": lambda cells, legal: cells.notna() & ~cells.isin(legal),
    "pattern": lambda cells, form: cells.notna() & ~cells.str.fullmatch(form),
}


def _broken_constraints(
    table: pd.DataFrame, fields: list[dict], problem: Callable[..., Problem]
) -> Iterator[tuple[int, str, Problem]]:
    """Check a typed table against the constraints of the data package."""
    for field in (field for field in fields if field["name"] in table):
        name = field["name"]
        cells, dated = table[name], field["type"] == "date"
        for rule, limit in field.get("constraints", {}).items():
            bound = pd.Timestamp(limit) if isinstance(limit, str) and dated else limit
            shown = ", ".join(limit) if isinstance(limit, list) else limit
            for position in np.flatnonzero(_BREAKS[rule](cells, bound).fillna(False)):
                value = _as_text(cells.iloc[position])
                yield position, name, problem(rule, position, name, value, limit=shown)
