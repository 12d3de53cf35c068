"""A series that is changed: where its visits stand now, and what stands against each one's new time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import OuterRef

from daysheet.kernel.tenancy import acting_practice_id
from daysheet.practice.models import Location
from daysheet.schedule import giving
from daysheet.schedule.models import Appointment, AppointmentSeries, SeriesVisit
from daysheet.schedule.planning import Wanted, plan
from daysheet.schedule.supply import interpreters_promised

Scope = Literal["this", "following", "all"]

ENDS = """
with recursive chain as (
    select v.id as visit, v.appointment_id as at, 0 as hops
    from series_visit v
    where v.practice_id = %(practice)s and v.series_id = %(series)s
    union all
    select c.visit, a.moved_to_id, c.hops + 1
    from chain c join appointment a on a.practice_id = %(practice)s and a.id = c.at
    where a.moved_to_id is not null
)
select distinct on (visit) visit, at from chain order by visit, hops desc"""

BEGINNINGS = """
with recursive chain as (
    select %(appointment)s::uuid as at
    union all
    select a.id from chain c join appointment a on a.practice_id = %(practice)s and a.moved_to_id = c.at
)
select v.* from series_visit v join chain c on c.at = v.appointment_id where v.practice_id = %(practice)s"""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise in some visits of a series; what is empty stays as it is."""

    clock: time | None = None
    provider_id: UUID | None = None
    location_id: UUID | None = None
    type_id: UUID | None = None
    minutes: int | None = None
    reason: str = ""
    weekday: int | None = None
    """0 is Monday; a visit stays in its week, which begins on Monday."""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is to be otherwise."""
        return self == Change()

    def zone(self) -> ZoneInfo | None:
        """Return the zone of the new door, in one statement; nothing when the door stays."""
        door = Location.objects.filter(pk=self.location_id).first() if self.location_id else None
        return door.zone if door else None


@dataclass(frozen=True, slots=True)
class Place:
    """A visit of a series with the appointment that it is now."""

    visit_id: UUID
    number: int
    appointment: Appointment
    alone: bool
    """It was moved alone: it stays out of what is done to several, unless it is chosen."""

    def clock(self, change: Change) -> time:
        """Return the time of day after a change, on the wall clock of the door."""
        own = self.appointment.starts_at.astimezone(self.appointment.location.zone)
        return change.clock or own.time().replace(tzinfo=None)

    def day(self, change: Change) -> date:
        """Return the day after a change: the same, or the new weekday of its week."""
        was = self.appointment.on_day
        return was if change.weekday is None else was + timedelta(days=change.weekday - was.weekday())

    def is_changed(self, change: Change) -> bool:
        """Return whether a change makes anything of it otherwise."""
        one = self.appointment
        pairs = (
            (change.provider_id, one.provider_id),
            (change.location_id, one.location_id),
            (change.type_id, one.type_id),
            (change.minutes, one.minutes),
            (change.reason, one.reason),
            (change.clock, self.clock(Change())),
        )
        return self.day(change) != one.on_day or any(new and new != old for new, old in pairs)

    def minutes(self, change: Change) -> int | None:
        """Return how long it lasts after a change; None: as long as its new kind."""
        is_same = change.type_id in (None, self.appointment.type_id)
        return change.minutes or (self.appointment.minutes if is_same else None)

    def is_to_come(self, now: datetime) -> bool:
        """Return whether it is booked and lies ahead."""
        return self.appointment.booking == "scheduled" and self.appointment.starts_at > now


@dataclass(frozen=True, slots=True)
class Changed:
    """A visit as it would be."""

    place: Place
    starts_at: datetime
    zone: ZoneInfo
    against: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return which appointment, in which version, was looked at."""
        return f"{self.place.appointment.pk}.{self.place.appointment.version}"

    @property
    def is_usual(self) -> bool:
        """Return whether it is changed unless the desk says otherwise."""
        return not self.against and not self.place.alone


def series(series_id: UUID) -> AppointmentSeries | None:
    """Return a series, or None."""
    rows = AppointmentSeries.objects.select_related("patient", "type", "provider", "location")
    return rows.filter(pk=series_id).first()


def places(series_id: UUID) -> list[Place]:
    """Return the visits of a series with where each stands now, in three statements."""
    with connection.cursor() as cursor:
        cursor.execute(ENDS, {"practice": acting_practice_id(), "series": series_id})
        ends = dict(cursor.fetchall())
    rows = Appointment.objects.filter(pk__in=ends.values()).select_related("provider", "location", "type")
    now = rows.annotate(gives=giving.is_given(OuterRef("type_id"))).in_bulk()
    return [
        Place(one.pk, one.number, now[ends[one.pk]], alone=ends[one.pk] != one.appointment_id)
        for one in SeriesVisit.objects.filter(pk__in=ends).order_by("number")
    ]


def visit_of(appointment_id: UUID) -> SeriesVisit | None:
    """Return which visit of a series an appointment is, also when it was moved alone."""
    asked = {"practice": acting_practice_id(), "appointment": appointment_id}
    return next(iter(SeriesVisit.objects.raw(BEGINNINGS, asked)), None)


def in_scope(rows: Iterable[Place], scope: Scope, number: int, now: datetime) -> list[Place]:
    """Return the visits to come that a change is about; one that was cancelled stays out."""
    coming = [one for one in rows if one.is_to_come(now)]
    if scope == "this":
        return [one for one in coming if one.number == number]
    return [one for one in coming if scope == "all" or one.number >= number]


def preview(rows: Sequence[Place], change: Change, *, now: datetime) -> list[Changed]:
    """Return the visits as they would be with what stands against each, in the same statements for any number.

    Visits that differ in more than their day are looked at apart.
    """
    zone = change.zone()
    speak = interpreters_promised([one.appointment.pk for one in rows])
    apart: dict[tuple[object, ...], tuple[Wanted, list[Place]]] = {}
    for one in rows:
        was = one.appointment
        facts = (
            was.patient_id,
            change.provider_id or was.provider_id,
            change.location_id or was.location_id,
            change.type_id or was.type_id,
            zone or was.location.zone,
            one.clock(change),
            one.minutes(change),
            speak.get(was.pk, ()),
        )
        apart.setdefault(facts, (Wanted(*facts), []))[1].append(one)
    leaving = tuple(one.appointment for one in rows)
    found = []
    said: dict[tuple[UUID, UUID], str] = {}
    for wanted, same in apart.values():
        days = [one.day(change) for one in same]
        planned = plan(wanted, days, now=now, leaving=leaving)
        found += [
            Changed(one, row.starts_at, wanted.zone, row.against + _ungiven(one, wanted, said))
            for one, row in zip(same, planned, strict=True)
        ]
    return sorted(found, key=lambda one: one.place.number)


def _ungiven(one: Place, wanted: Wanted, said: dict[tuple[UUID, UUID], str]) -> tuple[str, ...]:
    """Return who gives the kind of visit, where its clinician does not; what was booked so for a reason stays so.

    What is `said` already is not read again.
    """
    was, pair = one.appointment, (wanted.type_id, wanted.provider_id)
    if pair == (was.type_id, was.provider_id) and (was.limit_reason or vars(was)["gives"]):
        return ()
    if pair not in said:
        said[pair] = giving.not_given(*pair)
    return (said[pair],) if said[pair] else ()
