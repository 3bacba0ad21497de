"""One cell of a column of counts in; a whole number, missing, or what is wrong with it out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from numbers import Integral

from antq_helpers.reading.units import PLAIN, fold, unit_of

NUMBERS = ("vi", "en")
DASHES = ("zero", "missing")
_MOST_DIGITS = 15  # digits beyond that are no count, and a float no longer holds them


@dataclass(frozen=True)
class Count:
    """What a cell says.

    Attributes
    ----------
    value : int or None
        The count; None where it is missing or could not be read.
    kind : str
        Blank where the cell was read, else the kind of problem in ``data/words.csv``.
    details : dict
        What fills the blanks of the problem's sentences.
    """

    value: int | None
    kind: str = ""
    details: dict[str, object] = field(default_factory=dict)


def read_count(cell: object, numbers: str | None = None, dash: str | None = None) -> Count:
    """Read one cell as a count; nothing is guessed and nothing raised.

    Nothing is kept between calls: who reads long columns reads each distinct cell once, by its
    type and value, since 1, 1.0 and True are equal.

    Parameters
    ----------
    cell
        As a spreadsheet gives it: text, a number, a date or a time; "" is blank.
    numbers
        One of ``NUMBERS``, how the file writes numbers: in "vi" 1.651 is a thousand and 1,651 a
        fraction, in "en" the reverse. Without it 1.651 in text is a thousand and 1,651 a problem.
    dash
        One of ``DASHES``, what a dash means. Without it a dash is a problem.

    Examples
    --------
    >>> read_count("2.368"), read_count("12 tin").value, read_count("đang cập nhật").value
    (Count(value=2368, kind='', details={}), 12, None)
    >>> read_count("1,651")
    Count(value=None, kind='which_mark', details={'count': 1651, 'fraction': '1.651'})
    >>> read_count("1,651", numbers="en").value, read_count("-", dash="zero").value
    (1651, 0)
    """
    if isinstance(cell, str):
        return _read_text(cell, numbers, dash)
    if isinstance(cell, Integral) and not isinstance(cell, bool):
        return _whole(int(cell))
    if isinstance(cell, float):
        return _read_float(cell)
    if isinstance(cell, (date, time, timedelta)):
        return _read_day(cell)
    return Count(None) if cell is None else Count(None, "broken_count")


def read_counts(cells: list, numbers: str | None = None, dash: str | None = None) -> list[Count]:
    """Read the cells of a column as :func:`read_count` does, each distinct one once.

    Examples
    --------
    >>> [count.value for count in read_counts([3, "2 tin", 3])]
    [3, 2, 3]
    """
    known = {  # 1 and True are equal, and not the same
        (kind, cell): read_count(cell, numbers, dash)
        for kind, cell in set(zip(map(type, cells), cells, strict=True))
    }
    return [known[key] for key in zip(map(type, cells), cells, strict=True)]


def _whole(value: int) -> Count:
    return Count(value) if abs(value) < 10**_MOST_DIGITS else Count(None, "broken_count")


def _read_float(value: float) -> Count:
    if math.isnan(value):
        return Count(None)
    if math.isinf(value):
        return Count(None, "broken_count")
    if value.is_integer():
        return _whole(int(value))
    # A spreadsheet that expects another mark makes 2.368 of the thousand, and 2.5 of 2.500.
    thousand = round(value * 1000)
    if thousand / 1000 == value and 1 <= abs(value) < 1000:
        return Count(None, "typed_thousand", {"count": thousand})
    return Count(None, "not_whole")


def _read_day(cell: date | time | timedelta) -> Count:
    """Say what may have been typed before the spreadsheet made a day or a time of it."""
    if cell != cell:  # NaT, which is a datetime to Python
        return Count(None)
    if isinstance(cell, date):
        typed = f"{cell.day}/{cell.month}"
    elif isinstance(cell, time):
        typed = f"{cell.hour}:{cell.minute:02}"
    else:
        minutes = int(cell.total_seconds()) // 60
        typed = f"{minutes // 60}:{minutes % 60:02}"
    return Count(None, "date_in_count", {"typed": typed})


# Text. All of it is compared folded: single spaces, no case, the tone after the syllable.


def _folded(*phrases: str) -> frozenset[str]:
    return frozenset(map(fold, phrases))


_MISSING = _folded(
    *("đang cập nhật", "chưa cập nhật", "chưa báo cáo", "chưa có báo cáo", "chưa có số liệu"),
    *("chưa có", "không có số liệu"),
    *("n/a", "na", "nan", "null", "not available", "not reported"),
)
_ZERO = _folded("không phát sinh", "không có phát sinh", "không xảy ra", "none occurred")
_BOUNDS = _folded(
    *("trên", "hơn", "gần", "khoảng", "dưới", "ước", "ước tính", "ít nhất", "tối đa"),
    *("over", "above", "more than", "about", "nearly", "almost", "under", "below", "up to"),
    *("at least", "at most", "less than"),
)

_DASH = re.compile(r"[-‐‑‒–—―−][-‐‑‒–—―− ]*")
_ELLIPSIS = re.compile(r"…[.…]*|\.[.…]+")
_NUMBER = re.compile(r"(?P<sign>[-−]?)(?P<figures>[0-9]+(?:[., ][0-9]+)*) ?(?P<unit>[^0-9]*)")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_FRACTION = re.compile(rf"(?P<whole>[0-9]+|{_GROUPS.pattern})(?!(?P=mark))[.,](?P<fraction>[0-9]+)")
_DAY = re.compile(
    r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})(?:[ t][0-9:.]+)?"
)
_WRONG_FORMS = {
    "formula_error": r"#(?:ref|n/a|div/0|value|name|num|null|spill|calc)[!?]?|err:[0-9]+",
    "no_stored_value": r"=.*",
    "number_format": r"-?[0-9.e+-]+ ⇒ .*",  # as formats.shown writes it
    "ditto": rf"[\"″〃”“]|''|´´|[-–]* ?(?:n[./]?t\.?|{fold('như trên')}|ditto) ?[-–]*",
    "percent_in_count": r"[^0-9]*[0-9][0-9., ]*%",
    "bound": rf"(?:{'|'.join(_BOUNDS)}|[<>≤≥~≈]=?) ?[0-9].*|[0-9][0-9., ]* ?\+",
    # Letters only after a space: 1e+05 is one number, though no count.
    "two_numbers": rf"[0-9][0-9., ]*(?:(?<= )[^0-9]*?)?(?:[/(;:+–—-]|, |{fold('và')} ) ?[0-9].*",
}
_WRONG = {kind: re.compile(form) for kind, form in _WRONG_FORMS.items()}


def _read_text(text: str, numbers: str | None, dash: str | None) -> Count:
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return Count(int(text))
    folded = fold(text)
    folded = folded.strip("'’‘ \u200b\ufeff") or folded  # Excel's mark of text, pasted blanks
    number = _NUMBER.fullmatch(folded)
    unit = number["unit"].strip("() ") if number else "-"
    if not unit or unit in PLAIN:
        return _read_figures(number["figures"], -1 if number["sign"] else 1, numbers)
    behind = text.lstrip("0123456789., ")
    if behind != text and unit_of(behind) == "scaled":  # rounded: "5 nghìn lượt"
        return Count(None, "other_unit", {"words": behind})
    found = _read_words(folded, dash)
    return replace(found, details={"shown": text}) if found.kind == "number_format" else found


def _read_figures(figures: str, sign: int, numbers: str | None) -> Count:
    digits = re.sub(r"[., ]", "", figures)
    if len(digits) > _MOST_DIGITS:
        return Count(None, "broken_count")
    count = sign * int(digits)
    if digits == figures:
        return Count(count)
    groups = _GROUPS.fullmatch(figures)
    if groups:
        return _read_groups(figures, groups["mark"], count, numbers)
    fraction = _FRACTION.fullmatch(figures)
    if fraction and not fraction["fraction"].strip("0"):  # 12.0, as programs write whole numbers
        return Count(sign * int(re.sub(r"[., ]", "", fraction["whole"])))
    return Count(None, "not_whole") if fraction else _wrong(figures)


def _read_groups(figures: str, mark: str, count: int, numbers: str | None) -> Count:
    """Read thousands in groups of three; one group alone may be a fraction."""
    if mark == " " or figures.count(mark) > 1 or mark == {"vi": ".", "en": ","}.get(numbers, "."):
        return Count(count)
    if numbers:
        return Count(None, "typed_thousand", {"count": count})
    return Count(None, "which_mark", {"count": count, "fraction": f"{count / 1000:.3f}"})


def _read_words(folded: str, dash: str | None) -> Count:
    bare = folded.strip("()[] ")
    if _DASH.fullmatch(bare):
        return {"zero": Count(0), "missing": Count(None)}.get(dash, Count(None, "dash"))
    phrase = bare.strip(". ")
    if not folded or _ELLIPSIS.fullmatch(bare) or phrase in _MISSING:
        return Count(None)
    if phrase in _ZERO:
        return Count(0)
    return _wrong(folded)


def _wrong(folded: str) -> Count:
    """Say what is wrong with text that is no count."""
    parts = _DAY.fullmatch(folded)
    if parts:
        day, month = (int(parts[1] or parts[4]), int(parts[2] or parts[3]))
        if 1 <= day <= 31 and 1 <= month <= 12:
            return Count(None, "date_in_count", {"typed": f"{day}/{month}"})
    for kind, pattern in _WRONG.items():
        if pattern.fullmatch(folded):
            return Count(None, kind)
    return Count(None, "broken_count")
