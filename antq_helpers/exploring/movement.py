"""Records and the movement's tables in; an explorer of what the movement did out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, vietnamese_order, word
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import Picture
from antq_helpers.exploring.communes import Stage
from antq_helpers.exploring.compared import new_picture
from antq_helpers.exploring.controls import Places
from antq_helpers.exploring.explorer import Explorer, language_choice, part, wide
from antq_helpers.exploring.files import TYPES, csv_of, picture_as, safe_name
from antq_helpers.exploring.subjects import (
    OF_COMMUNES,
    SUBJECTS,
    alt_of,
    code_of,
    draw_subject,
    numbers_of,
    table_html,
    without_rows,
)
from antq_helpers.measuring.totals import match_names
from antq_helpers.reading.movement import MOVEMENT, load_table
from antq_helpers.registers import name_key, without_marks


@dataclass(frozen=True)
class Scene:
    """What is looked at: a subject and, where it has them, some communes."""

    subject: str = "outreach"
    communes: tuple[str, ...] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        check_choice("subject", self.subject, SUBJECTS)
        check_choice("language", self.language, LANGUAGES)


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
        Drives, models, partner activities and commendations by name; the workbook's own where
        they are not given.
    language
        To begin with: ``"en"`` or ``"vi"``.

    Returns
    -------
    MovementExplorer
        A widget. ``.table`` has the numbers that are drawn, and ``.code()`` is the call that draws
        them again, of your ``tables``, if you gave any. Set ``.subject``, ``.communes`` or
        ``.language``, and the picture follows.
    """
    held = dict(tables or {})
    missing = [name for name in MOVEMENT if name not in held]
    held |= {name: load_table(name) for name in missing}
    shown = {**held, "records": records}
    return MovementExplorer(shown, Scene(language=language), own=tuple(tables or ()))


class MovementExplorer(Explorer):
    """The widget of :func:`explore_movement`."""

    def __init__(
        self, tables: dict[str, pd.DataFrame], first: Scene, *, own: tuple[str, ...] = ()
    ) -> None:
        self._tables, self._first, self._looked_at, self._own = tables, first, None, own
        named = pd.concat([tables[name]["commune"] for name in ("models", "drives")]).dropna()
        self._names = sorted(named.unique(), key=vietnamese_order)
        self._stage = Stage(style.TALL, "600px")
        shown = widgets.HBox([self._stage])  # its room is a width
        choices = {
            "subject": widgets.Dropdown(options=list(SUBJECTS), layout=wide()),
            "language": language_choice(),
        }
        super().__init__(choices, Places(self._read), [shown], self._stage.screen)
        self._show(first)

    def __repr__(self) -> str:
        return f"MovementExplorer({self._looked_at!r})"

    subject = part("subject", "outreach, outreach_later, stock, places, drives and so on.")
    communes = part("communes", "Names; an empty tuple is the whole city.")
    language = part("language", "en or vi.")

    def _take(self, name: str, value: object) -> None:
        self._show(self._checked(replace(self._looked_at, **{name: value})))

    @property
    def table(self) -> pd.DataFrame:
        """The numbers that are drawn."""
        return self._numbers.copy()

    def code(self) -> str:
        """Return the one call that draws this picture again, of ``records`` and ``tables``."""
        scene = self._looked_at
        shown = self._shown_communes()
        return code_of(scene.subject, self._tables, self._own, shown, scene.language)

    def file(self, kind: str) -> bytes:
        """Give the picture as ``"png"`` or ``"svg"``, or its numbers as ``"csv"``."""
        check_choice("kind", kind, TYPES)
        if kind == "csv":
            table = self._numbers.astype({self._numbers.columns[0]: str})
            return csv_of(table, table.columns[0], self._looked_at.language)
        return picture_as(self._draw(internal=True), kind)

    def _checked(self, scene: Scene) -> Scene:
        """Refuse communes that the tables do not hold, before anything has changed."""
        known = {name_key(name): name for name in self._names}
        return replace(scene, communes=tuple(match_names(scene.communes, known)))

    def _shown_communes(self) -> tuple[str, ...]:
        return self._looked_at.communes if self._looked_at.subject in OF_COMMUNES else ()

    def _read(self, change: object = None) -> None:
        """Take the scene that the controls say, and show it if it is another one."""
        if self._writing:
            return
        value = {name: control.value for name, control in self._choices.items()}
        scene = Scene(**value, communes=self._places.chosen)
        if scene != self._looked_at:
            self._show(scene)

    def _show(self, scene: Scene) -> None:
        self._looked_at, language = scene, scene.language
        self._writing = True
        try:
            named = [(word(f"subject_{name}", language), name) for name in SUBJECTS]
            self._choices["subject"].options = named
            self._choices["subject"].value = scene.subject
            self._choices["language"].value = language
            self._write_words(language)
            listed = [(name, name) for name in self._names]
            self._places.write(listed, scene.communes, language)
        finally:
            self._writing = False
        self._numbers = numbers_of(scene.subject, self._tables, self._shown_communes())
        self._stage.show(self._draw)
        for name in ("save_png", "save_svg", "save_numbers"):
            self._buttons[name].disabled = not self._stage.drawn
        self._table_box.value = table_html(self._numbers, language)
        self._say(self._unshown(scene))
        self._refresh_code()

    def _unshown(self, scene: Scene) -> str:
        """Say which of the communes chosen the picture does not show, such as merged ones."""
        if scene.subject not in OF_COMMUNES:
            return word("subject_whole", scene.language) if scene.communes else ""
        lacking = without_rows(scene.subject, self._tables, scene.communes)
        names = ", ".join(lacking)
        return word("subject_lacks", scene.language, names=names) if lacking else ""

    def _draw(self, *, internal: bool = False) -> Picture:
        scene = self._looked_at
        picture = new_picture("picture")
        with style.look():
            ax = picture.subplots()
            draw_subject(scene.subject, self._tables, self._shown_communes(), scene.language, ax)
            if internal:
                mark = word("internal", scene.language)
                picture.supxlabel(mark, x=0.995, ha="right", fontsize=8.5, color=style.NOTE)
        picture.alt = alt_of(scene.subject, self._numbers, scene.language)
        return picture

    def _reset(self) -> None:
        self._show(self._first)

    def _file_name(self, kind: str) -> str:
        few = self._shown_communes()[:3]
        return safe_name(["antq", self._looked_at.subject, *map(without_marks, few)], kind)
