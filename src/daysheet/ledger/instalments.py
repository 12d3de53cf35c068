"""The instalments of a payment plan, to the cent, and how it is kept. Pure; no interest and no fee is ever in it."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from daysheet.kernel.money import CENT, ZERO

Every = Literal["week", "two_weeks", "month"]
EVERY: tuple[Every, ...] = ("week", "two_weeks", "month")
MOST = 120
"""Instalments: ten years of months."""
REG_Z_FROM = 5
"""12 CFR 1026.2(a)(17): credit payable by written agreement in more than four instalments, even without a charge."""


class Unsound(ValueError):
    """The terms give no plan: the first argument is the field, the second the kind of fault."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be paid until a day."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: the whole, what is paid at once, how often, and either how many times or how much each time."""

    total: Decimal
    every: Every
    first_on: date
    begins_on: date
    down: Decimal = ZERO
    count: int | None = None
    each: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a plan is kept on a day."""

    state: Literal["kept", "due", "late", "done"]
    paid: Decimal
    left: Decimal
    due: Decimal
    """What should have been paid until today and was not."""
    late: Decimal = ZERO
    """What of it is past its days of grace."""
    late_since: date | None = None
    missed: int = 0
    next_on: date | None = None
    next_amount: Decimal = ZERO


def due_days(first_on: date, every: Every, count: int) -> list[date]:
    """Return the days of the instalments; a month that is too short has its last day."""
    if every == "month":
        return [_month_after(first_on, number) for number in range(count)]
    step = timedelta(days=7 if every == "week" else 14)
    return [first_on + number * step for number in range(count)]


def schedule(terms: Terms) -> list[Due]:
    """Return what is due when; it adds up to the whole, and the last instalment takes what is left over.

    Raises Unsound.
    """
    rest = terms.total - terms.down
    if terms.total <= ZERO:
        raise Unsound("amount", "nothing")
    if terms.down < ZERO or rest <= ZERO:
        raise Unsound("down", "too_much")
    if terms.first_on < terms.begins_on:
        raise Unsound("first_on", "past")
    if (terms.count is None) == (terms.each is None):
        raise Unsound("count", "either")
    amounts = _equal(rest, terms.count) if terms.count is not None else _each(rest, terms.each or ZERO)
    dues = [Due(on, amount) for on, amount in zip(_days(terms, len(amounts)), amounts, strict=True)]
    return [Due(terms.begins_on, terms.down), *dues] if terms.down else dues


def keeping(
    dues: Sequence[Due], paid: Decimal, *, today: date, grace: int, most: Decimal | None = None
) -> Keeping:
    """Return how a plan is kept: what was paid fills the oldest instalment first.

    `most` is what the account owes at all: what became less is not asked, the last instalments first.
    """
    whole = sum((one.amount for one in dues), ZERO)
    left = max(whole - paid, ZERO)
    left = left if most is None else min(left, max(most, ZERO))
    open_ones: list[Due] = []
    full, asked = paid, ZERO
    for one in dues:
        filled = min(full, one.amount)
        full -= filled
        part = min(one.amount - filled, left - asked)
        if part > ZERO:
            open_ones.append(Due(one.on, part))
            asked += part
    if not open_ones:
        return Keeping("done", paid, ZERO, ZERO)
    due = [one for one in open_ones if one.on <= today]
    late = [one for one in due if one.on + timedelta(days=grace) < today]
    nearest = open_ones[0]
    return Keeping(
        state="late" if late else "due" if due else "kept",
        paid=paid,
        left=left,
        due=sum((one.amount for one in due), ZERO),
        late=sum((one.amount for one in late), ZERO),
        late_since=late[0].on if late else None,
        missed=len(late),
        next_on=nearest.on,
        next_amount=nearest.amount,
    )


def due_until(dues: Sequence[Due], paid: Decimal, day: date) -> Decimal:
    """Return what should have been paid until a day and was not."""
    asked = sum((one.amount for one in dues if one.on <= day), ZERO)
    return max(asked - paid, ZERO)


def _days(terms: Terms, count: int) -> list[date]:
    try:
        return due_days(terms.first_on, terms.every, count)
    except (OverflowError, ValueError) as beyond:
        raise Unsound("first_on", "beyond") from beyond


def _equal(rest: Decimal, count: int) -> list[Decimal]:
    if not 1 <= count <= MOST:
        raise Unsound("count", "many")
    each = (rest / count).quantize(CENT, rounding="ROUND_DOWN")
    if each < CENT:
        raise Unsound("count", "less_than_a_cent")
    return [each] * (count - 1) + [rest - each * (count - 1)]


def _each(rest: Decimal, each: Decimal) -> list[Decimal]:
    if each < CENT:
        raise Unsound("each", "less_than_a_cent")
    whole, last = divmod(rest, each)
    if whole + (last > 0) > MOST:
        raise Unsound("each", "many")
    return [each] * int(whole) + ([last] if last else [])


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
