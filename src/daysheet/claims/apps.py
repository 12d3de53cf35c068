"""The room `claims` as a Django app."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Claims out, acknowledgements and remittances in, denials."""

    name = "daysheet.claims"
    label = "claims"
