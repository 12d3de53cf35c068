"""The room `privacy` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can

NAV = [("diary", _("Diary"), "privacy:diary", "history", Can.SEE_DIARY, 97)]


class PrivacyConfig(AppConfig):
    """Notices, consents, and who looked at which chart."""

    name = "daysheet.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Register what a care setting brings to the forms of the office."""
        from daysheet.privacy import of_setting

        of_setting.register()
