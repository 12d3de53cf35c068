"""A series before it is written: each visit with what stands against it, and the nearest time that is free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing
from daysheet.coverage.rules.authorizations import Counts
from daysheet.kernel.clock import day_bounds
from daysheet.schedule import gaps, kept, queries, supply
from daysheet.schedule.blocks import Kept
from daysheet.schedule.kept_words import say_shut
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import SHORTEST, first_reading, instants
from daysheet.schedule.slots import (
    Closure,
    Demand,
    Hours,
    OpenSlot,
    Span,
    WallClock,
    minute_of,
    open_slots,
    openings,
    without,
)

NEAR = 3
"""Days after the wanted one in which another time is looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What every visit of the series is to be."""

    patient_id: UUID
    provider_id: UUID
    location_id: UUID
    type_id: UUID
    zone: ZoneInfo
    clock: time
    minutes: int | None = None
    """How long; else as long as its kind lasts."""
    also_needs: tuple[UUID, ...] = ()
    """Kinds of resource beyond those of its kind, such as an interpreter."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One visit of the series as it would be."""

    number: int
    day: date
    starts_at: datetime
    against: tuple[str, ...]
    near: OpenSlot | None
    short: str = ""
    """That no authorized visit is left for it."""
    given: str = ""
    """Who gives this kind of visit, where its clinician does not: no time of that clinician is better."""


@dataclass(frozen=True, slots=True)
class _Book:
    hours: list[Hours]
    """Those at the door."""
    keeps_hours: bool
    """At some door; who keeps none sees patients at any time."""
    closures: list[Closure]
    free: list[Span]
    demand: Demand
    minutes: int
    elsewhere: list[Span]
    wall: WallClock
    kept: Kept


def plan(
    wanted: Wanted, days: Sequence[date], *, now: datetime, leaving: Sequence[Appointment] = ()
) -> list[Occurrence]:
    """Return the visits of a series with what stands against each, in eight statements for any number.

    What is `leaving` its time stands against none.
    """
    if not days:
        return []
    book = _read(wanted, days, now, leaving)
    found = []
    for number, day in enumerate(days, start=1):
        starts_at = first_reading(day, wanted.clock, wanted.zone)
        span = Span(minute_of(starts_at), minute_of(starts_at) + book.minutes)
        against = tuple(_against(book, wanted, day, span, now))
        near = _near(book, wanted, day, span, now) if against else None
        taken = Span(minute_of(near.starts_at), minute_of(near.ends_at)) if near else span
        book.elsewhere.append(taken)
        found.append(Occurrence(number, day, starts_at, against, near))
    return found


def with_units(rows: Sequence[Occurrence], patient_id: UUID, kind: str, *, today: date) -> list[Occurrence]:
    """Return the visits, each told where no authorized visit is left for it when those before it are counted."""
    held = list(authorizing.authorizations(patient_id))
    grants = {one.id: one for one in authorizing.counted(held, today)} if held else {}
    told = []
    for row in rows:
        short = ""
        for pk in authorizing.choose(list(grants.values()), row.day, [kind]):
            if pk is None:
                continue
            grant = grants[pk]
            if grant.left is not None and grant.left <= 0:
                short = _("no authorized visit is left")
            grants[pk] = replace(grant, counts=grant.counts.plus(Counts(booked=1)))
        told.append(replace(row, short=short))
    return told


