"""Check published figures against each other and against records."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from antq_helpers.dictionary import (
    LANGUAGES,
    check_choice,
    measures,
    name_part,
    number,
    signed,
    word,
)
from antq_helpers.measuring.periods import Found, look_up, period_days
from antq_helpers.measuring.published import load_published, read_filter
from antq_helpers.reading.load import load_tables
from antq_helpers.records import check_records, chosen_of

COLUMNS = [
    "about",
    "id",
    "title",
    "paragraph",
    "printed",
    "value",
    "found",
    "difference",
    "verdict",
    "said",
    "call",
    "source",
    "illustrative",
]
STOCKS = ("models",)  # never added up: counts of two dates hold the same models


def check_sums(
    published: pd.DataFrame | None = None, *, nearly: float = 0.05, language: str = "en"
) -> pd.DataFrame:
    """Check a report's figures against each other: sums, subsets and percentages.

    Parameters
    ----------
    published
        As :func:`load_published` gives it; the article's by default.
    nearly
        How far below its number "nearly" may be, as a share of it.
    language
        Of what is said.

    Returns
    -------
    DataFrame
        The columns of :func:`reconcile`. ``about`` is ``"sum"`` for a whole with two or more
        parts that exclude each other, ``"subset"`` for a part that stands alone, ``"percent"``
        for a printed percentage of the whole. ``value`` is the whole, the most that the part may
        be, or the percentage; ``found`` the sum, the part, or the percentage of the two counts;
        ``difference`` is found less value. The verdicts are ``agrees``, ``within_bound``,
        ``parts_do_not_add_up``, ``part_above_whole``, ``differs`` and ``not_said``. ``call``
        needs ``published``.

    Examples
    --------
    >>> sums = check_sums().query("about == 'sum'").set_index("id")
    >>> sums.at["drives", "said"]
    'The parts do not add up to the whole: 52 + 13 = 65 of 75 (−10).'
    """
    check_choice("language", language, LANGUAGES)
    check_nearly(nearly)
    published = load_published() if published is None else published
    rows = []
    for _, whole in published.iterrows():
        rows += [
            _check_parts(parts, whole, nearly, language) for parts in breakdowns(published, whole)
        ]
    named = published.set_index("id", drop=False)
    for _, part in published[published["percent"].notna()].iterrows():
        rows.append(_check_percent(part, named.loc[part["part_of"]], nearly, language))
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": float, "found": float})


def check_nearly(nearly: float) -> None:
    """Raise if ``nearly`` is not between 0 and 1."""
    if not 0 < nearly < 1:
        raise ValueError(f"nearly={nearly!r} is no share of a number. Use one between 0 and 1.")


def bounds_of(figure: pd.Series, nearly: float) -> tuple[float, float]:
    """Return the least and greatest whole number that a published figure can mean.

    Examples
    --------
    >>> bounds_of(pd.Series({"value": 210000, "qualifier": "nearly"}), 0.05)
    (199500, 209999)
    >>> bounds_of(pd.Series({"value": 600, "qualifier": "over"}), 0.05)
    (601, inf)
    """
    value = int(figure["value"])
    if figure["qualifier"] == "over":
        return value + 1, math.inf
    if figure["qualifier"] == "nearly":
        return math.ceil(round(value * (1 - nearly), 6)), value - 1
    return value, value


def figure_title(figure: pd.Series, language: str) -> str:
    """Return a figure's title in a language; its own title if there is no translation."""
    own = figure.get("title_vi") if language == "vi" else None
    return figure["title"] if pd.isna(own) else own


def printed(figure: pd.Series, language: str) -> str:
    """Format a figure as printed, with its qualifier; blank if it has no value."""
    if pd.isna(figure["value"]):
        return ""
    shown = number(int(figure["value"]), language)
    return word(f"printed_{figure['qualifier']}", language, value=shown)


def breakdowns(published: pd.DataFrame, whole: pd.Series) -> list[pd.DataFrame]:
    """Group the parts of a whole into sets of mutually exclusive parts.

    Only parts of the same things count: those of the same table and column, or of a column that
    the dictionary knows as a share of the whole's.
    """
    shares = {
        (measure.numerator, measure.denominator)
        for measure in measures().values()
        if measure.kind == "share"
    }
    found: list[list[pd.Series]] = []
    for _, part in published[published["part_of"].eq(whole["id"]).fillna(False)].iterrows():
        same = part["column"] == whole["column"]
        share = (part["column"], whole["column"]) in shares
        if part["table"] != whole["table"] or not (same or share) or not _lies_in(part, whole):
            continue
        fitting = (
            group
            for group in found
            if all(o["column"] == part["column"] and _exclude(o, part) for o in group)
        )
        group = next(fitting, None) if same else None
        if group is None:
            found.append([part])
        else:
            group.append(part)
    return [pd.DataFrame(group) for group in found]


def _lies_in(part: pd.Series, whole: pd.Series) -> bool:
    if part["table"] in STOCKS:
        return part["period"] == whole["period"]
    (first, last), (start, end) = period_days(part["period"]), period_days(whole["period"])
    return start <= first and last <= end


def _exclude(one: pd.Series, other: pd.Series) -> bool:
    """Check whether two figures are mutually exclusive, by filter or period."""
    a, b = read_filter(one["filter"]), read_filter(other["filter"])
    if any(a[name] != b[name] for name in a.keys() & b.keys()):
        return True
    (first, last), (start, end) = period_days(one["period"]), period_days(other["period"])
    return last < start or end < first


