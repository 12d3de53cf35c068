"""Rules of the book of time: lengths, parts of the day, and what the wall clock means on the two odd days."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

SHORTEST, LONGEST = 5, 480
"""Minutes that one appointment may last."""
LONGEST_BUFFER = 120
"""Minutes that may be kept before a visit, and after it."""
KEPT_AT_MOST = timedelta(minutes=LONGEST + 2 * LONGEST_BUFFER)
"""No visit keeps anything for longer."""
HOLDING = ("scheduled", "completed")
"""Bookings that hold their time: the exclusion constraints of `appointment` name the same two."""
MISSED = ("no_show", "late_cancelled")
"""Bookings whose time was lost: the desk follows them up."""
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


def turn_of(day: date) -> int:
    """Return which of the two weeks that take turns a day lies in, 1 or 2; weeks begin on Monday.

    Counted from the first Monday of the calendar, so that a year of 53 weeks changes nothing.
    """
    return (day.toordinal() - 1) // 7 % 2 + 1


def holds_on(day: date, from_on: date | None, until_on: date | None, turn: int = 0) -> bool:
    """Return whether what holds from a day on until another, every week or every second, holds on a day."""
    if (from_on and day < from_on) or (until_on and day >= until_on):
        return False
    return turn in (0, turn_of(day))


def is_late_notice(starts_at: datetime, now: datetime) -> bool:
    """Return whether a cancellation now comes too late to fill the time again."""
    return starts_at - now < LATE_NOTICE


def initials(words: str) -> str:
    """Return the first letters of a name, as a page title may show them."""
    return "".join(word[0].upper() for word in words.split() if word)


CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?\s*([ap])?\.?(?:m\.?)?")


class UnreadableTime(ValueError):
    """What was typed is no time of day."""


def read_clock(text: str) -> time:
    """Return the time of day that is meant: 9:40, 940, 9.40 am, 2pm, 14:00; 1 to 6 without am or pm is after noon.

    Raises UnreadableTime.
    """
    typed = CLOCK.fullmatch(text.strip().lower())
    if not typed:
        raise UnreadableTime("Write a time such as 9:40, 2 pm or 14:00.")
    hour, minute, half = int(typed[1]), int(typed[2] or 0), typed[3]
    if half and not 1 <= hour <= 12:
        raise UnreadableTime("Write the hour from 1 to 12 with am or pm.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= 6:
        hour += 12
    if hour > 23 or minute > 59:
        raise UnreadableTime("There is no such time of day. Write a time such as 9:40 or 14:00.")
    return time(hour, minute)


def read_spans(text: str) -> list[tuple[time, time]]:
    """Return the spans of a day that are meant: 8-12, 1-5; an end before its beginning is after noon; empty is none.

    Raises UnreadableTime.
    """
    spans = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;]| and ", text.lower()))):
        ends = re.split(r"\s*(?:-|–|to)\s*", part)
        if len(ends) != 2:
            raise UnreadableTime("Write the hours as from-to, such as 8-12, 1-5.")
        begins, until = read_clock(ends[0]), read_clock(ends[1])
        if until <= begins and until.hour < 12 and not re.search("[ap]", ends[1]):
            until = until.replace(hour=until.hour + 12)
        if until <= begins:
            raise UnreadableTime("Hours end after they begin. Write them as 8-12, 1-5.")
        spans.append((begins, until))
    return sorted(spans)


def say_spans(spans: Sequence[tuple[time, time]]) -> str:
    """Return the spans of a day as a form shows them, to be read back as the same."""
    return ", ".join(f"{say_clock(begins)}-{say_clock(ends)}" for begins, ends in sorted(spans))


def say_clock(clock: time) -> str:
    """Return a time of day as a form shows it, to be read back as the same."""
    return f"{clock.hour % 12 or 12}:{clock:%M} {'am' if clock.hour < 12 else 'pm'}"


def say_week(
    hours: Iterable[tuple[int, time, time, str]], names: Sequence[object], *, together: int = 3
) -> list[str]:
    """Return a week in lines, days of the same hours at one place as one: Monday to Friday 8:00 am-12:00 pm, Main St."""
    spans: dict[tuple[str, int], list[tuple[time, time]]] = {}
    for day, begins, ends, where in hours:
        spans.setdefault((where, day), []).append((begins, ends))
    days: dict[tuple[str, str], list[int]] = {}
    for (where, day), held in sorted(spans.items(), key=lambda one: one[0][1]):
        days.setdefault((say_spans(held), where), []).append(day)
    lines = []
    for (said, where), on in days.items():
        runs: list[list[int]] = []
        for day in on:
            if runs and runs[-1][-1] == day - 1:
                runs[-1].append(day)
            else:
                runs.append([day])
        words = [
            f"{names[run[0]]} to {names[run[-1]]}"
            if len(run) >= together
            else ", ".join(str(names[n]) for n in run)
            for run in runs
        ]
        lines.append(f"{', '.join(words)} {said}, {where}")
    return lines


def clashing_day(hours: Sequence[tuple[int, time, time]]) -> int | None:
    """Return the first weekday on which two spans overlap, or None."""
    ordered = sorted(hours)
    for (day, _begins, ends), (next_day, next_begins, _ends) in pairwise(ordered):
        if day == next_day and next_begins < ends:
            return day
    return None
