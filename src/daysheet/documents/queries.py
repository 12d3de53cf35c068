"""Which papers there are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from daysheet.documents.models import Document
from daysheet.documents.rules import needed
from daysheet.kernel.access import Actor
from daysheet.kernel.models import AuditLine

KINDS: dict[str, str | Promise] = {
    "card_front": _("Insurance card, front"),
    "card_back": _("Insurance card, back"),
    "photo_id": _("Photo ID"),
    "photo": _("Photo of the face"),
    "consent": _("Consent or notice"),
    "referral": _("Referral"),
    "signed_form": _("Form signed at the desk"),
    "questionnaire": _("Questionnaire"),
    "receipt": _("Receipt"),
    "statement": _("Statement"),
    "walkout": _("Walkout statement"),
    "estimate": _("Estimate"),
    "daysheet": _("Day sheet"),
    "letter": _("Letter"),
    "packet": _("Downtime packet"),
    "packet_chart": _("Allergies for the downtime"),
    "other": _("Other paper"),
}


def document(document_id: UUID) -> Document:
    """Return one paper with its bytes."""
    return Document.objects.select_related("patient").get(pk=document_id)


def photo_id(document_id: UUID) -> Document | None:
    """Return a photo ID that counts, with its bytes."""
    return Document.objects.filter(pk=document_id, kind="photo_id", struck_at=None).first()


def papers_of(patient_id: UUID, *, by: Actor) -> QuerySet[Document]:
    """Return a patient's papers that the reader may open, newest first, without their bytes."""
    hidden = [kind for kind in KINDS if not by.can(needed(kind))]
    return (
        Document.objects.filter(patient_id=patient_id)
        .exclude(kind__in=hidden)
        .defer("content")
        .order_by("-made_at", "-number")
    )


def about(subject_id: UUID) -> QuerySet[Document]:
    """Return the papers made about a thing (a payment, a visit), newest first, without their bytes."""
    return Document.objects.filter(subject_id=subject_id).defer("content").order_by("-made_at", "-number")


def newest_of(patient_id: UUID, kinds: Sequence[str]) -> dict[str, Document]:
    """Return a patient's newest paper of each of some kinds, without their bytes: one statement."""
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None).defer("content")
    return {row.kind: row for row in rows.order_by("kind", "-made_at", "-number").distinct("kind")}


def newest_sides(patient_id: UUID, kinds: Sequence[str]) -> QuerySet[Document]:
    """Return a patient's newest papers of some kinds, front and back of each, without their bytes."""
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None).defer("content")
    return rows.order_by("kind", "title", "-made_at", "-number").distinct("kind", "title")


def filed_since(patient_id: UUID, kinds: Sequence[str], moment: datetime) -> QuerySet[Document]:
    """Return a patient's papers of some kinds that were filed from a moment on and count, newest first."""
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None, made_at__gte=moment)
    return rows.defer("content").order_by("-made_at", "-number")


def named_in(paper: Document) -> set[UUID]:
    """Return the patients whom a paper names, as the diary kept them when the paper was made."""
    lines = AuditLine.objects.filter(subject_id=paper.pk, action="documents.document.kept")
    return {patient_id for line in lines for patient_id in line.patient_ids}


def kind_words(kind: str) -> str:
    """Return a kind of paper in the words of the desk."""
    return str(KINDS.get(kind, KINDS["other"]))
