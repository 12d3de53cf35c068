"""The room `charges` as a Django app."""

from django.apps import AppConfig


class ChargesConfig(AppConfig):
    """Fees, diagnoses, charges and the rules that look at them before a claim is made."""

    name = "daysheet.charges"
    label = "charges"

    def ready(self) -> None:
        """Register what a care setting brings, what keeps a visit on the books, and what is counted of it."""
        from daysheet.charges import of_setting
        from daysheet.charges.counting import under_authorizations
        from daysheet.charges.queries import charges_hold
        from daysheet.coverage import authorizing
        from daysheet.visits import standing

        of_setting.register()
        standing.holders.append(charges_hold)
        authorizing.amounts.append(under_authorizations)
