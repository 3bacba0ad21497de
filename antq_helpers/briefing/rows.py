"""Standings and a window in; the tables of a briefing, as text, out."""

from __future__ import annotations

from functools import cache

import pandas as pd

from antq_helpers.briefing.values import change_shown, write_value
from antq_helpers.dictionary import LANGUAGES, capital, find_measure, number, rounded, signed, word
from antq_helpers.drawing.labels import period_label
from antq_helpers.measuring.period_totals import LACKING, PARTIAL, WHOLE
from antq_helpers.measuring.periods import AGAINST, period_against, split_of
from antq_helpers.measuring.releasing import HIDDEN
from antq_helpers.measuring.standings import Standing, hold_against
from antq_helpers.measuring.windows import Window
from antq_helpers.records import name_whole

LATE = "°"  # beside a number of a period that is not fully reported
_LAST_YEAR, _PREVIOUS = AGAINST


def compared_with(window: Window) -> list[str]:
    """Give what a table compares with: one period where the two are the same."""
    two = {a: period_against(window.period, a) for a in (_PREVIOUS, _LAST_YEAR)}
    return [_LAST_YEAR] if len(set(two.values())) == 1 else [_PREVIOUS, _LAST_YEAR]


def is_part_of_year(period: str) -> bool:
    """Say whether a period is a month, quarter or half, which has a year to date."""
    return split_of(period) in ("half", "quarter", "month")


def tabulate_place(window: Window, held: list[Standing], language: str) -> pd.DataFrame:
    """Write the table of a place: this period, those it is held against, and the year to date."""
    rows = []
    for this in held:
        entry = find_measure(this.measure)
        row = {
            word("col_measure", language): entry.text("label", language),
            word("col_unit", language): entry.text("unit", language),
            capital(period_label(window.period, language)): write_cell(
                this.value, this.state, this.measure, language, this.parts
            ),
        }
        for against in compared_with(window):
            other = this
            if this.before_period != period_against(window.period, against):
                other = hold_against(window, this.measure, against, this.commune_ids)
            row |= _beside(other, language)
        if is_part_of_year(window.period):
            to_date = _to_date(window, this.measure, this.commune_ids[0], language)
            row[word("col_to_date", language)] = to_date
        rows.append(row)
    return pd.DataFrame(rows)


def _beside(standing: Standing, language: str) -> dict[str, str]:
    """Write the other period with the change, in numbers and per cent."""
    entry = find_measure(standing.measure)
    label = capital(period_label(standing.before_period, language))
    decimals = 0 if entry.kind == "count" else 1
    late = LATE if LACKING in (standing.state, standing.state_before) else ""
    change = pct = "–"
    if not pd.isna(standing.change):
        change = signed(change_shown(standing), language, decimals) + late
    if not pd.isna(standing.pct):
        pct = f"{signed(rounded(standing.pct), language)}%{late}"
    before = write_cell(
        standing.before, standing.state_before, standing.measure, language, standing.parts_before
    )
    return {label: before, f"{label}\n±": change, f"{label}\n%": pct}


def write_cell(
    value: float,
    state: str,
    measure: str,
    language: str,
    parts: tuple[float, float] | None = None,
) -> str:
    """Write a value as a table has it, or why there is none; ° marks an unfinished period."""
    if state in ("hidden", "missing", "none"):
        return word(f"cell_{state}", language)
    late = LATE if state in (LACKING, PARTIAL) else ""
    return write_value(value, measure, language, parts) + late


def _to_date(window: Window, measure: str, commune_id: str, language: str) -> str:
    """Add up what was reported of this year, where each of its periods may be shown."""
    year = window.period[:4]
    table = window.totals
    chosen = (table["measure"] == measure) & (table["commune_id"] == commune_id)
    rows = table[chosen & table["period"].str.startswith(year)]
    states = set(rows["state"])
    if HIDDEN in states or states == {"missing"}:
        return word(f"cell_{HIDDEN if HIDDEN in states else 'missing'}", language)
    entry = find_measure(measure)
    value, below = rows["numerator"].sum(), rows["denominator"].sum()
    if entry.kind != "count":
        if not below:
            return word("cell_none", language)
        value = value / below * entry.per
    state = LACKING if states & {LACKING, PARTIAL, "missing"} else "full"
    parts = rows["numerator"].sum(), below
    return write_cell(value, state, measure, language, parts)


