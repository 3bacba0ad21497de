"""Explorer of the movement: outreach, drives, models, partners, commendations."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import (
    LANGUAGES,
    check_choice,
    name_part,
    number,
    vietnamese_order,
    word,
)
from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import Picture
from antq_helpers.drawing.movement import (
    name_day,
    plot_parts,
    plot_stock,
    stocks_until,
)
from antq_helpers.drawing.relation import plot_relation
from antq_helpers.exploring.communes import Stage, new_picture
from antq_helpers.exploring.controls import MOST_LISTED, Places
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
from antq_helpers.measuring.relating import pair_rates
from antq_helpers.measuring.stocks import last_day, stock_of
from antq_helpers.measuring.totals import check_years, match_names, select
from antq_helpers.places import name_key, register, without_marks
from antq_helpers.reading.movement import MOVEMENT, load_table
from antq_helpers.records import register_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# By subject: the table, the column of bars, the column that divides them.
_PARTS = {
    "places": ("models", "commune", None),
    "drives": ("drives", "kind", None),
    "drive_places": ("drives", "commune", None),
    "partners": ("partner_activities", "kind", "organisation"),
    "commendations": ("commendations", "authority", "recipient"),
}
_LAGS = {"outreach": 0, "outreach_later": 1}
SUBJECTS = (*_LAGS, "stock", *_PARTS)
_OF_MODELS = ("stock", "places")


@dataclass(frozen=True)
class Scene:
    """What is shown: a subject and, where it has them, some units and years."""

    subject: str = "outreach"
    communes: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        check_choice("subject", self.subject, SUBJECTS)
        check_choice("language", self.language, LANGUAGES)


def table_of(subject: str) -> str:
    """Return the name of the table that a subject shows."""
    return "records" if subject in _LAGS else _PARTS.get(subject, ("models",))[0]


def has_communes(subject: str, tables: Mapping[str, pd.DataFrame]) -> bool:
    """Check whether a subject can be filtered by unit: its rows name units."""
    rows = tables[table_of(subject)]
    if subject in _OF_MODELS:
        return True
    return subject not in _LAGS and "commune" in rows and bool(rows["commune"].notna().any())


def held_years(tables: Mapping[str, pd.DataFrame]) -> tuple[int, int]:
    """Return the first and the last year in any of the tables."""
    ends = []
    for rows in tables.values():
        years = [rows["year"]] if "year" in rows else []
        if "since" in rows:
            years += [rows[day].dt.year for day in ("since", "until")]
            years[1] = years[1].where(rows["until"] <= pd.Timestamp.today())  # else a plan
        ends += [end for year in years for end in (year.min(), year.max()) if pd.notna(end)]
    return int(min(ends)), int(max(ends))


def draw_subject(scene: Scene, tables: Mapping[str, pd.DataFrame], ax: Axes) -> None:
    """Draw a subject on an Axes."""
    subject, language = scene.subject, scene.language
    if subject in _LAGS:
        records = _records(scene, tables["records"])
        if records.empty:
            raise ValueError(word("nothing_to_draw", language))
        plot_relation(records, lag=_LAGS[subject], language=language, ax=ax)
    elif subject == "stock":
        rows, day = _models(scene, tables), _day_of(scene, tables)
        plot_stock(rows, years=scene.years, at=day, language=language, ax=ax)
    else:
        _, by, split = _PARTS[subject]
        title, rows = _title(scene, tables), _counted(scene, tables)
        plot_parts(rows, by=by, split=split, title=title, language=language, ax=ax)


def code_of(scene: Scene, tables: Mapping[str, pd.DataFrame], own: Collection[str]) -> str:
    """Return the call that draws a subject again; ``own`` tables are the reader's ``tables``."""
    subject, years = scene.subject, scene.years
    said = "" if scene.language == "en" else f", language={scene.language!r}"
    if subject in _LAGS:
        lag = ", lag=1" if _LAGS[subject] else ""
        kept = _years_of_records(scene, tables["records"])
        records = "records" if years is None else f"antq.select(records, years={kept!r})"
        return f"antq.plot_relation({records}{lag}{said})"
    table, by, split = _PARTS.get(subject, ("models", "", None))
    asked = f'.query("commune in {list(scene.communes)!r}")' if scene.communes else ""
    rows = f'tables["{table}"]' if table in own else f'antq.load_table("{table}")'
    if subject in _OF_MODELS and _too_late(scene, tables):
        rows += ".head(0)"
    if subject == "stock":
        at = f", at={_day_of(scene, tables)!r}"
        at = at if years is None else f", years={years!r}{at}"
        return f"antq.plot_stock({rows}{asked}{at}{said})"
    day = _day_of(scene, tables) if subject == "places" else ""
    rows = _WHERE.get(subject, "{rows}").format(rows=rows, day=day)
    if years and subject != "places":
        rows += f'.query("{years[0]} <= year <= {years[1]}")'
    divided = f", split={split!r}" if split else ""
    title = f", title={_title(scene, tables)!r}"
    return f"antq.plot_parts({rows}{asked}, by={by!r}{divided}{title}{said})"


