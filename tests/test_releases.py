"""The release book: releases that overlap, a book that is lost or foreign, two programs at once."""

import json
import multiprocessing
import os
import stat
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from antq_helpers import load_records, protect, select
from antq_helpers.measuring.disclosure import audit, protect_entry
from antq_helpers.measuring.lookback import look_back
from antq_helpers.measuring.releases import BOOK, Book, ReleaseProblem, open_book
from antq_helpers.problems import DataNote
from tests.quick import SAMPLE, book_of, quick_of

# ---- series of releases, attacked together ----

SPANS = {  # quarters of two years that a release shows as one period each
    "year": [(0, 4), (4, 8)],
    "second year": [(4, 8)],
    "quarters": [(q, q + 1) for q in range(8)],
    "last quarter": [(7, 8)],
    "halves": [(0, 2), (2, 4), (4, 6), (6, 8)],
    "to date": [(4, 7)],
    "both years": [(0, 8)],
}


def random_series(seed):
    """Return entries of two to five releases: spans, without a unit, corrected, late, merged."""
    draw = np.random.RandomState(seed)
    units, mean = draw.randint(3, 6), draw.choice([1, 3, 8])
    tips = draw.poisson(mean, (units, 8))
    late = draw.uniform(size=tips.shape) < 0.1
    series = []
    for number in range(draw.randint(2, 6)):
        if number and draw.uniform() < 0.4:  # a corrected report
            unit, quarter = draw.randint(units), draw.randint(8)
            tips[unit, quarter] = max(0, tips[unit, quarter] + draw.randint(-2, 3))
        name = draw.choice(list(SPANS))
        without = draw.randint(units) if draw.uniform() < 0.3 else None
        merged = draw.uniform() < 0.3
        holder = [0 if merged and u == 1 else u for u in range(units) if u != without]
        reporting = [u for u in range(units) if u != without]
        places = sorted(set(holder))
        rows = [
            [str(unit), str(q), str(q), places.index(into), period, int(tips[unit, q])]
            for unit, into in zip(reporting, holder, strict=True)
            for period, (first, last) in enumerate(SPANS[name])
            for q in range(first, last)
            if number or not late[unit, q]
        ]
        if not rows:
            continue
        periods = [f"{a}-{b}" for a, b in SPANS[name]]
        ask = {"measures": ["tips"], "sums": bool(draw.randint(2)), "threshold": 5}
        series.append(
            {"asked": f"{number} {name}", "places": list(map(str, places)), "periods": periods}
            | ask
            | {"rows": sorted(rows)}
        )
    return series


def attack(published):
    """Return (release, cell, low, high) of each hidden cell, by one program over all releases.

    The unknowns are the reports, each version its own. What is shown are the public cells alone.
    A small report is asked for, too, though no release ever showed it alone.
    """
    versions = {}
    for release in published:
        for unit, start, end, _, _, value in release.entry["rows"]:
            versions.setdefault((unit, start, end, value), len(versions))
    rows, right, asked = [], [], []
    for release in published:
        entry = release.entry
        table = release.cells.set_index(["commune_id", "period"])
        for (place, period), cell in table[["value", "state"]].iterrows():
            terms = np.zeros(len(versions))
            for unit, start, end, at, when, value in entry["rows"]:
                own = place in ("", entry["places"][at])
                if own and period in ("total", entry["periods"][when]):
                    terms[versions[unit, start, end, value]] = 1
            if cell["state"] == "published":
                rows.append(terms)
                right.append(cell["value"])
            elif cell["state"] == "hidden":
                asked.append((entry["asked"], place, period, terms))
    for (*report, value), column in versions.items():
        if 0 < value < 5:
            asked.append(("report", *report[:2], np.eye(len(versions))[column]))
    shown = {"A_eq": np.array(rows), "b_eq": right} if rows else {}
    found = []
    for *name, terms in asked:
        ends = []
        for sign in (1, -1):
            done = linprog(sign * terms, **shown, bounds=(0, 1000), method="highs")
            assert done.status == 0
            ends.append(sign * done.fun)
        found.append((*name, *ends))
    return found


@pytest.mark.parametrize("part", quick_of(range(20), 1))
def test_no_series_of_releases_opens_a_cell(part):
    """Two hundred series of two to five: together they leave what each one promised."""
    attacked = more = stopped = 0
    for seed in range(10 * part, 10 * part + 10):
        book, published = book_of(seed), []
        for entry in random_series(seed):
            try:
                release = protect_entry(entry, book)
            except ReleaseProblem as problem:
                stopped += 1
                assert "together with earlier releases" in str(problem)
                continue
            more += bool(release.earlier)
            assert audit(release)["safe"].all()
            book.note(release.entry)
            published.append(release)
        for *name, low, high in attack(published):
            assert high - low >= 5 - 1e-6, (seed, name)
            attacked += 1
    assert attacked > 50
    assert more
    assert stopped < 5
