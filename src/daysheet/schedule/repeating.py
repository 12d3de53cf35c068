"""On which days visits of a series fall. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

MOST_VISITS = 60
FARTHEST = timedelta(days=2 * 366)
"""No series reaches further than two years."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """How visits repeat: from a day on, every so many days, weeks or months, so many times or until a day."""

    first_on: date
    every: int
    unit: str
    weekdays: Sequence[int] = ()
    """In the weeks of the series, 0 is Monday; none is the weekday of the first."""
    times: int | None = None
    until_on: date | None = None
    """The last day on which one may fall."""


def days_of(rule: Repeat) -> list[date]:
    """Return the days of a series in order; a month without the day has its visit on its last day."""
    found: list[date] = []
    most = min(rule.times or MOST_VISITS, MOST_VISITS)
    for day in _days(rule):
        if len(found) >= most or day - rule.first_on > FARTHEST or (rule.until_on and day > rule.until_on):
            break
        found.append(day)
    return found


def _days(rule: Repeat) -> Iterator[date]:
    if rule.unit == "month":
        for n in count(0, rule.every):
            year, month = divmod(rule.first_on.year * 12 + rule.first_on.month - 1 + n, 12)
            yield date(year, month + 1, min(rule.first_on.day, monthrange(year, month + 1)[1]))
    elif rule.unit == "week":
        monday = rule.first_on - timedelta(days=rule.first_on.weekday())
        weekdays = sorted(set(rule.weekdays)) or [rule.first_on.weekday()]
        for n in count(0, rule.every):
            days = (monday + timedelta(weeks=n, days=weekday) for weekday in weekdays)
            yield from (day for day in days if day >= rule.first_on)
    else:
        for n in count(0, rule.every):
            yield rule.first_on + timedelta(days=n)
