"""Columns read as their types and held against the data package, or every fault named."""

import csv
import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from frictionless import Resource, Schema, system
from hypothesis import given, settings
from hypothesis import strategies as st

from antq_helpers.dictionary import DATA, package, table_fields
from antq_helpers.problems import DataProblem, Problem
from antq_helpers.tables import check_table, clean, package_table, type_columns
from tests.quick import examples

TABLES = [entry["name"] for entry in package()["resources"] if entry["name"] != "records"]


def typed(texts, fields):
    """Type a table; give it and its problems, each made of what the callback was told."""

    def problem(kind, position, column, value, **details):
        row = int(texts.index[position]) + 2
        return Problem(kind, "a.csv", "", row, column, value, details)

    table, problems = type_columns(texts, fields, problem)
    for position, column, made in problems:
        assert (texts.index[position] + 2, column) == (made.row, made.column)
    return table, [made for _, _, made in problems]


def read(cells, kind="integer", **constraints):
    """Type one column of cells; give its values and its problems."""
    fields = [{"name": "x", "title": "X", "type": kind, "constraints": constraints}]
    texts = pd.DataFrame(
        {"x": cells if isinstance(cells, pd.Series) else pd.Series(cells, dtype=object)}
    )
    table, problems = typed(texts, fields)
    return table["x"], problems


def found(problems):
    """Kind, row and value of each problem."""
    return [(problem.kind, problem.row, problem.value) for problem in problems]


@pytest.mark.parametrize("table", TABLES)
def test_each_table_of_the_data_package_keeps_its_own_rules(table):
    """The tables that are shipped load without a problem and lose no row."""
    path = DATA / next(e["path"] for e in package()["resources"] if e["name"] == table)
    with path.open(encoding="utf-8", newline="") as file:
        rows = len(list(csv.DictReader(file)))
    assert len(package_table(table)) == rows
    assert bool(rows) == (path.parent.name != "forms")


def test_columns_have_the_types_that_the_data_package_gives():
    """A code keeps its leading zero, a count is whole, a day a day, and blank is missing."""
    row = package_table("communes").set_index("commune_id").loc["04267@2008"]
    assert row["code"] == "04267"
    assert row["population_2019"] == 7664
    assert row["area_km2"] == 1.08
    assert row["valid_from"] == pd.Timestamp(2008, 8, 29)
    assert pd.isna(row["valid_to"])
    assert row["whole"] is True


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), (" 12 ", 12), ("12.0", 12), (12.0, 12), (12, 12), ("0", 0), ("007", 7)],
    ids=repr,
)
def test_a_count_may_be_written_in_these_ways(cell, value):
    """Spreadsheets turn 12 into 12.0; that is still 12."""
    values, problems = read([cell])
    assert (values.tolist(), problems) == ([value], [])


@pytest.mark.parametrize("blank", ["", "  ", None, np.nan])
def test_a_blank_count_is_missing_and_not_zero(blank):
    """Nothing written is nothing known."""
    values, problems = read(["0", blank])
    assert values.isna().tolist() == [False, True]
    assert problems == []


@pytest.mark.parametrize(
    ("cell", "kind", "shown"),
    [
        ("12a", "broken_count", "12a"),
        ("trên 20", "broken_count", "trên 20"),
        ("-", "broken_count", "-"),
        ("3.5", "not_whole", "3.5"),
        (3.5, "not_whole", "3.5"),
        ("2,368", "not_whole", "2,368"),  # 2368 or 2.368: not to be guessed
        ("1.234.567", "broken_count", "1.234.567"),
        ("1e3", "broken_count", "1e3"),
        ("nan", "broken_count", "nan"),
        ("inf", "broken_count", "inf"),
        (np.inf, "broken_count", "inf"),
        (1e300, "broken_count", "1e+300"),
        ("99999999999999999999", "broken_count", "99999999999999999999"),
        (True, "broken_count", "True"),
        (dt.date(2022, 5, 12), "broken_count", "2022-05-12"),
        (dt.time(12, 30), "broken_count", "12:30:00"),
        ("12\ntin", "broken_count", "12 tin"),  # a message is one line
    ],
    ids=repr,
)
def test_a_cell_that_is_no_count_is_named_as_it_stands(cell, kind, shown):
    """Whatever a cell holds, it is read or named, never guessed."""
    values, problems = read(["5", cell])
    assert found(problems) == [(kind, 3, shown)]
    assert values.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("numbers", "kinds"),
    [
        ([1.0, np.nan, 3.5], [("not_whole", 4, "3.5")]),
        ([1.0, np.inf, -np.inf], [("broken_count", 3, "inf"), ("broken_count", 4, "-inf")]),
        ([1.0, 1e300], [("broken_count", 3, "1e+300")]),
        ([1.0, 12.0, np.nan], []),
    ],
)
def test_a_column_of_numbers_is_held_to_whole_numbers(numbers, kinds):
    """Parquet brings numbers, not text; the same rules hold."""
    values, problems = read(pd.Series(numbers))
    assert found(problems) == kinds
    assert values.dtype == "Int64"
    assert values[0] == 1


