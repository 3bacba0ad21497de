"""The stored notebooks: run in order, in their rhythm, each number in prose shown by a cell."""

import re
from io import BytesIO
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

import antq_helpers as antq
from antq_helpers.drawing.canvas import DPI, png
from tests.directions import contradictions, directions

NOTEBOOKS = sorted(Path(__file__).parent.parent.joinpath("notebooks").glob("*.ipynb"))
LOGIC = re.compile(r"^\s*(def|class|for|while|if|with|try|lambda)\b|sys\.path|^\s*[%!]|;\s*$", re.M)
NUMBER = re.compile(r"(?<![\w/.-])\d[\d,]*(?:\.\d+)?(?![\w/])")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What is no figure: days and years, the level of intervals, the line between full and partial, and
# the unit of a rate.
NO_FIGURE = re.compile(
    rf"\d{{1,2}} (?:{MONTHS})|\b(?:19|20)\d\d\b|95%|90%|per 1,000|\[\d\d,|\(\d\d_\w+\.ipynb\)"
)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    """The cells of each notebook."""
    return nbformat.read(request.param, as_version=4).cells


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_valid_and_holds_no_widget_state(path):
    """A stored widget state would show an explorer that is not there."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert "widgets" not in notebook.metadata
    assert notebook.metadata.kernelspec.name == "python3"


def test_there_are_the_notebooks_that_the_readme_maps():
    """A new notebook stands in the README's map, and a removed one leaves it."""
    readme = Path(__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"notebooks/(\w+)\.ipynb", readme)) == {path.stem for path in NOTEBOOKS}


def test_the_readme_shows_what_the_workbook_draws():
    """The picture in the README is drawn by the line of code that stands beside it."""
    root = Path(__file__).parent.parent
    code = re.search(r"antq\.draw\(records, .*\)\)", root.joinpath("README.md").read_text("utf-8"))
    drawn = eval(code[0], {"antq": antq, "records": antq.load_records()})
    now, stored = (
        np.asarray(Image.open(file), dtype=int)
        for file in (BytesIO(png(drawn, dpi=1.5 * DPI)), root / "docs" / "trends.png")
    )
    # Another build of the font library may move the edge of a letter, never a line.
    assert now.shape == stored.shape
    assert (np.abs(now - stored).max(axis=2) > 64).mean() < 0.002


def test_notebook_was_stored_run_in_order(cells):
    """A stripped notebook would pass every comparison of outputs."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        assert cell.outputs, f"nothing is stored below: {cell.source}"
        kinds = {output.output_type for output in cell.outputs}
        assert kinds <= {"execute_result", "display_data"}, f"{kinds} below: {cell.source}"


def test_notebook_opens_with_a_question_and_its_answer(cells):
    """The title asks, and the next lines answer in bold."""
    title, answer, *_ = [line for line in cells[0].source.splitlines() if line]
    assert re.fullmatch(r"# .+\?", title)
    assert answer.startswith("**")


def test_cells_are_short_and_hold_no_logic(cells):
    """One call a cell; what needs logic has a name in the package."""
    for cell in cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 5, cell.source
            assert not LOGIC.search(cell.source), cell.source


def test_prose_stands_before_code(cells):
    """The reason stands above; at most two cells of code follow each other."""
    run = 0
    assert cells[0].cell_type == "markdown"
    for cell in cells:
        run = run + 1 if cell.cell_type == "code" else 0
        assert run <= 2, cell.source


def test_each_number_in_prose_is_shown_by_a_cell(cells):
    """Prose cannot say what the review does not compare."""
    shown = " ".join(printed_by(cells)).replace(",", "")
    figures = [float(match) for match in re.findall(r"\d+(?:\.\d+)?", shown)]
    for cell in cells:
        if cell.cell_type == "markdown":
            for number in NUMBER.findall(NO_FIGURE.sub("", cell.source)):
                plain = number.replace(",", "").rstrip(".")
                places = len(plain.partition(".")[2])  # prose may round what a cell shows
                known = any(f"{figure:.{places}f}" == plain for figure in figures)
                assert known, f"{number} is shown by no cell: {cell.source[:80]}"


def printed_by(cells) -> list[str]:
    """What the cells print, as text; of a picture its alt text, as all its places are numbers."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = [output.get("data", {}).get("text/plain", "") for output in outputs]
    return [text.partition("\n")[0] if text.startswith("<Picture: ") else text for text in texts]


def test_rise_and_fall_are_those_of_the_numbers(cells):
    """Prose once could say that tips fall from 381 to 534, and pass."""
    printed = printed_by(cells)
    for prose in [cell.source for cell in cells if cell.cell_type == "markdown"] + printed:
        assert contradictions(prose, "\n".join(printed)) == []


def test_a_wrong_direction_in_a_notebook_is_found():
    """Each direction of the notebooks that has a number beside it, turned round, is found."""
    turns = {"rise": "fall", "rose": "fell", "more": "fewer", "fewer": "more", "ít hơn": "tăng"}
    found = []
    for path in NOTEBOOKS:
        cells = nbformat.read(path, 4).cells
        shown = "\n".join(printed_by(cells))
        for cell in (c for c in cells if c.cell_type == "markdown" and directions(c.source)):
            for word, other in turns.items():
                turned = re.sub(rf"\b{word}\b", other, cell.source)
                found += contradictions(turned, shown)
    for passage in ("fell from 381", "fall by 4.2%", "1.1% more", "7.2% fewer", "fell from 2.7"):
        assert any(passage in wrong for wrong in found), f"{passage} passes"
    assert any("534 nguồn tin, tăng" in wrong for wrong in found)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_mark_is_typed_by_hand(path):
    """The data say what is made up: `illustrative=False` once stood beside made-up rows."""
    code = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "code")
    assert not re.search(r"illustrative[\"']?\]?\s*[=:]\s*(True|False)", code)


def test_what_was_not_reported_is_not_printed_as_0(cells):
    """pandas sums nothing to 0; of leaflets no attendances are printed, which is not none."""
    for cell in cells:
        for grouped in re.findall(r"groupby\(.*?\.sum\([^)]*\)", cell.source):
            assert "min_count=1" in grouped, cell.source


def test_every_picture_bears_its_numbers_beside_it(cells):
    """The review compares no pixels but what is drawn; a table follows, before the next heading."""
    for place, cell in enumerate(cells):
        pictures = [o.data for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
        assert all("\n" in data["text/plain"] for data in pictures), cell.source
        if pictures:
            section = []
            for later in cells[place + 1 :]:
                if later.cell_type == "markdown" and later.source.startswith("#"):
                    break
                section += [o.get("data", {}) for o in later.get("outputs", [])]
            assert any("text/html" in data for data in section), cell.source