def tabulate_communes(
    window: Window,
    judged: dict[str, list[Standing]],
    told: tuple[str, ...],
    against: str,
    language: str,
) -> pd.DataFrame:
    """Write one row per commune, and the place: the first counts against another period."""
    counts = [name for name in told if is_judged_count(name)][:2]
    names = window.totals.drop_duplicates("commune_id").set_index("commune_id")["commune"]
    rows = []
    for place in range(len(judged[told[0]]) + 1):
        row: dict[str, str] = {}
        for name in counts or told[:1]:
            whole = place == len(judged[name])
            standing = hold_against(window, name, against) if whole else judged[name][place]
            unit = standing.commune_ids[0]
            row[word("col_commune", language)] = names[unit] or name_whole(window.totals, language)
            short = capital(find_measure(name).text("short", language))
            now = write_cell(standing.value, standing.state, name, language, standing.parts)
            found = list(_beside(standing, language).values())
            labels = [
                capital(period_label(standing.period, language)),
                capital(period_label(standing.before_period, language)),
                "±",
                "%",
            ]
            for label, text in zip(labels, [now, *found], strict=True):
                row[f"{short}\n{label}"] = text
            row[f"{short}\n{word('col_judged', language)}"] = _judged(standing, language)
        rows.append(row)
    return pd.DataFrame(rows)


def is_judged_count(name: str) -> bool:
    """Say whether a measure is a count whose changes are held against chance."""
    entry = find_measure(name)
    return entry.kind == "count" and entry.interval != "none"


def _judged(standing: Standing, language: str) -> str:
    if standing.sure is None:
        return "–"
    if not standing.sure:
        return word("judged_within", language)
    return word("judged_rise" if standing.rose else "judged_fall", language)


def tabulate_silent(window: Window, told: tuple[str, ...], language: str) -> pd.DataFrame:
    """List the communes whose reports of the period are missing or do not cover it."""
    table = window.totals
    now = table[(table["period"] == window.period) & table["measure"].isin(told)]
    counts = [name for name in told if find_measure(name).kind == "count"]
    now = now[(now["commune_id"] != "") & now["measure"].isin(counts or list(told))]
    rows = []
    for _, of_one in now.groupby("commune_id", sort=False):
        # What is hidden was reported: whether a report came in is no secret of a count.
        gone = of_one[(of_one["reporting"] == 0) | (of_one["covered"] < WHOLE)]
        if gone.empty:
            continue
        labels = [find_measure(name).text("label", language) for name in gone["measure"]]
        every = len(gone) == len(of_one)
        rows.append(
            {
                word("col_commune", language): of_one["commune"].iloc[0],
                word("col_missing", language): word("silent_all", language)
                if every
                else "; ".join(labels),
                word("col_covered", language): f"{number(gone['covered'].min() * 100, language)}%",
            }
        )
    columns = [word(f"col_{name}", language) for name in ("commune", "missing", "covered")]
    return pd.DataFrame(rows, columns=columns)


def short_heads(table: pd.DataFrame) -> list[str]:
    """Name columns for the eye: changes stand beside the period that they are held against."""
    heads = [str(name) for name in table.columns]
    return [h.split("\n")[1] if h.endswith(("\n±", "\n%")) else h for h in heads]


def shorten(table: pd.DataFrame, window: Window, against: str) -> pd.DataFrame:
    """Give of a place's table what a slide has room for: this period against one other."""
    known = compared_with(window)
    first = 3 * (known.index(against) + 1 if against in known else 1)
    return table.iloc[:, [0, 2, first, first + 1, first + 2]]


def numeric_columns(table: pd.DataFrame) -> list[bool]:
    """Say of each column whether it holds numbers alone, or why there is none: it stands right."""
    return [
        place > 0 and all(_stands_for_number(str(text)) for text in table.iloc[:, place])
        for place in range(table.shape[1])
    ]


def _stands_for_number(text: str) -> bool:
    return is_number(text) or all(map(is_number, text.split("/"))) or text in _instead()


@cache
def _instead() -> frozenset[str]:
    states = ("hidden", "missing", "none")
    return frozenset(
        ["–", *(word(f"cell_{s}", language) for s in states for language in LANGUAGES)]
    )


def is_number(text: str) -> bool:
    """Say whether a cell of a table holds a number."""
    plain = text.lstrip("+−").rstrip(f"%{LATE}")
    return plain.replace(".", "").replace(",", "").isdigit()
