"""Compare notebooks or briefings, old beside new, in one HTML page."""

from __future__ import annotations

import base64
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from antq_helpers.dictionary import number, word
from antq_helpers.office import put_file
from antq_helpers.reviewing.contents import Part, Section, Table, contents_of, run_again

LEVELS, TOLERANCE = 64, 0.002  # of 255; share of the pixels that may differ by more than that
_AROUND = 2  # equal rows shown beside those that differ
_OURS = '<meta name="generator" content="antq_helpers">'


@dataclass(frozen=True)
class Difference:
    """One part that differs: ``kind`` is text, table, picture, ink, added or removed.

    ``cells`` are the pairs of a table's cells that differ, each with its row and column.
    """

    section: str
    kind: str
    old: Part | None
    new: Part | None
    cells: tuple[tuple[int, int, str, str], ...] = ()


def compare(old: Sequence[Section], new: Sequence[Section]) -> list[Difference]:
    """List what differs between two contents, in their order."""
    return [found for pair in _pairs(old, new) for found in _differences(*pair)]


def _pairs(
    old: Sequence[Section], new: Sequence[Section]
) -> Iterator[tuple[Section | None, Section | None]]:
    """Pair the sections that are the same, and those of one notebook that stand in their place."""
    for one, two in _aligned([s.key for s in old], [s.key for s in new]):
        before, after = _at(old, one), _at(new, two)
        if before and after and before.group != after.group:
            yield before, None
            yield None, after
        else:
            yield before, after


def _differences(before: Section | None, after: Section | None) -> Iterator[Difference]:
    name = (before or after).name
    for kind in ("text", "table", "picture"):
        mine, other = (
            [part for part in (section.parts if section else ()) if part.kind == kind]
            for section in (before, after)
        )
        for one, two in _aligned(mine, other):
            old, new = _at(mine, one), _at(other, two)
            if old is None or new is None:
                yield Difference(name, "added" if old is None else "removed", old, new)
            elif kind == "table" and old != new:
                yield Difference(name, kind, old, new, tuple(_cells(old.table, new.table)))
            # Where texts are equal, so are the numbers: they are read back from the picture.
            elif old.text != new.text:
                yield Difference(name, kind, old, new)
            elif kind == "picture" and ink_changed(old.picture, new.picture) > TOLERANCE:
                yield Difference(name, "ink", old, new)


def _aligned(old: Sequence, new: Sequence) -> Iterator[tuple[int | None, int | None]]:
    """Pair the places of two lists: of what is equal, and of what stands between."""
    found = SequenceMatcher(None, old, new, autojunk=False)
    for _, low, high, start, end in found.get_opcodes():
        yield from zip_longest(range(low, high), range(start, end))


def _at(parts: Sequence, place: int | None) -> object:
    return None if place is None else parts[place]


def _cells(old: Table, new: Table) -> Iterator[tuple[int, int, str, str]]:
    for one, other in _aligned(old, new):
        rows = _at(old, one) or (), _at(new, other) or ()
        for column, pair in enumerate(zip_longest(*rows, fillvalue="")):
            if pair[0] != pair[1]:
                yield (one if one is not None else other), column, *pair


def ink_changed(old: bytes, new: bytes) -> float:
    """Return the share of pixels that differ visibly; 1 for pictures of different size."""
    before, after = map(_pixels, (old, new))
    if before.shape != after.shape:
        return 1.0
    return float((np.abs(before - after).max(axis=2) > LEVELS).mean())


def _pixels(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), dtype=int)


def write_comparison(
    old: str | Path,
    new: str | Path | None,
    to: str | Path,
    *,
    language: str = "en",
) -> str:
    """Write what differs between two folders or files to an HTML page; return its first line.

    Without ``new``, notebooks are run again; only an earlier page of ours is replaced. Errors are
    those of :func:`contents_of`, a FileExistsError where another file stands, and a ValueError
    where the two have nothing in common.
    """
    check_page(to, language)
    old = Path(old)
    before = contents_of(old, language)
    with TemporaryDirectory() as folder:
        if new is None:
            files = [old] if old.is_file() else sorted(old.glob("*.ipynb"))
            if not files or files[0].suffix != ".ipynb":
                raise ValueError(word("review_only_notebooks", language, path=old))
            for file in files:
                run_again(file, Path(folder, file.name))
            new = Path(folder, old.name) if old.is_file() else folder
        after = contents_of(new, language)
    if not {section.group for section in before} & {section.group for section in after}:
        raise ValueError(word("review_nothing_common", language, old=old, new=new))
    found = compare(before, after)
    line = summarise(found, len(before), language)
    body = [_shown(section, found, language) for section in dict.fromkeys(d.section for d in found)]
    write_html(to, word("review_title", language), [f"<p><b>{html.escape(line)}</b></p>", *body],
               language)  # fmt: skip
    return line


def summarise(found: Sequence[Difference], sections: int, language: str) -> str:
    """Return one line on what differs and how much."""
    if not found:
        return word("review_same", language, all=number(sections, language))
    kinds = Counter(difference.kind for difference in found)
    cells = sum(len(difference.cells) for difference in found)
    listed = [
        word(f"review_{kind}", language, count=count, cells=cells)
        for kind, count in sorted(kinds.items())
    ]
    differ = len({difference.section for difference in found})
    return word("review_differ", language, count=differ, all=sections, list="; ".join(listed))


