"""The room `charges` as a Django app."""

from collections.abc import Collection
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from daysheet.kernel.access import Actor, Can
from daysheet.ui.verbs import Verb


class ChargesConfig(AppConfig):
    """Fees, diagnoses, charges and the rules that look at them before a claim is made."""

    name = "daysheet.charges"
    label = "charges"

    def ready(self) -> None:
        """Register what a care setting brings, what keeps a visit on the books, is counted of it, a write-off changes."""
        from daysheet.charges import of_setting
        from daysheet.charges.counting import under_authorizations
        from daysheet.charges.estimating import estimates_by_plans
        from daysheet.charges.payers_merged import counted, payers_apart, payers_merged
        from daysheet.charges.queries import charges_hold, payer_stays
        from daysheet.coverage import authorizing, merging
        from daysheet.ledger import followers
        from daysheet.visits import followers as of_visits
        from daysheet.visits import standing

        of_setting.register()
        standing.holders.append(charges_hold)
        authorizing.amounts.append(under_authorizations)
        authorizing.built_on.append(estimates_by_plans)
        followers.adjusted.append(watch_bills)
        of_visits.put_under.append(follow_payer)
        of_visits.keeping.append(payer_stays)
        merging.counts.append(counted)
        merging.followers.append(merging.Follower("charges", payers_merged, payers_apart))


def watch_bills(by: Actor, visit_ids: Collection[UUID]) -> None:
    """Hold the bills of some visits against their estimates anew, after something of them was written off."""
    from daysheet.charges import commands, estimating
    from daysheet.visits.models import Visit

    system = Actor.system(practice_id=by.practice_id, now=by.now)
    for visit in Visit.objects.filter(pk__in=list(visit_ids)):
        whose, booked, on = visit.patient_id, visit.appointment_id, visit.service_on
        if estimating.of_visit(patient_id=whose, appointment_id=booked, service_on=on):
            commands.watch_bill(system, patient_id=whose, appointment_id=booked, service_on=on)


def follow_payer(by: Actor, visit_id: UUID) -> None:
    """Make what is posted of a visit due from whoever pays for it now: it follows from naming the payer."""
    from daysheet.charges import commands

    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    commands.follow_payer(system, visit_id=visit_id)


VERBS = [
    Verb(_("Estimates"), "charges:estimates", Can.ENTER_CHARGES, ("good faith estimates", "gfe")),
    Verb(_("Fee schedule"), "charges:fees", Can.MANAGE_OFFICE, ("fees", "prices")),
    Verb(_("Contracts"), "charges:rates", Can.MANAGE_OFFICE, ("rates", "contract rates")),
    Verb(_("Usual services"), "charges:usual", Can.MANAGE_OFFICE, ("estimate policy",)),
    Verb(
        _("Estimate"),
        "charges:estimate-new",
        Can.ENTER_CHARGES,
        ("gfe", "good faith estimate", "price for"),
        of_patient=True,
    ),
]
