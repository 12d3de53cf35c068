"""What the desk does by itself at night: it asks the plans of those who come, and prints the day for the worst case."""

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from daysheet.coverage import queries as coverage
from daysheet.frontdesk import commands
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in


@job("frontdesk.ask_ahead")
def ask_ahead(*, practice_id: str) -> None:
    """Ask for everybody of each day that the office asks ahead for; what is fresh is not asked again."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.id, now=practice.now())
    with acting_in(practice.pk):
        policy = coverage.policy()
    if not policy.is_nightly:
        return
    today = local_day(by.now, practice.zone)
    for lead in policy.leads:
        commands.ask_everybody(by, day=today + timedelta(days=lead))


@app.periodic(cron="30 7 * * *")
@app.task(name="frontdesk.ask_ahead_everywhere", queue="office")
def ask_ahead_everywhere(timestamp: int) -> None:
    """Each night, have every office ask ahead; a practice that plays has its own time."""
    for practice in Practice.objects.filter(is_training=False).exclude(kind=Practice.Kind.PAYER).only("pk"):
        later("frontdesk.ask_ahead", practice_id=practice.pk)


@job("frontdesk.make_packets")
def make_packets(*, practice_id: str) -> None:
    """Make the downtime packet of each door's next open day."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    commands.make_tonights_packets(Actor.system(practice_id=practice.id, now=practice.now()))


@app.periodic(cron="40 3 * * *")
@app.task(name="frontdesk.make_packets_everywhere", queue="office")
def make_packets_everywhere(timestamp: int) -> None:
    """Each night, when American offices have closed, have every office's packets made."""
    for practice in Practice.objects.filter(is_training=False).exclude(kind=Practice.Kind.PAYER).only("pk"):
        later("frontdesk.make_packets", practice_id=practice.pk)
