"""Each filled cell of a sheet is kept, set aside or a problem, and the counts add up."""

import numpy as np
import pytest

from antq_helpers.reading.cells import CellLog, cell_name, column_name


@pytest.fixture
def log():
    """Three rows of two cells, of which one is blank."""
    return CellLog("a.xlsx", "Quý I", np.array([[True, True], [True, False], [True, True]]))


def counts(log):
    """Give cells, kept, set aside and problems."""
    return tuple(log.counts()[name] for name in ("cells", "kept", "set_aside", "problems"))


def test_filled_cells_are_counted_by_what_became_of_them(log):
    """Blank ones are nothing, whatever is said of their row."""
    log.keep(0, slice(None))
    log.set_aside(log.problem_at("outside", 1), 1)
    problem = log.problem_at("broken_count", 2, 1, "Nguồn tin", "x")
    log.add_problem(problem, 2, 1)
    log.set_aside(None, 2)
    assert counts(log) == (5, 2, 2, 1)
    assert log.counts()["file"] == "a.xlsx"
    assert log.counts()["sheet"] == "Quý I"


def test_a_cell_that_is_kept_is_not_set_aside_by_what_is_said_later(log):
    """What is kept stays kept; what was set aside can still be taken up."""
    log.keep(0, 0)
    log.set_aside(log.problem_at("total", 0), 0)
    assert counts(log)[1:] == (1, 1, 0)
    log.keep(0, 1)
    assert counts(log)[1:] == (2, 0, 0)


def test_a_problem_goes_before_all_else(log):
    """In whatever order it is found."""
    log.add_problem(log.problem_at("broken_count", 0, 0), 0, 0)
    log.keep(0, 0)
    assert counts(log)[1:] == (1 - 1, 0, 1)


def test_what_belongs_to_no_table_is_named_by_its_row_alone(log):
    """Once for each row, and nothing of its content."""
    log.keep(0, slice(None))
    log.rest_is_outside()
    assert [(note.kind, note.row, note.column, note.value) for note in log.notes] == [
        ("outside", 2, "", ""),
        ("outside", 3, "", ""),
    ]
    assert counts(log) == (5, 2, 3, 0)


def test_the_same_is_noted_once(log):
    """For one row and column; other rows are told."""
    for row in (0, 0, 1):
        log.add_note(log.problem_at("total", row))
    assert [note.row for note in log.notes] == [1, 2]


def test_the_same_problem_is_taken_down_once(log):
    """A wrong commune of twelve months is one thing to correct."""
    for _ in range(12):
        log.add_problem(
            log.problem_at("unknown_commune", 1, 0, "Xã", "Tuy Lọc", near="Tuy Lộc"), 1, 0
        )
    assert len(log.problems) == 1


def test_rows_and_cells_are_named_as_the_spreadsheet_names_them(log):
    """Counted from one, columns by letters."""
    problem = log.problem_at("broken_count", 1, 27, "Nguồn tin", 5)
    assert (problem.row, problem.cell, problem.value) == (2, "AB2", "5")
    assert log.problem_at("no_period").cell == ""
    assert [cell_name(0, 0), cell_name(9, 701), cell_name(0, 702)] == ["A1", "ZZ10", "AAA1"]
    assert [column_name(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_sheet_without_cells_has_an_account_of_zeros():
    """An empty sheet is named all the same."""
    assert counts(CellLog("a.xlsx", "", np.zeros((0, 0), bool))) == (0, 0, 0, 0)
