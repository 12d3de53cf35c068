"""From how many minutes on a wait is long: the office's own limits in place of the shipped ones."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.schedule.models import AppointmentType
from daysheet.visits.models import WaitLimit
from daysheet.visits.rules import LONG_WAIT


class LimitIsUnsound(Refusal):
    """A limit names no state, or is very long before it is long."""


@command(needs=Can.MANAGE_OFFICE)
def set_wait_limit(
    by: Actor, /, *, state: str, long_after: int, very_long_after: int, type_id: UUID | None = None
) -> WaitLimit:
    """Say from when on a wait in a state is long, for a kind of visit or for all; said again, it is replaced.

    Raises LimitIsUnsound.
    """
    if state not in LONG_WAIT:
        raise LimitIsUnsound(_("Choose a state of the list."), state=_("Choose one of the list."))
    if type_id and not AppointmentType.objects.filter(pk=type_id).exists():
        raise LimitIsUnsound(
            _("That kind of visit is not on the list."), type_id=_("Choose one of the list.")
        )
    if not 1 <= long_after < very_long_after <= 600:
        sentence = _("A very long wait is longer than a long one, and both are at most 600 minutes.")
        raise LimitIsUnsound(sentence, very_long_after=_("More minutes than the line above."))
    before = WaitLimit.objects.select_for_update().filter(state=state, type_id=type_id).first()
    told = [before.long_after, before.very_long_after] if before else []
    limit, _is_new = WaitLimit.objects.update_or_create(
        state=state,
        type_id=type_id,
        defaults={"long_after": long_after, "very_long_after": very_long_after},
    )
    record(
        by,
        "visits.wait-limit.set",
        limit,
        state=state,
        type=str(type_id or ""),
        before=told,
        after=[long_after, very_long_after],
    )
    announce(by.practice_id, "visits")
    return limit


@command(needs=Can.MANAGE_OFFICE)
def drop_wait_limit(by: Actor, /, *, limit_id: UUID) -> None:
    """Let a limit go. Raises WaitLimit.DoesNotExist where there is none."""
    limit = WaitLimit.objects.select_for_update().get(pk=limit_id)
    record(
        by,
        "visits.wait-limit.dropped",
        limit,
        state=limit.state,
        type=str(limit.type_id or ""),
        before=[limit.long_after, limit.very_long_after],
    )
    limit.delete()
    announce(by.practice_id, "visits")
