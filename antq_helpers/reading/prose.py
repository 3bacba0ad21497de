"""Counts in the sentences of Word reports, to be shown for a yes: nobody can be sure of them."""

from __future__ import annotations

import re
from itertools import takewhile

from antq_helpers.reading.headers import COUNTS, meanings_of
from antq_helpers.reading.persons import unnamed
from antq_helpers.reading.sheets import Areas, Grid

# A number with what limits it: "12", "1.250", "trên 600", "7/9".
_NUMBER = re.compile(
    r"(?:\b(?:trên|hơn|gần|khoảng|dưới|over|nearly|about) )?"
    r"(?<![\w.,/%-])\d++(?:[.,/–-]\d++)*+(?!\w|\s*%)",
    re.I,
)
# What stands before a number that is no count of this report: "tăng 2 tin", "cùng kỳ 10 tin",
# "tháng 3", "ngày 15".
_OTHER = re.compile(
    r"(?:\b(?:tăng|giảm|thêm|bớt|nhiều hơn|ít hơn|tháng|quý|năm|ngày|tuần|số|điều|khoản|up|down|by)"
    r"|\b(?:cùng kỳ|năm trước|tháng trước|kỳ trước|kế hoạch|chỉ tiêu|last year)[^.;]*)\s*\(?$",
    re.I,
)
# "12 nguồn tin": a count even where its words name none of the measures.
_COUNTED = re.compile(r"\s+(?:nguồn tin|tin|buổi|lượt|vụ|tips|sessions|cases)\b", re.I)
_ENDS = re.compile(r"[.;:,()]|\d|\b(?:trong đó|gồm|với|và|cho|để|giúp|so|của|of which|with|and)\b")
# Beside "vụ" alone: "đã giải quyết được 13 vụ".
_RESOLVED = re.compile(r"(?:giải quyết|làm rõ|khám phá)(?:\s+(?:được|thành công))?\s*$", re.I)
# Behind a name that stands before its number: "Số buổi tuyên truyền: 7".
_IS = re.compile(r"\s*(?:[:=]|\blà|\bđạt|\bđược|\bis)\s*$", re.I)
TITLES = 12  # paragraphs of a title block
_LONGEST, _QUOTED = 10, 120  # words of a count's name, and letters of its sentence


def counts_in(text: str) -> list[tuple[str, str, str]]:
    """Find the counts of a sentence, each as its number, its name and the words around it.

    The name is blank where it says no count of the report, or none that is known.

    >>> [found[:2] for found in counts_in("Tiếp nhận 12 nguồn tin, trong đó 5 tin có giá trị.")]
    [('12', 'nguồn tin'), ('5', 'tin có giá trị')]
    >>> [found[:2] for found in counts_in("Tăng 2 nguồn tin so với cùng kỳ; xảy ra 3 vụ việc.")]
    [('2', ''), ('3', '')]
    """
    found = []
    for number in _NUMBER.finditer(text):
        before, after = text[: number.start()], text[number.end() :]
        name = "" if _OTHER.search(before) else _name_after(before, after)
        if name or _COUNTED.match(after):
            begin = max(before.rfind(end) for end in (". ", "; ")) + 1
            quote = text[begin : number.end() + len(_ahead(after))].strip(" .;")
            cut = "…" if len(quote) > _QUOTED else ""
            found.append((number[0], name, unnamed(cut + quote[-_QUOTED:])))
    return found


def read_prose(areas: Areas, texts: list[str], grids: list[Grid]) -> tuple[list[Grid], bool]:
    """Make a sheet of the counts that stand in sentences and in no table of the report.

    A count that stands in two sentences with two numbers has both in its cell, which is no number.

    Returns
    -------
    The sheet, if there are such counts, and whether any number of a sentence was left unread.
    """
    cells = (cell for grid in grids for row in grid.rows for cell in row)
    in_tables = set().union(*map(meanings_of, filter(None, map(str, cells))))
    counts: dict[str, tuple[str, dict[str, None], str]] = {}
    unread = False
    for number, name, quote in (found for text in texts for found in counts_in(text)):
        count = min(meanings_of(name), default="")
        if count and count not in in_tables:
            counts.setdefault(count, (name, {}, quote))[1][number] = None
        else:
            unread = True
    if not counts:
        return [], unread
    names = [name for name, _, _ in counts.values()]
    # Unit and period stand in the titles; sentences name those of others, too.
    above = list(takewhile(lambda text: not (text.endswith((".", ";")) or counts_in(text)), texts))
    grid = Grid(
        areas, "Lời văn", above=above[:TITLES], quotes=[quote for *_, quote in counts.values()]
    )
    grid.rows = [names, ["; ".join(numbers) for _, numbers, _ in counts.values()]]
    grid.end()
    return [grid], unread


def _ahead(after: str) -> str:
    """Return the words behind a number, up to where another thought begins."""
    end = _ENDS.search(after)
    return after[: end.start()] if end else after


def _name_after(before: str, after: str) -> str:
    """Return the words beside a number that name exactly one count, blank if none do."""
    words = _ahead(after).split()[:_LONGEST]
    names = [" ".join(words[:n]) for n in range(len(words), 0, -1)]
    if words and words[0].lower() == "vụ" and _RESOLVED.search(before):
        names.append("vụ việc được giải quyết")
    if not words and _IS.search(before):
        label = re.split(r"[.;,()\d]", _IS.sub("", before))[-1].split()
        names = [" ".join(label[n:]) for n in range(len(label))]
    return next((name for name in names if _is_count(meanings_of(name))), "")


def _is_count(meanings: frozenset[str]) -> bool:
    return len(meanings) == 1 and meanings <= set(COUNTS)
