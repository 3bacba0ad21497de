"""What notebooks and briefings hold, section by section, in a form that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from antq_helpers.dictionary import word

Table = tuple[tuple[str, ...], ...]
# What differs from run to run, as in tests/sanitise.cfg, and what is compared as a picture.
_PASSING = (
    (re.compile(r"\bat 0x[0-9a-f]+"), "at ADDRESS"),
    (re.compile(r"(IPY_MODEL_|model_id\W+)[0-9a-f]{32}"), "MODEL"),
    (re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+"), "PICTURE"),
)
_LARGEST = 200_000_000  # bytes


@dataclass(frozen=True)
class Part:
    """A text, a table, or a picture with the text of what is on it."""

    text: str = ""
    table: Table = ()
    picture: bytes = b""

    @property
    def kind(self) -> str:
        """``"text"``, ``"table"`` or ``"picture"``."""
        return "picture" if self.picture else "table" if self.table else "text"


@dataclass(frozen=True)
class Section:
    """A cell of a notebook, a slide, a heading's paragraphs, a sheet or a picture.

    Sections are the same where ``key`` is; others of one ``group`` may stand for each other.
    """

    name: str
    key: str
    group: str
    parts: tuple[Part, ...]


def contents_of(path: str | Path, language: str = "en") -> list[Section]:
    """Read a notebook, a folder of notebooks, a briefing's folder or a file of a briefing.

    A FileNotFoundError or ValueError says where nothing is, or none of these, or a damaged file, or
    a notebook that was stored without outputs.
    """
    from antq_helpers.briefing.pack import LISTING

    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(word("review_nothing_there", language, path=path))
    if path.is_file():
        return list(_of_file(path, language))
    notebooks = sorted(path.glob("*.ipynb"))
    if notebooks:
        return [section for file in notebooks for section in _of_file(file, language)]
    if not (path / LISTING).is_file():
        raise ValueError(word("review_no_pack", language, path=path))
    files = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in _READERS]
    return [section for file in files for section in _of_file(file, language)]


def _of_file(path: Path, language: str) -> Iterator[Section]:
    reader = _READERS.get(path.suffix.lower())
    if reader is None or path.stat().st_size > _LARGEST:
        raise ValueError(word("review_no_pack", language, path=path))
    try:
        yield from reader(path)
    except _NoOutputs:
        raise ValueError(word("review_no_outputs", language, file=path.name)) from None
    except Exception as error:  # each library has its own for a damaged file
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:120]
        text = word("review_unreadable", language, file=path.name, reason=reason)
        raise ValueError(text) from None


class _NoOutputs(Exception):
    pass


def _of_notebook(path: Path) -> Iterator[Section]:
    import nbformat

    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    if code and not any(cell.outputs for cell in code):
        raise _NoOutputs
    for place, cell in enumerate(cells):
        name, outputs = f"{path.stem} [{place}]", cell.get("outputs", ())
        text = (Part(cell.source),)  # of code, too: what was asked stands beside what came out
        yield Section(name, cell.source, path.stem, (*text, *map(_of_output, outputs)))


def _of_output(output: dict) -> Part:
    from base64 import b64decode

    data = output.get("data", {})
    if "image/png" in data:
        return Part(_lasting(data.get("text/plain", "")), picture=b64decode(data["image/png"]))
    if rows := _rows_in(data.get("text/html", "")):
        return Part(table=rows)
    error = "\n".join(output.get("traceback", ()))
    return Part(_lasting(output.get("text", "") or error or data.get("text/plain", "")))


def _rows_in(html: str) -> Table:
    if "<table" not in html:
        return ()
    from lxml import html as parser

    rows = parser.fromstring(html).iterfind(".//tr")
    return tuple(
        tuple(
            _lasting(" ".join(cell.text_content().split())) for cell in row.iterchildren("td", "th")
        )
        for row in rows
    )


def _lasting(text: str) -> str:
    for pattern, instead in _PASSING:
        text = pattern.sub(instead, text)
    return text


def _of_slides(path: Path) -> Iterator[Section]:
    from pptx import Presentation

    for number, slide in enumerate(Presentation(path).slides, 1):
        parts, over = [], ""
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text.strip():
                parts.append(Part(shape.text_frame.text))
                # The line above the headline names the page; the title holds the headline.
                over = over or ("" if shape == slide.shapes.title else shape.text_frame.text)
            elif shape.has_table:
                rows = (tuple(cell.text for cell in row.cells) for row in shape.table.rows)
                parts.append(Part(table=tuple(rows)))
            elif shape.has_chart:
                parts.append(Part(table=_chart_rows(shape.chart)))
        name = f"{path.name}, {number}: {over}"
        yield Section(name, f"{path.name}: {over}", f"{path.name}: {over}", tuple(parts))


def _chart_rows(chart: object) -> Table:
    plot = chart.plots[0]
    heads = ("", *map(str, plot.categories))
    values = (
        (one.name, *("" if value is None else f"{value:.10g}" for value in one.values))
        for one in plot.series
    )
    return (heads, *values)


def _of_document(path: Path) -> Iterator[Section]:
    import docx
    from docx.table import Table as DocxTable
    from docx.table import _Cell

    def texts(table: DocxTable) -> Table:  # its own rows and cells take a hundred times as long
        return tuple(tuple(_Cell(c, table).text for c in tr.tc_lst) for tr in table._tbl.tr_lst)

    heading, parts = "", []
    for block in docx.Document(path).iter_inner_content():
        if isinstance(block, DocxTable):
            parts.append(Part(table=texts(block)))
        elif block.style.name.startswith("Heading"):
            yield from _below(path, heading, parts)
            heading, parts = block.text, []
        elif block.text.strip():
            parts.append(Part(block.text))
    yield from _below(path, heading, parts)


def _below(path: Path, heading: str, parts: list[Part]) -> Iterator[Section]:
    if parts:
        key = f"{path.name}: {re.sub(r'^[0-9.]+ *', '', heading)}"
        yield Section(f"{path.name}: {heading}", key, key, tuple(parts))


def _of_workbook(path: Path) -> Iterator[Section]:
    from openpyxl import load_workbook

    for sheet in load_workbook(path, data_only=True):
        rows = tuple(
            tuple("" if value is None else str(value) for value in row)
            for row in sheet.iter_rows(values_only=True)
        )
        name = f"{path.name}: {sheet.title}"
        yield Section(name, name, name, (Part(table=rows),) if rows else ())


def _of_picture(path: Path) -> Iterator[Section]:
    from PIL import Image

    content = path.read_bytes()
    with Image.open(path, formats=["PNG"]) as image:
        text = str(image.info.get("Description", ""))
    yield Section(path.name, path.name, path.name, (Part(text, picture=content),))


_READERS = {
    ".ipynb": _of_notebook,
    ".pptx": _of_slides,
    ".docx": _of_document,
    ".xlsx": _of_workbook,
    ".png": _of_picture,
}


def run_again(path: Path, to: Path) -> Path:
    """Run a notebook from its beginning, in its own folder, and write it elsewhere.

    A cell that fails is stored with its error, and the later ones are run all the same.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(
        notebook, kernel_name="python3", resources=where, allow_errors=True, timeout=600,
        record_timing=False, store_widget_state=False,
    ).execute()  # fmt: skip
    nbformat.write(notebook, to)
    return to
