"""All that the mailroom does: post, receive, hand over to a reader, send again, know its partners."""

from daysheet.mailroom.commands.incoming import (
    handle_envelope,
    park_envelope,
    read_again,
    receive,
)
from daysheet.mailroom.commands.links import (
    LinkIsOver,
    keep_link_until,
    let_link_hold_again,
    make_link,
    open_link,
    revoke_link,
    use_link,
)
from daysheet.mailroom.commands.outgoing import (
    CannotBeResent,
    CannotBeStopped,
    begin_delivery,
    keep_here,
    note_delivered,
    note_not_delivered,
    post_email,
    post_envelope,
    resend_envelope,
    stop_envelope,
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
from daysheet.mailroom.commands.texting import (
    NoSuchChannel,
    WantsNone,
    open_telephone,
    opt_in,
    opt_out,
    post_text,
    receive_text,
)
from daysheet.mailroom.numbering import next_interchange

__all__ = [
    "BY_HAND",
    "CORRECTED",
    "CannotBeResent",
    "CannotBeStopped",
    "EnvelopeIsUnknown",
    "LinkIsOver",
    "NoSuchChannel",
    "PartnerIsKept",
    "PartnerIsUnknown",
    "WantsNone",
    "add_partner",
    "begin_delivery",
    "change_partner",
    "handle_envelope",
    "keep_here",
    "keep_link_until",
    "let_link_hold_again",
    "make_link",
    "mark",
    "match_envelope",
    "next_interchange",
    "note_delivered",
    "note_not_delivered",
    "open_link",
    "open_telephone",
    "opt_in",
    "opt_out",
    "park_envelope",
    "post_email",
    "post_envelope",
    "post_text",
    "read_again",
    "receive",
    "receive_text",
    "resend_envelope",
    "revoke_link",
    "stop_envelope",
    "use_link",
]
