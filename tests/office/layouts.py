"""A part of the facts in; the columns and lines of one table, in one of the usual layouts, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from tests.office import words
from tests.office.draft import Draft, label_column
from tests.office.facts import Period
from tests.office.paper import Cell, Column, Line
from tests.office.spelling import ROMAN, part_name
from tests.office.tables import dress, number_lines, side_columns

_CITY_NAMES = words.TOTALS
_OWN_NAMES = ("Tổng cộng", "Cộng", "TỔNG SỐ", "(Tổng số)")


@dataclass
class Part:
    """What one table is to hold: a cut of the file's facts."""

    communes: list[str]
    periods: list[Period]
    measures: list[str]
    label: str = ""


@dataclass
class Block:
    """A table before it is drawn, and what its title must say because no column does."""

    part: Part
    columns: list[Column]
    lines: list[Line]
    needs: set[str] = field(default_factory=set)


def finish(
    draft: Draft,
    part: Part,
    columns: list[Column],
    lines: list[Line],
    name: str,
    needs: set[str],
    totals: tuple[str, ...] = _CITY_NAMES,
) -> Block:
    """Add what stands beside and around the counts, and number the lines.

    ``name`` is the role of the column that names each line, ``totals`` what a total may be called.
    """
    side_columns(draft, columns, lines)
    if draft.numbered:
        columns.insert(0, Column((draft.chance.choice(words.NUMBER),), "number"))
        for line in lines:
            line.cells.insert(0, Cell(None))
    named = next(i for i, column in enumerate(columns) if column.role == name)
    body = dress(draft, columns, lines, named, totals)
    if draft.numbered:
        number_lines(draft, body, named)
    return Block(part, columns, body, needs)


def _count_columns(draft: Draft, part: Part, compared: bool) -> list[Column]:
    """Give a column for each measure, with its columns of comparison beside it or at the end."""
    chance = draft.chance
    year = part.periods[0].year
    kind = part.periods[0].kind
    columns, at_end = [], []
    to_date = compared and draft.to_date and kind != "year" and len(part.periods) == 1
    style = "none"
    if compared and draft.comparisons:
        style = chance.one("comparisons", {"beside": 1, "at the end": 1})
    headers = draft.comparison_headers(year, 3) if style != "none" else []
    for measure in part.measures:
        path, unit = draft.path(measure, part.measures), draft.unit(measure)
        beside = style == "beside" and len(path) < 3
        own = (*path, chance.choice(("Kỳ này", "Trong kỳ"))) if beside else path
        columns.append(Column(own, "count", measure, unit))
        if to_date:
            chance.note("year to date")
            text = chance.choice(words.TO_DATE)
            if beside:
                columns.append(Column((*path, text), "to_date", measure, unit))
            else:
                text = f"Lũy kế {' '.join(path).lower()} từ đầu năm"
                at_end.append(Column((text,), "to_date", measure, unit))
        if beside:
            columns += [Column((*path, header), "comparison", measure) for header in headers]
    if style == "at the end":
        at_end += [Column((header,), "comparison") for header in headers]
    return columns + at_end


def _figure(draft: Draft, column: Column, commune: str, period: Period) -> Cell:
    """Write what a column holds for one record."""
    if column.role == "count":
        return draft.count(commune, period, column.measure)
    if column.role == "to_date":
        return draft.year_to_date(commune, period, column.measure)
    return draft.compared(str(column.path[-1]))


def long(draft: Draft, part: Part) -> Block:
    """One row per commune and period."""
    chance = draft.chance
    labels, write = _period_columns(draft, part)
    commune = label_column(chance.choice(words.COMMUNE), "commune")
    first = chance.random() < 0.8
    counts = _count_columns(draft, part, compared=len(part.periods) == 1)
    columns = [commune, *labels] if first else [*labels, commune]
    by_commune = chance.random() < 0.7 or draft.sections
    keys = list(product(part.communes, part.periods))
    if not by_commune:
        keys = [(c, p) for p, c in product(part.periods, part.communes)]
    once = draft.blank_cells_once and by_commune and len(part.periods) > 1
    if once:
        chance.note("commune once")
    lines, seen = [], set()
    for name, period in keys:
        held = frozenset((name, p) for p in part.periods) if once else frozenset({(name, period)})
        cell = Cell(None) if once and name in seen else draft.name(name, held)
        if once:
            cell.role = cell.role and "group"
        seen.add(name)
        dates = write(name, period)
        figures = [_figure(draft, column, name, period) for column in counts]
        cells = [cell, *dates, *figures] if first else [*dates, cell, *figures]
        lines.append(Line("data", cells, draft.facts.kinds[name] if by_commune else ""))
    return finish(draft, part, [*columns, *counts], lines, "commune", set())


