"""The payer twin at the other end: the only code that writes under two practices, one transaction each."""

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.mailroom.transports import NotDelivered


def send(by: Actor, envelope: Envelope) -> str:
    """Put the bytes into the other practice's mailroom; the same bytes again are no second envelope there."""
    ours = envelope.partner
    if ours.other_practice_id is None:
        raise NotDelivered("The partner names no practice at the other end.")
    other = Actor.system(practice_id=ours.other_practice_id, now=by.now)
    theirs = _us_as_they_know_us(by, ours)
    if theirs is None:
        raise NotDelivered("The practice at the other end does not know this office.")
    commands.receive(other, partner_id=theirs.pk, content=bytes(envelope.content))
    return f"Laid into the mailroom of {ours.name}."


def _us_as_they_know_us(by: Actor, ours: TradingPartner) -> TradingPartner | None:
    with acting_in(ours.other_practice_id), transaction.atomic():
        known = list(
            TradingPartner.objects.filter(
                other_practice_id=by.practice_id, transport=TradingPartner.Transport.LOOPBACK, is_active=True
            ).order_by("name")
        )
    by_ids = [one for one in known if (one.our_id, one.their_id) == (ours.their_id, ours.our_id)]
    return next(iter(by_ids or known), None)
