"""A table with margins and what is hidden in it in; the range left to each hidden cell out."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, eye_array, kron, lil_matrix

LINKED = (("valuable_tips", "tips"),)  # The first is a part of the second.
_TOGETHER = 4000  # unknowns of one program
_FAR = 100


def add_margins(inner: np.ndarray) -> np.ndarray:
    """Add totals over the last two axes, of what was reported; missing where nothing was."""
    for axis in (1, 2):
        given = ~np.isnan(inner)
        total = np.where(given.any(axis), np.where(given, inner, 0).sum(axis), np.nan)
        inner = np.concatenate([inner, np.expand_dims(total, axis)], axis)
    return inner


def lines(values: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """Give each sum of the grid as (its parts, its total), in positions of the flat grid."""
    position = np.arange(values.size).reshape(values.shape)
    given = ~np.isnan(values).ravel()
    found = []
    for block in position:
        for line in (*block, *block.T):
            if given[line[-1]]:
                found.append((line[:-1][given[line[:-1]]], int(line[-1])))
    return found


def pairs(values: np.ndarray, names: tuple[str, ...]) -> list[tuple[int, int]]:
    """Give (part, whole) for each cell of linked measures where the part can not exceed."""
    position = np.arange(values.size).reshape(values.shape)
    found = []
    for part, whole in LINKED:
        if part in names and whole in names:
            a, b = position[names.index(part)].ravel(), position[names.index(whole)].ravel()
            flat = values.ravel()
            # Where reports are partial the part may pass the whole; then nobody can assume it.
            found += [(i, j) for i, j in zip(a, b, strict=True) if flat[i] <= flat[j]]
    return found


def ranges(
    values: np.ndarray, hidden: np.ndarray, linked: list[tuple[int, int]], ask: np.ndarray
) -> np.ndarray:
    """Give the least and greatest value that each asked cell can have, by linear programming.

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
    variables = np.flatnonzero(gone)
    column = {int(cell): at for at, cell in enumerate(variables)}
    equal, below = [], []
    for parts, total in lines(values):
        terms = [(int(cell), 1.0) for cell in parts] + [(total, -1.0)]
        equal.append(_split(terms, flat, column))
    for part, whole in linked:
        below.append(_split([(int(part), 1.0), (int(whole), -1.0)], flat, column))
    a_eq, b_eq = _matrix(equal, len(variables))
    a_ub, b_ub = _matrix(below, len(variables))
    # No cell can be above all that is published together, unless nothing bounds it.
    most = float(np.nansum(flat[~gone])) + 1
    ends = []
    together = max(1, _TOGETHER // max(1, 2 * len(variables)))
    places = [column[int(cell)] for cell in ask]
    for first in range(0, len(places), together):
        some = places[first : first + together]
        ends.append(_ends(some, len(variables), (a_ub, b_ub, a_eq, b_eq), _FAR * most))
    found = np.concatenate([*ends, np.empty((0, 2))])
    low, high = np.ceil(found[:, 0] - 1e-6) + 0.0, np.floor(found[:, 1] + 1e-6)
    return np.column_stack([low, np.where(high > most, np.inf, high)])


def _ends(places: list[int], width: int, rules: tuple, box: float) -> np.ndarray:
    """Give the least and greatest of some unknowns, by one program.

    It holds a copy of the table for each end of each, which takes a fraction of the time.
    """
    copies = 2 * len(places)
    cost = np.zeros((copies, width))
    cost[np.arange(copies), np.repeat(places, 2)] = np.tile([1, -1], len(places))
    a_ub, b_ub, a_eq, b_eq = rules
    done = linprog(
        cost.ravel(),
        None if a_ub is None else kron(eye_array(copies), a_ub, "csr"),
        None if b_ub is None else np.tile(b_ub, copies),
        None if a_eq is None else kron(eye_array(copies), a_eq, "csr"),
        None if b_eq is None else np.tile(b_eq, copies),
        bounds=(0, box),
        method="highs",
    )
    if done.status != 0:
        raise RuntimeError(f"The audit of hidden cells failed: {done.message}")
    values = done.x.reshape(copies, width)[np.arange(copies), np.repeat(places, 2)]
    return values.reshape(-1, 2)


def _split(
    terms: list[tuple[int, float]], flat: np.ndarray, column: dict[int, int]
) -> tuple[list[tuple[int, float]], float]:
    """Part a sum into its unknowns and what the published cells leave for them."""
    unknown = [(column[cell], sign) for cell, sign in terms if cell in column]
    return unknown, -sum(sign * flat[cell] for cell, sign in terms if cell not in column)


def _matrix(
    rows: list[tuple[list[tuple[int, float]], float]], width: int
) -> tuple[csr_matrix | None, np.ndarray | None]:
    rows = [row for row in rows if row[0]]
    if not rows:
        return None, None
    matrix = lil_matrix((len(rows), width))
    for at, (terms, _) in enumerate(rows):
        for column, sign in terms:
            matrix[at, column] = sign
    return matrix.tocsr(), np.array([right for _, right in rows])
