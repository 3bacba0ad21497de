"""From a printed number of a briefing to the cells of the offices' files that make it up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.briefing.pack import stamp_in
from antq_helpers.briefing.pages import LATE, cell_text
from antq_helpers.briefing.sentences import change_shown, write_value
from antq_helpers.dictionary import capital, find_measure, is_stock, number, rounded, signed, word
from antq_helpers.drawing.figure import stamp_of
from antq_helpers.drawing.text import period_label
from antq_helpers.measuring.changes import change_from
from antq_helpers.measuring.lookback import Window, window_on
from antq_helpers.measuring.periods import AGAINST, period_against
from antq_helpers.measuring.totals import added_up
from antq_helpers.reading.load import SAMPLE, FileCheck, check_files
from antq_helpers.records import kept, name_whole, on_boundaries
from antq_helpers.reviewing.contents import Section, contents_of

_HIDDEN = "hidden"
_SIGNS = {"±": "change", "%": "percent"}  # at the head of a column, after its period


@dataclass(frozen=True)
class Fact:
    """A number that a briefing may print, and what it is.

    ``kind`` is value, change, percent or to_date; of changes ``before`` is the other period.
    """

    unit: str
    measure: str
    kind: str
    periods: tuple[str, ...]
    before: str
    texts: frozenset[str]
    state: str = "full"


@dataclass(frozen=True, repr=False)
class Trace:
    """What a printed number is, and the cells that it is made of.

    Attributes
    ----------
    numbers : DataFrame
        One row for each number of the file that reads so: ``where`` it stands, ``what`` it is,
        its ``kind`` (value, change, percent, to_date), and a ``note`` in place of cells where it
        is illustrative or protected.
    cells : DataFrame
        The cells by ``number`` (the row of ``numbers``): ``part`` (numerator or denominator),
        ``sign`` (−1 for the period that is subtracted), ``file``, ``sheet``, ``cell``,
        ``commune``, ``period_start``, ``period_end``, ``field`` and ``value``.
    aside : DataFrame
        The other cells of these sheets, which were set aside or are problems, with the reason.
    """

    numbers: pd.DataFrame
    cells: pd.DataFrame
    aside: pd.DataFrame

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for place, row in self.numbers.iterrows():
            cells = self.cells[self.cells["number"] == place]
            named = [f"{c.file} {c.sheet} {c.cell}: {c.value:.0f}" for c in cells.itertuples()]
            yield f"{row['where']}: {row['what']}. {row['note'] or '; '.join(named)}"


def trace(
    path: str | Path,
    printed: str,
    source: FileCheck | str | Path | Sequence[str | Path] | None = None,
    *,
    communes: str | Path | pd.DataFrame | None = None,
) -> Trace:
    """Find the cells of the offices' files that make up a printed number of a briefing.

    Parameters
    ----------
    path
        Slides, appendix, workbook or picture of a briefing.
    printed
        The number as it stands there, such as ``"534"`` or ``"2.316"``.
    source
        What :func:`check_file` found in the files that the briefing was made from, or their paths;
        the sample by default.
    communes
        Of paths: another place's table of communes.

    Returns
    -------
    Trace
        Its ``cells`` add up to each number: those of a change with their sign, those of a share
        as numerator and denominator.

    Raises
    ------
    ValueError
        Where the file is none of ours, was made from other data, or holds no such number.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from antq_helpers import load_records, write_briefing
    >>> with TemporaryDirectory() as folder:
    ...     folder = write_briefing(load_records(), folder, period="2022", audience="internal",
    ...                             communes=[], language="en", formats=["xlsx"])
    ...     found = trace(next(folder.glob("*.xlsx")), "534")
    >>> found.numbers[["what", "note"]].values.tolist()[0]
    ['Whole city, Tips received, 2022', 'SYNTHETIC FIGURES, FOR ILLUSTRATION']
    """
    check = source if isinstance(source, FileCheck) else _check(source, communes)
    stamp, records = stamp_in(path), check.records
    language = stamp.view.language
    if not stamp.view.period:
        raise ValueError(word("trace_no_period", language, file=Path(path).name))
    now = stamp_of(records, stamp.view).sha256
    if now != stamp.sha256:
        values = {"expected": stamp.sha256[:12], "found": now[:12]}
        raise ValueError(word("stamp_other_data", language, **values))
    window = window_on(records, stamp.view.period, stamp.view.audience or "internal")
    facts = kept(records, ("facts", window.asked, window.audience, language),
                 lambda: list(_facts_of(window, language)))  # fmt: skip
    plain = _as_written(_plain(printed), language) or _plain(printed)
    found = [
        (where, fact)
        for section in contents_of(path, language)
        for where, fact in _printed_in(section, plain, facts, window, language)
    ]
    if not found:
        raise ValueError(word("trace_not_found", language, file=Path(path).name, text=printed))
    return _trace(dict.fromkeys(found), check, window, language)


def _check(source: object, communes: object) -> FileCheck:
    found = check_files(SAMPLE if source is None else source, communes=communes)
    if "records" not in found:
        raise ValueError(word("brief_no_records", "en"))
    return found["records"]


def _facts_of(window: Window, language: str) -> Iterator[Fact]:
    """List all numbers of the places of a briefing: values, changes and years to date."""
    totals = window.totals.to_dict("records")
    year = tuple(period for period in window.periods if period[:4] == window.period[:4])
    for row in totals:
        parts = float(row["numerator"]), float(row["denominator"])
        shown = cell_text(row["value"], row["state"], row["measure"], language, parts)
        texts = {shown, write_value(row["value"], row["measure"], language)}
        of = row["commune_id"], row["measure"]
        yield _fact(*of, "value", (row["period"],), "", texts, row["state"])
    for unit, name in product(window.units, dict.fromkeys(window.totals["measure"])):
        is_count = find_measure(name).kind == "count"
        for against in AGAINST:
            change = change_from(window, name, against, (unit,))
            of = (window.period,), change.before_period
            if not pd.isna(change.difference):
                size = change_shown(change)
                texts = {sign(size, language, 1 - is_count) for sign in (signed, _size)}
                yield _fact(unit, name, "change", *of, texts)
            if not pd.isna(change.pct):
                size = rounded(change.pct)
                texts = {sign(size, language) for sign in (signed, _size)}
                yield _fact(unit, name, "percent", *of, texts)
        over = year[-1:] if is_stock(name) else year
        rows = [window.by_period[name, period][unit] for period in over]
        if len(year) > 1 and is_count:
            value = sum(row["numerator"] for row in rows if not pd.isna(row["numerator"]))
            state = _HIDDEN if any(row["state"] == _HIDDEN for row in rows) else "full"
            yield _fact(unit, name, "to_date", over, "", {number(value, language)}, state)


def _size(value: float, language: str, decimals: int = 0) -> str:
    return number(abs(value), language, decimals)


def _fact(
    unit: str, measure: str, kind: str, periods: tuple, before: str, texts: set, state: str = "full"
) -> Fact:
    return Fact(unit, measure, kind, periods, before, frozenset(map(_plain, texts)), state)


def _plain(text: str) -> str:
    return text.strip().rstrip(f"%{LATE}")


def _printed_in(
    section: Section, printed: str, facts: list[Fact], window: Window, language: str
) -> Iterator[tuple[str, Fact]]:
    """Find a number in a section; of several that read so, those that fit best to what is beside.

    A number of a place stands in its row, or on its page.
    """
    matching = [fact for fact in facts if printed in fact.texts]
    names = {unit: name or name_whole(window.totals, language)
             for unit, (name, _) in window.units.items()}  # fmt: skip
    for part in section.parts:
        for row, head, after in _hits(part, printed, language):
            beside = [*row, section.name] if part.table else [section.name, part.text]
            places = next(
                (of for text in beside if (of := [u for u, n in names.items() if _in(n, text)])), []
            )
            fitting = [fact for fact in matching if fact.unit in places]
            scores = [_fits(fact, row, head, after, window, language) for fact in fitting]
            for fact, score in zip(fitting, scores, strict=True):
                if score == max(scores):
                    yield section.name, fact


def _in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text.lower()) is not None


def _hits(part: object, printed: str, language: str) -> Iterator[tuple[Sequence[str], str, str]]:
    """Rows and heads of the cells, and what follows in the sentences, that hold a number."""
    if part.table:
        heads = part.table[0]
        for row in part.table[1:]:
            for column, cell in enumerate(row):
                if printed in (_plain(cell), _as_written(cell, language)):
                    yield row, _head(heads, column), ""
    else:
        for found in re.finditer(rf"(?<![\d.,/]){re.escape(printed)}(?![\d/]|[.,]\d)", part.text):
            yield (), "", part.text[found.end() :].lstrip("% ")


def _as_written(cell: str, language: str) -> str:
    """Return a number of a workbook as the pages write it: 2368 is 2.368 in Vietnamese."""
    raw = re.fullmatch(r"-?\d+(\.\d)?", cell)  # 2.368 is no raw number: it may be thousands
    return number(float(cell), language, 1 if raw[1] else 0) if raw else ""


def _head(heads: Sequence[str], column: int) -> str:
    """Return the head of a column, with the period beside which a change stands."""
    if heads[column] not in _SIGNS:
        return heads[column]
    before = next((h for h in heads[column::-1] if h not in _SIGNS), "")
    return f"{before}\n{heads[column]}"


def _fits(
    fact: Fact, row: Sequence[str], head: str, after: str, window: Window, language: str
) -> float:
    """Score how well a fact fits to what stands beside a number; longer names fit better."""
    entry = find_measure(fact.measure)
    label, short = (entry.text(key, language).lower() for key in ("label", "short"))
    texts = [text.lower() for text in (*row, head, after)]
    named = max((len(n) for n in (label, short) if any(t.startswith(n) for t in texts)), default=0)
    period = fact.before or fact.periods[-1]
    shown = capital(period_label(period, language))
    when = max((len(shown) for text in (*row, head) if _in(shown, text)), default=0)
    # Sentences are of this period and of those that it is compared with.
    near = {window.period, *(period_against(window.period, against) for against in AGAINST)}
    to_date = fact.kind == "to_date" and head == word("col_to_date", language)
    kind = 2 if to_date else fact.kind == _SIGNS.get(head[-1:], "value")
    return 1000 * named + 10 * when + 3 * (period in near) + kind


def _trace(
    found: dict[tuple[str, Fact], None], check: FileCheck, window: Window, language: str
) -> Trace:
    records = on_boundaries(check.records, window.boundaries)
    numbers, cells = [], []
    for place, (where, fact) in enumerate(found):
        whole = name_whole(window.totals, language)
        ends = dict.fromkeys([fact.periods[0], fact.periods[-1]])
        when = "–".join(period_label(period, language) for period in ends)
        label = find_measure(fact.measure).text("label", language)
        what = ", ".join([window.units[fact.unit][0] or whole, label, when])
        if fact.before:
            what = f"{what} − {period_label(fact.before, language)}"
        parts = [] if fact.state == _HIDDEN else list(_rows_of(fact, records))
        note = word("trace_hidden", language) if fact.state == _HIDDEN else ""
        if any((rows["source"] == "illustrative").any() for _, _, rows in parts):
            note, parts = word("illustrative", language), []
        numbers.append({"where": where, "what": what, "kind": fact.kind, "note": note})
        cells += [_cells(check, rows, field, sign).assign(number=place, part=part)
                  for (part, field), sign, rows in parts]  # fmt: skip
    columns = ["number", "part", "sign", "file", "sheet", "cell", "commune", "period_start",
               "period_end", "field", "value"]  # fmt: skip
    used = pd.concat(cells, ignore_index=True)[columns] if cells else pd.DataFrame(columns=columns)
    sheets = check.cells.merge(used[["file", "sheet"]].drop_duplicates())
    aside = sheets[sheets["fate"] != "kept"][["file", "sheet", "cell", "fate", "reason"]]
    return Trace(pd.DataFrame(numbers), used, aside.reset_index(drop=True))


def _rows_of(
    fact: Fact, records: pd.DataFrame
) -> Iterator[tuple[tuple[str, str], int, pd.DataFrame]]:
    entry = find_measure(fact.measure)
    fields = {"numerator": entry.numerator, "denominator": entry.denominator}
    mine = not fact.unit or records["commune_id"] == fact.unit
    for sign, periods in ((1, fact.periods), (-1, (fact.before,) if fact.before else ())):
        for period in periods:
            rows = records[added_up(records, fact.measure, period) & mine]
            for part, field in fields.items():
                if field:
                    yield (part, field), sign, rows


def _cells(check: FileCheck, rows: pd.DataFrame, field: str, sign: int) -> pd.DataFrame:
    """Return the cells of a field of some records, one for each."""
    at = np.array([check.records.index.get_loc(label) for label in rows.index], dtype=int)
    taken = rows[["period_start", "period_end"]].assign(
        commune=check.records["commune"],  # who reported, before it joined another
        record=at,
        value=rows[field].astype(float),
        sign=sign,
    )
    cells = check.cells[check.cells["field"] == field].drop_duplicates("record")
    return taken.astype({"record": "Int64"}).merge(cells, on="record", how="left", validate="1:1")
