"""Models with their dates in; how many were running on a day out."""

from __future__ import annotations

import pandas as pd


def stock_of(models: pd.DataFrame, at: str | pd.Timestamp, *keys: str) -> pd.Series | int:
    """Count what was running on a day: models are a stock, which is never added up over time.

    Parameters
    ----------
    models
        As ``load_table("models")`` gives them: ``since``, ``until`` (the day on which it ended, or
        blank) and ``count``.
    at
        The day.
    keys
        Columns to count by, such as ``"kind"``.

    Returns
    -------
    int, or a Series by the keys

    Raises
    ------
    ValueError
        For several days: a stock summed over years would count the same model again each year.

    Examples
    --------
    >>> from antq_helpers.tables import load_table
    >>> models = load_table("models")
    >>> stock_of(models, "2023-05-31")
    96
    >>> int(stock_of(models, "2023-05-31", "kind")["camera"])
    26
    """
    if not isinstance(at, (str, pd.Timestamp)) or "-to-" in str(at):
        raise ValueError(
            f"at={at!r} is no single day. Models are a stock: count them at a day, such as "
            "'2022-12-31', and set days beside each other instead of adding them up."
        )
    day = pd.Timestamp(at)
    running = models[(models["since"] <= day) & ~(models["until"] <= day)]
    if keys:
        return running.groupby(list(keys))["count"].sum()
    return int(running["count"].sum())