# Leaflets are counted singly and would dwarf the rest; models that have ended are no stock, and
# those of a unit that was merged count for its successor.
_WHERE = {
    "partners": "{rows}.query(\"kind != 'leaflets'\")",
    "places": "antq.stock_of({rows}, '{day}', 'commune', 'source').reset_index()",
    "drive_places": "{rows}.dropna(subset='commune')",
}


def _counted(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the rows that a subject counts, filtered as in the code of :func:`code_of`."""
    subject, rows = scene.subject, tables[table_of(scene.subject)]
    if subject == "partners":
        rows = rows[rows["kind"] != "leaflets"]
    if subject == "places":
        rows = _models(replace(scene, communes=()), tables)
        if len(rows):
            rows = stock_of(rows, _day_of(scene, tables), "commune", "source").reset_index()
    elif scene.years:
        rows = rows[rows["year"].between(*scene.years).fillna(False).astype(bool)]
    if subject == "drive_places":
        rows = rows.dropna(subset="commune")
    return _rows(rows, scene.communes)


def _models(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the models of the chosen units; none if the chosen years are later than the data."""
    rows = _rows(tables["models"], scene.communes)
    return rows.head(0) if _too_late(scene, tables) else rows


def _records(scene: Scene, records: pd.DataFrame) -> pd.DataFrame:
    """Return the records of the chosen years, with the year before if sessions are lagged."""
    if scene.years is None:
        return records
    first, last = _years_of_records(scene, records)
    return records.head(0) if first > last else select(records, years=(first, last))


def _years_of_records(scene: Scene, records: pd.DataFrame) -> tuple[int, int]:
    held = int(records["year"].min()), int(records["year"].max())
    first, last = scene.years or held
    return max(first - _LAGS[scene.subject], held[0]), min(last, held[1])


def _day_of(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the last day of all models, so that each unit's are counted on the same one.

    Where years are chosen, it is no later than the last of them.
    """
    models = tables["models"]
    day = pd.Timestamp.today() if models.empty else last_day(models)
    if scene.years:
        day = min(day, pd.Timestamp(scene.years[1], 12, 31))
    return f"{day:%Y-%m-%d}"


def _too_late(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> bool:
    """Check whether the chosen years begin after the data on models end."""
    return scene.years is not None and int(_day_of(scene, tables)[:4]) < scene.years[0]


def _title(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the title of a subject, with its day or the chosen years."""
    title = word(f"subject_{scene.subject}", scene.language)
    if scene.subject == "places":
        return f"{title}, {name_day(_day_of(scene, tables), scene.language)}"
    years = "–".join(dict.fromkeys(map(str, scene.years or ())))
    return f"{title}, {years}" if years else title


def numbers_of(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the numbers that a subject draws, with ``illustrative``."""
    subject = scene.subject
    if subject in _LAGS:
        columns = ["commune", "year", "sessions", "tips", "illustrative"]
        records = _records(scene, tables["records"])
        if records.empty:
            return pd.DataFrame(columns=columns)
        return pair_rates(records, lag=_LAGS[subject])[columns]
    if subject == "stock":
        rows, day = _models(scene, tables), _day_of(scene, tables)
        stock = pd.DataFrame() if rows.empty else stocks_until(rows, day, scene.years).T
        table = stock.rename_axis("day").reset_index()
        return table.assign(illustrative=_made_up(rows))
    _, by, split = _PARTS[subject]
    rows = _counted(scene, tables)
    keys = [by, split] if split else [by]
    summed = rows.groupby(keys, as_index=False)["count"].sum()
    if by == "commune":
        order = register_of(tables["records"]).order
        summed = summed.sort_values(by, key=order, kind="stable", ignore_index=True)
    return summed.assign(illustrative=_made_up(rows))


def undated(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> int:
    """Count what the choice of years leaves out because its rows state no year."""
    if scene.years is None or scene.subject in (*_LAGS, *_OF_MODELS):
        return 0
    rows = _counted(replace(scene, years=None), tables)
    return int(rows.loc[rows["year"].isna(), "count"].sum())


def without_rows(scene: Scene, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """List the chosen units for which a subject has no rows."""
    of_stock = scene.subject == "stock"
    rows = _models(scene, tables) if of_stock else _counted(scene, tables)
    return [name for name in scene.communes if name not in set(rows["commune"])]


def _rows(table: pd.DataFrame, communes: tuple[str, ...]) -> pd.DataFrame:
    return table[table["commune"].isin(communes)] if communes else table


def _made_up(rows: pd.DataFrame) -> bool:
    return bool((rows["source"] == "illustrative").any())


def alt_of(scene: Scene, numbers: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the alt text of a chart: its subject, and its largest part or number of points."""
    subject, language = scene.subject, scene.language
    mark = word("illustrative", language) + ". " if numbers["illustrative"].any() else ""
    begun = f"{mark}{_title(scene, tables)}."
    if subject in _LAGS:
        return f"{begun} {word('alt_points', language, count=number(len(numbers), language))}"
    if subject == "stock":
        last = numbers.drop(columns=["day", "illustrative"]).sum(axis=1).iloc[-1]
        day = name_day(numbers["day"].iloc[-1], language)
        return f"{begun} {word('alt_stock', language, count=number(last, language), day=day)}"
    by = numbers.columns[0]
    whole = numbers.groupby(by)["count"].sum()
    if whole.empty:
        return f"{begun} {word('alt_no_value', language)}"
    where, value = name_part(whole.idxmax(), language), number(whole.max(), language)
    return f"{begun} {word('alt_highest', language, where=where, value=value)}"


def table_html(numbers: pd.DataFrame, language: str) -> str:
    """Return numbers as an HTML table, names in words."""
    mark = word("illustrative", language) if numbers["illustrative"].any() else ""
    shown = numbers.drop(columns="illustrative")
    heads = "".join(f'<th scope="col">{html.escape(_head(c, language))}</th>' for c in shown)
    rows = "".join(
        "<tr>" + "".join(_cell(cell, language) for cell in row) + "</tr>"
        for row in shown.head(MOST_LISTED).itertuples(index=False)
    )
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _head(column: str, language: str) -> str:
    known = {"commune": "communes", "year": "label_year", "count": "part_count", "day": "part_day"}
    key = known.get(column, f"part_{column}")
    return word(key, language)


def _cell(cell: object, language: str) -> str:
    if isinstance(cell, str):
        told = name_day(cell, language) if cell[:2].isdigit() else name_part(cell, language)
        return f'<th scope="row">{html.escape(told)}</th>'
    whole = float(cell).is_integer()
    year = whole and 1900 < cell < 2200
    told = f"{cell:.0f}" if year else number(cell, language, 0 if whole else 2)
    return f"<td><b>{told}</b></td>"


def explore_movement(
    records: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    language: str = "en",
) -> MovementExplorer:
    """Explore outreach, models, drives, the partners' work and commendations.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    tables
        Drives, models, partner activities and commendations by name. Of records of Yên Bái, those
        that are not given are the workbook's own; of another place they are left out, and the
        explorer says which.
    language
        To begin with: ``"en"`` or ``"vi"``.

    Returns
    -------
    MovementExplorer
        A widget. ``.table`` has the numbers that are drawn, and ``.code()`` is the call that draws
        them again, of your ``tables``, if you gave any. Set ``.subject``, ``.communes``,
        ``.years`` or ``.language``, and the picture follows.

    Raises
    ------
    ValueError
        For models of another place than the records, and for tables of another name.
    """
    place, held = register_of(records).key, dict(tables or {})
    for name in held:
        check_choice("table", name, (*MOVEMENT, "records"))
    models = held.get("models", pd.DataFrame())
    if "place" in models and len(models) and register_of(models).key != place:
        raise ValueError(
            "The models are of another place than the records. Load both with the same communes=."
        )
    if place == register().key:
        held |= {name: load_table(name) for name in MOVEMENT if name not in held}
    shown = {**held, "records": records}
    return MovementExplorer(shown, Scene(language=language), own=tuple(tables or ()))


class MovementExplorer(Explorer):
    """The widget returned by :func:`explore_movement`."""

    def __init__(
        self, tables: dict[str, pd.DataFrame], first: Scene, *, own: tuple[str, ...] = ()
    ) -> None:
        self._tables, self._first, self._looked_at, self._own = tables, first, None, own
        self._subjects = [name for name in SUBJECTS if table_of(name) in tables]
        self._years = held_years(tables)
        held = (tables[name] for name in MOVEMENT if name in tables)
        named = {name for rows in held if "commune" in rows for name in rows["commune"].dropna()}
        self._names = sorted(named, key=vietnamese_order)
        self._stage = Stage(style.TALL, "600px")
        shown = widgets.HBox([self._stage])  # in a row, because the stage's flex basis is a width
        choices = {
            "subject": widgets.Dropdown(options=self._subjects, layout=wide()),
            "years": years_slider(self._years),
            "language": language_choice(),
        }
        super().__init__(choices, Places(self._read), [shown], self._stage.screen)
        self._show(first)

    def __repr__(self) -> str:
        return f"MovementExplorer({self._looked_at!r})"

    subject = part("subject", "outreach, outreach_later, stock, places, drives and so on.")
    communes = part("communes", "Names; an empty tuple is the whole city.")
    years = part("years", "First and last year; None is all.")
    language = part("language", "en or vi.")

    def _take(self, name: str, value: object) -> None:
        self._show(self._checked(replace(self._looked_at, **{name: value})))

    @property
    def table(self) -> pd.DataFrame:
        """The numbers drawn."""
        return self._numbers.copy()

    def code(self) -> str:
        """Return the call that draws this chart again from ``records`` and ``tables``."""
        return code_of(self._shown(), self._tables, self._own)

    def file(self, kind: str) -> bytes:
        """Return the chart as ``"png"`` or ``"svg"``, or its numbers as ``"csv"``."""
        check_choice("kind", kind, TYPES)
        if kind == "csv":
            table = self._numbers.astype({self._numbers.columns[0]: str})
            return csv_of(table, table.columns[0], self._looked_at.language)
        return picture_as(self._draw(internal=True), kind)

    def _checked(self, scene: Scene) -> Scene:
        """Check a scene against the tables, before anything changes."""
        check_choice("subject", scene.subject, self._subjects)
        if scene.years is not None:
            first, last = self._years
            years = check_years(pd.DataFrame({"year": range(first, last + 1)}), scene.years)
            scene = replace(scene, years=None if years == self._years else years)
        known = {name_key(name): name for name in self._names}
        return replace(scene, communes=tuple(match_names(scene.communes, known)))

    def _shown(self) -> Scene:
        """Return the scene drawn; a subject that names no units is drawn whole."""
        scene = self._looked_at
        return scene if has_communes(scene.subject, self._tables) else replace(scene, communes=())

    def _read(self, change: object = None) -> None:
        """Read the scene from the controls, and show it if it has changed."""
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        if value["years"] == self._years:
            value["years"] = None
        scene = Scene(**value, communes=self._places.chosen)
        if scene != self._looked_at:
            self._show(scene)

    def _show(self, scene: Scene) -> None:
        self._looked_at, language = scene, scene.language
        self._writing = True
        try:
            named = [(word(f"subject_{name}", language), name) for name in self._subjects]
            self._choices["subject"].options = named
            self._choices["subject"].value = scene.subject
            self._choices["years"].value = scene.years or self._years
            self._choices["language"].value = language
            self._write_words(language)
            listed = [(name, name) for name in self._names]
            self._places.write(listed, scene.communes, language)
        finally:
            self._writing = False
        self._numbers = numbers_of(self._shown(), self._tables)
        self._stage.show(self._draw)
        for name in ("save_png", "save_svg", "save_numbers"):
            self._buttons[name].disabled = not self._stage.drawn
        self._table_box.value = table_html(self._numbers, language)
        self._say(" ".join(self._unshown(scene)))
        self._refresh_code()

    def _unshown(self, scene: Scene) -> list[str]:
        """List what is left out: subjects without table, units without rows, rows without year."""
        language, said = scene.language, []
        absent = [name for name in SUBJECTS if name not in self._subjects]
        if absent:
            names = "; ".join(word(f"subject_{name}", language) for name in absent)
            said.append(word("subject_absent", language, names=names))
        if not has_communes(scene.subject, self._tables):
            said += [word("subject_whole", language)] if scene.communes else []
        elif lacking := without_rows(scene, self._tables):
            said.append(word("subject_lacks", language, names=", ".join(lacking)))
        if count := undated(self._shown(), self._tables):
            said.append(word("subject_undated", language, count=number(count, language)))
        return said

    def _draw(self, *, internal: bool = False) -> Picture:
        scene = self._looked_at
        picture = new_picture("picture")
        with style.look():
            ax = picture.subplots()
            draw_subject(self._shown(), self._tables, ax)
            if internal:
                mark = word("internal", scene.language)
                picture.supxlabel(mark, x=0.995, ha="right", fontsize=8.5, color=style.NOTE)
        picture.alt = alt_of(self._shown(), self._numbers, self._tables)
        return picture

    def _reset(self) -> None:
        self._show(self._first)

    def _file_name(self, kind: str) -> str:
        scene = self._shown()
        few, years = map(without_marks, scene.communes[:3]), map(str, scene.years or ())
        return safe_name(["antq", scene.subject, *few, *years], kind)
