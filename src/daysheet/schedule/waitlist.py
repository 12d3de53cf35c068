"""Readings of the waitlist: who waits, which times are free again, who fits them, what was offered."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from daysheet.kernel.access import Actor, Can
from daysheet.patients.models import PatientPhone
from daysheet.practice.models import Provider
from daysheet.schedule import giving, kept, queries, supply
from daysheet.schedule.blocks import Kept
from daysheet.schedule.matching import LIVE, NOT_REACHED, Asked, FreedTime, Match, Wish, matches
from daysheet.schedule.models import Absence, Appointment, ResourceHold, SlotOffer, TypeNeed, WaitlistEntry
from daysheet.schedule.rules import HOLDING, KEPT_AT_MOST, LONGEST_BUFFER, MISSED
from daysheet.schedule.slots import NOTHING_ELSE, Demand, Hours, is_open_by, minute_of

OPEN = ("waiting", "offered")
"""States of those who still wait."""
GIVEN_UP = ("cancelled", "late_cancelled", "rescheduled")
"""Bookings that leave their time free."""
FOLLOWED_UP = timedelta(days=60)
"""How long a visit that was not kept stands on the desk's list."""
A_YEAR = timedelta(days=365)
CLOSE = timedelta(minutes=LONGEST_BUFFER)
MOST_FREED = 20
"""How many freed times the list shows; the next ones come first."""


@dataclass(frozen=True, slots=True)
class FreedRow:
    """A freed time as it is listed: the appointment that gave it up, how many fit it, how many are asked."""

    given_up: Appointment
    fits: int
    asked: int


@dataclass(frozen=True, slots=True)
class MatchRow:
    """Somebody who fits a freed time: the entry, the time within it, the number to call."""

    entry: WaitlistEntry
    match: Match
    phone: str


def entries(
    *, state: str = "", type_id: UUID | None = None, provider_id: UUID | None = None
) -> QuerySet[WaitlistEntry]:
    """Return those who wait in the order of asking, or the closed entries of a state, the latest first."""
    rows = WaitlistEntry.objects.select_related("patient", "type", "location", "moves__location")
    rows = rows.filter(state=state) if state else rows.filter(state__in=OPEN)
    if type_id:
        rows = rows.filter(type_id=type_id)
    if provider_id:
        rows = rows.filter(Q(provider_ids__len=0) | Q(provider_ids__contains=[provider_id]))
    return rows.order_by("-added_at", "id") if state else rows.order_by("priority", "added_at", "id")


def entry(entry_id: UUID) -> WaitlistEntry | None:
    """Return an entry with its patient, if it is of this practice."""
    rows = WaitlistEntry.objects.select_related("patient", "type", "location", "moves__location")
    return rows.filter(id=entry_id).first()


def open_entries_of(patient_id: UUID) -> QuerySet[WaitlistEntry]:
    """Return what a patient waits for."""
    return entries().filter(patient_id=patient_id)


def offers_of(entry_id: UUID) -> QuerySet[SlotOffer]:
    """Return what an entry was offered, the latest first."""
    rows = with_message(SlotOffer.objects.filter(entry_id=entry_id)).select_related("provider", "location")
    return rows.order_by("-offered_at")


def with_message(rows: QuerySet[SlotOffer]) -> QuerySet[SlotOffer]:
    """Return offers with what was written about them, without the bytes."""
    return rows.select_related("message__envelope", "message__link").defer("message__envelope__content")


def offers_for(given_up: Appointment) -> list[SlotOffer]:
    """Return the offers of a freed time, by whichever appointment gave it up, the first batch first."""
    rows = SlotOffer.objects.filter(
        provider_id=given_up.provider_id, starts_at__lt=given_up.ends_at, ends_at__gt=given_up.starts_at
    )
    people = ("patient", "entry__type", "entry__booked_as", "provider", "location")
    return list(with_message(rows.select_related(*people)).order_by("batch", "offered_at", "id"))


def offers_meeting(slots: Sequence[Appointment]) -> list[SlotOffer]:
    """Return the offers of some freed times, in one statement."""
    return list(SlotOffer.objects.filter(_meeting(slots)))


