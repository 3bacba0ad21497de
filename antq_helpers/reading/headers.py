"""Interpret column headers and row labels by the words that offices use.

The words stand in ``data/synonyms.csv``; add a row there for what your offices write.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import zip_longest

from antq_helpers.dictionary import (
    core_counts,
    counts,
    find_measure,
    linked_counts,
    plain_letters,
    split_syllables,
)
from antq_helpers.reading.counts import PLAIN, UNITS, fold, scaled, unit_of, unscaled
from antq_helpers.reading.period_text import (
    Span,
    find_year,
    has_part,
    is_unread_period,
    read_span,
)
from antq_helpers.tables import package_table

COUNTS, CORE = counts(), core_counts()
_NEAR, _LONG_ENOUGH = 0.85, 9  # least similarity, and letters, of a misspelt header
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")  # "(tin)", "[2]"
_SIGNS = re.compile(r"(?=.*[+±])[\W_]+")  # "+/-", "(+, -)", "±"
_BETWEEN = re.compile(r"[^\w%]+|_")
_Key = tuple[tuple[str, str], ...]


def header_key(text: str) -> _Key:
    """Return a comparison key for headers: no case, brackets, punctuation or place of the tone.

    >>> header_key("SỐ NGUỒN TIN (tin)") == header_key("Số nguồn tin:")
    True
    """
    composed = unicodedata.normalize("NFC", text)
    # What stands in brackets is a unit, unless it is all there is.
    bare = _BRACKETS.sub(" ", composed)
    return _key(bare) or _key(composed)


def split_brackets(text: str) -> tuple[str, list[str]]:
    """Split a header into its own words and the content of each of its brackets.

    >>> split_brackets("Số nguồn tin (KH)"), split_brackets("(tin)")
    (('Số nguồn tin', ['KH']), ('', ['tin']))
    """
    inside = [found.strip("()[] ") for found in _BRACKETS.findall(text)]
    return " ".join(_BRACKETS.sub(" ", text).split()), inside


def _key(text: str) -> _Key:
    return tuple(split_syllables(_BETWEEN.sub(" ", text.replace("%", " % "))))


def bare_key(key: _Key) -> str:
    """Return a key as text without marks, as people type it in a hurry."""
    return plain_letters(" ".join(letters for letters, _ in key))


_FIRST = [header_key(words) for words in ("tổng số", "số lượng", "tổng", "số")]  # "số" last


@cache
def _synonyms() -> dict[str, dict[_Key, set[str]]]:
    """Return the synonyms by kind of match: whole texts, parts of texts, and without marks."""
    found: dict[str, dict] = {"whole": {}, "part": {}, "bare": {}}
    rows = [*package_table("synonyms").itertuples(index=False, name=None)]
    for name in COUNTS:
        measure = find_measure(name)
        rows += [(text, name, "whole") for text in (name, measure.label_vi, measure.label_en)]
    for words, meaning, match in rows:
        key = header_key(words)
        found[match].setdefault(key, set()).add(meaning)
        if match == "whole":
            found["bare"].setdefault(bare_key(key), set()).add(meaning)
    return found


def meanings_of(text: str) -> frozenset[str]:
    """Return all meanings of a text; empty if it is unknown.

    >>> sorted(meanings_of("Số nguồn tin")), sorted(meanings_of("Tin"))
    (['tips'], ['tips', 'valuable_tips'])
    """
    return meanings_of_key(header_key(text))


def meanings_of_key(key: _Key) -> frozenset[str]:
    """Return the meanings of a key, as :func:`meanings_of` does for a text."""
    return _meanings_of_whole(key) or _count_within(key)


def _meanings_of_whole(key: _Key) -> frozenset[str]:
    known = _synonyms()
    found = known["whole"].get(key)
    if not found and all(not tone for _, tone in key):
        found = known["bare"].get(" ".join(letters for letters, _ in key))
    return frozenset(found or ())


def _count_within(key: _Key) -> frozenset[str]:
    """Find the counts that a key means without its neutral words and "số" or "tổng số".

    Nothing but counts is found in this way: the number of communes is no commune.
    """
    left = without(key, parts("neutral"))
    first = next((words for words in _FIRST if left[: len(words)] == words), ())
    rest = left[len(first) :]
    for some in (left, _FIRST[-1] + rest, rest):
        if rest and some != key and (found := _meanings_of_whole(some)):
            return found if found <= set(COUNTS) else frozenset()
    return frozenset()


def nearest_count(text: str) -> str:
    """Find the count that a misspelt header most resembles; "" if there is none.

    >>> nearest_count("Số ngồn tin"), nearest_count("Số vụ án đã giải quyết")
    ('tips', '')
    """
    bare = bare_key(header_key(text))
    counts = {
        known: min(found)
        for known, found in _synonyms()["bare"].items()
        if len(known) >= _LONG_ENOUGH and len(found) == 1 and found <= set(COUNTS)
    }
    near = difflib.get_close_matches(bare, counts, 1, cutoff=_NEAR)
    return counts[near[0]] if near and _same_words(bare, near[0]) else ""


def _same_words(bare: str, known: str) -> bool:
    """Check whether two headers differ in spelling only: another word is another meaning."""
    pairs = zip_longest(bare.split(), known.split(), fillvalue="")
    return all(difflib.SequenceMatcher(None, *pair).ratio() > 0.7 for pair in pairs)


def has_words(text: str, meaning: str) -> bool:
    """Check whether a text contains words of a meaning."""
    key = header_key(text)
    return any(find_key(key, words) >= 0 for words in parts(meaning))


def is_compared(text: str) -> bool:
    """Check whether a header or label is that of a comparison, or of no count at all.

    >>> is_compared("Cùng kỳ"), is_compared("Ước thực hiện"), is_compared("Thực hiện")
    (True, True, False)
    """
    return is_signs(text) or has_words(text, "comparison") or bool(no_count(text))


def is_signs(text: str) -> bool:
    """Check whether a header consists of plus and minus signs only: "+/-", "(+, -)", "±"."""
    return bool(_SIGNS.fullmatch(text))


def no_count(text: str) -> str:
    """Find the words that say that figures are no counts: a plan, an average, a share.

    They are a plan, an estimate, an average, a rate or a share, wherever in the text they stand. A
    text without any mark, such as the name of a file, is compared without marks.

    >>> no_count("Số nguồn tin năm 2021 (kế hoạch)"), no_count("Thực hiện kế hoạch năm 2021")
    ('kế hoạch', '')
    >>> no_count("ty le 2021"), no_count("Quy ước")
    ('tỷ lệ', '')
    """
    key = _key(unicodedata.normalize("NFC", text))
    phrases, counted, first = _phrases_of_no_count(text.isascii())
    if first.isdisjoint(key):  # as nearly always
        return ""
    key = without(key, counted)
    return next((written for words, written in phrases if find_key(key, words) >= 0), "")


def is_no_count(cell: object) -> bool:
    """Check whether a cell consists of such words and nothing else.

    >>> is_no_count("Kế hoạch"), is_no_count("số ước tính"), is_no_count("đạt kế hoạch")
    (True, True, False)
    """
    if not isinstance(cell, str) or not (found := no_count(cell)):
        return False
    key = header_key(cell)
    rest = next((key[len(words) :] for words in _FIRST if key[: len(words)] == words), key)
    return header_key(found) in (key, rest)


@cache
def _phrases_of_no_count(plain: bool) -> tuple[list[tuple[_Key, str]], list[_Key], frozenset]:
    """Return the phrases of no count, those of counts that hold one, and all first syllables.

    A plain text is compared without marks; longest phrases stand first.
    """
    as_typed = plain_letters if plain else str
    rows = package_table("synonyms").itertuples(index=False)
    found = [(_key(as_typed(words)), words) for words, kind, _ in rows if kind == "no_count"]
    found.sort(key=lambda phrase: -len(phrase[0]))
    counted = parts("counted")
    if plain:
        counted = [tuple((plain_letters(letters), "") for letters, _ in key) for key in counted]
    return found, counted, frozenset(key[0] for key, _ in found)


@cache
def parts(meaning: str, match: str = "part") -> list[_Key]:
    """Return the phrases of a meaning, longest first: those that may stand inside a text."""
    found = (words for words, meant in _synonyms()[match].items() if meaning in meant)
    return sorted(found, key=len, reverse=True)


def find_key(key: _Key, words: _Key) -> int:
    """Return the index of a phrase in a key; -1 if absent."""
    if words[0] not in key:  # as nearly always
        return -1
    places = (i for i in range(len(key) - len(words) + 1) if key[i : i + len(words)] == words)
    return next(places, -1)


def without(key: _Key, phrases: list[_Key]) -> _Key:
    """Remove phrases from a key, each once, in the given order."""
    for words in phrases:
        if (i := find_key(key, words)) >= 0:
            key = key[:i] + key[i + len(words) :]
    return key


LABELS = (
    "commune",
    "village",
    "period_start",
    "period_end",
    "period",
    "year",
    "month",
    "quarter",
    "source",
)
_OF_ROWS = {"total", "city_body", "section"}
_OF_TIPS = {"tips", "valuable_tips", "resolved_cases"}
# What stands before a label in a list: "- Trong đó", "+ Nặc danh", "1. Số tin", "a) Số tin".
_MARK = re.compile(r"^[\s\-–+*•.]+|^\d+[.)]\s*|^[a-zđ][.)]\s+")


# "ĐVT: tin", "Đơn vị tính: lượt".
_OF_UNIT = re.compile(r"^(?:đvt|đơn vị(?: tính)?|unit)\s*:?\s*", re.IGNORECASE)
# A number of a column, a sum of columns, or a mark: "(1)", "(1)=(2)+(3)", "(*)", "(a)".
_NUMBERED = re.compile(r"\W*(?:[a-zđA-ZĐ]|\d{1,2})?(?:\W+\d{1,2})*\W*")


@dataclass(frozen=True)
class Meaning:
    """Meaning of the cells under a header or beside a label.

    ``role`` is a column of the records (a count, ``commune``, ``period_start`` …), ``value`` for
    figures whose measure the header does not name, a kind that is set aside (``number``, ``unit``,
    ``note``, ``comparison``, ``to_date`` of a ``measure``), ``unclear`` with its ``options``, or
    ``unknown``. ``span`` or ``part`` (a period that lacks its year) and ``commune`` stand where the
    header names them; ``unread`` holds what it says of a period that is not understood ("Đợt 1"),
    and ``unit`` the words by which it counts in thousands. ``given`` holds the values that the
    header names of other fields than these, as "Camera" does of the kind of model.
    """

    role: str
    measure: str = ""
    span: Span | None = None
    part: str = ""
    commune: str = ""
    options: tuple[str, ...] = ()
    unread: str = ""
    unit: str = ""
    given: tuple[tuple[str, str], ...] = ()


def understand(
    path: Sequence[str], year: int | None = None, knows: Callable[[str], bool] = lambda _: False
) -> Meaning:
    """Interpret a column from the cells of its header, top down.

    Parameters
    ----------
    path
        One text for each row of the header, merged cells repeated.
    year
        Year that the title names, for headers such as ``T1``.
    knows
        Says whether a text is the name of a commune.

    Examples
    --------
    >>> understand(["Nguồn tin", "Trong đó: có giá trị"]).role
    'valuable_tips'
    >>> understand(["Nguồn tin", "Cùng kỳ năm 2021"]).role
    'comparison'
    >>> understand(["Nguồn tin (tin)"]).role, understand(["Nguồn tin (lớp)"]).options
    ('tips', ('tips', 'other'))
    """
    unit = next((words for text in path if (words := scaled(text))), "")
    if unit:
        return replace(understand([unscaled(text) for text in path], year, knows), unit=unit)
    meaning = _understand(path, year, knows)
    if meaning.role not in (*COUNTS, "value", "unclear"):
        return meaning
    beside, doubtful = in_brackets(path, meaning.role, year, knows)
    if doubtful and meaning.role != "unclear":
        options = (meaning.role,) if meaning.role in COUNTS else CORE
        return replace(meaning, role="unclear", options=(*options, "other"))
    return _understand([*path, *beside], year, knows) if beside else meaning


def in_brackets(
    path: Sequence[str], role: str, year: int | None, knows: Callable[[str], bool]
) -> tuple[list[str], bool]:
    """Return what brackets tell about a count, and whether any of them is not understood."""
    beside, doubtful = [], False
    for text in dict.fromkeys(path):
        own, inside = split_brackets(text)
        for words in inside:
            words = _OF_UNIT.sub("", words)
            telling = meanings_of(words) & {*COUNTS} - {role}
            dated = read_span(words, year) or has_part(words) or is_unread_period(words)
            if fold(words).strip(" .") in UNITS.get(role, PLAIN) or (
                own and role in meanings_of_key(_key(f"{own} {words}"))
            ):
                continue
            if (
                telling
                or dated
                or knows(words)
                or is_compared(words)
                or has_words(words, "to_date")
            ):
                beside.append(words)
            elif not (_NUMBERED.fullmatch(words) or meanings_of(words) or _is_short(words, own)):
                doubtful = True
    return beside, doubtful


def _is_short(words: str, own: str) -> bool:
    """Check whether words are the initials of what precedes them, as in "… trật tự (ANTT)"."""
    initials = "".join(word[0] for word in re.findall(r"\w+", own))
    return words.isupper() and words.casefold() in initials.casefold()


def _understand(path: Sequence[str], year: int | None, knows: Callable[[str], bool]) -> Meaning:
    """Interpret a column, ignoring brackets."""
    texts = list(dict.fromkeys(text for text in path if text))
    if any(map(is_signs, texts)):
        return Meaning("comparison")
    whole = meanings_of(" ".join(texts)) - _OF_ROWS
    if len(whole) == 1 and "neutral" not in whole:
        return Meaning(*whole)
    if any(is_compared(text) and not meanings_of(text) for text in texts):
        return Meaning("comparison")
    if any(has_words(text, "to_date") for text in texts):
        rest = [" ".join(map("".join, without(header_key(t), parts("to_date")))) for t in texts]
        role, _ = _role([text for text in rest if text])
        return Meaning("to_date", measure=role if role in COUNTS else "")
    unread = next(filter(None, map(_unread, texts)), "")
    texts = [text for text in texts if not is_unread_period(text)]
    if unread and not texts:
        return Meaning("unknown", unread=unread)
    span, part, commune, texts = _take_out(texts, year, knows)
    role, options = _role(texts)
    if options:
        role = "unclear"
    elif role == "neutral":
        role = "value"
    if role in COUNTS or role in ("value", "unclear"):
        return Meaning(role, "", span, part, commune, options, unread)
    return Meaning(role, unread=unread)


def _unread(text: str) -> str:
    """Return a text that names a period that is not understood, alone or beside a count."""
    words = text.split()
    tails = (" ".join(words[i:]) for i in range(1, len(words)))
    heads = (" ".join(words[:i]) for i in range(1, len(words)))
    beside = any(is_unread_period(t) and meanings_of(h) for h, t in zip(heads, tails, strict=True))
    return text if beside or is_unread_period(text) else ""


def _take_out(
    texts: list[str], year: int | None, knows: Callable[[str], bool]
) -> tuple[Span | None, str, str, list[str]]:
    """Extract period and commune from a header's texts; return them and the rest."""
    span, part, commune, left = None, "", "", []
    for text in texts:
        if meanings_of(text):
            left.append(text)
            continue
        found, without_year, rest = split_period(text, span.end.year if span else year)
        span, part = found or span, without_year or part
        if rest and knows(rest):
            commune, rest = rest, ""
        if rest:
            left.append(rest)
    if span and part:
        span, part = read_span(part, span.end.year), ""
    return span, part, commune, left


