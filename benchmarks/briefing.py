"""A briefing in all formats, beside its bare pictures; and one of a hundred communes."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import antq_helpers as antq
from antq_helpers.briefing.pages import PagePicture, compose
from antq_helpers.drawing.figure import FILES
from antq_helpers.measuring.lookback import look_back
from benchmarks.national import write_country
from benchmarks.table import Row, compare, timed

MANY = 100
TOLD = {"period": "2022", "audience": "internal"}


def rows(repeats: int) -> list[Row]:
    """Compare the pack with its pictures alone, and a hundred communes with fifteen, per page."""
    city, times = antq.load_records(), max(1, repeats // 5)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        many = country(place)
        pages = MANY + 1, 16
        return [
            compare(
                f"a briefing of 15 communes, all formats ({times} times)",
                timed(lambda turn: pack(city, place / f"a{turn}")),
                "its pictures as PNG, SVG and PDF, bare",
                timed(lambda _: pictures(city)),
                2,
                times,
            ),
            compare(
                f"a page of {MANY} communes ({times} times)",
                timed_page(lambda turn: pack(many, place / f"b{turn}"), pages[0]),
                "a page of 15 communes",
                timed_page(lambda turn: pack(city, place / f"c{turn}"), pages[1]),
                1.5,
                times,
            ),
        ]


def timed_page(act: object, pages: int) -> object:
    """Make a stopwatch that gives the time of one page."""
    whole = timed(act)
    return lambda turn: whole(turn) / pages


def country(folder: Path) -> pd.DataFrame:
    """Make up a place of a hundred communes over ten years."""
    path, communes = write_country(folder, MANY, 120)
    return antq.load_records(path, communes=communes)


def pack(records: pd.DataFrame, folder: Path) -> None:
    """Write a briefing in all formats."""
    antq.write_briefing(records, folder, **TOLD, progress=lambda done, pages: None)


def pictures(records: pd.DataFrame) -> None:
    """Draw the same pictures with matplotlib's own writers, and no more."""
    import io

    pages = compose(look_back(records, TOLD["period"])).pages
    for shown in (picture for page in pages for picture in page.all_of(PagePicture)):
        picture = antq.draw(records, shown.view)
        for kind in FILES:
            picture.savefig(io.BytesIO(), format=kind, dpi=200)


def memory() -> str:
    """Say the most memory that a briefing takes, of fifteen communes and of a hundred."""
    found = {}
    for which in ("city", "country"):
        command = [sys.executable, "-c", f"from benchmarks.briefing import peak; peak({which!r})"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[which] = [float(line) for line in done.stdout.split()]
    (before, city), (_, many) = found["city"], found["country"]
    return (
        f"Peak memory of a briefing: {city:.0f} MB of 15 communes ({(city - before) / 16:.1f} MB a "
        f"page above {before:.0f} MB before it), {many:.0f} MB of {MANY}."
    )


def peak(which: str) -> None:
    """Print the peak memory in MB before and after a briefing; for a process of its own."""
    with TemporaryDirectory() as folder:
        records = antq.load_records() if which == "city" else country(Path(folder))
        antq.draw(records, antq.View())
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        pack(records, Path(folder) / "pack")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