def offer(offer_id: UUID) -> SlotOffer | None:
    """Return an offer, if it is of this practice."""
    return SlotOffer.objects.filter(id=offer_id).first()


def asked_before(offers: Iterable[SlotOffer]) -> list[Asked]:
    """Return the offers of a freed time as the rule of batches reads them."""
    return [Asked(one.batch, one.offered_at, one.is_live, one.answer in NOT_REACHED) for one in offers]


def freed_appointments(now: datetime, *, day: date | None = None) -> QuerySet[Appointment]:
    """Return the appointments to come that were given up and whose time nobody has taken since, one for each time."""
    overlap = {"starts_at__lt": OuterRef("ends_at"), "ends_at__gt": OuterRef("starts_at")}
    taken = Appointment.objects.filter(provider_id=OuterRef("provider_id"), booking__in=HOLDING, **overlap)
    away = Absence.objects.filter(
        Q(provider_id=OuterRef("provider_id")) | Q(provider_id__isnull=True),
        Q(location_id=OuterRef("location_id")) | Q(location_id__isnull=True),
        **overlap,
    )
    rows = Appointment.objects.filter(
        ~Exists(taken),
        ~Exists(away),
        booking__in=GIVEN_UP,
        starts_at__gt=now,
        provider__left_on__isnull=True,
        location__closed_on__isnull=True,
    )
    if day:
        rows = rows.filter(on_day=day)
    order = ("starts_at", "provider_id", "ends_at")
    return rows.select_related("provider", "location", "type").order_by(*order, "-booked_at").distinct(*order)


def within_hours(slots: Sequence[Appointment]) -> list[Appointment]:
    """Return those of some freed times in which the clinician still sees patients at that door; one statement.

    Whoever keeps no hours sees patients at any time.
    """
    hours: dict[UUID, list[Hours]] = {}
    for row in queries.hours_of([one.provider_id for one in slots]) if slots else ():
        hours.setdefault(row.provider_id, []).append(row)
    return [
        one
        for one in slots
        if one.provider_id not in hours
        or is_open_by(
            hours[one.provider_id],
            location_id=one.location_id,
            day=one.on_day,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
        )
    ]


def may_ask_outside(by: Actor) -> bool:
    """Return whether somebody may offer a time outside the clinician's hours: a person who may book there."""
    return by.role != "system" and by.can(Can.OVERBOOK)


def is_free_again(given_up: Appointment, now: datetime) -> bool:
    """Return whether the time of an appointment is free and still to come."""
    same = {name: getattr(given_up, name) for name in ("provider_id", "starts_at", "ends_at")}
    return freed_appointments(now).filter(**same).exists()


def freed(now: datetime, *, day: date | None = None) -> list[FreedRow]:
    """Return the freed times to come with how many fit each, in five statements whatever the rows."""
    rows = list(freed_appointments(now, day=day)[:MOST_FREED])
    if not rows:
        return []
    fits = fitting(rows, now)
    live = list(SlotOffer.objects.filter(_meeting(rows), answer__in=LIVE))
    return [FreedRow(one, len(fits[one.id]), sum(is_same_time(offer, one) for offer in live)) for one in rows]


def fitting(
    slots: Sequence[Appointment], now: datetime, *, again: Collection[UUID] = ()
) -> dict[UUID, list[Match]]:
    """Return who fits each of some freed times, in the order of asking, in five statements.

    Left out are who gave the time up, who was asked about it before other than by the offers of `again`, who is booked
    elsewhere then, for whose kind of visit the time is not kept, whose kind of visit the clinician does not give, and
    whose visit needs something that is promised to others then. Two statements more where some visit needs anything,
    two where somebody needs an interpreter, one where a session counts what is booked in it.
    """
    if not slots:
        return {}
    wishes = _wishes(slots)
    needs = _needs(slots, wishes)
    asked = [one for one in offers_meeting(slots) if one.pk not in again]
    booked = list(
        Appointment.objects.holding()
        .filter(_overlapping(slots) | _close_to(slots))
        .only("patient_id", "provider_id", "starts_at", "ends_at", "kept_from", "kept_until", "lane")
    )
    shut = _Shut(slots, now)
    givers = giving.who_gives({one.wish.type_id for one in wishes if one.wish.type_id})
    moved = {one.moves for one in wishes if one.moves}
    found = {}
    for slot in slots:
        out = {slot.patient_id} | {one.patient_id for one in asked if is_same_time(one, slot)}
        busy = [one for one in booked if one.starts_at < slot.ends_at and one.ends_at > slot.starts_at]
        elsewhere = {one.patient_id: one.id for one in busy}
        time, wider = _with_neighbors(slot, booked, moved)
        left = (
            one.wish
            for one in wishes
            if giving.given_by(givers, one.wish.type_id, slot.provider_id)
            if one.wish.patient_id not in out and elsewhere.get(one.wish.patient_id) in (None, one.moves)
        )
        found[slot.id] = [
            one
            for one in matches(left, time, now=now, wider=wider)
            if not (shut.time.blocks and shut.to(slot, one))
            if one.wish.id not in needs
            or needs[one.wish.id].is_met(slot.location_id, minute_of(one.starts_at), one.wish.minutes)
        ]
    return found


