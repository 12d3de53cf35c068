"""The room `coverage` as a Django app."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Payers, plans, a patient's coverages, and what the payer says of them (270/271)."""

    name = "daysheet.coverage"
    label = "coverage"
