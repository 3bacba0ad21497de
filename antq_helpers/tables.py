"""A plain table in; the same table typed and held against the data package, or its problems, out."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.dictionary import DATA, package, table_fields
from antq_helpers.problems import DataProblem, Problem

_WHOLE = re.compile(r"\s*(\d+)(\.0)?\s*")
_BOOLEANS = {"true": True, "false": False}


def load_table(table: str, path: str | Path | None = None) -> pd.DataFrame:
    """Load one CSV table of the data package, typed and checked.

    Raises
    ------
    DataProblem
        With every cell that breaks a constraint of ``data/datapackage.json``.
    """
    fields = table_fields(table)
    resource = next(entry for entry in package()["resources"] if entry["name"] == table)
    path = DATA / resource["path"] if path is None else Path(path)
    texts = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    missing = [field for field in fields if field["name"] not in texts.columns]
    problems = [missing_column(field, path.name) for field in missing]
    if not problems:
        typed, problems = type_columns(texts, fields, path.name)
    if problems:
        raise DataProblem(problems)
    return typed


def missing_column(field: dict, file: str, sheet: str = "") -> Problem:
    """Say that a column is missing, with every header that would have been taken for it."""
    return Problem(
        "missing_column", file, sheet, column=field["name"], details={"headers": headers(field)}
    )


def headers(field: dict) -> str:
    """Give every header that a column may bear, as one text."""
    return ", ".join(field_headers(field))


def field_headers(field: dict) -> list[str]:
    """Give every header that a column may bear: name, title, Vietnamese title, others."""
    titles = [field["name"], field["title"], field.get("title_vi"), *field.get("headers", [])]
    return [title for title in dict.fromkeys(titles) if title]


def type_columns(
    texts: pd.DataFrame, fields: list[dict], file: str, sheet: str = "", shown: dict | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read each column as its type and hold it against its constraints.

    Parameters
    ----------
    texts
        The columns as they came: text, numbers or dates; its index holds the rows' numbers
        minus two (a header in row 1), so that messages name the row that a spreadsheet shows.
    shown
        The header that the file itself uses for a column, for the messages.
    """
    problems, columns = [], {}
    where = shown or {}
    for field in fields:
        name = field["name"]
        if name not in texts:
            continue
        columns[name], bad = _read_column(texts[name], field["type"])
        for position in np.flatnonzero(bad):
            kind = _broken_kind(field, texts[name].iloc[position])
            value = _as_text(texts[name].iloc[position])
            row = int(texts.index[position]) + 2
            problems.append(Problem(kind, file, sheet, row, where.get(name, name), value))
    table = pd.DataFrame(columns, index=texts.index)
    broken = {(problem.row, problem.column) for problem in problems}
    for problem in _broken_constraints(table, fields, file, sheet, where):
        # A cell that could not be read is blank here; it is not missing as well.
        if (problem.row, problem.column) not in broken:
            problems.append(problem)
    return table, problems


def clean(text: str) -> str:
    """Compose letters and fold white space, as office files need it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _as_text(value: object) -> str:
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def _read_column(values: pd.Series, kind: str) -> tuple[pd.Series, np.ndarray]:
    """Read a column as its type; give it with a mask of the cells that could not be read."""
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if kind == "integer" and numeric:
        bad = (values.notna() & ((values % 1 != 0) | np.isinf(values.astype("Float64")))).fillna(
            False
        )
        return values.mask(bad).astype("Int64"), bad.to_numpy(bool)
    if kind == "date" and pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[us]"), np.zeros(len(values), bool)
    # Each distinct cell is read once: a national file holds few of them.
    codes, distinct = pd.factorize(values.where(values.notna(), ""), use_na_sentinel=False)
    read = [_READERS[kind](cell) for cell in distinct]
    bad = np.array([cell is _BAD for cell in read], dtype=bool)[codes]
    good = pd.Series([None if cell is _BAD else cell for cell in read], dtype=_DTYPES[kind])
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
    if isinstance(cell, float) and cell == int(cell):
        return int(cell)
    text = str(cell).strip()
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    if match:
        return int(match[1])
    return int(text) if re.fullmatch(r"-\d+", text) else _BAD


def _read_number(cell: object) -> object:
    try:
        return float(cell) if str(cell).strip() else None
    except ValueError:
        return _BAD


def _read_date(cell: object) -> object:
    if hasattr(cell, "year"):
        return pd.Timestamp(cell.year, cell.month, cell.day)
    text = str(cell).strip()
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?", text)
    day_first = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text)
    if not (match or day_first):
        return None if not text else _BAD
    year, month, day = match.groups() if match else reversed(day_first.groups())
    try:
        return pd.Timestamp(int(year), int(month), int(day))
    except ValueError:
        return _BAD


def _read_boolean(cell: object) -> object:
    return _BOOLEANS.get(str(cell).strip().casefold(), _BAD)


_READERS = {
    "string": _read_string,
    "integer": _read_integer,
    "number": _read_number,
    "date": _read_date,
    "boolean": _read_boolean,
}


def _broken_kind(field: dict, value: object) -> str:
    """Name the kind of problem of a cell that could not be read."""
    if field["type"] != "integer":
        return f"broken_{field['type']}"
    try:
        fraction = float(str(value).replace(",", "."))
    except ValueError:
        return "broken_count"
    return "not_whole" if np.isfinite(fraction) else "broken_count"


def _broken_constraints(
    table: pd.DataFrame, fields: list[dict], file: str, sheet: str, shown: dict
) -> list[Problem]:
    """Hold a typed table against the constraints of the data package, all in one pass."""
    import pandera.pandas as pandera

    checks = {
        "minimum": lambda v, field: pandera.Check.ge(_limit(v, field), name="minimum"),
        "maximum": lambda v, field: pandera.Check.le(_limit(v, field), name="maximum"),
        "enum": lambda v, field: pandera.Check.isin(v, name="enum"),
        "pattern": lambda v, field: pandera.Check.str_matches(v, name="pattern"),
    }
    columns = {}
    for field in fields:
        rules = field.get("constraints", {})
        columns[field["name"]] = pandera.Column(
            checks=[checks[rule](limit, field) for rule, limit in rules.items() if rule in checks],
            nullable=not rules.get("required", False),
            unique=rules.get("unique", False),
            required=False,
        )
    by_name = {field["name"]: field for field in fields}
    try:
        pandera.DataFrameSchema(columns).validate(table, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    kinds = {"not_nullable": "required", "field_uniqueness": "unique"}
    problems = []
    for case in cases.itertuples():
        kind = kinds.get(case.check, case.check)
        limit = by_name[case.column].get("constraints", {}).get(kind, "")
        details = {"limit": ", ".join(limit) if isinstance(limit, list) else limit}
        value = "" if kind == "required" else _as_text(case.failure_case)
        column = shown.get(case.column, case.column)
        problems.append(Problem(kind, file, sheet, int(case.index) + 2, column, value, details))
    return problems


def _limit(value: object, field: dict) -> object:
    return pd.Timestamp(value) if field["type"] == "date" else value
