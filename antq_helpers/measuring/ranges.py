"""What readers of releases can infer about each hidden number, by linear programming."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, eye_array, kron, vstack
from scipy.sparse.csgraph import connected_components

from antq_helpers.dictionary import is_stock, linked_counts

_TOGETHER = 4000  # unknowns of one linear program
_FAR = 100
_MANY, _TRIED = 60, 30  # sums from which on tables are tried first, and how many


class Rules(NamedTuple):
    """What readers know: cells that are sums of pieces, and products that are at most 0."""

    sums: csr_array
    shown: np.ndarray  # NaN where a cell is hidden or missing
    limits: csr_array


class System:
    """The cells of some releases as sums of pieces, with their true values.

    A piece is what one measure's reports add up to that are in the same cells of all releases:
    where a year and its last quarter were released, nine months and three. A report that was
    corrected between two releases is a piece of each, and nothing is known of how it changed.

    Attributes
    ----------
    pieces : array
        Their true values.
    keys : list of tuple
        Of each piece the measure and, for each release, the inner cell (-1 where it is in none).
    sums : csr_array
        Cells × pieces. The cells of a release are measures × (places and their total) × (periods
        and their total), flat; those of the next release follow.
    values : array
        True values of the cells, NaN where nothing was reported or no total over periods is shown.
    first : list of int
        Where the cells of each release begin, and where the last ones end.
    """

    def __init__(self, releases: Sequence[dict]) -> None:
        cells: dict[tuple, list[int]] = {}
        nowhere = [-1] * len(releases)
        for number, release in enumerate(releases):
            periods = len(release["periods"]) + 1
            for unit, start, end, place, period, *values in release["rows"]:
                for name, value in zip(release["measures"], values, strict=True):
                    if value is not None:
                        where = cells.setdefault((name, value, unit, start, end), [*nowhere])
                        where[number] = place * periods + period
        pieces: dict[tuple, int] = {}
        for (name, value, *_), where in cells.items():
            key = (name, *where)
            pieces[key] = pieces.get(key, 0) + value
        self.pieces = np.array(list(pieces.values()), dtype=float)
        self.keys = list(pieces)
        told = np.array([where for _, *where in pieces], dtype=int).reshape(-1, len(releases))
        of = np.array([name for name, *_ in pieces])
        rows, columns, self.first = [], [], [0]
        for number, release in enumerate(releases):
            places, periods = len(release["places"]) + 1, len(release["periods"]) + 1
            for block, name in enumerate(release["measures"]):
                piece = np.flatnonzero((told[:, number] >= 0) & (of == name))
                place, period = np.divmod(told[piece, number], periods)
                own = 0 * place  # as many of them
                summed = release["sums"] and not is_stock(name)
                for line in (place, own + places - 1):
                    for column in (period, own + periods - 1)[: 1 + summed]:
                        rows.append(self.first[-1] + (block * places + line) * periods + column)
                        columns.append(piece)
            self.first.append(self.first[-1] + len(release["measures"]) * places * periods)
        at = np.concatenate(rows), np.concatenate(columns)
        shape = self.first[-1], len(self.pieces)
        self.sums = csr_array((np.ones(len(at[0])), at), shape)
        given = np.diff(self.sums.indptr) > 0
        self.values = np.where(given, self.sums @ self.pieces, np.nan)
        self.limits = self._limit(releases)

    def _limit(self, releases: Sequence[dict]) -> csr_array:
        """Return a row for each cell or piece of a measure that is a part of another one's.

        With partial reports a part may exceed its whole: then an attacker can not rule it out.
        """
        pieces = {key: column for column, key in enumerate(self.keys)}
        each = eye_array(len(pieces), format="csr")
        found = [csr_array((0, len(pieces)))]
        for part, whole in linked_counts():
            both = [
                (column, pieces[whole, *where])
                for (name, *where), column in pieces.items()
                if name == part and (whole, *where) in pieces
            ]
            if both:
                one, all_ = np.array(both).T
                found.append(each[one] - each[all_])
            for number, release in enumerate(releases):
                names = release["measures"]
                if part in names and whole in names:
                    size = (self.first[number + 1] - self.first[number]) // len(names)
                    a, b = (self.first[number] + size * names.index(n) for n in (part, whole))
                    found.append(self.sums[a : a + size] - self.sums[b : b + size])
        limits = vstack(found, format="csr")
        return limits[np.flatnonzero((np.diff(limits.indptr) > 0) & (limits @ self.pieces <= 0))]

    def rules(self, hidden: np.ndarray) -> Rules:
        """Return what readers know where these cells are hidden."""
        return Rules(self.sums, np.where(hidden, np.nan, self.values), self.limits)


def ranges(rules: Rules, ask: csr_array) -> np.ndarray:
    """Find the least and greatest possible value of each asked sum of pieces.

    The attacker knows every published cell and margin of all these releases, which reports are in
    which cells, that no count is negative and that a part is no greater than its whole. See
    Hundepool et al. (2012), *Statistical Disclosure Control*, Wiley, chapter 4.

    Parameters
    ----------
    ask
        Sums × pieces.

    Returns
    -------
    Array of (low, high), whole numbers; ``inf`` where nothing bounds the sum.
    """
    sums, limits, ask, fixed, box = _reduce(rules, ask)
    bound = abs(vstack([sums[0], limits[0], ask]))
    found = np.zeros((ask.shape[0], 2))
    if not ask.nnz:
        return found + fixed[:, None]
    # Pieces that no rule binds together are solved apart: mostly those of a measure and period.
    _, part = connected_components(bound.T @ bound, directed=False)
    asked = np.flatnonzero(np.diff(ask.indptr))
    of = part[ask.indices[ask.indptr[asked]]]
    programs = []
    for number in np.unique(of):
        columns, own = np.flatnonzero(part == number), asked[of == number]
        rest = [_left(terms[:, columns], right) for terms, right in (limits, sums)]
        together = max(1, _TOGETHER // (2 * len(columns)))
        for begin in range(0, len(own), together):
            some = own[begin : begin + together]
            programs.append(_Program(some, ask[some][:, columns].toarray(), *rest))
    for some in _in_batches(programs):
        found[np.concatenate([program.asked for program in some])] = _solve(some, _FAR * box)
    low, high = np.ceil(found[:, 0] - 1e-6) + 0.0, np.floor(found[:, 1] + 1e-6)
    return np.column_stack([low, np.where(high > box, np.inf, high)]) + fixed[:, None]


def too_narrow(rules: Rules, ask: csr_array, wanted: np.ndarray) -> np.ndarray:
    """Check which asked sums have a narrower range than wanted.

    A few tables that agree with what is shown prove of most sums that they can differ enough;
    ranges are computed for the others alone.
    """
    left = np.ones(ask.shape[0], dtype=bool)
    if len(left) > _MANY:
        sums, limits, free, _, box = _reduce(rules, ask)
        draw = np.random.RandomState(0)
        low, high = np.full((2, len(left)), [[np.inf], [-np.inf]])
        for _ in range(_TRIED):
            cost = free.T @ draw.uniform(-1, 1, len(left))
            done = linprog(cost, *limits, *sums, bounds=(0, box), method="highs")
            if done.status != 0:
                break
            found = free @ done.x
            low, high = np.fmin(low, found), np.fmax(high, found)
        left = np.floor(high + 1e-6) - np.ceil(low - 1e-6) < wanted
    found = ranges(rules, ask[np.flatnonzero(left)])
    left[left] = found[:, 1] - found[:, 0] < wanted[left]
    return left


def _reduce(rules: Rules, ask: csr_array) -> tuple:
    """Leave out the pieces that are known: sums, limits, what is asked, its known part, a bound."""
    told = ~np.isnan(rules.shown)
    sums, right = rules.sums[np.flatnonzero(told)], rules.shown[told]
    known, value = _resolve(sums, right)
    free = np.flatnonzero(~known)
    left = _left(sums[:, free], right - sums @ value)
    limits = _left(rules.limits[:, free], -(rules.limits @ value))
    box = float(np.nansum(rules.shown)) + ask.shape[1] + 1  # beyond it a sum is unbounded
    return left, limits, ask[:, free], ask @ value, box


def _resolve(sums: csr_array, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the pieces that follow one by one from sums of one unknown, or of nothing but 0."""
    terms = sums.tocoo()
    row, column = terms.coords
    known, value = np.zeros(sums.shape[1], bool), np.zeros(sums.shape[1])
    while True:
        open_ = ~known[column]
        many = np.bincount(row[open_], minlength=len(right))
        left = right - sums @ value
        told = open_ & ((many == 1) | (left < 0.5))[row]
        if not told.any():
            return known, value
        value[column[told]], known[column[told]] = left[row[told]], True


