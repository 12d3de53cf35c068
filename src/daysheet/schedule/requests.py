"""Readings of visits asked for from home: what a patient may ask for, which times are free, what waits for the desk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from daysheet.kernel.clock import local_day
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Provider
from daysheet.schedule import limits, missed_fees, queries, supply
from daysheet.schedule.models import Appointment, ResourceKind, SelfBooking, VisitRequest
from daysheet.schedule.requesting import A_DAY, DAYS, SHOWN, Asker
from daysheet.schedule.rules import HOLDING, MISSED
from daysheet.schedule.slots import OpenSlot
from daysheet.schedule.waitlist import A_YEAR

WAITING = ("asked", "proposed")
DECIDED_SHOWN = timedelta(days=14)
FARTHEST = timedelta(days=366 + DAYS)
"""How far ahead at most a free time was shown to a patient: a wish is at most a year ahead."""
MOVES = 20
"""So often at most a visit is followed to where it was moved."""
PEOPLE = (
    "patient",
    "type",
    "provider",
    "location",
    "offered_provider",
    "offered_location",
    "appointment__provider",
    "appointment__location",
    "envelope",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """When a patient would come: with whom and where, from which day on, on which days, in which part of the day."""

    provider_id: UUID | None = None
    location_id: UUID | None = None
    earliest_on: date | None = None
    weekdays: Sequence[int] = ()
    part: str = "any"


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A free time as a patient chooses it; the moment is on the door's wall clock."""

    key: str
    local: datetime
    who: str
    where: str


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """The next free times, by day."""

    days: list[tuple[date, list[FreeTime]]] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """Return what may be chosen."""
        return [one.key for _day, times in self.days for one in times]


def rules() -> QuerySet[SelfBooking]:
    """Return the kinds that are opened to asking from home."""
    rows = SelfBooking.objects.filter(is_active=True, type__is_active=True).select_related("type")
    return rows.order_by("type__rank", "type__name")


def rules_by_kind() -> Mapping[UUID, SelfBooking]:
    """Return what was said of each kind, whether it holds or not."""
    return {one.type_id: one for one in SelfBooking.objects.select_related("type")}


def rule_of(type_id: UUID) -> SelfBooking | None:
    """Return what holds for a kind; None where patients may not ask for it."""
    return rules().filter(type_id=type_id).first()


def kinds_for(patient: Patient, today: date) -> list[SelfBooking]:
    """Return the kinds that a patient may ask for: those open to it that are meant for such a patient."""
    found = list(rules())
    asks = any(one.type.limits.asks_history for one in found)
    seen = asks and queries.was_seen(patient.pk, today)
    age = limits.age_on(patient.born_on, today)
    return [
        one for one in found if not limits.broken(one.type.limits, age=age, sex=patient.sex, was_seen=seen)
    ]


def request(request_id: UUID) -> VisitRequest | None:
    """Return a request with its people."""
    return (
        VisitRequest.objects.select_related(*PEOPLE).defer("envelope__content").filter(pk=request_id).first()
    )


def waiting() -> QuerySet[VisitRequest]:
    """Return what waits for an answer, of the desk first, the oldest first."""
    rows = VisitRequest.objects.select_related(*PEOPLE).defer("envelope__content")
    return rows.filter(state__in=WAITING).order_by("state", "asked_at", "id")


def decided(now: datetime) -> QuerySet[VisitRequest]:
    """Return what was answered or withdrawn lately, the latest first."""
    rows = VisitRequest.objects.select_related(*PEOPLE).defer("envelope__content")
    rows = rows.filter(state__in=("booked", "declined", "withdrawn"), decided_at__gte=now - DECIDED_SHOWN)
    return rows.order_by("-decided_at", "-id")


def of_patient(patient_id: UUID) -> list[VisitRequest]:
    """Return what of a patient waits for an answer."""
    rows = VisitRequest.objects.select_related("type").filter(patient_id=patient_id, state__in=WAITING)
    return list(rows.order_by("asked_at"))


def standing(booked: Appointment) -> Appointment:
    """Return the visit that came of a booking: the one to which it was moved, if it was."""
    for _turn in range(MOVES):
        if booked.moved_to_id is None:
            break
        booked = Appointment.objects.with_people().get(pk=booked.moved_to_id)
    return booked


def asker(patient: Patient, type_id: UUID, now: datetime, zone: ZoneInfo) -> Asker:
    """Return what counts of a patient who asks for a kind of visit; three statements."""
    today = local_day(now, zone)
    held = missed_fees.restrictions_on(patient.pk, today)
    mine = Appointment.objects.filter(patient_id=patient.pk)
    return Asker(
        status=str(patient.status),
        is_restricted=any(one.kind != "remind_twice" for one in held),
        missed=mine.filter(booking__in=MISSED, starts_at__gt=now - A_YEAR).count(),
        has_one=mine.filter(type_id=type_id, booking="scheduled", starts_at__gt=now).exists(),
    )


