"""Reports with their places in; checked records, and every problem taken down, out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from antq_helpers.dictionary import table_fields
from antq_helpers.reading.headers import COUNTS
from antq_helpers.reading.overlaps import join_parts
from antq_helpers.reading.repeats import find_repeats
from antq_helpers.reading.reports import Reports
from antq_helpers.records import place_column
from antq_helpers.registers import Register
from antq_helpers.tables import clean, type_columns

_OF_PERIODS = ("broken_period", "several_periods", "unread_period")
_UNIT_KINDS = {-1: "unknown_commune", -2: "not_yet_a_commune", -3: "outside_land"}

_MOST_PER_SESSION = 10_000


def make_records(reports: Reports, places: Register) -> pd.DataFrame:
    """Hold reports against everything that records promise, and give those that keep it.

    Problems and notes go to the boards of the sheets, with the state of each cell.
    """
    return _Maker(reports, places).make()


class _Maker:
    """Knows the reports, and which of them must wait."""

    def __init__(self, reports: Reports, places: Register) -> None:
        self.reports, self.places = reports, places
        self.wrong = ~reports.sound.astype(bool)

    def fault(
        self, kind: str, index: int, field: str, value: object = "", **details: object
    ) -> None:
        """Take down a problem of one report; it waits until that is corrected."""
        problem = self.reports.problem(kind, index, field, value, **details)
        self.reports.fault(problem, index, field)
        self.wrong[index] = True

    def make(self) -> pd.DataFrame:
        typed = self._typed()
        blank = typed[list(COUNTS)].isna().all(axis=1).to_numpy() & ~self.wrong
        placed = typed["commune"].notna().to_numpy()
        dated = (typed["period_start"] <= typed["period_end"]).fillna(False).to_numpy(bool)
        units = np.full(len(typed), -1)
        units[placed] = self.places.resolve(
            *(typed.loc[placed, c] for c in ("commune", "period_start", "period_end"))
        )
        today = pd.Timestamp.today().normalize()
        # In a table of many periods a cell stays blank before a unit began and in the future.
        empty = blank & placed & dated & ((units < -1) | (typed["period_end"] > today).to_numpy())
        self._set_aside(empty, "not_yet")
        self._check_periods(typed, today, ~empty)
        self._check_units(typed, np.where(dated | (units == -1), units, 0), placed & ~empty)
        self._check_counts(typed[self.wrong & ~empty], {})
        self._hold_back(typed, units)
        sure = placed & dated & (units >= 0) & ~self.wrong & ~empty
        settled = _settle_unverified(typed[sure], units[sure], self.places)
        records = self._complete(typed[sure], settled)
        records, joined, differing = join_parts(records, self.reports)
        records, checks, repeated = find_repeats(records, COUNTS, self.reports)
        records = self._check_counts(records, joined)
        self.wrong[[*differing, *repeated]] = True
        held = [other for (first, _), other in joined.items() if first in records.index]
        self._account(np.array([*records.index, *held], dtype=int), checks, empty)
        records = records.reset_index(drop=True)
        return records

    def _typed(self) -> pd.DataFrame:
        """Read every column by its type, and take down what is no day, count or legal value."""
        values = self.reports.values
        fields = [f for f in table_fields("records") if f["name"] in values]
        typed, problems = type_columns(values, fields, self.reports.problem)
        for position, name, problem in problems:
            if problem.kind == "required" and self._asked(name, position):
                continue
            self.reports.fault(problem, position, name)
            self.wrong[position] = True
        for field in table_fields("records"):
            if field["name"] not in typed and field["name"] not in ("year", "source"):
                typed[field["name"]] = pd.Series(pd.NA, typed.index, "Int64")
        return typed

    def _asked(self, name: str, position: int) -> bool:
        """Ask once for a table, not in each row, for what stands in no column of it."""
        at = self.reports.columns.get(name)
        if at is not None and at[position] >= 0:
            return False
        self.wrong[position] = True
        kind = "no_commune" if name == "commune" else "no_period"
        board = self.reports.boards[self.reports.table[position]]
        problem = board.say(kind)
        if problem not in board.problems and not _said(board, name):
            board.fault(problem)
        return True

    def _check_periods(self, typed: pd.DataFrame, today: pd.Timestamp, asked: np.ndarray) -> None:
        """Find periods that end before they start, end in the future, or belie their year."""
        start, end = typed["period_start"], typed["period_end"]
        for i in np.flatnonzero(asked & (end < start).to_numpy(bool)):
            self.fault("ends_before_start", i, "period_end", end[i], start=f"{start[i]:%d/%m/%Y}")
        for i in np.flatnonzero(asked & (end > today).to_numpy(bool)):
            self.fault("in_the_future", i, "period_end", end[i], today=f"{today:%d/%m/%Y}")
        if "year" in typed:
            differs = (typed["year"] != end.dt.year.astype("Int64")).fillna(False)
            for i in np.flatnonzero(differs.to_numpy(bool)):
                self.fault("wrong_year", i, "year", typed["year"][i], year=end[i].year)

    def _check_counts(
        self, records: pd.DataFrame, joined: dict[tuple[int, str], int]
    ) -> pd.DataFrame:
        """Find counts that belie each other, and leave those records out."""
        tips = records["tips"]
        above = ((records["valuable_tips"] > tips) & (tips >= 0)).fillna(False).to_numpy(bool)
        for index in records.index[above]:
            valuable, tips = records.loc[index, ["valuable_tips", "tips"]]
            at = joined.get((index, "valuable_tips"), index)
            self.fault("valuable_above_tips", at, "valuable_tips", valuable, tips=tips)
            self.wrong[index] = True
        held, sessions = records["attendances"], records["sessions"]
        # Nobody attends no session, and no hall of a commune holds so many.
        absurd = (held > sessions * _MOST_PER_SESSION) & (sessions >= 0)
        absurd = absurd.fillna(False).to_numpy(bool) & ~above
        for index in records.index[absurd]:
            at = joined.get((index, "attendances"), index)
            count = sessions[index]
            self.fault("absurd_attendances", at, "attendances", held[index], sessions=count)
            self.wrong[index] = True
        wrong = above | absurd
        return records[~wrong] if wrong.any() else records

    def _check_units(self, typed: pd.DataFrame, units: np.ndarray, asked: np.ndarray) -> None:
        """Find names of no commune, or of none at that time; suggest, never decide."""
        suggested: dict[str, str] = {}
        for i in np.flatnonzero(asked & (units < 0)):
            name, kind = typed["commune"].iloc[i], _UNIT_KINDS[units[i]]
            if kind == "unknown_commune":
                if name not in suggested:
                    suggested[name] = ", ".join(self.places.nearest(name))
                kind = kind if suggested[name] else "no_such_commune"
                details = {"near": suggested[name]}
            else:
                details = {"start": f"{typed['period_start'].iloc[i]:%d/%m/%Y}"}
            self.fault(kind, i, "commune", name, **details)

    def _hold_back(self, typed: pd.DataFrame, units: np.ndarray) -> None:
        """Let all that is said of a commune and period wait where one table has it wrong."""
        if self.wrong.any():
            keys = pd.DataFrame({"unit": units, **typed[["period_start", "period_end"]]})
            known = keys.notna().all(axis=1) & (keys["unit"] >= 0)
            waiting = keys[known & self.wrong].apply(tuple, axis=1)
            self.wrong |= (known & keys.apply(tuple, axis=1).isin(set(waiting))).to_numpy()

    def _set_aside(self, chosen: np.ndarray, kind: str) -> None:
        for i in np.flatnonzero(chosen):
            self.reports.note(kind, i)

    def _complete(self, typed: pd.DataFrame, units: np.ndarray) -> pd.DataFrame:
        """Add what the files do not say themselves, and put the columns in order."""
        source = typed["source"].fillna("reported") if "source" in typed else "reported"
        places, files = self.places, [board.file for board in self.reports.boards]
        table = self.reports.table[typed.index]
        return pd.DataFrame(
            {
                "commune": places.units["name"].array.take(units),
                "period_start": typed["period_start"],
                "period_end": typed["period_end"],
                "year": typed["period_end"].dt.year,
                **{count: typed[count].astype("Int64") for count in COUNTS},
                "source": source,
                "file": files[0] if len(set(files)) == 1 else np.array(files, object)[table],
                "commune_id": places.units.index.array.take(units),
                "boundaries": places.boundaries_of(units, typed["period_end"]),
                "place": place_column(places.key, len(typed)),
            },
            index=typed.index,
        )

    def _account(self, kept: np.ndarray, checks: dict[str, list[int]], empty: np.ndarray) -> None:
        """Mark the cells of the records as kept, those of other reports as set aside."""
        self.reports.keep(kept, checks)
        if len(kept) < len(self.reports.values):
            self.reports.aside(np.setdiff1d(np.arange(len(self.reports.values)), kept))
        for i in np.flatnonzero(self.wrong & ~empty):
            self.reports.note(
                "row_waits", i, commune=clean(str(self.reports.values["commune"].iat[i]))
            )


def _said(board: object, name: str) -> bool:
    """Say whether another fault of the period was already taken down for this sheet."""
    return name != "commune" and any(p.kind in _OF_PERIODS for p in board.problems)


def _settle_unverified(records: pd.DataFrame, units: np.ndarray, places: Register) -> np.ndarray:
    """Take the earlier unit where its day of merging is not verified and a sister still reports.

    Late in 2024 both Hồng Hà before and after the merger may have reported; as long as Nguyễn Phúc
    goes on to report, Hồng Hà cannot hold it yet.
    """
    ids = places.units.index
    ends = records["period_end"].to_numpy()
    for old, new in places.successor.items():
        position_old, position_new = ids.get_loc(old), ids.get_loc(new)
        sisters = [ids.get_loc(u) for u, to in places.successor.items() if to == new and u != old]
        same_name = places.units.at[old, "name"] == places.units.at[new, "name"]
        if (
            not same_name
            or places.units["first"].iloc[position_new] > places.units["last"].iloc[position_old]
        ):
            continue
        apart = ends[np.isin(units, sisters)]
        if len(apart):
            yet = (units == position_new) & (ends <= apart.max())
            units = np.where(yet, position_old, units)
    return units
