"""Totals that are kept: made once, and never taken for those of other years or boundaries."""

import gc
import weakref

import pytest

from antq_helpers.briefing.sentences import headline
from antq_helpers.measuring import totals as totals_module
from antq_helpers.measuring.totals import find_rows, tally, total_by
from antq_helpers.places import load_communes
from antq_helpers.reading.load import load_records

SAMPLE = load_records()


def report(commune, year, tips):
    """One year's report of one commune, of its tips alone."""
    return commune, f"{year}-01-01", f"{year}-12-31", 0, 0, tips, 0, 0


def names(totals, *communes):
    """Give the names in the rows that are found for some communes."""
    return totals.groups["commune"].iloc[find_rows(totals, communes)].tolist()


def test_totals_are_those_of_total_by():
    """Totals as arrays, written long, are what total_by gives, on any boundaries."""
    kept = tally(SAMPLE, "commune", period="year", boundaries=2025)
    expected = total_by(SAMPLE, "commune", period="year", measure="tips", boundaries=2025)
    assert kept.long(["tips"]).equals(expected)


def test_totals_are_added_up_once(monkeypatch):
    """A second question about the same records is answered from what is kept."""
    made = []
    add_up = totals_module._add_up
    monkeypatch.setattr(totals_module, "_add_up", lambda *asked: made.append(1) or add_up(*asked))
    records = SAMPLE.copy()
    for years in (None, (2013, 2022)):
        tally(records, "commune", period="year", years=years)
    assert len(made) == 1
    tally(records, "commune", period="month")
    tally(records, period="year")
    tally(records, "commune", period="year", boundaries=2025)
    tally(records, "commune", period="year", years=(2015, 2016))
    assert len(made) == 5


def test_totals_of_records_that_were_edited_are_added_up_anew():
    """Ten tips more in one report are ten more in its commune's total."""
    records = SAMPLE.copy()
    before = total_by(records, measure="tips", period=10)["value"].item()
    records.loc[records.index[0], "tips"] += 10
    assert total_by(records, measure="tips", period=10)["value"].item() == before + 10


def test_records_that_are_let_go_take_their_totals_with_them():
    """What is kept of them does not hold them in memory."""
    records = SAMPLE.copy()
    total_by(records, "commune")
    headline(records, period=2022)
    freed = weakref.ref(records)
    del records
    gc.collect()
    assert freed() is None


def test_earlier_boundaries_hold_the_chosen_years_alone():
    """Before February 2020 the seventeen units stood: 2013 to 2019 can be asked on them."""
    totals = tally(SAMPLE, "commune", period="year", boundaries=2013, years=(2018, 2019))
    assert totals.periods.labels == ["2018", "2019"]
    assert len(totals.groups) == 17


def test_later_years_can_not_be_asked_on_earlier_boundaries():
    """A merged unit's count cannot be split."""
    with pytest.raises(ValueError, match=r"^boundaries=2013: .* cannot be split into its parts"):
        tally(SAMPLE, "commune", period="year", boundaries=2013, years=(2018, 2020))


def test_places_are_found_by_any_spelling_in_the_order_asked_for():
    """Case, prefix and place of the tone do not matter; twice the same is once."""
    totals = tally(SAMPLE, "commune", period="year")
    assert names(totals, "xã TUY LỘC", "P.Yên Thịnh", "Tuy Lộc") == ["Tuy Lộc", "Yên Thịnh"]
    assert find_rows(totals, ()) == []


def test_places_of_one_time_are_not_looked_up_in_another(load):
    """2013: Yên Thịnh, Tuy Lộc, Âu Lâu; 2014: Yên Thịnh, Minh Bảo, Tuy Lộc, Âu Lâu reported.

    With the same first and last commune, Tuy Lộc stands second in one set and third in the other.
    """
    few, more = ("Yên Thịnh", "Tuy Lộc", "Âu Lâu"), ("Yên Thịnh", "Minh Bảo", "Tuy Lộc", "Âu Lâu")
    records = load(
        *(report(name, 2013, 1) for name in few),
        *(report(name, 2014, 1) for name in more),
        report("Giới Phiên", 2021, 1),
    )
    for year in (2013, 2014):
        totals = tally(records, "commune", period="year", boundaries=2013, years=(year, year))
        assert names(totals, "Tuy Lộc", "Âu Lâu") == ["Tuy Lộc", "Âu Lâu"]


def test_a_merged_commune_is_refused_with_its_successor():
    """Phúc Lộc went into Giới Phiên in February 2020."""
    message = (
        r"^communes=\['Phúc Lộc'\]: on the boundaries of 2020 Phúc Lộc is a part of Giới Phiên. "
        r"Use 'Giới Phiên', or earlier boundaries with years before the merger.$"
    )
    with pytest.raises(ValueError, match=message):
        find_rows(tally(SAMPLE, "commune", period="year"), ("Tuy Lộc", "Phúc Lộc"))


def test_a_commune_merged_twice_is_named_with_the_unit_of_the_boundaries_asked_for():
    """On those of 2025 Phúc Lộc is, by way of Giới Phiên, a part of Âu Lâu."""
    totals = tally(SAMPLE, "commune", period="year", boundaries=2025)
    with pytest.raises(ValueError, match="boundaries of 2025 Phúc Lộc is a part of Âu Lâu"):
        find_rows(totals, ("Phúc Lộc",))


def test_a_merged_commune_is_found_on_the_boundaries_of_its_time():
    """In 2019 Phúc Lộc was a commune of its own."""
    totals = tally(SAMPLE, "commune", period="year", boundaries=2013, years=(2019, 2019))
    assert names(totals, "Phúc Lộc") == ["Phúc Lộc"]


def test_an_unknown_commune_is_refused_with_the_legal_ones():
    """All fifteen, in Vietnamese order: Â before B before Đ."""
    message = (
        r"^communes=\['Paris'\]: no such commune in these records. Use some of: Âu Lâu, Đồng Tâm, "
        r"Giới Phiên, Hồng Hà, .*, Yên Thịnh\.$"
    )
    with pytest.raises(ValueError, match=message):
        find_rows(tally(SAMPLE, "commune", period="year"), ("Paris",))


def test_a_table_without_rows_is_refused():
    """There is nothing to draw."""
    with pytest.raises(ValueError, match=r"^There are no records: the table is empty\."):
        tally(SAMPLE.iloc[:0])


def test_the_records_stay_as_they_were():
    """Totals on any boundaries are made from a copy."""
    before = SAMPLE.copy()
    tally(SAMPLE, "kind", period="quarter", boundaries=2025)
    tally(SAMPLE, "commune", period="year", boundaries=2013, years=(2013, 2014))
    assert before.equals(SAMPLE)
    assert len(load_communes()) == 17
