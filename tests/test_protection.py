"""Protection: small counts are hidden, and can not be worked out from what is published."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import eye, kron

from antq_helpers import load_records, select
from antq_helpers.measuring.disclosure import audit, protect
from tests.quick import Plain, book_of, protect_grid, quick_of

NAMES = ("tips", "valuable_tips")


def test_nothing_is_hidden_where_nothing_is_small():
    """Zeros and missing reports are no small counts."""
    inner = np.array([[[0.0, 9], [np.nan, 30]]])
    release = protect_grid(inner, ("tips",), "AB", ["2021", "2022"], book=Plain())
    assert set(release.cells["state"]) == {"published", "missing"}


def grid(*rows, periods=("2022",), **options):
    """Protect tips of communes A, B, … by period; give the release and its states by place."""
    inner = np.array([rows], dtype=float)
    options = {"book": Plain(), **options}
    release = protect_grid(inner, ("tips",), list("ABCDE")[: len(rows)], list(periods), **options)
    cells = release.cells
    # With one period its total repeats it.
    states = cells[cells["period"].isin(periods)].set_index(["commune_id", "period"])["state"]
    return release, {place: list(states[place]) for place in states.index.levels[0]}


def test_in_one_period_another_commune_hides_with_a_small_one():
    """20 in all: 20 - 6 - 10 would be the 4, so that the 6 goes, too; the total stays."""
    release, states = grid([4], [6], [10])
    assert states == {"A": ["hidden"], "B": ["hidden"], "C": ["published"], "": ["published"]}
    found = audit(release).set_index("commune_id")[["low", "high"]]
    assert found.loc["A"].to_numpy().tolist() == [[0, 10], [0, 10]]  # the period, and all periods


def test_of_one_commune_alone_the_total_is_hidden_with_it():
    """It is the same number."""
    release, states = grid([4])
    assert states == {"A": ["hidden"], "": ["hidden"]}
    assert audit(release)["safe"].all()


def test_zeros_are_published_beside_a_small_count():
    """The 3 can be any number, as all its totals are hidden; that the others had none is said."""
    release, states = grid([3, 0], [0, 0], periods=("2021", "2022"))
    assert states == {
        "A": ["hidden", "published"],
        "B": ["published", "published"],
        "": ["hidden", "published"],
    }
    assert audit(release)["safe"].all()


def test_a_higher_threshold_hides_more_and_leaves_wider_ranges():
    """Below 10 all three are small, and so is nothing but their total."""
    _, states = grid([4], [6], [9], threshold=10)
    assert states == {"A": ["hidden"], "B": ["hidden"], "C": ["hidden"], "": ["published"]}


def test_who_knows_the_rule_does_not_find_four_and_five():
    """6, hidden, hidden, 15: keys are found for 1 and 8, 2 and 7, … as for 4 and 5 (finding F6)."""
    shown = {"A": ["published"], "B": ["hidden"], "C": ["hidden"], "": ["published"]}
    keys = [book_of(key) for key in range(60)]
    pairs = [
        b for b in range(10) if any(grid([6], [b], [9 - b], book=key)[1] == shown for key in keys)
    ]
    assert len(pairs) >= 8
    assert set(pairs) >= set(range(1, 9))


def one_a_year(count):
    """Give records of March 2020, 2021 and 2022 alone, with so many of everything."""
    records = select(load_records(), years=(2020, 2022))
    records = records[records["period_start"].dt.month.eq(3)]
    counts = ["sessions", "attendances", "tips", "valuable_tips", "resolved_cases"]
    return records.assign(**dict.fromkeys(counts, pd.array([count] * len(records), "Int64")))


@pytest.mark.parametrize(
    ("count", "years"), [(1, 3), (5, 1), pytest.param(2, 3, marks=pytest.mark.slow)]
)
def test_years_are_pooled_where_most_communes_would_be_hidden(count, years):
    """Of 2020 to 2022: 5 a year can be shown, 2 only as 6 in three years, and 3 not even so."""
    release = protect(one_a_year(count), book=Plain())
    assert release.pooled == years
    inner = release.cells[release.cells["commune_id"].ne("") & release.cells["period"].ne("total")]
    assert inner["state"].eq("published").all() == (count > 1)


def test_tips_stay_where_another_communes_valuable_tips_are_enough_to_hide():
    """2 of A's 6 tips are valuable: 0 to 6 could be, once B's 20 are hidden; the 6 stay."""
    inner = np.array([[[6.0], [30]], [[2], [20]]])
    release = protect_grid(inner, NAMES, ["A", "B"], ["2022"], book=Plain())
    hidden = release.hidden[release.hidden["period"] == "2022"]
    assert hidden[["measure", "commune_id"]].to_numpy().tolist() == [
        ["valuable_tips", "A"],
        ["valuable_tips", "B"],
    ]
    found = audit(release).set_index("commune_id")[["low", "high"]]
    assert found.loc["A"].to_numpy().tolist() == [[0, 6], [0, 6]]
    assert found.loc["B"].to_numpy().tolist() == [[16, 22], [16, 22]]


def test_a_part_above_its_whole_where_reports_are_partial_is_not_held_to_it():
    """9 valuable of the 4 tips that are known so far: told to be at most 4, no table would fit."""
    inner = np.array([[[4.0], [30], [8]], [[9], [3], [20]]])
    release = protect_grid(inner, NAMES, ["A", "B", "C"], ["2022"], book=Plain())
    state = release.cells.set_index(["measure", "commune_id", "period"])["state"]
    assert state["tips", "A", "2022"] == state["valuable_tips", "B", "2022"] == "hidden"
    assert audit(release)["safe"].all()


def test_a_small_count_hides_with_a_larger_one_before_a_zero_goes():
    """3 and 0 and 7 and 30: the 7 goes; that a commune gave nothing stays to be seen."""
    _, states = grid([3], [0], [7], [30])
    assert states["A"] == states["C"] == ["hidden"]
    assert states["B"] == states["D"] == states[""] == ["published"]


@pytest.mark.parametrize("threshold", [1, 0, -3, 2.5, "5"])
def test_a_threshold_that_protects_nothing_is_refused(threshold):
    """With a sentence that says what to write."""
    with pytest.raises(ValueError, match="threshold must be a whole number of at least 2"):
        protect(load_records(), threshold=threshold)


def test_a_release_is_safe_and_the_same_each_time():
    """Its audit sees only what is published."""
    records = select(load_records(), years=(2021, 2022))
    first, second = protect(records), protect(records)
    assert first.sha256 == second.sha256
    assert audit(first)["safe"].all()
    assert first.cells.loc[first.cells["state"] != "published", "value"].isna().all()


def with_margins(inner):
    """Append totals over places and over periods."""
    inner = np.concatenate([inner, inner.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([inner, inner.sum(axis=2, keepdims=True)], axis=2)


def attack(values, hidden, inner_shape, linked):
    """Give whole tables at both ends of each hidden cell's range, without the audit's program.

    The unknowns are the inner cells; each shown cell or margin is one sum of them. One program
    holds a copy of the table for each end of each hidden cell; where its answer is not in whole
    numbers, that end is sought again in whole numbers.
    """
    size = int(np.prod(inner_shape))
    rows = np.array([with_margins(u.reshape(inner_shape)).ravel() for u in np.eye(size)]).T
    shown, asked = ~hidden.ravel(), np.flatnonzero(hidden.ravel())
    copies = 2 * len(asked)
    rules = []
    if shown.any():
        right = np.tile(values.ravel()[shown], copies)
        rules.append(LinearConstraint(kron(eye(copies), rows[shown], "csr"), right, right))
    if linked:  # the second measure is a part of the first
        half = size // inner_shape[0]
        apart = np.hstack([np.eye(half), -np.eye(half)])
        rules.append(LinearConstraint(kron(eye(copies), apart, "csr"), 0, np.inf))
    signs = np.tile([1, -1], len(asked))
    cost = (signs[:, None] * np.repeat(rows[asked], 2, axis=0)).ravel()
    done = milp(cost, constraints=rules, bounds=Bounds(0, 1000))
    assert done.success
    tables = np.round(done.x.reshape(copies, size), 6)
    for copy in np.flatnonzero((tables % 1).any(axis=1)):
        alone = [LinearConstraint(rows[shown], *[values.ravel()[shown]] * 2)]
        alone += [LinearConstraint(apart, 0, np.inf)] if linked else []
        goal = signs[copy] * rows[asked[copy // 2]]
        found = milp(goal, constraints=alone, integrality=np.ones(size), bounds=Bounds(0, 1000))
        tables[copy] = np.round(found.x)
    return (np.repeat(rows[asked], 2, axis=0) * tables).sum(axis=1).reshape(-1, 2)


@pytest.mark.parametrize("part", quick_of(range(20), 1))
def test_a_hidden_cell_could_be_far_from_what_it_is(part):
    """An attack on a thousand tables: other whole tables agree with all that is shown."""
    attacked = 0
    for seed in range(50 * part, 50 * part + 50):
        draw = np.random.RandomState(seed)
        linked = bool(seed % 3)
        shape = (2 if linked else 1, draw.randint(2, 6), draw.randint(1, 4))
        tips = draw.poisson(draw.choice([2, 6, 15]), shape[1:]).astype(float)
        parts = [draw.binomial(tips.astype(int), 0.4).astype(float)] if linked else []
        inner = np.stack([tips, *parts])
        values, names = with_margins(inner), [list(map(str, range(size))) for size in shape[1:]]
        release = protect_grid(inner, NAMES[: shape[0]], *names, book=book_of(seed))
        hidden = release.cells["state"].eq("hidden").to_numpy().reshape(values.shape)
        small = (values > 0) & (values < 5)
        assert hidden[small].all()
        if hidden.any():
            ends = attack(values, hidden, shape, linked)
            assert (ends[:, 1] - ends[:, 0] >= 5 - 1e-6).all(), seed
            attacked += 1
    assert attacked >= 35
