"""Readings of the book of time: a day, a patient's appointments, open slots, what has no outcome yet."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import dateformat

from daysheet.kernel.clock import day_bounds
from daysheet.kernel.ready import Ready, Told
from daysheet.practice.models import Provider
from daysheet.schedule import giving, supply
from daysheet.schedule import kept as keeping
from daysheet.schedule.blocks import Kept, Shut
from daysheet.schedule.gaps import could_fit, free_time
from daysheet.schedule.limits import ESTABLISHED_FOR
from daysheet.schedule.models import Absence, Appointment, AppointmentType, CalendarFeed, ProviderHours
from daysheet.schedule.slots import (
    NOTHING_ELSE,
    Between,
    Closure,
    Demand,
    Hours,
    OpenSlot,
    Span,
    WallClock,
    cores,
    is_open_by,
    minute_of,
)
from daysheet.schedule.slots import (
    open_slots as slots_that_fit,
)
from daysheet.schedule.whynot import Lack, lacks

WINDOWS = (7, 21)
"""Days read at first, then as many more, then all the rest: most searches end in the first week."""

LONG = 60
"""From how many minutes on it is asked first whether a visit could fit at all."""


def types() -> QuerySet[AppointmentType]:
    """Return the kinds of visit the office books, in their order."""
    return AppointmentType.objects.filter(is_active=True).order_by("rank", "name")


TYPES: Ready[AppointmentType] = Ready(lambda: giving.with_names(types()))


def retired_types() -> QuerySet[AppointmentType]:
    """Return the kinds of visit that the office no longer books."""
    return AppointmentType.objects.filter(is_active=False).order_by("name")


def hours_in_force(provider_id: UUID, day: date) -> QuerySet[ProviderHours]:
    """Return the weekly hours of a clinician that hold around a day, by weekday; of weeks that take turns both."""
    rows = ProviderHours.objects.filter(
        Q(from_on__isnull=True) | Q(from_on__lte=day),
        Q(until_on__isnull=True) | Q(until_on__gt=day),
        provider_id=provider_id,
    )
    return rows.select_related("location").order_by("weekday", "begins", "turn")


class HoursRow(NamedTuple):
    """One span of a clinician's weekly hours, and the days between which it holds."""

    location_id: UUID
    weekday: int
    begins: time
    ends: time
    from_on: date | None
    until_on: date | None


def hours_kept(provider_id: UUID, turn: int) -> list[HoursRow]:
    """Return all that is kept of a clinician's hours of some weeks, the past and what is set for later too."""
    rows = ProviderHours.objects.filter(provider_id=provider_id, turn=turn)
    return [HoursRow(*one) for one in rows.order_by("id").values_list(*HoursRow._fields)]


def hours_to_come(provider_id: UUID, day: date) -> QuerySet[ProviderHours]:
    """Return the weekly hours of a clinician that begin to hold after a day."""
    rows = ProviderHours.objects.filter(provider_id=provider_id, from_on__gt=day)
    return rows.select_related("location").order_by("from_on", "weekday", "begins")


def absences_of(provider_id: UUID, moment: datetime) -> QuerySet[Absence]:
    """Return the absences of a clinician that have not passed, the next one first."""
    return Absence.objects.filter(provider_id=provider_id, ends_at__gt=moment).order_by("starts_at")


def appointment(appointment_id: UUID) -> Appointment | None:
    """Return an appointment with its people, if it is of this practice."""
    return Appointment.objects.with_people().filter(id=appointment_id).first()


def moved(one: Appointment) -> tuple[Appointment | None, Appointment | None]:
    """Return from which appointment one was moved, and to which."""
    rows = Appointment.objects.with_people()
    to = rows.filter(pk=one.moved_to_id).first() if one.moved_to_id else None
    return rows.filter(moved_to=one.pk).first(), to


def is_here(one: Appointment) -> bool:
    """Return whether the patient has come for an appointment."""
    visit = getattr(one, "visit", None)
    return visit is not None and visit.flow != "undone"


def day(*, location_id: UUID | None, day: date, provider_id: UUID | None = None) -> QuerySet[Appointment]:
    """Return a day's appointments, earliest first, without those that were moved or entered in error."""
    rows = Appointment.objects.on(day).with_people().exclude(booking__in=("rescheduled", "entered_in_error"))
    if location_id:
        rows = rows.filter(location_id=location_id)
    if provider_id:
        rows = rows.filter(provider_id=provider_id)
    return rows.order_by("starts_at", "provider__rank", "id")


