"""Words for a period in; its first and last day out."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from antq_helpers.reading import period_words as words

_LONGEST = timedelta(days=366)  # of periods that belong to one year
_EARLIER = timedelta(days=31)  # that stated days may begin before the calendar period


@dataclass(frozen=True, order=True)
class Span:
    """The first and last day of a period.

    ``stated`` is True where both days were written, False where a calendar period is assumed:
    administrative periods run from the 15th to the 14th, so the reader has to be told.
    """

    start: date
    end: date
    stated: bool


def read_span(text: object, year: int | None = None) -> Span | None:
    """Read one cell, header or label that is a period and nothing else.

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
    spans, rest = _read(words.say_what_is_bare(words.clean(text)), year)
    return spans[0] if len(spans) == 1 and words.says_nothing(rest) else None


def has_part(text: object) -> bool:
    """Say whether text is a period without its year.

    Examples
    --------
    >>> has_part("T3"), has_part("Quý I"), has_part("Quý I/2022"), has_part("Số tin")
    (True, True, False, False)
    """
    return read_span(text) is None and read_span(text, 2000) is not None


def read_month(cell: object, year: int) -> Span | None:
    """Read a cell of a column of months: 3, "III", "ba", "T3", "Tháng 3" or "3/2022".

    Examples
    --------
    >>> read_month("ba", 2022) == read_month(3, 2022) == read_span("Tháng 3/2022")
    True
    """
    return _read_numbered("tháng", 1, cell, year)


def read_quarter(cell: object, year: int) -> Span | None:
    """Read a cell of a column of quarters: 2, "II", "hai", "Quý II" or "Q2/2022".

    Examples
    --------
    >>> read_quarter("II", 2022) == read_span("Q2/2022")
    True
    """
    return _read_numbered("quý", 3, cell, year)


def _read_numbered(unit: str, length: int, cell: object, year: int) -> Span | None:
    span = read_span(cell, year) or read_span(f"{unit} {words.clean(cell)}", year)
    if span is None or span.stated:
        return None
    months = span.end.month - span.start.month + 1
    return span if (months, span.start.year) == (length, span.end.year) else None


