"""Rows of figures are told from totals, headings of groups, notes and signatures."""

import pytest

from antq_helpers.reading.headers import measure_of
from tests.books import asides, dated, faults, figures

TITLE = ["Quý I năm 2022"]
HEADER = ["Xã, phường", "Nguồn tin", "Vụ việc được giải quyết"]
COUNTS = ("tips", "resolved_cases")
TUY_LOC, AU_LAU = ["Tuy Lộc", 12, 3], ["Âu Lâu", 7, 1]
YEN_THINH, HONG_HA = ["Yên Thịnh", 9, 2], ["Hồng Hà", 8, 4]
READ = [("Tuy Lộc", 12, 3), ("Âu Lâu", 7, 1)]


@pytest.mark.parametrize(
    "name",
    [
        *("Tổng cộng", "Cộng", "(Tổng số)", "TỔNG SỐ", "Toàn thành phố", "Tổng toàn thành phố"),
        *("Thành phố Yên Bái", "TP. Yên Bái", "Total", "Grand total", "Tổng cộng:"),
    ],
)
def test_a_total_under_each_name_first_or_last_is_no_report(check, name):
    """It is a check alone; added, it would double everything."""
    total = [name, 19, 4]
    found = check(TITLE, HEADER, total, TUY_LOC, AU_LAU, total)
    assert figures(found, *COUNTS) == READ
    assert not found.problems
    assert asides(found, "total") == [("total", 3), ("total", 6)]
    assert figures(check(TITLE, HEADER, TUY_LOC, AU_LAU, total), *COUNTS) == READ


def test_a_total_may_stand_in_the_column_of_numbers(check):
    """Merged over the numbers and the names."""
    found = check(
        TITLE, ["STT", *HEADER], [1, *TUY_LOC], [2, *AU_LAU], ["Tổng cộng", "", 19, 4],
        merged=["A5:B5"],
    )  # fmt: skip
    assert figures(found, *COUNTS) == READ
    assert asides(found, "total") == [("total", 5)]


def test_a_total_that_could_be_a_year_is_no_second_row_of_headers(check):
    """2 000 + 76 = 2 076 attendances, in the first row below the header."""
    header = ["STT", "Xã, phường", "Quý", "Lượt người"]
    found = check(
        ["Năm 2017"], header, ["", "Tổng số", "", 2076], [1, "Tuy Lộc", "I", 2000],
        [2, "Âu Lâu", "I", 76],
    )  # fmt: skip
    assert figures(found, "attendances") == [("Tuy Lộc", 2000), ("Âu Lâu", 76)]
    assert asides(found, "total") == [("total", 3)]


def test_headings_of_groups_are_set_aside(check):
    """``I. Khối phường`` is no commune, with or without a number column."""
    found = check(
        TITLE, HEADER, ["I. Khối phường"], YEN_THINH, HONG_HA, ["II. Khối xã"], TUY_LOC, AU_LAU
    )
    assert figures(found, *COUNTS) == [tuple(row) for row in (YEN_THINH, HONG_HA, TUY_LOC, AU_LAU)]
    assert asides(found, "section") == [("section", 3), ("section", 6)]
    found = check(
        TITLE,
        ["STT", *HEADER],
        ["I", "Các phường"],
        [1, *YEN_THINH],
        ["II", "Các xã"],
        [1, *TUY_LOC],
    )
    assert figures(found, *COUNTS) == [tuple(YEN_THINH), tuple(TUY_LOC)]
    assert asides(found, "section") == [("section", 3), ("section", 5)]
    assert not found.problems


def test_a_heading_that_looks_like_a_name_is_no_misspelt_commune(check):
    """ "Các phường" is near to "Nam Cường"; its 10 are the sum of the two below."""
    found = check(
        ["Quý I năm 2022"], ["TT", "Địa bàn", "Số tin báo", "Số vụ GQ"],
        ["I", "Các phường", 10, 3], [1, "Yên Thịnh", 6, 2], [2, "Yên Ninh", 4, 1],
        ["II", "Các xã", 5, 1], [1, "Minh Bảo", 5, 1], ["", "Toàn TP", 15, 4],
    )  # fmt: skip
    assert figures(found, "tips", "resolved_cases") == [
        ("Yên Thịnh", 6, 2),
        ("Yên Ninh", 4, 1),
        ("Minh Bảo", 5, 1),
    ]
    assert not found.problems


