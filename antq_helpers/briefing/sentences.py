"""Write the sentences of a briefing from templates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from antq_helpers.dictionary import (
    base_words,
    capital,
    find_measure,
    is_worded,
    measures,
    number,
    rounded,
    signed,
    word,
)
from antq_helpers.drawing.text import dated_words, period_words
from antq_helpers.measuring.changes import PeriodChange, is_small, judge
from antq_helpers.measuring.lookback import LACKING, PARTIAL, Window, window_on
from antq_helpers.measuring.periods import (
    AGAINST,
    is_days,
    is_to_date,
    period_days,
    split_of,
)
from antq_helpers.measuring.releases import Book
from antq_helpers.measuring.totals import match_names
from antq_helpers.places import name_key
from antq_helpers.records import name_whole


def write_value(
    value: float, measure: str, language: str, parts: tuple[float, float] | None = None
) -> str:
    """Format a value by its measure: counts whole, shares and ratios with one decimal.

    A share or ratio of fewer than 10 is written as its two parts.
    """
    if pd.isna(value):
        return ""
    entry = find_measure(measure)
    if parts and entry.kind != "count" and is_small(measure, value, parts):
        return "/".join(number(part, language) for part in parts)
    text = number(value, language, 0 if entry.kind == "count" else 1)
    return f"{text}%" if entry.kind == "share" else text


def change_shown(change: PeriodChange) -> float:
    """Return a change as the difference of the two rounded values shown beside it."""
    if find_measure(change.measure).kind == "count":
        return change.difference
    return rounded(rounded(change.value, 1) - rounded(change.before, 1), 1)


_MOST_NAMED = 3
_LATE = 0.9  # of the time of the communes that reported
_WITHOUT_VALUE = ("missing", "none", "hidden")


def headline(
    records: pd.DataFrame,
    *,
    measure: str = "tips",
    communes: Iterable[str] | None = None,
    period: str | int | pd.Period,
    against: str = AGAINST[0],
    audience: str = "internal",
    language: str = "vi",
    book: Book | str | Path | None = None,
) -> str:
    """Write a sentence: what, where, when, how it changed, and whether that is beyond chance.

    Parameters
    ----------
    communes
        Names, added up where they are several; the whole place by default. The change of one is
        judged together with those of all others.
    period
        As :func:`look_back` takes it: ``2022``, ``2022-H1``, ``2022-Q1``, ``2022-03``, or
        ``2022-to-09`` for the year to date.
    against
        ``"same_period_last_year"`` or ``"previous_period"``.
    audience
        ``"public"`` hides small counts, over the whole release: see :func:`protect`.
    book
        The release book, for the public: see :func:`look_back`.

    Returns
    -------
    str
        A change within chance, by :func:`compare_counts` with the dispersion of these records, is
        not called a rise or a fall: its size is told as arithmetic, and that it is usual. Of an
        unfinished period neither is told. No percentage is given on a base below 10. A sentence on
        illustrative records begins with their mark.

    Raises
    ------
    ValueError
        For a period, measure or unit that the records do not hold.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> print(headline(load_records(), period="2022-Q3", language="en"))
    SYNTHETIC FIGURES, FOR ILLUSTRATION. In the third quarter of 2022, the whole city received 138
    tips, 7 tips fewer than in the same period of 2021 (145 tips); the difference is within the
    usual variation.
    """
    find_measure(measure)
    window = window_on(records, period, audience, book)
    change = judge(window, measure, against, find_places(window, communes))
    mark = f"{word('illustrative', language)}. " if window.illustrative else ""
    return mark + say(change, window, language)


def find_places(window: Window, communes: Iterable[str] | None) -> tuple[str, ...]:
    """Return the ids of units by their names; that of the whole place for None."""
    if communes is None:
        return ("",)
    if isinstance(communes, str):
        raise ValueError(f"communes={communes!r} is one text. Write communes=[{communes!r}].")
    ids = {name: unit for unit, (name, _) in window.units.items() if unit}
    named = match_names(communes, {name_key(name): name for name in ids})
    if not named:
        raise ValueError("communes=[] names no commune. Leave it out for the whole place.")
    return tuple(ids[name] for name in named)


def say(
    change: PeriodChange,
    window: Window,
    language: str,
    *,
    after: PeriodChange | None = None,
    beside: PeriodChange | None = None,
    judged: bool = True,
) -> str:
    """Write a value and its change as a sentence, without the illustrative mark.

    Place, time and how many reports came in are left out where the sentence of ``after`` tells
    them. ``beside`` is a measure of the same: the share that is valuable, who attended. Without
    ``judged`` the change is arithmetic alone, unless it is more than chance.
    """
    when = dated_words(change.period, window.days[change.period], language)
    blanks = {
        "when": _when_words(when, language),
        "where": place_words(window, change.commune_ids, language),
        "reporting": change.reporting,
        "expected": change.expected,
        "covered": _coverage(change.covered, language),
        "label": _lower(find_measure(change.measure).text("label", language)),
        "base": base_words([change.measure], language),
    }
    start = "next" if after and _is_of_some(after) == _is_of_some(change) else "say"
    if change.state in _WITHOUT_VALUE:
        return capital(word(f"{start}_{change.state}", language, **blanks))
    starts = after is not None and start == "next"
    blanks["said"] = _reported_words(change, language, beside, goes_on=starts)
    blanks["did"] = _number_words(change, language)
    if _is_of_some(change):
        blanks |= _some_words(change, blanks, language)
        return capital(word(f"{start}_some", language, **blanks))
    if change.state == PARTIAL:
        return capital(word(f"{start}_partial", language, **blanks))
    known = starts and _covers(after) == _covers(change)
    if change.state == LACKING and not known:
        blanks["said"] = word(
            "say_lacking_now", language, text=blanks["said"], covered=blanks["covered"]
        )
    begun = blanks["said"]
    if not starts or not is_worded(f"next_{change.measure}") or not change.value:
        begun = word(f"{start}_full", language, **blanks)
    return capital(_compared_words(begun, change, language, judged=judged, known=known))


def _covers(change: PeriodChange) -> tuple[str, str]:
    """Return how many reports came in, now and before, as they are told."""
    sides = (change.covered, change.covered_before)
    return tuple(number(round(side * 100), "en") for side in sides)


def _is_of_some(change: PeriodChange) -> bool:
    """Check whether the number of several units is that of some of them only."""
    some = change.state == PARTIAL and change.reporting < change.expected
    return some and change.expected > 1


def _some_words(change: PeriodChange, blanks: dict, language: str) -> dict[str, str]:
    """Return the words on how many units reported, what, and that it is not all."""
    city = change.commune_ids == ("",)
    kind = "count" if find_measure(change.measure).kind == "count" else "share"
    # "14 of 15 reported" is followed by the time covered only if those 14 missed part of it.
    late = city and change.covered < _LATE * change.reporting / change.expected
    return {
        "of": word("some_of_city" if city else "some_of_chosen", language, **blanks),
        "reported": word(f"some_{kind}", language, **blanks),
        "late": word("some_late", language, **blanks) if late else "",
        "whole": word("some_not_city" if city else "some_not_all", language, whole=blanks["where"]),
    }


def _reported_words(
    change: PeriodChange, language: str, beside: PeriodChange | None, *, goes_on: bool
) -> str:
    """Write what one place reported; a share or ratio of small counts as the two numbers."""
    measure, value, parts = change.measure, change.value, change.parts
    if find_measure(measure).kind != "count" and is_small(measure, value, parts):
        part, base = (number(part, language) for part in parts)
        return word(f"say_{measure}_small", language, part=part, base=base)
    if find_measure(measure).kind == "count" and not value:
        return word(f"say_{measure}_none", language)
    blanks = {
        "value": write_value(value, measure, language),
        "did": _number_words(change, language),
        "beside": _beside_words(beside, language),
    }
    goes_on = goes_on and is_worded(f"next_{measure}")
    return word(f"{'next' if goes_on else 'say'}_{measure}", language, **blanks)


def measure_beside(name: str) -> str | None:
    """Return the measure that the sentence of a count tells, too: its share, or who attended.

    >>> measure_beside("valuable_tips"), measure_beside("sessions"), measure_beside("tips")
    ('valuable_share', 'attendances', None)
    """
    for other, entry in measures().items():
        share = entry.kind == "share" and entry.numerator == name
        if (share or entry.counted_at == name) and is_worded(f"beside_{other}"):
            return other
    return None


def _beside_words(beside: PeriodChange | None, language: str) -> str:
    """Write what stands beside a count, unless it is not known in full or of too few."""
    if beside is None or beside.state not in ("full", LACKING):
        return ""
    entry = find_measure(beside.measure)
    if entry.kind != "count" and is_small(beside.measure, beside.value, beside.parts):
        return ""
    value = write_value(beside.value, beside.measure, language)
    text = word(f"beside_{beside.measure}", language, value=value)
    return text if text.startswith(",") else f" {text}"


def _number_words(change: PeriodChange, language: str) -> str:
    """Write a number with the name of what was counted."""
    entry = find_measure(change.measure)
    if entry.kind == "count" and change.value == 1:
        return word(f"one_{change.measure}", language)
    short = entry.text("short", language)
    if not change.value:
        return word("say_none_did", language, short=short)
    value = write_value(change.value, change.measure, language, change.parts)
    many = f"many_{change.measure}"
    return word(many, language, value=value) if is_worded(many) else f"{value} {short}"


def _coverage(covered: float, language: str) -> str:
    """Format a share of time below all of it; never rounded up to 100."""
    return number(min(round(covered * 100), 99), language)


def _compared_words(
    start: str, change: PeriodChange, language: str, *, judged: bool, known: bool
) -> str:
    """Continue a sentence with the comparison to the other period."""
    entry = find_measure(change.measure)
    before = write_value(change.before, change.measure, language, change.parts_before)
    if entry.kind == "count" and before:
        before = f"{before} {_unit_of(entry.text('unit', language), before, language)}"
    blanks = {
        "start": start,
        "other": other_period(change, language),
        "base": base_words([change.measure], language),
        "before": before,
        "pct": "" if pd.isna(change.pct) else f" ({signed(rounded(change.pct), language)}%)",
    }
    if change.state_before not in ("full", LACKING):
        return word(f"say_before_{change.state_before}", language, **blanks)
    lacking = LACKING in (change.state, change.state_before)
    if change.state_before == LACKING and not known:
        covered = _coverage(change.covered_before, language)
        blanks["before"] = word("say_lacking", language, text=before, covered=covered)
    if entry.kind == "count" and change.difference == 0 and not lacking:
        return word("say_equal" if change.value else "say_equal_none", language, **blanks)
    small = is_small(change.measure, change.before, change.parts_before)
    if entry.kind != "count":
        small = small or is_small(change.measure, change.value, change.parts)
    if not change.sure or (entry.kind != "count" and pd.isna(change.difference)):
        # Shares of few, as 0/2 and 1/3, have no difference to tell.
        shares = small and entry.kind != "count"
        if shares or pd.isna(change.difference) or not change_shown(change):
            key = "say_beside_lacking" if change.state == LACKING else "say_beside"
            return word(key, language, **blanks)
        blanks["change"] = _change_words(change, language, above="above", below="below")
        said = verdict_of(change) if judged else ""
        return word(f"say_{said or 'differs'}", language, **blanks)
    blanks["change"] = _change_words(change, language)
    if lacking:
        return word("say_beyond_lacking", language, **blanks)
    return word("say_beyond_small" if small else "say_beyond", language, **blanks)


def _unit_of(unit: str, size: str, language: str) -> str:
    return unit.removesuffix("s") if size == "1" and language == "en" else unit


def verdict_of(change: PeriodChange) -> str:
    """Return the verdict on a change that is not more than chance: within, unjudged, or none."""
    if change.sure or find_measure(change.measure).interval == "none":
        return ""
    return "unjudged" if change.sure is None else "within"


def _change_words(
    change: PeriodChange, language: str, *, above: str = "more", below: str = "fewer"
) -> str:
    """Write the size of a change; if reports are lacking, that of the rates in per cent.

    ``above`` and ``below`` choose the words: a rise and a fall, or plain arithmetic.
    """
    # Arithmetic is of the two numbers; a rise is one of the rates, which coverage can turn round.
    up = change.rose if above == "more" else change.value > change.before
    entry, rose = find_measure(change.measure), above if up else below
    rates = above == "more" and LACKING in (change.state, change.state_before)
    if not pd.isna(change.difference) and not (rates and entry.kind == "count"):
        size = write_value(abs(change_shown(change)), change.measure, language)
        share = entry.kind == "share"
        unit = word("say_points", language) if share else entry.text("unit", language)
        size = size.rstrip("%")
        unit = _unit_of(unit, size, language)
        kind = "count" if entry.kind == "count" else "share"
        return word(f"say_{rose}_{kind}", language, size=size, unit=unit)
    if pd.isna(change.pct):
        return word(f"say_{rose}_few", language)
    return word(f"say_{rose}_rate", language, size=number(abs(change.pct), language))


def other_period(change: PeriodChange, language: str) -> str:
    """Name the other period, in few words if it is the same part of the year before.

    Of a week its number is said, because the week of the same number has other days.
    """
    this, other = change.period, change.before_period
    if is_days(this):
        (first, _), (other_first, _) = period_days(this), period_days(other)
        if f"{first:%m-%d}" == f"{other_first:%m-%d}":
            return word("say_same_period", language, year=other_first.year)
        return word("say_days", language, days=period_words(other, language))
    part = is_to_date(this) or split_of(this) in ("half", "quarter", "month")
    if part and this[4:] == other[4:]:
        return word("say_same_period", language, year=other[:4])
    return period_words(other, language)


def place_words(window: Window, commune_ids: tuple[str, ...], language: str) -> str:
    """Name places within a sentence, with their kind and the units merged into them."""
    if commune_ids == ("",):
        return name_whole(window.totals, language, inside=True)
    if len(commune_ids) > _MOST_NAMED:
        return word("say_several", language, count=len(commune_ids))
    found = []
    for unit in commune_ids:
        name, kind = window.units[unit]
        name = word(f"say_{kind}", language, name=name)
        if unit in window.holds:
            joined = ", ".join(
                word(f"say_{old}", language, name=part) for part, old in window.holds[unit]
            )
            name = word("say_joined", language, name=name, names=joined)
        found.append(name)
    return ", ".join(found)


def _when_words(when: str, language: str) -> str:
    """Return the beginning of a sentence on a period, such as "In 2022"."""
    if language != "en":
        return capital(when)
    return f"From {when}" if " to " in when.partition(" (")[0] else f"In {when}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
