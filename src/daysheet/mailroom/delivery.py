"""One try to deliver an envelope: taken, carried, noted, each in a transaction of its own."""

from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands
from daysheet.mailroom.models import Envelope, TradingPartner
from daysheet.mailroom.transports import NotDelivered, StaysHere, folder, loopback, smtp, telephone

Transport = TradingPartner.Transport


def deliver_envelope(by: Actor, /, *, envelope_id: UUID) -> Envelope | None:
    """Carry an envelope to its partner by the partner's transport; None when it was not its time.

    Safe at any stop: what was carried but not noted is carried again, and the other side knows the bytes.
    """
    envelope = commands.begin_delivery(by, envelope_id=envelope_id)
    if envelope is None:
        return None
    try:
        sentence = _carry(by, envelope)
    except StaysHere as stays:
        return commands.keep_here(by, envelope_id=envelope_id, sentence=str(stays))
    except NotDelivered as no:
        return commands.note_not_delivered(by, envelope_id=envelope_id, sentence=str(no))
    return commands.note_delivered(by, envelope_id=envelope_id, sentence=sentence)


def _carry(by: Actor, envelope: Envelope) -> str:
    transport = envelope.partner.transport
    if transport == Transport.LOOPBACK:
        return loopback.send(by, envelope)
    practice = Practice.objects.get(pk=by.practice_id)
    if transport == Transport.TELEPHONE:
        return telephone.send(practice, envelope)
    if practice.is_training:
        raise StaysHere("Kept here: nothing leaves a training office.")
    if transport == Transport.FOLDER:
        return folder.send(envelope)
    if transport == Transport.SMTP and practice.is_demo:
        raise StaysHere("Kept here: a demonstration office sends no e-mail.")
    if transport == Transport.SMTP:
        return smtp.send(envelope)
    raise StaysHere("Kept here: this partner has no way out.")
