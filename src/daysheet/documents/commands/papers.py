"""What is done with papers: kept when the office makes them, filed when somebody brings them."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from daysheet.documents import queries, rules
from daysheet.documents.judging import UnfitPaper, fit
from daysheet.documents.models import Document, ScannedFile
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.numbers import next_number
from daysheet.patients.commands import drop_photo
from daysheet.patients.models import Patient


@command(needs=Can.WORK)
def keep_document(
    by: Actor,
    /,
    *,
    kind: str,
    title: str,
    media_type: str,
    content: bytes,
    patient_id: UUID | None = None,
    subject: Model | None = None,
    pages: int = 1,
    patients: Iterable[UUID] = (),
) -> Document:
    """Keep a paper that the office made; `patients` are those whom it names beside its own.

    The act that makes the paper asks for its own permission.
    """
    return _kept(by, kind, title, media_type, content, patient_id, subject, pages, patients)


@command(needs=Can.FILE_PAPERS)
def file_document(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    kind: str,
    title: str,
    content: bytes,
    subject: Model | None = None,
) -> Document:
    """File a scan or picture that somebody brought: a card, an ID, a signed form; `subject` is what it is about.

    Raises UnfitPaper. Its type is told by its first bytes, never by its name; a picture is drawn anew.
    """
    if kind not in rules.COMES_IN and kind not in rules.SENT:
        raise UnfitPaper(_("Choose what kind of paper this is."), kind=_("Choose one of the list."))
    media_type, content = fit(content)
    owner = Patient.objects.get(pk=patient_id)
    return _kept(by, kind, title, media_type, content, owner.pk, subject, 1, ())


@command(needs=Can.FILE_PAPERS)
def strike_paper(by: Actor, /, *, document_id: UUID) -> Document:
    """Mark a paper as filed by mistake: it stays to be seen, and counts for nothing."""
    return _struck(by, document_id, is_struck=True)


@command(needs=Can.FILE_PAPERS)
def restore_paper(by: Actor, /, *, document_id: UUID) -> Document:
    """Let a paper count again that was marked as filed by mistake."""
    return _struck(by, document_id, is_struck=False)


@command(needs=Can.WORK)
def forget_passing(by: Actor, /) -> int:
    """Forget the papers that are kept for a few days only, when those are over."""
    count = 0
    for kind, days in rules.KEPT_FOR.items():
        count += Document.objects.filter(kind=kind, made_at__lt=by.now - days).delete()[0]
    settled = ScannedFile.objects.filter(
        state__in=("taken", "dropped"), acted_at__lt=by.now - rules.SCAN_KEPT_FOR
    )
    scans = settled.exclude(content=b"").update(content=b"")
    record(by, "documents.passing.forgotten", papers=count, scans=scans)
    return count


def _struck(by: Actor, document_id: UUID, *, is_struck: bool) -> Document:
    paper = Document.objects.select_for_update().defer("content").get(pk=document_id)
    if paper.kind not in {*rules.COMES_IN, *rules.SENT, *rules.FILLED_IN}:
        raise Refusal(_("Only what was brought or filled in can be filed by mistake."))
    paper.struck_at, paper.struck_by = (by.now, by.name) if is_struck else (None, "")
    again = Refusal(_("What was scanned has been filed again meanwhile: mark the other paper first."))
    with refusing(document_scan_is_filed_once=again):
        paper.save(update_fields=["struck_at", "struck_by"])
    if is_struck and paper.kind == "photo" and paper.patient_id:
        drop_photo(by, patient_id=paper.patient_id, document_id=paper.pk)
    verb = "struck" if is_struck else "restored"
    record(by, f"documents.document.{verb}", paper, kind=paper.kind, patients=queries.named_in(paper))
    return paper


def _kept(
    by: Actor,
    kind: str,
    title: str,
    media_type: str,
    content: bytes,
    patient_id: UUID | None,
    subject: Model | None,
    pages: int,
    patients: Iterable[UUID],
) -> Document:
    paper = Document.objects.create(
        number=next_number("document"),
        kind=kind,
        title=title.replace("\x00", " ").strip()[:200],
        patient_id=patient_id,
        media_type=media_type,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        pages=pages,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        made_at=by.now,
        by_name=by.name,
    )
    record(by, "documents.document.kept", paper, patients=patients, kind=kind, sha256=paper.sha256)
    return paper
