"""The sentences of all situations, in a table that an officer can read: tests/sentences.csv.

A row sets counts of one place by hand: ``2021=24 2022=48``; ``27@90%`` where so many of the
reports came in, ``138[13/15]`` where so many units reported, ``16/39`` for a share, ``?`` for a
missing report, ``none`` and ``hidden``. ``after`` is the measure of the sentence before.
"""

import csv
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from antq_helpers import check_file
from antq_helpers.briefing.sentences import find_places, measure_beside, say
from antq_helpers.dictionary import find_measure
from antq_helpers.measuring.changes import change_from
from antq_helpers.measuring.lookback import LACKING, PARTIAL, look_back
from antq_helpers.measuring.periods import AGAINST
from tests.quick import SAMPLE
from tests.test_weeks import office_months, reports_of, weeks

TABLE = Path(__file__).with_name("sentences.csv")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
_COUNT = re.compile(
    r"(?P<period>\S+)=(?:(?P<value>\d+)(?:/(?P<base>\d+))?)?"
    r"(?:@(?P<covered>\d+)%|\[(?P<reporting>\d+)/(?P<expected>\d+)\]|(?P<state>\?|none|hidden))?"
)


@cache
def _window(base: str, period: str, folder: Path) -> object:
    """Look back on the sample, or on weekly or office reports."""
    if base in ("sample", "public"):
        audience = "public" if base == "public" else "internal"
        return look_back(SAMPLE, period, audience=audience)
    days = {
        "weeks": weeks("2019-12-23", 110),
        "friday": weeks("2019-12-20", 110),
        "office": office_months("2021-01", 27),
    }[base]
    reports_of(days).to_csv(folder / f"{base}.csv", index=False)
    return look_back(check_file(folder / f"{base}.csv").records, period)


def window_of(row: dict[str, str], folder: Path) -> object:
    """Return the window of a row's situation, varying as pure chance would."""
    window = _window(row["base"], row["period"], folder)
    totals = window.totals.copy()
    place = row["place"] if row["place"] != "*" else ""
    names = [row["measure"], measure_beside(row["measure"]), row["after"]]
    for name, spec in zip(names, (row["counts"], row["beside"], ""), strict=True):
        for found in map(_COUNT.fullmatch, spec.split()):
            rows = (totals["commune"] == place) & (totals["period"] == found["period"])
            rows &= totals["measure"] == name
            assert rows.sum() == 1, spec
            value, base = (float(found[part] or np.nan) for part in ("value", "base"))
            per = find_measure(name).per
            totals.loc[rows, "numerator"], totals.loc[rows, "denominator"] = value, base
            totals.loc[rows, "value"] = value if np.isnan(base) else value / base * per
            covered = float(found["covered"] or 100) / 100
            state = {"?": "missing", None: "full"}.get(found["state"], found["state"])
            if covered < 1:
                state = LACKING if covered >= 0.9 else PARTIAL
            if found["reporting"]:
                state = PARTIAL
                totals.loc[rows, "reporting"] = int(found["reporting"])
            totals.loc[rows, "state"] = state
            totals.loc[rows, "exposure"] *= covered
            totals.loc[rows, "covered"] = covered
            if place == "" and covered < 1:
                same = (totals["measure"] == name) & (totals["period"] == found["period"])
                totals.loc[same, "covered"] = covered
    chance = dict.fromkeys(window.dispersion, None if row["state"] == "too few reports" else 1.0)
    chance["attendances"] = None  # they come in groups
    return replace(
        window, totals=totals, together=dict.fromkeys(window.together, 0.0), dispersion=chance
    )


def sentence_of(row: dict[str, str], language: str, folder: Path) -> str:
    """Write the sentence of a row."""
    window = window_of(row, folder)
    against = AGAINST[row["against"] == "previous"]
    ids = ("",) if row["place"] == "*" else find_places(window, [row["place"]])
    names = [row["measure"], measure_beside(row["measure"]) if row["beside"] else "", row["after"]]
    change, beside, after = (
        change_from(window, name, against, ids) if name else None for name in names
    )
    return say(change, window, language, after=after, beside=beside, judged=row["judged"] != "no")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where files of records are written."""
    return tmp_path_factory.mktemp("records")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["state"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_situation_has_its_sentence(row, language, folder):
    """As an officer would write it."""
    assert sentence_of(row, language, folder) == row[language]


def test_the_table_holds_at_least_sixty_situations():
    """Each named once."""
    names = [row["state"] for row in ROWS]
    assert len(set(names)) == len(names) >= 60
