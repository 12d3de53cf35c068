"""When a clinician is busy: what the calendar feed hands out."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from daysheet.kernel.clock import local_day
from daysheet.practice.models import Location
from daysheet.schedule.models import Absence, Appointment
from daysheet.schedule.queries import hours_of
from daysheet.schedule.rules import LONGEST, first_reading, holds_on
from daysheet.schedule.slots import Hours

A_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


class Busy(NamedTuple):
    """What a busy time is known by, from when and until when."""

    key: bytes
    begins: datetime
    ends: datetime
    day: date | None = None
    """Where it is a whole day by the clock of each door."""
    where: str = ""
    """The doors at which it is then, where it is another time elsewhere."""


def busy(provider_id: UUID, since: datetime, until: datetime) -> list[Busy]:
    """Return when a clinician is taken: visits that hold their time, absences, days on which office or door is closed.

    A door that is closed takes only the hours that the clinician has there, and a holiday stands once, whatever clocks
    the doors keep. Three statements, four where a holiday is told door by door.
    """
    taken = Appointment.objects.holding().filter(
        provider_id=provider_id,
        starts_at__lt=until,
        starts_at__gte=since - timedelta(minutes=LONGEST),
        ends_at__gt=since,
    )
    away = Absence.objects.filter(
        Q(provider_id=provider_id) | Q(provider_id__isnull=True), starts_at__lt=until, ends_at__gt=since
    )
    found = [
        Busy(key.bytes, begins, ends)
        for key, begins, ends in taken.order_by("starts_at").values_list("id", "starts_at", "ends_at")
    ]
    hours = hours_of([provider_id])
    rows = list(away.order_by("starts_at"))
    parted = {one.part_of_id: one.part_of_id.bytes for one in rows if one.part_of_id}
    for pk, key in parted.items():
        found += _of_holiday(key, [one for one in rows if pk in (one.pk, one.part_of_id)], hours)
    for one in rows:
        if one.pk in parted or one.part_of_id:
            continue
        if one.provider_id or not one.location_id:
            found.append(Busy(one.pk.bytes, one.starts_at, one.ends_at))
        else:
            found += _at_the_door(one, [row for row in hours if row.location_id == one.location_id])
    return found


def _of_holiday(key: bytes, rows: Sequence[Absence], hours: Sequence[Hours]) -> list[Busy]:
    """Return a holiday that doors keep by several clocks: by that of the clinician's door, or of each where they differ.

    A whole day stands once, as that day. The doors of the weekday count, else all at which the clinician has hours.
    """
    whole = next(((one.starts_at, one.ends_at) for one in rows if one.location_id is None), None)
    own = {one.location_id: (one.starts_at, one.ends_at) for one in rows if one.location_id}
    told = [(row, span) for row in hours if (span := own.get(row.location_id) or whole)]
    kept = [(row, span) for row, span in told if _is_of(row, local_day(span[0], row.zone))]
    doors: dict[Span, set[UUID]] = {}
    for row, span in kept or told:
        doors.setdefault(span, set()).add(row.location_id)
    days = {_whole_day(span, row) for row, span in kept or told}
    if len(doors) < 2:
        return [Busy(key, *span) for span in doors or [whole] if span]
    (day,) = days if len(days) == 1 else {None}
    if day is not None:
        return [Busy(key, min(since for since, _ in doors), max(until for _, until in doors), day)]
    at_all = set().union(*doors.values())
    names = dict(Location.objects.filter(pk__in=at_all).values_list("pk", "name"))
    return [
        Busy(key + since.isoformat().encode(), since, until, where=", ".join(sorted(names[pk] for pk in at)))
        for (since, until), at in sorted(doors.items())
    ]


def _is_of(row: Hours, day: date) -> bool:
    return day.weekday() == row.weekday and holds_on(day, row.from_on, row.until_on, row.turn)


def _whole_day(span: Span, row: Hours) -> date | None:
    """Return the day that a span is by the clock of a door, None where it is a part of one."""
    day = local_day(span[0], row.zone)
    ends = first_reading(day + A_DAY, time(0), row.zone)
    return day if span == (first_reading(day, time(0), row.zone), ends) else None


def _at_the_door(closed: Absence, hours: Sequence[Hours]) -> Iterator[Busy]:
    """Yield a clinician's hours at a door while it is closed."""
    for row in hours:
        day, last = (local_day(at, row.zone) for at in (closed.starts_at, closed.ends_at))
        while day <= last:
            if _is_of(row, day):
                begins = max(first_reading(day, row.begins, row.zone), closed.starts_at)
                ends = min(first_reading(day, row.ends, row.zone), closed.ends_at)
                if begins < ends:
                    yield Busy(closed.pk.bytes + begins.isoformat().encode(), begins, ends)
            day += A_DAY
