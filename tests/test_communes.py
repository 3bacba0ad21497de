"""Who the communes are: names in every spelling, dates, mergers and other places' tables."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antq_helpers.dictionary import DATA
from antq_helpers.places import load_communes, name_key, register
from antq_helpers.problems import DataProblem
from antq_helpers.reading.headers import CORE as COUNTS
from antq_helpers.records import on_boundaries, register_of
from tests.quick import SAMPLE, examples

UNITS = load_communes(boundaries="all")
NAMES = sorted(UNITS["name"].unique())
PREFIXES = ["", "P. ", "P.", "p.", "Phường ", "phường ", "PHƯỜNG ", "xã ", "Xã ", "X.", "TT. "]
COMMUNES = (DATA / "communes.csv").read_text(encoding="utf-8")
CHANGES = (DATA / "boundary_changes.csv").read_text(encoding="utf-8")

# Resolution 871 (2020) and the national list of July 2025, unit by unit.
AFTER_2020 = {"Phúc Lộc": "Giới Phiên", "Văn Tiến": "Văn Phú"}
AFTER_2025 = {
    "Yên Ninh": "Yên Bái",
    "Minh Tân": "Yên Bái",
    "Nguyễn Thái Học": "Yên Bái",
    "Đồng Tâm": "Yên Bái",
    "Hồng Hà": "Yên Bái",
    "Nguyễn Phúc": "Yên Bái",
    "Minh Bảo": "Nam Cường",
    "Nam Cường": "Nam Cường",
    "Tuy Lộc": "Nam Cường",
    "Yên Thịnh": "Văn Phú",
    "Tân Thịnh": "Văn Phú",
    "Văn Phú": "Văn Phú",
    "Văn Tiến": "Văn Phú",
    "Âu Lâu": "Âu Lâu",
    "Hợp Minh": "Âu Lâu",
    "Giới Phiên": "Âu Lâu",
    "Phúc Lộc": "Âu Lâu",
}


def resolve(name, start, end, places=None):
    """The id of the unit that a name meant in a period, or the code of why there is none."""
    places = places or register()
    days = [pd.Series([pd.Timestamp(day)]) for day in (start, end)]
    position = int(places.resolve(pd.Series([name]), *days)[0])
    return places.units.index[position] if position >= 0 else position


# Who there was, and how many


@pytest.mark.parametrize(("boundaries", "units"), [(2013, 17), (2020, 15), (2024, 14), (2025, 4)])
def test_each_set_of_boundaries_has_its_units_and_all_the_residents(boundaries, units):
    """17, 15, 14 and 4 units; mergers move no one, so the 100 631 of the census stay."""
    communes = load_communes(boundaries=boundaries)
    assert len(communes) == units
    assert communes["population_2019"].sum() == 100_631


def test_merged_units_have_the_residents_of_their_parts():
    """1 818 + 1 535, 2 282 + 2 965 and 7 664 + 6 701 by the census of 2019."""
    people = UNITS.set_index("commune_id")["population_2019"]
    assert people["04543@2020"] == 3353
    assert people["04558@2020"] == 5247
    assert people["04264@2024"] == 14365


def test_communes_come_in_official_order():
    """The earliest set by default: Yên Thịnh first, Văn Phú last of seventeen."""
    communes = load_communes()
    assert communes["name"].iloc[[0, 1, 16]].tolist() == ["Yên Thịnh", "Yên Ninh", "Văn Phú"]
    assert communes["official_order"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("year", "set_of"),
    [(2008, 2013), (2013, 2013), (2019, 2013), (2020, 2020), (2023, 2020), (2024, 2024)],
)
def test_a_year_takes_the_set_that_stood_at_its_end(year, set_of):
    """A set holds until the next one begins; the change of 2013 moved no boundary."""
    assert register().set_at(year)[0] == set_of


@pytest.mark.parametrize(
    ("boundaries", "message"),
    [
        (2007, r"^boundaries=2007: the table of communes begins in 2008\. .* 2013, 2020, 2024"),
        ("2020", r"^boundaries='2020': the table of communes begins in 2008\."),
        (2026, r"^boundaries=2026: since 01/07/2025 the units also hold land from outside"),
    ],
)  # fmt: skip
def test_boundaries_outside_the_known_sets_are_refused(boundaries, message):
    """Before the table begins, and after the units stopped being the city alone."""
    with pytest.raises(ValueError, match=message):
        load_communes(boundaries=boundaries)


# Names


def spelt(name, prefix, form, case, old):
    """Write a name in another way; `old` puts the tone of open oa, oe, uy on the first vowel."""
    for new_tone, old_tone in (
        (("oà", "òa"), ("oá", "óa"), ("uý", "úy"), ("uỳ", "ùy")) if old else ()
    ):
        name = name.replace(new_tone, old_tone)
    return unicodedata.normalize(form, getattr(prefix + name, case)())


SPELLINGS = {
    "prefix": st.sampled_from(PREFIXES),
    "form": st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
    "case": st.sampled_from(["lower", "upper", "title", "casefold"]),
    "old": st.booleans(),
}


@given(name=st.sampled_from([*NAMES, "Hoà Bình", "Khoá Thuý", "Quý Tuỳ"]), **SPELLINGS)
def test_every_spelling_of_a_name_is_one_name(name, prefix, form, case, old):
    """Case, prefix, composed or decomposed letters and the place of the tone do not matter."""
    assert name_key(spelt(name, prefix, form, case, old)) == name_key(name)


@given(name=st.sampled_from(load_communes()["name"].tolist()), **SPELLINGS)
def test_every_spelling_resolves_to_the_same_unit(name, prefix, form, case, old):
    """In 2015 each of the seventeen names is one unit, however it is written."""
    unit = resolve(spelt(name, prefix, form, case, old), "2015-03-01", "2015-03-31")
    assert unit == load_communes().set_index("name").at[name, "commune_id"]


def test_spaces_around_and_within_a_name_do_not_matter():
    """Most cells of office files carry some, even ones that do not break."""
    assert name_key("  Phường\u00a0 Yên   Thịnh ") == name_key("Yên Thịnh")


def test_no_two_communes_share_a_key():
    """Yên Thịnh and Yên Ninh are one edit apart, Hồng Hà and Hợp Minh share letters: all differ."""
    assert len({name_key(name) for name in NAMES}) == len(NAMES) == 18


SYLLABLE = st.sampled_from(
    [
        "ha",
        "hà",
        "hạ",
        "hâ",
        "hồng",
        "hông",
        "bai",
        "bái",
        "bải",
        "đông",
        "dong",
        "phường",
        "phương",
    ]
)


@given(st.lists(SYLLABLE, min_size=2, max_size=3), st.lists(SYLLABLE, min_size=2, max_size=3))
def test_names_of_other_letters_or_tones_never_share_a_key(one, other):
    """Two names are the same only where letters and tones are, after any prefix."""
    bare = [name[1:] if name[0] == "phường" else name for name in (one, other)]
    same = name_key(" ".join(one)) == name_key(" ".join(other))
    assert same == (bare[0] == bare[1])


def test_a_name_without_any_marks_is_taken_where_one_unit_alone_fits():
    """TUY LOC and xa Tuy Loc are Tuy Lộc; one mark that is wrong, or half of them, is a fault."""
    for name in ("Tuy Loc", "TUY LOC", "xa Tuy Loc"):
        assert resolve(name, "2022-01-01", "2022-01-31") == "04276@2008"
    for name in ("Tuy Lọc", "Yên Thinh"):
        assert resolve(name, "2022-01-01", "2022-01-31") == -1


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Tuy Lọc", ["Tuy Lộc"]),
        ("Âu Lâo", ["Âu Lâu"]),
        ("Minh Bao", ["Minh Bảo"]),
        ("P. Yên Thinh", ["Yên Thịnh"]),
        ("Quận 1", []),
        ("Ninh", ["Yên Ninh", "Yên Thịnh", "Tân Thịnh"]),
        ("Lào Cai", []),
    ],
)
def test_only_names_as_near_as_the_nearest_are_suggested(typed, near):
    """Tuy Lộc is no suggestion for Âu Lâo; of Ninh nobody knows which was meant."""
    assert sorted(register().nearest(typed)) == sorted(near)


def test_a_name_without_marks_that_two_units_share_is_not_taken_but_suggested():
    """Where there is a Tụy Lộc, too, Tuy Loc could be either; the user decides."""
    ours = load_communes()
    other = ours[ours["name"] == "Tuy Lộc"].assign(
        commune_id="99999@2008", code="99999", name="Tụy Lộc", official_order=99
    )
    both = register(pd.concat([ours, other], ignore_index=True))
    days = pd.Series([pd.Timestamp("2022-01-01")]), pd.Series([pd.Timestamp("2022-01-31")])
    assert both.resolve(pd.Series(["Tuy Loc"]), *days).tolist() == [-1]
    assert set(both.nearest("Tuy Loc")[:2]) == {"Tuy Lộc", "Tụy Lộc"}


# Names and days


@pytest.mark.parametrize(
    ("name", "start", "end", "unit"),
    [
        ("Giới Phiên", "2019-12-01", "2019-12-31", "04543@2008"),
        ("Giới Phiên", "2020-01-31", "2020-01-31", "04543@2008"),
        ("Giới Phiên", "2020-02-01", "2020-02-29", "04543@2020"),
        # The reporting year 2020 runs over the merger: its report is that of the merged unit.
        ("Giới Phiên", "2019-12-15", "2020-12-14", "04543@2020"),
        ("Phúc Lộc", "2020-01-01", "2020-01-31", "04552@2008"),
        ("Phúc Lộc", "2020-03-01", "2020-03-31", -2),
        ("Hồng Hà", "2024-09-01", "2024-09-30", "04267@2008"),
        ("Hồng Hà", "2025-01-01", "2025-01-31", "04264@2024"),
        ("Nguyễn Phúc", "2024-12-01", "2024-12-31", "04264@2008"),
        ("Nguyễn Phúc", "2025-01-01", "2025-01-31", -2),
        ("Nam Cường", "2025-06-01", "2025-06-30", "04273@2008"),
        ("Nam Cường", "2025-07-01", "2025-07-31", -3),
        ("Nam Cường", "2025-06-15", "2025-07-14", -3),
        ("Yên Bái", "2025-07-01", "2025-07-31", -3),
        ("Yên Bái", "2022-01-01", "2022-01-31", -2),
        ("Tuy Lộc", "2025-07-01", "2025-07-31", -2),
        ("Yên Thịnh", "2008-08-28", "2008-09-27", -2),
        ("Yên Thịnh", "2008-08-29", "2008-09-28", "04249@2008"),
        ("Hà Giang", "2022-01-01", "2022-01-31", -1),
    ],
)
def test_a_name_means_the_unit_of_its_days(name, start, end, unit):
    """-1 is no commune, -2 none at that time, -3 one that holds land from outside."""
    assert resolve(name, start, end) == unit


# Boundaries


def drawn(years):
    """Random records of the sample in those years."""
    pool = SAMPLE[SAMPLE["year"].between(*years)]
    return st.sets(st.sampled_from(pool.index.tolist()), min_size=1, max_size=40).map(
        lambda rows: pool.loc[list(rows)]
    )


@settings(max_examples=examples(40), deadline=None)
@given(drawn((2013, 2022)), st.sampled_from([2020, 2024, 2025]))
def test_on_boundaries_keeps_every_row_and_every_sum(records, boundaries):
    """Only who a report is counted for changes; mergers are taken from the resolutions."""
    moved = on_boundaries(records, boundaries)
    pd.testing.assert_frame_equal(moved[[*COUNTS, "year"]], records[[*COUNTS, "year"]])
    after = {2020: AFTER_2020, 2024: {**AFTER_2020, "Nguyễn Phúc": "Hồng Hà"}, 2025: AFTER_2025}
    names = records["commune"].replace(after[boundaries])
    assert moved["commune"].tolist() == names.tolist()
    assert set(moved["commune_id"]) <= set(load_communes(boundaries=boundaries)["commune_id"])
    assert set(moved["boundaries"]) == {boundaries}
    for count in COUNTS:
        sums = moved.groupby("commune_id")[count].sum().sort_values().tolist()
        assert sums == records[count].groupby(names).sum().sort_values().tolist()


@settings(max_examples=examples(40), deadline=None)
@given(drawn((2021, 2022)))
def test_records_on_their_own_boundaries_stay_as_they_are(records):
    """After the mergers of 2020 nothing changes on the boundaries of 2020."""
    pd.testing.assert_frame_equal(on_boundaries(records, 2020), records)


@settings(max_examples=examples(40), deadline=None)
@given(drawn((2013, 2019)))
def test_records_of_the_seventeen_stay_as_they_are_on_2013(records):
    """Before 2020 the boundaries of 2013 are their own."""
    pd.testing.assert_frame_equal(on_boundaries(records, 2013), records)


@settings(max_examples=examples(40), deadline=None)
@given(drawn((2013, 2019)))
def test_going_by_steps_or_at_once_comes_to_the_same(records):
    """2020, 2024, then 2025 names the same wards as 2025 at once."""
    by_steps = on_boundaries(on_boundaries(on_boundaries(records, 2020), 2024), 2025)
    pd.testing.assert_frame_equal(by_steps, on_boundaries(records, 2025))


@settings(max_examples=examples(40), deadline=None)
@given(drawn((2021, 2022)))
def test_a_split_is_refused_wherever_it_would_be_needed(records):
    """Giới Phiên and Văn Phú of 2020 hold two units of 2013; the other thirteen hold one."""
    merged = sorted(set(records["commune"]) & {"Giới Phiên", "Văn Phú"})
    if not merged:
        assert on_boundaries(records, 2013)["commune_id"].tolist() == records["commune_id"].tolist()
        return
    message = (
        rf"{', '.join(merged)}, from \d\d/\d\d/202\d\)\. A merged unit's count cannot be split"
    )
    with pytest.raises(ValueError, match=message):
        on_boundaries(records, 2013)


def test_a_refused_split_says_how_many_records_and_what_to_use():
    """Two merged units reported in March 2020; boundaries of 2020 or later would do."""
    march = SAMPLE[SAMPLE["period_start"] == "2020-03-01"]
    late = int(march["commune"].isin(["Giới Phiên", "Văn Phú"]).sum())
    assert late > 0
    message = rf"^boundaries=2013: {late} records .* from 01/03/2020.* Use boundaries=2020 or later"
    with pytest.raises(ValueError, match=message):
        on_boundaries(march, 2013)


def test_the_new_wards_can_not_be_split_again():
    """What was named after the four wards does not go back to the communes."""
    with pytest.raises(ValueError, match=r"came later \(.*Yên Bái.* cannot be split"):
        on_boundaries(on_boundaries(SAMPLE, 2025), 2024)


def test_boundaries_after_2025_are_refused_with_the_reason():
    """The new wards hold three communes that were never the city's."""
    with pytest.raises(ValueError, match=r"land from outside the city.* Use boundaries=2025: the"):
        on_boundaries(SAMPLE, 2030)


