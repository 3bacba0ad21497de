"""Parts of explorers: screen, stage, and list of places."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import anywidget
import ipywidgets as widgets
import traitlets

from antq_helpers.dictionary import number, word
from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import Picture, png
from antq_helpers.places import without_marks

MOST_LISTED = 300
CITY, KINDS = SPECIAL = ("\u0000city", "\u0000kinds")  # no commune bears such a name
STYLE = """<style>
.antq-explorer .widget-label { min-width: 70px; }
.antq-explorer .widget-dropdown { flex-direction: column; align-items: stretch; height: auto; }
.antq-explorer .widget-dropdown .widget-label { width: auto; text-align: left; }
.antq-explorer .widget-dropdown > select { flex: none; height: var(--jp-widgets-inline-height); }
.antq-explorer :focus-visible { outline: 2px solid #1a4fba; outline-offset: 1px; }
.antq-explorer .widget-html-content { min-width: 0; }
.antq-wide { overflow-x: auto; max-width: 100%; }
.antq-wide .antq-numbers th { white-space: normal; vertical-align: bottom; }
.antq-wide .antq-numbers :is(th, td):nth-child(-n+2) { text-align: left; }
.antq-notes { white-space: normal; line-height: 1.4; }
.antq-numbers { border-collapse: collapse; font-size: 12px; line-height: 1.5; }
.antq-numbers th, .antq-numbers td { padding: 1px 8px; text-align: right; white-space: nowrap; }
.antq-numbers thead th { border-bottom: 1px solid #888; text-align: center; }
.antq-numbers thead [scope=colgroup] { text-align: left; }
.antq-numbers [scope=colgroup] span { position: sticky; left: 8px; }
.antq-numbers colgroup + colgroup { border-left: 1px solid #888; }
.antq-numbers caption, .antq-marks { color: MARK; font-weight: bold; text-align: left; }
</style>""".replace("MARK", style.MARK)


class Screen(anywidget.AnyWidget):
    """A widget that shows a picture with alt text, saves files, and guards the keyboard.

    Without the guard, letters typed in a list reach JupyterLab, where "x" cuts the cell.
    """

    _esm = Path(__file__).with_name("screen.js")
    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)

    def show(self, png: bytes, alt: str) -> None:
        """Show a picture and its alt text, in one message."""
        with self.hold_sync():
            self.alt, self.png = alt, png

    def save(self, name: str, kind: str, content: bytes) -> None:
        """Send a file to the browser, which saves it where the user's files go."""
        self.send({"name": name, "type": kind}, buffers=[content])


class Stage(widgets.VBox):
    """A picture, or in its place the sentence that says why there is none."""

    def __init__(self, pixels: tuple[int, int], room: str) -> None:
        self.screen = Screen(width=pixels[0], height=pixels[1])
        self.sentence = widgets.HTML(layout=widgets.Layout(display="none"))
        self._shape = f"max-width:{pixels[0]}px;aspect-ratio:{pixels[0]}/{pixels[1]}"
        self.drawn = False
        layout = widgets.Layout(flex=f"1 1 {room}", max_width=f"{pixels[0]}px", min_width="0")
        super().__init__([self.screen, self.sentence], layout=layout)

    def show(self, picture: Picture | None, message: str = "") -> None:
        """Show a picture, or in its place the message that says why there is none."""
        self.drawn = picture is not None
        if self.drawn:
            self.screen.show(png(picture), picture.alt)
        else:
            self.screen.show(b"", message)
            self.sentence.value = (
                f'<div style="{self._shape};display:grid;place-items:center;line-height:1.5">'
                f'<p role="status" style="padding:2em">{html.escape(message)}</p></div>'
            )
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
        self._search.observe(lambda _: self._fill(), "value")
        self._list.observe(self._take, "value")
        self._all.on_click(lambda _: self._set(tuple(n for n in self._found if n not in SPECIAL)))
        self._none.on_click(lambda _: self._set(()))
        self.buttons = (self._none,) if most else (self._all, self._none)
        super().__init__([self._search, self._list, widgets.HBox(self.buttons), self._told])

    def write(self, places: list[tuple[str, str]], chosen: tuple[str, ...], language: str) -> None:
        """Show places (label, name) with some selected, without calling ``changed``."""
        if places != self._places:
            self._places = places
            self._plain = [_as_searched(label) for label, _ in places]
        self.chosen, self._language, self._written = chosen, language, True
        self._search.placeholder = word("search", language)
        self._list.tooltip = word("communes", language)
        self._all.description, self._none.description = (
            word("all", language),
            word("none", language),
        )
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
