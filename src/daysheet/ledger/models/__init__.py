"""The book of money, the drawers and the bank, payments and statements."""

from daysheet.ledger.models.asking import AskedAnyway
from daysheet.ledger.models.book import Account, Balance, Daysheet, LedgerEntry, LedgerLine, PostingDay
from daysheet.ledger.models.cards import (
    CardCharge,
    CardDoor,
    CardForVisit,
    CardMemory,
    CardTerminal,
    SavedCard,
)
from daysheet.ledger.models.cash import BankDeposit, CashDrawer, DeskRules, DrawerCount, DrawerMove
from daysheet.ledger.models.fees import MissedFee
from daysheet.ledger.models.payment_plans import PaymentPlan, PlanPayment
from daysheet.ledger.models.payments import Payment, Statement

__all__ = [
    "Account",
    "AskedAnyway",
    "Balance",
    "BankDeposit",
    "CardCharge",
    "CardDoor",
    "CardForVisit",
    "CardMemory",
    "CardTerminal",
    "CashDrawer",
    "Daysheet",
    "DeskRules",
    "DrawerCount",
    "DrawerMove",
    "LedgerEntry",
    "LedgerLine",
    "MissedFee",
    "Payment",
    "PaymentPlan",
    "PlanPayment",
    "PostingDay",
    "SavedCard",
    "Statement",
]
