"""Counts in the sentences of Word reports are shown at their place, and taken at a yes alone."""

import random

import pytest

from antq_helpers.dictionary import core_counts
from antq_helpers.reading.load import check_file, check_files
from antq_helpers.reading.prose import counts_in
from tests.books import asides, dated, faults
from tests.raw_docx import write_docx

TITLES = ["CÔNG AN PHƯỜNG YÊN NINH", "BÁO CÁO KẾT QUẢ PHONG TRÀO QUÝ I NĂM 2022"]
TOLD = (
    "Trong quý, quần chúng nhân dân đã cung cấp 12 nguồn tin, trong đó 5 tin có giá trị, "
    "giúp lực lượng Công an giải quyết 3 vụ việc."
)
# Sentences as offices write them, by the counts that they tell of.
SENTENCES = {
    "tips": [
        "Quần chúng nhân dân đã cung cấp {} nguồn tin liên quan đến an ninh, trật tự.",
        "Tiếp nhận {} nguồn tin do nhân dân cung cấp.",
        "Số nguồn tin tiếp nhận: {}.",
        "Tổng số nguồn tin tiếp nhận là {}",
    ],
    "valuable_tips": [
        "Trong đó có {} nguồn tin có giá trị.",
        "Có {} tin có giá trị phục vụ công tác.",
        "Số tin có giá trị: {}",
    ],
    "resolved_cases": [
        "Giúp lực lượng Công an giải quyết {} vụ việc.",
        "Đã giải quyết được {} vụ việc về an ninh, trật tự.",
        "Từ nguồn tin của nhân dân, Công an đã làm rõ {} vụ.",
    ],
    "sessions": [
        "Tổ chức {} buổi tuyên truyền.",
        "Công an phối hợp với các đoàn thể tổ chức {} buổi tuyên truyền tại các tổ dân phố.",
        "Số buổi tuyên truyền: {}",
    ],
    "attendances": ["Thu hút {} lượt người tham dự.", "Có {} lượt người tham gia."],
}
# Numbers that are no counts of the report; none of them may become one.
OTHERS = [
    "So với cùng kỳ năm 2021 tăng 2 nguồn tin, giảm 3 vụ việc.",
    "Cùng kỳ năm trước tiếp nhận 41 nguồn tin.",
    "Xảy ra 7 vụ việc về trật tự xã hội.",
    "Thực hiện Kế hoạch số 15/KH-CAX ngày 05/01/2022, đơn vị đã phân công 4 cán bộ.",
    "Ngày 15/3/2022 có mưa lớn tại 6 tổ dân phố.",
    "Tỷ lệ nguồn tin có giá trị đạt 41,7%.",
    "Chỉ tiêu năm là 90 nguồn tin.",
]


def written(count: int, chance: random.Random) -> str:
    """Write a count as offices do."""
    if count >= 1000:
        return f"{count:,}".replace(",", ".")
    return f"{count:02}" if chance.random() < 0.3 else str(count)


@pytest.mark.parametrize("seed", range(40))
def test_every_count_is_found_and_none_is_taken_unasked(tmp_path, seed):
    """In any order and among other numbers; what was accepted is the truth, to the digit."""
    chance = random.Random(seed)
    tips = chance.randint(1, 90)
    truth = {
        "tips": tips,
        "valuable_tips": chance.randint(0, tips),
        "resolved_cases": chance.randint(0, 30),
        "sessions": chance.randint(1, 40),
        "attendances": chance.randint(100, 4000),
    }
    told = chance.sample(list(truth), chance.randint(2, 5))
    sentences = [chance.choice(SENTENCES[n]).format(written(truth[n], chance)) for n in told]
    sentences += chance.sample(OTHERS, chance.randint(0, 4))
    chance.shuffle(sentences)
    joined = (
        [" ".join(f"{text.rstrip('.')}." for text in sentences)]
        if chance.random() < 0.5
        else sentences
    )
    path = write_docx(tmp_path / "bc.docx", [*TITLES, *joined])
    check = check_file(path)
    assert check.records.empty
    asked = {p.value for p in check.problems if p.kind == "in_prose"}
    assert asked == {str(truth[name]) for name in told}, sentences
    check = check_file(path, accept=check.questions)
    assert not check.problems
    [record] = check.records[list(core_counts())].astype(object).to_dict("records")
    assert {n: c for n, c in record.items() if n in told} == {n: truth[n] for n in told}
    assert check.records[[n for n in truth if n not in told]].isna().all(axis=None)


def test_a_count_is_shown_with_its_words_and_both_answers(tmp_path):
    """The words around it stand in the question; a yes to one takes not the others."""
    path = write_docx(tmp_path / "bc.docx", [*TITLES, TOLD])
    check = check_file(path, language="vi")
    first = check.problems[0].text("vi")
    assert "“Trong quý, quần chúng nhân dân đã cung cấp 12 nguồn tin”" in first
    assert '--accept "bc.docx!Lời văn!A2=12"' in first
    assert check_file(path, accept=check.questions[:2]).records.empty
    assert len(check_file(path, accept=check.questions).records) == 1


def test_two_numbers_a_bound_and_a_fraction_are_asked_back(tmp_path):
    """Nobody can say yes to them: they are written into a table."""
    sentences = [
        "Tiếp nhận 12 nguồn tin.",
        "Xã Âu Lâu tiếp nhận 8 nguồn tin.",
        "Giải quyết trên 600 vụ việc.",
        "Tổ chức 7/9 buổi tuyên truyền.",
    ]
    check = check_file(write_docx(tmp_path / "bc.docx", [*TITLES, *sentences]))
    assert faults(check) == [
        ("two_numbers", "A2", "12; 8"),
        ("bound", "B2", "trên 600"),
        ("two_numbers", "C2", "7/9"),
    ]
    assert not check.questions


def test_what_stands_in_a_table_is_not_asked_about_again(tmp_path):
    """The table is read; of the sentences it is told that numbers were left there."""
    table = [["Xã, phường", "Nguồn tin"], ["Yên Ninh", 12]]
    check = check_file(
        write_docx(tmp_path / "bc.docx", [*TITLES, TOLD.split(", trong")[0], "Biểu 1", table])
    )
    assert dated(check, "tips") == [("Yên Ninh", "2022-01-01", "2022-03-31", 12)]
    assert not check.problems
    assert asides(check, "counts_in_prose") == [("counts_in_prose", None)]


def test_words_that_name_a_person_are_not_shown():
    """The count is asked about without them."""
    assert counts_in("Ông Nguyễn Văn A cung cấp 12 nguồn tin.") == [("12", "nguồn tin", "…")]


def test_a_report_in_sentences_waits_beside_a_table_of_the_movement(tmp_path):
    """Both are found in one report."""
    models = [["Xã, phường", "Mô hình", "Từ ngày", "Số lượng"], ["Tuy Lộc", "Camera", "2015", 2]]
    path = write_docx(tmp_path / "bc.docx", [*TITLES, TOLD, "Biểu 1: mô hình", models])
    found = check_files(path)
    assert found["models"].records["count"].tolist() == [2]
    found = check_files(path, accept=found["records"].questions)
    assert dated(found["records"], "tips") == [("Yên Ninh", "2022-01-01", "2022-03-31", 12)]
