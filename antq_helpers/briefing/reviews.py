"""Sections of a briefing on targets, committees, grades and the items of meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from antq_helpers.briefing.pages import LATE
from antq_helpers.dictionary import (
    capital,
    field_title,
    find_measure,
    list_names,
    name_part,
    number,
    table_fields,
    word,
)
from antq_helpers.drawing.text import name_day
from antq_helpers.drawing.view import View
from antq_helpers.measuring.lookback import Window
from antq_helpers.measuring.periods import period_days
from antq_helpers.measuring.targets import lacking_units, list_targets, set_beside
from antq_helpers.places import name_key
from antq_helpers.records import name_whole

MOST_YEARS = 10  # bars or columns of a picture
_listed = partial(list_names, most=6)  # in a sentence
_MOST_DRAWN = 2  # measures with targets
_REACHED = 100  # per cent


@dataclass(frozen=True)
class Section:
    """What the page of a table says.

    ``rows`` are those that were counted. A view is missing where there is nothing to draw.
    ``slide`` are the columns that a slide has room for, all by default.
    """

    rows: pd.DataFrame
    sentences: Sequence[str]
    data: pd.DataFrame | None = None
    notes: Sequence[str] = ()
    view: View | None = None
    slide: tuple[int, ...] | None = None


def say_nothing(name: str, when: str, language: str) -> str:
    """Write that a table has no row of a time."""
    return word("section_nothing", language, table=word(f"section_{name}", language), when=when)


def compose_targets(table: pd.DataFrame, reached: Window, language: str) -> Section:
    """Compose what was reached of the targets of a year, by the end of the period."""
    year = period_days(reached.period)[1].year
    day = name_day(f"{period_days(reached.period)[1]:%Y-%m-%d}", language)
    found = set_beside(table, reached)
    notes = []
    if lacking := lacking_units(table, reached):
        notes.append(word("targets_lacking", language, names=_listed(lacking, language)))
    when = word("section_of_the_year", language, year=year)
    if found.empty:
        return Section(found, [say_nothing("targets", when, language)], notes=notes)
    sentences = []
    for measure, rows in found.groupby("measure", sort=False):
        label = find_measure(measure).text("label", language)
        label = label[:1].lower() + label[1:]
        of = {"label": label, "year": year, "day": day}
        whole = rows[rows["commune_id"] == ""]
        if len(whole):
            name = name_whole(reached.totals, language)
            sentences.append(_say_reached(whole.iloc[0], name, of, language))
        units = rows[rows["commune_id"] != ""]
        if len(units):
            below = ~(units["share"] >= _REACHED)
            # Who has not reported everything may have reached it.
            sure = units["state"] == "full"
            short = units.loc[below & sure, "commune"].tolist()
            key = "targets_short" if below.any() else "targets_all"
            of |= {"all": len(units), "met": int((~below).sum())}
            names = _listed(short, language) or word("section_none", language)
            sentences.append(capital(word(key, language, names=names, **of)))
            if unsure := units.loc[below & ~sure, "commune"].tolist():
                names = _listed(unsure, language)
                sentences.append(word("targets_unsure", language, names=names))
    data = _beside_targets(found, name_whole(reached.totals, language), language)
    measures = list(dict.fromkeys(found.loc[found["share"].notna(), "measure"]))[:_MOST_DRAWN]
    planned = list_targets(table, measures, years=(year - MOST_YEARS + 1, year - 1))
    whole = found[(found["commune_id"] == "") & found["measure"].isin(measures)]
    planned += tuple(
        (None, m, year, int(n)) for m, n in zip(whole["measure"], whole["target"], strict=True)
    )
    view = View(measures=measures, targets=planned) if planned else None
    # The page rests on the records as well as on the table.
    records = "illustrative" if reached.illustrative else "reported"
    sources = [*table.loc[table["year"] == year, "source"], records]
    shown = tuple(range(1 + 3 * _MOST_DRAWN)) if data.shape[1] > 1 + 3 * _MOST_DRAWN else None
    return Section(pd.DataFrame({"source": sources}), sentences, data, notes, view, shown)


def _beside_targets(found: pd.DataFrame, whole: str, language: str) -> pd.DataFrame:
    """Return a table of texts: of each place the targets, what was reached, and the share."""
    names = found.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    data = {field_title("targets", "commune", language): names.replace("", whole).tolist()}
    for measure, rows in found.groupby("measure", sort=False):
        mine = rows.set_index("commune_id").reindex(names.index)
        late = ["" if of in ("full", None) or pd.isna(of) else LATE for of in mine["state"]]
        reached = number_cells(mine["value"], language)
        columns = {
            field_title("targets", "target", language): number_cells(mine["target"], language),
            word("col_reached", language): [
                f"{n}{mark}" if n != "–" else n for n, mark in zip(reached, late, strict=True)
            ],
            word("col_reached_share", language): number_cells(mine["share"], language, 1),
        }
        label = find_measure(measure).text("label", language)
        data |= {f"{label}\n{head}": cells for head, cells in columns.items()}
    return pd.DataFrame(data)


def _years_of(table: pd.DataFrame, year: int) -> tuple[int, int]:
    """Return the years that a picture shows, up to one: as many as there are, and fit."""
    return max(int(table["year"].min()), year - MOST_YEARS + 1), year


def _say_reached(row: pd.Series, place: str, of: dict[str, object], language: str) -> str:
    if np.isnan(row["share"]):
        return word("targets_unknown", language, place=place, **of)
    key = "targets_reached" if row["state"] == "full" else "targets_reached_so_far"
    shown = {
        "share": number(row["share"], language, 1),
        "value": number(row["value"], language),
        "target": number(row["target"], language),
    }
    return word(key, language, place=place, **shown, **of)


def compose_committees(table: pd.DataFrame, window: Window, language: str) -> Section:
    """Compose which steering committees of a year were renewed, and have rules."""
    year = period_days(window.period)[1].year
    whole = name_whole(window.totals, language)
    sides = [table[table["year"] == of] for of in (year, year - 1)]
    now, when = sides[0], word("section_of_the_year", language, year=year)
    if now.empty:
        return Section(now, [say_nothing("committees", when, language)])
    named = [side.assign(commune=side["commune"].fillna(whole)) for side in sides]
    sentences = []
    for what in ("renewed", "rules"):
        done, other = (side[what].eq(True).sum() for side in named)
        counts = {"done": done, "all": len(now), "year": year}
        key = f"committees_{what}" if len(sides[1]) else f"committees_{what}_alone"
        before = {"before": other, "of": len(sides[1]), "earlier": year - 1}
        sentences.append(word(key, language, **counts, **before))
        for state, rows in (("not", named[0][what].eq(False)), ("unknown", named[0][what].isna())):
            if rows.any():
                names = _listed(named[0].loc[rows, "commune"].tolist(), language)
                sentences.append(word(f"committees_{what}_{state}", language, names=names))
    units = list(dict.fromkeys([*named[0]["commune"], *named[1]["commune"]]))
    data = {field_title("committees", "commune", language): units}
    for side, of in zip(named, (year, year - 1), strict=True):
        cells = side.set_index("commune")
        for what in ("renewed", "rules"):
            head = f"{field_title('committees', what, language)}\n{of}"
            data[head] = [_state(cells[what].get(unit), language) for unit in units]
    view = View(
        kind="parts", table="committees", by="year", split="renewed",
        years=_years_of(table, year),
    )  # fmt: skip
    return Section(now, sentences, pd.DataFrame(data), view=view)


def compose_classifications(table: pd.DataFrame, window: Window, language: str) -> Section:
    """Compose how many units have each grade, beside the year before; no grade is computed."""
    year = period_days(window.period)[1].year
    now, before = (table[table["year"] == of] for of in (year, year - 1))
    when = word("section_of_the_year", language, year=year)
    if now.empty:
        return Section(now, [say_nothing("classifications", when, language)])
    field = next(f for f in table_fields("classifications") if f["name"] == "grade")
    counts = [side["grade"].value_counts() for side in (now, before)]
    parts = []
    for grade in field["words"]:
        own, other = (int(side.get(grade, 0)) for side in counts)
        if own or other:
            key = "grades_part" if len(before) else "grades_part_alone"
            of = {"grade": name_part(grade, language).lower(), "count": own, "before": other}
            parts.append(word(key, language, **of, earlier=year - 1))
    given = {"year": year, "count": len(now), "parts": "; ".join(parts)}
    sentences = [word("grades_given", language, **given)]
    graded = {name_key(name) for name in now["commune"]}
    silent = [name for name, _ in window.units.values() if name and name_key(name) not in graded]
    if silent:
        sentences.append(word("grades_silent", language, names=_listed(silent, language)))
    of_units = [side.set_index("commune")["grade"] for side in (now, before)]
    units = [name for name, _ in window.units.values() if name]
    units += [name for name in dict.fromkeys([*of_units[0].index, *of_units[1].index])
              if name not in units]  # fmt: skip
    data = {field_title("classifications", "commune", language): units}
    for side, of in zip(of_units, (year, year - 1), strict=True):
        data[f"{field_title('classifications', 'grade', language)}\n{of}"] = [
            name_part(side[unit], language) if unit in side else "–" for unit in units
        ]
    view = View(
        kind="parts", table="classifications", by="year", split="grade",
        years=_years_of(table, year),
    )  # fmt: skip
    notes = [word("grades_entered", language)]
    return Section(now, sentences, pd.DataFrame(data), notes, view)


def compose_meeting_items(table: pd.DataFrame, window: Window, language: str) -> Section:
    """Compose what meetings agreed: open items of all meetings so far, and those of the period."""
    first, last = period_days(window.period)
    day = min(last, pd.Timestamp.today().normalize())
    whole = name_whole(window.totals, language)
    known = table[~(table["met"] > day)]
    done = known["done"].eq(True)
    recent = known["met"].between(first, day) | known["due"].between(first, day)
    shown = known[~done | recent]
    name = name_day(f"{day:%Y-%m-%d}", language)
    if shown.empty:
        when = word("section_until", language, day=name)
        return Section(shown, [say_nothing("meeting_items", when, language)])
    is_open = ~shown["done"].eq(True)
    late = is_open & (shown["due"] < day)
    counts = {"open": int(is_open.sum()), "late": int(late.sum()), "day": name}
    counts["done"] = int((~is_open).sum())
    key = "items_open" if counts["open"] else "items_none_open"
    sentences = [word(key, language, **counts)]
    if late.any():
        names = shown.loc[late, "commune"].fillna(whole)
        listed = _listed(list(dict.fromkeys(names)), language)
        sentences.append(word("items_late", language, names=listed))
    rank = np.where(late, 0, np.where(is_open, 1, 2))
    shown = shown.iloc[np.lexsort((shown["due"], rank))]
    states = [late, shown["done"].isna(), is_open]
    state = np.select([of.loc[shown.index] for of in states], ["late", "unstated", "open"], "done")
    data = pd.DataFrame(
        {
            field_title("meeting_items", "commune", language): shown["commune"].fillna(whole),
            field_title("meeting_items", "kind", language): [
                name_part(kind, language) for kind in shown["kind"]
            ],
            field_title("meeting_items", "item", language): shown["item"],
            field_title("meeting_items", "due", language): [
                name_day(f"{due:%Y-%m-%d}", language) for due in shown["due"]
            ],
            field_title("meeting_items", "done", language): [
                word(f"item_{of}", language) for of in state
            ],
        }
    )
    view = View(
        kind="parts", table="meeting_items", by="commune", split="done", at=f"{day:%Y-%m-%d}",
        title=word("items_drawn", language, day=name),
    )  # fmt: skip
    return Section(shown, sentences, data, view=view)


def _state(done: object, language: str) -> str:
    known = done is not None and not pd.isna(done)
    return word("item_done" if done else "item_not_done", language) if known else "–"


def number_cells(cells: pd.Series, language: str, decimals: int = 0) -> list[str]:
    """Format the numbers of a column; a dash where one is missing."""
    return ["–" if pd.isna(value) else number(value, language, decimals) for value in cells]
