"""The schedule's work for later: offers that nobody has answered in time, reminders that are due."""

from contextlib import suppress
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.schedule import commands, offers_out, recalls, reminders, waitlist


@job("schedule.expire_offers")
def expire_offers(*, practice_id: str) -> None:
    """Close the offers and entries of a practice whose time has run out."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.expire_offers(by, today=local_day(by.now, practice.zone))


@job("schedule.offer_freed_time")
def offer_freed_time(*, practice_id: str, appointment_id: str) -> None:
    """Offer a freed time of a practice to the next batch, where it lets that go by itself."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    commands.offer_by_itself(by, freed_by_id=UUID(appointment_id))


@job("schedule.follow_offers")
def follow_offers(*, practice_id: str) -> None:
    """Note what became of the messages about offers."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    commands.follow_offer_messages(Actor.system(practice_id=practice.pk, now=practice.now()))


@job("schedule.send_reminders")
def send_reminders(*, practice_id: str) -> None:
    """Write the messages of a practice that are due, and go on with those that reached nobody."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    with suppress(commands.RemindedMeanwhile):  # the other run has written, or writes at the next turn
        commands.send_due_reminders(by)
    commands.follow_fallen_reminders(by)


@job("schedule.work_out_recalls")
def work_out_recalls(*, practice_id: str) -> None:
    """Work out anew who is due: patients grow older, and what another door wrote is caught up with."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    commands.work_out_recalls(Actor.system(practice_id=practice.pk, now=practice.now()))


@job("schedule.send_recalls")
def send_recalls(*, practice_id: str) -> None:
    """Write the letters and messages of recalls that are due, where the office lets them go by themselves."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    commands.send_recalls_by_themselves(Actor.system(practice_id=practice.pk, now=practice.now()))


@app.periodic(cron="4-59/15 * * * *")
@app.task(name="schedule.recall_letters", queue="office")
def recall_letters(timestamp: int) -> None:
    """Let each office that has switched it on write what is due; before and after its hours nothing is done."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            if recalls.goes_now(practice, practice.now()):
                later("schedule.send_recalls", practice_id=practice.pk)


@app.periodic(cron="20 7 * * *")
@app.task(name="schedule.recall", queue="office")
def recall(timestamp: int) -> None:
    """Let each office in which visits come again look who is due, once a day before it opens."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            if recalls.types().exists():
                later("schedule.work_out_recalls", practice_id=practice.pk)


@app.periodic(cron="*/5 * * * *")
@app.task(name="schedule.remind", queue="office")
def remind(timestamp: int) -> None:
    """Let each office that keeps rules look for messages that are due."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            if reminders.rules().exists():
                later("schedule.send_reminders", practice_id=practice.pk)


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


@app.periodic(cron="2-59/5 * * * *")
@app.task(name="schedule.offer", queue="office")
def offer(timestamp: int) -> None:
    """Let each office that offers freed times by message see what came back, and ask the next batches."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            now = practice.now()
            if offers_out.to_follow().exists():
                later("schedule.follow_offers", practice_id=practice.pk)
            for freed_by_id in offers_out.to_offer(now):
                later("schedule.offer_freed_time", practice_id=practice.pk, appointment_id=freed_by_id)
