"""The release book: releases that overlap, a book that is lost or foreign, two programs at once."""

import multiprocessing
import os
import stat

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from antq_helpers import protect, select, write_briefing
from antq_helpers.exploring.one_file import write_page
from antq_helpers.measuring import releases
from antq_helpers.measuring.disclosure import audit, protect_entry, refuse_overlap
from antq_helpers.measuring.lookback import look_back
from antq_helpers.measuring.releases import ReleaseProblem, open_book
from antq_helpers.problems import DataNote
from tests.quick import SAMPLE, book_of, quick_of

OWN = select(SAMPLE, years=(2020, 2022)).assign(source="reported")

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
    attacked = more = shown = stopped = 0
    for seed in range(10 * part, 10 * part + 10):
        book, published = book_of(seed), []
        for entry in random_series(seed):
            try:
                release = protect_entry(entry, book)
                more += bool(release.earlier)
                refuse_overlap(release)
            except ReleaseProblem:
                stopped += 1
                continue
            shown += release.cells["state"].eq("published").any()
            assert audit(release)["safe"].all()
            book.note(release.entry)
            published.append(release)
        for *name, low, high in attack(published):
            assert high - low >= 5 - 1e-6, (seed, name)
            attacked += 1
    assert attacked > 50
    assert more
    assert 2 * shown > stopped


def test_two_releases_do_not_give_what_one_leaves_out():
    """7 tips in two years, 5 in the second: shown both, they would be 2 in the first."""
    records = OWN[OWN["period_start"].dt.month.eq(3)]
    counts = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
    records = records.assign(**dict.fromkeys(counts, pd.array([5] * len(records), "Int64")))
    first = records["year"].eq(2021) & records["commune"].eq("Tuy Lộc")
    records.loc[first, counts] = 2
    book, shown = book_of(1), []
    for period in ("2021-to-2022", "2022"):
        window = look_back(records, period, audience="public", book=book)
        book.note(window.release.entry)
        if window.period == period:
            shown.append(window.row("tips", "04276@2008")["value"])
    assert shown != [7, 5]


# ---- the file ----


def test_a_book_is_made_once_private_and_said(tmp_path, own_book, monkeypatch):
    """For its owner's eyes; the same book and data give the same release again."""
    monkeypatch.setattr(releases, "_make", own_book)
    with pytest.warns(DataNote, match=r"A release book was made: .*send it to nobody"):
        first = protect(OWN, book=tmp_path / "b.json")
    again = protect(OWN, book=tmp_path / "b.json")
    assert again.sha256 == first.sha256
    assert len(open_book(tmp_path / "b.json", OWN).releases) == 1
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "b.json").stat().st_mode) == 0o600


def test_a_book_that_can_not_be_used_is_left_as_it_is(tmp_path):
    """Cut short, edited, or of another place."""
    path = tmp_path / "b.json"
    protect(OWN, book=path)
    whole = path.read_text(encoding="utf-8")
    for broken in (whole[:-9], "[]", "", whole.replace('"threshold": 5', '"threshold": 2')):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(ReleaseProblem, match="is damaged or was edited"):
            protect(OWN, book=path)
        assert path.read_text(encoding="utf-8") == broken
    book = book_of(1)
    book.units = ["1@2010"]
    with pytest.raises(ReleaseProblem, match="is of another place"):
        protect(OWN, book=book)


def test_a_book_that_went_or_changed_meanwhile_stops_the_release(tmp_path):
    """None is lost, and no new key is made."""
    path = tmp_path / "b.json"
    protect(OWN, book=path)
    mine = open_book(path, OWN)
    protect(select(OWN, years=(2021, 2022)), book=path)
    with pytest.raises(ReleaseProblem, match="Another program has just written"):
        mine.note({"asked": "x"})
    path.unlink()
    with pytest.raises(ReleaseProblem, match=r"is gone\. Nothing was released"):
        mine.note({"asked": "x"})


def _note(path, number):
    for _ in range(200):
        try:
            open_book(path, OWN).note({"asked": str(number)})
            return
        except ReleaseProblem:
            continue


def test_two_programs_at_once_lose_nothing(tmp_path):
    """Four note a release each: all are there."""
    path = tmp_path / "b.json"
    open_book(path, OWN)
    programs = [multiprocessing.Process(target=_note, args=(path, n)) for n in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert {release["asked"] for release in open_book(path, OWN).releases} == set("0123")


def test_a_lost_book_is_no_new_key_beside_its_packs(tmp_path):
    """The pack bears the book's name."""
    ask = {"period": "2022", "audience": "public", "formats": ["xlsx"], "communes": ["Tuy Lộc"]}
    write_briefing(OWN, tmp_path / "a", **ask, book=tmp_path / "one.json")
    name = open_book(tmp_path / "one.json", OWN).name
    with pytest.raises(ReleaseProblem, match=f"a được công bố theo sổ {name}"):
        write_briefing(OWN, tmp_path / "b", **ask, book=tmp_path / "two.json")
    assert not (tmp_path / "b").exists()


@pytest.mark.slow
def test_what_differs_only_in_hidden_counts_is_the_same_bytes_in_every_format(tmp_path):
    """Two communes exchange a case: 2 and 2 are 1 and 3."""
    book = book_of(3)
    release = look_back(OWN, "2022", audience="public", book=book).release
    small = release.hidden.query("measure == 'resolved_cases' and reason == 'primary'")
    yearly = OWN.groupby(["commune_id", "year"])["resolved_cases"].sum()
    pairs = [
        (year, give, take)
        for year, rows in small.groupby("period")
        for give in rows["commune_id"]
        for take in rows["commune_id"]
        if give
        and take
        and give != take
        and len(year) == 4
        and yearly.get((give, int(year)), 0) in (2, 3, 4)
        and yearly.get((take, int(year)), 0) in (1, 2, 3)
    ]
    year, give, take = pairs[0]
    other = OWN.copy()
    for unit, more in ((give, -1), (take, 1)):
        chosen = other["commune_id"].eq(unit) & other["year"].eq(int(year))
        chosen &= other["resolved_cases"].fillna(0).ge(1 if more < 0 else 0)
        row = other.index[chosen & other["resolved_cases"].notna()][0]
        other.loc[row, "resolved_cases"] += more
    names = [OWN.loc[OWN["commune_id"] == unit, "commune"].iloc[0] for unit in (give, take)]
    found = []
    for number, records in enumerate((OWN, other)):
        folder = tmp_path / str(number)
        ask = {"period": "2022", "audience": "public", "communes": names}
        write_briefing(records, folder, **ask, book=book_of(3))
        write_page(records, folder / "page.html", audience="public", book=book_of(3))
        found.append({p.name: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()})
    assert len(found[0]) > 8
    assert found[0] == found[1]
