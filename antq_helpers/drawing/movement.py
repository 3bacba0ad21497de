"""Charts of the movement: bars by kind, and the stock of models over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.transforms import Bbox

from antq_helpers.dictionary import LANGUAGES, check_choice, name_part, number, word
from antq_helpers.drawing import canvas, style
from antq_helpers.measuring.stocks import last_day, stock_by_year, stock_of
from antq_helpers.tables import load_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Values of rows whose source names no kind.
NOT_STATED = "not_itemised"
_UNNAMED = (NOT_STATED, "other")
# A kind keeps its colour, whichever units are chosen; the most frequent are drawn lowest.
_RANK = (
    "camera",
    "self_managed_group_1",
    "self_managed_group_2",
    "lights",
    "zalo",
    "keyring",
    "other",
)
_APART = (0, 3, 1)  # colours of the parts of a bar, far from each other in grey print
_MOST_PER_ROW = 0.8  # inches
_HATCH = {"facecolor": "white", "edgecolor": style.CITY, "hatch": "////"}


def plot_parts(
    table: pd.DataFrame,
    *,
    by: str,
    split: str | None = None,
    column: str = "count",
    bounds: dict[str, tuple[str, int]] | None = None,
    title: str = "",
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the parts of a table's sum, one bar per kind; what is not itemised is hatched.

    Parameters
    ----------
    table
        Drives, partner activities, commendations, or the models of one day.
    by
        The column whose values have a bar each, such as ``"kind"`` or ``"commune"``; the longest
        stands first, years in their order.
    split
        A column whose values divide each bar, such as ``"recipient"``.
    column
        What is added up: ``"count"`` or ``"attendances"``.
    bounds
        By value of ``by``, the printed bound: ``("over", 5000)``. The bar ends there, open.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a table without a row, and for a column or language that is not known.

    Examples
    --------
    >>> from antq_helpers.tables import load_table
    >>> from matplotlib.figure import Figure
    >>> ax = plot_parts(load_table("drives"), by="kind", ax=Figure().subplots())
    >>> [label.get_text() for label in ax.get_yticklabels()][0]
    'Communes and wards'
    """
    check_choice("language", language, LANGUAGES)
    for name in (by, split, column):
        if name is not None:
            check_choice("column", name, table.columns)
    check_rows(table, language)
    groups = [by] if split is None else [by, split]
    # Rows that state no kind have a bar, too: without it the bars would not add up to the table.
    stated = {name: table[name].astype(object).where(table[name].notna(), NOT_STATED)
              for name in groups}  # fmt: skip
    # Where nothing was reported the sum is missing, not zero: leaflets have no attendances.
    cells = table.assign(**stated).groupby(groups, observed=True)[column]
    sums = cells.sum(min_count=1).astype(float)
    whole = sums if split is None else sums.groupby(by).sum(min_count=1)
    named = [kind for kind in whole.index if kind not in _UNNAMED]
    longest = whole.fillna(-1)
    order = sorted(named, key=None if by == "year" else lambda kind: -longest[kind])
    order += [kind for kind in _UNNAMED if kind in whole.index]
    with style.look():
        ax = style.dress(canvas.new_axes(1.9 + 0.42 * len(order)) if ax is None else ax)
        _draw_bars(ax, sums, order, split, bounds or {}, language)
        ax.set_title(title)
        _write_notes(ax, table, bounds, order, language)
        told = {kind: number(whole[kind], language) for kind in order}
        for kind, (qualifier, amount) in (bounds or {}).items():
            told[kind] = word(f"printed_{qualifier}", language, value=number(amount, language))
        parts = [f"{name_part(kind, language)}: {told[kind]}" for kind in order]
        _describe(ax, table, title, [f"{'; '.join(parts)}."], language)
    return ax


