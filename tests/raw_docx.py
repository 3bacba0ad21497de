"""Write Word reports as offices do: paragraphs and tables, with merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx import Document


def write_docx(
    path: Path, blocks: Sequence, merged: Sequence[tuple[int, int, int, int]] = (), shift: int = 0
) -> Path:
    """Write paragraphs (texts) and tables (lists of rows) in their order.

    ``merged`` are areas of the last table; their rows count from ``shift``.
    """
    document, table = Document(), None
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), max(map(len, block), default=1))
        for cells, values in zip(table.rows, block, strict=True):
            for cell, value in zip(cells.cells, values, strict=False):
                cell.text = str(value)
    for top, left, bottom, right in merged:
        text = table.cell(top - shift, left).text
        area = table.cell(top - shift, left).merge(table.cell(bottom - shift, right))
        area.text = text
    document.save(str(path))
    return path
