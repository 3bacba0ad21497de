"""Numbers, lines, notes and alt texts of charts over time."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import numpy as np
import pandas as pd

from antq_helpers.dictionary import base_words, find_measure, is_stock, number, word
from antq_helpers.drawing.text import (
    cut_words,
    interval_words,
    name_measure,
    name_years,
    period_label,
    period_words,
    residents_note,
    words_if,
)
from antq_helpers.drawing.view import View
from antq_helpers.measuring.comparisons import add_dispersion, add_intervals, variation_of
from antq_helpers.measuring.disclosure import HIDDEN
from antq_helpers.measuring.lookback import PARTIAL, Window, window_on
from antq_helpers.measuring.periods import MONTHS, is_days, months_of
from antq_helpers.measuring.totals import (
    Tally,
    check_years,
    find_rows,
    match_names,
    tally,
    years_alone,
    years_of,
)
from antq_helpers.places import name_key
from antq_helpers.records import check_records, chosen_of, members_of, name_whole

MOST_COLOURED = 6
MOST_BANDS = 4
MOST_NAMED = 15
_HIGHEST = 4
MANY_PERIODS = 24
_COLUMNS = [
    *("measure", "series", "role", "period", "period_start", "value", "low", "high", "state"),
    *("numerator", "denominator", "exposure", "reporting", "expected", "covered"),
    *("dispersion", "illustrative", "boundaries", "place"),
]


def numbers(records: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the numbers of a chart over time, a row per measure, series and period."""
    if view.period:
        audience = view.audience or "internal"
        return numbers_in(window_on(records, view.period, audience), view)
    records = check_records(records)
    years = check_years(records, view.years or years_of(records))
    ask = {
        "period": view.by,
        "boundaries": view.boundaries,
        "years": years_alone(records, view.boundaries, years),
    }
    city = tally(records, **ask)
    columns = _columns(city, years)
    tables = []
    if view.split:
        totals = tally(records, view.split, **ask)
        kinds = totals.long(view.measures, columns=columns)
        names = {kind: word(f"kind_{kind}", view.language) for kind in ("ward", "commune")}
        tables.append(kinds.assign(series=kinds["kind"].map(names), role="kind"))
    elif view.communes:
        totals = tally(records, "commune", **ask)
        rows = sorted(find_rows(totals, view.communes))  # totals stand in official order
        chosen = totals.long(view.measures, rows, columns)
        tables.append(chosen.assign(series=chosen["commune"], role="commune"))
    whole = city.long(view.measures, columns=columns)
    if view.communes is None or _stands_beside(whole, view):
        units = len(members_of(records, city.boundaries)[1])
        tables.append(_city_beside(whole, view, units))
    if not tables:
        empty = city.long(view.measures, [], columns)
        tables.append(empty.assign(series="", role="", share_of=1))
    table = pd.concat([t.assign(share_of=t.get("share_of", 1)) for t in tables], ignore_index=True)
    field = {name: variation_of(records, name, **ask) for name in view.measures}
    return _with_targets(add_intervals(add_dispersion(table, field), view.per)[_COLUMNS], view)


def _with_targets(numbers: pd.DataFrame, view: View) -> pd.DataFrame:
    """Add the targets of the view's years to the series that they are of, if it has any.

    They are of counts of whole years, so rates and shorter periods have none.
    """
    if not view.targets or view.by != "year" or view.per is not None:
        return numbers
    known = {
        ("" if name is None else name_key(name), measure, str(year)): target
        for name, measure, year, target in view.targets
    }
    names = numbers["series"].map(name_key).where(numbers["role"] == "commune", "")
    # A pool of years, or a year to date, has a longer label than a year, and no target.
    keys = zip(names, numbers["measure"], numbers["period"], strict=True)
    target = [known.get(key, np.nan) for key in keys]
    return numbers.assign(
        target=np.where(numbers["role"].isin(["commune", "city"]), target, np.nan)
    )


