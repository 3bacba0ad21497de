"""The long run: ``python -m tests.office --files 2000 --start 1000``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from tests.office.judging import try_seed


def main() -> int:
    """Read the files of many seeds; name each that fails, and how many did."""
    arguments = _arguments()
    began, failed, kinds = time.perf_counter(), 0, Counter()
    seeds = range(arguments.start, arguments.start + arguments.files)
    with ProcessPoolExecutor(_cores()) as pool:
        for description, faults in pool.map(try_seed, seeds, chunksize=20):
            if faults:
                failed += 1
                kinds.update({fault.split(":")[0] for fault in faults})
                shown = faults if arguments.all else faults[:1]
                print(f"{description} → {' | '.join(shown)}", flush=True)
    took = time.perf_counter() - began
    print(f"{len(seeds)} files from seed {seeds.start}: {failed} failed, in {took:.0f} s.")
    for kind, number in kinds.most_common():
        print(f"  {number:5} {kind}")
    return 1 if failed else 0


def _cores() -> int:
    """Count the cores that this run may use, not those of the machine, where the system tells."""
    may_use = getattr(os, "sched_getaffinity", None)
    return len(may_use(0)) if may_use else os.cpu_count() or 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.office", description=__doc__)
    parser.add_argument("--files", type=int, default=2000, help="how many (2000)")
    parser.add_argument("--start", type=int, default=1000, help="first seed (1000)")
    parser.add_argument("--all", action="store_true", help="say everything that failed in a file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
