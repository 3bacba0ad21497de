"""Random office files: what was written is read again, or named at the cell where it was spoilt."""

import pytest

from tests.office import make_file
from tests.office.judging import read_and_judge
from tests.quick import quick_of

SEEDS = range(100)
TESTS = 10


@pytest.mark.parametrize("first", quick_of(SEEDS[:TESTS], 3))
def test_an_office_file_gives_its_records_and_names_its_damages(first, tmp_path):
    """The long run is `python -m tests.office`; each seed that fails here is named with its traits.

    Records and counts are those written, missing is kept apart from zero, each spoilt cell and
    nothing else is a problem, and every filled cell is accounted for.
    """
    failed = []
    for seed in SEEDS[first::TESTS]:
        made = make_file(seed, tmp_path / str(seed))
        faults = read_and_judge(made)
        if faults:
            failed.append("\n  ".join([made.description, *faults]))
    assert not failed, "\n" + "\n".join(failed)
