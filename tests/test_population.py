"""Residents by year, given by the user: rates take those of their year."""

import pandas as pd
import pytest

import antq_helpers as antq
from antq_helpers.__main__ import main, table_of_communes
from antq_helpers.measuring.lookback import look_back
from antq_helpers.places import load_communes, register
from antq_helpers.problems import DataProblem
from antq_helpers.reading.load import SAMPLE, load_records

CENSUS = load_communes(boundaries=2013).set_index("name")["population_2019"]
# Tuy Lộc grows by 100 a year from 2014 to 2016; of all others there is the census alone.
TUY_LOC = {2014: 5000, 2016: 5200}


def rows_of(**years):
    """Rows of a table of residents: of Tuy Lộc by year, of the others in 2019."""
    rows = [(name, 2019, people) for name, people in CENSUS.items() if name != "Tuy Lộc"]
    return rows + [("Tuy Lộc", year, people) for year, people in TUY_LOC.items()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with residents alone: the communes are those of Yên Bái."""
    path = tmp_path_factory.mktemp("place")
    table = pd.DataFrame(rows_of(), columns=["Xã, phường", "Năm", "Dân số"])
    table.to_csv(path / "population.csv", index=False)
    return path


@pytest.fixture(scope="module")
def records(folder):
    """The sample's records with residents by year."""
    return load_records(SAMPLE, communes=folder)


def exposure(records, commune, year, **options):
    """Return the resident-years that a unit's reports of tips cover in a year."""
    table = antq.total_by(records, "commune", measure="tips", **options)
    row = table[(table["commune"] == commune) & (table["period"] == str(year))].iloc[0]
    assert row["covered"] <= 1
    return row["exposure"] / row["covered"]


@pytest.mark.parametrize(
    ("year", "people"), [(2013, 5000), (2014, 5000), (2015, 5100), (2016, 5200), (2022, 5200)]
)
def test_a_rate_takes_the_residents_of_its_year(records, year, people):
    """Held before the first year and after the last, interpolated between."""
    days = 366 if year % 4 == 0 else 365
    assert exposure(records, "Tuy Lộc", year) == pytest.approx(people * days / 365.25)
    assert exposure(records, "Minh Bảo", year) == pytest.approx(CENSUS["Minh Bảo"] * days / 365.25)


def test_a_merged_unit_has_the_residents_of_its_parts(records, tmp_path):
    """Giới Phiên from 2020 on: before the merger both, after it its own where given."""
    both = CENSUS["Giới Phiên"] + CENSUS["Phúc Lộc"]
    for year in (2015, 2022):
        found = exposure(records, "Giới Phiên", year, boundaries=2020)
        assert found == pytest.approx(both * 365 / 365.25)
    own = pd.DataFrame([*rows_of(), ("Giới Phiên", 2021, 9000)])
    own.to_csv(tmp_path / "population.csv", index=False, header=["commune", "year", "population"])
    later = load_records(SAMPLE, communes=tmp_path)
    assert exposure(later, "Giới Phiên", 2015, boundaries=2020) == pytest.approx(
        both * 365 / 365.25
    )
    assert exposure(later, "Giới Phiên", 2022, boundaries=2020) == pytest.approx(
        9000 * 365 / 365.25
    )


def test_several_years_have_the_mean_of_their_residents(records):
    """Of 2014 to 2016 5,100; coverage stays what it is."""
    table = antq.total_by(records, "commune", measure="tips", period=3)
    plain = antq.total_by(load_records(), "commune", measure="tips", period=3)
    pd.testing.assert_series_equal(table["covered"], plain["covered"], rtol=1e-3)
    people = register(records["place"].iloc[0]).residents
    at = [list(register().units["name"]).index("Tuy Lộc")]
    assert people(at, 2014, 2016) == [5100]


def test_the_city_and_a_window_are_covered_as_before(records):
    """But for the weight of Tuy Lộc in it; nothing lacks that did not lack."""
    window = look_back(records, "2016-Q2").totals
    plain = look_back(load_records(), "2016-Q2").totals
    pd.testing.assert_series_equal(window["covered"], plain["covered"], rtol=1e-3)
    pd.testing.assert_series_equal(window["state"], plain["state"])


def test_counts_are_as_before_and_a_note_names_the_years(records):
    """In pictures of rates, of both kinds; of the census as before."""
    for view in (antq.View(per=1000), antq.View(kind="ranking")):
        for language, told in (("vi", "Dân số từng năm 2014–2019"), ("en", "year, 2014–2019")):
            shown = antq.View(**{**view_of(view), "language": language})
            text = " ".join(words_in(antq.draw(records, shown)).split())
            assert told in text
            assert "nội suy" in text or "interpolated" in text
            assert told not in " ".join(words_in(antq.draw(load_records(), shown)).split())
    ours = antq.total_by(load_records())
    pd.testing.assert_series_equal(antq.total_by(records)["numerator"], ours["numerator"])


def view_of(view):
    """Return the settings of a view."""
    return {"kind": view.kind, "per": view.per}


def words_in(picture):
    """Return every text of a picture."""
    from matplotlib.text import Text

    return " ".join(text.get_text() for ax in picture.axes for text in ax.findobj(Text))


def test_a_workbook_of_residents_is_read_too(folder, tmp_path):
    """The same residents from XLSX."""
    table = pd.DataFrame(rows_of(), columns=["Tên đơn vị", "Năm", "Số dân"])
    table.to_excel(tmp_path / "population.xlsx", index=False)
    pd.testing.assert_frame_equal(register(tmp_path).population, register(folder).population)


def broken(tmp_path, rows):
    """Write a table of residents that must fail, and give its problems."""
    table = pd.DataFrame(rows, columns=["commune", "year", "population"])
    table.to_csv(tmp_path / "population.csv", index=False)
    with pytest.raises(DataProblem) as caught:
        register(tmp_path, "vi")
    return caught.value


@pytest.mark.parametrize(
    ("rows", "kind", "said"),
    [
        ([("Tuy Lộk", 2020, 5)], "unknown_commune", "Tuy Lộc"),
        ([("Phúc Lộc", 2022, 5)], "not_yet_a_commune", "31/12/2022"),
        ([("Tuy Lộc", 2014, 5)], "unique", "dòng 20"),
        ([("Minh Bảo", "2020", "2,5")], None, "2,5"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, rows, kind, said):
    """With file, row and what is wrong."""
    error = broken(tmp_path, [*rows_of(), *rows])
    assert kind in (None, error.problems[0].kind)
    assert said in str(error)
    assert "population.csv" in str(error)


def test_a_unit_without_residents_is_named(tmp_path):
    """Former ones too, since their reports are divided by theirs."""
    error = broken(tmp_path, [row for row in rows_of() if row[0] != "Phúc Lộc"])
    assert "chưa có dân số của Phúc Lộc" in str(error)


def test_the_command_line_takes_the_folder(folder, tmp_path, capsys):
    """And says what a folder must hold."""
    assert table_of_communes(str(folder)) == folder
    with pytest.raises(SystemExit, match=r"holds no communes\.csv"):
        table_of_communes(str(tmp_path))
    main(
        ["briefing", "--period", "2016", "--audience", "internal", "--records", str(SAMPLE),
         "--place", str(folder), "--folder", str(tmp_path / "out")]
    )  # fmt: skip
    assert capsys.readouterr().out.strip() == str(tmp_path / "out")


def test_without_a_table_everything_is_to_the_digit_as_it_was():
    """The exposure of each unit is its census times its days."""
    table = antq.total_by(load_records(), "commune", measure="tips")
    full = table[table["covered"] == 1]
    people = load_communes(boundaries=2020).set_index("name")["population_2019"]
    days = (full["period_end"] - full["period_start"]).dt.days + 1
    assert full["exposure"].to_numpy() == pytest.approx(
        full["commune"].map(people) * days / 365.25, rel=1e-12
    )
