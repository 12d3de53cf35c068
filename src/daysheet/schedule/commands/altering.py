"""A booked visit becomes of another kind, longer or shorter, or for another reason, at its own time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.schedule import queries
from daysheet.schedule.commands.asked import There, _mind_giver, _mind_limits, _on_the_books
from daysheet.schedule.commands.authorizing import count_appointment_anew
from daysheet.schedule.commands.booking import SlotIsPast, _end, _take_turns, _telling_who_is_taken
from daysheet.schedule.commands.keeping import _mind_blocks
from daysheet.schedule.commands.offers_gone import _let_offers_go, _wait_for_earlier
from daysheet.schedule.commands.outcome import _set, _to_be_decided
from daysheet.schedule.commands.promising import _choose, _hold, _interpreters_of, _kinds_of, _lane
from daysheet.schedule.commands.reminders_gone import _let_reminders_go
from daysheet.schedule.models import Appointment, AppointmentType, Resource, ResourceHold


class NothingIsOtherwise(Refusal):
    """The visit is so already."""


class EndsOutsideHours(Refusal):
    """The longer visit would run out of the time in which the clinician sees patients."""


@command(needs=Can.BOOK_APPOINTMENT)
def change_appointment(
    by: Actor,
    /,
    *,
    appointment_id: UUID,
    version: int | None,
    type_id: UUID | None = None,
    minutes: int | None = None,
    reason: str | None = None,
    overbook_reason: str = "",
    limit_reason: str = "",
    block_reason: str = "",
    prefer: Collection[UUID] = (),
) -> Appointment:
    """Let a booked visit be of another kind, longer or shorter, or for another reason, at its own time.

    What is not said stays; another kind lasts as long as that kind does. It takes the resources of `prefer` where they
    are free. Raises AlreadyOver, StaleForm,
    NothingIsOtherwise or EndsOutsideHours, and what book_appointment raises of a kind, a length and a taken time.
    """
    one = _to_be_decided(appointment_id, version)
    kind_id = type_id or one.type_id
    was_kind, was = one.type_id, _as_it_was(one)
    fields: dict[str, Any] = {}
    if reason is not None and reason.strip() != one.reason:
        fields["reason"] = reason.strip()
    chosen: list[Resource] | None = None
    if kind_id != was_kind or minutes not in (None, one.minutes):
        there = _on_the_books(one.patient_id, one.provider_id, one.location_id, kind_id, one.room_id)
        length = minutes or there.minutes
        told: dict[str, Any] = {
            "over": overbook_reason.strip(),
            "limit": limit_reason.strip(),
            "block": block_reason.strip(),
            "prefer": prefer,
        }
        fits, chosen = _fit(by, one, there, kind_id, _end(one.starts_at, length), **told)
        fields |= fits
    if not fields:
        raise NothingIsOtherwise(_("The visit is so already. Say what is otherwise."))
    fields["before_change"] = was
    with _telling_who_is_taken():
        changed = _set(by, one, "changed", **fields)
        if chosen:
            _hold(changed, chosen)
    if chosen is not None:
        _follow(by, changed, was_kind)
    return changed


@command(needs=Can.BOOK_APPOINTMENT)
def undo_change_of_appointment(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Let a visit be of the kind, as long and for the reason of before it was last changed.

    Raises NothingIsOtherwise where nothing is left to take back, and what change_appointment raises.
    """
    one = _to_be_decided(appointment_id, None)
    if not one.before_change:
        raise NothingIsOtherwise(_("Nothing of that change is left to take back."))
    was = dict(one.before_change)
    kind_id, held = UUID(was.pop("type_id")), [UUID(pk) for pk in was.pop("held", ())]
    back = change_appointment(by, appointment_id=one.pk, version=None, type_id=kind_id, prefer=held, **was)
    back.before_change, back.limit_reason = None, was["limit_reason"]
    if back.lane == 0:  # the ordinary visit again, whatever stands beside it
        back.overbook_reason = was["overbook_reason"]
    back.save(update_fields=["before_change", "limit_reason", "overbook_reason"])
    record(by, "schedule.appointment.change-undone", back)
    return back


def _as_it_was(one: Appointment) -> dict[str, Any]:
    names = ("minutes", "reason", "limit_reason", "block_reason", "overbook_reason")
    rows = ResourceHold.objects.filter(appointment=one, is_held=True)
    held = [str(pk) for pk in rows.values_list("resource_id", flat=True)]
    return {"type_id": str(one.type_id), "held": held} | {name: getattr(one, name) for name in names}


