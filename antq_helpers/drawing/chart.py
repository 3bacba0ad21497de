"""Live pictures: the marks of a view as rows, and Vega-Lite that says how they are drawn.

The specifications are plain dicts: a library that writes them would only check what tests do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from antq_helpers.dictionary import find_measure, word
from antq_helpers.drawing import style
from antq_helpers.drawing.text import (
    marks,
    name_day,
    name_measure,
    name_unit,
    notes_below,
    period_label,
    title_of,
)
from antq_helpers.drawing.view import View
from antq_helpers.records import name_whole

STATES = ("full", "partial", "missing", "none", "hidden")
SHAPES = dict(
    zip(
        style.MARKERS,
        ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross"),
        strict=True,
    )
)
WIDTH = 760  # pixels of the plot; the labels of its axes stand outside
_COLUMNS = ("value", "low", "high", "target", "numerator", "denominator", "exposure", "covered")
_FONT = "DejaVu Sans, Verdana, Segoe UI, sans-serif"


@dataclass(frozen=True)
class Chart:
    """What a browser draws: the live picture of a view.

    ``spec`` is Vega-Lite over the data set ``rows``, the same for all choices that are drawn in the
    same way, so that the browser keeps what it made of it. ``rows`` has a row per mark, numbers
    only: ``panel``, ``series`` and ``at`` are indices, ``state`` one of ``STATES``, ``value`` and
    its like as in the numbers of the view. ``params`` are its titles, ticks and limits; ``says``
    has, by panel, the lines read out at a mark, with blanks for what its row holds, and the
    ``digits`` of numbers.
    """

    spec: dict
    rows: pd.DataFrame
    series: list[dict]
    periods: list[str]
    params: dict = field(default_factory=dict)
    says: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    labels: list[dict] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)  # colour and text
    zooms: bool = False  # periods go from left to right


def message_of(chart: Chart, numbers: pd.DataFrame, view: View, alt: str) -> dict:
    """Return a chart as it is sent to a browser: JSON, but for the columns, which are bytes."""
    language = view.language
    return {
        "spec": json.dumps(_whole(chart, language)),
        "columns": {name: chart.rows[name].to_numpy(float).tobytes() for name in chart.rows},
        "series": chart.series,
        "periods": [_name_of(period, language) for period in chart.periods],
        "params": chart.params,
        "says": chart.says,
        "states": state_words(language),
        "notes": chart.notes,
        "labels": chart.labels,
        "legend": chart.legend,
        "mark": marks(numbers, view),
        "zooms": chart.zooms,
        "language": language,
        "alt": alt,
        "keys": word("live_keys", language),
        "stopped": word("live_stopped", language),
    }


def is_day(period: str) -> bool:
    """Check whether a period is a day: 2022-12-31, but not 2022-to-09."""
    return len(period) == 10 and period[5:7].isdigit()


def _name_of(period: str, language: str) -> str:
    return (name_day if is_day(period) else period_label)(period, language)


def state_words(language: str) -> list[str]:
    """Return what is read out of each of ``STATES``; of a full one nothing."""
    keys = ("live_covered", "not_reported", "none_occurred", "cell_hidden")
    return ["", *(word(key, language) for key in keys)]


def rows_of(numbers: pd.DataFrame, **more: object) -> pd.DataFrame:
    """Return the rows of marks: the numeric columns of numbers, their state as a number, and more.

    ``series`` and ``at`` are indices into the units and periods by default.
    """
    columns = {name: numbers[name] for name in _COLUMNS if name in numbers}
    if "state" in numbers:
        columns["state"] = numbers["state"].map({name: i for i, name in enumerate(STATES)})
    table = {"panel": 0, "at": 0, **columns, **more}
    return pd.DataFrame(table, index=numbers.index).astype(float).reset_index(drop=True)


def says_of(view: View, measure: str | None = None, **more: object) -> dict:
    """Return the lines read out at a mark of a measure: value, interval, what it rests on."""
    language, measure = view.language, measure or view.measures[0]
    entry = find_measure(measure)
    lines = [f"{name_measure(view, measure)}: {{value}}{'%' if entry.kind == 'share' else ''}"]
    lines.append(word("live_interval", language))
    if entry.kind != "count":
        both = ("numerator", "denominator")
        names = {
            f"{part}_of": find_measure(getattr(entry, part)).text("label", language)
            for part in both
        }
        blanks = {part: f"{{{part}}}" for part in both}
        lines.append(word("live_share", language, **names, **blanks))
    elif view.per:
        blanks = {"numerator": "{numerator}", "exposure": "{exposure}"}
        lines.append(word("live_rate", language, unit=entry.text("unit", language), **blanks))
    return {"lines": lines, "digits": {"value": 1, "low": 1, "high": 1}, **more}


def compared(
    table: pd.DataFrame,
    view: View,
    layers: list[dict],
    looks: list[dict],
    params: dict,
    notes: list[str],
    labels: list[dict],
    *,
    height: float = 430,
    title: str = "",
    unit: str = "",
    legend: Sequence[tuple[str, str]] = (),
    says: dict | None = None,
    zooms: bool = False,
    basis: bool = True,
    **columns: object,
) -> Chart:
    """Return the chart of one panel, with its frame: title, unit and notes."""
    named = {"titles": [title or title_of(table, view)], "units": [unit or name_unit(view)]}
    periods = list(pd.unique(table["period"])) if "period" in table else [""]
    columns = (
        {"at": pd.Index(periods).get_indexer(table["period"]), **columns}
        if any(periods)
        else columns
    )
    return Chart(
        panel(layers, height, only=False),
        rows_of(table, **columns),
        looks,
        periods,
        {**named, **params},
        [says or says_of(view)],
        [notes_below(table, view, notes) if basis else " ".join(notes)],
        labels,
        list(legend),
        zooms,
    )


def period_names(periods: Iterable[str], language: str) -> list[str]:
    """Return the labels of periods."""
    return [period_label(period, language) for period in periods]


# ---- Vega-Lite ----


def expr(text: str) -> dict:
    """Return a reference to an expression."""
    return {"expr": text}


def layer(kind: str, where: str = "", *, mark: Mapping | None = None,
          opacity: float = 1, **encoding: object) -> dict:  # fmt: skip
    """Return a layer of marks, of the rows for which ``where`` holds.

    What is not of the series brought forward (``lit``) turns ``pale``, but for what a place is
    compared with.
    """
    lit = {"test": "!lit || datum.stays || datum.name === lit", "value": opacity}
    return {
        "mark": {"type": kind, **(mark or {})},
        **({"transform": [{"filter": where}]} if where else {}),
        "encoding": {
            **{name: channel(what) for name, what in encoding.items()},
            "opacity": {"condition": lit, "value": expr(f"{opacity} * pale")},
        },
    }


def channel(what: object) -> dict:
    """Return the definition of a channel: a field by its name, or what is written out."""
    if not isinstance(what, str):
        return what
    name, _, kind = what.partition(":")
    if kind == "look":  # the rows hold the colour or shape itself
        return {"field": name, "type": "ordinal", "scale": None, "legend": None}
    return {"field": name, "type": {"": "quantitative", "n": "nominal"}[kind]}


def values(name: str, low: str, high: str, *, ticks: str = "", **axis: object) -> dict:
    """Return a channel of numbers between two params, its ticks those of a param with labels."""
    named = {"tickCount": 6}
    if ticks:
        labels = f"{ticks}_labels[datum.value]"
        named = {"values": expr(ticks), "labelExpr": labels, "labelOverlap": False}
    return {
        "field": name,
        "type": "quantitative",
        "scale": {"domain": [_number(low), _number(high)], "nice": False, "zero": False},
        "axis": {"title": None, **named, **axis},
    }


def ticks_of(name: str, labels: Mapping[float, str]) -> dict:
    """Return the params of an axis with named ticks, see :func:`values`."""
    return {name: list(labels), f"{name}_labels": {_key(at): text for at, text in labels.items()}}


def _key(at: float) -> str:
    """Return a number as JavaScript writes it."""
    return repr(float(at)).removesuffix(".0")


def _number(text: str) -> object:
    return float(text) if text.replace(".", "").lstrip("-").isdigit() else expr(text)


def panel(layers: Sequence[dict], height: float, number: int = 0, *, width: float = WIDTH,
          only: bool = True) -> dict:  # fmt: skip
    """Return a panel with its title and unit, of its own rows."""
    return {
        "width": width,
        "height": height,
        "title": {"text": expr(f"titles[{number}]"), "subtitle": expr(f"units[{number}]")},
        **({"transform": [{"filter": f"datum.panel === {number}"}]} if only else {}),
        "layer": layers,
    }


def fixed(kind: str, where: str, *, number: int = 0, mark: Mapping | None = None,
          **encoding: object) -> dict:  # fmt: skip
    """Return a layer of ``labels``: names, lines and limits, which are no marks of the numbers."""
    made = layer(kind, f"datum.panel === {number} && ({where})", mark=mark, **encoding)
    return {"data": {"name": "labels"}, **made}


def texts(number: int = 0, *, mark: Mapping | None = None, **encoding: object) -> dict:
    """Return the layer of the texts within a panel."""
    side = {"align": expr("datum.left ? 'right' : 'left'"), "dx": expr("datum.left ? -7 : 5")}
    look = {**side, "baseline": "middle", "fontSize": 11.5, **(mark or {})}
    shown = {"text": {"field": "text"}, "color": "colour:look", **encoding}
    return fixed("text", "isValid(datum.text)", number=number, mark=look, **shown)


def curves(x: dict, y: dict, number: int = 0) -> dict:
    """Return the layer of curves, such as limits; ``dash`` is 0, 1 or 2."""
    dash = [
        {"test": "datum.dash === 1", "value": [4, 2]},
        {"test": "datum.dash === 2", "value": [1, 2]},
    ]
    return fixed("line", "isValid(datum.curve)", number=number, mark={"strokeWidth": 1.2}, x=x, y=y,
                 color="colour:look", detail="curve:n",
                 strokeDash={"condition": dash, "value": [1, 0]})  # fmt: skip


def curve(name: str, xs: Iterable[float], ys: Iterable[float], colour: str, dash: int = 0) -> list:
    """Return the labels that make a curve."""
    look = {"panel": 0, "curve": name, "colour": colour, "dash": dash}
    return [{**look, "x": float(x), "y": float(y)} for x, y in zip(xs, ys, strict=True) if y == y]


def label(text: str, x: float, y: float, colour: str = style.INK, **more: object) -> dict:
    """Return a text within a picture."""
    return {"panel": 0, "text": text, "x": float(x), "y": float(y), "colour": colour, **more}


# Upright stripes, which are a gradient with hard edges: Vega loses slanted ones off the origin.
_STRIPES = [{"offset": (i + (j == 1)) / 24, "color": style.EDGE if i % 4 == 0 else "white"}
            for i in range(24) for j in (0, 1)]  # fmt: skip
HATCH = {"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 0, "stops": _STRIPES}
HATCHED = "hatched"  # the colour of a row or an entry of a legend that is striped
FILL = {"condition": {"test": f"datum.colour === '{HATCHED}'", "value": HATCH},
        "field": "colour", "type": "ordinal", "scale": None}  # fmt: skip
HOLLOW = {"condition": {"test": "datum.state === 1", "value": "white"},
          "field": "colour", "type": "ordinal", "scale": None}  # fmt: skip


def tiles(x: dict, y: dict, colour: dict) -> list[dict]:
    """Return the layers of shaded cells one wide and high, dashed where there is no value."""
    box = {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}}
    hatched = {"fill": HATCH, "stroke": style.EDGE}
    middle = {"align": "center", "dx": 0, "lineBreak": "\n", "lineHeight": 14}
    write = {"x": {**x, "field": "x"}, "y": {**y, "field": "y"}}
    return [
        layer("rect", "datum.value !== null", mark={"stroke": "white"}, fill=colour, **box),
        layer("rect", "datum.value === null", mark=hatched, **box),
        texts(mark=middle, **write),
    ]


def shades() -> dict:
    """Return the colour of the ratio to the whole: ``shade`` is the index of its step, or -1."""
    steps = {"domain": [-1, *range(len(style.SHADES))], "range": ["white", *style.SHADES]}
    return {"field": "shade", "type": "ordinal", "scale": steps, "legend": None}


def shade_legend(table: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    """Return the legend of shades, with its title and what is hatched."""
    whole = name_whole(table, language, inside=True)
    gone = [(HATCHED, word("not_reported", language))] if table["value"].isna().any() else []
    return [("", word("shade_title", language, whole=whole)), *style.key_of(language), *gone]


def shade_codes(ratio: pd.Series) -> pd.Series:
    """Return the index of the shade of each ratio; -1 where it is missing."""
    return ratio.map(lambda r: style.SHADES.index(style.shade(r)) if r == r else -1)


def _whole(chart: Chart, language: str) -> dict:
    """Return a specification with what all share."""
    named = [{"name": name, "value": None} for name in chart.params]
    local = {"decimal": ",", "thousands": "."} if language == "vi" else {}
    axis = {
        "labelFont": _FONT,
        "labelFontSize": 11.5,
        "labelColor": "#444444",
        "gridColor": style.GRID,
        "domainColor": "#888888",
        "tickColor": "#888888",
        "format": ",~r",
    }
    return {
        "data": {"name": "rows"},
        "params": [{"name": "lit", "value": ""}, {"name": "pale", "value": 1}, *named],
        **chart.spec,
        "config": {
            "aria": False,  # the picture is one thing to focus; its marks are read out by keyboard
            "view": {"stroke": None},
            "axis": axis,
            "axisX": {"grid": False, "labelFlush": False},
            "axisY": {"domain": False, "ticks": False, "minExtent": 44},
            "title": {
                "anchor": "start",
                "font": _FONT,
                "fontSize": 14.5,
                "fontWeight": "bold",
                "color": style.INK,
                "subtitleFont": _FONT,
                "subtitleFontSize": 11.5,
                "subtitleColor": style.NOTE,
            },
            "text": {"font": _FONT},
            "locale": {"number": {"grouping": [3], "currency": ["", ""],
                                  "decimal": ".", "thousands": ",", **local}},
        },
    }  # fmt: skip
