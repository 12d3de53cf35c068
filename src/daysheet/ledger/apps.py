"""The room `ledger` as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The book of money: double entry, only ever added to; payments, receipts, drawers, days."""

    name = "daysheet.ledger"
    label = "ledger"
