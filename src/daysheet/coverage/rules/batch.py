"""Asking for everybody of a day: who is asked, who is not and why, and when a payer is asked again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daysheet.coverage.rules import spans

# AAA03: 42 "unable to respond at current time", 80 "no response received, transaction terminated".
ASKED_AGAIN = frozenset({"42", "80"})
# AAA04: not allowed (N), do not resubmit (S, Y), wait ten or thirty days (X, W): then no question follows by itself.
NOT_AGAIN = frozenset({"N", "S", "W", "X", "Y"})
LONGEST_WAIT = timedelta(hours=12)
ASKED_LATELY = timedelta(hours=12)
"""Within this, no plan is asked twice by the batch, whatever it said."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the plan of a visit before it is asked."""

    is_used: bool = True
    """The patient does not pay the visit alone."""
    has_plan: bool = True
    is_connected: bool = True
    is_enrolled: bool = True
    """The payer takes questions from this office."""
    fault: str = ""
    """What is wrong with the member id."""
    waits: bool = False
    again_at: datetime | None = None
    answered_at: datetime | None = None
    answered_on: date | None = None
    """The same, as a day of the office."""
    asked_for: date | None = None
    is_covered: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What the batch does with a visit: ask, fresh, waiting, cannot; and the key of the reason."""

    act: str
    why: str = ""


def choice_of(known: Known, *, day: date, now: datetime) -> Choice:
    """Return whether the plan of a visit is asked."""
    if not known.is_used:
        return Choice("cannot", "pays_self")
    if not known.has_plan:
        return Choice("cannot", "no_plan")
    if known.waits:
        return Choice("waiting", "waits")
    if known.again_at is not None and known.again_at > now:
        return Choice("waiting", "again")
    if is_fresh(known, day=day):
        return Choice("fresh", "said")
    if known.answered_at is not None and now - known.answered_at < ASKED_LATELY and known.asked_for == day:
        return Choice("fresh", "lately")
    if not known.is_connected:
        return Choice("cannot", "not_connected")
    if not known.is_enrolled:
        return Choice("cannot", "not_enrolled")
    if known.fault:
        return Choice("cannot", "bad_number")
    return Choice("ask")


def is_fresh(known: Known, *, day: date) -> bool:
    """Return whether a yes will still be good on the day: of the same month, and not older than thirty days by then."""
    if not known.is_covered or known.asked_for is None or known.answered_on is None:
        return False
    return spans.speaks_for(day, asked_for=known.asked_for) and not is_due_by(known.answered_on, day=day)


def is_due_by(answered_on: date, *, day: date) -> bool:
    """Return whether an answer will be too old by a day."""
    return day - answered_on >= spans.ENROLLMENT_EVERY


def wait_before(attempt: int, *, code: str, follow_up: str, first: timedelta, tries: int) -> timedelta | None:
    """Return how long to wait before the next question after a refusal: four times as long each time; None never."""
    if code not in ASKED_AGAIN or follow_up in NOT_AGAIN or attempt >= tries:
        return None
    times = [1, 4, 16, 64, 256][min(max(attempt, 1) - 1, 4)]
    return min(first * times, LONGEST_WAIT)
