"""The room's work for later: a ring of which nothing more was reported."""

from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice
from daysheet.phones import commands


@job("phones.end_ring")
def end_ring(*, practice_id: str, call_id: str) -> None:
    """Let a call ring no longer of which the telephone system reported nothing more."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    try:
        commands.mark_abandoned(by, call_id=UUID(call_id))
    except (commands.CallIsOver, commands.CallIsUnknown):
        return  # it was answered, or has ended
