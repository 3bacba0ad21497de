"""A tile per commune: how truly the layout lies, and what the tiles hold."""

from itertools import combinations

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from antq_helpers import compare_communes, plot_tile_map
from antq_helpers.drawing.style import SHADES
from antq_helpers.places import register
from antq_helpers.tables import package_table
from tests.quick import SAMPLE

TILES, NEIGHBOURS = package_table("tiles"), package_table("neighbours")


def tile_map(records=SAMPLE, **said):
    """Draw on axes of their own."""
    return plot_tile_map(records, **said, ax=Figure(figsize=(8.6, 6)).subplots())


def touching(boundaries):
    """Give the pairs of tiles that share an edge, from the numbers of the layout alone."""
    rows = TILES[TILES["boundaries"] == boundaries].itertuples(index=False)
    found = set()
    for one, other in combinations(rows, 2):
        across, down = abs(one.column - other.column), abs(one.row - other.row)
        if (down, across) in ((0, 2), (1, 1)):
            found.add(frozenset((one.commune_id, other.commune_id)))
    return found


def bordering(boundaries):
    """Give the true pairs: those of 2013 with merged units in the place of their parts."""
    into = register().targets(boundaries)
    pairs = zip(NEIGHBOURS["commune_id"], NEIGHBOURS["neighbour_id"], strict=True)
    merged = {frozenset((into[one], into[other])) for one, other in pairs}
    return {pair for pair in merged if len(pair) == 2}


@pytest.mark.parametrize(
    ("boundaries", "units", "true", "kept", "touch"),
    [(2013, 17, 38, 32, 34), (2020, 15, 33, 28, 30), (2024, 14, 30, 24, 26)],
)
def test_most_neighbours_touch(boundaries, units, true, kept, touch):
    """The counts stand in data/README.md."""
    assert (TILES["boundaries"] == boundaries).sum() == units
    assert len(bordering(boundaries)) == true
    assert len(touching(boundaries) & bordering(boundaries)) == kept
    assert len(touching(boundaries)) == touch


@pytest.mark.parametrize("boundaries", [2013, 2020, 2024])
def test_tiles_are_those_of_the_set_and_none_covers_another(boundaries):
    """Every other row stands half a tile aside, so a tile takes two halves of its row."""
    tiles = TILES[TILES["boundaries"] == boundaries]
    assert set(tiles["commune_id"]) == set(register().set_at(boundaries)[1])
    for _, row in tiles.groupby("row"):
        assert (row["column"].sort_values().diff().dropna() >= 2).all()


def test_minh_bao_lies_north_and_au_lau_west():
    """As a reader from the city would look for them."""
    tiles = TILES[TILES["boundaries"] == 2020].assign(
        name=lambda t: t["commune_id"].map(register().units["name"])
    )
    assert tiles.set_index("name")["row"].idxmin() == "Minh Bảo"
    assert tiles.set_index("name")["column"].idxmin() == "Âu Lâu"


def test_each_tile_has_name_value_and_shade():
    """Nguyễn Thái Học has 2.7 of the city's 4.6: between a half and 0.8."""
    ax = tile_map()
    table = compare_communes(SAMPLE)
    place = list(table["commune"]).index("Nguyễn Thái Học")
    assert to_hex(ax.patches[place].get_facecolor()) == SHADES[1]
    told = [text.get_text() for text in ax.texts]
    assert told[2 * place : 2 * place + 2] == ["Nguyễn Thái Học", "2.7"]


def test_a_commune_that_did_not_report_is_hatched():
    """It keeps its name and has no number."""
    records = SAMPLE.copy()
    records.loc[records["commune"] == "Hợp Minh", "tips"] = pd.NA
    ax = tile_map(records)
    hatched = [patch for patch in ax.patches if patch.get_hatch()]
    assert len(hatched) == 1
    told = [text.get_text() for text in ax.texts]
    assert told[told.index("Hợp Minh") + 1] == ""


def test_another_place_has_no_layout_and_is_told_what_to_use():
    """In the language of the picture."""
    with pytest.raises(ValueError, match=r"^There is no layout .*boundaries of 2025.*plot_ranking"):
        tile_map(boundaries=2025)
    with pytest.raises(ValueError, match=r"^Chưa có sơ đồ ô cho các xã, phường này"):
        tile_map(boundaries=2025, language="vi")