@pytest.mark.parametrize(
    "cell",
    [
        "31/12/2022",
        "31.12.2022",
        "31-12-2022",
        "31/12/22",
        "31-12-22",
        "2022-12-31",
        "2022-12-31 00:00:00",
        " 31/12/2022 ",
        dt.date(2022, 12, 31),
        dt.datetime(2022, 12, 31, 23, 59),
        pd.Timestamp(2022, 12, 31),
    ],
    ids=repr,
)
def test_a_day_may_be_written_in_these_ways(cell):
    """Day first as in Việt Nam, ISO, or a date of the spreadsheet; 22 is 2022, the hour dropped."""
    values, problems = read([cell], "date")
    assert problems == []
    assert values.tolist() == [pd.Timestamp(2022, 12, 31)]


@pytest.mark.parametrize(
    "cell", ["31/02/2022", "2022-02-31", "12/31/2022", "31/12/022", "Quý I", 44562.0, "00/00/0000"]
)
def test_an_impossible_day_is_named(cell):
    """A day that no calendar has is not moved to the next one."""
    values, problems = read([cell], "date")
    shown = "44562" if cell == 44562.0 else cell
    assert found(problems) == [("broken_date", 2, shown)]
    assert values.isna().all()


def test_a_column_of_moments_is_read_as_days():
    """The hour and the time zone that Parquet may keep are dropped, not moved to another day."""
    late = pd.Series(pd.to_datetime(["2022-12-31 23:59"])).dt.tz_localize("Asia/Ho_Chi_Minh")
    values, problems = read(late, "date")
    assert (values.tolist(), problems) == ([pd.Timestamp(2022, 12, 31)], [])


@pytest.mark.parametrize("cell", ["4,07", "inf", "một"])
def test_a_cell_that_is_no_number_is_named(cell):
    """An area is a finite number with a decimal point."""
    assert found(read(["4.07", cell], "number")[1]) == [("broken_number", 3, cell)]


def test_true_and_false_are_read_in_any_case_and_nothing_else():
    """A blank is missing, which is neither."""
    values, problems = read(["TRUE", "false", "ja", ""], "boolean")
    assert values.tolist() == [True, False, None, None]
    assert found(problems) == [("broken_boolean", 4, "ja")]


def test_controls_are_no_letters():
    """Neither can be written into an office file; other marks stay."""
    assert clean("A\x01B\x00 \ufffe C\u200d") == "AB C\u200d"


def test_text_is_composed_and_its_spaces_folded():
    """Decomposed letters and doubled spaces of office files become one spelling."""
    values, problems = read(["  Hồng \n Hà ", " "], "string")
    assert values[0] == "Hồng Hà"
    assert pd.isna(values[1])
    assert problems == []


@pytest.mark.parametrize(
    ("kind", "constraints", "cells", "broken"),
    [
        ("integer", {"minimum": 0}, ["-1", "0", ""], [("minimum", 2, "-1")]),
        ("integer", {"maximum": 9}, ["9", "10", ""], [("maximum", 3, "10")]),
        ("date", {"minimum": "2000-01-01"}, ["31/12/1999", "01/01/2000"],
         [("minimum", 2, "1999-12-31")]),
        ("string", {"required": True}, ["a", " "], [("required", 3, "")]),
        ("string", {"enum": ["reported", "published"]}, ["reported", "Reported", ""],
         [("enum", 3, "Reported")]),
        ("string", {"pattern": "[0-9]{5}"}, ["04264", "042645", ""], [("pattern", 3, "042645")]),
        ("string", {"unique": True}, ["a", "b", "a", "", ""],
         [("unique", 2, "a"), ("unique", 4, "a")]),
    ],
)  # fmt: skip
def test_each_constraint_names_the_cells_that_break_it(kind, constraints, cells, broken):
    """The last cell on the right side of a limit is fine; a blank one breaks only `required`."""
    assert found(read(cells, kind, **constraints)[1]) == broken


def test_limits_are_told_as_the_data_package_gives_them():
    """The message lists what is legal."""
    _, [problem] = read(["x"], "string", enum=["reported", "published"])
    assert problem.what_to_do() == "Use one of: reported, published."
    _, [problem] = read(["31/12/1999"], "date", minimum="2000-01-01")
    assert problem.expected("vi") == "nhỏ hơn 2000-01-01."


def test_a_cell_that_can_not_be_read_is_not_called_blank_as_well():
    """One fault, one problem."""
    assert found(read(["x"], "date", required=True)[1]) == [("broken_date", 2, "x")]


def test_days_and_names_may_be_blank_at_once():
    """All problems of several columns come in one pass, whatever their types."""
    fields = table_fields("records")
    texts = pd.DataFrame(
        {"commune": [None], "period_start": [pd.NaT], "tips": ["-1"], "source": ["?"]}
    )
    _, problems = typed(texts, fields)
    assert [(p.kind, p.column) for p in problems] == [
        ("required", "commune"),
        ("required", "period_start"),
        ("minimum", "tips"),
        ("enum", "source"),
    ]


