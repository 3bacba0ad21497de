"""Errors in a file as messages in Vietnamese or English: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from antq_helpers.dictionary import word

SHOWN = 20


@dataclass(frozen=True)
class Problem:
    """One error in a file: its location, the value found, and what was expected.

    ``kind`` names the pair of sentences in ``data/words.csv`` (``problem.…`` and ``todo.…``);
    ``details`` fills their blanks. ``row`` counts as the spreadsheet does, from 1; ``cell`` names
    the cell as it does, such as ``D14``.
    """

    kind: str
    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    details: dict[str, object] = field(default_factory=dict)
    cell: str = ""

    @property
    def key(self) -> str:
        """Name the cell and what it holds, by which an unusual count is said to be right."""
        return f"{'!'.join(filter(None, [self.file, self.sheet, self.cell]))}={self.value}"

    def where(self, language: str = "en") -> str:
        """Return the location: file, sheet, row and column, as far as they are known."""
        parts = [self.file]
        for name in ("sheet", "row", "column"):
            value = getattr(self, name)
            if value not in ("", None):
                shown = value if name == "row" else f'"{value}"'
                parts.append(f"{word(f'where.{name}', language)} {shown}")
        return ", ".join(part for part in parts if part)

    def expected(self, language: str = "en") -> str:
        """Return the sentence that says what was expected."""
        return word(f"problem.{self.kind}", language, **self.details)

    def what_to_do(self, language: str = "en") -> str:
        """Return the sentence that says what to do next."""
        return word(f"todo.{self.kind}", language, **self.details)

    def text(self, language: str = "en") -> str:
        """Return the whole message in one line."""
        value = f'"{self.value}": ' if self.value else ""
        return (
            f"{self.where(language)}: {value}{self.expected(language)} {self.what_to_do(language)}"
        )


class DataNote(UserWarning):
    """Warning of something a user should know, such as what was set aside; nothing is wrong."""


class DataProblem(ValueError):
    """All errors of a file, collected in one pass.

    Attributes
    ----------
    problems : tuple of Problem
        All of them; the message shows the first twenty.
    """

    def __init__(self, problems: Iterable[Problem], language: str = "en") -> None:
        self.problems = tuple(problems)
        lines = [problem.text(language) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - len(lines)
        if more:
            lines.append(word("problem_more", language, count=more))
        super().__init__("\n".join(lines))