def _with_neighbors(
    slot: Appointment, booked: Sequence[Appointment], moved: Collection[UUID]
) -> tuple[FreedTime, dict[UUID, FreedTime]]:
    """Return a freed time with what the clinician's visits beside it leave free, and as it is for those patients
    whose own visit lies beside it and would be given up.
    """
    beside = [one for one in booked if one.provider_id == slot.provider_id and not one.lane]

    def without(gone: UUID | None) -> FreedTime:
        stay = [one for one in beside if one.pk != gone]
        return replace(
            freed_time(slot),
            free_from=max((one.keeps[1] for one in stay if one.ends_at <= slot.starts_at), default=None),
            free_until=min((one.keeps[0] for one in stay if one.starts_at >= slot.ends_at), default=None),
        )

    return without(None), {one.patient_id: without(one.pk) for one in beside if one.pk in moved}


class _Shut:
    """What of some freed times is kept for other kinds of visit; worked out once for each kind."""

    def __init__(self, slots: Sequence[Appointment], now: datetime) -> None:
        self.now = now
        self.time = kept.kept_time(list({one.provider_id for one in slots}))
        days = [one.on_day for one in slots]
        self.booked = self.time.booked(min(days), max(days))
        self._known: dict[UUID | None, Kept] = {}

    def to(self, slot: Appointment, one: Match) -> bool:
        """Return whether a time is shut to the kind of visit that somebody waits for."""
        type_id = one.wish.type_id
        if type_id not in self._known:
            self._known[type_id] = self.time.for_kind(type_id, now=self.now, booked=self.booked)
        spans = self._known[type_id].cuts(slot.on_day).get((slot.provider_id, slot.location_id), ())
        begins, ends = minute_of(one.starts_at), minute_of(one.ends_at)
        return any(span.begins < ends and span.ends > begins for span in spans)


def count_of_matches(given_up: Appointment, now: datetime) -> int:
    """Return how many who wait fit the time of an appointment that was given up; none when it is not free."""
    return len(fitting([given_up], now)[given_up.id]) if is_free_again(given_up, now) else 0


def match_rows(given_up: Appointment, now: datetime, *, most: int) -> tuple[list[MatchRow], int]:
    """Return who is asked first about a freed time, with a number to call, and how many fit in all."""
    found = fitting([given_up], now)[given_up.id]
    first = found[:most]
    kept = {row.id: row for row in entries().filter(id__in=[one.wish.id for one in first])}
    phones = phones_of([one.wish.patient_id for one in first])
    rows = [
        MatchRow(kept[one.wish.id], one, phones.get(one.wish.patient_id, ""))
        for one in first
        if one.wish.id in kept
    ]
    return rows, len(found)


