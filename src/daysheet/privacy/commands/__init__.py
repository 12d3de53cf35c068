"""What is done about privacy: notices and consents, and the forms of the office."""

from daysheet.privacy.commands.filling import (
    FormHasChanged,
    NoSuchForm,
    UnsoundAnswer,
    fill_form,
    put_to_visit,
    take_back_form,
)
from daysheet.privacy.commands.notices import (
    UnsoundSignature,
    note_refusal,
    sign_notice,
    take_back_signature,
    withdraw_consent,
)
from daysheet.privacy.commands.wording import UnsoundForm, keep_form, restore_form, retire_form

__all__ = [
    "FormHasChanged",
    "NoSuchForm",
    "UnsoundAnswer",
    "UnsoundForm",
    "UnsoundSignature",
    "fill_form",
    "keep_form",
    "note_refusal",
    "put_to_visit",
    "restore_form",
    "retire_form",
    "sign_notice",
    "take_back_form",
    "take_back_signature",
    "withdraw_consent",
]
