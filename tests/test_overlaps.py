"""The same commune and period in several tables or files is one record, or a named problem."""

import pytest

from antq_helpers.reading.load import check_file
from tests.books import asides, book, figures

TITLE = ["Quý I năm 2022"]
TIPS, CASES = ["Xã, phường", "Nguồn tin"], ["Xã, phường", "Vụ việc được giải quyết"]
COUNTS = ("tips", "resolved_cases")


@pytest.fixture
def check_files(tmp_path):
    """Write each table to a file of its own, a.xlsx and so on, and check all of them."""

    def check(*tables, **options):
        paths = [
            book(tmp_path / f"{letter}.xlsx", {"Sheet1": [TITLE, *rows]})
            for letter, rows in zip("abcd", tables, strict=False)
        ]
        return check_file(paths, **options)

    return check


def test_equal_figures_in_two_files_are_set_aside_with_a_word(check_files):
    """They are not added again, and the other file is named."""
    found = check_files([TIPS, ["Tuy Lộc", 12]], [TIPS, ["xã Tuy Lộc", "12"], ["Âu Lâu", 7]])
    assert figures(found, "tips") == [("Tuy Lộc", 12), ("Âu Lâu", 7)]
    assert found.records["file"].tolist() == ["a.xlsx", "b.xlsx"]
    assert not found.problems
    [note] = [note for note in found.skipped if note.kind == "same_again"]
    assert note.text() == (
        'b.xlsx, sheet "Sheet1", row 3: Tuy Lộc, 01/01/2022–31/03/2022: the same as a.xlsx, '
        'sheet "Sheet1", row 3; it is not added again. Nothing to do.'
    )
    assert found.account["kept"].tolist() == [4, 4]


def test_different_figures_in_two_files_are_a_problem_that_names_both(check_files):
    """Both files, both values; neither is taken, and the other communes are."""
    found = check_files([TIPS, ["Tuy Lộc", 12], ["Âu Lâu", 7]], [TIPS, ["Tuy Lộc", 13]])
    assert figures(found, "tips") == [("Âu Lâu", 7)]
    [problem] = found.problems
    assert (problem.kind, problem.file, problem.cell) == ("file_differs", "b.xlsx", "B3")
    assert problem.text().endswith(
        'Tuy Lộc, 01/01/2022–31/03/2022: differs from a.xlsx, sheet "Sheet1", row 3 '
        "(Tips received 13 ≠ 12). Keep the right one, or correct it."
    )
    assert sorted((note.file, note.row) for note in found.skipped if note.kind == "row_waits") == [
        ("a.xlsx", 3), ("b.xlsx", 3),
    ]  # fmt: skip


def test_complementary_tables_make_one_record(check_files):
    """A table of tips and one of cases; each cell of both is kept."""
    found = check_files([TIPS, ["Tuy Lộc", 12]], [CASES, ["Tuy Lộc", 3]])
    assert figures(found, *COUNTS) == [("Tuy Lộc", 12, 3)]
    assert not found.problems
    assert not asides(found, "same_again", "row_waits")
    assert found.account["kept"].tolist() == [4, 4]


def test_a_blank_beside_a_figure_is_filled_and_not_a_difference(check_files):
    """Missing in one file, known in the other."""
    both = [*TIPS, "Vụ việc được giải quyết"]
    found = check_files([both, ["Tuy Lộc", 12, ""]], [both, ["Tuy Lộc", "", 3]])
    assert figures(found, *COUNTS) == [("Tuy Lộc", 12, 3)]
    assert not found.problems


def test_zero_and_missing_are_not_the_same(check_files):
    """None occurred differs from one; not reported from neither."""
    found = check_files([TIPS, ["Tuy Lộc", 0]], [TIPS, ["Tuy Lộc", ""]])
    assert figures(found, "tips") == [("Tuy Lộc", 0)]
    assert not found.problems
    assert [
        p.kind for p in check_files([TIPS, ["Tuy Lộc", 0]], [TIPS, ["Tuy Lộc", 1]]).problems
    ] == ["file_differs"]


def test_three_files_that_differ_are_named_one_by_one(check_files):
    """Each against the first."""
    found = check_files(*([TIPS, ["Tuy Lộc", number]] for number in (12, 13, 14)))
    assert len(found.records) == 0
    assert [problem.file for problem in found.problems] == ["b.xlsx", "c.xlsx"]


def test_a_row_that_is_wrong_in_one_file_holds_its_period_back_in_the_others(check_files):
    """Until it is corrected nobody knows whether the two agree."""
    found = check_files([TIPS, ["Tuy Lộc", 12], ["Âu Lâu", 7]], [TIPS, ["Tuy Lộc", "trên 10"]])
    assert figures(found, "tips") == [("Âu Lâu", 7)]
    assert [problem.kind for problem in found.problems] == ["bound"]


def test_two_tables_of_one_sheet_are_put_together_like_two_files(check):
    """Tips above, cases below."""
    found = check(TITLE, TIPS, ["Tuy Lộc", 12], [], CASES, ["Tuy Lộc", 3])
    assert figures(found, *COUNTS) == [("Tuy Lộc", 12, 3)]
    found = check(TITLE, TIPS, ["Tuy Lộc", 12], [], ["Bảng 2"], TIPS, ["Tuy Lộc", 13])
    [problem] = found.problems
    assert problem.kind == "file_differs"
    assert "differs from 3 (Tips received 13 ≠ 12)" in problem.text()


def test_two_rows_of_one_table_are_no_versions_of_each_other(check):
    """Which of them was meant for another period only the writer knows, also where they agree."""
    for second in (12, 13):
        found = check(TITLE, TIPS, ["Tuy Lộc", 12], ["Tuy Lộc", second])
        assert [problem.kind for problem in found.problems] == ["reported_twice"]
        assert "these days are also reported elsewhere (row 3)" in found.problems[0].text()


def test_files_that_overlap_by_days_and_not_by_periods_are_a_problem(tmp_path):
    """March in one file, the quarter in another: a part of the days is counted twice."""
    paths = [
        book(tmp_path / "a.xlsx", {"Sheet1": [["Tháng 3/2022"], TIPS, ["Tuy Lộc", 5]]}),
        book(tmp_path / "b.xlsx", {"Sheet1": [TITLE, TIPS, ["Tuy Lộc", 12]]}),
    ]
    found = check_file(paths)
    [problem] = found.problems
    assert problem.kind == "reported_twice"
    assert problem.file == "b.xlsx"
    assert "a.xlsx" in problem.text()