def test_the_tables_given_are_not_changed():
    """Neither records nor another place's communes."""
    records, communes = SAMPLE.copy(deep=True), load_communes()
    before = communes.copy(deep=True)
    on_boundaries(records, 2025)
    load_communes(communes)
    pd.testing.assert_frame_equal(records, SAMPLE)
    pd.testing.assert_frame_equal(communes, before)


# Another place


@pytest.fixture
def table(tmp_path):
    """Write a table of communes, with changes beside it where there are any; give its path."""

    def write(communes=COMMUNES, changes=None):
        (tmp_path / "communes.csv").write_text(communes, encoding="utf-8")
        if changes is not None:
            (tmp_path / "boundary_changes.csv").write_text(changes, encoding="utf-8")
        return tmp_path / "communes.csv"

    return write


def test_boundary_changes_beside_the_table_are_read_with_it(table):
    """With them Phúc Lộc goes into Giới Phiên."""
    places = register(table(changes=CHANGES))
    assert places.successor["04552@2008"] == "04543@2020"
    assert [year for year, *_ in places.sets] == [2013, 2020, 2024, 2025]


def test_without_boundary_changes_the_units_never_change(table):
    """One set, called after the year in which the first unit begins."""
    alone = "\n".join(COMMUNES.splitlines()[:18]).replace("2008-08-29,,", "2008-08-29,2025-06-30,")
    places = register(table(alone))
    assert places.successor == {}
    assert [(year, len(ids)) for year, _, ids in places.sets] == [(2008, 17)]
    assert register(str(table(alone))) is places


