"""The room `phones` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [("phones", _("Phones"), "phones:desk", "phone", Can.ANSWER_PHONES, 50)]


class PhonesConfig(AppConfig):
    """The telephone: the call log, who is calling, call backs, and what a telephone system reports."""

    name = "daysheet.phones"
    label = "phones"

    def ready(self) -> None:
        """Say that a call is ended on its own page, and that who is new in a call is tied to it."""
        from daysheet.patients import coming_from
        from daysheet.phones import ending, queries
        from daysheet.tasks import elsewhere

        coming_from.goes_on("call", ending.with_new_patient)
        for kind in ("call_back", "voicemail"):
            elsewhere.settles(kind, "phones.call", queries.still_waits)


VERBS = [
    Verb(
        _("New call"),
        "phones:call-new",
        Can.ANSWER_PHONES,
        ("call", "log a call", "take a call", "phone call", "new message", "telephone encounter"),
    ),
    Verb(
        _("Phones"),
        "phones:desk",
        Can.ANSWER_PHONES,
        ("phone desk", "voicemail", "voicemails", "call back", "call backs", "callbacks", "messages"),
    ),
    Verb(_("Call log"), "phones:log", Can.ANSWER_PHONES, ("calls", "phone log")),
    Verb(
        _("Blocked numbers"), "phones:numbers", Can.ANSWER_PHONES, ("nuisance", "block a number", "numbers")
    ),
    Verb(_("Reasons of calls"), "phones:reasons", Can.MANAGE_OFFICE, ("call reasons", "routing")),
    Verb(_("Red flags"), "phones:red-flags", Can.MANAGE_OFFICE),
    Verb(_("Telephone system"), "phones:system", Can.MANAGE_OFFICE, ("sip", "phone system")),
    Verb(
        _("Calls"),
        "phones:patient-panel",
        Can.ANSWER_PHONES,
        ("call", "call back", "phone"),
        of_patient=True,
    ),
]
