"""Explorer that compares units, with the control chart of one of them."""

from __future__ import annotations

import html
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import (
    LANGUAGES,
    check_choice,
    find_measure,
    measures,
    number,
    vietnamese_order,
    word,
)
from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import DPI, KeptCanvas, Picture, png
from antq_helpers.drawing.figure import WIDTH
from antq_helpers.drawing.frame import compared_alt, control_alt, name_measure, name_unit
from antq_helpers.drawing.labels import period_label
from antq_helpers.exploring.controls import MOST_COLUMNS, MOST_LISTED, Places, Screen, cell
from antq_helpers.exploring.explorer import (
    TYPES,
    Explorer,
    csv_of,
    language_choice,
    part,
    picture_as,
    safe_name,
    wide,
    years_slider,
)
from antq_helpers.measuring.comparisons import compare_communes, compare_over_time
from antq_helpers.measuring.funnels import funnel
from antq_helpers.measuring.totals import (
    check_years,
    find_rows,
    select,
    tally,
    total_by,
    years_of,
)
from antq_helpers.places import without_marks
from antq_helpers.records import check_records, name_whole

PICTURES = ("ranking", "tile_map", "heatmap", "funnel", "small_multiples")
PER = 1000
HEIGHTS = {"picture": style.TALL, "control": 3.9}
_BY_PERIOD = ("heatmap", "small_multiples")


@dataclass(frozen=True)
class Look:
    """What is shown: a chart of all units and, if one is chosen, its control chart."""

    measure: str = "tips"
    years: tuple[int, int] | None = None
    picture: str = "ranking"
    commune: str | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        find_measure(self.measure)
        check_choice("picture", self.picture, PICTURES)
        check_choice("language", self.language, LANGUAGES)
        if isinstance(self.years, Iterable):
            # Integers of any library become int, so that the code shown is plain Python.
            object.__setattr__(self, "years", tuple(map(operator.index, self.years)))

    def arguments(self) -> dict[str, object]:
        """Return the arguments of the drawing functions; years and language unless default."""
        said = {"measure": self.measure, "years": self.years, "language": self.language}
        return {name: value for name, value in said.items() if value not in (None, "en")}


