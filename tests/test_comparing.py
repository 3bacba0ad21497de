"""Old beside new: what differs between notebooks or briefings, and nothing else."""

import io
import re
import shutil

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

import antq_helpers as antq
from antq_helpers.__main__ import main
from antq_helpers.drawing.canvas import png
from antq_helpers.reviewing.comparing import compare, ink_changed, write_comparison
from antq_helpers.reviewing.contents import contents_of

TABLE = "<table><tr><th></th><th>tips</th></tr><tr><th>Tuy Lộc</th><td>{}</td></tr></table>"


def shows(**data):
    """An output of a cell."""
    return new_output("execute_result", data={k.replace("_", "/"): v for k, v in data.items()})


def notebook(path, *cells):
    """Write a notebook of pairs of source and output; of text alone."""
    made = [
        new_markdown_cell(cell)
        if isinstance(cell, str)
        else new_code_cell(cell[0], outputs=list(cell[1:]))
        for cell in cells
    ]
    nbformat.write(new_notebook(cells=made), path)
    return path


def picture(colour=(0, 0, 0), size=(100, 100)):
    """A white picture with a square, as a notebook stores it."""
    import base64

    pixels = np.full((*size, 3), 255, np.uint8)
    pixels[20:40, 20:40] = colour
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "png")
    return base64.b64encode(stream.getvalue()).decode()


def found(old, new):
    """Kind and section of all that differs."""
    return [(d.kind, d.section) for d in compare(contents_of(old), contents_of(new))]


def test_each_kind_of_change_is_named_with_its_cell(tmp_path):
    """By hand: five cells, of which one is as it was."""
    old = notebook(
        tmp_path / "a.ipynb",
        "Tips rise from 381.",
        ("1 + 1", shows(text_plain="2")),
        ("table", shows(text_html=TABLE.format(8), text_plain="x 8")),
        ("draw", shows(image_png=picture(), text_plain="<Picture: 8>")),
        ("ink", shows(image_png=picture(), text_plain="<Picture: 9>")),
    )
    (tmp_path / "new").mkdir()
    new = notebook(
        tmp_path / "new" / "a.ipynb",
        "Tips fall from 381.",
        ("1 + 1", shows(text_plain="2")),
        ("table", shows(text_html=TABLE.format(9), text_plain="x 9")),
        ("draw", shows(image_png=picture(), text_plain="<Picture: 7>")),
        ("ink", shows(image_png=picture((255, 0, 0)), text_plain="<Picture: 9>")),
    )
    assert found(old, new) == [
        ("text", "a [0]"), ("table", "a [2]"), ("picture", "a [3]"), ("ink", "a [4]"),
    ]  # fmt: skip
    assert found(old, old) == []
    (table,) = [d for d in compare(contents_of(old), contents_of(new)) if d.cells]
    assert table.cells == ((1, 1, "8", "9"),)
    line = write_comparison(old, new, tmp_path / "page.html")
    assert line == (
        "4 of 5 sections differ: pictures of which only the ink changed: 1; pictures with other "
        "numbers, words or colours: 1; tables: 1 (1 cells); texts: 1."
    )
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Tips <del>rise</del><ins>fall</ins> from 381." in page
    assert "<td class=old>8</td>" in page
    assert "<td class=new>9</td>" in page
    assert "4.00% of the pixels differ by more than 64 of 255 (tolerance 0.2%)" in page
    assert page.count("data:image/png;base64,") == 6  # old, new and difference of two pictures
    assert not re.search(r"""(?:src|href)=["'](?!data:)|https?:""", page)


def test_an_added_cell_moves_no_other(tmp_path):
    """Cells are aligned by what was asked."""
    cells = [("a", shows(text_plain="1")), ("b", shows(text_plain="2"))]
    (tmp_path / "new").mkdir()
    old = notebook(tmp_path / "a.ipynb", *cells)
    new = notebook(tmp_path / "new/a.ipynb", cells[0], ("c", shows(text_plain="3")), cells[1])
    assert found(old, new) == [("added", "a [1]"), ("added", "a [1]")]
    assert found(new, old) == [("removed", "a [1]"), ("removed", "a [1]")]


def test_what_passes_from_run_to_run_is_no_change(tmp_path):
    """Addresses and ids of widgets."""
    (tmp_path / "new").mkdir()
    old = notebook(tmp_path / "a.ipynb", ("a", shows(text_plain="<X at 0x7f01>")))
    new = notebook(tmp_path / "new/a.ipynb", ("a", shows(text_plain="<X at 0x8e02>")))
    assert found(old, new) == []


