"""Headers are understood by their meaning; comparisons, two meanings and unknown words are told."""

import unicodedata
from datetime import date

import pytest

from antq_helpers.reading.headers import (
    COUNTS,
    LABELS,
    has_words,
    header_key,
    is_header_cell,
    meanings_of,
    split_period,
    understand,
)
from antq_helpers.tables import package_table
from tests.books import asides, dated, faults, figures

TITLE = ["Quý I năm 2022"]
MEANINGS = {
    "sessions": ("Số buổi", "SỐ BUỔI TUYÊN TRUYỀN", "Buổi tuyên truyền PBGDPL", "sessions"),
    "attendances": ("Lượt người", "Lượt người dự", "Số người tham gia", "Number of attendances"),
    "tips": (
        *("Nguồn tin", "Số nguồn tin", "Nguồn tin ND cung cấp", "Tổng số tin", "Tips received"),
        *("số nguồn tin (tin)", "Số nguồn tin:", "So nguon tin", "Số  nguồn\ntin", "Tin báo"),
        unicodedata.normalize("NFD", "Số nguồn tin"),
    ),
    "valuable_tips": ("Tin có giá trị", "Nguồn tin có giá trị", "Of which valuable"),
    "resolved_cases": ("Vụ việc đã giải quyết", "Số vụ giải quyết", "Cases resolved"),
    "commune": (
        *("Xã, phường", "Xã/phường", "TÊN ĐƠN VỊ", "Địa bàn", "Commune or ward", "Don vi"),
        *("Xã", "Phường"),
    ),
    "number": ("STT", "TT", "Số thứ tự", "No."),
    "unit": ("ĐVT", "Đơn vị tính"),
    "note": ("Ghi chú", "Remarks"),
    "measure": ("Nội dung", "Chỉ tiêu", "Indicator"),
}


@pytest.mark.parametrize(
    ("header", "meaning"), [(header, m) for m, headers in MEANINGS.items() for header in headers]
)
def test_a_header_has_its_meaning_however_it_is_written(header, meaning):
    """Case, brackets, punctuation, white space, letters taken apart, and no accents at all."""
    assert meanings_of(header) == {meaning}
    assert understand([header]).role == meaning


@pytest.mark.parametrize(
    ("header", "options"),
    [
        ("Vụ việc", {"resolved_cases", "other"}),
        ("Số vụ", {"resolved_cases", "other"}),
        ("Số người", {"attendances", "other"}),
        ("Lượt", {"attendances", "other"}),
        ("Tin", {"tips", "valuable_tips"}),
        ("Cases", {"resolved_cases", "other"}),
    ],
)
def test_a_header_that_could_mean_two_things_is_unclear(header, options):
    """All that it could mean is named; none is chosen."""
    found = understand([header])
    assert (found.role, set(found.options)) == ("unclear", options)


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Tin báo của nhân dân", "tips"),
        ("Nguồn tin do quần chúng nhân dân cung cấp", "tips"),
        ("Số lượng nguồn tin về ANTT", "tips"),
        ("Số lượng tin", "tips"),
        ("Nguồn tin quần chúng cung cấp cho công an", "tips"),
        ("Nguồn tin của người dân có giá trị", "valuable_tips"),
        ("Vụ việc được giải quyết nhờ nguồn tin của nhân dân", "resolved_cases"),
        ("Tổng số vụ việc đã giải quyết", "resolved_cases"),
        ("Tổng số lượt người tham dự", "attendances"),
    ],
)
def test_words_that_say_whose_or_how_many_add_nothing_to_a_count(header, meaning):
    """Nobody can list them all together with each count."""
    assert meanings_of(header) == {meaning}


@pytest.mark.parametrize(
    "header",
    [
        *("Số mô hình", "Dân số", "Cờ thi đua", "Nguồn tin giả"),
        # Neither is the number of communes a commune, nor a crime reported one of these tips.
        *(
            "Số xã, phường",
            "Tổng số đơn vị",
            "Tin báo tố giác tội phạm của nhân dân",
            "Của nhân dân",
        ),
    ],
)
def test_a_header_that_nobody_taught_is_unknown(header):
    """Nothing is taken for a count because it resembles one."""
    assert meanings_of(header) == frozenset()
    assert understand([header]).role == "unknown"


@pytest.mark.parametrize(
    "header",
    [
        *("Cùng kỳ", "Cùng kỳ năm 2021", "Nguồn tin cùng kỳ", "Kỳ trước", "Tháng trước"),
        *("Tăng/giảm", "Tăng, giảm", "+/- so với cùng kỳ", "Tỷ lệ %", "Tỉ lệ (%)", "%", "So sánh"),
        *("Kế hoạch năm", "Chỉ tiêu giao", "Đạt % kế hoạch", "Bình quân", "Chênh lệch"),
        *("Same period last year", "Change", "Percent", "Target"),
    ],
)
def test_a_comparison_is_no_count(header):
    """Not alone, not below a count, and not above one."""
    for path in ([header], ["Nguồn tin", header], [header, "Nguồn tin"]):
        assert understand(path).role == "comparison"


