"""The room `visits` as a Django app."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """The encounter: the noun that joins a day together, its flow and its to-do."""

    name = "daysheet.visits"
    label = "visits"

    def ready(self) -> None:
        """Count visits under the authorizations that they name, and tell the book what it must know of visits.

        A care setting brings rules of check-in.
        """
        from daysheet.coverage import authorizing, copays
        from daysheet.ledger import ahead, asking
        from daysheet.visits import of_setting
        from daysheet.visits.copays import services_of
        from daysheet.visits.counting import under_authorizations
        from daysheet.visits.queries import (
            arrived_on,
            come_to_nothing,
            copay_waits,
            day_of,
            nothing_due_because,
            set_against,
        )

        copays.of_visits.append(services_of)
        authorizing.counters.append(under_authorizations)
        ahead.against.append(set_against)
        ahead.come_to_nothing.append(come_to_nothing)
        ahead.copay_waits.append(copay_waits)
        asking.shields.append(nothing_due_because)
        asking.arrivals.append(arrived_on)
        asking.visit_days.append(day_of)
        of_setting.register()
