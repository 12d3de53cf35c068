"""Letting a bill be asked for although a rule protects the patient: with a reason, by whom may, and back again."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import protecting
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.ledger.asking import asking
from daysheet.ledger.checks import no_card_numbers
from daysheet.ledger.models import AskedAnyway
from daysheet.patients.models import Patient


class NothingIsKeptBack(Refusal):
    """Nothing of that day is kept back, or it is asked for already."""


@command(needs=Can.ADJUST)
def ask_anyway(by: Actor, /, *, patient_id: UUID, service_on: date, why: str, said: str) -> AskedAnyway:
    """Let what is owed for a service day be asked of the patient; says why, and where that stands.

    A day on which a rule protects the patient is let before anything is owed for it: the patient pays ahead for what
    the plan does not cover. Raises NothingIsKeptBack.
    """
    no_card_numbers(said=said)
    if why not in AskedAnyway.Why.values:
        raise Refusal(_("Say why it may be asked."), why=_("Choose one."))
    if not said.strip():
        sentence = _("Say where that stands: the signed paper, the plan's answer.")
        raise Refusal(sentence, said=sentence)
    patient = Patient.objects.get(pk=patient_id)
    kept = [one for one in asking(patient_id).kept_back if one.service_on == service_on]
    if not kept and protecting.protection_on(patient_id, service_on) is None:
        raise NothingIsKeptBack(_("Nothing of that day is kept back from the patient."))
    with refusing(asked_anyway_stands_once=NothingIsKeptBack(_("Somebody else has just let it be asked."))):
        lifted = AskedAnyway.objects.create(
            patient=patient, service_on=service_on, why=why, said=said.strip(), at=by.now, by_name=by.name
        )
    amount = sum(one.amount for one in kept)
    record(by, "ledger.asking.lifted", lifted, service_on=service_on, why=why, amount=amount)
    return lifted


@command(needs=Can.ADJUST)
def ask_no_more(by: Actor, /, *, lifted_id: UUID) -> AskedAnyway:
    """End it: the day is kept back from the patient again."""
    lifted = AskedAnyway.objects.select_for_update().filter(pk=lifted_id, ended_at__isnull=True).first()
    if lifted is None:
        raise NothingIsKeptBack(_("That was ended already."))
    lifted.ended_at, lifted.ended_by = by.now, by.name
    lifted.save(update_fields=["ended_at", "ended_by"])
    record(by, "ledger.asking.kept-back-again", lifted, service_on=lifted.service_on)
    return lifted
