"""Readings of time that is kept: the blocks of clinicians, and how many are booked in their sessions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet

from daysheet.kernel.ready import Ready, Told
from daysheet.schedule.blocks import Block, Booked, Kept, count_in, is_on
from daysheet.schedule.models import Appointment, ScheduleBlock
from daysheet.schedule.slots import WallClock, minute_of

FIELDS = (
    "id",
    "provider_id",
    "location_id",
    "location__zone_name",
    "name",
    "weekday",
    "begins",
    "ends",
    "from_on",
    "until_on",
    "turn",
    "release",
    "release_unit",
    "least",
    "most",
)


@dataclass(slots=True)
class KeptTime:
    """The blocks of some clinicians, as every kind of visit asks for them; what is booked is read once a window."""

    blocks: list[Block]
    wall: WallClock = field(default_factory=WallClock)

    def for_kind(self, type_id: UUID | None, *, now: datetime, booked: Booked | None = None) -> Kept:
        """Return what is shut to a kind of visit."""
        return Kept(self.blocks, type_id, minute_of(now), booked or {}, self.wall)

    def booked(self, first: date, last: date, *, without: Collection[UUID] = ()) -> Booked:
        """Return how many are booked in the sessions of some days, in one statement; in none if no block counts."""
        counting = [one for one in self.blocks if one.counts]
        return booked_in(counting, first, last, self.wall, without=without) if counting else {}


def kept_time(provider_ids: Sequence[UUID] | None, *, day: date | None = None) -> KeptTime:
    """Return the blocks of clinicians, or of all, in one statement; with a day those that can hold on it."""
    rows = BLOCKS[provider_ids is not None, day is not None](
        providers=list(provider_ids or ()), weekday=day.weekday() if day else None
    )
    found = [
        Block(pk, who, where, ZoneInfo(zone), name, weekday, begins, ends, frozenset(kinds), *rest)
        for pk, who, where, zone, name, weekday, begins, ends, *rest, kinds in rows
    ]
    return KeptTime([one for one in found if day is None or is_on(one, day)])


def _blocks(of_some: bool, on_weekday: bool) -> QuerySet[Any, Any]:
    rows = ScheduleBlock.objects.filter(is_active=True)
    if of_some:
        rows = rows.filter(provider_id__one_of=Told("providers"))
    if on_weekday:
        rows = rows.filter(weekday=Told("weekday"))
    told = rows.annotate(
        type_ids=ArrayAgg("kinds__type_id", filter=Q(kinds__type_id__isnull=False), default=[])
    )
    return told.order_by("provider_id", "weekday", "begins", "id").values_list(*FIELDS, "type_ids")


BLOCKS = {key: Ready(partial(_blocks, *key)) for key in product((False, True), repeat=2)}
"""The reading of kept time: of some clinicians or all, on one weekday or all."""


def booked_in(
    blocks: Iterable[Block], first: date, last: date, wall: WallClock, *, without: Collection[UUID] = ()
) -> Booked:
    """Return how many visits of its kinds begin in each session of some days, in one statement."""
    rows = list(blocks)
    visits = Appointment.objects.holding().filter(
        provider_id__in={one.provider_id for one in rows},
        type_id__in={kind for one in rows for kind in one.type_ids},
        on_day__gte=first,
        on_day__lte=last,
    )
    if without:
        visits = visits.exclude(pk__in=without)
    told = visits.values_list("provider_id", "location_id", "type_id", "on_day", "starts_at")
    return count_in(
        rows, ((who, where, kind, day, minute_of(at)) for who, where, kind, day, at in told), wall
    )
