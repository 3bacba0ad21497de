"""The files that an explorer saves: their names."""

import pytest

from antq_helpers.drawing.view import View
from antq_helpers.exploring.files import file_name


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