def test_headings_may_state_the_total_of_their_group(check):
    """9 + 8 = 17 above the wards; 12 + 7 = 19 above the communes; 36 in all."""
    found = check(
        TITLE,
        HEADER,
        ["I. Khối phường", 17, 6],
        YEN_THINH,
        HONG_HA,
        ["II. Khối xã", 19, 4],
        TUY_LOC,
        AU_LAU,
        ["Tổng cộng", 36, 10],
    )
    assert len(found.records) == 4
    assert not found.problems
    assert asides(found, "section", "total") == [("section", 3), ("section", 6), ("total", 9)]


def test_sub_totals_may_stand_below_their_group(check):
    """``Cộng khối phường`` after the wards."""
    found = check(
        TITLE,
        HEADER,
        YEN_THINH,
        HONG_HA,
        ["Cộng khối phường", 17, 6],
        TUY_LOC,
        AU_LAU,
        ["Cộng khối xã", 19, 4],
        ["Toàn thành phố", 36, 10],
    )
    assert len(found.records) == 4
    assert not found.problems
    assert asides(found, "total") == [("total", 5), ("total", 8), ("total", 9)]


def test_the_city_police_is_a_reporter_of_its_own(check):
    """It is in the total, and in no commune."""
    found = check(
        TITLE, HEADER, TUY_LOC, AU_LAU, ["Công an thành phố", 30, 6], ["Tổng cộng", 49, 10]
    )
    assert figures(found, *COUNTS) == READ
    assert asides(found, "city_body") == [("city_body", 5)]
    assert not found.problems


def test_notes_and_signatures_below_are_counted_and_not_shown(check):
    """Also a note that begins with the name of a commune, and a signature below a column."""
    found = check(
        TITLE,
        HEADER,
        TUY_LOC,
        AU_LAU,
        [],
        ["Ghi chú: số liệu chưa đầy đủ"],
        ["Tuy Lộc: do đồng chí Bí Mật tổng hợp lại từ sổ theo dõi của xã trong kỳ"],
        ["", "Yên Bái, ngày 20 tháng 4 năm 2022"],
        ["NGƯỜI LẬP BIỂU", "", "TRƯỞNG CÔNG AN"],
        ["(Ký, ghi rõ họ tên)", "", "(Ký tên, đóng dấu)"],
        ["Trung úy Đỗ Bí Mật", "", "Thượng tá Lê Bí Mật"],
    )
    assert figures(found, *COUNTS) == READ
    assert not found.problems
    assert [row for _, row in asides(found, "outside")] == [1, 6, 7, 8, 9, 10, 11]
    shown = repr(found) + found._repr_html_() + repr(found.problems) + repr(found.skipped)
    assert "Bí Mật" not in shown
    assert "Thượng tá" not in shown


def test_a_signature_in_the_column_of_names_is_no_misspelt_commune(check):
    """Whoever is called almost like a commune is not asked about."""
    found = check(TITLE, HEADER, TUY_LOC, [], ["Trần Thị Tuy Lốc"], ["Nguyễn Văn Hồng Hạ"])
    assert not found.problems
    assert "Tuy Lốc" not in repr(found.skipped) + found._repr_html_()


def test_a_misspelt_commune_among_the_rows_is_a_problem_even_without_figures(check):
    """It is suggested, never decided."""
    found = check(TITLE, HEADER, ["Tuy Lọc", 12, 3], ["Âu Lâu", 7, 1])
    assert faults(found) == [("unknown_commune", "A3", "Tuy Lọc")]
    assert "Did you mean: Tuy Lộc" in found.problems[0].text()
    found = check(TITLE, HEADER, ["Tuy Lọc", "", ""], ["Âu Lâu", 7, 1])
    assert faults(found) == [("unknown_commune", "A3", "Tuy Lọc")]


@pytest.mark.parametrize("below", [[], ["Xã Âu Lâu", "", ""]])
def test_a_strange_name_that_begins_as_communes_do_is_a_problem(check, below):
    """In the last row that nothing follows but a commune without figures; nothing is beside it."""
    rows = [HEADER, ["Tuy Lộc", 12, 3], ["Xã Không Có", "", "-"], below]
    found = check(TITLE, *rows, dash="missing")
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("unknown_commune", "A4")]


def test_a_rank_that_begins_as_communes_do_signs_the_table(check):
    """Beside it stands who signs, too."""
    assert not check(
        TITLE, HEADER, ["Tuy Lộc", 12, 3], ["Xã đội trưởng", "", "", "Chủ tịch"]
    ).problems


