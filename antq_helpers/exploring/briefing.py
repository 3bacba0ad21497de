"""Briefing page: choose a briefing, preview and download it."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import ipywidgets as widgets
import pandas as pd

from antq_helpers.briefing.notes import marks_of, notes_of
from antq_helpers.briefing.pack import write_briefing
from antq_helpers.briefing.pages import (
    Page,
    PagePicture,
    TextTable,
    compose_place,
)
from antq_helpers.briefing.sentences import find_places, say
from antq_helpers.dictionary import (
    LANGUAGES,
    capital,
    check_choice,
    find_measure,
    measures_of,
    name_tables,
    vietnamese_order,
    word,
)
from antq_helpers.drawing.figure import size_in_pixels
from antq_helpers.drawing.series import numbers_in
from antq_helpers.drawing.text import dated_words, days_named, period_words
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import STYLE, Places, Screen
from antq_helpers.exploring.explorer import LANGUAGE_NAMES
from antq_helpers.exploring.upload import UploadPage, shortest_of
from antq_helpers.measuring.changes import judge
from antq_helpers.measuring.lookback import AUDIENCES, Window, list_periods, window_on
from antq_helpers.measuring.periods import (
    AGAINST,
    SPLITS,
    fitting,
    period_against,
    period_days,
    split_periods,
)
from antq_helpers.measuring.releases import ReleaseProblem
from antq_helpers.office import zip_folder
from antq_helpers.places import load_communes, without_marks
from antq_helpers.reading.load import load_records
from antq_helpers.reading.period_text import read_span
from antq_helpers.records import check_records, name_whole, on_boundaries

_KINDS = ("year", "half", "quarter", "month", "week", "to_date", "days")
_WIDE = {"description_width": "120px"}


def make_lists(language: str) -> dict[str, widgets.Dropdown]:
    """Return the dropdowns of the page by name; those of periods, measures and pages are empty."""
    options = {
        "audience": [(word("brief_choose", language), ""), *_named(AUDIENCES, language)],
        "kind": _named(_KINDS, language, "kind_"),
        "period": [],
        "measure": [],
        "against": _named(AGAINST, language),
        "page": [],
    }
    return {
        name: widgets.Dropdown(
            options=found,
            description=word(f"brief_{name}", language),
            layout=widgets.Layout(width="auto"),
            style=_WIDE,
        )
        for name, found in options.items()
    }


def list_kinds(records: pd.DataFrame, kinds: widgets.Dropdown, language: str) -> None:
    """Fill the dropdown of kinds of period; select the year, unless the last one is unfinished."""
    possible = {kind for kind in SPLITS if len(fitting(records, kind))} | {"days"}
    if possible & {"month", "quarter"}:
        possible.add("to_date")
    found = [kind for kind in _KINDS if kind in possible]
    last = records[records["year"] == records["year"].max()]
    whole = last["period_start"].min().month == 1 and last["period_end"].max().month == 12
    shortest = shortest_of(records)
    kinds.options = _named(found, language, "kind_")
    kinds.value = shortest if shortest in found and not whole else found[0]


def list_measures(records: pd.DataFrame, chosen: widgets.Dropdown, language: str) -> None:
    """Fill the dropdown of measures with those that are judged; keep what is selected."""
    entries = (find_measure(name) for name in measures_of(records))
    found = [(e.text("label", language), e.measure) for e in entries if e.interval != "none"]
    before = chosen.value
    chosen.options = found
    chosen.value = before if before in dict(found).values() else found[0][1]


def list_periods_of(
    records: pd.DataFrame, kind: str, periods: widgets.Dropdown, language: str
) -> None:
    """Fill the dropdown of periods; select the latest that ends by the earlier selection's end."""
    found = list_periods(records, kind)
    days = split_periods(fitting(records, kind), kind)[0].bounds if kind in SPLITS else {}
    before, known = periods.value, [name for _, name in periods.options]
    last = period_days(before)[1] if before in known else None
    ended = [name for name in found if last is None or period_days(name)[1] <= last]
    periods.options = [
        (capital(dated_words(name, days.get(name, period_days(name)), language)), name)
        for name in found
    ]
    periods.value = (ended or found)[0]


def has_two_others(period: str) -> bool:
    """Check whether the same period last year and the preceding period differ."""
    return len({period_against(period, against) for against in AGAINST}) > 1


