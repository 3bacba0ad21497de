"""Labels of rows, headers and titles in; the period of each report out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from antq_helpers.reading.headers import meanings_of, read_label
from antq_helpers.reading.spans import Span, read_span
from antq_helpers.reading.titles import Context

PERIOD_LABELS = ("period", "month", "quarter", "year")


def _is_of_title(label: object) -> bool:
    """Say whether a label leaves the period to the title, as "Kỳ này" does."""
    return label == "" or (isinstance(label, str) and "neutral" in meanings_of(label))


class Dater:
    """Finds the period of a row, from its own labels, its column's header or the title."""

    def __init__(self, labels: Mapping[str, Sequence], context: Context) -> None:
        self.labels = {role: labels[role] for role in PERIOD_LABELS if role in labels}
        self.context = context
        self._known: dict[tuple, Span | None] = {}

    def labels_of(self, i: int) -> tuple:
        """Give the labels of one row that name its period."""
        return tuple(values[i] for values in self.labels.values())

    def span_of(self, i: int, span: Span | None = None, part: str = "") -> Span | None:
        """Give the period of one row below a header that names a period, or a part of a year."""
        key = (self.labels_of(i), span, part)
        if key not in self._known:
            labels = dict(zip(self.labels, key[0], strict=True))
            self._known[key] = self._find(labels, span, part)
        return self._known[key]

    def _find(self, labels: dict[str, object], span: Span | None, part: str) -> Span | None:
        labels = {role: label for role, label in labels.items() if not _is_of_title(label)}
        whole_year = read_span(labels["year"]) if "year" in labels else None
        year = whole_year.end.year if whole_year else self.context.year
        if span is not None:
            return span
        if part:
            return read_span(part, year)
        for role in ("period", "month", "quarter"):
            if role in labels:
                return read_label(role, labels[role], year)
        return whole_year if labels else self.context.span
