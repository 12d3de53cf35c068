"""What a licence says is taken over into the chart, field by field; and put back."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import licence
from daysheet.frontdesk.checkin import NotThere, on_the_books
from daysheet.frontdesk.commands.papers import open_again
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.patients import commands as patients
from daysheet.patients.cards import FIELDS
from daysheet.patients.models import Patient, PatientChange
from daysheet.visits import queries as visits

TAKEN = (*FIELDS, "street2")


class MayBeAnothers(Refusal):
    """The card seems to be another person's, and nobody said why it is this patient's all the same."""


class NothingChosen(Refusal):
    """No field was ticked, or the licence does not tell it."""


@command(needs=Can.EDIT_PATIENTS)
def take_over(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    document_id: UUID,
    version: int,
    fields: Sequence[str],
    because: str = "",
) -> PatientChange:
    """Write what the licence says into the chart, in the fields that a person has ticked.

    Where birth date or both names differ it needs a reason, which is kept in the diary. Raises NothingChosen,
    MayBeAnothers, or ChangedMeanwhile when somebody else changed the chart.
    """
    visit = on_the_books(visit_id)
    patient = Patient.objects.get(pk=visit.patient_id)
    paper = licence.paper_of(visit.patient_id, document_id)
    if paper is None:
        raise NotThere(_("That photo ID is not on file for this patient."))
    found = licence.beside(paper, patient, visit.service_on)
    new: dict[str, Any] = {one.field: one.said for one in found.differing if one.field in fields}
    if not new:
        raise NothingChosen(_("Tick what shall be taken over from the license."))
    if found.may_be_another and not because.strip():
        raise MayBeAnothers(
            _("This may be another person's card. Write why it is this patient's, or take it off the file.")
        )
    if "street" in new and patient.street2:
        new["street2"] = ""
    patients.change_patient(by, patient_id=patient.pk, version=version, **new)
    change = PatientChange.objects.filter(patient=patient).order_by("-at", "-id")[0]
    told = {"because": because.strip()} if because.strip() else {}
    record(by, "frontdesk.licence.taken-over", change, patients=[patient.pk], fields=sorted(new), **told)
    return change


@command(needs=Can.MOVE_PATIENT)
def take_card_off(by: Actor, /, *, visit_id: UUID, document_id: UUID) -> Document:
    """Mark a photo ID as filed by mistake since it is another person's; the step is open again. Return the paper.

    All that was filed for the step at this visit goes with it: a card has two sides.
    """
    visit = on_the_books(visit_id)
    paper = licence.paper_of(visit.patient_id, document_id)
    if paper is None:
        raise NotThere(_("That photo ID is not on file for this patient."))
    if visits.steps(visit_id, "check_in").filter(kind="photo_id").exists():
        open_again(by, visit_id=visit_id, stage="check_in", kind="photo_id")
    paper.refresh_from_db(fields=["struck_at", "kind"])
    if paper.struck_at is None and paper.kind == "photo_id":
        paper = documents.strike_paper(by, document_id=document_id)
    record(by, "frontdesk.card.taken-off", paper, patients=[visit.patient_id], papers=[paper.number])
    return paper


@command(needs=Can.EDIT_PATIENTS)
def put_back(by: Actor, /, *, visit_id: UUID, change_id: UUID) -> Patient:
    """Undo what was taken over from a licence. Raises StaleForm when a field was changed again since."""
    visit = on_the_books(visit_id)
    change = PatientChange.objects.filter(pk=change_id, patient_id=visit.patient_id).first()
    if change is None or not {*change.fields} <= {*TAKEN}:
        raise NotThere(_("There is nothing to put back."))
    patient = Patient.objects.get(pk=visit.patient_id)
    if any(_text(getattr(patient, name)) != new for name, (_old, new) in change.fields.items()):
        raise StaleForm(_("The chart was changed again since. Mend it on the patient's page."))
    old: dict[str, Any] = {
        name: date.fromisoformat(before) if name == "born_on" else before
        for name, (before, _new) in change.fields.items()
    }
    patient = patients.change_patient(by, patient_id=patient.pk, version=patient.version, **old)
    record(by, "frontdesk.licence.put-back", patient, fields=sorted(old))
    return patient


def _text(value: object) -> str:
    return "" if value is None else str(value)
