"""The slot finder: what is asked for, what fits, and what the patient has already."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import SimpleLazyObject

from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Provider
from daysheet.schedule import giving, limits, patterns, queries, supply
from daysheet.schedule.held import Held, who_holds
from daysheet.schedule.kept_words import say_shut
from daysheet.schedule.models import Appointment, AppointmentType, ClinicianTeam, ResourceKind
from daysheet.schedule.on_offer import AskedAbout, OnOffer, asked_about
from daysheet.schedule.ranking import Why, ranked
from daysheet.schedule.rules import PARTS
from daysheet.schedule.slots import NOTHING_ELSE, Between, Demand, OpenSlot
from daysheet.schedule.whynot import Lack

DAYS = 60
"""How far ahead the finder looks."""
SHOWN, A_DAY, BEST = 9, 3, 3
"""Times that are shown, of one day, and as the best ones."""
CONSIDERED = 20
"""Times of one day among which the best are chosen."""
EVERY_DAY = tuple(range(7))


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
    why: tuple[Why, ...] = ()
    held: Held | None = None
    """Who holds it while they book."""
    asked: AskedAbout | None = None
    """How many who wait are asked about it."""

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
    teams: Sequence[ClinicianTeam] = ()
    languages: Mapping[str, set[UUID]] = field(default_factory=dict)
    """Who speaks which language beside English."""
    usual_id: UUID | None = None
    best: list[Choice] = field(default_factory=list)
    kept: Sequence[str] = ()
    """Which kept time stood against an earlier one, in words."""
    has_hours: bool = True
    days: list[tuple[date, list[Choice]]] = field(default_factory=list)
    has: Sequence[Appointment] = ()
    """What the patient has already; read when it is looked at, since a booking that goes through does not."""
    demand: Demand = NOTHING_ELSE
    """What the visit takes beside its own minutes."""
    lacks: Sequence[Lack] = ()
    """What stood against an earlier time."""
    not_given: str = ""
    """That none of those who are asked for gives the kind of visit, and who does."""
    against: Sequence[str] = ()
    """What of the office's rule for the kind of visit the patient does not meet."""
    moving: Appointment | None = None
    """The visit that is moved: within its kind it keeps its length."""

    @property
    def first(self) -> Choice | None:
        """Return the best slot that does not clash, the one chosen when the page opens; a held one as the last."""
        return next(iter(self.to_offer), None)

    @property
    def to_offer(self) -> list[Choice]:
        """Return what does not clash, the best first; what others hold or are asked about stands behind."""
        return sorted(
            (one for one in self.every if not one.clashes),
            key=lambda one: one.held is not None or one.asked is not None,
        )

    @property
    def every(self) -> list[Choice]:
        """Return all that is shown, the best first."""
        return [*self.best, *(choice for _day, choices in self.days for choice in choices)]

    @property
    def type(self) -> AppointmentType | None:
        """Return the kind of visit that is asked for."""
        return next((kind for kind in self.types if kind.id == self.wanted.get("type")), None)

    @property
    def who(self) -> list[UUID] | None:
        """Return with whom it may be: the one chosen, else those of the team, of these who speak the language."""
        team, language = self.wanted.get("team"), self.wanted.get("language")
        whom: list[UUID] | None = None
        if self.wanted.get("who"):
            whom = [self.wanted["who"]]
        elif team:
            rows = (each for one in self.teams if one.pk == team for each in one.members.all())
            whom = [one.provider_id for one in rows]
        if not language:
            return whom
        speak = self.languages.get(language, set())
        return sorted(speak) if whom is None else [one for one in whom if one in speak]

    @property
    def is_narrow(self) -> bool:
        """Return whether more is asked of the time than is at hand on the page."""
        wanted = self.wanted
        return (
            bool(wanted.get("team") or wanted.get("language") or wanted.get("after") or wanted.get("before"))
            or tuple(wanted.get("weekdays") or EVERY_DAY) != EVERY_DAY
        )


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
    types = queries.TYPES()
    if moving and moving.type_id not in {one.pk for one in types}:
        types.append(moving.type)  # booked no more, but this visit is of that kind
    providers, locations = practice.PROVIDERS(day=today), practice.LOCATIONS()
    usual = patient.usual_provider_id if any(p.id == patient.usual_provider_id for p in providers) else None
    proposed = usual if types and _gives(usual, types[0]) else None
    wanted: dict[str, Any] = {
        "type": moving.type_id if moving else (types[0].id if types else None),
        "who": moving.provider_id if moving else proposed,
        "where": moving.location_id if moving else _door(proposed, providers, location_id, today),
        "from_day": max(today, moving.on_day) if moving else today,
        "part": "any",
    }
    interpreters = supply.interpreters()
    wanted["interpreter"] = _interpreter(patient, interpreters, moving)
    languages = patterns.languages()
    speak = languages.get(patient.language, set())
    # The patient's language is proposed where the clinician who is proposed speaks it, or none is.
    wanted["language"] = patient.language if speak and wanted["who"] in {None, *speak} else ""
    wanted |= {"team": None, "weekdays": EVERY_DAY, "after": None, "before": None}
    coming = partial(_coming, patient.id, now, moving.id if moving else None)
    teams = patterns.teams_to_ask()
    return Finder(
        types,
        providers,
        locations,
        wanted,
        interpreters,
        teams,
        languages,
        usual,
        has=cast("Sequence[Appointment]", SimpleLazyObject(coming)),
        moving=moving,
    )


