"""Papers taken at check-in: the insurance card, the photo ID; and a step opened again with what was filed for it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents import queries as document_queries
from daysheet.documents.models import Document
from daysheet.frontdesk.checkin import FILED_FOR, FORM, NOTICE_STEP, on_the_books, step_of_form
from daysheet.frontdesk.commands.following import _take_back
from daysheet.frontdesk.scanned import filed_of
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.privacy import commands as privacy
from daysheet.privacy import filling
from daysheet.visits import commands as visits
from daysheet.visits.models import VisitStep


class NoPicture(Refusal):
    """Nothing was chosen to be filed."""


class SentAnew(StaleForm):
    """Other pictures wait than those that a person has looked at."""


@command(needs=Can.MOVE_PATIENT)
def file_card(by: Actor, /, *, visit_id: UUID, front: bytes = b"", back: bytes = b"") -> list[Document]:
    """File the insurance card of the visit's coverage, front and back or one of them; the step is done.

    Raises NoPicture, and UnfitPaper for what is no picture.
    """
    sides = [
        ("card_front", _("Insurance card, front"), front),
        ("card_back", _("Insurance card, back"), back),
    ]
    return _file(by, visit_id, "card", sides)


@command(needs=Can.MOVE_PATIENT)
def file_photo_id(by: Actor, /, *, visit_id: UUID, front: bytes = b"", back: bytes = b"") -> list[Document]:
    """File the photo ID, front and the back with its barcode or one of them; the step is done.

    Raises NoPicture, and UnfitPaper for what is no picture.
    """
    sides = [("photo_id", _("Photo ID, front"), front), ("photo_id", _("Photo ID, back"), back)]
    return _file(by, visit_id, "photo_id", sides)


@command(needs=Can.MOVE_PATIENT)
def take_sent_id(by: Actor, /, *, visit_id: UUID, document_ids: Collection[UUID]) -> list[Document]:
    """File the pictures of a photo ID that the patient sent, after a person has looked at them; the step is done.

    Raises SentAnew when others wait than those that were looked at.
    """
    visit = on_the_books(visit_id)
    _must_be_those(visit.patient_id, document_ids)
    papers = [documents.accept_sent(by, document_id=one) for one in document_ids]
    visits.do_step(by, visit_id=visit_id, stage="check_in", kind="photo_id")
    record(by, "frontdesk.sent-id.taken", papers[0], visit=str(visit_id), papers=_numbers(papers))
    return papers


@command(needs=Can.MOVE_PATIENT)
def refuse_sent_id(by: Actor, /, *, visit_id: UUID, document_ids: Collection[UUID]) -> list[Document]:
    """Put aside the pictures of a photo ID that the patient sent; the step stays open.

    Raises SentAnew when others wait than those that were looked at.
    """
    visit = on_the_books(visit_id)
    _must_be_those(visit.patient_id, document_ids)
    papers = [documents.drop_sent(by, document_id=one) for one in document_ids]
    record(by, "frontdesk.sent-id.refused", papers[0], visit=str(visit_id), papers=_numbers(papers))
    announce(by.practice_id, "visits", str(visit_id))
    return papers


@command(needs=Can.MOVE_PATIENT)
def let_sent_id_wait(by: Actor, /, *, visit_id: UUID) -> list[Document]:
    """Let what this person refused last at a visit wait again. Raises SentAnew where there is nothing such."""
    visit = on_the_books(visit_id)
    found = document_queries.refused_last(visit.patient_id, "photo_id", by.name, visit.arrived_at)
    if not found:
        raise SentAnew(_("There is nothing to put back."))
    papers = [documents.let_wait_again(by, document_id=one.pk) for one in found]
    record(by, "frontdesk.sent-id.waits-again", papers[0], visit=str(visit_id), papers=_numbers(papers))
    announce(by.practice_id, "visits", str(visit_id))
    return papers


@command(needs=Can.MOVE_PATIENT)
def open_again(by: Actor, /, *, visit_id: UUID, stage: str, kind: str) -> VisitStep:
    """Open a step again; what was filed for it at this visit is marked as filed by mistake.

    What the patient had sent and was taken at this visit waits again. A follow-up that was booked by its step is taken
    back with it.
    """
    visit = on_the_books(visit_id)
    struck, waiting = [], []
    if (stage, kind) == ("check_out", "follow_up"):
        _take_back(by, visit_id)
    if stage == "check_in" and kind in FILED_FOR:
        since = visit.arrived_at
        papers = document_queries.filed_since(visit.patient_id, FILED_FOR[kind], since)
        struck = [documents.strike_paper(by, document_id=paper.pk).number for paper in papers]
        taken = document_queries.accepted_since(visit.patient_id, FILED_FOR[kind], since)
        waiting = _numbers(documents.let_wait_again(by, document_id=paper.pk) for paper in taken)
    if stage == "check_in" and (kind == NOTICE_STEP or kind.startswith(FORM)):
        signed = list(filed_of(visit, kind))
        struck = [documents.strike_paper(by, document_id=one.pk).number for one in signed]
        for one in signed if kind == NOTICE_STEP else ():
            privacy.take_back_signature(by, document_id=one.pk)
    if stage == "check_out" and kind == "hand_over":
        handed = document_queries.to_hand_over(visit.patient_id, visit_id, visit.arrived_at, by=by)
        for one in handed.filter(handed_at__isnull=False):
            documents.note_handed_over(by, document_id=one.pk, handed=False)
    taken_back = []
    for filled in filling.filled_at(visit_id) if stage == "check_in" else ():
        if step_of_form(filled.edition.form.key) == kind:
            privacy.take_back_form(by, filled_id=filled.pk)
            taken_back.append(filled.edition.form.key)
    step = visits.undo_step(by, visit_id=visit_id, stage=stage, kind=kind)
    record(
        by,
        "frontdesk.step.opened-again",
        step,
        patients=[visit.patient_id],
        kind=kind,
        struck=struck,
        waiting=waiting,
        forms=taken_back,
    )
    return step


def _file(by: Actor, visit_id: UUID, step: str, sides: list[tuple[str, str, bytes]]) -> list[Document]:
    visit = on_the_books(visit_id)
    subject = visit.coverage if step == "card" else visit
    papers = [
        documents.file_document(
            by, patient_id=visit.patient_id, kind=kind, title=title, content=content, subject=subject
        )
        for kind, title, content in sides
        if content
    ]
    if not papers:
        sentence = _("Choose a picture of the front, of the back, or both.")
        raise NoPicture(sentence, front=sentence)
    visits.do_step(by, visit_id=visit_id, stage="check_in", kind=step)
    filed = f"frontdesk.{step.replace('_', '-')}.filed"
    record(by, filed, papers[0], visit=str(visit_id), papers=_numbers(papers))
    return papers


def _must_be_those(patient_id: UUID, document_ids: Collection[UUID]) -> None:
    """Raise SentAnew where other pictures wait than those that were looked at."""
    waiting = {paper.pk for paper in document_queries.sent(patient_id, "photo_id")}
    if not document_ids or waiting != {*document_ids}:
        raise SentAnew(
            _("The patient has sent another picture meanwhile, or somebody was quicker. Look again.")
        )


def _numbers(papers: Iterable[Document]) -> list[int]:
    return [paper.number for paper in papers]
