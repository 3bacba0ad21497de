"""A seed in; every choice of one office file, and the list of its traits, out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A random.Random that remembers which traits it switched on.

    The stream of random.Random is the same in every version of Python, numpy's is not.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.traits: list[str] = []

    def on(self, trait: str, probability: float) -> bool:
        """Throw for a trait, and note it where it comes up."""
        up = self.random() < probability
        if up:
            self.note(trait)
        return up

    def note(self, trait: str) -> None:
        """Add a trait to the list, once."""
        if trait not in self.traits:
            self.traits.append(trait)

    def one(self, trait: str, options: dict[T, float]) -> T:
        """Choose by weight, and note the choice as ``trait: choice``."""
        chosen = self.choices(list(options), list(options.values()))[0]
        self.note(f"{trait}: {chosen}")
        return chosen

    def some(self, options: Sequence[T], at_least: int, at_most: int) -> list[T]:
        """Choose a few of a sequence, in its order."""
        number = self.randint(at_least, min(at_most, len(options)))
        return [options[i] for i in sorted(self.sample(range(len(options)), number))]
