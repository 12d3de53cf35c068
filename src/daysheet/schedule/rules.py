"""Rules of the book of time: lengths, parts of the day, and what the wall clock means on the two odd days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHORTEST, LONGEST = 5, 480
"""Minutes that one appointment may last."""
HOLDING = ("scheduled", "completed")
"""Bookings that hold their time: the exclusion constraints of `appointment` name the same two."""
LATE_NOTICE = timedelta(hours=24)
"""A cancellation with less notice counts as late."""
PARTS = {
    "any": (time(0), time(23, 59, 59)),
    "morning": (time(0), time(12)),
    "afternoon": (time(12), time(17)),
    "evening": (time(17), time(23, 59, 59)),
}


def instants(day: date, clock: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return when a door's clock shows a time: never when it is skipped, twice when it comes twice."""
    wall = datetime.combine(day, clock)
    both = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(sorted({at for at in both if at.astimezone(zone).replace(tzinfo=None) == wall}))


def first_reading(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day at which a door's clock shows a time, or has skipped it."""
    exact = instants(day, clock, zone)
    if exact:
        return exact[0]
    after = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    before = datetime.combine(day, clock, tzinfo=zone).replace(fold=1).astimezone(UTC)
    while before < after and before.astimezone(zone).time() < clock:
        before += timedelta(minutes=1)
    return before


def is_late_notice(starts_at: datetime, now: datetime) -> bool:
    """Return whether a cancellation now comes too late to fill the time again."""
    return starts_at - now < LATE_NOTICE


def initials(words: str) -> str:
    """Return the first letters of a name, as a page title may show them."""
    return "".join(word[0].upper() for word in words.split() if word)
