"""The files that an explorer saves: their names, and the stamp on its pictures."""

from dataclasses import replace

import pytest

import antq_helpers as antq
from antq_helpers.briefing.pack import stamp_in
from antq_helpers.drawing.figure import write_picture
from antq_helpers.drawing.view import View
from antq_helpers.exploring.explorer import file_name


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


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_that_an_explorer_saves_is_drawn_again_from_its_stamp(kind, tmp_path):
    """Same records, same view, same bytes; and no warning that they are others."""
    records = antq.load_records()
    view = View(["tips"], ["Tuy Lộc"], years=(2019, 2021), by="quarter", language="vi")
    path = tmp_path / f"saved.{kind}"
    path.write_bytes(antq.explore_trends(records, view).file(kind))
    again = antq.reproduce(path, records)
    stamp = stamp_in(path)
    assert stamp.view == replace(view, audience="internal")
    assert write_picture(again, kind, stamp) == path.read_bytes()
