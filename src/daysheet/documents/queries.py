"""Which papers there are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from daysheet.documents.models import Document, PrintJob, PrintStation, ScannedFile, StationPrinter
from daysheet.documents.rules import HANDED_OVER, SENT, needed, sort_of
from daysheet.kernel.access import Actor
from daysheet.kernel.models import AuditLine

SILENT_AFTER = timedelta(minutes=2)
"""A printer is asked for seconds: what is being sent for longer was given up half way."""
KINDS: dict[str, str | Promise] = {
    "card_front": _("Insurance card, front"),
    "card_back": _("Insurance card, back"),
    "photo_id": _("Photo ID"),
    "photo_id_sent": _("Photo ID, sent by the patient, not looked at yet"),
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
    "label": _("Label"),
    "encounter_form": _("Encounter form"),
    "test_page": _("Test page"),
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


def papers_with_bytes(document_ids: Sequence[UUID]) -> QuerySet[Document]:
    """Return those of some papers that count, with their bytes."""
    return Document.objects.filter(pk__in=document_ids, struck_at=None)


def newest_of_subject(patient_id: UUID, kinds: Sequence[str], subject_id: UUID | None) -> QuerySet[Document]:
    """Return a patient's newest paper of each of some kinds that is about one thing, without their bytes."""
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None)
    rows = rows.filter(subject_id=subject_id).defer("content")
    return rows.order_by("kind", "-made_at", "-number").distinct("kind")


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


def to_hand_over(patient_id: UUID, visit_id: UUID, since: datetime, *, by: Actor) -> QuerySet[Document]:
    """Return the papers of a visit that the patient takes along and the reader may open, oldest first, without bytes.

    Those about the visit, and those of the patient that were made within a day from the arrival.
    """
    kinds = [kind for kind in HANDED_OVER if by.can(needed(kind))]
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None)
    made = Q(made_at__gte=since, made_at__lt=since + timedelta(days=1))
    return rows.filter(made | Q(subject_id=visit_id)).defer("content").order_by("made_at", "number")


def filed_since(patient_id: UUID, kinds: Sequence[str], moment: datetime) -> QuerySet[Document]:
    """Return a patient's papers of some kinds that the office filed from a moment on and count, newest first."""
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None, made_at__gte=moment)
    rows = rows.filter(accepted_at=None)
    return rows.defer("content").order_by("-made_at", "-number")


def sent(patient_id: UUID, kind: str) -> QuerySet[Document]:
    """Return what a patient sent to become a paper of a kind and nobody has looked at, oldest first, without bytes."""
    kinds = [one for one, becomes in SENT.items() if becomes == kind]
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None)
    return rows.defer("content").order_by("made_at", "number")


def accepted_since(patient_id: UUID, kinds: Sequence[str], moment: datetime) -> QuerySet[Document]:
    """Return what a patient had sent and the office took from a moment on, oldest first, without bytes."""
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_at=None)
    return rows.filter(accepted_at__gte=moment).defer("content").order_by("made_at", "number")


def refused_last(patient_id: UUID, kind: str, by_name: str, moment: datetime) -> list[Document]:
    """Return what a person refused last, from a moment on, of what a patient had sent: all of that one act."""
    kinds = [one for one, becomes in SENT.items() if becomes == kind]
    rows = Document.objects.filter(patient_id=patient_id, kind__in=kinds, struck_by=by_name)
    found = list(rows.filter(struck_at__gte=moment).defer("content").order_by("-struck_at", "number"))
    return [one for one in found if one.struck_at == found[0].struck_at]


def named_in(paper: Document) -> set[UUID]:
    """Return the patients whom a paper names, as the diary kept them when the paper was made."""
    lines = AuditLine.objects.filter(subject_id=paper.pk, action="documents.document.kept")
    return {patient_id for line in lines for patient_id in line.patient_ids}


def kind_words(kind: str) -> str:
    """Return a kind of paper in the words of the desk."""
    return str(KINDS.get(kind, KINDS["other"]))


def print_stations() -> QuerySet[PrintStation]:
    """Return the stations in use with their printers, by name: two statements."""
    rows = PrintStation.objects.filter(retired_at__isnull=True).select_related("location")
    return rows.prefetch_related("printers").order_by("name")


def print_station(station_id: UUID) -> PrintStation | None:
    """Return one station in use, or None."""
    return print_stations().filter(pk=station_id).first()


def printer_for(station_id: UUID | None, kind: str) -> StationPrinter | None:
    """Return the printer of a station for a kind of paper: its own sort, else a plain one for what is no label."""
    if station_id is None:
        return None
    sort = sort_of(kind)
    wanted = [sort] if sort == "label" else [sort, "plain"]
    rows = StationPrinter.objects.filter(station_id=station_id, station__retired_at=None, sort__in=wanted)
    found = {row.sort: row for row in rows.select_related("station")}
    return next((found[one] for one in wanted if one in found), None)


def printer_of(station_id: UUID, sort: str) -> StationPrinter | None:
    """Return a station's own printer of a sort, or None."""
    rows = StationPrinter.objects.filter(station_id=station_id, station__retired_at=None, sort=sort)
    return rows.select_related("station").first()


def prints(limit: int = 100) -> list[PrintJob]:
    """Return what waits for a printer or was not printed, then what was sent last."""
    rows = PrintJob.objects.select_related("document__patient", "station").defer("document__content")
    open_ones = list(rows.filter(state__in=("waiting", "sending", "failed")).order_by("asked_at")[:limit])
    return open_ones + list(rows.filter(state="printed").order_by("-asked_at")[:20])


def print_job(job_id: UUID) -> PrintJob | None:
    """Return one print with its paper, or None."""
    return PrintJob.objects.select_related("document", "station").filter(pk=job_id).first()


def is_silent(job: PrintJob, now: datetime) -> bool:
    """Return whether a print was begun and nothing was heard of it since: it may be printed or not."""
    return job.state == "sending" and job.tried_at is not None and job.tried_at < now - SILENT_AFTER


def scans_waiting(station_id: UUID | None) -> QuerySet[ScannedFile]:
    """Return what a station's scanner put down and nobody took, newest first, without the bytes.

    What still waits of a station that was retired is shown at each one.
    """
    if station_id is None:
        return ScannedFile.objects.none()
    here = Q(station_id=station_id) | Q(station__retired_at__isnull=False)
    return ScannedFile.objects.filter(here, state="waiting").defer("content").order_by("-seen_at", "-id")


def first_scans(station_id: UUID | None, most: int) -> tuple[list[ScannedFile], int]:
    """Return the newest scans that wait at a station, and how many more there are."""
    rows = scans_waiting(station_id)
    shown = list(rows[:most])
    return shown, rows.count() - most if len(shown) == most else 0


def scans_refused() -> QuerySet[ScannedFile]:
    """Return the files of all scanners that could not be filed, newest first, without the bytes."""
    rows = ScannedFile.objects.filter(state="refused").select_related("station")
    return rows.defer("content").order_by("-seen_at", "-id")


def scan(scan_id: UUID) -> ScannedFile | None:
    """Return one file of a scanner with its bytes, or None."""
    return ScannedFile.objects.filter(pk=scan_id).first()


def scanning_stations() -> QuerySet[PrintStation]:
    """Return the stations in use that have a scanner's folder."""
    return PrintStation.objects.filter(retired_at__isnull=True).exclude(scan_folder="").order_by("name")
