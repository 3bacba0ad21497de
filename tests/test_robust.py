"""Every picture and explorer on tables that lack something: it draws, or says what to do."""

import inspect
import re
import traceback
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

import antq_helpers as antq
from antq_helpers.dictionary import core_counts, measures_of
from antq_helpers.measuring.changes import judge
from antq_helpers.measuring.comparisons import estimate_together
from antq_helpers.measuring.lookback import look_back
from antq_helpers.measuring.periods import AGAINST
from tests.quick import quick_of

SAMPLE = antq.select(antq.load_records(), years=(2020, 2022))
OF_TABLES = ("plot_parts", "plot_stock", "explore_file")  # take no records
SHOWING = [name for name in antq.__all__ if name.startswith(("plot_", "explore_"))]
OF_RECORDS = [name for name in SHOWING if name not in OF_TABLES]
# A message that helps holds one of these.
TO_DO = re.compile(
    r"\b(Use|Choose|Give|Load|Draw|Write|Leave|give|gives|reads?|say|Hãy|Chọn|hãy)\b"
)


def other_place():
    """Give records of another place: five communes that this package does not know."""
    towns = antq.load_communes(boundaries=2020).head(5).copy()
    names = dict(zip(towns["name"], ["Đông", "Tây", "Nam", "Bắc", "Giữa"], strict=True))
    towns["name"] = towns["name"].map(names)
    rows = antq.select(SAMPLE, communes=list(names))
    plain = rows[["commune", "period_start", "period_end", *core_counts()]]
    plain = plain.assign(commune=plain["commune"].map(names), source="reported")
    return antq.load_records(plain, communes=towns)


STATES = {
    **{f"without {name}": SAMPLE.drop(columns=name) for name in core_counts()},
    "one row": SAMPLE.iloc[[0]],
    "one commune": SAMPLE[SAMPLE["commune"] == "Tuy Lộc"],
    "one year": SAMPLE[SAMPLE["year"] == 2022],
    "all missing": SAMPLE.assign(**dict.fromkeys(core_counts(), pd.NA)),
    "nothing but zeros": SAMPLE.assign(**dict.fromkeys(core_counts(), 0)),
    "no tips": SAMPLE.assign(tips=0, valuable_tips=0),
    "no sessions": SAMPLE.assign(sessions=0, attendances=0),
    "rows backwards, all with one label": SAMPLE.iloc[::-1].set_axis([0] * len(SAMPLE)),
    "another place": other_place(),
}
QUICK = ("without tips",)  # the others are run by `make check`
CASES = [
    state if state in QUICK else pytest.param(state, marks=pytest.mark.slow) for state in STATES
]


def show(name, records, **said):
    """Call a public function on records, as it takes them, and lay out what comes back."""
    function = getattr(antq, name)
    if name == "plot_change":
        years = records.get("year", SAMPLE["year"])
        first, last = int(years.min()), int(years.max())
        said |= {"before": (first, first), "after": (last, last)}
    if name == "explore_briefing":  # files are dropped into it
        function(**said).form._use(records)
    elif name.startswith("plot_"):
        ax = function(records, **said, ax=Figure(figsize=(8.6, 6)).subplots())
        ax.figure.draw_without_rendering()
    else:
        shown = function(records, **said)
        assert isinstance(shown.code(), str)
        assert isinstance(shown.table, pd.DataFrame)


def helps(error):
    """Whether an error is one of ours: raised on purpose, and it says what to do."""
    raised = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
    return "antq_helpers" in raised.parts and bool(TO_DO.search(str(error)))


def refused(name, records, **said):
    """Give the error with which a table is refused; None where it is shown."""
    try:
        show(name, records, **said)
    except ValueError as error:
        return error
    return None


@pytest.mark.parametrize("state", CASES)
@pytest.mark.parametrize("name", OF_RECORDS)
def test_it_draws_or_says_what_to_do(name, state):
    """Also the measure whose own column is not there; no other error, and no warning."""
    error = refused(name, STATES[state])
    assert error is None or helps(error), repr(error)
    absent = state.removeprefix("without ")
    if absent in core_counts() and "measure" in inspect.signature(getattr(antq, name)).parameters:
        error = refused(name, STATES[state], measure=absent)
        assert error is None or helps(error), repr(error)


