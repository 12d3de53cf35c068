"""The desk's own acts: each joins acts of lower rooms into the one that the desk means."""

from daysheet.frontdesk.checkin import NotThere
from daysheet.frontdesk.commands.cards_ahead import name_card_ahead
from daysheet.frontdesk.commands.desk import (
    TICKED_AT_THE_END,
    DayIsOver,
    ask_everybody,
    ask_plan,
    book_follow_up,
    check_in,
    check_out,
    let_go_unseen,
    make_packet,
    make_tonights_packets,
    note_no_signature,
    sign_notice,
    step_back,
    take_copay,
    undo_copay,
)
from daysheet.frontdesk.commands.filling import fill_form
from daysheet.frontdesk.commands.following import MayNotBook, take_as_follow_up, undo_follow_up
from daysheet.frontdesk.commands.handing import (
    hand_over,
    print_encounter_form,
    print_label,
    take_hand_over_back,
)
from daysheet.frontdesk.commands.leaving import print_walkout
from daysheet.frontdesk.commands.licences import (
    MayBeAnothers,
    NothingChosen,
    put_back,
    take_card_off,
    take_over,
)
from daysheet.frontdesk.commands.missed import (
    FeeStands,
    NotMissed,
    charge_missed,
    forget_missed,
    waive_missed,
)
from daysheet.frontdesk.commands.papers import (
    SentAnew,
    file_card,
    file_photo_id,
    let_sent_id_wait,
    open_again,
    refuse_sent_id,
    take_sent_id,
)
from daysheet.frontdesk.commands.scans import file_scan, put_filed_scan_back

__all__ = [
    "TICKED_AT_THE_END",
    "DayIsOver",
    "FeeStands",
    "MayBeAnothers",
    "MayNotBook",
    "NotMissed",
    "NotThere",
    "NothingChosen",
    "SentAnew",
    "ask_everybody",
    "ask_plan",
    "book_follow_up",
    "charge_missed",
    "check_in",
    "check_out",
    "file_card",
    "file_photo_id",
    "file_scan",
    "fill_form",
    "forget_missed",
    "hand_over",
    "let_go_unseen",
    "let_sent_id_wait",
    "make_packet",
    "make_tonights_packets",
    "name_card_ahead",
    "note_no_signature",
    "open_again",
    "print_encounter_form",
    "print_label",
    "print_walkout",
    "put_back",
    "put_filed_scan_back",
    "refuse_sent_id",
    "sign_notice",
    "step_back",
    "take_as_follow_up",
    "take_card_off",
    "take_copay",
    "take_hand_over_back",
    "take_over",
    "take_sent_id",
    "undo_copay",
    "undo_follow_up",
    "waive_missed",
]
