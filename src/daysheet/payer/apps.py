"""The room `payer` as a Django app."""

from django.apps import AppConfig


class PayerConfig(AppConfig):
    """The insurance company: a desk of its own, and the twin that answers an office's mail."""

    name = "daysheet.payer"
    label = "payer"
