"""When training has paid for itself: months, or never."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal

Never = Literal["never"]


@dataclass(frozen=True, slots=True)
class Costs:
    """What a program costs, dollars: each part typed or looked up, none assumed at its maximum."""

    tuition: int
    fees: int = 0
    books: int = 0
    background_check: int = 0
    attire: int = 0
    exam: int = 0
    membership: int = 0

    @property
    def total(self) -> int:
        """All parts together."""
        parts = (self.tuition, self.fees, self.books, self.background_check, self.attire, self.exam)
        return sum(parts) + self.membership


def net_cost(total: int, aid: Sequence[int], *, forgone: int = 0) -> int:
    """Return what one pays oneself: never below zero, since aid above the cost is not paid out here."""
    return max(0, total - sum(aid)) + max(0, forgone)


def forgone_wages(wage_now: int, wage_while_studying: int, months: int) -> int:
    """Return the pay given up while one studies, dollars; none when one earns as much."""
    return max(0, wage_now - wage_while_studying) * months // 12


def payback_months(net: int, gain_a_year: int) -> int | Never:
    """Return after how many whole months of the new pay the cost is back; "never" without a gain.

    Months = 12 x net cost / gain of a year before tax, rounded up.
    """
    if gain_a_year <= 0:
        return "never"
    if net <= 0:
        return 0
    return int((Decimal(12) * net / gain_a_year).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the grid: this cost, this pay, and what comes of them."""

    net: int
    pay: int | None
    gain: int | None
    months: int | Never | None


def grid(nets: Sequence[int], pays: Sequence[int | None], wage_now: int) -> list[list[Cell]]:
    """Return a row per cost and a field per pay; a pay that is not published leaves its field empty."""
    return [[_cell(net, pay, wage_now) for pay in pays] for net in nets]


def _cell(net: int, pay: int | None, wage_now: int) -> Cell:
    if pay is None:
        return Cell(net, None, None, None)
    return Cell(net, pay, pay - wage_now, payback_months(net, pay - wage_now))