def test_a_table_of_communes_is_read_again_once_it_or_its_changes_differ(table):
    """A national table takes a while, so an unchanged one is not read again."""
    alone = "\n".join(COMMUNES.splitlines()[:18]).replace("2008-08-29,,", "2008-08-29,2025-06-30,")
    first = register(table(alone))
    other = register(table(alone.replace("Tuy Lộc", "Tuy Lộc Thượng")))
    assert (first.knows("Tuy Lộc Thượng"), other.knows("Tuy Lộc Thượng")) == (False, True)
    assert len(register(table(changes=CHANGES)).sets) == 4
    with pytest.raises(DataProblem, match=r"boundary_changes\.csv"):
        register(table(changes=CHANGES.replace("04552@2008", "99999@2008")))


def test_a_table_of_communes_may_be_a_dataframe_of_text_or_of_types(table):
    """As read_csv gives it, as text, and as load_communes gives it."""
    path = table("\n".join(COMMUNES.splitlines()[:18]))
    as_text = pd.read_csv(path, dtype=str)
    for communes in (pd.read_csv(path), as_text, load_communes(), as_text.set_axis(range(5, 22))):
        assert resolve("Tuy Lộc", "2015-01-01", "2015-01-31", register(communes)) == "04276@2008"


@pytest.mark.parametrize(
    ("communes", "message"),
    [
        (COMMUNES.splitlines()[0], r"^communes.csv: the file holds no row of figures\."),
        (COMMUNES.replace(",2008-08-29,2025-06-30,8730", ",,2025-06-30,8730"),
         r'^communes.csv, row 2, column "valid_from": this cell may not be blank\.'),
        (COMMUNES.replace("Yên Ninh", "phường Yên  Thịnh"),
         r'^communes.csv, row 3, column "name": "phường Yên Thịnh": this stands in another row'),
        (COMMUNES.replace(",8730,", ",87x0,"), 'row 2, column "population_2019": "87x0": this is'),
        (COMMUNES.replace(",ward,ward,", ",city,ward,", 1), 'row 2, column "kind": "city": this'),
    ],
)  # fmt: skip
def test_a_table_of_communes_that_could_not_tell_them_apart_is_refused(table, communes, message):
    """Each fault is named by row and column, and no name is given to either of two units."""
    with pytest.raises(DataProblem, match=message):
        register(table(communes, CHANGES))


