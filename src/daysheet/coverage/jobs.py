"""Coverage's work for later: no longer to wait for a silent payer, and to ask once more who could not answer."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.coverage import commands, queries
from daysheet.coverage.asking import ANSWERS_AT_ONCE
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in


@job("coverage.give_up_waiting")
def give_up_waiting(*, practice_id: str, inquiry_id: str) -> None:
    """Look whether a question was answered; say so when it was not."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.give_up_waiting(by, inquiry_id=UUID(inquiry_id))


@job("coverage.ask_once_more")
def ask_once_more(*, practice_id: str, inquiry_id: str) -> None:
    """Ask a payer again that could not answer."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.ask_once_more(by, inquiry_id=UUID(inquiry_id))


@app.periodic(cron="*/5 * * * *")
@app.task(name="coverage.sweep", queue="office")
def sweep(timestamp: int) -> None:
    """Look at every open question again: a practice's own clock may have moved, a job may have been lost."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            for inquiry_id in queries.unanswered(practice.now() - ANSWERS_AT_ONCE):
                later("coverage.give_up_waiting", practice_id=practice.pk, inquiry_id=inquiry_id)
            for inquiry_id in queries.asked_again(practice.now()):
                later("coverage.ask_once_more", practice_id=practice.pk, inquiry_id=inquiry_id)
