"""The room `ledger` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [
    ("drawer", "Cash drawer", "ledger:drawer", "cash", Can.TAKE_PAYMENT, 60),
    ("statements", "Statements", "ledger:statements", "receipt", Can.SEND_STATEMENTS, 80),
]


class LedgerConfig(AppConfig):
    """The book of money: double entry, only ever added to; payments, receipts, drawers, days."""

    name = "daysheet.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Tell the banner what a patient owes."""
        from daysheet.ledger import queries
        from daysheet.patients import queries as patients

        patients.banner_parts.append(lambda ids, now, today: queries.banner_part(ids))


VERBS = [
    Verb(
        _("Cash drawer"),
        "ledger:drawer",
        Can.TAKE_PAYMENT,
        ("drawer", "open drawer", "close drawer", "count drawer", "cash"),
    ),
    Verb(_("Deposits"), "ledger:deposits", Can.CLOSE_DAY, ("deposit", "bank")),
    Verb(_("Statements"), "ledger:statements", Can.SEE_MONEY, ("bills", "send statements")),
    Verb(_("Payment plans"), "ledger:payment-plans", Can.SEE_MONEY),
    Verb(_("Not to be asked"), "ledger:protected", Can.SEE_MONEY, ("protected", "medicaid balances")),
    Verb(_("Cards"), "ledger:cards", Can.TAKE_PAYMENT, ("card payments", "holds", "credit cards")),
    Verb(_("Rules of the desk"), "ledger:desk-rules", Can.MANAGE_OFFICE, ("desk rules",)),
    Verb(_("Card company"), "ledger:card-door", Can.MANAGE_OFFICE, ("stripe",)),
    Verb(_("Card terminals"), "ledger:card-terminals", Can.MANAGE_OFFICE, ("terminals",)),
    Verb(
        _("Take payment"),
        "ledger:payment-take",
        Can.TAKE_PAYMENT,
        ("pay", "payment", "copay", "take copay", "collect", "post payment"),
        of_patient=True,
    ),
    Verb(
        _("Pay in several ways"),
        "ledger:payment-split",
        Can.TAKE_PAYMENT,
        ("split", "split payment"),
        of_patient=True,
    ),
    Verb(
        _("Account"),
        "ledger:account",
        Can.SEE_MONEY,
        (
            "balance",
            "money",
            "owes",
            "receipt",
            "receipts",
            "void",
            "void payment",
            "returned check",
            "bounced check",
        ),
        of_patient=True,
    ),
    Verb(_("Refund"), "ledger:refund", Can.REFUND, ("give back",), of_patient=True),
    Verb(_("Write off"), "ledger:write-off", Can.ADJUST, ("adjust",), of_patient=True),
    Verb(_("Payment plan"), "ledger:plan-offer", Can.TAKE_PAYMENT, ("pay plan", "new plan"), of_patient=True),
]
