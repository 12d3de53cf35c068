"""Whom the office exchanges envelopes with."""

import re
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.mailroom.models import TradingPartner


class PartnerIsUnknown(Refusal):
    """No partner of this practice has that id, or it is no longer used."""


class PartnerIsIncomplete(Refusal):
    """A partner lacks what its way of transport needs."""


@command(needs=Can.MANAGE_OFFICE)
def add_partner(
    by: Actor,
    /,
    *,
    name: str,
    transport: str,
    our_id: str = "",
    their_id: str = "",
    other_practice_id: UUID | None = None,
    folder: str = "",
    usage: str = "T",
) -> TradingPartner:
    """Enter a clearinghouse, payer or mail server, and how envelopes go there."""
    _check(transport, folder, our_id, their_id, other_practice_id)
    with refusing(
        trading_partner_name_is_free=Refusal("A partner of that name exists already.", name="Taken.")
    ):
        partner = TradingPartner.objects.create(
            name=name.strip(),
            transport=TradingPartner.Transport(transport),
            our_id=our_id,
            their_id=their_id,
            other_practice_id=other_practice_id,
            folder=folder,
            usage=usage,
        )
    record(by, "mailroom.partner.added", partner, name=partner.name, transport=transport)
    return partner


@command(needs=Can.MANAGE_OFFICE)
def change_partner(by: Actor, /, *, partner_id: UUID, is_active: bool) -> TradingPartner:
    """Take a partner out of use, or into use again; its envelopes stay."""
    partner = TradingPartner.objects.select_for_update().filter(pk=partner_id).first()
    if partner is None:
        raise PartnerIsUnknown("That partner is not known to this office.")
    partner.is_active = is_active
    partner.save(update_fields=["is_active"])
    record(by, "mailroom.partner.changed", partner, is_active=is_active)
    return partner


def _email_partner() -> TradingPartner:
    """Return the office's e-mail server as a partner; it is entered at the first e-mail."""
    return TradingPartner.objects.get_or_create(
        name="E-mail", defaults={"transport": TradingPartner.Transport.SMTP}
    )[0]


def _check(transport: str, folder: str, our_id: str, their_id: str, other_practice_id: UUID | None) -> None:
    if transport == TradingPartner.Transport.FOLDER and not re.fullmatch(
        r"[A-Za-z0-9][A-Za-z0-9_. -]{0,60}", folder
    ):
        raise PartnerIsIncomplete(
            "A folder has a plain name: letters, digits, spaces, dashes.",
            folder="Give a plain folder name.",
        )
    if transport == TradingPartner.Transport.LOOPBACK and other_practice_id is None:
        raise PartnerIsIncomplete("The payer twin needs the practice at the other end.")
    if len(our_id) > 15 or len(their_id) > 15:
        raise PartnerIsIncomplete("An id on the outside of an interchange has 15 characters at most.")