def test_the_edge_of_a_letter_is_within_tolerance():
    """A shade, and a twentieth of the pixels of a line; not a moved line, nor another size."""
    drawn = antq.draw(antq.load_records(), antq.View(measures=["tips"]))
    before = png(drawn)
    assert ink_changed(before, before) == 0
    drawn.axes[0].lines[0].set_ydata(drawn.axes[0].lines[0].get_ydata() + 20)
    assert ink_changed(before, png(drawn)) > 0.002
    assert ink_changed(before, png(drawn, dpi=50)) == 1


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """Two briefings: a tip more in Tuy Lộc in 2022."""
    folder, records = tmp_path_factory.mktemp("packs"), antq.load_records()
    other = records.copy()
    row = other.query("commune == 'Tuy Lộc' and year == 2022").index[0]
    other.loc[row, "tips"] += 1
    for name, table in (("old", records), ("new", other)):
        antq.write_briefing(
            table, folder / name, period="2022", audience="internal", communes=["Tuy Lộc"],
            formats=("pptx", "docx", "xlsx", "png"), progress=lambda *_: None,
        )  # fmt: skip
    return folder


def test_two_briefings_are_compared_slide_by_slide(packs, tmp_path, capsys):
    """By hand: 23 tips of Tuy Lộc become 24, 534 of the city 535."""
    assert found(packs / "old", packs / "old") == []
    main(["compare", str(packs / "old"), str(packs / "new"), "--to", str(tmp_path / "x.html")])
    assert re.match(r"\d+ of \d+ sections differ: pictures with", capsys.readouterr().out)
    differences = compare(contents_of(packs / "old"), contents_of(packs / "new"))
    pairs = {(a, b) for d in differences for _, _, a, b in d.cells}
    assert {("23", "24"), ("534", "535")} <= pairs
    assert not {("600", "601"), ("2316", "2317")} & pairs  # last year's, and the sessions
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<del>534</del><ins>535</ins>" in page


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda at: at / "none", FileNotFoundError, "none is not there"),
        (lambda at: at, ValueError, "neither notebooks nor a briefing of ours"),
        (lambda at: shutil.copy(__file__, at / "a.pptx"), ValueError, "a.pptx is damaged"),
        (lambda at: shutil.copy(__file__, at / "a.ipynb"), ValueError, "a.ipynb is damaged"),
        (lambda at: shutil.copy(__file__, at / "a.txt"), ValueError, "neither notebooks nor"),
        (lambda at: notebook(at / "b.ipynb", ("1",)), ValueError, "stored without outputs"),
    ],
    ids=["nothing", "other folder", "damaged slides", "damaged notebook", "text", "no outputs"],
)
def test_what_can_not_be_compared_is_said_and_nothing_written(make, error, match, tmp_path):
    """With what to do; the page of an earlier review stays."""
    page = tmp_path / "page.html"
    with pytest.raises(error, match=match):
        write_comparison(make(tmp_path), None, page)
    assert not page.exists()


def test_the_pack_of_another_place_is_not_compared(packs, tmp_path):
    """Neither is a notebook with a pack."""
    one = notebook(tmp_path / "a.ipynb", ("1", shows(text_plain="1")))
    with pytest.raises(ValueError, match="no section in common"):
        write_comparison(packs / "old", one, tmp_path / "page.html")


def test_only_a_page_of_ours_is_replaced(tmp_path):
    """Not a file that bears the name by chance."""
    one = notebook(tmp_path / "a.ipynb", ("1", shows(text_plain="1")))
    write_comparison(one, one, tmp_path / "page.html")
    write_comparison(one, one, tmp_path / "page.html")
    (tmp_path / "mine.html").write_text("mine")
    with pytest.raises(FileExistsError, match="no page of ours"):
        write_comparison(one, one, tmp_path / "mine.html")
    assert (tmp_path / "mine.html").read_text() == "mine"


@pytest.mark.slow
def test_a_stored_notebook_is_run_again_and_compared(tmp_path):
    """A stale number, and a cell that fails."""
    stale = shows(text_plain="3")
    one = notebook(
        tmp_path / "a.ipynb", ("1 + 1", stale), ("1 / 0", stale), ("2", shows(text_plain="2"))
    )
    line = write_comparison(one, None, tmp_path / "page.html")
    assert line == "2 of 3 sections differ: texts: 2."
    assert "ZeroDivisionError" in (tmp_path / "page.html").read_text(encoding="utf-8")
