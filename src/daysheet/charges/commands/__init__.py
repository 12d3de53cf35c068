"""The only doors to fees, diagnoses, charges and estimates."""

from daysheet.charges.commands.aftercare import follow_booking, look_after_estimates, watch_bill
from daysheet.charges.commands.contracts import (
    RateIsWrong,
    remove_rate,
    remove_usual_service,
    set_estimate_policy,
    set_rate,
    set_usual_service,
)
from daysheet.charges.commands.correcting import LineIsNotCorrected, correct_charge, uncorrect_charge
from daysheet.charges.commands.estimates import (
    EstimateIsGone,
    EstimateIsWrong,
    EstimateStands,
    ask_estimate,
    change_estimate,
    close_estimate,
    hand_over_estimate,
    make_estimate,
    put_estimate_line,
    remove_estimate_line,
)
from daysheet.charges.commands.fees import (
    FeeIsInUse,
    FeesRefused,
    SetFee,
    end_fee,
    import_fees,
    set_fee,
    take_back_fees,
)
from daysheet.charges.commands.following import follow_payer
from daysheet.charges.commands.merged import follow_merged_payer, follow_payers_apart
from daysheet.charges.commands.notices import NothingIsProposed, take_proposal
from daysheet.charges.commands.slip import (
    ChargeIsPosted,
    NoFee,
    SlipIsEmpty,
    change_charge,
    post_charges,
    put_charge,
    remove_charge,
    set_diagnoses,
    void_charge,
)
from daysheet.charges.commands.telehealth import put_telehealth_modifiers

__all__ = [
    "ChargeIsPosted",
    "EstimateIsGone",
    "EstimateIsWrong",
    "EstimateStands",
    "FeeIsInUse",
    "FeesRefused",
    "LineIsNotCorrected",
    "NoFee",
    "NothingIsProposed",
    "RateIsWrong",
    "SetFee",
    "SlipIsEmpty",
    "ask_estimate",
    "change_charge",
    "change_estimate",
    "close_estimate",
    "correct_charge",
    "end_fee",
    "follow_booking",
    "follow_merged_payer",
    "follow_payer",
    "follow_payers_apart",
    "hand_over_estimate",
    "import_fees",
    "look_after_estimates",
    "make_estimate",
    "post_charges",
    "put_charge",
    "put_estimate_line",
    "put_telehealth_modifiers",
    "remove_charge",
    "remove_estimate_line",
    "remove_rate",
    "remove_usual_service",
    "set_diagnoses",
    "set_estimate_policy",
    "set_fee",
    "set_rate",
    "set_usual_service",
    "take_back_fees",
    "take_proposal",
    "uncorrect_charge",
    "void_charge",
    "watch_bill",
]
