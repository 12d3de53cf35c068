"""The room `practice` as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Can
from daysheet.ui.verbs import Verb

NAV = [
    (
        "office",
        "Staff and office",
        "practice:set-up",
        "building",
        Can.MANAGE_OFFICE,
        95,
        ("office", "billing"),
    ),
    ("office", "Staff", "practice:staff", "users", Can.MANAGE_STAFF, 95, ("payer",)),
]


class PracticeConfig(AppConfig):
    """The office itself: locations, rooms, clinicians, staff and their sign-in, hours."""

    name = "daysheet.practice"
    label = "practice"

    def ready(self) -> None:
        """Register what a care setting brings to the office itself."""
        from daysheet.practice import of_setting

        of_setting.register()


VERBS = [
    Verb(_("Staff"), "practice:staff", Can.MANAGE_STAFF, ("people", "users", "add staff")),
    Verb(_("Locations"), "practice:places", Can.MANAGE_OFFICE, ("places", "rooms")),
    Verb(_("The office on paper"), "practice:office", Can.MANAGE_OFFICE, ("letterhead", "tax id", "npi")),
    Verb(_("Care settings"), "practice:settings", Can.MANAGE_OFFICE, ("presets", "preset")),
    Verb(_("My settings"), "practice:profile", Can.WORK, ("profile", "password", "passkey")),
    Verb(_("My PIN"), "practice:pin", Can.WORK, ("pin",)),
    Verb(_("Help"), "practice:help", Can.WORK, ("keys", "shortcuts")),
]
