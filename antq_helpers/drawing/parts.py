"""Bars of the parts of a table's sum, such as drives by kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from antq_helpers.dictionary import (
    check_choice,
    field_title,
    is_worded,
    name_part,
    number,
    table_fields,
    word,
)
from antq_helpers.drawing import chart as live
from antq_helpers.drawing import style
from antq_helpers.drawing.figure import plot
from antq_helpers.drawing.text import name_day, span_words, words_if
from antq_helpers.drawing.view import View
from antq_helpers.measuring.stocks import last_day, running_on
from antq_helpers.places import name_key
from antq_helpers.tables import package_table

_APART = (0, 3, 1)  # colours of the parts of a bar, far from each other in grey print
_GRADED = (2, 0, 3, 1)  # of a list of four with an order, from dark to light
_MOST_PER_ROW = 0.8  # inches
_AROUND = 1.9  # inches of title, axis and notes
_LONG = 0.7  # share of the axis: a legend over bars that reach further would hide them
# Values of rows whose source names no kind, and of those of the whole place.
NOT_STATED, WHOLE = "not_itemised", "whole"
UNNAMED = (NOT_STATED, "other")
HATCH = {"facecolor": "white", "edgecolor": style.CITY, "hatch": "////"}


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

    Raises
    ------
    ValueError
        For a table without a row, and for a column or language that is not known.

    Examples
    --------
    >>> from antq_helpers.tables import package_table
    >>> from matplotlib.figure import Figure
    >>> ax = plot_parts(package_table("drives"), by="kind", ax=Figure().subplots())
    >>> [label.get_text() for label in ax.get_yticklabels()][0]
    'Communes and wards'
    """
    bounds = tuple((kind, *bound) for kind, bound in (bounds or {}).items())
    rows = table[by].nunique() + table[by].isna().any() if by in table else 1
    return plot(
        table, ax, 1.9 + 0.42 * rows, kind="parts", by=by, split=split, column=column,
        bounds=bounds, title=title, language=language,
    )  # fmt: skip