def numbers_in(window: Window, view: View) -> pd.DataFrame:
    """Return the numbers of a view from a window, whose hidden counts stay hidden."""
    table = window.totals
    table = table[table["measure"].isin(view.measures)]
    whole = table["commune_id"] == ""
    city, communes = table[whole], table[~whole]
    tables = []
    if view.communes:
        known = {name_key(name): name for name in communes["commune"].unique()}
        names = match_names(view.communes, known)
        chosen = communes[communes["commune"].isin(names)]
        tables.append(chosen.assign(series=chosen["commune"], role="commune", share_of=1))
    if view.communes is None or _stands_beside(city, view):
        tables.append(_city_beside(city, view, communes["commune_id"].nunique()))
    if not tables:
        tables.append(city.iloc[:0].assign(series="", role="", share_of=1))
    shown = pd.concat(tables, ignore_index=True)
    # In the order of the view's measures. The states hidden and partial are kept, because
    # add_intervals would replace them.
    rank = shown["measure"].map(list(view.measures).index)
    shown = shown.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)
    kept = shown["state"].where(shown["state"].isin([HIDDEN, PARTIAL]))
    drawn = add_intervals(shown, view.per)
    return _with_targets(drawn.assign(state=kept.fillna(drawn["state"]))[_COLUMNS], view)


@dataclass(frozen=True)
class Line:
    """One series of one measure, ready to draw: arrays over the same periods.

    ``in_colour`` is false for the communes of a choice too large for colours; they are drawn grey,
    without interval.
    """

    name: str
    role: str
    in_colour: bool
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    state: np.ndarray
    target: np.ndarray


def lines_of(numbers: pd.DataFrame, measure: str) -> list[Line]:
    """Split the numbers of one measure into lines, in drawing order."""
    mine = numbers["measure"].to_numpy() == measure
    if "target" not in numbers:
        numbers = numbers.assign(target=np.nan)
    if not mine.any():
        return []
    length = len(pd.unique(numbers["period"].to_numpy()[mine]))
    names, roles, *columns = (
        numbers[name].to_numpy()[mine].reshape(-1, length)
        for name in ("series", "role", "value", "low", "high", "state", "target")
    )
    few = np.count_nonzero(roles[:, 0] == "commune") <= MOST_COLOURED
    return [
        Line(name, role, few or role != "commune", *arrays)
        for name, role, *arrays in zip(names[:, 0], roles[:, 0], *columns, strict=True)
    ]


def last_of(line: Line) -> tuple[float, float]:
    """Return index and value of a line's last point, or of its last mark if it has no point."""
    known = np.flatnonzero(~np.isnan(line.value))
    if len(known):
        return float(known[-1]), float(line.value[known[-1]])
    marked = np.flatnonzero(np.isin(line.state, ("missing", "hidden")))
    return (float(marked[-1]), 0.0) if len(marked) else (np.nan, np.nan)


def named_greys(lines: list[Line]) -> list[Line]:
    """Return the grey lines to label: all of them, or the highest and lowest of too many."""
    ends = [(last_of(line)[1], line.name, line) for line in lines if not line.in_colour]
    ranked = sorted((end for end in ends if not np.isnan(end[0])), key=lambda end: end[:2])
    greys = [line for _, _, line in ranked]
    half = MOST_NAMED // 2
    return greys if len(greys) <= MOST_NAMED else [*greys[:half], *greys[-half:]]


def never_reported(line: Line) -> bool:
    """Check whether a line has no value, for want of reports in some or all periods."""
    return bool(np.isnan(line.value).all() and (line.state == "missing").any())


def lone_points(value: np.ndarray) -> np.ndarray:
    """Find the points without a neighbour, which a line does not show."""
    known = np.concatenate([[False], ~np.isnan(value), [False]])
    return known[1:-1] & ~known[:-2] & ~known[2:]


