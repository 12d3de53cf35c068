"""The room `privacy` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [("diary", _("Diary"), "privacy:diary", "history", Can.SEE_DIARY, 97)]


class PrivacyConfig(AppConfig):
    """Notices, consents, and who looked at which chart."""

    name = "daysheet.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Register what a care setting brings to the forms of the office."""
        from daysheet.privacy import of_setting

        of_setting.register()


VERBS = [
    Verb(_("Forms"), "privacy:forms", Can.MANAGE_OFFICE, ("consents", "consent forms")),
    Verb(
        _("Notices and consents"),
        "privacy:patient-panel",
        Can.SEE_PATIENTS,
        ("consent", "consents", "sign", "hipaa"),
        of_patient=True,
    ),
    Verb(_("Who looked"), "privacy:lookers", Can.SEE_DIARY, ("lookers",), of_patient=True),
]