def _draw_bars(
    ax: Axes, sums: pd.Series, order: list[str], split: str | None, bounds: dict, language: str
) -> None:
    place = np.arange(len(order))
    parts = [None] if split is None else list(dict.fromkeys(sums.index.get_level_values(split)))
    left = np.zeros(len(order))
    for rank, part in enumerate(parts):
        values = sums if part is None else sums.xs(part, level=split)
        width = values.reindex(order).fillna(0).to_numpy()
        colour = style.COLOURS[_APART[rank % len(_APART)]]
        bars = ax.barh(place, width, left=left, height=0.62, color=colour, zorder=2)
        if part is not None:
            bars.set_label(name_part(part, language))
        for bar, kind in zip(bars, order, strict=True):
            if kind in _UNNAMED:
                bar.set(**_HATCH)
        left += width
    known = sums.notna() if split is None else sums.notna().groupby(level=0).any()
    for row, kind in enumerate(order):
        told = number(left[row], language) if known[kind] else word("not_reported", language)
        if kind in bounds:
            qualifier, amount = bounds[kind]
            told = word(f"printed_{qualifier}", language, value=number(amount, language))
            ax.containers[-1][row].set_width(amount)
            left[row] = amount
            ax.plot(amount, row, ">" if qualifier == "over" else "<", color="#222222", zorder=3)
            told = f"  {told}"
        ax.text(left[row], row, f" {told}", va="center", fontsize=9)
    ax.set_yticks(place, [name_part(kind, language) for kind in order])
    ax.set(ylim=(len(order) - 0.4, -0.6), xlim=(0, max(left.max(), 1) * 1.14))
    ax.set_axes_locator(lambda ax, _: _no_thick_bars(ax, len(order)))
    ax.grid(visible=True, axis="x", color="#e4e4e4", linewidth=0.8)
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_formatter(lambda value, _: number(value, language))
    if len(parts) > 1:
        ax.legend(loc="lower right", frameon=False, fontsize=9)


def _no_thick_bars(ax: Axes, rows: int) -> Bbox:
    """Return the position of the axes, made lower where few bars would be too thick."""
    room = ax.get_position(original=True)
    most = rows * _MOST_PER_ROW / ax.figure.get_figheight()
    return Bbox.from_extents(room.x0, max(room.y0, room.y1 - most), room.x1, room.y1)


def name_day(day: str, language: str) -> str:
    """Format an ISO day for a language: 2022-12-31 is 31/12/2022 in Vietnamese."""
    return "/".join(day.split("-")[::-1]) if language == "vi" else day


