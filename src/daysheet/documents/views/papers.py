"""The screens of papers: a patient's list, one paper, its bytes, and the filing of a scan."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from daysheet.documents import commands, queries, rules
from daysheet.documents.forms import FilingForm
from daysheet.documents.models import Document
from daysheet.documents.station_here import station_here
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.commands import set_photo
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

IN_PANEL = 5
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture runs nothing anyway; this holds even where a browser is mistaken."""


@screen(needs=Can.SEE_PAPERS)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's papers: the newest in the panel, all of them on the page."""
    patient = patients.patient(patient_id)
    record(request.actor, "documents.list.viewed", patient)
    papers = queries.papers_of(patient_id, by=request.actor)
    shown = Paginator(papers, IN_PANEL if is_htmx(request) else 50).get_page(request.GET.get("page"))
    told = {"patient": patient, "papers": shown, "may_file": request.actor.can(Can.FILE_PAPERS)}
    if is_htmx(request):
        return page(request, "documents/_patient_panel.html", told)
    return page(request, "documents/patient-papers.html", told | _around(request, patient, "papers"))


@screen(needs=Can.SEE_PAPERS)
def document_view(request: Request, document_id: UUID) -> HttpResponse:
    """Show one paper with what is known of it."""
    paper = _paper(request.actor, document_id)
    record(request.actor, "documents.document.viewed", paper, patients=queries.named_in(paper))
    told = {
        "paper": paper,
        "kind": queries.kind_words(paper.kind),
        "is_picture": paper.media_type.startswith("image/"),
    }
    if (
        rules.may_be_photo(paper.kind, paper.media_type)
        and paper.struck_at is None
        and request.actor.can(Can.EDIT_PATIENTS)
        and paper.patient
    ):
        told["photo_act"] = "take" if paper.patient.photo_id == paper.pk else "show"
    told["may_strike"] = paper.kind in {*rules.COMES_IN, *rules.SENT} and request.actor.can(Can.FILE_PAPERS)
    told["station"] = station_here(request)
    told["back"] = _way_back(request)
    told["printable"] = paper.media_type in rules.PRINTABLE
    told["inline"] = rules.may_be_inline(paper.kind, paper.media_type)
    around = _around(request, paper.patient) if paper.patient else {"who": None, "initials": "", "tabs": []}
    return page(request, "documents/document.html", told | around)


@screen(needs=Can.SEE_PAPERS)
def document_file(request: Request, document_id: UUID) -> HttpResponse:
    """Hand out the bytes: shown by the browser when that is safe, else as a download."""
    paper = _paper(request.actor, document_id)
    record(request.actor, "documents.document.opened", paper, patients=queries.named_in(paper))
    ending = rules.ENDINGS.get(paper.media_type, "bin")
    inline = rules.may_be_inline(paper.kind, paper.media_type) and "download" not in request.GET
    told_type = paper.media_type if paper.media_type in rules.ENDINGS else "application/octet-stream"
    response = HttpResponse(bytes(paper.content), content_type=told_type)
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{paper.kind}-{paper.number}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    if paper.media_type != "application/pdf":
        response["Content-Security-Policy"] = SANDBOX
    return response


@screen(needs=Can.FILE_PAPERS, methods=("GET", "HEAD", "POST"))
def document_upload(request: Request, patient_id: UUID) -> HttpResponse:
    """File a scan or picture that somebody brought."""
    patient = patients.patient(patient_id)
    names = ("documents/document-upload.html", "_upload_form.html")
    told = _around(request, patient)
    record(request.actor, "patients.chart.viewed", patient)
    if request.method != "POST":
        return page(
            request,
            names[0],
            told | {"form": FilingForm(initial={"kind": request.GET.get("kind", "card_front")})},
        )
    form = FilingForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(request, *names, form, told)
    said = form.cleaned_data
    try:
        paper = commands.file_document(
            request.actor,
            patient_id=patient_id,
            kind=said["kind"],
            title=said["title"] or queries.kind_words(said["kind"]),
            content=said["file"].read(rules.LARGEST + 1),
        )
    except Refusal as no:
        return refused(request, *names, form, no, told)
    toast = _("Filed: %s") % queries.kind_words(paper.kind)
    return done(request, reverse("documents:patient-panel", args=[patient_id]), toast=toast)


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def document_photo(request: Request, document_id: UUID) -> HttpResponse:
    """Show a picture of the face in the patient's banner, or take it off."""
    paper = _paper(request.actor, document_id)
    if not rules.may_be_photo(paper.kind, paper.media_type) or paper.patient_id is None:
        raise Http404
    shown = paper.pk if request.POST.get("shown") else None
    if shown and paper.struck_at is not None:
        raise Refusal(_("This picture was filed by mistake: it is not shown."))
    set_photo(request.actor, patient_id=paper.patient_id, document_id=shown)
    toast = _("The banner shows it.") if shown else _("The banner shows no picture.")
    return done(request, reverse("documents:document-view", args=[document_id]), toast=toast)


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def document_strike(request: Request, document_id: UUID) -> HttpResponse:
    """Mark a paper as filed by mistake."""
    paper = _paper(request.actor, document_id)
    here = reverse("documents:document-view", args=[document_id])
    try:
        commands.strike_paper(request.actor, document_id=paper.pk)
    except Refusal as no:
        return done(request, here, toast=no.sentence)
    undo = reverse("documents:document-restore", args=[document_id])
    return done(request, here, toast=_("Marked as filed by mistake."), undo=(undo, _("Undo")))


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def document_restore(request: Request, document_id: UUID) -> HttpResponse:
    """Let a paper count again."""
    paper = _paper(request.actor, document_id)
    here = reverse("documents:document-view", args=[document_id])
    try:
        commands.restore_paper(request.actor, document_id=paper.pk)
    except Refusal as no:
        return done(request, here, toast=no.sentence)
    return done(request, here, toast=_("The paper counts again."))


def _paper(by: Actor, document_id: UUID) -> Document:
    paper = queries.document(document_id)
    by.must(rules.needed(paper.kind))
    return paper


def _way_back(request: Request) -> str:
    """Return the page of ours from which a paper was asked for; nothing where none was named."""
    wanted = request.GET.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours and not wanted.startswith("//") else ""


def _around(request: Request, patient: Patient, current: str = "") -> dict[str, Any]:
    return patients.around(request.actor, patient, today=request.office.today, tab=current)
