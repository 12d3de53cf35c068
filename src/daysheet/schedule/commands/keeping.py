"""Time outside the hours, or kept for other kinds of visit: whoever books there needs the permission and says why."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import kept, outside, queries
from daysheet.schedule.blocks import Stand
from daysheet.schedule.kept_words import say_all
from daysheet.schedule.models import Appointment
from daysheet.schedule.slots import Span, minute_of


class TimeIsKept(Refusal):
    """The time is kept for other kinds of visit, or the session has as many of this kind as it takes."""


class OutsideHours(Refusal):
    """The clinician does not see patients there in that time."""


def _mind_hours(by: Actor, day: date, reason: str, instead_of: Appointment | None, **span: Any) -> str:
    """Return why a visit is booked outside the clinician's hours; nothing where they hold it.

    Moved within the same day of the clinician at the door it keeps the reason of before.
    Raises OutsideHours where the person may not book there, or did not say why.
    """
    if queries.is_within_hours(day=day, **span):
        return ""
    why = _("%(why)s Choose another time.") % {"why": outside.why_outside(**span)}
    if not by.can(Can.OVERBOOK):
        raise OutsideHours(why)
    if not reason and instead_of is not None:
        was = (instead_of.provider_id, instead_of.location_id, instead_of.on_day)
        reason = instead_of.hours_reason if was == (span["provider_id"], span["location_id"], day) else ""
    if not reason:
        raise OutsideHours(why, hours_reason=_("Or say why it is booked all the same."))
    return reason


def _mind_blocks(
    by: Actor,
    *,
    type_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    on_day: date,
    reason: str,
    instead_of: Appointment | None,
) -> str:
    """Return why a visit is booked into kept time; nothing where it is not. Whoever asks holds the clinician's turn.

    Moved within the same sessions it keeps the reason of before; in others it is asked for anew.
    Raises TimeIsKept where it is kept, and nobody who may book over it said why.
    """
    time = kept.kept_time([provider_id], day=on_day)
    if not time.blocks:
        return ""
    shut = time.for_kind(type_id, now=by.now, booked=time.booked(on_day, on_day)).against(
        provider_id, location_id, on_day, Span(minute_of(starts_at), minute_of(ends_at))
    )
    if not shut:
        return ""
    why = say_all(shut, time.wall)
    _must_overbook(by, why)
    if (
        not reason
        and instead_of is not None
        and _met(time, instead_of) >= {(one.block.id, one.day) for one in shut}
    ):
        reason = instead_of.block_reason
    if not reason:
        raise TimeIsKept(
            _("%(why)s Choose another time, or say why it is booked all the same.") % {"why": why},
            block_reason=_("Say why it is booked into kept time."),
        )
    return reason


def _must_overbook(by: Actor, why: str) -> None:
    """Raise TimeIsKept, which says why the time is kept, for whoever may not book over it."""
    if not by.can(Can.OVERBOOK):
        raise TimeIsKept(
            _("%(why)s You may not book into it: that needs the permission to overbook. Choose another time.")
            % {"why": why}
        )


def _mind_maximum(by: Actor, one: Appointment, reason: str) -> str:
    """Return why a visit that was given up stands where it stood, in a session that has as many as it takes.

    What was said before of its kept time holds on; whether time is kept for others is not asked again, since it was
    promised once. Whoever asks holds the clinician's turn.
    Raises TimeIsKept where the session is full, and nobody who may book over it said why.
    """
    time = kept.kept_time([one.provider_id], day=one.on_day)
    if one.block_reason or not any(
        one.type_id in each.type_ids and each.most is not None for each in time.blocks
    ):
        return one.block_reason
    booked = time.booked(one.on_day, one.on_day, without=[one.pk])
    met = time.for_kind(one.type_id, now=by.now, booked=booked).against(
        one.provider_id, one.location_id, one.on_day, Span(minute_of(one.starts_at), minute_of(one.ends_at))
    )
    full = [each for each in met if each.stand is Stand.FULL]
    if not full:
        return ""
    why = say_all(full, time.wall)
    _must_overbook(by, why)
    if not reason:
        raise TimeIsKept(
            _(
                "%(why)s Say on the page of the visit why it stands there all the same, or choose another time."
            )
            % {"why": why},
            block_reason=_("Say why it is booked into kept time."),
        )
    return reason


def _met(time: kept.KeptTime, one: Appointment) -> set[tuple[UUID, date]]:
    """Return the sessions in which an appointment stood."""
    span = Span(minute_of(one.starts_at), minute_of(one.ends_at))
    every = time.for_kind(one.type_id, now=one.booked_at).sessions(
        one.provider_id, one.location_id, one.on_day
    )
    return {
        (each.block.id, one.on_day)
        for each in every
        if each.span.begins < span.ends and each.span.ends > span.begins
    }
