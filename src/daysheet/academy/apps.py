"""The room `academy` as a Django app."""

from django.apps import AppConfig


class AcademyConfig(AppConfig):
    """The school of the trade: public pages, no sign-in."""

    name = "daysheet.academy"
    label = "academy"
