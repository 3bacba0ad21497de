"""What the three explorers offer: trends, communes beside each other, and the movement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from antq_helpers.dictionary import check_choice
from antq_helpers.drawing.view import KINDS, View, table_of
from antq_helpers.exploring.explorer import Explorer, Preset
from antq_helpers.places import register
from antq_helpers.reading.load import load_table
from antq_helpers.reading.movement import MOVEMENT
from antq_helpers.records import check_records, register_of

_TRENDS = Preset({"trend": View()}, ("above", "below", "years", "by", "per", "language"), "series")
_MOVEMENT = Preset(
    {
        "outreach": View(kind="relation"),
        "outreach_later": View(kind="relation", lag=1),
        "stock": View(kind="stock"),
        "places": View(kind="parts", table="models", by="commune"),
        "drives": View(kind="parts", table="drives"),
        "drive_places": View(kind="parts", table="drives", by="commune", without=["not_itemised"]),
        # Leaflets are counted singly, and would dwarf the rest.
        "partners": View(
            kind="parts", table="partner_activities", split="organisation", without=["leaflets"]
        ),
        "commendations": View(
            kind="parts", table="commendations", by="authority", split="recipient"
        ),
        "committees": View(kind="parts", table="committees", by="year", split="renewed"),
        "grades": View(kind="parts", table="classifications", by="year", split="grade"),
        "items": View(kind="parts", table="meeting_items", by="commune", split="done"),
        "hotspots": View(kind="parts", table="hotspots", by="commune"),
    },
    ("subject", "years", "language"),
    "rows",
)


def explore_trends(
    records: pd.DataFrame, view: View | None = None, *, targets: pd.DataFrame | None = None
) -> Explorer:
    """Explore the trends of one or two measures by commune or ward and by year.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    view
        Where to begin; tips above and resolved cases below, for the whole city, by default.
    targets
        Of years, as ``load_table("targets", path)`` gives them: dashes in charts by year.

    Returns
    -------
    Explorer
        A widget. ``.view`` is what is shown, ``.table`` the numbers that are drawn, and
        ``.code()`` the call that makes both again. Set ``.communes``, ``.years``, ``.measures``,
        ``.by``, ``.per`` or ``.language``, or ``.view`` as a whole, and the picture follows.
    """
    tables = {"records": check_records(records)}
    if targets is not None:
        tables["targets"] = targets
    return Explorer(tables, _TRENDS, view or View(), strict=True)


def explore_communes(records: pd.DataFrame, *, language: str = "en") -> Explorer:
    """Explore how communes and wards compare, with the control chart of one of them.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    language
        To begin with: ``"en"`` or ``"vi"``.

    Returns
    -------
    Explorer
        A widget, as of :func:`explore_trends`. Set ``.picture`` to ``"ranking"``,
        ``"tile_map"``, ``"heatmap"``, ``"funnel"`` or ``"small_multiples"``, and
        ``.communes`` to the one whose control chart is shown.
    """
    views = {name: View(kind=name) for name, kind in KINDS.items() if kind.compared}
    preset = Preset(views, ("measure", "years", "picture", "language"), "beside")
    first = View(kind="ranking", language=language)
    return Explorer({"records": check_records(records)}, preset, first)


def explore_movement(
    records: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    language: str = "en",
) -> Explorer:
    """Explore outreach, models, drives, the partners' work and commendations.

    Parameters
    ----------
    records
        As :func:`load_records` gives them; None for the given tables alone.
    tables
        Tables of the movement by name, as :func:`load_tables` gives them. Of records of Yên Bái,
        those that are not given are the workbook's own; others are left out, and the explorer says
        which.
    language
        To begin with: ``"en"`` or ``"vi"``.

    Returns
    -------
    Explorer
        A widget, as of :func:`explore_trends`. Set ``.picture`` to ``"outreach"``,
        ``"outreach_later"``, ``"stock"``, ``"places"``, ``"drives"``, ``"drive_places"``,
        ``"partners"``, ``"commendations"``, ``"committees"``, ``"grades"``, ``"items"`` or
        ``"hotspots"``.

    Raises
    ------
    ValueError
        For models of another place than the records, and for tables of another name.
    """
    given = dict(tables or {})
    for name in given:
        check_choice("table", name, MOVEMENT)
    if records is None:
        if not given:
            raise ValueError("There is nothing to explore: give records, tables, or both.")
        views = [view for view in _MOVEMENT.views.values() if table_of(view) in given]
        if not views:
            raise ValueError("Targets have no picture of their own: explore_trends(targets=…).")
        return Explorer(given, _MOVEMENT, replace(views[0], language=language), own=tuple(given))
    place = register_of(records).key
    models = given.get("models", pd.DataFrame())
    if "place" in models and len(models) and register_of(models).key != place:
        raise ValueError(
            "The models are of another place than the records. Load both with the same communes=."
        )
    if place == register().key:
        own = {name: load_table(name) for name in MOVEMENT if name not in given}
        given |= {name: table for name, table in own.items() if len(table)}
    first = View(kind="relation", language=language)
    shown = {"records": check_records(records), **given}
    return Explorer(shown, _MOVEMENT, first, own=tuple(tables or ()))
