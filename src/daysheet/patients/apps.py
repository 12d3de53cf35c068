"""The room `patients` as a Django app."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """Who: patients, their names, addresses, phones, contacts and guarantors, and how they are found."""

    name = "daysheet.patients"
    label = "patients"
