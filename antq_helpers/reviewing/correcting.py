"""What a late or corrected file changes in a briefing that is out already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from antq_helpers.briefing.pack import LISTING, stamp_in, write_briefing
from antq_helpers.dictionary import word
from antq_helpers.drawing.figure import stamp_of
from antq_helpers.drawing.text import period_words
from antq_helpers.reviewing.comparing import Difference, compare
from antq_helpers.reviewing.contents import contents_of

_DOCUMENTS = (".docx", ".pptx", ".xlsx")
_PLACE = re.compile(r"^[^:]*: (?:[\d.]+ )?")  # before the heading, as in "phu-luc.docx: 1.1. "
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


@dataclass(frozen=True)
class Correction:
    """What later records change in a briefing.

    Attributes
    ----------
    numbers : DataFrame
        Each printed number of a table or chart that changes: ``where`` (file and page), ``what``
        (the heads of its row and column), ``old``, ``new``.
    sentences : DataFrame
        Each sentence that is no longer true: ``where``, ``old``, ``new``.
    draft : str
        A draft of the correction, in the language of the briefing; empty if nothing changes.
    """

    numbers: pd.DataFrame
    sentences: pd.DataFrame
    draft: str


def correct(pack: str | Path, records: pd.DataFrame, **settings: object) -> Correction:
    """List what later records change in a briefing, and draft its correction.

    Parameters
    ----------
    pack
        The folder of the briefing, which stays as it is.
    records
        The corrected records, as :func:`load_records` gives them.
    settings
        What else the briefing was written with, as :func:`write_briefing` takes it: ``measures``,
        ``against``, ``remarks``, ``views``, ``tables``.

    Raises
    ------
    FileNotFoundError, ValueError
        Where there is no briefing with a document of ours, or it is of another place.
    """
    pack = Path(pack)
    documents = [path for kind in _DOCUMENTS for path in sorted(pack.glob(f"*{kind}"))]
    if not documents or not (pack / LISTING).is_file():
        raise ValueError(word("review_no_pack", "vi", path=pack))
    stamp = stamp_in(documents[0])
    view, language = stamp.view, stamp.view.language
    with TemporaryDirectory() as folder:
        now = write_briefing(
            records, Path(folder, "now"), period=view.period, audience=view.audience,
            communes=view.communes, language=language, progress=lambda *_: None,
            formats=[path.suffix[1:] for path in documents], **settings,
        )  # fmt: skip
        old, new = ([s for path in documents for s in contents_of(of / path.name, language)]
                    for of in (pack, now))  # fmt: skip
    pages = {s.key for s in old if ".xlsx" not in s.name}
    if pages and len(pages & {s.key for s in new}) * 2 < len(pages):
        raise ValueError(word("review_nothing_common", language, old=pack.name, new="records"))
    found = compare(old, new)
    numbers = pd.DataFrame(
        [row for d in found for row in _numbers_of(d)], columns=["where", "what", "old", "new"]
    )
    sentences = pd.DataFrame(
        list(dict.fromkeys(row for d in found for row in _sentences_of(d))),
        columns=["where", "old", "new"],
    )
    now = stamp_of(records, view).short()
    title = word("pack_title", language, when=period_words(view.period, language))
    return Correction(numbers, sentences, _draft(title, stamp.short(), now, numbers, sentences,
                                                 language))  # fmt: skip


def _numbers_of(difference: Difference) -> Iterator[tuple[str, str, str, str]]:
    """Name each cell that differs by the heads of its row and column."""
    for row, column, old, new in difference.cells:
        table = (difference.old or difference.new).table
        if row >= len(table) or "antq_helpers" in table[row]:
            continue  # the stamp differs whenever the data do
        labels = [text for text in table[row][:column] if text[:1].isalpha()]
        heads = [head for head in table[0][: column + 1] if len(head) > 1] or [""]
        named = heads[-1] if len(table[0][column]) > 1 else f"{heads[-1]} {table[0][column]}"
        what = " · ".join([*labels[:2], " ".join(named.split())])
        yield difference.section, what, old, new


def _sentences_of(difference: Difference) -> Iterator[tuple[str, str, str]]:
    if difference.kind not in ("text", "added", "removed"):
        return
    old, new = (
        [t for t in _SENTENCE.split(part.text if part else "") if t and "antq_helpers" not in t]
        for part in (difference.old, difference.new)
    )
    for kind, low, high, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            yield difference.section, " ".join(old[low:high]), " ".join(new[start:end])


def _draft(
    title: str,
    before: str,
    now: str,
    numbers: pd.DataFrame,
    sentences: pd.DataFrame,
    language: str,
) -> str:
    """Write the correction: of each number and sentence once, in whatever files it stands."""
    if numbers.empty and sentences.empty:
        return ""
    # The first document holds all numbers but the intervals of the workbook.
    first = numbers["where"].str.split(r"[:,]", regex=True).str[0]
    chosen = numbers[first == first.iloc[0]] if len(numbers) else numbers
    lines = []
    for row in chosen.itertuples():
        place = _PLACE.sub("", row.where)
        values = {"what": f"{place}, {row.what}", "old": row.old or "–", "new": row.new or "–"}
        lines.append(word("correction_number", language, **values))
    lines += [
        word("correction_sentence", language, old=row.old or "–", new=row.new or "–")
        for row in sentences.drop_duplicates(["old", "new"]).itertuples()
    ]
    counted = [f"{place}. {line}" for place, line in enumerate(lines, 1)]
    head = [word(f"correction_{key}", language, title=title) for key in ("title", "head")]
    data = word("correction_data", language, old=before, new=now)
    return "\n".join([*head, "", *counted, "", data])
