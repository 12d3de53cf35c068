"""The room `patients` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [("patients", _("Patients"), "patients:search", "users", Can.SEE_PATIENTS, 40)]


class PatientsConfig(AppConfig):
    """Who: patients, their names, addresses, phones, contacts and guarantors, and how they are found."""

    name = "daysheet.patients"
    label = "patients"


VERBS = [
    Verb(
        _("New patient"),
        "patients:patient-new",
        Can.EDIT_PATIENTS,
        ("add patient", "add new patient", "register"),
    ),
    Verb(_("Find a patient"), "patients:search", Can.SEE_PATIENTS, ("search",)),
    Verb(_("Alerts that end soon"), "patients:alerts-ending", Can.SEE_PATIENTS, ("alerts",)),
    Verb(
        _("Details"),
        "patients:patient-edit",
        Can.EDIT_PATIENTS,
        ("edit", "address", "change address", "change phone", "demographics"),
        of_patient=True,
    ),
    Verb(_("Alerts"), "patients:alerts", Can.SEE_PATIENTS, ("alert",), of_patient=True),
    Verb(
        _("People"),
        "patients:people",
        Can.SEE_PATIENTS,
        ("guardian", "contacts", "who may", "guarantor", "emergency contact"),
        of_patient=True,
    ),
    Verb(
        _("Check a caller"),
        "patients:identity-check",
        Can.SEE_PATIENTS,
        ("identify", "caller", "verify caller"),
        of_patient=True,
    ),
    Verb(
        _("Change status"),
        "patients:patient-status",
        Can.EDIT_PATIENTS,
        ("status", "deceased", "inactive"),
        of_patient=True,
    ),
]
