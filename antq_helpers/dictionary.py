"""The dictionary of measures, the words people see, and number formats and sort order."""

from __future__ import annotations

import csv
import json
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# A clone has data and notebooks beside the package, a wheel within it (pyproject.toml).
INSTALLED = (_PACKAGE / "data").is_dir()
_ROOT = _PACKAGE if INSTALLED else _PACKAGE.parent
DATA = _ROOT / "data"
NOTEBOOKS = _ROOT / "notebooks"
LANGUAGES = ("en", "vi")

# The alphabet of Vietnamese dictionaries, with the four letters that only foreign words use.
_ALPHABET = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")  # ngang huyền hỏi ngã sắc nặng
_WITHOUT_TONES = dict.fromkeys(map(ord, _TONES[1:]))


@dataclass(frozen=True)
class Measure:
    """One row of ``data/measures.csv``: what is counted, and how it is written.

    ``per`` is the denominator's unit of a share or ratio: 100 gives per cent or per 100. Where
    half of the communes' yearly numerators are below ``pool_below``, charts pool three years.
    ``counted_at`` is the measure of the occasions at which people are counted who come in groups.
    ``further`` is blank for what all records have a column for. What only some offices report is
    a ``flow``, added up over time as tips are, or a ``stock``, of which a period's last report
    counts: ten groups in March and ten in April are ten.
    """

    measure: str
    kind: str
    numerator: str
    denominator: str
    per: int
    interval: str
    pool_below: int
    counted_at: str
    label_en: str
    label_vi: str
    short_en: str
    short_vi: str
    unit_en: str
    unit_vi: str
    definition_en: str
    definition_vi: str
    further: str | None = None

    def text(self, part: str, language: str) -> str:
        """Return ``label``, ``short``, ``unit`` or ``definition`` in ``"en"`` or ``"vi"``."""
        return getattr(self, f"{part}_{language}")


@cache
def package() -> dict:
    """Read the data package, ``data/datapackage.json``, as a dictionary."""
    return json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))


def resource_of(table: str) -> dict:
    """Return the entry of one table in the data package."""
    return next(entry for entry in package()["resources"] if entry["name"] == table)


def has_sample(table: str) -> bool:
    """Check whether the workbook ships rows of a table, rather than a blank form of it."""
    return not resource_of(table)["path"].startswith("forms/")


def table_fields(table: str) -> list[dict]:
    """Return the fields of one table of the data package, in order.

    Records have a field for each count of ``data/measures.csv``, whether the sample holds it or
    not, and targets and synonyms may be of each of them: a new count is one row there.
    """
    fields = resource_of(table)["schema"]["fields"]
    if table == "targets":
        return [_with_counts(field) if field["name"] == "measure" else field for field in fields]
    if table == "synonyms":
        return [_with_meanings(field) if field["name"] == "meaning" else field for field in fields]
    if table != "records":
        return fields
    known = {field["name"] for field in fields}
    added = (m for m in measures().values() if m.kind == "count" and m.measure not in known)
    return [*fields, *map(_field_of, added)]


def field_title(table: str, name: str, language: str) -> str:
    """Return the title of a field of a table of the data package.

    Examples
    --------
    >>> field_title("models", "kind", "vi")
    'Loại mô hình'
    """
    field = next(field for field in table_fields(table) if field["name"] == name)
    return field.get("title_vi", field["title"]) if language == "vi" else field["title"]


def _field_of(count: Measure) -> dict:
    return {
        "name": count.measure,
        "type": "integer",
        "title": count.label_en,
        "title_vi": count.label_vi,
        "unit": count.unit_en,
        "constraints": {"minimum": 0},
    }


def _with_counts(field: dict) -> dict:
    """List the counts as the values that a field can have."""
    words = {
        name: list(dict.fromkeys(m.text("label", language) for language in LANGUAGES))
        for name, m in measures().items()
        if m.kind == "count"
    }
    return {**field, "words": words, "constraints": {**field["constraints"], "enum": [*words]}}


