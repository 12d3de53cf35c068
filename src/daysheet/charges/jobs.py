"""The estimates' work for later: what became of booked visits, and what the law wants by a day."""

from uuid import UUID

from procrastinate.contrib.django import app

from daysheet.charges import commands
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice


@job("charges.look_after_estimates")
def look_after_estimates(*, practice_id: str) -> None:
    """Look after the estimates of an office."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.look_after_estimates(by, today=local_day(by.now, practice.zone))


@app.periodic(cron="*/15 * * * *")
@app.task(name="charges.sweep", queue="office")
def sweep(timestamp: int) -> None:
    """Every quarter of an hour, have every office's estimates looked after."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE).only("pk"):
        later("charges.look_after_estimates", practice_id=practice.pk)
