"""Columns of a table on paper: no word broken, the rest shared by need."""

import pytest

from antq_helpers.briefing.layout import CELL_MARGIN, fit_columns

# In Times a digit is half as wide as the type is high, a full stop a quarter (Adobe's metrics).
EM = 11 / 72 * 25.4
NUMBER = (5 * 0.5 + 0.25) * EM + 2 * CELL_MARGIN  # 14.400


def test_each_column_has_the_room_of_its_longest_word():
    """However long the text beside it is, a number is not broken."""
    size, (first, second) = fit_columns([["Chỉ tiêu", "Lũy kế"], ["nguồn " * 30, "14.400"]], 60)
    assert (size, first + second) == (8, pytest.approx(60))
    assert second >= NUMBER * 8 / 11


def test_the_room_that_is_left_goes_to_texts_of_several_lines():
    """A number in one line needs no more than its width."""
    texts = [["Chỉ tiêu", "2022"], ["Vụ việc được giúp giải quyết", "14.400"]]
    size, (first, second) = fit_columns(texts, 60)
    assert size == 11
    assert second == pytest.approx(NUMBER, abs=1)
    assert first == pytest.approx(60 - second)


def test_the_type_is_smaller_where_two_lines_are_not_enough():
    """The same table on narrower paper."""
    texts = [["Chỉ tiêu", "2022"], ["Vụ việc được giúp giải quyết", "14.400"]]
    sizes = [fit_columns(texts, wide)[0] for wide in (60, 45, 38)]
    assert sizes[0] == 11
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 11


def test_a_header_takes_the_two_lines_that_it_is_written_in():
    """The lines of a header are measured one by one, and may be broken once more."""
    texts = [["Xã, phường", "Nguồn tin\nQuý III/2022"], ["Tuy Lộc", "3"]]
    _, (_, second) = fit_columns(texts, 40)
    assert second < 40 * 0.6


def test_all_columns_are_wider_where_nothing_needs_room():
    """A small table still fills the width, in proportion to its words."""
    size, (first, second) = fit_columns([["Xã", "Tin"], ["Xã", "14.400"]], 100)
    assert (size, first + second) == (11, pytest.approx(100))
    assert second > first
