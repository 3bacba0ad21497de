"""Controls in; the frame that every explorer shares, with its buttons, code and saving, out."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as widgets

from antq_helpers.dictionary import word
from antq_helpers.exploring.controls import STYLE, Places, Screen
from antq_helpers.exploring.files import TYPES

LANGUAGE_NAMES = [("English", "en"), ("Tiếng Việt", "vi")]


class Explorer(widgets.VBox):
    """Controls and buttons at the left; picture, table and code at the right.

    An explorer gives what differs: ``code`` and ``file``, ``_file_name``, ``_read`` (take what the
    controls say) and ``_reset``.
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
        """Give what each button does, by the key of its word."""
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
        """Name all controls and buttons in a language."""
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
        """Write the code where it is shown."""
        if self._code_box.layout.display != "none":
            self._code_box.value = f"<pre>{html.escape(self.code())}</pre>"


def part(name: str, text: str) -> property:
    """Make a part of what an explorer looks at: given as it is, taken by ``_take``."""

    def give(self: Explorer) -> object:
        return getattr(self._looked_at, name)

    def take(self: Explorer, value: object) -> None:
        self._take(name, value)

    return property(give, take, doc=text)


def wide() -> widgets.Layout:
    """Make the layout of a control that takes all the width there is."""
    return widgets.Layout(width="auto")


def years_slider(years: tuple[int, int]) -> widgets.SelectionRangeSlider:
    """Make the control of years, all of them chosen; it speaks when it is let go."""
    options = list(range(years[0], years[1] + 1))
    return widgets.SelectionRangeSlider(
        options=options, index=(0, len(options) - 1), continuous_update=False, layout=wide()
    )


def language_choice() -> widgets.Dropdown:
    """Make the control of the language; each is named in its own words."""
    return widgets.Dropdown(options=LANGUAGE_NAMES, layout=wide())
