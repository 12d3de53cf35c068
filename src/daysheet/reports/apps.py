"""The room `reports` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [("daysheet", "Day sheet", "reports:today", "scale", Can.SEE_DAYSHEET, 90)]


class ReportsConfig(AppConfig):
    """The day sheet: proven, closed, and kept as it stood."""

    name = "daysheet.reports"
    label = "reports"


VERBS = [
    Verb(_("Day sheet"), "reports:today", Can.SEE_DAYSHEET, ("close day", "close the day", "end of day")),
    Verb(_("Waits"), "reports:waits", Can.SEE_DAYSHEET, ("waiting times", "wait times")),
    Verb(_("Past days"), "reports:past-days", Can.SEE_DAYSHEET),
]
