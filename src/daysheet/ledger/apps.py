"""The room `ledger` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can

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
