"""How values are said on a screen: money, days, moments, spans, telephone numbers."""

from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

Zone = str | tzinfo | None


def usd(value: Decimal | int | None) -> str:
    """Return an amount as people write it; what is below zero is a credit."""
    if value is None or value == "":
        return ""
    amount = Decimal(value)
    if amount < 0:
        return _("credit $%(amount)s") % {"amount": f"{-amount:,.2f}"}
    return f"${amount:,.2f}"


def day(value: date | None) -> str:
    """Return a day with its weekday: Mon Mar 9, 2026."""
    return dateformat.format(value, "D M j, Y") if value else ""


def month(value: date) -> str:
    """Return a month with its year: March 2026."""
    return dateformat.format(value, "F Y")


def weekday(value: date) -> str:
    """Return a day of the week in short: Mon."""
    return dateformat.format(value, "D")


def born(value: date | None) -> str:
    """Return a date with the month as a word: Mar 14, 1962."""
    return _born(get_language(), value) if value else ""


@lru_cache(maxsize=4096)
def _born(language: str | None, value: date) -> str:
    return dateformat.format(value, "M j, Y")


def age(value: date | None, today: date) -> str:
    """Return the age: years, months under two years, days under two months."""
    if value is None:
        return _("age not known")
    months = (today.year - value.year) * 12 + today.month - value.month - (today.day < value.day)
    if months >= 24:
        return str(months // 12)
    if months >= 2:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    days = max((today - value).days, 0)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


@pass_context
def clock(context: Context, value: datetime | None, zone: Zone = None) -> str:
    """Return the time of day where the office is: 9:15 am."""
    return _time_of_day(_there(context, value, zone)) if value else ""


@pass_context
def stamp(context: Context, value: datetime | None, zone: Zone = None) -> str:
    """Return day and time of day where the office is: Mar 9, 9:15 am."""
    if not value:
        return ""
    there = _there(context, value, zone)
    return f"{dateformat.format(there, 'M j')}, {_time_of_day(there)}"


@pass_context
def since(context: Context, value: datetime | None, zone: Zone = None) -> str:
    """Return when something begins: Mar 9, 9:15 am; with the day alone where it begins with the day."""
    return _whole(context, value, zone, timedelta(0)) or stamp(context, value, zone)


@pass_context
def until(context: Context, value: datetime | None, zone: Zone = None) -> str:
    """Return when something ends: Mar 9, 9:15 am; with its last day alone where it ends with that day."""
    return _whole(context, value, zone, timedelta(days=1)) or stamp(context, value, zone)


def _whole(context: Context, value: datetime | None, zone: Zone, back: timedelta) -> str:
    there = _there(context, value, zone) if value else None
    if there is None or (there.hour, there.minute) != (0, 0):
        return ""
    return dateformat.format(there.date() - back, "M j")


def span(minutes: float | None) -> str:
    """Return a length of time: 12 min, 1 h 05."""
    if minutes is None:
        return ""
    hours, rest = divmod(int(minutes), 60)
    return _("%(h)d h %(m)02d") % {"h": hours, "m": rest} if hours else _("%(m)d min") % {"m": rest}


def phone(value: str | None) -> str:
    """Return a telephone number as it is dialled here: (555) 201-0142."""
    if not value:
        return ""
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return value
    home = number.country_code == 1
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def count(value: int | None) -> str:
    """Return a number with its thousands set apart."""
    return "" if value is None else f"{value:,}"


FILTERS: dict[str, Any] = {
    "usd": usd,
    "day": day,
    "month": month,
    "weekday": weekday,
    "born": born,
    "since": since,
    "until": until,
    "age": age,
    "clock": clock,
    "stamp": stamp,
    "span": span,
    "phone": phone,
    "thousands": count,
}


def _time_of_day(value: datetime) -> str:
    half = _("am") if value.hour < 12 else _("pm")
    return f"{value.hour % 12 or 12}:{value.minute:02d} {half}"


def _there(context: Context, value: datetime, zone: Zone) -> datetime:
    place: Zone = zone
    if place is None:
        request = context.resolve("request")
        if not isinstance(request, Undefined):
            place = getattr(getattr(request, "office", None), "zone", None)
    if isinstance(place, str):
        place = ZoneInfo(place)
    return timezone.localtime(value, place)
