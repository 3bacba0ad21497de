"""Whether more of one goes with more of another: by hand, apart from commune and year."""

import numpy as np
import pandas as pd
import pytest

from antq_helpers import pair_rates, relate, select, total_by
from tests.quick import SAMPLE


def made(slope, noise=0.0, lag=0):
    """Yearly records of six communes whose tips follow their sessions to a power."""
    stream = np.random.RandomState(3)
    rows = []
    names = ["Tuy Lộc", "Âu Lâu", "Minh Bảo", "Nam Cường", "Tân Thịnh", "Hợp Minh"]
    for place, name in enumerate(names):
        sessions = np.round(stream.uniform(20, 200, 11))
        for step in range(1, 11):
            tips = 40 * (place + 1) * (1.1**step) * (sessions[step - lag] / 100) ** slope
            tips *= np.exp(noise * stream.standard_normal())
            rows.append((name, 2012 + step, sessions[step], round(tips)))
    table = pd.DataFrame(rows, columns=["commune", "year", "sessions", "tips"])
    start = pd.to_datetime(table["year"].astype(str) + "-01-01")
    end = pd.to_datetime(table["year"].astype(str) + "-12-31")
    held = SAMPLE.drop_duplicates("commune").set_index("commune")
    return table.assign(
        period_start=start, period_end=end, source="reported", file="",
        attendances=pd.NA, valuable_tips=pd.NA, resolved_cases=pd.NA,
        commune_id=table["commune"].map(held["commune_id"]), boundaries=2013, place="yen-bai",
    ).astype({c: "Int64" for c in ("sessions", "tips", "attendances", "valuable_tips",
                                   "resolved_cases")})  # fmt: skip


@pytest.mark.parametrize("slope", [-0.5, 0.0, 1.0])
def test_what_was_put_in_comes_out(slope):
    """Twice the sessions: 2 to the power, whatever the communes' levels and the years' growth."""
    found = relate(made(slope))
    assert found.change_pct == pytest.approx(100 * (2**slope - 1), abs=1.5)
    assert found.low < found.change_pct < found.high


def test_a_year_later_is_found_only_a_year_later():
    """The lag sets last year's sessions beside this year's tips."""
    records = made(1.0, lag=1)
    assert relate(records, lag=1).change_pct == pytest.approx(100, abs=2)
    assert relate(records).p_value > 0.01


def test_communes_are_compared_with_each_other_where_asked():
    """By hand: rates that double from commune to commune, tips that go with their root."""
    records = made(0.0)
    step = records["commune"].map({name: n for n, name in enumerate(records["commune"].unique())})
    residents = total_by(records, "commune", measure="tips").groupby("commune")["exposure"].mean()
    size = records["commune"].map(residents)
    sessions = (size * 0.01 * 2.0**step).round().astype("Int64")
    tips = (size * 0.05 * 2.0 ** (step / 2)).round().astype("Int64")
    found = relate(records.assign(sessions=sessions, tips=tips), by="commune")
    assert found.change_pct == pytest.approx(100 * (2**0.5 - 1), abs=1)
    assert (found.rows, found.communes) == (6, 6)


def test_noise_widens_the_interval():
    """By the dispersion that it brings."""
    quiet, noisy = relate(made(0.5)), relate(made(0.5, noise=0.4))
    assert quiet.dispersion == 1
    assert noisy.dispersion > 2
    assert noisy.high - noisy.low > 2 * (quiet.high - quiet.low)


def test_rates_stand_beside_each_other():
    """By hand from the totals of Tuy Lộc in 2016."""
    row = pair_rates(SAMPLE).query("commune == 'Tuy Lộc' and year == 2016").iloc[0]
    totals = total_by(select(SAMPLE, communes=["Tuy Lộc"], years=(2016, 2016)), "commune")
    totals = totals.set_index("measure")
    for name in ("sessions", "tips"):
        expected = totals.at[name, "numerator"] / totals.at[name, "exposure"] * 1000
        assert row[name] == pytest.approx(expected)


def test_years_that_were_hardly_reported_are_left_out():
    """Yên Thịnh reported 83% of 2013; a lag takes the first year of each, too."""
    held = pair_rates(SAMPLE)
    assert held.query("commune == 'Yên Thịnh' and year == 2013").empty
    lagged = pair_rates(SAMPLE, lag=1)
    assert lagged["year"].min() == 2014
    assert lagged.query("commune == 'Yên Thịnh' and year == 2014").empty


@pytest.mark.parametrize(
    "records",
    [
        select(SAMPLE, communes=["Tuy Lộc"]),
        select(SAMPLE, years=(2022, 2022)),
    ],
)
def test_too_little_gives_the_reason(records):
    """Neither a number nor a warning."""
    found = relate(records)
    assert np.isnan(found.change_pct)
    assert found.reason.startswith("Too few communes and years")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"of": "valuable_share"}, "'valuable_share' is no count"),
        ({"lag": 2}, "lag=2 must be 0 or 1"),
        ({"by": "month"}, "by='month' is not known. Use one of: year, commune"),
        ({"to": "tip"}, "measure='tip' is not known"),
    ],
)
def test_what_is_not_known_is_refused(said, message):
    """The message says what is legal."""
    with pytest.raises(ValueError, match=message):
        relate(SAMPLE, **said)
