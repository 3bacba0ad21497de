"""One HTML file with pickers, live pictures and tables, for those who have no program."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from string import Template

import numpy as np
import pandas as pd

from antq_helpers.dictionary import (
    LANGUAGES,
    base_words,
    check_choice,
    find_measure,
    measures_of,
    number,
    word,
)
from antq_helpers.drawing import style
from antq_helpers.drawing.chart import (
    SHAPES,
    STATES,
    WIDTH,
    message_of,
    period_names,
    says_of,
    state_words,
)
from antq_helpers.drawing.figure import alt_text, chart_of, tabulate
from antq_helpers.drawing.series import axis_label, numbers_in
from antq_helpers.drawing.text import (
    marks,
    name_measure,
    name_years,
    period_words,
    residents_note,
    words_if,
    years_begin,
)
from antq_helpers.drawing.trend import PARTS, YEARS
from antq_helpers.drawing.view import View
from antq_helpers.exploring.controls import STYLE, library, read_script
from antq_helpers.exploring.explorer import PER
from antq_helpers.exploring.tables import table_html
from antq_helpers.measuring.lookback import AUDIENCES, Window, look_back
from antq_helpers.measuring.periods import PER_YEAR, period_days, possible_periods
from antq_helpers.measuring.releases import Book, open_book
from antq_helpers.measuring.totals import tally, years_of
from antq_helpers.office import check_target, put_file
from antq_helpers.records import check_records, name_whole

_COMPARED = ("ranking", "tile_map", "heatmap", "funnel", "small_multiples")
_OF_ONE_YEAR = _COMPARED[:2]  # also drawn of single years
_COLUMNS = (
    *("value", "low", "high", "numerator", "denominator", "exposure", "covered"),
    *("expected", "reporting", "dispersion"),
)
_WORDS = (
    *("choose_picture", "choose_above", "choose_below", "choose_measure", "choose_years"),
    *("choose_by", "choose_per", "choose_language", "communes", "search", "all", "none", "kinds"),
    *("chosen_count", "nothing_found", "nothing_chosen", "pick_commune", "count"),
    *("not_reported", "none_occurred", "cell_hidden", "label_of_place", "label_year"),
    "illustrative",
    *("alt_chart", "alt_chart_one", "alt_series", "alt_series_one", "alt_series_within"),
    *("alt_series_only", "alt_last_missing", "alt_last_hidden", "alt_missing", "alt_none"),
    *("alt_greys", "alt_more", "note_bars", "note_bands", "note_interval", "note_chance_alone"),
    *("note_dispersion", "note_cut", "note_cut_count", "note_partial", "note_partial_period"),
    *("note_missing", "note_none", "note_hidden", "note_mean", "note_grey", "note_grey_some"),
    *("note_grey_many", "note_covered", "note_covered_one", "note_covered_chosen"),
    *("note_covered_drawn", "live_keys"),
)


def write_page(
    records: pd.DataFrame,
    path: str | Path,
    *,
    audience: str,
    period: str | int | None = None,
    book: Book | str | Path | None = None,
    language: str = "vi",
    overwrite: bool = False,
) -> Path:
    """Write one HTML file that shows trends and comparisons in any browser, without a network.

    It holds the numbers of all units, periods and measures, with the pickers, live pictures,
    tables, alt texts, marks and notes of the explorers, in both languages.

    Parameters
    ----------
    records
        As :func:`load_records` gives them.
    path
        The file, which ends in ``.html``.
    audience
        ``"internal"``, or ``"public"``: small counts are hidden, as in :func:`write_briefing`,
        and nothing of them is in the file. A public file has the trends of one period and those
        before it.
    period
        Of a public file, as :func:`look_back` takes it; the last year by default.
    book
        The release book of a public file, as :func:`protect` takes it.
    language
        To begin with.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        For a period of an internal file, which has all; for those that :func:`look_back` refuses.
    FileExistsError
        Where something is there and ``overwrite`` does not allow to replace it.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from antq_helpers import load_records, write_page
    >>> write_page(load_records(), Path(mkdtemp(), "yen-bai.html"), audience="public").name
    'yen-bai.html'
    """
    check_choice("audience", audience, AUDIENCES)
    check_choice("language", language, LANGUAGES)
    records = check_records(records)
    path = check_target(path, overwrite=overwrite, language=language, ending=".html")
    if audience == AUDIENCES[0]:
        if period is not None:
            raise ValueError("period= is for audience='public': an internal page has all periods.")
        held = _of_records(records)
    else:
        book = open_book(book, records)
        period = years_of(records)[1] if period is None else period
        window = look_back(records, period, audience=audience, book=book)
        book.note(window.release.entry)
        held = _of_window(window)
    return put_file(path, _page(held | {"first": language}).encode())


# ---- what the file holds ----


def _of_records(records: pd.DataFrame) -> dict:
    """Return what an internal file shows: all periods, and all pictures of communes."""
    view = View(audience="internal", measures=measures_of(records))
    groups = tally(records, "commune", period="year").groups
    names, split = list(groups["commune"]), groups["kind"].nunique() > 1

    def numbers_of(some: View) -> pd.DataFrame:
        return tabulate(records, some)

    held = {
        by: _over_time(names, replace(view, by=by), numbers_of, split=split)
        for by in possible_periods(records)
    }
    return _told(numbers_of(view), view, names) | {"time": held} | _compared(records, names)


def _of_window(window: Window) -> dict:
    """Return what a public file shows: what its release publishes, and nothing else."""
    names = [name for name, _ in window.units.values() if name]
    measures = window.totals["measure"].unique()
    view = View(audience="public", period=window.period, measures=measures)

    def numbers_of(some: View) -> pd.DataFrame:
        return numbers_in(window, some)

    held = _over_time(names, view, numbers_of, split=False)
    if window.period != window.asked:
        for tongue, told in held["after"].items():
            asked, taken = (period_words(p, tongue) for p in (window.asked, window.period))
            told.append(word("note_longer", tongue, asked=asked, taken=taken))
    return _told(numbers_of(view), view, names) | {
        "time": {view.by: held}, "specs": [], "pictures": {}
    }  # fmt: skip


def _told(city: pd.DataFrame, view: View, names: list[str]) -> dict:
    """Return names, marks, looks and words, which all pictures share."""

    def specs(tongue: str) -> list[str]:
        views = [replace(view, language=tongue, measures=view.measures[:n]) for n in (1, 2)]
        return [message_of(chart_of(city, some), city, some, "")["spec"] for some in views]

    whole, inside = (
        _in_languages(lambda tongue, place=place: name_whole(city, tongue, inside=place))
        for place in (False, True)
    )
    return {
        "charts": _in_languages(specs),
        "public": view.period is not None,
        "illustrative": bool(city["illustrative"].any()),
        "marks": _in_languages(lambda tongue: marks(city, replace(view, language=tongue))),
        "states": _in_languages(state_words),
        "units": [{"name": name, "at": style.places_of([name])[name]} for name in names],
        "whole": whole,
        "inside": inside,
        "mean": _in_languages(lambda tongue: word("city_mean", tongue)),
        "kinds": _in_languages(
            lambda tongue: [word(f"kind_{kind}", tongue) for kind in ("ward", "commune")]
        ),
        "per": PER,
        "rate": _in_languages(lambda tongue: word("rate", tongue, per=number(PER, tongue))),
        "named": _in_languages(
            lambda tongue: {kind: word(f"picture_{kind}", tongue) for kind in ("trend", *_COMPARED)}
        ),
        "looks": {
            "colours": style.COLOURS,
            "shapes": [SHAPES[marker] for marker in style.MARKERS],
            **{"focus": style.FOCUS, "city": style.CITY, "others": style.OTHERS},
            **{"note": style.NOTE, "width": WIDTH},
        },
        "titles": _in_languages(
            lambda tongue: word("page_title", tongue, place=whole[tongue], years=name_years(city))
        ),
        "words": _in_languages(lambda tongue: {key: word(key, tongue) for key in _WORDS}),
        "measures": [_measure(measure) for measure in view.measures],
    }


def _measure(measure: str) -> dict:
    entry = find_measure(measure)
    return {
        "name": measure,
        "count": entry.kind == "count",
        "label": _in_languages(lambda tongue: entry.text("label", tongue)),
        "base": _in_languages(lambda tongue: base_words([measure], tongue)),
    }


def _over_time(
    names: list[str], view: View, numbers_of: Callable[[View], pd.DataFrame], *, split: bool
) -> dict:
    """Return the numbers of all series over periods of one length, and what is said of them."""
    blocks = {}
    for per in (None, PER):
        measures = [m for m in view.measures if per is None or find_measure(m).kind == "count"]
        some = replace(view, per=per, measures=measures)
        city = numbers_of(some)
        tables = [numbers_of(replace(some, communes=names)), city]
        tables += [numbers_of(replace(some, split="kind"))] if split else []
        table = pd.concat(tables).drop_duplicates(["measure", "series", "role", "period"])
        for measure, mine in table.groupby("measure"):
            blocks[f"{measure} {per or ''}".strip()] = _block(mine, measure, some)
    periods = list(city["period"].unique())
    source = "source_short_illustrative" if city["illustrative"].any() else "source_reported"
    year = city["boundaries"].iloc[0]
    return {
        "label": _in_languages(lambda tongue: word(f"label_{view.by}", tongue)),
        "periods": _in_languages(lambda tongue: period_names(periods, tongue)),
        "years": [[day.year for day in period_days(period)] for period in periods],
        "begins": years_begin(periods),
        "steps": {"parts": PARTS[view.by], "years": [PER_YEAR[view.by] * n for n in YEARS]},
        "before": _in_languages(
            lambda tongue: words_if({source: True, "note_boundaries": True}, tongue, year=year)
        ),
        "residents": _in_languages(lambda tongue: residents_note(city, tongue)),
        "after": _in_languages(lambda tongue: []),
        "blocks": blocks,
    }


def _block(mine: pd.DataFrame, measure: str, view: View) -> dict:
    """Return the numbers of a measure: of each series its columns, and what is said of them."""
    whole = find_measure(measure).kind == "count" and not view.per
    digits = {"value": 0 if whole else 1, "low": 1, "high": 1}

    def texts(tongue: str) -> dict:
        some = replace(view, language=tongue)
        says = says_of(some, measure, digits=digits)
        says["lines"].append(word("live_target", tongue))
        return {"label": name_measure(some, measure), "unit": axis_label(measure, some), **says}

    roles = mine["role"] + mine["series"].where(mine["role"].isin(["commune", "kind"]), "")
    series = {
        role: {name: _short(rows[name], 8 if name == "covered" else 4) for name in _COLUMNS}
        | {"state": [STATES.index(state) for state in rows["state"]]}
        for role, rows in mine.groupby(roles, sort=False)
    }
    return {"whole": whole, "texts": _in_languages(texts), "series": series}


def _compared(records: pd.DataFrame, names: list[str]) -> dict:
    """Return the pictures that compare communes, and the control chart of each."""
    first, last = years_of(records)
    found, specs = {}, {}

    def add(kind: str, measure: str, key: str, **settings: object) -> None:
        view = View(kind=kind, measures=[measure], audience="internal", **settings)
        told = [_message(records, replace(view, language=tongue)) for tongue in LANGUAGES]
        for message in told:
            if "spec" in message:
                message["spec"] = specs.setdefault(message["spec"], len(specs))
        both = {name: told[0][name] for name in told[0] if told[0][name] == told[1].get(name)}
        own = [{k: v for k, v in one.items() if k not in both} for one in told]
        held = {"both": both, **dict(zip(LANGUAGES, own, strict=True))}
        found.setdefault(kind, {}).setdefault(measure, {})[key] = held

    for measure in measures_of(records):
        for kind in _COMPARED:
            add(kind, measure, "")
            for year in range(first, last + 1) if kind in _OF_ONE_YEAR else ():
                add(kind, measure, str(year), years=(year, year))
        for name in names:
            add("control", measure, name, communes=[name])
    return {"pictures": found, "specs": list(specs)}


def _message(records: pd.DataFrame, view: View) -> dict:
    """Return the message of a picture, with its table; or why there is none."""
    try:
        numbers = tabulate(records, view)
    except ValueError as error:
        return {"alt": str(error)}
    message = message_of(chart_of(numbers, view), numbers, view, alt_text(numbers, view))
    columns = {name: _short(np.frombuffer(held)) for name, held in message["columns"].items()}
    table = "" if view.kind == "control" else table_html(numbers, view)
    return _shortened(message | {"columns": columns, "table": table})


def _short(values: pd.Series | np.ndarray | list, digits: int = 4) -> list[float | None]:
    """Return numbers with some decimals, the rest cut off: all still round to what they did."""
    values = np.asarray(values, float)
    with np.errstate(invalid="ignore"):
        cut = np.trunc(np.round(values * 10**digits, 5)) / 10**digits
    return [None if v != v else "Infinity" if v == np.inf else _plain(v) for v in cut.tolist()]


def _plain(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _shortened(part: object) -> object:
    """Return what JSON holds, its numbers short, too."""
    if isinstance(part, dict):
        return {name: _shortened(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_shortened(value) for value in part]
    return _short([part])[0] if isinstance(part, float) else part


def _in_languages(text: Callable[[str], object]) -> dict[str, object]:
    return {tongue: text(tongue) for tongue in LANGUAGES}


# ---- the file ----


def _page(held: dict) -> str:
    """Return the page, its data and library packed: browsers unpack them without a network."""
    data = json.dumps(held, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    language = held["first"]
    stamp = {"version": version("antq_helpers"), "sha": hashlib.sha256(data).hexdigest()[:12]}
    return _FILE.substitute(
        language=language,
        title=html.escape(held["titles"][language]),
        style=STYLE,
        mark=html.escape(held["marks"][language]),
        old=html.escape(word("page_old_browser", language)),
        stamp=html.escape(word("stamp_short_table", language, **stamp)),
        data=_packed(data),
        library=_packed(library().encode()),
        script=read_script("live.js") + read_script("one_file.js"),
    )


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


_FILE = Template("""<!doctype html>
<html lang="$language"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:;
  style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'">