def test_a_strange_name_in_the_last_numbered_row_is_a_problem_and_no_signature(check):
    """Nothing stands beside it; its number says that it is a row of the table."""
    rows = [["STT", *HEADER], [1, "Tuy Lộc", 12, 3], [2, "Xã Không Có", "", ""]]
    found = check(TITLE, *rows, ["", "Người lập biểu", "", ""])
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("unknown_commune", "B4")]


@pytest.mark.parametrize(
    "name",
    [
        *("Tuy Lộc", "xã Tuy Lộc", "Xã Tuy Lộc", "TUY LỘC", " Tuy  Lộc ", "X. Tuy Lộc"),
        *("tuy lộc", "Tuy Lo\u0323\u0302c", "1. Tuy Lộc", "12- Xã Tuy Lộc"),
        *("Tuy Lộc.", "Tuy Lộc (*)", "xã Tuy Lộc 1)"),
    ],
)
def test_a_commune_is_known_in_each_spelling(check, name):
    """Prefixes, case, white space and letters taken apart."""
    assert figures(check(TITLE, HEADER, [name, 12, 3]), *COUNTS) == [("Tuy Lộc", 12, 3)]


@pytest.mark.parametrize("name", ["P. Yên Thịnh", "Phường Yên Thịnh", "P.Yên Thịnh", "YÊN THỊNH"])
def test_a_ward_is_known_in_each_spelling(check, name):
    """With the abbreviation of its kind, too."""
    assert figures(check(TITLE, HEADER, [name, 9, 2]), *COUNTS) == [("Yên Thịnh", 9, 2)]


def test_the_mark_of_a_tone_may_stand_on_either_vowel(check):
    """``Giới Phiên`` keeps its marks; of ``Nam Cường`` the horn and the tone may come apart."""
    loose = "Nam Cu\u031bo\u031b\u0300ng"
    assert figures(check(TITLE, HEADER, [loose, 12, 3]), *COUNTS) == [("Nam Cường", 12, 3)]


def test_measures_as_rows_are_read_by_their_labels(check):
    """A form with numbers, dashes and "of which"; what it counts besides is listed."""
    found = check(
        ["Xã Tuy Lộc"],
        TITLE,
        ["STT", "Nội dung", "ĐVT", "Số lượng"],
        [1, "Số buổi tuyên truyền", "buổi", 2],
        ["", "- Lượt người tham gia", "người", 140],
        [2, "Số nguồn tin", "tin", 12],
        ["", "Trong đó: có giá trị", "tin", 5],
        [3, "Vụ việc được giải quyết", "vụ", 3],
        [4, "Số mô hình", "mô hình", 8],
    )
    every = ("sessions", "attendances", "tips", "valuable_tips", "resolved_cases")
    assert figures(found, *every) == [("Tuy Lộc", 2, 140, 12, 5, 3)]
    assert asides(found, "row_unused") == [("row_unused", 9)]
    assert not found.problems


@pytest.mark.parametrize("number", ["II", "II.", ""])
def test_a_heading_in_a_form_that_is_called_like_a_count_is_no_second_one(check, number):
    """No figure stands beside "NGUỒN TIN"; the one below it has them."""
    found = check(
        ["Xã Tuy Lộc"], TITLE, ["TT", "Nội dung", "Kết quả"],
        ["I", "TUYÊN TRUYỀN", ""], [1, "Số buổi tuyên truyền", 2],
        [number, "NGUỒN TIN", ""], [1, "Tổng số nguồn tin", 4], [2, "Nguồn tin có giá trị", 1],
    )  # fmt: skip
    assert figures(found, "sessions", "tips", "valuable_tips") == [("Tuy Lộc", 2, 4, 1)]
    assert not found.problems


def test_a_count_without_figure_heads_the_rows_in_which_it_stands_again(check):
    """``2. Nguồn tin`` above ``2.1 Tổng số nguồn tin``; where it stands once, it is missing."""
    form = [
        ["TT", "Nội dung", "Số liệu"],
        ["1", "Buổi tuyên truyền", ""],
        ["2", "Nguồn tin về ANTT", ""],
        ["2.1", "Tổng số nguồn tin tiếp nhận", 7],
    ]
    found = check(["XÃ TUY LỘC"], TITLE, *form)
    assert figures(found, "sessions", "tips") == [("Tuy Lộc", None, 7)]
    assert not found.problems
    assert asides(found, "section") == [("section", 5)]