def with_intervals(lines: list[Line]) -> bool:
    """Check whether to draw intervals: many bands over many periods hide each other."""
    drawn = [line for line in lines if line.in_colour]
    return len(drawn) <= MOST_BANDS or len(drawn[0].value) <= MANY_PERIODS


def height_of(lines: list[Line]) -> float:
    """Return the top of a panel: the highest value or target, or interval up to four times that.

    The interval of a ratio of small counts may reach many times its value, or infinity.
    """
    values = np.concatenate([ends for line in lines for ends in (line.value, line.target)])
    highs = [line.high for line in lines if line.in_colour] if with_intervals(lines) else []
    highs = np.concatenate([*highs, [0.0]])
    peak = np.max(values[np.isfinite(values)], initial=0) or 1.0
    return max(peak, min(np.max(highs[np.isfinite(highs)], initial=0), _HIGHEST * peak))


def _columns(city: Tally, years: tuple[int, int]) -> slice:
    """Return the slice of the periods that end in a span of years."""
    ends = city.periods.end.astype("datetime64[Y]").astype(int) + 1970
    first, after = np.searchsorted(ends, [years[0], years[1] + 1])
    return slice(int(first), int(after))


def _stands_beside(city: pd.DataFrame, view: View) -> bool:
    """Check whether to draw the city beside the units: only if several reported."""
    return bool(view.communes) and city["reporting"].max() > 1


def _city_beside(city: pd.DataFrame, view: View, units: int) -> pd.DataFrame:
    """Return the city as a series of its own, scaled to the series beside it.

    Beside single units its count is divided by the number that reported: ``units``, those on these
    boundaries, times the share that reported of those that existed then.
    """
    beside = np.full(len(city), view.per is None and bool(view.communes))
    mean = beside & [find_measure(name).kind == "count" for name in city["measure"]]
    whole = name_whole(city, view.language)
    key = "mean_of" if chosen_of(city) else "city_mean"
    average = word(key, view.language, whole=whole)
    return city.assign(
        series=np.where(mean, average, whole),
        role=np.where(mean, "mean", "city"),
        share_of=np.where(mean, np.maximum(units * city["reporting"] / city["expected"], 1), 1),
    )


def title(measure: str, view: View) -> str:
    """Return a panel's title: the measure, per residents if a rate, and the unit if only one."""
    label = name_measure(view, measure)
    if view.communes and len(view.communes) == 1:
        return word("label_of_place", view.language, label=label, place=view.communes[0])
    return label


def dated_title(numbers: pd.DataFrame, measure: str, view: View) -> str:
    """Return a panel's title with the years drawn, as on charts that compare units."""
    named = title(measure, view)
    return named if numbers.empty else f"{named}, {name_years(numbers)}"


def axis_label(measure: str, view: View) -> str:
    """Return the label of the vertical axis: the unit, with its denominator and period."""
    entry, language = find_measure(measure), view.language
    unit = entry.text("unit", language)
    if entry.kind != "count" or (is_stock(measure) and not view.per):
        return unit
    weeks = view.by == "week" or (view.period and is_days(view.period))
    months = 0 if weeks else months_of(view.period) if view.period else MONTHS[view.by]
    if view.per:
        key = "axis_rate" if months == 12 else "axis_rate_annualised"
        key = "axis_rate_stock" if is_stock(measure) else key
        return word(key, language, unit=unit, per=number(view.per, language))
    named = {length: f"by_{name}" for name, length in MONTHS.items()}
    named[0] = "by_days" if view.period and is_days(view.period) else "by_week"
    several = word("by_months", language, count=months)
    period = word(named[months], language) if months in named else several
    return word("axis_count", language, unit=unit, period=period)


def notes(numbers: pd.DataFrame, view: View, width: int = 112) -> str:
    """Return the notes below a chart: how to read it, and what its numbers are based on.

    ``width`` is the number of letters that fit on a line.
    """
    if numbers.empty:
        return ""
    paragraphs = _reading_notes(numbers, view), _basis_notes(numbers, view)
    return "\n".join(textwrap.fill(" ".join(part), width) for part in paragraphs)


