"""The view: what is looked at, said once, and refused where it makes no sense."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antq_helpers.dictionary import LANGUAGES, measures
from antq_helpers.drawing.view import AUDIENCES, View
from antq_helpers.measuring.periods import MONTHS

NAMES = st.lists(st.text(max_size=9), max_size=4).map(tuple)
YEARS = st.tuples(st.integers(1990, 2040), st.integers(1990, 2040))
VIEWS = st.builds(
    View,
    measures=st.lists(st.sampled_from(list(measures())), min_size=1).map(tuple),
    communes=st.none() | NAMES,
    years=st.none() | YEARS,
    by=st.sampled_from(list(MONTHS)),
    per=st.none() | st.integers(1, 10**6),
    boundaries=st.none() | st.integers(2008, 2030),
    language=st.sampled_from(LANGUAGES),
    audience=st.sampled_from(AUDIENCES[:2]),
)


@given(VIEWS)
def test_the_repr_is_code_that_gives_an_equal_view(view):
    """Whatever is looked at can be written as one line."""
    assert eval(repr(view), {"View": View}) == view


def test_the_repr_names_what_was_chosen_alone():
    """Fields at their defaults are left out, in the order of the fields."""
    view = View(by="month", communes=["Tuy Lộc"], split=None)
    assert repr(view) == "View(communes=('Tuy Lộc',), by='month')"
    assert repr(View()) == "View()"


@given(VIEWS)
def test_equal_views_are_found_in_a_dictionary(view):
    """Views are hashable; lists are kept as tuples."""
    fields = {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}
    lists = {
        name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()
    }
    assert {view: "found"}[View(**lists)] == "found"


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(View)])
def test_no_field_can_be_set(name):
    """A view is frozen: another view is made with dataclasses.replace."""
    with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
        setattr(View(), name, None)


def test_numbers_and_names_of_numpy_are_written_as_plain_ones():
    """Years taken from a table are numpy's, whose repr is no code without numpy."""
    records_years = np.array([2015, 2020])
    view = View(
        communes=np.array(["Tuy Lộc"]),
        years=(records_years.min(), records_years.max()),
        per=np.int64(1000),
        boundaries=np.int64(2020),
    )
    assert repr(view) == (
        "View(communes=('Tuy Lộc',), years=(2015, 2020), per=1000, boundaries=2020)"
    )


def test_what_is_named_twice_is_looked_at_once():
    """A second panel of the same measure would hold the numbers of both."""
    view = View(measures=["tips", "sessions", "tips"], communes=["Tuy Lộc", "Tuy Lộc"])
    assert view.measures == ("tips", "sessions")
    assert view.communes == ("Tuy Lộc",)


def test_nothing_chosen_is_not_everything():
    """An empty choice stays empty, no choice is the whole place."""
    assert View(communes=[]).communes == ()
    assert View().communes is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"measures": "tips"},
            r"^measures='tips' is no list of names. Write measures=\('tips',\)\.$",
        ),
        ({"measures": ()}, r"^measures=\(\) is empty. Name one measure or more\.$"),
        ({"scale": "own"}, r"^scale is no setting of kind='trend'\. It has: measures, communes, "),
        ({"kind": "pie"}, "^kind='pie' is not known. Use one of: trend, ranking, tile_map, "),
        (
            {"kind": "funnel", "measures": ["tips", "sessions"]},
            "kind='funnel' draws 1. Name as many.$",
        ),
        ({"measures": 5}, r"^measures=5 is no list of names"),
        (
            {"measures": ["tip"]},
            "^measure='tip' is not known. Use one of: tips, valuable_tips, resolved_cases, "
            "sessions, attendances, valuable_share, cases_per_100_tips, ",
        ),
        (
            {"communes": "Tuy Lộc"},
            r"^communes='Tuy Lộc' is no list of names. Write communes=\('Tuy Lộc',\)\.$",
        ),
        ({"communes": 5}, r"^communes=5 is no list of names. Write communes=\('5',\)\.$"),
        (
            {"by": "day"},
            "^by='day' is not known. Use one of: week, month, quarter, half",
        ),
        (
            {"by": ["year"]},
            r"^by=\('year',\) is not known. Use one of: week, month, quarter, half, year.$",
        ),
        ({"language": "fr"}, "^language='fr' is not known. Use one of: en, vi.$"),
        ({"audience": "all"}, "^audience='all' is not known. Use one of: None, internal, public.$"),
        ({"split": "age"}, "^split='age' is not known. Use one of: None, kind.$"),
        ({"per": 0}, "^per=0 must be a number of residents, such as 1000.$"),
        ({"per": -1000}, "^per=-1000 must be a number of residents, such as 1000.$"),
        ({"per": 0.5}, "^per=0.5 must be a number of residents, such as 1000.$"),
        ({"per": 10**10}, "^per=10000000000 must be a number of residents, such as 1000.$"),
        ({"per": True}, "^per=True must be a number of residents, such as 1000.$"),
        ({"per": "1000"}, "^per='1000' must be a number of residents, such as 1000.$"),
        (
            {"split": "kind", "communes": ("Tuy Lộc",)},
            "^split and communes cannot go together: leave one of them out.$",
        ),
    ],
)
def test_a_broken_field_is_told_with_what_would_do(fields, message):
    """One message, the name of the field first, then the legal values."""
    with pytest.raises(ValueError, match=message):
        View(**fields)
