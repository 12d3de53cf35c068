"""The room `interop` as a Django app."""

from django.apps import AppConfig


class InteropConfig(AppConfig):
    """Records of other systems, taken in patient by patient."""

    name = "daysheet.interop"
    label = "interop"
