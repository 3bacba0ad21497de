"""Reports know where each of their values stands, on whichever sheet and file."""

import numpy as np
import pandas as pd

from antq_helpers.reading.cells import CellLog, Reports, join


def reports(file, communes, tips, language="en"):
    """Give reports of a table with communes in column A and tips in column B, below one header."""
    size = len(communes)
    rows = np.arange(1, size + 1)
    return Reports(
        pd.DataFrame({"commune": communes, "tips": tips}, dtype=object),
        {"commune": rows, "tips": rows},
        {"commune": np.zeros(size, int), "tips": np.ones(size, int)},
        np.zeros(size, int),
        np.ones(size, bool),
        [CellLog(file, "Quý I", np.ones((size + 1, 2), bool))],
        [{0: "Xã", 1: "Nguồn tin"}],
        language,
    )


def test_a_problem_stands_at_the_cell_of_its_field():
    """With the header as the file has it."""
    problem = reports("a.xlsx", ["Tuy Lộc", "Âu Lâu"], [12, 7]).problem("minimum", 1, "tips", -7)
    assert (problem.file, problem.sheet, problem.row) == ("a.xlsx", "Quý I", 3)
    assert (problem.column, problem.cell, problem.value) == ("Nguồn tin", "B3", "-7")


def test_what_stands_in_no_cell_has_the_row_of_its_report():
    """A period of the title; its days are shown as they are written."""
    some = reports("a.xlsx", ["Tuy Lộc"], [12])
    problem = some.problem("in_the_future", 0, "period_end", pd.Timestamp(2022, 3, 31))
    assert (problem.row, problem.cell, problem.value) == (2, "", "31/03/2022")
    assert some.place(0, "period_end")[2:] == (1, None)


def test_reports_of_several_tables_keep_their_places():
    """The second table's first report stands in row 2 of its own file."""
    joined = join([reports("a.xlsx", ["Tuy Lộc"], [12]), reports("b.xlsx", ["Âu Lâu"], [7])])
    assert joined.values["tips"].tolist() == [12, 7]
    assert [joined.problem("minimum", index, "tips").file for index in (0, 1)] == [
        "a.xlsx",
        "b.xlsx",
    ]
    assert joined.problem("minimum", 1, "tips").cell == "B2"


def test_a_field_that_only_one_table_has_stands_nowhere_in_the_other():
    """A table without cases beside one with them."""
    cases = reports("b.xlsx", ["Âu Lâu"], [7])
    values = cases.values.rename(columns={"tips": "resolved_cases"})
    rows = {"commune": cases.rows["commune"], "resolved_cases": cases.rows["tips"]}
    columns = {"commune": cases.columns["commune"], "resolved_cases": cases.columns["tips"]}
    other = Reports(values, rows, columns, cases.table, cases.sound, cases.logs, cases.headers)
    joined = join([reports("a.xlsx", ["Tuy Lộc"], [12]), other])
    assert joined.columns["tips"].tolist() == [1, -1]
    assert joined.columns["resolved_cases"].tolist() == [-1, 1]
    assert joined.values["tips"].isna().tolist() == [False, True]


def test_another_report_is_named_by_what_is_different():
    """The row on this sheet; sheet and row in another file, in the language asked for."""
    one = reports("a.xlsx", ["Tuy Lộc", "Âu Lâu"], [12, 7], "vi")
    joined = join([one, reports("b.xlsx", ["Âu Lâu"], [7], "vi")])
    assert joined.name(1, beside=0) == "3"
    assert joined.name(2, beside=0) == 'b.xlsx, trang tính "Quý I", dòng 2'


def test_cells_of_chosen_reports_are_kept_and_set_aside():
    """On the sheets on which they stand."""
    joined = join([reports("a.xlsx", ["Tuy Lộc"], [12]), reports("b.xlsx", ["Âu Lâu"], [7])])
    joined.keep(np.array([0]), {})
    joined.set_aside(np.array([0, 1]))
    kept = [(log.counts()["kept"], log.counts()["set_aside"]) for log in joined.logs]
    assert kept == [(2, 0), (0, 2)]


def test_a_figure_that_is_a_check_on_others_is_not_kept():
    """The name beside it is, where the report holds another figure."""
    some = reports("a.xlsx", ["Tuy Lộc", "Âu Lâu"], [12, 7])
    some.keep(np.array([0, 1]), {"tips": [1]})
    assert some.logs[0].counts()["kept"] == 3
