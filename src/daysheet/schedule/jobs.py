"""The schedule's work for later: offers that nobody has answered in time."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.schedule import commands, waitlist


@job("schedule.expire_offers")
def expire_offers(*, practice_id: str) -> None:
    """Close the offers and entries of a practice whose time has run out."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.expire_offers(by, today=local_day(by.now, practice.zone))


@app.periodic(cron="*/5 * * * *")
@app.task(name="schedule.sweep", queue="office")
def sweep(timestamp: int) -> None:
    """Look in each office whether anything has run out: its own clock may have moved, a job may have been lost."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            now = practice.now()
            outlived = waitlist.outlived_entries(local_day(now, practice.zone), now)
            if waitlist.expired_offers(now).exists() or outlived.exists():
                later("schedule.expire_offers", practice_id=practice.pk)
