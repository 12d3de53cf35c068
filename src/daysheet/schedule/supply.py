"""Readings of resources: what a visit needs, what can be had of it, and when it is busy."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.ready import Ready
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule.models import OverbookRule, Resource, ResourceHold, ResourceKind, TypeNeed
from daysheet.schedule.remote import OFFICE
from daysheet.schedule.rules import KEPT_AT_MOST, LONGEST_BUFFER
from daysheet.schedule.slots import Demand, Pool, Span, minute_of

DEMAND = """
with need as (
    select n.kind_id, n.count
    from visit_type_need n
    join appointment_type y on y.id = n.type_id
    join resource_kind d on d.id = n.kind_id
    where n.practice_id = %(practice)s and n.type_id = %(type)s and (y.mode = 'office' or d.sort <> 'room')
    union all
    select id, 1 from resource_kind where practice_id = %(practice)s and id = any(%(also)s::uuid[])
      and id not in (select kind_id from visit_type_need where practice_id = %(practice)s and type_id = %(type)s)
)
select t.minutes, t.before_minutes, t.after_minutes, k.id, k.name, n.count, r.id, r.location_id
from appointment_type t
left join need n on true
left join resource_kind k on k.practice_id = %(practice)s and k.id = n.kind_id
left join office_resource r on r.practice_id = %(practice)s and r.kind_id = n.kind_id and r.is_active
where t.practice_id = %(practice)s and t.id = %(type)s
order by k.name, r.name, r.id"""


def demand_of(type_id: UUID, also_needs: Sequence[UUID] = ()) -> tuple[int, Demand]:
    """Return how long a kind of visit lasts and all that it takes beside, in one statement.

    A visit by video or phone takes no room.
    """
    asked = {"practice": acting_practice_id(), "type": type_id, "also": list(also_needs)}
    with planned_cursor() as cursor:
        cursor.execute(DEMAND, asked)
        rows = cursor.fetchall()
    minutes, before, after = rows[0][:3]
    kinds = {kind: (name, count) for _m, _b, _a, kind, name, count, _r, _l in rows if kind}
    pools = tuple(
        Pool(kind, name, count, tuple((row[6], row[7]) for row in rows if row[3] == kind and row[6]))
        for kind, (name, count) in kinds.items()
    )
    return minutes, Demand(before, after, pools)


def demands_of(type_ids: Collection[UUID]) -> dict[UUID, Demand]:
    """Return the resources that some kinds of visit need, in one statement; a kind that needs none is left out."""
    rows = TypeNeed.objects.filter(type_id__in=type_ids).annotate(serves=F("kind__resources"))
    rows = rows.filter(Q(type__mode=OFFICE) | ~Q(kind__sort=ResourceKind.Sort.ROOM))
    rows = rows.filter(Q(kind__resources__isnull=True) | Q(kind__resources__is_active=True))
    names = ("type_id", "kind_id", "kind__name", "count", "serves", "kind__resources__location_id")
    kept = ("type__before_minutes", "type__after_minutes")
    found: dict[UUID, dict[UUID, Pool]] = {}
    buffers: dict[UUID, tuple[int, int]] = {}
    for type_id, kind_id, name, count, one, where, before, after in rows.values_list(*names, *kept):
        buffers[type_id] = (before, after)
        pools = found.setdefault(type_id, {})
        pool = pools.get(kind_id) or Pool(kind_id, name, count, ())
        pools[kind_id] = replace(pool, resources=(*pool.resources, *([(one, where)] if one else [])))
    return {type_id: Demand(*buffers[type_id], tuple(pools.values())) for type_id, pools in found.items()}


def with_busy(demand: Demand, *, since: datetime, until: datetime, without: Collection[UUID] = ()) -> Demand:
    """Return what a visit takes with the times at which it is promised to others, in one statement or none."""
    return all_with_busy([demand], since=since, until=until, without=without)[0]


def all_with_busy(
    demands: Sequence[Demand], *, since: datetime, until: datetime, without: Collection[UUID] = ()
) -> list[Demand]:
    """Return what some visits take with the times at which it is promised to others, in one statement or none.

    `without` are appointments whose promises do not count.
    """
    ids = {one for demand in demands for pool in demand.pools for one, _where in pool.resources}
    if not ids:
        return list(demands)
    rows = ResourceHold.objects.filter(
        resource_id__in=ids,
        is_held=True,
        from_at__gt=since - KEPT_AT_MOST,
        from_at__lt=until + timedelta(minutes=LONGEST_BUFFER),
    )
    if without:
        rows = rows.exclude(appointment_id__in=without)
    busy: dict[UUID, list[Span]] = {}
    for one, begins, ends in rows.order_by("resource_id", "from_at").values_list(
        "resource_id", "from_at", "until_at"
    ):
        busy.setdefault(one, []).append(Span(minute_of(begins), -(-int(ends.timestamp()) // 60)))
    return [
        Demand(one.before, one.after, tuple(replace(pool, busy=busy) for pool in one.pools))
        for one in demands
    ]


def interpreters() -> list[ResourceKind]:
    """Return the kinds of interpreter that the office has."""
    return INTERPRETERS()


INTERPRETERS: Ready[ResourceKind] = Ready(
    lambda: (
        ResourceKind.objects.filter(sort="interpreter", resources__is_active=True).distinct().order_by("name")
    )
)


def interpreter_for(language: str, offered: Sequence[ResourceKind]) -> UUID | None:
    """Return the kind of interpreter that speaks a language, if the office has one."""
    return next((one.pk for one in offered if one.language and one.language == language), None)


def pool_of(kind_id: UUID) -> Pool | None:
    """Return one of a kind of resource as a visit takes it, with what the office has of it; one statement."""
    rows = Resource.objects.filter(kind_id=kind_id, is_active=True).order_by("name", "pk")
    told = list(rows.values_list("pk", "location_id", "kind__name"))
    has = tuple((one, where) for one, where, _name in told)
    return Pool(kind_id, told[0][2], 1, has) if told else None


def pools_of(kind_ids: Collection[UUID]) -> dict[UUID, Pool]:
    """Return one of each of some kinds as a visit takes it, with what the office has of it; one statement or none."""
    if not kind_ids:
        return {}
    rows = Resource.objects.filter(kind_id__in=kind_ids, is_active=True).order_by("name", "pk")
    found: dict[UUID, Pool] = {}
    for kind, name, one, where in rows.values_list("kind_id", "kind__name", "pk", "location_id"):
        pool = found.get(kind) or Pool(kind, name, 1, ())
        found[kind] = replace(pool, resources=(*pool.resources, (one, where)))
    # What the office has no more of cannot be had.
    return {kind: found.get(kind) or Pool(kind, "", 1, ()) for kind in kind_ids}


def and_also(demand: Demand, pools: Iterable[Pool]) -> Demand:
    """Return what a visit takes, with one each of some kinds where it does not take that kind already."""
    has = {one.kind_id for one in demand.pools}
    return replace(demand, pools=(*demand.pools, *(one for one in pools if one.kind_id not in has)))


def interpreters_promised(appointment_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the kinds of interpreter that are promised to some appointments, in one statement."""
    rows = ResourceHold.objects.filter(
        appointment_id__in=appointment_ids, is_held=True, resource__kind__sort="interpreter"
    )
    found: dict[UUID, tuple[UUID, ...]] = {}
    for pk, kind in rows.order_by("resource__kind_id").values_list("appointment_id", "resource__kind_id"):
        found[pk] = (*found.get(pk, ()), kind)
    return found


