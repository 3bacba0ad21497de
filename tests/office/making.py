"""A seed in; one office file, and what is to be read from it, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from tests.office import plans
from tests.office.chance import Chance
from tests.office.damages import Damage, spoil
from tests.office.draft import Draft
from tests.office.extras import add_extra_sheets, add_hidden, format_beyond
from tests.office.facts import MEASURES, Facts
from tests.office.paper import Sheet
from tests.office.writing import ENCODINGS, write_book

NAMES = {"csv": "", "tsv": "", "docx": "Bảng 1"}
FORMS = {"xlsx": 7, "csv": 2, "tsv": 0.5, "xls": 0.7, "ods": 0.7}


@dataclass
class Made:
    """One made-up office file.

    ``records`` is what ``check_file(path, **options).records`` must hold of it, ``damages`` its
    spoilt cells, ``cells`` the number of filled cells of each file and sheet.
    """

    path: Path | list[Path]
    options: dict[str, str]
    records: pd.DataFrame
    damages: list[Damage]
    description: str
    cells: dict[tuple[str, str], int]
    traits: list[str] = field(default_factory=list)


def make_file(seed: int, folder: Path, *, as_word: bool = False) -> Made:
    """Write the office file of a seed into a folder; the same seed gives the same content.

    As a Word report it holds one table, of texts, and its titles above it.
    """
    chance = Chance(seed)
    form = chance.one("format", FORMS)
    form = "csv" if as_word else form
    draft = Draft(chance, form, damaged=chance.on("damaged", 0.35) and not as_word)
    books = plans.fill(draft)
    add_extra_sheets(draft, books)
    damages = spoil(draft, books, f".{form}")
    add_hidden(draft, books)
    format_beyond(draft, books)
    options = {
        name: value for name in ("numbers", "dash") if (value := getattr(draft, name)) is not None
    }
    separator, encoding = _text_format(draft, {} if as_word else options)
    form = "docx" if as_word else form
    folder.mkdir(parents=True, exist_ok=True)
    paths = [
        write_book(book, folder / f"{book.name}.{form}", separator, encoding) for book in books
    ]
    return Made(
        _handed_in(chance, paths, folder),
        options,
        expected(draft.facts, damages),
        damages,
        f"seed {seed}: {', '.join(chance.traits)}",
        {
            (path.name, NAMES.get(form, sheet.name)): cells_of(sheet, form)
            for book, path in zip(books, paths, strict=True)
            for sheet in book.sheets
        },
        chance.traits,
    )


def cells_of(sheet: Sheet, form: str) -> int:
    """Count the filled cells; what stands above the table of a Word report is in none."""
    first = min((top for top, *_ in sheet.tables), default=0) if form == "docx" else 0
    return sum(row >= first for row, _ in sheet.cells)


def _text_format(draft: Draft, options: dict[str, str]) -> tuple[str, str]:
    """Choose separator and encoding of a text file; the encoding is said or left to be found."""
    chance = draft.chance
    if draft.form not in ("csv", "tsv"):
        return ",", "utf-8"
    separator = "\t" if draft.form == "tsv" else chance.one("separator", {",": 2, ";": 2, "\t": 1})
    encoding = chance.one("encoding", dict(zip(ENCODINGS, (3, 3, 1, 2), strict=True)))
    if chance.on("encoding said", 0.2):
        options["encoding"] = encoding
    return separator, encoding


def _handed_in(chance: Chance, paths: list[Path], folder: Path) -> Path | list[Path]:
    """Hand in a file, its folder, or a list."""
    if len(paths) == 1:
        return paths[0]
    return folder if chance.one("several files", {"folder": 2, "list": 1}) == "folder" else paths


def expected(facts: Facts, damages: list[Damage]) -> pd.DataFrame:
    """Give the records of a file but for those that rest on a spoilt cell."""
    lost = {key for damage in damages for key in damage.keys}
    rows = [
        {
            "commune": commune,
            "period_start": period.start,
            "period_end": period.end,
            **{measure: counts.get(measure) for measure in MEASURES},
        }
        for (commune, period), counts in facts.counts.items()
        if (commune, period) not in lost
    ]
    columns = ["commune", "period_start", "period_end", *MEASURES]
    records = pd.DataFrame(rows, columns=columns, dtype=object)
    days = {name: pd.to_datetime(records[name]) for name in columns[1:3]}
    return records.assign(
        **days, **{measure: records[measure].astype("Int64") for measure in MEASURES}
    )