def test_forms_of_several_communes_stand_under_their_names(check):
    """One header for all; what stands under the city's name is their total."""
    found = check(
        ["Năm 2022"],
        ["TT", "Nội dung", "Kết quả"],
        ["I", "Phường Yên Thịnh", ""],
        [1, "Số nguồn tin", 9],
        [2, "Vụ việc được giải quyết", 2],
        ["II. Xã Tuy Lộc", "", ""],
        [1, "Số nguồn tin", 12],
        [2, "Vụ việc được giải quyết", 3],
        ["III", "Toàn thành phố", ""],
        [1, "Số nguồn tin", 21],
        [2, "Vụ việc được giải quyết", 5],
    )
    assert figures(found, *COUNTS) == [("Yên Thịnh", 9, 2), ("Tuy Lộc", 12, 3)]
    assert not found.problems
    assert {row for kind, row in asides(found, "outside")} >= {9, 10, 11}


def test_a_form_before_the_first_name_is_not_lost(check):
    """Whose it is, nobody can say: it asks, and the named ones are read."""
    found = check(
        ["Năm 2022"], ["TT", "Nội dung", "Kết quả"], [1, "Số nguồn tin", 4],
        ["", "Xã Tuy Lộc", ""], [1, "Số nguồn tin", 12],
    )  # fmt: skip
    assert figures(found, "tips") == [("Tuy Lộc", 12)]
    assert [kind for kind, _, _ in faults(found)] == ["no_commune"]


def test_counts_may_head_the_rows_of_communes(check):
    """The header names periods alone; each heading says what is counted below it."""
    found = check(
        ["Năm 2022"], ["TT", "Xã, phường", "Quý I", "Quý II"],
        ["I", "Nguồn tin tiếp nhận"], [1, "Tuy Lộc", 1, 2], [2, "Âu Lâu", 3, 4],
        ["II", "Vụ việc được giải quyết"], [1, "Tuy Lộc", 0, 1], [2, "Âu Lâu", 1, 2],
    )  # fmt: skip
    assert figures(found, *COUNTS) == [
        ("Tuy Lộc", 1, 0), ("Âu Lâu", 3, 1), ("Tuy Lộc", 2, 1), ("Âu Lâu", 4, 2),
    ]  # fmt: skip
    assert not found.problems


@pytest.mark.parametrize(("before", "after"), [([], []), (["I"], []), (["I"], [19]), ([""], [""])])
def test_months_may_head_the_rows_of_communes(check, before, after):
    """Each commune comes once a month; read as one period, the first would be the whole year."""
    found = check(
        ["NĂM 2022"], ["TT", "Xã, phường", "Nguồn tin"],
        [*before, "Tháng 1", *after], [1, "Tuy Lộc", 12], [2, "Âu Lâu", 7],
        [*before, "Kết quả tháng 2", *after], [1, "Tuy Lộc", 3],
        ["Tổng cộng", "", 22],
    )  # fmt: skip
    assert dated(found, "tips") == [
        ("Tuy Lộc", "2022-01-01", "2022-01-31", 12),
        ("Âu Lâu", "2022-01-01", "2022-01-31", 7),
        ("Tuy Lộc", "2022-02-01", "2022-02-28", 3),
    ]
    assert not found.problems


def test_each_month_may_have_its_total_and_all_of_them_one(check):
    """Those of the months are held against their rows; that of all is of no month."""
    rows = [
        ["NĂM 2022"], ["TT", "Xã, phường", "Nguồn tin"],
        ["Tháng 1"], [1, "Tuy Lộc", 12], [2, "Âu Lâu", 7], ["Cộng tháng 1", "", 19],
        ["Tháng 2"], [1, "Tuy Lộc", 3], ["Cộng tháng 2", "", 3], ["Tổng cộng", "", 22],
    ]  # fmt: skip
    assert not check(*rows).problems
    rows[8][2] = 4
    assert faults(check(*rows)) == [("total_differs", "C9", "4")]


def test_quarters_below_a_count_of_a_form_are_no_headings(check):
    """A figure stands beside each; what follows them is the year's."""
    found = check(
        ["XÃ TUY LỘC"], ["Năm 2022"], ["TT", "Nội dung", "Kết quả"],
        [1, "Số nguồn tin", 12], ["", "Quý I", 5], ["", "Quý II", 7], [2, "Số buổi", 3],
    )  # fmt: skip
    assert dated(found, "tips", "sessions") == [("Tuy Lộc", "2022-01-01", "2022-12-31", 12, 3)]


