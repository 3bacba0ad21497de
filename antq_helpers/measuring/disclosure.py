"""Cell suppression of small counts, and what an attacker can infer about each hidden cell."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, eye_array, vstack

from antq_helpers.dictionary import find_measure, is_stock, linked_counts, measures_of
from antq_helpers.measuring.periods import split_periods
from antq_helpers.measuring.ranges import Rules, System, ranges, too_narrow
from antq_helpers.measuring.releases import Book, ReleaseProblem, open_book
from antq_helpers.measuring.totals import last_given, tally
from antq_helpers.records import check_records, holders_of, register_of

POOLS = (1, 3, 5)

THRESHOLD = 5  # smaller counts are small, unless it is asked otherwise
_BY_CHANCE, _TOTALS_BY_CHANCE = 1 / 40, 1 / 3  # shares of cells that are hidden whatever they hold


@dataclass(frozen=True)
class Release:
    """A protected release: one grid of units, periods and counts, with its totals.

    ``cells`` has one row per unit, period and measure: ``value`` is missing unless ``state`` is
    ``published``; the other states are ``hidden`` and ``missing`` (not reported). An empty
    ``commune_id`` is the whole place, the period ``total`` all periods. Derived values are made
    from these cells only, so they are missing wherever a part is. ``sha256`` is that of ``cells``.
    These stay inside: ``hidden`` says why each cell is hidden, ``entry`` is for the release book,
    ``earlier`` names its releases that made this one hide more, and ``rules`` are what readers of
    all of them know, of which ``own`` are the cells of this one. ``book`` is the public name of the
    release book.
    """

    cells: pd.DataFrame
    hidden: pd.DataFrame
    pooled: int
    threshold: int
    sha256: str
    entry: dict
    earlier: tuple[str, ...]
    rules: Rules
    own: slice
    book: str


def protect(
    records: pd.DataFrame, *, threshold: int = THRESHOLD, book: Book | str | Path | None = None
) -> Release:
    """Suppress small counts (primary) and the cells that would reveal them (secondary).

    Counts from 1 to ``threshold`` - 1 are hidden, in the grid and its margins, and every third of
    the next three numbers; then other cells, until each hidden cell could be any number in a range
    at least ``threshold`` wide, for readers of this release and of all earlier ones of the book.
    Which ones rests on the book's secret key. Zeros are published while others serve. Years are
    pooled by 3, 5 or all where over half of the units' cells would be hidden.

    Parameters
    ----------
    book
        The release book, a file or its folder, in which this release is noted; by default that of
        the current folder, made where there is none. The sample needs none.

    Notes
    -----
    This holds against readers of all releases of one book who know this program, but neither the
    book nor any count that is not published. It does not hold against a unit that knows its own
    count: what two hidden units add up to tells it the other's. Chances are not promised: some of
    the numbers that are left can be likelier than others.

    Raises
    ------
    ValueError
        For a threshold that is no whole number above 1.
    ReleaseProblem
        A ValueError: the book can not be used, or earlier releases leave too little to publish.

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
    book = open_book(book, records)
    span = int(records["year"].max() - records["year"].min()) + 1 if len(records) else 1
    for pooled in [years for years in POOLS if years < span] + [span]:
        table = tally(records, "commune", period=pooled)
        periods = table.periods.labels
        asked = f"{periods[0][:4]}–{periods[-1][-4:]}"
        release = release_of(
            records, book, asked, list(table.groups["commune_id"]), periods,
            split_periods(records, pooled)[1], threshold=threshold, pooled=pooled,
            boundaries=table.boundaries,
        )  # fmt: skip
        if mostly_published(release):
            break
    refuse_overlap(release)
    book.note(release.entry)
    return release


def release_of(
    records: pd.DataFrame,
    book: Book,
    asked: str,
    places: list[str],
    periods: Sequence[str],
    column: np.ndarray,
    *,
    threshold: int,
    boundaries: int,
    pooled: int = 1,
    with_sums: bool = True,
) -> Release:
    """Protect the counts of records by place and period; ``column`` is each report's period."""
    holders = register_of(records).units.index[holders_of(records, boundaries)]
    who = records.get("reported_by", records["commune_id"])
    names = [name for name in measures_of(records) if find_measure(name).kind == "count"]
    told = [who, *(records[f"period_{day}"].dt.strftime("%Y-%m-%d") for day in ("start", "end"))]
    told += [pd.Index(places).get_indexer(holders), column]
    for name in names:
        given = records[name].notna().to_numpy()
        if is_stock(name) and given.any():
            given = last_given(records, holders_of(records, boundaries), column, given)
        told.append(records[name].astype(object).where(given, None))
    rows = sorted(map(list, zip(*(list(part) for part in told), strict=True)), key=lambda r: r[:3])
    plain = [[v if v is None or isinstance(v, str) else int(v) for v in row] for row in rows]
    entry = {"asked": asked, "measures": names, "places": places, "periods": list(periods)}
    entry |= {"sums": with_sums, "threshold": threshold, "rows": plain}
    return protect_entry(entry, book, pooled)


