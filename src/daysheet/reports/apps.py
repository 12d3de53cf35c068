"""The room `reports` as a Django app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The day sheet and its close."""

    name = "daysheet.reports"
    label = "reports"
