"""The room `frontdesk` as a Django app."""

from django.apps import AppConfig


class FrontdeskConfig(AppConfig):
    """The desk's own screens: day board, check-in, check-out, waiting room."""

    name = "daysheet.frontdesk"
    label = "frontdesk"
