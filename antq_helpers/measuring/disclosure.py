"""Cell suppression of small counts, and what an attacker can infer about each hidden cell."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, eye_array, kron, vstack
from scipy.sparse.csgraph import connected_components

from antq_helpers.dictionary import find_measure, is_stock, linked_counts, measures, measures_of
from antq_helpers.measuring.totals import tally
from antq_helpers.records import check_records

POOLS = (1, 3, 5)

THRESHOLD = 5  # smaller counts are small, unless it is asked otherwise


@dataclass(frozen=True)
class Release:
    """A protected release: one grid of units, periods and counts, with its totals.

    ``cells`` has one row per unit, period and measure: ``value`` is missing unless ``state`` is
    ``published``; the other states are ``hidden`` and ``missing`` (not reported). An empty
    ``commune_id`` is the whole place, the period ``total`` all periods. Derived values are made
    from these cells only, so they are missing wherever a part is. ``hidden`` says why each cell
    is hidden and stays inside. ``sha256`` is that of ``cells``.
    """

    cells: pd.DataFrame
    hidden: pd.DataFrame
    pooled: int
    threshold: int
    sha256: str
    values: np.ndarray
    linked: tuple[tuple[int, int], ...]


def protect(records: pd.DataFrame, *, threshold: int = THRESHOLD) -> Release:
    """Suppress small counts (primary) and the cells that would reveal them (secondary).

    Counts from 1 to ``threshold`` - 1 are hidden, in the grid and its margins; then the smallest
    other cells, until each hidden cell could be any number in a range at least ``threshold`` wide.
    Zeros are published while others serve. Years are pooled by 3, 5 or all where over half of
    the units' cells would be hidden.

    Notes
    -----
    This holds against a reader of this one release who does not know the rule above. It does not
    hold against

    - who knows the rule: 6, 4 and 5 are shown as 6, hidden, hidden, total 15, and no other pair
      than 4 and 5 is hidden so;
    - who holds another release: 2 in 2021 is what 7 in 2021-to-2022 leaves beside 5 in 2022, though
      each release by itself is safe. Releases know nothing of each other: publish one;
    - who holds a picture of the same records that is internal or for no audience: its stamp is a
      checksum of the true counts, so that each candidate can be tried.

    Raises
    ------
    ValueError
        For a threshold that is no whole number above 1.

    Examples
    --------
    >>> from antq_helpers import load_records, select
    >>> release = protect(select(load_records(), years=(2021, 2022)))
    >>> bool(audit(release)["safe"].all())
    True
    """
    try:
        threshold = operator.index(threshold)
    except TypeError:
        threshold = 0
    if threshold < 2:
        raise ValueError("threshold must be a whole number of at least 2: write threshold=5.")
    records = check_records(records)
    span = int(records["year"].max() - records["year"].min()) + 1 if len(records) else 1
    for pooled in [years for years in POOLS if years < span] + [span]:
        table = tally(records, "commune", period=pooled)
        names = _counts_in(measures_of(records))
        inner = np.stack([table.parts[name]["numerator"] for name in names])
        release = protect_grid(
            inner, names, list(table.groups["commune_id"]), table.periods.labels,
            threshold=threshold, pooled=pooled,
        )  # fmt: skip
        if mostly_published(release):
            break
    return release


def _counts_in(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some measures that are counts, in the dictionary's order."""
    chosen = set(names)
    return tuple(n for n, entry in measures().items() if n in chosen and entry.kind == "count")


def protect_grid(
    inner: np.ndarray,
    names: tuple[str, ...],
    places: list[str],
    periods: list[str],
    *,
    threshold: int = THRESHOLD,
    pooled: int = 1,
    with_sums: bool = True,
) -> Release:
    """Protect a grid of counts (measures × places × periods) with its total over places.

    The total over periods is a part of the release unless ``with_sums`` is false.
    """
    values = add_margins(inner)
    stocks = [is_stock(name) for name in names]
    values[stocks if with_sums else slice(None), :, -1] = np.nan  # a stock has no sum over time
    hidden = hide(values, names, threshold)
    given = [*places, ""], [*periods, "total"]
    return _release(values, hidden, names, *given, pooled, threshold)


def mostly_published(release: Release) -> bool:
    """Check that at most half of the communes' reported cells are hidden."""
    cells = release.cells
    inner = cells[(cells["commune_id"] != "") & (cells["period"] != "total")]
    return 2 * inner["state"].eq("hidden").sum() <= inner["state"].ne("missing").sum()


