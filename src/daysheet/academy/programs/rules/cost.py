"""What a program costs oneself: each part published or typed, none guessed, help taken off only as far as it is sure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import Any, Literal

from daysheet.academy.programs.rules.search import Details

PARTS = ("tuition", "books", "background", "attire", "exam")
HELP = ("pell", "wioa", "employer", "gi_bill", "scholarship")
FEWEST = 5
"""Below so many schools no quartiles are told."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bill: what it comes to and what that rests on; None = left out, since nobody said."""

    key: str
    amount: int | None
    rests_on: Literal["typed", "program", "years", "nothing"]
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """All parts, the help, and what is left to pay."""

    parts: tuple[Part, ...]
    help: Mapping[str, int]

    @property
    def total(self) -> int:
        """The parts that are known."""
        return sum(part.amount or 0 for part in self.parts)

    @property
    def net(self) -> int:
        """What one pays oneself; help above the cost is not paid out."""
        return max(0, self.total - sum(self.help.values()))

    @property
    def left_out(self) -> list[str]:
        """The parts nobody named a price for."""
        return [part.key for part in self.parts if part.amount is None]


@dataclass(frozen=True, slots=True)
class Spread:
    """The lower quarter, the middle and the upper quarter of what schools ask, of so many schools."""

    count: int
    low: int
    middle: int
    high: int


def bill(
    typed: Mapping[str, int | None], school: Details | None, years: int, help_: Mapping[str, int | None]
) -> Bill:
    """Return the bill: what was typed wins over what the school published."""
    published = _published(school, years) if school else {}
    parts = []
    for key in PARTS:
        amount = typed.get(key)
        if amount is not None:
            parts.append(Part(key, amount, "typed"))
        else:
            parts.append(published.get(key, Part(key, None, "nothing")))
    return Bill(tuple(parts), {key: amount for key in HELP if (amount := help_.get(key))})


def spread(prices: Sequence[int]) -> Spread | None:
    """Return the quartiles, or None of too few schools."""
    if len(prices) < FEWEST:
        return None
    low, middle, high = quantiles(prices, n=4, method="inclusive")
    return Spread(len(prices), round(low), round(middle), round(high))


@cache
def aid() -> dict[str, dict[str, Any]]:
    """Return the kinds of help, with their dated amounts."""
    return tomllib.loads((Path(__file__).parent / "aid.toml").read_text(encoding="utf-8"))


def _published(school: Details, years: int) -> dict[str, Part]:
    """Return what the school published: a whole program's price (related if it has no other), else years of study."""
    direct = {one.cip for one in school.programs if one.is_direct}
    wanted = direct or {one.cip for one in school.programs}
    priced = [one for one in school.priced if one.cip in wanted and one.tuition is not None]
    if priced:
        one = min(priced, key=lambda known: (-known.year, known.tuition or 0))
        return {
            "tuition": Part("tuition", one.tuition, "program", one.year),
            "books": Part(
                "books", one.supplies, "program" if one.supplies is not None else "nothing", one.year
            ),
        }
    parts = {}
    if last := school.lasts:
        parts["tuition"] = Part("tuition", (last.in_state or 0) * years, "years", last.year)
    if books := next((one for one in school.years if one.books is not None), None):
        parts["books"] = Part("books", (books.books or 0) * years, "years", books.year)
    return parts