@pytest.mark.parametrize(
    "path",
    [
        ["Lũy kế nguồn tin"],
        ["Luỹ kế nguồn tin"],
        ["Nguồn tin", "Lũy kế từ đầu năm"],
        ["Lũy kế", "Nguồn tin"],
        ["Nguồn tin", "Cộng dồn"],
        ["Tips", "Year to date"],
    ],
)
def test_a_year_to_date_is_a_check_on_its_measure(path):
    """The measure stands in the same cell or in another row of the header."""
    found = understand(path)
    assert (found.role, found.measure) == ("to_date", "tips")


def test_a_year_to_date_without_a_measure_checks_nothing():
    """It is set aside all the same."""
    found = understand(["Lũy kế từ đầu năm"])
    assert (found.role, found.measure) == ("to_date", "")


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (["Nguồn tin", "Trong đó: có giá trị"], "valuable_tips"),
        (["Nguồn tin", "Tổng số"], "tips"),
        (["Nguồn tin", "Tổng cộng"], "tips"),
        (["Nguồn tin", "Cộng"], "tips"),
        (["Nguồn tin", "Kỳ này"], "tips"),
        (["Nguồn tin", "Trong tháng"], "tips"),
        (["Nguồn tin", "Trong quý"], "tips"),
        (["Nguồn tin", "Trong năm"], "tips"),
        (["Kết quả thực hiện", "Nguồn tin"], "tips"),
        (["Tuyên truyền PBGDPL", "Số buổi"], "sessions"),
        (["Tuyên truyền PBGDPL", "Lượt người"], "attendances"),
        (["Nguồn tin", "Trong đó", "Có giá trị"], "valuable_tips"),
        (["Kết quả xử lý nguồn tin", "Vụ việc", "Đã giải quyết"], "resolved_cases"),
        (["Kết quả xử lý nguồn tin", "Nguồn tin", "Trong đó có giá trị"], "valuable_tips"),
    ],
)
def test_the_rows_of_a_header_are_read_together(path, role):
    """The lower cell specifies the upper; words such as "in this period" add nothing."""
    assert understand(path).role == role


@pytest.mark.parametrize(
    ("path", "count"),
    [
        (["Phạm pháp hình sự", "Số vụ", "Đã giải quyết"], "resolved_cases"),
        (["Tai nạn giao thông", "Vụ việc đã giải quyết"], "resolved_cases"),
        (["Tin báo, tố giác tội phạm", "Số tin tiếp nhận"], "tips"),
    ],
)
def test_a_count_under_a_title_of_crimes_may_be_something_else(path, count):
    """Cases of crime are no cases that tips helped resolve: it asks."""
    found = understand(path)
    assert (found.role, set(found.options)) == ("unclear", {count, "other"})


def test_a_header_may_name_its_period_and_its_commune():
    """A year, a part of a year that the title completes, a name."""
    found = understand(["Nguồn tin", "Năm 2021"])
    assert (found.role, found.span.start, found.span.end) == (
        "tips", date(2021, 1, 1), date(2021, 12, 31),
    )  # fmt: skip
    assert understand(["Nguồn tin", "T3"]).part == "T3"
    assert understand(["Nguồn tin", "T3"], 2022).span.end == date(2022, 3, 31)
    assert understand(["2022", "Quý II", "Nguồn tin"]).span.start == date(2022, 4, 1)
    found = understand(["Tuy Lộc", "Nguồn tin"], knows="Tuy Lộc".__eq__)
    assert (found.role, found.commune) == ("tips", "Tuy Lộc")


def test_a_period_and_a_measure_stand_in_one_cell():
    """Either may come first; where there is no period the text stays whole."""
    assert split_period("Số nguồn tin quý I/2022", None)[2] == "Số nguồn tin"
    assert split_period("Năm 2021 nguồn tin", None)[2] == "nguồn tin"
    assert split_period("Số mô hình", None) == (None, "", "Số mô hình")


def test_cells_that_cannot_stand_in_a_header_are_told_from_those_that_can():
    """Words that are known, and periods; no figures and no names."""
    assert [is_header_cell(cell) for cell in ("STT", "Cùng kỳ", "Lũy kế", "T3", 2021)] == [
        "word", "word", "word", "period", "period",
    ]  # fmt: skip
    assert [is_header_cell(cell) for cell in (12, 3.5, "Tuy Lộc", "-")] == [""] * 4


def test_keys_tell_words_apart_by_their_tones():
    """Without tones many words of Vietnamese are the same."""
    assert header_key("Số hòa") == header_key("SỐ HOÀ")
    assert header_key("tin") != header_key("tín")
    assert header_key("(Tổng số)") == header_key("Tổng số")
    assert has_words("I. Khối phường", "section")
    assert not has_words("Khôi phục", "section")