def promised(appointment_id: UUID) -> list[Resource]:
    """Return what is promised to an appointment, or was before it gave its time up."""
    rows = Resource.objects.filter(holds__appointment_id=appointment_id).select_related("kind")
    return list(rows.order_by("kind__sort", "name"))


def overbook_rules(provider_id: UUID) -> QuerySet[OverbookRule]:
    """Return the rules by which a clinician may be booked over, the exact ones first."""
    rows = OverbookRule.objects.filter(provider_id=provider_id).select_related("type")
    return rows.order_by(
        F("type__name").asc(nulls_last=True), F("weekday").asc(nulls_last=True), "from_clock"
    )


def kinds() -> list[ResourceKind]:
    """Return the kinds of resource that the office has, or that a kind of visit needs, by sort and name."""
    has = Exists(Resource.objects.filter(kind=OuterRef("pk"), is_active=True))
    needed = Exists(TypeNeed.objects.filter(kind=OuterRef("pk")))
    return list(ResourceKind.objects.filter(has | needed).order_by("sort", "name"))


def resources(now: datetime, *, is_active: bool = True) -> list[Resource]:
    """Return the office's resources, each with the number of visits to come that it is promised to."""
    coming = Count("holds", filter=Q(holds__is_held=True, holds__from_at__gt=now))
    rows = Resource.objects.filter(is_active=is_active).select_related("kind", "location", "room")
    return list(rows.annotate(coming=coming).order_by("kind__sort", "kind__name", "name"))


def needs_of(type_id: UUID) -> dict[UUID, int]:
    """Return how many of which kinds a kind of visit needs."""
    return dict(TypeNeed.objects.filter(type_id=type_id).values_list("kind_id", "count"))