def numbers_of_look(records: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Return the numbers that the chart draws, a row per unit, and per period if it has them."""
    if look.picture == "funnel":
        chosen = records if look.years is None else select(records, years=look.years)
        return funnel(total_by(chosen, "commune", boundaries=_latest(records)), **_measure(look))
    if look.picture in _BY_PERIOD:
        return compare_over_time(records, years=look.years, **_measure(look))[0]
    return compare_communes(records, years=look.years, **_measure(look))


def code_of(look: Look, *, control: bool = False) -> str:
    """Return the call that draws the chart, or the control chart, again."""
    said = {"commune": look.commune} if control else {}
    written = ", ".join(f"{name}={value!r}" for name, value in (said | look.arguments()).items())
    return f"antq.plot_{'control' if control else look.picture}(records, {written})"


def draw_look(
    records: pd.DataFrame,
    look: Look,
    *,
    numbers: pd.DataFrame | None = None,
    control: bool = False,
    internal: bool = False,
) -> Picture:
    """Draw the chart, or the control chart, with its alt text.

    ``numbers`` are those of :func:`numbers_of_look`, if already computed; ``internal``
    marks the picture for internal circulation.
    """
    kind = "control" if control else look.picture
    said = {"commune": look.commune} if control else {}
    picture = new_picture("control" if control else "picture")
    with style.look():
        plot_of(kind)(records, **said, **look.arguments(), ax=picture.subplots())
        if internal:
            mark = word("internal", look.language)
            picture.supxlabel(mark, x=0.995, ha="right", fontsize=8.5, color=style.NOTE)
    picture.alt = _alt(records, look, numbers, control)
    return picture


def new_picture(size: str) -> Picture:
    """Return an empty picture of ``"picture"`` or ``"control"`` size, with automatic layout."""
    with style.look():
        picture = Picture(figsize=(WIDTH, HEIGHTS[size]), dpi=DPI, layout="constrained")
        KeptCanvas(picture)
    return picture


def plot_of(kind: str) -> object:
    """Return the function that draws a kind of chart, from the module of that name."""
    return getattr(import_module(f"antq_helpers.drawing.{kind}"), f"plot_{kind}")


def _alt(records: pd.DataFrame, look: Look, numbers: pd.DataFrame | None, control: bool) -> str:
    told = {"years": look.years or years_of(records), "per": PER, "language": look.language}
    if control:
        yearly = compare_communes(records, period="year", years=look.years, **_measure(look))
        return control_alt(yearly, commune=look.commune, **told)
    table = numbers_of_look(records, look) if numbers is None else numbers
    return compared_alt(table, picture=look.picture, **told)


def _measure(look: Look) -> dict[str, object]:
    return {"measure": look.measure, "per": PER}


def _latest(records: pd.DataFrame) -> int:
    return int(records["boundaries"].max())


_LEVELS = {"95": 95, "998": 99.8}


def compared_html(table: pd.DataFrame, per: int, language: str) -> str:
    """Return numbers as an HTML table: a row per unit, a column per period or funnel limit.

    Parameters
    ----------
    table
        The result of :func:`compare_communes` or :func:`funnel`; an empty one gives no text.
    """
    if table.empty:
        return ""
    measure = table["measure"].iloc[0]
    columns = (_limits if "outlier" in table else _periods)(table, language)
    names = list(table["commune_id"].drop_duplicates().index)[:MOST_LISTED]
    shown = dict(list(columns.items())[:MOST_COLUMNS])
    title = f"{name_measure(measure, per, language)} ({name_unit(measure, per, language)})"
    heads = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in shown)
    body = "".join(
        f'<tr><th scope="row">{html.escape(table.at[row, "commune"])}</th>'
        + "".join(f"<td>{cells.get(table.at[row, 'commune_id'], '')}</td>" for cells in
                  shown.values())
        + "</tr>"
        for row in names
    )  # fmt: skip
    mark = word("illustrative", language) if table["illustrative"].any() else ""
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption><thead><tr><td></td>'
        f'<th colspan="{len(shown)}" scope="colgroup">{html.escape(title)}</th></tr>'
        f'<tr><th scope="col">{word("communes", language)}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>{_cut(table, columns, language)}"
    )


def _periods(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    """Format the values and intervals of each period, by unit."""
    columns = {}
    for period, rows in table.groupby("period", sort=True):
        values = zip(rows["value"], rows["low"], rows["high"], rows["state"], strict=True)
        cells = [cell(*row, language) for row in values]
        columns[period_label(period, language)] = dict(zip(rows["commune_id"], cells, strict=True))
    return columns


def _limits(table: pd.DataFrame, language: str) -> dict[str, dict[str, str]]:
    """Format the columns of a funnel by unit: value, limits, and on which side it lies."""
    columns = {word("compared_value", language): [_bold(v, language) for v in table["value"]]}
    for name, share in _LEVELS.items():
        head = word("compared_limits", language, share=number(share, language, int(share % 1 > 0)))
        pairs = zip(table[f"low_{name}"], table[f"high_{name}"], strict=True)
        columns[head] = ["–".join(number(v, language, 1) for v in pair) for pair in pairs]
    sides = [word(f"side_{side or 'none'}", language) for side in table["outlier"]]
    columns[word("compared_side", language, whole=name_whole(table, language, inside=True))] = sides
    return {name: dict(zip(table["commune_id"], c, strict=True)) for name, c in columns.items()}


def _bold(value: float, language: str) -> str:
    missing = value != value
    return word("not_reported", language) if missing else f"<b>{number(value, language, 1)}</b>"


def _cut(table: pd.DataFrame, columns: dict, language: str) -> str:
    """Return the notes on rows and columns that the table leaves out."""
    left = {
        "more_rows": table["commune_id"].nunique() - MOST_LISTED,
        "more_columns": len(columns) - MOST_COLUMNS,
    }
    return "".join(
        f"<p>{word(key, language, count=number(count, language))}</p>"
        for key, count in left.items()
        if count > 0
    )


def explore_communes(records: pd.DataFrame, *, language: str = "en") -> CommuneExplorer:
    """Explore how communes and wards compare, with the control chart of one of them.

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
    return CommuneExplorer(check_records(records), Look(language=language))


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
        """Show the picture that ``draw`` returns, or the message of its error in the same place."""
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
        """Hide the picture, and free its space."""
        self.drawn, self.layout.display = False, "none"


class CommuneExplorer(Explorer):
    """The widget returned by :func:`explore_communes`."""

    def __init__(self, records: pd.DataFrame, first: Look) -> None:
        self._records, self._first, self._looked_at = records, first, None
        self._years = years_of(records)
        self._numbers = pd.DataFrame()
        self._totals = tally(records, "commune", period="year")
        names = sorted(self._totals.groups["commune"], key=vietnamese_order)
        self._listed = [(name, name) for name in names]
        self._stage = Stage(HEIGHTS["picture"], "600px")
        self._control = Stage(HEIGHTS["control"], "560px")
        choices = {
            "measure": widgets.Dropdown(options=list(measures()), layout=wide()),
            "years": years_slider(self._years),
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
        """The numbers drawn: the result of :func:`compare_communes` or :func:`funnel`."""
        return self._numbers.copy()

    def code(self) -> str:
        """Return the calls that draw what is shown again, the control chart's last."""
        calls = [code_of(self._looked_at)]
        if self._looked_at.commune:
            calls.append(code_of(self._looked_at, control=True))
        return "\n".join(calls)

    def file(self, kind: str, *, control: bool = False) -> bytes:
        """Return the chart or control chart as ``"png"`` or ``"svg"``, or numbers as ``"csv"``."""
        check_choice("kind", kind, TYPES)
        records, look = self._records, self._looked_at
        if kind == "csv":
            return csv_of(numbers_of_look(records, look), "commune", look.language)
        return picture_as(draw_look(records, look, control=control, internal=True), kind)

    def _checked(self, look: Look) -> Look:
        """Check years and unit against the records, before anything changes."""
        if look.years is not None:
            check_years(self._records, look.years)
        if look.commune is None:
            return look
        place = find_rows(self._totals, (look.commune,))[0]
        return replace(look, commune=self._totals.groups["commune"].iloc[place])

    def _read(self, change: object = None) -> None:
        """Read the look from the controls, and show it if it has changed."""
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        if value["years"] == self._years:
            value["years"] = None  # so that the years of later records are shown, too
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
            choices["years"].value = look.years or self._years
            self._write_words(language)
            chosen = () if look.commune is None else (look.commune,)
            self._places.write(self._listed, chosen, language)
        finally:
            self._writing = False

    def _show(self, look: Look) -> None:
        """Set the controls, and redraw what has changed."""
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
        records = self._records
        try:
            self._numbers = numbers_of_look(records, look)
        except ValueError:  # drawing raises it again, and shows its message
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
        self._control.show(lambda: draw_look(self._records, look, control=True))

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
        years = map(str, look.years or self._years)
        return safe_name(["antq", look.measure, *drawn, *years], kind)
