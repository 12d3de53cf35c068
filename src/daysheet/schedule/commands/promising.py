"""What is promised beside a clinician's time: a lane where it is taken, and the resources that the visit needs."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.errors import Refusal
from daysheet.kernel.planned import planned_cursor
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule.lanes import LaneRule, highest_lane, lowest_free
from daysheet.schedule.models import Appointment, OverbookRule, Resource, ResourceHold, ResourceKind
from daysheet.schedule.rules import KEPT_AT_MOST, LONGEST_BUFFER

JUST = timedelta(minutes=15)
"""So long a booking counts as made a moment ago, by somebody who was quicker."""
LANES = """select lane, booked_at from appointment
where practice_id = %(practice)s and provider_id = %(provider)s and booking in ('scheduled', 'completed')
  and starts_at >= %(low)s and starts_at < %(high)s
  and coalesce(kept_from, starts_at) < %(until)s and coalesce(kept_until, ends_at) > %(since)s"""


class SlotTaken(Refusal):
    """The clinician already has an appointment in that time."""


class RoomTaken(Refusal):
    """The room is promised to somebody else in that time."""


class ResourceTaken(Refusal):
    """What the visit needs besides the clinician is promised to others in that time, or is not at that door."""


class NoRuleForIt(Refusal):
    """No rule of the office lets this clinician be booked over then."""


class LanesAreFull(Refusal):
    """As many visits as the office's rule lets run side by side are booked already."""


def _lane(
    by: Actor,
    type_id: UUID,
    *,
    provider_id: UUID,
    keeps: tuple[datetime, datetime],
    local: datetime,
    reason: str,
) -> tuple[int, bool]:
    """Return the lane in which a visit can be booked and whether it is booked over another.

    Whoever asks holds the clinician's turn.

    Raises SlotTaken where the time is taken and no reason is given; NoRuleForIt or LanesAreFull where one is.
    """
    taken, last = _lanes_in(provider_id, keeps)
    if not taken:
        return 0, False
    if not reason.strip():
        may_go_over = by.can(Can.OVERBOOK) and _highest(provider_id, type_id, local) >= lowest_free(taken)
        raise _taken(is_just=last is not None and last > by.now - JUST, may_go_over=may_go_over)
    by.must(Can.OVERBOOK)
    highest = _highest(provider_id, type_id, local)
    if highest == 0:
        raise NoRuleForIt(
            _("No rule lets this clinician be booked over then. Choose another time, or set a rule first."),
        )
    lane = lowest_free(taken)
    if lane > highest:
        raise LanesAreFull(
            _(
                "This clinician sees at most %(n)d patients at once, and %(n)d are booked then. Choose another time."
            )
            % {"n": highest + 1}
        )
    return lane, True


def _highest(provider_id: UUID, type_id: UUID, local: datetime) -> int:
    """Return the highest lane in which the office's rules let a clinician be booked then; 0: in none beside the first."""
    rows = OverbookRule.objects.filter(provider_id=provider_id).values_list(
        "type_id", "weekday", "from_clock", "to_clock", "highest_lane"
    )
    return highest_lane(
        [LaneRule(*row) for row in rows], type_id=type_id, weekday=local.weekday(), begins=local.time()
    )


def _taken(*, is_just: bool, may_go_over: bool) -> SlotTaken:
    """Return what is said of a taken time: whether somebody was quicker, and whether it may be booked all the same."""
    if may_go_over:
        said = (
            _(
                "That time has just been taken. Choose another one, or say why it is booked over the other visit."
            )
            if is_just
            else _("That time is taken. Choose another one, or say why it is booked over the other visit.")
        )
        return SlotTaken(said, overbook_reason=_("Say why it is booked over the other visit."))
    return SlotTaken(
        _("That time has just been taken. Choose another one.")
        if is_just
        else _("That time is taken by another visit. Choose another one.")
    )


def _lanes_in(provider_id: UUID, keeps: tuple[datetime, datetime]) -> tuple[set[int], datetime | None]:
    """Return the lanes that are taken in a span, and when the last of the visits there was booked."""
    since, until = keeps
    asked = {
        "practice": acting_practice_id(),
        "provider": provider_id,
        "since": since,
        "until": until,
        "low": since - KEPT_AT_MOST,
        "high": until + timedelta(minutes=LONGEST_BUFFER),
    }
    with planned_cursor() as cursor:
        cursor.execute(LANES, asked)
        rows = cursor.fetchall()
    return {lane for lane, _at in rows}, max((at for _lane, at in rows), default=None)