def phones_of(patient_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the first number of each patient."""
    rows = PatientPhone.objects.filter(patient_id__in=patient_ids).order_by("patient_id", "rank", "id")
    return {row.patient_id: row.number for row in rows.distinct("patient_id")}


def freed_time(given_up: Appointment) -> FreedTime:
    """Return the span that an appointment gave up, as the rule reads it."""
    return FreedTime(
        given_up.provider_id,
        given_up.location_id,
        given_up.location.zone,
        given_up.starts_at,
        given_up.ends_at,
    )


def missed(
    now: datetime, *, kind: str = "", unpaid: QuerySet[Appointment] | None = None
) -> QuerySet[Appointment]:
    """Return the visits of the last weeks that were not kept and that nobody has followed up, the latest first.

    Followed up is who has another visit, waits for one, or whose visit was closed with a reason. Of the `unpaid`, those
    about whose fee nobody has decided, only the last is followed up.
    """
    theirs = {"patient_id": OuterRef("patient_id")}
    again = Appointment.objects.filter(**theirs, booking__in=HOLDING, starts_at__gt=OuterRef("starts_at"))
    lost = Appointment.objects.filter(**theirs, booking__in=MISSED, starts_at__gt=now - A_YEAR)
    count = lost.values("patient_id").annotate(n=Count("id")).values("n")
    waits = WaitlistEntry.objects.filter(**theirs, state__in=OPEN)
    still_open = Q(is_again=False, is_waiting=False)
    rows = Appointment.objects.with_people().annotate(is_again=Exists(again), is_waiting=Exists(waits))
    rows = rows.filter(
        still_open if unpaid is None else still_open | Q(pk__in=unpaid.values("pk")),
        booking__in=[kind] if kind in MISSED else MISSED,
        starts_at__gt=now - FOLLOWED_UP,
        missed_closed="",
        patient__status__in=("active", "prospective"),
    )
    return rows.annotate(in_a_year=Subquery(count)).order_by("-starts_at", "id")


def expired_offers(now: datetime) -> QuerySet[SlotOffer]:
    """Return the offers that nobody has answered in time."""
    return SlotOffer.objects.filter(answer__in=LIVE, expires_at__lte=now)


def outlived_entries(today: date, now: datetime) -> QuerySet[WaitlistEntry]:
    """Return those who wait for a day that has gone by, or to come before a visit that has begun."""
    begun = Q(moves__starts_at__lte=now, moves__booking__in=(*HOLDING, "no_show"))
    return WaitlistEntry.objects.filter(Q(latest_on__lt=today) | begun, state="waiting")


def names_of(rows: Iterable[WaitlistEntry]) -> dict[UUID, str]:
    """Return the clinicians whom entries name, in one statement."""
    ids = {one for row in rows for one in row.provider_ids}
    return {who.id: str(who) for who in Provider.objects.filter(id__in=ids)}


WISH = (
    "id", "patient_id", "type__minutes", "priority", "added_at", "provider_ids", "location_id", "weekdays",
    "from_clock", "to_clock", "earliest_on", "latest_on", "notice_minutes", "moves_id", "moves__starts_at",
    "moves__booking", "type_id", "type__before_minutes", "type__after_minutes", "needs_more",
    "patient__needs_interpreter", "patient__language", "had",
)  # fmt: skip


class _Waits(NamedTuple):
    """Somebody who waits and may fit."""

    wish: Wish
    moves: UUID | None
    """The appointment that would be given up."""
    type_id: UUID | None
    """The kind of visit, where that needs resources."""
    speaks: str
    """For which language an interpreter is needed."""
    had: UUID | None
    """The kind of interpreter that the appointment has which would be moved."""


def _needs(slots: Sequence[Appointment], wishes: Sequence[_Waits]) -> dict[UUID, Demand]:
    """Return what the visits that entries wait for need, and when that is busy around some times."""
    offered = supply.interpreters() if any(one.speaks for one in wishes) else []
    kinds = {one.wish.id: one.had or supply.interpreter_for(one.speaks, offered) for one in wishes}
    asked = {one.wish.id: (one.type_id, kinds[one.wish.id]) for one in wishes}
    asked = {entry: need for entry, need in asked.items() if any(need)}
    if not asked:
        return {}
    types = {kind for kind, _speaks in asked.values() if kind}
    bare = supply.demands_of(types) if types else {}
    pools = supply.pools_of({kind for _type, kind in asked.values() if kind})
    demands = {
        (kind, speaks): supply.and_also(
            bare.get(kind, NOTHING_ELSE) if kind else NOTHING_ELSE, [pools[speaks]] if speaks else []
        )
        for kind, speaks in set(asked.values())
    }
    since, until = min(one.starts_at for one in slots) - CLOSE, max(one.ends_at for one in slots)
    busy = dict(
        zip(demands, supply.all_with_busy(list(demands.values()), since=since, until=until), strict=True)
    )
    return {entry: busy[need] for entry, need in asked.items()}


def _wishes(slots: Sequence[Appointment]) -> list[_Waits]:
    """Return those who wait and may fit one of some times.

    Plain columns: ten thousand may wait, and the rule needs no rows' identity.
    """
    days = [one.on_day for one in slots]
    needs = Exists(TypeNeed.objects.filter(type=OuterRef("type")))
    rows = WaitlistEntry.objects.filter(
        Q(provider_ids__len=0) | Q(provider_ids__overlap=list({one.provider_id for one in slots})),
        Q(location_id__isnull=True) | Q(location_id__in={one.location_id for one in slots}),
        Q(weekdays__len=0) | Q(weekdays__overlap=list({one.weekday() for one in days})),
        Q(earliest_on__isnull=True) | Q(earliest_on__lte=max(days)),
        Q(latest_on__isnull=True) | Q(latest_on__gte=min(days)),
        state="waiting",
        type__minutes__lte=max(one.minutes for one in slots),
        patient__status__in=("active", "prospective"),
    )
    promised = ResourceHold.objects.filter(
        appointment=OuterRef("moves"), is_held=True, resource__kind__sort="interpreter"
    )
    had = Subquery(promised.order_by("resource__kind_id").values("resource__kind_id")[:1])
    return [
        _Waits(
            Wish(
                id=one["id"],
                patient_id=one["patient_id"],
                minutes=one["type__minutes"],
                priority=one["priority"],
                since=one["added_at"],
                provider_ids=frozenset(one["provider_ids"]),
                location_id=one["location_id"],
                weekdays=frozenset(one["weekdays"]),
                from_clock=one["from_clock"],
                to_clock=one["to_clock"],
                earliest_on=one["earliest_on"],
                latest_on=one["latest_on"],
                notice=timedelta(minutes=one["notice_minutes"]),
                type_id=one["type_id"],
                before_minutes=one["type__before_minutes"],
                after_minutes=one["type__after_minutes"],
                before=one["moves__starts_at"] if one["moves__booking"] in (*HOLDING, "no_show") else None,
            ),
            one["moves_id"],
            one["type_id"] if one["needs_more"] else None,
            _speaks(one),
            one["had"],
        )
        for one in rows.annotate(needs_more=needs, had=had).values(*WISH)
    ]


def _speaks(one: dict[str, Any]) -> str:
    """Return the language for which an interpreter is booked anew; a visit that is moved keeps the one that it has."""
    is_moved = one["moves__booking"] == "scheduled"
    return one["patient__language"] if one["patient__needs_interpreter"] and not is_moved else ""


def _overlapping(slots: Sequence[Appointment]) -> Q:
    """Return the condition that something lies in one of some times."""
    return reduce(or_, (Q(starts_at__lt=one.ends_at, ends_at__gt=one.starts_at) for one in slots))


def _close_to(slots: Sequence[Appointment]) -> Q:
    """Return the condition that a visit of the same clinician may leave too little free beside one of some times."""
    near = (
        Q(
            provider_id=one.provider_id,
            starts_at__lt=one.ends_at + 2 * CLOSE,
            starts_at__gt=one.starts_at - KEPT_AT_MOST - CLOSE,
            ends_at__gt=one.starts_at - 2 * CLOSE,
        )
        for one in slots
    )
    return reduce(or_, near)


def _meeting(slots: Sequence[Appointment]) -> Q:
    """Return the condition that something lies in one of some times of the same clinician."""
    return reduce(
        or_,
        (
            Q(provider_id=one.provider_id, starts_at__lt=one.ends_at, ends_at__gt=one.starts_at)
            for one in slots
        ),
    )


def is_same_time(offer: SlotOffer, given_up: Appointment) -> bool:
    """Return whether an offer is about a freed time, by whichever appointment gave it up."""
    same = offer.provider_id == given_up.provider_id
    return same and offer.starts_at < given_up.ends_at and offer.ends_at > given_up.starts_at
