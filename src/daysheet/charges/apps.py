"""The room `charges` as a Django app."""

from django.apps import AppConfig


class ChargesConfig(AppConfig):
    """Fees, diagnoses, charges and the rules that look at them before a claim is made."""

    name = "daysheet.charges"
    label = "charges"

    def ready(self) -> None:
        """Register what a care setting brings to the prices."""
        from daysheet.charges import of_setting

        of_setting.register()