def _choose(
    needs: Mapping[UUID, int],
    *,
    location_id: UUID,
    keeps: tuple[datetime, datetime],
    room_id: UUID | None = None,
    prefer: Collection[UUID] = (),
) -> list[Resource]:
    """Return free resources: so many of each kind, and the one that is the named room.

    Whoever asks holds the turn of every kind. Raises ResourceTaken, or RoomTaken for the named room.
    """
    since, until = keeps
    held = ResourceHold.objects.filter(
        resource=OuterRef("pk"),
        is_held=True,
        from_at__lt=until,
        until_at__gt=since,
        from_at__gt=since - KEPT_AT_MOST,
    )
    at_the_door = Q(location_id=location_id) | Q(location_id__isnull=True)
    which = Q(kind_id__in=list(needs)) & at_the_door
    if room_id:
        which |= Q(room_id=room_id)
    free = list(Resource.objects.filter(which, ~Exists(held), is_active=True).order_by("name", "id"))
    named = [one for one in free if room_id and one.room_id == room_id]
    if room_id and not named:
        raise RoomTaken(_("That room is promised to somebody else. Choose another room."))
    chosen = list(named)
    for kind_id, count in needs.items():
        have = sum(one.kind_id == kind_id for one in chosen)
        more = [one for one in free if one.kind_id == kind_id and one not in chosen]
        more.sort(key=lambda one: one.id not in prefer)
        if len(more) < count - have:
            raise _none_is_free(kind_id, location_id)
        chosen += more[: max(count - have, 0)]
    return chosen


def _none_is_free(kind_id: UUID, location_id: UUID) -> ResourceTaken:
    kind = ResourceKind.objects.get(id=kind_id)
    at_the_door = Q(location_id=location_id) | Q(location_id__isnull=True)
    if not Resource.objects.filter(at_the_door, kind_id=kind_id, is_active=True).exists():
        return ResourceTaken(
            _("There is no %(what)s at this location, and the visit needs one. Choose another location.")
            % {"what": kind.name}
        )
    return ResourceTaken(
        _("Not enough is free then of what the visit needs: %(what)s. Choose another time.")
        % {"what": kind.name}
    )


def _hold(appointment: Appointment, chosen: Sequence[Resource]) -> None:
    """Promise resources to an appointment for as long as its clinician is kept."""
    since, until = appointment.keeps
    ResourceHold.objects.bulk_create(
        ResourceHold(appointment=appointment, resource=one, from_at=since, until_at=until) for one in chosen
    )


def _release(appointment: Appointment) -> None:
    """Give back what was promised to an appointment; which it was is kept."""
    ResourceHold.objects.filter(appointment=appointment, is_held=True).update(is_held=False)


def _kinds_of(appointment: Appointment) -> list[UUID]:
    """Return the kinds of what was promised to an appointment."""
    rows = ResourceHold.objects.filter(appointment=appointment)
    return list(rows.values_list("resource__kind_id", flat=True))


def _interpreters_of(appointment: Appointment) -> list[UUID]:
    """Return the kinds of interpreter that an appointment had."""
    rows = ResourceHold.objects.filter(appointment=appointment, resource__kind__sort="interpreter")
    return list(rows.values_list("resource__kind_id", flat=True))


def _hold_again(appointment: Appointment) -> None:
    """Promise again what an appointment had: the same where it is free, else another of the kind.

    Whoever asks holds the turn of the kinds. Raises ResourceTaken.
    """
    rows = list(
        ResourceHold.objects.filter(appointment=appointment, is_held=False).select_related("resource")
    )
    if not rows:
        return
    chosen = _choose(
        Counter(row.resource.kind_id for row in rows),
        location_id=appointment.location_id,
        keeps=appointment.keeps,
        prefer={row.resource_id for row in rows},
    )
    same = {one.id for one in chosen} & {row.resource_id for row in rows}
    others = [one for one in chosen if one.id not in same]
    room_id = appointment.room_id
    for row in rows:
        if row.resource_id not in same:
            new = next(one for one in others if one.kind_id == row.resource.kind_id)
            others.remove(new)
            room_id = new.room_id if room_id and row.resource.room_id == room_id else room_id
            row.resource = new
        row.is_held = True
    ResourceHold.objects.bulk_update(rows, ["resource", "is_held"])
    if room_id != appointment.room_id:
        Appointment.objects.filter(id=appointment.id).update(room_id=room_id)
        appointment.room_id = room_id