def split_period(text: str, year: int | None) -> tuple[Span | None, str, str]:
    """Split a header into its period, or the part of a year, and the rest.

    >>> span, part, rest = split_period("Số nguồn tin năm 2021", None)
    >>> span.start.year, part, rest
    (2021, '', 'Số nguồn tin')
    >>> split_period("T3", None)
    (None, 'T3', '')
    """
    words = text.split()
    parted = [(text, "")]
    for i in range(1, len(words)):
        head, tail = " ".join(words[:i]), " ".join(words[i:])
        parted += [(tail, head), (head, tail)]
    for period, rest in parted:
        if rest and not meanings_of(rest):
            continue
        span = read_span(period, year)
        if span or has_part(period):
            return span, "" if span else period, rest
    return None, "", text


def _role(texts: list[str]) -> tuple[str, tuple[str, ...]]:
    """Return the role of a header without its period, or the several possible ones."""
    if not texts:
        return "neutral", ()
    telling = [text for text in texts if not meanings_of(text) & {"neutral", "total"}]
    lower = [telling[start:] for start in range(max(len(telling), 1))]
    written = [header_key(" ".join(some)) for some in (texts, *lower)]
    fillers = parts("neutral", "whole")
    tries = [key for part in written[1:] for key in (part, without(part, fillers))]
    for key in (written[0], *tries):
        if not key:
            return "neutral", ()
        found = meanings_of_key(key)
        if "total" in found:
            return "neutral", ()
        if key not in written and not found <= {*COUNTS, "other"}:
            continue  # "Tổng số đơn vị" counts communes, and names none
        found -= _OF_ROWS
        if found & _OF_TIPS and any(has_words(text, "other") for text in telling):
            found |= {"other"}  # "Phạm pháp hình sự › Số vụ đã giải quyết"
        if len(found) > 1:
            return "", tuple(sorted(found))
        if found:
            return next(iter(found)), ()
    return "unknown", ()


