"""Cards, for later: asked of the company at once, and again while it has not answered; holds that die soon."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import system_now
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import carding, commands, queries
from daysheet.ledger.models import CardForVisit

SILENCE = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=2)
"""How often a terminal that waits for a card is looked at."""
MOST_TRIES = 10
HOLD_WARNS = timedelta(hours=24)


@job("ledger.carry_card_on")
def carry_card_on(*, practice_id: str, charge_id: str) -> None:
    """Ask the card company what is to be asked of it for one payment."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    if carding.carry_on(by, charge_id=UUID(charge_id)):
        return
    with acting_in(practice.pk), transaction.atomic():
        if queries.is_at_terminal(UUID(charge_id)):
            soon = system_now() + LOOK_AGAIN
            later("ledger.carry_card_on", at=soon, practice_id=practice_id, charge_id=charge_id)


@job("ledger.look_after_cards")
def look_after_cards(*, practice_id: str) -> None:
    """Ask again where the company has not answered, and call a person where it stays silent or a hold dies soon."""
    practice = Practice.objects.get(pk=UUID(practice_id))
    by = Actor.system(practice_id=practice.pk, now=practice.now())
    with acting_in(practice.pk), transaction.atomic():
        silent = list(queries.silent_cards(by.now - SILENCE))
        dying = list(queries.holds_that_die(by.now + HOLD_WARNS))
        near = list(_to_call(by.now))
    for charge in silent:
        if not carding.carry_on(by, charge_id=charge.pk) and charge.tries >= MOST_TRIES:
            commands.call_for_a_person(by, charge_id=charge.pk)
    for charge in dying:
        commands.call_for_a_person(by, charge_id=charge.pk)
    for one in near:
        commands.call_to_hold(by, card_for_visit_id=one.pk)


def _to_call(now: datetime) -> QuerySet[CardForVisit]:
    """Return what can be held from today on and is on nobody's work list."""
    return queries.cards_to_hold(queries.posting_day(now)).filter(called_at=None)


@app.periodic(cron="* * * * *")
@app.task(name="ledger.sweep_cards", queue="office")
def sweep_cards(timestamp: int) -> None:
    """Every minute, look in each office whether a card waits: a process may have died between question and answer."""
    for practice in Practice.objects.filter(kind=Practice.Kind.OFFICE):
        with acting_in(practice.pk), transaction.atomic():
            now = practice.now()
            waits = (
                queries.silent_cards(now - SILENCE).exists()
                or queries.holds_that_die(now + HOLD_WARNS).exists()
                or _to_call(now).exists()
            )
            if waits:
                later("ledger.look_after_cards", practice_id=practice.pk)
