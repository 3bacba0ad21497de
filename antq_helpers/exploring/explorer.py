"""Explorers: a picture with controls; what is chosen is a view."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import (
    check_choice,
    find_measure,
    has_sample,
    measures_of,
    number,
    vietnamese_order,
    word,
)
from antq_helpers.drawing.chart import Chart, is_day
from antq_helpers.drawing.figure import (
    draw_numbers,
    module_of,
    size_in_pixels,
    stamp_of,
    tabulate,
    write_picture,
)
from antq_helpers.drawing.parts import days_of_items
from antq_helpers.drawing.text import words_if
from antq_helpers.drawing.view import KINDS, View, table_of
from antq_helpers.exploring.controls import CITY, STYLE, TOLD, Places, Stage
from antq_helpers.exploring.controls import KINDS as BY_KIND
from antq_helpers.exploring.tables import csv_of, table_html
from antq_helpers.measuring.periods import SPLITS, period_days, possible_periods
from antq_helpers.measuring.targets import list_targets
from antq_helpers.measuring.totals import check_years, find_rows, match_names, tally, years_alone
from antq_helpers.places import name_key, without_marks
from antq_helpers.reading.movement import MOVEMENT
from antq_helpers.records import name_whole

TYPES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv"}
LANGUAGE_NAMES = [("English", "en"), ("Tiếng Việt", "vi")]
MOST_MEASURES = 2
PER = 1000
_MOST_NAMED = 3


@dataclass(frozen=True)
class Preset:
    """What an explorer offers: the views to choose among, and the controls for them.

    ``communes`` says what the list of communes is for: ``"series"`` are drawn, ``"rows"`` narrow
    the table that is drawn, and ``"beside"`` the picture the control chart of one is drawn.
    """

    views: Mapping[str, View]
    controls: tuple[str, ...]
    communes: str


def _setting(name: str, text: str) -> property:
    """Return a property of the view that can be set, and the picture follows."""

    def change(self: Explorer, value: object) -> None:
        self._change({name: value}, strict=self._preset.communes == "series")

    return property(lambda self: getattr(self.view, name), change, doc=text)


class Explorer(widgets.VBox):
    """Controls at the left; picture, table and code at the right."""

    def __init__(
        self,
        tables: dict[str, pd.DataFrame],
        preset: Preset,
        first: View,
        *,
        own: tuple[str, ...] = (),
        strict: bool = False,
    ) -> None:
        self._tables, self._preset, self._own = tables, preset, own
        self._years = _years_in(tables)
        self._pictures = [name for name, view in preset.views.items() if table_of(view) in tables]
        self._writing, self._picture = False, None
        self._view = self._control_view = self._before_click = None
        self._numbers, self._chosen = pd.DataFrame(), ()
        self._first = first
        self._make_parts()
        self._show(self._name_of(first), first, (), strict=strict)

    measures = _setting("measures", "The measures drawn; a trend has a panel for each.")
    years = _setting("years", "First and last year; None is all.")
    by = _setting("by", "The period: year, half, quarter or month.")
    per = _setting("per", "Residents, to draw rates; None to draw counts.")
    split = _setting("split", "kind, for wards against communes; None for communes.")
    boundaries = _setting("boundaries", "A year; None is the latest set in the records.")
    language = _setting("language", "en or vi.")

    @property
    def view(self) -> View:
        """The view that is shown; set it and the picture follows."""
        return self._view

    @view.setter
    def view(self, view: View) -> None:
        self._show(self._name_of(view), view, self._chosen, strict=True)

    @property
    def picture(self) -> str:
        """The name of the picture, one of the dropdown's."""
        return self._picture

    @picture.setter
    def picture(self, name: str) -> None:
        self._change({"picture": name}, strict=False)

    @property
    def communes(self) -> tuple[str, ...] | None:
        """The communes chosen; of trends, None is the whole place, in place of a split."""
        return self._view.communes if self._preset.communes == "series" else self._chosen

    @communes.setter
    def communes(self, names: Iterable[str] | None) -> None:
        self._change({"communes": names}, strict=self._preset.communes == "series")

    @property
    def table(self) -> pd.DataFrame:
        """The numbers drawn, see :func:`tabulate`."""
        return self._numbers.copy()

    def __repr__(self) -> str:
        return f"Explorer({self._view!r})"

    def code(self) -> str:
        """Return the calls that draw what is shown again, the control chart's last."""
        views = [view for view in (self._view, self._control_view) if view is not None]
        calls = [f"antq.draw({self._named(view)}, antq.{view!r})" for view in views]
        return calls[0] if len(calls) == 1 else "\n".join(f"display({call})" for call in calls)

    def file(self, kind: str, *, control: bool = False) -> bytes:
        """Return the picture, or control chart, as ``"png"`` or ``"svg"``; numbers as ``"csv"``.

        A picture is marked internal, and bears the stamp by which ``reproduce`` draws it again.
        """
        check_choice("kind", kind, TYPES)
        if kind == "csv":
            shown = tabulate(self._tables[table_of(self._view)], self._view)
            return csv_of(shown, self._view.language)
        view = replace(self._control_view if control else self._view, audience="internal")
        data = self._tables[table_of(view)]
        picture = draw_numbers(tabulate(data, view), view)
        return write_picture(picture, kind, stamp_of(data, view))

    # ---- what is chosen ----

    def _change(self, asked: dict[str, object], *, strict: bool) -> None:
        """Show the view with some settings changed, and the rest kept where the picture has it."""
        asked = dict(asked)
        name = asked.pop("picture", self._picture)
        check_choice("picture", name, self._pictures)
        chosen = asked.pop("communes", self.communes)
        if self._preset.communes == "series":
            if "split" in asked:
                chosen = None
            asked["communes"] = chosen
            if chosen is not None:
                asked["split"] = None
            self._show(name, replace(self._view, **asked), (), strict=strict)
            return
        kept = {"years": self._view.years, "language": self._view.language}
        if "measure" in self._preset.controls:
            kept["measures"] = self._view.measures
        settings = kept | asked
        if settings["years"] is not None:
            # Of the movement, models are known for years without records.
            span = pd.DataFrame({"year": range(self._years[0], self._years[1] + 1)})
            years = check_years(span, settings["years"])
            settings["years"] = None if years == self._years else years
        self._show(name, replace(self._preset.views[name], **settings), chosen, strict=strict)

    def _show(self, name: str, view: View, chosen: tuple[str, ...], *, strict: bool) -> None:
        """Draw a view; where it can not be drawn raise if ``strict``, else say so in its place."""
        chosen = self._find(chosen)
        if self._preset.communes == "rows" and self._has_communes(view):
            view = replace(view, communes=chosen or None)
        if view.kind == "trend" and "targets" in self._tables:
            asked = (view.measures, view.communes, view.years)
            view = replace(view, targets=list_targets(self._tables["targets"], *asked))
        new = view != self._view
        message = ""
        if new:
            if len(view.measures or ()) > MOST_MEASURES:
                raise ValueError(f"measures={view.measures!r}: the explorer shows two at most.")
            try:
                self._numbers = tabulate(self._tables[table_of(view)], view)
            except ValueError as error:
                if strict:
                    raise
                self._numbers, message = pd.DataFrame(), str(error)
            if view.kind == "trend" and view.communes and not message:
                named = self._numbers.loc[self._numbers["role"] == "commune", "series"].unique()
                view = replace(view, communes=tuple(named))
        self._picture, self._view, self._chosen = name, view, chosen
        self._write_controls()  # before the picture, so that who sees it sees its words
        if new:
            if message:
                self._stage.say(message)
            else:
                self._stage.show(self._numbers, view)
        self._stage.screen.lit = "".join(chosen[:1]) if self._preset.communes == "beside" else ""
        self._show_control()
        self._write_below()

    def _show_control(self) -> None:
        """Draw the control chart of the commune chosen, if the preset has one."""
        if self._preset.communes != "beside":
            return
        if not self._chosen:
            self._control_view = None
            self._control.hide()
            return
        shared = {name: getattr(self._view, name) for name in ("measures", "years", "language")}
        view = View(kind="control", communes=self._chosen, **shared)
        if view != self._control_view:
            try:
                self._control.show(tabulate(self._tables["records"], view), view)
            except ValueError as error:
                self._control.say(str(error))
        self._control_view = view

    def _find(self, communes: Iterable[str]) -> tuple[str, ...]:
        """Return the names of communes as the tables spell them."""
        if self._preset.communes == "series" or not communes:
            return ()
        if isinstance(communes, str):
            raise ValueError(f"communes={communes!r} is one text. Write communes=[{communes!r}].")
        if self._preset.communes == "beside":
            totals = tally(self._tables["records"], "commune", period="year")
            rows = find_rows(totals, communes)[-1:]
            return tuple(totals.groups["commune"].iloc[rows])
        return tuple(match_names(communes, {name_key(name): name for name in self._names()}))

    def _names(self) -> list[str]:
        """List the communes that the tables name, or that the boundaries of the view have."""
        if self._preset.communes == "rows":
            tables = (self._tables[name] for name in MOVEMENT if name in self._tables)
            found = {n for rows in tables if "commune" in rows for n in rows["commune"].dropna()}
        else:
            found = self._groups()["commune"]
        return sorted(found, key=vietnamese_order)

    def _groups(self) -> pd.DataFrame:
        """Return the communes on the boundaries of the view; the former ones if it has none."""
        records, view = self._tables["records"], self._view
        years = years_alone(records, view.boundaries, view.years or self._years)
        ask = {"period": "year", "boundaries": view.boundaries, "years": years}
        with suppress(ValueError):  # later years on earlier boundaries, as the picture says
            self._communes = tally(records, "commune", **ask).groups
        return self._communes

    def _has_communes(self, view: View) -> bool:
        """Check whether a view can be narrowed to communes: the rows of its table name them."""
        if "communes" not in KINDS[view.kind].settings:
            return False
        rows = self._tables[table_of(view)]
        return "commune" in rows and bool(rows["commune"].notna().any() or rows.empty)

    def _name_of(self, view: View) -> str:
        telling = ["kind"]
        if self._preset.communes == "rows":
            telling += ["table", "lag", "split", *(["by"] if view.kind == "parts" else [])]
        for name, known in self._preset.views.items():
            if all(getattr(known, part) == getattr(view, part) for part in telling):
                return name
        raise ValueError(f"This explorer shows {', '.join(self._pictures)}, not {view!r}.")

    def _named(self, view: View) -> str:
        name = table_of(view)
        if name == "records":
            return name
        return f'tables["{name}"]' if name in self._own else f'antq.load_table("{name}")'

    def _measures(self) -> list[str]:
        return measures_of(self._tables.get("records", ()))

    # ---- controls ----

    def _make_parts(self) -> None:
        self._choices = {name: self._make_control(name) for name in self._preset.controls}
        self._places = Places(self._read, most=1 if self._preset.communes == "beside" else None)
        largest = self._preset.views[self._pictures[0]]
        if self._preset.communes == "series":
            largest = View(measures=self._measures()[:MOST_MEASURES])
        self._stage = Stage(size_in_pixels(largest), "600px", self._answer)
        self._control = Stage(size_in_pixels(View(kind="control")), "560px", self._zoom_control)
        self._screen = self._stage.screen
        self._told = widgets.HTML()
        self._told.add_class(TOLD)
        self._buttons = {}
        for name, act in self._acts().items():
            self._buttons[name] = widgets.Button(layout=_wide())
            self._buttons[name].on_click(act)
        self._table_box = widgets.HTML(layout=widgets.Layout(height="300px", overflow="auto"))
        self._code_box = widgets.HTML(layout=widgets.Layout(display="none"))
        self._code_box.add_class("antq-code")
        for control in self._choices.values():
            control.observe(self._read, "value")
        # Beside each other where there is room for both, else below.
        stages = [self._stage, self._control][: 1 + (self._preset.communes == "beside")]
        pictures = widgets.Box(stages, layout=widgets.Layout(
            display="flex", flex_flow="row wrap", align_items="flex-start"
        ))  # fmt: skip
        right = widgets.VBox(
            [pictures, self._table_box, self._code_box],
            layout=widgets.Layout(flex="1 1 auto", min_width="0"),
        )
        left = widgets.VBox(
            [*self._choices.values(), self._places, *self._buttons.values(), self._told],
            layout=widgets.Layout(flex="0 0 300px"),
        )
        super().__init__([widgets.HTML(STYLE), widgets.HBox([left, right])])
        self.add_class("antq-explorer")

    def _make_control(self, name: str) -> widgets.Widget:
        if name == "years":
            options = list(range(self._years[0], self._years[1] + 1))
            return widgets.SelectionRangeSlider(
                options=options, index=(0, len(options) - 1), continuous_update=False,
                layout=_wide(),
            )  # fmt: skip
        options = {
            "language": LANGUAGE_NAMES,
            "above": self._measures(),
            "below": [*self._measures(), ""],
            "measure": self._measures(),
            "by": list(SPLITS),
            "per": [("count", 0), ("rate", PER)],
        }.get(name, self._pictures)
        return widgets.Dropdown(options=options, layout=_wide())

    def _acts(self) -> dict[str, Callable]:
        """Return what each button does, by the key of its label."""
        beside = {"save_control": lambda _: self._save("png", control=True)}
        first = self._first
        return {
            "reset": lambda _: self._show(self._name_of(first), first, (), strict=False),
            "save_png": lambda _: self._save("png"),
            "save_svg": lambda _: self._save("svg"),
            "save_numbers": lambda _: self._save("csv"),
            **(beside if self._preset.communes == "beside" else {}),
            "show_code": lambda _: self._toggle_code(),
        }

    def _read(self, change: object = None) -> None:
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        asked: dict[str, object] = {"language": value["language"]}
        asked["years"] = None if value["years"] == self._years else value["years"]
        if "above" in value:
            shown = dict.fromkeys([value["above"], value["below"]])
            asked |= {"measures": tuple(filter(None, shown)), "by": value["by"]}
            asked["per"] = value["per"] or None
        if "measure" in value:
            asked["measures"] = (value["measure"],)
        asked["picture"] = value.get("picture", value.get("subject", self._picture))
        chosen = self._places.chosen
        if self._preset.communes == "series":
            named = tuple(name for name in chosen if name not in (CITY, BY_KIND))
            asked["communes"] = named or (None if chosen else ())
            if not named and BY_KIND in chosen:
                asked["split"] = "kind"
        else:
            asked["communes"] = chosen
        self._change(asked, strict=False)

    def _write_controls(self) -> None:
        view, language, choices = self._view, self._view.language, self._choices
        named = [(find_measure(name).text("label", language), name) for name in self._measures()]
        rate = word("rate", language, per=number(view.per or PER, language))
        value = {"years": view.years or self._years, "language": language}
        options = {}
        if "above" in choices:
            records = self._tables["records"]
            periods = [(word(f"label_{by}", language), by) for by in possible_periods(records)]
            options = {"above": named, "below": [*named, ("—", "")], "by": periods}
            options["per"] = [(word("count", language), 0), (rate, view.per or PER)]
            value["above"], value["below"] = (*view.measures, "")[:2]
            value |= {"by": view.by, "per": view.per or 0}
        if "measure" in choices:
            options["measure"], value["measure"] = named, view.measures[0]
        for name in {"picture", "subject"} & set(choices):
            views = {key: self._preset.views[key] for key in self._pictures}
            options[name] = [
                (_name_of_view(name, key, v, language), key) for key, v in views.items()
            ]
            value[name] = self._picture
        self._writing = True
        try:
            for name, listed in options.items():
                if choices[name].options != tuple(listed):
                    choices[name].options = listed
            for name, control in choices.items():
                control.value = value[name]
                control.description = word(f"choose_{name}", language)
            for name, button in self._buttons.items():
                button.description = word(name, language)
            listed, chosen = self._listed()
            if (listed, chosen, language) != self._places.written:
                self._places.write(listed, chosen, language)
        finally:
            self._writing = False

    def _listed(self) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
        """Return the entries of the list of communes, and those that are chosen."""
        names = [(name, name) for name in self._names()]
        if self._preset.communes != "series":
            return names, self._chosen
        view = self._view
        labels = [(name_whole(self._tables["records"], view.language), CITY)]
        if self._communes["kind"].nunique() > 1:
            labels.append((word("kinds", view.language), BY_KIND))
        chosen = (BY_KIND,) if view.split else (CITY,) if view.communes is None else view.communes
        return labels + names, chosen

    def _write_below(self) -> None:
        """Write table, code, and what is left out; disable the buttons without anything to save."""
        self._table_box.value = table_html(self._numbers, self._view)
        for name in ("save_png", "save_svg", "save_numbers"):
            self._buttons[name].disabled = not self._stage.drawn
        if "save_control" in self._buttons:
            self._buttons["save_control"].disabled = not self._control.drawn
        self._told.value = html.escape(" ".join(self._left_out()))
        self._refresh_code()

    def _left_out(self) -> list[str]:
        """List what the picture does not show, or what is still to be chosen."""
        view, language = self._view, self._view.language
        if self._preset.communes == "beside":
            return [] if self._chosen else [word("pick_commune", language)]
        if self._preset.communes == "series":
            return []
        # Tables that only an office has are not missed.
        lacks = [
            _name_of_view("subject", name, of, language)
            for name, of in self._preset.views.items()
            if name not in self._pictures and has_sample(table_of(of))
        ]
        sentences = words_if({"subject_absent": lacks}, language, names="; ".join(lacks))
        if self._chosen and not self._has_communes(view):
            sentences.append(word("subject_whole", language))
        left_out = getattr(module_of(view.kind), "left_out", None)
        return sentences + (left_out(self._tables[table_of(view)], view) if left_out else [])

    def _save(self, kind: str, *, control: bool = False) -> None:
        name = file_name(self._control_view if control else self._view, kind)
        self._screen.save(name, TYPES[kind], self.file(kind, control=control))

    def _toggle_code(self) -> None:
        hidden = self._code_box.layout.display == "none"
        self._code_box.layout.display = "" if hidden else "none"
        self._refresh_code()
        if hidden:
            self._screen.bring(".antq-code")

    def _refresh_code(self) -> None:
        if self._code_box.layout.display != "none":
            copy = word("copy_code", self._view.language)
            self._code_box.value = (
                f'<pre tabindex="0">{html.escape(self._loading() + self.code())}</pre>'
                f'<button class="jupyter-button antq-copy">{copy}</button>'
            )

    def _loading(self) -> str:
        """Return the lines that come before the code: they load the records."""
        lines = ["import antq_helpers as antq"]
        if "records" in self._tables:
            records = self._tables["records"]
            own = records[records["source"] != "illustrative"]
            files = list(own["file"].dropna().unique()) if "file" in own else []
            lines.append(f"records = antq.load_records({files or ''})")
        return "\n".join([*lines, ""])

    # ---- what is done on the picture ----

    def _answer(self, message: dict) -> None:
        """Follow a click on a unit or on empty ground, or a drag over periods."""
        if "zoom" in message:
            self._zoom(self._stage.chart, message["zoom"])
            return
        name = message.get("click")
        if name is not None and name not in self._names():
            return
        if self._preset.communes == "series":
            if name is None:
                asked, self._before_click = self._before_click, None
            else:
                now = {"communes": self._view.communes, "split": self._view.split}
                self._before_click = self._before_click or now
                asked = {"communes": (name,)}
            if asked:
                view = replace(self._view, **{"split": None, **asked})
                self._show(self._picture, view, (), strict=False)
            return
        self._change({"communes": () if name is None else (name,)}, strict=False)

    def _zoom_control(self, message: dict) -> None:
        if "zoom" in message:
            self._zoom(self._control.chart, message["zoom"])

    def _zoom(self, chart: Chart, ends: list[int] | None) -> None:
        """Show the years between two periods of a chart, by their index; None is all years."""
        years = None
        if ends:
            named = [chart.periods[end] for end in ends]
            years = tuple(
                int(of[:4]) if is_day(of) else period_days(of)[i].year for i, of in enumerate(named)
            )
        self._change({"years": years}, strict=False)


