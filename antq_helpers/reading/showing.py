"""A checked file in; what was understood, and what must be corrected, in words and tables out."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from itertools import groupby

import pandas as pd

from antq_helpers.dictionary import number, word
from antq_helpers.problems import Problem

SHOWN = 20
# JupyterLab sets the cells of outputs at the right; two classes outweigh that.
_STYLE = """<style>
.antq-check { font-size: 13px; line-height: 1.5; max-width: 1000px; }
.antq-check table { border-collapse: collapse; font-size: inherit; margin: 4px 0 12px; }
.antq-check .antq-cells th, .antq-check .antq-cells td {
  padding: 2px 10px 2px 0; text-align: left; vertical-align: top; }
.antq-check .antq-cells thead th { border-bottom: 1px solid #888; white-space: nowrap; }
.antq-check .wrong { color: #b3261e; font-weight: bold; }
.antq-check summary { cursor: pointer; font-weight: bold; }
</style>"""


def summary(
    records: pd.DataFrame, problems: Sequence[Problem], account: pd.DataFrame, language: str
) -> str:
    """Say in a sentence or three what a check found."""
    files = account["file"].nunique() if len(account) else 0
    parts = []
    if len(records):
        parts.append(
            word("check_read", language).format(
                rows=number(len(records), language),
                communes=number(records["commune_id"].nunique(), language),
                start=f"{records['period_start'].min():%d/%m/%Y}",
                end=f"{records['period_end'].max():%d/%m/%Y}",
                files=number(files, language),
            )
        )
    else:
        parts.append(word("check_nothing", language))
    key = "check_problems" if problems else "check_sound"
    parts.append(word(key, language).format(count=number(len(problems), language)))
    if len(account):
        cells = {
            name: number(int(account[name].sum()), language)
            for name in ("cells", "kept", "set_aside", "problems")
        }
        parts.append(word("check_cells", language).format(**cells))
    return " ".join(parts)


def as_html(
    text: str,
    problems: Sequence[Problem],
    skipped: Sequence[Problem],
    headers: pd.DataFrame,
    language: str,
) -> str:
    """Show a check: the summary, problems first, the headers as understood, what was set aside."""
    first = html.escape(text)
    shown = f'<p class="wrong">{first}</p>' if problems else f"<p><b>{first}</b></p>"
    parts = [_STYLE, '<div class="antq-check">', shown]
    parts.append(_problems(problems, language))
    if len(headers):
        columns = headers.assign(
            place=headers["sheet"].where(headers["sheet"] != "", headers["file"])
        )
        rows = columns[["place", "column", "header", "meaning"]].itertuples(index=False)
        titles = [
            word(f"title_{name}", language) for name in ("place", "column", "header", "meaning")
        ]
        parts.append(_folded("check_headers", _table(titles, rows), language, not problems))
    if skipped:
        titles = [word(f"title_{name}", language) for name in ("place", "rows", "reason")]
        table = _table(titles, _grouped(skipped, language))
        parts.append(_folded("check_skipped", table, language, False))
    return "".join([*parts, "</div>"])


def _problems(problems: Sequence[Problem], language: str) -> str:
    if not problems:
        return ""
    several = len({problem.file for problem in problems}) > 1
    titles = [
        word(f"title_{name}", language)
        for name in ("place", "cell", "header", "value", "wrong", "todo")
    ]
    rows = [
        (
            _place(problem, several),
            problem.cell or (problem.row or ""),
            problem.column,
            problem.value,
            _sentence(problem.expected(language)),
            problem.what_to_do(language),
        )
        for problem in problems[:SHOWN]
    ]
    more = len(problems) - len(rows)
    told = f"<p>{html.escape(word('problem_more', language, count=more))}</p>" if more else ""
    return _table(titles, rows) + told


def _place(problem: Problem, several: bool) -> str:
    parts = [problem.file if several or not problem.sheet else "", problem.sheet]
    return ", ".join(part for part in parts if part)


def _grouped(skipped: Sequence[Problem], language: str) -> Iterable[tuple[str, str, str]]:
    """Give one row for all that was set aside for one reason on one sheet."""
    several = len({note.file for note in skipped}) > 1

    def key(note: Problem) -> tuple[str, str]:
        named = note.value or note.column
        return _place(note, several), _sentence(
            f"“{named}”: " * bool(named) + note.expected(language)
        )

    ordered = sorted(enumerate(skipped), key=lambda pair: (key(pair[1]), pair[0]))
    firsts = {}
    for position, note in enumerate(skipped):
        firsts.setdefault(key(note), position)
    groups = [
        (
            firsts[at],
            at,
            [note.row for _, note in notes if note.row and (note.value or not note.column)],
        )
        for at, notes in groupby(ordered, key=lambda pair: key(pair[1]))
    ]
    return [(place, ranges(rows), reason) for _, (place, reason), rows in sorted(groups)]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def ranges(rows: Iterable[int]) -> str:
    """Write row numbers shortly.

    Examples
    --------
    >>> ranges([1, 2, 3, 7, 9, 10])
    '1–3, 7, 9–10'
    """
    parts: list[list[int]] = []
    for row in sorted(set(rows)):
        if parts and parts[-1][-1] == row - 1:
            parts[-1].append(row)
        else:
            parts.append([row])
    return ", ".join(f"{p[0]}–{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts)


def _folded(key: str, table: str, language: str, is_open: bool) -> str:
    state = " open" if is_open else ""
    title = html.escape(word(key, language))
    return f"<details{state}><summary>{title}</summary>{table}</details>"


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    head = "".join(f"<th>{html.escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return f'<table class="antq-cells"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
