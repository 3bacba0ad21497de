"""What is looked at, in one frozen object."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass, fields

from antq_helpers.dictionary import LANGUAGES, check_choice, find_measure
from antq_helpers.measuring.periods import MONTHS, read_period, split_of

AUDIENCES = (None, "internal", "public")
SPLITS = (None, "kind")


MOST_PER = 10**9  # residents


@dataclass(frozen=True, repr=False)
class View:
    """What is looked at: enough to draw it again, written as one call.

    Attributes
    ----------
    measures : tuple of str
        One panel each, in order.
    communes : tuple of str or None
        Names; None is the whole place, an empty tuple is nothing chosen.
    years : (int, int) or None
        First and last reporting year, both included; None is all.
    by : str
        ``"year"``, ``"half"``, ``"quarter"`` or ``"month"``.
    per : int or None
        Draw counts as rates per so many residents and year.
    split : str or None
        ``"kind"``: wards against communes, instead of single communes.
    boundaries : int or None
        A year, see :func:`on_boundaries`; None is the latest set in the records.
    language : str
        ``"en"`` or ``"vi"``.
    audience : str or None
        ``"internal"`` marks the picture for internal circulation; ``"public"``, of a period only,
        hides small counts, see :func:`protect`.
    period : str or None
        ``"2022-Q3"`` or the like, in place of ``years`` and ``by``: this period and those before
        it which it is held against, see :func:`look_back`.

    Examples
    --------
    >>> View(measures=["tips"], communes=["Tuy Lộc"], years=(2015, 2020))
    View(measures=('tips',), communes=('Tuy Lộc',), years=(2015, 2020))
    """

    measures: tuple[str, ...] = ("tips", "resolved_cases")
    communes: tuple[str, ...] | None = None
    years: tuple[int, int] | None = None
    by: str = "year"
    per: int | None = None
    split: str | None = None
    boundaries: int | None = None
    language: str = "en"
    audience: str | None = None
    period: str | None = None

    def __post_init__(self) -> None:
        plain = {
            "measures": _names("measures", self.measures),
            "communes": None if self.communes is None else _names("communes", self.communes),
            "years": tuple(map(_whole, self.years)) if _several(self.years) else self.years,
            "per": _whole(self.per),
            "boundaries": _whole(self.boundaries),
        }
        for name, value in plain.items():
            object.__setattr__(self, name, value)
        if not self.measures:
            raise ValueError("measures=() is empty. Name one measure or more.")
        for measure in self.measures:
            find_measure(measure)
        check_choice("by", self.by, MONTHS)
        check_choice("language", self.language, LANGUAGES)
        check_choice("audience", self.audience, AUDIENCES)
        check_choice("split", self.split, SPLITS)
        if self.per is not None and not (type(self.per) is int and 0 < self.per <= MOST_PER):
            raise ValueError(f"per={self.per!r} must be a number of residents, such as 1000.")
        if self.period is not None:
            self._check_period()
        elif self.audience == "public":
            raise ValueError("audience='public' hides small counts of one period: write period=.")
        if self.split and self.communes is not None:
            raise ValueError("split and communes cannot go together: leave one of them out.")

    def _check_period(self) -> None:
        object.__setattr__(self, "period", read_period(self.period))
        split = split_of(self.period)
        others = [n for n in ("years", "split", "boundaries") if getattr(self, n) is not None]
        if others:
            raise ValueError(f"period and {others[0]} cannot go together: leave one of them out.")
        object.__setattr__(self, "by", split if split in MONTHS else "year")

    def __repr__(self) -> str:
        changed = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) != field.default
            and not (field.name == "by" and self.period)  # it follows from the period
        ]
        return f"View({', '.join(changed)})"


def _names(name: str, value: object) -> tuple[str, ...]:
    """Give names as plain texts, each once, so that the view's repr is code."""
    if not _several(value):
        raise ValueError(f"{name}={value!r} is no list of names. Write {name}=({str(value)!r},).")
    return tuple(dict.fromkeys(map(str, value)))


def _several(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def _whole(value: object) -> object:
    """Give a whole number of any library as Python's own; leave the rest to be refused."""
    try:
        return value if isinstance(value, bool) else operator.index(value)
    except TypeError:
        return value