def test_a_name_may_return_after_its_unit_has_ended(table):
    """Nam Cường names a ward until June 2025 and another since July: that is no fault."""
    places = register(table(changes=CHANGES))
    assert resolve("Nam Cường", "2015-01-01", "2015-01-31", places) == "04273@2008"


MERGER = "04549@2008,04558@2020,2020-02-01,2020-02-01"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (CHANGES.replace("04549@2008,", "99999@2008,"),
         r'^boundary_changes.csv, row 7, column "from": "99999@2008": this is not in the list\.'),
        (CHANGES.replace(",04558@2020,", ",99999@2020,"),
         '(?s)row 6, column "to": "99999@2020".*row 7, column "to": "99999@2020"'),
        # A unit that goes into two would have to be split.
        (CHANGES + MERGER.replace("04558@2020", "04543@2020") + ",x\n",
         '(?s)row 7, column "from": "04549@2008": this stands in another.*row 24, column "from"'),
        # Văn Phú of 2020 went into the ward in 2025; it cannot have come to be in 2026.
        (CHANGES.replace(MERGER, MERGER.replace("2020-02-01", "2026-02-01")),
         r'row 20, column "date": "2025-07-01": this is below 2026-02-02\.'),
        # Two units that go into each other would never come to an end.
        (CHANGES.replace(MERGER, "04549@2008,04558@2020,2025-07-01,2025-07-01"),
         r'row 20, column "date": "2025-07-01": this is below 2025-07-02\.'),
        (CHANGES.replace("2020-02-01,2020-02-01", "2020-02-31,2020-02-01", 1),
         r'row 4, column "date": "2020-02-31": this is no date\.'),
    ],
)  # fmt: skip
def test_boundary_changes_that_can_not_be_are_refused(table, changes, message):
    """Unknown units, a split, an order against time, a day that never was."""
    with pytest.raises(DataProblem, match=message):
        register(table(changes=changes))


