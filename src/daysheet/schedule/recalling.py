"""Rules of recalls: when somebody is due, which list that is, which step of the ladder is next. Pure."""

from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

LISTS = ("overdue", "month", "next", "lapsed", "stopped")
USUAL = ((-30, "letter"), (0, "email"), (14, "sms"), (30, "call"))
"""The ladder that is proposed: days from the due day, and by which way."""
STANDINS = {"email": ("email", "sms", "call"), "sms": ("sms", "email", "call")}
"""Where a way does not lead to a patient, the next one is taken; the desk's call is the last."""

TRIES_OF_A_WAY = 2
"""So often a message goes by one way about one due day; when each came back, the next way is taken."""


class Step(NamedTuple):
    """A step of the ladder: days from the due day, and the way."""

    days: int
    way: str


class Months(NamedTuple):
    """The days at which the lists are cut: today, the end of this month, the end of the next."""

    today: date
    month_ends: date
    next_ends: date


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_of(today: date) -> Months:
    """Return where the lists of a day are cut."""
    ends = date(today.year, today.month, monthrange(today.year, today.month)[1])
    first = ends + timedelta(days=1)
    return Months(today, ends, date(first.year, first.month, monthrange(first.year, first.month)[1]))


def list_of(due_on: date, today: date, lapses_after: int) -> str:
    """Return on which list a due day stands; nothing while it is further off than next month."""
    cut = months_of(today)
    if due_on < months_after(today, -lapses_after):
        return "lapsed"
    if due_on < today:
        return "overdue"
    if due_on <= cut.month_ends:
        return "month"
    return "next" if due_on <= cut.next_ends else ""


def step_due(steps: Sequence[Step], due_on: date, today: date, done: Collection[int]) -> Step | None:
    """Return the step that is to be done now: the last whose day has come, unless it is done; earlier ones are past."""
    come = [one for one in steps if due_on + timedelta(days=one.days) <= today]
    last = max(come, default=None)
    return last if last is not None and last.days not in done else None


def step_after(steps: Sequence[Step], due_on: date, today: date) -> Step | None:
    """Return the next step whose day has not come yet."""
    return min((one for one in steps if due_on + timedelta(days=one.days) > today), default=None)
