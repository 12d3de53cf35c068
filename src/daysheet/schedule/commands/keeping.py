"""Time that is kept for other kinds of visit: whoever books into it needs the permission and says why."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import kept
from daysheet.schedule.kept_words import say_all
from daysheet.schedule.slots import Span, minute_of


class TimeIsKept(Refusal):
    """The time is kept for other kinds of visit, or the session has as many of this kind as it takes."""


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
) -> str:
    """Return why a visit is booked into kept time; nothing where it is not. Whoever asks holds the clinician's turn.

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
    if not by.can(Can.OVERBOOK):
        raise TimeIsKept(
            _("%(why)s You may not book into it: that needs the permission to overbook. Choose another time.")
            % {"why": why}
        )
    if not reason:
        raise TimeIsKept(
            _("%(why)s Choose another time, or say why it is booked all the same.") % {"why": why},
            block_reason=_("Say why it is booked into kept time."),
        )
    return reason
