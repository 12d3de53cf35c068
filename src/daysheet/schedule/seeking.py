"""Several visits found together, read from the rows; who belongs to a patient's household."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from daysheet.kernel.clock import day_bounds
from daysheet.patients.models import Patient, PatientPhone
from daysheet.schedule import gaps, giving, kept, queries, supply
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.slots import NOTHING_ELSE, Between, Demand, Span, minute_of
from daysheet.schedule.together import Book, Choice, Wish, chains, families, minute_now

AHEAD = 60
"""Days in which the first visit is looked for."""
SHOWN = 6
HOUSEHOLD, HOUSEHOLD_READ = 9, 50


def household(patient: Patient) -> list[Patient]:
    """Return who has one of the patient's phones, or the same name at the same address; nine at most, three statements.

    By phone and by name: a practice has a hundred thousand addresses, and no index over them.
    """
    numbers = list(PatientPhone.objects.filter(patient=patient).values_list("number", flat=True))
    sharing = PatientPhone.objects.filter(number__in=numbers).values_list("patient_id", flat=True)
    same = Q(pk__in=list(sharing[:HOUSEHOLD_READ]))
    if patient.street and patient.zip:
        same |= Q(family=patient.family, street__iexact=patient.street, zip=patient.zip)
    rows = Patient.objects.filter(same).exclude(pk=patient.pk)
    rows = rows.exclude(status__in=(Patient.Status.DECEASED, Patient.Status.INACTIVE))
    return list(rows.order_by("family", "given", "pk")[:HOUSEHOLD])


def by_chart(numbers: Collection[int]) -> list[Patient]:
    """Return the patients of some chart numbers."""
    rows = Patient.objects.filter(chart_number__in=list(numbers))
    return list(rows.exclude(status=Patient.Status.DECEASED).order_by("chart_number"))


def kinds(type_ids: Collection[UUID], interpreter: UUID | None = None) -> dict[UUID, Wish]:
    """Return what visits of some kinds take, as wishes of nobody yet, in three statements; one more for an interpreter.

    An interpreter is asked for at each visit, once where its kind takes one anyhow.
    """
    demands = supply.demands_of(type_ids)
    more = supply.pool_of(interpreter) if interpreter else None
    givers = giving.who_gives(type_ids)
    found = {}
    for one in AppointmentType.objects.filter(pk__in=type_ids, is_active=True):
        pools = demands.get(one.pk, NOTHING_ELSE).pools
        also = [more] if more and more.kind_id not in {pool.kind_id for pool in pools} else []
        demand = Demand(one.before_minutes, one.after_minutes, (*pools, *also))
        needs = (more.kind_id,) if more else ()
        found[one.pk] = Wish(one.pk, one.pk, one.minutes, demand, givers.get(one.pk), also_needs=needs)
    return found


def find_chains(
    wishes: Sequence[Wish], *, location_id: UUID | None, first: date, now: datetime, part: str | Between
) -> list[Choice]:
    """Return ways to have some visits follow each other, the earliest first, in ten statements whatever the rows."""
    last = first + timedelta(days=AHEAD + sum(one.most_days for one in wishes))
    told = _read(wishes, location_id=location_id, first=first, last=last, now=now, part=part)
    if told is None:
        return []
    book, wishes = told
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return chains(wishes, book, days, limit=SHOWN)


def find_families(
    wishes: Sequence[Wish],
    *,
    side_by_side: bool,
    location_id: UUID | None,
    first: date,
    now: datetime,
    part: str | Between,
) -> list[Choice]:
    """Return times for a family, the earliest first; ten statements a window of the book."""
    found: list[Choice] = []
    at = first
    for size in (*queries.WINDOWS, AHEAD):
        until = min(at + timedelta(days=size), first + timedelta(days=AHEAD))
        if until <= at or len(found) >= SHOWN:
            break
        told = _read(
            wishes, location_id=location_id, first=at, last=until - timedelta(days=1), now=now, part=part
        )
        if told is None:
            return []
        book, ready = told
        days = [at + timedelta(days=n) for n in range((until - at).days)]
        found += families(ready, book, days, side_by_side=side_by_side, limit=SHOWN - len(found))
        at = until
    return found


def _read(
    wishes: Sequence[Wish],
    *,
    location_id: UUID | None,
    first: date,
    last: date,
    now: datetime,
    part: str | Between,
) -> tuple[Book, list[Wish]] | None:
    """Return what was read of the book for some days, and the wishes with the times at which all is promised."""
    anyone = any(one.provider_ids is None for one in wishes)
    whom = None if anyone else sorted({pk for one in wishes for pk in one.provider_ids or ()})
    hours = queries.hours_of(whom, location_id)
    if not hours:
        return None
    zones: set[ZoneInfo] = {row.zone for row in hours}
    who = list(dict.fromkeys(row.provider_id for row in hours))
    since = min(day_bounds(first, zone)[0] for zone in zones)
    until = max(day_bounds(last, zone)[1] for zone in zones)
    busy = supply.all_with_busy([one.demand for one in wishes], since=since, until=until)
    ready = [replace(one, demand=demand) for one, demand in zip(wishes, busy, strict=True)]
    keeps = kept.kept_time(who)
    booked = keeps.booked(first, last)
    return (
        Book(
            hours=hours,
            closures=queries.closures_between(since, until),
            free=gaps.free_time(who, since=since, until=until, minutes=min(one.minutes for one in wishes)),
            kept={one.type_id: keeps.for_kind(one.type_id, now=now, booked=booked) for one in wishes},
            elsewhere=_elsewhere({one.patient_id for one in wishes}, since, until),
            now=minute_now(now),
            wall=keeps.wall,
            part=part,
        ),
        ready,
    )


def _elsewhere(patients: Collection[UUID], since: datetime, until: datetime) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = {}
    rows = Appointment.objects.holding().filter(
        patient_id__in=list(patients), starts_at__gte=since, starts_at__lt=until
    )
    for patient, begins, ends in rows.values_list("patient_id", "starts_at", "ends_at"):
        found.setdefault(patient, []).append(Span(minute_of(begins), minute_of(ends)))
    return found
