"""Records and a period in; its totals, and those of the periods before it, as released, out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from antq_helpers.dictionary import check_choice, measures
from antq_helpers.measuring.comparisons import estimate_together, first_dispersion
from antq_helpers.measuring.estimates import PARTIAL_BELOW, add_dispersion, add_intervals
from antq_helpers.measuring.period_totals import held_by, total_periods
from antq_helpers.measuring.periods import (
    MONTHS,
    is_to_date,
    months_of,
    period_days,
    read_period,
    split_of,
)
from antq_helpers.measuring.protection import Release, mostly_published
from antq_helpers.measuring.releasing import HIDDEN, hide_in, protect_totals
from antq_helpers.measuring.totals import total_by
from antq_helpers.records import check_records, register_of

AUDIENCES = ("internal", "public")
_POOLS = (3, 5)


@dataclass(frozen=True)
class Window:
    """A period and those before it, of each commune and the whole place.

    Attributes
    ----------
    period : str
        What is looked at. In a public window it may be longer than what was asked for, because
        most cells of a shorter one would be hidden.
    asked : str
        What was asked for.
    periods : tuple of str
        All of the same kind, the latest last.
    totals : DataFrame
        Long, one row per place, period and measure: as :func:`total_by`, with ``value``, ``low``,
        ``high`` (95%, with ``dispersion``) and ``state``: ``full``; ``lacking`` where reports of up
        to a tenth of the time are; ``partial`` where more are, or those of a whole commune;
        ``missing``; ``none``; ``hidden``. An empty ``commune_id`` is the whole place. Communes that
        never reported have their rows, too.
    holds : dict
        Of a commune that others joined, the names of these, by its id.
    dispersion : dict
        How much more each measure varies than chance, over all periods of this kind in the
        records, in a public window over what it publishes; None where too few reports tell, and
        where a measure has no interval.
    together : dict
        How much all communes vary together, see :func:`estimate_together`: the variance of each
        measure's common rate in a period. 0 where too few years tell.
    release : Release or None
        What protects it, where it is public.
    """

    period: str
    asked: str
    periods: tuple[str, ...]
    totals: pd.DataFrame
    holds: dict[str, tuple[str, ...]]
    dispersion: dict[str, float | None]
    together: dict[str, float]
    release: Release | None = None

    @cached_property
    def by_period(self) -> dict[tuple[str, str], pd.DataFrame]:
        """The totals by measure and period: a briefing looks many of them up."""
        return dict(iter(self.totals.groupby(["measure", "period"], sort=False)))

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
        """Give one row of the totals; of the period looked at by default."""
        table = self.totals
        chosen = (table["measure"] == measure) & (table["commune_id"] == commune_id)
        return table[chosen & (table["period"] == (period or self.period))].iloc[0]


def look_back(
    records: pd.DataFrame,
    period: str | int | pd.Period,
    *,
    audience: str = "internal",
    threshold: int = 5,
) -> Window:
    """Total a period and those before it, by commune and for the whole place.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    period
        ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, ``2022-to-09`` or ``2020-to-2022``; also
        ``"2022Q1"``, ``"Q1/2022"`` or a period of pandas.
    audience
        ``"public"`` hides small counts, see :func:`protect`, in all periods at once. Where most
        of the communes' counts would be hidden, a longer period is taken: the year to date, then
        three years, then five.

    Raises
    ------
    ValueError
        For a period that is not in the records, or shorter than their reports.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> window = look_back(load_records(), "2022-Q1")
    >>> window.periods[-5:], float(window.row("tips")["value"])
    (('2021-Q1', '2021-Q2', '2021-Q3', '2021-Q4', '2022-Q1'), 130.0)
    """
    check_choice("audience", audience, AUDIENCES)
    records, period = check_records(records), read_period(period)
    _check_held(records, period)
    if audience == AUDIENCES[0]:
        found = _dispersions(_all_like(records, period))
        field = found, _together(records, period, found)
        periods, totals = total_periods(records, period)
        return Window(period, period, periods, _widened(totals, *field), _holds(records), *field)
    for longer in _longer(period):
        if longer != period and not held_by(records, longer):
            break
        periods, totals = total_periods(records, longer)
        release = protect_totals(totals, periods, threshold)
        safe = hide_in(totals, release)
        # What is published of changes must not rest on what is hidden.
        published = safe[(safe["commune_id"] != "") & safe["numerator"].notna()]
        found = _dispersions([published])
        field = found, _together(records, longer, found, safe)
        wide = _widened(safe, *field)
        taken = Window(longer, period, periods, wide, _holds(records), *field, release)
        if mostly_published(release):
            break
    return taken


def _holds(records: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Give the communes that joined others, as far as they are in the records."""
    places = register_of(records)
    names = places.units["name"]
    found: dict[str, tuple[str, ...]] = {}
    targets = places.targets(int(records["boundaries"].max()))
    for unit in records.get("reported_by", records["commune_id"]).unique():
        into = targets[unit]
        if names[unit] != names[into]:
            found[into] = (*found.get(into, ()), names[unit])
    return found


