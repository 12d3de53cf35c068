"""The room `mailroom` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [("mail", "Mailroom", "mailroom:envelopes", "mail", Can.SEE_MAIL, 85, ("office", "billing", "payer"))]


class MailroomConfig(AppConfig):
    """Everything that leaves or enters: envelopes, trading partners, transports."""

    name = "daysheet.mailroom"
    label = "mailroom"


VERBS = [
    Verb(
        _("Partners"), "mailroom:partners", Can.MANAGE_OFFICE, ("clearinghouse", "smtp", "trading partners")
    ),
    Verb(_("Take in a file"), "mailroom:envelope-upload", Can.SEND_MAIL, ("upload a file", "835")),
    Verb(_("Look at a file"), "mailroom:file-look", Can.SEE_MAIL, ("x12",)),
    Verb(_("Test telephone"), "mailroom:telephone", Can.BOOK_APPOINTMENT),
]