def _release(
    values: np.ndarray,
    hidden: np.ndarray,
    names: tuple[str, ...],
    places: list[str],
    periods: list[str],
    pooled: int,
    threshold: int,
) -> Release:
    """Build a release from the true values and the mask of hidden cells."""
    index = pd.MultiIndex.from_product(
        [names, places, periods], names=["measure", "commune_id", "period"]
    )
    flat, gone = values.ravel(), hidden.ravel()
    state = np.select([np.isnan(flat), gone], ["missing", "hidden"], "published")
    cells = pd.DataFrame({"value": np.where(gone, np.nan, flat), "state": state}, index)
    cells = cells.reset_index()
    reason = np.where((flat > 0) & (flat < threshold), "primary", "secondary")
    why = cells[["commune_id", "period", "measure"]].assign(reason=reason)[gone]
    digest = hashlib.sha256(cells.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
    safe = np.where(hidden, np.nan, values)
    safe.setflags(write=False)
    # The audit needs no true value: a hidden cell is an unknown of the published sums.
    return Release(
        cells,
        why.reset_index(drop=True),
        pooled,
        threshold,
        digest,
        safe,
        tuple(pairs(values, names)),
    )


def hide(values: np.ndarray, names: tuple[str, ...], threshold: int) -> np.ndarray:
    """Choose the cells to hide: secondary ones are added until no range is too narrow."""
    flat = values.ravel()
    hidden = (values > 0) & (values < threshold)
    groups: dict[int, list[np.ndarray]] = {}
    for parts, total in lines(values):
        line = np.append(parts, total)
        for cell in line:
            groups.setdefault(int(cell), []).append(line)
    linked = pairs(values, names)
    wholes: dict[int, list[np.ndarray]] = {}
    for part, whole in linked:
        wholes.setdefault(int(part), []).append(np.array([whole]))
    totals = np.zeros(values.shape, dtype=bool)
    totals[:, -1], totals[:, :, -1] = True, True
    # Zeros come last, totals before them, the smallest inner counts first.
    rank = np.lexsort((np.arange(flat.size), flat, totals.ravel(), flat == 0))
    order = np.empty(flat.size, dtype=int)
    order[rank] = np.arange(flat.size)
    open_cells = np.flatnonzero(hidden)
    while len(open_cells):
        found = ranges(values, hidden, linked, open_cells)
        narrow = open_cells[found[:, 1] - found[:, 0] < threshold]
        # Hiding more only widens a range, so a cell that has passed need not be asked again.
        added: set[int] = set()
        gone = hidden.ravel()
        for cell in narrow:
            new = set()
            # Hide the whole of a linked part only where no sum with the part has a free cell left.
            for bounds in (groups, wholes):
                free = [
                    [int(c) for c in line if not gone[c] and not np.isnan(flat[c])]
                    for line in bounds.get(int(cell), [])
                ]
                closed = [line for line in free if line and not added.intersection(line)]
                new |= {min(line, key=order.__getitem__) for line in closed}
                if any(free):
                    break
            added |= new
        if len(narrow) and not added:
            free = np.flatnonzero(~gone & ~np.isnan(flat))
            added = {int(min(free, key=order.__getitem__))}
        hidden.ravel()[list(added)] = True
        open_cells = np.array(sorted({*narrow.tolist(), *added}), dtype=int)
    return hidden


def audit(release: Release) -> pd.DataFrame:
    """Compute the range that an attacker can infer for each hidden cell of a release.

    ``safe`` is about this one release and a reader who does not know by which rule cells are
    hidden. Such a rule narrows the range, and so does any other release: see :func:`protect`.

    Returns
    -------
    DataFrame
        One row per hidden cell: ``low``, ``high``, ``width`` and ``safe``, whether the width is
        at least the threshold. What the attacker knows: see :func:`ranges`.

    Examples
    --------
    >>> from antq_helpers import load_records, select
    >>> bool(audit(protect(select(load_records(), years=(2022, 2022))))["safe"].all())
    True
    """
    if not isinstance(release, Release):
        raise ValueError(
            f"audit wants what protect(records) gives, not a {type(release).__name__}."
        )
    hidden = release.cells["state"].eq("hidden").to_numpy()
    # Any number but NaN will do for a hidden cell: ranges never uses its value.
    values = np.where(hidden.reshape(release.values.shape), 0, release.values)
    found = ranges(values, hidden.reshape(values.shape), release.linked, np.flatnonzero(hidden))
    width = found[:, 1] - found[:, 0]
    keys = release.cells.loc[hidden, ["commune_id", "period", "measure"]]
    return keys.assign(
        low=found[:, 0], high=found[:, 1], width=width, safe=width >= release.threshold
    ).reset_index(drop=True)


HIDDEN = "hidden"
_PARTS = ["numerator", "denominator", "value", "low", "high"]


def protect_totals(totals: pd.DataFrame, periods: tuple[str, ...], threshold: int) -> Release:
    """Protect the counts of all communes and periods at once, without sums over periods."""
    names = _counts_in(totals["measure"].unique())
    communes = totals[totals["commune_id"] != ""]
    places = list(communes["commune_id"].unique())
    table = communes.set_index(["measure", "commune_id", "period"])["numerator"]
    order = pd.MultiIndex.from_product([names, places, periods])
    inner = table.reindex(order).to_numpy(float).reshape(len(names), len(places), len(periods))
    return protect_grid(inner, names, places, list(periods), threshold=threshold, with_sums=False)


def hide_in(totals: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Blank the hidden cells in totals, with every value derived from them."""
    keys = ["measure", "commune_id", "period"]
    state = release.cells.set_index(keys)["state"]
    exposure = totals.set_index(keys)["exposure"]
    hidden = np.zeros(len(totals), dtype=bool)
    for part in ("numerator", "denominator"):
        counted = totals["measure"].map(lambda name, part=part: getattr(find_measure(name), part))
        index = pd.MultiIndex.from_arrays([counted, totals["commune_id"], totals["period"]])
        hidden |= state.reindex(index).eq(HIDDEN).to_numpy()
        # Where only some reports gave both parts, this is another number than the one released.
        # Compare exposures, not values: whether values differ would show if a hidden cell is 0.
        given = totals[part].notna().to_numpy() & (counted != "").to_numpy()
        of_part = exposure.reindex(index).to_numpy()
        hidden |= given & ~np.isclose(of_part, totals["exposure"], rtol=1e-9, atol=0)
    safe = totals.copy()
    safe.loc[hidden, _PARTS] = np.nan
    safe.loc[hidden, "state"] = HIDDEN
    return safe


_TOGETHER = 4000  # unknowns of one linear program
_FAR = 100


def add_margins(inner: np.ndarray) -> np.ndarray:
    """Append totals over the last two axes; missing where nothing was reported."""
    for axis in (1, 2):
        given = ~np.isnan(inner)
        total = np.where(given.any(axis), np.where(given, inner, 0).sum(axis), np.nan)
        inner = np.concatenate([inner, np.expand_dims(total, axis)], axis)
    return inner


def lines(values: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """List the sums of the grid as (positions of the parts, position of the total)."""
    position = np.arange(values.size).reshape(values.shape)
    given = ~np.isnan(values).ravel()
    found = []
    for block in position:
        for line in (*block, *block.T):
            if given[line[-1]]:
                found.append((line[:-1][given[line[:-1]]], int(line[-1])))
    return found


def pairs(values: np.ndarray, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """List (part, whole) for each cell of linked measures where the part is no greater."""
    position = np.arange(values.size).reshape(values.shape)
    found = []
    for part, whole in linked_counts():
        if part in names and whole in names:
            a, b = position[names.index(part)].ravel(), position[names.index(whole)].ravel()
            flat = values.ravel()
            # With partial reports a part may exceed its whole: then an attacker cannot rule it out.
            found += [(i, j) for i, j in zip(a, b, strict=True) if flat[i] <= flat[j]]
    return found


def ranges(
    values: np.ndarray, hidden: np.ndarray, linked: list[tuple[int, int]], ask: np.ndarray
) -> np.ndarray:
    """Find the least and greatest possible value of each asked cell by linear programming.

    The attacker knows every published cell and margin, which cells are hidden, that no count is
    negative and that a part is no greater than its whole. Left out, though a reader may know them:
    the rule by which a cell was chosen, and numbers from outside, such as another release. See
    Hundepool et al. (2012), *Statistical Disclosure Control*, Wiley, chapter 4.

    Parameters
    ----------
    values, hidden
        Measures × (communes and their total) × (periods and their total).
    linked
        Positions of a part and its whole, see :func:`pairs`.
    ask
        Positions of hidden cells in the flat grid.

    Returns
    -------
    Array of (low, high), whole numbers; ``inf`` where nothing bounds the cell.
    """
    flat, gone = values.ravel(), hidden.ravel()
    sums = _rules([np.append(parts, total) for parts, total in lines(values)], flat, gone)
    limits = _rules([np.array(pair) for pair in linked], flat, gone)
    # A cell above the sum of all published ones is unbounded.
    most = float(np.nansum(flat[~gone])) + 1
    place = (np.cumsum(gone) - 1)[ask]
    # Cells that no rule binds together are solved apart: mostly those of a measure and period.
    bound = abs(vstack([sums[0], limits[0]]))
    _, part = connected_components(bound.T @ bound, directed=False)
    programs = []
    for number in np.unique(part[place]):
        columns, asked = np.flatnonzero(part == number), np.flatnonzero(part[place] == number)
        own = [_of_columns(*rules, columns) for rules in (limits, sums)]
        together = max(1, _TOGETHER // (2 * len(columns)))
        for first in range(0, len(asked), together):
            some = asked[first : first + together]
            programs.append(_Program(some, np.searchsorted(columns, place[some]), *own))
    found = np.empty((len(ask), 2))
    for some in _in_batches(programs):
        found[np.concatenate([program.asked for program in some])] = _solve(some, _FAR * most)
    low, high = np.ceil(found[:, 0] - 1e-6) + 0.0, np.floor(found[:, 1] + 1e-6)
    return np.column_stack([low, np.where(high > most, np.inf, high)])


_Rules = tuple[csr_array, np.ndarray]  # coefficients of the hidden cells, and what they add up to


class _Program(NamedTuple):
    """Hidden cells that are bound together, with those whose range is asked for."""

    asked: np.ndarray
    places: np.ndarray
    limits: _Rules
    sums: _Rules

    @property
    def width(self) -> int:
        return self.sums[0].shape[1]

    @property
    def size(self) -> int:
        return 2 * len(self.places) * self.width


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
    """Find the minimum and maximum of each cell that some programs ask for.

    One linear program holds a copy of a program's rules for each end of each of its cells.
    """
    costs, blocks = [], ([], [])
    for program in programs:
        copies = 2 * len(program.places)
        cost = np.zeros((copies, program.width))
        cost[np.arange(copies), np.repeat(program.places, 2)] = np.tile([1, -1], copies // 2)
        costs.append(cost.ravel())
        for found, (terms, right) in zip(blocks, (program.limits, program.sums), strict=True):
            found.append((kron(eye_array(copies), terms, "csr"), np.tile(right, copies)))
    (a_ub, b_ub), (a_eq, b_eq) = (
        (block_diag([terms for terms, _ in found], "csr"), np.concatenate([r for _, r in found]))
        for found in blocks
    )
    cost = np.concatenate(costs)
    done = linprog(cost, a_ub, b_ub, a_eq, b_eq, bounds=(0, box), method="highs")
    if done.status != 0:
        raise RuntimeError(f"The audit of hidden cells failed: {done.message}")
    return np.abs(done.x[cost != 0]).reshape(-1, 2)


def _rules(lines: list[np.ndarray], flat: np.ndarray, gone: np.ndarray) -> _Rules:
    """Return the sums of cells that are at most 0 with the last one taken off.

    Published cells go to the right side; rules without a hidden cell are left out.
    """
    column = np.cumsum(gone) - 1
    cells = np.concatenate([*lines, np.empty(0, int)])
    row = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    sign = np.where(np.append(row[1:] != row[:-1], True), -1.0, 1.0)[: len(cells)]
    open_, known = gone[cells], ~gone[cells]
    right = np.bincount(row[known], -sign[known] * flat[cells[known]], len(lines))
    shape = len(lines), int(gone.sum())
    terms = csr_array((sign[open_], (row[open_], column[cells[open_]])), shape)
    some = np.diff(terms.indptr) > 0
    return terms[some], right[some]


def _of_columns(terms: csr_array, right: np.ndarray, columns: np.ndarray) -> _Rules:
    """Return the rules of some hidden cells, which no rule binds to others."""
    own = terms[:, columns]
    some = np.diff(own.indptr) > 0
    return own[some], right[some]
