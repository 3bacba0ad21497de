"""Build records and other tables from what was read, with every problem of what must wait."""

from __future__ import annotations

import difflib
from dataclasses import replace

import numpy as np
import pandas as pd

from antq_helpers.dictionary import (
    LANGUAGES,
    core_counts,
    find_measure,
    linked_counts,
    resource_of,
    table_fields,
)
from antq_helpers.places import Register
from antq_helpers.problems import Problem
from antq_helpers.reading.cells import Reports
from antq_helpers.reading.checks import KEY, find_repeats, join_tables
from antq_helpers.reading.counts import fold
from antq_helpers.reading.headers import COUNTS, bare_key, header_key
from antq_helpers.reading.persons import names_a_person, unnamed
from antq_helpers.reading.report import row_ranges
from antq_helpers.records import place_column
from antq_helpers.tables import clean, type_columns

UNIT_KINDS = {-1: "unknown_commune", -2: "not_yet_a_commune", -3: "outside_land"}
_OF_PERIODS = ("broken_period", "several_periods", "unread_period")
# What is asked about, because a key was hit twice or a column slipped. The sample has at most 180
# attendances a session. Of 591,000 honest simulated counts (variance four times the mean, months
# of three times the usual) 13 lie above the second bound, of the sample none.
QUESTIONS = ("unusual_attendances", "unusual_count", "in_prose")
_MOST_PER_SESSION = 1_000  # a whole school; more than any hall of a commune holds
_TIMES, _AND = 8, {"attendances": 2_000}  # the mean of the unit's other reports, and so many more
_AND_MORE, _FEWEST = 20, 5


class Builder:
    """Builds a table from reports, and tracks which ones must wait.

    Once it is built, ``record`` is the row that each report has become, -1 where it is none;
    ``units``, of records, the positions of theirs in the table of communes.
    """

    units: np.ndarray | None = None
    accepted: frozenset[str] = frozenset()  # keys of unusual counts that are right

    def __init__(self, reports: Reports, places: Register) -> None:
        self.reports, self.places = reports, places
        self.wrong = ~reports.sound.astype(bool)
        self.record = np.full(len(self.wrong), -1)

    def problem(
        self, kind: str, index: int, field: str, value: object = "", **details: object
    ) -> Problem:
        """Build a problem with a field of a report."""
        return self.reports.problem(kind, index, field, value, **details)

    def add_problem(
        self, kind: str, index: int, field: str, value: object = "", **details: object
    ) -> None:
        """Record a problem with a report, which then waits for correction."""
        self.reports.add_problem(self.problem(kind, index, field, value, **details), index, field)
        self.wrong[index] = True

    def is_asked(self, kind: str, index: int, field: str, value: object, **details: object) -> bool:
        """Ask whether an unusual count is right, unless the user said so, which is then noted."""
        problem = self.problem(kind, index, field, value, **details)
        log = self.reports.place(index, field)[0]
        if problem.key in self.accepted:
            log.add_note(replace(problem, kind="accepted", details={}))
            return False
        self.add_problem(kind, index, field, value, **details, answer=problem.key)
        return True

    def note_waiting(self, waiting: np.ndarray) -> None:
        """Note of each row that waits whose it is."""
        for i in np.flatnonzero(waiting):
            names = self.reports.values.get("commune")
            commune = "" if names is None else clean(str(names.iat[i]))
            self.reports.add_note("row_waits", i, commune=unnamed(commune))


