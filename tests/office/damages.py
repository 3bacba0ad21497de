"""A file's cells in; a few of them spoilt, and what may be said of each, out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.office import words
from tests.office.draft import Draft
from tests.office.facts import Key
from tests.office.paper import Book, Cell, Sheet

MOST = 4


@dataclass(frozen=True)
class Damage:
    """One spoilt cell: the row counts from 1, the column from 0.

    ``kinds`` are the problems that may be named there, ``headers`` the texts above its column,
    ``keys`` the records that cannot be had because of it.
    """

    file: str
    sheet: str
    row: int
    column: int
    kinds: frozenset[str]
    value: object
    headers: tuple[str, ...] = ()
    keys: frozenset[Key] = frozenset()


@dataclass
class Place:
    """One cell and where it stands."""

    file: str
    sheet: str
    row: int
    column: int
    cell: Cell
    page: Sheet


def counts_damage(draft: Draft) -> dict[str, tuple[object, set[str]]]:
    """Give what may stand in a count's cell by mistake, and what is to be said of it."""
    chance = draft.chance
    bounds = (f"trên {chance.randint(2, 9)}0", "gần 30", "dưới 10")
    found: dict[str, tuple[object, set[str]]] = {
        "bound": (chance.choice(bounds), {"bound"}),
        "ditto": ("nt", {"ditto"}),
        "two numbers": ("31/45", {"two_numbers"}),
        "letters": ("abc", {"broken_count"}),
        # As a number it may have been 12.500, typed where the point is a decimal mark.
        "half": (_half(draft), {"not_whole", "typed_thousand"}),
        "below zero": (-3, {"minimum"}),
        "percentage": ("36,2%", {"percent_in_count"}),
    }
    if draft.numbers is None:
        found["either mark"] = ("1,651", {"which_mark"})
    if draft.dash is None:
        found["dash"] = ("-", {"dash"})
    if draft.form in ("xlsx", "xls", "ods"):
        found["typed thousand"] = (2.368, {"typed_thousand"})
    if draft.form == "xlsx":
        found["date in count"] = (datetime(2022, chance.randint(1, 12), 5), {"date_in_count"})
        found["error cell"] = ("#REF!", {"formula_error"})
        found["no stored value"] = ("=1+1", {"no_stored_value"})
    return found


def _half(draft: Draft) -> object:
    """Write twelve and a half; as text it has the file's own decimal mark."""
    if draft.form in ("xlsx", "xls", "ods"):
        return 12.5
    return "12,5" if draft.numbers == "vi" else "12.5"


def spoil(draft: Draft, books: list[Book], suffix: str) -> list[Damage]:
    """Spoil a few cells of a file, one to a record, and say where."""
    places = _places(books, suffix)
    if not draft.damaged:
        return _spoil_total(draft, places)
    tries: list[Callable] = [_spoil_count] * 9 + [_spoil_commune, _spoil_day, _spoil_valuable] * 2
    if draft.form == "xlsx":
        tries.append(_spoil_by_merging)
    damages: list[Damage] = []
    touched: set[Key] = set()
    counts = [place for place in places if place.cell.role == "count"]
    most = min(MOST, max(1, len(counts) // 5))
    for _ in range(draft.chance.randint(1, most)):
        free = [place for place in places if not place.cell.keys & touched]
        damage = draft.chance.choice(tries)(draft, free)
        if damage:
            damages.append(damage)
            touched |= damage.keys
    return damages


def _places(books: list[Book], suffix: str) -> list[Place]:
    named = suffix in (".xlsx", ".xls", ".ods")
    return [
        Place(book.name + suffix, sheet.name if named else "", row, column, cell, sheet)
        for book in books
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
    ]


def _damage(place: Place, value: object, kinds: set[str]) -> Damage:
    place.cell.value = value
    return Damage(
        place.file,
        place.sheet,
        place.row + 1,
        place.column,
        frozenset(kinds),
        value,
        place.cell.headers,
        place.cell.keys,
    )


def _spoil_count(draft: Draft, places: list[Place]) -> Damage | None:
    counts = [place for place in places if place.cell.role == "count"]
    if not counts:
        return None
    name, (value, kinds) = draft.chance.choice(sorted(counts_damage(draft).items(), key=str))
    draft.chance.note(f"damage: {name}")
    return _damage(draft.chance.choice(counts), value, kinds)


def _spoil_by_merging(draft: Draft, places: list[Place]) -> Damage | None:
    """Merge two counts, one above the other, so that nobody knows whose the upper one is."""
    counts = [place for place in places if place.cell.role == "count"]
    below = {(id(place.page), place.row - 1, place.column): place for place in counts}
    pairs = [
        (place, lower)
        for place in counts
        if (lower := below.get((id(place.page), place.row, place.column)))
    ]
    if not pairs:
        return None
    draft.chance.note("damage: merged counts")
    upper, lower = draft.chance.choice(pairs)
    del upper.page.cells[lower.row, lower.column]
    upper.page.merge(upper.row, upper.column, lower.row, lower.column)
    upper.cell.keys |= lower.cell.keys
    return _damage(upper, upper.cell.value, {"merged_count"})


def _spoil_commune(draft: Draft, places: list[Place]) -> Damage | None:
    """Write the name of no commune, where all that rests on it stands in that one row.

    The row holds a count: a strange name alone at the end of a table may as well sign it.
    """
    counted = {
        (place.file, place.sheet, place.row)
        for place in places
        if place.cell.role == "count" and place.cell.value not in ("", None)
    }
    names = [
        place
        for place in places
        if place.cell.role == "commune"
        and (place.file, place.sheet, place.row) in counted
        and all(
            other.row == place.row and other.sheet == place.sheet and other.file == place.file
            for other in places
            if other.cell.keys & place.cell.keys
        )
    ]
    if not names:
        return None
    draft.chance.note("damage: unknown commune")
    value = draft.chance.choice(words.UNKNOWN_COMMUNES)
    return _damage(draft.chance.choice(names), value, {"unknown_commune", "no_such_commune"})


def _spoil_day(draft: Draft, places: list[Place]) -> Damage | None:
    days = [place for place in places if place.cell.role in ("start", "end")]
    if not days:
        return None
    draft.chance.note("damage: broken date")
    return _damage(draft.chance.choice(days), "31/13/2022", {"broken_date"})


def _spoil_valuable(draft: Draft, places: list[Place]) -> Damage | None:
    """Write more valuable tips than tips."""
    tips = {
        next(iter(place.cell.keys)): place.cell.amount
        for place in places
        if place.cell.measure == "tips" and place.cell.role == "count"
    }
    valuable = [
        place
        for place in places
        if place.cell.measure == "valuable_tips"
        and place.cell.role == "count"
        and tips.get(next(iter(place.cell.keys))) is not None
    ]
    if not valuable:
        return None
    draft.chance.note("damage: valuable above tips")
    place = draft.chance.choice(valuable)
    value = tips[next(iter(place.cell.keys))] + draft.chance.randint(1, 9)
    return _damage(place, value, {"part_above_whole"})


def _spoil_total(draft: Draft, places: list[Place]) -> list[Damage]:
    """State a wrong total in a few files that are otherwise whole."""
    totals = [place for place in places if place.cell.role == "total" and place.cell.amount]
    if not totals or draft.chance.random() > 0.15:
        return []
    draft.chance.note("damage: wrong total")
    place = draft.chance.choice(totals)
    # Too small, because a blank part may stand behind what is too large.
    value = place.cell.amount - draft.chance.randint(1, min(9, place.cell.amount))
    return [_damage(place, value, {"total_differs"})]
