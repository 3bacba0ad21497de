"""A table in; the same with what offices put above and below it, on a sheet, out."""

from __future__ import annotations

from datetime import timedelta

from tests.office import words
from tests.office.draft import Draft
from tests.office.layouts import Block
from tests.office.paper import Sheet
from tests.office.tables import draw


def place(draft: Draft, sheet: Sheet, row: int, block: Block, *, alone: bool) -> int:
    """Draw a block below what the sheet already holds; give the first free row."""
    chance = draft.chance
    left = 1 if chance.on("empty column at the left", 0.1) else 0
    width = max(4, len(block.columns))
    if alone:
        row += chance.choice((0, 0, 0, 1, 2))
        if row:
            chance.note("blank rows above")
        if chance.on("national header", 0.25):
            row = _national_header(draft, sheet, row, left, width, block)
    column = left
    for text in _titles(draft, block):
        column = left if draft.merges else left + chance.choice((0, 0, 1, 2))
        sheet.put(row, column, draft.spelling.text(text))
        if draft.merges and chance.random() < 0.7:
            sheet.merge(row, column, row, left + width - 1)
        row += 1
    # The name of a measure right above a column would be that column's header, not the title.
    if row and (chance.random() < 0.6 or (column > left and "measure" in block.needs)):
        row += 1
    row = draw(draft, sheet, row, left, block.columns, block.lines)
    if alone:
        row = _below(draft, sheet, row, left, width)
    return row


def _national_header(
    draft: Draft, sheet: Sheet, row: int, left: int, width: int, block: Block
) -> int:
    """Write who reports on the left, and the nation's name, motto and the day on the right."""
    chance, right = draft.chance, left + width // 2
    end = max(period.end for period in block.part.periods)
    signed = end + timedelta(days=chance.randint(1, 20))
    day = words.PLACE_AND_DAY.format(day=signed.day, month=signed.month, year=signed.year)
    report = words.REPORT_NUMBER.format(number=chance.randint(1, 99))
    reporter = ""
    if len(block.part.communes) == 1:
        name = block.part.communes[0]
        full = draft.spelling.full_name(name, draft.facts.kinds[name])
        reporter = f"CÔNG AN {full.upper()}"
        block.needs.discard("commune")
        chance.note("commune as the reporting office")
    lines = [(words.CITY_POLICE, words.NATION), (reporter, words.MOTTO), (report, day)]
    for number, texts in enumerate(lines):
        for column, text in zip((left, right), texts, strict=True):
            sheet.put(row + number, column, draft.spelling.text(text) if text else None)
    return row + len(lines) + chance.randint(0, 1)


def _titles(draft: Draft, block: Block) -> list[str]:
    """Write the lines above a table, which say what no column says."""
    chance, spelling, part = draft.chance, draft.spelling, block.part
    main, lines, needs = "", [], set(block.needs)
    if chance.random() < 0.7:
        main = chance.choice(words.TITLES)
    if "measure" in needs:
        main = words.HEADERS[part.measures[0]][chance.randint(0, 2)]
        main += chance.choice(("", " các xã, phường", " theo địa bàn"))
        if chance.random() < 0.3:
            main = f"Biểu {chance.randint(1, 9)}. {main}"
    if "commune" in needs:
        name = part.communes[0]
        full = spelling.full_name(name, draft.facts.kinds[name])
        if main and chance.random() < 0.4:
            main += f" của {full}"
            chance.note("commune within the title")
        else:
            full = spelling.commune(name, draft.facts.kinds[name]).strip()
            lines.append(chance.choice((f"Đơn vị: {full}", f"Đơn vị báo cáo: {full}", full)))
    if "period" in needs:
        lines, main = _say_period(draft, spelling.period(part.periods[0]), block, lines, main)
    elif "year" in needs:
        year = f"năm {part.periods[0].year}"
        if main and chance.random() < 0.6:
            main += chance.choice((f" {year}", f", {year}"))
        else:
            lines.append(year.capitalize())
    if main and chance.random() < 0.3:
        main = main.upper()
    return [text for text in (main, *lines) if text]


def _say_period(
    draft: Draft, label: str, block: Block, lines: list[str], main: str
) -> tuple[list[str], str]:
    """Put the period into the title, beside it, or on a line of its own."""
    chance, period = draft.chance, block.part.periods[0]
    if period.office:
        chance.note("days in the title")
        days = chance.choice((label, f"({label.capitalize()})", _spoken(period)))
        if main and chance.random() < 0.3:
            # The name of the period beside its days: the days hold.
            named = draft.spelling.period(type(period)(*_plain(period)))
            chance.note("period by name and by days")
            return [*lines, days], f"{main} {named.lower()}"
        return [*lines, days], main
    if main and chance.random() < 0.5:
        return lines, f"{main} {label[0].lower()}{label[1:]}"
    return [*lines, chance.choice((label, f"({label})", f"Kỳ báo cáo: {label}"))], main


def _spoken(period: object) -> str:
    return f"(Từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y})"


def _plain(period: object) -> tuple:
    return (period.start, period.end, period.kind, period.year, period.part, False)


def _below(draft: Draft, sheet: Sheet, row: int, left: int, width: int) -> int:
    """Write remarks and signatures below a table."""
    chance = draft.chance
    if chance.on("remarks below", 0.25):
        row += chance.randint(0, 1)
        sheet.put(row, left, draft.spelling.text(chance.choice(words.REMARKS)))
        row += 1
    if chance.on("signatures below", 0.3):
        row += chance.randint(0, 2)
        right = left + width - 2
        for column, text in zip((left, right), chance.choice(words.SIGNATURES), strict=True):
            sheet.put(row, column, text)
            sheet.put(row + 1, column, words.SIGNED)
        sheet.put(row + 4, right, chance.choice(words.RANKS))
        row += 5
    return row
