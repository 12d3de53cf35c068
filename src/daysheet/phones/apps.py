"""The room `phones` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can

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
