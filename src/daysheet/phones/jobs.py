"""The room's work for later: a ring of which nothing more was reported."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.phones import commands, queries, rules
from daysheet.phones.models import Call


@job("phones.end_ring")
def end_ring(*, practice_id: str, call_id: str) -> None:
    """Let a call ring no longer of which the telephone system reported nothing more.

    By the practice's own clock: where that stands still or was set back, this comes too early, and the call rings on
    until `sweep_rings` finds that its time has come.
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


@app.periodic(cron="* * * * *")
@app.task(name="phones.sweep_rings", queue="office")
def sweep_rings(timestamp: int) -> None:
    """Every minute, look in each office for calls that have rung too long by its own clock: that may have been set."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            for call_id in queries.rung_out(practice.now() - rules.RINGS):
                later("phones.end_ring", practice_id=practice.pk, call_id=call_id)
