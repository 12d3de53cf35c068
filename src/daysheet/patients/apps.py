"""The room `patients` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can

NAV = [("patients", _("Patients"), "patients:search", "users", Can.SEE_PATIENTS, 40)]


class PatientsConfig(AppConfig):
    """Who: patients, their names, addresses, phones, contacts and guarantors, and how they are found."""

    name = "daysheet.patients"
    label = "patients"
