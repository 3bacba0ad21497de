"""Reports by village are added up to their commune, each cell in the account."""

import pytest

import antq_helpers as antq
from antq_helpers.reading.load import check_file
from tests.books import asides, book, check_rows, dated, faults, figures

TITLE = ("BÁO CÁO THÁNG 3 NĂM 2022",)
HEADER = ("Xã, phường", "Thôn, tổ dân phố", "Nguồn tin", "Có giá trị")
ROWS = [
    ("Tuy Lộc", "Thôn Bái Dương", 3, 1),
    ("", "Thôn Minh Long", 4, 2),
    ("", "Thôn Xuân Lan", 0, 0),
    ("Minh Bảo", "Thôn Bảo Tân", 5, 5),
    ("", "Thôn Cường Bắc", 1, 0),
]
SUMS = [("Tuy Lộc", 7, 3), ("Minh Bảo", 6, 5)]


def read(tmp_path, *rows, **options):
    """Check one sheet of villages."""
    return check_rows(tmp_path / "a.xlsx", *rows, **options)


@pytest.mark.parametrize("filled", [True, False], ids=["each row", "first row"])
def test_villages_beside_their_commune_are_added_up(tmp_path, filled):
    """Named in each row or in the first of a group; a note says so, and each cell is kept."""
    names = ["Tuy Lộc"] * 3 + ["Minh Bảo"] * 2
    rows = [(name if filled else row[0], *row[1:]) for name, row in zip(names, ROWS, strict=True)]
    check = read(tmp_path, TITLE, HEADER, *rows)
    assert not check.problems
    assert figures(check, "tips", "valuable_tips") == SUMS
    [note] = [note for note in check.skipped if note.kind == "villages_added"]
    assert note.details == {"villages": 5, "communes": 2}
    cells = check.cells
    tips = cells[cells["field"] == "tips"].sort_values("cell")
    assert tips["cell"].tolist() == ["C3", "C4", "C5", "C6", "C7"]
    assert tips["record"].tolist() == [0, 0, 0, 1, 1]
    assert set(cells.loc[cells["field"] == "village", "fate"]) == {"kept"}
    assert antq.total_by(check.records, measure="tips")["value"].tolist() == [13]


def test_villages_below_their_commune_are_added_up_and_its_total_is_checked(tmp_path):
    """In one column: the commune's row is a printed total of the rows below it."""
    rows = [
        ("Đơn vị", "Nguồn tin", "Có giá trị"),
        ("Xã Tuy Lộc", 7, 3),
        ("Thôn Bái Dương", 3, 1),
        ("Thôn Minh Long", 4, 2),
        ("Xã Minh Bảo", "", ""),
        ("Tổ dân phố số 1", 5, 5),
        ("TDP 2", 1, 0),
        ("Phường Yên Ninh", 9, 4),
        ("Tổng cộng", 22, 12),
    ]
    check = read(tmp_path, TITLE, *rows)
    assert not check.problems
    assert figures(check, "tips", "valuable_tips") == [*SUMS, ("Yên Ninh", 9, 4)]
    assert ("total", 3) in asides(check)
    rows[1] = ("Xã Tuy Lộc", 8, 3)
    check = read(tmp_path, TITLE, *rows)
    assert faults(check) == [("total_differs", "B3", "8")]
    assert check.problems[0].details == {"stated": 8, "sum": 7, "rows": "4, 5"}


def test_a_total_of_a_commune_beside_its_villages_is_checked(tmp_path):
    """With a blank, or "Cộng", where the others name their village."""
    for mark in ("", "Cộng"):
        total = ("Tuy Lộc", mark, 7, 3)
        check = read(tmp_path, TITLE, HEADER, total, ("Tuy Lộc", *ROWS[0][1:]), *ROWS[1:])
        assert not check.problems, mark
        assert figures(check, "tips", "valuable_tips") == SUMS
    wrong = read(
        tmp_path, TITLE, HEADER, ("Tuy Lộc", "", 9, 3), ("Tuy Lộc", *ROWS[0][1:]), *ROWS[1:]
    )
    assert faults(wrong) == [("total_differs", "C3", "9")]


def test_villages_of_a_commune_that_the_title_names(tmp_path):
    """Its own sheet, without a column of communes."""
    rows = [
        ("BÁO CÁO THÁNG 3 NĂM 2022 CỦA XÃ TUY LỘC",),
        HEADER[1:],
        *(row[1:] for row in ROWS[:3]),
    ]
    check = read(tmp_path, *rows)
    assert not check.problems
    assert figures(check, "tips", "valuable_tips") == SUMS[:1]


def test_a_village_that_reports_twice_is_asked_about_and_its_commune_waits(tmp_path):
    """Whether the figures are equal or not; the other commune is read."""
    for again in (3, 4):
        rows = [*ROWS[:3], ("", "thôn  bái dương", again, 1), *ROWS[3:]]
        check = read(tmp_path, TITLE, HEADER, *rows)
        assert faults(check) == [("village_twice", "B6", "thôn bái dương")]
        assert check.problems[0].details["other"] == "3"
        assert figures(check, "tips", "valuable_tips") == SUMS[1:]


