"""Counts as offices write them in cells, with their units and number formats.

A count in thousands is a rounded one, and a share is none: neither is read as what it shows.

An office reads what a cell shows: 5 under ``0",000"`` is five thousand to it, 1 under ``0%`` a
share. Where the two differ nobody but the office knows which is meant.
"""

from __future__ import annotations

import math
import operator
import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from numbers import Integral

from antq_helpers.dictionary import counts, find_measure, plain_letters, split_syllables

_WORD = re.compile(r"[^\W\d_]+")


def fold(text: str) -> str:
    """Normalise text: composed letters, single spaces, lower case, the tone after the syllable."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return _WORD.sub(lambda word: "".join(map("".join, split_syllables(word[0]))), text)


def folded(phrases: str) -> frozenset[str]:
    """Return phrases between commas, folded for comparison, each with and without marks."""
    return frozenset(map(fold, [*phrases.split(", "), *plain_letters(phrases).split(", ")]))


_OF_TIPS = folded("tin, tin báo, nguồn, nguồn tin, nguồn tin báo, tip, tips")
# What each count may be counted in: a column of tips in cases is another count.
UNITS = {
    "tips": _OF_TIPS,
    "valuable_tips": _OF_TIPS,
    "resolved_cases": folded("vụ, việc, vụ việc, vụ án, trường hợp, case, cases"),
    "sessions": folded(
        "buổi, cuộc, lần, lượt, đợt, hội nghị, cuộc họp, buổi tuyên truyền, cuộc tuyên truyền, "
        "session, sessions"
    ),
    "attendances": folded(
        "lượt, lượt người, người, người dự, lượt người dự, lượt dự, lượt tham gia, "
        "lượt người tham dự, lượt người tham gia, người tham dự, người tham gia, attendance, "
        "attendances, person, persons, people"
    ),
    **dict.fromkeys(
        ("arrests", "reformed_persons", "admonitions", "group_members", "team_members"),
        folded("người, lượt, lượt người, đối tượng, thành viên, persons, members, admonitions"),
    ),
    **dict.fromkeys(("slips", "valuable_slips"), folded("phiếu, thư, lá thư, thư phiếu, slips")),
    "weapons": folded("vũ khí, khẩu, khẩu súng, cái, chiếc, weapons, pieces"),
    "pledging_households": folded("hộ, hộ gia đình, households"),
}
UNITS |= {
    name: folded(f"{find_measure(name).unit_vi}, {find_measure(name).unit_en}")
    for name in counts()
    if name not in UNITS
}
# All units that count by one, with general ones and those of the tables of the movement.
PLAIN = frozenset().union(*UNITS.values()) | folded(
    "số, số lượng, SL, lớp, lượt địa bàn, mô hình, tổ, tập thể, cá nhân, drive, drives, model, "
    "models, number, count"
)
_SHARES = folded("%, phần trăm, tỷ lệ, tỉ lệ, tỷ lệ %, tỉ lệ %, percent, pct")
_UNIT_WORDS = frozenset(word for unit in PLAIN for word in unit.split())
_TIMES = folded("nghìn, ngàn, trăm, triệu, vạn, chục")
_ENGLISH = folded("thousand, thousands, hundreds, million, millions, dozens")
_MULTIPLIERS = _TIMES | _ENGLISH
_MONEY = folded("đồng, vnđ, vnd, usd")
# "5 nghìn" and "gần một nghìn" are figures, "phần trăm" is a share.
_BEFORE_FIGURE = folded("phần, một, vài, mấy, hàng, hơn, gần, a, one, several")
_BEFORE_UNIT = folded("bằng, tính, theo, là, in, đvt, unit, units")
_BEFORE_RATE = folded("trên, mỗi, cứ, per, /, over")
_AROUND = "()[] .:-"
# In "Lượt người ('000)": Lượt, người, (, ', 000, ). "1.000" is one token.
_TOKEN = re.compile(r"\d+(?:[., ]000)*(?!\d)|[^\W\d_]+|[^\w\s]|_")
_SIGNS, _POWERS = ("'", "’", "‘", "x", "×", "*"), ("²", "³", "⁴", "⁵", "⁶")
_POWER = re.compile(r"10+")
# "Đơn vị tính: nghìn lượt người", "ĐVT: tin", "Unit of measure: cases".
_STATED = re.compile(
    r"(?:đơn vị tính|đơn vị đo|đvt|don vi tinh|dvt|\bunits?(?: of measure)?)\s*[:=]\s*([^()]+)",
    re.IGNORECASE,
)


def _find_scale(text: str) -> tuple[int, int] | None:
    """Find the words by which a text counts in thousands or the like; return start and end."""
    words = fold(text)
    if "0" not in text and not any(multiplier in words for multiplier in _MULTIPLIERS):
        return None  # as nearly always
    found = list(_TOKEN.finditer(text))
    tokens = ["", *(fold(token[0]) for token in found), "", ""]
    for i, token in enumerate(tokens[1:-2], 1):
        last = i
        while tokens[last + 1] in _UNIT_WORDS:
            last += 1
        if _is_scale(token, tokens[i - 1], tokens[i + 1], last > i):
            first = i - 1 if tokens[i - 1] in (*_SIGNS, "in") else i
            last += 2 * (tokens[last + 1] == "^") or tokens[last + 1] in _POWERS
            return found[first - 1].start(), found[min(last, len(found)) - 1].end()
    return None


def _is_scale(token: str, before: str, behind: str, counted: bool) -> bool:
    """Check whether a token is a multiplier; ``counted`` tells if a counted noun follows it."""
    alone = not behind or not behind[0].isalnum()
    digits = re.sub(r"[., ]", "", token)
    if token in _MULTIPLIERS:
        # In "Triệu Phong" and "Vạn Phúc" the word is of a name.
        figure = before.isdigit() or before in _BEFORE_FIGURE or behind in _MONEY
        apart = not before or not before[0].isalpha() or before in _UNIT_WORDS | _BEFORE_UNIT
        return not figure and (counted or (alone and apart) or token in _ENGLISH)
    if not digits.isdigit() or before in _BEFORE_RATE:
        return False
    if digits == "000":  # ('000), (000s)
        return counted or alone or behind == "s"
    if before in ("x", "×", "*") or (digits == "10" and behind in ("^", *_POWERS)):
        return bool(_POWER.fullmatch(digits))
    power = bool(_POWER.fullmatch(digits)) and len(digits) > 2
    return power and (counted or (before == "(" and behind == ")" and len(digits) > 3))


def unit_of(text: str) -> str:
    """Classify a text that is nothing but a unit: ``ones``, ``scaled`` or ``share``; else blank.

    >>> unit_of("(lượt người)"), unit_of("nghìn lượt"), unit_of("%"), unit_of("Tuy Lộc")
    ('ones', 'scaled', 'share', '')
    """
    bare = text.strip(_AROUND)
    if fold(bare) in _SHARES:
        return "share"
    if all(fold(part) in PLAIN for part in re.split(r"\s*[/,;&+]\s*", bare)):
        return "ones"
    found = _find_scale(f"({bare})")
    return "scaled" if found and not f"({bare})"[found[1] :].strip(_AROUND) and found[0] < 2 else ""


def scaled(text: str) -> str:
    """Return the words by which a header or title counts in thousands; blank if there are none.

    >>> scaled("Lượt người (nghìn lượt)"), scaled("Lượt người ('000)")
    ('nghìn lượt', "'000")
    >>> scaled("Xã Triệu Phong"), scaled("hơn 5 nghìn lượt người dự"), scaled("trên 1.000 dân")
    ('', '', '')
    """
    found = _find_scale(text)
    return text[found[0] : found[1]] if found else ""


def stated(text: str) -> str:
    """Return the unit that a title states, if the table does not count by one; else blank.

    >>> stated("Đơn vị tính: nghìn lượt người"), stated("ĐVT: %"), stated("Đơn vị tính: tin")
    ('nghìn lượt người', '%', '')
    """
    found = _STATED.search(text)
    if not found or any(word in _MONEY for word in fold(found[1]).split()):
        return scaled(text)
    parts = [part for part in re.split(r"[,;:.]\s+|\s+[-–|]\s+", found[1].strip()) if part]
    kinds = [unit_of(part) for part in parts]
    asks = kinds and (kinds[0] != "ones" or {"scaled", "share"} & set(kinds))
    return found[1].strip() if asks else scaled(text)


def unscaled(text: str) -> str:
    """Remove the words by which a header counts in thousands.

    >>> unscaled("Lượt người (nghìn lượt)"), unscaled("Nghìn lượt người")
    ('Lượt người ()', 'lượt người')
    """
    words = scaled(text)
    if not words:
        return text
    return text.replace(words, "").strip() or words.partition(" ")[2]


# Of a number format, such as '[>=1000]#,##0," nghìn";0': quoted, escaped and bracketed parts,
# the end of a section, and the codes of digits one by one.
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|[_*].|(?P<end>;)|(?P<bare>.)',
    re.DOTALL,
)
_CONDITION = re.compile(r"([<>]=?|=|<>)\s*(-?[\d.]+)")  # >=1000
_HOLDS = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)  # dd/mm/yyyy
_ANY = re.compile(r"general|standard", re.IGNORECASE)
# "General", "#,##0", "0.00": formats that show the number that is stored.
_PLAIN = re.compile(r"(?:General|@|0|#|#,##0|0\.0+|#,##0\.0+)", re.IGNORECASE)


def shown(value: float, code: str) -> str:
    """Describe what a number format shows, if it is another number than is stored; else blank.

    >>> shown(1, "0%"), shown(5, '0",000"'), shown(5000, "#,##0,")
    ('100%', '5 ⇒ 5,000', '5000 ⇒ 5')
    >>> shown(5, '#,##0" tin"'), shown(0, '0;-0;"-"'), shown(5, "General")
    ('', '', '')
    """
    if not code or _PLAIN.fullmatch(code):
        return ""
    bare, literal = _section(value, code)
    if "%" in bare:
        return f"{value * 100:.15g}%"
    if "@" in bare or _DATE.search(re.sub(r"E[+-]", "", bare)):
        return ""
    number = f"{value:.15g}"
    if not re.search(r"[0#?]", bare):
        return f"{number} ⇒ {literal.strip() or '…'}" if value else ""
    if scale := re.search(r"(?<=[0#?])(,+)(?![0#?,])", bare):
        return f"{number} ⇒ {value / 1000 ** len(scale[1]):.15g}" if value else ""
    if power := re.search(r"[0#?](?:\.([0#?]*))?E[+-]", bare):
        short = f"{value:.{len(power[1] or '')}e}"
        return f"{number} ⇒ {short}" if float(short) != value else ""
    return f"{number} ⇒ {number}{literal}" if multiplies(literal) else ""


def multiplies(literal: str) -> bool:
    """Check whether the literal text behind a number changes its size: "k", " nghìn", ",000".

    >>> multiplies(" nghìn"), multiplies("/15"), multiplies(" tin")
    (True, True, False)
    """
    units = map(unit_of, [literal, *literal.split()])
    return bool(re.search(r"\d|^\s*(?:[kKM]|tr)\b", literal)) or "scaled" in units


def is_odd(code: str) -> bool:
    """Check whether a format may show another number than is stored."""
    return any(shown(value, code) for value in (1, -1, 0.5, 7, 123456, 12345678))


def _section(value: float, code: str) -> tuple[str, str]:
    """Return the section of a format that applies to a value: its digit codes and its text."""
    parts: list[tuple[str, str, str]] = [("", "", "")]
    for piece in _PIECE.finditer(code):
        bare, literal, condition = parts[-1]
        if piece["end"]:
            parts.append(("", "", ""))
        else:
            words = piece["quoted"] or piece["escaped"] or ""
            condition = condition or (piece["bracket"] or "")
            parts[-1] = (bare + (piece["bare"] or ""), literal + words, condition)
    limits = [_CONDITION.fullmatch(condition.strip()) for *_, condition in parts]
    if any(limits):
        fits = (i for i, at in enumerate(limits) if not at or _HOLDS[at[1]](value, float(at[2])))
        chosen = next(fits, len(parts) - 1)
    else:
        chosen = 0 if value > 0 or len(parts) == 1 else 1 if value < 0 or len(parts) == 2 else 2
        chosen = 0 if value == 0 and len(parts) == 2 else chosen
    bare, literal, _ = parts[chosen]
    return _ANY.sub("0", bare), literal


NUMBERS = ("vi", "en")
DASHES = ("zero", "missing")
_MOST_DIGITS = 15  # no count has more, and floats are exact only up to 2**53


@dataclass(frozen=True)
class Count:
    """A cell read as a count, or the kind of problem with it.

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
    """Read one cell as a count; ambiguous cells are returned as problems, never guessed.

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
        return _read_text_count(cell, numbers, dash)
    if isinstance(cell, Integral) and not isinstance(cell, bool):
        return _whole_count(int(cell))
    if isinstance(cell, float):
        return _read_float(cell)
    if isinstance(cell, (date, time, timedelta)):
        return _read_day(cell)
    return Count(None) if cell is None else Count(None, "broken_count")


def read_counts(cells: list, numbers: str | None = None, dash: str | None = None) -> list[Count]:
    """Read the cells of a column like :func:`read_count`, each distinct one once.

    >>> [count.value for count in read_counts([3, "2 tin", 3])]
    [3, 2, 3]
    """
    known = {  # by type, too: 1 == True, but True is no count
        (kind, cell): read_count(cell, numbers, dash)
        for kind, cell in set(zip(map(type, cells), cells, strict=True))
    }
    return [known[key] for key in zip(map(type, cells), cells, strict=True)]


def _whole_count(value: int) -> Count:
    return Count(value) if abs(value) < 10**_MOST_DIGITS else Count(None, "broken_count")


def _read_float(value: float) -> Count:
    if math.isnan(value):
        return Count(None)
    if math.isinf(value):
        return Count(None, "broken_count")
    if value.is_integer():
        return _whole_count(int(value))
    # Typed 2.368 (thousand) in an English spreadsheet is stored as 2.368, and 2.500 as 2.5.
    thousand = round(value * 1000)
    if thousand / 1000 == value and 1 <= abs(value) < 1000:
        return Count(None, "typed_thousand", {"count": thousand})
    return Count(None, "not_whole")


def _read_day(cell: date | time | timedelta) -> Count:
    """Report a day or time in a column of counts, with what may have been typed."""
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


_MISSING = folded(
    "đang cập nhật, chưa cập nhật, chưa báo cáo, chưa có báo cáo, chưa có số liệu, chưa có, "
    "không có số liệu, n/a, na, nan, null, not available, not reported"
)
_ZERO = folded("không phát sinh, không có phát sinh, không xảy ra, none occurred")
_BOUNDS = folded(
    "trên, hơn, gần, khoảng, dưới, ước, ước tính, ít nhất, tối đa, over, above, more than, about, "
    "nearly, almost, under, below, up to, at least, at most, less than"
)

_DASH = re.compile(r"[-‐‑‒–—―−][-‐‑‒–—―− ]*")  # "-", "– –", "---"
_ELLIPSIS = re.compile(r"…[.…]*|\.[.…]+")  # the dots of a form that was not filled in
# "2.368", "-5", "12 tin", "1 651 lượt người".
_NUMBER = re.compile(r"(?P<sign>[-−]?)(?P<figures>[0-9]+(?:[., ][0-9]+)*) ?(?P<unit>[^0-9]*)")
# "2.368", "1,651,000", "1 651"; then "12,5", "2.368,0".
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?P<mark>[., ])[0-9]{3}(?:(?P=mark)[0-9]{3})*")
_FRACTION = re.compile(rf"(?P<whole>[0-9]+|{_GROUPS.pattern})(?!(?P=mark))[.,](?P<fraction>[0-9]+)")
# "3/1/2022", "3-1-22", "2022-01-03 00:00:00": mostly "3/1" that a spreadsheet made a day.
_DAY = re.compile(
    r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})(?:[ t][0-9:.]+)?"
)
_WRONG_FORMS = {
    "formula_error": r"#(?:ref|n/a|div/0|value|name|num|null|spill|calc)[!?]?|err:[0-9]+",
    "no_stored_value": r"=.*",
    "number_format": r"-?[0-9.e+-]+ ⇒ .*",  # as shown() writes it
    # "nt", "n.t.", "-nt-", "như trên", '"'.
    "ditto": rf"[\"″〃”“]|''|´´|[-–]* ?(?:n[./]?t\.?|{fold('như trên')}|ditto) ?[-–]*",
    "percent_in_count": r"[^0-9]*[0-9][0-9., ]*%",  # đạt 95%
    # "Trên 600", "khoảng 30 tin", "> 600", "600+".
    "bound": rf"(?:{'|'.join(_BOUNDS)}|[<>≤≥~≈]=?) ?[0-9].*|[0-9][0-9., ]* ?\+",
    # "12/15", "12 (5 nữ)", "3; 4", "12 và 3". Letters only after a space: 1e+05 is one number,
    # though no count.
    "two_numbers": rf"[0-9][0-9., ]*(?:(?<= )[^0-9]*?)?(?:[/(;:+–—-]|, |{fold('và')} ) ?[0-9].*",
}
_WRONG = {kind: re.compile(form) for kind, form in _WRONG_FORMS.items()}


def _read_text_count(text: str, numbers: str | None, dash: str | None) -> Count:
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
    """Read digits in groups of three; a single group may also be a fraction."""
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
    """Classify the problem of a text that is no count."""
    parts = _DAY.fullmatch(folded)
    if parts:
        day, month = (int(parts[1] or parts[4]), int(parts[2] or parts[3]))
        if 1 <= day <= 31 and 1 <= month <= 12:
            return Count(None, "date_in_count", {"typed": f"{day}/{month}"})
    for kind, pattern in _WRONG.items():
        if pattern.fullmatch(folded):
            return Count(None, kind)
    return Count(None, "broken_count")
