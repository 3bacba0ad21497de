"""The tables of the movement: as printed where the article prints, made up where it does not."""

import pandas as pd
import pytest

from antq_helpers import load_table
from antq_helpers.dictionary import DATA
from antq_helpers.places import register
from antq_helpers.problems import DataProblem
from antq_helpers.reading.movement import MOVEMENT
from data.make_sample import write_sample

MADE = {name: load_table(name) for name in MOVEMENT}


def test_the_program_makes_the_stored_tables_to_the_byte(tmp_path):
    """Records as well: the new tables have a stream of their own."""
    paths = write_sample(tmp_path)
    assert {path.stem for path in paths} == {"records", *(name for name in MADE if len(MADE[name]))}
    for path in paths:
        assert path.read_bytes() == (DATA / "sample" / path.name).read_bytes()


def test_drives_are_as_many_as_printed():
    """75 localities: 52 in wards and communes, 13 in bodies, ten not itemised; two hotspots."""
    drives = MADE["drives"]
    assert drives.groupby("kind")["count"].sum().to_dict() == {
        "commune": 52, "body": 13, "not_itemised": 10,
    }  # fmt: skip
    assert drives.loc[drives["hotspot"], "count"].sum() == 2
    assert drives["year"].between(2013, 2022).all()
    assert drives["place"].isna().all()


def test_a_drive_is_in_a_unit_of_its_year():
    """Phúc Lộc can have one until 2019, and only kind commune names a unit."""
    drives = MADE["drives"]
    assert drives["commune"].notna().eq(drives["kind"] == "commune").all()
    places = register()
    for year, rows in drives.dropna(subset="commune").groupby("year"):
        standing = set(places.units.loc[list(places.set_at(int(year))[1]), "name"])
        assert set(rows["commune"]) <= standing


def test_models_are_the_stock_of_may_2023():
    """96: six kinds as printed, 31 not itemised, in units that stood then; no device is made up."""
    models = MADE["models"]
    assert models.groupby("kind")["count"].sum().to_dict() == {
        "self_managed_group_1": 16, "self_managed_group_2": 15, "camera": 26, "zalo": 2,
        "keyring": 1, "lights": 5, "other": 31,
    }  # fmt: skip
    assert models["since"].between("2013-01-01", "2023-04-30").all()
    assert models["until"].isna().all()
    assert models["devices"].isna().all()
    assert models["commune"].nunique() <= 15


def test_partners_did_what_is_printed():
    """Exact where exact is printed; above a bound by less than one in a hundred."""
    sums = MADE["partner_activities"].groupby(["organisation", "kind"])[["count", "attendances"]]
    found = sums.sum().astype(int)
    youth, veterans = found.loc["youth_union"], found.loc["veterans_association"]
    assert youth["count"].drop("leaflets").to_dict() == {
        "education_activity": 245, "exchange_programme": 5, "mock_trial": 2,
    }  # fmt: skip
    assert 5000 < youth.loc["leaflets", "count"] <= 5050
    assert 30000 < youth.loc["education_activity", "attendances"] <= 30300
    assert veterans.loc["training_class"].tolist() == [90, 1690]


def test_commendations_are_the_printed_figures():
    """Nine rows, published, without a year: 178 collectives and 241 individuals."""
    table = MADE["commendations"]
    assert len(table) == 9
    assert set(table["source"]) == {"published"}
    assert table["year"].isna().all()
    assert table.groupby("recipient")["count"].sum().to_dict() == {
        "collective": 178, "individual": 241,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["drives", "models", "partner_activities"])
def test_what_is_made_up_says_so(name):
    """In every row."""
    assert set(MADE[name]["source"]) == {"illustrative"}


@pytest.mark.parametrize(
    ("name", "column", "value", "message"),
    [
        ("drives", "kind", "village", '"village": this is not in the list'),
        ("drives", "hotspot", "maybe", '"maybe": '),
        ("models", "count", "0", '"0": '),
        ("models", "since", "spring", '"spring": this is no date'),
        ("partner_activities", "organisation", "", "this cell may not be blank"),
        ("partner_activities", "attendances", "-5", '"-5": '),
        ("commendations", "award", "Bằng khẹn", '"Bằng khẹn": this is not in the list'),
        ("commendations", "count", "12.5", '"12.5": '),
    ],
)
def test_a_bad_cell_is_named(tmp_path, name, column, value, message):
    """With file, row and column."""
    texts = pd.read_csv(DATA / "sample" / f"{name}.csv", dtype=str, keep_default_na=False)
    texts.loc[3, column] = value
    path = tmp_path / f"{name}.csv"
    texts.to_csv(path, index=False)
    with pytest.raises(DataProblem) as caught:
        load_table(name, path)
    [problem] = caught.value.problems
    assert (problem.file, problem.row, problem.column) == (path.name, 5, column)
    assert message in str(caught.value)
