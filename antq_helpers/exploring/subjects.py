"""A subject of the movement and its tables in; its numbers, its picture and its code out."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from antq_helpers.dictionary import name_part, number, word
from antq_helpers.drawing.movement import (
    name_day,
    plot_parts,
    plot_stock,
    stocks_until,
)
from antq_helpers.drawing.relation import plot_relation
from antq_helpers.exploring.controls import MOST_LISTED
from antq_helpers.measuring.relating import pair_rates
from antq_helpers.measuring.stocks import last_day, stock_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# By subject: the table, the column of bars, the column that divides them.
_PARTS = {
    "places": ("models", "commune", None),
    "drives": ("drives", "kind", None),
    "drive_places": ("drives", "commune", None),
    "partners": ("partner_activities", "kind", "organisation"),
    "commendations": ("commendations", "authority", "recipient"),
}
_LAGS = {"outreach": 0, "outreach_later": 1}
SUBJECTS = (*_LAGS, "stock", *_PARTS)
OF_COMMUNES = ("stock", "places", "drives", "drive_places")


def draw_subject(
    subject: str,
    tables: Mapping[str, pd.DataFrame],
    communes: tuple[str, ...],
    language: str,
    ax: Axes,
) -> None:
    """Draw a subject on an Axes."""
    if subject in _LAGS:
        plot_relation(tables["records"], lag=_LAGS[subject], language=language, ax=ax)
    elif subject == "stock":
        rows = _rows(tables["models"], communes)
        plot_stock(rows, at=_day_of(tables), language=language, ax=ax)
    else:
        _, by, split = _PARTS[subject]
        title = _title(subject, tables, language)
        rows = _counted(subject, tables, communes)
        plot_parts(rows, by=by, split=split, title=title, language=language, ax=ax)


def code_of(
    subject: str,
    tables: Mapping[str, pd.DataFrame],
    own: Collection[str],
    communes: tuple[str, ...],
    language: str,
) -> str:
    """Write the call that draws a subject again; ``own`` tables are the reader's ``tables``."""
    said = "" if language == "en" else f", language={language!r}"
    if subject in _LAGS:
        lag = ", lag=1" if _LAGS[subject] else ""
        return f"antq.plot_relation(records{lag}{said})"
    table, by, split = _PARTS.get(subject, ("models", "", None))
    asked = f'.query("commune in {list(communes)!r}")' if communes else ""
    rows = f'tables["{table}"]' if table in own else f'antq.load_table("{table}")'
    if subject == "stock":
        return f"antq.plot_stock({rows}{asked}, at={_day_of(tables)!r}{said})"
    rows = _WHERE.get(subject, "{rows}").format(rows=rows, day=_day_of(tables)) + asked
    divided = f", split={split!r}" if split else ""
    title = f", title={_title(subject, tables, language)!r}"
    return f"antq.plot_parts({rows}, by={by!r}{divided}{title}{said})"


# Leaflets are counted each and would dwarf the rest; models that have ended are no stock, and those
# of a commune that was merged are its successor's.
_WHERE = {
    "partners": "{rows}.query(\"kind != 'leaflets'\")",
    "places": "antq.stock_of({rows}, '{day}', 'commune', 'source').reset_index()",
    "drive_places": "{rows}.dropna(subset='commune')",
}


def _counted(
    subject: str, tables: Mapping[str, pd.DataFrame], communes: tuple[str, ...]
) -> pd.DataFrame:
    """Leave out what a subject does not count, as the code of :func:`code_of` does."""
    rows = tables[_PARTS[subject][0]]
    if subject == "partners":
        rows = rows[rows["kind"] != "leaflets"]
    if subject == "places" and len(rows):
        rows = stock_of(rows, _day_of(tables), "commune", "source").reset_index()
    if subject == "drive_places":
        rows = rows.dropna(subset="commune")
    return _rows(rows, communes)


def _day_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the last day of all models, so that each commune's are counted on the same one."""
    models = tables["models"]
    day = pd.Timestamp.today() if models.empty else last_day(models)
    return f"{day:%Y-%m-%d}"


