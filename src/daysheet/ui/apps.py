"""The room `ui` as a Django app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The furniture of every screen."""

    name = "daysheet.ui"
    label = "ui"
