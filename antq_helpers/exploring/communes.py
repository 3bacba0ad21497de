"""Records in; an explorer of the communes side by side, each with its control chart, out."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import check_choice, find_measure, measures, vietnamese_order, word
from antq_helpers.drawing.canvas import DPI, Picture, png
from antq_helpers.drawing.figure import WIDTH
from antq_helpers.exploring.compared import (
    HEIGHTS,
    PER,
    PICTURES,
    Look,
    code_of,
    draw_look,
    numbers_of_look,
    years_of,
)
from antq_helpers.exploring.compared_table import compared_html
from antq_helpers.exploring.controls import Places, Screen
from antq_helpers.exploring.explorer import Explorer, language_choice, part, wide, years_slider
from antq_helpers.exploring.files import TYPES, csv_of, picture_as, safe_name
from antq_helpers.measuring.ledger import Ledger
from antq_helpers.measuring.totals import check_years
from antq_helpers.registers import without_marks


def explore_communes(records: pd.DataFrame, *, language: str = "en") -> CommuneExplorer:
    """Explore how the communes compare, and how one of them went over the years.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    language
        To begin with: ``"en"`` or ``"vi"``.

    Returns
    -------
    CommuneExplorer
        A widget. ``.table`` has the numbers that are drawn, and ``.code()`` is the code that draws
        them again. Set ``.measure``, ``.years``, ``.picture``, ``.commune`` or ``.language``, and
        the picture follows.
    """
    return CommuneExplorer(Ledger(records), Look(language=language))


class Stage(widgets.VBox):
    """A picture, or in its place the sentence that says why there is none."""

    def __init__(self, height: float, room: str) -> None:
        pixels = round(WIDTH * DPI), round(height * DPI)
        self.screen = Screen(width=pixels[0], height=pixels[1])
        self.sentence = widgets.HTML(layout=widgets.Layout(display="none"))
        self._shape = f"max-width:{pixels[0]}px;aspect-ratio:{pixels[0]}/{pixels[1]}"
        self.drawn = False
        layout = widgets.Layout(flex=f"1 1 {room}", max_width=f"{pixels[0]}px", min_width="0")
        super().__init__([self.screen, self.sentence], layout=layout)

    def show(self, draw: Callable[[], Picture]) -> None:
        """Draw; what the records can not show is said in the picture's place."""
        try:
            picture = draw()
            content, alt = png(picture), picture.alt
        except ValueError as error:
            content, alt = b"", str(error)
            self.sentence.value = (
                f'<div style="{self._shape};display:grid;place-items:center;line-height:1.5">'
                f'<p role="status" style="padding:2em">{html.escape(alt)}</p></div>'
            )
        self.drawn = bool(content)
        self.screen.show(content, alt)
        self.screen.layout.display = "" if self.drawn else "none"
        self.sentence.layout.display = "none" if self.drawn else ""

    def hide(self) -> None:
        """Take the picture off, with the room that it took."""
        self.drawn, self.layout.display = False, "none"