def _check_parts(parts: pd.DataFrame, whole: pd.Series, nearly: float, language: str) -> dict:
    """Check a whole against its parts, or against the one that stands alone."""
    ids, alone = parts["id"].tolist(), len(parts) == 1
    value = f'.at[{ids[0]!r}, "value"]' if alone else f'.loc[{ids}, "value"].sum()'
    about, figure = ("subset", parts.iloc[0]) if alone else ("sum", whole)
    found, verdict = math.nan, "not_said"
    if parts["value"].notna().all() and pd.notna(whole["value"]):
        found, verdict = float(parts["value"].sum()), _compare(parts, whole, nearly)
    terms = " + ".join(printed(part, language) or "?" for _, part in parts.iterrows())
    call = f'published.set_index("id"){value}'
    return _check_row(about, figure, whole, found, verdict, call, language, sum=terms)


def _compare(parts: pd.DataFrame, whole: pd.Series, nearly: float) -> str:
    bounds = [bounds_of(part, nearly) for _, part in parts.iterrows()]
    low, high = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    least, most = bounds_of(whole, nearly)
    if len(parts) == 1:
        return "part_above_whole" if low > most else "agrees"
    if high < least or low > most:
        return "parts_do_not_add_up"
    exact = parts["qualifier"].eq("exact").all() and whole["qualifier"] == "exact"
    return "agrees" if exact else "within_bound"


def _check_percent(part: pd.Series, whole: pd.Series, nearly: float, language: str) -> dict:
    text = str(part["percent"]).replace(",", ".")
    decimals = len(text.partition(".")[2])
    values = 'published.set_index("id")["value"]'
    call = f"100 * {values}[{part['id']!r}] / {values}[{whole['id']!r}]"
    if pd.isna(part["value"]) or pd.isna(whole["value"]) or not whole["value"]:
        row = _check_row("percent", part, part, math.nan, "not_said", call, language)
        return row | {"printed": f"{text}%", "value": float(text)}
    least, most = bounds_of(part, nearly)
    low, high = bounds_of(whole, nearly)
    half = 0.5 * 10**-decimals + 1e-9  # the rounding error of the printed percentage
    fits = 100 * least / high <= float(text) + half and 100 * most / low >= float(text) - half
    exact = part["qualifier"] == whole["qualifier"] == "exact"
    verdict = ("agrees" if exact else "within_bound") if fits else "differs"
    share = 100 * float(part["value"]) / float(whole["value"])
    shown = number(float(text), language, decimals)
    sentence = word(
        f"percent_{'agrees' if fits else 'differs'}",
        language,
        part=printed(part, language),
        whole=printed(whole, language),
        found=number(share, language, decimals + 1),
        percent=shown,
    )
    row = _check_row("percent", part, part, share, verdict, call, language)
    difference = share - float(text)
    return row | {
        "printed": f"{shown}%",
        "value": float(text),
        "difference": difference,
        "said": sentence,
    }


def _check_row(
    about: str,
    figure: pd.Series,
    against: pd.Series,
    found: float,
    verdict: str,
    call: str,
    language: str,
    **words: object,
) -> dict:
    """Build the row of one comparison between published figures."""
    numbers, shown = _compared(against, found, language)
    kind = f"{about}_{verdict}" if verdict != "not_said" else verdict
    shown |= {"whole": shown["printed"], **words}
    sentence = "" if about == "percent" and verdict != "not_said" else word(kind, language, **shown)
    row = _figure_row(about, figure, Found(found, ("published",), call), language)
    return row | numbers | {"verdict": verdict, "said": sentence}


def _compared(figure: pd.Series, found: float, language: str) -> tuple[dict, dict]:
    """Return what a row holds of a figure and what was found, and the same as texts."""
    value = math.nan if pd.isna(figure["value"]) else float(figure["value"])
    difference, shown = found - value, printed(figure, language)
    texts = {
        "printed": shown,
        "found": "" if math.isnan(found) else number(found, language),
        "difference": "" if math.isnan(difference) else signed(difference, language),
    }
    return {"printed": shown, "value": value, "difference": difference}, texts


_TYPES = {"value": float, "found": float, "difference": float, "illustrative": bool}


def reconcile(
    tables: dict[str, pd.DataFrame] | None = None,
    published: pd.DataFrame | None = None,
    *,
    nearly: float = 0.05,
    language: str = "en",
) -> pd.DataFrame:
    """Check published figures against tables, and against each other.

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
    """Compare one published figure with the tables; return its row."""
    conditions = read_filter(figure["filter"])
    found = look_up(tables, figure["table"], figure["column"], conditions, figure["period"])
    verdict, reason = _verdict_of(figure, found, nearly)
    numbers, shown = _compared(figure, found.value, language)
    said = word(f"figure_{reason}", language, **shown)
    row = _figure_row("figure", figure, found, language)
    return row | numbers | {"verdict": verdict, "said": said}


def _verdict_of(figure: pd.Series, found: Found, nearly: float) -> tuple[str, str]:
    """Return the verdict on a figure, and the key of its sentence."""
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


def _figure_row(about: str, figure: pd.Series, found: Found, language: str) -> dict:
    return {
        "about": about,
        "id": figure["id"],
        "title": figure_title(figure, language),
        "paragraph": figure["paragraph"],
        "found": found.value,
        "call": found.call,
        "source": ", ".join(found.sources),
        "illustrative": "illustrative" in found.sources,
    }


def _unprinted(
    tables: dict, published: pd.DataFrame, whole: pd.Series, language: str
) -> list[dict]:
    """List the cells of a breakdown that the tables hold and the report does not print."""
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
            title = f"{figure_title(whole, language)}: {shown}"
            rows.append(
                _figure_row("unprinted", whole, found, language)
                | {"title": title, "printed": "", "verdict": "not_said"}
                | {"value": math.nan, "difference": math.nan}
                | {"said": word("figure_unprinted", language, found=number(found.value, language))}
            )
    return rows