def _with_meanings(field: dict) -> dict:
    """Add the counts to the values that a field can have."""
    named = [name for name, entry in measures().items() if entry.kind == "count"]
    legal = dict.fromkeys([*field["constraints"]["enum"], *named])
    return {**field, "constraints": {**field["constraints"], "enum": list(legal)}}


@cache
def counts() -> tuple[str, ...]:
    """Return the names of all counts, in the order of the columns of records."""
    named = {name for name, measure in measures().items() if measure.kind == "count"}
    return tuple(f["name"] for f in table_fields("records") if f["name"] in named)


@cache
def core_counts() -> tuple[str, ...]:
    """Return the names of the counts that all records have a column for."""
    return tuple(name for name in counts() if not measures()[name].further)


def measures_of(columns: Iterable[str]) -> list[str]:
    """Return the measures that a table of records can have: further ones by its columns.

    Examples
    --------
    >>> measures_of(["tips", "arrests"])[:2], "arrests" in measures_of(["tips"])
    (['tips', 'valuable_tips'], False)
    """
    named = set(columns)
    return [
        name
        for name, entry in measures().items()
        if not entry.further or {entry.numerator, entry.denominator} - {""} <= named
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def measures() -> dict[str, Measure]:
    """Return every measure of the dictionary by name, in the dictionary's order."""
    rows = _rows("measures.csv")
    whole = ("per", "pool_below")
    return {
        row["measure"]: Measure(**row | {name: int(row[name]) for name in whole}) for row in rows
    }


def is_stock(name: str) -> bool:
    """Check whether a measure is a stock, which is never added up over time."""
    return name in measures() and measures()[name].further == "stock"


@cache
def linked_counts() -> tuple[tuple[str, str], ...]:
    """Return the pairs of counts of which the first is a part of the second."""
    shares = (entry for entry in measures().values() if entry.kind == "share")
    return tuple((entry.numerator, entry.denominator) for entry in shares)


def find_measure(name: str) -> Measure:
    """Return a measure by its name.

    Raises
    ------
    ValueError
        For an unknown name; the message lists the legal ones.

    Examples
    --------
    >>> find_measure("valuable_share").denominator
    'tips'
    """
    return check_choice("measure", name, measures()) and measures()[name]


def name_tables(names: Iterable[str], language: str) -> str:
    """Name tables of the movement in a sentence.

    Examples
    --------
    >>> name_tables(["models", "drives"], "en")
    'models, mobilisation drives'
    """
    return ", ".join(word(f"table_{name}", language).lower() for name in names)


def list_names(names: Sequence[str], language: str, most: int) -> str:
    """List names in a sentence; of more than ``most`` the first, and how many there are besides.

    Examples
    --------
    >>> list_names(["Tuy Lộc", "Âu Lâu", "Minh Bảo"], "en", 2)
    'Tuy Lộc and 2 more'
    """
    if len(names) <= most:
        return ", ".join(names)
    first = ", ".join(names[: most - 1])
    return word("names_more", language, names=first, count=len(names) - most + 1)


def base_words(measures: Iterable[str], language: str) -> str:
    """Name what shares and ratios are divided by, for sentences on a division by nothing.

    Examples
    --------
    >>> base_words(["valuable_share", "sessions"], "en")
    'tips'
    """
    bases = dict.fromkeys(filter(None, (find_measure(name).denominator for name in measures)))
    return ", ".join(find_measure(base).text("short", language) for base in bases)


@cache
def _words() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in _rows("words.csv")}


def word(key: str, language: str = "en", **values: object) -> str:
    """Return a string that people see in the given language, with its placeholders filled in.

    Examples
    --------
    >>> word("city", "vi")
    'Toàn thành phố'
    """
    check_choice("language", language, LANGUAGES)
    if key not in _words():
        raise KeyError(f"data/words.csv has no row whose key is {key!r}: add one, in vi and in en.")
    text = _words()[key][language]
    try:
        return text.format(**values) if values else text
    except (KeyError, IndexError) as blank:
        raise KeyError(
            f"data/words.csv, key {key!r}, {language}: nothing fills the blank "
            f"{{{blank.args[0]}}}. Its blanks are {', '.join(f'{{{name}}}' for name in values)}."
        ) from None


