"""The only doors to fees, diagnoses and charges."""

from daysheet.charges.commands.fees import FeesRefused, import_fees, set_fee
from daysheet.charges.commands.notices import NothingIsProposed, take_proposal
from daysheet.charges.commands.slip import (
    ChargeIsPosted,
    NoFee,
    SlipIsEmpty,
    post_charges,
    put_charge,
    remove_charge,
    set_diagnoses,
    void_charge,
)

__all__ = [
    "ChargeIsPosted",
    "FeesRefused",
    "NoFee",
    "NothingIsProposed",
    "SlipIsEmpty",
    "import_fees",
    "post_charges",
    "put_charge",
    "remove_charge",
    "set_diagnoses",
    "set_fee",
    "take_proposal",
    "void_charge",
]
