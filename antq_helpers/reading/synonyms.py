"""Look up the meaning of words in headers and labels.

The words stand in ``data/synonyms.csv``; add a row there for what your offices write.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache
from itertools import zip_longest

from antq_helpers.dictionary import counts, find_measure, split_syllables
from antq_helpers.tables import load_table

COUNTS = counts()
_NEAR, _LONG_ENOUGH = 0.85, 9  # least similarity, and letters, of a misspelt header
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SIGNS = re.compile(r"(?=.*[+±])[\W_]+")  # "+/-", "(+, -)", "±"
_BETWEEN = re.compile(r"[^\w%]+|_")
_Key = tuple[tuple[str, str], ...]


def header_key(text: str) -> _Key:
    """Return a comparison key for headers: no case, brackets, punctuation or place of the tone.

    Examples
    --------
    >>> header_key("SỐ NGUỒN TIN (tin)") == header_key("Số nguồn tin:")
    True
    """
    composed = unicodedata.normalize("NFC", text)
    # What stands in brackets is a unit, unless it is all there is.
    bare = _BRACKETS.sub(" ", composed)
    return _key(bare) or _key(composed)


def split_brackets(text: str) -> tuple[str, list[str]]:
    """Split a header into its own words and the content of each of its brackets.

    Examples
    --------
    >>> split_brackets("Số nguồn tin (KH)"), split_brackets("(tin)")
    (('Số nguồn tin', ['KH']), ('', ['tin']))
    """
    inside = [found.strip("()[] ") for found in _BRACKETS.findall(text)]
    return " ".join(_BRACKETS.sub(" ", text).split()), inside


def _key(text: str) -> _Key:
    return tuple(split_syllables(_BETWEEN.sub(" ", text.replace("%", " % "))))


def _bare(key: _Key) -> str:
    """Return a key as text without marks, as people type it in a hurry."""
    letters = " ".join(letters for letters, _ in key)
    return letters.translate(str.maketrans("ăâđêôơư", "aadeoou"))


_FIRST = [header_key(words) for words in ("tổng số", "số lượng", "tổng", "số")]  # "số" last


@cache
def _synonyms() -> dict[str, dict[_Key, set[str]]]:
    """Return the synonyms by kind of match: whole texts, parts of texts, and without marks."""
    found: dict[str, dict] = {"whole": {}, "part": {}, "bare": {}}
    rows = [*load_table("synonyms").itertuples(index=False, name=None)]
    for name in COUNTS:
        measure = find_measure(name)
        rows += [(text, name, "whole") for text in (name, measure.label_vi, measure.label_en)]
    for words, meaning, match in rows:
        key = header_key(words)
        found[match].setdefault(key, set()).add(meaning)
        if match == "whole":
            found["bare"].setdefault(_bare(key), set()).add(meaning)
    return found


def meanings_of(text: str) -> frozenset[str]:
    """Return all meanings of a text; empty if it is unknown.

    Examples
    --------
    >>> sorted(meanings_of("Số nguồn tin")), sorted(meanings_of("Tin"))
    (['tips'], ['tips', 'valuable_tips'])
    """
    return look_up(header_key(text))


def unwrapped(text: str) -> frozenset[str]:
    """Return the meanings of a text with its brackets removed: "Nguồn tin (có giá trị)"."""
    return look_up(_key(unicodedata.normalize("NFC", text)))


def look_up(key: _Key) -> frozenset[str]:
    """Return the meanings of a key, as :func:`meanings_of` does for a text."""
    return _whole(key) or _count_within(key)


def _whole(key: _Key) -> frozenset[str]:
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
        if rest and some != key and (found := _whole(some)):
            return found if found <= set(COUNTS) else frozenset()
    return frozenset()


def nearest_count(text: str) -> str:
    """Find the count that a misspelt header most resembles; "" if there is none.

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
    """Check whether two headers differ in spelling only: another word is another meaning."""
    pairs = zip_longest(bare.split(), known.split(), fillvalue="")
    return all(difflib.SequenceMatcher(None, *pair).ratio() > 0.7 for pair in pairs)


def has_words(text: str, meaning: str) -> bool:
    """Check whether a text contains words of a meaning."""
    return _holds(header_key(text), meaning)


def is_compared(text: str) -> bool:
    """Check whether a header or label is that of a comparison, or of no count at all.

    Examples
    --------
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

    Examples
    --------
    >>> no_count("Số nguồn tin năm 2021 (kế hoạch)"), no_count("Thực hiện kế hoạch năm 2021")
    ('kế hoạch', '')
    >>> no_count("ty le 2021"), no_count("Quy ước")
    ('tỷ lệ', '')
    """
    key = _key(unicodedata.normalize("NFC", text))
    plain = text.isascii()
    key = _plain(key) if plain else key
    phrases, first = _no_counts(plain)
    if first.isdisjoint(key):  # as nearly always
        return ""
    key = without(key, [_plain(words) if plain else words for words in parts("counted")])
    return next((written for words, written in phrases if find_key(key, words) >= 0), "")


def is_no_count(cell: object) -> bool:
    """Check whether a cell consists of such words and nothing else.

    Examples
    --------
    >>> is_no_count("Kế hoạch"), is_no_count("số ước tính"), is_no_count("đạt kế hoạch")
    (True, True, False)
    """
    if not isinstance(cell, str) or not (found := no_count(cell)):
        return False
    key = header_key(cell)
    rest = next((key[len(words) :] for words in _FIRST if key[: len(words)] == words), key)
    return header_key(found) in (key, rest)


def _plain(key: _Key) -> _Key:
    return tuple((_bare((syllable,)), "") for syllable in key)


@cache
def _no_counts(plain: bool) -> tuple[list[tuple[_Key, str]], frozenset]:
    """Return the phrases of figures that are no counts, longest first, and all first syllables."""
    rows = load_table("synonyms").itertuples(index=False)
    keys = [(_key(words), words) for words, meaning, _ in rows if meaning == "no_count"]
    phrases = [(_plain(key) if plain else key, words) for key, words in keys]
    phrases.sort(key=lambda phrase: -len(phrase[0]))
    return phrases, frozenset(key[0] for key, _ in phrases)


def _holds(key: _Key, meaning: str) -> bool:
    return any(find_key(key, words) >= 0 for words in parts(meaning))


@cache
def parts(meaning: str) -> list[_Key]:
    """Return the phrases of a meaning that may stand inside a text, longest first."""
    found = (words for words, meant in _synonyms()["part"].items() if meaning in meant)
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


@cache
def neutral() -> list[_Key]:
    """Return the phrases that add nothing to a header, longest first, such as "trong đó"."""
    found = (words for words, meant in _synonyms()["whole"].items() if "neutral" in meant)
    return sorted(found, key=len, reverse=True)