def _period_columns(draft: Draft, part: Part) -> tuple[list[Column], object]:
    """Give the columns that say the period, and what writes a record's cells of them."""
    chance, spelling = draft.chance, draft.spelling
    kind, office = part.periods[0].kind, part.periods[0].office
    options = {"from and to": 4, "one column": 1 if office else 3}
    if kind != "half" and not office:
        options["year and part"] = 2
    style = chance.one("period", options)
    if style == "from and to":
        names = chance.choice(words.FROM_TO)
        columns = [label_column(names[0], "start"), label_column(names[1], "end")]
        roles = ("start", "end")

        def write(commune: str, period: Period) -> list[Cell]:
            days = (period.start, period.end)
            key = frozenset({(commune, period)})
            return [Cell(spelling.day(d), r, keys=key) for d, r in zip(days, roles, strict=True)]

        return columns, write
    if style == "one column":
        columns = [label_column(chance.choice(words.PERIOD), "period")]
        return columns, lambda _, period: [Cell(spelling.text(spelling.period(period)))]
    columns = [label_column("Năm", "year")]
    if kind == "year":
        return columns, lambda _, period: [Cell(period.year)]
    columns.append(label_column({"month": "Tháng", "quarter": "Quý"}[kind], kind))
    if chance.random() < 0.3:
        columns.reverse()
    part_of = row_labels(draft, kind)

    def write(_: str, period: Period) -> list[Cell]:
        cells = {"year": Cell(period.year), kind: Cell(part_of(period))}
        return [cells[column.role] for column in columns]

    return columns, write


def row_labels(draft: Draft, kind: str) -> object:
    """Choose how a column of periods names them where the year stands elsewhere."""
    forms = {
        "month": (
            lambda p: p.part,
            lambda p: f"{p.part:02d}",
            part_name,
            lambda p: f"T{p.part}",
        ),
        "quarter": (
            lambda p: ROMAN[p.part - 1],
            part_name,
            lambda p: p.part,
        ),
        "half": (part_name,),
        "year": (lambda p: p.year, lambda p: f"Năm {p.year}", lambda p: str(p.year)),
    }
    return draft.chance.choice(forms[kind])


def by_commune(draft: Draft, part: Part) -> Block:
    """One row per commune, the period in the title."""
    period = part.periods[0]
    counts = _count_columns(draft, part, compared=True)
    lines = []
    for name in part.communes:
        cells = [draft.name(name, frozenset({(name, period)}))]
        cells += [_figure(draft, column, name, period) for column in counts]
        lines.append(Line("data", cells, draft.facts.kinds[name]))
    if draft.chance.on("city body among the communes", 0.06):
        lines.append(_city_line(draft, counts))
    commune = label_column(draft.chance.choice(words.COMMUNE), "commune")
    return finish(draft, part, [commune, *counts], lines, "commune", {"period"})


def _city_line(draft: Draft, counts: list[Column]) -> Line:
    """Write what the city's own body received: in the total, of no commune."""
    cells = [Cell(draft.chance.choice(words.CITY_BODIES))]
    for column in counts:
        amount = draft.chance.randint(0, 30) if column.role in ("count", "to_date") else None
        cells.append(Cell(amount, amount=amount))
    return Line("city", cells)


def _with_quarters(draft: Draft, part: Part, lines: list[Line]) -> list[Line]:
    """Put a row for each whole quarter below its months, that says nothing new."""
    found: list[Line] = []
    for line, period in zip(lines, part.periods, strict=True):
        found.append(line)
        months = found[-3:]
        held = {other.part for other in part.periods} >= {period.part - 2, period.part - 1}
        if period.part % 3 == 0 and held:
            draft.chance.note("quarters among the months")
            quarter = Line("part", [Cell(f"Quý {ROMAN[period.part // 3 - 1]}")])
            for cells in list(zip(*(month.cells for month in months), strict=True))[1:]:
                known = [cell.amount for cell in cells if cell.amount is not None]
                quarter.cells.append(Cell(sum(known) if known else None))
            found.append(quarter)
    return found


def periods_as_rows(draft: Draft, part: Part) -> Block:
    """One row per period, the commune in the title."""
    chance, commune = draft.chance, part.communes[0]
    kind = part.periods[0].kind
    counts = _count_columns(draft, part, compared=False)
    header = {"month": "Tháng", "quarter": "Quý", "half": "Kỳ báo cáo", "year": "Năm"}[kind]
    write = row_labels(draft, kind)
    lines = []
    for period in part.periods:
        figures = [_figure(draft, column, commune, period) for column in counts]
        lines.append(Line("data", [Cell(write(period)), *figures]))
    if kind == "month" and draft.total and chance.random() < 0.4:
        lines = _with_quarters(draft, part, lines)
    needs = {"commune"} if kind == "year" else {"commune", "year"}
    columns = [label_column(header, "period"), *counts]
    chance.note(f"rows: {kind}")
    return finish(draft, part, columns, lines, "period", needs, _OWN_NAMES)
