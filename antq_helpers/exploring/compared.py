"""Records and what is looked at in; its numbers, its picture and the call that draws it out."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module

import pandas as pd

from antq_helpers.dictionary import LANGUAGES, check_choice, find_measure, word
from antq_helpers.drawing import style
from antq_helpers.drawing.canvas import DPI, KeptCanvas, Picture
from antq_helpers.drawing.compared_alt import compared_alt, control_alt
from antq_helpers.drawing.figure import WIDTH
from antq_helpers.measuring.estimates import compare_communes, compare_over_time
from antq_helpers.measuring.funnels import funnel
from antq_helpers.measuring.totals import select, total_by

PICTURES = ("ranking", "tile_map", "heatmap", "funnel", "small_multiples")
PER = 1000
HEIGHTS = {"picture": style.TALL, "control": 3.9}
_BY_PERIOD = ("heatmap", "small_multiples")


@dataclass(frozen=True)
class Look:
    """What is looked at: a picture of all communes and, of one of them, its control chart."""

    measure: str = "tips"
    years: tuple[int, int] | None = None
    picture: str = "ranking"
    commune: str | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        find_measure(self.measure)
        check_choice("picture", self.picture, PICTURES)
        check_choice("language", self.language, LANGUAGES)
        if isinstance(self.years, Iterable):
            # Whole numbers of any library become Python's own, so that the call is plain code.
            object.__setattr__(self, "years", tuple(map(operator.index, self.years)))

    def arguments(self) -> dict[str, object]:
        """Give what the drawing functions are told; years and language where they matter."""
        said = {"measure": self.measure, "years": self.years, "language": self.language}
        return {name: value for name, value in said.items() if value not in (None, "en")}


def numbers_of_look(records: pd.DataFrame, look: Look) -> pd.DataFrame:
    """Give the numbers that the picture draws: a row per commune, and period where it has them."""
    if look.picture == "funnel":
        chosen = records if look.years is None else select(records, years=look.years)
        return funnel(total_by(chosen, "commune", boundaries=_latest(records)), **_measure(look))
    if look.picture in _BY_PERIOD:
        return compare_over_time(records, years=look.years, **_measure(look))[0]
    return compare_communes(records, years=look.years, **_measure(look))


def code_of(look: Look, *, control: bool = False) -> str:
    """Write the call that draws the picture, or the control chart, again."""
    said = {"commune": look.commune} if control else {}
    written = ", ".join(f"{name}={value!r}" for name, value in (said | look.arguments()).items())
    return f"antq.plot_{'control' if control else look.picture}(records, {written})"


def draw_look(
    records: pd.DataFrame,
    look: Look,
    *,
    numbers: pd.DataFrame | None = None,
    control: bool = False,
    internal: bool = False,
) -> Picture:
    """Draw the picture, or the control chart, with its alt text.

    ``numbers`` are those of :func:`numbers_of_look`, where they are there already; ``internal``
    marks the picture for internal circulation.
    """
    kind = "control" if control else look.picture
    said = {"commune": look.commune} if control else {}
    picture = new_picture("control" if control else "picture")
    with style.look():
        plot_of(kind)(records, **said, **look.arguments(), ax=picture.subplots())
        if internal:
            mark = word("internal", look.language)
            picture.supxlabel(mark, x=0.995, ha="right", fontsize=8.5, color=style.NOTE)
    picture.alt = _alt(records, look, numbers, control)
    return picture


def new_picture(size: str) -> Picture:
    """Make an empty picture, of ``"picture"`` or ``"control"`` size, that lays itself out."""
    with style.look():
        picture = Picture(figsize=(WIDTH, HEIGHTS[size]), dpi=DPI, layout="constrained")
        KeptCanvas(picture)
    return picture


def plot_of(kind: str) -> object:
    """Give the function that draws a kind of picture, from the module that bears its name."""
    return getattr(import_module(f"antq_helpers.drawing.{kind}"), f"plot_{kind}")


def years_of(records: pd.DataFrame, look: Look) -> tuple[int, int]:
    """Give the first and last year that are drawn."""
    return look.years or (int(records["year"].min()), int(records["year"].max()))


def _alt(records: pd.DataFrame, look: Look, numbers: pd.DataFrame | None, control: bool) -> str:
    told = {"years": years_of(records, look), "per": PER, "language": look.language}
    if control:
        yearly = compare_communes(records, period="year", years=look.years, **_measure(look))
        return control_alt(yearly, commune=look.commune, **told)
    table = numbers_of_look(records, look) if numbers is None else numbers
    return compared_alt(table, picture=look.picture, **told)


def _measure(look: Look) -> dict[str, object]:
    return {"measure": look.measure, "per": PER}


def _latest(records: pd.DataFrame) -> int:
    return int(records["boundaries"].max())