def test_faults_of_another_place_are_told_in_vietnamese(table):
    """The language of the caller."""
    with pytest.raises(DataProblem, match=r'dòng 7, cột "from": "9@2008": giá trị không có'):
        register(table(changes=CHANGES.replace("04549@2008,", "9@2008,")), "vi")


def test_our_own_tables_would_pass_as_another_place(table):
    """The checks on other places hold for ours, too."""
    assert len(register(table(changes=CHANGES)).units) == 24


def test_records_that_lost_their_place_are_refused():
    """Without the column, with a blank, or of a table of communes that this session never read."""
    for stray in (SAMPLE.drop(columns="place"), SAMPLE.assign(place=None)):
        with pytest.raises(ValueError, match=r"does not say of which place .* communes="):
            register_of(stray)
    of_another_session = SAMPLE.head(2).assign(place="0123456789abcdef")
    with pytest.raises(ValueError, match="0123456789abcdef"):
        register_of(of_another_session)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Công an xã Tuy Lộc", "Tuy Lộc"),
        ("CÔNG AN PHƯỜNG ĐỒNG TÂM", "Đồng Tâm"),
        ("CAX Âu Lâu", "Âu Lâu"),
        ("CAX. Âu Lâu", "Âu Lâu"),
        ("CAP Yên Ninh", "Yên Ninh"),
        ("CA phường Hồng Hà", "Hồng Hà"),
        ("CA X. Minh Bảo", "Minh Bảo"),
        ("UBND xã Minh Bảo", "Minh Bảo"),
        ("Ủy ban nhân dân phường Nam Cường", "Nam Cường"),
        ("Uỷ ban nhân dân xã Giới Phiên", "Giới Phiên"),
        ("Cong an xa Tuy Loc", "Tuy Lộc"),
        (unicodedata.normalize("NFD", "Công an xã Tuy Lộc"), "Tuy Lộc"),
    ],
)
def test_the_office_that_reports_stands_for_its_commune(label, name):
    """As rows of office tables are labelled."""
    places = register()
    assert places.units["name"].iloc[places.positions(label)[0]] == name


@pytest.mark.parametrize(
    "label", ["Công an", "Công an thành phố", "Công an xã", "CAX", "UBND", "CA Tuy Lộc", "Ca Thành"]
)
def test_an_office_without_a_commune_is_none(label):
    """ "CA" alone may begin a name, so it is taken off only before xã or phường."""
    assert register().positions(label) == []


def test_a_name_that_begins_like_an_office_keeps_its_words():
    """Xã Ca Thành is no Thành."""
    assert name_key("xã Ca Thành") == name_key("Ca Thành") != name_key("Thành")
    assert name_key("Cà Mau") != name_key("Mau")
