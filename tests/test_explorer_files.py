"""The files that an explorer saves: their names, and what a spreadsheet makes of them."""

import pytest

from antq_helpers.drawing.view import View
from antq_helpers.exploring.files import file_name, inert


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("Tuy Lộc", "Tuy Lộc"),
        ("Xóm 1=2", "Xóm 1=2"),
        ("", ""),
    ],
)
def test_a_text_that_looks_like_a_formula_is_made_inert(text, safe):
    """Spreadsheets compute cells that begin so."""
    assert inert(text) == safe


@pytest.mark.parametrize(
    ("view", "name"),
    [
        (View(), "antq-tips-resolved_cases.png"),
        (View(["tips"], ["Đồng Tâm", "Âu Lâu"], by="month"), "antq-tips-dong-tam-au-lau-month.png"),
        (View(["tips"], ["A", "B", "C", "D"], per=1000), "antq-tips-4-communes-rate.png"),
        (View(["tips"], split="kind", years=(2015, 2016)), "antq-tips-kind-2015-2016.png"),
        (View(["tips"], ["../../=1+1"]), "antq-tips-1-1.png"),
    ],
)
def test_a_file_is_named_after_what_it_holds(view, name):
    """Letters, digits, dashes: no folder, no accent, no sign that a system would not take."""
    assert file_name(view, "png") == name
