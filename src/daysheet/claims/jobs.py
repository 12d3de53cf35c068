"""What the billing desk does by itself: it notices silence."""

from uuid import UUID

from daysheet.claims import commands
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job
from daysheet.kernel.models import Practice


@job("claims.watch_clocks")
def watch_clocks(*, practice_id: str) -> None:
    """Put what stayed silent on the work list."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    commands.watch_clocks(Actor.system(practice_id=practice.id, now=practice.now()))


@job("claims.send_due_claims")
def send_due_claims(*, practice_id: str) -> None:
    """Make and send all claims that are due."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.id, now=practice.now())
    commands.make_due_claims(by)
    commands.send_due_claims(by)
