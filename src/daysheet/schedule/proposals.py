"""When the visits that a closing meets could be instead: for three hundred of them from one reading of the book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from daysheet.kernel.clock import day_bounds
from daysheet.schedule import gaps, giving, queries, supply
from daysheet.schedule.blocks import Booked
from daysheet.schedule.kept import KeptTime, kept_time
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import SHORTEST
from daysheet.schedule.slots import (
    NOTHING_ELSE,
    Closure,
    Demand,
    Hours,
    OpenSlot,
    Span,
    minute_of,
    open_slots,
    without,
)

SAME, OTHER = "same", "other"
WAYS = (SAME, OTHER)
"""The same clinician at the next free time, or another clinician on the same day."""
AHEAD = 28
"""Days in which the same clinician's next free time is looked for."""


Needs = tuple[UUID, tuple[UUID, ...]]
"""A kind of visit, and the interpreters beyond it."""


@dataclass(slots=True)
class _Book:
    """What was read of the book for all visits together; what is proposed to one is free for no other."""

    hours: list[Hours]
    closures: list[Closure]
    free: dict[UUID, list[Span]]
    demands: dict[Needs, Demand]
    speak: dict[UUID, tuple[UUID, ...]]
    """The kinds of interpreter that each visit takes along."""
    elsewhere: dict[UUID, list[tuple[UUID, Span]]]
    whole: Span
    kept: KeptTime
    booked: Booked
    givers: giving.Givers


def propose(visits: Sequence[Appointment], *, how: str, now: datetime) -> dict[UUID, OpenSlot]:
    """Return a time for each visit that finds one, the earliest visit first.

    In eleven statements for any number, or in twelve where some of them have an interpreter, who is free then too.
    """
    if not visits:
        return {}
    rows = sorted(visits, key=lambda one: (one.starts_at, one.pk))
    book = _read(rows, how=how, now=now)
    found = {}
    for one in rows:
        slot = _place(book, one, how=how, now=now)
        if slot is not None:
            found[one.pk] = slot
    return found


def _read(rows: Sequence[Appointment], *, how: str, now: datetime) -> _Book:
    last = max(one.on_day for one in rows) + timedelta(days=AHEAD if how == SAME else 0)
    zones = {one.location.zone for one in rows}
    since = min(day_bounds(rows[0].on_day, zone)[0] for zone in zones)
    until = max(day_bounds(last, zone)[1] for zone in zones)
    hours = queries.hours_of(list({one.provider_id for one in rows}) if how == SAME else None)
    who = list(dict.fromkeys(row.provider_id for row in hours))
    bare = supply.demands_of({one.type_id for one in rows})
    kept = {one.type_id: (one.type.before_minutes, one.type.after_minutes) for one in rows}
    speak = supply.interpreters_promised([one.pk for one in rows])
    pools = supply.pools_of({kind for kinds in speak.values() for kind in kinds})
    demands = {
        (kind, also): replace(
            supply.and_also(bare.get(kind, NOTHING_ELSE), [pools[one] for one in also]),
            before=kept[kind][0],
            after=kept[kind][1],
        )
        for kind, also in {(one.type_id, speak.get(one.pk, ())) for one in rows}
    }
    busy = supply.all_with_busy(list(demands.values()), since=since, until=until)
    elsewhere: dict[UUID, list[tuple[UUID, Span]]] = {}
    theirs = Appointment.objects.holding().filter(
        patient_id__in={one.patient_id for one in rows}, starts_at__gte=since, starts_at__lt=until
    )
    for patient, pk, begins, ends in theirs.values_list("patient_id", "id", "starts_at", "ends_at"):
        elsewhere.setdefault(patient, []).append((pk, Span(minute_of(begins), minute_of(ends))))
    keeps = kept_time(who)
    return _Book(
        hours=hours,
        closures=queries.closures_between(since, until),
        free=gaps.free_time(who, since=since, until=until, minutes=SHORTEST) if who else {},
        demands=dict(zip(demands, busy, strict=True)),
        speak=speak,
        elsewhere=elsewhere,
        whole=Span(minute_of(since), minute_of(until)),
        kept=keeps,
        booked=keeps.booked(rows[0].on_day, last),
        givers=giving.who_gives({one.type_id for one in rows}),
    )


def _place(book: _Book, one: Appointment, *, how: str, now: datetime) -> OpenSlot | None:
    """Return the first time that a visit fits, and keep it from the others."""
    mine = _who(book.hours, one, how=how)
    days = [one.on_day + timedelta(days=n) for n in range(AHEAD + 1)] if how == SAME else [one.on_day]
    taken = [span for pk, span in book.elsewhere.get(one.patient_id, []) if pk != one.pk]
    mine = [row for row in mine if giving.given_by(book.givers, one.type_id, row.provider_id)]
    who = {row.provider_id for row in mine}
    free = {pk: _left(book, pk, taken) for pk in who}
    demand = book.demands[one.type_id, book.speak.get(one.pk, ())]
    slots = _slots(book, mine, days, free, one, demand, now)
    if not slots:
        return None
    slot = slots[0]
    span = Span(minute_of(slot.starts_at) - demand.before, minute_of(slot.ends_at) + demand.after)
    book.free[slot.provider_id] = _left(book, slot.provider_id, [span])
    book.elsewhere.setdefault(one.patient_id, []).append((slot.provider_id, span))
    return slot


def _who(hours: Iterable[Hours], one: Appointment, *, how: str) -> list[Hours]:
    """Return the hours in which a visit may be: of its clinician anywhere, or of others at its door."""
    if how == SAME:
        return [row for row in hours if row.provider_id == one.provider_id]
    return [row for row in hours if row.provider_id != one.provider_id and row.location_id == one.location_id]


def _left(book: _Book, provider_id: UUID, taken: Sequence[Span]) -> list[Span]:
    free = book.free.get(provider_id, [book.whole])
    return [piece for gap in free for piece in without(gap, taken)] if taken else free


def _slots(
    book: _Book,
    hours: Sequence[Hours],
    days: Sequence[date],
    free: dict[UUID, list[Span]],
    one: Appointment,
    demand: Demand,
    now: datetime,
) -> list[OpenSlot]:
    return open_slots(
        hours=hours,
        days=days,
        free=free,
        closures=book.closures,
        minutes=one.minutes,
        not_before=now,
        limit=1,
        wall=book.kept.wall,
        demand=demand,
        kept=book.kept.for_kind(one.type_id, now=now, booked=book.booked).cuts,
    )
