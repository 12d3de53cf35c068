"""The room `mailroom` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can

NAV = [("mail", "Mailroom", "mailroom:envelopes", "mail", Can.SEE_MAIL, 85, ("office", "billing", "payer"))]


class MailroomConfig(AppConfig):
    """Everything that leaves or enters: envelopes, trading partners, transports."""

    name = "daysheet.mailroom"
    label = "mailroom"
