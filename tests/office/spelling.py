"""Words and figures in; the same as one office writes them, out."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from tests.office import words
from tests.office.chance import Chance
from tests.office.facts import Period

ROMAN = ("I", "II", "III", "IV")
_OLD_PLACE = re.compile(r"([òóỏõọ])([ae])\b|(?<!q)([ùúủũụ])(y)\b", re.IGNORECASE)
_PREFIXES = {
    "ward": ("Phường ", "phường ", "P. ", "P.", "PHƯỜNG "),
    "commune": ("Xã ", "xã ", "X. ", "X.", "XÃ "),
}


def move_tone(text: str) -> str:
    """Put the tone as ``hoà`` and ``luỹ`` have it, where it was ``hòa`` and ``lũy``."""

    def moved(match: re.Match) -> str:
        first, second = match[1] or match[3], match[2] or match[4]
        bare, tone = unicodedata.normalize("NFD", first)
        return bare + unicodedata.normalize("NFC", second + tone)

    return _OLD_PLACE.sub(moved, text)


def without_accents(text: str) -> str:
    """Take every mark off: ``Đồng Tâm`` is ``Dong Tam``."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def part_name(period: Period) -> str:
    """Name a period within a year that is named elsewhere."""
    if period.kind == "month":
        return f"Tháng {period.part}"
    if period.kind == "quarter":
        return f"Quý {ROMAN[period.part - 1]}"
    return "Năm" if period.kind == "year" else f"6 tháng {('đầu', 'cuối')[period.part - 1]} năm"


class Spelling:
    """How one office writes: chosen once for a file, thrown again for each cell."""

    def __init__(self, chance: Chance, numbers: str | None, dash: str | None) -> None:
        self.chance, self.numbers, self.dash = chance, numbers, dash
        on = chance.on
        self.spaces = 0.2 * on("stray spaces", 0.4)
        self.decomposed = chance.choice((0.3, 1)) * on("decomposed letters", 0.2)
        self.new_tones = on("tone placed as in hoà", 0.2)
        self.capitals = 0.4 * on("communes in capitals", 0.2)
        self.bare = 0.4 * on("communes without accents", 0.15)
        self.prefix = chance.choice((0.3, 1)) * on("communes with prefix", 0.5)
        self.town = 0.2 * on("communes with a town's prefix", 0.05)
        self.loud = on("headers in capitals", 0.15)
        self.broken = 0.3 * on("line breaks in headers", 0.15)
        self.as_text = chance.choice((0.2, 1)) * on("counts as text", 0.25)
        self.grouped = 0.5 * on("thousands marked", 0.35)
        self.with_unit = 0.15 * on("counts with unit", 0.15)
        self.padded = 0.2 * on("counts as 05", 0.15)
        self.missing = words.MISSING if on("missing in words", 0.3) else ("",)
        self.dates = chance.one("dates", {"real": 4, "/": 4, "-": 2, "iso": 1})

    def text(self, text: str) -> str:
        """Write words with the file's own letters and stray spaces."""
        chance = self.chance
        if self.new_tones:
            text = move_tone(text)
        if chance.random() < self.decomposed:
            text = unicodedata.normalize("NFD", text)
        if chance.random() < self.spaces:
            blank = chance.choice((" ", "  ", "\u00a0"))
            text = chance.choice((blank + text, text + blank, text.replace(" ", blank)))
        return text

    def header(self, text: str) -> str:
        """Write one cell of a header."""
        text = text.upper() if self.loud else text
        if self.chance.random() < self.broken:
            text = text.replace(" ", "\n", 1)
        return self.text(text)

    def commune(self, name: str, kind: str) -> str:
        """Write a commune's name as this office does."""
        chance = self.chance
        if chance.random() < self.town:
            name = "TT. " + name
        elif chance.random() < self.prefix:
            name = chance.choice(_PREFIXES[kind]) + name
        if chance.random() < self.capitals:
            name = name.upper()
        if chance.random() < self.bare:
            name = without_accents(name)
        return self.text(name)

    def full_name(self, name: str, kind: str) -> str:
        """Write a name as titles do: always with what it is."""
        return f"{'phường' if kind == 'ward' else 'xã'} {name}"

    def count(self, count: int | None, measure: str) -> object:
        """Write a count, or that it is missing."""
        chance = self.chance
        if count is None:
            dash = ("-", "–") if self.dash == "missing" else ()
            return chance.choice((*self.missing, *dash, *dash))
        if count == 0 and self.dash == "zero" and chance.random() < 0.7:
            return "-"
        text = ""
        if count >= 1000 and chance.random() < self.grouped:
            text = f"{count:,}".replace(",", self._mark())
        elif count < 10 and chance.random() < self.padded:
            text = f"0{count}"
        if chance.random() < self.with_unit:
            return f"{text or count} {chance.choice(words.UNITS[measure])}"
        if text or chance.random() < self.as_text:
            return text or str(count)
        return count

    def _mark(self) -> str:
        if self.numbers == "en":
            return self.chance.choice((",", " "))
        return self.chance.choice((".", ".", " ", "\u00a0"))

    def day(self, day: date) -> object:
        """Write a day as the file does."""
        if self.dates == "real":
            return datetime(day.year, day.month, day.day)
        form = {"/": "%d/%m/%Y", "-": "%d-%m-%y", "iso": "%Y-%m-%d"}[self.dates]
        return f"{day:{form}}"

    def period(self, period: Period) -> str:
        """Write a period's name with its year, or its days where it has no name."""
        if period.office and self.chance.random() < 0.3:
            return f"{period.start:%d/%m/%Y} - {period.end:%d/%m/%Y}"
        if period.office:
            return f"từ {period.start:%d/%m/%Y} đến {period.end:%d/%m/%Y}"
        name = part_name(period)
        if period.kind in ("half", "year"):
            return f"{name} {period.year}"
        return f"{name}{self.chance.choice(('/', ' năm '))}{period.year}"
