"""Run every comparison and print one table: `make bench`, or `python -m benchmarks --quick`."""

from __future__ import annotations

import argparse
import sys

from benchmarks import briefing, browser, national, office, redraw, start
from benchmarks.table import written


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 repeats instead of 15")
    repeats = 3 if parser.parse_args().quick else 15
    rows = []
    for part in (redraw, browser, national, office, briefing, start):
        print(f"{part.__name__} …", file=sys.stderr)
        try:
            rows += part.rows(repeats)
        except RuntimeError as reason:
            print(f"{part.__name__} is left out: {reason}.", file=sys.stderr)
    print(f"Medians of {repeats}, each pair taken in turns, milliseconds.\n")
    print(written(rows))
    print(f"\n{briefing.memory()}")


if __name__ == "__main__":
    main()
