"""The room `charges` as a Django app."""

from django.apps import AppConfig


class ChargesConfig(AppConfig):
    """Fees, diagnoses, charges and the rules that look at them before a claim is made."""

    name = "daysheet.charges"
    label = "charges"
