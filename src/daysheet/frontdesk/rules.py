"""Rules of the desk: who is late, who waits too long, into which group a row belongs."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from daysheet.visits.rules import LONG_WAIT

VERY_LATE = 15
HERE = tuple(LONG_WAIT)
GROUPS = ("unresolved", "not_here", "here", "done", "cancelled")
UNRESOLVED_AFTER = timedelta(minutes=30)
"""After its end, an appointment with nobody seen waits for a person's decision."""
ALIKE = 75
"""Likeness of two family names, of 100, from which the desk is warned."""


LOOKED_AHEAD = 21
"""Days among which the next open day is looked for."""
NIGHT_BEGINS = timedelta(hours=12)


def day_to_come(now: datetime, zone: ZoneInfo) -> date:
    """Return the day that a night's work is for: from noon on the next one, after midnight the one that has begun."""
    return (now + NIGHT_BEGINS).astimezone(zone).date()


def next_open_day(first: date, is_open: Callable[[date], bool]) -> date:
    """Return the first open day from a day on; that day itself where none is found."""
    days = (first + timedelta(days=n) for n in range(LOOKED_AHEAD))
    return next((day for day in days if is_open(day)), first)


def minutes_between(since: datetime | None, now: datetime) -> int:
    """Return whole minutes that have gone by, never below zero."""
    return max(int((now - since).total_seconds()) // 60, 0) if since else 0


def wait(state: str, minutes: int, limits: tuple[int, int] | None = None) -> tuple[str, str]:
    """Return the tone and the word of a wait, by the office's limits or the shipped ones; no word while it is short."""
    long, very_long = limits or LONG_WAIT.get(state, (10**6, 10**6))
    if minutes >= very_long:
        return "stop", "very long wait"
    if minutes >= long:
        return "attention", "long wait"
    return "", ""


def lateness(starts_at: datetime, arrived_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Return the tone and the word of coming late: measured to the arrival, or to now while not here."""
    late = minutes_between(starts_at, arrived_at or now)
    if not late:
        return "", ""
    return ("stop" if late >= VERY_LATE else "attention"), f"late {_how_long(late)}"


def _how_long(minutes: int) -> str:
    """Return minutes as a row has room for them: 12, then 2 h 42."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest}" if hours and rest else f"{hours} h" if hours else str(minutes)


def group(state: str, *, ends_at: datetime | None, now: datetime) -> str:
    """Return the group of the board in which a row stands."""
    if state in HERE:
        return "here"
    if state in ("checked_out", "lwobs", "completed"):
        return "done"
    if state in ("cancelled", "late_cancelled", "no_show"):
        return "cancelled"
    return "unresolved" if ends_at and ends_at + UNRESOLVED_AFTER <= now else "not_here"


def name_alerts(people: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Return, by key, the one who is easily mistaken for another of the day; people are (key, family, said).

    SAFER guide, patient identification: warn where surnames are the same or look alike.
    """
    found: dict[str, str] = {}
    named = [(key, family.casefold(), said) for key, family, said in people]
    for place, (key, family, said) in enumerate(named):
        for other, other_family, other_said in named[place + 1 :]:
            if key != other and fuzz.ratio(family, other_family, score_cutoff=ALIKE):
                found.setdefault(key, other_said)
                found.setdefault(other, said)
    return found