class RecordBuilder(Builder):
    """Builds records."""

    def make(self) -> pd.DataFrame:
        """Return the records of all sound reports; record every problem of the others."""
        typed = self._typed()
        self.counts = [name for name in COUNTS if name in typed]
        blank = np.logical_and.reduce([typed[name].isna() for name in self.counts]) & ~self.wrong
        placed = typed["commune"].notna().to_numpy()
        dated = (typed["period_start"] <= typed["period_end"]).fillna(False).to_numpy(bool)
        units = np.full(len(typed), -1)
        whole = typed if placed.all() else typed[placed]  # a national file need not be copied
        units[placed] = self.places.resolve(
            *(whole[name] for name in ("commune", "period_start", "period_end"))
        )
        today = pd.Timestamp.today().normalize()
        # In a table of many periods a cell stays blank before a unit began and in the future.
        empty = blank & placed & dated & ((units < -1) | (typed["period_end"] > today).to_numpy())
        for i in np.flatnonzero(empty):
            self.reports.add_note("not_yet", i)
        years = typed["period_end"].dt.year
        self._check_periods(typed, years, today, ~empty)
        self._check_units(typed, np.where(dated | (units == -1), units, 0), placed & ~empty)
        self._check_villages(typed, units)
        self._ask_about_prose(typed)
        if self.wrong.any():
            self._check_counts(typed[self.wrong & ~empty], {})
            self._hold_back(typed, units)
        sure = placed & dated & (units >= 0) & ~self.wrong & ~empty
        if not sure.all():
            typed, years = typed[sure], years[sure]
        units[sure] = _settle_unverified(typed, units[sure], self.places)
        records = self._complete(typed, years, units[sure])
        records, villages = self._add_villages(records)
        records, joined, differing = join_tables(records, self.counts, self.reports)
        # By name: the parts of a merged unit are one unit's past.
        names = pd.factorize(self.places.units["name"])[0][units]
        by = names[records.index]
        records, checks, repeated = find_repeats(records, self.counts, self.reports, by)
        records = self._check_counts(records, joined)
        records = self._ask_about(records, joined, names[records.index])
        self.wrong[[*differing, *repeated]] = True
        self.record[records.index] = np.arange(len(records))
        for (first, _), other in joined.items():
            self.record[other] = self.record[first]
        for village, first in villages.items():
            self.record[village] = self.record[first]
        self._account(np.flatnonzero(self.record >= 0), checks, empty)
        self.units = units[records.index]
        return records.reset_index(drop=True)

    def _typed(self) -> pd.DataFrame:
        """Convert each column to its type; record what is no day, count or legal value."""
        values = self.reports.values
        fields = [f for f in table_fields("records") if f["name"] in values]
        typed, problems = type_columns(values, fields, self.reports.problem)
        for position, name, problem in problems:
            if problem.kind == "required" and self._asked(name, position):
                continue
            self.reports.add_problem(problem, position, name)
            self.wrong[position] = True
        for name in ("commune", "period_start", "period_end", *core_counts()):
            if name not in typed:
                typed[name] = pd.Series(pd.NA, typed.index, "Int64")
        return typed

    def _asked(self, name: str, position: int) -> bool:
        """Record a missing commune or period once per table instead of once per row."""
        at = self.reports.columns.get(name)
        if at is not None and at[position] >= 0:
            return False
        self.wrong[position] = True
        kind = "no_commune" if name == "commune" else "no_period"
        log = self.reports.logs[self.reports.table[position]]
        problem = log.problem_at(kind)
        unread = name != "commune" and any(p.kind in _OF_PERIODS for p in log.problems)
        if problem not in log.problems and not unread:
            log.add_problem(problem)
        return True

    def _check_periods(
        self, typed: pd.DataFrame, years: pd.Series, today: pd.Timestamp, asked: np.ndarray
    ) -> None:
        """Find periods that are reversed, end in the future, or contradict their year."""
        start, end = typed["period_start"], typed["period_end"]
        for i in np.flatnonzero(asked & (end < start).to_numpy(bool)):
            self.add_problem(
                "ends_before_start", i, "period_end", end[i], start=f"{start[i]:%d/%m/%Y}"
            )
        for i in np.flatnonzero(asked & (end > today).to_numpy(bool)):
            self.add_problem("in_the_future", i, "period_end", end[i], today=f"{today:%d/%m/%Y}")
        if "year" in typed:
            differs = (typed["year"] != years).fillna(False) & years.notna()
            for i in np.flatnonzero(differs.to_numpy(bool)):
                self.add_problem("wrong_year", i, "year", typed["year"][i], year=int(years[i]))

    def _check_counts(
        self, records: pd.DataFrame, joined: dict[tuple[int, str], int]
    ) -> pd.DataFrame:
        """Find counts that contradict each other; drop those records."""
        above = np.zeros(len(records), bool)
        for part, whole in linked_counts():
            if part not in records or whole not in records:
                continue
            total = records[whole]
            more = ((records[part] > total) & (total >= 0)).fillna(False).to_numpy(bool)
            names = {"part": part, "whole": whole}
            language = self.reports.language
            shown = {k: find_measure(n).text("short", language) for k, n in names.items()}
            for index in records.index[more]:
                at = joined.get((index, part), index)
                details = {**shown, "count": total[index]}
                self.add_problem("part_above_whole", at, part, records.at[index, part], **details)
                self.wrong[index] = True
            above |= more
        attendances, sessions = records["attendances"], records["sessions"]
        absurd = (attendances > 0) & (sessions == 0)  # nobody attends no session
        absurd = absurd.fillna(False).to_numpy(bool) & ~above
        for index in records.index[absurd]:
            at = joined.get((index, "attendances"), index)
            count = sessions[index]
            self.add_problem(
                "absurd_attendances", at, "attendances", attendances[index], sessions=count
            )
            self.wrong[index] = True
        wrong = above | absurd
        return records[~wrong] if wrong.any() else records

    def _ask_about(
        self, records: pd.DataFrame, joined: dict[tuple[int, str], int], unit: np.ndarray
    ) -> pd.DataFrame:
        """Ask about counts far beside all else that their unit reports; leave these records out.

        Small counts are never asked about: a quiet month is nothing unusual.
        """
        days = (records["period_end"] - records["period_start"]).dt.days.to_numpy() + 1
        waits = np.zeros(len(records), bool)
        sessions = records["sessions"].to_numpy(float, na_value=np.nan)
        for name in self.counts:
            count = records[name].to_numpy(float, na_value=np.nan)
            given = ~np.isnan(count)
            more = _AND.get(name, _AND_MORE)
            if not given.any() or np.nanmax(count) <= more:
                continue
            far = np.zeros(len(count), bool)
            for _ in range(2):  # once more without what stands out: it would hide others
                others = given & ~far
                summed, covered, many = (
                    np.bincount(unit[others], weights, unit.max() + 1)[unit]
                    for weights in (count[others], days[others], None)
                )
                own = np.where(others, count, 0), np.where(others, days, 0)
                with np.errstate(divide="ignore", invalid="ignore"):
                    usual = (summed - own[0]) / (covered - own[1]) * days
                enough = given & (many - others >= _FEWEST)
                far |= enough & (count > _TIMES * usual + more)
                if not far.any():
                    break
            with np.errstate(divide="ignore", invalid="ignore"):
                each = count / sessions if name == "attendances" else np.zeros(len(count))
            crowded = each > _MOST_PER_SESSION
            for i in np.flatnonzero(crowded | far):
                index = records.index[i]
                kind, details = QUESTIONS[1], {"usual": round(usual[i])} if far[i] else {}
                if crowded[i]:
                    kind, details = QUESTIONS[0], {"sessions": int(sessions[i])}
                at = joined.get((index, name), index)
                waits[i] |= self.is_asked(kind, at, name, int(count[i]), **details)
        self.wrong[records.index[waits]] = True
        return records[~waits] if waits.any() else records

    def _ask_about_prose(self, typed: pd.DataFrame) -> None:
        """Ask about each count that was found in a sentence; nobody can be sure of its meaning."""
        quoted = np.array([bool(log.quotes) for log in self.reports.logs])
        for i in np.flatnonzero(quoted[self.reports.table]):
            for name in (name for name in self.counts if pd.notna(typed[name].iat[i])):
                log, _, _, column = self.reports.place(i, name)
                if column is not None:
                    value, quote = int(typed[name].iat[i]), log.quotes[column]
                    self.is_asked("in_prose", i, name, value, quote=quote)

    def _check_units(self, typed: pd.DataFrame, units: np.ndarray, asked: np.ndarray) -> None:
        """Find communes that are unknown or did not exist at the time; suggest similar names."""
        suggested: dict[str, str] = {}
        for i in np.flatnonzero(asked & (units < 0)):
            name, kind = typed["commune"].iloc[i], UNIT_KINDS[units[i]]
            if kind == "unknown_commune":
                if name not in suggested:
                    suggested[name] = ", ".join(self.places.nearest(name))
                kind = kind if suggested[name] else "no_such_commune"
                details = {"near": suggested[name]}
            else:
                details = {"start": f"{typed['period_start'].iloc[i]:%d/%m/%Y}"}
            self.add_problem(kind, i, "commune", name, **details)

    def _check_villages(self, typed: pd.DataFrame, units: np.ndarray) -> None:
        """Find villages that report twice for one period; each must be sound before they are added.

        A commune waits as a whole where one of its villages does.
        """
        villages = self._villages(typed.index)
        if not villages.any():
            return
        self._check_counts(typed, {})
        keys = typed[["period_start", "period_end"]].assign(unit=units, village=villages)
        twice = keys.duplicated(keep=False) & (villages != "") & (units >= 0)
        given = typed[self.counts].notna()
        for _, some in keys[twice].groupby(list(keys), dropna=False):
            first, *others = some.index
            seen = given.loc[first]
            for index in others:
                if (seen & given.loc[index]).any():  # tips and cases may stand in two tables
                    name = self.reports.values["village"][index]
                    details = {"other": self.reports.name(first, index)}
                    self.add_problem("village_twice", index, "village", name, **details)
                seen = seen | given.loc[index]

    def _villages(self, index: pd.Index) -> pd.Series:
        """Return a key for the name of the village that made each report; blank where none did."""
        names = self.reports.values.get("village")
        if names is None:
            return pd.Series("", index)
        return names.loc[index].fillna("").astype(str).map(lambda name: fold(name).strip(" .:"))

    def _add_villages(self, records: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, int]]:
        """Add the reports of villages up to one of their commune, and say so.

        What some villages leave blank is the sum of the others', and their names are noted.

        Returns
        -------
        (records, the index of each other village by the index of the first, which is the sum)
        """
        villages = self._villages(records.index)
        some = records[villages != ""]
        if some.empty:
            return records, {}
        records, first_of, added = records.copy(), {}, {}
        names = self.reports.values["village"]
        for _, reports in some.groupby(KEY, sort=False):
            first, *others = reports.index
            first_of |= dict.fromkeys(others, first)
            records.loc[first, self.counts] = reports[self.counts].sum(min_count=1)
            given = reports[self.counts].notna().groupby(villages[reports.index], sort=False).any()
            told = names[reports.index].groupby(villages[reports.index], sort=False).first()
            added.setdefault(int(self.reports.table[first]), []).append(len(told))
            for count in given.columns[given.any() & ~given.all()]:
                details = {
                    "commune": reports["commune"][first],
                    "names": ", ".join(map(str, told[~given[count]])),
                    "label": find_measure(count).text("label", self.reports.language),
                }
                self.reports.add_note("village_blank", first, **details)
        for table, many in added.items():
            log = self.reports.logs[table]
            log.add_note(log.problem_at("villages_added", villages=sum(many), communes=len(many)))
        return records.drop(index=list(first_of)), first_of

    def _hold_back(self, typed: pd.DataFrame, units: np.ndarray) -> None:
        """Mark all reports of a commune and period as waiting if any of them has a problem."""
        keys = pd.DataFrame({"unit": units, **typed[["period_start", "period_end"]]})
        known = keys.notna().all(axis=1) & (keys["unit"] >= 0)
        waiting = keys[known & self.wrong].apply(tuple, axis=1)
        self.wrong |= (known & keys.apply(tuple, axis=1).isin(set(waiting))).to_numpy()

    def _complete(self, typed: pd.DataFrame, years: pd.Series, units: np.ndarray) -> pd.DataFrame:
        """Add the columns that files do not have, and order them."""
        source = "reported"
        if "source" in typed:
            codes, distinct = pd.factorize(typed["source"])  # blank is code -1, the last one
            source = pd.array([*distinct, "reported"], "str").take(codes)
        places, files = self.places, [log.file for log in self.reports.logs]
        file: object = files[0]
        if len(set(files)) > 1:
            file = np.array(files, object)[self.reports.table[typed.index]]
        return pd.DataFrame(
            {
                "commune": places.units["name"].array.take(units),
                "period_start": typed["period_start"],
                "period_end": typed["period_end"],
                "year": years.astype("int32"),
                **{count: typed[count] for count in self.counts},
                "source": source,
                "file": file,
                "commune_id": places.units.index.array.take(units),
                "boundaries": places.boundaries_of(units, typed["period_end"]),
                "place": place_column(places.key, len(typed)),
            },
            index=typed.index,
            copy=False,
        )

    def _account(self, kept: np.ndarray, checks: dict[str, list[int]], empty: np.ndarray) -> None:
        """Mark the cells of records as used, and those of other reports as set aside."""
        self.reports.keep(kept, checks)
        if len(kept) < len(self.reports.values):
            self.reports.set_aside(np.setdiff1d(np.arange(len(self.reports.values)), kept))
        self.note_waiting(self.wrong & ~empty)


