"""What a plan's member will probably pay: from what the contract allows and what the plan last said. Pure.

Nothing is made up: a figure that nobody has said makes a range, from the best case to the worst. The patient's part
never exceeds what is allowed, nor what is left of the year's out-of-pocket limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from daysheet.kernel.money import CENT, ZERO

HUNDRED = Decimal(100)
Why = Literal["not_covered", "protected", "price", "copay", "deductible", "coinsurance", "limit"]


@dataclass(frozen=True, slots=True)
class Service:
    """A service as it is expected: the office's price, what the contract allows, and whether the copay covers it."""

    code: str
    charge: Decimal
    allowed: Decimal | None = None
    """None: no contract row; the plan allows something from nothing to the office's price."""
    is_visit: bool = False
    """The visit itself: where the plan has a copay, this is what it is for."""


@dataclass(frozen=True, slots=True)
class Benefits:
    """What a plan said, each figure or None where it did not."""

    copay: Decimal | None = None
    deductible_left: Decimal | None = None
    deductible: Decimal | None = None
    """The whole of it: the most that can be left."""
    coinsurance: Decimal | None = None
    """In percent."""
    limit_left: Decimal | None = None
    is_protected: bool = False
    """Nothing may be asked of the patient (QMB)."""


@dataclass(frozen=True, slots=True)
class Range:
    """An amount from the best to the worst case."""

    low: Decimal
    high: Decimal

    @property
    def is_exact(self) -> bool:
        """Return whether both ends are the same."""
        return self.low == self.high

    def __add__(self, other: "Range") -> "Range":
        """Return the sum, end by end."""
        return Range(self.low + other.low, self.high + other.high)


NOTHING = Range(ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Share:
    """What the patient will probably pay, in its parts, and which figures nobody has said."""

    allowed: Range
    copay: Range
    deductible: Range
    coinsurance: Range
    over_limit: Range
    """What the limit of the year takes off."""
    total: Range
    unknown: tuple[Why, ...]


def share_of(services: Sequence[Service], said: Benefits) -> Share:
    """Return what the patient will probably pay."""
    best = _worked_out(services, said, is_best=True)
    worst = _worked_out(services, said, is_best=False)
    parts = [Range(low, high) for low, high in zip(best, worst, strict=True)]
    allowed, copay, deductible, coinsurance, over, total = parts
    unknown: list[Why] = ["price"] if any(one.allowed is None for one in services) else []
    if not said.is_protected:
        unknown += ["copay"] if said.copay is None and any(one.is_visit for one in services) else []
        unknown += ["deductible"] if said.deductible_left is None else []
        unknown += ["coinsurance"] if said.coinsurance is None else []
        unknown += ["limit"] if said.limit_left is None else []
    return Share(allowed, copay, deductible, coinsurance, over, total, tuple(unknown))


def _worked_out(services: Sequence[Service], said: Benefits, *, is_best: bool) -> tuple[Decimal, ...]:
    """Return allowed, copay, deductible, coinsurance, what the limit takes off, and the total of one case."""
    allowed = [_allowed(one, is_best=is_best) for one in services]
    whole = sum(allowed, ZERO)
    if said.is_protected:
        return whole, ZERO, ZERO, ZERO, ZERO, ZERO
    copay = said.copay or ZERO
    rest, paid = ZERO, ZERO
    for service, amount in zip(services, allowed, strict=True):
        if service.is_visit and copay > ZERO:
            paid += min(copay - paid, amount) if copay > paid else ZERO
        else:
            rest += amount
    deductible = min(_deductible_left(said, rest, is_best=is_best), rest)
    percent = said.coinsurance if said.coinsurance is not None else (ZERO if is_best else HUNDRED)
    shared = ((rest - deductible) * percent / HUNDRED).quantize(CENT, ROUND_HALF_UP)
    total = paid + deductible + shared
    most = total if said.limit_left is None else min(total, max(said.limit_left, ZERO))
    return whole, paid, deductible, shared, total - most, most


def _allowed(service: Service, *, is_best: bool) -> Decimal:
    if service.allowed is not None:
        return min(service.allowed, service.charge)
    return ZERO if is_best else service.charge


def _deductible_left(said: Benefits, rest: Decimal, *, is_best: bool) -> Decimal:
    if said.deductible_left is not None:
        return max(said.deductible_left, ZERO)
    if is_best:
        return ZERO
    return rest if said.deductible is None else said.deductible