def mostly_published(release: Release) -> bool:
    """Check that at most half of the communes' reported cells are hidden."""
    cells = release.cells
    inner = cells[(cells["commune_id"] != "") & (cells["period"] != "total")]
    return 2 * inner["state"].eq("hidden").sum() <= inner["state"].ne("missing").sum()


def refuse_overlap(release: Release) -> None:
    """Raise where earlier releases are why most of this one would be hidden."""
    if release.earlier and not mostly_published(release):
        _stop(release.entry["asked"], release.earlier)


def _stop(asked: str, earlier: Iterable[str]) -> None:
    raise ReleaseProblem("release_overlaps", asked=asked, earlier=", ".join(dict.fromkeys(earlier)))


def protect_entry(entry: dict, book: Book, pooled: int = 1) -> Release:
    """Build the release of an entry of the book; one that is noted comes out as it was."""
    noted = [{k: v for k, v in other.items() if k != "hidden"} for other in book.releases]
    again = noted.index(entry) if entry in noted else len(noted)
    before = _connected(book.releases[:again], entry)
    system = System([*before, entry])
    own = slice(*system.first[-2:])
    hidden = np.zeros(len(system.values), dtype=bool)
    for number, other in enumerate(before):
        hidden[system.first[number] + np.array(other["hidden"], int)] = True
    earlier: tuple[str, ...] = ()
    if again < len(noted):
        hidden[own.start + np.array(book.releases[again]["hidden"], int)] = True
    else:
        hidden[own] = _hide(System([entry]) if before else system, entry, book)
        if before:
            alone = hidden.copy()
            _hide_more(system, entry, hidden, book, before)
            if (hidden & ~alone).any():
                earlier = tuple(dict.fromkeys(other["asked"] for other in before))
    entry = {**entry, "hidden": np.flatnonzero(hidden[own]).tolist()}
    return _release(system, hidden, own, entry, earlier, pooled, book.name)


def _connected(releases: Sequence[dict], entry: dict) -> list[dict]:
    """List earlier releases that share reports with a new one, or with another of these."""

    def reports(of: dict) -> set[tuple]:
        return {tuple(row[:3]) for row in of["rows"]}

    known, taken, grown = reports(entry), set(), True
    while grown:
        grown = False
        for number, other in enumerate(releases):
            if number not in taken and not known.isdisjoint(own := reports(other)):
                taken.add(number)
                known |= own
                grown = True
    return [releases[number] for number in sorted(taken)]