class CommuneExplorer(Explorer):
    """The widget of :func:`explore_communes`."""

    def __init__(self, ledger: Ledger, first: Look) -> None:
        self._ledger, self._first, self._looked_at = ledger, first, None
        self._numbers = pd.DataFrame()
        self._totals = ledger.tally("commune", period="year")
        names = sorted(self._totals.groups["commune"], key=vietnamese_order)
        self._listed = [(name, name) for name in names]
        self._stage = Stage(HEIGHTS["picture"], "600px")
        self._control = Stage(HEIGHTS["control"], "560px")
        choices = {
            "measure": widgets.Dropdown(options=list(measures()), layout=wide()),
            "years": years_slider(ledger.years),
            "picture": widgets.Dropdown(options=list(PICTURES), layout=wide()),
            "language": language_choice(),
        }
        # Beside each other where there is room for both, else below.
        both = widgets.Box([self._stage, self._control])
        both.layout = widgets.Layout(display="flex", flex_flow="row wrap", align_items="flex-start")
        super().__init__(choices, Places(self._read, most=1), [both], self._stage.screen)
        self._show(first)

    def __repr__(self) -> str:
        return f"CommuneExplorer({self._looked_at!r})"

    measure = part("measure", "The measure drawn.")
    years = part("years", "First and last reporting year; None is all.")
    picture = part("picture", "ranking, tile_map, heatmap, funnel or small_multiples.")
    commune = part("commune", "The commune whose control chart is shown; None for none.")
    language = part("language", "en or vi.")

    def _take(self, name: str, value: object) -> None:
        self._show(self._checked(replace(self._looked_at, **{name: value})))

    @property
    def table(self) -> pd.DataFrame:
        """The numbers that are drawn: of :func:`compare_communes`, or :func:`funnel`."""
        return self._numbers.copy()

    def code(self) -> str:
        """Return the calls that draw what is shown again, the control chart's below."""
        calls = [code_of(self._looked_at)]
        if self._looked_at.commune:
            calls.append(code_of(self._looked_at, control=True))
        return "\n".join(calls)

    def file(self, kind: str, *, control: bool = False) -> bytes:
        """Give the picture or the control chart as ``"png"`` or ``"svg"``, or the ``"csv"``."""
        check_choice("kind", kind, TYPES)
        records, look = self._ledger.records, self._looked_at
        if kind == "csv":
            return csv_of(numbers_of_look(records, look), "commune", look.language)
        return picture_as(draw_look(records, look, control=control, internal=True), kind)

    def _checked(self, look: Look) -> Look:
        """Refuse years and communes that the records do not hold, before anything has changed."""
        if look.years is not None:
            check_years(self._ledger.records, look.years)
        if look.commune is None:
            return look
        place = self._ledger.places(self._totals, (look.commune,))[0]
        return replace(look, commune=self._totals.groups["commune"].iloc[place])

    def _read(self, change: object = None) -> None:
        """Take the look that the controls say, and show it if it is another one."""
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        if value["years"] == self._ledger.years:
            value["years"] = None  # years that come with later records will be shown, too
        look = Look(**value, commune=next(iter(self._places.chosen), None))
        if look != self._looked_at:
            self._show(look)

    def _write(self, look: Look) -> None:
        """Set all controls to a look, in its language."""
        language, choices = look.language, self._choices
        self._writing = True
        try:
            named = [(find_measure(name).text("label", language), name) for name in measures()]
            choices["measure"].options = named
            choices["picture"].options = [(word(f"picture_{p}", language), p) for p in PICTURES]
            for name in ("measure", "picture", "language"):
                choices[name].value = getattr(look, name)
            choices["years"].value = look.years or self._ledger.years
            self._write_words(language)
            chosen = () if look.commune is None else (look.commune,)
            self._places.write(self._listed, chosen, language)
        finally:
            self._writing = False

    def _show(self, look: Look) -> None:
        """Write the controls, and draw what has changed."""
        before, self._looked_at = self._looked_at, look
        self._write(look)
        if before is None or replace(before, commune=look.commune) != look:
            self._show_picture(look)
        if before is None or replace(before, picture=look.picture) != look:
            self._show_control(look)
        self._say("" if look.commune else word("pick_commune", look.language))
        self._buttons["save_control"].disabled = not self._control.drawn
        self._refresh_code()

    def _show_picture(self, look: Look) -> None:
        records = self._ledger.records
        try:
            self._numbers = numbers_of_look(records, look)
        except ValueError:  # the picture meets it, too, and says it
            self._numbers = self._numbers.iloc[:0]
        numbers = None if self._numbers.empty else self._numbers
        self._stage.show(lambda: draw_look(records, look, numbers=numbers))
        self._table_box.value = compared_html(self._numbers, PER, look.language)
        for name, lacks in (
            ("save_png", not self._stage.drawn),
            ("save_svg", not self._stage.drawn),
            ("save_numbers", self._numbers.empty),
        ):
            self._buttons[name].disabled = lacks

    def _show_control(self, look: Look) -> None:
        if look.commune is None:
            self._control.hide()
            return
        self._control.layout.display = ""
        self._control.show(lambda: draw_look(self._ledger.records, look, control=True))

    def _reset(self) -> None:
        self._show(self._first)

    def _acts(self) -> dict[str, Callable]:
        acts = super()._acts()
        code = acts.pop("show_code")
        return {**acts, "save_control": lambda _: self._save_control(), "show_code": code}

    def _save_control(self) -> None:
        name = self._file_name("png", control=True)
        self._screen.save(name, TYPES["png"], self.file("png", control=True))

    def _file_name(self, kind: str, *, control: bool = False) -> str:
        look = self._looked_at
        drawn = ["control", without_marks(look.commune)] if control else [look.picture]
        years = map(str, years_of(self._ledger.records, look))
        return safe_name(["antq", look.measure, *drawn, *years], kind)