def _left(terms: csr_array, right: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """Drop the rules in which nothing is unknown."""
    some = np.flatnonzero(np.diff(terms.indptr) > 0)
    return terms[some], right[some]


class _Program(NamedTuple):
    """Pieces that are bound together, with the sums of them whose range is asked for."""

    asked: np.ndarray
    wanted: np.ndarray
    limits: tuple[csr_array, np.ndarray]
    sums: tuple[csr_array, np.ndarray]

    @property
    def size(self) -> int:
        return 2 * self.wanted.size


def _in_batches(programs: list[_Program]) -> Iterator[list[_Program]]:
    """Group programs that are solved at one go, which takes a fraction of the time."""
    batch: list[_Program] = []
    for program in programs:
        if batch and sum(other.size for other in batch) + program.size > _TOGETHER:
            yield batch
            batch = []
        batch.append(program)
    if batch:
        yield batch


def _solve(programs: list[_Program], box: float) -> np.ndarray:
    """Find the minimum and maximum of each sum that some programs ask for.

    One linear program holds a copy of a program's rules for each end of each of its sums.
    """
    costs, blocks = [], ([], [])
    for program in programs:
        cost = np.repeat(program.wanted, 2, axis=0)
        cost[1::2] *= -1
        costs.append(cost)
        for found, (terms, right) in zip(blocks, (program.limits, program.sums), strict=True):
            found.append((kron(eye_array(len(cost)), terms, "csr"), np.tile(right, len(cost))))
    (a_ub, b_ub), (a_eq, b_eq) = (
        (block_diag([terms for terms, _ in found], "csr"), np.concatenate([r for _, r in found]))
        for found in blocks
    )
    cost = np.concatenate([one.ravel() for one in costs])
    done = linprog(cost, a_ub, b_ub, a_eq, b_eq, bounds=(0, box), method="highs")
    if done.status != 0:
        raise RuntimeError(f"The audit of hidden cells failed: {done.message}")
    begins = np.concatenate(
        [[0], np.cumsum([n for one in costs for n in [one.shape[1]] * len(one)])]
    )
    return np.abs(np.add.reduceat(done.x * cost, begins[:-1])).reshape(-1, 2)