def _fit(
    by: Actor,
    one: Appointment,
    there: There,
    kind_id: UUID,
    ends_at: datetime,
    *,
    over: str,
    limit: str,
    block: str,
    prefer: Collection[UUID],
) -> tuple[dict[str, Any], list[Resource]]:
    """Return what a visit is to be so that it fits at its time, and the resources that it then has."""
    if one.ends_at <= by.now:
        raise SlotIsPast(_("That time has already gone by."))
    _mind_end(one, ends_at)
    is_same = kind_id == one.type_id
    given = "" if is_same else _mind_giver(by, there, limit)
    said = "" if is_same else _mind_limits(there, one.patient_id, one.on_day, limit) or given
    needs = there.needs(_interpreters_of(one))
    # A room that was chosen for what the former kind needs goes with that kind.
    leaves_room = not is_same and there.room_kind is not None and there.room_kind not in needs
    room_id = None if leaves_room else one.room_id
    named = room_id if there.room_kind else None
    kinds = {*needs, *_kinds_of(one), there.room_kind} - {None}
    _take_turns(one.provider_id, one.patient_id, None if named else room_id, kinds)
    _let_own_go(by, one, kind_id)
    keeps = there.keeps(one.starts_at, ends_at)
    where: dict[str, Any] = {name: getattr(one, name) for name in ("provider_id", "location_id", "starts_at")}
    into = (
        ""
        if one.is_walk_in
        else _mind_blocks(
            by, type_id=kind_id, **where, ends_at=ends_at, on_day=one.on_day, reason=block, instead_of=one
        )
    )
    lane, is_over = one.lane, bool(one.overbook_reason)
    if not is_same or keeps[0] < one.keeps[0] or keeps[1] > one.keeps[1]:
        local = one.starts_at.astimezone(there.zone)
        reason = over or one.overbook_reason if by.can(Can.OVERBOOK) else over
        lane, is_over = _lane(
            by, kind_id, provider_id=one.provider_id, keeps=keeps, local=local, reason=reason
        )
    wants = {*needs, there.room_kind if named else None} - {None}
    has: dict[str, Any] = {"keeps": keeps, "room_id": named, "prefer": prefer}
    chosen = _choose(needs, location_id=one.location_id, **has) if wants else []
    return {
        "booking": "scheduled",
        "type_id": kind_id,
        "ends_at": ends_at,
        "room_id": room_id or next((each.room_id for each in chosen if each.room_id), None),
        "kept_from": keeps[0] if there.before else None,
        "kept_until": keeps[1] if there.after else None,
        "lane": lane,
        "overbook_reason": (over or one.overbook_reason) if is_over else "",
        "limit_reason": said or one.limit_reason,
        "block_reason": into,
    }, chosen


def _let_own_go(by: Actor, one: Appointment, kind_id: UUID) -> None:
    """Let a visit's own promise go for the moment, so that it does not stand in its own way."""
    Appointment.objects.filter(pk=one.pk).update(booking="rescheduled")
    ResourceHold.objects.filter(appointment=one).delete()
    if kind_id != one.type_id and _mode(kind_id) != _mode(one.type_id):
        _let_reminders_go(by, one)  # what has not left names another place; its rule writes it anew


def _mind_end(one: Appointment, ends_at: datetime) -> None:
    """Raise EndsOutsideHours where a visit that stands within the hours would run out of them."""
    span: dict[str, Any] = {
        "provider_id": one.provider_id,
        "location_id": one.location_id,
        "day": one.on_day,
        "starts_at": one.starts_at,
    }
    if ends_at <= one.ends_at or queries.is_within_hours(**span, ends_at=ends_at):
        return
    if queries.is_within_hours(**span, ends_at=one.ends_at):
        raise EndsOutsideHours(
            _("The clinician does not see patients there until then. Make it shorter, or move it."),
            minutes=_("Too long for this time."),
        )


def _mode(type_id: UUID) -> str:
    return AppointmentType.objects.values_list("mode", flat=True).get(pk=type_id)


def _follow(by: Actor, changed: Appointment, was_kind: UUID) -> None:
    """Let what hangs on kind and length follow: offers of its time, who waits, what it counts under."""
    _let_offers_go(by, changed)
    if changed.type_id != was_kind:
        _wait_for_earlier(by, changed, None)
        count_appointment_anew(by, appointment_id=changed.pk)
        changed.refresh_from_db()