def measures_in(records: pd.DataFrame, first: str) -> tuple[str, ...]:
    """List the measures of a pack: the chosen one first, then all that were reported."""
    counted = [
        name
        for name in measures_of(records)
        if records[_columns_of(name)].notna().all(axis=1).any()
    ]
    return tuple(dict.fromkeys([first, *counted]))


def name_pack(period: str, audience: str, language: str) -> str:
    """Name a pack's file by period and audience, in letters that every system accepts.

    Examples
    --------
    >>> name_pack("2022-Q4", "public", "vi"), name_pack("2022-Q4", "public", "en")
    ('bao-cao-quy-iv-2022-cong-bo.zip', 'briefing-2022-Q4-public.zip')
    """
    if language == "vi":
        period = without_marks(period_words(period, "vi").replace("/", " ")).replace(" ", "-")
    slug = word(f"brief_slug_{audience}", language)
    return word("brief_file", language, period=period, audience=slug)


def _columns_of(name: str) -> list[str]:
    entry = find_measure(name)
    return [part for part in (entry.numerator, entry.denominator) if part]


def _named(names: Iterable[str], language: str, what: str = "") -> list[tuple[str, str]]:
    return [(word(f"brief_{what}{name}", language), name) for name in names]


_ZIP = "application/zip"


