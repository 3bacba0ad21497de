"""A part of the facts in; tables with periods as columns, and forms with measures as rows, out."""

from __future__ import annotations

from tests.office import words
from tests.office.draft import Draft, label_column
from tests.office.facts import Period
from tests.office.layouts import Block, Part, finish
from tests.office.paper import Cell, Column, Line
from tests.office.spelling import part_name

_VALUES = ("Kỳ này", "Số liệu", "Kết quả", "Trong kỳ", "Số lượng")


def _period_headers(draft: Draft, part: Part, room_above: bool) -> tuple[list[object], str, bool]:
    """Write each period as a header; give the header above them, and whether the year is said."""
    chance, kind = draft.chance, part.periods[0].kind
    if kind == "year":
        form = chance.choice((int, str, lambda year: f"Năm {year}"))
        return [form(period.year) for period in part.periods], "", True
    with_year = chance.random() < 0.3 or len({period.year for period in part.periods}) > 1
    short = kind == "month" and chance.random() < 0.5
    texts = []
    for period in part.periods:
        name = f"T{period.part}" if short else part_name(period)
        mark = " " if kind == "half" else "/"
        texts.append(f"{name}{mark}{period.year}" if with_year else name)
    above = ""
    if room_above and not with_year and chance.on("year above the periods", 0.3):
        above = f"Năm {part.periods[0].year}"
    return texts, above, with_year or bool(above)


def one_measure(draft: Draft, part: Part) -> Block:
    """Periods as columns, the measure in the title."""
    headers, above, with_year = _period_headers(draft, part, room_above=True)
    measure = part.measures[0]
    columns = [
        Column((above, header) if above else (header,), "count", measure) for header in headers
    ]
    needs = {"measure"} if with_year else {"measure", "year"}
    sums = []
    if draft.total and draft.chance.on("column of totals", 0.3):
        text = draft.chance.choice(("Cộng", "Tổng cộng", "Tổng số"))
        sums = [Column((above, text) if above else (text,), "sum", measure)]
    pairs = [(period, measure) for period in part.periods]
    return _by_commune(draft, part, [*columns, *sums], pairs, needs)


def grouped(draft: Draft, part: Part, outer: str) -> Block:
    """Measures under merged periods, or periods under merged measures."""
    headers, _, with_year = _period_headers(draft, part, room_above=False)
    named = dict(zip(part.periods, headers, strict=True))
    pairs = [(period, measure) for period in part.periods for measure in part.measures]
    if outer == "measure":
        pairs = [(period, measure) for measure in part.measures for period in part.periods]
    columns = []
    for period, measure in pairs:
        path = draft.path(measure, part.measures)
        path = (named[period], *path) if outer == "period" else (*path, named[period])
        unit = draft.unit(measure) if outer == "period" else ""
        columns.append(Column(path, "count", measure, unit))
    return _by_commune(draft, part, columns, pairs, set() if with_year else {"year"})


def _by_commune(
    draft: Draft,
    part: Part,
    columns: list[Column],
    pairs: list[tuple[Period, str]],
    needs: set[str],
) -> Block:
    """Write a row for each commune."""
    lines = []
    for name in part.communes:
        held = frozenset((name, period) for period in part.periods)
        figures = [draft.count(name, period, measure) for period, measure in pairs]
        if columns[-1].role == "sum":
            known = [cell.amount for cell in figures if cell.amount is not None]
            amount = sum(known) if known else None
            figures.append(Cell(amount, amount=amount))
        lines.append(Line("data", [draft.name(name, held), *figures], draft.facts.kinds[name]))
    commune = label_column(draft.chance.choice(words.COMMUNE), "commune")
    columns = [commune, *columns]
    if draft.comparisons:
        draft.chance.note("comparisons")
        for header in draft.comparison_headers(part.periods[0].year, 2):
            columns.append(Column((header,), "comparison"))
            for line in lines:
                line.cells.append(draft.compared(header))
    return finish(draft, part, columns, lines, "commune", needs)


def form(draft: Draft, part: Part) -> Block:
    """Measures as rows, for one commune and period: ``STT | Nội dung | Đơn vị tính | Kỳ này``."""
    chance, commune, period = draft.chance, part.communes[0], part.periods[0]
    columns = [label_column(chance.choice(words.MEASURE), "measure")]
    with_units = chance.on("units as a column", 0.5)
    if with_units:
        columns.append(label_column(chance.choice(words.UNIT), "unit"))
    columns.append(label_column(chance.choice(_VALUES), "count"))
    if draft.to_date and period.kind != "year":
        chance.note("year to date")
        columns.append(label_column(chance.choice(words.TO_DATE), "to_date"))
    if draft.comparisons:
        chance.note("comparisons")
        headers = draft.comparison_headers(period.year, 3)
        columns += [label_column(header, "comparison") for header in headers]
    lines = []
    for measure in part.measures:
        cells = [Cell(draft.spelling.text(_row_name(draft, part, measure)))]
        if with_units:
            cells.append(Cell(draft.unit(measure)))
        for column in columns[len(cells) :]:
            if column.role == "count":
                cells.append(draft.count(commune, period, measure))
            elif column.role == "to_date":
                cells.append(draft.year_to_date(commune, period, measure))
            else:
                cells.append(draft.compared(str(column.path[-1])))
        lines.append(Line("data", cells))
    if draft.unknown:
        chance.note("unknown row")
        lines.append(_unknown_line(draft, columns))
    return finish(draft, part, columns, lines, "measure", {"commune", "period"}, totals=())


def _row_name(draft: Draft, part: Part, measure: str) -> str:
    """Name a measure in a row: in full, or as a part of the row above."""
    path = draft.short_names[measure]
    apart = len(path) == 2 or path[0].startswith("Trong đó")
    if measure == "valuable_tips" and "tips" in part.measures and apart:
        return draft.chance.choice(("Trong đó: có giá trị", "- Trong đó: Tin có giá trị"))
    return path[0] if not apart else words.HEADERS[measure][1]


def _unknown_line(draft: Draft, columns: list[Column]) -> Line:
    """Write a row that nobody knows, whose figures are no counts of ours."""
    cells = [Cell(words.UNKNOWN[0])]
    for column in columns[1:]:
        cells.append(Cell("việc" if column.role == "unit" else draft.chance.randint(0, 9)))
    return Line("data", cells)
