"""The room `privacy` as a Django app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Notices, consents, and who looked at which chart."""

    name = "daysheet.privacy"
    label = "privacy"
