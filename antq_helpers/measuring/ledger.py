"""Cached totals of one table of records, for charts and explorers."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from antq_helpers.measuring.comparisons import estimate_together, first_dispersion
from antq_helpers.measuring.periods import possible_periods
from antq_helpers.measuring.totals import Tally, match_names, select, tally
from antq_helpers.places import Register, name_key
from antq_helpers.records import check_records, register_of


class Ledger:
    """Records with their totals, each computed when first asked for and cached.

    Pictures and explorers take slices from it, so that a national file is as quick as a city's.
    """

    def __init__(self, records: pd.DataFrame) -> None:
        self.records = records = check_records(records)
        self.years = int(records["year"].min()), int(records["year"].max())
        self._tallies: dict[tuple, Tally] = {}
        self._fields: dict[tuple, tuple[float | None, float]] = {}
        self._names: dict[int, dict[tuple, int]] = {}

    @cached_property
    def register(self) -> Register:
        """The register of the records, looked up once: the look-up scans all records."""
        return register_of(self.records)

    @cached_property
    def boundaries(self) -> int:
        """The year of the latest set of communes in the records."""
        return int(self.records["boundaries"].max())

    @cached_property
    def periods(self) -> list[str]:
        """The periods into which the records can be added up."""
        return possible_periods(self.records)

    def tally(
        self,
        *keys: str,
        period: str,
        boundaries: int | None = None,
        years: tuple[int, int] | None = None,
    ) -> Tally:
        """Return totals by keys and period; on earlier boundaries only of the chosen years."""
        if boundaries is None or self.register.set_at(boundaries)[0] >= self.boundaries:
            years = None
        key = (keys, period, boundaries, years)
        if key not in self._tallies:
            records = self.records if years is None else select(self.records, years=years)
            self._tallies[key] = tally(records, *keys, period=period, boundaries=boundaries)
        return self._tallies[key]

    def field(self, measure: str, **ask: object) -> tuple[float | None, float]:
        """Return a measure's dispersion of communes and their common variance.

        Of all years in the records, so that a choice of years changes no interval; from years
        where too few reports tell of shorter periods.
        """
        key = (measure, *sorted(ask.items()))
        if key not in self._fields:
            tables = [
                self.tally("commune", **{**ask, "period": period}).long([measure])
                for period in dict.fromkeys((ask["period"], "year"))
            ]
            own, together = first_dispersion(tables, measure), 0.0
            if own is not None:
                whole = self.tally(**ask).long([measure])
                together = estimate_together(whole, measure=measure, dispersion=own)
            self._fields[key] = own, together
        return self._fields[key]

    def places(self, totals: Tally, communes: tuple[str, ...]) -> list[int]:
        """Return the row numbers of some communes in totals by commune.

        Raises
        ------
        ValueError
            For a name that these boundaries do not have; a merged one is named with its successor.
        """
        key = id(totals)  # safe as a key: cached totals are never freed
        if key not in self._names:
            names = totals.groups["commune"]
            self._names[key] = {name_key(name): row for row, name in enumerate(names)}
        rows = self._names[key]
        for name in communes:
            if name_key(str(name)) not in rows:
                self._explain_merged(str(name), totals.boundaries)
                match_names([name], {k: totals.groups["commune"].iloc[r] for k, r in rows.items()})
        return list(dict.fromkeys(rows[name_key(str(name))] for name in communes))

    def _explain_merged(self, name: str, boundaries: int) -> None:
        places = self.register
        targets = places.targets(boundaries)
        for unit, known in places.units["name"].items():
            if name_key(known) == name_key(name) and targets.get(unit, unit) != unit:
                into = places.units.at[targets[unit], "name"]
                raise ValueError(
                    f"communes={[name]!r}: on the boundaries of {boundaries} {known} is a part of "
                    f"{into}. Use {into!r}, or earlier boundaries with years before the merger."
                )
