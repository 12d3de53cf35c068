"""The only doors into the book of money."""

from daysheet.ledger.checks import HoldsCardNumber, NeedsReason, NotAnAmount
from daysheet.ledger.commands.adjustments import (
    MoreThanIsDue,
    bring_forward,
    reverse_entry,
    transfer,
    write_off,
)
from daysheet.ledger.commands.book import EntryIsReversed, OthersStandOnIt
from daysheet.ledger.commands.charging import ChargeIsAnswered, post_charge, reverse_charge
from daysheet.ledger.commands.closing import BooksDoNotBalance, DayIsOpen, close_day
from daysheet.ledger.commands.drawers import DayIsClosed, count_drawer, open_drawer
from daysheet.ledger.commands.history import bring_history
from daysheet.ledger.commands.payments import (
    NoSuchCredit,
    PaymentIsGone,
    refund,
    return_check,
    take_payment,
    void_payment,
)
from daysheet.ledger.commands.plans import (
    NotAPlansPosting,
    RemittanceDoesNotBalance,
    post_plan_payment,
    post_provider_level,
    post_remitted_claim,
    take_back_remitted_claim,
)
from daysheet.ledger.commands.statements import NothingOwed, keep_receipt, make_statement
from daysheet.ledger.protected import NothingMayBeAsked

__all__ = [
    "BooksDoNotBalance",
    "ChargeIsAnswered",
    "DayIsClosed",
    "DayIsOpen",
    "EntryIsReversed",
    "HoldsCardNumber",
    "MoreThanIsDue",
    "NeedsReason",
    "NoSuchCredit",
    "NotAPlansPosting",
    "NotAnAmount",
    "NothingMayBeAsked",
    "NothingOwed",
    "OthersStandOnIt",
    "PaymentIsGone",
    "RemittanceDoesNotBalance",
    "bring_forward",
    "bring_history",
    "close_day",
    "count_drawer",
    "keep_receipt",
    "make_statement",
    "open_drawer",
    "post_charge",
    "post_plan_payment",
    "post_provider_level",
    "post_remitted_claim",
    "refund",
    "return_check",
    "reverse_charge",
    "reverse_entry",
    "take_back_remitted_claim",
    "take_payment",
    "transfer",
    "void_payment",
    "write_off",
]
