"""Write the sentences of a briefing from templates."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from antq_helpers.dictionary import capital, find_measure, number, rounded, signed, word
from antq_helpers.drawing.labels import period_words
from antq_helpers.measuring.lookback import (
    LACKING,
    PARTIAL,
    Standing,
    Window,
    is_small,
    judge,
    window_on,
)
from antq_helpers.measuring.periods import AGAINST, is_to_date, split_of
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


def change_shown(standing: Standing) -> float:
    """Return a change as the difference of the two rounded values shown beside it."""
    if find_measure(standing.measure).kind == "count":
        return standing.change
    return rounded(rounded(standing.value, 1) - rounded(standing.before, 1), 1)


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

    Returns
    -------
    str
        A change within chance, by :func:`compare_counts` with the dispersion of these records, is
        not called a rise or a fall; nor is one of an unfinished period. No percentage is given on a
        base below 10. A sentence on illustrative records begins with their mark.

    Raises
    ------
    ValueError
        For a period, measure or unit that the records do not hold.

    Examples
    --------
    >>> from antq_helpers import load_records
    >>> print(headline(load_records(), period="2022-Q3", language="en"))
    SYNTHETIC FIGURES, FOR ILLUSTRATION. In the third quarter of 2022, the whole city received 138
    tips (the same period a year before: 145); not enough evidence of a change.
    """
    find_measure(measure)
    window = window_on(records, period, audience)
    standing = judge(window, measure, against, find_places(window, communes))
    mark = f"{word('illustrative', language)}. " if window.illustrative else ""
    return mark + say(standing, window, language)


def find_places(window: Window, communes: Iterable[str] | None) -> tuple[str, ...]:
    """Return the ids of units by their names; that of the whole place for None."""
    if communes is None:
        return ("",)
    if isinstance(communes, str):
        raise ValueError(f"communes={communes!r} is one text. Write communes=[{communes!r}].")
    table = window.totals[window.totals["commune_id"] != ""].drop_duplicates("commune_id")
    ids = dict(zip(table["commune"], table["commune_id"], strict=True))
    named = match_names(communes, {name_key(name): name for name in ids})
    if not named:
        raise ValueError("communes=[] names no commune. Leave it out for the whole place.")
    return tuple(ids[name] for name in named)


def say(standing: Standing, window: Window, language: str, *, after: Standing | None = None) -> str:
    """Write a value and its change as a sentence, without the illustrative mark.

    Place and time are left out where the sentence of ``after`` names them.
    """
    told = {
        "when": _start(period_words(standing.period, language), language),
        "where": place_words(window, standing.commune_ids, language),
        "reporting": standing.reporting,
        "expected": standing.expected,
        "covered": _covered(standing.covered, language),
        "label": _lower(find_measure(standing.measure).text("label", language)),
    }
    start = "next" if after and _is_of_some(after) == _is_of_some(standing) else "say"
    if standing.state in _WITHOUT_VALUE:
        return capital(word(f"{start}_{standing.state}", language, **told))
    told |= {"said": _said(standing, language), "did": _did(standing, language)}
    if _is_of_some(standing):
        return capital(word(f"{start}_some", language, **told, **_some(standing, told, language)))
    if standing.state == PARTIAL:
        return capital(word(f"{start}_partial", language, **told))
    if standing.state == LACKING:
        told["said"] = word("say_lacking", language, text=told["said"], covered=told["covered"])
    return capital(_compared(word(f"{start}_full", language, **told), standing, language))


def _is_of_some(standing: Standing) -> bool:
    """Check whether the number of several units is that of some of them only."""
    some = standing.state == PARTIAL and standing.reporting < standing.expected
    return some and standing.expected > 1


def _some(standing: Standing, told: dict, language: str) -> dict[str, str]:
    """Return the words on how many units reported, what, and that it is not all."""
    city = standing.commune_ids == ("",)
    kind = "count" if find_measure(standing.measure).kind == "count" else "share"
    # "14 of 15 reported" is followed by the time covered only if those 14 missed part of it.
    late = city and standing.covered < _LATE * standing.reporting / standing.expected
    return {
        "of": word("some_of_city" if city else "some_of_chosen", language, **told),
        "reported": word(f"some_{kind}", language, **told),
        "late": word("some_late", language, **told) if late else "",
        "whole": word("some_not_city" if city else "some_not_all", language, whole=told["where"]),
    }