def test_a_count_that_could_be_a_year_is_no_heading(check):
    """2 025 attendances, written as text."""
    found = check(TITLE, ["TT", "Xã, phường", "Lượt người"], ["1", "Tuy Lộc", "2025"])
    assert figures(found, "attendances") == [("Tuy Lộc", 2025)]


def test_quarters_may_stand_under_each_commune_of_a_form(check):
    """Or communes under each quarter: what comes first is above."""
    rows = [["Số nguồn tin", 1], ["Số nguồn tin", 2], ["Số nguồn tin", 3], ["Số nguồn tin", 4]]
    header = ["NĂM 2022"], ["Nội dung", "Kết quả"]
    found = check(
        *header, ["Xã Tuy Lộc"], ["Quý I"], rows[0], ["Quý II"], rows[1],
        ["Xã Âu Lâu"], ["Quý I"], rows[2], ["Quý II"], rows[3],
    )  # fmt: skip
    by_commune = dated(found, "tips")
    found = check(
        *header, ["Quý I"], ["Xã Tuy Lộc"], rows[0], ["Xã Âu Lâu"], rows[2],
        ["Quý II"], ["Xã Tuy Lộc"], rows[1], ["Xã Âu Lâu"], rows[3],
    )  # fmt: skip
    assert sorted(by_commune) == sorted(dated(found, "tips"))
    assert sorted(row[3] for row in by_commune) == [1, 2, 3, 4]
    assert ("Âu Lâu", "2022-04-01", "2022-06-30", 4) in by_commune


def test_years_may_head_the_rows_below_a_title_of_several(check):
    """Each year is its own, and neither is both."""
    found = check(
        ["GIAI ĐOẠN 2018 - 2019"], ["Xã, phường", "Nguồn tin"],
        ["Năm 2018"], ["Tuy Lộc", 12], ["Năm 2019"], ["Tuy Lộc", 3],
    )  # fmt: skip
    assert [(row[1][:4], row[2][:4], row[3]) for row in dated(found, "tips")] == [
        ("2018", "2018", 12), ("2019", "2019", 3),
    ]  # fmt: skip


def test_rows_of_comparisons_are_set_aside_wherever_they_stand(check):
    """Below the total, or as the further periods of a commune."""
    below = ["Cùng kỳ năm 2021", "So với cùng kỳ", "Tăng, giảm (%)", "Lũy kế", "Bình quân"]
    found = check(TITLE, HEADER, TUY_LOC, AU_LAU, ["Tổng", 19, 4], *([b, 9, 9] for b in below))
    assert figures(found, *COUNTS) == READ
    assert not found.problems
    assert len(asides(found, "row_comparison")) == len(below)
    found = check(
        TITLE, ["Xã, phường", "Kỳ", "Nguồn tin"],
        ["Tuy Lộc", "Kỳ này", 5], ["", "Kỳ trước", 4], ["", "Cùng kỳ", 3],
    )  # fmt: skip
    assert figures(found, "tips") == [("Tuy Lộc", 5)]
    assert not found.problems


def test_a_total_of_several_counts_goes_on_in_the_rows_below_it(check):
    """Its name stands once, as those of the communes do."""
    found = check(
        TITLE, ["Xã, phường", "Chỉ tiêu", "Kết quả"],
        ["Tuy Lộc", "Nguồn tin", 12], ["", "Vụ việc được giải quyết", 3],
        ["Tổng", "Nguồn tin", 12], ["", "Vụ việc được giải quyết", 3],
    )  # fmt: skip
    assert figures(found, *COUNTS) == [("Tuy Lộc", 12, 3)]
    assert not found.problems


def test_pages_have_numbers_sums_and_what_is_carried_over(check):
    """The table goes on below the header that comes again, and its total is of all pages."""
    header = ["TT", "Xã, phường", "Nguồn tin"]
    found = check(
        TITLE, header, [1, "Tuy Lộc", 12], [2, "Âu Lâu", 7], ["", "Cộng trang 1", 19],
        ["Trang 1/2"], header, ["", "Trang trước chuyển sang", 19], [3, "Hồng Hà", 8],
        ["", "Tổng cộng", 27],
    )  # fmt: skip
    assert figures(found, "tips") == [("Tuy Lộc", 12), ("Âu Lâu", 7), ("Hồng Hà", 8)]
    assert not found.problems


