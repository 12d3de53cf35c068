"""Text messages and voice calls: queued with the fact that caused them, never to who wants none."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.mailroom import queries, texts
from daysheet.mailroom.commands.incoming import receive
from daysheet.mailroom.commands.outgoing import post_envelope
from daysheet.mailroom.models import Envelope, OptOut, TradingPartner

PARTNERS = {"sms": "Text messages", "voice": "Voice calls"}


class NoSuchChannel(Refusal):
    """No way out of that kind is open in this office."""


class WantsNone(Refusal):
    """Whoever holds the address wants no more messages."""


@command(needs=Can.WORK)
def open_telephone(by: Actor, /) -> list[TradingPartner]:
    """Give an office that only plays a telephone of its own: texts and voice calls are laid into it, and answered."""
    made = [
        TradingPartner.objects.get_or_create(
            name=name, defaults={"transport": TradingPartner.Transport.TELEPHONE, "folder": channel}
        )[0]
        for channel, name in PARTNERS.items()
    ]
    record(by, "mailroom.telephone.opened", made[0])
    return made


@command(needs=Can.WORK)
def post_text(
    by: Actor,
    /,
    *,
    channel: str,
    to: str,
    text: str,
    subject: Model | None = None,
    patient_ids: Sequence[UUID] = (),
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Envelope:
    """Put a text message or a voice call into the outbox; its words never join a name with a reason of visit.

    Raises NoSuchChannel, or WantsNone.
    """
    partner = TradingPartner.objects.filter(
        transport=TradingPartner.Transport.TELEPHONE, folder=channel, is_active=True
    ).first()
    if partner is None or channel not in texts.CHANNELS:
        raise NoSuchChannel(_("This office sends no messages of that kind."))
    if queries.wants_none(channel, to):
        raise WantsNone(_("Whoever holds this number wants no more messages. Ask them first."))
    number = str(new_id())
    record(by, "mailroom.text.written", subject, patients=patient_ids, channel=channel)
    return post_envelope(
        by,
        kind=channel,
        partner_id=partner.pk,
        content=texts.packed(texts.TextMessage(to, text), number=number),
        control_number=number,
        subject=subject,
        patient_ids=patient_ids,
        not_before=not_before,
        not_after=not_after,
    )


@command(needs=Can.SEND_MAIL)
def receive_text(by: Actor, /, *, channel: str, sender: str, text: str, key: str = "") -> Envelope:
    """Take in what somebody answered to a text or a call; it is kept first, and read in a moment.

    Raises NoSuchChannel.
    """
    partner = TradingPartner.objects.filter(
        transport=TradingPartner.Transport.TELEPHONE, folder=channel, is_active=True
    ).first()
    if partner is None or channel not in texts.CHANNELS:
        raise NoSuchChannel(_("This office takes no answers of that kind."))
    content = texts.packed_reply(texts.TextReply(sender, text, key or str(new_id())))
    record(by, "mailroom.reply.taken-in", channel=channel)
    return receive(by, partner_id=partner.pk, content=content, kind=f"{channel}-reply")[0]


@command(needs=Can.WORK)
def opt_out(by: Actor, /, *, channel: str, address: str) -> None:
    """Send nothing more to an address by a channel; saying it twice changes nothing."""
    OptOut.objects.get_or_create(
        channel=channel, address=address, ended_at=None, defaults={"since": by.now, "said_by": by.name}
    )
    record(by, "mailroom.address.opted-out", channel=channel)


@command(needs=Can.WORK)
def opt_in(by: Actor, /, *, channel: str, address: str) -> None:
    """Send to an address again: whoever holds it has said so."""
    stood = OptOut.objects.filter(channel=channel, address=address, ended_at=None)
    record(by, "mailroom.address.opted-in", channel=channel, ended=stood.update(ended_at=by.now))
