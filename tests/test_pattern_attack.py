"""Who knows the program but not the key: how many numbers the pattern of hidden cells leaves."""

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from antq_helpers.measuring.disclosure import protect_entry
from antq_helpers.measuring.lookback import look_back
from antq_helpers.measuring.ranges import System
from antq_helpers.measuring.releases import Book
from tests.quick import SAMPLE, book_of, protect_grid, quick_of

NAMES = ("tips", "valuable_tips")


class Chosen(Book):
    """A book whose key an attacker picks: some key hides these cells first, and no others."""

    def pick(self, first, draw):
        """Hide these cells first, in a random order."""
        self.first, self.random, self.drawn = first, draw, {}
        return self

    def draw(self, kind, *name):
        """Any numbers are those of some key."""
        if kind == "chance":
            return 0.0 if name in self.first else 1.0
        known = self.drawn.setdefault(name, self.random.uniform())
        return known / 2 if name in self.first else 0.5 + known / 2


def release_with(inner, book, with_sums):
    """Protect a small grid."""
    places, periods = (list(map(str, range(size))) for size in inner.shape[1:])
    names = NAMES[: len(inner)]
    return protect_grid(inner, names, places, periods, book=book, with_sums=with_sums)


def hidden_in(release):
    """Name the hidden cells."""
    cells = release.cells
    found = cells.loc[cells["state"] == "hidden", ["measure", "commune_id", "period"]]
    return frozenset(found.itertuples(index=False, name=None))


def sums_of(shape, with_sums):
    """Return each cell with its name as a sum of inner cells."""
    measures, places, periods = shape
    unit = np.eye(measures * places * periods).reshape(-1, *shape)
    found = {}
    for m, name in enumerate(NAMES[:measures]):
        for i in range(places + 1):
            for t in range(periods + with_sums):
                rows = slice(i, i + 1) if i < places else slice(None)
                columns = slice(t, t + 1) if t < periods else slice(None)
                place = str(i) if i < places else ""
                period = str(t) if t < periods else "total"
                found[name, place, period] = unit[:, m, rows, columns].sum(axis=(1, 2))
    return found


def numbers_left(inner, with_sums, *, seed, enough):
    """Return for each hidden cell the numbers for which some table and some key give what is seen.

    Tables are sought for one number after the other; each is released with a key that suits it.
    """
    draw = np.random.RandomState(seed)
    release = release_with(inner, Book(None, "", str(seed).encode()), with_sums)
    seen, sums = hidden_in(release), sums_of(inner.shape, with_sums)
    shown = np.array([row for name, row in sums.items() if name not in seen])
    rules = []
    if len(shown):
        right = shown @ inner.ravel()
        rules.append(LinearConstraint(shown, right, right))
    if len(inner) > 1:
        half = inner[0].size
        rules.append(LinearConstraint(np.hstack([np.eye(half), -np.eye(half)]), 0, np.inf))
    left = {name: {int(sums[name] @ inner.ravel())} for name in seen}
    for name in seen:
        here = int(sums[name] @ inner.ravel())
        for number in sorted(range(here + 6), key=lambda n: abs(n - here)):
            if len(left[name]) >= enough:
                break
            if number in left[name]:
                continue
            asked = [*rules, LinearConstraint(sums[name], number, number)]
            cost = draw.uniform(0, 1, inner.size)
            done = milp(cost, constraints=asked, integrality=1)
            if done.x is None:
                continue
            table = np.round(done.x).reshape(inner.shape)
            if (
                hidden_in(release_with(table, Chosen(None, "", b"").pick(seen, draw), with_sums))
                == seen
            ):
                for other in seen:
                    left[other].add(int(sums[other] @ table.ravel()))
    return left


def small_grid(seed):
    """Return random counts of two to six places, one or two periods, and of a part of them."""
    draw = np.random.RandomState(seed)
    shape = draw.randint(2, 7), draw.randint(1, 3)
    tips = draw.poisson(draw.choice([1, 3, 6, 10]), shape).astype(float)
    linked = [draw.binomial(tips.astype(int), 0.4).astype(float)] * (seed % 3 == 0)
    return np.stack([tips, *linked])


@pytest.mark.parametrize("part", quick_of(range(25), 1))
def test_the_pattern_leaves_five_numbers_to_each_hidden_count(part):
    """Five hundred random releases, by enumeration of tables and keys."""
    short, cells = [], 0
    for seed in range(20 * part, 20 * part + 20):
        left = numbers_left(small_grid(seed), bool(seed % 2), seed=seed, enough=5)
        cells += len(left)
        short += [(seed, name, sorted(found)) for name, found in left.items() if len(found) < 5]
    assert cells > 50
    assert not short


@pytest.mark.slow
def test_the_samples_own_annual_pack_leaves_five_numbers_to_each_hidden_count():
    """Other whole tables of five measures and ten years, each with a key, give the same release."""
    release = look_back(SAMPLE, "2022", audience="public", book=book_of(1)).release
    seen, names = hidden_in(release), release.entry["measures"]
    system = System([{**release.entry, "hidden": []}])
    cells = list(
        release.cells[["measure", "commune_id", "period"]].itertuples(index=False, name=None)
    )
    hidden = np.array([cell in seen for cell in cells])
    shown = system.sums[np.flatnonzero(~hidden & ~np.isnan(system.values))]
    right, draw = shown @ system.pieces, np.random.RandomState(1)
    rules = [LinearConstraint(shown, right, right), LinearConstraint(system.limits, -np.inf, 0)]
    found = {int(cell): set() for cell in np.flatnonzero(hidden)}
    inner = [tuple(where) for where in system.keys]
    for _ in range(60):
        if all(len(numbers) >= 5 for numbers in found.values()):
            break
        far = draw.randint(1, 7, len(system.pieces))
        near = Bounds(np.maximum(0, system.pieces - far), system.pieces + far)
        cost = draw.uniform(-1, 1, len(system.pieces))
        table = np.round(milp(cost, constraints=rules, integrality=1, bounds=near).x)
        values = dict(zip(inner, table, strict=True))
        rows = [
            [f"{place}", f"{period}", f"{period}", place, period]
            + [
                values.get((name, place * (len(release.entry["periods"]) + 1) + period))
                for name in names
            ]
            for place in range(len(release.entry["places"]))
            for period in range(len(release.entry["periods"]))
        ]
        entry = {**release.entry, "rows": rows}
        del entry["hidden"]
        again = protect_entry(entry, Chosen(None, "", b"").pick(seen, draw))
        assert hidden_in(again) == seen
        assert again.sha256 == release.sha256
        for cell in found:
            found[cell].add(int((system.sums[[cell]] @ table)[0]))
    assert len(found) > 100
    assert min(map(len, found.values())) >= 5