def on_paper(day: date, location_id: UUID | None) -> list[Appointment]:
    """Return who holds a time on a day, with all that a paper says of them; three statements for any number."""
    rows = Appointment.objects.on(day).with_people().holding()
    if location_id:
        rows = rows.filter(location_id=location_id)
    whole = rows.select_related("patient__guarantor").prefetch_related("patient__phones", "patient__contacts")
    return list(whole.order_by("starts_at", "provider__rank", "id"))


def feed(provider_id: UUID) -> CalendarFeed | None:
    """Return the open calendar feed of a clinician."""
    return CalendarFeed.objects.filter(provider_id=provider_id, closed_at=None).first()


def feed_by(token_hash: str) -> CalendarFeed | None:
    """Return the open calendar feed that a token opens."""
    rows = CalendarFeed.objects.select_related("provider", "practice")
    return rows.filter(token_hash=token_hash, closed_at=None).first()


def of_patient(patient_id: UUID, *, since: datetime | None = None) -> QuerySet[Appointment]:
    """Return a patient's appointments that hold their time, earliest first."""
    rows = Appointment.objects.with_people().holding().filter(patient_id=patient_id)
    return (rows.after(since) if since else rows).order_by("starts_at")


COMING: Ready[Appointment] = Ready(lambda: of_patient(Told("patient"), since=Told("now")))  # type: ignore[arg-type]
"""A patient's appointments to come, earliest first."""


def before(patient_id: UUID, moment: datetime) -> QuerySet[Appointment]:
    """Return a patient's appointments before a moment, with every outcome, the latest first."""
    rows = Appointment.objects.with_people().filter(patient_id=patient_id, starts_at__lt=moment)
    return rows.exclude(booking__in=("rescheduled", "entered_in_error")).order_by("-starts_at")


def next_visits(patient_ids: Sequence[UUID], now: datetime) -> dict[UUID, Appointment]:
    """Return the next appointment of each patient who has one, in one statement."""
    return {row.patient_id: row for row in NEXT_VISITS(patients=list(patient_ids), now=now)}


NEXT_VISITS: Ready[Appointment] = Ready(
    lambda: (
        Appointment.objects.filter(
            patient_id__one_of=Told("patients"), booking="scheduled", starts_at__gte=Told("now")
        )
        .select_related("provider", "location", "type")
        .order_by("patient_id", "starts_at")
        .distinct("patient_id")
    )
)


def was_seen(patient_id: UUID, before: date) -> bool:
    """Return whether a patient was seen here in the years before a day that count."""
    rows = Appointment.objects.filter(patient_id=patient_id, booking="completed", on_day__lt=before)
    return rows.filter(on_day__gte=before - ESTABLISHED_FOR).exists()


def unresolved(now: datetime) -> QuerySet[Appointment]:
    """Return appointments whose start has passed with neither visit nor outcome: a person decides."""
    return (
        Appointment.objects.with_people()
        .filter(Q(visit__isnull=True) | Q(visit__flow="undone"), booking="scheduled", starts_at__lt=now)
        .order_by("starts_at")
    )


def what_keeps_open(location_id: UUID, now: datetime) -> str:
    """Return the sentence against closing a door: visits are still booked there; empty when none is."""
    booked = Appointment.objects.filter(location_id=location_id, booking="scheduled", ends_at__gt=now)
    last = booked.select_related("location").order_by("-starts_at").first()
    if last is None:
        return ""
    count, day = booked.count(), dateformat.format(last.on_day, "M j, Y")
    if count == 1:
        return f"1 visit is still booked at {last.location}, on {day}. Move or cancel it first."
    return (
        f"{count} visits are still booked at {last.location}, the last on {day}. Move or cancel them first."
    )


def who_sees_at(people: QuerySet[Provider], location_id: UUID | None) -> QuerySet[Provider]:
    """Return those of the clinicians who belong to a door, have hours there, or are tied to no door yet."""
    if location_id is None:
        return people
    theirs = ProviderHours.objects.filter(provider=OuterRef("pk"))
    free = Q(location=None) & ~Exists(theirs)
    return people.filter(Q(location_id=location_id) | free | Exists(theirs.filter(location_id=location_id)))