@dataclass(frozen=True)
class Title:
    """The periods of a title, each once in order of time, and what of them was not understood.

    ``unread`` are words that narrow or move a period in a way that is not understood, such as
    "tuần 12" in "Kết quả tuần 12 năm 2021"; ``blank`` is True where a form lacks its month, and
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
    """Read the periods that a title, or the name of a sheet or file, holds among other words.

    Stated days stand for the calendar period in which they end. A part without a year, as in
    "Quý I và quý II năm 2022", takes the one year that the title names. Periods of comparison
    and the dates and numbers of documents are left out.

    Examples
    --------
    >>> [span] = read_title("Báo cáo 6 tháng đầu năm 2022 (từ 15/12/2021 đến 14/6/2022)").spans
    >>> print(span.start, span.end, span.stated)
    2021-12-15 2022-06-14 True
    >>> read_title("Kết quả tuần 12 năm 2021").unread
    'tuần 12'
    """
    clean = words.clean(text)
    left = words.leave_out_others(clean)
    spans, rest, own = _read_all(left, year)
    stated = any(span.stated for span in spans)
    ahead = words.find_ahead(clean)
    unread = words.unread(rest) or _cut_off(clean, spans) or _to_date(rest, spans)
    unread = ahead or ("" if stated else unread)
    named = set() if words.names_other_year(rest) else {span.end.year for span in spans}
    if not (named or words.names_other_year(rest)):
        named = words.years_in(left)
    if any(span.end - span.start > _LONGEST for span in spans):
        named = set()
    return Title(
        tuple(spans),
        unread,
        words.has_blank(rest),
        frozenset(span for span in spans if _is_whole(span) and span.end.year in own),
        named.pop() if len(named) == 1 else None,
        bool(ahead),
    )


def is_unread_period(text: object) -> bool:
    """Say whether text names a period that is not understood, and nothing else.

    Examples
    --------
    >>> is_unread_period("Đợt 1/2021"), is_unread_period("Tuần"), is_unread_period("Quý I")
    (True, True, False)
    """
    if not isinstance(text, str) or not text.strip():
        return False
    return words.is_unread(_read(words.clean(text))[1])


def find_spans(text: str) -> list[Span]:
    """Give the periods that a title names, as :func:`read_title` does."""
    return list(read_title(text).spans)


def find_year(text: str) -> int | None:
    """Give the one year that a title names or its periods end in; None for none or several.

    Examples
    --------
    >>> find_year("Theo dõi nguồn tin 2022"), find_year("Giai đoạn 2013–2022")
    (2022, None)
    """
    return read_title(text).year


def _is_whole(span: Span) -> bool:
    return (span.start.month, span.start.day, span.end.month, span.end.day) == (1, 1, 12, 31)


def _cut_off(text: str, spans: list[Span]) -> str:
    """Give the words of a day up to which figures were counted, long before their period ends."""
    for match in words.CUT_OFF.finditer(text):
        with suppress(ValueError):
            day = _day(match["day"], None)
            if any(span.start <= day < span.end - _EARLIER for span in spans):
                return match[0]
    return ""


def _to_date(rest: str, spans: list[Span]) -> str:
    """Give "lũy kế" where it stands beside one period that does not begin the year."""
    found = words.TO_DATE.search(rest)
    late = all(span.start.month != 1 for span in spans)
    return found[0] if found and spans and late else ""


def _read(text: str, year: int | None = None) -> tuple[list[Span], str]:
    """Give the spans in clean text, and what else stands there."""
    return _read_all(text, year)[:2]


def _read_all(text: str, year: int | None) -> tuple[list[Span], str, set[int]]:
    """Give the spans in clean text, what else stands there, and the years that are their own."""
    stated = [span for match in words.DAYS.finditer(text) if (span := _stated_span(match, year))]
    text = " ".join(words.mark_parts(words.DAYS.sub(" ; ", text)).split())
    named = {int(year) for mark in words.PART.finditer(text) for year in (mark[1], mark[3])}
    years = {span.end.year for span in stated} or named or {year}
    own = words.own_years(text)
    if "?" in text:
        if len(years) > 1 or years == {None}:
            return [], words.ANY_PART.sub(words.READ, words.join_parts(text)), own
        [only] = years
        # "Quý I … năm 2022" names the first quarter alone.
        if only not in own:
            text = text.replace(f"<{only} 1 {only} 12>", words.READ)
        text = text.replace("?", str(only))
        own |= words.own_years(text)
    text = words.join_parts(text)
    assumed = [_calendar(*map(int, match.groups())) for match in words.PART.finditer(text)]
    spans = {*stated, *(span for span in assumed if not any(_stands_for(s, span) for s in stated))}
    rest = words.PART.sub(words.READ, text)
    return sorted(span for span in spans if span.start <= span.end), rest, own


def _stands_for(stated: Span, assumed: Span) -> bool:
    """Say whether stated days are those of a calendar period, or of a part of it."""
    return assumed.start - _EARLIER <= stated.start and assumed.start <= stated.end <= assumed.end


def with_stated_days(span: Span, stated: Span) -> Span:
    """Give a calendar period the days that a title states for such a period, in its own year.

    Examples
    --------
    >>> [stated] = find_spans("từ 15/12/2021 đến 14/6/2022")
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
        end = _day(match["end"], year)
        start = _day(match["start"], end.year)
        if start > end:  # without a year of its own it lies in the year before
            start = _day(match["start"], end.year - 1)
    except (TypeError, ValueError):
        return None
    return Span(start, end, stated=True) if start <= end else None


def _day(text: str, year: int | None) -> date:
    day, month, *own_year = map(int, re.findall(r"\d+", text))
    return date(*own_year or (year,), month, day)


def _calendar(first_year: int, first: int, last_year: int, last: int) -> Span:
    after = date(last_year + last // 12, last % 12 + 1, 1)
    return Span(date(first_year, first, 1), after - timedelta(days=1), stated=False)
