"""The base class of all explorers, and the files that they save."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import ipywidgets as widgets
import numpy as np
import pandas as pd

from antq_helpers.dictionary import check_choice, word
from antq_helpers.drawing.canvas import DPI, Picture, png, svg
from antq_helpers.drawing.figure import draw_numbers, stamp_of, write_picture
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import STYLE, Places, Screen
from antq_helpers.office import inert
from antq_helpers.places import without_marks

TYPES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
_MOST_NAMED = 3


def file_of(records: pd.DataFrame, numbers: pd.DataFrame, view: View, kind: str) -> bytes:
    """Return a view as the bytes of a ``"png"``, ``"svg"`` or ``"csv"`` file.

    A picture is marked internal, and bears the stamp by which ``reproduce`` draws it again.
    """
    check_choice("kind", kind, TYPES)
    if kind == "csv":
        return csv_of(numbers, "series", view.language)
    inside = replace(view, audience="internal")
    return write_picture(draw_numbers(numbers, inside), kind, stamp_of(records, inside))


def csv_of(table: pd.DataFrame, named: str, language: str) -> bytes:
    """Return a table as CSV for spreadsheets: names can not be formulas, the mark is in words."""
    mark = np.where(table["illustrative"], word("illustrative", language), "")
    inert_names = table[named].map(inert)
    written = table.assign(**{named: inert_names, "illustrative": mark})
    return written.to_csv(index=False).encode("utf-8-sig")


def picture_as(picture: Picture, kind: str) -> bytes:
    """Return a picture as ``"png"``, at twice the size of the screen's, or as ``"svg"``."""
    return png(picture, dpi=2 * DPI, packed=9) if kind == "png" else svg(picture)


def file_name(view: View, kind: str) -> str:
    """Name a file after its view, in letters that every system accepts.

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
    """Join parts into a file name of small letters, digits, dashes and underscores."""
    return re.sub(r"[^a-z0-9_]+", "-", "-".join(filter(None, parts))).strip("-") + f".{kind}"


LANGUAGE_NAMES = [("English", "en"), ("Tiếng Việt", "vi")]


class Explorer(widgets.VBox):
    """Base of the explorers: controls at the left; picture, table and code at the right.

    Subclasses define ``code``, ``file``, ``_file_name``, ``_read`` (apply the values of the
    controls) and ``_reset``.
    """

    def __init__(
        self,
        choices: dict[str, widgets.Widget],
        places: Places,
        pictures: list[widgets.Widget],
        screen: Screen,
    ) -> None:
        self._writing = False
        self._screen, self._places, self._choices = screen, places, choices
        self._told = widgets.HTML()
        self._buttons = self._make_buttons()
        self._table_box = widgets.HTML(layout=widgets.Layout(height="300px", overflow="auto"))
        self._code_box = widgets.HTML(layout=widgets.Layout(display="none"))
        for control in choices.values():
            control.observe(self._read, "value")
        right = widgets.VBox(
            [*pictures, self._table_box, self._code_box],
            layout=widgets.Layout(flex="1 1 auto", min_width="0"),
        )
        left = widgets.VBox(
            [*choices.values(), places, *self._buttons.values(), self._told],
            layout=widgets.Layout(flex="0 0 300px"),
        )
        super().__init__([widgets.HTML(STYLE), widgets.HBox([left, right])])
        self.add_class("antq-explorer")

    def _acts(self) -> dict[str, Callable]:
        """Return what each button does, by the key of its label."""
        return {
            "reset": lambda _: self._reset(),
            "save_png": lambda _: self._save("png"),
            "save_svg": lambda _: self._save("svg"),
            "save_numbers": lambda _: self._save("csv"),
            "show_code": lambda _: self._toggle_code(),
        }

    def _make_buttons(self) -> dict[str, widgets.Button]:
        buttons = {}
        for name, act in self._acts().items():
            buttons[name] = widgets.Button(layout=wide())
            buttons[name].on_click(act)
        return buttons

    def _write_words(self, language: str) -> None:
        """Label all controls and buttons in a language."""
        for name, control in self._choices.items():
            control.description = word(f"choose_{name}", language)
        for name, button in self._buttons.items():
            button.description = word(name, language)

    def _say(self, text: str) -> None:
        self._told.value = html.escape(text)

    def _save(self, kind: str) -> None:
        self._screen.save(self._file_name(kind), TYPES[kind], self.file(kind))

    def _toggle_code(self) -> None:
        hidden = self._code_box.layout.display == "none"
        self._code_box.layout.display = "" if hidden else "none"
        self._refresh_code()

    def _refresh_code(self) -> None:
        """Update the code if it is shown."""
        if self._code_box.layout.display != "none":
            self._code_box.value = f"<pre>{html.escape(self.code())}</pre>"


def part(name: str, text: str) -> property:
    """Return a property for one setting of an explorer, which is set through ``_take``."""

    def give(self: Explorer) -> object:
        return getattr(self._looked_at, name)

    def take(self: Explorer, value: object) -> None:
        self._take(name, value)

    return property(give, take, doc=text)


def wide() -> widgets.Layout:
    """Return the layout of a control as wide as its container."""
    return widgets.Layout(width="auto")


def years_slider(years: tuple[int, int]) -> widgets.SelectionRangeSlider:
    """Return a range slider over the years, all selected; it reacts when it is released."""
    options = list(range(years[0], years[1] + 1))
    return widgets.SelectionRangeSlider(
        options=options, index=(0, len(options) - 1), continuous_update=False, layout=wide()
    )


def language_choice() -> widgets.Dropdown:
    """Return a dropdown of languages, each named in its own."""
    return widgets.Dropdown(options=LANGUAGE_NAMES, layout=wide())
