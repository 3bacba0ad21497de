"""Choices in; the traits that hold for a whole file, out."""

from __future__ import annotations

from tests.office import words
from tests.office.chance import Chance
from tests.office.facts import Facts
from tests.office.paper import Cell, Column
from tests.office.spelling import Spelling

MERGING = ("xlsx",)


class Draft:
    """One file on its way: what it says, how the office writes, and which traits are on."""

    def __init__(self, chance: Chance, form: str, damaged: bool) -> None:
        self.chance, self.form, self.damaged = chance, form, damaged
        self.numbers = chance.choice((None, None, None, "vi", "en"))
        self.dash = chance.choice((None, None, "zero", "missing"))
        self.spelling = Spelling(chance, self.numbers, self.dash)
        self.facts: Facts
        on = chance.on
        self.merges = form in MERGING and not on("headers not merged", 0.3)
        self.numbered = on("STT", 0.5)
        self.units = chance.choices(("none", "below", "in brackets"), (5, 2, 2))[0]
        self.numbering = chance.random() < 0.2
        self.total = ""
        self.sections = chance.random() < 0.2
        self.to_date = False
        if not damaged:
            self.total = chance.choices(("", "last", "first"), (4, 4, 2))[0]
            self.to_date = chance.random() < 0.25
        self.formulas = form == "xlsx" and chance.on("totals as formulas", 0.25)
        self.section_totals = bool(self.total) and chance.random() < 0.5
        self.comparisons = chance.random() < 0.3
        self.notes = chance.random() < 0.2
        self.unknown = chance.random() < 0.15
        self.blank_cells_once = chance.random() < 0.4
        self.short_names = self._measure_paths()

    def _measure_paths(self) -> dict[str, tuple[str, ...]]:
        """Choose what this office calls each measure, some of them two under one header."""
        chance = self.chance
        paths = {measure: (chance.choice(names),) for measure, names in words.HEADERS.items()}
        if chance.on("tips under one header", 0.3):
            paths |= {m: words.GROUPS[m] for m in ("tips", "valuable_tips")}
        elif chance.random() < 0.15:
            chance.note("valuable tips as a part alone")
            paths["valuable_tips"] = ("Trong đó: có giá trị",)
        if chance.on("outreach under one header", 0.15):
            paths |= {m: words.GROUPS[m] for m in ("sessions", "attendances")}
        return paths

    def path(self, measure: str, beside: list[str]) -> tuple[str, ...]:
        """Give a measure's header from the top down; as a part only beside its other part."""
        path = self.short_names[measure]
        partner = {
            "tips": "valuable_tips",
            "valuable_tips": "tips",
            "sessions": "attendances",
            "attendances": "sessions",
        }.get(measure)
        apart = len(path) == 2 or path[0].startswith("Trong đó")
        if apart and partner not in beside:
            return (words.HEADERS[measure][0],)
        return path

    def unit(self, measure: str) -> str:
        """Give a measure's unit, as it stands in brackets."""
        return words.UNITS[measure][0]

    def count(self, commune: str, period: object, measure: str) -> Cell:
        """Write one count of one record."""
        amount = self.facts.counts[commune, period][measure]
        value = self.spelling.count(amount, measure)
        return Cell(value, "count", measure, frozenset({(commune, period)}), amount=amount)

    def name(self, commune: str, keys: frozenset) -> Cell:
        """Write a commune's name into a column of communes."""
        value = self.spelling.commune(commune, self.facts.kinds[commune])
        return Cell(value, "commune", keys=keys)

    def year_to_date(self, commune: str, period: object, measure: str) -> Cell:
        """Write what has come together since the year began."""
        amount = self.facts.to_date(commune, period, measure)
        return Cell(amount, "to_date", measure, amount=amount)

    def compared(self, header: str) -> Cell:
        """Make up a figure for a column that must never be counted."""
        chance = self.chance
        if "%" in header or "Tăng" in header:
            figures = (
                chance.randint(-40, 60),
                round(chance.uniform(-90, 160), 1),
                f"{chance.uniform(0, 99):.1f}%".replace(".", ","),
                f"+{chance.randint(1, 30)}",
                "-",
            )
            return Cell(chance.choice(figures))
        return Cell(chance.choice((chance.randint(0, 90), str(chance.randint(0, 90)), "-", "")))

    def comparison_headers(self, year: int, number: int) -> list[str]:
        """Choose headers of comparison."""
        chosen = self.chance.some(words.COMPARED, 1, number)
        return [header.format(before=year - 1) for header in chosen]


def label_column(text: str, role: str) -> Column:
    """Give a column with one line of header."""
    return Column((text,), role)