def _reading_notes(numbers: pd.DataFrame, view: View) -> list[str]:
    language = view.language
    panels = [lines_of(numbers, measure) for measure in view.measures]
    drawn = [line for lines in panels for line in lines if line.in_colour]
    states = {state for line in drawn for state in line.state}
    role = numbers["role"].to_numpy()
    silent = any(never_reported(line) for lines in panels for line in named_greys(lines))
    needed = {
        "note_partial_period" if view.period else "note_partial": "partial" in states,
        "note_missing": "missing" in states or silent,
        "note_none": "none" in states,
        "note_hidden": "hidden" in states,
        "note_mean": (role == "mean").any(),
        "note_targets": any(np.isfinite(line.target).any() for line in drawn),
        **_needed_of_greys(panels),
    }
    values = {
        "mean": next(iter(numbers["series"][role == "mean"]), ""),
        "count": number(numbers.loc[role == "commune", "series"].nunique(), language),
        "base": base_words(view.measures, language),
    }
    notes = []
    if drawn_as := _of_intervals(panels):
        of_intervals = numbers.loc[numbers["low"].notna(), "dispersion"]
        notes = interval_words(drawn_as, of_intervals, language)
    cut = known = 0
    for lines in filter(with_intervals, panels):
        top = height_of(lines)
        cut += sum((line.high > top).sum() for line in lines if line.in_colour)
        known += sum(np.isfinite(line.low).sum() for line in lines if line.in_colour)
    many = numbers["period"].nunique() > MANY_PERIODS
    notes += cut_words(cut, known, language, each=not many)
    return notes + words_if(needed, language, **values)


def _basis_notes(numbers: pd.DataFrame, view: View) -> list[str]:
    """Return the notes on source, boundaries, census, coverage and a longer last period."""
    language, last = view.language, numbers["period"].iloc[-1]
    made_up = numbers["illustrative"].any()
    source = "source_short_illustrative" if made_up else "source_reported"
    needed = {source: view.audience, "note_boundaries": True}
    notes = words_if(needed, language, year=numbers["boundaries"].iloc[0])
    notes += [residents_note(numbers, language)] if view.per else []
    notes.append(_coverage_note(numbers, language, drawn=bool(view.period)))
    if view.period and last != view.period:
        asked, drawn = (period_words(period, language) for period in (view.period, last))
        notes.append(word("note_longer", language, asked=asked, taken=drawn))
    return notes


def _of_intervals(panels: list[list[Line]]) -> str:
    """Return how intervals are drawn: ``bars``, ``bands``, ``interval`` for both, or empty."""
    drawn = set()
    for lines in filter(with_intervals, filter(None, panels)):
        coloured = [line for line in lines if line.in_colour]
        banded = len(coloured) == 1 or len(coloured[0].value) > MANY_PERIODS
        for line in coloured:
            known = np.isfinite(line.low)
            barred = known & lone_points(line.value) if banded else known
            drawn |= {"bars"} if barred.any() else set()
            drawn |= {"bands"} if (known & ~barred).any() else set()
    return "interval" if len(drawn) > 1 else next(iter(drawn), "")


def _needed_of_greys(panels: list[list[Line]]) -> dict[str, bool]:
    """Return which notes on grey lines apply: that all are labelled, or only some."""
    greys = [sum(not line.in_colour for line in lines) for lines in panels]
    some = any(count > MOST_NAMED for count in greys)
    crossing = any(len(line.value) > MANY_PERIODS for lines in panels for line in lines)
    all_named = "note_grey_many" if crossing else "note_grey"
    return {all_named: any(greys) and not some, "note_grey_some": some}


