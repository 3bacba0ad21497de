"""Each filled cell of a sheet is kept, set aside or a problem, and the counts add up."""

import numpy as np
import pytest

from antq_helpers.reading.reports import Board, cell_name, column_name


@pytest.fixture
def board():
    """Three rows of two cells, of which one is blank."""
    return Board("a.xlsx", "Quý I", np.array([[True, True], [True, False], [True, True]]))


def counts(board):
    """Give cells, kept, set aside and problems."""
    return tuple(board.counts()[name] for name in ("cells", "kept", "set_aside", "problems"))


def test_filled_cells_are_counted_by_what_became_of_them(board):
    """Blank ones are nothing, whatever is said of their row."""
    board.keep(0, slice(None))
    board.aside(board.say("outside", 1), 1)
    problem = board.say("broken_count", 2, 1, "Nguồn tin", "x")
    board.fault(problem, 2, 1)
    board.aside(None, 2)
    assert counts(board) == (5, 2, 2, 1)
    assert board.counts()["file"] == "a.xlsx"
    assert board.counts()["sheet"] == "Quý I"


def test_a_cell_that_is_kept_is_not_set_aside_by_what_is_said_later(board):
    """What is kept stays kept; what was set aside can still be taken up."""
    board.keep(0, 0)
    board.aside(board.say("total", 0), 0)
    assert counts(board)[1:] == (1, 1, 0)
    board.keep(0, 1)
    assert counts(board)[1:] == (2, 0, 0)


def test_a_problem_goes_before_all_else(board):
    """In whatever order it is found."""
    board.fault(board.say("broken_count", 0, 0), 0, 0)
    board.keep(0, 0)
    assert counts(board)[1:] == (1 - 1, 0, 1)


def test_what_belongs_to_no_table_is_named_by_its_row_alone(board):
    """Once for each row, and nothing of its content."""
    board.keep(0, slice(None))
    board.rest_is_outside()
    assert [(note.kind, note.row, note.column, note.value) for note in board.notes] == [
        ("outside", 2, "", ""),
        ("outside", 3, "", ""),
    ]
    assert counts(board) == (5, 2, 3, 0)


def test_the_same_is_noted_once(board):
    """For one row and column; other rows are told."""
    for row in (0, 0, 1):
        board.note(board.say("total", row))
    assert [note.row for note in board.notes] == [1, 2]


def test_the_same_problem_is_taken_down_once(board):
    """A wrong commune of twelve months is one thing to correct."""
    for _ in range(12):
        board.fault(board.say("unknown_commune", 1, 0, "Xã", "Tuy Lọc", near="Tuy Lộc"), 1, 0)
    assert len(board.problems) == 1


def test_rows_and_cells_are_named_as_the_spreadsheet_names_them(board):
    """Counted from one, columns by letters."""
    problem = board.say("broken_count", 1, 27, "Nguồn tin", 5)
    assert (problem.row, problem.cell, problem.value) == (2, "AB2", "5")
    assert board.say("no_period").cell == ""
    assert [cell_name(0, 0), cell_name(9, 701), cell_name(0, 702)] == ["A1", "ZZ10", "AAA1"]
    assert [column_name(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_sheet_without_cells_has_an_account_of_zeros():
    """An empty sheet is named all the same."""
    assert counts(Board("a.xlsx", "", np.zeros((0, 0), bool))) == (0, 0, 0, 0)
