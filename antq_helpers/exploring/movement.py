"""Records and the movement's tables in; an explorer of what the movement did out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import ipywidgets as widgets
import pandas as pd

from antq_helpers.communes import register
from antq_helpers.dictionary import check_choice, number, vietnamese_order, word
from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import Picture
from antq_helpers.exploring.communes import Stage
from antq_helpers.exploring.compared import new_picture
from antq_helpers.exploring.controls import Places
from antq_helpers.exploring.explorer import Explorer, language_choice, part, wide, years_slider
from antq_helpers.exploring.files import TYPES, csv_of, picture_as, safe_name
from antq_helpers.exploring.subjects import (
    SUBJECTS,
    Scene,
    alt_of,
    code_of,
    draw_subject,
    has_communes,
    held_years,
    numbers_of,
    table_html,
    table_of,
    undated,
    without_rows,
)
from antq_helpers.measuring.totals import check_years, match_names
from antq_helpers.reading.movement import MOVEMENT, load_table
from antq_helpers.records import register_of
from antq_helpers.registers import name_key, without_marks


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
    """The widget of :func:`explore_movement`."""

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
        shown = widgets.HBox([self._stage])  # its room is a width
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
        """The numbers that are drawn."""
        return self._numbers.copy()

    def code(self) -> str:
        """Return the one call that draws this picture again, of ``records`` and ``tables``."""
        return code_of(self._shown(), self._tables, self._own)

    def file(self, kind: str) -> bytes:
        """Give the picture as ``"png"`` or ``"svg"``, or its numbers as ``"csv"``."""
        check_choice("kind", kind, TYPES)
        if kind == "csv":
            table = self._numbers.astype({self._numbers.columns[0]: str})
            return csv_of(table, table.columns[0], self._looked_at.language)
        return picture_as(self._draw(internal=True), kind)

    def _checked(self, scene: Scene) -> Scene:
        """Refuse what the tables do not hold, before anything has changed."""
        check_choice("subject", scene.subject, self._subjects)
        if scene.years is not None:
            first, last = self._years
            years = check_years(pd.DataFrame({"year": range(first, last + 1)}), scene.years)
            scene = replace(scene, years=None if years == self._years else years)
        known = {name_key(name): name for name in self._names}
        return replace(scene, communes=tuple(match_names(scene.communes, known)))

    def _shown(self) -> Scene:
        """Return what is drawn: a subject that names no communes is drawn whole."""
        scene = self._looked_at
        return scene if has_communes(scene.subject, self._tables) else replace(scene, communes=())

    def _read(self, change: object = None) -> None:
        """Take the scene that the controls say, and show it if it is another one."""
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
        """Say what is left out: subjects without a table, communes such as merged ones, years."""
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
