"""The room `charges` as a Django app."""

from django.apps import AppConfig


class ChargesConfig(AppConfig):
    """Fees, diagnoses, charges and the rules that look at them before a claim is made."""

    name = "daysheet.charges"
    label = "charges"

    def ready(self) -> None:
        """Keep a visit on the books that has charges; count hours, days and units under authorizations."""
        from daysheet.charges.counting import under_authorizations
        from daysheet.charges.queries import charges_hold
        from daysheet.coverage import authorizing
        from daysheet.visits import standing

        standing.holders.append(charges_hold)
        authorizing.amounts.append(under_authorizations)
