"""Which plan covers a day, and when a verification is too old to rely on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

RANKS = {1: "primary", 2: "secondary", 3: "tertiary"}
BENEFITS_EVERY = timedelta(days=90)
"""Copay and deductible rules of a plan change with the plan year; look again each quarter."""
ENROLLMENT_EVERY = timedelta(days=30)
"""Whether the patient is enrolled changes at the turn of any month."""


@dataclass(frozen=True, slots=True)
class Span:
    """A coverage as days: from the first day with it to the first day without it."""

    id: UUID
    rank: int
    starts_on: date
    ends_on: date | None = None
    name: str = ""

    def holds(self, day: date) -> bool:
        """Return whether the day lies within."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def meets(self, other: "Span") -> bool:
        """Return whether both share a day and a rank."""
        return (
            self.rank == other.rank
            and (self.ends_on is None or other.starts_on < self.ends_on)
            and (other.ends_on is None or self.starts_on < other.ends_on)
        )


def in_the_way(spans: Iterable[Span], new: Span) -> Span | None:
    """Return what would overlap a new coverage of the same rank."""
    return next((span for span in spans if span.id != new.id and span.meets(new)), None)


def is_due(verified_at: datetime | None, *, now: datetime, every: timedelta) -> bool:
    """Return whether a verification clock has run out, or never started."""
    return verified_at is None or now - verified_at >= every


def speaks_for(day: date, *, asked_for: date) -> bool:
    """Return whether an answer for one day still speaks for another: plans change at the turn of a month."""
    return (day.year, day.month) == (asked_for.year, asked_for.month)