def is_header_cell(text: object) -> str:
    """Classify a cell as part of a header: ``"word"``, ``"period"`` or ``""``."""
    if not isinstance(text, str):
        is_year = isinstance(text, (int, date)) and read_span(text) is not None
        return "period" if is_year else ""
    text = unscaled(text)
    if meanings_of(text) - _OF_ROWS or is_compared(text) or has_words(text, "to_date"):
        return "word"
    if read_span(text) is not None or has_part(text) or is_unread_period(text):
        return "period"
    return "word" if split_period(text, 2000)[2] != text else ""


def measure_of(label: str) -> tuple[str, ...]:
    """Return the counts that a row label can mean, as "- Trong đó: có giá trị".

    >>> measure_of("2. Số nguồn tin"), measure_of("Số mô hình")
    (('tips',), ())
    """
    meaning = understand([_MARK.sub("", label.strip())])
    if meaning.role in COUNTS:
        return (meaning.role,)
    return meaning.options


def part_of(role: str, text: str, before: str) -> str:
    """Return what a part counts that stands behind a whole and does not name its own.

    >>> part_of("valuable_tips", "Trong đó: có giá trị", "slips")
    'valuable_slips'
    >>> part_of("valuable_tips", "Tin có giá trị", "slips")
    'valuable_tips'
    """
    parts = {whole: part for part, whole in linked_counts()}
    if role not in parts.values() or before not in parts:
        return role
    entry = find_measure(role)
    named = {entry.unit_vi, entry.unit_en} & set(re.findall(r"\w+", fold(text)))
    return role if named else parts[before]


