"""The mailroom's work for later: deliver, read, and a sweep each minute for what was left lying."""

import logging
import traceback
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import job, later
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands, delivery, queries
from daysheet.mailroom.models import TradingPartner
from daysheet.mailroom.transports import folder

log = logging.getLogger(__name__)


@job("mailroom.deliver_envelope")
def deliver_envelope(*, practice_id: str, envelope_id: str) -> None:
    """Deliver one envelope, if it is its time."""
    delivery.deliver_envelope(_office(practice_id), envelope_id=UUID(envelope_id))


@job("mailroom.handle_envelope")
def handle_envelope(*, practice_id: str, envelope_id: str) -> None:
    """Have one incoming envelope read; a reader that breaks down leaves it kept, to be tried again."""
    by = _office(practice_id)
    try:
        commands.handle_envelope(by, envelope_id=UUID(envelope_id))
    except Exception as broken:
        place = traceback.extract_tb(broken.__traceback__)[-1]
        # The text of the exception may hold patient data: kind and place are enough to find the fault.
        log.error(
            "reading an envelope failed: %s at %s:%s", type(broken).__name__, place.filename, place.lineno
        )
        commands.park_envelope(
            by,
            envelope_id=UUID(envelope_id),
            sentence="Daysheet could not read this file: a fault of its own. It is kept as it came.",
            try_again=True,
        )


@job("mailroom.sweep_practice")
def sweep_practice(*, practice_id: str) -> None:
    """Take in what lies in the folders of one practice and wake what should have left or been read."""
    by = _office(practice_id)
    with acting_in(by.practice_id), transaction.atomic():
        for envelope_id in queries.due_to_leave(by.now):
            later("mailroom.deliver_envelope", practice_id=practice_id, envelope_id=envelope_id)
        for envelope_id in queries.left_unread(by.now - timedelta(minutes=5)):
            later("mailroom.handle_envelope", practice_id=practice_id, envelope_id=envelope_id)
        partners = list(queries.partners().filter(transport=TradingPartner.Transport.FOLDER))
    for partner in partners:
        for path, content in folder.arrived(partner):
            commands.receive(by, partner_id=partner.pk, content=content)
            folder.put_away(path)


@app.periodic(cron="* * * * *")
@app.task(name="mailroom.sweep", queue="office")
def sweep(timestamp: int) -> None:
    """Sweep every practice, each by a job of its own."""
    for practice in Practice.objects.only("pk"):
        later("mailroom.sweep_practice", practice_id=practice.pk)


def _office(practice_id: str) -> Actor:
    practice = Practice.objects.get(pk=UUID(practice_id))
    return Actor.system(practice_id=practice.pk, now=practice.now())
