"""Wholes, parts and percentages of one report, worked out by hand."""

import math

import pandas as pd
import pytest

from antq_helpers.dictionary import signed
from antq_helpers.measuring.reconciling import bounds_of, check_sums, printed


def report(*rows):
    """Give figures of a report: id, value, qualifier, part_of, table, column, filter, period."""
    names = [
        "id",
        "value",
        "qualifier",
        "part_of",
        "table",
        "column",
        "filter",
        "period",
        "percent",
    ]
    full = [dict(zip(names, row, strict=False)) for row in rows]
    table = pd.DataFrame(full, columns=names).assign(title="T", paragraph="1", note=None)
    return table.astype({"value": "Int64"})


def drives(name, value, conditions=None, *, of="all", qualifier="exact", period="2022", **more):
    """Give one figure of drives."""
    part_of = None if name == "all" else of
    return (name, value, qualifier, part_of, "drives", "count", conditions, period, *more.values())


def verdicts(*rows, **options):
    """Give what is said of each sum, subset and percentage, and its verdict."""
    found = check_sums(report(*rows), **options)
    return list(zip(found["about"], found["id"], found["verdict"], strict=True))


def test_the_articles_own_parts():
    """65 of 75 drives and 65 of 96 models; 178 collectives and 241 individuals add up."""
    sums = check_sums().set_index("id")
    assert sums["verdict"].to_dict() == {
        "drives": "parts_do_not_add_up",
        "models": "parts_do_not_add_up",
        "commended_collectives": "agrees",
        "commended_individuals": "agrees",
        "valuable_tips": "agrees",
    }
    assert sums["found"].to_dict() == {
        "drives": 65, "models": 65, "commended_collectives": 178, "commended_individuals": 241,
        "valuable_tips": 1651,
    }  # fmt: skip
    assert sums.loc[["drives", "models"], "difference"].tolist() == [-10, -31]
    assert "16 + 15 + 26 + 2 + 1 + 5 = 65 of 96" in sums.at["models", "said"]


def test_what_a_figure_speaks_about_is_no_part_of_it():
    """30 000 members are not above the 245 activities that reached them."""
    assert not {"youth_activities", "youth_members"} & set(check_sums()["id"])


def test_parts_that_exclude_each_other_are_added_and_others_stand_alone():
    """A hotspot may be a commune: it is in no sum, only not above the whole."""
    parts = (drives("a", 5, "kind=commune"), drives("b", 3, "kind=body"))
    hotspot = drives("h", 2, "hotspot=true")
    assert verdicts(drives("all", 8), parts[0], hotspot, parts[1]) == [
        ("sum", "all", "agrees"),
        ("subset", "h", "agrees"),
    ]


def test_parts_of_other_periods_are_added_of_a_flow_and_never_of_a_stock():
    """Two half-years are a year; models of two dates are the same models."""
    halves = [drives("a", 5, period="2022-H1"), drives("b", 3, period="2022-H2")]
    assert verdicts(drives("all", 8), *halves) == [("sum", "all", "agrees")]
    assert verdicts(drives("all", 8), *reversed(halves)) == [("sum", "all", "agrees")]
    stock = [(*row[:4], "models", *row[5:]) for row in (drives("all", 8), *halves)]
    assert verdicts(*stock) == []
    other = drives("c", 3, period="2023")
    assert verdicts(drives("all", 8), other) == []


def test_a_sum_above_its_whole_and_a_subset_above_its_whole_are_told():
    """By how much."""
    parts = (drives("a", 5, "kind=commune"), drives("b", 6, "kind=body"))
    found = check_sums(report(drives("all", 8), *parts))
    assert found["said"].tolist() == ["The parts do not add up to the whole: 5 + 6 = 11 of 8 (+3)."]
    alone = check_sums(report(drives("all", 4), parts[0]), language="vi")
    assert alone[["verdict", "difference"]].to_numpy().tolist() == [["part_above_whole", 1.0]]
    assert alone["said"].tolist() == ["5 lớn hơn tổng số, 4 (+1)."]


@pytest.mark.parametrize(
    ("whole", "verdict"),
    [
        (("exact", 15), "parts_do_not_add_up"),  # over 10 and 5 is 16 at least
        (("exact", 16), "within_bound"),
        (("over", 3), "within_bound"),
        (("nearly", 16), "parts_do_not_add_up"),
        (("nearly", 20), "within_bound"),
    ],
)
def test_bounds_are_added_as_bounds(whole, verdict):
    """Over 10 and exactly 5 is 16 or more."""
    rows = (
        drives("all", whole[1], qualifier=whole[0]),
        drives("a", 10, "kind=commune", qualifier="over"),
        drives("b", 5, "kind=body"),
    )
    assert verdicts(*rows) == [("sum", "all", verdict)]


def test_a_part_without_a_printed_value_leaves_the_sum_open():
    """It is not taken for zero."""
    rows = (drives("all", 8), drives("a", 8, "kind=body"), drives("b", None, "kind=commune"))
    assert verdicts(*rows) == [("sum", "all", "not_said")]
    assert math.isnan(check_sums(report(*rows))["found"].item())


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [("36.2", "agrees"), ("36,24", "agrees"), ("36", "agrees"), ("36.3", "differs"),
     ("36.20", "differs"), ("37", "differs")],
)  # fmt: skip
def test_a_rounded_percentage_is_held_against_its_counts(percent, verdict):
    """1 651 of 4 556 is 36.2379…%, to as many decimals as are printed."""
    whole = ("all", 4556, "exact", None, "records", "tips", None, "2022", None)
    part = ("v", 1651, "exact", "all", "records", "valuable_tips", None, "2022", percent)
    found = check_sums(report(whole, part)).set_index("about").loc["percent"]
    assert found["verdict"] == verdict
    assert found["found"] == pytest.approx(36.2379, abs=1e-4)
    published = report(whole, part)
    assert eval(found["call"], {"published": published}) == pytest.approx(found["found"])


def test_the_call_makes_the_sum_again():
    """Given ``published``, as a reviewer pastes it."""
    from antq_helpers import load_published

    for row in check_sums().itertuples():
        assert eval(row.call, {"published": load_published()}) == row.found


def test_what_a_bound_can_mean():
    """Counts are whole: over 600 is 601 at least, nearly 210 000 is 199 500 to 209 999."""
    figures = {q: pd.Series({"value": 100, "qualifier": q}) for q in ("exact", "over", "nearly")}
    assert bounds_of(figures["exact"], 0.05) == (100, 100)
    assert bounds_of(figures["over"], 0.05) == (101, math.inf)
    assert bounds_of(figures["nearly"], 0.05) == (95, 99)
    assert bounds_of(figures["nearly"], 0.2) == (80, 99)


def test_a_figure_is_written_with_its_qualifier():
    """As the language does; nothing where nothing is printed."""
    over = pd.Series({"value": 30000, "qualifier": "over"})
    assert (printed(over, "en"), printed(over, "vi")) == ("over 30,000", "trên 30.000")
    assert printed(pd.Series({"value": pd.NA, "qualifier": None}), "en") == ""
    assert [signed(value, "vi") for value in (1200, -3, 0)] == ["+1.200", "\u22123", "0"]


@pytest.mark.parametrize("nearly", [0, 1, -0.05, 5])
def test_nearly_is_a_share(nearly):
    """Five per cent is 0.05."""
    with pytest.raises(ValueError, match=rf"^nearly={nearly} is no share"):
        check_sums(nearly=nearly)
