"""A child's own check-in: whether the name that is typed may sign, and may bring the child."""

from datetime import date

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.patients import commands as patients
from daysheet.patients import people
from daysheet.portal import queries, rules
from daysheet.portal.models import SelfCheckIn


def _must_be_able_to_sign(by: Actor, row: SelfCheckIn, name: str) -> None:
    """Raise MayNotSign; why, such as a court order, is told at the desk and not on a screen."""
    if name.strip() and people.why_not_sign(row.patient, name, today=_today(by, row)):
        sentence = _("This person cannot sign here. Ask at the desk, please.")
        raise people.MayNotSign(sentence, signed_by=sentence)


def _weigh_guardian(by: Actor, row: SelfCheckIn) -> None:
    """Keep whether who was named may bring the child, and note the bringing at the visits that have begun.

    Who may not, or is not known, is left to the desk. What the own check-in noted of somebody else is taken back.
    """
    said = row.said.get(rules.GUARDIAN)
    if not said:
        return
    found = people.named(row.patient, said["name"], today=_today(by, row))
    barred = next((one for one in found if one.answers["bring"].word == "no"), None)
    row.said = row.said | {rules.GUARDIAN: said | {"barred": barred.contact.name if barred else ""}}
    may = next((one for one in found if one.answers["bring"].word in ("yes", "limits")), None)
    brings = may.contact.pk if may and barred is None else None
    for noted in queries.brought_by_own_word(row):
        if noted.contact_id != brings:
            patients.take_back_bringing(by, bringing_id=noted.pk)
    if brings is None:
        return
    for visit_id in queries.visit_ids(row):
        if people.brought_to(visit_id) is None:
            patients.note_bringing(
                by,
                patient_id=row.patient_id,
                visit_id=visit_id,
                today=_today(by, row),
                contact_id=brings,
            )


def _today(by: Actor, row: SelfCheckIn) -> date:
    return by.now.astimezone(row.location.zone).date()
