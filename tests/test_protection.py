"""Protection: small counts are hidden, and can not be worked out from what is published."""

import numpy as np
import pytest

from antq_helpers import load_records, select
from antq_helpers.measuring.auditing import add_margins
from antq_helpers.measuring.protection import audit, hide, protect

NAMES = ("tips", "valuable_tips")


def test_a_small_count_is_hidden_with_others_so_that_no_sum_gives_it_away():
    """One hidden cell in a line is its total less the rest."""
    inner = np.array([[[2.0, 9, 8], [20, 30, 7], [11, 12, 13]]])
    hidden = hide(add_margins(inner), ("tips",), 5)
    assert hidden[0, 0, 0]
    for line in (hidden[0, 0], hidden[0, :, 0]):
        assert line.sum() >= 2


def test_nothing_is_hidden_where_nothing_is_small():
    """Zeros and missing reports are no small counts."""
    inner = np.array([[[0.0, 9], [np.nan, 30]]])
    assert not hide(add_margins(inner), ("tips",), 5).any()


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


@pytest.mark.parametrize("seed", range(60))
def test_a_hidden_cell_could_be_far_from_what_it_is(seed):
    """An attack without the audit's program: other whole tables agree with all that is shown."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    draw = np.random.RandomState(seed)
    tips = draw.poisson(6, (4, 3)).astype(float)
    valuable = draw.binomial(tips.astype(int), 0.4).astype(float)
    values = add_margins(np.stack([tips, valuable]))
    hidden = hide(values, NAMES, 5)
    # The unknowns are the 24 inner cells; each shown cell or margin is one sum of them.
    rows = np.array([add_margins(u.reshape(2, 4, 3)).ravel() for u in np.eye(24)]).T
    shown = ~hidden.ravel()
    rules = [LinearConstraint(np.hstack([np.eye(12), -np.eye(12)]), 0, np.inf)]
    if shown.any():
        rules.append(LinearConstraint(rows[shown], values.ravel()[shown], values.ravel()[shown]))
    for cell in np.flatnonzero(hidden.ravel()):
        ends = []
        for sign in (1, -1):
            done = milp(
                sign * rows[cell],
                constraints=rules,
                integrality=np.ones(24),
                bounds=Bounds(0, 1000),
            )
            assert done.success
            ends.append(sign * done.fun)
        assert ends[1] - ends[0] >= 5 - 1e-6
