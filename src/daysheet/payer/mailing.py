"""How the payer addresses what it sends: one interchange to the office that wrote."""

from collections.abc import Sequence
from datetime import datetime

from daysheet.formats import x12
from daysheet.mailroom.models import TradingPartner
from daysheet.mailroom.numbering import next_interchange


def sealed(
    partner: TradingPartner,
    sets: Sequence[x12.OutgoingSet],
    *,
    at: datetime,
    acks: Sequence[x12.InterchangeAck] = (),
) -> tuple[bytes, str]:
    """Return the bytes of one interchange to an office and its number."""
    number = next_interchange(partner.id)
    content = x12.render_interchange(
        sender=x12.Mailbox("ZZ", partner.our_id or "PAYER"),
        receiver=x12.Mailbox("ZZ", partner.their_id or "OFFICE"),
        control_number=number,
        at=at,
        groups=[x12.OutgoingGroup(control_number=number, sets=list(sets))] if sets else [],
        usage="P" if partner.usage == "P" else "T",
        acks=list(acks),
    )
    return content, f"{number:09d}"
