"""Explorer of trends by unit and period."""

from __future__ import annotations

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
from antq_helpers.drawing.canvas import png
from antq_helpers.drawing.figure import draw_numbers, size_in_pixels
from antq_helpers.drawing.view import View, tabulate
from antq_helpers.exploring.controls import CITY, KINDS, Places, Screen, table_html
from antq_helpers.exploring.explorer import (
    Explorer,
    file_name,
    file_of,
    language_choice,
    part,
    wide,
    years_slider,
)
from antq_helpers.measuring.periods import MONTHS, possible_periods
from antq_helpers.measuring.totals import tally, years_alone, years_of
from antq_helpers.records import check_records, name_whole

PER = 1000
MOST_MEASURES = 2


def explore_trends(records: pd.DataFrame, view: View | None = None) -> TrendExplorer:
    """Explore the trends of one or two measures by commune or ward and by year.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    view
        Where to begin; tips above and resolved cases below, for the whole city, by default.

    Returns
    -------
    TrendExplorer
        A widget. ``.view`` is what is shown, ``.table`` the numbers that are drawn, and
        ``.code()`` the call that makes both again. Set ``.communes``, ``.years``, ``.measures``,
        ``.by``, ``.per`` or ``.language``, or ``.view`` as a whole, and the picture follows.
    """
    return TrendExplorer(check_records(records), view or View())


class TrendExplorer(Explorer):
    """The widget returned by :func:`explore_trends`."""

    def __init__(self, records: pd.DataFrame, view: View) -> None:
        self._records, self._first = records, view
        self._years, self._periods = years_of(records), possible_periods(records)
        self._picture = None
        width, height = size_in_pixels(MOST_MEASURES)
        screen = Screen(width=width, height=height)
        choices = {
            "above": widgets.Dropdown(options=list(measures()), layout=wide()),
            "below": widgets.Dropdown(options=[*measures(), ""], layout=wide()),
            "years": years_slider(self._years),
            "by": widgets.Dropdown(options=list(MONTHS), layout=wide()),
            "per": widgets.Dropdown(options=[("count", 0), ("rate", PER)], layout=wide()),
            "language": language_choice(),
        }
        super().__init__(choices, Places(self._read), [screen], screen)
        self.view = view

    @property
    def view(self) -> View:
        """The view that is shown; set it and the picture follows."""
        return self._looked_at

    @view.setter
    def view(self, view: View) -> None:
        if len(view.measures) > MOST_MEASURES:
            raise ValueError(f"measures={view.measures!r}: the explorer shows two at most.")
        numbers = tabulate(self._records, view)  # raises before anything has changed
        if view.communes:
            named = numbers.loc[numbers["role"] == "commune", "series"].unique()
            view = replace(view, communes=tuple(named))
        self._write(view)
        self._show(view, numbers)

    def __repr__(self) -> str:
        return f"TrendExplorer({self._looked_at!r})"

    measures = part("measures", "The measures drawn, one or two.")
    communes = part("communes", "Names, in place of a split; None is the whole place, () nothing.")
    years = part("years", "First and last reporting year; None is all.")
    by = part("by", "year, quarter or month.")
    per = part("per", "Residents, to draw rates; None to draw counts.")
    split = part("split", "kind, for wards against communes; None for communes.")
    boundaries = part("boundaries", "A year; None is the latest set in the records.")
    language = part("language", "en or vi.")

    def _take(self, name: str, value: object) -> None:
        instead = {"communes": {"split": None}, "split": {"communes": None}}.get(name, {})
        self.view = replace(self._looked_at, **instead, **{name: value})

    @property
    def table(self) -> pd.DataFrame:
        """The numbers drawn, see :func:`tabulate`."""
        return self._numbers.copy()

    def code(self) -> str:
        """Return the call that draws this view again."""
        return f"antq.draw(records, antq.{self._looked_at!r})"

    def file(self, kind: str) -> bytes:
        """Return the view as ``"png"``, ``"svg"`` (both marked internal) or ``"csv"``."""
        return file_of(self._records, self._numbers, self._looked_at, kind)

    def _read(self, change: object = None) -> None:
        """Read the view from the controls, and show it if it has changed."""
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        chosen = self._places.chosen
        communes = tuple(name for name in chosen if name not in (CITY, KINDS))
        split = "kind" if not communes and KINDS in chosen else None
        view = replace(
            self._looked_at,
            measures=tuple(filter(None, dict.fromkeys([value["above"], value["below"]]))),
            communes=communes or (None if chosen else ()),
            split=split,
            years=None if value["years"] == self._years else value["years"],
            by=value["by"],
            per=value["per"] or None,
            language=value["language"],
        )
        if view == self._looked_at:
            return
        try:
            numbers = tabulate(self._records, view)
        except ValueError as error:
            # Say what these records can not show, and reset the controls.
            self._write(self._looked_at)
            self._say(str(error))
            return
        if view.language != self._looked_at.language or value["above"] == value["below"]:
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
            choices["by"].options = [(word(f"label_{by}", language), by) for by in self._periods]
            choices["per"].options = [(word("count", language), 0), (rate, view.per or PER)]
            choices["above"].value, choices["below"].value = (*view.measures, "")[:2]
            choices["years"].value = view.years or self._years
            choices["by"].value, choices["per"].value = view.by, view.per or 0
            choices["language"].value = language
            self._write_words(language)
            chosen = (KINDS,) if view.split else (CITY,) if view.communes is None else view.communes
            self._places.write(self._places_on(view), chosen, language)
        finally:
            self._writing = False

    def _places_on(self, view: View) -> list[tuple[str, str]]:
        """List the places to choose from on a view's boundaries: the city, its kinds, its units."""
        years = view.years or self._years
        years = years_alone(self._records, view.boundaries, years)
        ask = {"period": "year", "boundaries": view.boundaries, "years": years}
        groups = tally(self._records, "commune", **ask).groups
        several = [KINDS] if groups["kind"].nunique() > 1 else []
        names = sorted(groups["commune"], key=vietnamese_order)
        labels = {
            CITY: name_whole(self._records, view.language),
            KINDS: word("kinds", view.language),
        }
        return [
            *((labels[key], key) for key in [CITY, *several]),
            *((name, name) for name in names),
        ]

    def _show(self, view: View, numbers: pd.DataFrame) -> None:
        self._looked_at, self._numbers, self._told.value = view, numbers, ""
        self._picture = draw_numbers(numbers, view, self._picture)
        self._screen.show(png(self._picture), self._picture.alt)
        self._table_box.value = table_html(numbers, view)
        self._refresh_code()

    def _reset(self) -> None:
        self.view = self._first

    def _file_name(self, kind: str) -> str:
        return file_name(self._looked_at, kind)
