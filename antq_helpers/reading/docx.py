"""Tables of Word reports, each as a sheet below the titles of its report."""

from __future__ import annotations

from lxml import etree

from antq_helpers.reading.prose import TITLES, read_prose
from antq_helpers.reading.sheets import Areas, Grid, Package, wrong_format

PART = "word/document.xml"
_MOST = 30_000_000  # bytes of a report's text: its tree takes ten times as much memory
_LONG = 150  # letters of a paragraph that is prose
_NEAR = 3  # paragraphs above a table that may be its title
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = [f"{_W}{name}" for name in ("del", "moveFrom", "pPrChange", "rPrChange", "instrText")]
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OFF = ("0", "false", "off", "none")


def read_docx(content: bytes) -> tuple[list[Grid], list[str]]:
    """Read each table of a report, and the notes on it; refuse what is too large."""
    part = Package(content).read(PART)
    if len(part) > _MOST:
        raise wrong_format()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(part, parser)
    if root.getroottree().docinfo.doctype:
        raise wrong_format()
    for mark in list(root.iter(f"{_W}trPr")):
        if mark.find(f"{_W}del") is not None:  # under review, a row is deleted by a mark on it
            mark.getparent().getparent().remove(mark.getparent())
    etree.strip_elements(root, *_GONE, _FALLBACK, with_tail=False)
    areas, grids, above, struck = Areas(), [], [], False
    for element in root.iter(f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}tbl":
            grids.append(_read_table(element, f"Bảng {len(grids) + 1}", areas, _titles(above)))
        elif next(element.iterancestors(f"{_W}tbl"), None) is None:
            text, crossed = _text(element)
            struck |= crossed
            above += [text] if text else []
    found, unread = read_prose(areas, above, grids)
    if not grids and not found:
        grids = [Grid(areas, "Bảng 1", rows=[[text] for text in _titles(above)])]
    grids += found
    grids[0].struck |= struck
    return grids, ["counts_in_prose"] * unread


def _titles(above: list[str]) -> list[str]:
    """Choose the title block of the report, and the paragraphs right above a table."""
    prose = next((i for i, text in enumerate(above) if len(text) > _LONG), len(above))
    block = above[: min(prose, TITLES)]
    near = [text for text in above[len(block) :][-_NEAR:] if len(text) <= _LONG]
    return [*block, *near]


def _read_table(table: etree._Element, name: str, areas: Areas, titles: list[str]) -> Grid:
    grid = Grid(areas, name, above=titles)
    begun: dict[int, int] = {}  # the first row of the cell that stands in a column
    areas_of: dict[tuple[int, int], tuple[int, int]] = {}  # last row and width of each cell
    for row, element in enumerate(table.iterchildren(f"{_W}tr")):
        column = int(_setting(element, "trPr", "gridBefore") or 0)
        for cell in element.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tbl")) is not table:
                continue  # of a table in a cell, which is read by itself
            across = int(_setting(cell, "tcPr", "gridSpan") or 1)
            goes_on = _setting(cell, "tcPr", "vMerge")
            paragraphs = (
                p for p in cell.iter(f"{_W}p") if next(p.iterancestors(f"{_W}tc")) is cell
            )
            texts, struck = zip(*map(_text, paragraphs), strict=True)
            grid.struck |= any(struck)
            if goes_on in (None, "restart") or column not in begun:
                begun[column] = row
                grid.put(row, column, " ".join(filter(None, texts)))
            areas_of[begun[column], column] = row, across
            column += across
    for (first, column), (row, across) in areas_of.items():
        grid.merge(first, column, row - first + 1, across)
    grid.end()
    return grid


def _setting(element: etree._Element, group: str, name: str) -> str | None:
    """Return a setting of a row or cell; blank where it has no value, None where it is not set."""
    found = element.find(f"{_W}{group}/{_W}{name}")
    return None if found is None else found.get(f"{_W}val", "")


def _text(paragraph: etree._Element) -> tuple[str, bool]:
    """Return the text of a paragraph without raised figures, and whether any is struck out."""
    texts, struck = [], False
    for run in paragraph.iter(f"{_W}r"):
        look = {e.tag.removeprefix(_W): e.get(f"{_W}val", "") for e in run.iterfind(f"{_W}rPr/*")}
        shown = "".join(
            e.text or "" if e.tag == f"{_W}t" else " "
            for e in run.iterchildren(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr")
        )
        crossed = any(look.get(n, "off") not in _OFF for n in ("strike", "dstrike"))
        struck |= crossed and bool(shown.strip())
        raised = look.get("vertAlign") == "superscript" or look.get("vanish", "off") not in _OFF
        texts += [] if crossed or raised else [shown]
    return " ".join("".join(texts).split()), struck
