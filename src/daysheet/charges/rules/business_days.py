"""Business days: Monday to Friday without the federal holidays (5 U.S.C. 6103(a) and (b)). Pure.

The holidays are those of the whole country: Inauguration Day is one around Washington alone and is left out. One
that falls on a Saturday is kept on the Friday before, on a Sunday on the Monday after (5 U.S.C. 6103(b)(1);
Executive Order 11582, section 3).
"""

from datetime import date, timedelta
from functools import cache

SATURDAY, SUNDAY = 5, 6
DAY = timedelta(days=1)


@cache
def federal_holidays(year: int) -> dict[date, str]:
    """Return the days on which the holidays of a year are kept; New Year's Day may be kept on 31 December before."""
    fixed = {date(year, 1, 1): "New Year's Day", date(year, 7, 4): "Independence Day"}
    if year >= 2021:
        fixed[date(year, 6, 19)] = "Juneteenth"
    fixed |= {date(year, 11, 11): "Veterans Day", date(year, 12, 25): "Christmas Day"}
    floating = {
        _nth(year, 1, 0, 3): "Birthday of Martin Luther King, Jr.",
        _nth(year, 2, 0, 3): "Washington's Birthday",
        _last(year, 5, 0): "Memorial Day",
        _nth(year, 9, 0, 1): "Labor Day",
        _nth(year, 10, 0, 2): "Columbus Day",
        _nth(year, 11, 3, 4): "Thanksgiving Day",
    }
    return {_kept_on(day): name for day, name in fixed.items()} | floating


def is_business_day(day: date) -> bool:
    """Return whether offices of the government work on a day."""
    if day.weekday() in (SATURDAY, SUNDAY) or day in federal_holidays(day.year):
        return False
    return not (day.month == 12 and day.day == 31 and day in federal_holidays(day.year + 1))


def business_days_after(day: date, count: int) -> date:
    """Return the business day that is so many business days after a day; that day itself does not count."""
    found = day
    for _ in range(count):
        found += DAY
        while not is_business_day(found):
            found += DAY
    return found


def business_day_before(day: date) -> date:
    """Return the last business day before a day."""
    found = day - DAY
    while not is_business_day(found):
        found -= DAY
    return found


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last(year: int, month: int, weekday: int) -> date:
    after = date(year, month + 1, 1)
    return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)


def _kept_on(day: date) -> date:
    return {SATURDAY: day - DAY, SUNDAY: day + DAY}.get(day.weekday(), day)
