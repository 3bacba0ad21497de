"""A briefing: each choice on its page, the pack in all formats, and the memory that it takes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import antq_helpers as antq
from antq_helpers.briefing.pages import PagePicture, compose
from antq_helpers.drawing.figure import FILES
from antq_helpers.measuring.lookback import look_back
from benchmarks.national import write_country
from benchmarks.table import Row, Stopwatch, compare, limit, peak, timed

MANY = 100
ASKED = {"period": "2022", "audience": "internal"}
_FULL = 15  # repeats; with fewer, the place of a hundred communes is left out


def rows(repeats: int) -> list[Row]:
    """Compare a choice and the pack with their limits, and the pack with its pictures alone."""
    city, times = antq.load_records(), max(1, repeats // 5)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        found = [
            limit("a choice on the page without code, until it stands", choices(), 500, 8),
            limit(
                f"a pack of 15 communes, all formats ({times})",
                timed(lambda turn: pack(city, place / f"a{turn}")),
                10_000,
                times,
            ),
        ]
        if repeats < _FULL:
            return found
        many = country()
        return [
            *found,
            compare(
                f"a pack of 15 communes, all formats ({times})",
                timed(lambda turn: pack(city, place / f"b{turn}")),
                "its pictures as PNG, SVG and PDF, bare",
                timed(lambda _: pictures(city)),
                2,
                times,
            ),
            compare(
                f"a page of {MANY} communes ({times})",
                timed_page(lambda turn: pack(many, place / f"c{turn}"), MANY + 1),
                "a page of 15 communes",
                timed_page(lambda turn: pack(city, place / f"d{turn}"), 16),
                1.5,
                times,
            ),
        ]


def choices() -> Stopwatch:
    """Time a choice on the page of briefings until its sentences and its picture stand.

    In turns another commune, count, audience and period, so that little is kept from before.
    """
    form = antq.explore_briefing(language="en").form
    lists = [form._chosen[name] for name in ("page", "measure", "audience", "period")]

    def choose(turn: int) -> None:
        asked = lists[turn % len(lists)]
        legal = [value for _, value in asked.options]
        before = form.page
        asked.value = legal[(legal.index(asked.value) + 1) % len(legal)]
        assert form.page is not before, "the page is the old one"

    return timed(choose)


def timed_page(act: Callable[[int], object], pages: int) -> Stopwatch:
    """Make a stopwatch of one page."""
    whole = timed(act)
    return lambda turn: whole(turn) / pages


def country() -> pd.DataFrame:
    """Make up a place of a hundred communes over ten years."""
    with TemporaryDirectory() as folder:
        path, communes = write_country(Path(folder), MANY, 120)
        return antq.load_records(path, communes=communes)


def pack(records: pd.DataFrame, folder: Path) -> None:
    """Write a briefing in all formats."""
    antq.write_briefing(records, folder, **ASKED, progress=lambda done, pages: None)


def pictures(records: pd.DataFrame) -> None:
    """Draw the same pictures with matplotlib's own writers, and no more."""
    pages = compose(look_back(records, ASKED["period"])).pages
    for shown in (picture for page in pages for picture in page.all_of(PagePicture)):
        picture = antq.draw(records, shown.view)
        for kind in FILES:
            picture.savefig(io.BytesIO(), format=kind, dpi=200)


def memory(full: bool) -> str:
    """Describe the most memory that a briefing takes, each in a process of its own."""
    load = "from benchmarks import briefing; import antq_helpers as antq; records = "
    city = f"{load}antq.load_records()"
    before, most = peak(city), peak(f"{city}; briefing.pack_away(records)")
    described = (
        f"Peak memory of a briefing of 15 communes: {most:.0f} MB, {(most - before) / 16:.1f} MB a "
        f"page above the {before:.0f} MB of its records and libraries"
    )
    if full:
        many = peak(f"{load}briefing.country(); briefing.pack_away(records)")
        described += f"; of {MANY} communes: {many:.0f} MB"
    return f"{described}."


def pack_away(records: pd.DataFrame) -> None:
    """Write a briefing that nobody keeps."""
    with TemporaryDirectory() as folder:
        pack(records, Path(folder) / "pack")
