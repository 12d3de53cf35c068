"""Whom the office exchanges envelopes with."""

import re
from collections.abc import Mapping
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.mailroom.models import TradingPartner
from daysheet.practice.naming import must_fit_wire

CORRECTED = ("name", "folder", "our_id", "their_id", "usage")
BY_HAND = (TradingPartner.Transport.FOLDER, TradingPartner.Transport.NONE)
"""The ways whose partners a person enters and corrects; the payer twin and the e-mail server are the system's."""


class PartnerIsUnknown(Refusal):
    """No partner of this practice has that id, or it is no longer used."""


class PartnerIsKept(Refusal):
    """A partner that the system looks after itself is not corrected by hand."""


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
    must_fit_wire(name=name)
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
def change_partner(
    by: Actor,
    /,
    *,
    partner_id: UUID,
    version: int,
    is_active: bool | None = None,
    facts: Mapping[str, str] | None = None,
) -> TradingPartner:
    """Correct a partner's name, folder, ids or use, or take it out of use and into use again; its envelopes stay.

    Raises PartnerIsUnknown, PartnerIsKept, StaleForm, or PartnerIsIncomplete.
    """
    partner = _held(partner_id, version)
    new: dict[str, str | bool] = {
        name: said.strip() for name, said in (facts or {}).items() if name in CORRECTED
    }
    if new and partner.transport not in BY_HAND:
        raise PartnerIsKept("Daysheet looks after this partner itself; there is nothing to correct.")
    if is_active is not None:
        new["is_active"] = is_active
    changed = {
        name: [getattr(partner, name), value]
        for name, value in new.items()
        if getattr(partner, name) != value
    }
    for name, value in new.items():
        setattr(partner, name, value)
    must_fit_wire(name=partner.name)
    _check(partner.transport, partner.folder, partner.our_id, partner.their_id, partner.other_practice_id)
    partner.version += 1
    with refusing(
        trading_partner_name_is_free=Refusal("A partner of that name exists already.", name="Taken.")
    ):
        partner.save(update_fields=[*new, "version"])
    record(by, "mailroom.partner.changed", partner, changed=changed)
    return partner


def _held(partner_id: UUID, version: int) -> TradingPartner:
    partner = TradingPartner.objects.select_for_update().filter(pk=partner_id).first()
    if partner is None:
        raise PartnerIsUnknown("That partner is not known to this office.")
    if partner.transport == TradingPartner.Transport.SMTP:
        raise PartnerIsKept("The e-mail server stays in use; it is set where Daysheet is installed.")
    if partner.version != version:
        raise StaleForm("Somebody changed this partner meanwhile. Look at it again, then decide.")
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
