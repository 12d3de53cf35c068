"""The room's work for later: a ring of which nothing more was reported."""

from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.phones import commands, rules
from daysheet.phones.models import Call


@job("phones.end_ring")
def end_ring(*, practice_id: str, call_id: str) -> None:
    """Let a call ring no longer of which the telephone system reported nothing more.

    By the practice's own clock: where that stands still or was set back, this comes at once, and the call rings on.
    """
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    with acting_in(practice.pk), transaction.atomic():
        if Call.objects.filter(pk=UUID(call_id), began_at__gt=by.now - rules.RINGS).exists():
            return
    try:
        commands.mark_abandoned(by, call_id=UUID(call_id))
    except (commands.CallIsOver, commands.CallIsUnknown):
        return  # it was answered, or has ended
