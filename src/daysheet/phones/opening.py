"""When the main door is open: the clock of a call back rests while it is closed, and who called then is not missed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from daysheet.phones import rules
from daysheet.phones.rules import Span
from daysheet.practice import queries as practice
from daysheet.practice.models import Location
from daysheet.schedule.models import Absence, ProviderHours
from daysheet.schedule.rules import holds_on

AHEAD, BACK = timedelta(days=21), timedelta(days=14)


def due(now: datetime, minutes: int | None) -> datetime:
    """Return until when to call back, counted while the main door is open; by the clock alone where it has no hours."""
    place = practice.main_location()
    return rules.due(now, minutes, open_spans(now, now + AHEAD, place) if place else [])


def last_working_day(now: datetime) -> datetime | None:
    """Return when the main door opened on the last day before today that it did; None where it has no hours."""
    place = practice.main_location()
    if place is None:
        return None
    begun = [begins.astimezone(place.zone) for begins, _ in open_spans(now - BACK, now, place)]
    today = now.astimezone(place.zone).date()
    last = max((one.date() for one in begun if one.date() < today), default=None)
    return min((one for one in begun if one.date() == last), default=None)


def open_spans(first: datetime, last: datetime, place: Location) -> list[Span]:
    """Return when a door is open on the days between two moments, in their order."""
    since, until = first.astimezone(place.zone).date(), last.astimezone(place.zone).date()
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    hours = _hours_of_the_door(place, days) or _hours_of_clinicians(place, days)
    if not hours:
        return []
    spans = [(_at(day, opens, place), _at(day, closes, place)) for day, opens, closes in hours]
    closed = Absence.objects.filter(Q(location=None) | Q(location=place), provider=None)
    gaps = closed.filter(ends_at__gt=first, starts_at__lt=last + timedelta(days=1))
    return rules.without(rules.joined(spans), list(gaps.values_list("starts_at", "ends_at")))


def _hours_of_the_door(place: Location, days: Sequence[date]) -> list[tuple[date, time, time]]:
    """Return when a door that has hours of its own is open, day by day."""
    week = practice.hours_of(place.pk)
    return [(day, a, b) for day in days for weekday, a, b in week if weekday == day.weekday()]


def _hours_of_clinicians(place: Location, days: Sequence[date]) -> list[tuple[date, time, time]]:
    """Return when somebody sees patients at a door that has no hours of its own, day by day."""
    rows = list(ProviderHours.objects.filter(location=place))
    return [
        (day, row.begins, row.ends)
        for day in days
        for row in rows
        if row.weekday == day.weekday() and holds_on(day, row.from_on, row.until_on, row.turn)
    ]


def _at(day: date, at: time, place: Location) -> datetime:
    return datetime.combine(day, at, place.zone).astimezone(UTC)
