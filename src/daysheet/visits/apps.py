"""The room `visits` as a Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The encounter: the noun that joins a day together, its flow and its to-do."""

    name = "daysheet.visits"
    label = "visits"

    def ready(self) -> None:
        """Count visits and coming appointments under the authorizations that they name."""
        from daysheet.coverage import authorizing
        from daysheet.visits.counting import under_authorizations

        authorizing.counters.append(under_authorizations)
