"""Layouts that offices use every week, each read with nothing asked."""

import openpyxl
import pandas as pd
import pytest

import antq_helpers as antq

Y = 2021
YEAR, FORM = ["KẾT QUẢ NĂM 2021"], [["UBND XÃ TUY LỘC"], ["BÁO CÁO NĂM 2021"]]
SUBTOTALS = [("Yên Thịnh", 12), ("Yên Ninh", 7), ("Tuy Lộc", 4), ("Âu Lâu", 5)]


def sections(first, second, *, numbered=True):
    rows = [
        [first[0], first[1], 19],
        [1, "Yên Thịnh", 12],
        [2, "Yên Ninh", 7],
        [second[0], second[1], 9],
        [1, "Tuy Lộc", 4],
        [2, "Âu Lâu", 5],
    ]
    head = ["STT", "Đơn vị", "Số nguồn tin"]
    return [YEAR, *([head, *rows] if numbered else [row[1:] for row in [head, *rows]])]


LAYOUTS = {
    "plan, done and share below a count": (
        [
            ["Xã/phường", "Năm", "Số nguồn tin", None, None],
            [None, None, "KH", "TH", "%"],
            ["Tuy Lộc", Y, 10, 12, 120],
        ],
        ["C1:E1"],
        [("Tuy Lộc", 12)],
    ),
    "the same, in full": (
        [
            ["Xã/phường", "Năm", "Số nguồn tin", None, None],
            [None, None, "Kế hoạch", "Thực hiện", "Đạt (%)"],
            ["Tuy Lộc", Y, 10, 12, 120],
        ],
        ["C1:E1"],
        [("Tuy Lộc", 12)],
    ),
    "a form with plan, done and share": (
        [*FORM, ["Nội dung", "ĐVT", "KH", "TH", "%"], ["Số nguồn tin", "tin", 10, 12, 120]],
        [],
        [("Tuy Lộc", 12)],
    ),
    **{
        f"the period before, this one, and {signs}": (
            [
                YEAR,
                ["Đơn vị", "Số nguồn tin", None, None],
                [None, "Kỳ trước", "Kỳ này", signs],
                ["Tuy Lộc", 10, 12, 2],
            ],
            ["B2:D2"],
            [("Tuy Lộc", 12)],
        )
        for signs in ("+/-", "(+/-)", "+, -", "±", "(+) (-)", "So sánh (+, -)")
    },
    "signs in a form": (
        [
            *FORM,
            ["TT", "Nội dung", "Đơn vị", "Kỳ trước", "Kỳ này", "±"],
            [1, "Số nguồn tin", "tin", 10, 12, 2],
        ],
        [],
        [("Tuy Lộc", 12)],
    ),
    "Đơn vị as the unit of a form": (
        [*FORM, ["Nội dung", "Đơn vị", "Số lượng"], ["Số nguồn tin", "tin", 12]],
        [],
        [("Tuy Lộc", 12)],
    ),
    "Đơn vị as a unit, an unknown one first": (
        [
            *FORM,
            ["Nội dung", "Đơn vị", "Số lượng"],
            ["Số hộ ký cam kết", "hộ", 3],
            ["Số nguồn tin", "tin", 12],
        ],
        [],
        [("Tuy Lộc", 12)],
    ),
    "Đơn vị as a unit beside communes": (
        [
            ["Xã/phường", "Năm", "Chỉ tiêu", "Đơn vị", "Số lượng"],
            ["Tuy Lộc", Y, "Số nguồn tin", "tin", 12],
        ],
        [],
        [("Tuy Lộc", 12)],
    ),
    "lettered sections": (sections(("A", "Phường"), ("B", "Xã")), [], SUBTOTALS),
    "Roman sections": (sections(("I", "Các phường"), ("II", "Các xã")), [], SUBTOTALS),
    "sections in capitals": (sections(("I", "PHƯỜNG"), ("II", "XÃ")), [], SUBTOTALS),
    "sections without numbers": (
        sections(("", "Phường"), ("", "Xã"), numbered=False),
        [],
        SUBTOTALS,
    ),
    "sections numbered in their name": (
        sections(("", "A. Phường"), ("", "B. Xã"), numbered=False),
        [],
        SUBTOTALS,
    ),
}


def write(path, rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


@pytest.mark.parametrize(("rows", "merged", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_an_ordinary_layout_is_read(tmp_path, rows, merged, expected):
    check = antq.check_file(write(tmp_path / "a.xlsx", rows, merged))
    assert [problem.kind for problem in check.problems] == []
    found = check.records[["commune", "tips"]].itertuples(index=False, name=None)
    assert sorted(found) == sorted(expected)
    assert set(check.records["period_start"]) == {pd.Timestamp("2021-01-01")}


def test_a_section_that_is_not_the_sum_of_its_rows_asks(tmp_path):
    rows = [["A", "Phường", 20], [1, "Yên Thịnh", 12], [2, "Yên Ninh", 7]]
    path = write(tmp_path / "a.xlsx", [YEAR, ["STT", "Đơn vị", "Số nguồn tin"], *rows])
    assert [p.kind for p in antq.check_file(path).problems] == ["total_differs"]


def test_kinds_of_communes_alone_are_no_communes(tmp_path):
    path = write(tmp_path / "a.xlsx", [YEAR, ["Đơn vị", "Số nguồn tin"], ["Phường", 9], ["Xã", 3]])
    assert antq.check_file(path).problems


@pytest.mark.parametrize("gap", [0, 1, 2])
@pytest.mark.parametrize("words", ["Năm {}", "NĂM {}", "KẾT QUẢ NĂM {}", "Số liệu năm {}"])
def test_two_tables_side_by_side_have_a_year_each(tmp_path, gap, words):
    between = [None] * gap
    rows = [
        [words.format(2020), None, *between, words.format(2021), None],
        ["Đơn vị", "Số nguồn tin", *between, "Đơn vị", "Số nguồn tin"],
        ["Tuy Lộc", 12, *between, "Tuy Lộc", 15],
        ["Âu Lâu", 7, *between, "Âu Lâu", 9],
    ]
    check = antq.check_file(write(tmp_path / "a.xlsx", rows))
    assert [problem.kind for problem in check.problems] == []
    counts = check.records.set_index(["commune", "year"])["tips"].to_dict()
    assert counts == {
        ("Tuy Lộc", 2020): 12,
        ("Tuy Lộc", 2021): 15,
        ("Âu Lâu", 2020): 7,
        ("Âu Lâu", 2021): 9,
    }


@pytest.mark.parametrize("year", ["2021.0", "2021,0", "２０２１", "2021.00"])
def test_a_year_as_programs_write_it_is_read(tmp_path, year):
    path = tmp_path / "a.csv"
    path.write_text(f"Xã/phường;Năm;Số nguồn tin\nTuy Lộc;{year};１２\n", encoding="utf-8")
    [record] = antq.check_file(path).records.itertuples()
    assert (record.year, record.tips) == (Y, 12)
