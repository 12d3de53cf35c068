"""When a clinician is busy: what the calendar feed hands out."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from daysheet.kernel.clock import local_day
from daysheet.schedule.models import Absence, Appointment
from daysheet.schedule.queries import hours_of
from daysheet.schedule.rules import LONGEST, first_reading, holds_on
from daysheet.schedule.slots import Hours

A_DAY = timedelta(days=1)
Busy = tuple[bytes, datetime, datetime]
"""What it is known by, from when, until when."""


def busy(provider_id: UUID, since: datetime, until: datetime) -> list[Busy]:
    """Return when a clinician is taken: visits that hold their time, absences, days on which office or door is closed.

    A door that is closed takes only the hours that the clinician has there. Three statements.
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
        (key.bytes, begins, ends)
        for key, begins, ends in taken.order_by("starts_at").values_list("id", "starts_at", "ends_at")
    ]
    hours = hours_of([provider_id])
    for one in away.order_by("starts_at"):
        if one.provider_id or not one.location_id:
            found.append((one.pk.bytes, one.starts_at, one.ends_at))
        else:
            found += _at_the_door(one, [row for row in hours if row.location_id == one.location_id])
    return found


def _at_the_door(closed: Absence, hours: Sequence[Hours]) -> Iterator[Busy]:
    """Yield a clinician's hours at a door while it is closed."""
    for row in hours:
        day, last = (local_day(at, row.zone) for at in (closed.starts_at, closed.ends_at))
        while day <= last:
            if day.weekday() == row.weekday and holds_on(day, row.from_on, row.until_on, row.turn):
                begins = max(first_reading(day, row.begins, row.zone), closed.starts_at)
                ends = min(first_reading(day, row.ends, row.zone), closed.ends_at)
                if begins < ends:
                    yield closed.pk.bytes + begins.isoformat().encode(), begins, ends
            day += A_DAY
