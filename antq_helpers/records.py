"""Check a table of records, and assign reports to the communes of a year."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
import pandas as pd

from antq_helpers.dictionary import core_counts, counts, list_names, vietnamese_order, word
from antq_helpers.places import Register, known_register

_NEEDED = ("commune", "period_start", "period_end", "year", "source", "commune_id", "boundaries")
_AGAIN = "load_records(table) reads a table anew, of another place with communes=."
_MOST_NAMED = 4
_SEEN: dict[int, tuple[weakref.ref, tuple, pd.DataFrame | None, dict]] = {}
_MOST_KEPT = 32
_T = TypeVar("_T")


def check_records(table: pd.DataFrame) -> pd.DataFrame:
    """Check that a table holds records that can be added up.

    Tables that somebody has joined, concatenated or edited come back as they are, with days that
    a CSV made text read as days again and a column for each count that they do not have.

    Parameters
    ----------
    table
        As :func:`load_records` gives it.

    Raises
    ------
    ValueError
        For totals, models and other tables; for reports that stand twice or overlap; counts that
        are negative or not whole; a commune, year, day or place at odds with the rest of its row.
        The message names communes, days and how many rows there are.
    """
    if isinstance(table, pd.DataFrame):
        seen = _SEEN.get(id(table))
        if seen and seen[0]() is table and seen[1] == _fingerprint(table):
            return table if seen[2] is None else seen[2]
    _check_kind(table)
    checked = _with_days_and_counts(table)
    _check_days(checked)
    places = register_of(checked)
    reporting = _check_places(checked, places)
    _check_whole_counts(checked)
    _check_repeats(checked, places.units["name"], reporting)
    remember(table, checked)
    return checked


def remember(table: pd.DataFrame, checked: pd.DataFrame, units: np.ndarray | None = None) -> None:
    """Cache that a table was checked, as long as it lives; an edit in place invalidates it.

    ``units`` are the positions of its ``commune_id``, where they are known: see :func:`units_of`.
    """
    key = id(table)
    alive = weakref.ref(table, lambda _, seen=_SEEN: seen.pop(key, None))  # bound: also at exit
    results = {} if units is None else {("units", "commune_id"): units}
    _SEEN[key] = alive, _fingerprint(table), None if checked is table else checked, results
    if checked is not table:
        remember(checked, checked)


def units_of(records: pd.DataFrame, column: str = "commune_id") -> np.ndarray:
    """Return the position of each report's unit in the table of communes.

    Parameters
    ----------
    records
        As :func:`check_records` returned them, or a part of these.
    column
        ``"commune_id"``, or ``"reported_by"`` for the unit that made the report.
    """
    if column not in records:
        return units_of(records)

    def find() -> np.ndarray:
        return _positions(records[column], register_of(records).units.index)

    return kept(records, ("units", column), find) if id(records) in _SEEN else find()


def kept(records: pd.DataFrame, key: tuple, make: Callable[[], _T]) -> _T:
    """Return ``make()``, computed once per key for records that :func:`check_records` returned.

    It is kept as long as the records live and are not edited; the oldest of many is dropped.
    """
    results = _SEEN[id(records)][3]
    if key not in results:
        while len(results) >= _MOST_KEPT:
            results.pop(next(iter(results)))
        results[key] = make()
    return results[key]


def _fingerprint(table: pd.DataFrame) -> tuple:
    """Return sums and identities of the columns: cheap to compute, changed by an edit in place."""
    marks = []
    for name in (*_NEEDED, "place", *counts()):
        if name not in table:
            continue
        cells = table[name].array
        if hasattr(cells, "_pa_array"):  # Arrow's arrays are never edited, they are replaced
            marks.append(cells._pa_array)
        elif hasattr(cells, "_mask"):  # of nullable numbers, faster than their own sum
            marks.append((int(cells._data.sum()), int(cells._mask.sum())))
        elif cells.dtype.kind == "M":
            marks.append(int(cells.asi8.sum()))
        elif isinstance(cells.dtype, pd.CategoricalDtype):
            marks.append((int(cells.codes.sum()), tuple(cells.categories)))
        else:
            marks.append(cells.sum() if cells.dtype.kind in "iuf" else object())
    return (len(table), *map(_Same, marks))


class _Same:
    """A value that equals numbers and texts by value, and other objects by identity."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: _Same) -> bool:
        if isinstance(self.value, (int, float, tuple, np.number)):
            return self.value == other.value
        return self.value is other.value


