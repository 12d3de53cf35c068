"""The work list as a person sees it: what is whose, how long it still has, and what was last done."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from daysheet.kernel import clock
from daysheet.kernel.access import Actor
from daysheet.practice import queries as practice
from daysheet.practice.models import Membership
from daysheet.tasks import rules
from daysheet.tasks.models import WorkqueueItem, WorkqueueStep

MINE, ROLE, ALL = "mine", "role", "all"


@dataclass(frozen=True, slots=True)
class Line:
    """An item with its clock, as a row of My work."""

    item: WorkqueueItem
    clock: rules.Clock
    kind: str
    note: str
    group: str

    @property
    def is_asleep(self) -> bool:
        """Return whether it is snoozed or waits for somebody, and can be brought back."""
        return self.group == "snoozed" or self.item.state == WorkqueueItem.State.WAITING


def my_work(
    by: Actor, *, whose: str = MINE, kind: str = "", today: date, zone: ZoneInfo
) -> dict[str, list[Line]]:
    """Return the open items by group, the least time left first."""
    me = place_of(by)
    items = _open().filter(_scope(by, me, whose))
    if kind:
        items = items.filter(kind=kind)
    day_end = clock.day_bounds(today, zone)[1]
    lines = [_line(item, me, now=by.now, day_end=day_end) for item in items.order_by("due_at", "number")]
    return {group: [line for line in lines if line.group == group] for group in rules.GROUPS}


def of_patient(patient_id: UUID, *, now: datetime, today: date, zone: ZoneInfo) -> list[Line]:
    """Return what is open about a patient, the least time left first."""
    items = _open().filter(patient_id=patient_id).order_by("due_at", "number")
    day_end = clock.day_bounds(today, zone)[1]
    return [_line(item, None, now=now, day_end=day_end) for item in items]


def item(item_id: UUID) -> WorkqueueItem | None:
    """Return one item, open or closed, or None."""
    return _items().filter(pk=item_id).first()


def steps(item_id: UUID) -> QuerySet[WorkqueueStep]:
    """Return what happened to an item, the latest first."""
    return WorkqueueStep.objects.filter(item_id=item_id).order_by("-at", "-id")


def place_of(by: Actor) -> Membership | None:
    """Return the actor's place in the office."""
    return practice.members().filter(user_id=by.user_id).first() if by.user_id else None


def _items() -> QuerySet[WorkqueueItem]:
    last = WorkqueueStep.objects.filter(item_id=OuterRef("pk")).order_by("-at", "-id")
    return WorkqueueItem.objects.select_related("patient", "owner", "handed_from").annotate(
        last_verb=Subquery(last.values("verb")[:1]),
        last_by=Subquery(last.values("by_name")[:1]),
        last_reason=Subquery(last.values("reason")[:1]),
    )


def _open() -> QuerySet[WorkqueueItem]:
    return _items().exclude(state=WorkqueueItem.State.CLOSED)


def _scope(by: Actor, me: Membership | None, whose: str) -> Q:
    own = Q(owner=me) | Q(handed_from=me) if me else Q(pk__in=[])
    nobody_s = Q(owner__isnull=True) | Q(owner__ended_at__isnull=False)
    of_role = nobody_s & Q(role=by.role)
    if whose == ALL:
        return Q()
    return Q(role=by.role) if whose == ROLE else own | of_role


def _line(item: WorkqueueItem, me: Membership | None, *, now: datetime, day_end: datetime) -> Line:
    handed_away = me is not None and item.handed_from_id == me.pk and item.owner_id != me.pk
    group = rules.group_of(
        due_at=item.due_at,
        now=now,
        day_end=day_end,
        is_waiting=item.state == WorkqueueItem.State.WAITING or handed_away,
        snoozed_until=item.snoozed_until,
    )
    clock_shown = rules.clock_of(item.due_at, now=now, day_end=day_end)
    return Line(item, clock_shown, rules.word_of(item.kind), _note(item), group)


def _note(item: WorkqueueItem) -> str:
    verb, by_name = getattr(item, "last_verb", "") or "", getattr(item, "last_by", "") or ""
    if verb in {"", "opened"}:
        return ""
    reason = getattr(item, "last_reason", "") or ""
    return f"{by_name}: {verb}" + (f", {reason}" if reason else "")
