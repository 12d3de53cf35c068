"""Chance that repeats itself: a stream of its own for every decision, named by what is decided."""

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance:
    """A seeded stream of decisions. Two streams of other names never disturb each other."""

    def __init__(self, seed: int | str, *path: object) -> None:
        self.name = "/".join(str(part) for part in (seed, *path))
        self._dice = random.Random(self.name)  # noqa: S311 - a play, not a secret

    def of(self, *path: object) -> "Chance":
        """Return the stream for one decision below this one."""
        return Chance(self.name, *path)

    def happens(self, percent: float) -> bool:
        """Return whether something of that likelihood happens."""
        return self._dice.random() * 100 < percent

    def one_of(self, things: Sequence[Thing], weights: Sequence[float] | None = None) -> Thing:
        """Return one of the things."""
        return self._dice.choices(things, weights)[0] if weights else self._dice.choice(things)

    def number(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return self._dice.randint(low, high)

    def around(self, middle: float, spread: float) -> float:
        """Return a number near the middle, bell-shaped."""
        return self._dice.gauss(middle, spread)
