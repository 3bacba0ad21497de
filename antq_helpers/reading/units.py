"""Units of figures as offices write them in; whether they count one by one, out.

A count in thousands is a rounded one, and a share is none: neither is read as what it shows.
"""

from __future__ import annotations

import re
import unicodedata

from antq_helpers.dictionary import split_syllables

_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W\d_]+")


def fold(text: str) -> str:
    """Compose letters, fold white space and case, and set the tone after the syllable."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return _WORD.sub(lambda word: "".join(map("".join, split_syllables(word[0]))), text)


def _folded(*phrases: str) -> frozenset[str]:
    """Fold words, with their marks and without."""
    bare = (_MARKS.sub("", unicodedata.normalize("NFD", phrase)) for phrase in phrases)
    return frozenset(map(fold, (*phrases, *(phrase.replace("đ", "d") for phrase in bare))))


_OF_TIPS = _folded("tin", "tin báo", "nguồn", "nguồn tin", "nguồn tin báo", "tip", "tips")
# What each count may be counted in: a column of tips in cases is another count.
UNITS = {
    "tips": _OF_TIPS,
    "valuable_tips": _OF_TIPS,
    "resolved_cases": _folded("vụ", "việc", "vụ việc", "vụ án", "trường hợp", "case", "cases"),
    "sessions": _folded(
        *("buổi", "cuộc", "lần", "lượt", "đợt", "hội nghị", "cuộc họp", "buổi tuyên truyền"),
        *("cuộc tuyên truyền", "session", "sessions"),
    ),
    "attendances": _folded(
        *("lượt", "lượt người", "người", "người dự", "lượt người dự", "lượt dự", "lượt tham gia"),
        *("lượt người tham dự", "lượt người tham gia", "người tham dự", "người tham gia"),
        *("attendance", "attendances", "person", "persons", "people"),
    ),
}
# With those that say nothing of what is counted, and those of the tables of the movement.
PLAIN = frozenset().union(*UNITS.values()) | _folded(
    *("số", "số lượng", "SL", "lớp", "lượt địa bàn", "mô hình", "tổ", "tập thể", "cá nhân"),
    *("drive", "drives", "model", "models", "number", "count"),
)
_SHARES = _folded("%", "phần trăm", "tỷ lệ", "tỉ lệ", "tỷ lệ %", "tỉ lệ %", "percent", "pct")
_UNIT_WORDS = frozenset(word for unit in PLAIN for word in unit.split())
_TIMES = _folded("nghìn", "ngàn", "trăm", "triệu", "vạn", "chục")
_ENGLISH = _folded("thousand", "thousands", "hundreds", "million", "millions", "dozens")
_MONEY = _folded("đồng", "vnđ", "vnd", "usd")
# "5 nghìn" and "gần một nghìn" are figures, "phần trăm" is a share.
_BEFORE_FIGURE = _folded("phần", "một", "vài", "mấy", "hàng", "hơn", "gần", "a", "one", "several")
_BEFORE_UNIT = _folded("bằng", "tính", "theo", "là", "in", "đvt", "unit", "units")
_BEFORE_RATE = _folded("trên", "mỗi", "cứ", "per", "/", "over")
_AROUND = "()[] .:-"
_TOKEN = re.compile(r"\d+(?:[., ]000)*(?!\d)|[^\W\d_]+|[^\w\s]|_")
_SIGNS, _POWERS = ("'", "’", "‘", "x", "×", "*"), ("²", "³", "⁴", "⁵", "⁶")
_POWER = re.compile(r"10+")
_STATED = re.compile(
    r"(?:đơn vị tính|đơn vị đo|đvt|don vi tinh|dvt|\bunits?(?: of measure)?)\s*[:=]\s*([^()]+)",
    re.IGNORECASE,
)


def _scale(text: str) -> tuple[int, int] | None:
    """Give where the words of a unit begin and end that counts in thousands or the like."""
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


def _is_scale(token: str, before: str, behind: str, counts: bool) -> bool:
    """Say whether a token multiplies; ``counts`` says that what is counted stands behind it."""
    alone = not behind or not behind[0].isalnum()
    digits = re.sub(r"[., ]", "", token)
    if token in _TIMES or token in _ENGLISH:
        # In "Triệu Phong" and "Vạn Phúc" the word is of a name.
        figure = before.isdigit() or before in _BEFORE_FIGURE or behind in _MONEY
        apart = not before or not before[0].isalpha() or before in _UNIT_WORDS | _BEFORE_UNIT
        return not figure and (counts or (alone and apart) or token in _ENGLISH)
    if not digits.isdigit() or before in _BEFORE_RATE:
        return False
    if digits == "000":  # ('000), (000s)
        return counts or alone or behind == "s"
    if before in ("x", "×", "*") or (digits == "10" and behind in ("^", *_POWERS)):
        return bool(_POWER.fullmatch(digits))
    power = bool(_POWER.fullmatch(digits)) and len(digits) > 2
    return power and (counts or (before == "(" and behind == ")" and len(digits) > 3))


def unit_of(text: str) -> str:
    """Say what a text counts by, where it is a unit and nothing else; blank where it is none.

    Examples
    --------
    >>> unit_of("(lượt người)"), unit_of("nghìn lượt"), unit_of("%"), unit_of("Tuy Lộc")
    ('ones', 'scaled', 'share', '')
    """
    bare = text.strip(_AROUND)
    if fold(bare) in _SHARES:
        return "share"
    if all(fold(part) in PLAIN for part in re.split(r"\s*[/,;&+]\s*", bare)):
        return "ones"
    found = _scale(f"({bare})")
    return "scaled" if found and not f"({bare})"[found[1] :].strip(_AROUND) and found[0] < 2 else ""


def scaled(text: str) -> str:
    """Give the words by which a header or title counts in thousands; blank for none.

    Examples
    --------
    >>> scaled("Lượt người (nghìn lượt)"), scaled("Lượt người ('000)")
    ('nghìn lượt', "'000")
    >>> scaled("Xã Triệu Phong"), scaled("hơn 5 nghìn lượt người dự"), scaled("trên 1.000 dân")
    ('', '', '')
    """
    found = _scale(text)
    return text[found[0] : found[1]] if found else ""


def stated(text: str) -> str:
    """Give the unit that a title states where its table does not count by one; blank for none.

    Examples
    --------
    >>> stated("Đơn vị tính: nghìn lượt người"), stated("ĐVT: %"), stated("Đơn vị tính: tin")
    ('nghìn lượt người', '%', '')
    """
    found = _STATED.search(text)
    if not found or _of_money(found[1]):
        return scaled(text)
    parts = [part for part in re.split(r"[,;:.]\s+|\s+[-–|]\s+", found[1].strip()) if part]
    kinds = [unit_of(part) for part in parts]
    asks = kinds and (kinds[0] != "ones" or {"scaled", "share"} & set(kinds))
    return found[1].strip() if asks else scaled(text)


def unscaled(text: str) -> str:
    """Take the words out by which a header counts in thousands.

    Examples
    --------
    >>> unscaled("Lượt người (nghìn lượt)"), unscaled("Nghìn lượt người")
    ('Lượt người ()', 'lượt người')
    """
    words = scaled(text)
    if not words:
        return text
    return text.replace(words, "").strip() or words.partition(" ")[2]


def _of_money(text: str) -> bool:
    return any(word in _MONEY for word in fold(text).split())
