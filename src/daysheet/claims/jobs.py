"""What the billing desk does by itself: it notices silence."""

from uuid import UUID

from procrastinate.contrib.django import app

from daysheet.claims import commands
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice


@job("claims.watch_clocks")
def watch_clocks(*, practice_id: str) -> None:
    """Put what stayed silent on the work list."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    commands.watch_clocks(Actor.system(practice_id=practice.id, now=practice.now()))


@app.periodic(cron="15 11 * * *")
@app.task(name="claims.watch_all_clocks", queue="office")
def watch_all_clocks(timestamp: int) -> None:
    """Each morning, have every office's silent claims noticed; a practice that plays has its own time."""
    for practice in Practice.objects.filter(is_training=False).exclude(kind=Practice.Kind.PAYER).only("pk"):
        later("claims.watch_clocks", practice_id=practice.pk)


@job("claims.send_due_claims")
def send_due_claims(*, practice_id: str) -> None:
    """Make and send all claims that are due."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.id, now=practice.now())
    commands.make_due_claims(by)
    commands.send_due_claims(by)
