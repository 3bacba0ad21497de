"""Files and choices in; what a briefing will say, and its pack for the browser, out."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterable
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from antq_helpers.archives import zip_folder
from antq_helpers.briefing.pack import write_briefing
from antq_helpers.briefing.pages import Page, compose
from antq_helpers.briefing.sentences import find_places, say
from antq_helpers.communes import on_boundaries, register_of
from antq_helpers.dictionary import capital, find_measure, measures, word
from antq_helpers.drawing.figure import draw_numbers, png, size_in_pixels
from antq_helpers.drawing.labels import period_words
from antq_helpers.drawing.numbers import numbers_in
from antq_helpers.exploring.controls import STYLE, Places, Screen
from antq_helpers.exploring.desk import FileDesk
from antq_helpers.measuring.period_totals import list_periods
from antq_helpers.measuring.periods import AGAINST, possible_periods
from antq_helpers.measuring.standings import hold_against
from antq_helpers.measuring.windows import AUDIENCES, Window, look_back
from antq_helpers.reading.loading import load_records

_ZIP = "application/zip"
_KINDS = ("year", "half", "quarter", "month", "to_date")
_WIDE = {"description_width": "120px"}


class BriefingDesk(FileDesk):
    """Files, choices, a preview and the download, in one language."""

    paths = False  # whoever opens the page must not read this machine's files

    def __init__(self, path: object, communes: object, language: str) -> None:
        self.records: pd.DataFrame | None = None
        self.window: Window | None = None
        self.page: Page | None = None
        self._writing = False
        self._make_choices(language)
        super().__init__(path, communes, language)
        above = widgets.HBox([self._upload, self._save, self._template, self._bar])
        asked = widgets.HBox(list(self._choices.values()))
        self.children = (above, asked, self._told, self._shown, self._below, self._screen)
        if path is None:
            self._told.value = word("brief_sample", language)
            self._use(load_records())

    def __repr__(self) -> str:
        return "BriefingDesk()"

    def in_language(self, language: str) -> BriefingDesk:
        """Give a desk on the same files and choices in another language, in place of this one."""
        folder, self._folder = self._folder, None  # so that nothing is deleted with it
        other = BriefingDesk(self._path, self._communes, language)
        other._folder = folder
        other._places._set(self._places.chosen)
        for name, choice in self._chosen.items():
            other._chosen[name].value = choice.value
        return other

    def _make_choices(self, language: str) -> None:
        counts = [name for name, entry in measures().items() if entry.interval != "none"]
        options = {
            "audience": [(word("brief_choose", language), ""), *_named(AUDIENCES, language)],
            "kind": _named(_KINDS, language, "kind_"),
            "period": [],
            "measure": [(find_measure(name).text("label", language), name) for name in counts],
            "against": _named(AGAINST, language),
            "page": [],
        }
        wide = widgets.Layout(width="auto")
        self._chosen = {
            name: widgets.Dropdown(
                options=found, description=word(f"brief_{name}", language), layout=wide, style=_WIDE
            )
            for name, found in options.items()
        }
        self._places = Places(self._list_pages)
        self._download = widgets.Button(
            description=word("brief_download", language), button_style="primary", layout=wide
        )
        self._download.on_click(lambda _: self._give_pack())
        self._said = widgets.HTML()
        width, height = size_in_pixels(2, stamped=True)
        self._shown_picture = Screen(width=width, height=height)
        self._numbers = widgets.HTML()
        self._chosen["kind"].observe(lambda _: self._list_periods(), "value")
        for name in ("audience", "period", "measure", "against", "page"):
            self._chosen[name].observe(lambda _: self._preview(), "value")

    def _close(self) -> None:
        super()._close()
        self.records = self.window = self.page = None

    def _open(self) -> None:
        """Take what the files hold."""
        if not self.check.records.empty:
            self._use(self.check.records)

    def _use(self, records: pd.DataFrame) -> None:
        """Offer what the records hold: their periods and communes."""
        self.records, self.window = records, None
        possible = set(possible_periods(records))
        if possible & {"month", "quarter"}:
            possible.add("to_date")
        kinds = [kind for kind in _KINDS if kind in possible]
        self._writing = True
        self._chosen["kind"].options = _named(kinds, self._language, "kind_")
        self._chosen["kind"].value = kinds[0]
        placed = on_boundaries(records, int(records["boundaries"].max()))
        order = register_of(records).units["official_order"]
        units = placed.drop_duplicates("commune_id").sort_values("commune_id", key=order.get)
        self._all = units["commune"].tolist()
        self._places.write([(name, name) for name in self._all], (), self._language)
        self._writing = False
        self._list_pages()
        self._list_periods()
        left = widgets.VBox(
            [
                *self._chosen.values(),
                self._download,
                widgets.HTML(f"<b>{html.escape(self._text('brief_places'))}</b>"),
                self._places,
            ],
            layout=widgets.Layout(flex="0 0 330px", margin="0 16px 0 0"),
        )
        right = widgets.VBox(
            [self._said, self._shown_picture, self._numbers],
            layout=widgets.Layout(flex="1 1 auto", min_width="0"),
        )
        self._below.children = (widgets.HTML(STYLE), widgets.HBox([left, right]))

    def _list_periods(self) -> None:
        if self._writing or self.records is None:
            return
        found = list_periods(self.records, self._chosen["kind"].value)
        self._writing = True
        self._chosen["period"].options = [
            (capital(period_words(name, self._language)), name) for name in found
        ]
        self._chosen["period"].value = found[0]
        self._writing = False
        self._preview()

    def _list_pages(self) -> None:
        """Offer the pages of the pack: the place's, and those of communes; show the last chosen."""
        page, names = self._chosen["page"], self._places.chosen
        self._writing = True
        page.options = [(self._text("city"), ""), *((n, n) for n in names or self._all)]
        page.value = names[-1] if 0 < len(names) < len(self._all) else ""
        self._writing = False
        self._preview()

    def _preview(self) -> None:
        """Show the headline, the picture and the table of what is chosen."""
        if self._writing or self.records is None:
            return
        audience, period = (self._chosen[name].value for name in ("audience", "period"))
        shown = bool(audience and period)
        self._download.disabled = not shown
        self._shown_picture.layout.display = "" if shown else "none"
        if not shown:
            self._say(self._text("brief_say_audience"))
            self._numbers.value = ""
            return
        try:
            self._show(period, audience)
        except ValueError as error:
            self._say(str(error))

    def _show(self, period: str, audience: str) -> None:
        window, names = self.window, [name for name in [self._chosen["page"].value] if name]
        if window is None or (window.asked, window.audience) != (period, audience):
            window = self.window = look_back(self.records, period, audience=audience)
        measure, against = (self._chosen[name].value for name in ("measure", "against"))
        briefing = compose(
            window,
            communes=names or None,
            measures_told=self._measures(),
            language=self._language,
        )
        self.page = briefing.pages[-1] if names else briefing.pages[0]
        standing = hold_against(window, measure, against, find_places(window, names or None))
        picture = draw_numbers(numbers_in(window, self.page.view), self.page.view)
        self._shown_picture.show(png(picture), picture.alt)
        marks = "  ·  ".join(briefing.marks)
        self._said.value = (
            f'<p style="color:#b3261e;font-weight:bold;margin:0">{html.escape(marks)}</p>'
            '<h3 style="margin:4px 0;line-height:1.35">'
            f"{html.escape(say(standing, window, self._language))}</h3>"
        )
        table = self.page.table.to_html(index=False, border=0, classes="antq-numbers")
        self._numbers.value = f"{table}<p>{html.escape(' '.join(briefing.notes))}</p>"

    def _measures(self) -> tuple[str, ...]:
        """Give what the pack tells of: the chosen measure first, then all that was reported."""
        counted = [n for n in measures() if self.records[_parts(n)].notna().all(axis=1).any()]
        return tuple(dict.fromkeys([self._chosen["measure"].value, *counted]))

    def _say(self, text: str) -> None:
        self._said.value = f"<p>{html.escape(text)}</p>"

    def _give_pack(self) -> None:
        """Write the pack where only this visitor's program reads, and hand it to the browser."""
        audience, period = (self._chosen[name].value for name in ("audience", "period"))
        self._download.disabled = True
        self._bar.layout.visibility = "visible"
        try:
            with tempfile.TemporaryDirectory() as folder:
                written = write_briefing(
                    self.records,
                    Path(folder) / "pack",
                    period=period,
                    audience=audience,
                    communes=self._places.chosen or None,
                    measures=self._measures(),
                    language=self._language,
                    progress=self._count_pages,
                )
                name = word("brief_file", self._language, period=period, audience=audience)
                self._screen.save(name, _ZIP, zip_folder(written))
                self._told.value = html.escape(word("brief_done", self._language, file=name))
        except (ValueError, OSError) as error:
            self._told.value = html.escape(str(error))
        finally:
            self._bar.layout.visibility = "hidden"
            self._download.disabled = False

    def _count_pages(self, done: int, pages: int) -> None:
        self._bar.max, self._bar.value = pages, done
        self._told.value = html.escape(self._text("brief_wait", done=done, all=pages))


def _parts(name: str) -> list[str]:
    entry = find_measure(name)
    return [part for part in (entry.numerator, entry.denominator) if part]


def _named(names: Iterable[str], language: str, what: str = "") -> list[tuple[str, str]]:
    return [(word(f"brief_{what}{name}", language), name) for name in names]
