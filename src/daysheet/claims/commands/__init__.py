"""All that is done with claims: made, sent, answered, paid, corrected, taken back, watched."""

from daysheet.claims.commands.answers import read_277ca, read_999, read_ta1
from daysheet.claims.commands.by_hand import (
    CannotBeMatched,
    CannotBePosted,
    CannotBeTakenBack,
    match_remitted,
    post_by_hand,
    take_back_remitted,
)
from daysheet.claims.commands.clocks import watch_clocks
from daysheet.claims.commands.lines import LineIsWithThePayer, take_line_off
from daysheet.claims.commands.making import (
    CannotBeSent,
    KindsAreMixed,
    MoreWaitNow,
    NoCoverage,
    NothingToBill,
    StillWithThePayer,
    close_claim,
    correct_and_resend,
    make_claim,
    make_claims,
    make_due_claims,
    note_appeal,
    send_claims,
    send_due_claims,
    void_claim,
)
from daysheet.claims.commands.merged import send_to_kept_payer, send_to_payer_apart
from daysheet.claims.commands.remitting import UnknownPayer, read_835

__all__ = [
    "CannotBeMatched",
    "CannotBePosted",
    "CannotBeSent",
    "CannotBeTakenBack",
    "KindsAreMixed",
    "LineIsWithThePayer",
    "MoreWaitNow",
    "NoCoverage",
    "NothingToBill",
    "StillWithThePayer",
    "UnknownPayer",
    "close_claim",
    "correct_and_resend",
    "make_claim",
    "make_claims",
    "make_due_claims",
    "match_remitted",
    "note_appeal",
    "post_by_hand",
    "read_277ca",
    "read_835",
    "read_999",
    "read_ta1",
    "send_claims",
    "send_due_claims",
    "send_to_kept_payer",
    "send_to_payer_apart",
    "take_back_remitted",
    "take_line_off",
    "void_claim",
    "watch_clocks",
]
