"""The evidence log: all figures, claims, tests and versions; the same bytes twice."""

import pytest

import antq_helpers as antq
from antq_helpers.__main__ import main
from antq_helpers.reviewing.contents import _rows_in


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_log_holds_each_figure_claim_and_test_and_is_the_same_twice(language, tmp_path):
    """34 published figures, each claim of the claim map, and this test."""
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    for page in pages:
        main(["evidence", "--to", str(page), "--language", language])
    assert pages[0].read_bytes() == pages[1].read_bytes()
    text = pages[0].read_text(encoding="utf-8")
    rows = {row[0]: row for row in _rows_in(text)}
    published = antq.load_published()
    assert len(published) == 34
    assert set(published["id"]) <= set(rows)
    claims = antq.load_table("claims")
    assert set(claims[f"claim_{language}"]) <= {row[0] for row in rows.values()}
    assert rows["test_evidence.py"][1:3] == (
        "2", "The evidence log: all figures, claims, tests and versions; the same bytes twice.",
    )  # fmt: skip
    assert {"commit", "data", "pandas", "Python"} <= set(rows)
    assert str(tmp_path.home()) not in text


def test_no_other_file_is_replaced(tmp_path):
    """The log is written only where there is none, or an earlier one."""
    mine = tmp_path / "mine.html"
    mine.write_text("mine")
    with pytest.raises(SystemExit, match="no page of ours"):
        main(["evidence", "--to", str(mine)])
    assert mine.read_text() == "mine"