def quarters(records, measure):
    """Give the whole place by quarter, which is what control charts are made of."""
    return antq.total_by(records, period="quarter", measure=measure)


def ten_years(records):
    """Give yearly totals as if those of the first year had come ten times."""
    totals = antq.total_by(records)
    first = totals[totals["period"] == totals["period"].iloc[0]]
    return pd.concat([first.assign(period=str(year)) for year in range(2011, 2021)])


MEASURED = {
    "compare_communes": lambda r, m: antq.compare_communes(r, measure=m),
    "compare_years": lambda r, m: antq.compare_years(
        r, before=(r["year"].min(),) * 2, after=(r["year"].max(),) * 2, measure=m
    ),
    "compare_trends": lambda r, m: antq.compare_trends(antq.total_by(r, "commune"), measure=m),
    "fit_trend": lambda r, m: antq.fit_trend(antq.total_by(r), measure=m),
    "funnel": lambda r, m: antq.funnel(antq.total_by(r, "commune"), measure=m),
    "funnel of chance": lambda r, m: antq.funnel(
        antq.total_by(r, "commune"), measure=m, dispersion=1
    ),
    "estimate_together": lambda r, m: estimate_together(ten_years(r), measure=m, dispersion=1),
    "control_limits": lambda r, m: antq.control_limits(quarters(r, m)["value"]),
    "control_limits of rates": lambda r, m: antq.control_limits(
        quarters(r, m)["numerator"], quarters(r, m)["exposure"]
    ),
    "relate": lambda r, m: antq.relate(r, to=m),
    "relate of communes": lambda r, m: antq.relate(r, of=m, to="resolved_cases", by="commune"),
    "look_back": lambda r, m: judge(look_back(r, r["year"].max()), m, AGAINST[0]),
    "protect": lambda r, m: antq.protect(r),
    "reconcile": lambda r, m: antq.reconcile({"records": r}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", MEASURED)
def test_it_measures_or_says_what_to_do(name, state):
    """Each measure; no message of a library, no division by zero, and no warning."""
    for measure in measures_of(SAMPLE):
        error = None
        try:
            MEASURED[name](STATES[state], measure)
        except ValueError as raised:
            error = raised
        assert error is None or helps(error), (measure, repr(error))


@pytest.mark.parametrize("column", ["commune", "period_start", "period_end", "year", "commune_id"])
@pytest.mark.parametrize(
    "name", [n for n in OF_RECORDS if n != "explore_briefing"]
)  # loads its own
def test_a_column_that_all_need_is_asked_for(name, column):
    """By its name, and with the function that makes such a table."""
    error = refused(name, SAMPLE.drop(columns=column))
    assert re.search(rf"lacks the columns {column}\b.*load_records", str(error))


MOVEMENT = {
    "plot_stock": ("models", {}),
    "plot_parts": ("drives", {"by": "kind"}),
}


@pytest.mark.parametrize("state", ["whole", "one row", "empty", "all missing"])
@pytest.mark.parametrize("name", MOVEMENT)
def test_tables_of_the_movement_are_drawn_or_it_is_said_what_to_do(name, state):
    """Each column may be absent, too."""
    table, said = MOVEMENT[name]
    whole = antq.load_table(table)
    tables = {
        "whole": [whole, *(whole.drop(columns=column) for column in whole)],
        "one row": [whole.iloc[[0]]],
        "empty": [whole.iloc[:0]],
        "all missing": [whole.assign(count=pd.NA)],
    }
    for rows in tables[state]:
        error = refused(name, rows, **said)
        assert error is None or helps(error), repr(error)


@pytest.mark.parametrize("absent", quick_of([None, *core_counts()], 2))
def test_a_file_of_another_place_is_shown(absent, tmp_path):
    """With the place's own communes, or with what is wrong in the file."""
    records = other_place()
    columns = ["commune", "period_start", "period_end", *core_counts()]
    rows = records[columns].drop(columns=absent or [])
    rows.to_csv(tmp_path / "r.csv", index=False)
    desk = antq.explore_file(tmp_path / "r.csv", language="en")
    assert desk.explorer is None  # these communes are not known without their table
    assert desk.check.problems
