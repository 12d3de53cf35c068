"""The federal holidays of a year, as the law names and moves them. Pure.

5 U.S.C. 6103(a) names them; where one falls on a Saturday the Friday before is the legal one for a week of Monday to
Friday (6103(b)), and where one falls on a Sunday the Monday after (Executive Order 11582).
"""

from datetime import date, timedelta
from typing import NamedTuple

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


class FederalHoliday(NamedTuple):
    """A holiday: the day by its rule, and the day on which offices keep it."""

    name: str
    day: date
    kept_on: date


def federal_holidays(year: int) -> list[FederalHoliday]:
    """Return the federal holidays whose own day lies in a year, in their order.

    The first of a year that falls on a Saturday is kept on the last day of the year before.
    """
    days = [
        ("New Year's Day", date(year, 1, 1)),
        ("Birthday of Martin Luther King, Jr.", nth(year, 1, MONDAY, 3)),
        ("Washington's Birthday", nth(year, 2, MONDAY, 3)),
        ("Memorial Day", last(year, 5, MONDAY)),
        ("Juneteenth National Independence Day", date(year, 6, 19)),
        ("Independence Day", date(year, 7, 4)),
        ("Labor Day", nth(year, 9, MONDAY, 1)),
        ("Columbus Day", nth(year, 10, MONDAY, 2)),
        ("Veterans Day", date(year, 11, 11)),
        ("Thanksgiving Day", nth(year, 11, THURSDAY, 4)),
        ("Christmas Day", date(year, 12, 25)),
    ]
    return [FederalHoliday(name, day, kept_on(day)) for name, day in days]


def kept_on(day: date) -> date:
    """Return the weekday on which a holiday is kept."""
    moved = {SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0)
    return day + timedelta(days=moved)


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """Return the first, second, ... of a weekday in a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def last(year: int, month: int, weekday: int) -> date:
    """Return the last of a weekday in a month."""
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - weekday) % 7)
