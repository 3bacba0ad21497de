"""Records and a language in; what the desk of briefings offers to choose from, out."""

from __future__ import annotations

from collections.abc import Iterable

import ipywidgets as widgets
import pandas as pd

from antq_helpers.dictionary import capital, find_measure, measures, word
from antq_helpers.drawing.labels import period_words
from antq_helpers.exploring.desk import shortest_of
from antq_helpers.measuring.period_totals import list_periods
from antq_helpers.measuring.periods import AGAINST, period_against, period_days, possible_periods
from antq_helpers.measuring.windows import AUDIENCES
from antq_helpers.registers import without_marks

_KINDS = ("year", "half", "quarter", "month", "to_date")
_WIDE = {"description_width": "120px"}


def make_lists(language: str) -> dict[str, widgets.Dropdown]:
    """Make the lists of the desk, by name; those of periods and pages are empty yet."""
    counts = [name for name, entry in measures().items() if entry.interval != "none"]
    options = {
        "audience": [(word("brief_choose", language), ""), *_named(AUDIENCES, language)],
        "kind": _named(_KINDS, language, "kind_"),
        "period": [],
        "measure": [(find_measure(name).text("label", language), name) for name in counts],
        "against": _named(AGAINST, language),
        "page": [],
    }
    return {
        name: widgets.Dropdown(
            options=found,
            description=word(f"brief_{name}", language),
            layout=widgets.Layout(width="auto"),
            style=_WIDE,
        )
        for name, found in options.items()
    }


def list_kinds(records: pd.DataFrame, kinds: widgets.Dropdown, language: str) -> None:
    """Offer the kinds of periods that the records have; the year first, unless it is unfinished."""
    possible = set(possible_periods(records))
    if possible & {"month", "quarter"}:
        possible.add("to_date")
    found = [kind for kind in _KINDS if kind in possible]
    last = records[records["year"] == records["year"].max()]
    whole = last["period_start"].min().month == 1 and last["period_end"].max().month == 12
    shortest = shortest_of(records)
    kinds.options = _named(found, language, "kind_")
    kinds.value = shortest if shortest in found and not whole else found[0]


def list_periods_of(
    records: pd.DataFrame, kind: str, periods: widgets.Dropdown, language: str
) -> None:
    """Offer the periods of a kind; chosen is the one that ends with that chosen before."""
    found = list_periods(records, kind)
    before, known = periods.value, [name for _, name in periods.options]
    last = period_days(before)[1] if before in known else None
    ended = [name for name in found if last is None or period_days(name)[1] <= last]
    periods.options = [(capital(period_words(name, language)), name) for name in found]
    periods.value = (ended or found)[0]


def has_two_others(period: str) -> bool:
    """Say whether the same period last year and the preceding one are two."""
    return len({period_against(period, against) for against in AGAINST}) > 1


def measures_in(records: pd.DataFrame, first: str) -> tuple[str, ...]:
    """Give what a pack tells of: a chosen measure first, then all that was reported."""
    counted = [name for name in measures() if records[_parts(name)].notna().all(axis=1).any()]
    return tuple(dict.fromkeys([first, *counted]))


def name_pack(period: str, audience: str, language: str) -> str:
    """Name a pack's file by period and audience, in letters that every system takes.

    Examples
    --------
    >>> name_pack("2022-Q4", "public", "vi"), name_pack("2022-Q4", "public", "en")
    ('bao-cao-quy-iv-2022-cong-bo.zip', 'briefing-2022-Q4-public.zip')
    """
    if language == "vi":
        period = without_marks(period_words(period, "vi").replace("/", " ")).replace(" ", "-")
    slug = word(f"brief_slug_{audience}", language)
    return word("brief_file", language, period=period, audience=slug)


def _parts(name: str) -> list[str]:
    entry = find_measure(name)
    return [part for part in (entry.numerator, entry.denominator) if part]


def _named(names: Iterable[str], language: str, what: str = "") -> list[tuple[str, str]]:
    return [(word(f"brief_{what}{name}", language), name) for name in names]