def names_total(label: str) -> bool:
    """Check whether a label is that of a total.

    >>> names_total("Tổng cộng"), names_total("Cộng tháng 1"), names_total("Cộng Hòa")
    (True, True, False)
    """
    if "total" in meanings_of(label) or has_words(label, "total"):
        return True
    first = " ".join(label.split()[:1])
    return "total" in meanings_of(first) and split_period(label, 2000)[2] == first


ROMAN = re.compile(r"[IVX]+\s*[.)]?|[A-ZĐ][.)]?")  # the number of a group alone: "II.", "A)", "B"
LEADING = re.compile(r"^([IVX]+|[A-ZĐ])\s*[.)/-]\s*")  # of "II. Khối xã", "A/ Phường"
# "Trang 2/3", "- Trang số 2 -".
_PAGE = re.compile(r"\W*(?:trang|page)\s*(?:số\s*)?\d+(?:\s*/\s*\d+)?\W*", re.IGNORECASE)
_DAY = 10  # letters of a day written in full, 31/12/2022
_HEADING = 40  # letters: headings of groups of rows are shorter
# "(1)", "[2]", "A", "(3)=(1)+(2)".
_COLUMN_NUMBER = re.compile(r"[(\[]?\s*([\d]{1,2}|[A-ZĐa-zđ])\s*[)\]]?(\s*=.*)?")