def _settle_unverified(records: pd.DataFrame, units: np.ndarray, places: Register) -> np.ndarray:
    """Assign reports to the earlier unit while its unverified merger can not have happened.

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


def no_records() -> pd.DataFrame:
    """Return an empty table of records."""
    types = {
        "commune": "str",
        **dict.fromkeys(("period_start", "period_end"), "datetime64[us]"),
        "year": "int32",
        **dict.fromkeys(core_counts(), "Int64"),
        **dict.fromkeys(("source", "file", "commune_id"), "str"),
        "boundaries": "int64",
        "place": "category",
    }
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


# Who was commended, and the officers' words, must not be quoted, even where they are wrong.
_UNSHOWN = ("recipient", "item", "action")
_SHORTEST_NAME, _NEAR = 4, 0.8  # letters of a new name; how alike a misspelt one is


class FieldBuilder(Builder):
    """Builds a table of fields from its rows."""

    def __init__(self, table: str, reports: Reports, places: Register) -> None:
        super().__init__(reports, places)
        self.table, self.fields = table, table_fields(table)
        self.keys = resource_of(table)["schema"].get("uniqueKeys", [])

    def problem(
        self, kind: str, index: int, field: str, value: object = "", **details: object
    ) -> Problem:
        """Build a problem with a field of a row; of a list it names the words that are taken."""
        if kind in ("enum", "broken_boolean"):
            kind, known = "enum", next(f for f in self.fields if f["name"] == field)["words"]
            at = LANGUAGES.index(self.reports.language)
            details = {"limit": "; ".join(words[at] for words in known.values())}
        shown = "" if field in _UNSHOWN else value
        return super().problem(kind, index, field, shown, **details)

    def make(self) -> pd.DataFrame:
        """Return the table of all sound rows; record every problem of the others."""
        broken = self.wrong.copy()
        counts = [f["name"] for f in self.fields if f["type"] == "integer"]
        values, fields = self._with_new_names()
        typed, found = type_columns(values, fields, self.problem)
        for position, field, problem in found:
            # A count that could not be read is blank, and has its own problem.
            if not (broken[position] and problem.kind == "required" and field in counts):
                self.reports.add_problem(problem, position, field)
                self.wrong[position] = True
        self._check(typed)
        made = self._with_communes(typed) if "commune" in typed else typed
        again = self._find_repeats(made)
        self._check_keys(made.drop(index=again))
        kept = np.setdiff1d(np.flatnonzero(~self.wrong), again)
        self.record[kept] = np.arange(len(kept))
        self.reports.keep(kept, {})
        self.note_waiting(self.wrong)
        table = made.iloc[kept].reset_index(drop=True)
        if "since" in made:  # a merger moves them into another commune
            table["place"] = place_column(self.places.key, len(table))
        return table

    def _with_new_names(self) -> tuple[pd.DataFrame, list[dict]]:
        """Accept names that an open list does not have as values of their own, and note each.

        One that is spelt nearly as a known one is none of its own, and is asked about; so is a
        person's.
        """
        values, fields = self.reports.values.copy(), []
        for field in self.fields:
            name, constraints = field["name"], field.get("constraints", {})
            new: dict[tuple, str] = {}
            for index, text in values[name].items() if field.get("open") else ():
                if text in constraints["enum"] or not _is_name(text, field["words"]):
                    continue
                if names_a_person(text):
                    self.add_problem("person_in_text", index, name)
                    values.loc[index, name] = constraints["enum"][0]  # its row waits: one message
                    continue
                key = header_key(text)
                if key not in new:
                    new[key] = clean(text)
                    log, *_ = self.reports.place(index, name)
                    log.add_note(self.reports.problem("name_kept", index, name, new[key]))
                values.loc[index, name] = new[key]
            legal = {"enum": [*constraints["enum"], *new.values()]} if new else {}
            fields.append({**field, "constraints": {**constraints, **legal}})
        return values, fields

    def _check(self, typed: pd.DataFrame) -> None:
        """Check rules between columns."""
        today = pd.Timestamp.today().normalize()
        if "year" in typed:
            for i in np.flatnonzero((typed["year"] > today.year).fillna(False)):
                self.add_problem("maximum", i, "year", str(typed["year"][i]), limit=today.year)
        if self.table == "drives":
            commune, given = typed["kind"].eq("commune").fillna(False), typed["commune"].notna()
            for i in np.flatnonzero(commune & ~given):
                self.add_problem("required", i, "commune")
            for i in np.flatnonzero(typed["kind"].isin(["body", "not_itemised"]) & given):
                self.add_problem("commune_of_no_commune", i, "commune", typed["commune"][i])
        if "due" in typed:
            for i in np.flatnonzero((typed["due"] < typed["met"]).fillna(False)):
                start = f"{typed['met'][i]:%d/%m/%Y}"
                self.add_problem("ends_before_start", i, "due", typed["due"][i], start=start)
        if "since" in typed:
            since, until = typed["since"], typed["until"]
            for i in np.flatnonzero(until < since):
                start = f"{since[i]:%d/%m/%Y}"
                self.add_problem("ends_before_start", i, "until", until[i], start=start)
            for i in np.flatnonzero(since > today):
                self.add_problem(
                    "day_in_the_future", i, "since", since[i], today=f"{today:%d/%m/%Y}"
                )

    def _find_repeats(self, made: pd.DataFrame) -> np.ndarray:
        """Find rows that an earlier sheet or file holds, too; note them once for each sheet.

        A model bears its day: a later list of models repeats those of an earlier one. Drives bear a
        year alone, in which the same may happen twice: only a sheet that is another all over is a
        copy of it.
        """
        sound, logs = np.flatnonzero(~self.wrong), self.reports.logs
        number = {id(log): i for i, log in enumerate(logs)}
        sheet = np.array([number[id(log)] for log in logs])[self.reports.table[sound]]
        values = made.iloc[sound].drop(columns="source")
        row = values.groupby(list(values), dropna=False, sort=False).ngroup().to_numpy()
        copied = pd.Series(0, np.unique(sheet))
        if not self.keys and not {"since", "met"} & {*values}:
            sheets = pd.Series(row).groupby(sheet).agg(lambda rows: tuple(sorted(rows)))
            copied[:] = pd.factorize(sheets)[0]
        keys = [copied[sheet].to_numpy(), row, pd.Series(row).groupby([sheet, row]).cumcount()]
        first = pd.Series(sheet).groupby(keys).transform("first").to_numpy()
        for own, other in sorted({*zip(sheet, first, strict=True)}):
            if own != other:
                at = sound[(sheet == own) & (first == other)]
                rows = [self.reports.place(i, "source")[2] for i in at]
                where = logs[other].problem_at("").where(self.reports.language)
                shown = row_ranges(row + 1 for row in rows)
                note = logs[own].problem_at("rows_again", rows=shown, other=where)
                logs[own].explain(note, rows, slice(None))
                logs[own].add_note(note)
        return sound[sheet != first]

    def _check_keys(self, made: pd.DataFrame) -> None:
        """Find rows that say again what another one says: two grades of a unit in a year."""
        for key in self.keys:
            rows = made.loc[~self.wrong[made.index], key]
            twice = [same.index for _, same in rows.astype(str).groupby(key)]
            for first, i in ((index[0], i) for index in twice for i in index[1:]):
                log, _, row, _ = self.reports.place(first, key[-1])
                other = log.problem_at("row_waits", row).where(self.reports.language)
                self.add_problem("given_twice", i, key[-1], rows.at[i, key[-1]], other=other)

    def _with_communes(self, typed: pd.DataFrame) -> pd.DataFrame:
        """Replace each commune's name by that of the unit it meant at the time of its row."""
        places, today = self.places, pd.Timestamp.today().normalize()
        if "since" in typed:
            first, last = typed["since"], typed["until"].fillna(today)
        elif "due" in typed:
            first = last = typed["met"].fillna(typed["due"])
        else:
            year = typed["year"].astype("string")
            first = pd.to_datetime(year + "-01-01", errors="coerce")
            last = pd.to_datetime(year + "-12-31", errors="coerce")
        first, last = (day.astype("datetime64[us]") for day in (first, last))
        # Commendations may bear no year: a name is then compared with those of any time.
        dated = first.notna().to_numpy()
        first, last = first.fillna(today), last.fillna(today)
        named = typed["commune"].notna().to_numpy()
        names = typed.loc[named, "commune"]
        at_first = places.resolve(names, first[named], first[named])
        at_last = places.resolve(names, last[named], last[named])
        units = np.where((at_first >= 0) | (at_last == -1), at_first, at_last)
        found = typed["commune"].astype(object).copy()
        for i, name, unit in zip(np.flatnonzero(named), names, units, strict=True):
            if unit != -1 and not dated[i]:
                found.iloc[i] = places.units["name"].iloc[places.positions(name)[0]]
            elif unit >= 0:
                found.iloc[i] = places.units["name"].iloc[unit]
            elif unit == -1:
                near = ", ".join(places.nearest(name))
                kind = "unknown_commune" if near else "no_such_commune"
                self.add_problem(kind, i, "commune", name, near=near)
            elif not self.wrong[i]:
                start = f"{first.iloc[i]:%d/%m/%Y}"
                self.add_problem(UNIT_KINDS[int(unit)], i, "commune", name, start=start)
        return typed.assign(commune=found.astype("str").where(typed["commune"].notna()))


def _is_name(text: object, words: dict[str, list[str]]) -> bool:
    """Check whether a text can be a name of its own: "Tiếng kẻng an ninh"; not "Camera an nin"."""
    if not isinstance(text, str) or sum(map(str.isalpha, text)) < _SHORTEST_NAME:
        return False
    known = {bare_key(header_key(word)) for found in words.values() for word in found}
    return not difflib.get_close_matches(bare_key(header_key(text)), known, 1, cutoff=_NEAR)