def _check_kind(table: pd.DataFrame) -> None:
    """Check that a table holds records, not totals, models or anything else."""
    wanted = "Records are wanted, one row for each report, as load_records gives them"
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"{type(table).__name__} is no table. {wanted}.")
    if {"measure", "value", "numerator"} <= set(table):
        raise ValueError(
            f"These are totals, as total_by gives them. {wanted}: hand in the table that was "
            "added up."
        )
    if {"since", "until"} <= set(table):
        raise ValueError(
            "These are no records: they have no periods. Models are a stock, which is never added "
            "up over time: count them at a day with stock_of."
        )
    missing = [name for name in _NEEDED if name not in table]
    if missing or not any(name in table for name in counts()):
        what = (
            f"the columns {', '.join(missing)}" if missing else f"any of {', '.join(core_counts())}"
        )
        raise ValueError(f"This table lacks {what}. {wanted}. {_AGAIN}")
    if table.empty:
        raise ValueError("There are no records: the table is empty. Choose more.")


def _with_days_and_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Parse days that are text, and add the counts that the table does not have."""
    added: dict[str, object] = {}
    for name in ("period_start", "period_end"):
        if table[name].dtype.kind != "M":
            days = pd.to_datetime(table[name], format="ISO8601", errors="coerce")
            if days.isna().any():
                value = table.loc[days.isna(), name].iloc[0]
                raise ValueError(
                    f"{name} holds {value!r}, which is no day ({_row_count(days.isna().sum())}). "
                    f"Write days as 2022-03-31. {_AGAIN}"
                )
            added[name] = days
    absent = (name for name in core_counts() if name not in table)
    added |= {name: pd.array([pd.NA] * len(table), "Int64") for name in absent}
    return table.assign(**added) if added else table


def _check_days(table: pd.DataFrame) -> None:
    start, end = table["period_start"], table["period_end"]
    missing = start.isna() | end.isna()
    _refuse(table, missing, "have no first or last day", "Fill in the days, or drop these rows.")
    _refuse(table, end < start, "end before they start", "Correct period_start or period_end.")
    year = pd.to_numeric(table["year"], errors="coerce")
    _refuse(
        table,
        (year != end.dt.year).fillna(True),
        "have a year that is not that of their last day",
        "The reporting year follows period_end: change the days where another year is meant, and "
        "set year = period_end.dt.year.",
    )


def _check_places(table: pd.DataFrame, places: Register) -> np.ndarray:
    """Check each report's commune, days and boundaries against the table of communes.

    Returns
    -------
    Position of the unit that made each report, in the table of communes.
    """
    units = places.units
    names, first, last = (units[column].to_numpy() for column in ("name", "first", "last"))
    unit = _positions(table["commune_id"], units.index)
    code, distinct = pd.factorize(table["commune"])
    at = pd.Series(range(len(distinct)), distinct).reindex(names).fillna(-2).to_numpy(int)
    _refuse(
        table,
        at[unit] != code,
        "have a commune that is not that of their commune_id",
        "commune_id decides: to study some communes as one, use select(records, communes=[…]); to "
        f"correct a name, drop the column commune_id. {_AGAIN}",
    )
    by = _positions(table["reported_by"], units.index) if "reported_by" in table else unit
    outside = (table["period_end"].to_numpy() < first[by]) | (
        table["period_start"].to_numpy() > last[by]
    )
    _refuse(
        table,
        outside,
        "have days on which their commune did not exist",
        f"Correct the days. {_AGAIN}",
    )
    year = pd.to_numeric(table["boundaries"], errors="coerce")
    wrong = year.isna().to_numpy(copy=True)
    for value in year.dropna().unique():
        _, members = places.set_at(int(value))
        is_member = np.zeros(len(units), bool)
        is_member[units.index.get_indexer(list(members))] = True
        wrong |= (year == value).to_numpy() & ~is_member[unit]
    _refuse(
        table,
        wrong,
        "have boundaries that do not hold their commune",
        "Leave boundaries as load_records gives them; on_boundaries(records, year) changes them.",
    )
    return by


def _positions(ids: pd.Series, index: pd.Index) -> np.ndarray:
    code, distinct = pd.factorize(ids)
    return index.get_indexer(distinct)[code]


def _check_whole_counts(table: pd.DataFrame) -> None:
    for name in (name for name in counts() if name in table):
        cells = table[name]
        if cells.dtype.kind not in "iuf":
            numbers = pd.to_numeric(cells, errors="coerce")
            _refuse(
                table,
                numbers.isna() & cells.notna(),
                f"have {name} that are no numbers",
                "Counts are whole, or missing.",
                cells,
            )
            cells = numbers
        if cells.dtype.kind in "iu" and not (cells < 0).any():
            continue
        size = cells.to_numpy(float, na_value=np.nan)
        _refuse(
            table,
            (size < 0) | (size != np.trunc(size)) & ~np.isnan(size) | np.isinf(size),
            f"have {name} that are negative or not whole",
            "Counts are whole and at least 0, or missing.",
            cells,
        )


def _check_repeats(table: pd.DataFrame, names: pd.Series, reporting: np.ndarray) -> None:
    """Refuse reports whose days overlap those of another report of the same unit.

    A count that the other one does not give may stand beside it: tips by months, cases by
    quarters. One day in common is no error: a place changes its rule from 1–31 to 15–14.
    """
    # By name: a year of Giới Phiên that spans its merger repeats its months before and after.
    by = pd.factorize(names)[0][reporting]
    start, end = (
        table[name].to_numpy("datetime64[D]").view(np.int64)
        for name in ("period_start", "period_end")
    )
    if not overlapping(by, start, end).any():
        return
    twice = np.zeros(len(table), bool)
    for name in (name for name in counts() if name in table):
        given = np.flatnonzero(table[name].notna().to_numpy())
        twice[given] |= overlapping(by[given], start[given], end[given])
    _refuse(
        table,
        twice,
        "are of days that another row of the same commune covers, too, and would count twice",
        "Drop the repeated rows (records.drop_duplicates()), or join a table of one row a commune "
        'with merge(…, validate="many_to_one").',
    )


def overlapping(
    unit: np.ndarray, start: np.ndarray, end: np.ndarray, *, edges: bool = True
) -> np.ndarray:
    """Mark reports that share days with an earlier one of their unit.

    ``edges`` allows one shared day at an edge.
    """
    found = np.zeros(len(unit), bool)
    in_order = (unit[1:] > unit[:-1]) | (unit[1:] == unit[:-1]) & (start[1:] > end[:-1])
    if in_order.all():  # as files mostly are
        return found
    apart = np.int64(end.max() - min(start.min(), 0) + 1)  # so that days of two units never meet
    begins, ends = unit * apart + start, unit * apart + end
    order = None if (begins[1:] > begins[:-1]).all() else np.argsort(begins)
    if order is not None:
        begins, ends = begins[order], ends[order]
    shared = np.maximum.accumulate(ends)[:-1] - begins[1:]
    one_day = (begins[1:] == ends[1:]) | (begins[1:] == begins[:-1])
    later = (shared > 0) | (shared == 0) & one_day if edges else shared >= 0
    found[1:] = later
    if order is not None:
        found[order[1:]], found[order[0]] = later, False
    return found


def _refuse(
    table: pd.DataFrame,
    wrong: pd.Series | np.ndarray,
    what: str,
    to_do: str,
    values: pd.Series | None = None,
) -> None:
    """Raise if rows are wrong: how many, and the first three with commune and days."""
    wrong = np.asarray(wrong, dtype=bool)
    if not wrong.any():
        return
    rows = np.flatnonzero(wrong)
    examples = []
    for row in rows[:3]:
        start, end = (table[name].iloc[row] for name in ("period_start", "period_end"))
        days = "–".join("?" if pd.isna(day) else f"{day:%d/%m/%Y}" for day in (start, end))
        value = "" if values is None else f": {values.iloc[row]}"
        examples.append(f"{table['commune'].iloc[row]} {days}{value}")
    more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
    raise ValueError(f"{_row_count(len(rows))} {what}: {'; '.join(examples)}{more}. {to_do}")


def _row_count(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"


def register_of(records: pd.DataFrame) -> Register:
    """Return the table of communes that records, or models, were loaded with.

    Raises
    ------
    ValueError
        Where the table does not say of which place it is.
    """
    return _place_of(records)[0]


def chosen_of(records: pd.DataFrame) -> tuple[str, ...]:
    """Return the communes chosen with ``select``; empty if all of the place."""
    return _place_of(records)[1]


def members_of(records: pd.DataFrame, boundaries: int) -> tuple[int, frozenset[str]]:
    """Return the units that make up the whole on the boundaries of a year, and that set's year.

    That is all units of the place, or those that hold the chosen communes: of records of Tuy Lộc
    and Minh Bảo, these two.
    """
    places, chosen = _place_of(records)
    year, members = places.set_at(boundaries)
    if chosen:
        names = places.units["name"]
        targets = places.targets(boundaries)
        members = frozenset(into for unit, into in targets.items() if names[unit] in chosen)
    return year, members


def place_on(records: pd.DataFrame, boundaries: int) -> str:
    """Return the value of ``place`` on the boundaries of a year, with the chosen communes renamed.

    Records of Tuy Lộc are those of the ward Nam Cường on the boundaries of 2025.
    """
    places, chosen = _place_of(records)
    if not chosen:
        return places.key
    names = places.units["name"]
    holders = {}
    for unit, into in places.targets(boundaries).items():
        holders.setdefault(names[unit], []).append(names[into])
    return f"{places.key}: {', '.join(dict.fromkeys(n for name in chosen for n in holders[name]))}"


def mark_place(records: pd.DataFrame, names: Iterable[str]) -> pd.Categorical:
    """Return the column ``place`` for records of the chosen communes.

    All communes of a place together are the place itself.
    """
    places = register_of(records)
    names = list(dict.fromkeys(names))
    for year in records["boundaries"].unique():
        _, members = places.set_at(int(year))
        if not set(names).issuperset(places.units.loc[list(members), "name"]):
            return place_column(f"{places.key}: {', '.join(names)}", len(records))
    return place_column(places.key, len(records))


def place_column(text: str, size: int) -> pd.Categorical:
    """Return a categorical column of one repeated text."""
    return pd.Categorical.from_codes(np.zeros(size, np.int8), [text])


def name_whole(table: pd.DataFrame, language: str, *, inside: bool = False) -> str:
    """Name the whole that a table covers: the city, or the communes that were chosen.

    Parameters
    ----------
    table
        Records, or totals of them.
    inside
        Whether it stands inside a sentence.

    Examples
    --------
    >>> name_whole(pd.DataFrame({"place": ["yen-bai"]}), "vi")
    'Toàn thành phố'
    >>> name_whole(pd.DataFrame({"place": ["yen-bai: Tuy Lộc, Minh Bảo"]}), "en", inside=True)
    'Tuy Lộc, Minh Bảo'
    """
    chosen = table["place"].iloc[0].partition(": ")[2]
    if not chosen:
        return word("say_city" if inside else "city", language)
    return list_names(chosen.split(", "), language, _MOST_NAMED)


def _place_of(records: pd.DataFrame) -> tuple[Register, tuple[str, ...]]:
    if "place" not in records:
        texts = [np.nan]
    elif isinstance(records["place"].dtype, pd.CategoricalDtype):
        codes = records["place"].cat.codes.to_numpy()
        if len(codes) and codes.min() == codes.max():
            codes = codes[:1]  # mostly; and a national file has a million
        texts = [*records["place"].cat.categories, np.nan]
        texts = [texts[code] for code in np.unique(codes)]
    else:
        texts = records["place"].unique()
    if pd.isna(texts).any():
        raise ValueError(
            "The table does not say of which place it is: the column place, which load_records and "
            f"load_table add, is missing or has blanks. {_AGAIN}"
        )
    keys, chosen = zip(*(str(text).partition(": ")[::2] for text in texts), strict=True)
    if len(set(keys)) > 1 or (len(texts) > 1 and "" in chosen):
        raise ValueError(
            f"The records are of several places or choices: {'; '.join(map(repr, texts))}. Total "
            "each by itself, or choose the same communes of all."
        )
    names = [name for text in chosen for name in text.split(", ") if name]
    return known_register(keys[0]), tuple(dict.fromkeys(names))


def on_boundaries(records: pd.DataFrame, boundaries: int) -> pd.DataFrame:
    """Assign each report to the unit that holds its area at the end of a year.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    boundaries
        A year; in Yên Bái 2013 (17 units), 2020 (15), 2024 (14) and 2025 (the four wards, as far
        as they were the city) differ.

    Returns
    -------
    DataFrame
        The same rows with new ``commune_id``, ``commune`` and ``boundaries``; nothing is added
        up, :func:`total_by` does that.

    Raises
    ------
    ValueError
        Where later records are asked onto earlier boundaries: a merged unit's count cannot be
        split into its parts.
    """
    records = check_records(records)
    places = register_of(records)
    year, _ = places.set_at(boundaries)
    holders = holders_of(records, boundaries)
    if np.array_equal(holders, units_of(records)):
        return records.assign(boundaries=year)  # a national file need not be copied
    ids, names = places.units.index.array.take(holders), places.units["name"].array.take(holders)
    placed = records.assign(commune_id=ids, commune=names, boundaries=year)
    # Totals must know which part reported, to give each its own residents.
    return placed.assign(reported_by=records.get("reported_by", records["commune_id"]))


def holders_of(records: pd.DataFrame, boundaries: int) -> np.ndarray:
    """Return the position of the unit that holds each report's area at the end of a year.

    Raises
    ------
    ValueError
        As :func:`on_boundaries`.
    """
    places = register_of(records)
    year, _ = places.set_at(boundaries)
    holders = places.holders(boundaries)[units_of(records)]
    if (holders < 0).any():
        late = records[holders < 0]
        names = ", ".join(sorted(late["commune"].unique(), key=vietnamese_order))
        begun = places.units["first"].reindex(late["commune_id"])
        if (begun.dt.year <= year).all():
            raise ValueError(
                f"boundaries={boundaries}: {_row_count(len(late))} of units that had ended by then "
                f"({names}): nothing says what they became. Write it into boundary_changes.csv "
                f"beside the table of communes, use boundaries={int(late['boundaries'].max())}, or "
                "select later years first."
            )
        raise ValueError(
            f"boundaries={boundaries}: {len(late)} records are of units that came later "
            f"({names}, from {late['period_start'].min():%d/%m/%Y}). A merged unit's count cannot "
            f"be split into its parts. Use boundaries={int(late['boundaries'].max())} or later, "
            "or select earlier years first."
        )
    return holders
