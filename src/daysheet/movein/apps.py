"""The room `movein` as a Django app."""

from django.apps import AppConfig


class MoveinConfig(AppConfig):
    """Moving in: files of the old system, taken in with a preview, a proof and a way back."""

    name = "daysheet.movein"
    label = "movein"
