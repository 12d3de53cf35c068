"""All that the mailroom does: post, receive, hand over to a reader, send again, know its partners."""

from daysheet.mailroom.commands.incoming import (
    handle_envelope,
    park_envelope,
    read_again,
    receive,
)
from daysheet.mailroom.commands.outgoing import (
    CannotBeResent,
    begin_delivery,
    keep_here,
    note_delivered,
    note_not_delivered,
    post_email,
    post_envelope,
    resend_envelope,
)
from daysheet.mailroom.commands.partners import (
    BY_HAND,
    CORRECTED,
    PartnerIsKept,
    PartnerIsUnknown,
    add_partner,
    change_partner,
)
from daysheet.mailroom.commands.states import EnvelopeIsUnknown, mark, match_envelope
from daysheet.mailroom.numbering import next_interchange

__all__ = [
    "BY_HAND",
    "CORRECTED",
    "CannotBeResent",
    "EnvelopeIsUnknown",
    "PartnerIsKept",
    "PartnerIsUnknown",
    "add_partner",
    "begin_delivery",
    "change_partner",
    "handle_envelope",
    "keep_here",
    "mark",
    "match_envelope",
    "next_interchange",
    "note_delivered",
    "note_not_delivered",
    "park_envelope",
    "post_email",
    "post_envelope",
    "read_again",
    "receive",
    "resend_envelope",
]
