"""Parts of explorers: screen, stage, and list of places."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import anywidget
import ipywidgets as widgets
import pandas as pd
import traitlets

from antq_helpers.dictionary import number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.chart import Chart, message_of
from antq_helpers.drawing.figure import alt_text, chart_of
from antq_helpers.drawing.view import View
from antq_helpers.places import without_marks

MOST_LISTED = 300
_FOLDER = Path(__file__).parent
TOLD = "antq-told"  # is read out when it changes
CITY, KINDS = SPECIAL = ("\u0000city", "\u0000kinds")  # no commune bears such a name


def read_script(name: str) -> str:
    """Return one of our scripts."""
    return (_FOLDER / name).read_text(encoding="utf-8")


STYLE = f"<style>\n{read_script('explorer.css')}</style>".replace("MARK", style.MARK)


def library() -> str:
    """Return Vega and Vega-Lite, which draw in the browser."""
    return "\n".join(read_script(f"vega/{name}.min.js") for name in ("vega", "vega-lite"))


class Screen(anywidget.AnyWidget):
    """A widget that shows a picture with alt text, saves files, and guards the keyboard.

    Without the guard, letters typed in a list reach JupyterLab, where "x" cuts the cell.
    """

    _esm = "".join(map(read_script, ("live.js", "screen.js")))
    chart = traitlets.Dict().tag(sync=True)
    lit = traitlets.Unicode().tag(sync=True)  # the unit brought forward
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)

    def __init__(self, answer: Callable[[dict], None] | None = None, **settings: object) -> None:
        super().__init__(**settings)
        self._answer = answer
        self.on_msg(self._hear)

    @property
    def alt(self) -> str:
        """The text for those who can not see the picture."""
        return self.chart.get("alt", "")

    def show(self, numbers: pd.DataFrame, view: View) -> Chart:
        """Show the live picture of the numbers of a view."""
        chart = chart_of(numbers, view)
        self.chart = message_of(chart, numbers, view, alt_text(numbers, view))
        return chart

    def _hear(self, _: object, message: dict, buffers: list) -> None:
        if "library" in message:  # once a page: it is large
            self.send({"library": library()})
        elif self._answer is not None:
            self._answer(message)

    def bring(self, selector: str) -> None:
        """Bring a part of the explorer into view."""
        self.send({"bring": selector})

    def save(self, name: str, kind: str, content: bytes) -> None:
        """Send a file to the browser, which saves it where the user's files go."""
        self.send({"name": name, "type": kind}, buffers=[content])


class Stage(widgets.VBox):
    """A picture, or in its place the sentence that says why there is none."""

    def __init__(
        self, pixels: tuple[int, int], room: str, answer: Callable[[dict], None] | None = None
    ) -> None:
        self.screen = Screen(answer, width=pixels[0], height=pixels[1])
        self.sentence = widgets.HTML(layout=widgets.Layout(display="none"))
        self.chart: Chart | None = None
        self._shape = f"max-width:{pixels[0]}px;aspect-ratio:{pixels[0]}/{pixels[1]}"
        self.drawn = False
        layout = widgets.Layout(flex=f"1 1 {room}", max_width=f"{pixels[0]}px", min_width="0")
        super().__init__([self.screen, self.sentence], layout=layout)
        self.sentence.add_class(TOLD)

    def show(self, numbers: pd.DataFrame, view: View) -> None:
        """Show the picture of the numbers of a view."""
        self.chart = self.screen.show(numbers, view)
        self._turn(drawn=True)

    def say(self, message: str) -> None:
        """Show, in place of the picture, the message that says why there is none."""
        self.screen.chart = {"alt": message}
        self.sentence.value = (
            f'<div style="{self._shape};display:grid;place-items:center;line-height:1.5">'
            f'<p style="padding:2em">{html.escape(message)}</p></div>'
        )
        self._turn(drawn=False)

    def _turn(self, *, drawn: bool) -> None:
        self.drawn = drawn
        self.layout.display = ""
        self.screen.layout.display = "" if self.drawn else "none"
        self.sentence.layout.display = "none" if self.drawn else ""

    def hide(self) -> None:
        """Hide the picture, and free its space."""
        self.drawn, self.layout.display = False, "none"


