"""The label and the encounter form of a visit, made as papers for a few days; and what the patient takes along."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents import queries as document_queries
from daysheet.documents.models import Document
from daysheet.frontdesk import handing
from daysheet.frontdesk.checkin import NotThere, on_the_books
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.live import announce
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import Visit

STEP = "hand_over"


@command(needs=Can.MOVE_PATIENT)
def print_label(by: Actor, /, *, visit_id: UUID) -> Document:
    """Make the label of a visit's patient."""
    return _made(by, visit_id, "label", _("Label"), handing.label)


@command(needs=Can.MOVE_PATIENT)
def print_encounter_form(by: Actor, /, *, visit_id: UUID) -> Document:
    """Make the encounter form of a visit."""
    return _made(by, visit_id, "encounter_form", _("Encounter form"), handing.encounter_form)


@command(needs=Can.MOVE_PATIENT)
def hand_over(by: Actor, /, *, visit_id: UUID, document_ids: Collection[UUID]) -> list[Document]:
    """Note that papers of a visit were handed over; the step is done when none is left. Raises NotThere."""
    visit = on_the_books(visit_id)
    papers = list(document_queries.to_hand_over(visit.patient_id, visit_id, visit.arrived_at, by=by))
    if not document_ids or not {*document_ids} <= {one.pk for one in papers}:
        raise NotThere(_("That paper is not one of this visit. Look at the list again."))
    handed = [documents.note_handed_over(by, document_id=one) for one in document_ids]
    left = [one for one in papers if one.handed_at is None and one.pk not in document_ids]
    step = visit_queries.steps(visit_id, "check_out").filter(kind=STEP, state="open")
    if not left and step.exists():
        visits.do_step(by, visit_id=visit_id, stage="check_out", kind=STEP)
    record(by, "frontdesk.papers.handed-over", visit, papers=[one.number for one in handed], left=len(left))
    announce(by.practice_id, "visits", str(visit_id))
    return handed


@command(needs=Can.MOVE_PATIENT)
def take_hand_over_back(by: Actor, /, *, visit_id: UUID, document_id: UUID) -> Document:
    """Note that a paper of a visit was not handed over after all; the step is open again. Raises NotThere."""
    visit = on_the_books(visit_id)
    papers = document_queries.to_hand_over(visit.patient_id, visit_id, visit.arrived_at, by=by)
    if not papers.filter(pk=document_id).exists():
        raise NotThere(_("That paper is not one of this visit. Look at the list again."))
    paper = documents.note_handed_over(by, document_id=document_id, handed=False)
    if visit_queries.steps(visit_id, "check_out").filter(kind=STEP, state="done").exists():
        visits.undo_step(by, visit_id=visit_id, stage="check_out", kind=STEP)
    record(by, "frontdesk.papers.not-handed-over", visit, papers=[paper.number])
    announce(by.practice_id, "visits", str(visit_id))
    return paper


def _made(
    by: Actor, visit_id: UUID, kind: str, title: str, draw: Callable[[Actor, Visit], bytes]
) -> Document:
    visit = on_the_books(visit_id)
    paper = documents.keep_document(
        by,
        kind=kind,
        title=_("%(title)s, visit %(number)s") % {"title": title, "number": visit.number},
        media_type="application/pdf",
        content=draw(by, visit),
        patient_id=visit.patient_id,
        subject=visit,
    )
    record(by, f"frontdesk.{kind.replace('_', '-')}.made", paper, patients=[visit.patient_id])
    return paper