class BriefingForm(UploadPage):
    """The briefing page in one language: upload, choices, preview and download."""

    paths = False  # whoever opens the page must not read this machine's files

    def __init__(
        self,
        path: object,
        communes: object,
        language: str,
        answers: dict | None = None,
        *,
        quiet: bool = False,  # no preview, until all choices are made
        book: str | Path | None = None,
    ) -> None:
        self._answers, self._quiet, self._book = answers or {}, quiet, book
        self._accepted = self._answers.get("accepted", ())
        self.records: pd.DataFrame | None = None
        self.window: Window | None = None
        self.page: Page | None = None
        self._panels = self._make_panels(language)
        super().__init__(path, communes, language)
        above = widgets.HBox([self._upload, self._save, self._accept, self._template, self._bar])
        asked = widgets.HBox(list(self._choices.values()))
        self.children = (above, asked, self._told, self._shown, self._below, self._screen)
        if path is None and communes is None:
            self._told.value = word("brief_sample", language)
            self._use(load_records())
        elif path is None:
            names = load_communes(communes, boundaries="all")["name"]  # says at once what is wrong
            self._told.value = word("brief_no_sample", language, count=names.nunique())

    def __repr__(self) -> str:
        return "BriefingForm()"

    def in_language(self, language: str) -> BriefingForm:
        """Return the page in another language, with the same files and choices, to replace this."""
        folder, self._folder = self._folder, None  # its files are still needed
        answers = {name: choice.value for name, choice in self._choices.items()}
        answers["accepted"] = self._accepted
        other = BriefingForm(
            self._path, self._communes, language, answers, quiet=True, book=self._book
        )
        other._folder = folder
        other._places._set(self._places.chosen)
        other._days.value = self._days.value
        for name in self._chosen:
            other._chosen[name].value = self._chosen[name].value
        other._quiet = False
        other._preview()
        return other

    @contextmanager
    def _one_preview(self) -> Iterator[None]:
        """Show one preview after several choices, instead of one for each."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before
        self._preview()

    def _make_panels(self, language: str) -> tuple[widgets.Widget, ...]:
        """Make the choices at the left, and the preview at the right."""
        wide = widgets.Layout(width="auto")
        self._chosen = make_lists(language)
        self._days = widgets.Text(
            description=word("brief_days", language), continuous_update=False,
            layout=widgets.Layout(width="auto", display="none"), style=_WIDE,
        )  # fmt: skip
        self._days.observe(lambda _: self._list_periods(), "value")
        self._places = Places(self._list_pages)
        self._download = widgets.Button(
            description=word("brief_download", language), button_style="primary", layout=wide
        )
        self._download.on_click(lambda _: self._give_pack())
        self._written = widgets.HTML()
        self._progress_bar = widgets.IntProgress(
            layout=widgets.Layout(display="none", width="auto")
        )
        self._said = widgets.HTML()
        width, height = size_in_pixels(View(audience=AUDIENCES[0]))
        self._shown_picture = Screen(width=width, height=height)
        self._numbers = widgets.HTML()
        self._chosen["kind"].observe(lambda _: self._list_periods(), "value")
        for name in ("audience", "period", "measure", "against", "page"):
            self._chosen[name].observe(lambda _: self._preview(), "value")
        left = widgets.VBox(
            [
                *list(self._chosen.values())[:2],
                self._days,
                *list(self._chosen.values())[2:],
                self._download,
                self._progress_bar,
                self._written,
                widgets.HTML(f"<b>{html.escape(word('brief_places', language))}</b>"),
                self._places,
            ],
            layout=widgets.Layout(flex="0 0 330px", margin="0 16px 0 0"),
        )
        right = widgets.VBox(
            [self._said, self._shown_picture, self._numbers],
            layout=widgets.Layout(flex="1 1 0", min_width="0", overflow="hidden"),
        )
        return widgets.HTML(STYLE), widgets.HBox([left, right])

    def _close(self) -> None:
        super()._close()
        self.records = self.window = self.page = None

    def _open(self) -> None:
        """Use the records of the checked files, if there are any."""
        if "records" in self.checks and not self.checks["records"].records.empty:
            self._use(self.checks["records"].records)

    def _use(self, records: pd.DataFrame) -> None:
        """Set the records, and offer their periods and units."""
        self.records = records = check_records(records)
        self.window = None
        placed = on_boundaries(records, int(records["boundaries"].max()))
        self._all = sorted(placed["commune"].unique(), key=vietnamese_order)  # as in all lists
        self._below.children = self._panels
        with self._one_preview():
            self._chosen["period"].options = []  # those of the records before are forgotten
            list_kinds(records, self._chosen["kind"], self._language)
            list_measures(records, self._chosen["measure"], self._language)
            self._places._search.value = ""
            self._places.write([(name, name) for name in self._all], (), self._language)
            self._list_pages()
            self._list_periods()

    def _list_periods(self) -> None:
        if self.records is None:
            return
        kind, periods = (self._chosen[name] for name in ("kind", "period"))
        self._days.layout.display = "" if kind.value == "days" else "none"
        with self._one_preview():
            if kind.value != "days":
                list_periods_of(self.records, kind.value, periods, self._language)
                return
            if not self._days.value:  # begin with those of the period chosen before
                last = (
                    period_days(periods.value)
                    if periods.value
                    else [self.records["period_end"].max()] * 2
                )
                self._days.value = "–".join(days_named(last, self._language))
            span = read_span(self._days.value)
            name = f"{span.start}-to-{span.end}" if span else ""
            named = [(capital(period_words(name, self._language)), name)] if span else []
            periods.options = named

    def _list_pages(self) -> None:
        """Fill the dropdown of pages, the city's and the units'; select the unit chosen last."""
        if self.records is None:
            return
        page, names = self._chosen["page"], self._places.chosen
        with self._one_preview():
            page.options = [
                (name_whole(self.records, self._language), ""),
                *((name, name) for name in names or self._all),
            ]
            page.value = names[-1] if 0 < len(names) < len(self._all) else ""

    def _preview(self) -> None:
        """Show the headline, the picture and the table of what is chosen."""
        if self._quiet or self.records is None:
            return
        audience, period = (self._chosen[name].value for name in ("audience", "period"))
        if period is None:
            self._download.disabled = True
            self._say(self._text("brief_no_days"))
            return
        # Without an audience, preview the internal version, marked so; a pack needs an audience.
        self._written.value = "" if audience else self._text("brief_say_audience")
        self._chosen["against"].disabled = not has_two_others(period)
        self._download.disabled = not audience
        # Hide the previous picture first: its marks may be wrong for the new choice.
        self._shown_picture.layout.display = "none"
        self._numbers.value = ""
        self._say(self._text("brief_busy"))
        try:
            self._show(period, audience or AUDIENCES[0])
        except ReleaseProblem as problem:
            self._say(str(problem.told(self._language)))
        except ValueError as error:
            self._say(str(error))

    def _show(self, period: str, audience: str) -> None:
        window = self.window = window_on(self.records, period, audience, self._book)
        name, against = (self._chosen[n].value for n in ("page", "against"))
        place = find_places(window, [name] if name else None)
        shown, language = self._measures(), self._language
        change, *others = [judge(window, one, against, place) for one in shown]
        self.page = page = compose_place(window, [change, *others], language)
        (view,) = (picture.view for picture in page.all_of(PagePicture))
        self._shown_picture.show(numbers_in(window, view), view)
        self._shown_picture.layout.display = ""
        marks = "  ·  ".join(marks_of(window, language))
        self._said.value = (
            f'<p class="antq-marks" style="margin:0">{html.escape(marks)}</p>'
            '<h3 style="margin:4px 0;line-height:1.35">'
            f"{html.escape(say(change, window, language))}</h3>"
        )
        table = page.all_of(TextTable)[0].data.to_html(
            index=False, border=0, classes="antq-numbers"
        )
        notes = " ".join([*self._remarks(), *notes_of(window, shown, language)])
        self._numbers.value = (
            f'<div class="antq-wide">{table}</div><p class="antq-notes">{html.escape(notes)}</p>'
        )

    def _remarks(self) -> tuple[str, ...]:
        """Name the units whose reports wait for correction, so that they do not count as silent."""
        waiting = self.check.waiting if self.check else ()
        return (self._text("brief_waiting", names=", ".join(waiting)),) if waiting else ()

    def _measures(self) -> tuple[str, ...]:
        return measures_in(self.records, self._chosen["measure"].value)

    def _say(self, text: str) -> None:
        self._said.value = f"<p>{html.escape(text)}</p>"

    def _give_pack(self) -> None:
        """Write the pack in a temporary folder of this visitor, and send it to the browser."""
        audience, period = (self._chosen[name].value for name in ("audience", "period"))
        self._lock(True)
        try:
            with tempfile.TemporaryDirectory() as folder:
                written = write_briefing(
                    self.records,
                    Path(folder) / "pack",
                    period=period,
                    audience=audience,
                    communes=self._places.chosen or None,
                    measures=self._measures(),
                    against=self._chosen["against"].value,
                    remarks=self._remarks(),
                    tables=self.tables if audience == "internal" else None,
                    language=self._language,
                    book=self._book,
                    progress=self._count_pages,
                )
                name = name_pack(period, audience, self._language)
                self._screen.save(name, _ZIP, zip_folder(written))
                done = [self._text("brief_done", file=name)]
                if self.tables and audience == "public":
                    names = name_tables(self.tables, self._language)
                    done.append(self._text("brief_left_out", tables=names))
                self._written.value = html.escape(" ".join(done))
        except (ValueError, OSError) as error:
            self._written.value = html.escape(str(error))
        finally:
            self._lock(False)

    def _lock(self, locked: bool) -> None:
        """Disable all controls while a pack is written, so that page and pack agree."""
        self._progress_bar.layout.display = "" if locked else "none"
        controls = [
            *self._chosen.values(),
            self._days,
            self._download,
            self._upload,
            self._places._list,
        ]
        for control in [*controls, *self._choices.values(), *self._places.buttons]:
            control.disabled = locked
        period = self._chosen["period"].value
        two = period is not None and has_two_others(period)
        self._chosen["against"].disabled = locked or not two

    def _count_pages(self, done: int, pages: int) -> None:
        self._progress_bar.max, self._progress_bar.value = pages, done
        self._written.value = html.escape(self._text("brief_wait", done=done, all=pages))


def explore_briefing(
    *,
    communes: str | Path | pd.DataFrame | None = None,
    language: str = "vi",
    book: str | Path | None = None,
) -> BriefingPage:
    """Make a briefing without code: upload files, choose period and audience, download.

    Parameters
    ----------
    communes
        Another place's table of communes, of the form of ``data/communes.csv``.
    book
        The release book of public briefings, see :func:`protect`.

    Returns
    -------
    BriefingPage
        A widget. Before files are uploaded, it works on the illustrative sample, or waits for files
        if the place is another one, of which there is no sample. ``.form`` holds
        what is chosen: ``.form.records``, ``.form.window`` and ``.form.page``, the first page.

    Examples
    --------
    >>> explore_briefing(language="en").form.records["commune"].nunique()
    17
    """
    return BriefingPage(communes, check_choice("language", language, LANGUAGES), book)


class BriefingPage(widgets.VBox):
    """The widget returned by :func:`explore_briefing`: the page in the chosen language."""

    def __init__(self, communes: object, language: str, book: str | Path | None = None) -> None:
        self._choice = widgets.Dropdown(
            options=LANGUAGE_NAMES, value=language, description=word("choose_language", language)
        )
        self._choice.observe(self._switch, "value")
        self.form = BriefingForm(None, communes, language, book=book)
        super().__init__([self._choice, self.form])

    def __repr__(self) -> str:
        return f"BriefingPage({self._choice.value!r})"

    def _switch(self, change: dict) -> None:
        self._choice.description = word("choose_language", change["new"])
        self.form = self.form.in_language(change["new"])
        self.children = (self._choice, self.form)
