"""What a patient takes along at check-out."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import walkout
from daysheet.frontdesk.checkin import on_the_books
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command


@command(needs=Can.SEE_MONEY)
def print_walkout(by: Actor, /, *, visit_id: UUID) -> Document:
    """Print what today's visit cost, what was paid and what is left; it is kept with the patient's papers."""
    visit = on_the_books(visit_id)
    paper = documents.keep_document(
        by,
        kind="walkout",
        title=_("Walkout statement, visit %(number)s") % {"number": visit.number},
        media_type="application/pdf",
        content=walkout.drawn(by, walkout.walkout(visit)),
        patient_id=visit.patient_id,
        subject=visit,
    )
    record(by, "frontdesk.walkout.printed", paper, patients=[visit.patient_id], visit=str(visit_id))
    return paper