def _coverage_note(numbers: pd.DataFrame, language: str, *, drawn: bool) -> str:
    """Return the note on how much of the periods the reports of units and city cover.

    ``drawn`` makes the note speak of the periods drawn, where the text names only one of them.
    """

    def share(rows: pd.DataFrame) -> str:
        return number(rows["covered"].mean() * 100, language, 1)

    alone = numbers["role"].isin(["city", "mean"])
    city, communes = numbers[alone], numbers[numbers["role"] == "commune"]
    if city.empty:
        return word("note_covered_one", language, share=share(numbers))
    whole = name_whole(numbers, language, inside=True)
    # If all are chosen, both shares are of the same reports, but as averages over the rows they
    # could differ by how long each unit existed: only one is given.
    expected = [rows["expected"].sum() for rows in (communes, city)]
    if communes.empty or expected[0] == expected[1]:
        return word("note_covered", language, share=share(city), whole=whole)
    key = "note_covered_drawn" if drawn else "note_covered_chosen"
    return word(key, language, share=share(communes), city=share(city), whole=whole)


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe a chart over time: measures, places, periods, first and last values."""
    language = view.language
    if numbers.empty:
        return [word("nothing_chosen", language)]
    periods = [period_label(p, language) for p in numbers["period"].iloc[[0, -1]]]
    labels = [period_label(p, language) for p in numbers["period"].unique()]
    key = "alt_chart" if periods[0] != periods[1] else "alt_chart_one"
    ends = {"first": periods[0], "last": periods[1]}
    sentences = []
    for measure in view.measures:
        sentences.append(word(key, language, title=title(measure, view), **ends))
        lines = lines_of(numbers, measure)
        sentences += [_describe_line(x, measure, view, labels) for x in lines if x.in_colour]
        sentences += _describe_targets(lines, view, labels)
        sentences += _describe_greys([x for x in lines if not x.in_colour], view, labels)
    return sentences


def _describe_targets(lines: list[Line], view: View, labels: list[str]) -> list[str]:
    found = []
    for line in (line for line in lines if line.in_colour):
        if len(at := np.flatnonzero(np.isfinite(line.target))):
            target = number(line.target[at[-1]], view.language)
            of = {"series": line.name, "period": labels[at[-1]], "target": target}
            found.append(word("alt_target", view.language, **of))
    return found


def _describe_greys(greys: list[Line], view: View, labels: list[str]) -> list[str]:
    """Summarise the grey lines: their number, and the last period's highest and lowest."""
    if not greys:
        return []
    count = number(len(greys), view.language)
    last = sorted((line.value[-1], line.name) for line in greys if not np.isnan(line.value[-1]))
    if not last:
        return [word("alt_more", view.language, count=count)]
    ends = {
        side: f"{name} {number(value, view.language, int(value % 1 > 0))}"
        for side, (value, name) in (("high", last[-1]), ("low", last[0]))
    }
    return [word("alt_greys", view.language, count=count, period=labels[-1], **ends)]


def _describe_line(line: Line, measure: str, view: View, labels: list[str]) -> str:
    """Describe a line by its first and last value, with their periods if the chart goes beyond."""
    at = np.flatnonzero(~np.isnan(line.value))
    known = line.value[at]
    if not len(known):
        key = "alt_missing" if (line.state != "none").any() else "alt_none"
        return word(key, view.language, series=line.name)
    whole = find_measure(measure).kind == "count" and not view.per and line.role != "mean"
    first, last = (number(value, view.language, 0 if whole else 1) for value in known[[0, -1]])
    values = {"series": line.name, "first": first, "last": last}
    if len(known) == len(line.value) or (at[0], at[-1]) == (0, len(line.value) - 1):
        key = "alt_series" if len(line.value) > 1 else "alt_series_one"
        return word(key, view.language, **values)
    within = "alt_series_only" if len(known) == 1 else "alt_series_within"
    text = word(within, view.language, **values, a=labels[at[0]], b=labels[at[-1]])
    if line.state[-1] not in ("missing", "hidden"):
        return text
    return f"{text} {word(f'alt_last_{line.state[-1]}', view.language, period=labels[-1])}"
