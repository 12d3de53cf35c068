"""The room `charges` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can

NAV = [("estimates", _("Estimates"), "charges:estimates", "receipt", Can.ENTER_CHARGES, 65)]


class ChargesConfig(AppConfig):
    """Fees, diagnoses, charges and the rules that look at them before a claim is made."""

    name = "daysheet.charges"
    label = "charges"
