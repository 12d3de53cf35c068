"""Visits that were authorized or referred: which of them a visit counts under, what is left, what to warn of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple
from uuid import UUID

FEW_LEFT = 5
ENDS_SOON = timedelta(days=14)
LONGEST_NUMBER = 50
"""TR3 837P 2300 REF02: at most 50 signs."""
SEPARATORS = re.compile(r"[*^:~]")

Warned = Literal["overbooked", "used_up", "few_left", "ends_soon", "ended", "not_yet"]


VISITS, HOURS, DAYS, UNITS = "visits", "hours", "days", "units"
Number = int | Decimal
CODE = re.compile(r"[A-Z0-9]*[0-9][A-Z0-9]*")
CODE_LENGTH = 5


class Counts(NamedTuple):
    """How much took place under an authorization, and how much is to come: visits, hours, days or units."""

    used: Number = 0
    booked: Number = 0

    def plus(self, other: "Counts") -> "Counts":
        """Return the sum of both."""
        return Counts(self.used + other.used, self.booked + other.booked)


NONE = Counts()


@dataclass(frozen=True, slots=True)
class Grant:
    """An authorization or referral with what is counted under it."""

    id: UUID
    kind: str
    starts_on: date
    ends_on: date | None = None
    approved: int | None = None
    what_for: tuple[str, ...] = ()
    counts: Counts = NONE
    rank: int = 1
    """The place of its plan."""
    counted_in: str = VISITS
    coverage_id: UUID | None = None
    """Its plan as the patient holds it."""
    paid_from: date | None = None
    """From when its plan covers the patient, and the first day without; None: no such bound."""
    paid_until: date | None = None
    is_void: bool = False
    """Its plan was taken out as never true."""

    @property
    def left(self) -> Number | None:
        """Return how many more visits may be booked; below zero when too many are; None without a limit."""
        return None if self.approved is None else self.approved - self.counts.used - self.counts.booked

    def holds(self, day: date) -> bool:
        """Return whether a day lies within."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def pays(self, day: date, case: UUID | None = None) -> bool:
        """Return whether its plan pays for a visit of a day; where that is for an injury, `case` alone pays."""
        if case is not None or self.rank == 0:
            return not self.is_void and case is not None and self.coverage_id == case
        begun = self.paid_from is None or self.paid_from <= day
        return not self.is_void and begun and (self.paid_until is None or day < self.paid_until)

    def fits(self, words: Iterable[str]) -> bool:
        """Return whether it is for one of these visit types or services; one that names none is for any."""
        wanted = {one.casefold() for one in self.what_for}
        return not wanted or bool(wanted & {word.casefold() for word in words})


def codes_among(what_for: Iterable[str]) -> list[str]:
    """Return the procedure codes among what an authorization is for: five letters and digits, a digit among them."""
    words = (one.strip().upper() for one in what_for)
    return [word for word in words if len(word) == CODE_LENGTH and CODE.fullmatch(word)]


def fault_of_number(number: str) -> bool:
    """Return whether a number cannot stand on a claim: empty, too long, or with a sign that parts its pieces."""
    return (
        not 0 < len(number) <= LONGEST_NUMBER or bool(SEPARATORS.search(number)) or not number.isprintable()
    )


def chosen(
    grants: Sequence[Grant], kind: str, day: date, words: Sequence[str], case: UUID | None = None
) -> Grant | None:
    """Return which authorization of a kind a visit counts under, among those of the plans that pay for it.

    One with visits left before one that is full, the first plan's before the second's, one that names the visit before
    one for any, then the one that ends first. A full one still counts: the patient is never turned away for it.
    """
    found = [
        one
        for one in grants
        if one.kind == kind and one.holds(day) and one.pays(day, case) and one.fits(words)
    ]
    return min(found, key=_place, default=None)


def warnings_of(grant: Grant, today: date) -> list[Warned]:
    """Return what a clerk should be told of an authorization, the gravest first."""
    if grant.ends_on is not None and grant.ends_on <= today:
        return ["ended"]
    found: list[Warned] = ["not_yet"] if grant.starts_on > today else []
    if grant.left is not None:
        if grant.left < 0:
            found.append("overbooked")
        elif grant.left == 0:
            found.append("used_up")
        elif grant.left <= FEW_LEFT:
            found.append("few_left")
    if grant.ends_on is not None and grant.ends_on - today <= ENDS_SOON:
        found.append("ends_soon")
    return found


def _place(one: Grant) -> tuple[bool, int, bool, date, str]:
    is_full = one.left is not None and one.left <= 0
    return is_full, one.rank, not one.what_for, one.ends_on or date.max, str(one.id)
