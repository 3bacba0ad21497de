"""Choices in; what the communes of a made-up file have to report, and for which periods, out."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from tests.office.chance import Chance

MEASURES = ("sessions", "attendances", "tips", "valuable_tips", "resolved_cases")
DATA = Path(__file__).resolve().parents[2] / "data"
# Until then it is known which unit each name means: late in 2024 the day of a merger is not.
LATEST = date(2024, 9, 30)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_USUAL = {  # what one commune reports in a month, at most
    "sessions": 8,
    "attendances": 700,
    "tips": 25,
    "resolved_cases": 6,
}


@dataclass(frozen=True, order=True)
class Period:
    """Days that one report covers; ``part`` counts months, quarters or halves within ``year``.

    ``office`` periods run from the 15th to the 14th and can only be written with their days.
    """

    start: date
    end: date
    kind: str
    year: int
    part: int
    office: bool = False


@dataclass(frozen=True)
class Unit:
    """One commune or ward during the time for which its name means this extent."""

    name: str
    kind: str
    first: date
    last: date


Key = tuple[str, Period]


@dataclass
class Facts:
    """What the made-up file says: a count, or None for missing, by key and measure."""

    communes: list[str]
    periods: list[Period]
    measures: list[str]
    counts: dict[Key, dict[str, int | None]] = field(default_factory=dict)
    before: dict[str, dict[str, int]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def to_date(self, commune: str, period: Period, measure: str) -> int | None:
        """Add up a commune's year to the end of a period; what came before the file included."""
        known = [
            self.counts[commune, other][measure]
            for other in self.periods
            if other.year == period.year and other.end <= period.end
        ]
        found = [count for count in known if count is not None]
        if not found:
            return None
        return sum(found) + (0 if self._whole(period) else self.before[commune][measure])

    def _whole(self, period: Period) -> bool:
        """Say whether the file holds every period of the year up to this one."""
        held = {other.part for other in self.periods if other.year == period.year}
        return held >= set(range(1, period.part + 1))


def period(kind: str, year: int, part: int, office: bool = False) -> Period:
    """Give the days of a period: by the calendar, or from the 15th to the 14th."""
    length = _MONTHS[kind]
    last = part * length
    start, after = _month(year, last - length + 1), _month(year, last + 1)
    if office:
        # Decree 09/2019/NĐ-CP, Article 12: from the 15th of the month before.
        start, after = _month(year, last - length).replace(day=15), _month(year, last)
        after = after.replace(day=15)
    return Period(start, after - timedelta(days=1), kind, year, part, office)


def _month(year: int, number: int) -> date:
    """Give the first day of a month that may lie outside 1 to 12."""
    return date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def parts(kind: str) -> int:
    """Say how many periods of a kind a year has."""
    return 12 // _MONTHS[kind]


def choose_periods(
    chance: Chance, kind: str, number: int, *, one_year: bool, office: bool = False
) -> list[Period]:
    """Choose periods of one kind that lie in the past, so that none overlap."""
    years = list(range(2013, 2025))
    if one_year:
        year = chance.choice(years[:-1] if kind in ("half", "year") else years)
        every = [period(kind, year, part, office) for part in range(1, parts(kind) + 1)]
    else:
        every = [
            period(kind, year, part, office) for year in years for part in range(1, parts(kind) + 1)
        ]
    past = [p for p in every if p.end <= LATEST]
    number = min(number, len(past))
    if chance.random() < 0.7:  # one after another, and mostly from the beginning of a year
        starts = [i for i in range(len(past) - number + 1) if past[i].part == 1] or [0]
        start = chance.choice(starts)
        if chance.random() < 0.2:
            start = chance.randint(0, len(past) - number)
        return past[start : start + number]
    return chance.some(past, number, number)


@cache
def units() -> tuple[Unit, ...]:
    """Give the units of the city whose first and last day are known."""
    with (DATA / "communes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["valid_from"] < "2025" and row["whole"]]
    return tuple(
        Unit(
            row["name"],
            row["kind"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else LATEST,
        )
        for row in rows
        if row["valid_from"]
    )


def fitting_communes(periods: Sequence[Period]) -> dict[str, str]:
    """Give name and kind of the communes that keep their extent within each period."""
    found = {}
    for unit in units():
        namesakes = [other for other in units() if other.name == unit.name]
        if all(any(u.first <= p.start and p.end <= u.last for u in namesakes) for p in periods):
            found[unit.name] = unit.kind
    return found


def choose_facts(
    chance: Chance, periods: list[Period], communes: tuple[int, int], measures: tuple[int, int]
) -> Facts:
    """Choose communes and measures, and what each reports; missing is None."""
    kinds = fitting_communes(periods)
    names = chance.some(list(kinds), *communes)
    if chance.random() < 0.3:
        chance.shuffle(names)
    chosen = chance.some(MEASURES, *measures)
    facts = Facts(names, periods, chosen, kinds=kinds)
    missing = chance.choice((0, 0, 0.05, 0.2))
    zero = chance.choice((0.02, 0.15))
    for name in names:
        facts.before[name] = {measure: chance.randint(0, 30) for measure in chosen}
        for one in periods:
            facts.counts[name, one] = _report(chance, one, chosen, missing, zero)
    return facts


def _report(
    chance: Chance, one: Period, measures: list[str], missing: float, zero: float
) -> dict[str, int | None]:
    """Make up one report, whose valuable tips are some of its tips."""
    report: dict[str, int | None] = {}
    for measure in MEASURES:
        most = _USUAL.get(measure, 0) * _MONTHS[one.kind]
        if measure == "valuable_tips":
            most = report["tips"]
        count = 0 if most is None or chance.random() < zero else chance.randint(0, most)
        if measure == "attendances" and chance.random() < 0.05:
            count += 1_000_000
            report["sessions"] = report["sessions"] and 200 + report["sessions"]
        if measure == "attendances" and report["sessions"] == 0:
            count = 0  # nobody attends no session
        report[measure] = None if chance.random() < missing else count
    if report["tips"] is None and report["valuable_tips"] is not None:
        report["valuable_tips"] = chance.randint(0, 9)  # nothing to hold it against
    return {measure: report[measure] for measure in measures}
