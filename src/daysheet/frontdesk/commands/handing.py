"""The label and the encounter form of a visit, made as papers for a few days."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import commands as documents
from daysheet.documents.models import Document
from daysheet.frontdesk import handing
from daysheet.frontdesk.checkin import on_the_books
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.visits.models import Visit


@command(needs=Can.MOVE_PATIENT)
def print_label(by: Actor, /, *, visit_id: UUID) -> Document:
    """Make the label of a visit's patient."""
    return _made(by, visit_id, "label", _("Label"), handing.label)


@command(needs=Can.MOVE_PATIENT)
def print_encounter_form(by: Actor, /, *, visit_id: UUID) -> Document:
    """Make the encounter form of a visit."""
    return _made(by, visit_id, "encounter_form", _("Encounter form"), handing.encounter_form)


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
