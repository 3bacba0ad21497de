"""A period and those before it, for each unit and the whole place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from antq_helpers.dictionary import check_choice, is_stock, measures_of
from antq_helpers.measuring.comparisons import (
    PARTIAL_BELOW,
    add_dispersion,
    add_intervals,
    estimate_together,
    first_dispersion,
)
from antq_helpers.measuring.disclosure import (
    HIDDEN,
    THRESHOLD,
    Release,
    hide_in,
    mostly_published,
    refuse_overlap,
    release_of,
)
from antq_helpers.measuring.periods import (
    AGAINST,
    MONTHS,
    SPLITS,
    find_periods,
    fitting,
    is_days,
    is_to_date,
    months_of,
    period_against,
    period_days,
    period_name,
    read_period,
    split_of,
    split_periods,
    week_name,
)
from antq_helpers.measuring.releases import Book, open_book
from antq_helpers.measuring.totals import YEAR_DAYS, tally, total_by
from antq_helpers.records import check_records, kept, members_of, place_column, register_of

PARTIAL, LACKING = "partial", "lacking"
WHOLE = 0.999  # share of a period's days; below it reports are lacking
# Number of periods, the latest included: weeks (of 53 in some years), months and quarters reach
# the same one last year.
_LOOKED_BACK = {"week": 54, "month": 13, "quarter": 8, "half": 4, "year": 10}
_TO_DATE, _POOLED = 5, 3
ADDED = ("numerator", "denominator", "exposure", "reporting", "expected")


def _previous_periods(records: pd.DataFrame, period: str) -> tuple[str, ...]:
    """List a period and the previous ones to show with it, as far as the records reach."""
    split = split_of(period)
    many = _LOOKED_BACK.get(split, _POOLED)
    if is_to_date(period):
        many = _TO_DATE
    begin = records["period_start"].min()
    if is_days(period):
        others = {period_against(period, against) for against in AGAINST}
        return tuple(sorted({period, *(o for o in others if period_days(o)[1] >= begin)}))
    found = [period]
    while len(found) < many:
        before = period_against(found[0], AGAINST[1])
        if period_days(before)[1] < begin or (split not in SPLITS and not held_by(records, before)):
            break
        found.insert(0, before)
    return tuple(found)


def total_periods(
    records: pd.DataFrame, period: str
) -> tuple[dict[str, tuple[pd.Timestamp, pd.Timestamp]], pd.DataFrame]:
    """Total a period and its previous periods, with intervals and states.

    Returns
    -------
    (first and last day of each period, which are the office's own, the totals)
    """
    periods = _previous_periods(records, period)
    cut = records[find_periods(records, periods) >= 0]
    names = measures_of(records)
    ask = {"period": periods, "boundaries": int(records["boundaries"].max())}
    tables = [tally(cut, "commune", **ask), tally(cut, **ask)]
    communes, city = (table.long(names) for table in tables)
    table = pd.concat([communes, city.assign(commune_id="", commune="", kind="")])
    table = _with_silent(table, records, periods)
    people = pd.Series(np.nan, table.index)
    for name in periods:  # residents can be of the year
        rows = table["period"] == name
        found = _residents(records, ask["boundaries"], name)
        people[rows] = table.loc[rows, "commune_id"].map(found)
    own = tables[1].periods
    days = table["period"].map(dict(zip(own.labels, own.days, strict=True)))
    days = days.mask(table["measure"].map(is_stock), YEAR_DAYS)
    table["covered"] = np.minimum(table["exposure"] / (people * days / YEAR_DAYS), 1).fillna(0)
    city = table["commune_id"] == ""
    table["period_start"] = table["period"].map({name: period_days(name)[0] for name in periods})
    table = add_intervals(table).drop(columns="period_end")
    full, silent = table["state"] == "full", city & (table["reporting"] < table["expected"])
    state = table["state"].mask(full & (table["covered"] < WHOLE), LACKING)
    return own.bounds, table.assign(state=state.mask(full & silent, PARTIAL))


def _with_silent(
    table: pd.DataFrame, records: pd.DataFrame, periods: tuple[str, ...]
) -> pd.DataFrame:
    """Add rows for communes and periods without a report; order officially, the whole last."""
    year = int(table["boundaries"].iloc[0])
    units = register_of(records).units.loc[list(members_of(records, year)[1])]
    units = units.sort_values("official_order")
    names = measures_of(records)
    grid = pd.MultiIndex.from_product(
        [[*units.index, ""], periods, names], names=["commune_id", "period", "measure"]
    )
    full = table.set_index(grid.names).reindex(grid).reset_index()
    known = full["commune_id"].map(units["name"]), full["commune_id"].map(units["kind"])
    full["commune"], full["kind"] = (column.fillna("") for column in known)
    full["exposure"] = full["exposure"].fillna(0)
    full["reporting"] = full["reporting"].fillna(0).astype(int)
    whole = full["commune_id"] == ""
    full["expected"] = full["expected"].fillna(whole.map({True: len(units), False: 1})).astype(int)
    illustrative = bool(table["illustrative"].any())
    place = place_column(str(table["place"].iloc[0]), len(full))
    return full.assign(illustrative=illustrative, boundaries=year, place=place)


def _residents(records: pd.DataFrame, boundaries: int, period: str) -> dict[str, float]:
    places = register_of(records)
    units = list(members_of(records, boundaries)[1])
    first, last = (day.year for day in period_days(period))
    people = places.residents(places.units.index.get_indexer(units), first, last)
    people = pd.Series(people, units)
    return {**people.to_dict(), "": people.sum()}


def held_by(records: pd.DataFrame, period: str) -> bool:
    """Check whether any report ends in a period, and is no longer."""
    return bool((find_periods(records, (period,)) >= 0).any())


def list_periods(records: pd.DataFrame, kind: str) -> list[str]:
    """List the periods of a kind in which a report ends that is no longer, latest first.

    ``kind`` is ``year``, ``half``, ``quarter``, ``month``, ``week``, or ``to_date`` for years to
    date.
    """
    size = "year" if kind == "to_date" else kind
    ends = fitting(records, size)["period_end"].dt
    if kind == "week":
        return [week_name(day) for day in sorted(ends.to_period("W").dt.end_time.unique())][::-1]
    months = sorted(set(zip(ends.year, ends.month, strict=True)), reverse=True)
    if kind == "to_date":
        found = [period_name(year, 1, month, to_date=True) for year, month in months if month < 12]
    else:
        size = MONTHS[kind]
        found = [period_name(y, (m - 1) // size * size + 1, size) for y, m in months]
    return list(dict.fromkeys(found))


AUDIENCES = ("internal", "public")
_POOLS = (3, 5)


@dataclass(frozen=True)
class Window:
    """A period and previous periods, for each unit and the whole place.

    Attributes
    ----------
    period : str
        What is looked at. In a public window it may be longer than what was asked for, because
        most cells of a shorter one would be hidden.
    asked : str
        What was asked for.
    days : dict
        First and last day of each of ``periods``, which are all of the same kind, the latest last.
        They are the office's own: of a month from the 15th of the one before to the 14th, where
        most reports run so.
    totals : DataFrame
        Long, one row per place, period and measure: as :func:`total_by`, with ``value``, ``low``,
        ``high`` (95%, with ``dispersion``) and ``state``: ``full``; ``lacking`` where reports of up
        to a tenth of the time are; ``partial`` where more are, or those of a whole unit;
        ``missing``; ``none``; ``hidden``. An empty ``commune_id`` is the whole place. Units that
        never reported have their rows, too.
    holds : dict
        Of a unit that others joined, the names and kinds of these, by its id.
    dispersion : dict
        How much more each measure varies than chance, over all periods of this kind in the
        records, in a public window over what it publishes; None where too few reports tell, and
        where a measure has no interval.
    together : dict
        How much all units vary together, see :func:`estimate_together`: the variance of each
        measure's common rate in a period. 0 where too few years tell.
    release : Release or None
        What protects it, where it is public.
    """

    period: str
    asked: str
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]
    totals: pd.DataFrame
    holds: dict[str, tuple[tuple[str, str], ...]]
    dispersion: dict[str, float | None]
    together: dict[str, float]
    release: Release | None = None

    @property
    def periods(self) -> tuple[str, ...]:
        """The labels of the periods."""
        return tuple(self.days)

    @cached_property
    def by_period(self) -> dict[tuple[str, str], dict[str, dict]]:
        """The rows of the totals by measure and period, then by unit, split once.

        A briefing looks hundreds of them up, in a twentieth of the time that tables take.
        """
        found: dict[tuple[str, str], dict[str, dict]] = {}
        for row in self.totals[
            ["measure", "period", "commune_id", "state", "covered", *ADDED]
        ].to_dict("records"):
            found.setdefault((row["measure"], row["period"]), {})[row["commune_id"]] = row
        return found

    @cached_property
    def units(self) -> dict[str, tuple[str, str]]:
        """Name and kind of each unit by its id, in official order; the whole has empty ones."""
        rows = self.totals.drop_duplicates("commune_id")
        named = zip(rows["commune"], rows["kind"], strict=True)
        return dict(zip(rows["commune_id"], named, strict=True))

    @property
    def audience(self) -> str:
        """``"public"`` or ``"internal"``."""
        return AUDIENCES[0] if self.release is None else AUDIENCES[1]

    @property
    def boundaries(self) -> int:
        """The year of the set of communes."""
        return int(self.totals["boundaries"].iloc[0])

    @property
    def illustrative(self) -> bool:
        """Whether any of it is made up."""
        return bool(self.totals["illustrative"].any())

    def row(self, measure: str, commune_id: str = "", period: str | None = None) -> pd.Series:
        """Return one row of the totals; by default of the period looked at."""
        table = self.totals
        chosen = (table["measure"] == measure) & (table["commune_id"] == commune_id)
        return table[chosen & (table["period"] == (period or self.period))].iloc[0]


def look_back(
    records: pd.DataFrame,
    period: str | int | pd.Period,
    *,
    audience: str = "internal",
    threshold: int = THRESHOLD,
    book: Book | str | Path | None = None,
) -> Window:
    """Total a period and its previous periods, by unit and for the whole place.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    period
        ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, ``2024-W37`` (a week of ISO 8601),
        ``2022-to-09``, ``2020-to-2022``, or days as ``2024-12-15-to-2025-02-14``; also
        ``"2022Q1"``, ``"Q1/2022"`` or a period of pandas. Days that are those of a week or month
        of these reports are that week or month.
    audience
        ``"public"`` hides small counts, see :func:`protect`, in all periods at once. Where most
        of the units' counts would be hidden, a longer period is taken: the year to date, then
        three years, then five.
    book
        The release book of a public window, as :func:`protect` takes it. The window is what its
        next release would show; only :func:`write_briefing` and :func:`protect` note it there.

    Raises
    ------
    ValueError
        For a period that is not in the records, or shorter than their reports; where the book can
        not be used, or earlier releases leave too little to publish.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> window = look_back(load_records(), "2022-Q1")
    >>> window.periods[-5:], float(window.row("tips")["value"])
    (('2021-Q1', '2021-Q2', '2021-Q3', '2021-Q4', '2022-Q1'), 130.0)
    """
    check_choice("audience", audience, AUDIENCES)
    records, period = check_records(records), _named(records, read_period(period))
    _check_held(records, period)
    if audience == AUDIENCES[0]:
        field = _variation(records, period)
        days, totals = total_periods(records, period)
        return Window(period, period, days, _widened(totals, *field), _holds(records), *field)
    book = open_book(book, records)
    for longer in _longer(period):
        if longer != period and not held_by(records, longer):
            break
        days, totals = total_periods(records, longer)
        release = _protect(records, totals, tuple(days), book, threshold)
        safe = hide_in(totals, release)
        # Estimate from published cells only: the intervals of changes would leak hidden ones.
        published = safe[(safe["commune_id"] != "") & safe["numerator"].notna()]
        found = {name: first_dispersion([published], name) for name in measures_of(records)}
        field = found, _together(records, longer, found, safe)
        wide = _widened(safe, *field)
        taken = Window(longer, period, days, wide, _holds(records), *field, release)
        if mostly_published(release):
            break
    refuse_overlap(release)
    return taken


def _protect(
    records: pd.DataFrame,
    totals: pd.DataFrame,
    periods: tuple[str, ...],
    book: Book,
    threshold: int,
) -> Release:
    """Protect the counts of all communes and periods at once, without sums over periods."""
    column = find_periods(records, periods)
    cut, column = records[column >= 0], column[column >= 0]
    places = [unit for unit in totals["commune_id"].unique() if unit]
    boundaries = int(totals["boundaries"].iloc[0])
    ask = {"threshold": threshold, "boundaries": boundaries, "with_sums": False}
    return release_of(cut, book, periods[-1], places, list(periods), column, **ask)


def window_on(
    records: pd.DataFrame,
    period: str | int | pd.Period,
    audience: str,
    book: Book | str | Path | None = None,
) -> Window:
    """Return what :func:`look_back` does, kept as long as the records live.

    It is for pages and sentences, of which many are about one window; nobody may edit its totals.
    """
    records, period = check_records(records), read_period(period)
    key: tuple = ("look_back", period, audience)
    if audience != AUDIENCES[0]:
        book = open_book(book, records)
        key = (*key, book.name, len(book.releases))
    return kept(records, key, lambda: look_back(records, period, audience=audience, book=book))


def _holds(records: pd.DataFrame) -> dict[str, tuple[tuple[str, str], ...]]:
    """List the communes merged into others, by the id of the new one."""
    places = register_of(records)
    names, kinds = places.units["name"], places.units["kind"]
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    targets = places.targets(int(records["boundaries"].max()))
    for unit in records.get("reported_by", records["commune_id"]).unique():
        into = targets[unit]
        if names[unit] != names[into]:
            found[into] = (*found.get(into, ()), (names[unit], kinds[unit]))
    return found


def _variation(
    records: pd.DataFrame, period: str
) -> tuple[dict[str, float | None], dict[str, float]]:
    """Estimate each measure's dispersion and common variance in all periods of one kind.

    Years are the fallback. Where years vary twice as much as by chance, because rates differ from
    year to year, months hardly do: their counts are a twelfth, and so is what differs.
    """
    month = period_days(period)[1].month if is_to_date(period) else None

    def estimate() -> tuple[dict[str, float | None], dict[str, float]]:
        chosen = _up_to_month(records, period)
        kinds = (split_of(period), "year")
        some = [fitting(chosen, kind) for kind in kinds]
        tables = [
            tally(check_records(part), "commune", period=kind)
            for part, kind in zip(some, kinds, strict=True)
            if len(part)
        ]
        found = {name: first_dispersion(tables, name) for name in measures_of(records)}
        return found, _together(records, period, found)

    return kept(records, ("variation", split_of(period), month), estimate)


def _up_to_month(records: pd.DataFrame, period: str) -> pd.DataFrame:
    """Keep each year's records up to the month of a year to date; all for other periods."""
    if not is_to_date(period):
        return records
    return records[records["period_end"].dt.month <= period_days(period)[1].month]


def _widened(
    totals: pd.DataFrame, own: dict[str, float | None], together: dict[str, float]
) -> pd.DataFrame:
    """Recompute the intervals with overdispersion; keep the states."""
    field = {name: (own[name], together[name]) for name in own}
    wide = add_intervals(add_dispersion(totals, field))
    return wide.assign(state=totals["state"]).drop(columns="share_of")


def _together(
    records: pd.DataFrame,
    period: str,
    dispersions: dict[str, float | None],
    published: pd.DataFrame | None = None,
) -> dict[str, float]:
    """Estimate the common variance of all communes for each measure in a period of this kind.

    Of several years that are pooled it is a part of that of one year, as ups and downs cancel. A
    total that a release hides is not used.
    """
    split = split_of(period)
    kind, years = (split, 1) if split in SPLITS else ("year", split)
    whole = total_by(fitting(_up_to_month(records, period), kind), period=kind)
    # A year to September is covered to three quarters at most.
    covered = PARTIAL_BELOW * (months_of(period) / 12 if is_to_date(period) else 1)
    found = {}
    for name, dispersion in dispersions.items():
        hidden = False
        if published is not None:
            rows = published[(published["commune_id"] == "") & (published["measure"] == name)]
            hidden = (rows["state"] == HIDDEN).any()
        found[name] = 0.0
        if dispersion is not None and not hidden:
            asked = {"measure": name, "dispersion": dispersion, "covered": covered}
            found[name] = estimate_together(whole, **asked) / years
    return found


def _check_held(records: pd.DataFrame, period: str) -> None:
    if held_by(records, period):
        return
    first, last = period_days(period)
    if records["period_end"].between(first, last).any():
        raise ValueError(
            f"period={period!r} is shorter than the reports that end in it, or begins later: they "
            "can not be split. Use a longer period."
        )
    last = records["period_end"].max()
    raise ValueError(
        f"period={period!r}: no report of these records ends in it. They end on {last:%d/%m/%Y}."
    )


def _named(records: pd.DataFrame, period: str) -> str:
    """Return the week, month, quarter, half or year that some days are, as these reports run."""
    if not is_days(period):
        return period
    days, size = period_days(period), split_of(period)
    some = fitting(records[records["period_end"].between(*days)], size)
    found = split_periods(some, size)[0].bounds
    return next((label for label, own in found.items() if own == days), period)


def _longer(period: str) -> list[str]:
    """List a period and the longer ones to use instead where most of it would be hidden."""
    _, last = period_days(period)
    found = [period]
    if split_of(period) == "week":
        found.append(f"{last:%Y-%m}")
    if split_of(period) in SPLITS and last.month < 12:
        found.append(f"{last.year}-to-{last.month:02d}")
    elif split_of(period) in SPLITS:
        found.append(f"{last.year}")
    year = last.year if last.month == 12 else last.year - 1
    found += [f"{year - years + 1}-to-{year}" for years in _POOLS]
    return list(dict.fromkeys(found))