def _read(wanted: Wanted, days: Sequence[date], now: datetime, leaving: Sequence[Appointment]) -> _Book:
    since = day_bounds(min(days), wanted.zone)[0]
    until = day_bounds(max(days) + timedelta(days=NEAR), wanted.zone)[1]
    minutes, demand = supply.demand_of(wanted.type_id, wanted.also_needs)
    free = gaps.free_time([wanted.provider_id], since=since, until=until, minutes=SHORTEST)
    gone = [one.pk for one in leaving]
    theirs = (
        Appointment.objects.holding()
        .exclude(pk__in=gone)
        .filter(patient_id=wanted.patient_id, starts_at__gte=since, starts_at__lt=until)
    )
    hours = queries.hours_of([wanted.provider_id])
    blocks = kept.kept_time([wanted.provider_id])
    booked = blocks.booked(min(days), max(days) + timedelta(days=NEAR), without=gone)
    return _Book(
        hours=[one for one in hours if one.location_id == wanted.location_id],
        keeps_hours=bool(hours),
        closures=queries.closures_between(since, until),
        free=_given_back(
            free.get(wanted.provider_id, [Span(minute_of(since), minute_of(until))]),
            (one for one in leaving if one.provider_id == wanted.provider_id and not one.lane),
        ),
        demand=supply.with_busy(demand, since=since, until=until, without=gone),
        minutes=wanted.minutes or minutes,
        elsewhere=[
            Span(minute_of(begins), minute_of(ends))
            for begins, ends in theirs.values_list("starts_at", "ends_at")
        ],
        wall=blocks.wall,
        kept=blocks.for_kind(wanted.type_id, now=now, booked=booked),
    )


def _given_back(free: Sequence[Span], leaving: Iterable[Appointment]) -> list[Span]:
    """Return the free time with that of visits that leave it; spans that meet are one."""
    theirs = (
        Span(minute_of(one.kept_from or one.starts_at), minute_of(one.kept_until or one.ends_at))
        for one in leaving
    )
    joined: list[Span] = []
    for span in sorted([*free, *theirs]):
        if joined and span.begins <= joined[-1].ends:
            joined[-1] = Span(joined[-1].begins, max(joined[-1].ends, span.ends))
        else:
            joined.append(span)
    return joined


def _against(book: _Book, wanted: Wanted, day: date, span: Span, now: datetime) -> list[str]:
    """Return what stands against a time, in words."""
    found = []
    around = Span(span.begins - book.demand.before, span.ends + book.demand.after)
    if span.begins < minute_of(now):
        found.append(_("the time has gone by"))
    if not instants(day, wanted.clock, wanted.zone):
        found.append(_("the clocks go forward then"))
    if any(_is_met(one, wanted, span) for one in book.closures):
        found.append(_("the clinician is away, or the door is closed"))
    elif book.keeps_hours and not _is_open(book, day, span):
        found.append(_("outside the clinician's hours"))
    shut = book.kept.against(wanted.provider_id, wanted.location_id, day, span)
    found += [say_shut(one, book.wall) for one in shut]
    if not any(gap.begins <= around.begins and around.ends <= gap.ends for gap in book.free):
        found.append(_("the clinician has another visit"))
    if any(one.begins < span.ends and one.ends > span.begins for one in book.elsewhere):
        found.append(_("the patient has another visit"))
    if not book.demand.is_met(wanted.location_id, span.begins, book.minutes):
        found.append(_("what the visit needs is promised to others"))
    return found


def _is_met(one: Closure, wanted: Wanted, span: Span) -> bool:
    whose = one.provider_id in (None, wanted.provider_id) and one.location_id in (None, wanted.location_id)
    return whose and one.span.begins < span.ends and one.span.ends > span.begins


def _is_open(book: _Book, day: date, span: Span) -> bool:
    """Return whether a time lies in the clinician's hours there; hours that meet are one."""
    reached = span.begins
    hours = [row for row in book.hours if row.weekday == day.weekday()]
    for opened in sorted(one.span for one in openings(hours, day, book.wall)):
        if opened.begins <= reached:
            reached = max(reached, opened.ends)
    return reached >= span.ends


def _near(book: _Book, wanted: Wanted, day: date, span: Span, now: datetime) -> OpenSlot | None:
    """Return the free time nearest to the wanted one: on the day, else on one of the next days."""
    free = [piece for gap in book.free for piece in without(gap, book.elsewhere)]
    for n in range(NEAR + 1):
        slots = open_slots(
            hours=book.hours,
            days=[day + timedelta(days=n)],
            free={wanted.provider_id: free},
            closures=book.closures,
            minutes=book.minutes,
            not_before=now,
            limit=100,
            wall=book.wall,
            demand=book.demand,
            kept=book.kept.cuts,
        )
        aim = span.begins + n * 24 * 60
        if slots:
            return min(slots, key=lambda one: (abs(minute_of(one.starts_at) - aim), one.starts_at))
    return None