class Places(widgets.VBox):
    """A list of places with search, *All* and *None*; usable with ten thousand of them.

    ``chosen`` holds all chosen names in the order of choosing; the list shows those of them that
    match the search.
    """

    def __init__(self, changed: Callable[[], None], most: int | None = None) -> None:
        self._most = most  # 1: a new choice replaces the one before
        self._places: list[tuple[str, str]] = []
        self._plain: list[str] = []
        self._changed = changed
        self._language = "en"
        self._written = False
        self._found: list[str] = []
        self._filling = False
        self.chosen: tuple[str, ...] = ()
        wide = widgets.Layout(width="auto")
        self._search = widgets.Text(layout=wide)
        self._list = widgets.SelectMultiple(rows=11, layout=wide)
        self._all, self._none = widgets.Button(), widgets.Button()
        self._told = widgets.HTML()
        self._told.add_class(TOLD)
        self._search.observe(lambda _: self._fill(), "value")
        self._list.observe(self._take, "value")
        self._all.on_click(lambda _: self._set(tuple(n for n in self._found if n not in SPECIAL)))
        self._none.on_click(lambda _: self._set(()))
        self.buttons = (self._none,) if most else (self._all, self._none)
        super().__init__([self._search, self._list, widgets.HBox(self.buttons), self._told])
        self.add_class("antq-places")

    def write(self, places: list[tuple[str, str]], chosen: tuple[str, ...], language: str) -> None:
        """Show places (label, name) with some selected, without calling ``changed``."""
        if places != self._places:
            self._places = places
            self._plain = [_as_searched(label) for label, _ in places]
        self.chosen, self._language, self._written = chosen, language, True
        self._search.placeholder = self._search.description = word("search", language)
        self._list.description = word("communes", language)
        self._all.description = word("all", language)
        self._none.description = word("none", language)
        self._fill()

    @property
    def written(self) -> tuple[list[tuple[str, str]], tuple[str, ...], str] | None:
        """The places, those that are chosen, and the language, as :meth:`write` takes them."""
        return (self._places, self.chosen, self._language) if self._written else None

    def _set(self, chosen: tuple[str, ...]) -> None:
        self.chosen = chosen
        self._fill()
        self._changed()

    def _fill(self) -> None:
        wanted = _as_searched(self._search.value)
        found = [p for p, plain in zip(self._places, self._plain, strict=True) if wanted in plain]
        listed = found[:MOST_LISTED]
        shown = {name for _, name in listed}
        self._filling = True
        self._list.options = listed
        self._select(shown)
        self._found = [name for _, name in found]
        self._tell()

    def _take(self, change: dict) -> None:
        if self._filling:
            return
        shown = {value for _, value in self._list.options}
        kept = [name for name in self.chosen if name not in shown or name in change["new"]]
        added = [name for name in change["new"] if name not in kept]
        self.chosen = _drawn_together(kept, added)
        if self._most:
            self.chosen = tuple(added or kept)[-self._most :]
        self._select(shown)
        self._tell()
        self._changed()

    def _select(self, shown: set[str]) -> None:
        self._filling = True
        self._list.value = tuple(name for name in self.chosen if name in shown)
        self._filling = False

    def _tell(self) -> None:
        count = sum(name not in SPECIAL for name in self.chosen)
        text = word("chosen_count", self._language, count=number(count, self._language))
        hidden = len(self._found) - MOST_LISTED
        if hidden > 0:
            more = number(hidden, self._language)
            text += " " + word("more_places", self._language, count=more)
        if not self._found:
            text = word("nothing_found", self._language)
        self._told.value = f"<small>{html.escape(text)}</small>"


def _drawn_together(kept: list[str], added: list[str]) -> tuple[str, ...]:
    """Reduce a selection to what a picture can show: units, or one special entry."""
    chosen = [*kept, *added]
    communes = tuple(name for name in chosen if name not in SPECIAL)
    if communes and not (added and added[0] in SPECIAL and len(added) == 1):
        return communes
    return tuple((added or chosen)[:1])


def _as_searched(text: str) -> str:
    """Return a text as the search compares it: no case or marks, words matched from their start."""
    return f" {without_marks(text)}" if text.strip() else ""
