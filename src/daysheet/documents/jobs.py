"""Papers, for later: sent to their printer."""

from uuid import UUID

from daysheet.documents import printing
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice


@job("documents.print_paper")
def print_paper(*, practice_id: str, job_id: str) -> None:
    """Send one paper to its printer."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    printing.carry(Actor.system(practice_id=practice.pk, now=practice.now()), job_id=UUID(job_id))