def _name_of_view(control: str, name: str, view: View, language: str) -> str:
    parts = view.kind == "parts"
    return word(f"parts_{view.table}_{view.by}" if parts else f"{control}_{name}", language)


def _years_in(tables: Mapping[str, pd.DataFrame]) -> tuple[int, int]:
    """Return the first and the last year in any of the tables."""
    ends = []
    for rows in tables.values():
        years = [rows["year"]] if "year" in rows else []
        if "since" in rows:
            years += [rows[day].dt.year for day in ("since", "until")]
            years[1] = years[1].where(rows["until"] <= pd.Timestamp.today())  # else a plan
        if "met" in rows:
            years.append(days_of_items(rows).dt.year)
        ends += [end for year in years for end in (year.min(), year.max()) if pd.notna(end)]
    ends = ends or [pd.Timestamp.today().year]  # commendations may bear no year
    return int(min(ends)), int(max(ends))


def file_name(view: View, kind: str) -> str:
    """Name a file after its view, in letters that every system accepts.

    Examples
    --------
    >>> file_name(View(measures=["tips"], communes=["Tuy Lộc"], years=(2015, 2020)), "png")
    'antq-tips-tuy-loc-2015-2020.png'
    """
    communes, chosen = view.communes or (), view.settings()
    many = len(communes) > _MOST_NAMED
    places = [str(len(communes)), "communes"] if many else map(without_marks, communes)
    drawn = [chosen.get("kind"), view.table, *(view.measures or ()), "later" if view.lag else ""]
    parts = ["antq", *drawn, chosen.get("split"), *places, *map(str, view.years or ())]
    parts += [str(chosen.get("by", "")), "rate" if "per" in chosen else ""]
    return re.sub(r"[^a-z0-9_]+", "-", "-".join(filter(None, parts))).strip("-") + f".{kind}"


def _wide() -> widgets.Layout:
    return widgets.Layout(width="auto")
