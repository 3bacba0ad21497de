"""The reader of directions itself: what it finds wrong, and what it lets stand."""

import pytest

from tests.directions import contradictions, directions


@pytest.mark.parametrize(
    "wrong",
    [
        "In this sample tips fall from 381 (344–421) in 2013 to 534 (490–581) in 2022.",
        "Resolved cases rose from 66 to 47.",
        "The city's tips fall by 4.2% a year (95% interval 2.2% to 6.4%).",
        "A doubling is associated with 1.1% more tips.",
        "From 8.7% more to 7.2% more.",
        "Năm 2022 toàn thành phố tiếp nhận 534 nguồn tin, nhiều hơn năm 2021 (600, thiếu báo cáo).",
        "Năm 2022, xã Tuy Lộc tiếp nhận 24 nguồn tin, tăng 24 tin (−50%) so với năm 2021.",
        "In 2022, Tuy Lộc commune received 48 tips, 24 tips fewer (+100%) than in 2021.",
        "It received 30 tips, 26 tips fewer than in the fourth quarter of 2021 (4).",
        "Số tin giảm từ 381 năm 2013 lên 534.",
    ],
)
def test_a_direction_against_its_numbers_is_found(wrong):
    """Each of these passed all tests once, or is its kin."""
    assert contradictions(wrong, "(4.2, 2.2, 6.4) (-1.1, -8.7, 7.2, 0.79)")


@pytest.mark.parametrize(
    "right",
    [
        "Tips rose from 381 (344–421) in 2013 to 534 (490–581) in 2022; cases went from 66 to 47.",
        "Eight give more or fewer tips than chance explains, from 6.8 to 2.7.",
        "The city's tips rise by 4.2% a year, which is more than chance explains.",
        "A doubling is associated with 1.1% fewer tips (95% interval: 8.7% fewer to 7.2% more).",
        "Năm 2022, tiếp nhận 534 nguồn tin (năm 2021: 600), chưa đủ cơ sở kết luận tăng hay giảm.",
        "Attendances rose from 9,870 to 12,300.",
    ],
)
def test_a_direction_with_its_numbers_stands(right):
    """And where no direction is told, none is wanted."""
    assert not contradictions(right, "(4.2, 2.2, 6.4) (-1.1, -8.7, 7.2, 0.79)")


def test_the_words_of_both_languages_are_known():
    """Forms, too; two at once tell nothing."""
    assert directions("Tips rose; cases fell.") == {1, -1}
    assert directions("Ít hơn, nhưng chưa đủ cơ sở kết luận tăng hay giảm.") == {-1}
    assert directions("No more than chance: neither a rise nor a fall.") == set()