def check_page(path: str | Path, language: str) -> None:
    """Check that a page may be written: nothing is replaced but an earlier page of ours."""
    path = Path(path)
    if path.exists() and not (path.is_file() and _OURS.encode() in path.read_bytes()[:500]):
        raise FileExistsError(word("review_not_ours", language, file=path))


_PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def write_html(path: str | Path, title: str, body: Iterable[str], language: str) -> None:
    """Write an HTML page that needs no network: complete, or not at all."""
    path = Path(path)
    check_page(path, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {"language": language, "ours": _OURS, "title": html.escape(title)}
    put_file(path, _PAGE.substitute(values, body="\n".join(body)).encode())


def _shown(section: str, found: Sequence[Difference], language: str) -> str:
    mine = [difference for difference in found if difference.section == section]
    return "\n".join([f"<h2>{html.escape(section)}</h2>", *(_one(d, language) for d in mine)])


def _one(difference: Difference, language: str) -> str:
    old, new = difference.old, difference.new
    if difference.kind in ("added", "removed"):
        side = "new" if difference.kind == "added" else "old"
        head = word(f"review_{difference.kind}", language, count=1)
        return f'<h3>{head}</h3><div class="{side}">{_alone(old or new)}</div>'
    if difference.kind == "table":
        return _columns(language, *_two_tables(old.table, new.table))
    if old.picture:
        share = number(100 * ink_changed(old.picture, new.picture), language, 2)
        key = "review_ink_only" if difference.kind == "ink" else "review_picture_values"
        tolerance = number(100 * TOLERANCE, language, 1)
        about = word(key, language, share=share, tolerance=tolerance, levels=LEVELS)
        changed = _word_diff(old.text, new.text) if old.text != new.text else ""
        shown = [_image(old.picture), _image(new.picture), _difference(old.picture, new.picture)]
        return f"<p>{about}</p>{_columns(language, *shown)}<pre>{changed}</pre>"
    return f"<pre>{_word_diff(old.text, new.text)}</pre>"


def _columns(language: str, *shown: str) -> str:
    heads = [word(f"review_{name}", language) for name in ("old", "new", "difference")]
    cells = (f"<div><h3>{h}</h3>{s}</div>" for h, s in zip(heads, shown, strict=False))
    return f'<div class="{("two", "three")[len(shown) - 2]}">{"".join(cells)}</div>'


def _alone(part: Part) -> str:
    if part.table:
        return write_table(part.table)
    return _image(part.picture) if part.picture else f"<pre>{html.escape(part.text)}</pre>"


def _two_tables(old: Table, new: Table) -> tuple[str, str]:
    """Return two tables with the cells marked that differ; most equal rows are left out."""
    pairs = list(_aligned(old, new))
    same = [a is not None and b is not None and old[a] == new[b] for a, b in pairs]
    sides: tuple[list, list] = [], []
    for place, (one, other) in enumerate(pairs):
        near = same[max(place - _AROUND, 0) : place + _AROUND + 1]
        if place and all(near):
            for side in sides:
                if side[-1] is not None:
                    side.append(None)
            continue
        rows = _at(old, one) or (), _at(new, other) or ()
        differ = [place for place, (a, b) in enumerate(zip_longest(*rows)) if a != b]
        for side, row in zip(sides, rows, strict=True):
            side.append((row, differ))
    return _table(sides[0], "old"), _table(sides[1], "new")


def _table(rows: Iterable[tuple[Sequence[str], Sequence[int]] | None], side: str) -> str:
    found = []
    for row in rows:
        if row is None:
            found.append("<tr><td>…</td></tr>")
            continue
        texts, differ = row
        cells = (
            f"<td{f' class={side}' * (place in differ)}>{html.escape(text)}</td>"
            for place, text in enumerate(texts)
        )
        found.append(f"<tr>{''.join(cells) or '<td></td>'}</tr>")
    return f"<table>{''.join(found)}</table>"


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """Return a table of texts as HTML."""
    return _table([(row, ()) for row in rows], "")


def _word_diff(old: str, new: str) -> str:
    before, after = (re.findall(r"\s+|\w[\w.,]*|\W", text) for text in (old, new))
    found = []
    for kind, low, high, start, end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        gone, came = ("".join(before[low:high]), "".join(after[start:end]))
        if kind == "equal":
            found.append(html.escape(gone))
            continue
        found += [
            f"<{tag}>{html.escape(t)}</{tag}>" for tag, t in (("del", gone), ("ins", came)) if t
        ]
    return "".join(found)


def _image(picture: bytes) -> str:
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(picture).decode()}">'


def _difference(old: bytes, new: bytes) -> str:
    """Return a picture of the pixels that differ, on the new one in pale grey."""
    before, after = map(_pixels, (old, new))
    if before.shape != after.shape:
        return f"{before.shape[1]} × {before.shape[0]} → {after.shape[1]} × {after.shape[0]}"
    shown = (215 + after.mean(axis=2, keepdims=True) * 40 / 255).repeat(3, axis=2)
    shown[np.abs(before - after).max(axis=2) > LEVELS] = (200, 0, 0)
    stream = io.BytesIO()
    Image.fromarray(shown.astype(np.uint8)).save(stream, "png")
    return _image(stream.getvalue())
