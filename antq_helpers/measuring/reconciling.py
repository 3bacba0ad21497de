"""Tables and printed figures in; what each figure is by the tables, with a verdict, out."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, name_part, number, signed, word
from antq_helpers.measuring.lookups import Found, look_up
from antq_helpers.measuring.printed import (
    COLUMNS,
    bounds_of,
    breakdowns,
    check_nearly,
    check_sums,
    printed,
    title_of,
)
from antq_helpers.measuring.published import load_published, read_filter
from antq_helpers.reading.loading import load_records
from antq_helpers.reading.movement import MOVEMENT, load_table
from antq_helpers.records import check_records, chosen_of

_TYPES = {"value": float, "found": float, "difference": float, "illustrative": bool}


def load_tables() -> dict[str, pd.DataFrame]:
    """Load the workbook's own tables by name: records, drives, models and so on.

    Examples
    --------
    >>> int(load_tables()["records"]["tips"].sum())
    4556
    """
    return {"records": load_records()} | {name: load_table(name) for name in MOVEMENT}


def reconcile(
    tables: dict[str, pd.DataFrame] | None = None,
    published: pd.DataFrame | None = None,
    *,
    nearly: float = 0.05,
    language: str = "en",
) -> pd.DataFrame:
    """Hold tables against printed figures, and those against each other.

    Parameters
    ----------
    tables
        Tables by name; :func:`load_tables` by default.
    published
        As :func:`load_published` gives it; the article's figures by default.
    nearly
        How far below its number "nearly" may be, as a share of it. "Over" is strictly above,
        exact is equal.
    language
        Of ``title``, ``printed`` and ``said``.

    Returns
    -------
    DataFrame
        First one row per figure (``about`` is ``"figure"``): ``id``, ``title``, ``paragraph``,
        ``printed`` with its qualifier, ``value`` (the number in it), ``found`` (what the tables
        give), ``difference`` (found less value), ``verdict`` (a code), ``said`` (a sentence),
        ``call`` (makes ``found`` again, given ``tables``), ``source`` of the rows used, and
        ``illustrative``. Then the cells of the tables within a printed breakdown for which the
        report prints nothing (``"unprinted"``), then the rows of :func:`check_sums`.

    Notes
    -----
    The verdict of a figure is ``agrees``; ``by_construction``, where illustrative rows were made
    to add up to it or the table holds the printed figure itself; ``within_bound``; ``differs``;
    ``not_said``, where the report prints no value; or ``not_found``, where the tables hold none.

    A table with ``since`` and ``until`` is a stock: it counts what runs on the last day of the
    period. Rows whose ``year`` is blank count towards a period of several years that holds all
    dated rows, and towards no other. Reports belong to the month of their last day, and to their
    reporting year. Missing counts are not zero: where all are missing, nothing is found.

    Raises
    ------
    ValueError
        For a share ``nearly`` that is none, or an unknown language.

    Examples
    --------
    >>> figures = reconcile().query("about == 'figure'").set_index("id")
    >>> figures.loc["resolved_cases", ["printed", "verdict"]].tolist()
    ['over 600', 'within_bound']
    """
    check_choice("language", language, LANGUAGES)
    check_nearly(nearly)
    tables = load_tables() if tables is None else tables
    if not isinstance(tables, Mapping):
        raise ValueError('tables must be tables by name, such as {"records": load_records()}.')
    if "records" in tables:
        records = check_records(tables["records"])
        if published is None and (chosen := chosen_of(records)):
            raise ValueError(
                f"The published figures are the city's, the records those of {', '.join(chosen)}. "
                "Hand in all records, or published= of these communes."
            )
        tables = {**tables, "records": records}
    published = load_published() if published is None else published
    rows = [_judge(tables, figure, nearly, language) for _, figure in published.iterrows()]
    for _, whole in published.iterrows():
        rows += _unprinted(tables, published, whole, language)
    figures = pd.DataFrame(rows, columns=COLUMNS).astype(_TYPES)
    sums = check_sums(published, nearly=nearly, language=language).astype(_TYPES)
    return pd.concat([figures, sums], ignore_index=True) if len(sums) else figures


def _judge(tables: dict, figure: pd.Series, nearly: float, language: str) -> dict:
    """Give the row of one figure."""
    conditions = read_filter(figure["filter"])
    found = look_up(tables, figure["table"], figure["column"], conditions, figure["period"])
    verdict, reason = _verdict(figure, found, nearly)
    value = math.nan if pd.isna(figure["value"]) else float(figure["value"])
    shown, difference = printed(figure, language), found.value - value
    words = {
        "printed": shown,
        "found": "" if math.isnan(found.value) else number(found.value, language),
        "difference": "" if math.isnan(difference) else signed(difference, language),
    }
    return _row("figure", figure, found, language) | {
        "printed": shown,
        "value": value,
        "difference": difference,
        "verdict": verdict,
        "said": word(f"figure_{reason}", language, **words),
    }


def _verdict(figure: pd.Series, found: Found, nearly: float) -> tuple[str, str]:
    """Give the verdict on a figure, and the key of the sentence that says it."""
    if math.isnan(found.value):
        return "not_found", "not_found"
    if pd.isna(figure["value"]):
        return "not_said", "not_said"
    if found.sources == ("published",) and found.value == figure["value"]:
        return "by_construction", "is_printed"
    least, most = bounds_of(figure, nearly)
    exact, made = figure["qualifier"] == "exact", "illustrative" in found.sources
    if not least <= found.value <= most:
        return "differs", "differs" if exact else "out_of_bound"
    if exact:
        return ("by_construction", "made") if made else ("agrees", "agrees")
    return "within_bound", "within_bound_made" if made else "within_bound"


def _row(about: str, figure: pd.Series, found: Found, language: str) -> dict:
    return {
        "about": about,
        "id": figure["id"],
        "title": title_of(figure, language),
        "paragraph": figure["paragraph"],
        "found": found.value,
        "call": found.call,
        "source": ", ".join(found.sources),
        "illustrative": "illustrative" in found.sources,
    }


def _unprinted(
    tables: dict, published: pd.DataFrame, whole: pd.Series, language: str
) -> list[dict]:
    """Give the cells of a breakdown that the tables hold and the report does not print."""
    rows, own = [], read_filter(whole["filter"])
    for parts in breakdowns(published, whole):
        filters = [read_filter(text) for text in parts["filter"]]
        table, keys = tables.get(whole["table"]), sorted(set().union(*filters) - set(own))
        if len(parts) < 2 or not keys or table is None or not set(keys) <= set(table.columns):
            continue
        for cell in table[keys].dropna().drop_duplicates().itertuples(index=False, name=None):
            named = own | {key: str(value) for key, value in zip(keys, cell, strict=True)}
            if any(named.items() >= one.items() for one in filters):
                continue
            found = look_up(tables, whole["table"], whole["column"], named, whole["period"])
            if math.isnan(found.value) or not found.value:
                continue
            shown = ", ".join(name_part(value, language) for value in named.values())
            title = f"{title_of(whole, language)}: {shown}"
            rows.append(
                _row("unprinted", whole, found, language)
                | {"title": title, "printed": "", "verdict": "not_said"}
                | {"value": math.nan, "difference": math.nan}
                | {"said": word("figure_unprinted", language, found=number(found.value, language))}
            )
    return rows
