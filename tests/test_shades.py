"""Shades against the city: five steps that grey print keeps apart, and ink that is read on them."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from antq_helpers.drawing.style import SHADES, ink_on, ratio_to_city, shade


def lightness(colour):
    """CIE L* of a colour, by its definition from sRGB."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16


def test_higher_is_darker_by_steps_that_grey_print_shows():
    """At least 13 of 100 from one shade to the next."""
    steps = np.diff([lightness(colour) for colour in SHADES])
    assert (steps < -13).all()


@pytest.mark.parametrize(
    ("ratio", "place"),
    [(0, 0), (0.49, 0), (0.5, 1), (0.79, 1), (0.8, 2), (1.24, 2), (1.25, 3), (1.99, 3), (2, 4)],
)
def test_a_ratio_has_the_shade_of_its_step(ratio, place):
    """Each step begins at its lower end."""
    assert shade(ratio) == SHADES[place]


def test_no_ratio_is_white():
    """There is nothing to compare."""
    assert shade(np.nan) == "white"


def test_ink_stands_out_from_every_shade():
    """By 4.5 to 1, as WCAG 2 asks of small text."""
    for colour in SHADES:
        bright, dark = sorted(
            (np.asarray([to_rgb(c)]) for c in (colour, ink_on(colour))),
            key=lambda c: -c.sum(),
        )
        over = [((lightness(c[0]) + 16) / 116) ** 3 + 0.05 for c in (bright, dark)]
        assert over[0] / over[1] >= 4.5


def test_a_city_of_nothing_gives_no_ratio():
    """Nor does a commune that did not report."""
    table = pd.DataFrame({"value": [2.0, 0.0, np.nan], "city": [4.0, 0.0, 4.0]})
    assert ratio_to_city(table).tolist() == pytest.approx([0.5, np.nan, np.nan], nan_ok=True)