def test_each_row_of_the_table_of_synonyms_can_be_used():
    """Staff extend it: no meaning that nobody reads, and no row twice."""
    synonyms = package_table("synonyms")
    asides_ = {
        "number",
        "unit",
        "note",
        "neutral",
        "comparison",
        "no_count",
        "counted",
        "to_date",
        "measure",
        "other",
        "added",
    }
    rows_ = {"total", "city_body", "section"}
    assert set(synonyms["meaning"]) <= {*COUNTS, *LABELS, *asides_, *rows_}
    assert set(synonyms["match"]) == {"whole", "part"}
    assert not synonyms.duplicated().any()
    one = synonyms[(synonyms["match"] == "whole") & ~synonyms.duplicated("words", keep=False)]
    for words, meaning in one[["words", "meaning"]].itertuples(index=False):
        assert meaning in meanings_of(words)


# In a file


def test_comparisons_are_named_and_never_counted(check):
    """Five columns that double everything where they are read as counts."""
    header = ["Xã, phường", "Nguồn tin", "Cùng kỳ", "Kỳ trước", "Tăng/giảm", "Tỷ lệ %", "Kế hoạch"]
    found = check(TITLE, header, ["Tuy Lộc", 12, 10, 11, 2, "20,0", 40])
    assert figures(found, "tips") == [("Tuy Lộc", 12)]
    assert not found.problems
    named = [note.column for note in found.skipped if note.kind == "column_comparison"]
    assert named == header[2:]


def test_comparisons_under_a_merged_header_are_never_counted(check):
    """Each count has its own, and the last takes the place of no count."""
    found = check(
        TITLE,
        ["Xã, phường", "Nguồn tin", "", "", "Vụ việc được giải quyết", "", ""],
        ["", "Kỳ này", "Cùng kỳ", "%", "Kỳ này", "Cùng kỳ", "%"],
        ["Tuy Lộc", 12, 10, 120, 3, 2, 150],
        merged=["A2:A3", "B2:D2", "E2:G2"],
    )
    assert figures(found, "tips", "resolved_cases") == [("Tuy Lộc", 12, 3)]
    assert not found.problems
    assert len(asides(found, "column_comparison")) == 4


def test_a_header_with_two_meanings_asks_and_its_column_is_not_read(check):
    """The problem stands at the header's cell and names what it could mean."""
    found = check(TITLE, ["Xã, phường", "Nguồn tin", "Số vụ"], ["Tuy Lộc", 12, 3])
    assert faults(found) == [("unclear_header", "C2", "")]
    [problem] = found.problems
    told = problem.text()
    assert told.startswith('quy1.xlsx, sheet "Sheet1", row 2, column "Số vụ": this header can mean')
    assert "Cases that tips helped resolve" in told
    assert told.endswith("Write the header in full, as one of these.")
    assert figures(found, "tips", "resolved_cases") == [("Tuy Lộc", 12, None)]


@pytest.mark.parametrize("header", ["Nguồn tn", "Ngưồn tin", "Số nguôn tin"])
def test_a_header_that_nearly_has_a_meaning_asks(check, header):
    """It is suggested and never decided; the other columns are read."""
    found = check(TITLE, ["Xã, phường", header, "Số buổi"], ["Tuy Lộc", 12, 3])
    assert faults(found) == [("unclear_header", "B2", "")]
    assert "this header can mean: Tips received." in found.problems[0].text()
    assert figures(found, "tips", "sessions") == [("Tuy Lộc", None, 3)]


def test_unknown_columns_are_listed_by_their_headers(check):
    """They are set aside with a word, and nothing of them is read."""
    found = check(TITLE, ["Xã, phường", "Nguồn tin", "Số mô hình"], ["Tuy Lộc", 12, 5])
    [note] = [note for note in found.skipped if note.kind == "column_unused"]
    assert (note.column, note.cell) == ("Số mô hình", "C2")
    assert found.headers.set_index("column").at["C", "meaning"] == "not recognised: set aside"


def test_a_column_without_a_header_is_listed_by_its_letter(check):
    """Something stands there, and nobody can say what."""
    found = check(TITLE, ["Xã, phường", "Nguồn tin"], ["Tuy Lộc", 12, 999])
    [note] = [note for note in found.skipped if note.kind == "column_unused"]
    assert note.column == "C"
    assert figures(found, "tips") == [("Tuy Lộc", 12)]


def test_columns_that_are_all_unknown_are_listed_all_the_same(check):
    """A table was found; that none of its counts was understood is said column by column."""
    found = check(
        TITLE,
        ["Xã, phường", "Nguồn tin", ""],
        ["", "Nội thành", "Ngoại thành"],
        ["Tuy Lộc", 12, 3],
        merged=["A2:A3", "B2:C2"],
    )
    assert len(found.records) == 0
    told = repr(found.problems) + repr(found.skipped)
    assert "Nguồn tin › Nội thành" in told
    assert "Nguồn tin › Ngoại thành" in told


def test_english_headers_are_read_like_vietnamese_ones(check):
    """A file in English from title to total."""
    found = check(
        ["Report for the first quarter of 2022"],
        ["No.", "Commune/ward", "Tips received", "Of which valuable", "Cases resolved", "Target"],
        [1, "Tuy Lộc", 12, 5, 3, 40],
        ["", "Total", 12, 5, 3, 40],
    )
    assert dated(found, "tips", "valuable_tips", "resolved_cases") == [
        ("Tuy Lộc", "2022-01-01", "2022-03-31", 12, 5, 3)
    ]
    assert not found.problems