def test_the_index_gives_the_row_that_a_spreadsheet_shows():
    """Row 2 is the first below the header; rows that were left out keep their numbers."""
    cells = pd.Series(["x", "1", "y"], index=[0, 7, 40], dtype=object)
    assert [row for _, row, _ in found(read(cells)[1])] == [2, 42]


def test_the_tables_given_are_not_changed():
    """Typing and checking make new tables."""
    texts = pd.read_csv(DATA / "communes.csv", dtype=str, keep_default_na=False)
    before = texts.copy(deep=True)
    typed(texts, table_fields("communes"))
    check_table("communes", texts, "a.csv")
    pd.testing.assert_frame_equal(texts, before)


COMMUNES = (DATA / "communes.csv").read_text(encoding="utf-8")


def test_a_table_of_communes_may_have_a_mark_and_blank_lines(tmp_path):
    """The mark that Excel writes is no part of the first header; blank lines are rows."""
    path = tmp_path / "communes.csv"
    path.write_text(COMMUNES.replace("\n", "\n\n", 1), encoding="utf-8-sig")
    assert len(package_table("communes", path)) == 24
    path.write_text(COMMUNES.replace("\n", "\n\n", 1).replace(",8730,", ",x,"), encoding="utf-8")
    with pytest.raises(DataProblem, match=r'communes\.csv, row 3, column "population_2019": "x"'):
        package_table("communes", path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"^communes.csv: there is no such file\."),
        (b"", r"^communes.csv: the content is not what the ending .csv says\."),
        (b"\x89PNG\r\n\x1a\n\x00\xff", r"the content is not what the ending .csv says\."),
        (COMMUNES.encode("utf-16"), r"the content is not what the ending .csv says\."),
        ((COMMUNES + '"open').encode(), r"the content is not what the ending .csv says\."),
        (COMMUNES.replace("8730", "8,730").encode(), r"the content is not what the ending"),
        (COMMUNES.replace("area_km2", "area").encode(),
         r'column "area_km2": this column is missing\. Add it under .*: area_km2, Area;'),
        (COMMUNES.replace("area_km2", "name").replace("document", "area_km2").encode(),
         'column "name": two columns stand for name'),
        (COMMUNES.replace(",8730,", ",0,").encode(),
         r'row 2, column "population_2019": "0": this is below 1\. Write 1 or more\.'),
        (COMMUNES.replace("04252@2008", "04249@2008").encode(),
         '(?s)row 2, column "commune_id": "04249@2008": this stands in another row.*row 3, column'),
    ],
)  # fmt: skip
def test_a_broken_table_of_communes_gives_a_data_problem(tmp_path, content, message):
    """Nothing but DataProblem comes of a file that cannot be read or breaks a rule."""
    path = tmp_path / "communes.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataProblem, match=message):
        package_table("communes", path)


def test_a_broken_table_of_communes_is_told_in_vietnamese(tmp_path):
    """The language reaches the tables of another place."""
    with pytest.raises(DataProblem, match="không tìm thấy tệp"):
        package_table("communes", tmp_path / "communes.csv", "vi")


RULES = [
    {key: field[key] for key in ("name", "type", "constraints")}
    for field in table_fields("records")
]
# Ways of writing on which both readers agree: what we read beyond ISO days is tested above.
CELLS = {
    "string": st.sampled_from(["", "Yên Thịnh", "reported", "Reported", "published", "x"]),
    "date": st.sampled_from(["", "2022-01-31", "2000-01-01", "1999-12-31", "2022-02-31", "Quý I"]),
    "integer": st.sampled_from(["", "0", "-1", "12", "2000", "1999", "3.5", "12a", "-"]),
}
ROWS = st.lists(st.tuples(*(CELLS[field["type"]] for field in RULES)), min_size=1, max_size=6)


@settings(max_examples=examples(40), deadline=None)
@given(ROWS)
def test_frictionless_flags_the_same_cells(rows):
    """The reference implementation of the schema finds the faults that we find, and no others."""
    names = [field["name"] for field in RULES]
    texts = pd.DataFrame(rows, columns=names, dtype=object)
    _, problems = typed(texts, RULES)
    ours = {(problem.row, problem.column) for problem in problems}
    with tempfile.TemporaryDirectory() as folder, system.use_context(trusted=True):
        path = Path(folder) / "a.csv"
        texts.to_csv(path, index=False)
        schema = Schema.from_descriptor({"fields": RULES})
        report = Resource(path=str(path), schema=schema).validate()
    # A row of blanks alone is one fault to frictionless, and several blank cells to us.
    errors = report.flatten(["type", "rowNumber", "fieldName"])
    blank = {row for kind, row, _ in errors if kind == "blank-row"}
    theirs = {(row, name) for kind, row, name in errors if kind != "blank-row"}
    assert {cell for cell in ours if cell[0] not in blank} == theirs


def test_an_unknown_table_lists_those_there_are():
    """The names are those of the data package."""
    with pytest.raises(ValueError, match=r"table='foo' is not known\. Use one of: communes, "):
        package_table("foo")
