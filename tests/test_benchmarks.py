"""Parts of the benchmarks; how long anything takes is no matter of a test."""

import pandas as pd
import pytest

import antq_helpers as antq
from benchmarks import start
from benchmarks.briefing import choices
from benchmarks.national import bare, ours, write_country
from benchmarks.office import write_office
from benchmarks.table import Row, alternate, compare, fresh, limit, peak, timed, written


def test_both_are_taken_in_turns_and_the_first_turn_only_warms_up():
    taken = []

    def stopwatch(name, times):
        def act(turn):
            taken.append((name, turn))
            return times[turn]

        return act

    medians = alternate(
        stopwatch("ours", [99, 1, 5, 3]), stopwatch("theirs", [99, 20, 40, 70]), repeats=3
    )
    assert medians == (3, 40)
    assert taken == [(name, turn) for turn in range(4) for name in ("ours", "theirs")]


def test_a_stopwatch_hands_its_turn_on_and_gives_milliseconds():
    turns = []
    assert timed(turns.append)(7) >= 0
    assert turns == [7]


@pytest.mark.parametrize(
    ("ours", "theirs", "aim", "cells"),
    [
        (50, 1000, 1 / 20, ("50.0", "1,000", "20.0x faster", "at least 20.0x faster", "met")),
        (51, 1000, 1 / 20, ("51.0", "1,000", "19.6x faster", "at least 20.0x faster", "missed")),
        (25, 10, 2.5, ("25.0", "10.0", "2.50x as long", "at most 2.50x as long", "met")),
        (260, 100, 2.5, ("260", "100", "2.60x as long", "at most 2.50x as long", "missed")),
    ],
)
def test_a_row_says_its_ratio_as_it_is_aimed_at_and_whether_the_aim_is_met(
    ours, theirs, aim, cells
):
    _, *numbers = Row("a redraw", ours, "a floor", theirs, aim).cells
    del numbers[1]
    assert tuple(numbers) == cells


def test_the_columns_of_the_table_stand_below_each_other():
    lines = written([Row("short", 1, "x", 2, 1), Row("a longer name", 1000, "y", 2, 1)]).split("\n")
    assert len(lines) == 4
    assert lines[2].index(" x ") == lines[3].index(" y ")
    assert lines[2].endswith("met")
    assert lines[3].endswith("missed")


def test_a_country_loads_without_a_problem_and_totals_as_bare_pandas_has_it(tmp_path):
    path, communes = write_country(tmp_path, communes=30, months=12)
    records = antq.load_records(path, communes=communes)
    assert len(records) == 30 * 12
    assert antq.total_by(records, "commune", measure="tips")["value"].sum() == records["tips"].sum()
    assert ours(path, communes)["value"].sum() == bare(path, pd.read_csv).to_numpy().sum()


def test_an_office_file_of_the_benchmark_is_read_without_a_problem(tmp_path):
    _, communes = write_country(tmp_path, communes=4, months=1)
    path = write_office(tmp_path / "office.xlsx", [f"Xã số {i:05d}" for i in range(4)])
    check = antq.check_file(path, communes=communes)
    assert (check.problems, len(check.records)) == ((), 4 * 12)


def test_a_fresh_interpreter_is_compared_with_itself():
    row = compare("nothing", fresh(""), "nothing", fresh(""), 1, repeats=1)
    assert row.ratio > 0


def test_what_has_a_limit_of_its_own_is_compared_with_it():
    cells = limit("a choice", lambda turn: 250, 500, repeats=3).cells
    assert cells[1:] == ("250", "the most that it may take", "500", "0.50x as long",
                         "at most 1.00x as long", "met")  # fmt: skip


def test_the_import_is_measured_without_the_start_of_python():
    assert start.alone(0) > 0


def test_peak_memory_is_that_of_the_process_alone():
    held = bytearray(80 * 2**20)
    assert peak("") < len(held) / 2**20 < peak("held = bytearray(80 * 2**20)")


def test_each_choice_on_the_page_makes_another_page():
    choose = choices()
    assert all(choose(turn) > 0 for turn in range(2))