def test_a_wrong_figure_of_a_village_holds_its_commune_back(tmp_path):
    """Six valuable of three tips would vanish in the sum, and so would a figure not read."""
    for row, kind in (
        ((3, 6, "part_above_whole"), ("trên", 1, "broken_count"))
        if False
        else (
            ((3, 6), "part_above_whole"),
            (("x", 1), "broken_count"),
        )
    ):
        rows = [("Tuy Lộc", "Thôn Bái Dương", *row), *ROWS[1:]]
        check = read(tmp_path, TITLE, HEADER, *rows)
        assert [fault[0] for fault in faults(check)] == [kind]
        assert figures(check, "tips", "valuable_tips") == SUMS[1:]


def test_a_village_that_left_a_count_blank_is_named(tmp_path):
    """The commune's number is that of the others; where all are blank it is missing, not 0."""
    rows = [("Tuy Lộc", "Thôn Bái Dương", "", ""), *((*r[:3], "") for r in ROWS[1:3])]
    check = read(tmp_path, TITLE, HEADER, *rows, language="vi")
    assert figures(check, "tips", "valuable_tips") == [("Tuy Lộc", 4, None)]
    [note] = [note for note in check.skipped if note.kind == "village_blank"]
    assert "Tuy Lộc, Nguồn tin tiếp nhận: chưa có số của Thôn Bái Dương" in note.expected("vi")


def test_villages_in_months_of_several_columns_and_rows(tmp_path):
    """Each month is added up by itself."""
    header = ("Xã, phường", "Thôn", "Tháng", "Năm", "Nguồn tin")
    rows = [
        ("Tuy Lộc", village, month, 2022, count)
        for month, counts in ((1, (1, 2)), (2, (3, 4)))
        for village, count in zip(("Bái Dương", "Minh Long"), counts, strict=True)
    ]
    check = read(tmp_path, header, *rows)
    assert not check.problems
    assert dated(check, "tips") == [
        ("Tuy Lộc", "2022-01-01", "2022-01-31", 3),
        ("Tuy Lộc", "2022-02-01", "2022-02-28", 7),
    ]
    unnamed = read(tmp_path, header, *rows, ("Tuy Lộc", "", 3, 2022, 5))
    assert [kind for kind, *_ in faults(unnamed)] == ["no_village"]
    assert figures(unnamed, "tips") == [("Tuy Lộc", 3), ("Tuy Lộc", 7)]


def test_villages_of_one_commune_in_several_files_are_added_up(tmp_path):
    """And a file of the commune itself must agree with them."""
    paths = [
        book(tmp_path / f"{at}.xlsx", {"A": [TITLE, HEADER, ("Tuy Lộc", *row[1:])]})
        for at, row in enumerate(ROWS[:2])
    ]
    check = check_file(paths)
    assert not check.problems
    assert figures(check, "tips", "valuable_tips") == SUMS[:1]
    for tips, kinds in ((7, []), (8, ["file_differs"])):
        whole = [TITLE, ("Xã, phường", "Nguồn tin"), ("Tuy Lộc", tips)]
        both = check_file([*paths, book(tmp_path / "c.xlsx", {"A": whole})])
        assert [problem.kind for problem in both.problems] == kinds


def test_a_clean_file_of_villages_is_added_up(write_records):
    """A CSV that is read at once."""
    header = ("commune", "village", "period_start", "period_end", "tips")
    days = ("2022-01-01", "2022-01-31")
    rows = [("Tuy Lộc", "A", *days, 1), ("Tuy Lộc", "B", *days, 2), ("Minh Bảo", "", *days, 4)]
    check = check_file(write_records(*rows, header=header))
    assert not check.problems
    assert figures(check, "tips") == [("Tuy Lộc", 3), ("Minh Bảo", 4)]


def test_counts_of_villages_may_stand_in_two_tables(tmp_path):
    """Tips on one sheet and cases on another are of the same villages, and of no other."""
    cases = [("Xã, phường", "Thôn", "Vụ việc được giải quyết")]
    cases += [("Tuy Lộc", row[1], at) for at, row in enumerate(ROWS[:3])]
    tips = [HEADER, *(("Tuy Lộc", *row[1:]) for row in ROWS[:3])]
    path = book(tmp_path / "a.xlsx", {"Tin": [TITLE, *tips], "Vụ": [TITLE, *cases]})
    check = check_file(path)
    assert not check.problems
    assert figures(check, "tips", "resolved_cases") == [("Tuy Lộc", 7, 3)]
    assert not [note for note in check.skipped if note.kind == "village_blank"]


def test_a_table_of_the_movement_is_not_taken_for_one_of_villages(tmp_path):
    """What it holds below a commune would be added to the commune above it."""
    rows = [("Xã, phường", "Loại mô hình", "Năm", "Số lượng"), ("Tuy Lộc", "Camera", 2020, 2)]
    rows.append(("Thôn Bái Dương", "Camera", 2020, 2))
    check = check_rows(tmp_path / "a.xlsx", *rows, table="models")
    assert check.problems