@pytest.mark.parametrize("header", [["Nam", "Nữ", "Cộng"], ["Cộng", "Nam", "Nữ"]])
def test_men_beside_women_are_no_year(check, header):
    """``Nam`` without marks would be the year; 2 015 of them came."""
    values = {"Nam": 2015, "Nữ": 1000, "Cộng": 3015}
    found = check(
        TITLE, ["Xã, phường", "Lượt người", "", ""], ["", *header],
        ["Tuy Lộc", *(values[name] for name in header)], merged=["B2:D2"],
    )  # fmt: skip
    assert figures(found, "attendances") == [("Tuy Lộc", 3015)]
    assert [row[1] for row in dated(found, "attendances")] == ["2022-01-01"]


def test_one_column_of_two_counts_asks(check):
    """``2/80`` are sessions and attendances; neither is dropped in silence."""
    found = check(TITLE, ["Xã, phường", "Nguồn tin", "Số buổi/lượt người"], ["Tuy Lộc", 5, "2/80"])
    assert figures(found, "tips") == [("Tuy Lộc", 5)]
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("unclear_header", "C2")]


def test_a_count_without_year_beside_that_of_another_year_is_no_total(check):
    """One column is no parts: it is this year's."""
    found = check(["Năm 2022"], ["Xã, phường", "Nguồn tin", "Nguồn tin 2021"], ["Tuy Lộc", 5, 77])
    assert [(row[1][:4], row[3]) for row in dated(found, "tips")] == [("2022", 5), ("2021", 77)]
    assert not found.problems


def test_communes_as_columns_below_a_title_of_the_count(check):
    """The title says what is counted, the rows when."""
    found = check(
        ["SỐ NGUỒN TIN NĂM 2022"], ["Tháng", "Tuy Lộc", "Âu Lâu", "Cộng"],
        ["Tháng 1", 1, 2, 3], ["Tháng 2", 3, 4, 7],
    )  # fmt: skip
    assert sorted(figures(found, "tips")) == [
        ("Tuy Lộc", 1), ("Tuy Lộc", 3), ("Âu Lâu", 2), ("Âu Lâu", 4),
    ]  # fmt: skip
    assert not found.problems


def test_the_name_of_a_count_may_stand_in_the_first_row_of_its_periods(check):
    """As that of a commune does: the rows below it hold the same count."""
    found = check(
        ["XÃ TUY LỘC"], ["Nội dung", "Kỳ", "Kết quả"],
        ["Nguồn tin", "Quý I/2022", 1], ["", "Quý II/2022", 2],
        ["Vụ việc được giải quyết", "Quý I/2022", 0], ["", "Quý II/2022", 1],
    )  # fmt: skip
    assert figures(found, *COUNTS) == [("Tuy Lộc", 1, 0), ("Tuy Lộc", 2, 1)]
    assert not found.problems


def test_a_header_of_what_was_resolved_asks_of_what(check):
    """Of cases, or of anything else?"""
    found = check(TITLE, ["Xã, phường", "Nguồn tin", "Đã giải quyết"], ["Tuy Lộc", 12, 3])
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("unclear_header", "C2")]


def test_a_label_of_a_row_that_could_mean_two_things_asks(check):
    """``Vụ việc`` alone: resolved, or any?"""
    found = check(
        ["Xã Tuy Lộc"], TITLE, ["Nội dung", "Số lượng"], ["Số nguồn tin", 12], ["Vụ việc", 3]
    )
    assert [(kind, cell) for kind, cell, _ in faults(found)] == [("unclear_header", "A5")]


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("1. Số nguồn tin", ("tips",)),
        ("- Trong đó: có giá trị", ("valuable_tips",)),
        ("a) Số buổi", ("sessions",)),
        ("+ Lượt người dự", ("attendances",)),
        ("Số mô hình", ()),
        ("Vụ việc", ("other", "resolved_cases")),
    ],
)
def test_labels_of_rows_mean_what_headers_mean(label, meaning):
    """Without the marks of a list before them."""
    assert measure_of(label) == meaning


def test_rows_that_only_repeat_zero_or_missing_figures_are_reports(check):
    """A commune that reports nothing stays in, as missing; zero is a figure."""
    found = check(TITLE, HEADER, TUY_LOC, ["Âu Lâu", "", ""], ["Yên Thịnh", 0, 0])
    assert figures(found, *COUNTS) == [
        ("Tuy Lộc", 12, 3),
        ("Âu Lâu", None, None),
        ("Yên Thịnh", 0, 0),
    ]
