"""Views: all that is needed to draw a picture again."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from antq_helpers.dictionary import LANGUAGES, check_choice, find_measure
from antq_helpers.drawing import style
from antq_helpers.measuring.periods import SPLITS, read_period, split_of

AUDIENCES = (None, "internal", "public")
MOST_PER = 10**9  # residents


@dataclass(frozen=True)
class Kind:
    """A kind of picture, and what a view may say about it.

    The module of that name has the rest, in four functions: ``numbers(data, view)``, what is
    drawn, a row per mark; ``draw(ax, numbers, view)``; ``chart(numbers, view)``, the live picture;
    and ``describe(numbers, view)``, the sentences of the alt text. Explorers,
    stamps and ``reproduce`` need no more.
    """

    settings: Mapping[str, object]  # with their defaults
    choices: Mapping[str, tuple] | None = None  # legal values, where a setting has other ones
    height: float = style.TALL  # inches; of one panel, if on axes of its own
    panels: bool = False  # one for each measure
    compared: bool = False  # all units at once: offered by explore_communes
    data: str = "records"
    module: str = ""


_COMPARED = {"measures": ("tips",), "years": None, "per": 1000, "boundaries": None}
KINDS: dict[str, Kind] = {
    "trend": Kind(
        {
            "measures": ("tips", "resolved_cases"),
            **dict.fromkeys(("communes", "years"), None),
            "by": "year",
            **dict.fromkeys(("per", "split", "boundaries", "period"), None),
            "targets": (),
        },
        height=3.9,
        panels=True,
    ),
    "ranking": Kind(_COMPARED, compared=True),
    "tile_map": Kind(_COMPARED, compared=True),
    "heatmap": Kind(_COMPARED, compared=True),
    "funnel": Kind({**_COMPARED, "dispersion": None}, compared=True),
    "small_multiples": Kind(
        {**_COMPARED, "by": None, "scale": "one"}, {"scale": ("one", "own")}, compared=True
    ),
    "control": Kind(
        {**_COMPARED, "communes": None, "by": "year", "base": None, "restart": ()}, height=3.9
    ),
    "change": Kind({**_COMPARED, "before": None, "dispersion": None}),
    "relation": Kind(
        {"measures": ("sessions", "tips"), "years": None, "per": 1000, "lag": 0},
        {"lag": (0, 1)},
    ),
    "coverage": Kind({"measures": ("tips",), "by": None, "boundaries": None}, height=3.9),
    "parts": Kind(
        {
            "table": None,
            "by": "kind",
            **dict.fromkeys(("split", "communes", "years", "at"), None),
            "column": "count",
            "without": (),
            "bounds": (),
            "title": None,
        },
        data="table",
    ),
    "stock": Kind(dict.fromkeys(("communes", "years", "at")), data="models"),
}


@dataclass(frozen=True, repr=False)
class View:
    """The settings of a picture: all that is needed to draw it again, with a repr that is code.

    What is None, or left out, is the default of the kind.

    Attributes
    ----------
    kind : str
        ``"trend"``, ``"ranking"``, ``"tile_map"``, ``"heatmap"``, ``"funnel"``,
        ``"small_multiples"``, ``"control"``, ``"change"``, ``"relation"``, ``"coverage"``,
        ``"parts"`` or ``"stock"``. The function of that name, such as :func:`plot_funnel`, says
        what is drawn, and which of the settings below it has.
    measures : tuple of str
        A trend has a panel for each, in order; other kinds have one, a relation two.
    communes : tuple of str or None
        Names; None is the whole place, an empty tuple is nothing chosen.
    years : (int, int) or None
        First and last reporting year, both included; None is all.
    by : str
        ``"year"``, ``"half"``, ``"quarter"``, ``"month"`` or ``"week"``; of parts, the column of
        the bars.
    per : int or None
        Draw counts as rates per so many residents and year.
    split : str or None
        ``"kind"``: wards against rural communes, instead of single units; of parts, the column
        that divides each bar.
    boundaries : int or None
        A year, see :func:`on_boundaries`; None is the latest set in the records.
    language : str
        ``"en"`` or ``"vi"``.
    audience : str or None
        ``"internal"`` marks the picture for internal circulation; ``"public"``, of a period only,
        hides small counts, see :func:`protect`.
    period : str or None
        ``"2022-Q3"`` or the like, in place of ``years`` and ``by``: this period and the earlier
        ones that it is compared with, see :func:`look_back`.
    dispersion, scale, base, restart, before, lag, table, at, column, without, bounds, title
        Of single kinds, as in their functions; ``before`` is the earlier span of years of a
        change, ``table`` the name of the table whose parts are drawn.
    targets : tuple of (str or None, str, int, int)
        Of a trend by years: commune or None for the whole place, measure, year, and target, as
        :func:`.list_targets` gives them.

    Examples
    --------
    >>> View(measures=["tips"], communes=["Tuy Lộc"], years=(2015, 2020))
    View(measures=('tips',), communes=('Tuy Lộc',), years=(2015, 2020))
    >>> View(kind="funnel", measures=["valuable_share"])
    View(kind='funnel', measures=('valuable_share',))
    """

    measures: tuple[str, ...] | None = None
    communes: tuple[str, ...] | None = None
    years: tuple[int, int] | None = None
    by: str | int | None = None
    per: int | None = None
    split: str | None = None
    boundaries: int | None = None
    language: str = "en"
    audience: str | None = None
    period: str | None = None
    kind: str = "trend"
    dispersion: float | None = None
    scale: str | None = None
    base: int | None = None
    restart: tuple[int, ...] | None = None
    before: tuple[int, int] | None = None
    lag: int | None = None
    table: str | None = None
    at: str | None = None
    column: str | None = None
    without: tuple[str, ...] | None = None
    bounds: tuple[tuple[str, str, int], ...] | None = None
    title: str | None = None
    targets: tuple[tuple[str | None, str, int, int], ...] | None = None

    def __post_init__(self) -> None:
        check_choice("kind", self.kind, KINDS)
        kind = KINDS[self.kind]
        for field in fields(self):
            name, value = field.name, getattr(self, field.name)
            if name in _ALWAYS:
                continue
            if value is None:
                object.__setattr__(self, name, kind.settings.get(name))
            elif name not in kind.settings:
                raise ValueError(
                    f"{name} is no setting of kind={self.kind!r}. It has: "
                    f"{', '.join([*kind.settings, *_ALWAYS[1:]])}."
                )
            else:
                object.__setattr__(self, name, _plain(name, value))
        self._check(kind)

    def _check(self, kind: Kind) -> None:
        check_choice("language", self.language, LANGUAGES)
        check_choice("audience", self.audience, AUDIENCES)
        if self.measures is not None:
            self._check_measures(kind)
        if kind.data == "records":
            if "by" in kind.settings and not isinstance(self.by, int):
                check_choice("by", self.by, (*_ABSENT.get(self.kind, ()), *SPLITS))
            check_choice("split", self.split, (None, "kind"))
        for name, legal in (kind.choices or {}).items():
            check_choice(name, getattr(self, name), legal)
        if self.per is not None and not (type(self.per) is int and 0 < self.per <= MOST_PER):
            raise ValueError(f"per={self.per!r} must be a number of residents, such as 1000.")
        if self.period is not None:
            self._check_period()
        elif self.audience == "public":
            raise ValueError("audience='public' hides small counts of one period: write period=.")
        if self.kind == "trend" and self.split and self.communes is not None:
            raise ValueError("split and communes cannot go together: leave one of them out.")

    def _check_measures(self, kind: Kind) -> None:
        if not self.measures:
            raise ValueError("measures=() is empty. Name one measure or more.")
        for measure in self.measures:
            find_measure(measure)
        wanted = len(kind.settings["measures"])
        if not kind.panels and len(self.measures) != wanted:
            raise ValueError(
                f"measures={self.measures!r}: kind={self.kind!r} draws {wanted}. Name as many."
            )

    def _check_period(self) -> None:
        object.__setattr__(self, "period", read_period(self.period))
        split = split_of(self.period)
        others = [n for n in ("years", "split", "boundaries") if getattr(self, n) is not None]
        if others:
            raise ValueError(f"period and {others[0]} cannot go together: leave one of them out.")
        object.__setattr__(self, "by", split if split in SPLITS else "year")

    def settings(self) -> dict[str, object]:
        """Return what differs from the defaults of the kind, by name."""
        defaults = {"kind": "trend", "language": "en", **KINDS[self.kind].settings}
        changed = {"kind": self.kind} | {f.name: getattr(self, f.name) for f in fields(self)}
        if self.period:
            del changed["by"]  # it follows from the period
        return {name: v for name, v in changed.items() if v != defaults.get(name)}

    @property
    def comparison(self) -> dict[str, object]:
        """What :func:`compare_communes` is asked for."""
        (measure,) = self.measures
        names = ("years", "per", "boundaries")
        return {"measure": measure, **{name: getattr(self, name) for name in names}}

    def __repr__(self) -> str:
        return f"View({', '.join(f'{name}={v!r}' for name, v in self.settings().items())})"


def table_of(view: View) -> str:
    """Return the name of the table that a view draws, such as "records"."""
    data = KINDS[view.kind].data
    return view.table if data == "table" else data


_ALWAYS = ("kind", "language", "audience")
_ABSENT = {"coverage": (None,), "small_multiples": (None,)}
_NAMES = ("measures", "communes", "without")


def _plain(name: str, value: object) -> object:
    """Convert lists, arrays and numbers of any library to tuples and plain numbers."""
    if name in _NAMES:
        if not _several(value):
            quoted = repr(str(value))
            raise ValueError(f"{name}={value!r} is no list of names. Write {name}=({quoted},).")
        return tuple(dict.fromkeys(map(str, value)))
    if _several(value):
        return tuple(_plain("", part) for part in value)
    if isinstance(value, float):
        return float(value)
    try:
        return value if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return value


def _several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)
