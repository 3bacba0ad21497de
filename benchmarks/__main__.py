"""Run every comparison and print one table: `make bench`, or `make bench FULL=yes`."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from benchmarks import briefing, browser, national, office, redraw, start
from benchmarks.table import written


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="15 repeats instead of 3, and a place of 100 communes"
    )
    full = parser.parse_args().full
    repeats = 15 if full else 3
    rows = []
    for part in (start, redraw, browser, national, office, briefing):
        begun = perf_counter()
        try:
            rows += part.rows(repeats)
        except RuntimeError as reason:
            print(f"{part.__name__} is left out: {reason}.", file=sys.stderr)
        print(f"{part.__name__}: {perf_counter() - begun:.0f} s", file=sys.stderr)
    print(
        f"Medians of {repeats}, or as many as stand in brackets, each pair taken in turns; "
        "milliseconds.\n"
    )
    print(written(rows))
    print(f"\n{briefing.memory(full)}")


if __name__ == "__main__":
    main()
