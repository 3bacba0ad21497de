"""Parse periods as offices write them into first and last days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

# How periods are written: compared without case, letters composed, dates with the day first.

_YEAR = r"(?:199\d|20\d\d|2100)"
# "–", "đến", "đến hết".
_TO = r"(?:[-–—]|đến|tới|to|until)(?:\s*hết)?"
# "Từ " where no date or number goes on before it.
_FROM = r"(?<![\w/.-])(?:(?:từ|from)\s*)?"
_QUARTER, _MONTH = "(?:qu[yýií]|qúy|quarter|q)", "(?:tháng|thang|month)"
_SPELT = (
    "một giêng i first jan january|hai ii second feb february|ba iii third mar march|"
    "bốn tư iv fourth apr april|năm v may|sáu vi jun june|bảy bẩy vii jul july|"
    "tám viii aug august|chín ix sep sept september|mười x oct october|"
    "mười_một xi nov november|mười_hai chạp xii dec december"
)
_NUMBERS = {
    spelt.replace("_", " "): number
    for number, words in enumerate(_SPELT.split("|"), start=1)
    for spelt in (*words.split(), str(number), f"{number:02}")
}
# Longest first, for "mười hai". "Tháng năm 2022" is a form with its month left blank, not May.
_N = rf"(?!năm\s*\d)(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?!\w)"
_WEEK = r"(?:0?[1-9]|[1-4]\d|5[0-3])"
# "Mar", "March".
_ENGLISH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"

# Written with the year first, also "2022Q1", "2022-T3" and "2022 H1".
_DAY_FIRST = (
    (re.compile(rf"(?<![\w/.-])({_YEAR})[-/](\d\d?)[-/](\d\d?)(?!\w)"), r"\3/\2/\1"),  # 2022-03-31
    (re.compile(rf"(?<![\w/.-])({_YEAR})[-/](\d\d?)(?![\w/-])"), r"\2/\1"),  # 2022-03
    (re.compile(rf"(?<![\w/.-])({_YEAR})\s*[-/]?\s*([qhtw])\s*(\d\d?)(?!\w)"), r"\2\3/\1"),
)
_BARE = (
    (re.compile(rf"\W*({_YEAR})\W*"), r"năm \1"),  # (2022)
    (re.compile(rf"\W*({_ENGLISH})\W*"), r"tháng \1"),  # Mar.
    # "9 tháng" alone are the first nine of the year, as in a column beside its quarters.
    (re.compile(r"\W*((?:0?[369]|12|ba|sáu|chín|mười hai)\s*tháng)\W*"), r"\1 đầu năm"),
)
# "Theo dõi nguồn tin 2022", but not the 2022 of "123/2022" or "1.2022".
_ANY_YEAR = re.compile(rf"(?<![\w/.,-]){_YEAR}(?![\w/]|[.,-]\d)")
# "Kỳ báo cáo: Quý I", "Giai đoạn 2013–2022", "Cả năm 2022": what adds nothing to a period.
_FILLING = re.compile(
    r"\b(?:k[ỳì] báo cáo|(?:thời )?k[ỳì]|giai đoạn|thời gian|cả|period|the|full|whole)\b"
)

# "15/12/2021", "14.3", "15 tháng 12 năm 2021".
_DAY = r"\d\d?(?:\s*[/.-]\s*|\s*tháng\s*)\d\d?(?:(?:\s*[/.-]\s*|\s*năm\s*)\d{4})?"
# "Từ ngày 15/12/2021 đến hết ngày 14/3/2022", "15/12 - 14/3/2022".
_DAYS = re.compile(
    rf"{_FROM}(?:ngày\s*)?(?P<start>{_DAY})\s*{_TO}\s*(?:ngày\s*)?(?P<end>{_DAY})(?![\w/])"
)
# "Giai đoạn 2013–2022", "từ năm 2013 đến năm 2022".
_YEARS = re.compile(rf"{_FROM}(?:năm\s*)?({_YEAR})\s*{_TO}\s*(?:năm\s*)?({_YEAR})(?![\w/])")
# "Từ 2013", "đến hết 2022": where the other end is, nobody says.
_OPEN_YEAR = re.compile(
    rf"\b(?:từ|đến|tới|trước|sau|from|until|since|before|after)(?:\s*hết)?\s+{_YEAR}(?![\w/-])"
)
# "Jan–Mar 2022".
_ENGLISH_MONTHS = re.compile(rf"\b({_ENGLISH})\.?\s*({_TO})\s*({_ENGLISH})\.?[\s,]*({_YEAR})(?!\w)")
# "Tháng 1, 2 và 3", "Quý I và II", "tháng 1 đến 3": the unit stands once.
_LIST = re.compile(
    rf"\b(?P<unit>{_MONTH}|{_QUARTER}|t)[\s.]*{_N}"
    rf"(?:\s*(?:,|và|&|\+|{_TO})\s*{_N}(?!\s*{_MONTH}))+"
)
# "/2022", " năm 2022", " (2022)" behind a part of it; "2021–2022" is a range of its own.
_OF_YEAR = rf"(?:(?:[\s/.,()–—-]|năm|nam|of|của)*(?P<year>{_YEAR})(?![\w/]|\s*[-–—]\s*{_YEAR}))?"
# The first and last month of the nth in its year, and its form. Weeks count on from 100.
_FORMS = tuple(
    (months, re.compile(rf"(?<!\w){form}(?!\w){_OF_YEAR}"))
    for months, form in (
        # "Tuần 37/2024", "tuần thứ 37 năm 2024", "week 37 of 2024", "W37/2024"; "tuần 2 tháng 9" is
        # one of another kind, and whether "tuần 1/9" is a day, nobody knows.
        (
            lambda n: (100 + n, 100 + n),
            rf"(?:tu[aầ]n[\s.:_-]*(?:(?:thứ|số)\s*)?|week\s*|w)(?P<n>{_WEEK})"
            rf"(?!\s*(?:[-–—+&,]|và)\s*{_WEEK}(?!\w))(?!\s*[/.]\s*\d\d?(?!\d))"
            rf"(?!\W*(?:của\s*)?{_MONTH})",
        ),
        # "9 tháng đầu năm 2022", "9 tháng năm 2022", "6 tháng cuối năm 2022", "cả năm 2022".
        (lambda n: (1, n), rf"(?P<n>{_N})\s*{_MONTH}\s*(?:đầu|dau)(?:\s*(?:năm|nam))?"),
        (lambda n: (1, n), rf"(?P<n>{_N})\s*{_MONTH}(?=\s*(?:năm|/)?\s*{_YEAR}(?![\w/]))"),
        (lambda n: (13 - n, 12), rf"(?P<n>{_N})\s*{_MONTH}\s*(?:cuối|cuoi)(?:\s*(?:năm|nam))?"),
        (lambda n: (1, 12), r"(?:(?<=cả )năm|(?<=full )year|(?<=whole )year)(?P<n>)"),
        (lambda n: (6 * n - 5, 6 * n), r"h\s?(?P<n>[12])"),  # H1/2022
        (lambda n: (6 * n - 5, 6 * n), r"(?P<n>first|second) half"),
        # "Quý III/2022", "quý thứ ba", "Q3".
        (lambda n: (3 * n - 2, 3 * n), rf"{_QUARTER}[\s.:]*(?:thứ\s*)?(?P<n>{_N})"),
        (lambda n: (3 * n - 2, 3 * n), rf"(?P<n>{_N}) quarter"),
        # "Tháng 3/2022", "tháng ba năm 2022", "T3", "Mar 2022", "3/2022", "03-2022".
        (lambda n: (n, n), rf"{_MONTH}[\s.:]*(?:thứ\s*)?(?P<n>{_N})"),
        (lambda n: (n, n), r"t[\s.]?(?P<n>\d\d?)"),
        (lambda n: (n, n), rf"(?P<n>{_ENGLISH})\.?(?=[\s,-]*{_YEAR})"),
        (lambda n: (n, n), rf"(?<![-–,/.])(?<![-–,]\s)(?P<n>\d\d?)(?=\s*[/.-]\s*{_YEAR})"),
        # "Năm 2022", but "từ đầu năm 2022" is not that year.
        (lambda n: (1, 12), rf"(?<!đầu )(?<!cuối )(?:năm|year)(?P<n>)(?=[^\w<]*{_YEAR})"),
    )
)
# Found, it stands in the text as <year first-month year last-month>, a year not named as ?.
_PART = re.compile(r"<(\d+) (\d+) (\d+) (\d+)>")
_ANY_PART = re.compile(r"<[^>]*>")
# "Từ <2022 1 2022 1> đến <2022 3 2022 3>", which was "từ tháng 1 đến tháng 3/2022".
_RANGE = re.compile(rf"{_FROM}<(\d+ \d+) \d+ \d+>\s*{_TO}\s*<\d+ \d+ (\d+ \d+)>")
# "Quý I … năm 2022" is one period; "tháng 12 và cả năm 2022" are two.
_OWN_YEAR = re.compile(r"(?:\b(?:và|and|cả|full|whole)|[&+])\s*<(\d+|[?]) 1 \1 12>")
# "Từ đầu năm đến hết tháng 9": the first month is January. "Lũy kế đến tháng 9" may begin earlier.
_SINCE_NEW_YEAR = re.compile(
    rf"\b(?:từ|since|from)\s*đầu năm(?:\s*({_YEAR}))?(?=\s*{_TO}\s*{_MONTH})"
)
# "Trước <…>", "chưa tính <…>", "đến hết <…>": a range with one end, or with a part left out.
_OPEN_ENDED = re.compile(
    r"\b(?:từ|đến|tới|trước|sau|đầu|giữa|cuối|trừ|ngoài|thiếu"
    r"|(?:không|chưa) (?:tính|gồm|kể|có|bao gồm)|from|to|until|since|before|after|early|mid|late"
    r"|except|excluding|without)(?:\s*(?:hết|khi))?[\s-]*<[^>]*>"
)

# What is left of a title's periods. ◦ stands for a period that was read, ⇥ for one without an
# end ("trước năm 2021"), † for the date of a document.
_READ, _OPEN, _DATE = "◦", "⇥", "†"
# Words that narrow or move a period in a way that no calendar tells, so that they are asked about.
_UNREAD = re.compile(
    _OPEN
    # "Tuần 12", "thượng tuần tháng 3"; "tuần tra" are patrols.
    + r"|\b(?:(?:thượng|trung|hạ)\s+)?tuần\b(?!\s*(?:tra|hoàn|lộc))(?:\s*\w+)?"
    # "Đợt 1", "Đợt cao điểm", "Học kỳ I", "Năm học 2021".
    + r"|\b(?:đợt|tết|dịp|mùa|nửa|cao điểm|chiến dịch|ra quân"
    + r"|học k[ỳì]|năm học|niên (?:kh[oó][aá]|độ)|bán niên)\b"
    + r"(?:\s*(?:\d+|[ivx]+\b|(?!năm\b)[^\W\d]+))?"
    # "Hè 2022", "ca trực", "ca 1"; "vỉa hè", "hè phố" are pavements, "CA phường" is its police.
    + r"|(?<!vỉa )\bhè\b(?!\s*phố)|\bca\s*(?:trực|đêm|ngày|sáng|chiều|[1-3]\b)"
    # "Kỳ 2", "kỳ báo cáo số 3", "kỳ họp".
    + r"|\bk[ỳì](?:\s*báo cáo)?(?:\s*(?:thứ|số))?\s*"
    + r"(?:\d{1,2}|[ivx]+|một|hai|đầu|cuối|nghỉ|họp|thi)\b"
    # "Giai đoạn 2", "lần thứ nhất", "vòng 1".
    + r"|\b(?:giai đoạn|lần(?:\s*thứ)?|vòng|chặng)\s*(?:\d{1,2}|[ivx]+|một|hai|ba|nhất|nhì)\b"
    # "10 ngày đầu", "45 ngày đêm", "mấy tháng qua".
    + r"|\b(?:\d+|một|hai|ba|bốn|(?<!\d )năm|sáu|bảy|tám|chín|mười|những|mấy|vài)\s+"
    + r"(?:ngày|đêm|giờ|tháng)\b(?:\s*(?:đầu|giữa|cuối|qua|hè|còn lại))?"
    # "24h", "sáng ngày 15", "3/◦": a day before a month that was read.
    + r"|\b\d+\s*h\b|\b(?:sáng|trưa|chiều|tối)\s+(?:ngày\s*)?\d|\bđêm\b|\bgiao thừa\b|\d\s*/\s*◦"
    # "Âm lịch", "năm Nhâm Dần".
    + r"|\bâm lịch\b|\blunar\b|\bnăm\s+(?:giáp|ất|bính|đinh|mậu|kỷ|canh|tân|nhâm|quý)\s+\w+"
    # "Ngày 15", "Ngày hội toàn dân", "Ngày pháp luật".
    + r"|\bngày\s+(?:\d+|đầu|cuối|giữa|hội|lễ|nghỉ|pháp luật|thứ|toàn dân|thành lập|truyền thống)"
    + r"|\b(?:kết quả|tình hình|số liệu|trong|các)\s+ngày\b"
    + r"|\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy|bẩy)|chủ nhật|cuối tuần)\b"
    + r"|\b(?:quốc khánh|giáng sinh|trung thu)\b"
    # "Cuối năm", "những tháng cuối năm", "tháng cao điểm", "tháng này", "năm ngân sách".
    + r"|\b(?:đầu|giữa|cuối)\s+(?:năm|tháng|quý|tuần)\b"
    + r"|\b(?:những|mấy|vài)\s+(?:tháng|quý|năm)\b"
    + r"|\b(?:tháng|quý|năm)\s+(?:đầu|cuối|giữa|hè|này|nay|qua|tới|sau|vừa qua|gần đây|còn lại|"
    + r"cao điểm|hành động|an toàn|thanh niên|học|âm lịch|ngân sách|tài chính)\b"
    + r"|\b(?:weeks?|weekly|fortnight|semester|term|"
    + r"holidays?|summer|winter|spring|autumn|season|shift|phase|round|night|half|days|daily)\b"
    + r"|\bthe day\b|\bday \d|\b(?:school|academic|fiscal|financial) (?:year\b|◦)"
)
# "Năm học 2021", "niên độ 2021", "năm tài chính 2021", "năm âm lịch".
_OTHER_YEAR = re.compile(
    rf"{_OPEN}|năm học|niên|âm lịch|ngân sách|tài chính|school|academic|fiscal|financial"
)
# Headers of columns of days: "Ngày, tháng, năm", "Thời điểm", "Ca".
_UNIT = re.compile(r"(?:ngày[\s,/-]*(?:tháng)?[\s,/-]*(?:năm)?|thời điểm|ca|giờ|day|date|shift)")
# "Tháng … năm 2022" is a form whose month was not filled in; "hàng tháng" is not.
_BLANK = re.compile(
    rf"(?<!hàng )(?<!hằng )(?<!theo )(?<!từng )(?<!các )(?<!mỗi )(?<!, )"
    rf"\b(?:tháng|quý)\b[\s.…:/]*(?={_READ}|năm\b|$)"
)

# "Lũy kế đến tháng 9".
_TO_DATE = re.compile(r"\b(?:lũy kế|luỹ kế|cộng dồn|cumulative|year to date|ytd)\b")
# "Tính đến hết ngày 14/9/2022", "chốt 15 tháng 9 năm 2022".
_CUT_OFF = re.compile(
    r"\b(?:(?:tính|lấy)\s*)?(?:đến|tới|chốt|until|up to|as of)\s*(?:hết\s*)?(?:ngày\s*)?"
    r"(?P<day>\d\d?(?:\s*[/.-]\s*|\s*tháng\s*)\d\d?(?:\s*[/.-]\s*|\s*năm\s*)\d{4})(?!\d)"
)

# What titles name besides their period: "so với cùng kỳ năm 2021", "năm trước".
_COMPARED = re.compile(
    r"\b(?:so với|so sánh với|cùng k[ỳì]|(?:k[ỳì]|năm|quý|tháng) trước|compared (?:with|to))\b"
    r"[^)\];\n]*"
)
# "Chào mừng kỷ niệm 76 năm Ngày truyền thống".
_FEAST = re.compile(rf"\bkỷ niệm\b[^,;:)\n]*?(?=[,;:)\n]|$|\bnăm\s+{_YEAR})")
# What is to be done next, in "Kết quả quý I, nhiệm vụ quý II/2022".
_AHEAD = re.compile(
    r"(?:\bphương hướng\b|\bđịnh hướng\b|(?:[,;–-]|^(?:\W*[\divx]+[.)])?)\s*nhiệm vụ\b)[^)\];\n]*"
)
_WRITTEN_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
# Dates and numbers of documents, and terms of office.
_NO_PERIODS = re.compile(
    rf"(?P<days>{_DAYS.pattern})"  # stays: these are one, although each of the two is none
    rf"|nhiệm k[ỳì][^;\n]*?{_YEAR}\s*[-–—]\s*{_YEAR}"  # nhiệm kỳ 2020 - 2025
    rf"|ngày[\s.…\d]*tháng[\s.…\d]*năm[\s.…]*{_YEAR}"  # ngày … tháng 3 năm 2022
    rf"|(?<![\w/.-])\d\d?\s*[/.-]\s*\d\d?\s*[/.-]\s*{_YEAR}(?!\w)"  # 15/3/2022
    rf"|\b\d\d?(?:st|nd|rd|th)?\s+{_ENGLISH}\.?,?\s+{_YEAR}"
    r"|(?<![\d/])\d+(?:/\d+)*/[a-zđư]{2,}(?:-[a-zđư\d]+)*+(?!\w)"  # 123/2022/BC-UBND
    # "Kế hoạch số 45/KH-CA", "Nghị quyết 09".
    r"|\b(?:(?:kế hoạch|chương trình)\s+)?"
    r"(?:số|quyết định|thông tư|nghị quyết|nghị định|công văn|chỉ thị|luật)\s*:?\s*"
    r"\d[\d/]*+(?:(?<=/)[a-zđư]{2,}(?:-[a-zđư\d]+)*+)?(?!\s*tháng)"
)


def rewrite_periods(text: object) -> str:
    """Normalise a text for the patterns of this module: lower case, day first.

    >>> rewrite_periods("KỲ 2022-03"), rewrite_periods(2022.0), rewrite_periods(None)
    ('kỳ 03/2022', '2022', '')
    """
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    if text is None or isinstance(text, bool):
        return ""
    text = re.sub(r"^\s*(\d{1,4})[.,]0+\s*$", r"\1", str(text))  # "2021.0", as programs write it
    plain = re.sub(r"[_<>?]", " ", unicodedata.normalize("NFC", str(text)).casefold())
    for form, day_first in _DAY_FIRST:
        plain = form.sub(day_first, plain)
    return plain


def say_what_is_bare(text: str) -> str:
    """Add the missing word to a text that is only a year, English month or number of months.

    >>> say_what_is_bare("kỳ: 2022"), say_what_is_bare("(mar)"), say_what_is_bare("3")
    ('năm 2022', 'tháng mar', '3')
    >>> say_what_is_bare("9 tháng")
    '9 tháng đầu năm'
    """
    bare = _FILLING.sub("", text)
    for form, named in _BARE:
        if form.fullmatch(bare):
            return form.sub(named, bare)
    return text


def leave_out_others(text: str) -> str:
    """Remove periods of comparison, plans, and dates and numbers of documents from a title.

    Others are those of comparison, and what is to be done next; a year named there alone stays.

    >>> leave_out_others("quý i/2022 so với quý i/2021").strip()
    'quý i/2022'
    >>> leave_out_others("sơ kết quý i, phương hướng quý ii/2022")
    'sơ kết quý i,  năm 2022 '
    """
    years = set(_WRITTEN_YEAR.findall(text))
    year = f" năm {years.pop()} " if len(years) == 1 else " "
    text = _AHEAD.sub(year, _COMPARED.sub(" ", _FEAST.sub(" ", text)))
    return _NO_PERIODS.sub(lambda match: match["days"] or f" {_DATE} ", text)


def find_ahead(text: str) -> str:
    """Find the words on planned work that no period precedes; "" if there are none.

    >>> find_ahead("phương hướng, nhiệm vụ năm 2022")
    'phương hướng, nhiệm vụ năm 2022'
    >>> find_ahead("kết quả quý i, nhiệm vụ quý ii/2022")
    ''
    """
    found = _AHEAD.search(text)
    before = text[: found.start()] if found else ""
    dated = _ANY_PART.search(mark_parts(before)) or _ANY_YEAR.search(before) or _DAYS.search(before)
    return found[0].strip() if found and not dated else ""


def mark_parts(text: str) -> str:
    """Replace each calendar period by the notation of ``_PART``; lists and ranges are expanded.

    >>> mark_parts("quý ii/2022"), mark_parts("quý ii").strip()
    (' <2022 4 2022 6> ', '<? 4 ? 6>')
    """
    text = _SINCE_NEW_YEAR.sub(lambda m: f"từ tháng 1/{m[1]} " if m[1] else "từ tháng 1 ", text)
    text = _OPEN_YEAR.sub(f" {_OPEN} ", _YEARS.sub(r" <\1 1 \2 12> ", text))
    text = _ENGLISH_MONTHS.sub(r"tháng \1/\4 \2 tháng \3/\4", text)
    text = _LIST.sub(_spell_out, text)
    for months, form in _FORMS:
        text = form.sub(partial(_as_part, months), text)
    return text


def join_parts(text: str) -> str:
    """Merge the first and last part of each range; a range without an end is unread.

    >>> join_parts("từ <2022 1 2022 1> đến <2022 3 2022 3>").strip()
    '<2022 1 2022 3>'
    >>> join_parts("trước <2021 1 2021 12>").strip()
    '⇥'
    """
    return _OPEN_ENDED.sub(f" {_OPEN} ", _RANGE.sub(r" <\1 \2> ", text))


def own_years(text: str) -> set[int]:
    """Find the years in marked text that are periods of their own: "quý IV và cả năm"."""
    return {int(match[1]) for match in _OWN_YEAR.finditer(text) if match[1] != "?"}


def unread_words(rest: str) -> str:
    """Find the first words in the rest of a text that speak of a period; "" if there are none.

    >>> [unread_words(f"kết quả {rest}") for rest in ("tuần 12 ◦", "tuần tra ◦", "trước ⇥")]
    ['tuần 12', '', '…']
    """
    found = _UNREAD.search(rest)
    return re.sub(f"[{_READ}{_OPEN}]", "…", found[0].strip()) if found else ""


def says_nothing(rest: str) -> bool:
    """Check whether only filler such as "kỳ" and punctuation is left of a text.

    >>> says_nothing("(kỳ: )"), says_nothing("số tin")
    (True, False)
    """
    return not re.search(r"\w", _FILLING.sub("", rest))


def _spell_out(match: re.Match) -> str:
    """Expand "quý I, II" to "quý I, quý II"."""
    return re.sub(rf"(,|và|&|\+|{_TO})\s*(?={_N})", rf"\1 {match['unit']} ", match[0])


def _as_part(months: Callable[[int], tuple[int, int]], match: re.Match) -> str:
    said = match["n"] or "1"
    first, last = months(_NUMBERS.get(said) or (int(said) if said.isdigit() else 0))
    year = match["year"] or "?"
    known = 1 <= first <= last <= 12 or first > 100
    return f" <{year} {first} {year} {last}> " if known else match[0]


_LONGEST = timedelta(days=366)  # of periods that belong to one year
_WEEK_LONG = timedelta(days=7)
_EARLIER = timedelta(days=31)  # that stated days may begin before the calendar period


@dataclass(frozen=True, order=True)
class Span:
    """First and last day of a period.

    ``stated`` is True where both days were written, False where a calendar period is assumed:
    administrative periods run from the 15th to the 14th, which the reader must know.
    """

    start: date
    end: date
    stated: bool


def read_span(text: object, year: int | None = None) -> Span | None:
    """Parse a cell, header or label that is a period and nothing else.

    Parameters
    ----------
    text
        Text, a year as a number, or the day that a spreadsheet made of a month.
    year
        The year of periods that name none, such as "T3" or "Quý I".

    Examples
    --------
    >>> span = read_span("6 tháng đầu năm 2022")
    >>> print(span.start, span.end, span.stated)
    2022-01-01 2022-06-30 False
    >>> print(read_span("từ 15/12 đến 14/3/2022").start, read_span("T3", year=2022).end)
    2021-12-15 2022-03-31
    """
    if isinstance(text, date):  # a spreadsheet makes the first day of the month of "3/2022"
        text = f"{text.month}/{text.year}" if text.day == 1 else ""
    spans, rest = _read(say_what_is_bare(rewrite_periods(text)), year)
    return spans[0] if len(spans) == 1 and says_nothing(rest) else None


def has_part(text: object) -> bool:
    """Check whether a text is a period without its year.

    >>> has_part("T3"), has_part("Quý I"), has_part("Quý I/2022"), has_part("Số tin")
    (True, True, False, False)
    """
    return read_span(text) is None and read_span(text, 2000) is not None


# What a bare number counts in a column of these, and how many months that is.
_NUMBERED = {"month": ("tháng", 1), "quarter": ("quý", 3)}


def read_label(role: str, cell: object, year: int | None) -> Span | None:
    """Parse a cell of a column of periods, months or quarters: 3 is March among months.

    >>> read_label("month", "ba", 2022) == read_label("month", 3, 2022) == read_span("T3/2022")
    True
    >>> read_label("quarter", "II", 2022) == read_label("month", "Q2/2022", None)
    True
    """
    span = read_span(cell, year)
    if span or role not in _NUMBERED:
        return span
    unit, length = _NUMBERED[role]
    span = read_span(f"{unit} {rewrite_periods(cell)}", year)
    if span is None or span.stated:
        return None
    months = span.end.month - span.start.month + 1
    return span if (months, span.start.year) == (length, span.end.year) else None


@dataclass(frozen=True)
class Title:
    """Periods found in a title, each once in chronological order, and what was not understood.

    ``unread`` are words that narrow or move a period in a way that is not understood, such as
    "đợt 1" in "Kết quả đợt 1 năm 2021"; ``blank`` is True where a form lacks its month, and
    ``ahead`` where the title speaks of what is to be done alone. ``own`` are the years that stand
    beside a part of them as a second period.
    """

    spans: tuple[Span, ...] = ()
    unread: str = ""
    blank: bool = False
    own: frozenset[Span] = frozenset()
    year: int | None = None
    ahead: bool = False


def read_title(text: str, year: int | None = None) -> Title:
    """Find the periods in a title, or in the name of a sheet or file, among other words.

    Stated days stand for the calendar period in which they end. A part without a year, as in
    "Quý I và quý II năm 2022", takes the one year that the title names. Periods of comparison
    and the dates and numbers of documents are left out.

    >>> [span] = read_title("Báo cáo 6 tháng đầu năm 2022 (từ 15/12/2021 đến 14/6/2022)").spans
    >>> print(span.start, span.end, span.stated)
    2021-12-15 2022-06-14 True
    >>> read_title("Kết quả đợt 1 năm 2021").unread
    'đợt 1'
    """
    clean = rewrite_periods(text)
    left = leave_out_others(clean)
    spans, rest, own = _read_all(left, year)
    stated = any(span.stated for span in spans)
    ahead = find_ahead(clean)
    unread = unread_words(rest) or _cut_off(clean, spans) or _late_total(rest, spans)
    unread = ahead or ("" if stated else unread)
    named = {span.end.year for span in spans} or set(map(int, _ANY_YEAR.findall(left)))
    if _OTHER_YEAR.search(rest) or any(span.end - span.start > _LONGEST for span in spans):
        named = set()
    return Title(
        tuple(spans),
        unread,
        bool(_BLANK.search(rest)),  # a form without its month or quarter: "tháng … ◦"
        frozenset(spans).intersection(_calendar(year, 1, year, 12) for year in own),
        named.pop() if len(named) == 1 else None,
        bool(ahead),
    )


def is_unread_period(text: object) -> bool:
    """Check whether a text names a period that is not understood, and nothing else.

    >>> is_unread_period("Đợt 1/2021"), is_unread_period("Tuần"), is_unread_period("Quý I")
    (True, True, False)
    """
    if not isinstance(text, str) or not text.strip():
        return False
    rest = _read(rewrite_periods(text))[1]
    if _UNIT.fullmatch(rest.strip(" :.()")):
        return True
    return bool(unread_words(rest)) and says_nothing(_UNREAD.sub("", rest))


def find_year(text: str) -> int | None:
    """Return the only year that a title names or its periods end in; None if none or several.

    >>> find_year("Theo dõi nguồn tin 2022"), find_year("Giai đoạn 2013–2022")
    (2022, None)
    """
    return read_title(text).year


def _cut_off(text: str, spans: list[Span]) -> str:
    """Find the words of a cut-off day that is long before the end of its period."""
    for match in _CUT_OFF.finditer(text):
        with suppress(ValueError):
            day = _as_day(match["day"], None)
            if any(span.start <= day < span.end - _EARLIER for span in spans):
                return match[0]
    return ""


def _late_total(rest: str, spans: list[Span]) -> str:
    """Find "lũy kế" beside a single period that does not begin the year."""
    found = _TO_DATE.search(rest)
    late = all(span.start.month != 1 for span in spans)
    return found[0] if found and spans and late else ""


def _read(text: str, year: int | None = None) -> tuple[list[Span], str]:
    """Return the periods in normalised text, and the rest of it."""
    return _read_all(text, year)[:2]


def _read_all(text: str, year: int | None) -> tuple[list[Span], str, set[int]]:
    """Return the periods in normalised text, the rest, and years that are periods of their own."""
    stated = [span for match in _DAYS.finditer(text) if (span := _stated_span(match, year))]
    text = " ".join(mark_parts(_DAYS.sub(" ; ", text)).split())
    named = {int(year) for mark in _PART.finditer(text) for year in (mark[1], mark[3])}
    years = {span.end.year for span in stated} or named or {year}
    own = own_years(text)
    if "?" in text:
        if len(years) > 1 or years == {None}:
            return [], _ANY_PART.sub(_READ, join_parts(text)), own
        [only] = years
        # "Quý I … năm 2022" names the first quarter alone.
        if only not in own:
            text = text.replace(f"<{only} 1 {only} 12>", _READ)
        text = text.replace("?", str(only))
        own |= own_years(text)
    text = join_parts(text)
    parts = [_calendar(*map(int, match.groups())) for match in _PART.finditer(text)]
    assumed = [span for span in parts if span]
    spans = {*stated, *(span for span in assumed if not any(_stands_for(s, span) for s in stated))}
    rest = _PART.sub(lambda match: _READ if _calendar(*map(int, match.groups())) else _OPEN, text)
    return sorted(span for span in spans if span.start <= span.end), rest, own


def _stands_for(stated: Span, assumed: Span) -> bool:
    """Check whether stated days are those of a calendar period, or of a part of it.

    Offices number weeks as they like: beside days, such a number is a name.
    """
    if assumed.end - assumed.start < _WEEK_LONG and stated.end - stated.start <= _WEEK_LONG:
        return True
    return assumed.start - _EARLIER <= stated.start and assumed.start <= stated.end <= assumed.end


def with_stated_days(span: Span, stated: Span) -> Span:
    """Shift a calendar period to the days that a title states for such a period.

    >>> [stated] = read_title("từ 15/12/2021 đến 14/6/2022").spans
    >>> print(with_stated_days(read_span("6 tháng đầu năm 2021"), stated).start)
    2020-12-15
    >>> print(with_stated_days(read_span("Quý I/2022"), stated).start)
    2022-01-01
    """
    years = span.end.year - stated.end.year
    moved = Span(_moved(stated.start, years), _moved(stated.end, years), stated=True)
    alike = abs((moved.end - moved.start) - (span.end - span.start)) < _EARLIER / 2
    return moved if not span.stated and alike and _stands_for(moved, span) else span


def _moved(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)


def _stated_span(match: re.Match, year: int | None) -> Span | None:
    try:
        end = _as_day(match["end"], year)
        start = _as_day(match["start"], end.year)
        if start > end:  # without a year of its own it lies in the year before
            start = _as_day(match["start"], end.year - 1)
    except (TypeError, ValueError):
        return None
    return Span(start, end, stated=True) if start <= end else None


def _as_day(text: str, year: int | None) -> date:
    day, month, *own_year = map(int, re.findall(r"\d+", text))
    return date(*own_year or (year,), month, day)


def _calendar(first_year: int, first: int, last_year: int, last: int) -> Span | None:
    """Return whole months, or weeks of ISO 8601 from 101 on; None for a week no year has."""
    if first > 100 or last > 100:
        with suppress(ValueError):
            start = date.fromisocalendar(first_year, first - 100, 1)
            end = date.fromisocalendar(last_year, last - 100, 7)
            return Span(start, end, stated=False)
        return None
    after = date(last_year + last // 12, last % 12 + 1, 1)
    return Span(date(first_year, first, 1), after - timedelta(days=1), stated=False)
