"""Which papers of a scanner a step of check-in takes: the sides of a card, a notice or form signed on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.frontdesk.checkin import FORM, NOTICE_STEP
from daysheet.visits import queries as visits
from daysheet.visits.models import Visit

SIGNED_ON_PAPER = "consent"


@dataclass(frozen=True, slots=True)
class Side:
    """What a scan can be for a step: its word in an address, how the paper is filed, what the button says."""

    key: str
    kind: str
    title: str
    label: str


def sides_of(visit: Visit, step: str) -> Sequence[Side]:
    """Return what a scan can be for a step of a visit's check-in; nothing for a step that takes none."""
    if step == "card":
        return (
            Side("card_front", "card_front", _("Insurance card, front"), _("Front of the card")),
            Side("card_back", "card_back", _("Insurance card, back"), _("Back of the card")),
        )
    if step == "photo_id":
        return (
            Side("front", "photo_id", _("Photo ID, front"), _("Front of the photo ID")),
            Side("back", "photo_id", _("Photo ID, back"), _("Back of the photo ID")),
        )
    if step == NOTICE_STEP:
        return (Side("notice", SIGNED_ON_PAPER, _("Notice of privacy practices"), _("The signed notice")),)
    row = visits.steps(visit.pk, "check_in").filter(kind=step).first() if step.startswith(FORM) else None
    return (Side("form", SIGNED_ON_PAPER, row.words.strip()[:200], _("The signed form")),) if row else ()


def filed_of(visit: Visit, step: str) -> QuerySet[Document]:
    """Return the papers that the office filed for a step since the patient arrived, and that count."""
    sides = sides_of(visit, step)
    rows = documents.filed_since(visit.patient_id, [one.kind for one in sides], visit.arrived_at)
    is_signed = step == NOTICE_STEP or step.startswith(FORM)
    return rows.filter(title__in=[one.title for one in sides]) if is_signed else rows