def is_worded(key: str) -> bool:
    """Check whether ``data/words.csv`` has a string for a key."""
    return key in _words()


def name_part(value: object, language: str = "en") -> str:
    """Name a category: a kind or an authority in words, a commune by name, a year by number.

    Examples
    --------
    >>> name_part("camera", "vi"), name_part("Tuy Lộc"), name_part(2021.0)
    ('Camera an ninh', 'Tuy Lộc', '2021')
    """
    # pandas reads a column of years with blanks as floats: 2021.0.
    text = str(int(value)) if isinstance(value, float) else str(value)
    key = f"part_{text.lower()}"
    return word(key, language) if key in _words() else text


def check_choice(name: str, value: object, legal: object) -> object:
    """Return ``value`` if it is one of ``legal``, else raise a ``ValueError`` naming them."""
    if value not in list(legal):
        raise ValueError(
            f"{name}={value!r} is not known. Use one of: {', '.join(map(str, legal))}."
        )
    return value


@lru_cache(maxsize=1 << 15)  # a table of months writes thousands, most of them again and again
def number(value: float, language: str = "en", decimals: int = 0) -> str:
    """Format a number for a language: 2,368.5 in English, 2.368,5 in Vietnamese.

    Examples
    --------
    >>> number(2368, "vi"), number(36.24, "vi", 1), number(2368, "en")
    ('2.368', '36,2', '2,368')
    """
    text = f"{rounded(value, decimals) + 0.0:,.{decimals}f}"  # 0 has no sign
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def rounded(value: float, decimals: int = 0) -> float:
    """Round half away from zero, as people do.

    Examples
    --------
    >>> rounded(-12.5), rounded(6.25, 1), round(-12.5), round(6.25, 1)
    (-13.0, 6.3, -12, 6.2)
    """
    if not math.isfinite(value) or abs(value) >= 1e15:
        return value
    exact = Decimal(repr(round(float(value), 9)))
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def signed(value: float, language: str = "en", decimals: int = 0) -> str:
    """Format a difference with its sign.

    Examples
    --------
    >>> signed(1200, "vi"), signed(-3), signed(0)
    ('+1.200', '−3', '0')
    """
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value), language, decimals)


def capital(text: str) -> str:
    """Capitalise the first letter; leave the rest as it is."""
    return text[:1].upper() + text[1:]


def split_syllables(text: str) -> list[tuple[str, str]]:
    r"""Split each syllable into letters and tone: Hòa, Hoà and decomposed letters are equal.

    Examples
    --------
    >>> split_syllables("Hoà") == split_syllables("hòa") == [("hoa", "\u0300")]
    True
    """
    syllables = []
    for syllable in unicodedata.normalize("NFD", text).casefold().split():
        letters = syllable.translate(_WITHOUT_TONES)
        tones = "".join(mark for mark in syllable if mark in _TONES) if letters != syllable else ""
        syllables.append((unicodedata.normalize("NFC", letters), tones))
    return syllables


def plain_letters(text: str) -> str:
    """Strip tones and marks, as people type in a hurry.

    Examples
    --------
    >>> plain_letters("Đồng Tâm")
    'Dong Tam'
    """
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache  # explorers sort the communes of a country at each choice
def vietnamese_order(name: str) -> list:
    """Return a sort key in the order of Vietnamese dictionaries: letters first, then tones.

    Examples
    --------
    >>> sorted(["Yên Ninh", "Đồng Tâm", "Âu Lâu", "Văn Phú", "Đồng"], key=vietnamese_order)
    ['Âu Lâu', 'Đồng', 'Đồng Tâm', 'Văn Phú', 'Yên Ninh']
    """
    return [
        (
            [_ALPHABET.get(letter, ord(letter) - 200) for letter in letters],
            _TONES.index(tone) if tone in _TONES else len(_TONES),
        )
        for letters, tone in split_syllables(name)
    ]
