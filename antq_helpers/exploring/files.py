"""A view and its numbers in; the files that an explorer saves out."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from antq_helpers.dictionary import check_choice, word
from antq_helpers.drawing.canvas import DPI, Picture, png, svg
from antq_helpers.drawing.figure import draw_numbers
from antq_helpers.drawing.stamp import stamp_of, write_picture
from antq_helpers.drawing.view import View
from antq_helpers.office import inert
from antq_helpers.registers import without_marks

TYPES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
_MOST_NAMED = 3


def file_of(records: pd.DataFrame, numbers: pd.DataFrame, view: View, kind: str) -> bytes:
    """Give the numbers of a view as ``"png"``, ``"svg"`` or ``"csv"``.

    A picture is marked internal, and bears the stamp by which ``reproduce`` draws it again.
    """
    check_choice("kind", kind, TYPES)
    if kind == "csv":
        return csv_of(numbers, "series", view.language)
    inside = replace(view, audience="internal")
    return write_picture(draw_numbers(numbers, inside), kind, stamp_of(records, inside))


def csv_of(table: pd.DataFrame, named: str, language: str) -> bytes:
    """Write a table as spreadsheets read it: its names inert, its mark in words."""
    mark = np.where(table["illustrative"], word("illustrative", language), "")
    inert_names = table[named].map(inert)
    written = table.assign(**{named: inert_names, "illustrative": mark})
    return written.to_csv(index=False).encode("utf-8-sig")


def picture_as(picture: Picture, kind: str) -> bytes:
    """Write a picture as ``"png"``, at twice the size of the screen's, or as ``"svg"``."""
    return png(picture, dpi=2 * DPI, packed=9) if kind == "png" else svg(picture)


def file_name(view: View, kind: str) -> str:
    """Name a file after what it holds, in letters that every system takes.

    Examples
    --------
    >>> file_name(View(measures=["tips"], communes=["Tuy Lộc"], years=(2015, 2020)), "png")
    'antq-tips-tuy-loc-2015-2020.png'
    """
    communes = view.communes or ()
    many = len(communes) > _MOST_NAMED
    places = [str(len(communes)), "communes"] if many else map(without_marks, communes)
    parts = ["antq", *view.measures, view.split, *places, *map(str, view.years or ())]
    parts += [view.by if view.by != "year" else "", "rate" if view.per else ""]
    return safe_name(parts, kind)


def safe_name(parts: list[str | None], kind: str) -> str:
    """Join what is said into a name of small letters, digits and dashes."""
    return re.sub(r"[^a-z0-9_]+", "-", "-".join(filter(None, parts))).strip("-") + f".{kind}"
