"""The room `visits` as a Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The encounter: the noun that joins a day together, its flow and its to-do."""

    name = "daysheet.visits"
    label = "visits"

    def ready(self) -> None:
        """Count visits under the authorizations that they name, and tell the book of whom no copay is taken.

        A care setting brings rules of check-in.
        """
        from daysheet.coverage import authorizing
        from daysheet.ledger import protected
        from daysheet.visits import of_setting
        from daysheet.visits.counting import under_authorizations
        from daysheet.visits.queries import no_copay_because

        authorizing.counters.append(under_authorizations)
        protected.shields.append(no_copay_because)
        of_setting.register()
