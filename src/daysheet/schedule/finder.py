"""The slot finder: what is asked for, what fits, and what the patient has already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Provider
from daysheet.schedule import limits, queries, supply
from daysheet.schedule.models import Appointment, AppointmentType, ResourceKind
from daysheet.schedule.slots import NOTHING_ELSE, Demand, OpenSlot
from daysheet.schedule.whynot import Lack

DAYS = 60
"""How far ahead the finder looks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A slot as it is offered: its key, when, with whom, where, and what stands against it."""

    key: str
    starts_at: datetime
    local: datetime
    zone_word: str
    who: str
    where: str
    clashes: bool

    @property
    def is_odd(self) -> bool:
        """Return whether the day's clock jumps, so that the zone must be said."""
        first = self.local.replace(hour=0, minute=0)
        return first.utcoffset() != (first + timedelta(days=1)).utcoffset()


@dataclass(slots=True)
class Finder:
    """Everything the page of booking or moving shows beside the patient."""

    types: Sequence[AppointmentType]
    providers: Sequence[Provider]
    locations: Sequence[Location]
    wanted: dict[str, Any]
    interpreters: Sequence[ResourceKind] = ()
    days: list[tuple[date, list[Choice]]] = field(default_factory=list)
    has: QuerySet[Appointment] | tuple[()] = ()
    """What the patient has already; read when it is looked at, since a booking that goes through does not."""
    demand: Demand = NOTHING_ELSE
    """What the visit takes beside its own minutes."""
    lacks: Sequence[Lack] = ()
    """What stood against an earlier time."""
    against: Sequence[str] = ()
    """What of the office's rule for the kind of visit the patient does not meet."""

    @property
    def first(self) -> Choice | None:
        """Return the first slot that does not clash, the one chosen when the page opens."""
        every = [choice for _day, choices in self.days for choice in choices]
        return next((choice for choice in every if not choice.clashes), None)

    @property
    def type(self) -> AppointmentType | None:
        """Return the kind of visit that is asked for."""
        return next((kind for kind in self.types if kind.id == self.wanted.get("type")), None)


def finder(
    *,
    patient: Patient,
    today: date,
    now: datetime,
    zone: ZoneInfo,
    location_id: UUID | None,
    moving: Appointment | None,
) -> Finder:
    """Return the finder as it opens: the usual type, the usual clinician, this door, from today."""
    types = list(queries.types())
    providers = list(practice.providers(day=today))
    locations = list(practice.locations())
    usual = patient.usual_provider_id if any(p.id == patient.usual_provider_id for p in providers) else None
    wanted: dict[str, Any] = {
        "type": moving.type_id if moving else (types[0].id if types else None),
        "who": moving.provider_id if moving else usual,
        "where": moving.location_id if moving else location_id,
        "from_day": max(today, moving.on_day) if moving else today,
        "part": "any",
    }
    interpreters = supply.interpreters()
    wanted["interpreter"] = _interpreter(patient, interpreters, moving)
    has = queries.of_patient(patient.id, since=now)
    if moving:
        has = has.exclude(id=moving.id)
    return Finder(types, providers, locations, wanted, interpreters, has=has)


def look(
    found: Finder, *, patient: Patient, now: datetime, limit: int = 9, per_day: int | None = 3
) -> Finder:
    """Fill the finder with the next slots that fit what is wanted, and with what stands against it."""
    wanted = found.wanted
    kind = found.type
    if kind is None:
        return found
    also = [wanted["interpreter"]] if wanted.get("interpreter") else []
    minutes, found.demand = supply.demand_of(kind.id, also)
    search = queries.SlotSearch(
        minutes,
        [wanted["who"]] if wanted.get("who") else None,
        wanted.get("where"),
        wanted["from_day"],
        wanted["from_day"] + timedelta(days=DAYS),
        now,
        wanted.get("part") or "any",
        found.demand,
        kind.id,
    )
    slots, found.lacks = queries.slots_and_lacks(search, limit=limit, per_day=per_day)
    found.against = _against(kind, patient, wanted["from_day"])
    people = {provider.id: str(provider) for provider in found.providers}
    doors = {location.id: location for location in found.locations}
    days: dict[date, list[Choice]] = {}
    for slot in slots:
        days.setdefault(slot.day, []).append(
            _choice(slot, people, doors, found.has, show_where=len(doors) > 1)
        )
    found.days = list(days.items())
    return found


def _interpreter(
    patient: Patient, interpreters: Sequence[ResourceKind], moving: Appointment | None
) -> UUID | None:
    """Return the kind of interpreter that is asked for at first: the one promised before, else the patient's."""
    if not interpreters:
        return None
    if moving:
        had = {one.kind_id for one in supply.promised(moving.id)}
        return next((one.id for one in interpreters if one.id in had), None)
    theirs = (one.id for one in interpreters if one.language and one.language == patient.language)
    return next(theirs, None) if patient.needs_interpreter else None


def _against(kind: AppointmentType, patient: Patient, day: date) -> list[str]:
    """Return what of the office's rule for a kind of visit a patient would not meet on a day."""
    rule = kind.limits
    if rule == limits.Limits():
        return []
    seen = rule.asks_history and queries.was_seen(patient.id, day)
    return limits.broken(rule, age=limits.age_on(patient.born_on, day), sex=patient.sex, was_seen=seen)


def _choice(
    slot: OpenSlot,
    people: dict[UUID, str],
    doors: dict[UUID, Location],
    has: Iterable[Appointment],
    *,
    show_where: bool,
) -> Choice:
    door = doors.get(slot.location_id)
    local = slot.starts_at.astimezone(door.zone if door else slot.starts_at.tzinfo)
    return Choice(
        key=slot.key,
        starts_at=slot.starts_at,
        local=local,
        zone_word=local.tzname() or "",
        who=people.get(slot.provider_id, ""),
        where=door.name if door and show_where else "",
        clashes=any(one.starts_at < slot.ends_at and one.ends_at > slot.starts_at for one in has),
    )