def _gives(usual: UUID | None, kind: AppointmentType) -> bool:
    """Return whether the usual clinician gives a kind of visit; asked only where not all do."""
    if usual is None or not giving.names_somebody(kind):
        return True
    return giving.given_by(giving.who_gives([kind.pk]), kind.pk, usual)


def _door(usual: UUID | None, providers: Sequence[Provider], here: UUID | None, today: date) -> UUID | None:
    """Return the door that is proposed: this one, or that of the usual clinician who never sees anybody here."""
    door = next((one.location_id for one in providers if one.id == usual), None)
    if usual is None or here is None or door in (None, here):
        return here
    return here if queries.hours_in_force(usual, today).filter(location_id=here).exists() else door


def _coming(patient_id: UUID, now: datetime, moving_id: UUID | None) -> list[Appointment]:
    """Return what a patient has to come beside the visit that is moved."""
    return [one for one in queries.COMING(patient=patient_id, now=now) if one.pk != moving_id]


def look(
    found: Finder,
    *,
    patient: Patient,
    now: datetime,
    held: Sequence[Held] = (),
    offers: Sequence[OnOffer] = (),
    since: datetime | None = None,
) -> Finder:
    """Fill the finder with the next slots that fit what is wanted, and with what stands against it.

    What others hold while they book, or may still take by an offer, is offered behind what is free. With `since`
    nothing before that moment is looked for.
    """
    wanted = found.wanted
    kind = found.type
    if kind is None:
        return found
    also = [wanted["interpreter"]] if wanted.get("interpreter") else []
    minutes, found.demand = supply.demand_of(kind.id, also)
    if found.moving is not None and found.moving.type_id == kind.id:
        minutes = found.moving.minutes
    search = queries.SlotSearch(
        minutes,
        found.who,
        wanted.get("where"),
        wanted["from_day"],
        wanted["from_day"] + timedelta(days=DAYS),
        now,
        between(wanted),
        found.demand,
        kind.id,
        wanted.get("weekdays") or EVERY_DAY,
        since,
    )
    looked = queries.look_for(search, limit=CONSIDERED * A_DAY, per_day=CONSIDERED)
    found.lacks, found.has_hours = looked.lacks, looked.has_hours
    found.not_given = "" if looked.has_hours else giving.why_not(kind, found.who)
    found.kept = [say_shut(one, looked.wall) for one in looked.kept]
    found.against = _against(kind, patient, wanted["from_day"])
    _show(found, looked.slots, held, offers)
    return found