def numbers(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Add up a table by the bars and their parts; in the order of the bars, longest first.

    Models are those that ran on a day: the view's, or the last one of the data and its years.
    """
    groups = [view.by] if view.split is None else [view.by, view.split]
    table = _counted(table)
    for name in (*groups, view.column):
        check_choice("column", name, table.columns)
    chosen = choose_rows(_of_time(table, view), view)
    # Rows that state no kind have a bar, too: without it the bars would not add up to the table.
    stated = {name: stated_values(chosen[name], view.table) for name in groups}
    rows, chosen = chosen, chosen.assign(**stated)
    kept = ~chosen[view.by].isin(view.without)
    rows, chosen = rows[kept], chosen[kept]
    if chosen.empty:
        raise ValueError(word("nothing_to_draw", view.language))
    others = _beyond_colours(chosen, view)
    if others:
        merged = chosen[view.split].where(~chosen[view.split].isin(others), UNNAMED[-1])
        chosen = chosen.assign(**{view.split: merged})
    # Where nothing was reported the sum is missing, not zero: leaflets have no attendances.
    sums = chosen.groupby(groups, observed=True)[view.column].sum(min_count=1).astype(float)
    whole = sums if view.split is None else sums.groupby(view.by).sum(min_count=1)
    longest = whole.fillna(-1)
    named = [kind for kind in whole.index if kind not in UNNAMED]
    order = sorted(named, key=None if view.by == "year" else lambda kind: -longest[kind])
    order += [kind for kind in UNNAMED if kind in whole.index]
    rank = {kind: place for place, kind in enumerate(order)}
    parts = sums.rename("count").reset_index()
    parts = parts.sort_values(view.by, key=lambda kinds: kinds.map(rank), kind="stable")
    if parts["count"].notna().all():
        parts = parts.astype({"count": int})
    if "since" in table:
        parts = parts.assign(day=f"{day_of(table, view):%Y-%m-%d}")
        rows = table
    named = ", ".join(name_part(part, view.language) for part in others)
    return add_sources(parts.reset_index(drop=True), rows, view).assign(others=named)


def _counted(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a count: where it has none, each row is one."""
    return table if "count" in table else table.assign(count=1)


def _field(table: str | None, name: str | None) -> dict:
    """Return what the data package says of a column of a table of ours; of others nothing."""
    return next((f for f in (table_fields(table) if table else ()) if f["name"] == name), {})


def stated_values(cells: pd.Series, table: str | None) -> pd.Series:
    """Return the values of a column as texts or years; a blank is not itemised, or the whole."""
    field = _field(table, cells.name)
    stated = cells.astype(object).where(cells.notna(), field.get("blank", NOT_STATED))
    return stated.map(
        lambda value: f"{cells.name}_{value}".lower() if isinstance(value, bool) else value
    )


def _beyond_colours(chosen: pd.DataFrame, view: View) -> list[str]:
    """List the smallest parts of bars where there are more than colours: these are the others."""
    if view.split is None:
        return []
    sums = chosen.groupby(view.split)[view.column].sum().sort_values(ascending=False)
    most = len(_own_colours(view)) or len(_APART)
    return [part for part in sums.index if part not in UNNAMED][most:]


def _own_colours(view: View) -> dict[str, int]:
    """Return the colours of a split whose values have an order: grades, and what is done or not."""
    field = _field(view.table, view.split)
    words = list(field.get("words", ()))
    if field.get("type") == "boolean":
        return {f"{view.split}_{value}": _APART[rank] for rank, value in enumerate(words)}
    graded = len(words) == len(_GRADED) and not field.get("open")
    return dict(zip(words, _GRADED, strict=True)) if graded else {}


def draw(ax: Axes, numbers: pd.DataFrame, view: View) -> None:
    """Draw a bar per kind; what is not itemised is hatched."""
    order = list(dict.fromkeys(numbers[view.by]))
    _draw_bars(ax, numbers, order, view)
    ax.set_title(_title(numbers, view), y=1.0)
    drawn = order if view.split is None else [*order, *numbers[view.split]]
    write_sources(ax, numbers, view, drawn)


def describe(numbers: pd.DataFrame, view: View) -> list[str]:
    """Describe the parts by their sums, or by the bounds that are printed."""
    language, bounds = view.language, _bounds(view)
    sums = numbers.groupby(view.by, sort=False)["count"].sum(min_count=1)
    values = {kind: number(value, language) for kind, value in sums.items()}
    values |= {kind: _bound(*bound, language) for kind, bound in bounds.items()}
    parts = "; ".join(f"{name_part(kind, language)}: {value}" for kind, value in values.items())
    title = _title(numbers, view)
    return [*([f"{title}."] if title else []), f"{parts}."]


def left_out(table: pd.DataFrame, view: View) -> list[str]:
    """Name what a choice leaves out: units without rows, and rows that state no year."""
    notes = []
    if absent := lacking(_of_time(table, view), view):
        notes.append(word("subject_lacks", view.language, names=", ".join(absent)))
    if view.years and "year" in table:
        table = _counted(table)
        undated = table[table["year"].isna() & ~table[view.by].isin(view.without)]
        count = int(undated["count"].sum())
        if count:
            notes.append(word("subject_undated", view.language, count=number(count, view.language)))
    return notes


def day_of(models: pd.DataFrame, view: View) -> pd.Timestamp:
    """Return the day whose models are counted: the view's, or the last one of data and years."""
    if view.at is not None:
        return pd.Timestamp(view.at)
    day = pd.Timestamp.today() if models.empty else last_day(models)
    return min(day, pd.Timestamp(view.years[1], 12, 31)) if view.years else day


def _of_time(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the rows of the view's years, or the models that ran on its day."""
    if "since" not in table:
        if view.at is not None and "met" in table:
            table = table[days_of_items(table) <= pd.Timestamp(view.at)]
        if view.years is None:
            return table
        years = days_of_items(table).dt.year if "met" in table else table["year"]
        return table[years.between(*view.years).fillna(False).astype(bool)]
    day = day_of(table, view)
    if table.empty or (view.years and day.year < view.years[0]):
        return table.head(0)  # nobody knows of later models
    return running_on(table, day)


def days_of_items(items: pd.DataFrame) -> pd.Series:
    """Return the day of each item's meeting, or that by which it is due where none is stated."""
    return items["met"].fillna(items["due"])


def _title(numbers: pd.DataFrame, view: View) -> str:
    """Return the view's title; by default that of its table, with the years or the day."""
    if view.title is not None:
        return view.title
    if view.table is None:
        return ""
    title = _default_title(view)
    if "day" in numbers:
        return f"{title}, {name_day(numbers['day'].iloc[0], view.language)}"
    return f"{title}, {span_words(view.years)}" if view.years else title


def _default_title(view: View) -> str:
    """Return the title of a table's bars: its own, or the names of table and column."""
    if is_worded(key := f"parts_{view.table}_{view.by}"):
        return word(key, view.language)
    column = field_title(view.table, view.by, view.language)
    table = word(f"table_{view.table}", view.language)
    return f"{table}: {column[:1].lower()}{column[1:]}"


def _bounds(view: View) -> dict[str, tuple[str, int]]:
    return {kind: (qualifier, amount) for kind, qualifier, amount in view.bounds}


def _bound(qualifier: str, amount: int, language: str) -> str:
    return word(f"printed_{qualifier}", language, value=number(amount, language))


def _parts_in_order(numbers: pd.DataFrame, view: View) -> list:
    own = list(_own_colours(view))
    parts = list(dict.fromkeys(numbers.sort_values([view.by, view.split])[view.split]))
    return sorted(parts, key=lambda p: (p in UNNAMED, own.index(p) if p in own else len(own)))


def _colours_of(parts: list, view: View) -> dict[str | None, int]:
    ranked = {part: _APART[rank % len(_APART)] for rank, part in enumerate(parts)}
    return ranked | _own_colours(view)


def _draw_bars(ax: Axes, numbers: pd.DataFrame, order: list[str], view: View) -> None:
    split, bounds, language = view.split, _bounds(view), view.language
    sums = numbers.set_index([view.by] if split is None else [view.by, split])["count"]
    place = np.arange(len(order))
    parts = [None] if split is None else _parts_in_order(numbers, view)
    colours = _colours_of(parts, view)
    left = np.zeros(len(order))
    for part in parts:
        values = sums if part is None else sums.xs(part, level=split)
        width = values.reindex(order).fillna(0).to_numpy()
        look = HATCH if part in UNNAMED else {"color": style.COLOURS[colours[part]]}
        bars = ax.barh(place, width, left=left, height=0.62, zorder=2, **look)
        if part is not None:
            bars.set_label(name_part(part, language))
        for bar, kind in zip(bars, order, strict=True):
            if kind in UNNAMED:
                bar.set(**HATCH)
        left += width
    known = sums.notna() if split is None else sums.notna().groupby(level=0).any()
    for row, kind in enumerate(order):
        label = number(left[row], language) if known[kind] else word("not_reported", language)
        if kind in bounds:
            qualifier, amount = bounds[kind]
            label = f"  {_bound(qualifier, amount, language)}"
            ax.containers[-1][row].set_width(amount)
            left[row] = amount
            ax.plot(amount, row, ">" if qualifier == "over" else "<", color=style.INK, zorder=3)
        ax.text(left[row], row, f" {label}", va="center", fontsize=9)
    ax.set_yticks(place, [name_part(kind, language) for kind in order])
    # Beside one or two divided bars stands what their colours mean.
    room = 1.5 if len(parts) > 1 and len(order) <= 2 else 1.14
    ax.set(ylim=(len(order) - 0.4, -0.6), xlim=(0, max(left.max(), 1) * room))
    ax.set_axes_locator(lambda ax, _: _no_thick_bars(ax, len(order)))
    style.grid_along(ax, "x")
    ax.xaxis.set_major_formatter(lambda value, _: number(value, language))
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 2.5, 5, 10]))
    if len(parts) > 1:
        beside = left[-len(parts) :].max() > _LONG * ax.get_xlim()[1]
        place = {"loc": "upper left", "bbox_to_anchor": (1, 1)} if beside else {}
        ax.legend(**{"loc": "lower right", **place}, frameon=False, fontsize=9)