def free_times(rule: SelfBooking, patient: Patient, wish: Wish, now: datetime, zone: ZoneInfo) -> FreeTimes:
    """Return the next times that a patient may choose: free, in the office's notice, not beside an own visit."""
    slots = _open(rule, patient, wish, now, zone)
    people = {one.pk: str(one) for one in practice.providers()}
    doors = {one.pk: one for one in practice.locations()}
    days: dict[date, list[FreeTime]] = {}
    for slot in slots:
        door = doors.get(slot.location_id)
        if door is not None and len(days.get(slot.day, ())) < A_DAY and sum(map(len, days.values())) < SHOWN:
            days.setdefault(slot.day, []).append(_shown(slot, people, door, has_doors=len(doors) > 1))
    return FreeTimes(list(days.items()))


def is_open(rule: SelfBooking, patient: Patient, time: tuple[UUID, UUID, datetime], now: datetime) -> bool:
    """Return whether a time is one that a patient may still choose: free, and not sooner than the office's notice."""
    soonest = now + timedelta(hours=rule.notice_hours)
    if not soonest <= time[2] <= soonest + FARTHEST:
        return False
    return is_free(rule.type_id, patient, time, now)


def is_free(type_id: UUID, patient: Patient, time: tuple[UUID, UUID, datetime], now: datetime) -> bool:
    """Return whether a visit of a kind fits a time with all that it needs."""
    provider_id, location_id, starts_at = time
    door = Location.objects.filter(pk=location_id, closed_on=None).first()
    if door is None:
        return False
    day = local_day(starts_at, door.zone)
    minutes, demand = supply.demand_of(type_id, also_needs(patient))
    local = starts_at.astimezone(door.zone)
    # This span alone: times are laid one behind the other from where a search begins.
    span = (local.time(), (local + timedelta(minutes=minutes)).time())
    search = queries.SlotSearch(minutes, [provider_id], location_id, day, day, now, span, demand, type_id)
    looked = queries.look_for(search, limit=5, explain=False)
    return any(one.starts_at == starts_at for one in looked.slots)


def booked_from_home(type_id: UUID, days: Collection[date]) -> dict[tuple[UUID, date], int]:
    """Return how many of a kind were booked at once from home, by clinician and day, and still hold; one statement."""
    rows = VisitRequest.objects.filter(
        was_at_once=True,
        appointment__type_id=type_id,
        appointment__booking__in=HOLDING,
        appointment__on_day__in=list(days),
    )
    counted = rows.values_list("appointment__provider_id", "appointment__on_day").annotate(n=Count("id"))
    return {(who, day): n for who, day, n in counted}


def also_needs(patient: Patient) -> list[UUID]:
    """Return the interpreter that a patient needs, where the office has one."""
    if not patient.needs_interpreter:
        return []
    every: list[ResourceKind] = supply.interpreters()
    return [one.pk for one in every if one.language and one.language == patient.language][:1]


def whom() -> list[Provider]:
    """Return the clinicians whom a patient may wish to see: those with hours."""
    keep = {one.provider_id for one in queries.hours_of(None)}
    return [one for one in practice.providers() if one.pk in keep]


def _open(rule: SelfBooking, patient: Patient, wish: Wish, now: datetime, zone: ZoneInfo) -> list[OpenSlot]:
    soonest = now + timedelta(hours=rule.notice_hours)
    first = max(local_day(soonest, zone), wish.earliest_on or date.min)
    minutes, demand = supply.demand_of(rule.type_id, also_needs(patient))
    search = queries.SlotSearch(
        minutes,
        [wish.provider_id] if wish.provider_id else None,
        wish.location_id,
        first,
        first + timedelta(days=DAYS),
        now,
        wish.part or "any",
        demand,
        rule.type_id,
        tuple(wish.weekdays) or range(7),
    )
    found = queries.look_for(search, limit=SHOWN * 10, per_day=20, explain=False).slots
    found = [one for one in found if one.starts_at >= soonest]
    if not found:
        return []
    mine = list(
        Appointment.objects.holding()
        .filter(Q(starts_at__lt=found[-1].ends_at), patient_id=patient.pk, ends_at__gt=now)
        .values_list("starts_at", "ends_at")
    )
    counts = booked_from_home(rule.type_id, {one.day for one in found}) if rule.how == "at_once" else {}
    return [
        one
        for one in found
        if counts.get((one.provider_id, one.day), 0) < rule.most_a_day
        and not any(begins < one.ends_at and ends > one.starts_at for begins, ends in mine)
    ]


def _shown(slot: OpenSlot, people: Mapping[UUID, str], door: Location, *, has_doors: bool) -> FreeTime:
    return FreeTime(
        key=slot.key,
        local=slot.starts_at.astimezone(door.zone),
        who=people.get(slot.provider_id, ""),
        where=door.name if has_doors else "",
    )
