"""Records in; an explorer of trends by commune and year out."""

from __future__ import annotations

import html
from dataclasses import replace

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import (
    find_measure,
    measures,
    number,
    vietnamese_order,
    word,
)
from antq_helpers.drawing.figure import draw_numbers, png, size_in_pixels
from antq_helpers.drawing.numbers import numbers_of
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import CITY, KINDS, STYLE, Places, Screen, table_html
from antq_helpers.exploring.files import TYPES, file_name, file_of
from antq_helpers.measuring.ledger import Ledger
from antq_helpers.measuring.periods import MONTHS

PER = 1000
MOST_MEASURES = 2


def explore_trends(records: pd.DataFrame, view: View | None = None) -> TrendExplorer:
    """Explore the trends of one or two measures by commune and year.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    view
        Where to begin; tips above and resolved cases below, for the whole city, by default.

    Returns
    -------
    TrendExplorer
        A widget. ``.view`` is what is looked at, ``.table`` the numbers that are drawn, and
        ``.code()`` the call that makes both again. Set ``.communes``, ``.years``, ``.measures``,
        ``.by``, ``.per`` or ``.language``, or ``.view`` as a whole, and the picture follows.
    """
    return TrendExplorer(Ledger(records), view or View())


class TrendExplorer(widgets.VBox):
    """The widget of :func:`explore_trends`."""

    def __init__(self, ledger: Ledger, view: View) -> None:
        self._ledger, self._first, self._writing = ledger, view, False
        self._picture = None
        width, height = size_in_pixels(MOST_MEASURES)
        self._screen = Screen(width=width, height=height)
        self._places = Places(self._read)
        self._told = widgets.HTML()
        self._make_controls()
        self._table_box = widgets.HTML(layout=widgets.Layout(height="300px", overflow="auto"))
        self._code_box = widgets.HTML(layout=widgets.Layout(display="none"))
        right = widgets.VBox(
            [self._screen, self._table_box, self._code_box],
            layout=widgets.Layout(flex="1 1 auto", min_width="0"),
        )
        left = widgets.VBox(
            [*self._choices.values(), self._places, *self._buttons.values(), self._told],
            layout=widgets.Layout(flex="0 0 300px"),
        )
        super().__init__([widgets.HTML(STYLE), widgets.HBox([left, right])])
        self.add_class("antq-explorer")
        self.view = view

    def _make_controls(self) -> None:
        wide = widgets.Layout(width="auto")
        years = range(self._ledger.years[0], self._ledger.years[1] + 1)
        self._choices = {
            "above": widgets.Dropdown(options=list(measures()), layout=wide),
            "below": widgets.Dropdown(options=[*measures(), ""], layout=wide),
            "years": widgets.SelectionRangeSlider(
                options=list(years), index=(0, len(years) - 1), continuous_update=False, layout=wide
            ),
            "by": widgets.Dropdown(options=list(MONTHS), layout=wide),
            "per": widgets.Dropdown(options=[("count", 0), ("rate", PER)], layout=wide),
            "language": widgets.Dropdown(
                options=[("English", "en"), ("Tiếng Việt", "vi")], layout=wide
            ),
        }
        for control in self._choices.values():
            control.observe(self._read, "value")
        acts = {
            "reset": self._reset,
            "save_png": lambda _: self._save("png"),
            "save_svg": lambda _: self._save("svg"),
            "save_numbers": lambda _: self._save("csv"),
            "show_code": self._toggle_code,
        }
        self._buttons = {name: widgets.Button(layout=wide) for name in acts}
        for name, act in acts.items():
            self._buttons[name].on_click(act)

    @property
    def view(self) -> View:
        """What is looked at; set it and the picture follows."""
        return self._view

    @view.setter
    def view(self, view: View) -> None:
        if len(view.measures) > MOST_MEASURES:
            raise ValueError(f"measures={view.measures!r}: the explorer shows two at most.")
        numbers = numbers_of(self._ledger, view)  # raises before anything has changed
        if view.communes:
            named = numbers.loc[numbers["role"] == "commune", "series"].unique()
            view = replace(view, communes=tuple(named))
        self._write(view)
        self._show(view, numbers)

    def __repr__(self) -> str:
        return f"TrendExplorer({self._view!r})"

    def _part(name: str, text: str) -> property:  # noqa: N805
        def give(self) -> object:
            return getattr(self._view, name)

        def take(self, value: object) -> None:
            instead = {"communes": {"split": None}, "split": {"communes": None}}.get(name, {})
            self.view = replace(self._view, **instead, **{name: value})

        return property(give, take, doc=text)

    measures = _part("measures", "The measures drawn, one or two.")
    communes = _part("communes", "Names, in place of a split; None is the whole place, () nothing.")
    years = _part("years", "First and last reporting year; None is all.")
    by = _part("by", "year, quarter or month.")
    per = _part("per", "Residents, to draw rates; None to draw counts.")
    split = _part("split", "kind, for wards against communes; None for communes.")
    boundaries = _part("boundaries", "A year; None is the latest set in the records.")
    language = _part("language", "en or vi.")
    del _part

    @property
    def table(self) -> pd.DataFrame:
        """The numbers that are drawn: see :func:`tabulate`."""
        return self._numbers.copy()

    def code(self) -> str:
        """Give the one call that draws this view again."""
        return f"antq.draw(records, antq.{self._view!r})"

    def file(self, kind: str) -> bytes:
        """Give the view as ``"png"``, ``"svg"`` (both marked internal) or ``"csv"``."""
        return file_of(self._numbers, self._view, kind)

    def _read(self, change: object = None) -> None:
        """Take the view that the controls say, and show it if it is another one."""
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        chosen = self._places.chosen
        communes = tuple(name for name in chosen if name not in (CITY, KINDS))
        split = "kind" if not communes and KINDS in chosen else None
        view = replace(
            self._view,
            measures=tuple(filter(None, dict.fromkeys([value["above"], value["below"]]))),
            communes=communes or (None if chosen else ()),
            split=split,
            years=None if value["years"] == self._ledger.years else value["years"],
            by=value["by"],
            per=value["per"] or None,
            language=value["language"],
        )
        if view == self._view:
            return
        try:
            numbers = numbers_of(self._ledger, view)
        except ValueError as error:
            # What these records cannot show is said, and the controls go back.
            self._write(self._view)
            self._told.value = html.escape(str(error))
            return
        if view.language != self._view.language or value["above"] == value["below"]:
            self._write(view)
        self._show(view, numbers)

    def _write(self, view: View) -> None:
        """Set all controls to a view, in its language."""
        language = view.language
        self._writing = True
        try:
            named = [(find_measure(name).text("label", language), name) for name in measures()]
            rate = word("rate", language, per=number(view.per or PER, language))
            choices = self._choices
            choices["above"].options = named
            choices["below"].options = [*named, ("—", "")]
            choices["by"].options = [
                (word(f"label_{by}", language), by) for by in self._ledger.periods
            ]
            choices["per"].options = [(word("count", language), 0), (rate, view.per or PER)]
            choices["above"].value, choices["below"].value = (*view.measures, "")[:2]
            choices["years"].value = view.years or self._ledger.years
            choices["by"].value, choices["per"].value = view.by, view.per or 0
            choices["language"].value = language
            for name, control in choices.items():
                control.description = word(f"choose_{name}", language)
            for name, button in self._buttons.items():
                button.description = word(name, language)
            chosen = (KINDS,) if view.split else (CITY,) if view.communes is None else view.communes
            self._places.write(self._places_on(view), chosen, language)
        finally:
            self._writing = False

    def _places_on(self, view: View) -> list[tuple[str, str]]:
        """List what may be chosen on a view's boundaries: the place, its kinds, its communes."""
        years = view.years or self._ledger.years
        groups = self._ledger.tally(
            "commune", period="year", boundaries=view.boundaries, years=years
        ).groups
        several = [KINDS] if groups["kind"].nunique() > 1 else []
        names = sorted(groups["commune"], key=vietnamese_order)
        labels = {CITY: "city", KINDS: "kinds"}
        return [
            *((word(labels[key], view.language), key) for key in [CITY, *several]),
            *((name, name) for name in names),
        ]

    def _show(self, view: View, numbers: pd.DataFrame) -> None:
        self._view, self._numbers, self._told.value = view, numbers, ""
        self._picture = draw_numbers(numbers, view, self._picture)
        self._screen.show(png(self._picture), self._picture.alt)
        self._table_box.value = table_html(numbers, view)
        if self._code_box.layout.display != "none":
            self._write_code()

    def _reset(self, _: object) -> None:
        self.view = self._first

    def _save(self, kind: str) -> None:
        self._screen.save(file_name(self._view, kind), TYPES[kind], self.file(kind))

    def _toggle_code(self, _: object) -> None:
        hidden = self._code_box.layout.display == "none"
        self._code_box.layout.display = "" if hidden else "none"
        self._write_code()

    def _write_code(self) -> None:
        self._code_box.value = f"<pre>{html.escape(self.code())}</pre>"
