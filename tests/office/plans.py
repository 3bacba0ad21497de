"""A draft in; its facts, and books of sheets with one table after another, out."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import product

from tests.office import layouts, wide
from tests.office.draft import Draft
from tests.office.facts import choose_facts, choose_periods
from tests.office.layouts import Block, Part
from tests.office.paper import Book, Sheet
from tests.office.spelling import without_accents
from tests.office.surroundings import place

NAMED = ("xlsx", "xls", "ods")
Builder = Callable[[Draft, Part], Block]
_BUILDERS: dict[str, Builder] = {
    "long": layouts.long,
    "table by commune": layouts.by_commune,
    "periods as rows": layouts.periods_as_rows,
    "form": wide.form,
    "wide": wide.one_measure,
    "measures under periods": lambda draft, part: wide.grouped(draft, part, "period"),
    "periods under measures": lambda draft, part: wide.grouped(draft, part, "measure"),
}
_WEIGHTS = dict(zip(_BUILDERS, (3, 3, 1.5, 2, 2, 1.5, 1.5), strict=True))
_KINDS = ("month", "quarter", "half", "year")
# How many periods, communes and measures a file of each layout has.
_SIZES = {
    "long": ((1, 6), (2, 8), (1, 5)),
    "table by commune": ((1, 4), (2, 12), (1, 5)),
    "periods as rows": ((2, 12), (1, 4), (2, 5)),
    "form": ((1, 3), (1, 4), (2, 5)),
    "wide": ((2, 12), (2, 10), (1, 3)),
    "measures under periods": ((2, 4), (2, 8), (2, 4)),
    "periods under measures": ((2, 6), (2, 8), (2, 4)),
}


def fill(draft: Draft) -> list[Book]:
    """Choose a layout and what it holds, and lay it out over sheets and files."""
    chance = draft.chance
    layout = chance.one("layout", _WEIGHTS)
    _choose_facts(draft, layout)
    parts = _cut(draft, layout)
    way = _choose_way(draft, parts)
    build = _BUILDERS[layout]
    if way == "files":
        books = [
            Book(name, [_sheet(draft, _sheet_name(draft, part, i), [part], build)])
            for i, (part, name) in enumerate(zip(parts, _file_names(draft, parts), strict=True))
        ]
        if not draft.damaged and chance.on("file sent twice", 0.1):
            again = deepcopy(chance.choice(books))
            again.name += " (2)"
            books.append(again)
        return books
    book = Book(chance.choice(("bao_cao", "Bao cao quy", "tong_hop", "BC-2022", "biểu mẫu")))
    if way == "sheets":
        names = [_sheet_name(draft, part, i) for i, part in enumerate(parts)]
        if len({name.lower() for name in names}) < len(names):
            names = [f"Biểu {i + 1}" for i in range(len(parts))]
        book.sheets = [
            _sheet(draft, name, [part], build) for name, part in zip(names, parts, strict=True)
        ]
    else:
        name = chance.choice(("Sheet1", "Bao cao", "Tổng hợp", "Biểu 1"))
        book.sheets = [_sheet(draft, name, parts, build)]
    return [book]


def _choose_facts(draft: Draft, layout: str) -> None:
    chance, (periods, communes, measures) = draft.chance, _SIZES[layout]
    kind = chance.one("kind of period", dict(zip(_KINDS, (4, 3, 1, 2), strict=True)))
    in_titles = layout in ("long", "table by commune", "form")
    office = in_titles and chance.on("periods from the 15th", 0.25)
    # A row or column names its month, the title the year: then there is one year.
    one_year = kind != "year" and (not in_titles or chance.random() < 0.6)
    chosen = choose_periods(
        chance, kind, chance.randint(*periods), one_year=one_year, office=office
    )
    if len(chosen) < periods[0]:
        chosen = choose_periods(chance, "month", periods[0], one_year=one_year, office=office)
    draft.facts = choose_facts(chance, chosen, communes, measures)
    if draft.sections:  # wards together, communes together
        draft.facts.communes.sort(key=lambda name: draft.facts.kinds[name] != "ward")


def _cut(draft: Draft, layout: str) -> list[Part]:
    """Cut the facts into what each table holds."""
    facts, chance = draft.facts, draft.chance
    communes, periods, measures = facts.communes, facts.periods, facts.measures
    whole = [Part(communes, periods, measures)]
    by_period = [Part(communes, [period], measures) for period in periods]
    by_commune = [Part([commune], periods, measures) for commune in communes]
    by_measure = [Part(communes, periods, [measure]) for measure in measures]
    if layout == "long":
        options = [whole, whole, by_period]
        return chance.choice([*options, by_commune] if len(periods) > 1 else options)
    if layout == "table by commune":
        if len(periods) == 1 and len(measures) > 1 and chance.random() < 0.3:
            return by_measure
        return by_period
    if layout == "periods as rows":
        return by_commune
    if layout == "form":
        return [Part([c], [p], measures) for c, p in product(communes, periods)]
    return by_measure if layout == "wide" else whole


def _choose_way(draft: Draft, parts: list[Part]) -> str:
    """Choose whether tables stand on one sheet, on several, or in several files."""
    if len(parts) == 1:
        return "one table"
    weights = {"on one sheet": 3, "sheets": 3, "files": 3}
    if draft.form in ("csv", "tsv"):
        del weights["sheets"]
    if len({(tuple(part.communes), tuple(part.periods)) for part in parts}) == 1:
        # Measures of one report in different files are different reports.
        weights.pop("files")
    return draft.chance.one("tables", weights)


def _sheet(draft: Draft, name: str, parts: list[Part], build: Builder) -> Sheet:
    sheet, row = Sheet(name), 0
    for number, part in enumerate(parts):
        block = build(draft, part)
        if len(parts) == 1 and draft.form in NAMED and _said_by(name, draft, part, block):
            draft.chance.note("commune or period in the sheet's name alone")
        row = place(draft, sheet, row, block, alone=len(parts) == 1)
        if number < len(parts) - 1:
            row += draft.chance.choice((1, 2, 2, 3))
    return sheet


def _said_by(name: str, draft: Draft, part: Part, block: Block) -> bool:
    """Leave out of the title what the sheet's name says, in a few files."""
    if name in part.communes:
        said = {"commune"}
    elif name[-4:].isdigit() and len(part.periods) == 1:  # "Tháng 3-2022"
        said = {"period"}
    else:
        said = set()
    if not block.needs & said or draft.chance.random() > 0.3:
        return False
    block.needs -= said
    return True


def _label(draft: Draft, part: Part) -> str:
    """Name a part by what sets it apart."""
    if len(part.communes) == 1 and len(part.periods) > 1:
        return part.communes[0]
    if len(part.periods) == 1 and not part.periods[0].office:
        name = draft.spelling.period(part.periods[0])
        if len(part.communes) == 1 and len(draft.facts.communes) > 1:
            return part.communes[0] if len(draft.facts.periods) == 1 else ""
        return name.replace("/", "-")
    return ""


def _sheet_name(draft: Draft, part: Part, number: int) -> str:
    label = _label(draft, part)
    return label if label and draft.chance.random() < 0.6 else f"Biểu {number + 1}"


def _file_names(draft: Draft, parts: list[Part]) -> list[str]:
    labels = [_label(draft, part) for part in parts]
    if all(labels) and len(set(labels)) == len(labels) and draft.chance.random() < 0.6:
        if draft.chance.random() < 0.5:
            return [without_accents(label).replace(" ", "_") for label in labels]
        return [f"Báo cáo {label}" for label in labels]
    return [f"bao_cao_{number + 1:02d}" for number in range(len(parts))]
