"""A made-up file and what was read of it in; every difference in words out."""

from __future__ import annotations

import shutil
import tempfile
import traceback
import unicodedata
import warnings
from pathlib import Path

import pandas as pd

import antq_helpers as antq
from antq_helpers.records import check_records
from tests.office.damages import Damage
from tests.office.facts import MEASURES
from tests.office.making import Made, make_file
from tests.office.spelling import without_accents

KEYS = ["commune", "period_start", "period_end"]
_SHOWN = 4


def try_seed(seed: int, folder: Path | None = None) -> tuple[str, list[str]]:
    """Make the file of a seed, read it, and delete it; give its traits and what went wrong."""
    folder = folder or Path(tempfile.mkdtemp(prefix="office-"))
    try:
        made = make_file(seed, folder / f"{seed}")
        return made.description, read_and_judge(made)
    finally:
        shutil.rmtree(folder / f"{seed}", ignore_errors=True)
        if not any(folder.iterdir()):
            folder.rmdir()


def read_and_judge(made: Made) -> list[str]:
    """Read a file; an exception is a fault like any other, and so is a warning."""
    try:
        # Kept and looked at below: what pandas warns of from compiled code cannot be raised.
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            check = antq.check_file(made.path, **made.options)
            if check.questions:  # some reports are of a million people
                check = antq.check_file(made.path, **made.options, accept=check.questions)
        said = _list("warning", sorted({str(warning.message) for warning in warned}))
        return [*said, *faults(made, check)]
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        text = str(error).splitlines()[0] if str(error) else ""
        where = f"{Path(last.filename).name}:{last.lineno}"
        return [f"exception {type(error).__name__} in {where}: {text}"]


def faults(made: Made, check: object) -> list[str]:
    """List how records, problems and account differ from what stands in the file."""
    return [
        *_records_differ(made.records, check.records),
        *_problems_differ(made.damages, check.problems),
        *_account_differs(made.cells, check.account),
        *_cells_differ(check),
        *_refused(check.records),
    ]


def _refused(records: pd.DataFrame) -> list[str]:
    """Say where records that reading let through are refused by the gate that all tables pass."""
    try:
        if len(records):
            check_records(records.copy())
    except ValueError as error:
        return [f"the gate refuses what was read: {error}"]
    return []


def plain_records(records: pd.DataFrame) -> dict[tuple, tuple]:
    """Give the counts of each record by commune and days, missing as None.

    Records that count nothing are left out: in a wide table nobody can tell whether they are any.
    """
    found: dict[tuple, tuple] = {}
    if not len(records):
        return found
    for row in records[[*KEYS, *MEASURES]].itertuples(index=False):
        counts = tuple(None if pd.isna(count) else int(count) for count in row[3:])
        if any(count is not None for count in counts):
            key = (row[0], f"{row[1]:%Y-%m-%d}", f"{row[2]:%Y-%m-%d}")
            # Two records of one commune and period are a fault; the second must show.
            found[(*key, "again") if key in found else key] = counts
    return found


def _records_differ(expected: pd.DataFrame, records: pd.DataFrame) -> list[str]:
    wanted, got = plain_records(expected), plain_records(records)
    lost = sorted(set(wanted) - set(got))
    extra = sorted(set(got) - set(wanted))
    changed = [key for key in sorted(set(wanted) & set(got)) if wanted[key] != got[key]]
    return [
        *_list("records lost", [f"{key} {wanted[key]}" for key in lost]),
        *_list("records that are none", [f"{key} {got[key]}" for key in extra]),
        *_list("counts changed", [f"{key} {wanted[key]} → {got[key]}" for key in changed]),
    ]


def _problems_differ(damages: list[Damage], problems: tuple) -> list[str]:
    missed = [damage for damage in damages if not any(_fits(p, damage) for p in problems)]
    unasked = [problem for problem in problems if not any(_fits(problem, d) for d in damages)]
    return [
        *_list("damage not named", [_damage_text(damage) for damage in missed]),
        *_list("problem of nothing", [f"{p.kind}: {p.text()}" for p in unasked]),
    ]


def _fits(problem: object, damage: Damage) -> bool:
    """Say whether a problem names a spoilt cell: its file, sheet, row, column and kind."""
    here = (problem.file, problem.sheet, problem.row) == (damage.file, damage.sheet, damage.row)
    column = _letters(problem.column)
    return here and problem.kind in damage.kinds and _letters(damage.headers[-1]) in column


def _letters(text: str) -> str:
    """Give the letters of a header alone, as it may come in capitals or with another tone."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(without_accents(composed).casefold().split())


def _damage_text(damage: Damage) -> str:
    where = f"{damage.file} {damage.sheet!r} row {damage.row} {damage.headers}"
    return f"{'/'.join(sorted(damage.kinds))}: {damage.value!r} in {where}"


def _account_differs(cells: dict[tuple[str, str], int], account: pd.DataFrame) -> list[str]:
    """Hold the account against the number of cells that were written."""
    parts = account[["kept", "set_aside", "problems"]].sum(axis=1)
    rows = zip(account["file"], account["sheet"], account["cells"], parts, strict=True)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    wrong = []
    for file, sheet, number, total in rows:
        if (file, sheet) in found:
            wrong.append(f"{file} {sheet!r} stands twice")
        found[file, sheet] = (int(number), int(total))
    for key in sorted(set(cells) | set(found)):
        number, total = found.get(key, (0, 0))
        if not number == total == cells.get(key, 0):
            wrong.append(f"{key}: {cells.get(key, 0)} written, {number} seen, parts make {total}")
    return _list("account", wrong)


def _cells_differ(check: object) -> list[str]:
    """Say where the table of cells contradicts account or records, or gives no reason."""
    cells = check.cells
    fates = cells.drop_duplicates(["file", "sheet", "cell"]).groupby(["file", "sheet"])["fate"]
    counted = fates.value_counts().to_dict()
    wrong = [
        f"{file} {sheet!r} {fate}: {number} in the account"
        for fate in ("kept", "set_aside", "problems")
        for file, sheet, number in check.account[["file", "sheet", fate]].itertuples(index=False)
        if counted.get((file, sheet, fate), 0) != number
    ]
    silent = cells.query("fate != 'kept' and reason == ''")
    wrong += [f"no reason for {cell}" for cell in silent["cell"]]
    used = set(cells.query("record == record")[["record", "field"]].itertuples(index=False))
    filled = (
        check.records[[*MEASURES]].notna().stack() if len(check.records) else pd.Series(dtype=bool)
    )
    wrong += [f"no cell for {at}" for at, given in filled.items() if given and at not in used]
    return _list("cells", wrong)


def _list(what: str, found: list[str]) -> list[str]:
    more = len(found) - _SHOWN
    return [f"{what}: {text}" for text in found[:_SHOWN]] + (
        [f"{what}: and {more} more"] if more > 0 else []
    )
