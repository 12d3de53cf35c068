"""What the station's scanner put down, filed for a step of check-in: card, photo ID, a signed notice or form."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents import queries as document_queries
from daysheet.documents.models import Document
from daysheet.frontdesk.checkin import NOTICE_STEP, on_the_books
from daysheet.frontdesk.commands.desk import sign_notice
from daysheet.frontdesk.commands.papers import NoPicture
from daysheet.frontdesk.scanned import filed_of, sides_of
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.privacy import commands as privacy
from daysheet.visits import commands as visits
from daysheet.visits.models import VisitStep


@command(needs=Can.MOVE_PATIENT)
def file_scan(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    step: str,
    scan_id: UUID,
    version: int,
    side: str,
    signed_by: str = "",
) -> Document:
    """File what the scanner put down as a side of a step's paper; the step is done.

    A card is about the coverage of the visit; the notice of privacy practices is signed by a person who is named, and
    the acknowledgment holds the paper. Raises NoPicture for another side or step, NoSuchScan where somebody
    was quicker, or StaleForm.
    """
    visit = on_the_books(visit_id)
    wanted = next((one for one in sides_of(visit, step) if one.key == side), None)
    if wanted is None:
        raise NoPicture(_("Say whether it is the front or the back of the card, or which form it is."))
    paper = documents.take_scan(
        by,
        scan_id=scan_id,
        patient_id=visit.patient_id,
        kind=wanted.kind,
        title=wanted.title,
        version=version,
        about=visit.coverage if step == "card" else visit,
    )
    if step == NOTICE_STEP:
        sign_notice(by, visit_id=visit_id, signed_by=signed_by, document_id=paper.pk)
    else:
        visits.do_step(by, visit_id=visit_id, stage="check_in", kind=step)
    filed = wanted.key if wanted.key in {"form", "notice"} else step.replace("_", "-")
    record(by, f"frontdesk.{filed}.filed", paper, visit=str(visit_id), papers=[paper.number])
    return paper


@command(needs=Can.MOVE_PATIENT)
def put_filed_scan_back(by: Actor, /, *, visit_id: UUID, step: str, scan_id: UUID) -> VisitStep | None:
    """Let a scan wait again; the step is open again where nothing else was filed for it at this visit.

    Raises NoPicture when that paper is not this patient's, or of another step.
    """
    visit = on_the_books(visit_id)
    held = document_queries.scan(scan_id)
    paper = held.document if held else None
    sides = {(one.kind, one.title) for one in sides_of(visit, step)}
    if paper is None or paper.patient_id != visit.patient_id or (paper.kind, paper.title) not in sides:
        raise NoPicture(_("That paper is not filed for this patient. Nothing was changed."))
    scan = documents.put_scan_back(by, scan_id=scan_id)
    if step == NOTICE_STEP:
        privacy.take_back_signature(by, document_id=paper.pk)
    opened = None
    if not filed_of(visit, step).exists():
        opened = visits.undo_step(by, visit_id=visit_id, stage="check_in", kind=step)
    record(by, "frontdesk.scan.put-back", scan, patients=[visit.patient_id], opened=opened is not None)
    return opened
