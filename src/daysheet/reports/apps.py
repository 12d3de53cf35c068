"""The room `reports` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can

NAV = [("daysheet", "Day sheet", "reports:today", "scale", Can.SEE_DAYSHEET, 90)]


class ReportsConfig(AppConfig):
    """The day sheet: proven, closed, and kept as it stood."""

    name = "daysheet.reports"
    label = "reports"
