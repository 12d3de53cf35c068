"""The room `mailroom` as a Django app."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """Everything that leaves or enters: envelopes, trading partners, transports."""

    name = "daysheet.mailroom"
    label = "mailroom"