def _said(standing: Standing, language: str) -> str:
    """Write what one place reported; a share or ratio of small counts as the two numbers."""
    measure, value, parts = standing.measure, standing.value, standing.parts
    if find_measure(measure).kind != "count" and is_small(measure, value, parts):
        part, base = (number(part, language) for part in parts)
        return word(f"say_{measure}_small", language, part=part, base=base)
    if find_measure(measure).kind == "count" and not value:
        return word(f"say_{measure}_none", language)
    told = {"value": write_value(value, measure, language), "did": _did(standing, language)}
    return word(f"say_{measure}", language, **told)


def _did(standing: Standing, language: str) -> str:
    """Write a number with the name of what was counted."""
    entry = find_measure(standing.measure)
    if entry.kind == "count" and standing.value == 1:
        return word(f"one_{standing.measure}", language)
    short = entry.text("short", language)
    if not standing.value:
        return word("say_none_did", language, short=short)
    return f"{write_value(standing.value, standing.measure, language, standing.parts)} {short}"


def _covered(covered: float, language: str) -> str:
    """Format a share of time below all of it; never rounded up to 100."""
    return number(min(round(covered * 100), 99), language)


def _compared(start: str, standing: Standing, language: str) -> str:
    """Continue a sentence with the comparison to the other period."""
    entry = find_measure(standing.measure)
    before = write_value(standing.before, standing.measure, language, standing.parts_before)
    told = {
        "start": start,
        "other": _other(standing, language),
        "before": before,
        "pct": "" if pd.isna(standing.pct) else f" ({signed(rounded(standing.pct), language)}%)",
    }
    if standing.state_before not in ("full", LACKING):
        return word(f"say_before_{standing.state_before}", language, **told)
    if standing.state_before == LACKING:
        covered = _covered(standing.covered_before, language)
        told["before"] = word("say_lacking", language, text=before, covered=covered)
    if entry.kind == "count" and (standing.change == 0 or standing.value == standing.before == 0):
        return word("say_equal" if standing.value else "say_equal_none", language, **told)
    if standing.sure is None and entry.interval != "none":
        return word("say_unjudged", language, **told)
    small = is_small(standing.measure, standing.before, standing.parts_before)
    if entry.kind != "count":
        small = small or is_small(standing.measure, standing.value, standing.parts)
    if not standing.sure or (entry.kind != "count" and pd.isna(standing.change)):
        judged = entry.interval != "none"
        key = "say_small" if small else "say_within" if judged else "say_beside"
        return word(key, language, **told)
    told["change"] = _change(standing, language)
    if LACKING in (standing.state, standing.state_before):
        return word("say_beyond_lacking", language, **told)
    return word("say_beyond_small" if small else "say_beyond", language, **told)


def _change(standing: Standing, language: str) -> str:
    """Write the size of a change; if reports are lacking, that of the rates in per cent."""
    entry, rose = find_measure(standing.measure), "more" if standing.rose else "fewer"
    if not pd.isna(standing.change):
        size = write_value(abs(change_shown(standing)), standing.measure, language)
        share = entry.kind == "share"
        unit = word("say_points", language) if share else entry.text("unit", language)
        size = size.rstrip("%")
        kind = "count" if entry.kind == "count" else "share"
        return word(f"say_{rose}_{kind}", language, size=size, unit=unit)
    if pd.isna(standing.pct):
        return word(f"say_{rose}_few", language)
    return word(f"say_{rose}_rate", language, size=number(abs(standing.pct), language))


def _other(standing: Standing, language: str) -> str:
    """Name the other period, in few words if it is the same part of the year before."""
    this, other = standing.period, standing.before_period
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
    table = window.totals.drop_duplicates("commune_id").set_index("commune_id")
    found = []
    for unit in commune_ids:
        name = word(f"say_{table.at[unit, 'kind']}", language, name=table.at[unit, "commune"])
        if unit in window.holds:
            joined = ", ".join(window.holds[unit])
            name = word("say_joined", language, name=name, names=joined)
        found.append(name)
    return ", ".join(found)


def _start(when: str, language: str) -> str:
    """Return the beginning of a sentence on a period, such as "In 2022"."""
    if language != "en":
        return capital(when)
    return f"From {when}" if " to " in when else f"In {when}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
