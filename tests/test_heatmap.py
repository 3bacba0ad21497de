"""Communes by year: cells, shades, hatches."""

import pandas as pd
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from antq_helpers import compare_communes, plot_heatmap, plot_tile_map
from antq_helpers.drawing.style import SHADES
from tests.quick import SAMPLE


def heatmap(records=SAMPLE, **said):
    """Draw on axes of their own."""
    return plot_heatmap(records, **said, ax=Figure(figsize=(8.6, 6)).subplots())


def luminance(colour):
    """Weigh red, green and blue as WCAG 2.2 does."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_each_cell_has_its_value_and_the_shade_of_its_ratio():
    """By hand: Yên Thịnh in 2014 has 1.9 of the city's 4.1, under a half."""
    ax = heatmap()
    ax.figure.draw_without_rendering()
    table = compare_communes(SAMPLE, period="year")
    mesh = ax.collections[0]
    colours = mesh.get_facecolors().reshape(15, 10, 4)
    assert to_hex(colours[0, 1]) == SHADES[0]
    told = [text.get_text().split(" ")[0] for text in ax.texts[:150]]
    assert told == [f"{value:.1f}" for value in table["value"]]
    assert [label.get_text() for label in ax.get_yticklabels()][:2] == ["Yên Thịnh", "Yên Ninh"]


def test_what_was_not_reported_is_hatched_and_in_the_key():
    """No number stands there, and no zero."""
    records = SAMPLE.copy()
    gone = (records["commune"] == "Yên Ninh") & (records["year"] == 2015)
    records.loc[gone, "tips"] = pd.NA
    ax = heatmap(records)
    assert [(p.get_x(), p.get_y(), p.get_hatch()) for p in ax.patches] == [(2, 1, "////")]
    key = [text.get_text() for text in ax.get_legend().get_texts()]
    assert key == ["2 and over", "1.25–2", "0.8–1.25", "0.5–0.8", "under 0.5", "Not reported"]
    assert "Not reported" not in [t.get_text() for t in heatmap().get_legend().get_texts()]


def test_partial_years_have_a_circle_and_a_note():
    """Yên Thịnh reported 83% of 2013."""
    ax = heatmap()
    assert ax.texts[0].get_text() == "3.2 ○"
    assert "○: partial period" in ax.get_xlabel().replace("\n", " ")


def test_numbers_stand_out_from_their_cells_as_on_the_tile_map():
    """WCAG 2.2, 1.4.3: 4.5 to 1; the tile map's ink on the same shade is the same."""
    ax, tiles = heatmap(years=(2013, 2017)), Figure(figsize=(8.6, 6)).subplots()
    plot_tile_map(SAMPLE, ax=tiles)
    ax.figure.draw_without_rendering()
    # Behind the numbers comes the mark, which stands above the picture.
    cells = [to_hex(colour) for colour in ax.collections[0].get_facecolors()]
    pairs = {(cell, to_hex(text.get_color())) for cell, text in zip(cells, ax.texts, strict=False)}
    named = [to_hex(tile.get_facecolor()) for tile in tiles.patches for _ in ("name", "value")]
    beside = {(tile, to_hex(t.get_color())) for tile, t in zip(named, tiles.texts, strict=False)}
    assert {ground for ground, _ in pairs} == set(SHADES)
    assert len({ground for ground, _ in pairs | beside}) == len(pairs | beside)
    for ground, ink in pairs:
        darker, lighter = sorted(map(luminance, (ground, ink)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
