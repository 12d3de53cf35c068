"""The room `practice` as a Django app."""

from django.apps import AppConfig

from daysheet.kernel.access import Can

NAV = [
    (
        "office",
        "Staff and office",
        "practice:set-up",
        "building",
        Can.MANAGE_OFFICE,
        95,
        ("office", "billing"),
    )
]


class PracticeConfig(AppConfig):
    """The office itself: locations, rooms, clinicians, staff and their sign-in, hours."""

    name = "daysheet.practice"
    label = "practice"

    def ready(self) -> None:
        """Register what a care setting brings to the office itself."""
        from daysheet.practice import of_setting

        of_setting.register()
