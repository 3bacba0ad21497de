"""Notes and marks that charts of the movement share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.dictionary import check_choice, word
from antq_helpers.drawing import style
from antq_helpers.drawing.view import View
from antq_helpers.places import name_key
from antq_helpers.tables import package_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Values of rows whose source names no kind.
NOT_STATED = "not_itemised"
UNNAMED = (NOT_STATED, "other")
HATCH = {"facecolor": "white", "edgecolor": style.CITY, "hatch": "////"}


def name_day(day: str, language: str) -> str:
    """Format an ISO day for a language: 2022-12-31 is 31/12/2022 in Vietnamese."""
    return "/".join(day.split("-")[::-1]) if language == "vi" else day


def choose_rows(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the rows of the view's units; check that some are left, with their source."""
    if "source" not in table:
        raise ValueError(
            "This table lacks the column source, which says what is made up. Load it with "
            "load_table, or write 'reported' into that column."
        )
    if view.communes:
        check_choice("column", "commune", table.columns)
        asked = {name_key(name) for name in view.communes}
        table = table[table["commune"].map(name_key, na_action="ignore").isin(asked)]
    if table.empty:
        raise ValueError(word("nothing_to_draw", view.language))
    return table


def lacking(table: pd.DataFrame, view: View) -> list[str]:
    """List the view's communes of which a table has no row."""
    held = set(map(name_key, table["commune"].dropna())) if view.communes else set()
    return [name for name in view.communes or () if name_key(name) not in held]


def add_sources(numbers: pd.DataFrame, table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Add what the notes rest on: sources, whether all are the workbook's, communes that lack."""
    sources = sorted(map(str, set(table["source"])))
    return numbers.assign(
        lacking=", ".join(lacking(table, view)),
        illustrative="illustrative" in sources,
        source="; ".join(sources),
        shipped=_is_shipped(table),
    )


def write_notes(
    ax: Axes, numbers: pd.DataFrame, view: View, kinds: list[str], above: list[str]
) -> None:
    """Write the notes below a chart on what it rests on."""
    sources, shipped = set(numbers["source"].iloc[0].split("; ")), numbers["shipped"].iloc[0]
    named = sorted(sources - {"reported", "illustrative", "published"})
    told = {
        "note_unnamed": any(kind in UNNAMED for kind in kinds),
        "note_bounds": bool(view.bounds),
        "note_kinds_printed": shipped and "illustrative" in sources,
        "note_printed": shipped and sources == {"published"},
        "note_published": not shipped and sources == {"published"},
        "note_source": bool(named),
    }
    if absent := numbers["lacking"].iloc[0]:
        above = [*above, word("subject_lacks", view.language, names=absent)]
    names = ", ".join(named)
    said = [word(key, view.language, names=names) for key, needed in told.items() if needed]
    ax.set_xlabel("\n".join([*above, *said]), loc="left", linespacing=1.4)


def _is_shipped(table: pd.DataFrame) -> bool:
    """Check whether all rows are the workbook's own, which come from one newspaper article.

    Other tables may be published or illustrative, too, but a note on the article would be wrong.
    """
    for name in ("drives", "models", "partner_activities", "commendations"):
        own = package_table(name)
        if set(own) <= set(table):
            both = pd.concat([own, table[list(own)]])
            return len(both.drop_duplicates()) == len(own)
    return False