def hours_of(
    provider_ids: Sequence[UUID] | None, location_id: UUID | None = None, *, type_id: UUID | None = None
) -> list[Hours]:
    """Return the office hours of clinicians, in the clinicians' order; with a kind of visit of those who give it."""
    rows = HOURS[provider_ids is not None, bool(location_id), type_id is not None](
        providers=list(provider_ids or ()), location=location_id, type=type_id
    )
    return [Hours(who, where, ZoneInfo(zone), *rest) for who, where, zone, *rest in rows]


def _hours(of_some: bool, at_one: bool, of_kind: bool) -> QuerySet[Any, Any]:
    rows = ProviderHours.objects.filter(provider__left_on__isnull=True, location__closed_on__isnull=True)
    if of_some:
        rows = rows.filter(provider_id__one_of=Told("providers"))
    if at_one:
        rows = rows.filter(location_id=Told("location"))
    if of_kind:
        rows = rows.filter(giving.is_given(Told("type")))
    fields = (
        "provider_id",
        "location_id",
        "location__zone_name",
        "weekday",
        "begins",
        "ends",
        "from_on",
        "until_on",
        "turn",
    )
    order = ("provider__rank", "provider__family", "begins", "id")
    # Plain values: fifty clinicians have some five hundred rows, and the finder needs no rows' identity.
    return rows.order_by(*order).values_list(*fields)


HOURS = {key: Ready(partial(_hours, *key)) for key in product((False, True), repeat=3)}
"""The reading of hours: of some clinicians or all, at one door or all, of those who give a kind of visit or all."""