def plot_stock(
    models: pd.DataFrame,
    *,
    years: tuple[int, int] | None = None,
    at: str | pd.Timestamp | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the models running at each year's end and on one last day, stacked by kind.

    Parameters
    ----------
    models
        As returned by ``load_table("models")``.
    years
        First and last year whose end is drawn, if it is before the last day; from the first model
        by default.
    at
        The day of the last column; by default the last day of the data. What began later is left
        out, and the picture says how much.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        For a table without a row, and for a day, years or language that can not be.

    Examples
    --------
    >>> from antq_helpers.tables import load_table
    >>> from matplotlib.figure import Figure
    >>> ax = plot_stock(load_table("models"), ax=Figure().subplots())
    >>> ax.get_xticklabels()[-1].get_text()
    '4/2023'
    """
    check_choice("language", language, LANGUAGES)
    check_rows(models, language)
    stocks = stocks_until(models, at, years)
    last = pd.Timestamp(stocks.columns[-1])
    order = sorted(stocks.index, key=_RANK.index)
    with style.look():
        ax = style.dress(canvas.new_axes(4.6) if ax is None else ax)
        below = np.zeros(stocks.shape[1])
        for kind in order:
            height = stocks.loc[kind].to_numpy(float)
            rank = _RANK.index(kind)
            look = _HATCH if kind in _UNNAMED else {"color": style.COLOURS[rank]}
            label = word(f"part_{kind}", language)
            ax.bar(range(len(height)), height, bottom=below, width=0.7, label=label, **look)
            below += height
        for place, height in enumerate(below):
            ax.text(place, height, number(height, language), ha="center", va="bottom", fontsize=9)
        names = [*(day[:4] for day in stocks.columns[:-1]), f"{last.month}/{last.year}"]
        ax.set_xticks(range(len(names)), names)
        ax.set_ylim(0, max(below.max(), 1) * 1.08)
        ax.yaxis.set_major_formatter(lambda value, _: number(value, language))
        ax.set_title(word("stock_title", language))
        handles, labels = ax.get_legend_handles_labels()
        ax.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1, 1),
                  frameon=False, fontsize=9)  # fmt: skip
        _write_notes(ax, models, None, order, language, last=last)
        told = {"count": number(below[-1], language), "day": names[-1]}
        title = word("stock_title", language)
        _describe(ax, models, title, [word("alt_stock", language, **told)], language)
    return ax


def stocks_until(
    models: pd.DataFrame,
    at: str | pd.Timestamp | None = None,
    years: tuple[int, int] | None = None,
) -> pd.DataFrame:
    """Count the models running at each year's end and on one last day, one row per kind."""
    at = last_day(models) if at is None else at
    last = stock_of(models, at, "kind").rename(f"{pd.Timestamp(at):%Y-%m-%d}")
    full = pd.Timestamp(at).year - 1  # the last year that has ended by that day
    first, final = years or (int(models["since"].dt.year.min()), full)
    final = min(final, full)
    if first > final:  # all began in the last year
        return last.to_frame()
    ends = stock_by_year(models, "kind", years=(first, final)).T
    ends.columns = [f"{year}-12-31" for year in ends.columns]
    return ends.join(last, how="outer").fillna(0).astype(int)


def check_rows(table: pd.DataFrame, language: str) -> None:
    """Raise an error if a table has no rows, or no column that says what is made up."""
    if "source" not in table:
        raise ValueError(
            "This table lacks the column source, which says what is made up. Load it with "
            "load_table, or write 'reported' into that column."
        )
    if table.empty:
        raise ValueError(word("nothing_to_draw", language))


def _describe(ax: Axes, table: pd.DataFrame, title: str, said: list[str], language: str) -> None:
    """Set the alt text: the illustrative mark, the title and further sentences."""
    mark = [word("illustrative", language)] if "illustrative" in set(table["source"]) else []
    style.describe(ax, *(f"{part}." for part in [*mark, title] if part), *said)


def _write_notes(
    ax: Axes,
    table: pd.DataFrame,
    bounds: dict | None,
    order: list[str],
    language: str,
    *,
    last: pd.Timestamp | None = None,
) -> None:
    """Write the illustrative mark above a chart, if rows bear it, and the notes below."""
    sources, printed = set(table["source"]), _is_shipped(table)
    named = sorted(map(str, sources - {"reported", "illustrative", "published"}))
    if "illustrative" in sources:
        ax.annotate(
            word("illustrative", language), (0, 1), (0, 24), "axes fraction", "offset points",
            color=style.MARK, fontsize=8.5, weight="bold", gid="illustrative",
        )  # fmt: skip
    day = "" if last is None else name_day(f"{last:%Y-%m-%d}", language)
    later = 0 if last is None else table.loc[~(table["since"] <= last), "count"].sum()
    told = {
        "note_stock": last is not None,
        "note_left_out": later > 0,
        "note_unnamed": any(kind in _UNNAMED for kind in order),
        "note_bounds": bool(bounds),
        "note_kinds_printed": printed and "illustrative" in sources,
        "note_printed": printed and sources == {"published"},
        "note_published": not printed and sources == {"published"},
        "note_source": bool(named),
    }
    values = {"day": day, "count": number(later, language), "names": ", ".join(named)}
    said = [word(key, language, **values) for key, needed in told.items() if needed]
    ax.set_xlabel("\n".join(said), loc="left", linespacing=1.4)


def _is_shipped(table: pd.DataFrame) -> bool:
    """Check whether all rows are the workbook's own, which come from one newspaper article.

    Other tables may be published or illustrative, too, but a note on the article would be wrong.
    """
    for name in ("drives", "models", "partner_activities", "commendations"):
        own = load_table(name)
        if set(own) <= set(table):
            both = pd.concat([own, table[list(own)]])
            return len(both.drop_duplicates()) == len(own)
    return False