def _title(subject: str, tables: Mapping[str, pd.DataFrame], language: str) -> str:
    title = word(f"subject_{subject}", language)
    return f"{title}, {name_day(_day_of(tables), language)}" if subject == "places" else title


def numbers_of(
    subject: str, tables: Mapping[str, pd.DataFrame], communes: tuple[str, ...]
) -> pd.DataFrame:
    """Give the numbers that a subject draws, with ``illustrative``."""
    if subject in _LAGS:
        table = pair_rates(tables["records"], lag=_LAGS[subject])
        return table[["commune", "year", "sessions", "tips", "illustrative"]]
    if subject == "stock":
        rows = _rows(tables["models"], communes)
        stock = pd.DataFrame() if rows.empty else stocks_until(rows, _day_of(tables)).T
        table = stock.rename_axis("day").reset_index()
        return table.assign(illustrative=_made_up(rows))
    _, by, split = _PARTS[subject]
    rows = _counted(subject, tables, communes)
    keys = [by, split] if split else [by]
    summed = rows.groupby(keys, as_index=False)["count"].sum()
    return summed.assign(illustrative=_made_up(rows))


def without_rows(
    subject: str, tables: Mapping[str, pd.DataFrame], communes: tuple[str, ...]
) -> list[str]:
    """List the communes of a choice that a subject has no number of."""
    rows = tables["models"] if subject == "stock" else _counted(subject, tables, communes)
    return [name for name in communes if name not in set(rows["commune"])]


def _rows(table: pd.DataFrame, communes: tuple[str, ...]) -> pd.DataFrame:
    return table[table["commune"].isin(communes)] if communes else table


def _made_up(rows: pd.DataFrame) -> bool:
    return bool((rows["source"] == "illustrative").any())


def alt_of(subject: str, numbers: pd.DataFrame, language: str) -> str:
    """Say what a picture shows: its subject, and the largest of it or how many points."""
    mark = word("illustrative", language) + ". " if numbers["illustrative"].any() else ""
    begun = f"{mark}{word(f'subject_{subject}', language)}."
    if subject in _LAGS:
        return f"{begun} {word('alt_points', language, count=number(len(numbers), language))}"
    if subject == "stock":
        last = numbers.drop(columns=["day", "illustrative"]).sum(axis=1).iloc[-1]
        day = name_day(numbers["day"].iloc[-1], language)
        return f"{begun} {word('alt_stock', language, count=number(last, language), day=day)}"
    by = numbers.columns[0]
    whole = numbers.groupby(by)["count"].sum()
    if whole.empty:
        return f"{begun} {word('alt_no_value', language)}"
    where, value = name_part(whole.idxmax(), language), number(whole.max(), language)
    return f"{begun} {word('alt_highest', language, where=where, value=value)}"


def table_html(numbers: pd.DataFrame, language: str) -> str:
    """Write numbers as a table for the page, names in words."""
    mark = word("illustrative", language) if numbers["illustrative"].any() else ""
    shown = numbers.drop(columns="illustrative")
    heads = "".join(f'<th scope="col">{html.escape(_head(c, language))}</th>' for c in shown)
    rows = "".join(
        "<tr>" + "".join(_cell(cell, language) for cell in row) + "</tr>"
        for row in shown.head(MOST_LISTED).itertuples(index=False)
    )
    return (
        f'<table class="antq-numbers"><caption>{mark}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _head(column: str, language: str) -> str:
    known = {"commune": "communes", "year": "label_year", "count": "part_count", "day": "part_day"}
    key = known.get(column, f"part_{column}")
    return word(key, language)


def _cell(cell: object, language: str) -> str:
    if isinstance(cell, str):
        told = name_day(cell, language) if cell[:2].isdigit() else name_part(cell, language)
        return f'<th scope="row">{html.escape(told)}</th>'
    whole = float(cell).is_integer()
    year = whole and 1900 < cell < 2200
    told = f"{cell:.0f}" if year else number(cell, language, 0 if whole else 2)
    return f"<td><b>{told}</b></td>"