def _release(
    system: System,
    hidden: np.ndarray,
    own: slice,
    entry: dict,
    earlier: tuple[str, ...],
    pooled: int,
    book: str,
) -> Release:
    """Build a release from the true values and the mask of hidden cells."""
    index = pd.MultiIndex.from_product(
        [entry["measures"], [*entry["places"], ""], [*entry["periods"], "total"]],
        names=["measure", "commune_id", "period"],
    )
    flat, gone = system.values[own], hidden[own]
    state = np.select([np.isnan(flat), gone], ["missing", "hidden"], "published")
    cells = pd.DataFrame({"value": np.where(gone, np.nan, flat), "state": state}, index)
    cells = cells.reset_index()
    reason = np.where((flat > 0) & (flat < entry["threshold"]), "primary", "secondary")
    why = cells[["commune_id", "period", "measure"]].assign(reason=reason)[gone]
    digest = hashlib.sha256(cells.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
    return Release(
        cells,
        why.reset_index(drop=True),
        pooled,
        entry["threshold"],
        digest,
        entry,
        earlier,
        # The audit needs no true value: a hidden cell is an unknown of the published sums.
        system.rules(hidden),
        own,
        book,
    )


def _shape(entry: dict) -> tuple[int, int, int]:
    return len(entry["measures"]), len(entry["places"]) + 1, len(entry["periods"]) + 1


class _Choice:
    """In which order the cells of a release are hidden, and which ones help a hidden cell."""

    def __init__(self, entry: dict, values: np.ndarray, book: Book, known: np.ndarray) -> None:
        shape, periods = _shape(entry), entry["periods"]
        all_periods = "total" if len(periods) > 1 else periods[0]  # which it repeats
        names = np.array(
            [
                (measure, place, period)
                for measure in entry["measures"]
                for place in [*entry["places"], ""]
                for period in [*periods, all_periods]
            ]
        )
        totals = np.zeros(shape, dtype=int)
        totals[:, :, -1] = 1
        totals[:, -1] += 2
        # Zeros come last, totals before them, and among others the key decides.
        last = np.stack([values == 0, totals.ravel()], axis=1).astype(int).tolist()
        self.last = list(map(tuple, last))
        self.drawn = [book.draw("order", *name) for name in names]
        self.chance = np.array([book.draw("chance", *name) for name in names])
        self.values, self.totals, self.known = values, totals.ravel() > 0, known
        position = np.arange(values.size).reshape(shape)
        self.lines: dict[int, list[np.ndarray]] = {}
        self.given = ~np.isnan(values)
        for block in position:
            for line in (*block, *block.T):
                if self.given[line[-1]]:
                    for cell in line[self.given[line]]:
                        self.lines.setdefault(int(cell), []).append(line[self.given[line]])
        self.wholes: dict[int, list[np.ndarray]] = {}
        self.same = np.repeat(np.arange(shape[0]), position[0].size)  # linked ones are as one
        for part, whole in linked_counts():
            if part in entry["measures"] and whole in entry["measures"]:
                a, b = (entry["measures"].index(name) for name in (part, whole))
                self.same[self.same == a] = b
                for x, y in zip(position[a].ravel(), position[b].ravel(), strict=True):
                    if values[x] <= values[y]:
                        self.wholes[int(x)] = [np.array([y])]

    def add_by_chance(self, hidden: np.ndarray) -> None:
        """Hide some inner cells; and some totals of which a part is hidden and no other can be."""
        hidden |= self.given & ~self.totals & (self.chance < _BY_CHANCE)
        totals = np.flatnonzero(self.given & self.totals & (self.chance < _TOTALS_BY_CHANCE))
        many = 0
        while many < (many := hidden.sum()):
            free = ~hidden & ~self.totals & (self.values > 0)
            for total in totals:
                lines = self.lines.get(int(total), [])
                hidden[total] |= any(hidden[line].any() and not free[line].any() for line in lines)

    def add_lines(self, shown: csr_array, own: csr_array) -> None:
        """Add the sums of earlier releases: of a year that was shown no half goes alone."""
        inner = np.flatnonzero(self.given & ~self.totals)
        touched = (shown @ own[inner].T).tocsr()
        many = np.flatnonzero(np.diff(touched.indptr) > 1)
        for line in {tuple(sorted(inner[touched[[row]].indices].tolist())) for row in many}:
            for cell in line:
                self.lines.setdefault(cell, []).append(np.array(line))

    def add(self, cells: Sequence[int], hidden: np.ndarray, added: set[int], itself: bool) -> bool:
        """Add cells to hide that widen what these may be; false where none is left."""

        def order(cell: int) -> tuple:
            # A cell that also helps in another line saves hiding a second one there.
            busy = sum(bool(hidden[line].any()) for line in self.lines.get(cell, []))
            return *self.last[cell], -busy, self.drawn[cell]

        def first(free: Iterable[int]) -> int:
            return min(free, key=order)

        can = self.given & ~self.known & ~hidden
        shown = [int(c) for c in cells if can[c]]
        if itself and shown:
            if not added.intersection(shown):
                added.add(first(shown))
            return True
        # Hide the whole of a linked part only where no sum with the part has a free cell left.
        for bounds in (self.lines, self.wholes):
            lines = [line for cell in cells for line in bounds.get(int(cell), [])]
            free = [(line, [int(c) for c in line if can[c]]) for line in lines]
            free = [(line, some) for line, some in free if some]
            # A sum of which all else is shown gives the cell away; of others one is enough.
            alone = [some for line, some in free if hidden[line].sum() < 2]
            for wanted in alone or [[c for _, some in free for c in some]][: len(free)]:
                if not added.intersection(wanted):
                    added.add(first(wanted))
            if free:
                return True
        like = np.isin(self.same, self.same[list(cells)]) if len(cells) else True
        rest = np.flatnonzero(can & like)
        if len(rest) and not added.intersection(rest.tolist()):
            added.add(first(rest.tolist()))
        return bool(len(rest))


def _hide(alone: System, entry: dict, book: Book) -> np.ndarray:
    """Choose the cells to hide in one release.

    Some cells are hidden by chance alone, whatever they hold. So for any table that agrees with
    what is published there is a key that hides the same cells: those of them that are not small,
    by chance; and no more, because whether a range is wide follows from what is published. Who
    does not know the key can rule out no table.
    """
    values, threshold = alone.values, entry["threshold"]
    choice = _Choice(entry, values, book, np.zeros(len(values), bool))
    hidden = (values > 0) & (values < threshold)
    choice.add_by_chance(hidden)
    open_ = np.flatnonzero(hidden)
    while len(open_):
        wanted = np.full(len(open_), threshold)
        narrow = open_[too_narrow(alone.rules(hidden), alone.sums[open_], wanted)]
        # Hiding more only widens a range, so a cell that has passed need not be asked again.
        added: set[int] = set()
        for cell in narrow:
            choice.add([cell], hidden, added, itself=False)
        hidden[list(added)] = True
        open_ = np.array(sorted({*narrow.tolist(), *added}), dtype=int) if added else open_[:0]
    return hidden


def _hide_more(
    system: System, entry: dict, hidden: np.ndarray, book: Book, before: Sequence[dict]
) -> None:
    """Hide further cells of the last release until all releases together leave wide ranges.

    Asked are the hidden cells of every release, and small pieces that none of them ever named:
    7 in two years and 5 in the second are 2 in the first. Where over half of the units' cells
    would be hidden all are: nobody releases it.
    """
    own, pieces = slice(*system.first[-2:]), system.pieces
    least = np.array([other["threshold"] for other in before] + [entry["threshold"]])
    wanted = np.repeat(least, np.diff(system.first))
    wanted = np.concatenate([wanted, np.full(len(pieces), entry["threshold"])])
    asked = vstack([system.sums, eye_array(len(pieces), format="csr")], format="csr")
    unseen = hidden.copy()
    unseen[own] = True
    values, own_sums = system.values[own], system.sums[own]
    alike = _same_sums(asked)
    # What follows from earlier releases is shown again: to hide it would hide nothing.
    given = own.start + np.flatnonzero(~np.isnan(values))
    given = given[np.unique(alike[given], return_index=True)[1]]
    follows = given[too_narrow(system.rules(unseen), asked[given], wanted[given])]
    known = np.isin(alike[own], alike[follows])
    if (known & (values > 0) & (values < entry["threshold"])).any():
        _stop(entry["asked"], [other["asked"] for other in before])
    hidden[own] &= ~known
    choice = _Choice(entry, values, book, known)
    shown = system.sums[np.flatnonzero(~unseen & ~np.isnan(system.values))]
    choice.add_lines(shown, own_sums)
    units = choice.given & ~choice.totals
    small = system.first[-1] + np.flatnonzero((pieces > 0) & (pieces < entry["threshold"]))
    open_ = np.concatenate([np.flatnonzero(hidden), small])
    # A cell that several releases hide is asked for once.
    keys = np.stack([alike[open_], wanted[open_]], axis=1)
    open_ = open_[np.unique(keys, axis=0, return_index=True)[1]]
    while len(open_):
        narrow = open_[too_narrow(system.rules(hidden), asked[open_], wanted[open_])]
        added: set[int] = set()
        for target in narrow:
            if own.start <= target < own.stop:
                near, itself = [target - own.start], False
            else:
                near, itself = _cells_by(asked[[target]].indices, shown, own_sums, choice), True
            if not choice.add(near, hidden[own], added, itself):
                _stop(entry["asked"], [other["asked"] for other in before])
        new = own.start + np.array(sorted(added), dtype=int)
        hidden[new] = True
        if 2 * np.count_nonzero(hidden[own] & units) > np.count_nonzero(units):
            hidden[own] = choice.given & ~known
            return
        open_ = np.unique(np.concatenate([narrow, new]))


def _cells_by(pieces: np.ndarray, shown: csr_array, own: csr_array, choice: _Choice) -> list[int]:
    """List the cells of a release for one unit and period that hold some pieces.

    Where none does, they are those of the least sum of earlier releases that holds them: a year
    less the nine months of this release gives the last quarter.
    """

    def holding(sums: csr_array, pieces: np.ndarray) -> np.ndarray:
        return np.flatnonzero(np.diff(sums[:, pieces].indptr))

    cells = holding(own, pieces)
    rows = holding(shown, pieces)
    if not len(cells) and len(rows):
        least = rows[np.diff(shown.indptr)[rows].argmin()]
        cells = holding(own, shown[[least]].indices)
    return [int(cell) for cell in cells if not choice.totals[cell]]


def _same_sums(asked: csr_array) -> np.ndarray:
    """Return a number for each sum, the same for sums of the same pieces."""
    asked.sort_indices()
    found: dict[bytes, int] = {}
    ends = zip(asked.indptr, asked.indptr[1:], strict=False)
    return np.array([found.setdefault(asked.indices[a:b].tobytes(), len(found)) for a, b in ends])


def audit(release: Release) -> pd.DataFrame:
    """Compute the range that readers can infer for each hidden cell of a release.

    They know this release and, of the same book, all earlier ones that share reports with it; not
    the book, nor any count that is not published.

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
    found = ranges(release.rules, release.rules.sums[release.own.start + np.flatnonzero(hidden)])
    width = found[:, 1] - found[:, 0]
    keys = release.cells.loc[hidden, ["commune_id", "period", "measure"]]
    return keys.assign(
        low=found[:, 0], high=found[:, 1], width=width, safe=width >= release.threshold
    ).reset_index(drop=True)


HIDDEN = "hidden"
_PARTS = ["numerator", "denominator", "value", "low", "high"]


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