def _all_like(records: pd.DataFrame, period: str) -> list[pd.DataFrame]:
    """Total the communes over all periods of a kind, and over years where these are too few.

    Where years vary twice as much as by chance, because rates differ from year to year, months
    hardly do: their counts are a twelfth, and so is what differs.
    """
    records = _to_date(records, period)
    return [total_by(records, "commune", period=kind) for kind in (split_of(period), "year")]


def _to_date(records: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return the records of all years up to the month of a year to date; all for other periods."""
    if not is_to_date(period):
        return records
    return records[records["period_end"].dt.month <= period_days(period)[1].month]


def _dispersions(totals: list[pd.DataFrame]) -> dict[str, float | None]:
    """Estimate how much more than chance communes vary, from the first totals that suffice."""
    return {name: first_dispersion(totals, name) for name in measures()}


def _widened(
    totals: pd.DataFrame, own: dict[str, float | None], together: dict[str, float]
) -> pd.DataFrame:
    """Widen the intervals by what numbers vary more than chance; states stay as they are."""
    field = {name: (own[name], together[name]) for name in own}
    wide = add_intervals(add_dispersion(totals, field))
    return wide.assign(state=totals["state"]).drop(columns="share_of")


def _together(
    records: pd.DataFrame,
    period: str,
    dispersions: dict[str, float | None],
    published: pd.DataFrame | None = None,
) -> dict[str, float]:
    """Estimate how much all communes vary together in a period of this kind.

    Of several years that are pooled it is a part of that of one year, as ups and downs cancel. A
    total that a release hides is not used.
    """
    split = split_of(period)
    kind, years = (split, 1) if split in MONTHS else ("year", split)
    whole = total_by(_to_date(records, period), period=kind)
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
            said = {"measure": name, "dispersion": dispersion, "covered": covered}
            found[name] = estimate_together(whole, **said) / years
    return found


def _check_held(records: pd.DataFrame, period: str) -> None:
    if records.empty or not held_by(records, period):
        last = "" if records.empty else f" They end on {records['period_end'].max():%d/%m/%Y}."
        raise ValueError(f"period={period!r}: no report of these records ends in it.{last}")


def _longer(period: str) -> list[str]:
    """Give a period, and those that are taken instead of it where most of it would be hidden."""
    _, last = period_days(period)
    found = [period]
    if split_of(period) in MONTHS and last.month < 12:
        found.append(f"{last.year}-to-{last.month:02d}")
    elif split_of(period) in MONTHS:
        found.append(f"{last.year}")
    year = last.year if last.month == 12 else last.year - 1
    found += [f"{year - years + 1}-to-{year}" for years in _POOLS]
    return list(dict.fromkeys(found))
