"""Stock of models: how many are running on a day or at each year's end."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd

from antq_helpers.dictionary import check_choice
from antq_helpers.records import register_of

_KEYS = ("commune", "kind", "source")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def stock_of(models: pd.DataFrame, at: str | pd.Timestamp, *keys: str) -> pd.Series | int:
    """Count the models running on a day: a stock, which is never added up over time.

    Parameters
    ----------
    models
        As ``load_table("models")`` gives them: ``since``, ``until`` (the day on which it ended, or
        blank) and ``count``.
    at
        The day, as ``"2022-12-31"``.
    keys
        Columns to count by, such as ``"kind"``. By ``"commune"`` a model stands where its place
        belongs on that day: one that began in Phúc Lộc is counted in Giới Phiên from 2020 on.

    Returns
    -------
    int, or a Series by the keys, units in official order

    Raises
    ------
    ValueError
        For a year or several days: a stock summed over years would count the same model again each
        year. For tables that are no models, or do not say of which place they are.

    Examples
    --------
    >>> from antq_helpers.tables import package_table
    >>> models = package_table("models")
    >>> stock_of(models, "2023-05-31")
    96
    >>> int(stock_of(models, "2023-05-31", "kind")["camera"])
    26
    """
    day = _one_day(at)
    for key in keys:
        check_choice("key", key, _KEYS)
    _check_columns(models, *keys)
    running = running_on(models, day, placed="commune" in keys)
    if keys:
        return running.groupby(list(keys))["count"].sum().pipe(_in_order, models, 0)
    return int(running["count"].sum())


def running_on(models: pd.DataFrame, day: pd.Timestamp, *, placed: bool = True) -> pd.DataFrame:
    """Return the models that run on a day; ``placed`` in the units of that day."""
    running = models[(models["since"] <= day) & ~(models["until"] <= day)]
    return running.assign(commune=_names_on(running, day)) if placed and len(running) else running


def stock_by_year(
    models: pd.DataFrame, *keys: str, years: tuple[int, int] | None = None
) -> pd.DataFrame:
    """Count the models running at the end of each year.

    Parameters
    ----------
    models, keys
        As :func:`stock_of` takes them.
    years
        First and last, both included; by default from the first model to the last full year
        before :func:`last_day`.

    Returns
    -------
    DataFrame
        One row per year; one column for each value of the keys, or the one column ``count``.

    Raises
    ------
    ValueError
        For years the wrong way round, or models without a row.

    Examples
    --------
    >>> from antq_helpers.tables import package_table
    >>> stock = stock_by_year(package_table("models"), "kind", years=(2021, 2022))
    >>> stock.index.tolist(), stock.columns[0]
    ([2021, 2022], 'camera')
    """
    if models.empty:
        raise ValueError("models is empty: there is no stock to count. Load a table with rows.")
    _check_columns(models, *keys)
    begun = int(models["since"].min().year)
    first, last = years or (begun, max(begun, last_day(models).year - 1))
    if first > last:
        raise ValueError(f"years={years!r} is the wrong way round. Use a pair (first, last).")
    stocks = {}
    for year in range(first, last + 1):
        found = stock_of(models, f"{year}-12-31", *keys)
        stocks[year] = found if keys else pd.Series({"count": found})
    table = pd.DataFrame(stocks).T.pipe(_in_order, models, 1)
    return table.fillna(0).astype(int).rename_axis(index="year")


def _in_order(
    counted: pd.Series | pd.DataFrame, models: pd.DataFrame, axis: int
) -> pd.Series | pd.DataFrame:
    """Sort by the keys: communes in official order, other values alphabetically."""

    def key(values: pd.Index) -> pd.Index:
        return register_of(models).order(values) if values.name == "commune" else values

    return counted.sort_index(axis=axis, key=key)


def last_day(models: pd.DataFrame) -> pd.Timestamp:
    """Return the last day of the data; the stock on later days is unknown.

    It is the latest day on which a model began or ended; an end that is yet to come is a plan.

    Raises
    ------
    ValueError
        For models of which none has a first day.
    """
    _check_columns(models)
    ended = models["until"][models["until"] <= pd.Timestamp.today()]
    day = pd.concat([models["since"], ended]).max()
    if pd.isna(day):
        raise ValueError("No model has a first day (since), so no stock can be counted.")
    return day


def _check_columns(models: pd.DataFrame, *keys: str) -> None:
    """Raise if a column needed for a stock is missing."""
    missing = [name for name in ("since", "until", "count", *keys) if name not in models]
    if missing:
        raise ValueError(
            f"This table lacks the columns {', '.join(missing)}. Models are wanted, as "
            'load_table("models") gives them.'
        )


def _one_day(at: object) -> pd.Timestamp:
    """Parse a single day; raise for a year, a month or several days."""
    is_day = isinstance(at, date) or (isinstance(at, str) and _DAY.fullmatch(at.strip()))
    day = pd.to_datetime(at, errors="coerce") if is_day else pd.NaT
    if pd.isna(day):
        raise ValueError(
            f"at={at!r} is no single day. Models are a stock: count them at a day, such as "
            "'2022-12-31', and set days beside each other instead of adding them up."
        )
    return day


def _names_on(models: pd.DataFrame, day: pd.Timestamp) -> np.ndarray:
    """Return the name of the unit that holds each model's place on a day; unknown names stay."""
    places = register_of(models)
    began = places.resolve(models["commune"], models["since"], models["since"])
    # A file may name the unit of today for a model that is older than the unit.
    dated = pd.Series(day, models.index)
    units = np.where(began >= 0, began, places.resolve(models["commune"], dated, dated))
    names = []
    for name, position in zip(models["commune"], units, strict=True):
        unit = places.units.index[position] if position >= 0 else None
        while unit in places.successor and places.units.at[unit, "last"] < day:
            unit = places.successor[unit]
        names.append(name if unit is None else places.units.at[unit, "name"])
    return np.array(names, dtype=object)
