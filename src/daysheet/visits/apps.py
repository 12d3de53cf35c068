"""The room `visits` as a Django app."""

from collections.abc import Collection
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor, Can
from daysheet.ui.verbs import Verb


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
        from daysheet.patients import ahead as patients_ahead
        from daysheet.visits import of_setting
        from daysheet.visits.copays import services_of
        from daysheet.visits.counting import under_authorizations
        from daysheet.visits.queries import (
            arrived_on,
            come_to_nothing,
            copay_waits,
            here_on,
            nothing_due_because,
            set_against,
            under_plans,
            whose_and_when,
        )

        copays.of_visits.append(services_of)
        patients_ahead.of_the_day.append(here_on)
        authorizing.counters.append(under_authorizations)
        authorizing.paid_by_plans.append(follow_plans)
        authorizing.built_on.append(under_plans)
        ahead.against.append(set_against)
        ahead.come_to_nothing.append(come_to_nothing)
        ahead.copay_waits.append(copay_waits)
        asking.shields.append(nothing_due_because)
        asking.arrivals.append(arrived_on)
        asking.visits_known.append(whose_and_when)
        of_setting.register()


def follow_plans(by: Actor, patient_ids: Collection[UUID]) -> None:
    """Let who is in the house be paid for by the plans as they stand now, whoever entered them."""
    from daysheet.visits import commands
    from daysheet.visits.models import Visit

    if Visit.objects.open().filter(patient_id__in=list(patient_ids)).exists():
        system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
        commands.follow_plans(system, patient_ids=patient_ids)


VERBS = [
    Verb(
        _("Rounds and home visits"),
        "visits:rounds",
        Can.MOVE_PATIENT,
        ("rounds", "hospital round", "nursing home", "house call"),
    ),
    Verb(_("Hospitals and homes"), "visits:care-places", Can.MANAGE_OFFICE, ("care places",)),
    Verb(_("Check-in rules"), "visits:check-in-rules", Can.MANAGE_OFFICE, ("check in steps", "checklist")),
    Verb(_("Long waits"), "visits:wait-limits", Can.MANAGE_OFFICE, ("wait limits", "thresholds")),
    Verb(
        _("Rules of the waiting room"),
        "visits:line-rules",
        Can.MANAGE_OFFICE,
        ("line rules", "token letters"),
    ),
    Verb(
        _("Visits"),
        "visits:patient-panel",
        Can.SEE_SCHEDULE,
        (
            "visit",
            "check out",
            "charge slip",
            "charges",
            "superbill",
            "encounter form",
            "routing slip",
            "label",
        ),
        of_patient=True,
        of_visit=True,
    ),
]
