"""Reading a day the way a desk writes it."""

import re
from calendar import monthrange
from datetime import date, timedelta

from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2199
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMED = {"today": 0, "t": 0, "tomorrow": 1, "yesterday": -1}
STEP = re.compile(r"([+-])\s*([0-9]{1,4})\s*([dwmy])")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
SLASHED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([0-9]{2}|[0-9]{4}))?")
WORDED = re.compile(r"([a-z]{3,9})\.?\s+([0-9]{1,2})(?:\s*,?\s+([0-9]{4}))?")


class UnreadableDay(ValueError):
    """What was typed is no day; the text says what to write."""


def day_in_address(text: str) -> date:
    """Return the day that an address names, of the years 1900 to 2199: each has a day before and after.

    Raises ValueError.
    """
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("a day of the years 1900 to 2199")
    return day


def read_day(text: str, *, today: date, back: bool = False) -> date:
    """Return the day that is meant; without a year the coming one, or with back the last one.

    Raises UnreadableDay.
    """
    typed = re.sub(r"\s+", " ", text.strip().lower())
    if typed in NAMED:
        return today + timedelta(days=NAMED[typed])
    weekday = _weekday(typed)
    if weekday is not None:
        return _weekday_near(today, weekday, back=back)
    if step := STEP.fullmatch(typed):
        return _stepped(today, int(step[1] + step[2]), step[3])
    if iso := ISO.fullmatch(typed):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if slashed := SLASHED.fullmatch(typed):
        return _near(today, int(slashed[1]), int(slashed[2]), slashed[3], back=back)
    head, _space, rest = typed.partition(" ")
    if _weekday(head.rstrip(",")) is not None:
        typed = rest
    if (worded := WORDED.fullmatch(typed)) and month_number(worded[1]):
        return _near(today, month_number(worded[1]), int(worded[2]), worded[3], back=back)
    raise UnreadableDay(_("Write a day such as 3/9, mon, +2w or Mar 9, 2026."))


def month_number(text: str) -> int:
    """Return a month from its number or its name, 0 when it is neither."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text) if 1 <= int(text) <= 12 else 0
    short = text.lower()[:3]
    return MONTHS.index(short) + 1 if len(text) >= 3 and short in MONTHS else 0


def _weekday(text: str) -> int | None:
    whole = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for number, name in enumerate(whole):
        if len(text) >= 3 and name.startswith(text):
            return number
    return None


def _weekday_near(today: date, weekday: int, *, back: bool) -> date:
    if back:
        return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _stepped(today: date, steps: int, unit: str) -> date:
    if unit in "dw":
        try:
            return today + timedelta(days=steps * (7 if unit == "w" else 1))
        except OverflowError as no:
            raise UnreadableDay(_("That day is too far away.")) from no
    months = today.year * 12 + today.month - 1 + steps * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise UnreadableDay(_("That day is too far away."))
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _near(today: date, month: int, day: int, year: str | None, *, back: bool) -> date:
    if year:
        return _day(int(year) if len(year) == 4 else today.year // 100 * 100 + int(year), month, day)
    if month == 2 and day == 29:
        return _leap_day_near(today, back=back)
    near = _day(today.year, month, day)
    if back and near > today:
        return _day(today.year - 1, month, day)
    if not back and near < today:
        return _day(today.year + 1, month, day)
    return near


def _leap_day_near(today: date, *, back: bool) -> date:
    step = -1 if back else 1
    for year in range(today.year, today.year + step * 9, step):
        if monthrange(year, 2)[1] == 29 and (
            date(year, 2, 29) <= today if back else date(year, 2, 29) >= today
        ):
            return date(year, 2, 29)
    raise UnreadableDay(_("Write the year too."))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as no:
        raise UnreadableDay(_("There is no such day. Check the month and the day.")) from no
