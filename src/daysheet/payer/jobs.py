"""What the insurance desk does by itself: payments go out on their day."""

from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice
from daysheet.payer import commands


@job("payer.pay_due")
def pay_due(*, practice_id: str) -> None:
    """Pay what is due by today on the payer's own clock; what is not yet due waits."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.id, now=practice.now())
    commands.pay_due(by, day=local_day(by.now, practice.zone))