def closures_between(since: datetime, until: datetime) -> list[Closure]:
    """Return the absences and closed days that touch a span."""
    return [
        Closure(
            row.provider_id,
            row.location_id,
            Span(minute_of(row.starts_at), -(-int(row.ends_at.timestamp()) // 60)),
        )
        for row in CLOSURES(since=since, until=until)
    ]


CLOSURES: Ready[Absence] = Ready(
    lambda: Absence.objects.filter(starts_at__lt=Told("until"), ends_at__gt=Told("since"))
)


@dataclass(frozen=True, slots=True)
class SlotSearch:
    """What a slot must be: how long, with whom, where, from which day to which, in which part of the day."""

    minutes: int
    provider_ids: Sequence[UUID] | None
    location_id: UUID | None
    first_day: date
    last_day: date
    now: datetime
    part: str | Between = "any"
    demand: Demand = NOTHING_ELSE
    type_id: UUID | None = None
    """Which kind of visit it is; time that is kept for others is none of its own, nor of who does not give it."""
    weekdays: Collection[int] = range(7)
    not_before: datetime | None = None
    """From when on it may begin; None: from now on."""


def open_slots(
    *,
    type_id: UUID,
    provider_ids: Sequence[UUID] | None,
    location_id: UUID | None,
    first_day: date,
    last_day: date,
    now: datetime,
    part_of_day: str | None = None,
    limit: int = 5,
    per_day: int | None = None,
    minutes: int | None = None,
    demand: Demand | None = None,
) -> list[OpenSlot]:
    """Return the next times that a visit of a type fits with all that it needs, earliest first."""
    if minutes is None or demand is None:
        usual, its_demand = supply.demand_of(type_id)
        minutes, demand = minutes or usual, demand or its_demand
    search = SlotSearch(
        minutes, provider_ids, location_id, first_day, last_day, now, part_of_day or "any", demand, type_id
    )
    return slots_for(search, limit=limit, per_day=per_day)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a search found, and what stood against earlier times: from the same reading."""

    slots: list[OpenSlot]
    lacks: list[Lack]
    kept: list[Shut]
    """The sessions that are kept for others, or full, at the first time that would fit without them."""
    has_hours: bool
    wall: WallClock


def slots_for(search: SlotSearch, *, limit: int = 5, per_day: int | None = None) -> list[OpenSlot]:
    """Return the next times that fit a search; reads a week at first and more only when that has too few."""
    return look_for(search, limit=limit, per_day=per_day, explain=False).slots


def look_for(
    search: SlotSearch, *, limit: int = 5, per_day: int | None = None, explain: bool = True
) -> Looked:
    """Return the next times that fit a search, and what stood against earlier ones."""
    rows = hours_of(search.provider_ids, search.location_id, type_id=search.type_id)
    hours = [row for row in rows if row.weekday in search.weekdays]
    wall = WallClock()
    if not hours or search.last_day < search.first_day:
        return Looked([], [], [], has_hours=False, wall=wall)
    zones = {row.zone for row in hours}
    who = list(dict.fromkeys(row.provider_id for row in hours))
    closures = closures_between(
        min(day_bounds(search.first_day, zone)[0] for zone in zones),
        max(day_bounds(search.last_day, zone)[1] for zone in zones),
    )
    keeps = keeping.kept_time(who)
    length = search.demand.length(search.minutes)
    doors = {row.location_id for row in hours}
    found: list[OpenSlot] = []
    read: list[tuple[Demand, Kept, Callable[..., list[OpenSlot]]]] = []
    for days, theirs in _pieces(search, hours, wall):
        who = list(dict.fromkeys(row.provider_id for row in theirs))
        since = min(day_bounds(days[0], zone)[0] for zone in zones)
        until = max(day_bounds(days[-1], zone)[1] for zone in zones)
        demand = supply.with_busy(search.demand, since=since, until=until)
        shut = keeps.for_kind(search.type_id, now=search.now, booked=keeps.booked(days[0], days[-1]))
        fitting = partial(
            slots_that_fit,
            hours=theirs,
            days=days,
            free=free_time(who, since=since, until=until, minutes=length),
            closures=closures,
            minutes=search.minutes,
            not_before=search.not_before or search.now,
            part=search.part,
            wall=wall,
            demand=demand,
            kept=shut.cuts if keeps.blocks else None,
        )
        read.append((demand, shut, fitting))
        found += fitting(limit=limit - len(found), per_day=per_day)
        if len(found) >= limit:
            break
    pieces = [(demand, fitting) for demand, _shut, fitting in read]
    return Looked(
        found,
        lacks(pieces, found, doors) if explain and search.demand.pools else [],
        _kept_against(read, found) if explain and keeps.blocks else [],
        has_hours=True,
        wall=wall,
    )


def _kept_against(
    read: Sequence[tuple[Demand, Kept, Callable[..., list[OpenSlot]]]], found: Sequence[OpenSlot]
) -> list[Shut]:
    """Return the sessions that stand against the first time that would fit without them, if none as early does."""
    for _demand, shut, fitting in read:
        slots = fitting(limit=1, kept=None)
        if slots and (not found or slots[0].starts_at < found[0].starts_at):
            one = slots[0]
            span = Span(minute_of(one.starts_at), minute_of(one.ends_at))
            return shut.against(one.provider_id, one.location_id, one.day, span)
        if slots:
            return []
    return []


def is_within_hours(
    *, provider_id: UUID, location_id: UUID, day: date, starts_at: datetime, ends_at: datetime
) -> bool:
    """Return whether a clinician sees patients there in all of that time.

    Who keeps no hours does so at any time in which neither the clinician is out nor the door or the office closed.
    """
    hours = hours_of([provider_id])
    is_open = not hours or is_open_by(
        hours, location_id=location_id, day=day, starts_at=starts_at, ends_at=ends_at
    )
    return is_open and not is_away(
        provider_id=provider_id, location_id=location_id, starts_at=starts_at, ends_at=ends_at
    )


def is_away(*, provider_id: UUID, location_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether a clinician is absent, or the door or the office closed, in some of a time."""
    return bool(AWAY(provider=provider_id, location=location_id, since=starts_at, until=ends_at))


AWAY: Ready[Any] = Ready(
    lambda: Absence.objects.filter(
        Q(provider_id=Told("provider")) | Q(provider_id__isnull=True),
        Q(location_id=Told("location")) | Q(location_id__isnull=True),
        starts_at__lt=Told("until"),
        ends_at__gt=Told("since"),
    ).values_list("pk")[:1]
)


def _pieces(
    search: SlotSearch, hours: list[Hours], wall: WallClock
) -> Iterator[tuple[list[date], list[Hours]]]:
    """Yield the days of a search in ever longer pieces, with the hours to read them for.

    For a long visit the database says first on which days and with whom so much could be free in one piece: in a full
    book that is nowhere, and is told without its gaps.
    """
    is_long = search.demand.length(search.minutes) >= LONG
    for days in _windows(search.first_day, search.last_day):
        if not is_long:
            yield days, hours
            continue
        left = could_fit(cores(hours, days, search.minutes, search.demand, wall, search.part))
        people = set().union(*left.values())
        if people:
            yield (
                [day for day in days if day in left],
                [row for row in hours if row.provider_id in people],
            )


def _windows(first_day: date, last_day: date) -> Iterator[list[date]]:
    """Yield the days of a search in ever longer pieces."""
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    at = 0
    for size in (*WINDOWS, len(days)):
        if days[at : at + size]:
            yield days[at : at + size]
        at += size
