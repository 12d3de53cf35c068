"""The room `portal` as a Django app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The patients' own door: what a link in a message opens."""

    name = "daysheet.portal"
    label = "portal"
