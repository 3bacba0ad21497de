"""Headers and row labels as offices write them in; what they mean out.

The words stand in ``data/synonyms.csv``; add a row there for what your offices write.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import zip_longest

from antq_helpers.dictionary import split_syllables
from antq_helpers.reading.spans import Span, has_part, read_month, read_quarter, read_span
from antq_helpers.tables import load_table

COUNTS = ("sessions", "attendances", "tips", "valuable_tips", "resolved_cases")
LABELS = ("commune", "period_start", "period_end", "period", "year", "month", "quarter", "source")
_NEAR, _LONG_ENOUGH = 0.85, 9  # likeness and letters of a header with a slip
_OF_ROWS = {"total", "city_body", "section"}
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_BETWEEN = re.compile(r"[^\w%]+|_")
_Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Meaning:
    """What the cells under a header, or beside a label, are.

    ``role`` is a column of the records (a count, ``commune``, ``period_start`` …), ``value`` for
    figures whose measure the header does not name, a kind that is set aside (``number``, ``unit``,
    ``note``, ``comparison``, ``to_date`` of a ``measure``), ``unclear`` with its ``options``, or
    ``unknown``. ``span`` or ``part`` (a period that lacks its year) and ``commune`` stand where the
    header names them.
    """

    role: str
    measure: str = ""
    span: Span | None = None
    part: str = ""
    commune: str = ""
    options: tuple[str, ...] = ()


def header_key(text: str) -> _Key:
    """Give what two spellings of a header share: no case, brackets, punctuation, place of tone.

    Examples
    --------
    >>> header_key("SỐ NGUỒN TIN (tin)") == header_key("Số nguồn tin:")
    True
    """
    composed = unicodedata.normalize("NFC", text)
    # What stands in brackets is a unit, unless it is all there is.
    bare = _BRACKETS.sub(" ", composed)
    return _key(bare) or _key(composed)


def _key(text: str) -> _Key:
    return tuple(split_syllables(_BETWEEN.sub(" ", text.replace("%", " % "))))


def _bare(key: _Key) -> str:
    """Write a key without any mark, as one types in a hurry."""
    letters = " ".join(letters for letters, _ in key)
    return letters.translate(str.maketrans("ăâđêôơư", "aadeoou"))


@cache
def _synonyms() -> dict[str, dict[_Key, set[str]]]:
    """Give the meanings of whole words, of words that stand among others, and of bare ones."""
    found: dict[str, dict] = {"whole": {}, "part": {}, "bare": {}}
    for words, meaning, match in load_table("synonyms").itertuples(index=False):
        key = header_key(words)
        found[match].setdefault(key, set()).add(meaning)
        if match == "whole":
            found["bare"].setdefault(_bare(key), set()).add(meaning)
    return found


def meanings_of(text: str) -> frozenset[str]:
    """Give every meaning that some words alone can have; none for words that nobody knows.

    Examples
    --------
    >>> sorted(meanings_of("Số nguồn tin")), sorted(meanings_of("Tin"))
    (['tips'], ['tips', 'valuable_tips'])
    """
    return look_up(header_key(text))


def look_up(key: _Key) -> frozenset[str]:
    """Give the meanings of a key, as :func:`meanings_of` does those of a text."""
    known = _synonyms()
    found = known["whole"].get(key)
    if not found and all(not tone for _, tone in key):
        found = known["bare"].get(" ".join(letters for letters, _ in key))
    return frozenset(found or ())


def nearest_count(text: str) -> str:
    """Give the count that a header nearly names, as with a letter left out; nothing for none.

    Examples
    --------
    >>> nearest_count("Số ngồn tin"), nearest_count("Số vụ án đã giải quyết")
    ('tips', '')
    """
    bare = _bare(header_key(text))
    counts = {
        known: min(found)
        for known, found in _synonyms()["bare"].items()
        if len(known) >= _LONG_ENOUGH and len(found) == 1 and found <= set(COUNTS)
    }
    near = difflib.get_close_matches(bare, counts, 1, cutoff=_NEAR)
    return counts[near[0]] if near and _same_words(bare, near[0]) else ""


def _same_words(bare: str, known: str) -> bool:
    """Say whether two headers differ in letters alone: another word is another meaning."""
    pairs = zip_longest(bare.split(), known.split(), fillvalue="")
    return all(difflib.SequenceMatcher(None, *pair).ratio() > 1 / 2 for pair in pairs)


def has_words(text: str, meaning: str) -> bool:
    """Say whether words of a meaning stand anywhere in a text."""
    return _holds(header_key(text), meaning)


def _holds(key: _Key, meaning: str) -> bool:
    return any(_find(key, words) >= 0 for words in _parts(meaning))


def _parts(meaning: str) -> list[_Key]:
    return [words for words, found in _synonyms()["part"].items() if meaning in found]


def _find(key: _Key, words: _Key) -> int:
    """Give where words stand in a key, -1 where they do not."""
    places = (i for i in range(len(key) - len(words) + 1) if key[i : i + len(words)] == words)
    return next(places, -1)


def _without(key: _Key, phrases: list[_Key]) -> _Key:
    """Take phrases out of a key, the longest first."""
    for words in sorted(phrases, key=len, reverse=True):
        if (i := _find(key, words)) >= 0:
            key = key[:i] + key[i + len(words) :]
    return key


def _neutral() -> list[_Key]:
    """Give what adds nothing to a header: "trong đó" in "Nguồn tin, trong đó: có giá trị"."""
    return [words for words, found in _synonyms()["whole"].items() if "neutral" in found]


def understand(
    path: Sequence[str], year: int | None = None, knows: Callable[[str], bool] = lambda _: False
) -> Meaning:
    """Say what a column is from the cells of its header, from the top down.

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
    """
    texts = list(dict.fromkeys(text for text in path if text))
    whole = meanings_of(" ".join(texts)) - _OF_ROWS
    if len(whole) == 1 and "neutral" not in whole:
        return Meaning(*whole)
    if any(has_words(text, "comparison") and not meanings_of(text) for text in texts):
        return Meaning("comparison")
    if any(has_words(text, "to_date") for text in texts):
        rest = [" ".join(map("".join, _without(header_key(t), _parts("to_date")))) for t in texts]
        role, _ = _role([text for text in rest if text])
        return Meaning("to_date", measure=role if role in COUNTS else "")
    span, part, commune, texts = _take_out(texts, year, knows)
    role, options = _role(texts)
    if options:
        role = "unclear"
    elif role == "neutral":
        role = "value"
    if role in COUNTS or role in ("value", "unclear"):
        return Meaning(role, "", span, part, commune, options)
    return Meaning(role)


def _take_out(
    texts: list[str], year: int | None, knows: Callable[[str], bool]
) -> tuple[Span | None, str, str, list[str]]:
    """Take period and commune out of a header's texts; give them and what is left."""
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
    """Part a header into its period, or the part of a year, and the rest.

    Examples
    --------
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
    """Give the one role of a header without its period, or the several that it could have."""
    if not texts:
        return "neutral", ()
    telling = [text for text in texts if not meanings_of(text) & {"neutral", "total"}]
    joined, told = header_key(" ".join(texts)), header_key(" ".join(telling))
    last = header_key(telling[-1]) if telling else ()
    tries = (joined, told, _without(told, _neutral()), last)
    for key in tries:
        if not key:
            return "neutral", ()
        found = look_up(key)
        if "total" in found:
            return "neutral", ()
        found -= _OF_ROWS
        if len(found) > 1:
            return "", tuple(sorted(found))
        if found:
            return next(iter(found)), ()
    return "unknown", ()


def is_header_cell(text: object) -> str:
    """Say what one cell could be in a header: ``"word"``, ``"period"`` or nothing."""
    if not isinstance(text, str):
        is_year = isinstance(text, (int, date)) and read_span(text) is not None
        return "period" if is_year else ""
    if meanings_of(text) - _OF_ROWS or has_words(text, "comparison"):
        return "word"
    if has_words(text, "to_date"):
        return "word"
    if read_span(text) is not None or has_part(text):
        return "period"
    return "word" if split_period(text, 2000)[2] != text else ""


def read_label(role: str, cell: object, year: int | None) -> Span | None:
    """Read a cell of a column of periods, months or quarters."""
    if role == "month":
        return read_month(cell, year) or read_span(cell, year)
    if role == "quarter":
        return read_quarter(cell, year) or read_span(cell, year)
    return read_span(cell, year)