def next_after(found: Finder, moment: datetime, day: date, **around: Any) -> list[Choice]:
    """Return the times that fit from a moment on, the earliest first; what others hold or are asked about stands behind.

    `around` is what `look` takes beside it.
    """
    near = replace(found, wanted=found.wanted | {"from_day": day}, best=[], days=[])
    look(near, since=moment, **around)
    fits = (one for one in near.every if not one.clashes)
    return sorted(fits, key=lambda one: (one.held is not None or one.asked is not None, one.starts_at))


def between(wanted: dict[str, Any]) -> str | Between:
    """Return in which part of the day it may be: the part that was chosen, cut to the hours that were typed."""
    part = wanted.get("part") or "any"
    after, before = wanted.get("after"), wanted.get("before")
    if not after and not before:
        return str(part)
    first, last = PARTS[part]
    return max(first, after or first), min(last, before or last)


def _show(found: Finder, slots: Sequence[OpenSlot], held: Sequence[Held], offers: Sequence[OnOffer]) -> None:
    """Choose which times are shown: the first of each day, and the best of all."""
    holds = {one.key: _holding(one, held) for one in slots} if held else {}
    asked = {
        one.key: asked_about(offers, one.provider_id, one.starts_at, one.ends_at) for one in slots if offers
    }
    taken = {key for key, stands in [*holds.items(), *asked.items()] if stands}
    people = {provider.id: str(provider) for provider in found.providers}
    doors = {location.id: location for location in found.locations}
    clashing = {
        one.key
        for one in slots
        if any(has.starts_at < one.ends_at and has.ends_at > one.starts_at for has in found.has)
    }
    shortest = min((kind.minutes for kind in found.types), default=0)
    # Where the usual clinician alone is asked for, it need not be said of each time.
    usual = None if found.wanted.get("who") else found.usual_id
    order = ranked(slots, usual_id=usual, shortest=shortest, clashing=clashing, held=taken)
    why = {one.slot.key: one.why for one in order}

    def choice(slot: OpenSlot) -> Choice:
        told = _choice(slot, people, doors, clashing, why[slot.key], show_where=len(doors) > 1)
        if slot.key not in taken:
            return told
        return replace(told, held=holds.get(slot.key), asked=asked.get(slot.key))

    free = [slot for slot in slots if slot.key not in taken]
    best = [one.slot for one in order[:BEST] if one.slot.key not in clashing | taken]
    # The best stand apart where they are not simply the next ones.
    apart = best if best != free[: len(best)] else []
    found.best = [choice(one) for one in apart]
    found.days = [
        (day, [choice(one) for one in mine]) for day, mine in _by_day(slots, set(apart), taken).items()
    ]


def _by_day(
    slots: Sequence[OpenSlot], apart: Collection[OpenSlot], taken: Collection[str]
) -> dict[date, list[OpenSlot]]:
    """Return the next times of each day; what is held stands behind the free ones before which it would come."""
    days: dict[date, list[OpenSlot]] = {}
    behind: dict[date, list[OpenSlot]] = {}
    for slot in slots:
        is_room = len(days.get(slot.day, ())) < A_DAY and sum(map(len, days.values())) < SHOWN
        if not is_room or slot in apart:
            continue
        if slot.key not in taken:
            days.setdefault(slot.day, []).append(slot)
        elif len(behind.setdefault(slot.day, [])) < A_DAY:
            behind[slot.day].append(slot)
    every = sorted({*days, *behind})
    return {day: [*days.get(day, ()), *behind.get(day, ())] for day in every}


def _holding(slot: OpenSlot, held: Sequence[Held]) -> Held | None:
    return who_holds(held, slot.provider_id, slot.starts_at, slot.ends_at)


def _interpreter(
    patient: Patient, interpreters: Sequence[ResourceKind], moving: Appointment | None
) -> UUID | None:
    """Return the kind of interpreter that is asked for at first: the one promised before, else the patient's."""
    if not interpreters:
        return None
    if moving:
        had = {one.kind_id for one in supply.promised(moving.id)}
        return next((one.id for one in interpreters if one.id in had), None)
    return supply.interpreter_for(patient.language, interpreters) if patient.needs_interpreter else None


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
    clashing: Collection[str],
    why: tuple[Why, ...],
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
        clashes=slot.key in clashing,
        why=why,
    )
