"""Commands of the patients' own door, by the one name."""

from daysheet.portal.commands.doing import (
    NotNow,
    ask_desk,
    begin,
    come_in_by_link,
    finish,
    keep_consent,
    keep_contact,
    keep_form,
    keep_guardian,
    keep_insurance,
    keep_photo_id,
    keep_visits,
    pass_screen,
    say_here,
    try_code,
)
from daysheet.portal.commands.kiosks import close_kiosk, open_kiosk
from daysheet.portal.commands.moving import end_with_visit, go_over, stand_again_with_visit
from daysheet.portal.commands.offering import (
    NotToBeOffered,
    offer_for_appointment,
    offer_for_visit,
    offer_link,
    take_offer_back,
)
from daysheet.portal.commands.others import put_forms_to_visit
from daysheet.portal.commands.scanning import try_scanned
from daysheet.portal.commands.watching import (
    NothingProposed,
    call_in,
    give_back,
    help_patient,
    leave_as_it_is,
    put_changes_back,
    take_back_call,
    take_over_changes,
)

__all__ = [
    "NotNow",
    "NotToBeOffered",
    "NothingProposed",
    "ask_desk",
    "begin",
    "call_in",
    "close_kiosk",
    "come_in_by_link",
    "end_with_visit",
    "finish",
    "give_back",
    "go_over",
    "help_patient",
    "keep_consent",
    "keep_contact",
    "keep_form",
    "keep_guardian",
    "keep_insurance",
    "keep_photo_id",
    "keep_visits",
    "leave_as_it_is",
    "offer_for_appointment",
    "offer_for_visit",
    "offer_link",
    "open_kiosk",
    "pass_screen",
    "put_changes_back",
    "put_forms_to_visit",
    "say_here",
    "stand_again_with_visit",
    "take_back_call",
    "take_offer_back",
    "take_over_changes",
    "try_code",
    "try_scanned",
]