$style
<style>
body { font: 14px/1.45 "DejaVu Sans", Verdana, "Segoe UI", sans-serif; color: #222; margin: 0 auto;
  max-width: 1200px; padding: 8px 14px; background: white; }
h1 { font-size: 20px; margin: 4px 0 10px; }
main { display: grid; grid-template-columns: 260px minmax(0, 1fr); gap: 18px; }
@media (max-width: 800px) { main { display: block; } }
form { display: grid; gap: 9px; align-content: start; }
label, fieldset { display: grid; gap: 2px; border: 0; padding: 0; margin: 0; }
select, input, button { font: inherit; padding: 3px; width: 100%; box-sizing: border-box; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; }
:is(select, input, button, .antq-picture, .antq-wide):focus-visible {
  outline: 2px solid #1a4fba; outline-offset: 1px; }
.antq-table { max-height: 400px; overflow: auto; margin-top: 10px; }
.antq-table [scope=row] { white-space: nowrap; }
.antq-why { padding: 2em; } footer { color: #555; font-size: 12px; margin: 18px 0 6px; }
</style></head>
<body class="antq-page"><h1>$title</h1>
<p class="antq-mark" style="color:#b3261e;font-weight:bold">$mark</p>
<main><p>$old</p></main><footer>$stamp</footer>
<script type="text/plain" id="library">$library</script>
<script type="text/plain" id="data">$data</script>
<script>$script</script></body></html>
""")