def as_text(cell: object) -> str:
    """Convert a cell of a header or title to text."""
    if isinstance(cell, date):  # a spreadsheet makes the first day of the month of "3/2022"
        return f"{cell.month}/{cell.year}"
    return cell if isinstance(cell, str) else str(cell)


def heads_group(cell: object) -> bool:
    """Check whether a cell is the heading of a group of rows: "II. Khối xã"."""
    if not isinstance(cell, str) or find_year(cell):
        return False
    # "Số nguồn tin các xã, phường" is the title of a table: what it counts stands first.
    first = " ".join(LEADING.sub("", cell).split()[:2])
    return bool(ROMAN.fullmatch(cell)) or (has_words(first, "section") and len(cell) <= _HEADING)


def is_page_number(cell: object) -> bool:
    """Check whether a cell is a page number: "Trang 2/3"."""
    return isinstance(cell, str) and bool(_PAGE.fullmatch(cell))


def is_numbering(row: list) -> bool:
    """Check whether a row only numbers the columns: ``(1) (2) (3)=(1)+(2)``, or A, B, 1, 2.

    >>> is_numbering(["A", "B", "(1)", "(2)=(1)+3"]), is_numbering(["Tuy Lộc", 1, 2])
    (True, False)
    """
    filled = [as_text(cell) for cell in row if cell != ""]
    if len(filled) < 2 or not all(_COLUMN_NUMBER.fullmatch(text) for text in filled):
        return False
    bare = [re.sub(r"[^\dA-ZĐa-zđ].*", "", text.lstrip("([ ")) for text in filled]
    numbers = [int(text) for text in bare if text.isdigit()]
    bracketed = sum(text.startswith(("(", "[")) for text in filled) >= 2
    # Without brackets 1, 2, 3 could be figures: they must begin at one, and count on from the left.
    lettered = bare[0].isalpha()
    in_order = numbers == list(range(1, len(numbers) + 1)) and (lettered or len(filled) >= 3)
    return bracketed or in_order


def is_units(row: list) -> bool:
    """Check whether a row only has units: ``(tin) (buổi) (vụ)``, or "lượt" and "nghìn lượt".

    Without brackets the names of what is counted could be a header.
    """
    filled = [cell for cell in row if cell != ""]
    if not filled or not all(isinstance(cell, str) for cell in filled):
        return False
    units = [unit_of(cell) for cell in filled]
    bracketed = (re.fullmatch(r"\((?!\d)[^()]{1,20}\)", cell) for cell in filled)
    return all(bracketed) or ("scaled" in units and all(units))


def is_day(cell: object) -> bool:
    """Check whether a cell can be a day or period; notes below a table can not."""
    if isinstance(cell, str):
        dated = len(cell) <= _DAY and any(map(str.isdigit, cell))
        return dated or read_span(cell, 2000) is not None
    return True