def height(numbers: pd.DataFrame, view: View) -> float:
    """Return the height in inches that the bars need, with title and notes."""
    return numbers[view.by].nunique() * _MOST_PER_ROW + _AROUND


def _no_thick_bars(ax: Axes, rows: int) -> Bbox:
    """Return the position of the axes, made lower where few bars would be too thick."""
    room = ax.get_position(original=True)
    most = rows * _MOST_PER_ROW / ax.figure.get_figheight()
    return Bbox.from_extents(room.x0, max(room.y0, room.y1 - most), room.x1, room.y1)


def choose_rows(table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Return the rows of the view's units; check that some are left, with their source."""
    if "source" not in table:
        raise ValueError(
            "This table lacks the column source, which says what is made up. Load it with "
            "load_table, or write 'reported' into that column."
        )
    if view.communes:
        check_choice("column", "commune", table.columns)
        asked = {name_key(name) for name in view.communes}
        table = table[table["commune"].map(name_key, na_action="ignore").isin(asked)]
    if table.empty:
        raise ValueError(word("nothing_to_draw", view.language))
    return table


def lacking(table: pd.DataFrame, view: View) -> list[str]:
    """List the view's communes of which a table has no row."""
    known = set(map(name_key, table["commune"].dropna())) if view.communes else set()
    return [name for name in view.communes or () if name_key(name) not in known]


def add_sources(numbers: pd.DataFrame, table: pd.DataFrame, view: View) -> pd.DataFrame:
    """Add what the notes rest on: sources, whether all are the workbook's, communes that lack."""
    sources = sorted(map(str, set(table["source"])))
    return numbers.assign(
        lacking=", ".join(lacking(table, view)),
        illustrative="illustrative" in sources,
        source="; ".join(sources),
        shipped=_is_shipped(table),
    )


def write_sources(
    ax: Axes, numbers: pd.DataFrame, view: View, kinds: list[str], notes: Sequence[str] = ()
) -> None:
    """Write below a chart the notes on how to read it, and on what it rests on."""
    ax.set_xlabel("\n".join(source_notes(numbers, view, kinds, notes)), loc="left", linespacing=1.4)


def source_notes(
    numbers: pd.DataFrame, view: View, kinds: list[str], notes: Sequence[str] = ()
) -> list[str]:
    """Return the notes below a chart on how to read it, and on what it rests on."""
    sources, shipped = set(numbers["source"].iloc[0].split("; ")), numbers["shipped"].iloc[0]
    named = sorted(sources - {"reported", "illustrative", "published"})
    needed = {
        "note_unnamed": any(kind in UNNAMED for kind in kinds),
        "note_bounds": bool(view.bounds),
        "note_kinds_printed": shipped and "illustrative" in sources,
        "note_printed": shipped and sources == {"published"},
        "note_published": not shipped and sources == {"published"},
        "note_source": bool(named),
    }
    others, absent = numbers["others"].iloc[0], numbers["lacking"].iloc[0]
    merged = {"other": name_part(UNNAMED[-1], view.language), "names": others}
    return [
        *notes,
        *words_if({"note_others": others}, view.language, **merged),
        *words_if({"subject_lacks": absent}, view.language, names=absent),
        *words_if(needed, view.language, names=", ".join(named)),
    ]


def _is_shipped(table: pd.DataFrame) -> bool:
    """Check whether all rows are the workbook's own, which come from one newspaper article.

    Other tables may be published or illustrative, too, but a note on the article would be wrong.
    """
    for name in ("drives", "models", "partner_activities", "commendations"):
        own = package_table(name)
        if set(own) <= set(table):
            both = pd.concat([own, table[list(own)]])
            return len(both.drop_duplicates()) == len(own)
    return False


def chart(numbers: pd.DataFrame, view: View) -> live.Chart:
    """Return the live picture: a bar per kind, of its parts."""
    language, bounds, order = view.language, _bounds(view), list(dict.fromkeys(numbers[view.by]))
    split = view.split or view.by
    parts = _parts_in_order(numbers, view) if view.split else order
    of_parts = _colours_of(parts if view.split else [None], view)
    table = numbers.assign(rank=numbers[split].map(parts.index)).sort_values("rank", kind="stable")
    place = table[view.by].map(order.index)
    table = table.assign(place=place).sort_values(["place", "rank"], ignore_index=True)
    drawn = table["count"].fillna(0)
    for kind, (_, amount) in bounds.items():
        drawn = drawn.mask(table[view.by] == kind, amount)
    right = drawn.groupby(table["place"]).cumsum()
    colours = [
        live.HATCHED if part in UNNAMED
        else style.COLOURS[of_parts[part if view.split else None]]
        for part in parts
    ]  # fmt: skip
    rows = table[[*dict.fromkeys([view.by, split])]].itertuples(index=False)
    series = [
        {"name": ", ".join(name_part(part, language) for part in row),
         "whole": view.by != "commune",
         "colour": live.HATCHED if row[0] in UNNAMED else colours[parts.index(row[-1])]}
        for row in rows
    ]  # fmt: skip
    sums = table.groupby("place")["count"].sum(min_count=1)
    ends, labels = right.groupby(table["place"]).max(), []
    for at, kind in enumerate(order):
        known = sums[at] == sums[at]
        text = number(sums[at], language) if known else word("not_reported", language)
        text = _bound(*bounds[kind], language) if kind in bounds else text
        labels.append(live.label(text, ends[at], at))
    x = live.values("x1", "0", "right", grid=True, tickMinStep=1)
    y = live.values("y1", "bottom", "-0.6", ticks="names", grid=False)
    bars = live.layer("rect", x=x, x2={"field": "x2"}, y=y, y2={"field": "y2"},
                      fill=live.FILL, stroke={"value": "#888888"})  # fmt: skip
    names = {at: name_part(kind, language) for at, kind in enumerate(order)}
    legend = [(c, name_part(p, language)) for c, p in zip(colours, parts, strict=True)]
    return live.compared(
        table.drop(columns="period", errors="ignore"), view,
        [live.texts(x={**x, "field": "x"}, y={**y, "field": "y"}), bars], series,
        {"right": max(ends.max(), 1) * 1.14, "bottom": len(order) - 0.4,
         **live.ticks_of("names", names)},
        source_notes(numbers, view, [*order, *numbers[split]]), labels,
        height=max(min(len(order) * 42, 430), 60),
        title=_title(numbers, view) or " ", unit=" ", legend=legend if view.split else (),
        says={"lines": ["{value}"]}, basis=False, series=range(len(table)), value=table["count"],
        state=table["count"].isna() * 2, x1=right - drawn, x2=right,
        y1=table["place"] - 0.31, y2=table["place"] + 0.31,
    )  # fmt: skip
