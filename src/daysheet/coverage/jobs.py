"""Coverage's work for later: no longer to wait for a silent payer."""

from uuid import UUID

from daysheet.coverage import commands
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice


@job("coverage.give_up_waiting")
def give_up_waiting(*, practice_id: str, inquiry_id: str) -> None:
    """Look whether a question was answered; say so when it was not."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.give_up_waiting(by, inquiry_id=UUID(inquiry_id))
